import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.errors import InputError
from handoff_cli.tokens.decode import StreamDecoder

MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}
sizes = st.lists(st.integers(1, 7), min_size=1, max_size=5)


def decode(data, sizes, **options):
    decoder, parts, at, turn = StreamDecoder("notes.txt", **options), [], 0, 0
    while at < len(data):
        parts.append(decoder.decode(data[at : at + sizes[turn % len(sizes)]]))
        at += sizes[turn % len(sizes)]
        turn += 1
    parts.append(decoder.decode(b"", final=True))
    return "".join(parts), decoder.replaced


@given(st.text().filter(lambda text: not text.startswith(("\ufeff", "\x00"))), sizes, st.sampled_from(sorted(MARKS)))
def test_a_marked_stream_is_decoded_whatever_the_chunks(text, sizes, name):
    """The byte order mark chooses the encoding and is dropped; characters cut in two are put together."""
    assert decode(MARKS[name] + text.encode(name), sizes) == (text, 0)


@given(st.binary().filter(lambda data: not data.startswith(tuple(MARKS.values()))), sizes)
def test_invalid_bytes_are_replaced_as_python_does_and_counted(data, sizes):
    text, replaced = decode(data, sizes)
    assert text == data.decode("utf-8", "replace")
    assert replaced == text.count("\ufffd") - data.decode("utf-8", "ignore").count("\ufffd")


@given(st.binary().filter(lambda data: not data.startswith(tuple(MARKS.values()))), sizes)
def test_strict_names_the_first_invalid_byte(data, sizes):
    try:
        data.decode()
    except UnicodeDecodeError as error:
        with pytest.raises(InputError, match=rf"notes\.txt: not valid UTF-8 at byte {error.start} "):
            decode(data, sizes, strict=True)
    else:
        assert decode(data, sizes, strict=True) == (data.decode(), 0)


def test_nul_and_a_real_replacement_character_are_characters():
    assert decode("a\0b\ufffd".encode(), [3]) == ("a\0b\ufffd", 0)
