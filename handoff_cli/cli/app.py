"""The Typer app: the one definition of commands, options, help and completion."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from handoff_cli.cli import commands
from handoff_cli.cli.completion import complete_session
from handoff_cli.cli.hot import Globals
from handoff_cli.constants import VERSION
from handoff_cli.errors import OutputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

app = typer.Typer(
    name="handoff",
    help="Know how full an agent's context window is, and hand the work over before it overflows.",
    epilog="Start with:  cat conversation.txt | handoff track",
    # Plain help costs half of what rich help does, reads the same in a pipe, and keeps the README's copies stable.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
commands.register(app)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"handoff {VERSION}")
        raise typer.Exit


@app.callback()
def _globals(
    context: typer.Context,
    directory: Annotated[
        str | None,
        typer.Option(
            "--dir",
            metavar="DIR",
            help="Project folder, or its .agent-handoffs. Default: found upwards from here. [env: HANDOFF_DIR]",
        ),
    ] = None,
    session: Annotated[
        str | None,
        typer.Option(
            "--session",
            metavar="NAME",
            help="A further session of the project. [env: HANDOFF_SESSION]",
            autocompletion=complete_session,
        ),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No bars and messages; only data, warnings and errors.")
    ] = False,
    color: Annotated[
        Literal["auto", "always", "never"], typer.Option("--color", help="When to color; auto honours NO_COLOR.")
    ] = "auto",
    window: Annotated[
        int | None,
        typer.Option("--window", metavar="TOKENS", min=1, help="Context window for this call, whatever is set."),
    ] = None,
    version: Annotated[  # noqa: ARG001 - its callback does the work
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    context.obj = Globals(directory, session, quiet, color, window)


def run_typer(argv: Sequence[str]) -> int:
    """Run ``argv`` through Typer and return the exit code.

    Raises:
        UsageError: the command line cannot be understood.
        HandoffError: the command failed.
    """
    try:
        code = app(args=list(argv) or ["--help"], prog_name="handoff", standalone_mode=False)
    except OSError as error:
        # Typer prints help itself; our own writing names its failures.
        if error.errno != errno.ENOSPC or error.filename is not None:
            raise
        raise OutputError(f"cannot write the output: {error.strerror}") from error
    except SystemExit as end:
        # Typer ends the process itself after completion, and with code 1 when a reader closed our pipe.
        if isinstance(end.__context__, BrokenPipeError):
            raise end.__context__ from None
        code = end.code
    except Exception as error:
        # Typer's own error classes moved between its versions; all of them format themselves for the user.
        if not hasattr(error, "format_message"):
            raise
        raise _usage_error(error) from None
    return code if isinstance(code, int) else 0


def _usage_error(error: Exception) -> UsageError:
    message: str = error.format_message()  # type: ignore[attr-defined]
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "handoff"
    message = " ".join(message.split()).rstrip(".")
    return UsageError(message[:1].lower() + message[1:], f"see: {command} --help")
