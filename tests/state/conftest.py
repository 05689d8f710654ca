import functools
import os
import shutil
import tempfile
from pathlib import Path

import pytest
import typer.main


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """Leave out what never touches the folder and would be repeated thousands of times: git, and building the parser."""
    monkeypatch.setattr("handoff_cli.tracker.handoff.gather_git", lambda _: None)
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
