"""Choosing one of a few lines at a terminal: by the arrow keys, or by its number where keys cannot be read singly."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_UP, _DOWN, _ENTER, _CANCEL = (
    ("k", "\x1b[A", "\x1bOA", "\xe0H"),
    ("j", "\x1b[B", "\x1bOB", "\xe0P"),
    ("\r", "\n"),
    "\x03",
)
_LEAVE = ("q", "\x1b", "\x04")


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
    import os

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
