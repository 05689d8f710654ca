"""``handoff init``."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("init", epilog="Example:  handoff init")(init)


def init(context: typer.Context) -> int:
    """Lay down .agent-handoffs/: state, guide and script forms. Never overwrites; track needs no init."""
    from handoff_cli.usecases.init import init as lay_down

    result = lay_down(context.obj.place())
    console = context.obj.console()
    console.text(f"{result.folder}: " + (f"made {', '.join(result.made)}" if result.made else "nothing to do"))
    if result.made and result.kept:
        console.text(f"kept as they were: {', '.join(result.kept)}")
    return 0
