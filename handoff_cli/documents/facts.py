"""What a handoff is made from: plain values, gathered by others, with no clock, files or counting in them.

Token figures are tokens, shares are 0..1, times are UTC in ISO 8601 as the caller wrote them. Text in these values
comes from strangers (descriptions, file names, commit subjects); it is escaped where it is rendered, not here.
"""

from __future__ import annotations

from handoff_cli.constants import FOLDER_NAME, HANDOFF_FILE
from handoff_cli.core.record import Record


class UsageFacts(Record):
    """How full the window is and how that is known.

    ``usage_share`` is a share of the context window, ``usable_share`` of the usable window; ``level`` is one of
    ``core.usage.LEVELS``, ``method`` one of ``core.usage.METHODS``; ``error_share`` is the known error of an estimate
    (0.05 is plus or minus 5 %), None where the figure is not an estimate or its error is unknown.
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


class CheckpointFact(Record):
    """One tracked piece: its place in the session, when, from where, and how many tokens it added."""

    sequence: int
    time: str
    description: str
    source: str
    tokens: int
    method: str


class Commit(Record):
    """One commit: abbreviated hash and subject."""

    hash: str
    subject: str


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


class Facts(Record):
    """All that one handoff is rendered from.

    ``project`` is the name of the project's folder, ``document`` the handoff's path as the next session should open
    it. ``checkpoints`` holds the last ones, newest last; ``usage.checkpoint_count`` says how many there are in all.
    """

    project: str
    session: str
    reason: str
    created: str
    usage: UsageFacts
    previous: str | None = None
    goal: str | None = None
    next: str | None = None
    checkpoints: tuple[CheckpointFact, ...] = ()
    git: GitFacts | None = None
    document: str = f"{FOLDER_NAME}/{HANDOFF_FILE}"
