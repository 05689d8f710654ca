"""The verbs that tell where a session stands: as its state has it, or after reading the agent's own transcript."""

from __future__ import annotations

from handoff_cli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from handoff_cli.cli.hot import Globals
    from handoff_cli.usecases.sync import SyncResult

LEVEL_EXIT_CODES = {"ok": 0, "warning": 10, "critical": 11, "over": 12}


def status(common: Globals, *, as_json: bool = False, line: bool = False, exit_code: bool = False) -> int:
    """Show how full the window is; with ``exit_code`` the level decides the code: 0, 10, 11 or 12."""
    from handoff_cli.cli.layout import one_line
    from handoff_cli.usecases.status import get_status

    if as_json and line:
        raise UsageError("--json and --line exclude each other", "give one of them")
    current = get_status(common.place())
    console = common.console()
    if as_json:
        console.json(current)
    elif line:
        console.data(one_line(current))
        console.warnings(current["warnings"])
    else:
        console.status(current)
    return LEVEL_EXIT_CODES[current["level"]] if exit_code else 0


def sync(
    common: Globals,
    *,
    agent: str | None = None,
    transcript: str | None = None,
    reader: str | None = None,
    model: str | None = None,
    as_json: bool = False,
) -> int:
    """Bring the session's usage up to date from the agent's own transcript, then show the bar."""
    from handoff_cli.usecases.reading import SyncRequest
    from handoff_cli.usecases.sync import sync as sync_transcript

    console = common.console()
    with console.progress(()) as progress:
        request = SyncRequest(agent, transcript, reader, model)
        result = sync_transcript(common.place(), request, progress.at)
    if as_json:
        console.json(_synced_as_json(result))
        console.warnings(result.warnings)
    else:
        console.synced(result)
    return 0


def _synced_as_json(result: SyncResult) -> dict[str, Any]:
    return {
        **result.status,
        "format": result.format,
        "crossed": result.crossed,
        "recorded": result.recorded,
        "handoff_written": result.handoff is not None,
    }
