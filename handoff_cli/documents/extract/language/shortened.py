"""What was told in fewer of its own words: a sentence up to its conclusion, a text in what tells most of it."""

from __future__ import annotations

from itertools import takewhile

from handoff_cli.core.patterns import MULTILINE, caseless, lazily
from handoff_cli.documents.extract.language.findings import CAUSE, LEANS, LEAST_CHARS, LEAST_WORTH, worth_of
from handoff_cli.documents.extract.language.lists import heads_of, whole_items
from handoff_cli.documents.extract.language.prose import prose_of
from handoff_cli.documents.extract.language.words import MARK, SENTENCE_END, beginning, clipped, ends

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


def brief(sentence: str, size: int) -> str:
    """Return what concludes ``sentence`` in about ``size`` characters, up to the end of a clause; a short one whole."""
    if len(sentence) <= size * 6 // 5:
        return sentence
    cry = _CRY.match(sentence)
    sentence = sentence[cry.end() :] if cry else sentence
    return sentence if len(sentence) <= size * 6 // 5 else _listed(sentence, size) or _concluding(sentence, size)


def _concluding(sentence: str, size: int) -> str:
    """Return the sentence of a few that concludes them, or the beginning of a long one up to the end of a clause."""
    short = _ASIDE.sub("", sentence)
    first, *rest = SENTENCE_END.split(short)
    if rest:
        leading = first
        for further in rest:
            if len(leading) + len(further) >= size * 6 // 5:
                break
            leading = f"{leading} {further}"
        fitting = [it for it in (leading, *rest) if LEAST_CHARS <= len(it) <= size * 6 // 5 and not LEANS.match(it)]
        best = max(fitting, key=lambda it: worth_of(it) + (it is leading), default="")
        if best and best is leading:
            draws = list(_DRAWS.finditer(short, len(leading)))
            sum_ = f"{leading} … {draws[-1][0]}" if draws and not CAUSE.search(leading) else leading
            return sum_ if len(sum_) <= size * 3 // 2 else leading
        if best and worth_of(best) >= LEAST_WORTH:
            return best
        short = first if len(first) > size else short
    if aside := len(short) > size * 6 // 5 and _BEFORE_IT.match(short):
        short = short[aside.end() :]
    if len(short) <= size * 6 // 5:
        return short
    ends_at = [it.start() for it in _CLAUSE.finditer(short) if size // 2 <= it.start() <= size * 5 // 4]
    if not ends_at and len(short) <= max(size * 2, _WHOLE):
        return short
    return f"{short[: ends_at[-1]] if ends_at else short[:size].rpartition(' ')[0] or short[:size]}…"


def _listed(sentence: str, size: int) -> str:
    """Return what announces a list in ``sentence``, with as many whole items as fit; empty where it holds none."""
    lead, colon, rest = sentence.partition(": ")
    items = rest.split("; ")
    if not colon or len(items) < _ITEMS or not _LEAD <= len(lead) <= size * 6 // 5:
        return ""
    heads = heads_of(items)
    room = size * 6 // 5 - len(lead)
    shown = whole_items(heads, room + size // 3)  # an item by its head tells more than that there is one
    shown = items if len(whole_items(items, room)) == len(items) else shown or heads[:1]
    return f"{lead}: {'; '.join(shown)}{'; …' if len(shown) < len(items) else ''}"


def brief_point(point: str, size: int) -> str:
    """Return a point of an account, sentences with arrows between, shorter: what failed, why, and what mended it."""
    first, *rest = point.split(" → ")
    kept = [it for it in rest if _MENDS.match(it)] or rest[-1:]
    return " → ".join(brief(it, size) for it in (first, *kept))


_MENDS = caseless(r"(?:fix(?:ed)?|solution|resolution|resolved|(?:root )?cause|lesson|status|verdict)\b")


_ITEMS, _LEAD, _WHOLE = 2, 12, 240
"""Items of a list, and the characters of what announces it; and those of a sentence that is told whole rather than cut
within a clause."""

_DRAWS = lazily(
    r"(?:\b(?:so (?:it|they|that|the|this)|because|which means|therefore)"
    r"|(?<=[.!?] )(?:So|Hence|That means|Thus)(?! far))\b(?:i\.e\.|\.(?=\w)|[^.!?]){10,140}(?:[.!?]|\Z)"
)
"""A clause that draws the sum of what stands before it."""

_BEFORE_IT = caseless(
    r"(?:instead of|rather than|since|when|if|after|before|while|although|as|for|in|with) [^,]{12,140}, "
)
"""What a sentence may say before what it says."""

_CRY = caseless(r"(?!(?:yes|no)\b)[^.!?:;`]{2,40}! +(?=\S)")
_ASIDE = lazily(r" \((?:(?![^()]{0,200}\b(?:until|unless|every|must|never)\b)[^()]{25,200}|e\.g\.[^()]{1,200})\)")
"""An aside that may go: not one that says when, how often or what is to be."""
_CLAUSE = lazily(
    r"; | [-\u2013\u2014] |, (?=(?:which|so|but|because|and|where|while|when|as)\b)"
    r"| (?=(?:because|so that|instead of)\b)"
)
"""Where a clause ends: what follows adds to what was said."""


def outline(text: str, size: int) -> str:
    """Return a long text with headings or steps in about ``size`` characters: these, and what stands below them first.

    The first line that tells a cause stands besides. Blocks of code go first; a text without such an outline is cut in
    its middle.
    """
    text = _BOILERPLATE.sub("", text).strip()
    lines = _unwrapped(prose_of(text))
    marks = [_OUTLINE.match(line) is not None for line in lines]
    if len(text) <= size or sum(marks) < _LEAST_MARKS:
        return _ends_and_rules(_without_code(text, "\n".join(lines), size), size)
    lines = [line for line in lines if not _BRACKETS.fullmatch(line)]
    marks = [_OUTLINE.match(line) is not None for line in lines]
    causes = [at for at in range(1, min(_FIRST_LINES, len(lines))) if not marks[at] and CAUSE.search(lines[at])][:1]
    causes += _chain(lines, causes[0]) if causes else []
    rules = {at for at, line in enumerate(lines) if _forbids(line)}
    most = min(_LINE_CHARS, max(_LEAST_LINE_CHARS, size // 5))
    sizes = [min(len(line), _LINE_CHARS if at in rules or at in causes else most) + 2 for at, line in enumerate(lines)]
    left = size + sum(min(len(lines[it]), _LINE_CHARS) for it in causes)
    kept = _telling(lines, _kept(lines, _worths(lines, marks, causes), sizes, left, lists=size >= _ROOMY))
    shown: list[str] = []
    for index in sorted(kept):
        gap = index - 1 not in kept and bool(shown)
        room = _LINE_CHARS if index in causes else most
        line = _rules_of(lines[index], most) if index in rules else _sentences_of(lines[index], room)
        shown.append(("… " if gap and not line.startswith("…") else "") + line)
    if kept and max(kept) + 1 < len(lines) and not shown[-1].endswith("…"):
        shown[-1] += " …"
    return "\n".join(shown)


def _unwrapped(text: str) -> list[str]:
    """Return the lines of ``text`` that say something, those of a paragraph that an editor wrapped in one.

    A line was wrapped if the word that the next begins with had no room in the longest of the paragraph.
    """
    lines: list[str] = []
    for paragraph in _PARAGRAPH.split(text):
        own = [line.rstrip() for line in paragraph.split("\n") if line.strip()]
        width = max((len(line) for line in own), default=0)
        before, goes_on = "", False
        for line in own:
            word = line.split(None, 1)[0]
            plain_words = word[:1].islower() or word[:1] in "(\"'`"
            if goes_on and plain_words and not _OUTLINE.match(line) and len(before) + 1 + len(word) > width:
                rest = line.lstrip()
                lines[-1] += rest if _BROKEN.search(lines[-1]) and not _LINKS.match(rest) else f" {rest}"
            else:
                lines.append(line)
            before = line
            goes_on = _WRAPPED <= len(line) <= _WIDE and not line.endswith((":", ".", "!", "?")) and line[:1] != "#"
    return lines


_PARAGRAPH = lazily(r"\n[^\S\n]*\n")
_WRAPPED, _WIDE = 45, 110
"""How long a line is that somebody's editor or terminal broke."""
_BROKEN, _LINKS = lazily(r"\w[/-]$"), lazily(r"(?:and|or|to|und|oder|bis|et|ou|y|o|e)\b|[^\w.]")
"""How a line ends that was broken within a path or behind a hyphen, and how words begin that never belong to one."""


_BRACKETS = lazily(r"[\s()\[\]{},;.…]*")
_FACT = lazily(r"(?:[-*] )?\*\*[^*:\n]{2,30}(?:\*\*:|:\*\*) \S{1,200}$")
"""A line that gives a label one word: a branch, a number, an address."""


def _without_code(text: str, prose: str, size: int) -> str:
    """Return the ``prose`` of a ``text`` with code in it where this alone takes most of ``size``, else all of it."""
    return prose if size < len(text) and "```" in text and len(prose) > size * _MOSTLY else text


_MOSTLY = 0.6


def _chain(lines: list[str], cause: int) -> list[int]:
    """Return the lines of the same part that tell what a ``cause`` leads to, with the list that the last announces."""
    part = takewhile(lambda at: not lines[at].startswith("#"), range(cause + 1, min(len(lines), cause + _NEAR_LINES)))
    found = next((at for at in part if _LEADS_TO.search(lines[at])), None)
    if found is None:
        return []
    return [found, *_announced(lines, found)]


_NEAR_LINES = 8
_LEADS_TO = caseless(
    r"\b(?:causing|causes|cascades?|leads? to|leading to|results? in|resulting in|so that|which (?:means|breaks))\b"
)


def _worths(lines: list[str], marks: list[bool], causes: list[int]) -> list[float]:
    """Return how much each line of an outline tells; ``marks`` are headings and steps."""
    worths, bare = [_OF_THE_FIRST], not any(line.startswith(("#", "**")) for line in lines)
    stays = False
    for index, line in enumerate(lines[1:], 1):
        title = index == 1 and line.startswith("# ")
        heading, before = line.startswith("#"), lines[index - 1].startswith("#")
        stays = bool(_STAYS.match(line)) if heading else stays
        tabled = line[:1] == "|" or (heading and "".join(lines[index + 1 : index + 2])[:1] == "|")
        worths.append(
            8.0 * title
            + 5.0 * heading
            + (6.0 if index < _FIRST_LINES else 3.0) * (before and not heading)
            + 3.0 * bool(_STEP.match(line))
            + (8.0 if index < _FIRST_LINES else 2.0) * bool(_FACT.match(line))
            + 1.0 * marks[index]
            + _OF_PROSE * (bare and not marks[index] and len(line) >= _SAYS_SOMETHING)
            + (6.0 if marks[index] else _OF_A_RULE) * (_forbids(line) and not stays)
            - 4.0 * (tabled or stays)
            + _OF_A_CAUSE * (index in causes)
            - 9.0 * bool(_CHECKED.match(line))
            - index / len(lines)
        )
    return worths


_STAYS = caseless(r"#{1,6} +(?:(?:step )?\d{1,2}[.):]? *)?(?:no|without) (?:\w+ )?changes?\b")
"""The heading of a part that tells what a plan leaves as it is: no rule of the work."""


def _kept(lines: list[str], worths: list[float], sizes: list[int], left: int, *, lists: bool) -> set[int]:
    """Return the lines that ``left`` characters have room for, what tells most first.

    A heading says little without the line below it, and what announces a list nothing without that; where room is
    scarce (no ``lists``) every heading tells more than the first list.
    """
    kept: set[int] = set()
    for index in sorted(range(len(lines)), key=lambda it: (-worths[it], it)):
        below = index + 1 if lines[index].startswith("#") and index + 1 < len(lines) else index
        wanted = [index, below if not lines[below].startswith("#") else index]
        items = [it for one in sorted({*wanted}) for it in _announced(lines, one)] if lists else []
        for many in range(len(items), -1, -1):
            more = {*wanted, *items[:many]} - kept
            cost = sum(sizes[it] for it in more)
            if cost <= left:
                kept |= more
                left -= cost
                break
    return kept


def _telling(lines: list[str], kept: set[int]) -> set[int]:
    """Return those of the ``kept`` lines that say something where the others are left out."""
    ticked = {at for at, line in enumerate(lines) if _CHECKED.match(line)}
    if any(it not in kept for it in range(len(lines)) if it not in ticked):
        kept = kept - ticked
    # A short line that announces what is not shown says nothing.
    alone = {it for it in kept if lines[it].endswith(":") and it + 1 not in kept}
    kept = kept - {it for it in alone if it and len(lines[it]) < _SAYS_SOMETHING}
    kept = kept - {it for it in kept if lines[it][:1] == "|" and not _has_row(lines, it, kept)}
    kept |= {above for it in kept if MARK.match(lines[it]) and (above := _announcing(lines, it)) is not None}
    return {it for it in kept if not lines[it].startswith("#") or it + 1 in kept or it <= 1}  # or the title


def _has_row(lines: list[str], at: int, kept: set[int]) -> bool:
    """Return whether a row of the table that the line ``at`` is of is ``kept``: its head alone tells nothing."""
    top = next(it for it in range(at, -1, -1) if not it or lines[it - 1][:1] != "|")
    rows = takewhile(lambda it: lines[it][:1] == "|", range(top + 1, len(lines)))
    return any(it in kept and not _RULER.fullmatch(lines[it]) for it in rows)


_RULER = lazily(r"[|:\s-]+")


def _announcing(lines: list[str], item: int) -> int | None:
    """Return the place of the line that announces, in few words, the list that ``item`` is of; None without one."""
    above = next((at for at in range(item - 1, -1, -1) if not MARK.match(lines[at])), None)
    label = above is not None and len(lines[above]) < _SAYS_SOMETHING and lines[above].rstrip("*_ ").endswith(":")
    return above if label else None


_FORBIDS = caseless(
    r"(?:^|[.,;:!(\u201c] ?|\b(?:and|but|e|mas|y|pero|et|mais|und|aber) |\u274c ?)"
    r"(?:no|never|don['\u2019]?t|do not|only|always|n\xe3o|nunca|nenhuma?|jamais|apenas|solo|s\xf3lo|ning\xfan|aucune?"
    r"|seulement|niemals|nie|kein\w{0,2}|nur|nicht)\b|\b(?:must|without my)\b|^\s*\u274c ?\w"
)
"""Lines of a request that bind the work, wherever they stand."""
_STRESSED = lazily(r"\b(?:NOT|NEVER|ONLY|N\xc3O|NUNCA|NICHT|NIE|KEINE?|JAMAIS|NUR)\b")


def _forbids(text: str) -> bool:
    return _FORBIDS.search(text) is not None or _STRESSED.search(text) is not None


_OF_A_RULE, _OF_A_CAUSE, _OF_THE_FIRST, _OF_PROSE = 12.0, 6.0, 20.0, 2.0
"""The worth of a line of no list that binds, of the first that tells a cause, of that which a text begins with, and of
what is said in sentences where no heading tells of what the lists are."""


def _ends_and_rules(text: str, size: int) -> str:
    """Return beginning and end of ``text`` in about ``size`` characters, and between them whole what binds the work."""
    short = ends(text, size)
    if short == text or not _forbids(text):
        return short
    first, _, rest = short.partition("\n… [")
    last = rest.partition("] …\n")[2]
    begins, until = len(first), len(text) - len(last)
    rules: list[str] = []
    amid = next((it for it in _sentence_spans(text[:_MOST_CHARS]) if it[0] < until < it[1]), None)
    if amid and until - amid[0] <= _LITTLE_MORE:  # half a rule says another thing
        until = amid[0]
        last = text[until:]
        short = f"{first}\n… [{until - begins:,} characters] …\n{last}"
    for start, end in _sentence_spans(text[:_MOST_CHARS]):
        whole_at_an_end = end <= begins or start >= until
        if not whole_at_an_end and _forbids(text[start:end]) and sum(map(len, rules)) < size:
            rules.append(clipped(text[start:end], _LINE_CHARS))
            first = first[:start]
    return "\n… ".join((first.rstrip(), *rules, last)) if rules else short


def _sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the sentences of ``text`` begin and end, lines being sentences too."""
    start = 0
    for found in _SENTENCES.finditer(text):
        yield start, found.start()
        start = found.end()
    yield start, len(text)


_LITTLE_MORE = 160
_SENTENCES = lazily(r"(?<=[.!?;])\s+|(?<!\s)\s*\n\s*")  # blanks that end no line are read once, not from each of them


def _rules_of(line: str, size: int) -> str:
    """Return ``line`` in about ``size`` characters; of a longer one the sentences that bind, each whole."""
    if len(line) <= size:
        return line
    told = SENTENCE_END.split(line)
    binding = [it for it in told if _forbids(it)]
    text = line if len(line) <= _LINE_CHARS else f"{'' if told[0] in binding else '… '}{' '.join(binding)}"
    return _sentences_of(text, _LINE_CHARS)


def _announced(lines: list[str], at: int) -> Iterator[int]:
    """Yield the places of the first items of the list that the line ``at`` announces."""
    if lines[at].endswith(":") and not lines[at].startswith("#"):
        for below in range(at + 1, min(len(lines), at + 1 + _FIRST_ITEMS)):
            if not MARK.match(lines[below]):
                return
            yield below


_FIRST_ITEMS = 3


def _sentences_of(line: str, size: int) -> str:
    """Return the first sentences of ``line`` in ``size`` characters; of one sentence that is longer the beginning."""
    if len(line) <= size:
        return line
    mark = MARK.match(line)
    begins = mark.end() if mark else 0
    ended = [it.start() for it in SENTENCE_END.finditer(line, begins) if begins < it.start() <= size]
    return line[: ended[-1]] if ended else f"{beginning(line, size - 1)}…"


_CHECKED = caseless(r"\s*(?:[-*] \[[ x]\]|#{1,6} (?:test plan|how (?:was this|to) test\w*|checklist)\b)")
"""A line of a list to tick, or the heading of one."""

_OUTLINE = lazily(r"\s*(?:#{1,6} |\d{1,2}[.)] |[-*\u2022] |[\u2705\u274c\u2714\U0001f449]\ufe0f? ?)")
_STEP = caseless(r"\s*(?:\d{1,2}[.)] |\*\*(?:step|phase)?\s*\d)")
_BOILERPLATE = lazily(r"^.*(?:read the full transcript at|If you need specific details from before).*$", MULTILINE)
_LEAST_MARKS, _LINE_CHARS, _FIRST_LINES, _SAYS_SOMETHING = 4, 260, 8, 60
_LEAST_LINE_CHARS, _ROOMY, _MOST_CHARS = 110, 1_000, 16_000
