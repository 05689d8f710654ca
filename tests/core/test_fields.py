"""A value of a table is checked cheaply, read as people write it, and described in words, from one definition."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.core.fields import Flag, Number, Share, Text, Whole, fits
from handoff_cli.core.session import CHECKPOINT, ENTRIES, NOTE, SESSION, Checkpoint, Note, Session
from handoff_cli.core.settings import (
    SETTING_KEYS,
    SETTINGS,
    InvalidValueError,
    Settings,
    merge_settings,
    read_setting,
    settings_in,
)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (Whole(), "200k", 200_000),
        (Whole(), "1M", 1_000_000),
        (Whole(), "1.5m", 1_500_000),
        (Whole(), "32MiB", 32 << 20),
        (Whole(), "200_000", 200_000),
        (Whole(), " 5 ", 5),
        (Whole(), "9007199254740992", 1 << 53),
        (Whole(), "9007199254740991", (1 << 53) - 1),
        (Whole(), "1.5", None),
        (Whole(), "k", None),
        (Whole(), "5kk", None),
        (Whole(), "2e5", 200_000),
        (Whole(), "1.28E5", 128_000),
        (Whole(), "128,000", 128_000),
        (Whole(), "1,000,000", 1_000_000),
        (Whole(), "128 000", 128_000),
        (Whole(), "1'000'000", 1_000_000),
        (Whole(), '"200k"', 200_000),
        (Whole(), "'128,000'", 128_000),
        (Whole(), "200 k", 200_000),
        (Whole(), "200000.0", 200_000),
        (Whole(), "-5", -5),
        (Whole(), "128.000", None),
        (Whole(), "1,5", None),
        (Whole(), "1,50,000", None),
        (Whole(), "2e-5", None),
        (Whole(), "1e999", None),
        (Whole(), '"', None),
        (Whole(), "٣", None),
        (Whole(), "inf", None),
        (Whole(), "", None),
        (Share(), "80%", 0.8),
        (Share(), "80 %", 0.8),
        (Share(), "80", 0.8),
        (Share(), "0.8", 0.8),
        (Share(), "1", 1),
        (Share(), "2%", 0.02),
        (Whole(), "9" * 5_000, None),
        (Share(), '"80%"', 0.8),
        (Share(), "0,8", 0.8),
        (Share(), "nan", None),
        (Share(), "eighty", None),
        (Number(0, 60), "2.5", 2.5),
        (Flag(), "Yes", True),
        (Flag(), "0", False),
        (Flag(), "perhaps", None),
    ],
)
def test_what_people_write_is_read(field, text, value):
    assert field.read(text) == value


@pytest.mark.parametrize("text", ["2", "0", "150", "-5", "150%"])
def test_a_share_that_could_mean_two_things_or_nothing_is_refused(text):
    with pytest.raises(InvalidValueError):
        read_setting("warning_threshold", text)


@given(st.sampled_from(SETTING_KEYS), st.text(max_size=12))
def test_what_is_read_from_text_is_allowed_or_refused_with_words(key, text):
    try:
        value = read_setting(key, text)
    except InvalidValueError as error:
        refused = error
    else:
        refused = None
        assert SETTINGS[key].fits(value)
    assert refused is None or refused.allowed


@given(
    st.sampled_from(SETTING_KEYS),
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text()),
)
def test_a_setting_of_a_file_is_one_the_table_allows(key, value):
    try:
        found, reread = settings_in({key: value})
    except InvalidValueError:
        assert not SETTINGS[key].fits(value)
        return
    assert found == {} or SETTINGS[key].fits(found[key])
    assert (key in reread) == (value is not None and not SETTINGS[key].fits(value))


def test_each_shape_is_written_once():
    """A table has the members of its record, in their order, and defaults are the same on both sides."""
    assert tuple(SESSION) == Session._fields
    assert tuple(CHECKPOINT) == Checkpoint._fields
    assert tuple(NOTE) == Note._fields
    assert Settings._fields[: len(SETTING_KEYS)] == SETTING_KEYS
    defaults = merge_settings([])
    assert {key: field.default for key, field in SETTINGS.items()} == {
        key: getattr(defaults, key) for key in SETTING_KEYS
    }


def test_what_an_entry_may_hold_the_state_may_hold_too():
    """One limit per field: what the ledger took, an edited state file must not refuse."""
    for kind, table in ENTRIES.items():
        for name, field in table.items():
            for other in (SESSION, CHECKPOINT):
                if name in other and kind in ("checkpoint", "usage"):
                    assert other[name] is field or other[name].allowed == field.allowed, (kind, name)


def test_an_object_with_more_members_fits_one_with_fewer_does_not():
    table = {"a": Text(3), "b": Whole()}
    assert fits(table, {"a": "x", "b": 1, "c": None})
    assert not fits(table, {"a": "x"})
    assert not fits(table, [])
