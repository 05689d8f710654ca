"""How a check ended by what it printed: the summaries of tests, linters, type checkers and compilers.

The one judge of that, for every log: where an exit code is another command's, and where none is recorded.
"""

from __future__ import annotations

from handoff_cli.core.light import lru_cache
from handoff_cli.core.patterns import IGNORECASE, MULTILINE, lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

LONG = 1_000
"""A longer line is no tool's message, but somebody's data."""

_RED = lazily(
    r"\n[^\S\n]*(?:FAIL(?:ED|URES?!?)?\b(?!:? ?0\b(?!\.\d))|=+ .*\b[1-9]\d* (?:failed|errors?)\b"
    r"|Tests:\s+[1-9]\d* failed|[1-9]\d* failing\b"
    r"|test result: FAILED|test \S+ \.\.\. FAILED$"
    r"|error: could not compile|error: Recipe|(?:\[ERROR\] +)?Tests run:.*(?:Failures|Errors): [1-9]"
    r"|BUILD FAILED|Build FAILED|\[INFO\] BUILD FAILURE|Failed!\s+-|Found [1-9]\d* errors?|✖ [1-9]\d* problems? \([1-9]"
    r"|[1-9]\d* examples?, [1-9]\d* failures?|Traceback \(most recent|npm ERR!|panic:|Test Files\s+[1-9]\d* failed"
    r"|ERROR: Test failed|task .* failed|not ok \d|# fail [1-9]|[1-9]\d* fail$|would reformat "
    r"|Failed to compile|[1-9]\d* errors? generated"
    r"|(?:\d+ \w+, ){0,5}[1-9]\d* (?:failed|failures?|errors?)(?:,| in \d|$)"
    r"|Would reformat|[1-9]\d* issues?(?: found|:$)|Tests: \d+,.*\b(?:Failures|Errors): [1-9]"
    r"|Errors while running CTest|The following tests FAILED|(?:g?make|mingw32-make)(?:\[\d+\])?: \*\*\* "
    r"|Latexmk: Errors\b|ninja: build stopped|Tests Passed: \d+, Failed: [1-9]"
    r"|(?:\d+ files? inspected, )?[1-9]\d* offenses? detected"
    r"|Errors\s+[1-9]\d* errors?[^\S\n]*$|\*\* \w+ FAILED \*\*|Test Suite '.{1,80}' failed at "
    r"|Executed \d+ out of \d+ tests?: .*\bfails? |\[  FAILED  \] "
    r"|(?:INFO|ERROR) +- +\d+/\d+ .*\bFAILED\b|\[ FAIL [1-9]\d* \| |\*\* \((?:Mix|EXIT|[\w.]*Error)\) )",
    MULTILINE,
)
_GREEN = lazily(
    r"\n[^\S\n]*(?:ok\s+\S+|PASS\b|OK\b|Tests:\s+\d+ passed|\d+ passing\b|test result: ok|All checks passed"
    r"|Success: no issues|BUILD SUCCESS|\[INFO\] BUILD SUCCESS|Passed!\s+-|\d+ examples?, 0 failures|0 issues|✔ No"
    r"|# fail 0$|0 fail$|No issues found|All matched files use Prettier|Compiled successfully|Build completed"
    r"|Project build complete|Tests Passed: \d+, Failed: 0|(?:\d+ files? inspected, n|N)o offenses detected"
    r"|\[(?:INFO|WARNING)\] Tests run: \d+, Failures: 0, Errors: 0|# FAIL: +0$"
    r"|Test Files\s+\d+ passed|Found 0 errors|Finished .*(?:dev|test|release)|DONE \d+ tests"
    r"|100% tests passed|\*\* \w+ SUCCEEDED \*\*|Test Suite '.{1,80}' passed at "
    r"|Executed \d+ out of \d+ tests?: .*\bpass|\[  PASSED  \] [1-9]|\[ FAIL 0 \| "
    r"|INFO +- +(\d+) of \1 .{0,60}\bpassed\b|\u2713 built in \d|webpack [\d.]+ compiled successfully"
    r"|No syntax errors detected|Success! The configuration is valid|Latexmk: All targets .* up-to-date)",
    MULTILINE,
)
"""How lines begin that sum up a check; the end of the line before is what the engine finds at once."""

_RED_WITHIN = tuple(
    (word, lazily(pattern, MULTILINE))
    for word, pattern in (
        ("import cycle not allowed", "import cycle not allowed"),
        (" error", r"\b[1-9]\d* errors?, "),
        ("failed", r"^[^\S\n]*.{0,200}\b[1-9]\d* (?:tests? |of \d+ )?failed(?=$| ?[,;:)|]| out of \d| \(| in \d)"),
        ("unhandled error", r"\bcaught [1-9]\d* unhandled errors?\b"),
        (" failure", r"^[^\S\n]*.{0,80}\btests?, (?:\w+ \w+, )?(?:with )?[1-9]\d* failures?\b"),
        ("exit ", r"^[^\S\n]*.{0,200}\bexit (?:status|code):? [1-9]\d{0,2}$"),
        ("Failing", r"^[^\S\n]*(?:Tests +\d+ +)?(?:Passing +\d+ +)?Failing(?: Tests)? +[1-9]\d*\s*$"),
        ("ERROR=", r"\bPASS=\d+ WARN=\d+ ERROR=[1-9]"),
        ("Encountered an error", r"^[\d:]*[^\S\n]*Encountered an error:$"),
        ("***", r"^[^\S\n]*.{0,200}\*\*\*(?:Failed|Timeout|Exception)\b"),
        ("Some tests failed", r"^[^\S\n]*.{0,80}\bSome tests failed\b"),
        ("TestsFailedException", r"^[^\S\n]*.{0,80}\bTestsFailedException\b"),
    )
)
_GREEN_WITHIN = tuple(
    (word, lazily(pattern, MULTILINE))
    for word, pattern in (
        (" passed", r"\b\d+ passed\b"),
        ("0 error", r"\b0 errors?\b"),
        ("Passing", r"^[^\S\n]*(?:Tests +\d+ +)?Passing(?: Tests)? +\d+(?: +Failing +0)?\s*$"),
        ("ERROR=0", r"\bPASS=\d+ WARN=\d+ ERROR=0\b"),
        ("0 failures", r"^[^\S\n]*.{0,80}\btests?, (?:\w+ \w+, )?(?:with )?0 failures\b"),
        (" passed", r"^[^\S\n]*.{0,80}\bAll (?:tests|specs) passed\b"),
    )
)
"""What sums up a check within a line, each with a word of it: nearly all outputs have none of them."""


@lru_cache(maxsize=256)
def verdict(output: str) -> str | None:
    """Return ``failed`` or ``ok`` where the ``output`` of a check says so, else None."""
    said = messages_in(output)
    output = f"\n{without_runners(said)}"
    if _sums_up(output, _RED, _RED_WITHIN):
        return "failed"
    done = ": Done" in said and not any(it in said for it in ("ELIFECYCLE", "error")) and _DONE.search(said)
    return "ok" if done or _sums_up(output, _GREEN, _GREEN_WITHIN) else None


def counts_tests(output: str) -> bool:
    """Return whether ``output`` ends with the line in which a test runner counts what it ran, whatever started it."""
    return _COUNTED.search(output, max(0, len(output) - _END_CHARS)) is not None


_END_CHARS = 2_000
_COUNTED = lazily(
    r"^[^\S\n]*(?:(?:=+ )?(?:\d+ \w+, ){0,5}\d+ (?:passed|failed|errors?)(?:, \d+ \w+){0,5}"
    r" in \d[\d.:hms]*(?: \([\d:]+\))?(?: =+)?"
    r"|Ran \d+ tests? in [\d.]+s|Tests: .{1,60} \d+ total|test result: (?:ok|FAILED)\. \d.*|(?:ok|FAIL)\s+\S+\s+[\d.]+s"
    r"|# (?:pass|fail) \d+|\d+ (?:passing|failing)\b.*|\d+ examples?, \d+ failures?.*|Test Files  .{1,60}"
    r"|(?:\[\w+\] )?Tests run: \d+, Failures: \d+.*|OK \(\d+ tests?, \d+ assertions?\)"
    r"|Tests: +(?:\d+ \w+, ){0,5}\d+ (?:passed|failed) \(\d+ assertions\)|Tests: \d+, Assertions: \d+.*"
    r"|\[  (?:PASSED|FAILED)  \] \d+ tests?.*|(?:Tests +\d+ +)?Passing(?: Tests)? +\d+(?: +Failing +\d+)?)$",
    MULTILINE,
)


def not_built(output: str) -> bool:
    """Return whether a linter, by its ``output``, could not look at the code: it does not compile."""
    return _NOT_BUILT.search(output) is not None


_NOT_BUILT = lazily(r"^vet: \S+\.go:\d|^error\[E\d{4}\]: |^\S+\.go:\d+:\d+: .*\(typecheck\)$", MULTILINE)
"""How ``go vet``, clippy and golangci-lint mark what the compiler says."""


def counts_in(output: str) -> str:
    """Return how many tests failed and passed by the lines in which a runner counts what it ran, empty for none.

    Of several such lines the last that counts a failure tells, with what others say in other words.
    """
    found: dict[str, str] = {}
    for line in _COUNTS_TESTS.finditer(output, max(0, len(output) - _END_CHARS)):
        counts = {_COUNT_WORDS[it[2]]: it[1] for it in _COUNT.finditer(line[0])}
        if int(counts.get("failed", "0")) or not found:
            found |= counts
        elif "failed" not in counts:
            found = counts | found
    return ", ".join(f"{found[it]} {it}" for it in ("failed", "passed") if found.get(it, "0") != "0")


def put_off_in(output: str) -> int:
    """Return how many tests a runner counts as not run, or as such that may fail; ``NO_TESTS`` where it found none.

    ``CRASHED`` tells that it may have found some, and that what was to run them went down.
    """
    end = output[-_END_CHARS:]
    if "o test" in end and _FINDS_NONE.search(end):
        return CRASHED if _WENT_DOWN.search(end) else NO_TESTS
    if not any(it in end for it in ("pending", "skipped", "xfailed", "todo", "ignored")):
        return 0
    lines = (it[0] for pattern in (_COUNTS_TESTS, _PENDING_ALONE) for it in pattern.finditer(end))
    return sum(int(it[1]) for line in lines for it in _PUT_OFF.finditer(line))


NO_TESTS, CRASHED = -1, -2
_WENT_DOWN = lazily(
    r"^\[gw\d+\] node down: |^(?:replacing crashed )?worker '?gw\d+|^Error: Worker (?:exited|terminated) ", MULTILINE
)
_FINDS_NONE = lazily(r"^[^\S\n]*(?:=+ )?[Nn]o tests? (?:files? )?(?:were )?(?:found|ran|to run|collected)\b", MULTILINE)
_PUT_OFF = lazily(r"\b(\d{1,6}) (?:pending|skipped|xfailed|todo|ignored)\b")
_PENDING_ALONE = lazily(r"^[^\S\n]+\d{1,6} pending$", MULTILINE)
"""Of mocha, which counts them in a line of their own."""

_COUNTS_TESTS = lazily(
    r"^[^\S\n]*(?:(?:=+ )?(?:\d+ \w+, ){0,5}\d+ (?:passed|failed)\b.{0,80}|Tests:? .{1,80}|test result: .{1,160}"
    r"|\d+ (?:passing|failing)\b.{0,40}|\d+ examples?, \d+ failures?.{0,40})$",
    MULTILINE,
)
"""Lines that count tests, not the files they are in."""

_COUNT = lazily(r"\b(\d{1,6}) (passed|passing|failed|failing|failures?)\b")
_COUNT_WORDS = {"passed": "passed", "passing": "passed"} | dict.fromkeys(
    ("failed", "failing", "failure", "failures"), "failed"
)


def _sums_up(output: str, beginning: re.Pattern[str], within: tuple[tuple[str, re.Pattern[str]], ...]) -> bool:
    """Return whether a line of ``output`` begins as ``beginning`` has it, or has what is told ``within`` one."""
    return bool(beginning.search(output)) or any(word in output and it.search(output) for word, it in within)


@lru_cache(maxsize=256)
def messages_in(output: str) -> str:
    """Return ``output`` without lines that are too long for a tool's message: they are somebody's data."""
    if len(output) <= LONG:
        return output
    return "\n".join(line for line in output.split("\n") if len(line) <= LONG)


def without_runners(output: str) -> str:
    """Return ``output`` without what runners of several tasks write before each line of one."""
    return _RUNNERS.sub("", output) if _RUNNERS.search(output) else output


_RUNNERS = lazily(
    r"^(?:\[(?!(?:error|ERROR|warn|WARN|INFO|-)\])[\w@./-]+(?::[\w.-]+)*\] |[\w.-]+-\d+ +\| "
    r"|@?[\w./-]+(?::| )(?:test|lint|build|check|type-?check|types|compile)(?:[:-][\w-]+)*: )(?! *\u203a)",
    MULTILINE,
)
"""Of mise, turbo, docker compose, pnpm."""


def without_unfailed(output: str) -> str:
    """Return ``output`` without the tests that Playwright lists at its end though they did not fail."""
    return _UNFAILED.sub("", output) if "] \u203a " in output else output


_UNFAILED = lazily(r"^ +\d+ (?:flaky|skipped|interrupted|did not run)\n(?: +\[\w+\] \u203a .*(?:\n|\Z))+", MULTILINE)


_DONE = lazily(r"^@?[\w./-]+ [\w:-]+: Done$", MULTILINE)
"""What pnpm says of a task that ended well, whatever it printed."""


def is_silent(run: str) -> bool:
    """Return whether a command runs only programs that print nothing where all is well."""
    steps = [it for it in _STEPS.split(run) if not _WENT.match(it)]
    return bool(steps) and all(SILENT.search(it) for it in steps)


SILENT = lazily(
    r"\b(?:go\s+(?:build|vet)|gofmt|tsc|vue-tsc|eslint|oxlint|shellcheck|flake8|py_compile|javac|g?cc|g\+\+|clang\S*"
    r"|rustfmt|cargo\s+fmt|pyflakes|stylelint|hadolint|actionlint|yamllint|staticcheck|terraform\s+fmt"
    r"|mix\s+format|bash\s+-n|(?:mvnw?|gradlew?)\s(?:[^;&|\n]{0,200}\s)?(?:-q|--quiet))(?=\s|$)"
)
"""Programs that print nothing where all is well."""

_STEPS, _WENT = lazily(r"(?:(?<!\s)\s+)?(?:&&|;)\s*"), lazily(r"cd\s|$")


def is_nothing(output: str) -> bool:
    """Return whether a command printed nothing, also where a log says so in words."""
    return not output.strip() or _NOTHING.fullmatch(output) is not None


_NOTHING = lazily(
    r"\s*[(\[<]?(?:no (?:content|output)|(?:\w+ )?(?:completed|finished|ran|succeeded) with(?:out| no) output"
    r"(?: or errors)?|empty|done)[)\]>]?\.?\s*",
    IGNORECASE,
)


def answer_of_server(run: str, output: str) -> str | None:
    """Return ``failed`` or ``ok`` where the command ``run`` asked a server and its ``output`` says how that went.

    A program that asks ends well whatever it is answered. The last status counts; that nothing is there (404, 409), or
    that one has to say who one is where the request does not, may be what was to be seen, and is none of both.
    """
    if not _ASKS.search(run) or len(output) > _ANSWER_CHARS:
        return None
    if _UNREACHED.search(output):
        return "failed"
    if _SAYS_FAILED.search(output):
        return None if _SAYS_NOTHING_THERE.match(output) or _asks_who(run, output) else "failed"
    codes = [it[1] for it in _STATUS.finditer(output)]
    if _PRINTS_CODE.search(run) and (alone := _CODE_LAST.search(output)):
        codes.append(alone[1])
    if not codes or codes[-1] in _EXPECTED or (codes[-1] in _WHO_CODES and _asks_who(run, codes[-1])):
        return None
    return "ok" if codes[-1][0] == "2" else "failed" if codes[-1] == _UNANSWERED or codes[-1][0] in "45" else None


def is_unanswered(run: str, output: str) -> bool:
    """Return whether a request shows no answer, nor puts one elsewhere: it may be that nobody gave one."""
    return not any(it.isalnum() for it in output) and not _ENDS_BY_ANSWER.search(run)


_ENDS_BY_ANSWER = lazily(r"\s(?:-[a-zA-Z]*[foO]\b|--fail|--output|>)")


def _asks_who(run: str, output: str) -> bool:
    """Return whether a server wants to know who asks, of a request ``run`` that does not say so, or only for show."""
    told = _TELLS_WHO.findall(run)
    return bool(_WANTS_WHO.search(output)) and all(map(_FOR_SHOW.search, told))


_WHO_CODES = ("401", "403")
_WANTS_WHO = lazily(
    r"\b40[13]\b|unauthori[sz]ed|unauthenticated|not (?:authenticated|logged in)|\b(?:log|sign) ?in\b"
    r"|(?:token|authentication|authorization|credentials|api key)[\w ]{0,20} "
    r"(?:required|missing|invalid|not (?:found|provided))"
    r"|(?:invalid|missing|no|bad) (?:\w+ )?(?:token|credentials|api key|session)",
    IGNORECASE,
)
_TELLS_WHO = lazily(
    r"(?:authorization|cookie|api[-_]?key|token|password|passwd|secret|--user|\s-u)\b[^'\"\n]{0,80}", IGNORECASE
)
_FOR_SHOW = lazily(r"(?<![a-z])(?:fake|test|dummy|invalid|wrong|bogus|placeholder|xxx+)(?![a-z])", IGNORECASE)
_SAYS_NOTHING_THERE = lazily(
    r"\s*\{\s*\"errors?\"\s*:\s*\"(?:[\w ]{1,40} )?(?:not[ _]found|already exists|does(?: not|n't) exist)\b", IGNORECASE
)

_ASKS = lazily(
    r"\b(?:curl|wget|xh|http (?:GET|POST|PUT|PATCH|DELETE)|Invoke-(?:WebRequest|RestMethod))\s"
    r"(?=.{0,400}(?:/|localhost))",
    IGNORECASE,
)
_ANSWER_CHARS = 20_000
_EXPECTED = ("404", "409")
_PRINTS_CODE, _CODE_LAST = lazily(r"%\{(?:http|response)_code\}"), lazily(r"(?:^|\D)(000|[1-5]\d\d)\s*$")
_UNANSWERED = "000"
"""What curl prints for the status where no answer came."""

_STATUS = lazily(r"\bHTTP(?:/[\d.]+|[_ -]?(?:STATUS|CODE)| status(?: code)?)?\s?[:=]?\s?([1-5]\d\d)\b", IGNORECASE)
_UNREACHED = lazily(
    r"^[^\S\n]*(?:curl: \(\d+\)|wget: .*(?:can't connect|unable to resolve|bad address|error)"
    r"|.{0,80}(?:Connection refused|Could not resolve host|Failed to connect to|Empty reply from server)\b)",
    MULTILINE,
)
_SAYS_FAILED = lazily(
    r"<(?:status|result|outcome)>\s*(?:\w{1,20}_)?(?:error|failed|failure)\s*<"
    r"|\"(?:status|result|state|outcome)\"\s*:\s*\"(?:\w{1,20}[_-])?(?:error|failed|failure|unhealthy|down)\""
    r"|\"(?:ok|success|healthy)\"\s*:\s*false\b|\A\s*\{\s*\"errors?\"\s*:\s*(?:\{\s*\"|\[\s*[{\"]|\"[^\"])"
    r"|\"status(?:_?code)?\"\s*:\s*(?:40[0-358]|42[29]|5\d\d)\b",
    IGNORECASE,
)
