"""What the whole session spoke of is worth more in each turn: side issues come later."""

from __future__ import annotations

from handoff_cli.core.light import Counts
from handoff_cli.documents.extract.language.findings import subject_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.documents.extract.facts import Turn


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
