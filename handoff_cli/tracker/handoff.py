"""Writing the handoff: gather what is known, render it, keep what people wrote, replace the file in one step."""

from __future__ import annotations

import os
import time

from handoff_cli.constants import HANDOFF_FILE, HANDOFF_LOCK_FILE, MAX_HANDOFF_BYTES, TEMPLATE_FILE
from handoff_cli.core.clock import utc_iso
from handoff_cli.core.record import Record
from handoff_cli.core.redact import redact
from handoff_cli.documents.facts import CheckpointFact, Facts, GitFacts, UsageFacts
from handoff_cli.documents.front_matter import written_for
from handoff_cli.documents.git import gather_git
from handoff_cli.documents.merge import merge
from handoff_cli.documents.render import render
from handoff_cli.errors import InputError, TemplateError
from handoff_cli.state import store
from handoff_cli.state.files import read_bytes, replace_file, reported, sync_folder
from handoff_cli.state.lock import FolderLock
from handoff_cli.tracker.status import describe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.state.store import Place
    from handoff_cli.tracker.status import TokenStatus


class Composed(Record):
    """A handoff's text and, as ``warnings``, lines for a person: edits that were moved, a template that failed."""

    text: str
    warnings: tuple[str, ...] = ()


class Written(Composed):
    """A handoff that stands in the file ``path``."""

    path: str = ""


def compose_handoff(
    place: Place,
    *,
    reason: str,
    goal: str | None = None,
    next_action: str | None = None,
    template_file: str | None = None,
) -> Composed:
    """Return the handoff of the session at ``place`` as it would be written now; nothing is written.

    Args:
        place: Which session.
        reason: Why: ``manual``, ``threshold``, ``compaction`` or ``session end``. Unless a person asked for it, a
            broken template of the user's must not cost the document: the shipped one is taken, with a warning.
        goal: What the work is for.
        next_action: The one next action.
        template_file: A Jinja2 template; None takes the folder's own, else the shipped one.

    Raises:
        StateError: state or the old document cannot be read.
        TemplateError: the template cannot be rendered.
        InputError: ``template_file`` cannot be read.
    """
    status = describe(place, store.read(place))
    facts = _facts(place, status, reason, goal, next_action)
    template, source = _template(place, template_file)
    warnings: list[str] = []
    try:
        text = render(facts, template, source)
    except TemplateError as error:
        if reason == "manual":
            raise
        warnings.append(f"{error.message}; the shipped template was taken")
        text = render(facts)
    merged = merge(_old_document(place), text)
    moved = [f"an edit inside the section {it.name} was moved to the end of the document" for it in merged.conflicts]
    return Composed(merged.text, (*warnings, *moved))


def write_handoff(
    place: Place,
    *,
    reason: str,
    goal: str | None = None,
    next_action: str | None = None,
    template_file: str | None = None,
    at_least: int = 0,
) -> Written:
    """Write the handoff of the session at ``place`` to its ``CURRENT_SESSION.md``; arguments as ``compose_handoff``.

    A document that already covers ``at_least`` checkpoints of the session is left alone: of many writers past a
    threshold, one writes for all.

    Raises:
        StateError: something cannot be read or written; the old document is then still whole.
        LockTimeoutError: another writer of the document did not finish in time.
        TemplateError, InputError: as ``compose_handoff``.
    """
    path = os.path.join(place.folder, HANDOFF_FILE)
    with store.opened(place) as session_store:
        session_store.ensure_saved()
        session, settings = session_store.session, session_store.settings
    with FolderLock(place.folder, settings.lock_timeout_seconds, HANDOFF_LOCK_FILE):
        old = _old_document(place)
        if at_least and old and _covers(old, session.id, at_least):
            return Written(old, (), path)
        composed = compose_handoff(
            place, reason=reason, goal=goal, next_action=next_action, template_file=template_file
        )
        replace_file(path, composed.text.encode("utf-8", "surrogateescape"))
        if old is None:
            with reported("write", path):
                sync_folder(place.folder)
    return Written(composed.text, composed.warnings, path)


def save_handoff(path: str, text: str) -> None:
    """Write ``text`` to the file ``path`` that the user named; raises InputError when it cannot be written."""
    try:
        with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(text)
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror}", "check the path and its permissions") from error


def _facts(place: Place, status: TokenStatus, reason: str, goal: str | None, next_action: str | None) -> Facts:
    project = os.path.dirname(place.project)
    now = utc_iso(time.time())
    total = status["total_tokens"]
    band = status["high_tokens"] - status["low_tokens"]
    usage = UsageFacts(
        tokens=total,
        context_window_limit=status["context_window_limit"],
        usable_tokens=status["usable_tokens"],
        usage_share=status["usage_percentage"],
        usable_share=status["usable_percentage"],
        level=status["level"],
        method=status["method"],
        encoding=status["encoding"],
        warning_threshold=status["warning_threshold"],
        critical_threshold=status["critical_threshold"],
        checkpoint_count=status["checkpoint_count"],
        started_at=status["started_at"] or now,
        updated_at=status["updated_at"] or now,
        model=status["model"],
        error_share=band / (2 * total) if status["method"] == "estimated" and total else None,
    )
    return Facts(
        project=os.path.basename(project),
        session=status["session_id"] or "not started",
        previous=status["previous_session"],
        reason=reason,
        created=now,
        usage=usage,
        goal=redact(goal) if goal else None,
        next=redact(next_action) if next_action else None,
        checkpoints=tuple(
            CheckpointFact(*(item[name] for name in CheckpointFact._fields))  # type: ignore[literal-required]
            for item in status["checkpoints"]
        ),
        git=_redacted(gather_git(project)),
        document=os.path.relpath(os.path.join(place.folder, HANDOFF_FILE), project),
    )


def _covers(document: str, session_id: str, checkpoints: int) -> bool:
    session, covered = written_for(document)
    return session == session_id and covered >= checkpoints


def _redacted(git: GitFacts | None) -> GitFacts | None:
    if git is None:
        return None
    return git.replace(commits=tuple(commit.replace(subject=redact(commit.subject)) for commit in git.commits))


def _template(place: Place, template_file: str | None) -> tuple[str | None, str]:
    """Return the template's text (None: the shipped one) and where it comes from."""
    if template_file is not None:
        try:
            with open(template_file, encoding="utf-8") as file:
                return file.read(), template_file
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8"
            raise InputError(f"cannot read the template {template_file}: {reason}", "check the path") from error
    for folder in (place.folder, place.project):
        path = os.path.join(folder, TEMPLATE_FILE)
        if (data := read_bytes(path, MAX_HANDOFF_BYTES)) is not None:
            return data.decode("utf-8", "replace"), path
    return None, TEMPLATE_FILE


def _old_document(place: Place) -> str | None:
    data = read_bytes(os.path.join(place.folder, HANDOFF_FILE), MAX_HANDOFF_BYTES)
    return None if data is None else data.decode("utf-8", "surrogateescape")
