"""Running git: the one place that does, within a time limit and without letting a repository run anything else.

What a repository's configuration or attributes could make git execute is turned off: filters (``clean``, ``smudge``,
``process``), external diff, textconv, pager, hooks, fsmonitor, signature check, fetching of missing objects. No lock
is taken, nothing is written. Submodules are not entered: git would do that by their own configuration.

``command_git`` may write objects and references, and talk to a remote; what is built on it makes and reads commits on
references of our own, without work tree, index or checkout. What those hold may be a stranger's: kinds and sizes are
judged before anything is read.
"""

from __future__ import annotations

import os
import time

from handoff_cli.core.text import printable, shorten
from handoff_cli.errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

COMMAND_SECONDS = 2.0
_LEAST_SECONDS = 0.1

_GIT = (
    *("git", "--no-pager", "--no-optional-locks"),
    *("-c", "core.fsmonitor=false", "-c", "diff.external="),
    *("-c", "log.showSignature=false", "-c", "safe.bareRepository=explicit", "-c", "color.ui=false"),
)
_NO_HOOKS = ("-c", f"core.hooksPath={os.devnull}")

# All other GIT_* variables point git elsewhere than at the folder asked about, as in a hook, where git itself sets
# GIT_DIR and GIT_INDEX_FILE; or they make it run or write something (GIT_EXTERNAL_DIFF, GIT_TRACE).
_KEPT_VARIABLES = frozenset(
    ("GIT_CEILING_DIRECTORIES", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_EXEC_PATH")
)
_PLACE_VARIABLES = frozenset(("GIT_DIR", "GIT_WORK_TREE"))

# GIT_ALLOW_PROTOCOL keeps a git before 2.44, which does not know GIT_NO_LAZY_FETCH, from fetching what is missing.
_OWN_VARIABLES = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}

_TALKING = _KEPT_VARIABLES | {"GIT_SSH", "GIT_SSH_COMMAND", "GIT_ASKPASS", "GIT_SSL_CAINFO", "GIT_SSL_NO_VERIFY"}
"""What a user may have set to reach a remote."""

_TURNED_OFF = {
    "filter": (("clean", ""), ("smudge", ""), ("process", ""), ("required", "false")),
    "hook": (("enabled", "false"),),
}


def run_git(folder: str, *arguments: str, in_hook: bool = False, with_hooks_path: bool = False) -> str | None:
    """Return what git prints in ``folder``, without line ends at the end: None when it cannot run or was late.

    Empty when git failed. ``arguments`` must name a command that reads no file of the work tree, or begin with what
    ``without_filters`` gives.

    Args:
        folder: Where git runs.
        arguments: The command and its arguments.
        in_hook: Ask about the repository whose hook this process is, wherever that lies.
        with_hooks_path: Let git say where its hooks are; only for a command that runs none.
    """
    from time import monotonic

    process = start_git(folder, arguments, in_hook=in_hook, with_hooks_path=with_hooks_path)
    output = None if process is None else collect(process, monotonic() + COMMAND_SECONDS)
    return None if output is None else output.rstrip("\r\n")


def start_git(
    folder: str, arguments: Iterable[str], *, in_hook: bool = False, with_hooks_path: bool = False
) -> Running | None:
    """Start git as ``run_git`` does and return what runs; None when it cannot be started."""
    kept = _KEPT_VARIABLES | _PLACE_VARIABLES if in_hook else _KEPT_VARIABLES
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_") or key in kept}
    command = [*_GIT, "-C", folder, *(() if with_hooks_path else _NO_HOOKS), *arguments]
    try:
        return _started(command, environment | _OWN_VARIABLES)
    except (OSError, ValueError):  # a ValueError: NUL in a path
        return None


class Running:
    """A git that was started, in a session of its own: one of its children that lived on would hold the pipe open.

    It needs no ``subprocess``, which takes half as long to load as a bare interpreter.
    """

    def __init__(self, pid: int, output: int) -> None:
        self._pid, self._output = pid, output

    def read(self, seconds: float) -> tuple[bytes | None, int]:
        """Return what it prints, and its exit code: None of one that is not done in time, and is killed."""
        from select import POLLIN, poll
        from time import monotonic

        deadline, waiting = monotonic() + seconds, poll()
        waiting.register(self._output, POLLIN)
        pieces: list[bytes] = []
        done = False
        try:
            while not done and waiting.poll(max(0.0, deadline - monotonic()) * 1000):
                pieces.append(os.read(self._output, _PIPE_BYTES))
                done = not pieces[-1]
        finally:
            os.close(self._output)
            if not done:
                _kill(self._pid)
            _, status = os.waitpid(self._pid, 0)
        return b"".join(pieces) if done else None, os.waitstatus_to_exitcode(status)


class _Opened(Running):
    """The same where the system cannot start a program so."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        from subprocess import DEVNULL, PIPE, Popen

        self._process = Popen(
            command, env=environment, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL, start_new_session=True
        )

    def read(self, seconds: float) -> tuple[bytes | None, int]:
        from subprocess import TimeoutExpired

        with self._process as process:
            try:
                output, _ = process.communicate(timeout=seconds)
            except TimeoutExpired:
                return None, 0
            finally:
                if process.poll() is None:
                    _kill(process.pid)
                    process.kill()
        return output, process.returncode


_PIPE_BYTES, _SIGKILL = 1 << 16, 9
_RESTORED_SIGNALS = (13, 25)
"""SIGPIPE and SIGXFSZ, which Python ignores and a program that it starts must not."""


def _started(command: list[str], environment: dict[str, str]) -> Running:
    if not hasattr(os, "posix_spawnp"):
        return _Opened(command, environment)
    reads, writes = os.pipe()
    files = (
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_DUP2, writes, 1),
    )
    try:
        pid = os.posix_spawnp(
            command[0], command, environment, file_actions=files, setsid=True, setsigdef=_RESTORED_SIGNALS
        )
    except NotImplementedError:  # of a session of its own
        os.close(reads)
        return _Opened(command, environment)
    except BaseException:
        os.close(reads)
        raise
    finally:
        os.close(writes)
    return Running(pid, reads)


def _kill(pid: int) -> None:
    try:
        os.killpg(pid, _SIGKILL)
    except (OSError, AttributeError):  # gone, or a system without groups
        return


class GitError(Exception):
    """Git could not do what it was asked: the last line it said."""


def command_git(folder: str, *arguments: str, data: bytes = b"", seconds: float = COMMAND_SECONDS) -> bytes:
    """Return what git prints on a command that may write objects and references, or talk to a remote.

    Hooks, filters and signing stay off, and nobody is asked for a password, for there is no terminal. Which remote is
    meant, and how it is reached, is the user's own configuration.

    Args:
        folder: Where git runs.
        arguments: The command and its arguments.
        data: What goes to its standard input.
        seconds: How long it may take.

    Raises:
        GitError: git failed, is not installed, or was late.
    """
    from subprocess import PIPE, Popen, TimeoutExpired

    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_") or key in _TALKING}
    environment |= {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    command = [*_GIT, *_NO_HOOKS, "-c", "commit.gpgSign=false", "-c", "push.gpgSign=false", *arguments]
    try:
        process = Popen(
            command, cwd=folder, env=environment, stdin=PIPE, stdout=PIPE, stderr=PIPE, start_new_session=True
        )
    except (OSError, ValueError) as error:
        raise GitError(f"git cannot run: {error}") from None
    with process:
        try:
            output, said = process.communicate(data, timeout=seconds)
        except TimeoutExpired:
            raise GitError(f"git {arguments[0]} did not answer within {seconds:g} s") from None
        finally:
            if process.poll() is None:
                _kill(process.pid)
                process.kill()
    if process.returncode:
        lines = [line.strip() for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
        telling = [line for line in lines if line.startswith(("fatal:", "error:", "remote:", " ! ", "!"))]
        raise GitError((telling or lines or [f"git {arguments[0]} failed"])[0])
    return output


def collect(process: Running | None, deadline: float) -> str | None:
    """Return what ``process`` printed by ``deadline``: empty when it failed or never started, None when it was late."""
    from time import monotonic

    if process is None:
        return ""
    output, code = process.read(max(_LEAST_SECONDS, deadline - monotonic()))
    if output is None:
        return None
    return output.decode("utf-8", "backslashreplace") if code == 0 else ""


def without_filters(folder: str, deadline: float) -> tuple[str, ...] | None:
    """Return git's options that turn off every filter and hook that is configured for ``folder``, in whatever file.

    Only commands that read the work tree need them. Git knows no option for all filters, so each is named; None where
    that cannot be done: git does not answer, or a name holds ``=``, which an option cannot carry.
    """
    keys = collect(start_git(folder, ("config", "--list", "-z", "--name-only")), deadline)
    if keys is None:
        return None
    named = {tuple(key.rpartition(".")[0].split(".", 1)) for key in keys.split("\0") if key.count(".") > 1}
    found = sorted(part for part in named if part[0] in _TURNED_OFF)
    if any("=" in name for _, name in found):
        return None
    return tuple(
        word
        for section, name in found
        for key, value in _TURNED_OFF[section]
        for word in ("-c", f"{section}.{name}.{key}={value}")
    )


LOCAL_SECONDS = 60.0
_MAX_TEXT = 300


def git(folder: str, *arguments: str, data: bytes = b"", seconds: float = LOCAL_SECONDS) -> bytes:
    """Return what git prints, as ``command_git`` does; raises InputError, in one line, where it fails."""
    try:
        return command_git(folder, *arguments, data=data, seconds=seconds)
    except GitError as error:
        raise InputError(
            f"git: {printable(shorten(str(error), _MAX_TEXT))}", "see that git itself can do it: git fetch, git push"
        ) from None


def references(folder: str, under: str) -> Iterator[tuple[str, str]]:
    """Yield (name below ``under``, commit) of the references there."""
    listed = git(folder, "for-each-ref", "--format=%(objectname) %(refname)", under)
    for line in listed.decode("utf-8", "replace").splitlines():
        commit, _, name = line.partition(" ")
        yield name.removeprefix(under), commit


def commit_words(reference: str, who: str, parent: str | None, files: Mapping[str, bytes]) -> bytes:
    """Return the words of ``git fast-import`` that make a commit of ``files`` and move ``reference`` to it."""
    by = f"handoff {who} <{who}@handoff.invalid> {int(time.time())} +0000".encode()
    parts = [f"commit {reference}\n".encode(), b"author ", by, b"\ncommitter ", by, b"\ndata 7\nsession\n"]
    if parent:
        parts.append(f"from {parent}\n".encode())
    parts.append(b"deleteall\n")
    for name, data in sorted(files.items()):
        parts += [f"M 100644 inline {name}\ndata {len(data)}\n".encode(), data, b"\n"]
    return b"".join(parts)


def read_files(folder: str, wanted: Sequence[tuple[str, str, int]]) -> list[bytes | None]:
    """Return the contents of files in commits, each (commit, name, most bytes); None where it is none or too large."""
    sizes = file_sizes(folder, [(commit, name) for commit, name, _ in wanted])
    fits = [size is not None and size <= most for size, (_, _, most) in zip(sizes, wanted, strict=True)]
    asked = [f"{commit}:{name}" for (commit, name, _), fit in zip(wanted, fits, strict=True) if fit]
    contents = iter(
        _contents(git(folder, "cat-file", "--batch", data="".join(f"{it}\n" for it in asked).encode())) if asked else ()
    )
    return [next(contents, None) if fit else None for fit in fits]


def file_sizes(folder: str, wanted: Sequence[tuple[str, str]]) -> list[int | None]:
    """Return the sizes in bytes of files in commits, None for what is no plain file there."""
    if not wanted:
        return []
    modes = _plain_files(folder, wanted)
    asked = "".join(f"{commit}:{name}\n" for commit, name in wanted).encode()
    lines = git(folder, "cat-file", "--batch-check", data=asked).decode("utf-8", "replace").splitlines()
    sizes: list[int | None] = []
    for line, plain in zip(lines, modes, strict=True):
        _, _, rest = line.partition(" ")
        kind, _, size = rest.partition(" ")
        sizes.append(int(size) if plain and kind == "blob" and size.isdecimal() else None)
    return sizes


def _plain_files(folder: str, wanted: Sequence[tuple[str, str]]) -> list[bool]:
    """Tell of each whether its commit has it as a plain file: a link's content would be its target."""
    modes: dict[str, set[str]] = {}
    for commit in {commit for commit, _ in wanted}:
        try:
            listed = git(folder, "ls-tree", "-z", commit).decode("utf-8", "replace")
        except InputError:
            listed = ""
        rows = (row.partition("\t") for row in listed.split("\0"))
        modes[commit] = {name for head, _, name in rows if head.startswith("100644 blob ")}
    return [name in modes[commit] for commit, name in wanted]


def _contents(output: bytes) -> Iterator[bytes]:
    """Yield the contents that ``git cat-file --batch`` printed, one after the other."""
    at = 0
    while at < len(output):
        end = output.index(b"\n", at)
        size = int(output[at:end].rsplit(b" ", 1)[1])
        yield output[end + 1 : end + 1 + size]
        at = end + 1 + size + 1
