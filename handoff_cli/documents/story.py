"""The parts that tell the story of a transcript: what each can say, from the shortest form to the fullest."""

from __future__ import annotations

from handoff_cli.core.patterns import lazily
from handoff_cli.core.text import name
from handoff_cli.documents.extract.edits import change_line, is_test
from handoff_cli.documents.extract.requests import condensed, refers
from handoff_cli.documents.extract.shortened import abridged
from handoff_cli.documents.extract.words import as_one_line, clipped, clipped_within, ending, outline
from handoff_cli.documents.markdown import code
from handoff_cli.documents.narrative import findings, goal_is_asked, whose
from handoff_cli.documents.pieces import (
    CHECKS,
    EDITS,
    FAILURES,
    FILES_MET,
    GOAL,
    HAND,
    MUST,
    NAMES,
    OTHER_FILES,
    QUESTIONS,
    RULED_OUT,
    STANDING,
    Piece,
    box,
    file_name,
    growing,
    hand_lines,
    quoted,
    stated,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.documents.extract.facts import (
        Attempt,
        Change,
        Check,
        FileChanges,
        Lesson,
        LiveFailure,
        Request,
        Story,
    )


def pieces_of_story(story: Story) -> Iterator[Piece]:
    """Yield all that a document can say of ``story``, in the order in which it stands."""
    for tell in _TOLD:
        yield from tell(story)


def _goal(story: Story) -> Iterator[Piece]:
    if story.goal:
        label = "What the work is for, by the agent's account at its last compaction [UNVERIFIED]:"
        yield quoted(GOAL, label, *growing(story.goal, (0.4, 350), (2.0, 700), (9.0, 0), tail=0.2))
    if not story.requests:
        return
    first, latest = story.requests[0], story.requests[-1]
    if story.work:
        label = "What the work is, by the commit or pull request it was put into [UNVERIFIED]:"
        steps = [(order, outline(story.work, size)) for order, size in ((MUST, 500), (0.6, 1_000), (5.0, 2_000))]
        yield quoted(GOAL, label, *steps, (20.0, story.work))
    if len(story.requests) > 1 and goal_is_asked(story):
        sizes = ((MUST, 300), (0.5, 600), (0.9, 1_100), (8.0, 2_400))
        steps = [(order, outline(_said(first), size)) for order, size in sizes]
        yield quoted(GOAL, "The user's first request:", *steps, (20.0, _said(first)), kind="request")
    if story.part_of and not (story.part_of is first and goal_is_asked(story)):
        steps = [
            (order, outline(_said(story.part_of), size)) for order, size in ((MUST, 400), (0.6, 900), (4.0, 1_900))
        ]
        label = "The request that the latest one belongs to:"
        yield quoted(GOAL, label, *steps, (15.0, _said(story.part_of)), kind="request")
    steps = [
        (order, outline(_said(latest), size)) for order, size in ((MUST, 600), (1.0, 1_200), (4.0, 1_900), (7.0, 3_000))
    ]
    yield quoted(GOAL, "The latest request:", *steps, (15.0, _said(latest)), kind="request")
    if story.referent:
        meant = refers(latest.text.strip(), story.referent)
        grows = ((MUST, 900), (0.5, 1_500), (0.9, 2_400)) if meant else ((MUST, _ASIDE_CHARS), (0.5, 600))
        steps = [(order, condensed(story.referent, latest.text, size)) for order, size in (*grows, (12.0, 6_000))]
        label = "It answers these words of the agent's:" if meant else "It was said after these words of the agent's:"
        yield quoted(GOAL, label, *steps, (20.0, story.referent))


_ASIDE_CHARS = 600
"""So much is told of words that a request only came after."""


def _said(request: Request) -> str:
    return f"{request.text} [{request.times} times]" if request.times > 1 else request.text


def _standing(story: Story) -> Iterator[Piece]:
    if story.plan_mode:
        text = "Plan mode is on: the agent may read and plan, not change anything. [from transcript]"
        yield stated(STANDING, text, MUST)
    if story.nameless:
        yield stated(
            STANDING, "No speakers were found in the text: its words may be anybody's. [from transcript]", MUST
        )
    if story.state == "answered" and story.requests:
        yield stated(
            STANDING, "The latest request was answered; the agent waited for the user. [from transcript]", MUST
        )
    for index, line in enumerate(story.happened):
        age = len(story.happened) - 1 - index
        order = MUST if age < _LAST_STEPS else 1.0 + age
        yield quoted(STANDING, "Last steps, the latest last:", (order, clipped_within(line, 130)), (2.5 + age, line))
    if story.unchecked:
        names = ", ".join(dict.fromkeys(file_name(path) for path in story.unchecked[:12]))
        label = "Edited after the last check ran:" if story.checks else "Edited, and no check was run:"
        if story.delivered and len(story.delivered.since) == len(story.unchecked):
            label, names = f"{label[:-1]}, and not committed:", ", ".join(story.delivered.since)
        yield quoted(STANDING, label, (MUST, names))
    if story.last_words and not (story.state == "nothing" and story.referent):
        whole = story.state == "answered" or story.explained.strip() == story.last_words.strip()
        sizes = ((MUST, 900), (0.8, 1_500), (9.0, 2_600)) if whole else ((MUST, 200), (4.0, 900))
        if whole and not story.acted:  # what was asked for is this answer, nothing else
            sizes = ((MUST, 1_500), (0.8, 2_200), (9.0, 4_000))
        said = "The agent's last words" if story.state != "nothing" else "The agent's words before it"
        said += f", {story.calls_since} calls before the end" if story.calls_since >= _LONG_AGO else ""
        said = "Its last lines" if story.nameless else said
        steps = [(order, abridged(story.last_words, size)) for order, size in sizes]
        yield quoted(STANDING, f"{said} [UNVERIFIED]:", *steps, (20.0, story.last_words))
    yield from _todos(story)
    yield from _delivered(story)


def _todos(story: Story) -> Iterator[Piece]:
    label = f"{whose(story)} to-do list{', of an earlier request' if story.stale_todos else ''}:"
    for index, todo in enumerate(story.todos):
        line = f"{box(todo.status)} {as_one_line(todo.text)}"
        must = index < _LAST_MADE and not story.stale_todos
        order = 30.0 + index if todo.status == "completed" else MUST if must else 1.0 + index
        forms = ((order, clipped(line, 120)), (order + 6, line))
        kind = "finished to-do" if todo.status == "completed" else "to-do"
        yield quoted(STANDING, label, *forms, kind=kind)


def _delivered(story: Story) -> Iterator[Piece]:
    made = [f"{commit.hash} {as_one_line(commit.subject)}" for commit in story.commits]
    if made and (last := story.delivered) and made[0].startswith(last.hash):
        branch = f"on {last.branch}, " if last.branch else ""
        made[0] += f" ({branch}{'pushed' if last.pushed else 'no push seen since'})"
    for index, line in enumerate((*story.links, *made)):
        yield quoted(
            STANDING, "Made, latest first:", (MUST if index < _LAST_MADE else 1.0 + index, line), kind="commit"
        )

    if story.delivered and story.delivered.since and len(story.delivered.since) != len(story.unchecked):
        edited = ", ".join(story.delivered.since[:_ALSO])
        more = f" and {len(story.delivered.since) - _ALSO} more" if len(story.delivered.since) > _ALSO else ""
        yield quoted(STANDING, "Edited since that commit:", (MUST, f"{edited}{more}"))


def _planned(story: Story) -> Iterator[Piece]:
    for index, step in enumerate(() if story.todos else story.planned):
        label = "Steps of the plan, ticked where an edit or a run shows it:"
        order = MUST if step.status != "completed" and index < _LAST_MADE else 2.0 + index
        yield quoted(STANDING, label, (order, f"{box(step.status)} {as_one_line(step.text)}"), kind="step of the plan")


def _questions(story: Story) -> Iterator[Piece]:
    if story.question:
        asked = "It ends with a question:" if story.nameless else "The agent asked, and nobody answered:"
        yield quoted(QUESTIONS, asked, (MUST, story.question))


def _failures(story: Story) -> Iterator[Piece]:
    by_run: dict[int, list[LiveFailure]] = {}
    for failure in story.failures:
        by_run.setdefault(failure.position, []).append(failure)
    for index, failures in enumerate(list(by_run.values())[:6]):
        yield _live(failures, index)
    late = [it for it in _others(story) if it.late and not (it.minor or it.rejected)]
    for index, attempt in enumerate(late[:6]):
        error = f"\n  {clipped(attempt.error, 220)}" if attempt.error else ""
        order = MUST if index < _LATE_SHOWN else 1.0 + index
        text = f"{_start(attempt.command, 90)}{error}"
        yield quoted(FAILURES, "Ended in an error, not run again since:", (order, text), kind="failing command")
    if story.red:
        ends_of = ((9.0 + size / 1_000, ending(story.red, size)) for size in (500, 1_200, 2_500))
        yield quoted(FAILURES, "What the last failing check printed, its end:", *ends_of)
    for index, it in enumerate(story.repaired):
        what = clipped(f"{it.name}: {it.why}" if it.why else it.name, 150)
        line = f"{what} → {clipped(it.by, 120)}"
        yield quoted(FAILURES, "Repaired, what failed → the edit that mended it:", (0.7 + index / 2, line))


def _live(failures: list[LiveFailure], index: int) -> Piece:
    """Return what the ``index``-th latest red run found; of old findings of a linter one line is enough."""
    label = "Open now, not seen mended:"
    lines = [_failure(it) for it in sorted(failures, key=lambda it: it.touched)]
    brief, full, order = lines[:4], lines[:16], MUST if index == 0 else 1.0 + index
    if failures[0].edited:
        label = "Failed, and files were edited since (run it again to know):"
        if failures[0].kind in _STYLE:
            brief, full, order = lines[:1], lines[:4], 1.0 + index
    command = clipped(failures[0].command, 140)
    short, whole = (
        "\n".join((command, *shown, *_more(len(lines) - len(shown))))
        for shown in ([_cut(line, 150) for line in brief], full)
    )
    return quoted(FAILURES, label, (order, short), (0.6 + index, whole), kind="live failure")


def _failure(it: LiveFailure) -> str:
    told = f"{it.name}: {it.why}" if it.name and it.why else it.name or it.why or "no message recorded"
    return f"  {told}{' (its file was edited since)' if it.touched else ''}"


def _cut(line: str, size: int) -> str:
    return line if len(line) <= size else f"{line[: size - 1]}…"


def _more(number: int) -> list[str]:
    return [f"  and {number} more"] if number > 0 else []


_STYLE = ("lint", "format")
"""Kinds of checks whose old findings are worth a line."""


def _others(story: Story) -> list[Attempt]:
    """Return the failing commands that are no live failures of checks."""
    live = {failure.command for failure in story.failures}
    return [it for it in story.failing if it.command not in live]


def _failed_commands(story: Story) -> Iterator[Piece]:
    """Yield what failed besides: refused commands, and those whose last run ended in an error, each once."""
    learnt = {it.command: it for it in story.lessons}
    others = [it for it in _others(story) if it.minor or it.rejected or not it.late]
    once: dict[str, Attempt] = {}
    for attempt in others[:14]:
        once.setdefault(_start(attempt.command, 44), attempt)
    for index, attempt in enumerate(once.values()):
        order = MUST if index < _LAST_FAILED else 4.0 + index
        if attempt.rejected:
            yield quoted(RULED_OUT, "The user refused to let these run:", (order, clipped(attempt.command, 120)))
            continue
        lesson = learnt.pop(attempt.command, None)
        if attempt.minor and not lesson and (not attempt.error or order > 0):
            continue
        told = [_tried(attempt, lesson, size) for size in (44, 160)]
        label = "Commands that ended in an error \u2192 what was run instead:"
        yield quoted(RULED_OUT, label, (order, told[0]), (10.0 + index, told[1]), kind="failing command")


def _tried(attempt: Attempt, lesson: Lesson | None, size: int) -> str:
    """Return a command, its error and what was run instead where that is known, each in about ``size`` characters."""
    why = lesson.why if lesson else attempt.error or ""
    instead = f" \u2192 {_start(lesson.instead, size)}" if lesson else ""
    return f"{_start(attempt.command, size)}{f': {clipped(why, size)}' if why else ''}{instead}"


_LONG_AGO = 4
_LAST_STEPS, _LAST_FAILED, _LAST_MADE, _LATE_SHOWN = 4, 3, 8, 2


def _edits(story: Story) -> Iterator[Piece]:
    label = "What was changed, shortest, the file edited last first:"
    worth = [max((it.worth for it in file.changes), default=0.0) for file in story.edits]
    ranks = {place: rank for rank, place in enumerate(sorted(range(len(worth)), key=lambda it: (-worth[it], it)))}
    for place, file in enumerate(story.edits):
        lines = [clipped(change_line(change), 260) for change in file.changes]
        if lines:
            rank = ranks[place]
            where = ", ".join(file.changes[0].where) if is_test(file.path) else ""
            first_line = [f"in {name(where)}"] if where and file.changes[0].times == 1 else lines[:1]
            brief = clipped(_changes(file, first_line), 220 if rank < 2 else 120)  # noqa: PLR2004
            first = (MUST if rank < _EDITED else 0.3 + rank / 4, brief)
            steps = [(order + rank, _changes(file, lines[:most])) for order, most in _GROWN]
            yield quoted(EDITS, label, first, *steps, kind="edited file")
    for index, (path, line) in enumerate(story.temporary[:6]):
        yield quoted(EDITS, "Perhaps only meant for a while:", (1.5 + index, f"{file_name(path)}: {line}"))


_EDITED = 3
_GROWN = ((0.7, 1), (2.2, 3), (7.0, 8), (20.0, 24))
"""Orders of the forms of an edited file, and how many changes each shows."""


def _changes(file: FileChanges, lines: list[str]) -> str:
    """Return the first changes of a file, a line each, and where the others lie."""
    head = f"{file_name(file.path)}{' (new)' if file.created else ''}"
    left = [it for it in file.changes[len(lines) :] if it.times == 1]
    made = list(dict.fromkeys(name for it in left if not it.where for name in _made(it)))[:_ALSO]
    shown = "\n".join(lines)
    places = dict.fromkeys(place for it in left for place in it.where)
    also = [it for it in places if it not in made and it not in shown]
    nameless = sum(not it.where and not _made(it) for it in left)
    parts = [f"+ {name(', '.join(made))}"] * bool(made) + [f"also in {name(', '.join(also[:_ALSO]))}"] * bool(also)
    more = "; ".join(parts) or (f"and {nameless} more" if nameless else "")
    if len(lines) == 1:
        return f"{head}: {lines[0]}{'; ' + more if more else ''}"
    return "\n".join((head, *(f"  {line}" for line in (*lines, *([more] if more else [])))))


def _made(change: Change) -> tuple[str, ...]:
    """Return the names of what ``change`` defined."""
    return tuple(change.new.split(", ")) if change.new and not _SENTENCE.search(change.new) else ()


_SENTENCE = lazily(r"[^\w, .$]|\w \w")
_ALSO = 8


def _ruled_out(story: Story) -> Iterator[Piece]:
    live = {f"{it.name}: {it.why}" for it in story.failures}  # what is open is not ruled out
    for index, it in enumerate(it for it in story.tried if it.why not in live):
        place = f"{file_name(it.path)}: {f'{name(it.where)}: ' if it.where else ''}"
        line = f"{place}{clipped(it.what, 90)} → {clipped(it.why, 100)} → {clipped(it.instead, 90) or 'taken out'}"
        yield quoted(RULED_OUT, "Tried, what failed on it, what came then:", (index or MUST, line), kind="attempt")
    for index, file in enumerate(story.turned_back[:4]):
        line = f"{file_name(file.path)}: {clipped(change_line(file.changes[0]), 200)}"
        yield quoted(RULED_OUT, "Tried and turned back:", (1.0 + index, line))


def _start(text: str, size: int, tail: int = 0) -> str:
    """Return the first ``size`` characters of ``text`` to the letter, and the last ``tail``, with a mark between."""
    if len(text) <= size + tail + 3:
        return text
    return f"{text[:size].rstrip()}… {ending(text, tail)}" if tail else f"{text[:size].rstrip()}…"


def _short(path: str) -> str:
    """Return a file's name, with its folder where many files have that name."""
    head, _, last = path.replace("\\", "/").rpartition("/")
    return name(f"{head.rpartition('/')[2]}/{last}" if head and last.partition(".")[0] in _COMMON else last)


_COMMON = frozenset(
    ("index", "main", "mod", "__init__", "types", "utils", "lib", "README", "package", "config", "test")
)


def _hand(story: Story) -> Iterator[Piece]:
    own = {file_name(file.path) for file in story.files if file.action != "read"}
    nearby = [_short(path) for path in story.nearby if file_name(path) not in own]
    if nearby:
        many_files = ((0.05, 8), (0.1, 12), (1.2, 18))
        lists = ((order, f"{OTHER_FILES}{', '.join(nearby[:many])}") for order, many in many_files)
        files = quoted(HAND, _NEAREST, *lists, kind=FILES_MET)
    shown = {check.command[:_ALIKE] for check in _first_checks(story)}
    for index, (command, times) in enumerate(story.again):
        often = f" ×{times}" if times > 1 else ""  # noqa: RUF001
        if command[:_ALIKE] not in shown:
            shown.add(command[:_ALIKE])
            steps = (
                (
                    0.06 + index / 20 if index < _FIRST_COMMANDS else 1.0 + index / 4,
                    f"$ {_start(command, 44, 20)}{often}",
                ),
                (5.0 + index, f"$ {clipped(command, 150)}{often}"),
            )
            yield quoted(HAND, _NEAREST, *steps, kind="command")
    if story.searched:
        sizes = ((0.4, 4), (1.2, 8))
        lists = ((order, f"Searched for: {' ; '.join(story.searched[:many])}") for order, many in sizes)
        yield quoted(HAND, _NEAREST, *lists)
    for index, it in enumerate(story.seen):
        line = f"{_short(it.path)}:{it.line}: {it.text}"
        yield quoted(HAND, "Read last, where the work at hand is spoken of:", (0.7 + index * 0.5, line), kind=_LINE)
    total = len(story.hand)
    if total:
        many = [most for most in (6, 16, 30, 45, 60, 76, 92, 110) if most < total] + [total]
        lines = ((0.2 + step * 0.3, hand_lines(story.hand, most)) for step, most in enumerate(many))
        yield quoted(HAND, _NEAREST, *lines, kind=NAMES)
    if nearby:
        yield files


_LINE = "line of what was read"
_NEAREST = "Used most lately first, names by file (`name:line`: defined there):"
_ALIKE = 40
_FIRST_COMMANDS = 6
_SHOWN_CHECKS = 3


def _checks(story: Story) -> Iterator[Piece]:
    first = _first_checks(story)
    failed = {it.command for it in story.failures[:1]}  # stands under what failed
    for index, check in enumerate((*first, *(it for it in story.checks if it not in first))):
        order = MUST if index < len(first) and check.command not in failed else 1.0 + index
        yield stated(CHECKS, f"- {code(clipped(check.command, 64))}: {_ended(check)}", order, "check")


def _first_checks(story: Story) -> tuple[Check, ...]:
    """Return the checks that are always told: the latest of each kind, then the latest besides."""
    kinds: dict[str, Check] = {}
    for check in story.checks:
        kinds.setdefault(check.kind, check)
    others = [it for it in story.checks if it not in kinds.values()]
    return tuple([*kinds.values(), *others][:_SHOWN_CHECKS])


def _ended(check: Check) -> str:
    how = {"ok": "passed", "failed": "failed"}.get(check.outcome or "", "outcome not recorded")
    if check.outcome == "failed" and check.failed:
        how = f"failed ({check.failed} found)"
    return f"{how}; {check.edited} {'file' if check.edited == 1 else 'files'} edited since" if check.edited else how


_TOLD = (
    *(_goal, _standing, _planned, _questions, _failures, findings, _edits, _ruled_out, _failed_commands),
    *(_hand, _checks),
)
