"""Files in few words: paths where there is room, else folders with the names in them, else with counts."""

from __future__ import annotations

from handoff_cli.core.record import Record
from handoff_cli.documents.escape import name as visible_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from handoff_cli.core.transcript import FileTouch
    from handoff_cli.documents.facts import ChangedFile

CHANGING = ("created", "modified", "deleted")
_LEAST_NAMED = 5
_MOST_FOLDERS = 30


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

    Paths below ``project``, or below where the project lay when the files were touched (which paths in git give away),
    become relative to it; what git says of a file (``changed``) is put beside it.
    """
    touches, states = tuple(touches), {file.path: _git_state(file) for file in changed}
    roots = [root for root in (project, _elsewhere([touch.path for touch in touches], states)) if root]
    actions: dict[str, dict[str, int]] = {}
    for touch in touches:
        found = actions.setdefault(_relative(touch.path, roots), {})
        found[touch.action] = found.get(touch.action, 0) + touch.count
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
    """Return ``files`` as lines of text in the fullest form that ``fits``, and how many are not named in it.

    ``base`` (of ``common_folder``) is left off the paths below it.
    """
    one_by_one = [f"{_short(file, file.path.removeprefix(base) if base else file.path)}" for file in files]
    if fits(one_by_one):
        return one_by_one, 0
    many = len(files)
    while True:
        lines = _by_folder(files, many, base)
        if many <= _LEAST_NAMED or fits(lines):
            return lines, len(files) - many
        many = max(_LEAST_NAMED, many * 4 // 5)


def _by_folder(files: tuple[FileFact, ...], many: int, base: str) -> list[str]:
    """Return a line for each folder that names those of the first ``many`` files in it and counts the others."""
    named: dict[str, list[str]] = {}
    others: dict[str, int] = {}
    for index, file in enumerate(files):
        folder = file.path[: file.path.rfind("/") + 1].removeprefix(base) or "./"
        if index < many:
            named.setdefault(folder, []).append(_short(file, file.path.rpartition("/")[2]))
        else:
            others[folder] = others.get(folder, 0) + 1
    lines = [
        f"{visible_name(folder)}: {', '.join(names)}{f', {others.pop(folder):,} more' if folder in others else ''}"
        for folder, names in named.items()
    ]
    counts = [
        f"{visible_name(folder)} {number:,}" for folder, number in sorted(others.items(), key=lambda item: -item[1])
    ]
    rest = sum(sorted(others.values(), reverse=True)[_MOST_FOLDERS:])
    elsewhere = [f"elsewhere {rest:,}"] if rest else []
    return [*lines, f"Others by folder: {', '.join((*counts[:_MOST_FOLDERS], *elsewhere))}"] if counts else lines


def _short(file: FileFact, name: str) -> str:
    """Return ``name`` with what was done to the file: a plain edit is only counted, anything else is named."""
    done = []
    for action, count in file.actions:
        times = f"×{count}" if count > 1 else ""  # noqa: RUF001
        if action == "modified":
            done.append(times)
        elif action != "read" or not file.changes:
            done.append(f"{'' if action == 'read' else action}{times}")
    notes = " ".join(part for part in (*done, file.git) if part)
    return f"{visible_name(name)} {notes}" if notes else visible_name(name)


def _relative(path: str, roots: Iterable[str]) -> str:
    path = path.replace("\\", "/")
    for root in roots:
        path = path.removeprefix(root.replace("\\", "/").rstrip("/") + "/")
    return path.removeprefix("./")


def _elsewhere(paths: Iterable[str], changed: Iterable[str]) -> str | None:
    """Return the folder that ``changed`` paths are relative to, going by absolute paths that end in one of them."""
    ends = [f"/{path}" for path in changed if "/" in path]
    return next((path[: -len(end)] for path in paths for end in ends if path.endswith(end)), None)


def _git_state(file: ChangedFile) -> str:
    counts = "" if file.lines_added is None else f" +{file.lines_added} −{file.lines_removed}"  # noqa: RUF001
    return f"(uncommitted{counts})"
