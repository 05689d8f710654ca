"""Whether a value is a secret or only stands where one could: placeholders, references, code, words, labels.

Also what all finders share: an ``Index`` of what stands where in a text, looked up once.

Every function is linear in the length of its value. No figure here is a probability; the error of the whole is measured
over a made-up corpus (``docs/redaction.md``).
"""

from __future__ import annotations

import sys
from itertools import pairwise

from handoff_cli.core.patterns import compiled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

PLACEHOLDERS = (
    "...", "…", "***", "•••", "<", "[redacted", "placeholder", "changeme", "change_me", "change-me",
    "deadbeef", "xxxxxx",
)  # fmt: skip
# Short words count at the start of a piece only: in a long random value they turn up by chance.
PLACEHOLDER_WORD = (
    r"(?:^|[^a-z0-9])(?:x{4}|your|my[_-]|dummy|sample|replace|insert|todo|redacted|hidden|masked|foobar|notreal|fake)"
)
INNOCENT_VALUES = frozenset((
    "password", "passwd", "passphrase", "pass", "secret", "token", "required", "optional", "string", "number",
    "boolean",
    "object", "undefined", "hidden", "visible", "enabled", "disabled", "default", "missing", "invalid", "unknown",
    "inherit", "integer", "bytes", "value", "input", "label", "field", "database", "username", "localhost", "forgot",
    "current", "confirm", "mandatory", "nullable", "varchar", "testing", "wrong", "expired", "yes/no", "false",
    "random", "name",
))  # fmt: skip
REFERENCE_STARTS = (
    "${", "$(", "$env:", "{{", "{%", "<%", "%(", "#{", "@{", "!ref", "!sub", "env:", "env(", "op://", "vault:", "arn:",
    "file:", "http://", "https://", "secrets.", "process.env", "os.environ", "./", "../", "~/", "sha1-", "sha256-",
    "sha384-",
    "sha512-", "sha1:", "sha256:", "sha512:", "md5:", "data:", "c:\\", "d:\\", "urn:", "projects/", "self.", "this.",
)  # fmt: skip

_MOST_JUDGED = 1 << 10
_judged: dict[tuple[str, str, bool], bool] = {}
_MIN_PASSWORD = 5
_MIN_TOKEN = 10
_MIN_WEAK = 20
_MIN_RANDOM_WORD = 16
_HEX_DIGITS = 32
_SAYS_SO = rf"{PLACEHOLDER_WORD}|(?:^|[^a-z0-9])example(?:[^a-z0-9]|$)|example(?:key)?$"
_MIXED = r"(?=.*[a-z])(?=.*[A-Z])(?=.*\d[A-Za-z]+\d)[A-Za-z0-9]+"
_OF_AWS = r"(?=.*[A-Z])(?=.*\d[A-Za-z]+\d)[A-Za-z0-9/+]{40}"
_MIN_CHOSEN = 8
_CHOSEN = r"(?=.*\d)[A-Za-z0-9!#$%&*+=?@^~_-]+"
_NAMES_OF_THINGS = (
    r"(?:sha|md5|aes|rsa|[hre]s256|es6|pbkdf|argon|b?s?crypt|base\d|utf|oauth|openid|http|ipv\d|ed25519|x509|x86|curve"
    r"|python|py3|windows|win\d|ubuntu|debian|java|php|sql|mysql|postgres|redis|node|web\d|i18n|l10n|a11y|k8s|log4j|hmac"
    r"|tls|ssl|iso|rfc|ntlm|h26|cve|issue|step|level|part|chapter|test|user)"
)
_REFERENCE = r"\$[a-z_]\w*|%\w+%|(?:%[sdr]\W?)+|:[a-z_]\w*|@[a-z_][\w./-]*|![a-z]+"
_DOTTED_NAME = r"[A-Za-z_]\w*(?:\??\.[A-Za-z_]\w*)+"
_STRONG_SYMBOLS = frozenset("@#$%^&*+=!~?")


def is_placeholder(value: str) -> bool:
    """Return whether ``value`` only shows where a secret goes (``sk-...``, ``<your-key>``, ``xxxx``) or is redacted."""
    folded = value.lower()
    few = len(set(folded)) <= max(2, min(4, len(folded) // 4))
    counted_up = "abcdefgh" in folded and len(folded) < _MIN_WEAK
    return few or counted_up or any(mark in folded for mark in PLACEHOLDERS) or bool(compiled(_SAYS_SO).search(folded))


def is_masked(value: str) -> bool:
    """Return whether ``value``, which has the shape of a token, plainly is none: few characters again and again."""
    folded = value.lower()
    marked = any(mark in folded for mark in ("...", "…", "***", "<", "[redacted", "xxxxxx", "placeholder"))
    return (
        marked
        or bool(compiled(r"(?:^|[^a-z0-9])(?:example(?:[^a-z0-9]|$)|your)|example(?:key)?$").search(folded))
        or len(set(folded)) <= max(3, min(5, len(folded) // 8))
    )


def is_random(value: str) -> bool:
    """Return whether ``value`` is more than words, short numbers and separators: the look of a generated token."""
    if len(value) % 4 == 0 and compiled(r"[A-Za-z0-9+/]{22,}={1,2}").fullmatch(value):
        return True
    if len(value) >= _HEX_DIGITS and compiled(r"[0-9a-fA-F]+").fullmatch(value) and any(map(str.isdigit, value)):
        return True
    pieces = compiled(r"[A-Za-z0-9]+").findall(value)
    if all(compiled(r"[A-Za-z]+\d{0,3}|v?\d{1,8}").fullmatch(piece) for piece in pieces):
        return _is_random_word(pieces[0]) if len(pieces) == 1 else _changes_case(value) > len(value) / 5.5
    return any(character.isdigit() for character in value)


def is_token(value: str, *, least: int = _MIN_TOKEN) -> bool:
    """Return whether ``value`` can be a generated token of ``least`` characters or more."""
    if len(value) < least or not value.isascii() or value.lstrip("+-").isdigit():
        return False
    return is_random(value) and not _is_innocent(value)


def is_password(value: str, *, quoted: bool) -> bool:
    """Return whether ``value`` can be a password somebody chose; ``quoted`` values may be plain lower-case words.

    A capitalised word and anything with a blank is taken for a label (``"password": "Passwort"``).
    """
    if len(value) < _MIN_PASSWORD or not value.isascii() or _is_innocent(value) or compiled(r"\s").search(value):
        return False
    if value.lstrip("+-").isdigit():
        return len(value) > _MIN_PASSWORD and value.isdigit()
    if any(symbol in value[:-1] for symbol in _STRONG_SYMBOLS) or is_random(value):
        return True
    if value.isalpha():
        return quoted and value.islower()
    names_itself = compiled(r"(?:pass|pwd|secret|token)[a-z]*\d{0,4}").fullmatch(value.lower())
    return bool(compiled(r"[A-Za-z].*\d|\d.*[A-Za-z]").search(value)) and not names_itself


def is_chosen(value: str) -> bool:
    """Return whether ``value`` is plainly a password, also where nothing but a word for one stands before it.

    It has letters and digits, and capitals, signs or digits where words and names of programs have none.
    """
    if (
        len(value) < _MIN_CHOSEN
        or not compiled(_CHOSEN).fullmatch(value)
        or compiled(_NAMES_OF_THINGS).match(value.lower())
    ):
        return False
    mixed = any(map(str.isupper, value)) or any(symbol in value for symbol in _STRONG_SYMBOLS)
    odd = mixed or bool(compiled(r"[a-z]+\d{2,}[a-z]+\d*").fullmatch(value))
    return odd and any(map(str.islower, value)) and not _is_innocent(value)


def is_secret(value: str, name: str, *, quoted: bool) -> bool:
    """Return whether ``value``, assigned to something of the kind ``name``, is a secret.

    Args:
        value: What is assigned, without its quotes.
        name: ``password``, ``pass`` (short for it, and for much else), ``apart`` (a password on the next line),
            ``token``, ``weak`` (a bare ``..._KEY``, where only long random values count), ``cell`` (beside the name in
            a table: also a shorter one, of letters and digits), ``prose`` or ``spoken`` (a token or a password that
            merely follows the name).
        quoted: Whether the value stood in quotes; outside of them code is more likely than a secret.
    """
    key = (value, name, quoted)
    if key not in _judged:
        if len(_judged) == _MOST_JUDGED:
            _judged.clear()
        _judged[key] = _is_secret(*key)
    return _judged[key]


def _is_secret(value: str, name: str, quoted: bool) -> bool:
    if not quoted and (value.startswith("--") or _is_code(value)):
        return False
    if name in {"password", "pass", "apart"}:
        signs = any(symbol in value[:-1] for symbol in _STRONG_SYMBOLS)
        strong = signs or is_random(value) or is_chosen(value)
        return is_password(value, quoted=quoted and name != "apart") and (quoted or strong or name == "password")
    if name == "spoken" and is_chosen(value):
        return True
    if name in {"prose", "spoken"} and not value.isalnum() and not compiled(_OF_AWS).fullmatch(value):
        return False
    if name == "cell" and compiled(_MIXED).fullmatch(value):
        return is_token(value, least=_MIN_RANDOM_WORD)
    return is_token(value, least=_MIN_TOKEN if name == "token" else _MIN_WEAK)


def is_basic_auth(value: str) -> bool:
    """Return whether ``value`` is base64 for ``user:password``, printable throughout."""
    from binascii import Error, a2b_base64

    try:
        decoded = a2b_base64(value + "=" * (-len(value) % 4)).decode("utf-8")
    except (Error, ValueError):
        return False
    return ":" in decoded and decoded.isprintable()


def is_userinfo(value: str) -> bool:
    """Return whether ``value`` can be the password of ``user:password`` in a URL or a command."""
    word = value.lower().strip("'\"")
    return len(word) > 1 and word not in INNOCENT_VALUES and not _is_innocent(value) and not is_placeholder(word)


def _is_random_word(word: str) -> bool:
    """Letters without separators: random ones change case too often, or have too few vowels or too long consonants."""
    consonants = compiled(r"[b-df-hj-np-tv-xzB-DF-HJ-NP-TV-XZ]{6}").search(word)
    vowels = sum(letter in "aeiouyAEIOUY" for letter in word)
    unlike_words = consonants or _changes_case(word) > len(word) / 5.5 or vowels < len(word) / 4.5
    return len(word) >= _MIN_RANDOM_WORD and bool(unlike_words)


def _changes_case(value: str) -> int:
    return len(compiled(r"[a-z][A-Z]").findall(value))


def _is_innocent(value: str) -> bool:
    folded = value.lower()
    return folded in INNOCENT_VALUES or is_placeholder(value) or _is_reference(folded)


def _is_reference(folded: str) -> bool:
    """A variable, a template expression, a path, a digest, a version: the secret, if any, is elsewhere."""
    if folded.startswith(REFERENCE_STARTS) or compiled(_REFERENCE).fullmatch(folded):
        return True
    if compiled(r"[v=~^]*\d+(?:\.\d+){1,3}[a-z0-9.+-]{0,12}").fullmatch(folded):
        return True
    return folded.count("/") > 1 and folded.startswith("/") and not is_random(folded.replace("/", "-"))


def _is_code(value: str) -> bool:
    """Unquoted: a call, an index, a dotted name, a shell or template expression."""
    return bool(compiled(r"[()\[\]{}]|->|::|=>").search(value) or compiled(_DOTTED_NAME).fullmatch(value))


GRAM = 4
_THREE = 0xFFFFFF
_SHORT_TEXT = 1 << 12
_LONG_WORD = r"\S{12,}"


class Index:
    """Answers what stands where in ``text``, which is in ASCII lower case.

    Hundreds of literals are asked for, and few are there. So all runs of four characters in a text's words are put into
    a set of numbers once; a literal whose first, last or middle four are not among them is not in the text. For a short
    text that is too much: there it is the pairs of characters, and a literal's must all be among them.
    """

    def __init__(self, text: str) -> None:
        self.text = self._words = text
        self.hits: list[tuple[str, list[int]]] | None = None
        """What ``published`` found of its keywords."""
        self._grams: set[int] | None = None
        self._has_pairs = set(pairwise(text)).issuperset if len(text) <= _SHORT_TEXT else None
        self._trigrams = set() if self._has_pairs else {gram & _THREE for gram in self.grams}
        self._places: dict[str, list[int]] = {}
        self._tokens: tuple[list[int], list[int]] | None = None

    @property
    def grams(self) -> set[int]:
        """All that stands in four characters of a word, as numbers, the lowest byte first."""
        if self._grams is None:
            words = b" ".join((*{*self.text.encode("ascii", "replace").split()}, b""))
            self._grams = _grams_of(words)
            self._words = words.decode("ascii")
        return self._grams

    def hold(self, literal: str) -> bool:
        """Return whether ``literal``, in ASCII lower case, is in the text."""
        if self._has_pairs:
            return self._has_pairs(pairwise(literal)) and literal in self.text
        first, last, middle = _parts.get(literal) or _parts_of(literal)
        if middle:
            if first not in self.grams or last not in self.grams or middle not in self.grams:
                return False
        elif first and first not in self._trigrams:
            return False
        return literal in (self.text if " " in literal or "\t" in literal else self._words)

    def hold_any(self, literals: Iterable[str]) -> bool:
        """Return whether one of ``literals`` is in the text."""
        return any(map(self.hold, literals))

    def places(self, literal: str) -> list[int]:
        """Return where ``literal`` stands, in order, each beside the one before."""
        found = self._places.get(literal)
        if found is None:
            found = self._places[literal] = []
            at = self.text.find(literal) if self.hold(literal) else -1
            while at >= 0:
                found.append(at)
                at = self.text.find(literal, at + len(literal))
        return found

    def near(
        self, literals: Iterable[str], before: int, behind: int, *, in_tokens: bool = False
    ) -> list[tuple[int, int]]:
        """Return what lies near any of ``literals`` (``in_tokens``: in a long word with a digit), without overlaps."""
        places = [(at, at + len(literal)) for literal in literals for at in self.places(literal)]
        if in_tokens:
            places = self._in_tokens(sorted(places))
        regions: list[tuple[int, int]] = []
        start, end = 0, -1
        for first, last in sorted(places):
            if first - before > end >= 0:
                regions.append((start, end))
            if end < 0 or first - before > end:
                start = max(first - before, 0)
            end = max(last + behind, end)
        return [*regions, (start, end)] if end >= 0 else regions

    def has_token(self, start: int, end: int) -> bool:
        """Return whether a word between ``start`` and ``end`` is as long as the least secret and holds a digit."""
        from bisect import bisect_right

        firsts, lasts = self._long_words()
        at = bisect_right(lasts, start)
        return at < len(firsts) and firsts[at] < end

    def _in_tokens(self, places: list[tuple[int, int]]) -> list[tuple[int, int]]:
        firsts, lasts = self._long_words()
        found, at = [], 0
        for start, end in places:
            while at < len(lasts) and lasts[at] <= start:
                at += 1
            if at < len(lasts) and firsts[at] < end:
                found.append((start, end))
        return found

    def _long_words(self) -> tuple[list[int], list[int]]:
        if self._tokens is None:
            digit = compiled(r"\d")
            words = [word.span() for word in compiled(_LONG_WORD).finditer(self.text) if digit.search(word[0])]
            self._tokens = [first for first, _ in words], [last for _, last in words]
        return self._tokens


_parts: dict[str, tuple[int, int, int]] = {}


def _parts_of(literal: str) -> tuple[int, int, int]:
    """Return what a word of ``literal`` begins and ends with and has in the middle; 0 where it is shorter."""
    word = max(literal.encode("ascii", "replace").split() or [b""], key=len)
    middle = (len(word) - GRAM) // 2
    parts = [word[:GRAM], word[-GRAM:], word[middle : middle + GRAM]] if middle >= 0 else [word, b"", b""]
    first, last, between = (int.from_bytes(part, "little") if len(word) >= GRAM - 1 else 0 for part in parts)
    _parts[literal] = first, last, between
    return first, last, between


def _grams_of(words: bytes) -> set[int]:
    data = memoryview(words)
    grams: set[int] = set()
    for shift in range(min(GRAM, len(data))):
        part = data[shift:]
        grams.update(part[: len(part) // GRAM * GRAM].cast("I"))
    if sys.byteorder == "little":
        return grams
    return {int.from_bytes(gram.to_bytes(GRAM, "big"), "little") for gram in grams}
