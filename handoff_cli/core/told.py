"""How a kept text says whose all of it is: by two lines around it as chat templates have them, each with a control.

The controls (start and end of text) stand in no text that is kept, with a role or without: nothing in a message ends
it, or lets another speak, and no piece that is nobody's holds one.
"""

from __future__ import annotations

_BEGINS, _ENDS = "\x02<|im_start|>", "<|im_end|>\x03"
_CONTROLS = ("\x02", "\x03")
_APART = (("<|", "<\u200b|"), ("INST]", "INST\u200b]"))
"""Signs that mean something in text that is nobody's whole; a reader leaves out what parts them."""


class ToldText:
    """The text of one message of ``role``, as it is kept: ``beginning``, each part ``within`` it, ``end``."""

    end = f"\n{_ENDS}\n"

    def __init__(self, role: str) -> None:
        self.beginning = f"{_BEGINS}{role}\n"

    def within(self, text: str) -> str:
        """Return ``text``, a part of the message, without what could end it."""
        for sign, instead in _APART:
            text = text.replace(sign, instead)
        return nobodys(text)


def nobodys(text: str) -> str:
    """Return ``text``, a part of a piece, without what could make a message of anything in it."""
    for sign in _CONTROLS:
        text = text.replace(sign, "")
    return text


def whose(line: str) -> str | None:
    """Return the role of the message that begins below ``line``, empty where one ended above it; None for others."""
    if line.startswith(_BEGINS):
        return line[len(_BEGINS) :]
    return "" if line == _ENDS else None
