"""What a settings file holds with and without our part, whatever else is in it: JSON with comments, TOML, text."""

from __future__ import annotations

import re

from handoff_cli.agents.settings import is_ours
from handoff_cli.core import json_edits, jsonc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from handoff_cli.agents.settings import SettingsEntry, Target

EMPTY_JSON = "{}\n"
_COMMANDS = ("command", "bash", "powershell")
_JOINED = " (the line before had no end)"
_OPEN, _CLOSE = "# >>> handoff >>>", "# <<< handoff <<<"
_BLOCK = re.compile(rf"{re.escape(_OPEN)}[^\n]*\n.*?{re.escape(_CLOSE)}[^\n]*\n?", re.DOTALL)


def installed(target: Target, text: str | None) -> tuple[str, list[str]]:
    """Return the file's text with our part (``text`` None: there is no file), and the paths a stranger's value holds.

    Raises:
        ValueError: the text is not what the agent could read; says why.
    """
    if target.format == "json":
        return json_merged(EMPTY_JSON if text is None else text, target.content)
    if target.format == "toml":
        return toml_merged(text or "", *target.content)
    if target.format == "text":
        base = target.head if text is None else text
        return text_merged(base, target.content, after_first_line=target.after_first_line), []
    if text is not None and text != target.content and not has_part(target, text):
        raise ValueError("it is there already and is not ours")
    return target.content, []


def cleared(target: Target, text: str) -> str | None:
    """Return the file's text without our part, None where nothing of it is left; ValueError as ``installed``."""
    if target.format == "file":
        return None if has_part(target, text) else text
    if target.format == "json":
        rest = json_removed(text)
        empty = not rest.strip("{} \t\r\n")
    elif target.format == "toml":
        rest = toml_removed(text, target.content[0])
        empty = not rest.strip()
    else:
        rest = text_removed(text)
        empty = rest == target.head
    return None if empty and rest != text else rest


def has_part(target: Target, text: str) -> bool:
    """Return whether our part is in ``text``; ValueError as ``installed``."""
    if target.format == "json":
        return json_has_entries(text)
    if target.format == "toml":
        return toml_has_entry(text, target.content[0])
    if target.format == "text":
        return text_has_block(text)
    ours: str = target.content
    return text.partition("\n")[0] == ours.partition("\n")[0]


def json_merged(text: str, entries: Sequence[SettingsEntry]) -> tuple[str, list[str]]:
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
        result = json_removed(plain)
    for entry in reversed(wanted):
        if not _is_there(result, entry):
            result = _put(result, entry.path, entry, "", _unit(plain))
    taken = [".".join(entry.path) for entry in entries if entry not in wanted]
    return result.replace("\n", line_end), taken


def json_removed(text: str) -> str:
    """Return the settings ``text`` without our entries and without the lists and objects that only held them.

    Raises:
        ValueError: the text is no JSON object.
    """
    line_end = "\r\n" if "\r\n" in text else "\n"
    return _removed(text.replace("\r\n", "\n"), _value(text)).replace("\n", line_end)


def json_has_entries(text: str) -> bool:
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


def _free(text: str, entry: SettingsEntry) -> bool:
    if entry.how == "item":
        return True
    there = _at(_value(text), entry.path)
    return there is None or _is_entry(there)


def _is_there(text: str, entry: SettingsEntry) -> bool:
    there = _at(_value(text), entry.path)
    if entry.how == "item":
        return isinstance(there, list) and entry.value in there
    return there == entry.value if entry.how == "member" else there is not None


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _put(text: str, path: tuple[str, ...], entry: SettingsEntry, margin: str, unit: str) -> str:
    name, *rest = path
    if not text.lstrip().startswith(("{", "/")):
        raise ValueError(f"{'.'.join(entry.path)} lies inside something that is no object")
    present = next((member for member in jsonc.members(text) if member.key == name), None)
    if not rest and entry.how != "item":
        return json_edits.with_member(text, name, entry.value, margin=margin, unit=unit)
    if present is None:
        value: Any = [entry.value] if entry.how == "item" else entry.value
        for inner in reversed(rest):
            value = {inner: value}
        return json_edits.with_member(text, name, value, margin=margin, unit=unit)
    inside = text[present.value_start : present.end]
    if rest:
        changed = _put(inside, tuple(rest), entry, margin + unit, unit)
    elif inside.startswith("["):
        changed = json_edits.with_item(inside, entry.value, margin=margin + unit, unit=unit)
    else:
        raise ValueError(f"{'.'.join(entry.path)} is no list")
    return text[: present.value_start] + changed + text[present.end :]


def _removed(text: str, value: Any) -> str:
    if isinstance(value, dict):
        for member in reversed(jsonc.members(text)):
            if _is_entry(member.value):
                text = json_edits.without_member(text, member.key)
            elif _ours(member.value):
                inside = _removed(text[member.value_start : member.end], member.value)
                text = text[: member.value_start] + inside + text[member.end :]
                if _is_hollow(inside):
                    text = json_edits.without_member(text, member.key)
    elif isinstance(value, list):
        for index, item in reversed(list(enumerate(jsonc.items(text)))):
            if _is_entry(item.value):
                text = json_edits.without_item(text, index)
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


def toml_merged(text: str, path: tuple[str, ...], value: dict[str, Any]) -> tuple[str, list[str]]:
    """Return the settings ``text`` with the table ``value`` at ``path``; dotted paths left to strangers as second.

    Raises:
        ValueError: the text is no TOML, or something on the path is no table; says where.
    """
    import tomlkit

    document = _toml(text)
    present: Any = document
    for name in path:
        present = present.get(name) if isinstance(present, dict) else None
    if present == value:
        return text, []
    if present is not None and not _is_table(present):
        return text, [".".join(path)]
    table: Any = document
    for name in path[:-1]:
        if name not in table:
            table[name] = tomlkit.table(is_super_table=True)
        table = table[name]
        if not isinstance(table, dict):
            raise ValueError(f"{name} is no table")  # noqa: TRY004 - it is the text that is wrong
    ours = tomlkit.table()
    for key, item in value.items():
        ours[key] = item
    table[path[-1]] = ours
    return _toml_text(document, text), []


def toml_removed(text: str, path: tuple[str, ...]) -> str:
    """Return the settings ``text`` without our table at ``path``; a stranger's there stays. ValueError: no TOML."""
    document = _toml(text)
    parents: list[Any] = [document]
    for name in path[:-1]:
        table = parents[-1].get(name)
        if not isinstance(table, dict):
            return text
        parents.append(table)
    if not _is_table(parents[-1].get(path[-1])):
        return text
    for table, name in reversed(list(zip(parents, path, strict=True))):
        if name == path[-1] or not table[name]:
            del table[name]
    return _toml_text(document, text)


def toml_has_entry(text: str, path: tuple[str, ...]) -> bool:
    """Return whether the settings ``text`` holds our table at ``path``; raises ValueError when it is no TOML."""
    return toml_removed(text, path) != text


def _toml(text: str) -> Any:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        return tomlkit.parse(text.replace("\r\n", "\n"))
    except TOMLKitError as error:
        raise ValueError(str(error)[:1].lower() + str(error)[1:]) from None


def _toml_text(document: Any, original: str) -> str:
    import tomlkit

    text = tomlkit.dumps(document)
    return text.replace("\n", "\r\n") if "\r\n" in original else text


def _is_table(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    return is_ours(" ".join([str(value.get("command", "")), *map(str, value.get("args", ()))]))


def _block(lines: str, remark: str = "") -> str:
    """Return ``lines`` between the marks, the first of which has a ``remark``."""
    return f"{_OPEN}{remark}\n{lines.rstrip()}\n{_CLOSE}\n"


def text_merged(text: str, lines: str, *, after_first_line: bool) -> str:
    """Return ``text`` with ``lines`` between marks: in the place of those there, else on top or at the end.

    ``after_first_line`` puts them behind the first line, where a script says who runs it.
    """
    ours = _block(lines)
    if (found := _BLOCK.search(text)) is not None:
        remark = found[0].partition("\n")[0].removeprefix(_OPEN)
        return text[: found.start()] + _block(lines, remark) + text[found.end() :]
    if not after_first_line:
        return f"{text}{ours}" if text.endswith("\n") or not text else f"{text}\n{_block(lines, _JOINED)}"
    first, line_end, rest = text.partition("\n")
    return f"{first}{line_end or chr(10)}{ours}{rest}"


def text_removed(text: str) -> str:
    """Return ``text`` without our lines and their marks."""
    joined = re.compile(rf"\n{re.escape(_OPEN + _JOINED)}\n")
    return _BLOCK.sub("", joined.sub(f"{_OPEN}\n", text))


def text_has_block(text: str) -> bool:
    """Return whether ``text`` holds lines of ours."""
    return _BLOCK.search(text) is not None
