"""``handoff models``."""

from __future__ import annotations

from typing import Annotated

import typer

from handoff_cli.cli import tables
from handoff_cli.cli.completion import complete_model


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("models", epilog="Example:  handoff models claude")(models)


def models(
    context: typer.Context,
    pattern: Annotated[
        str | None,
        typer.Argument(metavar="PATTERN", help="Part of an id, or a whole one.", autocompletion=complete_model),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON: a list of rows.")] = False,
) -> int:
    """List models: window, input limit, encoding, factor, source, date.

    A factor says how many tokens of the model one of the encoding stands for; 'own' means that no scaling is needed.
    """
    from handoff_cli.usecases.models import list_models

    rows = list_models(pattern)
    console = context.obj.console()
    if as_json:
        console.json([row.to_dict() for row in rows])
    else:
        for line in tables.model_lines(rows):
            console.data(line)
    return 0
