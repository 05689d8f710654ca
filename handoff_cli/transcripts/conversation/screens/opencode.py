"""What opencode shows of what was done: a sign before a tool, a bar before what was typed, printed or changed."""

from __future__ import annotations

import re

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.marks.sentences import is_printed
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT, USER
from handoff_cli.transcripts.conversation.marks.wrapped import unwrapped
from handoff_cli.transcripts.conversation.reading.work import Output
from handoff_cli.transcripts.conversation.screens.other_screens import BULLET, MENU, TODO, listed, todos_below, todos_in
from handoff_cli.transcripts.conversation.screens.screen_diffs import DIFF, changed_in
from handoff_cli.transcripts.outcomes import outcome_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.transcripts.conversation.reading.talk import Placed, Talk

_END = compiled(r"\s{0,6}(?:[▣■] {1,2}\w[\w -]* · |\+ Thought: [\d.]+m?s)")
_DONE = compiled(r"\s{0,6}(?:[|┃▌] {1,3})?(?:([$→←✱⚙%]) {1,2})(?:(Read|Edit|Write|Grep|Glob|List) )?(.*)$")
_FILLED = compiled(r"[\d.,]{1,12}[KM]?(?:/[\d.,]{1,12}[KM]?)? {1,4}\d{1,3}%")
"""How full the window is, below the title of a session."""

_BAR = compiled(r" {0,4}[┃▌▍] {0,3}(.*?)\s*[┃]?$")
_ABOVE, _FOOT = 4, "╹▀"
"""How many lines of a box tell what it is of; what closes the one to type in."""


def opencode_did(talk: Talk, text: str) -> list[Placed] | None:
    """Read a line of opencode's: a tool by its sign, what the user typed behind a bar."""
    bar = _BAR.match(text)
    if bar and not _BAR.match(talk.cursor.last) and (boxed := _box(talk)) is not None:
        return boxed
    inner = bar[1] if bar else text
    done = _DONE.match(inner)
    if done and (done[1] != "$" or bar or text.startswith("  ")) and (done[2] or done[1] == "$"):
        return _opencode_tool(talk, done[1], done[2], done[3], behind_bar=bar is not None)
    if not bar:
        if not _END.match(text) and (not talk.behind_bar or not text.strip()):
            return None
        talk.cursor.take()
        events = talk.turn(ASSISTANT, wrapped=True)
        return events if _END.match(text) else [*events, *talk.say(text)]
    talk.cursor.take()
    return _behind_bar(talk, inner)


def _behind_bar(talk: Talk, inner: str) -> list[Placed]:
    """Read what stands behind a bar: a figure of the context, a list of to-dos, what the user typed or may type."""
    if inner.startswith("# ") and _FILLED.match(_BAR.sub(r"\1", talk.cursor.peek() or "")):
        return talk.drop()
    if inner.startswith("# ") and "odo" in inner[:12]:
        return [*talk.turn(ASSISTANT, wrapped=True), *todos_below(talk)]
    if MENU.match(inner) and not inner[0].isdigit():
        return talk.leave()
    events = talk.turn(USER, wrapped=True) if talk.role != USER or not talk.behind_bar else []
    talk.behind_bar = True
    return [*events, *talk.say(inner)]


def _box(talk: Talk) -> list[Placed] | None:
    """Read a box that is a tool's, or the one to type in; None for what the user typed."""
    shown = [bar[1] for ahead in range(_ABOVE) if (bar := _BAR.match(talk.cursor.peek(ahead) or ""))]
    heads = [line for line in shown if line]
    if len(heads) > 1 and heads[0].startswith("# ") and heads[1].startswith("$ "):
        return _boxed_run(talk)
    if heads and heads[0].startswith("Thinking: "):
        thought = _box_taken(talk)
        events = talk.turn(ASSISTANT, wrapped=True, hidden=True)
        return [*events, *(it for line in thought for it in talk.say(line)), *talk.turn(ASSISTANT, wrapped=True)]
    if heads and (edit := _DONE.match(heads[0])) and edit[2] in ("Edit", "Write"):
        number, lines = talk.cursor.next_number, _box_taken(talk)
        given = {"file_path": edit[3], **changed_in([lines[2:]])}
        return [*talk.turn(ASSISTANT, wrapped=True), *talk.did(edit[2], given, number)]
    if len(heads) > 1 and heads[0] == "# Todos" and TODO.match(heads[1]):
        todos = todos_in([line for line in _box_taken(talk) if line][1:])
        return [*talk.turn(ASSISTANT, wrapped=True), *listed(talk, todos)]
    if _is_to_type_in(talk):
        _box_taken(talk)
        return talk.leave()
    return None


def _box_taken(talk: Talk) -> list[str]:
    """Read what stands behind the bar, up to its end."""
    lines = []
    while bar := _BAR.match(talk.cursor.peek() or ""):
        talk.cursor.take()
        lines.append(bar[1])
    return lines


def _boxed_run(talk: Talk) -> list[Placed]:
    """Read a command below what it is for, up to an empty line; what it printed follows."""
    number, lines = talk.cursor.next_number, _box_taken(talk)
    below = lines[next(at for at, line in enumerate(lines) if line.startswith("$ ")) :]
    ends = below.index("") if "" in below else len(below)
    run, output = unwrapped(below[:ends], talk.width).removeprefix("$ "), Output()
    for line in below[ends:]:
        output.add(line)
    failed, code = outcome_of(run, output.text())
    events = [*talk.turn(ASSISTANT, wrapped=True), *talk.call("Bash", {"command": run}, number)]
    return [*events, *talk.answer(output.text(), failed, code, last=True)]


def _is_to_type_in(talk: Talk) -> bool:
    """Return whether the box that comes next is the one at the foot of the screen: nothing in it was sent."""
    ahead = 0
    while _BAR.match(talk.cursor.peek(ahead) or ""):
        ahead += 1
    return (talk.cursor.peek(ahead) or "").lstrip().startswith(_FOOT)


def _changes_below(talk: Talk) -> dict[str, str]:
    """Read the numbered lines of a diff, if they are next, and return the old and the new ones."""
    ahead = 1 if talk.cursor.peek() == "" else 0
    lines: list[str] = []
    while (text := talk.cursor.peek(ahead + len(lines))) is not None and DIFF.match(_BAR.sub(r"\1", text)):
        lines.append(_BAR.sub(r"\1", text))
    talk.cursor.skip(ahead + len(lines) if lines else 0)
    return changed_in([lines])


def _opencode_tool(talk: Talk, sign: str, tool: str | None, words: str, *, behind_bar: bool) -> list[Placed]:
    """Read a tool of opencode's by its sign, with the output below a command."""
    talk.cursor.take()
    number = talk.cursor.number
    events = talk.turn(ASSISTANT, wrapped=True)
    if sign != "$":
        if tool not in ("Read", "Edit", "Write"):
            return events
        given = {"file_path": re.sub(r" \[.*\]$", "", words).strip(), **_changes_below(talk)}
        return [*events, *talk.did(tool, given, number)]
    output = Output()
    if talk.cursor.peek() == "" and (below := talk.cursor.peek(1)) and not BULLET.match(below) and is_printed(below):
        talk.cursor.take()
    while (line := talk.cursor.peek()) is not None and line.strip() and bool(_BAR.match(line)) == behind_bar:
        output.add(_BAR.sub(r"\1", talk.cursor.take()))
    failed, code = outcome_of(words, output.text())
    events += talk.call("Bash", {"command": words}, number)
    return [*events, *talk.answer(output.text(), failed, code, last=True)]
