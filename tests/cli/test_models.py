"""``handoff models``: the table, and where each figure comes from."""

from __future__ import annotations

import json

from handoff_cli.models.table import MODELS


def test_every_model_of_the_table_is_listed_with_its_figures(handoff):
    rows = json.loads(handoff("models", "--json")[1])
    listed = {row["model"] for row in rows}
    assert {pattern.rstrip("*") for row in MODELS for pattern in row[0].split()} <= listed
    assert len(listed) > 300
    keys = {
        "model",
        "family",
        "window",
        "input_limit",
        "encoding",
        "counted",
        "factor",
        "low",
        "high",
        "source",
        "date",
    }
    assert all(set(row) == keys and row["window"] >= row["input_limit"] > 0 and row["source"] for row in rows)
    five = next(row for row in rows if row["model"] == "gpt-5")
    assert (five["window"], five["input_limit"], five["factor"], five["counted"]) == (400_000, 272_000, 1.0, True)


def test_a_part_of_an_id_picks_rows_and_a_whole_one_the_row_that_counts_for_it(handoff):
    lines = handoff("models", "gemini")[1].splitlines()
    assert lines[0].split() == ["MODEL", "WINDOW", "INPUT", "ENCODING", "FACTOR", "DATE", "SOURCE"]
    assert len(lines) > 2
    assert all("gemini" in line for line in lines[1:])
    only = json.loads(handoff("models", "us.anthropic.claude-opus-4-5-20251101-v1:0", "--json")[1])
    assert [(row["model"], row["window"]) for row in only] == [("claude-opus-4", 200_000)]
    assert json.loads(handoff("models", "claude-opus-4-5[1m]", "--json")[1])[0]["window"] == 1_000_000
    assert "genai-prices" in handoff("models", "claude-opus-4-6")[1]


def test_an_unknown_model_is_one_clear_line(handoff):
    code, out, err = handoff("models", "nothing-like-it\x1b[31m")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "context_window_limit" in err
    assert "\x1b" not in err
