"""``handoff sync``."""

from __future__ import annotations

from typing import Annotated

import typer

from handoff_cli.cli import status_verbs
from handoff_cli.cli.completion import complete_format, complete_model
from handoff_cli.cli.options import Agent, NewStatusJson


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("sync", epilog="Example:  handoff sync --agent claude")(sync)


def sync(
    context: typer.Context,
    agent: Agent = None,
    transcript: Annotated[
        str | None,
        typer.Option("--transcript", metavar="FILE", help="The transcript; default: the project's newest."),
    ] = None,
    reader: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="Its format; default: told by its content.",
            autocompletion=complete_format,
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option("--model", metavar="ID", help="Model in use; default: as written.", autocompletion=complete_model),
    ] = None,
    as_json: NewStatusJson = False,
) -> int:
    """Set usage to what the agent's own transcript says, show the bar.

    The figure is exact where the transcript records usage, else our estimate, marked ~. It takes the place of what was
    tracked; what is tracked later adds to it. Only what is new in a transcript is read, so this is quick on any size.
    """
    options = {"agent": agent, "transcript": transcript, "reader": reader, "model": model}
    return status_verbs.sync(context.obj, **options, as_json=as_json)
