"""The shapes of secrets that we know of ourselves: forms of keys and hashes, webhooks, key blocks, cookies.

Formats are facts from the providers' own documentation (for example Cloudflare's token formats, Microsoft's list of
sensitive information types). No pattern is compiled before its literal is met.
"""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.redaction.placeholders import is_masked, is_placeholder, is_random, is_userinfo
from handoff_cli.redaction.values import is_basic_auth, is_secret, is_token

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator

    from handoff_cli.redaction.layers import Layer

    Span = tuple[int, int, str]

ASCII = 256
"""``re.ASCII``: letters of other writings may stand beside a token, and are no part of one."""


_SIGNED_CLAIMS = r"eyJ(?<![\w-]eyJ)[\w-]{8,}(?:\.[\w-]{4,}){2}(?:\.[\w-]+){0,2}"

# (kind, gates, pattern, judge): one gate, a literal, must occur; the secret is group 1 where there is one; the judge
# names a further test of the secret in ``_JUDGES``.
RULES = (
    (
        "password",
        ("://",),
        r"://[^\s:/@\"'<>?#]{0,128}(?:@[\w.-]{1,64})?:(?!\d{1,5}[?#])([^\s/\"'<>]{1,256})@",
        "userinfo",
    ),
    ("slack-webhook", ("hooks.slack.com",), r"hooks\.slack\.com/(?:services|workflows|triggers)/([\w/-]{20,})", ""),
    ("discord-webhook", ("/api/webhooks/",), r"/api/webhooks/\d{10,}/([\w-]{40,})", ""),
    ("jwt", ("eyJ",), _SIGNED_CLAIMS, ""),
    ("telegram-token", (":AA",), r"\d(?<!\d\d)\d{7,9}:AA[\w-]{32,35}(?![\w-])", ""),
    (
        "discord-token",
        ("MT", "Mj", "Mz", "ND", "NT", "Nj", "Nz", "OD", "OT"),
        r"[MNO](?<![\w.-].)[A-Za-z0-9_-]{22,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,45}(?![\w.-])",
        "",
    ),
    ("azure-client-secret", ("Q~",), r"(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~-])", ""),
    (
        "azure-devops-token",
        ("AZDO",),
        r"[A-Za-z0-9](?<![A-Za-z0-9]{2})[A-Za-z0-9]{75}AZDO[A-Za-z0-9]{4}(?![A-Za-z0-9])",
        "",
    ),
    ("azure-key", ("JQQJ99",), r"(?<![A-Za-z0-9])[A-Za-z0-9]{52}JQQJ99[A-Za-z0-9]{20,30}(?![A-Za-z0-9])", ""),
    ("azure-sas", ("sig=",), r"[?&]sig=([A-Za-z0-9%+/=_-]{20,})", ""),
    ("terraform-token", (".atlasv1.",), r"(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,}", ""),
    ("mailchimp-key", ("-us",), r"[0-9a-f](?<![0-9a-f]{2})[0-9a-f]{31}-us\d{1,2}(?!\d)", ""),
    ("newrelic-key", ("NRAL",), r"(?<![A-Za-z0-9])[0-9A-Za-z]{36}NRAL(?![A-Za-z0-9])", ""),
    ("facebook-token", ("|",), r"\d(?<!\d\d)\d{14,15}\|[\w-]{27,40}(?![\w-])", ""),
    ("zoho-token", ("1000.",), r"(?<![\w.])1000\.[0-9a-f]{32}\.[0-9a-f]{30,32}(?![0-9a-f])", ""),
    ("salesforce-token", ("00D",), r"(?<![A-Za-z0-9])00D[A-Za-z0-9]{12,15}![\w.]{60,}", ""),
    (
        "teams-webhook",
        (".office.com/webhook",),
        r"\.office\.com/webhook(?:b2)?/([\w-]{30,40}@[\w-]{30,40}/IncomingWebhook/\w{20,40}/[\w-]{30,40})",
        "",
    ),
    ("webhook", ("/hooks/",), r"https?://[\w.-]{4,128}/hooks/(?:catch/\d{5,10}/)?([a-z0-9]{5,64})(?![\w-])", "token"),
    (
        "password-hash",
        (*(f"${sign}$" for sign in "156789y"), "$2a$", "$2b$", "$2x$", "$2y$", "$argon2", "$sha", "$apr1$", "$scrypt$"),
        r"(?<![\w$])\$(?:[156789y]|2[abxy]|argon2\w{1,2}(?=\$(?:v=\d{1,3}\$)?m=[\d,tp=]{1,40}\$\S{4})|sha\d{1,3}|apr1|scrypt)\$(?=[^\s\"']{20})[\w./=,+-]{1,100}(?:\$[\w./=,+-]{4,200}){0,3}",
        "token",
    ),
    ("jwt", ("ZXlK",), r"(?<![A-Za-z0-9])ZXlK[A-Za-z0-9+/=_-]{60,}", ""),
    ("private-key", ("LS0tLS1CRUdJTi",), r"(?<![A-Za-z0-9+/])LS0tLS1CRUdJTi[A-Za-z0-9+/=]{60,}", ""),
    (
        "ansible-vault",
        ("ANSIBLE_VAULT",),
        r"\$ANSIBLE_VAULT;[\w.;]{4,60}\s{1,80}([0-9a-f]{40,}(?:\s{1,80}[0-9a-f]{8,})*)",
        "",
    ),
    ("sentry-dsn", ("sentry",), r"https?://([0-9a-f]{32})(?::[0-9a-f]{32})?@[\w.-]{0,80}sentry", ""),
    ("okta-token", ("SSWS",), r"\bSSWS[ \t]{1,4}([\w-]{30,60})", ""),
    ("alchemy-key", ("alchemy",), r"alchemy(?:api)?\.(?:io|com)/v2/([\w-]{24,64})", ""),
    ("infura-key", ("infura.io/",), r"infura\.io/(?:ws/)?v3/([0-9a-f]{32})", ""),
    (
        "mnemonic",
        ("nemonic", "phrase", "hrase", "NEMONIC", "PHRASE"),
        r"(?i)(?:mnemonic|(?:seed|recovery|secret)[_-]?phrase)[\"']?[ \t]{0,4}[:=(][ \t]{0,4}[\"']?((?:[a-z]{3,8}[ \t]{1,4}){11,23}[a-z]{3,8})",
        "any",
    ),
    (
        "ethereum-key",
        ("rivate", "RIVATE"),
        r"(?i)private[_-]?key(?:toaccount)?[\"']?[ \t]{0,4}[:=(][ \t]{0,4}[\"']?((?:0x)?[0-9a-f]{64})(?![0-9a-f])",
        "any",
    ),
    ("asana-token", ("0/", "1/", "2/"), r"[012]/(?<![\w/]..)\d{13,19}(?:/\d{13,19})?:([0-9a-f]{32})(?![0-9a-f])", ""),
    (
        "bitwarden-token",
        ("0.",),
        r"0\.(?<![\w.]..)[0-9a-f]{8}-[0-9a-f-]{27}\.([A-Za-z0-9]{30}:[\w+/]{20,24}={0,2})",
        "",
    ),
    ("twilio-key", ("AC",), r"AC(?<![A-Za-z0-9]..)[0-9a-f]{32}:([0-9a-f]{32})(?![0-9a-f])", ""),
    ("twitch-token", ("oauth:",), r"oauth:(?<![A-Za-z0-9].{6})([0-9a-z]{30})(?![0-9a-z])", ""),
    ("quicknode-key", ("quiknode.pro/",), r"\.quiknode\.pro/([0-9a-f]{40})", ""),
    (
        "braintree-token",
        ("access_token$",),
        r"access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}",
        "",
    ),
    ("apollo-key", ("service:",), r"service:(?<![\w-].{8})[\w-]{1,64}:([\w-]{22})(?![\w-])", ""),
    (
        "password-hash",
        ("pbkdf2_sha", "{SSHA", "scrypt:", ":::"),
        (
            r"pbkdf2_sha\d{1,3}\$\d{1,8}\$([A-Za-z0-9./+-]{6,64}\$[A-Za-z0-9./+-]{27,90}={0,2})|\{SSHA\d{0,3}\}([A-Za-z0-9+/]{30,120}={0,2})"
            r"|scrypt:\d{1,8}:\d{1,3}:\d{1,3}(\$[A-Za-z0-9]{6,32}\$[0-9a-f]{64,128})|:([0-9a-f]{32}:[0-9a-f]{32}):::"
        ),
        "",
    ),
    ("plaid-token", ("access-",), r"access-(?:sandbox|development|production)-[0-9a-f-]{36}", ""),
    ("bearer", ("bearer ", "Bearer ", "BEARER "), r"(?i:\bbearer)[ \t]{1,4}([\w.~+/=-]{12,})", "token"),
    (
        "basic-auth",
        ("basic ", "Basic ", "BASIC "),
        r"(?i:\bbasic)[ \t]{1,4}([A-Za-z0-9+/]{6,}={0,2})",
        "basic",
    ),
    (
        "docker-auth",
        ('auth":', 'auth\\":'),
        r"\"_?auth\\{0,4}\"[ \t]{0,4}:[ \t]{0,4}\\{0,4}\"([A-Za-z0-9+/]{8,}={0,2})",
        "basic",
    ),
    ("npm-auth", ("_auth",), r"_auth[ \t]{0,4}=[ \t]{0,4}\"?([A-Za-z0-9+/]{8,}={0,2})", "basic"),
    (
        "authorization",
        ("uthorization", "UTHORIZATION"),
        (
            r"(?<![a-z])(?i:authorization)\\{0,4}[\"']?[ \t]{0,4}[:=,][ \t]{0,4}\\{0,4}[\"']?"
            r"(?:[A-Za-z][\w-]{0,20}[ \t]{1,4})?(?!\w+(?:\.\w+)*\()([^\s\"'\\,;\[\]]{8,})"
        ),
        "token",
    ),
    ("password", ("::add-mask::",), r"::add-mask::([^\s\"'$]{4,256})", "userinfo"),
    ("rubygems-key", ("gem push",), r"\bgem push[^\n|;]{0,100}?[ \t]--key[ \t=]{1,4}([A-Za-z0-9_-]{16,128})", "token"),
    ("make-webhook", (".make.com/",), r"hook\.[a-z]{2}\d\.make\.com/([a-z0-9]{28,36})(?![a-z0-9])", "any"),
    ("feishu-webhook", ("/open-apis/bot/",), r"/open-apis/bot/(?:v2/)?hook/([A-Za-z0-9-]{30,40})", "any"),
    ("wecom-webhook", ("weixin.qq.com",), r"weixin\.qq\.com/cgi-bin/webhook/send\?key=([0-9a-f-]{36})", "any"),
    ("dingtalk-webhook", ("oapi.dingtalk",), r"oapi\.dingtalk\.com/robot/send\?access_token=([0-9a-f]{64})", "any"),
    (
        "unleash-token",
        ("*:", ":production.", ":development.", ":default.", "[]:"),
        r"[\w*\]-]:(?:\*|[a-z][\w-]{1,40})\.([0-9a-f]{56,64})(?![0-9a-f])",
        "",
    ),
    (
        "twitter-token",
        ("AAAAAAAAAAAAAAAAAAAA",),
        r"(?<![A-Za-z0-9+/])A{19,26}[A-Za-z0-9+/]{16,64}=[A-Za-z0-9]{36,64}(?![A-Za-z0-9+/=])",
        "any",
    ),
    (
        "azure-key",
        (
            "ACDb",
            "+ASt",
            "+ABa",
            "+AMC",
            "APIM",
            "AIoT",
            "+ASb",
            "+AEh",
            "+ARm",
            "AzCa",
            "AzEG",
            "AzSe",
            "+ACR",
            "AzFu",
        ),
        (
            r"(?<![A-Za-z0-9+/=])(?:[A-Za-z0-9+/]{76}(?:ACDb|\+ASt|\+ABa|\+AMC|APIM)[A-Za-z0-9+/]{5,6}==?"
            r"|[A-Za-z0-9+/]{33}(?:AIoT|\+ASb|\+AEh|\+ARm|AzCa|AzEG)[A-Za-z0-9+/]{6}=|[A-Za-z0-9+/_-]{42}(?:AzSe|\+ACR)[A-Za-z0-9+/]{6}"
            r"|[A-Za-z0-9_-]{44}AzFu[A-Za-z0-9_-]{6}==)(?![A-Za-z0-9+/=])"
        ),
        "any",
    ),
    ("jwk", ('"kty"',), r"\"(?:d|k|p|q|dp|dq|qi)\"[ \t]{0,4}:[ \t\r\n]{0,4}\"([A-Za-z0-9_-]{20,700})\"", "any"),
    ("signature", ("ignature=",), r"(?i:\bx-amz-signature=|\bsignature=)([0-9a-fA-F]{64})", ""),
)

GATES_FOLDED = tuple({gate.lower() for _, gates, *_ in RULES for gate in gates})

HINTS = {
    "asana-token": r":[0-9a-f]{32}",
    "discord-token": r"\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27}",
    "facebook-token": r"\|[\w-]{27}",
    "mailchimp-key": r"-us\d",
    "azure-client-secret": r"Q~[\w~.-]{31}",
}
"""Of kinds whose literals are everywhere: what is in each such secret, and found quickly by its first character."""
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
_JUDGES: dict[str, Callable[[str], bool]] = {
    "": lambda secret: not is_masked(secret) and is_random(secret),
    "any": lambda secret: "[REDACTED" not in secret,
    "token": is_token,
    "basic": is_basic_auth,
    "userinfo": is_userinfo,
    "password": lambda secret: is_secret(secret, "pass", quoted=False),
}


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
    """Return (start, end, kind) of every secret that one of ``RULES`` finds."""
    text, there = view.text, frozenset(view.index.among(GATES_FOLDED))
    spans: list[Span] = []
    for kind, gates, pattern, judge in RULES:
        if not any(gate.lower() in there and gate in text for gate in gates):
            continue
        if kind in HINTS and not compiled(HINTS[kind]).search(text):
            continue
        is_secret = _JUDGES[judge]
        for match in _matches(view, kind, compiled(pattern, ASCII)):
            group = match.lastindex or 0
            if is_secret(match[group]):
                spans.append((*match.span(group), kind))
    return spans


def _matches(view: Layer, kind: str, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    if kind not in ANCHORS:
        return pattern.finditer(view.text)
    found = (pattern.match(view.text, at) for at in view.index.places(ANCHORS[kind]))
    return (match for match in found if match)


def web_tokens(text: str) -> list[Span]:
    """Return (start, end, kind) of every JSON Web Token."""
    return [(*match.span(), "jwt") for match in compiled(_SIGNED_CLAIMS).finditer(text)] if "eyJ" in text else []


def cookies(view: Layer) -> list[Span]:
    """Return (start, end, kind) of the values of cookies that say who somebody is."""
    text, folded = view.text, view.folded
    if not view.index.hold_any(SESSION_COOKIE_GATES):
        return []
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
