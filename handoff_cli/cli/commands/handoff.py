"""``handoff handoff``."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("handoff", epilog='Example:  handoff handoff --next "run the failing test again"')(handoff)


def handoff(
    context: typer.Context,
    to_stdout: Annotated[bool, typer.Option("--stdout", help="Print the document; write no file.")] = False,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write it to FILE instead.")
    ] = None,
    template: Annotated[
        str | None, typer.Option("--template", metavar="FILE", help="Jinja2 template to render.")
    ] = None,
    goal: Annotated[str | None, typer.Option("--goal", metavar="TEXT", help="What the work is for.")] = None,
    next_action: Annotated[str | None, typer.Option("--next", metavar="TEXT", help="The one next action.")] = None,
) -> int:
    """Write the handoff document now; what you wrote into it is kept."""
    from handoff_cli.tracker.handoff import compose_handoff, save_handoff, write_handoff

    place, console = context.obj.place(), context.obj.console()
    if to_stdout or output:
        composed = compose_handoff(place, reason="manual", goal=goal, next_action=next_action, template_file=template)
        console.warnings(composed.warnings)
        if to_stdout:
            console.document(composed.text)
        if output:
            save_handoff(output, composed.text)
            console.text(f"handoff written to {output}")
        return 0
    written = write_handoff(place, reason="manual", goal=goal, next_action=next_action, template_file=template)
    console.warnings(written.warnings)
    console.text(f"handoff written to {written.path}")
    return 0
