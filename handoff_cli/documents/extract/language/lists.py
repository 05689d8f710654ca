"""Lists in a message: what their items are about, and as many of them as there is room for."""

from __future__ import annotations

from itertools import accumulate, takewhile

from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.core.text import indent_of
from handoff_cli.documents.extract.language.words import EMOJI, clipped, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

GOES_ON = " …"
MORE_ITEMS = f";{GOES_ON}"
"""What an item ends with that goes on, and a list that has more items."""


def fitting(items: Sequence[str], room: int) -> str:
    """Return whole ``items`` in about ``room`` characters, at least one, and a mark where there are more."""
    held = whole_items(items, room) or [clipped(items[0], _FIRST_ITEM)]
    return f"{'; '.join(held)}{MORE_ITEMS if len(held) < len(items) else ''}"


_FIRST_ITEM = 80


def whole_items(items: Sequence[str], room: int) -> list[str]:
    """Return the first of ``items`` that fit into ``room`` together."""
    return [items[at] for at, total in enumerate(accumulate(map(len, items))) if total + 2 * at <= room]


def numbered_headings(lines: list[str]) -> list[str]:
    """Return the numbered headings that begin with the first of ``lines``, each with the file its first lines name."""
    first = _NUMBERED.match(lines[0]) if lines else None
    if not first:
        return []
    found: list[str] = []
    for at, line in enumerate(lines):
        heading = _NUMBERED.match(line)
        if heading and len(heading[1]) == len(first[1]):
            file = next((it for it in map(_FILE.search, lines[at + 1 : at + 4]) if it), None)
            named = _SAID_OF_IT.split(without_marks(heading[2]).rstrip(":"), maxsplit=1)[0]
            found.append(f"{named} (`{file[1].rpartition('/')[2]}`)" if file else named)
        elif line.startswith("#") and len(line) - len(line.lstrip("#")) <= len(first[1]):
            break
    return found if len(found) > 1 else []


_NUMBERED = lazily(r"(#{1,6}) +\**\d{1,2}[.):]? *(.+)")
_FILE = lazily(r"`([\w./-]+\.\w{1,10}(?::\d+(?:-\d+)?)?)`")


def labelled(lines: Sequence[str]) -> list[str]:
    """Return the paragraphs among ``lines`` that begin with a few words in bold, up to a heading; one alone is none.

    Labels with lists of their own below are headings: what they say stands in those lists.
    """
    found = [line for line in takewhile(lambda it: not it.startswith("#"), lines) if _LABELLED.match(line)]
    items = [without_marks(it) for it in found] if len(found) > 1 else []
    return items if sum(it.endswith(":") for it in items) * 2 < len(items) else []


def is_label(line: str) -> bool:
    """Return whether a paragraph is a few words in bold with a colon, a heading of what stands below."""
    found = _LABELLED.match(line)
    return found is not None and line.rstrip("*").endswith(":") and len(line) - found.end() <= 1


_LABELLED = lazily(r"\*\*[^*\n]{3,90}\*\*[.:]?(?= |$)")


def openings(items: Sequence[str], room: int) -> list[str]:
    """Return each of a few ``items`` up to the end of a sentence or clause in its share of ``room`` characters.

    A mark tells that a sentence goes on.

    None where that is too little to say more than what each is about.
    """
    share = room // max(1, len(items)) - 2
    if not 1 < len(items) <= _FEW_ITEMS or share < _LEAST_OPENING:
        return []
    return [_opening(it, share) for it in items]


def _opening(item: str, size: int) -> str:
    if len(item) <= size:
        return item.rstrip(".;")
    ends = [it for it in _CLAUSE_ENDS.finditer(item) if size // 3 < it.start() <= size and _closed(item[: it.start()])]
    told = item[: ends[-1].start()] if ends else item[:size].rpartition(" ")[0] or item[:size]
    return told if ends and ends[-1][0] in _STOPS else f"{told}{GOES_ON}"


def _closed(text: str) -> bool:
    """Return whether ``text`` ends in none of its brackets."""
    return text.count("(") <= text.count(")")


_FEW_ITEMS, _LEAST_OPENING, _STOPS = 4, 70, (".", ";")
_CLAUSE_ENDS = lazily(r"[.;](?= )|,(?= (?:so|which|but|because|and|where|while|as|then)\b)| \(")


def head_of(item: str) -> str:
    """Return what an item of a list is about, without what is said of it but for a figure or a short verdict."""
    found = next((it for it in _SAID_OF_IT.finditer(item) if item.count("`", 0, it.start()) % 2 == 0), None)
    if found is None:
        return item
    verdict = _FIGURE.match(item, found.end()) or _VERDICT.match(item, found.end())
    return item[: verdict.end() if verdict else found.start()]


def heads_of(items: Sequence[str]) -> list[str]:
    """Return what each of ``items`` is about; where labels only count, are the same or files, all of each."""
    heads = list(map(head_of, items))
    if sum(_IS_PATH.match(it) is not None for it in heads) * 2 > len(heads):
        return list(items)  # what was done in each is said behind it
    tell = len(set(heads)) == len(heads) and sum(len(it) < _LETTERS for it in heads) * 2 < len(heads)
    return heads if tell else list(items)


_IS_PATH = lazily(r"`?[\w.@-]*(?:/[\w.@-]+)+\.\w{1,8}`?")
_LETTERS = 3
"""So short heads only count: "A: ..., B: ..."."""


_SAID_OF_IT = lazily(r" [-\u2013\u2014] |: | \((?!`[\w./-]+:\d[\d-]*`\))(?=[^)]*\)$)")
_VERDICT = lazily(r"[A-Za-z][a-z'\u2019-]{1,20}(?: [a-z'\u2019-]{1,12}){0,2}(?=[.;] |[.;]?$|, (?:and|but)\b)")

_FIGURE = lazily(r"[-+~<>\u2248\u2212]?\d(?:[^.,;()\n]|[.,]\d|, (?=.{0,8}\d)){0,40}(?=[.;] |[.;]?$|, )")


def without_marks(line: str) -> str:
    """Return a line without marks of Markdown and pictures."""
    return plain((line if line.isascii() else EMOJI.sub("", line)).strip())


def without_descriptions(text: str) -> str:
    """Return ``text`` without the lists that tell how something is, or went: their items order nothing."""
    kept: list[str] = []
    described = False
    for line in text.split("\n"):
        if line.strip() and not LISTED.match(line.strip()):
            described = bool(_DESCRIBES.search(line)) and line.rstrip("*_ ").endswith(":")
        kept += [] if described and LISTED.match(line.strip()) else [line]
    return "\n".join(kept)


def without_conditions(text: str) -> str:
    """Return ``text`` without the lists of what is not so but may be: their lead-in ends in "if:" or the like."""
    kept: list[str] = []
    inner = -1
    for line in text.split("\n"):
        own = indent_of(line)
        listed = LISTED.match(line.strip()) is not None
        if line.strip() and not (listed and own >= inner):
            inner = -1
        if inner < 0 or not line.strip():
            kept.append(line)
        if inner < 0 and IS_CONDITION.search(line):
            inner = own + 1 if listed else 0
    return "\n".join(kept)


IS_CONDITION = caseless(
    r"\b(?:if|when|whenever|unless|wenn|falls|cuando|quand)(?: (?:any|one|all|both|either|the following"
    r"|these|at least)\b[^:.\n]{0,40})?[*_` ]{0,4}:[*_ ]{0,4}$"
)
"""How a line ends that announces conditions."""

_DESCRIBES = caseless(
    r"\b(?:current(?:ly)?|existing|actual|expected|old|observed) (?:behaviou?r|flow|logic|implementation|process)\b"
    r"|\bhow (?:it|this|that) works\b|\bwhat (?:happens|happened|it does)\b|\b(?:the|this) flow\b|\breturns? true\b"
)
LISTED = lazily(r"(?:[-*+•]|\d{1,2}[.)])\s+\S")


def phases(text: str) -> str:
    """Return the phases of a plan that was set as plain text, each with its steps on a line; empty for any other."""
    found: list[list[str]] = []
    for line in filter(None, map(str.strip, text.split("\n"))):
        if _PHASE.match(line):
            found.append([line.rstrip(":")])
        elif not found or not line[0].isalnum():
            return ""
        else:
            found[-1].append(line)
    told = (f"{head}: {'; '.join(steps)}".replace(":; ", ": ").rstrip(": ") for head, *steps in found)
    return "\n".join(told) if len(found) > 1 else ""


_PHASE = caseless(r"(?:phase|step|stage|milestone|sprint|week|day|schritt|\u00e9tape|fase|etapa|paso) ?\d{1,2}\b")
