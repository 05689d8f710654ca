"""Choosing a threshold: transcripts replayed, to see where it would have tripped and how much time was left."""

from __future__ import annotations

from statistics import median

from handoff_cli.agents.readers import opened, read_transcript
from handoff_cli.agents.windows import window_in_force
from handoff_cli.core.record import Record
from handoff_cli.core.session import WindowFacts
from handoff_cli.core.usage import forecast_errors
from handoff_cli.models.lookup import find_model
from handoff_cli.state import store
from handoff_cli.transcripts.growth import replay

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from handoff_cli.core.settings import Settings
    from handoff_cli.core.transcript import Transcript
    from handoff_cli.state.store import Place
    from handoff_cli.transcripts.growth import Trip

    Progress = Callable[[int, int], None]


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
        paths: The transcripts.
        threshold: A share 0..1 of the usable window; None is the warning threshold in force.
        progress: Called now and then with the bytes read and the bytes there are.

    Raises:
        InputError: a transcript cannot be read or understood.
        StateError: settings that cannot be understood.
    """
    settings = store.read(place).settings
    share = settings.warning_threshold if threshold is None else threshold
    return [_simulated(place, settings, path, share, progress) for path in paths]


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
