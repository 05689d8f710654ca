"""The script that rewrites the catalogue: what goes in, what our own table covers, and that it changes nothing else."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from handoff_cli.models import catalogue

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("build_model_table", ROOT / "scripts" / "build_model_table.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_makers_word_goes_before_a_hosts_and_ids_are_bare(script):
    providers = [("together", [("org/Some-Model-9b", 8_192)]), ("cohere", [("some-model-9b", 32_000)])]
    assert script.windows_by_id(providers) == {"some-model-9b": 32_000}
    assert script.windows_by_id([("x", [("tiny", 10), ('quo"te', 8000)])]) == {}


def test_what_our_own_table_or_a_shorter_id_covers_stays_out(script):
    windows = {"claude-opus-4-5": 200_000, "newmodel": 9_000, "newmodel-large": 9_000, "newmodel-mini": 4_000}
    assert script.unlisted(windows) == {"newmodel": 9_000, "newmodel-mini": 4_000}


def test_disagreements_with_our_own_table_are_listed(script):
    (line,) = script.disagreements({"claude-opus-4-5": 1_000_000, "gpt-4": 8_192})
    assert "ours 200,000" in line
    assert "theirs 1,000,000" in line


def test_the_module_it_writes_holds_what_it_was_given(script):
    kept = {f"model-{number}": 9_000 + number % 3 for number in range(60)}
    text = script.module(kept, "genai-prices 9.9.9", "2026-01-02")
    namespace = {}
    exec(compile(text, "catalogue", "exec"), namespace)
    assert (namespace["SOURCE"], namespace["DATE"]) == ("genai-prices 9.9.9", "2026-01-02")
    assert {id_: window for window, ids in namespace["IDS"].items() for id_ in ids.split()} == kept
    assert all(namespace["find_window"](id_) == (id_, window) for id_, window in kept.items())
    assert namespace["find_window"]("model-1-x") == ("model-1", kept["model-1"])
    assert all(len(line) <= 120 for line in text.splitlines())


def test_the_age_is_told_and_only_warned_of(script, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["x", "--check"])
    monkeypatch.setattr(catalogue, "DATE", "2020-01-01")
    assert script.main() == 0
    out, err = capsys.readouterr()
    assert "days old" in out
    assert "make models" in err
