"""The documents that were written, plans and designs, as they stand at the end: by sections, what is decided in each.

A section is told by its heading, its first sentence, the items numbered in it, the steps of its code and a block of it;
those that the work speaks of, or that were written last, come first.
"""

from __future__ import annotations

from itertools import accumulate

from handoff_cli.core.paths import MARKDOWN
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.core.record import Record
from handoff_cli.documents.extract.facts import WrittenDocument
from handoff_cli.documents.extract.files.changes import lines_of, tells
from handoff_cli.documents.extract.files.edits import alive
from handoff_cli.documents.extract.files.excerpts import Excerpt, without_secrets
from handoff_cli.documents.extract.files.put_elsewhere import to_go_elsewhere
from handoff_cli.documents.extract.files.spoken_names import weights_of
from handoff_cli.documents.extract.files.texts import parts_of_file
from handoff_cli.documents.extract.language.prose import unfenced
from handoff_cli.documents.extract.language.words import clipped, identifiers, lines_with, plain, sentences, words_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from handoff_cli.core.transcript import Transcript
    from handoff_cli.documents.extract.files.changes import Altered
    from handoff_cli.documents.extract.files.texts import FilePart, Printed

_MOST_FILES, _SIZES, _ALONE, _SMALL_LINES = 4, (710, 1_600), (1_300, 1_900), 15
_CODE_LINES, _MOST_CODE_LINES, _ROOMY = 10, 16, 1_200
_LINE_CHARS, _SENTENCE_CHARS, _ITEM_CHARS, _ITEMS_CHARS = 100, 130, 44, 360
_HEAD, _FIRST, _ITEMS, _CODE, _LATE, _WORDED, _EMPTY, _TO_CHANGE = 2.0, 1.2, 1.7, 1.0, 2.5, 0.7, 2.0, 1.8
"""The worth of a heading, of its first sentence, items and code; what the section written last has ahead of the first,
what one has ahead for each word of its heading that is spoken of, and less where nothing stands right below it; and
the worth of lines that name what the latest request names. What a document said that is gone stands nowhere else, and
has more room (``_ALONE``)."""


class _Part(Record):
    """A section: its ``heading`` with its ``level``, from line ``first`` up to ``end`` (indexes), and its worth."""

    heading: str
    level: int
    first: int
    end: int
    worth: float = 0.0
    named: tuple[int, ...] = ()
    """Lines that name what the latest request names, where nothing was written here since."""


def written_documents(
    transcript: Transcript, printed: Sequence[Printed], spoken: Sequence[tuple[float, str]], since: int
) -> tuple[WrittenDocument, ...]:
    """Return the documents that edits left written, the one written last first.

    And the one that was deleted last where its content is to be put elsewhere. ``since`` is the position of the request
    that the work at hand is for.
    """
    asked = max(transcript.asked_at, default=-1)
    gone = to_go_elsewhere(transcript)
    if gone:
        edits = (it for it in transcript.edits if not (it.path == gone and it.action == "deleted"))
        transcript = transcript.replace(edits=tuple(edits))
    by_file: dict[str, list[Altered]] = {}
    for piece in reversed(alive([it for it in transcript.edits if it.path.endswith(MARKDOWN)])):
        by_file.setdefault(piece.edit.path, []).append(piece)
    weights = weights_of(spoken)
    words = {word for weight, text in spoken if weight >= _NEAR for word in words_of(text) if len(word) > _SHORT}
    found = []
    for path, pieces in list(by_file.items())[:_MOST_FILES]:
        parts = parts_of_file(path, transcript, printed)
        if parts:
            late = path == gone or any(it.edit.position > since for it in pieces)
            sizes = _ALONE if path == gone else _SIZES
            document = _document(parts[0], pieces, weights, words, asked, sizes)
            if last := _put_in_last(pieces, document.key, since):
                document = document.replace(key=f"{document.key}\n{last}", text=f"{document.text}\n{last}")
            found.append(document.replace(late=late, deleted=path == gone))
    return tuple(found)


def _put_in_last(pieces: list[Altered], told: str, since: int) -> str:
    """Return the few lines that a small edit put in last since a position, empty where they are ``told`` or many."""
    for it in sorted((it for it in pieces if it.edit.position > since), key=lambda it: -it.edit.position):
        before = [*map(_without_remark, it.old)]
        lines = [line for line in map(_without_remark, filter(tells, it.new)) if line not in before]
        if lines and it.edit.old and len(lines) <= _FEW_LINES and not all(line in told for line in lines):
            return clipped(f"Put in or changed last: {' | '.join(lines)}", _LAST_CHARS)
    return ""


def _without_remark(line: str) -> str:
    return " ".join(_REMARK.sub("", line).split())


_FEW_LINES, _LAST_CHARS = 4, 220
_REMARK = lazily(r"\s+(?://|#|--|/\*) .*$")


_NEAR, _SHORT = 2.0, 3


def _document(
    part: FilePart,
    pieces: list[Altered],
    weights: Mapping[str, float],
    words: set[str],
    asked: int,
    sizes: tuple[int, int],
) -> WrittenDocument:
    lines = without_secrets(part.lines)
    created = any(it.edit.action == "created" for it in pieces)
    told = [line.rstrip() for line in lines if line.strip()]
    many = len(lines) - (not lines[-1])
    if part.whole and len(told) <= _SMALL_LINES:
        text = "\n".join(clipped(line, _LINE_CHARS) if len(line) > _LINE_CHARS else line for line in told)
        return WrittenDocument(part.path, created, many, text, text, whole=True, old=not part.exact)
    sections = list(_sections(lines))
    ages = _ages(part, pieces)
    since = {at for it in pieces if it.edit.position > asked for at in lines_of(it, part)}
    if since:  # what was written for the request shows what is to be changed in the rest
        sections = [it.replace(named=tuple(_named_in(it, lines, weights, since))) for it in sections]
    rated = [_rated(it, lines, ages, weights, words) for it in sections]
    written = [it for it in rated if it.worth > 0]
    bare = [it.heading for it in written if part.whole and _is_bare(it, lines)]
    unwritten = f"\nNothing below it yet: {clipped('; '.join(bare), _OTHERS_CHARS)}" if bare else ""
    written = [it for it in written if it.heading not in bare]
    key, text = (_outlined(lines, written, ages, weights, size, created) + unwritten for size in sizes)
    return WrittenDocument(part.path, created, many if part.whole else 0, text, key, old=not part.exact)


def _sections(lines: tuple[str, ...]) -> Iterator[_Part]:
    heads: list[tuple[int, int, str]] = []
    for at, line in unfenced(lines):
        if found := _HEADING.match(line):
            heads.append((at, len(found[1]), plain(found[2])))
    for place, (at, level, heading) in enumerate(heads):
        yield _Part(heading, level, at, heads[place + 1][0] if place + 1 < len(heads) else len(lines))


_HEADING = lazily(r"(#{1,6}) +(\S[^\n]{0,120})")


def _is_bare(section: _Part, lines: tuple[str, ...]) -> bool:
    """Return whether nothing stands below a heading, and no section of its own: it is yet to be written."""
    after = _HEADING.match(lines[section.end]) if section.end < len(lines) else None
    parent = after and len(after[1]) > section.level
    return not (parent or any(line.strip().strip("-") for line in lines[section.first + 1 : section.end]))


def _ages(part: FilePart, pieces: list[Altered]) -> dict[int, float]:
    """Return how late each line was written that edits left, from 0 (first) to 1 (last)."""
    first, last = min(it.edit.position for it in pieces), max(it.edit.position for it in pieces)
    ages: dict[int, float] = {}
    for piece in reversed(pieces):
        late = (piece.edit.position - first) / (last - first) if last > first else 1.0
        ages.update(dict.fromkeys(lines_of(piece, part), late))
    return ages


def _named_in(part: _Part, lines: tuple[str, ...], weights: Mapping[str, float], since: set[int]) -> Iterator[int]:
    """Yield the few lines of a section, not written since the request, that have most of the names it has."""
    if any(at in since for at in range(part.first, part.end)):
        return
    asked = [name for name, weight in weights.items() if weight >= _ASKED]
    own = lines[part.first + 1 : part.end]
    near = (part.first + 1 + at for at in lines_with(asked, "\n".join(own)))
    counts = {at: count for at in near if (count := len({*asked}.intersection(identifiers(lines[at]))))}
    best = sorted(counts, key=lambda at: (-counts[at], at))
    yield from sorted(best[:_MOST_NAMED])


_ASKED, _MOST_NAMED = 3.0, 3


def _rated(
    part: _Part, lines: tuple[str, ...], ages: Mapping[int, float], weights: Mapping[str, float], words: set[str]
) -> _Part:
    """Return a section with its worth: 0 where no edit left anything in it."""
    late = max((ages[at] for at in range(part.first, part.end) if at in ages), default=-1.0)
    if late < 0:
        return part
    names = set(identifiers("\n".join(lines[part.first : part.end])))
    named = sum(sorted((weights.get(it, 0.0) for it in names), reverse=True)[:2]) / 4
    worth = _LATE * late + named + _WORDED * min(4, len(words & words_of(part.heading)))
    worth += _FINDS * bool(_FINDING.fullmatch(part.heading)) or _CONCLUDES * bool(_CONCLUSION.search(part.heading))
    worth -= _OF_TESTS * bool(_BESIDE.search(part.heading))
    bare = not any(line.strip().strip("-") for line in lines[part.first + 1 : part.end]) or part.level == 1
    return part.replace(worth=max(0.1, worth - _EMPTY * bare))


_CONCLUSION, _CONCLUDES = caseless(r"\b(?:recommend\w*|decisions?|chosen|conclusion|summary)\b"), 1.5
_DESIGN = caseless(
    r"\W{0,8}(?:\d+(?:\.\d+)*\W{1,8})?(?:proposed |chosen |our |the )?(?:solution|design|l\xf6sung)(?! doc)\b"
)
_FINDING = caseless(
    r"\W*(?:(?:the )?(?:(?:root |actual |real )?cause|(?:core |main )?(?:problem|issue))"
    r"(?: (?:analysis|description|statement|summary))?|diagnosis|findings?|what (?:happened|happens|went wrong)"
    r"|why it (?:happens|happened|fails|failed)|analysis|ursache|das problem|la cause|causa)\W*"
)
_FINDS, _FOUND_CHARS = 2.2, 300
"""Sections that say what was decided, and those that say what was found, what they have ahead, and in how many
characters these are told."""

_BESIDE, _OF_TESTS = (
    caseless(
        r"\b(?:test(?:s|ing)?|existing|unchanged|no changes?)\b"
        r"|^\W*(?:key )?(?:benefits?|advantages|motivation|background|pros)\b"
    ),
    1.5,
)
"""Sections about tests, what stays or what is good about it, and what they are worth less: a design is told by what it
decides."""


def _outlined(
    lines: tuple[str, ...],
    sections: list[_Part],
    ages: Mapping[int, float],
    weights: Mapping[str, float],
    size: int,
    created: bool,
) -> str:
    """Return the outline of ``sections`` in about ``size`` characters: what the best say.

    The first of a design stands besides, in room of its own. Of a file that was ``created`` the others are named.
    """
    best = sorted(range(len(sections)), key=lambda it: (-sections[it].worth, it))[: size // _CHARS_OF_ONE]
    design = [it for it in range(len(sections)) if it not in best and _DESIGN.match(sections[it].heading)][:1]
    options: list[tuple[float, int, int, list[str]]] = []
    for rank, place in enumerate((*best, *design)):
        it = sections[place]
        head = f"{'#' * it.level} {clipped(it.heading, 90)} (lines {it.first + 1}-{it.end})"
        options.append((_HEAD - rank / 4, place, 0, [head]))
        own = _told(it, lines, ages, weights, size)
        options += [(worth - rank / 4, place, kind, told) for worth, kind, told in own if told]
    kept: dict[tuple[int, int], list[str]] = {}
    left = size + _FOUND_CHARS * len(design)
    for _, place, kind, whole in sorted(options, key=lambda it: (-it[0], it[1:3])):
        told = _fitting(whole, left) if kind == _OF_CODE else whole
        cost = sum(len(line) + 1 for line in told)
        if told and cost <= left and (kind == 0 or (place, 0) in kept):
            kept[place, kind] = told
            left -= cost
    if created:  # a heading with nothing below it is one of the others
        says = {place for place, kind in kept if kind}
        kept = {key: told for key, told in kept.items() if key[0] in says}
    named = {place for place, _ in kept}
    others = [it.heading for place, it in enumerate(sections) if place not in named and it.level <= _NAMED_LEVEL]
    besides = [f"Sections besides: {clipped('; '.join(others), _OTHERS_CHARS)}"] if others and created else []
    return "\n".join((*(line for key in sorted(kept) for line in kept[key]), *besides))


def _fitting(code: list[str], room: int) -> list[str]:
    """Return the first lines of ``code`` that fit into ``room`` characters, none where these are only a few."""
    sizes = [*accumulate(len(line) + 1 for line in code)]
    many = sum(it <= room - 2 for it in sizes)
    while many and code[many - 1].strip() == "…":
        many -= 1
    return code if sizes[-1] <= room else [*code[:many], "…"] if many >= _FEWEST_LINES else []


_FEWEST_LINES = 3
_CHARS_OF_ONE, _OTHERS_CHARS, _NAMED_LEVEL = 240, 160, 3


def _told(
    section: _Part, lines: tuple[str, ...], ages: Mapping[int, float], weights: Mapping[str, float], size: int
) -> Iterator[tuple[float, int, list[str]]]:
    """Yield what can be told of a section: worth, kind and lines."""
    spans = list(_blocks_of(lines, section))
    inside = {at for first, end in spans for at in range(first - 1, end + 1)}
    text = "\n".join(lines[at] for at in range(section.first + 1, section.end) if at not in inside)
    found = [*_ITEM.finditer(text)] or [*_NUMBERED.finditer(text)]
    items = [_ASIDE.sub("", it[1]).replace("`", "").rstrip("*:. ") for it in found]
    intro = text[: found[0].start()] if found else text
    told = (it for it in sentences(intro) if len(it) > _LEAST_CHARS and not (_NUMBER.match(it) or _LABEL.match(it)))
    said = next((it for it in told if not any(item.partition(" ")[2] in it for item in items)), "")
    labelled = _labelled(text) if _DESIGN.match(section.heading) else ""
    if _FINDING.fullmatch(section.heading):
        yield _HEAD, 1, [clipped(" ".join((said, *told)), _FOUND_CHARS)] if said else []
        spans = []  # its code is the old one
    elif labelled:
        yield _HEAD, 1, [labelled]
    else:
        yield _FIRST, 1, [clipped(said, _SENTENCE_CHARS)] if said else []
    yield _TO_CHANGE, 4, [f"{at + 1}: {clipped(lines[at].strip(), _LINE_CHARS)}" for at in section.named]
    each = max(_ITEM_CHARS, _ITEMS_CHARS // max(1, len(items)) - 2)
    listed = [clipped(it, each) for it in items]
    yield _ITEMS, 2, [clipped("; ".join(listed), _ITEMS_CHARS)] if len(listed) > 1 else []
    if spans:
        best = max(spans, key=lambda it: (max(ages.get(at, -1.0) for at in range(*it)), _spoken(lines, it, weights)))
        shown = _code(lines, best, ages, weights, _CODE_LINES if size < _ROOMY else _MOST_CODE_LINES)
        yield _CODE + (0 if labelled else min(0.6, _spoken(lines, best, weights) / 8)), _OF_CODE, shown
        steps = max((_steps_in(lines[slice(*it)]) for it in spans), key=len)
        yield (
            _STEPS,
            5,
            [clipped(f"Steps of its code: {'; '.join(steps)}", _STEPS_CHARS)] if len(steps) >= _FEWEST_LINES else [],
        )


def _labelled(text: str) -> str:
    """Return what ``text`` gives a bold label of its own, in a line: of a design its principle, file and format."""
    return clipped("; ".join(f"{it[1]}: {plain(it[2])}".rstrip(".") for it in _BOLD_LABEL.finditer(text)), _FOUND_CHARS)


_BOLD_LABEL = lazily(r"(?m)^[^\S\n]*(?:[-*] )?\*\*([A-Z][\w /-]{2,30})(?::\*\*|\*\*:) +(\S[^\n]*)")
_OF_CODE, _STEPS, _STEPS_CHARS = 3, 1.75, 250
"""The kind of what is told that is a block of code; the worth of the steps that its comments number, their length."""


def _steps_in(code: Sequence[str]) -> list[str]:
    """Return the steps that comments of ``code`` number one after another: they tell a design in few words."""
    steps: list[str] = []
    for line in code:
        found = _STEP.match(line)
        if found and int(found[1]) == len(steps) + 1:
            steps.append(f"{found[1]}. {clipped(_ASIDE.sub('', found[2]).rstrip('.:'), _ITEM_CHARS)}")
    return steps


_STEP = lazily(r"[^\S\n]*(?://|#|--) *(?:[Ss]tep )?(\d{1,2})[.):] *(\S[^\n]{3,200})")


def _code(
    lines: tuple[str, ...], span: tuple[int, int], ages: Mapping[int, float], weights: Mapping[str, float], most: int
) -> list[str]:
    """Return a block of code in up to ``most`` lines, those that were written last before others."""
    first, end = span
    if end - first <= most:
        shown = list(lines[first:end])
    else:
        own = {at: ages[at] for at in range(first, end) if at in ages}
        oldest, newest = min(own.values(), default=0.0), max(own.values(), default=0.0)
        late = {at: (age - oldest) / (newest - oldest) for at, age in own.items() if newest > oldest}
        late.update(dict.fromkeys((*_said_to_be_new(lines, span), *_first_type(lines, span)), 1.0))
        shown = Excerpt(lines, (first, first, end), late or {first: 0.0}, weights).shown(most)
    return [line[:_LINE_CHARS] for line in shown if line.strip()]


def _said_to_be_new(lines: tuple[str, ...], span: tuple[int, int]) -> Iterator[int]:
    """Yield the lines of a block that a comment in it calls new, up to the next blank one."""
    new = False
    for at in range(*span):
        new = bool(lines[at].strip()) and (new or bool(_SAYS_NEW.search(lines[at])))
        if new:
            yield at


def _first_type(lines: tuple[str, ...], span: tuple[int, int]) -> range:
    """Return the lines of the first type that a block defines, a short one: what a design decides are its fields."""
    first = next((at for at in range(*span) if _TYPE.match(lines[at])), span[1])
    end = next((at + 1 for at in range(first, span[1]) if _CLOSES.match(lines[at])), first)
    return range(first, end) if end - first <= _MOST_OF_A_TYPE else range(0)


_TYPE = lazily(
    r"(?:(?:export|pub|public|declare) )*(?:interface|struct|enum|type \w+ (?:struct|interface|=)|CREATE TABLE)\b"
)
_CLOSES = lazily(r"[})]")
_MOST_OF_A_TYPE = 9

_SAYS_NEW = lazily(r"(?://|#|/\*|--|\u2190)[^\n]*\b(?:NEW|ADDED|CHANGED|REPLACED)\b")


def _blocks_of(lines: tuple[str, ...], section: _Part) -> Iterator[tuple[int, int]]:
    """Yield where the fenced blocks of a section begin and end, without their fences."""
    first: int | None = None
    for at in range(section.first + 1, section.end):
        if lines[at].lstrip().startswith(("```", "~~~")):
            if first is not None and at > first:
                yield first, at
            first = None if first is not None else at + 1


_ITEM = lazily(r"(?m)^[^\S\n]*(?:[-*] )?\*\*((?:\d{1,2}[.)]|Phase|Step|Option|Scenario)[^*\n]{2,120})")
_NUMBERED = lazily(r"(?m)^[^\S\n]*(\d{1,2}[.)] [^\n]{2,200})")
_ASIDE = lazily(r" \([^()]*\)")
_NUMBER = lazily(r"\W*\d{1,2}[.)]")
_LABEL = lazily(
    r"(?:Files?|Path|Location|Date|Status|Author|Version)\*{0,2}:|[A-Z][a-z]{2,14}: \S+(?: \S+)?$"
    r"|[A-Z][\w ]{2,24}: [A-Z][a-z]+ \d\d?, \d{4}\b"
)
"""A line of a document's head, or one that gives a word to a label."""
_LEAST_CHARS = 20


def _spoken(lines: tuple[str, ...], span: tuple[int, int], weights: Mapping[str, float]) -> float:
    names = set(identifiers("\n".join(lines[slice(*span)])))
    return sum(weights.get(it, 0.0) for it in names)
