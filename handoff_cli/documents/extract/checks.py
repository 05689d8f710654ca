"""The project's own checks: which commands they are, how they ended, and what of it still fails.

A failure lives until the same check passes, a wider one of its kind passes, or one that names it. Of a command that
pipes its output on, the output tells how it ended.
"""

from __future__ import annotations

import re

from handoff_cli.core.record import Record
from handoff_cli.core.transcript import REFUSED
from handoff_cli.documents.extract.edits import change_line, digest
from handoff_cli.documents.extract.outputs import Failure, failures_in, verdict
from handoff_cli.documents.facts import Attempt, Check, LiveFailure, Repair

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from handoff_cli.core.transcript import Command, Edit, Transcript

_WRAPPERS = (
    r"(?:(?:uv|poetry|pdm|hatch|pipenv|rye|mise|just|nox|pixi)\s+(?:run|exec|x)\s+|npx\s+|pnpm\s+(?:exec|dlx)\s+|bunx\s+"
    r"|bundle\s+exec\s+|(?:\S*/)?python[\d.]*\s+-m\s+|sudo\s+|time\s+|timeout\s+\S+\s+|env\s+|xvfb-run\s+)"
)
_TASKS = r"(?:test|tests|check|lint|fmt|format|typecheck|type-check|types|build|verify|validate|ci|e2e|unit|vet|clippy)"
_PROGRAMS = "|".join(
    (
        r"pytest|py\.test|tox|nox|unittest|jest|vitest|mocha|ava|playwright\s+test|cypress\s+run|rspec|phpunit|ctest",
        r"eslint|tslint|prettier\s+(?:.*\s)?(?:--check|-c)|biome|tsc|ruff|mypy|pyright|flake8|pylint|black\s+--check",
        r"isort\s+--check|rubocop|shellcheck|golangci-lint|staticcheck|pre-commit\s+run|stylelint|hadolint|actionlint",
        r"go\s+(?:test|vet|build)|cargo\s+(?:test|check|clippy|build|fmt|nextest)|swift\s+(?:test|build)|gofmt",
        rf"(?:npm|pnpm|yarn|bun|deno)\s+(?:run\s+|task\s+)?{_TASKS}(?:[:-]\S+)?|npm\s+t",
        rf"(?:make|gmake|just|task|rake|mise\s+run|mise|mage|invoke|inv|composer|mix|lein|sbt)\s+(?:-\S+\s+)*{_TASKS}\S*",
        rf"(?:\./)?(?:gradlew|gradle|mvnw|mvn|bazel|dotnet|xcodebuild|buck2?)\s+(?:-\S+\s+)*(?:\S+:)?{_TASKS}\S*",
        r"cmake\s+--build|meson\s+test|ninja|make(?=\s*(?:$|[;&|]|2>))|terraform\s+(?:validate|plan)|helm\s+lint",
        r"g?cc\s|g\+\+\s|clang(?:\+\+)?\s",
        r"(?:\./)?(?:\S+/)?(?:run[-_]?)?(?:tests?|check|lint|ci)\.(?:sh|py)",
    )
)
_CHECK = re.compile(
    rf"(?:^|[;&|(\n])\s*(?:\w+=\S*\s+)*(?:{_WRAPPERS})*(?:\S*/)?(?P<program>{_PROGRAMS})(?=$|[\s;&|)'\"])"
)
_KINDS = (
    ("format", re.compile(r"\b(?:fmt|format|gofmt|prettier|black|isort)\b")),
    ("types", re.compile(r"\b(?:tsc|mypy|pyright|type-?check|types)\b")),
    (
        "lint",
        re.compile(r"lint|\b(?:ruff|flake8|clippy|vet|rubocop|shellcheck|staticcheck|biome|pre-commit|hadolint)\b"),
    ),
    ("test", re.compile(r"test|spec|jest|mocha|\bava\b|tox|nox|phpunit|e2e|\bunit\b|\bci\b|verify|cypress")),
    ("build", re.compile(r"")),
)
"""The kinds of checks, by what their program is called; the last takes the rest."""

_QUOTED = re.compile(r"<<-?\s*['\"]?(\w+)['\"]?.*?^\s*\1\b|\"(?:\\.|[^\"\\])*\"|'[^']*'", re.DOTALL | re.MULTILINE)
_NARROW = re.compile(
    r"\s(?:-run|-k|-t|-g|--grep|--filter|--testNamePattern|-Dtest|--tests|-e|-only-testing|--example|-m)[ =]|::"
    r"|\S+[._-](?:test|spec)s?\.\w+|\btests?[_/]\S*\.\w+|\btest_\w+\.py|\S+\.(?:py|ts|tsx|js|jsx|go|rs|rb|php|java|c|cc|cpp)\b"
    r"|\./\S+/\.\.\.|\s\./(?!\.\.\.)[\w/-]+"
)
_SELECTED = re.compile(r"\s(?:-run|-k|-t|-g|--grep|--filter|-Dtest|--tests)[ =]['\"]?([^\s'\"]+)")
_TELLING = re.compile(
    r"error|fail|exception|cannot|can't|could not|not found|no such|denied|undefined|unexpected|expected|panic|fatal"
    r"|assert|invalid|missing|refused|timed? ?out|✗|✘",
    re.IGNORECASE,
)
_EMPTY_OF_MEANING = re.compile(r"\s*(?:exit code:? -?\d+|error:?|\W*)\s*", re.IGNORECASE)
LINE_BREAK = " | "
"""Between the lines of an error that is written on one."""

_PIPED = re.compile(r"(?<![|>])\|(?![|&])")
_TRIMMED = re.compile(r"\s*(?:2>&1|\|\s*(?:tail|head|grep|cat|tee|less|sed|awk|sort|wc)\b[^|&;]*)\s*")
_WENT_THERE = re.compile(r"^(?:cd\s+\S+\s*(?:&&|;)\s*)+")
_ASSIGNED = re.compile(r"(?:^|[\s;&|(])(?:export\s+)?([A-Z][A-Z0-9_]{2,60})=(?=\S)")
_USED = re.compile(r"\$\{?([A-Z][A-Z0-9_]{2,60})\b")
_EVERYWHERE = frozenset(("PATH", "HOME", "PWD", "USER", "SHELL", "TMPDIR", "EOF", "LANG", "TERM", "IFS", "RANDOM"))
_LOOKING = re.compile(
    r"(?:cd\s+\S+\s*(?:&&|;)\s*)*(?:(?:ls|cat|grep|rg|find|head|tail|sed -n|wc|which|test|stat|file|diff)\b"
    r"|git (?:log|show|diff|status|blame|branch -a|grep|reflog|ls-\S+)\b"
    r"|gh (?:api|\w+ (?:view|diff|list|status|checks))\b)"
)
_INLINE = re.compile(r"<<|\s-[ce]\s+['\"]")

_NOT_RUN = re.compile(
    r"no such file or directory|directory not found|command not found|is not recognized as|unknown (?:flag"
    r"|option|command)|setup failed"
    r"|no required module|cannot find (?:main )?module|no tests? (?:found|to run)|not a git repository"
    r"|missing script|permission denied"
    r"|unrecognized (?:arguments|option)|no rule to make target|ENOENT",
    re.IGNORECASE,
)
"""What a shell or a tool says of a command that was wrong itself: it tells nothing of the project."""

ERROR_CHARS = 300
MAX_RUNS = 60


class Run(Record):
    """A check as it was run once: its ``kind`` (of ``_KINDS``), how it ended, and what failed."""

    kind: str
    command: str
    position: int
    outcome: str | None
    failures: tuple[Failure, ...]
    exit_code: int | None = None
    piped: bool = False

    @property
    def narrow(self) -> bool:
        """Whether it checks a part only: chosen tests, or files that are named."""
        return bool(_NARROW.search(self.command))


def one_command(text: str) -> str:
    """Return a command on one line; by this form two runs are runs of the same command."""
    return " ".join(text.split())


def is_check(text: str) -> bool:
    """Return whether a shell command runs tests, a linter, a type checker or a build, going by common tools' names."""
    return bool(_CHECK.search(_QUOTED.sub('""', text)))


def kind_of(text: str) -> str:
    """Return the kind of a check: ``test``, ``lint``, ``types``, ``format`` or ``build``; of several, the last."""
    programs = [found["program"] for found in _CHECK.finditer(_QUOTED.sub('""', text))]
    kinds = [next(kind for kind, pattern in _KINDS if pattern.search(program)) for program in programs]
    return "test" if "test" in kinds else kinds[-1] if kinds else "build"


def is_piped(text: str) -> bool:
    """Return whether a command pipes its output on, so that its exit code is another command's."""
    return bool(_PIPED.search(_QUOTED.sub('""', text)))


def untrimmed(text: str) -> str:
    """Return a command without the folder it goes to and without what only trims its output (``2>&1 | tail -20``)."""
    return _TRIMMED.sub(" ", _WENT_THERE.sub("", text)).strip()


def without_folder(text: str) -> str:
    """Return a command without the folder it goes to first."""
    return _WENT_THERE.sub("", text)


def is_rejected(command: Command) -> bool:
    """Return whether the user refused to let the command run."""
    return (command.error or "").startswith(REFUSED)


def telling_lines(error: str, limit: int) -> str:
    """Return the lines of an error that say what went wrong, in their order, whole, at most ``limit`` characters.

    The first telling line is given however long it is.
    """
    lines = [line.strip() for line in error.splitlines() if not _EMPTY_OF_MEANING.fullmatch(line)]
    telling = [line for line in lines if _TELLING.search(line)] or lines
    kept = telling[:1]
    for line in telling[1:]:
        if sum(map(len, kept)) + 3 * len(kept) + len(line) > limit:
            break
        kept.append(line)
    return LINE_BREAK.join(kept)


def variables_in(commands: Iterable[Command]) -> tuple[str, ...]:
    """Return the names of environment variables that commands set or use, never their values."""
    names: dict[str, None] = {}
    for command in commands:
        for name in (*_ASSIGNED.findall(command.text), *_USED.findall(command.text)):
            if name not in _EVERYWHERE:
                names.setdefault(name)
    return tuple(names)


def runs_of(commands: Sequence[Command]) -> list[Run]:
    """Return the last runs of checks in their order, with what their outputs say."""
    checks = [it for it in commands if not is_rejected(it) and is_check(it.text)][-MAX_RUNS:]
    return [_run(command) for command in checks]


def _run(command: Command) -> Run:
    piped, output = is_piped(command.text), command.output or ""
    said = verdict(output)
    failures = failures_in(output) if said != "ok" or command.outcome == "failed" else ()
    outcome = command.outcome
    if piped or outcome is None:
        outcome = said or ("failed" if failures else outcome if not piped else None)
    elif outcome == "ok" and said == "failed" and failures:
        outcome = "failed"  # ``go test ./... ; echo done``: the exit code is another command's
    named = [it for it in failures if not _NOT_RUN.search(it.why)]
    if outcome == "failed" and not named and _NOT_RUN.search(output or command.error or ""):
        outcome = None
    failures = tuple(named) if outcome == "failed" else ()
    return Run(
        *(kind_of(command.text), one_command(command.text), command.position, outcome),
        *(failures, command.exit_code, piped),
    )


class _Mended(Record):
    """A failure of ``run`` that the ``later`` one showed gone."""

    run: Run
    failure: Failure
    later: Run


def _followed(runs: Sequence[Run]) -> tuple[list[tuple[Run, Failure]], list[_Mended]]:
    """Return what still fails after ``runs``, and what was mended, each in the order in which it was found."""
    live: dict[tuple[str, str], tuple[Run, Failure]] = {}
    mended: list[_Mended] = []
    for run in runs:
        if run.outcome not in ("ok", "failed"):
            continue
        gone = _clears if run.outcome == "ok" else _replaced
        failed = {failure.name for failure in run.failures} if run.outcome == "failed" else set()
        cleared = {key: found for key, found in live.items() if gone(run, *found)}
        mended += [_Mended(*found, run) for (_, name), found in cleared.items() if name and name not in failed]
        live = {key: found for key, found in live.items() if key not in cleared}
        if run.outcome == "failed":
            live |= {(run.kind, failure.name): (run, failure) for failure in run.failures or (Failure(""),)}
    return list(live.values()), mended


def live_failures(runs: Sequence[Run], edits: Sequence[Edit]) -> tuple[LiveFailure, ...]:
    """Return what still fails by ``runs`` of checks, those found last first; ``edited`` where files changed since."""
    found_last = sorted(_followed(runs)[0], key=lambda found: -found[0].position)
    return tuple(
        LiveFailure(
            *(failure.name, failure.why, run.command, run.kind, run.position),
            edited=any(edit.position > run.position for edit in edits),
            touched=any(edit.position > run.position and _lies_in(failure, edit.path) for edit in edits),
        )
        for run, failure in found_last
    )


def repaired(runs: Sequence[Run], edits: Sequence[Edit]) -> tuple[Repair, ...]:
    """Return what failed once and was mended by an edit, the latest first; of one run and edit, the first failure.

    A test that failed because what it tests was still to be written is no failure: it was written just before.
    """
    found: dict[tuple[str, str], Repair] = {}
    for it in reversed(_followed(runs)[1]):
        between = [edit for edit in edits if it.run.position < edit.position < it.later.position]
        if not between or _written_first(it, edits):
            continue
        own = [edit for edit in between if _lies_in(it.failure, edit.path)]
        last = (own or [edit for edit in between if not _TEST_FILE.search(edit.path)] or between)[-1]
        file = last.path.replace("\\", "/").rpartition("/")[2]
        changes = [change_line(change) for changed in digest([last]) for change in changed.changes[:1]]
        by = f"{file}: {changes[0]}" if changes else file
        found[it.run.command, by] = Repair(it.failure.name, it.failure.why, it.run.command, by)
    return tuple(found.values())[:MAX_REPAIRED]


MAX_REPAIRED = 8
_TEST_FILE = re.compile(r"[._-](?:test|spec)s?\.\w+(?::|$)|(?:^|[/\\])test_[^/\\]*\.py(?::|$)|(?:^|[/\\])tests?[/\\]")
_NOT_WRITTEN = re.compile(
    r"undefined|not defined|cannot find|no attribute|cannot import|unresolved|has no", re.IGNORECASE
)


def _lies_in(failure: Failure, path: str) -> bool:
    """Return whether the name of a failure tells that it lies in the file at ``path``."""
    file = path.replace("\\", "/").rpartition("/")[2]
    return bool(re.search(rf"(?:^|[/\\]){re.escape(file)}(?![\w.])", failure.name))


def _written_first(found: _Mended, edits: Sequence[Edit]) -> bool:
    """Return whether a test was written before what it tests: red by intent."""
    if _TEST_FILE.search(found.failure.name) and _NOT_WRITTEN.search(found.failure.why):
        return True
    words = re.findall(r"[A-Za-z_]\w{4,}", _NAME_PARTS.split(found.failure.name)[-1]) or [found.failure.name]
    before = [it.new for it in edits if it.position < found.run.position and _TEST_FILE.search(it.path)]
    return any(words[0] in new for new in before)


def red_output(runs: Sequence[Run], commands: Sequence[Command]) -> str:
    """Return the end of what the last check printed if it failed, empty if it did not."""
    last = runs[-1] if runs else None
    if last is None or last.outcome != "failed":
        return ""
    printed = next((it.output or "" for it in reversed(commands) if it.position == last.position), "")
    return printed[-_RED_CHARS:].strip()


_RED_CHARS = 2_500


def _clears(run: Run, failed: Run, failure: Failure) -> bool:
    """Return whether the passing ``run`` shows that ``failure`` of ``failed`` is gone."""
    if untrimmed(run.command) == untrimmed(failed.command):
        return True
    if run.kind != failed.kind:
        return run.kind == "test" and failed.kind == "build" and not run.narrow
    if not failure.name or not run.narrow:
        return True
    selected = _SELECTED.search(run.command)
    stem = _NAME_PARTS.split(failure.name)
    return bool(selected and selected[1].strip("^$") in failure.name) or any(
        len(part) >= _LEAST_NAME and part in run.command for part in stem
    )


_NAME_PARTS = re.compile(r"::|/| > | \u203a |\(|:")
_LEAST_NAME = 5


def _replaced(run: Run, failed: Run, _: Failure) -> bool:
    """Return whether the failing ``run`` tells anew of all that ``failed`` told."""
    same = untrimmed(run.command) == untrimmed(failed.command)
    return same or (run.kind == failed.kind and (not run.narrow or not failed.failures))


def last_checks(runs: Sequence[Run], edits: Sequence[Edit]) -> tuple[Check, ...]:
    """Return the checks as they were last run, the latest first; variants that differ in trimming only come last."""
    seen: set[str] = set()
    shown: set[str] = set()
    checks: list[Check] = []
    variants: list[Check] = []
    for run in reversed(runs):
        if run.command in shown:
            continue
        shown.add(run.command)
        since = len({edit.path for edit in edits if edit.position > run.position})
        check = Check(run.command, run.outcome, run.exit_code, run.piped, run.kind, since, len(run.failures))
        (variants if untrimmed(run.command) in seen else checks).append(check)
        seen.add(untrimmed(run.command))
    return (*checks, *variants)


def unchecked(runs: Sequence[Run], edits: Sequence[Edit]) -> tuple[str, ...]:
    """Return the files that were edited after the last check ran, the latest first; prose needs no check."""
    last = max((run.position for run in runs if run.kind != "format"), default=0)
    late = [edit.path for edit in reversed(edits) if edit.position > last and not _PROSE.search(edit.path)]
    return tuple(dict.fromkeys(late))


_PROSE = re.compile(r"\.(?:md|mdx|txt|rst|adoc)$")


def other_failures(transcript: Transcript) -> tuple[Attempt, ...]:
    """Return the commands whose last run failed, the latest first; ``minor`` where nothing is open by it.

    Those the user refused come too. ``failed`` counts how often.
    """
    failures: dict[str, int] = {}
    last: dict[str, Command] = {}
    live = {run.command for run, _ in _followed(runs_of(transcript.commands))[0]}
    for command in transcript.commands:
        key = one_command(command.text)
        failures[key] = failures.get(key, 0) + (command.outcome == "failed")
        last.pop(key, None)
        last[key] = command
    return tuple(_attempt(run, failures, live) for run in reversed(last.values()) if run.outcome == "failed")


def _attempt(run: Command, failures: dict[str, int], live: set[str]) -> Attempt:
    command = one_command(run.text)
    rejected = is_rejected(run)
    error = None if rejected or not run.error else telling_lines(run.error, ERROR_CHARS) or None
    over = is_check(run.text) and command not in live
    minor = not rejected and (over or bool(_LOOKING.match(command) or _INLINE.search(run.text)))
    return Attempt(command, error, run.exit_code, rejected, failures[command], minor)
