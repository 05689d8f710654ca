"""What the shell completes: sessions, settings, encodings, models."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

from handoff_cli.agents import TOOLS, names, with_hooks
from handoff_cli.cli.commands import COMMANDS
from handoff_cli.cli.reader import COLORS, KEPT_FORMATS, LEVELS_TO_FAIL_AT, NOTE_KINDS, take_apart
from handoff_cli.constants import ENCODINGS
from handoff_cli.core.settings import SETTING_KEYS
from handoff_cli.errors import HandoffError
from handoff_cli.models.table import MODELS
from handoff_cli.state.folder import archive_names, session_names
from handoff_cli.usecases.formats import FORMATS
from handoff_cli.usecases.place import locate

if TYPE_CHECKING:
    from handoff_cli.state.store import Place

_LINE_VARIABLES = ("COMP_WORDS", "_TYPER_COMPLETE_ARGS")
"""Where Typer's scripts put the line that is being completed: bash's, and everybody else's."""


def complete_session(incomplete: str) -> list[str]:
    """Return the names of the project's further sessions that begin with ``incomplete``."""
    try:
        return _beginning(session_names(_place().project), incomplete)
    except HandoffError:
        return []


def complete_archived(incomplete: str) -> list[str]:
    """Return the names of the project's archived sessions that begin with ``incomplete``."""
    try:
        return _beginning(archive_names(_place().folder), incomplete)
    except HandoffError:
        return []


def complete_setting(incomplete: str) -> list[str]:
    """Return the settings that begin with ``incomplete``."""
    return _beginning(SETTING_KEYS, incomplete)


def complete_encoding(incomplete: str) -> list[str]:
    """Return the encodings that begin with ``incomplete``."""
    return _beginning(ENCODINGS, incomplete)


def complete_model(incomplete: str) -> list[str]:
    """Return the model ids of the table that begin with ``incomplete``."""
    return _beginning([name.rstrip("*") for row in MODELS for name in row[0].split()], incomplete)


def complete_format(incomplete: str) -> list[str]:
    """Return the input formats that begin with ``incomplete``."""
    return _beginning(FORMATS, incomplete)


def complete_color(incomplete: str) -> list[str]:
    """Return the values of --color that begin with ``incomplete``."""
    return _beginning(COLORS, incomplete)


def complete_kept_format(incomplete: str) -> list[str]:
    """Return the values of ``transcript --format`` that begin with ``incomplete``."""
    return _beginning(KEPT_FORMATS, incomplete)


def complete_level(incomplete: str) -> list[str]:
    """Return the values of --fail-at that begin with ``incomplete``."""
    return _beginning(LEVELS_TO_FAIL_AT, incomplete)


def complete_command(incomplete: str) -> list[str]:
    """Return the commands that begin with ``incomplete``."""
    return _beginning(tuple(path for path in COMMANDS if " " not in path), incomplete)


def complete_note_kind(incomplete: str) -> list[str]:
    """Return the kinds of notes that begin with ``incomplete``."""
    return _beginning(NOTE_KINDS, incomplete)


def complete_installable(incomplete: str) -> list[str]:
    """Return what ``install`` knows that begins with ``incomplete``."""
    return _beginning(names((*with_hooks(), *TOOLS)), incomplete)


def complete_agent(incomplete: str) -> list[str]:
    """Return the agents that begin with ``incomplete``."""
    return _beginning(names(), incomplete)


def _place() -> Place:
    """Return the place that the line being completed means by --dir and --session, wherever in it they stand."""
    given: dict[str, str] = {}
    # Of an option at the end of the line, the value is what is being completed.
    words = iter(take_apart([*_line()[1:], ""]).common)
    for word in words:
        name, equals, value = word.partition("=")
        if name in ("--dir", "--session"):
            given[name] = value if equals else next(words, "")
    directory = given.get("--dir")
    # The shell hands over what is typed, before it has put in homes and variables.
    expanded = os.path.expanduser(os.path.expandvars(directory)) if directory else None
    return locate(expanded, given.get("--session") or None)


def _line() -> list[str]:
    """Return the words of the line being completed, but for one whose quotes are still open."""
    words = shlex.shlex(next((os.environ[name] for name in _LINE_VARIABLES if os.environ.get(name)), ""), posix=True)
    words.whitespace_split = True
    words.commenters = ""
    found: list[str] = []
    try:
        found.extend(words)
    except ValueError:
        return found
    return found


def _beginning(words: list[str] | tuple[str, ...], incomplete: str) -> list[str]:
    return [word for word in words if word.startswith(incomplete)]
