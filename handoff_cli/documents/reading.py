"""Reading a handoff back: its headings, what is quoted in it, the files and checks it lists."""

from __future__ import annotations

import json
import re

from handoff_cli.core.record import Record
from handoff_cli.documents.files import AFTER_NAME, is_absolute
from handoff_cli.documents.front_matter import split_front_matter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_FENCE = re.compile(r"(`{3,})")
_MARKER = re.compile(r"<!-- handoff:(?:begin|end) ")
_BELOW = re.compile(r"^Changed.* below `+ ?([^`]+?) ?`+")
_FOLDER = re.compile(r"(.*/)(?:: (.+))?")
_AFTER_NAME = re.compile(AFTER_NAME)
_NAME = re.compile(r'\s*("(?:[^"\\]|\\.)*"[^,]*|[^,\s][^,]*)')
_OTHERS = re.compile(r"\d[\d,]* more|Others by folder: .*")
_CHECK = re.compile(r"- (`+) ?(.+?) ?\1: ")


class Line(Record):
    """A line of a document: its ``number`` in the file from 1, the heading it stands under, and its ``text``.

    ``quoted`` tells that it lies in a fenced block or a block quote: somebody else's words.
    """

    number: int
    heading: str
    text: str
    quoted: bool


def lines_in(document: str) -> Iterator[Line]:
    """Yield the lines of ``document`` below its front matter, without the markers of machine sections."""
    head, body = split_front_matter(document)
    heading, fence = "", ""
    for number, text in enumerate(body.split("\n"), head.count("\n") + 1):
        found = _FENCE.match(text)
        if fence:
            yield Line(number, heading, text, quoted=True)
            fence = "" if text.rstrip() == fence else fence
            continue
        if found:
            fence = found[1]
        elif text.startswith("## "):
            heading = text[3:].strip()
        if not _MARKER.match(text):
            yield Line(number, heading, text, bool(found) or text.startswith(">"))


def files_in(document: str) -> Iterator[tuple[int, str]]:
    """Yield (line, path) of each file that the list of changed files names."""
    above: list[str] = []
    for line in lines_in(document):
        if line.heading != "Files":
            continue
        if line.text.startswith("Changed"):
            below = _BELOW.match(line.text)
            above = [below[1] if below else ""]
        elif line.text and not line.quoted:
            above = []
        elif above and line.quoted and line.text and not line.text.startswith("`"):
            yield from ((line.number, path) for path in _paths(line.text, above))


def checks_in(document: str) -> list[str]:
    """Return the commands listed under Verify."""
    return [found[2] for it in lines_in(document) if it.heading == "Verify" and (found := _CHECK.match(it.text))]


def _paths(text: str, above: list[str]) -> Iterator[str]:
    """Yield the paths a line names; ``above`` are the folders it may lie below, by indentation, and gets its own."""
    depth = len(text) - len(text.lstrip(" "))
    if depth < len(above):
        del above[depth + 1 :]
    line = text.lstrip(" ")
    found = None if line.startswith('"') else _FOLDER.fullmatch(line)
    if not found:
        if not _OTHERS.fullmatch(line):
            yield _joined(above[-1], _name(line))
        return
    folder = _joined(above[-1], found[1].removeprefix("./"))
    above.append(folder)
    for name in _NAME.findall(found[2] or ""):
        if not _OTHERS.fullmatch(name):
            yield folder + _name(name)


def _name(shown: str) -> str:
    """Return the name of a file out of its entry: without what was done to it, and unquoted."""
    if shown.startswith('"'):
        try:
            return str(json.JSONDecoder().raw_decode(shown)[0])
        except ValueError:
            return shown
    return _AFTER_NAME.sub("", shown)


def _joined(folder: str, path: str) -> str:
    return path if is_absolute(path) else folder + path
