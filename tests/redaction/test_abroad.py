"""Words for a password beyond ASCII: each is looked for once, and what follows it only up to the next."""

from __future__ import annotations

from handoff_cli.redaction import abroad, redact
from handoff_cli.redaction.layers import Layer
from tests.redaction.test_every_day import calls_of


def test_where_a_word_beyond_ascii_stands_is_looked_for_once_in_a_text():
    text = "密码 пароль hasło\n" * 50
    assert calls_of({"_lower"}, text) < 2 * calls_of({"view_of"}, text) + len(abroad.ABROAD)
    view = Layer(text)
    assert view.beyond_ascii(("пароль",)) == [(at, at + 6) for at in sorted(view.begun_beyond_ascii(("пароль",)))]
    assert view._places_beyond("пароль") is view._places_beyond("пароль")


def test_what_stands_between_two_words_for_one_is_found_and_nothing_behind_the_second_for_the_first():
    assert redact("密码: Tr0ub4dor 密码: hunter22x").count("[REDACTED:password]") == 2
    assert redact("密码密码密码: Tr0ub4dor") == "密码密码密码: [REDACTED:password]"
