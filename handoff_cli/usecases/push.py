"""``handoff push``: the project's sessions sent to its git remote, as commits on references of our own.

A session is one reference, ``refs/handoff/<machine>/<session>``, which only its machine writes. No branch, index, work
tree or hook of the user's is touched: ``git fast-import`` makes the objects.
"""

from __future__ import annotations

import json
import os
import time

from handoff_cli.constants import HANDOFF_FILE, KEPT_FOLDER, LEDGER_FILE, MAX_HANDOFF_BYTES, PUSH_LOCK_FILE, VERSION
from handoff_cli.core.record import Record
from handoff_cli.core.text import is_identifier, shorten
from handoff_cli.errors import InputError, StateError
from handoff_cli.git import LOCAL_SECONDS, commit_words, git, read_files, references
from handoff_cli.redaction import redact
from handoff_cli.state.files import read_bytes
from handoff_cli.state.folder import FolderLock
from handoff_cli.usecases.outgoing import without_secrets
from handoff_cli.usecases.remote import (
    CONTINUES_FILE,
    MAX_SESSION_BYTES,
    NETWORK_SECONDS,
    OWN,
    SESSION_FILE,
    THEIRS,
    object_of,
    remote_named,
    repository_of,
    this_machine,
)
from handoff_cli.usecases.sessions import list_sessions
from handoff_cli.usecases.status import get_status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from handoff_cli.core.settings import Settings
    from handoff_cli.state.store import Place
    from handoff_cli.usecases.remote import Machine
    from handoff_cli.usecases.sessions import SessionStatus
    from handoff_cli.usecases.status import TokenStatus

PRUNED = "refs/handoff-pruned"
"""What was sent once and removed from the remote since, as it was then."""

_MAX_LEDGER_BYTES = 1 << 28
_MAX_TITLE_CHARS = 300
_TOLD = (
    *("session_id", "session", "previous_session", "agent", "agent_version", "model", "total_tokens", "method"),
    *("usable_tokens", "usable_percentage", "level", "started_at", "updated_at", "checkpoint_count"),
)


class Sent(Record):
    """What a push did: the ``remote``, the sessions that were ``pushed`` and those that were ``removed``, by id."""

    remote: str
    pushed: tuple[str, ...]
    removed: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def push(place: Place, remote: str | None = None, *, with_text: bool = True, prune: str | None = None) -> Sent:
    """Send the project's sessions to a git remote; only what is new goes.

    Args:
        place: The project.
        remote: The name of a configured remote; None: the one of the current branch, ``origin``, or the only one.
        with_text: Send the kept text of piped sessions too.
        prune: How old (``30d``, ``2w``) this machine's references on the remote must be to be removed.

    Raises:
        InputError: the project is no git repository, there is no such remote, or the remote refuses.
        StateError, LockTimeoutError: state cannot be read, or another push is going on.
        UsageError: ``prune`` is no time.
    """
    folder = repository_of(place)
    name = remote_named(folder, remote)
    before = _prune_line(prune) if prune else None
    machine = this_machine(place.environ)
    with FolderLock(place.project, LOCAL_SECONDS, PUSH_LOCK_FILE):
        known = dict(references(folder, f"{OWN}/{machine.id}/"))
        written, warnings = _write_sessions(place, folder, machine, known, with_text=with_text)
        there = dict(references(folder, f"{THEIRS}/{name}/{machine.id}/"))
        old = _older(folder, machine, before) if before is not None else ()
        gone = dict(references(folder, f"{PRUNED}/{machine.id}/"))
        news = {
            session: commit
            for session, commit in (known | written).items()
            if commit not in (there.get(session), gone.get(session)) and session not in old
        }
        _send(folder, name, machine, news)
        _remove(folder, name, machine, {session: there[session] for session in old if session in there})
    return Sent(name, tuple(sorted(news)), old, warnings)


def push_in_background(place: Place, settings: Settings) -> str | None:
    """Start a push that nobody waits for, where ``on_handoff`` asks for it; return what keeps it from running.

    One that fails leaves no trace but a line in the hooks' log: the next push sends what it did not.
    """
    from handoff_cli.usecases.settings import is_trusted

    if settings.on_handoff is None:
        return None
    if not is_trusted(settings.origins["on_handoff"], "on_handoff", settings.on_handoff, place.environ):
        return "on_handoff was not set on this machine and does nothing; handoff config set it"
    problem = run_in_background(place, "push", "--background")
    return f"on_handoff: {problem}" if problem else None


def run_in_background(place: Place, *words: str) -> str | None:
    """Start handoff with ``words`` on the project at ``place``; nobody waits for it. Returns what is in the way."""
    import sys
    from subprocess import DEVNULL, Popen

    folder = os.path.dirname(place.project)
    command = [sys.executable, "-P", "-m", "handoff_cli", "--quiet", "--dir", folder, *words]
    try:
        Popen(command, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL, start_new_session=True, env=dict(place.environ))
    except OSError as error:
        return f"{words[0]} cannot run: {error.strerror}"
    return None


def _write_sessions(
    place: Place, folder: str, machine: Machine, known: Mapping[str, str], *, with_text: bool
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Make a commit for each session that has changed since its last; return them by session, and warnings."""
    tips = list(known.items())
    said = read_files(folder, [(commit, SESSION_FILE, MAX_SESSION_BYTES) for _, commit in tips])
    digests = {session: object_of(text).get("digest") for (session, _), text in zip(tips, said, strict=True)}
    stream: list[bytes] = []
    changed: list[str] = []
    warnings: list[str] = []
    mark = object_of(read_bytes(os.path.join(place.project, CONTINUES_FILE), MAX_SESSION_BYTES))
    for row in list_sessions(place):
        session = row["session_id"]
        if row["problem"] or session is None or not is_identifier(session):
            warnings += [f"left out: {row['problem']}"] if row["problem"] else []
            continue
        stored = _stored_of(row["folder"], with_text=with_text)
        about = _about(place.replace(folder=row["folder"]), row, machine, mark)
        about["digest"] = _digest(stored, about)
        if digests.get(session) == about["digest"]:
            continue
        try:
            files = without_secrets(row["folder"], stored)
        except StateError as error:
            warnings.append(f"left out: {error.message}")
            continue
        files[SESSION_FILE] = json.dumps(about, indent=1, ensure_ascii=False).encode("utf-8", "replace")
        stream.append(commit_words(f"{OWN}/{machine.id}/{session}", machine.id, known.get(session), files))
        changed.append(session)
    if stream:
        git(folder, "fast-import", "--quiet", "--done", data=b"".join(stream) + b"done\n", seconds=LOCAL_SECONDS)
    now = dict(references(folder, f"{OWN}/{machine.id}/"))
    return {session: now[session] for session in changed if session in now}, tuple(warnings)


def _stored_of(folder: str, *, with_text: bool) -> dict[str, bytes]:
    """Return what is stored of the session in ``folder``: its document, its ledger, its kept text."""
    files: dict[str, bytes] = {}
    for name, most in ((HANDOFF_FILE, MAX_HANDOFF_BYTES), (LEDGER_FILE, _MAX_LEDGER_BYTES)):
        data = read_bytes(os.path.join(folder, name), most)
        if data is not None:
            files[name] = data
    kept = os.path.join(folder, KEPT_FOLDER)
    for name in sorted(os.listdir(kept)) if with_text and os.path.isdir(kept) else ():
        segment = read_bytes(os.path.join(kept, name), _MAX_LEDGER_BYTES)
        if segment is not None and is_identifier(name):
            files[f"{KEPT_FOLDER}/{name}"] = segment
    return files


def _about(place: Place, row: SessionStatus, machine: Machine, mark: Mapping[str, Any]) -> dict[str, Any]:
    status = get_status(place)
    if row["worktree"]:  # of which only the document lies here, and tells the figures
        status = {**status, **{key: value for key, value in row.items() if key in _TOLD}}  # type: ignore[typeddict-item]
    title, continues = told_of(status, mark)
    return {
        "version": 1,
        "machine": machine.name,
        "project": os.path.basename(os.path.dirname(place.project)),
        **{key: status[key] for key in _TOLD},  # type: ignore[literal-required]
        "title": title,
        "continues": continues,
    }


def told_of(status: TokenStatus, mark: Mapping[str, Any]) -> tuple[str, str | None]:
    """Return a session's title, without secrets, and the session of another machine that it goes on from.

    ``mark`` is what was noted when that one was taken over: what began before it goes on from nothing.
    """
    began = status["started_at"] or ""
    goes_on = isinstance(mark.get("from"), str) and str(mark.get("time")) <= began
    title = status["checkpoints"][0]["description"] if status["checkpoints"] else ""
    return shorten(redact(title), _MAX_TITLE_CHARS), mark["from"] if goes_on else None


def _digest(stored: Mapping[str, bytes], about: Mapping[str, Any]) -> str:
    """Return what is the same as long as the same would be sent: by what is stored, and by the version's rules."""
    from hashlib import sha256

    digest = sha256(VERSION.encode("ascii"))
    digest.update(json.dumps(about, sort_keys=True).encode("utf-8", "replace"))
    for name, data in sorted(stored.items()):
        digest.update(f"\n{name} {len(data)}\n".encode())
        digest.update(data)
    return digest.hexdigest()


def _send(folder: str, remote: str, machine: Machine, news: Mapping[str, str]) -> None:
    if not news:
        return
    specs = [f"{commit}:{OWN}/{machine.id}/{session}" for session, commit in news.items()]
    try:
        git(folder, "push", "--quiet", "--no-verify", "--no-signed", remote, *specs, seconds=NETWORK_SECONDS)
    except InputError as error:
        if "non-fast-forward" in error.message or "fetch first" in error.message:
            hint = f"another machine has the id {machine.id}; remove {machine.path} on one of them"
            raise InputError(f"{remote} has newer sessions under this machine's id", hint) from None
        raise
    moved = "".join(f"update {THEIRS}/{remote}/{machine.id}/{session} {commit}\n" for session, commit in news.items())
    git(folder, "update-ref", "--stdin", data=moved.encode())


def _older(folder: str, machine: Machine, before: float) -> tuple[str, ...]:
    """Return this machine's sessions that were last written before the Unix time ``before``."""
    listed = git(folder, "for-each-ref", "--format=%(committerdate:unix) %(refname)", f"{OWN}/{machine.id}/")
    found = [line.partition(" ") for line in listed.decode("utf-8", "replace").splitlines()]
    return tuple(
        sorted(name.rpartition("/")[2] for stamp, _, name in found if stamp.isdecimal() and int(stamp) < before)
    )


def _remove(folder: str, remote: str, machine: Machine, sessions: Mapping[str, str]) -> None:
    """Remove the references of ``sessions`` on the remote, and remember their commits, so that none is sent anew."""
    if not sessions:
        return
    names = [f"{OWN}/{machine.id}/{session}" for session in sessions]
    git(folder, "push", "--quiet", "--no-verify", "--delete", remote, *names, seconds=NETWORK_SECONDS)
    moved = "".join(
        f"update {PRUNED}/{machine.id}/{session} {commit}\ndelete {THEIRS}/{remote}/{machine.id}/{session}\n"
        for session, commit in sessions.items()
    )
    git(folder, "update-ref", "--stdin", data=moved.encode())


def _prune_line(age: str) -> float:
    from calendar import timegm

    from handoff_cli.usecases.log import parse_since

    return float(timegm(time.strptime(parse_since(age, time.time(), "--prune"), "%Y-%m-%dT%H:%M:%SZ")))
