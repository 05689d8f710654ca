"""The story of a transcript: the state at its end, in parts that are each told by themselves."""

from __future__ import annotations

from handoff_cli.core.record import Record
from handoff_cli.documents.extract.facts import Task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from handoff_cli.core.transcript import Answer, FileTouch, Todo
    from handoff_cli.documents.extract.commands.runners import Runner
    from handoff_cli.documents.extract.facts import (
        BackgroundRun,
        Broken,
        CodePiece,
        Delivery,
        FileChanges,
        FileOutline,
        Finding,
        LastCommit,
        Made,
        Measured,
        Move,
        Outside,
        Pending,
        PlanAtWork,
        Report,
        Request,
        Reshaped,
        Stashed,
        Turn,
        WrittenDocument,
    )
    from handoff_cli.documents.extract.failed import (
        Attempt,
        Check,
        Escalated,
        Lesson,
        LiveFailure,
        Pipeline,
        PutOff,
        Refused,
        Refuted,
        Repair,
        Tried,
        Verdict,
    )
    from handoff_cli.documents.extract.requests.house_rules import Guide
    from handoff_cli.documents.extract.requests.pasted_runs import PastedRun


class Spoken(Record):
    """What the agent told, checked by nobody.

    ``last_words`` is its last message, where one followed the latest request; ``said`` are paragraphs, lists and code
    of its messages, the latest first; ``learnt`` facts of sub-agents and pages that the work came back to; ``reports``
    the last ones of sub-agents, in order; ``turns`` is the story in order. ``explained`` is the last
    message since the latest request that explains, ``thought`` the last reasoning after it that does,
    ``thought_since`` how many calls came after that, ``overtaken`` whether files were edited after each, ``doubts``
    whether the thought takes something back in its end. ``account`` has the points of its account at its last
    compaction, in their order; ``recap`` is what it wrote down last for a person who was away, and ``recap_is_old``
    tells that the latest request came after that.
    """

    last_words: str | None = None
    said: tuple[Finding, ...] = ()
    learnt: tuple[Finding, ...] = ()
    reports: tuple[Report, ...] = ()
    turns: tuple[Turn, ...] = ()
    explained: str = ""
    thought: str = ""
    thought_since: int = 0
    overtaken: tuple[bool, ...] = ()
    doubts: bool = False
    account: tuple[Finding, ...] = ()
    recap: str = ""
    recap_is_old: bool = False


class Step(Record):
    """Where the agent is in its work, by its latest words or thought.

    ``announced`` is what its last words say it would do, ``unwritten`` the names of code in that which no file that was
    seen has though edits since have others of it, ``about`` the next step by its latest words or thought,
    ``not_edited`` the files it names that no edit since has though others of it were edited,
    ``warning`` what these say would go wrong, ``doubt`` the last words where they stop at what the last edit put in,
    ``reached`` what its last thought concluded. ``started`` tells whether
    a call followed the latest of these, ``after`` what was edited, read or run since it, ``begun`` which files since
    the last words, ``calls_since`` how many calls followed the last message; ``place`` is the file at hand,
    ``edited_at`` a line that the latest of these wants changed and an edit wrote before it, with its text, ``looked``
    what the agent said it would look at, and did, without a word or an edit since, ``shown`` where the code lies
    that it named, as it was shown since, ``uses`` the lines shown since that use what it asks about, or
    head the sections by which it puts something, ``lines_read`` the few that its last call read, where it looked.
    """

    begun: str = ""
    looked: str = ""
    shown: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    lines_read: str = ""
    after: str = ""
    not_edited: tuple[str, ...] = ()
    calls_since: int = 0
    place: str = ""
    edited_at: str = ""
    announced: str = ""
    unwritten: tuple[str, ...] = ()
    about: str = ""
    warning: str = ""
    doubt: str = ""
    started: bool = False
    reached: str = ""


class Minutes(Record):
    """What notes in which nobody speaks put down under a name: goal, rules, decisions and so on.

    ``begins`` is the first paragraph that says something, of long ones.
    """

    noted_goal: str = ""
    begins: str = ""
    noted_rules: tuple[str, ...] = ()
    noted_causes: tuple[str, ...] = ()
    noted_attempts: tuple[str, ...] = ()
    noted_decisions: tuple[str, ...] = ()
    noted_questions: tuple[str, ...] = ()
    noted_next: str = ""

    @property
    def noted(self) -> tuple[str, ...]:
        """What is told in a part of its own, so that it need not stand among the words."""
        goal = (self.noted_goal,) if self.noted_goal else ()
        return (*goal, *self.noted_rules, *self.noted_causes, *self.noted_decisions, *self.noted_attempts)


class Left(Record):
    """What is known to be left of the work: plans, to-dos, and what nothing shows done.

    ``remaining`` are steps the agent announced and has not done, ``before`` those it listed as
    left before the latest request, ``planned`` open to-dos with what events show of them, ``at_plan`` the plan that the
    work goes by, ``untouched`` files still to be edited of a change in many places, ``missing`` names of code in the
    latest request that no file that was seen has though some were edited for it. ``owed`` is what the latest request
    ordered (commit, push, pull request) and no command did, ``owed_before`` what an earlier one did. ``stale_todos``
    tells that the to-do list is of an earlier request, ``todo_edited`` that edits have all its entry in progress
    speaks of, ``todo_told`` by which words of the agent's since it is done, ``committed_todos`` open ones each with
    the commit that speaks of it or has what it names, ``commits_since`` the commits since the list was written,
    ``asked_todos`` with the number of a request since, before the latest, that asked for
    it, ``left_todos`` with that of a request that says to leave it, ``edited_todos`` with the file edited for it since,
    ``named_todos`` with the name of code and the place that the agent's words have for it.
    ``plan_mode`` tells that the agent may only plan.
    """

    remaining: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    planned: tuple[Todo, ...] = ()
    at_plan: PlanAtWork | None = None
    untouched: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    owed: tuple[str, ...] = ()
    owed_before: tuple[str, ...] = ()
    todos: tuple[Todo, ...] = ()
    stale_todos: bool = False
    todo_edited: bool = False
    todo_told: str = ""
    committed_todos: tuple[tuple[str, str], ...] = ()
    commits_since: tuple[str, ...] = ()
    edited_todos: tuple[tuple[str, str], ...] = ()
    named_todos: tuple[tuple[str, str], ...] = ()
    asked_todos: tuple[tuple[str, int], ...] = ()
    left_todos: tuple[tuple[str, int], ...] = ()
    plan: str | None = None
    plan_file: str | None = None
    plan_mode: bool = False


class WorkDone(Record):
    """What the work changed, in files, in the repository and outside of it.

    ``made`` are the files edited for the latest request and the one it belongs to, ``made_amid`` those edited since for
    the one that it came amid, ``made_unclear`` that it is not clear of some for which; ``acted`` tells whether any was
    since the latest request that may be for it. ``broken`` is what is used and was removed, ``reshaped`` what is called
    as before, ``still_named`` where names of the latest request stand yet, ``moves`` what became of definitions,
    ``code`` what the work is about, ``read`` what was read for the latest request, ``documents`` what was written in
    prose.
    ``by_pattern`` are patterns of files that commands edited in place. ``made_before`` are commits of the branch that
    the session did not make. ``of_first`` is the last commit made for the first request, before another asked for
    something, ``of_latest`` the last since the latest.
    ``delivered`` has what the last pull request, else the last commits say of what they hold, the latest first.
    ``links`` are addresses of what was made elsewhere, ``outside`` what commands changed outside of the repository.
    """

    acted: bool = False
    made: tuple[str, ...] = ()
    made_amid: tuple[str, ...] = ()
    made_unclear: bool = False
    broken: Broken | None = None
    reshaped: Reshaped | None = None
    still_named: tuple[str, ...] = ()
    edits: tuple[FileChanges, ...] = ()
    moves: tuple[Move, ...] = ()
    code: tuple[CodePiece, ...] = ()
    read: tuple[FileOutline, ...] = ()
    documents: tuple[WrittenDocument, ...] = ()
    files: tuple[FileTouch, ...] = ()
    by_pattern: tuple[str, ...] = ()
    commits: tuple[Made, ...] = ()
    made_before: tuple[Made, ...] = ()
    of_first: Made | None = None
    of_latest: Made | None = None
    last_commit: LastCommit | None = None
    delivered: tuple[Delivery, ...] = ()
    links: tuple[str, ...] = ()
    outside: tuple[Outside, ...] = ()


class Runs(Record):
    """What was called and run, and how it ended.

    ``happened`` are the last tool events in order, ``stumbled`` the last call and its error where work stands at it,
    ``under_way`` calls without a result, the latest first. ``unchecked`` are the files edited since any check ran,
    ``exercised`` the scripts, dry runs and queries run since the edits of these, as lines. ``failures`` are open,
    ``left_red`` those that the user wants let be,
    ``printed`` is the end of what the last command printed that nothing was said of yet,
    ``red`` is the end of what the last failing check printed, ``repaired`` what was mended, ``failing`` the commands
    that ended in an error and are no check, ``checks`` each check as it was last run. ``runner`` is the check that the
    user told to run (None: none), ``pipeline`` what CI found when it was looked at last (None: nothing red),
    ``report`` one of a run that was read and what it says went wrong.
    ``running`` are commands in the background, the latest first.
    """

    happened: tuple[str, ...] = ()
    stumbled: str = ""
    under_way: tuple[Pending, ...] = ()
    unchecked: tuple[str, ...] = ()
    exercised: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    failures: tuple[LiveFailure, ...] = ()
    left_red: tuple[LiveFailure, ...] = ()
    printed: str = ""
    red: str = ""
    repaired: tuple[Repair, ...] = ()
    failing: tuple[Attempt, ...] = ()
    runner: Runner | None = None
    pipeline: Pipeline | None = None
    report: tuple[str, ...] = ()
    running: tuple[BackgroundRun, ...] = ()


class DeadEnds(Record):
    """What need not be tried again.

    ``refused`` is what the user turned down, ``tried`` what did not hold, ``turned_back`` are changes that were taken
    back, ``lessons`` tell which commands were wrong and what worked instead, ``escalated`` what ran outside of the
    sandbox, ``fell_short`` what the agent tried and said that it did not do, ``ruled_out`` what it found not to be the
    cause, ``put_off`` what it left for later, ``put_off_by_user`` what the user did, these the latest first.
    ``refuted`` did not do by the user's word. ``void`` are settings and claims after which the error was there as
    before, each with what shows it, ``verdicts`` the user's words on items that the agent laid out. ``dead_tools`` are
    tools that cannot be started here, ``folder`` is where commands run, where paths from elsewhere failed before.
    """

    refused: tuple[Refused, ...] = ()
    refuted: tuple[Refuted, ...] = ()
    tried: tuple[Tried, ...] = ()
    turned_back: tuple[FileChanges, ...] = ()
    lessons: tuple[Lesson, ...] = ()
    escalated: tuple[Escalated, ...] = ()
    fell_short: tuple[str, ...] = ()
    void: tuple[str, ...] = ()
    ruled_out: tuple[str, ...] = ()
    put_off: tuple[str, ...] = ()
    put_off_by_user: tuple[PutOff, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    dead_tools: tuple[str, ...] = ()
    folder: str = ""


class ToUndo(Record):
    """What is to be undone before the work is over.

    ``temporary`` are lines that look as if meant for a while (path, line), ``stashed`` stashes that were not taken
    back, ``to_put_back`` sentences that say that something is to be.
    """

    temporary: tuple[tuple[str, str], ...] = ()
    stashed: tuple[Stashed, ...] = ()
    to_put_back: tuple[str, ...] = ()


class InUse(Record):
    """What the work has in hand, by how often and lately it was met.

    ``hand`` are names of code by file, ``nearby`` files, ``again`` commands run again (command, times, what the last
    run printed), ``measured`` runs that gave figures. ``searched`` is what was searched for since the latest request
    and what it found, ``fetched`` what commands fetched for it, ``compared`` what comparing files
    for it showed that nobody spoke of since. ``variables`` are names, never values.
    """

    hand: tuple[tuple[str, str], ...] = ()
    nearby: tuple[str, ...] = ()
    again: tuple[tuple[str, int, str], ...] = ()
    measured: tuple[Measured, ...] = ()
    searched: tuple[tuple[str, str], ...] = ()
    fetched: tuple[tuple[str, str], ...] = ()
    compared: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()


class Story(Record):
    """What a transcript tells: the state at its end. Requests stand in order; of other lists, what matters first.

    ``part_of`` is the request that the latest belongs to where this only agrees, chooses or asks how far it is,
    ``amid`` another one that was still at work when it came, ``job`` the same where the latest only says how that
    is to go on; ``pasted_run`` is the run that the latest is, where nothing was typed; ``first_is_old`` tells that
    the first was a question, answered before other work began. ``goal`` is the agent's account, at an earlier
    compaction, of what the work is for, ``work`` what a pull request, a commit or a branch says of it where no
    request does. ``state`` of the latest request is ``nothing`` (was done about it), ``progress`` or ``answered``,
    ``stopped`` that the user stopped the agent at it and said nothing since, ``breaks_off`` that they stopped it to
    say this; ``referent`` is what it refers to where it is short (what the one refers to that it only limits),
    ``gist`` the same in one line. ``nameless``: it is a text in which nobody speaks, ``begins_amid``: what came
    before its first row is missing, ``minutes`` what it puts down under a name. ``orders`` is what the command or
    skill forbids or demands that the user called last, ``guides`` the rules of the project that were read in it,
    ``objected_to`` the largest change before the latest request, where it objects and nothing came of it.
    ``question`` is one the agent ended with and nobody answered, ``options`` what it laid out to choose from and
    recommends, ``offered`` work that it offered and the user passed over; ``answers`` are the user's to the agent's
    questions. ``task`` is what else is known of the work at hand.
    """

    requests: tuple[Request, ...] = ()
    part_of: Request | None = None
    amid: Request | None = None
    job: Request | None = None
    pasted_run: PastedRun | None = None
    first_is_old: bool = False
    goal: str | None = None
    work: str = ""
    state: str = "answered"
    stopped: bool = False
    breaks_off: bool = False
    nameless: bool = False
    begins_amid: bool = False
    minutes: Minutes = Minutes()
    referent: str | None = None
    gist: str = ""
    orders: tuple[str, ...] = ()
    guides: tuple[Guide, ...] = ()
    objected_to: str = ""
    question: str | None = None
    options: tuple[str, ...] = ()
    offered: str = ""
    answers: tuple[Answer, ...] = ()
    task: Task = Task()
    told: Spoken = Spoken()
    step: Step = Step()
    left: Left = Left()
    changed: WorkDone = WorkDone()
    runs: Runs = Runs()
    dead_ends: DeadEnds = DeadEnds()
    to_undo: ToUndo = ToUndo()
    in_use: InUse = InUse()

    @property
    def latest(self) -> str:
        """The text of the latest request, empty where there is none."""
        return self.requests[-1].text if self.requests else ""

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as a new dict, those of its parts among them: as templates and JSON have them."""
        fields: dict[str, Any] = {}
        for name, value in super().to_dict().items():
            fields.update(value.to_dict() if isinstance(value, PARTS) else {name: value})
        return fields


PARTS = (Spoken, Minutes, Step, Left, WorkDone, Runs, DeadEnds, ToUndo, InUse)
"""The parts of a story, of which no two have a field of the same name."""
