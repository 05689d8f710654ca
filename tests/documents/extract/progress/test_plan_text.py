"""What a plan says: its steps with the files and the code that they name, and its checks."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.progress.plan_text import checks_in, places_in, ruled_out_in, steps_in
from tests.growth import assert_linear


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("`src/Cart.svelte:34-39` and `44-46`", ("src/Cart.svelte:34-39", "44-46")),
        ("src/(shop)/+page.astro, till.gleam", ("src/(shop)/+page.astro", "till.gleam")),
        ("(see lock.py)", ("lock.py",)),
        ("`rows.size` of 12 and `process.env`", ()),
        ("https://shop.example/a.js", ()),
    ],
)
def test_files_are_told_from_other_words_with_a_dot(text, places):
    assert places_in(text) == places


def test_a_line_that_is_labelled_as_that_of_files_names_nothing_else():
    step = steps_in("1. a b\n**File**: `till.log`\n2. c d\n3. e f")[0]
    assert (step.files, step.every) == (("till.log",), True)


def test_what_a_plan_wants_run_are_the_commands_of_its_verification():
    text = "# It\n`make all`\n## Verification\n- `make check` and `rows`\n```sh\n$ pytest -q\n```\n## After\n- `git push it`"
    assert checks_in(text) == ("make check", "pytest -q")


def test_headings_within_code_are_none():
    assert ruled_out_in("```sh\n# Skipped\n- a: b\n```\n") == ()


@pytest.mark.parametrize(
    "unit", ["### 1. `a` b\n", "1. `a.b", "**File**: ", "a.b/", "# Verification\n- `a b`\n", "- - "]
)
def test_reading_a_plan_takes_time_in_step_with_its_length(unit):
    def read(size):
        text = unit * (size // len(unit))
        return steps_in(text), checks_in(text), ruled_out_in(text)

    assert_linear(read, 20_000)


def test_what_a_plan_leaves_as_it_is_by_the_title_of_a_step_is_none():
    told = steps_in(
        "### 1. Mend the `rope`\nLonger.\n### 2. Oil the crank\nTwice.\n### 3. No changes to the `bucket`\nIt stays."
    )
    assert [it.number for it in told] == [1, 2]
