"""What of an export stands in blocks of code: no head of a section does, unless the whole export was put in one."""

from __future__ import annotations

from bisect import bisect_right

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT, USER, mark_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from handoff_cli.transcripts.conversation.marks.speakers import Mark

    IsHead = Callable[[str], object]

_LOOKED_BELOW = 6
FENCE = compiled(r" *`{3,}")


def without_blocks(texts: list[str], is_head: IsHead) -> tuple[list[str], list[int]]:
    """Return ``texts`` with empty lines for those in blocks, and where the block around an export begins and ends.

    A block without an end was cut, and is none.
    """
    around = _around(texts, is_head)
    shown = ["" if at in around else text for at, text in enumerate(texts)]
    for begins, ends in _blocks(shown, is_head):
        shown[begins : ends + 1] = [""] * (ends + 1 - begins)
    return shown, around


def _around(texts: list[str], is_head: IsHead) -> list[int]:
    """Return where the block that holds an export begins and ends; in what somebody who is named says, it is quoted."""
    begins = next((at for at, text in enumerate(texts) if FENCE.match(text) or is_head(text)), len(texts))
    if speaker_above(texts, is_head) or not is_head(next(filter(None, texts[begins + 1 :]), "")):
        return []
    fence = FENCE.match(texts[begins])
    if not fence:
        return []
    ends = next((at for at in range(len(texts) - 1, begins, -1) if texts[at] == fence[0] or is_head(texts[at])), 0)
    return [begins, *([ends] if texts[ends] == fence[0] else [])]


def speaker_above(texts: list[str], is_head: IsHead) -> Mark | None:
    """Return who is named in the first line, where what stands there is no part of an export."""
    first = next(filter(None, texts), "")
    mark = None if is_head(first) else mark_in(first)
    names = mark and (mark.role in (USER, ASSISTANT) or (not mark.role and mark.rest))  # "Please go on:" names nobody
    return mark if names else None


def _blocks(texts: list[str], is_head: IsHead) -> Iterator[tuple[int, int]]:
    """Yield where each block begins and ends; in one may stand others, unless a head shows that they were cut."""
    fences = [(at, fence[0]) for at, text in enumerate(texts) if (fence := FENCE.match(text))]
    closing = {
        at for at, mark in fences if texts[at] == mark or texts[at - 1 : at] == ["}"]
    }  # Gemini CLI goes on there
    last = {at for at, mark in fences if texts[at] == mark and _is_above_head(texts, at, is_head)}
    begins, around, depth = 0, "", 0
    for at, mark in fences:
        if not depth and at not in last:
            begins, around, depth = at, mark, 1
        elif depth and mark == around:
            depth = 0 if at in last else depth - 1 if at in closing else depth + 1
            if not depth:
                yield begins, at
    if depth:
        yield from _plain_blocks([it for it in fences if it[0] >= begins], closing, last)


def _plain_blocks(fences: list[tuple[int, str]], closing: set[int], last: set[int]) -> Iterator[tuple[int, int]]:
    """Yield where each block begins and ends, where one of several in another has no end."""
    places: dict[str, list[int]] = {}
    for at, mark in fences:
        if at in closing:
            places.setdefault(mark, []).append(at)
    ended = -1
    for at, mark in fences:
        ends = places.get(mark, [])
        if at > ended and at not in last and (place := bisect_right(ends, at)) < len(ends):
            ended = ends[place]
            yield at, ended


def _is_above_head(texts: list[str], at: int, is_head: IsHead) -> bool:
    """Return whether only empty lines, and a rule, part a line from a head: a fence there begins nothing."""
    below = texts[at + 1 : at + _LOOKED_BELOW]
    return below[:1] == [""] and bool(is_head(next((it for it in below if it not in ("", "---")), "")))
