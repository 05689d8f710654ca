"""``models``, ``simulate`` and ``calibrate``: what is known of models, and what transcripts teach."""

from __future__ import annotations

from handoff_cli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.cli.options import Agent, Json, ModelPattern, Replayed, Threshold, Transcripts
    from handoff_cli.cli.reader import Common
    from handoff_cli.transcripts.growth import Trip
    from handoff_cli.usecases.models import Simulation


def models(common: Common, pattern: ModelPattern = None, *, json: Json = False) -> int:
    """List models: window, input limit, encoding, factor, source, date.

    A factor says how many tokens of the model one of the encoding stands for; 'own' means that no scaling is needed.

    Example:  handoff models claude
    """
    from handoff_cli.cli.tables import model_lines
    from handoff_cli.usecases.models import list_models

    rows, console = list_models(pattern), common.console()
    if json:
        console.json([row.to_dict() for row in rows])
        return 0
    for line in model_lines(rows):
        console.row(line)
    return 0


def simulate(common: Common, *transcripts: Replayed, threshold: Threshold = None, json: Json = False) -> int:
    """Replay transcripts: would the threshold have tripped in time?

    For each compaction: where the threshold would have tripped, and how many responses and turns were left to write the
    handoff in; or that it was missed. Thresholds are shares of what can be used before the agent compacts.

    Example:  handoff simulate --threshold 0.7 ~/.claude/projects/*/*.jsonl
    """
    from handoff_cli.cli.tables import simulation_lines, simulation_summary
    from handoff_cli.usecases.models import simulate as replay_all
    from handoff_cli.usecases.models import summary

    if not transcripts:
        raise UsageError("no transcript is named", "see: handoff simulate --help")
    console = common.console()
    with console.progress(transcripts) as progress:
        simulations = replay_all(common.place(), transcripts, threshold, progress.at)
    total = summary(simulations)
    if json:
        console.json({"transcripts": [_simulation(it) for it in simulations], **total.to_dict()})
        return 0
    for simulation in simulations:
        for line in simulation_lines(simulation):
            console.data(line)
    console.data(simulation_summary(total))
    return 0


def calibrate(common: Common, *transcripts: Transcripts, agent: Agent = None, json: Json = False) -> int:
    """Learn from your transcripts how a model counts your text.

    For models without a public tokenizer, what each response added to the usage is compared with our count of the text.
    The factor is kept in the project's settings with its band and sample size; estimates use it from then on.

    Example:  handoff calibrate --agent claude
    """
    from handoff_cli.cli.tables import learned_line
    from handoff_cli.usecases.models import calibrate as learn

    console = common.console()
    with console.progress(transcripts) as progress:
        result = learn(common.place(), transcripts, agent, progress.at)
    if json:
        own = [it.calibration.to_dict() if it.calibration else None for it in result.learned]
        learned = [{**it.to_dict(), "calibration": one} for it, one in zip(result.learned, own, strict=True)]
        console.json({**result.to_dict(), "learned": learned})
    else:
        for it in result.learned:
            console.data(learned_line(it))
    console.warnings(f"skipped: {it}" for it in result.skipped)
    kept = f"the factors are kept in {result.stored}" if result.stored else "nothing was learnt"
    console.message(f"read {len(result.transcripts)} transcripts; {kept}")
    return 0


def _simulation(simulation: Simulation) -> dict[str, object]:
    return {**simulation.to_dict(), "trips": [_trip(trip) for trip in simulation.trips]}


def _trip(trip: Trip) -> dict[str, object]:
    told = {name: value for name, value in trip.to_dict().items() if name != "figures"}
    return {**told, "compaction": trip.compaction.to_dict(), "missed": trip.missed()}
