"""What ``opencode run`` prints where nobody asked for JSON: a sign before each tool, and what the agent said.

A command's output ends at the next tool, or at sentences behind its last empty line; a run ends with what the agent
answers (opencode, ``cli/cmd/run.ts``, 2026). Whoever ran it knows what was asked.
"""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.marks.sentences import is_said, is_sentence
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT
from handoff_cli.transcripts.values import without_empty_ends

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Row = dict[str, Any]

HEAD = compiled(r"> ([\w-]{1,40}) \u00b7 (?=\S*[\d/-])[@A-Za-z][\w./:@-]{1,100}$")
"""Who runs, on what model: a plain word behind the dot may be any place, of a person who is quoted."""

_DID = compiled(
    r"\$ (?P<run>\S.*)$|(?P<sign>[\u2190\u2192]) (?P<tool>Read|Edit|Write|List) (?P<path>\S.*)$"
    r"|\u2731 (?:Glob|Grep) \"|[\u25c7\u25c8] Exa (?:Code|Web) Search \"|% WebFetch \S|# Todos$"
    r"|\u2192 (?:List$|Skill \")|\u2699 [a-z]|\u2717 [\w-]{1,80} failed$"
    r"|[\u2022\u2713\u2717] \S.{0,300} (?:Agent|Task)$"
)
"""What a tool's line begins with; a sign alone is none, as what is said has lists and headings of its own."""

_OF_DIFF = ("Index: ", "=======", "--- ", "+++ ", "@@ ", "-", "+", " ", "\\ No newline")


def rows_of(head: str, section: list[str], at: int) -> list[Row]:
    """Return what stands below the agent's name as a message of Anthropic's."""
    blocks: list[Row] = []
    found, lines, is_apart = None, list[str](), True
    for line in section if head else ():
        did = _DID.match(line) if is_apart or (found and not found["run"]) else None
        if did:
            blocks += _told(found, lines, f"{at}-{len(blocks)}")
            found, lines = did, []
        else:
            lines.append(line)
        is_apart = not line
    blocks += _told(found, lines, f"{at}-{len(blocks)}", is_last=True)
    return [{"role": ASSISTANT, "content": blocks}] if blocks else []


def _told(did: Any, lines: list[str], id_: str, *, is_last: bool = False) -> list[Row]:
    """Return what was done, and what was said below it."""
    lines = without_empty_ends(lines)
    if did is None or not (did["run"] or did["tool"]):
        return _said(lines)
    if did["run"]:
        ends = _output_ends(lines, is_last=is_last)
        call, output, words = ("bash", {"command": did["run"]}), "\n".join(lines[:ends]).strip(), lines[ends:]
    else:
        ends = next((n for n, it in enumerate(lines) if it and not it.startswith(_OF_DIFF)), len(lines))
        given, output = (
            {"file_path": did["path"].partition(" [")[0], **(_sides(lines[:ends]) if did["tool"] == "Edit" else {})},
            "",
        )
        call, words = (did["tool"].lower(), given), lines[ends:]
    return [
        {"type": "tool_use", "id": id_, "name": call[0], "input": call[1]},
        {"type": "tool_result", "tool_use_id": id_, "content": output},
        *_said(words),
    ]


def _said(lines: list[str]) -> list[Row]:
    text = "\n".join(lines).strip()
    return [{"type": "text", "text": text}] if text else []


def _output_ends(lines: list[str], *, is_last: bool) -> int:
    """Return where what a command printed ends: before the paragraphs at the end that read like prose.

    The last of a run is what the agent answered, unless it looks printed: the run was cut off.
    """
    ends = len(lines)
    while begins := next((n + 1 for n in range(ends - 2, -1, -1) if not lines[n]), 0):
        line, is_answer = lines[begins], is_last and ends == len(lines)
        if line.startswith(_INDENTED) or not (_is_prose(line) or (is_answer and line.startswith(_MARKED))):
            break
        ends = begins
        while ends and not lines[ends - 1]:
            ends -= 1
    return ends


def _is_prose(line: str) -> bool:
    words = _CODE.sub("", line).strip("*- \u2022\u2713\u2717")
    return bool(words) and (is_sentence(words) or is_said(words))


_INDENTED = ("    ", "\t")
_MARKED = ("```", "`", "- ", "* ", "| ", "> ", "#")
_CODE = compiled(r"`[^`]{1,200}`")


def _sides(diff: list[str]) -> dict[str, str]:
    """Return the old and the new lines of a diff."""
    lines = [it for it in diff if it[:4] not in ("--- ", "+++ ", "Inde", "====") and it[:2] not in ("@@", "\\ ")]
    old, new = ("\n".join(it[1:] for it in lines if it[:1] in (" ", sign)) for sign in "-+")
    return {"old_string": old, "new_string": new} if lines else {}
