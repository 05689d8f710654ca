"""What the console draws in color, with rich; only the console uses this."""

from __future__ import annotations

from rich.console import Console as RichConsole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from handoff_cli.cli.layout import Line


def print_lines(stream: TextIO, width: int, lines: Sequence[Line]) -> None:
    """Draw ``lines`` on ``stream``, which is ``width`` characters wide."""
    from rich.text import Text

    console = _console(stream, width)
    for line in lines:
        console.print(Text.assemble(*line), soft_wrap=True)


def print_markdown(stream: TextIO, width: int, text: str) -> None:
    """Render the document ``text`` on ``stream``, without its front matter."""
    from rich.markdown import Markdown

    _console(stream, width).print(Markdown(_without_front_matter(text), hyperlinks=False))


def _console(stream: TextIO, width: int) -> RichConsole:
    return RichConsole(file=stream, force_terminal=True, width=width, highlight=False, markup=False, emoji=False)


def _without_front_matter(text: str) -> str:
    """Return a document without its YAML head, which a markdown renderer would show as a heading."""
    if not text.startswith("---\n"):
        return text
    end = text.find("\n---\n", 4)
    return text if end < 0 else text[end + len("\n---\n") :]
