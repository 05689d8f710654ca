"""Pydantic's models and the cheap check are made of one table: they agree, and what is refused is named in its words.

Pydantic fills in what may be missing; the cheap check asks for all of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.core.session import SESSION, Session, is_session
from handoff_cli.core.settings import InvalidValueError
from handoff_cli.state.schema import validate_session
from tests.state.test_snapshot import checkpoints

GOOD = Session("i", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z").to_dict() | {"notes": [], "recent": [], "turns": []}
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 1 << 60),
    st.floats(allow_nan=False),
    st.text(max_size=12),
    st.sampled_from(["x" * 201, "x" * 10_001, "2026-01-01T00:00:00Z", "../x", "exact", "over"]),
    st.lists(st.one_of(st.none(), checkpoints.map(lambda it: it.to_dict())), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


@given(st.sampled_from(list(SESSION)), VALUES)
def test_both_judges_agree_on_every_member(key, value):
    session = {**GOOD, key: value}
    try:
        filled_in = validate_session(session)
    except InvalidValueError as error:
        refused = error
    else:
        refused = None
        assert is_session(filled_in)
    assert refused is None or not is_session(session)
    assert refused is None or (refused.key.startswith(f"session.{key}") and refused.allowed)


@pytest.mark.parametrize("key", SESSION)
def test_a_member_that_is_missing_is_filled_in_or_asked_for(key):
    session = {name: value for name, value in GOOD.items() if name != key}
    assert not is_session(session)
    field = SESSION[key]
    if field.optional or field.default is not None:
        assert is_session(validate_session(session))
    else:
        with pytest.raises(InvalidValueError, match="required"):
            validate_session(session)


def test_the_place_of_a_mistake_is_named_down_to_the_item():
    item = {"sequence": 1, "time": "2026-01-01T00:00:00Z", "description": "", "source": "", "tokens": -1}
    with pytest.raises(InvalidValueError) as caught:
        validate_session({**GOOD, "recent": [{**item, "low": 0, "high": 0, "method": "exact"}]})
    assert (caught.value.key, caught.value.value) == ("session.recent.0.tokens", -1)
    assert caught.value.allowed == "a whole number at least 0 and at most 9,007,199,254,740,992"
