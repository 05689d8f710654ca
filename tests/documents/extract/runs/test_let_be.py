"""A test that is red for a reason the user knows is told with the user's words, and nobody is sent to mend it."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Message
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.commands.checks import runs_of
from handoff_cli.documents.extract.failed import LiveFailure
from handoff_cli.documents.extract.runs.failures import live_failures
from handoff_cli.documents.extract.runs.let_be import let_be, unrelated
from handoff_cli.documents.fit import everything
from handoff_cli.documents.parts.next_action import next_action
from handoff_cli.documents.parts.pieces import FAILURES, written
from tests.documents.sessions import ran, told
from tests.growth import assert_linear

RED = "FAILED tests/test_clock.py::test_summer_time - assert 1 == 2\n1 failed, 9 passed in 1s\n"


def story(*messages, red=RED):
    return extract(told(*messages, commands=(ran("pytest -q", "failed", 15, output=red),)))


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (
            "Tidy up. The test_summer_time is red because of #81, leave it red.",
            "The test_summer_time is red because of #81, leave it red.",
        ),
        (
            "Räum auf. Der test_summer_time ist rot, das soll rot bleiben.",
            "Der test_summer_time ist rot, das soll rot bleiben.",
        ),
        ("Ordena. Ignora nada: test_summer_time falla, déjalo.", "Ignora nada: test_summer_time falla, déjalo."),
        ("test_summer_time 是已知问题,不用管", "test_summer_time 是已知问题,不用管"),
        ("Tidy up. test_summer_time is red, don't ignore it.", ""),
        ("test_summer_time fails for me, why?", ""),
    ],
)
def test_the_user_names_the_test(words, kept):
    found = story(("user", words), ("assistant", "I look at it."))
    assert [it.left for it in found.runs.left_red] == [kept][: bool(kept)]
    assert len(found.runs.failures) == (not kept)


@pytest.mark.parametrize(
    ("words", "red", "left"),
    [
        ("yes, Jo mends that today, ignore that one. but why?", RED, 1),
        ("don't ignore it", RED, 0),
        ("ignore that file", RED, 0),
        ("ignore that one", f"FAILED tests/test_clock.py::test_winter - assert 1 == 2\n{RED}", 0),
    ],
)
def test_the_one_thing_that_failed_needs_no_name(words, red, left):
    """Of several nobody can say which is meant."""
    found = story(("user", "Tidy up."), ("assistant", "It fails without my change as well."), ("user", words), red=red)
    assert len(found.runs.left_red) == left


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("yes, known, keep that one red. now the docs", 1),
        ("that one is known. now the docs", 1),
        ("leave it alone. now the docs", 0),
        ("use the known_hosts file", 0),
    ],
)
def test_the_user_answers_what_the_agent_said_of_it(words, left):
    """Words that name no test speak of what was named right before, where they say that it is red or known."""
    found = story(
        ("user", "Tidy up."), ("assistant", "`test_summer_time` fails without my change too."), ("user", words)
    )
    assert [not it.unrelated for it in found.runs.left_red] == [bool(left)]


def test_the_last_word_counts():
    """Who asks for the mend later wants it no more left."""
    found = story(("user", "Leave test_summer_time red."), ("assistant", "ok"), ("user", "Now mend test_summer_time."))
    assert not found.runs.left_red


def test_it_is_told_and_not_to_be_mended(facts):
    two = RED.replace("1 failed", "FAILED tests/test_day.py::test_noon - assert 3 == 4\n2 failed")
    said = (("user", "Tidy up. Leave test_summer_time red (#81)."), ("assistant", "Let me look at the rest."))
    found = story(*said, red=two)
    facts = facts.replace(story=found, notes=())
    step = next_action(facts).text
    assert "test_noon" in step
    assert "test_summer_time" not in step.partition("\n")[0]
    part = written(FAILURES, everything(facts).chosen)
    assert "test_summer_time: assert 1 == 2 → “Leave test_summer_time red (#81).”" in part


LINT = "error: this function has too many lines\n  --> src/routes.rs:31:1\n"
TEST = "FAILED tests/test_cart.py::test_total - assert 1 == 2\nFAILED tests/test_cart.py::test_tax - x\n2 failed"


def still_open(said, position=9):
    runs = [ran("cargo clippy", "failed", 1, output=LINT), ran("pytest -q", "failed", 2, output=TEST)]
    found = let_be(live_failures(runs_of(runs), []), [Message("user", said, position)])
    return [it.name.rpartition(":")[2] if "::" in it.name else "routes.rs" for it in found if not it.left]


@pytest.mark.parametrize(
    ("said", "open_now"),
    [
        ("clippy's finding in routes.rs is old, ignore it. mend the tests", ["test_total", "test_tax"]),
        ("ignore the lint for now", ["test_total", "test_tax"]),
        ("test_tax is a known failure", ["test_total", "routes.rs"]),
        ("Never mind pytest.", ["routes.rs"]),
        ("don't ignore clippy", ["test_total", "test_tax", "routes.rs"]),
        ("ignore the warnings", ["test_total", "test_tax", "routes.rs"]),
        ("Ignore the old readme. Look at test_tax.", ["test_total", "test_tax", "routes.rs"]),
    ],
)
def test_only_what_the_sentence_names_is_left(said, open_now):
    assert still_open(said) == open_now


def test_what_was_said_before_it_failed_leaves_nothing():
    assert still_open("ignore clippy", position=0) == ["test_total", "test_tax", "routes.rs"]


@pytest.mark.parametrize(
    "words",
    [
        "Fix test_login. Don't touch the fixtures.",
        "Don\u2019t ignore test_login, fix it.",
        "Never ignore test_login!",
        "Please make test_login pass. Don't worry about speed.",
        "The cause of test_login is known, so fix it.",
        "The cause of test_login is known: a clock.",
        "test_login ist bekannt, bitte beheben.",
        "test_login es conocido, arréglalo.",
        "test_login 是已知问题，修一下",
    ],
)
def test_what_the_user_orders_to_mend_is_not_let_be(words):
    failure = LiveFailure("tests/test_app.py::test_login", "assert 1", "pytest", "test", 9)
    assert let_be([failure], told(("user", "go"), ("user", words)).messages)[0].left == ""


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("the cause is known, so fix it", 0),
        ("the fix is known", 0),
        ("die Ursache ist bekannt", 0),
        ("原因已知", 0),
        ("it is known to be slow", 0),
        ("it is known, take care of it", 0),
        ("it is known, we will fix it next week", 1),
        ("it is known, fix it later", 1),
    ],
)
def test_a_cause_that_is_known_is_no_leave_and_a_mend_that_is_to_come_is(words, left):
    failure = LiveFailure("tests/test_app.py::test_login", "assert 1", "pytest", "test", 3)
    said = (("assistant", "`test_login` fails."), ("user", words))
    assert bool(let_be([failure], told(("user", "go"), *said).messages)[0].left) is bool(left)


def test_each_message_is_read_once_however_many_tests_fail(monkeypatch):
    read = []
    monkeypatch.setattr("handoff_cli.documents.extract.runs.let_be.sentences", lambda text: read.append(text) or [text])
    failures = [LiveFailure(f"tests/t.py::test_login_{it}", "x", "pytest", "test", 1) for it in range(9)]
    let_be(failures, [Message("user", f"say {place}", place + 2) for place in range(5)])
    assert sorted(read) == [f"say {place}" for place in range(5)]
    assert let_be((), [Message("user", "say", 2)]) == ()


@pytest.mark.parametrize("words", ["fix a ", "test_login is ", "the fix is ", "keep one ", "ignore "])
def test_a_long_message_costs_no_more_than_its_length(words):
    failure = LiveFailure("tests/t.py::test_login", "x", "pytest", "test", 1)
    assert_linear(lambda size: let_be([failure], [Message("user", words * size, 2)]), 2_000)


JEST = LiveFailure("cart > handles empty carts", "x", "npx vitest", "test", 3)
SHORT = JEST.replace(name="cart > add")
PLACE = LiveFailure("src/routes.rs:31", "x", "cargo clippy", "lint", 3)

BUILT = LiveFailure("tests/ring.cpp:22", "x", "cmake --build out && out/tests/ring", "build", 3)


@pytest.mark.parametrize(
    ("failure", "before", "words", "left"),
    [
        (JEST, "Done.", ("The cart handles nulls. So. Well. Ignore vitest.",), 1),
        (JEST, "The cart handles nulls.", ("that one is known",), 0),
        (SHORT, "Done.", ("Now add a page. So. Well. Ignore vitest.",), 1),
        (PLACE, "Done.", ("routes.rs:31 is long. So. Well. Ignore clippy.",), 1),
        (PLACE, "Done.", ("clippy is slow here, use the cache",), 0),
        (PLACE, "Done.", ("ignore clippy", "and now the docs"), 1),
        (BUILT, "Done.", ("The ARM build is Piotr's, ignore that one failing in CI",), 0),
        (BUILT, "Done.", ("ignore cmake",), 1),
    ],
)
def test_what_is_named_is_a_whole_name_and_leave_holds_until_another_word_of_it(failure, before, words, left):
    said = [("user", "go"), ("assistant", before), *(("user", it) for it in words)]
    other = failure.replace(name="other", kind="build", command="make")
    assert bool(let_be([failure, other], told(*said).messages)[0].left) is bool(left)


@pytest.mark.parametrize(
    ("said", "asked", "left"),
    [
        ("`test_summer_time` fails on main as well, since the zone data moved.", "go on", 1),
        ("test_summer_time is a pre-existing failure, unrelated to this.", "go on", 1),
        ("test_summer_time also fails on main (git stash; pytest: the same), so I leave it.", "go on", 1),
        ("test_summer_time isn't ours.", "go on", 1),
        ("test_winter_time isn't ours. test_summer_time is: the zone is set twice.", "go on", 0),
        ("Is test_summer_time pre-existing?", "go on", 0),
        ("Let me check whether test_summer_time fails on main.", "go on", 0),
        ("test_summer_time fails on main as well.", "fix the failing tests too", 0),
        ("The clock test fails on main as well.", "go on", 0),
        ("test_summer_time: pre-existing, fails without our patch too.", "go on", 1),
        ("test_summer_time fails because the pre-existing row collides.", "go on", 0),
        ("test_summer_time fails: the clock drops pre-existing keys.", "go on", 0),
        ("test_summer_time fails when the row is pre-existing.", "go on", 0),
        ("test_summer_time fails on main thread access.", "go on", 0),
        ("test_summer_time fails in main() of the new entry point.", "go on", 0),
        ("test_summer_time fails, my cache mixes unrelated sessions.", "go on", 0),
    ],
)
def test_the_agent_says_that_a_test_is_red_without_this_work(said, asked, left):
    messages = ("user", "Tidy up."), ("assistant", said), ("user", asked)
    found = extract(told(*messages, commands=(ran("pytest -q", "failed", 15, output=RED),)))
    assert len(found.runs.left_red) == left
    assert all(it.unrelated for it in found.runs.left_red)


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("These failures are not ours. They're pre-existing User model issues.", 1),
        ("All of these are pre-existing.", 1),
        ("The cart fails. It is no pre-existing issue.", 0),
        ("They may be pre-existing, let me check whether they fail on main.", 0),
    ],
)
def test_the_agent_says_that_of_all_that_a_run_showed_where_its_output_names_none(said, left):
    run = ran("pytest tests -v", "failed", 15, error="Exit code 1\n==== test session starts ====\n… +148 lines")
    found = extract(told(("user", "Run them."), ("assistant", said), ("user", "Report."), commands=(run,)))
    assert (len(found.runs.left_red), len(found.runs.failures)) == (left, 1 - left)
    named = extract(
        told(("user", "Run them."), ("assistant", said), commands=(ran("pytest", "failed", 15, output=RED),))
    )
    assert not named.runs.left_red


def test_what_the_account_of_a_compaction_says_of_a_test_counts():
    account = Message("user", "test_summer_time fails on main, not ours.", 5)
    transcript = told(("user", "go on"), commands=(ran("pytest -q", "failed", 15, output=RED),), summaries=(account,))
    (red,) = extract(transcript).runs.left_red
    assert red.left == "test_summer_time fails on main, not ours."


def test_many_words_and_failures_cost_no_more_than_their_length():
    failures = [LiveFailure(f"tests/t.py::test_login_{it}", "x", "pytest", "test", 1) for it in range(40)]
    said = ("assistant", "test_login fails on main, not ours, pre-existing. " * 40)
    assert_linear(lambda size: unrelated(failures, told(("user", "go"), *[said] * size)), 20)


REFUSED = "Error: connect ECONNREFUSED 127.0.0.1:9200\n"


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("fine, leave e2e to CI", 1),
        ("leave the e2e suite to the pipeline and commit", 1),
        ("CI will run e2e, commit it", 1),
        ("let CI do the e2e part", 1),
        ("überlass e2e der CI", 1),
        ("laisse les e2e à la CI", 1),
        ("deja e2e para la CI", 1),
        ("e2e 交给CI", 1),
        ("leave the docs to CI", 0),
        ("CI will not run e2e, so make it pass here", 0),
        ("leave e2e running", 0),
        ("don't leave e2e to CI", 0),
        ("don't leave it to CI, fix e2e", 0),
    ],
)
def test_what_the_user_leaves_to_another_machine_is_nothing_to_make_pass_here(words, left):
    messages = (("user", "Page by key."), ("assistant", "The e2e suite needs a server that does not run here."))
    command = ran("npm run e2e -- search", "failed", 15, output=REFUSED)
    found = extract(told(*messages, ("user", words), commands=(command,)))
    assert (len(found.runs.left_red), len(found.runs.failures)) == (left, 1 - left)
