"""``handoff simulate``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from handoff_cli.cli import tables

if TYPE_CHECKING:
    from handoff_cli.transcripts.replay import Trip
    from handoff_cli.usecases.simulate import Simulation


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("simulate", epilog="Example:  handoff simulate --threshold 0.7 ~/.claude/projects/*/*.jsonl")(simulate)


def simulate(
    context: typer.Context,
    transcripts: Annotated[list[str], typer.Argument(metavar="TRANSCRIPT...", help="Transcripts to replay.")],
    threshold: Annotated[
        float | None,
        typer.Option("--threshold", metavar="SHARE", min=0.01, max=1.0, help="Default: the warning threshold."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON: transcripts, trips and the summary.")] = False,
) -> int:
    """Replay transcripts: would the threshold have tripped in time?

    For each compaction: where the threshold would have tripped, and how many responses and turns were left to write the
    handoff in; or that it was missed. Thresholds are shares of what can be used before the agent compacts.
    """
    from handoff_cli.usecases.simulate import simulate as replay_all
    from handoff_cli.usecases.simulate import summary

    console = context.obj.console()
    with console.progress(transcripts) as progress:
        simulations = replay_all(context.obj.place(), transcripts, threshold, progress.at)
    total = summary(simulations)
    if as_json:
        console.json({"transcripts": [_as_json(it) for it in simulations], **total.to_dict()})
        return 0
    for simulation in simulations:
        for line in tables.simulation_lines(simulation):
            console.data(line)
    console.data(tables.simulation_summary(total))
    return 0


def _as_json(simulation: Simulation) -> dict[str, object]:
    return {**simulation.to_dict(), "trips": [_trip(trip) for trip in simulation.trips]}


def _trip(trip: Trip) -> dict[str, object]:
    return {**trip.to_dict(), "compaction": trip.compaction.to_dict(), "missed": trip.missed()}
