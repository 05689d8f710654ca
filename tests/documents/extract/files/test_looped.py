"""Files that a loop of the shell printed one after the other, below lines that name them."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.files.looped import looped_over, printed_by_loop
from handoff_cli.documents.extract.files.texts import printed_in
from tests.documents.sessions import ran, told
from tests.growth import assert_linear

LOOP = 'for f in docs/kinds/*.md docs/task.md; do echo "\\n== $f ==\\n"; cat "$f"; done'
PRINTED = "\n== docs/kinds/oak.md ==\n\n# Oak\n\nIt is hard.\n\n== docs/other.md ==\n\n== docs/task.md ==\n\n# Task\n"


@pytest.mark.parametrize(
    ("command", "over"),
    [
        (LOOP, ("docs/kinds/*.md", "docs/task.md")),
        ("for f in a.py b.py; do sed -n '1,40p' ${f}; done", ("a.py", "b.py")),
        ("for f in *.py; do\n  nl -ba $f\ndone", ("*.py",)),
        ("for f in *.py; do rg -n total $f; done", ()),
        ("for f in *.py; do cat base.txt; echo $f; done", ()),
        ("for n in 1 2 3; do cat $n; done", ()),
        ("cat for f in a.py", ()),
    ],
)
def test_a_loop_reads_the_files_that_its_body_prints(command, over):
    assert looped_over(command) == over


def test_each_file_is_told_from_the_line_that_names_it_to_the_next():
    """A line with another name is the file's own."""
    oak = "# Oak\n\nIt is hard.\n\n== docs/other.md ==\n"
    assert list(printed_by_loop(LOOP, PRINTED)) == [("docs/kinds/oak.md", oak), ("docs/task.md", "# Task")]
    assert list(printed_by_loop("cat docs/task.md", PRINTED)) == []


def test_what_a_loop_printed_is_read():
    (oak, task) = printed_in(told(("user", "hi"), commands=(ran(LOOP, output=PRINTED),)))
    assert oak.lines[0] == ("docs/kinds/oak.md", 1, "# Oak")
    assert task.lines == (("docs/task.md", 1, "# Task"),)
    assert not oak.found


def test_a_long_loop_takes_no_longer_than_it_is():
    assert_linear(lambda size: looped_over(f"for f in {'a.py ' * size}; do echo; {'cat ' * size}; done"), 200)


@pytest.mark.parametrize(
    "body",
    [
        'cat header.txt >> "$f"',
        "cat reqs-$f.txt",
        "cat docs/$f.md",
        'sed -n "s/a/b/p" $f',
        'cat "$f" > all.txt',
        "cat < $f.bak",
        'cat "$f/README.md"',
    ],
)
def test_a_loop_reads_no_file_that_it_writes_or_whose_name_is_only_begun_by_what_it_loops_over(body):
    assert looped_over(f"for f in a.md b.md; do {body}; done") == ()


def test_numbers_of_versions_are_no_files():
    assert looped_over("for f in 3.9 3.10 a.py; do cat $f; done") == ("a.py",)
