"""``track`` and ``count``: text in, tokens out."""

from __future__ import annotations

import sys

from handoff_cli.errors import (
    InputError,
    InterruptedByUserError,
    InterruptedTrackError,
    NotAcknowledgedError,
    UsageError,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from handoff_cli.cli.console import NoProgress
    from handoff_cli.cli.options import (
        Again,
        ByFile,
        Description,
        DryRun,
        Encoding,
        Exact,
        Files,
        Follow,
        Json,
        Model,
        NewStatusJson,
        NoKeep,
        Role,
        Safe,
        Strict,
        Tee,
        TextFormat,
        Tokens,
    )
    from handoff_cli.cli.reader import Common
    from handoff_cli.cli.terminal import Progress
    from handoff_cli.usecases.pieces import CountRequest, TextSource
    from handoff_cli.usecases.track import TrackResult


def track(
    common: Common,
    *files: Files,
    description: Description = None,
    model: Model = None,
    encoding: Encoding = None,
    format_: TextFormat = "text",
    role: Role = None,
    tokens: Tokens = None,
    safe: Safe = False,
    exact: Exact = False,
    tee: Tee = False,
    dry_run: DryRun = False,
    strict: Strict = False,
    again: Again = False,
    no_keep: NoKeep = False,
    follow: Follow = None,
    json: NewStatusJson = False,
) -> int:
    """Count conversation text, add it to the session, show the bar.

    Each file is a checkpoint; of a text that has grown since it was counted, what is new is one. When usage reaches the
    warning threshold, the handoff is written to .agent-handoffs/CURRENT_SESSION.md and shown, once; above it, the
    handoff is kept up to date.

    Example:  cat conversation.txt | handoff track -d "first half"
    """
    keep = not no_keep
    from handoff_cli.usecases.pieces import CountRequest

    request = CountRequest(description, model, encoding, format_, role, tokens, safe, exact, dry_run, keep=keep)
    if follow is None:
        return _track(common, files, request.replace(once=not again), tee=tee, strict=strict, as_json=json)
    if request != CountRequest(description, model, encoding, safe=safe, keep=keep) or files or tee or strict or again:
        goes_with = "-d, --model, --encoding, --safe, --no-keep and --json"
        raise UsageError(f"--follow goes with {goes_with}", "leave the others out")
    return _follow(common, follow, request, as_json=json)


def count(
    common: Common,
    *files: Files,
    model: Model = None,
    encoding: Encoding = None,
    format_: TextFormat = "text",
    role: Role = None,
    safe: Safe = False,
    exact: Exact = False,
    strict: Strict = False,
    by_file: ByFile = False,
    json: Json = False,
) -> int:
    """Count tokens, touching no state; with --quiet just the number.

    For the model and in the encoding of the settings, unless others are named. Counts equal tiktoken's; a model without
    a public tokenizer gets an estimate, marked ~, with its band.

    Example:  echo "How many tokens is this?" | handoff count --model gpt-4o
    """
    from handoff_cli.state.store import settings_at
    from handoff_cli.usecases.pieces import CountRequest, count_pieces, sum_of
    from handoff_cli.usecases.status import model_in_force

    request = CountRequest(None, model, encoding, format_, role, None, safe, exact)
    _check_format(request)
    console = common.console()
    settings = settings_at(common.place())
    in_force, encoding = model_in_force(settings, None, model), encoding or settings.encoding
    request = request.replace(encoding=encoding, calibrations=settings.calibrations)
    try:
        with console.progress(files) as progress:
            sources = _sources(files, progress, strict=strict)
            pieces, notes = count_pieces(sources, request, in_force, encoding, in_force)
    except KeyboardInterrupt:
        raise InterruptedByUserError("interrupted: not counted to the end") from None
    total = sum_of(pieces, in_force, encoding)
    if json:
        by_piece = [{"file": it.source, "took": it.took, **it.count.to_dict()} for it in pieces]
        console.json({**total.to_dict(), "files": by_piece})
    else:
        console.counted(pieces if by_file else (), total)
    console.warnings(notes)
    return 0


def _track(
    common: Common, files: Sequence[str], request: CountRequest, *, tee: bool, strict: bool, as_json: bool
) -> int:
    from handoff_cli.usecases.track import track as track_sources

    reads = request.tokens is None
    if not reads and (files or tee or strict):
        raise UsageError("--tokens goes without files, --tee and --strict", "leave one of them out")
    _check_format(request)
    console = common.console(data_to_stderr=tee)
    failed = None
    try:
        with console.progress(files) as progress:
            sources = _sources(files, progress, strict=strict, tee=tee) if reads else []
            place = common.session_place(to_record=True)
            common.tell_of_home(place, console)
            result = track_sources(place, sources, request)
    except InterruptedTrackError as interrupted:
        raise InterruptedByUserError(interrupted.message, interrupted.hint) from None
    except NotAcknowledgedError as error:
        # What was recorded is shown nevertheless.
        failed, result = error, error.result
    if as_json:
        console.json(_as_json(result))
        console.warnings(result.warnings)
    elif result.added:
        console.tracked(result)
    for piece in result.known:
        console.message(f"{piece.source}: nothing new, it is the text of checkpoint {piece.known} (--again counts it)")
    if not result.added and not result.known:
        console.message("nothing to track: the input is empty")
    elif request.dry_run:
        console.message("a dry run: nothing was recorded")
    if failed:
        raise failed
    return 0


def _follow(common: Common, path: str, request: CountRequest, *, as_json: bool) -> int:
    """Count ``path`` and go on as it grows, until interrupted; each growth is shown as ``track`` shows it."""
    from handoff_cli.usecases.track import follow as follow_file

    console = common.console()
    try:
        for result in follow_file(common.session_place(to_record=True), path, request):
            if as_json:
                console.json_line(_as_json(result))
            else:
                console.tracked(result)
            console.flush()
    except KeyboardInterrupt:
        console.message(f"stopped following {path}; the next time goes on from here")
    return 0


def _check_format(request: CountRequest) -> None:
    if request.format != "text":
        from handoff_cli.agents.readers import check_format

        check_format(request.format)


def _sources(
    files: Sequence[str], progress: Progress | NoProgress, *, strict: bool, tee: bool = False
) -> list[TextSource]:
    from handoff_cli.usecases.pieces import FileSource

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
        from handoff_cli.cli.console import drop_output

        drop_output()
        return False
    return True


def _as_json(result: TrackResult) -> dict[str, Any]:
    added = [
        {
            "source": it.source,
            "description": it.description,
            "took": it.took,
            "goes_on_from": it.known,
            **it.count.to_dict(),
        }
        for it in result.added
    ]
    return {
        **result.status,
        "added": added,
        "tracked_before": [{"source": it.source, "checkpoint": it.known} for it in result.known],
        "added_tokens": sum(piece.count.tokens for piece in result.added),
        "crossed": result.crossed,
        "recorded": result.recorded,
        "handoff_written": result.handoff is not None,
    }
