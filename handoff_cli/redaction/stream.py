"""Redacting text that comes bit by bit, so that a secret across two bits is found."""

from __future__ import annotations

from handoff_cli.redaction.redact import may_hold_secret, redact

_BLOCK_CHARS = 1 << 18
_OVERLAP_CHARS = 1 << 13
"""Both sides of a seam are looked at that far: more than any secret that is no key block."""

_KEY_BLOCK_CHARS = 1 << 18
_KEY_MARKS = ("PRIVATE KEY", "Private-Lines")
_MOST_HELD_CHARS = 1 << 20
_TRIES = 8


class RedactedStream:
    """Takes text bit by bit and gives it back redacted, as ``redact`` would the whole; memory stays flat.

    Text is given back up to a seam that no secret lies across: a line's end, else white space, else any place where
    redacting both sides apart or together gives the same. ``chars`` is what it still holds.
    """

    def __init__(self) -> None:
        self._waiting: list[str] = []
        self.chars = 0

    def feed(self, text: str) -> str:
        """Take ``text`` and return what is safe to write by now, redacted; often nothing."""
        self._waiting.append(text)
        self.chars += len(text)
        if self.chars < _BLOCK_CHARS + _OVERLAP_CHARS:
            return ""
        return self.settle()

    def settle(self) -> str:
        """Return what is safe to write by now, however little that is, redacted; the rest is still held."""
        held = "".join(self._waiting)
        seam = max(0, _seam(held))
        self._waiting, self.chars = [held[seam:]], len(held) - seam
        return redact(held[:seam])

    def finish(self) -> str:
        """Return the rest, redacted."""
        held, self._waiting, self.chars = "".join(self._waiting), [], 0
        return redact(held)


def _seam(held: str) -> int:
    """Return the last good place to divide ``held``, 0 where more must be seen first."""
    at = len(held) - _OVERLAP_CHARS
    for _ in range(_TRIES):
        at = _line_end(held, at)
        if at <= 0:
            break
        if _divides(held, at):
            return at
        at -= _OVERLAP_CHARS
    # Nothing a person wrote is one secret that long.
    return 0 if len(held) < _MOST_HELD_CHARS else len(held) - _OVERLAP_CHARS


def _line_end(held: str, at: int) -> int:
    for mark in ("\n", " "):
        if (found := held.rfind(mark, max(0, at - _OVERLAP_CHARS), at)) >= 0:
            return found + 1
    return at


def _divides(held: str, at: int) -> bool:
    far = max(0, at - _KEY_BLOCK_CHARS)
    in_block = any(mark in held[far:at] for mark in _KEY_MARKS)
    before = held[far if in_block else max(0, at - _OVERLAP_CHARS) : at]
    after = held[at : at + (_KEY_BLOCK_CHARS if in_block else _OVERLAP_CHARS)]
    return not may_hold_secret(before + after) or redact(before + after) == redact(before) + redact(after)
