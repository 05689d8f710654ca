"""What is to be done before the work is over: what to mend, which check to run again, what to undo."""

from __future__ import annotations

from posixpath import relpath

from handoff_cli.core.light import Counts
from handoff_cli.core.paths import is_test, name_of
from handoff_cli.core.patterns import DOTALL, caseless, lazily
from handoff_cli.core.text import shell_word
from handoff_cli.documents.extract.commands.checks import SERVER, is_narrow, is_program, kinds_of
from handoff_cli.documents.extract.commands.covers import checks_file, may_check
from handoff_cli.documents.extract.commands.outputs import is_place
from handoff_cli.documents.extract.commands.sides import SIDES_APART
from handoff_cli.documents.extract.commands.told_commands import rerun_alone
from handoff_cli.documents.extract.language.words import clipped
from handoff_cli.documents.extract.runs.checked import PROSE
from handoff_cli.documents.extract.runs.failures import short_name
from handoff_cli.documents.markdown import code
from handoff_cli.documents.parts.by_file import QUOTED, files_of, kind_of, named_by_file
from handoff_cli.documents.parts.pieces import MUST, STANDING, Piece, file_name, quoted
from handoff_cli.documents.parts.wording import COMMAND_CHARS, ended, said, some

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handoff_cli.documents.extract.facts import Stashed
    from handoff_cli.documents.extract.failed import Check, LiveFailure
    from handoff_cli.documents.extract.story import Story, ToUndo


_NAMED = 2


def mending(story: Story, editing: bool) -> str:
    """Return the step that live failures or unchecked edits call for, empty where they call for none.

    ``editing`` tells that an edit is under way.
    """
    failures = [it for it in story.runs.failures if not (it.touched and it.kind in ("lint", "format"))]
    if failures := failures or [*story.runs.failures]:
        return _of_failures(story, failures, editing)
    return _to_check(story, story.runs.unchecked) if story.runs.unchecked else ""


def _to_check(story: Story, files: Sequence[str]) -> str:
    """Return the step that checks ``files``, which no check did since they were edited; empty where none ever ran."""
    checks = tuple(it for it in story.runs.checks if it.kind != SERVER) or story.runs.checks
    look = tuple(it for it in checks if any(may_check(it.does, path) for path in files))
    if check := _check_for(look):
        return f"Run {_named(check, story)}: {_files(files)} changed after the last check."
    last = _check_for(checks)
    return f"Check {_files(files)}: edited last, and {_named(last, story)} did not look there." if last else ""


def run_edited_tests(story: Story) -> str:
    """Return that the tests which were edited last are to be run, where no check ever was and nothing else is ahead."""
    last, files = next(iter(story.runs.happened[-1:]), ""), story.runs.unchecked
    ahead = story.step.about or story.step.announced or story.runs.checks or story.state != "progress"
    if ahead or not files or not last.startswith(("edited ", "wrote ")) or not all(map(is_test, files)):
        return ""
    method = story.task.tests_first
    if not method and any(it.status == "in_progress" for it in story.left.todos):
        return ""  # that names what is being done
    red = (
        f": they are to fail until their code is written (the agent: {said(method, 200).rstrip('.')})" if method else ""
    )
    return f"Run the tests just edited in {_files(files)}{red}."


def _files(paths: Sequence[str]) -> str:
    """Return the names of the first ``paths``, and how many more there are."""
    more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
    return f"{', '.join(code(name_of(it)) for it in paths[:_NAMED])}{more}"


def _named(check: Check, story: Story) -> str:
    """Return ``check`` as a step names it; one of chosen tests in its folder where the shell stands in another now."""
    now, command = story.dead_ends.folder, rerun_alone(_as_told(check.command, check.kind, story))
    apart = check.folder != now and check.folder.startswith("/") and now.startswith("/")
    goes = apart and is_narrow(command) and not command.startswith("cd ")
    there = relpath(check.folder, now) if goes else "" if now else check.below
    way = f"cd {shell_word(there)} && " if there else ""
    return code(clipped(f"{way}{command}", COMMAND_CHARS))


def overdue(story: Story) -> str:
    """Return the step that runs what checked all code before the last edits, without its end; empty where it ran since.

    Of tests alone that were edited a run since that looked at them is enough, though it was of a part.
    """
    code = [(check, [it for it in check.since if not PROSE.search(it)]) for check in _of_all(story)]
    late = {check: [it for it in since if checks_file(check.does, it)] for check, since in code}
    files = dict.fromkeys(path for its in late.values() for path in its)
    passed = [it.does for it in story.runs.checks if it.kind == "test" and it.outcome == "ok" and not it.edited]
    if all(is_test(path) and any(checks_file(it, path) for it in passed) for path in files):
        return ""
    again = [check for check, its in late.items() if its]
    before = " (passed before)" if all(it.outcome == "ok" for it in again) else ""
    ran = " and ".join(_named(it, story) for it in again)
    return f"Run {ran}: not run since {_files(sorted(files, key=is_test))} changed{before}"


def _of_all(story: Story) -> list[Check]:
    """Return the checks of all code as they were last run: the tests, and the linter where these do not run it."""
    tests = _all_tests(story)
    lints = (it for it in story.runs.checks if it.kind == "lint" and it.outcome and not is_narrow(it.does))
    lint = None if tests and "lint" in kinds_of(tests.command) else next(lints, None)
    return [it for it in (tests, lint) if it]


def _all_tests(story: Story) -> Check | None:
    """Return the check that ran all tests last, of code as was edited last; a suite by name where none else did."""
    made = [it.path for it in story.changed.edits[:1]]
    tests = (it for it in story.runs.checks if it.kind == "test" and not is_narrow(it.does))
    wide = [it for it in tests if all(checks_file(it.does, path) for path in made)]
    return min(wide, key=_is_a_suite, default=None)


def _is_a_suite(check: Check) -> bool:
    return _A_SUITE.search(check.command) is not None


_A_SUITE = lazily(r"\btests?[:_-](?!(?:ci|all|full)\b)\w")
"""What begins the name of a task that runs some of the tests: ``test:integration``."""


def _of_failures(story: Story, failures: list[LiveFailure], editing: bool) -> str:
    """Return the step that ``failures`` call for, those of the last run first."""
    latest = _commonest_first([it for it in failures if it.position == failures[0].position])
    named = ", ".join(code(short_name(it.name)) for it in latest[:_NAMED] if it.name)
    more = f" and {len(latest) - _NAMED} more" if len(latest) > _NAMED else ""
    if files := files_of(latest):
        named, more = named_by_file(files), ""
    again = _as_told(_recheck(latest[0], story.runs.checks), latest[0].kind, story)
    command = code(clipped(rerun_alone(again), COMMAND_CHARS))
    if latest[0].passed:
        words = ended(said(latest[0].passed, 160))
        return f"Run {command} again: it failed last, and no run shows what was said since: {words}"
    if latest[0].edited or editing:
        return _edited_since(latest, f"{named or 'it'}{more}", command)
    return _to_mend(story, latest, f"{named}{more}", command)


def _edited_since(latest: list[LiveFailure], named: str, command: str) -> str:
    """Return the step that the ``latest`` failures, told as ``named``, call for where files were edited since."""
    found = code(clipped(rerun_alone(latest[0].command), COMMAND_CHARS))
    if latest[0].holds:
        return _cycle(latest[0], command)
    if all(it.stands for it in latest):
        line = f" ({code(clipped(latest[0].line, _WHY_CHARS))})" if latest[0].line else ""
        return f"See to {named}, the code it fails at{line} was not edited since; then run {command}."
    if as_it_was := _as_it_was(latest):
        names = ", ".join(code(short_name(it.name)) for it in as_it_was[:_NAMED])
        why = f" ({said(as_it_was[0].why, 120)})" if as_it_was[0].why else ""
        return f"See to {names}{why}, {found} failed there and the file was not edited since; then run {command}."
    again = f"Run {command} again" if command == found else f"Run {command}, after {found} failed"
    if latest[0].kind in ("lint", "format"):
        what = ": ".join(filter(None, (name_of(latest[0].name), latest[0].why)))
        first = f" ({'first of ' * (len(latest) > 1)}{said(what, _FOUND_CHARS)})" if what else ""
        return f"{again}: it failed{first}, and files were edited since."
    if command == found:
        return f"{again}: it failed, and files were edited since."
    return f"{again} on {named}; files were edited since."


_FOUND_CHARS = 160
"""About the characters of what a linter found: it stands nowhere else."""


def _commonest_first(failures: list[LiveFailure]) -> list[LiveFailure]:
    """Return ``failures`` with those first of which the kind of error is the most frequent."""
    often = Counts(kind_of(it) for it in failures)
    return sorted(failures, key=lambda it: -often[kind_of(it)])


def _as_it_was(failures: list[LiveFailure]) -> list[LiveFailure]:
    """Return the places among ``failures`` whose file was not edited since, where that of every other place was."""
    places = [it for it in failures if is_place(it.name)]
    left = [it for it in places if not it.touched]
    return left if len(left) < len(places) else []


def _cycle(failure: LiveFailure, command: str) -> str:
    """Return what to do about an import cycle of whose imports every edit since left all."""
    told = f": {links}" if (links := _links_of(failure)) else ""
    return f"Break the import cycle{told}. No edit since took one of these imports out; see with {command}."


def _links_of(failure: LiveFailure) -> str:
    """Return which file imports which package in the cycle that a ``failure`` tells of; empty where there is none."""
    chain = next((it for it in (failure.name, failure.why) if " imports " in it), "")
    first, _, rest = chain.partition(", ")
    links = chain if " imports " in first else rest  # the package that it begins with is the one it ends with
    return said(links, _CHAIN_CHARS) if links else ""


_CHAIN_CHARS = 220


def _to_mend(story: Story, failures: list[LiveFailure], named: str, command: str) -> str:
    """Return what to do about ``failures``, told as ``named``, that fail now; ``command`` runs them again."""
    failure = failures[0]
    told = failure.why[apart + 3 :] if (apart := failure.why.find(SIDES_APART)) > 0 else failure.why
    short = told and len(told) <= (_WHY_CHARS if apart < 0 else 2 * _WHY_CHARS)  # else it stands below with what fails
    of_which = _of_which(failures)
    told = (
        QUOTED.sub("\u2026", told).rstrip(". ") if of_which == _MOST_OF_THEM else told
    )  # the others name other things
    why = f" ({of_which}{told})" if short else ""
    again = f", then run {command}" if command != code(clipped(rerun_alone(failure.command), COMMAND_CHARS)) else ""
    found = code(clipped(rerun_alone(failure.command), COMMAND_CHARS))  # all of it stands with what failed
    if "cycle" in f"{failure.name} {failure.why}" and (links := _links_of(failure)):
        return f"Break the import cycle: {links}{again}."
    if is_red_first(story, failure):
        return f"Write the code for {named or found}, it fails as it was meant to{why}{again}."
    return f"Fix {named}{why}{again}." if named else f"Make {found} pass: it failed last{why}."


_WHY_CHARS = 70


_MOST_OF_THEM = "most: "


def _of_which(failures: list[LiveFailure]) -> str:
    """Return of which of ``failures`` the error of the first is told, where the others have other errors."""
    like = sum(kind_of(it) == kind_of(failures[0]) for it in failures)
    return "" if like == len(failures) else _MOST_OF_THEM if like * 2 > len(failures) else "the first: "


def is_red_first(story: Story, failure: LiveFailure) -> bool:
    """Return whether a test was let fail before its code is written, by the agent's words and to-dos."""
    if failure.kind != "test" or failure.edited:
        return False
    at_work = next(
        (it.text for it in story.left.todos if it.status == "in_progress" and not story.left.stale_todos), ""
    )
    return bool(
        story.task.tests_first or _RED_FIRST.search(f"{story.told.last_words or ''} {story.step.about} {at_work}")
    )


def proof(story: Story, step: str) -> str:
    """Return the check that tells whether ``step`` is done: one it speaks of, of a file at hand, else the tests."""
    words = step.lower()
    files = {it.partition(" ")[0].rpartition(".")[0] for it in story.changed.made}
    good = [it for it in story.runs.checks if it.kind != "format"]
    spoken = (it for it in good if any(kind in words and kind in it.command for kind in _SPOKEN_KINDS))
    near = (it for it in good if it.kind == "test" and any(len(name) > _SHORT and name in it.command for name in files))
    found = next(spoken, None) or next(near, None) or _all_tests(story) or _check_for(tuple(good))
    passed = found is not None and _stands(found, story) and bool(story.changed.made)
    return _as_told(found.command, found.kind, story) if found and not passed else ""


def _stands(check: Check, story: Story) -> bool:
    """Return whether ``check`` passed and nothing was edited since but for what stands for a while only."""
    for_now = {path for path, _ in story.to_undo.temporary}
    kept = not check.edited or (bool(check.since) and for_now.issuperset(check.since))
    return check.outcome == "ok" and kept


def proof_of_all(story: Story) -> str:
    """Return the check that ran all tests last, empty where none did or it passed since the last edit."""
    wide = _all_tests(story)
    return _as_told(wide.command, wide.kind, story) if wide and (wide.edited or wide.outcome != "ok") else ""


def _as_told(command: str, kind: str, story: Story) -> str:
    """Return the check to name where ``command``, one of ``kind``, is to be run: the one the user told to run."""
    return story.runs.runner.instead_of(command, kind) if story.runs.runner else command


_SPOKEN_KINDS = ("integration", "e2e", "unit", "lint", "build", "typecheck")
_SHORT = 4


_RED_FIRST = caseless(
    r"(?:\b(?:confirm|verify|watch|make sure|ensure|expect)\w*|(?<!\bi )(?<!\bcan )\bsee)\b[^.]{0,40}\bfails?\b"
    r"|\bfail\w*[^.]{0,30}\b(?:as (?:expected|intended)|intended reason|right reason)"
    r"|\b(?:add|writ)\w* (?:a |the )?failing tests?\b"
    r"|\bred\b[^.]{0,20}\bas (?:it (?:must|should|has to)|expected|intended|planned|agreed)"
    r"|\b(?:stays?|remains?) red (?:until|till|for now)\b"
)
"""Words of somebody who lets a test fail before its code is written."""


def _recheck(failure: LiveFailure, checks: tuple[Check, ...]) -> str:
    """Return the command that tells whether ``failure`` is mended: of code that does not compile, the build of it all.

    No build compiles tests, and none is made up that was never run. Of a program that was run tests tell it too.
    """
    told = f"{failure.name} {failure.why}" if "cycle" in failure.why else failure.name
    if not _DOES_NOT_COMPILE.search(told) or is_test(failure.name) or failure.kind in ("lint", "format"):
        return failure.command
    builds = (it.command for it in checks if it.kind in ("build", "types") and _WIDE.search(it.command))
    tests = _check_for(tuple(it for it in checks if not is_program(it.command)))
    least = tests.command if tests and is_program(failure.command) else failure.command
    return next(builds, least)


_DOES_NOT_COMPILE = lazily(r"\.(?:go|rs)\b(?:(?=.*import cycle)|:\d+:\d+\b)", DOTALL)
_WIDE = lazily(r"\./\.\.\.|\bcargo (?:check|build)\b(?! -p)")


def _check_for(checks: tuple[Check, ...]) -> Check | None:
    """Return the check to run after an edit: the tests last run, a suite by name where nothing else was, else any."""
    tests = (it for it in checks if it.kind == "test")
    return min(tests, key=_is_a_suite, default=next(iter(checks), None))


_LABEL = "To undo before the work is over [UNVERIFIED]:"
_KIND, _SURELY, _MOST, _FILES = "temporary change", 4, 10, 4


def to_undo(story: Story) -> Iterator[Piece]:
    """Yield stashes that were not taken back, what stands for a while, and what was to be put back, a line each.

    Lines about a file that an open to-do names come late: that tells to undo them.
    """
    open_now = {
        word.strip("`'\"(),.:;") for it in story.left.todos if it.status != "completed" for word in it.text.split()
    }
    for index, line in enumerate(_lines(story.to_undo)[:_MOST]):
        listed = any(it in line for it in open_now if "." in it)
        yield quoted(STANDING, _LABEL, (MUST if index < _SURELY and not listed else 1.0 + index, line), kind=_KIND)


def _lines(undo: ToUndo) -> list[str]:
    stashes = [f"git stash of {_what(it)}, not popped" for it in undo.stashed]
    return [*stashes, *(f"{file_name(path)}: {line}" for path, line in undo.temporary), *undo.to_put_back]


def _what(stash: Stashed) -> str:
    return ", ".join(map(file_name, (stash.paths or stash.files)[:_FILES])) or "all changes"


def taken_out(story: Story) -> str:
    """Return the step that brings edits back which lie in a stash, empty where none do."""
    stashed = story.to_undo.stashed
    stash = next((it for it in stashed if it.files), None)
    if stash is None:
        return ""
    at = stashed.index(stash)
    pop = code(f"git stash pop stash@{{{at}}}" if at else "git stash pop")
    files = some([*map(name_of, stash.files)], _FILES)
    return f"Begin with {pop}: the edits of {files} lie in a stash, not in the tree."
