"""What is done within a turn that is text: the first concern that knows a line reads on as far as it goes.

A command stands after a prompt, whole, and the output that follows belongs to it.
"""

from __future__ import annotations

from handoff_cli.core.patterns import caseless, compiled
from handoff_cli.core.verdicts import verdict
from handoff_cli.transcripts.conversation.marks.sentences import is_sentence
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT, USER
from handoff_cli.transcripts.conversation.marks.voices import EXPORTS, HEADED
from handoff_cli.transcripts.conversation.reading.fences import FENCE, OF_SHELL, STRUCTURE, closing, fence_text
from handoff_cli.transcripts.conversation.reading.lines import LOOK_AHEAD
from handoff_cli.transcripts.conversation.reading.survey import SHELL_PROMPT
from handoff_cli.transcripts.conversation.reading.thinking import CALLS, THINKS, lines_of_thought, quoted_steps
from handoff_cli.transcripts.conversation.reading.work import OF_OUTPUT, done, paths_in
from handoff_cli.transcripts.conversation.screens import cascade_copy, copilot_share, vscode_copy
from handoff_cli.transcripts.conversation.written import (
    exec_log,
    export_lines,
    folded_calls,
    json_calls,
    labelled_calls,
    noted_runs,
    reported,
    titled_calls,
)
from handoff_cli.transcripts.conversation.written.announced_runs import announced
from handoff_cli.transcripts.conversation.written.commands import command_in, without_prompts
from handoff_cli.transcripts.conversation.written.files import (
    edited_alone,
    is_set_apart,
    named_in,
    on_files,
    sides,
    written_alone,
)
from handoff_cli.transcripts.conversation.written.notations import RUN, is_call, is_result
from handoff_cli.transcripts.conversation.written.written_calls import tool
from handoff_cli.transcripts.events import Returned
from handoff_cli.transcripts.outcomes import code_on, outcome_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.transcripts.conversation.reading.talk import Placed, Talk

_STRUCTURE_CHARS = 240
_LANGUAGE_CHARS = 12
_COPY = ("Copy code", "Copy", "Code kopieren", "Kopieren", "Copier le code", "Copier", "Copiar código", "Copiar")
"""Buttons below the language of a block, as pages show it."""

_EDIT = ("Edit", "Bearbeiten", "Modifier", "Editar", "Modifica")
"""The button right of those, of pages that set no empty line below a block."""

_COMPOSER, _NEAR_END = ("Tools", "Search", "Attach", "Reason", "Voice"), 8
"""Buttons below a page's field for the next message."""

_PROSE = compiled(r"[A-Z\u00c0-\u00de][\w'\u2019-]*,? (?:[\w'\u2019-]+[,:]? ){2}.*[.:!?]$")
_LANGUAGE = compiled(r"[A-Za-z][\w+#.-]{0,14}")
_THOUGHT = compiled(
    r"(?:\s*<details><summary>|\s*<summary>|\s*[_*]*)?\W{0,4}(?:Internal Reasoning|Thought Process|Thinking"
    r"|Reasoning|Thoughts?)\b[^a-z]{0,4}(?:\(.{0,40}\))?[_*:.…]*(?:</summary>)?\s*$"
)


def take(talk: Talk) -> list[Placed] | None:
    """Read what the next line begins, if something is done there; None where it is plain text."""
    text = talk.cursor.peek() or ""
    first = text.lstrip()[:1]
    if not first:
        return None
    for read_copy in (
        vscode_copy.take,
        cascade_copy.take,
        copilot_share.take,
        titled_calls.take,
        folded_calls.take,
        quoted_steps,
    ):
        if (events := read_copy(talk, text)) is not None:
            return events
    if first in "`~>" and (fence := FENCE.match(text)):
        return _fenced(talk, fence[1], fence[2])
    events = command_in(talk, text)
    for read in (
        (exec_log.take, export_lines.take, noted_runs.take, _button_block, _structure) if events is None else ()
    ):
        if (events := read(talk, text)) is not None:
            break
    if events is None and talk.role == USER and talk.survey.has_speakers:
        return _beside_the_user(talk, text)
    for read in _READERS if events is None else ():
        if (events := read(talk, text)) is not None:
            break
    return events


_READERS = (
    labelled_calls.take,
    tool,
    json_calls.take,
    announced,
    reported.linked,
    reported.several,
    on_files,
    reported.in_sentence,
    done,
)


def _beside_the_user(talk: Talk, text: str) -> list[Placed] | None:
    """Read a call, an edit or a result that follows what the user said where no name says that the agent goes on."""
    if talk.awaits and is_result(text):
        return tool(talk, text)
    if talk.survey.takes_turns and talk.forms() & HEADED:
        return None  # the agent is named before it does anything
    if talk.ends_apart() and (is_call(talk, text) or paths_in(text)):
        return [*talk.turn(ASSISTANT), *(tool(talk, text) or on_files(talk, text) or ())]
    return done(talk, text) if talk.last_run and not paths_in(text) else None


def _button_block(talk: Talk, text: str) -> list[Placed] | None:
    """Read a block of code as a page shows it, its language above a button, to where prose or another speaker begins.

    It is told as a block in what is said: what a page shows is proposed, and nobody ran it.
    """
    if (talk.cursor.peek(1) or "") not in _COPY or not _LANGUAGE.fullmatch(text.strip()) or talk.fence_ends:
        return None
    begins = 3 if talk.cursor.peek(2) in _EDIT else 2
    below = talk.cursor.peek(begins) or ""
    if not below or FENCE.match(below) or talk.mark(below, ahead=True):
        return None
    talk.cursor.skip(begins)
    lines = [f"```{text.strip().lower()}"]
    while (line := talk.cursor.peek()) is not None and not (line and talk.mark(line, ahead=not lines[-1])):
        if not lines[-1] and (is_sentence(line) or (talk.cursor.peek(1) or "") in _COPY):
            break
        if begins > 2 and len(lines) > 1 and _PROSE.match(line) and is_sentence(line):  # noqa: PLR2004 (this page sets no line there)
            break
        if line[:1].isalpha() and STRUCTURE.match(line):
            break
        lines.append(talk.cursor.take())
    while not lines[-1]:
        lines.pop()
    return [event for line in (*lines, "```", "") for event in talk.say(line)]


def _structure(talk: Talk, text: str) -> list[Placed] | None:
    """Read a line that only holds an export together, or opens what the agent thought."""
    first = text.lstrip()[:1]
    is_word = len(text) <= _LANGUAGE_CHARS and text.isalpha()
    if len(text) > _STRUCTURE_CHARS or not (is_word or first in "<-_*CTIRSUOHNPAt💭🤔#MG(:0123456789"):
        return None
    if _THOUGHT.match(text) or (text == "thinking" and talk.survey.is_exec_log):
        return _thought(talk)
    holds = STRUCTURE.match(text) or _ends_page(talk, text) or _begins_session(talk, text)
    if not holds and (talk.cursor.peek(1) or "") not in _COPY:
        return None
    if is_call(talk, text) or is_result(text):
        return None
    talk.cursor.take()
    return talk.say("" if first != "-" else text)


def _ends_page(talk: Talk, text: str) -> bool:
    """Return whether a line is a button at the end of a page, which has a line of its own below the last of them."""
    if text not in _COMPOSER:
        return False
    below = [it for it in map(talk.cursor.peek, range(1, _NEAR_END)) if it and it not in _COMPOSER]
    return any(it[:1].isalpha() for it in below) and all(map(STRUCTURE.match, below))


def _begins_session(talk: Talk, text: str) -> bool:
    """Return whether a heading numbers one of several sessions: right below it somebody is named."""
    if not _SESSION.fullmatch(text):
        return False
    below = talk.cursor.peek(1) or talk.cursor.peek(2) or ""
    return talk.mark(below, ahead=True) is not None


_SESSION = compiled(r"#{1,6} Session #?\d{1,5}(?: - [\d-]{10})?")


def _fenced(talk: Talk, mark: str, info: str) -> list[Placed] | None:
    """Read a fenced block: commands with their output, else text in which nothing means anything."""
    if talk.role is None and (below := talk.cursor.peek(1)) and talk.mark(below, ahead=True):
        talk.cursor.take()  # the whole conversation was put into a block
        return talk.say("")
    closes = closing(talk, mark)
    if closes is None:
        return talk.drop()
    if any(
        RUN.match(talk.cursor.peek(ahead) or "")
        or (info in ("console", "terminal", "") and SHELL_PROMPT.match((talk.cursor.peek(ahead) or "").lstrip()))
        for ahead in range(1, closes)
    ):
        talk.cursor.take()
        events: list[Placed] = []
        talk.fence_ends = talk.cursor.index - 1 + closes
        while talk.cursor.index < talk.fence_ends and (text := talk.cursor.peek()) is not None:
            run = command_in(talk, text)
            events += talk.say(talk.cursor.take()) if run is None else run
        if talk.fence_ends and talk.cursor.peek() is not None:
            talk.cursor.take()
        talk.fence_ends = 0
        return events
    done_there = _step(talk, mark, info, closes + 1) or _shown_late(talk, info, closes)
    if done_there is None and talk.printed and talk.role == ASSISTANT:
        done_there = _checked_again(talk, mark, info, closes)
    if done_there is not None:
        return done_there
    events = []
    for _ in range(closes + 1):
        events += talk.say(talk.cursor.take())
    return events


def _step(talk: Talk, mark: str, info: str, below: int) -> list[Placed] | None:
    """Read a block that is what the agent did: a diff that is a step of its own, or a command that was run."""
    if info == "diff" and talk.role == ASSISTANT and talk.forms() & EXPORTS:
        # the export sets no line around what was done
        glued = talk.cursor.last.strip() and talk.cursor.peek(below) and not _is_proposed(talk, below)
        if glued or not talk.has_spoken or _is_step(talk, below):
            return edited_alone(talk, mark)
    if info not in (*OF_SHELL, *OF_OUTPUT, "diff") and is_set_apart(talk, below):
        return written_alone(talk, mark)
    if info in OF_SHELL and talk.role != USER and (ahead := _output_below(talk, below)):
        return _ran(talk, mark, ahead)
    if info in OF_SHELL and _is_recorded(talk, below):
        number, run = talk.cursor.next_number, fence_text(talk, mark)
        return [*talk.call("Bash", {"command": run}, number), *talk.answer("", failed=None, last=True)]
    return None


def _shown_late(talk: Talk, info: str, closes: int) -> list[Placed] | None:
    """Read what the last command printed, of which nothing was shown, in the block with which the agent goes on."""
    call = talk.last_run
    if not call or talk.unseen != talk.turns or talk.role != ASSISTANT or info not in OF_OUTPUT:
        return None
    output = "\n".join(talk.cursor.peek(ahead) or "" for ahead in range(1, closes))
    failed, code = outcome_of(call.run, output)
    if failed is None and talk.has_spoken:
        return None  # it may be of anything
    talk.unseen = 0
    talk.cursor.skip(closes + 1)
    return [*talk.said(), talk.at(Returned(call.id, output, failed, code, talk.time, ended=True))]


def _is_proposed(talk: Talk, below: int) -> bool:
    """Return whether a diff is only shown: words lead in to it that do not say it was made, or ask."""
    around = [*talk.unsaid[-_NEAR_DIFF:]]
    for text in map(talk.cursor.peek, range(below, below + _NEAR_DIFF)):
        if text is None or (text and talk.mark(text, ahead=True)):
            break
        around.append(text)
    last = talk.cursor.last.strip("*_ ")
    return (last.endswith(":") and not _MADE.search(last)) or any(map(_PROPOSES.search, around))


_NEAR_DIFF = 40
_MADE = caseless(
    r"\bi(?:'ve|\u2019ve| have)? (?:just )?(?:added|changed|edited|updated|fixed|replaced|removed|made|modified)\b"
)
_PROPOSES = caseless(
    r"\b(?:(?:shall|should|may) i|(?:want|like) me|(?:soll|darf) ich|could|would|might|propose|proposal|suggest"
    r"|suggested|suggestion|könntest|würde|vorschlag|pourrais|podrías|sugiero|propongo)\b"
)


def _is_recorded(talk: Talk, below: int) -> bool:
    """Return whether a block of commands of which no output is shown was run: the export sets no line before a call.

    What the agent proposes stands apart, or below words that lead in to it; a step of its own was done.
    """
    if not talk.forms() & EXPORTS or talk.role != ASSISTANT:
        return False
    if not talk.cursor.last.strip():
        return _is_step(talk, below)
    after = talk.cursor.peek(below) or ""
    return (talk.is_silent() and talk.has_spoken) or bool(after and (_FOLDED.match(after) or paths_in(after)))


def _is_step(talk: Talk, below: int) -> bool:
    """Return whether the block that ends above the line ``below`` is all of a step: rules of the export part it."""
    above, led, *_ = [*[it for it in reversed(talk.unsaid) if it][:2], "", ""]
    return above == "---" == (talk.cursor.peek(below) or talk.cursor.peek(below + 1)) and not _OFFERS.search(led)


_OFFERS = caseless(
    r"\b(?:didn['\u2019]?t|did not|would|could|might|propos\w+|suggest\w*|you (?:can|may|should|have to))\b"
)


_FOLDED = compiled(r"\s*<(?:details|tool-use)\b")


def _output_below(talk: Talk, ahead: int) -> int:
    """Return how many lines ahead an output begins below the block of a command, 0 where none does.

    It is a block without a language, one that is named as a result, or an exit code.
    """
    below = ahead
    while talk.cursor.peek(below) == "":
        below += 1
    text = talk.cursor.peek(below) or ""
    fence = FENCE.match(text)
    return below if (fence and fence[2] in OF_OUTPUT) or is_result(text) or code_on(text) is not None else 0


def _ran(talk: Talk, mark: str, ahead: int) -> list[Placed]:
    """Read a block of commands, and the output that begins ``ahead`` lines further."""
    begins = talk.cursor.index + ahead
    run = fence_text(talk, mark)
    events = talk.call("Bash", {"command": run}, talk.cursor.number)
    while talk.cursor.index < begins and talk.cursor.peek() is not None:
        talk.cursor.take()
    output = printed = ""
    if code_on(text := talk.cursor.peek() or "") is None:
        if not FENCE.match(text):
            talk.cursor.take()
            talk.cursor.skip_empty()
        if fence := FENCE.match(talk.cursor.peek() or ""):
            printed = fence_text(talk, fence[1])
            output = without_prompts(run, printed)
        talk.cursor.skip_empty()
    if code_on(talk.cursor.peek() or "") is not None:
        output += f"\n{talk.cursor.take()}"
    failed, code = outcome_of(run, output)
    if not output and (waits := SHELL_PROMPT.match(printed.rpartition("\n")[2])) and not waits[1]:
        failed = False
    talk.ran, talk.printed = (run, output) if failed or verdict(output) else (talk.ran, talk.printed)
    return [*events, *talk.answer(output, failed, code, last=True)]


def _checked_again(talk: Talk, mark: str, info: str, closes: int) -> list[Placed] | None:
    """Read what the last check printed when it was run again, or a change above that; None for any other block."""
    if info in OF_OUTPUT and _is_printed_anew(talk, 0, closes):
        return _ran_again(talk, mark)
    path = _applied_to(talk, closes + 1) if info == "diff" else ""
    return talk.report("Edit", {"file_path": path, **sides(fence_text(talk, mark))}) if path else None


def _applied_to(talk: Talk, ahead: int) -> str:
    """Return the file that the words above a diff name, if its check was run again below it; empty where it was not."""
    while talk.cursor.peek(ahead) == "":
        ahead += 1
    fence = FENCE.match(talk.cursor.peek(ahead) or "")
    if not fence or fence[2] not in OF_OUTPUT:
        return ""
    ends = next((it for it in range(ahead + 1, LOOK_AHEAD) if (talk.cursor.peek(it) or "") == fence[1]), 0)
    return named_in("\n".join(talk.unsaid).rstrip()) if ends and _is_printed_anew(talk, ahead, ends) else ""


def _is_printed_anew(talk: Talk, opens: int, closes: int) -> bool:
    """Return whether a block between two lines ahead begins as the last check's output, or a part of it, and ends anew.

    An export may show what a check printed when it was run again without the command.
    """
    block = "\n".join(talk.cursor.peek(ahead) or "" for ahead in range(opens + 1, closes)).strip("\n")
    first, _, rest = block.partition("\n")
    before = talk.printed.rstrip().split("\n")
    ends = rest.rpartition("\n")[2]
    if first not in before or len(first.strip()) < _TELLING_CHARS or (ends in before and ends != before[-1]):
        return False
    return block not in talk.printed and outcome_of(talk.ran, block)[0] is not None


_TELLING_CHARS = 12


def _ran_again(talk: Talk, mark: str) -> list[Placed]:
    """Read what the last check printed when it was run again."""
    number, run = talk.cursor.next_number, talk.ran
    talk.printed = output = fence_text(talk, mark)
    failed, code = outcome_of(run, output)
    return [*talk.call("Bash", {"command": run}, number), *talk.answer(output, failed, code, last=True)]


def _thought(talk: Talk) -> list[Placed]:
    """Read what the agent thought to itself: it is in the record, and nobody said it.

    It stands in a fenced block, or up to where what folds it away ends, or is one paragraph; of opencode's, more.
    """
    events = talk.turn(ASSISTANT, wrapped=talk.wrapped, hidden=True)
    label = talk.cursor.take()
    folded = "<" in label
    talk.cursor.skip_empty()
    fence = FENCE.match(talk.cursor.peek() or "")
    if fence and closing(talk, fence[1]):
        for thought in fence_text(talk, fence[1]).split("\n"):
            events += talk.say(thought)
    else:
        while (line := talk.cursor.peek()) is not None and (line or folded) and not talk.mark(line):
            if CALLS.match(line) or (folded and "</details>" in line):  # of some thoughts an export has nothing
                break
            events += talk.say(talk.cursor.take())
        for _ in range(lines_of_thought(talk) if THINKS.match(label) else 0):
            events += talk.say(talk.cursor.take())
    return [*events, *talk.turn(ASSISTANT, wrapped=talk.wrapped)]
