import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.constants import MAX_TOKENS
from handoff_cli.errors import StateError
from handoff_cli.state import ledger
from handoff_cli.state.ledger import append, decode_entry, encode_entry, read_lines, set_aside
from tests.core.test_session import checkpoint

ENTRY = checkpoint(1)


@given(st.text(), st.integers(0, MAX_TOKENS))
def test_an_entry_survives_its_line_whatever_its_text(text, number):
    entry = {**ENTRY, "description": text, "tokens": number}
    line = encode_entry(entry)
    assert line.isascii()
    assert line.count(b"\n") == 1
    assert decode_entry(line) == entry


@given(st.data())
def test_a_flipped_byte_is_always_noticed(data):
    line = bytearray(encode_entry(ENTRY))
    place = data.draw(st.integers(0, len(line) - 2))
    line[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ValueError):
        decode_entry(bytes(line))


def test_lines_come_back_in_order_with_their_offsets(project):
    path = str(project / "ledger")
    sizes = [append(path, [{**ENTRY, "sequence": number}]) for number in range(5)]
    lines = list(read_lines(path))
    assert [line.entry["sequence"] for line in lines] == [0, 1, 2, 3, 4]
    assert [line.offset + line.size for line in lines] == sizes
    assert [line.number for line in lines] == [1, 2, 3, 4, 5]
    assert [line.entry["sequence"] for line in read_lines(path, sizes[2])] == [3, 4]


def test_a_damaged_line_is_named_and_the_rest_kept(project):
    path = project / "ledger"
    for number in range(3):
        append(str(path), [{**ENTRY, "sequence": number}])
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[1].replace(b'"sequence":1', b'"sequence":7') + b"garbage\n" + lines[2])
    read = list(read_lines(str(path)))
    assert [line.entry and line.entry["sequence"] for line in read] == [0, None, None, 2]
    assert "checksum does not match" in read[1].problem
    assert "no checksum" in read[2].problem


def test_an_endless_line_is_passed_over_without_being_held(project):
    path = project / "ledger"
    path.write_bytes(b"x" * (3 << 20) + b"\n" + encode_entry(ENTRY))
    first, second = read_lines(str(path))
    assert (first.entry, first.complete) == (None, True)
    assert second.entry == ENTRY


def test_a_failed_append_leaves_the_ledger_as_it_was(project, monkeypatch):
    path = project / "ledger"
    append(str(path), [ENTRY])
    before = path.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StateError, match="No space left"):
        append(str(path), [ENTRY])
    assert path.read_bytes() == before


def test_a_torn_tail_is_moved_not_lost(project):
    path, aside = project / "ledger", project / "ledger.torn"
    size = append(str(path), [ENTRY])
    with path.open("ab") as file:
        file.write(b'{"kind":"check')
    set_aside(str(path), size, str(aside))
    assert path.stat().st_size == size
    assert aside.read_bytes() == b'{"kind":"check\n'


def test_a_missing_ledger_has_no_lines(project):
    assert list(read_lines(str(project / "absent"))) == []


def test_lines_without_a_member_are_passed_over_and_a_change_stays_whole(project):
    path = str(project / "ledger")
    append(path, [checkpoint(1)])
    append(path, [{**checkpoint(2), "kept": {"at": 0, "end": 1, "chars": 1}}])
    append(path, [checkpoint(3), {**checkpoint(4), "kept": {"at": 1, "end": 2, "chars": 1}}])
    with open(path, "ab") as file:
        file.write(encode_entry({**checkpoint(5), "more": 1, "kept": {"at": 2, "end": 3, "chars": 1}}))
    lines = list(read_lines(path, member="kept"))
    assert [line.entry["sequence"] for line in lines if line.entry and "kept" in line.entry] == [2, 4]
    assert [line.number for line in lines if line.entry] == [2, 3, 4]
    assert not lines[-1].complete


@given(
    st.lists(st.lists(st.booleans(), min_size=1, max_size=4), max_size=12),
    st.integers(200, 900),
    st.integers(0, 1500),
    st.integers(0, 3),
)
def test_passing_over_blocks_leaves_out_no_line_with_the_member(tmp_path_factory, changes, block, near_end, cut):
    """Whatever the blocks, the changes and what of the last one is on disk: reading every line is the judge."""
    path = tmp_path_factory.mktemp("ledger") / "ledger"
    for change in changes:
        append(str(path), [{**ENTRY, **({"kept": {"at": 0, "end": 9, "chars": 9}} if has else {})} for has in change])
    if changes:
        lines = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(b"".join(lines[: len(lines) - min(cut, len(changes[-1]) - 1)]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger, "_SKIPPED_BYTES", block)
        patch.setattr(ledger, "_LONGEST_CHANGE_BYTES", near_end + 4 * 400)
        found = [line.offset for line in read_lines(str(path), member="kept") if line.entry and "kept" in line.entry]
    assert found == [line.offset for line in read_lines(str(path)) if line.entry and "kept" in line.entry]
