import os
import pkgutil
import subprocess
import sys
from importlib.machinery import PathFinder
from pathlib import Path

import handoff_cli
from handoff_cli.__main__ import _OwnModules

INTERRUPTED = """
import importlib.abc, os, sys

class Interrupt(importlib.abc.MetaPathFinder):
    "Lets Ctrl-C come when a module is first looked for."
    def __init__(self, left):
        self.left = left
    def find_spec(self, name, path, target=None):
        self.left -= name.startswith("handoff_cli")
        if not self.left:
            raise KeyboardInterrupt

from handoff_cli import __main__
ended = []
while True:
    finder = Interrupt(len(ended) + 1)
    out, in_ = os.pipe()
    child = os.fork()
    if not child:
        os.dup2(in_, 2)
        sys.meta_path.insert(0, finder)
        sys.argv[1:] = ["status"]
        __main__.run()
    os.close(in_)
    said = os.read(out, 1 << 16).decode()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code == 0:
        break
    ended.append((code, said))
print(len(ended), set(ended))
"""


def test_ctrl_c_during_any_import_is_one_line_and_exit_130():
    """Most of a short run is imports: whichever of our modules is being looked for, no traceback is shown."""
    environ = {**os.environ, "PYTHONPATH": str(Path(handoff_cli.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, env=environ, timeout=60, check=False
    )
    modules, _, outcomes = done.stdout.splitlines()[-1].partition(" ")
    assert outcomes == "{(130, 'handoff: interrupted\\n')}"
    assert int(modules) > 20
    assert done.stderr == ""


def test_the_script_loads_next_to_nothing_before_it_can_be_interrupted():
    code = "import sys; import handoff_cli.__main__; print(sorted(it for it in sys.modules if 'handoff_cli' in it))"
    environ = {**os.environ, "PYTHONPATH": str(Path(handoff_cli.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environ, check=True)
    assert done.stdout == "['handoff_cli', 'handoff_cli.__main__', 'handoff_cli.constants']\n"


def test_our_finder_finds_of_our_modules_what_pythons_does():
    found = 0
    for module in pkgutil.walk_packages(handoff_cli.__path__, "handoff_cli."):
        folder = sys.modules[module.name.rpartition(".")[0]].__path__
        ours, theirs = (finder.find_spec(module.name, folder) for finder in (_OwnModules, PathFinder))
        told = ("name", "origin", "cached", "has_location", "parent", "submodule_search_locations")
        assert [getattr(ours, it) for it in told] == [getattr(theirs, it) for it in told]
        assert (type(ours.loader), vars(ours.loader)) == (type(theirs.loader), vars(theirs.loader))
        found += 1
    assert found > 200


def test_our_finder_leaves_to_others_what_is_not_ours_or_not_there(tmp_path):
    assert _OwnModules.find_spec("json.decoder", [str(tmp_path)]) is None
    assert _OwnModules.find_spec("handoff_cli") is None
    assert _OwnModules.find_spec("handoff_cli.git", [f"{tmp_path}/package.zip/handoff_cli"]) is None


def test_our_finder_stands_behind_those_that_others_put_first(monkeypatch):
    monkeypatch.setattr(sys, "meta_path", ["theirs", *sys.meta_path])
    _OwnModules.take_part()
    assert sys.meta_path[0] == "theirs"
    assert sys.meta_path.index(_OwnModules) < sys.meta_path.index(PathFinder)
