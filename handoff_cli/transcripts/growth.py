"""Parts of logs that only grow: where the context begins, what was added, which model wrote it."""

from __future__ import annotations

import re

from handoff_cli.transcripts import not_understood, reader_of
from handoff_cli.transcripts.source import HEAD_BYTES, Source, decode
from handoff_cli.transcripts.tail import TELLING, lines_backwards
from handoff_cli.transcripts.values import as_dict, as_str

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, BinaryIO

    from handoff_cli.transcripts.tail import TailState

GROWING = tuple(TELLING)
"""Formats whose lines, once written, stand: an estimate goes on where the last one ended."""

_MODEL_BYTES = 4 << 20
"""Codex names the model at the start of each turn: further back than this is not looked."""

_VERSION = re.compile(rb'"(?:cli_version|version)"\s*:\s*"([^"\\]{1,50})"')


def compaction_before(path: str, format_: str, end: int) -> int:
    """Return the offset in bytes of the row at which the context begins: the last compaction's, or 0.

    Codex writes two rows for one compaction, the first of which holds the summary.
    """
    last: int | None = None
    with open(path, "rb") as stream:
        for offset, compacted in _telling(stream, format_, 0, end):
            if last is not None:
                return offset if compacted else last
            if compacted:
                last = offset
    return last or 0


def compactions_between(path: str, format_: str, start: int, end: int) -> int:
    """Return how many compactions the rows between two offsets in bytes record; rows that follow each other are one."""
    count, last = 0, False
    with open(path, "rb") as stream:
        for _, compacted in _telling(stream, format_, start, end):
            count += compacted and not last
            last = compacted
    return count


def check_rows(state: TailState) -> None:
    """Raise InputError if not one of the lines that were read can be; a line still being written is no fault."""
    source = Source(state.path, part=(0, state.offset))
    if state.format in GROWING and next(source.rows(), None) is None and source.malformed:
        raise not_understood(source, state.format)


def texts_between(
    path: str, format_: str, start: int, end: int, progress: Callable[[int, int], None] | None = None
) -> Iterator[tuple[str, str] | None]:
    """Yield ``(role, text)`` of what lies between two offsets in bytes, and None where what came before is gone."""
    from handoff_cli.transcripts.texts import as_it_grows

    source = Source(path, progress=progress, part=(start, end))
    return as_it_grows(reader_of(format_).events(source))


def model_before(stream: BinaryIO, format_: str, start: int, end: int) -> str:
    """Return the model that the last row between two offsets to name one names, empty where none does."""
    for offset, line in lines_backwards(stream, max(start, end - _MODEL_BYTES), end):
        if b'"model"' in line and (model := _model(format_, decode(line))):
            return model
        if offset <= start:
            break
    return ""


def version_of(stream: BinaryIO) -> str:
    """Return the agent's version as the first rows give it, empty where they do not."""
    stream.seek(0)
    found = _VERSION.search(stream.read(HEAD_BYTES))
    return found[1].decode("utf-8", "replace") if found else ""


def _telling(stream: BinaryIO, format_: str, start: int, end: int) -> Iterator[tuple[int, bool]]:
    """Yield ``(offset, is a compaction)`` of the rows that tell of the context, the last one first."""
    from handoff_cli.transcripts.events import Compacted

    usage_of = reader_of(format_).usage_of
    for offset, line in lines_backwards(stream, start, end):
        if any(mark in line for mark in TELLING[format_]):
            row = decode(line)
            event = usage_of(row) if isinstance(row, dict) else None
            if event is not None:
                yield offset, isinstance(event, Compacted)


def _model(format_: str, row: Any) -> str:
    if not isinstance(row, dict) or row.get("isSidechain") is True:
        return ""
    message = as_dict(row.get("payload" if format_ == "codex" else "message"))
    if format_ == "codex" and row.get("type") != "turn_context":
        return ""
    model = as_str(message.get("model"))
    return "" if model == "<synthetic>" else model
