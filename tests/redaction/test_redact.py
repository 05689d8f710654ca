"""What is written loses its secrets and nothing else, quickly, whatever the text."""

from __future__ import annotations

import base64
import importlib
import os
import re
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.hostile_texts import FAMILIES
from handoff_cli.redaction import (
    COMMANDS,
    LEAST_TOKEN_CHARS,
    NAMES,
    SHAPES,
    TOKENS,
    abroad,
    gate_words,
    hides,
    kinds_in,
    may_be_token,
    names,
    prefixes,
    redact,
    shape_rules,
    shapes,
)
from handoff_cli.redaction.beginnings import each_prefix
from handoff_cli.redaction.layers import Layer
from handoff_cli.redaction.placeholders import is_random
from handoff_cli.redaction.search import replace_secrets
from handoff_cli.redaction.telling import COMMAND_WORDS, NAME_WORDS, NAMES_ABROAD, SHAPE_WORDS
from tests.growth import assert_linear

SECRETS, INNOCENTS = 200, 1_000
FRAGMENT = 8
UNSEEN_SEEDS = (101, 202)


@pytest.fixture(scope="module")
def corpus():
    """The generators beside this file, which pytest's importlib mode leaves off the path."""
    sys.path.insert(0, str(Path(__file__).parent))
    try:
        yield importlib.import_module("secret_corpus").secrets, importlib.import_module("innocent_corpus").innocents
    finally:
        sys.path.pop(0)


def leaks(text: str, secret: str) -> bool:
    """Whether any ``FRAGMENT`` characters in a row of ``secret`` are still to be read."""
    redacted = redact(text)
    return any(secret[at : at + FRAGMENT] in redacted for at in range(max(1, len(secret) - FRAGMENT + 1)))


@pytest.mark.parametrize("half", ["tuning", "held_out"])
@pytest.mark.parametrize("seed", UNSEEN_SEEDS)
def test_recall_and_false_alarms_stay_within_their_bounds(corpus, half, seed):
    secrets, innocents = corpus
    missed = [text for text, secret in secrets(seed, half, SECRETS) if leaks(text, secret)]
    alarms = [line for line in innocents(seed, half, INNOCENTS) if redact(line) != line]
    recall, false_alarms = 1 - len(missed) / SECRETS, len(alarms) / INNOCENTS
    print(f"{half} {seed}: recall {recall:.4f}, false alarms {false_alarms:.4%}")
    assert recall >= 0.99, missed
    assert false_alarms <= 0.005, alarms


def test_the_corpus_holds_what_it_says(corpus):
    """Else the bounds above would hold of nothing: each text has its secret, texts differ, seeds differ."""
    secrets, innocents = corpus
    for half in ("tuning", "held_out"):
        texts = secrets(1, half, SECRETS)
        assert all(secret in text and len(secret) >= 6 for text, secret in texts)
        assert len({text for text, _ in texts}) > SECRETS * 0.95
        assert texts != secrets(2, half, SECRETS)
        assert len(innocents(1, half, INNOCENTS)) == INNOCENTS


@pytest.mark.parametrize("half", ["tuning", "held_out"])
def test_only_the_secret_is_replaced(corpus, half):
    secrets, _ = corpus
    for text, secret in secrets(9, half, SECRETS):
        if "PRIVATE" not in text:
            before, after = text.split(secret)
            assert re.fullmatch(re.escape(before) + r"\[REDACTED:[a-z-]+\]" + re.escape(after), redact(text)), text


def test_redacting_twice_changes_nothing_and_lines_are_kept(corpus):
    secrets, _ = corpus
    for half in ("tuning", "held_out"):
        texts = [text for text, _ in secrets(7, half, SECRETS) if "PRIVATE" not in text]
        once = redact("\n".join(texts))
        assert redact(once) == once
        assert once.count("\n") == len(texts) - 1


BEGIN, END = "-----BEGIN PRIVATE" + " KEY-----", "-----END PRIVATE" + " KEY-----"
PIECES = st.sampled_from((
    "token", "password", "api_key", "=", ":", ": ", " ", '"', "'", "\\", "\n", "--", "://", "@", "[REDACTED:", "]", "ghp_",
    "sk-", "AKIA", "eyJ", ".", "Bearer ", "basic ", "Cookie: sid=", BEGIN, END, "\u0130", "\ud800", "<", "(", "$", "{", "x",
    "Zx9Qw8Er7Ty6Ui5Op4As3Df2Gh1Jk0Lz9Xc8Vb7N", "hunter2",
))  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=8), max_size=24).map("".join))
def test_any_text_is_redacted_once_and_for_all(text):
    once = redact(text)
    assert redact(once) == once
    if "PRIVATE" not in text:
        assert once.count("\n") == text.count("\n")


@given(
    st.sampled_from(("old pw", "login:", "see [the passwd](x)", "user kim", "words")),
    st.lists(st.text("aB3dE5gH7", min_size=10, max_size=24), min_size=4, max_size=12, unique=True),
    st.sampled_from(("\n", "\n- ", " ", ", ")),
)
def test_what_was_replaced_tells_of_no_secret_beside_it(head, words, between):
    """Its kind is called a password too, and what stands beside it is not another's for that."""
    once = redact(head + between + between.join(words))
    assert redact(once) == once


def test_nothing_with_a_secret_is_waved_through(corpus):
    """The quick look before the search is no second opinion: each text the search would change gets past it."""
    secrets, innocents = corpus
    for half in ("tuning", "held_out"):
        for seed in UNSEEN_SEEDS:
            texts = [text for text, _ in secrets(seed, half, SECRETS)] + innocents(seed, half, INNOCENTS)
            for text in texts:
                assert hides(text) or kinds_in(text) or replace_secrets(text) == text
                for line in text.splitlines():
                    assert hides(line) or kinds_in(line) or replace_secrets(line) == line


TELLING = st.sampled_from((*NAME_WORDS, *NAMES_ABROAD, *COMMAND_WORDS, *SHAPE_WORDS))


@given(st.lists(PIECES | TELLING | st.text(max_size=20), max_size=12).map("".join))
def test_what_is_waved_through_is_what_the_search_would_leave_alone(text):
    assert hides(text) or kinds_in(text) or replace_secrets(text) == text


@given(st.lists(PIECES | TELLING | st.text(max_size=20), max_size=12).map("".join))
def test_a_kind_that_the_quick_look_rules_out_is_not_found(text):
    """So a search that leaves those kinds out finds as much as one that looks for all."""
    assert replace_secrets(text, kinds_in) == replace_secrets(text)


def test_leaving_out_what_is_ruled_out_changes_nothing(corpus):
    secrets, innocents = corpus
    for half in ("tuning", "held_out"):
        for text in [text for text, _ in secrets(3, half, SECRETS // 2)] + innocents(3, half, INNOCENTS // 4):
            assert replace_secrets(text, kinds_in) == replace_secrets(text)


ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/=_-."


@given(st.text(ALPHABET, min_size=8, max_size=80) | st.text("aeioubcd", min_size=16, max_size=40), st.data())
@settings(max_examples=300)
def test_no_part_of_a_word_that_is_waved_through_looks_generated(word, data):
    """The quick look judges whole words, the search whatever a pattern cuts out of them; a time looks generated to it."""
    if not may_be_token(word):
        start = data.draw(st.integers(0, len(word) - 1))
        part = re.sub("(?<=[0-9])[TZ]", "", word[start : data.draw(st.integers(start, len(word)))])
        assert len(part) < LEAST_TOKEN_CHARS or not is_random(part)


@pytest.mark.parametrize("word", ["[2026-11-27T01:30:45.123Z]", "2026-11-27T01:30:45+01:00", "27T01:30:45.123456Z"])
def test_a_time_is_no_token_though_it_has_letters_between_digits(word):
    assert not may_be_token(word)
    assert may_be_token(word.replace("T", "R"))


def test_a_prefix_and_its_least_body_are_long_enough_for_the_quick_look():
    """A body class holds no blank, so a prefixed secret is one word, and none is shorter than the quick look's."""
    assert min(len(prefix) + least for prefix, _, _, least in each_prefix()) >= LEAST_TOKEN_CHARS
    assert not any(char.isspace() for prefix, *_ in each_prefix() for char in prefix)
    blanks = "".join(filter(str.isspace, map(chr, range(sys.maxunicode + 1))))
    assert not any(re.search(body, blanks) for body in prefixes.BODY_CLASSES.values())


@pytest.mark.parametrize("kind", shape_rules.HINTS)
@settings(
    max_examples=settings.default.max_examples // 4,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(data=st.data())
def test_a_hint_is_in_every_secret_of_its_kind(kind, data):
    patterns = [pattern for name, _, pattern, _ in shape_rules.RULES if name == kind]
    assert len(patterns) == 1
    assert re.search(shape_rules.HINTS[kind], data.draw(st.from_regex(patterns[0])))


def test_every_name_of_a_secret_and_of_a_cookie_tells():
    assert all(kinds_in(f"{name} ") & NAMES for name in [name for name, _ in names._NAMES])
    assert all(kinds_in(name) & NAMES for name in [*abroad.ABROAD, *gate_words.HEADS])
    assert all(kinds_in(name) & SHAPES for name in ["private key", "private-lines", *shapes.SESSION_COOKIE_GATES])


@pytest.mark.parametrize("pattern", [pattern for _, _, pattern, _ in shape_rules.RULES])
@settings(
    max_examples=settings.default.max_examples // 8,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(data=st.data())
def test_what_a_shape_finds_is_not_ruled_out(pattern, data):
    text = data.draw(st.from_regex(pattern))
    if not hides(text):
        kinds = kinds_in(text)
        assert kinds & (SHAPES | TOKENS) or not shapes.shaped(Layer(text))


@pytest.mark.parametrize(("text", "kinds"), [("a token count", NAMES), ("docker ps", COMMANDS), ("://a:b@c", SHAPES | COMMANDS), ("4f9a" * 8, TOKENS), ("plain words", 0)])  # fmt: skip
def test_kinds_are_told_apart(text, kinds):
    assert kinds_in(text) == kinds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain words",
        "max_tokens=4096",
        "E_INVALID_TOKEN: Final = -2146893048",
        "E_PASSWORD = -2146893773",
        'token = os.environ["API_KEY"]',
        "naïve İstanbul \ud800 密码: 必填",
    ],
)
def test_text_without_a_secret_is_returned_as_the_same_object(text):
    assert redact(text) is text


def test_a_password_in_a_url_goes_alone():
    word = "".join(Random(5).choices("abcdef0123456789", k=18))
    assert (
        redact(f"postgres://app:{word}@db.internal:5432/main?x=1")
        == "postgres://app:[REDACTED:password]@db.internal:5432/main?x=1"
    )
    assert redact(f"redis://:{word}@cache/0") == "redis://:[REDACTED:password]@cache/0"


def test_an_ampersand_belongs_to_a_password_but_ends_a_parameter():
    assert redact("pass" + "word: Tr0ub4dor&3") == "password: [REDACTED:password]"
    assert redact("?pass" + "word=Tr0ub4dor&page=3") == "?password=[REDACTED:password]&page=3"


def test_what_surrounds_a_value_stays():
    word = "".join(Random(6).choices("abcdef0123456789", k=24))
    assert (
        redact(f'{{"user": "bob", "secret": "{word}", "n": 1}}')
        == '{"user": "bob", "secret": "[REDACTED:secret]", "n": 1}'
    )
    assert redact(f"run --token {word} --yes") == "run --token [REDACTED:secret] --yes"
    assert (
        redact(f"Authorization: Bearer {word}\nAccept: */*") == "Authorization: Bearer [REDACTED:bearer]\nAccept: */*"
    )
    assert (
        redact(f"Cookie: theme=dark; sessionid={word}; a=b") == "Cookie: theme=dark; sessionid=[REDACTED:cookie]; a=b"
    )
    basic = base64.b64encode(f"bob:{word}".encode()).decode()
    assert redact(f"authorization: Basic {basic}") == "authorization: Basic [REDACTED:basic-auth]"


@pytest.mark.parametrize("ending", ["\n-----END RSA PRIVATE" + " KEY-----\nafter", "\n\nafter the block\n", ""])
def test_a_private_key_goes_whole_also_when_its_end_is_missing(ending):
    rows = ["".join(Random(n).choices("ABCDEFabcdef+/0123456789", k=64)) for n in range(6)]
    text = "before\n-----BEGIN RSA PRIVATE" + " KEY-----\n" + "\n".join(rows) + ending
    redacted = redact(text)
    assert redacted.startswith("before\n[REDACTED:private-key]")
    assert not any(row[:FRAGMENT] in redacted for row in rows)
    assert ("after" in redacted) == ("after" in ending)


def test_speaking_of_a_private_key_is_no_private_key():
    text = 'if line == "-----BEGIN PRIVATE' + ' KEY-----":  # or -----END PRIVATE' + " KEY-----"
    assert redact(text) is text


@pytest.mark.parametrize("unit", [unit for units in FAMILIES.values() for unit in units])
def test_time_is_linear_on_hostile_text(unit, soon_long):
    """Of fewer characters some kinds of secrets may be ruled out first."""
    assert_linear(lambda size: redact(unit * (size // len(unit))), soon_long)


def test_an_innocent_text_compiles_no_pattern():
    """The hot verbs pay for string searches only: neither the import nor a call on plain words compiles anything."""
    code = (
        "from handoff_cli.core import patterns; made = []; make = patterns._make\n"
        "patterns._make = lambda p, flags: made.append(p) or make(p, flags)\n"
        "from handoff_cli.redaction import redact\n"
        "redact('Wired the ledger: token count of the tail is exact, key findings in docs. Next: the API and its tests = 34.')\n"
        "assert not made, made\n"
        "redact('pass' + 'word: Tr0ub4dor&3')\n"
        "assert made\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("text", "loaded"),
    [
        ("the token count of the pass is exact, the key to the paths in docs/commands.md is read twice", {"search", "gates", "layers", "index", "names", "keys", "separators", "values", "placeholders"}),
        ("docker runs, we log in as usual", {"search", "gates", "layers", "index", "options", "placeholders"}),
        ("transactions are internationalized everywhere", set()),
    ],
)  # fmt: skip
def test_ordinary_text_loads_what_its_words_need_and_no_re(text, loaded):
    code = (
        "import sys\n"
        "from handoff_cli.redaction import redact\n"
        f"assert redact({text!r}) == {text!r}\n"
        "print(*(name.rpartition('.')[2] for name in sys.modules if name.startswith('handoff_cli.redaction.')))\n"
        "assert not {'re', 'functools'} & set(sys.modules)\n"
    )
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        capture_output=True,
        text=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": root},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()) == loaded
