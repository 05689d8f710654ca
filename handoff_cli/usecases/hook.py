"""One call of an agent's hook: find the session, bring it up to date, write what is due, say what is to be said."""

from __future__ import annotations

import os

from handoff_cli.agents.hooks import Reply
from handoff_cli.constants import ENV_DIR, MAX_SESSION_NAME_CHARS
from handoff_cli.core.text import is_identifier
from handoff_cli.state.folder import find_folder, session_folder
from handoff_cli.state.store import Place
from handoff_cli.usecases import live
from handoff_cli.usecases.memory import load_memory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from handoff_cli.agents import Agent
    from handoff_cli.agents.hooks import Event
    from handoff_cli.usecases.crossing import Crossed

_CHECKSUM_CHARS = 9


def run_hook(agent: Agent, payload: Mapping[str, Any], name: str, environ: Mapping[str, str]) -> str:
    """Deal with the event ``payload`` of ``agent`` and return what is to be printed, in the agent's own protocol.

    Args:
        agent: Whose hook it is.
        payload: What came on standard input.
        name: The event, where the agent tells it on the command line.
        environ: The environment.

    Raises:
        HandoffError: something could not be read or written; the agent is not to hear of it.
    """
    protocol = agent.load()
    event = protocol.event_of(payload, name, environ)
    if event is None or not event.session:
        return ""
    reply = _DEALS[event.kind](place_of(event, environ), agent, event)
    answer: str = protocol.answer(event, reply)
    return answer


def place_of(event: Event, environ: Mapping[str, str]) -> Place:
    """Return the place of the event's session: each of an agent's sessions has a folder of its own in the project."""
    # A folder that is not there must not come to be because an agent names it.
    start = event.project if event.project and os.path.isdir(event.project) else os.getcwd()
    project = find_folder(start, environ.get(ENV_DIR) or None)
    return Place(project, session_folder(project, session_name(event.session)), environ)


def session_name(agent_id: str) -> str:
    """Return the name (``--session``) of the session an agent calls ``agent_id``: that id, where it can be a name."""
    if is_identifier(agent_id) and len(agent_id) <= MAX_SESSION_NAME_CHARS and not agent_id.endswith("."):
        return agent_id
    import zlib

    safe = "".join(char if char.isascii() and char.isalnum() else "-" for char in agent_id).strip("-")
    checksum = f"-{zlib.crc32(agent_id.encode('utf-8', 'surrogatepass')):08x}"
    return (safe[: MAX_SESSION_NAME_CHARS - _CHECKSUM_CHARS].rstrip("-") or "session") + checksum


def _start(place: Place, agent: Agent, event: Event) -> Reply:
    from handoff_cli.usecases.injection import text_for_start

    if event.source == "compact":
        live.compacted(place, agent, event)
    live.sync(place, agent, event)
    if load_memory(place.folder).get("resume"):
        live.remember(place, lambda memory: {**memory, "resume": False})
    return Reply(text_for_start(place, event.source))


def _step(place: Place, agent: Agent, event: Event) -> Reply:
    """Deal with a prompt, a tool's answer or the end of a turn."""
    newly = live.sync(place, agent, event)
    crossed = _crossed(place, newly) if newly else None
    listens = event.kind != "stop"
    if crossed and not listens:
        live.remember(place, lambda memory: {**memory, "notice": crossed.agent})
    due = _due(place, event) if listens else []
    context = "\n\n".join([*due, *([crossed.agent] if crossed else [])])
    return Reply(context or None, crossed.person if crossed else None)


def _due(place: Place, event: Event) -> list[str]:
    """Return what the agent was to be told since its last chance to listen, once."""
    memory = load_memory(place.folder)
    resumes = memory.get("resume") and event.kind == "prompt"
    notice = memory.get("notice")
    if not resumes and not notice:
        return []
    from handoff_cli.usecases.injection import text_for_start

    live.remember(place, lambda now: {**now, "notice": None, "resume": bool(now.get("resume")) and not resumes})
    texts = [text_for_start(place, "compact") if resumes else None, notice]
    return [text for text in texts if isinstance(text, str)]


def _compacting(place: Place, agent: Agent, event: Event) -> Reply:
    from handoff_cli.usecases.crossing import write_current

    if newly := live.sync(place, agent, event):
        _crossed(place, newly)
    _log(place, write_current(place, reason="compaction").warnings)
    live.remember(place, lambda memory: {**memory, "resume": True, "notice": None})
    return Reply()


def _compacted(place: Place, agent: Agent, event: Event) -> Reply:
    live.compacted(place, agent, event)
    live.remember(place, lambda memory: {**memory, "resume": True, "notice": None})
    return Reply()


def _end(place: Place, agent: Agent, event: Event) -> Reply:
    from handoff_cli.usecases.status import get_status

    live.sync(place, agent, event)
    if not os.path.isdir(place.folder):
        return Reply()
    from handoff_cli.usecases.injection import is_worth_keeping, reason_of

    written_for = reason_of(place)
    if written_for or is_worth_keeping(get_status(place)["usable_percentage"]):
        from handoff_cli.usecases.crossing import write_current

        # Why it was written at first is what makes it worth reading; the end only brings it up to date.
        _log(place, write_current(place, reason=written_for or "session end").warnings)
    return Reply()


def _crossed(place: Place, level: str) -> Crossed:
    from handoff_cli.usecases.crossing import on_crossing

    crossed = on_crossing(place, level)
    _log(place, crossed.problems)
    return crossed


def _log(place: Place, problems: tuple[str, ...]) -> None:
    if problems:
        from handoff_cli.usecases.hook_log import note

        for problem in problems:
            note(place.folder, problem)


_DEALS = {
    "start": _start,
    "prompt": _step,
    "tool": _step,
    "stop": _step,
    "compacting": _compacting,
    "compacted": _compacted,
    "end": _end,
}
