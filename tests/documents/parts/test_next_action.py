"""Each recommendation follows from a fact, and without one nothing is recommended."""

from __future__ import annotations

import pytest

from handoff_cli.agents.readers import read_pieces
from handoff_cli.core.transcript import Todo
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.facts import (
    Broken,
    CodePiece,
    Made,
    Pending,
    Report,
    Request,
    Reshaped,
    Stashed,
    Task,
    Wanted,
    WrittenDocument,
)
from handoff_cli.documents.extract.failed import Attempt, Check, LiveFailure, Pipeline, Refused
from handoff_cli.documents.extract.requests.refused import A_PLAN
from handoff_cli.documents.extract.story import Step
from handoff_cli.documents.facts import ChangedFile, GitFacts
from handoff_cli.documents.parts import recommendations
from handoff_cli.documents.parts.next_action import next_action
from handoff_cli.documents.parts.story import pieces_of_story
from tests.documents.sessions import ran, story_of, told

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
    story = story_of(requests=(Request(1, "tidy up the imports"),), state="progress", failures=(finding,))
    looked = next_action(facts.replace(story=story))
    again = next_action(facts.replace(story=story_of(story, failures=(finding.replace(edited=False, touched=False),))))
    assert looked
    assert again
    assert ["Fix `a.py:1:1`" in step.text for step in (looked, again)] == [False, True]


def test_what_the_last_edit_may_have_mended_is_run_first_where_nothing_else_is_announced(facts):
    finding = LiveFailure("shop/a.py:1:1", "F401 unused", "ruff check .", "lint", 9, edited=True, touched=True)
    told = {"requests": (Request(1, "tidy up the imports"),), "state": "progress", "made": ("a.py",)}
    for more, first in (
        ({"happened": ("ran ruff check .: FAILED", "edited a.py: a → b")}, True),
        ({"happened": ("ran ruff check .: FAILED", "edited b.py: a → b")}, False),
        ({"happened": ("edited a.py: a → b", "read c.py")}, False),
        ({"happened": ("edited a.py: a → b",), "about": "Now let me mend b.py."}, False),
        ({"happened": ("edited a.py: a → b",), "todos": (Todo("mend b.py", "pending"),)}, False),
    ):
        text = step_of(facts, **told, **more, failures=(finding,))
        assert text.startswith("Run `ruff check .` again") is first


@pytest.mark.parametrize("then", ["Then call it from drain.", "Then I'll call it from drain."])
def test_the_step_that_comes_then_stands_with_the_agents_own(facts, then):
    step = Step(about=f"The lock is missing. Now I need to add hold_lock to the worker of queue.py. {then}")
    text = next_action(
        facts.replace(story=story_of(requests=(Request(1, "fix it"),), state="progress", step=step))
    ).text
    assert text.startswith(f"Add hold_lock to the worker of queue.py (the agent's own next step). {then}")


def test_what_was_looked_at_and_shown_is_told_with_its_place_and_open_questions_as_such(facts):
    fields = {"requests": (Request(1, "why does it hang?"),), "state": "progress", "happened": ("read queue.py",)}
    step = Step(
        about="Let me check `drain`", started=True, looked="Let me check `drain`", shown=("drain (queue.py:7)",)
    )
    text = next_action(facts.replace(story=story_of(step=step, **fields))).text
    assert "Go on from what was looked at last: `drain (queue.py:7)`." in text
    uses = step.replace(shown=(), uses=("queue.py:9: drain(rows)", "queue.py:11: drain(all)"))
    text = next_action(facts.replace(story=story_of(step=uses, **fields))).text
    assert "Shown there: `queue.py:9: drain(rows)`; `queue.py:11: drain(all)`." in text
    asks = story_of(step=step, remaining=("How does `drain` end?", "Why is the lock held?"), **fields)
    text = next_action(facts.replace(story=asks)).text
    assert "What the agent wants to know yet: (1) How does drain end?; (2) Why is the lock held?" in text
    assert "Looked at last: `drain (queue.py:7)`." in text


@pytest.mark.parametrize(
    ("ci", "says"),
    [
        (Pipeline("gh pr checks 7", ("e2e",), "Error: no table", position=20), "CI is red by `gh pr checks 7`: `e2e`"),
        (Pipeline("gh pr checks 7", ("e2e",), "", True, 20), "CI was red by `gh pr checks 7` (`e2e` failed), and"),
        (Pipeline("gh pr checks 7", ("e2e",), "", position=5), ""),
    ],
)
@pytest.mark.parametrize("state", ["progress", "answered"])
def test_a_red_pipeline_is_to_be_seen_to_where_it_was_looked_at_for_the_latest_request(facts, ci, says, state):
    story = story_of(requests=(Request(1, "now do B, with a PR", position=10),), state=state, pipeline=ci)
    step = next_action(facts.replace(story=story)).text
    assert says in step if says else "CI" not in step


def test_a_change_outside_that_failed_among_the_last_steps_is_told_while_work_goes_on(facts):
    restore = "pg_restore --clean -d shop /backups/shop.dump"
    failed = Attempt(restore, "cannot drop table rows", 1, late=True)
    last = (f"ran {restore}: failed: cannot drop table rows", "ran psql shop -c 'select 1' → 1")
    story = story_of(requests=(Request(1, "yes, restore it"),), state="progress", failing=(failed,), happened=last)
    told = f"`{restore}` ended in an error (cannot drop table rows) and was not run again."
    assert told in next_action(facts.replace(story=story)).text
    for other in ({"happened": ()}, {"failing": (failed.replace(command="./restore.sh"),)}):
        assert "not run again" not in next_action(facts.replace(story=story_of(story, **other))).text


def test_what_the_agent_left_open_is_told_where_no_request_is_known(facts):
    """A run without a screen prints its answer, and not what it was asked."""
    left = extract(told(("assistant", "I mended the rounding; one test still fails. Next step: change the fixture.")))
    found = next_action(facts.replace(story=story_of(left, state="answered")))
    assert found.waits
    assert "no request is known" in found.text
    assert "Next step: change the fixture." in found.text
    assert next_action(facts.replace(story=extract(told(("assistant", "It works."))))) is None


def test_an_open_question_goes_with_the_half_answer_and_the_steps_announced(facts):
    story = story_of(
        requests=(Request(1, "why is it slow?"),),
        state="progress",
        reached="The root cause is the loop.",
        remaining=("Read upload.py", "Count the calls"),
    )
    step = next_action(facts.replace(story=story))
    assert step
    assert "by the agent's last thought, unverified: The root cause is the loop." in step.text
    assert step.text.endswith("(1) Read upload.py; (2) Count the calls.")


def test_where_it_did_not_compile_and_nothing_was_edited_since_is_looked_at_first(facts):
    """Of two places the file of one was edited: the other is what is known to be left, whatever tests failed too."""
    one = LiveFailure("a.rs:4:1", "mismatched types", "cargo check", "build", 9, edited=True, touched=True)
    other = one.replace(name="b.rs:7:1", touched=False)
    known = {"requests": (Request(1, "tell peers apart"),), "state": "progress"}
    told = "See to `b.rs:7:1` (mismatched types), `cargo check` failed there and the file was not edited since"
    for failures in ((one, other), (one, other, other.replace(name="c::tests::peers"))):
        assert told in next_action(facts.replace(story=story_of(**known, failures=failures))).text
    for same in (one.replace(name="b.rs:7:1"), other.replace(name="b::tests::peers")):
        assert "See to" not in next_action(facts.replace(story=story_of(**known, failures=(one, same)))).text


def test_an_import_cycle_that_stands_is_told_before_the_plan(facts):
    cycle = LiveFailure("store, store.go imports log", "import cycle not allowed", "make", "build", 9, edited=True)
    story = story_of(requests=(Request(1, "move the checks to the store"),), state="progress", failures=(cycle,))
    order = []
    for holds in (False, True):
        step = next_action(facts.replace(story=story_of(story, failures=(cycle.replace(holds=holds),))))
        assert step
        order.append(step.text.index("make") < step.text.index("move the checks"))
        assert ("store.go imports log" in step.text) is holds, "what only has to run again is named with what fails"
    assert order == [False, True]
    assert step.text.startswith("Break the import cycle: store.go imports log. No edit since took one of these")
    now = story_of(story, failures=(cycle.replace(edited=False),))
    assert "Break the import cycle: store.go imports log." in next_action(facts.replace(story=now)).text


def step_of(facts, state="progress", **told):
    step = next_action(facts.replace(story=story_of(state=state, **told)))
    assert step
    return step.text


def test_an_order_that_is_not_begun_is_told_whole_or_not_at_all_where_the_goal_shows_it(facts):
    order = "Wait, push nothing. The merges are frozen until Monday, so leave the filter in a commit of this machine."
    paper = (
        "\n\nNow I want paper only: one page in docs/phase2.md with the plan of the second phase, the queue of merges, "
    )
    paper += "the two halves of the unit tests, and how we measure the cache of the images once all of that is merged. "
    long = f"{order}{paper}With the table of times. Change no workflow. Do not publish it as an issue."
    assert step_of(facts, "nothing", requests=(Request(1, long),)).endswith("done about it yet: it stands below.")
    assert order in step_of(facts, "nothing", requests=(Request(1, order),))


def test_a_test_that_was_to_fail_calls_for_its_code_and_for_the_to_do_after_it(facts):
    red = LiveFailure("cart > adds up", "got 0", "npm test", "test", 9)
    todos = (Todo("Add failing tests for the sum", "in_progress"), Todo("Add up in cart.ts", "pending"))
    text = step_of(facts, requests=(Request(1, "add up the cart"),), failures=(red,), todos=todos)
    assert text.startswith("Write the code for `cart > adds up`, it fails as it was meant to")
    assert "Take the next to-do (Add failing tests for the sum: done): Add up in cart.ts." in text


def test_a_long_request_that_the_goal_shows_whole_is_not_told_twice(facts):
    long = "read the prices from the file that the shop sends, one a line, and put them into the table of the day; " * 2
    assert step_of(facts, requests=(Request(1, long),)).startswith("Finish the user's latest request: it stands below.")
    gates = "".join(
        f"The gate {n} is open.\n\nDo not paint the gate {n} before the rain.\n\n- gate {n}\n\n" for n in range(40)
    )
    torn = Request(1, f"the mason says: all is well so far\n\n{gates}")
    told = "the mason says: all is well so far \u2026 (it stands below)."
    assert step_of(facts, requests=(torn,)).startswith(f"Finish the user's latest request: {told}")
    pasted = "why does it stop here?\n\n" + "".join(f"12:0{n} ERROR [main] read 4 of 9\n" for n in range(30))
    assert "why does it stop here?" in step_of(facts, requests=(Request(1, pasted),))


def test_where_nobody_said_what_comes_next_the_last_step_and_what_is_to_be_written_tell(facts):
    long = (
        "look at the tabs of the shop that are open in the browser so that you see all of what it is able to do. "
        "I can paste screenshots as well. there is a need to draft a walk of eight minutes through the shop"
    )
    told = {"requests": (Request(1, long),), "happened": ("js Open the browser \u2192 tabs: []",)}
    assert step_of(facts, **told) == (
        "Finish the user's latest request: it stands below. What it wants in the end: draft a walk of eight minutes"
        " through the shop.\n- Last done: js Open the browser \u2192 tabs: `[]`."
    )
    assert "Last done" not in step_of(facts, **told | {"happened": ("ran make all",)})
    announced = step_of(facts, **told, about="Let me open the first tab.")
    assert "Last done" not in announced
    assert "What it wants" not in step_of(facts, **told, made=("walk.md",), acted=True)


def test_what_failed_is_named_with_the_check_and_not_with_what_cut_its_output(facts):
    failure = LiveFailure("test_two", "assert 0 == 3", "pytest -q 2>&1 | tail -5", "test", 40)
    text = step_of(facts, requests=(Request(1, "count it"),), failures=(failure,))
    assert "Fix `test_two` (assert 0 == 3)" in text


def test_what_all_checks_passed_is_to_be_told_and_not_to_be_done_again(facts):
    told = {
        "requests": (Request(1, "set the limit of the upload to 90 and say so in the docs"),),
        "made": ("upload.py",),
        "happened": ("ran git diff --stat",),
        "todos": (Todo("Run the tests", "in_progress"),),
        "planned": (Todo("Run the tests", "completed"),),
    }
    text = step_of(facts, **told, checks=(Check("pytest", "ok"),))
    assert text.startswith(
        "Tell the user what was done for the latest request (set the limit of the upload to 90 and say"
    )
    asks = told | {"requests": (Request(1, "set the limit of the upload, why is it 80?"),)}
    assert "why is it 80?): no step" in step_of(facts, **asks, checks=(Check("pytest", "ok"),))
    assert "Passed since the last edit: `pytest`." in text
    assert "Passed since" not in step_of(facts, **told, checks=(Check("pytest", "ok", edited=1),))


def test_an_opinion_that_was_given_is_told_and_the_check_that_proves_the_fix(facts):
    text = step_of(
        facts,
        requests=(Request(1, "look at the review and let me know if you agree"),),
        about="Let me fix the overlap.",
        task=Task(verdict="I agree with the review.", places=("hooks.go:610",)),
        checks=(Check("go build ./...", "ok", kind="build"), Check("go test ./...", "ok")),
    )
    assert text.startswith("Fix the overlap (the agent's own next step).")
    assert "Told to the user so far: I agree with the review." in text
    assert "waits to be told" not in text
    assert "The comment of the review: `hooks.go:610`." in text
    assert "Prove it with `go test ./...`." in text


def test_what_stands_before_a_short_step_is_told_but_no_cheer(facts):
    for said, why in (
        ("Great! The lock is held twice. Let me fix that.", "The lock is held twice."),
        ("You're absolutely right! Let me fix that.", ""),
    ):
        text = step_of(facts, requests=(Request(1, "mend it"),), about=said).split("\n")[0]
        assert text == f"Fix that (the agent's own next step). {why}".strip()


def test_the_list_of_what_is_left_stands_behind_the_step_the_agent_is_about_to_take(facts):
    plan = ("Take `load` out of paths.py", "Fix the overlap in the hooks", "Call `rows` in its place everywhere")
    text = step_of(
        facts,
        requests=(Request(1, "move it"),),
        about="Let me fix the overlap in the hooks.",
        remaining=plan,
    )
    first, second = text.split("\n")[:2]
    assert first.startswith("Fix the overlap in the hooks (the agent's own next step).")
    assert second == (
        "- What the agent said comes next: (1) Take load out of paths.py; (2) Call rows in its place everywhere."
    )


def test_a_step_that_looks_at_code_has_what_the_comment_on_it_says(facts):
    text = "// holdAll is the fast path.\n// It asks nobody.\nfunc holdAll() error {\n\treturn nil\n}"
    piece = CodePiece("lock.go", "holdAll", 3, 7, "func holdAll() error", "is the fast path", text, text)
    told = {"requests": (Request(1, "why does it pass?"),), "code": (piece,)}
    looks = step_of(facts, **told, about="Let me look at what `holdAll` does with two locks.")
    assert "By the comment on it: holdAll is the fast path. It asks nobody." in looks
    assert "By the comment" not in step_of(facts, **told, about="Let me rename `holdAll` to say so.")
    derived = piece.replace(text="#[derive(Debug)]\n#ifdef LOCKS\nfn holdAll() {}")
    step = step_of(facts, requests=told["requests"], code=(derived,), about="Let me look at what `holdAll` does.")
    assert "By the comment" not in step


def test_what_only_suggests_something_is_supposed(facts):
    told = {"requests": (Request(1, "make the rows last longer"),), "state": "progress"}
    for said, how in (
        ("The empty table suggests that `load` ran twice.", "Supposed so far"),
        ("The table is empty as `load` ran twice.", "Learnt for it"),
    ):
        assert f"{how}, unverified: {said.replace('`', '')}" in step_of(facts, **told, reached=said).replace("`", "")


def test_a_draft_that_was_ordered_is_told_as_one(facts):
    told = {"requests": (Request(1, "commit this, push and open a draft PR"),), "owed": ("push", "pull request")}
    assert "Ordered and not seen done: push, open a draft PR." in step_of(facts, **told)


def test_an_edit_that_failed_for_want_of_reading_is_made_after_reading(facts):
    stumbled = "Edit store.go: File has not been read yet. Read it first before writing to it."
    text = step_of(
        facts, requests=(Request(1, "go on"),), about="Let me use the new names.", started=True, stumbled=stumbled
    )
    assert text.startswith(
        "Read `store.go`, then make the edit that failed because it had not been read (use the new names)."
    )


def test_of_several_orders_nobody_can_say_that_all_were_done(facts):
    told = {"made": ("calc.py",), "checks": (Check("pytest", "ok"),), "happened": ("ran pytest: passed",)}
    text = step_of(facts, **told, requests=(Request(1, "Fix add in calc.py, run the tests, plan the changelog"),))
    assert text.startswith("Finish the user's latest request: Fix add")
    assert step_of(facts, **told, requests=(Request(1, "Fix add in calc.py"),)).startswith(
        "Tell the user what was done"
    )


def test_of_several_orders_a_list_whose_every_item_is_done_says_that_all_were(facts):
    told = {"made": ("calc.py",), "checks": (Check("pytest", "ok"),), "happened": ("ran pytest: passed",)}
    orders = (Request(1, "Fix add in calc.py, run the tests, plan the changelog"),)
    done, begun = Todo("Fix add", "completed"), Todo("Plan the changelog", "in_progress")
    assert step_of(facts, **told, requests=orders, todos=(done,)).startswith("Tell the user what was done")
    assert not step_of(facts, **told, requests=orders, todos=(done, begun)).startswith("Tell the user")


def test_what_the_agent_left_open_as_it_ended_its_turn_is_told(facts):
    story = story_of(requests=(Request(1, "fix add"),), task=Task(left_open="The changelog is still open."))
    step = next_action(facts.replace(story=story))
    assert step
    said = "the agent answered (fix add), but said: The changelog is still open."
    assert step.text == f"Ask the user how to go on: {said}"


def test_what_the_agent_wants_of_the_user_before_it_goes_on_is_waited_for(facts):
    said = "Here is the outline.\n\nPaste the screenshots when ready, and I'll turn this into a script."
    action = next_action(facts.replace(story=extract(told(("user", "prepare a demo"), ("assistant", said)))))
    assert action.waits
    assert action.text.startswith("Wait for the user: the agent answered (prepare a demo), and said: Paste the")


def test_an_item_that_is_taken_with_a_rider_out_of_one_line_is_told(facts):
    offered = "Two ways: (1) write to a file beside it and rename that, (2) check the space first. I recommend 1."
    session = told(("user", "it writes half a file"), ("assistant", offered), ("user", "1, and keep the old file"))
    action = next_action(facts.replace(story=extract(session)))
    assert "write to a file beside it and rename that" in action.text


def test_options_stand_with_their_own_question_where_the_agent_ended_with_another_one(facts):
    laid_out = "How do you want it mended?\n- **A.** remove the listener\n- **B.** no signal at all\n\nI lean to B."
    asks = "And the two files hold names of customers: may I delete them?"
    for end, shown in ((f" {asks}", "- How do you want it mended? To choose from: A"), ("", "- To choose from: A")):
        session = told(("user", "what now?"), ("assistant", f"{laid_out}{end}"))
        action = next_action(facts.replace(story=extract(session)))
        assert shown in action.text
        assert "I lean to B." in action.text


def test_a_question_with_numbers_stands_without_the_options_that_have_others(facts):
    asks = "Shall I (1) revise the plan, (2) cut it, or (3) keep it?"
    assert "To choose from" not in step_of(
        facts, requests=(Request(1, "plan"),), question=asks, options=("1: a", "2: b")
    )
    assert "To choose from" in step_of(
        facts, requests=(Request(1, "plan"),), question="Which?", options=("1: a", "2: b")
    )


def test_an_edit_the_agent_set_out_for_is_told_unless_something_else_tells_what_comes(facts):
    told = {"requests": (Request(1, "see the review"),), "task": Task(set_out="implement the check")}
    assert "\n- The agent set out to implement the check; no edit followed." in step_of(facts, **told)
    assert "set out" not in step_of(facts, **told, remaining=("Add the parameter.",))
    assert "set out" not in step_of(facts, **told, about="Now I'll implement the check.", started=True)


@pytest.mark.parametrize(
    ("words", "waits"),
    [
        ("that's the data team. i'll ask her tomorrow. dont want to touch prod before friday", True),
        ("Good. I'll test it on the device tonight and let you know.", True),
        ("let me check with ops first", True),
        ("doing 2 tonight. i'll paste the trace if it fails", True),
        ("ok, ich frage morgen die Kollegin", True),
        ("mañana le pregunto a Marta", True),
        ("i'll ask her tomorrow, meanwhile fix the report job", False),
        ("I'll test it, you write the docs", False),
        ("I'll need a flag for that", False),
        ("i'll ask her. what do you think?", False),
        ("I will try it out: run the suite first", False),
    ],
)
def test_where_the_user_goes_on_first_there_is_nothing_to_do_but_to_wait(facts, words, waits):
    step = step_of(facts, state="nothing", requests=(Request(1, words),))
    assert step.startswith("Wait for the user, who goes on first") is waits, step


def test_what_the_user_left_for_later_is_open_though_the_rest_was_answered(facts):
    def told(words):
        return step_of(facts, state="answered", requests=(Request(1, words),))

    words = "works. i want the permanent fix too but tonight after 22:00. what file was that in again"
    assert told(words).endswith("of it is left for later: i want the permanent fix too but tonight after 22:00.")
    assert "left for later" not in told("is the job run tonight or tomorrow?")
    assert "left for later" not in told("I'll deploy it tomorrow. what file was that in")


@pytest.mark.parametrize("word", ["stop", "Stop!", "wait...", "ok, stop it", "warte", "停"])
def test_a_word_to_stop_is_nothing_to_do_but_to_ask(facts, word):
    assert step_of(facts, state="nothing", requests=(Request(1, word),)).startswith("Ask the user how to go on: the la")
    other = step_of(facts, state="nothing", requests=(Request(1, f"{word} the server"),))
    assert not other.startswith("Ask the user")


def test_a_list_of_before_the_latest_request_and_a_commit_names_no_step_once_that_is_answered(facts):
    listed = {"requests": (Request(1, "round the scale"), Request(2, "now the docs")), "state": "answered"}
    listed |= {"todos": (Todo("Round the scale", "pending"),), "made": ("a.py",)}
    assert "Round the scale" in step_of(facts, **listed)
    assert "Round the scale" in step_of(facts, **listed, commits_since=("1a2b3c4",)), "it may be the next of the list"
    assert "Round the scale" not in step_of(facts, **listed, commits_since=("1a2b3c4",), stale_todos=True)


def test_a_to_do_left_in_progress_behind_an_answer_is_done_where_tests_passed_since(facts):
    done = {
        "requests": (Request(1, "set the limit"),),
        "made": ("a.py",),
        "todos": (Todo("Verify it", "in_progress"),),
        "state": "answered",
    }
    passed = step_of(facts, **done, checks=(Check("pytest", "ok", kind="test"),))
    assert passed.startswith("Nothing is open: the agent answered the latest request (set the limit).")
    assert "The to-do list" not in passed
    unproven = step_of(facts, **done)
    assert unproven.startswith(
        "See whether this to-do is done, the agent ended its turn with it in progress: Verify it."
    )


def test_of_a_message_that_ends_with_a_question_the_question_is_asked_and_the_step_told_besides(facts):
    said = "So the day is wrong. I'll change `rate_for` to pass the day, then run the tests. May it keep 50,000 rates?"
    action = next_action(facts.replace(story=extract(told(("user", "mend it"), ("assistant", said)))))
    assert action.text.startswith("Get the user's answer: May it keep 50,000 rates?")
    assert "The agent announced besides: I'll change rate_for to pass the day" in action.text


def test_what_is_mended_is_proved_by_all_tests_unless_they_passed_since(facts):
    red = LiveFailure("test_lock", "", "pytest -k lock", "test", 9, edited=True)
    told = {"requests": (Request(1, "hold the lock"),), "made": ("lock.py",), "failures": (red,)}
    for edited in (1, 0):
        checks = (Check("pytest -k lock", "failed", edited=1), Check("pytest -q", "ok", edited=edited))
        assert ("Prove it with `pytest -q`." in step_of(facts, **told, checks=checks)) == bool(edited)


def test_a_question_is_open_though_no_request_is_known(facts):
    """Where a text begins with what the agent said, its question still waits."""
    asked = next_action(facts.replace(story=story_of(question="Shall the cart keep its coupons?")))
    assert "Shall the cart keep its coupons?" in asked.text


def test_a_question_that_only_points_comes_with_what_was_proposed(facts):
    words = "**Best Solution**: Move the checks to `store`\n\nWant me to implement this approach?"
    story = story_of(requests=(Request(1, "go"),), question="Want me to implement this approach?", last_words=words)
    step = next_action(facts.replace(story=story))
    assert step
    assert step.text.endswith("implement this approach? (proposed: Best Solution: Move the checks to store)")


def test_where_the_user_stopped_the_agent_the_next_word_is_theirs_and_what_was_at_work_is_told(facts):
    asked = {"requests": (Request(1, "make the import faster"),), "state": "progress"}
    text = step_of(facts, stopped=True, **asked)
    assert text.startswith("The user stopped the agent here and said nothing since")
    assert "make the import faster" in text
    assert "stopped" not in step_of(facts, **asked)
    no = {
        "refused": (Refused("edit night.py: + run()", "", stopped=False),),
        "happened": ("edit night.py: failed: the user refused it",),
    }
    turned = step_of(facts, stopped=True, **asked, **no)
    assert turned.startswith("The user turned down `edit night.py: + run()` and said nothing since: ask what is wanted")
    since = {**no, "happened": (*no["happened"], "ran make → ok")}
    assert step_of(facts, stopped=True, **asked, **since).startswith("The user stopped the agent here")


def test_where_the_latest_words_only_stop_a_call_the_work_goes_on_as_they_say(facts):
    work, latest = Request(1, "make the import faster, and keep the rows in order"), "not all of the suites, one by one"
    story = {"requests": (work, Request(2, latest)), "state": "progress", "breaks_off": True, "amid": work}
    goes_on = "Go on with the request that the latest words stopped"
    assert goes_on in step_of(facts, **story, refused=(Refused("make check", latest),))
    assert goes_on in step_of(facts, **{**story, "requests": (work, Request(2, latest, rule=True))})
    assert goes_on not in step_of(facts, **story)
    assert goes_on not in step_of(facts, **{**story, "breaks_off": False}, refused=(Refused("make check", latest),))


def test_what_was_edited_since_the_next_step_was_announced_stands_with_it(facts):
    story = {
        "requests": (Request(1, "make it fast"),),
        "state": "progress",
        "about": "I'll correct the plan and the list.",
    }
    assert "own next step)" in step_of(facts, **story)
    assert "own next step; since it said so it edited plan.md)" in step_of(facts, **story, begun="edited plan.md")


def test_the_steps_of_the_slash_command_that_was_called_stand_with_it(facts):
    """They are no rule then, and stand once."""
    steps = "Its steps (Gate): (1) Review; (2) Walkthrough; (3) Verdict"
    story = {"requests": (Request(1, "/gate"),), "state": "progress", "orders": (steps,)}
    assert f"Finish the user's latest request: /gate. {steps}." in step_of(facts, **story)
    assert not any(steps in it.forms[0] for it in pieces_of_story(story_of(**story)))
    asked = {**story, "requests": (Request(1, "go on"),)}
    assert steps not in step_of(facts, **asked)
    assert any(steps in it.forms[0] for it in pieces_of_story(story_of(**asked)))


def test_work_that_a_sub_agent_reports_done_is_not_to_be_done_again(facts):
    story = {
        "requests": (Request(1, "add the tests"),),
        "state": "progress",
        "happened": ("sub-agent: Tests",),
        "reports": (Report("Tests", "All 12 tests pass.", "12 passed, commit a1b2c3d"),),
    }
    text = step_of(facts, **story)
    assert text.startswith("See whether the user's latest request is fulfilled (add the tests), then tell the user.")
    assert "Tests: All 12 tests pass (12 passed, commit a1b2c3d). Do not do it again." in text
    for more in (
        {"reports": (Report("Tests", "All 12 tests pass.", "", ("MINOR: Name one.",)),)},
        {"happened": ("sub-agent: Tests", "edited rows.py")},
        {"todos": (Todo("Name one", "pending"),)},
        {"reports": (Report("Tests", "Two issues remain."),)},
    ):
        assert "Do not do it again" not in step_of(facts, **{**story, **more})


def test_a_report_that_came_back_last_is_what_to_go_on_from(facts):
    story = {"happened": ("sub-agent: Review",), "reports": (Report("Review", "Two issues need a fix."),)}
    assert step_of(facts, **story).startswith("Go on from what the sub-agent reported last, Review: Two issues need")
    then = step_of(facts, **story, task=Task(after_it="finishing the branch"))
    assert "After it, by the agent's words: finishing the branch." in then
    proven = {**story, "reports": (Report("Review", "", "9 tests passed"),)}
    assert "Review: 9 tests passed." in step_of(facts, **proven)


def test_a_to_do_in_progress_may_be_done_where_tests_passed_since_the_last_edit(facts):
    told = {
        "requests": (Request(1, "fix add and plan it"),),
        "todos": (Todo("Fix add", "in_progress"),),
        "made": ("a.py",),
    }
    for edited in (0, 1):
        text = step_of(facts, **told, checks=(Check("pytest", "ok", edited=edited),))
        assert text.startswith("See whether this to-do is done, tests passed") == (not edited)


def test_what_was_left_open_stands_below_what_is_to_be_done(facts):
    todos = (Todo("Write changelog", "pending"),)
    story = story_of(requests=(Request(1, "fix add"),), todos=todos, task=Task(left_open="It is still open."))
    step = next_action(facts.replace(story=story))
    assert step
    assert step.text == "Take the first open to-do: Write changelog.\n- The agent said last: It is still open."


def test_what_was_learnt_is_told_without_praise_and_not_where_it_only_weighs(facts):
    told = {"requests": (Request(1, "make the upload faster"),)}
    assert "unverified: The loop is slow." in step_of(facts, **told, reached="Good, so the loop is slow.")
    assert "unverified: So far the loop holds" in step_of(facts, **told, reached="So far the loop holds the lock.")
    assert "unverified" not in step_of(facts, **told, reached="I've added all of it.")


def test_a_conclusion_that_has_no_word_of_the_question_is_not_called_its_answer(facts):
    for reached, lead in (
        ("The loop ends at the first row.", "Concluded last"),
        ("The import differs, since csv has one line.", "Learnt for it"),
    ):
        story = {"requests": (Request(1, "why does csv import differ?"),), "acted": True, "reached": reached}
        assert f"{lead}, unverified: {reached}" in step_of(facts, **story)


def test_what_was_ordered_before_and_is_not_done_is_told(facts):
    text = step_of(facts, requests=(Request(1, "why?"),), owed_before=("push", "pull request"))
    assert "Ordered before and not seen done: push, pull request." in text


def test_of_files_that_use_what_was_taken_out_those_in_an_open_cycle_are_named(facts):
    chain = "paths, paths.go imports session, committed.go imports logging, logger.go imports paths"
    cycle = LiveFailure(chain, "import cycle not allowed", "make", "build", 9, edited=True, holds=True)
    broken = Broken(("Check",), "/p/paths/paths.go", ("cli/hooks.go", "logging/logger.go"), ("7: return Check(id)",))
    text = step_of(facts, requests=(Request(1, "move the checks"),), failures=(cycle,), broken=broken)
    assert "`hooks.go, logger.go`. Of these `logger.go` is in the cycle:" in text
    assert "`paths.go` itself still has: `7: return Check(id)`." in text
    assert "in the cycle:" not in step_of(facts, requests=(Request(1, "move the checks"),), broken=broken)


def test_calls_of_what_was_reshaped_come_before_the_check_that_is_due(facts):
    left = Reshaped("read_rows", "/p/rows.py", ("/p/main.py:4", "/p/main.py:9", "/p/old.py"))
    due = {"unchecked": ("rows.py",), "checks": (Check("make test", "ok"),)}
    text = step_of(facts, requests=(Request(1, "give it a limit"),), made=("/p/rows.py",), reshaped=left, **due)
    calls = "Change the calls of `read_rows` (`rows.py`), whose parameters or results changed; as before are yet: "
    assert f"{calls}`main.py:4, 9, old.py`." in text
    assert text.index(calls) < text.index("make test")
    text = step_of(
        facts, requests=(Request(1, "give it a limit"),), reshaped=left.replace(was="(path)", now="(path, n)")
    )
    assert "parameters or results changed: `(path)` → `(path, n)`; as before" in text


def test_work_of_which_no_request_is_known_has_a_next_action_too(facts):
    story = {"made": ("a.py",), "happened": ("edited a.py: x = 1 → x = 2",)}
    assert step_of(facts, **story).startswith("Last done: edited")


def test_a_to_do_in_progress_may_be_done_where_edits_have_all_it_speaks_of(facts):
    """The step after it is told too."""
    todos = (Todo("Add overlap check to hasNew", "in_progress"), Todo("Assert it in a test", "pending"))
    told = {"requests": (Request(1, "answer the review"),), "todos": todos, "made": ("hooks.go",), "todo_edited": True}
    text = step_of(facts, **told)
    assert text.startswith(
        "See whether this to-do is done, edits since have all it speaks of: Add overlap check to hasNew."
    )
    assert "Then: Assert it in a test." in text
    assert step_of(facts, **{**told, "todo_edited": False}).startswith("Finish the to-do in progress")


def test_a_to_do_in_progress_may_be_done_by_the_agents_words_since(facts):
    todos = (Todo("Add the overlap check", "in_progress"), Todo("Assert it in a test", "pending"))
    said = "The overlap check passes."
    text = step_of(facts, requests=(Request(1, "answer the review"),), todos=todos, made=("a.go",), todo_told=said)
    assert text.startswith(
        "See whether this to-do is done, by the agent's words since (\u201cThe overlap check passes\u201d): "
    )


def test_a_to_do_that_seems_done_is_followed_by_another_one(facts):
    todos = (Todo("Test it", "pending"), Todo("Write it down", "pending"))
    done = (Todo("Test it", "completed"),)
    text = step_of(facts, requests=(Request(1, "add it"),), todos=todos, planned=done, made=("a.py",))
    assert "what happened since says so: Test it. Then: Write it down." in text


@pytest.mark.parametrize("words", ["I see, the sum fails on an empty cart.", "It seems the sum fails."])
def test_who_only_sees_that_a_test_fails_did_not_let_it_fail(facts, words):
    red = LiveFailure("cart > adds up", "got 0", "npm test", "test", 9)
    told = {"requests": (Request(1, "add up the cart"),), "failures": (red,)}
    assert "as it was meant to" not in step_of(facts, **told, last_words=words)
    assert "as it was meant to" in step_of(facts, **told, last_words="Let me see it fail first: the test fails.")
    assert "as it was meant to" in step_of(facts, **told, last_words="Still red, as it must be: nothing frees it yet.")


def test_edits_without_a_result_are_told_each(facts):
    wanted = (Wanted("/p/state.go", "+ sessionid", "x"), Wanted("/p/paths.go", "− EntireID", ""))
    story = story_of(
        requests=(Request(1, "move it"),),
        state="progress",
        under_way=(Pending("edit", "paths.go"),),
        task=Task(wanted=wanted),
    )
    step = next_action(facts.replace(story=story))
    assert step
    assert step.text.startswith(
        "See whether the last 2 edits were made, no result is recorded: `state.go`: adds `sessionid`; `paths.go`:"
    )
    for new, said in (("use(id)", "Its new lines stand below."), ("", "It was to be: `a → []`.")):
        one = story_of(story, task=Task(wanted=(Wanted("/p/paths.go", "a → []", new),)))
        assert f"no result is recorded. {said}" in next_action(facts.replace(story=one)).text


def test_what_the_agent_laid_out_to_choose_from_stands_in_the_next_action(facts):
    options = ("Option 1: `session/`", "Option 2: `paths/`", "Recommendation: Move it to `session/`.")
    told = "To choose from: Option 1: session/; Option 2: paths/; Recommendation: Move it to session/."
    story = story_of(requests=(Request(1, "where should it live?"),), options=options)
    step = next_action(facts.replace(story=story))
    assert step
    assert step.text.endswith(f"wait for the user's choice.\n- {told}")
    asked = next_action(facts.replace(story=story_of(story, question="Which one?")))
    assert asked
    assert asked.text == f"Get the user's answer: Which one?\n- {told}"


@pytest.mark.parametrize(
    ("command", "tells"),
    [
        ("gh pr create --draft --title x", "`gh pr list --state all --limit 5` tells."),
        ("git push -u origin fix", "`git status -sb` tells."),
        ("git add -A && git commit -m x", "`git log -1 --stat` tells."),
        ("make release", ""),
    ],
)
def test_what_would_be_done_twice_is_looked_up_first(facts, command, tells):
    text = step_of(facts, requests=(Request(1, "go"),), under_way=(Pending("command", command),))
    assert text.partition("\n")[0].endswith(f"no result is recorded.{f' {tells}' if tells else ''}")


def test_what_runs_in_the_background_comes_after_what_is_to_be_done(facts):
    said = "Command running in background with ID: b1. Output is being written to: /tmp/b1.output"
    runs = {"requests": (Request(1, "go"),), "under_way": (Pending("command", "make x", said),)}
    text = step_of(facts, **runs, task=Task(to_come="While it runs, I'll set the replicas back."))
    assert text.startswith("While it runs, I'll set the replicas back (the agent's last words).")
    seen = "See how `make x` ended: it was started in the background."
    assert text.endswith(f"\n- {seen}")
    assert step_of(facts, **runs).startswith(seen), "the request alone says no step"


def test_what_the_agent_had_just_thought_would_go_wrong_stands_with_its_step(facts):
    told = {"requests": (Request(1, "move it"),), "about": "Let me check what `session` imports.", "started": True}
    told["under_way"] = (Pending("look", "Grep import"),)
    warning = "If paths imports session, we'd have a circular dependency."
    text = step_of(facts, **told, announced="Let me move both functions.", warning=warning)
    assert f"check what session imports. It had just thought: {warning}" in text
    assert "just thought" not in step_of(facts, **told, announced="Let me move both functions.")


def test_what_lies_in_a_stash_is_brought_back_first(facts):
    story = extract(told(("user", "mend the rates"), todos=(Todo("write the report", "pending"),)))
    stashes = (Stashed(("docs",), ()), Stashed(("src/rates.py",), ("/p/src/rates.py",)))
    text = next_action(facts.replace(story=story_of(story, stashed=stashes))).text
    assert text.startswith("Begin with `git stash pop stash@{1}`: the edits of `rates.py` lie in a stash")
    assert "stash" not in next_action(facts.replace(story=story_of(story, stashed=stashes[:1]))).text


def test_what_is_to_be_undone_is_not_passed_over_where_nothing_else_is_open(facts):
    story = extract(told(("user", "why is it slow?"), ("assistant", "The index is missing.")))
    assert next_action(facts.replace(story=story)).text.startswith("Nothing is open: ")
    left = story_of(story, temporary=(("/p/a.py", "load: print('DEBUG')"),))
    assert next_action(facts.replace(story=left)).text.startswith("Nothing is open but what is to be undone: ")


@pytest.mark.parametrize(
    ("reported", "is_open"),
    [
        ("I still get a permission error on push", True),
        ("Tengo error de credencial.", True),
        ("ошибка осталась", True),
        ("エラーが出ます", True),
        ("no, I still get that error", True),
        ("how are errors handled there?", False),
        ("no errors, thanks", False),
        ("I see no error anymore", False),
        ("I got rid of that error", False),
        ("have a look at error handling in the docs", False),
        ("gibt keinen Fehler mehr", False),
        ("没有报错了", False),
        ("エラーはもう出ない", False),
    ],
)
def test_what_the_user_reports_is_open_where_only_words_came_of_it(facts, reported, is_open):
    story = extract(told(("user", reported), ("assistant", "The token is out of date: run `git remote set-url`.")))
    assert ("nothing shows that what it reports is mended" in next_action(facts.replace(story=story)).text) is is_open


def test_how_a_reported_failure_went_is_asked_for_by_what_the_agent_wants_to_know(facts):
    said = "Load the script first. Let me know if the page works."
    story = extract(told(("user", "I still get an error on load"), ("assistant", said)))
    text = next_action(facts.replace(story=story)).text
    assert text.startswith("Ask the user how it went: ")
    assert text.endswith("and said: Let me know if the page works.")


def test_a_failure_that_a_command_since_the_last_edit_names_is_at_work_and_comes_first(facts):
    red = LiveFailure("tests/test_fee.py::test_fee_of_zero", "0 == 1", "pytest", "test", 9, edited=True)
    fields = {"requests": (Request(1, "round the fees up"),), "state": "progress", "failures": (red,)}
    ran = "ran python -m pdb -m pytest tests/test_fee.py::test_fee_of_zero → fee = 1"
    looked = story_of(happened=("edited fee.py: a → b", ran), **fields)
    before = story_of(happened=(ran, "edited fee.py: a → b"), **fields)
    assert next_action(facts.replace(story=looked)).text.startswith("Run `pytest` again")
    assert next_action(facts.replace(story=before)).text.startswith("Finish the user's latest request")


def test_what_is_objected_to_is_not_listed_again_among_the_parts_that_may_say_the_old(facts):
    told = {"requests": (Request(1, "that is overcomplicated"),), "objected_to": "plan.md: + Edge cases (+31)"}
    text = step_of(facts, **told, task=Task(not_since=("Edge cases", "Types")))
    assert text.endswith("not edited since, see whether it still says the old: Types.")
    assert "Written before" not in step_of(facts, **told, task=Task(not_since=("Edge cases",)))


def test_of_places_that_failed_those_are_seen_to_whose_file_was_not_edited_since(facts):
    left, mended = (
        LiveFailure(f"{name}:3", "undefined: hold", "go build ./...", "build", 9, edited=True, touched=touched)
        for name, touched in (("lock.go", False), ("rows.go", True))
    )
    told = {"requests": (Request(1, "hold the lock"),), "failures": (left, mended)}
    assert "See to `lock.go:3` (undefined: hold), `go build ./...` failed there and the file" in step_of(facts, **told)
    both = (left.replace(touched=True), mended)
    assert "See to" not in step_of(facts, **{**told, "failures": both})


def test_what_notes_say_comes_next_is_the_next_action_and_nobody_is_said_to_plan_it(facts):
    text = "Notes on the pump.\n\nI'll order the seal on Monday.\nNext: order the seal\n"
    story = extract(read_pieces("pieces", lambda: [(text, True)]))
    assert next_action(facts.replace(story=story, notes=())).text == "Next, by the text: order the seal."


def test_of_notes_without_a_next_step_nothing_is_said_to_be_an_agents(facts):
    text = "The pump leaks, I looked at it on Monday. I have not committed the new drawing. See you on the 25th.\n"
    story = extract(read_pieces("pieces", lambda: [(text, True)]))
    step = next_action(facts.replace(story=story, notes=()))
    assert step.text.startswith("Ask the user what is to be done, the text names no next step. Left open by it: ")
    assert step.waits


def test_the_step_announced_after_a_failure_goes_before_it_and_what_was_listed_before_comes_with_going_on(facts):
    red = LiveFailure("test_two", "assert 0 == 3", "pytest -q", "test", 9)
    asked = (Request(1, "count it"), Request(2, "ok, continue with evict"))
    step = Step(about="First the switch in app.yml, then this one.")
    story = story_of(requests=asked, state="progress", failures=(red,), step=step, before=("call `evict()`", "test it"))
    text = next_action(facts.replace(story=story)).text
    assert text.index("First the switch in app.yml") < text.index("Fix `test_two`")
    assert "\n- Left by the agent's list from before it, not seen done: (1) call evict(); (2) test it." in text
    begun = story_of(story, step=step.replace(started=True))
    assert next_action(facts.replace(story=begun)).text.startswith("Fix `test_two`")
    other = story_of(story, requests=(asked[0], Request(2, "now the docs")))
    assert "Left by" not in next_action(facts.replace(story=other)).text
    lines = [it.forms[0] for it in pieces_of_story(other) if it.block.startswith("Left by the agent's words")]
    assert lines == ["call `evict()`", "test it"]


def test_after_an_answer_that_agrees_comes_the_to_do_that_was_at_work(facts):
    listed = (Todo("Loop in segments of 16", "in_progress"),)
    talk = (("user", "make it faster"), ("assistant", "A gate-off comes up to 0.3 ms late. Objection?"))
    agreed = extract(told(*talk, ("user", "no objection. but the filter per sample pls"), todos=listed))
    text = next_action(facts.replace(story=agreed)).text
    assert text.startswith("Take up what the user said last, nothing was done about it yet: no objection.")
    assert "Loop in segments of 16" in text
    refused = extract(told(*talk, ("user", "no, that is audible"), todos=listed))
    assert "Loop in segments" not in next_action(facts.replace(story=refused)).text


def test_among_people_what_fails_comes_before_last_words_that_ask_nothing(facts):
    red = ran(
        "pytest -q", "failed", 15, output="FAILED tests/test_lock.py::test_held - assert 0 == 3\n1 failed in 0.1s"
    )
    for by, words, begins in (
        ("ada", "I am in the lab until noon and come back then", "Fix `tests/test_lock.py::test_held`"),
        ("ada", "who looks at the lock?", "Do what the user asked last"),
        ("", "I am in the lab until noon and come back then", "Take up what the user said last"),
    ):
        talk = told(("user", "make it green"), ("user", words), commands=(red,))
        talk = talk.replace(messages=tuple(it.replace(by=by) for it in talk.messages))
        text = next_action(facts.replace(story=extract(talk))).text
        assert text.startswith(begins)
        assert "test_held" in text


def test_of_several_to_dos_in_progress_the_last_is_at_work_and_a_commit_for_the_request_is_told(facts):
    todos = (
        Todo("Padé behind a switch", "in_progress"),
        Todo("Loop in segments", "in_progress"),
        Todo("Measure", "pending"),
    )
    asked = (Request(1, "make it fast"), Request(2, "commit the fix only, then change the growth script"))
    story = story_of(requests=asked, state="progress", todos=todos, of_latest=Made("1a2b", "optim: decay again"))
    text = next_action(facts.replace(story=story)).text
    assert "Finish the to-do in progress: Loop in segments." in text
    assert "Committed for it: 1a2b." in text
    assert "Nothing was edited" not in text
    assert "Nothing was edited" in next_action(facts.replace(story=story_of(story, of_latest=None))).text


def test_what_fails_at_code_that_was_not_edited_since_comes_before_the_request_it_is_for(facts):
    red = LiveFailure(
        "t.py::a", "no such cursor at export.py:29", "pytest -q", "test", 4, edited=True, line="for row in cur:"
    )
    asked = (Request(1, "export it as a file that finance can open without us"),)
    for stands, first in (
        (True, "See to `t.py::a`, the code it fails at (`for row in cur:`)"),
        (False, "Finish the user's"),
    ):
        story = story_of(requests=asked, state="progress", failures=(red.replace(stands=stands),), made=("pool.py",))
        assert next_action(facts.replace(story=story)).text.startswith(first)


def test_what_the_user_finds_too_much_is_to_be_made_simpler_and_its_parts_stand_where_the_document_is_told(facts):
    document = WrittenDocument("plan.md", True, 40, "# Plan", "# Plan")
    told = {
        "requests": (Request(1, "check what is there first, don't overcomplicate"),),
        "objected_to": "plan.md: + Edge cases (+31), at least 4 parts: No rows; Two rows; …",
    }
    lead = "Make simpler, or take back, what the user finds too much, in plan.md: + Edge cases (+31)"
    assert step_of(facts, **told).startswith(f"{lead}, at least 4 parts: No rows; Two rows; …")
    assert step_of(facts, **told, documents=(document,)).startswith(f"{lead} (its parts stand below).")


def test_of_what_is_being_looked_into_the_next_action_says_what_is_supposed_so_far(facts):
    told = {"requests": (Request(1, "the rows are read twice, start there"),)}
    thought = "All of them are read by `load`. It seems the lock is never taken."
    assert "Supposed so far, unverified: It seems the lock is never taken." in step_of(facts, **told, thought=thought)
    assert "Supposed" not in step_of(facts, **told, thought="All of them are read by `load`, which is slow.")


def test_an_offer_that_a_question_of_the_user_came_between_is_not_forgotten(facts):
    offer = "It is called twice. Would you like me to add a `load_all`?"
    told = {"requests": (Request(1, "add rows"), Request(2, "and why does it work for pages?")), "referent": offer}
    line = "Asked by the agent before it and not answered: Would you like me to add a `load_all`?"
    assert line in step_of(facts, **told)
    assert line not in step_of(facts, **{**told, "requests": (Request(1, "yes, add it"),)})
    assert line not in step_of(facts, **told, state="answered")
    assert line not in step_of(facts, **told, amid=Request(1, "add rows"))  # the agent was at it


def test_a_name_that_was_sought_in_vain_is_told_where_a_search_before_found_it(facts):
    found = "names.py:4: # MAIN_BRANCH is the branch of the rows\nnames.py:5: MAIN_BRANCH = 'rows'"
    searched = (("^MAIN_BRANCH", "nothing in shop/store"), ("MAIN_BRANCH", found))
    story = story_of(state="progress", requests=(Request(1, "use the constant"),), searched=searched)
    last = story_of(story, happened=("searched ^MAIN_BRANCH in shop/store \u2192 No matches found",))
    told = next_action(facts.replace(story=last)).text
    assert "`MAIN_BRANCH` is not where it was sought last; it stands at `names.py:5: MAIN_BRANCH = 'rows'`" in told
    later = story_of(story, happened=("edited store.py",))
    assert "sought" not in next_action(facts.replace(story=later)).text


def test_the_files_of_the_step_at_hand_that_are_not_edited_yet_are_told(facts):
    story = story_of(
        state="progress",
        requests=(Request(1, "move the check"),),
        about="Now let me update queue.py and worker.py.",
        started=True,
        after="edited queue.py",
        not_edited=("worker.py",),
    )
    assert (
        "Since then it edited queue.py. Not edited since: `worker.py`" in next_action(facts.replace(story=story)).text
    )


@pytest.mark.parametrize(
    ("latest", "fields", "on"),
    [
        (Request(2, "never write below raw, do it in SQL", refuses="cp a raw/b"), {"acted": True}, True),
        (Request(2, "no locks, and put the note back", refuses="sed -i s/a/b/ c.py"), {"acted": True}, True),
        (Request(2, "no locks, and put the note back", refuses=A_PLAN), {"acted": True}, False),
        (Request(2, "btw the payouts job calls it too, so don't let it see the request"), {"about": "x"}, False),
        (
            Request(2, "btw the payouts job calls it too, so don't let it see the request"),
            {"task": Task(reply="Good to know: the payouts job has no request, so that holds.")},
            True,
        ),
        (Request(2, "btw add a column for the payouts job"), {"acted": True}, False),
        (Request(2, "rename the payouts job"), {"acted": True}, False),
    ],
)
def test_what_only_limits_the_work_is_kept_to_and_not_to_be_finished_once_the_agent_heard_it(facts, latest, fields, on):
    text = step_of(facts, requests=(Request(1, "make it idempotent"), latest), state="progress", **fields)
    assert ("Go on with the work at hand, keeping to the user's latest words" in text) is on
    assert ("Finish the user's latest request" in text) is not on


def test_what_is_only_looked_into_is_proved_by_no_check(facts):
    told = {
        "requests": (Request(1, "look whether it is to be fixed here and fix it"),),
        "checks": (Check("pytest -q", "ok"),),
    }
    look = "Let me check what the comment is about, it is the change of our request."
    assert "Prove it" not in step_of(facts, **told, about=look)
    assert "Prove it with `pytest -q`." in step_of(facts, **told, about="Let me change the lock.")


def test_what_was_looked_at_amid_a_to_do_comes_before_it(facts):
    todos = (Todo("Check the overlap", "in_progress"),)
    step = Step(about="Let me check the package.", looked="Let me check the package.", started=True, after="read a.py")
    fields = {"requests": (Request(1, "fix it"),), "state": "progress", "todos": todos, "happened": ("read a.py",)}
    text = next_action(facts.replace(story=story_of(step=step, **fields))).text
    assert text.index("Go on from what was looked at last") < text.index("Check the overlap")


@pytest.mark.parametrize(
    "words",
    [
        "please do not summarize what you did at the end of every turn.",
        "Run docker compose up with the new image and see that it starts.",
        "The draft proposal of the vendor in the folder has wrong dates.",
        "you don't need to summarize what was said in the mails of this week.",
    ],
)
def test_what_is_not_ordered_to_be_written_is_not_what_a_request_wants(facts, words):
    long = f"{'The worker of the shop has its own image now, and the old one is gone. ' * 4}{words}"
    assert "wants in the end" not in (step_of(facts, requests=(Request(1, long),)) or "")


def test_of_a_long_request_of_which_only_scraps_would_be_left_its_beginning_stands(facts):
    asks = "\n\n".join(f"## Part {n}\n\nVerifique:\n\n- a taxa {n}\n- não some a loja {n}" for n in range(1, 12))
    text = f"corrigir a soma das lojas no caixa do dia\n\n{asks}\n\nMust stay: the table. Never read it twice."
    story = extract(told(("user", text), ("assistant", "Vou ler o caixa."), commands=(ran("cat a.py", position=90),)))
    assert (
        "corrigir a soma das lojas no caixa do dia \u2026 (it stands below)"
        in next_action(facts.replace(story=story)).text
    )


def test_that_the_agent_stopped_at_its_own_last_edit_comes_before_the_check_of_it(facts):
    told = {"requests": (Request(1, "empty it"),), "unchecked": ("/p/a.py",), "checks": (Check("pytest", "ok"),)}
    step = step_of(facts, **told, doubt="Wait, `drop_rows` only hides them.")
    assert step.startswith("See to the last edit first, the agent stopped at it: Wait, drop_rows only hides them.\n")
    assert step_of(facts, **told).startswith("Run `pytest`")


def test_beside_a_question_stands_that_what_was_ordered_was_not_edited_yet(facts):
    told = {"requests": (Request(1, "drop the flush in `load`"),), "question": "Shall I add a test as well?"}
    line = "Nothing was edited yet for the user's latest request, which stands below."
    assert line in step_of(facts, **told, state="answered")
    assert line not in step_of(facts, **told, state="answered", made=("load.py",))
    assert line not in step_of(facts, **{**told, "requests": (Request(1, "why is it slow?"),)}, state="answered")
