"""What searches found: few places with their text, else files; and what else was fetched, or told by sub-agents."""

from __future__ import annotations

from handoff_cli.core.code import definitions_in
from handoff_cli.core.paths import name_of, named_apart
from handoff_cli.core.patterns import lazily
from handoff_cli.core.transcript import GAVE
from handoff_cli.documents.extract.commands.checks import is_check
from handoff_cli.documents.extract.commands.results import HIDDEN_END, bodies_in, lines_in, result_in
from handoff_cli.documents.extract.files.texts import CUT
from handoff_cli.documents.extract.language.words import as_one_line, clipped, names_in
from handoff_cli.documents.extract.runs.underway import asked_of
from handoff_cli.documents.extract.told.shared import not_replaced

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handoff_cli.core.transcript import Command, Transcript
    from handoff_cli.documents.extract.facts import Finding, Report
    from handoff_cli.documents.extract.files.texts import Printed

    _Stretch = tuple[int, str, int, int]

MAX_SEARCHES, _PATTERN_CHARS, _LEAST_CHARS, _COMMANDS = 16, 120, 5, 400
_FEW, _FRESH, _NAMED, _TEXT_CHARS = 5, 12, 10, 110
"""So many places are told with their text, of what was found last more, and so many files by name."""


def searches(transcript: Transcript, since: int = -1, printed: Sequence[Printed] = ()) -> tuple[tuple[str, str], ...]:
    """Return what was searched for after ``since``, by the tool or by ``grep`` and its like, and what was found.

    The latest stands first. What was found has a line for each place but for those that were ``printed`` later, among
    the lines around; it is empty where no result is recorded or it cannot be understood.
    """
    read = [it for it in map(_stretch, printed) if it]
    fresh = _fresh_since(transcript)
    looked = [it for it in transcript.lookups if it.kind == "search" and it.position > since]
    asked = [
        (it.position, *_in_folder(it.asked, it.answer, _later(read, it.position), _most(it.position, fresh)))
        for it in looked
    ]
    for command in transcript.commands[-_COMMANDS:]:
        if command.position <= since:
            continue
        for it in _GREPPED.finditer(command.text) if _LISTS_FILES not in command.text else ():
            if command.text[: it.start()].rstrip().endswith("|") and not _LISTS_NAMES.match(command.text):
                continue  # it looks at what another command printed
            ended = command.outcome in GAVE and command.output is not None
            alone = _LAST.search(command.text, it.start()) and (ended or _is_absent(command))
            in_file = _ONE_FILE.search(command.text)
            folders = _FOLDERS.match(command.text, it.end())
            where = folders[1].strip() if folders else ""
            later = _later(read, command.position)
            few = _most(command.position, fresh)
            result = _found(command.output or "", in_file[1] if in_file else "", where, later, few) if alone else ""
            asked.append((command.position, it[2] or it[3], result))
    edited = {name_of(it.path): it.position for it in transcript.edits}
    asked.sort(key=lambda it: -it[0])
    told: dict[str, str] = {}
    hit: set[str] = set()
    for position, pattern, result in asked:
        line = as_one_line(pattern)
        parts = {it for it in _ALTERNATIVES.split(line) if it}
        if result.startswith(_ABSENT) and parts & hit:  # sought where it is not, then found
            continue
        hit |= parts if result and not result.startswith(_ABSENT) else set()
        if edited.get(result.partition(":")[0], -1) > position:  # where it stood then says nothing
            result = ""  # noqa: PLW2901
        if _LEAST_CHARS <= len(line) <= _PATTERN_CHARS:
            told.setdefault(line, result)
    return tuple(list(told.items())[:MAX_SEARCHES])


def _fresh_since(transcript: Transcript) -> int:
    """Return the place from which on searches are among the last few calls, with no edit after them."""
    edited = max((it.position for it in transcript.edits), default=-1)
    return max(edited + 1, min((it.position for it in transcript.tool_calls[-_LAST_CALLS:]), default=0))


def _most(position: int, fresh: int) -> int:
    """Return how many places a search at ``position`` is told with: what was found last is what work goes on from."""
    return _FRESH if position >= fresh else _FEW


_LAST_CALLS = 4
_LISTS_FILES, _ABSENT = "--files", "nothing"
_LISTS_NAMES = lazily(r"(?:cd \S+ && )?(?:find|fd|ls|tree|git ls-files|git grep|e?grep|rg|ag)\b")
_ALTERNATIVES = lazily(r"\\?\||[\\^$()]")


def _is_absent(command: Command) -> bool:
    """Return whether a search ended as ``grep`` ends that found nothing: with 1 and not a word."""
    said = (command.output or "") + (command.error or "")
    return command.outcome == "failed" and command.exit_code in (1, None) and not _ENDED.sub("", said).strip()


_ENDED = lazily(r"Exit code:? 1|\[?(?:Command|Process) exited with code 1\]?")


def _stretch(text: Printed) -> _Stretch | None:
    """Return where ``text`` is a file as it was read: its place, name, and first and last line; None of other texts."""
    (path, first, _), (end, last, _) = text.lines[0], text.lines[-1]
    whole = path == end and last - first + 1 == len(text.lines) >= _AROUND
    return (text.position, name_of(path), first, last) if first and whole else None


def _later(read: Sequence[_Stretch], position: int) -> Sequence[_Stretch]:
    return [it for it in read if it[0] > position]


_AROUND = 6


def _in_folder(asked: str, answer: str, read: Sequence[_Stretch], few: int) -> tuple[str, str]:
    """Return the pattern of a search by a tool, and what it found."""
    found = _IN_FOLDER.search(asked)
    pattern, where = (asked[: found.start()], found[1]) if found else (asked, "")
    return pattern, _found(answer, "", where, read, few)


_IN_FOLDER = lazily(r" in (\S*[/\\]\S*)$")
_FOLDERS = lazily(r"((?: +(?![-|<>2])[\w./~@*+-]+)+)")
_GREPPED = lazily(r"\b(?:grep|rg|ag|ack|git grep)\s+(?:-\S+\s+(?:\d+\s+)?)*(?:(['\"])(.+?)\1|([\w.:|\\-]+))")
_LAST = lazily(r"[^|;&\n]*(?:\\;|;|\|\s*(?:head|tail|sort|uniq)\b[^|;&\n]*|2>\S+|\{\}|\s)*$")
"""What may follow a search whose output is what was printed."""

_ONE_FILE = lazily(r"\s([\w./@+-]*[\w-]\.[A-Za-z]\w{0,5})\s*(?:2>\S+\s*)?(?:\|.*)?$")


def _found(answer: str, in_file: str, where: str, read: Sequence[_Stretch], few: int) -> str:
    """Return what a search found, from what it printed: a line for each of ``few`` places, else the files.

    Of files that are called alike the folders tell which they are.
    """
    if not answer.strip() or _NOTHING.match(answer):
        return f"{_ABSENT} in {clipped(where, _TEXT_CHARS)}" if where else _ABSENT
    found = list(dict.fromkeys(_places(answer, in_file)))
    places = [it for it in found if not _was_read(it, read)]
    names = named_apart(path for path, _, _ in (*places, *found))
    files, unread = list(dict.fromkeys(names.values())), {path for path, _, _ in places}
    if not places:
        return ""
    if all(number for _, number, _ in places) and (len(places) <= few or len(unread) == 1):
        lines = [f"{names[path]}:{number}: {clipped(text, _TEXT_CHARS)}" for path, number, text in places[:few]]
        known = len(found) - len(places)
        more = [f"and {len(places) - few} more"] * (len(places) > few) + [f"and {known} read since"] * bool(known)
        return "\n".join((*lines, *more))
    if len(files) == 1:
        return f"1 file: {files[0]}"
    at_least = "at least " if _CUT_SHORT.search(answer) else ""
    return f"{at_least}{len(files)} files: {', '.join(files[:_NAMED])}{_more(len(files))}"


_CUT_SHORT = lazily(r"\n…(?: \[|\n)|(?:…|\.{3}|\() ?(?:\d+ \w+ )?truncated\b")
"""What stands in an answer of which a part is not known."""


def _was_read(place: tuple[str, str, str], read: Sequence[_Stretch]) -> bool:
    """Return whether a ``place`` with a number lies in one of the stretches that were ``read``."""
    path, number, _ = place
    return bool(number) and any(name == name_of(path) and first <= int(number) <= last for _, name, first, last in read)


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
_FILE = lazily(r"(?:File: )?((?:[\w.@+-]+/)*[\w@+-][\w.@+-]*\.[A-Za-z]\w{0,9}|/[\w./@+-]+\.\w{1,10})\s*$")


def fetched(transcript: Transcript, asked: int) -> tuple[tuple[str, str], ...]:
    """Return what was called since ``asked`` that gave something to read, with it: of JSON its texts, else a few lines.

    What was written by somebody (the body of a review) stands first, then the latest.
    """
    bodies: dict[str, tuple[str, str]] = {}
    small: dict[str, tuple[str, str]] = {}
    for command in reversed(transcript.commands):
        output = _CWD.sub("", command.output or "").strip()
        if command.position <= asked or len(bodies) + len(small) >= MAX_FETCHED:
            break
        if not output or command.outcome not in GAVE or is_check(command.text) or _NO_RESULT.search(command.text):
            continue
        line = f"$ {as_one_line(command.text)}"
        if output.startswith(("{", "[")):
            for text in list(bodies_in(output))[:_BODIES]:
                bodies.setdefault(text[:_ALIKE], (line, text))
        elif told := _patch(command.text, output) or _few_lines(output):
            small.setdefault(told.partition(":")[0] if told.startswith(PATCH) else line[:_HEAD], (line, told))
    for gave in reversed(transcript.lookups):
        if gave.position <= asked or len(bodies) + len(small) >= MAX_FETCHED:
            break
        if gave.kind == "tool" and (told := result_in(gave.answer, _SMALL_CHARS)):
            tool, _, asked_for = gave.asked.partition(" ")
            small[f"{gave.position} {told}"] = (f"{tool} {asked_of(asked_for)}".rstrip(), told)
    return (*bodies.values(), *small.values())


def _patch(command: str, output: str) -> str:
    """Return what a patch that ``command`` printed changes: its file, how much, where, and what it brings.

    That are the lines with flags, values and remarks, which no names tell, else the names.
    """
    if not output.startswith(("@@ -", "diff --git ")):
        return ""
    lines = output.split("\n")
    added, gone = _changed(lines)
    known = set(names_in("\n".join(it for it in lines if not it.startswith("+"))))
    files = [name_of(it) for it in _OF_FILE.findall(output) or _NAMED_FILE.findall(command)[-1:]]
    within = definitions_in("\n".join(it.rpartition("@@ ")[2] for it in lines if it.startswith("@@ ")))
    brings = [it for it, _ in sorted(names_in("\n".join(added)).items(), key=lambda it: -it[1]) if it not in known]
    least = "at least " * bool(CUT.search(output))
    parts = [f"{PATCH}{', '.join(files[:_NAMED]) or 'a file'}: {least}+{len(added)} \u2212{len(gone)}"]
    parts += [f"in {', '.join(list(dict.fromkeys(within))[:_NAMED])}"] * bool(within)
    defined = [it for it in dict.fromkeys(definitions_in("\n".join(added))) if it not in known]
    brings = list(dict.fromkeys((*defined, *brings)))
    if told := _telling(added):
        return "; ".join((*parts, f"+ {' | '.join(told)}"))
    parts += [f"in its new lines {', '.join(brings[:_NAMED])}"] * bool(brings)
    return "; ".join(parts)


def _telling(added: list[str]) -> list[str]:
    """Return of the lines that a patch adds, in order, the few that tell most: with flags, with values, remarks."""
    lines = [it.strip() for it in added if not _SAYS_ERROR.search(it)]
    worth = {it: next((worth for worth, one in _TELLS if one.search(it)), 0) for it in lines if len(it) <= _TEXT_CHARS}
    best = sorted((it for it, worth in worth.items() if worth), key=lambda it: -worth[it])[: _FEW + 2]
    return [it for it in worth if it in best]


_TELLS = (
    (3, lazily(r"(?<![\w-])--?[a-z][\w-]+")),
    (2, lazily(r"[\"'`][\w./:-]*[\w)][(.:/ _-]?[\w)./:-]+[\"'`]")),
    (1, lazily(r"^(?://|#|--) *\w+ \w+ \w+")),
)
_SAYS_ERROR = lazily(
    r"\b(?i:err(?:or)?f?|fatalf?|debug|info|warn\w*|log\w*|s?print\w*|skip\w*|panic|raise|throw)\b"
    r"|^\s*(?:import\b|\w* ?[\"'][\w./-]+[\"'];?$)"
)
"""Lines that only say what went wrong, or bring in a package."""


def _changed(lines: list[str]) -> tuple[list[str], list[str]]:
    """Return the lines that a patch adds and those it takes away; the head of a file's part is none of them."""
    added: list[str] = []
    gone: list[str] = []
    in_hunk = False
    for line in lines:
        if line.startswith(("@@ ", "diff --git ")):
            in_hunk = line[0] == "@"
        elif in_hunk and line.startswith("+"):
            added.append(line[1:])
        elif in_hunk and line.startswith("-"):
            gone.append(line[1:])
    return added, gone


PATCH = "patch of "
_OF_FILE, _NAMED_FILE = (
    lazily(r"(?m)^diff --git a/(\S+)"),
    lazily(r"(?<![\w./-])[\w./-]*[\w-]\.[A-Za-z]\w{0,5}\b(?=[\"'\s)])"),
)


def _few_lines(output: str) -> str:
    """Return what a command printed where it is some lines, but not many, of files their names; else empty."""
    paths = output.split("\n")
    if len(paths) > _FEW and len(output) <= _LONG_CHARS and "/" in output and all(map(_IS_PATH.fullmatch, paths)):
        return f"{len(paths)} files: {', '.join(map(name_of, paths))}"
    is_short = len(output) <= _LONG_CHARS and output.count("\n") >= _LEAST_LINES
    lines = lines_in(output) if is_short and not HIDDEN_END.search(output) else []
    told = " | ".join(lines) if len(lines) <= _SMALL_LINES else ""
    return told if len(told) <= _SMALL_CHARS else ""


_IS_PATH = lazily(r"[\w.@+-]*(?:/[\w.@+-]+)*\.[A-Za-z]\w{0,9}")
_HEAD, _LONG_CHARS = 60, 3_000
"""Commands that begin alike in so many characters ask the same: the later one tells; and what is looked at."""
MAX_FETCHED, _BODIES, _SMALL_CHARS, _SMALL_LINES, _ALIKE, _LEAST_LINES = 6, 2, 700, 16, 120, 2
_CWD = lazily(r"(?m)^Shell cwd was reset to .*$")
_NO_RESULT = lazily(
    r"\b(?:grep|rg|ag|ack)\b|^\s*(?:cd \S+ && )?(?:cat|nl|sed|diff|head|tail|ls|pwd|echo|mkdir|rm|cp|mv|touch|chmod)\b"
    r"|<<|\bgit (?:add|commit|push|checkout|switch|stash|status|diff|show|log)\b|\b(?:npm|pip|yarn|pnpm|brew|apt) i"
)


def told_by_others(
    transcript: Transcript, spoken: Sequence[str], since: int
) -> tuple[tuple[Finding, ...], tuple[Report, ...]]:
    """Return facts of sub-agents and pages, and the reports that came back after ``since``, where any was asked."""
    transcript = transcript.replace(lookups=not_replaced(transcript)) if transcript.plan else transcript
    if not transcript.lookups:
        return (), ()
    from handoff_cli.documents.extract.told.learnt import learnt, reports

    return learnt(transcript, spoken), reports(transcript, since)
