"""What a reasoning of the agent's warns of: what would go wrong, and what it denies."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless
from handoff_cli.documents.extract.language.corrections import held_to
from handoff_cli.documents.extract.language.findings import WARNS, is_talk
from handoff_cli.documents.extract.language.words import ASKING, identifiers, sentences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Message


def warning_at_last(thoughts: Sequence[Message], position: int) -> str:
    """Return what the last of ``thoughts`` warns of, else one of the few before it after ``position``; empty for none.

    What it only looks into because of it tells less.
    """
    warned = warning_in(thoughts[-1].text) if thoughts else ""
    if warned and not is_talk(warned):
        return warned
    before = [it for it in thoughts[:-1] if it.position > position][-_WARNED_BEFORE:]
    said = (it for one in reversed(before) for it in reversed(_stated(one.text)))
    return next((it for it in said if WARNS.search(it) and not (is_talk(it) or DENIED.search(it))), warned)


_WARNED_BEFORE = 3
DENIED = caseless(
    r"\b(?:no|not an?|without|avoids?|avoiding|breaks? the|no longer)(?: \w+){0,2}"
    r" (?:circular|cycl|deadlock|conflict|race)"
)


def warning_in(thought: str) -> str:
    """Return the last sentence of ``thought`` that says what would go wrong, of a short one what is; empty for none."""
    said = _stated(thought)
    warns = next((it for it in reversed(said) if WARNS.search(it) and not DENIED.search(it)), "")
    return warns or (next((it for it in said if _SEES.search(it)), "") if len(thought) <= _SHORT_CHARS else "")


def _stated(thought: str) -> list[str]:
    """Return the sentences of ``thought`` that stand alone and are not taken back at once: none asks or trails off."""
    told = sentences(held_to(thought))
    whole = [it for it in told if not it.endswith((*ASKING, "...", "\u2026"))]
    return [it for it in whole if not _POINTS_BACK.match(it) or identifiers(it)]


_POINTS_BACK = caseless(r"(?:(?:but|and|so|then),? )?(?:this|that|it|these|those)\b")


_SHORT_CHARS = 300
_SEES = caseless(
    r"\b(?:there(?:['\u2019]s| is| are)|i (?:see|found|have)|(?:has|have|had|got)) (?:an?|still|some|two|more|another)"
    r" (?:[\w-]+ ){0,3}(?:errors?|problems?|issues?|bugs?|mistakes?|typos?|conflicts?|cycles?)\b"
    r"|\b(?:broke|broken|mangled|corrupted|messed up|does(?:n['\u2019]t| not) match)\b"
)
"""What an agent sees that is wrong."""
