"""What the agent said a failure came of: its own words between the red run and the edit that mended it."""

from __future__ import annotations

from handoff_cli.core.light import bisect_right
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.findings import blames, is_talk, subject_of, units, worth_of
from handoff_cli.documents.extract.objections import PROPOSES
from handoff_cli.documents.extract.shortened import brief

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Transcript

_OF_THE_USER = ("The user", "User")
_CAUSE_CHARS, _MOST_TEXTS, _LEAST_SHARED = 150, 6, 2


class Causes:
    """Finds in what the agent said and thought the sentence that tells why something failed."""

    def __init__(self, transcript: Transcript) -> None:
        said = [it for it in (*transcript.messages, *transcript.reasonings) if it.role != "user"]
        self._said = sorted(said, key=lambda it: it.position)
        self._places = [it.position for it in self._said]

    def between(self, after: int, before: int, about: str) -> str:
        """Return what tells a cause of what ``about`` tells, said in a stretch of the log; empty where nothing does."""
        said = self._said[bisect_right(self._places, after) : bisect_right(self._places, before)]
        wanted = set(_parts_of(about))
        best, most = "", 0.0
        first, last = said[:_MOST_TEXTS], said[_MOST_TEXTS:][-_MOST_TEXTS:]
        for text in (*first, *last):  # a diagnosis follows the failure, or comes right before its mend
            for unit in units(text.text):
                names = subject_of(unit) if _is_told(unit) else ()
                shared = sum(not wanted.isdisjoint(_parts_of(it)) for it in names)
                worth = worth_of(unit) + shared
                if shared >= _LEAST_SHARED and worth >= most:
                    best, most = unit, worth
        return brief(best, _CAUSE_CHARS)


def _is_told(unit: str) -> bool:
    """Return whether a sentence tells a cause, by itself and for certain."""
    return (
        bool(blames(unit) or _THAT_IS.search(unit) or _NEVER.search(unit))
        and not unit.startswith(_OF_THE_USER)
        and not _MUSES.search(unit)
    )


_THAT_IS = caseless(
    r"\b(?:that|this|it)(?:['\u2019]s| is| was) (?:the|a|our) (?:race|bug|problem|cause|issue|reason|culprit|leak)\b"
)
_NEVER = caseless(
    r"\b(?:never|not|n['\u2019]t) \w+\b[^.]{0,40}\b(?:since|as long as|until|before|after)\b"
    r"|\bso (?:it|they|this|that|nothing|the \w+)\b[^.]{0,30}\b(?:never|not|no longer|fails?|breaks?|always)\b"
)
_MUSES = caseless(
    r"\blet me\b|\.\.\.|\?\W*$|^\W*(?:wait|hmm|maybe|perhaps|this makes sense)\b"
    r"|\bshould (?:now )?(?:be (?:broken|fixed|gone|resolved)|work|pass)\b"
)


def pointed_on(cause: str, told: Sequence[str], later: Sequence[tuple[int, str, str]]) -> str:
    """Return the sentence that a ``cause`` points on to, empty for none: the next ``told``, or one said right after.

    It tells what follows from it, or where it strikes; of the ``later`` texts (place, text, source) the next counts.
    """
    after = next((text for _, text, source in later if source == "said"), "")
    return next((it for it in (*told, *units(after)[:1]) if _points_on(cause, it)), "")


NEAR = 12
"""Of so many texts after a cause the first that was said may tell its point: the others are empty."""


def _points_on(cause: str, following: str) -> bool:
    if following.endswith("?") or is_talk(following) or PROPOSES.search(following):
        return False
    strikes = bool(_STRIKES.search(following)) and not _named(following) <= _named(cause)
    return strikes or bool(_FOLLOWS.match(following))


def _named(text: str) -> set[str]:
    return set(_CODE.findall(text))


_CODE = lazily(r"`[^`\n]{2,80}`")
_FOLLOWS = caseless(r"(?:so|then|which|that['\u2019]?s why|because|therefore|hence|as a result|(?:this|that) means)\b")
_STRIKES = caseless(
    r"\b(?:refuses?|fails?|rejects?|crashes|throws?|raises?|panics?|breaks?|blocks?|hangs?|never|drops?|loses?|overwrites?)\b"
)


def _parts_of(text: str) -> list[str]:
    """Return the words that names and words of ``text`` are made of, in small letters."""
    return [it.lower() for it in _PART.findall(text)]


_PART = lazily(r"[A-Z]?[a-z]{3,}")
