"""What the next session should do first, each line derived from a fact; where no fact calls for action, nothing."""

from __future__ import annotations

from handoff_cli.core.text import shorten
from handoff_cli.documents.escape import code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.documents.facts import CheckpointFact, Facts, GitFacts, UsageFacts

_NAMED = 3
_NAME_CHARS = 200


def recommendations(facts: Facts) -> tuple[str, ...]:
    """Return the recommendations as lines of Markdown, the most pressing first."""
    git = (*_on_git(facts.git),) if facts.git else ()
    return (*_on_usage(facts.usage), *_on_pace(facts.usage, facts.checkpoints), *git)


def _on_usage(usage: UsageFacts) -> Iterator[str]:
    left = usage.usable_tokens - usage.tokens
    if usage.level == "over":
        yield "The usable window is full: go on in a new session, from this document."
    elif usage.level == "critical":
        yield f"Only {left:,} tokens are left: write down the next action above, then go on in a new session."
    elif usage.level == "warning":
        yield f"{left:,} tokens are left: finish the step at hand and start nothing that needs more."


def _on_pace(usage: UsageFacts, checkpoints: tuple[CheckpointFact, ...]) -> Iterator[str]:
    """Say how many more checkpoints of recent size fit, while that is few enough to plan by."""
    critical_at = int(usage.critical_threshold * usage.usable_tokens)
    mean = sum(checkpoint.tokens for checkpoint in checkpoints) // max(1, len(checkpoints))
    if usage.level != "warning" or mean <= 0:
        return
    fitting = max(0, critical_at - usage.tokens) // mean
    many = f"about {fitting:,} more of that size fit" if fitting else "not one more of that size fits"
    yield f"The last {_count(len(checkpoints), 'checkpoint')} took {mean:,} tokens on average: {many} below critical."


def _on_git(git: GitFacts) -> Iterator[str]:
    if git.head:
        yield f"If `git rev-parse HEAD` no longer begins with {code(git.head)}, check every claim here first."
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
    named = ", ".join(code(shorten(path, _NAME_CHARS)) for path in paths[:_NAMED])
    return named if len(paths) <= _NAMED else f"{named} and {len(paths) - _NAMED:,} more"


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
