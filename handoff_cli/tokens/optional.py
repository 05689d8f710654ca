"""Tokenizers of other vendors, where their packages happen to be installed: slow to load, so only when asked for.

``ctok`` (MIT, Python 3.12 or later) reconstructs Claude's tokenizer from recorded counts; ``splintr-rs`` (MIT, with
the terms of the vocabularies) carries those that Meta, Google, DeepSeek and Moonshot published.
"""

from __future__ import annotations

from handoff_cli.tokens.splitter import without_surrogates

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.models.lookup import ModelInfo

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
"""Pattern of ``core.models`` and the vocabulary its models use; families whose newer models changed it are left out."""


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
