"""The story stands in order of time, and nothing that stands elsewhere in the document is told again."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.facts import Delivery, Finding, Made, Request, Turn
from handoff_cli.documents.extract.failed import Refused
from handoff_cli.documents.extract.requests.accounts import CLOSED
from handoff_cli.documents.parts.narrative import findings
from handoff_cli.documents.parts.pieces import FINDINGS, MUST, SOON, written
from handoff_cli.documents.parts.priorities import orders_of, purpose
from handoff_cli.documents.told_once import told_once
from tests.documents.sessions import story_of
from tests.documents.sessions import told as session


def whole(story):
    """Return the part with every piece in its fullest form."""
    return written(FINDINGS, [(piece, piece.forms[-1]) for piece in findings(story)])


def finding(text, position, worth=4.0):
    return Finding(text, "said", position, worth)


REQUESTS = tuple(Request(n, f"request {n}", position=10 * n) for n in range(1, 4))


def test_requests_and_what_came_of_them_stand_in_order_of_time():
    turns = (
        Turn(10, (finding("Second of one.", 12, 9.0), finding("First of one.", 11))),
        Turn(20, (finding("Of two.", 21),)),
        Turn(30, (finding("Of three.", 31),)),
    )
    lines = [
        line for line in whole(story_of(requests=REQUESTS, turns=turns)).split("\n") if line[:1] in ("1", "2", "3", " ")
    ]
    assert lines == [
        *("1: request 1 (the first request, above)", "  → First of one.", "  → Second of one."),
        *("2: request 2", "  → Of two.", "3: request 3 (the latest request, above)", "  → Of three."),
    ]


def test_what_came_of_a_request_that_was_said_again_stands_under_its_number_both_times():
    turns = Turn(10, (finding("Of one.", 11),)), Turn(20, (finding("It is on.", 21),)), Turn(30, ())
    latest = REQUESTS[2].replace(before=(20,))
    told = whole(story_of(requests=(REQUESTS[0], latest), turns=turns))
    assert "  → Of one.\n3 (the latest request, said then too):\n  → It is on." in told
    story = extract(session(("user", "try"), ("user", "wait"), ("user", "try"), ("user", "wait")))
    assert [(it.text, it.before) for it in story.requests] == [("try", (30,)), ("wait", (20,))]


def test_what_the_work_at_hand_found_comes_first_where_room_lacks_then_what_is_worth_most():
    turns = (
        Turn(10, (finding("Old and strong.", 11, 9.0), finding("Old and weak.", 12, 3.0))),
        Turn(30, (finding("New and weak.", 31, 3.0),)),
    )
    orders = {
        piece.forms[0].strip(" →"): piece.orders[0] for piece in findings(story_of(requests=REQUESTS, turns=turns))
    }
    assert orders["New and weak."] < orders["Old and strong."] < orders["Old and weak."]


def test_each_turn_tells_one_sentence_before_an_earlier_one_tells_two():
    turns = (
        Turn(10, (finding("Old, the strongest.", 11, 9.0), finding("Old, strong.", 12, 7.0))),
        Turn(20, (finding("Between and weaker.", 21, 4.0),)),
        Turn(30, (finding("Now, first.", 31, 5.0), finding("Now, second.", 32, 4.5))),
    )
    orders = {
        piece.forms[0].strip(" →"): piece.orders[0] for piece in findings(story_of(requests=REQUESTS, turns=turns))
    }
    assert orders["Between and weaker."] < orders["Old, strong."]
    assert orders["Now, second."] < orders["Old, strong."]


def test_a_request_is_always_named_before_what_came_of_it():
    many = tuple(Request(n, f"request {n}", position=10 * n) for n in range(1, 60))
    turns = tuple(Turn(it.position, (finding(f"Cause number {it.number} of it.", it.position + 1),)) for it in many)
    placed = [(piece.forms[0], piece.orders[0]) for piece in findings(story_of(requests=many, turns=turns))]
    for (line, order), (told, after) in zip(placed[::2], placed[1::2], strict=True):
        assert told.startswith("  → ")
        assert order <= after, line
    assert [order for line, order in placed if line == "58: request 58"] == [MUST]


def test_what_came_of_the_six_turns_that_tell_most_stands_behind_the_requests_before_all_else_however_old_they_are():
    asked = tuple(Request(n, f"request {n}", position=10 * n) for n in range(1, 21))
    strong = {2, 4, 6, 9, 11}  # and the turn at work
    turns = tuple(
        Turn(it.position, (finding(f"Told of {it.number}.", it.position + 1, 9.0 if it.number in strong else 2.0),))
        for it in asked
    )
    order = {piece.forms[0]: piece.orders[0] for piece in findings(story_of(requests=asked, turns=turns))}
    assert {n for n in range(2, 17) if MUST < order[f"  → Told of {n}."] < SOON} == strong


def test_old_requests_are_all_named_after_three_faults_that_were_found_and_before_what_came_of_the_others():
    asked = tuple(Request(n, f"request {n}", position=10 * n) for n in range(1, 21))
    faults = {3: 9.0, 5: 8.0, 7: 7.0, 9: 2.0}
    turns = tuple(
        Turn(
            it.position,
            (finding(f"The bug is in file {it.number}.", it.position + 1, faults[it.number]),)
            if it.number in faults
            else (),
            done="" if it.number in faults else "edited rows.py",
        )
        for it in asked
    )
    order = {piece.forms[0]: piece.orders[0] for piece in findings(story_of(requests=asked, turns=turns))}
    named = [order[f"{n}: request {n}"] for n in range(2, 16) if n not in faults]
    early = [n for n in faults if order[f"  → The bug is in file {n}."] < min(named)]
    assert early == [3, 5, 7]
    assert max(named) < order["  → The bug is in file 9."]


def test_what_the_last_words_or_the_last_explanation_say_is_not_told_again():
    sentence = "The cause is that the rows of all pages are loaded at once into one list."
    turns = (Turn(10, (finding(sentence, 11),)),)
    story = story_of(requests=REQUESTS, turns=turns, explained=f"I looked. {sentence} So.", state="progress")
    assert whole(story).count(sentence) == 1


def test_a_message_is_not_shown_whole_of_which_half_is_told():
    sentence = "The cause is that the rows of all pages are loaded at once into one list."
    turns = (Turn(10, (finding(sentence, 11),)),)
    said = (finding(f"{sentence} I go on.", 11), finding("Another message of a kind.", 10))
    told = whole(story_of(requests=REQUESTS, turns=turns, said=said))
    assert told.count(sentence) == 1
    assert "Another message of a kind." in told


def test_a_proposal_that_stands_under_what_failed_is_not_told_again_a_cause_is():
    no = Refused("My plan is one table.", "no, request 2", proposed=True)
    requests = (REQUESTS[0], REQUESTS[1].replace(text=no.words), REQUESTS[2])
    told = (finding("The plan is one table for all.", 11), finding("The root cause is the lock of the table.", 12))
    turns = (Turn(10, told, refused=True), Turn(20, (finding("Rows are read once.", 21),)))
    story = story_of(requests=requests, turns=turns)
    assert "one table for all" in whole(story)
    assert "one table for all" not in whole(story_of(story, refused=(no,)))
    assert "root cause" in whole(story_of(story, refused=(no,)))


def test_what_was_proposed_or_made_and_turned_down_is_marked_what_was_found_is_not():
    said = ("I'd recommend one file for all.", "The problem is the index.", "The rows are sorted already.")
    turns = (Turn(10, tuple(finding(text, 11 + n) for n, text in enumerate(said)), True),)
    told = whole(story_of(requests=REQUESTS, turns=turns))
    assert f"  → (the next request objects) {said[0]}\n  → {said[1]}" in told
    assert said[2] not in told


def test_what_a_later_request_says_is_not_so_is_marked_and_nothing_else_of_it():
    said = (
        "The queue survives a restart because its rows are locked on the disk.",
        "The root cause is the index of `Orders`.",
    )
    asked = (
        Request(1, "why do orders stay?", position=10),
        Request(2, "where is the index built?", position=20),
        Request(3, "I'm quite sure the queue is gone after a restart, its rows were not locked", position=30),
    )
    turns = (Turn(10, (finding(said[0], 11), finding(said[1], 12))), Turn(20, (finding("Of two.", 21),)), Turn(30))
    told = whole(story_of(requests=asked, turns=turns, state="nothing"))
    assert f"  → (request 3 disputes this) {said[0]}\n  → {said[1]}" in told
    with_it = finding("That is because rows of the queue are read again after the restart.", 13)
    more = (turns[0].replace(told=(*turns[0].told, with_it)), *turns[1:])
    assert f"(request 3 disputes this) {with_it.text}" in whole(story_of(requests=asked, turns=more, state="nothing"))
    assert "disputes" not in whole(story_of(requests=asked[:2], turns=turns, state="nothing"))
    assert "disputes" not in whole(story_of(requests=asked, turns=turns, state="answered"))  # it was answered since


def test_what_the_next_request_says_at_once_is_not_it_is_marked_where_little_was_told():
    asked = (Request(1, "why is it red?", position=10), Request(2, "that can't be it. look at the lock", position=20))
    for many, marked in ((1, True), (3, False)):
        told = tuple(
            finding(f"The row {place} of the table is read twice by its reader.", 12 + place) for place in range(many)
        )
        turns = (Turn(10, told), Turn(20, (finding("The lock is held by the second writer.", 25),)))
        text = whole(story_of(requests=asked, turns=turns, state="progress"))
        assert ("(request 2 disputes this) The row 0" in text) is marked
        assert "  → The lock is held" in text


def test_the_last_thought_is_shown_while_the_work_goes_on():
    story = story_of(thought="So the guard must be put back.", state="progress")
    assert "So the guard must be put back." in whole(story)
    assert whole(story_of(story, state="answered")) == ""
    assert "edited after it" in whole(story_of(story, overtaken=(False, True)))
    assert "edited after it" not in whole(story)


def test_the_points_of_an_account_stand_in_its_order_and_go_by_worth():
    account = (Finding("Goal of all.", "account", 1, 2.0), Finding("A cause of it.", "account", 2, 5.0))
    pieces = list(findings(story_of(account=account)))
    assert [it.forms[0] for it in pieces] == ["Goal of all.", "A cause of it."]
    assert pieces[1].orders < pieces[0].orders


def test_a_point_of_an_account_that_tells_the_goal_is_not_told_again():
    goal = "Replace what is thrown in all nine files by results, a file for each commit."
    account = tuple(Finding(it, "account", place, 2.0) for place, it in enumerate((goal, "A cause of something else.")))
    story = story_of(requests=REQUESTS, account=account, goal=goal)
    assert [it.forms[-1] for it in findings(story) if it.kind == "point"] == ["A cause of something else."]


def test_of_an_account_of_finished_work_is_told_what_the_work_at_hand_names():
    points = ("Added `load_rows` to `store.py`.", "Renamed `Cart` in the page.", "It hung → Fix: a lock around it.")
    account = tuple(Finding(text, CLOSED, place, 3.0) for place, text in enumerate(points))
    asked = (Request(1, "why does load_rows read twice?", position=10),)
    assert [it.forms[-1] for it in findings(story_of(account=account, requests=asked))] == [points[0], points[2]]


def test_of_an_account_of_finished_work_the_cause_that_was_mended_comes_early_and_alone():
    mended = Finding("Debug: logged the path → Root cause: no lock → Fix: a lock", CLOSED, 1, 5.0)
    other = Finding("Symptom: `load_rows` hung → it was killed", CLOSED, 2, 3.0)
    first, second = findings(story_of(account=(mended, other), requests=REQUESTS))
    assert first.forms[0] == "Root cause: no lock → Fix: a lock"
    assert first.orders[0] < MUST + 1 < second.orders[0]
    (failed,) = findings(story_of(account=(mended.replace(text="Error: red → Fix: a lock"),), requests=REQUESTS))
    assert failed.orders[0] > MUST + 1
    (plain,) = findings(story_of(account=(mended.replace(source="account"),), requests=REQUESTS))
    assert plain.forms[0].startswith("Debug: ")


def test_a_long_sentence_of_an_earlier_turn_is_told_in_a_clause_first_and_of_the_latest_whole():
    long = (
        "The table is read by `load_rows`, which goes over it twice: once for the count of the rows, once more for all, "
        * 3
    )
    turns = (Turn(10, (finding(long.strip(), 11),)), Turn(30, (finding(f"Now: {long.strip()}", 31),)))
    early, late = [it for it in findings(story_of(requests=REQUESTS, turns=turns)) if it.kind == "finding"]
    assert len(early.forms[0]) < len(early.forms[1]) == len(f"  → {long.strip()}")
    assert early.orders[0] < early.orders[1]
    assert len(late.forms) == 1


def test_what_the_last_pull_request_says_is_told_soon_unless_it_is_old_or_tells_the_goal():
    pull = Delivery("Stream the rows", ("The whole table stood in memory.",), 15)
    story = story_of(requests=REQUESTS, delivered=(pull,))
    assert 'What was delivered in "Stream the rows", by its own text [UNVERIFIED]:' in whole(story)
    (point,) = (it for it in findings(story) if it.forms[0] == pull.points[0])
    assert MUST < point.orders[0] < SOON
    later = tuple(Request(n, f"request {n}", position=10 * n) for n in range(1, 10))
    (point,) = (it for it in findings(story_of(requests=later, delivered=(pull,))) if it.forms[0] == pull.points[0])
    assert point.orders[0] > 0
    assert "What was delivered" not in whole(story_of(requests=REQUESTS, delivered=(pull,), work="Stream the rows"))


def test_requests_before_a_compaction_give_way_to_its_account():
    more = (Request(it, f"limit {it}", position=10 * it) for it in range(4, 12))
    asked = tuple(it.replace(past=True) for it in (*REQUESTS[:2], Request(3, "w" * 80, position=30), *more))
    turns = tuple(map(Turn, range(10, 130, 10)))
    account = (finding("Point one of it.", 5),)
    story = story_of(requests=(*asked, Request(12, "now", position=120)), turns=turns, account=account)
    pieces = {piece.forms[0]: piece.orders[0] for piece in findings(story)}
    line = next(it for it in pieces if it.startswith("3: "))
    assert len(line) < 60
    assert MUST < pieces["Point one of it."] < pieces[line]


def test_every_request_before_a_compaction_is_named_in_a_few_words():
    """What it asked for, a path or a figure, is not left to the account."""
    asked = tuple(Request(n, f"put limit {n} into conf/{n}.yml", position=10 * n, past=n < 12) for n in range(1, 14))
    turns = tuple(Turn(it.position, done="edited a.py") for it in asked)
    order = {it.forms[0]: it.orders[0] for it in findings(story_of(requests=asked, turns=turns))}
    assert all(order[f"{n}: put limit {n} into conf/{n}.yml"] < 0 for n in range(2, 12))


def test_what_was_done_on_a_word_to_go_on_does_not_stand_below_another_request():
    turns = (Turn(10), Turn(15, (), done="edited rows.py; tests failed"), Turn(20), Turn(30))
    assert "rows.py" not in whole(story_of(requests=REQUESTS, turns=turns))


def test_of_what_was_turned_down_one_sentence_tells_what_it_was():
    told = tuple(finding(f"I'd recommend way number {n} for all of it.", 11 + n, 9.0 - n) for n in range(3))
    turns = (Turn(10, (*told, finding("The problem is the index.", 15)), refused=True), Turn(20), Turn(30))
    orders = {
        it.forms[0]: it.orders[0] for it in findings(story_of(requests=REQUESTS, turns=turns)) if it.kind == "finding"
    }
    first, *others = sorted(order for form, order in orders.items() if "(the next request objects)" in form)
    assert first < orders["  → The problem is the index."] < min(others)


def test_what_was_done_is_told_below_a_request_and_of_many_one_that_came_to_nothing_is_short():
    turns = (Turn(10, (), done="edited rows.py; tests passed"), *(Turn(10 * n) for n in range(2, 11)))
    requests = tuple(Request(n, f"request {n}", position=10 * n) for n in range(1, 11))
    long = "request 2: leave the old rows on the slow reader, the other team is asked about them first"
    said = "the rows of the day come late, so that the report of the morning lacks them. " * 3
    more = [it.replace(text=f"{it.text}: {said}") for it in requests[2:8]]  # no room for older ones whole
    requests = (requests[0], requests[1].replace(text=long), *more, *requests[8:])
    story = story_of(requests=requests, turns=turns)
    assert "  = edited rows.py; tests passed" in whole(story)
    order = {form: at for piece in findings(story) for form, at in zip(piece.forms, piece.orders, strict=True)}
    short, fuller, *_ = (it for it in order if it.startswith("2: "))
    assert len(short) < 60 < len(fuller)
    assert MUST < order[short] < 0 < order[fuller]
    assert order["9: request 9"] == MUST
    few = findings(story_of(story, requests=(*requests[:2], *requests[8:]), turns=turns[:5]))
    assert next(it.orders[0] for it in few if it.forms[0] == f"2: {long}") == MUST


def test_what_stands_in_a_message_shown_whole_is_told_once_but_for_the_first_sentence_of_a_turn():
    texts = ["The rows of all pages are loaded at once.", "The lock is taken twice by the import."]
    turns = (Turn(10, tuple(finding(text, 11, 5.0 - n) for n, text in enumerate(texts))), Turn(20), Turn(30))
    more = "Nobody else takes it, whatever the day of the week is for the import, and no other process of the house."
    block = finding(" ".join((*texts, more)), 11)
    pieces = [(it, it.forms[-1]) for it in findings(story_of(requests=REQUESTS, turns=turns, said=(block,)))]
    told = [form for piece, form in told_once(pieces) if piece.kind == "finding"]
    assert told == [f"  → {texts[0]}"]
    pieces = [it for it in pieces if it[0].kind != "message"]
    assert [form for piece, form in told_once(pieces) if piece.kind == "finding"] == [f"  → {it}" for it in texts]


def test_of_a_paragraph_most_of_which_the_story_tells_the_other_sentence_is_not_lost_with_it():
    done = "Done: `mark_sent(row)` in `jobs/mail.py:48` commits after each mail."
    tried = "First I tried `SKIP LOCKED`, but the test database has no such thing, since it is another one than that of the work."
    turns = (Turn(10, (finding(tried, 11),)), Turn(20), Turn(30))
    shown = whole(story_of(requests=REQUESTS, turns=turns, said=(finding(f"{done} {tried}", 11),)))
    assert shown.count(done) == shown.count(tried) == 1
    alone = whole(story_of(requests=REQUESTS, turns=turns, said=(finding(f"Good. {tried}", 11),)))
    assert "earlier words" not in alone


def test_requests_of_which_nothing_is_told_stand_in_their_place():
    requests = (*REQUESTS[:2], Request(3, "no locks", True, position=30), Request(4, "last", position=40))
    turns = (Turn(10, (finding("The rows of all pages are loaded at once.", 11),)), Turn(20), Turn(30), Turn(40))
    pieces = [(it, it.forms[-1]) for it in findings(story_of(requests=requests, turns=turns))]
    assert [form for _, form in told_once(pieces)][2:] == ["2: request 2", "3 (still holds): no locks"]


def test_between_messages_is_an_empty_line():
    said = (
        finding("The import of all pages takes four minutes.", 12),
        finding("It reads each page of them twice.", 11),
    )
    pieces = [(it, it.forms[-1]) for it in findings(story_of(said=said))]
    assert [form for _, form in told_once(pieces)] == [said[0].text, f"\n{said[1].text}"]


def test_a_request_that_stands_elsewhere_has_a_line_only_where_something_is_below_it():
    turns = (Turn(10, (finding("The rows of all pages are loaded at once.", 11),)), Turn(20), Turn(30))
    pieces = [(it, it.forms[-1]) for it in findings(story_of(requests=REQUESTS, turns=turns))]
    assert told_once(pieces)[0][1].startswith("1: ")
    left = [it for it in pieces if it[0].kind != "finding"]
    assert not any(form.startswith("1: ") for _, form in told_once(left))


def test_where_the_first_request_tells_no_goal_the_work_that_began_it_does():
    requests = tuple(Request(n, f"request {n}", position=10 * n) for n in range(1, 10))
    made = Turn(30, (finding("I've made the lock one for each supplier.", 31),), done="edited lock.py")
    turns = (
        Turn(20, (finding("I've read it all.", 21),)),
        made,
        Turn(90, (finding("Of nine.", 91),), done="edited a.py"),
    )
    story = story_of(requests=requests, turns=turns, first_is_old=True)
    assert purpose(story) == "I've made the lock one for each supplier."
    assert "one for each supplier" not in whole(story), "it stands in the goal"
    assert purpose(story_of(story, first_is_old=False)) == purpose(story_of(story, requests=requests[:5])) == ""
    committed = made.replace(told=(finding("I've made the lock one for each supplier, in a60e4d9.", 31),))
    told = story_of(story, turns=(turns[0], committed, turns[2]))
    assert purpose(told)
    assert not purpose(story_of(told, commits=(Made("a60e4d9", "Lock each supplier"),)))


def test_of_a_turn_that_nothing_came_back_to_a_cause_is_told_or_what_has_figures_or_a_place():
    turns = (Turn(10, (finding("The tools are `web` and `rg`.", 11),), idle=True), Turn(20, (finding("Of two.", 21),)))
    told = whole(story_of(requests=REQUESTS, turns=turns))
    assert "The tools" not in told
    cause = Turn(10, (finding("The root cause is one row at a time.", 11),), idle=True)
    assert "  → The root cause" in whole(story_of(requests=REQUESTS, turns=(cause, turns[1])))
    figures = Turn(10, (finding("3,120 rows were lost since the new plan.", 11),), idle=True)
    assert "  → 3,120 rows" in whole(story_of(requests=REQUESTS, turns=(figures, turns[1])))
    assert "  → Of two." in told


def test_a_cause_is_marked_where_the_last_thought_names_another_and_not_where_it_names_the_same():
    cause = "The root cause is that `git reset` leaves the state files."
    turns = (Turn(10, (finding(cause, 11),)), Turn(20, ()))
    story = story_of(requests=REQUESTS[:2], turns=turns, state="progress")
    other = story_of(story, thought="The real bug is that `on_quit` never deletes the row.")
    again = story_of(story, thought="So the real cause is that the state files stay when `git reset` leaves them.")
    assert f"→ (the last thought names another cause) {cause}" in whole(other)
    assert "another cause" not in whole(again)


def test_an_item_of_a_list_told_before_it_is_not_told_by_itself():
    listed = "I wrote `ISSUE.md` that documents: Root Cause; Real Example; Testing Plan"
    item = "Real Example: the very case of your repository with 4 rows"
    turns = (Turn(10, (finding(listed, 11, 9.0), finding(item, 11))), Turn(20, ()))
    told_of = whole(story_of(requests=REQUESTS[:2], turns=turns))
    assert listed in told_of
    assert item not in told_of


def test_the_causes_that_tell_most_are_told_up_to_their_point_at_once():
    cause = f"The cause is `load()`, which {'reads each row of the table again, and ' * 4}keeps all of them in memory."
    then = "`store()` runs beside it, and the database refuses it."
    turns = (
        Turn(10, (finding(cause, 11, 9.0).replace(then=then), finding(then, 12, 2.0))),
        Turn(20, (finding("Of two.", 21),)),
        Turn(30, (finding("Of three.", 31),)),
    )
    pieces = list(findings(story_of(requests=REQUESTS, turns=turns)))
    assert f"  → {cause} {then}" in [piece.forms[0] for piece in pieces]
    assert f"  → {then}" not in [piece.forms[0] for piece in pieces]


def test_a_cause_that_goes_on_with_an_item_of_its_own_list_does_not_tell_it_twice():
    item = "`evict` holds the lock of the whole map and calls `drop`, which wants it: a deadlock."
    listed = f"Found. It isn't the cache: {item.partition(', which')[0]} \u2026; Before that it hung as well \u2026"
    cause = finding(listed, 11, 9.0).replace(then=item)
    turns = (Turn(10, (cause,)), Turn(20, (finding("Of two.", 21),)))
    pieces = list(findings(story_of(requests=REQUESTS, turns=turns)))
    assert f"  \u2192 Found. It isn't the cache: {item}" in [piece.forms[0] for piece in pieces]


def test_an_address_in_a_request_stands_whole_where_the_request_is_cut():
    """Where it stands at the cut, and where it comes after it."""
    more = "and more of what it is to be " * 8
    folder, address = "/srv/somebody/projects/a-long-name/of-a/project-of-mine/or-the-two", "https://example.org/a/b"
    texts = (
        f"Put all of what was made until today by us or by the others into {folder} then {more}",
        f"{more} and clone it from {address} now {more}",
        "on",
    )
    requests = (REQUESTS[0], *(Request(2 + at, text, position=20 + at) for at, text in enumerate(texts)))
    turns = tuple(Turn(it.position, (finding("So.", it.position + 1),)) for it in requests)
    shown = [piece.forms[0] for piece in findings(story_of(requests=requests, turns=turns))]
    assert any(f"{folder}…" in it for it in shown)
    assert any(f"… {address}" in it for it in shown)


def test_remarks_of_a_request_that_is_not_long_all_stand_though_it_is_among_the_last():
    text = (
        f"remarks on draft 1:\n- \xa74 the rows: keep them {'for a year, ' * 24}25 months\n- \xa75 what do you propose?"
    )
    requests = (REQUESTS[0], Request(2, text, position=20), Request(3, "go on", position=30))
    turns = tuple(Turn(it.position, (finding("So.", it.position + 1),)) for it in requests)
    shown = [form for piece in findings(story_of(requests=requests, turns=turns)) for form in piece.forms[:2]]
    assert any("25 months" in it and "what do you propose?" in it for it in shown)


def test_the_latest_requests_stand_whole_where_older_ones_are_cut():
    """What a message of the user's is about stands at its beginning, what binds often at its end."""
    words = "good, now the notes and then the action items. only what has an owner. the change got approved, I apply it at 16"
    requests = tuple(Request(n, f"{words} of day {n}", position=10 * n) for n in range(1, 20))
    turns = tuple(Turn(it.position, (finding("So.", it.position + 1),)) for it in requests)
    shown = [piece.forms[0] for piece in findings(story_of(requests=requests, turns=turns)) if piece.kind == "request"]
    assert [it.partition(":")[0] for it in shown if "I apply it at 16" in it] == [*map(str, range(7, 19))]


def test_a_request_that_was_taken_back_says_so_and_keeps_only_what_holds_on():
    asked = (
        "Mend it",
        "use Edit, not sed. next: remove the print view",
        "oh. leave it then, forget it",
        "go on with mail",
    )
    said = [("assistant", "It is used."), *(("user", it) for it in asked)]
    story = extract(session(*said))
    assert [it.text for it in story.requests] == [asked[0], asked[1], asked[3]]
    assert story.requests[1].withdrawn == asked[2]
    turns = tuple(Turn(it.position, (finding("So.", it.position + 1),)) for it in story.requests)
    told = whole(story_of(requests=story.requests, turns=turns))
    assert "(still holds): use Edit, not sed. (the rest taken back: “oh. leave it then, forget it”)" in told
    edited = extract(session(*said, edits=(Edit("/p/a.py", 35, "modified", "a", "b"),)))
    assert not any(it.withdrawn for it in edited.requests)
    skipped = extract(session(("user", "Mend it"), ("user", "Add the view"), ("user", "no need"), ("user", "go on")))
    assert not any(it.withdrawn for it in skipped.requests)


@pytest.mark.parametrize(
    ("words", "taken_back"),
    [
        ("ok bad idea of mine, take it out. b, in a table", "ok bad idea of mine, take it out"),
        ("Bad idea of mine. Use a Table", "Bad idea of mine"),
        ("my idea was wrong. use a table", "my idea was wrong"),
        ("scratch that, a table", "scratch that"),
        ("that is a bad idea, since it is slow", ""),
        ("my mistake, the file is in src", ""),
    ],
)
def test_an_idea_that_the_user_rues_holds_no_more_though_it_was_made(words, taken_back):
    asked = ("Find the doubles", "so dedupe. no new table, setnx is enough", words, "go on with the page")
    edit = Edit("/p/a.go", 25, "modified", "a", "b")
    story = extract(session(*(("user", it) for it in asked), edits=(edit,)))
    assert story.requests[1].withdrawn == taken_back
    turns = tuple(Turn(it.position, (finding("41 entries were lost.", it.position + 1),)) for it in story.requests)
    shown = whole(story_of(requests=story.requests, turns=turns))
    assert (f"2: so dedupe. no new table, setnx is enough (taken back: “{taken_back}”)" in shown) is bool(taken_back)
    assert ("2 (still holds)" in shown) is not bool(taken_back)


@pytest.mark.parametrize(
    ("words", "takes_back"),
    [
        ("a reader may be skipped. don't block in the hub after all, that would bring the stall back", True),
        ("a reader may be skipped. blocking was stupid, I was wrong", True),
        ("the reader works after all, thanks", False),
        ("don't use the pool after all", False),
    ],
)
def test_a_rule_of_which_later_words_take_a_part_back_says_so(words, takes_back):
    asked = ("Split the hub", "not with sed. a reader must never be dropped, it blocks instead", words, "go on")
    story = extract(session(*(("user", it) for it in asked)))
    assert story.requests[1].rued == 3 * takes_back
    turns = tuple(Turn(it.position, (finding("41 entries were lost.", it.position + 1),)) for it in story.requests)
    shown = whole(story_of(requests=story.requests, turns=turns))
    assert f"2 (still holds{', but for what 3 takes back' * takes_back}): not with sed." in shown


def test_what_came_of_the_first_request_never_stands_before_it_and_of_an_only_one_stands_alone():
    requests = tuple(Request(n, f"request {n}", position=10 * n, past=n < 9) for n in range(1, 22))
    turns = (Turn(10, (finding("The lock is taken twice.", 11),)), Turn(210, (finding("Of the last.", 211),)))
    pieces = list(findings(story_of(requests=requests, turns=turns, part_of=requests[4])))
    order = {piece.forms[0]: piece.orders[0] for piece in pieces}
    assert min(at for form, at in order.items() if form.startswith("1:")) <= order["  → The lock is taken twice."]
    alone = whole(story_of(requests=requests[:1], turns=turns[:1]))
    assert alone.startswith("What the agent said came of it [UNVERIFIED]:")


def test_a_cause_with_the_code_at_fault_comes_before_an_answer_of_as_much_worth():
    cause, answer = finding("The bug is in `load_rows`: it never locks.", 11), finding("Yes, it has two of them.", 21)
    turns = (Turn(10, (cause.replace(worth=5.0),)), Turn(20, (answer.replace(worth=5.0),)), Turn(30, ()))
    orders = orders_of(story_of(turns=turns, requests=tuple(Request(n, "why?", position=n * 10) for n in (1, 2, 3))))
    assert orders[cause.replace(worth=5.0)] < orders[answer.replace(worth=5.0)]


def test_what_only_repeats_its_request_comes_after_what_tells_more():
    echo, news = (
        finding("`/rows` shows paid and open rows, sorted by day.", 11, 6.0),
        finding("`Rows` keeps two of them.", 21),
    )
    asked = [
        Request(1, "add a page /rows: show paid, open rows, sort by day", position=10),
        Request(2, "x", position=20),
    ]
    orders = orders_of(story_of(turns=(Turn(10, (echo,)), Turn(20, (news,)), Turn(30, ())), requests=tuple(asked)))
    assert orders[news] < orders[echo]
    cause = finding("Paid and open rows show wrongly because the sort by day is missing.", 11, 6.0)
    orders = orders_of(story_of(turns=(Turn(10, (cause,)), Turn(20, (news,)), Turn(30, ())), requests=tuple(asked)))
    assert orders[cause] < orders[news], "but for a cause"


def test_many_facts_of_a_report_are_told_and_those_the_work_did_not_come_back_to_last():
    facts = tuple(Finding(f"fact {n} of the report", "sub-agent: look", 12, 3.0 if n < 2 else 0.6) for n in range(12))
    told = [it for it in findings(story_of(requests=REQUESTS[:1], learnt=facts)) if it.kind == "fact of a report"]
    assert len(told) == len(facts)
    assert max(it.orders[0] for it in told[:2]) + 4 < min(it.orders[0] for it in told[2:])


def test_what_binds_since_before_a_compaction_stands_before_more_of_an_answer():
    rule = {"rule": True, "past": True}
    asked = (*(Request(n, f"never do {n}", position=10 * n, **rule) for n in range(1, 15)), Request(15, "go on"))
    order = {
        piece.forms[0]: piece.orders[0]
        for piece in findings(story_of(requests=asked, turns=tuple(Turn(it.position) for it in asked)))
    }
    early = [form for form, at in order.items() if MUST < at < SOON]
    assert [form.partition(" ")[0] for form in early] == [str(n) for n in range(6, 15)]


def test_in_a_long_session_old_requests_are_worth_no_more_than_what_came_of_them():
    """They come right before it, so that room which only has the one goes to both or to neither."""
    requests = tuple(Request(n, f"request {n}", position=10 * n) for n in range(1, 31))
    told = finding("The cause is that the rows of all pages are loaded at once.", 51)
    turns = tuple(Turn(it.position, (told,) if it.number == 5 else (), done="edited rows.py") for it in requests)
    order = {it.forms[0]: it.orders[0] for it in findings(story_of(requests=requests, turns=turns))}
    assert MUST < order["5: request 5"] < order[f"  → {told.text}"]
    assert MUST < order["6: request 6"] < 0
    assert order["28: request 28"] == MUST


def test_the_points_of_an_account_that_tell_most_come_before_parts_get_their_shares():
    account = tuple(Finding(f"The import took the lock twice, case {n}.", "account", n, 9.0 - n) for n in range(6))
    orders = [it.orders[0] for it in findings(story_of(account=account)) if it.kind == "point"]
    assert [it < 0 for it in orders] == [True] * 4 + [False] * 2


@pytest.mark.parametrize("words", ["b", "2, but without a lock. too much for what we do, and nobody else writes there"])
def test_of_many_requests_one_that_takes_an_item_stands_with_that(words):
    requests = tuple(Request(n, f"request {n}", position=10 * n) for n in range(1, 12))
    picked = requests[8].replace(text=words, meant="leave it as it is")
    story = story_of(requests=(*requests[:8], picked, *requests[9:]), turns=(Turn(90, (finding("So.", 91),)),))
    assert any(piece.forms[0] == f"9: {words} (that is: leave it as it is)" for piece in findings(story))


def test_a_rule_stands_uncut_in_the_middle_of_a_long_request():
    rule = "and once and for all: no new packages, ever, and the names in api.py stay as they are."
    before = "the limit of one hour that stands there is far too long for us here so please cut it down."
    after = "what else is slow there? " + "and would you look at the parser too, it was odd last week. " * 3
    asked = (REQUESTS[0], Request(2, f"{before} {rule} {after}", True, position=20), Request(3, "last", position=30))
    turns = tuple(Turn(it.position, (finding(f"Of {it.number}.", it.position + 1),)) for it in asked)
    told = [it.forms[0] for it in findings(story_of(requests=asked, turns=turns))]
    assert any(it.startswith(f"2 (its rules hold): {before[:62]}") and f"… {rule} … " in it for it in told)
    assert any(it.endswith("it was odd last week.") for it in told), "as it has both its ends"


def test_rules_come_before_orders_of_the_moment_and_those_that_say_that_they_hold_on_first():
    words = ("look at the parser", "you should read the log then", "no locks please", "never log the token", "last")
    asked = tuple(Request(n, it, 1 < n < len(words), position=10 * n) for n, it in enumerate(words, 1))
    turns = tuple(Turn(it.position, (finding(f"Of {it.number}.", it.position + 1),)) for it in asked)
    pieces = [it for it in findings(story_of(requests=asked, turns=turns)) if it.kind == "request"]
    order = {it.forms[0].partition(" ")[0]: it.orders[0] for it in pieces}
    assert order["4"] < order["3"] < order["2:"]


def test_who_told_a_fact_stands_above_it_also_where_only_one_of_its_facts_finds_room():
    told = (
        *(Finding(f"fact {n} of the map", "sub-agent: Map the import", 12, 0.6) for n in range(2)),
        Finding("the lock is taken twice", "page: example.com/locks", 14, 9.0),
        Finding("the loop reads each row", "page: example.com/locks", 14, 0.6),
    )
    pieces = [it for it in findings(story_of(requests=REQUESTS[:1], learnt=told)) if "and pages told" in it.block]
    assert [it.forms[0].lstrip(" -") for it in sorted(pieces, key=lambda it: it.orders[0])][:2] == [
        *("page: example.com/locks:", "the lock is taken twice"),
    ]
    assert [it.forms[0] for it in pieces][3:] == [
        *("page: example.com/locks:", "  - the lock is taken twice", "  - the loop reads each row"),
    ]


def test_a_table_of_figures_stands_below_the_request_it_was_shown_for_unless_it_stands_whole_elsewhere():
    table = "\n\n| piece | EUR |\n|---|---|\n| stuck | 69.85 |\n| never loaded | 21.55 |\n\n"
    rows = (
        ("user", "where does it come from?"),
        ("assistant", f"Two bugs, both in the merge of refunds.{table}It is all."),
    )
    later = (
        ("user", "mend it"),
        ("assistant", "Mended the merge, and the tests of it pass."),
        ("user", "now the docs"),
    )

    def lines(transcript):
        return [it.forms[0] for it in findings(extract(transcript))]

    assert "  → stuck: 69.85; never loaded: 21.55" in lines(session(*rows, *later))
    assert not any("stuck: 69.85" in it for it in lines(session(*rows, ("user", "the second then"))))


def test_what_came_of_a_go_ahead_stands_below_the_request_before_it_as_surely_as_of_others():
    guess = (
        "Both runs had a shard of calls shortly before, shard 117 with 3 empty transcripts in it. That fits your bet."
    )
    verdict = "Data is out: shard 117 gives a gradient norm of 6.0 at most, as the others do, so the weights drift."
    rows = (
        ("user", "why does it diverge at step 41k of the long run?"),
        ("assistant", "The norm grows from 2.3 to 981 in 600 steps."),
    )
    rows += (
        ("user", "my bet is the data, check the shards"),
        ("assistant", guess),
        ("user", "ok"),
        ("assistant", verdict),
    )
    rows += (
        ("user", "then measure what grows in the weights"),
        ("assistant", "The logit doubles every 3k steps."),
        ("user", "go on"),
    )
    pieces = list(findings(extract(session(*rows))))
    (told,) = (it for it in pieces if it.forms[-1].startswith("  → Data is out"))
    assert told.orders[0] < -0.8
    lines = [it.forms[0] for it in pieces if it.kind in ("request", "finding")]
    assert lines.index(told.forms[0]) > next(at for at, it in enumerate(lines) if it.startswith("2: my bet"))


def test_how_a_cause_came_about_is_told_with_it_before_edits_and_checks():
    cause = (
        "Found it. Cause: 13 of the 15 connections are held by `Lease.beat` tasks that are done already.\n\n"
        "`_dispatch` starts the beat with `create_task`, which copies the context, so `renew` joins the batch session.\n\n"
        "It came in with `77c3a05` because the beat is not awaited when the batch ends in `_dispatch`."
    )
    rows = (
        ("user", "find the leak of connections"),
        ("assistant", "It leaks 15 in 40 s."),
        ("user", "find who holds them"),
    )
    later = (("user", "mend it then"), ("assistant", "Mended, the pool stays at 2."), ("user", "now the docs"))
    pieces = list(findings(extract(session(*rows, ("assistant", cause), *later))))
    orders = [it.orders[0] for it in pieces if it.kind == "finding"]
    assert min(orders) < -0.89
    assert [it for it in orders if -0.885 < it < -0.88]


def test_an_item_of_a_list_that_was_told_is_not_told_again():
    listed = finding(
        "Found 2 bugs where ids are compared: Concurrent sessions (`a.go:181`); Rewind lists (`b.go:4`)", 11
    )
    again = finding("Concurrent sessions (known already): the file is `a.go:181`, because of the date.", 12)
    other = finding("Cold starts: the file is `c.go:9`, because of the date.", 13)
    text = whole(story_of(requests=REQUESTS, turns=(Turn(10, (listed, again, other)),)))
    assert "known already" not in text
    assert "Cold starts" in text


def test_an_option_that_was_chosen_stands_with_the_choice_and_not_below_the_request_before_it():
    option = "A table of retries in Postgres with a unique id of each message."
    turns = (Turn(10, (finding(option, 11), finding("The tree is clean again.", 12))), Turn(20), Turn(30))
    asked = (REQUESTS[0], REQUESTS[1].replace(text="2", meant=option), REQUESTS[2])
    lines = whole(story_of(requests=asked, turns=turns)).split("\n")
    assert [it for it in lines if option in it] == [f"2: 2 (that is: {option})"]
    assert "  → The tree is clean again." in lines


def test_what_would_break_is_no_fault_that_is_told_before_all_others():
    """It was told before the edits that see to it."""
    faults = ("Two places would break silently on it.", "The cause is that `load` holds the lock.")
    requests = tuple(Request(n, f"request {n}", position=10 * n) for n in range(1, 9))
    for text, first in zip(faults, (False, True), strict=True):
        turns = tuple(Turn(10 * n, (finding(text, 10 * n + 1),) if n == 3 else ()) for n in range(1, 9))
        (told,) = (it for it in findings(story_of(requests=requests, turns=turns)) if text in it.forms[0])
        assert (told.orders[0] < -0.93) is first


def test_a_long_request_of_a_short_session_stands_whole_after_what_was_found():
    long = "make the job in the chart. " * 12
    requests = (REQUESTS[0], REQUESTS[1].replace(text=long.strip()), REQUESTS[2])
    turns = tuple(Turn(10 * n, (finding("The cause is the lock.", 10 * n + 1),)) for n in (1, 2, 3))
    (piece,) = (it for it in findings(story_of(requests=requests, turns=turns)) if it.forms[0].startswith("2: "))
    assert len(piece.forms[0]) < 240
    assert (piece.forms[1], piece.orders[1]) == (f"2: {long.strip()}", -0.888)


@pytest.mark.parametrize(
    ("then", "marked"),
    [
        ("still does, and i don't even switch tabs", True),
        ("no wait. take that back, only the checkbox", True),
        ("no. clinics with early appointments have a lead anyway", False),
        ("why does it still poll every second?", False),
    ],
)
def test_what_did_not_do_or_is_to_be_taken_back_is_marked_with_the_objection(then, marked):
    said = "Focus refetch is off now (vite has reloaded), so the table asks the server only once a minute."
    talk = (
        ("user", "the table flickers"),
        ("assistant", said),
        ("user", then),
        ("assistant", "I look."),
        ("user", "ok"),
    )
    edit = Edit("/p/a.ts", 15, "modified", "a", "b", outcome="ok")
    (line,) = [it for it in whole(extract(session(*talk, edits=(edit,)))).split("\n") if said in it]
    assert line.startswith("  → (the next request objects)") is marked


def test_a_plan_of_which_only_the_file_is_known_is_told_by_that():
    (told,) = findings(story_of(plan_file="~/.claude/plans/otter.md"))
    assert told.forms == ("The plan stands in `~/.claude/plans/otter.md`.",)
    (told,) = findings(story_of(plan="1. Stream the rows", plan_file="~/.claude/plans/otter.md"))
    assert (told.block, told.forms[0]) == ("The plan, `~/.claude/plans/otter.md`:", "1. Stream the rows")


def test_what_came_of_the_request_before_the_latest_stands_before_stronger_answers_to_older_ones():
    """The latest is most often about that."""
    requests = tuple(Request(n, f"request {n}", position=10 * n) for n in range(1, 6))
    turns = (*(Turn(10 * n, (finding(f"Of {n}.", 10 * n + 1, 9.0 - n),)) for n in range(1, 5)), Turn(50, ()))
    orders = {it.forms[0].strip(" →"): it.orders[0] for it in findings(story_of(requests=requests, turns=turns))}
    assert orders["Of 4."] < min(orders["Of 1."], orders["Of 2."], orders["Of 3."])


def test_where_the_best_of_a_turn_stands_elsewhere_what_else_it_found_at_fault_is_told_as_soon():
    best = finding("The root cause: `drop` leaves the pages of closed books behind.", 12, 9.0)
    other = finding("The problem is: closing a book is not at fault, `drop` skips its pages.", 11)
    aside = finding("There were four books on the shelf by then.", 13)
    turns = Turn(10, (best, other, aside)), Turn(20, (finding("Of two.", 21),)), Turn(30, ())
    story = story_of(requests=REQUESTS, turns=turns, explained=best.text)
    orders = {piece.forms[0]: piece.orders[0] for piece in findings(story)}
    assert orders[f"  → {other.text}"] < MUST + 0.2 < 0 < orders[f"  → {aside.text}"]


def test_of_what_the_next_request_passes_over_the_first_sentence_is_marked():
    asked = (Request(1, "list the wells", position=10), Request(2, "not feeling those - the other list?", position=30))
    turns = (Turn(10, (finding("The well behind the barn is the one that is left.", 20),), refused=True), Turn(30, ()))
    told = whole(story_of(requests=asked, turns=turns))
    assert "(the next request turns it down) The well behind the barn" in told
