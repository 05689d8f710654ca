"""Text in which escapes stand that somebody added, or that lost the sign of them.

Saved as Markdown from what was none, each sign that Markdown would read stands behind a backslash. Of what a terminal
was given, copies keep the escapes without the control that begins them, or write this as ``^[``.
"""

from __future__ import annotations

from itertools import chain, islice

from handoff_cli.core.patterns import compiled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from handoff_cli.transcripts.conversation.copies.given import Given

_LOOKED_AT, _LEAST = 400, 3
"""So many of the first lines are looked at, and so many of them, and most that begin with a sign, begin with an escaped
one where all are escaped."""

_BEGINS_ESCAPED = compiled(r"[ \t]{0,40}(?:(?:\d{1,6} )?\\[>+#-]|\d{1,3}\\\.)(?:\s|$)")
_BEGINS_PLAIN = compiled(r"[ \t]{0,40}(?:[>+#-]|\d{1,3}\.)(?:\s|$)")
_ESCAPED = compiled(r"\\([!-/:-@\[-`{-~])")


def unescaped(lines: Iterable[Given]) -> Iterator[Given]:
    """Yield ``lines`` as they were before the signs in them were escaped; those of fenced blocks never were."""
    given = iter(lines)
    first = list(islice(given, _LOOKED_AT))
    told = list(_outside_fences(first))
    escaped = sum(_BEGINS_ESCAPED.match(text) is not None for text in told)
    is_escaped = escaped >= _LEAST and escaped > sum(_BEGINS_PLAIN.match(text) is not None for text in told)
    return _without_escapes(chain(first, given)) if is_escaped else chain(first, given)


def restored(lines: Iterable[Given]) -> Iterator[Given]:
    """Yield ``lines``, with the control before each escape that lost it, where no other is left in the text."""
    given = iter(lines)
    first = list(islice(given, _LOOKED_AT))
    is_lost = sum(_RESETS.search(it) is not None for _, it, _ in first if "[0m" in it or "[39m" in it) >= _LEAST
    if not is_lost or any("\x1b" in text for _, text, _ in first):
        yield from chain(first, given)
        return
    for number, text, begins in chain(first, given):
        yield number, _BEGINS_LOST.sub("\x1b[", text), begins


_WRITTEN_OUT = r"(?<!\\033)(?<!\\x1b)(?<!\\x1B)(?<!\\e)(?<!\\E)(?<!\\u001b)(?<!\\u001B)"
"""No code that has escapes in it: there the control is written in some way."""

_RESETS = compiled(rf"{_WRITTEN_OUT}\[(?:0|39)m")
_BEGINS_LOST = compiled(
    rf"{_WRITTEN_OUT}(?:\^\[|\u241b)?\[(?=(?:\d{{1,3}}(?:;\d{{1,3}}){{0,5}})?[mKAGJ]|\?\d{{1,4}}[hl])"
)


def _outside_fences(lines: Iterable[Given]) -> Iterator[str]:
    fenced = False
    for _, text, _ in lines:
        fenced ^= text.startswith("```")
        if not fenced:
            yield text


def _without_escapes(lines: Iterable[Given]) -> Iterator[Given]:
    fenced = False
    for number, text, begins in lines:
        fenced ^= text.startswith("```")
        yield number, text if fenced else _ESCAPED.sub(r"\1", text), begins
