"""Lines as they were given, across pieces: what was drawn anew stands once, what all are quoted or set in by is off.

A line of the source may be several: where carriage returns part them, or marks of turns stand within it.
"""

from __future__ import annotations

from collections import deque
from itertools import pairwise

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.copies.copied import laid_out
from handoff_cli.transcripts.conversation.copies.data import Data
from handoff_cli.transcripts.conversation.copies.escapes import restored, unescaped
from handoff_cli.transcripts.conversation.copies.pages import reader_of
from handoff_cli.transcripts.conversation.copies.shown import without_controls
from handoff_cli.transcripts.conversation.copies.stretches import without_middles
from handoff_cli.transcripts.conversation.copies.tables import table_in
from handoff_cli.transcripts.conversation.marks.again import told_once
from handoff_cli.transcripts.values import UNDECODABLE, decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from handoff_cli.transcripts.conversation.copies.pages import Page
    from handoff_cli.transcripts.conversation.copies.recordings import Recording
    from handoff_cli.transcripts.conversation.copies.tables import Table
    from handoff_cli.transcripts.source import Source

    Given = tuple[int, str, bool]
    """The number of a line, its text as it is, and whether a piece begins with it."""

FIRST_BYTES, LAST_BYTES = 2 << 20, 10 << 20
"""More than any context window holds: of a longer text the beginning and the end are read."""

_LINE_BYTES = 160
"""As much time as so many bytes takes a line however short it is, which counts as so much longer."""

_PROGRESS = compiled(r"\x1b\[|\d%|\d/\d|[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏█░]")
"""What a line has in it that was written over and over, as a counter is."""

_INST = {"[INST]": "user", "[/INST]": "assistant"}
_SEPARATOR = compiled(r"\ufeff?sep=.\s*")
"""What some programs want above a table."""

_TURNS_ON_A_LINE = compiled(r"\s*(?:</?s>)?\s*(\[/?INST\])(?:<s>)?\s*")
_UP = compiled(r"\x1b\[(\d{0,3})A")
_ROW_PIECES = 64
_FRAME_LINES = 100
"""No program draws a higher frame again."""

_LOOKED_AT, _LEAST_LOOKED_AT = 80, 4
_MARGIN = compiled(r"(?:> ?)+|(?:\t|  )[ \t]{0,40}")


def numbered(source: Source) -> Sequence[Given]:
    """Return ``(number, raw text, begins a piece)`` of each line; of a very long text the middle is passed over.

    A line that is several makes the numbers of those below it higher. They are asked for twice, and laid out once.
    """
    if source.laid_out is None:
        drawn = _drawn_once(_rows_whole(restored(unescaped(_lines_of(source)))))
        source.laid_out = list(laid_out(without_controls(_without_margin(drawn))))
    return source.laid_out


def _edges_of(source: Source) -> Iterator[tuple[int, bytes, bool]]:
    """Yield the lines as they are; of a very long text without those amid it."""
    resume = max(0, source.extent(_LINE_BYTES) - LAST_BYTES)
    at = source.passed_over = 0
    gap = False
    for raw in source.lines():
        at += len(raw) + 1 + _LINE_BYTES
        if FIRST_BYTES < at < resume:
            source.passed_over += 1
            gap = True
            continue
        yield source.position, raw, source.begins_piece or gap
        gap = False


def _lines_of(source: Source) -> Iterator[Given]:
    is_first, last, since, begins = True, 0, 0, False
    page: Page | Table | Data | Recording | None = None
    for position, raw, begins_piece in told_once(without_middles(source, _edges_of(source))):
        line = raw.decode("utf-8", "replace")
        if is_first and _SEPARATOR.fullmatch(line):
            continue
        if (is_first or begins_piece) and not (page and page.goes_on(line)):
            is_first = not line.strip() or line[:2] == "# "  # above data stands its title
            for text in _released(page):
                yield (last := max(last + 1, since)), text, begins
                begins = False
            page, begins, since = reader_of(line), begins_piece, 0
        elif page is None and (line[:1] == "|" or " | " in line or " │ " in line):
            page = table_in(line, ruled=True)
        since = since or position
        begins = begins or begins_piece
        for text in _lines_in(line) if page is None else _taken(page, line):
            yield (last := max(last + 1, since)), text, begins
            begins, since = False, 0
        page = None if page and page.is_over else page
    for text in _released(page):
        yield (last := max(last + 1, since)), text, begins
        begins = False


def _taken(page: Page | Table | Data | Recording, line: str) -> list[str]:
    """Return the lines that a ``line`` completes."""
    if isinstance(page, Data):
        return [it for text in page.take(line) for it in _lines_in(text)]
    return [it for text in _lines_in(line) for it in page.take(text)]


def _released(page: Page | Table | Data | Recording | None) -> Iterable[str]:
    """Return the lines that a page, a table or data holds back at its end."""
    held = page.end() if page else ()
    return [it for text in held for it in (_lines_in(text) if isinstance(page, Data) else (text,))]


def _rows_whole(lines: Iterable[Given]) -> Iterator[Given]:
    """Yield lines with rows of JSON whole that the end of a piece cut in two, or in more."""
    cut: list[Given] = []
    for line in lines:
        number, text, begins = line
        if cut and begins and not text.startswith('{"') and (len(cut) > 1 or decode(cut[0][1]) is UNDECODABLE):
            row = "".join(it[1] for it in cut) + text if text[-1:] == "}" else ""
            if row and decode(row) is not UNDECODABLE:
                yield number, row, cut[0][2]
                cut = []
                continue
            if len(cut) < _ROW_PIECES:
                cut.append(line)
                continue
        yield from cut
        cut = []
        if text.startswith('{"') or text == "{":
            cut = [line]
        else:
            yield line
    yield from cut


def _drawn_once(lines: Iterable[Given]) -> Iterator[Given]:
    """Yield lines as they stay: a program that goes up some lines draws those anew."""
    held: deque[Given] = deque()
    draws = False
    for line in lines:
        draws = draws or "\x1b[" in line[1]
        if not draws:
            yield line
            continue
        ups = [*_UP.finditer(line[1])] if "A" in line[1] else []
        if ups:
            gone = [held.pop() for _ in range(min(sum(int(up[1] or 1) for up in ups), len(held)))]
            held.append((line[0], line[1][ups[-1].end() :], line[2] or any(it[2] for it in gone)))
        else:
            held.append(line)
        if len(held) > _FRAME_LINES:
            yield held.popleft()
    yield from held


def _without_margin(lines: Iterator[Given]) -> Iterator[Given]:
    """Yield lines without what all begin with, where the whole text is quoted or set in."""
    first: list[Given] = []
    filled: list[str] = []
    for line in lines:
        first.append(line)
        if line[1].strip():
            filled.append(line[1])
            if len(filled) == _LOOKED_AT or not _MARGIN.match(line[1]):
                break
    margin = _margin_of(filled)
    for number, text, begins in first:
        yield number, _cut(text, margin), begins
    for number, text, begins in lines:
        yield number, _cut(text, margin) if margin else text, begins


def _margin_of(filled: list[str]) -> str:
    found = [it[0] if (it := _MARGIN.match(text)) else "" for text in filled]
    if len(filled) < _LEAST_LOOKED_AT or not all(found):
        return ""
    quoted = [it.replace(" ", "") for it in found]
    if all(it[:1] == ">" for it in quoted):
        return ">" * min(map(len, quoted))
    return min(found, key=len) if not any(it[:1] == ">" for it in quoted) else ""


def _cut(text: str, margin: str) -> str:
    if margin[:1] != ">":
        return text.removeprefix(margin)
    for _ in margin:
        text = text.removeprefix(">").removeprefix(" ")
    return text


def _of_templates(text: str) -> list[str]:
    """Return a line in which a model's template, or a tag with a role, names who speaks: each turn on a line."""
    if found := _ROLE_TAG.match(text):
        role, said, end = found[2], found[4], f"</{found[1]}>"
        if not role:
            return [f"=== {found[3]} ===", said.removesuffix(end)]
        return [f"<{role}>{said.removesuffix(end)}</{role}>" if said.endswith(end) else f"<{role}>{said}"]
    return _TURNS_OF_TEMPLATES.sub("\n", text).split("\n") if "<|" in text else [text]


_ROLE_TAG = compiled(
    r"\s{0,8}<(message|turn|msg)(?: [\w-]{1,20}=\S{1,60}){0,4}? (?:role=[\"'](user|assistant|system|human|ai)"
    r"|(?:speaker|sender|author|who)=[\"']([^\"'<>]{1,40}))[\"'][^<>]{0,200}>(.*?)\s*$"
)
_TURNS_OF_TEMPLATES = compiled(r"(?<=[^\s\x02\x03])\s*(?=<\|(?:im_start|start_header_id)\|>)")


def _lines_in(text: str) -> list[str]:
    """Return the lines that ``text`` is: more than one where carriage returns part them instead of overwriting."""
    if text[:2] in ('{"', "[{"):
        return [text]
    if "<|" in text or (text[:1] in "< " and "=" in text and text.lstrip()[:2] in ("<m", "<t")):
        return _of_templates(text)
    if "INST]" in text:
        return _TURNS_ON_A_LINE.sub(lambda sign: f"\n<|{_INST[sign[1]]}|>", text).strip().split("\n")
    if "\r" not in text or _PROGRESS.search(text):
        return [text]
    parts = text.split("\r")
    return [text] if any(one[:2] == other[:2] for one, other in pairwise(parts)) else parts
