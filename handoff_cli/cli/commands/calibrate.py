"""``handoff calibrate``."""

from __future__ import annotations

from typing import Annotated

import typer

from handoff_cli.cli import tables
from handoff_cli.cli.options import Agent


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("calibrate", epilog="Example:  handoff calibrate --agent claude")(calibrate)


def calibrate(
    context: typer.Context,
    transcripts: Annotated[
        list[str] | None, typer.Argument(metavar="TRANSCRIPT...", help="Default: the project's own.")
    ] = None,
    agent: Agent = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON: what was learnt of each model.")] = False,
) -> int:
    """Learn from your transcripts how many tokens a model makes of your text.

    For models without a public tokenizer, what each response added to the usage is compared with our count of the text.
    The factor is kept in the project's settings with its band and sample size; estimates use it from then on.
    """
    from handoff_cli.usecases.calibrate import calibrate as learn

    console = context.obj.console()
    with console.progress(transcripts or ()) as progress:
        result = learn(context.obj.place(), transcripts or (), agent, progress.at)
    if as_json:
        own = [it.calibration.to_dict() if it.calibration else None for it in result.learned]
        learned = [{**it.to_dict(), "calibration": one} for it, one in zip(result.learned, own, strict=True)]
        console.json({**result.to_dict(), "learned": learned})
    else:
        for it in result.learned:
            console.data(tables.learned_line(it))
    console.warnings(f"skipped: {it}" for it in result.skipped)
    kept = f"the factors are kept in {result.stored}" if result.stored else "nothing was learnt"
    console.message(f"read {len(result.transcripts)} transcripts; {kept}")
    return 0
