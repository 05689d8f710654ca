"""The way in: hot verbs go straight to their functions, everything else to the Typer app; errors become exit codes."""

from __future__ import annotations

import gc
import marshal
import os
import sys
from _frozen_importlib import BuiltinImporter, ModuleSpec
from _frozen_importlib_external import MAGIC_NUMBER, SourceFileLoader
from _imp import _fix_co_filename  # type: ignore[attr-defined]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType

EXIT_BUG = 70
EXIT_INTERRUPTED = 130

_LARGEST_BYTECODE = 1 << 16
_HEAD_BYTES = 16
_MAGIC = MAGIC_NUMBER + bytes(4)
"""How bytecode begins that has no flags: its source is told by the time and size that follow, 32 bits each."""
_LOW_BITS = 0xFFFFFFFF
_PLACED_BY_OPTIONS = sys.flags.optimize or sys.pycache_prefix or not sys.implementation.cache_tag
_ENDING = None if _PLACED_BY_OPTIONS else f".{sys.implementation.cache_tag}.pyc"


def run() -> None:
    """Run the command line of this process and end it; the entry point of the ``handoff`` script."""
    _OwnModules.take_part()
    # A hot verb makes no cycles worth looking for; the looking costs a tenth of an interpreter start.
    gc.set_threshold(100_000)
    try:
        code = main(sys.argv[1:])
    except KeyboardInterrupt:
        # A second Ctrl-C, while the first was being reported.
        code = EXIT_INTERRUPTED
    # All is written and flushed by now. Taking the interpreter apart would cost as much again as a third of its start.
    os._exit(code)


class _OwnModules:
    """Finds our own modules, beside Python's finder, which lists every folder and asks for six endings of a name.

    That is a tenth of what a hot verb takes beyond the interpreter's start. What is found is loaded as ever; what is
    not where it should be, say in an archive, is left to the finders behind. In the process of our script alone.
    """

    @classmethod
    def take_part(cls) -> None:
        """Look for modules from now on, behind any finder that somebody put before Python's own."""
        if BuiltinImporter in sys.meta_path:
            sys.meta_path.insert(sys.meta_path.index(BuiltinImporter), cls)

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, _target: object = None) -> ModuleSpec | None:
        """Return how to load the module ``name`` of a package of ours whose folder ``path`` tells; None otherwise."""
        if not path or not name.startswith("handoff_cli."):
            return None
        folder, stem = path[0], name.rpartition(".")[2]
        parts = None
        if (loader := _OwnLoader.of(name, folder, stem)) is None:
            parts = f"{folder}{os.sep}{stem}"
            if (loader := _OwnLoader.of(name, parts, "__init__")) is None:
                return None
        spec = ModuleSpec(name, loader, origin=loader.path)
        spec.has_location = True
        spec.cached = loader.bytecode
        if parts is not None:
            spec.submodule_search_locations = [parts]
        return spec


class _OwnLoader(SourceFileLoader):
    """Loads a module as its parent does, from bytecode of its source's time and size sooner: in three calls of a file.

    What is not so is left to the parent: no bytecode, an old one, one that tells its source by a hash.
    """

    bytecode: str | None
    head: bytes

    @classmethod
    def of(cls, name: str, folder: str, stem: str) -> _OwnLoader | None:
        """Return the loader of module ``name`` from ``stem`` in ``folder``; None where no such file is."""
        source = f"{folder}{os.sep}{stem}.py"
        try:
            facts = os.stat(source)
        except OSError:
            return None
        loader = cls(name, source)
        loader.bytecode = f"{folder}{os.sep}__pycache__{os.sep}{stem}{_ENDING}" if _ENDING else None
        time, size = int(facts.st_mtime) & _LOW_BITS, facts.st_size & _LOW_BITS
        loader.head = _MAGIC + (size << 32 | time).to_bytes(8, "little")
        return loader

    def get_code(self, fullname: str) -> CodeType | None:
        """Return the code of the module, whose name must be ``fullname``."""
        data = _beginning_of(self.bytecode) if self.bytecode else b""
        if len(data) == _LARGEST_BYTECODE or data[:_HEAD_BYTES] != self.head:
            return super().get_code(fullname)
        try:
            code: CodeType = marshal.loads(memoryview(data)[_HEAD_BYTES:])  # noqa: S302 - as Python's own loader does
        except (EOFError, ValueError, TypeError):
            return super().get_code(fullname)
        _fix_co_filename(code, self.path)
        return code


def _beginning_of(file: str) -> bytes:
    try:
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    except OSError:
        return b""
    try:
        return os.read(descriptor, _LARGEST_BYTECODE)
    except OSError:
        return b""
    finally:
        os.close(descriptor)


def main(argv: Sequence[str]) -> int:
    """Run ``handoff`` with ``argv`` (without the program's name) and return its exit code; never raises.

    Codes: 0 done, 1 expected failure, 2 usage error, 3 state that cannot be read or written, 4 lock not obtained in
    time, 70 a bug, 130 interrupted.
    """
    # Imports are most of a short run, so most of the moments in which Ctrl-C may come: all but the first are in here.
    try:
        return _answered(argv)
    except KeyboardInterrupt:
        _report("interrupted")
        return EXIT_INTERRUPTED


def _answered(argv: Sequence[str]) -> int:
    from handoff_cli.cli.console import drop_output, flush_output
    from handoff_cli.errors import HandoffError

    try:
        code = _dispatch(argv)
        # What is buffered may meet a closed pipe or a full disk only here.
        flush_output()
    except HandoffError as error:
        _report(error.message, error.hint)
        return error.exit_code
    except BrokenPipeError:
        # Whoever read our output has seen enough; that is not a failure of ours.
        drop_output()
        return 0
    except Exception as error:  # noqa: BLE001 - a traceback never reaches the user
        from handoff_cli.usecases.faults import write_crash_log

        _report(f"this is a bug in handoff: {type(error).__name__}", f"please report it with {write_crash_log(error)}")
        return EXIT_BUG
    return code


def _dispatch(argv: Sequence[str]) -> int:
    from handoff_cli.cli.reader import run_fast, take_apart

    line = take_apart(argv)
    code = None if "_HANDOFF_COMPLETE" in os.environ else run_fast(line)
    if code is not None:
        return code
    from handoff_cli.cli.app import run_typer

    return run_typer(line)


def _report(message: str, hint: str | None = None) -> None:
    from handoff_cli.cli.console import Console, flush_output
    from handoff_cli.errors import OutputError

    try:
        Console().error(message, hint)
        flush_output()
    except (OSError, OutputError):
        return


if __name__ == "__main__":
    run()
