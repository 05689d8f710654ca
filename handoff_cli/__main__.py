"""The way in: hot verbs go straight to their functions, everything else to the Typer app; errors become exit codes."""

from __future__ import annotations

import gc
import os
import sys
from _frozen_importlib import BuiltinImporter, ModuleSpec
from _frozen_importlib_external import SourceFileLoader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

EXIT_BUG = 70
EXIT_INTERRUPTED = 130


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
        place = f"{path[0]}{os.sep}{name.rpartition('.')[2]}"
        file = f"{place}.py"
        is_package = not os.path.exists(file)
        if is_package and not os.path.exists(file := f"{place}{os.sep}__init__.py"):
            return None
        spec = ModuleSpec(name, SourceFileLoader(name, file), origin=file)
        spec.has_location = True
        if is_package:
            spec.submodule_search_locations = [place]
        return spec


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
        _report(f"this is a bug in handoff: {type(error).__name__}", f"please report it with {_write_crash_log(error)}")
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


def _write_crash_log(error: BaseException) -> str:
    """Write what is known of ``error`` to a new file (0600) and return its path; it holds no tracked text."""
    import platform
    import tempfile
    import traceback

    from handoff_cli.constants import VERSION

    descriptor, path = tempfile.mkstemp(prefix="handoff-crash-", suffix=".log")
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(f"handoff {VERSION}, Python {sys.version}, {platform.platform()}\n")
        file.write("".join(traceback.format_exception(error)))
    return path


if __name__ == "__main__":
    run()
