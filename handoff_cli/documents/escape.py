"""Strangers' text made inert: it is shown where it was put and cannot leave its place, hide, draw or command.

Nothing is dropped: what a terminal or a Markdown reader would act on becomes visible text instead.
"""

from __future__ import annotations

import re

# C0 and C1 controls (terminal escapes among them), line separators, surrogates, bidirectional overrides (they make
# text read otherwise than it is), byte order mark and noncharacters (YAML refuses them), and the invisible tag and
# annotation characters through which text can be smuggled past a human reader.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_MARKUP = re.compile(r"[\\`*\[\]|~]|(?<!\w)_|_(?!\w)")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_BLOCK_START = re.compile(r"^(\d{1,9}(?=[.)])|(?=[-+=#>]))")
_BACKTICKS = re.compile("`+")


def visible(text: str) -> str:
    r"""Return ``text`` with unsafe characters written out (``\x1b``, ``\u202e``); newlines become ``\n`` and stay."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNSAFE.sub(lambda found: found[0].encode("unicode_escape", "surrogatepass").decode(), text)


def one_line(text: str) -> str:
    """Return ``text`` made visible on a single line, each run of white space a single space."""
    return " ".join(visible(text).split())


def name(text: str) -> str:
    r"""Return the name of a file, branch or command on a single line, all that is not visible written out."""
    return visible(text.replace("\r", "\\r")).replace("\n", "\\n").replace("\t", "\\t")


def clip(text: str, limit: int) -> str:
    """Return ``text`` cut to at most ``limit`` characters, with an ellipsis where something was cut."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def prose(text: str) -> str:
    """Return ``text`` as a line of Markdown that reads as the plain text it is, in a paragraph, list or table cell."""
    line = _ENTITY.sub("&amp;", _MARKUP.sub(r"\\\g<0>", one_line(text)))
    return _BLOCK_START.sub(r"\1\\", line.replace("<", "&lt;"))


def code(text: str) -> str:
    """Return ``text`` as one Markdown code span, fenced by more backticks than it holds.

    Inside a table, use ``prose``: readers do not agree on a pipe in a code span there.
    """
    line = name(text)
    if not line.strip():
        return f"`{line or ' '}`"
    fence = "`" * (1 + max((len(run) for run in _BACKTICKS.findall(line)), default=0))
    pad = " " if line[0] in "` " or line[-1] in "` " else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def quote(text: str) -> str:
    """Return ``text`` as a Markdown block quote, line for line; HTML comments in it are shown, not obeyed."""
    lines = visible(text).strip("\n").replace("<!--", "&lt;!--").split("\n")
    return "\n".join(f"> {line}" if line else ">" for line in lines)


def fence(text: str) -> str:
    """Return ``text`` as a fenced Markdown block, verbatim, fenced by more backticks than it holds."""
    body = visible(text).strip("\n")
    bar = "`" * max(3, 1 + max((len(run) for run in _BACKTICKS.findall(body)), default=0))
    return f"{bar}text\n{body}\n{bar}"
