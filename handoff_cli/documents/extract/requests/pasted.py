"""A request with output pasted into it, in fewer characters: its words stay, what was pasted gives way."""

from __future__ import annotations

from itertools import groupby

from handoff_cli.core.patterns import lazily
from handoff_cli.documents.extract.commands.frames import place_in
from handoff_cli.documents.extract.commands.outputs import telling_lines
from handoff_cli.documents.extract.language.prose import typed_lines
from handoff_cli.documents.extract.language.shortened import outline
from handoff_cli.documents.extract.language.words import clipped
from handoff_cli.documents.extract.requests.pasted_logs import in_few, without_frames


def request_in(text: str, size: int) -> str:
    """Return a request in about ``size`` characters: of one with output pasted into it all words, if these fit.

    Of what was pasted then the lines stand that say what went wrong, and the frame of the project; of other requests
    their outline.
    """
    if len(text) > size * 5 // 4 and (telling := without_frames(text)) != text:
        return telling if len(telling) <= size * 5 // 4 else in_few(telling, size)
    if len(text) <= size * 5 // 4 or text.count("\n") < _BLOCK:
        return outline(text, size)
    typed = {it.rstrip(_STOPS) for it in typed_lines(text, listed=True)}  # before a block a line ends otherwise
    lines = [it for line in text.split("\n") if (it := line.rstrip())]
    told = groupby(lines, lambda it: it.strip().rstrip(_STOPS) in typed or bool(_ITEM.match(it)))
    runs = [(own, [*run]) for own, run in told]
    blocks = [run for own, run in runs if not own and len(run) >= _BLOCK]
    left = size - sum(len(it) + 1 for _, run in runs if run not in blocks for it in run)
    if not blocks or left < _LEAST * len(blocks):
        return outline(text, size)
    return "\n".join(_cut("\n".join(run), left // len(blocks)) if run in blocks else "\n".join(run) for _, run in runs)


def _cut(block: str, room: int) -> str:
    """Return what went wrong by a pasted ``block``, and where in the project, in ``room``; a short one whole."""
    if len(block) <= room:
        return block
    place = place_in(block.split("\n"))
    return f"… {clipped(telling_lines(block, room), room)} …{f' at {place}' * bool(place)}"


_BLOCK, _LEAST, _STOPS = 3, 60, ".: \u2026"
"""So many lines at least are a block that was pasted, which takes so many characters to say anything."""

_ITEM = lazily(r"\s*(?:[-*+]|\d{1,2}[.)]|#{1,6}) \S")
"""Lines of a list or an outline may be the user's own, however they are told."""
