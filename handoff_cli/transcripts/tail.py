"""The context now, read from the end of a growing transcript: what hooks and ``sync`` can afford on every event.

The cost depends on how far back the last usage lies, not on the size of the file; with the state of the last reading,
an unchanged file costs one ``stat`` and a grown one its new part.
"""

from __future__ import annotations

import os
import zlib

from handoff_cli.core.record import Record
from handoff_cli.core.transcript import AFTER_COMPACTION, ContextUsage
from handoff_cli.errors import InputError
from handoff_cli.transcripts import reader_of, sniff_format
from handoff_cli.transcripts.events import Used
from handoff_cli.transcripts.source import BLOCK_BYTES, ENCODED_RUN, MAX_ROW_BYTES, Source, check_readable, decode
from handoff_cli.transcripts.values import as_dict, as_str

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, BinaryIO, Self

    from handoff_cli.transcripts.events import Compacted

MAX_WHOLE_BYTES = 64 << 20
"""A format that can only be read whole is not read on every event past this size."""

_CHECKED_BYTES = 4096
TELLING = {"claude_code": (b'"usage"', b"compact_boundary"), "codex": (b"token_count", b"compacted")}
"""Rows without any of these say nothing of the context and need not be decoded."""


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
        optional = all(values[name] is None or type(values[name]) is int for name in ("tokens", "window"))
        flags = isinstance(values["compacted"], bool) and isinstance(values["settled"], bool)
        fits = typed and optional and flags and 0 <= values["offset"] <= values["size"]
        return cls(**values) if fits else None

    def usage(self) -> ContextUsage | None:
        """Return the usage that was found."""
        return None if self.tokens is None else ContextUsage(self.tokens, self.method, self.rule, self.window)


def latest_usage(
    path: str,
    state: TailState | None = None,
    format: str | None = None,  # noqa: A002 (the option's name)
    progress: Callable[[int, int], None] | None = None,
) -> tuple[ContextUsage | None, TailState]:
    """Return the context now and the state to hand in next time: the usage ``read_transcript`` would give.

    A last line still being written waits; a file cut short or replaced is read anew.

    Args:
        path: The transcript.
        state: What the last call returned for this path; another path's is ignored.
        format: One of ``READERS``, where it is known; else the state or the content decides.
        progress: Called now and then with the bytes read and the bytes there are, where a file is read whole.

    Raises:
        InputError: The file cannot be read, or is too large for a format that can only be read whole.
    """
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        check_readable(path)
        raise InputError(f"cannot read {path}") from None
    if state and _is_unchanged(state, path, status):
        return state.usage(), state
    source = Source(path)
    if state and (state.path, state.device, state.inode) != (path, status.st_dev, status.st_ino):
        state = None
    name = format.replace("-", "_") if format else state.format if state else sniff_format(source.head())
    new = TailState(path, name, status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
    if name not in ("claude_code", "codex") and not (name == "gemini" and source.is_jsonl()):
        new = _read_whole(path, new, progress)
    else:
        with source.open() as stream:
            new = _Tail(stream, new, state if state and state.format == name else None).read()
    return new.usage(), new


def is_continued(path: str, state: TailState) -> bool:
    """Tell whether the file at ``path`` still begins with what was read of it when ``state`` was made."""
    try:
        with open(path, "rb") as stream:
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


def _is_unchanged(state: TailState, path: str, status: os.stat_result) -> bool:
    now = (path, status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
    return now == (state.path, state.device, state.inode, state.size, state.modified_ns)


def _read_whole(path: str, state: TailState, progress: Callable[[int, int], None] | None) -> TailState:
    from handoff_cli.transcripts import read_transcript

    if state.size > MAX_WHOLE_BYTES:
        raise InputError(
            f"{path} is too large to be read whole ({state.size >> 20} MiB)",
            "track it once instead: handoff track --format auto",
        )
    found = read_transcript(path, state.format, progress=progress)
    return _with_usage(state, found.usage).replace(model=found.model or "", version=(found.versions or ("",))[-1])


def _with_usage(state: TailState, usage: ContextUsage | None) -> TailState:
    return state.replace(**usage.to_dict()) if usage else state


class _Tail:
    """One reading of a log from its end, down to where the last one stopped."""

    def __init__(self, stream: BinaryIO, new: TailState, old: TailState | None) -> None:
        self.stream = stream
        self.new = new
        continues = old is not None and old.offset <= new.size and _check(stream, old.offset) == old.check
        self.old = old if continues else None
        self.superseded: set[str] = set()

    def read(self) -> TailState:
        start = self.old.offset if self.old else 0
        end = self._end_of_last_line(start)
        self.new = self.new.replace(offset=end, check=_check(self.stream, end))
        found = self._scan(end, self.new.size)
        found = found.replace(settled=False) if found else self._scan(start, end)
        if found is None and self.old:
            found = self._kept(self.old) or self._scan(0, start)
        return self._named(found or self.new)

    def _named(self, found: TailState) -> TailState:
        """Return ``found`` with the model and version that its row does not tell, as in Codex no row of usage does."""
        from handoff_cli.transcripts.growth import model_before, version_of

        if (found.model and found.version) or found.format == "gemini":
            return found
        known = self.old or found
        start = known.offset if self.old else 0
        model = found.model or model_before(self.stream, found.format, start, found.offset) or known.model
        version = found.version or known.version or version_of(self.stream)
        return found.replace(model=model, version=version)

    def _kept(self, old: TailState) -> TailState | None:
        """Return the new state with what the old one found, None if that row was unfinished or written again since."""
        if not old.settled or old.key in self.superseded:
            return None
        kept = ["tokens", "method", "rule", "window", "compacted", "key", "version"]
        if self.new.format != "codex":
            kept.append("model")
        return self.new.replace(**{name: getattr(old, name) for name in kept})

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
        telling = TELLING.get(self.new.format, ())
        decide = self._gemini if self.new.format == "gemini" else self._row
        for _, line in lines_backwards(self.stream, start, end):
            if telling and not any(mark in line for mark in telling):
                continue
            row = decode(line)
            found = decide(row) if isinstance(row, dict) else None
            if found is not None:
                return found
        return None

    def _row(self, row: dict[str, Any]) -> TailState | None:
        event = reader_of(self.new.format).usage_of(row)
        return None if event is None else self._told(event, row)

    def _told(self, event: Used | Compacted, row: dict[str, Any]) -> TailState:
        if isinstance(event, Used):
            state = self.new.replace(tokens=event.tokens, method=event.method, rule=event.rule, window=event.window)
        else:
            rule = "" if event.after is None else AFTER_COMPACTION
            state = self.new.replace(tokens=event.after, rule=rule, compacted=event.after is None)
        model = as_str(as_dict(row.get("message")).get("model")) or as_str(row.get("model"))
        return state.replace(model=model, version=as_str(row.get("version")), key=as_str(row.get("id")))

    def _gemini(self, row: dict[str, Any]) -> TailState | None:
        """A message counts as it was last written; a rewind takes back what cannot be told from behind."""
        from handoff_cli.transcripts import gemini

        if isinstance(row.get("$rewindTo"), str):
            return self._gemini_forwards()
        for message in reversed(gemini.messages_in(row)):
            id_ = message["id"]
            used = None if id_ in self.superseded else gemini.usage_of(message)
            self.superseded.add(id_)
            if used:
                return self._told(used, message)
        return self.new if gemini.replaces_all(row) else None

    def _gemini_forwards(self) -> TailState:
        from handoff_cli.transcripts import gemini

        source = Source(self.new.path)
        standing: dict[str, tuple[int, int]] = {}
        told: dict[tuple[int, int], TailState] = {}
        for row in source.rows():
            standing = gemini.apply(standing, row, source.position)
            for index, message in enumerate(gemini.messages_in(row)):
                used = gemini.usage_of(message)
                if used:
                    told[source.position, index] = self._told(used, message)
        return told.get(max(set(told).intersection(standing.values()), default=(0, 0)), self.new)


def lines_backwards(stream: BinaryIO, start: int, end: int) -> Iterator[tuple[int, bytes]]:
    """Yield ``(offset, line)`` of the lines between two offsets in bytes, the last one first.

    A line past the bound comes without its images, or empty.
    """
    pieces: list[bytes] = []
    at = end
    while at > start:
        size = min(BLOCK_BYTES, at - start)
        at -= size
        stream.seek(at)
        first, *rest = stream.read(size).split(b"\n")
        if rest:
            last = rest.pop()
            offset = at + size - len(last)
            yield offset, _joined([*pieces, last])
            for line in reversed(rest):
                offset -= len(line) + 1
                yield offset, line
            pieces = []
        pieces.append(first if len(pieces) < 4 else ENCODED_RUN.sub(b"", first))  # noqa: PLR2004 (a line of a MiB)
        if sum(map(len, pieces)) > 2 * MAX_ROW_BYTES:
            pieces = [b"\0" * (MAX_ROW_BYTES + 1)]
    yield start, _joined(pieces)


def _joined(backwards: list[bytes]) -> bytes:
    line = b"".join(reversed(backwards))
    if len(line) > 4 * BLOCK_BYTES:
        line = ENCODED_RUN.sub(b"", line)
    return line if len(line) <= MAX_ROW_BYTES else b""
