import json
import os
import random

import pytest


def test_it_counts_and_touches_no_state(handoff, project):
    (project / "a.txt").write_text("hello world")
    assert handoff("count", "a.txt") == (0, "2 tokens (counted, o200k_base)\n", "")
    assert handoff("count", stdin="hello world")[1] == "2 tokens (counted, o200k_base)\n"
    assert sorted(os.listdir(project)) == [".git", "a.txt"]


def test_it_counts_for_the_model_and_in_the_encoding_that_are_set(handoff, monkeypatch):
    handoff("config", "set", "--user", "model", "gpt-4")
    assert "cl100k_base" in handoff("count", stdin="hello world")[1]
    assert "o200k_base" in handoff("count", "--model", "gpt-4o", stdin="hello world")[1]
    handoff("config", "set", "encoding", "o200k_harmony")
    assert "o200k_harmony" in handoff("count", stdin="hello world")[1]
    assert "cl100k_base" in handoff("count", "--encoding", "cl100k_base", stdin="hello world")[1]
    added = json.loads(handoff("track", "--json", stdin="hello 数据")[1])["added_tokens"]
    assert json.loads(handoff("count", "--json", stdin="hello 数据")[1])["tokens"] == added
    monkeypatch.setenv("HANDOFF_ENCODING", "cl100k_base")
    assert "cl100k_base" in handoff("count", stdin="hello world")[1]


def test_quiet_prints_the_bare_number(handoff):
    assert handoff("-q", "count", stdin="hello world") == (0, "2\n", "")


def test_by_file_lists_each_and_the_total(handoff, project):
    (project / "a.txt").write_text("hello world")
    (project / "b.txt").write_text("hello")
    out = handoff("count", "--by-file", "a.txt", "b.txt")[1]
    assert out == "           2  a.txt\n           1  b.txt\n3 tokens (counted, o200k_base)\n"
    value = json.loads(handoff("count", "--json", "a.txt", "b.txt")[1])
    assert (value["tokens"], value["method"]) == (3, "counted")
    assert [(it["file"], it["tokens"]) for it in value["files"]] == [("a.txt", 2), ("b.txt", 1)]


def test_an_estimate_is_marked_and_safe_takes_its_upper_end(handoff):
    text = "The quick brown fox jumps over the lazy dog. " * 50
    plain = json.loads(handoff("count", "--json", "--model", "claude-opus-4-5", stdin=text)[1])
    safe = json.loads(handoff("count", "--json", "--safe", "--model", "claude-opus-4-5", stdin=text)[1])
    assert (plain["method"], safe["tokens"]) == ("estimated", plain["high"])
    assert plain["low"] < plain["tokens"] < plain["high"]
    assert handoff("count", "--model", "claude-opus-4-5", stdin=text)[1].startswith("~")


def test_a_model_and_an_encoding_decide_what_counts(handoff):
    assert "cl100k_base" in handoff("count", "--model", "gpt-4", stdin="hello")[1]
    assert "cl100k_base" in handoff("count", "--encoding", "cl100k_base", stdin="hello")[1]


def test_empty_input_is_nought(handoff):
    assert handoff("count", stdin="")[1] == "0 tokens (counted, o200k_base)\n"


@pytest.mark.parametrize("argv", [["absent.txt"], ["."], ["--strict", "-"]])
def test_what_cannot_be_read_is_one_line(handoff, argv):
    code, out, err = handoff("count", *argv, stdin=b"\xff")
    assert (code, out, err.count("\n")) == (1, "", 1)


def test_a_file_and_a_pipe_of_the_same_text_count_alike(handoff, project):
    text = "".join(random.Random(3).choices("aé 数\n\t🚀<|endoftext|>", k=300_000))
    (project / "a.txt").write_text(text, encoding="utf-8")
    assert handoff("count", "a.txt")[1] == handoff("count", stdin=text)[1]


def test_progress_shows_on_a_terminal_only(handoff, project, monkeypatch):
    (project / "a.txt").write_text("hello world " * 200_000)
    monkeypatch.setattr("handoff_cli.cli.terminal._PATIENCE_SECONDS", 0)
    assert handoff("count", "a.txt")[2] == ""
    monkeypatch.setattr("handoff_cli.cli.console.Console._is_terminal", lambda *_: True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "counting" in handoff("count", "a.txt")[2]
    assert handoff("-q", "count", "a.txt")[2] == ""


@pytest.mark.parametrize("odd", ["null", "1.5", "[]", '"x"', "true"])
@pytest.mark.parametrize(
    "rows",
    [
        ['{"role":"user","content":"hi"}', '{"role":"assistant","content":"yo"}'],
        ['{"from":"human","value":"hi"}', '{"from":"gpt","value":"yo"}'],
    ],
)
def test_and_so_is_a_row_that_is_no_object(handoff, project, odd, rows):
    """Also the second row, which is looked at to tell rows from one document."""
    (project / "x.jsonl").write_text("\n".join([rows[0], odd, rows[1]]))
    (project / "y.jsonl").write_text("\n".join(rows))
    code, out, err = handoff("count", "--format", "auto", "x.jsonl")
    assert (code, out) == handoff("count", "--format", "auto", "y.jsonl")[:2]
    assert "skipped what is no message: 1 " in err


@pytest.mark.parametrize("odd", ["null", "1.5", "[]", '"x"', "true"])
def test_what_is_no_message_in_a_list_of_them_is_skipped_and_said(handoff, project, odd):
    (project / "x.json").write_text(f'[{{"role":"user","content":"hi"}},{odd}]')
    (project / "y.json").write_text('[{"role":"user","content":"hi"}]')
    code, out, err = handoff("count", "--format", "auto", "x.json")
    assert (code, out) == handoff("count", "--format", "auto", "y.json")[:2]
    assert "skipped what is no message: 1 " in err
