"""shim"""

from __future__ import annotations

from handoff_cli.core.record import Record


class ModelInfo(Record):
    encoding: str
    window: int
    input_limit: int


def find_model(model: str) -> ModelInfo | None:
    return None


MODEL_PATTERNS: tuple[str, ...] = ()
