"""What a transcript tells: plain values that the extraction yields, as the transcript has their words.

Texts come from strangers; they are escaped where they are rendered, not here. Positions are lines of the log.
"""

from __future__ import annotations

from handoff_cli.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.transcript import FileTouch, Transcript
    from handoff_cli.documents.extract.failed import Tried


class Request(Record):
    """What the user said: its ``number`` in the session, its ``text`` as it was said, and how many ``times``.

    ``bare`` tells that it only says to go on, or to commit, push or merge what is there, ``rule`` that it corrects or
    binds the agent. ``meant`` says in a line what a short reply refers to, empty where it needs nothing. ``position``
    is its place in the transcript; ``past`` tells that the agent's account of a later compaction has it. ``question``
    is the agent's that it answers, where a tool asked it, ``refuses`` the call that it came with the no to. ``by`` is
    who of several said it. ``before`` are the places where the same words were said and that are none of their own
    here. ``withdrawn`` are the user's words that took it back before anything was edited for it, ``overruled`` is the
    number of the request that took another of the same options, ``rued`` that of the one whose words take back a part
    of what it binds (0: none did). ``calls_for`` is what the text of the command or skill that it only calls says it is
    for. ``cut_short`` tells that the user stopped the agent at it before anything came of it, to ask for another thing.
    """

    number: int
    text: str
    rule: bool = False
    times: int = 1
    meant: str = ""
    bare: bool = False
    position: int = 0
    past: bool = False
    question: str = ""
    refuses: str = ""
    by: str = ""
    before: tuple[int, ...] = ()
    withdrawn: str = ""
    overruled: int = 0
    rued: int = 0
    calls_for: str = ""
    cut_short: bool = False


class Pending(Record):
    """A call of which no result is recorded: ``kind`` and ``text``.

    The kind is ``check``, ``command``, ``agent``, ``edit``, ``question``, ``plan`` (it waits for the user's word) or
    ``look``. ``background`` is what a command said that was started to run beside the work, empty of any other.
    """

    kind: str
    text: str
    background: str = ""


class BackgroundRun(Record):
    """A command that runs beside the work: its line, what the agent calls it, and what it was ``seen`` to write last.

    ``task`` and ``seen`` are empty where that is not known.
    """

    command: str
    task: str = ""
    seen: str = ""


class Measured(Record):
    """A ``command`` that gave figures: what it ``gave``, its lines that have them in one line.

    ``told`` are those of the lines that were spoken of later, all where none was; ``old``: code was edited since.
    """

    command: str
    gave: str
    told: str
    old: bool = False


class Broken(Record):
    """Definitions that were taken out of ``path``, by their ``names``, and the files that still use them.

    ``own`` are lines of that file itself that do: ``42: text``.
    """

    names: tuple[str, ...]
    path: str
    users: tuple[str, ...]
    own: tuple[str, ...] = ()


class Reshaped(Record):
    """The function ``name`` of ``path`` whose parameters or results changed, and ``calls`` not changed since.

    A call is ``file:line``, or the file alone where the line is not known. ``was`` and ``now`` are its parameters and
    results.
    """

    name: str
    path: str
    calls: tuple[str, ...]
    was: str = ""
    now: str = ""


class Made(Record):
    """A commit that the session made: its ``hash``, ``subject`` and the ``branch`` git named; empty if not known."""

    hash: str
    subject: str
    branch: str = ""


class Delivery(Record):
    """What a pull request or commit with the ``subject``, made at ``position``, says in ``points`` of what it holds."""

    subject: str
    points: tuple[str, ...]
    position: int


class LastCommit(Record):
    """The last commit by the log: its ``hash`` and ``branch`` (empty: not known), and the files edited ``since``.

    ``late`` has these files by path, with what was done since. ``pushed`` tells that a command after it pushed,
    ``target`` to which branch there, where that has another name, ``blind`` that an edit since names no file.
    """

    hash: str
    branch: str = ""
    pushed: bool = False
    since: tuple[str, ...] = ()
    target: str = ""
    late: tuple[FileTouch, ...] = ()
    blind: bool = False


class Stashed(Record):
    """A stash that was not taken back: the ``paths`` it was made of (none: all), and the edited ``files`` in it."""

    paths: tuple[str, ...]
    files: tuple[str, ...]


class Outside(Record):
    """A step of a command that changed something outside of the repository, and what it printed (empty: not told).

    ``stale`` tells that files were edited since of what it runs.
    """

    step: str
    gave: str = ""
    stale: bool = False


class Wanted(Record):
    """An edit of ``path`` that was asked for and has no result: what it changes in a ``line``, and its new lines."""

    path: str
    line: str
    text: str


class Task(Record):
    """What is known of the work at hand that its next step needs.

    ``verdict`` is the opinion on it that the agent gave to the user, ``reply`` how its first words that say something
    begin, ``places`` are where to work (``file:line (name)``) by names and by comments of a review, ``to_write``
    files that are to come out and are not there yet, ``called_alike`` others that were listed and not read, whose names
    end as theirs, ``unanswered`` comments of a review that no reply names while others have one, ``read`` what was read
    for it while nothing was edited, ``since`` and ``not_since`` parts of documents edited for it and before it only,
    ``wanted`` are edits under way, ``left_open`` is what the agent said at the end of its turn that it left open,
    ``to_come`` what it said there that remains or comes next, ``invites`` what it wants of the user before it goes on,
    ``set_out`` the edit it announced last while none followed, ``after_it`` what it named as coming after the step at
    hand, ``instead`` what it chose where what it made for the request was deleted since, ``branch`` is git's, ``clean``
    tells of the work tree by git's last word (None: not known), ``listed`` are paths it lists last as not committed
    that no edit is of, ``loose`` counts what was not committed before the first edit, ``beside`` tells that all edits
    lie where files are kept for a while, ``tests_first`` the words by which edited tests come before their code.
    """

    verdict: str = ""
    reply: str = ""
    places: tuple[str, ...] = ()
    to_write: tuple[str, ...] = ()
    called_alike: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    since: tuple[str, ...] = ()
    not_since: tuple[str, ...] = ()
    wanted: tuple[Wanted, ...] = ()
    left_open: str = ""
    to_come: str = ""
    invites: str = ""
    set_out: str = ""
    after_it: str = ""
    instead: tuple[str, ...] = ()
    branch: str = ""
    clean: bool | None = None
    beside: bool = False
    listed: tuple[str, ...] = ()
    loose: str = ""
    tests_first: str = ""


class PlanStep(Record):
    """A step of a plan: its ``number`` and ``title`` there, its ``state``, the ``places`` it names and its ``action``.

    The state is ``done`` or ``open``, empty where nothing shows which.
    """

    number: int
    title: str
    state: str = ""
    places: tuple[str, ...] = ()
    action: str = ""


class PlanAtWork(Record):
    """The plan, told at ``position``, that the work goes by: whether the user ``approved`` it, its ``file``, ``steps``.

    ``checks`` are what it wants run in the end and was not, ``ruled_out`` what it skips or rejects.
    """

    position: int
    approved: bool = False
    file: str | None = None
    steps: tuple[PlanStep, ...] = ()
    checks: tuple[str, ...] = ()
    ruled_out: tuple[str, ...] = ()

    def of(self, state: str) -> list[PlanStep]:
        """Return the steps in that ``state``."""
        return [it for it in self.steps if it.state == state]


class Change(Record):
    """What an edit changed, shortest: ``old`` became ``new``, in the functions or sections ``where``.

    ``added`` and ``removed`` count lines; ``times`` in how many places the same was done; ``worth`` is how much it
    tells; ``says`` what the first definition that it made is for, by its own comment.
    """

    where: tuple[str, ...]
    old: str
    new: str
    added: int = 0
    removed: int = 0
    times: int = 1
    worth: float = 0.0
    says: str = ""


class FileChanges(Record):
    """What was changed in one file, by ``count`` edits, what tells most first; ``created`` tells that it is new."""

    path: str
    created: bool
    count: int
    changes: tuple[Change, ...]


class Move(Record):
    """What became of the definitions ``names`` of the file ``path``.

    ``kind`` is ``moved``, ``copied`` (both files have them), ``renamed`` or ``removed``, ``to`` the file they came
    to, or the new name. Of the kind ``file`` files moved: ``names`` from the folder ``path`` to the folder ``to``,
    without names the file or folder ``path`` itself.
    """

    kind: str
    names: tuple[str, ...]
    path: str
    to: str = ""


class CodePiece(Record):
    """Code as it stands at the end: of the definition ``name`` (empty: some lines) in ``path``.

    ``first`` and ``last`` are the lines it begins and ends at, ``at`` where it is declared below its comment (0: not
    known); ``signature`` is one line, ``says`` the first sentence of its comment, ``text`` the code, of a long one the
    lines that matter with ``…`` for others, ``key`` the same in ten lines.
    ``exact`` tells that the text is that of the end for certain, ``made`` that it was edited, not only read,
    ``formatted`` that a formatter ran since, ``suspect`` that it was edited for the latest request before a check that
    fails since ran; ``calls`` are lines elsewhere that use it, as ``file:line: text``.
    """

    path: str
    name: str
    first: int
    last: int
    signature: str
    says: str
    text: str
    key: str
    exact: bool = True
    made: bool = True
    formatted: bool = False
    suspect: bool = False
    worth: float = 0.0
    calls: tuple[str, ...] = ()
    at: int = 0


class FileOutline(Record):
    """What was read of a file: what it ``says`` of itself, and the ``names`` it defines, as ``name:line``.

    Of a document that the request told to read, ``text`` is all that was seen of it.
    """

    path: str
    says: str
    names: tuple[str, ...]
    text: str = ""


class WrittenDocument(Record):
    """A plan, a design or the like that edits left: ``text`` is an outline of its sections, ``key`` a short one.

    ``lines`` counts those of the file (0: not known); ``whole`` tells that the text is all of it, ``old`` that the file
    was written since, and nothing tells what, ``late`` that it was edited for the latest request or the one it belongs
    to, ``deleted`` that it was deleted for it, to be put into another.
    """

    path: str
    created: bool
    lines: int
    text: str
    key: str
    whole: bool = False
    old: bool = False
    late: bool = False
    deleted: bool = False


TABLE = "table"


class Finding(Record):
    """A sentence of the agent's, checked by nobody, and how much it tells.

    ``source`` is ``thought``, ``said``, ``table`` (of figures, in a line), ``commit`` (what was written into one),
    ``code``, ``account`` (``closed account``: it says that nothing was left to do), ``sub-agent: TASK`` or
    ``page: ADDRESS``; ``place`` counts within the text. ``then`` is the sentence that a cause points on to, empty where
    it stands by itself.
    """

    text: str
    source: str
    position: int = 0
    worth: float = 0.0
    place: int = 0
    then: str = ""


class Report(Record):
    """What a sub-agent reported of its ``task``, checked by nobody, each empty where it does not say.

    ``verdict`` is how it ended, ``proof`` the tests and commits it names, ``demands`` what it asks to be changed, the
    gravest first; ``did`` are lines that say what was changed, ``files`` the paths it names. ``late``: it came back
    for the request at work.
    """

    task: str
    verdict: str = ""
    proof: str = ""
    demands: tuple[str, ...] = ()
    did: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    late: bool = True


class Turn(Record):
    """A request's place in the transcript, and what the agent told until the next: sentences, worth most first.

    ``refused`` tells that the user turned it down in the next request; ``done`` what the tools show was done,
    ``idle`` that nothing was, and nothing later came back to what was said, or that all documents written are gone.
    """

    position: int
    told: tuple[Finding, ...] = ()
    refused: bool = False
    done: str = ""
    idle: bool = False


class TakenBack(Record):
    """The transcript as it is ``now``, without what git took back, and what that was.

    ``position`` is that of the last command that took something back, -1 where none did; ``undone`` are the commits
    among it of which git had said nothing: the positions of their commands, and their subjects.
    """

    now: Transcript
    tried: tuple[Tried, ...] = ()
    position: int = -1
    undone: frozenset[tuple[int, str]] = frozenset()
