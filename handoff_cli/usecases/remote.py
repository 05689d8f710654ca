"""Machines, and the sessions that git remotes have of them: fetched, listed, read.

A machine has an id that stays and a name one can set. Sessions of others lie under
``refs/handoff-remote/<remote>/<machine>/<session>``, beside this machine's own (see ``push``). What comes from a remote
is a stranger's and never checked out.
"""

from __future__ import annotations

import json
import os
import time

from handoff_cli.constants import HANDOFF_FILE, MAX_HANDOFF_BYTES, REMOTE_FOLDER
from handoff_cli.core.record import Record
from handoff_cli.core.text import is_identifier, printable, shorten, utc_iso
from handoff_cli.errors import InputError, UsageError
from handoff_cli.git import GitError, command_git, file_sizes, git, read_files, references
from handoff_cli.redaction import redact
from handoff_cli.state.files import make_folder, read_bytes, replace_file
from handoff_cli.state.folder import user_settings_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from handoff_cli.state.store import Place

OWN, THEIRS = "refs/handoff", "refs/handoff-remote"
"""Where this machine's sessions lie in the repository, and where those that a remote has."""

SESSION_FILE = "session.json"
NETWORK_SECONDS = 120.0
MAX_SESSION_BYTES = 1 << 16
_MAX_REFS = 100_000
_MAX_TEXT = 300
CONTINUES_FILE = "continues.json"
_MOST_TOKENS = 1 << 53
_MOST_SHARE = 1_000_000


class RemoteSession(Record):
    """A session as a remote has it.

    ``machine_id`` and ``session`` are the parts of its reference, ``commit`` what that names, ``sent_at`` when it was
    sent (UTC, ISO 8601, by the sender's clock). The rest is what the sender said of it: nothing of it is proved.
    ``continues`` names the session of another machine that it goes on from, as ``MACHINE/SESSION``.
    """

    remote: str
    machine_id: str
    machine: str
    session: str
    commit: str
    sent_at: str
    agent: str | None
    model: str | None
    total_tokens: int | None
    usable_percentage: float | None
    level: str | None
    title: str
    continues: str | None
    has_document: bool

    @property
    def name(self) -> str:
        """What the session is asked for by."""
        return f"{self.machine}/{self.session}"


def pull(place: Place, remote: str | None = None) -> tuple[str, int]:
    """Fetch what machines sent to a git remote; return its name and how many sessions of other machines it has.

    Raises:
        InputError: the project is no git repository, there is no such remote, or it does not answer.
    """
    folder = repository_of(place)
    name = remote_named(folder, remote)
    options = ("--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--prune", "--quiet")
    checks = ("-c", "fetch.fsckObjects=true", "-c", "transfer.fsckObjects=true")
    git(folder, *checks, "fetch", *options, name, f"+{OWN}/*:{THEIRS}/{name}/*", seconds=NETWORK_SECONDS)
    own = this_machine(place.environ).id
    return name, sum(not key.startswith(f"{own}/") for key, _ in references(folder, f"{THEIRS}/{name}/"))


def remote_sessions(place: Place) -> list[RemoteSession]:
    """Return the sessions that remotes were last seen to have, the one sent last first; nothing is fetched.

    Raises:
        InputError: the project is no git repository.
    """
    folder = repository_of(place)
    listed = git(
        folder,
        "for-each-ref",
        f"--count={_MAX_REFS}",
        "--format=%(objectname) %(committerdate:unix) %(refname)",
        f"{THEIRS}/",
    )
    rows = [row for line in listed.decode("utf-8", "replace").splitlines() if (row := _row_of(line))]
    texts = read_files(folder, [(commit, SESSION_FILE, MAX_SESSION_BYTES) for _, _, _, commit, _ in rows])
    documents = file_sizes(folder, [(commit, HANDOFF_FILE) for _, _, _, commit, _ in rows])
    found = [_session_of(row, text, size) for row, text, size in zip(rows, texts, documents, strict=True)]
    return sorted(found, key=lambda it: it.sent_at, reverse=True)


def is_remote_name(name: str) -> bool:
    """Return whether ``name`` can be a remote's session, ``MACHINE/SESSION``, and is no file here."""
    machine, slash, session = name.partition("/")
    return bool(slash) and is_identifier(machine) and is_identifier(session) and not os.path.exists(name)


def find_remote_session(place: Place, name: str) -> RemoteSession:
    """Return the session that ``name`` means: a machine's name or id, a slash, and a session's id or its beginning.

    Raises:
        InputError: there is none, or more than one.
    """
    machine, _, session = name.partition("/")
    found = [
        it
        for it in remote_sessions(place)
        if machine in {it.machine, it.machine_id} and it.session.startswith(session or "\0")
    ]
    exact = [it for it in found if it.session == session] or found
    if not exact:
        raise InputError(
            f"no remote has a session {printable(shorten(name, 80))}", "handoff pull, then handoff sessions --remote"
        )
    if len({(it.machine_id, it.session) for it in exact}) > 1:
        several = ", ".join(f"{it.machine_id}/{it.session}" for it in exact[:5])
        raise InputError(f"{printable(shorten(name, 80))} means several sessions", f"name one of: {several}")
    return exact[0]


def read_document(place: Place, session: RemoteSession) -> str:
    """Return the handoff of a session that a remote has, bounded; its text is a stranger's.

    Raises:
        InputError: it has none, or one that cannot be one.
    """
    folder = repository_of(place)
    (data,) = read_files(folder, [(session.commit, HANDOFF_FILE, MAX_HANDOFF_BYTES)])
    if data is None:
        raise InputError(
            f"{session.name} has no handoff that can be read", "handoff sessions --remote lists those that have"
        )
    return data.decode("utf-8", "replace")


def take_over(place: Place, session: RemoteSession) -> str:
    """Lay the handoff of a remote's session beside our own, and note that the next session goes on from it.

    Returns its path.

    Raises:
        InputError: as ``read_document``.
        StateError: it cannot be written.
    """
    return lay_down(place, session.machine_id, session.session, read_document(place, session))


def lay_down(place: Place, machine_id: str, session: str, text: str) -> str:
    """Lay ``text``, the handoff of another machine's session, beside our own, and note that we go on from it.

    Returns its path. Raises StateError where it cannot be written.
    """
    folder = os.path.join(place.project, REMOTE_FOLDER)
    make_folder(folder)
    path = os.path.join(folder, f"{machine_id}-{session}.md")
    replace_file(path, text.encode("utf-8"))
    mark = {"from": f"{machine_id}/{session}", "time": utc_iso(time.time())}
    replace_file(os.path.join(place.project, CONTINUES_FILE), json.dumps(mark).encode())
    return path


def _row_of(line: str) -> tuple[str, str, str, str, int] | None:
    """Return (remote, machine id, session, commit, time) of a listed reference, None for one that is none of ours."""
    commit, _, rest = line.partition(" ")
    stamp, _, name = rest.partition(" ")
    remote, _, tail = name.removeprefix(f"{THEIRS}/").rpartition("/")[0].rpartition("/")
    session = name.rpartition("/")[2]
    if not (remote and is_identifier(tail) and is_identifier(session) and stamp.isdecimal()):
        return None
    return remote, tail, session, commit, min(int(stamp), 1 << 40)


def _session_of(row: tuple[str, str, str, str, int], data: bytes | None, document: int | None) -> RemoteSession:
    """Return a remote's session: what its sender says of it is taken where it is of the right kind, and made inert."""
    remote, machine_id, session, commit, stamp = row
    said = object_of(data)

    def text(key: str) -> str | None:
        value = said.get(key)
        return printable(shorten(redact(value), _MAX_TEXT)) if isinstance(value, str) and value else None

    def number(key: str, most: float) -> float | None:
        value = said.get(key)
        return value if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < most else None

    machine, tokens, share = (
        text("machine"),
        number("total_tokens", _MOST_TOKENS),
        number("usable_percentage", _MOST_SHARE),
    )
    return RemoteSession(
        remote=remote,
        machine_id=machine_id,
        machine=machine if machine and is_identifier(machine) else machine_id,
        session=session,
        commit=commit,
        sent_at=utc_iso(stamp),
        agent=text("agent"),
        model=text("model"),
        total_tokens=None if tokens is None else int(tokens),
        usable_percentage=share,
        level=text("level"),
        title=text("title") or "",
        continues=text("continues"),
        has_document=document is not None and document <= MAX_HANDOFF_BYTES,
    )


def object_of(data: bytes | None) -> dict[str, Any]:
    """Return the JSON object that ``data`` is, an empty one where it is none."""
    try:
        value = json.loads(data or b"{}")
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def repository_of(place: Place) -> str:
    """Return the folder of the project's repository; raises InputError where it has none."""
    folder = os.path.dirname(place.project)
    try:
        command_git(folder, "rev-parse", "--git-dir")
    except GitError as error:
        raise InputError(
            f"{folder} is no git repository ({printable(str(error))})", "git init, or name the project with --dir"
        ) from None
    return folder


def remote_named(folder: str, name: str | None) -> str:
    """Return the remote ``name``; without one that of the branch, ``origin`` or the only one.

    Raises:
        InputError: there is none, or none of that name.
        UsageError: there are several, and none is meant more than the others.
    """
    remotes = git(folder, "remote").decode("utf-8", "replace").split()
    if name is not None:
        if name not in remotes:
            listed = f"there are: {', '.join(map(printable, remotes))}" if remotes else "git remote add one"
            raise InputError(f"there is no git remote {printable(shorten(name, 80))}", listed)
        return name
    try:
        head = command_git(folder, "symbolic-ref", "--short", "HEAD").decode().strip()
        followed = command_git(folder, "config", f"branch.{head}.remote").decode().strip()
    except GitError:
        followed = ""
    for candidate in (followed, "origin", remotes[0] if len(remotes) == 1 else ""):
        if candidate in remotes:
            return candidate
    if remotes:
        raise UsageError("it is not clear which git remote is meant", f"name one: {', '.join(map(printable, remotes))}")
    raise InputError("the repository has no git remote", "git remote add one")


_FILE = "machine.json"
_MAX_BYTES = 4096
_NAME_CHARS = 32


class Machine(Record):
    """A machine: its ``id``, fit for a reference's name, the ``name`` people know it by, and the file that says so."""

    id: str
    name: str
    path: str


def this_machine(environ: Mapping[str, str]) -> Machine:
    """Return this machine; the first call gives it an id, made of its host's name and 32 random bits.

    Raises:
        StateError: the file in the user's configuration folder cannot be read or written.
    """
    path = os.path.join(os.path.dirname(user_settings_path(environ)), _FILE)
    known = _known(path)
    if known is None:
        host = _host_name()
        known = {"id": f"{host}-{os.urandom(4).hex()}", "name": host}
        make_folder(os.path.dirname(path))
        replace_file(path, json.dumps(known).encode())
    return Machine(known["id"], known["name"], path)


def rename_machine(environ: Mapping[str, str], name: str) -> Machine:
    """Give this machine the ``name``; its id stays. Raises as ``this_machine``, and UsageError for what is no name."""
    if not is_identifier(name) or len(name) > _NAME_CHARS:
        allowed = f"give up to {_NAME_CHARS} letters, digits, '.', '_' or '-', beginning with a letter or digit"
        raise UsageError(f"{name!r} can be no machine's name", allowed)
    machine = this_machine(environ).replace(name=name)
    replace_file(machine.path, json.dumps({"id": machine.id, "name": name}).encode())
    return machine


def _known(path: str) -> dict[str, str] | None:
    try:
        said = json.loads(read_bytes(path, _MAX_BYTES) or b"null")
    except ValueError:
        return None
    if not isinstance(said, dict) or not is_identifier(said.get("id")):
        return None
    name = said.get("name")
    return {"id": said["id"], "name": name if is_identifier(name) else said["id"]}


def _host_name() -> str:
    import socket

    plain = "".join(
        char if char.isascii() and char.isalnum() else "-" for char in socket.gethostname().partition(".")[0]
    )
    return plain.strip("-").lower()[:_NAME_CHARS].strip("-") or "machine"
