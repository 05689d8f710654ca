"""``handoff watch``."""

from __future__ import annotations

from typing import Annotated

import typer

from handoff_cli.cli.layout import one_line
from handoff_cli.cli.options import Agent


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("watch", epilog="Example:  handoff watch --agent aider")(watch)


def watch(
    context: typer.Context,
    agent: Agent = None,
    interval: Annotated[
        float, typer.Option("--interval", min=0.1, max=3600, metavar="SECONDS", help="Look at least this often.")
    ] = 5.0,
    once: Annotated[bool, typer.Option("--once", help="Look once and end.")] = False,
) -> int:
    """Follow the transcripts of this project's agents, for agents without hooks; ends on Ctrl-C.

    Usage is kept up to date; when a threshold is reached, the handoff is written and the terminal rings. With the
    extra watch, changes are seen at once.
    """
    from handoff_cli.usecases.watch import Watch

    console = context.obj.console()
    follower = Watch(context.obj.place(), agent)
    try:
        for _ in follower.changes(interval):
            for seen in follower.look():
                console.data(f"{seen.status['session']}: {one_line(seen.status)}")
                console.warnings(seen.problems)
                if seen.crossed:
                    console.bell()
                    written = seen.status["handoff_file"]
                    console.message(f"{seen.crossed} threshold reached: handoff written to {written}")
            if once:
                break
    except KeyboardInterrupt:
        return 0
    return 0
