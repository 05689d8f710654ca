"""``handoff handoff``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from handoff_cli.usecases.gather import Options


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("handoff", epilog='Example:  handoff handoff --next "run the failing test again"')(handoff)


def handoff(
    context: typer.Context,
    to_stdout: Annotated[bool, typer.Option("--stdout", help="Print the document; write no file.")] = False,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write it to FILE instead.")
    ] = None,
    transcript: Annotated[
        str | None,
        typer.Option("--transcript", "-t", metavar="FILE", help="An agent's log to take facts from; any known format."),
    ] = None,
    budget: Annotated[
        int, typer.Option("--budget", min=0, metavar="TOKENS", help="Size of the document; 0 leaves nothing out.")
    ] = 2_000,
    coming: Annotated[
        str | None, typer.Option("--for", metavar="TASK", help="The next task: what concerns it comes first.")
    ] = None,
    goal: Annotated[str | None, typer.Option("--goal", metavar="TEXT", help="What the work is for; a note.")] = None,
    next_action: Annotated[
        str | None, typer.Option("--next", metavar="TEXT", help="The one next action; a note.")
    ] = None,
    template: Annotated[
        str | None, typer.Option("--template", metavar="FILE", help="Jinja2 template to render.")
    ] = None,
    summarize_with: Annotated[
        str | None,
        typer.Option("--summarize-with", metavar="CMD", help="Command that reads the facts and writes a summary."),
    ] = None,
    no_redact: Annotated[bool, typer.Option("--no-redact", help="Leave secrets in; the front matter says so.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the facts as JSON; write no file.")] = False,
) -> int:
    """Write the handoff document now; what you wrote into it is kept."""
    from handoff_cli.usecases.handoff import compose_handoff, save_handoff
    from handoff_cli.usecases.record import write_handoff

    place, console = context.obj.place(), context.obj.console()
    options: Options = {
        "goal": goal,
        "next_action": next_action,
        "template_file": template,
        "transcript": transcript,
        "budget": budget,
        "coming": coming,
        "redact": not no_redact,
        "summarize_with": summarize_with,
    }
    if to_stdout or output or as_json:
        composed = compose_handoff(place, reason="manual", **options)
        console.warnings(composed.warnings)
        if as_json:
            console.json(composed.values)
        elif to_stdout:
            console.document(composed.text)
        if output:
            save_handoff(output, composed.text)
            console.text(f"handoff written to {output}")
        return 0
    written = write_handoff(place, reason="manual", **options)
    console.warnings(written.warnings)
    console.text(f"handoff written to {written.path}")
    return 0
