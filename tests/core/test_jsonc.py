import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.core.json_edits import with_member
from handoff_cli.core.jsonc import items, line_of, members, replaced

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
objects = st.dictionaries(st.text(max_size=6), values, max_size=5)
layouts = st.sampled_from([None, 2, 4])

EDITED = """\
{
  // the window of our proxy
  "context_window_limit": 200000, /* tokens */
  "url": "http://x//y", // not a comment inside the string
  "list": [1, 2,],
  "warning_threshold": 0.75,
}
"""


def read(text):
    return {member.key: member.value for member in members(text)}


@given(objects.filter(len), values, st.data(), layouts)
def test_a_replaced_member_is_the_one_of_with_member_and_the_members_are_true(value, new, data, layout):
    text, key = json.dumps(value, indent=layout), data.draw(st.sampled_from(sorted(value)))
    changed, present = replaced(text, members(text), key, new)
    assert changed == with_member(text, key, new)
    assert present == members(changed)


def test_a_replaced_member_leaves_comments_alone():
    changed, present = replaced(EDITED, members(EDITED), "list", {"n": [1]})
    assert changed == with_member(EDITED, "list", {"n": [1]})
    assert present == members(changed)


def test_comments_and_trailing_commas_are_read():
    assert read(EDITED) == {
        "context_window_limit": 200000,
        "url": "http://x//y",
        "list": [1, 2],
        "warning_threshold": 0.75,
    }


@given(objects, layouts)
def test_plain_json_reads_as_json_does(value, indent):
    assert read(json.dumps(value, indent=indent)) == value


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "line 1, column 1"),
        ("[]", "expected an object"),
        ('{"a": }', "line 1, column 7"),
        ('{\n"a": 1\n"b": 2}', "line 3, column 1"),
        ('{"a": 1} x', "something follows"),
        ('{"a": 1, "a": 2}', "'a' stands there twice"),
        ('{"s": {"a": 1, "a": 2}}', "'a' stands there twice"),
        ('{"a": NaN}', "NaN"),
        ('{"a": -Infinity}', "Infinity"),
        ('{"a": ' + "[" * 100_000, "nested too deeply"),
        ('{"a": 1', "expected"),
        ("{a: 1}", "line 1, column 2"),
        ("{1: 2}", "expected"),
        ('{"a": ' + "9" * 5000 + "}", "digits"),
    ],
)
def test_what_is_no_object_is_refused_with_its_place(text, why):
    with pytest.raises(ValueError, match=".") as caught:
        members(text)
    assert why in str(caught.value)


@pytest.mark.parametrize("text", ["[1] x", "[1]]", "// a\n[1] // b\n, 2"])
def test_nothing_may_follow_a_list(text):
    assert [it.value for it in items("[1, // a\n2,]\n")] == [1, 2]
    with pytest.raises(ValueError, match="something follows the closing bracket"):
        items(text)


def test_a_reason_is_a_whole_sentence():
    with pytest.raises(ValueError, match=r"line 1, column 4: invalid control character$"):
        members('{"a\nb": 1}')


def test_lines_are_those_of_the_text_people_see():
    assert line_of(EDITED, "context_window_limit") == 3
    assert line_of(EDITED, "warning_threshold") == 6
    assert line_of(EDITED, "absent") is None


@given(st.text(st.sampled_from('{}[]",:/*\\\n1a '), max_size=40))
def test_any_text_is_read_or_refused_with_a_value_error(text):
    try:
        found = read(text)
    except ValueError:
        return
    assert isinstance(found, dict)
