"""Files that commands edit in place by a pattern of their names: which of them it changed, no output tells."""

from __future__ import annotations

from handoff_cli.core.patterns import DOTALL, lazily
from handoff_cli.documents.extract.commands.command_lines import masked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handoff_cli.core.transcript import Command


def edited_by_pattern(commands: Sequence[Command]) -> tuple[str, ...]:
    """Return the patterns of files that ``commands`` edited in place, the latest first."""
    found: dict[str, None] = {}
    for command in reversed(commands):
        if command.outcome != "failed" and IN_PLACE.search(command.text):
            found.update(dict.fromkeys(_patterns(masked(command.text[:_MOST_CHARS]))))
    return tuple(found)


def _patterns(bare: str) -> Iterator[str]:
    """Yield the patterns behind a command that edits in place, or of the loop that it stands in."""
    for words in (*_BEHIND.findall(bare), *(it[0] for it in _LOOP.findall(bare) if IN_PLACE.search(it[1]))):
        yield from (it for it in words.split() if "*" in it and _NAMES.fullmatch(it) and not it.startswith(_SCRIPTS))


_EDITS = r"\b(?:g?sed\b[^\n;&|]{0,200}?\s(?:-[a-zA-Z]*i|--in-place)|perl\s+-\w{0,4}i)"
IN_PLACE, _BEHIND = lazily(_EDITS), lazily(rf"{_EDITS}((?:\\\n|[^\n;&|]){{0,2000}})")
_SCRIPTS = ("s/", "y/")
"""How what stands behind ``sed -i`` begins that is no name of a file."""
_LOOP = lazily(r"\bfor\s+\w+\s+in\s([^\n;]{1,2000}?)(?:;|\n)\s*do\b(.{0,4000}?)\bdone\b", DOTALL)
_NAMES, _MOST_CHARS = lazily(r"[\w.{},*/-]*\*[\w.{},*/-]*"), 20_000
