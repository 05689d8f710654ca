"""What is known of a model by its id: encoding, window, and how far its own tokenizer differs from o200k.

The last is measured (``table``), or the user's own: a ``Calibration`` is what usage they saw, over what we counted.
"""

from __future__ import annotations

from handoff_cli.constants import DEFAULT_ENCODING
from handoff_cli.core.patterns import IGNORECASE, compiled
from handoff_cli.core.record import Record
from handoff_cli.models.table import MODELS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_PROVIDERS = ("anthropic", "openai", "google", "meta", "mistral", "deepseek", "qwen", "zai", "moonshot", "xai")
_FAMILIES = (
    *((name, name) for name in ("llama", "qwen", "deepseek", "mistral", "kimi", "glm", "gemini")),
    *((name, "mistral") for name in ("mixtral", "codestral", "ministral", "devstral", "magistral", "pixtral")),
    ("gemma", "gemini"),
)
"""What in the id of a model of the catalogue tells whose tokenizer it has."""
_DATED = compiled(r"-(?:20\d{6}|20\d\d-\d\d-\d\d)(?:-v\d+)?$")
_WRITTEN = compiled(r"\[([1-9]\d{0,4})([km])\]|\b([1-9]\d{0,4})([km]) context", IGNORECASE)
_UNITS = {"k": 1_000, "m": 1_000_000}
_ALIASES = {name: f"claude-{name}-latest" for name in ("opus", "sonnet", "haiku")}
"""What Claude Code calls its newest models."""
_WRITTEN_IN_ID = "the model id"
_MOST_FACTOR = 100


class ModelInfo(Record):
    """One model, as ``find_model`` knows it.

    Attributes:
        model: The id that was asked for.
        pattern: The entry of the table that matched.
        family: Models that share a tokenizer; the key of the measured factors.
        encoding: The tiktoken encoding to count in: the model's own where ``counted``, else the one that is scaled.
        window: The context window in tokens.
        input_limit: The most tokens a prompt may have; the window, or less where room is kept for the answer.
        counted: Whether the model's own tokenizer is public, so that a count is a count and no estimate.
        source: Where window and encoding are written down.
    """

    model: str
    pattern: str
    family: str
    encoding: str
    window: int
    input_limit: int
    counted: bool
    source: str

    @property
    def written_in_id(self) -> bool:
        """Whether the window stands in the id itself, as in ``[1m]``: it goes before what an agent usually gives."""
        return self.source == _WRITTEN_IN_ID


def find_model(model_id: str) -> ModelInfo | None:
    """Return what is known of ``model_id``, by the longest pattern that matches; None for an unknown model.

    Providers' prefixes (``anthropic/``, ``us.anthropic.``, ``openrouter/google/``, ``ft:``), versions and dates behind
    the name (``-20251001``, ``@20251001``, ``-v1:0``, ``:free``) do not matter; a window written into the id
    (``[1m]``) goes before the table's, and makes a model known that no table lists.
    """
    name = bare_name(model_id)
    name = _ALIASES.get(name, name)
    written = _WRITTEN.search(model_id)
    found = find_listed(name) or _in_catalogue(name)
    if found is None and written and name:
        found = ModelInfo(model_id, "unknown", name, DEFAULT_ENCODING, 0, 0, False, "")
    if found is None:
        return None
    if written:
        number, unit = (part for part in written.groups() if part)
        window = int(number) * _UNITS[unit.lower()]
        return found.replace(model=model_id, window=window, input_limit=window, source=_WRITTEN_IN_ID)
    return found.replace(model=model_id)


def find_listed(name: str) -> ModelInfo | None:
    """Return what our own table knows of a bare name, None for nothing."""
    rows = [(pattern, row) for row in MODELS for pattern in row[0].split() if _matches(pattern, name)]
    if not rows:
        return None
    pattern, (_, family, encoding, window, limit, source) = max(rows, key=lambda found: len(found[0].rstrip("*")))
    return ModelInfo(name, pattern, family, encoding, window, limit or window, family == "openai", source)


def _in_catalogue(name: str) -> ModelInfo | None:
    from handoff_cli.models import catalogue

    found = catalogue.find_window(name)
    if found is None:
        return None
    id_, window = found
    family = next((family for mark, family in _FAMILIES if mark in id_), id_.partition("-")[0])
    return ModelInfo(name, id_, family, DEFAULT_ENCODING, window, window, False, catalogue.SOURCE)


def bare_name(model_id: str) -> str:
    """Return the name a model goes by everywhere: its id in small letters, of no provider, version, date or window.

    ``us.anthropic.claude-opus-4-5-20251101-v1:0``, ``anthropic/claude-opus-4.5`` and ``claude-opus-4-5[1m]`` are all
    ``claude-opus-4-5``.
    """
    name = model_id.strip().lower().rsplit("/", 1)[-1].removeprefix("ft:")
    for provider in _PROVIDERS:
        head, found, tail = name.partition(f"{provider}.")
        if found and (not head or head.endswith(".")):
            name = tail
    for sign in ":@[ ":
        name = name.split(sign, 1)[0]
    name = _DATED.sub("", name) if "-20" in name else name
    return name.replace(".", "-") if name.startswith("claude") else name


def _matches(pattern: str, name: str) -> bool:
    if pattern.endswith("*"):
        return name.startswith(pattern[:-1])
    if not name.startswith(pattern):
        return False
    after = name[len(pattern) : len(pattern) + 1]
    return not (after.isalnum() or after == ".")


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
