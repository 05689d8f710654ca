"""The verbs that agents call many times an hour, ``hook`` and ``statusline``: they never get in an agent's way."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from handoff_cli.cli.hot import Globals

_MAX_INPUT_BYTES = 1 << 26


def hook(words: Sequence[str]) -> int:
    """Deal with one event of the agent named first in ``words``; always returns 0.

    What goes wrong goes to a log that ``handoff doctor`` shows: any other exit code, and any text that is not the
    agent's protocol, would disturb or block the agent.
    """
    try:
        answer = _hook(words)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is not the agent's business
        from handoff_cli.usecases.hook_memory import log_problem

        log_problem(" ".join(("hook", *words)), f"{type(error).__name__}: {error}")
        return 0
    if answer:
        # The bytes leave in one write, whatever the locale says of encodings.
        sys.stdout.buffer.write(answer.encode())
    return 0


def statusline(common: Globals, *, template: str | None = None) -> int:
    """Print one line for a status bar; always returns 0, and prints nothing where there is nothing to show."""
    from handoff_cli.cli.status_bar import STATUS_TEMPLATE

    try:
        from handoff_cli.usecases.statusline import of_agent, of_session

        piped = sys.stdin is not None and not sys.stdin.isatty()
        payload = _read_object()
        line = of_agent(payload, os.environ) if payload else of_session(common.place())
        if line is not None:
            common.console().status_line(line, template or STATUS_TEMPLATE, piped=piped and bool(payload))
    except Exception as error:  # noqa: BLE001 - a status bar is no place for errors
        from handoff_cli.usecases.hook_memory import log_problem

        log_problem("statusline", f"{type(error).__name__}: {error}")
    return 0


def _hook(words: Sequence[str]) -> str:
    from handoff_cli.agents import find_agent, with_hooks

    name, *rest = words or [""]
    if name == "git":
        from handoff_cli.usecases.git_hook import run_git_hook

        return run_git_hook(rest)
    if name == "plugin":
        payload = _payload()
        agent = find_agent("codex" if _is_from_codex(payload) else "claude")
    else:
        agent = find_agent(name, with_hooks())
        payload = _payload()
    from handoff_cli.usecases.hook import run_hook

    return run_hook(agent, payload, rest[0] if rest else "", os.environ)


def _is_from_codex(payload: Mapping[str, Any]) -> bool:
    """Return whether Codex calls, which runs the same plugin and speaks the same protocol as Claude Code.

    Its transcripts are called rollouts, and before the first one it names none.
    """
    transcript = payload.get("transcript_path")
    return not isinstance(transcript, str) or os.path.basename(transcript).startswith("rollout-")


def _payload() -> Mapping[str, Any]:
    from handoff_cli.errors import InputError

    payload = _read_object()
    if payload is None:
        raise InputError("standard input holds no event", "agents call this; people want handoff status")
    return payload


def _read_object() -> dict[str, Any] | None:
    """Return the JSON object on standard input, None where there is none; ValueError for anything else."""
    data = sys.stdin.buffer.read(_MAX_INPUT_BYTES) if sys.stdin is not None and not sys.stdin.isatty() else b""
    if not data.strip():
        return None
    import json

    value = json.loads(data)
    if not isinstance(value, dict):
        raise ValueError("standard input is no JSON object")  # noqa: TRY004 - it is the text that is wrong
    return value
