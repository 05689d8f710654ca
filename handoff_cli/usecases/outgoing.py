"""What leaves of a session with ``push``: searched for secrets once more, by the rules of today.

What was stored was searched when it was stored, by the rules of that time. Ledger and kept text go as files of the same
form, readable by the same means: entries whose words change get a new checksum, and the kept text is written anew,
since its places in the stream, which entries name, are others then.
"""

from __future__ import annotations

from handoff_cli.constants import HANDOFF_FILE, KEPT_FOLDER, LEDGER_FILE
from handoff_cli.redaction import redact
from handoff_cli.state.kept import Keeper, segment_name
from handoff_cli.state.kept_reading import kept_pieces
from handoff_cli.state.ledger import NewerLineError, decode_entry, encode_entry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from handoff_cli.core.session import Entry
    from handoff_cli.state.kept_reading import KeptPiece

_SPOKEN = ("description", "text", "ref", "source", "transcript")
"""The fields of an entry that people and agents filled."""
_SHORT = 200  # each of them may be that long
_SEGMENT_BYTES = 1 << 22
_NO_LIMIT = 1 << 40


def without_secrets(folder: str, stored: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the ``stored`` files of the session in ``folder``, by name, as they may leave: the same for the same.

    Raises:
        StateError: the kept text cannot be read.
    """
    files: dict[str, bytes] = {}
    if HANDOFF_FILE in stored:
        files[HANDOFF_FILE] = redact(stored[HANDOFF_FILE].decode("utf-8", "replace")).encode("utf-8")
    stream = _Stream()
    if any(name.startswith(f"{KEPT_FOLDER}/") for name in stored):
        for piece in kept_pieces(folder):
            stream.add(piece)
        files |= {f"{KEPT_FOLDER}/{name}": b"".join(frames) for name, frames in stream.segments.items()}
    if LEDGER_FILE in stored:
        lines = stored[LEDGER_FILE].splitlines(keepends=True)
        files[LEDGER_FILE] = b"".join(_line(line, stream.places) for line in lines)
    return files


class _Stream:
    """The kept text written anew: ``segments`` by name, and ``places`` of the pieces, by sequence."""

    def __init__(self) -> None:
        self.segments: dict[str, list[bytes]] = {}
        self.places: dict[int, Entry] = {}
        self._end = self._start = 0

    def add(self, piece: KeptPiece) -> None:
        """Put ``piece`` behind the last one."""
        place: Entry = {"at": self._end, "end": 0, "chars": piece.left_out}
        for number, part in enumerate(piece.parts):
            if number == 1:
                place["gap"] = self._end
            keeper = Keeper(_NO_LIMIT)
            keeper.feed(part)
            frames, _, chars = keeper.finished()
            place["chars"] += chars
            for frame in frames:
                self._put(frame)
        place["end"] = self._end
        self.places[piece.sequence] = place

    def _put(self, frame: bytes) -> None:
        if not self.segments or self._end - self._start >= _SEGMENT_BYTES:
            self._start = self._end
            self.segments[segment_name(self._start)] = []
        self.segments[segment_name(self._start)].append(frame)
        self._end += len(frame)


def _line(line: bytes, places: Mapping[int, Entry]) -> bytes:
    """Return a line of the ledger without secrets, and with the places of its text."""
    try:
        entry = decode_entry(line)
    except (ValueError, NewerLineError):  # a damaged line, or one whose fields this version does not know
        return redact(line.decode("utf-8", "replace")).encode("utf-8")
    moved = {"kept": places[entry["sequence"]]} if "kept" in entry and entry["sequence"] in places else {}
    said = _searched(entry) | moved
    return line if said == entry else encode_entry(said)


def _searched(value: Any) -> Any:
    """Return an entry, or a part of one, with what was said in it redacted, and no longer than it was."""
    if isinstance(value, list):
        return [_searched(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: redact(item)[: max(len(item), _SHORT)] if key in _SPOKEN and isinstance(item, str) else _searched(item)
        for key, item in value.items()
    }
