"""Options and arguments that several commands share, each described once."""

from __future__ import annotations

from typing import Annotated

import typer

from handoff_cli.cli.completion import complete_agent, complete_encoding, complete_format, complete_model
from handoff_cli.errors import UsageError

Files = Annotated[
    list[str] | None, typer.Argument(metavar="FILES", help="Files to count; '-' or none: standard input.")
]
Model = Annotated[
    str | None,
    typer.Option("--model", metavar="ID", help="Model whose tokens are meant.", autocompletion=complete_model),
]
Encoding = Annotated[
    str | None,
    typer.Option(
        "--encoding", metavar="NAME", help="tiktoken encoding to count with.", autocompletion=complete_encoding
    ),
]
TextFormat = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="FORMAT",
        help="text; auto: transcripts and chat messages are told by their content; or a format's name.",
        autocompletion=complete_format,
    ),
]
Role = Annotated[
    str | None, typer.Option("--role", metavar="ROLE", help="Count each input as a chat message of this role.")
]
Safe = Annotated[bool, typer.Option("--safe", help="Take the upper end of an estimate.")]
Exact = Annotated[
    bool, typer.Option("--exact", help="Use the model's own tokenizer where a package with it is installed.")
]
Strict = Annotated[bool, typer.Option("--strict", help="Refuse bytes that are not text.")]

Agent = Annotated[
    str | None,
    typer.Option("--agent", metavar="NAME", help="Only this agent's transcripts.", autocompletion=complete_agent),
]

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
NewStatusJson = Annotated[bool, typer.Option("--json", help="Print the new status as JSON.")]


def refuse_before_command(context: typer.Context, option: str, *, given: bool) -> None:
    """Raise UsageError when ``option`` of a group of commands was ``given`` before one of them: it would be lost."""
    if given:
        command = f"{context.command_path} {context.invoked_subcommand}"
        raise UsageError(f"{option} stands before the command it is meant for", f"see: {command} --help")
