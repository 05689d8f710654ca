"""How long redaction takes over a mebibyte of one hostile piece of text again and again: the worst of each family.

Then over a mebibyte of values no two of which are alike, drawn with a seed, so that nothing is judged once for all: in
one piece, and bit by bit, as `track` is given it.

Usage: python -m benchmarks.hostile_texts [--documents] [BYTES] [LOG...]

With `--documents` it says how long a whole `track` of each such text takes that writes the document as well.

Of each LOG, an agent's own, it says how long a megabyte takes where it is redacted bit by bit, as `track` does.
"""

from __future__ import annotations

import argparse
import gc
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from string import ascii_letters, ascii_lowercase, ascii_uppercase, digits, hexdigits

from handoff_cli.redaction import RedactedStream, redact

BEGIN = "-----BEGIN PRIVATE" + " KEY-----"
FAMILIES = {
    "signs": [":", "=", '"', "@", "+", "<", "|", "| a ", "a b: ", "'a' ", "\\n", "&quot;", "\u200b", "a\n"],
    "names": [
        *("token=", 'token="', "--token ", "_key", "key-", "pass_", "password\\", "password token secret key "),
        *("password: token: secret: ", "API key:\n", "password is ", "password for bob ", "password value "),
        *("password:\n\n", "password | ", "password { default ", "--password -", "private_key = ", '{"password": "c"}'),
    ],
    "lines": [
        *(
            "aB1!cD2e ",
            "a!b@c#d$",
            "password x1Aa2222 ",
            "x|password\n",
            "user\tpassword\n",
            "user,password\nkim,aB1\n",
            f"{'word ' * 40}\na1B2c3D4e5F6g7H8\n",
        ),
        *(
            "echo aB1cccccc | ",
            "is aB1cD2eF3gH4iJ5kL6mN token ",
            "passw 'abcde1' ",
            "insert into users (password) values (",
        ),
    ],
    "names joined": ["password\\\n", "&p='", "?p=[", "secrets createa1B2c3D4", "temporary passa1B2c3D4"],
    "users": [
        "creds:\nkim Hobby_river61\n",
        "login Hobby_river61\n",
        "a1b2c3d4e5f6g7h8\n",
        "user  password\nkim   a1b2c3\n",
    ],
    "other languages": [
        "hasło#",
        "heslo Hobby_river61\n",
        "senha ",
        "mot de passe : ",
        "\u043f\u0430\u0440\u043e\u043b\u044c ",
        "\u5bc6\u7801",
    ],
    "commands": [
        *("curl -u a:", "mysql -p", "docker login ", "login bob password ", "machine x login y ", "echo a | "),
        *("net use x: \\\\a ", 'user="a:', 'send "a ', 'variable "password" { ', 'hmac.new(b"', "tacacs a key "),
        *("use a1bcdefgh as ", 'x.connect("a", "b", ', 'auth("a", "', "AUTH a1 \n", "secrets set A=", "a@b.c:d "),
        *("snmpget -c a -A ", "abc:1:a:b:c\n", "db1:5432:app:app:Xy7zq1\n", "seed phrase: abandon ability "),
    ],
    "tokens": [
        *("eyJaaaaaaaa.", "eyJ.eyJ.", "sk-a", "ghp_", "ghp_abcdefghijklmnop1\n", "12345678:AA", "a1B2c3D4", "MT."),
        *("AKIAAAAAAAAAAAAAAAAA ", "xoxb-1-", "deepgram=", "datadog 4f9a0b1c2d3e5 ", "sv=2020-01-01&sr=", "jdbc:a:b:"),
        *("heroku 3f2504e0-4f89-41d3-9a0c-0305e82c3301 ", "mapbox pk.", "$6$abc", "Bearer ", "QWxhZGRpbjpvcGVuIHNl"),
    ],
    "blocks and headers": ["://a:", f"{BEGIN}\n", f"{BEGIN}\n{'A' * 24}\n", "set-cookie: sid=", "phpsessid="],
    "disguises": [
        *("\x1b[32m", "\x1b[31mpassword\x1b[0m=\x1b[32mx\x1b[0m ", "%3D", "%70%61%73%73%3Dabc%26"),
        *("abcdefghijklmnop\n", '{\\\\"password\\\\":\\\\"abc\\\\"}'),
    ],
    "words": ["a", "supercalifragilistic ", "getTokenStatusOfProject ", "4f9a0b1c2d3e ", "2026-11-27T01:30:45Z "],
}


BEGUN = ("ghp_", "sk-", "AKIA", "xoxb-", "glpat-", "npm_", "SG.", "AIza", "eyJ", "hf_", "pypi-", "sk_live_", "key-")
LIKE = ("Passw0rd!", "Hobby_", "Summer@", "Teal#", "moss$", "Xk-")
SIGNS, HEX, BASE64 = f"{ascii_letters}{digits}-_", hexdigits[:16], f"{ascii_letters}{digits}+/"
Draw = Callable[[Sequence[str], int], str]
DISTINCT: dict[str, Callable[[Draw, int], str]] = {
    "lines of letters, digits, - and _": lambda draw, _: f"{draw(SIGNS, 24)}\n",
    "lines of letters and digits": lambda draw, _: f"{draw(ascii_letters + digits, 16)}\n",
    "words of letters and digits": lambda draw, _: f"{draw(ascii_letters + digits, 20)} ",
    "short words": lambda draw, _: f"{draw(ascii_letters + digits, 8)} ",
    "words between \\n": lambda draw, _: f"{draw(ascii_letters + digits, 20)}\\n",
    "words in colour": lambda draw, _: f"\x1b[32m{draw(ascii_letters + digits, 20)}\x1b[0m ",
    "words with signs": lambda draw, _: f"{draw(SIGNS + '!@#$', 12)} ",
    "a list of YAML": lambda draw, _: f"- {draw(ascii_letters + digits, 24)}\n",
    "settings": lambda draw, _: f"k={draw(ascii_letters + digits, 16)}\n",
    "settings of tokens": lambda draw, number: f"k{number}_token=v{draw(ascii_letters + digits, 9)}\n",
    "pairs of JSON": lambda draw, _: f'"{draw(ascii_letters, 8)}":"{draw(ascii_letters + digits, 20)}",',
    "lines of base64": lambda draw, _: f"{draw(BASE64, 76)}\n",
    "rows of a table": lambda draw, number: (
        "| name | token |\n|---|---|\n"[: 30 * (not number)] + f"| a | {draw(SIGNS, 20)} |\n"
    ),
    "logins of a CSV": lambda draw, number: (
        "url,user,password\n"[: 30 * (not number)] + f"https://a,b,{draw(ascii_letters + digits, 9)}\n"
    ),
    "passwords in sentences": lambda draw, _: f"password is {draw(ascii_letters + digits, 9)}. ",
    "names, then values": lambda draw, _: f"token:\n{draw(ascii_letters + digits, 24)}\n",
    "ids of keys": lambda draw, _: f"AKIA{draw(ascii_uppercase + '234567', 16)}\n",
    "addresses": lambda draw, _: f"https://e.example/{draw(ascii_letters + digits, 20)}\n",
    "tokens like hashes": lambda draw, _: f"token={draw(HEX, 40)} ",
    "short passwords": lambda draw, _: f"password {draw(HEX, 8)}\n",
    "hashes of commits": lambda draw, _: f"{draw(HEX, 40)} Fix the build\n",
    "beginnings of tokens on lines": lambda draw, _: f"{draw(BEGUN, 1)}{draw(ascii_letters + digits, 9)}\n",
    "beginnings of tokens in a row": lambda draw, _: f"{draw(BEGUN, 1)}{draw(ascii_letters + digits, 5)} ",
    "beginnings of tokens joined": lambda draw, _: f"'{draw(BEGUN, 1)}{draw(ascii_letters + digits, 4)}' + ",
    "look-alikes of passwords on lines": lambda draw, _: f"{draw(LIKE, 1)}{draw(ascii_letters + digits, 5)}\n",
    "look-alikes of passwords in a row": lambda draw, _: f"{draw(LIKE, 1)}{draw(ascii_letters + digits, 5)} ",
    "users and their passwords": lambda draw, _: f"{draw(ascii_lowercase, 7)}:{draw(LIKE, 1)}{draw(digits, 4)}\n",
    "variables of an environment": lambda draw, _: (
        f"{draw(ascii_uppercase, 6)}_KEY={draw(ascii_letters + digits, 10)}\n"
    ),
    "keys of YAML": lambda draw, _: f"{draw(ascii_lowercase, 7)}_key: {draw(ascii_letters + digits, 8)}\n",
    "lists joined by semicolons": lambda draw, _: f"{draw(ascii_lowercase, 6)}={draw(ascii_letters + digits, 8)};",
    "rows of psql": lambda draw, number: (
        " user | password \n------+-------\n"[: 40 * (not number)]
        + f" {draw(ascii_lowercase, 6)} | {draw(LIKE, 1)}{draw(digits, 3)} \n"
    ),
    "elements of XML": lambda draw, _: (
        f"<user name='{draw(ascii_lowercase, 6)}'><password>{draw(ascii_letters + digits, 9)}</password></user>\n"
    ),
    "sentences in Chinese": lambda draw, _: f"\u5bc6\u7801\u4e3a{draw(ascii_letters + digits, 7)}\uff0c\u8bf7\u6539\n",
    "mail addresses": lambda draw, _: f"{draw(ascii_letters + digits, 8)}@{draw(ascii_letters, 8)}.example ",
}
"""What each family consists of, made of drawn characters and a number."""

SHORT_LINES = ("- [x] a\n", "a b\n")
"""A document reads a text line by line: these have the most of them."""


def distinct_text(family: str, size: int, seed: int = 8) -> str:
    """Return ``size`` characters of a family of values no two of which are alike."""
    chance, make, pieces, chars = Random(seed), DISTINCT[family], list[str](), 0

    def draw(alphabet: Sequence[str], length: int) -> str:
        return "".join(chance.choices(alphabet, k=length))

    while chars < size:
        pieces.append(make(draw, len(pieces)))
        chars += len(pieces[-1])
    return "".join(pieces)[:size]


def seconds_over(text: str) -> float:
    """Return the time of the processor that redacting ``text`` takes."""
    started = time.process_time()
    redact(text)
    return time.process_time() - started


def seconds_for(unit: str, size: int) -> float:
    """Return the time of the processor that redacting ``size`` characters of ``unit`` takes."""
    return seconds_over(unit * (size // len(unit)))


def seconds_bit_by_bit(text: str, bit: int = 1 << 16) -> float:
    """Return the time of the processor that redacting ``text`` takes where it comes ``bit`` by ``bit`` characters."""
    stream = RedactedStream()
    started = time.process_time()
    for at in range(0, len(text), bit):
        stream.feed(text[at : at + bit])
    stream.finish()
    return time.process_time() - started


def seconds_with_document(text: str) -> float:
    """Return the time of the processor that a process takes which tracks ``text`` and writes the document."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "handoff_cli", "track"]
        environ = {**os.environ, "HOME": folder, "PYTHONPATH": str(Path(__file__).parent.parent)}
        subprocess.run(command, input=text.encode(), cwd=folder, env=environ, capture_output=True, check=True)
        if not Path(folder, ".agent-handoffs", "CURRENT_SESSION.md").exists():
            raise RuntimeError("no document was written")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def seconds_per_megabyte(log: Path) -> float:
    """Return the time of the processor that redacting a million characters of ``log`` takes, bit by bit."""
    text = log.read_text(encoding="utf-8", errors="replace")
    return seconds_bit_by_bit(text) / len(text) * 1e6


def main() -> None:
    """Print the slowest of each family, and what logs take."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bytes", nargs="?", type=int, default=1 << 20, help="of each text (default: %(default)s)")
    parser.add_argument("--documents", action="store_true", help="time `track` with its document instead")
    parser.add_argument("logs", nargs="*", type=Path, metavar="LOG", help="an agent's own log")
    options = parser.parse_args()
    if options.documents:
        for name in (*DISTINCT, *SHORT_LINES):
            text = distinct_text(name, options.bytes) if name in DISTINCT else name * (options.bytes // len(name))
            print(f"{name!r:37} {seconds_with_document(text):5.2f} s  tracked, with its document")
        return
    gc.set_threshold(100_000)  # as the command does
    redact("password: Tr0ub4dor&3")
    for family, units in FAMILIES.items():
        worst, unit = max((seconds_for(unit, options.bytes), unit) for unit in units)
        print(f"{family:33} {worst:5.2f} s  {unit!r}")
    for family in DISTINCT:
        text = distinct_text(family, options.bytes)
        print(
            f"{family:33} {seconds_over(text):5.2f} s  of different ones, {seconds_bit_by_bit(text):5.2f} s bit by bit"
        )
    for log in options.logs:
        print(f"{seconds_per_megabyte(log):5.2f} s/MB  {log.name}")


if __name__ == "__main__":
    main()
