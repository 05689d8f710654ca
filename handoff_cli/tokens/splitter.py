r"""Cut text into pieces exactly where tiktoken does, with the standard library's ``re``.

tiktoken's patterns speak of Unicode classes (``\p{Lu}``), which ``re`` does not know. So every character outside
ASCII is first replaced by one that stands for its class, found in a table that was probed out of tiktoken's own
splitter and therefore does not follow Python's Unicode version. ASCII characters stand for themselves:

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
"""

from __future__ import annotations

import os
import re
from itertools import accumulate, pairwise

from handoff_cli.tokens.vocabulary import FOLDER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
                self._findall_ascii = re.compile(_for_ascii(self._pattern)).findall
            found = self._findall_ascii(shown)
        else:
            if self._findall is None:
                self._findall = re.compile(self._pattern).findall
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
