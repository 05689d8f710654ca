"""``handoff install`` and ``handoff uninstall``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from handoff_cli.agents import TOOLS, installable, names, with_hooks

if TYPE_CHECKING:
    from handoff_cli.usecases.install import Change


_NAMES = names((*with_hooks(), *TOOLS))


def _complete(incomplete: str) -> list[str]:
    return [name for name in _NAMES if name.startswith(incomplete)]


_Name = Annotated[str, typer.Argument(metavar="AGENT", help=", ".join(_NAMES) + ".", autocompletion=_complete)]
_Project = Annotated[
    bool | None,
    typer.Option(
        "--project/--user", help="For this project, or for you everywhere. Default: user; git, make: project."
    ),
]
_Mcp = Annotated[bool, typer.Option("--mcp", help="The MCP server as well (needs the extra mcp).")]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would change; change nothing.")]


def register(app: typer.Typer) -> None:
    """Add the commands to ``app``."""
    app.command("install", epilog="Example:  handoff install claude-code --dry-run")(install)
    app.command("uninstall", epilog="Example:  handoff uninstall claude-code")(uninstall)


def install(
    context: typer.Context, agent: _Name, project: _Project = None, mcp: _Mcp = False, dry_run: _DryRun = False
) -> int:
    """Put handoff into an agent's settings: hooks and, where there is one, the status line.

    Other entries, order and comments stay; a backup lies beside. A second install changes nothing.
    """
    from handoff_cli.usecases.install import install as install_into
    from handoff_cli.usecases.install import scope_of

    scope = scope_of(agent, user=_user(agent, project), mcp=mcp)
    changes = install_into(agent, scope, dry_run=dry_run)
    _report(context, changes, "installed", dry_run=dry_run)
    advice = getattr(installable(agent).load(), "ADVICE", None)
    if advice and any(change.changes for change in changes):
        context.obj.console().message(advice)
    return 0


def uninstall(context: typer.Context, agent: _Name, project: _Project = None, dry_run: _DryRun = False) -> int:
    """Take handoff out of an agent's settings; what stood there before comes back."""
    from handoff_cli.usecases.install import scope_of
    from handoff_cli.usecases.install import uninstall as uninstall_from

    scope = scope_of(agent, user=_user(agent, project), mcp=True)
    _report(context, uninstall_from(agent, scope, dry_run=dry_run), "removed", dry_run=dry_run)
    return 0


def _user(agent: str, project: bool | None) -> bool:
    return installable(agent) not in TOOLS if project is None else not project


def _report(context: typer.Context, changes: list[Change], done: str, *, dry_run: bool) -> None:
    console = context.obj.console()
    for change in changes:
        if not change.changes:
            console.text(f"{change.path}: nothing to do")
        elif dry_run:
            console.document(change.diff())
        else:
            console.text(f"{change.path}: {done}")
        console.warnings(f"{change.path}: {note}" for note in change.notes)
