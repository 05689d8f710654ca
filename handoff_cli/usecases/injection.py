"""The text a session starts with: what the handoff says, as statements of fact, when it is worth the agent's window."""

from __future__ import annotations

import os
import time

from handoff_cli.constants import HANDOFF_FILE, MAX_HANDOFF_BYTES
from handoff_cli.core.text import told, told_block, utc_iso
from handoff_cli.documents.front_matter import front_matter_values, split_front_matter
from handoff_cli.state.files import read_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from handoff_cli.state.store import Place

MAX_CHARS = 9_800
"""Claude Code replaces more than 10,000 characters by a path and a preview (its hooks reference)."""

STALE_AFTER_SECONDS = 7 * 86_400
"""A handoff older than a week tells of work that has moved on; it can still be read with ``handoff resume``."""

WORTH_PERCENT = 25.0
"""A session that ended with less of its usable window filled was a short question, not work to go on with."""

CONTINUED = "continued in "
"""How the reason of a document begins that was written for another agent to go on with: asked for by hand."""

_ALWAYS_WORTH = ("manual", "threshold", "compaction")


def text_for_start(place: Place, source: str) -> str | None:
    """Return what a session that starts for ``source`` is told, None where there is nothing worth telling.

    After a compaction the session's own handoff counts, else the project's newest. A session that is resumed has its
    own still in its window: it is told another's, where that was written since.

    Raises:
        StateError: the document or the state cannot be read.
    """
    for folder in (place.folder, place.project) if source == "compact" else (place.project,):
        if os.path.lexists(path := os.path.join(folder, HANDOFF_FILE)):
            data = read_bytes(path, MAX_HANDOFF_BYTES) or b""
            facts = front_matter_values(data.decode("utf-8", "replace"))
            if not _is_worth_telling(facts) or (source == "resume" and _is_known(place, facts)):
                return None
            return _text(place, path, data.decode("utf-8", "replace"), facts)
    return None


def is_worth_keeping(share: float) -> bool:
    """Return whether a session that ended with ``share`` (0..1) of its usable window filled leaves a handoff."""
    return share * 100 >= WORTH_PERCENT


def reason_of(place: Place) -> str | None:
    """Return why the session's own document was written, None where there is none; raises StateError."""
    data = read_bytes(os.path.join(place.folder, HANDOFF_FILE), MAX_HANDOFF_BYTES)
    if data is None:
        return None
    reason = front_matter_values(data.decode("utf-8", "replace")).get("reason")
    return reason if isinstance(reason, str) else "session end"


def _is_known(place: Place, facts: dict[str, Any]) -> bool:
    """Return whether the session at ``place`` wrote the document of ``facts``, or has worked on since it was there."""
    from handoff_cli.state import store

    session = store.read(place).session
    return session is not None and (facts.get("session") == session.id or facts["created"] <= session.updated_at)


def _text(place: Place, path: str, text: str, facts: dict[str, Any]) -> str:
    from handoff_cli.documents.review import drift_lines
    from handoff_cli.usecases.review import drift_since

    shown = told(os.path.relpath(path, os.path.dirname(place.project)).replace(os.sep, "/"))
    head = (
        f"This project has a handoff from a session that worked on it before: {shown}, written {told(facts['created'])}"
        f"{told(_filled(facts))}. It says what was known then. What has changed since:\n"
    )
    drift = "".join(f"- {line}\n" for line in drift_lines(drift_since(place, text)))
    tail = f"\n\n[Shortened here; the whole handoff is in {shown}.]\n"
    return _fitted(f"{head}{drift}\nIts text:\n\n", told_block(_without_marks(split_front_matter(text)[1])), tail)


def _is_worth_telling(facts: dict[str, Any]) -> bool:
    created, usage = facts.get("created"), facts.get("usage")
    if not isinstance(created, str) or created < utc_iso(time.time() - STALE_AFTER_SECONDS):
        return False
    percent = usage.get("usable_percent") if isinstance(usage, dict) else None
    reason = str(facts.get("reason"))
    asked = reason in _ALWAYS_WORTH or reason.startswith(CONTINUED)
    return asked or (isinstance(percent, (int, float)) and percent >= WORTH_PERCENT)


def _filled(facts: dict[str, Any]) -> str:
    usage = facts.get("usage")
    percent = usage.get("usable_percent") if isinstance(usage, dict) else None
    return f" when {percent} % of the usable context window was filled" if isinstance(percent, (int, float)) else ""


def _without_marks(body: str) -> str:
    """Return the document's text without the comments that mark its sections."""
    lines = [line for line in body.splitlines() if not (line.startswith("<!--") and line.rstrip().endswith("-->"))]
    return "\n".join(lines).strip()


def _fitted(head: str, body: str, tail: str) -> str:
    """Return the three in ``MAX_CHARS``; a body that is too long ends with a whole line, and the tail says so."""
    if len(head) + len(body) <= MAX_CHARS:
        return head + body + "\n"
    room = MAX_CHARS - len(head) - len(tail)
    return head + body[:room].rpartition("\n")[0] + tail
