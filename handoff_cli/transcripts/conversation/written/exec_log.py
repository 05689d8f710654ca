"""What ``codex exec`` logs: commands with how they ended, files it changed, its plan.

Seen in public logs of 0.40 to 0.150. Commands that run at the same time stand one below the other, and their results
follow in the same order.
"""

from __future__ import annotations

import re

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT
from handoff_cli.transcripts.conversation.reading.survey import EXEC_LINES
from handoff_cli.transcripts.conversation.written.commands import output_below
from handoff_cli.transcripts.conversation.written.notations import EXEC_ENDED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.transcripts.conversation.reading.talk import Placed, Talk

_BEGINS = compiled(r"(?:exec )?(?:/(?:usr/)?bin/)?(?:ba|z|da)?sh -l?c ")
_WHOLE = compiled(
    r"(?:exec )?\S{2,20} -l?c (?P<quote>['\"]?)(?P<run>.+)(?P=quote) in (?:/|~|[A-Z]:\\)[^\n'\"]*?"
    r"(?: (?:succeeded|exited (?P<code>\d+)) in [\d.]+m?s:?)?$",
    re.DOTALL,
)
_MOST_LINES = 200
_STEP = compiled(r"\s{1,4}([✓✔→•□☐])\s{1,2}(\S.*)$")
_STEPS = {"✓": "completed", "✔": "completed", "→": "in_progress"}
_CHANGED = compiled(r"diff --git a/(\S{1,400}) b/(\S{1,400})$|([MAD]) (\S{1,400})$")
_HOW = {"A": "Write", "D": "Delete"}


def take(talk: Talk, text: str) -> list[Placed] | None:
    """Read what the next line begins in such a log; None where it begins nothing of its own."""
    if "sh -" in text[:24] and _BEGINS.match(text) and not (talk.waiting and EXEC_ENDED.match(text)):
        return _executed(talk)
    return _of_its_own(talk, text) if talk.survey.is_exec_log else None


def _of_its_own(talk: Talk, text: str) -> list[Placed] | None:
    if talk.waiting and (ended := EXEC_ENDED.match(text)):
        talk.cursor.take()
        return talk.answer(output_below(talk), ended["code"] is not None, int(ended["code"] or 0))
    if text == "tokens used":
        talk.cursor.take()
        if (talk.cursor.peek() or "").replace(",", "").isdigit():
            talk.cursor.take()
        return talk.say("")
    if text.startswith("Plan update"):
        return _plan(talk)
    if text in ("file update", "file update:") or text.startswith("Success. Updated the following files"):
        talk.cursor.take()
        return [*talk.turn(ASSISTANT), *_changes(talk)]
    return None


def _executed(talk: Talk) -> list[Placed] | None:
    """Read a command, with its output where it follows at once."""
    lines: list[str] = []
    for ahead in range(_MOST_LINES):
        line = talk.cursor.peek(ahead)
        if line is None or line in EXEC_LINES:
            return None
        lines.append(line)
        found = _WHOLE.match("\n".join(lines)) if " in " in line else None
        if found:
            break
    else:
        return None
    talk.cursor.skip(len(lines))
    number, code, ended = talk.cursor.number, found["code"], " succeeded in " in line or found["code"]
    if not ended and not talk.waiting and (below := EXEC_ENDED.match(talk.cursor.peek() or "")):
        talk.cursor.take()
        ended, code = True, below["code"]
    run = found["run"].replace("'\\''", "'") if found["quote"] == "'" else re.sub(r'\\(["\\$`])', r"\1", found["run"])
    following = talk.cursor.peek() or ""
    waits = not ended and (bool(talk.waiting) or following == "exec" or _BEGINS.match(following) is not None)
    output = "" if waits else output_below(talk)
    events = [*talk.turn(ASSISTANT), *talk.call("Bash", {"command": run}, number)]
    return events if waits else [*events, *talk.answer(output, code is not None, int(code or 0), last=True)]


def _plan(talk: Talk) -> list[Placed]:
    """Read the plan as it stands after a change of it."""
    talk.cursor.take()
    number, todos = talk.cursor.number, []
    for ahead in range(_MOST_LINES):
        found = _STEP.match(talk.cursor.peek(ahead) or "")
        if found:
            todos.append({"content": found[2].strip(), "status": _STEPS.get(found[1], "pending")})
        elif todos or (talk.cursor.peek(ahead) or "") in EXEC_LINES:
            break
    else:
        ahead = 0
    if not todos:
        return []
    talk.cursor.skip(ahead)
    return [*talk.turn(ASSISTANT), *talk.did("update_plan", {"plan": todos}, number)]


def _changes(talk: Talk) -> list[Placed]:
    """Read the files that were changed: a list of them, or a diff."""
    events: list[Placed] = []
    path, old, new = "", [], []  # type: ignore[var-annotated]

    def changed() -> list[Placed]:
        given = {"file_path": path, "old_string": "\n".join(old), "new_string": "\n".join(new)}
        return talk.did("Edit", given) if path else []

    while (text := talk.cursor.peek()) is not None and text not in EXEC_LINES:
        found = _CHANGED.match(text)
        if not found and not path:
            break
        talk.cursor.take()
        if found:
            events += changed()
            path, old, new = found[2] or "", [], []
            if found[4]:
                events += talk.did(_HOW.get(found[3], "Edit"), {"file_path": found[4]})
        elif text[:1] == "-" and not text.startswith("--- "):
            old.append(text[1:])
        elif text[:1] == "+" and not text.startswith("+++ "):
            new.append(text[1:])
    return [*events, *changed()]
