"""What an earlier handoff left undone, for the next one: no to-do is lost because another session began."""

from __future__ import annotations

import re

from handoff_cli.documents.facts import Carried
from handoff_cli.documents.front_matter import front_matter_values
from handoff_cli.documents.reading import lines_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.documents.facts import Story

_OPEN = re.compile(r"\[[ ~]\] (.+)")
_SINCE = re.compile(r"(.+) \(since (\d{4}-\d\d-\d\d)\)")
_COMPARED_CHARS = 60
_FIRST_REQUEST, _TODOS, _CARRIED = "The user's first request", "To-do list of the agent", "To-dos of earlier handoffs"


def carried_over(document: str, story: Story | None) -> tuple[Carried, ...]:
    """Return the to-dos that ``document`` has open and the new ``story`` knows nothing of, the oldest first.

    A document of the same transcript (it begins with the same request) passes on only what it had carried itself: the
    agent's list as it now stands says what became of the others. A line deleted from the document is not carried on.

    Args:
        document: The handoff that is to be replaced, or that of the session before.
        story: What the transcript of the new one tells; None where there is no transcript.
    """
    known = {_key(todo.text) for todo in story.todos} if story else set()
    created = str(front_matter_values(document).get("created", ""))[: len("2026-01-01")]
    found = [Carried(*match.groups()) for text in _open(document, _CARRIED) if (match := _SINCE.fullmatch(text))]
    if story is None or not _begins_alike(document, story):
        found += [Carried(text, created) for text in _open(document, _TODOS)]
    oldest: dict[str, Carried] = {}
    for carried in found:
        oldest.setdefault(_key(carried.text), carried)
    return tuple(carried for key, carried in oldest.items() if key not in known)


def carried_line(carried: Carried) -> str:
    """Return a carried to-do as the line that the next handoff reads back."""
    return f"[ ] {_key(carried.text)} (since {carried.since})"


def _open(document: str, lead: str) -> list[str]:
    return [match[1] for text in _quoted_below(document, lead) if (match := _OPEN.fullmatch(text))]


def _begins_alike(document: str, story: Story) -> bool:
    said = _key(" ".join(_quoted_below(document, _FIRST_REQUEST)))[:_COMPARED_CHARS]
    first = _key(story.requests[0].text)[:_COMPARED_CHARS] if story.requests else ""
    return bool(first) and said.startswith(first)


def _quoted_below(document: str, lead: str) -> Iterator[str]:
    """Yield the lines of the block below the line that begins with ``lead``, as the shipped template writes it."""
    above = ""
    for line in lines_in(document):
        if not line.quoted:
            above = line.text or above
        elif above.startswith(lead) and not line.text.startswith("```"):
            yield line.text


def _key(text: str) -> str:
    return " ".join(text.split())
