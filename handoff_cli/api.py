"""The Python API: the same functions the commands call, with plain values in and out."""

from __future__ import annotations

import os

from handoff_cli.tracker.place import locate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.state.store import Place
    from handoff_cli.tracker.status import TokenStatus

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
        session: A further session's name; None is the project's own.
        model: The model whose tokens are meant; None takes the settings' or the session's.

    Returns:
        The new status (as ``get_token_status``) with ``added_tokens`` and ``crossed`` (``warning``, ``critical``,
        ``over`` or None).

    Raises:
        HandoffError: state that cannot be read or written, a lock not obtained in time, an unknown encoding.
        TypeError: ``text`` is no str.
    """
    from handoff_cli.tracker.pieces import Request
    from handoff_cli.tracker.sources import Source
    from handoff_cli.tracker.track import track

    if not isinstance(text, str):
        raise TypeError(f"text must be a str, not {type(text).__name__}")
    result = track(_locate(directory, session), [Source("text", text)], Request(description or None, model))
    added = sum(piece.count.tokens for piece in result.added)
    return {**result.status, "added_tokens": added, "crossed": result.crossed}


def get_token_status(*, directory: str | os.PathLike[str] | None = None, session: str | None = None) -> TokenStatus:
    """Return how full the window is: the keys of ``handoff status --json``.

    ``usage_percentage`` is the share 0..1 of the context window, ``usable_percentage`` that of the usable window.

    Raises:
        HandoffError: state that cannot be read or understood.
    """
    from handoff_cli.tracker.status import get_status

    return get_status(_locate(directory, session))


def manual_handoff_update(
    *,
    directory: str | os.PathLike[str] | None = None,
    session: str | None = None,
    goal: str | None = None,
    next_action: str | None = None,
) -> str:
    """Write the handoff document now and return its path.

    Args:
        directory: The project's folder; None finds it as the command line does.
        session: A further session's name; None is the project's own.
        goal: What the work is for, put under Goal.
        next_action: The one next action, put under Next action.

    Raises:
        HandoffError: state or template that cannot be read, or a document that cannot be written.
    """
    from handoff_cli.tracker.handoff import write_handoff

    return write_handoff(_locate(directory, session), reason="manual", goal=goal, next_action=next_action).path


def _locate(directory: str | os.PathLike[str] | None, session: str | None) -> Place:
    return locate(None if directory is None else os.fspath(directory), session)
