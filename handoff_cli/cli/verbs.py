"""The hot verbs: what their Typer commands and their fast doors both call. Standard library and our own code only.

Each takes plain values and returns the exit code; nothing here knows how the command line was read.
"""

from __future__ import annotations

import sys

from handoff_cli.cli.console import Console, drop_output
from handoff_cli.core.record import Record
from handoff_cli.core.settings import Settings
from handoff_cli.errors import InputError, InterruptedByUserError, InterruptedTrackError, UsageError
from handoff_cli.tracker.place import locate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from handoff_cli.cli.console import NoProgress
    from handoff_cli.cli.progress import Progress
    from handoff_cli.state.store import Place
    from handoff_cli.tracker.pieces import Request
    from handoff_cli.tracker.sources import Source
    from handoff_cli.tracker.sync import SyncResult
    from handoff_cli.tracker.track import TrackResult

LEVEL_EXIT_CODES = {"ok": 0, "warning": 10, "critical": 11, "over": 12}


class Globals(Record):
    """The options every command takes; None means not given."""

    directory: str | None = None
    session: str | None = None
    quiet: bool = False
    color: str = "auto"
    window: int | None = None

    def place(self) -> Place:
        """Return the place of the session meant."""
        return locate(self.directory, self.session, self.window)

    def console(self, *, data_to_stderr: bool = False) -> Console:
        """Return the console to draw on."""
        return Console(self.color, quiet=self.quiet, data_to_stderr=data_to_stderr)


def status(common: Globals, *, as_json: bool = False, line: bool = False, exit_code: bool = False) -> int:
    """Show how full the window is; with ``exit_code`` the level decides the code: 0, 10, 11 or 12."""
    from handoff_cli.cli.layout import one_line
    from handoff_cli.tracker.status import get_status

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


def track(
    common: Globals,
    files: Sequence[str],
    request: Request,
    *,
    tee: bool = False,
    strict: bool = False,
    as_json: bool = False,
) -> int:
    """Count and record conversation text from ``files`` (``-`` or none: standard input), then show the bar."""
    from handoff_cli.tracker.track import track as track_sources

    reads = request.tokens is None
    if not reads and (files or tee or strict):
        raise UsageError("--tokens goes without files, --tee and --strict", "leave one of them out")
    _check_format(request)
    console = common.console(data_to_stderr=tee)
    try:
        with console.progress(files) as progress:
            sources = _sources(files, progress, strict=strict, tee=tee) if reads else []
            result = track_sources(common.place(), sources, request)
    except InterruptedTrackError as interrupted:
        raise InterruptedByUserError(interrupted.message, interrupted.hint) from None
    if as_json:
        console.json(_as_json(result))
        console.warnings(result.warnings)
    elif result.added:
        console.tracked(result)
    if not result.added:
        console.message("nothing to track: the input is empty")
    return 0


def follow(common: Globals, path: str, request: Request, *, as_json: bool = False) -> int:
    """Count ``path`` and go on as it grows, until interrupted; each growth is shown as ``track`` shows it."""
    from handoff_cli.tracker.follow import follow as follow_file

    console = common.console()
    try:
        for result in follow_file(common.place(), path, request):
            if as_json:
                console.json_line(_as_json(result))
            else:
                console.tracked(result)
            console.flush()
    except KeyboardInterrupt:
        console.message(f"stopped following {path}; the next time goes on from here")
    return 0


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
    from handoff_cli.tracker.sync import SyncRequest
    from handoff_cli.tracker.sync import sync as sync_transcript

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


def count(
    common: Globals,
    files: Sequence[str],
    request: Request,
    *,
    strict: bool = False,
    by_file: bool = False,
    as_json: bool = False,
) -> int:
    """Count ``files`` (``-`` or none: standard input) and print their tokens; no state is read or written."""
    from handoff_cli.tracker.pieces import count_pieces, sum_of
    from handoff_cli.tracker.status import model_in_force

    _check_format(request)
    console = common.console()
    model = model_in_force(Settings(), None, request.model)
    try:
        with console.progress(files) as progress:
            sources = _sources(files, progress, strict=strict)
            pieces, notes = count_pieces(sources, request, model, request.encoding, model)
    except KeyboardInterrupt:
        raise InterruptedByUserError("interrupted: not counted to the end") from None
    total = sum_of(pieces, model, request.encoding)
    if as_json:
        by_piece = [{"file": it.source, "took": it.took, **it.count.to_dict()} for it in pieces]
        console.json({**total.to_dict(), "files": by_piece})
    else:
        console.counted(pieces if by_file else (), total)
    console.warnings(notes)
    return 0


def _check_format(request: Request) -> None:
    if request.format != "text":
        from handoff_cli.tracker.formats import check_format

        check_format(request.format)


def _sources(files: Sequence[str], progress: Progress | NoProgress, *, strict: bool, tee: bool = False) -> list[Source]:
    from handoff_cli.tracker.sources import FileSource

    copying = tee

    def on_bytes(block: bytes) -> None:
        nonlocal copying
        # A reader of the copy that has seen enough must not cost the rest its count.
        copying = copying and _copied_to_stdout(block)
        progress(block)

    names = list(files) or ["-"]
    if names.count("-") > 1:
        raise UsageError("standard input can be read once", "name '-' once")
    return [
        FileSource("stdin", _stdin(named=bool(files)), strict=strict, on_bytes=on_bytes)
        if name == "-"
        else FileSource(name, strict=strict, on_bytes=on_bytes, on_progress=progress.at, copied=tee)
        for name in names
    ]


def _stdin(*, named: bool) -> Any:
    if sys.stdin is None:
        raise InputError("standard input is closed", "pipe text into handoff track, or name files")
    if not named and sys.stdin.isatty():
        raise UsageError(
            "there is nothing to count: no file named and no text piped", "try: cat notes.txt | handoff track"
        )
    return sys.stdin.buffer


def _copied_to_stdout(block: bytes) -> bool:
    """Pass ``block`` on; return whether anybody still reads."""
    if sys.stdout is None:
        return False
    try:
        sys.stdout.buffer.write(block)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        drop_output()
        return False
    return True


def _synced_as_json(result: SyncResult) -> dict[str, Any]:
    return {
        **result.status,
        "format": result.format,
        "crossed": result.crossed,
        "recorded": result.recorded,
        "handoff_written": result.handoff is not None,
    }


def _as_json(result: TrackResult) -> dict[str, Any]:
    added = [
        {"source": it.source, "description": it.description, "took": it.took, **it.count.to_dict()}
        for it in result.added
    ]
    return {
        **result.status,
        "added": added,
        "added_tokens": sum(piece.count.tokens for piece in result.added),
        "crossed": result.crossed,
        "recorded": result.recorded,
        "handoff_written": result.handoff is not None,
    }
