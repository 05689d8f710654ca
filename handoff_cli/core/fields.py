"""What a stored value may be: a class per kind, each with a cheap check, a reader of what people write, and words.

The tables made of these, one for each thing that is stored, are in ``settings`` and ``session``. The check runs on
every prompt; ``state.schema`` makes pydantic's models of the same tables for saying what is wrong where it fails.
"""

from __future__ import annotations

from handoff_cli.constants import MAX_COMMAND_CHARS, MAX_TOKENS
from handoff_cli.core.text import is_identifier

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    Table = Mapping[str, "Field"]

_SUFFIXES = {"k": 10**3, "m": 10**6, "g": 10**9, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30}
_DIGITS = str.maketrans("123456789", "000000000")
_LEAST_PERCENT = 10
_MOST_DIGITS = 30
"""More are no number of anything here, and Python reads only so many."""

_GROUP = 3


class Field:
    """What a member may hold.

    Attributes:
        optional: Whether null will do.
        meaning: Help text of a setting.
        default: What holds where nobody says; None for nothing.
    """

    def __init__(self, *, optional: bool = False, default: Any = None, meaning: str = "") -> None:
        self.optional = optional
        self.default = default
        self.meaning = meaning

    def fits(self, value: Any) -> bool:
        """Return whether ``value``, as JSON holds it, is one of the field's."""
        return (value is None and self.optional) or self._fits(value)

    def read(self, text: str) -> Any:
        """Return the value that ``text`` means where people write one; None where it means none."""
        return self._read(text)

    def shown(self, value: Any) -> Any:
        """Return ``value``, one of the field's or not, as a message may show it."""
        return value

    @property
    def allowed(self) -> str:
        """The values it takes, in words."""
        return self._words()

    def _read(self, text: str) -> Any:
        return text

    def _fits(self, value: Any) -> bool:
        raise NotImplementedError

    def _words(self) -> str:
        raise NotImplementedError


class Whole(Field):
    """A whole number from ``least`` to ``most``; people may write ``200k``, ``1M``, ``32MiB``, ``2e5``, ``200,000``."""

    def __init__(self, least: int = 0, most: int = MAX_TOKENS, **more: Any) -> None:
        super().__init__(**more)
        self.least, self.most = least, most

    def _words(self) -> str:
        return f"a whole number at least {self.least} and at most {self.most:,}"

    def _read(self, text: str) -> int | None:
        plain = _unquoted(text).lower()
        written = plain.rstrip("kmgib")
        factor = _SUFFIXES.get(plain[len(written) :]) if written != plain else 1
        digits = _ungrouped(written.rstrip())
        if factor is None or not (digits.isascii() and digits.lstrip("-")[:1].isdecimal()):
            return None
        if digits.removeprefix("-").isdecimal():
            return int(digits) * factor if len(digits) <= _MOST_DIGITS else None
        # 128.000 is 128 to some and 128,000 to others; a point is plain where something scales the number.
        if factor == 1 and "e" not in digits and not digits.endswith(".0"):
            return None
        number = _number(digits)
        return int(number * factor) if number is not None and number * factor == int(number * factor) else None

    def _fits(self, value: Any) -> bool:
        return type(value) is int and self.least <= value <= self.most


class Number(Field):
    """A number from ``least`` (``above``: beyond it) to ``most``."""

    def __init__(self, least: float, most: float, *, above: bool = False, **more: Any) -> None:
        super().__init__(**more)
        self.least, self.most, self.above = least, most, above

    def _words(self) -> str:
        low = f"above {self.least:g}" if self.above else f"at least {self.least:g}"
        return f"a number {low} and at most {self.most:,}"

    def _read(self, text: str) -> float | None:
        return _number(_unquoted(text))

    def _fits(self, value: Any) -> bool:
        return (
            type(value) in (int, float)
            and self.least <= value <= self.most
            and not (self.above and value <= self.least)
        )


class Share(Number):
    """A share above 0 and at most 1; people may write ``80%``, or ``80`` from 10 on, where only a percentage fits."""

    def __init__(self, **more: Any) -> None:
        super().__init__(0, 1, above=True, **more)

    def _words(self) -> str:
        return f"{super()._words()} (or a percentage, as 80%)"

    def _read(self, text: str) -> float | None:
        plain = _unquoted(text)
        number = _number(plain.removesuffix("%").rstrip().replace(",", "."))
        if number is None:
            return None
        percent = plain.endswith("%") or _LEAST_PERCENT <= number <= 100  # noqa: PLR2004 - a percentage
        return number / 100 if percent else number


class Text(Field):
    """Text of ``least`` to ``most`` characters; ``line``: printable, on one line."""

    def __init__(self, most: int, *, least: int = 0, line: bool = False, **more: Any) -> None:
        super().__init__(**more)
        self.least, self.most, self.line = least, most, line

    def _words(self) -> str:
        return f"text of {self.least} to {self.most:,} characters{', printable, on one line' if self.line else ''}"

    def _fits(self, value: Any) -> bool:
        return (
            isinstance(value, str)
            and self.least <= len(value) <= self.most
            and not (self.line and not value.isprintable())
        )


class DatabaseUrl(Field):
    """The URL of a PostgreSQL database as libpq reads it, without anything secret: our files are no place for that."""

    _SCHEMES = ("postgresql://", "postgres://")
    _MOST_CHARS = 2_000

    def _words(self) -> str:
        return (
            "postgresql://USER@HOST/DATABASE without a password, which belongs into ~/.pgpass, a service file "
            "(postgresql://?service=NAME) or PGPASSWORD"
        )

    def _read(self, text: str) -> str:
        return text.strip()

    def _fits(self, value: Any) -> bool:
        plain = isinstance(value, str) and len(value) <= self._MOST_CHARS and value.isprintable() and " " not in value
        return plain and value.startswith(self._SCHEMES) and shown_url(value) == value

    def shown(self, value: Any) -> Any:
        """Return the URL without what is secret in it."""
        return shown_url(value) if isinstance(value, str) else value


def shown_url(url: str) -> str:
    """Return the ``url`` of a database as a message may show it: passwords and other secrets are three stars.

    Where it is not clear what libpq would take for a password, more is hidden rather than less.
    """
    scheme, mark, rest = url.partition("://") if "://" in url else ("", "", url)
    if not mark and "pass" in url.lower():
        return "***"
    login, at, where = rest.rpartition("@")
    if at and ":" in login and not login.endswith(":"):
        login = f"{login.partition(':')[0]}:***"
    where, question, query = where.partition("?")
    words = [_shown_word(word) for word in query.split("&")]
    return f"{scheme}{mark}{login}{at}{where}{question}{'&'.join(words)}"


def _shown_word(word: str) -> str:
    key, _, value = word.partition("=")
    if "%" in key:
        from urllib.parse import unquote

        key = unquote(key)
    plain = key.lower()
    secret = ("pass" in plain and plain != "passfile") or "secret" in plain or plain.startswith("scram")
    return f"{key}=***" if secret and value else word


class OneOf(Field):
    """One of ``choices``."""

    def __init__(self, *choices: str, **more: Any) -> None:
        super().__init__(**more)
        self.choices = choices

    def _words(self) -> str:
        return f"one of {', '.join(self.choices)}"

    def _read(self, text: str) -> str:
        return _unquoted(text)

    def _fits(self, value: Any) -> bool:
        return isinstance(value, str) and value in self.choices


class Flag(Field):
    """True or false; people may write ``yes``, ``no``, ``on``, ``off``, 1 and 0."""

    def _words(self) -> str:
        return "true or false"

    def _read(self, text: str) -> bool | None:
        plain = _unquoted(text).lower()
        return True if plain in ("true", "yes", "on", "1") else False if plain in ("false", "no", "off", "0") else None

    def _fits(self, value: Any) -> bool:
        return isinstance(value, bool)


class CommandText(Field):
    """A command: one line, or a list of arguments; where people can only write text, a list is written as JSON."""

    def _words(self) -> str:
        return f"a command of up to {MAX_COMMAND_CHARS} characters, or a list of its arguments"

    def _read(self, text: str) -> Any:
        if text.startswith("["):
            from handoff_cli.core.jsonc import loads

            try:
                return loads(text)
            except (ValueError, RecursionError):
                return text
        return text

    def _fits(self, value: Any) -> bool:
        words = value if isinstance(value, list) else [value]
        texts = bool(words) and all(isinstance(word, str) and "\0" not in word for word in words)
        return texts and bool(words[0].strip()) and sum(map(len, words)) <= MAX_COMMAND_CHARS


class Time(Field):
    """A UTC time in ISO 8601, whole seconds."""

    def _words(self) -> str:
        return "a UTC time such as 2026-11-23T05:42:00Z"

    def _fits(self, value: Any) -> bool:
        return isinstance(value, str) and value.translate(_DIGITS) == "0000-00-00T00:00:00Z"


class Identifier(Field):
    """A session's id: part of a file name on every system."""

    def _words(self) -> str:
        return "up to 100 letters, digits, '.', '_' or '-', beginning with a letter or digit"

    def _fits(self, value: Any) -> bool:
        return is_identifier(value)


class Hex(Field):
    """So many hexadecimal digits."""

    def __init__(self, digits: int, **more: Any) -> None:
        super().__init__(**more)
        self.digits = digits

    def _fits(self, value: Any) -> bool:
        return isinstance(value, str) and len(value) == self.digits and not value.strip("0123456789abcdef")

    def _words(self) -> str:
        return f"{self.digits} hexadecimal digits"


class Object(Field):
    """Any JSON object."""

    def _words(self) -> str:
        return "an object"

    def _fits(self, value: Any) -> bool:
        return isinstance(value, dict)


class Nested(Field):
    """An object with the members of ``table``, and those of ``more`` where they are there."""

    def __init__(self, table: Table, extra: Table, **more: Any) -> None:
        super().__init__(**more)
        self.table, self.extra = table, extra

    def _fits(self, value: Any) -> bool:
        return fits(self.table, value) and all(
            self.extra[name].fits(value[name]) for name in self.extra if name in value
        )

    def _words(self) -> str:
        return f"an object with {', '.join(self.table)}"


class ListOf(Field):
    """A list of up to ``most`` objects, each as ``table`` says."""

    def __init__(self, table: Table, most: int, **more: Any) -> None:
        super().__init__(**more)
        self.table, self.most = table, most

    def _words(self) -> str:
        return f"a list of up to {self.most:,} objects"

    def _fits(self, value: Any) -> bool:
        return isinstance(value, list) and len(value) <= self.most and all(fits(self.table, item) for item in value)


def wrong_member(table: Table, value: Mapping[str, Any]) -> str | None:
    """Return the first member that ``table`` asks for and ``value`` lacks or has wrong, None when all is right."""
    return next((name for name, field in table.items() if name not in value or not field.fits(value[name])), None)


def fits(table: Table, value: Any) -> bool:
    """Return whether ``value`` is an object with every member of ``table``, each as it should be; more do no harm."""
    return isinstance(value, dict) and wrong_member(table, value) is None


def _unquoted(text: str) -> str:
    """Return ``text`` without spaces around it, and without quotes that belong to a file or a shell."""
    plain = text.strip()
    quoted = len(plain) > 1 and plain[0] == plain[-1] and plain[0] in "\"'"
    return plain[1:-1].strip() if quoted else plain


def _ungrouped(digits: str) -> str:
    """Return ``digits`` without what groups them by thousands: 200,000 and 1 000 000, but not 1,5."""
    for mark in (",", " ", "'"):
        first, *groups = digits.split(mark)
        if groups and first.lstrip("-").isdecimal() and all(len(it) == _GROUP and it.isdecimal() for it in groups):
            return "".join((first, *groups))
    return digits.replace("_", "")


def _number(text: str) -> float | None:
    if not text.isascii():
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) <= MAX_TOKENS else None
