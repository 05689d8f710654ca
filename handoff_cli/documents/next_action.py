"""The one next action: what was noted, else what the transcript shows to be unfinished."""

from __future__ import annotations

import re

from handoff_cli.core.record import Record
from handoff_cli.core.text import shorten
from handoff_cli.documents.escape import code, prose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.documents.facts import Facts, Story

_QUOTED_CHARS = 80
_STATED = re.compile(
    r"(?:^|[.!?:]\s+|\n\s*)(?:Next(?: steps?)?(?: is)?[:,]|Now,?|(?=Let me\b)|(?=I(?:'ll| will| need to)\b))"
    r"\s*([^\n]{8,200})"
)


class NextAction(Record):
    """One step as a line of Markdown, and its ``source``: ``noted`` or ``from transcript``."""

    text: str
    source: str


def next_action(facts: Facts) -> NextAction | None:
    """Return the step to take first, None where no fact names one.

    In this order: the note of kind ``next``; a request nobody acted on; the to-do in progress, the first open one;
    the project's check that failed last; the question that waits for an answer; the latest request.
    """
    noted = next((note for note in reversed(facts.notes) if note.about == "next"), None)
    if noted:
        place = f" ({code(noted.ref)})" if noted.ref else ""
        return NextAction(prose(noted.text) + place, "noted")
    step = _unfinished(facts.story) if facts.story else None
    return NextAction(step + _as_stated(facts.story), "from transcript") if facts.story and step else None


def _unfinished(story: Story) -> str | None:
    latest = story.requests[-1].text if story.requests else ""
    request = prose(shorten(" ".join(latest.split()), _QUOTED_CHARS))
    if latest and not story.answered:
        return f"Do what the user asked last, nothing was done about it yet: {request}"
    for status, lead in (("in_progress", "Finish the to-do in progress"), ("pending", "Take the first open to-do")):
        todo = next((todo for todo in story.todos if todo.status == status), None)
        if todo:
            return f"{lead}: {prose(todo.text)}"
    if story.checks and story.checks[0].outcome == "failed":
        return f"Make {code(story.checks[0].command)} pass: it failed when it was last run"
    if story.question:
        return f"Get the user's answer: {prose(story.question)}"
    return f"Go on with the user's latest request: {request}" if latest else None


def _as_stated(story: Story) -> str:
    """Return what the agent itself said, at the end of its last words, that it would do."""
    stated = _STATED.findall(story.last_words or "") if story.answered else []
    return f" (the agent said: {prose(stated[-1])})" if stated else ""
