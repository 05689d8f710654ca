"""Reading a document member by member finds what reading it at once finds."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.transcripts.json_stream import members

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(['"', "\\", '\\"', "[{", "}],:"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


def expected(document):
    if isinstance(document, list):
        return [(None, value) for value in document]
    pairs = []
    for key, value in document.items():
        pairs += [(key, element) for element in value] if isinstance(value, list) else [(key, value)]
    return pairs


@given(
    document=st.lists(VALUES, max_size=5) | st.dictionaries(st.text(max_size=5), VALUES, max_size=5),
    block=st.integers(1, 30),
    indent=st.none() | st.integers(0, 2),
    ascii_only=st.booleans(),
)
def test_members_are_those_of_the_whole_document(document, block, indent, ascii_only):
    """Whatever the values, the white space and the sizes of the blocks."""
    raw = json.dumps(document, indent=indent, ensure_ascii=ascii_only).encode("utf-8", "replace")
    document = json.loads(raw)
    blocks = [raw[at : at + block] for at in range(0, len(raw), block)]
    assert [(key, json.loads(value)) for key, value in members(blocks)] == expected(document)


def test_a_document_cut_off_yields_what_was_whole():
    """The message being written is not there yet."""
    assert list(members([b'{"messages": [{"a": 1}, {"a": 2'])) == [("messages", b'{"a": 1}')]


def test_a_member_past_the_bound_is_left_out():
    """Its neighbours are not."""
    huge = [b"[1, ", b'"' + b"x " * (5 << 20) + b'"', b", 2]"]
    assert list(members(huge)) == [(None, b"1"), (None, None), (None, b" 2")]
