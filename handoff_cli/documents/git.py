"""The repository's state, asked of git within a time limit and without letting it run anything else.

The commands run side by side. What a repository's configuration or attributes could make git execute (external diff,
textconv, pager, hooks, fsmonitor, signature check, fetching missing objects) is turned off; no lock is taken, nothing
is written. Formats: git-status(1) "Porcelain Format Version 2", git-diff(1) ``--numstat -z``.
"""

from __future__ import annotations

import os
import re

from handoff_cli.constants import FOLDER_NAME
from handoff_cli.core.transcript import Commit
from handoff_cli.documents.facts import ChangedFile, GitFacts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from subprocess import Popen

_COMMAND_SECONDS = 2.0
_LEAST_SECONDS = 0.1
_SECOND_TRY_SECONDS = 1.0
_LAST_COMMITS = 5
_LEAST_HASH = 4

_GIT = (
    *("git", "--no-pager", "--no-optional-locks"),
    *("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}", "-c", "diff.external="),
    *("-c", "log.showSignature=false", "-c", "safe.bareRepository=explicit", "-c", "color.ui=false"),
)
_STATUS = ("status", "--porcelain=v2", "--branch", "--show-stash", "-z")
_LOG = ("log", f"-{_LAST_COMMITS}", "-z", "--format=%h%x00%s", "--encoding=UTF-8", "--no-patch", "--no-color")
_LOG_SINCE = ("log", "-200", *_LOG[2:])
_DIFF = ("diff", "--numstat", "-z", "--no-ext-diff", "--no-textconv", "--no-color", "HEAD", "--")

# All other GIT_* variables point git elsewhere than at the folder asked about, as in a hook, where git itself sets
# GIT_DIR and GIT_INDEX_FILE; or they make it run or write something (GIT_EXTERNAL_DIFF, GIT_TRACE).
_KEPT_VARIABLES = frozenset(
    ("GIT_CEILING_DIRECTORIES", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_EXEC_PATH")
)
_CHANGES = {"A": "added", "D": "deleted", "R": "renamed", "C": "copied", "T": "retyped"}


def gather_git(folder: str) -> GitFacts | None:
    """Return what git knows about the work tree that holds ``folder``: ``start_git`` and its answer."""
    return start_git(folder)()


def start_git(folder: str) -> Callable[[], GitFacts | None]:
    """Ask git about the work tree that holds ``folder`` and return a function that waits for the answer.

    The answer takes at most about 3 seconds from the start: what git did not say by then is named in
    ``GitFacts.unread``. It is None where there is no git, no repository, or no work tree. Handoff's own folder is never
    listed.
    """
    from time import monotonic

    processes = {
        "status": _start(folder, _STATUS),
        "commits": _start(folder, _LOG),
        "line counts": _start(folder, _DIFF),
    }
    deadline = monotonic() + _COMMAND_SECONDS
    return lambda: _answer(folder, processes, deadline)


def _answer(folder: str, processes: dict[str, Popen[bytes] | None], deadline: float) -> GitFacts | None:
    from time import monotonic

    output = {what: _collect(process, deadline) for what, process in processes.items()}
    status = output.pop("status")
    unread = [what for what, text in output.items() if text is None]
    if status is None:
        status = _collect(_start(folder, (*_STATUS, "--untracked-files=no")), monotonic() + _SECOND_TRY_SECONDS)
        unread.insert(0, "untracked files" if status else "status")
    elif not status:
        return None
    commits = tuple(_commits(output["commits"] or ""))
    facts = _read_status(status or "", _line_counts(output["line counts"] or ""))
    head = commits[0].hash if commits else facts.head
    return facts.replace(head=head, commits=commits, unread=tuple(unread))


def _start(folder: str, arguments: tuple[str, ...]) -> Popen[bytes] | None:
    from subprocess import DEVNULL, PIPE, Popen

    environment = {
        key: value for key, value in os.environ.items() if not key.startswith("GIT_") or key in _KEPT_VARIABLES
    }
    environment |= {"GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    command = [*_GIT, *arguments]
    try:
        # A session of its own, so that git's children die with it: one that lived on would hold the pipe open.
        return Popen(
            command, cwd=folder, env=environment, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL, start_new_session=True
        )
    except OSError:
        return None


def _collect(process: Popen[bytes] | None, deadline: float) -> str | None:
    """Return what ``process`` printed: empty when it failed or never started, None when it was late."""
    from subprocess import TimeoutExpired
    from time import monotonic

    if process is None:
        return ""
    with process:
        try:
            output, _ = process.communicate(timeout=max(_LEAST_SECONDS, deadline - monotonic()))
        except TimeoutExpired:
            return None
        finally:
            if process.poll() is None:
                _kill(process)
    return output.decode("utf-8", "backslashreplace") if process.returncode == 0 else ""


def _kill(process: Popen[bytes]) -> None:
    if os.name == "posix":
        from contextlib import suppress
        from signal import SIGKILL

        with suppress(OSError):
            os.killpg(process.pid, SIGKILL)
    process.kill()


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

    if not re.fullmatch("[0-9a-f]{4,64}", head):
        return None
    deadline = monotonic() + _COMMAND_SECONDS
    listed = _start(folder, (*_LOG_SINCE, f"{head}..HEAD", "--"))
    ancestor = _start(folder, ("merge-base", head, "HEAD"))
    output, base = _collect(listed, deadline), _collect(ancestor, deadline)
    return tuple(_commits(output or "")) if base and base.startswith(head[:_LEAST_HASH]) else None
