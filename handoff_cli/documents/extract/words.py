"""Text in fewer words, none of them ours: sentences, heads and tails, the lines that carry names and figures."""

from __future__ import annotations

import re

IDENTIFIER = re.compile(
    r"\b(?:[A-Za-z]+_[A-Za-z0-9_]+|[a-z]+[A-Z][A-Za-z0-9]+|[A-Z][a-z0-9]+[A-Z][A-Za-z0-9]+|[A-Z]{2,}[a-z]+[A-Za-z0-9]*)\b"
)
"""Names out of code: words with a hump or an underscore."""

_FENCED = re.compile(r"^[ \t]*(`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t]*\1[^\n]*$|\Z)", re.DOTALL | re.MULTILINE)
_LEAD = re.compile(r"^(?:[-*+•>#]+|\d{1,3}[.)]|\*\*\d+[.)]?\*\*)\s+")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')*`]*\s+(?=[\"'(*`]*[A-Z0-9`])")
_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_WORD_END = re.compile(r"\s\S*\Z")
_WORD_START = re.compile(r"\A\S*\s")
_MAX_WORD_LOST_CHARS = 12
_WORDS = re.compile(r"\w{3,}")


def one_line(text: str) -> str:
    """Return ``text`` on one line, each run of white space a single space."""
    return " ".join(text.split())


def beginning(text: str, size: int) -> str:
    """Return at most ``size`` characters of ``text``, ending with a word unless that is long."""
    if len(text) <= size:
        return text
    words = _WORD_END.sub("", text[:size]).rstrip()
    return words if size - len(words) <= _MAX_WORD_LOST_CHARS else text[:size].rstrip()


def ending(text: str, size: int) -> str:
    """Return at most the last ``size`` characters of ``text``, beginning with a word unless that is long."""
    if len(text) <= size:
        return text
    words = _WORD_START.sub("", text[-size:]).lstrip()
    return words if size - len(words) <= _MAX_WORD_LOST_CHARS else text[-size:].lstrip()


def ends(text: str, size: int, tail: float = 0.4) -> str:
    """Return the beginning and the end of ``text`` in about ``size`` characters, ``tail`` of it for the end."""
    if len(text) <= size + 40:
        return text
    last = ending(text, round(size * tail))
    first = beginning(text, size - len(last))
    return f"{first}\n… [{len(text) - len(first) - len(last):,} characters] …\n{last}"


def clipped(text: str, size: int) -> str:
    """Return ``text`` on one line in at most ``size`` characters, ending with a word, and a mark where more follows."""
    line = one_line(text)
    return line if len(line) <= size else f"{beginning(line, size - 1)}…"


def prose_of(text: str) -> str:
    """Return ``text`` without its fenced blocks of code."""
    return _FENCED.sub("", text)


def plain(line: str) -> str:
    """Return a line of Markdown without its list mark, heading mark and bold."""
    return _BOLD.sub(r"\2", _LEAD.sub("", line.strip()))


def sentences(text: str) -> list[str]:
    """Return the sentences of ``text`` in order, without code blocks, table rows and headings."""
    found: list[str] = []
    for line in prose_of(text).split("\n"):
        bare = line.strip()
        if not bare or bare.startswith(("|", "#", "---", "===", "<")):
            continue
        found += [it for it in _SENTENCE_END.split(plain(bare)) if it]
    return found


def words_of(text: str) -> set[str]:
    """Return the words of ``text`` in lower case."""
    return set(_WORDS.findall(text.lower()))


def alike(one: set[str], other: set[str]) -> bool:
    """Return whether two sets of words say much the same."""
    return bool(one) and len(one & other) * 5 >= min(len(one), len(other)) * 3
