"""What source code says of itself, line by line: definitions, and in which of them a place lies. Any language."""

from __future__ import annotations

from itertools import islice

from handoff_cli.core.light import lru_cache
from handoff_cli.core.patterns import MULTILINE, lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

_MODIFIERS = (
    r"(?:(?:export|default|public|private|protected|internal|static|final|abstract|async|override|virtual|sealed|open"
    r"|pub(?:\([a-z]+\))?|unsafe|extern|inline|const|suspend|partial|declare)[ \t]+)*"
)
DEFINITION = lazily(
    rf"^[ \t]*{_MODIFIERS}(?:"
    r"(?:def|class|struct|interface|trait|enum|module|namespace|protocol|actor|extension|object|record|union|mod|impl)"
    r"[ \t]+(?![a-z_]\w{0,80}:[ \t]+[%{\[])"  # an attribute of Ruby on Rails: "enum state: { ... }"
    r"(?:<[^>\n]*>\s*)?(?P<a>[A-Za-z_$][\w$.]*(?:::[\w$.]+)*)"
    r"|(?:func|fn|fun|function\*?|sub|macro_rules!|procedure)[ \t]+(?:\([^)\n]*\)[ \t]*)?(?P<b>[A-Za-z_$][\w$.]*)"
    r"|(?:const|let|var)[ \t]+(?P<c>[A-Za-z_$][\w$]*)[ \t]*(?::[^=\n]{1,200})?=[ \t]*(?:async[ \t]*)?"
    r"(?:function\b|\([^)\n]{0,200}\)[ \t]*(?::[^=\n]{1,200})?=>|\w+[ \t]*=>)"
    r"|type[ \t]+(?P<f>[A-Za-z_$][\w$]*)(?=[^\n]*[={(])"
    r"|(?P<e>(?:describe|it|test|context)\(\s*['\"`][^'\"`\n]{1,80}['\"`]"
    r"|(?:TYPED_)?TEST(?:_[FP]|_CASE)?\([^()\n]{1,120}\)(?=[ \t]*\{))"
    r"|(?!(?:return|await|throw|new|else|case|yield|elif|if|while|for|match|switch|until|unless|guard)\b)"
    r"(?:(?:(?:[\w<>\[\],.?*&]|::){1,60}[ \t]+[*&]?){1,6}(?:\w{1,60}::)*|(?:\w{1,60}::)+)"
    r"(?P<d>[A-Za-z_]\w{0,80})[ \t]*\([^;\n]{0,200}\)"
    r"(?:[ \t]*(?:const|noexcept|override|final|throws [\w, .]{1,200}|: [^;\n]{1,200}(?=\{)))*[ \t]*\{[ \t]*$"
    r")",
    MULTILINE,
)
"""A line that opens a definition; its name is in one of the groups."""

_HEADING = lazily(r"^(#{1,6}) +(?P<a>\S[^\n]{0,80})", MULTILINE)
_NO_NAMES = frozenset(("if", "for", "while", "switch", "return", "else", "catch", "new", "throw", "await", "assert"))


def definitions_in(text: str, markdown: bool = False) -> list[str]:
    """Return the names of what ``text`` defines, in order, each once; of Markdown its headings."""
    all_found = _HEADING.finditer(text) if markdown else _definitions_in(text)
    return list(dict.fromkeys(name for found in all_found if (name := _name(found))))


def _definitions_in(text: str) -> Iterator[re.Match[str]]:
    """Yield what ``DEFINITION`` finds in ``text``, which is tried on no line that cannot begin one."""
    start = end = 0
    for line in text.split("\n"):
        if start >= end and _may_define(line) and (found := DEFINITION.match(text, start)):
            yield found
            end = found.end()
        start += len(line) + 1


@lru_cache(maxsize=1 << 13)
def defined_by(line: str) -> str | None:
    """Return the name of what a ``line`` opens the definition of, None where it opens none."""
    found = DEFINITION.match(line) if _may_define(line) else None
    return _name(found) if found else None


def _may_define(line: str) -> bool:
    """Return whether ``DEFINITION`` may find anything that begins on ``line``."""
    words = line.split(None, 1)
    start = words[0] if words else ""
    return start in _STARTS or start.startswith(_STARTS_WITH) or line.rstrip(" \t").endswith("{")


_STARTS = frozenset((
    *("export", "default", "public", "private", "protected", "internal", "static", "final", "abstract", "async"),
    *("override", "virtual", "sealed", "open", "pub", "unsafe", "extern", "inline", "const", "suspend", "partial"),
    *("declare", "def", "class", "struct", "interface", "trait", "enum", "module", "namespace", "protocol", "actor"),
    *("extension", "object", "record", "union", "mod", "impl", "func", "fn", "fun", "function", "function*", "sub"),
    *("macro_rules!", "procedure", "let", "var", "type"),
))  # fmt: skip
_STARTS_WITH = ("pub(", "describe(", "it(", "test(", "context(")
"""How what ``DEFINITION`` finds begins, but for what ends with a brace: that most lines do not is told sooner."""


def enclosing(text: str, at: int, markdown: bool = False) -> str | None:
    """Return the name of the definition (of Markdown: the heading) that position ``at`` of ``text`` lies in.

    Of definitions above, the nearest that is indented less than the place itself; None where there is none.
    """
    if markdown:
        return _heading_above(text, at)
    start = text.rfind("\n", 0, at) + 1
    first = next((line for line in _lines_from(text, start) if line.strip()), "")
    depth = len(first) - len(first.lstrip())
    if own := DEFINITION.match(first):
        return _name(own)
    if (below := _below_comment(text, start)) and (name := _name(below)):
        return name
    for line in _lines_above(text, start):
        if not line.strip():
            continue
        indent = len(line) - len(line.lstrip())
        if indent < max(depth, 1) and (name := defined_by(line)):
            return name
    return None


def _heading_above(text: str, at: int) -> str | None:
    start = at
    while start:
        start = text.rfind("\n#", 0, start) + 1
        if found := _HEADING.match(text, start, at):
            return found["a"].strip()
    return None


def _lines_from(text: str, start: int) -> Iterator[str]:
    """Yield the lines of ``text`` from ``start`` on: of a long file no more than are asked for."""
    while (end := text.find("\n", start)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]


def _lines_above(text: str, end: int) -> Iterator[str]:
    """Yield the lines of ``text`` before the one that begins at ``end``, the nearest first."""
    for _ in range(_FAR):
        if not end:
            return
        start = text.rfind("\n", 0, end - 1) + 1
        yield text[start : end - 1]
        end = start


def _below_comment(text: str, start: int) -> re.Match[str] | None:
    """Return the definition that ``text`` comes to from ``start`` on after comments and decorators alone."""
    lines = list(islice(_lines_from(text, start), _COMMENT_LINES))
    if not _COMMENT.match(lines[0]):
        return None
    line = next((line for line in lines if not _COMMENT.match(line)), "")
    return DEFINITION.match(line)


_COMMENT = lazily(r"\s*(?://|#(?!\w+\()|/?\*|@|\"\"\")")
_COMMENT_LINES = 20
_FAR = 600
"""Lines above a place that are looked at: a longer function is rare."""


def _name(found: re.Match[str]) -> str | None:
    name = found[found.lastgroup] if found.lastgroup else None
    return None if not name or name in _NO_NAMES else name
