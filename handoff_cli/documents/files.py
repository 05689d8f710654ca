"""Files in few words: paths where there is room, else folders with the names in them, else with counts."""

from __future__ import annotations

from posixpath import commonpath

from handoff_cli.core.jsonc import dumps
from handoff_cli.core.paths import is_absolute, is_scratch, name_of, with_folder
from handoff_cli.core.patterns import lazily
from handoff_cli.core.record import Record
from handoff_cli.core.text import name as visible_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from handoff_cli.core.transcript import FileTouch
    from handoff_cli.documents.facts import ChangedFile

CAME_AND_WENT = "created then deleted"
CHANGING = ("created", "modified", "deleted")
AFTER_NAME = (
    r"(?: (?:created then deleted|deleted then created"
    r"|×\d+|created(?:×\d+)?|deleted(?:×\d+)?|modified|added|renamed|copied|retyped|conflicted|untracked"  # noqa: RUF001
    r"|from \S+|\+\d+|−\d+|\(uncommitted[^)]*\)))+$"  # noqa: RUF001
)
"""What may follow a name: what was done to the file, and its state in git."""

_ODD = lazily(rf"^[\s\"`]|\s$|,|:(?: |$)|/$|^Others by folder|^\d[\d,]* more$|{AFTER_NAME}")
_LEAST_NAMED = 5
_WORTH_A_LINE_CHARS = 16
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

    @property
    def came_and_went(self) -> bool:
        """Whether it was created and deleted, and git knows nothing of it: it was never more than a step."""
        return self.fate == CAME_AND_WENT and not self.git

    @property
    def fate(self) -> str:
        """Whether it was created, deleted, or both and in which order; empty where it was neither."""
        done = [action for action, _ in self.actions if action in {"created", "deleted"}]
        return " then ".join(done)


def files_of(touches: Iterable[FileTouch], changed: Iterable[ChangedFile], project: str | None) -> tuple[FileFact, ...]:
    """Return the files of a session, the most changed first, those only read last.

    Paths below ``project``, or below where the project lay when the files were touched (which paths in git give away),
    become relative to it; what git says of a file (``changed``) is put beside it.
    """
    touches, states = tuple(touches), {file.path: _git_state(file) for file in changed}
    roots = [root for root in (project, _elsewhere([touch.path for touch in touches], states)) if root]
    actions: dict[str, dict[str, int]] = {}
    whole = _whole([touch.path for touch in touches])
    for touch in touches:
        found = actions.setdefault(_relative(whole.get(touch.path, touch.path), roots), {})
        found[touch.action] = found.get(touch.action, 0) + touch.count
    files = [FileFact(path, tuple(done.items()), states.get(path, "")) for path, done in actions.items()]
    left = (it for it in files if not (is_scratch(it.path) and it.came_and_went))
    return tuple(sorted(left, key=lambda file: -file.changes))


def common_folder(files: Iterable[FileFact]) -> str:
    """Return the folder that holds most of the ``files``, ending in its slash; empty where none holds two in three.

    Only absolute paths may lie outside of it: any other would read as if it lay inside. Where the folder above holds
    all, or another that is no more than a home, it is that one.
    """
    folders = [file.path[: file.path.rfind("/") + 1] for file in files]
    if len({*folders}) > 1 and len({it.startswith("/") for it in folders}) == 1:
        shared = commonpath(folders)
        if shared.count("/") >= _BELOW_HOME:
            return f"{shared}/"
    relative = sum(not is_absolute(folder) for folder in folders)
    best = ""
    candidates: dict[str, int] = {}
    for folder in folders:
        at = folder.find("/", 1)
        while at >= 0:
            candidates[folder[: at + 1]] = candidates.get(folder[: at + 1], 0) + 1
            at = folder.find("/", at + 1)
    for folder, count in candidates.items():
        holds_all_relative = relative == (0 if is_absolute(folder) else count)
        if holds_all_relative and count * 3 >= len(folders) * 2 and len(folder) > len(best):
            best = folder
    above = best[: best.rstrip("/").rfind("/") + 1]
    if candidates.get(best) != len(folders) == candidates.get(above):
        best = above
    return best if len(folders) > 1 else ""


_BELOW_HOME = 3


class Listing(Record):
    """Files as lines of text, ``unnamed`` of them only counted.

    ``form``, from the fullest: ``path`` (a line each), ``by folder`` (with what was done to each), ``named``
    (by folder, what is new or deleted marked), ``partial`` (the same, of the most changed ones).
    """

    form: str
    lines: tuple[str, ...]
    unnamed: int = 0


def listings(files: tuple[FileFact, ...], base: str) -> Iterator[Listing]:
    """Yield the ways to list ``files``, the fullest first; ``base`` (of ``common_folder``) is left off the paths."""
    yield Listing("path", tuple(_short(file, file.path.removeprefix(base) if base else file.path) for file in files))
    yield Listing("by folder", tuple(_by_folder(files, len(files), base, _short)))
    many = len(files)
    while True:
        form = "partial" if many < len(files) else "named"
        yield Listing(form, tuple(_by_folder(files, many, base, _shortest)), len(files) - many)
        if many <= _LEAST_NAMED:
            break
        many = max(_LEAST_NAMED, many * 4 // 5)


class Listed(Record):
    """Files as ``text``, ``unnamed`` of them only counted."""

    text: str
    unnamed: int


def changed_listing(files: tuple[FileFact, ...], base: str) -> tuple[Listed, ...]:
    """Return the ways to list ``files``, the shortest first."""
    listed: list[Listed] = []
    for listing in listings(files, base):
        text = "\n".join(listing.lines)
        if not listed or len(text) < len(listed[-1].text):
            listed.append(Listed(text, listing.unnamed))
    return tuple(reversed(listed))


def uncommitted_besides(changed: Iterable[ChangedFile], touched: Iterable[FileFact]) -> tuple[FileFact, ...]:
    """Return what git calls ``changed`` and no tool ``touched``."""
    known = {file.path for file in touched}
    return tuple(
        FileFact(it.path, ((_what(it.change, it.lines_added, it.lines_removed, it.origin), 1),))
        for it in changed
        if it.path not in known
    )


def _what(change: str, added: int | None, removed: int | None, origin: str | None) -> str:
    source = f" from {visible_name(origin)}" if origin else ""
    return f"{change}{source}" if added is None else f"{change}{source} +{added} −{removed}"  # noqa: RUF001


_MOST_LEVELS = 64


class _Folder:
    """A folder of the list: the names shown in it, and the folders below it."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.below: dict[str, _Folder] = {}

    def at(self, path: str) -> _Folder:
        """Return the folder ``path`` (ending in its slash, empty for this one) below this one, made where missing.

        What lies deeper than any real tree is one folder with a long name.
        """
        folder = self
        for part in path[:-1].split("/", _MOST_LEVELS) if path else ():
            folder = folder.below.setdefault(f"{part}/", _Folder())
        return folder

    def lines(self, path: str, indent: str = "") -> Iterator[str]:
        """Yield a line for each folder with names in it; a space more than the line above means below its folder."""
        if self.names:
            yield f"{indent}{visible_name(path) or './'}: {', '.join(self.names)}"
        elif (len(self.below) - 1) * len(path) >= _WORTH_A_LINE_CHARS:
            yield f"{indent}{visible_name(path)}"
        else:
            for name, folder in self.below.items():
                yield from folder.lines(path + name, indent)
            return
        for name, folder in self.below.items():
            yield from folder.lines(name, f"{indent} " if path else indent)


def _by_folder(files: tuple[FileFact, ...], many: int, base: str, short: Callable[[FileFact, str], str]) -> list[str]:
    """Return lines that name the first ``many`` files by their folders, and count the others."""
    top, shown, others = _Folder(), set[str](), dict[str, int]()
    for index, file in enumerate(files):
        path = file.path.removeprefix(base)
        folder, name = path[: path.rfind("/") + 1], path[path.rfind("/") + 1 :]
        if index < many:
            top.at(folder).names.append(short(file, name))
            shown.add(folder)
        else:
            others[folder] = others.get(folder, 0) + 1
    for folder in shown.intersection(others):
        top.at(folder).names.append(f"{others.pop(folder):,} more")
    counts = [
        f"{visible_name(path) or './'} {number:,}" for path, number in sorted(others.items(), key=lambda it: -it[1])
    ]
    rest = sum(sorted(others.values(), reverse=True)[_MOST_FOLDERS:])
    elsewhere = [f"elsewhere {rest:,}"] if rest else []
    return [
        *top.lines(""),
        *([f"Others by folder: {', '.join((*counts[:_MOST_FOLDERS], *elsewhere))}"] if counts else []),
    ]


def _shortest(file: FileFact, name: str) -> str:
    """Return ``name``, and whether the file is new or gone."""
    return f"{shown_name(name)} {file.fate}" if file.fate else shown_name(name)


def shown_name(path: str) -> str:
    """Return ``path`` as lists show it: as a JSON string where it would not be read back as it is."""
    if visible_name(path) != path:
        return dumps(path)
    return dumps(path, any_letter=True) if _ODD.search(path) else path


def _short(file: FileFact, name: str) -> str:
    """Return ``name`` with what was done to the file, but for a plain edit, and its state in git."""
    plain = ("read", "modified")
    done = [file.fate] if " then " in file.fate else [action for action, _ in file.actions if action not in plain]
    notes = " ".join(part for part in (*done, file.git) if part)
    return f"{shown_name(name)} {notes}" if notes else shown_name(name)


def _relative(path: str, roots: Iterable[str]) -> str:
    path = path.replace("\\", "/")
    for root in roots:
        path = path.removeprefix(root.replace("\\", "/").rstrip("/") + "/")
    return path.removeprefix("./")


def _whole(paths: Iterable[str]) -> dict[str, str]:
    """Return for relative ``paths`` the absolute ones they stand for: that end in them, or lie below the same root."""
    absolute = tuple(dict.fromkeys(path for path in paths if is_absolute(path)))
    relative = {path: path.removeprefix("./") for path in paths if "/" in path and not is_absolute(path)}
    known = {path: whole for path, bare in relative.items() for whole in absolute if whole.endswith(f"/{bare}")}
    roots = tuple({whole.removesuffix(relative[path]) for path, whole in known.items()})
    return {path: roots[0] + bare for path, bare in relative.items()} if len(roots) == 1 else known


def _elsewhere(paths: Iterable[str], changed: Iterable[str]) -> str | None:
    """Return the folder that ``changed`` paths are relative to, going by absolute paths that end in one of them."""
    ends = [f"/{path}" for path in changed if "/" in path]
    return next((path[: -len(end)] for path in paths for end in ends if path.endswith(end)), None)


def _git_state(file: ChangedFile) -> str:
    counts = "" if file.lines_added is None else f" +{file.lines_added} −{file.lines_removed}"  # noqa: RUF001
    return f"(uncommitted{counts})"


def short_path(path: str) -> str:
    """Return a file's name, with its folder where many files have that name."""
    last = name_of(path)
    return visible_name(with_folder(path) if last.partition(".")[0] in _COMMON else last)


_COMMON = frozenset(
    ["index", "main", "mod", "__init__", "types", "utils", "lib", "README", "package", "config", "test"]
)
