"""The Markdown of a handoff: strangers' words stay words, machine sections are marked, an update keeps people's text.

A machine section lies between two comment lines, each alone on its line and not indented::

    <!-- handoff:begin token-status 1a2b3c4d -->
    <!-- handoff:end token-status -->

The hex is a checksum (CRC-32) of the section's text without white space at line ends, so that an edit inside is seen.
Everything else is own text.
"""

from __future__ import annotations

from io import StringIO
from zlib import crc32

from handoff_cli.core.patterns import lazily
from handoff_cli.core.record import Record
from handoff_cli.core.text import name as visible_name
from handoff_cli.core.text import one_line, visible
from handoff_cli.documents.front_matter import combine, split_front_matter

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator

_MARKUP = lazily(r"[\\`*\[\]|~]|(?<!\w)_+|(?<=[^\W_])_++(?![^\W_])")
_ENTITY = lazily(r"&(?=#?\w+;)")
_BLOCK_START = lazily(r"^(\d{1,9}(?=[.)])|(?=[-+=#>]))")
_BACKTICKS = lazily("`+")


def prose(text: str) -> str:
    """Return ``text`` as a line of Markdown that reads as the plain text it is, in a paragraph, list or table cell."""
    line = _ENTITY.sub("&amp;", _MARKUP.sub(_escaped, one_line(text)))
    return _BLOCK_START.sub(lambda found: f"{found[1]}\\", line.replace("<", "&lt;"))


def _escaped(found: re.Match[str]) -> str:
    return "".join(f"\\{sign}" for sign in found[0])


def is_marked(text: str) -> bool:
    """Return whether ``text`` holds what Markdown may take for a mark, wherever in a line it stands."""
    return "<" in text or bool(_MARKUP.search(text) or _ENTITY.search(text))


def code(text: str) -> str:
    """Return ``text`` as one Markdown code span, fenced by more backticks than it holds.

    Inside a table, use ``prose``: readers do not agree on a pipe in a code span there.
    """
    line = visible_name(text)
    if not line.strip():
        return f"`{line or ' '}`"
    fence = "`" * (1 + max((len(run) for run in _BACKTICKS.findall(line)), default=0))
    pad = " " if line[0] in "` " or line[-1] in "` " else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def quote(text: str) -> str:
    """Return ``text`` as a Markdown block quote, line for line; HTML comments in it are shown, not obeyed."""
    lines = visible(text).strip("\n").replace("<!--", "&lt;!--").split("\n")
    return "\n".join(f"> {line}" if line else ">" for line in lines)


def fence(text: str) -> str:
    """Return ``text`` as a fenced Markdown block, verbatim, fenced by more backticks than it holds."""
    body = visible(text).strip("\n")
    bar = "`" * max(3, 1 + max((len(run) for run in _BACKTICKS.findall(body)), default=0))
    return f"{bar}\n{body}\n{bar}"


_NAME = r"[a-z][a-z0-9-]*"
_IS_NAME = lazily(_NAME)
_BEGIN = lazily(rf"<!-- handoff:begin ({_NAME}) ([0-9a-f]{{8}}) -->[ \t\r]*\n?\Z")
_END = lazily(rf"<!-- handoff:end ({_NAME}) -->[ \t\r]*\n?\Z")
_MARKER = lazily(r"<(!-- handoff:(?:begin|end)\b)")


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
    if not _IS_NAME.fullmatch(name):
        raise ValueError(f"a section is named in lower case letters, digits and dashes, not {name!r}")
    if not body.strip():
        return ""
    body = _MARKER.sub(lambda found: f"&lt;{found[1]}", body).strip("\n")
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


_HEADING = lazily(r"#{1,6} ")
_COMMENT = lazily(r"<!--.*-->\s*\Z")


class Conflict(Record):
    """An edited machine section whose edited ``body`` was moved to a section of its own."""

    name: str
    body: str


class Merged(Record):
    """The document to write, and the edits in machine sections that were moved in it."""

    text: str
    conflicts: tuple[Conflict, ...] = ()


def merge(old_text: str | None, new_text: str) -> Merged:
    """Return ``new_text`` with what people and agents wrote in ``old_text``.

    The old document is the base: its own text stays byte for byte and in its order, and each machine section is
    replaced where it stands. Further rules:

    - A machine section that is missing comes back, below its heading where the template gives it one (``Goal``), else
      beside its neighbours in the new document. To be rid of one for good, use a template without it.
    - A heading for people (``Notes``) that is missing stays away, unless there is something to put below it.
    - A machine section that the new document does not have is dropped.
    - An edit inside a machine section moves to a section of its own at the end of the document, once. A repeated
      section is dropped, its edits kept in the same way. A lone marker is dropped, the text around it kept.
    - The front matter is the new one; lines people added to the old one follow.
    """
    if old_text is None or not old_text.strip():
        return Merged(new_text)
    old_front, old_body = split_front_matter(old_text.removeprefix("\ufeff"))
    new_front, new_body = split_front_matter(new_text)
    new_parts = parse(new_body)
    parts, conflicts = _replaced(parse(old_body), {part.name: part for _, part in _sections(new_parts)})
    for index, part in _sections(new_parts):
        if part.name not in _names(parts):
            _insert(parts, new_parts, index)
    for conflict in conflicts:
        if conflict.body not in "".join(part.text for part in parts if isinstance(part, Own)):
            kept = f"## Kept from an edited section: {conflict.name}\n\n{conflict.body}\n"
            _put(parts, len(parts), Own(kept))
    return Merged(combine(new_front, old_front) + "".join(part.text for part in parts), tuple(conflicts))


def own_chars(text: str | None) -> int:
    """Return the characters of what people and agents wrote into a document, edits in machine sections included."""
    parts = parse(split_front_matter(text)[1]) if text else []
    return sum(len(part.text) for part in parts if isinstance(part, Own) or part.edited)


def _sections(parts: list[Own | Section]) -> list[tuple[int, Section]]:
    return [(index, part) for index, part in enumerate(parts) if isinstance(part, Section)]


def _names(parts: list[Own | Section]) -> set[str]:
    return {part.name for _, part in _sections(parts)}


def _replaced(old: list[Own | Section], new: dict[str, Section]) -> tuple[list[Own | Section], list[Conflict]]:
    """Return the old parts with each section replaced by the new one of its name, and the edits this displaced."""
    parts: list[Own | Section] = []
    displaced: list[Section] = []
    seen: set[str] = set()
    for part in old:
        if isinstance(part, Own):
            parts.append(part)
            continue
        if part.name in new and part.name not in seen:
            parts.append(new[part.name])
        seen.add(part.name)
        if part.edited:
            displaced.append(part)
    left = {checksum_of(part.body) for _, part in _sections(parts)}
    return parts, [
        Conflict(it.name, it.body) for it in displaced if it.body.strip() and checksum_of(it.body) not in left
    ]


def _insert(parts: list[Own | Section], new_parts: list[Own | Section], index: int) -> None:
    """Put the section ``new_parts[index]`` into ``parts`` where the rules of ``merge`` want it."""
    heading = _heading_above(new_parts, index)
    if heading and _put_below(parts, heading, new_parts[index]):
        return
    if _put_after(parts, _neighbour(new_parts, index), new_parts[index]):
        return
    if not _names(new_parts[:index]):
        at = 0
    else:
        followers = {it.name for i, it in _sections(new_parts) if i > index and not _heading_above(new_parts, i)}
        at = next((i for i, it in _sections(parts) if it.name in followers), len(parts))
    _put(parts, at, *([Own(f"{heading}\n\n")] if heading else []), new_parts[index])


def _neighbour(parts: list[Own | Section], index: int) -> str | None:
    """Return the section that stands before section ``parts[index]`` with nothing but blank lines between."""
    before = [part for part in parts[max(0, index - 2) : index] if part.text.strip()]
    return before[-1].name if before and isinstance(before[-1], Section) else None


def _put_after(parts: list[Own | Section], name: str | None, part: Own | Section) -> bool:
    """Put ``part`` below the section ``name``, into the gap it left there if any; False without such a section."""
    at = next((i for i, it in _sections(parts) if it.name == name), None)
    if at is None:
        return False
    follower = parts[at + 1] if at + 1 < len(parts) else None
    if isinstance(follower, Own) and follower.text.startswith("\n\n"):
        parts[at + 1 : at + 2] = [Own("\n"), part, Own(follower.text[1:])]
    else:
        _put(parts, at + 1, part)
    return True


def _heading_above(parts: list[Own | Section], index: int) -> str | None:
    """Return the heading of people's that section ``parts[index]`` stands below; None where it brings its own."""
    above, part = parts[max(0, index - 1)], parts[index]
    if not isinstance(above, Own) or not isinstance(part, Section) or _HEADING.match(part.body):
        return None
    return next((line.rstrip() for line in reversed(above.text.split("\n")) if _HEADING.match(line)), None)


def _put_below(parts: list[Own | Section], heading: str, part: Own | Section) -> bool:
    """Put ``part`` below the first such ``heading`` in own text and the comments that follow it; False without one."""
    for index, own in enumerate(parts):
        lines = StringIO(own.text).readlines() if isinstance(own, Own) else []
        cut = next((number for number, line in enumerate(lines, 1) if line.rstrip() == heading), None)
        if cut is None:
            continue
        while cut < len(lines) and _COMMENT.match(lines[cut]):
            cut += 1
        halves = [Own("".join(half)) for half in (lines[:cut], lines[cut:]) if half]
        parts[index : index + 1] = halves
        _put(parts, index + 1, part)
        return True
    return False


def _put(parts: list[Own | Section], at: int, *added: Own | Section) -> None:
    """Put ``added`` at position ``at`` with a blank line on either side of it, in a gap that a section left if any."""
    before = "".join(part.text for part in parts[:at])
    after = "".join(part.text for part in parts[at:])
    if before.endswith("\n\n\n") and after and after[0] != "\n":
        parts[at - 1 : at] = [Own(parts[at - 1].text[:-1]), *added, Own("\n")]
    else:
        lead = "" if not before or before.endswith("\n\n") else "\n" if before.endswith("\n") else "\n\n"
        trail = "" if not after or after[0] == "\n" else "\n"
        parts[at:at] = [Own(lead), *added, Own(trail)]
    parts[:] = [part for part in parts if part.text]
