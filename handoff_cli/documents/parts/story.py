"""The parts that tell the story of a transcript: what each can say, from the shortest form to the fullest."""

from __future__ import annotations

from handoff_cli.core.paths import name_of, named_apart
from handoff_cli.core.patterns import caseless
from handoff_cli.core.text import name
from handoff_cli.documents.extract.commands.results import PROMPT
from handoff_cli.documents.extract.commands.told_commands import told_command
from handoff_cli.documents.extract.files.changes import new_sides
from handoff_cli.documents.extract.language.abridged import abridged, with_end
from handoff_cli.documents.extract.language.shortened import brief
from handoff_cli.documents.extract.language.words import as_one_line, clipped, clipped_within, start_of
from handoff_cli.documents.extract.progress.gathered import RESULT
from handoff_cli.documents.extract.progress.standing import FAILED
from handoff_cli.documents.extract.runs.measured import QUERY, QUERY_CHARS
from handoff_cli.documents.markdown import code
from handoff_cli.documents.parts.asked import steps_of_command
from handoff_cli.documents.parts.failing import failures
from handoff_cli.documents.parts.goal import goal
from handoff_cli.documents.parts.in_use import compared, fetched, in_hand
from handoff_cli.documents.parts.mending import to_undo
from handoff_cli.documents.parts.narrative import findings
from handoff_cli.documents.parts.own_step import are_carried_out, since_words
from handoff_cli.documents.parts.pieces import (
    HAND,
    LAST_WORDS,
    MUST,
    QUESTIONS,
    RULES,
    SOON,
    STANDING,
    Piece,
    file_name,
    quoted,
    stated,
)
from handoff_cli.documents.parts.plan import steps_of_plan
from handoff_cli.documents.parts.ruled_out import ruled_out
from handoff_cli.documents.parts.to_dos import todos_told
from handoff_cli.documents.parts.unfinished import goes_on_with_list
from handoff_cli.documents.parts.verify import checks
from handoff_cli.documents.parts.waiting import asked_back
from handoff_cli.documents.parts.work import made

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.documents.extract.story import Story


def pieces_of_story(story: Story) -> Iterator[Piece]:
    """Yield all that a document can say of ``story``, in the order in which it stands."""
    for tell in _TOLD:
        yield from tell(story)


def _orders(story: Story) -> Iterator[Piece]:
    for index, line in enumerate(it for it in story.orders if it != steps_of_command(story)):
        label = "Said by the command or skill that the user called (data, as all here):"
        yield quoted(RULES, label, (MUST if not index else 0.3 + index, clipped(line, _ORDER_CHARS)), kind="rule")
    for index, line in enumerate(story.minutes.noted_rules):
        order = MUST if index < _LAST_MADE else 0.3 + index
        yield quoted(RULES, "By the text [UNVERIFIED]:", (order, line), kind="rule")

    for guide in story.guides:
        how = "to which this was added" if guide.added else "which was read"
        label = f"Rules of the project, by {file_name(guide.path)}, {how}:" if guide.path else _REMEMBERED
        for index, rule in enumerate(guide.rules):
            order = MUST if guide.pointed_to and index < _SURELY_RULES else SOON + index / 10
            yield quoted(RULES, label, (order, rule), kind="rule")


_REMEMBERED = "Rules that the user put into the agent's memory:"
_ORDER_CHARS, _SURELY_RULES = 360, 5


def _standing(story: Story) -> Iterator[Piece]:
    if story.left.plan_mode:
        text = "Plan mode is on: the agent may read and plan, not change anything. [from transcript]"
        yield stated(STANDING, text, MUST)
    if story.nameless:
        yield stated(
            STANDING, "The text names no user and no agent: its words may be anybody's. [from transcript]", MUST
        )
    if story.state == "answered" and story.requests and not story.task.to_write:
        yield stated(STANDING, f"{_answered(story)} [from transcript]", MUST)
    yield from _last_steps(story)
    yield from _surroundings(story)
    yield from _unchecked(story)
    if story.told.last_words and not ((story.state == "nothing" and story.referent) or are_carried_out(story)):
        only_talks = story.state == "progress" and not (story.changed.acted or story.step.calls_since)
        explains = story.told.explained.strip() == story.told.last_words.strip()
        whole = story.state == "answered" or only_talks or explains
        more = _TO_DECIDE_ON if story.question else ((0.8, 1_500),)
        sizes = ((MUST, 900), *more, (9.0, 2_600)) if whole else ((MUST, 200), (_MORE_WORDS, 500), (4.0, 900))
        if whole and not (story.changed.acted or only_talks):  # what was asked for is this answer, nothing else
            sizes = ((MUST, 1_500), (SOON, 3_000), (9.0, 4_000), (9.2, 5_000), (9.4, 6_500))
        said = "The agent's last words" if story.state != "nothing" else "The agent's words before it"
        said += (
            f", {story.step.calls_since} calls before the end"
            if story.step.calls_since >= _LONG_AGO
            else since_words(story)
        )
        said, shortened = ("Its last lines", with_end) if story.nameless else (said, abridged)
        steps = [(order, shortened(story.told.last_words, size)) for order, size in sizes]
        yield quoted(STANDING, f"{said} [UNVERIFIED]:", *steps, (20.0, story.told.last_words), kind=LAST_WORDS)
    yield from _recap(story)
    yield from _under_way(story)
    yield from _running(story)
    yield from _reported(story)
    yield from todos_told(story)
    yield from _delivered(story)
    yield from _outside(story)


def _surroundings(story: Story) -> Iterator[Piece]:
    """Yield which tools could not be started here, and in which folder commands do."""
    if dead := story.dead_ends.dead_tools:
        text = f"{' and '.join(map(name, dead))} could not be started here; use the shell. [from transcript]"
        yield stated(STANDING, text, MUST)
    if story.dead_ends.folder:
        text = f"Commands run in {code(story.dead_ends.folder)}; the folder persists between calls."
        yield stated(STANDING, f"{text} [from transcript]", MUST)


def _answered(story: Story) -> str:
    """Return how far the latest request got, whose turn is over: the agent may have asked back before it did it."""
    return _ASKED_BACK if asked_back(story) else _STOPPED if story.question else _ANSWERED


_ANSWERED = "The latest request was answered; the agent waited for the user."
_STOPPED = "The agent stopped at a question and waited for the user."
_ASKED_BACK = "The agent asked back and waited for the user; nothing was edited for the latest request."


def _unchecked(story: Story) -> Iterator[Piece]:
    """Yield what no check was run on, where the list of what is not committed does not tell it, and what ran since."""
    if not story.runs.unchecked or _failed_since(story):
        return
    label = f"{_not_checked(story)}:"
    last = story.changed.last_commit
    loose = {it.path for it in last.late} if last else set[str]()
    paths = [it for it in story.runs.unchecked if it in loose] or story.runs.unchecked
    names = ", ".join(map(name, named_apart(paths[:12]).values()))
    if not _same_unchecked(story):  # what was committed, or stands as not committed, is not told again at once
        yield quoted(STANDING, label, (SOON if last else MUST, names))
    for index, line in enumerate(story.runs.exercised):
        yield quoted(STANDING, label, (SOON + index if last or index else MUST, line), kind="run")


def _failed_since(story: Story) -> bool:
    """Return whether, where no check was run, a call failed that ran a file edited before: that is told by itself."""
    names = [] if story.runs.checks else [*map(name_of, story.runs.unchecked)]
    return any(it in failing.command for failing in story.runs.failing for it in names)


def _not_checked(story: Story) -> str:
    if story.runs.checks:
        return "Edited after the last check ran"
    return "Edited and tried, by no test or linter" if story.runs.exercised else "Edited, and no check was run"


def _same_unchecked(story: Story) -> bool:
    """Return whether what was edited since the last commit is what no check was run on."""
    since = story.changed.last_commit.since if story.changed.last_commit else ()
    return bool(since) and len(since) == len(story.runs.unchecked) and not _failed_since(story)


def since_commit(story: Story) -> str:
    """Return how files edited since the last commit are called: a commit that was asked for may have been made."""
    owed = "commit" in story.left.owed or story.left.owed_before
    if not _same_unchecked(story):
        return "Edited since that commit" if owed else "Not committed"
    return f"{_not_checked(story)}{'' if owed else ', not committed'}"


def _last_steps(story: Story) -> Iterator[Piece]:
    for index, line in enumerate(story.runs.happened):
        age = len(story.runs.happened) - 1 - index
        order = MUST if age < _LAST_STEPS else SOON if age == _LAST_STEPS else 1.0 + age
        short = _brief_edit(line) if line.startswith("edited ") else _brief_step(story, line)
        yield quoted(STANDING, "Last steps, the latest last:", (order, short), (2.5 + age, line))
    lines = (story.runs.printed or story.step.lines_read).split("\n")
    by = lines.pop(0) if lines[0].startswith(PROMPT) else ""
    if lines[0] and " | ".join(lines) not in "".join(_brief_step(story, it) for it in story.runs.happened[-1:]):
        forms = [(MUST, [told_command(by, _BY_CHARS), *lines]), (SOON, [by, *lines])]
        steps = [(order, "\n".join(filter(None, form))) for order, form in forms]
        yield quoted(STANDING, "What the last call showed, nothing was said of it yet:", *steps)


def _recap(story: Story) -> Iterator[Piece]:
    if story.told.recap:
        label = f"The agent's recap for the user{', before the latest request' * story.told.recap_is_old} [UNVERIFIED]:"
        steps = [(order, clipped(story.told.recap, size)) for order, size in ((MUST, 500), (2.0, 1_200))]
        yield quoted(STANDING, label, *steps)


def _brief_edit(line: str) -> str:
    """Return how a file was edited in few words: what stands there now where there is no room for both sides."""
    if len(line) <= _EDIT_CHARS:
        return line
    ran = RESULT.search(line, line.find(_THEN_RAN)) if _THEN_RAN in line else None
    if ran is None:
        return clipped(new_sides(line), _EDIT_CHARS)
    result = _brief_result(ran[0], _RESULT_CHARS + _LITTLE_MORE)  # it tells more than what was edited
    return f"{clipped(new_sides(line.removesuffix(ran[0])), _EDIT_CHARS - len(result))}{result}"


_EDIT_CHARS, _THEN_RAN, _LITTLE_MORE = 110, "; ran ", 8


def _brief_result(result: str, size: int) -> str:
    """Return what came of a step in ``size``, with the space before its sign."""
    return f"{' ' * result.startswith(' ')}{clipped(result, size)}"


def _brief_step(story: Story, line: str) -> str:
    """Return a step in few words: of a command what it does, and what came of it; what fails now stands below."""
    command = RESULT.sub("", line) if line.startswith("ran ") else ""
    result = _brief_result(line[len(command) :], _RESULT_CHARS) if command else ""
    if result.startswith(FAILED) and any(it.name and it.name in line for it in story.runs.failures):
        result = FAILED
    return f"{command}{result}" if command else clipped_within(line, _STEP_CHARS)


_STEP_CHARS, _RESULT_CHARS, _BY_CHARS = 105, 60, 160


def _under_way(story: Story) -> Iterator[Piece]:
    """Yield what the edits under way write: the next session makes them, or finds them made."""
    if not any(it.kind == "edit" for it in story.runs.under_way):
        return
    for index, it in enumerate(reversed(story.task.wanted)):
        if it.text:
            steps = [(order + index, _first_lines(it.text, size)) for order, size in ((MUST, 1_100), (0.8, 2_400))]
            yield quoted(STANDING, f"New lines of the edit of {file_name(it.path)} that is under way:", *steps)


def _running(story: Story) -> Iterator[Piece]:
    for index, it in enumerate(story.runs.running):
        task = f" (task {it.task})" if it.task else ""
        line = f"{told_command(it.command, _RUNNING_CHARS)}{task}{f' → seen last: {it.seen}' * bool(it.seen)}"
        order = MUST if index < _SURELY_RUNNING else SOON
        yield quoted(STANDING, "Runs in the background, no end seen:", (order, line), kind="command")


_RUNNING_CHARS, _SURELY_RUNNING = 110, 2


def _first_lines(text: str, size: int) -> str:
    """Return the whole lines of ``text`` that fit into ``size``."""
    if len(text) <= size:
        return text
    cut = text.rfind("\n", 0, size)
    return f"{text[:cut]}\n…" if cut > 0 else start_of(text, size)


def _reported(story: Story) -> Iterator[Piece]:
    """Yield what sub-agents reported, below the last what it asks to be changed; what only approves comes late."""
    for index, it in enumerate(story.told.reports):
        asked = "reported for this request" if it.late else "asked before this request reported"
        label = f"What sub-agents {asked}, the latest last [UNVERIFIED]:"
        age = len(story.told.reports) - 1 - index
        surely = MUST if it.late and age < _LAST_REPORTS else (_REPORTED if it.late else _BEFORE) + age / 1_000
        order = surely if it.did or it.demands or age < _LAST_REPORTS - 1 else 0.4 + age
        short, whole = (
            "; ".join(filter(None, (brief(it.verdict.rstrip("."), size), it.proof))) for size in (_VERDICT_CHARS, 400)
        )
        few, did = (f" ({'; '.join(it.did[:most])}{'; …' * (len(it.did) > most)})" if it.did else "" for most in (2, 4))
        looked = bool(_REVIEWS.search(it.task))  # what it looked at was told by who did it
        fuller = max(order, 0.6 if looked else _DID if it.late else _DID_BEFORE) + age / 1_000
        forms = ((order, short), (fuller, f"{short}{few}"), (1.0 + age, f"{whole}{did}"))
        steps = [(at, f"{it.task}{told and f': {told}'}") for at, told in forms]
        yield quoted(STANDING, label, *steps, kind="report")
        for place, demand in enumerate(it.demands):
            first = MUST if place < _FIRST_DEMANDS else _REPORTED + place / 1_000
            sizes = ((first, clipped(demand, 150)), (2.0 + place, demand))
            yield quoted(STANDING, label, *[(at, f"  - {text}") for at, text in sizes], kind="demand of a report")
    known = {file_name(it.path) for it in story.changed.files}
    named = {file_name(file): None for it in reversed(story.told.reports) for file in it.files}
    if names := [it for it in named if it not in known]:
        shown = ((0.4, _FILES_TOLD), (2.0, 3 * _FILES_TOLD))
        steps = [(at, name(", ".join(names[:most]))) for at, most in shown]
        yield quoted(STANDING, "Files that these reports name:", *steps, kind="list of files of reports")


_REVIEWS = caseless(r"\breview")
_LAST_REPORTS, _FIRST_DEMANDS, _FILES_TOLD, _VERDICT_CHARS = 3, 3, 14, 70
_REPORTED, _DID, _BEFORE, _DID_BEFORE = -0.95, -0.93, -0.75, -0.55
"""So many reports of sub-agents, and demands of the last, always stand. The others for the request come right after,
each in about so many characters besides its proof, then what was done; what was reported before comes after what the
agent told of the requests."""


def _delivered(story: Story) -> Iterator[Piece]:
    commits, own, last = story.changed.commits, ("", "HEAD", story.task.branch), story.changed.last_commit
    if commits and last and commits[0].hash == last.hash and not commits[0].branch:
        commits = (commits[0].replace(branch=last.branch), *commits[1:])
    made = [
        f"{it.hash} {as_one_line(it.subject)}{f' (on {it.branch})' * (it.branch not in own)}".lstrip() for it in commits
    ]
    if made and last and made[0].startswith(last.hash):
        where = f" as {last.target}" if last.target else ""
        pushed = f"pushed{where}{', as those below' * (len(made) > 1)}" if last.pushed else "no push seen since"
        made[0] = f"{made[0].removesuffix(')')}, {pushed})" if " (on " in made[0] else f"{made[0]} ({pushed})"
    where = f" on branch {code(story.task.branch)}" if story.task.branch and made else ""
    label = f"Made{where}, latest first:"
    for index, line in enumerate((*story.changed.links, *made)):
        yield quoted(STANDING, label, (_order_made(index), line), kind="commit")
    for index, it in enumerate(story.changed.made_before):
        line = f"{it.hash} {as_one_line(it.subject)} (before this session)"
        yield quoted(STANDING, label, (SOON + index / 10, line), kind="commit")


def _order_made(index: int) -> float:
    return MUST if index < _SURELY_MADE else _MADE + index / 1_000 if index < _MADE_SHOWN else 1.0 + index


def _outside(story: Story) -> Iterator[Piece]:
    for index, it in enumerate(story.changed.outside):
        stale = " (started before the last edits)" if it.stale else ""
        gave = f" → {it.gave}" if it.gave else ""
        forms = ((MUST if not index else SOON if index < _LAST_OUTSIDE else 1.0 + index, 100), (2.0 + index, 180))
        steps = [(order, f"{told_command(it.step, size)}{gave}{stale}") for order, size in forms]
        yield quoted(STANDING, "Done outside of the repository, latest first:", *steps, kind="change outside")


_LAST_OUTSIDE = 3


def _planned(story: Story) -> Iterator[Piece]:
    yield from steps_of_plan(story)
    for index, it in enumerate(() if goes_on_with_list(story) else story.left.before):
        label = "Left by the agent's words before the latest request, not seen done:"
        yield quoted(STANDING, label, (SOON - 0.4 + index / 100, it), kind="step that was left")


def _measured(story: Story) -> Iterator[Piece]:
    for index, it in enumerate(story.in_use.measured):
        old = " (before the last edits)" if it.old else ""
        order = _FIGURES if not index else SOON if index == 1 else 0.02 + (index - 2) / 10
        asks = QUERY.search(it.command)
        brief = clipped(asks[0], QUERY_CHARS) if asks else start_of(it.command, 60, 24)
        forms = [
            (order, f"{brief}{old} \u2192 {it.told}"),
            (6.0 + index, f"{it.command}{old} \u2192 {it.gave}"),
        ]
        yield quoted(HAND, "Measured, the latest first:", *forms, kind="measurement")


_FIGURES = -0.6
"""The order of what was measured last: figures cannot be had again without the run."""


def _questions(story: Story) -> Iterator[Piece]:
    told = as_one_line(story.told.last_words or "").replace("*", "")
    if story.question and as_one_line(story.question) not in told:
        asked = "It ends with a question:" if story.nameless else "The agent asked, and nobody answered:"
        yield quoted(QUESTIONS, asked, (MUST, story.question))
    if story.offered and story.offered not in told:
        yield quoted(QUESTIONS, "Offered by the agent, not taken up yet:", (_PASSED_OVER, story.offered))
    for index, line in enumerate(it for it in story.minutes.noted_questions if it not in (story.question or "")):
        yield quoted(QUESTIONS, "Left open by the text:", (MUST if index < _LAST_MADE else 1.0 + index, line))


_PASSED_OVER = -0.5
"""The order of an offer that the user passed over: behind the first names in hand, which the work at hand has."""

_MORE_WORDS = -0.7
"""The order of more of the agent's last words amid the work: behind what came of the requests."""

_TO_DECIDE_ON = ((-0.93, 1_350), (-0.9, 1_900))
"""More of words that end with a question: what the user is to decide on stands in them."""

_LONG_AGO, _LAST_STEPS, _LAST_MADE = 4, 3, 8
_SURELY_MADE, _MADE_SHOWN, _MADE = 3, 10, -0.9
"""So many commits always stand, and so many come with what is told of the requests."""


_TOLD = (
    *(goal, _orders, _standing, to_undo, fetched, _planned, _questions, failures, ruled_out, findings, compared, made),
    *(_measured, in_hand, checks),
)
