"""What a line of a turn tells: an edit, a commit, an exit code, a list of to-dos."""

from __future__ import annotations

import re
from shlex import quote as quoted

from handoff_cli.transcripts.conversation.lines import LOOK_AHEAD
from handoff_cli.transcripts.conversation.output import code_on
from handoff_cli.transcripts.conversation.speakers import SYMBOLS, USER
from handoff_cli.transcripts.conversation.survey import AIDER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.transcripts.conversation.talk import Placed, Talk

_DID = re.compile(
    rf"(?:[>*-] )?{SYMBOLS}?(?:\*\*)?(Edited|Updated|Modified|Created|Wrote|Wrote to|Added|Deleted|Removed|Read"
    rf"|Applied edit to|Saved|Patched|Rewrote|Renamed"
    r"|Editing|Writing|Reading|Creating)(?: file| to)?(?:\*\*)?:? (.{1,2000})$"
)
_ACTIONS = {
    **dict.fromkeys(("Created", "Creating", "Wrote", "Wrote to", "Writing"), "Write"),
    **dict.fromkeys(("Read", "Reading"), "Read"),
    **dict.fromkeys(("Deleted", "Removed"), "Delete"),
}
_PATH = re.compile(
    r"`?(?P<path>(?:[\w@~.+-]*[/\\])*[\w@.+\[\]-]*\.[A-Za-z][\w]{0,12}"
    r"|(?:[\w@~.+-]+[/\\])+[\w@.+-]+|Makefile|Dockerfile|Justfile)`?(?: ?\([^()]*\))?[.,]?"
)
BOX = re.compile(r"\s*(?:(?:[-*+]|\d{1,3}[.)]) +)?(?:\[([ xX~✓✔>•-]?)\]|([☐◻□⬜☒☑✅✔◼🔄⏳]))\ufe0f? +(\S.*)$")
_BOX_STATUS = {
    **dict.fromkeys(("x", "X", "✓", "✔", "☒", "☑", "✅"), "completed"),
    **dict.fromkeys(("~", "-", ">", "•", "◼", "🔄", "⏳"), "in_progress"),
}
_TODO_LINE = re.compile(
    r"\s*(?:[-*#>] ?)*(?:\*\*)?(?:TODO|To-?do|TO DO)s?(?: list)?(?:\*\*)?(?:\([^)]*\))?:(?:\*\*)?\s*(.*)$"
)
_COMMITTED = re.compile(
    r"(?:[>*-] )?(?:Committed(?: as)?|Commit(?:ted)?:?"
    r"|Created commit)\s+`?([0-9a-f]{7,40})`?:?\s+[\"“`]?(.{3,300}?)[\"”`]?\.?$"
)
_EXIT = re.compile(r"[\s\[(>*`]*(?:exit|exited|process|command|error|status|rc|return|\W{1,3}\s*exit)", re.IGNORECASE)


def done(talk: Talk, text: str) -> list[Placed] | None:
    """Read a line that tells of an edit, a commit, an exit code, or begins a list of to-dos."""
    if talk.last_run and _EXIT.match(text) and (code := code_on(text)) is not None:
        talk.cursor.take()
        return talk.answer_again(code)
    if (paths := paths_in(text)) is not None:
        talk.cursor.take()
        name, listed = paths
        events: list[Placed] = []
        for path in listed:
            events += talk.call(name, {"file_path": path})
            events += talk.answer("", failed=False, created=name == "Write", last=True)
        return events
    if text[:1] in "CI>*-" and (commit := _COMMITTED.match(text)):
        talk.cursor.take()
        run = {"command": f"git commit -m {quoted(commit[2])}"}
        return [
            *talk.call("Bash", run),
            *talk.answer(f"[main {commit[1]}] {commit[2]}", failed=False, code=0, last=True),
        ]
    if talk.role == USER:
        return None
    if (begins := _TODO_LINE.match(text)) and not talk.listed_by_tool:
        return _todo_lines(talk, begins[1])
    return _boxes(talk) if BOX.match(text) and not talk.forms() & AIDER else None


def paths_in(text: str) -> tuple[str, list[str]] | None:
    """Return the tool and the paths that a line tells of, None where it is a sentence."""
    did = _DID.match(text) if "." in text or "/" in text else None
    if not did:
        return None
    found = [_PATH.fullmatch(part.strip()) for part in re.split(r", (?=[\w`./~@]*[./])| and ", did[2].strip())]
    paths = [it["path"].strip("`") for it in found if it and not it["path"].replace("/", "").isdigit()]
    return (_ACTIONS.get(did[1], "Edit"), paths) if paths and len(paths) == len(found) else None


def _boxes(talk: Talk) -> list[Placed] | None:
    """Read a list with boxes; one that only looks back is text, and so is any where a tool keeps the list."""
    todos: list[dict[str, str]] = []
    ahead = 0
    while (found := BOX.match(talk.cursor.peek(ahead) or "")) and ahead < LOOK_AHEAD - 1:
        box = found[1] if found[1] is not None else found[2]
        todos.append({"content": found[3].strip(), "status": _BOX_STATUS.get(box, "pending")})
        ahead += 1
    symbols_only = all(it["status"] == "completed" for it in todos)
    if talk.listed_by_tool or (symbols_only and not talk.listed):
        return None
    for _ in range(ahead):
        talk.cursor.take()
    events = talk.call("TodoWrite", {"todos": todos})
    talk.noted, talk.listed_by_tool = todos, False
    return [*events, *talk.answer("", failed=False, last=True)]


def _todo_lines(talk: Talk, first: str) -> list[Placed] | None:
    """Read a to-do that stands on a line of its own, or the list below such a line."""
    talk.cursor.take()
    if first:
        new = [{"content": first.strip(), "status": "pending"}]
    else:
        new = []
        while (
            (text := talk.cursor.peek()) is not None
            and (item := re.match(r"\s*(?:[-*+•]|\d{1,3}[.)]) +(.*)$", text))
            and not BOX.match(text)
        ):
            talk.cursor.take()
            new.append({"content": item[1].strip(), "status": "pending"})
        if not new:
            boxes = _boxes(talk) if BOX.match(talk.cursor.peek() or "") else None
            return boxes if boxes is not None else talk.say("TODO:")
    talk.noted = [*talk.noted, *(it for it in new if it not in talk.noted)][-100:]
    events = talk.call("TodoWrite", {"todos": talk.noted})
    talk.listed_by_tool = False
    return [*events, *talk.answer("", failed=False, last=True)]
