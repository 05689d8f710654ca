import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.core.json_edits import with_member, without_member
from tests.core.test_jsonc import EDITED, layouts, objects, read, values


@given(objects, st.text(max_size=6), values, layouts)
def test_setting_a_member_changes_that_member_alone(value, key, new, indent):
    changed = with_member(json.dumps(value, indent=indent), key, new)
    assert json.loads(changed) == {**value, key: new}


@given(objects, layouts, st.data())
def test_removing_a_member_removes_that_member_alone(value, indent, data):
    key = data.draw(st.sampled_from([*value, "absent"]))
    changed = without_member(json.dumps(value, indent=indent), key)
    assert json.loads(changed) == {name: item for name, item in value.items() if name != key}


@pytest.mark.parametrize("key", ["context_window_limit", "url", "list", "warning_threshold", "new"])
def test_a_rewrite_keeps_comments_and_everything_else(key):
    changed = with_member(EDITED, key, 7)
    assert read(changed) == {**read(EDITED), key: 7}
    for comment in ("// the window of our proxy", "/* tokens */", "// not a comment inside the string"):
        assert comment in changed
    removed = without_member(changed, key)
    assert read(removed) == {name: value for name, value in read(EDITED).items() if name != key}


@pytest.mark.parametrize("text", ["{}", "{ }", "{ // nothing\n}", "\ufeff{\n}", '{"a":1}', '{"a":1,}', "{\n}"])
def test_a_member_can_be_added_and_taken_away_again(text):
    assert read(without_member(with_member(text, "b", [1]), "b")) == read(text)


def test_the_only_member_with_a_trailing_comma_can_be_removed():
    assert read(without_member('{"a": 1, // why\n}', "a")) == {}
