"""Secrets are replaced by ``[REDACTED:kind]`` before any text is written.

The tables of what secrets look like cost more to load than the rest of a call, and most of what is tracked is plain
words. So this door first asks which kinds of secrets a text could hold at all: those that a name or a command tells
need its word, those known by their shape a word that looks generated. What finds secrets lies behind the door, in
``search``, and loads what these kinds need. Text that comes bit by bit goes through ``RedactedStream``.
"""

from __future__ import annotations

from itertools import pairwise

from handoff_cli.core.patterns import Rows, runs_of, stored
from handoff_cli.core.text import is_setting, may_escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES, COMMANDS, SHAPES, TOKENS, LINES = 1, 2, 4, 8, 16
"""What may be in a text: secrets told by a name, a command, words around, their own look, a user beside them."""

USER_WORDS = (
    "user", "admin", "root", "account", "sudo", "unlock", "connect", "ssh", "ftp", "@", "vpn", "wifi", "wi-fi", "wlan",
    "identify", "/oper", " * ", " eap ", " -p", " -w", " -k", " -u", " -a", "creds", " /p ", " p:", " p=", '"p"', "u/p",
    "://", "sign",
    "authent", "vault", " psk", "utente", "usu\xe1rio", "usuario",
)  # fmt: skip
"""One of these is in a text in which, without any word above, a line tells of somebody whose password stands beside."""
OPTIONS_OF_USERS = (" -p ", " -w ", " -pw ", " /p ", " p: ", '"p"', " eap ", " * ")
"""One of these is in a text in which a line tells so of a password that looks like a word with a number."""
STORED = "telling"
"""The name under which the tables have the rows of the words that tell of a kind."""
LEAST_TOKEN_CHARS = 12
"""A token has at least as many characters that no blank divides."""
_KEY_IDS = ("AKIA", "ASIA", "ABIA", "ACCA")
_INVISIBLE = "\xad\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff" + "".join(
    map(chr, (*range(0xFE00, 0xFE10), 0xFF1A, 0xFF1D, 0x3000))  # the last three are a wide colon, equals sign and blank
)
_CHOSEN_SIGNS, _LEAST_CHOSEN, _LEAST_NUMBERED = "!$@^\xa7", 8, 7
_SIGNS_OF_CHOICE = "!$@^\xa7#?*&%"
_LINE_MARKS, _BEFORE_SETTING = " \t>|#+*/", " \t>|#*/"
_APART = (  # a generator takes as long as looking at a short text
    b" " * 48 + b"0123456789" + b" " * 7 + bytes(range(65, 91)) + b" " * 6 + bytes(range(97, 123)) + b" " * 133
)
_CASES = b" " * 65 + b"A" * 26 + b" " * 6 + b"a" * 26 + b" " * 133
_LEAST_CHANGES = 3
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_VOWELS = b"aeiouyAEIOUY"
_MOST_DIGITS_OF_A_WORD, _MOST_DIGITS_OF_A_NUMBER, _MOST_DIGITS_OF_TIME = 3, 8, 9
_LONG_WORD, _FEW_VOWELS, _LONG_HEX, _LONG_BASE64 = 16, 5, 32, 22
_CHANGES_WITHIN, _LONGEST_WORD, _LONGEST_CHAIN = 19, 200, 400

_LONG_TEXT = 1 << 15
_BLOCK_CHARS = (1 << 19) + (5 << 10)
_TRIED_CHARS = 40 << 10
"""That much of the end of a text is tried for a seam: without one, as much more is waited for."""


def redact(text: str) -> str:
    """Return ``text`` with its secrets replaced by ``[REDACTED:kind]``; ``text`` itself where there is none.

    Passwords in URLs lose only the password. The number of lines is kept except inside a private key block. Redacting
    twice changes nothing. Limits (what is missed, what is taken for a secret): ``docs/redaction.md``.
    """
    hidden = hides(text)
    kinds = 0 if hidden else _kinds_to_search(text)
    if not hidden and not kinds:
        return text
    from handoff_cli.redaction.search import replace_secrets

    return replace_secrets(text, _kinds_to_search if hidden else lambda _text: kinds, may_be_token)


_BETWEEN = "\n\n\x1f\n\n"
"""Stands between texts that are searched together; no text holds it."""


def redact_each(texts: list[str]) -> list[str]:
    """Return ``texts`` redacted: by one search, where each is found again between the marks, else one by one."""
    if len(texts) > 1 and not any("\x1f" in text for text in texts):
        together = redact(_BETWEEN.join(texts)).split(_BETWEEN)
        if len(together) == len(texts):
            return together
    return [redact(text) for text in texts]


def _kinds_to_search(text: str) -> int:
    """Return ``kinds_in`` a short text; of a long one all, as the search asks for all words at once and sooner."""
    return kinds_in(text) if len(text) < _LONG_TEXT else NAMES | COMMANDS | SHAPES | TOKENS | LINES


def hides(text: str) -> bool:
    """Return whether ``text`` may hold colours, escapes or invisible characters, through which a search must look."""
    return may_escape(text) or (not text.isascii() and any(sign in text for sign in _INVISIBLE))


def kinds_in(text: str) -> int:
    """Return the kinds of secrets that ``text``, which hides nothing, may hold: a sum of ``NAMES`` to ``LINES``.

    No finder of a kind that is not in the sum finds anything, but those of a kind that is.
    """
    told = _kinds_by_word(text)
    words = set(text.split())
    if not told & COMMANDS and any(map(_has_fields, words)):
        told |= COMMANDS
    if not told & SHAPES and "://" in text and any("@" in word and "@" in word.partition("://")[2] for word in words):
        told |= SHAPES
    if not told & NAMES and _may_be_in_line(text, words):  # a name has lines looked at, too
        told |= LINES
    if _are_tokens(words) or _are_tokens(set(_joined_words(text))):
        told |= TOKENS
    return told


def _kinds_by_word(text: str) -> int:
    folded, told = text.lower(), 0
    kinds: dict[str, int] = {}
    runs, words = runs_of(folded.encode("ascii", "replace"))
    if not _telling:
        _telling.append(Rows(*stored(STORED, _rows_of_telling)))
    for word, kind in _telling[0].begun(runs, words):
        if kind not in kinds and _stands_in(word, folded, words):
            kinds[kind] = int(kind)
            told |= kinds[kind]
    return told


def _stands_in(literal: str, text: str, words: str) -> bool:
    """Return whether ``literal`` is in ``text``, which has the ``words``, each once: most are looked for in these."""
    if not literal.isascii():
        return max(literal) in text and literal in text  # a letter is found, or not, in a tenth of the time
    parts = literal.split()
    return all(part in words for part in parts) and (parts == [literal] or literal in text)


_telling: list[Rows] = []


def _rows_of_telling() -> tuple[str, bytes, str]:
    from handoff_cli.redaction.telling import rows_of_telling

    return rows_of_telling()


def _may_be_in_line(text: str, words: set[str]) -> bool:
    """Return whether a line of ``text`` may tell a password by its look, or by somebody beside it."""
    if any(sign in text for sign in _CHOSEN_SIGNS) and any(map(_may_be_chosen, words)):
        return True
    looks = max(map(_may_be_beside_user, words), default=0)
    if not looks:
        return False
    folded = text.lower()
    return any(word in folded for word in (USER_WORDS if looks > 1 else OPTIONS_OF_USERS))


def _may_be_chosen(word: str) -> bool:
    """Return whether a part of ``word`` can be ``PLAIN`` to ``values.looks_chosen``: a password by its look alone."""
    if len(word) < _LEAST_CHOSEN or word.isalnum() or word.islower() or word.isupper():
        return False
    return any(sign in word[1:-1] for sign in _CHOSEN_SIGNS) and any(map(str.isdigit, word))


def _may_be_beside_user(word: str) -> int:
    """Return 2 where a part of ``word`` can be ``NUMBERED`` or more to ``values.looks_chosen``, 1 for ``FAINT``."""
    if len(word) < _LEAST_NUMBERED or word.isalpha() or word == word.upper() or not any(map(str.isdigit, word)):
        return 0  # among others a time
    return 1 if word.islower() and not any(sign in word[1:-1] for sign in _SIGNS_OF_CHOICE) else 2


def _has_fields(word: str) -> bool:
    """Return whether ``word`` can be a line of a ``.pgpass``, or an address with its password."""
    return ":" in word and ("@" in word or word.count(":") == 4 or ":5432:" in word)  # noqa: PLR2004


def _are_tokens(words: set[str]) -> bool:
    return any(may_be_token(word) for word in words if len(word) >= LEAST_TOKEN_CHARS)


def _joined_words(text: str) -> Iterator[str]:
    """Yield the words that are whole only when lines of ``text`` are put together."""
    if "\n" not in text and "\r" not in text:
        return
    plain = marked = ""
    for line, following in pairwise(text.splitlines()):
        last, first = line.rsplit(None, 1)[-1:], following.lstrip(_LINE_MARKS).split(None, 1)[:1]
        if not last or not first or ("=" in first[0] and is_setting(following.lstrip(_BEFORE_SETTING))):
            yield plain
            yield marked
            plain = marked = ""
            continue
        goes_on = plain and len(line.split(None, 1)) == 1
        if not goes_on or len(plain) > _LONGEST_CHAIN:
            yield plain
            yield marked
            plain = plain[-_LONGEST_WORD:] if goes_on else last[0]
            marked = marked[-_LONGEST_WORD:] if goes_on else last[0]
        plain += following.split(None, 1)[0]
        marked += first[0]
    yield plain
    yield marked


def may_be_token(word: str) -> bool:
    """Return whether any part of ``word`` may be taken for a generated token; False for words, paths and numbers.

    Wider than ``placeholders.is_random`` over each part of ``word``, so nothing it refuses is one.
    """
    if len(word) < LEAST_TOKEN_CHARS:
        return False
    for piece in word.encode("ascii", "replace").translate(_APART).split():
        if not (len(piece) < _LONG_WORD and piece.isalpha()) and _is_generated(piece):  # most are short words
            return True
    for mark in _KEY_IDS:
        if mark in word:
            return True
    if "=" in word and any(
        len(part) >= _LONG_BASE64 and not part[-_LONG_BASE64:].strip(_BASE64) for part in word.split("=")[:-1]
    ):
        return True
    if (
        word.islower()
        or word.isupper()
        or (word.isascii() and word.encode().translate(_CASES).count(b"aA") < _LEAST_CHANGES)
    ):
        return False
    changes = [at for at, (one, other) in enumerate(pairwise(word)) if one.islower() and other.isupper()]
    return any(last - first <= _CHANGES_WITHIN for first, last in zip(changes, changes[2:], strict=False))


def _is_generated(piece: bytes) -> bool:
    """Return whether letters and digits in a row are neither a word with a short number behind it nor a number."""
    if len(piece) > _LONGEST_WORD:
        return True
    letters = piece.rstrip(b"0123456789")
    digits = len(piece) - len(letters)
    if not (letters.isalpha() and digits <= _MOST_DIGITS_OF_A_WORD):
        return (letters not in {b"", b"v"} or digits > _MOST_DIGITS_OF_A_NUMBER) and not _is_of_time(piece)
    if len(piece) < _LONG_WORD:
        return False
    if digits and len(piece) >= _LONG_HEX:
        return True
    vowels = [char in _VOWELS for char in piece]
    few = any(sum(vowels[at : at + _LONG_WORD]) <= _FEW_VOWELS for at in range(len(piece) - _LONG_WORD + 1))
    return few or b"\1" * 6 in bytes(0 if vowel else 1 for vowel in vowels)


def _is_of_time(piece: bytes) -> bool:
    """Return whether letters and digits in a row are those of ``2026-11-27T01:30:45.123Z``: ``27T01``, ``123Z``."""
    bare = piece.replace(b"T", b"", 1) if piece[2:3] == b"T" else piece.removesuffix(b"Z")
    return bare != piece and len(bare) <= _MOST_DIGITS_OF_TIME and bare.isdigit()


class RedactedStream:
    """Takes text bit by bit and gives it back redacted, as ``redact`` would the whole; memory stays flat.

    Text is given back up to a seam that no secret lies across: a line's end, else white space, else any place where
    redacting both sides apart or together gives the same. ``chars`` is what it still holds.
    """

    def __init__(self) -> None:
        self._waiting: list[str] = []
        self._head = ""
        """The head of the table whose rows go on in what is held."""
        self.chars = 0
        self._enough = _BLOCK_CHARS
        """With so many characters held, it is worth looking for a seam."""

    def feed(self, text: str) -> str:
        """Take ``text`` and return what is safe to write by now, redacted; often nothing."""
        self._waiting.append(text)
        self.chars += len(text)
        if self.chars < self._enough:
            return ""
        shown = self.settle()
        self._enough = max(_BLOCK_CHARS, self.chars + _TRIED_CHARS)
        return shown

    def settle(self) -> str:
        """Return what is safe to write by now, however little that is, redacted; the rest is still held."""
        from handoff_cli.redaction.seams import divides, head_going_on, last_seam

        held = "".join(self._waiting)
        seam = max(0, last_seam(held, redact))
        head, begun = head_going_on(self._head + held[:seam])
        if begun.strip() and divides(held, seam - len(begun), redact):  # a row is whole on one side
            seam, begun = seam - len(begun), ""
        self._waiting, self.chars = [held[seam:]], len(held) - seam
        shown = self._redacted(held[:seam])
        self._head = head + begun
        return shown

    def finish(self) -> str:
        """Return the rest, redacted."""
        held, self._waiting, self.chars = "".join(self._waiting), [], 0
        shown = self._redacted(held)
        self._head = ""
        return shown

    def _redacted(self, text: str) -> str:
        """Return ``text`` redacted, rows of a table as below its head."""
        lines = self._head.count("\n")
        shown = redact(self._head + text).split("\n", lines)
        return shown[lines] if len(shown) > lines else redact(text)
