"""Measure how many tokens other tokenizers make of one o200k token: the source of ``FACTORS`` in the model table.

Needs ``ctok`` (Claude, reconstructed; Python 3.12 or later) and ``splintr-rs`` (published vocabularies). The texts are
those of a Debian-like machine: licences, sources, C headers, manuals and gettext catalogues in many languages; agent
transcripts from ``--transcripts``. Prints, by language and by kind of content, the pooled ratio and the 5th and 95th
percentile over documents of 4,000 characters.
"""

from __future__ import annotations

import argparse
import contextlib
import glob
import gzip
import random
import re
import sysconfig

from benchmarks.results import write
from handoff_cli.tokens.count import CTOK_FRAMES
from handoff_cli.tokens.encode import cold_counter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

DOCUMENT_CHARS = 4_000
SPLINTR = {
    "gemini": "gemma3", "llama": "llama3", "qwen": "qwen3", "deepseek": "deepseek_v3", "mistral": "mistral_v3",
    "kimi": "kimi_k2", "glm": "glm4",
}  # fmt: skip
CLAUDE = {"claude": "3.0", "claude-4.7": "4.7"}
LANGUAGES = {
    "zh_CN": "cjk", "zh_TW": "cjk", "ja": "cjk", "ko": "hangul", "ru": "cyrillic", "el": "cyrillic", "de": "accented",
    "fr": "accented", "es": "accented", "ar": "other", "he": "other", "hi": "other", "th": "other",
}  # fmt: skip


def read_files(pattern: str) -> str:
    """Return all files that match ``pattern``, one after another."""
    texts = []
    for path in sorted(glob.glob(pattern, recursive=True)):
        with open(path, encoding="utf-8", errors="replace") as file:
            texts.append(file.read(200_000))
    return "\n".join(texts)


def manuals(language: str) -> str:
    """Return the text of the manual pages in ``language``, without the commands of roff."""
    pages = []
    for path in sorted(glob.glob(f"/usr/share/man/{language}/**/*.gz", recursive=True)):
        with gzip.open(path, "rt", encoding="utf-8", errors="replace") as file:
            pages.append(re.sub(r"(?m)^[.'].*$|\\f[A-Z]|\\-|\\\(..", "", file.read()))
    return "\n".join(pages)


def catalogues(language: str) -> str:
    """Return the messages of the gettext catalogues in ``language``."""
    import gettext

    texts: list[str] = []
    for path in sorted(glob.glob(f"/usr/share/locale*/{language}/LC_MESSAGES/*.mo")):
        with open(path, "rb") as file, contextlib.suppress(UnicodeDecodeError, LookupError, ValueError, OSError):
            messages = vars(gettext.GNUTranslations(file))["_catalog"]
            texts += [text for key, text in messages.items() if key and isinstance(text, str)]
    return "\n".join(texts)


def tokenizers() -> dict[str, Callable[[str], int]]:
    """Return, by family, what counts the tokens of a text."""
    from ctok import token_count
    from splintr import Tokenizer

    def published(name: str) -> Callable[[str], int]:
        encode = Tokenizer.from_pretrained(name).encode_ordinary
        return lambda text: len(encode(text))

    def claude(version: str) -> Callable[[str], int]:
        return lambda text: token_count(text, version) - CTOK_FRAMES[version]

    return {
        **{family: claude(version) for family, version in CLAUDE.items()},
        **{family: published(name) for family, name in SPLINTR.items()},
    }


def ratios(pairs: list[tuple[int, int]]) -> tuple[float, float, float]:
    """Return the pooled ratio of ``pairs`` and its 5th and 95th percentile."""
    each = sorted(theirs / ours for theirs, ours in pairs)
    edge = len(each) // 20
    pooled = sum(theirs for theirs, _ in pairs) / sum(ours for _, ours in pairs)
    return round(pooled, 2), round(each[edge], 2), round(each[-1 - edge], 2)


def main() -> None:
    """Measure and write ``benchmarks/results/tokenizer_factors.json``."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=40, help="documents per language (default: 40)")
    parser.add_argument("--transcripts", help="glob of agents' JSONL transcripts")
    options = parser.parse_args()
    library = sysconfig.get_path("stdlib")
    sources = {
        "english": ("latin", read_files("/usr/share/common-licenses/*")),
        "python": ("latin", read_files(f"{library}/*.py")),
        "c": ("latin", read_files("/usr/include/*.h")),
        "jsonl": ("latin", read_files(options.transcripts) if options.transcripts else ""),
        **{name: (kind, manuals(name) + catalogues(name)) for name, kind in LANGUAGES.items()},
    }
    chance, cold, report = random.Random(4), cold_counter("o200k_base"), {}
    kinds: dict[str, dict[str, list[tuple[int, int]]]] = {}
    for name, (kind, text) in sources.items():
        parts = [text[at : at + DOCUMENT_CHARS] for at in range(0, len(text) - DOCUMENT_CHARS, DOCUMENT_CHARS)]
        parts = chance.sample(parts, min(options.documents, len(parts)))
        ours = [cold.count(part) for part in parts]
        for family, count in tokenizers().items() if parts else ():
            pairs = [(count(part), tokens) for part, tokens in zip(parts, ours, strict=True)]
            report.setdefault(name, {})[family] = ratios(pairs)
            kinds.setdefault(kind, {}).setdefault(family, []).extend(pairs)
        print(name, len(parts), report.get(name), flush=True)
    report["kinds"] = {kind: {family: ratios(pairs) for family, pairs in by.items()} for kind, by in kinds.items()}
    for kind, by in report["kinds"].items():
        print(kind, by)
    write("tokenizer_factors", report)


if __name__ == "__main__":
    main()
