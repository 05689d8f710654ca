"""Logs of requests under headings: what stands below each is the agent's, whatever its heading is called."""

from __future__ import annotations

from handoff_cli.core.light import Counts
from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT, HEADING, USER, mark_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from handoff_cli.transcripts.conversation.copies.given import Given

_HEADING = compiled(r"(#{1,6}) +\S")
_LEAST = 2
"""So many requests must have it below them; the last may have nothing yet."""


def answers_in(texts: list[str]) -> str:
    """Return the heading that follows each request in a text that begins so; empty where none does, or one is known.

    It is of the same rank as that of the request, and the first below it.
    """
    rank, requests, found = "", 0, Counts[str]()
    is_fenced = False
    for text in texts:
        is_fenced ^= text.startswith("```")
        heading = None if is_fenced else _HEADING.match(text)
        if heading is None:
            continue
        mark = mark_in(text)
        role = mark.role if mark and mark.way == HEADING else None
        if role == ASSISTANT:
            return ""
        if role == USER:
            rank, requests = heading[1], requests + 1
        elif rank and len(heading[1]) <= len(rank):
            found.update_with([text] if heading[1] == rank else [])
            rank = ""
    best, times = found.most() if found else ("", 0)
    return best if times >= max(_LEAST, requests - 1) else ""


def named(lines: Iterable[Given], heading: str) -> Iterator[Given]:
    """Yield ``lines`` with the agent named in the place of ``heading``."""
    agent = f"{heading.partition(' ')[0]} Assistant"
    for number, text, begins in lines:
        yield number, agent if text.rstrip() == heading else text, begins
