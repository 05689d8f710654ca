"""Token tracking for the project that holds this folder, through the installed package ``handoff_cli``.

With this folder on ``sys.path``::

    from token_tracker import track_tokens, get_token_status, manual_handoff_update

    track_tokens("text that went into the window", "what it was")
    print(get_token_status()["usage_percentage"])
    manual_handoff_update(next_action="run the tests")

Each function takes what its namesake in ``handoff_cli`` takes, with ``directory`` set to this project.
"""

from __future__ import annotations

import functools
import os

try:
    import handoff_cli
except ModuleNotFoundError as missing:
    if missing.name != "handoff_cli":
        raise
    raise ImportError("token_tracker needs the package agent-handoffs: pip install agent-handoffs") from None

__all__ = ["get_token_status", "manual_handoff_update", "track_tokens"]

_PROJECT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

track_tokens = functools.partial(handoff_cli.track_tokens, directory=_PROJECT)
get_token_status = functools.partial(handoff_cli.get_token_status, directory=_PROJECT)
manual_handoff_update = functools.partial(handoff_cli.manual_handoff_update, directory=_PROJECT)
