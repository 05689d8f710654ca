"""Sections are recognised and their edits seen; what strangers write reads as it is, by a real parser of Markdown."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from handoff_cli.core.text import name, one_line, visible
from handoff_cli.documents.markdown import Own, Section, checksum_of, code, fence, parse, prose, quote, section

BODIES = st.lists(st.text(st.characters(exclude_characters="\r"), max_size=8), max_size=5).map("\n".join)


@given(BODIES.filter(str.strip))
def test_a_section_reads_back_as_it_was_written(body):
    (part,) = parse(section("token-status", body))
    assert isinstance(part, Section)
    assert part.name == "token-status"
    assert part.body.strip() == body.strip()
    assert not part.edited


@given(BODIES.filter(str.strip), st.text("ab", min_size=1))
def test_an_edit_inside_is_seen(body, added):
    begin, rest = section("git", body).split("\n", 1)
    (part,) = parse(f"{begin}\n{added}{rest}")
    assert isinstance(part, Section)
    assert part.edited


def test_white_space_at_line_ends_and_windows_line_ends_are_no_edit():
    text = section("git", "a  \n\nb")
    (part,) = parse(text.replace("a  ", "a").replace("\n", "\r\n"))
    assert isinstance(part, Section)
    assert not part.edited


@given(BODIES)
def test_own_text_is_kept_to_the_byte(text):
    assert "".join(part.text for part in parse(text)) == text


def test_a_blank_section_is_nothing():
    assert section("git", " \n\n ") == ""


@pytest.mark.parametrize("name", ["", "Goal", "a b", "x -->", "1", "a\n"])
def test_a_name_that_a_marker_cannot_hold_is_refused(name):
    with pytest.raises(ValueError, match="section is named"):
        section(name, "body")


@pytest.mark.parametrize("marker", ["<!-- handoff:end git -->", "<!-- handoff:begin goal 00000000 -->"])
def test_markers_inside_a_body_are_text(marker):
    (part,) = parse(section("git", f"before\n{marker}\nafter"))
    assert isinstance(part, Section)
    assert not part.edited
    assert part.body == f"before\n{marker.replace('<', '&lt;')}\nafter"


@pytest.mark.parametrize(
    "text",
    [
        "  <!-- handoff:begin git 00000000 -->\nx\n  <!-- handoff:end git -->\n",
        "see <!-- handoff:begin git 00000000 -->\n",
        "<!-- handoff:begin git -->\n",
        "<!-- handoff:begin git 0000000g -->\n",
    ],
)
def test_what_only_resembles_a_marker_is_own_text(text):
    assert parse(text) == [Own(text)]


def test_without_its_end_marker_an_unedited_section_still_ends_where_it_did():
    whole = section("git", "a\n\nb")
    broken = whole.replace("<!-- handoff:end git -->\n", "")
    section_, own = parse(f"{broken}mine\n")
    assert (section_.name, section_.body, section_.edited) == ("git", "a\n\nb", False)
    assert own == Own("mine\n")


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("<!-- handoff:begin git 00000000 -->\nx\ny\n", "x\ny\n"),
        ("x\n<!-- handoff:end git -->\ny\n", "x\ny\n"),
        ("<!-- handoff:begin git 00000000 -->\nx\n<!-- handoff:end goal -->\ny\n", "x\ny\n"),
    ],
)
def test_a_lone_marker_goes_and_the_text_around_it_stays(text, own):
    assert parse(text) == [Own(own)]


def test_a_new_begin_ends_an_open_section():
    first, second = parse(f"<!-- handoff:begin git 00000000 -->\nx\n{section('goal', 'y')}")
    assert first == Own("x\n")
    assert (second.name, second.body) == ("goal", "y")


def test_the_checksum_is_crc32_by_its_published_check_value():
    assert checksum_of("123456789") == "cbf43926"


def test_the_checksum_counts_blank_lines_only_between_others():
    assert checksum_of("a\nb") == checksum_of("\na \nb\n\n") != checksum_of("a\n\nb")


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
    shown = visible(text)
    assert not [
        c for c in shown if (ord(c) < 32 and c not in "\n\t") or 0x7F <= ord(c) < 0xA0 or 0xD800 <= ord(c) < 0xE000
    ]
    assert not set(shown) & set("\u202a\u202b\u202d\u202e\u2066\u2069\ufeff\u2028\u2029\U000e0041")


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
@example("a < b <c> <-")
@example("<|im_start|>")
def test_plain_text_is_visible_as_it_is_but_for_the_beginning_of_a_tag(text):
    shown = visible(text)
    assert shown.replace("\u2039", "<") == text
    assert shown == text or re.search(r"<[/\w|]", text)


@pytest.mark.parametrize("text", ["👩‍👩‍👧 می‌خواهم", "naïve 漢字 €"])
def test_ordinary_text_of_the_world_is_left_alone(text):
    assert visible(text) == prose(text) == text


@given(HOSTILE)
@example("1. a")
@example("1) a")
@example("--- ")
@example("__0__ and ___a___b_")
def test_prose_reads_as_the_plain_text_in_a_list_item(text):
    line = one_line(text)
    tokens = MARKDOWN.parse(f"- {prose(text)}\n\nafter\n")
    assert outline(tokens) == ["bullet_list_open", "bullet_list_close", "paragraph_open", "paragraph_close"]
    if line:
        assert [token.type for token in tokens[1:4]] == ["list_item_open", "paragraph_open", "inline"]
        assert [child.type for child in tokens[3].children] == ["text"]
        assert tokens[3].children[0].content == line


@given(HOSTILE, HOSTILE)
def test_prose_stays_in_its_table_cell(one, two):
    tokens = MARKDOWN.parse(f"| a | b | c |\n| - | - | - |\n| {prose(one)} | {prose(two)} | end |\n")
    cells = [token for token in tokens if token.type == "inline"][3:]
    assert ["".join(child.content for child in cell.children) for cell in cells] == [
        one_line(one),
        one_line(two),
        "end",
    ]


@given(HOSTILE)
def test_a_code_span_holds_the_name_and_nothing_else(text):
    (span,) = inline(f"x{code(text)}")[1:]
    assert span.type == "code_inline"
    assert span.content == (name(text) or " ")


@given(HOSTILE)
def test_a_quote_does_not_end_before_its_text_nor_after_it(text):
    tokens = MARKDOWN.parse(f"{quote(text)}\n\nafter\n")
    assert outline(tokens) == ["blockquote_open", "blockquote_close", "paragraph_open", "paragraph_close"]
    assert tokens[-2].content == "after"
    assert "<!--" not in quote(text)


@given(HOSTILE)
def test_a_fence_shows_the_text_verbatim(text):
    first, *others = MARKDOWN.parse(f"{fence(text)}\n\nafter\n")
    assert first.type == "fence"
    assert first.content == visible(text).strip("\n") + "\n"
    assert len(others) == 3


def test_a_name_shows_its_newlines_a_sentence_folds_them():
    assert name("a\r\nb\tc") == "a\\r\\nb\\tc"
    assert one_line("a\r\n  b\tc ") == "a b c"
