"""The cost of one ``track`` does not grow with what lies behind it: counted in calls, bytes and memory, not in time."""

import io
import os
import tracemalloc
from unittest import mock

import pytest

from benchmarks.history import make_history
from handoff_cli.__main__ import main
from handoff_cli.constants import LEDGER_FILE
from handoff_cli.state.store import Place
from handoff_cli.usecases.log import read_log
from tests.conftest import FIGURES
from tests.state.faults import Faults

CHECKPOINTS = 100_000


class Meter(Faults):
    """Counts the calls that touch a folder and the bytes read from it and written to it."""

    def __init__(self, folder):
        super().__init__(folder)
        self.moved = {"read": 0, "write": 0}

    def _spoiled(self, name, args, kwargs):
        result = super()._spoiled(name, args, kwargs)
        if name in self.moved:
            self.moved[name] += len(result) if name == "read" else result
        return result


def track():
    with (
        mock.patch("sys.stdin", io.TextIOWrapper(io.BytesIO(b"hello world"))),
        mock.patch("sys.stdout", io.StringIO()),
    ):
        assert main(["-q", "track", "-d", "piece"]) == 0


def measured(project, monkeypatch):
    """Return calls, bytes moved and peak memory (bytes) of one track in ``project``."""
    monkeypatch.chdir(project)
    folder = str(project / ".agent-handoffs")
    track()
    meter = Meter(folder)
    with meter:
        track()
    peaks = []
    for _ in range(3):
        tracemalloc.start()
        track()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    # What another thread takes meanwhile, as the one that hears from a parallel run, is counted too.
    return [point.call for point in meter.points], meter.moved, min(peaks)


@pytest.mark.long
def test_a_track_behind_100000_checkpoints_does_what_one_behind_a_few_does(tmp_path, monkeypatch):
    for name, count in (("empty", 50), ("history", CHECKPOINTS)):
        make_history(tmp_path / name, count)
    size = os.path.getsize(tmp_path / "history" / ".agent-handoffs" / LEDGER_FILE)
    calls, moved, peak = measured(tmp_path / "empty", monkeypatch)
    long_calls, long_moved, long_peak = measured(tmp_path / "history", monkeypatch)
    assert long_calls == calls
    # Larger numbers have more digits; nothing else differs.
    assert abs(long_moved["read"] - moved["read"]) < 200
    assert abs(long_moved["write"] - moved["write"]) < 200
    assert abs(long_peak - peak) < 50_000
    FIGURES.append(
        f"flat cost: behind {CHECKPOINTS:,} checkpoints ({size:,} bytes) a track makes {len(long_calls)} calls "
        f"and reads {long_moved['read']:,} bytes; behind 5 {len(calls)} calls and {moved['read']:,} bytes"
    )


def test_reading_the_log_holds_a_few_lines_however_long_it_is(tmp_path):
    def peak(count):
        folder = str(tmp_path / str(count) / ".agent-handoffs")
        tracemalloc.start()
        assert sum(1 for _ in read_log(Place(folder, folder, {}))) == count + 1
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    for count in (1_000, 8_000):
        make_history(tmp_path / str(count), count)
    few = min(peak(1_000) for _ in range(3))
    assert any(peak(8_000) < few + 20_000 for _ in range(3))
