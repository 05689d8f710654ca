"""Putting handoff into a project folder and into agents' settings, and taking it out with what stood there put back."""

from __future__ import annotations

import os
import zlib

from handoff_cli.agents import TOOLS, installable
from handoff_cli.agents.editing import cleared, has_part, installed
from handoff_cli.agents.git import CHAINED, chain_head, is_shell
from handoff_cli.agents.settings import MODULE, Around, Scope, Target, interpreters
from handoff_cli.constants import GUIDE_FILE
from handoff_cli.core.record import Record
from handoff_cli.documents.templates import template_text
from handoff_cli.errors import InputError, StateError, UsageError
from handoff_cli.git import run_git
from handoff_cli.state import store
from handoff_cli.state.files import create_file, make_folder, move_file, read_bytes, remove_file, replace_file, reported

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from handoff_cli.agents.settings import Obstacle
    from handoff_cli.state.store import Place

_BOM = "\ufeff"
BACKUP_SUFFIX = ".before-handoff"
_MAX_BYTES = 1 << 24
_FILE_MODE, _SCRIPT_MODE = 0o644, 0o755


class FileChange(Record):
    """What becomes of one file: its ``before`` and ``after`` (None: there is none) and lines for a person."""

    path: str
    before: str | None
    after: str | None
    notes: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether the file changes at all."""
        return self.before != self.after

    def diff(self) -> str:
        """Return the change as a unified diff."""
        from difflib import unified_diff

        before, after = ((text or "").splitlines(keepends=True) for text in (self.before, self.after))
        old, new = (os.devnull if text is None else self.path for text in (self.before, self.after))
        return "".join(unified_diff(before, after, old, new))


def install(name: str, scope: Scope, *, dry_run: bool = False) -> list[FileChange]:
    """Put handoff into the settings of ``name`` (an agent, ``git`` or ``make``); what is right already stays.

    Raises:
        UsageError: there is no such agent.
        StateError: settings that cannot be understood, read or written, or a project's that lead out of it; none of
            the files was changed then.
    """
    targets = _targets(name, scope)
    if not scope.user and name != "git":
        _check_inside(targets, scope.root)
    changes = [_planned(target) for target in targets]
    for target, change in zip(targets, changes, strict=True):
        if change.changes and not dry_run:
            _install(target, change)
    if name == "git" and not dry_run:
        _begin_project()
    return changes


def uninstall(name: str, scope: Scope, *, dry_run: bool = False) -> list[FileChange]:
    """Take handoff out of the settings of ``name``: what stood there before comes back, byte for byte.

    A file that was changed since it was installed only loses our entries. Errors are those of ``install``.
    """
    targets = _targets(name, scope)
    changes = [_planned_removal(target) for target in targets]
    for target, change in zip(targets, changes, strict=True):
        if change.changes and not dry_run:
            _uninstall(target, change, scope.root)
    return changes


def is_installed(name: str, scope: Scope) -> bool:
    """Return whether any file of ``name``'s settings holds a part of ours; errors are those of ``install``."""
    return any(
        (text := _read(target.path)) is not None and _understood(target, has_part, text)
        for target in _targets(name, scope)
    )


def stale_commands(name: str, scope: Scope) -> list[str]:
    """Return the interpreters that ``name``'s settings run handoff by and that are not there any more."""
    texts = [text for target in _targets(name, scope) if (text := _read(target.path)) is not None]
    return [path for text in texts for path in interpreters(text) if not os.path.exists(path)]


def obstacles(name: str, environ: Mapping[str, str] = os.environ) -> list[Obstacle]:
    """Return what keeps the hooks of the agent ``name`` from running, in settings of the user, project and machine."""
    agent = installable(name).load()
    if not hasattr(agent, "obstacles"):
        return []
    return list(agent.obstacles(Around(os.path.expanduser("~"), _project_root(), environ)))


def is_on_path() -> bool:
    """Return whether ``handoff`` is found by name: so the plugin, the skill and agents themselves call it."""
    from shutil import which

    return which("handoff") is not None


def scope_of(name: str, *, user: bool, mcp: bool = False, environ: Mapping[str, str] = os.environ) -> Scope:
    """Return where ``name`` is to be installed: for the user, or for the project around the working directory.

    Raises:
        UsageError: ``name`` only makes sense in a project.
        InputError: git hooks are wanted outside of a repository.
    """
    agent = installable(name)
    if user and agent in TOOLS:
        raise UsageError(f"{name} is installed in a project", "leave --user out")
    root = os.path.expanduser("~") if user else _project_root()
    return Scope(user, _hooks_folder(root) if name == "git" else root, environ, mcp)


def _targets(name: str, scope: Scope) -> list[Target]:
    return [
        target.replace(path=os.path.realpath(target.path))
        for target in installable(name).load().targets(scope)
        if not target.optional or os.path.isfile(target.path)
    ]


def _check_inside(targets: list[Target], root: str) -> None:
    """Raise StateError where a project's settings lie elsewhere: a link may have come with a clone."""
    folder = os.path.join(os.path.realpath(root), "")
    for target in targets:
        if not target.path.startswith(folder):
            raise StateError(
                f"settings of this project lead out of it, to {target.path}",
                "put a real file there instead of the link, or install with --user",
            )


def _planned(target: Target) -> FileChange:
    text = _read(target.path)
    base = _chained_base(target, text)
    wanted, taken = _understood(target, installed, base)
    if wanted == text:
        return FileChange(target.path, text, text)
    notes = (*target.notes, *(f"{path} is set already and was left as it is" for path in taken))
    clean = _base(target, text)
    return FileChange(target.path, text, _understood(target, installed, _chained_base(target, clean))[0], notes)


def _planned_removal(target: Target) -> FileChange:
    text = _read(target.path)
    if text is None or not _holds_ours(target, text):
        return FileChange(target.path, text, text)
    return FileChange(target.path, text, _base(target, text))


def _holds_ours(target: Target, text: str) -> bool:
    """Return whether a part of ours stands in ``text``; one that cannot be understood and never names us holds none."""
    try:
        return bool(_understood(target, has_part, text))
    except StateError:
        if MODULE in text:
            raise
        return False


def _base(target: Target, text: str | None) -> str | None:
    """Return what the file would hold without us: the backup where nothing changed since, else what is left."""
    if text is None or not _understood(target, has_part, text):
        return text
    backup = _backup_path(target.path, text)
    if os.path.lexists(backup):
        return _read(backup)
    rest = _understood(target, cleared, text)
    fresh = installed(target, None)[0]
    return None if rest is None or rest == cleared(target, fresh) else rest


def _install(target: Target, change: FileChange) -> None:
    base = _base(target, change.before)
    make_folder(os.path.dirname(target.path))
    if base is not None and _is_foreign_hook(target, base):
        _move(target.path, target.path + CHAINED)
        base = None
    backups = _backups(target.path)
    mode = _mode(target)
    assert change.after is not None
    if base is not None and not target.shared:
        _write(_backup_path(target.path, change.after), base, mode)
    _write(target.path, change.after, mode)
    for path in backups:
        if path != _backup_path(target.path, change.after) or base is None:
            remove_file(path)


def _uninstall(target: Target, change: FileChange, root: str) -> None:
    moved = target.path + CHAINED
    if os.path.lexists(moved) and change.after in (None, chain_head(os.path.basename(moved))):
        _move(moved, target.path)
    elif change.after is None:
        remove_file(target.path)
        _remove_empty_folders(os.path.dirname(target.path), root)
    else:
        _write(target.path, change.after, _mode(target))
    for path in _backups(target.path):
        remove_file(path)


def _chained_base(target: Target, text: str | None) -> str | None:
    """Return the text our lines go into: a script that runs the hook there is, where that is no shell script."""
    if text is not None and _is_foreign_hook(target, text):
        return chain_head(os.path.basename(target.path) + CHAINED)
    return text


def _is_foreign_hook(target: Target, text: str) -> bool:
    if not target.executable:
        return False
    if os.path.isfile(target.path) and not os.access(target.path, os.X_OK):
        raise StateError(
            f"{target.path} is not executable, so git does not run it", "make it executable, or move it away"
        )
    return not is_shell(text)


def _understood(target: Target, function: Callable[[Target, Any], Any], text: str | None) -> Any:
    # Editors on Windows may begin a file with a mark of its encoding: it stays, and is no part of the settings.
    mark = _BOM if text is not None and text.startswith(_BOM) else ""
    bare = text.removeprefix(_BOM) if text else text
    if target.format == "json" and bare is not None and not bare.strip():
        bare = "{}"  # a file that an editor or a script left empty sets nothing
    try:
        found = function(target, bare)
        if isinstance(found, str):
            return mark + found
        return (mark + found[0], *found[1:]) if isinstance(found, tuple) else found
    except ValueError as error:
        raise StateError(
            f"cannot change {target.path}: {error}", "mend it or move it away; it was left as it is"
        ) from None


def _read(path: str) -> str | None:
    data = read_bytes(path, _MAX_BYTES)
    try:
        return None if data is None else data.decode()
    except UnicodeDecodeError:
        raise StateError(f"cannot change {path}: it is not UTF-8", "mend it or move it away") from None


def _write(path: str, text: str, mode: int) -> None:
    replace_file(path, text.encode())
    with reported("write", path):
        os.chmod(path, mode)


def _move(source: str, target: str) -> None:
    if not move_file(source, target):
        raise StateError(f"{source} is gone", "somebody else changes these files; run the command again")


def _mode(target: Target) -> int:
    try:
        return os.stat(target.path).st_mode & 0o777
    except FileNotFoundError:
        return _SCRIPT_MODE if target.executable else _FILE_MODE


def _backup_path(path: str, installed_text: str) -> str:
    """Return where the text that stood at ``path`` before is kept, for as long as ``installed_text`` stands there."""
    return f"{path}.{zlib.crc32(installed_text.encode()):08x}{BACKUP_SUFFIX}"


def _backups(path: str) -> list[str]:
    folder, name = os.path.split(path)
    if not os.path.isdir(folder):
        return []
    with reported("read", folder), os.scandir(folder) as entries:
        return [
            entry.path
            for entry in entries
            if entry.name.startswith(name + ".")
            and entry.name.endswith(BACKUP_SUFFIX)
            and len(entry.name) == len(name) + len(".12345678") + len(BACKUP_SUFFIX)
        ]


def _remove_empty_folders(folder: str, root: str) -> None:
    """Remove ``folder`` and those above it that are empty, up to ``root``, which stays."""
    top = os.path.realpath(root)
    while folder != top and folder.startswith(top + os.sep):
        try:
            os.rmdir(folder)
        except OSError:
            return
        folder = os.path.dirname(folder)


def _project_root() -> str:
    from handoff_cli.usecases.place import locate

    return os.path.dirname(locate().project)


def _begin_project() -> None:
    """Make the project's folder: hooks do nothing in a project without one, and here they were asked for."""
    from handoff_cli.state.folder import prepare_folder
    from handoff_cli.usecases.place import locate

    place = locate()
    prepare_folder(place.project, place.project)


def _hooks_folder(root: str) -> str:
    """Return the folder git runs the hooks of the work tree ``root`` from: core.hooksPath and worktrees count."""
    path = run_git(root, "rev-parse", "--git-path", "hooks", with_hooks_path=True)
    if path is None:
        raise InputError("cannot run git, or it does not answer", "install git, or check it")
    if not path:
        raise InputError(f"{root} is no work tree of git", "run git init, or go to where one is checked out")
    return os.path.join(root, path)


_LAID_DOWN = ("token_tracker.py", "monitor_tokens.py", GUIDE_FILE)


class InitResult(Record):
    """The folder, and the names of the files that were made and of those that were there already."""

    folder: str
    made: tuple[str, ...]
    kept: tuple[str, ...]


def init(place: Place) -> InitResult:
    """Lay down ``.agent-handoffs`` for the project: state, scripts and guide; what is there already is left alone.

    Raises:
        StateError: the folder or a file cannot be read or written.
    """
    existed = _names(place.folder)
    with store.opened(place) as session_store:
        session_store.ensure_saved()
        for name in _LAID_DOWN:
            create_file(os.path.join(place.folder, name), template_text(name).encode())
    names = _names(place.folder)
    return InitResult(place.folder, tuple(sorted(names - existed)), tuple(sorted(names & existed)))


def _names(folder: str) -> set[str]:
    """Return the names of the files in ``folder`` that are for people to see."""
    with reported("read", folder):
        names = os.listdir(folder) if os.path.isdir(folder) else []
    files = (name for name in names if os.path.isfile(os.path.join(folder, name)))
    return {name for name in files if name == ".gitignore" or not name.startswith(".")}
