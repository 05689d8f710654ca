"""The Markdown of a handoff, written and read: machine sections, headings, quotes, the files and checks it lists.

A machine section lies between two comment lines, each alone on its line and not indented::

    <!-- handoff:begin token-status 1a2b3c4d -->
    <!-- handoff:end token-status -->

The hex is a checksum (CRC-32) of the section's text without white space at line ends, so that an edit inside is seen.
Everything else is own text.
"""

from __future__ import annotations

import json
import re
from io import StringIO
from zlib import crc32

from handoff_cli.core.record import Record
from handoff_cli.documents.files import AFTER_NAME, is_absolute
from handoff_cli.documents.front_matter import split_front_matter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NAME = r"[a-z][a-z0-9-]*"
_BEGIN = re.compile(rf"<!-- handoff:begin ({_NAME}) ([0-9a-f]{{8}}) -->[ \t\r]*\n?\Z")
_END = re.compile(rf"<!-- handoff:end ({_NAME}) -->[ \t\r]*\n?\Z")
_MARKER = re.compile(r"<(!-- handoff:(?:begin|end)\b)")


class Own(Record):
    """Text that belongs to people and agents, as they wrote it."""

    text: str


class Section(Record):
    """A machine section: ``text`` with its markers, ``body`` between them; ``edited`` when the checksum disagrees."""

    name: str
    body: str
    text: str
    edited: bool = False


def section(name: str, body: str) -> str:
    """Return ``body`` between the markers of ``name`` (lower case, digits, dashes); empty where ``body`` is blank.

    Raises:
        ValueError: ``name`` cannot be written in a marker.
    """
    if not re.fullmatch(_NAME, name):
        raise ValueError(f"a section is named in lower case letters, digits and dashes, not {name!r}")
    if not body.strip():
        return ""
    body = _MARKER.sub(r"&lt;\1", body).strip("\n")
    return f"<!-- handoff:begin {name} {checksum_of(body)} -->\n{body}\n<!-- handoff:end {name} -->\n"


def parse(text: str) -> list[Own | Section]:
    """Return the parts of ``text`` in order.

    Markers without their partner are left out and the text around them is own text. Where only the end marker is
    missing and the section was not edited, the checksum tells where the section ends.
    """
    lines = StringIO(text).readlines()
    parts: list[Own | Section] = []
    own = ""
    index = 0
    while index < len(lines):
        found = _section_at(lines, index)
        if found:
            part, length = found
            parts += [Own(own), part] if own else [part]
            own = ""
            index += length
            continue
        if not _BEGIN.match(lines[index]) and not _END.match(lines[index]):
            own += lines[index]
        index += 1
    return [*parts, Own(own)] if own else parts


def _section_at(lines: list[str], start: int) -> tuple[Section, int] | None:
    """Return the section that begins at ``start`` and its number of lines, None where none does."""
    begin = _BEGIN.match(lines[start])
    if not begin:
        return None
    name, checksum = begin.groups()
    first = start + 1
    last = next((i for i in range(first, len(lines)) if _BEGIN.match(lines[i]) or _END.match(lines[i])), len(lines))
    end = _END.match(lines[last]) if last < len(lines) else None
    if end and end[1] == name:
        after = last + 1
    else:
        running = enumerate(_running_checksums(lines[first:last]), first + 1)
        last = after = next((position for position, sum_ in running if sum_ == checksum), start)
    if after == start:
        return None
    body = "".join(lines[first:last])
    edited = checksum_of(body) != checksum
    return Section(name, body.strip("\r\n"), "".join(lines[start:after]), edited), after - start


def _running_checksums(lines: Iterable[str]) -> Iterator[str]:
    """Yield, after each line, the checksum of the lines so far; blank lines count only between others."""
    total, gap = 0, ""
    for line in lines:
        if bare := line.rstrip():
            total = crc32(f"{gap}{bare}".encode("utf-8", "surrogatepass"), total)
            gap = "\n"
        elif gap:
            gap += "\n"
        yield f"{total:08x}"


def checksum_of(body: str) -> str:
    """Return the checksum of a section's ``body``, 8 hex digits; white space at line ends does not count."""
    *_, checksum = _running_checksums(["", *StringIO(body)])
    return checksum


_FENCE = re.compile(r"(`{3,})")
_ANY_MARKER = re.compile(r"<!-- handoff:(?:begin|end) ")
_BELOW = re.compile(r"^Changed.* below `+ ?([^`]+?) ?`+")
_FOLDER = re.compile(r"(.*/)(?:: (.+))?")
_AFTER_NAME = re.compile(AFTER_NAME)
_LISTED_NAME = re.compile(r'\s*("(?:[^"\\]|\\.)*"[^,]*|[^,\s][^,]*)')
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
        if not _ANY_MARKER.match(text):
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
    for name in _LISTED_NAME.findall(found[2] or ""):
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
