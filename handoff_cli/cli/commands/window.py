"""``context`` and ``report``: what fills the window, in the terminal and as a page."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.cli.options import (
        AllProjects,
        Json,
        OpenPage,
        ReportFile,
        Since,
        Top,
        TranscriptFormat,
        TranscriptToMeasure,
    )
    from handoff_cli.cli.reader import Common


def context(
    common: Common,
    *,
    transcript: TranscriptToMeasure = None,
    format_: TranscriptFormat = None,
    top: Top = 10,
    json: Json = False,
) -> int:
    """Show what fills the window, by kind, tool, file and command.

    Between two responses the usage that the agent reports grows by what was added between them, so the figures add up
    to the reported total. Where several pieces came at once the growth is divided by our own count (~); what the log
    does not hold, such as the system prompt, is named. Below: what was read twice, is very large, or could go.

    Example:  handoff context --top 5
    """
    from handoff_cli.usecases.context import advice, context_of

    console = common.console()
    with console.progress(()) as progress:
        measured, usable = context_of(common.place(), transcript, format_, progress.at)
    lines = advice(measured, usable)
    if json:
        console.json({**measured.to_report(top), "usable_tokens": usable, "advice": list(lines)})
    else:
        console.context(measured, usable, lines, top)
    return 0


def report(
    common: Common,
    *,
    output: ReportFile = "handoff-report.html",
    open_: OpenPage = False,
    since: Since = None,
    all_projects: AllProjects = False,
) -> int:
    """Write one HTML page on the project's sessions.

    Usage over time with thresholds, compactions and handoffs; what fills the window; the forecast against what
    happened; the document. The page loads nothing and no text in it can run. Needs the extra report.

    Example:  handoff report --since 7d -o report.html
    """
    import os
    import time

    from handoff_cli.usecases.log import parse_since
    from handoff_cli.usecases.report import write_report

    console = common.console()
    shown = write_report(
        common.place(), output, parse_since(since, time.time()) if since else None, all_projects=all_projects
    )
    console.message(f"wrote {output}: {shown} session{'' if shown == 1 else 's'}")
    if open_:
        import webbrowser
        from urllib.request import pathname2url

        webbrowser.open(f"file:{pathname2url(os.path.abspath(output))}")
    return 0
