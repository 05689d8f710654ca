"""Pages on which each turn of the user's ends with its time, the first of which stands below titles and no name.

What follows the time is the agent's, by whatever name.
"""

from __future__ import annotations

from itertools import pairwise

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.marks.speakers import ALONE, ASSISTANT, DAY, TIME, USER, mark_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from handoff_cli.transcripts.conversation.copies.given import Given

_WHEN = compiled(rf"(?:(?P<said>\S.{{0,200}}?)  )?(?=.{{0,30}}\d:\d\d){DAY}{TIME}$")
"""A time below what was said, which may have been joined to its last line."""

_NAME = compiled(r"[^\W\d_][\w.-]{1,20}(?: [\w.-]{1,20})?$")
_LEAST_TURNS, _LEAST_WORDS = 2, 4


def found_in(texts: list[str]) -> tuple[int, str] | None:
    """Return the line at which the first request begins on a page that begins so, and what the agent is called there.

    None where it is no such page.
    """
    turns = [at for at, text in enumerate(texts) if _is_user(text)]
    ends = [at for at, (text, below) in enumerate(pairwise([*texts, ""])) if not below and _WHEN.match(text)]
    if len(turns) < _LEAST_TURNS or not ends or ends[0] > turns[0]:
        return None
    if not all(any(at + 1 < end < after for end in ends) for at, after in pairwise([*turns, len(texts)])):
        return None
    begin = ends[0]
    while begin and texts[begin - 1]:
        begin -= 1
    firsts = [next(filter(None, texts[end + 1 :]), "") for end in ends]
    name = max(firsts, key=firsts.count)
    is_name = firsts.count(name) > 1 and _NAME.match(name)
    return (begin, name if is_name else "") if " ".join(texts[begin : ends[0]]).count(" ") >= _LEAST_WORDS else None


def in_turns(lines: Iterable[Given], begin: int, name: str) -> Iterator[Given]:
    """Yield the lines of such a page with a mark of the speaker before each turn, and nothing of its titles."""
    asks, last = False, ""
    for at, (number, text, begins) in enumerate(lines):
        bare, is_user = text.strip(), _is_user(text)
        ends = _WHEN.match(bare) if asks and last else None
        if at == begin:
            yield number, f"<|{USER}|>", False
        if ends and ends["said"]:
            yield number, ends["said"], begins
        if is_user or ends:
            yield number, f"<|{USER if is_user else ASSISTANT}|>", begins and not (ends and ends["said"])
        elif bare != name or asks or last:
            yield number, text if at >= begin else "", begins
        asks = is_user or at == begin or (asks and not ends)
        last = "" if is_user or ends else bare or last


def _is_user(text: str) -> bool:
    mark = mark_in(text.rstrip())
    return mark is not None and mark.way == ALONE and mark.role == USER
