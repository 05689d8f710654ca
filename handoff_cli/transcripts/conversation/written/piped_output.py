"""What a program printed, piped by itself: changes that git shows, and what checks say; the command is not in it."""

from __future__ import annotations

import re

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.marks.sentences import is_sentence
from handoff_cli.transcripts.conversation.reading.survey import SHELL_PROMPT
from handoff_cli.transcripts.conversation.reading.work import Output
from handoff_cli.transcripts.outcomes import outcome_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from handoff_cli.transcripts.conversation.reading.talk import Placed, Talk

_COMMIT = compiled(r"commit [0-9a-f]{40}(?: \(.{1,200}\))?$")
_DIFF = compiled(r"diff --(?:git|cc) \S")
_OF_DIFF = compiled(
    r"[ +\\@-]|$|diff --|index [0-9a-f]|(?:new|deleted) file mode |(?:old|new) mode |(?:dis)?similarity index "
    r"|(?:rename|copy) (?:from|to) |Binary files |commit [0-9a-f]{40}|(?:Author|Date|Merge|AuthorDate|Commit(?:Date)?):"
)
"""How lines begin of what ``git diff``, ``git show`` and ``git log -p`` print."""

_CHECKS = tuple(
    (command, compiled(pattern, re.MULTILINE))
    for command, pattern in (
        ("pytest", r"^=+ test session starts =+$|^(?:FAILED|ERROR) \S+\.py(?:::| - )|^[.FEsxX]{1,90} +\[ *\d{1,3}%\]$"),
        ("go test", r"^(?:--- FAIL: \w|ok  \t\S|FAIL\t\S|\?   \t\S)"),
        ("cargo test", r"^test result: (?:ok|FAILED)\."),
        ("vitest", r"^ *Test Files  +\d"),
        ("jest", r"^Tests: +\d.* total$"),
        ("mvn test", r"^\[(?:INFO|ERROR)\] Tests run: \d"),
        ("gradle test", r"^BUILD (?:SUCCESSFUL|FAILED) in \d"),
        ("dotnet test", r"^(?:Passed|Failed)! +- Failed: +\d"),
        ("rspec", r"^\d+ examples?, \d+ failures?"),
        ("phpunit", r"^PHPUnit \d"),
        ("ctest", r"^\d{1,3}% tests passed, "),
        ("python -m unittest", r"^Ran \d+ tests? in [\d.]+s$"),
        ("mypy", r"^Found \d+ errors? in \d+ files? \(|^Success: no issues found in \d+ source"),
        ("ruff check", r"^All checks passed!$|^Found \d+ errors?\.$"),
        ("tsc", r"^\S+\(\d+,\d+\): error TS\d+: "),
        ("eslint", r"^✖ \d+ problems? \("),
    )
)
"""What tells by which program a check was made, in any line of what it printed."""

_BEGINS = compiled(
    r"=+ test session starts =+$|[.FEsxX]{1,90} +\[ *\d{1,3}%\]$|(?:FAILED|ERROR) \S+\.py(?:::| - )|[.FEsx]{2,120}$"
    r"|=== RUN   \w|--- (?:FAIL|PASS): |(?:ok|FAIL|\?)  ? ?\t|# [\w./-]+/[\w.-]+$"
    r"| +(?:Compiling|Finished|Running) \S|running \d+ tests?$| RUN  v\d|> \S+@\d\S* \w|(?:PASS|FAIL) \S+\.\w+"
    r"|\[(?:INFO|ERROR)\] |> Task :|  Determining projects to restore|PHPUnit \d|Test project /"
    r"|test_\w+ \([\w.]+\) \.{3} "
    r"|\S+\.\w{1,4}:\d+(?::\d+)?: (?:error|[A-Z]{1,4}\d)|\S+\(\d+,\d+\): error TS\d|All checks passed!$"
    r"|Success: no issues found in \d|make(?:\[\d+\])?: "
)
"""How a line begins that a check prints first."""

_LOOKED_AT = 3


def take(talk: Talk) -> Iterable[Placed] | None:
    """Read a piece, of which the next line is the first, that a program printed; None where somebody wrote it."""
    head = [line for ahead in range(_LOOKED_AT) if (line := talk.cursor.peek(ahead))]
    if head and (_DIFF.match(head[0]) or (_COMMIT.match(head[0]) and _OF_DIFF.match(head[-1]))):
        shows = "git diff" if _DIFF.match(head[0]) else "git show"
        number, text = talk.cursor.next_number, _changes(talk)
        return [*talk.call("Bash", {"command": shows}, number), *talk.answer(text, failed=False, last=True)]
    if talk.survey.has_speakers or not any(map(_BEGINS.match, head)) or any(map(_is_written, head)):
        return None
    number = talk.cursor.next_number
    text = _rest(talk).text()
    command = next((command for command, pattern in _CHECKS if pattern.search(text)), "")
    if not command:
        return [event for line in text.split("\n") for event in talk.say(line)]
    failed, code = outcome_of(command, text)
    return [*talk.call("Bash", {"command": command}, number), *talk.answer(text, failed, code, last=True)]


def _is_written(line: str) -> bool:
    """Return whether somebody wrote a ``line``, or typed a command on it."""
    if _BEGINS.match(line) or any(pattern.match(line) for _, pattern in _CHECKS):
        return False
    return is_sentence(line) or _is_typed(line)


def _is_typed(line: str) -> bool:
    """Return whether a shell's prompt stands before what is on a ``line``."""
    return line.lstrip()[:2] in ("$ ", "% ") or SHELL_PROMPT.match(line.lstrip()) is not None


def _changes(talk: Talk) -> str:
    """Read on to the end of the changes; of more than has room the first: lines of one file stand below no other."""
    lines: list[str] = []
    size = read = 0
    while (line := talk.cursor.peek()) is not None and _OF_DIFF.match(line) and not (read and talk.cursor.begins_piece):
        read, size = read + 1, size + len(line) + 1
        talk.cursor.take()
        if size <= _MOST_CHARS:
            lines.append(line)
    return "\n".join(lines)


_MOST_CHARS = 400_000


def _rest(talk: Talk) -> Output:
    """Read on to the end of the piece, or to what somebody typed."""
    output = Output()
    while (line := talk.cursor.peek()) is not None and not (_is_typed(line) or (output and talk.cursor.begins_piece)):
        output.add(talk.cursor.take())
    return output
