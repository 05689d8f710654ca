"""The part that tells how the checks ended: the latest of each kind first."""

from __future__ import annotations

from handoff_cli.core.patterns import lazily
from handoff_cli.core.text import shell_word
from handoff_cli.core.verdicts import CRASHED, NO_TESTS
from handoff_cli.documents.extract.commands.checks import is_check, is_narrow, own_steps, untrimmed
from handoff_cli.documents.extract.commands.command_lines import gone_to, without_folder
from handoff_cli.documents.extract.commands.covers import reach_of
from handoff_cli.documents.extract.commands.told_commands import told_check
from handoff_cli.documents.extract.runs.checked import INTO_FILE
from handoff_cli.documents.markdown import code
from handoff_cli.documents.parts.pieces import CHECKS, Piece, stated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.documents.extract.failed import Check
    from handoff_cli.documents.extract.story import Story


def checks(story: Story) -> Iterator[Piece]:
    """Yield how the checks ended: first the latest of each kind and those of all code, the alike ones in a line."""
    failed = {it.command for it in story.runs.failures[:1]}  # stands under what failed
    folder = story.dead_ends.folder
    found = [(it, _seen_from(it, folder)) for it in _covered(_apart(_telling(story)))]
    failed |= {command for it, command in found if it.command in failed}
    telling = [it.replace(command=command) for it, command in found]
    first = _first([it for it in telling if it.command not in failed])
    for index, these in enumerate(_widest_first(_ended_alike(first))):
        yield stated(CHECKS, _line(these), _CHECKED[bool(index)], "check")
    for index, check in enumerate(it for it in telling if it not in first):
        order = 1.0 + index if check.command in failed else _OTHERS + index / 20
        yield stated(CHECKS, _line([check]), order, "check")


def _seen_from(check: Check, folder: str) -> str:
    """Return the command of a ``check`` with the way to where it ran: a new session stands where this one began.

    Unless commands are known to run in a ``folder`` by now: then without going there, from where it is not found.
    """
    command = check.command
    if not folder:
        return f"cd {shell_word(check.below)} && {command}" if check.below else command
    there = gone_to(command).rstrip("/")
    return without_folder(command) if there and folder.endswith(f"/{there}") else command


_CHECKED, _OTHERS = (-0.905, -0.5), 0.03


def _first(checks: list[Check]) -> list[Check]:
    """Return of ``checks`` those that are told first: the latest of each kind, then those of all code."""
    checks = [it for it in checks if it.outcome] or checks  # what came of the others nobody knows
    kinds: dict[str, Check] = {}
    for check in checks:
        kinds.setdefault(check.kind, check)
    others = sorted((it for it in checks if it not in kinds.values()), key=lambda it: is_narrow(it.command))
    return [*kinds.values(), *others][:_SHOWN_CHECKS]


_SHOWN_CHECKS = 4


def _ended_alike(checks: list[Check]) -> list[list[Check]]:
    """Return ``checks`` that ended alike together; of those of them that begin alike, the latest."""
    alike: dict[tuple[str, bool], dict[str, Check]] = {}
    for check in checks:
        alike.setdefault((_ended(check), bool(check.edited)), {}).setdefault(check.command[:_ALIKE_CHARS], check)
    return [[*these.values()] for these in alike.values()]


def _widest_first(groups: list[list[Check]]) -> list[list[Check]]:
    """Return ``groups`` that ended alike with one of all code before one of a part that passed, as late as that."""
    narrow = [all(is_narrow(it.command) for it in these) and these[0].outcome == "ok" for these in groups]
    fresh = [place for place, these in enumerate(groups) if bool(these[0].edited) == bool(groups[0][0].edited)]
    wide = next((it for it in fresh if groups[it][0].outcome == "ok" and not narrow[it]), 0)
    return [groups[wide], *groups[:wide], *groups[wide + 1 :]] if groups and narrow[0] else groups


def _line(checks: list[Check]) -> str:
    """Return ``checks`` that ended alike, how they did, and how many files were edited since each one."""
    told, many = [_with_put_off(it) for it in checks], [it.edited for it in checks]
    how = _ended(checks[0])
    since = f"{many[0]} {'file' if many[0] == 1 else 'files'} edited since" if many[0] else ""
    if len(set(many)) == 1:
        return f"- {', '.join(told)}: {how}{f'; {since}' if since else ''}"
    others = (f"{it} ({edited})" for it, edited in zip(told[1:], many[1:], strict=True))
    return f"- {told[0]} ({since}), {', '.join(others)}: {how}"


def _with_put_off(check: Check) -> str:
    """Return a check by its words, with how many of its tests tell nothing though it passed."""
    some = max(0, check.put_off) if check.outcome == "ok" else 0
    return f"{code(_shown(check.command))}{f' ({some} skipped or pending)' if some else ''}"


def _shown(command: str) -> str:
    """Return a check in few words: of a long line whose beginning does something else what it checks."""
    way = _WAY.match(command)
    shown = told_check(command, _CHECK_CHARS + (len(way[0]) if way else 0))
    checks = shown == command or command.startswith("cd ") or is_check(shown.rstrip("…"))
    if checks:
        return shown
    own = told_check(own_steps(command), _CHECK_CHARS)
    return own if is_check(own.rstrip("…")) else told_check(own_steps(command), _LONG_CHARS)


_WAY = lazily(r"cd (?![/~])\S{1,60} && ")
_CHECK_CHARS, _LONG_CHARS, _ALIKE_CHARS = 42, 80, 40


def _apart(checks: tuple[Check, ...]) -> list[Check]:
    """Return ``checks`` without those that ran what one before ran, and only cut its output otherwise.

    Nor do two that ended alike stand there where they read the same as they are cut short. How one ended tells more
    than that it ran later.
    """
    ended = ([it for it in checks if bool(it.outcome) == known] for known in (False, True))
    alike = {key: it for these in ended for it in reversed(these) for key in _keys(it)}
    return [it for it in checks if all(alike[key] is it for key in _keys(it))]


def _keys(check: Check) -> tuple[tuple[str, ...], ...]:
    return (_silent(check.command),), (_shown(check.command), check.outcome or "")


def _covered(checks: list[Check]) -> list[Check]:
    """Return ``checks`` with the runs of a few tests that passed as late as one of all tests that passed since."""
    green = [it for it in checks if it.kind == "test" and it.outcome == "ok"]
    late = min((it.edited for it in green if not is_narrow(it.command)), default=None)
    if late is None:
        return checks
    return [it.replace(edited=min(it.edited, late)) if it in green and is_narrow(it.command) else it for it in checks]


def _silent(command: str) -> str:
    """Return ``command`` without what cuts its output and without options of how much it tells."""
    return _TALKS.sub("", INTO_FILE.sub("", untrimmed(command)))


_TALKS = lazily(
    r"\s+(?:-v(?:erbosity)?[ =:]?(?:q(?:uiet)?|m(?:inimal)?|n(?:ormal)?|d(?:etailed)?)(?!\w)|--verbosity[ =]\S+"
    r"|-q+(?!\w)|--quiet|--nologo|-v+(?!\w)|--verbose|--tb=\w+|--colou?r=\w+|--no-colou?r|--silent)(?=\s|$)"
)


_NONE_RAN = {NO_TESTS: "found no tests", CRASHED: "its workers crashed, no tests ran"}


def _ended(check: Check) -> str:
    how = {"ok": "passed by what it printed" if check.piped else "passed", "failed": "failed"}.get(
        check.outcome or "", _NONE_RAN.get(check.put_off, "outcome not recorded")
    )
    if check.outcome == "failed" and check.failed:
        return f"failed ({check.failed} found)"
    hidden = is_narrow(check.command) and not is_narrow(_shown(check.command))
    return f"{how} (a part)" if hidden else how


def _telling(story: Story) -> tuple[Check, ...]:
    """Return the checks that say something: not those whose finds were seen mended, nor those that could not run.

    Nor one that passed before and fails now, with its output cut otherwise, nor what the agent runs as a hook, nor one
    that was wrong itself by what it printed where its output was cut otherwise.
    """
    live = {it.command for it in (*story.runs.failures, *story.runs.left_red)}
    red = tuple(map(_silent, live))  # what passed of it alone says little
    wrong = {_silent(it.command) for it in story.runs.checks if it.exit_code and not it.outcome}
    return tuple(
        it
        for it in story.runs.checks
        if it.outcome or _silent(it.command) not in wrong
        if not OF_HOOK.search(it.command)
        if (it.outcome == "ok" and not it.overcome and not _silent(it.command).startswith(red))
        or (
            (it.command in live or (it.edited and not it.overcome and not reach_of(it.does).targets))
            if it.outcome == "failed"
            else not (it.outcome or it.exit_code or _OF_GIT.match(it.command))
        )
    )


OF_HOOK = lazily(r"\$\{?(?:CLAUDE|GEMINI|CURSOR|FACTORY|QWEN)_PROJECT_DIR\b")
"""What stands in a command that an agent runs by itself, as its settings say: nobody is to run it again."""

_OF_GIT = lazily(r"git (?:add|commit|push)\b")
"""A command whose hooks check, and that tells nothing of them where its end is not known."""
