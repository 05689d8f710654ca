"""One call of an agent's hook: find the session, bring it up to date, write what is due, say what is to be said."""

from __future__ import annotations

import os
import time
from time import sleep

from handoff_cli.agents.hooks import Reply
from handoff_cli.constants import DEFAULT_ENCODING, MAX_TOKENS
from handoff_cli.core.session import COMPACTED
from handoff_cli.core.text import utc_iso
from handoff_cli.core.usage import LEVELS, crossed
from handoff_cli.errors import InputError
from handoff_cli.state import store
from handoff_cli.usecases.hook_memory import load_memory, log_problem, save_memory
from handoff_cli.usecases.news import log_of
from handoff_cli.usecases.place import place_of
from handoff_cli.usecases.reading import SyncRequest
from handoff_cli.usecases.record import Recorded, record, shown_path, write_handoff
from handoff_cli.usecases.status import get_status, with_level
from handoff_cli.usecases.sync import sync

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from handoff_cli.agents import Agent
    from handoff_cli.agents.hooks import Event
    from handoff_cli.core.session import Entry, Session
    from handoff_cli.core.settings import Settings
    from handoff_cli.state.store import Place
    from handoff_cli.usecases.status import TokenStatus


_REPORTED = "reported with the event"

_NEAR = 0.5
"""From this share of the warning threshold on one response may be enough to reach it."""

_WAITS = {"tool": 8, "stop": 15, "compacting": 15, "end": 15}
_WAIT_SECONDS = 0.02
_END_BYTES = 1 << 18


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
    place = place_of(event.session, event.project, environ)
    if not os.path.isdir(place.folder) and _is_subagents(protocol, event):
        return str(protocol.answer(event, Reply()))
    reply = _DEALS[event.kind](place, agent, event)
    if event.kind in ("stop", "end"):
        _send(place)
    answer: str = protocol.answer(event, reply)
    return answer


def _is_subagents(protocol: Any, event: Event) -> bool:
    """Return whether a session that is new is a subagent's by its log: its document would take the main one's place."""
    tells = getattr(protocol, "is_subagents", None)
    return bool(tells and event.transcript and tells(event.transcript))


def _start(place: Place, agent: Agent, event: Event) -> Reply:
    from handoff_cli.usecases.review import text_for_start

    compacted = event.source == "compact"
    if compacted:
        _note_compaction(place, agent, event)
    else:
        from handoff_cli.usecases.catch_up import catch_up

        _log(place, catch_up(place))
    _up_to_date(place, agent, event)
    if compacted or load_memory(place.folder).get("resume"):
        _remember(place, lambda memory: {**memory, "resume": False, "told": compacted})
    return Reply(text_for_start(place, event.source))


def _step(place: Place, agent: Agent, event: Event) -> Reply:
    """Deal with a prompt, a tool's answer or the end of a turn."""
    if event.kind == "prompt":
        # The session is there from now on: the agent may run commands that mean it before its first response.
        within = _processes(agent)
        _remember(place, lambda memory: {**memory, "turn": _turn(memory) + 1, "ended": False, **within})
    recorded = _up_to_date(place, agent, event)
    if event.kind == "stop" and not (recorded and recorded.crossed) and "end" not in agent.load().KINDS.values():
        # Each end of a turn may be that of the session. Where it is told, nobody has to wait for a document before.
        _keep_current(place)
    context = _due(place, recorded) if event.name in agent.load().LISTENING else ""
    return Reply(context or None, _for_person(place, recorded) if recorded and recorded.crossed else None)


def _processes(agent: Agent) -> dict[str, Any]:
    """Return what tells whose session it is where the agent does not say so to what it runs."""
    if not agent.presence_variable:
        return {}
    from handoff_cli.usecases.processes import ancestors

    return {"within": ancestors()}


def _due(place: Place, recorded: Recorded | None) -> str:
    """Return what the agent has not been told yet, now that it listens: the document, the level that is reached.

    Others may have recorded the crossing: an event at which the agent does not listen, a sync of the person's.
    """
    memory = load_memory(place.folder)
    before = _level(memory)
    level = recorded.status["level"] if recorded else before
    if level == before and not memory.get("resume"):
        return ""
    _remember(place, lambda now: {**now, "level": level, "resume": False})
    texts = []
    if memory.get("resume"):
        from handoff_cli.usecases.review import text_for_start

        texts.append(text_for_start(place, "compact"))
    if recorded and crossed(before, level):
        texts.append(_for_agent(place, recorded))
    return "\n\n".join(filter(None, texts))


def _compacting(place: Place, agent: Agent, event: Event) -> Reply:
    recorded = _up_to_date(place, agent, event)
    _log(place, write_handoff(place, reason="compaction").warnings)
    level = {"level": recorded.status["level"]} if recorded else {}  # to ask for notes is of no use any more
    _remember(place, lambda memory: {**memory, **level, "resume": True, "told": False})
    return Reply()


def _compacted(place: Place, agent: Agent, event: Event) -> Reply:
    """Deal with a compaction that is over; some agents start the session anew before they tell of it, some after."""
    _note_compaction(place, agent, event)
    told = bool(load_memory(place.folder).get("told"))
    _remember(place, lambda memory: {**memory, "resume": not told, "told": False})
    if event.name in agent.load().LISTENING:
        return Reply(_due(place, None) or None)
    return Reply()


def _end(place: Place, agent: Agent, event: Event) -> Reply:
    _up_to_date(place, agent, event)
    if os.path.isdir(place.folder):
        _remember(place, lambda memory: {**memory, "ended": True})
        _keep_current(place)
    return Reply()


def _send(place: Place) -> None:
    """Let what is new go to the fleet's database, where there is one; nobody waits for it."""
    settings = store.read(place).settings
    if settings.fleet_url is not None:
        from handoff_cli.usecases.outbox import deliver_in_background

        _log(place, tuple(filter(None, [deliver_in_background(place, settings)])))


def _keep_current(place: Place) -> None:
    from handoff_cli.usecases.catch_up import keep_current

    _log(place, keep_current(place))


_DEALS = {
    "start": _start,
    "prompt": _step,
    "tool": _step,
    "stop": _step,
    "compacting": _compacting,
    "compacted": _compacted,
    "end": _end,
}


def _up_to_date(place: Place, agent: Agent, event: Event) -> Recorded | None:
    """Bring the session at ``place`` up to what its agent reports; None where it reports nothing yet."""
    memory = load_memory(place.folder)
    turn = _turn(memory)
    log = log_of(place, agent, event.session, event.transcript, figures=event.tokens is not None)
    if _wait_for_log(place, event, log or event.transcript) and log is None:
        log = event.transcript
    known = {"agent": agent.name, "id": event.session, "log": log or event.transcript}
    begun = event.kind not in ("start", "end") or os.path.isdir(place.folder)
    if begun and known != {name: memory.get(name) for name in known}:
        _remember(place, lambda memory: {**memory, **known})
    if event.tokens is not None:

        def entries(session: Session, settings: Settings) -> list[Entry]:
            told = (event.tokens, event.window or session.reported_window, _REPORTED)
            if (session.total_tokens, session.reported_window, session.usage_rule) == told:
                return []
            return [_reported(session, settings, agent, event, place.environ, log, turn)]

        recorded = record(place, entries, only_crossings=True)
    elif log is None:
        return None
    else:
        ends = event.kind in ("stop", "end")
        request = SyncRequest(agent.name, log, agent.format, certain=True, turn=turn, responses_only=ends)
        try:
            recorded = sync(place, request, only_crossings=True)
        except InputError as error:
            # What was due is due nevertheless.
            _log(place, (error.message,))
            return None
        if recorded.compactions and not {"compacting", "compacted"}.intersection(agent.load().KINDS.values()):
            # This agent's hooks do not tell of compactions; its log does, and still has what is gone from the window.
            _log(place, write_handoff(place, reason="compaction").warnings)
            _remember(place, lambda memory: {**memory, "resume": True})
    _log(place, recorded.warnings)
    return recorded


def _wait_for_log(place: Place, event: Event, log: str | None) -> bool:
    """Wait a moment until ``log`` tells what led to ``event``, where that is of use; return whether it does then.

    Claude Code does so every 100 ms, which a quick tool and a quick hook are faster than. After a tool only a crossing
    is worth it, which the next event would tell of too, if there is one in this turn; a document should be whole.
    """
    waits = _WAITS.get(event.kind, 0)
    if not waits or not event.mark or not log or _stands_in(log, event.mark):
        return False
    if event.kind == "tool":
        status = get_status(place)
        near = status["usable_percentage"] >= status["warning_threshold"] * _NEAR
        waits = waits if near and status["level"] != LEVELS[-1] else 0
    for _ in range(waits):
        sleep(_WAIT_SECONDS)
        if _stands_in(log, event.mark):
            return True
    return False


def _stands_in(log: str, mark: str) -> bool:
    """Return whether the ``mark`` is in the end of ``log``."""
    from handoff_cli.transcripts.source import plain

    try:
        with open(log, "rb", opener=plain) as stream:
            stream.seek(max(os.fstat(stream.fileno()).st_size - _END_BYTES, 0))
            return mark.encode("utf-8", "surrogatepass") in stream.read(_END_BYTES)
    except (OSError, ValueError):
        return False


def _note_compaction(place: Place, agent: Agent, event: Event) -> None:
    """Note that the agent has compacted: the usage is unknown, and the thresholds are armed again."""
    before = store.read(place).session
    if before is not None and before.agent is not None and before.usage_rule != COMPACTED:
        record(place, lambda session, _: [_compaction(session, agent, event)])


def _remember(place: Place, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Replace what the session's hooks remember by ``change`` of it, under the lock."""
    with store.opened(place):
        save_memory(place.folder, change(load_memory(place.folder)))


def _turn(memory: dict[str, Any]) -> int:
    """Return the number of the turn that goes on, as the hooks counted the prompts."""
    turn = memory.get("turn")
    return turn if type(turn) is int and 0 <= turn <= MAX_TOKENS else 0


def _level(memory: dict[str, Any]) -> str:
    """Return the level that the agent was told of last."""
    level = memory.get("level")
    return level if level in LEVELS else LEVELS[0]


def _log(place: Place, problems: tuple[str, ...]) -> None:
    for problem in problems:
        log_problem(place.folder, problem)


def _reported(
    session: Session,
    settings: Settings,
    agent: Agent,
    event: Event,
    environ: Mapping[str, str],
    log: str | None,
    turn: int,
) -> Entry:
    """Return the entry of the tokens that the event itself tells; the document takes its facts from the ``log``."""
    tokens = event.tokens or 0
    figures = {"tokens": tokens, "low": tokens, "high": tokens, "method": "exact", "rule": _REPORTED}
    entry = {
        **_entry(session, agent, event),
        **figures,
        "source": log or "",
        "piped": log is None,
        "tail": None,
        "turn": turn,
    }
    return with_level(entry, session, settings, environ)


def _compaction(session: Session, agent: Agent, event: Event) -> Entry:
    """Return the entry of a compaction: how much is left is between nothing and what there was."""
    figures = {"tokens": 0, "low": 0, "high": session.total_tokens, "method": "estimated", "rule": COMPACTED}
    # Where a log can be read from its end, the compaction is counted when its row is.
    return {**_entry(session, agent, event), **figures, "compactions": int(session.tail is None)}


def _entry(session: Session, agent: Agent, event: Event) -> Entry:
    """Return what is the same in all entries; the transcript is remembered as far as it was read."""
    return {
        "kind": "usage",
        "time": utc_iso(time.time()),
        "turn": session.turns[-1].number if session.turns else None,
        "source": session.transcript or "",
        "piped": session.transcript is None,
        "agent": agent.name,
        "agent_version": session.agent_version,
        "model": event.model or session.model,
        "encoding": session.encoding or DEFAULT_ENCODING,
        "window": event.window or session.reported_window,
        "compactions": 0,
        "tail": session.tail,
        "estimate": None,
        "level": LEVELS[0],
        "crossed": None,
    }


def _for_agent(place: Place, crossing: Recorded) -> str:
    """Return what asks the agent for what no log shows, as notes of its own session."""
    written = ", which is written and is what the next session starts with" if crossing.status["handoff_file"] else ""
    named = "" if place.folder == place.project else f" --session {os.path.basename(place.folder)}"
    return (
        f"handoff: {_figures(crossing.status)}, so this is the time to finish the step at hand and to put down what no "
        f"log shows, each with `handoff{named} note TEXT --kind KIND`: why it is done this way (decision), what was "
        "ruled out and why (failed), what is risky or unverified (question), the exact next step (next). They stand "
        f"first in {shown_path(place)}{written}."
    )


def _for_person(place: Place, crossing: Recorded) -> str:
    return f"handoff: {_figures(crossing.status)}; the handoff is in {shown_path(place)}"


def _figures(status: TokenStatus) -> str:
    about = "about " if status["method"] == "estimated" else ""
    return (
        f"the context window holds {about}{status['total_tokens']:,} of {status['usable_tokens']:,} usable tokens "
        f"({status['usable_percentage']:.1%}, {status['level']}), {status['remaining_tokens']:,} are left"
    )
