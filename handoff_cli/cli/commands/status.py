"""``status``, ``sync`` and ``log``: where a session stands and how it came there."""

from __future__ import annotations

from handoff_cli.core.usage import LEVELS
from handoff_cli.errors import InputError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.cli.context import Common
    from handoff_cli.cli.options import (
        Agent,
        AllSessions,
        FailAt,
        Json,
        JsonLines,
        LevelCode,
        ModelInUse,
        NewStatusJson,
        OneLine,
        RequireSession,
        Since,
        Transcript,
        TranscriptFormat,
    )

LEVEL_EXIT_CODES = {"ok": 0, "warning": 10, "critical": 11, "over": 12}


def status(
    common: Common,
    *,
    json: Json = False,
    line: OneLine = False,
    exit_code: LevelCode = False,
    fail_at: FailAt = None,
    require_session: RequireSession = False,
) -> int:
    """Show how full the window is, and the last checkpoints.

    Exit codes: 0, or as the options for scripts say. With --fail-at alone a project without a session passes: there is
    nothing in its window; add --require-session where something must have been measured.

    Example:  handoff status --fail-at critical --require-session && git push
    """
    from handoff_cli.cli.lines import one_line
    from handoff_cli.usecases.status import get_status

    for given, other, words in ((json, line, "--json and --line"), (exit_code, fail_at, "--exit-code and --fail-at")):
        if given and other:
            raise UsageError(f"{words} exclude each other", "give one of them")
    place, console = common.session_place(), common.console()
    current = get_status(place)
    if json:
        console.json(current)
    elif line:
        console.data(one_line(current))
        console.warnings(current["warnings"])
    else:
        common.tell_of_home(place, console)
        console.status(current)
    if require_session and not (current["checkpoint_count"] or current["usage_rule"]):
        raise InputError("nothing was measured here", "handoff track or handoff sync begins a session")
    if fail_at:
        return int(LEVELS.index(current["level"]) >= LEVELS.index(fail_at))
    return LEVEL_EXIT_CODES[current["level"]] if exit_code else 0


def sync(
    common: Common,
    *,
    agent: Agent = None,
    transcript: Transcript = None,
    format_: TranscriptFormat = None,
    model: ModelInUse = None,
    json: NewStatusJson = False,
) -> int:
    """Set usage to what the agent's own transcript says, show the bar.

    The figure is exact where the transcript records usage, else our estimate, marked ~. It takes the place of what was
    tracked; what is tracked later adds to it. Only what is new in a transcript is read, so this is quick on any size.

    Example:  handoff sync --agent claude
    """
    from handoff_cli.usecases.reading import SyncRequest
    from handoff_cli.usecases.sync import sync as sync_transcript

    place, console = common.session_place(to_record=True), common.console()
    with console.progress(()) as progress:
        result = sync_transcript(place, SyncRequest(agent, transcript, format_, model), progress.at)
    if not json:
        console.synced(result)
        return 0
    changed = {"format": result.format, "crossed": result.crossed, "recorded": result.recorded}
    console.json({**result.status, **changed, "handoff_written": result.handoff is not None})
    console.warnings(result.warnings)
    return 0


def log(common: Common, *, json: JsonLines = False, since: Since = None, all_: AllSessions = False) -> int:
    """Print every checkpoint of the session, newest last.

    Example:  handoff log --since 2h --json | jq .tokens
    """
    import time

    from handoff_cli.cli.tables import entry_line
    from handoff_cli.usecases.log import parse_since, read_log

    place, console = common.session_place(), common.console()
    console.chosen(place)
    start = None if since is None else parse_since(since, time.time())
    for line in read_log(place, since=start, archived=all_):
        if line.entry is None:
            console.warnings([line.problem])
        elif json:
            console.json_line(line.entry)
        else:
            console.data(entry_line(line.entry))
    return 0
