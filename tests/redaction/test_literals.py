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


LOOSE = [
    '["{}", "{}"].join("")', "''.join(('{}', '{}'))", "%w[{} {}].join", "implode('', ['{}', '{}'])", '"{}".concat("{}")', 't = "{}";\nt += "{}"',
    "`{}${{'{}'}}`", 'a = "{}"\nb = "{}"\nt = a + b', "'{}' || '{}'", '"{}" ++ "{}"', 'concat!("{}", "{}")', '"{}" + `\n "{}"', "{}`\n{}", "T={}^\n{}", "T=\"{}\"'{}'",
    "> see {}\n> {}", "{}=\n{}", "<b>{}<wbr>{}</b>", "<i>{}</i><i>{}</i>", "{}&#8203;{}", "{}&shy;{}", " 12\tT={}\n 13\t{}", "12:T={}\n13:{}", "{}%0A{}", "| {} |\n| {} |",
    "\x1b]8;;https://e.example/\x07{}\x1b]8;;\x07{}", "# see {}\n# {}", "+T={}\n+{}", '"%s%s", "{}", "{}"',
]  # fmt: skip


@pytest.mark.parametrize("form", LOOSE)
def test_a_token_goes_whatever_loose_stands_between_its_parts(form):
    out = redact(form.format(ONE, OTHER))
    assert ONE not in out
    assert OTHER not in out
    assert redact(out) == out


@pytest.mark.parametrize("text", ['["{}", "v2beta"]', '"{}",\n"main2024"', "<b>{}</b><i>build7</i>", "{}\nREADME2.md", "> {}\n> 3f2a9c1b and on", 'T="{}"\nMODE="fast9"'])  # fmt: skip
def test_what_only_stands_beside_a_whole_token_stays(text):
    text = text.replace("\\n", "\n")
    assert redact(text.format(ONE + OTHER)) == text.format("[REDACTED:github-token]")


def test_a_word_behind_a_whole_token_stays():
    assert '"word"' in redact(f'x "{ONE}{OTHER}" "word"')
