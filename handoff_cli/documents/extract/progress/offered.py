"""The work that the agent offered at the end of a turn, and that the user neither took nor refused."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless
from handoff_cli.documents.extract.language.agreements import AGREED, SHORT_CHARS
from handoff_cli.documents.extract.language.objections import objects, reports, stems
from handoff_cli.documents.extract.language.prose import prose_of
from handoff_cli.documents.extract.language.words import as_one_line, clipped, identifiers, plain, sentences, words_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.transcript import Message, Transcript


def open_offer(transcript: Transcript) -> str:
    """Return the last offer that the user passed over with one of the last requests, empty where none stands open.

    What an edit since brought of the names it speaks of was done all the same, and words since that share a stem with
    it took it up.
    """
    asked = [it for it in transcript.messages if it.role == "user"]
    for place, request in reversed([*enumerate(asked)][-_LATE_REQUESTS:]):
        message = _before(request, transcript)
        told = _offer(message.text) if message else ""
        if message and told:
            wanted = stems(sentences(told)[-1])
            passed = _passes(request.text) and not any(stems(it.text) & wanted for it in asked[place:])
            open_yet = passed and not _made_since(message, told, transcript)
            return f"{told}{_other_first(request.text)}" if open_yet else ""
    return ""


def _before(request: Message, transcript: Transcript) -> Message | None:
    """Return what the agent said last before ``request``, None where it went on after that."""
    said = [it for it in transcript.messages if it.position < request.position]
    if not said or said[-1].role == "user":
        return None
    worked = any(said[-1].position < it.position < request.position for it in transcript.tool_calls)
    return None if worked else said[-1]


def _offer(text: str) -> str:
    """Return the offer among the last sentences of ``text``, behind what it points back to; else empty.

    That is the sentence before, and where this points back as well, what stands before that: a list with its lead.
    """
    told = sentences(prose_of(text[-_END_CHARS:]))
    at = next((place for place in range(len(told) - 1, -1, -1)[:_LAST] if _offers(plain(told[place]))), None)
    if at is None:
        return ""
    first = at - bool(at and not words_of(told[at]).isdisjoint(_POINTING))
    first -= bool(0 < first < at and _POINTS_BACK.match(told[first]))
    parts = (it if it.endswith((".", "!", "?", ":")) else f"{it}." for it in told[first : at + 1])  # a list has no end
    return clipped(as_one_line(plain(" ".join(parts))), _OFFER_CHARS if first + 1 >= at else _LONGER)


def _other_first(reply: str) -> str:
    """Return what a user's words put before what was offered, empty where they put nothing before it."""
    found = _FIRST.search(reply)
    return (
        f" \u2192 the user put something else first: {as_one_line(reply[found.start() : found.end()])}" if found else ""
    )


def _offers(sentence: str) -> bool:
    return sentence.endswith("?") and _OFFERS.match(sentence) is not None


def _passes(reply: str) -> bool:
    """Return whether a user's words are of something else: few, or such as point to what was offered, answer it."""
    points = not words_of(" ".join(reply.split()[:_FIRST_WORDS])).isdisjoint(_POINTING)
    refuses = objects(reply) and not reports(reply)
    return len(reply) > SHORT_CHARS and not (points or refuses or AGREED.match(reply))


def _made_since(message: Message, told: str, transcript: Transcript) -> bool:
    """Return whether an edit after ``message`` brought a name of what it offers."""
    names = identifiers(told) or identifiers(message.text[-_END_CHARS:])
    late = (it for it in transcript.edits if it.position > message.position)
    return any(name in it.new and name not in it.old for it in late for name in names)


_LATE_REQUESTS, _END_CHARS, _LAST, _OFFER_CHARS, _LONGER, _FIRST_WORDS = 3, 900, 3, 260, 420, 4
_POINTS_BACK = caseless(r"(?:this|that|these|those|it|they)\b")
_FIRST = caseless(
    r"(?:let['\u2019]s |please |can (?:you|we) |i(?:['\u2019]d| would) (?:like|want) to )?"
    r"(?:start|begin|do|fix|check|look|go|solve|sort|clear)\b[^.!?\n]{0,60}\bfirst\b(?! \w)"
)
"""How words put something else before what was offered."""
_POINTING = frozenset(("it", "this", "that", "these", "those", "them", "both"))
_OFFERS = caseless(
    r"\W*(?:(?:would|do) you (?:like|want|prefer)(?: me)?(?: to| i| that i)\b|want me to\b"
    r"|(?:shall|should|may) i (?!be\b|go on|continue|proceed|worry))"
)
