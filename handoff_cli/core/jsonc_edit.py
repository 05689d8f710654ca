"""Changing JSON as people edit it: members and items added and taken out, all else kept byte for byte."""

from __future__ import annotations

import json
import re

from handoff_cli.core.jsonc import UNIT, after_value, decoder, members, skip, where
from handoff_cli.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Item(Record):
    """An item of the outermost array: its value, from ``start`` to ``end`` in the text."""

    value: Any
    start: int
    end: int


def items(text: str) -> list[Item]:
    """Return the items of the JSON array ``text``, in order; raises ValueError as ``members`` does."""
    try:
        return _items(text)
    except ValueError:
        return _items(without_comments_and_commas(text))


def with_member(text: str, key: str, value: Any, *, margin: str = "", unit: str = UNIT) -> str:
    """Return the JSON object ``text`` with member ``key`` set to ``value``; a new one goes first, all else stays.

    ``margin`` is the indentation of the object's closing brace, ``unit`` one step of indentation.
    """
    rendered = _rendered(value, margin, unit)
    present = members(text)
    for member in present:
        if member.key == key:
            return text[: member.value_start] + rendered + text[member.end :]
    return _opened(text, "{", f"{json.dumps(key)}: {rendered}", margin, unit, empty=not present)


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


def line_of(text: str, key: str) -> int | None:
    """Return the line, from 1, on which the member ``key`` of the object ``text`` begins; None when it has none."""
    for member in members(text):
        if member.key == key:
            return text.count("\n", 0, member.start) + 1
    return None


def _rendered(value: Any, margin: str, unit: str) -> str:
    return json.dumps(value, indent=unit).replace("\n", f"\n{margin}{unit}")


def _opened(text: str, bracket: str, new: str, margin: str, unit: str, *, empty: bool) -> str:
    inside = _blank_comments(text).index(bracket) + 1
    rest = text[inside:]
    comma = "" if empty else ","
    starts_line = rest.lstrip(" \t").startswith(("\n", "\r"))
    gap = "" if starts_line else f"\n{margin}" if empty else f"\n{margin}{unit}"
    return f"{text[:inside]}\n{margin}{unit}{new}{comma}{gap}{rest}"


def _without(text: str, spans: list[tuple[int, int]], index: int) -> str:
    plain = _blank_comments(text)
    start, end = spans[index]
    after = skip(plain, end)
    if plain[after : after + 1] == ",":
        return text[:start] + text[end:after] + text[after + 1 :].removeprefix("\n")
    if index:
        comma = skip(plain, spans[index - 1][1])
        return text[:comma] + text[comma + 1 : start].rstrip() + text[end:]
    return text[:start] + text[end:]


def _items(plain: str) -> list[Item]:
    position = skip(plain, 0)
    if plain[position : position + 1] != "[":
        raise ValueError(f"{where(plain, position)}: expected a list in brackets")
    read, found = decoder().raw_decode, []
    position = skip(plain, position + 1)
    try:
        while plain[position : position + 1] != "]":
            value, end = read(plain, position)
            found.append(Item(value, position, end))
            position = after_value(plain, end, "]", "an item", "bracket")
    except json.JSONDecodeError as error:
        raise ValueError(f"{where(plain, error.pos)}: {error.msg[:1].lower()}{error.msg[1:]}") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return found


def without_comments_and_commas(text: str) -> str:
    """Return ``text`` with its comments and its trailing commas blanked to as many spaces."""
    return _blank_trailing_commas(_blank_comments(text))


# What is never closed is matched to its end, and nothing is matched twice: the cost stays linear in the text's length.
_STRING = r'"(?:[^"\\\n]|\\.)*+"?'


def _blank_comments(text: str) -> str:
    if "//" not in text and "/*" not in text:
        return text
    return re.sub(rf"{_STRING}|//[^\n]*|/\*.*?(?:\*/|\Z)", _blank_unless_string, text, flags=re.DOTALL)


def _blank_trailing_commas(plain: str) -> str:
    return re.sub(rf"{_STRING}|,(?=\s*[}}\]])", _blank_unless_string, plain, flags=re.DOTALL)


def _blank_unless_string(match: Any) -> str:
    found: str = match[0]
    return found if found.startswith('"') else "".join(char if char in "\r\n" else " " for char in found)
