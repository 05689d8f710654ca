"""What an export shows of a turn in one message is told from the paragraph on that says that the work is done."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.language.on_the_way import without_way


@pytest.mark.parametrize(
    ("way", "done"),
    [
        ("Reviso la tabla de precios.", "Listo. La tabla queda en dos filas."),
        ("Ich sehe mir die Tabelle an.", "Erledigt: die Tabelle hat zwei Zeilen."),
        ("I'll look at the table.", "**Done.** The table has two rows."),
        ("看一下价格表。", "完成。 价格表现在有两行。"),
    ],
)
def test_steps_above_it_are_left_out(way, done):
    text = f"{way}\n\n{way}\n\n{done}\n\nReload it."
    assert without_way(text) == f"{done}\n\nReload it."


def test_a_cause_that_was_found_on_the_way_stays():
    cause = "The rows are doubled because `load` reads twice."
    assert without_way(f"I'll look.\n\n{cause}\n\nDone. It reads once.") == f"{cause}\n\nDone. It reads once."


@pytest.mark.parametrize(
    "text",
    [
        "Done. It reads once.\n\nReload it.",
        "The table has two rows.\n\nDoneness is not told.",
        "## Rows\n\nThere are two.\n\nDone. It reads once.",
        "- two rows\n- one table\n\nDone. It reads once.",
    ],
)
def test_what_is_no_way_there_stays(text):
    assert without_way(text) == text
