"""The lines of what was read that the words at hand are about, where these name no definition.

People speak of "deleting the branch" where code says ``deleteShadowBranch``. So a line counts by the words it shares
with what is spoken of, those of its names too, rare ones most; and a place by the words that its lines share together.
"""

from __future__ import annotations

from handoff_cli.core.blocks import depth_of
from handoff_cli.core.code import defined_by
from handoff_cli.core.light import Counts
from handoff_cli.core.paths import is_test
from handoff_cli.core.patterns import lazily
from handoff_cli.core.record import Record
from handoff_cli.documents.extract.files.changes import COMMENT
from handoff_cli.documents.extract.files.texts import same_file
from handoff_cli.documents.extract.language.words import PART, clipped, identifiers, lines_with

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from handoff_cli.core.transcript import FileText, Transcript
    from handoff_cli.documents.extract.facts import CodePiece
    from handoff_cli.documents.extract.files.texts import FilePart, Printed


class CodePlace(Record):
    """Lines ``first`` to before ``end`` of ``part``, those of them that share words, and the ``share`` of all words.

    ``share`` is the part, up to 1.0, of what the few words of most weight count that the lines hold.
    """

    part: FilePart
    first: int
    end: int
    lines: tuple[int, ...]
    share: float


def _rarity(count: int, total: int) -> float:
    """Return about the logarithm of ``total`` / ``count``, by the bits of its eighth power."""
    return (total**8 // count**8).bit_length() / 8


def places_of(
    parts: Sequence[tuple[FilePart, range]], spoken: Sequence[tuple[float, str]], names: Mapping[str, float]
) -> Iterator[CodePlace]:
    """Yield the places in ``parts`` that share most with ``spoken`` texts, by their weights; the best first.

    Of each part some lines are looked at. ``names`` of code, by weight, count more than words.
    """
    wanted: dict[str, float] = {}
    for weight, text in spoken:
        if weight >= _NEAR_WEIGHT:
            for word in words_in(text if len(text) <= sum(_ENDS) else f"{text[: _ENDS[0]]} {text[-_ENDS[1] :]}"):
                wanted[word] = max(wanted.get(word, 0.0), weight)
    near = {name: _OF_NAME * weight for name, weight in names.items() if weight >= _NEAR_WEIGHT}
    shared = [_shared_in(part, lines, wanted, near) for part, lines in parts]
    often = Counts(word for lines in shared for words in lines for word in words)
    total = sum(map(len, shared)) + 1
    worth = {word: (wanted.get(word) or near[word]) * _rarity(count, total) for word, count in often.items()}
    most = sum(sorted(worth.values(), reverse=True)[:_MOST_WORDS])
    named = near.keys() & often.keys()
    found = [it for (part, _), lines in zip(parts, shared, strict=True) for it in _peaks(part, lines, worth, named)]
    for value, first, end, part, hits in sorted(found, key=lambda it: -it[0])[:_MOST_PLACES] if most else ():
        yield CodePlace(part, first, end, hits, value / most)


_NEAR_WEIGHT, _OF_NAME, _ENDS, _MOST_WORDS, _MOST_PLACES, _WINDOW = 1.5, 2.0, (300, 500), 5, 4, 12
_AGAIN, _OFCOMMENT, _LEAST_WORDS = 0.15, 0.5, 3
_SAYS = lazily(
    r"\s*(?:print|puts|echo|(?:\w+\.){0,3}(?:[FS]?[Pp]rint(?:f|ln)?|write(?:ln)?)"
    r"|(?:this\.|self\.)?(?:slog|logg?(?:er|ing)?|console)\.\w+)\b[^\"']*[\"']"
)
_QUOTED = lazily(r"'[^'\n]*'|\"[^\"\n]*\"|(?://|#) .*$")
_IMPORT = ("import ", "from ", "using ", "package ", "require(", "use ", "#include")


def _shared_in(part: FilePart, lines: range, wanted: Mapping[str, float], names: Mapping[str, float]) -> list[set[str]]:
    """Return for each line of ``part`` the words and names in it that are wanted; an import tells nothing."""
    shared: list[set[str]] = [set() for _ in part.lines]
    text = "\n".join(part.lines[lines.start : lines.stop])
    words = [it for it in set(PART.findall(text)) if _STEMS[it] in wanted]
    for at in lines_with(words, text):
        line = part.lines[lines.start + at]
        if not line.lstrip().startswith(_IMPORT):
            shared[lines.start + at] = wanted.keys() & set(map(_STEMS.__getitem__, PART.findall(line)))
    for at in lines_with(names, text):
        line = part.lines[lines.start + at]
        if not COMMENT.match(line):
            shared[lines.start + at] |= names.keys() & set(identifiers(_QUOTED.sub("", line)))
    return shared


def _peaks(
    part: FilePart, shared: list[set[str]], worth: Mapping[str, float], named: AbstractSet[str]
) -> Iterator[tuple[float, int, int, FilePart, tuple[int, ...]]]:
    """Yield the windows of ``part`` that share more than those before and after."""
    hits = [at for at, words in enumerate(shared) if words]
    remarks = {at for at in hits if COMMENT.match(part.lines[at])}
    starts = [at for at in hits if at not in remarks]
    said = {at for at in starts if _SAYS.match(part.lines[at])}
    rated: list[tuple[float, int, tuple[int, ...]]] = []
    for first in [at for at in starts if at not in said] or starts:
        inside = tuple(at for at in range(first, min(len(shared), first + _WINDOW)) if shared[at])
        words = Counts(word for at in inside for word in shared[at])
        if named & words.keys() or (not named and len(words) >= _LEAST_WORDS):
            in_code = {word for at in inside if at not in said and at not in remarks for word in shared[at]}
            values = (
                worth[word] * (1 + _AGAIN * min(3, count - 1)) * (1.0 if word in in_code else _OFCOMMENT)
                for word, count in words.items()
            )
            value = sum(sorted(values, reverse=True)[:_MOST_WORDS])
            rated.append((value, first, inside))
    taken: list[int] = []
    for value, first, inside in sorted(rated, key=lambda it: (-it[0], it[1])):
        if all(abs(first - other) >= _WINDOW for other in taken):
            taken.append(first)
            yield value, first, inside[-1] + 1, part, tuple(at for at in inside if at not in said) or inside


def opened_at(lines: Sequence[str], at: int, least: int) -> int:
    """Return where the line stands that opens the block around the one ``at``: a few lines above.

    Else where the comment right above that one begins, or that one itself.
    """
    for above in range(at - 1, max(least, at - _REACH) - 1, -1):
        if lines[above].strip() and depth_of(lines[above]) < depth_of(lines[at]):
            return above
    while at > max(least, 0) and COMMENT.match(lines[at - 1]):
        at -= 1
    return at


_REACH = 12


def calls_of(
    piece: CodePiece, shown: list[CodePiece], transcript: Transcript, printed: Sequence[Printed]
) -> Iterator[str]:
    """Yield a few lines that use the definition ``piece``, in none of those ``shown`` and no file edited since.

    And the places of a few others. Of a file whose whole text is known they stand with the conditions they are under.
    """
    own = piece.name.rpartition(".")[2]
    if not piece.signature or len(own) < _CALLED_CHARS:
        return
    edited = {it.path: it.position for it in transcript.edits}
    found: dict[str, str] = {}
    for path, number, line in (*_printed_calls(own, printed, edited), *_calls_in_texts(own, transcript.texts)):
        inside = any(it.first <= number <= max(it.first, it.last) and same_file(it.path, path) for it in shown)
        if not inside and (not is_test(path) or is_test(piece.path)):
            place = f"{path.replace(chr(92), '/').rpartition('/')[2]}:{number}"
            told = f"{place}: {clipped(line, _CALL_CHARS)}"
            found[place] = max(found.get(place, ""), told, key=len)  # with its conditions it is longer
    yield from list(found.values())[:_MOST_CALLS]
    places = [*found][_MOST_CALLS:]
    if places:
        more = len(places) - _MOST_CALLERS
        yield f"{', '.join(places[:_MOST_CALLERS])}{f' and {more} more places' if more > 0 else ''}"


def _is_call(line: str, name: str) -> bool:
    return f"{name}(" in line and not COMMENT.match(line) and defined_by(line) != name


def _printed_calls(name: str, printed: Sequence[Printed], edited: dict[str, int]) -> Iterator[tuple[str, int, str]]:
    """Yield path, number and text of the lines that were read or found and call ``name``, the latest first."""
    for text in reversed(printed):
        for path, number, line in text.lines:
            if number and name in line and _is_call(line, name):
                since = max((at for other, at in edited.items() if same_file(other, path)), default=-1)
                if since < text.position:
                    yield path, number, line


def _calls_in_texts(name: str, texts: Sequence[FileText]) -> Iterator[tuple[str, int, str]]:
    """Yield path, number and text of the lines of whole ``texts`` that call ``name``, behind their conditions."""
    for it in texts:
        lines = it.text.split("\n") if name in it.text else []
        for at, line in enumerate(lines):
            if _is_call(line, name):
                yield it.path, at + 1, ": ".join((*_conditions_of(lines, at), line.strip()))


def _conditions_of(lines: list[str], at: int) -> list[str]:
    """Return the conditions that a line stands under, the outer first, two at most."""
    depth, found = depth_of(lines[at]), list[str]()
    for line in reversed(lines[max(0, at - _LOOKED_UP) : at]):
        if line.strip() and depth_of(line) < depth and len(found) < _MOST_CONDITIONS:
            depth, opens = depth_of(line), line.strip()
            found += [opens.rstrip("{: ")] if _CONDITION.match(opens) else []
    return found[::-1]


_CONDITION, _LOOKED_UP, _MOST_CONDITIONS = lazily(r"(?:\} )?(?:else )?(?:if|elif|unless|case|when)\b"), 30, 2
_CALLED_CHARS, _CALL_CHARS, _MOST_CALLS, _MOST_CALLERS = 5, 130, 2, 4


def words_in(text: str) -> set[str]:
    """Return the stems of the words of ``text`` and of the names in it: of ``isSyncing`` ``sync``."""
    return set(map(_STEMS.__getitem__, PART.findall(text))) - _COMMON


class _Stems(dict[str, str]):
    """Tells of each word its stem; texts have few words, each many times."""

    def __missing__(self, word: str) -> str:
        lower = word.lower()
        ends = (
            it for it in ("ing", "ed", "es", "s", "e") if lower.endswith(it) and len(lower) - len(it) >= _STEM_CHARS
        )
        ending = next(ends, "")
        self[word] = stem = lower[: len(lower) - len(ending)]
        return stem


_STEMS = _Stems()
_STEM_CHARS = 4
_COMMON = frozenset(map(_STEMS.__getitem__, (
    *("return", "import", "from", "this", "self", "const", "func", "function", "string", "number"),
    *("true", "false", "none", "null", "async", "await", "class", "public", "private", "static"),
    *("else", "elif", "while", "with", "that", "have", "what", "when", "then", "them", "there"),
    *("will", "would", "should", "could", "need", "into", "let", "the", "and", "for", "now", "see"),
    *("but", "not", "are", "how", "all", "new", "get", "set", "has", "same", "like", "just", "make"),
    *("made", "sure", "also", "some", "more", "only", "case", "type", "error", "value", "nil", "can"),
    *("you", "was", "were", "does", "did", "its", "than", "they", "where", "which", "about", "after"),
    *("before", "because", "been", "being", "here", "instead", "still", "want", "use", "used"),
    *("using", "code", "file", "line", "test", "tests", "name", "err", "log", "logger", "debug"),
    *("string", "your"),
)))  # fmt: skip
