"""``handoff doctor``."""

from __future__ import annotations

import typer

from handoff_cli.cli.options import Json

_MARKS = {"ok": " ", "note": "-", "problem": "!"}


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("doctor", epilog="Example:  handoff doctor --json")(doctor)


def doctor(context: typer.Context, as_json: Json = False) -> int:
    """Show versions, what is installed where, the project's state and locks, and the last failures of hooks.

    Ends with code 1 when something is wrong.
    """
    from handoff_cli.usecases.doctor import examine

    findings = examine(context.obj.place())
    console = context.obj.console()
    if as_json:
        console.json([finding.to_dict() for finding in findings])
    else:
        for finding in findings:
            advice = f"; {finding.advice}" if finding.advice and finding.verdict == "problem" else ""
            console.data(f"{_MARKS[finding.verdict]} {finding.area}: {finding.name}: {finding.found}{advice}")
    return 1 if any(finding.verdict == "problem" for finding in findings) else 0
