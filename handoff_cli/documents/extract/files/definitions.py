"""The definitions in what is known of a file: where each begins, with its comment, and where it ends."""

from __future__ import annotations

from handoff_cli.core.blocks import block_end, doc_start
from handoff_cli.core.code import defined_by
from handoff_cli.core.light import lru_cache
from handoff_cli.core.record import Record
from handoff_cli.documents.extract.files.changes import tells

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.documents.extract.files.texts import FilePart


class CodeBlock(Record):
    """A definition in lines of a file: from ``start`` (its comment) over ``at`` to ``end``; None: that is not there."""

    name: str
    start: int
    at: int
    end: int | None


def definitions_of(part: FilePart) -> list[CodeBlock]:
    """Return the definitions in ``part``, in order."""
    return list(_known(part.lines, part.whole))


@lru_cache(maxsize=64)
def _known(lines: tuple[str, ...], whole_file: bool) -> tuple[CodeBlock, ...]:
    found = []
    for at, line in enumerate(lines):
        if line and len(line) < _LONG and (name := defined_by(line)) and not line.lstrip().startswith(_AROUND_ALL):
            found.append(CodeBlock(name, doc_start(lines, at), at, block_end(lines, at, whole=whole_file)))
    return tuple(found)


_LONG, _AROUND_ALL = 300, ("namespace ", "inline namespace ")
"""How lines begin that only open the space in which a file's definitions lie: nobody looks for all of it."""


def span_of(block: CodeBlock, part: FilePart) -> range:
    """Return the indexes of its lines in ``part``, with its comment: to the last one where its end is not there."""
    return range(block.start, len(part.lines) if block.end is None else block.end)


def definitions_around(blocks: list[CodeBlock], lines: set[int], part: FilePart) -> dict[CodeBlock, set[int]]:
    """Return the definitions that ``lines`` lie in; lines outside of any are a block without name."""
    found: dict[CodeBlock, set[int]] = {}
    left = set(lines)
    for block in blocks:
        span = set(span_of(block, part))
        own = left & span
        inner = len(span) > _LARGEST and any(
            it.at in span and left & set(span_of(it, part)) for it in blocks if it != block
        )
        if own and not inner:
            found[block] = own
            left -= own
    telling = sorted(at for at in left if tells(part.lines[at]))
    if len(telling) >= _TELLS_MORE:
        first, last = telling[0], telling[0]
        for at in telling:
            last = at if at - last <= _NEAR else last
        start, end = max(0, first - _CONTEXT), min(len(part.lines), last + 1 + _CONTEXT)
        found[CodeBlock("", start, start, end)] = set(range(first, last + 1))
    return found


_LARGEST, _NEAR, _TELLS_MORE, _CONTEXT = 14, 4, 3, 3
"""Of a longer definition the one within it is told; lines so near to each other stand together; of
fewer outside of any the list of edits tells enough."""
