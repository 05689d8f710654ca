"""The project's own checks: which commands they are, and how they ended.

Where the exit code is another command's (behind a pipe, before a ``;``), what was printed tells how a check ended.
"""

from __future__ import annotations

from handoff_cli.core.answers import is_cut_off
from handoff_cli.core.light import lru_cache
from handoff_cli.core.patterns import DOTALL, MULTILINE, caseless, lazily
from handoff_cli.core.record import Record
from handoff_cli.core.transcript import ENDED, REFUSED
from handoff_cli.core.verdicts import (
    answer_of_server,
    counts_in,
    counts_tests,
    is_unanswered,
    messages_in,
    not_built,
    put_off_in,
    verdict,
)
from handoff_cli.documents.extract.commands.command_lines import (
    besides_files,
    checked_at,
    masked,
    never_ends,
    of_another_tree,
    steps_in,
    way_in,
    without_folder,
)
from handoff_cli.documents.extract.commands.hooks import checks_of_hooks
from handoff_cli.documents.extract.commands.outputs import Failure, are_more, failures_in, is_place, telling_lines
from handoff_cli.documents.extract.commands.piped import echoed, led_on, led_past, run_by_tasks, shows_no_error
from handoff_cli.documents.extract.commands.programs import only_tests, opened, programs_in
from handoff_cli.documents.extract.language.words import as_one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Command

_KINDS = (
    ("format", lazily(r"\b(?:fmt|format|gofmt|prettier|black|isort)\b|spotless|ktfmt")),
    ("types", lazily(r"\b(?:tsc|tsd|mypy|pyright|basedpyright|svelte-check|type-?check|types)\b")),
    (
        "lint",
        lazily(
            r"lint|\b(?:ruff|flake8|clippy|vet|rubocop|shellcheck|staticcheck|biome|pre-commit|hadolint|phpstan|psalm"
            r"|detekt|luacheck|bandit|analyze|packwerk|phpcs|credo|dialyzer|standardrb)\b"
        ),
    ),
    (
        "test",
        lazily(r"(?<!compile)[Tt]est(?!-c|Cl)|dbt\s.*build|spec|[Pp]ester|e2e|\bunit\b|\bci\b|verify|check[-_].+\.sh$"),
    ),
    ("build", lazily(r"")),
)
"""The kinds of checks, by what their program is called; the last takes the rest."""

_EVERYTHING = lazily(
    r"(?:(?:make|gmake|just|task|rake|mise|mage|invoke|inv|composer|mix|npm|pnpm|yarn|bun|gradlew|gradle|mvnw|mvn)\b.*?\s"
    r"(?:check|ci|validate|verify|all|pre-?commit)$|(?:\S*/)?(?:check|ci)\.(?:sh|py)$)"
)
"""Tasks that run checks of all kinds."""

_QUOTED = lazily(r"<<-?\s*['\"]?(\w+)['\"]?.*?^\s*\1\b|\"(?:\\.|[^\"\\])*\"|'[^']*'", DOTALL | MULTILINE)
_NARROW = lazily(
    r"\s(?:-run|-k|-t|-g|--grep|--filter|--testNamePattern|-Dtest|--tests|-e|-only-testing|--example|--select"
    r"|-m(?! (?:pytest|unittest|nose2?|tox|nox|ruff|mypy|pyright|flake8|pylint|coverage)\b))[ =]"
    r"|::|\S+[._-](?:test|spec)s?\.\w+|\btests?[_/]\S*\.\w+|\btest_\w+\.py|\S+\.(?:py|ts|tsx|js|jsx|go|rs|rb|php|java|c|cc|cpp)\b"
    r"|\./\S+/\.\.\.|\s\./(?!\.\.\.)[\w/-]+"
)
SELECTED = lazily(r"\s(?:-run|-k|-t|-g|--grep|--filter|-Dtest|--tests)[ =](?:['\"]([^'\"]+)['\"]?|([^\s'\"]+))")
_PIPED = lazily(r"(?<![|>])\|(?![|&])")
TRIMMED = lazily(
    r"(?:(?<!\s)\s+)?(?:2>&1|\|\s*(?:tail|head|e?grep|rg|cat|tee|less|sed|awk|cut|tr|uniq|sort|wc)\b"
    r"(?:'[^']*'|\"[^\"]*\"|[^|&;])*)\s*"
)
_NOT_RUN = (
    *("no such file or directory", "directory not found", "command not found", "is not recognized as", "unknown flag"),
    *("unknown option", "unknown command", "setup failed", "no required module", "cannot find module", "enoent"),
    *("cannot find main module", "no test found", "no tests found", "no test to run", "no tests to run"),
    *("no test files found", "no tests ran in", "not a git repository", "missing script", "no rule to make target"),
    *("permission denied", "unrecognized arguments", "unrecognized option"),
)
"""What a shell or a tool says of a command that was wrong itself: it tells nothing of the project."""

MAX_RUNS, _ENDS_CHARS, _WHY_CHARS = 60, 2_000, 300


@lru_cache(maxsize=256)
def was_wrong(said: str) -> bool:
    """Return whether a command was wrong itself, by what was ``said`` of it."""
    said = messages_in(said)
    lower = f"{said[:_ENDS_CHARS]}\n{said[-_ENDS_CHARS:]}".lower()
    return any(phrase in lower for phrase in _NOT_RUN)


class Run(Record):
    """A check as it was run once: its ``kinds`` (of ``_KINDS``, several where it ran several), its end, what failed.

    ``more``: more tests failed than it names; ``counts``: how many failed and passed; ``ran``: the command that a task
    printed as what it runs; ``folder``: where it ran, if known; ``put_off``: how many tests it counts as not run.
    """

    kinds: tuple[str, ...]
    command: str
    position: int
    outcome: str | None
    failures: tuple[Failure, ...]
    exit_code: int | None = None
    piped: bool = False
    more: bool = False
    counts: str = ""
    ran: str = ""
    folder: str = ""
    put_off: int = 0

    @property
    def does(self) -> str:
        """The command that tells what is checked: of a task, what it was seen to run."""
        return self.ran or self.command

    @property
    def kind(self) -> str:
        """What to call it: tests where it ran any, else what it ran last."""
        return "test" if "test" in self.kinds else self.kinds[-1]

    @property
    def narrow(self) -> bool:
        """Whether it checks a part only: chosen tests, or files that are named."""
        return SERVER in self.kinds or is_narrow(_ALL_OF_KIND.sub("", self.ran) or self.command)


def is_narrow(text: str) -> bool:
    """Return whether a command checks a part only, by its words."""
    return bool(_NARROW.search(_CONFIGURED.sub("", own_steps(text))))


_ALL_OF_KIND = lazily(r"\s[^\s*]*\*\S*")
"""A pattern of files in what a task runs: these are all there are."""
_CONFIGURED = lazily(r"\s(?:--config[ =]|-c[ =](?=\S*conf))\S+")


@lru_cache(maxsize=512)
def own_steps(text: str) -> str:
    """Return the steps of a command line that check something: an option of another chooses no tests."""
    bare = masked(opened(text))
    begin = [it.start("program") for it in programs_in(bare)]
    own = [text[start:end] for start, end in steps_in(bare) if any(start <= it < end for it in begin)]
    return " && ".join(own) or text


def unquoted(text: str) -> str:
    """Return a command line with nothing in its quotes and here-documents."""
    return "" if never_ends(text) else _QUOTED.sub('""', opened(text))


@lru_cache(maxsize=1_024)
def is_check(text: str) -> bool:
    """Return whether a shell command runs tests, a linter, a type checker or a build, or asks a server how it is.

    It goes by the names of common tools, and by what an address ends with. A dry run is none.
    """
    bare = unquoted(text)
    runs = any("--dry-run" not in _NEXT.split(bare[it.end() :], 1)[0] for it in programs_in(bare))
    return runs or bool(_TESTS_INLINE.search(text) or checked_at(text))


@lru_cache(maxsize=256)
def kinds_of(text: str) -> tuple[str, ...]:
    """Return the kinds of the checks in a command, each once, in their order."""
    kinds: dict[str, None] = {}
    runs_none = bool(_RUNS_NONE.search(text))
    for found in programs_in(unquoted(text)):
        if _EVERYTHING.match(found["program"]):
            kinds.update(dict.fromkeys(kind for kind, _ in _KINDS))
        else:
            kind = _kind_of(found["program"])
            kinds["build" if runs_none and kind == "test" else kind] = None
    return tuple(kinds) or (("test" if _TESTS_INLINE.search(text) else SERVER if checked_at(text) else "build"),)


def _kind_of(program: str) -> str:
    return "test" if only_tests(program) else next(kind for kind, pattern in _KINDS if pattern.search(program))


_TESTS_INLINE = caseless(
    r"\b(?:rscript|julia|r)\s[^\n]{0,120}?-e\s+['\"][^'\"\n]{0,80}?(?:testthat::|devtools::(?:test|check)|pkg\.test\b)"
    r"|\bsbtn?\s(?:[^\s'\"]+\s+){0,4}['\"][^'\"\n]{0,80}?\btest(?:only|quick)?\b"
    r"|\bnvim\s[^\n]{0,120}?\bplenarybusted|\bemacs\s[^\n]{0,200}?\bert-run-tests"
)
"""Tests of languages that start theirs by a line of code."""


SERVER = "server"
"""The kind of a check that asks a server how it is: it tells nothing of code, nor does a test of it."""

_RUNS_NONE = lazily(
    r"\s(?:--no-run|--collect-only|--co|--list(?:Tests)?|-DskipTests|-Dmaven\.test\.skip"
    r"|-run[ =]['\"]?(?:\^\$|XXX|NONE))(?=['\"\s=]|$)"
)
"""Options with which tests are built or listed, and none is run."""


@lru_cache(maxsize=512)
def parts_of(text: str) -> tuple[tuple[str, str], ...]:
    """Return the checks in a command: the words that make each one, and what follows up to the next command."""
    bare = unquoted(text)
    return tuple((it["program"], _NEXT.split(bare[it.end() :], 1)[0]) for it in programs_in(bare))


_NEXT = lazily(r"[;|&\n](?!1\b)|(?<!\d)>")


def is_piped(text: str) -> bool:
    """Return whether a command pipes its output on, so that its exit code is another command's."""
    return bool(_PIPED.search(unquoted(text)))


@lru_cache(maxsize=1_024)
def untrimmed(text: str) -> str:
    """Return a command without the folder it goes to and without what only trims its output (``2>&1 | tail -20``)."""
    return TRIMMED.sub(" ", without_folder(text)).strip()


def rerun(text: str) -> str:
    """Return a command as it is to be run again: ``untrimmed``, but in the folder of the project that it went to."""
    return f"{went[0] if (went := _WENT_BELOW.match(text)) else ''}{untrimmed(text)}"


_WENT_BELOW = lazily(r"cd\s+(?![~/$\"'.-])[\w./@-]+\s*&& (?!cd\s)")


def is_rejected(command: Command) -> bool:
    """Return whether the user refused to let the command run, or stopped it."""
    return bool(error := command.error or "") and (error.startswith(REFUSED) or is_cut_off(error))


def runs_of(commands: Sequence[Command], edited: Sequence[int] = ()) -> list[Run]:
    """Return the last runs of checks on the tree of the work in their order, with what their outputs say."""
    checks: list[Command] = []
    elsewhere, broken = of_another_tree(commands, edited), False
    for place, command in enumerate(commands):
        if place in elsewhere or is_rejected(command) or _is_left_running(command):
            continue
        if is_check(command.text) or _wraps_tests(command):
            checks.append(command)
        elif by_hooks := [it for it in checks_of_hooks(command) if is_check(it.text)]:
            checks += by_hooks
        elif is_program(command.text):  # what it runs is no check; that it compiles is one
            fails = command.outcome == "failed" and bool(failures_in(command.output or command.error or ""))
            if fails or (broken and command.outcome == "ok"):
                checks.append(command)
            broken = fails or (broken and command.outcome != "ok")
    return [_run(command) for command in checks[-MAX_RUNS:]]


def _is_left_running(command: Command) -> bool:
    """Return whether a command only starts a check beside what it does then, and tells nothing of how that ended."""
    *_, last = (None, *_BESIDE.finditer(masked(command.text)))
    if last is None or is_check(command.text[last.end() :]):
        return False
    return is_check(command.text[: last.start()]) and not counts_tests(command.output or command.error or "")


_BESIDE = lazily(r"(?<![&>|])&(?![&>\d])")


def _wraps_tests(command: Command) -> bool:
    """Return whether a command runs tests by a name that tells nothing of it, a target or a script, as they printed."""
    output = command.output or command.error or ""
    return counts_tests(output) and _WRAPS.search(masked(command.text)) is not None


_WRAPS = lazily(
    r"(?:(?:^|[;&|])\s*|\n[^\S\n]*)(?:\w+=\S*\s+)*(?:(?:g?make|just|task|invoke|inv|poe|nox|tox|rake|mage|earthly"
    r"|mise run|bun run"
    r"|(?:npm|pnpm|yarn)(?: run)?|(?:uv|hatch|pdm|poetry|pipenv) run"
    r"|(?:docker|podman)(?:[- ]compose)? (?:exec|run)|kubectl exec|vagrant ssh|(?:\S*/)?sail|ddev|lando|dip|fin)\s"
    r"|(?:(?:ba|z)?sh |python[\d.]* |node |ruby |php )?(?:\./)?[\w./-]+\.(?:sh|py|[cm]?js|ts|rb|php)\b|\./\w[\w./-]*"
    r"|(?:(?:run|exec(?:ute)?|eval|call)_[a-z]\w{0,40}|\w{1,40}_tests?|runTests?|\w{1,40}__\w{1,60})(?=\s|$))"
)
"""How a step begins that runs what a project calls so, or the name of a tool of an agent's: it may be its tests."""


def is_program(text: str) -> bool:
    """Return whether a command builds a program and runs it: a check only of whether it compiles."""
    return bool(_COMPILES.search(text)) and not is_check(text)


_COMPILES = lazily(
    r"\b(?:(?:go|cargo|dotnet|swift|zig|dart|flutter|stack|cabal|sbt|gradlew?)\s+(?:-\S+\s+)*(?:boot)?[rR]un\b|tsx\s|ts-node\b"
    r"|mvnw?\s.*\b(?:exec:|spring-boot:run))"
)


def _run(command: Command) -> Run:
    output, printed = command.output or "", command.output or command.error or ""
    outcome, failures = _ended(command, output)  # of them go what make and go say of the command itself
    named = [it for it in failures if not (it.why.startswith(("[", it.name)) and was_wrong(it.why))]
    if outcome == "failed" and not named and was_wrong(printed) and not counts_tests(printed):
        outcome = None
    wraps = _wraps_tests(command)
    kinds = kinds_of(command.text) if is_check(command.text) or not wraps else ()
    kinds = (*kinds, "test") if wraps and "test" not in kinds else kinds
    kinds = (*kinds, "build") if kinds[-1:] == ("lint",) and not_built(printed) else kinds
    if outcome == "failed" and len(kinds) > 1 and named and all(is_place(it.name) for it in named):
        kinds = tuple(kind for kind in kinds if kind != "test")
    if outcome == "failed" and not named:
        named = [Failure("", telling_lines(printed, _WHY_CHARS))]
    alone = as_one_line(_alone(command.text, wraps=wraps))
    return Run(
        *(kinds, alone, command.position, outcome),
        *(tuple(named) if outcome == "failed" else (), command.exit_code, is_piped(alone)),
        *((are_more(printed, len(named)), counts_in(printed)) if outcome == "failed" else (False, "")),
        *(_told_by_task(command.text, printed), command.folder),
        put_off_in(printed),
    )


def _told_by_task(text: str, output: str) -> str:
    """Return the check that a task says it runs (``[test] $ go test ./...``), in its folder.

    Empty where it is not one alone, and where options of the task tell what it is run on.
    """
    task = untrimmed(text)
    plain = len(parts_of(text)) == 1 and not any(it in task for it in (" -", " workspace "))
    told = [it for it in run_by_tasks(output) if is_check(it)] if plain else []
    return f"{way_in(text)}{told[0]}" if len(told) == 1 else ""


def _alone(text: str, *, wraps: bool) -> str:
    """Return a command up to its last check, without what prepares its checks and changes files that stay so.

    Of one that names no check it is the last step that may have run it; where it ``wraps`` tests, such steps count too.
    """
    if not is_check(text) and _WRAPS.search(bare := masked(text)):
        return next(text[it:end] for it, end in reversed([*steps_in(bare)]) if _WRAPS.match(bare[it:end])).strip()
    done = besides_files(text)
    text = done if is_check(done) and not (_TAKES_BACK.search(text) or _INNER.match(done)) else text
    ready = _PREPARES.match(text)
    text = text[ready.end() :] if ready and is_check(text[ready.end() :]) else text
    bare = masked(text)
    checks = [
        it for it in steps_in(bare) if is_check(text[it[0] : it[1]]) or (wraps and _WRAPS.match(bare[it[0] : it[1]]))
    ]
    if not checks or _HOLDS.search(bare) or (_TAKES_BACK.search(bare) and checks[0][0] > len(way_in(bare))):
        return text
    up_to = checks[-1][1]
    within = any(bare.count(it[0], 0, up_to) != bare.count(it[1], 0, up_to) for it in ("()", "{}"))
    return text if within else text[:up_to].rstrip()


_HOLDS, _INNER = lazily(r"(?:^|[;&|]\s*|\n[^\S\n]*)(?:for|while|until|if|case)\s"), lazily(r"(?:do|then|else)\s")
"""What begins steps of a command line that are no commands without what ends them."""

_PREPARES = lazily(
    r"(?:(?:git\s+(?:fetch|pull|checkout|switch)|gh\s+pr\s+checkout|mkdir"
    r"|(?:npm|pnpm|yarn|bun|composer|bundle|uv|poetry)\s+(?:ci|i|install|sync))\b[^;&|\n]*&&\s*)+"
)
_TAKES_BACK = lazily(r"\bgit\s(?:\S+\s){0,4}?(?:checkout|restore|stash|reset|apply)\b|\b(?:mv|cp|trap|patch)\s")


def _ended(command: Command, output: str) -> tuple[str | None, tuple[Failure, ...]]:
    """Return how a check ended, and what its ``output`` says failed."""
    said, outcome, bare = verdict(output), command.outcome, unquoted(command.text)
    if kinds_of(command.text) == (SERVER,):
        said = answer_of_server(command.text, output)
        untold = is_piped(command.text) or (outcome != "failed" and is_unanswered(command.text, output))
        return said or (None if untold or outcome == ENDED else outcome), ()
    failures = failures_in(output) if said != "ok" or outcome == "failed" else ()
    found = said or ("failed" if failures else None)
    if said_by_line := echoed(command.text, output):
        outcome = "failed" if failures else said_by_line
    elif is_piped(command.text):
        past = outcome == "ok" and led_past(bare, [it.end() for it in programs_in(bare)])
        outcome = found or ("ok" if past or (outcome and shows_no_error(command.text, bare, output)) else None)
    elif outcome in (None, ENDED):
        last = programs_in(bare)[-1:] if kinds_of(command.text) == ("build",) else ()
        built = any(led_on(bare[it.end() :], output) for it in last)
        outcome = found or ("ok" if built else None)
    elif outcome == "ok" and failures and (said == "failed" or _TELLS_BESIDES.search(bare)):
        outcome = "failed"  # ``go test ./... ; echo done``: the exit code is another command's
    elif outcome == "failed" and said == "ok" and not failures and _goes_on(bare):
        outcome = "ok"  # ``pytest && git push``: what failed came after
    return outcome, failures


def _goes_on(bare: str) -> bool:
    """Return whether a command runs one check and then something else that may have failed."""
    checks = programs_in(bare)
    return len(checks) == 1 and bool(_GOES_ON.search(bare, checks[0].end()))


_GOES_ON, _TELLS_BESIDES = lazily(r"(?:&&|;)\s*(?!echo\b)\S"), lazily(r";\s*(?:echo|date|git\s+status)\b[^;&|\n]*$")
"""What ends a line and prints no places in files: those printed are of the check before it, which said no more."""
