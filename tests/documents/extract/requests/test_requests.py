"""What the user asked for, what became of it, and what a short reply means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.core.transcript import Answer, Commit, Edit, FileTouch, Message, Todo, ToolCall
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.facts import Task
from handoff_cli.documents.extract.language.agreements import is_bare
from handoff_cli.documents.extract.requests.referents import condensed, gist, refers, says_itself
from handoff_cli.documents.extract.requests.requests import requests_of
from handoff_cli.documents.parts.pieces import GOAL, written
from handoff_cli.documents.parts.story import pieces_of_story
from tests.documents.sessions import ran, told


def test_a_reply_that_says_what_was_offered_answers_it_and_so_does_one_to_a_question_in_chinese():
    offer = "我可以新增这 19 个接口。\n请回复 “全部实现” 或 “先实现前三个”。"
    other = "我读了文件。你希望怎么继续？"
    for said, reply, answers in ((offer, "全部实现", True), (offer, "只写说明", False), (other, "只写说明", True)):
        assert refers(reply, said) == answers


def test_requests_stand_word_for_word_in_their_order():
    story = extract(told(("user", "Make  it\nfast"), ("assistant", "ok"), ("user", "Ship\tit")))
    assert [(it.number, it.text) for it in story.requests] == [(1, "Make  it\nfast"), (2, "Ship\tit")]


def test_a_request_in_between_that_binds_or_corrects_is_a_rule():
    texts = ("do not begin", "add a column", "no, use the other table", "don’t touch the schema", "always go on")
    story = extract(told(*(("user", text) for text in texts)))
    assert [it.text for it in story.requests if it.rule] == ["no, use the other table", "don’t touch the schema"]


def test_a_bare_command_that_nobody_answered_is_the_programs_and_no_request():
    said = (("user", "/mode"), ("user", "port the list to themes"), ("user", "/gate"), ("assistant", "The gate holds."))
    assert [it.text for it in requests_of(told(*said))] == ["port the list to themes", "/gate"]
    called = told(*said, tool_calls=(ToolCall("1", "Read", "a", 15),))
    assert requests_of(called)[0].text == "/mode"
    assert [it.text for it in requests_of(told(*said[:1]))] == ["/mode"]


def test_what_was_sent_again_with_more_before_anybody_answered_is_one_request():
    begun = "port the list to the new themes"
    said = (("user", begun), ("user", f"{begun} and show both"), ("assistant", "Done."))
    assert [it.text for it in requests_of(told(*said))] == [f"{begun} and show both"]
    answered = (("user", begun), ("assistant", "Done."), ("user", f"{begun} and show both"))
    assert len(requests_of(told(*answered))) == 2


def test_what_is_said_again_is_listed_once_and_the_latest_stays_the_latest():
    story = extract(told(*(("user", text) for text in ("go on", "try", "go  on", "try"))))
    assert [(it.text, it.times) for it in story.requests] == [("go on", 2), ("try", 2)]


def test_an_open_question_is_the_last_thing_the_agent_said():
    asked = ("assistant", "Both work.\n\n**Which one?**")
    assert extract(told(("user", "x"), asked)).question == "Which one?"
    assert extract(told(("user", "x"), asked, ("user", "the first"))).question is None
    assert extract(told(("user", "x"), asked, tool_calls=(ToolCall("1", "Read", "a", 99),))).question is None


def test_the_users_answers_to_questions_are_kept_the_latest_first():
    answers = (Answer("Which table?", "prices"), Answer("Threads?", "no"))
    assert extract(told(("user", "x"), answers=answers)).answers == answers[::-1]


def test_what_the_user_chose_in_a_dialog_is_the_latest_request_and_belongs_to_the_one_before():
    asking = ToolCall("1", "AskUserQuestion", "{}", 32, None, "ok")
    chosen = Answer("The plan is ready. What next?", "Review it", 35)
    plan = ("user", "Plan how the import refuses to run twice, and tell me what it takes")
    said = (("user", "Write down what the import does"), ("assistant", "Done."), plan)
    story = extract(told(*said, tool_calls=(asking,), answers=(chosen,)))
    latest = story.requests[-1]
    assert (latest.text, latest.question) == ("Review it", "The plan is ready. What next?")
    assert story.referent == chosen.question
    assert story.part_of
    assert story.part_of.text == plan[1]
    chosen = [(piece, piece.forms[-1]) for piece in pieces_of_story(story)]
    assert f"The request that the latest one belongs to:\n\n```\n{plan[1]}" in written(GOAL, chosen)
    assert sum(plan[1] in form for _, form in chosen) == 1


def test_several_answers_at_once_are_told_each_with_its_question():
    answers = (Answer("Which table?", "prices", 15), Answer("Threads?", "no", 15))
    latest = extract(told(("user", "x"), answers=answers)).requests[-1]
    assert latest.text == "Which table? → prices\nThreads? → no"


def test_a_first_question_that_nothing_said_now_is_about_is_no_goal():
    question = ("user", "can you tell me when the warning about sessions is shown?")
    many = [("user", f"change thing number {number} of the import") for number in range(3)]
    edit = Edit("/p/a.py", 25, "modified", "a", "b")
    assert extract(told(question, *many, edits=(edit,))).first_is_old
    assert not extract(told(question, many[0])).first_is_old
    assert not extract(told(question, *many, edits=(edit.replace(position=15),))).first_is_old
    assert not extract(told(("user", "make it fast"), *many, edits=(edit,))).first_is_old
    assert not extract(told(question, *many, ("user", "so the warning of sessions is gone?"))).first_is_old
    assert extract(told(("user", "show tools"), many[0])).first_is_old


def test_a_first_request_behind_an_earlier_compaction_is_no_goal_where_the_account_tells_it():
    account = Message(
        "assistant", "## Primary Request and Intent\nMake the import refuse to run twice, exit code 3.", 5
    )
    said = (("user", "push it"), ("assistant", "Done."), ("user", "now the export"))
    assert extract(told(*said, summaries=(account,))).first_is_old
    assert not extract(told(*said, summaries=(account.replace(position=15),))).first_is_old


def test_lists_go_over_and_commits_the_latest_first():
    transcript = told(
        ("user", "x"),
        todos=(Todo("a", "pending"),),
        commits=(Commit("1", "one"), Commit("2", "two")),
        files=(FileTouch("a.py", "created", 1),),
    )
    story = extract(transcript)
    assert (story.left.todos, story.changed.files) == (transcript.todos, transcript.files)
    assert [it.subject for it in story.changed.commits] == ["two", "one"]


def test_nothing_gives_nothing():
    story = extract(told())
    assert not any(value for name, value in story.to_dict().items() if name not in ("state", "task"))
    assert story.task == Task()
    assert story.state == "nothing"


@given(st.lists(st.tuples(st.sampled_from(["user", "assistant"]), st.text(max_size=30)), max_size=8))
def test_every_request_is_there_whatever_was_said(messages):
    story = extract(told(*messages))
    kept = {" ".join(it.text.split()) for it in story.requests}
    said = {" ".join(text.split()) for role, text in messages if role == "user"}
    assert kept <= said
    assert all(len(text) < 20 for text in said - kept)  # go-aheads


def test_what_a_program_wrote_in_the_users_place_is_no_request():
    said = (
        "fix it",
        "[Request interrupted by user for tool use]",
        "<local-command-stdout>Bye!</local-command-stdout>",
        "go on",
    )
    assert [it.text for it in extract(told(*(("user", text) for text in said))).requests] == ["fix it", "go on"]


def test_a_plain_go_ahead_in_between_is_no_request():
    bare = (
        "yes, go ahead",
        "ok",
        "good to know. go on",
        "Ja, mach weiter",
        "vale, sigue",
        "\u597d\u7684\uff0c\u7ee7\u7eed",
    )
    story = extract(told(*(("user", text) for text in ("fix it", *bare, "use the index", "continue"))))
    assert [it.text for it in story.requests] == ["fix it", "use the index", "continue"]


OPTIONS = (
    "I see three ways:\n\n1. Threads: fast but hard\n2. COPY: one statement for all rows\n3. Leave it\n\nWhich one?"
)


def test_a_short_reply_has_the_words_it_answers_and_its_item_in_a_line():
    story = extract(told(("user", "make it fast"), ("assistant", OPTIONS), ("user", "let's try 2")))
    assert "2. COPY: one statement for all rows" in story.referent
    assert story.gist == "COPY: one statement for all rows"


def test_an_earlier_short_reply_keeps_what_it_chose():
    said = (
        ("user", "make it fast"),
        ("assistant", OPTIONS),
        ("user", "2 please"),
        ("assistant", "Ok."),
        ("user", "ship"),
    )
    assert [it.meant for it in extract(told(*said)).requests] == ["", "COPY: one statement for all rows", ""]


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        ("yes", "Done."),
        ("commit this", "Done."),
        ("do 2", "1. a\n2. b"),
        ("use the cursor table", "The cursor of the table is shared."),
        ("rows", "Rows or pages?"),
    ],
)
def test_what_a_reply_refers_to(reply, text):
    assert refers(reply, text)
    assert not refers("set the limit to 90", "Nothing to see.")


def test_a_yes_has_the_proposal_and_the_question():
    said = "It is slow.\n\n## Best solution: use COPY\n\nIt is one statement.\n\nWant me to implement this?"
    assert gist(said, "yes") == "Best solution: use COPY / Want me to implement this?"


@pytest.mark.parametrize("reply", ["2", "option B please"])
def test_an_item_is_named_by_its_number_and_by_the_letter_behind_that(reply):
    said = "Two ways:\n1. Option A: keep the table\n2. Option B: drop the cache"
    assert gist(said, reply) == "Option B: drop the cache"


@pytest.mark.parametrize(
    ("reply", "meant"),
    [
        ("1 is out, 2 isn't possible. 3 please", "wait for the file"),
        ("not 2, take 3", "wait for the file"),
        ("1: no, 3: yes", "wait for the file"),
        ("2 fällt aus, dann 3", "wait for the file"),
        ("1 は遅延と同じなので不採用。2 は欠損するのでだめです。3 でお願いします。", "wait for the file"),
        ("2 and 3", "drop the rows / wait for the file"),
        ("not 2", "drop the rows"),
    ],
)
def test_an_item_that_a_reply_turns_down_for_another_is_not_what_it_means(reply, meant):
    said = "I see three ways:\n\n1. start later\n2. drop the rows\n3. wait for the file\n"
    assert gist(said, reply) == meant


def test_a_longer_reply_stands_with_the_proposal_whose_words_it_takes_up():
    said = (
        "Two tags are back. `pricing` has no copy. It could be saved from the cache of a node with `ctr image export`."
    )
    reply = "ctr export from a node in the second region, then push it. after that plan the rest of it, no code as yet"
    assert extract(told(("user", "go"), ("assistant", said), ("user", reply))).referent == said
    other = "now look at why the nightly report has no figures for the shops of last week, and tell me what you see"
    assert extract(told(("user", "go"), ("assistant", said), ("user", other))).referent is None


def test_a_long_request_needs_no_words_before_it():
    assert extract(told(("assistant", "x?"), ("user", "please " * 60))).referent is None


def test_a_long_message_keeps_the_items_a_reply_names_and_its_question():
    filler = [f"Line {n} tells of nothing in particular and goes on for a while." for n in range(80)]
    text = "\n".join((*filler[:40], "5. Rename the table", "6. Drop the index", *filler[40:], "Which of these?"))
    kept = condensed(text, "do 5", 400)
    assert "5. Rename the table" in kept
    assert kept.endswith("Which of these?")
    assert len(kept) < 500


def test_the_option_a_reply_names_is_kept_with_what_stands_below_it():
    filler = "\n".join(f"- the point {n} of this option is long and tells little" for n in range(20))
    text = f"### **Option 1: Threads**\n{filler}\n### **Option 2: COPY**\n- one statement\n- no lock\n### Why\n{filler}"
    kept = condensed(text, "option 2", 200)
    assert "Option 2: COPY\n- one statement\n- no lock" in kept
    assert "**" not in kept


def test_the_state_of_the_latest_request():
    call = ToolCall("1", "Read", "a", 99)
    assert extract(told(("assistant", "hello"), ("user", "x"))).state == "nothing"
    assert extract(told(("user", "x"), ("assistant", "It is done."))).state == "answered"
    assert extract(told(("user", "x"), ("assistant", "Let me look at the file:"))).state == "progress"
    assert extract(told(("user", "x"), ("assistant", "It is done."), tool_calls=(call,))).state == "progress"
    assert (
        extract(told(("user", "x"), ("assistant", "Done."), reasonings=(Message("assistant", "hm", 99),))).state
        == "progress"
    )


@pytest.mark.parametrize(
    ("words", "bare"),
    [
        *(
            (it, True)
            for it in ("commit this", "push and PR", "yes", "continue", "Commit this, push and open a draft PR")
        ),
        *((it, False) for it in ("commit only the parser", "yes, option 2", "make it fast", "why?", "PR 7 is wrong")),
        *((it, False) for it in ("super slow", "fine-tune it", "exactly one row", "si falla", "passt nicht")),
    ],
)
def test_words_that_only_say_to_go_on_or_to_deliver_are_no_goal(words, bare):
    assert is_bare(words) is bare


def test_where_requests_are_bare_the_commit_or_pull_request_says_what_the_work_is():
    body = "Copy prices in one go\n\nThe upload took minutes.\n\nCo-Authored-By: A <a@b.c>\n"
    commit = ran(f"git commit -m \"$(cat <<'EOF'\n{body}EOF\n)\"", position=15)
    said = (("user", "commit this"), ("assistant", "Done."), ("user", "push and PR"))
    assert extract(told(*said, commands=(commit,))).work == "Copy prices in one go\nThe upload took minutes."
    pull = ran('gh pr create --title "Prices" --body "In one go"', position=25)
    assert extract(told(*said, commands=(commit, pull))).work == "Prices\nIn one go"
    assert extract(told(("user", "copy the prices"), commands=(commit,))).work == ""
    other = (("user", "copy the prices, all in one go"), ("assistant", "Done."), ("user", "now mend the export"))
    more = (*other, ("assistant", "Begun."), ("user", "good to know. go on"))
    assert extract(told(*more, commands=(commit,))).work == ""


def test_a_plain_question_binds_nothing():
    said = ("begin", "should we only move the id?", "why don't you use a lock?", "is this always so?", "go")
    story = extract(told(*(("user", text) for text in said)))
    assert [it.text for it in story.requests if it.rule] == ["why don't you use a lock?"]


@pytest.mark.parametrize(
    "words",
    [
        "It works! I don't know why.",
        "I'll revert both commits, sorry",
        "i only see an empty page",
        "there's only one file left to fix up, rows.py, read it in full",
        "I have two profiles here, so it is probably using the wrong one",
        "we have the tool installed, but don't have its status line",
        "their docs must be out of date",
        "/gate-should-we-build the export",
    ],
)
def test_what_users_tell_of_themselves_binds_nothing(words):
    story = extract(told(("user", "fix it"), ("user", words), ("user", "go on")))
    assert not any(it.rule for it in story.requests)


def test_a_longer_reply_that_ends_with_an_item_stands_with_it():
    offers = "Three ways:\n1. one big transaction\n2. a lock\n3. two migrations, the second later"
    words = "no lock, it took us half a night to undo that one in spring. do 3"
    story = extract(told(("user", "fix it"), ("assistant", offers), ("user", words), ("user", "go on")))
    assert story.requests[1].meant == "two migrations, the second later"


def test_a_reply_that_begins_with_words_of_the_question_stands_with_it():
    asked = "The sums differ. Which is right: round per line, or round once?"
    for words, question in (
        ("per line. it has to add up", "Which is right: round per line, or round once?"),
        ("neither, keep both", ""),
        ("or", ""),
    ):
        story = extract(told(("user", "fix it"), ("assistant", asked), ("user", words), ("user", "go on")))
        assert story.requests[1].question == question


@pytest.mark.parametrize(
    "words",
    ["take 1, but keep the lock in mind for refunds", "ok, no schema changes", "from now on in small commits"],
)
def test_what_is_to_be_kept_in_mind_binds(words):
    story = extract(told(("user", "fix it"), ("user", words), ("user", "go on")))
    assert [it.text for it in story.requests if it.rule] == [words]


@pytest.mark.parametrize(
    "words",
    [
        "Ja, aber nicht mit COPY, das darf der Benutzer nicht.",
        "Nimm execute_values und keine neuen Pakete",
        "n'utilise pas de dépendance",
        "il faut garder le format",
        "no uses una biblioteca nueva",
        "siempre en bloques de mil filas",
    ],
)
def test_a_request_binds_in_other_languages_too(words):
    story = extract(told(("user", "a"), ("assistant", "b"), ("user", words), ("assistant", "c"), ("user", "d")))
    assert [it.rule for it in story.requests] == [False, True, False]


def test_a_line_that_leads_up_to_what_was_left_out_is_left_out_too():
    items = "\n".join(f"- {number} is a reason that nobody asked for, and a long one" for number in "abcdefgh")
    said = f"The lock is held twice.\nThis is why:\n{items}\nIt is old.\nIt is slow.\nShall I take `hold` out?"
    short = condensed(said, "yes", 100)
    assert short.endswith("out?")
    assert "This is why:" not in short
    assert "This is why:" in condensed(said, "yes", 4_000)


def test_an_item_named_within_a_question_is_the_one_of_the_last_list():
    said = "1. You made a commit.\n2. You reset it.\n\nOptions:\n1. Detect the orphans on start\n2. Clean up on reset"
    asked = (
        ("user", "why?"),
        ("assistant", said),
        ("user", "would 1 have helped?"),
        ("assistant", "Yes."),
        ("user", "ok"),
    )
    assert requests_of(told(*asked))[1].meant == "Detect the orphans on start"


def test_a_bare_question_is_told_with_what_it_asks_about():
    said = "The table is too small. It would become two of 4 MB each; that moves the keys. OK?"
    asked = (("user", "add the load"), ("assistant", said), ("user", "yes, but keep the keys"), ("user", "next"))
    assert requests_of(told(*asked))[1].meant == "It would become two of 4 MB each; that moves the keys. OK?"


def test_an_offer_of_help_is_no_question_that_waits_and_nothing_a_request_answers():
    hello = (("user", "hi"), ("assistant", "Hello. How can I help you today?"))
    assert extract(told(*hello)).question is None
    assert extract(told(*hello, ("user", "find the bugs"))).gist == ""


def test_a_reply_that_takes_what_was_offered_says_what_that_is_however_it_goes_on():
    offer = "Then load the rates once into a map and join in memory."
    said = (
        ("user", "faster"),
        ("assistant", f"Fair. {offer} It has few rows."),
        ("user", "ok do that. but no plain SET"),
    )
    assert extract(told(*said, ("assistant", "ok"), ("user", "next"))).requests[1].meant == offer


def test_both_without_labels_are_the_two_things_that_were_offered():
    offer = "I'd set `rehash` to false and `rounds` to 10"
    before = f"Yes, it would. {offer}. The 407 rows are for the support to decide."
    for told_before, meant in ((before, offer), ("I'd set `rounds` to 10. The 407 rows are lost.", "")):
        asked = (
            ("user", "will it?"),
            ("assistant", told_before),
            ("user", "Do both settings. Not the 407, the support has it"),
        )
        story = requests_of(told(*asked, ("assistant", "Done."), ("user", "no rector")))
        assert story[1].meant == meant


def test_a_yes_takes_the_offer_and_nothing_that_stands_before_it():
    offer = "Want me to build the web page for the chain?"
    text = f"The terminal is the only option today.\n\nNo page was built. {offer} The API is there."
    assert gist(text, "yes") == offer
    told = gist("The best solution: move them to `checks`.\n\nWant me to implement this approach?", "yes")
    assert "move them to `checks`" in told


def test_edits_before_a_yes_to_an_offer_were_made_for_something_else():
    offer = "The mouse works now. Want me to build the web page for the chain?"
    edits = (
        Edit("/p/.tmux.conf", 15, "modified", "", "set -g mouse on"),
        Edit("/p/page.svelte", 35, "created", "", "a"),
    )
    story = extract(told(("user", "mend the mouse"), ("assistant", offer), ("user", "yes"), edits=edits))
    assert story.changed.made == ("page.svelte (new)",)


@pytest.mark.parametrize(
    "words",
    [
        "can guests see the list? they always ask",
        "two groups that don't overlap? old one 3. new one 2, so 5 in all",
        "I get TypeError: Can only add rows to a table",
    ],
)
def test_questions_and_errors_bind_nothing(words):
    story = extract(told(("user", "plan it"), ("user", words), ("user", "go on")))
    assert not any(it.rule for it in story.requests)


def test_a_decision_stated_in_a_talk_binds():
    story = extract(told(("user", "plan it"), ("user", "decision: one page, cached for a day"), ("user", "go on")))
    assert [it.text for it in story.requests if it.rule] == ["decision: one page, cached for a day"]


def test_words_answered_by_an_earlier_request_that_was_worked_on_are_not_what_the_latest_answers():
    said = [("user", "clean up"), ("assistant", "Shall I take the blue table or the red one?"), ("user", "the red one")]
    latest = ("user", "there is a red one in the cellar, use that")
    assert "blue table" in extract(told(*said, latest)).referent
    call = ToolCall("1", "Bash", "make table", 35)
    assert extract(told(*said, latest, tool_calls=(call,))).referent is None


@pytest.mark.parametrize(
    ("reply", "so"),
    [
        ("I get this in the console: Uncaught ReferenceError, shopcart is not defined", True),
        ("yes, and put the shopcart into the header of every single page", False),
        ("do 2, the shopcart of the checkout page", False),
        ("why is that?", False),
    ],
)
def test_a_reply_says_itself_what_it_is_about_unless_it_grants_or_chooses(reply, so):
    text = "Load the shopcart before the page.\n\n1. in the head\n2. at the end"
    assert says_itself(reply, text) is so
    assert not says_itself(reply, f"{text}\nWhich one?")


def test_of_a_long_text_the_lines_stand_that_share_words_with_the_reply():
    """And not only those at its ends."""
    advice = "If shopcart is not defined, the script of it was not loaded by the page."
    others = "\n".join(f"Step {number}: open the tool and look at the row of the list." for number in range(30))
    text = f"{others}\n{advice}\n{others}"
    assert advice in condensed(text, "I get this: shopcart is not defined in the script", 300)
    assert advice not in condensed(text, "yes", 300)


@pytest.mark.parametrize("words", ["pushed, its built", "applied.", "done, it's merged", "deployed"])
def test_words_that_only_say_what_was_done_go_on_with_what_was_asked_before(words):
    story = extract(
        told(
            ("user", "copy the orphans under the key that the database has"),
            ("assistant", "`e40b` marks them. Please push once more; then I run the rest."),
            ("user", words),
        )
    )
    assert story.requests[-1].bare
    assert story.part_of
    assert story.part_of.text.startswith("copy the orphans")


def test_who_agrees_agrees_to_what_the_words_end_with():
    words = f"Done: {'the dialog is there, ' * 20}tests are green.\n\n{'Its version is stale while one types. ' * 9}I'd fix it at focus."
    for reply, end in (("good catch, yes. go on", True), ("which tests?", False)):
        assert ("I'd fix it at focus" in condensed(words, reply, 500)) is end


def test_in_a_chat_a_label_stands_for_what_another_person_laid_out():
    said = [
        Message("user", "two ways:\na) a longer key\nb) a table with digests", 10, by="ada"),
        Message("user", "the first is cheap", 20, by="cleo"),
        Message("user", "b, but keep the old column", 30, by="bo"),
        Message("user", "ok", 40, by="ada"),
    ]
    story = requests_of(told().replace(messages=tuple(said)))
    assert next(it.meant for it in story if it.by == "bo") == "a table with digests"


def test_a_line_that_binds_does_so_above_one_that_asks():
    words = "releases only go out through ada\nstill open: is a region in use when it is only looked at?"
    story = extract(told(("user", "mend it"), ("user", words), ("user", "go on")))
    assert [it.rule for it in story.requests] == [False, True, False]


@pytest.mark.parametrize(
    ("reply", "meant"),
    [
        ("2, but keep the response out of it", "a table with the keys"),
        ("2, aber ohne response", "a table with the keys"),
        ("2, with all columns", "a table with the keys; it holds the response"),
        ("2, but soon", "a table with the keys; it holds the response"),
    ],
)
def test_what_the_user_turns_down_of_an_item_is_not_told_as_taken(reply, meant):
    said = "Two ways:\n1. a cache\n2. a table with the keys; it holds the response\n\nWhich one?"
    asked = [("user", "add the keys"), ("assistant", said), ("user", reply), ("assistant", "Begun."), ("user", "on")]
    assert requests_of(told(*asked))[1].meant == meant
    assert extract(told(*asked[:3])).gist.rstrip(".") == meant


def test_of_a_condensed_message_no_heading_stands_of_which_all_is_cut():
    long = "- it has a part that is long and tells of nothing that anybody who answers needs, " + "at all " * 20
    text = f"All is done.\n\n## Changes made\n\n### `lock.py`\n{long}\n\n### `rows.py`\n- `read_rows` reads\n\nIt works.\nShall I commit?"
    short = condensed(text, "commit it", 160)
    assert "`rows.py`\n- `read_rows` reads" in short.replace("rows.py`\nread", "rows.py`\n- read")
    assert "Changes made" not in short
    assert "lock.py" not in short
    labelled = text.replace("### `lock.py`", "### 1. `lock.py`")
    assert "1. `lock.py`" in condensed(labelled, "commit it", 160)


def test_laughter_is_no_goal_by_itself():
    assert is_bare("lol")
    assert is_bare("hahaha")
    assert not is_bare("hamper the lock")


def test_who_only_leaves_and_says_that_others_go_on_asks_for_nothing_new():
    assert is_bare("I have to leave. Tomorrow someone else goes on.")
    assert not is_bare("I have to leave. Tomorrow someone else tests the lock.")
