"""The text of files as edits leave it, followed edit by edit."""

from __future__ import annotations

import pytest

from handoff_cli.transcripts.texts import Texts, lines_only_in, shown_by


def text_of(texts: Texts) -> dict[str, str]:
    return {it.path: it.text for it in texts.entries()}


def test_what_was_written_is_known_with_every_later_edit() -> None:
    texts = Texts()
    texts.changed("a.py", 1, "", "one\ntwo\n", "")
    texts.changed("a.py", 2, "two", "three", "")
    assert text_of(texts) == {"a.py": "one\nthree\n"}


def test_the_text_before_an_edit_counts_more_than_what_was_known() -> None:
    texts = Texts()
    texts.changed("a.py", 1, "", "one\ntwo\n", "")
    texts.changed("a.py", 2, "two", "three", "ONE\ntwo\n")
    assert text_of(texts) == {"a.py": "ONE\nthree\n"}


def test_changes_of_one_call_follow_each_other() -> None:
    texts = Texts()
    texts.changed("a.py", 5, "one", "1", "one\ntwo\n")
    texts.changed("a.py", 5, "two", "2", "one\ntwo\n")
    assert text_of(texts) == {"a.py": "1\n2\n"}


def test_nothing_is_known_after_an_edit_whose_place_nobody_can_tell() -> None:
    texts = Texts()
    texts.changed("a.py", 1, "", "x\nx\n", "")
    texts.changed("a.py", 2, "x", "y", "")
    assert text_of(texts) == {}


def test_a_hunk_may_begin_with_the_line_that_names_its_place() -> None:
    texts = Texts()
    texts.changed("a.py", 1, "", "def f():\n    a = 1\n    return a\n", "")
    texts.changed("a.py", 2, "def f():\n    return a", "def f():\n    return a + 1", "")
    assert text_of(texts)["a.py"].endswith("    return a + 1\n")


def test_what_was_taken_back_is_not_known() -> None:
    texts = Texts()
    texts.changed("a.py", 1, "", "one\n", "")
    texts.changed("b.py", 9, "", "two\n", "")
    texts.undo(5)
    assert text_of(texts) == {"a.py": "one\n"}


def test_the_files_edited_last_are_kept() -> None:
    texts = Texts()
    for number in range(40):
        texts.changed(f"{number}.py", number, "", "text\n", "")
    assert "39.py" in text_of(texts)
    assert "0.py" not in text_of(texts)


def test_lines_that_only_one_side_has_are_counted_with_their_number() -> None:
    assert lines_only_in("a\nb\n\nb\n", "a\nb\n") == 2
    assert lines_only_in("a\n", "a\nb\n") == 0


@pytest.mark.parametrize(
    "shown", ["def f():\n    return 1\n", "7\tdef f():\n8\t    return 1\n", "7→def f():\n8→    return 1"]
)
def test_where_an_edit_lies_is_told_by_what_was_read_before(shown: str) -> None:
    """With or without the numbers of the lines."""
    texts = Texts()
    texts.showed("/p/a.py:7", shown)
    assert texts.place_of("/p/a.py", "    return 1", "    return 2") == "f"


def test_what_was_not_shown_tells_no_place() -> None:
    texts = Texts()
    texts.showed("a.py", "def f():\n    return 1\n")
    assert [
        texts.place_of(*it) for it in (("a.py", "return 3", "x"), ("b.py", "return 1", "x"), ("a.py", "", "x"))
    ] == [None] * 3


@pytest.mark.parametrize(
    ("command", "path"),
    [
        ("cat src/a.py", "src/a.py"), ("sed -n '7,20p' /p/a.py", "/p/a.py"), ("nl -ba a.py | sed -n '7,20p'", "a.py"),
        ("head -40 a.py", "a.py"), ("cat a.py b.py", ""), ("cat > a.py", ""), ("cat a.py && make", ""),
        ("cat *.py", ""), ("sed -i 's/a/b/' a.py", ""), ("make; cat a.py", ""), ("cat -n", ""),
    ],
)  # fmt: skip
def test_a_command_shows_a_file_where_it_does_nothing_else(command: str, path: str) -> None:
    assert shown_by(command) == path


def test_words_that_are_gone_are_lacked_up_to_the_next_edit_of_the_file() -> None:
    texts = Texts()
    texts.miss([("a.py", "warm = 1")])
    assert [texts.lack(*it) for it in (("a.py", "warm = 1"), ("a.py", "if warm = 1:"), ("b.py", "warm = 1"))] == [
        *(True, False, False)
    ]
    texts.follow("a.py", 3, "modified", "", "warm = 1", "")
    assert not texts.lack("a.py", "warm = 1")
