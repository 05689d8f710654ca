"""What an agent's transcript says of the context now: which one it is, how far it was read, what it reports or holds.

Where it records no usage, the text in it is counted, piece by piece, from where the last count ended.
"""

from __future__ import annotations

import os

from handoff_cli.agents import AGENTS, find_agent
from handoff_cli.agents.readers import latest_usage, opened, reader_of
from handoff_cli.constants import DEFAULT_ENCODING
from handoff_cli.core.record import Record
from handoff_cli.core.session import COMPACTED, UNANSWERED
from handoff_cli.core.settings import is_model_id
from handoff_cli.errors import InputError
from handoff_cli.transcripts.source import split_session
from handoff_cli.transcripts.tail import TailState

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from handoff_cli.core.session import Session
    from handoff_cli.core.transcript import ContextUsage
    from handoff_cli.state.store import Place, View
    from handoff_cli.usecases.estimate import Progress

_NANOSECONDS = 1_000_000_000

RULE = "our count of the text since the last compaction; what the transcript does not hold is not in it"


class SyncRequest(Record):
    """What to read; None leaves it to what is remembered, found on disk or told by the content.

    ``agent`` is an agent's name, ``transcript`` a path, ``format`` one of ``agents.readers.READERS``, ``model`` the id
    of the model whose window and tokens are meant. ``certain`` says that the file is of ``format``: its agent says so.
    ``turn`` is the number of the turn that goes on, where the agent's hooks count them. ``responses_only`` leaves a
    compaction that no response has followed to the next hook: the last response is what the session reached.
    """

    agent: str | None = None
    transcript: str | None = None
    format: str | None = None
    model: str | None = None
    certain: bool = False
    turn: int | None = None
    responses_only: bool = False


class Found(Record):
    """A transcript: its path, its format (None: its content tells) and its agent."""

    path: str
    format: str | None
    agent: str | None


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


def read_news(
    place: Place, view: View, request: SyncRequest, progress: Progress | None = None
) -> tuple[TailState, Reading | None]:
    """Return how far the transcript has been read now, and what it says that ``view`` does not know: None if nothing.

    Arguments and errors as ``sync``.
    """
    request = _checked(request)
    path, format_, agent = _choose(place, view.session, request)
    old = last_reading(view.session, path)
    if request.transcript is not None and not request.certain and (old is None or format_ not in (None, old.format)):
        format_ = opened(path, format_)[2]
    usage, tail = latest_usage(path, old, format_, progress, responses_only=request.responses_only)
    if view.session and not _has_news(view.session, old, tail, request):
        return tail, None
    if request.responses_only and tail.is_after_compaction():
        return tail, None
    return tail, _read(view, usage, tail, old, agent, request, progress)


def _checked(request: SyncRequest) -> SyncRequest:
    if request.format is not None:
        from handoff_cli.agents.readers import check_format

        check_format(request.format)
    return request.replace(agent=find_agent(request.agent).name) if request.agent is not None else request


def find_transcript(place: Place, session: Session | None, agent: str | None = None) -> Found | None:
    """Return the transcript of the session at ``place``, None where there is none.

    The log of the agent at work goes first, where the place names it. The one read last is kept as long as it grows;
    once it rests, a newer one of the project's takes its place, unless the session is an agent's own.

    Args:
        place: Which session.
        session: What is remembered of it.
        agent: An agent's name: only its own; None for any.
    """
    if place.log and agent is None:
        return Found(place.log, None, None)
    known = session.transcript if session and agent in (None, session.agent) else None
    old = last_reading(session, known)
    modified = _modified(known, session.agent, place.environ) if session and known else None
    if session and known and modified is not None:
        kept = Found(known, old.format if old else None, session.agent)
        # An agent's session has the name its log has, and no other session's log is its.
        if (old and modified != old.modified_ns) or os.path.basename(place.folder) in known:
            return kept
    else:
        kept = None
    from handoff_cli.agents.search import Search

    project, since = os.path.dirname(place.project), (modified or 0) / _NANOSECONDS
    search = Search(project, environ=place.environ, since=since, part=_here(project))
    newer = next(search.logs(*([find_agent(agent)] if agent else [])), None)
    return Found(newer.path, newer.format, newer.agent) if newer else kept


def _here(project: str) -> str | None:
    """Return the working directory where it lies in ``project``: a session begun beside it is another's."""
    try:
        here = os.getcwd()
    except OSError:
        return None
    top = os.path.realpath(project)
    return here if here == top or here.startswith(os.path.join(top, "")) else None


def last_reading(session: Session | None, path: str | None) -> TailState | None:
    """Return how far the transcript at ``path`` was read, None where it is not the one the session goes by."""
    return TailState.from_dict(session.tail) if session and path and session.transcript == path else None


def _modified(path: str, agent: str | None, environ: Mapping[str, str]) -> int | None:
    """Return when a transcript was changed, in nanoseconds since 1970, None where there is none.

    Of a database of many sessions it is when this one was, for others are written there too.
    """
    file, session = split_session(path)
    if session and agent:
        from handoff_cli.agents.search import Search

        log = Search(None, environ=environ).session(find_agent(agent), session)
        return int(log.modified * _NANOSECONDS) if log else None
    try:
        return os.stat(file).st_mtime_ns
    except OSError:
        return None


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
    progress: Progress | None,
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
        low, high = (usage.tokens if bound is None else bound for bound in (usage.low, usage.high))
        return reading.replace(tokens=usage.tokens, low=low, high=high, method=usage.method, rule=usage.rule)
    from handoff_cli.transcripts.growth import check_rows
    from handoff_cli.usecases.estimate import Estimate, estimate

    last = Estimate.from_dict(session.estimate) if session else None
    before = (old, last) if old and last else None
    found = estimate(tail, before, model, view.settings.encoding, view.settings.calibrations, progress)
    if old is None and not found.tokens and not request.certain:
        check_rows(tail, reader_of(tail.format))
    reader = reader_of(tail.format)
    of_agent = reader.AGENT is not None
    answered = found.answered > getattr(reader, "USAGE_COMES_LATE", False) or (tail.compacted and found.tokens)
    rule = UNANSWERED if of_agent and not answered else RULE
    return reading.replace(
        tokens=found.tokens,
        low=found.low,
        high=found.most(of_agent=of_agent),
        rule=f"{rule} ({found.note})" if found.note and rule == RULE else rule,
        encoding=found.encoding,
        estimate=found.to_dict(),
    )


def _agent_of(format_: str) -> str | None:
    return next((agent.name for agent in AGENTS if agent.format == format_), None)


def _encoding(model: str | None) -> str:
    from handoff_cli.models.lookup import find_model

    known = find_model(model) if model else None
    return known.encoding if known else DEFAULT_ENCODING


def _compactions(session: Session | None, old: TailState | None, tail: TailState) -> int:
    """Return how many compactions were recorded since the last reading; a fall in usage makes it worth looking."""
    noted = session is not None and session.usage_rule == COMPACTED
    fell = tail.compacted or noted or (old and old.tokens and (tail.tokens or 0) < old.tokens)
    if session is None or old is None or not fell or tail.offset < old.offset:
        return 0
    from handoff_cli.transcripts.growth import compactions_between, compactions_since

    reader = reader_of(tail.format)
    if hasattr(reader, "TELLING") and hasattr(reader, "usage_of"):
        return compactions_between(tail.path, reader, old.offset, tail.offset)
    return compactions_since(tail.path, reader, old.size)
