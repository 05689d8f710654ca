"""Words of the transcript in a line of the document's own: on one line, inert, cut where a sentence ends."""

from __future__ import annotations

from handoff_cli.core.patterns import MULTILINE, lazily
from handoff_cli.core.text import one_line
from handoff_cli.documents.extract.requests import typed_lines
from handoff_cli.documents.extract.standing import RESULT
from handoff_cli.documents.extract.words import (
    CODE_SPAN,
    SENTENCE_END,
    as_one_line,
    clipped,
    clipped_within,
    without_bold,
)
from handoff_cli.documents.markdown import code, is_marked, prose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


COMMAND_CHARS = 240
"""A command up to here stands whole, so that it can be run again."""


def said(text: str, size: int) -> str:
    """Return words of the transcript on one line as they read, see ``as_read``, cut where they are long."""
    return as_read(clipped(without_bold(as_one_line(text)), size))


def as_read(line: str, *, keep_code: bool = False) -> str:
    """Return ``line`` as Markdown that reads as it does without its marks: what would be a mark stands as code.

    With ``keep_code`` every code span of the line stays one: a person who wrote it meant it so.

    A reader of the raw text is to be spared the signs by which a mark is none: of names, patterns and types they make
    others.
    """
    line = one_line(as_one_line(line))
    line = _EMPHASIS.sub(r"\1", without_bold(line)) if "*" in line or "__" in line else line
    parts: list[str] = []
    at = 0
    for found in CODE_SPAN.finditer(line):
        parts += [
            _words_as_read(line[at : found.start()]),
            code(found[2]) if keep_code or is_marked(found[2]) else found[2],
        ]
        at = found.end()
    shown = "".join((*parts, _words_as_read(line[at:])))
    first, space, rest = shown.partition(" ")
    return f"{first if '`' in first else prose(first)}{space}{rest}"


def _words_as_read(text: str) -> str:
    """Return ``text``, in which no code is marked as such, with the words that hold a mark as code."""
    text = text.replace("`", "")
    if not is_marked(text):
        return text
    words, parts = text.split(), list[str]()
    at = 0
    while at < len(words):
        end = _marked_until(words, at)
        told = " ".join(words[at : end or at + 1])
        parts.append(_as_code(told) if end else told)
        at = end or at + 1
    return _with_ends(text, " ".join(parts))


def _with_ends(text: str, shown: str) -> str:
    """Return ``shown`` with the spaces that ``text`` begins and ends with."""
    return f"{' ' * text[:1].isspace()}{shown}{' ' * (text[-1:].isspace() and bool(text.strip()))}"


def _marked_until(words: Sequence[str], at: int) -> int:
    """Return where what ``words[at]`` begins ends: its brackets closed, or words with marks; 0: it holds none."""
    if not is_marked(words[at]):
        return 0
    depth = 0
    for end in range(at, min(len(words), at + _MOST_WORDS)):
        plain = words[end].replace("->", "").replace("=>", "")
        depth += sum(map(plain.count, "[<")) - sum(map(plain.count, "]>"))
        if depth <= 0:
            return end + 1
    return next((end for end in range(at + 1, len(words)) if not is_marked(words[end])), len(words))


def _as_code(told: str) -> str:
    """Return ``told`` as code, without the brackets and full stops around it that belong to the sentence."""
    stop = _STOPS.search(told)
    inside, after = (told[: stop.start()], stop[0]) if stop and is_marked(told[: stop.start()]) else (told, "")
    before = ""
    while inside[:1] == "(" and inside.count("(") > inside.count(")"):
        before, inside = f"{before}(", inside[1:]
    while inside[-1:] == ")" and inside.count(")") > inside.count("("):
        after, inside = f"){after}", inside[:-1]
    return f"{before}{code(inside)}{after}"


_EMPHASIS = lazily(r"(?<![\w*/\\])\*(?=\w)([^*`]*\w[.!?:]?)\*(?![\w*/\\.])")
_STOPS = lazily(r"(?<!^)[.,;:!?\u2026]+$")
_MOST_WORDS = 12


def asked(text: str, size: int, *, brief: bool = False) -> str:
    """Return a request on one line: of a long one what was typed, not what was pasted, its beginning and its end.

    Of a ``brief`` one the end is left out.
    """
    text = _MARKED.split(text)[-1]
    line = as_one_line(text)
    if len(line) <= min(size, _SHORT_CHARS):
        return as_read(line)
    typed = typed_lines(text)
    if brief and len(typed) > 1 and typed[0].endswith(":") and (title := _HEADING.match(typed[1])):
        return as_read(clipped(f"{without_bold(typed[0])} {without_bold(title[1])}", _TITLE_CHARS))
    if len(typed) > _FEW_LINES:  # a text of its own: its beginning, and what it asks at its end
        typed = [clipped(" ".join(typed[:_FEW_LINES]), size * 2 // 3), *(it for it in typed[-1:] if it.endswith("?"))]
    line = without_bold(as_one_line(" ".join(typed)) or line)
    return as_read(clipped(line, size) if brief else _whole_sentences(line, size))


_HEADING = lazily(r"#{1,6} +(\S.*)")
_TITLE_CHARS = 160
"""The characters of an order with the title of the plan it hands over: it stands whole."""


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
