"""What a handoff is made from: plain values, gathered by others, with no clock, files or counting in them.

Token figures are tokens, shares are 0..1, times are UTC in ISO 8601 as the caller wrote them. Text in these values
comes from strangers (descriptions, file names, commit subjects); it is escaped where it is rendered, not here.
"""

from __future__ import annotations

from handoff_cli.constants import FOLDER_NAME, HANDOFF_FILE
from handoff_cli.core.record import Record
from handoff_cli.redaction import redact, worth_searching

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, TypeVar

    from handoff_cli.core.session import Note
    from handoff_cli.core.transcript import Answer, Commit, FileTouch, Todo

    Value = TypeVar("Value")


class UsageFacts(Record):
    """How full the window is and how that is known.

    ``usage_share`` is a share of the context window, ``usable_share`` of the usable window; ``level`` is one of
    ``core.usage.LEVELS``, ``method`` one of ``core.usage.METHODS``; ``error_share`` is the known error of an estimate
    (0.05 is plus or minus 5 %), None where the figure is not an estimate or its error is unknown. ``kept_left_out``
    says that the middle of what was piped in is not kept; ``made_of`` tells a mix of methods in words. Where the usage
    is not ``known``, as before the first response, it is at most ``most_tokens`` (0: nobody knows).
    """

    tokens: int
    context_window_limit: int
    usable_tokens: int
    usage_share: float
    usable_share: float
    level: str
    method: str
    encoding: str
    warning_threshold: float
    critical_threshold: float
    checkpoint_count: int
    started_at: str
    updated_at: str
    model: str | None = None
    error_share: float | None = None
    kept_left_out: bool = False
    made_of: str = ""
    known: bool = True
    most_tokens: int = 0


class CheckpointFact(Record):
    """One tracked piece: its place in the session, when, from where, and how many tokens it added."""

    sequence: int
    time: str
    description: str
    source: str
    tokens: int
    method: str


class ChangedFile(Record):
    """One path that differs from HEAD, relative to the root of the work tree.

    ``change`` is ``added``, ``modified``, ``deleted``, ``renamed``, ``copied``, ``retyped``, ``conflicted`` or
    ``untracked``; ``origin`` is the old path of a rename or copy. Lines are None where git does not count them
    (binary, untracked, conflicted or not read in time).
    """

    path: str
    change: str
    staged: bool = False
    origin: str | None = None
    lines_added: int | None = None
    lines_removed: int | None = None


class GitFacts(Record):
    """The repository as git reported it.

    ``branch`` is None when HEAD is detached, ``head`` when there is no commit yet, ``ahead`` and ``behind`` when there
    is no upstream. ``unread`` names what git did not answer in time, so that absence is never read as cleanliness.
    """

    branch: str | None
    head: str | None
    upstream: str | None = None
    ahead: int | None = None
    behind: int | None = None
    stashes: int = 0
    changed: tuple[ChangedFile, ...] = ()
    commits: tuple[Commit, ...] = ()
    unread: tuple[str, ...] = ()


class Request(Record):
    """What the user said: its ``number`` in the session, its ``text`` as it was said, and how many ``times``.

    ``bare`` tells that it only says to go on, or to commit, push or merge what is there.

    ``rule`` tells that it corrects the agent or binds it. ``meant`` says in a line what a short reply refers to, empty
    where it needs nothing. ``position`` is its place in the transcript; ``past`` tells that the agent's account of a
    later compaction tells of it.
    """

    number: int
    text: str
    rule: bool = False
    times: int = 1
    meant: str = ""
    bare: bool = False
    position: int = 0
    past: bool = False


class Attempt(Record):
    """A command whose last run failed, on one line: the telling lines of its ``error`` and how often it ``failed``.

    ``rejected`` tells that the user did not let it run, ``minor`` that nothing is open by it: it only looked around,
    or is a check that passed later or in another form. ``late``: it ran after the latest request.
    """

    command: str
    error: str | None = None
    exit_code: int | None = None
    rejected: bool = False
    failed: int = 1
    minor: bool = False
    late: bool = False


class Check(Record):
    """One of the project's own checks as it was last run; ``outcome`` is ``ok``, ``failed`` or None (not known).

    ``piped`` tells that its output went through another command: then the output told the outcome. ``kind`` is
    ``test``, ``lint``, ``types``, ``format`` or ``build``; ``edited`` counts the files edited since, ``failed`` what
    it found wrong.
    """

    command: str
    outcome: str | None
    exit_code: int | None = None
    piped: bool = False
    kind: str = "test"
    edited: int = 0
    failed: int = 0


class LiveFailure(Record):
    """Something a check found wrong and no later run showed mended: ``name`` (empty: only that it failed) and ``why``.

    ``position`` is that of the run; ``edited`` tells that files were edited since, so that it may be mended already,
    ``touched`` that the file it names was.
    """

    name: str
    why: str
    command: str
    kind: str
    position: int
    edited: bool = False
    touched: bool = False


class Pending(Record):
    """A call of which no result is recorded: ``kind`` and ``text``.

    The kind is ``check``, ``command``, ``agent``, ``edit``, ``question``, ``plan`` (it waits for the user's word) or
    ``look``.
    """

    kind: str
    text: str


class Repair(Record):
    """Something a check found wrong and a later run showed mended: as in ``LiveFailure``, and ``by`` which edit."""

    name: str
    why: str
    command: str
    by: str


class Tried(Record):
    """A change that did not hold: ``where`` in ``path``, ``what`` was tried, ``why`` a check failed, what came then."""

    path: str
    where: str
    what: str
    instead: str
    why: str


class Change(Record):
    """What an edit changed, shortest: ``old`` became ``new``, in the functions or sections ``where``.

    ``added`` and ``removed`` count lines; ``times`` in how many places the same was done; ``worth`` is how much it
    tells.
    """

    where: tuple[str, ...]
    old: str
    new: str
    added: int = 0
    removed: int = 0
    times: int = 1
    worth: float = 0.0


class FileChanges(Record):
    """What was changed in one file, by ``count`` edits, what tells most first; ``created`` tells that it is new."""

    path: str
    created: bool
    count: int
    changes: tuple[Change, ...]


class ReadLine(Record):
    """A place in what the agent read: ``text`` is what stands in ``line``, and in those below that belong to it."""

    path: str
    line: int
    text: str


class Finding(Record):
    """A sentence of the agent's, checked by nobody, and how much it tells.

    ``source`` is ``thought``, ``said``, ``account`` or ``sub-agent: TASK``.
    """

    text: str
    source: str
    position: int = 0
    worth: float = 0.0


class Turn(Record):
    """A request's place in the transcript, and what the agent told until the next: sentences, worth most first.

    ``refused`` tells that the user turned it down in the next request.
    """

    position: int
    told: tuple[Finding, ...] = ()
    refused: bool = False


class Story(Record):
    """What a transcript tells: the state at its end. Requests stand in order; of other lists, what matters first.

    ``goal`` is the agent's account, at an earlier compaction, of what the work is for, ``work`` what a pull
    request, a commit or a branch says of it where no request does. ``state`` of the latest request is ``nothing``
    (was done about it), ``progress`` or ``answered``; ``referent`` is what it refers to where it is short, ``gist``
    the same in one line. ``nameless``: it is a text in which nobody speaks. ``said`` are the agent's messages
    before its last words, the latest first, ``red`` the end of what the last failing check printed; ``repaired`` is
    what was mended, ``tried`` what did not hold, the latest first. ``turns`` is the story in order; ``explained``
    the last message since the latest request that explains, ``thought`` the last reasoning after it that does,
    ``overtaken`` whether files were edited after each; ``account`` the points of the agent's account at its last
    compaction, in their order. ``happened`` are the last tool events in order, ``unchecked`` the files edited since
    any check ran. ``under_way`` are calls without a result, the latest first; ``remaining`` steps the agent
    announced and has not done, ``planned`` those of a plan with what events show of them, ``untouched`` files still
    to be edited of a change in many places, ``owed`` what the latest request ordered (commit, push, pull request)
    and no command did; ``objected_to`` the largest change before it, where it objects and nothing came of it;
    ``stale_todos`` tells that the to-do list is of an earlier request, ``begun`` which files it edited or read
    since its last words, ``announced`` what these say it would do, ``about`` the next step by its latest words or
    thought, ``started`` whether a call followed these, ``acted`` whether files were edited since the latest
    request, ``reached`` is what its last thought concluded. ``question`` is one the agent ended with and nobody
    answered; ``answers`` are the user's to the agent's questions. ``turned_back`` are changes that were taken back,
    ``temporary`` lines that look as if meant for a while (path, line). ``hand`` are names of code by file,
    ``nearby`` files met often and lately, ``again`` commands run again and lately (command, times), ``seen`` the
    lines of what was read last that the work is about, ``searched`` what was searched for last, ``links`` addresses
    of what was made elsewhere. ``variables`` are names, never values.
    """

    requests: tuple[Request, ...] = ()
    goal: str | None = None
    work: str = ""
    state: str = "answered"
    nameless: bool = False
    referent: str | None = None
    gist: str = ""
    happened: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()
    under_way: tuple[Pending, ...] = ()
    remaining: tuple[str, ...] = ()
    planned: tuple[Todo, ...] = ()
    untouched: tuple[str, ...] = ()
    owed: tuple[str, ...] = ()
    objected_to: str = ""
    stale_todos: bool = False
    begun: str = ""
    announced: str = ""
    about: str = ""
    started: bool = False
    acted: bool = False
    reached: str = ""
    question: str | None = None
    last_words: str | None = None
    said: tuple[str, ...] = ()
    red: str = ""
    todos: tuple[Todo, ...] = ()
    turns: tuple[Turn, ...] = ()
    explained: str = ""
    thought: str = ""
    overtaken: tuple[bool, ...] = ()
    account: tuple[Finding, ...] = ()
    plan: str | None = None
    plan_file: str | None = None
    plan_mode: bool = False
    edits: tuple[FileChanges, ...] = ()
    failures: tuple[LiveFailure, ...] = ()
    repaired: tuple[Repair, ...] = ()
    tried: tuple[Tried, ...] = ()
    failing: tuple[Attempt, ...] = ()
    checks: tuple[Check, ...] = ()
    turned_back: tuple[FileChanges, ...] = ()
    temporary: tuple[tuple[str, str], ...] = ()
    answers: tuple[Answer, ...] = ()
    commits: tuple[Commit, ...] = ()
    files: tuple[FileTouch, ...] = ()
    links: tuple[str, ...] = ()
    nearby: tuple[str, ...] = ()
    hand: tuple[tuple[str, str], ...] = ()
    again: tuple[tuple[str, int], ...] = ()
    seen: tuple[ReadLine, ...] = ()
    searched: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()


class OpenTodo(Record):
    """A to-do that is not done: its ``status`` (of ``Todo``), and the day (UTC) ``since`` which handoffs have it.

    ``number`` names it once it is carried over (1 and up, never given twice in a folder); 0 before.
    """

    number: int
    text: str
    status: str
    since: str


class Todos(Record):
    """The open to-dos a session folder knows of.

    ``own`` is the list of the ``transcript`` (its identity; None: there is none) as the last handoff saw it,
    ``earlier`` what the transcripts before left open, the oldest first. ``made`` counts the numbers given.
    """

    transcript: str | None = None
    own: tuple[OpenTodo, ...] = ()
    earlier: tuple[OpenTodo, ...] = ()
    made: int = 0


class Facts(Record):
    """All that one handoff is rendered from.

    ``project`` is the name of the project's folder, ``document`` the handoff's path as the next session should open
    it. ``checkpoints`` holds the last ones, newest last; ``usage.checkpoint_count`` says how many there are in all.
    ``notes`` are the open ones, ``todos`` the to-dos that outlive their session. ``coming`` is the next session's task
    where it is known. ``redacted`` is False where secrets were left in. ``everything`` is the command that shows what a
    budget cost.
    """

    project: str
    session: str
    reason: str
    created: str
    usage: UsageFacts
    previous: str | None = None
    notes: tuple[Note, ...] = ()
    todos: Todos = Todos()
    story: Story | None = None
    checkpoints: tuple[CheckpointFact, ...] = ()
    git: GitFacts | None = None
    project_folder: str | None = None
    coming: str | None = None
    summary: str | None = None
    redacted: bool = True
    everything: str = "handoff handoff --budget 0 --stdout"
    document: str = f"{FOLDER_NAME}/{HANDOFF_FILE}"


_BETWEEN = "\n\n\x1f\n\n"
"""Stands between texts that are searched together; no text holds it."""


def redacted(value: Value) -> Value:
    """Return ``value`` with the secrets in its texts redacted: a text, a record, or a tuple of them."""
    texts = worth_searching(list(dict.fromkeys(_texts(value))))
    clean = _redacted_texts(texts)
    known = {text: result for text, result in zip(texts, clean, strict=True) if text != result}
    return _replaced(value, known.get) if known else value


def _redacted_texts(texts: list[str]) -> list[str]:
    """Return ``texts`` redacted: by one search, where each is found again between the marks, else one by one."""
    if len(texts) > 1 and not any("\x1f" in text for text in texts):
        together = redact(_BETWEEN.join(texts)).split(_BETWEEN)
        if len(together) == len(texts):
            return together
    return [redact(text) for text in texts]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, Record):
        for item in value.to_dict().values():
            yield from _texts(item)


def _replaced(value: Any, new_of: Callable[[str], str | None]) -> Any:
    if isinstance(value, str):
        return new_of(value) or value
    if isinstance(value, tuple):
        return tuple(_replaced(item, new_of) for item in value)
    if isinstance(value, Record):
        return value.replace(**{name: _replaced(item, new_of) for name, item in value.to_dict().items()})
    return value
