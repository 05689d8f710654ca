"""A piece of code in few lines: a short definition whole, of a longer one the signature and the lines that matter."""

from __future__ import annotations

from functools import lru_cache

from handoff_cli.core.blocks import depth_of, signature_end
from handoff_cli.core.patterns import lazily
from handoff_cli.documents.extract.words import identifiers, is_redacting, lines_telling_secrets, whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

WHOLE_LINES = 20
_KEY_LINES, _FEWEST_LINES, _LINE_CHARS = 16, 10, 140


def excerpts(
    lines: tuple[str, ...],
    span: tuple[int, int, int],
    matter: Mapping[int, float],
    weights: Mapping[str, float],
    *,
    defined: bool,
) -> tuple[str, str]:
    """Return a piece of code in up to 20 lines, and the same in about ten; ``…`` stands for what is left out.

    Args:
        lines: Those of the file.
        span: The indexes where its comment begins, where it begins itself, and the one behind its end.
        matter: The indexes of lines that matter, up to 1.0: those changed last, or spoken of.
        weights: Names that are spoken of, with how much each counts.
        defined: Whether it begins with the signature of a definition.
    """
    start, _, end = span
    shown, key = (_shown(lines, span, matter, weights, most, defined=defined) for most in (_KEY_LINES, _FEWEST_LINES))
    if end - start <= WHOLE_LINES:
        shown = [*lines[start:end]]
    return "\n".join(_dedented(shown)), "\n".join(_dedented(key))


def without_secrets(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Return ``lines`` as they may be cut."""
    return _redacted(lines) if is_redacting() else lines


@lru_cache(maxsize=64)
def _redacted(lines: tuple[str, ...]) -> tuple[str, ...]:
    telling = set(lines_telling_secrets("\n".join(lines)))
    return tuple(whole(line) if line in telling else line for line in lines) if telling else lines


def _shown(
    lines: tuple[str, ...],
    span: tuple[int, int, int],
    matter: Mapping[int, float],
    weights: Mapping[str, float],
    most: int,
    *,
    defined: bool,
) -> list[str]:
    """Return a piece in about ``most`` lines: whole where it has no more."""
    start, _, end = span
    if end - start <= most or not (defined or matter):
        return [*lines[start : min(end, start + most)]]
    return key_lines(lines, span, matter, weights, most, defined=defined)


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


def key_lines(
    lines: tuple[str, ...],
    span: tuple[int, int, int],
    matter: Mapping[int, float],
    weights: Mapping[str, float],
    most: int,
    *,
    defined: bool,
) -> list[str]:
    """Return the signature of a long definition, the first line of its comment, and the lines in it that matter."""
    start, begin, end = span
    kept = set(range(begin, min(signature_end(lines, begin), begin + 4))) if defined else set()
    if start < begin:  # of a comment that begins with a line of marks the next tells
        kept.add(start if not _ONLY_MARKS.match(lines[start].strip()) else min(start + 1, begin))
    body = range(max(kept & set(range(begin, end)), default=begin - 1) + 1, end)
    late = {at: how for at, how in matter.items() if at in body}
    if defined and sum(how == 1 for how in late.values()) * 3 > len(body) * 2:  # all is new: no line more than others
        late = {}
    newest = [at for at, how in late.items() if how == 1]
    near = {at + step for at in newest for step in range(-_CLOSE, _CLOSE + 1)}
    rank: dict[int, float] = {}
    seen: set[str] = set()
    for at in body:
        rank[at] = (
            _rank(lines[at], late.get(at, 0.0), weights) + _BESIDE * (at in near) - _AGAIN * (lines[at].strip() in seen)
        )
        rank[at] -= _GIVEN_UP * any(_GIVES_UP.match(lines[it].strip()) for it in _parents(lines, at, body))
        seen.add(lines[at].strip())
    for at in sorted(rank, key=lambda it: (-rank[it], it)):
        wanted = {at, *_parents(lines, at, body)} - kept
        if rank[at] > 0 and len(kept) + len(wanted) <= most:
            kept |= wanted
    shown: list[str] = []
    before = start
    for at in sorted(kept):
        if at > begin and any(rank.get(it, 0.0) > 0 for it in range(before + 1, at)):
            shown.append(lines[at][: len(lines[at]) - len(lines[at].lstrip())] + "…")
        shown.append(lines[at])
        before = at
    return [*shown, "…"] if any(rank[it] > 0 for it in body if it > before) else shown


_CLOSE, _BESIDE = 4, 0.6
"""So near to a line that matters most another is worth more."""
_AGAIN, _GIVEN_UP = 1.5, 3.0
"""What a line has less that stands there again, and one in a block that only hands on an error."""


def _parents(lines: tuple[str, ...], at: int, body: range) -> set[int]:
    """Return the lines that open what the line at ``at`` stands in, without which it would not be understood."""
    found: set[int] = set()
    depth = depth_of(lines[at])
    for place in range(at - 1, body.start - 1, -1):
        if lines[place].strip() and depth_of(lines[place]) < depth:
            found.add(place)
            depth = depth_of(lines[place])
            if len(found) == _LEVELS:
                break
    return found


_LEVELS = 2


def _rank(line: str, late: float, weights: Mapping[str, float]) -> float:
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
