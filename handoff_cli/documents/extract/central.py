"""The code that the work is about, as it stands at the end: what was made or looked at, and is spoken of.

A definition of up to 20 lines is told whole. Of a longer one stand its signature, the first of its comment and the
lines that were changed last or hold what is spoken of; ``…`` stands for what is left out.
"""

from __future__ import annotations

from handoff_cli.core.blocks import block_end, depth_of, doc_start, says, signature
from handoff_cli.core.code import defined_by
from handoff_cli.core.light import lru_cache
from handoff_cli.core.patterns import lazily
from handoff_cli.core.record import Record
from handoff_cli.documents.extract.changes import MARKDOWN, lines_of, tells
from handoff_cli.documents.extract.checks import is_check, kinds_of
from handoff_cli.documents.extract.edits import alive, is_test
from handoff_cli.documents.extract.excerpts import Excerpt, without_secrets
from handoff_cli.documents.extract.facts import CodePiece
from handoff_cli.documents.extract.texts import parts_of_file, same_file
from handoff_cli.documents.extract.words import identifiers, tells_secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from handoff_cli.core.transcript import Transcript
    from handoff_cli.documents.extract.changes import Altered
    from handoff_cli.documents.extract.facts import ReadLine
    from handoff_cli.documents.extract.texts import FilePart, Printed

MOST_PIECES = 20
_MOST_FILES = 10
_SMALL_FILE = 15
_LATE, _LINES, _TIMES, _NEW, _OF_A_TEST, _ONLY_READ, _POINTED = 1.8, 0.35, 0.4, 0.8, 2.5, 1.2, 2.0
"""What the definition edited last has ahead of the first, each doubling of its changed lines, each edit of it, one that
is new; what one of a test has less, and one that was only read; and what a line has ahead that the agent points to."""

_OLDER = 0.6
"""How much less lines matter that the edit before put there."""


class _Block(Record):
    """A definition in lines of a file: from ``start`` (its comment) over ``at`` to ``end``; None: that is not there."""

    name: str
    start: int
    at: int
    end: int | None


class _Found(Record):
    """A block that may be told, how much lines of it ``matter`` (by index in its part, up to 1.0), and its worth."""

    part: FilePart
    block: _Block
    matter: dict[int, float]
    worth: float
    made: bool


def central(
    transcript: Transcript,
    printed: Sequence[Printed],
    spoken: Sequence[tuple[float, str]],
    seen: Sequence[ReadLine] = (),
) -> tuple[CodePiece, ...]:
    """Return the code that the work is about, worth most first.

    ``spoken`` are texts that speak of it by weight, ``seen`` the lines of what was read that are spoken of most.
    """
    weights = weights_of(spoken)
    asked = max((it.position for it in transcript.messages if it.role == "user"), default=0)
    acted = any(it.position > asked for it in transcript.edits)
    found = [*_made(transcript, printed, weights), *_looked_at(transcript, printed, spoken, weights)]
    found += _read_last(transcript, printed, spoken, weights)
    found += _windows(transcript, printed, seen[:_MOST_WINDOWS])
    found = [it.replace(worth=it.worth + _FILE_NAMED * _weight_of_file(it.part.path, spoken)) for it in found]
    if not acted:  # what is asked for is an answer: what was read for it matters more than what was made before
        found = [it.replace(worth=it.worth + (-_BEFORE_IT if it.made else _FOR_AN_ANSWER)) for it in found]
    told: list[_Found] = []
    while found and len(told) < MOST_PIECES:
        best = max(
            found, key=lambda it: it.worth - _OF_ONE_FILE * sum(it.part.path == other.part.path for other in told)
        )
        found.remove(best)
        if not any(_overlap(best, other) for other in told):
            told.append(best)
    ran = (it for it in transcript.commands if it.outcome != "failed" and _formats(it.text))
    formatted = max((it.position for it in ran), default=-1)
    return tuple(_piece(it, weights, formatted) for it in told)


def _formats(command: str) -> bool:
    """Return whether ``command`` may have changed the form of code that was edited before it."""
    return (
        is_check(command)
        and ("format" in kinds_of(command) or bool(_FIXES.search(command)))
        and "--check" not in command
    )


_FIXES = lazily(r"--(?:fix|write)\b|\b(?:format|fmt)\b")
_FOR_AN_ANSWER, _BEFORE_IT = 2.0, 3.0
_OF_ONE_FILE = 0.6
"""What a piece has less for every piece of its file that is told already."""


def _weight_of_file(path: str, spoken: Sequence[tuple[float, str]]) -> float:
    """Return the weight of the weightiest text that names the file at ``path``."""
    name = path.replace("\\", "/").rpartition("/")[2]
    return max((weight for weight, text in spoken if name in text), default=0.0)


_FILE_NAMED = 0.35


def weights_of(spoken: Sequence[tuple[float, str]]) -> dict[str, float]:
    """Return the names of code that texts speak of, each with the weight of the weightiest text."""
    weights: dict[str, float] = {}
    for weight, text in spoken:
        for name in {*identifiers(text), *_CODED.findall(text)}:
            weights[name] = max(weights.get(name, 0.0), weight)
    return weights


_CODED = lazily(r"`(?:\w+\.)*([A-Za-z_]\w{2,})(?:\(\))?`")


def _overlap(one: _Found, other: _Found) -> bool:
    if not same_file(one.part.path, other.part.path):
        return False
    if one.block.name and one.block.name == other.block.name:
        return True
    if not (one.part.first and other.part.first) and one.part != other.part:
        return False
    first, second = (
        {it.part.first + at for at in range(it.block.start, it.block.end or len(it.part.lines))} for it in (one, other)
    )
    return len(first & second) * 2 > min(len(first), len(second))


def _made(transcript: Transcript, printed: Sequence[Printed], weights: Mapping[str, float]) -> Iterator[_Found]:
    """Yield the definitions that edits left changed."""
    by_file: dict[str, list[Altered]] = {}
    pieces = [it for it in alive(transcript.edits) if not it.edit.path.endswith(MARKDOWN)]
    for piece in reversed(pieces):
        by_file.setdefault(piece.edit.path, []).append(piece)
    first, last = (pieces[0].edit.position, pieces[-1].edit.position) if pieces else (0, 0)
    for path, own in list(by_file.items())[:_MOST_FILES]:
        parts = parts_of_file(path, transcript, printed)
        blocks: dict[int, list[_Block]] = {}
        touched: dict[tuple[int, _Block], list[tuple[Altered, set[int]]]] = {}
        for piece in own:
            place = next(((at, lines) for at, part in enumerate(parts) if (lines := lines_of(piece, part))), None)
            if place is None:
                continue
            at, lines = place
            if at not in blocks:
                blocks[at] = _blocks(parts[at])
            for block, its in _around(blocks[at], lines, parts[at]).items():
                touched.setdefault((at, block), []).append((piece, its))
        for (at, block), edits in touched.items():
            lines = set().union(*(its for _, its in edits))
            age = (last - max(it.edit.position for it, _ in edits)) / max(1, last - first)
            worth = _LATE * (1 - age) + _LINES * len(lines).bit_length() + _TIMES * min(4, len(edits))
            worth += _named(block, lines, parts[at], weights) - _OF_A_TEST * is_test(path)
            worth += _NEW * (block.at in lines)
            late = {line: _OLDER**before for before, (_, its) in reversed([*enumerate(edits)]) for line in its}
            yield _Found(parts[at], block, late, worth, made=True)


def _looked_at(
    transcript: Transcript,
    printed: Sequence[Printed],
    spoken: Sequence[tuple[float, str]],
    weights: Mapping[str, float],
) -> Iterator[_Found]:
    """Yield the definitions in what was read last that are spoken of, and the lines that are pointed to."""
    places = {(file, int(first)) for weight, text in spoken if weight > 1 for file, first in _PLACE.findall(text)}
    edited = {it.path for it in transcript.edits}
    read = [it for it in reversed(printed) if it.lines]
    paths = list(dict.fromkeys(path for it in read for path, number, _ in it.lines if number))
    for age, path in enumerate(paths[:_MOST_FILES]):
        if path.endswith(MARKDOWN) or _NO_CODE.search(path):
            continue
        name = path.replace("\\", "/").rpartition("/")[2]
        parts = sorted(parts_of_file(path, transcript, printed), key=lambda it: (not it.exact, -len(it.lines)))
        for part in parts[:_MOST_PARTS]:
            pointed = {
                at - part.first
                for file, at in places
                if part.first and file == name and 0 <= at - part.first < len(part.lines)
            }
            known = [it for it in _blocks(part) if weights.get(it.name, 0.0) > _LEAST or pointed & set(_span(it, part))]
            for block in known:
                if block.end is None and len(_span(block, part)) < _LEAST_LINES:
                    continue  # a line that a search found: its name says as much
                lines = {at for at in _span(block, part) if any(map(weights.__contains__, identifiers(part.lines[at])))}
                worth = _named(block, lines, part, weights) + _POINTED * bool(pointed & set(_span(block, part)))
                worth -= _ONLY_READ + age / 5 + _OF_A_TEST * is_test(path)
                if not any(same_file(path, it) for it in edited):
                    worth -= _ELSEWHERE
                yield _Found(
                    part, block, dict.fromkeys(lines | pointed & set(_span(block, part)), 1.0), worth, made=False
                )


def _read_last(
    transcript: Transcript,
    printed: Sequence[Printed],
    spoken: Sequence[tuple[float, str]],
    weights: Mapping[str, float],
) -> Iterator[_Found]:
    """Yield short reads since the last edit and words: of each the lines that are spoken of, in no definition."""
    done = max((it.position for it in transcript.edits), default=0)
    said = max((it.position for it in transcript.messages), default=0)
    words = {it for weight, text in spoken if weight >= _NEAR_WEIGHT for it in _parts_of(text)}
    for text in [it for it in printed if it.position > max(done, said)][-_LAST_READS:]:
        paths = dict.fromkeys(path for path, number, _ in text.lines if number and not _NO_CODE.search(path))
        for path in [it for it in paths if not it.endswith(MARKDOWN)] if len(paths) == 1 else []:
            for part in parts_of_file(path, transcript, [text]):
                told = part.whole or any(it.name in weights for it in _blocks(part))
                if part.position == text.position and len(part.lines) <= _SHORT_READ and not told:
                    shared = {at: len(words & _parts_of(line)) for at, line in enumerate(part.lines)}
                    matter = {at: 1.0 for at, count in shared.items() if count and tells(part.lines[at])}
                    if len(matter) >= _LEAST_SHARED:
                        worth = _READ_LAST + sum(sorted(shared.values())[-3:]) / 4
                        yield _Found(part, _Block("", 0, 0, len(part.lines)), matter, worth, made=False)


def _windows(transcript: Transcript, printed: Sequence[Printed], seen: Sequence[ReadLine]) -> Iterator[_Found]:
    """Yield the lines around those of what was read that are spoken of most."""
    for rank, it in enumerate(seen):
        parts = parts_of_file(it.path, transcript, printed)
        there = (one for one in parts if one.first and 0 <= it.line - one.first < len(one.lines))
        part = max(there, key=lambda one: len(one.lines), default=None)
        if part is None or _NO_CODE.search(it.path) or it.path.endswith(MARKDOWN):
            continue
        at = it.line - part.first
        first, end = _around_line(part.lines, at)
        around = [one for one in _blocks(part) if at in (span := _span(one, part)) and len(span) <= _LARGEST]
        wide = max(0, first - _BEFORE), min(len(part.lines), end + _AFTER)
        block = around[-1] if around else _Block("", wide[0], wide[0], wide[1])
        yield _Found(part, block, dict.fromkeys(range(first, end), 1.0), _SEEN - rank / 4, made=False)


def _around_line(lines: tuple[str, ...], at: int) -> tuple[int, int]:
    """Return where the lines begin and end that belong to the one at ``at``: from what opens it to what it opens."""
    first, end, depth = at, at + 1, depth_of(lines[at])
    while first > max(0, at - _ABOVE) and lines[first - 1].strip() and depth_of(lines[first]) >= depth:
        first -= 1
    while end < min(len(lines), first + _WINDOW) and (not lines[end].strip() or depth_of(lines[end]) >= depth):
        end += 1
    return first, end


_MOST_WINDOWS, _ABOVE, _WINDOW, _BEFORE, _AFTER, _SEEN = 2, 5, 10, 7, 2, 1.0
_LAST_READS, _SHORT_READ, _LEAST_SHARED, _READ_LAST, _NEAR_WEIGHT = 3, 90, 2, 0.6, 1.5


def _parts_of(text: str) -> set[str]:
    """Return the words of ``text`` and of the names in it: of ``isSyncing`` there are two."""
    return {it.lower() for it in _WORD.findall(text)} - _KEYWORDS


_WORD = lazily(r"[A-Z]?[a-z]{3,}")
_KEYWORDS = frozenset(
    (
        *("return", "import", "from", "this", "self", "const", "func", "function", "string", "number", "true", "false"),
        *("none", "null", "async", "await", "class", "public", "private", "static", "else", "elif", "while", "with"),
        *("that", "have", "what", "when", "then", "them", "there", "will", "would", "should", "could", "need", "into"),
        *("let", "the", "and", "for", "now", "see", "but", "not", "are", "how", "all", "new", "get", "set", "has"),
    )
)
_PLACE = lazily(r"([\w-]{1,80}\.[A-Za-z]\w{0,5})(?::|#L| \((?:at )?lines? )(\d{1,6})\b")
_NO_CODE = lazily(r"\.(?:rst|txt|jsonl?|lock|csv|log)$")
_MOST_PARTS, _LEAST, _ELSEWHERE, _LEAST_LINES = 4, 1.0, 0.5, 4


def _named(block: _Block, lines: set[int], part: FilePart, weights: Mapping[str, float]) -> float:
    """Return what names that are spoken of add to the worth of a block: its own most, and two in its lines."""
    inner = {it for at in lines for it in identifiers(part.lines[at])} - {block.name}
    others = sorted((weights.get(it, 0.0) for it in inner), reverse=True)[:2]
    return weights.get(block.name.rpartition(".")[2], 0.0) + sum(others) / 4


def _blocks(part: FilePart) -> list[_Block]:
    """Return the definitions in ``part``, in order."""
    return list(_known_blocks(part.lines, part.whole))


@lru_cache(maxsize=64)
def _known_blocks(lines: tuple[str, ...], whole_file: bool) -> tuple[_Block, ...]:
    found = []
    for at, line in enumerate(lines):
        if line and len(line) < _LONG and (name := defined_by(line)):
            found.append(_Block(name, doc_start(lines, at), at, block_end(lines, at, whole=whole_file)))
    return tuple(found)


_LONG = 300


def _span(block: _Block, part: FilePart) -> range:
    return range(block.start, len(part.lines) if block.end is None else block.end)


def _around(blocks: list[_Block], lines: set[int], part: FilePart) -> dict[_Block, set[int]]:
    """Return the definitions that ``lines`` lie in; lines outside of any are a block without name."""
    found: dict[_Block, set[int]] = {}
    left = set(lines)
    for block in blocks:
        span = set(_span(block, part))
        own = left & span
        inner = len(span) > _LARGEST and any(
            it.at in span and left & set(_span(it, part)) for it in blocks if it != block
        )
        if own and not inner:
            found[block] = own
            left -= own
    telling = sorted(at for at in left if tells(part.lines[at]))
    if len(telling) >= _TELLS_MORE:
        first, last = telling[0], telling[0]
        for at in telling:
            last = at if at - last <= _NEAR else last
        start, end = max(0, first - _CONTEXT), min(len(part.lines), last + 1 + _CONTEXT)
        found[_Block("", start, start, end)] = set(range(first, last + 1))
    return found


_LARGEST, _NEAR, _TELLS_MORE, _CONTEXT = 120, 4, 3, 3
"""Of a longer definition the one within it is told; lines so near to each other stand together; of
fewer outside of any the list of edits tells enough."""


def _piece(found: _Found, weights: Mapping[str, float], formatted: int) -> CodePiece:
    part, block = found.part, found.block
    lines = part.lines
    small = part.whole and len(lines) <= _SMALL_FILE and len(_blocks(part)) <= 1
    span = (0, 0, len(lines)) if small else (block.start, block.at, len(lines) if block.end is None else block.end)
    defined = bool(block.name) and not small
    first = part.first + span[1] if part.first else 0
    last = part.first + span[2] - 1 if part.first and (small or block.end is not None) else 0
    exact = part.exact and (part.whole or bool(part.first))
    return CodePiece(
        part.path,
        block.name,
        first,
        last,
        signature(lines, block.at) if block.name else "",
        _said_of(block, lines) if block.name else "",
        *Excerpt(lines, span, found.matter, weights, defined=defined).texts(),
        exact,
        found.made,
        formatted=found.made and part.position < formatted,
        worth=found.worth,
    )


def _said_of(block: _Block, lines: tuple[str, ...]) -> str:
    """Return the first sentence of the comment of ``block``, cut from lines without secrets."""
    said = says(lines, block.at)
    near = lines[block.start : block.at + _SAYS_WITHIN]
    return says(without_secrets(near), block.at - block.start) if tells_secret(said) else said


_SAYS_WITHIN = 20
"""So many lines from a definition on hold its signature and the text it begins with."""
