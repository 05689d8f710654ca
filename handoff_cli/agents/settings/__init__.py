"""The files an installation touches, and what their text is with and without our part."""

from __future__ import annotations

from handoff_cli.agents.settings import json as settings_json
from handoff_cli.agents.settings import text as settings_text
from handoff_cli.agents.settings import toml as settings_toml
from handoff_cli.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class Scope(Record):
    """Where to install: ``root`` is the user's home or the project's folder; ``mcp`` asks for the MCP server too."""

    user: bool
    root: str
    environ: Mapping[str, str]
    mcp: bool = False


class Target(Record):
    """A file and our part of it.

    ``format`` is ``json`` (``content``: a tuple of ``settings.json.Entry``), ``toml`` (``content``: path and table),
    ``text`` (``content``: lines that go between marks) or ``file`` (``content``: all of it is ours). ``head`` is what
    a new text file begins with; ``executable`` is said of the file, ``optional`` that it is left alone where it does
    not exist. ``shared`` files are committed: no backup is laid beside them, git has it. ``notes`` are for a person.
    """

    path: str
    format: str
    content: Any
    head: str = ""
    executable: bool = False
    after_first_line: bool = False
    optional: bool = False
    shared: bool = False
    notes: tuple[str, ...] = ()


def installed(target: Target, text: str | None) -> tuple[str, list[str]]:
    """Return the file's text with our part (``text`` None: there is no file), and the paths a stranger's value holds.

    Raises:
        ValueError: the text is not what the agent could read; says why.
    """
    if target.format == "json":
        return settings_json.merged(settings_json.EMPTY if text is None else text, target.content)
    if target.format == "toml":
        return settings_toml.merged(text or "", *target.content)
    if target.format == "text":
        base = target.head if text is None else text
        return settings_text.merged(base, target.content, after_first_line=target.after_first_line), []
    if text is not None and text != target.content and not has_part(target, text):
        raise ValueError("it is there already and is not ours")
    return target.content, []


def cleared(target: Target, text: str) -> str | None:
    """Return the file's text without our part, None where nothing of it is left; ValueError as ``installed``."""
    if target.format == "file":
        return None if has_part(target, text) else text
    if target.format == "json":
        rest = settings_json.removed(text)
        empty = not rest.strip("{} \t\r\n")
    elif target.format == "toml":
        rest = settings_toml.removed(text, target.content[0])
        empty = not rest.strip()
    else:
        rest = settings_text.removed(text)
        empty = rest == target.head
    return None if empty and rest != text else rest


def has_part(target: Target, text: str) -> bool:
    """Return whether our part is in ``text``; ValueError as ``installed``."""
    if target.format == "json":
        return settings_json.has_entries(text)
    if target.format == "toml":
        return settings_toml.has_entry(text, target.content[0])
    if target.format == "text":
        return settings_text.has_block(text)
    ours: str = target.content
    return text.partition("\n")[0] == ours.partition("\n")[0]
