"""A made-up corpus of secrets from a seed, by place and format; no secret is written down here.

Two halves that share no template: ``tuning`` is what the patterns were adjusted on, ``held_out`` is what they are
measured on. Formats follow the providers' documentation; the values are random.
"""

from __future__ import annotations

import base64
import json
from random import Random
from string import ascii_letters, ascii_lowercase, ascii_uppercase, digits

ALNUM = ascii_letters + digits
WORD = ALNUM + "_-"
B64 = ALNUM + "+/"
HEX = digits + "abcdef"
WORDS = [
    "handoff",
    "context",
    "window",
    "token",
    "budget",
    "parser",
    "ledger",
    "state",
    "hook",
    "agent",
    "model",
    "encoding",
    "cache",
    "session",
    "transcript",
    "redactor",
    "schema",
    "router",
    "index",
    "worker",
    "deploy",
    "cluster",
    "report",
    "summary",
    "retry",
    "timeout",
    "fixture",
    "migration",
    "handler",
]


def pick(r: Random, alphabet: str, n: int) -> str:
    return "".join(r.choice(alphabet) for _ in range(n))


def b64(r: Random, n_bytes: int) -> str:
    return base64.b64encode(r.randbytes(n_bytes)).decode()


def b64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def uuid(r: Random) -> str:
    h = pick(r, HEX, 32)
    return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:]}"


def jwt(r: Random) -> str:
    header = b64url(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
    claims = b64url(json.dumps({"sub": pick(r, digits, 10), "name": r.choice(WORDS)}).encode())
    return f"{header}.{claims}.{b64url(r.randbytes(32))}"


def password(r: Random) -> str:
    """As people choose and managers make them: never letters alone, never a word in angle brackets."""
    style = r.randrange(4)
    if style == 0:
        return r.choice(WORDS).capitalize() + pick(r, digits, 2) + r.choice("!@#*")
    if style == 1:
        return pick(r, ALNUM, 8) + r.choice("!@#%^*+~") + pick(r, ALNUM, 8) + pick(r, digits, 1)
    if style == 2:
        return pick(r, ALNUM, 15) + pick(r, digits, 1) + pick(r, ALNUM, 8)
    return r.choice(WORDS)[:5] + pick(r, digits, 4)


# --- tokens that stand anywhere in a text -----------------------------------------------------------------------------
TUNING_TOKENS = (
    lambda r: "sk-" + "proj-" + pick(r, WORD, 74) + "T3" + "BlbkFJ" + pick(r, WORD, 74),
    lambda r: "sk-" + pick(r, ALNUM, 20) + "T3" + "BlbkFJ" + pick(r, ALNUM, 20),
    lambda r: "sk-" + "ant-api03-" + pick(r, WORD, 93) + "AA",
    lambda r: "AI" + "za" + pick(r, WORD, 35),
    lambda r: "AK" + "IA" + pick(r, ascii_uppercase + "234567", 16),
    lambda r: "gh" + "p_" + pick(r, ALNUM, 36),
    lambda r: "github" + "_pat_" + pick(r, ALNUM, 22) + "_" + pick(r, ALNUM, 59),
    lambda r: "gl" + "pat-" + pick(r, WORD, 20),
    lambda r: "xox" + "b-" + pick(r, digits, 12) + "-" + pick(r, digits, 13) + "-" + pick(r, ALNUM, 24),
    lambda r: "sk" + "_live_" + pick(r, ALNUM, 24),
    lambda r: "SK" + pick(r, HEX, 32),
    lambda r: "SG" + "." + pick(r, WORD, 22) + "." + pick(r, WORD, 43),
    lambda r: "npm" + "_" + pick(r, ALNUM, 36),
    lambda r: "pypi" + "-AgEIcHlwaS5vcmc" + pick(r, WORD, 120),
    lambda r: "hf" + "_" + pick(r, ascii_letters, 34),
    lambda r: pick(r, "123456789", 10) + ":AA" + pick(r, WORD, 33),
    lambda r: b64url(pick(r, "123456789", 18).encode()) + "." + pick(r, WORD, 6) + "." + pick(r, WORD, 38),
    lambda r: "do" + "p_v1_" + pick(r, HEX, 64),
    lambda r: "HR" + "KU-" + uuid(r),
    lambda r: "shp" + "at_" + pick(r, HEX, 32),
    lambda r: "sq0" + "atp-" + pick(r, WORD, 22),
    lambda r: "key" + "-" + pick(r, HEX, 32),
    lambda r: "da" + "pi" + pick(r, HEX, 32),
    lambda r: "cf" + "ut_" + pick(r, ALNUM, 48),
    lambda r: pick(r, ALNUM, 3) + "8Q~" + pick(r, ALNUM + "_~.-", 33) + "x",
    jwt,
)
HELD_OUT_TOKENS = (
    lambda r: "sk-" + "svcacct-" + pick(r, WORD, 60) + "T3" + "BlbkFJ" + pick(r, WORD, 60),
    lambda r: "sk-" + "or-v1-" + pick(r, HEX, 64),
    lambda r: "sk-" + "ant-admin01-" + pick(r, WORD, 80),
    lambda r: "ya" + "29." + pick(r, WORD, 120),
    lambda r: "GOC" + "SPX-" + pick(r, WORD, 28),
    lambda r: "AS" + "IA" + pick(r, ascii_uppercase + "234567", 16),
    lambda r: "gh" + "s_" + pick(r, ALNUM, 36),
    lambda r: "gh" + "o_" + pick(r, ALNUM, 36),
    lambda r: "gl" + "rt-" + pick(r, WORD, 20),
    lambda r: "gl" + "cbt-64_" + pick(r, WORD, 20),
    lambda r: "xox" + "p-" + "-".join(pick(r, digits, 12) for _ in range(3)) + "-" + pick(r, HEX, 32),
    lambda r: (
        "xa" + "pp-1-A" + pick(r, ascii_uppercase + digits, 10) + "-" + pick(r, digits, 13) + "-" + pick(r, HEX, 64)
    ),
    lambda r: "rk" + "_test_" + pick(r, ALNUM, 99),
    lambda r: "wh" + "sec_" + pick(r, ALNUM, 32),
    lambda r: "gs" + "k_" + pick(r, ALNUM, 52),
    lambda r: "do" + "o_v1_" + pick(r, HEX, 64),
    lambda r: "shp" + "ss_" + pick(r, HEX, 32),
    lambda r: "EA" + "AA" + pick(r, WORD, 60),
    lambda r: "AT" + "ATT3xFfGF0" + pick(r, WORD, 170) + "=" + pick(r, HEX.upper(), 8),
    lambda r: "dckr" + "_pat_" + pick(r, WORD, 27),
    lambda r: "hv" + "s." + pick(r, WORD, 90),
    lambda r: "nv" + "api-" + pick(r, WORD, 64),
    lambda r: "fig" + "d_" + pick(r, WORD, 40),
    lambda r: pick(r, HEX, 32) + "-us" + pick(r, "123", 1),
    lambda r: "pat" + pick(r, ALNUM, 14) + "." + pick(r, HEX, 64),
    lambda r: "lin" + "_api_" + pick(r, ALNUM, 40),
    jwt,
)
TUNING_PLACES = (
    "{s}",
    "using {s} for the staging run",
    "OPENAI_API_KEY={s}",
    'client = Client(api_key="{s}")',
    "I pasted `{s}` into the config.",
    '{{"role": "user", "content": "my key is {s}, please test it"}}',
    "curl -H 'Authorization: Bearer {s}' https://api.example.org/v1/models",
    "found {s} in .env (line 3)",
)
HELD_OUT_PLACES = (
    "+ const KEY = '{s}';",
    "    14→SERVICE_TOKEN: {s}",
    "https://api.example.org/v2/items?access_token={s}&page=2",
    "the reply was 401 with {s}.",
    '\\"token\\": \\"{s}\\",\\n',
    "| staging | {s} | 2025-03-01 |",
    "({s})",
    "git clone https://oauth2:{s}@gitlab.example.org/team/repo.git",
    "$env:SERVICE_KEY = '{s}'",
)


def pem(r: Random) -> str:
    kind = r.choice(("RSA ", "EC ", "OPENSSH ", "", "ENCRYPTED "))
    rows = [pick(r, B64, 64) for _ in range(r.randrange(4, 20))] + [pick(r, B64, 30) + "=="]
    lines = [f"-----BEGIN {kind}PRIVATE" + " KEY-----", *rows, f"-----END {kind}PRIVATE" + " KEY-----"]
    style = r.randrange(4)
    if style == 1:
        lines.pop()
    return (
        "\\n".join(lines)
        if style == 2
        else "\n".join(f"  {n:>4}→{line}" for n, line in enumerate(lines, 1))
        if style == 3
        else "\n".join(lines)
    )


def secret_of_pem(text: str) -> str:
    """A line from the middle of the block stands for the whole."""
    rows = [row.split("→")[-1] for row in text.replace("\\n", "\n").split("\n")]
    return rows[len(rows) // 2]


# --- values known by their place: (template, generator) ---------------------------------------------------------------
TUNING_PLACED = (
    ("postgres://app:{s}@db.internal:5432/main", lambda r: pick(r, ALNUM, 16)),
    ("redis://:{s}@cache:6379/0", lambda r: pick(r, ALNUM, 24)),
    ("Authorization: Basic {s}", lambda r: base64.b64encode(f"{r.choice(WORDS)}:{password(r)}".encode()).decode()),
    ("Authorization: Bearer {s}", lambda r: pick(r, ALNUM, 40)),
    ("Cookie: theme=dark; sessionid={s}; lang=en", lambda r: pick(r, ascii_lowercase + digits, 32)),
    ("Set-Cookie: JSESSIONID={s}; Path=/; HttpOnly", lambda r: pick(r, HEX.upper(), 32)),
    ('api_key = "{s}"', lambda r: pick(r, ALNUM, 32)),
    ("export X_TOKEN={s}", lambda r: pick(r, ALNUM, 24)),
    ("password: {s}", password),
    ("    password: '{s}'", password),
    ('  "secret": "{s}",', lambda r: pick(r, HEX, 32)),
    ("deploy --token {s} --yes", lambda r: pick(r, ALNUM, 20)),
    ("DB_PASSWORD={s}", password),
    ("aws_secret_access_key = {s}", lambda r: pick(r, B64, 40)),
    ("HEROKU_API_KEY={s}", uuid),
    ('{{"client_secret": "{s}", "grant_type": "client_credentials"}}', lambda r: pick(r, WORD, 40)),
    ("Server=tcp:sql,1433;User ID=sa;Password={s};Encrypt=True", lambda r: pick(r, ALNUM, 14) + pick(r, digits, 2)),
    ("AccountName=x;AccountKey={s};EndpointSuffix=core.windows.net", lambda r: b64(r, 64)),
    ("mysql --password={s} -u root main", password),
    ("curl -u admin:{s} https://host.example.org/", password),
    ("SECRET_KEY = '{s}'", lambda r: "django-insecure-" + pick(r, ALNUM + "!@#$%^&*(-_=+)", 50)),
)
HELD_OUT_PLACED = (
    ("mongodb+srv://svc-user:{s}@cluster0.ab1cd.mongodb.net/?retryWrites=true", lambda r: pick(r, ALNUM, 18)),
    ("amqps://worker:{s}@mq.internal/vhost", lambda r: pick(r, ALNUM, 12)),
    (
        "DATABASE_URL=mysql://root:{s}@10.0.0.5:3306/shop",
        password_for_url := lambda r: pick(r, ALNUM, 10) + "!" + pick(r, digits, 3),
    ),
    ("proxy http://build:{s}@proxy.corp:3128 timed out", password_for_url),
    (
        "> authorization: basic {s}",
        lambda r: base64.b64encode(f"svc-{r.choice(WORDS)}:{password(r)}".encode()).decode(),
    ),
    ('"headers": {{"Authorization": "Bearer {s}", "Accept": "*/*"}}', lambda r: pick(r, WORD, 43)),
    ("'Authorization': 'token {s}'", lambda r: pick(r, HEX, 40)),
    ("cookie: _ga=GA1.2.3; connect.sid={s}", lambda r: "s%3A" + pick(r, WORD, 32) + "." + pick(r, ALNUM, 43)),
    ("set-cookie: __Host-session={s}; Secure", lambda r: pick(r, WORD, 44)),
    ("X-Api-Key: {s}", lambda r: pick(r, HEX, 40)),
    ("const apiKey = `{s}`;", lambda r: pick(r, ALNUM, 36)),
    ("$password = '{s}';", password),
    ("    webhookSecret: {s}", lambda r: pick(r, ALNUM, 28)),
    ('password = "{s}"  # rotate', password),
    ("<password>{s}</password>", password),
    ('<add key="ApiToken" value="{s}" />', lambda r: pick(r, ALNUM, 32)),
    ("//registry.example.org/:_authToken={s}", uuid),
    ("set PGPASSWORD={s}", password),
    ("vault login -token={s}", lambda r: pick(r, ALNUM, 26)),
    ("ENCRYPTION_KEY: {s}", lambda r: b64(r, 32)),
    ("STRIPE_KEY={s}", lambda r: pick(r, ALNUM, 32)),
    ("machine git.example.org login ci password {s}", lambda r: pick(r, ALNUM, 20)),
    (
        "?sv=2022-11-02&ss=b&sig={s}&se=2030-01-01",
        lambda r: b64(r, 32).replace("+", "%2B").replace("/", "%2F").replace("=", "%3D"),
    ),
    ("Endpoint=sb://bus/;SharedAccessKeyName=Root;SharedAccessKey={s}", lambda r: b64(r, 32)),
    (
        "https://hooks.slack.com/services/{s}",
        lambda r: f"T{pick(r, ALNUM.upper(), 8)}/B{pick(r, ALNUM.upper(), 8)}/{pick(r, ALNUM, 24)}",
    ),
    ("AWS_SESSION_TOKEN={s}", lambda r: b64(r, 240)),
    ("'auth_token' => '{s}',", lambda r: pick(r, HEX, 32)),
    ('password="{s}" ./run.sh', password),
)


def secrets(seed: int, half: str, count: int) -> list[tuple[str, str]]:
    """Return ``count`` (text, secret in it), a third each of tokens, placed values (twice) and key blocks (some)."""
    r = Random(f"{half}-secrets-{seed}")
    tokens, places, placed = (
        (TUNING_TOKENS, TUNING_PLACES, TUNING_PLACED)
        if half == "tuning"
        else (HELD_OUT_TOKENS, HELD_OUT_PLACES, HELD_OUT_PLACED)
    )
    found = []
    for n in range(count):
        if n % 20 == 0:
            text = pem(r)
            found.append((text, secret_of_pem(text)))
        elif n % 2:
            secret = tokens[(n // 2) % len(tokens)](r)
            found.append((r.choice(places).format(s=secret), secret))
        else:
            template, make = placed[(n // 2) % len(placed)]
            secret = make(r)
            found.append((template.format(s=secret), secret))
    return found
