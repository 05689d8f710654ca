"""The names secrets are stored under, and whether a name holds a secret or only speaks of one.

Plain string searches over lower-cased text: these names turn up in many innocent descriptions, and compiling a pattern
for all of them would cost more than the rest of a call.
"""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.redaction.keys import GIVES, KINDS_OF_KEYS, WEAK_LEADS, kind_of_key
from handoff_cli.redaction.layers import passed
from handoff_cli.redaction.placeholders import is_name_of_thing
from handoff_cli.redaction.separators import kind_behind, separator_end, value_at
from handoff_cli.redaction.values import NUMBERED, is_secret, is_token, looks_chosen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.redaction.layers import Layer

    Span = tuple[int, int, str]

NAME_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789_-."
NAME_RUN = r"[a-z0-9_.-]*"
_LINE_HEAD = r"[ \t]{0,40}(?:\d{1,6}[:\t |]{1,4}|[-+>|*][ \t]{1,4}){0,2}[ \t]{0,40}[\w.-]{0,60}"
_MAX_REREAD_CHARS, _NEAR, _AHEAD, _MOST_KNOWN = 200, 100, 360, 1 << 8
_LEAST_PLAIN, _LONGEST_PLAIN = 5, 48
OF_LISTS = (
    "words", "passwds", "phrases", "pwds", "secrets", "tokens", "credentials", "keys", "client_secret", "clientsecret", "_list",
)  # fmt: skip
_OPENS_LIST = (
    r"[\"'\])]{0,2}[ \t]{0,4}(?::[ \t]{0,4}[\w\[\]<>., ]{1,40}?(?==))?(?:=>?|:=?)[ \t]{0,4}"
    r"(?:[\w\[\].!@% ]{0,16}[\[({][ \t\r\n]{0,40}(?:[bruf]{0,2}[\"']|[^\s\"',(){}\[\]]{5,}[ ,])|(?:[ \t]{0,8}#[^\n]{0,80})?\r?\n[ \t]{0,40}-[ \t]|[\"']?[\w+/=.~-]{12,256},)"
)
"""What stands behind one of them where entries follow."""
_LEAST_LISTED, _SIGN_NEAR = 20, 7
_LEAST_SPOKEN, _LEAST_ODD_WORD, _LEAST_SAID = 8, 16, 9
_LONGEST_NAME, _LONGEST_LEAD, _LONGEST_LEADING = 200, 40, 8
_REPLACED, _BEHIND = "[REDACTED:", 14
_PHRASES, _OF_VERBS, _DEFINES, _SETTING = ("passphrase", "psk"), ("to", "for", "of"), "#define", r"[a-z_][\w.-]{2,60}="
_SIGNING, _KEY_ID = "signing", r"(?:0x)?(?:[0-9A-F]{8}|[0-9A-F]{40}|[0-9a-fA-F]{16})!?"
"""Before ``key``: the key of git and Gradle, which have its id, as GnuPG shows it."""

# Names under which secrets are stored, in lower case, and the kind of value to expect: see ``values.is_secret``.
_NAMES = (
    ("password", "password"), ("passwd", "password"), ("passphrase", "password"), ("keymaterial", "password"),
    ("passcode", "password"), ("authtok", "password"), ("pass", "pass"), ("sshpass", "password"), ("pwd", "password"), ("psw", "password"),
    ("rootpw", "password"), ("pw", "pass"), ("psk", "pass"), ("passwort", "password"), ("secret", "token"),
    ("token", "token"), ("credential", "token"), ("credentials", "weak"), ("service_role", "weak"), ("jwt", "token"), ("_pat", "weak"), ("key", "weak"), ("_salt", "noise"),
)  # fmt: skip
_WHOLE_NAMES = frozenset(("pass", "pw", "psk", "authtok", "_pat", "key", "_salt"))  # after which no word goes on
_WHOLE_WORDS = frozenset(("pass", "pw", "psk", "psw"))  # nor what stands before
_KEY_LEADS = (
    "api", "access", "auth", "account", "private", "signing", "encryption", "master", "license", "subscription", "service", "admin", "app", "shared",
    "secret", "client", "consumer", "project", "token", "write", "deploy", "team", "integration", "event", "server", "sdk", "ingest", "webhook",
    "storage", "function", "connection", "developer", "merchant", "application", "bot", "wallet", "publishable", "live", "test", "session",
)  # fmt: skip
_WIRELESS = ("wireless", "pre-shared", "preshared", "wpa", "wpa2", "wpa3", "wifi", "wi-fi", "wlan", "wep", "network")
_PASS_LEADS = frozenset((
    "db", "user", "admin", "root", "smtp", "mail", "ftp", "ssh", "become", "redis", "mysql", "postgres", "default", "database", "auth", "login",
    "sudo", "proxy", "ldap", "http", "account", "bind", "sa", "remote",
))  # fmt: skip
_PASS_LEADS_JOINED = tuple(lead for lead in sorted(_PASS_LEADS) if lead not in {"sa", "http"})
_SEPARATOR_STARTS = (
    "=", ":", ">", ",", "(", "is ", "is:", "value", "|", "\n", "\r", "*", "-", "{", "</", "...", "<-", "was ", "to ", "for ", "of ", "will be ",
    "should be ", "created", "generated", "successfully ", "lautet ", "ist ", "est ", "es ", "?", "string ",
)  # fmt: skip
_FAR_CALL = 48
_CALLED = (
    r"(?:new[ ])?(?:[\w$]{1,20}(?:\.|::|->)){0,2}(?i:fromhex|b64decode|base64_decode|decode(?:_?string|_?base64)?|from(?:_?str|_?string|_?base64string)?|some|secretstr"
    r"|secretstring|secretbytes|secret|sensitive|protected|string|bytes?|str|text|atob|unhexlify|a2b_hex|hex2bin|md5|sha1|sha2|sha256|password|crypt|encrypt|of|ofnullable|just"
    r"|ok|b64encode|base64encode|bytestring|cstring|usestate|ref|literal|utf8|trim)!?\([ \t\r\n]{0,8}(?=\\{0,4}[bruBRUN@]{0,2}\\{0,4}[\"'])"
)
"""What a secret in quotes may be handed to, before it is given to a name."""
_SETTERS = (
    "#define", "env", "arg", "setx", "setenv", "export", "config set", "putenv", "configure set", "variable set", "env:set", "set -gx", "set -ux",
    "set -x", "set -xg", "set -xu", "fastcgi_param", "uwsgi_param", "php_value", "php_admin_value",
)  # fmt: skip
# A name that goes on (or begins) like this speaks of a secret, it does not hold one.
_INNOCENT_TAILS = frozenset((
    "s", "ize", "ized", "len", "url", "uri", "dir", "ttl", "age", "id", "ids", "arn", "min", "max", "ref", "per", "in", "sid", "out", "rate", "cost", "used", "left", "file",
    "path", "type", "name", "size", "kind", "hint", "help", "text", "rule", "hash", "cmd", "command", "eval", "stdin", "fd", "env", "prompt", "mgr", "chars", "charset",
    "alphabet", "callback", "func", "fn", "hook", "script", "expr", "getter", "lookup", "at", "changed", "algo", "enabled", "disabled", "needed", "exists", "valid", "hasher",
))  # fmt: skip
_INNOCENT_TAIL_STARTS = (
    "izer", "izing", "isation", "ization", "count", "types", "names", "endpoint", "filename", "files", "paths", "length", "limit", "budget", "expir", "field", "label",
    "placeholder", "policy", "regex", "pattern", "prefix", "suffix", "header", "index", "usage", "window", "encod", "model", "format", "version", "title", "message", "error",
    "invalid", "required", "confirm", "reset", "strength", "rules", "provider", "manager", "store", "source", "location", "scope", "class", "price", "total", "estimat",
    "method", "digest", "algorithm", "checksum", "fingerprint", "created", "updated", "less", "encrypt",
)  # fmt: skip
_FILES = frozenset((
    "txt", "md", "rst", "py", "js", "ts", "tsx", "jsx", "go", "rs", "java", "rb", "php", "c", "h", "cpp", "cs", "sh", "sql", "csv", "json", "yml", "yaml", "toml", "xml",
    "html", "css", "zip", "gz", "log", "lst", "kdbx", "pem", "conf", "cfg", "ini", "tf", "vue", "kt", "swift", "scss",
))  # fmt: skip
"""What a file's name ends with."""
_INNOCENT_LEADS = frozenset((
    "max", "min", "num", "total", "next", "page", "continuation", "sync", "start", "end", "cancel", "cancellation", "idempotency", "input", "output",
    "prompt", "completion", "pad", "eos", "bos", "unk", "mask", "special", "stop",
))  # fmt: skip
_INNOCENT_LEAD_ENDS = (
    "page", "continuation", "sync", "websocket-", "pagination", "idempotency-", "cancellation", "publickey", "site_", "did:",
    "keyring.set_",
)  # fmt: skip


def find_names(folded: str, text: str = "") -> list[tuple[int, int, str]]:
    """Return (start, end, kind) of every name of a secret, in order."""
    found = []
    for name, kind in _NAMES:
        at = folded.find(name)
        while at >= 0:
            end = at + len(name)
            goes_on = name in _WHOLE_NAMES and folded[end : end + 1].isalpha()
            inside = name in _WHOLE_WORDS and folded[at - 1 : at].isalpha()
            led = inside and folded[max(at - _LONGEST_LEADING, 0) : at].endswith(_PASS_LEADS_JOINED)
            if not goes_on and (not inside or led or (text[at - 1 : at].islower() and text[at : at + 1].isupper())):
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
    if "arn:" in before.rpartition(" ")[2]:
        return "", 0, False
    if outside.endswith("${") and after.startswith((":?", "?", ":+", "+")):
        return "", 0, False  # a shell asks for the variable, and says so where it is not set
    if outside.endswith("::") or (not lead and outside.endswith(":") and after.startswith(":")):
        return "", 0, False  # a part of a name: AWS::IAM::AccessKey, arn:aws:secretsmanager:...:secret:name
    tail = after[: len(after) - len(after.lstrip(NAME_CHARACTERS))].rstrip(".")
    end += len(tail)
    kind = _kind_led(folded, start, lead, before) or kind if kind in {"weak", "pass"} else kind
    if kind == "none":
        return "", 0, False
    led = lead and (
        lead.endswith(_INNOCENT_LEAD_ENDS)
        or _nearest(lead) in _INNOCENT_LEADS
        or (before[-1:].isalpha() and folded.startswith("pwd", start))
    )
    if led or (tail and _only_speaks(folded, tail, end)):
        return "", 0, False
    option = lead.startswith("-") or outside.rstrip().endswith(_SETTERS)
    if not option and not _is_followed_by_value(folded, end):
        return "", 0, False
    return kind, end, option


def _only_speaks(folded: str, tail: str, end: int) -> bool:
    """Return whether a name goes on with a ``tail``, up to ``end``, that makes of it one which holds no secret."""
    # a method of the name, or a file of it, assigns nothing: password.encode("latin1"), passwords.txt
    if "." in tail and (folded.startswith(("(", ","), end) or tail.rpartition(".")[2] in _FILES):
        return True
    words = tail.replace("-", "_").split("_")
    return any(word in _INNOCENT_TAILS or word.startswith(_INNOCENT_TAIL_STARTS) for word in words)


def _kind_led(folded: str, start: int, lead: str, before: str) -> str:
    """Return what the words before a short name make of it: ``none`` where it is no secret's, '' where nothing."""
    nearest = _nearest(lead)
    if not folded.startswith("key", start):
        return "password" if nearest in _PASS_LEADS else ""
    spoken = before.rstrip(" _-.")
    if "public" in lead:
        return "none"
    if spoken.endswith(_WIRELESS):
        return "password"
    if spoken.endswith(_KEY_LEADS):
        return "token"
    if lead.endswith(("_", "-")):
        return "none" if nearest in WEAK_LEADS else ""
    return kind_of_key(folded, start, lead)


def _nearest(lead: str) -> str:
    return lead.rstrip("_.-").replace("-", "_").replace(".", "_").rpartition("_")[2]


def _is_followed_by_value(folded: str, at: int) -> bool:
    """A cheap test before any pattern is compiled: a sign of assignment, or a word as long as a token."""
    if at >= len(folded):
        return False
    near = folded[at : at + 48].lstrip("\\\"'`]")
    if near.startswith((",", "(")):
        # Of a call or a list only what is quoted, or called a value, is taken.
        behind = near[1:].lstrip(" \t\r\n")
        first = "".join(behind[:48].split(None, 1)[:1])
        long = len(first) >= _LEAST_LISTED and any(map(str.isdigit, first))
        return behind.startswith(("\\", '"', "'", "value", "parametervalue")) or not behind or long
    rest = near.lstrip("\\\"'`] \t")
    if (
        rest.startswith(_SEPARATOR_STARTS)
        or rest[:1] in {"", "\n"}
        or " " not in folded[at + 1 : at + 21].partition("\n")[0]
    ):
        return True
    word = rest.split(None, 1)[0]
    return (
        folded.startswith("'s ", at)
        or near.lstrip(" \t")[:1] in {'"', "'"}
        or (len(word) >= _LEAST_SPOKEN and any(map(str.isdigit, word)))
    )


def assignments(view: Layer) -> list[Span]:
    """Return (start, end, kind) of every secret that is given to one of the names."""
    text, folded = view.text, view.folded
    spans: list[Span] = []
    known: dict[tuple[str, int, int], tuple[int, int, str]] = {}
    done = 0
    for name_start, bare_end, name in find_names(folded, text):
        if name_start < done or _REPLACED in text[bare_end : bare_end + _BEHIND]:
            continue
        if _is_endless(folded, bare_end):
            run = compiled(NAME_RUN).match(folded, bare_end)
            done = run.end() if run else bare_end
            continue
        # What is around a name again and again is looked at once; a quote may be closed farther off than one looks.
        near = text[max(name_start - _LONGEST_NAME, 0) : bare_end + _AHEAD]
        key = near, min(name_start, _LONGEST_NAME), bare_end - name_start
        found = known.get(key)
        if found is None:
            found = _given(text, folded, name_start, bare_end, name)
            short = len(known) < _MOST_KNOWN and found[1] < _AHEAD // 2
            if short and (found[2] or not _opens_quote(text, bare_end)):
                known[key] = found
        start, end, kind = found
        if kind:
            spans.append((name_start + start, name_start + end, kind))
        if kind or end - start > _MAX_REREAD_CHARS:
            done = name_start + end  # names inside a long value are not read again, or the time would be quadratic
    return spans + _listed(view)


def _listed(view: Layer) -> list[Span]:
    """Return (start, end, kind) of every secret in a list under one of the names."""
    for name in OF_LISTS:
        for at in view.index.places(name):
            end = at + len(name)
            sign = view.folded[end : end + _SIGN_NEAR].lstrip("\"'])").lstrip(" \t")[:1]
            if sign and sign in ":=" and compiled(_OPENS_LIST).match(view.folded, end):
                from handoff_cli.redaction.lists import listed

                return list(listed(view))
    return []


def _opens_quote(text: str, at: int) -> bool:
    """Return whether a quote that is opened near ``at`` is not closed within ``_AHEAD`` characters."""
    opened = (text.find(quote, at, at + _NEAR) for quote in "\"'`")
    return any(found >= 0 and text.find(text[found], found + 1, at + _AHEAD) < 0 for found in opened)


def _given(text: str, folded: str, name_start: int, bare_end: int, name: str) -> tuple[int, int, str]:  # noqa: PLR0911
    """Return where what is given to a name begins and ends, counted from the name, and its kind: '' for no secret."""
    kind, name_end, option = assigned(folded, name_start, bare_end, name)
    at = separator_end(folded, name_end) if kind else name_end
    if at == name_end or text.startswith(_REPLACED, at) or text.startswith(_REPLACED, at + 1):
        return 0, 0, ""
    between = folded[name_end:at]
    shouted = text[max(name_start - 1, 0) : name_end].isupper()
    if kind == "pass" and shouted and text[name_start - 1 : name_start] == "_":
        kind = "password"
    sign = between.strip()
    doubted = kind in KINDS_OF_KEYS and (sign.strip("\"'`") not in GIVES or "\n" in between)
    kind = kind_behind(between, KINDS_OF_KEYS.get(kind, kind), option=option)
    if doubted or _is_told_of(folded, name_start, name_end, between, name) or passed():
        return 0, 0, ""
    phrase = kind == "password" and _phrase(text, at, sign, plain=folded.startswith(_PHRASES, name_start))
    if phrase:
        return phrase[0] - name_start, phrase[1] - name_start, "password"
    begins = sign in {"=", ":"} and _begins_line(text, name_start)
    # PASSWORD=letmein, PASSWORD: letmein: of a variable also a plain word; not PASSWORD= program
    told = (shouted and between == "=") or (begins and (sign == ":" or (shouted and _ends_line(text, at))))
    if kind != "weak" and text.find("(", at, at + _FAR_CALL) > 0:
        called = compiled(_CALLED).match(text, at)
        at = called.end() if called else at
    start, end, quoted = value_at(text, at)
    if kind in {"password", "pass", "apart", "spoken"} and _is_given_plainly(
        text, name_start, name_end, (start, end), quoted, option
    ):
        return start - name_start, end - name_start, "password"
    if _is_plain_word(text, at) and not told:
        return 0, 0, ""
    value = text[start:end]
    kind = "token" if kind == "prose" and quoted and text[end + 1 : end + 2] == ";" else kind
    quoted = quoted and not (kind in {"password", "pass"} and between.lstrip("\\\"'` \t").startswith(","))
    quoted = quoted and not (kind == "pass" and ("==" in between or between.startswith("(")))  # a filter's
    alone = begins and "(" not in value and text[end : end + 1] in {"", "\n", "\r"}
    plain = kind == "password" and (
        (shouted and told and value.isalpha()) or (alone and (sign == ":" or not value.islower()))
    )
    plain = plain or (kind == "token" and (shouted or alone) and sign != "" and "." not in value and "(" not in value)
    plain = plain or (option and kind == "token" and "." in value and is_token(value))
    plain = plain or ((option or shouted) and not value[:1].islower() and looks_chosen(value) >= NUMBERED)
    another = (sign[-1:] == "," and is_name_of_thing(value)) or _is_a_name(
        folded, name_start, name_end, value, quoted=quoted
    )
    if another or not is_secret(value, kind, quoted=quoted or plain):
        return start - name_start, end - name_start, ""
    if value.isalpha() and value.islower() and not quoted and _says(value):
        return start - name_start, end - name_start, ""
    is_password = kind in {"password", "pass", "apart", "spoken"}
    return start - name_start, end - name_start, "password" if is_password else "secret"


def _is_given_plainly(text: str, at: int, name_end: int, value: tuple[int, int], quoted: bool, option: bool) -> bool:
    """Return whether the form of the line gives a plain word to the name of a password that is ``at``."""
    start, end = value
    between = text[name_end:start].strip(" \t\"'`\\")
    if not _LEAST_PLAIN <= end - start <= _LONGEST_PLAIN or (between[:1].isalnum() and between[:5] != "value"):
        return False
    if not between and not quoted and not option and not _begins_line(text, at):
        return False
    from handoff_cli.redaction.plain import is_given

    return is_given(text, at, name_end, start, end, quoted=quoted)


def _says(word: str) -> bool:
    from handoff_cli.redaction.plain import is_said

    return is_said(word)


def _is_a_name(folded: str, start: int, end: int, value: str, *, quoted: bool) -> bool:
    """Return whether ``value`` names something: a key by its id, another macro, or what it is given to once more."""
    before = folded[max(start - _LONGEST_NAME, 0) : start].rpartition("\n")[2]
    if before.rstrip("-_. ").endswith(_SIGNING) and compiled(_KEY_ID).fullmatch(value):
        return True
    name = before[len(before.rstrip(NAME_CHARACTERS)) :] + folded[start:end]
    if not quoted and _DEFINES in before:
        return True
    if len(value) <= _LEAST_SAID or len(value) > 2 * len(name) + _LEAST_SAID:
        return False
    return "".join(filter(str.isalnum, value.lower())) in "".join(filter(str.isalnum, name))


def _is_told_of(folded: str, start: int, end: int, between: str, name: str) -> bool:
    """Return whether a name that has a value behind it is not given that: a variable, a place to fill in, a verb."""
    lead = folded[max(start - _LONGEST_LEAD, 0) : start].rstrip(NAME_CHARACTERS)
    if lead.endswith(("$", "${")) and not between.strip(" \t\"'`}\\"):
        return True  # "$PW" -mhe=on
    if lead.endswith("<") and folded.startswith(">@", end):  # redis://:<password>@host
        return True
    if between[:1] in {'"', "'", "`"} and between.strip("\"'` \t") == "to":
        return True  # "password" to "login"
    if "\n" in between and "|" not in between and compiled(_SETTING).match(folded, end + len(between)):
        return True  # the next line sets something else
    if name != "pass" or not folded.startswith("pass", start):
        return False
    verb = between.rstrip()[-1:] not in {":", "="} and between.strip(" \t\"'`").startswith(_OF_VERBS)
    return verb or between.startswith("(")  # pass to `target`, FUNCTION_PASS("name", ...)


def _phrase(text: str, at: int, sign: str, *, plain: bool) -> tuple[int, int] | None:
    """Return start and end of the pass phrase without common quotes that stands ``at``, if one does."""
    near = text[at : at + _NEAR].partition("\n")[0]
    if (
        " " not in near
        or near[0] in "\"'`"
        or not (plain or "&" in near or any(map(str.isdigit, near)) or near[0] > "z")
    ):
        return None
    from handoff_cli.redaction.phrases import phrase_at

    return phrase_at(text, at, sign, plain=plain)


def _ends_line(text: str, at: int) -> bool:
    """Return whether one word stands from ``at`` to the line's end, or to a comment."""
    words = text[at : at + _NEAR].partition("\n")[0].split(None, 1)
    return len(words) == 1 or (len(words) > 1 and words[1][0] in "#;/")


def _begins_line(text: str, at: int) -> bool:
    """Return whether nothing but a name, its marks and a line's number stand between the line's beginning and ``at``."""
    line = text[max(at - _LONGEST_NAME, 0) : at].rpartition("\n")[2]
    return compiled(_LINE_HEAD).fullmatch(line) is not None


def _is_plain_word(text: str, at: int) -> bool:
    """Return whether a short word of letters alone stands ``at``, which without quotes is no secret."""
    word = text[at : at + _LEAST_ODD_WORD + 2].split(None, 1)[:1]
    bare = word[0].rstrip(".,;:!?)]}") if word else ""
    return bare.isalpha() and bare[1:].islower() and len(bare) < _LEAST_ODD_WORD and text[at : at + 1].isalpha()


def _is_endless(folded: str, at: int) -> bool:
    """Return whether the name that ``at`` is in goes on for longer than any name."""
    following = folded[at : at + _LONGEST_NAME]
    return len(following) == _LONGEST_NAME and not following.strip(NAME_CHARACTERS)
