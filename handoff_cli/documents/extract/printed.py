"""What a command that is no check printed, in a line: where that is short, or its last line tells how it went."""

from __future__ import annotations

from handoff_cli.core.patterns import MULTILINE, caseless, lazily
from handoff_cli.documents.extract.checks import without_folder
from handoff_cli.documents.extract.results import result_in
from handoff_cli.documents.extract.searches import told_by
from handoff_cli.documents.extract.words import clipped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.transcript import Command


def printed_line(command: Command, together: int) -> str:
    """Return what ``command`` printed: all of it in at most ``together`` characters, else a last line that tells."""
    output = command.output or ""
    if (found := _URL.search(output)) and len(output) < _SHORT_OUTPUT:
        return found[0]
    output = _NO_PART.sub("", output).strip()
    if _LISTS.match(without_folder(command.text)):
        return _listed(output) if output or command.outcome == "ok" else ""
    if output.startswith(("{", "[{")):
        told = told_by(output) or (result_in(output, _LAST_CHARS) if len(output) < _SHORT_OUTPUT else "")
        return clipped(told, _LAST_CHARS)
    if _LATEST_FIRST.match(without_folder(command.text)):
        first, *others = output.split("\n")
        more = (
            f" and {len(others)} more lines"
            if len(others) > 1
            else "".join(f" | {clipped(it, _LAST_CHARS)}" for it in others)
        )
        return f"{clipped(first, _LAST_CHARS)}{more}"
    last = output.rpartition("\n")[2].strip()
    if len(output) <= 2 * together:  # what it is set out with goes
        lines = " | ".join(" ".join(it.split()) for it in output.split("\n") if it.strip())
        if len(lines) <= together:
            return lines
    tells = output.count("\n") < _FEW_LINES or (len(last) <= _LAST_CHARS and _TELLS_HOW.search(last))
    return clipped(last, _LAST_CHARS) if tells else ""


_URL = lazily(r"https?://[^\s\"'<>)\]]+")
_NO_PART = lazily(r"^(?:Shell cwd was reset to .*|(?:real|user|sys)\s+\d+m[\d.]+s)$", MULTILINE)
"""Lines that others add to what a command prints."""

_TELLS_HOW = caseless(
    r"\b(?:completed?|success\w*|started|created|deployed|rolled out|appl(?:y|ied)|finished|done|healthy|published"
    r"|restarted|scaled|configured|running)\b|\bplan: \d|\b\w+[=:] ?\d"
)
_SHORT_OUTPUT, _FEW_LINES, _LAST_CHARS = 400, 3, 80
_LATEST_FIRST = lazily(r"\s*git (?:-\S+ )*(?:log|reflog|stash list)\b(?!.*--reverse)")
"""What prints the latest first: the first line tells most."""


def _listed(output: str) -> str:
    """Return the names that ``ls`` printed, without the folder itself and the one above."""
    lines = [it.split() for it in output.split("\n") if it.strip() and not _NO_ENTRY.search(it)]
    names = [it[-1] for it in lines]
    more = f" and {len(names) - _ENTRIES} more" if len(names) > _ENTRIES else ""
    return f"{', '.join(names[:_ENTRIES])}{more}" if names else "nothing in it"


_LISTS = lazily(r"\s*ls\b(?!.*(?:\*|[^|]\|[^|]))")
_NO_ENTRY, _ENTRIES = lazily(r"^total \d+$| \.{1,2}/?$"), 5
