import functools
import os
import shutil
import signal
import tempfile
from pathlib import Path

import pytest
import typer.main

from tests.postgres import TEMP


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """Leave out what never touches the folder and would be repeated thousands of times: git, and building the parser."""
    monkeypatch.setattr("handoff_cli.usecases.gather.start_gathering", lambda _: lambda: None)
    monkeypatch.setattr("typer.main.get_command", functools.cache(typer.main.get_command))


@pytest.fixture
def memory_project(project, monkeypatch):
    """The scratch project on a disk in memory, where there is one: thousands of syncs would take minutes elsewhere."""
    parent = "/dev/shm" if os.access("/dev/shm", os.W_OK) else str(project)
    scratch = tempfile.mkdtemp(prefix="handoff-test-", dir=parent)
    folder = Path(scratch, "project")
    (folder / ".git").mkdir(parents=True)
    monkeypatch.chdir(folder)
    yield folder
    shutil.rmtree(scratch, ignore_errors=True)


@pytest.fixture
def no_hang():
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
def folder(memory_project, handoff):
    """A project folder in use, with an archived session called ``old``."""
    return _used(memory_project, handoff)


@pytest.fixture
def disk_folder(handoff, monkeypatch):
    """The same on the disk: where there is one in memory, it may not let devices be opened."""
    with tempfile.TemporaryDirectory(dir=TEMP) as scratch:
        project = Path(scratch)
        (project / ".git").mkdir()
        monkeypatch.chdir(project)
        yield _used(project, handoff)
        monkeypatch.undo()


def _used(project, handoff):
    handoff("-q", "track", stdin="hello world")
    handoff("reset")
    handoff("-q", "track", stdin="hello world")
    handoff("handoff")
    path = project / ".agent-handoffs"
    (archived,) = os.listdir(path / "archive")
    os.rename(path / "archive" / archived, path / "archive" / "old")
    return path
