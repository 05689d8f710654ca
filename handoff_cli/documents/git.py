"""The repository's state as git tells it: branch, commits, changed files and their lines.

The commands run side by side, by the rules of ``handoff_cli.git``. Formats: git-status(1) "Porcelain Format Version
2", git-diff(1) ``--numstat -z``.
"""

from __future__ import annotations

import os

from handoff_cli.constants import FOLDER_NAME
from handoff_cli.core.transcript import Commit
from handoff_cli.documents.facts import ChangedFile, GitFacts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from handoff_cli.git import Running

_SECOND_TRY_SECONDS = 1.0
_LAST_COMMITS = 5
_LEAST_HASH = 4
_MOST_SUBMODULES = 50

_STATUS = ("status", "--porcelain=v2", "--branch", "--show-stash", "--ignore-submodules=dirty", "-z")
_STATUS_INSIDE = ("status", "--porcelain=v2", "--ignore-submodules=dirty", "-z")
_LOG = ("log", f"-{_LAST_COMMITS}", "-z", "--format=%h%x00%s", "--encoding=UTF-8", "--no-patch", "--no-color")
_LOG_SINCE = ("log", "-200", *_LOG[2:])
_DIFF = (
    *("diff", "--numstat", "-z", "--no-ext-diff", "--no-textconv", "--no-color"),
    *("--ignore-submodules=dirty", "--submodule=short", "HEAD", "--"),
)
_SUBMODULES = ("config", "-z", "-f", ".gitmodules", "--get-regexp", r"^submodule\..*\.path$")

_CHANGES = {"A": "added", "D": "deleted", "R": "renamed", "C": "copied", "T": "retyped"}


def gather_git(folder: str) -> GitFacts | None:
    """Return what git knows about the work tree that holds ``folder``: ``start_gathering`` and its answer."""
    return start_gathering(folder)()


def start_gathering(folder: str) -> Callable[[], GitFacts | None]:
    """Ask git about the work tree that holds ``folder`` and return a function that waits for the answer.

    The answer takes at most about 3 seconds from the start: what git did not say by then is named in
    ``GitFacts.unread``. It is None where there is no git, no repository, or no work tree. Handoff's own folder is never
    listed.
    """
    from time import monotonic

    if not _may_lie_in_a_work_tree(folder):
        return lambda: None
    from handoff_cli import git

    deadline = monotonic() + git.COMMAND_SECONDS
    commits = git.start_git(folder, _LOG)
    options = git.without_filters(folder, deadline)
    processes: dict[str, Running | None] = {"commits": commits}
    if options is not None:
        processes["status"] = git.start_git(folder, (*options, *_STATUS))
        processes["line counts"] = git.start_git(folder, (*options, *_DIFF))
    return lambda: _answer(folder, options, processes, deadline)


def _may_lie_in_a_work_tree(folder: str) -> bool:
    """Return whether ``folder`` or one above it has what git takes for a repository, or a link to one."""
    found = (os.path.join(above, ".git") for above in _upwards(folder))
    return any(os.path.isfile(it) or os.path.lexists(os.path.join(it, "HEAD")) for it in found)


def _upwards(folder: str) -> Iterator[str]:
    """Yield ``folder`` and all above it, links resolved as git does."""
    above = os.path.realpath(folder)
    while True:
        yield above
        folder, above = above, os.path.dirname(above)
        if folder == above:
            return


def _answer(
    folder: str, options: tuple[str, ...] | None, processes: dict[str, Running | None], deadline: float
) -> GitFacts | None:
    from time import monotonic

    from handoff_cli import git

    output = {what: git.collect(process, deadline) for what, process in processes.items()}
    status = output.pop("status", None)
    unread = [what for what in ("commits", "line counts") if output.get(what) is None]
    if status is None:
        again = None if options is None else git.start_git(folder, (*options, *_STATUS, "--untracked-files=no"))
        status = git.collect(again, monotonic() + _SECOND_TRY_SECONDS)
        unread.insert(0, "untracked files" if status else "status")
    elif not status:
        return None
    commits = tuple(_commits(output["commits"] or ""))
    facts = _read_status(status or "", _line_counts(output.get("line counts") or ""))
    listed = {file.path for file in facts.changed}
    inside = [ChangedFile(path, "modified") for path in _dirty_submodules(folder, deadline) if path not in listed]
    return facts.replace(
        head=commits[0].hash if commits else facts.head,
        commits=commits,
        changed=(*facts.changed, *inside),
        unread=tuple(unread),
    )


def _dirty_submodules(folder: str, deadline: float) -> Iterator[str]:
    """Yield the submodules with changes of their own, each asked by itself: its filters are its own."""
    if not any(os.path.isfile(os.path.join(above, ".gitmodules")) for above in _upwards(folder)):
        return
    from handoff_cli import git

    top = git.run_git(folder, "rev-parse", "--show-toplevel") or folder
    listed = git.run_git(top, *_SUBMODULES) or ""
    paths = [entry.partition("\n")[2] for entry in listed.split("\0") if entry]
    for path in paths[:_MOST_SUBMODULES]:
        inner = os.path.join(top, path)
        if os.path.isabs(path) or ".." in path.split("/") or not os.path.lexists(os.path.join(inner, ".git")):
            continue
        options = git.without_filters(inner, deadline)
        status = None if options is None else git.start_git(inner, (*options, *_STATUS_INSIDE))
        if git.collect(status, deadline):
            yield path


def _read_status(text: str, lines: dict[str, tuple[int, int]]) -> GitFacts:
    """Return branch, upstream, stashes and changed files from porcelain v2, with ``lines`` by path put in."""
    headers: dict[str, str] = {}
    changed: list[ChangedFile] = []
    fields = iter(text.split("\0"))
    for field in fields:
        if field.startswith("# "):
            key, _, value = field[2:].partition(" ")
            headers[key] = value
        elif file := _changed_file(field, fields):
            added, removed = lines.get(file.path, (None, None))
            changed.append(file.replace(lines_added=added, lines_removed=removed))
    branch, oid = headers.get("branch.head"), headers.get("branch.oid")
    ahead, behind = headers["branch.ab"].split() if "branch.ab" in headers else (None, None)
    return GitFacts(
        branch=None if branch == "(detached)" else branch,
        head=None if oid == "(initial)" else oid and oid[:10],
        upstream=headers.get("branch.upstream"),
        ahead=None if ahead is None else int(ahead),
        behind=None if behind is None else -int(behind),
        stashes=int(headers.get("stash", "0")),
        changed=tuple(file for file in changed if FOLDER_NAME not in file.path.split("/")),
    )


def _changed_file(field: str, rest: Iterator[str]) -> ChangedFile | None:
    """Return the file of one status entry; a rename takes its old path from ``rest``. None for anything else."""
    kind = field[:2]
    if kind == "? ":
        return ChangedFile(field[2:], "untracked")
    if kind == "u ":
        return ChangedFile(field.split(" ", 10)[10], "conflicted")
    if kind not in {"1 ", "2 "}:
        return None
    states = field[2:4]
    change = next((_CHANGES[state] for state in states if state in _CHANGES), "modified")
    staged = states[0] != "."
    if kind == "1 ":
        return ChangedFile(field.split(" ", 8)[8], change, staged)
    return ChangedFile(field.split(" ", 9)[9], change, staged, next(rest, None))


def _line_counts(text: str) -> dict[str, tuple[int, int]]:
    """Return lines added and removed by path; binary files (counted as ``-``) are left out."""
    counts: dict[str, tuple[int, int]] = {}
    fields = iter(text.split("\0"))
    for field in fields:
        added, _, remainder = field.partition("\t")
        removed, _, path = remainder.partition("\t")
        if added and not path:
            next(fields, None)
            path = next(fields, "")
        if added.isdigit() and removed.isdigit():
            counts[path] = (int(added), int(removed))
    return counts


def _commits(text: str) -> Iterator[Commit]:
    """Yield the commits of a log whose every second field is a subject."""
    fields = text.split("\0")
    return (Commit(*pair) for pair in zip(fields[::2], fields[1::2], strict=False))


def commits_since(folder: str, head: str) -> tuple[Commit, ...] | None:
    """Return the commits after ``head`` in the work tree that holds ``folder``, the newest first, at most 200.

    None where ``head`` is no ancestor of HEAD, or git does not say.
    """
    from time import monotonic

    if not (4 <= len(head) <= 64 and not head.strip("0123456789abcdef")):  # noqa: PLR2004 (a hash, short or whole)
        return None
    from handoff_cli import git

    deadline = monotonic() + git.COMMAND_SECONDS
    listed = git.start_git(folder, (*_LOG_SINCE, f"{head}..HEAD", "--"))
    ancestor = git.start_git(folder, ("merge-base", head, "HEAD"))
    output, base = git.collect(listed, deadline), git.collect(ancestor, deadline)
    return tuple(_commits(output or "")) if base and base.startswith(head[:_LEAST_HASH]) else None
