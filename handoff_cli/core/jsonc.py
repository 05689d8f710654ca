"""JSON, as programs write it and as people edit it.

``loads`` and ``dumps`` are those of ``json``, by the C functions behind it: the package itself costs ``re`` and as much
again to load. What these cannot do, or an interpreter that lacks them, goes to ``json``: so do all errors, which
therefore read as ever.

What people edit may hold ``//`` and ``/* */`` comments and trailing commas; they survive a rewrite.
Comments are blanked to spaces of the same length, so that every offset and line number of what is left is true in
the original text as well: that lets ``core.json_edits`` change it in place.
"""

from __future__ import annotations

from handoff_cli.core.patterns import DOTALL, compiled
from handoff_cli.core.record import Record
from handoff_cli.core.text import shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Read = Callable[[str, int], tuple[Any, int]]
    """Reads the value that begins at an offset; returns it, and where it ends."""
    c: Any
else:
    try:
        import _json as c
    except ImportError:  # an interpreter without them
        c = None

UNIT = "  "
"""One step of indentation, where nobody says otherwise."""

_SHOWN_CHARS = 60
_SPACE = " \t\n\r"
_CONSTANTS = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": -float("inf")}


class _Context:
    """What the scanner asks for, as ``json.JSONDecoder`` has it."""

    strict = True
    object_hook = None
    parse_int = int
    memo: dict[str, str] = {}  # noqa: RUF012 - the scanner's own name; it never changes

    def __init__(self, pairs: Any, constant: Any, number: Any) -> None:
        self.object_pairs_hook = pairs
        self.parse_constant = constant
        self.parse_float = number


class NoValueError(ValueError):
    """No value begins at ``pos``; what else is wrong is a ``json.JSONDecodeError``, which has these members too."""

    def __init__(self, msg: str, pos: int) -> None:
        super().__init__(msg)
        self.msg, self.pos = msg, pos


def reader(pairs: Any = None, constant: Any = _CONSTANTS.__getitem__, number: Any = float) -> Read:
    """Return what ``JSONDecoder(object_pairs_hook, parse_constant, parse_float).raw_decode`` is."""
    if c is None:
        import json

        return json.JSONDecoder(object_pairs_hook=pairs, parse_constant=constant, parse_float=number).raw_decode
    scan = quick_reader(pairs, constant, number)

    def read(text: str, at: int) -> tuple[Any, int]:
        try:
            return scan(text, at)
        except StopIteration as stop:
            raise NoValueError("Expecting value", stop.value) from None
        except SystemError:
            # Of Python 3.11 the function finds no error to raise unless somebody has loaded this.
            import json.decoder  # noqa: F401

            return scan(text, at)

    return read


def quick_reader(pairs: Any = None, constant: Any = _CONSTANTS.__getitem__, number: Any = float) -> Read:
    """Return what reads as ``reader`` does, a call sooner; where no value is, it also raises what is no ValueError."""
    return reader(pairs, constant, number) if c is None else c.make_scanner(_Context(pairs, constant, number))


def loads(text: str | bytes) -> Any:
    """Return the value of the JSON ``text``; raises ValueError as ``json.loads`` does."""
    try:
        plain = text if isinstance(text, str) else text.decode()
        value, end = _read(plain, len(plain) - len(plain.lstrip(_SPACE)))
        if not plain[end:].strip(_SPACE):
            return value
    except ValueError:
        pass
    import json

    return json.loads(text)


def dumps(
    value: Any, *, indent: str = "", sort_keys: bool = False, compact: bool = False, any_letter: bool = False
) -> str:
    """Return ``value`` as JSON, as ``json.dumps`` does; ``compact`` leaves out blanks, NaN is no value.

    With ``any_letter`` letters outside of ASCII stand as they are, but where ``indent`` is given.

    Raises:
        ValueError, TypeError: it is none that JSON can hold.
    """
    if c is None:
        import json

        return json.dumps(
            value,
            indent=indent or None,
            sort_keys=sort_keys,
            separators=(",", ":") if compact else None,
            allow_nan=False,
            ensure_ascii=not any_letter,
        )
    if indent:
        return _indented(value, "\n", indent)
    colon, comma = (":", ",") if compact else (": ", ", ")
    letters = c.encode_basestring if any_letter else c.encode_basestring_ascii
    encode = c.make_encoder({}, _refused, letters, None, colon, comma, sort_keys, False, False)
    return "".join(encode(value, 0))


def _indented(value: Any, margin: str, unit: str) -> str:
    if not value or not isinstance(value, (dict, list, tuple)):
        return dumps(value)
    inner = margin + unit
    if isinstance(value, dict):
        parts = [f"{c.encode_basestring_ascii(key)}: {_indented(item, inner, unit)}" for key, item in value.items()]
        return f"{{{inner}{f',{inner}'.join(parts)}{margin}}}"
    return f"[{inner}{f',{inner}'.join(_indented(item, inner, unit) for item in value)}{margin}]"


def _refused(value: Any) -> Any:
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


_read = reader()


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
        return _members(without_comments_and_commas(text))


def replaced(text: str, present: list[Member], key: str, value: Any) -> tuple[str, list[Member]]:
    """Return the JSON object ``text`` with its member ``key`` set to ``value``, and the members it then has.

    ``present`` are those it has now, ``key`` among them; both lists are true for their texts.
    """
    place = next(place for place, member in enumerate(present) if member.key == key)
    old = present[place]
    rendered = dumps(value, indent=UNIT).replace("\n", f"\n{UNIT}")
    by = len(rendered) - (old.end - old.value_start)
    new = Member(key, value, old.start, old.value_start, old.end + by)
    moved = [Member(it.key, it.value, it.start + by, it.value_start + by, it.end + by) for it in present[place + 1 :]]
    return text[: old.value_start] + rendered + text[old.end :], [*present[:place], new, *moved]


def strict_reader() -> Read:
    """Return a reader that refuses what could not be written again: keys that stand twice, NaN, Infinity."""
    return reader(_unique, _refuse_number, _finite)


def _members(plain: str) -> list[Member]:
    read = strict_reader()
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
                raise ValueError(f'{where(plain, start)}: expected "key": value')  # noqa: TRY301 - it passes unchanged
            value_start = skip(plain, position + 1)
            value, end = read(plain, value_start)
            found.append(Member(key, value, start, value_start, end))
            position = after_value(plain, end, "}", "a member", "brace")
    except ValueError as error:
        raise _placed(plain, error) from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    _check_end(plain, position, "brace")
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


def _check_end(plain: str, position: int, bracket: str) -> None:
    if skip(plain, position + 1) != len(plain):
        raise ValueError(f"{where(plain, position + 1)}: something follows the closing {bracket}")


def _placed(plain: str, error: ValueError) -> ValueError:
    """Return ``error`` with its place in ``plain`` in our words, where it is the reader's and knows one."""
    at, message = getattr(error, "pos", None), getattr(error, "msg", "")
    said = message.removesuffix(" at")  # as the standard library has some
    return error if at is None else ValueError(f"{where(plain, at)}: {said[:1].lower()}{said[1:]}")


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


def line_of(text: str, key: str) -> int | None:
    """Return the line, from 1, on which the member ``key`` of the object ``text`` begins; None when it has none."""
    for member in members(text):
        if member.key == key:
            return text.count("\n", 0, member.start) + 1
    return None


def _items(plain: str) -> list[Item]:
    position = skip(plain, 0)
    if plain[position : position + 1] != "[":
        raise ValueError(f"{where(plain, position)}: expected a list in brackets")
    read, found = strict_reader(), []
    position = skip(plain, position + 1)
    try:
        while plain[position : position + 1] != "]":
            value, end = read(plain, position)
            found.append(Item(value, position, end))
            position = after_value(plain, end, "]", "an item", "bracket")
    except ValueError as error:
        raise _placed(plain, error) from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    _check_end(plain, position, "bracket")
    return found


def without_comments_and_commas(text: str) -> str:
    """Return ``text`` with its comments and its trailing commas blanked to as many spaces."""
    return _blank_trailing_commas(without_comments(text))


# What is never closed is matched to its end, and nothing is matched twice: the cost stays linear in the text's length.
_STRING = r'"(?:[^"\\\n]|\\.)*+"?'


def without_comments(text: str) -> str:
    """Return ``text`` with its comments blanked to as many spaces."""
    if "//" not in text and "/*" not in text:
        return text
    return compiled(rf"{_STRING}|//[^\n]*|/\*.*?(?:\*/|\Z)", DOTALL).sub(_blank_unless_string, text)


def _blank_trailing_commas(plain: str) -> str:
    return compiled(rf"{_STRING}|,(?=\s*[}}\]])", DOTALL).sub(_blank_unless_string, plain)


def _blank_unless_string(match: Any) -> str:
    found: str = match[0]
    return found if found.startswith('"') else "".join(char if char in "\r\n" else " " for char in found)
