"""Which words of a user's hold on, and which only order the step they stand in."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.binding import binds, lasting


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        ("don't touch the schema", True),
        ("no, use the other table", True),
        ("never run it on the server", True),
        ("bitte kein async", True),
        ("you should kill the shell that's running", False),
        ("okay, let's move on to the import, we should look at the lock too", False),
        ("implement all 3, I want to test it before shipping", False),
    ],
)
def test_a_rule_holds_on_and_an_order_of_the_moment_does_not(words, holds):
    assert bool(lasting(words)) is holds


@pytest.mark.parametrize(
    ("words", "so"),
    [
        ("nobody else needs it. so NOT in load(), the command asks itself", True),
        ("the column is NOT NULL there", False),
        ("NOT FOUND IS ALL IT SAYS", False),
        ("The page is NOT loading on my phone", False),
        ("I ONLY see a blank page", False),
        ("it is not in load() then", False),
    ],
)
def test_what_is_written_in_capitals_limits(words, so):
    assert binds(words) is so


@pytest.mark.parametrize(
    "words",
    [
        "fine. and no new packages, ever",
        "the old flags stay as they are, two teams call them",
        "ok. keep the public names",
        "from now on run the linter first",
        "commit. and never push to main",
        "auf den server gehst du NIE",
        "das format bleibt wie es ist",
        "n'utilise pas de threads",
    ],
)
def test_what_says_that_it_stays_so_holds_on(words):
    assert binds(words)
    assert lasting(words)


@pytest.mark.parametrize(
    "words",
    [
        "commit, but without the lockfile",
        "good. push it, don't open a PR",
        "quick question in between: don't change anything, what does load() do",
        "review only, dont touch the files",
        "don't merge yet",
        "retries must be counted too. later, first the lock",
        "null soll leer heißen. machen wir später",
        "die datei noch nicht löschen",
        "ça ne marche toujours pas",
        "es geht immer noch nicht",
        "i never seen that before",
        "tests never pass on windows",
        "no one has ever used that flag",
        "the header stays unchanged when i switch the theme",
        "the list stays as it is after saving, fix that",
        "das bleibt wie immer h\xe4ngen",
        "no, then it's fine",
        "must it always be sorted?",
    ],
)
def test_what_is_put_off_or_limits_one_task_does_not_hold_on(words):
    assert not lasting(words)


def test_of_a_request_the_sentences_are_told_that_hold_on():
    words = "nice, 3 retries then. keep the old flags. what's the default?\ndon't log the token"
    assert lasting(words) == ("keep the old flags.", "don't log the token")


def test_a_message_beginning_with_what_it_orders_about_commits_holds_on():
    assert lasting("commit messages always in english")


def test_what_must_be_binds_in_german_though_it_need_not_hold_on():
    assert binds("die liste muss auch leere zeilen haben")
