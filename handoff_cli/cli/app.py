"""The Typer app: help, completion, and errors of every command; made for what is asked, because Typer is dear.

``for_typer`` shows Typer the plain functions of ``commands``; ``reader`` reads the same ones.
"""

from __future__ import annotations

import copy
import errno
import inspect
import os
import shutil
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer
from typer.core import TyperGroup

from handoff_cli.cli import options
from handoff_cli.cli.commands import COMMANDS, GROUPS, function_of
from handoff_cli.cli.reader import COMMON, CONVERSIONS, RAW, SHORT, common, read, signature_of
from handoff_cli.errors import OutputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from handoff_cli.cli.reader import CommandLine, Parameter

_LETTERS = {long: short for short, long in SHORT.items()}
_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
_NARROW, _NARROWEST = 50, 40
"""Columns: Click draws a help no narrower than the first by itself."""

_RAW_SETTINGS = {"ignore_unknown_options": True}


class _Commands(Mapping[str, Any]):
    """The commands below ``path`` (none: all), each made when it is looked up."""

    def __init__(self, path: str = "") -> None:
        self._path = path
        self._names = [
            name for name in (it.removeprefix(f"{path} ".lstrip()) for it in _below(path)) if " " not in name
        ]

    def __getitem__(self, name: str) -> Any:
        if name not in self._names:
            raise KeyError(name)
        return _made(f"{self._path} {name}".strip())

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class _Group(TyperGroup):
    """A group that lists its commands by the first lines of their functions, without making them."""

    path = ""

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - as Typer calls it
        """Write the list of commands; those of the whole app under the headings of their groups."""
        headed = {name: [it for paths in found.values() for it in paths] for name, found in GROUPS.items()}
        for heading, paths in ({"Commands": _below(self.path)} if self.path else headed).items():
            names = {it: it.removeprefix(f"{self.path} ") for it in paths}
            rows = [(name, _first_line(it)) for it, name in names.items() if " " not in name]
            with formatter.section(heading):
                formatter.write_dl(rows)


def _below(path: str) -> list[str]:
    return [it for it in COMMANDS if it.startswith(f"{path} ".lstrip()) and it != path]


def _first_line(path: str) -> str:
    return (function_of(path).__doc__ or "").partition("\n")[0]


def root() -> Any:
    """Return the whole app as Typer makes it; a command below it is made when it is looked up."""
    return _made("")


def _made(path: str) -> Any:
    """Return the command or group at ``path`` (empty: the whole app) as Typer makes it."""
    function = function_of(path) if path else common
    text, example = _help_of(function)
    name = path.rpartition(" ")[2] or "handoff"
    # Plain help costs half of what rich help does, reads the same in a pipe, and keeps the README's copies stable.
    plain: dict[str, Any] = {"rich_markup_mode": None, "add_completion": not path, "pretty_exceptions_enable": False}
    if path and not _below(path):
        single = typer.Typer(**plain)
        settings = _settings() | (_RAW_SETTINGS if signature_of(function).rest == RAW else {})
        single.command(name, help=text, epilog=example, context_settings=settings)(for_typer(function))
        return _with_plain_arguments(typer.main.get_command(single))
    group = typer.Typer(
        name=name,
        cls=_Group,
        help=text,
        epilog=example,
        context_settings=_settings(),
        invoke_without_command=bool(path),
        **plain,
    )
    group.callback()(for_typer(function))
    made: Any = typer.main.get_command(group)
    made.path, made.commands = path, _Commands(path)
    return made


def _settings() -> dict[str, Any]:
    columns = shutil.get_terminal_size().columns
    return _SETTINGS | ({"terminal_width": max(columns, _NARROWEST)} if columns < _NARROW else {})


def _help_of(function: Callable[..., Any]) -> tuple[str, str]:
    """Return the help of ``function`` and the example that ends its docstring, which stays on its line to be copied."""
    text, _, example = inspect.cleandoc(function.__doc__ or "").rpartition("\n\n")
    return text, f"\b\n{example}"


def _with_plain_arguments(command: Any) -> Any:
    """Return ``command`` with arguments that show no type, for all of them are words, and no braces around them."""
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            parameter.display_type_rich = lambda ctx: ""  # noqa: ARG005 - as Typer calls it
            parameter.get_usage_pieces = _without_braces(parameter.get_usage_pieces)
    return command


def _without_braces(pieces: Callable[[Any], list[str]]) -> Callable[[Any], list[str]]:
    return lambda context: [piece.strip("{}") for piece in pieces(context)]


def for_typer(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``function`` as Typer reads it: annotations looked up in ``options``, what is common from the context."""
    signature = signature_of(function)
    given = [*signature.arguments, *signature.options.values()]
    # What may stand anywhere on the line is offered anywhere; it is read before Typer sees the line.
    offered = COMMON.options.values() if _is_completing() and function is not common else ()
    named = {it.name: _for_typer(it, option=it.word.startswith("--")) for it in (*given, *offered)}
    for number, it in enumerate(signature.arguments):
        if number < signature.required:
            named[it.name] = named[it.name].replace(default=inspect.Parameter.empty)
    if signature.rest:
        _, info = get_args(getattr(options, signature.rest))
        named["rest"] = _parameter("rest", Annotated[list[str] | None, info], None)

    def run(context: typer.Context, **values: Any) -> Any:
        if function is common:
            context.obj = common(**values)
            return None
        if context.invoked_subcommand:
            _refuse_before_command(context, [it for it in given if values[it.name] != it.default])
            return None
        arguments = [*(values.pop(it.name) for it in signature.arguments), *(values.pop("rest", None) or ())]
        return function(context.obj, *arguments, **values)

    context = inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
    parameters = [context, *named.values()]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {it.name: it.annotation for it in parameters}
    return run


def _for_typer(parameter: Parameter, *, option: bool) -> inspect.Parameter:
    kind, info = get_args(getattr(options, parameter.annotation))
    info = copy.copy(info)
    if option:
        letter = _LETTERS.get(parameter.word)
        info.param_decls = (parameter.word, *([letter] if letter else []))
    convert = CONVERSIONS.get(parameter.annotation)
    if convert:
        info.parser = _parser(convert)
    return _parameter(parameter.name, Annotated[kind, info], parameter.default)


def _parser(convert: Callable[[str], Any]) -> Callable[[Any], Any]:
    """Return ``convert`` as Typer takes it: defaults come the same way, and what a ValueError says is not kept."""

    def parse(value: Any) -> Any:
        try:
            return convert(value) if isinstance(value, str) else value
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None

    return parse


def _parameter(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _refuse_before_command(context: typer.Context, given: Sequence[Parameter]) -> None:
    """Raise UsageError when an option of a group stands before one of its commands: it would be lost."""
    for it in given:
        command = f"{context.command_path} {context.invoked_subcommand}"
        raise UsageError(f"{it.word} stands before the command it is meant for", f"see: {command} --help")


def run_typer(line: CommandLine) -> int:
    """Run ``line`` through Typer and return the exit code.

    Raises:
        UsageError: the command line cannot be understood.
        HandoffError: the command failed.
    """
    try:
        code = _run(line)
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


def _run(line: CommandLine) -> Any:
    common_options = read(COMMON, line.common)
    if line.path and common_options and "version" not in common_options[1] and not _is_completing():
        # Only what is asked for is made: the app's own options, read by Typer, would load pydantic for a --help.
        name = " ".join(("handoff", *line.path))
        made = _made(" ".join(line.path))
        return made.main(args=line.words, prog_name=name, standalone_mode=False, obj=common(**common_options[1]))
    return root().main(args=line.typed() or ["--help"], prog_name="handoff", standalone_mode=False)


def _is_completing() -> bool:
    return "_HANDOFF_COMPLETE" in os.environ


def _usage_error(error: Exception) -> UsageError:
    message: str = error.format_message()  # type: ignore[attr-defined]
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "handoff"
    message = " ".join(message.split()).rstrip(".")
    return UsageError(message[:1].lower() + message[1:], f"see: {command} --help")
