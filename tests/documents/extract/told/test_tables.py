"""Tables of figures that the agent showed become findings, a line each, and the last of alike ones stands."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Message
from handoff_cli.documents.extract.told.tables import tables_of

SUMS = "| piece | EUR |\n|---|---|\n| stuck on pending | 6,926.85 |\n| **never loaded** | 2,191.55 |\n| open | 300.00 |"
TIMES = "step | p50 µs | Δ\n:--|--:|--:\nbaseline | 411.8 |\nheap | 283.4 | −11.0 %"


def told(*texts, role="assistant"):
    said = tuple(Message(role, text, 10 * place) for place, text in enumerate(texts, 1))
    return [(it.position, it.text) for it in tables_of(said)]


def test_a_table_of_figures_is_told_in_a_line_with_its_head_where_it_has_several_columns():
    assert told(f"It adds up:\n\n{SUMS}\n\nSo it does.", f"Measured.\n\n{TIMES}") == [
        (10, "stuck on pending: 6,926.85; never loaded: 2,191.55; open: 300.00"),
        (20, "(step | p50 µs | Δ) baseline: 411.8; heap: 283.4, −11.0 %"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "| file | change |\n|---|---|\n| a.py:12 | reads once |\n| b.py:30 | writes |",
        "| aspect | before | after |\n|---|---|---|\n| reads | 2 | 1 |\n| writes | 2 | 1 |",
        "| step | ms |\n|---|---|\n| only | 12 |",
        "a | b\nno rule | 12\nnor here | 13",
        "\n".join(("| n | m |", "|---|---|", *(f"| row {it} | {it} |" for it in range(40)))),
    ],
)
def test_what_is_no_table_of_a_few_figures_is_not_told(text):
    assert told(text) == []


def test_a_table_of_what_something_is_called_or_set_to_is_told_though_it_has_no_figures():
    board = "| What | Value |\n|---|---|\n| **Port** | `/dev/till-1130` |\n| Chip | CH9 (Vendor `0x1a86`) |\n| Rate | fast |"
    assert told(board) == [(10, "Port: `/dev/till-1130`; Chip: CH9 (Vendor `0x1a86`); Rate: fast")]


def test_a_table_that_the_agent_showed_again_with_other_figures_is_told_as_it_was_last_and_the_users_is_not():
    later = SUMS.replace("| open | 300.00 |", "| CN-2291 | 300.00 |\n| sum | 9,418.40 |")
    assert told(SUMS, "Looking on.", later) == [
        (30, "stuck on pending: 6,926.85; never loaded: 2,191.55; CN-2291: 300.00; sum: 9,418.40")
    ]
    assert told(SUMS, role="user") == []
