"""JSON by the C functions alone: ``json`` is the judge, of values, of texts and of errors."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.core import jsonc
from handoff_cli.core.jsonc import dumps, loads, reader

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@pytest.fixture(params=["with the C functions", "without"], autouse=True, scope="module")
def functions(request):
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "without":
            patch.setattr(jsonc, "c", None)
        yield


@given(VALUES)
def test_values_are_written_as_json_writes_them(value):
    assert dumps(value) == json.dumps(value)
    assert dumps(value, indent="  ") == json.dumps(value, indent=2)
    assert dumps(value, sort_keys=True) == json.dumps(value, sort_keys=True)
    assert dumps(value, compact=True) == json.dumps(value, separators=(",", ":"))
    assert dumps(value, any_letter=True) == json.dumps(value, ensure_ascii=False)
    assert loads(json.dumps(value)) == json.loads(json.dumps(value))


@given(st.text('[]{}",:0123456789.eE+-truefalsn \n\\uNaIity\ufeff', max_size=12) | st.text(max_size=5))
def test_texts_are_read_or_refused_as_json_does(text):
    assert outcome(loads, text) == outcome(json.loads, text)


def outcome(read, text):
    try:
        return repr(read(text))
    except ValueError as error:
        return str(error)


@pytest.mark.parametrize("value", [float("nan"), float("-inf"), {"a": {1}}, object(), [b"x"]])
@pytest.mark.parametrize("indent", ["", "  "])
def test_what_json_cannot_hold_is_refused(value, indent):
    with pytest.raises((ValueError, TypeError)):
        dumps(value, indent=indent)


def test_a_reader_takes_the_hooks_of_a_decoder():
    read = reader(pairs=list, constant=lambda name: f"<{name}>", number=lambda digits: f"<{digits}>")
    assert read('x {"a": 1.5, "b": [NaN]} y', 2) == ([("a", "<1.5>"), ("b", ["<NaN>"])], 24)
    with pytest.raises(ValueError, match="Expecting value"):
        read("1 x", 2)


@pytest.mark.parametrize("text", ["{", '{"a" 1}', '"a', '{"a": [1, }', "[1 2]", "nul"])
def test_a_mistake_is_refused_where_nobody_has_loaded_json(text):
    code = "import sys; from handoff_cli.core.jsonc import loads; assert 'json' not in sys.modules; loads(sys.argv[1])"
    root = str(Path(jsonc.__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-S", "-c", code, text],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": root},
    )  # fmt: skip
    assert "JSONDecodeError" in done.stderr
