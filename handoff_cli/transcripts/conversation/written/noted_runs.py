"""Runs without a prompt: a command alone on its line with its output below, in notes in which nobody speaks set in.

A run again is told by a line that names something of the command above its output, or that begins by saying so.
"""

from __future__ import annotations

import re
from textwrap import dedent

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.marks.sentences import is_printed, is_said
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT
from handoff_cli.transcripts.conversation.marks.voices import SCREENS
from handoff_cli.transcripts.conversation.reading.lines import LOOK_AHEAD
from handoff_cli.transcripts.conversation.reading.work import PROGRAM, told_run
from handoff_cli.transcripts.outcomes import outcome_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.transcripts.conversation.reading.talk import Placed, Talk

_COMMAND = compiled(
    rf"(?:[A-Z_]{{1,40}}=\S{{1,80}} ){{0,3}}(?:time |sudo ){{0,2}}{PROGRAM}[^\n]{{1,2000}}(?<![.,:;!?])$"
)
_PASTED = compiled(
    rf"(?:(?:[A-Z_]{{1,40}}=\S{{1,80}} ){{0,3}}(?:time |sudo ){{0,2}}(?:{PROGRAM}|[\w./-]{{1,60}}\.(?:py|sh)(?= -))"
    r"|(?:for \w{1,20} in|while) [^\n]{1,200}; do )[^\n]{1,2000}(?<![.,:;!?])$"
)
_AGAIN = compiled(
    r"(?:and |then |ran (?:it )?)?(?:again|once more|re-?r[au]n|second run|otra vez|de nuevo|nochmals?|noch einmal"
    r"|erneut|encore(?: une fois)?|à nouveau|di nuovo|ancora|de novo|outra vez)\b[^:]{0,30}: ?(.{3,300})$",
    re.IGNORECASE,
)
_NAMES = compiled(r"[^\W\d]\w{3,}")
_SET_IN = ("  ", "\t")


def take(talk: Talk, text: str) -> list[Placed] | None:
    """Read a command alone on its line with what stands set in below it, or what a later line says came of it again."""
    if talk.fence_ends or text.startswith(_SET_IN):
        return None
    if talk.survey.has_speakers:
        return _pasted(talk, text)
    if _COMMAND.match(text) and not is_said(text):
        return _ran(talk, text, lines) if (lines := _set_in_below(talk)) and _is_output(text, lines) else None
    run = talk.last_run.run if talk.last_run else ""
    if run and (again := _AGAIN.match(text)):
        told = told_run(run, again[1], talk.cursor.next_number)
        return None if told.failed is None else [*talk.say(talk.cursor.take()), *told.events(talk)]
    if run and text[-1] == ":" and set(_NAMES.findall(text)) & set(_NAMES.findall(run)):
        lines = _set_in_below(talk)
        return [*talk.say(text), *_ran(talk, run, lines)] if outcome_of(run, "\n".join(lines))[0] is not None else None
    return None


def _pasted(talk: Talk, text: str) -> list[Placed] | None:
    """Read a command that begins a paragraph of the agent's, the rest of which is what it printed."""
    is_apart = talk.role == ASSISTANT and not talk.cursor.last.strip() and not talk.forms() & SCREENS
    if not is_apart or not _PASTED.match(text) or (is_said(text) and "; do " not in text):
        return None
    lines: list[str] = []
    while (below := talk.cursor.peek(len(lines) + 1)) and len(lines) < LOOK_AHEAD - _APART:
        if talk.mark(below, ahead=True) or (lines and is_said(below)):
            break
        lines.append(below)
    return _ran(talk, text, lines) if lines and _is_output(text, lines) else None


def _ran(talk: Talk, run: str, lines: list[str]) -> list[Placed]:
    """Return that ``run`` was run and printed the ``lines`` below the next one, and go on behind them."""
    talk.cursor.take()
    number = talk.cursor.number
    talk.cursor.skip(len(lines))
    output = dedent("\n".join(lines)).strip("\n")
    failed, code = outcome_of(run, output)
    return [*talk.call("Bash", {"command": run}, number), *talk.answer(output, failed, code, last=True)]


def _set_in_below(talk: Talk) -> list[str]:
    """Return the lines below the next one that are set in, with an empty one before and within them."""
    lines: list[str] = []
    while (text := talk.cursor.peek(len(lines) + 1)) is not None and len(lines) < LOOK_AHEAD - _APART:
        if not text.startswith(_SET_IN) and (text or lines[-1:] == [""]):
            break
        lines.append(text)
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _is_output(run: str, lines: list[str]) -> bool:
    """Return whether ``lines`` below a command are what it printed: no list, and no words but such as tell an end."""
    first = next(it.strip() for it in lines if it)
    is_list = first.startswith(("- ", "* ", "+ ", "• "))
    return not is_list and (is_printed(first) or outcome_of(run, "\n".join(lines))[0] is not None)


_APART = 2
