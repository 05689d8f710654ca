"""Who wrote a comment, and when, by the lines above it."""

from __future__ import annotations

from handoff_cli.core.record import Record
from handoff_cli.transcripts.conversation.copies.comment_lines import (
    ACTIVITY,
    AGAIN,
    ATTACHED,
    BESIDE_NAME,
    CLOCKED,
    DATED,
    FURNITURE,
    HEADS,
    NAME,
    NO_NAMES,
    ROLE,
    WHEN,
)
from handoff_cli.transcripts.conversation.copies.stamped_heads import is_badge
from handoff_cli.transcripts.conversation.marks.times import is_when

TYPE_CHECKING = False
if TYPE_CHECKING:
    from re import Match

_HEAD_CHARS, _NAME_CHARS, _BESIDE_LINES = 160, 60, 3
LEAST_HEADS = 2


class Head(Record):
    """Who writes the comment whose head ends before line ``end``; ``sure`` where nothing else is written so."""

    name: str
    is_bot: bool
    end: int
    sure: bool


def names_in(texts: list[str], *, by_place: bool = True) -> frozenset[str]:
    """Return the names of those who surely wrote comments; below a page's word for these, of all with a time.

    ``by_place``, where some stand above a time again and again, all do who stand so below the first of them.
    """
    heads = [(at, it) for at in range(len(texts)) if (it := head_at(texts, at))]
    activity = next((at for at, text in enumerate(texts) if text in ACTIVITY), len(texts))
    named = {it.name for at, it in heads if it.sure or (at > activity and CLOCKED.search(" ".join(texts[at : it.end])))}
    above = [(at, it.name) for at, it in heads if it.end > at + 1 and not ATTACHED.fullmatch(it.name)]
    count = dict[str, int]()
    for _, name in above:
        count[name] = count.get(name, 0) + 1
    first = next((at for at, name in above if count[name] > 1), len(texts))
    if by_place and sum(it > 1 for it in count.values()) >= LEAST_HEADS:
        named |= {name for at, name in above if at >= first}
    return frozenset(named)


def head_at(texts: list[str], at: int, names: frozenset[str] | None = None) -> Head | None:
    """Return the head of a comment that begins at a line, of one with no sure head if they are among ``names``.

    It is one line, maybe below the name once more, or a name with the time below it.
    """
    text = texts[at].strip()
    if not text or len(text) > _HEAD_CHARS:
        return None
    head = _of_line(texts, at, text) or _of_lines(texts, at, text)
    return head if head and (head.sure or names is None or head.name in names) else None


def _of_line(texts: list[str], at: int, text: str) -> Head | None:
    for pattern in (*HEADS, DATED):
        if (found := pattern.fullmatch(text)) and found["name"].casefold() not in NO_NAMES:
            return _with_role(texts, Head(plain_name(found["name"]), _is_bot(found), at + 1, pattern is not DATED))
    return None


def _of_lines(texts: list[str], at: int, text: str) -> Head | None:
    name = NAME.fullmatch(text) if len(text) <= _NAME_CHARS else None
    if not name:
        return None
    end = at + 1
    while end < min(len(texts), at + _BESIDE_LINES) and _is_beside(texts[end].strip(), name["name"]):
        end += 1
    below = texts[end].strip() if end < len(texts) else ""
    if WHEN.fullmatch(below) or is_when(below):
        is_bot = _is_bot(name) or any(is_badge(it.strip()) for it in texts[at + 1 : end])
        ends = _told_again(texts, end + 1, text)
        return _with_role(texts, Head(plain_name(name["name"]), is_bot, ends or end + 1, sure=bool(ends)))
    again = _of_line(texts, end, below) if end == at + 1 and below else None
    return again if again and again.name == plain_name(name["name"]) else None


def _told_again(texts: list[str], at: int, name: str) -> int:
    """Return before which line a head ends that tells the ``name`` and the day once more, 0 where it does not."""
    if at >= len(texts) or texts[at].strip() != name:
        return 0
    day = next((it for it in range(at + 1, min(len(texts), at + _BESIDE_LINES)) if not is_badge(texts[it].strip())), 0)
    return day + 1 if day and AGAIN.fullmatch(texts[day].strip()) else 0


def _with_role(texts: list[str], head: Head) -> Head:
    """Return ``head`` with the lines below it that only say what its writer is there."""
    end = head.end
    while end < len(texts) and (
        not (text := texts[end].strip()) or ROLE.fullmatch(text) or FURNITURE.fullmatch(text) or is_badge(text)
    ):
        end += 1
    below = [it.strip() for it in texts[head.end : end]]
    is_bot = head.is_bot or any(map(is_badge, below))
    return head.replace(end=end, is_bot=is_bot, sure=head.sure or any(map(ROLE.fullmatch, below)))


def _is_beside(text: str, name: str) -> bool:
    return text.lstrip("@") == name.lstrip("@") or BESIDE_NAME.fullmatch(text) is not None or is_badge(text)


def _is_bot(found: Match[str]) -> bool:
    return bool(found["bot"]) or found["name"].endswith("[bot]")


def plain_name(name: str) -> str:
    """Return a name without the sign before it, and what says that it is a program's."""
    return name.removesuffix("[bot]").lstrip("@")
