"""Each recommendation follows from a fact, and without one nothing is recommended."""

from __future__ import annotations

import pytest

from handoff_cli.documents.facts import ChangedFile, GitFacts
from handoff_cli.documents.next_action import recommendations

CLEAN = GitFacts(branch="main", head="ab12cd3")


def test_a_calm_session_outside_git_gets_none(facts):
    assert recommendations(facts.replace(usage=facts.usage.replace(level="ok"), git=None)) == ()


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
    assert recommendations(calm) == says
