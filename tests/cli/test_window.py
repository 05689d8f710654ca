"""``handoff context`` at the command line: figures, widths, JSON and what is refused."""

import json

import pytest

from tests.transcripts import rows as r


@pytest.fixture
def log(project):
    calls = [r.tool_use("t1", "Read", file_path="src/a/very/long/path/of/the/project/app.py")]
    (project / "t.jsonl").write_text(
        r.jsonl(
            r.claude_user("please look \x1b[31mred\x1b[0m"),
            r.claude_response(20_000, calls, id_="m1"),
            r.claude_result("t1", "def main():\n" * 400),
            r.claude_response(21_700, id_="m2"),
        )
    )
    return "t.jsonl"


def test_the_figures_of_the_json_add_up(handoff, log):
    code, out, _ = handoff("context", "--transcript", log, "--json", "--top", "50")
    found = json.loads(out)
    assert code == 0
    assert sum(row["tokens"] for row in found["by_kind"]) == found["total_tokens"] == 21_700
    assert found["method"] == "exact"
    assert found["by_file"][0]["name"].endswith("app.py")
    assert set(found["largest"][0]) >= {"kind", "label", "tokens", "turn", "method"}


def test_the_sessions_own_transcript_is_measured_where_none_is_named(handoff, log):
    assert handoff("sync", "--transcript", log)[0] == 0
    code, out, _ = handoff("context")
    assert code == 0
    assert out.startswith("21,700 of ")


@pytest.mark.parametrize("width", ["40", "80", "200"])
def test_lines_fit_the_display_and_hold_no_escapes(handoff, log, width, monkeypatch):
    monkeypatch.setenv("COLUMNS", width)
    code, out, _ = handoff("context", "--transcript", log)
    assert code == 0
    assert max(map(len, out.splitlines())) <= int(width)
    assert "\x1b" not in out


def test_a_piped_session_is_divided_by_piece_and_speaker(handoff):
    talk = "User: please fix the parser in src/a.py\nAssistant: I will look at it.\n$ pytest -q\n1 failed\n" * 3
    handoff("-q", "track", "-d", "the talk", stdin=talk)
    handoff("-q", "track", "--no-keep", "-d", "not kept", stdin="plain words " * 50)
    found = json.loads(handoff("context", "--json")[1])
    status = json.loads(handoff("status", "--json")[1])
    assert sum(row["tokens"] for row in found["by_kind"]) == found["total_tokens"] == status["total_tokens"]
    assert {row["name"] for row in found["by_kind"]} >= {"user", "agent", "text"}
    assert {row["name"].partition(" ")[2] for row in found["by_piece"]} == {"the talk", "not kept"}
    assert "By piece" in handoff("context")[1]


def test_a_session_without_a_transcript_is_told_what_to_name(handoff):
    code, _, err = handoff("context")
    assert code == 1
    assert "--transcript FILE" in err


@pytest.mark.parametrize("value", ["0", "-1", "x", "٣"])
def test_a_bad_number_of_rows_is_a_usage_error(handoff, log, value):
    assert handoff("context", "--transcript", log, "--top", value)[0] == 2
