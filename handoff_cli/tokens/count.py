"""Counting for a model: the count of its own encoding where that is public, else an estimate with its band.

The band depends on what kind of text it is, judged from samples as it streams by: tokenizers differ by script more
than by topic. Where a package with another vendor's tokenizer happens to be installed, it can be asked: ``ctok`` (MIT,
Python 3.12 or later) reconstructs Claude's from recorded counts; ``splintr-rs`` (MIT, with the terms of the
vocabularies) carries those that Meta, Google, DeepSeek and Moonshot published.
"""

from __future__ import annotations

from handoff_cli.constants import DEFAULT_ENCODING
from handoff_cli.core.record import Record
from handoff_cli.tokens.encode import COLD_CHARS, cold_counter, without_surrogates
from handoff_cli.tokens.vocabulary import definition_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from handoff_cli.models.lookup import Calibration, ModelInfo
    from handoff_cli.tokens.stream import StreamCounter

_LATIN = {"latin": 1.0}

CTOK_FRAMES = {"3.0": 7, "4.7": 11, "4.8": 6}
"""Tokens around a single message that ctok adds to those of the text, by the version of the tokenizer."""

_SPLINTR = {
    "llama-3.1": "llama3",
    "llama-3.2": "llama3",
    "llama-3.3": "llama3",
    "gemma-3*": "gemma3",
    "gemini-2.5*": "gemma3",
    "gemini-3*": "gemma3",
    "deepseek-v3*": "deepseek_v3",
    "kimi-k2*": "kimi_k2",
}
"""Pattern of ``models.table`` and the vocabulary its models use; a family whose newer models changed it is left out."""

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


class TokenCount(Record):
    """A number of tokens, and how much it can be trusted.

    Attributes:
        tokens: The figure to use.
        method: ``counted``: the encoding's own count, and the encoding is the model's own or no model was named.
            ``estimated``: another encoding's count, scaled by a measured factor.
        encoding: The encoding that counted, or that would have without ``tokenizer``.
        low: The least the true figure will probably be (about 19 times in 20); ``tokens`` where it was counted.
        high: The most it will probably be; ``tokens`` where it was counted.
        model: The model that was named, None where none was.
        note: What a reader should know about the figure; empty where there is nothing.
        tokenizer: The optional tokenizer that counted instead of ``encoding``; empty where none did.
    """

    tokens: int
    method: str
    encoding: str
    low: int
    high: int
    model: str | None = None
    note: str = ""
    tokenizer: str = ""

    def plus(self, tokens: int) -> TokenCount:
        """Return this count with ``tokens`` that are known for certain added to figure and band."""
        return self.replace(tokens=self.tokens + tokens, low=self.low + tokens, high=self.high + tokens)


class Scale:
    """What a number of tokens in an encoding means for a model: the count itself, or an estimate with its band.

    Args:
        model: The id of a model, as its API names it.
        encoding: The encoding that counts; goes before the model's.
        safe: Give the upper end of an estimate as the figure.
        calibrations: The user's own factors by model; one for this model goes before the measured ones.

    Attributes:
        encoding: The name of the encoding to count in.
        counted: Whether that is the model's own, so that its count needs no scaling.
    """

    def __init__(
        self,
        model: str | None = None,
        encoding: str | None = None,
        *,
        safe: bool = False,
        calibrations: Mapping[str, Calibration] | None = None,
    ) -> None:
        self._model = model
        self._calibrations = calibrations
        self._info = _known(model)
        self._safe = safe
        own = self._info.encoding if self._info else DEFAULT_ENCODING
        self.encoding = encoding or own
        self._scaled = encoding is None
        self.counted = model is None or (
            self._info is not None and self._info.counted and definition_of(self.encoding) == definition_of(own)
        )

    def count(self, tokens: int, shares: Mapping[str, float] = _LATIN) -> TokenCount:
        """Return what ``tokens`` mean; ``shares``, 0..1, are those of the kinds of content they stand for."""
        if self.counted:
            return TokenCount(tokens, "counted", self.encoding, tokens, tokens, self._model)
        if own := self._calibration():
            note = f"{self.encoding} times {own.factor:.2f}, calibrated on {own.samples:,} responses of your own"
            return self._estimate(tokens, (own.factor, own.low, own.high), note)
        from handoff_cli.models.table import FACTORS, UNKNOWN_FACTORS

        factors = FACTORS.get(self._info.family, UNKNOWN_FACTORS) if self._info else UNKNOWN_FACTORS
        factor, low, high = (sum(share * factors[kind][place] for kind, share in shares.items()) for place in range(3))
        note = self._note(factor, measured=factors is not UNKNOWN_FACTORS)
        return self._estimate(tokens, (factor, low, high), note)

    def _calibration(self) -> Calibration | None:
        if not self._calibrations or not self._scaled:
            return None
        from handoff_cli.models.lookup import find_calibration

        return find_calibration(self._calibrations, self._model, self.encoding)

    def _estimate(self, tokens: int, factors: tuple[float, float, float], note: str) -> TokenCount:
        factor, low, high = factors
        best = round(tokens * factor) if self._scaled else tokens
        least, most = min(best, int(tokens * low)), max(best, -int(-tokens * high // 1))
        figure = most if self._safe else best
        return TokenCount(figure, "estimated", self.encoding, least, most, self._model, note)

    def _note(self, factor: float, *, measured: bool) -> str:
        if not self._scaled:
            return f"{self.encoding} is not the tokenizer of {self._model}"
        if self._info is None:
            return f"unknown model: counted in {self.encoding}, band over all known families"
        if not measured:
            return f"no measurements of the {self._info.family} tokenizer: band over all known families"
        return f"{self.encoding} times {factor:.2f}, measured for the {self._info.family} family"


class TextCounter:
    """Counts for a model a text that is fed bit by bit, in constant memory; arguments as those of ``Scale``.

    Raises:
        UnknownEncodingError: No such encoding, or its vocabulary is not on this machine.
    """

    def __init__(
        self,
        model: str | None = None,
        encoding: str | None = None,
        *,
        safe: bool = False,
        calibrations: Mapping[str, Calibration] | None = None,
    ) -> None:
        self._scale = Scale(model, encoding, safe=safe, calibrations=calibrations)
        self.encoding = self._scale.encoding
        self._cold = cold_counter(self.encoding)
        self._short: list[str] = []
        self._short_chars = 0
        self._stream: StreamCounter | None = None
        self._mix: ContentMix | None = None
        if not self._scale.counted:
            self._mix = ContentMix()

    def feed(self, text: str) -> None:
        """Take the next bit of text; it may begin and end anywhere."""
        self._short_chars += len(text)
        if self._short_chars <= COLD_CHARS:
            self._short.append(text)
        else:
            self._streaming().feed(text)
        if self._mix:
            self._mix.feed(text)

    def result(self) -> TokenCount:
        """Return the count of all that was fed."""
        tokens = self._stream.settle() if self._stream else self._cold.count("".join(self._short))
        return self._scale.count(tokens, self._mix.shares()) if self._mix else self._scale.count(tokens)

    def _streaming(self) -> StreamCounter:
        """Return the counter for what has grown too long to be kept whole; it has been given what was kept."""
        if self._stream is None:
            from handoff_cli.tokens.stream import StreamCounter

            self._stream = StreamCounter(self.encoding)
            for text in self._short:
                self._stream.feed(text)
            self._short.clear()
        return self._stream


def count_tokens(
    text: str, model: str | None = None, encoding: str | None = None, *, safe: bool = False, exact: bool = False
) -> TokenCount:
    """Return the tokens of ``text``; a special token such as ``<|endoftext|>`` is plain text.

    Args:
        text: Any text, lone surrogates too.
        model: The id of a model; without one the count is that of ``encoding``.
        encoding: A tiktoken encoding; without one the model's, or ``o200k_base``.
        safe: Give the upper end of an estimate as the figure.
        exact: Ask a tokenizer of the model's own, where the model has no tiktoken encoding and an optional package
            with one is installed (slow to load); the result names it as its ``tokenizer``.

    Raises:
        UnknownEncodingError: No such encoding, or its vocabulary is not on this machine.
    """
    if exact and model and encoding is None and (found := count_exactly(text, _known(model))):
        tokens, name, note = found
        return TokenCount(tokens, "counted", Scale(model).encoding, tokens, tokens, model, note, name)
    counter = TextCounter(model, encoding, safe=safe)
    counter.feed(text)
    return counter.result()


def _known(model: str | None) -> ModelInfo | None:
    if not model:
        return None
    from handoff_cli.models.lookup import find_model

    return find_model(model)


class ContentMix:
    """The kinds of content in a text that is fed bit by bit, in constant memory."""

    def __init__(self) -> None:
        from handoff_cli.models.table import TOKENS_PER_CHAR

        self._weights = TOKENS_PER_CHAR
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
        tokens = {kind: chars * self._weights[kind] for kind, chars in self._chars.items()}
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
        from bisect import bisect_right

        for character in sample:
            self._chars[_KINDS[bisect_right(_STARTS, ord(character)) - 1]] += 1


def count_exactly(text: str, model: ModelInfo | None) -> tuple[int, str, str] | None:
    """Return tokens, tokenizer and a note for ``text``; None where nothing that is installed knows ``model``."""
    if model is None:
        return None
    text = without_surrogates(text)
    if model.family.startswith("claude"):
        return _with_ctok(text, claude_version(model))
    if model.pattern in _SPLINTR:
        return _with_splintr(text, _SPLINTR[model.pattern])
    return None


def claude_version(model: ModelInfo) -> str:
    """Return the version of the Claude tokenizer, in ctok's numbering, that ``model`` uses."""
    if model.family == "claude":
        return "3.0"
    return "4.7" if model.pattern == "claude-opus-4-7" else "4.8"


def _with_ctok(text: str, version: str) -> tuple[int, str, str] | None:
    try:
        from ctok import token_count  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return None
    frame = CTOK_FRAMES[version] if text else token_count("", version)
    return token_count(text, version) - frame, f"ctok {version}", "offline reconstruction of Claude's tokenizer"


def _with_splintr(text: str, vocabulary: str) -> tuple[int, str, str] | None:
    try:
        from splintr import Tokenizer  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return None
    tokens = len(Tokenizer.from_pretrained(vocabulary).encode_ordinary(text))
    return tokens, f"splintr {vocabulary}", "published vocabulary of the family"
