"""What one handoff says that another does not, section by section."""

from __future__ import annotations

from handoff_cli.core.record import Record
from handoff_cli.documents.reading import lines_in


class Difference(Record):
    """The lines of one section that stand only in the older (``removed``) or the newer document (``added``)."""

    section: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


def compare(older: str, newer: str) -> tuple[Difference, ...]:
    """Return where two handoffs differ; blank lines, fences and the order of lines do not count."""
    before, after = _by_section(older), _by_section(newer)
    differences = []
    for name in dict.fromkeys((*after, *before)):
        old, new = before.get(name, {}), after.get(name, {})
        removed, added = tuple(it for it in old if it not in new), tuple(it for it in new if it not in old)
        if removed or added:
            differences.append(Difference(name, removed, added))
    return tuple(differences)


def _by_section(document: str) -> dict[str, dict[str, None]]:
    sections: dict[str, dict[str, None]] = {}
    for line in lines_in(document):
        text = line.text.strip()
        if text and not text.startswith(("```", "#")):
            sections.setdefault(line.heading or "Start", {})[text] = None
    return sections
