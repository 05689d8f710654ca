"""What takes back what was said before: a later sentence of the same things that says that it is not so."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.language.findings import CAUSE, LEANS, is_talk, same, subject_of
from handoff_cli.documents.extract.language.units import units
from handoff_cli.documents.extract.language.words import is_code_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_NOT = lazily(r"\bNOT (?:the|a|an|because|due|caused|related|it)\b")
_NOT_SO = caseless(r"(?:no(?=\W*[,.:;!\u2013\u2014-])|wait|actually|hmm)\b.*\b(?:not|isn't|wasn't|doesn't|never)\b")
_TAKES_BACK = caseless(
    r"\b(?:the (?:real|actual) (?:issue|problem|cause|reason|bug)"
    r"|(?:not|isn't|wasn't) the (?:issue|problem|cause|reason|bug)|i was wrong"
    r"|my (?:mistake|assumption was)|wrong approach|turns out\b.*\b(?:not|never|no)"
    r"|no need for|not needed|(?:that|this|it)(?:'s| is|'s actually) not (?:it|the|because|due)"
    r"|(?:that|this|it|which) (?:did|does)(?:n't| not) (?:help|fix|work)"
    r"|mis(?:read|understood|taken)|wrongly assumed|i assumed|contrary to|rather than what)\b"
)
"""How sentences begin, and what they have, that take back what was said before of the same things."""


def corrects(sentence: str) -> bool:
    """Return whether a ``sentence`` says that something told before is not so."""
    if "NOT" in sentence and _NOT.search(sentence):
        return True
    straight = sentence.replace("\u2019", "'")
    return bool(_NOT_SO.match(straight) or _TAKES_BACK.search(straight))


THIS_TIME = caseless(r"\b(?:this time|diesmal|dieses mal|cette fois|esta vez|questa volta|desta vez)\b")
"""Words of what is not so now, though it was before: they take back nothing that was told of another time."""


def is_taken_back(correction: frozenset[str], subject: frozenset[str]) -> bool:
    """Return whether a sentence that takes something back is about the same as one of ``subject`` said before."""
    shared = correction & subject
    return len(shared) >= _SHARED and same(subject, correction, 0.4 if any(map(is_code_name, shared)) else 0.5)


_SHARED = 2


def takes_back(texts: list[tuple[int, str]]) -> Callable[[int, frozenset[str]], bool]:
    """Return whether a later one of ``texts``, with their places, takes back what was said at a place of a subject."""
    corrections = [(at, subject_of(it)) for at, text in texts for it in units(text) if corrects(it)]
    return lambda place, subject: any(at > place and is_taken_back(it, subject) for at, it in corrections)


def overruled(told: Sequence[str]) -> set[int]:
    """Return the places of what a thought, ``told`` in its sentences, weighs before it settles on something less."""
    last = next((at for at in range(len(told) - 1, -1, -1) if SETTLES.search(told[at])), 0)
    weighed = {at for at in range(last) if _OUGHT.search(told[at]) and not CAUSE.search(told[at])}
    return weighed | {at for at in range(1, last) if at - 1 in weighed and LEANS.match(told[at])}


SETTLES = caseless(
    r"\bfor now,? (?:let me|let['\u2019]s|i['\u2019]ll|we['\u2019]ll|i will|we can|just)\b"
    r"|\bso (?:i|we)(?:['\u2019]ll| will) (?:just )?(?:focus|go with|stick|keep|start with|limit)\b"
    r"|\bshould(?:n['\u2019]t| not)? [^.]{1,120} rather than\b"
)
"""Words in which a thought settles on something."""

_OUGHT = caseless(r"\b(?:should|(?:i|we|it|one|that|which) (?:\w+ )?could|could (?:also|instead)|option \d)\b")


def held_to(thought: str) -> str:
    """Return ``thought`` without what it takes back at once: it looks again, or disputes its own verdict.

    Where it looks again after a turn, what it held since that turn goes.
    """
    kept = ""
    begin = 0
    for turn in _TURN.finditer(thought):
        told, rest = thought[begin : turn.start()], thought[turn.end() : turn.end() + _REST_CHARS]
        if begin and _LOOKS_AGAIN.match(rest) and told.rstrip().count("\n\n") < _LAST_PARTS:
            told = ""
        elif not is_talk(rest):
            told = _VERDICT.sub("", told)
        kept += told
        begin = turn.start()
    return kept + thought[begin:]


_TURN = lazily(
    r"(?i)(?:\A|(?<=\n)|(?<=[.!?\u2026] ))(?:(?:but|no|actually|oh|hmm+),? )?(?:wait|hold on)"
    r"(?: -+|[,.!:\u2014]+) *(?=\S)"
)
_LOOKS_AGAIN = caseless(
    r"let me (?:re-read|re-?(?:check|think|consider|examine|trace|evaluate|assess|visit|look)|look again|think)\b"
)
_VERDICT = lazily(
    r"(?i)(?<![^\s.!?])(?:so )?(?:that|this|it|all)(?:['\u2019]s| is| should be| seems| looks)(?: all)?"
    r" (?:fine|good|ok(?:ay)?|right|correct|enough)[^.!?\n]{0,40}[.!]\s*\Z"
)
"""A verdict that the next words dispute."""

_REST_CHARS, _LAST_PARTS = 80, 2
