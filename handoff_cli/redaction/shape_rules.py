"""The shapes of secrets that we know of ourselves: what ``shapes`` looks for, which loads this where it has no tables.

Formats are facts from the providers' own documentation (for example Cloudflare's token formats, Microsoft's list of
sensitive information types).
"""

from __future__ import annotations

from handoff_cli.core.patterns import ROW
from handoff_cli.redaction.rows import rows_of

SIGNED_CLAIMS = r"eyJ(?<![\w-]eyJ)[\w-]{8,}(?:\.[\w-]{4,}){2}(?:\.[\w-]+){0,2}"

# (kind, gates, pattern, judge): one gate, a literal, must occur; the secret is group 1 where there is one; the judge
# names a further test of the secret in ``shapes``.
RULES = (
    (
        "password",
        ("://",),
        r"://[^\s:/@\"'<>?#]{0,128}(?:@[\w.-]{1,64})?:(?!\d{1,5}[?#])([^\s/\"'<>]{1,256})@",
        "userinfo",
    ),
    ("slack-webhook", ("hooks.slack.com",), r"hooks\.slack\.com/(?:services|workflows|triggers)/([\w/-]{20,})", ""),
    ("discord-webhook", ("/api/webhooks/",), r"/api/webhooks/\d{10,}/([\w-]{40,})", ""),
    ("jwt", ("eyJ",), SIGNED_CLAIMS, ""),
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

HINTS = {
    "asana-token": r":[0-9a-f]{32}",
    "discord-token": r"\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27}",
    "facebook-token": r"\|[\w-]{27}",
    "mailchimp-key": r"-us\d",
    "azure-client-secret": r"Q~[\w~.-]{31}",
}
"""Of kinds whose literals are everywhere: what is in each such secret, and found quickly by its first character."""


def rows_of_shapes() -> tuple[str, bytes, str, str]:
    """Return what ``shapes`` makes its rows of: each gate leads to a rule and itself; and kind, judge, hint of all."""
    led = ((gate.lower(), f"{number} {gate}") for number, (_, gates, *_) in enumerate(RULES) for gate in gates)
    told = ROW.join(f"{kind} {judge} {HINTS.get(kind, '')}" for kind, _, _, judge in RULES)
    return (*rows_of(led), told)
