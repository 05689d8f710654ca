"""A sentence is shortened to its conclusion, a long text to those that tell: in its words, in its order."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.documents.extract.language.shortened import _SENTENCES, brief, brief_point, outline
from tests.growth import assert_linear


@pytest.mark.parametrize(
    ("sentence", "short"),
    [
        ("A short one stays as it is.", "A short one stays as it is."),
        (
            "`load_rows` reads the table twice, because the cursor of the first page is closed before the second is asked.",
            "`load_rows` reads the table twice…",
        ),
        (
            "The root cause is in `open_lock` (it was written for one process only, and says so). But it goes on and on and on and on and on.",
            "The root cause is in `open_lock`.",
        ),
        (  # when something is done, or how often, is no aside
            "Let the queue keep the rows, and let `drain_rows` (run every hour by cron until the switch) move them. Then one writer remains.",
            "Let the queue keep the rows, and let `drain_rows` (run every hour by cron until the switch) move them.",
        ),
    ],
)
def test_a_long_conclusion_has_a_short_form_that_ends_with_a_clause(sentence, short):
    assert brief(sentence, 60) == short


def test_a_short_form_of_several_sentences_keeps_the_clause_that_draws_the_sum():
    text = (
        "Found it. The loop looks for a colon in every line. But a subject like `docs: add rows` has one in its first"
        " word already, so it falsely takes the subject for a trailer."
    )
    assert brief(text, 90) == (
        "Found it. The loop looks for a colon in every line. … so it falsely takes the subject for a trailer."
    )


@given(st.text(max_size=400), st.integers(20, 200))
def test_a_short_form_is_never_longer_than_what_is_told_whole(text, size):
    assert len(brief(text, size)) <= max(size * 2, 240)


def test_a_sentence_with_a_list_keeps_whole_items_and_a_mark_where_there_are_more():
    sentence = (
        "The import now does three things: it reads the rows of a page - all of them at once; "
        "it sorts them by the day of the month; it writes them in one go, so that no lock is held twice"
    )
    heads = sentence.replace(" - all of them at once", "")
    assert brief(sentence, len(sentence)) == sentence
    assert brief(sentence, 140) == heads
    assert brief(sentence, 60) == "The import now does three things: it reads the rows of a page; …"


def test_a_sentence_without_a_clause_to_end_at_is_told_whole_rather_than_cut():
    sentence = (
        "`add_trailer` takes any line with a colon and a blank for a trailer and so writes no empty line before its own"
    )
    assert brief(sentence, 70) == sentence


def test_of_a_point_of_an_account_what_failed_and_what_mended_it_stays():
    point = "Error: the lock fails → What happened: it was taken twice → Fix: one caller takes it"
    assert brief_point(point, 80) == "Error: the lock fails → Fix: one caller takes it"


def test_a_step_of_an_outline_is_never_only_its_number():
    steps = [
        f"{n}. **Step {n} of it**: When the head changes {'and no prompt is entered ' * 12}it is old."
        for n in range(1, 6)
    ]
    assert all(len(line) > 20 for line in outline("\n".join(["# Plan", *steps]), 900).split("\n")[1:])


def test_what_announces_a_list_comes_with_its_first_items_where_room_is_not_scarce():
    text = (
        "# Read both forms\n\n## Context\n\nIt is broken because `content` is text there, but logs have two forms:\n"
        "- **User**: a list of parts\n- **Agent**: plain text\n\n## Steps\n\n"
        + "\n".join(f"{n}. Do step {n} of the plan with care." for n in range(1, 20))
    )
    longer = text.replace("with care", "with care, and with a test of what was wrong before it")
    assert "two forms:\n- **User**: a list of parts\n- **Agent**: plain text" in outline(longer, 1_000)
    assert "## Steps\n1. Do step 1" in outline(text, 260)


def test_items_of_an_outline_stand_below_the_line_that_says_whose_they_are():
    ours, theirs = "**What ours does:**", "**What theirs does:**"
    of = {
        label: "\n".join(f"- {label[-12:-8]} part {n}, as it is read from the table" for n in range(6))
        for label in (ours, theirs)
    }
    text = f"Here is how they differ:\n\n{ours}\n{of[ours]}\n\n{theirs}\n{of[theirs]}\n\nBoth are needed."
    lines = outline(text, 420).split("\n")
    assert all(any(it in (ours, theirs) for it in lines[:at]) for at, line in enumerate(lines) if "part" in line)


def test_sentences_of_a_request_without_headings_come_before_its_lists_and_wrapped_lines_are_one():
    text = (
        "Overview\n\n  Tell whether the new rule of the till is worth keeping,\n  above all the cases of shops without rates.\n"
        "  The rule came after words about:\n\n  - RATE_OF_SHOP\n  - RATE_OF_TILL\n  - shops of one day, as they stand in the\n"
        "    table of rates\n  - the sum of it\n\n  What I care for most: the till answers soon, and no shop is\n  left out of the sums.\n\n"
        + "\n".join(f"  - detail {n} of the table, as it is read by the till" for n in range(20))
    )
    told = outline(text, 420)
    assert (
        "  Tell whether the new rule of the till is worth keeping, above all the cases of shops without rates." in told
    )
    assert "What I care for most: the till answers soon, and no shop is left out of the sums." in told
    assert "detail 7" not in told
    assert "\u2026 \u2026" not in told


def test_what_was_broken_within_a_path_or_behind_a_hyphen_is_one_word_again():
    text = (
        "The rules are all in the folder /srv/shops/tills/\nrates/of_day and none of them is of one till.\n\n"
        "It has to be the same in shops that have a till-\nspecific rate and in those with read-and-write-\nor-wait-locks.\n\n"
    )
    told = outline(text + "\n".join(f"- detail {n} of the table" for n in range(20)), 300)
    for whole in ("/srv/shops/tills/rates/of_day", "a till-specific rate"):
        assert whole in told


def test_where_room_is_scarce_every_heading_tells_more_than_the_first_list():
    steps = "".join(
        f"### Step {n}: make part {n}\n\n**File**: `part_{n}.py`\n\nIt is to be whole.\n\n" for n in range(1, 5)
    )
    listed = "".join(f"- **Form {n}**: one that is found in the logs of this tool\n" for n in range(9))
    told = outline(
        f"Do this:\n\n# The plan\n\n## Context\n\nThere are forms:\n{listed}\n{steps}## Verification\n\nRun `make test`.\n",
        420,
    )
    shown = [line.removeprefix("… ") for line in told.split("\n") if "Step" in line or "Verification" in line]
    assert shown == [*(f"### Step {n}: make part {n}" for n in range(1, 5)), "## Verification"]
    assert told.startswith("Do this:\n# The plan\n")


def test_lists_to_tick_come_last_in_an_outline():
    text = (
        "Read both forms\n\n## Summary\n\n- One form for people\n- One form for programs\n\n## Solution\n\n"
        "**One**: tell them apart by the first mark.\n\n**Two**: read the other form where that fails, for good.\n\n"
        "## Test plan\n\n- [x] Unit tests pass\n- [x] Lint passes\n"
    )
    told = outline(text, 220)
    assert "**Two**: read the other form" in told
    assert "Test plan" not in told


def test_lines_of_a_request_that_bind_are_not_cut_out_and_what_is_cut_off_is_marked():
    steps = [
        f"{it}. Change part {it} of the cache, and measure what it takes before and after that" for it in range(1, 7)
    ]
    text = "\n".join(
        ["Plan:", *steps, "no unsafe anywhere. never touch the version.", "Thanks, and have a look at it all"]
    )
    short = outline(text, 300)
    assert "no unsafe anywhere. never touch the version." in short
    assert short.endswith("\u2026")


RULES = "no unsafe anywhere. don't raise the MSRV. one commit per step, only when the tests and clippy are green"


def test_a_rule_of_a_request_is_never_cut_however_little_room_there_is():
    steps = "\n".join(f"{number}. make step {number} of the plan quick enough for all" for number in range(1, 9))
    told = outline(f"work on the cache. plan:\n{steps}\n{RULES}", 200)
    assert told.endswith(RULES)


def test_a_rule_in_the_middle_of_a_long_request_stands_between_its_ends():
    filler = "The import has been slow since the tables moved to the other host. " * 8
    told = outline(f"{filler}Never touch the table `prices` while it runs. {filler}Tell me what you find.", 300)
    assert "\n… Never touch the table `prices` while it runs.\n… " in told
    assert told.endswith("Tell me what you find.")
    assert len(told) < 450
    half = outline(
        f"{'Look at it. ' * 12}Only read the table `prices` of the replica, never the one of the shop. {filler}", 300
    )
    assert half.count("Only read") == 1, "what the cut would halve stands once, whole"
    assert "Only read the table `prices` of the replica, never the one of the shop." in half
    last = "Nothing gets into the report that no script printed, whatever it makes us look like. And I write it myself."
    told = outline(f"{filler}Never touch the table `prices`. {filler}{last}", 200)
    assert told.endswith(f"\n… {last}"), "half a rule says another thing"
    last = (
        "Look at it: no edits anywhere in the tree of the import, nor in the settings of it. I write the rest myself."
    )
    told = outline(f"{filler}{last}", 200)
    assert told.endswith(f"\n{last}"), "though no other rule stands between the ends"


def test_the_first_line_that_tells_a_cause_stands_in_an_outline_whole():
    cause = (
        "The import breaks because `Row.price` is a number, but the files of most suppliers have text in it, or none."
    )
    steps = "".join(f"\n## Step {n}\n\nChange part {n} of the import, and its tests.\n" for n in range(9))
    told = outline(f"Implement the plan:\n\n# Mend the import\n\n## Context\n\n{cause}\n{steps}", 160)
    assert cause in told
    assert "… …" not in told


def test_a_long_request_keeps_what_it_begins_with_before_the_rules_at_its_end():
    criteria = "".join(f"{n}. The column {n} is never empty, whatever stands in the row.\n" for n in range(1, 8))
    text = f"Make a plan for the import first.\n\n{criteria}\nRules: {'only the standard library, ' * 9}no new tools."
    for size in (200, 420, 700):
        assert outline(text, size).startswith("Make a plan for the import first.")


@pytest.mark.parametrize("blank", [" ", "\t", "\r"])
def test_sentences_with_many_blanks_between_are_told_apart_in_linear_time(blank):
    assert_linear(lambda size: _SENTENCES.split(f"one{blank * size}two"), 4_000)


@given(st.text("a. \n\t;"))
def test_blanks_that_are_read_once_divide_sentences_as_if_they_were_read_from_each(text):
    assert _SENTENCES.split(text) == re.split(r"(?<=[.!?;])\s+|\s*\n\s*", text)


def test_what_a_cause_leads_to_stands_in_an_outline_with_the_list_of_it():
    chain = "1. `count` returns 0\n2. the hook sees nothing to link\n3. the rows are never saved"
    plan = (
        "Implement the following plan:\n# Read both kinds\n## Context\nIt is broken because `content` is a list.\n"
        f"Decoding fails, causing `parse` to return an error. This cascades:\n{chain}\n## Fix\n"
        + "".join(f"### Step {n}: change part {n}\nMore of it, in words that say little of why.\n" for n in range(1, 9))
    )
    told = outline(plan, 420)
    assert "causing `parse` to return an error" in told
    assert "the rows are never saved" in told


def test_of_a_request_with_code_the_prose_is_told_where_there_is_room_for_that_alone():
    prose = "The sums are wrong since the clocks changed. The aim is that they are those of the bill again. Here is the loader:"
    text = f"{prose}\n\n```python\n{'rows = load(rows)' * 12}\n```"
    assert outline(text, 130) == f"{prose[:-1]}."
    assert "rows = load" in outline(text, 300), "where more has room, the code comes too"
    assert "rows = load" in outline(f"why?\n```python\n{'rows = load(rows)' * 12}\n```", 130), (
        "the code is what is asked"
    )


def test_what_a_request_in_another_language_forbids_stands_in_its_outline():
    filler = "\n\n".join(f"O caixa {n} lê as taxas da tabela e soma as lojas do dia." for n in range(30))
    text = f"Avaliação do técnico:\n\n{filler}\n\n❌ Não criar outra tabela\n❌ Não mexer no caixa agora\n\n{filler}"
    told = outline(text, 600)
    assert "❌ Não criar outra tabela" in told
    assert "❌ Não mexer no caixa agora" in told


def test_what_a_label_gives_near_the_beginning_stays_and_a_line_of_brackets_does_not():
    parts = "".join(f"## Part {number}\n{{\n  'row {number}': 'was read twice by the job'\n}}\n" for number in range(9))
    told = outline(f"# The nightly job\n## About\nIt fails since Monday.\n**Branch**: fix-rows-17\n{parts}", 260)
    assert "**Branch**: fix-rows-17" in told
    assert "{" not in told


def test_lines_that_stand_each_for_itself_are_not_run_together():
    routes = "\n".join(f"GET /api/rates/{n} returns the rates of the day, as the till reads them" for n in range(9))
    lists = "\n".join(f"- shop {n} of the town, which is open on market days too" for n in range(9))
    told = outline(
        f"Here are the routes:\n\n{routes}\n\n{lists}\n\nDas Schema sollst du NICHT ändern, es ist alt.", 500
    )
    assert not [line for line in told.split("\n") if line.count("GET") > 1]
    assert "NICHT ändern" in told


def test_what_a_plan_leaves_as_it_is_and_the_head_of_a_table_come_after_why_and_what_changes():
    plan = "\n".join(
        (
            "Carry out this plan:",
            "# The well",
            "## Context",
            "The rope is too short, so the bucket hangs in the air above the water of the well. " * 2,
            "### 1. Make the rope longer",
            "Tie the second rope to the first one, by a knot that holds. " * 3,
            "### 2. No changes to the bucket",
            "The bucket keeps its form and its weight. Only the rope is changed. " * 3,
            "## Files",
            "| File | Change |",
            "|---|---|",
            "| `rope.py` | longer |",
        )
    )
    told = outline(plan, 420)
    assert "The rope is too short" in told
    assert "Make the rope longer" in told
    assert not [it for it in ("No changes", "Only the rope") if it in told]
    for size in range(200, 900, 20):
        told = outline(plan, size)
        assert "| File" not in told or "| `rope.py`" in told
