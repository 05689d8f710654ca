"""Messages of Cline, Roo and Kilo whose model wrote its calls as tags: with the blocks that an interface has for them.

A result is a text below ``[execute_command for 'make'] Result:``, in that block or in the next; of what the user said
to it the tags remain (cline/cline, ``ToolResultUtils.ts``; Roo until late in 2025).
"""

from __future__ import annotations

from handoff_cli.core.patterns import lazily
from handoff_cli.transcripts.tagged import elements, outside
from handoff_cli.transcripts.tagged_calls import CALLS, SAYS, given_in
from handoff_cli.transcripts.values import as_dict, as_list, as_str

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_OPENING = lazily(rf"<({'|'.join(sorted((*CALLS, *SAYS)))})>")
_RESULT = lazily(r"\[([a-z_]{2,60})(?: for '[^\n]{0,2000}?')?[^\]\n]{0,400}\] Result:\s*")
_TYPED = lazily(r"<(feedback|answer|user_message)>")


class Tags:
    """Gives the calls that stand in tags numbers, and those to their results."""

    def __init__(self) -> None:
        self._made = 0
        self._waiting: list[str] = []

    def as_blocks(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return a message with blocks for what its texts call and answer; one that has such is as it was."""
        content = row.get("content")
        blocks = [{"type": "text", "text": content}] if isinstance(content, str) else [*map(as_dict, as_list(content))]
        if any(it.get("type") in ("tool_use", "tool_result") for it in blocks):
            return row
        if row.get("role") == "assistant":
            told = [it for block in blocks for it in self._called(block)]
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
            self._waiting.append(f"tag-{self._made}")
            told.append({"type": "tool_use", "id": self._waiting[-1], "name": tag[1], "input": given})
        return [it for it in told if it.get("text", it)]

    def _answered(self, blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return what the user is said to say, with the results in it; what was typed to one is said besides."""
        told: list[dict[str, Any]] = []
        result: dict[str, Any] | None = None
        for block in blocks:
            text = as_str(block.get("text"))
            found = _RESULT.match(text) if self._waiting else None
            if found and found[1] not in SAYS:
                text = text[found.end() :]
                result = {"type": "tool_result", "tool_use_id": self._waiting.pop(0), "content": text}
                told.append(result)
            elif result and text and not text.startswith("<environment_details>"):
                result["content"] = f"{result['content']}\n{text}".lstrip("\n")
            else:
                result, text = None, ""
                told.append(block)
            told += [{"type": "text", "text": f"<{tag[1]}>{typed}</{tag[1]}>"} for tag, typed in elements(text, _TYPED)]
        return told
