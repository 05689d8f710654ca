import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.agents.settings import json as settings_json
from handoff_cli.agents.settings.json import Entry
from handoff_cli.core import jsonc

RUN = f"{sys.executable} -m handoff_cli hook x"
HOOK = {"hooks": [{"type": "command", "command": RUN}]}
ENTRIES = (
    Entry(("hooks", "Stop"), HOOK),
    Entry(("hooks", "PreCompact"), HOOK),
    Entry(("statusLine",), {"type": "command", "command": f"{sys.executable} -m handoff_cli statusline"}, "member"),
)
THEIRS = {"matcher": "Edit", "hooks": [{"type": "command", "command": "lint"}]}

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
hooks = st.dictionaries(
    st.sampled_from(["Stop", "PreCompact", "PostToolUse"]), st.lists(st.just(THEIRS), max_size=2), max_size=3
)
settings = st.builds(
    lambda others, theirs: {
        **{f"x{key}": value for key, value in others.items()},
        **({"hooks": theirs} if theirs else {}),
    },
    st.dictionaries(st.text(max_size=4), values, max_size=4),
    hooks,
)
layouts = st.sampled_from([None, 1, 2, 4, "\t"])


def read(text):
    return {member.key: member.value for member in jsonc.members(text)}


def without_empty_lists(value):
    theirs = {name: groups for name, groups in value.get("hooks", {}).items() if groups}
    return {**{key: item for key, item in value.items() if key != "hooks"}, **({"hooks": theirs} if theirs else {})}


@given(settings, layouts, st.booleans())
def test_all_that_is_there_stays_and_ours_is_added(value, indent, crlf):
    text = json.dumps(value, indent=indent)
    text = text.replace("\n", "\r\n") if crlf else text
    new, taken = settings_json.merged(text, ENTRIES)
    result = read(new)
    assert not taken
    assert HOOK in result["hooks"]["Stop"]
    for key, item in value.items():
        if key != "hooks":
            assert result[key] == item
    for name, groups in value.get("hooks", {}).items():
        assert [group for group in result["hooks"][name] if group != HOOK] == groups


@given(settings, layouts)
def test_order_of_what_is_there_stays(value, indent):
    result = list(read(settings_json.merged(json.dumps(value, indent=indent), ENTRIES)[0]))
    assert [key for key in result if key in value] == list(value)


@given(settings, layouts, st.booleans())
def test_a_second_time_changes_nothing(value, indent, crlf):
    text = json.dumps(value, indent=indent)
    once = settings_json.merged(text.replace("\n", "\r\n") if crlf else text, ENTRIES)[0]
    assert settings_json.merged(once, ENTRIES) == (once, [])


@given(settings, layouts)
def test_taking_out_leaves_what_was_there(value, indent):
    new = settings_json.merged(json.dumps(value, indent=indent), ENTRIES)[0]
    assert settings_json.has_entries(new)
    rest = settings_json.removed(new)
    assert without_empty_lists(read(rest)) == without_empty_lists(value)
    assert not settings_json.has_entries(rest)


@given(settings, layouts)
def test_what_holds_nothing_of_ours_is_left_byte_for_byte(value, indent):
    text = json.dumps(value, indent=indent)
    assert settings_json.removed(text) == text


COMMENTED = """\
{
  // the model for daily work
  "model": "opus", /* not the other */
  "hooks": {
    "Stop": [ // after each turn
      {"hooks": [{"type": "command", "command": "say done"}]},
    ],
  },
}
"""


def test_comments_and_trailing_commas_survive_both_ways():
    new = settings_json.merged(COMMENTED, ENTRIES)[0]
    rest = settings_json.removed(new)
    for text in (new, rest):
        for comment in ("// the model for daily work", "/* not the other */", "// after each turn"):
            assert comment in text
    assert read(rest) == read(COMMENTED)


def test_entries_of_another_version_are_replaced():
    old = Entry(
        ("hooks", "SubagentStop"),
        {"hooks": [{"type": "command", "command": "'/old python/bin' -m handoff_cli hook x"}]},
    )
    text = settings_json.merged(settings_json.EMPTY, (old,))[0]
    assert set(read(settings_json.merged(text, ENTRIES)[0])["hooks"]) == {"Stop", "PreCompact"}


def test_a_strangers_value_is_left_alone_and_named():
    text = '{"statusLine": {"type": "command", "command": "mine"}}'
    new, taken = settings_json.merged(text, ENTRIES)
    assert taken == ["statusLine"]
    assert read(new)["statusLine"]["command"] == "mine"


def test_a_handler_that_somebody_put_beside_ours_stays():
    text = settings_json.merged(settings_json.EMPTY, ENTRIES)[0]
    mixed = json.dumps(
        {**read(text), "hooks": {"Stop": [{"hooks": [*HOOK["hooks"], {"type": "command", "command": "theirs"}]}]}}
    )
    assert read(settings_json.removed(mixed)) == {
        "hooks": {"Stop": [{"hooks": [{"type": "command", "command": "theirs"}]}]}
    }


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"hooks": 3}', '{"hooks": {"Stop": {}}}', '{"hooks": []}', "null", '{"a": 1} x']
)
def test_what_the_agent_could_not_read_is_refused(text):
    with pytest.raises(ValueError):
        settings_json.merged(text, ENTRIES)
