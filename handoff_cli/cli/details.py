"""What ``status`` says under the bar: where its figures come from, and the last checkpoints."""

from __future__ import annotations

from handoff_cli.cli.layout import tokens
from handoff_cli.core.text import printable, shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.cli.layout import Line
    from handoff_cli.usecases.status import CheckpointStatus, TokenStatus


def window_lines(status: TokenStatus) -> list[Line]:
    """Return where the window and its usable part come from, and the transcript the usage was read from."""
    window, usable = printable(status["context_window_source"]), printable(status["usable_source"])
    lines: list[Line] = [[(f"window by {window}; usable: {usable}", "dim")]]
    if status["transcript"]:
        agent = " ".join(filter(None, (status["agent"], status["agent_version"]))) or "transcript"
        peak = f"peak {status['peak_tokens']:,}, {counted(status['compaction_count'], 'compaction')}"
        lines.append([(f"{printable(agent)}, {peak}: {printable(status['transcript'])}", "dim")])
    return lines


def checkpoint_lines(status: TokenStatus) -> list[Line]:
    """Return the last checkpoints, newest last, with a line saying how many came before."""
    shown = status["checkpoints"]
    if not shown:
        return [[("no checkpoints yet", "dim")]]
    earlier = status["checkpoint_count"] - len(shown)
    count = status["checkpoint_count"]
    head = counted(count, "checkpoint") + (f", the last {len(shown)}:" if earlier else ":")
    return [[(head, "bold")], *(_checkpoint_line(item) for item in shown)]


def counted(number: int | None, what: str) -> str:
    """Return ``number`` and the noun ``what``, in the plural where it takes one."""
    return f"{number or 0:,} {what}{'' if number == 1 else 's'}"


def _checkpoint_line(item: CheckpointStatus) -> Line:
    what = item["description"] or item["source"]
    return [
        (f"  {item['sequence']:>4}  ", "dim"),
        (f"{item['time'][11:16]}  ", "dim"),
        (f"+{tokens(item['tokens'], item['method']):>8}  ", ""),
        (printable(shorten(what, 60)), ""),
    ]
