"""``handoff track``."""

from __future__ import annotations

from typing import Annotated

import typer

from handoff_cli.cli import verbs
from handoff_cli.cli.options import Encoding, Exact, Files, Model, NewStatusJson, Role, Safe, Strict, TextFormat
from handoff_cli.errors import UsageError
from handoff_cli.usecases.pieces import Request

_EPILOG = 'Example:  cat conversation.txt | handoff track -d "first half"'


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("track", epilog=_EPILOG)(track)


def track(
    context: typer.Context,
    files: Files = None,
    description: Annotated[
        str | None,
        typer.Option("--description", "-d", metavar="TEXT", help="What this piece is; default: its first line."),
    ] = None,
    model: Model = None,
    encoding: Encoding = None,
    text_format: TextFormat = "text",
    role: Role = None,
    tokens: Annotated[
        int | None, typer.Option("--tokens", metavar="N", min=0, help="Record N tokens instead of reading text.")
    ] = None,
    safe: Safe = False,
    exact: Exact = False,
    tee: Annotated[bool, typer.Option("--tee", help="Pass the input through to standard output.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be; record nothing.")] = False,
    strict: Strict = False,
    follow: Annotated[
        str | None, typer.Option("--follow", metavar="FILE", help="Go on as FILE grows, until Ctrl-C.")
    ] = None,
    as_json: NewStatusJson = False,
) -> int:
    """Count conversation text, add it to the session, show the bar.

    Each file is a checkpoint. When usage reaches the warning threshold, the handoff is written to
    .agent-handoffs/CURRENT_SESSION.md and shown, once; above it, the handoff is kept up to date.
    """
    request = Request(description, model, encoding, text_format, role, tokens, safe, exact, dry_run)
    if follow is None:
        return verbs.track(context.obj, files or (), request, tee=tee, strict=strict, as_json=as_json)
    if request != Request(description, model, encoding, safe=safe) or files or tee or strict:
        raise UsageError("--follow goes with -d, --model, --encoding, --safe and --json", "leave the others out")
    return verbs.follow(context.obj, follow, request, as_json=as_json)
