"""A claim is void where the error it has gone is there again by later words."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.told.errors_back import ErrorsBack
from tests.documents.sessions import told
from tests.growth import assert_linear

FIXED = "I've resolved the 404 and the client is now communicating successfully."


@pytest.mark.parametrize(
    ("later", "void"),
    [
        ("Still getting 404. The token is stored.", True),
        ("The 404 persists, so the address is not it.", True),
        ("404 again, now with the new token.", True),
        ("Same 404 as before.", True),
        ("Der 404 kommt immer noch.", True),
        ("Still getting used to it. Done.", False),
        ("The 404 no longer persists.", False),
        ("If the 404 is there again, clear the cache.", False),
        ("The import still has 404 rows.", False),
        ("The same import has 404 events, as the paper says.", False),
        ("It is a 500 again.", False),
        ("Is it still a 404?", False),
    ],
)
def test_words_that_name_the_error_again_refute_a_claim(later, void):
    said = told(("user", "mend it"), ("assistant", FIXED), ("user", "use this address"), ("assistant", later))
    assert bool(ErrorsBack(said.messages).refutes(FIXED, 20, 10)) is void


def test_a_claim_without_a_name_is_of_the_error_that_its_request_names():
    later = (("user", "ok"), ("assistant", "ECONNREFUSED again."))
    said = told(("user", "it says ECONNREFUSED"), ("assistant", "It works now."), *later)
    assert ErrorsBack(said.messages).refutes("It works now.", 20, 10) == "ECONNREFUSED again."
    assert not ErrorsBack(said.messages).refutes("The page has two columns.", 20, 10)


def test_a_void_claim_stands_among_what_did_not_do_it_with_what_refutes_it():
    later = (("user", "restart it"), ("assistant", "Restarted. The 404 persists."))
    story = extract(told(("user", "mend the 404"), ("assistant", FIXED), *later))
    assert story.dead_ends.void == (f"{FIXED} → The 404 persists.",)
    assert not any("communicating" in it.text for turn in story.told.turns for it in turn.told)


def test_it_takes_linear_time():
    words = "The 404 persists again still the same "
    assert_linear(lambda size: ErrorsBack(told(("user", words * (size // 38))).messages), 60_000)
