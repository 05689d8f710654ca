"""Taking typed values out of decoded JSON that may hold anything."""

from __future__ import annotations

from handoff_cli.core.jsonc import dumps, loads, reader
from handoff_cli.core.patterns import MULTILINE, lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_MOST_TOKENS = 1 << 40
"""A larger figure is not a token count; it would only overflow somebody's arithmetic."""

MAX_PART_DEPTH = 8

MAX_ROW_BYTES = 8 << 20
"""Decoding a row takes several times its size; real rows past this are images, which are dropped before."""

UNDECODABLE = object()
_BOM = b"\xef\xbb\xbf"


def decode(raw: bytes | str) -> Any:
    """Return the decoded JSON value, ``UNDECODABLE`` for what is none, is cut off or is nested beyond reason."""
    try:
        return loads(raw if isinstance(raw, str) else raw.removeprefix(_BOM).decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return UNDECODABLE


def objects_on(line: bytes) -> list[dict[str, Any]]:
    """Return the JSON objects on a line: one as a rule, more where a writer left out the ends of lines."""
    value = decode(line)
    if value is not UNDECODABLE:
        return [value] if isinstance(value, dict) else []
    text, at = line.decode("utf-8", "replace").strip("\ufeff \t\r\n"), 0
    if not text.startswith("{") or not text.endswith("}"):
        return []
    read = reader()
    objects: list[dict[str, Any]] = []
    while text.startswith("{", at):
        try:
            value, at = read(text, at)
        except (ValueError, RecursionError):
            return []
        objects.append(value)
        while text.startswith((" ", "\t"), at):
            at += 1
    return objects if at == len(text) else []


def as_dict(value: Any) -> dict[str, Any]:
    """Return ``value`` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """Return ``value`` if it is an array, else an empty one."""
    return value if isinstance(value, list) else []


def as_str(value: Any) -> str:
    """Return ``value`` if it is text, else empty text."""
    return value if isinstance(value, str) else ""


def text_or_none(value: Any) -> str | None:
    """Return ``value`` if it is text that says something, else None."""
    return value if isinstance(value, str) and value else None


def tokens_of(value: Any) -> int | None:
    """Return ``value`` as a token count; None for anything else, booleans, negative and absurd numbers included."""
    if type(value) is not int and (isinstance(value, bool) or not isinstance(value, int | float)):
        return None
    return int(value) if 0 <= value < _MOST_TOKENS else None


def sum_tokens(usage: Any, keys: tuple[str, ...]) -> int | None:
    """Return the sum of ``keys`` in a usage object, None if none of them holds a count."""
    total = None
    for key in keys if isinstance(usage, dict) else ():
        count = usage.get(key)
        if type(count) is not int or not 0 <= count < _MOST_TOKENS:  # nearly always it is; no call for that
            count = tokens_of(count)
        if count is not None:
            total = count if total is None else total + count
    return total


def time_of(value: Any) -> str | None:
    """Return a time as text: as written if it is text, seconds or milliseconds since 1970 as UTC, else None."""
    if isinstance(value, str):
        return value[:40] or None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    import time

    try:
        # The year 5138 in seconds, 1973 in milliseconds.
        seconds = value / 1000 if value > 1e11 else value  # noqa: PLR2004
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
    except (ValueError, OverflowError, OSError):
        return None


def texts_in(content: Any, depth: int = 0) -> Iterator[str]:
    """Yield the texts of message content: plain text, or parts of any vendor's shape, nested ones included."""
    if isinstance(content, str):
        if content:
            yield content
    elif isinstance(content, list) and depth < MAX_PART_DEPTH:
        for part in content:
            yield from texts_in(part, depth + 1)
    elif isinstance(content, dict) and depth < MAX_PART_DEPTH:
        for key in ("text", "thinking", "content", "output", "refusal", "reasoning", "summary"):
            yield from texts_in(content.get(key), depth + 1)


def text_in(content: Any) -> str:
    """Return the texts of message content, joined by line breaks."""
    if isinstance(content, str):
        return content
    return "\n".join(texts_in(content))


def compact_json(value: Any) -> str:
    """Return ``value`` as JSON for counting and summaries; text stays as it is."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    try:
        return dumps(value, compact=True, any_letter=True)
    except RecursionError:
        return ""
    except ValueError:  # NaN, which JSON has not
        import json

        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def object_of(value: Any) -> dict[str, Any]:
    """Return an object, decoding it if it is JSON text (tool arguments often are); else an empty one."""
    if isinstance(value, dict):
        return value
    return as_dict(decode(value)) if isinstance(value, str) and value.lstrip().startswith("{") else {}


def path_of(uri: str) -> str:
    """Return the path of a ``file://`` address, empty for any other."""
    return unquoted_path(uri.removeprefix("file://")) if uri.startswith("file://") else ""


def unquoted_path(written: str) -> str:
    """Return the path that an address is ``written`` with: ``c:/app`` of ``/c%3A/app``."""
    from urllib.parse import unquote

    path = unquote(written)
    return path[1:] if path[:1] == "/" and path[2:3] == ":" else path


def encodable(text: str) -> str:
    """Return ``text`` without halves of surrogate pairs, which JSON can name but no file can hold."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode("utf-8")
    return text


def without_colours(text: str) -> str:
    """Return what a program printed without the escapes by which a terminal colours it and moves about."""
    return _ESCAPE.sub("", text) if "\x1b" in text else text


_ESCAPE = lazily(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]{0,4096}(?:\x07|\x1b\\)?)")


def cut(text: str, limit: int) -> str:
    """Return ``text``, or its first ``limit`` characters with a mark saying how many were cut."""
    if len(text) <= limit:
        return text
    first = head_of(text, limit)
    return f"{first}… [{max(0, len(text) - len(first))} more characters]"


def without_middle(text: str, first: int, last: int) -> str:
    """Return ``text``, or its beginning and its end with a mark between saying how many characters were left out."""
    if len(text) <= first + last:
        return text
    head, tail = head_of(text, first), tail_of(text, last)
    return f"{head}\n… [{max(0, len(text) - len(head) - len(tail))} characters] …\n{tail}"


def head_of(text: str, size: int) -> str:
    """Return at most the first ``size`` characters of ``text``, whole lines where they are not too long.

    Else it ends before a word: half of a secret would not be known as one when it is redacted later.
    """
    near = max(size // 2, size - _LINE_CHARS)
    at = text.rfind("\n", near, size)
    if at <= 0 and not text[near:size].isalnum():
        for sign in _BETWEEN_WORDS:
            at = max(at, text.rfind(sign, near, size))
    return text[: at if at > 0 else near]


_BETWEEN_WORDS = " \t\"',;&|(){}<>"


def tail_of(text: str, size: int) -> str:
    """Return at most the last ``size`` characters of ``text``, whole lines where they are not too long.

    Else secrets are redacted first where one lies near the cut: a password without its name is a word like others.
    """
    start = max(0, len(text) - size)
    at = text.find("\n", start, start + _LINE_CHARS)
    if at >= 0:
        return text[at + 1 :]
    before = max(0, start - _LINE_CHARS)
    around = text[before : start + _LINE_CHARS]
    return text[start:] if _redacted(around) == around else _redacted(text[before:])[-size:]


_LINE_CHARS = 200


def _redacted(text: str) -> str:
    from handoff_cli.redaction import redact

    return redact(text)


def first_line(text: str, limit: int = 200) -> str:
    """Return the first line that says something, cut to ``limit`` characters."""
    return cut(text.strip().partition("\n")[0], limit)


_REMINDER, _END_OF_REMINDER = "<system-reminder>", "</system-reminder>"


def without_reminders(text: str) -> str:
    """Return ``text`` without what Claude Code, and many agents after it, add to the words of a person."""
    if _REMINDER not in text:
        return text
    before, *parts = text.split(_REMINDER)
    after = (part.partition(_END_OF_REMINDER) for part in parts)
    return (before + "".join(rest if end else f"{_REMINDER}{open_}" for open_, end, rest in after)).strip()


def without_titles(text: str, *, thought: bool) -> str:
    """Return ``text`` without the lines that models set around its parts, unless it is made of these.

    In a ``thought`` they are bold, and one that ends in a colon, which says what is told below it, stays; elsewhere
    they are the rules around what Claude Code explains in a style of its own.
    """
    if thought and "**" in text:
        return "\n".join(line for line in text.split("\n") if not _is_title(line.strip())).strip() or text
    return _FRAME.sub("", text).strip() or text if _STAR in text else text


_STAR = "\u2605 "
_FRAME = lazily(rf"^[ \t]*`?(?:{_STAR}[^\n`\u2500]{{1,40}} )?\u2500{{5,200}}`?[ \t]*$", MULTILINE)


def _is_title(line: str) -> bool:
    bold = line.startswith("**") and line.endswith("**") and line.count("**") == 2  # noqa: PLR2004
    return bold and not line.endswith(":**")


def without_empty_ends(lines: list[str]) -> list[str]:
    """Return the lines from the first to the last that is not empty."""
    filled = [at for at, it in enumerate(lines) if it.strip()]
    return lines[filled[0] : filled[-1] + 1] if filled else []


ACCOUNT = (
    "This session is being continued from a previous conversation",
    "Another language model started to solve this problem and produced a summary",
)
"""How agents begin the account of what a compaction took away; copies of their logs lose the mark of such rows."""
