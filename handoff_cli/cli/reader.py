"""Reads command lines without Typer, which costs several interpreter starts.

What a command takes stands in its function's signature alone, as it does for Typer:

- a positional parameter is an argument, ``*words`` any number of them;
- a keyword-only one is an option named as it is (``dry_run``: ``--dry-run``; ``for_``: ``--for``), a flag where its
  default is False; the letters of ``SHORT`` stand for some;
- its annotation names an entry of ``options``, and may name a conversion of ``CONVERSIONS``.

Whatever is not plain (an unknown option, a missing or bad value, too many words, --help) is left to the Typer app, the
one definition of help, completion and errors.
"""

from __future__ import annotations

from handoff_cli.cli.commands import COMMANDS, function_of
from handoff_cli.constants import NOTE_KINDS
from handoff_cli.core.fields import Number, Share, Whole
from handoff_cli.core.record import Record
from handoff_cli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from handoff_cli.cli.console import Console
    from handoff_cli.cli.options import Color, Directory, Quiet, Session, Version, Window
    from handoff_cli.state.store import Place

SHORT = {
    "-d": "--description",
    "-k": "--kind",
    "-o": "--output",
    "-q": "--quiet",
    "-t": "--transcript",
    "-y": "--yes",
}
"""One meaning per letter, in every command that has the option."""

RAW = "Anything"
"""The annotation of ``*words`` that are taken as they come, options and all."""

KEPT_FORMATS = ("markdown", "jsonl")
COLORS = ("auto", "always", "never")
LEVELS_TO_FAIL_AT = ("warning", "critical", "over")


def _whole_number(least: int) -> Callable[[str], int]:
    def convert(text: str) -> int:
        if not text[:1].isdecimal() or "_" in text or (number := Whole(least).read(text)) is None or number < least:
            raise ValueError(f"{text!r} is not a whole number of {least} or more")
        return int(number)

    return convert


def _number(least: float, most: float, field: Number) -> Callable[[str], float]:
    def convert(text: str) -> float:
        number = field.read(text) if text[:1].isdecimal() and "_" not in text else None
        if number is None or not least <= number <= most:
            raise ValueError(f"{text!r} is not a number from {least} to {most}")
        return float(number)

    return convert


def _one_of(*words: str) -> Callable[[str], str]:
    def convert(text: str) -> str:
        if text not in words:
            raise ValueError(f"{text!r} is not one of {', '.join(words)}")
        return text

    return convert


def _file_name(text: str) -> str:
    """Refuse the empty name that a variable leaves which is not set: it would mean the default."""
    if not text:
        raise ValueError("'' is no name of a file")
    return text


FILES = (
    *("Follow", "Transcript", "TranscriptToMeasure", "ReportFile"),
    *("Output", "FactsFrom", "Template", "TemplateFile"),
)
CONVERSIONS: dict[str, Callable[[str], Any]] = {
    "Tokens": _whole_number(0),
    "Budget": _whole_number(0),
    "Top": _whole_number(1),
    "Window": _whole_number(1),
    "Threshold": _number(0.01, 1, Share()),
    "Interval": _number(0.1, 3600, Number(0.1, 3600)),
    "Color": _one_of(*COLORS),
    "KeptFormat": _one_of(*KEPT_FORMATS),
    "FailAt": _one_of(*LEVELS_TO_FAIL_AT),
    "NoteKind": _one_of(*NOTE_KINDS),
    **dict.fromkeys(FILES, _file_name),
}
"""By annotation: what makes a value of a word, for both readers; ValueError says what is wrong with it."""


class Common(Record):
    """The options every command takes; None means not given."""

    directory: str | None = None
    session: str | None = None
    quiet: bool = False
    color: str = "auto"
    window: int | None = None

    def place(self) -> Place:
        """Return the place of the session named, else of the project's own."""
        from handoff_cli.usecases.place import locate

        return locate(self.directory, self.session, self.window)

    def session_place(self, *, to_record: bool = False) -> Place:
        """Return the place of the session that is meant, as ``usecases.place`` decides it."""
        from handoff_cli.usecases.place import locate_session

        return locate_session(self.directory, self.session, self.window, to_record=to_record)

    def tell_of_home(self, place: Place, console: Console) -> None:
        """Say that the folder in the user's home was not taken for a project below it, where that is so."""
        from handoff_cli.state.folder import passed_over

        if home := passed_over(place.project):
            console.message(f"{home} is not taken for what lies below your home; handoff init there makes it so")

    def console(self, *, data_to_stderr: bool = False) -> Console:
        """Return the console to draw on."""
        from handoff_cli.cli.console import Console

        return Console(self.color, quiet=self.quiet, data_to_stderr=data_to_stderr)


def common(
    *,
    dir_: Directory = None,
    session: Session = None,
    quiet: Quiet = False,
    color: Color = "auto",
    window: Window = None,
    version: Version = False,  # noqa: ARG001 - answered where the line is read
) -> Common:
    """Know how full an agent's context window is, and hand the work over before it overflows.

    Start with:  cat conversation.txt | handoff track
    """
    return Common(dir_, session, quiet, color, window)


class Parameter(Record):
    """An option or argument of a command: its name in Python and on the line, its default, its annotation."""

    name: str
    word: str
    default: Any
    annotation: str

    def is_flag(self) -> bool:
        """Return whether it is an option without a value."""
        return self.default is False


class Signature(Record):
    """What a command takes: its arguments in order, how many of them it needs, the rest's annotation, its options."""

    arguments: tuple[Parameter, ...]
    required: int
    rest: str | None
    options: dict[str, Parameter]


class CommandLine(Record):
    """A command line taken apart: the common options, the command's path, and all that is the command's own."""

    common: list[str]
    path: list[str]
    words: list[str]
    signature: Signature | None

    def typed(self) -> list[str]:
        """Return the line as Typer reads it: common options first."""
        return [*self.common, *self.path, *self.words]


def signature_of(function: Callable[..., Any]) -> Signature:
    """Return what ``function`` takes from the line; ``inspect`` would cost more than the whole reading."""
    code, kinds = function.__code__, function.__annotations__
    positional, named = code.co_argcount, code.co_kwonlyargcount
    names = code.co_varnames
    defaults = function.__defaults__ or ()
    blank = dict(zip(names[positional - len(defaults) : positional], defaults, strict=True))
    arguments = tuple(
        Parameter(name, name, blank.get(name), kinds[name]) for name in names[:positional] if name != "common"
    )
    options = {}
    for name in names[positional : positional + named]:
        word = f"--{name.strip('_').replace('_', '-')}"
        options[word] = Parameter(name, word, (function.__kwdefaults__ or {})[name], kinds[name])
    variadic = code.co_flags & 0x04
    return Signature(
        arguments,
        len(arguments) - len(defaults),
        kinds[names[positional + named]] if variadic else None,
        options,
    )


COMMON = signature_of(common)


def take_apart(argv: Sequence[str]) -> CommandLine:
    """Return ``argv`` taken apart: the common options may stand anywhere before ``--``.

    What follows an option that takes a value is that value, whatever it looks like.

    Raises:
        UsageError: a common option without its value.
    """
    ours: list[str] = []
    path: list[str] = []
    rest: list[str] = []
    signature: Signature | None = None
    own: dict[str, Parameter] = {}
    words = iter(argv)
    for word in words:
        name = SHORT.get(word, word)
        known = COMMON.options.get(name.partition("=")[0])
        if word == "--":
            rest += [word, *words]
        elif known and known.is_flag():
            ours.append(word)
        elif known and name == known.word:
            value = next(words, None)
            if value is None:
                raise UsageError(f"{word} needs a value", "see: handoff --help")
            ours += [word, value]
        elif known:
            ours.append(word)
        elif not rest and " ".join((*path, word)) in COMMANDS:
            path.append(word)
            signature = signature_of(function_of(" ".join(path)))
            own = signature.options
            if signature.rest == RAW:
                rest += words
        elif name in own and not own[name].is_flag():
            rest += [word, *(value for value in [next(words, None)] if value is not None)]
        else:
            rest.append(word)
    return CommandLine(ours, path, _values_last(rest, signature), signature)


def _values_last(words: list[str], signature: Signature | None) -> list[str]:
    """Return ``words`` with numbers below nothing behind ``--``: no options; whoever takes them says what is wrong."""
    if signature is None or "--" in words or not any(it.annotation == "Value" for it in signature.arguments):
        return words
    negative = [word for word in words if word[:1] == "-" and word[1:2].isdigit()]
    return [*(word for word in words if word not in negative), "--", *negative] if negative else words


def run_fast(line: CommandLine) -> int | None:
    """Run ``line`` if it is plain, and return its exit code; None leaves it to Typer."""
    if line.typed() == ["--version"]:
        return run_fast(take_apart(["version"]))
    if line.signature is None:
        return None
    ours, own = read(COMMON, line.common), read(line.signature, line.words)
    if ours is None or own is None or "version" in ours[1]:
        return None
    code: int = function_of(" ".join(line.path))(common(**ours[1]), *own[0], **own[1])
    return code


def read(signature: Signature, words: Sequence[str]) -> tuple[list[Any], dict[str, Any]] | None:
    """Return the arguments and options that ``words`` give; None when there is anything to doubt."""
    if signature.rest == RAW:
        return _read_raw(words)
    taken = _take(signature.options, words)
    if taken is None:
        return None
    arguments, found = taken
    if len(arguments) < signature.required or (signature.rest is None and len(arguments) > len(signature.arguments)):
        return None
    try:
        options = {it.name: _converted(it.annotation, value) for it, value in found}
        given = [_converted(it.annotation, word) for it, word in zip(signature.arguments, arguments, strict=False)]
    except ValueError:
        return None
    return given + arguments[len(given) :], options


def _read_raw(words: Sequence[str]) -> tuple[list[Any], dict[str, Any]] | None:
    taken = list(words)
    if "-h" in taken or "--help" in taken:
        return None
    if "--" in taken:
        taken.remove("--")
    return taken, {}


def _take(
    options: dict[str, Parameter], words: Sequence[str]
) -> tuple[list[str], list[tuple[Parameter, str | bool]]] | None:
    """Return the arguments among ``words``, and the ``options`` with their values as written."""
    arguments: list[str] = []
    found: list[tuple[Parameter, str | bool]] = []
    left = iter(words)
    for word in left:
        if word == "--":
            arguments += left
            continue
        if word == "-" or not word.startswith("-"):
            arguments.append(word)
            continue
        name, equals, attached = SHORT.get(word, word).partition("=")
        option = options.get(name)
        if option is None or (equals and option.is_flag()):
            return None
        value = True if option.is_flag() else attached if equals else next(left, None)
        if value is None:
            return None
        found.append((option, value))
    return arguments, found


def _converted(annotation: str, value: Any) -> Any:
    return CONVERSIONS[annotation](value) if annotation in CONVERSIONS else value
