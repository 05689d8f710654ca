"""Handoffs that were replaced: kept under the UTC time of their replacement where they say what no other says."""

from __future__ import annotations

import os
import re
import time

from handoff_cli.constants import OLD_HANDOFFS_FOLDER
from handoff_cli.core.text import utc_compact
from handoff_cli.documents.front_matter import split_front_matter
from handoff_cli.documents.markdown import Section, parse
from handoff_cli.state.files import create_file, make_folder, reported

KEPT = 20
"""How many are kept; the oldest make room."""

_FIGURES = re.compile(r"\d[\d,.:TZ-]*")
_NAME = re.compile(r"\d{8}T\d{6}Z(?:-\d+)?\.md")
_OF_THE_MOMENT = "record"


def keep_old(folder: str, old: str, new: str) -> str | None:
    """Save the document ``old`` below the session folder ``folder`` if ``new`` does not hold all it says.

    Figures, the front matter and the section about the moment (git, tokens) do not count: they are outdated, not lost.

    Returns:
        The path it was saved under, None where nothing would be lost.

    Raises:
        StateError: it cannot be saved.
    """
    if not _says_more(old, new):
        return None
    kept_in = os.path.join(folder, OLD_HANDOFFS_FOLDER)
    data = old.encode("utf-8", "surrogateescape")
    make_folder(kept_in)
    with reported("write", kept_in):
        name = utc_compact(time.time())
        # Of one second the next number, never a free lower one: the lowest number is the first to go.
        there = [_age(it)[1] for it in filter(_NAME.fullmatch, os.listdir(kept_in)) if it.startswith(name)]
        numbers = range(max(there, default=0) + 1, max(there, default=0) + KEPT + 2)
        names = [f"{name}-{number}.md" if number > 1 else f"{name}.md" for number in numbers]
        path = next((path for it in names if create_file(path := os.path.join(kept_in, it), data)), None)
        for outdated in sorted(filter(_NAME.fullmatch, os.listdir(kept_in)), key=_age)[:-KEPT]:
            os.unlink(os.path.join(kept_in, outdated))
    return path


def _age(name: str) -> tuple[str, int]:
    """Return by what kept documents are sorted, the oldest first: the time, and the number of those of one second."""
    time_, _, number = name.removesuffix(".md").partition("-")
    return time_, int(number or 1)


def _says_more(old: str, new: str) -> bool:
    known = _bare(new)
    parts = parse(split_front_matter(old)[1])
    said = "".join(it.body + "\n" if isinstance(it, Section) else it.text for it in parts if not _is_momentary(it))
    return any(line not in known for line in filter(None, map(str.strip, _bare(said).splitlines())))


def _is_momentary(part: object) -> bool:
    return isinstance(part, Section) and part.name == _OF_THE_MOMENT and not part.edited


def _bare(text: str) -> str:
    return _FIGURES.sub("", text)
