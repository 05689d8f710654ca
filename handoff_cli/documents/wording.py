"""Words of the transcript in a line of the document's own: on one line, inert, cut where a sentence ends."""

from __future__ import annotations

from handoff_cli.core.patterns import MULTILINE, lazily
from handoff_cli.documents.extract.requests import typed_lines
from handoff_cli.documents.extract.standing import RESULT
from handoff_cli.documents.extract.words import SENTENCE_END, as_one_line, clipped, clipped_within
from handoff_cli.documents.markdown import code, prose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


COMMAND_CHARS = 240
"""A command up to here stands whole, so that it can be run again."""


def said(text: str, size: int) -> str:
    """Return words of the transcript on one line, without the marks of Markdown, so that little needs escaping."""
    return prose(clipped(text.replace("**", "").replace("`", ""), size))


def asked(text: str, size: int, *, brief: bool = False) -> str:
    """Return a request on one line: of a long one what was typed, not what was pasted, its beginning and its end.

    Of a ``brief`` one the end is left out.
    """
    text = _MARKED.split(text)[-1]
    line = as_one_line(text)
    if len(line) <= min(size, _SHORT_CHARS):
        return prose(line.replace("**", "").replace("`", ""))
    typed = typed_lines(text)
    if len(typed) > _FEW_LINES:  # a text of its own: its beginning, and what it asks at its end
        typed = [clipped(" ".join(typed[:_FEW_LINES]), size * 2 // 3), *(it for it in typed[-1:] if it.endswith("?"))]
    line = (as_one_line(" ".join(typed)) or line).replace("**", "").replace("`", "")
    return prose(clipped(line, size) if brief else _whole_sentences(line, size))


def _whole_sentences(line: str, size: int) -> str:
    """Return the first and the last sentences of ``line`` within ``size``; of long ones their beginning and end."""
    parts = SENTENCE_END.split(line)
    if len(line) <= size or len(parts) == 1 or len(parts[0]) + len(parts[-1]) > size:
        return clipped_within(line, size)
    first, last = 1, len(parts) - 1
    used = len(parts[0]) + len(parts[-1]) + 4
    while first < last and used + len(parts[first]) < size:
        used += len(parts[first]) + 1
        first += 1
    return " ".join((*parts[:first], "…" if first < last else "", *parts[last:])).replace("  ", " ")


_FEW_LINES, _SHORT_CHARS = 6, 160
_MARKED = lazily(r"^#+ My request for Codex:\s*", MULTILINE)
"""What stands before, an editor put there."""


def last_part(path: str) -> str:
    """Return the last part of a path."""
    return path.replace("\\", "/").rpartition("/")[2]


def event(line: str, size: int) -> str:
    """Return a line of what was done; a command stands as code, so that none of it needs escaping."""
    if not line.startswith("ran "):
        return said(line, size)
    command = RESULT.sub("", line[4:])
    result = line[4 + len(command) :].strip()
    between = "" if result[:1] in ("", ":") else " "
    return f"ran {code(clipped(command, size))}{between}{said(result, size)}"


def some(names: Sequence[str], most: int) -> str:
    """Return the first ``names``, as many as ``most``, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{code(', '.join(clipped(it, 60) for it in names[:most]))}{more}"


def ended(text: str) -> str:
    """Return ``text`` with a full stop where it does not end."""
    return text if text.endswith((".", "?", "!", "…")) else f"{text}."
