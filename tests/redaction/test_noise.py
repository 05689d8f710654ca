"""Letters, digits and signs in turn are a secret where a name says so; patterns and templates have the signs as well."""

from __future__ import annotations

from random import Random
from string import ascii_letters, digits

import pytest

from handoff_cli.redaction import redact

SIGNS = "!@#$%^&*()-_[]<>~+=,.;:/|"
FORMS = [
    "define('AUTH_KEY',         '{}');", "define( 'NONCE_SALT', '{}' );", 'SECRET_KEY = "{}"', '"clientSecret": "{}"', "  db_password: '{}'",
    "export APP_SECRET='{}'",
]  # fmt: skip


def noise(chance, length):
    return "".join(chance.choices(ascii_letters + digits + SIGNS, k=length))


@pytest.mark.parametrize("form", FORMS)
def test_a_quoted_value_of_any_signs_goes_whole(form):
    chance = Random(form)
    values = [noise(chance, 50) for _ in range(100)]
    shown = [(value, redact(form.format(value))) for value in values]
    assert len([value for value, out in shown if any(value[at : at + 8] in out for at in range(43))]) <= 3


@pytest.mark.parametrize("line", [
    r'password: "^(?=.*[A-Z])(?=.*\d)[A-Za-z\d@$!%*?&]{8,}$"', 'API_SECRET = "<your API secret of v2, e.g. in Settings>"', 'token: "${{ secrets.DEPLOY_TOKEN2 }}"',
    "define('AUTH_KEY', 'put your unique phrase here');", 'password_salt: "per user, 16 bytes"', 'secretKey: "{{ .Values.auth[0].secretKey | b64dec }}"',
    '"token": "<Trans>Enter your token (A-1):</Trans>"', 'url = "https://X1.example/{token}?a=B&c=<D>"',
])  # fmt: skip
def test_what_only_has_such_signs_stays(line):
    assert redact(line) == line


@pytest.mark.parametrize("line", ["-mysql -u root -p{}", "-redis-cli -a {} ping", "+redis-cli -a {} ping", "-curl -u kim:{} https://x.example"])  # fmt: skip
def test_a_command_that_a_diff_takes_out_is_one(line):
    assert "k7Tz9mQx2Lw" not in redact("@@ -1 +1 @@\n" + line.format("k7Tz9mQx2Lw"))


@pytest.mark.parametrize("line", [
    "q=%7B%22password%22%3A+%22{}%22%7D", "body=curl+-u+kim%3A{}+https%3A%2F%2Fx.example", "a=%1B%5B32mpassword%1B%5B0m%3D{}", "x=user%3Dkim%0Apassword%3D{}%0A",
    "ssh h 'curl --user '\\''kim:{}'\\'' -sS x'", "x=password%3D%5Cu0022{}%5Cu0022",
])  # fmt: skip
def test_what_a_form_or_a_shell_encodes_is_looked_through(line):
    assert "k7Tz9mQx2Lw" not in redact(line.format("k7Tz9mQx2Lw"))
