"""A disk that forgets what was not synced: which trees a power cut could leave, after any system call of a command."""

import os
from pathlib import Path

from tests.state.faults import Faults

VARIANTS = (("durable", "durable"), ("volatile", "durable"), ("durable", "volatile"))
"""What survives of (names, contents): nothing that was not synced; names alone; contents alone."""

Tree = dict[str, bytes | None]
"""Paths and contents of files; None for a folder."""


class _File:
    def __init__(self, content: bytes, *, durable: bool) -> None:
        self.volatile = content
        self.durable = content if durable else b""


class _Folder:
    def __init__(self) -> None:
        self.volatile: dict[str, _File | _Folder] = {}
        self.durable: dict[str, _File | _Folder] = {}


class Disk(Faults):
    """Lets every call through, and notes after each what of the tree at ``root`` a power cut could leave."""

    def __init__(self, root: str) -> None:
        super().__init__(root)
        self.trees: list[tuple[str, Tree]] = []
        self._top = _read(Path(root))

    def _spoiled(self, name: str, args: tuple, kwargs: dict):
        existed = name == "open" and os.path.lexists(args[0])
        result = super()._spoiled(name, args, kwargs)
        self._note(name, args, existed=existed)
        point = self.points[-1]
        for names, contents in VARIANTS:
            tree: Tree = {}
            _survivors(self._top, names, contents, "", tree)
            self.trees.append((f"after {point}: {names} names, {contents} contents", tree))
        return result

    def _note(self, name: str, args: tuple, *, existed: bool) -> None:
        path = self._descriptors.get(args[0]) if name in ("write", "ftruncate", "fsync") else args[0]
        if name == "open" and args[1] & os.O_CREAT and not existed:
            self._parent(path).volatile[os.path.basename(path)] = _File(b"", durable=False)
        elif name in ("write", "ftruncate"):
            self._node(path).volatile = Path(path).read_bytes()
        elif name == "fsync":
            node = self._node(path)
            node.durable = dict(node.volatile) if isinstance(node, _Folder) else node.volatile
        elif name == "mkdir":
            self._parent(path).volatile[os.path.basename(path)] = _Folder()
        elif name in ("unlink", "rmdir"):
            del self._parent(path).volatile[os.path.basename(path)]
        elif name in ("replace", "rename"):
            node = self._parent(path).volatile.pop(os.path.basename(path))
            self._parent(args[1]).volatile[os.path.basename(args[1])] = node

    def _node(self, path: str):
        node = self._top
        relative = os.path.relpath(path, self._folder)
        for part in relative.split(os.sep) if relative != "." else ():
            node = node.volatile[part]
        return node

    def _parent(self, path: str) -> _Folder:
        return self._node(os.path.dirname(path))


def put(tree: Tree, root: Path) -> None:
    """Lay ``tree`` down in the empty folder ``root``."""
    for path, content in tree.items():
        if content is None:
            (root / path).mkdir(mode=0o700)
        else:
            (root / path).write_bytes(content)


def _read(path: Path) -> _Folder:
    folder = _Folder()
    for child in path.iterdir():
        folder.volatile[child.name] = _read(child) if child.is_dir() else _File(child.read_bytes(), durable=True)
    folder.durable = dict(folder.volatile)
    return folder


def _survivors(folder: _Folder, names: str, contents: str, prefix: str, tree: Tree) -> None:
    for name, node in getattr(folder, names).items():
        path = f"{prefix}{name}"
        if isinstance(node, _Folder):
            tree[path] = None
            _survivors(node, names, contents, f"{path}/", tree)
        else:
            tree[path] = getattr(node, contents)
