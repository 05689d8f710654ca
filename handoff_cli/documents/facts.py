"""What a handoff is made from: plain values, gathered by others, with no clock, files or counting in them.

Token figures are tokens, shares are 0..1, times are UTC in ISO 8601 as the caller wrote them. Text in these values
comes from strangers (descriptions, file names, commit subjects); it is escaped where it is rendered, not here.
"""

from __future__ import annotations

from handoff_cli.constants import FOLDER_NAME, HANDOFF_FILE
from handoff_cli.core.record import Record
from handoff_cli.redaction import redact_each

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from handoff_cli.core.session import Note
    from handoff_cli.core.transcript import Commit
    from handoff_cli.documents.extract.story import Story

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


def redacted(value: Value) -> Value:
    """Return ``value`` with the secrets in its texts redacted: a text, a record, or a tuple of them."""
    texts, shortened = _told_apart(_texts(value))
    if known := _changed(texts):
        known.update(_changed(shortened))
    return _replaced(value, known.get) if known else value


def _told_apart(texts: list[str]) -> tuple[list[str], list[str]]:
    """Return ``texts``, each once, and apart from them those of which every line stands in a longer one.

    Where a piece of code is told in more and in fewer lines, there is no secret in these if none is in those.
    """
    whole: list[str] = []
    shortened: list[str] = []
    lines: set[str] = set()
    for text in sorted(dict.fromkeys(texts), key=len, reverse=True):
        own = text.split("\n")
        if len(own) >= _FEW_LINES and lines.issuperset(own):
            shortened.append(text)
        else:
            whole.append(text)
            lines.update(own)
    return whole, shortened


_FEW_LINES = 4


def _changed(texts: list[str]) -> dict[str, str]:
    """Return those of ``texts`` that hold secrets, with what they are without."""
    return {text: clean for text, clean in zip(texts, redact_each(texts), strict=True) if text != clean}


def _texts(value: Any) -> list[str]:
    """Return the texts in ``value``."""
    found: list[str] = []
    left = [value]
    while left:
        item = left.pop()
        if isinstance(item, str):
            found.append(item)
        elif isinstance(item, tuple):
            left.extend(filter(None, item))
        elif isinstance(item, Record):
            left.extend(filter(None, vars(item).values()))  # most fields of a record say nothing
    return found


def _replaced(value: Any, new_of: Callable[[str], str | None]) -> Any:
    if isinstance(value, str):
        return new_of(value) or value
    if isinstance(value, tuple):
        return tuple(_replaced(item, new_of) for item in value)
    if isinstance(value, Record):
        return value.replace(**{name: _replaced(item, new_of) for name, item in vars(value).items()})
    return value
