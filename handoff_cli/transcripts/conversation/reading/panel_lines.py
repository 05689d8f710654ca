"""Which lines of Claude Code's panel in VS Code call a tool, and which say what came of it."""

# ruff: noqa: RUF001 (signs as they stand on screens)
from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.reading.work import is_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.transcripts.conversation.reading.talk import Talk

_HEAD = compiled(
    r"(Bash|PowerShell|Edit|MultiEdit|NotebookEdit|Write|Read|Grep|Glob|Web ?Search|Web ?Fetch|Task|Agent|Skill|LS"
    r"|BashOutput|KillShell|TodoWrite)(?: (\S.{0,1000}))?$"
)
ON_FILES = ("Edit", "MultiEdit", "NotebookEdit", "Write", "Read")
PART = compiled(r" \((?:lines? |from line )?\d[\d, -]*\)$|:\d+(?:-\d+)?$")
"""Which lines of a file were read."""

_RESULT = compiled(
    r"(?:(?:Added|Removed|Changed) \d+ lines?(?:, (?:added|removed) \d+ lines?)?|Modified|Created|Deleted|Updated"
    r"|\d+ (?:lines?|files?|match(?:es)?|results?)(?: of output| found)?|Read \d+ lines?|Found \d+ \w{3,10}"
    r"|No (?:matches|files|results)(?: found)?|Error: .{1,400}|(?:File|String) .{1,60}\bnot .{1,200})$"
)
STOPPED = compiled(
    r"\W{0,2}(?:(?:Tool |Request )?[Ii]nterrupted(?: by (?:the )?user(?: for tool use)?)?"
    r"|(?:Tool use )?[Rr]ejected by (?:the )?user)\W{0,2}$"
)
COMPACTED = compiled(r"(?:Conversation |Context )?[Cc]ompacted(?: \(.{0,60})?$")
BEGINS = compiled(
    r"好的?[,，!！。]|让我|我(?:来|先|会|将|需要|看)|(?:OK|Ok|Okay)\b|Let me|Let's|I['’]ll|I will|I['’]m |I see|I can"
    r"|I need|Great|Perfect|Now "
)
"""How an agent begins its work: where the user must have spoken before, that is an answer too."""

_BEGINNINGS = frozenset(
    ("Bash", "Powe", "Edit", "Mult", "Note", "Writ", "Read", "Grep", "Glob", "Web ", "WebS", "WebF", "Task", "Agen")
)


def is_sign(before: str, text: str) -> bool:
    """Return whether two lines, of which one is below the other, stand so only in a copy of the panel."""
    if before[:4] not in _BEGINNINGS or not (head := _HEAD.match(before)):
        return False
    return text == "IN" or (_is_argument(head[1], head[2] or "") and _RESULT.match(text) is not None)


def head_at(talk: Talk, ahead: int) -> tuple[str, str] | None:
    """Return the tool that a line ahead calls, and its argument; None where it calls none."""
    text = talk.cursor.peek(ahead) or ""
    head = _HEAD.match(text) if text[:4] in _BEGINNINGS or text[:2] == "LS" else None
    if not head:
        return None
    name, argument = head[1], head[2] or ""
    below = talk.cursor.peek(ahead + 1) or talk.cursor.peek(ahead + 2) or ""
    if below == "IN" or (_is_argument(name, argument) and (name == "Read" or is_end(below))):
        return name, argument
    return None


def is_end(text: str) -> bool:
    """Return whether a line says what came of the call above it."""
    return _RESULT.match(text) is not None or STOPPED.match(text) is not None


def _is_argument(name: str, argument: str) -> bool:
    """Return whether words behind the name of a tool are what it takes, as far as that can be told."""
    return is_path(PART.sub("", argument)) if name in ON_FILES else bool(argument)
