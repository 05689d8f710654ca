"""Pass phrases: words with blanks between them that say nothing about passwords, in quotes or to the line's end."""

from __future__ import annotations

from handoff_cli.core.patterns import compiled

QUOTES = {
    "\u201e": "\u201c\u201d",
    "\u201c": "\u201d",
    "\u00ab": "\u00bb",
    "\u2018": "\u2019",
    "\u300c": "\u300d",
    "{": "}",
}
"""What a value may stand in besides common quotes, and what ends it."""
_GIVING = frozenset(("=", ":", "is", "is:", "ist", "lautet", "est", "es", "->", "=>", ":=", "was"))
_LONGEST = 100
_LEAST_WORDS, _MOST_WORDS, _LEAST_LETTERS = 3, 10, 3
_PHRASE = r"[^\W\d_]{1,15}(?: (?:[^\W\d_]{1,15}|[0-9]{1,6}|&)){2,9}[.!?]?"
_TOLD_BY_MANY = 5
"""So many words with a number among them may have an article: ``the cat owns 12 hats``."""
_LAST_LATIN = "\u024f"
_SPEAKS_OF_ONE = (
    r"passw|passphrase|character|kennwort|contrase|zeichen|expir|mot de pas|caract|senha|clave|has[l\u0142]o|tegn"
    r"|tekens|znak|letras|lettres|buchstaben|ziffern|chiffres|d[i\u00ed]gitos|cifre|m[i\u00ed]nim|mindest"
    r"|moins|menos|almeno"
)
SAYING = frozenset((
    "must", "be", "should", "is", "are", "was", "were", "will", "would", "has", "have", "had", "can", "cannot", "may",
    "do", "does", "did", "least", "most", "minimum", "maximum", "min", "max", "chars", "digits", "letters", "symbols",
    "long", "length", "between", "than", "not", "no", "your", "you", "the", "this", "that", "these", "please", "enter",
    "type", "invalid", "incorrect", "wrong", "required", "forgot", "reset", "change", "changed", "new", "old",
    "current", "confirm", "repeat", "user", "username", "name", "login", "account", "email", "days", "hours", "minutes",
    "seconds", "times", "attempts", "for", "from", "into", "with", "without", "when", "if", "then", "or", "used", "use",
    "using", "set", "unset", "empty", "missing", "provided", "given", "default", "optional", "string", "value", "field",
    "hash", "token", "key", "secret", "see", "same", "as", "match", "matches", "stored", "via", "by", "first", "last",
    "second", "next", "previous", "bytes", "bits", "items", "words", "lines", "rows", "column", "users", "people",
    "retries", "tries", "rounds", "hex", "upper", "lower", "case", "number", "numbers", "special", "random", "after",
    "before", "every", "add", "need", "needs", "more", "never", "of", "an", "it", "its", "to", "function", "return",
    "test", "example", "plain", "text", "only", "less", "per", "step", "version", "pass", "show", "get", "read",
    "lookup", "print", "echo", "run",
))  # fmt: skip
"""Words of a sentence that tells about a password, in lower case."""


def phrase_at(text: str, at: int, sign: str, *, plain: bool) -> tuple[int, int] | None:
    """Return start and end of the pass phrase that stands ``at`` without common quotes, behind ``sign``, if one does.

    Args:
        text: Any text.
        at: Where the value begins.
        sign: What stands between the name and the value.
        plain: Whether the name calls for a phrase, which then may be of words in lower case alone.
    """
    closing = QUOTES.get(text[at : at + 1])
    near = text[at : at + _LONGEST].partition("\n")[0]
    if closing:
        ends = [end for end in map(near.find, closing) if end > 1]
        inner = near[1 : min(ends)] if ends else ""
        return (at + 1, at + 1 + len(inner)) if is_phrase(inner) else None
    line = near.rstrip(" \t\r.!")
    if sign not in _GIVING and sign[-1:] != ":":
        return None
    return (at, at + len(line)) if is_phrase(line, plain=plain) else None


def is_phrase(value: str, *, plain: bool = True) -> bool:
    """Return whether ``value``, which has blanks, can be a pass phrase: words that say nothing about passwords.

    One of them is a number or a sign, or all (with ``plain``) are in lower case.
    """
    words = value.split(" ")
    if not _LEAST_WORDS <= len(words) <= _MOST_WORDS or not compiled(_PHRASE).fullmatch(value):
        return False
    if max(value) > _LAST_LATIN or not all(word[1:].islower() for word in words if word[1:].isalpha()):
        return False
    many = len(words) >= _TOLD_BY_MANY and any(map(str.isdigit, words))
    said = {word.lower() for word in words if not many or word != "the"}
    if not SAYING.isdisjoint(said) or compiled(_SPEAKS_OF_ONE).search(value.lower()):
        return False
    if any(map(str.isdigit, words)) or "&" in words:
        return any(len(word) >= _LEAST_LETTERS and word.isalpha() for word in words)
    return plain and all(word.islower() and len(word) >= _LEAST_LETTERS for word in words)
