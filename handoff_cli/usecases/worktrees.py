"""Handoffs written in a git worktree, kept for the main checkout: removing the worktree deletes the folder they are in.

A copy of each worktree's newest one lies in the main checkout's ``.agent-handoffs/worktrees/<name>/``.
"""

from __future__ import annotations

import os

from handoff_cli.constants import FOLDER_NAME, HANDOFF_FILE, MAX_HANDOFF_BYTES, WORKTREES_FOLDER
from handoff_cli.core.record import Record
from handoff_cli.core.text import is_identifier
from handoff_cli.state.files import is_folder, make_folder, read_bytes, replace_file
from handoff_cli.state.folder import prepare_folder

_MAX_BYTES = 4096
_POINTER = b"gitdir:"


class Kept(Record):
    """A handoff kept for the main checkout: its worktree's ``name``, its ``path`` and ``text``.

    ``gone`` tells that the worktree is not there any more.
    """

    name: str
    path: str
    text: str
    gone: bool


def keep_for_main(project: str, text: str) -> None:
    """Keep the handoff ``text`` of the project folder ``project`` for the main checkout, if this is a worktree of one.

    Raises:
        StateError: it cannot be written.
    """
    worktree = os.path.dirname(project)
    data = _git_folder(worktree)
    main = _main_checkout(worktree, data) if data else None
    if main is None:
        return
    folder = os.path.join(main, FOLDER_NAME)
    prepare_folder(folder, folder)
    for below in (WORKTREES_FOLDER, os.path.basename(data)):
        folder = os.path.join(folder, below)
        make_folder(folder)
    replace_file(os.path.join(folder, HANDOFF_FILE), text.encode("utf-8", "surrogateescape"))


def kept_handoffs(project: str) -> list[Kept]:
    """Return the handoffs of worktrees kept in the project folder ``project``, by name.

    Raises:
        StateError: they cannot be read.
    """
    parent = os.path.join(project, WORKTREES_FOLDER)
    if not is_folder(parent):
        return []
    found = []
    for name in sorted(filter(is_identifier, os.listdir(parent))):
        path = os.path.join(parent, name, HANDOFF_FILE)
        if is_folder(os.path.dirname(path)) and (data := read_bytes(path, MAX_HANDOFF_BYTES)) is not None:
            gone = not os.path.isdir(os.path.join(os.path.dirname(project), ".git", "worktrees", name))
            found.append(Kept(name, path, data.decode("utf-8", "replace"), gone))
    return found


def _git_folder(worktree: str) -> str:
    """Return git's own folder of ``worktree``, empty where that is no linked worktree."""
    pointer = os.path.join(worktree, ".git")
    try:
        if not os.path.isfile(pointer):
            return ""
        with open(pointer, "rb") as file:
            text = file.read(_MAX_BYTES)
    except OSError:
        return ""
    found = os.path.join(worktree, os.fsdecode(text.removeprefix(_POINTER).strip()))
    return os.path.normpath(found) if text.startswith(_POINTER) else ""


def _main_checkout(worktree: str, data: str) -> str | None:
    """Return the main checkout of a worktree whose folder in git is ``data``; a file that lies leads nowhere.

    git notes in ``<main>/.git/worktrees/<name>/gitdir`` where the worktree is: both must name each other.
    """
    common, kind = os.path.split(os.path.dirname(data))
    if kind != "worktrees" or os.path.basename(common) != ".git" or not is_identifier(os.path.basename(data)):
        return None
    try:
        with open(os.path.join(data, "gitdir"), "rb") as file:
            back = os.fsdecode(file.read(_MAX_BYTES).strip())
    except OSError:
        return None
    here = os.path.realpath(os.path.join(worktree, ".git"))
    return os.path.dirname(common) if os.path.realpath(os.path.join(data, back)) == here else None
