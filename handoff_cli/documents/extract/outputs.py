"""What tests, linters, type checkers and compilers print: which names failed, why, and whether all passed.

Read from the output alone, so that it holds behind a pipe too. A rule is a pattern for one line; group ``name`` says
what failed, ``why`` how. The forms are those the tools print by default.
"""

from __future__ import annotations

from handoff_cli.core.light import lru_cache
from handoff_cli.core.patterns import IGNORECASE, MULTILINE, caseless, lazily
from handoff_cli.core.record import Record
from handoff_cli.documents.extract.words import beginning, is_redacting, whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_NAMES = 40
_WHY_CHARS = 200
_NEAR = 14

_PLACE = r"(?:[A-Za-z]:)?[^\s:()]+\.\w+:\d+(?::\d+)?"
_MOCHA = r"\s+\d+\) (?P<name>[^\s'\"].*[^:])$"
"""Of the name of a test, mocha writes the suite here and the rest on the lines below."""

_RULES = tuple(
    lazily(rule)
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
        rf"\s*(?P<name>{_PLACE}) - error: (?P<why>.+)$",  # pyright
        rf"\[error\] (?P<name>{_PLACE}): (?P<why>.+)$",  # sbt
        r"e: (?:file://)?(?P<name>\S+\.kts?:(?:\d+:\d+| \(\d+, \d+\)):?) (?P<why>.+)$",  # kotlinc
        rf"\s*error • (?P<why>.+) • (?P<name>{_PLACE}) • \w+$",  # dart analyze
        rf"(?P<name>{_PLACE}): (?P<why>(?:syntax error|SyntaxError|Error)\b.*)$",  # ruby, perl, shells
        r"PHP (?:Parse|Fatal) error:\s+(?P<why>.+) in (?P<name>\S+\.php(?: on line |:)\d+)$",
        r"\*\* \((?:Compile|Syntax|Token)\w*Error\) (?P<name>\S+\.exs?:\d+(?::\d+)?):? (?P<why>.+)$",  # elixir
        r"\(fail\) (?P<name>.+?)(?: \[[\d.]+ms\])?$",  # bun test
        r"\s*not ok \d+ - (?P<name>.+?)(?: # .*)?$",  # node --test and others that speak TAP
        r"\s+\d+\) (?P<name>\[\w+\] \u203a .+?)(?: [\u2500─]+)?$",  # playwright
        r"\s*\d+ - (?P<name>\S+) \((?P<why>Failed|Timeout|SEGFAULT|Subprocess aborted)\)",  # ctest
        r"would reformat (?P<name>\S+)$",  # black, ruff format
        r"\[warn\] (?P<name>\S+\.\w+)$",  # prettier
        rf"(?P<name>{_PLACE}):? (?:fatal )?error: (?P<why>.+)$",  # gcc, clang, mypy, swiftc
        rf"\s*(?P<name>{_PLACE}): (?P<why>[A-Z]+\d+:? .+)$",  # ruff, flake8, pylint
        r"(?:vet: )?(?P<name>\.?\.?/?[^\s:]+\.go:\d+:\d+): (?P<why>.+)$",  # go build, go vet, golangci-lint
        r"\[ERROR\] (?P<name>\S+\.(?:java|kt):\[\d+,\d+\]) (?P<why>.+)$",  # javac by maven
        r"(?:make|gmake)(?:\[\d+\])?: \*\*\* (?P<why>\[?(?P<name>.+))$",  # make
        r"(?:ninja|CMake Error)[^\n:]*: (?P<why>(?P<name>.+))$",
    )
)
_HINTED = lazily(
    r"fail|error|not ok|would reformat|import cycle|\[warn\]|\[\w+\] \u203a|●|\u00d7|✗|✕|\u276f|-->|\d\) |\.go:\d"
    r"|: [A-Z]+\d+:? |\*\*\*|^[A-Z]+\d+ |^rspec |^\S+\.\w+$|\d+:\d+(?: |$)",
    IGNORECASE,
)
"""What every line has that a rule could match: most lines need no more than this look."""

_ONLY_WITH = {_MOCHA: " failing", r"\d+\) (?P<name>[\w\\]+::\w+)": "S!"}
"""Rules for forms that other text has too, by what else the output must hold."""

_HEADED = (
    (lazily(r"error(?:\[(?P<code>\w+)\])?: (?P<why>.+)$"), lazily(r"\s*--> (?P<name>\S+:\d+:\d+)")),  # rustc
    (lazily(r"(?P<why>[A-Z]+\d+ .+)$"), lazily(r"\s*--> (?P<name>\S+:\d+:\d+)")),  # ruff since 0.10
    (lazily(r"\W*\[ERROR\] (?P<why>.+)$"), lazily(r"\s+(?P<name>[^\s:]+:\d+:\d+):")),  # esbuild, vite
    (
        lazily(r"(?P<name>\.?\.?/?\S+\.\w+:\d+:\d+)$"),
        lazily(r"(?P<why>(?:Type|Syntax)? ?[Ee]rror: .+)"),
    ),  # next
)
"""What is wrong in one line, and in the next that is not blank where; or the other way round."""

_CYCLE = "import cycle not allowed"
_IMPORTS = lazily(r"(?:package (?P<first>\S+)|\s+imports (?P<name>\S+)(?: from (?P<file>[^\s:]+))?)(?::.*)?$")  # go
_FRAME = lazily(r'\s+File "(?P<file>[^"]+)", line (?P<line>\d+)')
_RAISED = lazily(r"(?P<why>(?:\w+\.)*\w*(?:Error|Exception|Exit|Interrupt)\b(?::.*)?)$")
_LINTED = lazily(r"\s+(?P<at>\d+:\d+)\s+error\s+(?P<why>.+?)(?:\s{2,}\S+)?$")  # eslint, below its file
_LINTED_FILE = lazily(r"(?P<name>(?:/|[A-Za-z]:\\|\.{0,2}\w)\S*\.\w+)$")
_RED = lazily(
    r"^\s*(?:FAIL(?:ED|URES!?)?\b|=+ .*\b[1-9]\d* (?:failed|errors?)\b|Tests:\s+[1-9]\d* failed|\s*[1-9]\d* failing\b"
    r"|test result: FAILED|error: could not compile|error: Recipe|Tests run:.*(?:Failures|Errors): [1-9]"
    r"|BUILD FAILED|Build FAILED|\[INFO\] BUILD FAILURE|Failed!\s+-|Found [1-9]\d* errors?|✖ [1-9]\d* problems? \([1-9]"
    r"|[1-9]\d* examples?, [1-9]\d* failures?|Traceback \(most recent|npm ERR!|panic:|Test Files\s+[1-9]\d* failed"
    r"|ERROR: Test failed|task .* failed|not ok \d|# fail [1-9]|\s*[1-9]\d* fail$|would reformat "
    r"|.*import cycle not allowed"
    r"|Failed to compile|[1-9]\d* errors? generated|(?:\d+ \w+, ){0,5}[1-9]\d* (?:failed|errors?)(?:,| in \d|$)"
    r"|Would reformat|[1-9]\d* issues?(?: found|:$)|.*\b[1-9]\d* errors?, )",
    MULTILINE,
)
_GREEN = lazily(
    r"^\s*(?:ok\s+\S+|PASS\b|OK\b|=*.*\b\d+ passed\b|Tests:\s+\d+ passed|\d+ passing\b|test result: ok"
    r"|All checks passed"
    r"|Success: no issues|BUILD SUCCESS|\[INFO\] BUILD SUCCESS|Passed!\s+-|\d+ examples?, 0 failures|0 issues|✔ No"
    r"|# fail 0$|\s*0 fail$|No issues found|All matched files use Prettier|Compiled successfully|Build completed"
    r"|Test Files\s+\d+ passed|.*\b0 errors?\b|Found 0 errors|Finished .*(?:dev|test|release)|DONE \d+ tests)",
    MULTILINE,
)
_TELLING = caseless(
    r"assert|expect|error|panic|exception|got|want|should|mismatch|!=|not equal|undefined|cannot|missing|received"
)
_NO_NAMES = lazily(r"(?:in|tests?|errors?|failed|to)$|.*\bpassed\b|\d+ ")


class Failure(Record):
    """One thing that a check found wrong: its ``name`` (a test, or a place in a file), and ``why``, empty if unsaid.

    ``package`` is that of a test of go, empty for others.
    """

    name: str
    why: str = ""
    package: str = ""


def failures_in(output: str) -> tuple[Failure, ...]:
    """Return what failed by the ``output`` of a check, in its order, each name once."""
    return _failures_in(output, is_redacting())


@lru_cache(maxsize=256)
def _failures_in(output: str, _: bool) -> tuple[Failure, ...]:
    """Return the ``failures_in`` an output, once for each way in which texts are cut."""
    found: dict[str, str] = {}
    output = _without_runners(output)
    lines = output.split("\n")
    for said, why in _named(lines):
        name = said.strip().rstrip(":")
        if name and not _NO_NAMES.match(name) and len(name) <= _WHY_CHARS and not found.get(name):
            found[name] = beginning(why.strip(), _WHY_CHARS)
        if len(found) >= _MOST_NAMES:
            break
    if not found and "Traceback (most recent call last)" in output:
        found = dict(_raised(lines))
    if "--- FAIL" in output and not all(found.values()):
        logged = _logged(lines)
        found = {
            name: why or beginning(logged.get(name, logged.get("", "")), _WHY_CHARS) for name, why in found.items()
        }
    if "panicked at " in output and "test result: FAILED" in output:
        panics = dict(_panics(lines))
        found = {name: beginning(panics.get(name, ""), _WHY_CHARS) or why for name, why in found.items()}
    if not found and "FAIL" in output:
        found = {whole[1]: NOT_NAMED for line in lines if (whole := _WHOLE.match(line))}
    packages = _packages(lines) if "--- FAIL" in output else {}
    return tuple(Failure(name, why, packages.get(name, "")) for name, why in _innermost(found).items())


@lru_cache(maxsize=256)
def verdict(output: str) -> str | None:
    """Return ``failed`` or ``ok`` where the ``output`` of a check says so, else None."""
    output = _without_runners(messages_in(output))
    if _RED.search(output):
        return "failed"
    return "ok" if _GREEN.search(output) else None


@lru_cache(maxsize=256)
def messages_in(output: str) -> str:
    """Return ``output`` without lines that are too long for a tool's message: they are somebody's data."""
    if len(output) <= _LONG:
        return output
    return "\n".join(line for line in output.split("\n") if len(line) <= _LONG)


def _named(lines: list[str]) -> Iterator[tuple[str, str]]:
    file = ""
    whole = "\n".join(lines)
    rules = [rule for rule in _RULES if _ONLY_WITH.get(rule.pattern, "") in whole]
    for index, line in enumerate(lines):
        if len(line) > _LONG or not _HINTED.search(line):
            continue
        if found := next((hit for rule in rules if (hit := rule.match(line))), None):
            below = lines[index + 1].strip() if index + 1 < len(lines) else ""
            nested = f" {below[:-1]}" if found.re.pattern == _MOCHA and below.endswith(":") else ""
            yield found["name"] + nested, found.groupdict().get("why") or _reason(lines, index)
            continue
        if line.rstrip().endswith(_CYCLE):
            yield _cycle(lines, index), _CYCLE
        for head, rest in _HEADED:
            if said := head.match(line):
                below = next((it for it in lines[index + 1 : index + 3] if it.strip()), "")
                if at := rest.match(below):
                    both = {**said.groupdict(), **at.groupdict()}
                    yield both["name"], both["why"]
        if linted := _LINTED.match(line):
            yield f"{file}:{linted['at']}", linted["why"]
        elif named := _LINTED_FILE.match(line):
            file = named["name"]


def _without_runners(output: str) -> str:
    return _RUNNERS.sub("", output) if _RUNNERS.search(output) else output


_RUNNERS = lazily(
    r"^(?:\[(?!(?:error|ERROR|warn|WARN|INFO)\])[\w@./-]+(?::[\w.-]+)*\] |[\w.-]+-\d+ +\| "
    r"|@?[\w./-]+(?::| )(?:test|lint|build|check|type-?check|types|compile)(?:[:-][\w-]+)*: )(?! *\u203a)",
    MULTILINE,
)
"""What runners of several tasks write before each line of one: mise, turbo, docker compose, pnpm."""


def _packages(lines: list[str]) -> dict[str, str]:
    """Return the package of each test of go that failed: its line stands below those of its tests."""
    found: dict[str, str] = {}
    package = ""
    for line in reversed(lines):
        if whole := _WHOLE.match(line):
            package = whole[1]
        elif failed := _RULES[0].match(line):
            found.setdefault(failed["name"], package)
    return found


NOT_NAMED = "which test is not in what was printed"
_WHOLE = lazily(r"FAIL\s+(?P<name>[\w@-]+[./][\w./@-]+)(?:\s+(?:\(?[\d.]+ ?m?s\)?|\(cached\)|\[[\w ]+\]))*$")
"""A package or a file in which something failed: it is told where no names are, as behind ``tail``."""


def _cycle(lines: list[str], index: int) -> str:
    """Return the packages of an import cycle in their order, each with the file that imports the next.

    What led to the cycle is left out: it begins with the package that it ends with.
    """
    chain: list[str] = []
    last = ""
    while index >= 0 and (found := _IMPORTS.match(lines[index])):
        package = found["name"] or found["first"]
        short = package.rpartition("/")[2]
        closed = package == last or bool(found["first"])
        chain.append(f"{found['file']} imports {short}" if found["file"] and not closed else short)
        if closed:
            break
        last = last or package
        index -= 1
    return ", ".join(reversed(chain[:_CHAIN]))


_CHAIN = 8


def _raised(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the place and the words of the last exception that ended a Python program."""
    for index in range(len(lines) - 1, 0, -1):
        if (found := _RAISED.match(lines[index])) and lines[index - 1].startswith("  "):
            frames = [at for line in lines[max(0, index - _FRAMES) : index] if (at := _FRAME.match(line))]
            own = [at for at in frames if "site-packages" not in at["file"] and "/lib/python" not in at["file"]]
            if frames:
                at = (own or frames)[-1]
                yield f"{at['file']}:{at['line']}", found["why"]
            return


_FRAMES = 60


def _reason(lines: list[str], index: int) -> str:
    """Return the first telling line after a failed test's name, before the next name."""
    for line in lines[index + 1 : index + _NEAR]:
        if _GO_ENDED.match(line):
            break
        if line.strip() and _TELLING.search(line) and not _ONLY_PLACE.match(line):
            return " ".join(line.split())
    return ""


def _logged(lines: list[str]) -> dict[str, str]:
    """Return what ``go test -v`` printed of each test, as it goes: the first line that tells, else the last."""
    told: dict[str, str] = {}
    telling: set[str] = set()
    test = ""
    for index, line in enumerate(lines):
        if begun := _GO_BEGUN.match(line):
            test = begun[1]
        elif test not in telling and (said := _TESTIFY.match(line)):
            telling.add(test)
            told[test] = " ".join(said[1].split())
        elif test not in telling and _GO_LOGGED.match(line) and not _ONLY_PLACE.match(line):
            below = lines[index + 1] if index + 1 < len(lines) and _GO_GOT.match(lines[index + 1]) else ""
            told[test] = " ".join(f"{line} {below}".split())
            if _TELLING.search(told[test]):
                telling.add(test)
    return told


def _panics(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the tests of ``cargo test`` that panicked: where, and what was said, with both sides of an assertion."""
    test = ""
    for index, line in enumerate(lines):
        if begun := _PRINTED.match(line):
            test = begun[1]
        elif test and (panic := _PANIC.match(line)):
            said = [panic[1]] if panic[1] else []
            for below in lines[index + 1 : index + _PANIC_LINES]:
                if not below.strip() or below.startswith(("note:", "----", "stack backtrace")):
                    break
                said.append(below.strip())
            yield test, f"{panic[2]}: {', '.join(said)}"
            test = ""


_PRINTED = lazily(r"---- (\S+) stdout ----$")
_PANIC = lazily(r"thread '[^']*' (?:\(\d+\) )?panicked at (?:'(.+)', )?(\S+:\d+:\d+):?$")
_PANIC_LINES = 6
_GO_BEGUN = lazily(r"=== (?:RUN|CONT|NAME)\s+(\S+)$")
_GO_GOT = lazily(r"\s+(?:got|want|expected|actual|diff)\b", IGNORECASE)
_GO_ENDED = lazily(r"\s*--- (?:FAIL|PASS|SKIP)|(?:FAIL|PASS|ok)\b")
_GO_LOGGED = lazily(r"\s+\S+\.go:\d+: ")
_TESTIFY = lazily(r"\s+Error:\s+(\S.*)$")
_ONLY_PLACE = lazily(r"\s*(?:Error Trace:.*|\S+:\d+:\s*)$")


def _innermost(found: dict[str, str]) -> dict[str, str]:
    """Return ``found`` without what another of it tells: of ``TestA`` and ``TestA/case`` only the case.

    And of a package that was not built only the places that say why, of ``make`` nothing beside what it ran.
    """
    places = {name.replace("\\", "/").rpartition("/")[0].rpartition("/")[2] for name in found if is_place(name)}
    return {
        name: why
        for name, why in found.items()
        if not any(other.startswith(f"{name}/") for other in found)
        and not (len(found) > 1 and _MADE.match(why))
        and not (why == "[build failed]" and places & {name.rpartition("/")[2], ".", ""})
    }


_MADE = lazily(r"\[[^\]\n]+\] Error \d+$")
_AT = lazily(r"[^\s:()\[]+\.\w+(?::\d+|\(\d+|:\[\d+)")


def is_cycle(failure: Failure) -> bool:
    """Return whether packages import each other in a circle."""
    return failure.why == _CYCLE


def is_place(name: str) -> bool:
    """Return whether the ``name`` of a failure is a place in a file, as compilers and linters give it."""
    return bool(_AT.match(name))


_TELLS = (
    *("error", "fail", "exception", "cannot", "can't", "could not", "not found", "no such", "denied", "undefined"),
    *("unexpected", "expected", "panic", "fatal", "assert", "invalid", "missing", "refused", "timed out", "timeout"),
    *("rejected", "conflict"),
    *("✗", "✘"),
)
_EMPTY_OF_MEANING = lazily(
    r"\s*(?:exit code:? -?\d+|error:?|fail(?:ed)?|\W*|(?:\[[\w:-]+\] )?error:? task failed"
    r"|=== (?:RUN|PAUSE|CONT|NAME) .*)\s*",
    IGNORECASE,
)
LINE_BREAK = " | "
"""Between the lines of an error that is written on one."""


_LONG = 1_000
"""A longer line is no tool's message, but somebody's data."""


def _tells(lower: str) -> bool:
    for word in _TELLS:  # noqa: SIM110 - ``any`` would take twice as long
        if word in lower:
            return True
    return False


def telling_lines(error: str, limit: int) -> str:
    """Return the lines of an error that say what went wrong, in their order, whole, at most ``limit`` characters.

    The first telling line is given however long it is.
    """
    return _telling_in(whole(error), limit)


@lru_cache(maxsize=256)
def _telling_in(error: str, limit: int) -> str:
    lines = [line.strip() for line in error.splitlines() if not _EMPTY_OF_MEANING.fullmatch(line)]
    telling = [line for line in lines if _tells(line[:_LONG].lower())] or lines
    kept = telling[:1]
    for line in telling[1:]:
        if sum(map(len, kept)) + 3 * len(kept) + len(line) > limit:
            break
        kept.append(line)
    return LINE_BREAK.join(kept)
