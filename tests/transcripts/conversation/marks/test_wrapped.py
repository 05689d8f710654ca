"""Lines that a screen broke, put together again."""

from __future__ import annotations

import pytest

from handoff_cli.transcripts.conversation.marks.wrapped import unwrapped

FULL = "two seconds are no fix, the sidecars eat some of them, so put the grace back to"


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ([FULL, "250. drain the channel"], f"{FULL} 250. drain the channel"),
        (["do these:", "1. drain", f"2. {FULL}", "3. stop"], f"do these:\n1. drain\n2. {FULL}\n3. stop"),
        ([f"{FULL}:", "5. the last of the old list"], f"{FULL}:\n5. the last of the old list"),
    ],
)
def test_a_number_that_no_item_leads_up_to_ends_the_sentence_before_it(lines, text):
    assert unwrapped(lines, 80) == text


def test_an_option_that_a_full_line_had_no_room_for_is_no_item_of_a_list():
    full = f"{'x' * 40} | head"
    assert unwrapped([full, "-20 | sort"], 50) == f"{full} -20 | sort"
    assert unwrapped([full, "-B5 | sort"], 50) == f"{full} -B5 | sort"
    assert unwrapped([full, "- light it"], 50) == f"{full}\n- light it"
    assert unwrapped(["short", "-20"], 50) == "short\n-20"


def test_a_sentence_goes_on_with_a_word_of_letters_of_any_alphabet():
    full = "Die Werte kommen aus der alten Tabelle und gehen von dort ohne Umweg weiter, aber nur"
    assert unwrapped([full, "über den Puffer"], 120) == f"{full} über den Puffer"
    full = "Tôi đọc bảng cũ rồi ghi từng dòng vào bảng mới, sau đó kiểm tra lại các dòng đã có"
    assert unwrapped([full, "ở cuối bảng"], 120) == f"{full} ở cuối bảng"


def test_code_that_a_screen_numbers_stands_in_fences():
    lines = ["  It holds:", "", "   1 def heat():", "   2     return 1", "  So it is warm."]
    assert unwrapped(lines, 80) == "It holds:\n\n```\ndef heat():\n    return 1\n```\nSo it is warm."
    for other in (["  1. one", "  2. two"], ["  2 eggs", "  3 spoons"], ["  1 egg"], ["1 egg", "2 eggs"]):
        assert "```" not in unwrapped(["They are:", *other], 80)
