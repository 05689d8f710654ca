"""Shapes of tokens that no scanner's rules have, or of which a value by chance looked like a name: made up by length."""

from __future__ import annotations

import random
import string

import pytest

from handoff_cli.redaction import redact

LETTERS, DIGITS, HEX = string.ascii_letters, string.digits, "0123456789abcdef"
WORDS = LETTERS + DIGITS + "-_"
SHAPES = [
    ("esecret_{}", LETTERS + DIGITS, 24), ("pylf_v1_us_{}", LETTERS + DIGITS, 43), ("bt-st-{}", LETTERS + DIGITS, 48),
    ("packagist_uut_{}", HEX, 64), ("AQE{}", LETTERS + DIGITS + "+/", 130), ("NRII-{}", WORDS, 32), ("nsec1{}", string.ascii_lowercase + DIGITS, 58),
    ("xprv9{}", LETTERS + DIGITS, 106), ("depot_project_{}", HEX, 64), ("retool_01{}", string.ascii_lowercase + DIGITS, 24),
    ("sup_sk_{}", LETTERS + DIGITS, 32), ("cu_{}", HEX, 32), ("n8n_api_{}", HEX, 80), ("rzp_live_{}", LETTERS, 14), ("dsp_{}", HEX, 40),
    ("duffel_live_{}", WORDS, 43), ("mdb_sa_sk_{}", WORDS, 40), ("cmVmdGtu{}", LETTERS + DIGITS, 56), ("crsr_{}", HEX, 64),
    ("pdl_live_apikey_{}", WORDS, 60), ("sgamp_user_{}", WORDS, 90), ("https://hook.eu1.make.com/{}", string.ascii_lowercase + DIGITS, 32), ("2{}_x8Kd93mQpL2vN7bRt5YwZ", LETTERS + DIGITS, 26),
    ("*:production.{}", HEX, 60), ("somebrand_sk_{}", LETTERS + DIGITS, 32), ("AKIA{}", string.ascii_uppercase, 16),
    ("https://open.feishu.cn/open-apis/bot/v2/hook/{}", HEX, 36), ("\u7528\u8fd9\u4e2ahttps://oapi.dingtalk.com/robot/send?access_token={}\u5c31\u884c", HEX, 64),
    ('{{"kty":"oct","k":"{}"}}', WORDS, 43), ("AAAAAAAAAAAAAAAAAAAAA{}%3DAbC1dEf2GhI3jKl4MnO5pQr6StU7vWx8YzA9bCd0EfG1hIj2", LETTERS + DIGITS, 40),
]  # fmt: skip


@pytest.mark.parametrize(("form", "signs", "length"), SHAPES)
def test_a_beginning_and_a_length_suffice_whatever_the_value(form, signs, length):
    made = random.Random(length)
    values = ["".join(made.choice(signs) for _ in range(length)) for _ in range(40)]
    left = redact("".join(f"see {form.format(value)} there\n" for value in values))
    missed = [value for value in values if value in left]
    assert len(missed) <= 1, missed


def test_two_parts_of_hexadecimal_digits_are_a_key_only_in_their_lengths():
    made = random.Random(5)
    hexed = lambda length: "".join(made.choice(HEX) for _ in range(length))  # noqa: E731
    for key in (f"{hexed(32)}-{hexed(8)}-{hexed(8)}", f"{hexed(24)}:{hexed(64)}"):
        assert key not in redact(f"see {key} there")
    for other in (
        hexed(40),
        f"{hexed(12)}:{hexed(64)}",
        f"sha256:{hexed(64)}",
        f"cache_key_{hexed(40)}",
        f"{hexed(8)}-{hexed(4)}",
    ):
        assert redact(f"see {other} there") == f"see {other} there"
