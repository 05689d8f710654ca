"""The context now, read from the end of a growing transcript: what hooks and ``sync`` can afford on every event.

The cost depends on how far back the last usage lies, not on the size of the file; with the state of the last reading,
an unchanged file costs one ``stat`` and a grown one its new part.

What a reader must have to be read so: ``TELLING``, texts in bytes of which one stands in every row that says something
of the context (other rows are not decoded), and ``usage_of(row) -> Used | Compacted | None``; ``model_of(row)`` where
rows with a usage do not name the model. In such a log rows stand once they are written. One whose rows are written
again, or mean something only beside others, has ``telling(tail, row) -> TailState | None``; a database has
``latest(source)``, which returns what ``TailState`` keeps. ``completed(tail, state)`` adds what other rows tell, as the
window. All other formats are read whole.
"""

from __future__ import annotations

import os
import zlib

from handoff_cli.core.patterns import lazily
from handoff_cli.core.record import Record
from handoff_cli.core.transcript import AFTER_COMPACTION, TAKEN_BACK, ContextUsage
from handoff_cli.errors import InputError
from handoff_cli.transcripts.events import Compacted, Used
from handoff_cli.transcripts.source import (
    BLOCK_BYTES,
    HEAD_BYTES,
    Source,
    check_readable,
    lines_backwards,
    plain,
    split_session,
)
from handoff_cli.transcripts.values import MAX_ROW_BYTES, as_dict, as_str, objects_on

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, BinaryIO, Self

MAX_WHOLE_BYTES = 64 << 20
"""A format that can only be read whole is not read on every event past this size."""

_CHECKED_BYTES = 4096
_COUNTS = ("tokens", "low", "high", "window")
_BESIDE = (
    ("", "-wal"),
    ("chat_history.jsonl", "signals.json"),
    (".jsonl", ".settings.json"),
    (".messages.json", ".compaction.json"),
)
"""Endings of logs, and those of files beside them that tell of the same session: a database's changes, the usage."""
_MODEL_BYTES = 4 << 20
"""Codex names the model at the start of each turn: further back than this is not looked."""

_VERSION = lazily(rb'"(?:cli_version|version|copilotVersion)"\s*:\s*"([^"\\]{1,50})"')


class TailState(Record):
    """How far a transcript was read, and what was found: plain values, to be kept as JSON between two events.

    ``offset`` is the end in bytes of the last whole line, ``check`` a sum of the bytes before it; ``tokens`` None
    means unknown, and ``compacted`` that it is so because no response has followed the last compaction. ``key`` is the
    message the usage is of, where one can be written again; ``model`` and ``version`` are those of the usage's row,
    which is ``settled`` once its line has ended.
    """

    path: str
    format: str
    device: int
    inode: int
    size: int
    modified_ns: int
    offset: int = 0
    check: int = 0
    tokens: int | None = None
    low: int | None = None
    high: int | None = None
    method: str = "exact"
    rule: str = ""
    window: int | None = None
    compacted: bool = False
    key: str = ""
    model: str = ""
    version: str = ""
    settled: bool = True

    @classmethod
    def from_dict(cls, values: Any) -> Self | None:
        """Return the state kept as ``to_dict`` gave it, None if it is not one: reading then starts over."""
        if not isinstance(values, dict) or set(values) != set(cls._fields):
            return None
        texts = ("path", "format", "method", "rule", "key", "model", "version")
        whole = ("device", "inode", "size", "modified_ns", "offset", "check")
        typed = all(isinstance(values[name], str) for name in texts) and all(
            type(values[name]) is int for name in whole
        )
        optional = all(values[name] is None or type(values[name]) is int for name in _COUNTS)
        flags = isinstance(values["compacted"], bool) and isinstance(values["settled"], bool)
        fits = typed and optional and flags and 0 <= values["offset"] <= values["size"]
        return cls(**values) if fits else None

    def usage(self) -> ContextUsage | None:
        """Return the usage that was found."""
        return (
            None
            if self.tokens is None
            else ContextUsage(self.tokens, self.method, self.rule, self.window, self.low, self.high)
        )

    def is_after_compaction(self) -> bool:
        """Return whether a compaction was the last thing to tell of the context: no response has followed it."""
        return self.compacted or self.rule == AFTER_COMPACTION


def at_most(state: TailState) -> TailState:
    """Return ``state`` with its figure as an upper bound: the turn of the response it is of was taken back."""
    return state.replace(method="estimated", rule=TAKEN_BACK, low=0, high=state.tokens)


def unchanged(state: TailState, path: str) -> bool:
    """Tell whether nothing was written to the transcript at ``path`` since ``state`` was made."""
    before = (state.path, state.device, state.inode, state.size, state.modified_ns)
    return _stamp(path, split_session(path)[0]) == before


def is_gone(state: TailState) -> bool:
    """Tell whether the transcript that ``state`` was read from is not there any more."""
    return _stamp(state.path, split_session(state.path)[0]) is None


def is_same_file(state: TailState, path: str) -> bool:
    """Tell whether ``state`` is of the very file at ``path``, and not of one that it has taken the place of."""
    now = _stamp(path, split_session(path)[0])
    return now is not None and now[:3] == (state.path, state.device, state.inode)


def read_tail(
    source: Source, name: str, reader: Any, old: TailState | None, *, responses_only: bool = False
) -> TailState:
    """Return what ``reader``, of the format ``name``, finds of the context now, going on from ``old`` of the same file.

    With ``responses_only`` a log that grows is read up to the last response: what was compacted since is still to come.

    Raises:
        InputError: The file cannot be read, or is too large for a format that can only be read whole.
    """
    path = source.path
    stamp = _stamp(path, source.file)
    if stamp is None:
        check_readable(path)
        raise InputError(f"cannot read {path}")
    if old and old.format != name:
        old = None
    new = TailState(path, name, *stamp[1:])
    if hasattr(reader, "latest") and (found := reader.latest(source)) is not None:
        return new.replace(**found)
    if grows(reader) or (hasattr(reader, "telling") and source.is_jsonl()):
        with source.open() as stream:
            tail = Tail(stream, source, new, old, reader)
            found = tail.read()
            while responses_only and found.is_after_compaction() and tail.told_at > tail.start:
                tail = Tail(stream, source, new.replace(size=tail.told_at), old, reader)
                found = tail.read()
            return found
    return _read_whole(source, new, reader)


def grows(reader: Any) -> bool:
    """Tell whether rows of the reader's format stand once they are written: an estimate goes on where one ended."""
    return hasattr(reader, "TELLING") and not hasattr(reader, "telling")


def is_continued(path: str, state: TailState) -> bool:
    """Tell whether the file at ``path`` still begins with what was read of it when ``state`` was made."""
    try:
        with open(path, "rb", opener=plain) as stream:
            status = os.fstat(stream.fileno())
            same = (status.st_dev, status.st_ino) == (state.device, state.inode) and status.st_size >= state.offset
            return same and _check(stream, state.offset) == state.check
    except OSError:
        return False


def _check(stream: BinaryIO, offset: int) -> int:
    """Return a sum of the bytes before ``offset``."""
    start = max(offset - _CHECKED_BYTES, 0)
    stream.seek(start)
    return zlib.crc32(stream.read(offset - start))


def _stamp(path: str, file: str) -> tuple[str, int, int, int, int] | None:
    """Return path, device, inode, size and time of change; what lies beside it and belongs to it counts with it."""
    try:
        status = os.stat(file)
        size, modified = status.st_size, status.st_mtime_ns
    except (OSError, ValueError):
        return None
    for ending, beside in _BESIDE:
        if file.endswith(ending):
            try:
                log = os.stat(f"{file.removesuffix(ending)}{beside}")
                size, modified = size + log.st_size, max(modified, log.st_mtime_ns)
            except OSError:
                pass
    return path, status.st_dev, status.st_ino, size, modified


def _read_whole(source: Source, state: TailState, reader: Any) -> TailState:
    from handoff_cli.transcripts.collector import Collector

    if state.size > MAX_WHOLE_BYTES:
        raise InputError(
            f"{source.path} is too large to be read whole ({state.size >> 20} MiB)",
            "track it once instead: handoff track --format auto",
        )
    collector = Collector(source)
    found = collector.fold(reader.events(source))
    if not collector.understood:
        raise source.not_understood(state.format)
    told = found.usage.to_dict() if found.usage else {}
    return state.replace(**told, model=found.model or "", version=(found.versions or ("",))[-1])


class Tail:
    """One reading of a log from its end, down to where the last one stopped.

    ``event`` is what the row that told said, ``told_at`` its offset in bytes, or that of the new part where what the
    last reading found stands, which is at ``start``; ``superseded`` and ``guess`` are the reader's to use.
    """

    def __init__(self, stream: BinaryIO, source: Source, new: TailState, old: TailState | None, reader: Any) -> None:
        self.stream = stream
        self.source = source
        self.new = new
        self.reader = reader
        continues = old is not None and old.offset <= new.size and _check(stream, old.offset) == old.check
        self.old = old if continues else None
        self.superseded: set[str] = set()
        self.event: Used | Compacted | None = None
        self.start = self.told_at = self.old.offset if self.old else 0
        self.guess: TailState | None = None

    def read(self) -> TailState:
        """Return the state by the last row that tells."""
        start = self.start
        end = self._end_of_last_line(start)
        self.new = self.new.replace(offset=end, check=_check(self.stream, end))
        found = self._scan(end, self.new.size)
        found = found.replace(settled=False) if found else self._scan(start, end)
        if found is None and self.old:
            found = self._kept(self.old) or self._scan(0, start)
        return self._completed(self._named(found or self.new))

    def _completed(self, found: TailState) -> TailState:
        """Return ``found`` with what the reader knows of it from other rows."""
        if not hasattr(self.reader, "completed"):
            return found
        completed: TailState = self.reader.completed(self, found)
        return completed

    def told(self, event: Used | Compacted, row: dict[str, Any]) -> TailState:
        """Return the state that the ``event`` in ``row`` makes."""
        self.event = event
        if isinstance(event, Used):
            usage: ContextUsage | None = ContextUsage(
                event.tokens, event.method, event.rule, event.window, event.low, event.high
            )
        else:
            usage = event.remaining()
        state = self.new.replace(**usage.to_dict()) if usage else self.new.replace(compacted=True)
        model = as_str(as_dict(row.get("message")).get("model")) or as_str(row.get("model"))
        return state.replace(model=model, version=as_str(row.get("version")), key=as_str(row.get("id")))

    def _named(self, found: TailState) -> TailState:
        """Return ``found`` with the model and version that its row does not tell, as in Codex no row of usage does."""
        if (found.model and found.version) or not grows(self.reader):
            return found
        known = self.old or found
        start = known.offset if self.old else 0
        model = found.model or self._model_between(start, found.offset) or known.model
        version = found.version or known.version or version_of(self.stream)
        return found.replace(model=model, version=version)

    def _model_between(self, start: int, end: int) -> str:
        """Return the model that the last row between two offsets to name one names, empty where none does."""
        model_of = getattr(self.reader, "model_of", _model_of)
        for offset, line in lines_backwards(self.stream, max(start, end - _MODEL_BYTES), end):
            for row in reversed(objects_on(line)) if b'"model"' in line else ():
                if model := as_str(model_of(row)):
                    return model
            if offset <= start:
                break
        return ""

    def _kept(self, old: TailState) -> TailState | None:
        """Return the new state with what the old one found, None if that row was unfinished or written again since."""
        if not old.settled or old.key in self.superseded:
            return None
        kept = ["tokens", "low", "high", "method", "rule", "window", "compacted", "key", "version"]
        if not hasattr(self.reader, "model_of"):
            kept.append("model")
        return self.new.replace(**{name: getattr(old, name) for name in kept})

    def last(self, marks: tuple[bytes, ...], find: Callable[[dict[str, Any]], Any], whole_bytes: int) -> Any:
        """Return what ``find`` makes of the last row that holds one of ``marks``, None where it makes nothing of any.

        Where the last reading left off, the new part is looked at; else the last ``whole_bytes`` and the beginning.
        """
        end = self.new.size
        start = self.old.offset if self.old else max(0, end - whole_bytes)
        parts = [(start, end)] if self.old or not start else [(start, end), (0, min(HEAD_BYTES, start))]
        for begin, stop in parts:
            for _, line in lines_backwards(self.stream, begin, stop):
                for row in reversed(objects_on(line)) if any(mark in line for mark in marks) else ():
                    if (found := find(row)) is not None:
                        return found
        return None

    def first(self, marks: tuple[bytes, ...], find: Callable[[dict[str, Any]], Any], whole_bytes: int) -> Any:
        """Return what ``find`` makes of the first row that holds one of ``marks``; looks no further than that far."""
        self.stream.seek(0)
        read = 0
        while read < whole_bytes and (line := self.stream.readline(MAX_ROW_BYTES)):
            read += len(line)
            for row in objects_on(line) if any(mark in line for mark in marks) else ():
                if (found := find(row)) is not None:
                    return found
        return None

    def _end_of_last_line(self, start: int) -> int:
        at = self.new.size
        while at > start:
            size = min(BLOCK_BYTES, at - start)
            at -= size
            self.stream.seek(at)
            found = self.stream.read(size).rfind(b"\n")
            if found >= 0:
                return at + found + 1
        return start

    def _scan(self, start: int, end: int) -> TailState | None:
        """Return the state by the last telling row between two offsets, None if no row tells."""
        telling = getattr(self.reader, "TELLING", ())
        for offset, line in lines_backwards(self.stream, start, end):
            if telling and not any(mark in line for mark in telling):
                continue
            for row in reversed(objects_on(line)):
                if (found := self._row(row)) is not None:
                    self.told_at = offset
                    return found
        return None

    def _row(self, row: dict[str, Any]) -> TailState | None:
        if hasattr(self.reader, "telling"):
            found: TailState | None = self.reader.telling(self, row)
            return found
        event = self.reader.usage_of(row)
        return None if event is None else self.told(event, row)


def _model_of(row: dict[str, Any]) -> str:
    model = as_str(as_dict(row.get("message")).get("model"))
    return "" if model == "<synthetic>" or row.get("isSidechain") is True else model


def version_of(stream: BinaryIO) -> str:
    """Return the agent's version as the first rows give it, empty where they do not."""
    stream.seek(0)
    found = _VERSION.search(stream.read(HEAD_BYTES))
    return found[1].decode("utf-8", "replace") if found else ""
