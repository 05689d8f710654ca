"""Choosing what a document says within its budget: every part by its share, and the whole budget.

The pieces of a part are taken in their order; of all parts the one goes first that has taken least of its share. So
each part gets its share where all have enough to say, and what one leaves falls to the others. Costs are estimated by
length; after one count of the whole they are set right, and what is taken then is counted piece by piece before the
document is written again.
"""

from __future__ import annotations

from handoff_cli.constants import DEFAULT_BUDGET, DOCUMENT_CHARS
from handoff_cli.core.paths import MARKDOWN
from handoff_cli.core.patterns import lazily
from handoff_cli.core.record import Record
from handoff_cli.core.text import counted
from handoff_cli.documents.parts import pieces_of
from handoff_cli.documents.parts.pieces import (
    BLOCK_TOKENS,
    CHECKS,
    FAILURES,
    FILES,
    FILES_MET,
    GOAL,
    MUST,
    NAMES,
    NEXT,
    OTHER_FILES,
    OUTCOMES,
    QUESTIONS,
    RULED_OUT,
    SHARES,
    SPARE,
    STANDING,
    Piece,
    hand_lines,
)
from handoff_cli.documents.told_once import told_once

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from handoff_cli.documents.facts import Facts


_CHARS_PER_TOKEN = DOCUMENT_CHARS // DEFAULT_BUDGET
_LEAST_SHARE = 0.4
_CLOSE = 24
_ROUNDS = 5
_CHOICES, _MARGIN = 8, 4
"""So often is chosen anew, by counts of what is chosen, before a document is written again; and what they may miss."""

_CHARS = 3.4
"""Characters of a token, by experience with what stands in handoffs."""

_FRAME_TOKENS = 300
_FENCE_TOKENS = 8
"""What the fence and the blank lines of a block cost, and the heading above some."""
_FIRST = {
    part: place / 100
    for place, part in enumerate((NEXT, GOAL, STANDING, QUESTIONS, FILES, FAILURES, CHECKS, RULED_OUT))
}
"""Where room lacks even for what should never be cut, these parts get theirs first."""

_VITAL = frozenset((NEXT, GOAL))
_WORDS = lazily(r"\w{3,}")
_CONCERNED = 0.5
"""The share of the coming task's words from which a piece is not cut."""

_RELEVANT = 0.85
"""By how much a piece that shares all its words with the coming task goes before others of its part."""


class Taken(Record):
    """What a document says: pieces with the form taken of each, in the order of the document, and what was left out.

    ``whole`` tells that every piece is there in its fullest form.
    """

    chosen: tuple[tuple[Piece, str], ...]
    left_out: tuple[str, ...] = ()
    whole: bool = True


class Fitted(Record):
    """A document, what it says of the facts, and its tokens."""

    text: str
    taken: Taken
    tokens: int


def everything(facts: Facts) -> Taken:
    """Return all that a document of ``facts`` can say, each piece in its fullest form."""
    chosen = told_once([(piece, piece.forms[-1]) for piece in pieces_of(facts)])
    return Taken(tuple(_with_names(facts, chosen, float("inf"))))


def fitted(
    facts: Facts,
    write: Callable[[Taken], tuple[str, int]],
    size: Callable[[str], int],
    budget: int,
    own_chars: int = 0,
) -> Fitted:
    """Return the document of ``facts`` that fits ``budget`` tokens, and its share of characters.

    What people wrote into it is never cut; to the facts falls what it leaves, at least two fifths. Notes get half of
    that.

    Args:
        facts: What there is to say.
        write: Returns the document that says what was taken, and its tokens.
        size: Returns the tokens of a text.
        budget: Tokens; 0 takes everything.
        own_chars: The characters of what people wrote into the old document.
    """
    pieces = pieces_of(facts)
    if not budget:
        whole = everything(facts)
        text, tokens = write(whole)
        return Fitted(text, whole, tokens)
    frame = _FRAME_TOKENS + round(own_chars / _CHARS)
    ceiling = max(budget, frame + round(budget * _LEAST_SHARE))
    shared = max(DOCUMENT_CHARS, budget * _CHARS_PER_TOKEN)  # so many characters cost the budget
    steps = sorted(_steps(pieces, _relevance(facts.coming)), key=lambda step: step.rank)
    alone = _Alone(size)

    def take(allowance: float) -> Taken:
        return _taken(facts, pieces, steps, allowance)

    def price(tokens: int, chars: int) -> int:
        return max(tokens, -(-chars * budget // shared))

    taken = take(ceiling - frame)
    best: Fitted | None = None
    for turn in range(_ROUNDS):
        text, tokens = write(taken)
        cost = price(tokens, len(text))
        if cost <= ceiling and (best is None or tokens > best.tokens):
            best = Fitted(text, taken, tokens)
        if best and (best.taken.whole or (turn and cost <= ceiling) or 0 <= ceiling - cost < _CLOSE):
            break
        beside = tokens - alone.tokens(taken), len(text) - alone.chars(taken)

        def foreseen(taken: Taken, beside: tuple[int, int] = beside) -> int:
            return price(alone.tokens(taken) + beside[0], alone.chars(taken) + beside[1]) + _MARGIN

        last = turn == _ROUNDS - 2 and best is None
        taken = take(0) if last else _closest(take, foreseen, ceiling - frame, frame, cost)
    return best or Fitted(text, taken, tokens)


class _Alone:
    """What is taken, counted piece by piece and each piece once: without what stands around the pieces."""

    def __init__(self, size: Callable[[str], int]) -> None:
        self._size = size
        self._known: dict[str, int] = {}

    def tokens(self, taken: Taken) -> int:
        """Return the tokens of the forms that were taken, and of the labels and fences of their blocks."""
        labels = [label for _, label in {(piece.part, piece.block) for piece, _ in taken.chosen}]
        return sum(self._of(form) for _, form in taken.chosen) + sum(self._of(it) + _FENCE_TOKENS for it in labels)

    def chars(self, taken: Taken) -> int:
        """Return the characters of the forms that were taken."""
        return sum(len(form) + 1 for _, form in taken.chosen)

    def _of(self, line: str) -> int:
        if line not in self._known:
            self._known[line] = self._size(f"{line}\n")
        return self._known[line]


def _closest(
    take: Callable[[float], Taken], foreseen: Callable[[Taken], int], room: int, frame: int, cost: int
) -> Taken:
    """Return what costs as much of ``room`` as can be, by what is ``foreseen``, after all of it did cost ``cost``."""
    best, least, most, allowance = take(0), 0.0, 2.0 * room, float(room)
    for _ in range(_CHOICES):
        allowance = min(allowance * room / max(1, cost - frame), most - _CLOSE)  # a step too small takes the same
        allowance = allowance if least < allowance < most else (least + most) / 2
        taken = take(allowance)
        cost = foreseen(taken)
        if cost > room + frame:
            most = allowance
            continue
        best, least = taken, allowance
        if taken.whole or room + frame - cost < _CLOSE:
            break
    return best


class _Step(Record):
    """One form of a piece that can be taken: ``place`` of the piece, number of its ``form``, further ``cost``.

    Of all steps the one of least ``rank`` goes first.
    """

    rank: tuple[float, float]
    place: int
    form: int
    cost: float


def _taken(facts: Facts, pieces: list[Piece], steps: list[_Step], allowance: float) -> Taken:
    """Return what of ``pieces`` costs about ``allowance`` tokens, taken by ``steps`` in their order."""
    left, notes_left = allowance, allowance / 2
    sizes: dict[int, int] = {}
    blocks: set[tuple[str, str]] = set()
    for step in steps:
        piece = pieces[step.place]
        block = (piece.part, piece.block)
        cost = step.cost + (BLOCK_TOKENS if block not in blocks else 0)
        vital = piece.part in _VITAL and step.rank[0] <= MUST and piece.kind != "note"
        if step.form != sizes.get(step.place, -1) + 1 or (cost > left and not vital):
            continue
        if piece.kind == "note":
            if cost > notes_left:
                continue
            notes_left -= cost
        left -= cost
        sizes[step.place] = step.form
        blocks.add(block)
    for place in _of_no_request(pieces, sizes):
        del sizes[place]
    chosen = told_once([(piece, piece.forms[sizes[place]]) for place, piece in enumerate(pieces) if place in sizes])
    whole = all(sizes.get(place, -1) == len(piece.forms) - 1 for place, piece in enumerate(pieces))
    return Taken(tuple(_with_names(facts, chosen, left)), _left_out(pieces, sizes), whole)


def _of_no_request(pieces: list[Piece], sizes: dict[int, int]) -> list[int]:
    """Return where what came of a request was taken and the request itself was not: it would stand below another."""
    found, named = [], True
    for place, piece in enumerate(pieces):
        if piece.kind == "request":
            named = place in sizes
        elif piece.kind in OUTCOMES and not named and place in sizes:
            found.append(place)
    return found


def _steps(pieces: list[Piece], relevant: Callable[[str], float]) -> list[_Step]:
    """Return all steps, each ranked by how much of its part's share is taken with it."""
    by_part: dict[str, list[tuple[float, int, int]]] = {}
    newest = len(pieces)
    for place, piece in enumerate(pieces):
        concerns = relevant(piece.forms[-1])
        for form, order in enumerate(piece.orders):
            # Of notes, the newest come last in the list and are kept first.
            turn = order * (1 - _RELEVANT * concerns) if order >= 0 else order - place / newest * (piece.kind == "note")
            if concerns > _CONCERNED and not form:
                turn = min(turn, MUST - concerns)
            by_part.setdefault(piece.part, []).append((turn, place, form))
    steps = []
    for index, (part, share) in enumerate(SHARES.items()):
        spent = 0.0
        for order, place, form in sorted(by_part.get(part, ())):
            piece = pieces[place]
            cost = _estimate(piece.forms[form]) - (_estimate(piece.forms[form - 1]) if form else 0)
            must = order < 0
            # What was asked takes nothing of the room for what came of it.
            spent += cost if piece.kind != "request" or not must else 0.0
            rank = (order, _FIRST.get(part, index) + spent / 100_000) if must else (0.0, spent / share)
            rank = (SPARE, order) if piece.orders[form] >= SPARE else rank
            steps.append(_Step(rank, place, form, cost))
    return steps


def _estimate(text: str) -> float:
    """Return about how many tokens ``text`` has: letters are cheap, figures, marks and other scripts are not."""
    return len(text) / _CHARS + (0 if text.isascii() else len(text.encode("utf-8", "replace")) - len(text)) / 4 + 1


def _with_names(facts: Facts, chosen: list[tuple[Piece, str]], left: float) -> list[tuple[Piece, str]]:
    """Return ``chosen`` with names in hand that do not stand elsewhere, as many as their room holds."""
    at = next((place for place, (piece, _) in enumerate(chosen) if piece.kind == NAMES), None)
    if at is None or facts.story is None:
        return chosen
    piece, form = chosen[at]
    known = "\n".join(text for place, (it, text) in enumerate(chosen) if place != at and it.kind != FILES_MET)
    fresh = _few_of_each(it for it in facts.story.in_use.hand if it[1].partition(":")[0] not in known)
    files = next((text for it, text in chosen if it.kind == FILES_MET), "")
    room = _estimate(form) + max(0.0, left) + _estimate(files) - _estimate(_without(files, known))
    low, high = 0, min(_MOST_NAMES, len(facts.story.in_use.hand))
    while low < high:
        most = (low + high + 1) // 2
        if len(hand_lines(fresh, most)) / _NAME_CHARS <= room:
            low = most
        else:
            high = most - 1
    text = hand_lines(fresh, low)
    told = [*chosen[:at], *([(piece, text)] if text else []), *chosen[at + 1 :]]
    shown = [(it, _without(form, f"{known}\n{text}") if it.kind == FILES_MET else form) for it, form in told]
    return [(it, form) for it, form in shown if form]


def _few_of_each(names: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return ``names`` with the first few alone of a file, and fewer of all documents: code may have theirs or not."""
    left: dict[str, int] = {}
    found = list[tuple[str, str]]()
    for it in names:
        of = "" if it[0].endswith(MARKDOWN) else it[0] or it[1]
        left[of] = left.get(of, _OF_FILE if of else _OF_DOCUMENT) - 1
        found += [it] if left[of] >= 0 else []
    return tuple(found)


def _without(files: str, known: str) -> str:
    """Return a list of ``files`` without those whose names stand elsewhere."""
    left = [it for it in files.removeprefix(OTHER_FILES).split(", ") if it.rpartition("/")[2] not in known]
    return OTHER_FILES + ", ".join(left) if left and files else ""


_NAME_CHARS, _MOST_NAMES, _OF_FILE, _OF_DOCUMENT = 4.1, 18, 6, 4
"""Characters of a token in lists of names, which are made of common words; more names are noise to a reader."""


def _left_out(pieces: list[Piece], sizes: dict[int, int]) -> tuple[str, ...]:
    """Return how many notes, and other pieces, are not among what was taken, else of how many requests a part is."""
    kinds = [piece.kind for place, piece in enumerate(pieces) if piece.kind and place not in sizes]
    notes = kinds.count("note")
    numbers = ((notes, "note"), (len(kinds) - notes, f"{'other ' * bool(notes)}piece"))
    shortened = sum(
        piece.kind == "request" and 0 <= sizes.get(place, -1) < len(piece.forms) - 1
        for place, piece in enumerate(pieces)
    )
    told = tuple(counted(number, name) for number, name in numbers if number)
    return told or (f"parts of {counted(shortened, 'request')}",) * bool(shortened)


def _relevance(coming: str | None) -> Callable[[str], float]:
    """Return a function from a text to its share (0..1) of the words of the task ``coming``."""
    wanted = set(_WORDS.findall((coming or "").lower()))
    if not wanted:
        return lambda _: 0.0
    return lambda text: len(wanted.intersection(_WORDS.findall(text.lower()))) / len(wanted)
