"""``handoff reset``."""

from __future__ import annotations

from typing import Annotated

import typer

from handoff_cli.errors import UsageError


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("reset", epilog="Example:  handoff reset")(reset)


def reset(
    context: typer.Context,
    discard: Annotated[bool, typer.Option("--discard", help="Throw the session away instead of archiving it.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Confirm --discard.")] = False,
) -> int:
    """Archive the session and begin a new one.

    Totals, ledger and handoff move to a folder below .agent-handoffs/archive/; settings stay, and notes stay open. A
    session with nothing in it goes on.
    """
    from handoff_cli.usecases.sessions import reset as reset_session

    if discard and not yes:
        raise UsageError(
            "--discard throws the session away", "add --yes if that is meant, or leave --discard out to archive it"
        )
    result = reset_session(context.obj.place(), discard=discard)
    console = context.obj.console()
    console.warnings(result.warnings)
    if result.ended is None:
        console.message("nothing to reset: nothing was tracked or noted in this session, and it has no handoff")
        return 0
    console.text(f"session {result.ended} " + (f"archived in {result.archive}" if result.archive else "thrown away"))
    console.text(f"session {result.begun} begun")
    return 0
