"""All commands, in any order hypothesis can think of, against a model that is kept in memory."""

import contextlib
import io
import json
import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from handoff_cli.__main__ import main
from handoff_cli.constants import HANDOFF_FILE, LEDGER_FILE, STATE_FILE
from tests.conftest import FIGURES

EXAMPLES = 40
STEPS = 25
NAMES = st.sampled_from(["a", "b"])
"""Named ones: where the project's own has nothing, a command that names none means the one in use."""

FILES = st.sampled_from([None, "a", "b"])
"""Whose settings are changed: the project's hold for all."""

STEPS_DONE: Counter = Counter()


class Modelled:
    """One session folder as it ought to be: the running pieces, the archived ones by name, its settings."""

    def __init__(self):
        self.pieces = []
        self.archives = {}
        self.settings = {}


class Machine(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        parent = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self.scratch = tempfile.mkdtemp(prefix="handoff-machine-", dir=parent)
        self.project = Path(self.scratch, "project")
        (self.project / ".git").mkdir(parents=True)
        self.models = {None: Modelled(), "a": Modelled(), "b": Modelled()}

    def teardown(self):
        shutil.rmtree(getattr(self, "scratch", ""), ignore_errors=True)

    def run(self, name, *argv, stdin="", code=0):
        STEPS_DONE[argv[0]] += 1
        words = ["--dir", str(self.project), *(("--session", name) if name else ()), *argv]
        out, err = io.StringIO(), io.StringIO()
        with (
            mock.patch("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()))),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            assert main(words) == code, (words, err.getvalue())
        if code:
            assert err.getvalue().count("\n") == 1
        return out.getvalue(), err.getvalue()

    def named(self):
        return [(name, model) for name, model in self.models.items() if name]

    def folder(self, name):
        folder = self.project / ".agent-handoffs"
        return folder / "sessions" / name if name else folder

    @rule(name=NAMES, tokens=st.integers(0, 10**6))
    def track(self, name, tokens):
        model = self.models[name]
        out, _ = self.run(name, "track", "--json", "--tokens", str(tokens))
        model.pieces.append(tokens)
        assert json.loads(out)["total_tokens"] == sum(model.pieces)

    @rule(name=NAMES, words=st.lists(st.integers(1, 30), min_size=1, max_size=4))
    def track_files(self, name, words):
        paths = []
        for number, count in enumerate(words):
            path = Path(self.scratch, f"file {number}")
            path.write_text("one" + " one" * (count - 1))
            paths.append(str(path))
        self.run(name, "-q", "track", *paths)
        self.models[name].pieces += words

    @rule(name=NAMES, tokens=st.integers(0, 100))
    def dry_run_changes_nothing(self, name, tokens):
        self.run(name, "track", "--dry-run", "--tokens", str(tokens))

    @rule(name=FILES, share=st.sampled_from(["0.3", "0.5", "0.8"]))
    def set_threshold(self, name, share):
        self.run(name, "config", "set", "warning_threshold", share)
        self.models[name].settings["warning_threshold"] = float(share)

    @rule(name=FILES, bad=st.sampled_from(["0", "2", "x", ""]))
    def a_bad_setting_changes_nothing(self, name, bad):
        self.run(name, "config", "set", "warning_threshold", bad, code=2)

    @rule(name=FILES)
    def unset_threshold(self, name):
        self.run(name, "config", "unset", "warning_threshold")
        self.models[name].settings.pop("warning_threshold", None)

    @rule(name=NAMES)
    def write_handoff(self, name):
        self.run(name, "handoff")

    @rule(name=NAMES)
    def init(self, name):
        self.run(name, "init")

    def holds_something(self, name):
        return bool(self.models[name].pieces) or (self.folder(name) / HANDOFF_FILE).exists()

    @rule(name=NAMES)
    def reset(self, name):
        model, something = self.models[name], self.holds_something(name)
        out, err = self.run(name, "reset")
        assert ("nothing to reset" in err) is not something
        if not something:
            return
        model.archives[os.path.basename(out.splitlines()[0].split(" archived in ")[1])] = model.pieces
        model.pieces = []

    @rule(name=NAMES)
    def discard(self, name):
        self.run(name, "reset", "--discard", "--yes")
        self.models[name].pieces = []

    @precondition(lambda self: any(model.archives for model in self.models.values()))
    @rule(data=st.data())
    def restore(self, data):
        name = data.draw(st.sampled_from([name for name, model in self.models.items() if model.archives]))
        model = self.models[name]
        archived = data.draw(st.sampled_from(sorted(model.archives)))
        something = self.holds_something(name)
        out, _ = self.run(name, "sessions", "restore", archived)
        assert (" archived in " in out) is something
        running, model.pieces = model.pieces, model.archives.pop(archived)
        if something:
            model.archives[os.path.basename(out.splitlines()[0].split(" archived in ")[1])] = running

    @rule(name=NAMES)
    def restoring_nothing_is_refused(self, name):
        self.run(name, "sessions", "restore", "nothing", code=1)

    @rule(name=NAMES)
    def lose_the_state(self, name):
        (self.folder(name) / STATE_FILE).unlink(missing_ok=True)
        self.models[name].settings = {}

    @precondition(lambda self: self.models["a"].pieces)
    @rule(half=st.sampled_from([b'{"v":1,"kind":"check', b'{"v"', b"\x00"]))
    def a_crash_leaves_half_a_line(self, half):
        with (self.folder("a") / LEDGER_FILE).open("ab") as file:
            file.write(half)

    @invariant()
    def everything_is_as_the_model_says(self):
        if not hasattr(self, "models"):
            return
        rows = json.loads(self.run(None, "sessions", "--json")[0])
        for name, model in self.named():
            status = json.loads(self.run(name, "status", "--json")[0])
            assert (status["total_tokens"], status["checkpoint_count"]) == (sum(model.pieces), len(model.pieces))
            assert [item["tokens"] for item in status["checkpoints"]] == model.pieces[-5:]
            inherited = {**self.models[None].settings, **model.settings}
            assert status["warning_threshold"] == inherited.get("warning_threshold", 0.8)
            archived = {
                row["archive"]: row["total_tokens"] for row in rows if row["archive"] and row["session"] == name
            }
            assert archived == {key: sum(pieces) for key, pieces in model.archives.items()}

    @invariant()
    def the_log_holds_every_piece(self):
        if not hasattr(self, "models"):
            return
        for name, model in self.named():
            lines = self.run(name, "log", "--json", "--all")[0].splitlines()
            tokens = [entry["tokens"] for entry in map(json.loads, lines) if entry["kind"] == "checkpoint"]
            assert sorted(tokens) == sorted(sum(model.archives.values(), model.pieces))


@pytest.mark.long
def test_the_commands_do_what_the_model_says():
    case = Machine.TestCase
    case.settings = settings(max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None)
    case("runTest").debug()
    FIGURES.append(
        f"state machine: {EXAMPLES} runs of up to {STEPS} steps, {STEPS_DONE.total():,} commands, all as modelled"
    )
