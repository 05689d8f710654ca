"""The part that tells how the checks ended: the latest of each kind first."""

from __future__ import annotations

from handoff_cli.core.patterns import lazily
from handoff_cli.documents.extract.checks import untrimmed
from handoff_cli.documents.extract.words import start_of
from handoff_cli.documents.markdown import code
from handoff_cli.documents.pieces import CHECKS, Piece, stated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.documents.extract.failed import Check
    from handoff_cli.documents.extract.story import Story


def checks(story: Story) -> Iterator[Piece]:
    """Yield how the checks ended: first the latest of each kind."""
    first = first_checks(story)
    failed = {it.command for it in story.runs.failures[:1]}  # stands under what failed
    alike: dict[tuple[str, bool], list[Check]] = {}
    for check in _apart(first):
        alike.setdefault((_ended(check), bool(check.edited)), []).append(check)
    for index, ((how, edited), these) in enumerate(alike.items()):
        order = 1.0 + index if all(it.command in failed for it in these) else _CHECKED[bool(index)]
        since = f"; {_edited_since(these)} edited since" if edited else ""
        begun = dict.fromkeys(it.command[:_ALIKE_CHARS] for it in these)  # of those that begin alike the latest
        told = [next(it.command for it in these if it.command.startswith(start)) for start in begun]
        commands = ", ".join(code(start_of(it, _CHECK_CHARS)) for it in told)
        yield stated(CHECKS, f"- {commands}: {how}{since}", order, "check")
    for index, check in enumerate(it for it in telling_checks(story) if it not in first):
        since = f"; {_edited_since([check])} edited since" if check.edited else ""
        text = f"- {code(start_of(check.command, _CHECK_CHARS))}: {_ended(check)}{since}"
        yield stated(CHECKS, text, 1.0 + len(first) + index, "check")


_CHECK_CHARS, _ALIKE_CHARS, _CHECKED = 42, 40, (-0.905, -0.5)


def _apart(checks: tuple[Check, ...]) -> list[Check]:
    """Return ``checks`` without those that ran what one before ran, and only cut its output otherwise."""
    alike = {_silent(it.command): it for it in reversed(checks)}
    return [it for it in checks if alike[_silent(it.command)] is it]


def _silent(command: str) -> str:
    """Return ``command`` without what cuts its output and without options of how much it tells."""
    return _TALKS.sub("", untrimmed(command))


_TALKS = lazily(
    r"\s+(?:-v(?:erbosity)?[ =:]?(?:q(?:uiet)?|m(?:inimal)?|n(?:ormal)?|d(?:etailed)?)(?!\w)|--verbosity[ =]\S+"
    r"|-q+(?!\w)|--quiet|--nologo|-v+(?!\w)|--verbose|--tb=\w+|--colou?r=\w+|--no-colou?r|--silent)(?=\s|$)"
)


def _edited_since(checks: list[Check]) -> str:
    """Return how many files were edited after ``checks`` ran."""
    least, most = min(it.edited for it in checks), max(it.edited for it in checks)
    return "files were" if least < most else f"{most} {'file' if most == 1 else 'files'}"


def _ended(check: Check) -> str:
    how = {"ok": "passed by what it printed" if check.piped else "passed", "failed": "failed"}.get(
        check.outcome or "", "outcome not recorded"
    )
    return f"failed ({check.failed} found)" if check.outcome == "failed" and check.failed else how


def telling_checks(story: Story) -> tuple[Check, ...]:
    """Return the checks that say something: not those whose finds were seen mended, nor those that could not run.

    Nor one that passed before and fails now, with its output cut otherwise.
    """
    live = {it.command for it in (*story.runs.failures, *story.runs.left_red)}
    red = tuple(map(_silent, live))  # what passed of it alone says little
    return tuple(
        it
        for it in story.runs.checks
        if (it.outcome == "ok" and not _silent(it.command).startswith(red))
        or (
            it.command in live
            if it.outcome == "failed"
            else not (it.outcome or it.exit_code or _OF_GIT.match(it.command))
        )
    )


_OF_GIT = lazily(r"git (?:add|commit|push)\b")
"""A command whose hooks check, and that tells nothing of them where its end is not known."""


def first_checks(story: Story) -> tuple[Check, ...]:
    """Return the checks that are always told: the latest of each kind, then the latest besides.

    What failed last stands with what fails.
    """
    kinds: dict[str, Check] = {}
    failed = {it.command for it in story.runs.failures[:1]}
    checks = [it for it in telling_checks(story) if it.command not in failed]
    checks = [it for it in checks if it.outcome] or checks  # what came of the others nobody knows
    for check in checks:
        kinds.setdefault(check.kind, check)
    others = [it for it in checks if it not in kinds.values()]
    return tuple([*kinds.values(), *others][:_SHOWN_CHECKS])


_SHOWN_CHECKS = 3
