"""What stands between the name of a secret and its value, and where the value ends."""

from __future__ import annotations

from handoff_cli.core.patterns import compiled

_MAX_QUOTED_CHARS, _MAX_BLANKS = 4096, 40


# An ampersand ends a value where the next parameter of a query follows, not inside a password.
_UNQUOTED_VALUE = r"(?:[^\s\"'`<>&;,|\\]|&(?![\w.%-]{1,40}=))+"

_OPENING = r"\*{0,2}(?:[bruBRUfNLE@]{1,2}(?=[\"']))?(\\{0,4}[\"'`])"

_MARK = (
    r"(?:\d{4}-\d\d-\d\d[t ][\d:.,]{8,18}(?:z|[+-]\d\d:?\d\d)?[ ][ \t]{0,40}|[+-][ \t]{1,40}|\d{1,6}[:\t?][ \t]{0,40}"
    r"|[\w./-]{1,80}\.[a-z]\w{0,5}[:-]\d{1,6}[:-][ \t]{0,40})?"
)
"""What may stand before each line: the time, a sign of a diff, a number (an arrow behind it is a ``?``), a file and a number."""

SEPARATORS = (
    ("{", r"\{[ \t\r\n]{0,40}default[ \t]{0,8}="),
    ("?", r"\?[ \t]?:[ \t]{0,4}[a-z][\w\[\]|. ]{0,30}=[ \t]{0,4}(?=[\"'])|\?\?=?[ \t]?(?=[\"'])|\?=[ \t]?|\?:?[ \t](?:now[ \t]|set[ \t]to[ \t])?"),
    (":", rf":[ \t]{{0,4}}&?(?:'\w{{1,16}}[ \t])?[a-z][\w\[\]|.]{{0,30}}(?:[ \t]{{1,4}}=|=(?=[^\s=]))|:=|:[ \t]{{1,4}}!(?:!\w{{1,12}}|unsafe)[ \t]{{1,4}}|:[ \t]{{0,4}}[|>][-+]?[ \t]{{0,8}}\r?\n[ \t]{{0,40}}{_MARK}|:\*{{0,2}}[ \t]{{0,8}}\r?\n(?:[ \t]{{0,8}}\r?\n)?[ \t]{{0,40}}{_MARK}(?:```\w{{0,12}}[ \t]{{0,4}}\r?\n)?|:\*{{0,2}}"),
    ("=", r"=[ \t]{0,4}[\\(]?\r?\n[ \t]{1,40}(?=[\"'])|={1,3}>?"),
    ("|>", r"\|\|=?[ \t]?(?=[\"'])|\|\|[ \t]|[|>][-+]?[ \t]{0,8}\r?\n[ \t]{0,40}|>|\|[ \t]{0,60}[\w.@-]{1,30}[ \t]{0,20}\|[ \t]{0,60}(?=`?[a-z0-9+/=_.-]{24,512}`?[ \t]{0,60}\|)|\|[ \t]{0,60}"),
    ("<", r"<-[ \t]|</[\w:-]{1,24}>[ \t\r\n]{0,16}" + _MARK + r"<[\w:-]{1,24}>(?:[ \t]{0,4}<[\w:-]{1,24}>)?"),
    (".", r"\.{3,60}[ \t]?"),
    (",;", r",(?=[ \t]{0,12}\\{0,4}[\"'])|[,;](?=[a-z0-9+/=_-]{24,512}\r?(?:\n|\Z))|,[ \t](?=[a-z0-9_-]{20,128},[ \t])"),
    ("(", r"\((?=\\{0,4}[\"'])|\([a-z][a-z ,']{2,40}\):?[ \t]{1,4}"),
    ("cg", r"(?:created|generated)(?:[ \t]successfully)?:[ \t]{1,4}(?:\r?\n[ \t]{0,16})?"),
    ("-", r"-{1,2}>[ \t]|-[ \t]"),
    ("s", r"successfully[ ](?:created|generated):[ \t]{1,4}|(?<=['`])s[ \t]|string[ \t]={1,3}>?|should[ \t]be[ \t]"),
    ("fo", r"(?:for|of)[ \t][^\s:]{1,64}(?:[ \t][^\s:]{1,20}){0,3}?[ \t](?:is)?:\*{0,2}[ \t]{0,8}\r?\n(?:[ \t]{0,8}\r?\n)?[ \t]{0,40}(?:```\w{0,12}[ \t]{0,4}\r?\n)?|(?:for|of)(?:[ \t][^\s:=]{1,64}?){1,3}?(?:[ \t]['\"]\S{1,64}?)?(?:[ \t]is:?[ \t]|[ \t]?[:=][ \t])"),
    ("iwle", r"(?:is|will[ \t]be|lautet|ist|est|es):?[ \t](?:now[ \t]|set[ \t]to[ \t])?|was[ \t]|is:\*{0,2}[ \t]{0,8}\r?\n(?:[ \t]{0,8}\r?\n)?[ \t]{0,40}"),
    ("t", r"to[ \t]"),
    ("\r\n", r"\r?\n[ \t]{0,16}" + _MARK + r"(?:[-=~]{3,60}\r?\n[ \t]{0,16})?"),
)  # fmt: skip
"""(first characters, what stands between a name and its value): each compiled when its first character is met."""

SEPARATOR_OF = {char: pattern for chars, pattern in SEPARATORS for char in chars}

_VALUE_WORD = (
    r"(?:[:=]?[ \t]{0,4}\{)?[,;]?[ \t\r\n]{0,40}"
    + _MARK
    + r"(?:\\{0,4}[\"']?[a-z_]{1,16}\\{0,4}[\"']?[ \t]{0,4}[:=][ \t]{0,4}\\{0,4}[\"']?[\w.:-]{0,24}\\{0,4}[\"']?,[ \t\r\n]{0,24}){0,2}"
    r"\\{0,4}[\"']?\b(?:[a-z]{2,12}:)?(?:(?:parameter)?value|v|content)\\{0,4}[\"']?[ \t]{0,4}[:=]"
)

_VALUE_WITHIN, _VALUE_WORDS = 56, ("value", '"v"', "'v'", "content=")

_CLOSING = "\\\"'`*]"


def separator_end(folded: str, at: int) -> int:
    """Return where what stands between a name that ends ``at`` and its value ends; ``at`` where nothing does."""
    start = at
    if folded[at : at + 1] in _CLOSING:
        start = _after(folded, at, "\\", 4)
        start = _after(folded, start, "\"'`*", 3)
        start = _after(folded, start, "]", 1)
    start = _after(folded, start, " \t", _MAX_BLANKS)
    pattern = SEPARATOR_OF.get(folded[start : start + 1])
    found = None
    near = folded[start : start + _VALUE_WITHIN]
    if ("v" in near or "=" in near) and any(word in near for word in _VALUE_WORDS):
        found = compiled(_VALUE_WORD).match(folded, start)
    if not found and pattern:
        found = compiled(pattern).match(folded, start)
    if not found and folded[start - 1] not in " \t":
        return at
    return _after(folded, found.end() if found else start, " \t", _MAX_BLANKS)


def _after(folded: str, at: int, signs: str, most: int) -> int:
    """Return where up to ``most`` of ``signs`` from ``at`` on end."""
    part = folded[at : at + most]
    return at + len(part) - len(part.lstrip(signs))


def kind_behind(between: str, kind: str, *, option: bool) -> str:
    """Return the kind of value to expect behind a name of ``kind`` and what stands ``between`` it and the value."""
    is_password = kind in {"password", "pass"}
    if between.isspace() and not option and between.strip("\t"):
        return "spoken" if is_password else "prose"
    block = "\n" in between and ("|" in between or ">" in between)
    if is_password and block:
        return kind  # YAML writes a long value on the lines below
    if "\n" in between or "|" in between or not between.strip("\t"):
        return "apart" if is_password else "weak" if "\n" in between else "cell"
    return kind


def value_at(text: str, at: int) -> tuple[int, int, bool]:
    """Return start and end of the value at ``at``, to its closing quote on the same line, and whether it is quoted."""
    opening = compiled(_OPENING).match(text, at)
    if opening:
        limit = opening.end() + _MAX_QUOTED_CHARS
        end = text.find(opening[1], opening.end(), limit)
        if end >= 0 and "\n" not in text[opening.end() : end]:
            padded = text[opening.end() : end]
            begins = opening.end() + len(padded) - len(padded.lstrip(" "))
            return min(begins, end), max(end - len(padded) + len(padded.rstrip(" ")), begins), True
        at = opening.end()
    value = compiled(_UNQUOTED_VALUE).match(text, at)
    if not value:
        return at, at, False
    return at, at + len(value.group().rstrip(".)]}:")), False
