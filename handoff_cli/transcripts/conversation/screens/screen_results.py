"""What stands below the signs on Claude Code's screen: results of calls, what the user decided, a stop."""

from __future__ import annotations

from handoff_cli.core.answers import is_cut_off, is_stopped
from handoff_cli.core.patterns import compiled
from handoff_cli.core.text import indent_of
from handoff_cli.transcripts.conversation.marks.wrapped import unwrapped
from handoff_cli.transcripts.conversation.reading.work import Output, unbroken
from handoff_cli.transcripts.conversation.screens.other_screens import CORNER, FOLDED, HIDDEN, RULER, begins, todos_in
from handoff_cli.transcripts.conversation.screens.screen_diffs import NUMBERED, changed_in
from handoff_cli.transcripts.events import Turned
from handoff_cli.transcripts.outcomes import failed_at_start, outcome_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from handoff_cli.transcripts.conversation.reading.talk import Placed, Talk

_WROTE = compiled(r"(?:Wrote|Created|Added) \d+ lines? to (\S+)|Updated (\S+) with |Wrote (\S+)|Created (\S+)$")
_RUNNING = compiled(r"Running(?: in the background|…|\.\.\.)|Command running in background|Waiting…")
_SHOWN = compiled(r"Here is Claude's plan:?\s*$")
_APPROVED, _SAVED = compiled(r"User approved Claude's plan:?\s*$"), compiled(r"Plan saved to: (\S+)")
_ANSWERED = compiled(r"User answered (?:Claude's|the) questions?")
_FAILED = "Error: Exit code"
_HIDDEN_END = compiled(r"\n(?:…|\.\.\.) ?\+\d+ (?:more )?lines?$")
_PAIR = compiled(r"\s*· (.{1,500}?) → (.{1,500})")


def performed(talk: Talk, name: str, given: Any, number: int) -> list[Placed]:
    """Return the events of a call of Claude Code's that began on line ``number``, with the results below it."""
    blocks = []
    while (text := talk.cursor.peek()) is not None and (corner := CORNER.match(text) if "⎿" in text else None):
        talk.set_in = talk.set_in or text[0] == " "
        talk.cursor.take()
        blocks.append(_block(talk, corner[1]))
    on_file = isinstance(given, dict) and "file_path" in given
    if on_file and not blocks and NUMBERED.match(talk.cursor.peek() or ""):  # a copy without the sign before it
        blocks.append(_block(talk, ""))
    if on_file:
        given = {**given, **changed_in(blocks)}
    events = talk.call(name, given, number)
    answered = False
    for lines in blocks:
        todos = todos_in(lines) if not (isinstance(given, dict) and "command" in given) else []
        if todos:
            events += talk.did("TodoWrite", {"todos": todos})
        elif answered and is_stopped(lines[0]):
            return [*events, *stopped(talk)]
        else:
            answered = True
            events += _result(talk, "\n".join(lines), given.get("command") if isinstance(given, dict) else None)
    return events


def stray(talk: Talk, first: str) -> list[Placed]:
    """Read a result whose call was cut off: what it says was written, was."""
    talk.cursor.take()
    number = talk.cursor.number
    lines = _block(talk, first)
    todos = todos_in(lines)
    if todos and (talk.listed or any(it["status"] != "completed" for it in todos)):
        return talk.did("TodoWrite", {"todos": todos})
    wrote = _WROTE.match(lines[0])
    if wrote:
        given = {"file_path": next(filter(None, wrote.groups())), **changed_in([lines])}
        return [*talk.call("Edit", given, number), *talk.answer(lines[0], failed=False, last=True)]
    if talk.waiting and is_stopped(lines[0]):
        return talk.answer("\n".join(lines), failed=True, last=True)
    return [*talk.said(), *stopped(talk)] if is_stopped(lines[0]) else []


def decision(talk: Talk, words: str) -> list[Placed] | None:
    """Read what the user decided, told behind a bullet: the answers to questions, or a plan; None for other words."""
    if _ANSWERED.match(words):
        return _answers(talk)
    corner = CORNER.match(talk.cursor.peek() or "") if _APPROVED.match(words) else None
    return _plan(talk, corner[1]) if corner else None


def _plan(talk: Talk, first: str) -> list[Placed]:
    """Read the plan that the user approved, below where it was saved, else as it was shown before."""
    talk.cursor.take()
    lines = _block(talk, first)
    saved = _SAVED.match(lines[0])
    while saved and lines and (_SAVED.match(lines[0]) or lines[0].strip() in ("/plan to edit", "to edit", "edit")):
        del lines[0]
    head, _, shown = talk.told_last.partition("\n")
    plan = unwrapped(lines, talk.width) or (shown.strip() if _SHOWN.match(head) else "")
    return talk.did("ExitPlanMode", {"plan": plan, "planFilePath": saved[1] if saved else ""})


def _answers(talk: Talk) -> list[Placed]:
    """Read what the user answered to the agent's questions."""
    pairs = []
    while (text := talk.cursor.peek()) is not None and text.strip() and not begins(talk, text):
        found = _PAIR.match(CORNER.sub(r"\1", talk.cursor.take()))
        if found:
            pairs.append((found[1].strip(), found[2].strip()))
    asked = {"questions": [{"question": question} for question, _ in pairs]}
    return [*talk.call("AskUserQuestion", asked), *talk.answered(tuple(pairs))] if pairs else []


def _block(talk: Talk, first: str) -> list[str]:
    """Return the lines of a result: ``first``, what hangs below it, and that its end is hidden where it is."""
    output, hidden = Output(), None
    while (text := talk.cursor.peek()) is not None:
        if not text.strip():
            after = next((line for ahead in (1, 2, 3) if (line := talk.cursor.peek(ahead))), "")
            if not after or indent_of(after) < 4 or CORNER.match(after) or begins(talk, after):  # noqa: PLR2004
                break
        elif (
            ("⎿" in text and CORNER.match(text)) or begins(talk, text) or (not text[0].isspace() and RULER.match(text))
        ):
            break
        talk.cursor.take()
        hidden = HIDDEN.match(text)
        if not (hidden or FOLDED.match(text)):
            output.add(text)
    rest = output.text()
    return [first, *(rest.split("\n") if rest else ()), *([hidden[1]] if hidden else ())]


def _result(talk: Talk, text: str, run: str | None) -> list[Placed]:
    if run is not None and _RUNNING.match(text):
        return []
    text = _HIDDEN_END.sub("", text) if run is None else unbroken(text.split("\n"), talk.width)
    failed, code = failed_at_start(text) if run is None else outcome_of(run, text)
    if text.startswith(_FAILED):
        talk.shows_codes, text = True, text.removeprefix("Error: ")
    elif run is not None and failed is None and talk.shows_codes and not is_cut_off(text):
        failed = False  # this screen says of a command that it failed, where it did
    return talk.answer(text, failed, code, created=text.startswith(("Wrote ", "Created ")), last=True)


def stopped(talk: Talk) -> list[Placed]:
    """Return the events of a stop by the user: what was waited for will not come."""
    cut_off = talk.answer("aborted by user", failed=True, last=True) if talk.waiting else []
    return [*cut_off, *talk.settle(), talk.at(Turned(stopped=True))]
