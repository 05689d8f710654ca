"""What the documentation says of cost is what the committed results say; a target is met or missed by so much."""

from __future__ import annotations

import json
import platform

import pytest

from benchmarks import document, results
from benchmarks.pairs import RUNS
from benchmarks.targets import TARGETS, Target
from tests.scripts.test_make_example import ROOT, load

RATIO = Target("commands", "x", "what", "against", 2.5)


def row(ratio=1.0, milliseconds=1.0):
    return {"ratio": ratio, "a": {"milliseconds": milliseconds, "mebibytes": 1.0}, "runs": 21}


def test_page_and_plots_are_those_of_the_committed_results():
    files = load("update_docs").files()
    plots = sorted((ROOT / "docs" / "plots").iterdir())
    assert plots == sorted(path for path in files if path.parent.name == "plots")
    for path in (ROOT / "docs" / "performance.md", *plots):
        assert path.read_text(encoding="utf-8") == files[path], f"{path.name} is stale; run: make docs"


def test_page_and_plots_change_with_the_results(tmp_path, monkeypatch):
    before = document.tables() | document.plots()
    for path in results.FOLDER.glob("*.json"):
        text = path.read_text(encoding="utf-8").replace('"ratio": 2.', '"ratio": 9.').replace('"end": ', '"end": 7')
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    after = document.tables() | document.plots()
    changed = {name for name in before if before[name] != after[name]}
    assert changed >= {"targets", "missed", "growth", "stages", "targets.svg", "growth.svg", "stages.svg"}


@pytest.mark.parametrize("target", TARGETS, ids=lambda it: f"{it.row}, {it.quantity}")
def test_every_target_is_measured_often_enough(target):
    measured = results.read(target.benchmark)["rows"][target.row]
    assert measured["runs"] >= RUNS


def test_the_results_name_no_machine_and_no_day():
    for path in results.FOLDER.glob("*.json"):
        found = json.loads(path.read_text(encoding="utf-8"))
        assert {"python", "system", "cores"} <= set(found)
        assert not {"date", "time", "host", "node", "user"} & set(found)
        assert f'"{platform.node()}"' not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("ratio", "verdict"),
    [(2.5, "met"), (0.1, "met"), (2.55, "missed by 2.0 %"), (4.9, "missed by 96.0 %"), (20.0, "missed 8.0-fold")],
)
def test_a_verdict_says_by_how_much(ratio, verdict):
    assert RATIO.verdict(row(ratio)) == verdict


def test_a_target_may_be_one_of_time_or_memory():
    crossing = Target("rivals", "x", "what", "", 600, "milliseconds")
    assert crossing.verdict(row(ratio=99.0, milliseconds=600.0)) == "met"
    assert crossing.verdict(row(milliseconds=660.0)) == "missed by 10.0 %"


def test_a_row_without_its_peer_is_shown_as_not_measured(tmp_path, monkeypatch):
    for path in results.FOLDER.glob("*.json"):
        found = json.loads(path.read_text(encoding="utf-8"))
        if path.stem == "rivals":
            del found["rows"]["track against ttok"]
        (tmp_path / path.name).write_text(json.dumps(found), encoding="utf-8")
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    assert "| ttok | not measured |" in document.tables()["targets"]
    assert ">not measured<" in document.plots()["targets.svg"]
    assert "ttok" not in document.tables()["missed"]
