"""Text that was saved as Markdown from what was none: each sign that Markdown would read stands behind a backslash."""

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
