"""What tests, linters, type checkers and compilers print: which names failed, why, and whether all passed.

Read from the output alone, so that it holds behind a pipe too. A rule is a pattern for one line; group ``name`` says
what failed, ``why`` how. The forms are those the tools print by default.
"""

from __future__ import annotations

import re

from handoff_cli.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_NAMES = 40
_WHY_CHARS = 200
_NEAR = 14

_PLACE = r"(?:[A-Za-z]:)?[^\s:()]+\.\w+:\d+(?::\d+)?"
_MOCHA = r"\s+\d+\) (?P<name>[^\s'\"].*[^:])$"
"""Of the name of a test, mocha writes the suite here and the rest on the lines below."""

_RULES = tuple(
    re.compile(rule)
    for rule in (
        r"\s*--- FAIL: (?P<name>\S+)",  # go test
        r"FAIL\s+(?P<name>\S+) (?P<why>\[(?:build|setup) failed\])",
        r"(?:FAILED|ERROR) (?P<name>[^\s(-]\S*(?:::[^\n]*?)?)(?: - (?P<why>.+))?$",  # pytest
        r"(?:FAIL|ERROR): (?P<name>\w+ \([\w.]+\))",  # unittest
        r"test (?P<name>\S+) \.\.\. FAILED$",  # cargo test
        r"\s*● (?P<name>.+ \u203a .+)$",  # jest
        r"\s*(?:FAIL|\u00d7|✗|✕|\u276f)\s+(?P<name>\S+\.\w+ > .+?)(?: \d+ms)?$",  # vitest
        _MOCHA,
        r"rspec (?P<name>\./\S+:\d+)(?: # (?P<why>.+))?$",  # rspec
        r"\d+\) (?P<name>[\w\\]+::\w+)",  # phpunit
        (
            r"\[ERROR\]\s+(?!.*<<<)(?P<name>[\w.$]+(?:Test|IT"
            r"|Tests)[\w$]*[.#]\w+)(?::\d+)?(?:[: ]+(?P<why>.+))?$"
        ),  # surefire
        r"(?P<name>[\w.$]+ > [^\n]+?) FAILED$",  # gradle
        r"\s*Failed (?P<name>[\w.]+)(?:\([^)]*\))? \[[^\]]+\]$",  # dotnet test
        r"(?P<name>[^\s(][^(]*\(\d+,\d+\)): error (?P<why>\w+: .+)$",  # tsc, csc
        rf"(?P<name>{_PLACE}) - error (?P<why>TS\d+: .+)$",  # tsc, pretty
        rf"(?P<name>{_PLACE}):? (?:fatal )?error:? (?P<why>.+)$",  # gcc, clang, mypy, swiftc
        rf"\s*(?P<name>{_PLACE}): (?P<why>[A-Z]+\d+ .+)$",  # ruff, flake8
        r"(?:vet: )?(?P<name>\.?\.?/?[^\s:]+\.go:\d+:\d+): (?P<why>.+)$",  # go build, go vet, golangci-lint
        r"\[ERROR\] (?P<name>\S+\.(?:java|kt):\[\d+,\d+\]) (?P<why>.+)$",  # javac by maven
        r"(?:make|gmake)(?:\[\d+\])?: \*\*\* (?P<why>\[?(?P<name>.+))$",  # make
        r"(?:ninja|CMake Error)[^\n:]*: (?P<why>(?P<name>.+))$",
    )
)
_HINTED = re.compile(
    r"fail|error|●|\u00d7|✗|✕|\u276f|-->|\d\) |\.go:\d|: [A-Z]+\d+ |\*\*\*|^[A-Z]+\d+ |^rspec |^\S+\.\w+$|\d+:\d+ ",
    re.IGNORECASE,
)
"""What every line has that a rule could match: most lines need no more than this look."""

_ONLY_WITH = {_MOCHA: " failing", r"\d+\) (?P<name>[\w\\]+::\w+)": "S!"}
"""Rules for forms that other text has too, by what else the output must hold."""

_HEADED = (
    (re.compile(r"error(?:\[(?P<code>\w+)\])?: (?P<why>.+)$"), re.compile(r"\s*--> (?P<name>\S+:\d+:\d+)")),  # rustc
    (re.compile(r"(?P<why>[A-Z]+\d+ .+)$"), re.compile(r"\s*--> (?P<name>\S+:\d+:\d+)")),  # ruff since 0.10
)
_LINTED = re.compile(r"\s+(?P<at>\d+:\d+)\s+error\s+(?P<why>.+?)(?:\s{2,}\S+)?$")  # eslint, below its file
_LINTED_FILE = re.compile(r"(?P<name>(?:/|[A-Za-z]:\\|\.{0,2}\w)\S*\.\w+)$")
_RED = re.compile(
    r"^\s*(?:FAIL(?:ED|URES!?)?\b|=+ .*\b[1-9]\d* (?:failed|errors?)\b|Tests:\s+[1-9]\d* failed|\s*[1-9]\d* failing\b"
    r"|test result: FAILED|error: could not compile|error: Recipe|Tests run:.*(?:Failures|Errors): [1-9]"
    r"|BUILD FAILED|Build FAILED|\[INFO\] BUILD FAILURE|Failed!\s+-|Found [1-9]\d* errors?|✖ [1-9]\d* problems? \([1-9]"
    r"|[1-9]\d* examples?, [1-9]\d* failures?|Traceback \(most recent|npm ERR!|panic:|Test Files\s+[1-9]\d* failed"
    r"|ERROR: Test failed|task .* failed)",
    re.MULTILINE,
)
_GREEN = re.compile(
    r"^\s*(?:ok\s+\S+|PASS\b|OK\b|=*.*\b\d+ passed\b|Tests:\s+\d+ passed|\d+ passing\b|test result: ok"
    r"|All checks passed"
    r"|Success: no issues|BUILD SUCCESS|\[INFO\] BUILD SUCCESS|Passed!\s+-|\d+ examples?, 0 failures|0 issues|✔ No"
    r"|Test Files\s+\d+ passed|.*\b0 errors?\b|Found 0 errors|Finished .*(?:dev|test|release)|DONE \d+ tests)",
    re.MULTILINE,
)
_TELLING = re.compile(
    r"assert|expect|error|panic|exception|got|want|should|mismatch|!=|not equal|undefined|cannot|missing|received",
    re.IGNORECASE,
)
_NO_NAMES = re.compile(r"(?:in|tests?|errors?|failed|to)$|.*\bpassed\b|\d+ ")


class Failure(Record):
    """One thing that a check found wrong: its ``name`` (a test, or a place in a file), and ``why``, empty if unsaid."""

    name: str
    why: str = ""


def failures_in(output: str) -> tuple[Failure, ...]:
    """Return what failed by the ``output`` of a check, in its order, each name once."""
    found: dict[str, str] = {}
    lines = output.split("\n")
    for said, why in _named(lines):
        name = said.strip().rstrip(":")
        if name and not _NO_NAMES.match(name) and len(name) <= _WHY_CHARS and not found.get(name):
            found[name] = why.strip()[:_WHY_CHARS]
        if len(found) >= MAX_NAMES:
            break
    return tuple(Failure(name, why) for name, why in _innermost(found).items())


def verdict(output: str) -> str | None:
    """Return ``failed`` or ``ok`` where the ``output`` of a check says so, else None."""
    if _RED.search(output):
        return "failed"
    return "ok" if _GREEN.search(output) else None


def _named(lines: list[str]) -> Iterator[tuple[str, str]]:
    file = ""
    whole = "\n".join(lines)
    rules = [rule for rule in _RULES if _ONLY_WITH.get(rule.pattern, "") in whole]
    for index, line in enumerate(lines):
        if len(line) > 1_000 or not _HINTED.search(line):  # noqa: PLR2004 (no tool's message, but somebody's data)
            continue
        if found := next((hit for rule in rules if (hit := rule.match(line))), None):
            below = lines[index + 1].strip() if index + 1 < len(lines) else ""
            nested = f" {below[:-1]}" if found.re.pattern == _MOCHA and below.endswith(":") else ""
            yield found["name"] + nested, found.groupdict().get("why") or _reason(lines, index)
            continue
        for head, place in _HEADED:
            below = lines[index + 1] if index + 1 < len(lines) else ""
            if (said := head.match(line)) and (at := place.match(below)):
                yield at["name"], said["why"]
        if linted := _LINTED.match(line):
            yield f"{file}:{linted['at']}", linted["why"]
        elif named := _LINTED_FILE.match(line):
            file = named["name"]


def _reason(lines: list[str], index: int) -> str:
    """Return the first telling line after a failed test's name, before the next name."""
    for line in lines[index + 1 : index + _NEAR]:
        if any(rule.match(line) for rule in _RULES[:1]):
            break
        if line.strip() and _TELLING.search(line):
            return " ".join(line.split())
    return ""


def _innermost(found: dict[str, str]) -> dict[str, str]:
    """Return ``found`` without the parents of what is in it: of ``TestA`` and ``TestA/case`` only the case."""
    return {name: why for name, why in found.items() if not any(other.startswith(f"{name}/") for other in found)}
