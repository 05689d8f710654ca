"""Subtitles of a meeting: who said what, without cues."""

from __future__ import annotations

import pytest

SPOKEN = [
    ("Ada Holt", "Otto, the sum is wrong.", "Do not touch the archive."),
    ("Otto", "I looked at total.py.", "The last row is lost."),
    ("Bo Lind", "Only for the report.", "The bill is right."),
    ("Otto", "Done, commit 1a2b3c4.", "One test fails."),
    ("Ada Holt", "Fix the test first.", ""),
]


def cues(first: str, again: str, head: str, sign: str) -> str:
    text, at = head, 0
    for name, *parts in SPOKEN:
        for form, words in zip((first, again), parts, strict=True):
            if words:
                at += 1
                stamp = f"00:00:{at:02}{sign}000 --> 00:00:{at + 1:02}{sign}000"
                text += f"{at}\n{stamp}\n{form.format(n=name, w=words)}\n\n"
    return text


@pytest.mark.parametrize(
    "text",
    [
        cues("<v {n}>{w}</v>", "<v {n}>{w}</v>", "WEBVTT\n\n", "."),
        cues("{n}: {w}", "{n}: {w}", "WEBVTT\n\n", "."),
        cues("{n}: {w}", "{w}", "", ","),
    ],
    ids=["voices", "names", "SubRip"],
)
def test_what_one_says_in_a_row_is_one_turn_and_who_works_is_the_agent(read, text):
    """The name with which they call upon it is none of their words, as in chats."""
    assert [(it.role, it.by, it.text) for it in read(text).messages] == [
        ("user", "Ada Holt", "the sum is wrong. Do not touch the archive."),
        ("assistant", "", "I looked at total.py. The last row is lost."),
        ("user", "Bo Lind", "Only for the report. The bill is right."),
        ("assistant", "", "Done, commit 1a2b3c4. One test fails."),
        ("user", "Ada Holt", "Fix the test first."),
    ]


def test_a_cue_amid_other_text_is_no_subtitle(said):
    text = "User: what is\n1\n00:00:01,000 --> 00:00:02,000\nhello\n\nAssistant: A cue.\n"
    assert [role for role, _ in said(text)] == ["user", "assistant"]


def test_a_mark_at_the_end_of_what_one_says_on_several_lines_is_nobodys_word(read):
    cue = "00:00:0{0}.000 --> 00:00:0{1}.000\n<v {2}>{3}\nand {4}.</v>\n\n"
    text = "WEBVTT\n\n" + "".join(
        cue.format(at, at + 1, *it)
        for at, it in enumerate((("Ada", "mend it", "test it"), ("Otto", "I did", "pushed it"), ("Ada", "ok", "bye")))
    )
    assert all("</v>" not in it.text for it in read(text).messages)
    assert read(text).messages[0].text.endswith("mend it and test it.")
