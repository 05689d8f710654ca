"""What the agent said and thought last: what it was about to do, what it concluded, and what explains."""

from __future__ import annotations

from handoff_cli.core.paths import MARKDOWN, name_of
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.core.record import Record
from handoff_cli.core.text import indent_of
from handoff_cli.documents.extract.commands.command_lines import without_folder
from handoff_cli.documents.extract.language.findings import complains, is_talk
from handoff_cli.documents.extract.language.overtaken import is_to_do, without_last_steps
from handoff_cli.documents.extract.language.units import explains
from handoff_cli.documents.extract.language.words import identifiers, sentences
from handoff_cli.documents.extract.progress.carried_out import after_look, edited_already
from handoff_cli.documents.extract.progress.steps import about_to
from handoff_cli.documents.extract.runs.underway import acts_done, acts_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Message, Transcript
    from handoff_cli.documents.extract.commands.checks import Run
    from handoff_cli.documents.extract.facts import Request, Turn
    from handoff_cli.documents.extract.files.texts import Printed


class LastTold(Record):
    """What the agent said and thought last.

    ``words`` are its last message, ``late`` the same where it came after the latest request, ``thought`` its last
    reasoning after that, and ``latest`` the later of the two. ``about`` is the step it was about to take by that, empty
    where a check ``ran`` since that it was about to run, and ``reached`` what the thought concluded, where that is not
    done by now. ``explained`` and ``thinking`` say more than what comes next. ``doubt`` are the words where they stop
    at what the last edit put in.
    """

    words: Message | None
    late: Message | None
    thought: Message | None
    latest: Message | None
    about: str
    ran: bool
    reached: str
    explained: Message | None
    thinking: Message | None
    doubt: str

    @property
    def said(self) -> str:
        """What it said and thought last, in one text."""
        return "\n".join(it.text for it in (self.words, self.thought) if it)


def last_told(
    transcript: Transcript, requests: Sequence[Request], runs: Sequence[Run], printed: Sequence[Printed]
) -> LastTold:
    """Return what the agent said and thought last, by the ``runs`` of checks since and the files as ``printed``."""
    asked = max(transcript.asked_at, default=0)
    notes = _short_notes(transcript)
    words = notes or next((it for it in reversed(transcript.messages) if it.role == "assistant"), None)
    late = words if words and words.position > asked else None
    thought = next((it for it in reversed(transcript.reasonings) if it.position > asked), None)
    latest = max(filter(None, (late, thought)), key=lambda it: it.position, default=None)
    about = after_look(about_to(latest), latest.position, transcript) if latest else ""
    after = latest.position if latest else 0
    ran = "check" in acts_in(about) and any(it.position > after and it.outcome for it in runs)
    reached = _reached(thought, transcript, requests, printed, asked) if thought else ""
    explains_it = notes or explained(transcript, asked)
    thinking = _thinking(transcript, explains_it.position if explains_it else asked, runs)
    explains_it = None if explains_it and _is_delivered(explains_it, transcript, runs) else explains_it
    doubt = doubted(transcript)
    return LastTold(words, late, thought, latest, "" if ran else about, ran, reached, explains_it, thinking, doubt)


def _short_notes(transcript: Transcript) -> Message | None:
    """Return a text in which nobody speaks, or runs anything, as one message, if all of it can be told."""
    parts = transcript.messages
    if transcript.speakers or transcript.tool_calls or not parts[1:]:
        return None
    if sum(len(it.text) for it in parts) > _SHORT_NOTES_CHARS:
        return None
    return parts[-1].replace(text="\n\n".join(it.text for it in parts))


_SHORT_NOTES_CHARS = 6_500


def _is_delivered(told: Message, transcript: Transcript, runs: Sequence[Run]) -> bool:
    """Return whether what fails by the words ``told`` passed since, and a commit has it: that says what came of it."""
    if "commit" not in acts_done(transcript, told.position):
        return False
    from handoff_cli.documents.extract.told.thoughts import is_overcome

    return is_overcome(told, runs)


def _reached(
    thought: Message, transcript: Transcript, requests: Sequence[Request], printed: Sequence[Printed], asked: int
) -> str:
    """Return what a ``thought`` concluded, empty where it is a step that is made by now, or under way."""
    from handoff_cli.documents.extract.told.thoughts import conclusion_of

    reached = conclusion_of(thought.text, requests[-1].text if requests else "")
    edited = max((it.position for it in transcript.edits), default=-1)
    over = edited > thought.position and (is_to_do(reached) or _SEVERAL in reached or complains(reached))
    return "" if over or _OWN_DOING.search(reached) or edited_already(reached, transcript, printed, asked) else reached


_OWN_DOING = caseless(
    r"(?:^(?:(?:ah|oh|so|and|but|right|yes)\W+)*|\b(?:because|since|as|but|after) )i(?:['\u2019]ve)? (?:just|already)"
    r" (?:updated|edited|changed|fixed|added|moved|removed)\b"
)
_SEVERAL = "(1) "
"""How a conclusion counts up several things: of these the edits after it mended some."""


def _thinking(transcript: Transcript, after: int, runs: Sequence[Run]) -> Message | None:
    """Return the thought at the end, else the last that explains, None where checks passed since what it weighs."""
    from handoff_cli.documents.extract.told.thoughts import at_end, is_overcome

    thought = at_end(transcript, after) or last_thought(transcript, after)
    return None if not thought or is_overcome(thought, runs) else thought


def explained(transcript: Transcript, asked: int) -> Message | None:
    """Return the last message after place ``asked`` that explains rather than announces, None where none does.

    Where others follow it, what it said at its end that the agent was at is over.
    """
    said = [it for it in transcript.messages if it.role == "assistant" and it.position > asked]
    found = next((it for it in reversed(said) if explains(it.text)), None)
    return found if not found or found is said[-1] else found.replace(text=without_last_steps(found.text))


def last_thought(transcript: Transcript, after: int) -> Message | None:
    """Return the last reasoning after place ``after`` that says more than what comes next, None where none does.

    None too where what it found was mended: what was thought before went into it.
    """
    late = [it for it in transcript.reasonings if it.position > after]
    thought = next((it for it in reversed(late) if explains(it.text)), None)
    return None if thought and _done_with(thought, transcript) else thought


def _done_with(thought: Message, transcript: Transcript) -> bool:
    """Return whether an edit after ``thought`` took out the code that it quotes: what it found is mended.

    So is by any edit what a short one tells that a linter or a compiler finds.
    """
    edited = transcript.edits[-1].position if transcript.edits else -1
    if len(thought.text) < _SHORT_CHARS and edited > thought.position:
        told = [it for it in sentences(thought.text) if not is_talk(it)]
        if told and all(map(complains, told)):
            return True
    quoted = [it for it in _QUOTED_CODE.findall(thought.text) if _IS_CODE.search(it)]
    later = [it for it in transcript.edits if it.position > thought.position] if quoted else []
    return any(code in it.old and code not in it.new for it in later for code in quoted)


_SHORT_CHARS = 500
_QUOTED_CODE, _IS_CODE = lazily(r"`([^`\n]{8,200})`"), lazily(r"\S [\w\"'({*&<-]")
"""A quotation of code, and what tells it from a name or a path, which an edit may take out at one place of many."""


def spoken_of(transcript: Transcript, turns: tuple[Turn, ...], *late: Message | None) -> tuple[str, ...]:
    """Return what the work at hand is told in: the latest request, ``late`` texts, and what turns told."""
    said = {it.role: it.text for it in transcript.messages}
    asked, words = said.get("user", ""), said.get("assistant", "")
    told = [it.text for turn in turns for it in turn.told[:_OF_A_TURN]]
    return (asked[:_SPOKEN_CHARS], words[:_SPOKEN_CHARS], *(it.text[:_SPOKEN_CHARS] for it in late if it), *told)


_OF_A_TURN, _SPOKEN_CHARS = 2, 6_000


def spoken_now(transcript: Transcript, *besides: Request | Message | None) -> tuple[str, ...]:
    """Return the words that the work at hand is spoken of in: the last requests, what the agent said, and ``besides``.

    The latest request is not among them.
    """
    said = [it.text for it in transcript.messages if it.role == "user"][-_LAST_REQUESTS:]
    words = [it.text for it in transcript.messages if it.role != "user"][-_LAST_REQUESTS:]
    return (*said[1 - len(said) :], *words, *(it.text for it in besides if it))


def weighed_words(
    last: LastTold, requests: Sequence[Request], spoken: Sequence[str], failed: str, referent: str | None
) -> tuple[tuple[float, str], ...]:
    """Return the words that tell which code matters, with how much each of them counts.

    ``spoken`` are those of ``spoken_of``; ``failed`` names what a check found wrong, ``referent`` is what the latest
    request answers.
    """
    points = last.latest and _POINTS.search(last.about)
    pointed = (_POINTED, last.latest.text[-_POINTED_CHARS:]) if last.latest and points else (2.5, last.about)
    before = "\n".join(it.text[:_REQUEST_CHARS] for it in requests[-3:-1])
    explains_it = (1.5 for it in (last.explained, last.thinking) if it)
    worths = (3.0, 2.0, *explains_it, *(0.6,) * len(spoken))
    known = ((3.0, failed), pointed, (2.5, last.reached), (2.0, before), (1.5, referent or ""))
    return (*known, *zip(worths, spoken, strict=False))


_REQUEST_CHARS, _LAST_REQUESTS = 2_000, 3
_POINTS = caseless(r"\b(?:that|this) (?:function|method|class|file|check|code|test|command|line)\b")
_POINTED, _POINTED_CHARS = 4.0, 300
"""What the step ahead only points at stands in the words right before it, and is what matters most."""


def doubted(transcript: Transcript) -> str:
    """Return the agent's last words where they stop at what its last edit put in, by a name in it; empty for others."""
    last, edit = next(iter(transcript.messages[-1:]), None), next(iter(transcript.edits[-1:]), None)
    if last is None or edit is None or last.role != "assistant" or last.position < edit.position:
        return ""
    if not _STOPS.match(last.text.strip()):
        return ""
    named = (name for name in identifiers(last.text) if name in edit.new and name not in edit.old)
    return last.text if next(named, None) else ""


_STOPS = caseless(r"(?:wait|hold on|hmm+|oh no|actually|no)\b[ ,.!:\u2014\u2026-]")
"""How an agent stops at what it has just done."""


def read_last(transcript: Transcript, printed: Sequence[Printed]) -> str:
    """Return the lines that the last call read of a file, below its place, where they are few; empty for any others.

    A call without a result read none. Empty too for a command that may print several files, or parts: nobody knows
    which lines are of which.
    """
    last = next((it for it in reversed(transcript.tool_calls) if it.outcome is not None), None)
    shown = printed[-1] if printed else None
    if last is None or shown is None or shown.found or last.position != shown.position:
        return ""
    lines = [(number, line.rstrip()) for _, number, line in shown.lines if line.strip()]
    if _prints_several(transcript, last.position, len(shown.lines)):
        return ""
    path, first, _ = shown.lines[0] if shown.lines else ("", 0, "")
    if not first or path.endswith(MARKDOWN) or not _FEWEST <= len(lines) <= _MOST or _size(lines) > _MOST_CHARS:
        return ""
    margin = min(indent_of(line) for _, line in lines)
    return "\n".join((f"{name_of(path)}:{first}-{lines[-1][0]}", *(line[margin:][:_LINE_CHARS] for _, line in lines)))


def _prints_several(transcript: Transcript, position: int, lines: int) -> bool:
    """Return whether the command at ``position`` may print more than one file, or printed more than its range has."""
    command = next((it for it in reversed(transcript.commands) if it.position == position), None)
    if command is None:
        return False
    line = without_folder(command.text).strip()
    span = _SPAN.search(line)
    too_many = span is not None and lines > int(span[2]) - int(span[1]) + 1
    return too_many or bool(_TOGETHER.search(line)) or len(set(_FILE.findall(line))) > 1


_SPAN, _TOGETHER = lazily(r"(?<![\d,])(\d{1,9}),(\d{1,9})p\b"), lazily(r"[;\n]|&&|\|\|")
_FILE = lazily(r"(?<![\w./~-])[\w./~-]*\w\.[A-Za-z]\w{0,9}(?![\w/(])")


def _size(lines: Sequence[tuple[int, str]]) -> int:
    return sum(len(line.strip()) for _, line in lines)


_FEWEST, _MOST, _MOST_CHARS, _LINE_CHARS = 3, 24, 700, 120
