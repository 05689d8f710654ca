"""The verbs that agents call, many times an hour: ``hook`` and ``statusline``. They must never get in an agent's way."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

_MAX_INPUT_BYTES = 1 << 26


def hook(words: Sequence[str]) -> int:
    """Deal with one event of the agent named first in ``words``; always returns 0.

    What goes wrong goes to a log that ``handoff doctor`` shows: any other exit code, and any text that is not the
    agent's protocol, would disturb or block the agent.
    """
    try:
        answer = _hook(words)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is not the agent's business
        from handoff_cli.tracker.hook_log import note

        note(" ".join(("hook", *words)), f"{type(error).__name__}: {error}")
        return 0
    if answer:
        # The bytes leave in one write, whatever the locale says of encodings.
        sys.stdout.buffer.write(answer.encode())
    return 0


def _hook(words: Sequence[str]) -> str:
    from handoff_cli.agents import agent_of

    agent = agent_of(words[0] if words else "")
    if agent.__name__.endswith(".git"):
        from handoff_cli.tracker.git_hook import run_git_hook

        return run_git_hook(list(words[1:]))
    from handoff_cli.tracker.hook import run_hook

    return run_hook(agent, _payload(), words[1] if len(words) > 1 else "", os.environ)


def _payload() -> Mapping[str, Any]:
    import json

    from handoff_cli.errors import InputError

    data = sys.stdin.buffer.read(_MAX_INPUT_BYTES) if sys.stdin is not None and not sys.stdin.isatty() else b""
    payload = json.loads(data or b"null")
    if not isinstance(payload, dict):
        raise InputError("standard input holds no event", "agents call this; people want handoff status")
    return payload
