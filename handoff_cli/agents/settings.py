"""What an agent's file says of its settings: the files and our part of them, command lines, what keeps hooks off.

``editing`` puts our part into the text of a file and takes it out.
"""

from __future__ import annotations

import os
import re
import sys

from handoff_cli.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

MODULE = "handoff_cli"
_OURS = re.compile(rf"-m {MODULE} (hook|statusline|mcp)\b")
_SAFE = re.compile(r"[\w@%+=:,./-]+", re.ASCII)
_MAX_BYTES = 1 << 22


class Scope(Record):
    """Where to install: ``root`` is the user's home or the project's folder; ``mcp`` asks for the MCP server too."""

    user: bool
    root: str
    environ: Mapping[str, str]
    mcp: bool = False


class Target(Record):
    """A file and our part of it.

    ``format`` is ``json`` (``content``: a tuple of ``SettingsEntry``), ``toml`` (``content``: path and table), ``text``
    (``content``: lines that go between marks) or ``file`` (``content``: all of it is ours). ``head`` is what a new
    text file begins with; ``executable`` is said of the file, ``optional`` that it is left alone where it does not
    exist. ``shared`` files are committed: no backup is laid beside them, git has it. ``notes`` are for a person.
    """

    path: str
    format: str
    content: Any
    head: str = ""
    executable: bool = False
    after_first_line: bool = False
    optional: bool = False
    shared: bool = False
    notes: tuple[str, ...] = ()


class SettingsEntry(Record):
    """A value that belongs into JSON settings at ``path``.

    ``how`` is ``item`` (one more item of the list at ``path``), ``member`` (the member itself, unless a stranger's
    stands there) or ``default`` (the member, only where there is none; it stays when we leave).
    """

    path: tuple[str, ...]
    value: Any
    how: str = "item"


def mcp_entry() -> SettingsEntry:
    """Return the entry of our MCP server, as ``mcpServers`` holds it in several agents' settings."""
    program, *arguments = argv("mcp")
    return SettingsEntry(("mcpServers", "handoff"), {"command": program, "args": arguments}, "member")


def argv(*words: str) -> list[str]:
    """Return the arguments that run ``handoff`` with ``words`` by this very interpreter.

    ``-P`` keeps the folder it runs in off the path: a project that has a folder ``handoff_cli`` must not be run.
    """
    return [sys.executable, "-P", "-m", MODULE, *words]


def command_line(*words: str) -> str:
    """Return ``argv(*words)`` as one line for the shell agents use: a POSIX shell, on Windows ``cmd``."""
    return " ".join(_quoted_for_cmd(word) if sys.platform == "win32" else quoted(word) for word in argv(*words))


def powershell_line(*words: str) -> str:
    """Return ``argv(*words)`` as one line for PowerShell."""
    return "& " + " ".join("'" + word.replace("'", "''") + "'" for word in argv(*words))


def quoted(word: str) -> str:
    """Return ``word`` so that a POSIX shell reads it as one word."""
    return word if _SAFE.fullmatch(word) else "'" + word.replace("'", "'\"'\"'") + "'"


def _quoted_for_cmd(word: str) -> str:
    return word if _SAFE.fullmatch(word.replace("\\", "/")) else f'"{word}"'


def is_ours(line: str) -> bool:
    """Return whether the command ``line`` is one that ``install`` wrote, whichever interpreter it names."""
    return _OURS.search(line.replace("'", "")) is not None


def interpreters(text: str) -> list[str]:
    """Return the interpreters that run handoff in settings of this ``text``, as far as they can be told."""
    path, gap = r"""(?:'([^'\n]+)'|((?:[A-Za-z]:)?[\\/][^\s"'\n]+))""", r"""['"]?,?\s+['"]?"""
    found = re.findall(rf"{path}{gap}(?:-P{gap})?-m{gap}{MODULE}\b", text)
    return list(dict.fromkeys(quoted_path or plain for quoted_path, plain in found))


class Around(Record):
    """Where an agent runs: the user's ``home``, the ``project``'s folder and the environment."""

    home: str
    project: str
    environ: Mapping[str, str]

    def root(self, variable: str, below_home: str) -> str:
        """Return the folder that ``variable`` names, else the one below home."""
        return self.environ.get(variable) or os.path.join(self.home, below_home)


class Obstacle(Record):
    """What was ``found``, as a line for a person, and the ``advice``; a ``certain`` one keeps hooks from running."""

    found: str
    advice: str
    certain: bool = True


class Switch(Record):
    """A setting that switches hooks off: the member at ``path`` (dotted), where it is ``value`` or a list with it."""

    path: str
    value: object
    advice: str = "take it out, or hooks stay silent"


def switched_off(files: Iterable[str], *switches: Switch) -> Iterator[Obstacle]:
    """Yield an obstacle for each of ``switches`` that is set in one of the settings ``files``, JSON or TOML."""
    for file in files:
        values = read_settings(file)
        for switch in switches:
            found = member(values, switch.path)
            if found is switch.value or (isinstance(found, list) and switch.value in found):
                said = str(switch.value).lower() if isinstance(switch.value, bool) else switch.value
                yield Obstacle(f"hooks are switched off: {switch.path} is {said} in {file}", switch.advice)


def member(values: Any, path: str) -> Any:
    """Return the member of ``values`` at the dotted ``path``, None where there is none."""
    for name in path.split("."):
        values = values.get(name) if isinstance(values, dict) else None
    return values


def read_settings(path: str) -> Any:
    """Return what the settings file ``path`` holds; None where it is not there or cannot be understood."""
    from handoff_cli.transcripts.source import plain

    try:
        with open(path, encoding="utf-8-sig", opener=plain) as file:
            text = file.read(_MAX_BYTES)
        if path.endswith(".toml"):
            from tomllib import loads

            return loads(text)
        from json import loads as loads_json

        from handoff_cli.core.jsonc import without_comments_and_commas

        return loads_json(without_comments_and_commas(text))
    except (OSError, ValueError, RecursionError):
        return None


def machine_file(linux: str, mac: str, windows: str) -> str:
    """Return the path of a file an administrator may have laid down on this system."""
    return {"darwin": mac, "win32": windows}.get(sys.platform, linux)
