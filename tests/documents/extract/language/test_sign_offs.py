"""Lines with which an agent was told to end each message."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Message, Transcript
from handoff_cli.documents.extract.language.sign_offs import without_sign_offs


def said(*texts):
    messages = tuple(Message("assistant", text, number) for number, text in enumerate(texts, 1))
    return [it.text for it in without_sign_offs(Transcript("claude-code", messages=messages)).messages]


@pytest.mark.parametrize("line", ["==Hi, Ana, done==", "~ над кодом работал бот ~", "--- 以上です ---"])
def test_a_framed_line_that_several_messages_end_with_is_none_of_their_words(line):
    assert said(f"The lock leaks.\n\n{line}", "Mended it.", f"It holds.\n{line}\n") == [
        "The lock leaks.",
        "Mended it.",
        "It holds.",
    ]
    assert said(f"The lock leaks.\n\n{line}", "Mended it.") == [f"The lock leaks.\n\n{line}", "Mended it."]


@pytest.mark.parametrize("line", ["All tests pass.", "**All tests pass**", "==shall I go on?==", "=======", "---"])
def test_what_tells_or_asks_something_stays(line):
    texts = [f"It holds.\n\n{line}", f"So does this.\n\n{line}"]
    assert said(*texts) == texts


def test_a_message_that_is_such_a_line_and_nothing_else_stays():
    assert said("==done==", "It holds.\n==done==", "So.\n==done==") == ["==done==", "It holds.", "So."]
