import os
import subprocess
import sys
import threading

import pytest

from handoff_cli.errors import LockTimeoutError
from handoff_cli.state.folder import FolderLock

_HOLD = """
import sys
from handoff_cli.state.folder import FolderLock
with FolderLock(sys.argv[1], 0):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(project):
    root = os.path.dirname(os.path.dirname(sys.modules["handoff_cli"].__file__))
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(project)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": root},
    )
    assert process.stdout.readline() == b"held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_process_waits_then_names_the_holder(project, holder):
    with pytest.raises(LockTimeoutError, match=f"process {holder.pid}"), FolderLock(str(project), 0.05):
        pass


@pytest.mark.parametrize("before", [b"", b"1\n", b"4194304123456\n", b"rubbish\nof\nsomebody"])
def test_the_lock_file_holds_the_holder_and_nothing_else(project, before):
    (project / ".lock").write_bytes(before)
    with FolderLock(str(project), 0):
        assert (project / ".lock").read_bytes() == b"%d\n" % os.getpid()


def test_the_kernel_releases_a_dead_holders_lock(project, holder):
    holder.kill()
    holder.wait()
    with FolderLock(str(project), 0):
        pass


def test_threads_of_one_process_exclude_each_other(project):
    inside, worst = 0, 0

    def work():
        nonlocal inside, worst
        for _ in range(20):
            with FolderLock(str(project), 30):
                inside += 1
                worst = max(worst, inside)
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert worst == 1


def test_an_error_inside_releases_the_lock(project):
    with pytest.raises(ZeroDivisionError), FolderLock(str(project), 0):
        raise ZeroDivisionError
    with FolderLock(str(project), 0):
        pass
