"""Our tables in an agent's TOML settings, by a library that keeps comments, order and layout."""

from __future__ import annotations

from handoff_cli.agents.settings.command import is_ours

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def merged(text: str, path: tuple[str, ...], value: dict[str, Any]) -> tuple[str, list[str]]:
    """Return the settings ``text`` with the table ``value`` at ``path``; dotted paths left to strangers as second.

    Raises:
        ValueError: the text is no TOML, or something on the path is no table; says where.
    """
    import tomlkit

    document = _parsed(text)
    present: Any = document
    for name in path:
        present = present.get(name) if isinstance(present, dict) else None
    if present == value:
        return text, []
    if present is not None and not _is_entry(present):
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
    return _dumped(document, text), []


def removed(text: str, path: tuple[str, ...]) -> str:
    """Return the settings ``text`` without our table at ``path``; a stranger's there stays. ValueError: no TOML."""
    document = _parsed(text)
    parents: list[Any] = [document]
    for name in path[:-1]:
        table = parents[-1].get(name)
        if not isinstance(table, dict):
            return text
        parents.append(table)
    if not _is_entry(parents[-1].get(path[-1])):
        return text
    for table, name in reversed(list(zip(parents, path, strict=True))):
        if name == path[-1] or not table[name]:
            del table[name]
    return _dumped(document, text)


def has_entry(text: str, path: tuple[str, ...]) -> bool:
    """Return whether the settings ``text`` holds our table at ``path``; raises ValueError when it is no TOML."""
    return removed(text, path) != text


def _parsed(text: str) -> Any:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        return tomlkit.parse(text.replace("\r\n", "\n"))
    except TOMLKitError as error:
        raise ValueError(str(error)[:1].lower() + str(error)[1:]) from None


def _dumped(document: Any, original: str) -> str:
    import tomlkit

    text = tomlkit.dumps(document)
    return text.replace("\n", "\r\n") if "\r\n" in original else text


def _is_entry(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    return is_ours(" ".join([str(value.get("command", "")), *map(str, value.get("args", ()))]))
