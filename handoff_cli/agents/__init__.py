"""The agents handoff can live in, one file each: the protocol of its hooks, where its settings lie, what goes in.

An agent is a module with ``NAME`` (what it is called in the ledger and in ``core.usable``), ``TITLE``, ``FORMAT`` (the
reader of its transcripts, None where they tell no usage), ``event_of(payload, name, environ)``,
``answer(event, reply)`` and ``targets(scope)``. A new agent is one such file and one name in ``AGENTS``; only the one
that is needed is imported.
"""

from __future__ import annotations

from handoff_cli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

AGENTS = ("claude-code", "codex", "gemini", "cursor", "copilot", "opencode")
TOOLS = ("git", "make")
"""What ``install`` knows beside agents."""

_ALIASES = {"claude": "claude-code"}


def agent_of(name: str) -> Any:
    """Return the module of the agent or tool ``name``; raises UsageError when there is none."""
    known = _ALIASES.get(name, name)
    if known not in (*AGENTS, *TOOLS):
        raise UsageError(f"there is no agent {name!r}", f"known: {', '.join((*AGENTS, *TOOLS))}")
    from importlib import import_module

    return import_module(f"{__name__}.{known.replace('-', '_')}")
