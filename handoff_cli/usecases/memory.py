"""What the hooks of one session remember from one call to the next: figures that can be had again, and what is due."""

from __future__ import annotations

import json
import os

from handoff_cli.constants import AGENT_FILE, HOOK_MEMORY_FILE
from handoff_cli.state.files import read_bytes, replace_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MAX_BYTES = 1 << 16


def load_memory(folder: str, name: str = HOOK_MEMORY_FILE) -> dict[str, Any]:
    """Return what is remembered in the session folder ``folder``; nothing where the file is missing or spoiled."""
    data = read_bytes(os.path.join(folder, name), _MAX_BYTES)
    try:
        values = json.loads(data or b"{}")
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}


def save_memory(folder: str, values: dict[str, Any], name: str = HOOK_MEMORY_FILE) -> None:
    """Remember ``values``; the caller holds the session's lock. Raises StateError when they cannot be written."""
    replace_file(os.path.join(folder, name), json.dumps(values).encode())


def load_agent(folder: str) -> dict[str, Any]:
    """Return what the status line was told of the agent: ``window`` (tokens), ``model``, ``version``."""
    return load_memory(folder, AGENT_FILE)


def save_agent(folder: str, values: dict[str, Any]) -> None:
    """Remember what the status line was told; needs no lock, for each call writes all of it."""
    path = os.path.join(folder, AGENT_FILE)
    replace_file(path, json.dumps(values).encode(), suffix=f"{os.getpid()}.new")
