"""A user's own factor for a model whose tokenizer is not public: what usage they saw, over what we counted."""

from __future__ import annotations

from handoff_cli.core.record import Record
from handoff_cli.models.lookup import bare_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_MOST_FACTOR = 100


class Calibration(Record):
    """Tokens of the model for one of ``encoding``: ``factor`` between ``low`` and ``high`` (5th, 95th percentile).

    ``samples`` is the number of responses it was learnt from, ``tokens`` what they added up to, ``date`` the day.
    """

    encoding: str
    factor: float
    low: float
    high: float
    samples: int
    tokens: int
    date: str


def calibrations_of(value: Any) -> dict[str, Calibration]:
    """Return calibrations by model as JSON holds them; raises ValueError, naming the member, for what is none."""
    if not isinstance(value, dict):
        raise ValueError("calibration")  # noqa: TRY004 - all nonsense in a file is one error
    return {name: _calibration(name, member) for name, member in value.items()}


def is_plausible(found: Calibration) -> bool:
    """Return whether ``found`` can be a calibration; nothing else is read back, so nothing else is to be written."""
    factors = (found.low, found.factor, found.high)
    numbers = all(type(factor) in (int, float) and 0 < factor < _MOST_FACTOR for factor in factors)
    counts = all(type(count) is int and count >= 0 for count in (found.samples, found.tokens))
    texts = isinstance(found.encoding, str) and isinstance(found.date, str)
    return texts and numbers and counts and found.low <= found.factor <= found.high


def find_calibration(calibrations: Mapping[str, Calibration], model: str | None, encoding: str) -> Calibration | None:
    """Return the calibration for ``model`` where there is one for what counts in ``encoding``."""
    found = calibrations.get(bare_name(model)) if model and calibrations else None
    return found if found and found.encoding == encoding else None


def _calibration(name: str, value: Any) -> Calibration:
    if not isinstance(value, dict) or not all(field in value for field in Calibration._fields):
        raise ValueError(f"calibration.{name}")
    found = Calibration(**{field: value[field] for field in Calibration._fields})
    if not is_plausible(found):
        raise ValueError(f"calibration.{name}")
    return found
