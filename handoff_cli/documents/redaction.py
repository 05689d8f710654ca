"""Redacting everything a document is made from, whatever shape it has."""

from __future__ import annotations

from handoff_cli.core.record import Record
from handoff_cli.redaction.redact import redact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    Value = TypeVar("Value")


def redacted(value: Value) -> Value:
    """Return ``value`` with the secrets in its texts redacted: a text, a record, or a tuple of them."""
    if isinstance(value, str):
        return redact(value)  # type: ignore[return-value]
    if isinstance(value, tuple):
        return tuple(map(redacted, value))  # type: ignore[return-value]
    if isinstance(value, Record):
        return value.replace(**{name: redacted(item) for name, item in value.to_dict().items()})
    return value
