"""One call of an agent's hook: find the session, bring it up to date, write what is due, say what is to be said.

And one of git's: a commit is noted as a checkpoint, and who changes the branch hears of a handoff for another one.
"""

from __future__ import annotations

import os
import sys
import time

from handoff_cli.agents.hooks import Reply, is_named_by
from handoff_cli.constants import DEFAULT_ENCODING, HANDOFF_FILE, MAX_HANDOFF_BYTES, MAX_TOKENS
from handoff_cli.core.session import COMPACTED
from handoff_cli.core.text import printable, shorten, told, utc_iso
from handoff_cli.core.usage import LEVELS
from handoff_cli.errors import HandoffError, InputError
from handoff_cli.state import store
from handoff_cli.state.files import read_bytes
from handoff_cli.usecases.hook_memory import load_memory, log_problem, save_memory
from handoff_cli.usecases.place import locate_session, place_of
from handoff_cli.usecases.reading import SyncRequest
from handoff_cli.usecases.record import Recorded, record, shown_path, with_level, write_handoff
from handoff_cli.usecases.status import is_behind
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

_SUBJECT_CHARS = 200


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
    reply = _DEALS[event.kind](place, agent, event)
    if event.kind in ("stop", "end"):
        _send(place)
    answer: str = protocol.answer(event, reply)
    return answer


def _start(place: Place, agent: Agent, event: Event) -> Reply:
    from handoff_cli.usecases.review import text_for_start

    compacted = event.source == "compact"
    if compacted:
        _note_compaction(place, agent, event)
    else:
        _catch_up(place)
    _up_to_date(place, agent, event)
    if compacted or load_memory(place.folder).get("resume"):
        _remember(place, lambda memory: {**memory, "resume": False, "told": compacted})
    return Reply(text_for_start(place, event.source))


def _catch_up(place: Place) -> None:
    """Bring the document that another session left up to date with its log, which may have lagged behind its end."""
    from handoff_cli.documents.front_matter import front_matter_values
    from handoff_cli.state.folder import session_folder, session_names

    data = read_bytes(os.path.join(place.project, HANDOFF_FILE), MAX_HANDOFF_BYTES)
    facts = front_matter_values(data.decode("utf-8", "replace")) if data else {}
    for name in session_names(place.project) if facts.get("session") else ():
        other = place.replace(folder=session_folder(place.project, name))
        session = store.read(other).session
        if session is None or session.id != facts["session"] or other.folder == place.folder or not is_behind(session):
            continue
        request = SyncRequest(session.agent, session.transcript, certain=True, responses_only=True)
        try:
            if sync(other, request, only_crossings=True).recorded:
                _log(place, write_handoff(other, reason=str(facts.get("reason") or "session end")).warnings)
        except HandoffError as error:
            _log(place, (error.message,))


def _step(place: Place, agent: Agent, event: Event) -> Reply:
    """Deal with a prompt, a tool's answer or the end of a turn."""
    if event.kind == "prompt":
        # The session is there from now on: the agent may run commands that mean it before its first response.
        _remember(place, lambda memory: {**memory, "turn": _turn(memory) + 1, "ended": False})
    recorded = _up_to_date(place, agent, event)
    crossing = recorded if recorded and recorded.crossed else None
    if event.kind == "stop" and not crossing and "end" not in agent.load().KINDS.values():
        # Each end of a turn may be that of the session. Where it is told, nobody has to wait for a document before.
        _keep_current(place)
    listens = event.name in agent.load().LISTENING
    if crossing and not listens:
        _remember(place, lambda memory: {**memory, "notice": _for_agent(place, crossing)})
    due = _due(place) if listens else []
    context = "\n\n".join([*due, *([_for_agent(place, crossing)] if crossing and listens else [])])
    return Reply(context or None, _for_person(place, crossing) if crossing else None)


def _due(place: Place) -> list[str]:
    """Return what the agent was to be told since its last chance to listen, once."""
    memory = load_memory(place.folder)
    resumes, notice = memory.get("resume"), memory.get("notice")
    if not resumes and not notice:
        return []
    from handoff_cli.usecases.review import text_for_start

    _remember(place, lambda now: {**now, "notice": None, "resume": False})
    texts = [text_for_start(place, "compact") if resumes else None, notice]
    return [text for text in texts if isinstance(text, str)]


def _compacting(place: Place, agent: Agent, event: Event) -> Reply:
    _up_to_date(place, agent, event)
    _log(place, write_handoff(place, reason="compaction").warnings)
    _remember(place, lambda memory: {**memory, "resume": True, "told": False, "notice": None})
    return Reply()


def _compacted(place: Place, agent: Agent, event: Event) -> Reply:
    """Deal with a compaction that is over; some agents start the session anew before they tell of it, some after."""
    _note_compaction(place, agent, event)
    told = bool(load_memory(place.folder).get("told"))
    _remember(place, lambda memory: {**memory, "resume": not told, "told": False, "notice": None})
    if event.name in agent.load().LISTENING:
        return Reply("\n\n".join(_due(place)) or None)
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
    """Bring the session's document up to date, or leave one if the session was worth a handoff."""
    from handoff_cli.usecases.review import is_worth_keeping, reason_of
    from handoff_cli.usecases.status import get_status

    # Why it was written at first is what makes it worth reading; the end only brings it up to date.
    reason = reason_of(place)
    if reason or is_worth_keeping(get_status(place)["usable_percentage"]):
        _log(place, write_handoff(place, reason=reason or "session end").warnings)


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
    turn = _turn(load_memory(place.folder))
    log = _log_of(place, agent, event)
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
        ends = event.kind == "end"
        request = SyncRequest(agent.name, log, agent.format, certain=True, turn=turn, responses_only=ends)
        try:
            recorded = sync(place, request, only_crossings=True)
        except InputError as error:
            # What was due is due nevertheless.
            _log(place, (error.message,))
            return None
        if recorded.compactions and not {"compacting", "compacted"}.intersection(agent.load().KINDS.values()):
            # This agent's hooks do not tell of compactions; its log does.
            _remember(place, lambda memory: {**memory, "resume": True, "notice": None})
    _log(place, recorded.warnings)
    return recorded


def _log_of(place: Place, agent: Agent, event: Event) -> str | None:
    """Return the log of the event's session, the one named by its id first; None where there is none yet.

    Agents name none, or one that is not there, in worktrees; some name another session's, as that of a project whose
    folder is called alike. Only where the file named does not carry the id is anything searched for.
    """
    told = event.transcript if _has_content(event.transcript) else None
    if not agent.searched or (told and is_named_by(told, event.session)):
        return told
    known = store.read(place).session
    log = known.transcript if known else None
    trusted = log is not None and (told is None or is_named_by(log, event.session))
    if trusted and (event.tokens is not None or _has_content(log)):
        return log
    from handoff_cli.agents.search import Search

    own = Search(None, environ=place.environ).session(agent, event.session)
    return own.path if own else told


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


def _log(place: Place, problems: tuple[str, ...]) -> None:
    for problem in problems:
        log_problem(place.folder, problem)


def _has_content(path: str | None) -> bool:
    """Return whether there is something in the transcript yet: a session's first event comes before its first line."""
    return path is not None and os.path.isfile(path) and os.path.getsize(path) > 0


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
    written = ", which was written just now and is what the next session starts with" if crossing.handoff else ""
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


def run_git_hook(words: list[str]) -> str:
    """Deal with the git hook named first in ``words`` (its arguments follow) and return what git's user is told.

    Nothing happens in a project that handoff does not know yet.

    Raises:
        HandoffError: state cannot be read or written.
    """
    name, *arguments = words or [""]
    # An agent that commits means its own session.
    place = locate_session(to_record=True)
    if not os.path.isdir(place.project):
        return ""
    if name == "post-commit":
        _note_commit(place)
    elif name == "pre-push" or (name == "post-checkout" and arguments[2:3] == ["1"]):
        # git calls post-checkout for single files too; its last argument tells.
        _tell_drift(place)
    return ""


def _note_commit(place: Place) -> None:
    """Record the commit just made: it costs no tokens of the window, and shows in the log and the document."""
    from handoff_cli.git import run_git
    from handoff_cli.usecases.pieces import CountRequest
    from handoff_cli.usecases.track import track

    commit = run_git(os.getcwd(), "log", "-1", "--format=%h %s", "--no-patch", in_hook=True)
    if commit:
        track(place, [], CountRequest(description=shorten(f"commit {commit}", _SUBJECT_CHARS), tokens=0))


def _tell_drift(place: Place) -> None:
    """Say on standard error, which git shows, that the handoff speaks of another branch."""
    from handoff_cli.documents.front_matter import front_matter_values
    from handoff_cli.git import run_git

    path = os.path.join(place.folder, HANDOFF_FILE)
    data = read_bytes(path, MAX_HANDOFF_BYTES)
    if data is None:
        return
    written = _object(front_matter_values(data.decode("utf-8", "replace")).get("git")).get("branch")
    now = run_git(os.getcwd(), "symbolic-ref", "--short", "-q", "HEAD", in_hook=True)
    if isinstance(written, str) and now and written != now:
        shown = os.path.relpath(path, os.path.dirname(place.project))
        line = f"handoff: {shown} was written on branch {told(written)}; this is {told(now)}"
        sys.stderr.write(f"{printable(line)}\n")


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
