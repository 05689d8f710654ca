"""Colours, escapes, encodings and line ends hide no secret, and what is not the secret stays as it was."""

from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random
from string import ascii_letters, digits
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.redaction import kinds_in, redact
from handoff_cli.redaction.search import replace_secrets, view_of
from handoff_cli.redaction.wraps import joined

CHANCE = Random(7)


def made(prefix, length, alphabet=ascii_letters + digits):
    return prefix + "".join(CHANCE.choices(alphabet, k=length))


TOKENS = [made("gh" + "p_", 36), made("xox" + "b-123456789012-1234567890123-", 24), made("AK" + "IA", 16, "ABCDEFGHJKLMNPQR23456"), made("sgp" + "_", 40, "abcdef0123456789")]  # fmt: skip
FORMS = {
    "colour": "\x1b[32m{}\x1b[0m",
    "colours of a tool": "TOKEN=\x1b[38;5;214m\x1b[1m{}\x1b[22m\x1b[39m done",
    "colour written out": r"\u001b[01;31m{}\u001b[0m",
    "colour in C": r"\033[32m{}\033[0m",
    "colour in a log": "^[[32m{}^[[0m",
    "C1": "\x9b32m{}\x9b0m",
    "link": "\x1b]8;;{}\x07here\x1b]8;;\x07",
    "line end in JSON": r"first\n{}\nlast",
    "line end in JSON in JSON": r"first\\n{}\\nlast",
    "quote in JSON": r"{{\"a\":\"{}\"}}",
    "quote as code": r"\u0022{}\u0022",
    "tab": r"a\t{}\tb",
    "percent": "token%3D{}%26page%3D2",
    "percent quote": "%22{}%22",
    "entity": "&quot;{}&quot;",
    "entity by number": "&#34;{}&#x27;",
    "byte order": "\ufeff{}",
    "after a zero width": "a \u200b{}\u200b b",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_token_is_found_in(form):
    for token in TOKENS:
        shown = FORMS[form].format(token)
        redacted = redact(shown)
        assert token not in redacted
        before, after = shown.split(token)
        assert redacted.startswith(before)
        assert redacted.endswith(after)


@pytest.mark.parametrize("gap", ["\n", "\r\n", "\\\n", "\n    ", "\n> ", "\x1b[0m\x1b[31m", "\u200b", "\n  | "])
@pytest.mark.parametrize("at", [6, 20, -3])
def test_a_token_that_is_divided_is_found(gap, at):
    for token in TOKENS if at > 0 else [token for token in TOKENS if not token.startswith("xox")]:  # of any length
        at_most = min(at, len(token) - 3)
        text = f"use {token[:at_most]}{gap}{token[at_most:]} here\nnext line"
        redacted = redact(text)
        assert token[at_most:] not in redacted, redacted
        assert redacted.count("\n") == text.count("\n")
        assert redacted.startswith("use ")
        assert redacted.endswith(" here\nnext line")


def test_encoded_parts_of_a_secret_go_whole():
    secret = made("", 20) + "+/" + made("", 20) + "=="
    for name, sign in (("AccountKey", "="), ("api_key", "=")):
        assert redact(f"{name}{quote(sign)}{quote(secret, safe='')}&x=1").endswith("]&x=1")
    assert secret[-12:] not in redact(json.dumps(json.dumps({"client_secret": secret})))


def test_the_next_line_is_no_part_of_a_whole_token():
    for token in TOKENS[:2]:
        assert redact(f"{token}\nnext line of text").endswith("]\nnext line of text")


BODIES = ascii_letters + digits
WHOLE = [*TOKENS, made("glcbt" + "-64_", 20), made("li" + "ve_", 30, BODIES), made("AK" + "IA", 9, "BCDF234") + "EXAMPLE", made("tf" + "p_", 58)]  # fmt: skip
LINES = ("STATUS ok", "total 48", "Secret name", "AWS_REGION=eu-west-1", "-rw-r--r-- 1 a a 4 x", "4 files", "x", "- DB_HOST=db1", "2026-11-27 12:00 ok", "4be7d0f Fix it")  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_no_line_behind_a_whole_token_loses_its_beginning(line):
    for token in WHOLE:
        for before in ("", "KEY_ID="):
            assert redact(f"{before}{token}\n{line}\nend").endswith(f"\n{line}\nend")


@given(st.lists(st.sampled_from((*WHOLE[:3], "plain words", "x", "total 48", "const a = 1")), min_size=1, max_size=8))
def test_lines_that_hold_no_secret_stay_as_they_are_beside_tokens(lines):
    shown = redact("\n".join(lines)).split("\n")
    assert [line for line in shown if "REDACTED" not in line] == [line for line in lines if line not in WHOLE]


PIECES = st.sampled_from(["\x1b[0m", "\\n", "\\u0022", "%3D", "&quot;", "\\\n", "\u200b", "\n", "a", "ghp_", "Z9", " ", "\\", "%", "&", "\x1b"])  # fmt: skip


@given(st.lists(PIECES, max_size=20).map("".join))
def test_every_character_of_a_view_stands_somewhere_in_the_original(text):
    for view in (view_of(text), joined(view_of(text))):
        assert view.original == text
        last = 0
        for at in range(len(view.text)):
            start, end = view.span(at, at + 1)
            assert last <= start < end <= len(text)
            last = start


@given(st.lists(PIECES, max_size=20).map("".join))
def test_redacting_once_is_enough(text):
    once = redact(text)
    assert redact(once) == once


def test_a_list_of_words_in_capitals_is_no_token():
    text = "ASIA\nASSOCIATES\nATHLETA\nATTORNEY\nAUCTION\n"
    assert redact(text) is text


PLAIN_LINES = "plain words go on here and there\n" * 260
"""So long that nothing is kept from being loaded."""


@pytest.mark.parametrize(
    "name", ["contexts_tuned.txt", "contexts_held_out.txt", "contexts_in_use.txt", "forms_unseen.jsonl"]
)
def test_what_a_short_text_does_not_load_would_have_found_nothing(name):
    """A short text loses what it loses in front of a long one, for which all that finds secrets is loaded."""
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()[::9]
    for number, line in enumerate(lines):
        filled = re.sub(r"\{\w+\}", "Tiger42-stone!9xK", line).replace("\\n", "\n")
        text = filled if number % 2 else f"{filled}\nUser: see rows.py:12\n\n{filled}"
        rest = f"\n\n{PLAIN_LINES}"
        assert replace_secrets(text, kinds_in) + rest == replace_secrets(text + rest)


PLAIN = "the rows are read, and the keys kept in `a`\n"
LISTED = ('run(["mysql", "-u", "root", "-p{}", "db"])\n', "run(['curl', '-u', 'bob:{}', url])\n")


@given(st.lists(st.integers(0, 300), min_size=1, max_size=4), st.sampled_from(LISTED))
def test_a_secret_in_a_list_of_arguments_is_found_however_long_the_text_around_it_is(before, line):
    listed = line.format("Tr0ub4dor9x")
    text = "".join(f"{PLAIN * many}{listed}" for many in before) + PLAIN * 300
    assert redact(text) == text.replace(listed, redact(listed))
    assert "Tr0ub4dor9x" not in redact(listed)


@pytest.mark.parametrize(("token", "widths", "chars"), [(made("gh" + "p_", 36), (76, 76), 3_000), (made("gh" + "p_", 36), (76, 76), 34_000), (made("ci" + "o", 32), (12, 55), 34_000)])  # fmt: skip
def test_a_token_divided_by_a_line_end_goes_from_between_lines_of_letters(token, widths, chars):
    """All of them are looked at without line ends, where no line begins a word; so are those that a token may begin."""
    chance = Random(chars)
    lines = ["".join(chance.choices(ascii_letters + digits, k=chance.randint(*widths))) for _ in range(chars // sum(widths) * 2)]  # fmt: skip
    middle = len(lines) // 2
    shown = redact("\n".join([*lines[:middle], token[:18], token[18:], *lines[middle:]]))
    assert (token[:18] in shown, token[18:] in shown) == (False, False)


def test_lines_of_base64_that_begin_as_some_tokens_do_stay():
    chance = Random(5)
    lines = ["".join(chance.choices(ascii_letters + digits, k=76)) for _ in range(600)]
    lines[300] = "K2" + lines[300][2:]
    assert "\n".join(lines[290:310]) in redact("\n".join(lines))


def test_tokens_divided_by_line_ends_go_where_every_second_line_begins_one():
    tokens = [made("gh" + "p_", 36) for _ in range(200)]
    shown = redact("".join(f"{token[:18]}\n{token[18:]}\n" for token in tokens))
    assert [token for token in tokens if token[:18] in shown or token[18:] in shown] == []
