"""How a new handoff takes the place of an old one without losing a word that people or agents wrote into it."""

from __future__ import annotations

import re
from io import StringIO

from handoff_cli.core.record import Record
from handoff_cli.documents.front_matter import combine, split_front_matter
from handoff_cli.documents.markdown import Own, Section, checksum_of, parse

_HEADING = re.compile(r"#{1,6} ")
_COMMENT = re.compile(r"<!--.*-->\s*\Z")


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
