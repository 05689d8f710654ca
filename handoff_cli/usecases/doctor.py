"""The state of an installation, for a person with a problem and for whoever helps: facts, each with a verdict."""

from __future__ import annotations

import os
import sys

from handoff_cli.agents import TOOLS, names, with_hooks
from handoff_cli.constants import HANDOFF_LOCK_FILE, KEPT_FOLDER, LOCK_FILE, VERSION
from handoff_cli.core.record import Record
from handoff_cli.errors import HandoffError
from handoff_cli.state import store
from handoff_cli.state.folder import FolderLock
from handoff_cli.state.kept import kept_size
from handoff_cli.state.snapshot import misspelt_in
from handoff_cli.usecases.hook_memory import last_lines, log_path
from handoff_cli.usecases.install import is_installed, is_on_path, obstacles, scope_of, stale_commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.state.store import Place, View

_LOG_LINES = 5
_REQUIRED = ("typer", "rich", "tiktoken", "pydantic", "jinja2", "tomlkit")
_EXTRAS = {
    "toktok-rs": "fast",
    "plotly": "report",
    "psycopg": "fleet",
    "opentelemetry-sdk": "otel",
    "opentelemetry-exporter-otlp-proto-http": "otel",
    "ctok": "exact",
    "splintr-rs": "exact",
}


class Observation(Record):
    """One fact: its ``area``, its ``name``, what was found, and whether that is ``ok``, a ``note`` or a ``problem``.

    ``advice`` says what to do about a problem.
    """

    area: str
    name: str
    found: str
    verdict: str = "ok"
    advice: str | None = None


def examine(place: Place) -> list[Observation]:
    """Return what there is to know of this installation and of the project at ``place``; reads only, never raises."""
    return [*_versions(), _command(), *_installations(), *_project(place), *_fleet(place), *_hooks(), *_log()]


def _versions() -> list[Observation]:
    from importlib import metadata

    found = [
        Observation("versions", "handoff", VERSION),
        Observation("versions", "python", f"{sys.version.split()[0]} ({sys.executable})"),
    ]
    for name in (*_REQUIRED, *_EXTRAS):
        try:
            found.append(Observation("versions", name, metadata.version(name)))
        except metadata.PackageNotFoundError:
            missing = (f"not installed (extra {_EXTRAS[name]})", "note") if name in _EXTRAS else None
            found.append(Observation("versions", name, *(missing or ("not installed", "problem", f"install {name}"))))
    return found


def _installations() -> list[Observation]:
    found = []
    for name in names((*with_hooks(), *TOOLS)):
        for user in (True, False):
            if user and name in names(TOOLS):
                continue
            found.append(_installation(name, user=user))
    return found


def _installation(name: str, *, user: bool) -> Observation:
    label = f"{name} ({'user' if user else 'project'})"
    try:
        scope = scope_of(name, user=user, mcp=True)
        if not is_installed(name, scope):
            return Observation("installed", label, "no", "note")
        if old := stale_commands(name, scope):
            where = "--user" if user else "--project"
            return Observation(
                "installed",
                label,
                f"yes, for {old[0]}, which is not there",
                "problem",
                f"handoff install {name} {where}",
            )
    except HandoffError as error:
        verdict = "note" if name == "git" else "problem"
        return Observation("installed", label, error.message, verdict, error.hint)
    return Observation("installed", label, "yes")


def _hooks() -> list[Observation]:
    """Return what keeps the hooks from running that are installed."""
    found = []
    for name in names(with_hooks()):
        try:
            if not any(is_installed(name, scope_of(name, user=user)) for user in (True, False)):
                continue
            blocking = obstacles(name)
        except HandoffError as error:
            found.append(Observation("hooks", name, error.message, "problem", error.hint))
            continue
        found += [
            Observation("hooks", name, it.found, "problem" if it.certain else "note", it.advice) for it in blocking
        ]
    return found


def _command() -> Observation:
    if is_on_path():
        return Observation("installed", "handoff on PATH", "yes")
    where = os.path.join(os.path.dirname(sys.executable), "handoff")
    advice = f"put it on PATH: agents, the plugin and the skill call it by name; here it is {where}"
    return Observation("installed", "handoff on PATH", "no", "problem", advice)


def _project(place: Place) -> list[Observation]:
    found = [
        Observation(
            "project", "folder", place.folder if os.path.isdir(place.folder) else f"{place.folder} (not made yet)"
        )
    ]
    try:
        view = store.read(place)
        misspelt = misspelt_in(place.project, place.folder)
    except HandoffError as error:
        return [*found, Observation("project", "state", error.message, "problem", error.hint)]
    session = view.session
    state = f"session {session.id}, {session.total_tokens:,} tokens" if session else "nothing tracked yet"
    found.append(Observation("project", "state", state))
    found.append(_kept(place, view))
    found += [
        Observation("project", "state", warning, "problem") for warning in view.warnings if warning not in misspelt
    ]
    found += [Observation("project", "settings", line, "problem") for line in misspelt]
    if not os.path.isdir(place.folder):
        return found
    if not os.access(place.folder, os.R_OK | os.W_OK | os.X_OK):
        found.append(
            Observation("project", "permissions", "not writable", "problem", "check its owner and permissions")
        )
    else:
        found.append(Observation("project", "permissions", "readable and writable"))
        found += [_lock(place, name) for name in (LOCK_FILE, HANDOFF_LOCK_FILE)]
    return found


def _kept(place: Place, view: View) -> Observation:
    """Say how much text is kept, and where."""
    size = kept_size(place.folder, view.session.kept_end if view.session else 0)
    if not size.stored:
        how = "nothing yet" if view.settings.keep_text else "nothing: keep_text is false"
        return Observation("project", "kept text", how, "ok" if view.settings.keep_text else "note")
    cut = "; the middle was left out" if size.left_out else ""
    most = view.settings.keep_text_bytes
    return Observation("project", "kept text", f"{size.stored:,} of {most:,} bytes in {KEPT_FOLDER}/{cut}")


def _lock(place: Place, name: str) -> Observation:
    if not os.path.lexists(os.path.join(place.folder, name)):
        return Observation("project", name, "free")
    try:
        with FolderLock(place.folder, 0, name):
            return Observation("project", name, "free")
    except HandoffError as error:
        return Observation("project", name, error.message, "note", error.hint)


def _log() -> list[Observation]:
    try:
        lines = last_lines(_LOG_LINES)
    except HandoffError as error:
        return [Observation("hooks", "log", error.message, "problem", error.hint)]
    if not lines:
        return [Observation("hooks", "log", f"{log_path()}: no failures")]
    return [Observation("hooks", "failure", line, "note") for line in lines]


def _fleet(place: Place) -> list[Observation]:
    """Return whether the fleet's database can be used, where one is set, and what it does not have yet."""
    try:
        if store.read(place).settings.fleet_url is None:
            return []
    except HandoffError:
        return []  # what is wrong with the state is told with the project
    try:
        from handoff_cli.usecases.fleet import health

        found = health(place)
    except HandoffError as error:
        return [Observation("fleet", "outbox", error.message, "problem", error.hint)]
    left = "all is sent"
    if found.unsent:
        left = f"{found.unsent:,} not sent yet, of sessions: {found.unsent_sessions}; handoff fleet sync sends them"
    reached = Observation("fleet", "fleet_url", f"{found.url}: reachable, schema {found.schema}")
    if found.problem:
        reached = Observation("fleet", "fleet_url", found.problem, "problem", found.advice)
    elif not found.schema:
        reached = Observation(
            "fleet", "fleet_url", f"{found.url} has no tables", "problem", "handoff fleet init makes them"
        )
    return [reached, Observation("fleet", "outbox", left, "note" if found.unsent else "ok")]
