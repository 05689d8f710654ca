"""The commands that are not hot: init, config, handoff, reset."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(".agent-handoffs")
STATE = FOLDER / "token_usage.json"
HANDOFF = FOLDER / "CURRENT_SESSION.md"
ROOT = Path(__file__).parents[2]


def snapshot(folder=FOLDER):
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"}


class TestInit:
    def test_it_lays_down_the_folder(self, handoff):
        code, out, err = handoff("init")
        assert (code, err) == (0, "")
        names = {"token_usage.json", "token_tracker.py", "monitor_tokens.py", "USAGE_GUIDE.md", ".gitignore"}
        assert names <= set(os.listdir(FOLDER))
        assert all(name in out for name in names)

    def test_a_second_time_changes_nothing(self, handoff):
        handoff("init")
        before = snapshot()
        assert "nothing to do" in handoff("init")[1]
        assert snapshot() == before

    def test_it_never_overwrites(self, handoff):
        FOLDER.mkdir()
        (FOLDER / "USAGE_GUIDE.md").write_text("mine")
        STATE.write_text('{"warning_threshold": 0.5} // mine\n')
        assert handoff("init")[0] == 0
        assert (FOLDER / "USAGE_GUIDE.md").read_text() == "mine"
        assert STATE.read_text() == '{"warning_threshold": 0.5} // mine\n'

    def test_git_does_not_see_the_folder(self, handoff, project):
        (project / ".git").rmdir()
        subprocess.run(["git", "init", "-q"], check=True)
        handoff("init")
        assert subprocess.run(["git", "status", "--short"], capture_output=True, check=True).stdout == b""


class TestScriptForms:
    @pytest.fixture
    def script(self, handoff, project):
        handoff("init")

        def run(*argv, stdin=b"", package=True):
            environ = {**os.environ, "PYTHONPATH": str(ROOT) if package else ""}
            flags = [] if package else ["-S", "-E"]
            return subprocess.run(
                [sys.executable, *flags, *argv],
                input=stdin,
                capture_output=True,
                env=environ,
                timeout=60,
                check=False,
                cwd="/",
            )

        return run

    def test_the_script_form_speaks_for_its_project_from_anywhere(self, script, project, handoff):
        monitor = str(project / FOLDER / "monitor_tokens.py")
        assert script(monitor, "track", stdin=b"hello world").returncode == 0
        assert b"2 of 128,000 tokens" in script(monitor).stdout
        assert json.loads(handoff("status", "--json")[1])["total_tokens"] == 2

    def test_the_import_form_does_the_same(self, script, project, handoff):
        code = (
            f"import sys; sys.path.insert(0, {str(project / FOLDER)!r})\n"
            "from token_tracker import track_tokens, get_token_status, manual_handoff_update\n"
            "track_tokens('hello world', 'greeting')\n"
            "assert get_token_status()['usage_percentage'] == 2 / 128000\n"
            "print(manual_handoff_update())\n"
        )
        done = script("-c", code)
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.decode().strip() == str(project / HANDOFF)
        assert "greeting" in HANDOFF.read_text()

    def test_without_the_package_both_say_what_to_do(self, script, project):
        done = script(str(project / FOLDER / "monitor_tokens.py"), package=False)
        assert done.returncode == 1
        assert b"agent-handoffs" in done.stderr
        assert done.stderr.count(b"\n") == 1
        code = f"import sys; sys.path.insert(0, {str(project / FOLDER)!r}); import token_tracker"
        done = script("-c", code, package=False)
        assert b"ImportError" in done.stderr
        assert b"agent-handoffs" in done.stderr.splitlines()[-1]


class TestConfig:
    def test_every_setting_is_listed_with_its_origin(self, handoff, monkeypatch):
        handoff("config", "set", "context_window_limit", "200000")
        monkeypatch.setenv("HANDOFF_WARNING_THRESHOLD", "0.7")
        listed = json.loads(handoff("config", "list", "--json")[1])
        assert (listed["context_window_limit"]["value"], listed["warning_threshold"]["value"]) == (200000, 0.7)
        assert listed["context_window_limit"]["origin"].endswith("token_usage.json")
        assert listed["warning_threshold"]["origin"] == "HANDOFF_WARNING_THRESHOLD"
        assert listed["model"] | {"meaning": ""} == {"value": None, "origin": "default", "meaning": ""}
        assert "warning_threshold = 0.7  (HANDOFF_WARNING_THRESHOLD)" in handoff("config")[1]

    def test_without_a_command_json_is_that_of_the_list(self, handoff):
        handoff("config", "set", "model", "gpt-4o")
        assert handoff("config", "--json") == handoff("config", "list", "--json")
        assert json.loads(handoff("config", "--json")[1])["model"]["value"] == "gpt-4o"

    @pytest.mark.parametrize("argv", [("config", "--json", "get", "model"), ("sessions", "--json", "show", "x")])
    def test_json_before_a_command_is_refused_rather_than_lost(self, handoff, argv):
        code, out, err = handoff(*argv)
        assert (code, out) == (2, "")
        assert f"see: handoff {argv[0]} {argv[2]} --help" in err

    def test_set_get_unset(self, handoff):
        assert handoff("config", "set", "warning_threshold", "0.5")[0] == 0
        assert handoff("config", "get", "warning_threshold") == (0, "0.5\n", "")
        assert handoff("config", "unset", "warning_threshold")[0] == 0
        assert handoff("config", "get", "warning_threshold") == (0, "0.8\n", "")

    def test_a_change_keeps_comments_and_what_it_does_not_know(self, handoff):
        FOLDER.mkdir()
        STATE.write_text('{\n  // the proxy cuts here\n  "context_window_limit": 64000, // tokens\n  "ours": [1]\n}\n')
        handoff("config", "set", "model", "gpt-4o")
        handoff("track", stdin="hello")
        text = STATE.read_text()
        assert "// the proxy cuts here" in text
        assert "// tokens" in text
        assert '"ours": [1]' in text
        assert handoff("config", "get", "context_window_limit")[1] == "64000\n"

    @pytest.mark.parametrize(
        ("key", "value", "says"),
        [
            ("warning_threshold", "1.5", "a number above 0 and at most 1"),
            ("warning_threshold", "0", "a number above 0"),
            ("warning_threshold", "nan", "a number above 0"),
            ("critical_threshold", "0.1", "at least warning_threshold"),
            ("context_window_limit", "0", "a whole number at least 1"),
            ("context_window_limit", "many", "a whole number"),
            ("context_window_limit", "1.5", "a whole number"),
            ("encoding", "klingon", "o200k_base"),
            ("model", "", "model"),
            ("nonsense", "1", "context_window_limit"),
            ("contex_window_limit", "1", "did you mean context_window_limit?"),
        ],
    )
    def test_a_bad_value_is_named_with_what_is_allowed_and_changes_nothing(self, handoff, key, value, says):
        handoff("config", "set", "warning_threshold", "0.8")
        before = STATE.read_bytes()
        code, out, err = handoff("config", "set", key, value)
        assert (code, out) == (2, "")
        assert err.count("\n") == 1
        assert says in err
        assert STATE.read_bytes() == before

    def test_path_names_the_file(self, handoff, project):
        assert handoff("config", "path")[1].strip() == str(project / STATE)

    def test_edit_opens_the_editor_and_checks_the_result(self, handoff, monkeypatch, project):
        monkeypatch.setenv("EDITOR", f"{sys.executable} -c \"import sys; open(sys.argv[1], 'w').write('{{}}')\"")
        assert handoff("config", "edit")[0] == 0
        monkeypatch.setenv("EDITOR", f"{sys.executable} -c \"import sys; open(sys.argv[1], 'w').write('{{')\"")
        assert handoff("config", "edit")[0] == 3
        monkeypatch.setenv("EDITOR", "no-such-editor-anywhere")
        assert handoff("config", "edit")[0] == 1
        monkeypatch.delenv("EDITOR")
        assert "no editor is set" in handoff("config", "edit")[2]

    def test_a_bad_environment_value_is_named(self, handoff, monkeypatch):
        monkeypatch.setenv("HANDOFF_CONTEXT_WINDOW_LIMIT", "huge")
        code, out, err = handoff("status")
        assert (code, out) == (3, "")
        assert "HANDOFF_CONTEXT_WINDOW_LIMIT is 'huge'" in err


class TestHandoff:
    def test_it_is_written_now_with_goal_and_next_action(self, handoff, project):
        handoff("track", "-d", "first", stdin="hello")
        code, out, err = handoff("handoff", "--goal", "Fix the parser", "--next", "run pytest")
        assert (code, err) == (0, "")
        assert str(project / HANDOFF) in out
        text = HANDOFF.read_text()
        assert "Fix the parser" in text
        assert "run pytest" in text
        assert "first" in text

    def test_without_any_session_it_works_too(self, handoff):
        assert handoff("handoff")[0] == 0
        assert "## Record" in HANDOFF.read_text()

    def test_stdout_prints_and_writes_nothing(self, handoff, project):
        code, out, _ = handoff("handoff", "--stdout", "--goal", "g")
        assert code == 0
        assert out.startswith("---\nschema: 1\n")
        assert os.listdir(project) == [".git"]

    def test_another_file_and_another_template(self, handoff, project):
        (project / "t.j2").write_text("# {{ project }}\n{{ usage.tokens }}\n")
        handoff("track", stdin="hello")
        assert handoff("handoff", "--template", "t.j2", "-o", "out.md")[0] == 0
        assert "# project\n1" in Path("out.md").read_text()
        assert not HANDOFF.exists()

    @pytest.mark.parametrize(
        ("template", "says"),
        [("{{ nonsense }}", "nonsense"), ("{% for %}", "line 1"), ("{{ ''.__class__ }}", "line 1")],
    )
    def test_a_wrong_template_is_named_with_its_line(self, handoff, project, template, says):
        (project / "t.j2").write_text(template)
        code, out, err = handoff("handoff", "--template", "t.j2")
        assert (code, out) == (1, "")
        assert err.count("\n") == 1
        assert says in err
        assert not HANDOFF.exists()
        assert handoff("handoff", "--template", "absent.j2")[0] == 1

    def test_the_folders_own_template_wins_and_a_broken_one_does_not_cost_the_document(self, handoff):
        handoff("init")
        handoff("config", "set", "context_window_limit", "10")
        own = FOLDER / "SESSION_HANDOFF_TEMPLATE.md"
        own.write_text("# Ours {{ usage.level }}\n")
        handoff("handoff")
        assert "# Ours ok" in HANDOFF.read_text()
        HANDOFF.unlink()
        own.write_text("{{ broken")
        code, _, err = handoff("track", stdin="one " * 20)
        assert code == 0
        assert "the shipped template was taken" in err
        assert "## Record" in HANDOFF.read_text()

    def test_a_document_that_cannot_be_written_is_named(self, handoff):
        code, _, err = handoff("handoff", "-o", "no/such/folder/out.md")
        assert code == 1
        assert "cannot write no/such/folder/out.md" in err

    def test_bytes_that_are_no_utf8_survive_in_the_document(self, handoff):
        handoff("handoff")
        HANDOFF.write_bytes(HANDOFF.read_bytes() + b"\r\n## Mine\r\n\xff\xfe caf\xe9\r\n")
        handoff("handoff")
        assert HANDOFF.read_bytes().endswith(b"\r\n## Mine\r\n\xff\xfe caf\xe9\r\n")


class TestReset:
    def test_it_archives_and_remembers(self, handoff):
        handoff("track", "-d", "old", stdin="hello world")
        handoff("handoff")
        before = json.loads(handoff("status", "--json")[1])
        handoff("config", "set", "warning_threshold", "0.5")
        code, out, err = handoff("reset")
        assert (code, err) == (0, "")
        assert f"session {before['session_id']} archived in" in out
        after = json.loads(handoff("status", "--json")[1])
        assert (after["previous_session"], after["total_tokens"]) == (before["session_id"], 0)
        assert after["warning_threshold"] == 0.5
        (archived,) = (FOLDER / "archive").iterdir()
        files = {"token_usage.json", "checkpoints.jsonl", "CURRENT_SESSION.md", "conversation"}
        assert files == set(os.listdir(archived))
        assert "old" in (archived / "CURRENT_SESSION.md").read_text()

    def test_discarding_needs_yes(self, handoff):
        handoff("track", stdin="hello")
        code, _, err = handoff("reset", "--discard")
        assert code == 2
        assert "--yes" in err
        assert json.loads(handoff("status", "--json")[1])["total_tokens"] == 1
        assert handoff("reset", "--discard", "--yes")[0] == 0
        assert not (FOLDER / "archive").exists()


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["status", "--json", "--line"], "--json and --line exclude each other"),
        (["status", "--exit-code", "--fail-at", "warning"], "--exit-code and --fail-at exclude each other"),
        (["sessions", "--all-projects", "--remote"], "--all-projects and --remote exclude each other"),
        (["report", "--fleet", "--all-projects"], "--all-projects and --fleet exclude each other"),
        (["template", "--default", "--check", "t", "--json"], "--default, --check and --json exclude each other"),
        (["install", "claude-code", "--project", "--user"], "--project and --user exclude each other"),
        (["handoff", "--format", "codex"], "name one with --transcript"),
    ],
    ids=str,
)
def test_options_that_go_with_none_of_those_given_are_refused(handoff, argv, says):
    code, out, err = handoff(*argv)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert says in err
