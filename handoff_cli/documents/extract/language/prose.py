"""What of a message is prose: its blocks of code go, but for what a line announces, and for commands."""

from __future__ import annotations

from handoff_cli.core.patterns import DOTALL, MULTILINE, lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def prose_of(text: str, *, marked: bool = False, hole: str = "\n\n") -> str:
    """Return ``text`` without its fenced blocks of code, and with a ``hole`` for the torn lines about what is left out.

    Behind a colon before a block stands what it shows: a short one whole, of others the line that defines something.
    Where nothing is shown a stop takes the place of the colon, unless a block that is left out is to be ``marked``.
    """
    if "characters] …" in text:
        text = hole.join(_with_fences(_HOLE.split(text)))
    if "```" not in text and "~~~" not in text:
        return text
    parts: list[str] = []
    at = 0
    for block in _FENCED.finditer(text):
        before = text[at : block.start()]
        announces = before.rstrip("*_ \t\n")
        if announces.endswith(":"):
            shown = _shown(block[0])
            line = announces.rpartition("\n")[2]
            told = (
                f"{announces[:-1]}.{before[len(announces) :].strip()}\n"
                if len(line) > _SHORT_LINE or "`" in line
                else announces[: -len(line)]
            )
            told = f"{announces}{LEFT_OUT}\n" if marked else told
            before = f"{before.rstrip()} {shown}\n" if shown else told
        elif _OF_COMMANDS.match(block[0]) and (shown := _shown(block[0])):
            before += f"{shown}\n"
        parts.append(before)
        at = block.end()
    return "".join((*parts, text[at:]))


def _with_fences(parts: list[str]) -> list[str]:
    """Return the ``parts`` of a text with the fence of the first or last block that went with what is left out."""
    odd = [len(_FENCE.findall(it)) % 2 == 1 for it in parts]
    if len(parts) != 2 or odd[0] == odd[1]:  # noqa: PLR2004 - a text has one middle
        return parts
    head, tail = parts
    return [f"{head.rstrip()}\n```\n", tail] if odd[0] else [head, f"\n```\n{tail.lstrip()}"]


_FENCE = lazily(r"^[ \t]*(?:`{3,}|~{3,})", MULTILINE)
LEFT_OUT = " \u2026"
"""Stands behind a colon for a block that is left out."""

_FENCED = lazily(r"^[ \t]*(`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t]*\1[^\n]*$|\Z)", DOTALL | MULTILINE)


def _shown(block: str) -> str:
    """Return what a block of code shows on one line: a short one or type whole, else its first definition, if any."""
    lines = [line.strip() for line in block.strip().split("\n")[1:-1]]
    if _OF_COMMANDS.match(block) and "`" not in block.strip("`~\n "):
        typed = [line for line in lines if line and not line.startswith("#")]
        if typed and len(typed) <= _MOST_TYPED and max(map(len, typed)) <= _TYPED_CHARS:
            return f"`{'`, `'.join(typed)}`"
    if 0 < len(lines) <= _SHORT_LINES and "`" not in block.strip("`\n ") and max(map(len, lines)) <= _SHORT_CHARS:
        return f"`{' '.join(lines)}`"
    said = [line.partition(" //")[0].strip() for line in lines if not line.startswith(("//", "#", "/*", "*"))]
    whole_type = " ".join(filter(None, said))
    if said and _TYPE.match(said[0]) and len(whole_type) <= _DEFINITION_CHARS and "`" not in whole_type:
        return f"`{whole_type}`"
    defines = next((line for line in lines if _DEFINES.match(line) and len(line) <= _DEFINITION_CHARS), "")
    return f"`{defines.rstrip(' {:')}`" if defines and "`" not in defines else ""


_OF_COMMANDS = lazily(r"\s*[`~]{3,}(?:bash|sh|shell|zsh|console|terminal|powershell|ps1|cmd|bat)\n(?![^`]*\\\n)")
"""A block of commands, one on each line."""

_MOST_TYPED, _TYPED_CHARS = 8, 120

_HOLE = lazily(r"^[^\n]*\n\u2026 \[[\d,]+ (?:more )?characters\] \u2026\n[^\n]*", MULTILINE)
_DEFINES = lazily(
    r"(?:(?:export|public|static|async|pub|abstract) )*"
    r"(?:func|def|class|interface|type|struct|fn|function|enum|trait) +\(?\w"
)
_TYPE = lazily(r"(?:(?:export|public|pub|declare) )*(?:interface|type|struct|enum|class|record)\b")
_SHORT_LINES, _SHORT_CHARS, _DEFINITION_CHARS, _SHORT_LINE = 3, 70, 130, 20


def typed_lines(text: str, *, listed: bool = False) -> list[str]:
    """Return the lines of a request that were typed: not code, output or lists that were pasted into it.

    With ``listed`` items in words below a line that announces them were typed too, or from one on that asks, and so
    were words of others that it announces and that are quoted; a block that is left out there is marked.
    """
    lines = [it.rstrip() for it in prose_of(text, marked=listed).split("\n") if it.strip()]
    within = _bracketed(lines) if any(it[-1] in _OPEN for it in lines) else set()
    typed: list[str] = []
    announced = is_item = False
    for at, it in enumerate(lines):
        mark = _MARKED if is_item else _ITEM  # the first tells what a list is of
        is_asked = listed and it[-1] == "?" and _ITEM.match(it)  # by whoever types
        begins = mark.match(it) or _QUOTED.match(it)
        is_item = bool((announced or is_asked) and it[-1] not in "{};" and begins)
        is_pasted = _PASTED.match(it) and not (it[-1] in _ENDS_OF_CODE and _LEADS_IN.match(it))
        announced = listed and (is_item or (it[-1] == ":" and not is_pasted))
        if at not in within and (is_item or not is_pasted):
            typed.append(it.strip())
        elif leads := _LEADS_TO_DATA.match(it):
            typed.append(f"{it[: leads.end() + _DATA_CHARS]}…")
    return typed


_LEADS_TO_DATA = lazily(r"((?:[^\W\d_][\w'\u2019-]{0,30},? ){2,40}[^\W\d_][\w'\u2019-]{0,30}:?) ?[\[{][\[{\"]")
_DATA_CHARS = 40
"""Words behind which data were pasted on the same line, and so many characters of these."""


_ITEM = lazily(
    r"\s{0,3}(?:\d{1,2}[.)]|[-*]) (?:[\xa7#]\d{1,4}(?:\.\d{1,2})?[,.:]? )?[^\W\d_][\w'\u2019-]{0,20}[,.!:;]{0,2} "
    r"(?:[\"\u201c]?\w[\w'\u2019-]{0,20}[\"\u201d]?[,.!:;]{0,2} ){2}"
)
_QUOTED = lazily(r">+ [\"\u201c]?[^\W\d_][\w'\u2019-]*[,.!:;]{0,2} (?:[\w'\u2019-]+[,.!:;]{0,2} ){3}")
_MARKED = lazily(r"\s{0,3}(?:\d{1,2}[.)]|[-*]) \S")
"""An item of a list that is words, with what it is of by its number before them, and any item."""


def _bracketed(lines: list[str]) -> set[int]:
    """Return the places of lines that stand between one that ends with an open bracket and the one that closes it."""
    opened: list[int] = []
    within: set[int] = set()
    for at, line in enumerate(lines):
        if line.lstrip()[0] in ")]}" and opened:
            begins = opened.pop()
            if not opened:
                within.update(range(begins + 1, at + 1))
        if line[-1] in _OPEN:
            opened.append(at)
    return within


_OPEN, _ENDS_OF_CODE = "([{", "([{;"
_LEADS_IN = lazily(r"(?:[^\W\d_]{1,40},? ){3}[^{}\n]{0,300}: \S")
"""How words begin that lead in to code on the same line."""

_ITEM_CHOSEN = (  # "4 no change, she knows": whose words begin with the number of what they are about
    r"(?!\d{1,2},? (?!(?:tests?|files?|errors?|warnings?|problems?|examples?|passed|failed|specs?)\b)"
    r"(?:[^\W\d_]{1,20}['\u2019,.!:;]{0,2} ){3})"
)
_FILE = r"\S{1,200}\.(?:mdc?|txt|[jt]sx?|py|json|ya?ml|toml|html|s?css|go|rs|java|kt|rb|php|sh|sql|vue|svelte)(?!\w)"
"""A file, as it is named behind ``@`` where others have a decorator."""

_PASTED = lazily(
    rf"\s*(?:{_ITEM_CHOSEN}\d|"
    r"[+|>${}<\[]"
    rf"|@(?!\S*[\w-]/|/|{_FILE}|\S{{1,100}} \(\d{{1,6}}-\d{{1,6}}\)$)"
    r"|[-*]{3}|- |// |at \S+|File \"|[^\s@]\S*:\d+)|\s{4,}\S|.*[{};]$"
    r"|(?:var|const|let|val|auto|final)\s+\w+\s*=|[\w<>.,]+ \w+ = new\b"
    r"|\s*(?:Error Message|Stack Trace|Passed!|Failed!)\W|\s*(?:[\w$]{1,60}\.){2,12}\w{0,60}(?:Error|Exception)\b"
)


def unfenced(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the lines that say something, with their places: none of those between fences."""
    fenced = False
    for at, line in enumerate(lines):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        elif not fenced and line.strip():
            yield at, line
