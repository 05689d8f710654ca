"""``handoff count``."""

from __future__ import annotations

from typing import Annotated

import typer

from handoff_cli.cli import verbs
from handoff_cli.cli.completion import complete_encoding, complete_format, complete_model
from handoff_cli.tracker.pieces import Request


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("count", epilog="Example:  handoff count --by-file --model gpt-4o *.md")(count)


def count(
    context: typer.Context,
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILES", help="Files to count; '-' or none: standard input.")
    ] = None,
    model: Annotated[
        str | None,
        typer.Option("--model", metavar="ID", help="Model whose tokens are meant.", autocompletion=complete_model),
    ] = None,
    encoding: Annotated[
        str | None,
        typer.Option(
            "--encoding", metavar="NAME", help="tiktoken encoding to count with.", autocompletion=complete_encoding
        ),
    ] = None,
    text_format: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="text; auto: transcripts and chat messages are told by their content; or a format's name.",
            autocompletion=complete_format,
        ),
    ] = "text",
    role: Annotated[
        str | None, typer.Option("--role", metavar="ROLE", help="Count each input as a chat message of this role.")
    ] = None,
    safe: Annotated[bool, typer.Option("--safe", help="Take the upper end of an estimate.")] = False,
    exact: Annotated[
        bool, typer.Option("--exact", help="Use the model's own tokenizer where a package with it is installed.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Refuse bytes that are not text.")] = False,
    by_file: Annotated[bool, typer.Option("--by-file", help="Print a line for each file, then the total.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON: the total and each file.")] = False,
) -> int:
    """Count tokens, touching no state; with --quiet just the number.

    Counts equal tiktoken's. A model without a public tokenizer gets an estimate, marked ~, with its band.
    """
    request = Request(None, model, encoding, text_format, role, None, safe, exact)
    return verbs.count(context.obj, files or (), request, strict=strict, by_file=by_file, as_json=as_json)
