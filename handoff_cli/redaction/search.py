"""Finding secrets and putting ``[REDACTED:kind]`` in their place; ``redact`` is the door.

Own code, since a library does not fit the budget of a verb that runs on every prompt: the measured comparison, the
kinds and the limits are in ``docs/redaction.md``. Every pattern is compiled the first time a cheap literal gate says
that it may match, and every loop moves on by what it has read, so the time is linear in the text.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache, partial

from handoff_cli.redaction import patterns
from handoff_cli.redaction.names import SEPARATOR, assigned, find_names
from handoff_cli.redaction.view import View, joined, view_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Span = tuple[int, int, str]

_MAX_PASSES = 4
_MAX_QUOTED_CHARS = 4096
_MAX_REREAD_CHARS = 200
_MAX_KEY_BLOCK_CHARS = 1 << 16
_MIN_KEY_BODY_CHARS = 16
_MIN_COOKIE_CHARS = 8
_LONGEST_NAME = 200
_MOST_REMEMBERED = 1 << 20
_MOST_SNIPPETS, _SNIPPET_CHARS = 100, 700


def replace_secrets(text: str) -> str:
    """Return ``text`` with its secrets replaced, as ``redact.redact`` promises; ``text`` itself without one."""
    view = view_of(text)
    for _ in range(_MAX_PASSES):
        before = text
        for find in _STEPS:
            changed = find(view, text)
            if changed is not text:
                text, view = changed, view_of(changed)
        if text == before:
            return before
    return text


def _replaced(find: Callable[[str], list[Span]], view: View, text: str) -> str:
    spans = find(view.text)
    return view.replaced(spans) if spans else text


def _unwrapped(view: View, text: str, *, exact: bool) -> str:
    """Replace tokens that a line end divides, where a known beginning of a token runs up to one.

    Those of one length (``exact``) go first: of the others, what is left of the line end may be whole.
    """
    from handoff_cli.redaction.published import TOKENS

    if "\n" not in view.text:
        return text
    places = _running_on(view.text)
    if not places:
        return text
    if len(places) > _MOST_SNIPPETS:
        places = [(0, len(view.text))]
    forms = ("exact",) if exact else TOKENS
    spans: list[Span] = []
    for start, end in places:
        whole = joined(View(view.text[start:end]))
        for first, last, kind in [*(() if exact else _prefixed(whole.text)), *_published(whole.text, forms)]:
            begin, stop = whole.span(first, last)
            if "\n" in view.text[start + begin : start + stop]:
                spans.append((start + begin, start + stop, kind))
    return view.replaced(spans) if spans else text


def _running_on(text: str) -> list[tuple[int, int]]:
    """Return where a known beginning of a token stands in a word that runs up to a line end, with what follows it."""
    from handoff_cli.redaction.published import token_starts

    places: list[tuple[int, int]] = []
    done = 0
    for at in sorted({*_prefix_starts(text), *token_starts(_fold(text))}):
        if at < done:
            continue
        word = _compiled(patterns.WORD).match(text, at)
        done = word.end() if word else at + 1
        if _compiled(patterns.RUNS_ON).match(text, done - 1):
            places.append((max(at - 1, 0), at + _SNIPPET_CHARS))
    return places


def _prefix_starts(text: str) -> Iterator[int]:
    for prefix, *_ in _prefixes_in(text):
        at = text.find(prefix)
        while at >= 0:
            yield at
            at = text.find(prefix, at + len(prefix))


def _prefixes_in(text: str) -> Iterable[tuple[str, str, str, int]]:
    """Return those of ``PREFIXES`` that are in ``text``; one text is asked about several times over."""
    return _remembered_prefixes(text) if len(text) <= _MOST_REMEMBERED else _present(text)


@lru_cache(maxsize=4)
def _remembered_prefixes(text: str) -> list[tuple[str, str, str, int]]:
    return list(_present(text))


def _present(text: str) -> Iterator[tuple[str, str, str, int]]:
    return (found for found in patterns.PREFIXES if found[0] in text)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _fold(text: str) -> str:
    """ASCII lower case, one character for one: ``str.lower`` may change the length and with it every offset."""
    return text.encode("ascii", "replace").lower().decode("ascii")


def _private_keys(text: str) -> list[Span]:
    if "PRIVATE KEY" not in text and "Private-Lines" not in text:
        return []
    end_of_block = _compiled(patterns.PRIVATE_KEY_END)
    spans: list[Span] = []
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
    return spans


def _is_key_body(text: str, start: int, end: int) -> bool:
    if end - start > _MAX_KEY_BLOCK_CHARS or text.find("-BEGIN", start, end) >= 0:
        return False
    return bool(_compiled(r"[A-Za-z0-9+/]{16}").search(text, start, end))


def _prefixed(text: str) -> list[Span]:
    spans: list[Span] = []
    for prefix, kind, body_class, least in _prefixes_in(text):
        spans += _with_prefix(text, prefix, kind, body_class, least)
    return spans


def _with_prefix(text: str, prefix: str, kind: str, body_class: str, least: int) -> list[Span]:
    spans: list[Span] = []
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
    from handoff_cli.redaction.values import is_masked, is_random

    return not is_masked(body) and (prefix not in patterns.CONFUSABLE_PREFIXES or is_random(body))


def _shapes(text: str) -> list[Span]:
    spans: list[Span] = []
    for kind, gates, pattern, judge in patterns.RULES:
        if any(gate in text for gate in gates) and (kind not in patterns.LONG or _longest(text) >= patterns.LONG[kind]):
            is_secret = _judges()[judge]
            for match in _compiled(pattern).finditer(text):
                group = match.lastindex or 0
                if is_secret(match[group]):
                    spans.append((*match.span(group), kind))
    return spans


def _longest(text: str) -> int:
    return max(map(len, text.split()), default=0)


@cache
def _judges() -> dict[str, Callable[[str], bool]]:
    from handoff_cli.redaction import values

    return {
        "": lambda secret: not values.is_masked(secret),
        "any": lambda secret: "[REDACTED" not in secret,
        "token": values.is_token,
        "basic": values.is_basic_auth,
        "url": values.is_userinfo,
        "userinfo": values.is_userinfo,
        "password": lambda secret: values.is_secret(secret, "pass", quoted=False),
    }


def _published(text: str, forms: tuple[str, ...] | None = None) -> list[Span]:
    from handoff_cli.redaction.published import published_spans

    return published_spans(text, _fold(text), forms) if forms else published_spans(text, _fold(text))


def _options(text: str) -> list[Span]:
    from handoff_cli.redaction.commands import option_spans

    return option_spans(text, _fold(text))


def _cookies(text: str) -> list[Span]:
    folded = _fold(text)
    if not any(gate in folded for gate in patterns.SESSION_COOKIE_GATES):
        return []
    from handoff_cli.redaction.values import is_placeholder, is_token

    spans: list[Span] = []
    done = 0
    pair = _compiled(patterns.COOKIE_PAIR)
    for header in _compiled(patterns.COOKIE_HEADER).finditer(folded):
        at = max(header.end(), done)
        while match := pair.match(text, at):
            name, value = match.groups()
            at = match.end()
            named = any(word in name.lower() for word in patterns.SESSION_COOKIE_NAMES)
            if (named and len(value) >= _MIN_COOKIE_CHARS and not is_placeholder(value)) or is_token(value, least=16):
                spans.append((*match.span(2), "cookie"))
            while text[at : at + 1] in {";", " "}:
                at += 1
        done = max(done, at)
    spans += [
        (*match.span(1), "cookie")
        for match in _compiled(patterns.NAMED_SESSION_COOKIE).finditer(folded)
        if not is_placeholder(text[match.start(1) : match.end(1)])
    ]
    return spans


def _assignments(text: str) -> list[Span]:
    folded = _fold(text)
    spans: list[Span] = []
    done = 0
    for name_start, bare_end, name in find_names(folded):
        if name_start < done:
            continue
        if not folded[bare_end : bare_end + _LONGEST_NAME].strip(
            patterns.NAME_CHARACTERS
        ) and bare_end + _LONGEST_NAME < len(folded):
            run = _compiled(patterns.NAME_RUN).match(folded, bare_end)
            done = run.end() if run else bare_end
            continue
        kind, name_end, option = assigned(folded, name_start, bare_end, name)
        separator = _compiled(SEPARATOR).match(folded, name_end) if kind else None
        if not separator or not separator.group():
            continue
        between = separator.group()
        if between.isspace() and not option and between.strip("\t"):
            kind = "prose"
        elif "\n" in between or "|" in between or not between.strip("\t"):
            kind = "apart" if kind in {"password", "pass"} else "weak" if "\n" in between else "cell"
        from handoff_cli.redaction.values import is_secret

        start, end, quoted = _value(text, separator.end())
        quoted = quoted and not (kind in {"password", "pass"} and between.lstrip("\\\"'` \t").startswith(","))
        if is_secret(text[start:end], kind, quoted=quoted):
            spans.append((start, end, "password" if kind in {"password", "pass", "apart"} else "secret"))
            done = end
        elif end - start > _MAX_REREAD_CHARS:
            done = end  # names inside a long value are not read again, or the time would be quadratic
    return spans


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


_FINDERS = (_private_keys, _shapes, _prefixed, _cookies, _options, _assignments, _published)
_STEPS: tuple[Callable[[View, str], str], ...] = (
    partial(_unwrapped, exact=True),
    *(partial(_replaced, find) for find in _FINDERS),
    partial(_unwrapped, exact=False),
)
