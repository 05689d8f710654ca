"""What fails: by the project's checks as they were run, what of it was mended and by which edit.

A failure lives until the same check passes, a wider one of its kind passes, or one that names it.
"""

from __future__ import annotations

from itertools import pairwise

from handoff_cli.core.paths import is_test, name_of
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.core.record import Record
from handoff_cli.documents.extract.commands.covers import NAME_PARTS, NOT_WRITTEN, checks_file, clears, replaces
from handoff_cli.documents.extract.commands.outputs import Failure, is_cycle, is_place
from handoff_cli.documents.extract.failed import LiveFailure, Repair
from handoff_cli.documents.extract.files.changes import change_line
from handoff_cli.documents.extract.files.edits import digest, takes_back
from handoff_cli.documents.extract.language.words import clipped_within, ending
from handoff_cli.documents.extract.runs.checked import PROSE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Command, Edit
    from handoff_cli.documents.extract.commands.checks import Run
    from handoff_cli.documents.extract.commands.reasons import Causes


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
        gone = clears if run.outcome == "ok" else replaces
        failed = {failure.name for failure in run.failures} if run.outcome == "failed" else set()
        known = failed.union(*map(_from_within, failed))
        cleared = {key: found for key, found in live.items() if gone(run, *found)}
        circle = any(map(is_cycle, run.failures))  # another cycle of imports is no mend of one
        mended += [
            _Mended(*found, run)
            for (_, name), found in cleared.items()
            if name
            and name not in known
            and failed.isdisjoint(_from_within(name))
            and not (circle and is_cycle(found[1]))
        ]
        live = {key: found for key, found in live.items() if key not in cleared}
        if run.outcome == "failed":
            live |= {_key(run, failure): (run, failure) for failure in run.failures}
    return list(live.values()), mended


def _from_within(name: str) -> set[str]:
    """Return what a test of the dotted ``name`` is called by who runs it from a package further in."""
    parts = name.split(".", _MOST_PARTS)
    return {".".join(parts[at:]) for at in range(1, len(parts) - 1)}


_MOST_PARTS = 6


def mended_at(runs: Sequence[Run]) -> dict[tuple[int, str], int]:
    """Return where each failure was seen gone, by the position of the run that found it and its name."""
    return {(it.run.position, it.failure.name): it.later.position for it in _followed(runs)[1]}


def _key(run: Run, failure: Failure) -> tuple[str, str]:
    """Return by what a failure is known again: a place in a file is one whichever tool tells of it."""
    return "" if is_place(failure.name) else run.kind, failure.name


def short_name(name: str) -> str:
    """Return the name of a failure without the folders of its file and the suites between: which test it is."""
    if len(name) <= _NAME_CHARS:
        return name
    parts = _SUITES.split(name)
    parts = [parts[0], "\u2026", parts[-1]] if len(parts) > _FEW_PARTS else parts
    return clipped_within(" > ".join((name_of(parts[0]), *parts[1:])), _NAME_CHARS + 40)


_NAME_CHARS, _FEW_PARTS = 80, 2
_SUITES = lazily(r" > | \u203a ")


def live_commands(runs: Sequence[Run]) -> set[str]:
    """Return the commands of the checks by which something fails still."""
    return {run.command for run, _ in _followed(runs)[0]}


def live_failures(runs: Sequence[Run], edits: Sequence[Edit], causes: Causes | None = None) -> tuple[LiveFailure, ...]:
    """Return what still fails by ``runs`` of checks, those found last first; ``edited`` where files changed since."""
    live, mended = _followed(runs)
    undone = _undone(live, mended, runs, edits)
    found_last = sorted((*live, *undone), key=lambda found: -found[0].position)
    told = tuple(
        LiveFailure(
            *(failure.name, failure.why, run.command, run.kind, run.position),
            edited=any(edit.position > run.position for edit in edits),
            touched=any(edit.position > run.position and _lies_in(failure, edit.path) for edit in edits),
            holds=_holds(failure, [edit for edit in edits if edit.position > run.position]),
            cause=causes.between(run.position, _next_red(runs, run), _about(run, failure, edits))
            if causes and place < _DIAGNOSED
            else "",
            undone=(run, failure) in undone,
            counts=run.counts,
        )
        for place, (run, failure) in enumerate(found_last)
    )
    return told if len({it.cause for it in told}) == len(told) else _each_cause_once(told)


def _each_cause_once(failures: tuple[LiveFailure, ...]) -> tuple[LiveFailure, ...]:
    """Return ``failures`` with a cause that is told of several only where its words are most about: if of one alone."""
    kept = []
    for it in failures:
        shares = {
            other.name: len(_words_of(other.name) & _words_of(it.cause))
            for other in failures
            if it.cause == other.cause
        }
        closer = it.cause and shares[it.name] < max(shares.values())
        kept.append(it.replace(cause="") if closer else it)
    return tuple(kept)


def _undone(
    live: Sequence[tuple[Run, Failure]], mended: Sequence[_Mended], runs: Sequence[Run], edits: Sequence[Edit]
) -> list[tuple[Run, Failure]]:
    """Return what was ``mended`` by edits that were all taken back since, but for what was run again after that."""
    found: dict[tuple[str, str], tuple[Run, Failure]] = {}
    for it in mended:
        back = [_taken_back(edit, it, edits) for edit in _mends(it, edits)]
        if back and all(back) and not any(_tells_of(run, it) for run in runs if run.position > max(back)):
            found[_key(it.run, it.failure)] = (it.run, it.failure)
    again = {_key(*it) for it in live}
    return [it for key, it in found.items() if key not in again]


def _taken_back(mend: Edit, found: _Mended, edits: Sequence[Edit]) -> int:
    """Return where a mend was taken back after the run that showed what it mended gone, 0 where it stands."""
    since = (it.position for it in edits if it.position > found.later.position and takes_back(it, mend))
    return next(since, 0)


def _tells_of(run: Run, found: _Mended) -> bool:
    """Return whether ``run`` tells anew of what was found before, whether it passed or failed."""
    gone = clears if run.outcome == "ok" else replaces
    return run.outcome in ("ok", "failed") and gone(run, found.run, found.failure)


def _about(run: Run, failure: Failure, edits: Sequence[Edit]) -> str:
    """Return what a diagnosis of ``failure`` would speak of: its words, and those of the first edits after it.

    That is of those that share a word with it, where any does.
    """
    words = _words_of(f"{failure.name} {failure.why}")
    later = [it for it in edits if it.position > run.position][:_LOOKED_AT]
    own = [it for it in later if words & _words_of(f"{name_of(it.path)} {_changed(it)}")]
    return "\n".join((failure.name, failure.why, *(f"{it.old}\n{it.new}" for it in (own or later)[:_DIAGNOSED])))


def _next_red(runs: Sequence[Run], run: Run) -> int:
    """Return where the next run failed after ``run``: what is said from there on is about that."""
    return next((it.position for it in runs if it.position > run.position and it.outcome == "failed"), _END)


_DIAGNOSED, _LOOKED_AT, _END = 2, 12, 1 << 60
"""Of so many failures it is told why they failed by the agent's words."""


def repaired(runs: Sequence[Run], edits: Sequence[Edit], causes: Causes | None = None) -> tuple[Repair, ...]:
    """Return what failed once and was mended by an edit, the latest first, style last; of one run and edit, the first.

    A test that failed because what it tests was still to be written is no failure: it was written just before.
    """
    found: dict[tuple[str, str], Repair] = {}
    for it in reversed(_followed(runs)[1]):
        mends = [edit for edit in _mends(it, edits) if not _taken_back(edit, it, edits)]
        if not mends or written_first(it.run, it.failure, runs, edits) or _SLIP.search(it.failure.why):
            continue
        by = _by(mends)
        about = f"{it.failure.name}\n{it.failure.why}\n{mends[-1].old}\n{mends[-1].new}"
        cause = causes.between(_first_seen(runs, it), mends[-1].position, about) if causes else ""
        found[it.run.command, by] = Repair(
            it.failure.name, it.failure.why, it.run.command, by, it.run.kind, cause, it.later.position
        )
    style = ("lint", "format")
    return tuple(sorted(found.values(), key=lambda it: it.kind in style))[:MAX_REPAIRED]


def _mends(found: _Mended, edits: Sequence[Edit]) -> list[Edit]:
    """Return the edits that may have mended a failure: those of its own file, else of code.

    Of edits in several files those that share a word with it, by the lines they change before those around: where none
    does, nobody can say which.
    """
    between = [edit for edit in edits if found.run.position < edit.position < found.later.position]
    between = [edit for edit in between if checks_file(found.run.command, edit.path)] or between
    own = [edit for edit in between if _lies_in(found.failure, edit.path) and not _of_other_test(edit, found.failure)]
    code = [edit for edit in between if not PROSE.search(edit.path)] or between
    code = [edit for edit in code if not is_test(edit.path)] or code
    if own or len({edit.path for edit in code}) <= 1:
        return own or code
    about = _words_of(f"{found.failure.name} {found.failure.why}")
    return [it for it in code if about & _words_of(f"{name_of(it.path)} {it.where} {_changed(it)}")] or [
        it for it in code if about & _words_of(f"{it.old} {it.new}")
    ]


def _changed(edit: Edit) -> str:
    return "\n".join({*edit.old.split("\n")} ^ {*edit.new.split("\n")})


def _of_other_test(edit: Edit, failure: Failure) -> bool:
    """Return whether an edit of a file of tests has nothing of the one that failed."""
    name = (_LONG_WORD.findall(failure.name) or [""])[-1]
    return is_test(edit.path) and bool(name) and name not in f"{edit.where} {edit.old} {edit.new}"


def _words_of(text: str) -> set[str]:
    return {it for it in _WORD.findall(text.lower()[:_MOST_CHARS]) if it not in _OF_ANY_TEST}


_WORD, _MOST_CHARS = lazily(r"[^\W_]{4,}"), 12_000
_OF_ANY_TEST = frozenset(
    (
        *("test", "tests", "testing", "spec", "assert", "asserts", "assertion", "assertionerror", "assertequal"),
        *("error", "errors", "self", "true", "false", "none", "null", "undefined", "expected", "expect", "actual"),
        *("received", "left", "right", "equal", "equals", "want", "line", "file", "main", "from", "with", "this"),
        *("that", "return", "import", "raise", "panic", "failed", "function", "const"),
    )
)
"""Words that stand in what fails whatever it is about."""


def _first_seen(runs: Sequence[Run], found: _Mended) -> int:
    """Return where a failure was seen first: it may have been tried to be mended more than once."""
    name = found.failure.name
    seen = (it.position for it in runs if it.outcome == "failed" and any(one.name == name for one in it.failures))
    return min(seen, default=found.run.position)


def _by(edits: Sequence[Edit]) -> str:
    """Return in a line what ``edits`` of the file edited last changed together, of several places the last two."""
    last = edits[-1]
    file = name_of(last.path)
    own = [it for it in edits if it.path == last.path]
    changes = [change_line(change) for changed in digest(own) for change in changed.changes[:_CHANGES]]
    return f"{file}: {'; '.join(changes)}" if changes else file


_CHANGES = 2


def _holds(failure: Failure, later: Sequence[Edit]) -> bool:
    """Return whether a cycle of imports is there still: no ``later`` edit took one of its imports out of its file."""
    imports = _IMPORTED.findall(failure.name) if "cycle" in failure.why else []
    return bool(imports) and not any(
        edit.path.endswith(f"/{file}") and f'/{package}"' in edit.old and f'/{package}"' not in edit.new
        for edit in later
        for file, package in imports
    )


_IMPORTED = lazily(r"([\w.-]+\.\w+) imports ([\w.-]+)")
MAX_REPAIRED = 8
_SLIP = caseless(r"imported and not used|declared and not used|never used|unused (?:import|variable)|\bf401\b|\bf841\b")
"""What is wrong with a name that was left over: its mend says nothing."""

_LONG_WORD = lazily(r"[A-Za-z_]\w{4,}")


def _lies_in(failure: Failure, path: str) -> bool:
    """Return whether the name of a failure tells that it lies in the file at ``path``."""
    name, file = failure.name, name_of(path)
    at = name.find(file)
    while at >= 0:
        before, after = name[at - 1 : at], name[at + len(file) :][:1]
        if before in ("", "/", "\\") and not (after.isalnum() or after in ("_", ".")):
            return True
        at = name.find(file, at + 1)
    return is_test(path) and f".{file.rpartition('.')[0]}." in f".{name}."  # as unittest calls it


def written_first(run: Run, failure: Failure, runs: Sequence[Run], edits: Sequence[Edit]) -> bool:
    """Return whether a test that failed in ``run`` was written since it passed: before what it tests, red by intent."""
    if is_test(failure.name) and NOT_WRITTEN.search(failure.why):
        return True
    in_why = _TEST_NAME.search(failure.why) if is_place(failure.name) else None
    name = in_why[0] if in_why else NAME_PARTS.split(failure.name)[-1]
    word = next(iter(_LONG_WORD.findall(name)), name)
    passed = (it.position for it in runs if it.outcome == "ok" and clears(it, run, failure))
    since = max((it for it in passed if it < run.position), default=-1)
    written = (it.new for it in edits if since < it.position < run.position and is_test(it.path))
    forms = {word, word.replace("_", " ")}
    return bool(word) and any(_has_word(it, form) for it in written for form in forms)


_TEST_NAME = lazily(r"\btest(?:_|(?=[A-Z]))\w{4,}")


def _has_word(text: str, word: str) -> bool:
    """Return whether ``word`` stands in ``text`` by itself, not as a part of another."""
    around = pairwise(text.split(word))
    return any(not any(it.isalnum() or it == "_" for it in (before[-1:], after[:1])) for before, after in around)


def red_output(runs: Sequence[Run], commands: Sequence[Command]) -> str:
    """Return the end of what the last check printed if it failed, empty if it did not."""
    last = runs[-1] if runs else None
    if last is None or last.outcome != "failed":
        return ""
    printed = next((it.output or "" for it in reversed(commands) if it.position == last.position), "")
    return ending(printed, _RED_CHARS).strip()


_RED_CHARS = 2_500
