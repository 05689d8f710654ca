"""What becomes of a handoff: it is checked, resumed from, compared, and told to a session that starts.

That one hears of it only when it is worth the agent's window, as statements of fact.
"""

from __future__ import annotations

import os
import time
from calendar import timegm

from handoff_cli.constants import ARCHIVE_FOLDER, HANDOFF_FILE, MAX_HANDOFF_BYTES, OLD_HANDOFFS_FOLDER, STALE_AFTER_DAYS
from handoff_cli.core.record import Record
from handoff_cli.core.text import told, utc_iso, visible
from handoff_cli.documents.front_matter import front_matter_values, split_front_matter
from handoff_cli.errors import InputError
from handoff_cli.state.files import is_folder, read_bytes
from handoff_cli.state.folder import archive_names, archive_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from handoff_cli.documents.review import Difference, Drift, Fault
    from handoff_cli.state.store import Place


_SECONDS_OF_A_DAY = 86_400

INJECTED_CHARS = 9_800
"""Claude Code replaces more than 10,000 characters by a path and a preview (its hooks reference)."""

WORTH_PERCENT = 25.0
"""A session that ended with less of its usable window filled was a short question, not work to go on with."""

CONTINUED = "continued in "
"""How the reason of a document begins that was written for another agent to go on with: asked for by hand."""

_ALWAYS_WORTH = ("manual", "threshold", "compaction")


class Resumed(Record):
    """A handoff to go on from: where it lies, its text, and what changed since it was written."""

    path: str
    text: str
    drift: Drift


def check(place: Place, file: str | None = None) -> tuple[str, tuple[Fault, ...]]:
    """Return the path of a handoff (``file``, or the newest of ``place``) and what is wrong with it.

    Raises:
        InputError: there is none, or it cannot be read.
    """
    from handoff_cli.documents.git import gather_git
    from handoff_cli.documents.review import Surroundings, lint
    from handoff_cli.tokens.count import count_tokens

    found = _document(place, file) if file is not None else _newest(place)
    if found is None:
        raise InputError(f"there is no handoff in {place.folder}", "handoff handoff writes one")
    path, text = found
    project = os.path.dirname(place.project)
    written = _written_at(text)
    around = Surroundings(
        exists=lambda name: os.path.exists(os.path.join(project, name)),
        count=lambda said: count_tokens(said).tokens,
        git=gather_git(project),
        age_days=None if written is None else (time.time() - written) / _SECONDS_OF_A_DAY,
    )
    return path, lint(text, around)


def resume(place: Place, name: str | None = None) -> Resumed | None:
    """Return the newest handoff of ``place``, that of an archived session if need be, and how far things drifted.

    None where there is none yet. ``name`` is a file, an archived session or a handoff that was replaced; or a session
    that a git remote has, as ``MACHINE/SESSION``: its document is laid beside our own, and the next session names it as
    the one it goes on from.

    Raises:
        InputError: there is no handoff ``name``, or it cannot be read.
    """
    if name is not None:
        found: tuple[str, str] | None = _document(place, _here(place, name))
    else:
        found = _kept_of_worktrees(place) or _newest(place)
    return Resumed(*found, drift_since(place, found[1])) if found else None


def drift_since(place: Place, text: str) -> Drift:
    """Return what changed in the project of ``place`` since the handoff ``text`` was written."""
    from handoff_cli.documents.git import commits_since, gather_git
    from handoff_cli.documents.review import drift_of

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


def _here(place: Place, name: str) -> str:
    """Return by what ``_document`` knows the handoff ``name``: that of a remote's session is taken over first."""
    from handoff_cli.usecases.remote import find_remote_session, is_remote_name, take_over

    is_elsewhere = is_remote_name(name) and not name.endswith(".md") and not name.startswith(_OWN_FOLDERS)
    return take_over(place, find_remote_session(place, name)) if is_elsewhere else name


_OWN_FOLDERS = (f"{ARCHIVE_FOLDER}/", f"{OLD_HANDOFFS_FOLDER}/")


def difference(
    place: Place, older: str | None = None, newer: str | None = None
) -> tuple[str, str, tuple[Difference, ...]] | None:
    """Return the paths of two handoffs and where they differ; None where none is named and there are no two yet.

    Args:
        place: Whose handoffs.
        older: A file's path, or the name of an archived session or kept handoff; None: the one before the newest.
        newer: The same; None: the newest.

    Raises:
        InputError: one that is named cannot be read.
    """
    from handoff_cli.documents.review import compare

    before = _document(place, older) if older is not None else _earlier(place)
    after = _document(place, newer) if newer is not None else _newest(place)
    if before is None or after is None:
        return None
    return before[0], after[0], compare(before[1], after[1])


def handoff_names(place: Place) -> list[str]:
    """Return the names by which ``difference`` knows handoffs: archived sessions, and those that were replaced."""
    return [*archive_names(place.folder), *(os.path.splitext(name)[0] for name in _replaced(place))]


def _replaced(place: Place) -> list[str]:
    """Return the names of the handoffs of ``place`` that were replaced, the newest first."""
    folder = os.path.join(place.folder, OLD_HANDOFFS_FOLDER)
    return sorted(os.listdir(folder), reverse=True) if is_folder(folder) else []


def _earlier(place: Place) -> tuple[str, str] | None:
    """Return path and text of the handoff before the newest: of those replaced and those of archived sessions."""
    newest = _newest(place)
    replaced = [os.path.join(place.folder, OLD_HANDOFFS_FOLDER, name) for name in _replaced(place)]
    others = [_read(path) for path in (*_documents(place), *replaced) if newest is None or path != newest[0]]
    # Times are whole seconds; of one of them, the first of the list is the newest.
    return max(filter(None, others), key=lambda found: _written_at(found[1]) or 0.0, default=None)


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


def _document(place: Place, name: str) -> tuple[str, str]:
    """Return path and text of the handoff ``name``: a file, an archived session's, or one that was replaced."""
    kept = [os.path.join(place.folder, OLD_HANDOFFS_FOLDER, f"{name}{end}") for end in ("", ".md")]
    archived = os.path.join(archive_path(place.folder, name), HANDOFF_FILE) if os.path.basename(name) == name else name
    if found := _first([name, *kept, archived]):
        return found
    raise InputError(f"there is no handoff {name}", "name a file, an archived session, or a file of handoffs/")


def _newest(place: Place) -> tuple[str, str] | None:
    """Return path and text of the newest handoff of ``place``, that of an archived session if need be."""
    return _first(_documents(place))


def _documents(place: Place) -> list[str]:
    folders = [place.folder, *(archive_path(place.folder, it) for it in sorted(archive_names(place.folder))[::-1])]
    return [os.path.join(folder, HANDOFF_FILE) for folder in folders]


def _first(paths: list[str]) -> tuple[str, str] | None:
    return next(filter(None, map(_read, paths)), None)


def _read(path: str) -> tuple[str, str] | None:
    data = _bytes(path)
    return None if data is None else (path, data.decode("utf-8", "replace"))


def _bytes(path: str) -> bytes | None:
    return read_bytes(path, MAX_HANDOFF_BYTES) if os.path.isfile(path) else None


def _written_at(text: str) -> float | None:
    """Return the Unix time at which a handoff says it was written."""
    try:
        return timegm(time.strptime(str(front_matter_values(text).get("created")), "%Y-%m-%dT%H:%M:%SZ"))
    except ValueError:
        return None


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

    shown = told(os.path.relpath(path, os.path.dirname(place.project)).replace(os.sep, "/"))
    head = (
        f"This project has a handoff from a session that worked on it before: {shown}, written {told(facts['created'])}"
        f"{told(_filled(facts))}. It says what was known then. What has changed since:\n"
    )
    drift = "".join(f"- {line}\n" for line in drift_lines(drift_since(place, text)))
    tail = f"\n\n[Shortened here; the whole handoff is in {shown}.]\n"
    return _fitted(f"{head}{drift}\nIts text:\n\n", visible(_without_marks(split_front_matter(text)[1])), tail)


def _is_worth_telling(facts: dict[str, Any]) -> bool:
    created, usage = facts.get("created"), facts.get("usage")
    if not isinstance(created, str) or created < utc_iso(time.time() - STALE_AFTER_DAYS * _SECONDS_OF_A_DAY):
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
    """Return the three in ``INJECTED_CHARS``; a body that is too long ends with a whole line, and the tail says so."""
    if len(head) + len(body) <= INJECTED_CHARS:
        return head + body + "\n"
    room = INJECTED_CHARS - len(head) - len(tail)
    return head + body[:room].rpartition("\n")[0] + tail
