"""What was made before the latest request, where this objects and nothing came of it yet."""

from __future__ import annotations

from handoff_cli.core.paths import name_of
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.files.changes import change_line
from handoff_cli.documents.extract.files.edits import digest
from handoff_cli.documents.extract.files.texts import CUT
from handoff_cli.documents.extract.language.objections import objects, stems
from handoff_cli.documents.extract.language.words import clipped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.transcript import Edit, Transcript


def objected_to(transcript: Transcript, asked: int) -> str:
    """Return the largest change that was made before the latest request, where this objects and nothing came of it."""
    said = [it for it in transcript.messages if it.role == "user"]
    before = max((it.position for it in said if it.position < asked), default=-1)
    if not said or any(it.position > asked for it in transcript.edits):
        return ""
    words = said[-1].text[:_OBJECTION_CHARS]
    if not (objects(words) or finds_too_much(words)):
        return ""
    made = [
        (change, file)
        for file in digest([it for it in transcript.edits if before < it.position < asked])
        for change in file.changes
    ]
    if not made:
        return ""
    shared = {it: len(stems(words) & stems(f"{it[1].path} {change_line(it[0])}")) for it in made}
    change, file = max(made, key=lambda it: (shared[it], it[0].added + it[0].removed))
    several = len({it.path for _, it in made}) > 1 and not finds_too_much(words)
    if several and len(stems(words)) >= _SPOKEN_OF and not any(shared.values()):
        return ""  # it names something, and none of this
    if not objects(words) and shared[change, file] < _SPOKEN_OF:
        return ""  # it warns of what is to come, or speaks of another matter
    own = [it for it in transcript.edits if before < it.position < asked and it.path == file.path]
    largest = max(own, key=lambda it: len(it.new) - len(it.old))
    items = _numbered_in(largest)
    most = max(items, default=0)
    whole = len(items) == most and not CUT.search(largest.new)  # of a long edit the middle is not known
    parts = f"{most} parts" if whole else f"at least {most} parts"
    told = f", {parts}: {'; '.join(items.values())}{'; …' * (not whole)}" if len(items) >= _MANY else ""
    return f"{name_of(file.path)}: {clipped(change_line(change), _CHANGE_CHARS)}{told}"


def finds_too_much(words: str) -> bool:
    """Return whether a user says that something was made, or will be, that is more than is needed."""
    return bool(_TOO_MUCH.search(words[:_OBJECTION_CHARS]))


_OBJECTION_CHARS, _SPOKEN_OF = 1_000, 2
_TOO_MUCH = caseless(
    r"\b(?:do(?:n['\u2019]?t| not)|no need to|without) over-?(?:complicat|engineer|do\b|think)"
    r"|\bkeep (?:it|this|that) simple"
    r"|\b(?:make|should be|needs to be) (?:it |this |that )?simpler\b"
)
"""What a user says who finds too much in what was made; it objects where it speaks of that."""


def _numbered_in(edit: Edit) -> dict[int, str]:
    """Return the heads of the numbered parts that ``edit`` put into a document, without what stands in brackets."""
    lines = (line for line in edit.new.split("\n") if line not in edit.old)
    return {int(it[1]): clipped(it[2].strip(" *:"), _HEAD_CHARS) for it in map(_NUMBERED_PART.match, lines) if it}


_NUMBERED_PART = lazily(r"\s*(?:#{1,6} +|\*\*)(?:\w+ )?(\d{1,2})[.):]+ *([^(\n]+)")
_MANY, _HEAD_CHARS = 3, 44

_CHANGE_CHARS = 140
