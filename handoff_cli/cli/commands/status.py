"""``handoff status``."""

from __future__ import annotations

from typing import Annotated

import typer

from handoff_cli.cli import status_verbs


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("status", epilog="Example:  handoff status --exit-code || echo 'time to hand over'")(status)


def status(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print the status as JSON.")] = False,
    line: Annotated[bool, typer.Option("--line", help="Print one plain line, for prompts and status bars.")] = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit 0 ok, 10 warning, 11 critical, 12 over.")
    ] = False,
) -> int:
    """Show how full the window is, and the last checkpoints."""
    return status_verbs.status(context.obj, as_json=as_json, line=line, exit_code=exit_code)
