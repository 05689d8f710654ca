"""A handoff as plain values, for programs: the facts a document shows, under the names of docs/handoff-document.md."""

from __future__ import annotations

from handoff_cli.constants import DOCUMENT_VERSION
from handoff_cli.core.record import Record
from handoff_cli.documents.next_action import next_action

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from handoff_cli.documents.facts import Facts
    from handoff_cli.documents.view import View


def as_json(facts: Facts, view: View) -> dict[str, Any]:
    """Return what the document of ``facts`` shows in ``view``, as values that JSON can hold."""
    step = next_action(facts)
    story = view.story
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
        "notes": _plain(view.notes),
        "carried": _plain(view.carried),
        **{name: _plain(getattr(story, name)) for name in story._fields if facts.story},
        "files": _plain(facts.story.files) if facts.story else [],
        "checkpoints": _plain(view.checkpoints),
        "git": _plain(facts.git),
        "summary": facts.summary,
        "left_out": list(view.left_out),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Record):
        return {name: _plain(item) for name, item in value.to_dict().items()}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
