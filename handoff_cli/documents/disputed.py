"""What stands against a sentence that was told: a request that disputes it, a later thought with another cause."""

from __future__ import annotations

from handoff_cli.documents.extract.findings import same, subject_of, units
from handoff_cli.documents.extract.objections import denied, disputes, stems
from handoff_cli.documents.extract.turns import NAMES_ROOT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.documents.extract.facts import Request, Story

_SAME_CAUSE = 0.5


class Disputed:
    """Tells of sentences of a story what stands against them."""

    def __init__(self, story: Story) -> None:
        self._latest = story.requests[-1] if story.requests and story.state != "answered" else None
        self._everywhere = _everywhere(story)
        told = units(story.thought) if story.thought and story.state == "progress" else ()
        self._causes = [subject_of(it) for it in told if NAMES_ROOT.search(it)]

    def mark(self, text: str, follows: Request | None, *, at_work: bool) -> str:
        """Return what to put before ``text``, empty where nothing is known to stand against it.

        ``follows`` is the request after the turn that told it; ``at_work``: it was told in the turn at work.
        """
        if at_work:
            return ""
        disputing = (it for it in dict.fromkeys((follows, self._latest)) if it and disputes(it.text))
        if number := next((it.number for it in disputing if denied(it.text, text, self._everywhere)), 0):
            return f"(request {number} disputes this) "
        subject = subject_of(text) if self._causes and NAMES_ROOT.search(text) else frozenset[str]()
        other = bool(subject) and not any(same(subject, it, _SAME_CAUSE) for it in self._causes)
        return "(the last thought names another cause) " if other else ""


def _everywhere(story: Story) -> frozenset[str]:
    """Return the stems of words in what a third of the turns told, or more: they don't tell what is disputed."""
    turns = [stems("\n".join(it.text for it in turn.told)) for turn in story.turns if turn.told]
    return frozenset(it for it in set().union(*turns) if sum(it in turn for turn in turns) * 3 > len(turns) + 3)
