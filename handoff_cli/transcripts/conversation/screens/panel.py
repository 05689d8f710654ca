"""What was copied from Claude Code's panel in VS Code: no sign tells who speaks, a line of its own what was done.

Seen in pastes of 2025: a tool and its argument (``Edit app.py``), then what came of it (``Added 3 lines``) or, of a
command, ``IN``, the command, ``OUT`` and the output. So an output ends where words begin, and words are the user's
where those below answer them.
"""

# ruff: noqa: RUF001 (signs as they stand on screens)
from __future__ import annotations

from handoff_cli.core.answers import is_stopped
from handoff_cli.core.patterns import compiled
from handoff_cli.core.tool_names import SHELLS
from handoff_cli.transcripts.conversation.marks.inputs import input_of, plain_name
from handoff_cli.transcripts.conversation.marks.sentences import is_printed
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT, USER
from handoff_cli.transcripts.conversation.marks.voices import AIDER, NAMED, SCREENS
from handoff_cli.transcripts.conversation.reading.panel_lines import (
    BEGINS,
    COMPACTED,
    ON_FILES,
    PART,
    STOPPED,
    head_at,
    is_end,
)
from handoff_cli.transcripts.conversation.reading.preface import is_title
from handoff_cli.transcripts.conversation.reading.work import Output, is_path
from handoff_cli.transcripts.conversation.written.commands import whole
from handoff_cli.transcripts.events import Compacted, Turned
from handoff_cli.transcripts.outcomes import failed_at_start, is_reading, outcome_of
from handoff_cli.transcripts.tools import is_own_command
from handoff_cli.transcripts.values import ACCOUNT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from handoff_cli.transcripts.conversation.reading.talk import Placed, Talk

_SOUGHT = compiled(r"\"?(?P<pattern>.{1,400}?)\"?(?: \(in (?P<path>[^()]{1,400})\))?$")
_YIELDS = compiled(
    r"(?:你|您)说得(?:很|非常)?对|(?:好的?|行|明白了?|收到|没问题|抱歉|对不起)[,，!！。 ]{0,2}我(?!看到)|抱歉|对不起"
    r"|明白[,，!！。了]|收到[,，!！。]|You(?:'re|’re| are) (?:absolutely |completely |totally )?(?:right|correct)"
    r"|(?:OK|Ok|Okay|Sure|Right|Yes)[,.!]? (?:I['’]ll|I will|I['’]m)|Sorry|Apologies|My (?:mistake|apologies)"
    r"|Understood|Got it|Sure[,.!]|Of course|Absolutely|No problem|Good (?:point|catch|question)"
)
"""How an agent answers the user, and nothing that a program printed."""

_RAISED = compiled(r"[\w.]{0,60}(?:Error|Exception|Warning)\b")
_CHINESE = compiled(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_OF_TITLES = "#<*_->|=`"
_FEW_SIGNS, _FEW_WORDS = 4, 3
_ITEM = compiled(r"(?:[-*•] |\d{1,2}[.)] |#{1,4} |\*\*|\||```|✅|❌|> )")
_MOST_ASKED, _ASKED_CHARS = 12, 1_000
_MOST_SAID, _MOST_AFTER_TEXT = 40, 3
_MOST_LINES = 120


def take(talk: Talk, text: str) -> list[Placed] | None:
    """Read what the next line begins, if something is done there or the user speaks; None for the agent's words."""
    if text[0] == "/" and is_own_command(text):
        return _passed(talk)
    if COMPACTED.match(text):
        events = _passed(talk)
        return [*events, talk.at(Compacted())] if talk.compacts() else events
    if STOPPED.match(text):
        talk.stopped = True
        return [*_passed(talk), *talk.settle(), talk.at(Turned(stopped=True))]
    if head := head_at(talk, 0):
        events = [] if talk.role != USER else talk.turn(ASSISTANT)
        return [*_begun(talk), *events, *_called(talk, *head)]
    return _asked(talk, text)


def _begun(talk: Talk) -> list[Placed]:
    """Begin with the agent where what stands before is only the title of the copy."""
    return talk.begun(ASSISTANT, None) if talk.role is None and is_title(talk.unsaid) else []


def _passed(talk: Talk) -> list[Placed]:
    """Pass over a notice of the program: what stands below it may be the user's."""
    talk.cursor.take()
    talk.waits_for_the_user()
    return talk.said()


def _called(talk: Talk, name: str, argument: str) -> list[Placed]:
    """Read a call, with what stands below it."""
    talk.cursor.take()
    number = talk.cursor.number
    talk.cursor.skip_empty()
    if talk.cursor.peek() == "IN":
        talk.cursor.take()
        return _ran(talk, name, argument, number)
    events = talk.call(name, _input(name, argument), number)
    result = ""
    if is_end(talk.cursor.peek() or ""):
        result = talk.cursor.take()
    failed = is_stopped(result) or failed_at_start(result)[0]
    return [*events, *talk.answer(result, failed, created=name == "Write", last=True), *_ended(talk, result)]


def _input(name: str, argument: str) -> Any:
    if name in ON_FILES:
        return {"file_path": PART.sub("", argument)}
    if name in ("Grep", "Glob") and (sought := _SOUGHT.fullmatch(argument)):
        return {key: value for key, value in sought.groupdict().items() if value}
    return input_of(name, argument)


def _ran(talk: Talk, name: str, about: str, number: int) -> list[Placed]:
    """Read what stands below ``IN``, and below ``OUT`` if that follows."""
    run = _input_below(talk)
    is_shell = plain_name(name) in SHELLS
    given = {"command": run} if is_shell else {"prompt": run}
    events = talk.call(name, {**given, "description": about} if about else given, number)
    output = ""
    if talk.cursor.peek() == "OUT":
        talk.cursor.take()
        output = _output_below(talk, run)
    failed, code = outcome_of(run, output) if is_shell else failed_at_start(output)
    return [*events, *talk.answer(output, failed, code, last=True), *_ended(talk, output)]


def _ended(talk: Talk, result: str) -> list[Placed]:
    """Return what the end of a call tells: the user may have stopped it, and says next why."""
    talk.stopped = is_stopped(result)
    talk.waits_for_the_user(surely=talk.stopped)
    return [talk.at(Turned(stopped=True))] if talk.stopped and not head_at(talk, 0) else []


def _input_below(talk: Talk) -> str:
    """Return what a call was given: all up to ``OUT``, or one command where nothing came out."""
    for ahead in range(_MOST_LINES):
        text = talk.cursor.peek(ahead)
        if text is None or head_at(talk, ahead):
            break
        if text == "OUT":
            return "\n".join([talk.cursor.take() for _ in range(ahead)]).strip("\n")
    return whole(talk, talk.cursor.take()) if talk.cursor.peek() else ""


def _output_below(talk: Talk, run: str) -> str:
    """Return an output, of which there is a line at least, up to the next call or to where words begin."""
    output = Output()
    while (text := talk.cursor.peek()) is not None and not head_at(talk, 0):
        if text and output and (_ends_output(talk, text, run) or is_stopped(talk.cursor.last)):
            break
        if output and (is_own_command(text) or COMPACTED.match(text)):
            break
        output.add(talk.cursor.take())
    return output.text()


def _ends_output(talk: Talk, text: str, run: str) -> bool:
    """Return whether words begin with a line below an output: those go on to the next call, or the next answers it."""
    if _asks(text) and _YIELDS.match(_filled_after(talk, 0)):
        return True
    if talk.cursor.index < talk.printed_to or not _is_said(text):
        return False
    most = _MOST_AFTER_TEXT if is_reading(run) else _MOST_SAID
    lists = fenced = False
    for ahead in range(1, most):
        line = talk.cursor.peek(ahead)
        if line is None or head_at(talk, ahead):
            return True
        fenced ^= line[:3] == "```"
        lists = lists or _ITEM.match(line) is not None
        if line and not (fenced or _is_said(line) or _ITEM.match(line) or (lists and line[:2] == "  ")):
            talk.printed_to = talk.cursor.index + ahead  # nor do words begin with a line between
            return False
    return not is_reading(run)


def _filled_after(talk: Talk, ahead: int) -> str:
    return talk.cursor.peek(ahead + 1) or talk.cursor.peek(ahead + 2) or ""


def _is_said(text: str) -> bool:
    """Return whether a line is what somebody says: a sentence, in Chinese and the like some signs of it."""
    if not text or text[0] in " \t" or not (text[0].isalnum() or text[0] in "*\"'`“「（("):
        return False
    if not text.isascii() and len(_CHINESE.findall(text)) >= _FEW_SIGNS:
        return True
    return BEGINS.match(text) is not None or not (is_printed(text) or _RAISED.match(text))


def _asks(text: str) -> bool:
    """Return whether a line may be what the user asks for: words, of which there are some."""
    if not text or len(text) > _ASKED_CHARS or not (text[0].isalpha() or text[0] in "\"'@"):
        return False
    signs = 0 if text.isascii() else len(_CHINESE.findall(text))
    return (text.count(" ") >= _FEW_WORDS or signs >= _FEW_SIGNS) and ": " not in text[:40] and not is_path(text)


def _asked(talk: Talk, text: str) -> list[Placed] | None:
    """Read what the user says, where the lines around tell that; None where they do not."""
    starts = talk.role is None and text[0] not in _OF_TITLES and is_title(talk.unsaid)
    if (talk.follows != talk.cursor.index and not starts) or talk.forms() & (SCREENS | NAMED | AIDER):
        return None
    count = _lines_asked(talk, is_open=talk.awaited or starts)
    if not count:
        return None
    events = talk.begun(USER, None) if starts else [*talk.settle(), *talk.turn(USER)]
    for _ in range(count):
        events += talk.say(talk.cursor.take())
    talk.stopped = talk.awaited = False
    return [*events, *talk.turn(ASSISTANT)]


def _lines_asked(talk: Talk, *, is_open: bool) -> int:
    """Return how many of the next lines are the user's; ``is_open``: they may be, by what stands above."""
    first = talk.cursor.peek() or ""
    if _YIELDS.match(first) or (is_open and BEGINS.match(first)) or not (is_open or _asks(first)):
        return 0
    for ahead in range(1, _MOST_ASKED if is_open else 2):
        text = talk.cursor.peek(ahead)
        if text is None or head_at(talk, ahead) or text.startswith(ACCOUNT):
            break
        if _YIELDS.match(text) or (is_open and BEGINS.match(text)):
            return ahead
    return int(talk.stopped)
