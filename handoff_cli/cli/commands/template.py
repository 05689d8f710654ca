"""``handoff template``."""

from __future__ import annotations

from typing import Annotated

import typer

from handoff_cli.errors import UsageError


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    example = "Example:  handoff template --default > .agent-handoffs/SESSION_HANDOFF_TEMPLATE.md"
    app.command("template", epilog=example)(template)


def template(
    context: typer.Context,
    default: Annotated[bool, typer.Option("--default", help="Print the shipped template.")] = False,
    check: Annotated[
        str | None, typer.Option("--check", metavar="FILE", help="Render FILE with every kind of fact; say what fails.")
    ] = None,
) -> int:
    """Show which template handoffs are made with, print the shipped one, or check one of your own."""
    from handoff_cli.usecases.templates import check_template, shipped_template, template_in_force

    console = context.obj.console()
    if default and check:
        raise UsageError("--default and --check exclude each other", "give one of them")
    if default:
        console.document(shipped_template())
    elif check:
        check_template(check)
        console.text(f"{check}: renders")
    else:
        console.data(template_in_force(context.obj.place()) or "the shipped one: handoff template --default prints it")
    return 0
