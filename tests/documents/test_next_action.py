"""Each recommendation follows from a fact, and without one nothing is recommended."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.facts import LiveFailure, Request, Story
from handoff_cli.documents.facts import ChangedFile, GitFacts
from handoff_cli.documents.next_action import next_action
from handoff_cli.documents.recommendations import recommendations

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


def test_a_lint_finding_that_an_edit_of_its_file_may_have_mended_is_no_next_action(facts):
    finding = LiveFailure("a.py:1:1", "F401 unused", "ruff check .", "lint", 9, edited=True, touched=True)
    story = Story(requests=(Request(1, "tidy up the imports"),), state="progress", failures=(finding,))
    looked = next_action(facts.replace(story=story))
    again = next_action(facts.replace(story=story.replace(failures=(finding.replace(edited=False, touched=False),))))
    assert looked
    assert again
    assert ["a.py:1:1" in step.text for step in (looked, again)] == [False, True]


def test_an_open_question_goes_with_the_half_answer_and_the_steps_announced(facts):
    story = Story(
        requests=(Request(1, "why is it slow?"),),
        state="progress",
        reached="The root cause is the loop.",
        remaining=("Read upload.py", "Count the calls"),
    )
    step = next_action(facts.replace(story=story))
    assert step
    assert "last conclusion: The root cause is the loop." in step.text
    assert step.text.endswith("(1) Read upload.py; (2) Count the calls.")


def test_an_import_cycle_that_stands_is_told_before_the_plan(facts):
    cycle = LiveFailure("store, store.go imports log", "import cycle not allowed", "make", "build", 9, edited=True)
    story = Story(requests=(Request(1, "move the checks to the store"),), state="progress", failures=(cycle,))
    order = []
    for holds in (False, True):
        step = next_action(facts.replace(story=story.replace(failures=(cycle.replace(holds=holds),))))
        assert step
        order.append(step.text.index("make") < step.text.index("move the checks"))
    assert order == [False, True]
