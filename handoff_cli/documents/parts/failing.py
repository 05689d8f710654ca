"""The parts that tell what fails and what does not work: live failures, what was mended, and what was ruled out."""

from __future__ import annotations

from itertools import pairwise, takewhile

from handoff_cli.core.patterns import lazily
from handoff_cli.documents.extract.commands.checks import kinds_of, untrimmed
from handoff_cli.documents.extract.commands.outputs import is_place
from handoff_cli.documents.extract.language.words import SENTENCE_END, clipped, ending, plain, start_of, whole
from handoff_cli.documents.extract.runs.failures import short_name
from handoff_cli.documents.extract.runs.stumbles import OFTEN
from handoff_cli.documents.parts.by_file import files_of, lines_by_file
from handoff_cli.documents.parts.mending import is_red_first
from handoff_cli.documents.parts.pieces import FAILURES, MUST, SOON, Piece, quoted
from handoff_cli.documents.parts.users_word import reported
from handoff_cli.documents.parts.verify import OF_HOOK
from handoff_cli.documents.parts.wording import COMMAND_CHARS, LEFT_BY, by_items

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.documents.extract.failed import Attempt, LiveFailure, Repair
    from handoff_cli.documents.extract.story import Story


def failures(story: Story) -> Iterator[Piece]:
    """Yield what fails now, late commands that ended in an error, and what was mended, by which edit."""
    by_check: dict[str, list[LiveFailure]] = {}
    for failure in story.runs.failures:
        by_check.setdefault(untrimmed(failure.command), []).append(failure)
    red_tests = next((these for these in by_check.values() if any(map(_is_red_test, these))), None)
    for index, found in enumerate(list(by_check.values())[:6]):
        yield _live(story, found, MUST if not index or found is red_tests else 1.0 + index, index)
    for index, red in enumerate(story.runs.left_red[:_LET_BE_SHOWN]):
        name = short_name(red.name) or start_of(red.command, COMMAND_CHARS)
        what = ": ".join(filter(None, (name, clipped(red.why, 80))))
        yield quoted(FAILURES, LEFT_BY[red.unrelated], (SOON + index, f"{what} → “{red.left}”"), kind="live failure")
    if ci := story.runs.pipeline:
        since = "; pushed or started again since, look again" if ci.pushed else ""
        line = f"{start_of(ci.command, COMMAND_CHARS)}: {', '.join(ci.jobs)} failed{since}"
        yield quoted(FAILURES, "CI, as it was looked at last:", (MUST, f"{line}{ci.why and f'{chr(10)}  {ci.why}'}"))
    if story.runs.report and not story.runs.failures:
        label = "What the report of a run says that was read, and no tests passed since:"
        yield quoted(FAILURES, label, (SOON, ": ".join(story.runs.report)), kind="failing command")
    for index, attempt in enumerate(failed_late(story)[:6]):
        error = f"\n  {error_of(attempt, 220)}" if attempt.error else ""
        order = MUST if index < _LATE_SHOWN else 1.0 + index
        text = f"{start_of(attempt.command, COMMAND_CHARS)}{error}"
        yield quoted(FAILURES, "Ended in an error, not run again since:", (order, text), kind="failing command")
    yield from reported(story)
    if story.runs.red and not _is_told(story):
        ends_of = ((9.0 + size / 1_000, ending(story.runs.red, size)) for size in (500, 1_200, 2_500))
        yield quoted(FAILURES, "What the last failing check printed, its end:", *ends_of)
    told = {it.why for it in story.dead_ends.tried}
    first = tuple(turn.told[0].text for turn in story.told.turns[-_LATE_TURNS:-1] if turn.told)
    mended = [it for it in story.runs.repaired if f"{it.name}: {it.why}" not in told]
    mended = [it.replace(cause="") if it.cause in first else it for it in mended]  # the story tells it
    asked = max((it.position for it in story.requests), default=0)
    for index, it in enumerate(mended):
        slip = it.kind in _STYLE or is_place(it.name)  # what did not compile for a moment teaches nothing
        now = it.position > asked and index < _MENDED_SHOWN
        order = 3.0 + index / 2 if slip else SOON if now else 0.2 + index / 2
        short, fuller = (_mended(it, *sizes) for sizes in ((110, 110), (220, 220)))
        yield quoted(FAILURES, "Mended, what failed → the edit that mended it:", (order, short), (3.0 + index, fuller))


_LATE_TURNS, _LET_BE_SHOWN, _MENDED_SHOWN = 4, 6, 2
"""Of so many turns the story tells the first sentence for certain; so many failures that are let be, and that were
mended for the latest request, are told before parts get shares."""


def _is_red_test(failure: LiveFailure) -> bool:
    return failure.kind == "test" and bool(failure.name) and not is_place(failure.name)


def _is_told(story: Story) -> bool:
    """Return whether what the last failing check printed is short and its failures tell it."""
    latest = [it for it in story.runs.failures if it.position == story.runs.failures[0].position]
    return story.runs.red.count("\n") <= _SHORT_RED and bool(latest) and all(it.why for it in latest)


_SHORT_RED = 8


def said_in(text: str, size: int) -> str:
    """Return what a tool said in at most ``size`` characters: up to the end of a sentence where that is half of it."""
    if len(text) <= size:
        return text
    text = whole(text)
    ends = sorted(it.start() for pattern in (SENTENCE_END, _LINE_END) for it in pattern.finditer(text))
    ends = [it for it in ends if size // 2 <= it <= size]
    return text[: ends[-1]] if ends else clipped(text, size)


_LINE_END = lazily(r" \| ")


def _mended(it: Repair, why: int, by: int) -> str:
    """Return in a line what failed, why, and the edit that mended it."""
    label = short_name(it.name)
    what = f"{label}: {said_in(it.why, why)}" if label and it.why else label or said_in(it.why, why)
    return f"{what}{by_agent(it.cause)} → {by_items(it.by, by)}"


def by_agent(cause: str) -> str:
    """Return why something failed by the agent's words, as an aside."""
    return f" (the agent: {cause.rstrip('. ')})" if cause else ""


def _live(story: Story, failures: list[LiveFailure], order: float, index: int) -> Piece:
    """Return what the ``index``-th latest red check found; of old findings of a linter one line is enough."""
    label = "Open now, not seen mended:"
    if is_red_first(story, failures[0]):
        label = "Fails as it was meant to, what it tests is to be written:"
    shown = sorted(failures, key=lambda it: it.touched)
    causes, last = [it.cause for it in shown], plain(f"{story.told.last_words or ''} {story.step.reached}")
    shown = [  # what several have in common is told once, and what stands in the last words there
        it.replace(cause="") if it.cause in causes[:place] or plain(it.cause)[:_KNOWN_CHARS] in last else it
        for place, it in enumerate(shown)
    ]
    brief, fuller = shown[:4], shown[:16]
    if failures[0].edited:
        stands = all(it.stands for it in failures)
        since = "the code it fails at was not" if stands else "files were"
        hook = OF_HOOK.search(failures[0].command) is not None
        again = "" if stands or hook else " (run it again to know)"
        label = f"Failed{' as the agent ran it as a hook' * hook}, {since} edited since{again}:"
        brief = shown[:2]
        if failures[0].kind in _STYLE:
            brief, fuller, order = shown[:1], shown[:4], 1.0 + index
    elif failures[0].passed:
        label = "Failed last; no run shows what was said since:"
    elif failures[0].kind == "build" and "test" not in kinds_of(failures[0].command):
        label = "Open now, it does not build:"
    command = failures[0].command
    command = start_of(command, min(max(len(untrimmed(command)), _TRIMMED), _WHOLE_COMMAND))
    counts = failures[0].counts
    command = f"{command}: {counts}" if "passed" in counts else command  # of the failed alone each has its line
    short, full = (
        "\n".join((command, *_failed_alike(these, size), *_more(shown[len(these) :])))
        for these, size in ((brief, 150 if len(shown) > 1 else 300), (fuller, 400))
    )
    if (files := files_of(shown)) and not failures[0].holds:
        short = "\n".join((command, *lines_by_file(files, _FILES_AT_ONCE if order == MUST else 1, 110)))
    return quoted(FAILURES, label, (order, short), (0.6 + index, full), kind="live failure")


_KNOWN_CHARS, _FILES_AT_ONCE = 45, 5


def _failed_alike(failures: list[LiveFailure], size: int) -> Iterator[str]:
    """Yield a line for each of ``failures``: why is told once, and longer, of neighbours that failed alike."""
    shown = 2 * size  # what is cut is nothing to point at
    ends = [0, *(len(one.why) <= shown and _same_end(one, other) for one, other in pairwise(failures)), 0]
    for it, alike, then in zip(failures, ends, ends[1:], strict=False):
        if alike > _SHORT_WHY and alike == len(it.why):
            yield f"  {short_name(it.name)}: the same{_TOUCHED * it.touched}"
        elif alike > max(_ALIKE, len(it.why) // 2):
            yield f"  {short_name(it.name)}: {it.why[:-alike].strip(' =:')}: the same{_TOUCHED * it.touched}"
        else:
            yield _failure(it, shown if then > _ALIKE else size)


def _same_end(one: LiveFailure, other: LiveFailure) -> int:
    """Return in how many characters at their ends two failures say the same; 0 where their lines or causes differ."""
    if not other.name or (one.line, one.cause) != (other.line, other.cause):
        return 0
    words = zip(reversed(one.why.split(" ")), reversed(other.why.split(" ")), strict=False)
    return len(" ".join(a for a, _ in takewhile(lambda it: it[0] == it[1], words)))


def _failure(it: LiveFailure, size: int) -> str:
    """Return which test or place failed, and why in at most ``size`` characters."""
    if it.holds and it.edited and " imports " in it.name:
        return f"  {said_in(it.why, size)}: the cycle that the next action names"
    label, why = short_name(it.name), said_in(it.why, size)
    told = f"{label}: {why}" if label and why else label or why or "no message recorded"
    told += f" | the line: {clipped(it.line, _LINE_CHARS)}" if it.line else ""
    since = " (no edit since took one of these imports out)" if it.holds and it.edited else ""
    since = since or (" (passed by an edit that was taken back)" if it.undone else "")
    return f"  {told}{by_agent(it.cause)}{since or _TOUCHED * it.touched}"


_LINE_CHARS, _SHORT_WHY, _ALIKE, _TOUCHED = 120, 24, 40, " (its file was edited since)"


def _more(left: list[LiveFailure]) -> list[str]:
    """Return the line that tells of the failures ``left`` out: a few by their names."""
    names = [short_name(it.name) for it in left]
    named = ", ".join(names) if all(names) and len(names) <= _NAMED_MORE else ""
    return [f"  and {named or f'{len(left)} more'}"] if left else []


_NAMED_MORE = 3


_STYLE = ("lint", "format")
"""Kinds of checks whose old findings are worth a line."""


def failed_late(story: Story) -> list[Attempt]:
    """Return the commands since the latest request whose last run ended in an error, of which something is open."""
    blocked = {it.command for it in story.dead_ends.lessons if not it.instead}
    return [it for it in failing_commands(story) if it.late and not (it.minor or it.command in blocked)]


def failing_commands(story: Story) -> list[Attempt]:
    """Return the failing commands that are no live failures of checks and that nobody refused."""
    ci = (story.runs.pipeline,) if story.runs.pipeline else ()  # stands by its jobs
    live = {untrimmed(it.command) for it in (*story.runs.failures, *story.runs.left_red, *ci)}
    return [it for it in story.runs.failing if untrimmed(it.command) not in live and not it.rejected]


def error_of(attempt: Attempt, size: int) -> str:
    """Return how often a command was tried, where that is often, and in ``size`` characters what it said."""
    times = f"tried {attempt.failed} times" if attempt.failed >= OFTEN else ""
    return ": ".join(filter(None, (times, clipped(attempt.error or ("it printed nothing" if times else ""), size))))


_LATE_SHOWN = 2
_WHOLE_COMMAND, _TRIMMED = 400, 70
"""A failing command up to here stands whole but for what trims its output: it is run again."""
