"""Contents made by somebody who means harm: a clear refusal or a bounded result, no hang, nothing outside touched."""

import json
import zlib

import pytest

from handoff_cli.constants import LEDGER_FILE, STATE_FILE
from handoff_cli.core.session import Session
from handoff_cli.state import snapshot
from handoff_cli.state.ledger import encode_entry
from tests.core.test_session import checkpoint
from tests.state.hostile import run_all

pytestmark = pytest.mark.usefixtures("no_hang")

STATES = {
    "deep": "[" * 150_000,
    "deep in a member": '{"ours": ' + "[" * 150_000,
    "deep and closed": '{"ours": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "a key twice": '{"model": "a", "model": "b"}',
    "many keys, one twice": "{" + "".join(f'"{n}":1,' for n in range(5_000)) + '"4999":1}',
    "NaN": '{"warning_threshold": NaN}',
    "Infinity": '{"ours": Infinity}',
    "beyond a float": '{"ours": 1e999}',
    "beyond 64 bits": '{"context_window_limit": 99999999999999999999999}',
    "ten thousand digits": '{"context_window_limit": ' + "9" * 10_000 + "}",
    "comments never closed": "{ /* " + "/* " * 120_000,
    "strings never closed": "{" + '"\\' * 160_000,
    "only commas": "{" + "," * 400_000,
    "only spaces": " " * 150_000,
    "escapes": '{"model": "' + "\\u0000" * 1000 + '"}',
    "surrogates": '{"model": "\\ud800"}',
    "newlines in a name": '{"a\\nb": 1, "model": "x\\ny"}',
}


@pytest.mark.parametrize("name", STATES)
def test_states_that_are_meant_to_hurt(handoff, folder, outside, name):
    text = STATES[name]
    (folder / STATE_FILE).write_text(text)
    codes = run_all(handoff, outside)
    if codes[0]:
        assert (folder / STATE_FILE).read_text() == text, "what cannot be understood is left alone"


def forged(**changes):
    """Return a state file with every checksum right and ``changes`` in its session or its settings."""
    session = Session("i", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z")
    value = json.loads(snapshot.with_session(snapshot.empty("f"), session).text)
    state = value["state"]
    for key, item in changes.items():
        target = state["session"] if key in state["session"] else state if key in state else value
        target[key] = item
    if isinstance(state["session"], dict):
        state["session"]["crc32"] = snapshot.session_checksum(state["session"])
    return json.dumps(value)


FORGED_STATES = {
    "text as tokens": {"total_tokens": "1"},
    "less than nothing": {"total_tokens": -1},
    "more than anything": {"total_tokens": 1 << 70},
    "an id that is a path": {"id": "../../outside"},
    "a list as id": {"id": []},
    "no session": {"session": 1},
    "recent that is none": {"recent": {"a": 1}},
    "recent of nonsense": {"recent": [1, None, {}]},
    "a level of its own": {"level": "fine"},
    "a window of nothing": {"context_window_limit": 0},
    "a window of text": {"context_window_limit": "all"},
    "a share above all": {"warning_threshold": 1e308},
    "a time-out of years": {"lock_timeout_seconds": 1e12},
    "a ledger far ahead": {"ledger_bytes": 1 << 50},
    "a state of text": {"state": "x"},
    "a state that is a list": {"state": []},
}


@pytest.mark.parametrize("name", FORGED_STATES)
def test_states_with_forged_checksums(handoff, folder, outside, name):
    (folder / STATE_FILE).write_text(forged(**FORGED_STATES[name]))
    run_all(handoff, outside)


LINES = {
    "missing members": {"kind": "checkpoint", "sequence": 1, "time": "2026-01-01T00:00:00Z", "session": "s"},
    "a path as session": checkpoint(1, session="../../outside"),
    "text as tokens": {**checkpoint(1), "tokens": "1"},
    "truth as tokens": {**checkpoint(1), "tokens": True},
    "too many tokens": {**checkpoint(1), "tokens": 1 << 70},
    "an unknown method": {**checkpoint(1), "method": "guessed"},
    "endless more": {**checkpoint(1), "more": 1 << 60},
    "a deep member": {**checkpoint(1), "ours": json.loads("[" * 500 + "]" * 500)},
    "a kind of its own": {**checkpoint(1), "kind": "spell"},
    "a list as kind": {**checkpoint(1), "kind": []},
    "a time that is none": {**checkpoint(1), "time": "yesterday"},
    "ten megabytes": {**checkpoint(1), "description": "x" * 2_000_000},
}


@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize("lost", [False, True])
def test_ledger_lines_with_forged_checksums(handoff, folder, outside, name, lost):
    with (folder / LEDGER_FILE).open("ab") as file:
        file.write(encode_entry(LINES[name]) + encode_entry(checkpoint(2)))
    if lost:
        (folder / STATE_FILE).unlink()
    run_all(handoff, outside)


def test_a_deep_ledger_line_with_a_right_checksum_is_skipped(handoff, folder, outside):
    body = b'{"ours":' + b"[" * 200_000
    with (folder / LEDGER_FILE).open("ab") as file:
        file.write(body + b',"checksum":"%08x"}\n' % zlib.crc32(body))
    run_all(handoff, outside)


JOURNALS = {
    "empty": "",
    "no JSON": "{",
    "deep": "[" * 16_000,
    "a list": "[]",
    "archived outside": {"archived": "../../outside/deep"},
    "restored from outside": {"restored": "../../outside"},
    "taken from outside": {"taken": ["../../outside/precious"], "restored": "old"},
    "kept elsewhere": {"kept": ["../../outside/precious"], "archived": "x"},
    "numbers": {"archived": 1, "restored": 2},
    "a start of nonsense": {"start": {"kind": "session"}},
}


@pytest.mark.parametrize("name", JOURNALS)
def test_journals_that_lead_elsewhere(handoff, folder, outside, name):
    journal = JOURNALS[name]
    if isinstance(journal, dict):
        base = {"begins": "i", "archived": None, "kept": [], "start": None, "restored": None, "taken": []}
        journal = json.dumps({**base, **journal})
    (folder / ".reset").write_text(journal)
    run_all(handoff, outside, refused=(3,))


def test_a_description_of_megabytes_is_cut_before_it_is_kept(handoff, folder):
    code, out, _ = handoff("track", "--json", "-d", "x" * 10_000_000, stdin="hello")
    assert code == 0
    assert len(json.loads(out)["added"][0]["description"]) == 500
    assert (folder / STATE_FILE).stat().st_size < 20_000
