"""What was read for the work at hand, in a line for each file: what it says of itself, and what it defines.

Who has to answer out of what was read need not read it all again.
"""

from __future__ import annotations

from itertools import takewhile

from handoff_cli.core.light import Counts
from handoff_cli.core.paths import MARKDOWN, name_of
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.facts import FileOutline
from handoff_cli.documents.extract.files.definitions import definitions_of
from handoff_cli.documents.extract.files.texts import FilePart, runs_in, same_file
from handoff_cli.documents.extract.language.prose import unfenced
from handoff_cli.documents.extract.language.words import LEAD, SENTENCE_END, as_one_line, clipped, plain, tells_secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handoff_cli.core.transcript import Transcript
    from handoff_cli.documents.extract.files.texts import Printed

_MOST_FILES, _MOST_NAMES, _MOST_LOOKED_AT = 16, 12, 40


def looked_over(
    transcript: Transcript, printed: Sequence[Printed], asked: int, request: str = ""
) -> tuple[FileOutline, ...]:
    """Return the files read since ``asked`` and not edited since, the latest last, each with what it defines.

    A document that the ``request`` names has its text.
    """
    edited = [it.path for it in transcript.edits if it.position > asked]
    late = [it for it in printed if it.position > asked and not it.found]
    many = Counts(path for it in reversed(late) for path, number, _ in it.lines if number)
    found: list[FileOutline] = []
    for path in [path for path, lines in many.items() if lines >= _LEAST_LINES][:_MOST_LOOKED_AT]:
        runs = [run for it in late for run in runs_in(path, it) if len(run.lines) >= _LEAST_LINES]
        if runs and not any(same_file(path, it) for it in edited) and not any(same_file(path, it.path) for it in found):
            names = dict.fromkeys(it for run in runs for it in _names_in(run))
            head = next((it for it in runs if it.first == 1), None)
            says = (_says_in_prose if path.endswith(MARKDOWN) else _says)(head.lines) if head else ""
            says = "; ".join(filter(None, (says, _shows(runs) if path.endswith(_SCREENS) else "")))
            named = path.endswith(MARKDOWN) and _is_named(path, request)
            text = "\n".join(head.lines) if head and named else ""
            if names or says:
                found.append(FileOutline(path, says, tuple(names)[:_MOST_NAMES], text))
        if len(found) == _MOST_FILES:
            break
    return tuple(reversed(_each_its_own(found)))


def _is_named(path: str, request: str) -> bool:
    """Return whether ``request`` names the file at ``path``, with the folders it gives where it gives any."""
    whole = f"/{path}".replace("\\", "/")
    at, name = 0, name_of(path)
    while (at := request.find(name, at)) >= 0:
        begins = at
        while begins > max(0, at - len(whole)) and (request[begins - 1].isalnum() or request[begins - 1] in "/._-\\"):
            begins -= 1
        end = at + len(name)
        said = request[begins:end].replace("\\", "/").removeprefix("./").strip("/")
        if not request[end : end + 1].isalnum() and whole.endswith(f"/{said}"):
            return True
        at = end
    return False


def _each_its_own(found: list[FileOutline]) -> list[FileOutline]:
    """Return the files ``found`` without the headings that documents of one kind all have."""
    often = Counts(name for it in found if it.path.endswith(MARKDOWN) for name in it.names)
    common = {name for name, times in often.items() if times > _OF_FEW}
    return [it.replace(names=tuple(name for name in it.names if name not in common)) for it in found]


_OF_FEW = 2
"""So many documents may share a heading that is no template's."""


def _says_in_prose(lines: Sequence[str]) -> str:
    """Return the first sentence of a document that is none of its headings, tables and marks, with a list it leads."""
    found = (at for at, it in enumerate(lines[:_HEAD_LINES]) if len(it) >= _PROSE_CHARS and _PROSE.match(it))
    at = next(found, len(lines))
    said = SENTENCE_END.split(plain(lines[at]).strip())[0] if at < len(lines) else ""
    items = takewhile(LEAD.match, (it.strip() for it in lines[at + 1 :])) if said.endswith(":") else ()
    said = f"{said} {'; '.join(plain(it).rstrip('.;') for it in items)}".rstrip(". :")
    return "" if tells_secret(said) else clipped(said, _PROSE_SAYS_CHARS)


_PROSE, _PROSE_CHARS, _PROSE_SAYS_CHARS = lazily(r"(?:\*\*|[\"'`(]|[^\W\d_])(?!.*[\]}>|]$)"), 40, 200
_LEAST_LINES = 8
"""Fewer lines in a row are what a look at one place shows."""


def _shows(runs: Sequence[FilePart]) -> str:
    """Return what a screen shows by its code: its titles, headings and labels, the first with what describes it."""
    shown: dict[str, str] = {}
    for found in (
        it for run in runs for line in run.lines if "=" in line or "</" in line for it in _SHOWN.finditer(line)
    ):
        words = (found["text"] or found["heading"]).strip().rstrip(":.")
        if tells_secret(words):
            continue
        if found["kind"] != "description":
            shown.setdefault(words, "")
        elif len(shown) == 1:
            shown = dict.fromkeys(shown, f" ({words})")
    told = ", ".join(f"{title}{about}" for title, about in shown.items())
    return clipped(f"shows {told}", _SHOWS_CHARS) if told else ""


_SCREENS, _SHOWS_CHARS = (".tsx", ".jsx", ".vue", ".svelte", ".html"), 300
_SHOWN = lazily(
    r"\b(?P<kind>title|label|header|heading|description)=\{?(?P<quote>[\"'`])(?P<text>[A-Z](?:(?!(?P=quote))[^{}$]){2,120})"
    r"(?P=quote)|<(?:h[1-6]|legend|th)\b[^<>]{0,200}>\s*(?P<heading>[A-Z][^<>{}]{2,80})</"
)


def _names_in(run: FilePart) -> Iterator[str]:
    """Yield the outermost definitions in ``run``, with their lines; of Markdown the headings."""
    if run.path.endswith(MARKDOWN):
        text = (line for _, line in unfenced(run.lines) if not tells_secret(line))
        yield from (plain(it[1]) for line in text if (it := _HEADING.match(line)))
        return
    blocks = [it for it in definitions_of(run) if not run.lines[it.at][:1].isspace()]
    yield from (f"{it.name}:{run.first + it.at}" for it in blocks if not tells_secret(it.name))


_HEADING = lazily(r"#{1,3} +(\S.{2,80}?) *#*$")


def _says(lines: Sequence[str]) -> str:
    """Return the first sentence of the comment a file begins with, but for a licence's."""
    words: list[str] = []
    of_licence = False
    for line in lines[:_HEAD_LINES]:
        found = _REMARK.match(line)
        goes_on = bool(line.strip()) and of_licence and not _OF_PACKAGE.match(line)
        of_licence = goes_on or bool(_LICENCE.search(line))
        if of_licence:
            words = []
        elif found:
            words += found[1].split()
        elif words or (line.strip() and not _BEGINS.match(line)):
            break
    said = as_one_line(" ".join(words)).strip("\"'*/ ")
    end = _SENTENCE.search(said)
    return "" if tells_secret(said) else clipped(said[: end.start()] if end else said, _SAYS_CHARS)


_HEAD_LINES, _SAYS_CHARS = 30, 110
_REMARK = lazily(r"\s*(?://+!?|#(?!!|include|define|if|pragma)|/\*+|\*(?!/)|\"\"\"|'''|--|;;)\s?(\S.*)$")
_BEGINS = lazily(r"\s*(?:#!|<\?php|\"\"\"|'''|/\*|\*|//|[\"']use )")
_OF_PACKAGE = lazily(r"(?://|/?\*+) ?(?:Package \w|@file\b)")
_LICENCE = caseless(r"copyright|licen[cs]e|spdx|all rights|generated|eslint|@ts-|go:build|prettier|coding[:=]")
_SENTENCE = lazily(r"(?<=[a-z)`])[.:](?= [A-Z]|$)")
