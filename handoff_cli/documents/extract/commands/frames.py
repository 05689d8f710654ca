"""Where in the project an error was raised on which a test failed, by the frames that its runner printed below it."""

from __future__ import annotations

from handoff_cli.core.paths import is_test
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.core.verdicts import LONG

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_MOST_LINES, _PARTS_SHOWN = 60, 3


def with_places(found: Mapping[str, str], hits: Sequence[tuple[int, str]], lines: Sequence[str]) -> dict[str, str]:
    """Return what was ``found`` (names of tests, with why each failed) with the place of the first own frame of each.

    What names a place itself needs none, and neither does what the test itself found: its frame is the test's.

    Args:
        found: Why each test failed, by its name.
        hits: The lines that name what failed, in order: where each stands, and the name.
        lines: What was printed.
    """
    blocks = [*_blocks(found, hits, lines)]
    places: dict[str, str] = {}
    for name, block in blocks:
        if not places.get(name) and found.get(name) and not _NAMES_PLACE.search(f"{name} {found[name]}"):
            places[name] = place_in(block)
    return {name: f"{why} at {places[name]}" if places.get(name) else why for name, why in found.items()}


def _blocks(
    found: Mapping[str, str], hits: Sequence[tuple[int, str]], lines: Sequence[str]
) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield what was printed of each test: below its name, and below the heading that pytest gives it."""
    ends = [at for at, _ in hits[1:]] + [len(lines)]
    for (at, name), end in zip(hits, ends, strict=False):
        yield name, lines[at + 1 : min(end, at + 1 + _MOST_LINES)]
    by_head = {name.partition("::")[2].replace("::", ".").strip("_ "): name for name in found if "::" in name}
    heads = [at for at, line in enumerate(lines) if by_head and line.startswith("___")]
    for at, end in zip(heads, [*heads[1:], len(lines)], strict=False):
        if test := by_head.get(lines[at].strip("_ ")):
            block = lines[at + 1 : end]
            yield test, block[: next((it for it, line in enumerate(block) if line.startswith("===")), None)]


def place_in(block: Sequence[str]) -> str:
    """Return the place of the frame of the project next to where an error was raised, empty where that is a test's."""
    frames = [frame for line in block if len(line) <= LONG and (frame := _FRAME.match(line))]
    ours = {_package(it["class"]) for it in frames if it["class"] and _TEST_FILE.search(it["filejvm"])}
    frames = [it for it in frames if not it["class"] or _package(it["class"]) in ours]
    places = [(it[f"file{kind}"], it[f"line{kind}"], kind) for it in frames for kind in _KINDS if it[f"file{kind}"]]
    if places and places[0][2] in _OUTERMOST_FIRST:
        places.reverse()
    own = next(((file, line) for file, line, _ in places if not is_of_others(file)), None)
    if own is None or is_test(own[0]) or _TEST_FILE.search(own[0]):
        return ""
    return f"{_short(own[0])}:{own[1]}"


def _package(name: str) -> str:
    """Return the beginning of the name of a class that those of a project share."""
    return ".".join(name.split(".")[:2])


def _short(path: str) -> str:
    """Return a path as it is from the project, of an absolute one its last parts."""
    parts = path.replace("\\", "/").removeprefix("file://").removeprefix("./").split("/")
    return "/".join(parts[-_PARTS_SHOWN:] if not parts[0] or parts[0].endswith(":") else parts)


_FILE = r"(?:[A-Za-z]:)?[^\s:()'\",]{1,300}\.[A-Za-z]\w{0,5}"
_KINDS = ("js", "python", "pytest", "ruby", "php", "pest", "go", "net", "elixir", "dart", "jvm", "phpunit")
_OUTERMOST_FIRST = ("python", "pytest")
_FRAME = lazily(
    rf"\s*(?:at (?:[^\n(]{{1,200}} \()?(?:file://)?(?P<filejs>{_FILE}):(?P<linejs>\d+):\d+\)?"
    rf"|\u276f (?:\S{{1,100}} )?(?P<filepest>{_FILE}):(?P<linepest>\d+)(?::\d+)?"
    r'|File "(?P<filepython>[^"\n]{1,300})", line (?P<linepython>\d+)(?:, in .*)?'
    rf"|# (?P<fileruby>{_FILE}):(?P<lineruby>\d+):in .*"
    rf"|at (?P<filephp>{_FILE}):(?P<linephp>\d+)"
    rf"|\([\w~.\s]{{1,40}}\) (?P<fileelixir>{_FILE}):(?P<lineelixir>\d+): .*"
    rf"|at [^\n]{{1,200}}\) in (?P<filenet>[^\n]{{1,300}}\.\w{{1,6}}):line (?P<linenet>\d+)"
    rf"|package:(?P<filedart>{_FILE}) (?P<linedart>\d+)(?::\d+)? .*)\s*$"
    r"|\s*at (?P<class>[\w.$]{1,200})\.[\w$<>]{1,80}\((?P<filejvm>\w{1,100}\.\w{1,6}):(?P<linejvm>\d+)\)\s*$"
    rf"|(?P<filephpunit>/{_FILE}):(?P<linephpunit>\d+)$"
    rf"|\t(?P<filego>/{_FILE}):(?P<linego>\d+)(?: \+0x[0-9a-f]+)?$"
    rf"|(?P<filepytest>{_FILE}\.?):(?P<linepytest>\d+): (?:in .*|[A-Z]\w*)?$"
)
"""Frames as V8, vitest, Python, RSpec, Pest, ExUnit, .NET, Dart, the JVM, PHPUnit, Go and pytest print them."""

_NAMES_PLACE = lazily(r"\w\.\w{1,6}:\d+|line \d+|\w\.\w{1,6}\(\d+")
_TEST_FILE = lazily(
    r"(?:Tests?|Spec|IT)\.\w+$|(?:^|[/\\])(?:conftest\.py|tests?\.\w+)$|(?:^|[/\\])(?:Tests|Specs)[/\\]"
)


def is_of_others(path: str) -> bool:
    """Return whether the file at ``path`` is one of a package, of the language or of its runner."""
    return _OF_OTHERS.search(path) is not None


_OF_OTHERS = caseless(
    r"node_modules|^node:|^internal[/\\]|(?:site|dist)-packages|[/\\]lib[/\\]python\d|\.venv[/\\]|^<|[/\\]gems[/\\]"
    r"|(?:^|[/\\])vendor[/\\]|[/\\]lib[/\\]ruby[/\\]|[/\\]usr[/\\](?:local[/\\])?(?:lib|go)[/\\]|[/\\]pkg[/\\]mod[/\\]"
    r"|[/\\]go[/\\]src[/\\]|[/\\]libexec[/\\]|\.cargo[/\\]|^/rustc/|^/_/|[/\\]nix[/\\]store|(?:^|[/\\])deps[/\\]"
    r"|^(?:flutter|test_api|matcher)|[/\\]\.pub-cache|^lib/(?:ex_unit|elixir)|webpack-internal|[/\\]\.asdf[/\\]"
)
