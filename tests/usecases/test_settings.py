"""Settings: the user's own below the project's, values as people write them, and what each change says."""

import json
import os
import sys
from pathlib import Path

import pytest

from handoff_cli.core.settings import SETTINGS
from handoff_cli.state.folder import user_settings_path

STATE = Path(".agent-handoffs/token_usage.json")


@pytest.fixture
def mine(tmp_path, monkeypatch):
    """The path of the user's own settings."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config" / "agent-handoffs" / "settings.json"


def listed(handoff):
    return json.loads(handoff("config", "list", "--json")[1])


def test_a_fresh_file_begins_with_the_settings_that_matter(handoff, project):
    for argv in (("init",), ("track", "-q"), ("config", "set", "model", "gpt-4o")):
        handoff(*argv, stdin="hello")
        keys = list(json.loads(STATE.read_text()))
        shown = ["context_window_limit", "warning_threshold", "critical_threshold", "keep_text", "keep_text_bytes"]
        assert [key for key in keys if key != "model"] == [*shown, "state"]
        STATE.unlink()


def test_what_is_shown_is_not_set_and_follows_what_is_in_force(handoff, project):
    handoff("track", stdin="hello")
    assert json.loads(STATE.read_text())["context_window_limit"] == 128_000
    handoff("track", "--model", "claude-opus-4-5", stdin="hello")
    assert json.loads(STATE.read_text())["context_window_limit"] == 200_000
    assert listed(handoff)["context_window_limit"]["origin"] == "model table"
    handoff("reset")
    assert json.loads(STATE.read_text())["context_window_limit"] == 128_000


def test_what_somebody_changed_is_set_and_stays(handoff, project):
    handoff("track", stdin="hello")
    text = STATE.read_text().replace("128000", "5000, // ours", 1)
    STATE.write_text(text.replace('"warning_threshold": 0.8', '"warning_threshold": 0.5', 1))
    handoff("track", "--model", "claude-opus-4-5", stdin="hello")
    assert '"context_window_limit": 5000, // ours,' in STATE.read_text()
    settings = listed(handoff)
    assert settings["context_window_limit"] == settings["context_window_limit"] | {"value": 5000}
    assert settings["warning_threshold"]["value"] == 0.5
    assert settings["warning_threshold"]["origin"].endswith("token_usage.json")


def test_what_somebody_replaced_wherever_it_stood_is_set(handoff, project):
    """As an editor or sed does: no second copy of a value may be changed with it."""
    handoff("track", stdin="hello")
    STATE.write_text(STATE.read_text().replace('"warning_threshold": 0.8', '"warning_threshold": 0.5'))
    STATE.write_text(STATE.read_text().replace("128000", "5000"))
    assert listed(handoff)["warning_threshold"]["value"] == 0.5
    assert listed(handoff)["context_window_limit"]["value"] == 5_000
    STATE.write_text(STATE.read_text().replace("5000", '"abc"'))
    assert "context_window_limit is 'abc', allowed" in handoff("status")[2]


def test_a_value_that_is_only_shown_contradicts_nothing(handoff, project):
    handoff("track", stdin="hello")
    assert handoff("config", "set", "critical_threshold", "0.7")[0] == 0
    assert listed(handoff)["warning_threshold"]["value"] == 0.7


def test_a_file_that_remembers_the_values_shown_is_understood(handoff, project):
    handoff("track", stdin="hello")
    value = json.loads(STATE.read_text())
    value["state"]["shown"] = {key: value[key] for key in value["state"]["shown"]}
    STATE.write_text(json.dumps(value))
    assert listed(handoff)["warning_threshold"]["origin"] == "default"
    handoff("track", "--model", "claude-opus-4-5", stdin="more")
    assert json.loads(STATE.read_text())["context_window_limit"] == 200_000


def test_what_was_set_to_the_value_shown_is_set(handoff, project):
    handoff("track", stdin="hello")
    handoff("config", "set", "context_window_limit", "128000")
    handoff("track", "--model", "claude-opus-4-5", stdin="hello")
    assert json.loads(STATE.read_text())["context_window_limit"] == 128_000
    assert listed(handoff)["context_window_limit"]["value"] == 128_000


def test_what_somebody_took_out_does_not_come_back(handoff, project):
    handoff("track", stdin="hello")
    value = json.loads(STATE.read_text())
    del value["critical_threshold"]
    STATE.write_text(json.dumps(value))
    handoff("track", "--model", "gpt-4o", stdin="hello")
    assert "critical_threshold" not in json.loads(STATE.read_text())


def test_the_users_own_hold_everywhere_below_the_projects_and_above_the_defaults(handoff, project, mine):
    assert handoff("config", "set", "--user", "warning_threshold", "70%")[0] == 0
    assert json.loads(mine.read_text()) == {"warning_threshold": 0.7}
    assert listed(handoff)["warning_threshold"] | {"meaning": ""} == {"value": 0.7, "origin": str(mine), "meaning": ""}
    handoff("config", "set", "warning_threshold", "0.5")
    assert listed(handoff)["warning_threshold"]["value"] == 0.5
    handoff("config", "unset", "warning_threshold")
    handoff("config", "unset", "--user", "warning_threshold")
    assert listed(handoff)["warning_threshold"]["origin"] == "default"
    assert handoff("config", "path", "--user") == (0, f"{mine}\n", "")


def test_what_was_written_is_said_and_what_goes_before_it(handoff, project, mine, monkeypatch):
    handoff("config", "set", "warning_threshold", "0.5")
    code, out, err = handoff("config", "set", "--user", "warning_threshold", "70%")
    assert (code, out) == (0, f"warning_threshold = 0.7  ({mine})\n")
    assert err == f"handoff: here {project / STATE} goes before it: warning_threshold is 0.5\n"
    told = json.loads(handoff("config", "set", "--user", "warning_threshold", "70%", "--json")[1])
    assert (told["written"], told["file"], told["value"], told["origin"]) == (0.7, str(mine), 0.5, str(project / STATE))
    monkeypatch.setenv("HANDOFF_WARNING_THRESHOLD", "0.4")
    assert "here HANDOFF_WARNING_THRESHOLD goes before it" in handoff("config", "set", "warning_threshold", "0.6")[2]
    assert handoff("config", "unset", "warning_threshold")[2] == ""


@pytest.mark.parametrize("how", ["set", "track"])
def test_how_an_unknown_model_is_counted_is_said_once(handoff, project, how):
    words = ("--model", "nobody-knows-1") if how == "track" else ()
    if how == "set":
        handoff("config", "set", "model", "nobody-knows-1")
    shown = [handoff("track", *words, stdin=text) for text in ("one", "two", "three")]
    assert [("unknown model" in out, "is not known" in err) for _, out, err in shown] == [
        (how == "track", how == "track"),
        (False, False),
        (False, False),
    ]


def test_comments_in_the_users_own_file_stay_and_mistakes_in_it_are_named(handoff, project, mine):
    mine.parent.mkdir(parents=True, mode=0o700)
    mine.write_text('{\n  // for all\n  "model": "gpt-4o", // mostly\n}\n')
    handoff("config", "set", "--user", "warning_threshold", "0.7")
    assert mine.read_text() == '{\n  "warning_threshold": 0.7,\n  // for all\n  "model": "gpt-4o", // mostly\n}\n'
    assert json.loads(handoff("track", "--json", stdin="hello")[1])["model"] == "gpt-4o"
    mine.write_text('{\n"warning_threshold": 7}')
    code, _, err = handoff("status")
    assert (code, f"cannot understand {mine}: line 2: warning_threshold is 7" in err) == (3, True)


def test_a_fresh_project_shows_the_users_own_values(handoff, project, mine):
    handoff("config", "set", "--user", "context_window_limit", "64k")
    handoff("track", stdin="hello")
    assert json.loads(STATE.read_text())["context_window_limit"] == 64_000
    handoff("config", "unset", "--user", "context_window_limit")
    assert json.loads(handoff("status", "--json")[1])["context_window_limit"] == 128_000


def test_what_is_set_for_all_projects_later_holds_in_those_that_are_there_and_is_shown(handoff, project, mine):
    handoff("init")
    for key, text, value in (("context_window_limit", "64k", 64_000), ("warning_threshold", "60%", 0.6)):
        handoff("config", "set", "--user", key, text)
        assert listed(handoff)[key] | {"meaning": ""} == {"value": value, "origin": str(mine), "meaning": ""}
        handoff("track", stdin=key)
        assert json.loads(STATE.read_text())[key] == value
    handoff("config", "unset", "--user", "warning_threshold")
    assert listed(handoff)["warning_threshold"]["origin"] == "default"
    handoff("track", stdin="more")
    assert json.loads(STATE.read_text())["warning_threshold"] == 0.8


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("warning_threshold", "80%", 0.8),
        ("warning_threshold", "80", 0.8),
        ("context_window_limit", "200k", 200_000),
        ("context_window_limit", "1M", 1_000_000),
        ("keep_text_bytes", "1MiB", 1 << 20),
        ("keep_text", "off", False),
    ],
)
def test_values_as_people_write_them(handoff, project, key, text, value):
    assert handoff("config", "set", key, text)[0] == 0
    assert listed(handoff)[key]["value"] == value
    assert json.loads(STATE.read_text())[key] == value


def test_in_the_file_they_stay_and_a_warning_names_the_form_of_programs(handoff, project):
    STATE.parent.mkdir(mode=0o700)
    STATE.write_text('{"warning_threshold": "80%", "context_window_limit": "200k", "critical_threshold": 90}')
    out = handoff("track", "--json", stdin="x")[1]
    status = json.loads(out)
    assert (status["warning_threshold"], status["critical_threshold"], status["context_window_limit"]) == (
        0.8,
        0.9,
        200_000,
    )
    for said in ("warning_threshold '80%' is read as 0.8; write that", "context_window_limit '200k' is read as 200000"):
        assert any(said in line for line in status["warnings"])
    assert '"warning_threshold": "80%", "context_window_limit": "200k"' in STATE.read_text()


def test_options_take_them_too(handoff, project):
    assert json.loads(handoff("--window", "50k", "status", "--json")[1])["context_window_limit"] == 50_000
    assert json.loads(handoff("track", "--tokens", "2k", "--json")[1])["total_tokens"] == 2_000


@pytest.mark.parametrize("value", ["-5", "-0.5", "-1M"])
def test_a_value_below_nothing_is_no_option_and_said_to_be_wrong(handoff, project, value):
    for argv in (
        ("config", "set", "context_window_limit", value),
        ("config", "set", "--user", "context_window_limit", value, "-q"),
    ):
        code, _, err = handoff(*argv)
        assert (code, err) == (
            2,
            f"handoff: context_window_limit cannot be '{value}'; allowed: {SETTINGS['context_window_limit'].allowed}\n",
        )


def test_the_editor_is_the_one_of_git_or_vi(handoff, project, monkeypatch, tmp_path):
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    code, _, err = handoff("config", "edit")
    assert (code, "no editor is set, and there is no terminal" in err) == (1, True)
    tool = tmp_path / "bin" / "vi"
    tool.parent.mkdir()
    tool.write_text(f"#!{sys.executable}\nimport sys\nopen(sys.argv[1] + '.seen', 'w')\n")
    tool.chmod(0o700)
    monkeypatch.setenv("PATH", str(tool.parent))
    monkeypatch.setattr("sys.stdin", type("Terminal", (), {"isatty": lambda self: True, "buffer": None})())
    from handoff_cli.__main__ import main

    assert main(["config", "edit"]) == 0
    assert Path(f"{STATE}.seen").exists()


def test_a_sum_says_what_it_is_made_of(handoff, project):
    handoff("track", "--tokens", "100")
    assert "(reported)" in handoff("status")[1]
    status = json.loads(handoff("track", "--json", stdin="hello world")[1])
    assert (status["method"], status["made_of"]) == ("reported", {"reported": 100, "counted": 2})
    assert "(100 reported + 2 counted, o200k_base)" in handoff("status")[1]
    handoff("track", "--model", "claude-opus-4-5", stdin="hello world, and more")
    assert "estimated 1" in handoff("status")[1]
    assert "100 reported + 2 counted + " in handoff("status")[1]


def test_the_next_step_goes_with_its_session_unless_it_is_carried(handoff, project):
    def open_kinds():
        return [note["about"] for note in json.loads(handoff("notes", "--json")[1])]

    handoff("note", "release it", "--kind", "next")
    handoff("note", "the parser stays")
    handoff("reset", "--carry-next")
    assert open_kinds() == ["next", "decision"]
    handoff("track", stdin="hello")
    handoff("reset")
    assert open_kinds() == ["decision"]


@pytest.mark.parametrize("scope", [(), ("--user",)])
def test_a_command_that_cannot_be_split_is_refused_when_it_is_set_and_not_when_it_is_to_run(handoff, project, scope):
    code, _, err = handoff("config", "set", *scope, "on_warning", 'say "handoff written')
    assert (code, "no closing quotation" in err) == (2, True)
    assert handoff("config", "get", "on_warning")[1] == "unset\n"
    handoff("config", "set", "command_shell", "true")
    assert handoff("config", "set", *scope, "on_warning", "echo it\\'s done")[0] == 0


def test_which_commands_may_run_is_noted_beside_the_users_own_settings(place, handoff, monkeypatch):
    monkeypatch.setattr("handoff_cli.state.folder.sys.platform", "darwin")
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    assert handoff("config", "set", "on_warning", "true")[0] == 0
    path = user_settings_path(os.environ)
    assert "Application Support" in path
    assert os.listdir(os.path.dirname(path)) == ["trusted-commands"]
