"""What VS Code's chat says of itself where it is copied whole: which files were read and edited, and no results."""

from __future__ import annotations

from itertools import islice

from handoff_cli.core.patterns import compiled
from handoff_cli.core.tool_names import NOTED
from handoff_cli.transcripts.conversation.marks.speakers import USER
from handoff_cli.transcripts.conversation.marks.voices import EXPORTS
from handoff_cli.transcripts.conversation.written.announced_runs import announced
from handoff_cli.transcripts.conversation.written.files import edited_unnamed
from handoff_cli.transcripts.values import unquoted_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.transcripts.conversation.reading.talk import Placed, Talk

_TO_FILE = r"\]\((?:file://|vscode-remote://[^()\s#/]{0,200})"
"""A link to a file up to its path, which on another machine stands behind the machine's name."""

_LINKED = compiled(
    r"(?P<did>Read|Reviewed|Created|Deleted|Edited|Updated|Replac(?:ed|ing) \d+ lines?(?: with \d+ lines?)? in"
    r"|Generat(?:ed|ing) patch \(\d+ lines?\) in|Insert(?:ed|ing) \d+ lines? (?:in|into))"
    rf" \[[^\[\]]{{0,200}}{_TO_FILE}(?P<path>[^()\s#]{{1,500}})(?:#L?(?P<line>\d{{1,7}})[^()\s]{{0,40}})?\)"
    rf"(?P<more>(?:, \[[^\[\]]{{0,200}}{_TO_FILE}[^()\s]{{1,500}}\)){{0,40}})"
    r"(?:, lines? \d{1,7}(?: to \d{1,7})?)?\s*$"
)
_PATH = compiled(rf"{_TO_FILE}([^()\s#]{{1,500}})")
_TOOLS = {"Read": "Read", "Reviewed": "Read", "Created": "Write", "Deleted": "Delete"}
_LOOKS, _RAN = ("Read", "Reviewed"), "Ran terminal command: "
_MADE = "Made changes."
"""How it tells of an edit of which file it does not say."""

_ASIDE = compiled(
    r"(?:Using \"[^\"]{1,80}\"|Searched (?:for (?:files matching|text|regex)|(?:text|regex|codebase) for) .{1,400}"
    r"|Checked background terminal output|Optimized tool selection|Created \d{1,3} todos|Continue to iterate\?"
    r"|Copilot has been working on this problem for a while\..{0,200}|\[object Object\]"
    r"|Similar code found with \d+ license types?)\s*$"
)
_EDITS = compiled(r"Using \"[^\"]{0,40}\b(?:Replace|Edit|Patch)\b[^\"]{0,40}\"\s*$")
"""A tool that edits, by the name that the chat shows of it."""

_OF = r"\(\d{1,3}/\d{1,3}\)"
_TODO = compiled(
    r"(?P<did>Starting|Completed)"
    rf"(?: {_OF} \*(?P<first>[^*\s][^*]{{0,300}})\*|: \*(?P<what>[^*\s][^*]{{0,300}})\* {_OF})\s*$"
)
_SUMMARIZED = "Summarized conversation history"
"""What it says of a compaction; the agent goes on upon the same line."""

_GOES_ON = compiled(r"(?:@\w{1,40} )?(?:Continue|Try Again|Retry): \"[^\"]{1,80}\"\s*$")
"""What a button of it lets the user say."""

_INPUT = "Completed with input: {"
_MOST_LINES, _NEAR_LINES = 60, 10
_NAMES = ("github copilot", "copilot", "")
"""What the agent is called there; a copy may begin amid its turn."""


def take(talk: Talk, text: str) -> list[Placed] | None:
    """Read a line that the chat's program wrote; None for any other."""
    if talk.role == USER:
        return talk.drop() if text[0] in "@CTR" and _GOES_ON.match(text) else None
    if text[0] == "`":
        return _block(talk, text)
    if text[0] in "RCDEUGI" and (found := _LINKED.match(text)):
        talk.cursor.take()
        name = _TOOLS.get(found["did"], "Edit")
        where = {"offset": int(found["line"])} if found["line"] and name == "Read" else {}
        paths = (found["path"], *_PATH.findall(found["more"]))
        return [event for path in paths for event in talk.did(name, {"file_path": unquoted_path(path), **where})]
    if text.startswith(_RAN) and (events := announced(talk, text)) is not None:
        return [*events, *talk.answer("", None, last=True)]  # it never shows what came of one
    return _aside(talk, text)


def _aside(talk: Talk, text: str) -> list[Placed] | None:
    """Read a line in which it says something of itself; None for any other."""
    if talk.name.casefold() not in _NAMES and not talk.forms() & EXPORTS:
        return None
    rest = text.removeprefix(_SUMMARIZED)
    if rest != text and not rest[:1].isspace() and rest[:1] not in (":", ",", "."):
        events = talk.drop()
        if rest:
            talk.cursor.put_back(rest)
        return events
    if text.startswith(_INPUT):
        return talk.drop(_lines_to(talk, "}", "  "))
    is_made = text.rstrip() == _MADE
    todo = _TODO.match(text) if text[0] in "SC" else None
    if not (is_made or todo or (text[0] in "USCO[" and _ASIDE.match(text))):
        return None
    unnamed = text[0] == "U" and _EDITS.match(text) and _left_no_trace(talk)
    events = talk.drop()
    if todo:
        events += _kept(talk, todo["what"] or todo["first"], started=todo["did"] == "Starting")
    elif unnamed:
        events += edited_unnamed(talk)
    return [*events, *_edited(talk)] if is_made else events


def _left_no_trace(talk: Talk) -> bool:
    """Return whether an empty block is all that stands for the edit of the next line, and no link to its file."""
    below = [*islice(filter(None, map(talk.cursor.peek, range(1, _NEAR_LINES))), 3)]
    linked = _LINKED.match(below[2]) if below[2:] else None
    return below[:2] == ["```", "```"] and (linked is None or linked["did"] in _LOOKS)


def _kept(talk: Talk, what: str, *, started: bool) -> list[Placed]:
    """Return that a to-do was ``started``, after which those begun before are done, or was completed."""
    begun = [it["content"] for it in talk.noted if it["status"] == "in_progress"] if started else [what]
    done = [{"content": it, "status": "completed"} for it in begun]
    now = [*done, *([{"content": what, "status": "in_progress"}] * started)]
    told = {it["content"]: it for it in (*talk.noted, *now)}
    talk.noted.clear()
    talk.noted.extend(told.values())
    return talk.did(NOTED, {"added": now})


def _block(talk: Talk, text: str) -> list[Placed] | None:
    """Read a block of which the copy left nothing, but perhaps that something was edited."""
    if text.strip("`\n "):
        return None
    lines = _lines_to(talk, text, _MADE)
    if lines == 1:
        return None
    edits = [*_edited(talk)] if any(talk.cursor.peek(ahead) for ahead in range(1, lines - 1)) else []
    return [*talk.drop(lines), *edits]


def _edited(talk: Talk) -> list[Placed]:
    """Return an edit of which no file is told; nothing where the copy links to the files that were edited."""
    if talk.has_edited:
        return []
    events = edited_unnamed(talk)
    talk.has_edited = False
    return events


def _lines_to(talk: Talk, end: str, between: str) -> int:
    """Return how many lines there are up to the next that is ``end``, 1 where others than those ``between`` come first.

    Between may stand empty lines, and what begins as ``between`` does.
    """
    ahead = 1
    while (line := talk.cursor.peek(ahead)) is not None and ahead < _MOST_LINES:
        if line == end:
            return ahead + 1
        if line and not line.startswith(between):
            break
        ahead += 1
    return 1
