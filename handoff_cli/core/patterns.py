"""Regular expressions that were compiled when the package was made.

``re`` and what it loads takes half as long as the start of a bare interpreter, and compiling a few large patterns as
long again. What a compiled pattern consists of, its code, is decided by the pattern and the version of the engine
alone, so it is kept in tables and handed to the engine as it is. A pattern that is not in there, or an
engine of another version, takes the ordinary way, ``re.compile``: the result is the same, only later. The code in the
tables also tells the engine the signs that a match can begin with, where ``re`` does not see them: it searches sooner.

Beside patterns they have ``Rows`` of literals, of which one is told which are in a text before any pattern is tried.

``scripts/build_patterns.py`` writes the tables; a test holds each of their entries to what ``re`` makes of the pattern.
"""

from __future__ import annotations

import os
import sys
from marshal import loads

try:
    import _sre as engine  # type: ignore[import-not-found]
except ImportError:  # an interpreter with an engine of its own
    engine = None

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, AnyStr

IGNORECASE, MULTILINE, DOTALL = 2, 8, 16
"""The flags of ``re``, which need not be loaded for them."""
NAMED, VALUES = 1 << 30, 1 << 29
"""In place of flags: of an entry found by a name, which has its pattern beside it, or is plain values."""

ENGINES = (20220615, 20221023, 20230612)
"""``_sre.MAGIC`` of CPython 3.11, 3.12 and 3.13, which make the same code of a pattern."""

_WORD_BYTES = 4

TABLES = tuple(
    os.path.join(os.path.dirname(os.path.abspath(__file__)), f"patterns.{name}table")
    for name in ("", "search.", "last.", "published.")
)
"""The first holds what nearly every run asks for and is read whole. Of the others a run asks for a few of hundreds, and
an entry is read when it is: what a search for secrets asks for, what a document does, what published rules are.
"""

_OFFSET_BYTES = 4
_LARGE_PRIME = (1 << 32) - 5


def compiled(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return ``re.compile(pattern, flags)``, without loading ``re`` where the table has the pattern."""
    key = (pattern, flags) if flags else pattern  # most have none, and are asked for a million times of a long text
    made = _made.get(key)
    if made is None:
        made = _made[key] = _make(pattern, flags)
    return made  # type: ignore[no-any-return]


def compiled_as(name: str, pattern: Callable[[], str]) -> re.Pattern[str]:
    """Return what the tables have under ``name``, so that its text need not be loaded; else ``pattern``, compiled."""
    made = _named.get(name)
    if made is None:
        ready = _found(name, NAMED)
        made = _named[name] = _ready(ready[-1], *ready[:-1]) if ready else compiled(pattern())
    return made


def stored(name: str, values: Callable[[], Any]) -> Any:
    """Return what the tables have under ``name``, so that what it is made of need not be loaded; else ``values()``."""
    return _first().get((name, VALUES)) or _found(name, VALUES) or values()


def _make(pattern: Any, flags: int) -> Any:
    if ready := _first().get((pattern, flags)) or _found(pattern, flags):
        return _ready(pattern, *ready)
    import re

    return re.compile(pattern, flags)


def _ready(pattern: Any, code: bytes, flags: int, groups: int, *names: Any) -> Any:
    return engine.compile(pattern, flags, memoryview(code).cast("I").tolist(), groups, *names)


def _read(path: str) -> dict[tuple[str | bytes, int], tuple[Any, ...]]:
    """Return by pattern and flags what the engine wants: code, flags, groups, groups by name, names by group."""
    try:
        with open(path, "rb") as file:
            return loads(file.read()) if _is_ours() else {}  # noqa: S302 - part of the package, as its bytecode is
    except (OSError, ValueError, EOFError, TypeError):
        return {}


def _first() -> dict[tuple[str | bytes, int], tuple[Any, ...]]:
    if not _tables:
        _tables.append(_read(TABLES[0]))
    return _tables[0]  # type: ignore[no-any-return]


def _found(pattern: str | bytes, flags: int) -> tuple[Any, ...] | None:
    """Return what the engine wants, as ``_read``, out of the first table behind the first that has it."""
    _first()
    slot = slot_of(pattern, flags)
    for number in _in_turn:
        while number >= len(_tables):
            _tables.append(_opened(TABLES[len(_tables)]))
        for key, ready in entries_in(_tables[number], slot):
            if key == (pattern, flags):
                _in_turn.sort(key=number.__ne__)  # what is asked for next is mostly where this was
                return ready
    return None


def slot_of(pattern: str | bytes, flags: int) -> int:
    """Return the number by which a pattern's place in a table is found."""
    # A checksum's module would have to be loaded, from a file of its own.
    text = pattern if isinstance(pattern, bytes) else pattern.encode("utf-8", "surrogatepass")
    return (int.from_bytes(text, "little") + flags) % _LARGE_PRIME


def entries_in(table: bytes | _Parts, slot: int) -> list[tuple[Any, tuple[Any, ...]]]:
    """Return the entries of a ``table`` that stand where those of ``slot`` do; such a table begins with the places."""
    try:
        head = table if isinstance(table, bytes) else table.head
        at = slot % (int.from_bytes(head[:_OFFSET_BYTES], "little") // _OFFSET_BYTES - 1) * _OFFSET_BYTES
        middle = at + _OFFSET_BYTES
        start = int.from_bytes(head[at:middle], "little")
        end = int.from_bytes(head[middle : middle + _OFFSET_BYTES], "little")
        return loads(table[start:end]) if start < end else []  # noqa: S302 - as above
    except (OSError, ValueError, EOFError, TypeError, ZeroDivisionError):
        return []


class _Parts:
    """The bytes of a file, each part read when it is asked for, but for its ``head``, which tells of the others."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self.head = os.pread(descriptor, int.from_bytes(os.pread(descriptor, _OFFSET_BYTES, 0), "little"), 0)

    def __getitem__(self, part: slice) -> bytes:
        return os.pread(self._descriptor, part.stop - part.start, part.start)


def _opened(path: str) -> bytes | _Parts:
    """Return the bytes of the file at ``path``, without reading it; none where it is not for this interpreter."""
    try:
        if not _is_ours():
            return b""
        if hasattr(os, "pread"):
            return _Parts(os.open(path, os.O_RDONLY | os.O_CLOEXEC))
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def _is_ours() -> bool:
    known = engine is not None and engine.MAGIC in ENGINES and engine.CODESIZE == _WORD_BYTES
    return known and sys.byteorder == "little"


_tables: list[Any] = []
_in_turn = list(range(1, len(TABLES)))
_made: dict[str | bytes | tuple[str | bytes, int], Any] = {}
_named: dict[str, Any] = {}


class _Late:
    """Stands for a pattern until it is asked for anything; then it has the methods of the compiled one as its own."""

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self.pattern: Any = pattern
        self.flags = flags

    def __getattr__(self, name: str) -> Any:
        found = self.__dict__[name] = getattr(compiled(self.pattern, self.flags), name)
        return found


def lazily(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what ``re.compile`` returns, compiled at its first use: a run needs half of the patterns it loads."""
    return _Late(pattern, int(flags))  # type: ignore[return-value]  # it has all that is asked of one


class _Caseless:
    """Looks for a pattern in a text made lower case."""

    def __init__(self, pattern: str) -> None:
        self._late = lazily(pattern)

    def search(self, text: str) -> re.Match[str] | None:
        return self._late.search(text.lower())

    def match(self, text: str) -> re.Match[str] | None:
        return self._late.match(text.lower())

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return self._late.fullmatch(text.lower())


def caseless(pattern: str) -> _Caseless:
    """Return what finds ``pattern`` whatever its case, in a third of the time that ``IGNORECASE`` takes.

    The pattern is to be in lower case, and what a match holds is in it too: the text is made so first. The engine can
    then tell by their first character which alternatives cannot begin at a place.
    """
    return _Caseless(pattern)


GRAM = 4
"""So many characters are a run, which is a number; one of three has a NUL behind."""
_THREE, _ALL_TOLD, _MANY_EACH = (1 << 8 * (GRAM - 1)) - 1, -1, 4


def runs_of(data: bytes) -> tuple[set[int], str]:
    """Return what stands in each four bytes of the words of ``data``, and these words, each once.

    Of few runs those of three are among them, and ``_ALL_TOLD``. Of the same again it is returned at once.
    """
    if data not in _last:
        words = b" ".join((*{*data.split()}, b""))  # what a word ends with is in a run of four too
        fours = set().union(*(numbers_of(words[shift:]) for shift in range(GRAM)))
        if len(_last) == _MOST_KEPT:
            _last.clear()
        if len(words) > _MANY_EACH * len(fours):  # of more runs it takes longer than to look for each of three
            fours.update([run & _THREE for run in fours], (_ALL_TOLD,))
        _last[data] = fours, words.decode("ascii", "replace")
    return _last[data]


_last: dict[bytes, tuple[set[int], str]] = {}
_MOST_KEPT = 2
"""The door and the search ask of the same text; between them, of the words in it that line ends divide."""


def is_one_word(literal: str) -> bool:
    """Return whether ``literal`` stands in a text where it stands in the words that ``runs_of`` has of it."""
    return literal.isascii() and literal.split() == [literal]


def numbers_of(data: bytes) -> list[int]:
    """Return what each four bytes of ``data`` are as a number, the lowest byte first."""
    if sys.byteorder == "little":
        return memoryview(data)[: len(data) // GRAM * GRAM].cast("I").tolist()
    return [int.from_bytes(data[at : at + GRAM], "little") for at in range(0, len(data) - GRAM + 1, GRAM)]


ROW, PART, GROUP = "\x1e\x1f\x1d"
"""What ends a row, what divides its parts, and groups of them: no literal has them."""


class Rows:
    """Literals, in lower case, of which a text holds few, and what each leads to: read only where a literal may begin.

    A row has literals whose longest words begin alike, each before what it leads to. The first row is of those that
    have no word of three characters; of the others ``runs`` are the first four characters, or three, in order.

    Args:
        runs: The runs as text, those of three characters with a NUL behind.
        ends: Where each row begins in ``rows``, and where the last ends, in four bytes each.
        rows: All rows.
    """

    def __init__(self, runs: str, ends: bytes, rows: str) -> None:
        self.runs = numbers_of(runs.encode())
        self._known = frozenset(self.runs)  # most texts have fewer: of two sets the smaller is gone through
        self._runs, self._ends, self._rows = runs, ends, rows

    def begun(self, runs: set[int], words: str | None = None) -> list[tuple[str, str]]:
        """Return the literals that begin with one of ``runs``, or have none, and what they lead to.

        Args:
            runs: What stands in four characters of a text.
            words: Its words, which tell of runs of three; without them a text may hold all of these.
        """
        there = self._known.intersection(runs).union(self._threes_in(runs, words))
        return self._pairs((0, *map(self._number_of, sorted(there))))

    def _threes_in(self, runs: set[int], words: str | None) -> Iterator[int]:
        all_told = _ALL_TOLD in runs
        for number, run in enumerate(self.runs):  # which are in order
            if run > _THREE:
                return
            at = number * GRAM
            if words is None or (run in runs if all_told else self._runs[at : at + GRAM - 1] in words):
                yield run

    def _number_of(self, run: int) -> int:
        text = run.to_bytes(GRAM, "little").decode()
        at = self._runs.find(text)
        while at % GRAM:  # the end of a run and the beginning of the next
            at = self._runs.find(text, at + 1)
        return at // GRAM + 1

    def _pairs(self, numbers: Iterable[int]) -> list[tuple[str, str]]:
        """Return the literals of the rows of these ``numbers``, and what they lead to."""
        rows = [self._rows[self._end(number) : self._end(number + 1)] for number in numbers]
        parts = PART.join(filter(None, rows)).split(PART)
        return list(zip(parts[::2], parts[1::2], strict=False))  # of nothing there is no pair

    def _end(self, number: int) -> int:
        return int.from_bytes(self._ends[number * GRAM : (number + 1) * GRAM], "little")

    def all(self) -> list[tuple[str, str]]:
        """Return all literals, some twice, and what they lead to."""
        return self._pairs(range(len(self.runs) + 1))

    def literals(self) -> list[str]:
        """Return all literals, some twice."""
        return [literal for literal, _ in self.all()]
