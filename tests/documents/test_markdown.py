"""Machine sections are recognised, their edits seen, and nothing else is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.documents.markdown import Own, Section, checksum_of, parse, section

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
