"""Files in few words: paths where there is room, else folders with the names in them, else folders with counts."""

from __future__ import annotations

from handoff_cli.core.record import Record
from handoff_cli.documents.escape import code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from handoff_cli.core.transcript import FileTouch
    from handoff_cli.documents.facts import ChangedFile

CHANGING = ("created", "modified", "deleted")
_MOST_EDITED = 15
_MOST_FOLDERS = 40


class FileFact(Record):
    """A file with how often each action (``read``, ``created`` ...) fell on it, and its state in git where known."""

    path: str
    actions: tuple[tuple[str, int], ...]
    git: str = ""

    @property
    def changes(self) -> int:
        """How often it was created, modified or deleted."""
        return sum(count for action, count in self.actions if action in CHANGING)


def files_of(touches: Iterable[FileTouch], changed: Iterable[ChangedFile], project: str | None) -> tuple[FileFact, ...]:
    """Return the files of a session, the most changed first, those only read last.

    Paths below ``project`` become relative to it; what git says of a file (``changed``) is put beside it.
    """
    actions: dict[str, dict[str, int]] = {}
    for touch in touches:
        found = actions.setdefault(_relative(touch.path, project), {})
        found[touch.action] = found.get(touch.action, 0) + touch.count
    states = {file.path: _git_state(file) for file in changed}
    files = [FileFact(path, tuple(done.items()), states.get(path, "")) for path, done in actions.items()]
    return tuple(sorted(files, key=lambda file: -file.changes))


def common_folder(files: Iterable[FileFact]) -> str:
    """Return the folder that holds most of the ``files``, ending in its slash; empty where none holds two in three."""
    folders = [file.path[: file.path.rfind("/") + 1] for file in files]
    best = ""
    candidates: dict[str, int] = {}
    for folder in folders:
        at = folder.find("/", 1)
        while at >= 0:
            candidates[folder[: at + 1]] = candidates.get(folder[: at + 1], 0) + 1
            at = folder.find("/", at + 1)
    for folder, count in candidates.items():
        if count * 3 >= len(folders) * 2 and len(folder) > len(best):
            best = folder
    return best if len(folders) > 1 else ""


def lines_of(files: tuple[FileFact, ...], base: str, fits: Callable[[list[str]], bool]) -> tuple[list[str], int]:
    """Return ``files`` as lines of Markdown in the fullest form that ``fits``, and how many are not named in it.

    ``base`` (of ``common_folder``) is left off the paths below it.
    """
    one_by_one = [f"- {_short(file, file.path.removeprefix(base) if base else file.path)}" for file in files]
    if fits(one_by_one):
        return one_by_one, 0
    by_folder = _by_folder(files, base)
    named = [f"- {code(folder)}: {', '.join(_short(file, _name(file)) for file in its)}" for folder, its in by_folder]
    if fits(named):
        return named, 0
    return _counted(files, by_folder, fits)


def _counted(
    files: tuple[FileFact, ...], by_folder: list[tuple[str, list[FileFact]]], fits: Callable[[list[str]], bool]
) -> tuple[list[str], int]:
    folders = [f"{code(folder)} {len(its):,}" for folder, its in by_folder[:_MOST_FOLDERS]]
    rest = sum(len(its) for _, its in by_folder[_MOST_FOLDERS:])
    for most in (2 * _MOST_EDITED, _MOST_EDITED, 5):
        shown = folders[: 2 * most]
        hidden = sum(len(its) for _, its in by_folder[2 * most : _MOST_FOLDERS]) + rest
        elsewhere = f", elsewhere {hidden:,}" if hidden else ""
        lines = [
            f"- Most changed: {', '.join(_short(file, file.path) for file in files[:most])}",
            f"- {len(files):,} files in folders: {', '.join(shown)}{elsewhere}",
        ]
        if fits(lines):
            break
    return lines, len(files) - min(most, len(files))


def _by_folder(files: tuple[FileFact, ...], base: str) -> list[tuple[str, list[FileFact]]]:
    folders: dict[str, list[FileFact]] = {}
    for file in files:
        folder = file.path[: file.path.rfind("/") + 1]
        folders.setdefault(folder.removeprefix(base) or "./", []).append(file)
    return sorted(folders.items(), key=lambda item: -sum(file.changes for file in item[1]))


def _short(file: FileFact, name: str) -> str:
    """Return ``name`` with what was done to the file: a plain edit is only counted, anything else is named."""
    done = []
    for action, count in file.actions:
        times = f"×{count}" if count > 1 else ""
        if action == "modified":
            done.append(times)
        elif action != "read" or not file.changes:
            done.append(f"{'' if action == 'read' else action}{times}")
    notes = " ".join(part for part in (*done, file.git) if part)
    return f"{code(name)} {notes}" if notes else code(name)


def _name(file: FileFact) -> str:
    return file.path.rpartition("/")[2] or file.path


def _relative(path: str, project: str | None) -> str:
    path = path.replace("\\", "/")
    prefix = project.replace("\\", "/").rstrip("/") + "/" if project else ""
    return path.removeprefix(prefix).removeprefix("./") if prefix else path.removeprefix("./")


def _git_state(file: ChangedFile) -> str:
    counts = "" if file.lines_added is None else f" +{file.lines_added} −{file.lines_removed}"  # noqa: RUF001
    return f"(uncommitted{counts})"
