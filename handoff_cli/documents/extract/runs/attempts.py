"""Commands other than checks that ended in an error: which are open, slips, or got past since."""

from __future__ import annotations

from handoff_cli.core.answers import is_blocked
from handoff_cli.core.paths import is_test
from handoff_cli.core.patterns import IGNORECASE, MULTILINE, lazily
from handoff_cli.documents.extract.commands.checks import is_check, is_rejected
from handoff_cli.documents.extract.commands.command_lines import (
    besides_files,
    masked,
    only_looks,
    steps_in,
    without_settings,
)
from handoff_cli.documents.extract.commands.covers import clears
from handoff_cli.documents.extract.commands.outputs import Failure, telling_lines
from handoff_cli.documents.extract.commands.programs import opened
from handoff_cli.documents.extract.failed import MEANT, Attempt
from handoff_cli.documents.extract.language.words import alike, as_one_line, prepare
from handoff_cli.documents.extract.runs.failures import live_commands, written_first
from handoff_cli.documents.extract.runs.probes import overtaken

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Command, Edit, Transcript
    from handoff_cli.documents.extract.commands.checks import Run

_ERROR_CHARS = 300

_INLINE = lazily(r"<<|\b(?:python[\d.]*|node|ruby|perl|php|bash|sh|zsh|bun|deno)\s+(?:-\S+\s+)*-?(?:[ce]|eval)\s+['\"]")


def other_failures(runs: Sequence[Run], transcript: Transcript) -> tuple[Attempt, ...]:
    """Return the commands whose last run failed, the latest first; ``minor`` where nothing is open by it.

    Those the user refused come too. ``failed`` counts how often.
    """
    failures: dict[str, int] = {}
    last: dict[str, Command] = {}
    live = live_commands(runs)
    checked = {run.position: run for run in runs}
    for command in transcript.commands:
        key = as_one_line(command.text)
        failures[key] = failures.get(key, 0) + (command.outcome == "failed")
        last.pop(key, None)
        last[key] = command
    failed = [(key, run) for key, run in reversed(last.items()) if run.outcome == "failed" and not _found_nothing(run)]
    over_by_now = overtaken(transcript.commands)
    failed = [(key, run) for key, run in failed if run.position not in over_by_now]
    ends = {key: _last_step(run) for key, run in failed}
    programs = {program_of(it) for it in ends.values()}
    passed = [
        (step, run.position)
        for key, run in last.items()
        for step in (_STEP.split(key) if run.outcome == "ok" else ())
        if program_of(step) in programs
    ]
    asked = max(transcript.asked_at, default=0)
    committed = [it.position for it in transcript.commands if "git commit" in it.text and it.outcome != "failed"]
    prepare(run.error for _, run in failed if run.error and "\n" in run.error and not is_rejected(run))
    attempts = []
    for key, run in failed:
        red = checked.get(run.position)
        passes = key not in live and red is not None and _passed_since(red, runs)
        check = is_check(run.text)
        if check and key not in live and not passes and _is_told_later(red, runs):
            continue
        later = [it for it, position in passed if position > run.position]
        over = passes if check else any(_does_the_same(ends[key], it) for it in later)
        over |= red is not None and not check and key not in live
        attempt = _attempt(run, failures[key], over, run.position > asked)
        meant = key not in live and red is not None and _was_meant(red, runs, transcript.edits, committed)
        attempts.append(attempt.replace(reason=MEANT, minor=True) if meant else attempt)
    return tuple(attempts)


def _passed_since(red: Run, runs: Sequence[Run]) -> bool:
    """Return whether a later run passed all that ``red`` checks, and put off no more tests than it did."""
    found = red.failures or (Failure("", ""),)  # of one that was wrong itself: all it was run on
    later = (
        it
        for it in runs
        if it.position > red.position and it.outcome == "ok" and 0 <= it.put_off <= max(0, red.put_off)
    )
    return any(all(clears(it, red, failure) for failure in found) for it in later)


def _is_told_later(red: Run | None, runs: Sequence[Run]) -> bool:
    """Return whether a check that ended in an error is told by what failed, or by how one of its kind ended later."""
    if red is None or red.outcome == "failed":
        return True
    return any(it.position > red.position and not set(red.kinds).isdisjoint(it.kinds) for it in runs)


def _was_meant(red: Run, runs: Sequence[Run], edits: Sequence[Edit], committed: Sequence[int]) -> bool:
    """Return whether all that failed are tests that were just written, for code that was not edited before.

    What was ``committed`` before was made for something else.
    """
    code = [it for it in edits if not is_test(it.path)]
    again = min((it.position for it in runs if it.position > red.position), default=float("inf"))
    mended = {it.path for it in code if red.position < it.position < again}
    since = max((it for it in committed if it < red.position), default=-1)
    if any(it.path in mended and since < it.position < red.position for it in code):
        return False  # what was made before did not do
    return bool(red.failures) and all(it.name and written_first(red, it, runs, edits) for it in red.failures)


def _last_step(command: Command) -> str:
    """Return the last step of a command line that does more than look or change files: the others lead to it."""
    done = besides_files(command.text) or command.text
    bare = masked(done)
    if _HOLDS.match(bare):
        return as_one_line(command.text)
    steps = [done[begin:end].strip() for begin, end in steps_in(bare)]
    return as_one_line(next((it for it in reversed(steps) if it and not only_looks(it)), command.text))


_HOLDS = lazily(r"\s*(?:for|while|until|if|case|\()")


def _does_the_same(failed: str, passed: str) -> bool:
    """Return whether a command that passed did what another was to do: of git each one, of others nearly the same."""
    program = program_of(failed)
    if program != program_of(passed):
        return False
    return program.startswith("git ") or alike(_asked(failed), _asked(passed), _NEARLY)


def _asked(command: str) -> set[str]:
    """Return the words of a command but for its options and what is quoted."""
    return {it for it in _BARE.sub("", without_settings(command)).split() if not it.startswith("-")}


_STEP = lazily(r"(?<!\s)\s+(?:&&|\|\||;)\s+|;\s+")
_BARE, _NEARLY = lazily(r"\"[^\"]*\"|'[^']*'"), 4


def _found_nothing(command: Command) -> bool:
    """Return whether a command only looked for something and said nothing: what it sought is not there.

    Nor is what the last of several looks sought, if that was not to say so.
    """
    said = EXIT.sub("", command.output or command.error or "").strip()
    if said.startswith(_NEVER_RAN):
        return True
    own = command.text.rstrip("'\" ") if _ELSEWHERE.match(command.text) else masked(command.text)
    if says_no(command):
        return True
    counted_none = set(said.split()) == {"0"} and _COUNTS.search(own) is not None
    silent = not said or (command.exit_code == 1 and _SILENCED.search(command.text) is not None)
    return counted_none or (silent and not is_rejected(command) and only_looks(command.text))


_NEVER_RAN = "<tool_use_error>Sibling tool call errored"
"""What stands for the answer of a call that was dropped because another beside it failed."""

_LACKS = 127
"""The exit code of a shell that does not find a program."""

_SILENCED = lazily(r"2> ?/dev/null\s*$")


def says_no(command: Command) -> bool:
    """Return whether a command only looked, and by its end a program of it says no: ``which`` of what is not there."""
    text = opened(command.text)
    lacks = command.exit_code == _LACKS and _SILENCED.search(command.text)  # the program asked last
    if command.exit_code != 1 and not lacks:
        return False
    bare = masked(text)
    if _COMPARES.match(_last_of(_INSTEAD_OF_FILE.sub("x", bare))) and not _AMISS.search(command.output or ""):
        return True
    steps = [it for begin, end in steps_in(bare) if (it := bare[begin:end].strip()) and not _ELSEWHERE.match(f"{it} ")]
    return any(map(_ASKS.match, steps)) and all(_ASKS.match(it) or only_looks(it) for it in steps)


def _last_of(bare: str) -> str:
    """Return the last step of a ``masked`` command line, by which all of it ends; empty where those before it act."""
    steps = [bare[slice(*at)].strip() for at in steps_in(bare)]
    acts = [it for it in steps[:-1] if it and not only_looks(it) and not it.startswith("cd ")]
    return "" if acts else _BEFORE_IT.sub("", steps[-1])


_COMPARES = lazily(
    r"(?:diff|cmp|comm|test|\[\[?|[ef]?grep|rg|git (?:-C \S+ |--no-pager )*(?:grep|diff"
    r"|merge-base --is-ancestor))(?![\w-])[^|]*$"
)
"""What tells by its end whether two things are the same, or something is there: 1 says no, and is no error."""
_AMISS = lazily(r"(?m)^(?:\S+: )?(?:diff|cmp|comm|cat|cd|ls|git|fatal|error|[ef]?grep|rg|bash|zsh|sh)(?: \w+)?: ")
_INSTEAD_OF_FILE = lazily(r"[<>]\([^()]{0,2000}\)")
_BEFORE_IT = lazily(r"^(?:! |if |time )")

_ASKS = lazily(
    r"(?:which|command -v|type|pgrep|(?:uv )?pip3? show|npm (?:ls|list)|brew list|dpkg -[ls]"
    r"|tmux (?:ls|list-sessions|has(?:-session)?)|systemctl is-\w+"
    r"|(?:node|python3?|ruby|go|java|php|deno|bun) (?:-[vV]|--?version))(?![\w-])"
)
"""What asks whether something is there; its end is the answer. And what tells of which version a program is."""

_COUNTS = lazily(r"\b(?:[ef]?grep|rg)\s(?:-\S+\s){0,6}(?:-\w{0,6}c\w{0,6}|--count)(?=\s)[^;&|\n]*$")
"""A search that only counts, last of a command line: it ends in an error where it counted none."""
_ELSEWHERE = lazily(r"\s*(?:ssh|docker|kubectl|podman)\s")
"""What runs a command that it is given in quotes."""


EXIT = lazily(r"(?:Exit code:?|\[Command exited with code|Command (?:failed|exited) with (?:exit )?code:?) -?\d+\]?\.?")


NOT_THERE = lazily(
    r"\bcd:[^\n]{0,40}no such file|^(?:stat|lstat|chdir) [^\n]*: (?:directory not found|no such file)",
    IGNORECASE | MULTILINE,
)
"""What is said where a command went to a folder, or was run on one, that is not there from where it was run."""


def program_of(command: str) -> str:
    """Return what a command runs, without what it is run on: ``git push``, ``./deploy.sh``."""
    words = without_settings(command).split()
    return " ".join(words[: 2 if len(words) > 1 and words[1][0].isalpha() else 1])


def _error_of(text: str, error: str) -> str:
    """Return the telling lines of an ``error``: of a program that ends the line ``text``, what it says by its name."""
    program = _BARE_PROGRAM.search(text)
    own = [it for it in error.split("\n") if it.startswith(f"{program[1]}: ")] if program else []
    return telling_lines(own[-1] if own else error, _ERROR_CHARS)


_BARE_PROGRAM = lazily(r"[;&\n][ \t]*([a-z][\w.-]*)(?![\w.-])[^;&|\n]*$")


_CUT = "more characters]"
"""How an error ends that was cut: all that was printed has its last lines too, where a traceback has its words."""


def _attempt(run: Command, failed: int, over: bool, late: bool) -> Attempt:
    command = as_one_line(run.text)
    rejected = is_rejected(run)
    said = run.output if run.output and (run.error or "").endswith(_CUT) else run.error
    error = None if rejected or not said else _error_of(run.text, said) or None
    slipped = bool(only_looks(run.text) or _INLINE.search(run.text) or NOT_THERE.search(run.error or ""))
    minor = not rejected and (over or (slipped and not is_blocked(run.error or "")))
    told = rejected, failed, minor, late, over and not rejected
    return Attempt(command, error, run.exit_code, *told, position=run.position)
