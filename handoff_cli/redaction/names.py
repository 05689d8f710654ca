"""The names secrets are stored under, and whether a name holds a secret or only speaks of one.

Plain string searches over lower-cased text: these names turn up in many innocent descriptions, and compiling a pattern
for all of them would cost more than the rest of a call.
"""

from __future__ import annotations

from handoff_cli.redaction.values import compiled, is_secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    Span = tuple[int, int, str]

NAME_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789_-."
NAME_RUN = r"[a-z0-9_.-]*"
# An ampersand ends a value where the next parameter of a query follows, not inside a password.
_UNQUOTED_VALUE = r"(?:[^\s\"'`<>&;,|\\]|&(?![\w.%-]{1,40}=))+"

_MAX_QUOTED_CHARS = 4096
_MAX_REREAD_CHARS = 200
_LONGEST_NAME = 200

# Names under which secrets are stored, in lower case, and the kind of value to expect: see ``values.is_secret``.
_NAMES = (
    ("password", "password"),
    ("passwd", "password"),
    ("passphrase", "password"),
    ("passcode", "password"),
    ("pass", "pass"),
    ("sshpass", "password"),
    ("pwd", "password"),
    ("psw", "password"),
    ("pw", "pass"),
    ("psk", "pass"),
    ("passwort", "password"),
    ("secret", "token"),
    ("token", "token"),
    ("credential", "token"),
    ("jwt", "token"),
    ("_pat", "weak"),
    ("key", "weak"),
)
_WHOLE_NAMES = frozenset(("pass", "pw", "psk", "_pat", "key"))  # what follows must not go on as a word
_WHOLE_WORDS = frozenset(("pass", "pw", "psk", "psw"))  # nor what stands before
_KEY_LEADS = (
    "api", "access", "auth", "account", "private", "signing", "encryption", "master", "license", "subscription",
    "service", "admin", "app", "shared", "secret", "client", "consumer", "project", "token", "write", "deploy", "team",
    "integration", "event", "server", "sdk", "ingest", "webhook", "storage", "function", "connection", "developer",
    "merchant", "application", "bot", "wallet", "publishable", "live", "test", "session",
)  # fmt: skip
_SEPARATOR_STARTS = (
    "=",
    ":",
    ">",
    ",",
    "(",
    "is ",
    "is:",
    "value",
    "|",
    "\n",
    "\r",
    "*",
    "-",
    "{",
    "</",
    "was ",
    "to ",
    "for ",
    "of ",
)
SEPARATOR = (
    r"\\{0,4}[\"'`*]{0,3}\]?[ \t]{0,8}"
    r"(?:(?:[,;]?[ \t\r\n]{0,40}\\{0,4}[\"']?\bvalue\\{0,4}[\"']?[ \t]{0,4}[:=])|\{[ \t\r\n]{0,40}default[ \t]{0,8}="
    r"|:[ \t]{0,4}[a-z][\w\[\]|.]{0,30}(?:[ \t]{1,4}=|=(?=[^\s=]))"
    r"|=[ \t]{0,4}[\\(]?\r?\n[ \t]{1,40}(?=[\"'])|={1,3}>?|:=|:?[ \t]{0,4}[|>][-+]?[ \t]{0,8}\r?\n[ \t]{0,40}"
    r"|(?:(?:for|of)[ \t][^\s:]{1,64}(?:[ \t][^\s:]{1,20}){0,3}?[ \t])?(?:is)?:\*{0,2}[ \t]{0,8}\r?\n"
    r"(?:[ \t]{0,8}\r?\n)?[ \t]{0,40}(?:```\w{0,12}[ \t]{0,4}\r?\n)?|:\*{0,2}|</\w{1,8}>[ \t\r\n]{0,16}<\w{1,8}>|>"
    r"|,(?=[ \t]{0,4}\\{0,4}[\"'])|\((?=\\{0,4}[\"'])|[ \t]{0,4}\|[ \t]{0,60}|-{1,2}>[ \t]|-[ \t]"
    r"|(?:for|of)[ \t]\S{1,64}?(?:[ \t]['\"]\S{1,64}?)?(?:[ \t]is:?[ \t]|[ \t]?[:=][ \t])"
    r"|is:?[ \t](?:now[ \t]|set[ \t]to[ \t])?|was[ \t]|to[ \t]|\r?\n[ \t]{0,16}|(?<=[ \t]))[ \t]{0,40}"
)
_SETTERS = (
    *("env", "arg", "setx", "setenv", "export", "config set", "putenv", "configure set", "variable set", "env:set"),
    *("set -gx", "set -ux", "set -x", "set -xg", "set -xu"),
)
# A name that goes on (or begins) like this speaks of a secret, it does not hold one.
_INNOCENT_TAILS = frozenset((
    "s", "ize", "ized", "len", "url", "uri", "dir", "ttl", "age", "id", "ids", "arn", "min", "max", "ref", "per", "in",
    "out", "rate", "cost", "used", "left", "file", "path", "type", "name", "size", "kind", "hint", "help", "text",
    "rule",
    "hash",
))  # fmt: skip
_INNOCENT_TAIL_STARTS = (
    "izer", "izing", "isation", "ization", "count", "types", "names", "endpoint", "filename", "files", "paths",
    "length",
    "limit", "budget", "expir", "field", "label", "placeholder", "policy", "regex", "pattern", "prefix", "suffix",
    "header", "index", "usage", "window", "encod", "model", "format", "version", "title", "message", "error", "invalid",
    "required", "confirm", "reset", "strength", "rules", "provider", "manager", "store", "source", "location", "scope",
    "class", "price", "total", "estimat", "method", "digest", "algorithm", "checksum", "fingerprint", "created",
    "updated", "less",
)  # fmt: skip
_INNOCENT_LEADS = frozenset((
    "max", "min", "num", "total", "next", "page", "continuation", "sync", "start", "end", "cancel", "cancellation",
    "idempotency", "input", "output", "prompt", "completion", "pad", "eos", "bos", "unk", "mask", "special", "stop",
))  # fmt: skip
_INNOCENT_WEAK_LEADS = frozenset((
    "public", "cache", "primary", "foreign", "partition", "sort", "row", "hash", "unique", "composite", "dedupe",
    "object", "s3", "i18n", "translation", "lookup", "index", "map", "dict", "group", "storage", "query", "hot", "host",
))  # fmt: skip


def find_names(folded: str) -> list[tuple[int, int, str]]:
    """Return (start, end, kind) of every name of a secret, in order."""
    found = []
    for name, kind in _NAMES:
        at = folded.find(name)
        while at >= 0:
            end = at + len(name)
            goes_on = name in _WHOLE_NAMES and folded[end : end + 1].isalpha()
            if not goes_on and not (name in _WHOLE_WORDS and folded[at - 1 : at].isalpha()):
                found.append((at, end, kind))
            at = folded.find(name, end)
    found.sort()
    return found


def assigned(folded: str, start: int, end: int, kind: str) -> tuple[str, int, bool]:  # noqa: PLR0911 (one for each sign)
    """Return the kind of value to expect, where the whole name ends, and whether it is a command line option.

    The kind is '' where the name only speaks of a secret (``max_tokens``, ``password_min_length``, ``cache_key``) or
    nothing that looks like an assignment follows.
    """
    before, after = folded[max(0, start - 40) : start], folded[end : end + 40]
    outside = before.rstrip(NAME_CHARACTERS)
    if outside.endswith("[redacted:"):
        return "", 0, False
    lead = before[len(outside) :]
    if outside.endswith("${") and after.startswith((":?", "?", ":+", "+")):
        return "", 0, False  # a shell asks for the variable, and says so where it is not set
    if outside.endswith("::") or (not lead and outside.endswith(":") and after.startswith(":")):
        return "", 0, False  # a part of a name: AWS::IAM::AccessKey, arn:aws:secretsmanager:...:secret:name
    tail = after[: len(after) - len(after.lstrip(NAME_CHARACTERS))].rstrip(".")
    end += len(tail)
    nearest = lead.rstrip("_.-").replace("-", "_").replace(".", "_").rpartition("_")[2]
    if folded.startswith("key", start):
        if before.rstrip(" _-.").endswith(_KEY_LEADS):
            kind = "token"
        elif not lead.endswith(("_", "-")) or nearest in _INNOCENT_WEAK_LEADS:
            return "", 0, False
    if nearest in _INNOCENT_LEADS or (before[-1:].isalpha() and folded.startswith("pwd", start)):
        return "", 0, False
    words = tail.replace("-", "_").split("_")
    called = "." in tail and folded.startswith(
        "(", end
    )  # a method of the name assigns nothing: password.encode("latin1")
    if called or any(word in _INNOCENT_TAILS or word.startswith(_INNOCENT_TAIL_STARTS) for word in words):
        return "", 0, False
    option = lead.startswith("-") or outside.rstrip().endswith(_SETTERS)
    if not option and not _is_followed_by_value(folded, end):
        return "", 0, False
    return kind, end, option


def _is_followed_by_value(folded: str, at: int) -> bool:
    """A cheap test before any pattern is compiled: a sign of assignment, or a word as long as a token."""
    if at >= len(folded):
        return False
    near = folded[at : at + 24].lstrip("\\\"'`]")
    if near.startswith((",", "(")):
        # Of a call or a list only what is quoted, or called a value, is taken.
        behind = near[1:].lstrip(" \t\r\n")
        return behind.startswith(("\\", '"', "'", "value")) or not behind
    rest = near.lstrip("\\\"'`] \t")
    return rest.startswith(_SEPARATOR_STARTS) or rest[:1] in {"", "\n"} or " " not in folded[at + 1 : at + 21]


def assignments(text: str, folded: str) -> list[Span]:
    """Return (start, end, kind) of every secret that is given to one of the names."""
    spans: list[Span] = []
    done = 0
    for name_start, bare_end, name in find_names(folded):
        if name_start < done:
            continue
        if not folded[bare_end : bare_end + _LONGEST_NAME].strip(NAME_CHARACTERS) and bare_end + _LONGEST_NAME < len(
            folded
        ):
            run = compiled(NAME_RUN).match(folded, bare_end)
            done = run.end() if run else bare_end
            continue
        kind, name_end, option = assigned(folded, name_start, bare_end, name)
        separator = compiled(SEPARATOR).match(folded, name_end) if kind else None
        if not separator or not separator.group():
            continue
        between = separator.group()
        if between.isspace() and not option and between.strip("\t"):
            kind = "prose"
        elif "\n" in between or "|" in between or not between.strip("\t"):
            kind = "apart" if kind in {"password", "pass"} else "weak" if "\n" in between else "cell"
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
    opening = compiled(r"\\{0,4}[\"'`]").match(text, at)
    if opening:
        limit = opening.end() + _MAX_QUOTED_CHARS
        end = text.find(opening.group(), opening.end(), limit)
        if end >= 0 and "\n" not in text[opening.end() : end]:
            return opening.end(), end, True
        at = opening.end()
    value = compiled(_UNQUOTED_VALUE).match(text, at)
    if not value:
        return at, at, False
    return at, at + len(value.group().rstrip(".)]}:")), False
