"""Rows as ``core.patterns.Rows`` reads them, made of literals: done beforehand, or where the tables have none."""

from __future__ import annotations

from handoff_cli.core.patterns import GRAM, PART, ROW, numbers_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def rows_of(literals: Iterable[tuple[str, str]]) -> tuple[frozenset[int], str]:
    """Return what ``Rows`` are made of, of literals and what each leads to."""
    rows: dict[str, list[str]] = {"": []}
    for literal, led_to in literals:
        rows.setdefault(_first_run(literal), []).extend((literal, led_to))
    runs = frozenset(numbers_of("".join(rows).encode()))
    return runs, "".join((ROW, *(f"{run}{PART}{PART.join(parts)}{ROW}" for run, parts in rows.items())))


def _first_run(literal: str) -> str:
    word = max(literal.split() or [""], key=len)[:GRAM]
    return word if len(word) == GRAM and word.isascii() else ""
