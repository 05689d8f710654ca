"""What the agent read last: of it the lines that the work at hand is about, and where they stand."""

from __future__ import annotations

from handoff_cli.core.code import definitions_in
from handoff_cli.core.light import Counts
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.edits import is_test
from handoff_cli.documents.extract.facts import ReadLine
from handoff_cli.documents.extract.findings import subject_of
from handoff_cli.documents.extract.texts import MOST_TEXTS
from handoff_cli.documents.extract.words import clipped, identifiers, tells_secret, whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handoff_cli.core.transcript import Transcript
    from handoff_cli.documents.extract.texts import Printed

MOST_PLACES, _MOST_LINES, _LINE_CHARS = 5, 5, 170
_LEAST, _OF_BEST, _AGED, _POINTED, _DEFINES, _OF_A_TEST = 0.15, 0.5, 0.92, 2.0, 0.3, 0.3
"""The least worth of a line that is told, also as a share of the best; by how much less that of an earlier text counts;
what a line has ahead whose number the agent names, or that defines something; the share of what stands in tests."""


def seen(transcript: Transcript, printed: Sequence[Printed], spoken: Sequence[str]) -> tuple[ReadLine, ...]:
    """Return the places in what was read last that ``spoken`` texts are about, what concerns these most first.

    A line counts by what it shares with these texts, of which the first ``NEAREST`` count most: names of code, rare
    ones most, a little by other words, and where a text names the line's number.
    """
    texts = list(printed[-MOST_TEXTS:])
    names, places = _concerns(spoken)
    if not names or not texts:
        return ()
    gone = {line.strip() for edit in transcript.edits for line in edit.old.split("\n") if len(line) > _SHORT}
    words = max((it.position for it in transcript.messages if it.role == "assistant"), default=0)
    of_lines = [
        [_shared(line, names, parts=number > 0 and text.position > words) for _, number, line in text.lines]
        for text in texts
    ]
    counts = Counts(name for lines in of_lines for shared in lines for name in shared)
    weights = {name: names[name] / count.bit_length() for name, count in counts.items()}
    rated: list[tuple[float, int, int]] = []
    for at, text in enumerate(texts):
        aged = _AGED ** (len(texts) - 1 - at)
        for index, (path, number, line) in enumerate(text.lines):
            if not number:
                continue
            pointed = (path.rpartition("/")[2], number) in places
            shared = of_lines[at][index]
            if not (pointed or (shared and not _says_little(path, line))) or line.strip() in gone:
                continue
            worth = sum(sorted((weights[it] for it in shared), reverse=True)[:3]) + _POINTED * pointed
            worth += _DEFINES * (not shared.isdisjoint(definitions_in(line)))
            worth *= aged * (_OF_A_TEST if is_test(path) else 1.0)
            rated.append((worth, at, index))
    rated.sort(key=lambda it: (-it[0], -it[1], it[2]))
    least = max(_LEAST, rated[0][0] * _OF_BEST) if rated else 0.0
    return tuple(_chosen(texts, [it for it in rated if it[0] >= least], of_lines, places))


def _says_little(path: str, line: str) -> bool:
    """Return whether a line says little by itself: of prose, a comment, an import, a word alone."""
    return bool(_PROSE.search(path) or _SAYS_LITTLE.match(line))


def _shared(line: str, names: dict[str, float], *, parts: bool) -> set[str]:
    """Return what of ``names`` the ``line`` holds; with ``parts`` several words of its names count too."""
    found = {it for it in names.keys() & set(_NAMES.findall(line)) if names[it] > _WORD}
    words = names.keys() & {it.lower() for it in _PARTS.findall(line)} if parts else set()
    return found | words if len(words) > 1 else found


_SHORT = 8
_NAMES = lazily(r"[A-Za-z_$][\w$]{3,}")
_SAYS_LITTLE = lazily(
    r"\s*(?://|#|/?\*|\"\"\"|--|import\b|from\b.*\bimport\b|using\b|package\b|\"[\w./-]+\",?$"
    r"|[-*|<}] ?|export default\b|[\w ]+[,;]?$|[\w-]+=[\"'{])"
)


_PROSE = caseless(r"\.(?:mdx?|markdown|rst|txt|jsonl?|lock|csv|log)$")


def _concerns(spoken: Sequence[str]) -> tuple[dict[str, float], set[tuple[str, int]]]:
    """Return what ``spoken`` texts speak of with its weight, and the lines they point to by file."""
    weights: dict[str, float] = {}
    places: set[tuple[str, int]] = set()
    for place, text in enumerate(spoken):
        near = place < NEAREST
        names = set(identifiers(text)).union(*map(_NAMES.findall, _CODE.findall(text))) - _KEYWORDS
        for name in names:
            weights[name] = max(weights.get(name, 0.0), 1.0 if near else _FARTHER)
        if near:
            for word in subject_of(text):
                weights.setdefault(word.lower(), _WORD)
            places.update((file, int(first)) for file, first in _PLACE.findall(text))
    return weights, places


NEAREST, _FARTHER, _WORD = 4, 0.4, 0.25
_PARTS = lazily(r"[A-Z]?[a-z]{3,}")
_CODE = lazily(r"`([^`\n]{2,60})`")
_PLACE = lazily(r"([\w-]{1,80}\.[A-Za-z]\w{0,5})(?::|#L| \((?:at )?lines? )(\d{1,6})\b")
_KEYWORDS = frozenset(
    (
        *("return", "import", "from", "self", "this", "const", "func", "function", "string", "number", "true", "false"),
        *("null", "none", "async", "await", "class", "public", "private", "static", "else", "elif", "while", "switch"),
        *("case", "default", "with", "type", "void", "bool", "error", "json"),
    )
)


def _chosen(
    texts: list[Printed],
    rated: list[tuple[float, int, int]],
    of_lines: list[list[set[str]]],
    places: set[tuple[str, int]],
) -> Iterator[ReadLine]:
    """Yield the places of most worth, each with the lines that belong to it; no name is told of over and over."""
    taken: set[tuple[str, str]] = set()
    told = Counts[str]()
    found = 0
    for _, at, index in rated:
        path, number, line = texts[at].lines[index]
        shared = of_lines[at][index]
        if (path, line.strip()) in taken or (shared and all(told[name] >= _OFTEN for name in shared)):
            continue
        told.update_with(shared)
        whole_block = (path.rpartition("/")[2], number) in places
        block = [line, *_belonging(texts[at].lines, index, whole_block=whole_block)]
        taken.update((path, it.strip()) for it in block)
        if shown := _shown(block):
            yield ReadLine(path, number, shown)
            found += 1
        if found == MOST_PLACES:
            return


_OFTEN = 2


def _belonging(lines: tuple[tuple[str, int, str], ...], index: int, *, whole_block: bool) -> list[str]:
    """Return the lines below that the line at ``index`` opens, where it opens a block; all of a ``whole_block``."""
    path, number, line = lines[index]
    if not whole_block and not line.rstrip().endswith(("{", ":", "(", "=>", "[")):
        return []
    depth = len(line) - len(line.lstrip())
    below: list[str] = []
    for other, at, text in lines[index + 1 : index + _MOST_LINES]:
        if other != path or (number and at != number + len(below) + 1) or not text.strip():
            break
        if not whole_block and len(text) - len(text.lstrip()) <= depth:
            break
        below.append(text)
    return below


def _shown(block: list[str]) -> str:
    """Return a block of lines on one, as far as there is room, without secrets."""
    text = "\n".join(block)
    return clipped(whole(text) if tells_secret(text) else text, _LINE_CHARS)
