"""A folder prepared by somebody who means harm: a clear refusal or a bounded result, no hang, nothing outside touched."""

import os
import stat
from pathlib import Path

import pytest

from handoff_cli.constants import HANDOFF_FILE, LEDGER_FILE, STATE_FILE, TEMPLATE_FILE
from tests.state.hostile import COMMANDS, FILES, TEMPORARIES, run_all

pytestmark = pytest.mark.usefixtures("no_hang")


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
def test_files_that_are_devices(handoff, disk_folder, outside, name):
    remove(disk_folder / name)
    try:
        os.mknod(disk_folder / name, stat.S_IFCHR | 0o600, os.makedev(1, 5))
        os.close(os.open(disk_folder / name, os.O_RDONLY))
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
    if name == LEDGER_FILE:
        (folder / STATE_FILE).unlink()
    with monkeypatch.context() as patch:
        patch.setattr(os, "fstat", lambda descriptor: as_another(fstat(descriptor)))
        patch.setattr(os, "lstat", lambda found: as_another(lstat(found)))
        patch.setattr(os, "geteuid", lambda: 4711)
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
