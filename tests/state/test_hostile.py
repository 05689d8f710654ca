"""A folder prepared by somebody who means harm: a clear refusal or a bounded result, no hang, nothing outside touched."""

import json
import os
import signal
import stat
import zlib
from pathlib import Path

import pytest

from handoff_cli.constants import HANDOFF_FILE, LEDGER_FILE, STATE_FILE, TEMPLATE_FILE
from handoff_cli.core.session import Session
from handoff_cli.state import snapshot
from handoff_cli.state.ledger import encode_entry
from tests.core.test_session import checkpoint

COMMANDS = [
    ("status", "--json"),
    ("-q", "track", "-d", "x"),
    ("log", "--all", "--json"),
    ("sessions", "--json"),
    ("sessions", "show", "old"),
    ("config", "set", "warning_threshold", "0.5"),
    ("handoff",),
    ("--session", "b", "-q", "track"),
    ("sessions", "restore", "old"),
    ("reset",),
    ("-q", "track", "-d", "y"),
    ("init",),
]
FILES = (STATE_FILE, LEDGER_FILE, HANDOFF_FILE, TEMPLATE_FILE, ".lock", ".handoff.lock", ".reset", ".gitignore")
TEMPORARIES = (f".{STATE_FILE}.new", f".{HANDOFF_FILE}.new", "..reset.new")


@pytest.fixture(autouse=True)
def _no_hang():
    """Whatever hangs dies."""
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.alarm(60)
    yield
    signal.alarm(0)


@pytest.fixture
def outside(project):
    """A place nothing may be written to, with a file and a folder in it."""
    folder = project.parent / "outside"
    (folder / "deep").mkdir(parents=True)
    (folder / "precious").write_text("{}")
    return folder


@pytest.fixture
def folder(project, handoff):
    """A project folder in use, with an archived session called ``old``."""
    handoff("-q", "track", stdin="hello world")
    handoff("reset")
    handoff("-q", "track", stdin="hello world")
    handoff("handoff")
    path = project / ".agent-handoffs"
    (archived,) = os.listdir(path / "archive")
    os.rename(path / "archive" / archived, path / "archive" / "old")
    return path


def tree(folder):
    """Return every path below ``folder`` with its type, mode, and content."""
    found = {}
    for path in sorted(folder.rglob("*")):
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else None
        found[str(path.relative_to(folder))] = (path.lstat().st_mode, content)
    return found


def run_all(handoff, outside, *, refused=()):
    """Run every command; return its exit codes. None may crash, hang, or touch what is outside."""
    before = tree(outside)
    codes = []
    for argv in COMMANDS:
        code, _, err = handoff(*argv, stdin="hello world")
        assert code in (0, 1, 3), (argv, err)
        assert "Traceback" not in err
        if code:
            assert err.count("\n") == 1, err
        codes.append(code)
        assert tree(outside) == before, argv
    assert set(refused) <= set(codes)
    return codes


def remove(path):
    path.unlink(missing_ok=True)


@pytest.mark.parametrize("name", [*FILES, *TEMPORARIES, f"{LEDGER_FILE}.torn"])
@pytest.mark.parametrize("target", ["precious", "deep", "absent", "name"])
def test_files_that_are_links(handoff, folder, outside, name, target):
    remove(folder / name)
    (folder / name).symlink_to(outside / target if target != "name" else name)
    if name.endswith(".torn"):
        with (folder / LEDGER_FILE).open("ab") as file:
            file.write(b'{"torn')
    run_all(handoff, outside)


@pytest.mark.parametrize("name", [*FILES, *TEMPORARIES])
def test_files_that_are_pipes_or_folders(handoff, folder, outside, name):
    remove(folder / name)
    os.mkfifo(folder / name)
    run_all(handoff, outside)
    remove(folder / name)
    (folder / name).mkdir()
    run_all(handoff, outside)


@pytest.mark.parametrize("name", FILES)
def test_files_that_are_devices(handoff, folder, outside, name):
    remove(folder / name)
    try:
        os.mknod(folder / name, stat.S_IFCHR | 0o600, os.makedev(1, 5))
        os.close(os.open(folder / name, os.O_RDONLY))
    except OSError:
        pytest.skip("devices cannot be made here")
    run_all(handoff, outside)


@pytest.mark.parametrize("name", ["", "sessions", "sessions/b", "archive", "archive/old"])
@pytest.mark.parametrize("target", ["deep", "precious", "absent"])
def test_folders_that_are_links_or_files(handoff, folder, outside, name, target):
    path = folder / name if name else folder
    path.parent.mkdir(exist_ok=True)
    if path.exists():
        path.rename(folder.parent / "moved")
    path.symlink_to(outside / target)
    codes = run_all(handoff, outside, refused=(3,))
    if not name:
        assert set(codes) == {3}
    path.unlink()
    path.write_text("")
    run_all(handoff, outside, refused=(3,))


@pytest.mark.parametrize("name", ["", STATE_FILE, LEDGER_FILE, ".lock", HANDOFF_FILE])
def test_what_belongs_to_another_user_is_refused(handoff, folder, monkeypatch, name):
    path = folder / name if name else folder
    real = os.lstat(path)

    def as_another(status):
        fields = list(status)
        fields[stat.ST_UID] = 4712 if status.st_ino == real.st_ino else 4711
        return os.stat_result(fields)

    fstat, lstat = os.fstat, os.lstat
    monkeypatch.setattr(os, "fstat", lambda descriptor: as_another(fstat(descriptor)))
    monkeypatch.setattr(os, "lstat", lambda found: as_another(lstat(found)))
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    if name == LEDGER_FILE:
        (folder / STATE_FILE).unlink()
    code, _, err = handoff("handoff" if name == HANDOFF_FILE else "track", stdin="x")
    assert code == 3
    assert "belongs to another user" in err


@pytest.mark.parametrize("name", [STATE_FILE, LEDGER_FILE, HANDOFF_FILE, TEMPLATE_FILE, ".reset"])
def test_huge_files_are_refused_unread(handoff, folder, outside, name):
    with (folder / name).open("ab") as file:
        try:
            file.truncate(1 << 40)
        except OSError:
            file.truncate(1 << 33)
    run_all(handoff, outside, refused=(3,))


STATES = {
    "deep": "[" * 300_000,
    "deep in a member": '{"ours": ' + "[" * 300_000,
    "deep and closed": '{"ours": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "a key twice": '{"model": "a", "model": "b"}',
    "many keys, one twice": "{" + "".join(f'"{n}":1,' for n in range(8_000)) + '"7999":1}',
    "NaN": '{"warning_threshold": NaN}',
    "Infinity": '{"ours": Infinity}',
    "beyond a float": '{"ours": 1e999}',
    "beyond 64 bits": '{"context_window_limit": 99999999999999999999999}',
    "ten thousand digits": '{"context_window_limit": ' + "9" * 10_000 + "}",
    "comments never closed": "{ /* " + "/* " * 300_000,
    "strings never closed": "{" + '"\\' * 400_000,
    "only commas": "{" + "," * 900_000,
    "only spaces": " " * 300_000,
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
    for key, item in changes.items():
        (value["session"] if key in value["session"] else value)[key] = item
    if isinstance(value["session"], dict):
        value["session"]["crc32"] = snapshot._session_checksum(value["session"])
    return snapshot._sealed(json.dumps(value))


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
    "ten megabytes": {**checkpoint(1), "description": "x" * 10_000_000},
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


def test_a_description_of_ten_megabytes_is_cut(handoff, folder):
    code, out, _ = handoff("track", "--json", "-d", "x" * 10_000_000, stdin="hello")
    assert code == 0
    assert len(json.loads(out)["added"][0]["description"]) == 500
    assert (folder / STATE_FILE).stat().st_size < 20_000


def test_names_with_newlines_and_escapes_draw_nothing(handoff, project, folder):
    Path("a\nb\x1b[2J.txt").write_text("hello")
    assert handoff("track", "a\nb\x1b[2J.txt")[0] == 0
    for argv in (("status",), ("log",), ("sessions",)):
        _, out, _ = handoff(*argv)
        assert "\x1b" not in out
    (folder / "archive" / "c\nd").mkdir()
    code, out, _ = handoff("sessions")
    assert (code, "c\nd" in out) == (0, False)
    for name in ("a\nb", "..", "a/b", "", "x" * 65, ".hidden", "-x"):
        code, _, err = handoff("--session", name, "track", stdin="x") if name else (2, "", "\n")
        assert (code, err.count("\n")) == (2, 1)
    for verb in ("show", "restore"):
        assert handoff("sessions", verb, "../old")[0] == 2


def test_a_project_with_a_newline_in_its_name(handoff, project, monkeypatch):
    odd = project / "odd\nname"
    odd.mkdir()
    (odd / ".git").mkdir()
    monkeypatch.chdir(odd)
    code, _, err = handoff("track", stdin="x")
    assert (code, err) == (0, "")
    (odd / ".agent-handoffs" / STATE_FILE).write_text("{")
    code, _, err = handoff("track", stdin="x")
    assert (code, err.count("\n")) == (3, 1)


@pytest.mark.parametrize("mask", [0o000, 0o077])
def test_everything_new_is_private(project, handoff, mask):
    before = os.umask(mask)
    try:
        for argv in COMMANDS:
            handoff(*argv, stdin="hello")
    finally:
        os.umask(before)
    found = list((project / ".agent-handoffs").rglob("*"))
    assert len(found) > 12
    for path in found:
        assert stat.S_IMODE(path.lstat().st_mode) == (0o700 if path.is_dir() else 0o600), path
