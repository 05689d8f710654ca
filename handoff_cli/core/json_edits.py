"""Members and items of a JSON text set and taken out in place, everything around them kept byte for byte.

The text may be one that people edit, with comments and trailing commas, as ``core.jsonc`` reads it.
"""

from __future__ import annotations

from handoff_cli.core.jsonc import UNIT, dumps, items, members, skip, without_comments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def with_member(text: str, key: str, value: Any, *, margin: str = "", unit: str = UNIT) -> str:
    """Return the JSON object ``text`` with member ``key`` set to ``value``; a new one goes first, all else stays.

    ``margin`` is the indentation of the object's closing brace, ``unit`` one step of indentation.
    """
    rendered = _rendered(value, margin, unit)
    present = members(text)
    for member in present:
        if member.key == key:
            return text[: member.value_start] + rendered + text[member.end :]
    return _opened(text, "{", f"{dumps(key)}: {rendered}", margin, unit, empty=not present)


def with_last_member(text: str, key: str, value: Any) -> str:
    """Return the JSON object ``text`` with a new member ``key`` as its last one."""
    plain, present = without_comments(text), members(text)
    end = present[-1].end if present else plain.index("{") + 1
    comma = present and plain[skip(plain, end) : skip(plain, end) + 1] != ","
    brace = plain.rindex("}")
    before = f"{text[:end]}{',' if comma else ''}{text[end:brace].rstrip()}"
    return f"{before}\n{UNIT}{dumps(key)}: {_rendered(value, '', UNIT)}\n{text[brace:]}"


def with_item(text: str, value: Any, *, margin: str = "", unit: str = UNIT) -> str:
    """Return the JSON array ``text`` with ``value`` as its first item; arguments as ``with_member``."""
    return _opened(text, "[", _rendered(value, margin, unit), margin, unit, empty=not items(text))


def without_member(text: str, key: str) -> str:
    """Return the JSON object ``text`` without the member ``key``; all else, comments too, stays as it is."""
    present = members(text)
    index = next((index for index, member in enumerate(present) if member.key == key), None)
    return text if index is None else _without(text, [(member.start, member.end) for member in present], index)


def without_item(text: str, index: int) -> str:
    """Return the JSON array ``text`` without its item ``index``; all else, comments too, stays as it is."""
    return _without(text, [(item.start, item.end) for item in items(text)], index)


def _rendered(value: Any, margin: str, unit: str) -> str:
    return dumps(value, indent=unit).replace("\n", f"\n{margin}{unit}")


def _opened(text: str, bracket: str, new: str, margin: str, unit: str, *, empty: bool) -> str:
    inside = without_comments(text).index(bracket) + 1
    rest = text[inside:]
    comma = "" if empty else ","
    starts_line = rest.lstrip(" \t").startswith(("\n", "\r"))
    gap = "" if starts_line else f"\n{margin}" if empty else f"\n{margin}{unit}"
    return f"{text[:inside]}\n{margin}{unit}{new}{comma}{gap}{rest}"


def _without(text: str, spans: list[tuple[int, int]], index: int) -> str:
    plain = without_comments(text)
    start, end = spans[index]
    after = skip(plain, end)
    if plain[after : after + 1] == ",":
        return text[:start] + text[end:after] + text[after + 1 :].removeprefix("\n")
    if index:
        comma = skip(plain, spans[index - 1][1])
        return text[:comma] + text[comma + 1 : start].rstrip() + text[end:]
    return text[:start] + text[end:]
