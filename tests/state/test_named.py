"""Files that the user named: replaced in one step where that can be, written themselves where not."""

import errno
import os

import pytest

from handoff_cli.errors import InputError
from handoff_cli.state.named import save_named

DOCUMENT = b"# Handoff: a\n"


def test_a_file_written_over_a_longer_file_leaves_nothing_of_it(project):
    for data in (DOCUMENT * 9, DOCUMENT, b""):
        save_named("mine.md", data)
        assert (project / "mine.md").read_bytes() == data
    save_named(os.devnull, DOCUMENT)


def test_a_file_that_cannot_be_written_to_the_end_is_left_as_it_was(project, monkeypatch):
    save_named("mine.md", DOCUMENT)
    os.chmod("mine.md", 0o640)
    os.symlink("mine.md", "link.md")
    save_named("link.md", b"# Handoff: b\n")
    assert (os.stat("mine.md").st_mode & 0o777, os.path.islink("link.md")) == (0o640, True)

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)
        with pytest.raises(InputError, match=r"cannot write mine\.md: No space left"):
            save_named("mine.md", DOCUMENT)
    assert (project / "mine.md").read_bytes() == b"# Handoff: b\n"
    assert sorted(os.listdir(project)) == [".git", "link.md", "mine.md"]


def test_a_file_whose_name_cannot_be_given_to_another_is_written_itself(project, monkeypatch):
    """As one that a container has mounted."""
    save_named("mine.md", DOCUMENT * 2)

    def busy(source, target):
        raise OSError(errno.EBUSY, "Device or resource busy")

    monkeypatch.setattr(os, "replace", busy)
    save_named("mine.md", DOCUMENT)
    assert (project / "mine.md").read_bytes() == DOCUMENT
    assert sorted(os.listdir(project)) == [".git", "mine.md"]


def test_what_is_no_plain_file_of_one_name_is_written_itself(project):
    save_named("one.md", DOCUMENT)
    os.link("one.md", "two.md")
    save_named("one.md", b"# Handoff: b\n")
    assert (project / "two.md").read_bytes() == b"# Handoff: b\n"
    long = "n" * 251
    save_named(long, DOCUMENT)
    assert (project / long).read_bytes() == DOCUMENT
    os.symlink("round", "round")
    for path in ("newdir/", "round"):
        with pytest.raises(InputError, match="cannot write"):
            save_named(path, DOCUMENT)


@pytest.mark.skipif(not os.path.exists("/dev/fd"), reason="no descriptors have names here")
def test_the_output_of_a_shell_is_written_to_and_not_replaced(project):
    with open("out.md", "wb") as file:
        save_named(f"/dev/fd/{file.fileno()}", DOCUMENT)
        assert os.fstat(file.fileno()).st_ino == os.stat("out.md").st_ino
