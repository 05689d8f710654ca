import sys
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.agents.settings import toml as settings_toml

PATH = ("mcp_servers", "handoff")
OURS = {"command": sys.executable, "args": ["-m", "handoff_cli", "mcp"]}
COMMENTED = (
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
    new, taken = settings_toml.merged(text, PATH, OURS)
    assert not taken
    assert tomllib.loads(new) == {**tomllib.loads(text), "mcp_servers": {"handoff": OURS}}
    assert settings_toml.merged(new, PATH, OURS) == (new, [])
    assert new.count("# kept") == text.count("# kept")
    assert tomllib.loads(settings_toml.removed(new, PATH)) == tomllib.loads(text)


def test_comments_and_tables_survive_both_ways():
    new = settings_toml.merged(COMMENTED, PATH, OURS)[0]
    rest = settings_toml.removed(new, PATH)
    for text in (new, rest):
        assert all(comment in text for comment in ("# mine", "# fast", "# theirs"))
    assert tomllib.loads(rest) == tomllib.loads(COMMENTED)
    assert settings_toml.has_entry(new, PATH)
    assert not settings_toml.has_entry(rest, PATH)


def test_a_strangers_server_of_our_name_is_left_alone():
    text = '[mcp_servers.handoff]\ncommand = "other"\n'
    assert settings_toml.merged(text, PATH, OURS) == (text, ["mcp_servers.handoff"])
    assert settings_toml.removed(text, PATH) == text


@pytest.mark.parametrize("text", ["a = ", "[x", "mcp_servers = 3\n"])
def test_what_codex_could_not_read_is_refused(text):
    with pytest.raises(ValueError):
        settings_toml.merged(text, PATH, OURS)
