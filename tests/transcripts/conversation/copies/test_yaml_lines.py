"""The part of YAML in which conversations are written down."""

from __future__ import annotations

import pytest
import yaml

from handoff_cli.transcripts.conversation.copies.yaml_lines import value_of
from tests.growth import assert_linear

TEXTS = [
    "a: b\nc:\n  - d\n  - e: f\n    g: |\n      h\n\n        i\n  - - j\n",
    "- role: user\n  text: >-\n    one\n    two\n\n    three\n- role: 'it''s'\n  text: \"a \\\"b\\\"\"\n",
    'list:\n- a: plain text over\n    two lines\n- b: [1, 2]\n# a remark\nc: {"d": true}\n',
    "---\ntext: |-\n  - no: list\n  # no remark\nend: x\n",
    "deep:\n    set: in\n    more:\n          - far\n",
]


@pytest.mark.parametrize("text", TEXTS)
def test_it_holds_what_a_parser_of_all_of_yaml_says(text):
    """Texts end without a line's end."""
    assert without_ends(value_of(text)) == without_ends(yaml.safe_load(text))


def without_ends(value):
    if isinstance(value, dict):
        return {key: without_ends(it) for key, it in value.items()}
    if isinstance(value, list):
        return [without_ends(it) for it in value]
    return value.rstrip("\n") if isinstance(value, str) else value


@pytest.mark.parametrize("text", ["a: b\nno key here\n", "a: &x b\nc: *x\n", "a: !tag b\n", "a: b\n   c: d\n"])
def test_anything_else_is_refused(text):
    """It is not guessed at."""
    with pytest.raises(ValueError):
        value_of(text)


def test_a_long_document_takes_as_long_as_it_is():
    """Also where a text that is quoted never ends."""
    assert_linear(lambda size: value_of("- role: user\n  text: |\n    rows\n" * (size // 30)), 60_000)
    assert_linear(lambda size: value_of('a: "' + "rows and rows\n  " * (size // 16)), 60_000)
