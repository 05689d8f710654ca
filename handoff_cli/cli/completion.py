"""What the shell completes: every option and argument whose values are known beforehand."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

from handoff_cli.agents import TOOLS, names, with_hooks
from handoff_cli.agents.readers import INPUT_FORMATS
from handoff_cli.cli.commands import COMMANDS
from handoff_cli.cli.reader import COLORS, KEPT_FORMATS, LEVELS_TO_FAIL_AT, take_apart
from handoff_cli.constants import ENCODINGS, NOTE_KINDS
from handoff_cli.core.settings import SETTING_KEYS
from handoff_cli.errors import HandoffError
from handoff_cli.models.table import MODELS
from handoff_cli.state.folder import archive_names, session_names
from handoff_cli.usecases.place import locate, locate_session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from handoff_cli.state.store import Place

_LINE_VARIABLES = ("COMP_WORDS", "_TYPER_COMPLETE_ARGS")
"""Where Typer's scripts put the line that is being completed: bash's, and everybody else's."""


def beginning(what: str, incomplete: str) -> list[str]:
    """Return the values of the kind ``what`` that begin with ``incomplete``; none where the project cannot be read."""
    try:
        return [word for word in VALUES[what]() if word.startswith(incomplete)]
    except HandoffError:
        return []


def _models() -> list[str]:
    return [name.rstrip("*") for row in MODELS for name in row[0].split()]


def _open_notes() -> list[str]:
    from handoff_cli.usecases.notes import load_todos, open_notes

    place = _place(locate_session)
    todos = load_todos(place.folder)
    return [*(str(note.id) for note in open_notes(place)), *(f"t{it.number}" for it in todos.earlier)]


def _handoffs() -> list[str]:
    from handoff_cli.usecases.review import handoff_names

    return handoff_names(_place())


def _setting_values() -> list[str]:
    """Return what the setting named on the line could be: all there is where that is known, else what it is now."""
    from handoff_cli.usecases.settings import get_setting

    words = [word for word in take_apart(_line()[1:]).words if not word.startswith("-")]
    if not words or words[0] not in SETTING_KEYS:
        return []
    value = get_setting(_place(), words[0]).value
    if isinstance(value, bool):
        return ["true", "false"]
    known: dict[str, Callable[[], Iterable[str]]] = {"model": _models, "encoding": lambda: ENCODINGS}
    if words[0] in known:
        return [*known[words[0]]()]
    return [] if value is None else [str(value)]


def _place(find: Callable[..., Place] = locate) -> Place:
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
    return find(expanded, given.get("--session") or None)


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


VALUES: dict[str, Callable[[], Iterable[str]]] = {
    "agents": names,
    "archives": lambda: archive_names(_place().folder),
    "colors": lambda: COLORS,
    "commands": lambda: [path for path in COMMANDS if " " not in path],
    "encodings": lambda: ENCODINGS,
    "formats": lambda: INPUT_FORMATS,
    "handoffs": _handoffs,
    "installable": lambda: (*names(with_hooks()), *names(TOOLS)),
    "kept_formats": lambda: KEPT_FORMATS,
    "levels": lambda: LEVELS_TO_FAIL_AT,
    "models": _models,
    "note kinds": lambda: NOTE_KINDS,
    "open notes": _open_notes,
    "roles": lambda: ("user", "assistant", "system", "tool"),
    "sessions": lambda: session_names(_place().project),
    "setting values": _setting_values,
    "settings": lambda: SETTING_KEYS,
}
"""By kind, as ``options`` names it."""
