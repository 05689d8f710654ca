"""``handoff log``."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from handoff_cli.cli.tables import entry_line


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("log", epilog="Example:  handoff log --since 2h --json | jq .tokens")(log)


def log(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON Lines.")] = False,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="WHEN", help="Only from then on: 2h, 3d, 2026-11-23, 2026-11-23T05:42 (UTC)."),
    ] = None,
    archived: Annotated[bool, typer.Option("--all", help="Archived sessions too, in order of time.")] = False,
) -> int:
    """Print every checkpoint of the session, newest last."""
    from handoff_cli.usecases.log import parse_since, read_log

    console = context.obj.console()
    start = None if since is None else parse_since(since, time.time())
    for line in read_log(context.obj.place(), since=start, archived=archived):
        if line.entry is None:
            console.warnings([line.problem])
        elif as_json:
            console.json_line(line.entry)
        else:
            console.data(entry_line(line.entry))
    return 0
