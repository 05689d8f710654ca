"""What tests, linters, type checkers and compilers print: which names failed, and why.

Read from the output alone, so that it holds behind a pipe too. A rule is a pattern for one line; group ``name`` says
what failed, ``why`` how. The forms are those the tools print by default.
"""

from __future__ import annotations

from itertools import islice, takewhile

from handoff_cli.core.light import lru_cache
from handoff_cli.core.patterns import IGNORECASE, MULTILINE, lazily
from handoff_cli.core.record import Record
from handoff_cli.core.verdicts import LONG, without_runners, without_unfailed
from handoff_cli.documents.extract.commands.frames import with_places
from handoff_cli.documents.extract.commands.heads import headed_by_tests, listed_by_mocha, raised_by_tests
from handoff_cli.documents.extract.commands.reasons import (
    GO_FAILED,
    LINE_BREAK,
    RACE,
    cycle_at,
    examples_of_rspec,
    expected_by_tests,
    logged_by_tests,
    packages_of_tests,
    panics_in,
    raised_in,
    reason_below,
    wholes_in,
)
from handoff_cli.documents.extract.language.words import beginning, is_redacting, whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_NAMES = 40
_WHY_CHARS = 200
_PLACE = r"(?:[A-Za-z]:)?[^\s:()]+\.\w+:\d+(?::\d+)?"
_BATS = r"\s*✗ (?P<name>\S.*?)(?: \[\d+\])?$"
_PLAYWRIGHT_LIST = r"\s+(?P<name>\[\w+\] \u203a .+?)(?: [\u2500─]+)?$"
_VITEST_TREE = r"\s+\u00d7 (?P<name>\S.*?)(?: \d+ms)?$"  # below a file's line

_PEST = r"\s*\u2a2f (?P<name>\S.*?)(?:\s+[\d.]+s)?$"

_CATCH = rf"(?P<name>{_PLACE}): FAILED:$"  # Catch2 shows the expectation on the line below

_RULES = tuple(
    lazily(rule)
    for rule in (
        GO_FAILED,  # go test
        r"FAIL\s+(?P<name>\S+) (?P<why>\[(?:build|setup) failed\])",
        r"(?:FAILED|ERROR) (?P<name>[^\s(-]\S*(?:::[^\n]*?)?)(?: - (?P<why>.+))?$",  # pytest
        r"(?:FAIL|ERROR): (\w+) \((?P<name>[\w.]+\.\1)\)",  # unittest, since Python 3.11
        r"(?:FAIL|ERROR): (?P<name>\w+ \([\w.]+\))",  # unittest
        r"FAIL: (?P<name>[\w./-]+)$",  # automake
        r"(?P<name>[^\s:]+\.\w+:\d+:\w+):FAIL(?:: (?P<why>.+))?$",  # Unity
        r"[^\s:]+\.\w+:\d+: FAIL(?:ED|URE)?:? (?P<name>\w+)(?:: (?P<why>.+))?$",  # tests by macros of one's own
        r"test (?P<name>\S+) \.\.\. FAILED$",  # cargo test
        r"\s*test: (?P<name>\w+(?:[@/]\w+)*\.\w+_test)$",  # gleeunit
        r"\s*(?:FAIL|TIMEOUT|SIG\w+) \[\s*[\d.]+s\] (?:\(\s*\d+/\d+\) )?(?P<name>\S+ \S+)$",  # cargo nextest
        r"\s*● (?P<name>.+ \u203a .+)$",  # jest
        r"\s*(?:FAIL|\u00d7|✗|✕|\u276f)\s+(?P<name>\S+\.\w+ > .+?)(?: \d+ms)?$",  # vitest
        _VITEST_TREE,
        r"\s*\d+\) (?P<name>(?:test|doctest|property) .+ \([A-Z][\w.]*\))$",  # mix test
        r"rspec (?P<name>\./\S+:\d+)(?: # (?P<why>.+))?$",  # rspec
        r"\d+\) (?P<name>[\w\\]+::\w+)",  # phpunit
        _PEST,
        r"\s*FAILED +(?P<name>[A-Z]\w*(?:\\\w+)+ > \S.*?)(?:\s{2,}\S+|\s*)$",  # pest, with the reason
        # surefire
        r"\[ERROR\]\s+(?!.*<<<)(?P<name>[\w.$]+(?:Tests?|IT)[\w$]*[.#]\w+)(?::\d+)?(?:[: ]+(?P<why>.+))?$",
        r"(?P<name>[\w.$]+ > [^\n]+?) FAILED$",  # gradle
        r"\s*Failed (?P<name>[\w.]+)(?:\([^)]*\))? \[[^\]]+\]$",  # dotnet test
        r"(?P<name>[^\s(][^(]*\(\d+,\d+\)): error (?P<why>\w+: .+)$",  # tsc, csc
        r"(?P<name>[^\s(][^(]*\(\d+\)): (?:fatal )?error(?: \w+)?: (?P<why>.+)$",  # nvcc, cl
        r"[\d:]*\s*\d+ of \d+ FAIL \d+ (?P<name>\w+) \.[^\[]*\[(?P<why>FAIL \d+) in ",  # dbt
        r"[\d:]*\s*\d+ of \d+ ERROR (?:\w+ ){0,6}(?P<name>[\w.]+) \.[^\[]*\[(?P<why>ERROR) in ",  # dbt
        r"[\d:]*\s*(?:Failure|[A-Z]\w+ Error) in (?:\w+ ){1,4}(?P<name>\w+) \(\S+\)$",  # dbt
        rf"(?P<name>{_PLACE}) - error (?P<why>TS\d+: .+)$",  # tsc, pretty
        rf"\s*(?P<name>{_PLACE}) - error: (?P<why>.+)$",  # pyright
        rf"\[error\] (?P<name>{_PLACE}): (?P<why>.+)$",  # sbt
        r"e: (?:file://)?(?P<name>\S+\.kts?:(?:\d+:\d+| \(\d+, \d+\)):?) (?P<why>.+)$",  # kotlinc
        rf"\s*error • (?P<why>.+) • (?P<name>{_PLACE}) • \w+$",  # dart analyze
        rf"(?P<name>{_PLACE}): (?P<why>(?:syntax error|SyntaxError|Error)\b.*)$",  # ruby, perl, shells
        r"PHP (?:Parse|Fatal) error:\s+(?P<why>.+) in (?P<name>\S+\.php(?: on line |:)\d+)$",
        r"\*\* \((?:Compile|Syntax|Token)\w*Error\) (?P<name>\S+\.exs?:\d+(?::\d+)?):? (?P<why>.+)$",  # elixir
        r"\(fail\) (?P<name>.+?)(?: \[[\d.]+ms\])?$",  # bun test
        r"\s*not ok \d+ (?:- )?(?P<name>\S.*?)(?: # .*)?$",  # node --test and others that speak TAP
        _BATS,
        r"\s+\d+\) (?P<name>\[\w+\] \u203a .+?)(?: [\u2500─]+)?$",  # playwright
        _PLAYWRIGHT_LIST,
        r"\s*\d+/\d+ Test +#\d+: (?P<name>\S+) \.*\*{3}(?P<why>Failed|Timeout|Exception: \w+)",  # ctest, as it runs
        r"\s*\d+ - (?P<name>\S+) \((?P<why>Failed|Timeout|SEGFAULT|Subprocess aborted)\)",  # ctest
        r"\[  FAILED  \] (?P<name>[\w/]+\.[\w/]+)(?:, where [^\n]*?)?(?: \(\d+ ms\))?$",  # GoogleTest
        _CATCH,
        rf"(?P<name>{_PLACE}): (?:FATAL )?ERROR: (?P<why>.+)$",  # doctest
        r"\s*\[-\] (?P<name>.+?) [\d.]+m?s(?: \(.*\))?$",  # Pester
        rf"(?P<name>{_PLACE}): (?P<why>[CEFRW]: (?:\[Correctable\] )?\w+/\w+: .+)$",  # rubocop
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
    r"fail|error|not ok|would reformat|import cycle|\[warn\]|\[\w+\] \u203a|●|\u00d7|✗|✕|\u2a2f|\u276f|-->|\d\) "
    r"|^\* test_|\.go:\d|: [A-Z]+\d+:? |: [CEFRW]: |\[-\] |\*\*\*|^[A-Z]+\d+ |^rspec |_test$|^\S+\.\w+$|\d+:\d+(?: |$)",
    IGNORECASE,
)
"""What every line has that a rule could match: most lines need no more than this look."""

_ONLY_WITH = {
    _VITEST_TREE: "\u276f ",
    _BATS: " failure",
    _PLAYWRIGHT_LIST: " failed\n",
    _PEST: "Tests: ",
    r"\d+\) (?P<name>[\w\\]+::\w+)": "S!",
}
"""Rules for forms that other text has too, by what else the output must hold."""

_HEADED = (
    (lazily(r"error(?:\[(?P<code>\w+)\])?: (?P<why>.+)$"), lazily(r"\s*--> (?P<name>\S+:\d+:\d+)")),  # rustc
    (lazily(r"(?P<why>[A-Z]+\d+ .+)$"), lazily(r"\s*--> (?P<name>\S+:\d+:\d+)")),  # ruff since 0.10
    (lazily(r"\W*\[ERROR\] (?P<why>.+)$"), lazily(r"\s+(?P<name>[^\s:]+:\d+:\d+):")),  # esbuild, vite
    (
        lazily(r"(?P<name>\.?\.?/?\S+\.\w+:\d+:\d+)$"),
        lazily(r"(?P<why>(?:Type|Syntax)? ?[Ee]rror: .+)"),
    ),  # next
    (lazily(r"\* (?P<name>test_\w+)$"), lazily(r"\s+\[Failed\]: +(?P<why>.+)")),  # GUT
    (lazily(r"\s*Assertion failed at \S+:\d+: (?P<name>\w+):$"), lazily(r"\s*(?P<why>\(.+)")),  # ztest
)
"""What is wrong in one line, and in the next that is not blank where; or the other way round."""

_CYCLE = "import cycle not allowed"
_LINTED = lazily(r"\s+(?P<at>\d+:\d+)\s+error\s+(?P<why>.+?)(?:\s{2,}\S+)?$")  # eslint, below its file
_LINTED_FILE = lazily(r"(?P<name>(?:/|[A-Za-z]:\\|\.{0,2}\w)\S*\.\w+)$")
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


_RULE_OF_LINTER = lazily(r"[A-Z]{1,4}\d{2,5}\b")
"""The code of a linter's rule: of one line of a file each that it breaks is to be mended."""


@lru_cache(maxsize=256)
def _failures_in(output: str, _: bool) -> tuple[Failure, ...]:
    """Return the ``failures_in`` an output, once for each way in which texts are cut."""
    found: dict[str, str] = {}
    output = without_unfailed(without_runners(output))
    lines = output.split("\n")
    hits: list[tuple[int, str]] = []
    for at, said, why in (*(listed_by_mocha(lines) if " failing\n" in output else ()), *_named(lines)):
        name = said.strip().rstrip(":")
        hits.append((at, name))
        if name and not _NO_NAMES.match(name) and len(name) <= _WHY_CHARS and not found.get(name):
            found[name] = beginning(why.strip(), _WHY_CHARS)
        elif (rule := _RULE_OF_LINTER.match(why.strip())) and name in found and rule[0] not in found[name]:
            found[name] = beginning(f"{found[name]}; {why.strip()}", _WHY_CHARS)
        if len(found) >= _MOST_NAMES:
            break
    if not found and "Traceback (most recent call last)" in output:
        found = dict(raised_in(lines))
    if not found and "___ " in output:
        found = {name: beginning(why, _WHY_CHARS) for name, why in headed_by_tests(lines)}
    if not found and "\ntest result: FAILED" in output and (listed := _LISTED.findall(output)):
        found = dict.fromkeys((it.strip() for it in listed[-1].split("\n") if it), "")
    found = _with_reasons(found, output, lines)
    found = with_places(found, hits, lines) if found else found
    if not found and "FAIL" in output:
        found = {name: beginning(why, _WHY_CHARS) or NOT_NAMED for name, why in wholes_in(lines)}
    if not found and _HANGS in output:
        found = dict(_hung(lines))
    packages = packages_of_tests(lines) if "--- FAIL" in output else {}
    return tuple(Failure(name, why, packages.get(name, "")) for name, why in _innermost(found).items())


def _hung(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the tests of cargo that were still running at the end, and what it said of each."""
    over = {it.split(" ... ")[0] for it in lines if " ... " in it}
    for line in lines:
        test, hangs, long = line.partition(_HANGS)
        if hangs and test not in over:
            yield test.removeprefix("test "), f"{hangs}{long}".strip()


_HANGS = " has been running for over "


def are_more(output: str, named: int) -> bool:
    """Return whether an ``output`` counts more tests that failed than the ``named``: others were cut off."""
    counted = [int(it[1] or it[2]) for it in _COUNTS_FAILED.finditer(output[-_END_CHARS:])]
    return bool(counted) and counted[-1] > named


_END_CHARS = 2_000
_COUNTS_FAILED = lazily(
    r"^[^\S\n]*(?:=+ )?(?:Tests:? +|test result: FAILED\. |Failed!.{0,20}|\d+ tests? completed, )?"
    r"(?:\d+ (?:passed|skipped|examples?)[;,] ){0,2}(?:.{0,40}\bFailures: (\d{1,5})\b"
    r"|(\d{1,5}) (?:failed|failing|failures?)(?=[;,]| in \d| \(|\s*(?:=+\s*)?$))",
    MULTILINE,
)
"""How runners of tests count at their end how many failed."""

_LISTED = lazily(r"^failures:\n((?: {4}\S[^\n]*\n)+)", MULTILINE)
"""The names of the tests that failed, as ``cargo test`` lists them at its end, in quiet too."""


def _with_reasons(found: dict[str, str], output: str, lines: list[str]) -> dict[str, str]:
    """Return the names that were ``found`` with what their runner printed of each elsewhere: why it failed."""
    if "--- FAIL" in output and not all(found.values()):
        logged = logged_by_tests(lines)
        found = {
            name: why or beginning(logged.get(name, logged.get("", "")), _WHY_CHARS) for name, why in found.items()
        }
    if ": Failure\n" in output:
        unmet = expected_by_tests(lines)
        found = {name: beginning(unmet.get(name, ""), _WHY_CHARS) or why for name, why in found.items()}
    if "DATA RACE" in output and (race := RACE.search(output)):
        where = f"{LINE_BREAK}{race[1]} at {race[2]}"
        found = {name: f"{why}{where}" if "race detected" in why else why for name, why in found.items()}
    if "Failure/Error: " in output:
        examples = examples_of_rspec(lines)
        found = {
            name: beginning(f"{why}: {examples[why]}" if why in examples else why, _WHY_CHARS)
            for name, why in found.items()
        } or {name: beginning(why, _WHY_CHARS).removesuffix(LINE_BREAK.rstrip()) for name, why in examples.items()}
    if "\nE  " in output and "___ " in output:
        raised = raised_by_tests(lines)
        found = {
            name: beginning(raised.get(name.partition("::")[2].replace("::", "."), ""), _WHY_CHARS) or why
            if not why or why.endswith("...") or why.startswith(("FAILED ", "ERROR "))
            else why
            for name, why in found.items()
        }
    if "panicked at " in output and any(it in output for it in _OF_RUST):
        panics = dict(panics_in(lines))
        found = {
            name: beginning(panics.get(name.rpartition(" ")[2], ""), _WHY_CHARS) or why for name, why in found.items()
        }
    return found


def _named(lines: list[str]) -> Iterator[tuple[int, str, str]]:
    """Yield the lines that name what failed: where each stands, the name, and why it failed."""
    file = ""
    whole = "\n".join(lines)
    rules = [rule for rule in _RULES if _ONLY_WITH.get(rule.pattern, "") in whole]
    for index, line in enumerate(lines):
        if len(line) > LONG or not _HINTED.search(line):
            continue
        if found := next((hit for rule in rules if (hit := rule.match(line))), None):
            below = lines[index + 1].strip() if index + 1 < len(lines) else ""
            why = below if found.re.pattern == _CATCH else found.groupdict().get("why")
            yield index, found["name"], (why or reason_below(lines, index)).removeprefix("\u2192 ")
            continue
        if line.rstrip().endswith(_CYCLE):
            yield index, cycle_at(lines, index), _CYCLE
        for head, rest in _HEADED:
            if said := head.match(line):
                below = next((it for it in lines[index + 1 : index + 3] if it.strip()), "")
                if at := rest.match(below):
                    both = {**said.groupdict(), **at.groupdict()}
                    yield index, both["name"], both["why"]
        if linted := _LINTED.match(line):
            yield index, f"{file}:{linted['at']}", linted["why"]
        elif named := _LINTED_FILE.match(line):
            file = named["name"]


_OF_RUST = (" ... FAILED", "test result: FAILED", " tests run: ", " test run: ")
NOT_NAMED = "which test is not in what was printed"


def _innermost(found: dict[str, str]) -> dict[str, str]:
    """Return ``found`` without what another of it tells: of ``TestA`` and ``TestA/case`` only the case.

    And of a package that was not built only the places that say why, of make and ninja nothing beside what they ran.
    """
    places = {name.replace("\\", "/").rpartition("/")[0].rpartition("/")[2] for name in found if is_place(name)}
    return {
        name: why
        for name, why in found.items()
        if not any(other.startswith(f"{name}/") or other.endswith(f" > {name}") for other in found)
        and not (len(found) > 1 and _MADE.match(why))
        and not (why == "[build failed]" and places & {name.rpartition("/")[2], ".", ""})
    }


_MADE = lazily(r"\[[^\]\n]+\] Error \d+$|build stopped: subcommand failed\.$")
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
    *("rejected", "conflict", "detail:", "✗", "✘"),
)
_EMPTY_OF_MEANING = lazily(
    r"(?:error: )?exit code:? -?\d+|(?:error:?)?\W*|fail(?:ed)?|(?:\[[\w:-]+\] )?error:? task failed"
    r"|=== (?:RUN|PAUSE|CONT|NAME) .*|\[INFO\](?!.*fail).*"
    r"|\W*\"(?:error|status|type|name|code)\"\s*:\s*\"?(?:error|fail(?:ed|ure)?|true|false|\d+)?\"?,?",
    IGNORECASE,
)
_BESIDE_WORDS = lazily(
    r"npm [eE]\S+(?:$| (?: *at|code|syscall|path|dest|errno|workspace|location) |.{,80}lete log of)|raise [A-Z]"
)
"""What npm lists beside the words of an error, and the line of code that a traceback ends at."""
_BANNER = lazily(
    r"\s*(?:error: )?(?:openjdk .{0,40}warning: |picked up \w*java\w*options"
    r"|warning: (?:a java agent|if a serviceability|dynamic loading)|conditions evaluation report"
    r"|={3,} test session starts =|> \S{1,80}@\d[\w.-]{0,30} \S|RUN +v\d)",
    IGNORECASE,
)
"""How lines begin that a virtual machine, a framework or a runner prints before all else: they say nothing."""


def tells(lower: str) -> bool:
    """Return whether a text, in small letters, has a word that tells of an error."""
    for word in _TELLS:  # noqa: SIM110 - ``any`` would take twice as long
        if word in lower:
            return True
    return False


def telling_lines(error: str, limit: int) -> str:
    """Return the lines of an error that say what went wrong, in their order, whole, at most ``limit`` characters.

    The first telling line is given however long it is, so nothing is cut off what has one line alone.
    """
    return _telling_in(whole(error) if len(error.splitlines()) > 1 else error, limit)


@lru_cache(maxsize=256)
def _telling_in(error: str, limit: int) -> str:
    lines = [it for line in error.splitlines() if not _EMPTY_OF_MEANING.fullmatch(it := line.strip())]
    lines = _of_powershell(lines) or lines if "FullyQualifiedErrorId" in error else lines
    begun = [line for line in lines if not _BANNER.match(line)]
    begun = [it for it in begun if not _BESIDE_WORDS.match(it)] or begun
    telling = [line for line in begun if tells(line[:LONG].lower())] or (lines if begun == lines else [])
    # Why go did not build it stands at its place, in no word of an error.
    telling = [*filter(_PLACED.match, begun if "[build failed]" in error else ()), *telling]
    first = islice(dict.fromkeys(telling), _MOST_NAMES)
    telling = [*dict.fromkeys(it for found in first for it in (found, *_reason_of(found, lines)))]
    kept = telling[:1]
    for line in telling[1:]:
        if sum(map(len, kept)) + 3 * len(kept) + len(line) > limit:
            break
        kept.append(line)
    return LINE_BREAK.join(kept)


def _reason_of(line: str, lines: list[str]) -> list[str]:
    """Return the lines below one that say why: of a failed test of go the first, else those that go on with it."""
    at, form = lines.index(line) + 1, _AT if line.startswith("--- FAIL: ") else _GOES_ON
    why = takewhile(form.match, lines[at : at + (1 if form is _AT else 2)])
    return [it for it in why if not tells(it[:LONG].lower())]


_GOES_ON = lazily(r"\([A-Z][^()]{8,160}\)\.?$|(?:with|because|due to|caused by:?|since) \S")


def _of_powershell(lines: list[str]) -> list[str]:
    """Return what PowerShell says of an error, in any language: above or below the line it marks, without its place."""
    ends = next((at for at, line in enumerate(lines) if line.startswith("+ CategoryInfo")), 0)
    marked = next((at for at in range(max(0, ends - _MARKED_LINES), ends) if lines[at].startswith("+ ")), ends)
    above = lines[max(0, marked - 1 - _SAID_LINES) : marked - 1]
    said = [line for line in lines[marked:ends] if line[:1] != "+"] or above
    return [" ".join(said)] if said else []


_MARKED_LINES, _SAID_LINES, _PLACED = 6, 3, lazily(r"[\w./-]+\.\w{1,10}:\d+:\d+: \S")
