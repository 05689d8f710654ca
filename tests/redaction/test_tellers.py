"""What a line tells of a word is told by what is around the word alone, so it is asked once."""

from __future__ import annotations

from tests.redaction.test_every_day import calls_of


def test_a_line_is_asked_once_however_often_a_text_is_searched():
    lines = [f"the host mars{number}9abc of the login room {number}\n" for number in range(120)]
    asked = calls_of({"_is_told"}, "".join([*lines, "and now try Hobby_river61 as the password\n"]))
    assert 120 < asked < 130, "it is searched again, as something was replaced"
