"""What a document is put together from: pieces of text, each in growing forms, that stand in parts.

A part has a share of the budget. Its pieces are ordered by what must not be missing; a part with little to say leaves
its room to the others. What a piece quotes stands in a fenced block, verbatim; what is Markdown was made inert where it
was made.
"""

from __future__ import annotations

from handoff_cli.core.paths import name_of
from handoff_cli.core.record import Record
from handoff_cli.core.text import name
from handoff_cli.documents.markdown import fence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

NEXT, GOAL, STANDING, QUESTIONS = "next", "goal", "standing", "questions"
FAILURES, FINDINGS, EDITS, RULED_OUT = "failures", "findings", "edits", "ruled-out"
RULES, FILES, HAND, CHECKS, RECORD = "rules", "files", "hand", "checks", "record"

TITLES = {
    NEXT: "Next action",
    GOAL: "Goal",
    STANDING: "State",
    QUESTIONS: "Open questions",
    FAILURES: "Failed approaches",
    RULED_OUT: "Failed approaches",
    FINDINGS: "Findings and design",
    EDITS: "Edits and code",
    RULES: "Rules",
    FILES: "Files",
    HAND: "In hand",
    CHECKS: "Verify",
    RECORD: "Record",
}
"""The headings of the parts, in the order of the document."""


def headed(texts: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return name, heading and text of the parts that say something, of ``texts`` by part.

    What was ruled out stands below what fails, under one heading.
    """
    found: list[tuple[str, str, str]] = []
    for part, text in texts.items():
        below = part == RULED_OUT and bool(found) and found[-1][0] == FAILURES
        if below and text:
            found[-1] = (FAILURES, TITLES[FAILURES], found[-1][2] + "\n\n" + text)
        elif text:
            found.append((part, TITLES[part], text))
    return found


FIRST = (NEXT, GOAL, STANDING, QUESTIONS)
"""The parts of the first section: what a person skims."""

SHARES = {
    NEXT: 100,
    GOAL: 270,
    STANDING: 170,
    QUESTIONS: 60,
    FAILURES: 120,
    RULED_OUT: 60,
    FINDINGS: 2600,
    EDITS: 900,
    RULES: 40,
    FILES: 90,
    HAND: 1050,
    CHECKS: 60,
    RECORD: 40,
}
"""What each part takes of 2,000 tokens where all have enough to say; of other budgets in proportion."""

MUST = -1.0
"""The order of what is never cut."""

SOON = -0.5
"""The order of what is taken right after that, before parts get their shares."""

SPARE = 1_000_000.0
"""From this order on is told what only fills room that all else leaves, of every part."""

BLOCK_TOKENS = 13
"""What the label, the fence and the blank lines of a block cost."""


class Piece(Record):
    """One thing a document can say: it stands in ``part`` under the label ``block``, in one of its growing ``forms``.

    ``orders`` has for each form its place among what the part says (least first, ``MUST``: always). ``quoted`` pieces
    stand in a fenced block together; others are lines of Markdown. ``kind`` is what to call it where it is left out.
    """

    part: str
    block: str
    forms: tuple[str, ...]
    orders: tuple[float, ...]
    quoted: bool = True
    kind: str = ""


def stated(part: str, text: str, order: float, kind: str = "") -> Piece:
    """Return a line of Markdown as a piece."""
    return Piece(part, "", (text,), (order,), quoted=False, kind=kind)


def quoted(part: str, label: str, *steps: tuple[float, str], kind: str = "") -> Piece:
    """Return a piece of quoted text that grows by ``steps``: each an order and the form taken then, if it is longer."""
    kept = [step for index, step in enumerate(steps) if all(len(text) < len(step[1]) for _, text in steps[:index])]
    orders = tuple(max(order for order, _ in kept[: place + 1]) for place in range(len(kept)))
    return Piece(part, label, tuple(text for _, text in kept), orders, kind=kind)


LATEST = "The latest request:"
"""The label of the request at work."""

LAST_WORDS = "last words"
"""The kind of the piece that has the agent's last words."""

CODE_AGREED = "code agreed to"
"""The kind of the piece that has the code of what the latest request answers: it goes where this stands whole."""

THOUGHT = "thought"
"""The kind of the piece that has the agent's last thought."""

TELLER, LEARNT = "teller", "fact of a report"
"""The kinds of the line that says who told something, and of what was told, below it."""

OUTCOMES = ("finding", "outcome")
"""The kinds of what came of a request, below it."""

FILES_MET = "list of files"
OTHER_FILES = "Files besides: "
NAMES = "list of names"
"""The kind of the piece that lists names of code: it has those that stand nowhere else."""


def hand_lines(hand: tuple[tuple[str, str], ...], most: int) -> str:
    """Return the ``most`` first names of ``hand``, a line for each file, and last those of no file.

    One or two of no file, and no others, say nothing.
    """
    by_file: dict[str, list[str]] = {}
    for path, it in hand[:most]:
        by_file.setdefault(file_name(path) if path else "", []).append(it)
    alone = by_file.pop("", [])
    lines = [f"{path}: {name(', '.join(names))}" for path, names in by_file.items()]
    alone = alone if lines or len(alone) >= _FEWEST_ALONE else []
    return "\n".join((*lines, *([f"Names besides: {name(', '.join(alone))}"] if alone else [])))


_FEWEST_ALONE = 3


def file_name(path: str) -> str:
    """Return the last part of ``path``, inert."""
    return name(name_of(path) or path)


def box(status: str) -> str:
    """Return the mark of a to-do with ``status``."""
    return {"completed": "[x]", "in_progress": "[~]"}.get(status, "[ ]")


def written(part: str, chosen: list[tuple[Piece, str]]) -> str:
    """Return the text of ``part``, without its heading, from ``chosen`` pieces and the form taken of each."""
    blocks: dict[str, list[tuple[Piece, str]]] = {}
    for piece, form in chosen:
        if piece.part == part:
            blocks.setdefault(piece.block, []).append((piece, form))
    texts = []
    for label, entries in blocks.items():
        lines = "\n".join(form for _, form in entries)
        body = fence(lines) if entries[0][0].quoted else lines
        texts.append(f"{label}\n\n{body}" if label else body)
    return "\n\n".join(texts)
