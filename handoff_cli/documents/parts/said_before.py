"""What stands whole of the messages before the latest reply: code first, then words told nowhere else."""

from __future__ import annotations

from handoff_cli.documents.extract.language.findings import LEAST_CHARS, worth_of
from handoff_cli.documents.extract.language.words import SENTENCE_END, as_one_line, plain
from handoff_cli.documents.parts.goal import code_agreed_to
from handoff_cli.documents.parts.pieces import FINDINGS, Piece, quoted
from handoff_cli.documents.parts.priorities import KNOWN_CHARS, shown_elsewhere
from handoff_cli.documents.parts.wording import whose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.documents.extract.facts import Finding
    from handoff_cli.documents.extract.story import Story

OF_A_TURN = 3
"""So many sentences of an earlier turn come with the others, and are told there."""


def said_before(story: Story) -> Iterator[Piece]:
    """Yield of the agent's messages what stands whole: code early, the rest where all else leaves room."""
    told = (it.text for turn in story.told.turns for it in turn.told[:OF_A_TURN])
    noted = (*story.minutes.noted, *(story.dead_ends.ruled_out if story.nameless else ()))
    elsewhere = (
        story.told.last_words,
        *shown_elsewhere(story),
        *told,
        *story.dead_ends.ruled_out,
        *story.minutes.noted,
    )
    known = as_one_line("\n".join(plain(line) for text in elsewhere if text for line in text.split("\n")))
    said = [it.replace(text=without_noted(it.text, noted)) for it in story.told.said] if noted else story.told.said
    codes = [it for it in said if it.source == "code"]
    if code_agreed_to(story):
        codes = [it for it in codes if it.text.rpartition("\n")[2] not in (story.referent or "")]
    words = [left for it in said if it.text and it not in codes and (left := _fresh(it, known))]
    for blocks, label, first, step in (
        (codes, f"{whose(story)} code, as it was shown last [UNVERIFIED]:", *_CODE),
        (words, f"{whose(story)} earlier words, the latest first [UNVERIFIED]:", *_WORDS),
    ):
        ranked = sorted(blocks, key=lambda it: -it.worth)
        for block in blocks:
            now = block.source == "code" and bool(story.told.turns) and block.position > story.told.turns[-1].position
            order = (_NOW_SHOWN if now else first) + step * ranked.index(block)
            yield quoted(FINDINGS, label, (order, block.text), kind="message")


_CODE, _WORDS, _NOW_SHOWN = (0.2, 4.0), (5.0, 0.5), 0.05
"""The order of the block of code, and of the words, that tell most, and how much later each further one is told; code
that was shown since the latest request comes first."""


def without_noted(block: str, noted: tuple[str, ...]) -> str:
    """Return a ``block`` of notes without the lines that are ``noted``, or of one: they are told in their part."""
    lines = [(line, plain(line)) for line in block.split("\n")]
    left = [line for line, said in lines if not any(it in said or (said and said in it) for it in noted)]
    while left and len(left) < len(lines) and left[-1].endswith(":"):
        left.pop()  # it headed what is told elsewhere
    return "\n".join(left)


def _fresh(block: Finding, known: str) -> Finding | None:
    """Return a ``block`` of which most is not ``known``, else the sentences of its one line that are not, if any."""
    lines = block.text.split("\n")
    told = [it for line in lines for it in SENTENCE_END.split(line) if len(it) >= LEAST_CHARS]
    fresh = [it for it in told if as_one_line(plain(it))[:KNOWN_CHARS] not in known]
    if not told or sum(map(len, fresh)) * 2 > sum(map(len, told)):
        return block
    left = [it for it in fresh if worth_of(it) > 0] if len(lines) == 1 else []
    return block.replace(text=" ".join(left), worth=worth_of(left[0])) if left else None
