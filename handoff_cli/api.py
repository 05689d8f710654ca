"""The Python API: the same functions the commands call, with plain values in and out."""

from __future__ import annotations

import os

from handoff_cli.constants import DEFAULT_BUDGET
from handoff_cli.core.session import DEFAULT_KIND
from handoff_cli.usecases.place import locate_session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.session import Note
    from handoff_cli.state.store import Place
    from handoff_cli.usecases.status import TokenStatus

    class TrackedStatus(TokenStatus):
        """A status after ``track_tokens``: what was added (tokens), and the level newly reached by it, if any."""

        added_tokens: int
        crossed: str | None


def track_tokens(
    text: str,
    description: str = "",
    *,
    directory: str | os.PathLike[str] | None = None,
    session: str | None = None,
    model: str | None = None,
) -> TrackedStatus:
    """Count ``text``, add it to the session as a checkpoint, and write the handoff when a threshold is reached.

    Args:
        text: A piece of the conversation; an empty one adds nothing.
        description: What it is; empty takes its first line.
        directory: The project's folder; None finds it as the command line does.
        session: A session's name; None chooses as the command line does.
        model: The model whose tokens are meant; None takes the settings' or the session's.

    Returns:
        The new status (as ``get_token_status``) with ``added_tokens`` and ``crossed`` (``warning``, ``critical``,
        ``over`` or None).

    Raises:
        HandoffError: state that cannot be read or written, a lock not obtained in time, an unknown encoding.
        NotAcknowledgedError: recorded here, but ``fleet_wait`` is set, and the fleet's database does not have it.
        TypeError: ``text`` is no str.
    """
    from handoff_cli.usecases.pieces import CountRequest, TextSource
    from handoff_cli.usecases.track import track

    if not isinstance(text, str):
        raise TypeError(f"text must be a str, not {type(text).__name__}")
    place = _locate(directory, session, to_record=True)
    result = track(place, [TextSource("text", text)], CountRequest(description or None, model))
    added = sum(piece.count.tokens for piece in result.added)
    return {**result.status, "added_tokens": added, "crossed": result.crossed}


def get_token_status(*, directory: str | os.PathLike[str] | None = None, session: str | None = None) -> TokenStatus:
    """Return how full the window is: the keys of ``handoff status --json``.

    ``usage_percentage`` is the share 0..1 of the context window, ``usable_percentage`` that of the usable window.

    Raises:
        HandoffError: state that cannot be read or understood.
    """
    from handoff_cli.usecases.sync import status_now

    return status_now(_locate(directory, session))


def manual_handoff_update(
    text: str | None = None,
    *,
    directory: str | os.PathLike[str] | None = None,
    session: str | None = None,
    goal: str | None = None,
    next_action: str | None = None,
    transcript: str | None = None,
    budget: int = DEFAULT_BUDGET,
) -> str:
    """Write the handoff document now and return its path.

    Args:
        text: What the next session must know: a note of the default kind, ``decision``; None or blank notes nothing.
        directory: The project's folder; None finds it as the command line does.
        session: A session's name; None chooses as the command line does.
        goal: What the work is for: a note, put under Goal.
        next_action: The one next action: a note, put under Next action.
        transcript: An agent's log to take facts from; None takes the session's own, if it has one.
        budget: The document's size in tokens; 0 leaves nothing out.

    Raises:
        HandoffError: state, template or transcript that cannot be read, or a document that cannot be written.
    """
    from handoff_cli.usecases.record import write_handoff

    return write_handoff(
        _locate(directory, session),
        reason="manual",
        notes=[(DEFAULT_KIND, text)],
        goal=goal,
        next_action=next_action,
        transcript=transcript,
        budget=budget,
    ).path


def add_note(
    text: str,
    kind: str = "decision",
    ref: str | None = None,
    *,
    directory: str | os.PathLike[str] | None = None,
    session: str | None = None,
) -> Note:
    """Put down a fact for the next session and return it; secrets in it are redacted.

    Args:
        text: What the next session must know, up to 2,000 characters.
        kind: ``goal``, ``decision``, ``failed``, ``constraint``, ``next``, ``question`` or ``done``.
        ref: The place it speaks of, such as ``src/app.py:12``.
        directory: The project's folder; None finds it as the command line does.
        session: A session's name; None chooses as the command line does.

    Returns:
        The note; its ``id`` is the number that ``handoff note --done`` takes.

    Raises:
        HandoffError: nothing is said, there is no such kind, or state cannot be read or written.
    """
    from handoff_cli.usecases.notes import add_note as record_note

    return record_note(_locate(directory, session), text, kind, ref)


def _locate(directory: str | os.PathLike[str] | None, session: str | None, *, to_record: bool = False) -> Place:
    return locate_session(None if directory is None else os.fspath(directory), session, to_record=to_record)
