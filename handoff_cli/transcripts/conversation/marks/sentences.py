"""Whether a line is a sentence that somebody says, what a program prints, or a command."""

# ruff: noqa: RUF001 (signs as they stand on screens)
from __future__ import annotations

from handoff_cli.core.patterns import compiled

_PRINTED = compiled(
    r"(?:={3,}|-{3,} ?\w|\s{4,}\S|--- FAIL|FAIL|PASS|ok\s+\S+\s|E  |\S+\.\w{1,4}:\d+|at \S+ ?\(|\[\w+\]"
    r"|\d+ (?:passed|failed|examples?,|files? inspected)|Finished in [\d.]+|rspec \./"
    r"|\(?[Ee]xit(?:ed)?(?: with| status| code){0,3}[:= ]{0,2}-?\d|exit$|error(?:\[\w+\])?:|warning:|Error:"
    r"|\S+ \d+ \S+ \d+(?!.{0,200}[^\W\d_][.!?] [A-ZÄÖÜ])|Traceback|\+{3} |@@ |diff --git|BUILD [A-Z]"
    r"|test result|Tests:|Ran \d+|FAILED|npm ERR)"
)
_SENTENCE = compiled(
    r"(?:[-*•] |\d{1,2}[.)] )?[\"'`*_(„»¿¡]{0,3}(?!(?:FAIL|PASS|OK|ERROR|WARN|Error)\b)[^\W\d_a-z]\w*"
    r"(?:['’.-]\w+){0,3}[`*:,.!?)]{0,3}(?:$| (?! )\S.*)|[\u3040-\ud7ff]"
)
_HEADING = compiled(r"[A-Z][\w '’:,()&-]{0,80}")
_WORD = compiled(r"(?<![\w/.:=-])[^\W\d_]{2,}(?![\w/:=(]|\.\w)")
_FEW_WORDS, _SOME_WORDS, _WORDY = 3, 5, 0.7
_PRINTED_SIGNS = ("  ", "\t", "│", "==", "--", "::")

BEGINS_PROGRAM = compiled(
    r"(?:sudo |[A-Z_]{1,40}=\S{0,80} ){0,4}(?:\.{0,2}/\S"
    r"|(?:cd|ls|pwd|rm|cp|mv|mkdir|cat|grep|rg|sed|awk|vim?|nano|ssh|curl|wget|tar|git|gh|npm|npx|pnpm|yarn|node|deno|bun|pip3?"
    r"|python3?|pytest|uv|poetry|ruff|mypy|tox|nox|cargo|rustc|mvn|gradle|dotnet|ruby|bundle|rspec|php|composer|docker"
    r"|kubectl|terraform|psql|sqlite3|tsc|jest|vitest|eslint|claude|codex|gemini|opencode|aider|exit|export)(?:\s|$)"
    r"|(?:make|go|find|just|source|echo|head|tail)(?: [\w-]{1,40}){0,2} (?:[-./\"'$]\S|[A-Z_]{1,40}=))"
)
"""How a line begins that runs a program, and speaks to nobody: words of the language need a sign of a command's."""


def is_printed(text: str) -> bool:
    """Return whether a line looks like what a program printed, not like what somebody wrote."""
    return _PRINTED.match(text) is not None or not is_sentence(text)


def is_sentence(text: str) -> bool:
    """Return whether a line reads like prose: it begins large or as a list does, and most of it is plain words."""
    if text.startswith("**"):
        return True
    if text[:1] in "#>" and (bare := text.lstrip("#> ")) != text:
        return is_sentence(bare) or (text[0] == "#" and _HEADING.fullmatch(bare) is not None)
    if not _SENTENCE.match(text) or any(sign in text.strip() for sign in _PRINTED_SIGNS):
        return False
    words = _WORD.findall(text)
    return len(words) * 2 > text.count(" ") and (len(words) >= _FEW_WORDS or text.rstrip("*_`")[-1:] in ".!?:")


def is_said(text: str) -> bool:
    """Return whether a line is what somebody says, whose sentences may begin small, and not what a program prints."""
    words = _WORD.findall(text)
    return (
        len(words) >= _SOME_WORDS
        and len(words) > text.count(" ") * _WORDY
        and not is_printed(f"{text[0].upper()}{text[1:]}")
    )
