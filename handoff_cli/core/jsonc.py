"""JSON as people edit it: ``//`` and ``/* */`` comments and trailing commas are read, and survive a rewrite.

Comments are blanked to spaces of the same length, so that every offset and line number of what is left is true in
the original text as well. That lets one member be replaced in place, everything around it kept byte for byte. Other
ways to change such a text are in ``jsonc_edit``.
"""

from __future__ import annotations

import json

from handoff_cli.core.record import Record
from handoff_cli.core.text import shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

UNIT = "  "
"""One step of indentation, where nobody says otherwise."""

_SHOWN_CHARS = 60


class Member(Record):
    """A member of the outermost object; ``start``, ``value_start`` and ``end`` are offsets into the text."""

    key: str
    value: Any
    start: int
    value_start: int
    end: int


def members(text: str) -> list[Member]:
    """Return the members of the JSON object ``text``, in order.

    Raises:
        ValueError: not an object, malformed, a key twice in one object, NaN or Infinity, or nested too deeply; the
            message names line and column where there is one.
    """
    try:
        return _members(text)
    except ValueError:
        from handoff_cli.core.jsonc_edit import without_comments_and_commas

        return _members(without_comments_and_commas(text))


def replaced(text: str, present: list[Member], key: str, value: Any) -> tuple[str, list[Member]]:
    """Return the JSON object ``text`` with its member ``key`` set to ``value``, and the members it then has.

    ``present`` are those it has now, ``key`` among them; both lists are true for their texts.
    """
    place = next(place for place, member in enumerate(present) if member.key == key)
    old = present[place]
    rendered = json.dumps(value, indent=UNIT).replace("\n", f"\n{UNIT}")
    by = len(rendered) - (old.end - old.value_start)
    new = Member(key, value, old.start, old.value_start, old.end + by)
    moved = [Member(it.key, it.value, it.start + by, it.value_start + by, it.end + by) for it in present[place + 1 :]]
    return text[: old.value_start] + rendered + text[old.end :], [*present[:place], new, *moved]


def decoder() -> json.JSONDecoder:
    """Return a decoder that refuses what could not be written again: keys that stand twice, NaN, Infinity."""
    return json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse_number, parse_float=_finite)


def _members(plain: str) -> list[Member]:
    read = decoder().raw_decode
    found: list[Member] = []
    position = skip(plain, 0)
    if plain[position : position + 1] != "{":
        raise ValueError(f"{where(plain, position)}: expected an object in braces")
    position = skip(plain, position + 1)
    try:
        while plain[position : position + 1] != "}":
            start = position
            key, position = read(plain, start)
            position = skip(plain, position)
            if not isinstance(key, str) or plain[position : position + 1] != ":":
                raise ValueError(f'{where(plain, start)}: expected "key": value')
            value_start = skip(plain, position + 1)
            value, end = read(plain, value_start)
            found.append(Member(key, value, start, value_start, end))
            position = after_value(plain, end, "}", "a member", "brace")
    except json.JSONDecodeError as error:
        raise ValueError(f"{where(plain, error.pos)}: {error.msg[:1].lower()}{error.msg[1:]}") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if skip(plain, position + 1) != len(plain):
        raise ValueError(f"{where(plain, position + 1)}: something follows the closing brace")
    _unique([(member.key, member.value) for member in found])
    return found


def after_value(plain: str, end: int, closing: str, what: str, bracket: str) -> int:
    """Return where ``what`` follows the value that ends at ``end``, or ``closing`` stands; ValueError for neither."""
    position = skip(plain, end)
    if plain[position : position + 1] == ",":
        position = skip(plain, position + 1)
        if plain[position : position + 1] == closing:
            raise ValueError(f"{where(plain, position)}: expected {what} after the comma")
    elif plain[position : position + 1] != closing:
        raise ValueError(f"{where(plain, position)}: expected a comma or a closing {bracket}")
    return position


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    unique = dict(pairs)
    if len(unique) != len(pairs):
        for key, _ in pairs:
            if key not in unique:
                raise ValueError(f"the key {shorten(repr(key), _SHOWN_CHARS)} stands there twice")
            del unique[key]
    return unique


def _finite(digits: str) -> float:
    number = float(digits)
    return number if number - number == 0 else _refuse_number(digits)


def _refuse_number(name: str) -> Any:
    raise ValueError(f"{shorten(name, _SHOWN_CHARS)} is not a number that can be kept")


def skip(plain: str, position: int) -> int:
    """Return where in ``plain`` the white space that begins at ``position`` ends."""
    while plain[position : position + 1] in _WHITESPACE:
        position += 1
    return position


_WHITESPACE = frozenset(" \t\n\r\ufeff")


def where(text: str, position: int) -> str:
    """Return ``position`` as line and column, in words."""
    position = min(position, len(text))
    return f"line {text.count(chr(10), 0, position) + 1}, column {position - text.rfind(chr(10), 0, position)}"
