"""What an agent's hook tells and what it may be answered, in words that are the same for every agent."""

from __future__ import annotations

import os

from handoff_cli.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

KINDS = ("start", "prompt", "tool", "stop", "compacting", "compacted", "end")
"""Moments in a session's life: it begins (or goes on), the person asks, a tool has answered, the turn is over, the
agent is about to compact, has compacted, the session ends."""


_GEMINI_ID_CHARS = 8
"""Gemini CLI ends the names of its chats with so much of the session's id."""


_MARKED_CHARS, _MARK_BYTES = 200, 8


class Event(Record):
    """One call of a hook.

    ``name`` is the agent's own name of the moment and ``kind`` one of ``KINDS``. ``session`` is the agent's id of the
    session (empty: it did not say). ``source`` says why a session starts or is compacted (``startup``, ``resume``,
    ``clear``, ``compact``; ``auto``, ``manual``). ``tokens`` and ``window`` are tokens where the event itself tells
    them. ``mark`` is a text that stands in the log once what led to the event was written down (empty: none is known).
    """

    kind: str
    name: str
    session: str = ""
    transcript: str | None = None
    project: str | None = None
    source: str = ""
    model: str | None = None
    tokens: int | None = None
    window: int | None = None
    mark: str = ""


class Reply(Record):
    """What is to be said: ``context`` to the agent, ``message`` to the person; either may be None."""

    context: str | None = None
    message: str | None = None


def text_of(payload: Mapping[str, Any], *names: str) -> str:
    """Return the first of the members ``names`` that is a text with something in it, else an empty one."""
    return next((value for name in names if isinstance(value := payload.get(name), str) and value), "")


def count_of(payload: Mapping[str, Any], name: str) -> int | None:
    """Return the member ``name`` when it is a whole number above 0."""
    value = payload.get(name)
    return value if type(value) is int and value > 0 else None


def claude_shaped(payload: Mapping[str, Any], kinds: Mapping[str, str], project: str | None) -> Event | None:
    """Return the event of a payload laid out as Claude Code's, which others copied; None where there is none for us.

    A subagent's event carries the main session's id and transcript, but its tokens are not in that window.
    """
    name = text_of(payload, "hook_event_name")
    if name not in kinds or payload.get("agent_id"):
        return None
    return Event(
        kind=kinds[name],
        name=name,
        session=text_of(payload, "session_id"),
        transcript=text_of(payload, "transcript_path") or None,
        project=project or text_of(payload, "cwd") or None,
        source=text_of(payload, "source", "trigger", "reason"),
        model=text_of(payload, "model") or None,
        mark=text_of(payload, "tool_use_id") or _plain_end_of(text_of(payload, "last_assistant_message")),
    )


def _plain_end_of(text: str) -> str:
    """Return the end of ``text`` as far as it is written in JSON as it stands here, empty where that is too little."""
    plain = "".join(char if char.isalnum() or char in " .,:;()-" else "\n" for char in text[-_MARKED_CHARS:])
    found = max(plain.split("\n"), key=len)
    return found if len(found.encode()) >= _MARK_BYTES else ""


def claude_shaped_answer(event: Event, reply: Reply, listening: tuple[str, ...]) -> str:
    """Return ``reply`` as Claude Code's JSON, empty where there is nothing to say.

    ``listening`` are the events whose ``additionalContext`` the agent reads.
    """
    from handoff_cli.core.jsonc import dumps

    answer: dict[str, Any] = {}
    if reply.message:
        answer["systemMessage"] = reply.message
    if reply.context and event.name in listening:
        answer["hookSpecificOutput"] = {"hookEventName": event.name, "additionalContext": reply.context}
    return dumps(answer) if answer else ""


def is_named_by(path: str, session: str) -> bool:
    """Return whether a log's name carries the id of ``session``, or its folder is called so."""
    name, folder = os.path.splitext(os.path.basename(path))[0], os.path.basename(os.path.dirname(path))
    return name.endswith((session, f"-{session[:_GEMINI_ID_CHARS]}")) or folder == session
