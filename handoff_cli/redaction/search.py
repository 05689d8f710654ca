"""Finding secrets and putting ``[REDACTED:kind]`` in their place; ``core.redact`` is the door.

Own code, since a library does not fit the budget of a verb that runs on every prompt: the measured comparison, the
kinds and the limits are in ``docs/redaction.md``. Every pattern is compiled the first time a cheap literal gate says
that it may match, and every loop moves on by what it has read, so the time is linear in the text.
"""

from __future__ import annotations

import re
from functools import cache

from handoff_cli.redaction import patterns
from handoff_cli.redaction.names import SEPARATOR, assigned, find_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_MAX_PASSES = 4
_MAX_QUOTED_CHARS = 4096
_MAX_REREAD_CHARS = 200
_MAX_KEY_BLOCK_CHARS = 1 << 16
_MIN_KEY_BODY_CHARS = 16
_MIN_COOKIE_CHARS = 8


def replace_secrets(text: str) -> str:
    """Return ``text`` with its secrets replaced, as ``core.redact.redact`` promises; ``text`` itself without one."""
    for _ in range(_MAX_PASSES):
        before = text
        for step in (_redact_private_keys, _redact_prefixed, _redact_shapes, _redact_cookies, _redact_assignments):
            text = step(text)
        if text == before:
            return before
    return text


def _marker(kind: str) -> str:
    return f"[REDACTED:{kind}]"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _fold(text: str) -> str:
    """ASCII lower case, one character for one: ``str.lower`` may change the length and with it every offset."""
    return text.encode("ascii", "replace").lower().decode("ascii")


def _replace(text: str, spans: list[tuple[int, int, str]]) -> str:
    """Return ``text`` with each (start, end, kind) replaced; the spans are in order and do not overlap."""
    if not spans:
        return text
    pieces: list[str] = []
    done = 0
    for start, end, kind in spans:
        pieces += text[done:start], _marker(kind)
        done = end
    return "".join((*pieces, text[done:]))


def _redact_private_keys(text: str) -> str:
    if "PRIVATE KEY" not in text and "Private-Lines" not in text:
        return text
    end_of_block = _compiled(patterns.PRIVATE_KEY_END)
    spans: list[tuple[int, int, str]] = []
    done, closing = 0, end_of_block.search(text)
    for begin in _compiled(patterns.PRIVATE_KEY_BEGIN).finditer(text):
        if begin.start() < done:
            continue
        while closing and closing.start() < begin.end():
            closing = end_of_block.search(text, closing.end())
        lines = _compiled(patterns.PRIVATE_KEY_LINES).match(text, begin.end())
        done = lines.end() if lines else begin.end()
        if closing and _is_key_body(text, begin.end(), closing.start()):
            done = closing.end()
        if done - begin.end() > _MIN_KEY_BODY_CHARS:
            spans.append((begin.start(), done, "private-key"))
    return _replace(text, spans)


def _is_key_body(text: str, start: int, end: int) -> bool:
    if end - start > _MAX_KEY_BLOCK_CHARS or text.find("-BEGIN", start, end) >= 0:
        return False
    return bool(_compiled(r"[A-Za-z0-9+/]{16}").search(text, start, end))


def _redact_prefixed(text: str) -> str:
    for prefix, kind, body_class, least in patterns.PREFIXES:
        if prefix in text:
            text = _replace(text, _prefixed_spans(text, prefix, kind, body_class, least))
    return text


def _prefixed_spans(text: str, prefix: str, kind: str, body_class: str, least: int) -> list[tuple[int, int, str]]:
    spans: list[tuple[int, int, str]] = []
    at = text.find(prefix)
    while 0 <= at <= len(text) - len(prefix) - least:
        end = at + len(prefix)
        if not (at and text[at - 1].isascii() and text[at - 1].isalnum()):
            body = _compiled(patterns.BODY_CLASSES[body_class]).match(text, end)
            end = body.end() if body else end
            if end - at >= len(prefix) + least and _is_body(text[at + len(prefix) : end], prefix):
                spans.append((at, end, kind))
        at = text.find(prefix, end)
    return spans


def _is_body(body: str, prefix: str) -> bool:
    from handoff_cli.redaction.values import is_placeholder, is_random

    return not is_placeholder(body) and (prefix not in patterns.CONFUSABLE_PREFIXES or is_random(body))


def _redact_shapes(text: str) -> str:
    for kind, gates, pattern, judge in patterns.RULES:
        if any(gate in text for gate in gates):
            text = _compiled(pattern).sub(_replacement(kind, judge), text)
    return text


def _replacement(kind: str, judge: str) -> Callable[[re.Match[str]], str]:
    from handoff_cli.redaction import values

    judges: dict[str, Callable[[str], bool]] = {
        "": lambda secret: not values.is_placeholder(secret),
        "token": values.is_token,
        "basic": values.is_basic_auth,
        "url": values.is_userinfo,
        "userinfo": values.is_userinfo,
    }

    def replaced(match: re.Match[str]) -> str:
        group = match.lastindex or 0
        if not judges[judge](match.group(group)):
            return match.group()
        before = match.string[match.start() : match.start(group)]
        return f"{before}{_marker(kind)}{match.string[match.end(group) : match.end()]}"

    return replaced


def _redact_cookies(text: str) -> str:
    folded = _fold(text)
    if not any(gate in folded for gate in patterns.SESSION_COOKIE_GATES):
        return text
    from handoff_cli.redaction.values import is_placeholder, is_token

    spans, done = [], 0
    pair = _compiled(patterns.COOKIE_PAIR)
    for header in _compiled(patterns.COOKIE_HEADER).finditer(folded):
        at = max(header.end(), done)
        while match := pair.match(text, at):
            name, value = match.groups()
            at = match.end()
            named = any(word in name.lower() for word in patterns.SESSION_COOKIE_NAMES)
            if (named and len(value) >= _MIN_COOKIE_CHARS and not is_placeholder(value)) or is_token(value, least=16):
                spans.append((match.start(2), match.end(2), "cookie"))
            while text[at : at + 1] in {";", " "}:
                at += 1
        done = max(done, at)
    text = _replace(text, spans)
    spans = [
        (*match.span(1), "cookie")
        for match in _compiled(patterns.NAMED_SESSION_COOKIE).finditer(_fold(text))
        if not is_placeholder(text[match.start(1) : match.end(1)])
    ]
    return _replace(text, spans)


def _redact_assignments(text: str) -> str:
    folded = _fold(text)
    spans: list[tuple[int, int, str]] = []
    done = 0
    for name_start, bare_end, name in find_names(folded):
        if name_start < done:
            continue
        kind, name_end, option = assigned(folded, name_start, bare_end, name)
        separator = _compiled(SEPARATOR).match(folded, name_end) if kind else None
        if not separator or not separator.group():
            continue
        if separator.group().isspace() and not option:
            kind = "prose"
        from handoff_cli.redaction.values import is_secret

        start, end, quoted = _value(text, separator.end())
        if is_secret(text[start:end], kind, quoted=quoted):
            spans.append((start, end, "password" if kind == "password" else "secret"))
            done = end
        elif end - start > _MAX_REREAD_CHARS:
            done = end  # names inside a long value are not read again, or the time would be quadratic
    return _replace(text, spans)


def _value(text: str, at: int) -> tuple[int, int, bool]:
    """Return start and end of the value at ``at``, to its closing quote on the same line, and whether it is quoted."""
    opening = _compiled(r"\\{0,4}[\"'`]").match(text, at)
    if opening:
        limit = opening.end() + _MAX_QUOTED_CHARS
        end = text.find(opening.group(), opening.end(), limit)
        if end >= 0 and "\n" not in text[opening.end() : end]:
            return opening.end(), end, True
        at = opening.end()
    value = _compiled(patterns.UNQUOTED_VALUE).match(text, at)
    if not value:
        return at, at, False
    return at, at + len(value.group().rstrip(".)]}:")), False
