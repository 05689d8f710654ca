"""The files that a loop of the shell printed one by one: ``for f in docs/*.md; do echo "== $f"; cat "$f"; done``."""

from __future__ import annotations

from handoff_cli.core.patterns import lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


def looped_over(command: str) -> tuple[str, ...]:
    """Return the paths, or patterns of paths, over which a ``command`` loops to print each; nothing for any other."""
    found = _LOOP.search(command) if "; do" in command or "\ndo" in command else None
    return tuple(it.strip("'\"") for it in found["over"].split() if _PATH.fullmatch(it)) if found else ()


def printed_by_loop(command: str, output: str) -> Iterator[tuple[str, str]]:
    """Yield path and text of each file that a ``command`` which loops over files printed below a line with its name."""
    over = [it.partition("*") for it in looped_over(command)]
    path, lines = "", list[str]()
    for line in output.split("\n") if over else ():
        named = _BANNER.fullmatch(line)
        if named and any(_fits(named[1], *parts) for parts in over):
            if lines:
                yield path, "\n".join(lines)
            path, lines = named[1], []
        elif path and (lines or line.strip()):
            lines.append(line)
    if lines:
        yield path, "\n".join(lines).rstrip()


def _fits(path: str, start: str, star: str, end: str) -> bool:
    return path.startswith(start) and path.endswith(end.rpartition("*")[2]) if star else path == start


_LOOP = lazily(
    r"\bfor (?P<name>\w+) in (?P<over>[^;\n$]{1,2000})[;\n]\s*do\b[^|]{0,200}?"
    r"\b(?:cat|nl|head|sed -n ['\"]?\d+,?\d*p)\b[^;|\n$<>]{0,40}(?<=[\s\"'/])"
    r"(?:\$(?P=name)|\$\{(?P=name)\})['\"]?(?=[\s;|&)]|$)(?!\s*>)"
)
"""A print of what ``$f`` names: a part of a longer name is none, nor is what another file is written to or from."""
_PATH = lazily(r"['\"]?[\w.*/~@+-]*\.[A-Za-z]\w*['\"]?")
_BANNER = lazily(r"\W{0,12}?([\w.~@+-]*(?:/[\w.@+-]+)*\.\w+)\W{0,12}")
