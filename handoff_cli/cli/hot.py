"""The fast door: reads the command lines of the hot verbs without Typer, which costs several interpreter starts.

Only what is spelled exactly as documented is taken; anything else (an unknown option, a missing or bad value, --help)
is left to the Typer app, the one definition of help, completion and errors. Both doors call the functions in
``verbs``, ``status_verbs`` and ``agent_verbs``.
"""

from __future__ import annotations

from handoff_cli.cli.console import Console
from handoff_cli.constants import VERSION
from handoff_cli.core.record import Record
from handoff_cli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from handoff_cli.state.store import Place

COLORS = ("auto", "always", "never")
_HOT_FORMATS = ("text", "auto")

_GLOBAL_VALUES = {"--dir": "directory", "--session": "session", "--color": "color", "--window": "window"}
_GLOBAL_FLAGS = {"--quiet": "quiet", "-q": "quiet"}

_VALUES: dict[str, dict[str, str]] = {
    "track": {
        "-d": "description",
        "--description": "description",
        "--model": "model",
        "--encoding": "encoding",
        "--format": "format",
        "--role": "role",
        "--tokens": "tokens",
    },
    "count": {"--model": "model", "--encoding": "encoding", "--format": "format", "--role": "role"},
    "status": {},
    "statusline": {"--format": "template"},
    "sync": {"--agent": "agent", "--transcript": "transcript", "--format": "reader", "--model": "model"},
}
_FLAGS: dict[str, dict[str, str]] = {
    "track": {
        "--safe": "safe",
        "--exact": "exact",
        "--tee": "tee",
        "--dry-run": "dry_run",
        "--strict": "strict",
        "--json": "as_json",
    },
    "count": {
        "--safe": "safe",
        "--exact": "exact",
        "--strict": "strict",
        "--by-file": "by_file",
        "--json": "as_json",
    },
    "status": {"--json": "as_json", "--line": "line", "--exit-code": "exit_code"},
    "statusline": {},
    "sync": {"--json": "as_json"},
}
VALUE_OPTIONS = frozenset(
    (
        *("-d", "--description", "--model", "--encoding", "--format", "--role", "--tokens", "--follow"),
        *("--since", "--agent", "--transcript", "--output", "-o", "--template", "--goal", "--next", "--threshold"),
        *("--interval", "--budget", "--check", "--done", "--for", "--kind", "-k", "--ref", "--summarize-with", "-t"),
    )
)
"""Every option of every command that takes a value; a test holds it against Typer's own."""

_NO_FILES = ("status", "statusline", "sync")
_CONVERSIONS: dict[str, Callable[[str], Any]] = {
    "tokens": int,
    "window": int,
    "color": lambda text: COLORS[COLORS.index(text)],
    "format": lambda text: _HOT_FORMATS[_HOT_FORMATS.index(text)],
}


class Globals(Record):
    """The options every command takes; None means not given."""

    directory: str | None = None
    session: str | None = None
    quiet: bool = False
    color: str = "auto"
    window: int | None = None

    def place(self) -> Place:
        """Return the place of the session meant."""
        from handoff_cli.usecases.place import locate

        return locate(self.directory, self.session, self.window)

    def console(self, *, data_to_stderr: bool = False) -> Console:
        """Return the console to draw on."""
        return Console(self.color, quiet=self.quiet, data_to_stderr=data_to_stderr)


def hoist_globals(argv: Sequence[str]) -> list[str]:
    """Return ``argv`` with the global options moved to the front: they may stand anywhere before ``--``.

    What follows an option that takes a value is that value, whatever it looks like.

    Raises:
        UsageError: a global option without its value.
    """
    hoisted: list[str] = []
    rest: list[str] = []
    words = iter(argv)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word in _GLOBAL_VALUES:
            value = next(words, None)
            if value is None:
                raise UsageError(f"{word} needs a value", "see: handoff --help")
            hoisted += [word, value]
        elif word in _GLOBAL_FLAGS or word.partition("=")[0] in _GLOBAL_VALUES:
            hoisted.append(word)
        elif word in VALUE_OPTIONS:
            rest += [word, *(value for value in [next(words, None)] if value is not None)]
        else:
            rest.append(word)
    return hoisted + rest


def run_hot(argv: Sequence[str]) -> int | None:
    """Run ``argv`` (globals hoisted) if it is a hot verb's, and return its exit code; None leaves it to Typer."""
    if list(argv) == ["--version"]:
        print(f"handoff {VERSION}")  # noqa: T201 - one constant line; a console would cost more than the answer
        return 0
    if "hook" in argv[:1] and not {"-h", "--help"}.intersection(argv):
        from handoff_cli.cli.agent_verbs import hook

        return hook(argv[1:])
    words = list(argv)
    common = _take(words, _GLOBAL_VALUES, _GLOBAL_FLAGS, stop_at_word=True)
    if common is None or not words or words[0] not in _VALUES:
        return None
    verb = words.pop(0)
    options = _take(words, _VALUES[verb], _FLAGS[verb])
    if options is None or (words and verb in _NO_FILES):
        return None
    run: Callable[..., int]
    if verb == "statusline":
        from handoff_cli.cli.agent_verbs import statusline as run
    elif verb in _NO_FILES:
        from handoff_cli.cli import status_verbs

        run = getattr(status_verbs, verb)
    else:
        from handoff_cli.cli import verbs
        from handoff_cli.usecases.pieces import Request

        asked = {name: options.pop(name) for name in Request._fields if name in options}
        run = getattr(verbs, verb)
        return run(Globals(**common), words, Request(**asked), **options)
    return run(Globals(**common), **options)


def _take(
    words: list[str], values: dict[str, str], flags: dict[str, str], *, stop_at_word: bool = False
) -> dict[str, Any] | None:
    """Take the options out of ``words``, leaving what is none; None when there is one this door does not know."""
    taken: dict[str, Any] = {}
    left: list[str] = []
    while words:
        word = words.pop(0)
        name, equals, value = word.partition("=")
        if not word.startswith("-") or word == "-":
            left.append(word)
            if stop_at_word:
                break
        elif word == "--":
            left += words
            words.clear()
        elif word in flags:
            taken[flags[word]] = True
        elif name in values and (equals or words) and not (equals and not name.startswith("--")):
            try:
                taken[values[name]] = _CONVERSIONS.get(values[name], str)(value if equals else words.pop(0))
            except ValueError:
                return None
        else:
            return None
    words[:0] = left
    return taken
