"""``handoff statusline``."""

from __future__ import annotations

from typing import Annotated

import typer

from handoff_cli.cli import agent_verbs


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("statusline", epilog='Example:  handoff statusline --format "{percent} {level}"')(statusline)


def statusline(
    context: typer.Context,
    template: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="TEXT",
            help="Fields: {bar} {percent} {tokens} {usable} {window} {left} {level} {model} {session}.",
        ),
    ] = None,
) -> int:
    """Print one line for a status bar: of Claude Code's own figures when it pipes them in, else of the session.

    The percentage is of the usable window; the bar is the whole window, with a mark where the agent compacts.
    """
    return agent_verbs.statusline(context.obj, template=template)
