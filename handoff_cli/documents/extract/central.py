"""The code that the work is about, as it stands at the end: what was made or looked at, and is spoken of.

A definition of up to 20 lines is told whole. Of a longer one stand its signature, the first of its comment and the
lines that were changed last or hold what is spoken of; ``…`` stands for what is left out.
"""

from __future__ import annotations

from functools import lru_cache

from handoff_cli.core.blocks import block_end, depth_of, doc_start, says, signature, signature_end
from handoff_cli.core.code import DEFINITION, definitions_in
from handoff_cli.core.patterns import lazily
from handoff_cli.core.record import Record
from handoff_cli.documents.extract.changes import MARKDOWN, tells
from handoff_cli.documents.extract.edits import alive, is_test
from handoff_cli.documents.extract.facts import CodePiece
from handoff_cli.documents.extract.texts import CUT, parts_of_file, same_file
from handoff_cli.documents.extract.words import identifiers, is_redacting, lines_telling_secrets, whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from handoff_cli.core.transcript import Transcript
    from handoff_cli.documents.extract.changes import Altered
    from handoff_cli.documents.extract.texts import FilePart, Printed

MOST_PIECES = 20
_MOST_FILES = 10
WHOLE_LINES, _KEY_LINES, _FEWEST_LINES, _LINE_CHARS, _SMALL_FILE = 20, 16, 10, 140, 15
_LATE, _LINES, _TIMES, _NEW, _OF_A_TEST, _ONLY_READ, _POINTED = 1.8, 0.35, 0.4, 0.8, 2.5, 1.2, 2.0
"""What the definition edited last has ahead of the first, each doubling of its changed lines, each edit of it, one that
is new; what one of a test has less, and one that was only read; and what a line has ahead that the agent points to."""


class _Block(Record):
    """A definition in lines of a file: from ``start`` (its comment) over ``at`` to ``end``; None: that is not there."""

    name: str
    start: int
    at: int
    end: int | None


class _Found(Record):
    """A block that may be told, the lines of it that ``matter`` (indexes in its part), and its worth."""

    part: FilePart
    block: _Block
    matter: frozenset[int]
    worth: float
    made: bool


def central(
    transcript: Transcript, printed: Sequence[Printed], spoken: Sequence[tuple[float, str]]
) -> tuple[CodePiece, ...]:
    """Return the code that the work is about, worth most first; ``spoken`` are texts that speak of it by weight."""
    weights = weights_of(spoken)
    asked = max((it.position for it in transcript.messages if it.role == "user"), default=0)
    acted = any(it.position > asked for it in transcript.edits)
    found = [*_made(transcript, printed, weights), *_looked_at(transcript, printed, spoken, weights)]
    found += _read_last(transcript, printed, spoken)
    if not acted:  # what is asked for is an answer: what was read for it matters more than what was made before
        found = [it.replace(worth=it.worth + (-1 if it.made else 1) * _FOR_AN_ANSWER) for it in found]
    told: list[_Found] = []
    while found and len(told) < MOST_PIECES:
        best = max(
            found, key=lambda it: it.worth - _OF_ONE_FILE * sum(it.part.path == other.part.path for other in told)
        )
        found.remove(best)
        if not any(_overlap(best, other) for other in told):
            told.append(best)
    return tuple(_piece(it, weights) for it in told)


_FOR_AN_ANSWER = 1.5
_OF_ONE_FILE = 0.6
"""What a piece has less for every piece of its file that is told already."""


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
    first, second = (set(range(it.block.start, it.block.end or len(it.part.lines))) for it in (one, other))
    return one.part is other.part and len(first & second) * 2 > min(len(first), len(second))


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
            yield _Found(parts[at], block, frozenset(edits[0][1]), worth, made=True)


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
        for part in parts_of_file(path, transcript, printed)[:_MOST_PARTS]:
            pointed = {
                at - part.first
                for file, at in places
                if part.first and file == name and 0 <= at - part.first < len(part.lines)
            }
            known = [it for it in _blocks(part) if weights.get(it.name, 0.0) > _LEAST or pointed & set(_span(it, part))]
            for block in known:
                lines = {at for at in _span(block, part) if any(map(weights.__contains__, identifiers(part.lines[at])))}
                worth = _named(block, lines, part, weights) + _POINTED * bool(pointed & set(_span(block, part)))
                worth -= _ONLY_READ + age / 5 + _OF_A_TEST * is_test(path)
                if not any(same_file(path, it) for it in edited):
                    worth -= _ELSEWHERE
                yield _Found(part, block, frozenset(lines | pointed & set(_span(block, part))), worth, made=False)


def _read_last(
    transcript: Transcript, printed: Sequence[Printed], spoken: Sequence[tuple[float, str]]
) -> Iterator[_Found]:
    """Yield short reads since the last edit and words: of each the lines that are spoken of, in no definition."""
    done = max((it.position for it in transcript.edits), default=0)
    said = max((it.position for it in transcript.messages), default=0)
    words = {it for weight, text in spoken if weight >= _NEAR_WEIGHT for it in _parts_of(text)}
    for text in [it for it in printed if it.position > max(done, said)][-_LAST_READS:]:
        paths = dict.fromkeys(path for path, number, _ in text.lines if number and not _NO_CODE.search(path))
        for path in [it for it in paths if not it.endswith(MARKDOWN)] if len(paths) == 1 else []:
            for part in parts_of_file(path, transcript, [text]):
                if part.position == text.position and len(part.lines) <= _SHORT_READ:
                    shared = {at: len(words & _parts_of(line)) for at, line in enumerate(part.lines)}
                    matter = frozenset(at for at, count in shared.items() if count and tells(part.lines[at]))
                    if len(matter) >= _LEAST_SHARED:
                        worth = _READ_LAST + sum(sorted(shared.values())[-3:]) / 4
                        yield _Found(part, _Block("", 0, 0, len(part.lines)), matter, worth, made=False)


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
_MOST_PARTS, _LEAST, _ELSEWHERE = 4, 1.0, 0.5


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
        if line and len(line) < _LONG and DEFINITION.match(line) and (names := definitions_in(line)):
            found.append(_Block(names[0], doc_start(lines, at), at, block_end(lines, at, whole=whole_file)))
    return tuple(found)


_LONG = 300


def _span(block: _Block, part: FilePart) -> range:
    return range(block.start, len(part.lines) if block.end is None else block.end)


def lines_of(piece: Altered, part: FilePart) -> set[int]:
    """Return the indexes of the lines of ``part`` that ``piece`` put there."""
    if part.position == piece.edit.position and not piece.edit.old:
        return {at for at, line in enumerate(part.lines) if line.strip()}
    places = _places(part.lines)
    wanted = {line.strip() for line in piece.new}
    head, cut, tail = (it.strip("\n").split("\n") for it in _halves(piece.edit.new))
    first, last = _at(head, part.lines, places), _at(tail, part.lines, places)
    if first is not None and last is not None and (cut != [""] or last == first):
        inside = range(first, last + len(tail))
        return {at for at in inside if part.lines[at].strip() in wanted or cut != [""]}
    anchors = [it for it in wanted if len(places.get(it, ())) == 1]
    if not anchors:
        return set()
    start, reach = places[max(anchors, key=len)][0], max(len(head) + len(tail), piece.added)
    around = range(max(0, start - reach), min(len(part.lines), start + reach))
    return {at for at in around if part.lines[at].strip() in wanted and part.lines[at].strip()}


def _halves(new: str) -> tuple[str, str, str]:
    """Return what was put in before and behind the mark of what is left out; the same twice where there is none."""
    found = CUT.search(new)
    return (new[: found.start()], found[0], new[found.end() :]) if found else (new, "", new)


@lru_cache(maxsize=64)
def _places(lines: tuple[str, ...]) -> dict[str, list[int]]:
    """Return where each line stands, but for its indentation."""
    places: dict[str, list[int]] = {}
    for at, line in enumerate(lines):
        places.setdefault(line.strip(), []).append(at)
    return places


def _at(wanted: list[str], lines: tuple[str, ...], places: dict[str, list[int]]) -> int | None:
    """Return where the ``wanted`` lines stand together, None where they do not."""
    for at in places.get(wanted[0].strip(), ())[:_MOST_STARTS]:
        if [it.strip() for it in lines[at : at + len(wanted)]] == [it.strip() for it in wanted]:
            return at
    return None


_MOST_STARTS = 200


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
        found[_Block("", first, first, last + 1)] = set(range(first, last + 1))
    return found


_LARGEST, _NEAR, _TELLS_MORE = 120, 4, 3
"""Of a longer definition the one within it is told; lines so near to each other stand together; of
fewer outside of any the list of edits tells enough."""


def _piece(found: _Found, weights: Mapping[str, float]) -> CodePiece:
    part, block = found.part, found.block
    lines = _without_secrets(part.lines) if is_redacting() else part.lines
    end = len(lines) if block.end is None else block.end
    first = part.first + block.at if part.first else 0
    last = part.first + end - 1 if part.first and block.end is not None else 0
    if part.whole and len(lines) <= _SMALL_FILE and len(_blocks(part)) <= 1:
        shown, name, first, last = [*lines], "", 1, len(lines)
        key = shown
    else:
        name = block.name
        shown, key = (_shown(lines, block, end, found.matter, weights, most) for most in (_KEY_LINES, _FEWEST_LINES))
        if end - block.start <= WHOLE_LINES:
            shown = [*lines[block.start : end]]
    head = signature(lines, block.at) if block.name else ""
    told = says(lines, block.at) if block.name else ""
    exact = part.exact and (part.whole or bool(part.first))
    text, fewest = "\n".join(_dedented(shown)), "\n".join(_dedented(key))
    return CodePiece(
        part.path, name, first, last, head, told, text, fewest, exact=exact, made=found.made, worth=found.worth
    )


def _shown(
    lines: tuple[str, ...], block: _Block, end: int, matter: frozenset[int], weights: Mapping[str, float], most: int
) -> list[str]:
    """Return a definition in about ``most`` lines: whole where it has no more."""
    if end - block.start <= most or (not block.name and not matter):
        return [*lines[block.start : min(end, block.start + most)]]
    return _key_lines(lines, block, end, matter, weights, most)


@lru_cache(maxsize=64)
def _without_secrets(lines: tuple[str, ...]) -> tuple[str, ...]:
    telling = set(lines_telling_secrets("\n".join(lines)))
    return tuple(whole(line) if line in telling else line for line in lines) if telling else lines


def _dedented(lines: list[str]) -> list[str]:
    """Return ``lines`` without the white space that all begin with; long ones cut."""
    bare = [line.rstrip() for line in lines]
    while bare and not bare[0]:
        del bare[0]
    while bare and not bare[-1]:
        del bare[-1]
    least = min((len(line) - len(line.lstrip()) for line in bare if line and line.lstrip() != "…"), default=0)
    cut = [line[least:] if line[:least].isspace() or not least else line for line in bare]
    return [line if len(line) <= _LINE_CHARS else f"{line[: _LINE_CHARS - 1]}…" for line in cut]


def _key_lines(
    lines: tuple[str, ...], block: _Block, end: int, matter: frozenset[int], weights: Mapping[str, float], most: int
) -> list[str]:
    """Return the signature of a long definition, the first line of its comment, and the lines in it that matter."""
    kept = set(range(block.at, min(signature_end(lines, block.at), block.at + 4))) if block.name else set()
    if block.start < block.at:
        kept.add(block.start)
    body = range(max(kept & set(range(block.at, end)), default=block.at - 1) + 1, end)
    late = {at for at in matter if at in body}
    if block.name and len(late) * 3 > len(body) * 2:  # all of it is new: no line is newer than others
        late = set()
    rank: dict[int, float] = {}
    seen: set[str] = set()
    for at in body:
        rank[at] = _rank(lines[at], at in late, weights) - _AGAIN * (lines[at].strip() in seen)
        rank[at] -= _GIVEN_UP * any(_GIVES_UP.match(lines[it].strip()) for it in _parents(lines, at, body))
        seen.add(lines[at].strip())
    for at in sorted(rank, key=lambda it: (-rank[it], it)):
        wanted = {at, *_parents(lines, at, body)} - kept
        if rank[at] > 0 and len(kept) + len(wanted) <= most:
            kept |= wanted
    shown: list[str] = []
    before = block.start
    for at in sorted(kept):
        if at > block.at and any(rank.get(it, 0.0) > 0 for it in range(before + 1, at)):
            shown.append(lines[at][: len(lines[at]) - len(lines[at].lstrip())] + "…")
        shown.append(lines[at])
        before = at
    return [*shown, "…"] if any(rank[it] > 0 for it in body if it > before) else shown


_AGAIN, _GIVEN_UP = 1.5, 3.0
"""What a line has less that stands there again, and one in a block that only hands on an error."""


def _parents(lines: tuple[str, ...], at: int, body: range) -> set[int]:
    """Return the line that opens what the line at ``at`` stands in, without which it would not be understood."""
    depth = depth_of(lines[at])
    for place in range(at - 1, body.start - 1, -1):
        if lines[place].strip() and depth_of(lines[place]) < depth:
            return {place}
    return set()


def _rank(line: str, late: bool, weights: Mapping[str, float]) -> float:
    """Return how much a line of a long definition tells."""
    bare = line.strip()
    if not bare or _ONLY_MARKS.match(bare):
        return 0.0
    named = sum(sorted((weights.get(it, 0.0) for it in identifiers(bare)), reverse=True)[:2])
    worth = 3.0 * late + named / 2 + 1.2 * bare.startswith(_TURNING) + 0.5 * ("=" in bare) + 0.3
    return worth - 1.0 * bool(_COMMENT.match(bare)) - 1.5 * bool(_GIVES_UP.match(bare))


_ONLY_MARKS = lazily(r"[\W_]*$")
_COMMENT = lazily(r"//|#|/?\*|\"\"\"|--")
_TURNING = ("return", "raise", "throw", "for ", "while ", "yield", "await", "sort", "match", "switch")
_GIVES_UP = lazily(
    r"(?:if|} else if) (?:err|\w+Err) [!=]= nil|return (?:nil, )?err\b|(?:slog|logg?(?:er|ing)?|console)\."
    r"|except\b|\}? ?catch\b"
    r"|t\.(?:Helper|Parallel)\(\)"
)
