"""What kind of text it is, judged from samples as it streams by: tokenizers differ by script more than by topic."""

from __future__ import annotations

from bisect import bisect_right

from handoff_cli.models.table import TOKENS_PER_CHAR

_SAMPLE = 256
_STRIDE = 1 << 12
_WHOLE_UNTIL = 1 << 14
"""Characters that are all looked at; behind them ``_SAMPLE`` of every ``_STRIDE`` are."""

_ACCENTED_SHARE = 0.02
"""Share of letters with accents at which Latin text is wholly of a language other than English (German has about 2 %,
French 4 %)."""

_STARTS, _KINDS = zip(
    (0x00, "latin"),
    (0xC0, "accented"),
    (0x250, "latin"),
    (0x370, "cyrillic"),
    (0x530, "other"),
    (0x1100, "hangul"),
    (0x1200, "other"),
    (0x1E00, "accented"),
    (0x1F00, "cyrillic"),
    (0x2000, "latin"),
    (0x2E80, "cjk"),
    (0x3130, "hangul"),
    (0x3190, "cjk"),
    (0xA000, "other"),
    (0xAC00, "hangul"),
    (0xD800, "latin"),
    (0xF900, "cjk"),
    (0xFB00, "other"),
    (0xFF00, "cjk"),
    (0x10000, "latin"),
    (0x20000, "cjk"),
    strict=True,
)
"""First code point of a range of scripts, and the kind of it; signs, dingbats and emoji go with ``latin``."""


class ContentMix:
    """The kinds of content in a text that is fed bit by bit, in constant memory."""

    def __init__(self) -> None:
        self._chars = dict.fromkeys(TOKENS_PER_CHAR, 0)
        self._position = 0
        self._next = 0

    def feed(self, text: str) -> None:
        """Take the next bit of text."""
        begin = self._position
        self._position += len(text)
        while self._next < self._position:
            end = self._next + _SAMPLE
            self._look(text[max(self._next - begin, 0) : end - begin])
            if end > self._position:  # the sample goes on in what follows
                return
            self._next += _SAMPLE if self._next < _WHOLE_UNTIL else _STRIDE

    def shares(self) -> dict[str, float]:
        """Return the share, 0..1, that each kind has in the tokens; nothing but ``latin`` for an empty text."""
        tokens = {kind: chars * TOKENS_PER_CHAR[kind] for kind, chars in self._chars.items()}
        letters = self._chars["latin"] + self._chars["accented"]
        foreign = min(1.0, self._chars["accented"] / letters / _ACCENTED_SHARE) if letters else 0.0
        latin = tokens["latin"] + tokens["accented"]
        tokens["latin"], tokens["accented"] = latin * (1 - foreign), latin * foreign
        total = sum(tokens.values())
        return {kind: amount / total for kind, amount in tokens.items()} if total else {"latin": 1.0}

    def _look(self, sample: str) -> None:
        if sample.isascii():
            self._chars["latin"] += len(sample)
            return
        for character in sample:
            self._chars[_KINDS[bisect_right(_STARTS, ord(character)) - 1]] += 1
