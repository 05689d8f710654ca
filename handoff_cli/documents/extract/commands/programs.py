"""Which programs check something, and what may stand before one in a step of a command line.

``poetry run``, ``docker compose exec web`` and ``timeout 60`` run what comes after them; of ``bash -c '…'`` and
``ssh host '…'`` it is what they quote.
"""

from __future__ import annotations

from handoff_cli.core.light import lru_cache
from handoff_cli.core.patterns import DOTALL, lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

_TASKS = (
    r"(?:tests?|check|lint|fmt|format|typecheck|type-check|types|build|verify|validate|ci|e2e|unit|vet|clippy"
    r"|pre-?commit(?!\s+(?:(?:un)?install|autoupdate|clean|gc)\b))"
)
_FLAGS = r"(?:(?:-[CwF]|--(?:filter|prefix|workspace|cwd|dir|directory|manifest-path))[ =]\S+\s+|-\S+\s+|\+\w+\s+)*"
_WORDS = r"(?:[\w:.,=/@+-]+\s+){0,8}?"
"""What may stand before the task that checks: other tasks, options and their values."""

_VALUES = r"(?:[\w:.,=/@+\"\0-]+\s+){0,12}?"

_TESTERS = (
    r"pytest|py\.test|pytest-watch|ptw|tox|nox|unittest|doctest|xdoctest|nose2|nosetests|trial|ward|stestr\s+run",
    r"robot|pabot|behave|jest|vitest|mocha|ts-mocha|ava|tape|tap|uvu|jasmine|qunit|karma\s+start|wtr",
    r"web-test-runner|playwright\s+test|cypress\s+run|testcafe|wdio\s+run|nightwatch|detox\s+test|cucumber(?:-js)?",
    r"elm-test|ng\s+e2e|(?:node|tsx)\s+(?:\S+\s+)*--test|rspec|rails\s+(?:test|spec)(?::\w+)*|parallel_\w+|minitest",
    r"(?:\S*/)?(?:python[\d.]*\s+\S*)?manage\.py\s+test|(?:\S*/)?python[\d.]*\s+setup\.py\s+test",
    r"django-admin\s+test|rye\s+test|phpunit|paratest|pest|codecept\s+run|behat|phpspec(?:\s+run)?",
    r"(?:php\s+)?artisan\s+(?:test|dusk)|(?:sail|herd)\s+(?:test|dusk)|(?:ddev|lando|dip|fin)\s+(?:test|tests)",
    r"rake\s+(?:spec|cucumber)\S*|ginkgo|gotestsum|gotest|richgo\s+test|cross\s+test|ctest|busted|bats|shellspec|zunit|shunit2",
    r"(?:flutter|dart)\s+(?:run\s+)?test|flutter\s+drive|sbtn?\s+\S*[tT]est\S*|mill\s+\S*\btest\S*|scala-cli\s+test|bb\s+test|kaocha",
    r"cl(?:j|ojure)\s+-[MXAT]\S*test\S*|lein\s+(?:midje|kaocha|eftest|spec)|dune\s+(?:test|runtest)|rebar3\s+(?:eunit|ct)",
    r"julia\s+(?:-\S+\s+)*\S*runtests\.jl|R\s+CMD\s+check|prove|dzil\s+test|zef\s+test|crystal\s+spec",
    r"(?:nimble|spago|forge|hardhat|truffle|anchor|molecule|kitchen|conftest|maestro|opa|rush|plz|very_good)\s+test",
    rf"zig\s+build\s+test|cargo\s+{_FLAGS}(?:nextest|llvm-cov|tarpaulin|miri\s+test)|meson\s+test|west\s+twister",
    r"cmake\s+--build(?:\s+(?!--target)\S+){1,8}\s+--target\s+(?:test|check)\S*|ninja\s+(?:-\S+\s+\S+\s+)*(?:test|check)",
    r"helm\s+unittest|k6\s+run|newman\s+run|hurl\s+(?:\S+\s+)*--test|vstest\.console|nunit3-console",
    rf"[Gg]odot[\w.-]*\s+{_VALUES}\S*(?:gut_cmdln|GdUnitCmdTool)\.gd|(?:Unity|unity-editor)\s+{_VALUES}-runTests",
)
"""Programs that only run tests, whatever is called so."""


def _options(valued: str) -> str:
    """Return the pattern of options, those of ``valued`` with the word that follows."""
    return rf"(?:(?:{valued})\s+(?!-)\S+\s+|-\S+\s+){{0,12}}"


_OF_CONTAINERS = _options(
    r"-[efuwvpmlnc]|--(?:env(?:-file)?|user|workdir|name|network|volume|mount|platform|entrypoint|file|profile"
    r"|project-(?:name|directory)|publish|label|memory|cpus|gpus|hostname|add-host|context|tmpfs|shm-size|pull)"
)

_PROGRAMS = (
    *_TESTERS,
    r"(?:\S*/)?(?:python[\d.]*\s+\S*)?manage\.py\s+check|node\s+(?:\S+\s+)*--check|php\s+-l|phpstan|psalm|py_compile|compileall|bash\s+-n|phpcs|pint\s+(?:\S+\s+)*--test",
    r"(?:flutter|dart)\s+(?:analyze|build)|(?:cabal|stack|zig|gleam)\s+(?:v2-)?(?:test|build|check)|javac|kotlinc|rustc",
    r"eslint|oxlint|tslint|prettier\s+(?:.*\s)?(?:--check|-c)|biome|tsc|tsd|vue-tsc|svelte-check|ruff|mypy|pyright",
    r"(?:docker|podman|nerdctl|finch)\s+run\s+"
    + _OF_CONTAINERS
    + r"(?:[\w.-]+/){0,3}(?:actionlint|shellcheck|hadolint|yamllint"
    r"|ansible-lint|markdownlint[\w-]*|tflint|super-linter)(?:[:@][\w.:-]+)?",
    r"basedpyright|flake8|pylint|black\s+(?:.*\s)?--check|ktlint|detekt|swiftlint|luacheck|buf\s+lint|bandit",
    r"isort\s+--check|rubocop|shellcheck|golangci-lint|staticcheck|pre-commit\s+run|stylelint|hadolint|actionlint",
    r"ansible-lint|sqlfluff\s+lint|rebar3\s+(?:dialyzer|xref)|mix\s+(?:credo|dialyzer)|dune\s+build|standardrb",
    rf"go\s+{_FLAGS}(?:test|vet|build)|cargo\s+{_FLAGS}(?:test|check|clippy|build|fmt)",
    r"swift\s+(?:test|build)|gofmt|(?:next|vite|webpack|rollup|astro|nuxt|ng)\s+(?:build|check|test|lint)",
    rf"(?!(?:npm|pnpm|bun)\s+{_FLAGS}ci(?=$|[\s;&|)]))(?:npm|pnpm|yarn|bun|deno)\s+{_FLAGS}(?:workspaces?\s+(?:\S+\s+)?)?(?:run\s+|task\s+)?{_FLAGS}{_TASKS}(?:[:-]\S+)?",
    rf"npm\s+t|(?:turbo|nx|lerna|moon)\s+(?:run\s+|run-many\s+)?{_FLAGS}(?:-t\s+|[\w@/.-]+:)?{_TASKS}(?:[:-]\S+)?",
    rf"(?:make|gmake|just|task|rake|mise\s+run|mise|mage|invoke|inv|composer|mix|lein|sbt|ant|scons)\s+{_FLAGS}{_TASKS}\S*",
    rf"earthly\s+{_FLAGS}\+{_TASKS}\S*",
    rf"(?:(?:(?:\./)?(?:bazel(?:isk)?|dotnet|buck2?|pants))\s+{_FLAGS}|(?:\./)?(?:gradlew?|mvnw?)\s+{_WORDS})(?:\S+:)?(?:{_TASKS}|\w+(?:Check|Tests?|Lint)\b)\S*",
    rf"xcodebuild\s+{_VALUES}(?:{_TASKS})\S*",
    rf"(?:\./)?mvnw?\s+{_WORDS}(?:package|install|(?:test-)?compile)|(?:\./)?gradlew?\s+{_WORDS}(?:\S+:)?(?:compile\w+|assemble\w*|classes|testClasses)|invoke-pester|Invoke-Pester|cargo\s+xtask\s+{_TASKS}",
    rf"(?:hatch|pdm|poe|composer|melos|rye|pixi|devbox)\s+(?:-e\s+\S+\s+)?{_FLAGS}(?:run(?:-script)?\s+)?{_TASKS}(?:[:-]\S+)?",
    r"aider\s+/(?:test|lint)|idf\.py\s+(?:\S+\s+)*build|west\s+build|(?:pio|platformio)\s+(?:run|test|check)",
    r"arduino-cli\s+compile|esphome\s+compile|cmake\s+--build|ninja|make(?:\s+-[ksBj]\w*(?:\s+\d+)?)*(?=\s*(?:$|[;&|]|2>))",
    r"make\s+(?:-\S+\s+)*\w[\w.-]*/[\w./-]+|helm\s+lint",
    r"(?:terraform|tofu|terragrunt)\s+(?:-chdir=\S+\s+)?(?:validate|test)|dbt\s+(?:-\S+\s+)*(?:build|test|compile|parse)|packwerk\s+(?:check|validate)",
    r"(?:\./)?(?:\S+/)?(?:[a-z]+[-_])?(?:tests?|check|lint|ci|build)\.(?:sh|py)|(?:\./)?(?:\S+/)?run(?:tests?|check|build)\.sh",
    r"(?:\./|(?:ba|z)?sh\s+)(?:\S+/)?(?:check|verify|validate|lint|test)[-_][\w-]+\.sh|(?<=[\\/])\w+[-_]tests?",
    r"(?:python[\d.]*|node|ruby|php|perl|bun|tsx|ts-node|deno\s+run|bash|sh)\s+(?:-I\s+\S+\s+|-\S+\s+)*(?:\S*/)?(?:test_[\w-]+|[\w-]+[._-](?:test|spec))\.\w+",
)
_PROGRAM = lazily(
    rf"(?:[^\s\"']*[\\/])?(?P<program>{'|'.join(_PROGRAMS)})(?:@[\w.^~-]+|\.(?:exe|cmd|bat))?(?=$|[\s;&|)'\"])"
)
_TESTER = lazily("|".join(_TESTERS))


_OF_RUNNERS = _options(
    r"-[CPenpw]|--(?:python|with(?:-\w+)?|extra|(?:only-|no-)?group|package|index\S*|directory|project"
    r"|env(?:ironment|-file)?|name|prefix|cwd|manifest-path|feature|from|using|node|npm)"
)
_OF_PACKAGES = _options(r"-[CF]|--(?:filter|dir|prefix|cwd|workspace)")
_OF_SSH = _options(r"-[bcDEeFIiJLlmOopQRSWw]")
_TO_DASHES = r"(?:(?!--\s)[^\s;&|]+\s+){0,12}--\s+"

_WRAPPERS = "|".join(
    (
        r"\w+=\S*\s+|--\s+|php\s+|env\s+" + _options("-[uC]"),
        r"time\s+(?:-\S+\s+)*|g?timeout\s+" + _options("-[ks]") + r"\S+\s+|sudo\s+" + _options("-[ugp]"),
        r"nice\s+" + _options("-n") + r"|ionice\s+" + _options("-[cnp]") + r"|xvfb-run\s+" + _options("-[nefsp]"),
        r"command\s+(?!-[vV])(?:-\S+\s+)*|(?:nohup|exec|unbuffer|caffeinate|setsid|stdbuf|entr|arch)\s+(?:-\S+\s+)*",
        r"(?:script|flock)\s+(?:-\S+\s+)*\S+\s+|taskset\s+(?:-\S+\s+)*\S+\s+|systemd-run\s+" + _options("-p"),
        r"uvx\s+" + _OF_RUNNERS + r"|uv\s+tool\s+run\s+" + _OF_RUNNERS + r"|pipx\s+run\s+|bundle\s+exec\s+|spring\s+",
        r"hatch\s+" + _OF_RUNNERS + r"run\s+(?:[\w.+-]+:)?",
        r"(?:uv|poetry|pdm|pipenv|rye|pixi|mise|rtx|asdf|just|nox|conda|mamba|micromamba|pyenv|rbenv|fnm|nvm|volta|opam"
        r"|devbox)\s+" + _OF_RUNNERS + r"(?:run|exec|x)\s+" + _OF_RUNNERS + r"(?:[\w:/.-]+@\S+\s+)*",
        r"(?:\S*[\\/])?(?:python[\d.]*(?:\.exe)?|py)\s+"
        + _options("-[WX]").replace("|-\\S", "|-(?!m\\s)\\S")
        + r"-m\s+",
        r"(?:coverage|slipcover)\s+(?:run\s+)?(?:-(?!m\s)\S+\s+){0,12}(?:-m\s+)?",
        r"(?:npx|bunx)\s+"
        + _options("-[pw]|--(?:package|workspace)")
        + r"|(?:nyc|c8|cross-env(?:-shell)?)\s+(?:-\S+\s+)*",
        r"(?:npm|pnpm|yarn|bun)\s+"
        + _OF_PACKAGES
        + r"(?:workspace\s+\S+\s+)?(?:(?:exec|dlx|run|x)\s+)?"
        + _OF_PACKAGES,
        r"(?:docker|podman|nerdctl|finch)(?:[\s-]compose)?\s+"
        + _OF_CONTAINERS
        + r"(?:run|exec)\s+"
        + _OF_CONTAINERS
        + r"\S+\s+",
        r"(?:kubectl|oc|op|doppler|infisical|chamber|aws-vault|teller|sops|dotenvx?|envchain|devbox|mise|rtx|melos|guix"
        r"|distrobox|toolbox|watchexec|wsl|opam|devcontainer)\s+" + _TO_DASHES,
        r"(?:dotenvx?|env-cmd)\s+" + _options("-[efcpr]") + r"(?:run\s+)?(?:-\S+\s+)*|direnv\s+exec\s+\S+\s+",
        r"nix\s+(?:develop|shell)\s+(?:(?!(?:-c|--command)\s)[^\s;&|]+\s+){0,10}(?:-c|--command)\s+",
        r"ssh\s+"
        + _OF_SSH
        + r"\S+\s+|(?:devcontainer|firebase)\s+"
        + r"(?:exec|emulators:exec)\s+"
        + _options(r"--[\w-]+"),
        r"(?:\S*/)?sail\s+(?:bin\s+|exec\s+\S+\s+)?|(?:ddev|lando|fin|dip|symfony|herd|valet|fvm)\s+(?:exec\s+"
        + _options("-[sd]")
        + r"|run\s+)?",
        r"go\s+(?:tool\s+|run\s+(?=\S*(?:gotestsum|ginkgo|golangci-lint|staticcheck)\b))",
    )
)
_WRAPPER = lazily(rf"(?:[^\s\"']*/)?(?:{_WRAPPERS})")
_BEGINS = lazily(r"(?:^|[;&|(]|\b(?:do|then|else)\s)\s*|\n[^\S\n]*")
_MOST_WRAPPERS = 12


@lru_cache(maxsize=1_024)
def programs_in(bare: str) -> tuple[re.Match[str], ...]:
    """Return what checks something in a command line whose quotes were taken out: the group ``program`` of each."""
    found: list[re.Match[str]] = []
    for begin in _BEGINS.finditer(bare):
        at = begin.end()
        for _ in range(_MOST_WRAPPERS):
            if program := _PROGRAM.match(bare, at):
                found.append(program)
                break
            if not (wrapper := _WRAPPER.match(bare, at)):
                break
            at = wrapper.end()
    return tuple(found)


def only_tests(program: str) -> bool:
    """Return whether what a ``program`` of ``programs_in`` checks are tests, whatever it is called."""
    return bool(_TESTER.fullmatch(program))


@lru_cache(maxsize=1_024)
def opened(text: str) -> str:
    """Return a command line in which what a shell is given in quotes stands open, as steps of it; it is as long."""
    for _ in range(_NESTED):
        if '"' not in text and "'" not in text:
            break
        before, text = text, _GIVEN.sub(_open, text)
        if text == before:
            break
    return text


def _open(found: re.Match[str]) -> str:
    lead, quoted = found["lead"], found["quoted"]
    return f"{lead};{quoted[1:-1]} "


_NESTED = 3
_GIVEN = lazily(
    r"(?P<lead>(?:^|(?<=[\s;&|(/]))(?:(?:(?:ba|z|da|fi|k)?sh|pwsh|powershell(?:\.exe)?|su|script)\s+"
    r"(?:(?!-\w*c\s|-Command\s)[^\s;&|'\"]+\s+){0,6}-(?:\w*c|Command)\s+|cmd(?:\.exe)?\s+/[cC]\s+"
    r"|ssh\s+(?:-[bcDEeFIiJLlmOopQRSWw]\s+(?!-)[^\s'\"]+\s+|-[^\s'\"]+\s+){0,12}[^\s;&|'\"-][^\s;&|'\"]*\s+"
    r"|(?:vagrant|lando)\s+ssh\s+(?:[^\s;&|'\"]+\s+){0,4}?(?:-c|--command)\s+"
    r"|ddev\s+exec\s+(?:-[sd]\s+[^\s'\"]+\s+|-[^\s'\"]+\s+){0,6}|nix-shell\s+(?:[^\s;&|'\"]+\s+){0,8}?--(?:run|command)\s+"
    r"|firebase\s+emulators:exec\s+(?:-[^\s'\"]+\s+){0,6}))"
    r"(?P<quoted>\"(?:\\.|[^\"\\])*\"|'[^']*')",
    DOTALL,
)
"""Shells, and others that hand a quoted command line to one."""
