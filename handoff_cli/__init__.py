"""Know how full an agent's context window is, and hand the work over before it overflows.

The Python API, loaded on first use: ``track_tokens``, ``get_token_status``, ``manual_handoff_update``,
``add_note`` and ``count_tokens``; the errors they raise are children of ``HandoffError``.
"""

from __future__ import annotations

from handoff_cli.constants import VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.api import add_note, get_token_status, manual_handoff_update, track_tokens
    from handoff_cli.errors import HandoffError
    from handoff_cli.tokens.count import TokenCount, count_tokens

__all__ = [
    "HandoffError",
    "TokenCount",
    "__version__",
    "add_note",
    "count_tokens",
    "get_token_status",
    "manual_handoff_update",
    "track_tokens",
]

__version__ = VERSION

_HOMES = {
    "HandoffError": "handoff_cli.errors",
    "TokenCount": "handoff_cli.tokens.count",
    "add_note": "handoff_cli.api",
    "count_tokens": "handoff_cli.tokens.count",
    "get_token_status": "handoff_cli.api",
    "manual_handoff_update": "handoff_cli.api",
    "track_tokens": "handoff_cli.api",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
