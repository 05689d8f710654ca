import os
import re

from hypothesis import given
from hypothesis import strategies as st
from referee import machine_texts

from handoff_cli.tokens.encode import CLASSES_FILE, PATTERNS, Splitter, count_run, split_tokens, without_surrogates
from handoff_cli.tokens.vocabulary import FOLDER, ranks_of


@given(st.text(), st.sampled_from(sorted(PATTERNS)))
def test_pieces_put_together_are_the_text(text, pattern):
    """Nothing is dropped: every character belongs to one piece."""
    assert "".join(Splitter(pattern).pieces(text)) == text


ASCII = st.text(st.characters(max_codepoint=127)) | st.text("aAbBsStTlLvVeE'01 \n\r\t/.-_", max_size=20)


@given(ASCII, st.sampled_from(sorted(PATTERNS)))
def test_ascii_text_is_cut_the_same_by_the_shorter_pattern(text, pattern):
    """Python's own findall with the whole pattern is the judge."""
    assert Splitter(pattern).pieces(text) == re.findall(PATTERNS[pattern], text)


def test_nothing_of_real_text_is_dropped():
    for pattern in PATTERNS:
        splitter = Splitter(pattern)
        assert all("".join(splitter.pieces(text)) == text for text in machine_texts(300_000))


def test_the_class_table_is_the_one_of_tiktokens_own_splitter():
    """The table in the package is what the maintainers' script probes out of the installed tiktoken."""
    from scripts.build_vocabularies import pack_classes

    with open(os.path.join(FOLDER, CLASSES_FILE), "rb") as file:
        assert file.read() == pack_classes()


def test_separators_that_python_calls_white_space_are_none():
    """U+001C to U+001F match Python's ``\\s`` but not tiktoken's."""
    assert Splitter("o200k_base").pieces("a\x1c\x1cb") == ["a", "\x1c\x1c", "b"]


def test_surrogates_are_read_as_tiktoken_reads_them():
    assert without_surrogates("a\ud83d\ude00b\ud800") == "a😀b\ufffd"
    assert without_surrogates("\ufeffplain") == "\ufeffplain"


@given(
    st.sampled_from(["o200k_base", "cl100k_base"]),
    st.sampled_from(["", " ", "x", "E", "-", "\n"]),
    st.sampled_from("aEx=-#0 .\t"),
    st.integers(1, 400),
)
def test_a_run_of_one_character_has_the_tokens_that_merging_makes(encoding, led_by, sign, size):
    rank = ranks_of(encoding).rank
    piece = led_by.encode() + sign.encode() * size
    assert count_run(piece, rank) in (0, len(split_tokens(piece, rank)))


def test_a_run_of_letters_is_counted_as_one_and_nothing_else_is():
    rank = ranks_of("o200k_base").rank
    assert count_run(b"E" * 1_200, rank) == 300
    assert count_run(b" " + b"E" * 400, rank) == len(split_tokens(b" " + b"E" * 400, rank))
    assert count_run(b"E" * 63, rank) == count_run(b"E" * 100 + b"x", rank) == count_run(b"ExE" + b"E" * 99, rank) == 0
