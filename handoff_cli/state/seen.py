"""Which texts the running session has counted already, so that one that comes again, or has grown, is known.

A ledger entry of a text of 256 characters or more says what that is as a whole: length, digest, and the CRC-32 of its
beginning, by which the few earlier ones that may begin alike are told from the rest without a look at the ledger. They
lie in ``.pieces``, a cache of fixed records: what it lacks, or all of it, is read back from the ledger.
"""

from __future__ import annotations

import os
import zlib

from handoff_cli.constants import LEDGER_FILE, PIECES_FILE
from handoff_cli.errors import HandoffError
from handoff_cli.state.files import open_regular, read_bytes, reported, size_of, write_all
from handoff_cli.state.ledger import read_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.core.session import Entry, Session

LEAST_CHARS = 256
"""Shorter texts, such as "continue", are said again and mean it."""

MOST_PIECES = 1_000
_TAIL_BYTES = 1 << 21
"""As far back as the ledger is read where the cache is gone: more than a thousand entries."""

_HEAD_BYTES, _NUMBER_BYTES, _DIGEST_BYTES = 4, 6, 16
_RECORD_BYTES = _HEAD_BYTES + 2 * _NUMBER_BYTES + _DIGEST_BYTES
_ID_BYTES = 8
_PREFIX_BYTES = 4 + _ID_BYTES + _NUMBER_BYTES
_READ_BEFORE_SAVING = 1 << 11
"""Bytes of the ledger that are sooner read again than the cache is written."""


class SeenTexts:
    """The latest texts counted in ``session`` (None: none was) of ``folder``; reads nothing before it is asked."""

    def __init__(self, folder: str, session: Session | None) -> None:
        self._folder = folder
        self._session_id = session.id if session else ""
        self._records: bytes | None = None if session else b""
        self._last = session.sequence if session else 0
        self._now: list[tuple[str, int, bytes, Entry]] = []

    def beginning_with(self, head: str) -> list[tuple[int, bytes, int | Entry]]:
        """Return (characters, digest, entry or its place in the ledger) of the texts of that head, short ones first.

        Raises:
            StateError: the ledger cannot be read.
        """
        if self._records is None:
            self._records = self._load()
        found: list[tuple[int, bytes, int | Entry]] = [
            (_number(record, _HEAD_BYTES), record[-_DIGEST_BYTES:], _number(record, _HEAD_BYTES + _NUMBER_BYTES))
            for record in _records_of(self._records, bytes.fromhex(head))
        ]
        found += [(chars, digest, entry) for own, chars, digest, entry in self._now if own == head]
        return sorted(found, key=lambda it: it[0])

    def entry(self, place: int | Entry, digest: bytes) -> Entry | None:
        """Return the entry at byte ``place`` of the ledger, None where none is of this session and of that ``digest``.

        Anybody can write a cache; what the ledger says of the text counts.
        """
        if not isinstance(place, int):
            return place
        line = next(read_lines(self._path(LEDGER_FILE), place), None)
        found = line.entry if line else None
        ours = found and found["session"] == self._session_id and "whole" in found
        return found if found and ours and found["whole"]["digest"] == digest.hex() else None

    def add(self, entry: Entry) -> None:
        """Let ``entry`` be known to what follows in the same call; its ``sequence`` is that in the call, from 1."""
        entry = {**entry, "sequence": self._last + entry["sequence"]}
        whole = entry["whole"]
        self._now.append((whole["head"], whole["chars"], bytes.fromhex(whole["digest"]), entry))

    def _load(self) -> bytes:
        ledger = self._path(LEDGER_FILE)
        done, records = self._cached()
        size = size_of(ledger)
        if done > size:
            done, records = 0, b""
        begun = done = max(done, size - _TAIL_BYTES)
        for line in read_lines(ledger, done, "whole"):
            if not line.complete:
                break
            done = line.offset + line.size
            entry = line.entry
            if entry and entry["session"] == self._session_id and "whole" in entry:
                records += _record(entry["whole"], line.offset)
        else:
            done = max(done, size)
        records = records[-MOST_PIECES * _RECORD_BYTES :]
        if done - begun >= _READ_BEFORE_SAVING:
            self._save(done, records)
        return records

    def _cached(self) -> tuple[int, bytes]:
        """Return how far into the ledger the cache reaches, and its records; nothing where it is another session's."""
        try:
            data = read_bytes(self._path(PIECES_FILE), _PREFIX_BYTES + MOST_PIECES * _RECORD_BYTES) or b""
        except HandoffError:
            return 0, b""
        body = data[4:]
        if data[:4] != zlib.crc32(body).to_bytes(4, "big") or body[:_ID_BYTES] != self._id():
            return 0, b""
        return _number(data, _PREFIX_BYTES - _NUMBER_BYTES), data[_PREFIX_BYTES:]

    def _save(self, done: int, records: bytes) -> None:
        body = self._id() + done.to_bytes(_NUMBER_BYTES, "big") + records
        path = self._path(PIECES_FILE)
        try:
            with reported("write", path):
                descriptor = open_regular(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
                try:
                    write_all(descriptor, zlib.crc32(body).to_bytes(4, "big") + body)
                finally:
                    os.close(descriptor)
        except (HandoffError, FileNotFoundError):
            return  # the ledger tells all of it, only slower

    def _id(self) -> bytes:
        return zlib.crc32(self._session_id.encode()).to_bytes(_ID_BYTES, "big")

    def _path(self, name: str) -> str:
        return os.path.join(self._folder, name)


class Comparison:
    """Takes a text as it streams by, and finds the longest earlier one that it begins with, by digest, in one reading.

    Attributes:
        chars: Characters so far.
        known: The entry of that earlier text, None as long as there is none.
        known_chars: How long that one is.
    """

    def __init__(self, seen: SeenTexts) -> None:
        self.chars = 0
        self.known: Entry | None = None
        self.known_chars = 0
        self._seen = seen
        self._head = ""
        self._hash = new_hash()
        self._waiting: list[tuple[int, bytes, int | Entry]] = []

    def feed(self, text: str) -> int | None:
        """Take more of the text; return where in it an earlier one ends (the longest, if several do), else None."""
        if self.chars < LEAST_CHARS <= self.chars + len(text):
            self._waiting = self._seen.beginning_with(head_of(self._head + text))
        if len(self._head) < LEAST_CHARS:
            self._head += text[:LEAST_CHARS]
        done, end = 0, None
        while self._waiting and self._waiting[0][0] <= self.chars + len(text):
            chars, digest, place = self._waiting.pop(0)
            cut = chars - self.chars
            if cut < done:
                continue
            self._hash.update(_bytes(text[done:cut]))
            done = cut
            if self._hash.digest() == digest and (entry := self._seen.entry(place, digest)):
                self.known, self.known_chars, end = entry, chars, cut
        self._hash.update(_bytes(text[done:]))
        self.chars += len(text)
        return end

    @property
    def is_known(self) -> bool:
        """Whether the whole of the text was counted before."""
        return self.known is not None and self.known_chars == self.chars

    def whole(self) -> Entry | None:
        """Return what the ledger is to say of the text; None for one too short to be compared."""
        if self.chars < LEAST_CHARS:
            return None
        return {"head": head_of(self._head), "chars": self.chars, "digest": self._hash.digest().hex()}


def head_of(text: str) -> str:
    """Return the CRC-32 of the first 256 characters of ``text``, 8 hex digits."""
    return f"{zlib.crc32(_bytes(text[:LEAST_CHARS])):08x}"


def new_hash() -> Any:
    """Return an empty BLAKE2b hash of 16 bytes; ``hashlib`` costs more to import than most texts to hash."""
    try:
        from _blake2 import blake2b
    except ImportError:
        from hashlib import blake2b
    return blake2b(digest_size=_DIGEST_BYTES)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _records_of(records: bytes, head: bytes) -> Iterator[bytes]:
    """Yield those of ``records``, one behind the other, that begin with ``head``."""
    at = records.find(head)
    while at >= 0:
        if at % _RECORD_BYTES == 0:
            yield records[at : at + _RECORD_BYTES]
        at = records.find(head, at + 1)


def _record(whole: Entry, offset: int) -> bytes:
    chars, place = (number.to_bytes(_NUMBER_BYTES, "big") for number in (whole["chars"], offset))
    return bytes.fromhex(whole["head"]) + chars + place + bytes.fromhex(whole["digest"])


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + _NUMBER_BYTES], "big")
