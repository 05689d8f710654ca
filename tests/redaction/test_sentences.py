r"""Passwords that are plain words: the form of what is around them tells; and what sentences say of a password stays.

In ``forms_of_plain_words.txt`` ``{}`` and ``{2}`` are passwords, ``\n`` a line's end.
"""

from pathlib import Path

import pytest

from handoff_cli.redaction import redact

HERE = Path(__file__).parent


def texts_of(name):
    lines = (HERE / name).read_text("utf-8").splitlines()
    return [line.replace("\\\\", "\0").replace("\\n", "\n").replace("\\t", "\t").replace("\0", "\\") for line in lines]


FORMS = texts_of("forms_of_plain_words.txt")


@pytest.mark.parametrize(("word", "other"), [("swordfish", "marigold"), ("velvet77", "hunter22")])
def test_a_plain_word_is_found_where_a_sentence_a_table_or_a_command_tells_it(word, other):
    texts = [form.replace("{2}", other).replace("{}", word) for form in FORMS]
    missed = [text for text in map(redact, texts) if word in text or other in text]
    assert len(texts) > 700
    assert len(missed) <= 0.04 * len(texts), missed


def test_what_sentences_settings_and_code_say_of_a_password_stays():
    texts = texts_of("innocent_sentences.txt")
    assert len(texts) > 200
    assert [text for text in texts if redact(text) != text] == []


def test_a_sentence_that_asks_or_supposes_tells_no_password():
    assert redact("The password is swordfish.") == "The password is [REDACTED:password]."
    for text in ("Check that the password is swordfish.", "If the password is swordfish, go on.", "Is the password swordfish?"):  # fmt: skip
        assert redact(text) == text
