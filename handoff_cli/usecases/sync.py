"""Bringing a session's usage up to date from the agent's own transcript."""

from __future__ import annotations

import os
import time

from handoff_cli.agents import AGENTS, find_agent
from handoff_cli.agents.reading import latest_usage, opened, reader_of
from handoff_cli.constants import MAX_CONTEXT_WINDOW, MAX_TOKENS
from handoff_cli.core.record import Record
from handoff_cli.core.settings import is_model_id
from handoff_cli.core.text import utc_iso
from handoff_cli.core.usage import LEVELS
from handoff_cli.errors import InputError
from handoff_cli.state import store
from handoff_cli.usecases.found import find_transcript, last_reading
from handoff_cli.usecases.recording import Recorded, record, with_level
from handoff_cli.usecases.status import describe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from handoff_cli.core.session import Entry, Session
    from handoff_cli.core.settings import Settings
    from handoff_cli.core.transcript import ContextUsage
    from handoff_cli.state.store import Place, View
    from handoff_cli.transcripts.tail import TailState

_MAX_NAME = 100


class SyncRequest(Record):
    """What to read; None leaves it to what is remembered, found on disk or told by the content.

    ``agent`` is an agent's name, ``transcript`` a path, ``format`` one of ``agents.reading.READERS``, ``model`` the id
    of the model whose window and tokens are meant. ``certain`` says that the file is of ``format``: its agent says so.
    """

    agent: str | None = None
    transcript: str | None = None
    format: str | None = None
    model: str | None = None
    certain: bool = False


class SyncResult(Recorded):
    """What a ``sync`` did: ``transcript`` was read as ``format``; ``recorded`` is False where nothing had changed."""

    transcript: str = ""
    format: str = ""


class Reading(Record):
    """What a transcript says of the context now; times of day and levels come when it is recorded."""

    agent: str | None
    tail: TailState
    tokens: int
    low: int
    high: int
    method: str
    rule: str
    model: str | None
    encoding: str
    window: int | None
    compactions: int
    estimate: dict[str, object] | None


def sync(place: Place, request: SyncRequest, progress: Callable[[int, int], None] | None = None) -> SyncResult:
    """Set the session's usage to what the agent's transcript says now, and write the handoff above a threshold.

    A transcript that was read before is read from where that ended; with nothing new in it, nothing is written.

    Args:
        place: Which session.
        request: Which transcript, and how to read it.
        progress: Called now and then with the bytes read and the bytes there are, where much must be read.

    Raises:
        InputError: no transcript is found, or it cannot be read or understood.
        UsageError: no such agent or format.
        StateError: state that cannot be read or written.
        LockTimeoutError: another writer held the session too long.
    """
    view = store.read(place)
    tail, reading = read_news(place, view, request, progress)
    if reading is None:
        return _result(Recorded(describe(place, view), None, recorded=False), tail)

    def entries(session: Session, settings: Settings) -> list[Entry]:
        return usage_entries(reading, session, settings, place)

    return _result(record(place, entries), tail)


def read_news(
    place: Place, view: View, request: SyncRequest, progress: Callable[[int, int], None] | None = None
) -> tuple[TailState, Reading | None]:
    """Return how far the transcript has been read now, and what it says that ``view`` does not know: None if nothing.

    Arguments and errors as ``sync``.
    """
    request = _checked(request)
    path, format_, agent = _choose(place, view.session, request)
    old = last_reading(view.session, path)
    if request.transcript is not None and not request.certain and (old is None or format_ not in (None, old.format)):
        format_ = opened(path, format_)[2]
    usage, tail = latest_usage(path, old, format_, progress)
    if view.session and not _has_news(view.session, old, tail, request):
        return tail, None
    return tail, _read(view, usage, tail, old, agent, request, progress)


def _checked(request: SyncRequest) -> SyncRequest:
    if request.format is not None:
        from handoff_cli.usecases.formats import check_format

        check_format(request.format)
    return request.replace(agent=find_agent(request.agent).name) if request.agent is not None else request


def _result(recorded: Recorded, tail: TailState) -> SyncResult:
    return SyncResult(**recorded.to_dict(), transcript=tail.path, format=tail.format)


def _choose(place: Place, session: Session | None, request: SyncRequest) -> tuple[str, str | None, str | None]:
    """Return path, format and agent of the transcript to read; None: its content tells."""
    format_ = None if request.format in (None, "auto") else request.format.replace("-", "_")
    if request.transcript is not None:
        return os.path.abspath(request.transcript), format_, request.agent
    found = find_transcript(place, session, request.agent)
    if found is None:
        project = os.path.dirname(place.project)
        whose = f"{request.agent} transcript" if request.agent else "transcript"
        raise InputError(f"no {whose} of {project} was found", "name one: handoff sync --transcript FILE")
    return found.path, format_ or found.format, found.agent


def _has_news(session: Session, old: TailState | None, tail: TailState, request: SyncRequest) -> bool:
    """Tell whether ``tail`` says anything that is not recorded: a rewritten row with the same usage does not."""
    if old is None or (request.model or session.model) != session.model:
        return True
    if not tail.tokens:
        return (tail.offset, tail.size) != (old.offset, old.size)
    told = ("format", "tokens", "method", "rule", "window", "compacted", "version")
    other_model = bool(tail.model) and tail.model != old.model
    return other_model or any(getattr(tail, name) != getattr(old, name) for name in told)


def _read(
    view: View,
    usage: ContextUsage | None,
    tail: TailState,
    old: TailState | None,
    agent: str | None,
    request: SyncRequest,
    progress: Callable[[int, int], None] | None,
) -> Reading:
    session = view.session if view.session and view.session.transcript == tail.path else None
    reported = tail.model if is_model_id(tail.model) else None
    model = request.model or view.settings.model or reported or (session.model if session else None)
    reading = Reading(
        agent=agent or (session.agent if session else None) or _agent_of(tail.format),
        tail=tail,
        tokens=0,
        low=0,
        high=0,
        method="estimated",
        rule="",
        model=model,
        encoding=view.settings.encoding or _encoding(model),
        window=tail.window,
        compactions=_compactions(session, old, tail),
        estimate=None,
    )
    if usage and usage.tokens:
        figures = dict.fromkeys(("tokens", "low", "high"), usage.tokens)
        return reading.replace(**figures, method=usage.method, rule=usage.rule)
    from handoff_cli.transcripts.tail import check_rows
    from handoff_cli.usecases.estimate import RULE, Estimate, estimate

    last = Estimate.from_dict(session.estimate) if session else None
    before = (old, last) if old and last else None
    found = estimate(tail, before, model, view.settings.encoding, view.settings.calibrations, progress)
    if old is None and not found.tokens and not request.certain:
        check_rows(tail, reader_of(tail.format))
    rule = f"{RULE} ({found.note})" if found.note else RULE
    return reading.replace(
        tokens=found.tokens,
        low=found.low,
        high=found.high,
        rule=rule,
        encoding=found.encoding,
        estimate=found.to_dict(),
    )


def _agent_of(format_: str) -> str | None:
    return next((agent.name for agent in AGENTS if agent.format == format_), None)


def _encoding(model: str | None) -> str:
    from handoff_cli.constants import DEFAULT_ENCODING
    from handoff_cli.models.lookup import find_model

    known = find_model(model) if model else None
    return known.encoding if known else DEFAULT_ENCODING


def _compactions(session: Session | None, old: TailState | None, tail: TailState) -> int:
    """Return how many compactions were recorded since the last reading; only a fall in usage makes it worth looking."""
    from handoff_cli.transcripts.tail import compactions_between, grows

    fell = tail.compacted or (old and old.tokens and (tail.tokens or 0) < old.tokens)
    if session is None or old is None or not fell or tail.offset < old.offset:
        return 0
    reader = reader_of(tail.format)
    return compactions_between(tail.path, reader, old.offset, tail.offset) if grows(reader) else 0


def usage_entries(reading: Reading, session: Session, settings: Settings, place: Place) -> list[Entry]:
    """Return the ledger entry of ``reading``, none where another process has read further meanwhile."""
    other = last_reading(session, reading.tail.path)
    if other and other.inode == reading.tail.inode and other.modified_ns > reading.tail.modified_ns:
        return []
    if reading.high > MAX_TOKENS:
        raise InputError(f"{reading.tail.path} reports more than {MAX_TOKENS} tokens", "name another transcript")
    tail = reading.tail
    entry: Entry = {
        "kind": "usage",
        "time": utc_iso(time.time()),
        "source": tail.path,
        "agent": reading.agent,
        "agent_version": tail.version[:_MAX_NAME] or None,
        "tokens": reading.tokens,
        "low": reading.low,
        "high": reading.high,
        "method": reading.method,
        "rule": reading.rule,
        "model": reading.model,
        "encoding": reading.encoding,
        "window": reading.window if reading.window and reading.window <= MAX_CONTEXT_WINDOW else None,
        "compactions": reading.compactions,
        "tail": tail.to_dict(),
        "estimate": reading.estimate,
        "level": LEVELS[0],
    }
    return [with_level(entry, session, settings, place.environ)]
