"""What comparing two trees or files showed."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Command, Edit, Lookup
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.told.compared import compared
from tests.documents.sessions import call, told

OLD, NEW = "/r/shop-old", "/r/shop"
CHANGED = "1,2c1\n< import csv\n< def load(path):\n---\n> def load(path, strict):"


def lines(*commands, **others):
    return compared(told(("user", "compare the two"), commands=commands, **others), 10)


def run(text, output, position=20, outcome="ok", code=None):
    return Command(text, position, outcome=outcome, exit_code=code, output=output)


def test_each_side_of_two_files_is_told_by_its_folder_its_lines_and_its_first_definition() -> None:
    told_line = "load.py: only in shop-old 2 lines (`def load(path):`); only in shop 1 line (`def load(path, strict):`)"
    command = f"diff {OLD}/src/load.py {NEW}/src/load.py"
    assert lines(run(command, CHANGED)) == (told_line,)
    assert lines(run(command, f"Exit code 1\n{CHANGED}", outcome="failed", code=1)) == (told_line,)
    assert lines(run(command, "diff: no such file", outcome="failed", code=2)) == ()
    assert lines(run(f"{command} && ls", CHANGED)) == ()


def test_of_a_result_without_its_middle_so_many_lines_are_told_at_least() -> None:
    cut = CHANGED.replace("< import csv\n", "[...]\n")
    (line,) = lines(run(f"diff {OLD}/load.py {NEW}/load.py", cut))
    assert "shop-old at least 1 line " in line
    (line,) = lines(run(f"diff -u {OLD}/load.py {NEW}/load.py | head -4", "--- a\n+++ b\n@@ -1 +1 @@\n-rows = 1"))
    assert line == "load.py: only in shop-old at least 1 line (`rows = 1`)"


@pytest.mark.parametrize(
    ("command", "known"),
    [
        (f"diff {OLD}/a.py {NEW}/a.py", True),
        (f"diff {OLD}/a.py {NEW}/a.py 2>/dev/null", True),
        (f"diff {OLD}/a.py {NEW}/a.py 2>/dev/null | head -5", False),
    ],
)
def test_files_are_identical_where_nothing_came_and_no_error_can_be_hidden(command, known) -> None:
    assert lines(run(command, "")) == ("a.py: identical in shop-old and shop",) * known


def test_of_two_trees_files_not_looked_at_yet_come_first_without_caches_and_lock_files() -> None:
    differ = "\n".join(
        f"Files {OLD}/src/{it} and {NEW}/src/{it} differ" for it in ("a.py", "b.py", "c.py", "uv.lock", ".cache/d")
    )
    trees = run(f"diff -rq {OLD}/src {NEW}/src", f"{differ}\nOnly in {OLD}/src: mail\nOnly in {NEW}/src: __pycache__")
    one = run(f"diff {OLD}/src/a.py {NEW}/src/a.py", "1d0\n< rows = 1", 30)
    read = Lookup("read", f"{NEW}/src/c.py:1", 40)
    assert lines(trees, one, lookups=(read,)) == (
        "differ, not looked at yet: src/b.py",
        "only in shop-old: src/mail",
        "a.py: only in shop-old 1 line (`rows = 1`)",
    )


def test_nothing_is_told_of_what_was_compared_before_an_edit() -> None:
    edit = Edit(f"{NEW}/load.py", 30, "edited", "a", "b")
    assert lines(run(f"diff {OLD}/load.py {NEW}/load.py", CHANGED), edits=(edit,)) == ()


def test_what_was_compared_for_a_request_at_work_is_in_its_story():
    """A session whose last turn has ended has said what came of it."""
    looks = (run(f"diff {OLD}/load.py {NEW}/load.py", CHANGED),)
    said = told(("user", "compare the two"), commands=looks, tool_calls=(call(20),))
    assert "load.py" in "".join(extract(said).in_use.compared)
    assert extract(said.replace(commands=())).in_use.compared == ()
