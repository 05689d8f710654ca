"""Plain words as passwords: found where the form of a line gives one to a name, left where a line only looks so."""

from __future__ import annotations

from pathlib import Path

import pytest

from handoff_cli.redaction import redact

WORDS = ("tangerine", "Haselnuss", "maple.creek", "otter river")
QUOTED = [
    'password = "{}"', "pw: '{}'", '"password": "{}",', 'db_pass = "{}"', '<add key="SmtpPassword" value="{}" />',
    "$cfg['db']['password'] = '{}';", 'props.setProperty("mail.smtp.password", "{}");', 'account.set_password("{}")',
    '- name: password\n  value: "{}"', '{"name": "ADMIN_PASSWORD", "value": "{}"}', 'setx DB_PASSWORD "{}"',
    '#define WIFI_PASSWORD "{}"', '    storePassword "{}"', '$env:DB_PASSWORD = "{}"', "let dbPassword = '{}';",
    "host=db user=app password='{}' sslmode=require", '<Resource username="app" password="{}"/>',
]  # fmt: skip
BARE = [
    "PASSWORD={}", "DB_PASS={}", "export DB_PASS={}", "deploy --user ci --password {}", "deploy --password={} --all",
    "java -Dspring.datasource.password={} -jar app.jar", "docker run -e MYSQL_ROOT_PASSWORD={} mysql",
    "helm install x y --set auth.password={},replicas=2", "Server=db;User Id=sa;Password={};", "mail.password={}",
    "jdbc:mysql://db/x?user=a&password={}&ssl=true", "Environment=ADMIN_PW={}", "  - POSTGRES_PASSWORD={}",
    "  smtp_password: {} # rotate", "# default admin password: {}", "ENV ADMIN_PASS {}", "fastcgi_param DB_PASSWORD {};",
    "[client]\nuser=root\npassword = {}\n", "//nas/x /mnt cifs username=a,password={},uid=0 0 0", "// password: {}",
    "map[password:{} user:kim]", "password: {}", "curl -d 'user=kim&password={}' https://x.test/login",
    "-----\nuser     | kim\npassword | {}", '<property name="connection.password">{}</property>',
]  # fmt: skip
INNOCENT = [
    "password = getpass()", "password: string", "password=config.db_pw", "password: required", '"password": "Password is required"',
    "password=args.password", "    password=password,", "connect(user=user, password=entered)", "password: SecretStr",
    "password: Optional[str] = None", "--password string   the password", "pass --password instead of -p", "password = row.value",
    "let password: String;", "password: { type: String }", '"password": "Passwort"', '"password": "Forgot password?"',
    "def login(user, password=default):", "password=$1", "show_password=always", "password: this.password,", "password=true",
    "passwordField: pwField", "self.password = password", "--password FILE", 'placeholder="Password"', "password = fields.Str",
    "password: auth.password", '"password": "form.fields"', "require_password: always", '<string name="password">Passwort</string>',
    "$password=$input", "usage: deploy [--password PASSWORD]", 'password: "must be strong"', "if password == confirmation:",
    "#define YPPASSWDPROG 100009", "password:\n  type: string", '    password => "TextInput",', "{ user: name, password: word }",
]  # fmt: skip


@pytest.mark.parametrize("word", WORDS)
def test_a_plain_word_in_quotes_behind_a_name_is_a_password(word):
    assert [form for form in QUOTED if word in redact(form.replace("{}", word))] == []


@pytest.mark.parametrize("word", WORDS[:3])
def test_a_plain_word_without_quotes_is_one_where_settings_options_and_addresses_stand(word):
    assert [form for form in BARE if word in redact(form.replace("{}", word))] == []


def test_other_names_types_labels_and_sentences_stay():
    assert [line for line in INNOCENT if redact(line) != line] == []


@pytest.mark.parametrize(("word", "least"), [("Teal!Sedge60", 1), ("tangerine", 0.95), ("Haselnuss", 0.95)])
def test_commands_calls_and_directives_give_plain_words_as_passwords_too(word, least):
    lines = (Path(__file__).parent / "forms_of_commands.txt").read_text("utf-8").splitlines()
    forms = [line.replace("\\\\", "\0").replace("\\n", "\n").replace("\0", "\\") for line in lines]
    missed = [form for form in forms if word in redact(form.replace("{}", word))]
    assert len(forms) > 250
    assert len(missed) <= (1 - least) * len(forms), missed
