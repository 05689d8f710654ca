import os
import random

import pytest
from referee import expected, machine_texts

from handoff_cli.errors import InputError
from handoff_cli.tokens import stream
from handoff_cli.tokens.stream import FileState, recount


def check(path, state, encoding):
    """Count on from ``state`` and compare with the count of the whole file; returns the new state."""
    tokens, state = recount(str(path), state, encoding)
    assert tokens == expected(encoding, path.read_bytes().decode("utf-8-sig", "replace"))
    return FileState(**state.to_dict())


def test_exact_after_any_appends(tmp_path, encoding, monkeypatch):
    """Writers stop anywhere, in the middle of a character too; small blocks make cuts fall everywhere."""
    monkeypatch.setattr(stream, "_BLOCK", 97)
    chance, sources, reached = random.Random(7), machine_texts(600_000), []
    for turn in range(25):
        path, state = tmp_path / f"{turn}", None
        path.write_bytes(b"\xef\xbb\xbf" if turn % 5 == 0 else b"")
        for _ in range(12):
            source = chance.choice(sources).encode()
            at = chance.randrange(max(len(source) - 400, 1))
            with path.open("ab") as file:
                file.write(source[at : at + chance.choice([1, 2, 9, 40, 300])])
            state = check(path, state, encoding)
        reached.append(state.offset)
    assert sum(map(bool, reached)) > 20


def test_starts_anew_when_the_file_is_not_what_it_was(tmp_path, encoding):
    path = tmp_path / "log"
    path.write_text("one two three four five\n" * 500)
    state = check(path, None, encoding)
    path.write_text("one two three\n")  # cut short
    state = check(path, state, encoding)
    path.write_text("uno due tre quattro\n" * 900)  # rewritten, longer
    state = check(path, state, encoding)
    other = tmp_path / "other"
    other.write_text("uno due tre quattro\n" * 901)
    os.replace(other, path)  # another file under the name
    state = check(path, state, encoding)
    check(path, state, "cl100k_base" if encoding == "o200k_base" else "o200k_base")


def test_wide_encodings_and_files_without_a_cut_are_counted(tmp_path, encoding):
    path = tmp_path / "wide"
    path.write_bytes("Hello world, a b c\n".encode("utf-16"))
    assert recount(str(path), None, encoding)[0] == expected(encoding, "Hello world, a b c\n")
    path = tmp_path / "chinese"
    state = None
    for _ in range(3):
        with path.open("ab") as file:
            file.write("没有空格的文字。".encode() * 50 + b"\xe6")
        state = check(path, state, encoding)


def test_only_what_was_appended_is_read_again(tmp_path, encoding, monkeypatch):
    """The second count feeds no more than the appended text and the piece before it."""
    path = tmp_path / "log"
    path.write_text("some words in a line\n" * 5000)
    _, state = recount(str(path), None, encoding)
    path.write_text(path.read_text() + "and one more\n")
    fed = []
    feed = stream.StreamCounter.feed
    monkeypatch.setattr(stream.StreamCounter, "feed", lambda self, text: (fed.append(len(text)), feed(self, text))[1])
    check(path, state, encoding)
    assert sum(fed) < 100


def test_a_file_that_cannot_be_read_is_a_clear_error(tmp_path):
    with pytest.raises(InputError, match="nowhere"):
        recount(str(tmp_path / "nowhere"), None, "o200k_base")
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="folder"):
        recount(str(tmp_path / "folder"), None, "o200k_base")
