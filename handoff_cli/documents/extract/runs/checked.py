"""The checks as they were last run, and what was edited since."""

from __future__ import annotations

from handoff_cli.core.paths import is_test
from handoff_cli.core.patterns import lazily
from handoff_cli.documents.extract.commands.checks import SERVER, TRIMMED, is_check, kinds_of, untrimmed
from handoff_cli.documents.extract.commands.command_lines import masked, steps_in, way_in
from handoff_cli.documents.extract.commands.covers import clears
from handoff_cli.documents.extract.commands.outputs import is_place
from handoff_cli.documents.extract.failed import Check
from handoff_cli.documents.extract.files.edits import came_and_went

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handoff_cli.core.transcript import Edit
    from handoff_cli.documents.extract.commands.checks import Run


def last_passed(runs: Sequence[Run]) -> int:
    """Return the position of the last check among ``runs`` that passed, -1 where none did; formatting is none."""
    return max((it.position for it in runs if it.outcome == "ok" and it.kind != "format"), default=-1)


def last_checks(runs: Sequence[Run], edits: Sequence[Edit], home: str = "") -> tuple[Check, ...]:
    """Return the checks as they were last run, the latest first, by what they are from ``home``, where work began.

    What differs in how its output is cut is one check, told by its last known end. Last come those that ran in
    another folder, and red ones whose kinds a later run passed as a whole, whose steps are among its own, or whose
    finds it clears; also what ran again among others, whose end tells of it.
    """
    seen: set[str] = set()
    shown: set[str] = set()
    passed: set[str] = set()
    green: set[str] = set()
    again: set[str] = set()
    checks: list[Check] = []
    variants: list[Check] = []
    for run in reversed(runs):
        alone = _checks_alone(run.command)
        if run.command in shown or alone in shown:
            continue
        shown.update((run.command, alone) if run.outcome else (run.command,))
        at = max(
            (it.position for it in runs if it.position > run.position and _got_past(it, run)), default=run.position
        )
        late = (edit.path for edit in reversed(edits) if edit.position > at and _may_matter(edit.path, run))
        since = tuple(dict.fromkeys(late))
        steps = alone.split(" && ")
        overcome = again.issuperset(steps) or (
            run.outcome == "failed"
            and (passed.issuperset(run.kinds) or green.issuperset(steps) or is_cleared(run, runs))
        )
        check = Check(
            *(run.command, run.outcome, run.exit_code, run.piped, run.kind),
            *(len(since), _how_many_failed(run), overcome, since, run.ran),
            put_off=run.put_off,
            folder=run.folder,
            below="" if way_in(run.command) else run.folder.removeprefix(f"{home}/") if _is_below(run, home) else "",
        )
        same = INTO_FILE.sub("", untrimmed(run.command))
        (variants if overcome or same in seen else checks).append(check)
        seen |= {same} if run.outcome else set()  # how another ended tells more than that one ran later
        if run.outcome == "ok" and not run.narrow:
            passed.update(run.kinds)
        if run.outcome == "ok" and _is_one_chain(run):
            green.update(steps)
        again.update(_surely_run(run))
    return (*checks, *variants)


INTO_FILE = lazily(r"(?:(?<!\s)\s+)?(?:2>&1\s*)?>\s*\S+$")
"""How a command ends that writes what it prints into a file."""


def _how_many_failed(run: Run) -> int:
    """Return how many failed in ``run``: what it counts at its end, where it names fewer, else what it names."""
    counted, _, what = run.counts.partition(",")[0].partition(" ")
    return max(len(run.failures), int(counted) if what == "failed" else 0)


def _is_below(run: Run, home: str) -> bool:
    return bool(home) and run.folder.startswith(f"{home}/")


def is_cleared(red: Run, runs: Sequence[Run]) -> bool:
    """Return whether one later run that checks no less passed all that ``red`` found."""
    later = (it for it in runs if it.position > red.position and it.outcome == "ok" and (red.narrow or not it.narrow))
    return bool(red.failures) and any(
        _is_one_chain(it) and all(clears(it, red, failure) for failure in red.failures) for it in later
    )


def _surely_run(run: Run) -> Iterator[str]:
    """Yield the checks of a red line of several that ran whatever the others came to, as they are run alone."""
    bare = masked(run.command)
    if run.outcome == "failed" and ";" in bare and not _BRANCHES.search(bare):
        steps = [(begin, run.command[begin:end]) for begin, end in steps_in(bare)]
        for begin, step in steps:
            if is_check(step) and not bare[:begin].rstrip().endswith(("&&", "||")):
                yield TRIMMED.sub(" ", step).strip()


_BRANCHES = lazily(r"(?:^|[;&|]\s*|\n[ \t]*)(?:for|while|until|if|case|cd|set)\s")
"""What lets a step be left out, or run elsewhere."""


def _is_one_chain(run: Run) -> bool:
    """Return whether all steps of ``run`` passed where it did: none stands for itself."""
    return not any(it in masked(run.command) for it in (";", "||", "\n"))


def _checks_alone(text: str) -> str:
    """Return the checks of a command line, in their folder, without a loop around and what cuts their output."""
    steps = [TRIMMED.sub(" ", text[slice(*at)]).strip().removeprefix("do ") for at in steps_in(masked(text))]
    return " && ".join(it for at, it in enumerate(steps) if is_check(it) or (not at and it.startswith("cd "))) or text


def _got_past(chain: Run, run: Run) -> bool:
    """Return whether ``chain``, such as ``lint && test``, ran what ``run`` ran and went on to what comes after it."""
    if "&&" not in chain.command or run.outcome != "ok" or not chain.outcome:
        return False
    steps = [untrimmed(it) for it in chain.command.split("&&")]
    own = untrimmed(run.command)
    at = steps.index(own) if own in steps else len(steps)
    ended_in_tests = chain.outcome == "ok" or any(not is_place(it.name) for it in chain.failures if it.name)
    return "test" not in run.kinds and ended_in_tests and any("test" in kinds_of(it) for it in steps[at + 1 :])


def unchecked(runs: Sequence[Run], edits: Sequence[Edit]) -> tuple[str, ...]:
    """Return the files edited after the last check ran, the latest first, but for prose, lists of files and trials.

    What was made and deleted again is none of them.
    """
    of_code = [run for run in runs if run.kind != SERVER] or runs
    last = max((run.position for run in of_code if run.kind != "format"), default=0)
    late = [edit.path for edit in reversed(edits) if edit.position > last]
    gone = came_and_went(edits)
    return tuple(dict.fromkeys(it for it in late if not (it in gone or PROSE.search(it) or _TRIAL.search(it))))


_TRIAL = lazily(r"(?:^|[/\\])(?:scratch|playground|tmp|temp)[/\\]")
"""Where what is only tried out lies: no check of the project runs it."""


def _may_matter(path: str, run: Run) -> bool:
    """Return whether what ``run`` checks may have changed with ``path``: tests and types do so with no prose."""
    return not {"test", "types"}.issuperset(run.kinds) or is_test(path) or not PROSE.search(path)


PROVES = frozenset(("test", "build", "types"))
"""The kinds of checks that tell whether code does what it should."""

PROSE = lazily(
    r"(?:\.(?:md|mdx|rst|adoc|\w*ignore|gitattributes|gitkeep)|(?<!CMakeLists)(?<!requirements)(?<!-dev)\.txt"
    r"|(?:^|[/\\])(?:LICENSE|CODEOWNERS))$"
)
