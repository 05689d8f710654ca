"""What git calls for: recommendations for the person, the most pressing first."""

from __future__ import annotations

from handoff_cli.core.text import shorten
from handoff_cli.documents.markdown import code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.documents.facts import Facts, GitFacts

_NAMED_FILES = 3
_NAME_CHARS = 200


def recommendations(facts: Facts) -> tuple[str, ...]:
    """Return the recommendations as lines of Markdown, the most pressing first."""
    return tuple(_on_git(facts.git)) if facts.git else ()


def _on_git(git: GitFacts) -> Iterator[str]:
    if "status" in git.unread:
        yield "Git did not answer in time, so uncommitted work is unknown: run `git status`."
        return
    if git.branch is None and git.head:
        yield "HEAD is detached: make a branch before you commit."
    conflicted = [file.path for file in git.changed if file.change == "conflicted"]
    if conflicted:
        yield f"Resolve the merge conflicts first: {_names(conflicted)}."
    untracked = [file.path for file in git.changed if file.change == "untracked"]
    edited = len(git.changed) - len(untracked)
    if edited:
        yield f"{_count(edited, 'file')} changed and not committed: read `git diff HEAD` before you edit."
    if untracked:
        yield f"Not in git yet: {_names(untracked)}."
    if git.ahead:
        yield f"{_count(git.ahead, 'commit')} not pushed to {_upstream(git)}."
    if git.behind:
        yield f"{_count(git.behind, 'commit')} behind {_upstream(git)}: merge or rebase before you build on this."
    if git.stashes:
        yield f"{_count(git.stashes, 'stash', 'stashes')} may hold work: `git stash list`."


def _upstream(git: GitFacts) -> str:
    return code(git.upstream) if git.upstream else "the upstream branch"


def _names(paths: list[str]) -> str:
    named = ", ".join(code(shorten(path, _NAME_CHARS)) for path in paths[:_NAMED_FILES])
    return named if len(paths) <= _NAMED_FILES else f"{named} and {len(paths) - _NAMED_FILES:,} more"


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
