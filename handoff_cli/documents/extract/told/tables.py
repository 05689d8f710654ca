"""Tables of figures in what the agent said: what was measured, counted or added up, as nothing else tells it.

And of what something is called or set to, in code: ports, addresses, keys.
"""

from __future__ import annotations

from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.facts import TABLE, Finding
from handoff_cli.documents.extract.language.words import plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handoff_cli.core.transcript import Message

_LEAST_ROWS, _MOST_ROWS, _MOST_CHARS, _MOST_SAID = 2, 12, 460, 60
_ALIKE, _NAME_CHARS = 2, 16
"""A table of which so many rows are called as a later one's was set right by that; how much of a name counts."""

_RULE = lazily(r"\|?[\s:|-]*-{2,}[\s:|-]*\Z")
_FIGURE_FORM = r"[~≈<>=±+−-]{0,2} ?[$€£]?\d[\d.,\u202f]* ?[^\s:/]{0,12}(?: [^:]{0,12})?\Z"  # noqa: RUF001
_FIGURE = lazily(_FIGURE_FORM)
_NAMED, _PAIR = lazily(rf"{_FIGURE_FORM}|(?:[^`|]{{0,24}}[ (])?`[^`]+`"), 2
"""What a row of two cells gives its name: a figure, or what is written as code."""
_WEIGHS = caseless(
    r"(?:aspect|feature|criteri\w+|factor|consideration|property|option|approach|category|metric type)s?\b"
)
"""How a table is headed that compares designs: its figures were not measured."""

_MOST_CELLS = 6


def tables_of(messages: Sequence[Message]) -> tuple[Finding, ...]:
    """Return the tables of figures in the agent's last ``messages`` in order, a line each; of alike ones the last."""
    found: list[tuple[Finding, frozenset[str]]] = []
    for message in reversed([it for it in messages if it.role != "user" and "|" in it.text][-_MOST_SAID:]):
        for place, rows in reversed(list(enumerate(_tables(message.text)))):
            names = frozenset(row[0][:_NAME_CHARS].lower() for row in rows[1:])
            known = any(len(names & other) >= _ALIKE for _, other in found)
            if not known and (text := _told(rows)):
                found.append((Finding(text, TABLE, message.position, place=1_000 + place), names))
    return tuple(it for it, _ in reversed(found))


def _told(rows: list[list[str]]) -> str:
    """Return a table in a line, empty where few of its rows have figures: with its head where rows need that."""
    head, *body = rows
    exact = _NAMED if len(head) == _PAIR else _FIGURE
    with_figures = sum(any(map(exact.match, row[1:])) for row in body)
    few = with_figures * 3 < len(body) * 2
    if few or not _LEAST_ROWS <= len(body) <= _MOST_ROWS or _WEIGHS.match(head[0]):
        return ""
    lines = [f"{row[0] or '-'}: {', '.join(filter(None, row[1:]))}" for row in body]
    headed = f"({' | '.join(filter(None, head))}) " if len(list(filter(None, head))) > _LEAST_ROWS else ""
    text = f"{headed}{'; '.join(lines)}"
    return text if len(text) <= _MOST_CHARS else ""


def _tables(text: str) -> Iterator[list[list[str]]]:
    """Yield the tables of ``text``: their rows, the head first, as cells without marks."""
    lines = [line.strip() for line in text.split("\n")]
    place = 1
    while place < len(lines):
        if not ("|" in lines[place - 1] and "|" in lines[place] and _RULE.match(lines[place])):
            place += 1
            continue
        rows, start = [_cells(lines[place - 1])], place
        place += 1
        while place < len(lines) and "|" in lines[place] and place - start <= _MOST_ROWS + 1:
            rows.append(_cells(lines[place]))
            place += 1
        if all(len(row) <= _MOST_CELLS for row in rows):
            yield rows
        place += 1


def _cells(line: str) -> list[str]:
    return [plain(it) for it in line.strip("|").split("|")]
