"""The instruments: what they measure is the whole process, its parts add up, and a peer that is missing is skipped."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from benchmarks import peers, rivals
from benchmarks.__main__ import TIMED
from benchmarks.pairs import Command, compare, run
from benchmarks.projects import KB, Crossing, Followed
from benchmarks.stages import STAGES, measure
from benchmarks.targets import TARGETS
from benchmarks.tracing import group, profile, trace
from tests.scripts.test_make_example import ROOT

FOUND = {"PYTHONPATH": str(ROOT)}


def ours(*argv, stdin=b""):
    return Command((sys.executable, "-m", "handoff_cli", *argv), stdin, None, FOUND)


def python(code):
    return Command((sys.executable, "-c", code))


def test_a_pair_takes_turns_and_prepares_before_each():
    calls = []
    pair = compare(python("import time; time.sleep(0.2)"), python("pass"), 3, 1, lambda: calls.append(1))
    assert (pair.runs, len(calls)) == (3, 4)
    assert pair.a.milliseconds > 200
    assert pair.ratio > 1
    assert pair.a.mebibytes > 1


def test_a_command_that_fails_is_no_measurement():
    with pytest.raises(RuntimeError, match="exit code 3"):
        run(python("raise SystemExit(3)"))


def test_a_trace_adds_up_and_knows_each_import(tmp_path):
    found = trace(ours("count", stdin=b"hello world"), tmp_path)
    assert found.total == found.start + sum(found.imports.values()) + found.work + found.end
    assert min(found.start, found.work, found.end, *found.imports.values()) >= 0
    assert {"handoff_cli.cli.reader", "zlib"} <= set(found.imports)
    assert "os" not in found.imports, "it is there before the command begins"


def test_a_profile_is_of_the_work_alone(tmp_path):
    command = ours("count", stdin=b"hello world")
    found = profile(command, list(trace(command, tmp_path).imports), tmp_path)
    assert found["tokens"] > 0
    assert "patterns" not in found, "they are compiled beforehand"


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (("/x/handoff_cli/handoff_cli/state/store.py", 1, "read"), "state"),
        (("/x/handoff_cli/__main__.py", 1, "run"), "cli"),
        (("/lib/python3.11/re/_compiler.py", 1, "compile"), "patterns"),
        (("/lib/python3.11/json/decoder.py", 1, "decode"), "json"),
        (("/lib/python3.11/os.py", 1, "fsdecode"), "other"),
        (("~", 0, "<built-in method posix.fsync>"), "files"),
        (("~", 0, "<method 'read' of '_io.BufferedReader' objects>"), "files"),
        (("~", 0, "<built-in method posix.waitpid>"), "waiting"),
        (("~", 0, "<built-in method builtins.len>"), ""),
    ],
)
def test_a_function_is_counted_where_it_belongs(function, expected):
    assert group(function) == expected


def test_the_stages_add_up_to_the_whole_process(tmp_path):
    found = measure((ours("count", stdin=b"hello world"), lambda: None), 1, tmp_path)
    assert set(found["stages"]) == set(STAGES)
    assert sum(found["stages"].values()) == pytest.approx(found["milliseconds"])


def test_an_unknown_benchmark_is_a_usage_error():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "nosuch"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no benchmark nosuch" in done.stderr


def test_every_benchmark_that_has_a_target_is_run_with_the_others():
    assert {target.benchmark for target in TARGETS} | {"stages", "growth"} == set(TIMED)


def test_a_transcript_has_its_size_and_grows_by_what_a_sync_finds(tmp_path):
    project = Followed(tmp_path / "followed", 20 * KB)
    assert 20 * KB <= project.transcript.stat().st_size < 23 * KB

    def tokens():
        words = ("sync", "--transcript", str(project.transcript), "--json")
        command = Command((sys.executable, "-m", "handoff_cli", *words), cwd=str(project.folder))
        done = subprocess.run(
            command.argv, capture_output=True, check=True, cwd=command.cwd, env={**project.environ, **FOUND}
        )
        return json.loads(done.stdout)["total_tokens"]

    before = tokens()
    project.grow()
    assert tokens() == before + 1


def test_the_crossing_crosses(tmp_path):
    project = Crossing(tmp_path / "crossing")
    argv = (sys.executable, "-m", "handoff_cli", *project.sync().argv[1:])
    run(Command(argv, b"", str(project.folder), {**project.environ, **FOUND}))
    assert 'reason: "threshold"' in (project.folder / ".agent-handoffs" / "CURRENT_SESSION.md").read_text()


@pytest.mark.parametrize("peer", [peers.ttok, peers.token_counter, peers.claude_handoff, peers.ccusage])
def test_a_peer_that_cannot_be_installed_is_skipped_with_a_word(peer, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(peers, "FOLDER", tmp_path)
    monkeypatch.setattr(peers, "_succeeds", lambda *_: False)
    peers._python_tool.cache_clear()
    try:
        assert peer() is None
    finally:
        peers._python_tool.cache_clear()
    assert "skipped: " in capsys.readouterr().out


@pytest.mark.parametrize("said", ["", "$-0.00 today / 90,000", "$1 today / No active block / 90,000", "$1 today"])
def test_a_status_line_that_has_read_nothing_is_no_measurement(said):
    with pytest.raises(RuntimeError, match="has not read"):
        rivals.check_it_reads(python(f"print({said!r})"))
    rivals.check_it_reads(python("print('$0.72 today / $0.72 block / 90,000 (45%)')"))
