"""The generated catalogue: its shape and date, and that our own table goes before it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from handoff_cli.models import catalogue, table
from handoff_cli.models.lookup import bare_name, find_listed, find_model

ALL = [(id_, window) for window, ids in catalogue.IDS.items() for id_ in ids.split()]


@pytest.mark.parametrize("day", [catalogue.DATE, table.DATE])
def test_the_tables_bear_the_day_they_were_made(day):
    """Present and not to come: how old is too old is for ``make lint`` to warn of, not for a test to fail by."""
    assert date(2025, 1, 1) < date.fromisoformat(day) <= datetime.now(UTC).date()


def test_every_id_is_bare_once_there_and_unknown_to_our_own_table():
    ids = [id_ for id_, _ in ALL]
    assert len(ids) == len(set(ids)) > 100
    assert all(bare_name(id_) == id_ and find_listed(id_) is None for id_ in ids)
    assert all(1_000 <= window <= 100_000_000 for window in catalogue.IDS)
    assert re.fullmatch(r"genai-prices \d+\.\d+\.\d+", catalogue.SOURCE)


def test_a_model_of_the_catalogue_is_known_with_its_source():
    for id_, window in ALL:
        known = find_model(f"somebody/{id_}")
        assert known
        assert (known.pattern, known.window, known.counted, known.source) == (
            id_,
            window,
            False,
            catalogue.SOURCE,
        )


def test_what_goes_on_behind_a_listed_id_is_that_model():
    id_, window = next((id_, window) for id_, window in ALL if id_.startswith("command-r"))
    assert find_model(f"{id_}-some-variant").window == window
    assert find_model("no-such-model-at-all") is None
    assert find_model(f"x{id_}") is None
