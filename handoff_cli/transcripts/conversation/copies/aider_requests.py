"""What Aider writes of its requests to the model (``--llm-history-file``): each is the whole chat, and its answer.

Each line begins with who says it. New in a request is what stands behind the last answer of the chat; files, their map
and examples stand as messages too, and rules below the last (Aider-AI/aider, ``io.py``, ``utils.py``, ``prompts.py``).
"""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.aider_edits import Edits
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT, USER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    Row = dict[str, Any]

_LINE = compiled(r"(SYSTEM|USER|ASSISTANT|FUNCTION|TOOL)(?: (.*))?$")
_AGREES = (
    *("Ok, any changes I propose will be to ", "Ok, I will use these ", "Ok, I will use that as the true, "),
    *("Ok, I won't try and edit those files", "Ok, based on your requests I will suggest which files "),
)
"""How the model is said to answer what it was handed; it answers a command that was run with "Ok." alone."""

_HANDED = (
    *("I have *added these files to the chat*", "Here are summaries of some files present in my "),
    *("Here are some READ ONLY files, provided for", "Here are *READ ONLY* files", "I am not sharing any files that "),
    *("I am not sharing the full contents of any files", "Don't try and edit any existing code without asking me to "),
    *("I am working with you on code in a git repo", "I switched to a new code base. Please don't consider the "),
    *("# Fix any errors below, if possible", "I committed the changes with git hash "),
)
_RULES = compiled(
    r"\n\n(?:# \*SEARCH/REPLACE block\* Rules:\n\nEvery |# File editing rules:\n\nReturn edits similar to unified "
    r"|# V4A Diff Format Rules:\n|To suggest changes to a file you MUST return )"
)
"""How the rules begin that stand below what was asked last."""

_RAN = compiled(r"I ran this command:\n\n(.{1,4000}?)\n\nAnd got this output:\n\n", 16)


def rows_of(head: str, section: list[str], at: int) -> list[Row]:
    """Return what is new in a request, or what was answered with the edits in it, as messages of Anthropic's."""
    if head == "LLM RESPONSE":
        return _answered([line.removeprefix("ASSISTANT").removeprefix(" ") for line in section], at)
    if not head:
        return []
    noted = "\n".join(line for line in section if line != "-------" and not _LINE.match(line)).strip()
    rows = [row for text in _new_in([*_messages(section)]) for row in _asked(text, at)]
    return [*rows, {"role": USER, "content": noted}] if noted else rows


def _messages(section: list[str]) -> Iterator[tuple[str, str]]:
    """Yield who says what; a line that names nobody is none of Aider's."""
    role, lines = "", list[str]()
    for line in (*section, "-------"):
        if line == "-------":
            yield role, "\n".join(lines)
            role, lines = "", []
        elif found := _LINE.match(line):
            role = role or found[1]
            lines.append(found[2] or "")


def _new_in(messages: list[tuple[str, str]]) -> list[str]:
    """Return what was said since the last answer."""
    new: list[str] = []
    for role, text in reversed(messages):
        if role == "ASSISTANT" and text.strip() != "Ok." and not text.startswith(_AGREES):
            break
        if role == "USER" and not text.startswith(_HANDED):
            rules = [] if new else [*_RULES.finditer(text)]
            new.append(text[: rules[-1].start()] if rules else text)
    return new[::-1]


def _asked(text: str, at: int) -> list[Row]:
    ran = _RAN.match(text)
    if not ran:
        return [{"role": USER, "content": text}]
    call = {"type": "tool_use", "id": f"run-{at}", "name": "bash", "input": {"command": ran[1]}}
    result = {"type": "tool_result", "tool_use_id": call["id"], "content": text[ran.end() :]}
    return [{"role": ASSISTANT, "content": [call]}, {"role": USER, "content": [result]}]


def _answered(lines: list[str], at: int) -> list[Row]:
    edits = Edits()
    blocks: list[Row] = [{"type": "text", "text": "\n".join(edits.without(lines)).strip()}]
    for number, path in enumerate([*edits.by_file]):
        called = edits.taken(path)
        id_ = f"edit-{at}-{number}"
        blocks.append({"type": "tool_use", "id": id_, "name": called.name, "input": called.input})
        blocks.append({"type": "tool_result", "tool_use_id": id_, "content": ""})
    return [{"role": ASSISTANT, "content": [it for it in blocks if it.get("text", it)]}]
