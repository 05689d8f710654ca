"""``handoff sessions``."""

from __future__ import annotations

from typing import Annotated

import typer

from handoff_cli.cli.completion import complete_archived
from handoff_cli.cli.options import Json, refuse_before_command
from handoff_cli.cli.tables import session_lines

_Name = Annotated[
    str, typer.Argument(metavar="NAME", help="The archived session's name.", autocompletion=complete_archived)
]

_app = typer.Typer(rich_markup_mode=None, no_args_is_help=False)


def register(app: typer.Typer) -> None:
    """Add the commands to ``app``."""
    app.add_typer(
        _app,
        name="sessions",
        help="List running and archived sessions, show or restore an archived one.",
        epilog="Example:  handoff sessions --json",
        invoke_without_command=True,
    )


@_app.callback()
def sessions(context: typer.Context, as_json: Json = False) -> int | None:
    """List the sessions when no command is named."""
    from handoff_cli.usecases.sessions import list_sessions

    if context.invoked_subcommand:
        refuse_before_command(context, "--json", given=as_json)
        return None
    rows = list_sessions(context.obj.place())
    console = context.obj.console()
    if as_json:
        console.json(rows)
        return 0
    for row in rows:
        for line in session_lines(row):
            console.data(line)
    if not rows:
        console.message("no session yet: handoff track begins one")
    return 0


@_app.command("show", epilog="Example:  handoff sessions show 20261123T054200Z-20261123-5a17c0de")
def show(context: typer.Context, name: _Name, as_json: Json = False) -> int:
    """Show how full an archived session's window was, and its last checkpoints."""
    from handoff_cli.usecases.sessions import show_session

    status = show_session(context.obj.place(), name)
    console = context.obj.console()
    if as_json:
        console.json(status)
    else:
        console.status(status)
    return 0


@_app.command("restore", epilog="Example:  handoff sessions restore 20261123T054200Z-20261123-5a17c0de")
def restore(context: typer.Context, name: _Name) -> int:
    """Go on with an archived session; the running one is archived first. Settings stay."""
    from handoff_cli.usecases.sessions import restore_session

    result = restore_session(context.obj.place(), name)
    console = context.obj.console()
    console.warnings(result.warnings)
    console.text(f"session {result.ended} archived in {result.archive}")
    console.text(f"session {result.restored} goes on")
    return 0
