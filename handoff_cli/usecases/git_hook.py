"""One call of a hook of git's: a commit is noted as a checkpoint, a change of branch tells of a handoff for another."""

from __future__ import annotations

import os
import sys

from handoff_cli.constants import HANDOFF_FILE, MAX_HANDOFF_BYTES
from handoff_cli.core.text import printable, shorten, told
from handoff_cli.state.files import read_bytes
from handoff_cli.usecases.place import locate_session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from handoff_cli.state.store import Place

_SUBJECT_CHARS = 200


def run_git_hook(words: list[str]) -> None:
    """Deal with the git hook named first in ``words``; its arguments follow.

    Nothing happens in a project that handoff does not know yet.

    Raises:
        HandoffError: state cannot be read or written.
    """
    name, *arguments = words or [""]
    # An agent that commits means its own session.
    place = locate_session(to_record=True)
    if not os.path.isdir(place.project):
        return
    if name == "post-commit":
        _note_commit(place)
    elif name == "pre-push" or (name == "post-checkout" and arguments[2:3] == ["1"]):
        # git calls post-checkout for single files too; its last argument tells.
        _tell_drift(place)


def _note_commit(place: Place) -> None:
    """Record the commit just made: it costs no tokens of the window, and shows in the log and the document."""
    from handoff_cli.git import run_git
    from handoff_cli.usecases.pieces import CountRequest
    from handoff_cli.usecases.track import track

    commit = run_git(os.getcwd(), "log", "-1", "--format=%h %s", "--no-patch", in_hook=True)
    if commit:
        track(place, [], CountRequest(description=shorten(f"commit {commit}", _SUBJECT_CHARS), tokens=0))


def _tell_drift(place: Place) -> None:
    """Say on standard error, which git shows, that the handoff speaks of another branch."""
    from handoff_cli.documents.front_matter import front_matter_values
    from handoff_cli.git import run_git

    path = os.path.join(place.folder, HANDOFF_FILE)
    data = read_bytes(path, MAX_HANDOFF_BYTES)
    if data is None:
        return
    written = _object(front_matter_values(data.decode("utf-8", "replace")).get("git")).get("branch")
    now = run_git(os.getcwd(), "symbolic-ref", "--short", "-q", "HEAD", in_hook=True)
    if isinstance(written, str) and now and written != now:
        shown = os.path.relpath(path, os.path.dirname(place.project))
        line = f"handoff: {shown} was written on branch {told(written)}; this is {told(now)}"
        sys.stderr.write(f"{printable(line)}\n")


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
