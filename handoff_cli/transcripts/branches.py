"""Logs that are trees: each row names the row it follows, and what was rewound stays in the file as a dead branch."""

from __future__ import annotations

from handoff_cli.transcripts.values import as_str

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from handoff_cli.transcripts.source import Source


def standing_rows(
    source: Source, id_: str, parent: str, takes: Callable[[dict[str, Any]], bool] = lambda _: True
) -> Iterator[dict[str, Any]]:
    """Yield the rows on the way from the root to the last row, and those without an id; the file is read twice.

    A row written again under its id stands where it was written last. A parent that is in no row is no break: the
    row before is then taken for it.

    Args:
        source: A file of JSON rows.
        id_: The field with a row's id.
        parent: The field with the id of the row it follows; null at the root.
        takes: Tells the rows that belong to the conversation; others neither stand nor lead anywhere.
    """
    before: dict[str, str] = {}
    written: dict[str, int] = {}
    last = ""
    for row in source.rows():
        name = as_str(row.get(id_))
        if not name or not takes(row):
            continue
        follows = row.get(parent)
        known = isinstance(follows, str) and follows in written and follows != name
        before.setdefault(name, follows if known and isinstance(follows, str) else "" if follows is None else last)
        written[name] = source.position
        last = name
    standing = set()
    while last and (place := written.pop(last, None)):
        standing.add(place)
        last = before[last]
    for row in source.rows():
        if source.position in standing or (parent not in row and takes(row)):
            yield row
