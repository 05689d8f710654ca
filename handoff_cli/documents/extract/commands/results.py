"""What a tool or a command printed, in a line: of JSON the values that say something, else where that is short."""

from __future__ import annotations

from handoff_cli.core.patterns import MULTILINE, caseless, lazily
from handoff_cli.core.transcript import GAVE
from handoff_cli.core.verdicts import is_nothing
from handoff_cli.documents.extract.commands.command_lines import only_looks, without_folder
from handoff_cli.documents.extract.commands.told_commands import told_command
from handoff_cli.documents.extract.language.words import as_one_line, clipped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from handoff_cli.core.transcript import Command, Transcript


_READ_CHARS, _MOST_VALUES, _DEEP = 8_000, 40, 3
"""So much of a result is looked at, so many values of it, and texts within texts so deep."""


def result_in(answer: str, size: int) -> str:
    """Return what a tool's ``answer`` says in at most ``size`` characters; empty where it says nothing.

    Of JSON these are names with their values. Where they are too many, those go first that only point to something.
    """
    text = _texts_in(answer.strip()[:_READ_CHARS])
    if not text.startswith(("{", "[")):
        return clipped(" | ".join(line.strip() for line in text.split("\n") if line.strip()), size)
    values = list(_values(text))
    if sum(map(len, values)) + 2 * len(values) > size:
        values = [it for it in values if not _POINTS.match(it)] or values
    return clipped(", ".join(dict.fromkeys(values)), size)


def lines_in(output: str) -> list[str]:
    """Return what a command printed, a line for each thing: an object on one, and labels with the same below as one.

    Of long identifiers the beginning stands, which tells them apart.
    """
    printed = _OBJECT.sub(lambda found: ", ".join(_values(found[0])) or found[0], output)
    lines = [_LONG_ID.sub(lambda found: f"{found[1] or found[2]}…", line.strip()) for line in printed.split("\n")]
    lines = [line for line in lines if line]
    labels = [_LABEL.match(line) for line in lines]
    if sum(map(bool, labels)) < _LABELS or not labels[0]:
        return lines
    below: dict[str, list[str]] = {}
    for line, label in zip(lines, labels, strict=True):
        if label:
            named = label[1]
            below[named] = []
        else:
            below[named].append(line)
    alike: dict[str, list[str]] = {}
    for named, told in below.items():
        alike.setdefault(" | ".join(told), []).append(named)
    same, rests = told_apart(list(alike))
    named = (", ".join(names) for names in alike.values())
    rows = [f"{names}: {told}" if told else names for names, told in zip(named, rests, strict=True)]
    return [f"all {len(below)}: {same}", *rows] if same else rows


def told_apart(records: list[str]) -> tuple[str, list[str]]:
    """Return the values that all of several ``records`` have by the same name, and each record without these.

    Where one of few values differs, nothing is gained.
    """
    fields = [record.split(", ") for record in records]
    same = [it for it in fields[0] if _FIELD.match(it) and all(it in other for other in fields)]
    if len(records) < _RECORDS or len(same) < _SAME:
        return "", records
    return ", ".join(same), [", ".join(it for it in own if it not in same) for own in fields]


_FIELD, _RECORDS, _SAME = lazily(r"[\w.-]{1,60}: \S"), 3, 2


def _differing(lines: list[str]) -> str:
    """Return in what a few objects, one on each of ``lines``, differ that have the same names; empty for others."""
    rows = [dict(it.partition(": ")[::2] for it in _values(line)) for line in lines[: _MOST_ALIKE + 1]]
    if not 1 < len(rows) <= _MOST_ALIKE or not rows[0] or any(row.keys() != rows[0].keys() for row in rows):
        return ""
    apart = [key for key in rows[0] if len({row[key] for row in rows}) > 1]
    told = "; ".join(f"{key}: {' | '.join(row[key] for row in rows)}" for key in apart)
    few = apart and len(apart) * 2 <= len(rows[0])
    return clipped(f"{len(rows)} alike but for {told}", _DIFFER_CHARS) if few else ""


_MOST_ALIKE, _DIFFER_CHARS = 4, 110
_OBJECT = lazily(r"(?ms)^\{\n.{1,2000}?^\}$")
_LABEL = lazily(r"(?:={2,}|-{2,}|#{2,}|==>) ?(\S.{0,120}?) ?(?:={2,}|-{2,}|#{2,}|<==)$")
_LONG_ID = lazily(r"\b([0-9a-f]{8})(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b([0-9a-f]{10})[0-9a-f]{22,54}\b")
_LABELS = 2


def _texts_in(answer: str) -> str:
    """Return the texts that a result of the Model Context Protocol is made of; anything else as it is."""
    for _ in range(_DEEP):
        texts = _TEXT.findall(answer) if answer.startswith(("[", "{")) and _CONTENT.match(answer) else []
        if not texts:
            break
        answer = "\n".join(map(unescaped, texts)).strip()
    return answer


def _values(text: str) -> Iterator[str]:
    for count, found in enumerate(_PAIR.finditer(text)):
        if count == _MOST_VALUES:
            return
        value = as_one_line(unescaped(found[2].strip('"'))) if found[2].startswith('"') else found[2]
        yield f"{found[1]}: {value or found[2]}"


def unescaped(text: str) -> str:
    """Return a string of JSON as it reads; what is rarely escaped stays so."""
    return _ESCAPED.sub(lambda found: _ESCAPES.get(found[1], found[0]), text) if "\\" in text else text


_ESCAPED = lazily(r"\\(.)")
_ESCAPES = {"n": "\n", "t": "\t", "r": "", '"': '"', "\\": "\\", "/": "/"}


_CONTENT = lazily(r'[\[{\s]*"(?:type|content)":\s*(?:"(?:input_|output_)?text"|\[)')
_TEXT = lazily(r'"text":\s*"((?:[^"\\]|\\.)*)"?')
_PAIR = lazily(r'"([\w.-]{1,60})":\s*("(?:[^"\\]|\\.){0,2000}"|-?\d[\d.eE+-]*|true|false|null|\[\s*\]|\{\s*\})')
_POINTS = caseless(
    r"(?:[\w-]*(?:id|url|uri|href|sha|hash|etag|cursor|token|avatar\w*|_at|timestamp|created|updated|type)): "
)


def printed_line(command: Command, together: int) -> str:
    """Return what ``command`` printed: all of it in at most ``together`` characters, else a last line that tells."""
    output = "" if is_nothing(command.output or "") else command.output or ""
    text = without_folder(command.text)
    if (found := URL.search(output)) and len(output) < _SHORT_OUTPUT and not only_looks(text):
        return found[0]
    if too_large := _TOO_LARGE.match(output):
        return f"more than could be shown ({too_large[1]})"
    output = _NO_PART.sub("", output).strip()
    instead = bool(output) and output in text.partition("||")[2]  # said where there was nothing to list
    if _LISTS.match(text) and not instead:
        return _listed(output) if output or command.outcome == "ok" else ""
    if output.startswith(("{", "[{")):
        told = told_by(output) or (result_in(output, _LAST_CHARS) if len(output) < _SHORT_OUTPUT else "")
        return _differing(output.split("\n")) or clipped(told, _LAST_CHARS)
    return _latest(command.text, output) or _whole_or_last(text, output, together)


def _latest(text: str, output: str) -> str:
    """Return the first of what a command prints the latest first and how many more there are, empty for others."""
    prints_it = _LATEST_FIRST.match(without_folder(text))
    if prints_it and (commits := _COMMITS.findall(output)):
        (sha, subject), *older = commits
        return f"{sha} {clipped(subject, _LAST_CHARS)}{f' and {len(older)} more' * bool(older)}"
    if not prints_it and not (_LOGS.search(text) and _ONLY_LOG.match(output)):  # of a chain that was quiet but for it
        return ""
    first, *others = output.split("\n")
    more = (
        f" and {len(others)} more lines"
        if len(others) > 1
        else "".join(f" | {clipped(it, _LAST_CHARS)}" for it in others)
    )
    return f"{clipped(first, _LAST_CHARS)}{more}"


def _whole_or_last(text: str, output: str, together: int) -> str:
    """Return all of an ``output`` that is short, else its last line where that tells how a command ended."""
    last = output.rpartition("\n")[2].strip()
    ends = not HIDDEN_END.search(last)
    if ends and len(output) <= 2 * together:  # what it is set out with goes
        lines = " | ".join(dict.fromkeys(" ".join(it.split()) for it in output.split("\n") if it.strip()))
        if len(lines) <= together:
            return lines
    part = "\n" in output and only_looks(text)  # a line of a text tells nothing of the others
    tells = (output.count("\n") < _FEW_LINES and not part) or (len(last) <= _LAST_CHARS and _TELLS_HOW.search(last))
    return clipped(last, _LAST_CHARS) if ends and tells else ""


def printed_at_end(transcript: Transcript, told: Container[int]) -> str:
    """Return what the last call printed, its first line and its last, of a command that nothing was said of since.

    Nobody has read it yet, so it may be what the work goes on from. A look at files is made again, but for a search
    that found a few lines; how the checks at the places ``told`` ended, and what a line tells whole, stands elsewhere.
    Above it stands a command that is too long for the list of steps: its loops, folders and queries tell what the
    figures are of.
    """
    last = transcript.tool_calls[-1] if transcript.tool_calls else None
    command = transcript.commands[-1] if transcript.commands else None
    said = max((it.position for it in (*transcript.messages[-1:], *transcript.reasonings[-1:])), default=-1)
    if last is None or command is None or not command.position == last.position > said or command.outcome not in GAVE:
        return ""
    output = _NO_PART.sub("", command.output or "")
    lines = [clipped(line, _LINE_CHARS) for line in output.split("\n") if line.strip()]
    looked = only_looks(without_folder(command.text))
    found_few = _SEARCHES.match(without_folder(command.text)) and len(lines) <= _END_LINES
    if command.position in told or len(lines) < _FEWEST or (looked and not found_few):
        return ""
    shown, most_first = lines[1:], bool(_MOST_FIRST.search(command.text))
    while len(shown) > _END_LINES or (shown and sum(map(len, shown)) > _END_CHARS):
        del shown[-1 if most_first else 0]
    gap = ["\u2026"] * (len(shown) + 1 < len(lines))
    shown = [*shown, *gap] if most_first else [*gap, *shown]
    line = as_one_line(without_folder(command.text))
    shown_with = len(line) > _STEP_CHARS and "<<" not in line  # a text that it writes tells nothing of the output
    by = [f"{PROMPT}{told_command(without_folder(command.text), _BY_CHARS)}"] * shown_with
    return "\n".join((*by, lines[0], *shown))


PROMPT = "$ "
"""How the line begins that tells which command printed what stands below."""
_STEP_CHARS, _BY_CHARS = 110, 360


_MOST_FIRST = lazily(r"\|\s*sort (?:-\S+ )*-\w*r")
_SEARCHES = lazily(r"\s*(?:git grep|[ef]?grep|rg|ag|ack)\s")
_FEWEST, _END_LINES, _END_CHARS, _LINE_CHARS = 2, 11, 340, 160


IN_BACKGROUND = lazily(r"^Command running in background")
URL = lazily(r"https?://[^\s\"'<>)\]]+")
_NO_PART = lazily(
    r"^(?:Shell cwd was reset to .*|(?:real|user|sys)\s+\d+m[\d.]+s|\([Nn]o (?:content|output)\)"
    r"|> \S+@\d\S* [\w:.-]+(?: \S+)?\n> .*|WARNING: All log messages before absl::.*)$",
    MULTILINE,
)
"""Lines that others add to what a command prints: shells, logs where it is nothing, runners of scripts."""

HIDDEN_END = lazily(r"^(?:…|\.\.\.) ?\+\d+ (?:more )?lines?$", MULTILINE)
"""What a screen shows in the place of the end of an output, which would tell."""

_TELLS_HOW = caseless(
    r"\b(?:completed?|success\w*|started|created|deployed|rolled out|appl(?:y|ied)|finished|done|healthy|published"
    r"|restarted|scaled|configured|running)\b|\bplan: \d|\b\w+[=:] ?\d|nothing to commit\b"
)
_SHORT_OUTPUT, _FEW_LINES, _LAST_CHARS = 400, 3, 80
_LOGS, _ONLY_LOG = lazily(r"\bgit log\b(?!.*--reverse)"), lazily(r"(?:[0-9a-f]{7,40} [^\n]+(?:\n|\Z))+\Z")
_TOO_LARGE = lazily(r"<persisted-output>\s*Output too large \(([^()\n]{1,20})\)")
_COMMITS = lazily(r"^commit ([0-9a-f]{7,9})[0-9a-f]{0,55}\b.*\n(?:[A-Z]\w*: .*\n){1,6}\n {4}(\S.*)", MULTILINE)
"""A commit as ``git log`` shows it whole: its beginning and its subject."""

_LATEST_FIRST = lazily(r"\s*git (?:-\S+ )*(?:log|reflog|stash list)\b(?!.*--reverse)")
"""What prints the latest first: the first line tells most."""


def _listed(output: str) -> str:
    """Return the names that ``ls`` printed, without the folder itself and the one above."""
    lines = [it.split() for it in output.split("\n") if it.strip() and not _NO_ENTRY.search(it)]
    names = [it[-1] for it in lines]
    more = f" and {len(names) - _ENTRIES} more" if len(names) > _ENTRIES else ""
    return f"{', '.join(names[:_ENTRIES])}{more}" if names else "nothing in it"


_LISTS = lazily(r"\s*ls\b(?!.*(?:\*|[;\n]|&&|[^|]\|[^|]))")
_NO_ENTRY, _ENTRIES = lazily(r"^total \d+$| \.{1,2}/?$"), 5


def told_by(output: str) -> str:
    """Return what JSON tells first in words of people, in a line; empty where it has none."""
    place, colon, said = next(bodies_in(output), "").partition(": ")
    return f"{place.rpartition('/')[2]}{colon}{said}" if " " not in place else f"{place}{colon}{said}"


def bodies_in(output: str) -> Iterator[str]:
    """Yield what stands in JSON under names that texts of people have, behind the file and line they are about.

    Code that a text proposes stands below it as it is.
    """
    paths, line = set(_JSON_PATH.findall(output)), _JSON_LINE.search(output)
    place = f"{paths.pop()}{f':{line[1]}' if line else ''}: " if len(paths) == 1 else ""
    for found in _JSON_BODY.finditer(output):
        said, _, code = unescaped(found[1]).partition("```suggestion\n")
        text = as_one_line(_TAG.sub("", _HEADED.sub("", said)))
        if len(text) >= _BODY_CHARS:
            proposed = code.partition("\n```")[0].rstrip()
            yield f"{place}{text}\nIt proposes:\n{proposed}" if proposed else f"{place}{text}"


_BODY_CHARS = 60
_JSON_BODY = lazily(r'"(?:last_)?(?:body|message|description|text|content)":\s*"((?:[^"\\\n]|\\.){40,6000})"')
_JSON_PATH, _JSON_LINE = lazily(r'"path":\s*"([^"\n]{1,200})"'), lazily(r'"(?:original_)?line":\s*(\d+)')
_HEADED = lazily(r"(?m)^#{1,6} .*$")
_TAG = lazily(r"<!--.*?-->|</?\w[^<>\n]{0,200}>")
