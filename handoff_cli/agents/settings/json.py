"""Our entries in an agent's JSON settings, comments allowed: put in, found again and taken out, the rest untouched."""

from __future__ import annotations

import re

from handoff_cli.agents.settings.command import is_ours
from handoff_cli.core import jsonc
from handoff_cli.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

EMPTY = "{}\n"
_COMMANDS = ("command", "bash", "powershell")


class Entry(Record):
    """A value that belongs into the settings at ``path``.

    ``how`` is ``item`` (one more item of the list at ``path``), ``member`` (the member itself, unless a stranger's
    stands there) or ``default`` (the member, only where there is none; it stays when we leave).
    """

    path: tuple[str, ...]
    value: Any
    how: str = "item"


def merged(text: str, entries: Sequence[Entry]) -> tuple[str, list[str]]:
    """Return the settings ``text`` with ``entries`` in it, and the dotted paths that were left to a stranger's value.

    Entries of ours that are not among ``entries`` go: an older version wrote them. Where all is as it should be,
    the text comes back as it is.

    Raises:
        ValueError: the text is no JSON object, or something on a path is neither object nor list; says where.
    """
    line_end = "\r\n" if "\r\n" in text else "\n"
    plain = text.replace("\r\n", "\n")
    before = _ours(_value(plain))
    # Ours are put in front of what is there, so the last goes in first.
    wanted = [entry for entry in entries if entry.how == "default" or _free(plain, entry)]
    if sorted(map(repr, before)) == sorted(repr(entry.value) for entry in wanted if entry.how != "default"):
        result = plain
    else:
        result = removed(plain)
    for entry in reversed(wanted):
        if not _is_there(result, entry):
            result = _put(result, entry.path, entry, "", _unit(plain))
    taken = [".".join(entry.path) for entry in entries if entry not in wanted]
    return result.replace("\n", line_end), taken


def removed(text: str) -> str:
    """Return the settings ``text`` without our entries and without the lists and objects that only held them.

    Raises:
        ValueError: the text is no JSON object.
    """
    line_end = "\r\n" if "\r\n" in text else "\n"
    return _removed(text.replace("\r\n", "\n"), _value(text)).replace("\n", line_end)


def has_entries(text: str) -> bool:
    """Return whether the settings ``text`` holds anything of ours; raises ValueError when it is no JSON object."""
    return bool(_ours(_value(text)))


def _value(text: str) -> dict[str, Any]:
    return {member.key: member.value for member in jsonc.members(text)}


def _is_entry(value: Any) -> bool:
    """Return whether ``value`` is a handler or server whose command is ours, and nothing else."""
    if not isinstance(value, dict):
        return False
    if "hooks" in value:
        handlers = value["hooks"]
        return isinstance(handlers, list) and bool(handlers) and all(map(_is_entry, handlers))
    command, args = value.get("command"), value.get("args", ())
    if isinstance(command, list):
        command, args = " ".join(map(str, command)), ()
    words = [str(arg) for arg in args] if isinstance(args, (list, tuple)) else []
    lines = [value.get(name) for name in _COMMANDS[1:]] + [" ".join([str(command or ""), *words])]
    return any(isinstance(line, str) and is_ours(line) for line in lines)


def _ours(value: Any) -> list[Any]:
    if isinstance(value, dict) and not _is_entry(value):
        return [found for item in value.values() for found in _ours(item)]
    if isinstance(value, list):
        return [found for item in value for found in _ours(item)]
    return [value] if _is_entry(value) else []


def _free(text: str, entry: Entry) -> bool:
    if entry.how == "item":
        return True
    there = _at(_value(text), entry.path)
    return there is None or _is_entry(there)


def _is_there(text: str, entry: Entry) -> bool:
    there = _at(_value(text), entry.path)
    if entry.how == "item":
        return isinstance(there, list) and entry.value in there
    return there == entry.value if entry.how == "member" else there is not None


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _put(text: str, path: tuple[str, ...], entry: Entry, margin: str, unit: str) -> str:
    name, *rest = path
    if not text.lstrip().startswith(("{", "/")):
        raise ValueError(f"{'.'.join(entry.path)} lies inside something that is no object")
    present = next((member for member in jsonc.members(text) if member.key == name), None)
    if not rest and entry.how != "item":
        return jsonc.with_member(text, name, entry.value, margin=margin, unit=unit)
    if present is None:
        value: Any = [entry.value] if entry.how == "item" else entry.value
        for inner in reversed(rest):
            value = {inner: value}
        return jsonc.with_member(text, name, value, margin=margin, unit=unit)
    inside = text[present.value_start : present.end]
    if rest:
        changed = _put(inside, tuple(rest), entry, margin + unit, unit)
    elif inside.startswith("["):
        changed = jsonc.with_item(inside, entry.value, margin=margin + unit, unit=unit)
    else:
        raise ValueError(f"{'.'.join(entry.path)} is no list")
    return text[: present.value_start] + changed + text[present.end :]


def _removed(text: str, value: Any) -> str:
    if isinstance(value, dict):
        for member in reversed(jsonc.members(text)):
            if _is_entry(member.value):
                text = jsonc.without_member(text, member.key)
            elif _ours(member.value):
                inside = _removed(text[member.value_start : member.end], member.value)
                text = text[: member.value_start] + inside + text[member.end :]
                if _is_hollow(inside):
                    text = jsonc.without_member(text, member.key)
    elif isinstance(value, list):
        for index, item in reversed(list(enumerate(jsonc.items(text)))):
            if _is_entry(item.value):
                text = jsonc.without_item(text, index)
            elif _ours(item.value):
                text = text[: item.start] + _removed(text[item.start : item.end], item.value) + text[item.end :]
    return text


def _is_hollow(text: str) -> bool:
    """Return whether a list or object holds nothing any more, not even a comment."""
    return not text[1:-1].strip()


def _unit(text: str) -> str:
    """Return one step of the text's indentation, as its first indented line shows it; two spaces where none does."""
    found = re.search(r"\n([ \t]+)\S", text)
    return found[1] if found else "  "
