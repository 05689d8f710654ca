"""What a terminal alone is shown: color, documents, progress, all with rich, and a choice that is made with keys."""

from __future__ import annotations

import os
import sys
from time import monotonic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType
    from typing import Any, Self, TextIO

    from rich.console import Console as RichConsole

    from handoff_cli.cli.lines import Line


_PATIENCE_SECONDS = 0.7

_UP, _DOWN, _ENTER, _CANCEL = (
    ("k", "\x1b[A", "\x1bOA", "\xe0H"),
    ("j", "\x1b[B", "\x1bOB", "\xe0P"),
    ("\r", "\n"),
    "\x03",
)
_LEAVE = ("q", "\x1b", "\x04")


def print_lines(stream: TextIO, width: int, lines: Sequence[Line]) -> None:
    """Draw ``lines`` on ``stream``, which is ``width`` characters wide."""
    from rich.text import Text

    console = _console(stream, width)
    for line in lines:
        console.print(Text.assemble(*line), soft_wrap=True)


def print_markdown(stream: TextIO, width: int, text: str) -> None:
    """Render the document ``text`` on ``stream``, without its front matter."""
    from rich.markdown import Markdown

    from handoff_cli.documents.front_matter import split_front_matter

    # A renderer would show the front matter as a heading.
    _console(stream, width).print(Markdown(split_front_matter(text)[1], hyperlinks=False))


def _console(stream: TextIO, width: int | None) -> RichConsole:
    from rich.console import Console as RichConsole

    # rich writes what it is given, and a terminal may know no more than ASCII.
    if reconfigure := getattr(stream, "reconfigure", None):
        reconfigure(errors="backslashreplace")
    # Whether to color is decided by the console; rich would ask NO_COLOR and TERM again, --color always or not.
    return RichConsole(
        file=stream,
        force_terminal=True,
        color_system="standard" if os.environ.get("TERM") == "dumb" else "auto",
        no_color=False,
        width=width,
        highlight=False,
        markup=False,
        emoji=False,
    )


class Live:
    """A display on ``stream`` that is drawn anew in its place, and stays as it was when it ends."""

    def __init__(self, stream: TextIO) -> None:
        from rich.live import Live as RichLive

        self._live = RichLive(console=_console(stream, None), auto_refresh=False, vertical_overflow="crop")

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def show(self, lines: Sequence[Line], width: int) -> None:
        """Draw ``lines``, ``width`` characters wide, in the place of what was drawn before."""
        from rich.text import Text

        self._live.console.width = width
        self._live.update(Text("\n").join(Text.assemble(*line) for line in lines), refresh=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()


class Progress:
    """Counts bytes as they are read, and shows a bar on standard error once reading takes longer than a moment.

    Args:
        files: The files to be read; ``-`` or none: a pipe, whose length nobody knows.
    """

    def __init__(self, files: Sequence[str]) -> None:
        self._done = 0
        self._started = monotonic()
        self._bar: Any = None
        self._task: Any = None
        known = bool(files) and all(os.path.isfile(name) for name in files)
        self._total = sum(os.path.getsize(name) for name in files) if known else None

    def __enter__(self) -> Self:
        return self

    def __call__(self, block: bytes) -> None:
        """Take note of ``block`` as read."""
        self.at(self._done + len(block), self._total)

    def at(self, done: int, total: int | None) -> None:
        """Take note that ``done`` bytes of ``total`` were read."""
        self._done, self._total = done, total
        if self._bar is None and monotonic() - self._started > _PATIENCE_SECONDS:
            self._show()
        if self._bar:
            self._bar.update(self._task, completed=self._done, total=self._total)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def _show(self) -> None:
        self._bar = _bytes_bar()
        self._task = self._bar.add_task("counting", total=self._total)
        self._bar.start()


def _bytes_bar() -> Any:
    """Return a rich progress bar on standard error that leaves no trace when it ends."""
    from rich.console import Console as RichConsole
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TransferSpeedColumn
    from rich.progress import Progress as RichProgress

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    return RichProgress(*columns, console=RichConsole(stderr=True), transient=True)


def can_pick() -> bool:
    """Tell whether somebody sits at a terminal: both what is read and what is shown is one."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def pick(question: str, lines: Sequence[str]) -> int | None:
    """Return the index of the line chosen, None where nothing is. Drawn on standard error.

    Args:
        question: What stands above the lines.
        lines: At least one; each as wide as the terminal at most, and safe to print.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed.
    """
    read = _key_reader()
    return _by_number(question, lines) if read is None else _by_arrows(question, lines, read)


def _by_arrows(question: str, lines: Sequence[str], read: Callable[[], str]) -> int | None:
    out = sys.stderr
    at = 0
    out.write(f"{question}  (arrow keys, Enter; q leaves)\n")
    while True:
        for index, line in enumerate(lines):
            out.write(f"\x1b[2K{'>' if index == at else ' '} {line}\n")
        out.flush()
        key = read()
        if key == _CANCEL:
            raise KeyboardInterrupt
        if key in _ENTER:
            return at
        if key in _LEAVE:
            return None
        if key.isdecimal() and 0 < int(key) <= len(lines):
            return int(key) - 1
        at = (at + (key in _DOWN) - (key in _UP)) % len(lines)
        out.write(f"\x1b[{len(lines)}A")


def _by_number(question: str, lines: Sequence[str]) -> int | None:
    for number, line in enumerate(lines, 1):
        sys.stderr.write(f"{number:>3}  {line}\n")
    sys.stderr.write(f"{question} [1-{len(lines)}] ")
    sys.stderr.flush()
    said = sys.stdin.readline().strip()
    return int(said) - 1 if said.isascii() and said.isdecimal() and 0 < int(said) <= len(lines) else None


def _key_reader() -> Callable[[], str] | None:
    """Return a function that waits for one key, None where the terminal gives whole lines only."""
    if os.environ.get("TERM") == "dumb":
        return None
    if sys.platform == "win32":
        import msvcrt

        def key() -> str:
            pressed = msvcrt.getwch()
            return "\xe0" + msvcrt.getwch() if pressed in ("\x00", "\xe0") else pressed

        return key
    try:
        import termios
        import tty
    except ImportError:
        return None

    def pressed() -> str:
        descriptor = sys.stdin.fileno()
        before = termios.tcgetattr(descriptor)
        try:
            tty.setraw(descriptor)
            # An arrow key comes as three bytes at once; a lone Escape as one.
            return os.read(descriptor, 8).decode("utf-8", "replace")
        finally:
            termios.tcsetattr(descriptor, termios.TCSADRAIN, before)

    try:
        termios.tcgetattr(sys.stdin.fileno())
    except (termios.error, OSError, ValueError):
        return None
    return pressed
