import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.core.settings import SETTING_KEYS, misspelt_settings, setting_meant


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("contex_window_limit", "context_window_limit"),
        ("contextWindowLimit", "context_window_limit"),
        ("context_window", "context_window_limit"),
        ("warn_threshold", "warning_threshold"),
        ("Warning-Threshold", "warning_threshold"),
        ("usable_token", "usable_tokens"),
        ("modell", "model"),
        ("on_warnings", "on_warning"),
        ("lock_timeout_sec", "lock_timeout_seconds"),
    ],
)
def test_a_slip_of_the_pen_is_told_from_its_setting(key, meant):
    assert setting_meant(key) == meant


@pytest.mark.parametrize(
    "key",
    [
        *("schema_version", "checksum", "session", "calibration"),
        *("", "_model", "$schema", "//model", "name", "owner", "team", "comment", "ours", "max_tokens", "m" * 9999),
    ],
)
def test_what_is_plainly_somebodys_own_is_let_be(key):
    assert setting_meant(key) is None


@given(st.lists(st.one_of(st.sampled_from(SETTING_KEYS), st.text())))
def test_a_setting_is_never_taken_for_a_misspelt_one(keys):
    assert not misspelt_settings(keys).keys() & set(SETTING_KEYS)


def test_a_file_of_very_many_keys_is_not_looked_through_to_its_end():
    assert misspelt_settings(f"word{number}" for number in range(100_000)) == {}
