"""A call that failed and shows what the agent means to report or ask: it is what was found, and nothing to get past."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.language.words import sentences
from handoff_cli.documents.parts.wording import complete, ended, said, whose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.documents.extract.story import Story


def to_report(story: Story) -> str:
    """Return what the last call found, as what is to be told or asked; empty where the last thought means no report.

    The thought is of that call where it shares words or figures with what the call said, and it means no mend.
    """
    thought = story.told.thought or ""
    meant = [it for it in sentences(thought) if _REPORTS.search(it)]
    what, error = _failed(story) if meant and not _MENDS.search(thought) else ("", "")
    if not what or len(_told_in(error) & _told_in(thought)) < _SHARED:
        return ""
    found = f"Tell the user what the last call found, and ask how to go on: {ended(said(what, 420))}"
    return f"{found} {whose(story)} thought on it: {ended(complete(' '.join(meant[-_SENTENCES:]), 300))}"


def _failed(story: Story) -> tuple[str, str]:
    """Return what failed last, a call or a check after the last edit, and what it said; empty where nothing did."""
    if story.runs.stumbled:
        return story.runs.stumbled, story.runs.stumbled.rpartition("Error: ")[2]
    red = next((it for it in story.runs.failures[:1] if not it.edited and it.why), None)
    return (f"{red.command}: {red.name}: {red.why}", red.why) if red else ("", "")


def _told_in(text: str) -> set[str]:
    return set(_TELLING.findall(text.lower()))


_SHARED, _SENTENCES = 2, 2
_TELLING = lazily(r"\d[\d.:-]*\d|[^\W\d_]{5,}")
_REPORTS = caseless(
    r"\b(?:then|and|must|should|will|just|only|i['\u2019]ll) (?:report|ask)\b|\breport (?:it|this|that|back)\b"
    r"|\b(?:ask|tell|inform) the user\b|\bask (?:first|before|back)\b|\bthe user['\u2019]?s (?:call|decision)\b"
    r"|\b(?:up to|for) the user to (?:decide|say|choose)\b|\bthe user (?:must|has to|should) (?:decide|know|choose)\b"
    r"|\b(?:do ?n['\u2019]?t|do not|not|never|without) (?:chang|touch|alter|edit|weaken|loosen|decid|work)\w*\b"
    r"[^.;]{0,40}\b(?:silently|quietly|on my own|myself|without asking)\b"
    r"|\b(?:den (?:nutzer|user|benutzer) fragen|nachfragen|erst (?:fragen|melden)|preguntar(?:le)? al usuario"
    r"|demander \xe0 l['\u2019]utilisateur)\b"
)
"""What a thought says that means to report what was found, or to ask, before anything is changed."""

_MENDS = caseless(
    r"\b(?:let me|i['\u2019]?ll|i will|(?:need|have) to|should|must)(?: now| first| just)? (?:fix|mend|correct"
    r"|adjust|update|rewrite|retry|rerun|try|use)\b|\bfix(?:ing)? (?:it|this|that|the)\b"
)
"""What a thought says that means to mend what failed, whatever is reported then."""
