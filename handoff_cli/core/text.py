"""Text fit for its purpose: a stranger's to be shown, told or to name a file, a time to be read and sorted.

This is the one door for what reaches a terminal (``printable``), a document or an agent (``visible``, ``one_line``,
``name``, ``told``) or a program (``json_text``): it stays where it is put and cannot hide, draw or command. All of them
disarm the tags by which an agent's program speaks to its model: an angle quotation mark stands in
place of the ``<`` of a ``</system-reminder>``.
"""

from __future__ import annotations

import time

from handoff_cli.constants import MAX_SESSION_NAME_CHARS
from handoff_cli.core.patterns import compiled
from handoff_cli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MAX_IDENTIFIER_CHARS = 100
_PLAIN_IN_SHELLS = str.maketrans("_@%+=:,./-", "0000000000")
_IDENTIFIER_MARKS = str.maketrans("._-", "000")


# C0 and C1 controls (terminal escapes among them), line separators, surrogates, bidirectional overrides (they make
# text read otherwise than it is), annotations and noncharacters (YAML refuses them): shown as what they are.
_UNSAFE = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufff9-\ufffb\ufffe\uffff]"
)
# What shows nothing, through which text can be smuggled past a reader or a comparison: left out. Joiners and variation
# selectors stay where they do their work: inside of emoji, and between letters of scripts that join.
_EMOJI = "#*0-9\xa9\xae\u203c-\u3299\U0001f000-\U0001faff"
_JOINING = "\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17ff"
_INVISIBLE = (
    "[\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
    f"|(?<![{_EMOJI}])\ufe0f|[\ufe00-\ufe0e]"
    f"|(?<![{_EMOJI}\ufe0f\U0001f3fb-\U0001f3ff{_JOINING}])\u200d|\u200d(?![{_EMOJI}{_JOINING}])"
    f"|(?<![{_JOINING}])\u200c|\u200c(?![{_JOINING}])"
)
# Tags by which an agent's program speaks to its model; a text that holds one is not that program.
_TAG = (
    r"(?i)<(?=/?(?:system|user|human|assistant|developer|command|local-command|function|tool|instruction|important|extremely"
    r"|thinking|antml|bash|task|hook|context|critical|priority|env|result|invoke|parameter|im_|\|)[\w:.|-]{0,40}(?:[\s/>|]|$))"
)

_EMOJI_FORM = "\ufe0f"
"""Makes a sign an emoji, and so as wide as two cells."""
_WITHOUT_CELLS = ("Mn", "Me", "Cf")

_OPEN, _CLOSE = "\u2039", "\u203a"  # single quotation marks, which look like the signs of a tag

MOST_TOLD_CHARS = 160
"""Characters of one name, subject or command where an agent is told several."""


def without_invisible(text: str) -> str:
    """Return ``text`` without characters that show nothing: zero width, tags, fillers, soft hyphens.

    Emoji of several parts and scripts whose letters are joined keep what joins them.
    """
    if text.isascii():
        return text
    return compiled(_INVISIBLE).sub("", text)


def visible(text: str) -> str:
    r"""Return ``text`` without invisible characters, unsafe ones written out (``\x1b``); line ends become ``\n``.

    Tags of an agent's own program are disarmed; all else, code in a fence among it, stays as it is.
    """
    if text.isascii() and text.isprintable():
        return _disarmed(text)
    text = without_invisible(text.replace("\r\n", "\n").replace("\r", "\n"))
    return _disarmed(compiled(_UNSAFE).sub(lambda found: _written_out(found[0]), text))


def json_text(text: str) -> str:
    r"""Return JSON in which the tags of an agent's own program begin with ``\u003c``: the same values once read."""
    return _disarmed(text, "\\\\u003c")


def _disarmed(text: str, instead: str = _OPEN) -> str:
    return compiled(_TAG).sub(instead, text) if "<" in text else text


def one_line(text: str) -> str:
    """Return ``text`` made visible on a single line, each run of white space a single space."""
    return " ".join(visible(text).split())


def name(text: str) -> str:
    r"""Return the name of a file, branch or command on a single line, all that is not visible written out."""
    return visible(text.replace("\r", "\\r")).replace("\n", "\\n").replace("\t", "\\t")


def told(text: str, limit: int = MOST_TOLD_CHARS) -> str:
    """Return a stranger's ``text`` as an agent may be told it among other things: one line, no tag, ``limit`` long."""
    return shorten(name(text[: 4 * limit]).replace("<", _OPEN).replace(">", _CLOSE), limit)


def printable(text: str) -> str:
    r"""Return ``text`` with every character a terminal could act on written out (``\x1b``, ``\n``, ``\u202e``).

    What counts is Python's ``str.isprintable``: controls, format characters such as bidirectional overrides,
    line and paragraph separators, lone surrogates and unassigned code points are not printable. Invisible characters
    are left out; what joins an emoji stays. Tags of an agent's own program are disarmed.
    """
    if text.isascii():
        return _disarmed(text if text.isprintable() else "".join(map(_shown, text)))
    return _disarmed("".join(char if char in "\u200c\u200d" else _shown(char) for char in without_invisible(text)))


def printable_block(text: str) -> str:
    """Return ``text`` as ``printable`` does, keeping line ends and tabs: for whole documents."""
    return "\n".join("\t".join(printable(cell) for cell in line.split("\t")) for line in text.split("\n"))


def shell_word(text: str) -> str:
    """Return ``text`` as one word of a shell, as ``shlex.quote`` does, which would load ``re``."""
    plain = text.isascii() and text.translate(_PLAIN_IN_SHELLS).isalnum()
    return text if plain else "'" + text.replace("'", "'\"'\"'") + "'"


def shorten(text: str, limit: int) -> str:
    """Return ``text`` cut to at most ``limit`` characters, a cut marked by an ellipsis that counts as one."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def counted(number: int | None, what: str, many: str = "") -> str:
    """Return ``number`` and the noun ``what``, in the plural (``many``, where that is irregular) where it takes one."""
    return f"{number or 0:,} {what if number == 1 else many or what + 's'}"


def is_identifier(value: Any) -> bool:
    """Return whether ``value`` can be a session's id and part of a file name: one component on every system."""
    return (
        isinstance(value, str)
        and 0 < len(value) <= _MAX_IDENTIFIER_CHARS
        and value.isascii()
        and value[0].isalnum()
        and value.translate(_IDENTIFIER_MARKS).isalnum()
    )


def validate_session_name(name: str) -> str:
    """Return ``name`` when it can be a session's folder name; raise UsageError when it cannot.

    Letters, digits, ``.``, ``_`` and ``-`` are allowed, at most 64 of them, not starting with a dot or a dash: such a
    name is one path component on every system and can never point outside the folder.
    """
    allowed = name.isascii() and name.replace(".", "").replace("_", "").replace("-", "").isalnum()
    if not allowed or name[0] in ".-" or name.endswith(".") or len(name) > MAX_SESSION_NAME_CHARS:
        raise UsageError(
            f"session name {name!r} is not allowed",
            f"use up to {MAX_SESSION_NAME_CHARS} letters, digits, '.', '_' or '-', starting with a letter or digit",
        )
    return name


_LAST_SECOND = 253_402_300_799.0
"""Of the year 9999, the last one with four digits, by which times are compared as texts."""


def utc_iso(seconds: float) -> str:
    """Return Unix time ``seconds`` as UTC in ISO 8601, whole seconds: ``2026-11-23T05:42:00Z``."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", _moment(seconds))


def utc_compact(seconds: float) -> str:
    """Return Unix time ``seconds`` as UTC fit for a file name: ``20261123T054200Z``."""
    return time.strftime("%Y%m%dT%H%M%SZ", _moment(seconds))


def _moment(seconds: float) -> time.struct_time:
    """A clock, or a file's time, may say anything: before 1970 is 1970, and past 9999 that year's last second."""
    return time.gmtime(max(0.0, min(seconds, _LAST_SECOND)))


def _shown(char: str) -> str:
    return char if char.isprintable() else _written_out(char)


def _written_out(char: str) -> str:
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")


def cells(text: str) -> int:
    """Return the cells of a terminal that ``text`` takes: two for a wide sign, none for what is put on another.

    What a terminal draws in fewer, as emoji joined into one, is counted in full: too much room spoils no line.
    """
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    taken = 0
    for char in text:
        if char == _EMOJI_FORM:
            taken += 1
        elif category(char) not in _WITHOUT_CELLS:
            taken += 2 if east_asian_width(char) in "WF" else 1
    return taken


def is_setting(line: str) -> bool:
    """Return whether ``line``, or the word it begins with, gives a value to a name of capitals: ``DB_HOST=db1``."""
    name, _, value = line.partition("=")
    begins = value.lstrip("=")[:1]
    given = "_" in name or begins.isalnum() or (begins != "" and begins in "_+/.~-")
    return given and name.isupper() and name.replace("_", "").isalnum()


def may_escape(text: str) -> bool:
    """Return whether ``text`` may hold colours, or characters written as escapes, percentages or entities."""
    begun = [sign for sign in _ESCAPES if sign in text]
    return any(sign + behind in text for sign in begun for behind in _ESCAPES[sign])


_ESCAPES = {
    "\\": ("",), "\x1b": ("",), "\x9b": ("",), "^": ("[",), "%": (*"234567", "0A", "0a", "1B", "1b"),
    "&": ("quot;", "apos;", "amp;", "lt;", "gt;", "equals;", "colon;", "nbsp;", "#"),
}  # fmt: skip
"""What escapes begin with, which few texts have, and what stands behind."""


def indent_of(text: str) -> int:
    """Return how many spaces a line begins with."""
    return len(text) - len(text.lstrip())
