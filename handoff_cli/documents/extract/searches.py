"""What was searched for, and what it found: places where there are few, else how many files and which."""

from __future__ import annotations

from handoff_cli.core.patterns import lazily
from handoff_cli.documents.extract.checks import one_command
from handoff_cli.documents.extract.words import clipped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.core.transcript import Transcript

MAX_SEARCHES, _PATTERN_CHARS, _LEAST_CHARS, _COMMANDS = 16, 120, 5, 400
_FEW, _NAMED, _TEXT_CHARS = 2, 16, 70
"""So many places are told with their text, and so many files by name."""


def searches(transcript: Transcript) -> tuple[tuple[str, str], ...]:
    """Return what was searched for, by the tool or by ``grep`` and its like, the latest first, and what was found.

    That is empty where no result is recorded or it cannot be understood.
    """
    looked = [it for it in transcript.lookups if it.kind == "search"]
    asked = [(it.position, _IN_FOLDER.sub("", it.asked), _found(it.answer, "")) for it in looked]
    for command in transcript.commands[-_COMMANDS:]:
        for it in _GREPPED.finditer(command.text) if _LISTS_FILES not in command.text else ():
            alone = _LAST.search(command.text, it.start()) and command.outcome == "ok" and command.output is not None
            in_file = _ONE_FILE.search(command.text)
            result = _found(command.output or "", in_file[1] if in_file else "") if alone else ""
            asked.append((command.position, it[2] or it[3], result))
    edited = {it.path.replace("\\", "/").rpartition("/")[2]: it.position for it in transcript.edits}
    asked.sort(key=lambda it: -it[0])
    told: dict[str, str] = {}
    for position, pattern, result in asked:
        line = one_command(pattern)
        if edited.get(result.partition(":")[0], -1) > position:  # where it stood then says nothing
            result = ""  # noqa: PLW2901
        if _LEAST_CHARS <= len(line) <= _PATTERN_CHARS:
            told.setdefault(line, result)
    return tuple(list(told.items())[:MAX_SEARCHES])


_LISTS_FILES = "--files"
_IN_FOLDER = lazily(r" in \S*[/\\]\S*$")
_GREPPED = lazily(r"\b(?:grep|rg|ag|ack|git grep)\s+(?:-\S+\s+(?:\d+\s+)?)*(?:(['\"])(.+?)\1|([\w.:|\\-]+))")
_LAST = lazily(r"[^|;&\n]*(?:\\;|;|\|\s*(?:head|tail|sort|uniq)\b[^|;&\n]*|2>\S+|\{\}|\s)*$")
"""What may follow a search whose output is what was printed."""

_ONE_FILE = lazily(r"\s([\w./@+-]*[\w-]\.[A-Za-z]\w{0,5})\s*(?:2>\S+\s*)?(?:\|.*)?$")


def _found(answer: str, in_file: str) -> str:
    """Return what a search found, from what it printed."""
    if not answer.strip() or _NOTHING.match(answer):
        return "nothing"
    places = list(_places(answer, in_file))
    files = list(dict.fromkeys(path.rpartition("/")[2] for path, _, _ in places))
    if not places:
        return ""
    if len(places) <= _FEW and all(number for _, number, _ in places):
        return "; ".join(
            f"{path.rpartition('/')[2]}:{number}: {clipped(text, _TEXT_CHARS)}" for path, number, text in places
        )
    if len(files) == 1:
        numbers = [number for _, number, _ in places if number]
        return f"{files[0]}:{', '.join(numbers[:_NAMED])}{_more(len(numbers))}" if numbers else files[0]
    at_least = "at least " if "\n… [" in answer or "\n…\n" in answer else ""
    return f"{at_least}{len(files)} files: {', '.join(files[:_NAMED])}{_more(len(files))}"


def _more(count: int) -> str:
    return f" and {count - _NAMED} more" if count > _NAMED else ""


_NOTHING = lazily(r"\s*(?:No (?:matches|files|results)(?: were)? found|Found 0 )")


def _places(answer: str, in_file: str) -> Iterator[tuple[str, str, str]]:
    """Yield path, line (empty: not told) and text of what a search printed."""
    path = in_file.replace("\\", "/")
    for line in answer.split("\n"):
        if found := _HIT.match(line):
            yield found[1], found[2] or "", found[3] or ""
        elif path and (found := _NUMBERED.match(line)):
            yield path, found[1], found[2]
        elif found := _FILE.match(line):
            path = found[1]
            if not line.startswith("File: "):
                yield path, "", ""


_HIT = lazily(r"([\w./~@+-]{1,200}\.\w{1,10}):(?:(\d{1,7}):)?(?!\d+-)(.*)")
_NUMBERED = lazily(r"\s*L?(\d{1,7}):\s?(.*)")
_FILE = lazily(r"(?:File: )?((?:[\w.@+-]+/)*[\w@+-][\w.@+-]*\.[A-Za-z]\w{0,4}|/[\w./@+-]+\.\w{1,5})\s*$")
