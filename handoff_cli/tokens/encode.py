r"""The cold counter: exact counts within milliseconds of the start of Python, for texts up to some hundred kilobytes.

Only the standard library is loaded, and nothing is parsed: the vocabulary is mapped, the splitter is one pattern,
compiled beforehand.

**Splitting** cuts text exactly where tiktoken does. tiktoken's patterns speak of Unicode classes (``\p{Lu}``), which
``re`` does not know. So every character outside ASCII is first replaced by one that stands for its class, found in a
table that was probed out of tiktoken's own splitter and therefore does not follow Python's Unicode version. ASCII
characters stand for themselves:

===========  ====================================================================================
``A``        ``\p{Lu}`` and ``\p{Lt}``
``a``        ``\p{Ll}``
``\xdf``     U+017F, the long s: ``\p{Ll}`` too, but it matches ``s`` where case is ignored
``\xaa``     ``\p{Lm}`` and ``\p{Lo}``
``\xad``     ``\p{M}``
``0``        ``\p{N}``
tab          ``\s`` that is neither ASCII nor a line break
``!``        everything else
===========  ====================================================================================

The patterns are those of ``tiktoken_ext/openai_public.py``, rewritten over this alphabet. ``re``'s own ``\s`` is no
good: it holds U+001C to U+001F, which tiktoken's does not.

**Encoding** a piece that is no token follows tiktoken's rule of byte pairs: begin with single bytes; as long as two
neighbours together are a token, join the pair of the lowest rank, the leftmost of equals. A piece that is long, such as
a page of one letter or a blob in base64, is merged a window at a time.
"""

from __future__ import annotations

import os
from itertools import accumulate, pairwise

from handoff_cli.core.patterns import compiled
from handoff_cli.tokens.vocabulary import FOLDER, definition_of, ranks_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from handoff_cli.tokens.vocabulary import Ranks

    Rank = Callable[[bytes], int | None]
    Split = Callable[[bytes], list[bytes]]

CLASSES_FILE = "unicode.classes"
PAGE = 128
_PAGES = 0x110000 // PAGE

_STAND_INS = (r"\xdf", r"\xaa", r"\xad")
LOWER_CHARS = r"a-z\xdf"
LETTER_CHARS = rf"A-Z{LOWER_CHARS}\xaa"
SPACE_CHARS = r"\t-\r "
CONTRACTION = r"'(?:[sdmtSDMT\xdf]|[lL]{2}|[vV][eE]|[rR][eE])"
PREFIX = rf"[^\r\n{LETTER_CHARS}0-9]?"
_UPPER = r"[A-Z\xaa\xad]"
_LOWER = rf"[{LOWER_CHARS}\xaa\xad]"
_OTHER = rf" ?[^{SPACE_CHARS}{LETTER_CHARS}0-9]+"
_SPACES = rf"[{SPACE_CHARS}]"
_ALL_BUT_LAST = rf"{_SPACES}+(?!{_SPACES[:1]}^{_SPACES[1:]})"
_WORDS = rf"{PREFIX}{_UPPER}*{_LOWER}+(?:{CONTRACTION})?|{PREFIX}{_UPPER}+{_LOWER}*(?:{CONTRACTION})?"
_ASCII_WORDS = rf"{PREFIX}(?:{_UPPER}*{_LOWER}+|{_UPPER}+)(?:{CONTRACTION})?"

PATTERNS = {
    "o200k_base": rf"{_WORDS}|[0-9]{{1,3}}|{_OTHER}[\r\n/]*|{_SPACES}*[\r\n]+|{_ALL_BUT_LAST}|{_SPACES}+",
    "cl100k_base": (
        rf"{CONTRACTION}|{PREFIX}[{LETTER_CHARS}]+|[0-9]{{1,3}}|{_OTHER}[\r\n]*"
        rf"|{_SPACES}+\Z|{_SPACES}*[\r\n]|{_ALL_BUT_LAST}|{_SPACES}"
    ),
    "r50k_base": (
        rf"'(?:[sdmt]|ll|ve|re)| ?[{LETTER_CHARS}]+| ?[0-9]+|{_OTHER}|{_SPACES}+\Z|{_ALL_BUT_LAST}|{_SPACES}"
    ),
}

WINDOW = 1 << 14
"""Bytes from which a piece is a ``LongPiece``, which is merged so many at a time; tiktoken, too, is fastest per byte at
about this size (measured)."""

COLD_CHARS = 1 << 19
"""Characters up to which the cold counter beats loading an engine (measured: it is level at about twice as many)."""

_NEVER = 1 << 32
_HEAP_FROM = 200
"""Bytes above which the heap is quicker than looking for the lowest rank each time (measured)."""

_RUN_FROM = 64
"""Bytes from which a run of one byte is counted as such."""

_MAX_KNOWN, _MAX_RANKED = 1 << 16, 1 << 12
_MAX_KNOWN_CHARS = 64

_HELD = 32
"""Tokens held back at a seam: enough in practice, and with the longest token (128 bytes) far less than a window."""

_counters: dict[str, ColdCounter] = {}


class _Classes(dict[int, int]):
    """Code point -> the character that stands for it, filled as characters are met; made for ``str.translate``."""

    def __init__(self) -> None:
        super().__init__((code, code) for code in range(128))
        with open(os.path.join(FOLDER, CLASSES_FILE), "rb") as file:
            self._table = file.read()

    def __missing__(self, code: int) -> int:
        page = self._table[code // PAGE]
        shown = self[code] = self._table[_PAGES + page * PAGE + code % PAGE]
        return shown


class Splitter:
    """The splitter of one encoding; ``pieces`` of valid text, put together, are the text."""

    def __init__(self, name: str) -> None:
        self._pattern = PATTERNS[name]
        self._findall: Callable[[str], list[str]] | None = None
        self._findall_ascii: Callable[[str], list[str]] | None = None
        self._classes: _Classes | None = None

    def pieces(self, text: str) -> Sequence[str]:
        """Return the pieces of ``text``, which must not hold surrogates (see ``without_surrogates``)."""
        shown = text if text.isascii() else self.shown(text)
        if shown.isascii():
            if self._findall_ascii is None:
                self._findall_ascii = compiled(_for_ascii(self._pattern)).findall
            found = self._findall_ascii(shown)
        else:
            if self._findall is None:
                self._findall = compiled(self._pattern).findall
            found = self._findall(shown)
        if shown is text:
            return found
        ends = accumulate(map(len, found), initial=0)
        return [text[start:end] for start, end in pairwise(ends)]

    def shown(self, text: str) -> str:
        """Return ``text`` with every character outside ASCII replaced by the one that stands for its class."""
        if self._classes is None:
            self._classes = _Classes()
        return text.translate(self._classes)


def _for_ascii(pattern: str) -> str:
    """Return a pattern that is quicker to compile and equal to ``pattern`` on ASCII text.

    There no character is both upper and lower case, or both before a word and in it, so a word has but one reading.
    """
    pattern = pattern.replace(_WORDS, _ASCII_WORDS)
    for stand_in in _STAND_INS:
        pattern = pattern.replace(stand_in, "")
    return pattern


def without_surrogates(text: str) -> str:
    """Return ``text`` as tiktoken reads it: surrogate pairs joined, lone surrogates shown as U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


class _Counts(dict[str, int]):
    """Piece -> number of tokens, worked out when a piece is first met."""

    def __init__(self, ranks: Ranks) -> None:
        self._rank = ranks.rank

    def __missing__(self, piece: str) -> int:
        data = piece.encode()
        if self._rank(data) is not None:
            count = 1
        elif len(data) < WINDOW:
            count = count_run(data, self._rank) or len(split_tokens(data, self._rank))
        else:
            whole = LongPiece(self._rank)
            whole.feed(data)
            count = whole.count()
        if len(piece) <= _MAX_KNOWN_CHARS and len(self) < _MAX_KNOWN:
            self[piece] = count
        return count


class ColdCounter:
    """Counts tokens of one encoding, equal to tiktoken's ``encode_ordinary``, in pure Python.

    Args:
        encoding: Its name.

    Raises:
        UnknownEncodingError: No such encoding, or its vocabulary is not on this machine.
    """

    def __init__(self, encoding: str) -> None:
        definition = definition_of(encoding)
        self.pattern = definition.pattern
        self.ranks = ranks_of(encoding)
        self.splitter = Splitter(definition.pattern)
        self._counts = _Counts(self.ranks)

    def count(self, text: str) -> int:
        """Return the number of tokens in ``text``; special tokens such as ``<|endoftext|>`` are plain text."""
        return self.count_pieces(self.splitter.pieces(without_surrogates(text)))

    def count_pieces(self, pieces: Iterable[str]) -> int:
        """Return the number of tokens in ``pieces`` as the splitter makes them."""
        return sum(map(self._counts.__getitem__, pieces))


def cold_counter(encoding: str) -> ColdCounter:
    """Return this process's ``ColdCounter`` of ``encoding``, so that what it learned of pieces is kept."""
    if encoding not in _counters:
        _counters[encoding] = ColdCounter(encoding)
    return _counters[encoding]


def split_tokens(piece: bytes, rank: Rank) -> list[bytes]:
    """Return the tokens of ``piece``; ``rank`` gives the rank of a token, None for what is none."""
    if len(piece) <= _HEAP_FROM:
        return _merge(piece, rank)
    return _merge_with_heap(piece, rank)


def count_run(piece: bytes, rank: Rank) -> int:
    """Return the number of tokens of a ``piece`` that is one byte again and again; 0 where it is none, or not told.

    One other byte may stand before the run, a blank as a rule. The run begins with one token again and again, and what
    is left behind these is merged by itself. That is right where each two neighbours are the encoding of theirs (see
    ``LongPiece``), which is looked at.
    """
    sign, size = piece[-1:], len(piece)
    led = piece[:1] != sign
    if size < _RUN_FROM or piece.count(sign) != size - led:
        return 0
    head = split_tokens(piece[:_RUN_FROM], rank)[0] if led else b""
    first = split_tokens(sign * _RUN_FROM, rank)[0]
    many, rest = divmod(size - len(head), len(first))
    last = split_tokens(sign * rest, rank)
    neighbours = [[first, first], *([first, it] for it in last[:1]), *([head, first] for _ in range(led))]
    told = all(split_tokens(b"".join(pair), rank) == pair for pair in neighbours)
    return led + many + len(last) if told else 0


def _merge(piece: bytes, rank: Rank) -> list[bytes]:
    known = _ranked.get(rank) or _ranked.setdefault(rank, _Ranked(rank))
    parts = [piece[at : at + 1] for at in range(len(piece))]
    ranks = [known[piece[at : at + 2]] for at in range(len(piece) - 1)]
    while ranks and (lowest := min(ranks)) != _NEVER:
        at = ranks.index(lowest)
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
        del ranks[at]
        if at:
            ranks[at - 1] = known[parts[at - 1] + parts[at]]
        if at < len(ranks):
            ranks[at] = known[parts[at] + parts[at + 1]]
    return parts


class _Ranked(dict[bytes, int]):
    """Token -> its rank, past all others of what is none; looked up once: what is merged repeats itself."""

    def __init__(self, rank: Rank) -> None:
        self._rank = rank

    def __missing__(self, token: bytes) -> int:
        if len(self) >= _MAX_RANKED:
            self.clear()
        rank = self._rank(token)
        self[token] = found = _NEVER if rank is None else rank
        return found


_ranked: dict[Rank, _Ranked] = {}


def _merge_with_heap(piece: bytes, rank: Rank) -> list[bytes]:
    """Return the tokens of ``piece``, in a time that grows little faster than its length."""
    try:
        from _heapq import heapify, heappop, heappush  # in a third of the time that its wrapper takes to load
    except ImportError:
        from heapq import heapify, heappop, heappush

    size = len(piece)
    ends = list(range(1, size + 1))
    before = list(range(-1, size - 1))
    ranks: dict[bytes, int | None] = {}  # what is that long repeats itself

    def candidate(start: int) -> tuple[int, int, int] | None:
        middle = ends[start]
        if middle == size:
            return None
        pair = piece[start : ends[middle]]
        if pair not in ranks:
            ranks[pair] = rank(pair)
        found = ranks[pair]
        return None if found is None else (found, start, ends[middle])

    heap = [pair for start in range(size) if (pair := candidate(start))]
    heapify(heap)
    while heap:
        _, start, end = heappop(heap)
        middle = ends[start]
        # A pair is out of date when its left part was swallowed, or either part has grown since it was pushed.
        if not middle or middle == size or ends[middle] != end:
            continue
        ends[start], ends[middle] = end, 0
        if end < size:
            before[end] = start
        for left in (before[start], start):
            if left >= 0 and (pair := candidate(left)):
                heappush(heap, pair)
    starts = [start for start in range(size) if ends[start]]
    return [piece[start : ends[start]] for start in starts]


class LongPiece:
    """Counts the tokens of one piece of any length in constant memory, and in linear time.

    The piece is merged a window at a time; the last tokens of each window are held back and merged again with what
    follows. What makes the seams exact: a row of tokens is the encoding of its bytes if, and only if, each two
    neighbours are the encoding of theirs. (Consider the first merge across a boundary while the whole is encoded.
    Until then both neighbours were merged as if they were alone, so that pair alone would make the same merge.) So
    it is enough to look at the one pair at a seam, and to take back settled tokens until the pair there holds. Those
    of one window are kept for that; a text that needed more would be an IndexError, never a wrong count.

    Args:
        rank: Gives the rank of a token, None for what is none.
        split: Splits bytes into tokens, where something quicker than ``split_tokens`` is at hand.
    """

    def __init__(self, rank: Rank, split: Split | None = None) -> None:
        self._rank = rank
        self._split = split or (lambda data: split_tokens(data, rank))
        self._settled = 0
        self._last: list[bytes] = []
        self._next = b""
        self._pending = b""
        self._known: tuple[bytes, list[bytes]] = (b"", [])

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the piece."""
        at = 0
        while at < len(data):
            until = at + max(WINDOW - len(self._pending), 1)
            self._pending += data[at:until]
            at = until
            if len(self._pending) >= WINDOW:
                self._settle()

    def count(self) -> int:
        """Return the number of tokens in the piece if it ended here; more may be fed afterwards."""
        if not self._settled:
            return 1 if self._rank(self._pending) is not None else len(self._tokens())
        # Joining may take settled tokens back; they are put back as they were.
        before = self._settled, self._last.copy(), self._next, self._pending
        tokens = len(self._joined()) + self._settled
        self._settled, self._last, self._next, self._pending = before
        return tokens

    def _settle(self) -> None:
        tokens = self._joined()
        self._last, held = tokens[:-_HELD], tokens[-_HELD:]
        self._settled += len(self._last)
        self._next = held[0]
        self._pending = b"".join(held)

    def _joined(self) -> list[bytes]:
        tokens = self._tokens()
        while self._settled and tokens and not self._may_follow(tokens[0]):
            self._next = self._last.pop()
            self._settled -= 1
            self._pending = self._next + self._pending
            tokens = self._tokens()
        return tokens

    def _may_follow(self, token: bytes) -> bool:
        last = self._last[-1]
        return token == self._next or split_tokens(last + token, self._rank) == [last, token]

    def _tokens(self) -> list[bytes]:
        # A run of one character gives the same window again and again.
        if self._known[0] != self._pending:
            self._known = (self._pending, self._split(self._pending))
        return self._known[1]
