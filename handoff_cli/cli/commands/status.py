"""``status``, ``sync``, ``log``, ``transcript``, ``context``, ``report``: where a session stands, how it came there."""

from __future__ import annotations

from handoff_cli.cli.commands import only_one_of
from handoff_cli.core.usage import LEVELS
from handoff_cli.errors import InputError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from handoff_cli.cli.console import Console
    from handoff_cli.cli.options import (
        Agent,
        AllProjects,
        AllSessions,
        CheckpointNumbers,
        FailAt,
        Json,
        JsonLines,
        KeptFormat,
        LevelCode,
        ModelInUse,
        NewStatusJson,
        OneLine,
        OpenPage,
        ReportFile,
        RequireSession,
        ShowText,
        Since,
        Top,
        Transcript,
        TranscriptFormat,
        TranscriptToMeasure,
        WholeFleet,
    )
    from handoff_cli.cli.reader import Common
    from handoff_cli.state.kept_reading import KeptPiece
    from handoff_cli.state.store import Place
    from handoff_cli.usecases.conversation import KeptTurn


_MOST_DIGITS = 12
_NOTHING = "nothing was recorded in this session yet: handoff track or handoff sync does"
_NO_TEXT = "no text was kept of this session: handoff track keeps what is piped in"
_SPEAKERS = {"user": "User", "assistant": "Assistant", "system": "System", "text": "Text"}

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

    Example:  handoff status --fail-at critical || echo "time to hand over"
    """
    from handoff_cli.cli.lines import status_in_a_line
    from handoff_cli.usecases.status import get_status, may_lag

    only_one_of({"--json": json, "--line": line})
    only_one_of({"--exit-code": exit_code, "--fail-at": fail_at})
    place, console = common.session_place(), common.console()
    if may_lag(place):
        from handoff_cli.usecases.sync import status_now as get_status
    current = get_status(place)
    if json:
        console.json(current)
    elif line:
        console.data(status_in_a_line(current))
        console.warnings(current["warnings"])
    else:
        common.tell_of_home(place, console)
        console.status(current)
        if current["session_id"] is None:
            _tell_of_log(place, console)
    if require_session and not (current["checkpoint_count"] or current["usage_rule"]):
        raise InputError("nothing was measured here", "handoff track or handoff sync begins a session")
    if fail_at:
        return int(LEVELS.index(current["level"]) >= LEVELS.index(fail_at))
    return LEVEL_EXIT_CODES[current["level"]] if exit_code else 0


def _tell_of_log(place: Place, console: Console) -> None:
    """Say how the session of an agent comes to be known whose log is all there is of it."""
    from handoff_cli.agents import find_agent
    from handoff_cli.usecases.reading import find_transcript

    found = find_transcript(place, None)
    if found and found.agent:
        console.message(f"{find_agent(found.agent).title} has a log of this project: handoff sync reads it")


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

    Example:  handoff sync || handoff status
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


def log(
    common: Common,
    *checkpoints: CheckpointNumbers,
    text: ShowText = False,
    json: JsonLines = False,
    since: Since = None,
    all_: AllSessions = False,
) -> int:
    """Print every checkpoint of the session, newest last.

    With --text the text that was tracked, as it was kept: redacted, and where it was long without its middle.

    Example:  handoff log --since 2h --json
    """
    import time

    from handoff_cli.cli.views import entry_line
    from handoff_cli.usecases.log import parse_since, read_log

    place, console = common.session_place(), common.console()
    console.chosen(place)
    numbers = [_checkpoint_number(word) for word in checkpoints]
    if text:
        if since is not None or all_:
            raise UsageError("--text goes with --json and numbers of checkpoints", "leave --since and --all out")
        return _log_texts(console, place, numbers, as_json=json)
    start = None if since is None else parse_since(since, time.time())
    missing, is_empty = set(numbers), True
    for line in read_log(place, since=start, archived=all_):
        if line.entry is None:
            console.warnings([line.problem])
            continue
        if numbers and line.entry["sequence"] not in numbers:
            continue
        missing.discard(line.entry["sequence"])
        is_empty = False
        if json:
            console.json_line(line.entry)
        else:
            console.row(entry_line(line.entry))
    if missing:
        raise InputError(f"there is no checkpoint {min(missing)}", "handoff log lists them")
    if is_empty:
        console.message(_NOTHING if start is None else f"nothing was recorded since {start}")
    return 0


def transcript(common: Common, *, format_: KeptFormat = "markdown", json: JsonLines = False) -> int:
    """Print all the text that was kept of the session, turn by turn.

    Secrets are redacted, and of what was too much to keep the middle is missing, which is said where it was. A piece as
    it was tracked: handoff log --text.

    Example:  handoff transcript --format jsonl
    """
    from handoff_cli.usecases.conversation import kept_turns

    place, console = common.session_place(), common.console()
    console.chosen(place)
    turn = None
    for turn in kept_turns(place):
        if json or format_ == "jsonl":
            console.json_line(turn.to_dict())
        else:
            console.document(_turn_lines(turn))
    if turn is None:
        console.message(_NO_TEXT)
    return 0


def _turn_lines(turn: KeptTurn) -> str:
    """Return a turn as Markdown: calls and what they gave are fenced, so that nothing in them is taken for ours."""
    import re

    if turn.tool is None and turn.role != "tool":
        return f"## {_SPEAKERS.get(turn.role, turn.role)}\n\n{turn.text}\n\n"
    failed = ", failed" if turn.failed else ""
    title = f"Result{failed}" if turn.tool is None else f"Call of {turn.tool}"
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", turn.text)), default=0))
    return f"### {title}\n\n{fence}\n{turn.text}\n{fence}\n\n"


def _log_texts(console: Console, place: Place, numbers: list[int], *, as_json: bool) -> int:
    from handoff_cli.usecases.conversation import shown
    from handoff_cli.usecases.log import last_text, read_texts

    piece = None
    for piece in read_texts(place, numbers) if numbers else filter(None, [last_text(place)]):
        if as_json:
            console.json_line(_piece_json(piece))
        else:
            console.document(shown(piece))
    if piece is None:
        console.message(_NO_TEXT)
    return 0


def _piece_json(piece: KeptPiece) -> dict[str, Any]:
    return {**piece.to_dict(), "parts": list(piece.parts), "text": piece.text}


def _checkpoint_number(word: str) -> int:
    if not (word.isascii() and word.isdecimal() and len(word) < _MOST_DIGITS):
        raise UsageError(f"{word!r} is no number of a checkpoint", "handoff log lists them")
    return int(word)


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

    place, console = common.session_place(), common.console()
    if transcript is None:
        console.chosen(place)
    with console.progress(()) as progress:
        found = context_of(place, transcript, format_, progress.at)
    if found is None:
        if json:
            console.json(None)
        console.message("nothing fills the window yet: track or sync begins a session, --transcript FILE names a log")
        return 0
    measured, usable = found
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
    fleet: WholeFleet = False,
    json: Json = False,
) -> int:
    """Write one HTML page on the project's sessions.

    Usage over time with thresholds, compactions and handoffs; what fills the window; the forecast against what
    happened; the document. The page loads nothing and no text in it can run. Needs the extra report.

    Example:  handoff report --since 7d || echo "nothing to report yet"
    """
    import os
    import time

    from handoff_cli.core.text import counted
    from handoff_cli.usecases.log import parse_since
    from handoff_cli.usecases.report import write_report

    only_one_of({"--all-projects": all_projects, "--fleet": fleet})
    console = common.console()
    place, after = common.place(), parse_since(since, time.time()) if since else None
    if fleet:
        from handoff_cli.usecases.fleet_report import write_fleet_report

        shown = write_fleet_report(place, output, after)
    else:
        shown = write_report(place, output, after, all_projects=all_projects)
    if json:
        console.json({"file": os.path.abspath(output), "sessions": shown})
    else:
        console.message(f"wrote {output}: {counted(shown, 'session')}")
    if open_:
        import webbrowser
        from urllib.request import pathname2url

        webbrowser.open(f"file:{pathname2url(os.path.abspath(output))}")
    return 0
