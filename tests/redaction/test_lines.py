"""A password is told by the line it stands in, and nothing else in that line goes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli import redaction
from handoff_cli.redaction import RedactedStream, redact
from handoff_cli.redaction.values import DOUBTED, FAINT, NUMBERED, PLAIN, looks_chosen

GONE = "[REDACTED:password]"
TABLES = {
    "comma": "user,password,role\nkim,{},admin\nbo,{},ops\n",
    "tab": "user\tpassword\nkim\t{}\nbo\t{}\n",
    "semicolon": "Benutzer;Passwort\nkim;{}\nbo;{}\n",
    "psql": " id | password \n----+----------\n  1 | {}\n  2 | {}\n(2 rows)\n",
    "mysql": "+----+------+\n| id | pwd  |\n+----+------+\n|  1 | {} |\n|  2 | {} |\n+----+------+\n",
    "markdown": "| user | password |\n|------|:---------|\n| kim | `{}` |\n| bo | {} |\n",
    "wiki": "||User||Password||\n|kim|{}|\n|bo|{}|\n",
    "columns of blanks": "NAME   USER   PASSWORD\ndb1    kim    {}\ndb2    bo     {}\n",
    "JSON": '"user\\tpassword\\nkim\\t{}\\nbo\\t{}\\n"',
}


@pytest.mark.parametrize("table", TABLES)
def test_each_row_below_a_head_loses_its_password_and_nothing_else(table):
    assert redact(TABLES[table].format("plum7tree", "Stone_river.4")) == TABLES[table].format(GONE, GONE)


ROWS = {
    "user,password,role\n": 'kim,{},"ops, on call"\n',
    "url;login;password;note\n": '"https://db.example/{n}/?a;b";kim;{};"two\nlines"\n',
    " id | password | n\n----+----------+---\n": " {n} | {} | 7\n",
    "NAME   USER   PASSWORD\n": "db{n}    kim    {}\n",
}


@pytest.mark.parametrize("head", ROWS)
def test_the_last_of_a_thousand_rows_loses_its_password_as_the_first(head):
    rows = "".join(ROWS[head].replace("{n}", str(number)).replace("{}", f"plum{number}tree") for number in range(1000))
    whole = "".join(ROWS[head].replace("{n}", str(number)).replace("{}", GONE) for number in range(1000))
    assert redact(head + rows) == head + whole


@pytest.mark.parametrize("block", [20, 32, 40, 100])
@pytest.mark.parametrize("head", ROWS)
def test_rows_that_come_bit_by_bit_are_below_their_head_however_far_that_is(head, block, monkeypatch):
    """Wherever they are divided: a place behind a line's end may be within a row that has one in quotes."""
    monkeypatch.setattr(redaction, "_BLOCK_CHARS", block << 10)
    rows = "".join(ROWS[head].replace("{n}", str(number)).replace("{}", f"plum{number}tree") for number in range(1800))
    after = "\nplum7tree grows\n"
    stream = RedactedStream()
    shown = "".join(stream.feed((head + rows + after)[at : at + 10_000]) for at in range(0, len(head + rows), 10_000))
    shown += stream.finish()
    assert shown.count("REDACTED") == 1800
    assert shown.endswith(after)


def test_rows_of_another_table_and_words_are_left_alone():
    text = "| setting | password |\n|---|---|\n| kind | required |\n\n| a | b |\n|---|---|\n| c1 | d2e3f4 |\n"
    assert redact(text) == text
    assert redact("if a | password |\n") == "if a | password |\n"


@pytest.mark.parametrize(
    "line",
    [
        "try {} as the password",
        "the admin's password, which is {}, expires",
        "{} ist das Passwort von root",
        "What is the password of the replica?\n{}",
        "│ Please use this password:   │\n│ {}             │",
        "INSERT INTO users (name, password) VALUES ('kim', '{}'), ('bo', '{}')",
        "echo {} | pass insert -e db1",
        "changed the password from {} to another",
    ],
)
def test_a_sentence_tells_a_word_that_looks_like_a_name(line):
    assert redact(line.replace("{}", "Hobby_river61")) == line.replace("{}", GONE)


def test_a_word_like_no_other_needs_no_sentence():
    assert redact("kim\nPlum!Stone9xq\n") == f"kim\n{GONE}\n"


@pytest.mark.parametrize(
    ("word", "strength"),
    [
        ("Plum!Stone9", PLAIN),
        ("plum&Stone7", DOUBTED),
        ("Falcon$Tide", DOUBTED),
        ("Hobby_river61", NUMBERED),
        ("plumStone22", NUMBERED),
        ("river4821", FAINT),
        *((word, 0) for word in ("password1", "sha256sum", "get_item2", "kim@host.org", "v1.2.3-rc1", "a!=b1C2d3", "README.md#L12", "user$1234")),
    ],
)  # fmt: skip
def test_how_much_a_word_looks_chosen(word, strength):
    assert looks_chosen(word) == strength


@pytest.mark.parametrize(
    "text",
    [
        "def check(password_hash2=None): return Config_v2(password_hash2)",
        "The password policy of Windows11 and Ubuntu2204 differs, see Section_4",
        "if (!options.oneTokenPerLine2 || !left.includes('x')) return",
        "token: the NextToken of page2 is in `Response2.Token`",
        "https://example.org/docs?page=2#Password-Reset2 tells how a password is set",
        "user@Host1.example.org asked for a password reset at 12:30",
        "passwords are hashed with PBKDF2_HMAC and stored in users_v2.password",
        "the unique key is kept; run_at = now() + 2^attempts * 30 seconds",
        "the token bucket waits retries^2 ms",
    ],
)
def test_code_and_talk_about_passwords_stay(text):
    assert redact(text) is text


ALPHABET = "aB1!_-.:/= \n|,"


@given(st.lists(st.sampled_from(("password", "user", "|", ",", "\n", "Plum!Stone9", "Hobby_river61", "is", ":", " ", "insert into t (password) values ('", "')")) | st.text(ALPHABET, max_size=12), max_size=20).map("".join))  # fmt: skip
def test_any_line_is_redacted_once_and_for_all(text):
    once = redact(text)
    assert redact(once) == once
    assert once.count("\n") == text.count("\n")


@pytest.mark.parametrize(
    "head",
    ["Usuario,Contraseña", "Пользователь,Пароль", "用户,密码", "ユーザー,パスワード", "사용자,비밀번호", "Kullanıcı,ŞIFRE", "Użytkownik,HASŁO", "Χρήστης,Κωδικός"],
)  # fmt: skip
def test_the_head_of_a_column_may_be_in_letters_beyond_ascii(head):
    assert redact(f"{head}\nkim,Stone_river.4\nbo,plum7tree\n") == f"{head}\nkim,{GONE}\nbo,{GONE}\n"
    words = f"{head}\nkim,至少8位\n"
    assert redact(words) == words


@pytest.mark.parametrize(
    "line",
    ["DB_PASS=Frühling-2022 run", "password: Été-2019!", "passphrase: die Katze schläft 5 Stunden", "login --password Mañana.44"],
)  # fmt: skip
def test_a_password_may_have_latin_letters_with_marks(line):
    redacted = redact(line)
    assert redacted.count(GONE) == 1
    assert redacted.isascii()


@pytest.mark.parametrize(
    "text",
    [
        "ExecStart=setup --prompt-root-password\nStandardOutput=tty\n",
        "PassCredentials=yes\nPassSecurity=yes\nReceiveBuffer=8M\n",
        "# device  type  options  pass\nUUID=2cda1e08-1f22-490b-9101-c93d511bc9c9  ext4  defaults  1\n",
        "uid   | name    | package\n------+---------+--------\n64025 | vchkpw  | vpopmail\n64040 | grsec-tpe2 | linux2\n",
        "application/vnd.blueice.multipass\t\tmpm\napplication/vnd.bluetooth.ep2.oob\t\tep\n",
    ],
)
def test_what_stands_below_is_another_setting_or_another_column(text):
    assert redact(text) == text


def test_a_line_of_a_picture_in_base64_and_lines_of_imports_are_left_alone():
    rows = ["f8x/f3AwgAAAAAAAgDB0x/f3//zPAwgAAAAAAAcHfM9////8z/AwAAAAAAiwd/f3////", "////A4AAAAAAcEx/f///////zAMAAAAAiwfM9////3///8zwOAAAAAAABf3////B/////"]  # fmt: skip
    picture = "\n".join([*rows, "8DAAAAALB/f3///wd3d3//AwAAAABwTPf//wCQAAD/zAMAAAAAsEx/f///B////8wDAA"])
    assert redact(picture) == picture
    imports = "from .pgen2 import grammar, token\nfrom .pygram import pattern_symbols, python_symbols\n"
    assert redact(imports) == imports


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        ('unlock it with the password "{}"', "rice & beans at 8"),
        ("nmcli c modify corp wifi-sec.psk '{}'", "nine purple ferries 23"),
        ("printf '%s' '{}' | cryptsetup open /dev/sdb1 d -", "the cat owns 12 hats"),
        ("tool --auth lena:{} host", "Regen_bogen61"),
        ("authuser=lena authpass={}", "Redwing_19"),
        ("sqlcl app/{}@//db:1521/x", "puppies101"),
        ("ip ospf message-digest-key 1 md5 {}", "Moon.light91"),
        ("user lena\npassword {}", "openup4me"),
        ("Password\n--------\n{}", "C3po&Luke"),
        ("cqlsh -u lena -p'{}' h", "5%barF@z^9"),
        ("le jeton est {}", "ZifxXjEBfoAtTzb4SUStIBE8YN6jNzLl"),
        ("токен: {}", "RxwUn8OGrKUw4oe8JhK87QVet5ag7K9h"),
        ("https://corp.example/x?key={}&v=2", "skfn2Gze977WJIpxajokuPsDwPIQnl0B"),
        ("Fernet(b'{}')", "h9D7Hah3bqDfJfdqsp5RH6lSRnbFCWkUc8+BWE5R2iM="),
    ],
)  # fmt: skip
def test_what_is_told_by_its_place_goes_and_nothing_else(line, secret):
    redacted = redact(line.replace("{}", secret))
    before, after = line.split("{}")
    assert redacted.startswith(f"{before}[REDACTED:")
    assert redacted.endswith(f"]{after}")


@pytest.mark.parametrize(
    "text",
    [
        "Identity added: /home/kim/.ssh/id_ed25519 (kim@Laptop2)\n",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ3v kim@Laptop2\n",
        "256 SHA256:Qv3x0a1mZ7Y2l9d8s7f6g5h4j3k2l1a0Z9x8c7v6b5n kim@Laptop2 (ED25519)\n",
        "env:\n  - name: DB_PASSWORD\n    valueFrom:\n      secretKeyRef:\n        name: postgres-credentials-v2\n",
        "New password: \nRetype new password: \npasswd: password updated successfully\n",
        "name,type,password\nid,int8,no\npw_hash,varchar60,yes\n",
        "| Role | Token | Scope |\n|---|---|---|\n| admin2 | JWT | read_write2 |\n",
        "NAME            TYPE     DATA   AGE\ndb-creds2       Opaque   2      3d4h\n",
        "logins:\n  github: kim-example2\n  gitlab: kim.example3\n",
        "$ aws iam list-users\nkim-admin2\nci-deployer3\n",
    ],
)
def test_blocks_of_settings_listings_and_prompts_are_left_alone(text):
    assert redact(text) == text


@pytest.mark.parametrize(
    "line",
    [
        "run tablet7Api34SmokeRun in /Users/ana/ferry",
        "cp build7Api34Out C:\\Users\\ana\\ferry",
        "./gradlew tablet7Api34DebugAndroidTest --tests com.ferry.UserListTest",
    ],
)
def test_neither_a_folder_of_a_persons_nor_a_name_of_three_words_in_a_row_tells_a_password(line):
    assert redact(line) == line
    assert redact("log in as user ana with Sommer2024x") != "log in as user ana with Sommer2024x"
