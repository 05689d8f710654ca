"""Finding the shapes of secrets that we know of ourselves: forms of keys and hashes, webhooks, key blocks, cookies.

No pattern of ``shape_rules`` is compiled before its literal is met.
"""

from __future__ import annotations

from handoff_cli.core.patterns import ROW, Rows, compiled, compiled_as, stored

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator

    from handoff_cli.redaction.layers import Layer

    Span = tuple[int, int, str]

STORED = "shapes"
"""The name under which the tables have them."""


def _rows_of_shapes() -> tuple[str, bytes, str, str]:
    from handoff_cli.redaction.shape_rules import rows_of_shapes

    return rows_of_shapes()


*_rows, _told = stored(STORED, _rows_of_shapes)
ROWS, _RULES = Rows(*_rows), _told.split(ROW)

ANCHORS = {"bearer": "bearer", "basic-auth": "basic"}
"""Of kinds written in capitals and not: the word, in lower case, that their pattern begins with."""

PRIVATE_KEY_BEGIN = r"-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}|Private-Lines: ?\d{1,4}"
PRIVATE_KEY_END = r"-{4,5} ?END [A-Z0-9 ]{0,40}-{4,5}"
# A line of the body as it is shown by editors, diffs, quotes and numbered listings, also with escaped newlines.
PRIVATE_KEY_LINES = (
    r"(?:(?:\\[nr]|[ \t>|+\r\n\"',:]|\d{1,6}(?:\t|→|[:|] ))*"
    r"(?:[A-Za-z0-9+/=]{16,}|(?:Proc-Type|DEK-Info|Version|Comment): ?[^\n\\]{0,80}|=[A-Za-z0-9+/]{4}(?![\w])))*"
    r"(?:(?:\\[nr]|[\r\n]){1,2}[A-Za-z0-9+/]{1,15}={0,2}(?![\w ]))?"
)

COOKIE_HEADER = r"\bcookies?\\{0,4}[\"']?[ \t]{0,4}[:=,(]?[ \t]{0,4}\\{0,4}[\"']?(?=[\w.-]{1,64}=)"
COOKIE_PAIR = r"([^\s=;,\"'\\]{1,128})=([^\s;,\"'\\]{1,4096})"
SESSION_COOKIE_GATES = ("cookie", "jsessionid", "phpsessid", "sessionid=", "connect.sid", "_session=")
SESSION_COOKIE_NAMES = (
    "sess", "sid", "auth", "token", "csrf", "xsrf", "jwt", "login", "remember", "__host-", "__secure-",
)  # fmt: skip
_COUNTING_COOKIES = ("_ga", "_gid", "_gcl", "_fbp", "_hj", "__utm", "OptanonConsent")
NAMED_SESSION_COOKIE = (
    r"\b(?:jsessionid|phpsessid|asp\.net_sessionid|connect\.sid|laravel_session|_[a-z]{1,32}_session|sessionid)"
    r"=([^\s;,\"'\\&]{8,4096})"
)

_MAX_KEY_BLOCK_CHARS = 1 << 16
_MIN_KEY_BODY_CHARS = 16
_MIN_COOKIE_CHARS = 8


def private_keys(view: Layer) -> list[Span]:
    """Return (start, end, kind) of every private key, also of one whose end is missing."""
    text = view.text
    if "PRIVATE KEY" not in text and "Private-Lines" not in text:
        return []
    end_of_block = compiled(PRIVATE_KEY_END)
    spans: list[Span] = []
    done, closing = 0, end_of_block.search(text)
    for begin in compiled(PRIVATE_KEY_BEGIN).finditer(text):
        if begin.start() < done:
            continue
        while closing and closing.start() < begin.end():
            closing = end_of_block.search(text, closing.end())
        lines = compiled(PRIVATE_KEY_LINES).match(text, begin.end())
        done = lines.end() if lines else begin.end()
        if closing and _is_key_body(text, begin.end(), closing.start()):
            done = closing.end()
        if done - begin.end() > _MIN_KEY_BODY_CHARS:
            spans.append((begin.start(), done, "private-key"))
    return spans


def _is_key_body(text: str, start: int, end: int) -> bool:
    if end - start > _MAX_KEY_BLOCK_CHARS or text.find("-BEGIN", start, end) >= 0:
        return False
    return bool(compiled(r"[A-Za-z0-9+/]{16}").search(text, start, end))


def shaped(view: Layer) -> list[Span]:
    """Return (start, end, kind) of every secret that one of the rules finds."""
    text = view.text
    led = (led_to.partition(" ") for _, led_to in view.index.led(ROWS))
    spans: list[Span] = []
    for number in sorted({int(number) for number, _, gate in led if gate in text}):
        kind, judge, hint = _RULES[number].split(" ", 2)
        if hint and not compiled(hint).search(text):
            continue
        is_secret = _judge(judge)
        for match in _matches(view, kind, _pattern(number)):
            group = match.lastindex or 0
            if is_secret(match[group]):
                spans.append((*match.span(group), kind))
    return spans


def _judge(name: str) -> Callable[[str], bool]:
    """Return what tells whether the value that a rule finds is a secret, by the ``name`` that the rule has for it."""
    from handoff_cli.redaction import placeholders, values

    judges: dict[str, Callable[[str], bool]] = {
        "": lambda secret: not placeholders.is_masked(secret) and placeholders.is_random(secret),
        "any": lambda secret: "[REDACTED" not in secret,
        "token": values.is_token,
        "basic": values.is_basic_auth,
        "userinfo": placeholders.is_userinfo,
        "password": lambda secret: values.is_secret(secret, "pass", quoted=False),
    }
    return judges[name]


def name_of(number: int) -> str:
    """Return the name under which the tables have the pattern of a rule."""
    return f"shape {number}"


def ascii_only(pattern: str) -> str:
    """Return ``pattern`` with letters and digits of ASCII alone: others may stand beside a token, and are no part."""
    return f"(?a){pattern}"


def _pattern(number: int) -> re.Pattern[str]:
    def text() -> str:
        from handoff_cli.redaction.shape_rules import RULES

        return ascii_only(RULES[number][2])

    return compiled_as(name_of(number), text)


def _matches(view: Layer, kind: str, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    if kind not in ANCHORS:
        return pattern.finditer(view.text)
    found = (pattern.match(view.text, at) for at in view.index.places(ANCHORS[kind]))
    return (match for match in found if match)


SIGNED = "signed claims"
"""The name under which the tables have the pattern of one in parts, beside which letters of all writings may stand."""


def _signed() -> str:
    from handoff_cli.redaction.shape_rules import SIGNED_CLAIMS

    return SIGNED_CLAIMS


def web_tokens(text: str) -> list[Span]:
    """Return (start, end, kind) of every JSON Web Token."""
    if "eyJ" not in text:
        return []
    return [(*match.span(), "jwt") for match in compiled_as(SIGNED, _signed).finditer(text)]


def cookies(view: Layer) -> list[Span]:
    """Return (start, end, kind) of the values of cookies that say who somebody is."""
    text, folded = view.text, view.folded
    if not view.index.hold_any(SESSION_COOKIE_GATES):
        return []
    from handoff_cli.redaction.placeholders import is_placeholder
    from handoff_cli.redaction.values import is_token

    spans: list[Span] = []
    done = 0
    pair = compiled(COOKIE_PAIR)
    for header in compiled(COOKIE_HEADER).finditer(folded):
        at = max(header.end(), done)
        while match := pair.match(text, at):
            name, value = match.groups()
            at = match.end()
            if name.startswith(_COUNTING_COOKIES):
                continue
            named = any(word in name.lower() for word in SESSION_COOKIE_NAMES)
            if (named and len(value) >= _MIN_COOKIE_CHARS and not is_placeholder(value)) or is_token(value, least=16):
                spans.append((*match.span(2), "cookie"))
            while text[at : at + 1] in {";", " "}:
                at += 1
        done = max(done, at)
    spans += [
        (*match.span(1), "cookie")
        for match in compiled(NAMED_SESSION_COOKIE).finditer(folded)
        if not is_placeholder(text[match.start(1) : match.end(1)])
    ]
    return spans
