import os
import pkgutil
import py_compile
import subprocess
import sys
from importlib.machinery import PathFinder, SourceFileLoader
from importlib.util import cache_from_source, module_from_spec
from pathlib import Path

import pytest

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
        assert isinstance(ours.loader, type(theirs.loader))
        assert vars(theirs.loader).items() <= vars(ours.loader).items()
        found += 1
    assert found > 200


def own_module(folder: Path, source: str, *, mode: str = "TIMESTAMP") -> Path:
    """Write a module of a package of ours and its bytecode; return the module's file, whose time is whole seconds."""
    file = folder / "answer.py"
    file.write_text(source)
    os.utime(file, (2_000_000_000, 2_000_000_000))
    py_compile.compile(str(file), invalidation_mode=py_compile.PycInvalidationMode[mode], doraise=True)
    return file


def answer_of(folder: Path) -> object:
    spec = _OwnModules.find_spec("handoff_cli.answer", [str(folder)])
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.ask.__code__.co_filename == str(folder / "answer.py")
    return module.ask()


def replace_behind_the_bytecode(file: Path, source: str, later: int = 0) -> None:
    """Write ``source`` to ``file``, whose time becomes ``later`` seconds more than that of its bytecode's source."""
    file.write_text(source)
    os.utime(file, (2_000_000_000 + later, 2_000_000_000 + later))


def test_our_loader_takes_bytecode_of_the_sources_time_and_size(tmp_path):
    replace_behind_the_bytecode(own_module(tmp_path, "def ask(): return 1"), "def ask(): return 2")
    assert answer_of(tmp_path) == 1


@pytest.mark.parametrize(
    ("source", "later"), [("def ask(): return 2", 1), ("def ask(): return 2", -1), ("def ask(): return 22 - 20", 0)]
)
def test_our_loader_reads_the_source_anew_once_its_time_or_size_is_another(tmp_path, source, later):
    replace_behind_the_bytecode(own_module(tmp_path, "def ask(): return 1"), source, later)
    assert answer_of(tmp_path) == 2


@pytest.mark.parametrize("mode", ["CHECKED_HASH", "UNCHECKED_HASH"])
def test_our_loader_leaves_bytecode_told_by_a_hash_to_python(tmp_path, mode):
    file = own_module(tmp_path, "def ask(): return 1", mode=mode)
    replace_behind_the_bytecode(file, "def ask(): return 2")
    assert answer_of(tmp_path) == {"CHECKED_HASH": 2, "UNCHECKED_HASH": 1}[mode]


@pytest.mark.parametrize("kept", [0, 4, 15, 16, 40])
def test_our_loader_reads_the_source_where_the_bytecode_is_cut_off(tmp_path, kept):
    file = own_module(tmp_path, "def ask(): return 1")
    bytecode = Path(cache_from_source(str(file)))
    bytecode.write_bytes(bytecode.read_bytes()[:kept])
    if kept >= 16:
        with pytest.raises(EOFError):  # as Python's own loader ends
            SourceFileLoader("handoff_cli.answer", str(file)).get_code("handoff_cli.answer")
    else:
        assert answer_of(tmp_path) == 1


def test_our_loader_takes_bytecode_of_any_length(tmp_path):
    own_module(tmp_path, f"def ask(): return 1\nLONG = {'x' * 100_000!r}")
    assert answer_of(tmp_path) == 1


def test_our_loader_works_without_bytecode(tmp_path):
    file = own_module(tmp_path, "def ask(): return 1")
    Path(cache_from_source(str(file))).unlink()
    assert answer_of(tmp_path) == 1


def test_our_finder_leaves_to_others_what_is_not_ours_or_not_there(tmp_path):
    assert _OwnModules.find_spec("json.decoder", [str(tmp_path)]) is None
    assert _OwnModules.find_spec("handoff_cli") is None
    assert _OwnModules.find_spec("handoff_cli.git", [f"{tmp_path}/package.zip/handoff_cli"]) is None


def test_our_finder_stands_behind_those_that_others_put_first(monkeypatch):
    monkeypatch.setattr(sys, "meta_path", ["theirs", *sys.meta_path])
    _OwnModules.take_part()
    assert sys.meta_path[0] == "theirs"
    assert sys.meta_path.index(_OwnModules) < sys.meta_path.index(PathFinder)
