"""The forms that hold in a stretch of a text, block by block: some show themselves only here and there."""

from __future__ import annotations

from array import array

from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT, USER
from handoff_cli.transcripts.conversation.marks.voices import AIDER, PANEL, SCREENS, TERMINAL, Voices

BLOCK_LINES = 64
_NEAR = 3
"""A form holds this many blocks around each of its signs."""


class Stretch:
    """One piece, or several small ones: its lines from ``start`` on, with the forms of each block of them."""

    def __init__(self, start: int) -> None:
        self.start = start
        self.voices = Voices()
        self.blocks = array("H")
        self.is_export = False  # with heads that nobody types: signs of screens were pasted below them, or printed

    def block(self, number: int) -> int:
        """Return the index of the block that a line lies in."""
        index = max(0, number - self.start) // BLOCK_LINES
        while len(self.blocks) <= index:
            self.blocks.append(0)
        return index

    def settle(self, whole: Voices) -> None:
        """Hold to what the ``whole`` text says, unless both sides are named here, and in other ways."""
        self.voices.conclude(opens=True, is_titled=False)
        if not self.voices.is_dialogue or self.voices.roles_as(whole) >= {USER, ASSISTANT}:
            self.voices = whole
        keep = TERMINAL if self.is_export else SCREENS | AIDER | TERMINAL | PANEL
        keep |= self.voices.ways
        self.blocks = array("H", [mask & keep for mask in self.blocks])

    def spread(self, last: int) -> int:
        """Let each form hold around its signs, and the ``last`` one on where nothing else is; return the new last."""
        blocks = self.blocks
        spread = array("H", bytes(2 * len(blocks)))
        last = last or next((mask for mask in blocks if mask), 0)
        for index in range(len(blocks)):
            near = 0
            for mask in blocks[max(0, index - _NEAR) : index + _NEAR + 1]:
                near |= mask
            spread[index] = last = near or last
        self.blocks = spread
        return last
