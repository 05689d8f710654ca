"""``handoff count``."""

from __future__ import annotations

from typing import Annotated

import typer

from handoff_cli.cli import verbs
from handoff_cli.cli.options import Encoding, Exact, Files, Model, Role, Safe, Strict, TextFormat
from handoff_cli.usecases.pieces import Request


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("count", epilog="Example:  handoff count --by-file --model gpt-4o *.md")(count)


def count(
    context: typer.Context,
    files: Files = None,
    model: Model = None,
    encoding: Encoding = None,
    text_format: TextFormat = "text",
    role: Role = None,
    safe: Safe = False,
    exact: Exact = False,
    strict: Strict = False,
    by_file: Annotated[bool, typer.Option("--by-file", help="Print a line for each file, then the total.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON: the total and each file.")] = False,
) -> int:
    """Count tokens, touching no state; with --quiet just the number.

    Counts equal tiktoken's. A model without a public tokenizer gets an estimate, marked ~, with its band.
    """
    request = Request(None, model, encoding, text_format, role, None, safe, exact)
    return verbs.count(context.obj, files or (), request, strict=strict, by_file=by_file, as_json=as_json)
