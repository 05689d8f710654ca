"""What was measured: commands whose output is figures that somebody came back to, and the lines that have them."""

from __future__ import annotations

from handoff_cli.core.paths import MARKDOWN
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.core.transcript import GAVE
from handoff_cli.core.verdicts import counts_tests
from handoff_cli.documents.extract.commands.checks import is_check, untrimmed
from handoff_cli.documents.extract.commands.command_lines import line_of, only_looks, without_folder
from handoff_cli.documents.extract.facts import Measured
from handoff_cli.documents.extract.language.words import clipped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Command, Edit, Transcript

MAX_MEASURED, _COMMANDS, _OUTPUT_CHARS, _LINE_CHARS, _MOST_LINES = 4, 200, 4_000, 200, 24
"""So many runs are told, of so many last commands; output and lines that are longer, or more lines, are a log."""

_GAVE_CHARS, _COMMAND_CHARS = 300, 150
_HALF_LIFE, _BY_NAME, _LATE = 0.25, 2.0, 3.0
"""The share of the session after which a run counts half; what one has ahead that is called a measurement, and that was
made for the latest request."""


def measured(transcript: Transcript, asked: int) -> tuple[Measured, ...]:
    """Return runs that gave figures which were spoken of or written down later, the latest first, at most four.

    So do those that are benchmarks by their name, and those since ``asked``. Of the same command run again the last
    counts, also where only an earlier one was spoken of: it measures the same. Checks, searches and looks at files tell
    nothing of this kind.
    """
    runs: dict[str, tuple[Command, str, list[str]]] = {}
    before: dict[str, list[tuple[Command, list[str]]]] = {}
    for command in transcript.commands[-_COMMANDS:]:
        line = _measuring(command)
        if line and (older := runs.pop(untrimmed(line), None)):
            before.setdefault(untrimmed(line), []).append((older[0], older[2]))
        if line and (lines := _lines_with_figures(command.output or "")):
            runs[untrimmed(line)] = command, line, lines
    if not runs:
        return ()
    spoken = _spoken(transcript)
    last = max(it.position for it in transcript.tool_calls) if transcript.tool_calls else 1
    edited = max((it.position for it in transcript.edits if not it.path.endswith(MARKDOWN)), default=-1)
    ranked = []
    for command, line, lines in runs.values():
        used = _used(command, lines, spoken)
        by_name = bool(_MEASURES.search(line))
        goes_on = any(any(_used(*it, spoken)) for it in before.get(untrimmed(line), ()))
        if not (any(used) or by_name or goes_on or command.position > asked):
            continue
        worth = sum(used) + _BY_NAME * by_name + _LATE * (command.position > asked)
        worth *= 0.5 ** ((last - command.position) / max(1, last) / _HALF_LIFE)
        gave, told = _chosen(lines, used), _chosen(lines, used, spoken=any(used))
        old = command.position < edited
        ranked.append((worth, command.position, Measured(_with_query(line), gave, told, old)))
    ranked.sort(key=lambda it: -it[0])
    return tuple(it for _, _, it in sorted(ranked[:MAX_MEASURED], key=lambda it: -it[1]))


def counted_before(commands: Sequence[Command], edits: Sequence[Edit]) -> dict[int, str]:
    """Return what commands counted whose same line counted something else before ``edits``, with that, by their places.

    The two numbers tell what the edits did.
    """
    edited = [it.position for it in edits if not it.path.endswith(MARKDOWN)]
    last: dict[str, tuple[int, str]] = {}
    found: dict[int, str] = {}
    for command in commands:
        number = (command.output or "").strip()
        if not (number.isdecimal() and len(number) <= _COUNT_DIGITS) or command.outcome not in GAVE:
            continue
        line = line_of(command)
        at, before = last.get(line, (command.position, number))
        if before != number and any(at < it < command.position for it in edited):
            found[command.position] = f"{number} ({before} before the edits)"
        last[line] = command.position, number
    return found


_COUNT_DIGITS = 9


def _used(command: Command, lines: Sequence[str], spoken: dict[str, int]) -> list[int]:
    """Return how many figures of each of the ``lines`` that a command gave were ``spoken`` of since."""
    return [sum(_is_spoken(it, spoken, command.position) for it in _FIGURE.findall(one)) for one in lines]


def _with_query(line: str) -> str:
    """Return a command ``line`` in few words: of a long one its beginning and its query, which names the columns."""
    asks = QUERY.search(line) if len(line) > _COMMAND_CHARS else None
    return (
        f"{line[: min(_LEAD_CHARS, asks.start())]}\u2026 {clipped(asks[0], QUERY_CHARS)}"
        if asks
        else clipped(line, _COMMAND_CHARS)
    )


QUERY, QUERY_CHARS, _LEAD_CHARS = caseless(r"\bselect\b [^\"';]{8,400}"), 110, 30


def _measuring(command: Command) -> str:
    """Return a command on one line that may have measured something, empty for another.

    Behind a check in the same line it is what was run last.
    """
    output = command.output or ""
    if (
        command.outcome not in GAVE
        or not output.strip()
        or max(len(output), len(command.text)) > _OUTPUT_CHARS
        or not _ANY.search(output)
    ):
        return ""
    line = without_folder(line_of(command))
    if counts_tests(output) and not _MEASURES.search(line):
        return ""
    last = _THEN.split(line)[-1].strip()
    if is_check(line) and not _MEASURES.search(line):
        line = last
    tells = _LOG.match(last) or not (only_looks(last) or _NO_MEASURE.search(last))
    return line if tells and (_MEASURES.search(line) or not is_check(line)) else ""


def _lines_with_figures(output: str) -> list[str]:
    """Return the lines of ``output`` that have figures, with the head of their table; empty where it is no such."""
    lines = [" ".join(it.split()) for it in output.split("\n") if it.strip() and not _TIMED.match(it)]
    if len(lines) > _MOST_LINES or any(len(it) > _LINE_CHARS for it in lines):
        return []
    told = [bool(_FIGURE.search(it)) for it in lines]
    if sum(told) * 3 < len(lines):
        return []
    first = told.index(True) if any(told) else 0
    head = [lines[first - 1]] if first and _HEAD.fullmatch(lines[first - 1]) else []
    return head + [line for line, has in zip(lines, told, strict=True) if has]


def _chosen(lines: Sequence[str], used: Sequence[int], *, spoken: bool = False) -> str:
    """Return of ``lines`` those that fit, in their order: first the head, and those whose figures were ``used``.

    With ``spoken`` no others.
    """
    headed = not _FIGURE.search(lines[0])
    wanted = [at for at in range(len(lines)) if used[at] or not spoken or (headed and not at)]
    kept: set[int] = set()
    left = _GAVE_CHARS
    for at in sorted(wanted, key=lambda it: (it > 0 or not headed, -used[it], it)):
        if len(lines[at]) + 3 <= left or not kept:
            kept.add(at)
            left -= len(lines[at]) + 3
    told = [lines[at] for at in sorted(kept)]
    return " | ".join((*told, *(["…"] if len(kept) < len(lines) else [])))


def _spoken(transcript: Transcript) -> dict[str, int]:
    """Return the figures of messages and of documents written, with the place where each was told last."""
    found: dict[str, int] = {}
    texts = [(it.position, it.text) for it in transcript.messages]
    texts += [(it.position, it.new) for it in transcript.edits if it.path.endswith(MARKDOWN)]
    for position, text in texts:
        for number in _NUMBER.findall(text):
            digits = number.replace(",", "").rstrip(".")
            found[digits] = max(position, found.get(digits, -1))
    return found


def _is_spoken(figure: str, spoken: dict[str, int], position: int) -> bool:
    """Return whether ``figure`` was told behind ``position``, to the letter or rounded; short numbers say nothing."""
    found = _NUMBER.search(figure)
    digits = found[0].replace(",", "").rstrip(".") if found else ""
    if len(digits.replace(".", "")) < _LEAST_DIGITS:
        return False
    forms = {digits, digits.rstrip("0")} if "." in digits else {digits}
    if "." in digits:
        forms |= {f"{float(digits):.{places}f}" for places in (2, 3) if len(digits.partition(".")[2]) > places}
    return any(spoken.get(form, -1) > position for form in forms)


_LEAST_DIGITS = 3
_UNIT = (
    r"(?:%|[nµμm]?s(?:ec)?|min|[KMGTk]i?B|[kKMG]?Hz|fps|x"
    r"|(?:req|ops?|rows|tok(?:ens)?|it|items|events|msgs?|calls?)/s(?:ec)?)(?![\w/])"
)
_FIGURE = lazily(
    rf"(?<![\w.:/(-])[-+\u2212\u00b1~]?\d[\d,]{{0,14}}(?:\.\d{{1,12}}(?![\d.]*\.\d)(?: ?{_UNIT})?| ?{_UNIT})(?![\w:/])"
    r"|\b[A-Za-z]\w{0,30}(?:: {0,8}| ?= ?)\d[\d,]{1,14}(?![\w.:/-])"
)
"""A number with decimals or a unit, or behind a name; no version, time or date."""

_ANY = lazily(r"\d\.\d|\d ?(?:%|[nµμm]?s\b|[KMGTk]i?B)|[:=] {0,8}\d\d")
_NUMBER = lazily(r"(?<![\w.])\d[\d,]{0,14}(?:\.\d{1,12})?")
_HEAD = lazily(r"[A-Za-z%][\w%./()-]*(?: [\w%./()\[\]-]+){1,9}")
_TIMED = lazily(
    r"\s*(?:(?:real|user|sys)\s+\d+m[\d.]+s$|(?:Finished|Compiling|Running|Downloading|Done in)\b"
    r"|\(?in [\d.]+ ?m?s\)?$|Shell cwd was reset|ok\s+\S+\s+[\d.]+s$)"
)
"""Lines by which programs tell how long they took themselves."""

_MEASURES = caseless(
    r"\b(?:bench(?:mark\w*|es|ing)?|hyperfine|wrk|k6|locust|timeit|perf stat|vegeta|oha|autocannon|lighthouse"
    r"|pgbench|sysbench)\b|\s-bench[= ]|--benchmark"
)
_LOG = lazily(r"(?:tail|cat|head|grep)\b[^|;&]*\.(?:log|out|txt)\b")
_NO_MEASURE = lazily(
    r"^(?:\w+=\S+ )*(?:git|gh|docker(?:[ -]compose)?|kubectl|helm|terraform|npm|pnpm|yarn|pip|uv|brew|apt(?:-get)?"
    r"|cargo (?:add|install|tree|update|fmt)|go (?:get|mod|list)|mkdir|rm|cp|mv|touch|chmod|kill|pkill|export|source"
    r"|find|mount|systemctl|which)\b|--version\b"
)
"""Commands whose numbers are versions, ages, ports and sizes of what they manage."""

_THEN = lazily(r"(?:(?<!\s)\s+)?&&\s*")
