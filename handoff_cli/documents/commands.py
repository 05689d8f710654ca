"""What the commands of a session say: which are the project's checks, which still fail and how, which variables."""

from __future__ import annotations

import re

from handoff_cli.core.transcript import REFUSED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from handoff_cli.core.transcript import Command

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
        r"(?:\./)?(?:\S+/)?(?:run[-_]?)?(?:tests?|check|lint|ci)\.(?:sh|py)",
    )
)
_CHECK = re.compile(rf"(?:^|[;&|(\n])\s*(?:\w+=\S*\s+)*(?:{_WRAPPERS})*(?:\S*/)?(?:{_PROGRAMS})(?=$|[\s;&|)'\"])")
_QUOTED = re.compile(r"<<-?\s*['\"]?(\w+)['\"]?.*?^\s*\1\b|\"(?:\\.|[^\"\\])*\"|'[^']*'", re.DOTALL | re.MULTILINE)
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
_ASSIGNED = re.compile(r"(?:^|[\s;&|(])(?:export\s+)?([A-Z][A-Z0-9_]{2,60})=(?=\S)")
_USED = re.compile(r"\$\{?([A-Z][A-Z0-9_]{2,60})\b")
_EVERYWHERE = frozenset(("PATH", "HOME", "PWD", "USER", "SHELL", "TMPDIR", "EOF", "LANG", "TERM", "IFS", "RANDOM"))


def one_command(text: str) -> str:
    """Return a command on one line; by this form two runs are runs of the same command."""
    return " ".join(text.split())


def is_check(text: str) -> bool:
    """Return whether a shell command runs tests, a linter, a type checker or a build, going by common tools' names."""
    return bool(_CHECK.search(_QUOTED.sub('""', text)))


def last_runs(commands: Iterable[Command]) -> list[Command]:
    """Return the last run of each distinct command, the latest first."""
    last: dict[str, Command] = {}
    for command in commands:
        key = one_command(command.text)
        last.pop(key, None)
        last[key] = command
    return list(reversed(last.values()))


def is_piped(text: str) -> bool:
    """Return whether a command pipes its output on, so that its exit code is another command's."""
    return bool(_PIPED.search(_QUOTED.sub('""', text)))


def untrimmed(text: str) -> str:
    """Return a command without what only trims its output (``2>&1 | tail -20``)."""
    return _TRIMMED.sub(" ", text).strip()


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
