"""Rows as ``core.patterns.Rows`` reads them, made of literals: done beforehand, or where the tables have none."""

from __future__ import annotations

from itertools import accumulate

from handoff_cli.core.patterns import GRAM, PART, numbers_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def rows_of(literals: Iterable[tuple[str, str]]) -> tuple[str, bytes, str]:
    """Return what ``Rows`` are made of, of literals and what each leads to."""
    rows: dict[str, list[str]] = {"": []}
    for literal, led_to in literals:
        rows.setdefault(_first_run(literal), []).extend((literal, led_to))
    runs = sorted(rows, key=lambda run: numbers_of(run.encode()))  # none comes first
    texts = [PART.join(rows[run]) for run in runs]
    ends = b"".join(end.to_bytes(GRAM, "little") for end in accumulate(map(len, texts), initial=0))
    return "".join(runs), ends, "".join(texts)


def _first_run(literal: str) -> str:
    word = max(literal.split() or [""], key=len)[:GRAM]
    return word.ljust(GRAM, "\0") if len(word) >= GRAM - 1 and word.isascii() else ""
