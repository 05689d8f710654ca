"""Each recommendation follows from a fact, and without one nothing is recommended."""

from __future__ import annotations

import pytest

from handoff_cli.documents.facts import ChangedFile, GitFacts
from handoff_cli.documents.recommendations import recommendations

CLEAN = GitFacts(branch="main", head="ab12cd3")
HEAD_CHECK = "If `git rev-parse HEAD` no longer begins with `ab12cd3`, check every claim here first."


def test_a_calm_session_outside_git_gets_none(facts):
    assert recommendations(facts.replace(usage=facts.usage.replace(level="ok"), git=None)) == ()


@pytest.mark.parametrize(
    ("level", "begins"),
    [
        ("warning", "15,000 tokens are left: finish the step at hand"),
        ("critical", "Only 15,000 tokens are left: write down the next action"),
        ("over", "The usable window is full: go on in a new session"),
    ],
)
def test_the_level_comes_first(facts, level, begins):
    assert recommendations(facts.replace(usage=facts.usage.replace(level=level)))[0].startswith(begins)


@pytest.mark.parametrize(
    ("tokens", "says"),
    [
        (105_000, "The last 2 checkpoints took 2,000 tokens on average: about 4 more of that size fit below critical."),
        (
            113_500,
            "The last 2 checkpoints took 2,000 tokens on average: not one more of that size fits below critical.",
        ),
    ],
)
def test_the_pace_tells_how_many_checkpoints_fit_below_critical(facts, tokens, says):
    """Critical is at 0.95 of 120,000 = 114,000 tokens; the two checkpoints took 3,000 and 1,000."""
    assert recommendations(facts.replace(usage=facts.usage.replace(tokens=tokens), git=None))[1] == says


def test_without_checkpoints_there_is_no_pace(facts):
    assert len(recommendations(facts.replace(checkpoints=(), git=None))) == 1


@pytest.mark.parametrize(
    ("git", "says"),
    [
        (CLEAN, ()),
        (CLEAN.replace(branch=None), ("HEAD is detached: make a branch before you commit.",)),
        (
            CLEAN.replace(unread=("status",), branch=None),
            ("Git did not answer in time, so uncommitted work is unknown: run `git status`.",),
        ),
        (
            CLEAN.replace(changed=(ChangedFile("a`b", "conflicted"),)),
            (
                "Resolve the merge conflicts first: ``a`b``.",
                "1 file changed and not committed: read `git diff HEAD` before you edit.",
            ),
        ),
        (
            CLEAN.replace(changed=tuple(ChangedFile(name, "untracked") for name in "abcde")),
            ("Not in git yet: `a`, `b`, `c` and 2 more.",),
        ),
        (CLEAN.replace(upstream="o/main", ahead=2, behind=0), ("2 commits not pushed to `o/main`.",)),
        (
            CLEAN.replace(upstream="o/main", ahead=0, behind=1),
            ("1 commit behind `o/main`: merge or rebase before you build on this.",),
        ),
        (CLEAN.replace(stashes=2), ("2 stashes may hold work: `git stash list`.",)),
    ],
)
def test_the_repository(facts, git, says):
    calm = facts.replace(usage=facts.usage.replace(level="ok"), git=git)
    assert recommendations(calm) == (HEAD_CHECK, *says)


def test_an_unborn_branch_has_no_head_to_check(facts):
    assert recommendations(facts.replace(usage=facts.usage.replace(level="ok"), git=GitFacts("main", None))) == ()
