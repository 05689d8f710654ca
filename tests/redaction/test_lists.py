"""Secrets in lists under one name, in calls, and with other words between the name and the value."""

from __future__ import annotations

import random
import re
import string

import pytest

from handoff_cli.redaction import redact

SIGNS = {
    "A": string.ascii_letters + string.digits,
    "H": "0123456789abcdef",
    "B": string.ascii_letters + string.digits + "+/",
}
WORDS = {"P": "tangerine", "Q": "Haselnuss"}
LISTS = [
    'tokens: ["{A40}", "{A40}"]', 'api_keys = ["{A40}", "{A40}"]', "API_KEYS={A32},{A32}", 'API_TOKENS="{A32},{A32}"',
    '{"client_secret":["{A40}","{A40}"]}', "passwords:\n  - {P}\n  - {Q}", 'PASSWORDS = ["{P}", "{Q}"]', '"passwords": ["{P}", "{Q}"]',
    "tokens:\n  - {A40}\n  - {A40}", 'access_keys = [\n  "{A40}",\n  "{A40}",\n]', 'passwords := []string{"{P}", "{Q}"}',
    'let tokens = vec!["{A40}", "{A40}"];', "$passwords = array('{P}', '{Q}');", "PASSWORDS=({P} {Q})", 'String[] passwords = {"{P}", "{Q}"};',
]  # fmt: skip
OTHERS = [
    'secret = bytes.fromhex("{H64}")', 'api_key = SecretStr("{A40}")', 'let token = Some("{A40}");', 'password = SecretStr("{P}")',
    'token?: string = "{A40}"', '{"token":{"id":4,"value":"{A40}"}}', '{"k":"appsecret","v":"{H32}"}', "ParameterKey=DBPassword,ParameterValue={P}",
    "Token created: {A40}", "Your new token (shown once): {A40}", "| token | ci | {A40} |", "<td>token</td> <td><code>{A40}</code></td>",
    "Token\n-----\n{A40}", "the webhook secret, {H32}, must match", "token,{A40}", '"credentials": "{B60}"', "SUPABASE_SERVICE_ROLE={A60}",
    'rndc key { algorithm hmac-sha256; secret "{B44}"; };', '<meta-data android:name="com.acme.API_KEY" android:value="{H32}"/>',
    "$ cat token.txt\n{A40}", "Copy your API key now, it won't be shown again.\n{A40}",
]  # fmt: skip
INNOCENT = [
    'tokens = ["the", "cat", "sat"]', "secrets:\n  - db-password\n  - api-key", 'password: ["required", "string"]', "passwords: [string]",
    "tokens:\n  - word\n  - other", "max_tokens=4096,8192", "secrets: inherit", 'keys = ["id", "name", "created_at"]',
    "password: ['', Validators.required]", "credentials: (oauth2client.client.Credentials) incoming", "token created: yes",
]  # fmt: skip


def made(form):
    values = []

    def put(found):
        signs = SIGNS.get(found[1][0])
        chance = random.Random(len(values))
        values.append(WORDS.get(found[1]) or "".join(chance.choice(signs) for _ in range(int(found[1][1:]))))
        return values[-1]

    return re.sub(r"\{([AHBPQ]\d*)\}", put, form), values


@pytest.mark.parametrize("form", [*LISTS, *OTHERS])
def test_each_entry_of_a_list_and_what_stands_behind_other_words_is_found(form):
    text, values = made(form)
    out = redact(text)
    assert [value for value in values if value in out] == []
    assert redact(out) == out


def test_lists_of_words_rules_and_names_stay():
    assert [line for line in INNOCENT if redact(line) != line] == []
