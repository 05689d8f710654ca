"""Messages of Cline, Roo and Kilo whose model wrote its calls as tags: with the blocks that an interface has for them.

A result is a text below ``[execute_command for 'make'] Result:``, in that block or in the next; of what the user said
to it the tags remain (cline/cline, ``ToolResultUtils.ts``; Roo until late in 2025).
"""

from __future__ import annotations

from handoff_cli.core.patterns import lazily
from handoff_cli.core.tool_names import READERS, SEARCHERS
from handoff_cli.transcripts.tagged import elements, outside
from handoff_cli.transcripts.tagged_calls import CALLS, SAYS, given_in
from handoff_cli.transcripts.tools import said_on_refusal
from handoff_cli.transcripts.values import as_dict, as_list, as_str

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_OPENING = lazily(rf"<({'|'.join(sorted((*CALLS, *SAYS)))})>")
_LABEL = lazily(
    r"(?:Tool |Skipping tool )?\[([a-z_]{2,60})((?: for '[^\n]{0,2000}?')?[^\]\n]{0,400})\] (?:(Result:)\s*|was |due )"
)
_TYPED = lazily(r"<(feedback|answer|user_message)>")
_TYPED_TO = lazily(r"The user [^\n]{0,80}provided the following [^\n]{1,80}\n+<(feedback|answer|user_message)>")
_NO_RESULT = ("<environment_details>", "[TASK RESUMPTION]")


class Tags:
    """Gives the calls that stand in tags numbers, and those to their results."""

    def __init__(self) -> None:
        self._made = 0
        self._waiting: list[dict[str, Any]] = []
        """The calls of the last message that made any, as far as they were not answered."""

    def as_blocks(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return a message with blocks for what its texts call and answer; one that has such is as it was."""
        content = row.get("content")
        blocks = [{"type": "text", "text": content}] if isinstance(content, str) else [*map(as_dict, as_list(content))]
        if any(it.get("type") in ("tool_use", "tool_result") for it in blocks):
            return row
        if row.get("role") == "assistant":
            told = [it for block in blocks for it in self._called(block)]
            if calls := [it for it in told if it.get("type") == "tool_use"]:
                self._waiting = calls  # those of before are not answered any more
        else:
            told = self._answered(blocks)
        return {**row, "content": told}

    def _called(self, block: dict[str, Any]) -> list[dict[str, Any]]:
        text = as_str(block.get("text"))
        calls = [*elements(text, _OPENING)]
        if not calls:
            return [block]
        told: list[dict[str, Any]] = [{"type": "text", "text": "".join(outside(text, _OPENING)).strip()}]
        for tag, inner in calls:
            given = given_in(inner)
            if tag[1] in SAYS:
                told.append({"type": "text", "text": as_str(given.get(SAYS[tag[1]]))})
                continue
            self._made += 1
            told.append({"type": "tool_use", "id": f"tag-{self._made}", "name": tag[1], "input": given})
        return [it for it in told if it.get("text", it)]

    def _answered(self, blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return what the user is said to say, with the results in it; what was typed to one is said besides."""
        told: list[dict[str, Any]] = []
        call: dict[str, Any] | None = None
        printed: list[str] = []
        for block in blocks:
            text = as_str(block.get("text"))
            found = _LABEL.match(text)
            label = found if found and (found[1] in CALLS or found[1] in SAYS) else None
            if call and text and not label and not text.startswith(_NO_RESULT):
                printed.append(text)
                continue
            told += _result(call, printed) if call else ()
            call = self._call_of(label[1], label[2]) if label else None
            if call and label and label[3]:
                printed = [text[label.end() :]]
            elif call:
                call = None  # it was not executed
            else:
                told.append(block)
        return [*told, *(_result(call, printed) if call else ())]

    def _call_of(self, name: str, named: str) -> dict[str, Any] | None:
        """Return the call that a label names, which waits no more, nor do those before it; None where none waits."""
        of_tool = [it for it in self._waiting if it["name"] == name]
        of_label = (it for it in of_tool if any(f"'{text}'" in named for text in it["input"].values()))
        call = next(of_label, of_tool[0] if of_tool else None)
        if call:
            self._waiting = self._waiting[self._waiting.index(call) + 1 :]
        return call


def _result(call: dict[str, Any], printed: list[str]) -> list[dict[str, Any]]:
    """Return the result of a call, and what was typed to it: a refusal says itself what was."""
    text = "\n".join(printed).lstrip("\n")
    told: list[dict[str, Any]] = [{"type": "tool_result", "tool_use_id": call["id"], "content": text}]
    if said_on_refusal(text) is not None:
        return told
    typed = [*elements(text, _TYPED_TO)]
    if not typed and call["name"] not in _SHOWS:
        typed = [it for it in [*elements(text, _TYPED)][-1:] if text.rstrip().endswith(f"</{it[0][1]}>")]
    return [*told, *({"type": "text", "text": f"<{tag[1]}>{words}</{tag[1]}>"} for tag, words in typed)]


_SHOWS = READERS | SEARCHERS | {"list_files"}
"""Tools that show what stands in files: tags there are nobody's words."""
