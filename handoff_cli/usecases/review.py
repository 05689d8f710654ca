"""What the next session does with a handoff: check it, resume from it, compare two of them."""

from __future__ import annotations

import os
import time
from calendar import timegm

from handoff_cli.constants import HANDOFF_FILE, MAX_HANDOFF_BYTES, OLD_HANDOFFS_FOLDER
from handoff_cli.core.record import Record
from handoff_cli.documents.front_matter import front_matter_values
from handoff_cli.documents.git import commits_since, gather_git
from handoff_cli.documents.review import Drift, Surroundings, compare, drift_of, lint
from handoff_cli.errors import InputError
from handoff_cli.state.files import read_bytes
from handoff_cli.state.folder import archive_names, archive_path
from handoff_cli.tokens.count import count_tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.documents.review import Difference, Finding
    from handoff_cli.state.store import Place

_SECONDS_OF_A_DAY = 86_400


class Resumed(Record):
    """A handoff to go on from: where it lies, its text, and what changed since it was written."""

    path: str
    text: str
    drift: Drift


def check(place: Place, file: str | None = None) -> tuple[str, tuple[Finding, ...]]:
    """Return the path of a handoff (``file``, or the newest of ``place``) and what is wrong with it.

    Raises:
        InputError: there is none, or it cannot be read.
    """
    path, text = _document(place, file)
    project = os.path.dirname(place.project)
    written = _written_at(text)
    around = Surroundings(
        exists=lambda name: os.path.exists(os.path.join(project, name)),
        count=lambda said: count_tokens(said).tokens,
        git=gather_git(project),
        age_days=None if written is None else (time.time() - written) / _SECONDS_OF_A_DAY,
    )
    return path, lint(text, around)


def resume(place: Place, name: str | None = None) -> Resumed:
    """Return the newest handoff of ``place``, that of an archived session if need be, and how far things drifted.

    ``name`` is a session that a git remote has, as ``MACHINE/SESSION``: its document is laid beside our own, and the
    next session names it as the one it goes on from.

    Raises:
        InputError: there is none, or it cannot be read.
    """
    if name is not None:
        path, text = _document(place, _taken_over(place, name))
    else:
        path, text = _kept_of_worktrees(place) or _document(place, None)
    return Resumed(path, text, drift_since(place, text))


def drift_since(place: Place, text: str) -> Drift:
    """Return what changed in the project of ``place`` since the handoff ``text`` was written."""
    project = os.path.dirname(place.project)
    noted = front_matter_values(text).get("git")
    head = noted.get("head") if isinstance(noted, dict) else None
    written = _written_at(text)

    def state_of(name: str) -> str:
        try:
            changed = os.stat(os.path.join(project, name)).st_mtime
        except (OSError, ValueError):  # a ValueError: NUL in a name
            return "gone"
        return "changed" if written is not None and changed > written + 1 else "same"

    commits = commits_since(project, head) if isinstance(head, str) else ()
    return drift_of(text, gather_git(project), commits, state_of)


def _taken_over(place: Place, name: str) -> str:
    from handoff_cli.usecases.remote import find_remote_session, take_over

    return take_over(place, find_remote_session(place, name))


def difference(place: Place, older: str, newer: str) -> tuple[Difference, ...]:
    """Return where two handoffs differ; each is a file's path, or the name of an archived session or kept handoff.

    Raises:
        InputError: one of them cannot be read.
    """
    return compare(_document(place, older)[1], _document(place, newer)[1])


def _kept_of_worktrees(place: Place) -> tuple[str, str] | None:
    """Return path and text of a worktree's handoff kept here, where it is the one to go on from.

    That is the newest of those whose worktree is gone, if it is newer than the handoff of ``place``; where there is
    none of that either, the newest of all.
    """
    if place.folder != place.project:
        return None
    from handoff_cli.usecases.sessions import kept_handoffs

    own = _written_at((_bytes(os.path.join(place.folder, HANDOFF_FILE)) or b"").decode("utf-8", "replace"))
    kept = [(_written_at(it.text) or 0.0, it) for it in kept_handoffs(place.project)]
    found = [pair for pair in kept if (pair[1].gone and pair[0] > (own or 0.0)) or own is None]
    newest = max(found, key=lambda pair: (pair[1].gone, pair[0]), default=None)
    return (newest[1].path, newest[1].text) if newest else None


def _document(place: Place, name: str | None) -> tuple[str, str]:
    for path in _candidates(place, name):
        if (data := _bytes(path)) is not None:
            return path, data.decode("utf-8", "replace")
    if name is None:
        raise InputError(f"there is no handoff in {place.folder}", "handoff handoff writes one")
    raise InputError(f"there is no handoff {name}", "name a file, an archived session, or a file of handoffs/")


def _candidates(place: Place, name: str | None) -> list[str]:
    if name is None:
        folders = [place.folder, *(archive_path(place.folder, it) for it in sorted(archive_names(place.folder))[::-1])]
        return [os.path.join(folder, HANDOFF_FILE) for folder in folders]
    kept = [os.path.join(place.folder, OLD_HANDOFFS_FOLDER, f"{name}{end}") for end in ("", ".md")]
    archived = os.path.join(archive_path(place.folder, name), HANDOFF_FILE) if os.path.basename(name) == name else name
    return [name, *kept, archived]


def _bytes(path: str) -> bytes | None:
    return read_bytes(path, MAX_HANDOFF_BYTES) if os.path.isfile(path) else None


def _written_at(text: str) -> float | None:
    """Return the Unix time at which a handoff says it was written."""
    try:
        return timegm(time.strptime(str(front_matter_values(text).get("created")), "%Y-%m-%dT%H:%M:%SZ"))
    except ValueError:
        return None
