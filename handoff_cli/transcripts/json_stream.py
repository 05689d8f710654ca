"""A JSON document read member by member, so that a conversation of any length needs the memory of one message."""

from __future__ import annotations

import re

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.values import MAX_ROW_BYTES, decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MARK = compiled(rb'["{}\[\],:]')
_STRING_REST = compiled(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_MAX_KEY_BYTES = 1 << 12


def members(blocks: Iterable[bytes]) -> Iterator[tuple[str | None, bytes | None]]:
    """Yield ``(key, raw JSON)`` for each member of a document's outermost object or array.

    A member that is itself an array comes element by element under its key, elements of an outermost array under
    None. ``raw`` is None for a member past 8 MiB. A document cut off yields what was complete; several
    documents one after the other are read as one. Nothing is checked here: the bytes are decoded by the caller.
    """
    scanner = _Scanner()
    for block in blocks:
        scanner.feed(block)
        yield from scanner.ready
        scanner.ready.clear()


class _Scanner:
    """Follows strings and brackets; knows nothing of values. ``opened`` holds the two outermost open brackets."""

    def __init__(self) -> None:
        self.ready: list[tuple[str | None, bytes | None]] = []
        self.opened = b""
        self.depth = 0
        self.in_string = self.escaped = False
        self.key: str | None = None
        self.value: bytearray | None = bytearray()

    def feed(self, block: bytes) -> None:
        at = 0
        while at < len(block):
            if self.escaped or self.in_string:
                at = self._string(block, at)
                continue
            match = _MARK.search(block, at)
            end = match.start() if match else len(block)
            self._keep(block[at:end])
            at = end + 1
            if match:
                self._structure(match.group())

    def _string(self, block: bytes, at: int) -> int:
        """Keep the rest of a string; a block may end between a backslash and what it escapes."""
        start = at
        if self.escaped:
            self.escaped = False
            at += 1
        end = block.find(b'"', at)
        if end < 0:
            end = len(block)
        if block.find(b"\\", at, end) >= 0:
            match = _STRING_REST.match(block, at)
            end = match.end() if match else at
        if end < len(block):
            self.escaped = block[end] == ord("\\")
            self.in_string = self.escaped
            end += 1
        self._keep(block[start:end])
        return end

    def _structure(self, mark: bytes) -> None:
        if mark == b'"':
            self._keep(mark)
            self.in_string = True
        elif mark in b"{[":
            self._open(mark)
        elif mark in b"}]":
            self._close(mark)
        elif mark == b"," and self._between_members():
            self._finish()
        elif mark == b":" and self.depth == 1 and self.opened == b"{":
            self._name()
        else:
            self._keep(mark)

    def _between_members(self) -> bool:
        """Directly in the document, or in an array that is a member of the outermost object."""
        return self.depth <= 1 or (self.depth == 2 and self.opened == b"{[")  # noqa: PLR2004

    def _open(self, mark: bytes) -> None:
        if self.depth == 0 or (self.depth == 1 and self.opened == b"{" and mark == b"["):
            self._finish()
        else:
            self._keep(mark)
        if self.depth < 2:  # noqa: PLR2004 (only the two outermost matter)
            self.opened += mark
        self.depth += 1

    def _close(self, mark: bytes) -> None:
        if self._between_members():
            self._finish()
        else:
            self._keep(mark)
        self.depth = max(self.depth - 1, 0)
        self.opened = self.opened[: self.depth]
        if self.depth == 0:
            self.key = None

    def _name(self) -> None:
        key = decode(bytes(self.value or b"")[:_MAX_KEY_BYTES].strip())
        self.key = key if isinstance(key, str) else None
        self.value = bytearray()

    def _keep(self, part: bytes) -> None:
        if self.value is None:
            return
        self.value += part
        if len(self.value) > MAX_ROW_BYTES:
            self.value = None

    def _finish(self) -> None:
        raw, self.value = self.value, bytearray()
        if raw is None:
            self.ready.append((self.key, None))
        elif raw.strip():
            self.ready.append((self.key, bytes(raw)))
