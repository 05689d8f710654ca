"""Where a definition ends, its signature and what its comment says."""

from __future__ import annotations

import pytest

from handoff_cli.core.blocks import block_end, doc_start, says, signature
from tests.growth import assert_linear

GO = """// Load reads the rows. It never fails.
// Missing files are empty.
func Load(path string) []Row {
	if path == "" {
		return nil
	}
	return []Row{}
}

func Next() {}""".splitlines()
PYTHON = '''@cached
def load(
    path: str,
    *,
    strict: bool = False,
) -> list[str]:
    """Return the rows of the file.

    More of it.
    """
    text = """
at the margin
"""
    return text.split()


TOTAL = 1'''.splitlines()
TYPESCRIPT = """/**
 * Where a sync stands.
 */
export interface SyncState {
  id: string;
  done: boolean;
}
export const run = async (id: string): Promise<void> => {
  await go(id);
};
type Short = "a" | "b";""".splitlines()
RUBY = """class Loader
  def load(path)
    File.read(path)
  end
end""".splitlines()


@pytest.mark.parametrize(
    ("lines", "at", "end"),
    [
        (GO, 2, 8),
        (GO, 9, 10),
        (PYTHON, 1, 14),
        (TYPESCRIPT, 3, 7),
        (TYPESCRIPT, 7, 10),
        (TYPESCRIPT, 10, 11),
        (RUBY, 1, 4),
    ],
)
def test_a_definition_ends_where_its_block_does(lines: list[str], at: int, end: int) -> None:
    assert block_end(lines, at) == end


def test_of_a_part_of_a_file_the_end_may_not_be_there() -> None:
    assert block_end(GO[:6], 2) is None
    assert block_end(PYTHON[:12], 1, whole=False) is None


def test_a_signature_is_one_line_without_what_opens_its_body() -> None:
    assert signature(GO, 2) == "func Load(path string) []Row"
    assert signature(PYTHON, 1) == "def load(path: str, *, strict: bool = False) -> list[str]"
    assert signature(TYPESCRIPT, 7) == "export const run = async (id: string): Promise<void>"


def test_the_comment_above_or_the_text_at_the_beginning_says_what_it_is() -> None:
    assert says(GO, 2) == "Load reads the rows"
    assert says(PYTHON, 1) == "Return the rows of the file"
    assert says(TYPESCRIPT, 3) == "Where a sync stands"
    assert says(GO, 9) == ""


def test_comments_and_decorators_belong_to_what_stands_below_them() -> None:
    assert doc_start(GO, 2) == 0
    assert doc_start(PYTHON, 1) == 0


@pytest.mark.parametrize("line", ['    """Say{}it."""', "# Say{}it.", "def f(a){}!"])
def test_a_line_with_many_blanks_takes_as_long_as_it_is(line):
    assert_linear(lambda size: says([line.format(" " * size), "def f(a):", line.format(" " * size)], 1), 20_000)


def test_a_definition_of_many_blanks_that_no_word_ends_takes_as_long_as_it_is():
    assert_linear(lambda size: block_end([f"def f{' ' * size}!", "  1", "end"], 0), 20_000)
