"""Commits on references of our own, made and read without work tree, index or checkout.

What a reference names may be a stranger's: kinds and sizes are judged before anything is read.
"""

from __future__ import annotations

import time

from handoff_cli.core.text import printable, shorten
from handoff_cli.errors import InputError
from handoff_cli.git import GitError, command_git

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

LOCAL_SECONDS = 60.0
_MAX_TEXT = 300


def git(folder: str, *arguments: str, data: bytes = b"", seconds: float = LOCAL_SECONDS) -> bytes:
    """Return what git prints, as ``command_git`` does; raises InputError, in one line, where it fails."""
    try:
        return command_git(folder, *arguments, data=data, seconds=seconds)
    except GitError as error:
        raise InputError(
            f"git: {printable(shorten(str(error), _MAX_TEXT))}", "see that git itself can do it: git fetch, git push"
        ) from None


def references(folder: str, under: str) -> Iterator[tuple[str, str]]:
    """Yield (name below ``under``, commit) of the references there."""
    listed = git(folder, "for-each-ref", "--format=%(objectname) %(refname)", under)
    for line in listed.decode("utf-8", "replace").splitlines():
        commit, _, name = line.partition(" ")
        yield name.removeprefix(under), commit


def commit_words(reference: str, who: str, parent: str | None, files: Mapping[str, bytes]) -> bytes:
    """Return the words of ``git fast-import`` that make a commit of ``files`` and move ``reference`` to it."""
    by = f"handoff {who} <{who}@handoff.invalid> {int(time.time())} +0000".encode()
    parts = [f"commit {reference}\n".encode(), b"author ", by, b"\ncommitter ", by, b"\ndata 7\nsession\n"]
    if parent:
        parts.append(f"from {parent}\n".encode())
    parts.append(b"deleteall\n")
    for name, data in sorted(files.items()):
        parts += [f"M 100644 inline {name}\ndata {len(data)}\n".encode(), data, b"\n"]
    return b"".join(parts)


def read_files(folder: str, wanted: Sequence[tuple[str, str, int]]) -> list[bytes | None]:
    """Return the contents of files in commits, each (commit, name, most bytes); None where it is none or too large."""
    sizes = file_sizes(folder, [(commit, name) for commit, name, _ in wanted])
    fits = [size is not None and size <= most for size, (_, _, most) in zip(sizes, wanted, strict=True)]
    asked = [f"{commit}:{name}" for (commit, name, _), fit in zip(wanted, fits, strict=True) if fit]
    contents = iter(
        _contents(git(folder, "cat-file", "--batch", data="".join(f"{it}\n" for it in asked).encode())) if asked else ()
    )
    return [next(contents, None) if fit else None for fit in fits]


def file_sizes(folder: str, wanted: Sequence[tuple[str, str]]) -> list[int | None]:
    """Return the sizes in bytes of files in commits, None for what is no plain file there."""
    if not wanted:
        return []
    modes = _plain_files(folder, wanted)
    asked = "".join(f"{commit}:{name}\n" for commit, name in wanted).encode()
    lines = git(folder, "cat-file", "--batch-check", data=asked).decode("utf-8", "replace").splitlines()
    sizes: list[int | None] = []
    for line, plain in zip(lines, modes, strict=True):
        _, _, rest = line.partition(" ")
        kind, _, size = rest.partition(" ")
        sizes.append(int(size) if plain and kind == "blob" and size.isdecimal() else None)
    return sizes


def _plain_files(folder: str, wanted: Sequence[tuple[str, str]]) -> list[bool]:
    """Tell of each whether its commit has it as a plain file: a link's content would be its target."""
    modes: dict[str, set[str]] = {}
    for commit in {commit for commit, _ in wanted}:
        try:
            listed = git(folder, "ls-tree", "-z", commit).decode("utf-8", "replace")
        except InputError:
            listed = ""
        rows = (row.partition("\t") for row in listed.split("\0"))
        modes[commit] = {name for head, _, name in rows if head.startswith("100644 blob ")}
    return [name in modes[commit] for commit, name in wanted]


def _contents(output: bytes) -> Iterator[bytes]:
    """Yield the contents that ``git cat-file --batch`` printed, one after the other."""
    at = 0
    while at < len(output):
        end = output.index(b"\n", at)
        size = int(output[at:end].rsplit(b" ", 1)[1])
        yield output[end + 1 : end + 1 + size]
        at = end + 1 + size + 1
