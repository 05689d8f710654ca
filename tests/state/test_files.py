import os
import stat

import pytest

from handoff_cli.errors import StateError
from handoff_cli.state import files
from handoff_cli.state.files import create_file, is_folder, make_folder, read_bytes, replace_file, write_all


def test_a_replaced_file_is_private_and_leaves_no_temporary(project):
    path = str(project / "file")
    replace_file(path, b"one")
    replace_file(path, b"two")
    assert read_bytes(path, 10) == b"two"
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert sorted(os.listdir(project)) == [".git", "file"]


def test_a_temporary_left_by_a_crash_is_in_nobodys_way(project):
    (project / ".file.new").write_text("half")
    replace_file(str(project / "file"), b"whole")
    assert sorted(os.listdir(project)) == [".git", "file"]


def test_a_link_put_in_the_temporarys_place_is_not_written_through(project):
    victim = project / "victim"
    victim.write_text("precious")
    (project / ".file.new").symlink_to(victim)
    replace_file(str(project / "file"), b"new")
    assert victim.read_text() == "precious"


def test_a_missing_file_reads_as_none(project):
    assert read_bytes(str(project / "absent"), 10) is None


def test_a_link_is_not_followed(project):
    (project / "secret").write_text("s")
    (project / "link").symlink_to("secret")
    with pytest.raises(StateError, match="symbolic link"):
        read_bytes(str(project / "link"), 10)


def test_a_pipe_is_refused_without_hanging(project):
    os.mkfifo(project / "pipe")
    with pytest.raises(StateError, match="no regular file"):
        read_bytes(str(project / "pipe"), 10)


def test_a_folder_is_refused_for_reading_and_writing(project):
    (project / "folder").mkdir()
    with pytest.raises(StateError, match="folder"):
        read_bytes(str(project / "folder"), 10)
    with pytest.raises(StateError, match="folder"):
        replace_file(str(project / "folder"), b"x")
    assert not (project / ".folder.new").exists()


def test_a_huge_file_is_refused_unread(project):
    (project / "huge").write_bytes(b"x" * 11)
    with pytest.raises(StateError, match="too large"):
        read_bytes(str(project / "huge"), 10)


def test_new_folders_are_private_and_a_file_in_their_place_is_refused(project):
    make_folder(str(project / "a" / "b"))
    assert stat.S_IMODE(os.stat(project / "a").st_mode) == 0o700
    (project / "file").write_text("")
    with pytest.raises(StateError, match="a file, not a folder"):
        make_folder(str(project / "file"))
    (project / "dangling").symlink_to("nowhere")
    with pytest.raises(StateError, match="symbolic link"):
        make_folder(str(project / "dangling"))


def test_create_never_overwrites(project):
    assert create_file(str(project / "f"), b"mine")
    assert not create_file(str(project / "f"), b"theirs")
    assert (project / "f").read_bytes() == b"mine"


def test_short_writes_are_continued(project, monkeypatch):
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: real(descriptor, data[:3]))
    descriptor = os.open(project / "f", os.O_WRONLY | os.O_CREAT)
    write_all(descriptor, b"0123456789")
    os.close(descriptor)
    assert (project / "f").read_bytes() == b"0123456789"


@pytest.mark.parametrize("name", [".lock", "checkpoints.jsonl", ".handoff.lock"])
def test_a_hard_link_is_a_link_too_and_not_written_through(handoff, project, name):
    handoff("track", "-q", stdin="one")
    handoff("handoff", "-q")
    mine = project / "mine"
    mine.write_text("text of mine")
    file = project / ".agent-handoffs" / name
    file.unlink(missing_ok=True)
    os.link(mine, file)
    command = ["handoff", "-q"] if name == ".handoff.lock" else ["track", "-q", "--tokens", "1"]
    code, _, err = handoff(*command)
    assert code == 3
    assert "hard link" in err
    assert mine.read_text() == "text of mine"


@pytest.mark.parametrize("name", [".lock", ".handoff.lock"])
def test_a_folder_that_is_gone_is_said_to_be(handoff, project, monkeypatch, name):
    """As ``git clean`` or the removal of a work tree takes it away between one call and the next."""
    handoff("track", "-q", stdin="one")
    real = os.open

    def gone(path, *args, **kwargs):
        if str(path).endswith(f"/{name}"):
            raise FileNotFoundError(2, "No such file or directory", path)
        return real(path, *args, **kwargs)

    monkeypatch.setattr(os, "open", gone)
    commands = (
        [["handoff", "-q"]] if name == ".handoff.lock" else [["track", "-q", "--tokens", "1"], ["note", "x"], ["reset"]]
    )
    for command in commands:
        code, _, err = handoff(*command)
        assert code == 3
        assert "is gone" in err


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root makes files for others")
def test_what_root_makes_in_an_owners_folder_is_the_owners(handoff, project):
    nobody = 65534
    handoff("track", "-q", stdin="one")
    for path in (project, *project.rglob("*")):
        os.chown(path, nobody, nobody)
    handoff("track", "-q", stdin="two")
    handoff("note", "-q", "three")
    handoff("handoff", "-q")
    handoff("reset", "-q")
    handoff("track", "-q", stdin="four")
    made = list((project / ".agent-handoffs").rglob("*"))
    assert made
    assert [path for path in made if path.lstat().st_uid != nobody] == []


@pytest.mark.parametrize(
    "command", [["track", "-q", "--tokens", "1"], ["note", "-q", "x"], ["handoff", "-q"], ["status"]]
)
def test_without_a_file_descriptor_left_there_is_one_line(handoff, monkeypatch, command):
    handoff("track", "-q", stdin="one")
    for left in range(6):
        real, count = os.open, 0

        def full(path, *args, real=real, left=left, **kwargs):
            nonlocal count
            count += 1
            if count > left:
                raise OSError(24, "Too many open files", path)
            return real(path, *args, **kwargs)

        with monkeypatch.context() as patch:
            patch.setattr(os, "open", full)
            code, _, err = handoff(*command)
        assert code in {0, 1, 3}, err
        assert not code or "Too many open files" in err


def test_a_file_in_the_place_of_a_folder_is_named_by_whatever_looks_below_it(project):
    (project / ".agent-handoffs").write_text("")
    with pytest.raises(StateError) as refused:
        is_folder(str(project / ".agent-handoffs" / "archive" / "old"))
    assert str(refused.value) == f"{project}/.agent-handoffs is a file, not a folder"


def test_what_lies_in_another_users_closed_folder_is_refused_as_theirs(project, monkeypatch):
    inner = str(project / "inner")
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    lstat = os.lstat

    def closed(path):
        if path == inner:
            raise PermissionError(13, "Permission denied")
        return lstat(path)

    monkeypatch.setattr(files.os, "lstat", closed)
    with pytest.raises(StateError, match=f"{project} belongs to another user"):
        is_folder(inner)


@pytest.mark.parametrize(
    ("error", "path", "hint"),
    [
        (PermissionError(13, "no"), "/home/me/.config/agent-handoffs/settings.json", "check its owner and permissions"),
        (OSError(30, "no"), "/home/me/.claude", "the disk is read-only: make it writable"),
        (
            PermissionError(13, "no"),
            "/srv/shop/.agent-handoffs/.lock",
            "check its owner and permissions, or point --dir at a folder you may write",
        ),
        (NotADirectoryError(20, "no"), "/etc/passwd/x", "one of the folders in this path is a file: check the path"),
    ],
)
def test_another_project_folder_is_advised_only_for_what_lies_in_one(error, path, hint):
    with pytest.raises(StateError) as told, files.reported("open", path):
        raise error
    assert told.value.hint == hint
