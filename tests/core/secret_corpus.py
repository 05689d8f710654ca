"""A made-up corpus of secrets and of innocent lines that look like them, from a seed; no secret is written down here.

Two halves that share no template: ``tuning`` is what the patterns were adjusted on, ``held_out`` is what they are
measured on. Formats follow the providers' documentation; the values are random.

Run ``python tests/core/secret_corpus.py tuning 1`` to see the misses and false alarms of one seed.
"""

from __future__ import annotations

import base64
import json
import sys
from random import Random
from string import ascii_letters, ascii_lowercase, ascii_uppercase, digits

ALNUM = ascii_letters + digits
WORD = ALNUM + "_-"
B64 = ALNUM + "+/"
HEX = digits + "abcdef"
WORDS = (
    "handoff context window token budget parser ledger state hook agent model encoding cache session transcript "
    "redactor schema router index worker deploy cluster report summary retry timeout fixture migration handler"
).split()


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
    lambda r: "xa" + "pp-1-A" + pick(r, ascii_uppercase + digits, 10) + "-" + pick(r, digits, 13) + "-" + pick(r, HEX, 64),
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
    return "\\n".join(lines) if style == 2 else "\n".join(f"  {n:>4}→{line}" for n, line in enumerate(lines, 1)) if style == 3 else "\n".join(lines)


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
    ("DATABASE_URL=mysql://root:{s}@10.0.0.5:3306/shop", password_for_url := lambda r: pick(r, ALNUM, 10) + "!" + pick(r, digits, 3)),
    ("proxy http://build:{s}@proxy.corp:3128 timed out", password_for_url),
    ("> authorization: basic {s}", lambda r: base64.b64encode(f"svc-{r.choice(WORDS)}:{password(r)}".encode()).decode()),
    ('"headers": {{"Authorization": "Bearer {s}", "Accept": "*/*"}}', lambda r: pick(r, WORD, 43)),
    ("'Authorization': 'token {s}'", lambda r: pick(r, HEX, 40)),
    ("cookie: _ga=GA1.2.3; connect.sid={s}", lambda r: "s%3A" + pick(r, WORD, 32) + "." + pick(r, ALNUM, 43)),
    ("set-cookie: __Host-session={s}; Secure", lambda r: pick(r, WORD, 44)),
    ("X-Api-Key: {s}", lambda r: pick(r, HEX, 40)),
    ("const apiKey = `{s}`;", lambda r: pick(r, ALNUM, 36)),
    ("$password = '{s}';", password),
    ("    webhookSecret: {s}", lambda r: pick(r, ALNUM, 28)),
    ("password = \"{s}\"  # rotate", password),
    ("<password>{s}</password>", password),
    ('<add key="ApiToken" value="{s}" />', lambda r: pick(r, ALNUM, 32)),
    ("//registry.example.org/:_authToken={s}", lambda r: uuid(r)),
    ("set PGPASSWORD={s}", password),
    ("vault login -token={s}", lambda r: pick(r, ALNUM, 26)),
    ("ENCRYPTION_KEY: {s}", lambda r: b64(r, 32)),
    ("STRIPE_KEY={s}", lambda r: pick(r, ALNUM, 32)),
    ("machine git.example.org login ci password {s}", lambda r: pick(r, ALNUM, 20)),
    ("?sv=2022-11-02&ss=b&sig={s}&se=2030-01-01", lambda r: b64(r, 32).replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")),
    ("Endpoint=sb://bus/;SharedAccessKeyName=Root;SharedAccessKey={s}", lambda r: b64(r, 32)),
    ("https://hooks.slack.com/services/{s}", lambda r: f"T{pick(r, ALNUM.upper(), 8)}/B{pick(r, ALNUM.upper(), 8)}/{pick(r, ALNUM, 24)}"),
    ("AWS_SESSION_TOKEN={s}", lambda r: b64(r, 240)),
    ("'auth_token' => '{s}',", lambda r: pick(r, HEX, 32)),
    ("password=\"{s}\" ./run.sh", password),
)


def secrets(seed: int, half: str, count: int) -> list[tuple[str, str]]:
    """Return ``count`` (text, secret in it), a third each of tokens, placed values (twice) and key blocks (some)."""
    r = Random(f"{half}-secrets-{seed}")
    tokens, places, placed = (
        (TUNING_TOKENS, TUNING_PLACES, TUNING_PLACED) if half == "tuning" else (HELD_OUT_TOKENS, HELD_OUT_PLACES, HELD_OUT_PLACED)
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


# --- innocent lines ---------------------------------------------------------------------------------------------------
TUNING_INNOCENT = (
    lambda r: f"commit {pick(r, HEX, 40)}",
    lambda r: f"{pick(r, HEX, 7)} Fix the {r.choice(WORDS)} of the {r.choice(WORDS)}",
    lambda r: f"request {uuid(r)} took {r.randrange(900)} ms",
    lambda r: f"image@sha256:{pick(r, HEX, 64)}",
    lambda r: f'      "integrity": "sha512-{b64(r, 64)}",',
    lambda r: f'    {{url = "https://files.example.org/{r.choice(WORDS)}-1.{r.randrange(99)}.tar.gz", hash = "sha256:{pick(r, HEX, 64)}"}},',
    lambda r: f"data:image/png;base64,{b64(r, r.randrange(60, 400))}",
    lambda r: f"def {r.choice(WORDS)}_{r.choice(WORDS)}_{r.choice(WORDS)}_from_{r.choice(WORDS)}(self) -> None:",
    lambda r: f"/usr/lib/python3.{r.randrange(9, 14)}/site-packages/{r.choice(WORDS)}/{r.choice(WORDS)}.py",
    lambda r: f"https://example.org/{r.choice(WORDS)}/{r.choice(WORDS)}?page={r.randrange(99)}&sort=asc#top",
    lambda r: r.choice(("token = get_token()", "token = self._token", "token = config.token", "api_key = settings.API_KEY")),
    lambda r: r.choice(("password: str", "password: Optional[str] = None", "password: string;", "password?: string")),
    lambda r: r.choice(('key = os.environ["API_KEY"]', "const key = process.env.API_KEY;", 'os.getenv("API_TOKEN", "")')),
    lambda r: r.choice(("max_tokens=4096", "max_tokens: 128000,", '"total_tokens": 18342', "tokens_used = 4821", "token_count=77123")),
    lambda r: r.choice(('deploy --token "$TOKEN"', "deploy --token $TOKEN", "deploy --token ${TOKEN}", "login --password-stdin")),
    lambda r: r.choice(("token: ${{ secrets.NPM_TOKEN }}", "password: ${DB_PASSWORD}", "password: {{ vault_password }}")),
    lambda r: "".join(f"{r.choice(ascii_lowercase)}.{r.choice(ascii_lowercase)}=function({r.choice(ascii_lowercase)}){{return {r.choice(ascii_lowercase)}[{r.randrange(99)}]}};" for _ in range(9)),
    lambda r: r.choice(("api_key: sk-...", "OPENAI_API_KEY=<your-key>", "token: xxxxxxxxxxxxxxxx", 'password = "********"', "API_KEY=your-api-key-here", "password=changeme")),
    lambda r: r.choice(('"password": "Passwort",', '"password": "Mot de passe oublié ?",', '"password": "密码",', "password: Пароль", '"token": "Jeton"')),
    lambda r: f"{r.randrange(2019, 2030)}-{r.randrange(1, 13):02}-{r.randrange(1, 29):02}T{r.randrange(24):02}:{r.randrange(60):02}:00Z INFO {r.choice(WORDS)} {r.choice(WORDS)} done",
    lambda r: f"{r.choice(WORDS)}=={r.randrange(9)}.{r.randrange(30)}.{r.randrange(30)}rc{r.randrange(9)}",
    lambda r: f"| {r.choice(WORDS)} | {r.choice(WORDS)} token | {r.randrange(9999)} | 0.{r.randrange(99)} |",
    lambda r: f'  File "/app/{r.choice(WORDS)}/{r.choice(WORDS)}.py", line {r.randrange(999)}, in {r.choice(WORDS)}_{r.choice(WORDS)}',
    lambda r: f"    at {r.choice(WORDS)}.{r.choice(WORDS)} (webpack-internal:///./src/{r.choice(WORDS)}.ts:{r.randrange(99)}:{r.randrange(99)})",
    lambda r: f"Decided to keep the {r.choice(WORDS)} of the {r.choice(WORDS)}: the token count is {r.randrange(99999)} of 128000",
    lambda r: f'"sessionId":"{uuid(r)}","cwd":"/home/user/{r.choice(WORDS)}"',
    lambda r: f"task-{r.choice(WORDS)}-{r.choice(WORDS)}-{r.choice(WORDS)}-{r.choice(WORDS)}",
    lambda r: "The password must be at least 8 characters long and the token expires after 3600 seconds.",
)
HELD_OUT_INNOCENT = (
    lambda r: f"index {pick(r, HEX, 7)}..{pick(r, HEX, 7)} 100644",
    lambda r: f"Merge: {pick(r, HEX, 9)} {pick(r, HEX, 9)}",
    lambda r: f"digest: sha256:{pick(r, HEX, 64)} size: {r.randrange(9999)}",
    lambda r: f"{pick(r, HEX, 64)}  dist/{r.choice(WORDS)}-{r.randrange(9)}.whl",
    lambda r: f"golang.org/x/{r.choice(WORDS)} v0.{r.randrange(40)}.0 h1:{b64(r, 32)}",
    lambda r: f'checksum = "{pick(r, HEX, 64)}"',
    lambda r: f'<script src="/a.js" integrity="sha384-{b64(r, 48)}" crossorigin="anonymous"></script>',
    lambda r: f'  "id": "{uuid(r)}", "parentUuid": "{uuid(r)}",',
    lambda r: f'<img src="data:image/gif;base64,{b64(r, r.randrange(40, 300))}" alt="chart"/>',
    lambda r: f"//# sourceMappingURL=data:application/json;base64,{base64.b64encode(json.dumps({'version': 3, 'file': r.choice(WORDS), 'n': r.random()}).encode()).decode()}",
    lambda r: f"{r.choice(WORDS).capitalize()}{r.choice(WORDS).capitalize()}{r.choice(WORDS).capitalize()}FactoryBean extends Abstract{r.choice(WORDS).capitalize()}",
    lambda r: f"TEST_{r.choice(WORDS).upper()}_{r.choice(WORDS).upper()}_IN_{r.choice(WORDS).upper()} = {r.randrange(999)}",
    lambda r: f"C:\\Users\\me\\AppData\\Local\\{r.choice(WORDS)}\\{r.choice(WORDS)}.exe",
    lambda r: f"ssh://git@git.example.org:2222/{r.choice(WORDS)}/{r.choice(WORDS)}.git",
    lambda r: f"http://localhost:{r.randrange(1024, 9999)}/@vite/client?t={r.randrange(10**12)}",
    lambda r: f"see https://user@example.org:8080/{r.choice(WORDS)} and mailto:me@example.org",
    lambda r: r.choice(("secret = load_secret(name)", "const token = await fetchToken(user);", "let password = req.body.password;", "token := os.Getenv(\"TOKEN\")")),
    lambda r: r.choice(("def login(user: str, password: str) -> Token:", "fn auth(token: &str) -> bool {", "private String password;", "pub token: Option<String>,")),
    lambda r: r.choice(("if token == null {", "if (!password) return;", "assert token is not None", "token is required", "password is missing")),
    lambda r: r.choice(('getenv("SECRET_KEY")', "secrets.GITHUB_TOKEN", "SecretKeyRef: {name: db-credentials, key: password}", "secretName: web-tls-2024")),
    lambda r: r.choice(("tokens: 18,342 (14.3 %)", "input_tokens=512 output_tokens=128", "Token usage: 45.2k/200k", "maxOutputTokens: 8192", "tokenizer: cl100k_base", 'token_encoding = "o200k_base"')),
    lambda r: r.choice(("curl -H \"Authorization: Bearer $TOKEN\" https://x.example", "Authorization: Bearer <token>", "Authorization: Bearer ${token}", "uses bearer authentication")),
    lambda r: r.choice(("PASSWORD_FILE=/run/secrets/db_password", "password_min_length = 12", "token_url: https://auth.example.org/token", "token_type=bearer", "api_key_header = X-Api-Key")),
    lambda r: r.choice(("mysql -u root -p", "psql \"$DATABASE_URL\"", "postgres://user:password@host/db", "redis://:${REDIS_PASSWORD}@cache:6379", "mongodb://<user>:<password>@host")),
    lambda r: r.choice(("password = getpass.getpass()", "token = token_urlsafe(32)", "secret_key=secret_key,", "password=password,", "api_key=None", "token=token2")),
    lambda r: r.choice(('placeholder="Enter your password"', 'type="password" name="password" id="password1"', 'aria-label="API token"', "<label>Password</label>", "Contraseña: obligatoria")),
    lambda r: r.choice(("- [x] add token rotation", "## Tokens and secrets", "Basic usage: see below", "a basic understanding of cookies", "Cookie: consent=yes; theme=dark; lang=en")),
    lambda r: f"!function(e,t){{\"object\"==typeof exports?module.exports=t():e.{r.choice(ascii_lowercase)}{r.randrange(9)}=t()}}(this,function(){{return {r.randrange(9999)}}});",
    lambda r: f"{r.choice(WORDS)}.{r.choice(WORDS)}.{r.choice(WORDS)}Exception: {r.choice(WORDS)} failed after {r.randrange(99)} tries (code=E{r.randrange(9999)})",
    lambda r: f"chunk-{pick(r, ALNUM.upper(), 8)}.js  {r.randrange(999)}.{r.randrange(99)} kB │ gzip: {r.randrange(99)}.1 kB",
    lambda r: f"arn:aws:iam::{pick(r, digits, 12)}:role/{r.choice(WORDS)}-{r.choice(WORDS)}",
    lambda r: f"trace_id={pick(r, HEX, 32)} span_id={pick(r, HEX, 16)} level=info",
    lambda r: f"ETag: \"{pick(r, HEX, 32)}\"  Last-Modified: Tue, {r.randrange(10, 28)} Nov 2025 10:00:00 GMT",
    lambda r: f"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{pick(r, B64, 43)} me@host",
    lambda r: f"{r.choice(WORDS)} {r.choice(WORDS)}: {r.choice(WORDS)} the {r.choice(WORDS)} ({r.randrange(99)} of {r.randrange(99)}), next: {r.choice(WORDS)}",
    lambda r: f"/home/me/.cache/pip/http-v2/{pick(r, HEX, 1)}/{pick(r, HEX, 1)}/{pick(r, HEX, 56)}.body",
)


def innocents(seed: int, half: str, count: int) -> list[str]:
    """Return ``count`` lines without a secret, every template equally often."""
    r = Random(f"{half}-innocents-{seed}")
    makers = TUNING_INNOCENT if half == "tuning" else HELD_OUT_INNOCENT
    return [makers[n % len(makers)](r) for n in range(count)]


if __name__ == "__main__":
    from handoff_cli.core.redact import redact

    half, seed = sys.argv[1], int(sys.argv[2])
    missed = [(text, secret) for text, secret in secrets(seed, half, 200) if secret in redact(text)]
    alarms = [line for line in innocents(seed, half, 2000) if redact(line) != line]
    for text, secret in missed:
        print("MISSED", repr(text[:200]), "<-", secret[:60])
    for line in alarms:
        print("ALARM ", line[:160], "->", redact(line)[:160])
    print(f"{half} {seed}: recall {1 - len(missed) / 200:.3f}, false alarms {len(alarms) / 2000:.4f}")
