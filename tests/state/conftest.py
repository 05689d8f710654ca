import os
import shutil
import tempfile
from pathlib import Path

import pytest


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
