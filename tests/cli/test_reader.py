"""Whatever is on the line, the fast reader and Typer make the same of it."""

import inspect
import shlex
from unittest import mock

import pytest

from handoff_cli.cli.commands import COMMANDS, function_of
from handoff_cli.cli.reader import COMMON, CONVERSIONS, FILES, RAW, SHORT, Signature, signature_of

VALUES = ("-5", "0", "1", "٣", "", "x", "0.5", "nan", "never", "--json", "--", "-")


class Recorder:
    """A command that does nothing but remember what it was called with, defaults filled in."""

    def __init__(self, path, calls):
        self._function, self._path, self._calls = function_of(path), path, calls
        for name in ("__code__", "__annotations__", "__defaults__", "__kwdefaults__", "__doc__"):
            setattr(self, name, getattr(self._function, name))

    def __call__(self, *arguments, **options):
        bound = inspect.signature(self._function).bind(*arguments, **options)
        bound.apply_defaults()
        self._calls.append((self._path, repr(bound.arguments)))
        return 0


@pytest.fixture
def meaning(handoff):
    """Return what a line means: the calls it makes, its exit code, what it prints."""

    def of(argv, *, fast):
        calls = []
        with (
            mock.patch("handoff_cli.cli.reader.function_of", lambda path: Recorder(path, calls)),
            mock.patch("handoff_cli.cli.app.function_of", lambda path: Recorder(path, calls)),
        ):
            if fast:
                return calls, handoff(*argv)
            with mock.patch("handoff_cli.cli.reader.run_fast", return_value=None):
                return calls, handoff(*argv)

    return of


def lines(path):
    """Return lines with everything that can be wrong with the options and arguments of the command ``path``."""
    signature = signature_of(function_of(path)) if path else Signature((), 0, None, {})
    needed = ["word"] * signature.required
    letters = {long: short for short, long in SHORT.items()}
    common = COMMON.options.values() if path == "config get" else ()
    for it in (*signature.options.values(), *common):
        for word in filter(None, (it.word, letters.get(it.word))):
            yield [*path.split(), *needed, word]
            yield [*path.split(), word, "1", word, "1", *needed]
            yield [*path.split(), f"{word}=", *needed]
            yield [*path.split(), f"{word}=1", *needed]
            yield [*path.split(), f"{word}1", *needed]
        if not it.is_flag():
            typed = it.annotation in CONVERSIONS
            for value in VALUES if typed else ("", "--json"):
                yield [*path.split(), it.word, value, *needed]
                if common:
                    yield [it.word, value, *path.split(), *needed]
            yield [*path.split(), it.word, "x", it.word, "0.5", *needed]
    for count in range(len(signature.arguments) + 2):
        yield [*path.split(), *["word"] * count]
        yield [*path.split(), "--", *["-q"] * count]
    yield [*path.split(), "", *needed]
    yield [*path.split(), "--bogus", *needed]
    yield [*path.split(), "-", *needed]


@pytest.mark.parametrize("path", COMMANDS)
def test_both_readers_make_the_same_of_a_line(meaning, path):
    for argv in lines(path):
        assert meaning(argv, fast=True) == meaning(argv, fast=False), argv


@pytest.mark.parametrize("path", COMMANDS)
def test_the_fast_reader_reads_what_is_right(meaning, path):
    """The test above would say nothing if all fell through to Typer."""
    signature = signature_of(function_of(path))
    with mock.patch("handoff_cli.cli.app.run_typer", side_effect=AssertionError("Typer was asked")):
        (called,), result = meaning([*path.split(), "-q", *["word"] * signature.required], fast=True)
    assert (called[0], result) == (path, (0, "", ""))


NUMBERS = [
    (path, it.word)
    for path in COMMANDS
    for it in signature_of(function_of(path)).options.values()
    if it.annotation in CONVERSIONS and it.annotation not in FILES
]


@pytest.mark.parametrize(("path", "option"), [*NUMBERS, ("status", "--window"), ("status", "--color")])
@pytest.mark.parametrize("value", ["-5", "٣", "", "x", "1_0", "nan"])
def test_a_value_that_makes_no_sense_is_named_and_refused(meaning, path, option, value):
    calls, (code, out, err) = meaning([*path.split(), option, value], fast=True)
    assert (calls, code, out, err.count("\n")) == ([], 2, "", 1)
    assert f"invalid value for '{option}" in err
    assert repr(value) in err
    assert "Value error" not in err


@pytest.mark.parametrize("annotation", FILES)
def test_an_empty_name_of_a_file_is_refused(meaning, annotation):
    """As a variable leaves it that is not set: it is not meant to be the default."""
    named = [
        (path, it.word)
        for path in COMMANDS
        for it in signature_of(function_of(path)).options.values()
        if it.annotation == annotation
    ]
    assert named
    for path, option in named:
        calls, (code, _, err) = meaning([*path.split(), option, ""], fast=True)
        assert (calls, code, f"invalid value for '{option}" in err) == ([], 2, True)


@pytest.mark.parametrize(
    "argv", [["hook"], ["hook", "--dir"], ["hook", "--tokens", "x"], ["hook", "nobody"], ["-q", "hook"]]
)
def test_a_hook_never_ends_with_an_error_whatever_stands_behind_it(handoff, argv):
    assert handoff(*argv) == (0, "", "")


def example_of(path):
    """The command line of ours in the example that ends a command's help."""
    example = function_of(path).__doc__.rstrip().rpartition("Example:")[2].strip()
    words = list(shlex.shlex(example, posix=True, punctuation_chars="|;<>&()"))
    ours = words[words.index("handoff", words.index("--") if "--" in words else 0) + 1 :]
    ends = [number for number, word in enumerate(ours) if set(word) <= set("|;<>&()")]
    return ours[: ends[0]] if ends else ours


@pytest.mark.parametrize("path", COMMANDS)
def test_the_example_of_a_command_calls_it_without_typer(meaning, path):
    with mock.patch("handoff_cli.cli.app.run_typer", side_effect=AssertionError("Typer was asked")):
        calls, _ = meaning(example_of(path), fast=True)
    assert [called for called, _ in calls] in ([path], [f"{path} set"])


def test_only_hooks_take_words_as_they_come():
    assert [path for path in COMMANDS if signature_of(function_of(path)).rest == RAW] == ["hook"]
