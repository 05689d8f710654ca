"""What a tool gave that is no shell, in a line: of JSON the values that say something, else its first lines."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.words import as_one_line, clipped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_READ_CHARS, _MOST_VALUES, _DEEP = 8_000, 40, 3
"""So much of a result is looked at, so many values of it, and texts within texts so deep."""


def result_in(answer: str, size: int) -> str:
    """Return what a tool's ``answer`` says in at most ``size`` characters; empty where it says nothing.

    Of JSON these are names with their values. Where they are too many, those go first that only point to something.
    """
    text = _texts_in(answer.strip()[:_READ_CHARS])
    if not text.startswith(("{", "[")):
        return clipped(" | ".join(line.strip() for line in text.split("\n") if line.strip()), size)
    values = list(_values(text))
    if sum(map(len, values)) + 2 * len(values) > size:
        values = [it for it in values if not _POINTS.match(it)] or values
    return clipped(", ".join(dict.fromkeys(values)), size)


def lines_in(output: str) -> list[str]:
    """Return what a command printed, a line for each thing: an object on one, and labels with the same below as one.

    Of long identifiers the beginning stands, which tells them apart.
    """
    printed = _OBJECT.sub(lambda found: ", ".join(_values(found[0])) or found[0], output)
    lines = [_LONG_ID.sub(lambda found: f"{found[1] or found[2]}…", line.strip()) for line in printed.split("\n")]
    lines = [line for line in lines if line]
    labels = [_LABEL.match(line) for line in lines]
    if sum(map(bool, labels)) < _LABELS or not labels[0]:
        return lines
    below: dict[str, list[str]] = {}
    for line, label in zip(lines, labels, strict=True):
        if label:
            named = label[1]
            below[named] = []
        else:
            below[named].append(line)
    alike: dict[str, list[str]] = {}
    for named, told in below.items():
        alike.setdefault(" | ".join(told), []).append(named)
    return [f"{', '.join(names)}: {told}" if told else ", ".join(names) for told, names in alike.items()]


_OBJECT = lazily(r"(?ms)^\{\n.{1,2000}?^\}$")
_LABEL = lazily(r"(?:={2,}|-{2,}|#{2,}|==>) ?(\S.{0,120}?) ?(?:={2,}|-{2,}|#{2,}|<==)$")
_LONG_ID = lazily(r"\b([0-9a-f]{8})(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b([0-9a-f]{10})[0-9a-f]{22,54}\b")
_LABELS = 2


def _texts_in(answer: str) -> str:
    """Return the texts that a result of the Model Context Protocol is made of; anything else as it is."""
    for _ in range(_DEEP):
        texts = _TEXT.findall(answer) if answer.startswith(("[", "{")) and _CONTENT.match(answer) else []
        if not texts:
            break
        answer = "\n".join(map(unescaped, texts)).strip()
    return answer


def _values(text: str) -> Iterator[str]:
    for count, found in enumerate(_PAIR.finditer(text)):
        if count == _MOST_VALUES:
            return
        value = as_one_line(unescaped(found[2].strip('"'))) if found[2].startswith('"') else found[2]
        yield f"{found[1]}: {value or found[2]}"


def unescaped(text: str) -> str:
    """Return a string of JSON as it reads; what is rarely escaped stays so."""
    return _ESCAPED.sub(lambda found: _ESCAPES.get(found[1], found[0]), text) if "\\" in text else text


_ESCAPED = lazily(r"\\(.)")
_ESCAPES = {"n": "\n", "t": "\t", "r": "", '"': '"', "\\": "\\", "/": "/"}


_CONTENT = lazily(r'[\[{\s]*"(?:type|content)":\s*(?:"(?:input_|output_)?text"|\[)')
_TEXT = lazily(r'"text":\s*"((?:[^"\\]|\\.)*)"?')
_PAIR = lazily(r'"([\w.-]{1,60})":\s*("(?:[^"\\]|\\.){0,2000}"|-?\d[\d.eE+-]*|true|false|null|\[\s*\]|\{\s*\})')
_POINTS = caseless(
    r"(?:[\w-]*(?:id|url|uri|href|sha|hash|etag|cursor|token|avatar\w*|_at|timestamp|created|updated|type)): "
)
