"""Innocent lines that look like secrets, from a seed, in two halves that share no template (see ``secret_corpus``)."""

from __future__ import annotations

import base64
import json
from random import Random
from string import ascii_lowercase, digits

from secret_corpus import ALNUM, B64, HEX, WORDS, b64, pick, uuid

TUNING_INNOCENT = (
    lambda r: f"commit {pick(r, HEX, 40)}",
    lambda r: f"{pick(r, HEX, 7)} Fix the {r.choice(WORDS)} of the {r.choice(WORDS)}",
    lambda r: f"request {uuid(r)} took {r.randrange(900)} ms",
    lambda r: f"image@sha256:{pick(r, HEX, 64)}",
    lambda r: f'      "integrity": "sha512-{b64(r, 64)}",',
    lambda r: (
        f'    {{url = "https://files.example.org/{r.choice(WORDS)}-1.{r.randrange(99)}.tar.gz", hash = "sha256:{pick(r, HEX, 64)}"}},'
    ),
    lambda r: f"data:image/png;base64,{b64(r, r.randrange(60, 400))}",
    lambda r: f"def {r.choice(WORDS)}_{r.choice(WORDS)}_{r.choice(WORDS)}_from_{r.choice(WORDS)}(self) -> None:",
    lambda r: f"/usr/lib/python3.{r.randrange(9, 14)}/site-packages/{r.choice(WORDS)}/{r.choice(WORDS)}.py",
    lambda r: f"https://example.org/{r.choice(WORDS)}/{r.choice(WORDS)}?page={r.randrange(99)}&sort=asc#top",
    lambda r: r.choice(
        ("token = get_token()", "token = self._token", "token = config.token", "api_key = settings.API_KEY")
    ),
    lambda r: r.choice(("password: str", "password: Optional[str] = None", "password: string;", "password?: string")),
    lambda r: r.choice(
        ('key = os.environ["API_KEY"]', "const key = process.env.API_KEY;", 'os.getenv("API_TOKEN", "")')
    ),
    lambda r: r.choice(
        ("max_tokens=4096", "max_tokens: 128000,", '"total_tokens": 18342', "tokens_used = 4821", "token_count=77123")
    ),
    lambda r: r.choice(
        ('deploy --token "$TOKEN"', "deploy --token $TOKEN", "deploy --token ${TOKEN}", "login --password-stdin")
    ),
    lambda r: r.choice(
        ("token: ${{ secrets.NPM_TOKEN }}", "password: ${DB_PASSWORD}", "password: {{ vault_password }}")
    ),
    lambda r: "".join(
        f"{r.choice(ascii_lowercase)}.{r.choice(ascii_lowercase)}=function({r.choice(ascii_lowercase)}){{return {r.choice(ascii_lowercase)}[{r.randrange(99)}]}};"
        for _ in range(9)
    ),
    lambda r: r.choice(
        (
            "api_key: sk-...",
            "OPENAI_API_KEY=<your-key>",
            "token: xxxxxxxxxxxxxxxx",
            'password = "********"',
            "API_KEY=your-api-key-here",
            "password=changeme",
        )
    ),
    lambda r: r.choice(
        (
            '"password": "Passwort",',
            '"password": "Mot de passe oublié ?",',
            '"password": "密码",',
            "password: Пароль",
            '"token": "Jeton"',
        )
    ),
    lambda r: (
        f"{r.randrange(2019, 2030)}-{r.randrange(1, 13):02}-{r.randrange(1, 29):02}T{r.randrange(24):02}:{r.randrange(60):02}:00Z INFO {r.choice(WORDS)} {r.choice(WORDS)} done"
    ),
    lambda r: f"{r.choice(WORDS)}=={r.randrange(9)}.{r.randrange(30)}.{r.randrange(30)}rc{r.randrange(9)}",
    lambda r: f"| {r.choice(WORDS)} | {r.choice(WORDS)} token | {r.randrange(9999)} | 0.{r.randrange(99)} |",
    lambda r: (
        f'  File "/app/{r.choice(WORDS)}/{r.choice(WORDS)}.py", line {r.randrange(999)}, in {r.choice(WORDS)}_{r.choice(WORDS)}'
    ),
    lambda r: (
        f"    at {r.choice(WORDS)}.{r.choice(WORDS)} (webpack-internal:///./src/{r.choice(WORDS)}.ts:{r.randrange(99)}:{r.randrange(99)})"
    ),
    lambda r: (
        f"Decided to keep the {r.choice(WORDS)} of the {r.choice(WORDS)}: the token count is {r.randrange(99999)} of 128000"
    ),
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
    lambda r: (
        f"//# sourceMappingURL=data:application/json;base64,{base64.b64encode(json.dumps({'version': 3, 'file': r.choice(WORDS), 'n': r.random()}).encode()).decode()}"
    ),
    lambda r: (
        f"{r.choice(WORDS).capitalize()}{r.choice(WORDS).capitalize()}{r.choice(WORDS).capitalize()}FactoryBean extends Abstract{r.choice(WORDS).capitalize()}"
    ),
    lambda r: (
        f"TEST_{r.choice(WORDS).upper()}_{r.choice(WORDS).upper()}_IN_{r.choice(WORDS).upper()} = {r.randrange(999)}"
    ),
    lambda r: f"C:\\Users\\me\\AppData\\Local\\{r.choice(WORDS)}\\{r.choice(WORDS)}.exe",
    lambda r: f"ssh://git@git.example.org:2222/{r.choice(WORDS)}/{r.choice(WORDS)}.git",
    lambda r: f"http://localhost:{r.randrange(1024, 9999)}/@vite/client?t={r.randrange(10**12)}",
    lambda r: f"see https://user@example.org:8080/{r.choice(WORDS)} and mailto:me@example.org",
    lambda r: r.choice(
        (
            "secret = load_secret(name)",
            "const token = await fetchToken(user);",
            "let password = req.body.password;",
            'token := os.Getenv("TOKEN")',
        )
    ),
    lambda r: r.choice(
        (
            "def login(user: str, password: str) -> Token:",
            "fn auth(token: &str) -> bool {",
            "private String password;",
            "pub token: Option<String>,",
        )
    ),
    lambda r: r.choice(
        (
            "if token == null {",
            "if (!password) return;",
            "assert token is not None",
            "token is required",
            "password is missing",
        )
    ),
    lambda r: r.choice(
        (
            'getenv("SECRET_KEY")',
            "secrets.GITHUB_TOKEN",
            "SecretKeyRef: {name: db-credentials, key: password}",
            "secretName: web-tls-2024",
        )
    ),
    lambda r: r.choice(
        (
            "tokens: 18,342 (14.3 %)",
            "input_tokens=512 output_tokens=128",
            "Token usage: 45.2k/200k",
            "maxOutputTokens: 8192",
            "tokenizer: cl100k_base",
            'token_encoding = "o200k_base"',
        )
    ),
    lambda r: r.choice(
        (
            'curl -H "Authorization: Bearer $TOKEN" https://x.example',
            "Authorization: Bearer <token>",
            "Authorization: Bearer ${token}",
            "uses bearer authentication",
        )
    ),
    lambda r: r.choice(
        (
            "PASSWORD_FILE=/run/secrets/db_password",
            "password_min_length = 12",
            "token_url: https://auth.example.org/token",
            "token_type=bearer",
            "api_key_header = X-Api-Key",
        )
    ),
    lambda r: r.choice(
        (
            "mysql -u root -p",
            'psql "$DATABASE_URL"',
            "postgres://user:password@host/db",
            "redis://:${REDIS_PASSWORD}@cache:6379",
            "mongodb://<user>:<password>@host",
        )
    ),
    lambda r: r.choice(
        (
            "password = getpass.getpass()",
            "token = token_urlsafe(32)",
            "secret_key=secret_key,",
            "password=password,",
            "api_key=None",
            "token=token2",
        )
    ),
    lambda r: r.choice(
        (
            'placeholder="Enter your password"',
            'type="password" name="password" id="password1"',
            'aria-label="API token"',
            "<label>Password</label>",
            "Contraseña: obligatoria",
        )
    ),
    lambda r: r.choice(
        (
            "- [x] add token rotation",
            "## Tokens and secrets",
            "Basic usage: see below",
            "a basic understanding of cookies",
            "Cookie: consent=yes; theme=dark; lang=en",
        )
    ),
    lambda r: (
        f'!function(e,t){{"object"==typeof exports?module.exports=t():e.{r.choice(ascii_lowercase)}{r.randrange(9)}=t()}}(this,function(){{return {r.randrange(9999)}}});'
    ),
    lambda r: (
        f"{r.choice(WORDS)}.{r.choice(WORDS)}.{r.choice(WORDS)}Exception: {r.choice(WORDS)} failed after {r.randrange(99)} tries (code=E{r.randrange(9999)})"
    ),
    lambda r: (
        f"chunk-{pick(r, ALNUM.upper(), 8)}.js  {r.randrange(999)}.{r.randrange(99)} kB │ gzip: {r.randrange(99)}.1 kB"
    ),
    lambda r: f"arn:aws:iam::{pick(r, digits, 12)}:role/{r.choice(WORDS)}-{r.choice(WORDS)}",
    lambda r: f"trace_id={pick(r, HEX, 32)} span_id={pick(r, HEX, 16)} level=info",
    lambda r: f'ETag: "{pick(r, HEX, 32)}"  Last-Modified: Tue, {r.randrange(10, 28)} Nov 2025 10:00:00 GMT',
    lambda r: f"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{pick(r, B64, 43)} me@host",
    lambda r: (
        f"{r.choice(WORDS)} {r.choice(WORDS)}: {r.choice(WORDS)} the {r.choice(WORDS)} ({r.randrange(99)} of {r.randrange(99)}), next: {r.choice(WORDS)}"
    ),
    lambda r: f"/home/me/.cache/pip/http-v2/{pick(r, HEX, 1)}/{pick(r, HEX, 1)}/{pick(r, HEX, 56)}.body",
)


def innocents(seed: int, half: str, count: int) -> list[str]:
    """Return ``count`` lines without a secret, every template equally often."""
    r = Random(f"{half}-innocents-{seed}")
    makers = TUNING_INNOCENT if half == "tuning" else HELD_OUT_INNOCENT
    return [makers[n % len(makers)](r) for n in range(count)]
