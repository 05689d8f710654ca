"""The commands: plain functions, read by ``reader`` and, where anything is in doubt, by Typer.

To add one: write ``def name(common: Common, *files: Files, dry_run: DryRun = False) -> int`` in a module of this
package. Its docstring is the help (first line: one sentence of at most 62 characters; last: ``Example:  handoff ...``),
its annotations are names of ``cli.options``, under TYPE_CHECKING; no module here imports Typer. List it in ``GROUPS``
(``"a b"`` is the function ``a_b`` of ``handoff a b``). Run ``make docs``, and tell docs/json.md and CHANGELOG.
"""

from __future__ import annotations

from handoff_cli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "Daily": {
        "track": ("track", "count"),
        "status": ("status", "sync", "log", "transcript", "context", "report"),
        "session": ("note", "notes", "reset", "sessions", "sessions show", "sessions restore"),
    },
    "Document": {
        "document": ("handoff", "check", "resume", "diff", "template", "push", "pull", "machine"),
    },
    "Fleet": {
        "fleet": ("fleet", "fleet init", "fleet sync", "fleet status", "fleet show", "fleet resume", "fleet metrics"),
    },
    "Agents": {"agent": ("install", "uninstall", "agents", "continue", "watch", "hook", "statusline", "mcp")},
    "Settings": {
        "setup": (
            *("init", "config", "config list", "config get", "config set", "config unset", "config path"),
            *("config edit", "doctor", "help", "version", "models", "simulate", "calibrate"),
        ),
    },
}
"""By group of ``--help`` and by module: the commands, in the order they are listed."""

COMMANDS = {path: module for group in GROUPS.values() for module, paths in group.items() for path in paths}


def function_of(path: str) -> Callable[..., Any]:
    """Return the function of the command ``path``; a word Python keeps for itself has an underscore behind it."""
    module = __import__(f"{__name__}.{COMMANDS[path]}", fromlist=["*"])
    name = path.replace(" ", "_").replace("-", "_")
    function: Callable[..., Any] = getattr(module, name, None) or getattr(module, f"{name}_")
    return function


def only_one_of(options: Mapping[str, object]) -> None:
    """Raise UsageError where more than one of ``options``, value by name, was given."""
    names = [name for name, value in options.items() if value is not None and value is not False]
    if len(names) > 1:
        raise UsageError(f"{', '.join(names[:-1])} and {names[-1]} exclude each other", "give one of them")
