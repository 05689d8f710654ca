"""What the goal tells of the requests, and how much of each always stands."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit, FileTouch
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.facts import Finding, Made, Request, Task
from handoff_cli.documents.extract.requests.accounts import CLOSED
from handoff_cli.documents.parts.goal import goal
from handoff_cli.documents.parts.pieces import FINDINGS, GOAL, MUST, SOON
from handoff_cli.documents.parts.story import pieces_of_story
from tests.documents.sessions import story_of, told


def test_the_account_of_a_compaction_always_tells_what_the_work_is_for_where_the_first_request_does_not():
    asked = (Request(1, "how does it count?", position=1), Request(2, "yes", position=9))
    for old in (True, False):
        story = story_of(requests=asked, goal="Make the ids stable across midnight.", first_is_old=old)
        (told,) = [it for it in pieces_of_story(story) if it.block.startswith("What the work is for")]
        assert (told.orders[0] == MUST) is old


def test_what_an_account_says_that_finished_work_was_for_is_told_as_that_and_late_where_a_commit_tells_it():
    points = (Finding("Root cause: no lock → Fix: a lock", CLOSED),)
    asked = (Request(1, "commit this", bare=True), Request(2, "is the review right?"))
    for account, work, lead, early in (
        (points, "Mend the lock", "What the work was for, by the agent's account at its last compaction, when", False),
        (points, "", "What the work was for, by the agent's account at its last compaction, when", True),
        ((), "Mend the lock", "What the work is for, by the agent's account at its last compaction [", True),
    ):
        story = story_of(requests=asked, goal="Find why the lock is lost.", account=account, work=work or None)
        (piece,) = [it for it in goal(story) if it.block.startswith(lead)]
        assert (piece.orders[0] == MUST) is early


def test_the_request_that_a_word_to_go_on_belongs_to_is_always_told():
    """A commit that was made tells by itself what it was about: then the request stands in the story."""
    said = (("user", "Compare the two"), ("assistant", "The second."), ("user", "Move the website to the second"))
    said = (*said, ("assistant", "The scaffold stands."))

    def parts_with(*more):
        pieces = pieces_of_story(extract(told(*said, *more)))
        return {it.part for it in pieces if any("Move the website" in form for form in it.forms)}

    assert GOAL in parts_with(("user", "continue"), ("assistant", "All pages are moved."))
    assert parts_with(("user", "commit"), ("assistant", "Committed.")) == {FINDINGS}


def test_what_was_agreed_to_is_told_shortly_once_it_is_done():
    offer = "\n".join(f"{n}. Move reader {n} of the import to the new folder and run its tests." for n in range(1, 12))
    said = (("user", "Move the readers"), ("assistant", f"{offer}\nShall I go on?"), ("user", "go ahead"))

    def first_form(*more):
        pieces = pieces_of_story(extract(told(*said, *more)))
        return next(it.forms[0] for it in pieces if "these words of the agent's" in it.block)

    assert len(first_form()) * 2 > 3 * len(first_form(("assistant", "All readers are moved.")))


def test_a_commit_tells_what_the_work_is_at_once_only_where_the_first_request_does_not():
    orders = {}
    for first in ("Make the import faster", "commit"):
        requests = (Request(1, first, bare=first == "commit"), Request(2, "push", bare=True))
        pieces = pieces_of_story(story_of(requests=requests, work="Read the rows by pages"))
        orders[first] = next(it.orders[0] for it in pieces if it.block.startswith("What the work is, by"))
    assert orders["commit"] == MUST < orders["Make the import faster"]


def test_a_plan_handed_over_grows_before_all_that_has_a_share_of_the_room():
    """Every item of a step is what is to be done; of other requests the outline does."""
    steps = "\n".join(
        f"## Step {n}\nWrite the tests of reader {n}, which cover:\n"
        + "\n".join(f"- what reader {n} does with page {page} of a list" for page in range(1, 9))
        for n in range(1, 6)
    )

    def grown(text):
        pieces = goal(story_of(requests=(Request(1, text, position=1),)))
        (latest,) = [it for it in pieces if it.block == "The latest request:"]
        return [form for order, form in zip(latest.orders, latest.forms, strict=True) if order < 0][-1]

    plan = f"Implement the following plan:\n{steps}"
    assert grown(plan).count("- what reader") >= 35
    assert grown(plan.replace("## Step", "Step")).count("- what reader") <= 27


def test_of_what_a_reply_in_words_of_its_own_came_after_a_few_lines_stand_and_the_rest_is_found_below():
    text = "Since the page is old, look here.\n" + "\n".join(
        f"Line {n} tells of a page that is old." for n in range(90)
    )
    reply = "I get this error: Uncaught ReferenceError, shopcart is not defined"
    for last, least, most in ((reply, 300, 800), ("yes, do that", 2_000, 9_000)):
        story = story_of(requests=(Request(1, "mend it"), Request(2, last)), referent=text)
        (piece,) = (it for it in pieces_of_story(story) if "words of the agent's" in it.block)
        assert least < len(piece.forms[-1]) < most


def test_a_request_that_came_amid_the_work_answers_no_announcement():
    asked = (Request(1, "use results", position=10), Request(2, "put audit first, it must throw", position=30))
    labels = [
        [it.block for it in pieces_of_story(story_of(requests=asked, referent="Going on with audit.", amid=amid))]
        for amid in (None, asked[0])
    ]
    assert [any("answers these words" in it for it in these) for these in labels] == [True, False]


@pytest.mark.parametrize(("chars", "whole"), [(600, True), (900, False)])
def test_a_first_request_that_is_not_long_stands_whole_at_once(chars, whole):
    text = f"The queue hangs. {'It has many readers. ' * (chars // 21)}First the smallest fix, then no call in a lock."
    story = extract(
        told(("user", text), ("assistant", "So."), ("user", "go on with that, and tell me"), ("assistant", "x"))
    )
    (first,) = [it for it in goal(story) if it.block.startswith("The user's first request")]
    assert (first.forms[0] == text) is whole


@pytest.mark.parametrize(
    ("then", "chars"), [("okay proceed, but mind the other queue", 1_100), ("sort the queue", 700)]
)
def test_a_long_first_request_of_which_all_else_lets_the_work_go_on_stands_in_more_words(then, chars):
    text = "\n\n".join(
        f"The rule {n} of the queue has to hold in shop {n} of the {n * 7} that there are." for n in range(60)
    )
    story = extract(told(("user", text), ("assistant", "I would keep rule 3."), ("user", then)))
    (first,) = [it for it in goal(story) if it.block.startswith("The user's first request")]
    assert chars - 120 < len(first.forms[1]) <= chars + 60


def test_the_words_of_a_first_request_stand_whole_in_a_long_session_too_with_a_little_of_what_was_pasted():
    """Its rules hold on however much was asked since."""
    words = (
        "The app dies at its start. Get it running again. Log:",
        "Don't touch ios, and yarn only. " + "Be quick. " * 20,
    )
    log = "\n".join(
        f"E 09:31:40.{number} Runtime: could not load libflags{number}.so of the app" for number in range(20)
    )
    first = Request(1, f"{words[0]}\n\n```\n{log}\n```\n\n{words[1].strip()}")
    story = story_of(requests=(first, *(Request(n, f"now the {n}th") for n in range(2, 14))), state="progress")
    (piece,) = (it for it in goal(story) if it.block.startswith("The user's first request"))
    assert words[0] in piece.forms[0]
    assert words[1].strip() in piece.forms[0]
    assert "libflags" in piece.forms[0]
    assert len(piece.forms[0]) < 600


def test_a_first_request_that_is_done_stands_by_its_first_words_without_what_was_pasted():
    first = Request(1, "why does it stop?\n\n```\n12:01 read 4\n12:02 read 9\n```\nplease mend it")
    requests = (first, Request(2, "now the export, by day"), Request(3, "and a test for an empty day"))
    story = story_of(requests=requests, state="progress", of_first=Made("1a2b3c4", "Mend it"))
    (piece,) = (it for it in pieces_of_story(story) if it.block.startswith("The user's first request"))
    assert piece.forms[0] == "why does it stop? please mend it"


def test_a_first_request_that_is_done_keeps_the_rules_that_are_listed_in_it():
    rules = "Ground rules:\n- a test comes first\n- prod has 38M rows: nothing that locks\n- bin/rspec green"
    first = Request(1, f"The list of orders takes 6 s. Find out why. {rules}")
    requests = (first, Request(2, "now the export, by day"), Request(3, "and a test for an empty day"))
    story = story_of(requests=requests, state="progress", of_first=Made("1a2b3c4", "Mend it"))
    (piece,) = (it for it in pieces_of_story(story) if it.block.startswith("The user's first request"))
    assert piece.forms[0].startswith("The list of orders takes 6 s. Find out why.")
    assert "38M rows: nothing that locks - bin/rspec green" in piece.forms[0]


def test_a_first_request_with_a_commit_is_the_goal_yet_where_others_only_choose_correct_and_bind():
    first = Request(1, "Make the import safe to repeat. " + "Rows come twice where the line breaks. " * 12)
    others = (Request(2, "2, but keep the old flag", meant="a table"), Request(3, "the flag must stay", rule=True))
    requests = (first, *others, Request(4, "no, don't add a package"))
    story = story_of(requests=requests, state="progress", of_first=Made("1a2b3c4", "Add the table"))
    (piece,) = (it for it in pieces_of_story(story) if it.block.startswith("The user's first request"))
    assert "commit followed" not in piece.block
    assert len(piece.forms[0]) > 250


def test_a_longer_reply_to_a_question_or_a_proposal_stands_with_a_few_lines_of_it():
    """It says in its own words what counts, and takes for granted what it answers: ids, tables, names."""
    offer = "\n".join(
        f"- Freeze rf_{n} of the {n}. day, which the ledger has and the report has not." for n in range(30)
    )
    reply = "freeze. " + "the frozen days come from a file that we commit, not from the mart, it is replaced " * 2
    for end in ("I'd go for the freeze.", "Shall I freeze them?"):
        story = extract(told(("user", "Find the gap"), ("assistant", f"{offer}\n{end}"), ("user", reply)))
        (piece,) = (it for it in pieces_of_story(story) if "answers these words of the agent's" in it.block)
        assert piece.orders[0] == MUST
        assert end in piece.forms[0]
        assert 500 < len(piece.forms[0]) < 800 < len(piece.forms[1])
    told_only = extract(told(("user", "Find the gap"), ("assistant", f"{offer}\nThat is all."), ("user", reply)))
    assert told_only.referent is None


def test_a_longer_request_that_only_takes_up_words_came_after_what_asked_and_proposed_nothing():
    said = "The notes give these items. So the item at hand is: draft a demo scenario of the platform for the client."
    latest = "open the analytics tab of the platform to see what it can do, there is a need for a demo scenario of 8 minutes at most for it"
    story = extract(told(("user", "Sum up the notes"), ("assistant", said), ("user", latest)))
    blocks = [it.block for it in pieces_of_story(story) if "these words of the agent's" in it.block]
    assert blocks == ["The latest request came after these words of the agent's:"]


def test_a_question_asked_on_stands_with_an_outline_of_the_answer_before_it_until_files_are_edited():
    both = "**What both do:**\n- Read `rates.csv` line by line\n- Sort the shops by name\n\n"
    answer = f"Here is how the two importers differ:\n\n{both}**What the old one does besides:**\n" + "\n".join(
        f"- Step {n} of the old importer, which the new one leaves to the table of shops" for n in range(12)
    )
    latest = (
        "how can the old importer sort the shops at all, if the table of shops is only read after the lines of rates?"
    )
    asked = told(("user", "compare the importers"), ("assistant", f"{answer}\n\nBoth are needed."), ("user", latest))
    (piece,) = (it for it in pieces_of_story(extract(asked)) if "these words of the agent's" in it.block)
    assert piece.orders[0] == MUST
    assert "**What the old one does besides:**\n- Step 0" in piece.forms[0]
    assert len(piece.forms[0]) < 700 < len(piece.forms[1])
    order = "Great, thanks. Now please sort the shops of the old importer by the table of shops, and keep the lines of rates, ok?"
    assert (
        extract(asked.replace(messages=(*asked.messages[:-1], asked.messages[-1].replace(text=order)))).referent is None
    )
    edited = asked.replace(edits=(Edit("/p/rates.py", asked.messages[-1].position + 1, "modified", "a", "b"),))
    assert extract(edited).referent is None


def test_ways_that_the_agent_laid_out_stand_soon_with_a_question_that_goes_on_from_them():
    steps = "\n".join(f"- Set `lock_{n}` in the settings of the importer to its file" for n in range(6))
    ways = "\n".join(f"{{}} {n}: another lock\n{steps}" for n in "123")
    latest = "the importer broke its lock again, how do I set another one in the settings of the importer for good?"
    for word, soon in (("Option", True), ("Lock", False)):
        said = ("assistant", f"The importer has no lock.\n\n{ways.replace('{}', word)}\n\nBoth read it.")
        pieces = pieces_of_story(extract(told(("user", "mend the importer"), said, ("user", latest))))
        (piece,) = (it for it in pieces if "these words of the agent's" in it.block)
        assert (SOON in piece.orders) is soon


def test_a_no_that_ends_by_letting_the_agent_go_on_answers_and_turns_nothing_down():
    for reply, relation in (("no ticket, just a TODO. ok go", "answers"), ("no, don't do it", "turns down")):
        story = extract(told(("user", "Mend it"), ("assistant", "I leave a TODO. Is there a ticket?"), ("user", reply)))
        assert any(f"{relation} these words" in it.block for it in pieces_of_story(story)), reply


def test_words_that_say_there_is_no_objection_turn_nothing_down():
    replies = (
        ("no objection. but the filter per sample", "answers"),
        ("no. it clicks", "turns down"),
        ("one more question, how could it be late at all?", "questions"),
    )
    for reply, label in replies:
        talk = (("user", "make it faster"), ("assistant", "A gate-off comes up to 0.3 ms late. Objection?"))
        pieces = list(goal(extract(told(*talk, ("user", reply)))))
        assert any(it.block.startswith(f"The latest request {label} these words") for it in pieces), reply


def test_a_longer_reply_that_begins_with_an_option_answers_the_options():
    options = "Yes.\n\n- **a)** one key.\n- **b)** a key per user, then delete the old.\n\nc is out, since two tabs overwrite."
    reply = "b, but keep the old key for now (people switch back to the old build on friday), and everyone gets a copy"
    talk = (("user", "what are the options"), ("assistant", options), ("user", reply))
    pieces = list(goal(extract(told(*talk))))
    assert any("a key per user" in it.forms[-1] for it in pieces if it.block.startswith("The latest request answers"))


def test_a_first_request_whose_ticket_was_committed_is_no_goal_once_the_work_is_of_another():
    """What it limits stands all the same: it was said for all that follows."""
    first = Request(
        1, f"#212: the import got slow{', find the cause' * 20}. house rules for everything: never push", rule=True
    )
    later = [Request(number, f"do the {number}th thing now", position=number * 10) for number in (2, 3, 4)]
    commits = (Made("0fa3d18", "write v3 (#198)", "feat/198-v3"), Made("6d1fa07", "flush once (#212)"))
    for branch, over in (("feat/198-v3", True), ("fix/212-slow", False)):
        story = story_of(requests=(first, *later), state="progress", commits=commits, task=Task(branch=branch))
        (piece,) = (it for it in goal(story) if it.block.startswith("The user's first request"))
        assert ("(a commit followed: 6d1fa07)" in piece.block) is over
        assert (len(piece.forms[0]) < 260) is over
        assert "never push" in piece.forms[0]


def test_words_that_themselves_tell_that_a_file_is_gone_are_not_overtaken_by_that():
    requests = (Request(1, "mend it"), Request(2, "yes"))
    files = (FileTouch("/p/web/use_move.ts", "deleted", 1),)
    for words, over in (("`use_move.ts` keeps the lock. Go on?", True), ("`use_move.ts` is deleted. Go on?", False)):
        pieces = goal(story_of(requests=requests, referent=words, files=files))
        assert any("overtaken since" in it.block for it in pieces) is over


def test_of_what_did_not_come_to_be_little_is_told():
    plan = "\n".join(
        f"{n}. Move the part {n} of the rows to `rows.ts`, which knows nothing of the others" for n in range(1, 9)
    )
    requests = (Request(1, "mend it"), Request(2, "yes"))
    sizes = []
    for action in ("deleted", "modified"):
        files = (FileTouch("/p/web/rows.ts", action, 1),)
        told = f"Here is the plan:\n\n{plan}\n\nShall I?"
        (piece,) = (it for it in goal(story_of(requests=requests, referent=told, files=files)) if "answers" in it.block)
        sizes.append(len(piece.forms[0]))
    assert sizes[0] * 3 < sizes[1] * 2


def test_of_options_only_those_stand_at_once_that_the_latest_request_takes_by_their_labels():
    text = "For the file:\n\n1. A cursor on the server\n2. `copy` passed through\n3. At night\n\nI'd do 1."
    for reply, shown in (("1. no float please", "1: A cursor on the server"), ("looks slow to me, why?", None)):
        requests = (Request(1, "export it"), Request(2, reply))
        (piece,) = (it for it in goal(story_of(requests=requests, referent=text)) if "words of the agent's" in it.block)
        assert (piece.forms[0] == shown) is bool(shown)
        assert "At night" in piece.forms[-1]


def test_a_first_request_of_a_log_that_begins_amid_the_work_says_so():
    requests = (
        Request(1, "let's go back to the current code", position=1),
        Request(2, "one more question", position=9),
    )
    labels = [it.block for it in goal(story_of(requests=requests, begins_amid=True))]
    assert "The user's first request here (the log begins amid the work):" in labels


FIX = "An easy fix, by date:\n\n```python\ndef latest(names):\n    return sorted(names)[-1]\n```\n\nShall I add it?"


def code_told(reply, **fields):
    """The code of a proposal that stands with the goal, and the code told among what the agent said."""
    pieces = pieces_of_story(
        extract(told(("user", "Does it pick the right one?"), ("assistant", FIX), reply, **fields))
    )
    return tuple(
        [it.forms[0] for it in pieces if it.block.startswith(block)] for block in ("Code in them", "The agent's code")
    )


def test_the_code_that_the_latest_request_agrees_to_stands_with_it_until_an_edit_has_it():
    shown = "def latest(names):\n    return sorted(names)[-1]"
    assert code_told(("user", "yes, let's add this")) == ([shown], [])
    assert code_told(("user", "no, why by date?"))[0] == []
    edit = Edit("/p/a.py", 35, "modified", "a", shown)
    assert code_told(("user", "yes, let's add this"), edits=(edit,)) == ([], [])


@pytest.mark.parametrize(
    ("reply", "answers"),
    [
        ("what about edge cases and error handling?", True),
        ("update phase 4.1 document", True),
        ("write it down in NOTES.md", True),
        ("mise run build is failing", False),
    ],
)
def test_a_short_word_on_what_was_said_last_stands_with_that(reply, answers):
    design = "The cursor is kept per file. " * 30
    story = extract(told(("user", "Design the sync"), ("assistant", design), ("user", reply)))
    assert bool(story.referent) is answers


def test_a_request_for_which_the_user_stopped_the_agent_says_so():
    """Nothing came between; words that were queued stopped nobody."""
    said = (
        ("user", "mend the lease"),
        ("assistant", "I'd change handover.go next."),
        ("user", "is it ours? look first"),
    )
    for at, stopped in ((0, False), (15, False), (20, True), (25, True)):
        assert extract(told(*said, stops=(at,))).breaks_off is stopped
    asked = (Request(1, "mend the lease"), Request(2, "is it ours? look first"))
    labels = [
        it.block for it in goal(story_of(requests=asked, referent="I'd change handover.go next.", breaks_off=True))
    ]
    assert any(it.startswith("The latest request stopped the agent and ") for it in labels)


def test_of_what_is_to_be_committed_as_it_is_less_stands_for_certain_than_of_what_is_agreed_to():
    said = "All done.\n\n" + "\n".join(f"- `part_{n}.py`: it reads the rows of kind {n} now" for n in range(60))

    def certain(words):
        story = story_of(requests=(Request(1, "go"), Request(2, words, bare=True)), referent=said, state="progress")
        (piece,) = (it for it in pieces_of_story(story) if "these words of the agent's" in it.block)
        return len([form for order, form in zip(piece.orders, piece.forms, strict=True) if order < 0][-1])

    assert certain("commit this and push") * 3 < certain("go on") * 2


ACCOUNT = """Done, all tests pass.

## Summary

The clock moved to its own package.

### Changes Made

1. **`clock.py`**
   - Added `now()` for the callers
   - Added an import of time

   - Left `sleep()` as it is, because the timer still needs it
2. **`timer.py`**
   - Removed its own `now()` for good

### Why This is Better

- The clock has one owner
- Tests can stop the time"""


def of_account(request: str, account: str = ACCOUNT, *edits: Edit) -> str:
    """What the goal tells of the agent's ``account`` where ``request`` comes after it."""
    transcript = told(("user", "Move the clock"), ("assistant", account), ("user", request), edits=edits)
    forms = (it.forms for it in pieces_of_story(extract(transcript)) if "these words of the agent's" in it.block)
    return next(iter(forms))[0]


CHANGED = Edit("/p/clock.py", 15, "modified", "def tick():\n    pass", "def tick():\n    return now()")


def test_of_what_was_changed_an_account_tells_the_first_of_each_list_and_why() -> None:
    shown = of_account("should we move it for the timer too?", ACCOUNT, CHANGED)
    assert "Added now() for the callers …" in shown.replace("`", "")
    assert "import of time" not in shown
    for kept in ("because the timer still needs it", "Removed its own", "one owner", "can stop the time"):
        assert kept in shown


def test_an_account_stands_whole_where_no_edit_tells_its_changes_or_the_request_takes_them_as_they_are() -> None:
    assert "import of time" in of_account("should we move it for the timer too?")
    for request in ("commit this", "no, that is wrong", "what about 1?"):
        assert "import of time" in of_account(request, ACCOUNT, CHANGED)


def test_what_stands_below_a_bold_heading_of_changes_ends_with_its_list() -> None:
    account = "Done.\n**Changes**:\n- `clock.py`: one\n- `clock.py`: two\n\nStill to say:\n- The first open thing\n- The second thing"
    shown = of_account("should we move it for the timer too?", account, CHANGED)
    assert "two" not in shown
    assert "The second thing" in shown


def test_what_no_edit_tells_and_what_the_request_is_about_stay_in_the_list_of_changes() -> None:
    """What was done outside of the files stands nowhere else."""
    account = (
        "Done.\n**Changes**:\n- `clock.py`: the first tick\n- `clock.py`: dropped the lock of the printer\n"
        "- `clock.py`: sorted the imports\n- the job on host9 was stopped by hand"
    )
    shown = of_account("should we put the printer's lock back?", account, CHANGED)
    assert "dropped the lock of the printer" in shown
    assert "the job on host9 was stopped by hand" in shown
    assert "sorted the imports" not in shown


def test_the_latest_request_stands_in_more_characters_before_old_requests() -> None:
    long = "\n\n".join(f"The till {n} reads the rates and adds up the shops of the day." for n in range(60))
    (piece,) = (it for it in goal(extract(told(("user", long)))) if it.block == "The latest request:")
    assert MUST < piece.orders[1] < -0.9
    assert len(piece.forms[0]) < 800 < len(piece.forms[1])


def test_an_option_that_only_says_what_is_to_be_done_with_what_stands_above_takes_that_with_it():
    found = "\n".join(
        f"- The flue of kiln {number} is shut: {'it smokes, ' * 4}see flue_{number}.py" for number in range(9)
    )
    text = f"{found}\n\nWhat should I do?\n\n1. FIRST\n2. Show one of the flues"
    requests = (Request(1, "look at the kilns"), Request(2, "1"))
    for option, whole in (("Mend them", True), ("Mend the door", False)):
        told = text.replace("FIRST", option)
        (piece,) = (it for it in goal(story_of(requests=requests, referent=told)) if "words of the agent's" in it.block)
        assert (piece.forms[0] == f"1: {option}") is not whole
        assert all(f"flue_{number}.py" in piece.forms[1] for number in range(9)) is whole


def test_the_first_of_a_few_requests_is_told_whole_before_what_parts_have_shares_of():
    text = "show me the way first and then what changes where, and so on for all of the ovens that we have " * 15
    asked = (Request(1, text, position=1), Request(2, "how warm is it?", position=9))
    (piece,) = (it for it in goal(story_of(requests=asked)) if it.block.startswith("The user's first request"))
    assert [form.strip() for order, form in zip(piece.orders, piece.forms, strict=True) if order < 0][
        -1
    ] == text.strip()
