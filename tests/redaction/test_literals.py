"""Tokens divided between literals of code or by a box's frame go whole; a word that only follows one stays."""

from __future__ import annotations

import pytest

from handoff_cli.redaction import redact

ONE, OTHER = "ghp_a8Kx2Lm9Qw4Rt6", "Yp1Zs3Dv7Bn5Hj0Gf2Cx8u"


@pytest.mark.parametrize("joint", ['"\n    "', '" + "', '" +\n  "', '" \\\n    "', '" . "', " \u2502\n\u2502 "])
def test_both_parts_of_a_divided_token_go(joint):
    text = f"\u2502 {ONE}{joint}{OTHER} \u2502" if "\u2502" in joint else f'x = "{ONE}{joint}{OTHER}"'
    out = redact(text)
    assert ONE not in out
    assert OTHER not in out
    assert out.count("\n") == text.count("\n")
    assert redact(out) == out


def test_a_word_behind_a_whole_token_stays():
    assert '"word"' in redact(f'x "{ONE}{OTHER}" "word"')
