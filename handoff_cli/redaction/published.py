"""Finding the shapes of secrets that scanners publish: ``published_rules``, behind their keywords.

No rule is looked at unless one of its keywords is in the text, and then only near it. Whether a keyword is
there is asked of all at once: the text's runs of four characters are a set of integers, and so are the keywords'
beginnings.
"""

from __future__ import annotations

import sys

from handoff_cli.core.patterns import compiled
from handoff_cli.redaction.published_keywords import BEGINNINGS, FORMS, KEYWORDS, SHORT
from handoff_cli.redaction.values import is_masked, is_random, near, remembered

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    Span = tuple[int, int, str]
    Hit = tuple[str, list[int]]

_GRAM, _LEAST = 4, 12
_SHORT = 3
_NEAR, _NEAR_NAME = 700, 120
_TELLING = (
    r"(?i)key|token|secret|api|auth|pass|private|access|cred|cert|webhook|license|login|signing"
    r"|\bpat\b|sid\b|team\b|env\b"
)
_ASSIGNED = (
    r"(?s)[\w.\-\[\]()/ \t]{0,60}[\"'`*]{0,3}[ \t]{0,8}"
    r"(?:=>?|:=?|\||,|\(|>|\bis\b|\bto\b|[\"'`]|\s)[\s\"'`*=:>|(]{0,16}(?:(?:oauth|bearer|token|basic|(?:api|sso)?-?key)\s{1,4})?"
)
_INNOCENT = r"(?i)@$|commit|sha\d|\brev\b|checksum|digest|integrity|\bhash\b|uses:|blob/|tree/|client.?id\W*$|\bid\W*$"


TOKENS = ("exact", "prefix", "token")
"""Forms of rules that need nothing around the secret."""


def published_spans(text: str, folded: str, forms: tuple[str, ...] = (*TOKENS, "named", "search")) -> list[Span]:
    """Return (start, end, kind) of every secret that a published rule finds; they may overlap.

    Args:
        text: The text to search.
        folded: The same in lower case, character for character.
        forms: The forms of the rules to try.
    """
    found: dict[int, list[str]] = {}
    for keyword, numbers in _hits(folded):
        for number in numbers:
            found.setdefault(number, []).append(keyword)
    spans: list[Span] = []
    for number, keywords in sorted(found.items()):
        form = _form_of(number)
        if form not in forms:
            continue
        if form in {"exact", "prefix"}:
            matches = _prefixed(text, folded, keywords, number)
        elif form == "token":
            matches = _around(text, folded, keywords, number)
        elif form == "named":
            matches = _named(text, folded, keywords, number)
        else:
            matches = _around(text, folded, keywords, number, bare=False)
        spans += [(start, end, _rule(number)[1]) for start, end in matches]
    return spans


def token_starts(folded: str) -> Iterator[int]:
    """Yield where in ``folded`` a literal stands that a token begins with or holds."""
    for keyword, numbers in _hits(folded):
        if len(keyword) > _SHORT and any(_form_of(number) in TOKENS for number in numbers):
            at = folded.find(keyword)
            while at >= 0:
                if not at or not folded[at - 1].isalnum():
                    yield at
                at = folded.find(keyword, at + len(keyword))


def _form_of(number: int) -> str:
    return next(form for first, form in reversed(FORMS) if number >= first)


def _rule(number: int) -> tuple[str, str, str]:
    """Return form, kind and pattern of a rule; the table is as long as a short run, and most texts come without."""
    from handoff_cli.redaction.published_rules import RULES

    return RULES[number]


def _found(folded: str) -> list[Hit]:
    """Return the keywords in ``folded`` and the rules behind each."""
    return list(_each(folded))


_hits = remembered(_found)


def _each(folded: str) -> Iterator[Hit]:
    for keyword in SHORT.split():
        if keyword in folded:
            yield keyword, _rules_behind(KEYWORDS.index(f"\n{keyword}\t") + 1)[1]
    for gram in sorted(_grams(folded.encode("ascii", "replace")) & BEGINNINGS):
        beginning = "\n" + gram.to_bytes(_GRAM, "little").decode()
        at = KEYWORDS.index(beginning)
        while KEYWORDS.startswith(beginning, at):
            keyword, numbers = _rules_behind(at + 1)
            if keyword in folded:
                yield keyword, numbers
            at = KEYWORDS.index("\n", at + 1)


def _rules_behind(at: int) -> Hit:
    """Return the keyword whose row begins ``at``, and its rules."""
    keyword, _, numbers = KEYWORDS[at : KEYWORDS.index("\n", at)].partition("\t")
    return keyword, [int(number) for number in numbers.split(",")]


def _grams(data: bytes) -> set[int]:
    """Return all that stands in four bytes of ``data``, as numbers, the lowest byte first."""
    whole = memoryview(data)
    grams: set[int] = set()
    for shift in range(min(_GRAM, max(len(data) - _GRAM + 1, 0))):
        part = whole[shift:]
        grams.update(part[: len(part) // _GRAM * _GRAM].cast("I"))
    if sys.byteorder == "little":
        return grams
    return {int.from_bytes(gram.to_bytes(_GRAM, "big"), "little") for gram in grams}


def _whole(pattern: str, joints: str = "") -> re.Pattern[str]:
    """Return ``pattern`` for a secret that begins and ends where its word does; ``joints`` are signs of one word."""
    return compiled(f"(?<![A-Za-z0-9{joints}])(?:{pattern})(?![A-Za-z0-9{joints}])")


def _prefixed(text: str, folded: str, keywords: list[str], number: int) -> Iterator[tuple[int, int]]:
    for keyword in keywords:
        at = folded.find(keyword)
        while at >= 0:
            inside = at and (folded[at - 1].isalnum() or folded[at - 1] == "_")
            short = (" " not in keyword and len(folded[at : at + _LEAST].split()) != 1) or len(folded) - at < _LEAST
            match = None if inside or short else _whole(_rule(number)[2]).match(text, at)
            end = match.end() if match else at + len(keyword)
            if match and _is_secret(match[0], keyword):
                yield match.span()
            at = folded.find(keyword, end)


def _around(
    text: str, folded: str, keywords: list[str], number: int, *, bare: bool = True
) -> Iterator[tuple[int, int]]:
    for start, end in near(folded, keywords, _NEAR, _NEAR):
        if bare and not _has_token(folded[start:end]):
            continue
        pattern = _rule(number)[2]
        whole = _whole(pattern) if bare else compiled(pattern)
        for match in whole.finditer(text, start, end):
            group = 0 if bare else 1
            value = match[group]
            if value and _is_secret(value, ""):
                yield match.span(group)


def _named(text: str, folded: str, names: list[str], number: int) -> Iterator[tuple[int, int]]:
    for start, end in near(folded, names, 0, _NEAR_NAME):
        if not _has_token(folded[start:end]):
            continue
        for match in _whole(_rule(number)[2], "_/+-").finditer(text, start, end):
            between = folded[max(start, match.start() - _NEAR_NAME) : match.start()]
            whole = not any(map(str.isspace, match[0]))
            if whole and _is_assigned(between, names) and _is_secret(match[0], "") and not match[0].isalpha():
                yield match.span()


def _has_token(near: str) -> bool:
    """Return whether a word of ``near`` is as long as the least secret and holds a digit."""
    return any(len(word) >= _LEAST and any(map(str.isdigit, word)) for word in near.split())


def _is_assigned(between: str, names: list[str]) -> bool:
    """Return whether a text that ends where a value begins gives the value to one of ``names``."""
    at = max(between.rfind(name) for name in names)
    if at < 0 or (at and between[at - 1].isalpha()):
        return False
    name = next(name for name in names if between.startswith(name, at))
    rest = between[at + len(name) :]
    if compiled(_INNOCENT).search(rest) or not compiled(_ASSIGNED).fullmatch(rest):
        return False
    signs = any(sign in rest for sign in "=:|>")
    told = compiled(_TELLING).search(between, at) is not None
    return told or (signs and "\n" not in rest and not rest[:1].isalpha())


def _is_secret(value: str, keyword: str) -> bool:
    """Return whether ``value`` looks generated, whatever the keyword it begins with; of several words one must."""
    rest = value[len(keyword) :]
    return not is_masked(rest) and any(map(is_random, rest.split()))
