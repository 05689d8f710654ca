"""What strangers write stays where it is put; a real Markdown parser is the judge."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from handoff_cli.documents import escape

MARKDOWN = MarkdownIt("commonmark").enable("table")
TOKENS = [
    "``",
    "```",
    "~~~",
    "---",
    "===",
    "<!--",
    "-->",
    "<b>",
    "&lt;",
    "&#0;",
    "[x](y)",
    "![a](b)",
    "http://a.b/_c_",
    "\x1b[31m",
    "1.",
    "2)",
]
MARKERS = ["<!-- handoff:end goal -->", "<!-- handoff:begin goal 00000000 -->", "# ", "> ", "- ", "+ ", "    "]
CHARACTERS = [*"`|\\*_\t \n\r\x00\x85\u2028\u202e\ufeff\U000e0041\ud800"]
HOSTILE = st.lists(
    st.one_of(st.text(st.characters(), max_size=5), st.sampled_from([*TOKENS, *MARKERS, *CHARACTERS])), max_size=12
).map("".join)


def inline(text):
    """The pieces of the only inline content of ``text``."""
    (token,) = [token for token in MARKDOWN.parse(text) if token.type == "inline"]
    return token.children


def outline(tokens):
    return [token.type for token in tokens if token.level == 0]


@given(HOSTILE)
def test_visible_text_holds_no_character_a_terminal_or_yaml_would_act_on(text):
    shown = escape.visible(text)
    assert not [
        c for c in shown if (ord(c) < 32 and c not in "\n\t") or 0x7F <= ord(c) < 0xA0 or 0xD800 <= ord(c) < 0xE000
    ]
    assert not set(shown) & set("\u202a\u202b\u202d\u202e\u2066\u2069\ufeff\u2028\u2029\U000e0041")


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_plain_text_is_visible_as_it_is(text):
    assert escape.visible(text) == text


@pytest.mark.parametrize("text", ["👩‍👩‍👧 می‌خواهم", "naïve 漢字 €"])
def test_ordinary_text_of_the_world_is_left_alone(text):
    assert escape.visible(text) == escape.prose(text) == text


@given(HOSTILE)
@example("1. a")
@example("1) a")
@example("--- ")
def test_prose_reads_as_the_plain_text_in_a_list_item(text):
    line = escape.one_line(text)
    tokens = MARKDOWN.parse(f"- {escape.prose(text)}\n\nafter\n")
    assert outline(tokens) == ["bullet_list_open", "bullet_list_close", "paragraph_open", "paragraph_close"]
    if line:
        assert [token.type for token in tokens[1:4]] == ["list_item_open", "paragraph_open", "inline"]
        assert [child.type for child in tokens[3].children] == ["text"]
        assert tokens[3].children[0].content == line


@given(HOSTILE, HOSTILE)
def test_prose_stays_in_its_table_cell(one, two):
    tokens = MARKDOWN.parse(f"| a | b | c |\n| - | - | - |\n| {escape.prose(one)} | {escape.prose(two)} | end |\n")
    cells = [token for token in tokens if token.type == "inline"][3:]
    assert ["".join(child.content for child in cell.children) for cell in cells] == [
        escape.one_line(one),
        escape.one_line(two),
        "end",
    ]


@given(HOSTILE)
def test_a_code_span_holds_the_name_and_nothing_else(text):
    (span,) = inline(f"x{escape.code(text)}")[1:]
    assert span.type == "code_inline"
    assert span.content == (escape.name(text) or " ")


@given(HOSTILE)
def test_a_quote_does_not_end_before_its_text_nor_after_it(text):
    tokens = MARKDOWN.parse(f"{escape.quote(text)}\n\nafter\n")
    assert outline(tokens) == ["blockquote_open", "blockquote_close", "paragraph_open", "paragraph_close"]
    assert tokens[-2].content == "after"
    assert "<!--" not in escape.quote(text)


@given(HOSTILE)
def test_a_fence_shows_the_text_verbatim(text):
    first, *others = MARKDOWN.parse(f"{escape.fence(text)}\n\nafter\n")
    assert first.type == "fence"
    assert first.content == escape.visible(text).strip("\n") + "\n"
    assert len(others) == 3


def test_a_name_shows_its_newlines_a_sentence_folds_them():
    assert escape.name("a\r\nb\tc") == "a\\r\\nb\\tc"
    assert escape.one_line("a\r\n  b\tc ") == "a b c"
