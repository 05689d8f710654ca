"""Where a definition ends, its signature and what its comment says of it: by indentation and brackets, any language."""

from __future__ import annotations

from handoff_cli.core.light import lru_cache
from handoff_cli.core.patterns import lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_LINES = 600
_MOST_DOC = 40
_MOST_SIGNATURE = 12
_COMMENT = lazily(r"\s*(?://|#(?![!\[]|\w+\()|/\*|\*(?:\s|/|$)|--\s|@\w|#\[)")
_DECORATOR = lazily(r"\s*(?:@|#\[)")
_MARKS = lazily(r"^\s*(?://[/!]?|#+|/\*+!?|\*+/?|--+|\"\"\"|''')\s?|(?:\*/|\"\"\"|''')\s*$")
_QUOTES = ('"""', "'''")
_ENDS_BLOCK = ("}", ")", "]", "end")
_SENTENCE = lazily(r"(?<=[a-z0-9)`'\"])[.!?](?=\s|$)|(?<=[A-Z]{2})\.(?=\s[A-Z]|$)")


@lru_cache(maxsize=1 << 13)
def depth_of(line: str) -> int:
    """Return by how much ``line`` is indented, a tab counting as four."""
    width = len(line) - len(line.lstrip())
    return width if "\t" not in line[:width] else len(line[:width].expandtabs(4))


def block_end(lines: Sequence[str], at: int, *, whole: bool = True) -> int | None:
    """Return the index behind the last line of the definition at ``lines[at]``, None where its end is not there.

    It ends with the bracket (or ``end``) at its own depth, or, opened by a colon, before the next line at its depth; or
    with the file, where ``lines`` are the ``whole`` of it.
    """
    depth, opened = depth_of(lines[at]), signature_end(lines, at)
    head = lines[opened - 1].rstrip()
    if not head.endswith(("{", ":", "(", "[", "=", "|", "=>")) and not _opens_with_word(head):
        return opened
    colon, quoted, last = head.endswith(":"), 0, opened
    for place in range(opened, min(len(lines), at + _MOST_LINES)):
        line = lines[place]
        bare = line.strip()
        if not bare:
            continue
        if depth_of(line) <= depth and not quoted % 2:
            if bare.startswith(_ENDS_BLOCK) and not colon:
                goes_on = bare.endswith(("{", "(", "[", ":")) and bare[0] in "})]"
                if not goes_on:
                    return place + 1
            elif colon or not head.endswith("{"):
                return last
        quoted += sum(map(line.count, _QUOTES)) if colon else line.count("`")
        last = place + 1
    return last if colon and whole and at + _MOST_LINES > len(lines) else None


def _opens_with_word(head: str) -> bool:
    """Return whether a definition goes on to a line ``end``: there is no mark at the end of its first line."""
    return bool(_WORDED.match(head))


_WORDED = lazily(r"\s*(?:def|module|class|function|local function)\s[\w.:?!<=> \t]+(?:\([^)]*\)\s*(?:do)?)?$")


def signature_end(lines: Sequence[str], at: int) -> int:
    """Return the index behind the line that ends the signature of the definition at ``lines[at]``."""
    open_brackets = 0
    for place in range(at, min(len(lines), at + _MOST_SIGNATURE)):
        line = lines[place]
        open_brackets += line.count("(") + line.count("[") - line.count(")") - line.count("]")
        if open_brackets <= 0:
            return place + 1
    return at + 1


def doc_start(lines: Sequence[str], at: int) -> int:
    """Return the index of the first line of comments and decorators that stand right above ``lines[at]``."""
    first, depth = at, depth_of(lines[at])
    while first > max(0, at - _MOST_DOC) and _COMMENT.match(lines[first - 1]):
        if abs(depth_of(lines[first - 1]) - depth) > 1:
            break
        first -= 1
    return first


def signature(lines: Sequence[str], at: int) -> str:
    """Return the signature of the definition at ``lines[at]`` on one line, without what opens its body."""
    text = " ".join(" ".join(lines[at : signature_end(lines, at)]).split())
    return (
        text.removesuffix("{")
        .rstrip()
        .removesuffix("=>")
        .rstrip()
        .removesuffix(":")
        .replace("( ", "(")
        .replace(", )", ")")
    )


def says(lines: Sequence[str], at: int) -> str:
    """Return the first sentence of the comment above the definition at ``lines[at]``, or of the text at its beginning.

    Empty where there is none.
    """
    above = [line for line in lines[doc_start(lines, at) : at] if not _DECORATOR.match(line)]
    below = lines[signature_end(lines, at) : signature_end(lines, at) + 6]
    if not above and below and below[0].lstrip().lstrip("rR").startswith(_QUOTES):
        above = [*below]
        ends = next((place for place, it in enumerate(above) if sum(map(it.count, _QUOTES)) == 1 + (place == 0)), None)
        above = above if ends is None else above[: ends + 1]
    words: list[str] = []
    for line in above:
        bare = _MARKS.sub("", _MARKS.sub("", line)).strip()
        if not bare and words:
            break
        words += bare.split()
    text = " ".join(words)
    found = _SENTENCE.search(text)
    return text[: found.start()] if found else text
