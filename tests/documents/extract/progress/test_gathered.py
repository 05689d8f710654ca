"""The last steps in fewer lines."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.progress.gathered import gathered


def test_neighbours_that_begin_alike_are_one_line():
    lines = [f"ran gh api repos/acme/app/pulls/343/files --paginate --jq {it}" for it in "abc"]
    assert gathered(lines) == ["ran gh api repos/acme/app/pulls/343/files --paginate --jq (×3): a; b; c"]


def test_neighbours_of_long_ends_are_told_without_what_came_of_them_and_short_ones_with_it():
    lines = [f"searched hold_lock_of_the_shop in services/web/{it}" for it in "ab"]
    assert gathered([f"{it} → {'x' * 60}" for it in lines]) == [
        "searched hold_lock_of_the_shop in (×2): services/web/a; services/web/b"
    ]
    assert gathered([f"{it} → 3 rows" for it in lines]) == [
        "searched hold_lock_of_the_shop in (×2): services/web/a → 3 rows; services/web/b → 3 rows"
    ]


@pytest.mark.parametrize(
    "lines",
    [
        [
            "ran ssh web@shop.example 'cd /srv/shop/frontend && npm run build'",
            "ran ssh web@shop.example 'cd /srv/shop/frontend && ls'",
        ],
        [
            "ran kubectl -n shop exec deploy/web-frontend-1 -- sh -c 'a; b'",
            "ran kubectl -n shop exec deploy/web-frontend-1 -- sh -c c",
        ],
    ],
)
def test_neighbours_that_run_something_else_behind_what_they_share_are_two_lines(lines):
    assert gathered(lines) == lines


def test_a_run_that_nobody_saw_pass_is_not_told_with_one_that_did():
    lines = [
        "ran uv run pytest services/orders-service/tests/ --timeout=9",
        "ran uv run pytest services/orders-service/tests/ -x: passed",
    ]
    assert gathered(lines) == lines


def test_files_that_were_read_in_a_row_are_one_line():
    assert gathered(["read a.py", "read b.py", "read a.py", "ran ls"]) == ["read a.py, b.py", "ran ls"]
    parts = ["read a.py:40", "read a.py:90", "read a.py:90", "read a.py", "read b.py:7", "read a.py:9"]
    assert gathered(parts) == ["read a.py:40, :90, b.py:7, a.py:9"]
    deep = [f"read the_reader_of_all_the_rows_of_the_shop_of_the_day.py:{at}" for at in (1, 2)]
    assert gathered(deep) == ["read the_reader_of_all_the_rows_of_the_shop_of_the_day.py:1, :2"]


def test_runs_told_together_say_that_they_passed_and_which_of_the_files_called_alike_they_are_of():
    runs = [f"ran npm test -- --run --silent --no-color --no-cache {it}/cart.test.ts" for it in ("shop", "shed")]
    told = "ran npm test -- --run --silent --no-color --no-cache (×2): shop/cart.test.ts, shed/cart.test.ts"
    assert gathered([f"{it}: passed" for it in runs]) == [f"{told}: passed"]
    again = [runs[0], f"{runs[0]} -t 'adds up'"]
    assert gathered([f"{it}: passed" for it in again])[0].endswith("(×2): cart.test.ts: passed")


def test_edits_of_a_file_in_a_row_are_one_line_without_what_they_import():
    lines = [
        "edited a.py: x → to",
        "edited a.py: + import unicodedata (import)",
        "edited a.py: y → to",
        "edited b.py: + f",
    ]
    assert gathered(lines) == ["edited a.py: x → to; y → to", "edited b.py: + f"]
    assert gathered(["edited a.py: + import os (import)", "edited a.py: + import re (import)"]) == [
        "edited a.py: + import re (import)"
    ]
    quoted = [
        'edited a.go: "shop/row" → "shop/rows" (import)',
        "edited a.go: load: x → y",
        'edited a.go: say("a") → say("b")',
    ]
    assert gathered(quoted) == ['edited a.go: load: x → y; say("a") → say("b")']


def test_long_edits_of_a_file_that_begin_alike_are_told_by_their_new_sides():
    ends = ("One: return all_the_old_rows(table) → return 1", "Two: return all_the_old_rows(of, table) → return 2")
    lines = [f"edited a_file_of_a_long_name.go: first_of_those_it_has_{end}" for end in ends]
    assert gathered(lines)[0].endswith(
        "(×2): first_of_those_it_has_One: → return 1; first_of_those_it_has_Two: → return 2"
    )


def test_the_value_of_an_option_is_no_file_that_a_command_names():
    lines = [
        f"ran diff -rq /r/the-old-shop-of-the-far-north/{it} /r/shop/{it} --exclude='uv.lock'" for it in ("web", "api")
    ]
    (line,) = gathered(lines)
    assert not line.endswith(": uv.lock")
    assert "web" in line
