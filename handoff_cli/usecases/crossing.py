"""What happens when a threshold is reached or the agent compacts: the document, the user's command, the sentence."""

from __future__ import annotations

import os

from handoff_cli.constants import HANDOFF_FILE, HANDOFF_LOCK_FILE, MAX_HANDOFF_BYTES
from handoff_cli.core.record import Record
from handoff_cli.state import store
from handoff_cli.usecases.status import describe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.state.store import Place
    from handoff_cli.usecases.handoff import Written
    from handoff_cli.usecases.status import TokenStatus


class Crossed(Record):
    """A crossing that was dealt with: the sentence for the ``agent``, that for the ``person``, and what went wrong."""

    agent: str
    person: str
    problems: tuple[str, ...] = ()


def on_crossing(place: Place, level: str) -> Crossed:
    """Write the handoff of the session at ``place``, which has reached ``level``, and run the command set for it.

    Raises:
        HandoffError: the document cannot be written; as ``write_handoff``.
    """
    from handoff_cli.usecases.commands import run_command

    written = write_current(place, reason="threshold")
    view = store.read(place)
    status = describe(place, view)
    outcome = run_command(level, view.settings, status, place.environ)
    problems = (*written.warnings, *([outcome.problem] if outcome.problem else []))
    return Crossed(_for_agent(place, status), _for_person(place, status), problems)


def write_current(place: Place, *, reason: str) -> Written:
    """Write the handoff of the session at ``place``, and let the project's own document be a copy of it.

    Raises:
        HandoffError: as ``write_handoff``.
    """
    from handoff_cli.usecases.handoff import write_handoff

    if place.folder == place.project:
        return write_handoff(place, reason=reason)
    # Afterwards the session's own document is a newer one, and its old copy would look like somebody's edit.
    keep = _uncopied(place)
    written = write_handoff(place, reason=reason)
    _publish(place, written.text, keep)
    return written


def shown_path(place: Place) -> str:
    """Return the path of the session's document as seen from the project's folder, with forward slashes."""
    root = os.path.dirname(place.project)
    return os.path.relpath(os.path.join(place.folder, HANDOFF_FILE), root).replace(os.sep, "/")


def _publish(place: Place, text: str, keep: bytes | None) -> None:
    """Make ``text`` the project's newest handoff; the one there that is to ``keep`` stays under its session's id."""
    from handoff_cli.documents.front_matter import written_for
    from handoff_cli.state.files import replace_file
    from handoff_cli.state.lock import FolderLock

    timeout_seconds = store.read(place).settings.lock_timeout_seconds
    with FolderLock(place.project, timeout_seconds, HANDOFF_LOCK_FILE):
        if keep is not None:
            name, extension = os.path.splitext(HANDOFF_FILE)
            owner = written_for(keep.decode("utf-8", "replace"))[0] or "unknown"
            safe = "".join(char if char.isalnum() or char in "-_" else "-" for char in owner[:64])
            replace_file(os.path.join(place.project, f"{name}-{safe}{extension}"), keep)
        replace_file(os.path.join(place.project, HANDOFF_FILE), text.encode("utf-8", "surrogateescape"))


def _uncopied(place: Place) -> bytes | None:
    """Return the project's document where no session has one like it, so that it would be lost; else None."""
    from handoff_cli.state.files import read_bytes
    from handoff_cli.state.folder import session_folder, session_names

    document = read_bytes(os.path.join(place.project, HANDOFF_FILE), MAX_HANDOFF_BYTES)
    if document is None:
        return None
    paths = (os.path.join(session_folder(place.project, name), HANDOFF_FILE) for name in session_names(place.project))
    return None if any(read_bytes(path, MAX_HANDOFF_BYTES) == document for path in paths) else document


def _for_agent(place: Place, status: TokenStatus) -> str:
    return (
        f"handoff: {_figures(status)}, so this is the time to finish the step at hand and to put goal, decisions, "
        f"failed approaches and the next action into {shown_path(place)}, which was written just now and is what the "
        f"next session starts with."
    )


def _for_person(place: Place, status: TokenStatus) -> str:
    return f"handoff: {_figures(status)}; the handoff is in {shown_path(place)}"


def _figures(status: TokenStatus) -> str:
    about = "about " if status["method"] == "estimated" else ""
    return (
        f"the context window holds {about}{status['total_tokens']:,} of {status['usable_tokens']:,} usable tokens "
        f"({status['usable_percentage']:.1%}, {status['level']}), {status['remaining_tokens']:,} are left"
    )
