"""What the agent took for the cause until a check or a look showed otherwise: a guess, a dismissal, a half cure.

A cause whose fix left some of the trouble stands with the words that say so, and of several in a row the last.
"""

from __future__ import annotations

from itertools import pairwise

from handoff_cli.core.light import bisect_left, bisect_right
from handoff_cli.core.patterns import caseless
from handoff_cli.core.record import Record
from handoff_cli.documents.extract.language.findings import LEAST_CHARS, NAMES_ROOT, subject_of
from handoff_cli.documents.extract.language.words import ASKING, clipped, plain, sentences
from handoff_cli.documents.extract.told.ruled_out import SETTLED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handoff_cli.core.transcript import Transcript
    from handoff_cli.documents.extract.facts import Finding

_MOST_READ, _CHARS, _NEAR_CHARS, _GUESS_CHARS = 2_000, 180, 200, 300

_TROUBLES = (
    r"(?:warnings?|errors?|issues?|problems?|failures?|bugs?|leaks?|crash(?:es)?|hangs?|conflicts?|duplicates?|flakes?"
    r"|flicker\w*|symptoms?|tests?)"
)
_REMAINS = caseless(
    rf"\b{_TROUBLES} (?:still )?(?:persists?|remains?)\b(?! (?:the|un\w+|in place)\b)"
    r"|\b(?:alone|by itself|on its own) (?:is|was)(?:n['\u2019]t| not) (?:enough|sufficient)\b"
    rf"|\bstill (?:(?:\d[\d,]*|many|some|several|a few) )(?:more )?(?:remaining\b|left\b|{_TROUBLES}\b)"
    r"|\b(?:(?:was|is)(?:n['\u2019]t| not) enough|only (?:partly|partially) (?:helped|fixed|solved|worked))"
    r"(?=\W*$|[.,;:] )"
)
"""How the agent says that some of the trouble is still there."""

_NOT_MEANT = caseless(
    r"\b(?:no|zero|if|unless|when|whether|would|should|may|might|pre-?existing|unrelated|expected|harmless)\b"
)
_GUESSES = caseless(
    r"\b(?:may|might|could) (?:not |also |still |be )*(?:immediately |actually |simply )?\w+"
    r"|\b(?:maybe|perhaps|possibly|probably)\b|\bshould(?:n['\u2019]t| not)? be \w+ing\b"
)
"""Words of what the agent only supposes, or expects."""

_DISMISSES = caseless(
    r"\bpre-?existing\b|\bpredat(?:es?|ing)\b|\bunrelated to (?:my|our|the|these|this|your)\b"
    r"|\bnot (?:caused by|from|due to) (?:my|our|these|the) (?:\w+ )?(?:changes?|edits?|work)\b"
)
"""How the agent says that what fails has nothing to do with its work."""


FIX = caseless(r"\b(?:fix(?:es)?|solution|cure|remedy)\b(?= (?:is|was|would|here)\b|:| [\u2013\u2014-])")
"""How a cure is told."""


class _Short(Record):
    """Work on a cause that left some of the trouble: where it ``begins``, its last edit, where ``words`` say so."""

    begins: int
    edited: int
    position: int
    words: str


class NotEnough:
    """Tells what of a ``transcript``'s story later words of the agent's overtook."""

    def __init__(self, transcript: Transcript) -> None:
        told = (*(it for it in transcript.messages if it.role != "user"), *transcript.reasonings)
        own = sorted((it.position, it.text) for it in told)
        self._found = [at for at, text in own if _claims(text[:_MOST_READ])]
        self._asked = [(it.position, it.text) for it in transcript.messages if it.role == "user"]
        self._starts = [at for at, _ in self._asked]
        self._short = [*_left_over(transcript, self._starts)]

    def overtakes(self, position: int, text: str) -> bool:
        """Return whether a ``text`` told at a ``position`` supposes or dismisses something that was found since.

        So is a cause after which the agent named another one before it mended anything.
        """
        turn = bisect_left(self._starts, position)
        until = self._starts[turn] if turn < len(self._starts) else None
        later = self._found[bisect_right(self._found, position) :]
        if _DISMISSES.search(text) and until is not None:
            ends = self._starts[turn + 1] if turn + 1 < len(self._starts) else None
            asked = subject_of(self._asked[turn][1][:_NEAR_CHARS]) & subject_of(text)
            return bool(asked) and any(until < at and (ends is None or at < ends) for at in later)
        short = self._short_of(position)
        if short is not None and FIX.search(text):
            return True
        if not later or (until is not None and later[0] > until):
            return False
        if len(text) <= _GUESS_CHARS and _GUESSES.search(text) and not NAMES_ROOT.search(text):
            return True
        return short is not None and _claims(text) and any(it <= short.edited for it in later)

    def marked(self, finding: Finding) -> Finding:
        """Return ``finding``, where it is a cause whose fix left some of the trouble with the words that say so."""
        short = self._short_of(finding.position) if _claims(finding.text) else None
        if short is None:
            return finding
        return finding.replace(text=f"{finding.text} \u2192 mended since, not enough: {short.words}", then="")

    def is_short(self, position: int) -> bool:
        """Return whether what was told at a ``position`` was mended, and some of the trouble was left."""
        return self._short_of(position) is not None

    def _short_of(self, position: int) -> _Short | None:
        return next((it for it in self._short if it.begins < position <= it.edited), None)


def not_enough(transcript: Transcript, asked: int) -> tuple[str, ...]:
    """Return the agent's sentences after ``asked`` that say that what it mended was not enough, the latest first."""
    starts = [it.position for it in transcript.messages if it.role == "user"]
    last = transcript.messages[-1].position if transcript.messages else -1
    return tuple(it.words for it in [*_left_over(transcript, starts)][::-1] if asked < it.position < last)


def _claims(text: str) -> bool:
    """Return whether a ``text`` says that it names the cause, not one among others."""
    return bool(NAMES_ROOT.search(text) or SETTLED.search(text) or _IS_THE_CAUSE.search(text))


_IS_THE_CAUSE = caseless(
    r"\b(?:this|that|which) is the (?:root |real |actual )?(?:cause|culprit|problem|issue|bug)\b"
    r"|\bnow,? (?:i (?:can )?see )?the (?:root|real|actual) (?:cause|problem|issue|bug)\b"
)


def _left_over(transcript: Transcript, starts: Sequence[int]) -> Iterator[_Short]:
    """Yield the work on a cause that was not enough, as the agent says in the same turn once something ran."""
    edits = sorted(it.position for it in transcript.edits if it.outcome != "failed")
    ran = sorted(it.position for it in transcript.commands)
    before = -1
    for message in transcript.messages if edits else ():
        edited = edits[place - 1] if (place := bisect_left(edits, message.position)) else -1
        if message.role == "user" or edited <= before or not _is_between(ran, edited, message.position):
            continue
        if words := _remains(message.text):
            begins = max(before, starts[at - 1] if (at := bisect_left(starts, edited)) else -1)
            yield _Short(begins, edited, message.position, words)
            before = message.position


def _is_between(places: Sequence[int], one: int, other: int) -> bool:
    return bisect_left(places, other) > bisect_right(places, one)


def _remains(text: str) -> str:
    """Return the sentence of a ``text`` that says that trouble is left, a short one with the one before."""
    told = [plain(it) for it in sentences(text[:_MOST_READ])]
    for before, sentence in pairwise(("", *told)):
        found = _REMAINS.search(sentence)
        if found and not (sentence.endswith(ASKING) or _NOT_MEANT.search(sentence[: found.end()])):
            whole = f"{before} {sentence}" if len(sentence) < _SHORT and before else sentence
            return clipped(whole, _CHARS) if len(whole) >= LEAST_CHARS else ""
    return ""


_SHORT = 50
