"""Heads of messages as programs show them: a name with the time below it, maybe a badge and a dash between them."""

from __future__ import annotations

from collections import deque
from itertools import islice

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.marks.speakers import BADGES, DAY, TIME
from handoff_cli.transcripts.conversation.marks.times import is_when

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from handoff_cli.transcripts.conversation.copies.given import Given

    Joined = tuple[str, int]
    """A head as one line, and how many lines it was."""

STAMP_CHARS, HEAD_LINES = 40, 5
NAME = compiled(r"[^\W\d_][\w.@'-]*(?: [\w.@'()-]+){0,3}")
_STAMP, _CLOCK = compiled(rf"{DAY}{TIME}"), compiled(rf"{TIME}(?![\d:])")
_DASHES = frozenset("—–·•|-")  # noqa: RUF001 (signs as they stand in chats)
_BESIDE = " \t\xa0,—–|·•"  # noqa: RUF001


def with_heads(
    lines: Iterable[Given], head_of: Callable[[list[str], bool], Joined | None]
) -> Iterator[tuple[Given, bool]]:
    """Yield each of ``lines`` and whether it is a head, where those on which ``head_of`` finds one are one.

    It is asked with the lines from there on, as far as a head may go, and whether they stand below an empty one.
    """
    rest, ahead, after_empty = iter(lines), deque["Given"](), True
    while (line := ahead.popleft() if ahead else next(rest, None)) is not None:
        head = None
        if len(line[1]) < STAMP_CHARS and line[1][:1].isalpha():
            ahead.extend(islice(rest, HEAD_LINES - 1 - len(ahead)))
            head = head_of([line[1], *(it[1] for it in ahead)], after_empty)
        if head:
            for _ in range(head[1] - 1):
                ahead.popleft()
            yield (line[0], head[0], line[2]), True
        else:
            yield line, False
        after_empty = not line[1]


def head_in(texts: list[str], *, of_chats: bool = False) -> Joined | None:
    """Return a name and the time below it as chats have them on one line; None for any other lines.

    ``of_chats`` tells that the time has to be written as chats most often write it.
    """
    name, badged = named(texts[0])
    at = 1
    while at < len(texts) and ((bare := texts[at].strip()) in _DASHES or is_badge(bare)):
        badged, at = badged or is_badge(bare), at + 1
    stamp = texts[at].strip(_BESIDE) if at < len(texts) else ""
    first, _, rest = stamp.partition(" ")
    if is_badge(first):
        badged, stamp = True, rest.strip(_BESIDE)
    told = stamp[:1].isalnum() and len(stamp) <= STAMP_CHARS and _time_in(stamp, of_chats)
    if not told:
        return None
    at += 1
    if at < len(texts) and is_badge(texts[at].strip()):
        badged, at = True, at + 1
    return f"{name}{' APP' * badged}  {told}", at


def named(text: str) -> tuple[str, bool]:
    """Return the name on a line, and whether a badge stands behind it."""
    name, _, last = text.strip().rpartition(" ")
    return (name.rstrip(), True) if name and last.isupper() and is_badge(last) else (text.strip(), False)


def is_badge(text: str) -> bool:
    """Return whether a text is what stands beside the name of a program."""
    return text.casefold() in BADGES


def _time_in(stamp: str, of_chats: bool) -> str:
    """Return a time as chats have it: the whole, or the clock of one that is written in another way."""
    if _STAMP.fullmatch(stamp):
        return stamp
    clock = _CLOCK.search(stamp) if not of_chats and "(" not in stamp and is_when(stamp) else None
    return clock[0] if clock else ""
