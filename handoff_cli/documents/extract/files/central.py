"""The code that the work is about, as it stands at the end: what was made or looked at, and is spoken of.

A definition of up to 30 lines is told whole. Of a longer one stand its signature, the first of its comment and the
lines that were changed last or hold what is spoken of; ``…`` stands for what is left out.
"""

from __future__ import annotations

from handoff_cli.core.blocks import says, signature
from handoff_cli.core.paths import MARKDOWN, is_test, name_of
from handoff_cli.core.patterns import lazily
from handoff_cli.core.record import Record
from handoff_cli.documents.extract.commands.checks import is_check, kinds_of, parts_of
from handoff_cli.documents.extract.facts import CodePiece
from handoff_cli.documents.extract.files.changes import lines_of, tells
from handoff_cli.documents.extract.files.definitions import CodeBlock, definitions_around, definitions_of, span_of
from handoff_cli.documents.extract.files.edits import alive, of_work
from handoff_cli.documents.extract.files.excerpts import WHOLE_LINES, Excerpt, without_secrets
from handoff_cli.documents.extract.files.matter import calls_of, opened_at, places_of
from handoff_cli.documents.extract.files.spoken_names import names_asked_of, subjects_of, weight_of_file, weights_of
from handoff_cli.documents.extract.files.texts import parts_of_file, same_file
from handoff_cli.documents.extract.language.words import identifiers, tells_secret, words_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from handoff_cli.core.transcript import Transcript
    from handoff_cli.documents.extract.facts import Request
    from handoff_cli.documents.extract.failed import LiveFailure
    from handoff_cli.documents.extract.files.changes import Altered
    from handoff_cli.documents.extract.files.texts import FilePart, Printed

MOST_PIECES, _CALLED = 20, 2
_MOST_FILES, _SMALL_FILE = 10, 15
_LATE, _LINES, _TIMES, _NEW, _OF_A_TEST, _ONLY_READ, _POINTED, _NOW = 1.8, 0.35, 0.4, 0.8, 4.5, 1.2, 2.0, 2.5
"""What the definition edited last has ahead of the first, each doubling of its changed lines, each edit of it, one that
is new; what one of a test has less, and one that was only read; what a line has ahead that the agent points to, and
one that was edited since the latest request."""

_OLDER = 0.6
"""How much less lines matter that the edit before put there."""


class _Found(Record):
    """A block that may be told, how much lines of it ``matter`` (by index in its part, up to 1.0), and its worth."""

    part: FilePart
    block: CodeBlock
    matter: dict[int, float]
    worth: float
    made: bool
    within: str = ""
    """The definition that lines lie in which are told without it."""
    edited: int = -1
    """The position of its last edit."""
    suspect: bool = False


def central(
    transcript: Transcript,
    printed: Sequence[Printed],
    spoken: Sequence[tuple[float, str]],
    failures: Sequence[LiveFailure] = (),
    request: Request | None = None,
    *,
    latest: str = "",
    since: int | None = None,
) -> tuple[CodePiece, ...]:
    """Return the code that the work is about, worth most first.

    ``spoken`` are texts that speak of it, by weight; ``request`` is the latest, ``latest`` what the agent said or
    thought last, ``since`` where the work at hand began: at the latest request, where nothing else is known.
    """
    weights = weights_of(spoken)
    asked = max(transcript.asked_at, default=0)
    acted = bool(request and request.bare) or any(it.position > asked for it in transcript.edits)
    parts = _Parts(transcript, printed)
    found = [*_made(transcript, parts, weights, asked), *_looked_at(transcript, parts, printed, spoken, weights)]
    for place in _windows(parts, printed, spoken, weights):
        same = next(
            (at for at, it in enumerate(found) if _overlap(it, place) or (it.block.name and _within(place, it))), None
        )
        if same is None:
            found.append(place)
        else:  # a definition that is known by its name or its edits already
            known = found[same]
            found[same] = known.replace(worth=max(known.worth, place.worth) + _BOTH, matter=place.matter | known.matter)
    found = [it.replace(worth=it.worth + _FILE_NAMED * weight_of_file(it.part.path, spoken)) for it in found]
    if not acted:  # what is asked for is an answer: what was read for it matters more than what was made before
        ahead = (-_BEFORE_IT if it.made else _FOR_AN_ANSWER + _READ_NOW * (it.part.position > asked) for it in found)
        found = [it.replace(worth=it.worth + more) for it, more in zip(found, ahead, strict=True)]
    subjects = subjects_of(spoken)
    found = [it.replace(worth=it.worth + subjects.get(it.block.name.rpartition(".")[2], 0.0)) for it in found]
    asked_of = names_asked_of(request.text) if request else set[str]()
    found = [it.replace(worth=it.worth + _ASKED_OF * (it.block.name in asked_of)) for it in found]
    found = _suspected(found, failures, latest, asked if since is None else since)
    told: list[_Found] = []
    while found and len(told) < MOST_PIECES:
        best = max(
            found, key=lambda it: it.worth - _OF_ONE_FILE * sum(it.part.path == other.part.path for other in told)
        )
        found.remove(best)
        if not any(_overlap(best, other) for other in told):
            told.append(best)
    told = _repeats_last(told)
    ran = (it for it in transcript.commands if it.outcome != "failed" and _formats(it.text))
    formatted = max((it.position for it in ran), default=-1)
    shown = [_piece(it, weights, formatted) for it in told]
    return tuple(
        it.replace(calls=tuple(calls_of(it, shown[:_CALLED], transcript, printed))) if place < _CALLED else it
        for place, it in enumerate(shown)
    )


def _repeats_last(told: list[_Found]) -> list[_Found]:
    """Return ``told`` with what says again, in most of its lines, what stands before it behind all else."""
    known: set[str] = set()
    repeats: list[bool] = []
    for it in told:
        lines = {line.strip() for line in it.part.lines[it.block.start : it.block.end] if tells(line)}
        repeats.append(len(lines & known) * 2 > len(lines) > _FEW)
        known |= lines
    return sorted(told, key=lambda it: repeats[told.index(it)])


_FEW, _ASKED_OF = 5, 4.0
"""Fewer lines repeat nothing; what a definition has ahead that a question names."""


def _suspected(found: list[_Found], failures: Sequence[LiveFailure], latest: str, asked: int) -> list[_Found]:
    """Return ``found`` with code of one file ahead that was edited since the latest request and before a failing check.

    Most often it is what is to be mended, and not the test that the check names; new tests stand behind what they test.
    """
    ran = max((it.position for it in failures if not (it.left or it.undone)), default=-1)
    suspects = [it for it in found if it.made and asked < it.edited < ran and not is_test(it.part.path)]
    if len({it.part.path for it in suspects}) > 1:  # then those that the agent spoke of last
        spoken = {*identifiers(latest), *(it for it in words_of(latest) if len(it) >= _LONG_WORD)}
        suspects = [it for it in suspects if it.block.name.rpartition(".")[2] in spoken]
        suspects = suspects if len(suspects) <= _MOST_SUSPECTS else []
    named = " ".join(it.name for it in failures)
    if not all(_is_new_test(it, named) for it in found):
        found = [it.replace(worth=it.worth - _WRITTEN * _is_new_test(it, named)) for it in found]
    late = [it for it in found if it.made and asked < it.edited < ran]
    red = [it for it in late if it.block.name and it.block.name in named]
    if all(is_test(it.part.path) for it in late) and sum(it.block.at in it.matter for it in red) * 2 > len(red):
        return [it.replace(worth=it.worth - _RED_FIRST * (it in late)) for it in found]
    last = max((it.edited for it in suspects), default=-1)  # the last attempt, where there were several
    return [
        it.replace(worth=it.worth + _SUSPECT, suspect=it.edited == last)
        if it in suspects
        else it.replace(worth=it.worth - _SUSPECT)
        if suspects and it.made and is_test(it.part.path) and it.block.name and it.block.name in named
        else it
        for it in found
    ]


def _is_new_test(it: _Found, failing: str) -> bool:
    """Return whether it is a test that was just written, and not among what is ``failing``: nobody need read it."""
    return it.made and is_test(it.part.path) and it.block.at in it.matter and it.block.name not in failing


_WRITTEN = 2.5
_SUSPECT, _OF_SUSPECT, _MOST_SUSPECTS, _RED_FIRST, _LONG_WORD = 2.0, 13, 2, 6.0, 8
"""How far ahead it is, in how many lines it stands at least, how much of it; how much less tests count that are red
before what they test is written."""


def _formats(command: str) -> bool:
    """Return whether ``command`` may have changed the form of code that was edited before it."""
    return (
        is_check(command)
        and (any(kinds_of(it) == ("format",) for it, _ in parts_of(command)) or bool(_FIXES.search(command)))
        and "--check" not in command
    )


_FIXES = lazily(r"--(?:fix|write)\b|\b(?:format|fmt)\b")
_FOR_AN_ANSWER, _BEFORE_IT, _READ_NOW = 2.0, 1.0, 0.8
_OF_ONE_FILE = 0.4
"""What a piece has less for every piece of its file that is told already."""


_FILE_NAMED = 0.35


def _within(inner: _Found, other: _Found) -> bool:
    """Return whether most lines that matter of ``inner`` lie in the block of ``other``."""
    if not same_file(inner.part.path, other.part.path) or not (inner.part.first and other.part.first):
        return False
    lines = {inner.part.first + at for at in inner.matter}
    first, span = other.part.first, span_of(other.block, other.part)
    return sum(first + span.start <= at < first + span.stop for at in lines) * 2 > len(lines)


def _overlap(one: _Found, other: _Found) -> bool:
    if not same_file(one.part.path, other.part.path):
        return False
    if one.block.name and one.block.name == other.block.name:
        return True
    placed = bool(one.part.first and other.part.first) or one.part == other.part
    first, second = (
        {it.part.first + at if placed else line.strip() for at, line in enumerate(lines, it.block.start)} - {""}
        for it, lines in ((it, it.part.lines[it.block.start : it.block.end]) for it in (one, other))
    )
    return len(first & second) * 2 > min(len(first), len(second))


class _Parts:
    """What is known of files, each looked for once."""

    def __init__(self, transcript: Transcript, printed: Sequence[Printed]) -> None:
        self._transcript, self._printed = transcript, printed
        self._known: dict[str, list[FilePart]] = {}

    def of(self, path: str) -> list[FilePart]:
        """Return the ``parts_of_file`` at ``path``."""
        if path not in self._known:
            self._known[path] = parts_of_file(path, self._transcript, self._printed)
        return self._known[path]


def _made(transcript: Transcript, known: _Parts, weights: Mapping[str, float], asked: int) -> Iterator[_Found]:
    """Yield the definitions that edits left changed."""
    by_file: dict[str, list[Altered]] = {}
    pieces = [it for it in alive(of_work(transcript.edits)) if not it.edit.path.endswith(MARKDOWN)]
    for piece in reversed(pieces):
        by_file.setdefault(piece.edit.path, []).append(piece)
    first, last = (pieces[0].edit.position, pieces[-1].edit.position) if pieces else (0, 0)
    for path, own in list(by_file.items())[:_MOST_FILES]:
        parts = known.of(path)
        blocks: dict[int, list[CodeBlock]] = {}
        touched: dict[tuple[int, CodeBlock], list[tuple[Altered, set[int]]]] = {}
        for piece in own:
            place = next(((at, lines) for at, part in enumerate(parts) if (lines := lines_of(piece, part))), None)
            if place is None:
                continue
            at, lines = place
            if at not in blocks:
                blocks[at] = definitions_of(parts[at])
            for block, its in definitions_around(blocks[at], lines, parts[at]).items():
                touched.setdefault((at, block), []).append((piece, its))
        for (at, block), edits in touched.items():
            lines = set().union(*(its for _, its in edits))
            age = (last - max(it.edit.position for it, _ in edits)) / max(1, last - first)
            worth = _LATE * (1 - age) + _LINES * len(lines).bit_length() + _TIMES * min(4, len(edits))
            worth += _named(block, lines, parts[at], weights) - _OF_A_TEST * is_test(path)
            worth += _NEW * (block.at in lines) + _NOW * any(it.edit.position > asked for it, _ in edits)
            late = {line: _OLDER**before for before, (_, its) in reversed([*enumerate(edits)]) for line in its}
            edited = max(it.edit.position for it, _ in edits)
            yield _Found(parts[at], block, late, worth, made=True, edited=edited)


def _looked_at(
    transcript: Transcript,
    known: _Parts,
    printed: Sequence[Printed],
    spoken: Sequence[tuple[float, str]],
    weights: Mapping[str, float],
) -> Iterator[_Found]:
    """Yield the definitions in what was read last that are spoken of, and the lines that are pointed to."""
    places = {(file, int(first)) for weight, text in spoken if weight > 1 for file, first in _PLACE.findall(text)}
    numbers = {int(line) for weight, text in spoken if weight > 1 for line in _LINE.findall(text)}  # of what is named
    edited = {it.path for it in transcript.edits}
    read = [it for it in reversed(printed) if it.lines]
    paths = list(dict.fromkeys(path for it in read for path, number, _ in it.lines if number))
    for age, path in enumerate(paths[:_MOST_FILES]):
        if path.endswith(MARKDOWN) or _NO_CODE.search(path):
            continue
        name = name_of(path)
        for part in _longest(known.of(path)):
            pointed = {
                at - part.first
                for file, at in places
                if part.first and file == name and 0 <= at - part.first < len(part.lines)
            }
            for block in definitions_of(part):
                span = span_of(block, part)
                if not (weights.get(block.name, 0.0) > _LEAST or pointed.intersection(span)):
                    continue
                if block.end is None and len(span) < _LEAST_LINES:
                    continue  # a line that a search found: its name says as much
                lines = {at for at in span if any(map(weights.__contains__, identifiers(part.lines[at])))}
                lines |= {number - part.first for number in numbers if part.first}.intersection(span)
                worth = _named(block, lines, part, weights) + _POINTED * bool(pointed.intersection(span))
                worth -= _ONLY_READ + age / 5 + _OF_A_TEST * is_test(path)
                if not any(same_file(path, it) for it in edited):
                    worth -= _ELSEWHERE
                lines |= pointed.intersection(span)
                yield _Found(part, block, dict.fromkeys(lines, 1.0), worth, made=False)


def _windows(
    parts: _Parts,
    printed: Sequence[Printed],
    spoken: Sequence[tuple[float, str]],
    weights: Mapping[str, float],
) -> Iterator[_Found]:
    """Yield the places of what was read last that share most words with what is spoken of."""
    paths = dict.fromkeys(path for it in reversed(printed) for path, number, _ in it.lines if number)
    read: list[str] = []
    for path in paths:
        other = path.endswith(MARKDOWN) or _NO_CODE.search(path) or any(same_file(path, it) for it in read)
        read += [path] if not other and len(read) < _MOST_FILES else []
    known = [(part, _lately(part, printed)) for path in read for part in _apart(parts.of(path))]
    for it in places_of(known, spoken, weights):
        around = [one for one in definitions_of(it.part) if one.start <= it.first < span_of(one, it.part).stop]
        fits = [one for one in around if len(span_of(one, it.part)) <= WHOLE_LINES]
        above, below = (_ABOVE, _BELOW) if len(it.lines) < _ALONE else (1, _BELOW)
        inner = span_of(around[-1], it.part) if around else range(len(it.part.lines))
        start, end = max(inner.start, it.first - above), min(inner.stop, it.end + below)
        start = min(start, opened_at(it.part.lines, it.first, inner.start))
        block = fits[-1] if fits else CodeBlock("", start, start, end)
        matter = {at: 1.0 for at in it.lines if tells(it.part.lines[at])}
        within = around[-1].name if around and not fits else ""
        worth = _WORDS * it.share - _OF_A_TEST * is_test(it.part.path) / 2
        yield _Found(it.part, block, matter, worth, made=False, within=within)


_WORDS, _BOTH = 2.5, 0.3
_ABOVE, _BELOW, _ALONE = 8, 5, 3
"""Lines around a place that are told: more above one whose few lines stand alone, as they use what was made there."""


def _lately(part: FilePart, printed: Sequence[Printed]) -> range:
    """Return the indexes of the lines that were read lately: of a whole file from the first to the last of them."""
    if not part.whole:
        return range(len(part.lines))
    own = {path for path in {path for it in printed for path, _, _ in it.lines} if same_file(path, part.path)}
    numbers = [number for it in printed for path, number, _ in it.lines if number and path in own]
    return range(max(0, min(numbers, default=1) - 1), min(len(part.lines), max(numbers, default=0)))


def _apart(parts: Sequence[FilePart]) -> Iterator[FilePart]:
    """Yield the parts of a file that are certain and lie in no longer one, but for the lines that a search found."""
    taken: list[range] = []
    for it in _longest(parts):
        span = range(it.first, it.first + len(it.lines))
        inside = it.first and any(span.start in other and span[-1] in other for other in taken)
        if it.exact and len(it.lines) >= _LEAST_LINES and not inside:
            taken += [span] * bool(it.first)
            yield it


def _longest(parts: Sequence[FilePart]) -> list[FilePart]:
    """Return the parts of a file that tell most of it."""
    return sorted(parts, key=lambda it: (not it.exact, -len(it.lines)))[:_MOST_PARTS]


_PLACE = lazily(r"(?<![\w-])([\w-]{1,80}\.[A-Za-z]\w{0,5})(?::|#L| \((?:at )?lines? )(\d{1,6})\b")
_LINE = lazily(r"\b(?:at|on|in) lines? (\d{1,6})\b")
_NO_CODE = lazily(r"\.(?:rst|txt|mdc|plist|jsonl?|lock|csv|log)$")
_MOST_PARTS, _LEAST, _ELSEWHERE, _LEAST_LINES = 12, 1.0, 0.5, 4


def _named(block: CodeBlock, lines: set[int], part: FilePart, weights: Mapping[str, float]) -> float:
    """Return what names that are spoken of add to the worth of a block: its own most, and two in its lines."""
    inner = {it for at in lines for it in identifiers(part.lines[at])} - {block.name}
    others = sorted((weights.get(it, 0.0) for it in inner), reverse=True)[:2]
    return weights.get(block.name.rpartition(".")[2], 0.0) + sum(others) / 4


def _piece(found: _Found, weights: Mapping[str, float], formatted: int) -> CodePiece:
    part, block = found.part, found.block
    lines = part.lines
    small = part.whole and len(lines) <= _SMALL_FILE and len(definitions_of(part)) <= 1
    span = (0, 0, len(lines)) if small else (block.start, block.at, len(lines) if block.end is None else block.end)
    defined = bool(block.name) and not small
    first = part.first + span[0] if part.first else 0
    last = part.first + span[2] - 1 if part.first and (small or block.end is not None) else 0
    exact = part.exact and (part.whole or bool(part.first))
    return CodePiece(
        part.path,
        block.name or found.within,
        first,
        last,
        signature(lines, block.at) if block.name else "",
        _said_of(block, lines) if block.name else "",
        *Excerpt(lines, span, found.matter, weights, defined=defined).texts(*[_OF_SUSPECT] * found.suspect),
        exact,
        found.made,
        formatted=found.made and part.position < formatted,
        suspect=found.suspect,
        worth=found.worth,
        at=part.first + block.at if part.first and block.name else 0,
    )


def _said_of(block: CodeBlock, lines: tuple[str, ...]) -> str:
    """Return the first sentence of the comment of ``block``, cut from lines without secrets."""
    said = says(lines, block.at)
    near = lines[block.start : block.at + _SAYS_WITHIN]
    return says(without_secrets(near), block.at - block.start) if tells_secret(said) else said


_SAYS_WITHIN = 20
"""So many lines from a definition on hold its signature and the text it begins with."""
