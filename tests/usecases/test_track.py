import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handoff_cli.errors import InputError
from handoff_cli.state import store
from handoff_cli.state.store import Place
from handoff_cli.tokens.count import count_tokens
from handoff_cli.usecases.pieces import CountRequest
from handoff_cli.usecases.track import follow


class Ended(BaseException):
    pass


def run(place, path, *changes):
    """Follow ``path`` while each of ``changes`` is made between two looks; return the session afterwards."""
    left = iter(changes)

    def wait(_):
        change = next(left, None)
        if change is None:
            raise Ended
        change()

    with pytest.raises(Ended):
        list(follow(place, str(path), CountRequest(), wait))
    return store.read(place).session


def appended(path, data):
    def change():
        with path.open("ab") as file:
            file.write(data)

    return change


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    pieces=st.lists(
        st.lists(st.sampled_from(["word ", "é", "\n", "数据", " ", "123", "🚀", "don't", "\r\n"]), max_size=6)
    ),
    stops=st.integers(0, 3),
)
def test_the_sum_of_all_growths_is_the_count_of_the_whole(tmp_path_factory, pieces, stops):
    folder = tmp_path_factory.mktemp("follow")
    (folder / ".agent-handoffs").mkdir(mode=0o700)
    place = Place(str(folder / ".agent-handoffs"), str(folder / ".agent-handoffs"), {})
    path = folder / "log.txt"
    path.write_bytes(b"start ")
    data = [("".join(piece)).encode() for piece in pieces]
    share = len(data) // (stops + 1) + 1
    for start in range(0, max(len(data), 1), share):
        run(place, path, *(appended(path, item) for item in data[start : start + share]))
    session = run(place, path, appended(path, b" the end"))
    assert session.total_tokens == count_tokens(path.read_bytes().decode()).tokens


def test_a_writer_that_stops_within_a_character_does_not_matter(place, project):
    path = project / "log.txt"
    path.write_bytes("naïve ".encode())
    rocket = "🚀".encode()
    session = run(place, path, appended(path, rocket[:2]), appended(path, rocket[2:] + b" ok"))
    assert session.total_tokens == count_tokens(path.read_text()).tokens


def test_a_file_that_was_replaced_is_counted_anew_on_top(place, project):
    path = project / "log.txt"
    path.write_text("one two three")
    first = run(place, path).total_tokens
    session = run(place, path, lambda: path.write_text("fresh"))
    assert session.total_tokens == first + 1


def test_a_file_that_vanishes_is_waited_for(place, project):
    path = project / "log.txt"
    path.write_text("one two three")
    session = run(place, path, path.unlink, lambda: None, lambda: path.write_text("five six seven eight"))
    assert session.total_tokens == 3 + 4


def test_nothing_new_is_no_checkpoint(place, project):
    path = project / "log.txt"
    path.write_text("one two three")
    assert run(place, path, lambda: None, lambda: None).checkpoint_count == 1
    assert run(place, path).checkpoint_count == 1


def test_a_missing_file_is_named(place, project):
    with pytest.raises(InputError, match="absent"):
        next(follow(place, "absent.txt", CountRequest()))


def test_from_the_command_line_until_ctrl_c(project, handoff):
    (project / "log.txt").write_text("hello world")
    process = subprocess.Popen(
        [sys.executable, "-m", "handoff_cli", "track", "--follow", "log.txt", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert json.loads(process.stdout.readline())["total_tokens"] == 2
    with (project / "log.txt").open("a") as file:
        file.write(" and more")
    assert json.loads(process.stdout.readline())["total_tokens"] == 4
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err.count(b"\n")) == (0, 1)
    assert json.loads(handoff("status", "--json")[1])["total_tokens"] == 4


@pytest.mark.parametrize("surplus", [["file.txt"], ["--tee"], ["--tokens", "3"], ["--format", "auto"]])
def test_what_does_not_go_with_following_is_refused(handoff, project, surplus):
    (project / "log.txt").write_text("hello")
    code, _, err = handoff("track", "--follow", "log.txt", *surplus)
    assert code == 2
    assert "--follow goes with" in err
