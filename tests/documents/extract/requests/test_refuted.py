"""What the user says did not do is told with what was made or told before it, and ends by a word that it works."""

from __future__ import annotations

from handoff_cli.core.transcript import Edit
from handoff_cli.documents.extract.requests.refuted import refuted
from tests.documents.sessions import told

_ADVICE = "The proxy caches it.\n\nRemove the `expires` line from the site's file, then reload."


def test_advice_that_changed_nothing_stands_with_the_words_and_is_open():
    one = refuted(told(("user", "the page is old"), ("assistant", _ADVICE), ("user", "I removed it, nothing changed")))
    assert [(it.what, it.words, it.live) for it in one] == [
        ("Remove the `expires` line from the site's file, then reload.", "I removed it, nothing changed", True)
    ]


def test_an_edit_that_did_not_do_is_told_as_it_changed_the_file():
    edit = Edit("app/menu.js", 25, "modified", "menu.open()", "menu.show()")
    session = told(
        ("user", "menu stays shut"),
        ("assistant", "Fixed."),
        ("user", "same error:\nTypeError: menu is null"),
        edits=(edit,),
    )
    (one,) = refuted(session)
    assert (one.what, one.error) == ("menu.js: menu.open() → menu.show()", "TypeError: menu is null")
    assert one.live
    assert not one.edited


def test_the_same_error_again_is_the_one_reported_before():
    said = [("user", "go"), ("assistant", "Use `b()`, it is faster."), ("user", "I get TypeError: x is null")]
    one, two = refuted(told(*said, ("assistant", "Use `c()` then, it takes none."), ("user", "still the same error")))
    assert one.error == two.error == "TypeError: x is null"
    assert (one.what, two.what) == ("Use `c()` then, it takes none.", "")


def test_a_word_that_it_works_closes_the_failure_and_what_was_tried_stays():
    said = [
        ("user", "the page is old"),
        ("assistant", _ADVICE),
        ("user", "no luck"),
        ("assistant", "Clear the disk cache."),
    ]
    (one,) = refuted(told(*said, ("user", "works now, thanks")))
    assert one.what
    assert not one.live


def test_a_fix_that_works_after_all_though_nothing_was_made_since_did_not_fail():
    edit = Edit("app/menu.js", 15, "modified", "menu.open()", "menu.show()")
    said = [
        ("user", "menu stays shut"),
        ("assistant", "Fixed."),
        ("user", "still broken"),
        ("assistant", "Did you reload?"),
    ]
    assert not refuted(told(*said, ("user", "oh, works now"), edits=(edit,)))


def test_what_the_agent_names_in_its_answer_is_told_where_nothing_was_said_before():
    said = (
        ("user", "I removed it, nothing changed"),
        ("assistant", "Since removing the stale link didn't help, look at the cache."),
    )
    (one,) = refuted(told(*said))
    assert one.what == "removing the stale link"


def test_another_matter_that_came_up_since_closes_the_report():
    said = [("user", "the page is old"), ("assistant", _ADVICE), ("user", "no luck"), ("assistant", "Clear the cache.")]
    (one,) = refuted(told(*said, ("user", "now write the release notes")))
    assert not one.live


def test_a_text_in_which_nobody_speaks_refutes_nothing():
    assert refuted(told()) == ()


def test_what_the_user_reported_stays_open_while_they_only_say_what_they_do_themselves():
    died = (
        "user",
        "applied it to staging. the app is up but the nightly job died:\nERROR: permission denied for schema a",
    )
    said = (("user", "bump it"), ("assistant", "Set the flag, then apply."), died, ("assistant", "Grant it, or ask."))
    (one,) = refuted(told(*said, ("user", "i'll ask mirela tomorrow")))
    assert (one.error, one.live) == ("ERROR: permission denied for schema a", True)
    (other,) = refuted(told(*said, ("user", "forget it, write the changelog")))
    assert not other.live
