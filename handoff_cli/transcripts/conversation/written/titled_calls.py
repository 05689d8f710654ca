"""Calls that an export heads with a title in words, and a status below it: ``**Tool Call: Edit `app.py`**``.

What is quoted alone is the command that was run; what stands behind a verb, the file that it was done to. A title in
which nothing is quoted is that of an edit where a label below names the file (Zed, ``acp_thread.rs``, 2026).
"""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT, USER
from handoff_cli.transcripts.conversation.reading.fences import FENCE, fence_text
from handoff_cli.transcripts.conversation.reading.work import is_path
from handoff_cli.transcripts.outcomes import outcome_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

    from handoff_cli.transcripts.conversation.reading.talk import Placed, Talk

_TITLED = compiled(r"\*\*Tool [Cc]all: (?P<title>(?P<words>[^`*\n]{0,40})`(?P<on>[^`\n]{1,2000})`[^`*\n]{0,40})\*\*$")
_PLAIN = compiled(r"\*\*Tool [Cc]all: [^`*\n]{1,400}\*\*$")
_EDITED = compiled(r"Diff: (?P<path>\S.{0,399})$")
_STATUS = compiled(r"(?:\*\*)?Status:(?:\*\*)? (?P<status>[A-Z][A-Za-z ]{1,30})$")
_BAD = ("Failed", "Error", "Rejected", "Canceled", "Cancelled")
_SHOWS = compiled(r"(?:Terminal|Diff|Output|Content|Result)\b.{0,200}:$|Diff: .{1,400}$")
_TOOLS = {"edit": "Edit", "writ": "Write", "crea": "Write", "read": "Read", "view": "Read", "dele": "Delete"}


def take(talk: Talk, text: str) -> list[Placed] | None:
    """Read a call that is headed so, with what is shown below it; None for any other line."""
    if not text.startswith("**Tool "):
        return None
    found, ahead = _TITLED.match(text), 1 if talk.cursor.peek(1) else 2
    status = _STATUS.match(talk.cursor.peek(ahead) or "") if found or _PLAIN.match(text) else None
    below = talk.cursor.peek(ahead + 1) or talk.cursor.peek(ahead + 2) or ""
    file = _EDITED.match(below) if status and not found else None
    if not status or not (found or file):
        return None
    begun = talk.turn(ASSISTANT) if talk.role == USER else []  # it heads no turn of the agent's before a call
    talk.cursor.take()
    number = talk.cursor.number
    talk.cursor.skip_empty()
    talk.cursor.take()
    if found:
        return [*begun, *_called(talk, found, status["status"], number)]
    return [*begun, *(_edited(talk, file["path"], status["status"], number) if file else ())]


def _edited(talk: Talk, path: str, status: str, number: int) -> list[Placed]:
    """Return an edit of which a block shows how the file is now."""
    _shown_below(talk)
    failed = status.startswith(_BAD)
    events = talk.call("Edit", {"file_path": path}, number)
    return [*events, *talk.answer(status if failed else "", failed, last=True)]


def _called(talk: Talk, found: re.Match[str], status: str, number: int) -> list[Placed]:
    failed = status.startswith(_BAD)
    output = _shown_below(talk) or (status if failed else "")
    name = _TOOLS.get(found["words"].strip()[:4].lower(), "")
    if name and is_path(found["on"]):
        events = talk.call(name, {"file_path": found["on"]}, number)
        return [*events, *talk.answer(output if failed else "", failed, created=name == "Write", last=True)]
    if found["words"].strip():
        return [*talk.call(found["title"], {}, number), *talk.answer(output, failed, last=True)]
    told, code = outcome_of(found["on"], output)
    events = talk.call("Bash", {"command": found["on"]}, number)
    return [*events, *talk.answer(output, failed or told, code, last=True)]


def _shown_below(talk: Talk) -> str:
    """Read the blocks that stand below a call, each maybe with a line above it that says what it shows."""
    blocks: list[str] = []
    while True:
        ahead = next((it for it in range(_NEAR) if talk.cursor.peek(it)), 0)
        labelled = _SHOWS.match(talk.cursor.peek(ahead) or "") is not None
        fence = FENCE.match(talk.cursor.peek(ahead + labelled) or "")
        if not fence:
            return "\n".join(blocks)
        talk.cursor.skip(ahead + labelled)
        blocks.append(fence_text(talk, fence[1]))


_NEAR = 3
