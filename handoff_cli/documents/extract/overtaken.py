"""Which sentences of the agent's an edit overtook: what was to be done, what a linter found, what stood against it."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless
from handoff_cli.documents.extract.findings import CAUSE, WARNS, complains
from handoff_cli.documents.extract.words import identifiers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.documents.extract.facts import Finding


def is_overtaken(finding: Finding, texts: Sequence[tuple[int, str, str]], edited: int) -> bool:
    """Return whether the edit at ``edited`` may have done what a ``finding`` of a turn told before it.

    ``texts`` are all that was told in the turn.
    """
    return finding.position < edited and (
        is_to_do(finding.text)
        or (finding.source == "thought" and complains(finding.text))
        or _is_solved(finding, texts, edited)
    )


def is_to_do(sentence: str) -> bool:
    """Return whether a sentence tells what is to be done rather than what is so: after an edit it may be done."""
    return bool(_TO_DO.search(sentence)) and not CAUSE.search(sentence)


_TO_DO = caseless(
    r"\b(?:(?:also |still )?(?:needs?|has|have|ought) to (?:also )?be \w+|also needs? to|must be in\b"
    r"|should (?:also |rather )?(?:be|happen|expect|use|have|return|go|stay)\b"
    r"|(?:we|i) (?:need|have) to\b|(?:we|i) should:|there'?s (?:another|one more|still)"
    r"|the (?:only )?change (?:needed|required|necessary)\b)"
)


def _is_solved(finding: Finding, texts: Sequence[tuple[int, str, str]], edited: int) -> bool:
    """Return whether a later one of ``texts``, with an edit after it, has a way round what ``finding`` warns of."""
    if not WARNS.search(finding.text):
        return False
    names = set(identifiers(finding.text))
    later = (text for at, text, source in texts if finding.position < at < edited and source in ("thought", "said"))
    return any(_SOLVES.search(text) and len(names.intersection(identifiers(text))) >= _NAMES for text in later)


_NAMES = 2
_SOLVES = caseless(
    r"\bthe (?:cleanest|simplest|best|right|easiest) (?:\w+ )?(?:solution|fix|way|approach)\b(?! would)"
    r"|\bno longer needs? to\b|\b(?:does|do)(?:n['\u2019]t| not) need to\b"
)
"""How a way round is told."""
