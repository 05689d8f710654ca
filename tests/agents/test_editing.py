import json
import sys
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.agents import editing
from handoff_cli.agents.settings import SettingsEntry
from handoff_cli.core import jsonc

RUN = f"{sys.executable} -m handoff_cli hook x"
HOOK = {"hooks": [{"type": "command", "command": RUN}]}
ENTRIES = (
    SettingsEntry(("hooks", "Stop"), HOOK),
    SettingsEntry(("hooks", "PreCompact"), HOOK),
    SettingsEntry(
        ("statusLine",), {"type": "command", "command": f"{sys.executable} -m handoff_cli statusline"}, "member"
    ),
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
    new, taken = editing.json_merged(text, ENTRIES)
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
    result = list(read(editing.json_merged(json.dumps(value, indent=indent), ENTRIES)[0]))
    assert [key for key in result if key in value] == list(value)


@given(settings, layouts, st.booleans())
def test_a_second_time_changes_nothing(value, indent, crlf):
    text = json.dumps(value, indent=indent)
    once = editing.json_merged(text.replace("\n", "\r\n") if crlf else text, ENTRIES)[0]
    assert editing.json_merged(once, ENTRIES) == (once, [])


@given(settings, layouts)
def test_taking_out_leaves_what_was_there(value, indent):
    new = editing.json_merged(json.dumps(value, indent=indent), ENTRIES)[0]
    assert editing.json_has_entries(new)
    rest = editing.json_removed(new)
    assert without_empty_lists(read(rest)) == without_empty_lists(value)
    assert not editing.json_has_entries(rest)


@given(settings, layouts)
def test_what_holds_nothing_of_ours_is_left_byte_for_byte(value, indent):
    text = json.dumps(value, indent=indent)
    assert editing.json_removed(text) == text


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
    new = editing.json_merged(COMMENTED, ENTRIES)[0]
    rest = editing.json_removed(new)
    for text in (new, rest):
        for comment in ("// the model for daily work", "/* not the other */", "// after each turn"):
            assert comment in text
    assert read(rest) == read(COMMENTED)


def test_entries_of_another_version_are_replaced():
    old = SettingsEntry(
        ("hooks", "SubagentStop"),
        {"hooks": [{"type": "command", "command": "'/old python/bin' -m handoff_cli hook x"}]},
    )
    text = editing.json_merged(editing.EMPTY_JSON, (old,))[0]
    assert set(read(editing.json_merged(text, ENTRIES)[0])["hooks"]) == {"Stop", "PreCompact"}


def test_a_strangers_value_is_left_alone_and_named():
    text = '{"statusLine": {"type": "command", "command": "mine"}}'
    new, taken = editing.json_merged(text, ENTRIES)
    assert taken == ["statusLine"]
    assert read(new)["statusLine"]["command"] == "mine"


def test_a_handler_that_somebody_put_beside_ours_stays():
    text = editing.json_merged(editing.EMPTY_JSON, ENTRIES)[0]
    mixed = json.dumps(
        {**read(text), "hooks": {"Stop": [{"hooks": [*HOOK["hooks"], {"type": "command", "command": "theirs"}]}]}}
    )
    assert read(editing.json_removed(mixed)) == {
        "hooks": {"Stop": [{"hooks": [{"type": "command", "command": "theirs"}]}]}
    }


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"hooks": 3}', '{"hooks": {"Stop": {}}}', '{"hooks": []}', "null", '{"a": 1} x']
)
def test_what_the_agent_could_not_read_is_refused(text):
    with pytest.raises(ValueError):
        editing.json_merged(text, ENTRIES)


texts = st.text("ab \n#!/", max_size=30).map(lambda text: text + "\n")


@given(texts, st.booleans())
def test_putting_in_and_taking_out_leaves_the_text_as_it_was(text, after_first):
    new = editing.text_merged(text, "run me", after_first_line=after_first)
    assert editing.text_has_block(new)
    assert editing.text_removed(new) == text


@given(texts, st.booleans())
def test_text_a_second_time_changes_nothing_and_other_lines_take_the_place_of_ours(text, after_first):
    once = editing.text_merged(text, "run me", after_first_line=after_first)
    assert editing.text_merged(once, "run me", after_first_line=after_first) == once
    assert editing.text_merged(once, "other", after_first_line=after_first).count("run me") == 0


PATH = ("mcp_servers", "handoff")
OURS = {"command": sys.executable, "args": ["-m", "handoff_cli", "mcp"]}
COMMENTED_TOML = (
    '# mine\nmodel = "gpt-5" # fast\n\n[mcp_servers.other] # theirs\ncommand = "x"\n\n[tui]\nnotifications = true\n'
)

keys = st.text("abcdef", min_size=1, max_size=4)
tables = st.dictionaries(keys, st.integers() | st.booleans() | st.text("xyz #", max_size=5), max_size=3)


@st.composite
def documents(draw):
    lines = [
        f"{key} = {value!r}\n" if isinstance(value, int) and not isinstance(value, bool) else f"{key} = '{value}'\n"
        for key, value in draw(tables).items()
    ]
    for name in draw(st.lists(keys, unique=True, max_size=3)):
        lines.append(f"\n[t_{name}] # a table\n")
        lines += [f"{key} = '{value}' # kept\n" for key, value in draw(tables).items()]
    return "".join(lines)


@given(documents(), st.booleans())
def test_everything_else_stays_and_a_second_time_changes_nothing(text, crlf):
    text = text.replace("\n", "\r\n") if crlf else text
    new, taken = editing.toml_merged(text, PATH, OURS)
    assert not taken
    assert tomllib.loads(new) == {**tomllib.loads(text), "mcp_servers": {"handoff": OURS}}
    assert editing.toml_merged(new, PATH, OURS) == (new, [])
    assert new.count("# kept") == text.count("# kept")
    assert tomllib.loads(editing.toml_removed(new, PATH)) == tomllib.loads(text)


def test_comments_and_tables_survive_both_ways():
    new = editing.toml_merged(COMMENTED_TOML, PATH, OURS)[0]
    rest = editing.toml_removed(new, PATH)
    for text in (new, rest):
        assert all(comment in text for comment in ("# mine", "# fast", "# theirs"))
    assert tomllib.loads(rest) == tomllib.loads(COMMENTED_TOML)
    assert editing.toml_has_entry(new, PATH)
    assert not editing.toml_has_entry(rest, PATH)


def test_a_strangers_server_of_our_name_is_left_alone():
    text = '[mcp_servers.handoff]\ncommand = "other"\n'
    assert editing.toml_merged(text, PATH, OURS) == (text, ["mcp_servers.handoff"])
    assert editing.toml_removed(text, PATH) == text


@pytest.mark.parametrize("text", ["a = ", "[x", "mcp_servers = 3\n"])
def test_what_codex_could_not_read_is_refused(text):
    with pytest.raises(ValueError):
        editing.toml_merged(text, PATH, OURS)
