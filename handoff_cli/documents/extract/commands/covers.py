"""What a check covers: whether it would find again what an earlier one found, by its tools, its folder and its targets.

Where a command does not say where it ran, it is taken to have run where others did.
"""

from __future__ import annotations

from handoff_cli.core.light import lru_cache
from handoff_cli.core.paths import is_test
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.core.record import Record
from handoff_cli.documents.extract.commands.checks import SELECTED, SERVER, own_steps, parts_of, untrimmed
from handoff_cli.documents.extract.commands.command_lines import checked_at, gone_to
from handoff_cli.documents.extract.commands.outputs import is_cycle, is_place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.documents.extract.commands.checks import Run
    from handoff_cli.documents.extract.commands.outputs import Failure

NOT_WRITTEN = caseless(r"undefined|not defined|cannot find|no attribute|cannot import|unresolved|has no")

_TOOLS = (
    ("go", lazily(r"(?:go|gofmt|golangci-lint|staticcheck|ginkgo|gotest|gotestsum|richgo)\b")),
    ("rust", lazily(r"(?:cargo|rustc|cross)\b")),
    (
        "python",
        lazily(
            r"(?:pytest|py\.test|tox|nox|unittest|ruff|mypy|pyright|basedpyright|flake8|pylint|black|isort|bandit|py_compile"
            r"|compileall|nose|trial|ward|stestr|ptw|robot|pabot|behave|hatch|rye|(?:\S*/)?(?:manage\.py|python))"
        ),
    ),
    (
        "node",
        lazily(
            r"(?:npm|pnpm|yarn|bun|deno|jest|vitest|mocha|ava|playwright|cypress|tsc|vue-tsc|svelte-check|eslint|oxlint"
            r"|tslint|prettier|biome|next|vite|webpack|rollup|astro|nuxt|ng|node|tsx|ts-node|stylelint"
            r"|karma|tap|tape|uvu|jasmine|qunit|wtr|web-test-runner|testcafe|wdio|nightwatch|detox|ts-mocha|tsd)\b"
        ),
    ),
    ("jvm", lazily(r"(?:\./)?(?:gradlew?|mvnw?|javac|kotlinc|ktlint|detekt|sbtn?|mill|scala-cli|ant)\b")),
    ("dotnet", lazily(r"dotnet\b")),
    ("ruby", lazily(r"(?:rspec|rubocop|rails|ruby|minitest|parallel_\w+|standardrb)\b")),
    ("php", lazily(r"(?:php|phpunit|phpstan|psalm|artisan|pest|paratest|codecept|phpspec|phpcs|pint|sail)\b")),
    ("swift", lazily(r"(?:swift|swiftlint|xcodebuild)\b")),
    ("c", lazily(r"(?:g?cc|g\+\+|clang|clang\+\+|ctest|cmake|ninja|meson)")),
)
"""Families of tools: what one finds, one of another does not. What is of none runs whatever the project has."""

_ENDINGS = {
    **dict.fromkeys(("go",), "go"),
    **dict.fromkeys(("rs",), "rust"),
    **dict.fromkeys(("py", "pyi"), "python"),
    **dict.fromkeys(("ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs", "vue", "svelte", "css"), "node"),
    **dict.fromkeys(("java", "kt", "kts", "scala"), "jvm"),
    **dict.fromkeys(("cs", "fs"), "dotnet"),
    "rb": "ruby",
    "php": "php",
    "swift": "swift",
    "c": "c",
    "cc": "c",
    "cpp": "c",
    "h": "c",
    "hpp": "c",
}
_COMPILERS = frozenset(("go", "rust", "jvm", "dotnet", "swift", "c"))
"""Tools that build what they test or vet."""

_EVERYTHING = lazily(r".*\s(?:check|ci|validate|verify|all)$")
_WHERE = lazily(
    r"\s(?:(?:-C|--prefix|--cwd|--dir|--directory|--manifest-path)[ =](?P<one>\w[\w./@-]*|[./~][\w./@-]*)"
    r"|(?:-p|--project)[ =](?P<two>[\w./@-]*/[\w./@-]*|[\w-]+\.json))"
)
_PACKAGE = {
    "rust": lazily(r"\s(?:-p|--package)[ =]['\"]?(\w[@\w./-]*)"),
    "node": lazily(r"\s(?:--filter|-F|-w|--workspace|workspace)[ =]['\"]?([@\w][@\w./-]*)"),
    "jvm": lazily(r"\s(?:-pl|--projects)[ =]['\"]?:?(\w[\w./-]*)"),
}
"""How a package is chosen by its name, by families of tools."""

_VALUED = lazily(
    r"\s(?:--?(?:run|k|t|g|m|n|c|o|p|w|config|count|timeout|tags|grep|filter|testNamePattern|reporter|cov|maxfail|tb"
    r"|ignore|project|package|workspace|manifest-path|prefix|cwd|dir|directory|C))[ =](?:\"[^\"]*\"|'[^']*'|\S+)"
)
"""Options with a value, which is no target."""

_VERBS = frozenset(("check", "format", "test", "run", "build", "vet", "lint", "ci", "fmt", "exec", "--", "fix", "all"))
_SCRIPT = lazily(r"(?:run[-_]?)?(?:tests?|check|lint|ci|build)\.(?:sh|py)$|manage\.py$")
_FILE = lazily(r"[\w@.-]+\.[A-Za-z]\w{0,4}$")
_FAST = lazily(r"\s(?:-x|--exitfirst|--maxfail|--bail|-failfast|--fail-fast|--ff)\b")


class Reach(Record):
    """What a command checks: by ``tools`` (empty: any), in ``folder``, its ``targets`` (none: all), what is ``chosen``.

    A target is a file, ``folder/...`` with all below, ``folder/*`` (the files of a package), or ``*/name`` where a
    folder is known by its name alone. ``ends_early`` tells that it stops at the first failure.
    """

    tools: frozenset[str]
    folder: str
    targets: tuple[str, ...]
    chosen: tuple[str, ...]
    ends_early: bool


@lru_cache(maxsize=512)
def reach_of(command: str) -> Reach:
    """Return what ``command`` checks, by its words."""
    where = _WHERE.search(command)
    folder = gone_to(command)
    inner = (where["one"] or where["two"]).removeprefix("./").removesuffix("/") if where else ""
    inner = inner.rpartition("/")[0] if _FILE.search(inner) else inner
    if inner:
        folder = f"{folder}/{inner}".strip("/") if folder and not inner.startswith("/") else inner
    tools: set[str] = set()
    targets: dict[str, None] = {}
    for program, rest in parts_of(command):
        family = next((name for name, pattern in _TOOLS if pattern.match(program)), "")
        tools.add("" if _EVERYTHING.match(program) else family)
        own = list(_targets(program, rest, family))
        alone = family == "go" and _GO_BUILDS.match(program) and not own
        targets.update(dict.fromkeys([f"{folder}/*"] if alone else own or [_ALL]))
    steps = own_steps(command)
    selected = SELECTED.search(steps)
    if selected and _OF_PACKAGES.search(steps[: selected.end()]):
        selected = None  # it chooses packages, or tasks, not tests
    chosen = _ALTERNATIVES.split(selected[1] or selected[2]) if selected else []
    chosen = [it.strip("*").partition("*")[0] for it in chosen]  # ``ImportJob*`` is all that has that in its name
    return Reach(
        *(frozenset() if "" in tools else frozenset(tools), folder, () if _ALL in targets else tuple(targets)),
        *(tuple(it for it in chosen if len(it) > 1), bool(_FAST.search(command))),
    )


_OF_PACKAGES = lazily(r"\b(?:pnpm|bun|yarn|npm|turbo)\b.*--filter[ =]|\b(?:nx|lerna|moon|turbo)\b.*\s-t[ =]")
_ALTERNATIVES = lazily(r"[|^$(),/~=]|\\b| or | and ")


def _targets(program: str, rest: str, family: str) -> Iterator[str]:
    """Yield what ``program`` is run on, by its own words and the ``rest``: see ``Reach``."""
    named = program.rsplit(maxsplit=1)[-1]
    if _FILE.search(named) and " " in program and not _SCRIPT.search(named):
        yield _target(named, family)
    if chooses := _PACKAGE.get(family):
        yield from (f"*/{it.rstrip('/').rpartition('/')[2]}" for it in chooses.findall(f" {program} {rest}"))
    bare = family in ("go", "python")
    for word in _VALUED.sub(" ", f" {rest}").split():
        it = word.strip("\"'").partition("::")[0].partition("*")[0]
        if it.startswith("-") or it in _VERBS or any(sign in it for sign in ">=$:"):
            continue
        if "/" in it or it == "." or _FILE.search(it) or (bare and it.isidentifier()):
            yield _target(it, family)


def _target(text: str, family: str) -> str:
    path = text.replace("\\", "/").removeprefix("./").rstrip("/")
    if _FILE.search(path) or path.endswith("..."):
        return path
    return f"{path}/*" if family == "go" else _ALL if path in ("", ".") else f"{path}/{_ALL}"


_ALL = "..."
_GO_BUILDS = lazily(r"go\s+(?:-\S+\s+)*(?:test|vet|build)")


def checks_file(command: str, path: str) -> bool:
    """Return whether ``command`` looks at the file at ``path``, as far as its tools, folder and targets tell."""
    now, place = reach_of(command), path.replace("\\", "/")
    family = _ENDINGS.get(place.rpartition(".")[2].lower(), "")
    if now.tools and family and family not in now.tools:
        return False
    inside = not now.folder or now.folder.startswith(("/", "~", "$")) or f"/{now.folder}/" in f"/{place}"
    return inside and (not now.targets or any(_is_within(place, target) for target in now.targets))


def may_check(command: str, path: str) -> bool:
    """Return whether ``command`` may look at the file at ``path``: tests do so with all beside their folder."""
    targets = [it.removesuffix(f"/{_ALL}") for it in reach_of(command).targets]
    tests = (it for it in targets if is_test(it) or is_test(f"{it}/") or it.startswith("test_"))
    wide = [above[0] for it in tests if (above := _ABOVE_TESTS.match(it))]
    if checks_file(command, path) or "" in wide or _WHERE_IT_RUNS in targets:
        return True
    return any(_is_within(path.replace("\\", "/"), f"{it}{_ALL}") for it in wide)


_WHERE_IT_RUNS = "/*"
_ABOVE_TESTS = lazily(r"(?:[^/\n]+/)*?(?=(?:tests?|__tests__|specs?|e2e|integration)(?:/|$)|[^/\n]+$)")
"""What lies above the folder of tests in the path of one, or of a test beside its code."""


def does_not_compile(failed: Run, failure: Failure) -> bool:
    """Return whether ``failure`` is of what cannot be built: any tool that builds it would find it again."""
    if is_cycle(failure) or failure.why == "[build failed]":
        return True
    built = is_place(failure.name) and _family(failure) in _COMPILERS and not _BY_LINTER.search(failure.why)
    return built and not {"build", "test"}.isdisjoint(failed.kinds)


_BY_LINTER = lazily(r"\([a-z][\w-]+\)$")


def _is_of_tests(run: Run, failure: Failure) -> bool:
    """Return whether ``failure``, which ``run`` found, is a test: no place in a file, and no file out of form."""
    if "test" not in run.kinds or not failure.name or is_place(failure.name) or does_not_compile(run, failure):
        return False
    return failure.name.rpartition(".")[2] not in _ENDINGS or any(it in failure.name for it in ("::", " "))


def clears(run: Run, failed: Run, failure: Failure) -> bool:
    """Return whether the passing ``run`` shows that ``failure`` of ``failed`` is gone."""
    now, then = reach_of(run.does), reach_of(failed.does)
    if (same := _is_same(run, failed)) is not None:
        return same
    if not _shares_tools(now, then, failure):
        return False
    compiles = does_not_compile(failed, failure)
    builds = compiles and _builds(run, now, failure)
    if not builds and not _kinds(failed, failure).intersection(run.kinds):
        return False
    if builds and is_cycle(failure) and _goes_round(run, now, failure):
        return True
    the_same = bool(then.chosen) and set(then.chosen) <= set(now.chosen)  # how often, or after what, is no matter
    if now.chosen and not (builds or the_same):
        return any(it in failure.name for it in now.chosen)
    name = failure.name.rpartition("/")[2] if _place(failure) else failure.name
    named = any(len(part) >= _LEAST_NAME and part in run.command for part in NAME_PARTS.split(name))
    return named or _reaches(now, then, failure)


def replaces(run: Run, failed: Run, failure: Failure) -> bool:
    """Return whether the failing ``run`` tells anew of all that ``failed`` told, and not of ``failure`` any more."""
    now, then = reach_of(run.does), reach_of(failed.does)
    if _is_of_tests(failed, failure) and (run.more or not any(_is_of_tests(run, it) for it in run.failures)):
        return False  # it did not come to the tests, or does not say which of them failed
    if (same := _is_same(run, failed)) is not None:
        return same
    shares = _shares_tools(now, then, failure)
    if "test" in run.kinds and does_not_compile(failed, failure) and _was_built(run):
        return shares and _reaches(now, then, failure)
    kinds = {"test"} if _is_of_tests(failed, failure) else set(failed.kinds)
    if not shares or kinds.isdisjoint(run.kinds):
        return False
    if is_cycle(failure) and any(map(is_cycle, run.failures)) and _goes_round(run, now, failure):
        return True
    named = any(it.name for it in run.failures)
    all_of_it = named and not now.chosen and not (now.ends_early and failure.name)
    return all_of_it and (not now.targets or not failure.name or _reaches(now, then, failure))


def _is_same(run: Run, failed: Run) -> bool | None:
    """Return whether two runs were of the same check, None where its command does not settle that."""
    now, then = reach_of(run.does), reach_of(failed.does)
    if untrimmed(run.command) == untrimmed(failed.command) and _may_be_same(now.folder, then.folder):
        return True
    return checked_at(run.command) == checked_at(failed.command) if SERVER in failed.kinds else None


def _was_built(run: Run) -> bool:
    """Return whether what a red run was run on was built: tests failed, and nothing else."""
    found = run.failures
    return bool(found) and all(it.name and not (is_place(it.name) or does_not_compile(run, it)) for it in found)


def _shares_tools(now: Reach, then: Reach, failure: Failure) -> bool:
    family = _family(failure)
    before = frozenset((family,)) if family else then.tools
    return not now.tools or not before or bool(now.tools & before)


def _family(failure: Failure) -> str:
    """Return the family of tools that a file belongs to which the name of ``failure`` tells, empty where none does."""
    found = _place(failure)
    return _ENDINGS.get(found.rpartition(".")[2].lower(), "") if found else ""


def _builds(run: Run, now: Reach, failure: Failure) -> bool:
    """Return whether ``run`` built what it was run on: its tests too, where ``failure`` is one of those."""
    if "build" in run.kinds and not is_test(failure.name) and failure.why != "[build failed]":
        return True
    vets = bool(_VETS.search(run.command)) and bool(now.tools & _COMPILERS)
    return vets or "test" in run.kinds


_VETS = lazily(r"\bgo vet\b|\bcargo (?:clippy|check)\b.*--(?:all-targets|tests)|golangci-lint")


def _goes_round(run: Run, now: Reach, failure: Failure) -> bool:
    """Return whether ``run`` built a package of a cycle of imports; a program is built with all it imports."""
    packages = {it.rpartition("/")[2] for it in (_folder_of(target)[0] for target in now.targets) if it}
    return bool(_RUNS.search(run.command)) or not packages.isdisjoint(_WORD.findall(failure.name))


_RUNS, _WORD = lazily(r"\bgo run\b"), lazily(r"[\w-]+")


def _kinds(failed: Run, failure: Failure) -> set[str]:
    """Return the kinds of checks that would find ``failure`` again: what does not compile, a build finds too."""
    if _is_of_tests(failed, failure):
        return {"test"}
    if len(failed.kinds) > _FEW_KINDS and is_place(failure.name):  # of a task that checks everything, the form tells
        return {"lint", "types", "build", "format"}
    compiles = is_place(failure.name) and ("test" in failed.kinds or bool(NOT_WRITTEN.search(failure.why)))
    return {*failed.kinds, "build"} if compiles and not is_test(failure.name) else set(failed.kinds)


_FEW_KINDS = 2
NAME_PARTS = lazily(r"::|/| > | \u203a |\(|:")
_LEAST_NAME = 5


def _place(failure: Failure) -> str:
    """Return the file or package that ``failure`` lies in, by its name; empty where that does not tell."""
    found = _LIES_IN.match(failure.name)
    return found[1].replace("\\", "/") if found else failure.package


_LIES_IN = lazily(r"((?:[A-Za-z]:)?[^\s:()\[\]]*(?:\.\w{1,6}(?=[:(\[\s]|$)|\w+\.\w+/[\w./-]+))")


def _reaches(now: Reach, then: Reach, failure: Failure) -> bool:
    """Return whether the place of ``failure``, or all that ``then`` was run on, lies in what ``now`` was run on."""
    place = _place(failure)
    places = (place,) if place else then.targets
    inside = all(_is_inside(now.folder, then.folder, it) for it in places or ("",))
    if not inside and not _is_same_place(now.folder, then.folder):
        return False
    if then.targets and set(then.targets) <= set(now.targets):
        return True  # wherever that package lies, by its name
    return not now.targets or (
        bool(places) and all(any(_is_within(it, target) for target in now.targets) for it in places)
    )


def _is_same_place(one: str, other: str) -> bool:
    """Return whether two folders are the same as far as they were told: where only one was, it is if it is absolute."""
    return _may_be_same(one, other) and (bool(one) == bool(other) or (one or other).startswith(("/", "~", "$")))


def _may_be_same(one: str, other: str) -> bool:
    return not one or not other or _end_alike(one.split("/"), other.split("/"))


def _end_alike(one: list[str], other: list[str]) -> bool:
    """Return whether one path is the end of the other: they may be told from different folders."""
    few = min(len(one), len(other))
    return one[-few:] == other[-few:] if few else one == other


def _is_inside(wide: str, narrow: str, place: str) -> bool:
    """Return whether what was found in the folder ``narrow``, at ``place``, lies below the folder ``wide``."""
    return not wide or f"{narrow}/".startswith(f"{wide}/") or f"/{wide}/" in f"/{narrow}/{place}"


def _is_within(place: str, target: str) -> bool:
    """Return whether ``place``, a file, a package or a target, lies in the ``target`` of a check."""
    if target.startswith("*/"):
        return target[2:] in place.split("/") or place.startswith("src/")  # told from within the package
    (folder, file), (wanted, named) = _folder_of(place), _folder_of(target)
    below, above = [it for it in folder.split("/") if it], [it for it in wanted.split("/") if it]
    if named not in (_ALL, "*"):
        return file == named and _end_alike(below, above)
    if named == "*":
        return file != _ALL and _end_alike(below, above)
    lies = any(below[at : at + len(above)] == above for at in range(len(below) - len(above) + 1))
    return lies or any(above[-many:] == below[:many] for many in range(1, min(len(above), len(below)) + 1))


def _folder_of(path: str) -> tuple[str, str]:
    """Return the folder of a file, and its name; of a package or a target ``*`` or ``...`` for the name."""
    path = path.removeprefix("./")
    if _FILE.search(path) or path.endswith(("/*", _ALL)) or path == "*":
        folder, _, file = path.rpartition("/")
        return folder, file
    return path, "*"
