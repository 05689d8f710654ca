"""Words of the transcript in the document's own lines read as they were written, and stay inert."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.facts import FileChanges
from handoff_cli.documents.extract.language.words import plain
from handoff_cli.documents.parts.wording import (
    as_read,
    asked,
    beginning_of,
    by_items,
    capitalized,
    complete,
    ended,
    event,
    placed,
    said,
)
from tests.documents.sessions import story_of


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Run it by '*/5 * * * *' daily.", "Run it by `'*/5 * * * *'` daily."),
        (
            "Edit `cart/__init__.py`, then cart/__main__.py (see __all__).",
            "Edit `cart/__init__.py`, then `cart/__main__.py` (see `__all__`).",
        ),
        ("Got [<class 'int'>, <class 'str'>]. So", "Got `[<class 'int'>, <class 'str'>]`. So"),
        ("call foo(*args) for src/**/*.py", "call `foo(*args)` for `src/**/*.py`"),
        ("**really** *now*, __as said__: `plain` snake_case", "really now, as said: plain snake_case"),
        ("take [y](http://x)", "take `[y](http://x)`"),
        ("cut in `the mid", "cut in the mid"),
        ("# a heading", "\\# a heading"),
        ("- [ ] do", "\\- `[ ]` do"),
        ("say &lt; here", "say `&lt;` here"),
        ("</system-reminder> <!-- x", "\u2039/system-reminder> `<!--` x"),
    ],
)
def test_words_read_as_they_were_and_nothing_in_them_is_a_mark(words, shown):
    assert (said(words, 200), asked(words, 200)) == (shown, shown)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("- **Cause**: __init__ and __main__ differ", "Cause: __init__ and __main__ differ"),
        ("src/**/*.py and tests/**/x", "src/**/*.py and tests/**/x"),
        ("f(*a, **kw), g(**kw), 2**3 and 4**5", "f(*a, **kw), g(**kw), 2**3 and 4**5"),
        ("**Fix `a/__init__.py` now** in `x**y` and **z**", "Fix `a/__init__.py` now in `x**y` and z"),
    ],
)
def test_only_marks_at_borders_of_words_are_taken_off(line, shown):
    assert plain(line) == shown


def test_an_order_that_hands_over_a_plan_is_told_with_the_plans_title():
    plan = "Implement the following plan:\n\n# Read **both** kinds of price lists\n\n## Context\n\nOnly one is read."
    assert asked(plan, 50) == "Implement the following plan: Read both kinds of price lists"


def test_a_long_request_keeps_what_orders_limits_or_asks_in_whole_sentences():
    long = "Look at the tabs of the page, I had them open all day. " + "The weather was fine and so was I. " * 3
    order = "There is a need to prepare a demo of at most 8 minutes. Answer in Spanish."
    assert asked(f"{long}{order}", 160) == f"Look at the tabs of the page, I had them open all day. … {order}"
    listed = f"{long}\n\n- one job, no workers\n- the table keeps its columns\n"
    assert "the table keeps its columns" in asked(listed, 120)


def test_of_long_words_the_short_line_that_ends_them_is_told():
    """Who agrees at length says in it what comes next; what the other does not know limits nothing."""
    agrees = "The reader must stay without a cache. You don't know yet who calls it. No other way is simple. " * 3
    shown = asked(f"All four are right.\n{agrees}\nShip the design.", 100)
    assert shown == "… The reader must stay without a cache. … No other way is simple. … Ship the design."


def test_words_that_point_at_what_they_quote_come_with_its_beginning():
    words = "2. Commit: the branch should have gone.\n\nI'm sure this happened, look again"
    assert asked(words, 300) == 'I\'m sure this happened, look again (said of: "Commit: the branch should have gone.")'


def test_words_are_cut_where_a_sentence_or_a_clause_ends():
    assert complete("One is here. Two is there. Three is far away.", 30) == "One is here. Two is there."
    assert (
        complete("the first clause of it is long, the second is longer still", 40) == "the first clause of it is long …"
    )


def test_a_sign_that_a_backslash_makes_one_is_no_end_of_a_sentence():
    assert as_read("the code of \\! is swallowed") == "the code of `\\!` is swallowed"


def test_what_was_edited_stands_as_code_where_it_holds_marks():
    assert event("edited lock.rs: hold(*peer) → hold(Peer(*peer), 1) (+1)", 90) == (
        "edited lock.rs: `hold(*peer)` → `hold(Peer(*peer), 1) (+1)`"
    )
    assert event("edited lock.rs: a = 1 → a = 2", 90) == "edited lock.rs: a = 1 → a = 2"


def test_a_sentence_ends_once_in_any_writing():
    assert [ended(it) for it in ("so", "so.", "改完给我看。", "そう？")] == ["so.", "so.", "改完给我看。", "そう？"]


def test_what_led_in_to_something_else_ends_without_its_colon():
    assert [ended(it) for it in ("make it like this:", "\u50cf\u8fd9\u6837\uff1a", "run `a:`")] == [
        "make it like this.",
        "\u50cf\u8fd9\u6837.",
        "run `a:`.",
    ]


def test_a_question_that_is_cut_at_its_end_stays_one():
    text = "no flag, make it a field of the settings? no, drop it whole, the example becomes step four"
    assert beginning_of(text, 38) == "no flag, make it a field of the settings?…"


def test_a_sentence_that_begins_with_a_name_out_of_code_keeps_its_letters():
    assert capitalized("maxAttempts is compared twice") == "maxAttempts is compared twice"
    assert capitalized("fail(): it gives up") == "Fail(): it gives up"
    assert capitalized("the lock is gone") == "The lock is gone"


def test_a_line_that_begins_with_an_option_has_it_as_code():
    assert said("--dry-run keeps the rows", 80) == "`--dry-run` keeps the rows"
    assert said("- an item", 80).startswith("\\-")


def test_of_a_long_request_the_sentence_that_begins_with_an_order_comes_before_what_judges():
    praise = "Option 2, that is the smaller change and I can explain it to everybody in the one meeting we have."
    order = "Also I need the new figures for both stores in a table, for the mail to Ida."
    limit = "And don't read the big file again, use what is in data/rows.parquet."
    assert asked(f"{praise} {order} {limit}", 160) == f"\u2026 {order} {limit}"


@pytest.mark.parametrize(
    "order", ["Mira la piscina y dime la causa antes de tocar nada.", "Erkläre erst die Ursache.", "Regarde le pool."]
)
def test_an_order_in_another_language_stays_in_a_request_that_is_cut(order):
    told = f"Perfecto. El proyectil sale a veces con una raya desde donde estaba. {order} Y otra rama, desde develop."
    assert asked(told, 110).endswith(f"{order} Y otra rama, desde develop.")


def test_a_change_of_code_with_semicolons_keeps_what_it_became_however_short_it_is_told():
    old = "err := storage.OpenSnapshot(latestSnapshotID, storeKind); err != nil {"
    text = f"hooks.go: handleBefore: {old} → {old.replace('storeKind', 'storeKind, folderPath')}"
    told = by_items(text, 100)
    assert " → " in told
    assert len(told) <= 104
    assert (
        by_items("hooks.go: + load (+4); + save (+9); also in " + "read " * 30, 60)
        == "hooks.go: + load (+4); + save (+9)"
    )
    place = "rate_test.go: TestRateOfTheLastDayOfAMonth, TestRateOfTheFirstDay: "
    told = by_items(
        f'{place}t.Errorf("rate() returned: %v", err) → t.Error("rate() should refuse the day that is over")', 110
    )
    assert told.startswith(f'{place}→ t.Error("rate() should refuse')


def test_a_step_tells_where_a_file_lies_that_no_list_of_edited_ones_has():
    """One that it names with its folder, or that nobody came upon, it tells as it is."""
    story = story_of(nearby=("/p/infra/compose.yml", "/p/run.py"))
    assert placed("Shall I mend compose.yml?", story) == "Shall I mend compose.yml? (`infra/compose.yml`)"
    edited = story_of(story, edits=(FileChanges("/p/infra/compose.yml", False, 1, ()),))
    for step in ("Mend infra/compose.yml.", "Mend rates.yml."):
        assert placed(step, story) == step
    assert placed("Mend compose.yml.", edited) == "Mend compose.yml."
