"""Times as text. The clock itself is read by the callers, who pass seconds in."""

from __future__ import annotations

import time


def utc_iso(seconds: float) -> str:
    """Return Unix time ``seconds`` as UTC in ISO 8601, whole seconds: ``2026-11-23T05:42:00Z``."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def utc_compact(seconds: float) -> str:
    """Return Unix time ``seconds`` as UTC fit for a file name: ``20261123T054200Z``."""
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(seconds))
