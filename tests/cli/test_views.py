"""The live view: lines that fit any display, sparks, ages, and a terminal that is left in order."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import handoff_cli
from handoff_cli.cli.views import age, board_lines, spark
from handoff_cli.usecases.watch import Watch
from tests.transcripts import rows as r


@pytest.mark.parametrize("width", [40, 60, 80, 200])
@pytest.mark.parametrize("ascii_only", [False, True])
def test_every_line_fits(place, handoff, width, ascii_only):
    for _ in range(4):
        handoff("-q", "track", "--tokens", "20000", "-d", "a long description \x1b[31m of what was done " * 3)
    drawn = board_lines(Watch(place).rows(), "/somewhere", time.time(), width, ascii_only=ascii_only)
    texts = ["".join(text for text, _ in line) for line in drawn]
    assert max(map(len, texts)) <= width
    assert not any("\x1b" in text for text in texts)
    assert not ascii_only or all(text.replace("…", "").isascii() for text in texts)
    assert any("62.5% ok" in text for text in texts)


@given(st.lists(st.integers(0, 10**7), max_size=20))
def test_a_spark_has_a_mark_for_each_figure_and_grows_with_it(figures):
    marks = spark(figures, ascii_only=False)
    assert len(marks) == (len(figures) if any(figures) else 0)
    assert [mark for _, mark in sorted(zip(figures, marks, strict=False))] == sorted(marks)


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "0 s"), (59, "59 s"), (60, "1 min"), (7_300, "2 h"), (900_000, "10 d"), (-3, "0 s")]
)
def test_ages_are_told_in_one_unit(seconds, words):
    assert age(seconds) == words


def test_on_a_terminal_the_view_follows_all_rings_at_a_crossing_and_is_left_in_order(project):
    environ = {**os.environ, "PYTHONPATH": str(Path(handoff_cli.__file__).parents[1]), "TERM": "xterm", "COLUMNS": "80"}
    command = [sys.executable, "-m", "handoff_cli"]
    main, terminal = pty.openpty()
    watching = subprocess.Popen(
        [*command, "watch", "--interval", "0.2"], stdin=terminal, stdout=terminal, stderr=terminal, env=environ
    )
    try:
        seen = _read_until(main, b"no session yet")
        subprocess.run([*command, "-q", "track", "--tokens", "64000"], env=environ, check=True, timeout=60)
        seen += _read_until(main, b"64,000/128,000")
        log = project.parent / "home" / ".claude" / "projects" / re.sub(r"\W|_", "-", str(project)) / "one.jsonl"
        log.parent.mkdir(parents=True)
        log.write_text(r.jsonl({**r.claude_user("ship it"), "cwd": str(project)}, r.claude_response(150_000)))
        seen += _read_until(main, b"150,000/167,000")
        watching.send_signal(signal.SIGINT)
        seen += _read_until(main, b"\x1b[?25h")
        assert watching.wait(30) == 0
    finally:
        watching.kill()
        os.close(terminal)
        os.close(main)
    assert re.search(rb"50.0% ok", seen)
    assert seen.index(b"warning threshold reached: handoff written to") < seen.index(b"\a")
    assert seen.count(b"\x1b[?25l") == seen.count(b"\x1b[?25h") == 1


def _read_until(descriptor, text):
    seen, until = b"", time.monotonic() + 60
    while text not in seen:
        assert select.select([descriptor], [], [], until - time.monotonic())[0], (
            f"{text!r} did not come: {seen[-500:]!r}"
        )
        seen += os.read(descriptor, 1 << 16)
    return seen


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


def test_a_mix_of_methods_is_told_as_status_tells_it(handoff):
    handoff("-q", "track", stdin="User: please fix the parser\n")
    handoff("-q", "track", "--tokens", "500")
    mixed = handoff("status")[1].partition("(")[2].partition(",")[0]
    assert " counted + 500 reported" in mixed
    assert f"({mixed})" in handoff("context")[1]


def test_a_session_without_a_transcript_is_told_what_to_name(handoff):
    code, out, err = handoff("context")
    assert (code, out, err.count("\n"), "--transcript FILE" in err) == (0, "", 1, True)
    assert handoff("context", "--json")[:2] == (0, "null\n")
    assert handoff("context", "--transcript", "absent")[0] == 1


@pytest.mark.parametrize("value", ["0", "-1", "x", "٣"])
def test_a_bad_number_of_rows_is_a_usage_error(handoff, log, value):
    assert handoff("context", "--transcript", log, "--top", value)[0] == 2


def test_of_a_path_the_end_is_shown_and_of_a_pieces_description_the_beginning(handoff, monkeypatch):
    monkeypatch.setenv("COLUMNS", "50")
    path = "src/a/very/long/path/of/folders/that/goes/on/prices.py"
    handoff(
        "track", "-d", f"where the import {'spends ' * 20}", stdin=f"> read it\n\n⏺ Read({path})\n  ⎿  Read 88 lines\n"
    )
    out = handoff("context")[1]
    assert re.search(r"By piece\n.*  1 where the import .*…\n", out)
    assert re.search(r"By file\n.*  ….*prices\.py\n", out)


@pytest.mark.parametrize(
    ("second", "shown"), [("2026-01-01T23:59:00Z", "  23:59Z  "), ("2026-01-02T00:01:00Z", "  01-02 00:01Z  ")]
)
def test_checkpoints_of_several_days_are_dated(second, shown):
    from handoff_cli.cli.lines import checkpoint_lines

    rows = [
        {"sequence": 1, "time": time, "description": "d", "source": "s", "tokens": 1, "method": "counted"}
        for time in ("2026-01-01T08:00:00Z", second)
    ]
    lines = checkpoint_lines({"checkpoints": rows, "checkpoint_count": 2}, 80)
    assert shown in lines[-1][0][0]
