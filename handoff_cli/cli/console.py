"""The only place that draws, with ``lines`` and ``views`` to say what and ``terminal`` to do it in color.

rich is loaded when there is color to draw, and not before. Data goes to standard output, messages to standard error;
every stranger's text is made printable before it is shown.
"""

from __future__ import annotations

import os
import sys

from handoff_cli.cli import lines
from handoff_cli.core.text import json_text, printable, printable_block, shorten, visible
from handoff_cli.errors import OutputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any, Self, TextIO

    from handoff_cli.cli.lines import Line
    from handoff_cli.cli.terminal import Live, Progress
    from handoff_cli.fleet.sessions import FleetSession
    from handoff_cli.state.store import Place
    from handoff_cli.tokens.count import TokenCount
    from handoff_cli.transcripts.filling import Context
    from handoff_cli.usecases.pieces import CountedPiece
    from handoff_cli.usecases.record import Recorded
    from handoff_cli.usecases.status import TokenStatus
    from handoff_cli.usecases.status_line import StatusLine
    from handoff_cli.usecases.sync import SyncResult
    from handoff_cli.usecases.track import TrackResult
    from handoff_cli.usecases.watch import Moved, Watched

_DEFAULT_WIDTH = 80
_MIN_WIDTH = 20
_COLUMNS_DIGITS = 6
_MOST_LIVE_ROWS = 200


class Console:
    """Draws on the standard streams.

    Args:
        color: ``always``, ``never``, or ``auto``: color when the stream is a terminal, ``NO_COLOR`` is unset or empty
            and ``TERM`` is not ``dumb``.
        quiet: Draw no bars and no messages; data that was asked for, warnings and errors still come.
        data_to_stderr: Draw on standard error what otherwise goes to standard output, because that carries a copy.
    """

    def __init__(self, color: str = "auto", *, quiet: bool = False, data_to_stderr: bool = False) -> None:
        self._color = color
        self.quiet = quiet
        self._out = sys.stderr if data_to_stderr else sys.stdout

    def status(self, status: TokenStatus) -> None:
        """Draw the bar, the figures and the last checkpoints."""
        if not self.quiet:
            title: Line = [("session ", "dim"), (status["session"] or status["session_id"] or "not started", "bold")]
            if status["session"] and not status["session_id"]:
                title.append(("  not started", "dim"))
            if status["session_chosen"]:
                title.append((f"  {status['session_chosen']}", "dim"))
            rows = lines.checkpoint_lines(status, self._width())
            self._draw([title, *self._bar(status), *lines.window_lines(status, _working_directory()), *rows])
        self.warnings(status["warnings"])

    def chosen(self, place: Place) -> None:
        """Say which session is meant, where it had to be chosen."""
        if place.chosen:
            own = place.folder == place.project
            name = "the project's own session" if own else f"session {os.path.basename(place.folder)}"
            self.message(f"{name}: {place.chosen}")

    def tracked(self, result: TrackResult) -> None:
        """Draw what was added, the bar, and on a crossing the handoff itself; above a threshold one line reminds."""
        shown = [lines.added_lines(it, self._width(), explained=result.counts_anew) for it in result.added]
        self._recorded(result, [line for drawn in shown for line in drawn])

    def synced(self, result: SyncResult) -> None:
        """Draw what was read, the bar, and what ``tracked`` draws at a threshold."""
        self._recorded(result, [lines.read_line(result.status, result.format, changed=result.recorded)])

    def _recorded(self, result: Recorded, told: list[Line]) -> None:
        """Draw what happened, ``told``, and where it leads: on a terminal the bar stays in view below the document."""
        document = result.document if result.crossed and not self.quiet else None
        bar_last = document is not None and self._out is not None and self._is_terminal(self._out)
        if document is not None and bar_last:
            self.markdown(document)
        if not self.quiet:
            self._draw([*told, *self._bar(result.status)])
        self.warnings(result.status["warnings"])
        self.reached(result)
        if result.handoff and not result.crossed:
            level = result.status["level"]
            where = f"{lines.ABOVE[level]}: handoff brought up to date in {result.handoff}"
            self.message(where, lines.LEVEL_STYLES[level])
        if document is not None and not bar_last:
            self.markdown(document)

    def reached(self, result: Recorded | Moved) -> None:
        """Tell what went wrong, and that a threshold was reached, with where the document of that lies."""
        self.warnings(result.warnings)
        if result.crossed:
            where = f": handoff written to {result.handoff}" if result.handoff else ""
            self.message(f"{lines.REACHED[result.crossed]}{where}", lines.LEVEL_STYLES[result.crossed])

    def _bar(self, status: TokenStatus) -> list[Line]:
        where = lines.folder_lines(status, _working_directory())
        return [*where, *lines.bar_lines(status, self._width(), ascii_only=self._ascii_only())]

    def counted(self, pieces: Sequence[CountedPiece], total: TokenCount) -> None:
        """Print a count: a line for each of ``pieces``, then the total; the bare number when quiet."""
        if self.quiet:
            self.data(str(total.tokens))
            return
        for piece in pieces:
            self.data(f"{lines.tokens(piece.count.tokens, piece.count.method):>12}  {piece.source}")
        self.data(lines.count_line(total))

    def context(self, context: Context, usable: int, advice: Sequence[str], top: int) -> None:
        """Draw what fills the window: kinds with bars, tables by tool, file and command, and what could go."""
        from handoff_cli.cli.views import context_lines

        self._draw(context_lines(context, usable, advice, top, self._width(), ascii_only=self._ascii_only()))

    def shows_live(self) -> bool:
        """Return whether a view that redraws itself can be shown: a person sits in front of a terminal with color."""
        return not self.quiet and self._colored(self._out)

    def live(self) -> Live:
        """Return a display that redraws itself; give it to ``with``."""
        from handoff_cli.cli.terminal import Live

        return Live(self._out)

    def board(self, rows: Sequence[Watched], where: str, live: Live | None = None) -> None:
        """Draw the sessions ``rows`` of what is watched, ``where``: on ``live``, in place of what it shows, or once."""
        import time

        from handoff_cli.cli.views import board_lines

        drawn = board_lines(rows, where, time.time(), self._width(), ascii_only=self._ascii_only())
        if live is None:
            self._draw(drawn)
        else:
            live.show(drawn, self._width())

    def fleet(self, rows: Sequence[FleetSession], live: Live | None = None) -> None:
        """Write the sessions of a fleet as a table, a row each: on ``live``, in place of what it shows, or once."""
        from handoff_cli.cli.views import fleet_lines

        # No terminal is higher than that.
        shown = fleet_lines(rows if live is None else rows[:_MOST_LIVE_ROWS], ascii_only=self._ascii_only())
        if live is None:
            for line in shown:
                self.row(line)
        else:
            live.show([[(shorten(line, self._width()), "")] for line in shown], self._width())

    def bell(self) -> None:
        """Ring, where a person sits in front of a terminal; a live display lets no such sign through ``sys.stderr``."""
        if not self.quiet and (stream := sys.__stderr__) is not None and self._is_terminal(stream):
            stream.write("\a")
            stream.flush()

    def progress(self, files: Sequence[str]) -> Progress | NoProgress:
        """Return a progress display for reading ``files``: on standard error, when that is a terminal."""
        if self.quiet or sys.stderr is None or not self._is_terminal(sys.stderr):
            return NoProgress()
        from handoff_cli.cli.terminal import Progress

        return Progress(files)

    def markdown(self, text: str) -> None:
        """Show a document: rendered where there is color, else as ``document`` writes it."""
        if self._colored(self._out):
            from handoff_cli.cli.terminal import print_markdown

            with writing_output():
                print_markdown(self._out, self._width(), printable_block(text))
        else:
            self.document(text)

    def document(self, text: str) -> None:
        """Write a document that was asked for, even when quiet: inert on a terminal, and for an agent behind a pipe."""
        if self._out is None or self._is_terminal(self._out):
            self._write(self._out, printable_block(text))
            return
        with writing_output():
            self._out.flush()
            self._out.buffer.write(visible(text).encode())

    def data(self, text: str) -> None:
        """Write one line that was asked for, even when quiet; on a terminal broken between words."""
        for line in self._broken(self._out, [(printable(text), "")]):
            self._write(self._out, f"{lines.painted(line, colored=False)}\n")

    def row(self, text: str) -> None:
        """Write one row of a table that was asked for, even when quiet; on a terminal cut to its width."""
        shown = printable(text)
        if self._out is not None and self._is_terminal(self._out):
            shown = shorten(shown, self._width())
        self._write(self._out, f"{shown}\n")

    def json(self, value: Any) -> None:
        """Write ``value`` as JSON, in ASCII, indented."""
        from handoff_cli.core.jsonc import dumps

        self._write(self._out, f"{json_text(dumps(value, indent='  '))}\n")

    def json_line(self, value: Any) -> None:
        """Write ``value`` as JSON, in ASCII, on one line."""
        from handoff_cli.core.jsonc import dumps

        self._write(self._out, f"{json_text(dumps(value))}\n")

    def flush(self) -> None:
        """Let whoever reads see now what was drawn so far."""
        if self._out is not None:
            with writing_output():
                self._out.flush()

    def text(self, line: str) -> None:
        """Write one line meant for people, unless quiet."""
        if not self.quiet:
            self.data(line)

    def message(self, line: str, style: str = "") -> None:
        """Write one line about what happened to standard error, unless quiet."""
        if not self.quiet:
            self._tell([(f"handoff: {printable(line)}", style)])

    def warnings(self, told: Iterable[str]) -> None:
        """Write warnings to standard error, even when quiet."""
        for line in told:
            self._tell([("handoff: ", ""), ("warning: ", "yellow"), (printable(line), "")])

    def error(self, message: str, hint: str | None = None) -> None:
        """Write one line, what went wrong and what to do, to standard error."""
        advice = f"; {hint}" if hint else ""
        self._tell([(f"handoff: {printable(message)}{printable(advice)}", "")])

    def status_line(self, line: StatusLine, template: str, *, piped: bool) -> None:
        """Write one line for a status bar; ``piped`` says that an agent shows it, which draws color without a terminal.

        rich would cost more than the line may take, so the few styles are written out here.
        """
        color = self._color == "always" or (self._color == "auto" and piped and not os.environ.get("NO_COLOR"))
        parts = lines.status_line(line, template, self._width(), ascii_only=self._ascii_only())
        self._write(self._out, f"{lines.painted(parts, colored=color or self._colored(self._out))}\n")

    def _draw(self, drawn: list[Line]) -> None:
        fitted = self._fitted(drawn)
        if self._colored(self._out):
            from handoff_cli.cli.terminal import print_lines

            with writing_output():
                print_lines(self._out, self._width(), fitted)
        else:
            self._write(self._out, "".join("".join(text for text, _ in line).rstrip() + "\n" for line in fitted))

    def _fitted(self, drawn: list[Line]) -> list[Line]:
        """Return ``drawn`` broken between words where somebody looks at it; whoever reads a pipe gets whole lines."""
        if self._out is None or not self._is_terminal(self._out):
            return drawn
        return [part for line in drawn for part in lines.wrapped(line, self._width())]

    def _tell(self, line: Line) -> None:
        """Write one line to standard error, in color where that is a terminal; rich would cost too much."""
        colored = self._colored(sys.stderr)
        for part in self._broken(sys.stderr, line):
            self._write(sys.stderr, f"{lines.painted(part, colored=colored)}\n")

    def _broken(self, stream: TextIO | None, line: Line) -> list[Line]:
        """Return ``line`` broken between words where somebody looks at it; whoever reads a pipe gets whole lines."""
        if stream is None or not self._is_terminal(stream):
            return [line]
        return lines.wrapped(line, self._width(), whole_words=True)

    def _colored(self, stream: TextIO | None) -> bool:
        if stream is None or self._color == "never":
            return False
        if self._color == "always":
            return True
        return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and self._is_terminal(stream)

    @staticmethod
    def _is_terminal(stream: TextIO) -> bool:
        return stream.isatty()

    def _ascii_only(self) -> bool:
        return "utf" not in (getattr(self._out, "encoding", None) or "ascii").lower()

    def _width(self) -> int:
        columns = os.environ.get("COLUMNS", "")
        if columns.isdecimal() and len(columns) < _COLUMNS_DIGITS and int(columns):
            return max(_MIN_WIDTH, int(columns))
        try:
            # A terminal that does not know its size says 0.
            return max(_MIN_WIDTH, os.get_terminal_size(self._out.fileno()).columns or _DEFAULT_WIDTH)
        except (OSError, ValueError, AttributeError):
            return _DEFAULT_WIDTH

    def _write(self, stream: TextIO | None, text: str) -> None:
        if stream is not None:
            encoding = getattr(stream, "encoding", None) or "utf-8"
            with writing_output():
                stream.write(text.encode(encoding, "backslashreplace").decode(encoding))


def _working_directory() -> str:
    try:
        return os.getcwd()
    except OSError:
        return ""


class NoProgress:
    """A progress display where nobody watches."""

    def __enter__(self) -> Self:
        return self

    def __call__(self, block: bytes) -> None:
        """Take no note of ``block``."""

    def at(self, done: int, total: int | None) -> None:
        """Take no note of ``done`` of ``total`` bytes."""

    def __exit__(self, kind: object, error: object, trace: object) -> None: ...


class writing_output:  # noqa: N801 - reads as what it does; contextlib costs time on the hot path
    """Turn an OSError while writing output into an OutputError; a closed pipe is let through."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
            drop_output()
            why = f"cannot write the output: {error.strerror or error}"
            raise OutputError(why, "what was to be recorded is recorded") from error


def flush_output() -> None:
    """Write out what the standard streams still hold; raises OutputError or BrokenPipeError when that fails."""
    with writing_output():
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()


def drop_output() -> None:
    """Point standard output at nothing: whoever read it is gone, and what is buffered needs somewhere to go."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, 1)
    os.close(devnull)


def read_input(limit: int, seconds: float) -> bytes:
    """Return at most ``limit`` bytes of standard input; where nobody closes it, what has come within ``seconds``."""
    import _signal  # type: ignore[import-not-found] # signal itself takes enum along

    def give_up(*_: object) -> None:
        raise TimeoutError

    stream: Any = sys.stdin.buffer
    chunks: list[bytes] = []
    try:
        before = _signal.signal(_signal.SIGALRM, give_up)
    except (AttributeError, ValueError):  # Windows has none, and only the main thread may ask for it
        return bytes(stream.read(limit))
    timer = _signal.setitimer(_signal.ITIMER_REAL, seconds)
    try:
        while limit and (chunk := stream.read1(min(limit, 1 << 16))):
            chunks.append(chunk)
            limit -= len(chunk)
    except TimeoutError:
        pass
    finally:
        _signal.setitimer(_signal.ITIMER_REAL, *timer)
        _signal.signal(_signal.SIGALRM, before)
    return b"".join(chunks)
