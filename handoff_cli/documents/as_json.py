"""A handoff as plain values, for programs: the facts a document shows, under the names of docs/handoff-document.md."""

from __future__ import annotations

from handoff_cli.constants import DOCUMENT_VERSION
from handoff_cli.core.record import Record
from handoff_cli.documents.next_action import next_action

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from handoff_cli.documents.facts import Facts
    from handoff_cli.documents.fit import Taken


def as_json(facts: Facts, taken: Taken) -> dict[str, Any]:
    """Return what the document of ``facts`` is made from, and what of it ``taken`` left out."""
    step = next_action(facts)
    story = facts.story
    return {
        "schema": DOCUMENT_VERSION,
        "created": facts.created,
        "session": facts.session,
        "previous": facts.previous,
        "reason": facts.reason,
        "project": facts.project,
        "document": facts.document,
        "redacted": facts.redacted,
        "usage": facts.usage.to_dict(),
        "next": step and step.to_dict(),
        "notes": _plain(facts.notes),
        "carried": _plain(facts.todos.earlier),
        **({name: _plain(value) for name, value in story.to_dict().items()} if story else {}),
        "files": _plain(story.files) if story else [],
        "checkpoints": _plain(facts.checkpoints),
        "git": _plain(facts.git),
        "summary": facts.summary,
        "left_out": list(taken.left_out),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Record):
        return {name: _plain(item) for name, item in value.to_dict().items()}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
