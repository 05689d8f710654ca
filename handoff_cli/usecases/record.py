"""The one way a change enters a session: append, level, document, publish, command.

Every door (``track``, ``sync``, hooks, ``watch``, the API, the MCP server) records by ``record`` and writes the handoff
by ``write_handoff``, so what follows a change is the same wherever it came from.

The user's own commands run when a threshold is reached. A project's folder may come from somebody else, and what a
stranger wrote must not run: ``settings`` tells which were set on this machine.
"""

from __future__ import annotations

import os

from handoff_cli.constants import HANDOFF_FILE, HANDOFF_LOCK_FILE, MAX_HANDOFF_BYTES
from handoff_cli.core.jsonc import dumps
from handoff_cli.core.record import Record
from handoff_cli.core.text import json_text
from handoff_cli.core.usage import LEVELS, crossed
from handoff_cli.errors import HandoffError
from handoff_cli.state import store
from handoff_cli.state.files import read_bytes, replace_file
from handoff_cli.usecases.status import describe, window_warnings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from subprocess import Popen
    from typing import Unpack

    from handoff_cli.core.session import Entry, Session
    from handoff_cli.core.settings import Settings
    from handoff_cli.state.store import Place, View
    from handoff_cli.usecases.gather import Options
    from handoff_cli.usecases.handoff import Written
    from handoff_cli.usecases.status import TokenStatus

    Entries = Callable[[Session, Settings], list[Entry]]
    """Makes ledger entries of the session as it is; called under its lock. A ``Keeper`` as an entry's ``keeper`` has
    what is to be kept with it."""

COMMAND_KEYS = {"warning": "on_warning", "critical": "on_critical", "over": "on_critical"}
"""The setting that holds the command, by the level that was reached."""


class Recorded(Record):
    """What recording did.

    ``status`` is the session afterwards, ``crossed`` the level newly reached (None: none was), ``recorded`` whether
    anything was. ``handoff`` is the path of the document when it was written, ``document`` its text; ``warnings`` are
    lines for a person. ``counts_anew`` tells that the session's model or encoding is another one from now on.
    """

    status: TokenStatus
    crossed: str | None
    recorded: bool
    handoff: str | None = None
    document: str | None = None
    warnings: tuple[str, ...] = ()
    counts_anew: bool = False


def record(place: Place, entries: Entries, *, only_crossings: bool = False) -> Recorded:
    """Record what ``entries`` makes of the session, and do what its level asks for.

    Past a threshold the handoff is written; of many writers, one writes for all. At a crossing the user's command
    runs, once: whoever appends the entry that crosses knows it by the lock.

    Args:
        place: Which session.
        entries: Called under the lock; an empty list records nothing.
        only_crossings: Past a threshold, leave the document as it is until the next level is reached.

    Raises:
        StateError: state that cannot be read or written.
        LockTimeoutError: another writer held the session too long.
    """
    with store.opened(place) as session_store:
        old = session_store.session
        before = old.level
        if new := entries(session_store.session, session_store.settings):
            texts = [entry.pop("keeper", None) for entry in new]
            session_store.append(*new, texts=texts)
        view = store.View(session_store.settings, session_store.session, session_store.warnings)
    level = session_store.session.level
    status = describe(place, view)
    now = session_store.session
    unknown = window_warnings(place, view) if old.model != now.model else ()
    # Of a model in the settings ``config set`` has told.
    is_told = bool(unknown) and "model" in view.settings.origins
    status["warnings"] += () if is_told else unknown
    anew = (old.model, old.encoding) != (now.model, now.encoding) and not is_told
    result = Recorded(status, crossed(before, level), recorded=bool(new), counts_anew=anew)
    if not new or level == LEVELS[0] or (only_crossings and result.crossed is None):
        return result
    # What the window holds in all, as an agent reports it, is no checkpoint: no document can be known to cover it.
    counted = all(entry["kind"] == "checkpoint" for entry in new)
    result = _with_document(place, view, result, view.session.checkpoint_count if counted and view.session else 0)
    return _with_command(place, view.settings, result) if result.crossed else result


def write_handoff(
    place: Place, *, reason: str, notes: Iterable[tuple[str, str | None]] = (), **options: Unpack[Options]
) -> Written:
    """Write the handoff of the session at ``place``, and let the project's own document be a copy of it.

    ``notes`` (kind, text) that are not open yet are put down first, as are ``goal`` and ``next_action`` of ``options``.
    Other arguments are those of ``compose_handoff``.

    Raises:
        StateError: something cannot be read or written; the old document is then still whole.
        LockTimeoutError: another writer of the document did not finish in time.
        TemplateError, InputError, UsageError: as ``compose_handoff`` and ``add_note``.
    """
    from handoff_cli.usecases.notes import note_entries

    with store.opened(place) as session_store:
        stated = (("goal", options.pop("goal", None)), *notes, ("next", options.pop("next_action", None)))
        if entries := note_entries(session_store.session, stated):
            session_store.append(*entries)
        session_store.ensure_saved()
        view = store.View(session_store.settings, session_store.session, session_store.warnings)
    return _write(place, view, reason=reason, **options)


def shown_path(place: Place) -> str:
    """Return the path of the session's document as seen from the project's folder, with forward slashes."""
    root = os.path.dirname(place.project)
    return os.path.relpath(os.path.join(place.folder, HANDOFF_FILE), root).replace(os.sep, "/")


def _with_document(place: Place, view: View, result: Recorded, at_least: int) -> Recorded:
    try:
        written = _write(place, view, reason="threshold", at_least=at_least)
    except HandoffError as error:
        # What was recorded stands; a failure now would make people track the same text again.
        return result.replace(warnings=(f"recorded, but the handoff was not written: {error.message}",))
    status: TokenStatus = {**result.status, "handoff_file": written.path}
    return result.replace(status=status, handoff=written.path, document=written.text, warnings=written.warnings)


def _with_command(place: Place, settings: Settings, result: Recorded) -> Recorded:
    outcome = run_command(result.crossed or "", settings, result.status, place.environ)
    problems = [it for it in (outcome.problem, pushed(place, settings)) if it]
    return result.replace(warnings=(*result.warnings, *problems)) if problems else result


def pushed(place: Place, settings: Settings) -> str | None:
    """Send sessions to the project's git remote, in the background, where that is set; return what is in the way."""
    if settings.on_handoff is None:
        return None
    from handoff_cli.usecases.push import push_in_background

    return push_in_background(place, settings)


def _write(place: Place, view: View, *, reason: str, at_least: int = 0, **options: Unpack[Options]) -> Written:
    """Write the document of the session at ``place``, seen as ``view``, and publish it."""
    from handoff_cli.usecases.handoff import replace_handoff

    # Afterwards the session's own document is a newer one, and its old copy would look like somebody's edit.
    publishes = place.folder != place.project
    keep = _uncopied(place) if publishes else None
    written = replace_handoff(place, view, reason=reason, at_least=at_least, **options)
    if publishes:
        _publish(place, written.text, keep, view.settings.lock_timeout_seconds)
    return _with_copy_for_main(place, written)


def _with_copy_for_main(place: Place, written: Written) -> Written:
    """Keep the document for the main checkout where this is a worktree: removing that would take it along."""
    if not os.path.isfile(os.path.join(os.path.dirname(place.project), ".git")):
        return written
    from handoff_cli.usecases.sessions import keep_for_main

    try:
        keep_for_main(place.project, written.text)
    except HandoffError as error:
        warning = f"the handoff was not kept for the main checkout: {error.message}"
        return written.replace(warnings=(*written.warnings, warning))
    return written


def _publish(place: Place, text: str, keep: bytes | None, timeout_seconds: float) -> None:
    """Make ``text`` the project's newest handoff; the one there that is to ``keep`` stays under its session's id."""
    from handoff_cli.documents.front_matter import written_for
    from handoff_cli.state.folder import FolderLock

    with FolderLock(place.project, timeout_seconds, HANDOFF_LOCK_FILE):
        if keep is not None:
            name, extension = os.path.splitext(HANDOFF_FILE)
            owner = written_for(keep.decode("utf-8", "replace"))[0] or "unknown"
            safe = "".join(char if char.isalnum() or char in "-_" else "-" for char in owner[:64])
            replace_file(os.path.join(place.project, f"{name}-{safe}{extension}"), keep)
        replace_file(os.path.join(place.project, HANDOFF_FILE), text.encode("utf-8", "surrogateescape"))


def _uncopied(place: Place) -> bytes | None:
    """Return the project's document where no session has one like it, so that it would be lost; else None."""
    from handoff_cli.state.folder import session_folder, session_names

    document = read_bytes(os.path.join(place.project, HANDOFF_FILE), MAX_HANDOFF_BYTES)
    if document is None:
        return None
    paths = (os.path.join(session_folder(place.project, name), HANDOFF_FILE) for name in session_names(place.project))
    return None if any(read_bytes(path, MAX_HANDOFF_BYTES) == document for path in paths) else document


class Outcome(Record):
    """What became of a command; ``problem`` is a line for a person, None when it ended well."""

    ran: bool
    problem: str | None = None


def run_command(level: str, settings: Settings, status: TokenStatus, environ: Mapping[str, str]) -> Outcome:
    """Run the command set for ``level`` and wait for it, at most ``command_timeout_seconds``; never raises.

    The status goes to its standard input as JSON, and its figures into variables ``HANDOFF_*``. Its output goes
    nowhere: an agent may be listening to ours.
    """
    key = COMMAND_KEYS[level]
    command = getattr(settings, key)
    if command is None:
        return Outcome(ran=False)
    from handoff_cli.usecases.settings import is_trusted

    if not is_trusted(settings.origins[key], key, command, environ):
        return Outcome(ran=False, problem=f"{key} was not set on this machine and does not run; handoff config set it")
    try:
        process = _start(command, settings, _facts(level, status, environ))
    except (OSError, ValueError) as error:
        return Outcome(ran=False, problem=f"{key} cannot run: {error}")
    return Outcome(True, _waited(process, key, json_text(dumps(status)).encode(), settings.command_timeout_seconds))


def _facts(level: str, status: TokenStatus, environ: Mapping[str, str]) -> dict[str, str]:
    return {
        **environ,
        "HANDOFF_LEVEL": level,
        "HANDOFF_TOKENS": str(status["total_tokens"]),
        "HANDOFF_TOKENS_LEFT": str(status["remaining_tokens"]),
        "HANDOFF_PERCENT": f"{status['usable_percentage'] * 100:.1f}",
        "HANDOFF_METHOD": status["method"],
        "HANDOFF_FILE": status["handoff_file"] or "",
        "HANDOFF_FOLDER": status["folder"],
    }


def _start(command: str | list[str], settings: Settings, environ: dict[str, str]) -> Popen[bytes]:
    from subprocess import DEVNULL, PIPE, Popen

    if isinstance(command, str) and not settings.command_shell:
        import shlex

        command = shlex.split(command)
    return Popen(
        command,
        shell=isinstance(command, str),
        env=environ,
        stdin=PIPE,
        stdout=DEVNULL,
        stderr=DEVNULL,
        start_new_session=True,
    )


def _waited(process: Popen[bytes], key: str, facts: bytes, seconds: float) -> str | None:
    from subprocess import TimeoutExpired

    with process:
        try:
            process.communicate(facts, timeout=seconds)
        except TimeoutExpired:
            _kill(process)
            return f"{key} did not end within {seconds:g} s and was stopped"
    return f"{key} ended with exit code {process.returncode}" if process.returncode else None


def _kill(process: Popen[bytes]) -> None:
    """Stop the command and what it started."""
    if os.name == "posix":
        from contextlib import suppress
        from signal import SIGKILL

        with suppress(OSError):
            os.killpg(process.pid, SIGKILL)
    process.kill()
