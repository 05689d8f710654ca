"""What stands against a sentence that was told: a request that disputes it, a later thought with another cause."""

from __future__ import annotations

from handoff_cli.documents.extract.findings import blames, same, subject_of, units
from handoff_cli.documents.extract.objections import denied, disputes, stems
from handoff_cli.documents.extract.turns import NAMES_ROOT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.documents.extract.facts import Request
    from handoff_cli.documents.extract.story import Story

_SAME_CAUSE, _OF_THE_SAME, _BY_REQUEST = 0.5, 2, "(request "


class Disputed:
    """Tells of sentences of a story what stands against them."""

    def __init__(self, story: Story) -> None:
        self._latest = story.requests[-1] if story.requests and story.state != "answered" else None
        self._everywhere = _everywhere(story)
        told = units(story.told.thought) if story.told.thought and story.state == "progress" else ()
        self._causes = [subject_of(it) for it in told if NAMES_ROOT.search(it)]

    def marks(self, texts: list[str], follows: Request | None, *, at_work: bool) -> dict[str, str]:
        """Return what to put before each of ``texts``, empty where nothing is known to stand against it.

        They were told in one turn; ``follows`` is the request after it; ``at_work``: it is the turn at work. Where one
        of them is disputed, so are the causes that were told with it of the same.
        """
        found = {it: "" if at_work else self._mark(it, follows) for it in texts}
        text, mark = next(((it, mark) for it, mark in found.items() if mark.startswith(_BY_REQUEST)), ("", ""))
        about = stems(text) - self._everywhere
        with_it = {it for it in texts if mark and blames(it) and len(about & stems(it)) >= _OF_THE_SAME}
        return {it: own or mark * (it in with_it) for it, own in found.items()}

    def _mark(self, text: str, follows: Request | None) -> str:
        disputing = (it for it in dict.fromkeys((follows, self._latest)) if it and disputes(it.text))
        if number := next((it.number for it in disputing if denied(it.text, text, self._everywhere)), 0):
            return f"{_BY_REQUEST}{number} disputes this) "
        subject = subject_of(text) if self._causes and NAMES_ROOT.search(text) else frozenset[str]()
        other = bool(subject) and not any(same(subject, it, _SAME_CAUSE) for it in self._causes)
        return "(the last thought names another cause) " if other else ""


def _everywhere(story: Story) -> frozenset[str]:
    """Return the stems of words in what a third of the turns told, or more: they don't tell what is disputed."""
    turns = [stems("\n".join(it.text for it in turn.told)) for turn in story.told.turns if turn.told]
    return frozenset(it for it in set().union(*turns) if sum(it in turn for turn in turns) * 3 > len(turns) + 3)
