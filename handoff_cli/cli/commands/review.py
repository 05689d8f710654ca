"""``handoff check``, ``handoff resume`` and ``handoff diff``."""

from __future__ import annotations

from typing import Annotated

import typer

from handoff_cli.cli.options import Json


def register(app: typer.Typer) -> None:
    """Add the commands to ``app``."""
    app.command("check", epilog="Example:  handoff check --strict && git push")(check)
    app.command("resume", epilog="Example:  handoff resume")(resume)
    app.command("diff", epilog="Example:  handoff diff 20261122T074114Z .agent-handoffs/CURRENT_SESSION.md")(diff)


def check(
    context: typer.Context,
    file: Annotated[str | None, typer.Argument(metavar="[FILE]", help="A handoff. Default: the newest one.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 on warnings too.")] = False,
    as_json: Json = False,
) -> int:
    """Look for what is wrong with a handoff; exit code 1 when there is an error."""
    from handoff_cli.usecases.review import check as check_handoff

    console = context.obj.console()
    path, findings = check_handoff(context.obj.place(), file)
    if as_json:
        console.json({"file": path, "findings": [finding.to_dict() for finding in findings]})
    else:
        for it in findings:
            console.data(f"{path}:{it.line}: {it.level}: {it.message} [{it.rule}]; {it.mend}")
        if not findings:
            console.text(f"{path}: nothing to mend")
    return int(any(strict or finding.level == "error" for finding in findings))


def resume(
    context: typer.Context,
    as_json: Json = False,
) -> int:
    """Print what changed since the handoff was written, then the handoff: what a new session reads first."""
    from handoff_cli.documents.drift import drift_lines
    from handoff_cli.usecases.review import resume as resume_handoff

    console = context.obj.console()
    found = resume_handoff(context.obj.place())
    if as_json:
        drift = found.drift
        commits = [commit.to_dict() for commit in drift.commits]
        console.json({"file": found.path, "drift": {**drift.to_dict(), "commits": commits}, "document": found.text})
        return 0
    console.data(f"Drift since {found.path} was written:")
    for line in drift_lines(found.drift):
        console.data(f"- {line}")
    console.data("")
    console.document(found.text)
    return 0


def diff(
    context: typer.Context,
    older: Annotated[str, typer.Argument(metavar="A", help="A file, an archived session, or a kept handoff.")],
    newer: Annotated[str, typer.Argument(metavar="B", help="Another one.")],
    as_json: Json = False,
) -> int:
    """Show what handoff B says that A does not, and the other way round, section by section."""
    from handoff_cli.usecases.review import difference

    console = context.obj.console()
    found = difference(context.obj.place(), older, newer)
    if as_json:
        console.json([it.to_dict() for it in found])
        return 0
    for it in found:
        console.data(f"## {it.section}")
        for sign, lines in (("-", it.removed), ("+", it.added)):
            for line in lines:
                console.data(f"{sign} {line}")
    if not found:
        console.message("they say the same")
    return 0
