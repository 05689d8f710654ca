"""What secrets look like: the published prefixes and shapes of tokens, and the names secrets are stored under.

Formats are facts from the providers' own documentation (for example GitHub's and GitLab's token prefixes, Cloudflare's
token formats, Microsoft's list of sensitive information types). Everything here is a constant tuple or string, so the
import costs one unmarshalling; ``core.redact`` compiles a pattern the first time its literal gate is met.
"""

from __future__ import annotations

BODY_CLASSES = {
    "upper": r"[0-9A-Z]+",
    "hex": r"[0-9a-fA-F]+",
    "alnum": r"[0-9A-Za-z]+",
    "word": r"[0-9A-Za-z_\-]+",
    "dotted": r"[0-9A-Za-z_\-]+(?:\.[0-9A-Za-z_\-]+)*",
    "checked": r"[0-9A-Za-z+/_\-]+(?:=[0-9A-F]{8}(?![0-9A-Za-z]))?",
    "base64": r"[0-9A-Za-z+/_\-]+={0,3}",
}

# (prefix, kind, class of the body, least length of the body)
PREFIXES = (
    ("sk-ant-", "anthropic-key", "word", 20),
    ("sk-or-", "openrouter-key", "word", 20),
    ("sk-lf-", "langfuse-key", "word", 20),
    ("sk-", "openai-key", "word", 20),
    ("gsk_", "groq-key", "alnum", 30),
    ("xai-", "xai-key", "alnum", 40),
    ("pplx-", "perplexity-key", "alnum", 30),
    ("r8_", "replicate-token", "alnum", 30),
    ("hf_", "huggingface-token", "alnum", 30),
    ("api_org_", "huggingface-token", "alnum", 30),
    ("nvapi-", "nvidia-key", "word", 40),
    ("tvly-", "tavily-key", "word", 20),
    ("pcsk_", "pinecone-key", "word", 40),
    ("lsv2_", "langsmith-key", "word", 32),
    ("AIza", "google-key", "word", 35),
    ("AQ.Ab", "google-key", "word", 35),
    ("ya29.", "google-token", "dotted", 20),
    ("GOCSPX-", "google-client-secret", "word", 24),
    ("1//0", "google-refresh-token", "word", 40),
    ("AKIA", "aws-key-id", "upper", 16),
    ("ASIA", "aws-key-id", "upper", 16),
    ("ABIA", "aws-key-id", "upper", 16),
    ("ACCA", "aws-key-id", "upper", 16),
    ("ABSK", "aws-bedrock-key", "base64", 100),
    ("bedrock-api-key-", "aws-bedrock-key", "base64", 40),
    ("da2-", "aws-appsync-key", "alnum", 26),
    ("amzn.mws.", "aws-mws-token", "word", 36),
    ("ghp_", "github-token", "dotted", 30),
    ("gho_", "github-token", "dotted", 30),
    ("ghu_", "github-token", "dotted", 30),
    ("ghs_", "github-token", "dotted", 30),
    ("ghr_", "github-token", "dotted", 30),
    ("github_pat_", "github-token", "word", 22),
    ("glpat-", "gitlab-token", "dotted", 20),
    ("gloas-", "gitlab-token", "dotted", 20),
    ("gldt-", "gitlab-token", "dotted", 20),
    ("glrt-", "gitlab-token", "dotted", 20),
    ("glrtr-", "gitlab-token", "dotted", 20),
    ("glcbt-", "gitlab-token", "dotted", 20),
    ("glptt-", "gitlab-token", "dotted", 20),
    ("glft-", "gitlab-token", "dotted", 20),
    ("glimt-", "gitlab-token", "dotted", 20),
    ("glagent-", "gitlab-token", "dotted", 20),
    ("glwt-", "gitlab-token", "dotted", 20),
    ("glsoat-", "gitlab-token", "dotted", 20),
    ("glffct-", "gitlab-token", "dotted", 20),
    ("GR1348941", "gitlab-token", "word", 20),
    ("ATATT3", "atlassian-token", "checked", 40),
    ("ATCTT3", "atlassian-token", "checked", 40),
    ("ATBB", "bitbucket-token", "alnum", 28),
    ("xoxa-", "slack-token", "word", 20),
    ("xoxb-", "slack-token", "word", 20),
    ("xoxc-", "slack-token", "word", 20),
    ("xoxd-", "slack-token", "base64", 20),
    ("xoxe-", "slack-token", "word", 20),
    ("xoxe.", "slack-token", "word", 20),
    ("xoxo-", "slack-token", "word", 20),
    ("xoxp-", "slack-token", "word", 20),
    ("xoxr-", "slack-token", "word", 20),
    ("xoxs-", "slack-token", "word", 20),
    ("xapp-", "slack-token", "word", 20),
    ("xwfp-", "slack-token", "word", 20),
    ("sk_live_", "stripe-key", "alnum", 16),
    ("sk_test_", "stripe-key", "alnum", 16),
    ("sk_org_", "stripe-key", "word", 16),
    ("rk_live_", "stripe-key", "alnum", 16),
    ("rk_test_", "stripe-key", "alnum", 16),
    ("whsec_", "webhook-secret", "base64", 24),
    ("SK", "twilio-key", "hex", 32),
    ("SG.", "sendgrid-key", "dotted", 40),
    ("npm_", "npm-token", "alnum", 36),
    ("pypi-AgE", "pypi-token", "word", 50),
    ("rubygems_", "rubygems-key", "hex", 48),
    ("oy2", "nuget-key", "alnum", 43),
    ("cio", "cargo-token", "alnum", 32),
    ("dckr_pat_", "docker-token", "word", 20),
    ("dckr_oat_", "docker-token", "word", 20),
    ("AKCp", "artifactory-key", "alnum", 60),
    ("cfk_", "cloudflare-token", "alnum", 40),
    ("cfut_", "cloudflare-token", "alnum", 40),
    ("cfat_", "cloudflare-token", "alnum", 40),
    ("v1.0-", "cloudflare-origin-key", "word", 140),
    ("dop_v1_", "digitalocean-token", "hex", 64),
    ("doo_v1_", "digitalocean-token", "hex", 64),
    ("dor_v1_", "digitalocean-token", "hex", 64),
    ("HRKU-", "heroku-key", "word", 30),
    ("shpat_", "shopify-token", "hex", 32),
    ("shpca_", "shopify-token", "hex", 32),
    ("shppa_", "shopify-token", "hex", 32),
    ("shpss_", "shopify-token", "hex", 32),
    ("shptka_", "shopify-token", "hex", 32),
    ("sq0atp-", "square-token", "word", 22),
    ("sq0csp-", "square-token", "word", 40),
    ("EAAA", "square-token", "word", 56),
    ("EAA", "facebook-token", "alnum", 90),
    ("key-", "mailgun-key", "alnum", 32),
    ("xkeysib-", "brevo-key", "word", 60),
    ("dapi", "databricks-token", "word", 32),
    ("lin_api_", "linear-key", "alnum", 32),
    ("ntn_", "notion-token", "alnum", 40),
    ("secret_", "notion-token", "alnum", 40),
    ("figd_", "figma-token", "word", 36),
    ("PMAK-", "postman-key", "word", 50),
    ("dp.", "doppler-token", "dotted", 40),
    ("hvs.", "vault-token", "word", 24),
    ("hvb.", "vault-token", "word", 24),
    ("pul-", "pulumi-token", "hex", 40),
    ("sntrys_", "sentry-token", "base64", 40),
    ("sntryu_", "sentry-token", "hex", 60),
    ("NRAK-", "newrelic-key", "alnum", 27),
    ("glsa_", "grafana-token", "word", 32),
    ("glc_", "grafana-token", "base64", 40),
    ("dt0c01.", "dynatrace-token", "dotted", 80),
    ("sbp_", "supabase-token", "hex", 40),
    ("sb_secret_", "supabase-token", "word", 24),
    ("pscale_tkn_", "planetscale-token", "word", 32),
    ("pscale_pw_", "planetscale-token", "word", 32),
    ("nfp_", "netlify-token", "alnum", 36),
    ("fm2_", "fly-token", "base64", 60),
    ("rnd_", "render-key", "alnum", 24),
    ("CCIPAT_", "circleci-token", "word", 40),
    ("bkua_", "buildkite-token", "hex", 40),
    ("ops_eyJ", "onepassword-token", "base64", 100),
    ("AGE-SECRET-KEY-1", "age-key", "alnum", 50),
    ("LTAI", "alibaba-key-id", "alnum", 16),
    ("pat", "airtable-token", "dotted", 79),
    ("A3T", "aws-key-id", "upper", 17),
    ("rdme_", "readme-key", "alnum", 60),
    ("fo1_", "fly-token", "word", 40),
    ("tfp_", "typeform-token", "word", 40),
    ("aio_", "adafruit-key", "alnum", 26),
    ("ES_", "hcaptcha-secret", "alnum", 32),
    ("GOOG", "google-hmac-key", "upper", 20),
)
# Prefixes that also begin ordinary words: what follows must look generated.
CONFUSABLE_PREFIXES = frozenset((
    "sk-", "key-", "secret_", "cio", "pat", "dp.", "v1.0-", "EAA", "EAAA", "da2-", "hf_", "npm_", "xai-", "1//0",
    "glc_",
    "fm2_", "bedrock-api-key-", "api_org_", "pul-", "lsv2_", "rnd_", "SK", "oy2", "A3T", "GOOG",
))  # fmt: skip

# (kind, gates, pattern, judge): one gate, a literal, must occur; the secret is group 1 where there is one; the judge
# names a further test of the secret in ``core.secret_values``.
RULES = (
    (
        "password",
        ("://",),
        r"://[^\s:/@\"'<>?#]{0,128}:(?!\d{1,5}[?#])([^\s/\"'<>]{1,256})@",
        "url",
    ),
    ("slack-webhook", ("hooks.slack.com",), r"hooks\.slack\.com/(?:services|workflows|triggers)/([\w/-]{20,})", ""),
    ("discord-webhook", ("/api/webhooks/",), r"/api/webhooks/\d{10,}/([\w-]{40,})", ""),
    ("jwt", ("eyJ",), r"(?<![\w-])eyJ[\w-]{8,}(?:\.[\w-]{4,}){2}(?:\.[\w-]+){0,2}", ""),
    ("telegram-token", (":AA",), r"(?<!\d)\d{8,10}:AA[\w-]{32,35}(?![\w-])", ""),
    (
        "discord-token",
        ("MT", "Mj", "Mz", "ND", "NT", "Nj", "Nz", "OD", "OT"),
        r"(?<![\w.-])[MNO][A-Za-z0-9_-]{22,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,45}(?![\w.-])",
        "",
    ),
    ("azure-client-secret", ("Q~",), r"(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~-])", ""),
    ("azure-devops-token", ("AZDO",), r"(?<![A-Za-z0-9])[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}(?![A-Za-z0-9])", ""),
    ("azure-key", ("JQQJ99",), r"(?<![A-Za-z0-9])[A-Za-z0-9]{52}JQQJ99[A-Za-z0-9]{20,30}(?![A-Za-z0-9])", ""),
    ("azure-sas", ("sig=",), r"[?&]sig=([A-Za-z0-9%+/=_-]{20,})", ""),
    ("terraform-token", (".atlasv1.",), r"(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,}", ""),
    ("mailchimp-key", ("-us",), r"(?<![0-9a-f])[0-9a-f]{32}-us\d{1,2}(?!\d)", ""),
    ("newrelic-key", ("NRAL",), r"(?<![A-Za-z0-9])[0-9A-Za-z]{36}NRAL(?![A-Za-z0-9])", ""),
    ("facebook-token", ("|",), r"(?<!\d)\d{15,16}\|[\w-]{27,40}(?![\w-])", ""),
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
        (
            "$1$",
            "$5$",
            "$6$",
            "$7$",
            "$8$",
            "$9$",
            "$y$",
            "$2a$",
            "$2b$",
            "$2x$",
            "$2y$",
            "$argon2",
            "$sha",
            "$apr1$",
            "$scrypt$",
        ),
        r"(?<![\w$])\$(?:[156789y]|2[abxy]|argon2\w{1,2}|sha\d{1,3}|apr1|scrypt)\$(?=[^\s\"']{20})[\w./=,+-]{1,100}(?:\$[\w./=,+-]{4,200}){0,3}",
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
    ("plaid-token", ("access-",), r"access-(?:sandbox|development|production)-[0-9a-f-]{36}", ""),
    ("bearer", ("bearer ", "Bearer ", "BEARER "), r"(?i:\bbearer)[ \t]{1,4}([\w.~+/=-]{12,})", "token"),
    ("basic-auth", ("basic ", "Basic ", "BASIC "), r"(?i:\bbasic)[ \t]{1,4}([A-Za-z0-9+/]{6,}={0,2})", "basic"),
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
            r"(?i:authorization)\\{0,4}[\"']?[ \t]{0,4}[:=,][ \t]{0,4}\\{0,4}[\"']?"
            r"(?:[A-Za-z][\w-]{0,20}[ \t]{1,4})?([^\s\"'\\,;\[\]]{8,})"
        ),
        "token",
    ),
    ("password", ("::add-mask::",), r"::add-mask::([^\s\"'$]{4,256})", "userinfo"),
    ("rubygems-key", ("gem push",), r"\bgem push[^\n|;]{0,100}?[ \t]--key[ \t=]{1,4}([A-Za-z0-9_-]{16,128})", "token"),
    (
        "password",
        (
            *(
                "ot de passe",
                "ontraseña",
                "enha",
                "achtwoord",
                "ароль",
                "密码",
                "密碼",
                "パスワード",
                "비밀번호",
                "asło",
            ),
            *("ösenord", "АРОЛЬ"),
        ),
        (
            r"(?<!\w)(?:[Mm]ot de passe|[Cc]ontraseña|[Ss]enha|[Ww]achtwoord|[Пп]ароль|ПАРОЛЬ|[Hh]asło|[Ll]ösenord|密码|密碼|パスワード|비밀번호)"
            r"\*{0,2}[ \t]{0,2}[:\uff1a=]\*{0,2}[ \t]{0,4}[\"'`]?([^\s\"'`,;]{5,128})"
        ),
        "password",
    ),
    ("signature", ("ignature=",), r"(?i:\bx-amz-signature=|\bsignature=)([0-9a-fA-F]{64})", ""),
)

LONG = {"discord-token": 58, "facebook-token": 43}
"""Of kinds whose literals are everywhere: how many characters without a blank such a secret has at least."""

PRIVATE_KEY_BEGIN = r"-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}|Private-Lines: ?\d{1,4}"
PRIVATE_KEY_END = r"-{4,5} ?END [A-Z0-9 ]{0,40}-{4,5}"
# A line of the body as it is shown by editors, diffs, quotes and numbered listings, also with escaped newlines.
PRIVATE_KEY_LINES = (
    r"(?:(?:\\[nr]|[ \t>|+\r\n\"',:]|\d{1,6}(?:\t|→|[:|] ))*"
    r"(?:[A-Za-z0-9+/=]{16,}|(?:Proc-Type|DEK-Info|Version|Comment): ?[^\n\\]{0,80}|=[A-Za-z0-9+/]{4}(?![\w])))*"
    r"(?:(?:\\[nr]|[\r\n]){1,2}[A-Za-z0-9+/]{1,15}={0,2}(?![\w ]))?"
)

NAME_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789_-."
NAME_RUN = r"[a-z0-9_.-]*"
WORD = r"[\w+/=.~-]{1,300}"
RUNS_ON = r"[\w+/=.~-]\r?\n[ \t>|#*/]{0,16}[\w+/=.~-]"

# An ampersand ends a value where the next parameter of a query follows, not inside a password.
UNQUOTED_VALUE = r"(?:[^\s\"'`<>&;,|\\]|&(?![\w.%-]{1,40}=))+"

COOKIE_HEADER = r"\bcookies?\\{0,4}[\"']?[ \t]{0,4}[:=,(]?[ \t]{0,4}\\{0,4}[\"']?(?=[\w.-]{1,64}=)"
COOKIE_PAIR = r"([^\s=;,\"'\\]{1,128})=([^\s;,\"'\\]{1,4096})"
SESSION_COOKIE_GATES = ("cookie", "jsessionid", "phpsessid", "sessionid=", "connect.sid", "_session=")
SESSION_COOKIE_NAMES = (
    "sess",
    "sid",
    "auth",
    "token",
    "csrf",
    "xsrf",
    "jwt",
    "login",
    "remember",
    "__host-",
    "__secure-",
)
NAMED_SESSION_COOKIE = (
    r"\b(?:jsessionid|phpsessid|asp\.net_sessionid|connect\.sid|laravel_session|_[a-z]{1,32}_session)"
    r"=([^\s;,\"'\\&]{8,4096})"
)

PLACEHOLDERS = (
    "...", "…", "***", "•••", "<", "[redacted", "placeholder", "changeme", "change_me", "change-me",
    "deadbeef", "xxxxxx",
)  # fmt: skip
# Short words count at the start of a piece only: in a long random value they turn up by chance.
PLACEHOLDER_WORD = (
    r"(?:^|[^a-z0-9])(?:x{4}|your|my[_-]|dummy|sample|replace|insert|todo|redacted|hidden|masked|foobar|notreal|fake)"
)
INNOCENT_VALUES = frozenset((
    "password", "passwd", "passphrase", "pass", "secret", "token", "required", "optional", "string", "number",
    "boolean",
    "object", "undefined", "hidden", "visible", "enabled", "disabled", "default", "missing", "invalid", "unknown",
    "inherit", "integer", "bytes", "value", "input", "label", "field", "database", "username", "localhost", "forgot",
    "current", "confirm", "mandatory", "nullable", "varchar", "testing", "wrong", "expired", "yes/no", "false",
    "random",
))  # fmt: skip
REFERENCE_STARTS = (
    "${", "$(", "$env:", "{{", "{%", "<%", "%(", "#{", "@{", "!ref", "!sub", "env:", "env(", "op://", "vault:", "arn:",
    "file:", "http://", "https://", "secrets.", "process.env", "os.environ", "./", "../", "~/", "sha1-", "sha256-",
    "sha384-",
    "sha512-", "sha1:", "sha256:", "sha512:", "md5:", "data:", "c:\\", "d:\\", "urn:", "projects/", "self.", "this.",
)  # fmt: skip
