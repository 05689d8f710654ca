"""The user's own commands, run when a threshold is reached.

A project's folder may come from somebody else, and what a stranger wrote must not run. So a command in a state file
runs only if it was set on this machine: ``config set`` and ``config edit`` note its checksum in the user's own folder.
"""

from __future__ import annotations

import json
import os

from handoff_cli.core.record import Record
from handoff_cli.state.files import make_folder, read_bytes, replace_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from subprocess import Popen

    from handoff_cli.core.settings import Settings
    from handoff_cli.state.store import Place
    from handoff_cli.usecases.status import TokenStatus

COMMAND_KEYS = {"warning": "on_warning", "critical": "on_critical", "over": "on_critical"}
"""The setting that holds the command, by the level that was reached."""

TRUSTED_KEYS = frozenset(("on_warning", "on_critical", "on_handoff"))
"""The settings that let something happen by themselves: a project of a stranger's may not set them."""

_TRUSTED_FILE = "trusted-commands"
_MAX_TRUSTED_BYTES = 1 << 20


class Outcome(Record):
    """What became of a command; ``problem`` is a line for a person, None when it ended well."""

    ran: bool
    problem: str | None = None


def run_command(level: str, settings: Settings, status: TokenStatus, environ: Mapping[str, str]) -> Outcome:
    """Run the command set for ``level`` and wait for it, at most ``command_timeout_seconds``; never raises.

    The status goes to its standard input as JSON, and its figures into variables ``HANDOFF_*``. Its output goes
    nowhere: an agent may be listening to ours.
    """
    key = COMMAND_KEYS[level]
    command = getattr(settings, key)
    if command is None:
        return Outcome(ran=False)
    if not is_trusted(settings.origins[key], key, command):
        return Outcome(ran=False, problem=f"{key} was not set on this machine and does not run; handoff config set it")
    try:
        process = _start(command, settings, _facts(level, status, environ))
    except (OSError, ValueError) as error:
        return Outcome(ran=False, problem=f"{key} cannot run: {error}")
    return Outcome(True, _waited(process, key, json.dumps(status).encode(), settings.command_timeout_seconds))


def run_in_background(place: Place, *words: str) -> str | None:
    """Start handoff with ``words`` on the project at ``place``; nobody waits for it. Returns what is in the way."""
    import sys
    from subprocess import DEVNULL, Popen

    folder = os.path.dirname(place.project)
    command = [sys.executable, "-m", "handoff_cli", "--quiet", "--dir", folder, *words]
    try:
        Popen(command, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL, start_new_session=True, env=dict(place.environ))
    except OSError as error:
        return f"{words[0]} cannot run: {error.strerror}"
    return None


def trust_command(folder: str, key: str, value: object) -> None:
    """Let the command ``value`` of the setting ``key`` in the session folder ``folder`` run from now on.

    Raises:
        StateError: the user's list of commands cannot be read or written.
    """
    if key not in TRUSTED_KEYS or value is None:
        return
    path = _trusted_path()
    trusted = (read_bytes(path, _MAX_TRUSTED_BYTES) or b"").decode("ascii", "replace").splitlines()
    digest = _digest(os.path.realpath(folder), key, value)
    if digest not in trusted:
        make_folder(os.path.dirname(path))
        replace_file(path, "".join(f"{line}\n" for line in (*trusted, digest)).encode())


def is_trusted(origin: str, key: str, value: object) -> bool:
    """Return whether the ``value`` of the setting ``key``, which comes from ``origin``, was set on this machine."""
    if os.sep not in origin:
        return True  # a variable of the environment
    listed = (read_bytes(_trusted_path(), _MAX_TRUSTED_BYTES) or b"").decode("ascii", "replace").splitlines()
    return _digest(os.path.realpath(os.path.dirname(origin)), key, value) in listed


def _trusted_path() -> str:
    base = os.environ.get("XDG_CONFIG_HOME") or os.path.join(os.path.expanduser("~"), ".config")
    return os.path.join(base, "agent-handoffs", _TRUSTED_FILE)


def _digest(folder: str, key: str, value: object) -> str:
    from hashlib import sha256

    return sha256(json.dumps([folder, key, value]).encode()).hexdigest()


def _facts(level: str, status: TokenStatus, environ: Mapping[str, str]) -> dict[str, str]:
    return {
        **environ,
        "HANDOFF_LEVEL": level,
        "HANDOFF_TOKENS": str(status["total_tokens"]),
        "HANDOFF_TOKENS_LEFT": str(status["remaining_tokens"]),
        "HANDOFF_PERCENT": f"{status['usable_percentage'] * 100:.1f}",
        "HANDOFF_METHOD": status["method"],
        "HANDOFF_FILE": status["handoff_file"] or "",
        "HANDOFF_FOLDER": status["folder"],
    }


def _start(command: str | list[str], settings: Settings, environ: dict[str, str]) -> Popen[bytes]:
    from subprocess import DEVNULL, PIPE, Popen

    if isinstance(command, str) and not settings.command_shell:
        import shlex

        command = shlex.split(command)
    return Popen(
        command,
        shell=isinstance(command, str),
        env=environ,
        stdin=PIPE,
        stdout=DEVNULL,
        stderr=DEVNULL,
        start_new_session=True,
    )


def _waited(process: Popen[bytes], key: str, facts: bytes, seconds: float) -> str | None:
    from subprocess import TimeoutExpired

    with process:
        try:
            process.communicate(facts, timeout=seconds)
        except TimeoutExpired:
            _kill(process)
            return f"{key} did not end within {seconds:g} s and was stopped"
    return f"{key} ended with exit code {process.returncode}" if process.returncode else None


def _kill(process: Popen[bytes]) -> None:
    """Stop the command and what it started."""
    if os.name == "posix":
        from contextlib import suppress
        from signal import SIGKILL

        with suppress(OSError):
            os.killpg(process.pid, SIGKILL)
    process.kill()
