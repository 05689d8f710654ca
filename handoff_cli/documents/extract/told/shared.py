"""What of all that was told counts less: side issues that few turns spoke of, and reports that a plan replaced."""

from __future__ import annotations

from handoff_cli.core.light import Counts
from handoff_cli.core.patterns import caseless
from handoff_cli.core.tool_names import PLANNED
from handoff_cli.documents.extract.language.findings import subject_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.transcript import Lookup, Transcript
    from handoff_cli.documents.extract.facts import Turn


def not_replaced(transcript: Transcript) -> tuple[Lookup, ...]:
    """Return what was looked up, but for reports and pages from before the last plan that the user approved.

    What of them is to be done, and what is not, the plan says.
    """
    calls = transcript.tool_calls if transcript.plan else ()
    approved = max((it.position for it in calls if it.outcome == "ok" and it.name.lower() in PLANNED), default=-1)
    return tuple(it for it in transcript.lookups if it.position > approved or it.kind not in ("agent", "fetch"))


def shares_of(spoken: list[set[str]], turns: list[Turn]) -> dict[str, float]:
    """Return in which share of the turns each word was spoken that is told of; nothing where turns are few."""
    if len(spoken) < _MANY_TURNS:
        return {}
    told = set[str]().union(*(subject_of(it.text) for turn in turns for it in turn.told))
    counts = Counts[str]()
    for words in spoken:
        counts.update_with(words & told)
    return {word: count / len(spoken) for word, count in counts.items()}


def with_shares(turn: Turn, shares: dict[str, float]) -> Turn:
    """Return ``turn`` with its sentences worth more whose words the whole session spoke of: side issues come later."""
    if not shares:
        return turn
    told = []
    for finding in turn.told:
        best = sorted((shares.get(word, 0.0) for word in subject_of(finding.text)), reverse=True)[:_WORDS]
        told.append(finding.replace(worth=finding.worth + _CENTRAL * sum(best) / _WORDS))
    return turn.replace(told=tuple(told))


_MANY_TURNS, _WORDS, _CENTRAL = 5, 6, 3.0

RECOMMENDS = caseless(
    r"\W*(?:(?:original|final|overall|general|key|my) )?"
    r"(?:recommend(?:ation|ed)?|suggest(?:ion|ed)?|reuse opportunity|consider)s?\b"
)
"""How a sentence begins that recommends something: what became of it, the agent tells."""
