"""What the tests of redaction share."""

from __future__ import annotations

import pytest

from handoff_cli import redaction
from handoff_cli.redaction import layers


@pytest.fixture
def soon_long(monkeypatch: pytest.MonkeyPatch) -> int:
    """Let texts go the ways of long ones at half of their length; return how many characters are as many as that."""
    monkeypatch.setattr(redaction, "_LONG_TEXT", redaction._LONG_TEXT // 2)
    monkeypatch.setattr(layers, "LONG_TEXT", layers.LONG_TEXT // 2)
    return redaction._LONG_TEXT + 400
