"""What the agent told last: the message that explains, the thought that says more than what comes next."""

from __future__ import annotations

from handoff_cli.core.patterns import lazily
from handoff_cli.documents.extract.units import explains

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.transcript import Message, Transcript
    from handoff_cli.documents.extract.facts import Turn


def explained(transcript: Transcript, asked: int) -> Message | None:
    """Return the last message after place ``asked`` that explains rather than announces, None where none does."""
    said = [it for it in transcript.messages if it.role == "assistant" and it.position > asked]
    return next((it for it in reversed(said) if explains(it.text)), None)


def last_thought(transcript: Transcript, after: int) -> Message | None:
    """Return the last reasoning after place ``after`` that says more than what comes next, None where none does.

    None too where what it found was mended: what was thought before went into it.
    """
    late = [it for it in transcript.reasonings if it.position > after]
    thought = next((it for it in reversed(late) if explains(it.text)), None)
    return None if thought and _done_with(thought, transcript) else thought


def _done_with(thought: Message, transcript: Transcript) -> bool:
    """Return whether an edit after ``thought`` took out the code that it quotes: what it found is mended."""
    quoted = [it for it in _QUOTED_CODE.findall(thought.text) if _IS_CODE.search(it)]
    later = [it for it in transcript.edits if it.position > thought.position] if quoted else []
    return any(code in it.old and code not in it.new for it in later for code in quoted)


_QUOTED_CODE, _IS_CODE = lazily(r"`([^`\n]{8,200})`"), lazily(r"\S [\w\"'({*&<-]")
"""A quotation of code, and what tells it from a name or a path, which an edit may take out at one place of many."""


def spoken_of(transcript: Transcript, turns: tuple[Turn, ...], *late: Message | None) -> tuple[str, ...]:
    """Return what the work at hand is told in: the latest request, ``late`` texts, and what turns told."""
    said = {it.role: it.text for it in transcript.messages}
    asked, words = said.get("user", ""), said.get("assistant", "")
    told = [it.text for turn in turns for it in turn.told[:_OF_A_TURN]]
    return (asked[:_SPOKEN_CHARS], words[:_SPOKEN_CHARS], *(it.text[:_SPOKEN_CHARS] for it in late if it), *told)


_OF_A_TURN, _SPOKEN_CHARS = 2, 6_000
