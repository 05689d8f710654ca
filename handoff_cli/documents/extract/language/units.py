"""The sentences of what the agent said that can stand alone: with what they lean on, and the lists they announce."""

from __future__ import annotations

from itertools import takewhile

from handoff_cli.core.light import lru_cache
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.language.denials import claims
from handoff_cli.documents.extract.language.findings import (
    FULL,
    LEANS,
    LEAST_CHARS,
    LEAST_WORTH,
    SENTENCE_CHARS,
    TALK,
    is_talk,
    tells_why,
    worth_of,
)
from handoff_cli.documents.extract.language.lists import (
    GOES_ON,
    IS_CONDITION,
    fitting,
    heads_of,
    is_label,
    labelled,
    numbered_headings,
    openings,
    without_marks,
)
from handoff_cli.documents.extract.language.prose import prose_of
from handoff_cli.documents.extract.language.words import (
    ASKING,
    SENTENCE_END,
    clipped,
    identifiers,
    is_redacting,
    plain,
    unglued,
    without_cheer,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

GENERIC = caseless(
    r"(?:impact|file|fix|problem|solution|result|cause|location|code|severity|status|why|current|before|after|pros|cons"
    r"|issue|change|effect|note|risk|action|approach|recommendation)s?:"
)
_JUDGES, _PART, _TITLE = caseless(r"(?:result|status)s?:"), lazily(r"^(?:Part|Section|Teil) \d+: "), 1
"""Labels that say nothing without the heading they stand under, and those of verdicts, which need that above it too,
without its number; the title of a text is of all in it."""

_ROOT = lazily(r"[Rr]oot cause\W{0,3}:")
"""The label of a cause; where a text has several, each is of what its heading names."""

_OF_A_CONCLUSION = (
    r"(?:the )?(?:real |actual |root |underlying |core |main |key )?"
    r"(?:cause|issue|problem|bug|culprit|reason|conclusion|verdict|answer|recommendation|finding|decision|diagnosis"
    r"|takeaway)"
)
_LABEL = r"[^:.]{1,40}:"
_HAS_LABEL = lazily(_LABEL)
_CONCLUDING, _CONCLUDED = caseless(_OF_A_CONCLUSION), caseless(_OF_A_CONCLUSION + r": \S.{20}")
"""A heading whose first sentence is what was concluded, and one that says it itself."""

_AN_ITEM = r"(?:[-*+•]|\d{1,3}[.)]) +\S"
_ITEM = lazily(_AN_ITEM)


def units(text: str) -> tuple[str, ...]:
    """Return the sentences of ``text`` that can stand alone; one that leans on the one before stands with it.

    A first one of few words is an answer, and stands with what follows: "No duplication. There are two functions".
    """
    return _units(text, is_redacting())


@lru_cache(maxsize=1_024)
def _units(text: str, _: bool) -> tuple[str, ...]:
    """Return the ``units`` of ``text``, once for each way in which it is cut."""
    told: list[str] = []
    for unit in _standing_alone(text):
        if told and _points_back(unit) and len(told[-1]) + len(unit) < SENTENCE_CHARS:
            unit = f"{told.pop()} {unit}"  # noqa: PLW2901
        told.append(unit)
    return tuple(told)


def _points_back(unit: str) -> bool:
    """Return whether ``unit`` ends with saying only that what stands before it is the cause."""
    return _POINTS_BACK.search(unit[-_POINTER_CHARS:]) is not None


_POINTS_BACK = caseless(
    r"(?:^|[.!?] )(?:so )?(?:(?:that|this|there)(?:'s| is| was)|das (?:ist|war)|voil\xe0|c'est|es[ao] (?:es|era)"
    r"|\xe8 questa|questa \xe8|essa \xe9) (?:the|die|der|la|le|el|a|o) (?:(?:root|real|actual|whole) )?"
    r"(?:causes?|culprit|reason|bug|fault|ursache|grund|fehler|causa|raison|raz\xf3n|culpable)[.!]*$"
)
_POINTER_CHARS = 48


def _standing_alone(text: str) -> Iterator[str]:
    held, heading, heads, over = "", "", False, dict[int, str]()
    several = len(_ROOT.findall(text)) > 1
    answers = True
    for line, part in _sentences(unglued(text)):
        sentence = without_cheer(part)
        if line.startswith("#"):
            heading = sentence = plain(without_marks(line)).rstrip(":")
            level = len(line) - len(line.lstrip("#"))
            over = {at: it for at, it in over.items() if _TITLE < at < level}
            above, over = next(reversed(over.values()), ""), over | {level: heading}
            heads = bool(_CONCLUDING.fullmatch(heading))
            if not _CONCLUDED.match(heading):
                continue
        elif heading and (
            (heads and not _HAS_LABEL.match(part)) or GENERIC.match(part) or (several and _ROOT.match(part))
        ):
            part_of = above if above and _JUDGES.match(part) else ""  # parts may have headings alike below them
            sentence = f"{_PART.sub('', part_of)}{', ' * bool(part_of)}{heading}: {part}"
        heads = heads and line.startswith("#")
        needs_more = bool(LEANS.match(sentence) or _NO_SUBJECT.match(sentence) or _points_back(sentence))
        leans = needs_more and bool(held) and not (held.endswith((*ASKING, ":")) or is_talk(held))
        if answers and held and len(held) < LEAST_CHARS and not TALK.match(held):
            leans, answers = True, False
        if (leans and sentence.endswith(":")) or _SHOWS_BELOW.search(sentence):
            continue  # it announces what is not told
        if leans and len(held) + len(sentence) < SENTENCE_CHARS:
            held = f"{held}{'' if held[-1] in '.!?:;,' or sentence[:1].islower() else '.'} {sentence}"
            continue
        if needs_more and held:
            sentence = _with_subject(sentence, line)
        answers = answers and not held
        yield from _told(held)
        held = sentence
    yield from _told(held)


def _told(held: str) -> Iterator[str]:
    if _stands(held):
        yield clipped(held.rstrip(": "), SENTENCE_CHARS)


def _with_subject(sentence: str, line: str) -> str:
    """Return a ``sentence`` that stands apart from the one it leans on with what it is about, where that is known.

    That is the name which its item of a list begins with; one that has a subject of its own goes without its "but".
    """
    named = _NAMED_ITEM.match(line)
    if named and (name := without_marks(named[1]).rstrip(":")) not in sentence:
        return f"{name}: {sentence}"
    bare = _JOINS.sub("", sentence)
    return f"{bare[:1].upper()}{bare[1:]}"


_NO_SUBJECT = caseless(
    r"(?:used|called|needed|needs|run|set|built|read|written|returned|created|triggered|invoked|passed|returns|takes"
    r"|handles|runs) (?:by|when|whenever|for|in|to|as|at|only|if|on|from|with|within|after|before|once|during)\b"
)
"""How a sentence begins that says something of what the one before it names."""

_NAMED_ITEM = lazily(r"(?:[-*+•]|\d{1,3}[.)]) +(\*\*[^*\n]{2,80}\*\*|`[^`\n]{2,80}`)")
_JOINS = lazily(r"(?:But|And|However,|Then) (?=(?:the|an?|our|`[^`]+`|no|each|every|all)\b|`)")


def _sentences(text: str) -> Iterator[tuple[str, str]]:
    """Yield each line of ``text`` with a sentence of it; a short list belongs to the line that announces it."""
    lines = [line.strip() for line in prose_of(text, hole=_ENDS_SECTIONS).split("\n")]
    lines = [line for line in lines if line and not line.startswith(("|", "---", "===", "<", "```"))]
    if _WIDE_COLON in text:
        lines = [
            f"{line.rstrip(_MARKS)[:-1]}:" if line.rstrip(_MARKS).endswith(_WIDE_COLON) else line for line in lines
        ]
    lines = [*_with_labels(lines)] if "**" in text else lines
    place, concludes, lead = 0, "", ""
    while place < len(lines):
        line, place = lines[place], place + 1
        if line.startswith("#"):
            concludes = it if _CONCLUDING.fullmatch(it := plain(without_marks(line)).rstrip(":")) else ""
            yield line, ""
            continue
        if concludes and _LABEL_AND_MORE.match(line):
            below = _items_at(lines, place)
            told = ". ".join((without_marks(line).rstrip(".:"), *below))
            if len(below) > 1 and _AMISS.search(told):
                place += len(below)
                yield line, f"{concludes}: {clipped(told, _OF_A_CAUSE)}"
                continue
        bare = without_marks(line)
        if lead and _NEEDS_LEAD.match(bare) and _ITEM.match(line):
            bare = f"{lead} {bare}"
        *before, last = SENTENCE_END.split(bare) or [""]
        yield from ((line, it) for it in before)
        heads_list = is_label(line) and _ITEM.match("".join(lines[place : place + 1])) is not None
        announces = last if line.endswith(":") or heads_list else ""
        last, read = _with_list(last, lines, place) if announces else (last, 0)
        lead, place = "" if read else announces, place + read
        yield line, last


def _with_labels(lines: list[str]) -> Iterator[str]:
    """Yield ``lines``, of which one that stands below a label in bold that heads a conclusion begins with that."""
    label = ""
    for line in (*lines, ""):
        joins = bool(label and line) and not (is_label(line) or _APART.match(line))
        told = f"{plain(label).rstrip(':')}: {line}" if joins else line
        if label and not joins:
            yield label
        label = line if is_label(line) and _CONCLUDING.fullmatch(plain(line).rstrip(":")) else ""
        if told and not label:
            yield told


_APART = lazily(rf"#|{_LABEL}|{_AN_ITEM}")
"""How a line begins that has a heading or a label of its own, or is of a list."""


def _with_list(last: str, lines: list[str], place: int) -> tuple[str, int]:
    """Return the end of a line that announces what stands from ``place`` on, with that, and how many lines are read."""
    items = _items_at(lines, place)
    named = not items
    items = items or labelled(lines[place : place + _MOST_ITEMS])
    items = [_DANGLES.sub("", it) for it in items if not it.endswith(":")] or items  # what it announces is not told
    if not items and is_label("".join(lines[place : place + 1])):
        return f"{last.rstrip(':')}.", 0  # what follows has headings of its own
    if not items:
        under = numbered_headings(lines[place:])
        return (f"{last} {fitting(under, SENTENCE_CHARS - len(last) - _MORE)}" if under else last), 0
    if len(last) + sum(map(len, items)) <= SENTENCE_CHARS:
        return f"{last} {'; '.join(items)}", 0 if named else len(items)
    supposed = _MAY_CAUSE.search(last) or IS_CONDITION.search(last)
    if not supposed and (opened := openings(items, SENTENCE_CHARS - len(last))):
        return f"{last} {'; '.join(opened)}", 0
    if len(last) + sum(map(len, heads := heads_of(items))) <= SENTENCE_CHARS:
        return f"{last} {'; '.join(heads)}", 0
    # Too long a list: its first items say what it is of, and all stand by themselves, but as supposed.
    return f"{last} {fitting(items, SENTENCE_CHARS // 2 - len(last))}", len(items) if supposed else 0


def _items_at(lines: list[str], place: int) -> list[str]:
    """Return the items of the list that begins at a ``place``."""
    return [without_marks(it).rstrip(".;") for it in takewhile(_ITEM.match, lines[place : place + _MOST_ITEMS])]


_NEEDS_LEAD = lazily(r"[\"\u201c][^\"\u201d\n]*[\"\u201d][.;,]?$")
"""An item that is a quote and nothing else: what it is stands in the line that announces the list."""

_OF_A_CAUSE = 300
_LABEL_AND_MORE = lazily(r"\*\*[^*\n]{3,60}(?::\*\*|\*\*:) \S.{20}")
_AMISS = caseless(r"\b(?:never|not|lost|miss\w*|fail\w*|wrong\w*|ignor\w*|without|broken|breaks?|stale|no)\b")
_DANGLES = lazily(r",? (?:for now )?(?:since|because|which(?: runs?| is| returns?)?|but|and|or|so|as|that)$")
"""How an item ends that went on below it, in a block of code, or breaks off."""

_MAY_CAUSE = caseless(
    r"\b(?:possible|potential|likely|probable) (?:\w+ )?(?:reasons|causes|explanations|culprits|scenarios)\b"
    r"|\b(?:could|might|may) (?:be (?:due|caused|happening|because|coming|one of)|come from)\b"
)
_SHOWS_BELOW = caseless(
    r"\b(?:the following (?:lines?|code|block|snippet)\b[^.:`]*(?:`[^`]*`[^.:`]*)?|as follows)[.:]?\Z"
)
_ENDS_SECTIONS = "\n#\n"
"""In place of what was left out of a text: a heading without words, for what follows is of another section."""

_MORE, _MOST_ITEMS, _WIDE_COLON, _MARKS, _CRIES = 12, 40, "\uff1a", " *_", ("!", "\uff01")


def _stands(text: str) -> bool:
    """Return whether ``text`` says something by itself: what only announces more does not."""
    if text.rstrip(" *_").endswith(":") and len(text) >= FULL * 2 // 3 and tells_why(text):
        return True
    if text.endswith(_CRIES) and claims(text) and len(text) < FULL and not identifiers(text):
        return False  # it says that something was found, not what
    cut = text.rstrip(_MARKS).endswith(("?", ":", "...", "…", "\uff1f"))
    return len(text) >= LEAST_CHARS and (not cut or ("; " in text and text.endswith(GOES_ON)))


def explains(text: str) -> bool:
    """Return whether ``text`` explains something rather than announces what comes next."""
    told = [worth_of(it) for it in units(text)]
    if sum(it for it in told if it > LEAST_WORTH) > _EXPLAINS:
        return True
    return len(told) > 1 and len(prose_of(text)) >= _LONG and any(it > 0 for it in told)


_EXPLAINS, _LONG = 3.0, 240
