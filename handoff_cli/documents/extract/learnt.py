"""What sub-agents and pages told that the work goes by: facts with the file, line or address they are about.

A fact counts where the agent named its file or its names later, in its words, its edits or what it read.
"""

from __future__ import annotations

from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.facts import Finding
from handoff_cli.documents.extract.findings import is_talk, worth_of
from handoff_cli.documents.extract.prose import prose_of
from handoff_cli.documents.extract.words import EMOJI, clipped, identifiers, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handoff_cli.core.transcript import Transcript

_LOOKUPS, _MOST, _CHARS, _LEAST_CHARS = 8, 24, 200, 24
_DEMANDED = 3.0
"""What a demand of the last answer, such as a review makes, has ahead."""

_NAMED, _PLACED, _NAMES, _LATE, _LEAST = 2.0, 2.0, 0.5, 0.4, 0.5
"""What a fact has ahead whose file was named later, that has a line, for each name that was named later, of the last
answer; and the least that is told."""

_PLACE = lazily(r"`?/?((?:[\w.-]+/)*[\w-]+\.\w{1,5})(?:`?:|#L|`?,? \(?lines? )?(\d+(?:[-\u2013]\d+)?)?`?")
_LINES = lazily(r"(?:lines? )?(\d+(?:[-\u2013]\d+)?)$")
_DENIES = caseless(r"\b(?:no|not|none|never|nothing|without|missing|unused|currently)\b")
_DEMANDS = caseless(
    r"(?:remove|drop|delete|collapse|replace|rename|simplify|cut|merge|split|move|keep|use|add|fix|avoid|stop"
    r"|do ?n[o']t|inline|extract|make|change|must|should|critical|blocker|high)\b"
)
_CELL = lazily(r"\s*\|\s*")


def learnt(transcript: Transcript, spoken: Sequence[str]) -> tuple[Finding, ...]:
    """Return the facts of the last answers that ``spoken`` texts, edits and reads came back to, in their order."""
    asked = [it for it in transcript.lookups if it.kind in ("agent", "fetch") and it.answer][-_LOOKUPS:]
    if not asked:
        return ()
    first = asked[0].position
    later = [edit.new[:_EDIT_CHARS] for edit in transcript.edits if edit.position > first]
    later += [it.asked for it in transcript.lookups if it.kind == "read" and it.position > first]
    text = "\n".join((*spoken, *later))
    names = set(identifiers(text))
    rated: list[tuple[float, Finding]] = []
    told: set[str] = set()
    for age, lookup in enumerate(reversed(asked)):
        source = f"sub-agent: {lookup.asked}" if lookup.kind == "agent" else f"page: {lookup.asked}"
        for place, (path, fact) in enumerate(_facts(lookup.answer)):
            key = fact[:_LEAST_CHARS].lower()
            if key in told:
                continue
            told.add(key)
            named = path and path.partition(":")[0].rpartition("/")[2] in text
            worth = _NAMED * bool(named) + _PLACED * (":" in path) + max(0.0, worth_of(fact)) / 2 - _LATE * (age > 0)
            worth += _DEMANDED * (not age and bool(_DEMANDS.match(fact)))
            worth += _NAMES * min(3, len(names.intersection(identifiers(fact)))) + bool(_DENIES.search(fact))
            if worth >= _LEAST:
                shown = f"{path}: {fact}" if path else fact
                rated.append((worth, Finding(clipped(shown, _CHARS), source, lookup.position, worth, place)))
    best = sorted(rated, key=lambda it: -it[0])[:_MOST]
    return tuple(sorted((it for _, it in best), key=lambda it: (it.position, it.place)))


_EDIT_CHARS = 4_000


def _facts(answer: str) -> Iterator[tuple[str, str]]:
    """Yield ``(path:lines, fact)`` of the rows and items of an answer; the path is empty where a fact names none."""
    for line in prose_of(answer).split("\n"):
        text = line.strip()
        if text.startswith("|"):
            fact = _of_row([it for it in _CELL.split(text.strip("| ")) if it])
            if fact:
                yield fact
            continue
        text = plain((text if text.isascii() else EMOJI.sub("", text)).strip())
        if len(text) < _LEAST_CHARS or text.endswith((":", "?")) or text.startswith("#") or is_talk(text):
            continue
        found = _PLACE.match(text)
        if found and len(text) - found.end() >= _LEAST_CHARS // 2:
            yield _at(found[1], found[2]), text[found.end() :].strip(" -\u2013\u2014:()`")
        elif line.lstrip()[:1] in _MARKS:
            yield "", text


_MARKS = tuple("-*+\u2022123456789")


def _of_row(cells: list[str]) -> tuple[str, str] | None:
    """Return the fact of a table's row that begins with a file: what is said of it, with its lines."""
    found = _PLACE.fullmatch(cells[0]) if len(cells) > 1 else None
    if not found:
        return None
    lines = next((it for it in map(_LINES.match, reversed(cells[1:])) if it), None)
    said = [it for it in cells[1:] if not _LINES.match(it)]
    return (_at(found[1], found[2] or (lines[1] if lines else None)), "; ".join(said)) if said else None


def _at(path: str, lines: str | None) -> str:
    return f"{path}:{lines}" if lines else path
