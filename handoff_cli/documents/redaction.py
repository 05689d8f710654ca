"""Redacting everything a document is made from, whatever shape it has: all texts in one search."""

from __future__ import annotations

from handoff_cli.core.record import Record
from handoff_cli.redaction import may_hold_secret, redact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, TypeVar

    Value = TypeVar("Value")

_BETWEEN = "\n\n\x1f\n\n"
"""Stands between texts that are searched together; no text holds it."""


def redacted(value: Value) -> Value:
    """Return ``value`` with the secrets in its texts redacted: a text, a record, or a tuple of them."""
    texts = [text for text in dict.fromkeys(_texts(value)) if may_hold_secret(text)]
    clean = _redacted_texts(texts)
    known = {text: result for text, result in zip(texts, clean, strict=True) if text != result}
    return _replaced(value, known.get) if known else value


def _redacted_texts(texts: list[str]) -> list[str]:
    """Return ``texts`` redacted: by one search, where each is found again between the marks, else one by one."""
    if len(texts) > 1 and not any("\x1f" in text for text in texts):
        together = redact(_BETWEEN.join(texts)).split(_BETWEEN)
        if len(together) == len(texts):
            return together
    return [redact(text) for text in texts]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, Record):
        for item in value.to_dict().values():
            yield from _texts(item)


def _replaced(value: Any, new_of: Callable[[str], str | None]) -> Any:
    if isinstance(value, str):
        return new_of(value) or value
    if isinstance(value, tuple):
        return tuple(_replaced(item, new_of) for item in value)
    if isinstance(value, Record):
        return value.replace(**{name: _replaced(item, new_of) for name, item in value.to_dict().items()})
    return value
