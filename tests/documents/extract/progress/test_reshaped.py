"""Calls of a function that still fit what it was before its parameters or results changed."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit, FileText
from handoff_cli.documents.extract.files.texts import printed_in
from handoff_cli.documents.extract.progress.reshaped import reshaped
from tests.documents.sessions import told


def found(*edits, texts=()):
    transcript = told(("user", "go"), edits=edits, texts=texts)
    return reshaped(transcript, printed_in(transcript), -1)


def edited(path, position, old, new):
    return Edit(path, position, "modified", old, new)


GO = "func readRows(path string) ([]Row, error) {\n"
MAIN = "package main\n\nfunc main() {\n\trows, err := readRows(path)\n\tuse(rows, err)\n}\n"


def test_a_call_that_takes_the_results_as_before_is_told_with_its_line() -> None:
    change = edited("rows.go", 10, GO, "func readRows(path string) []Row {\n")
    left = found(change, texts=(FileText("main.go", 5, MAIN),))
    assert (left.name, left.path, left.calls) == ("readRows", "rows.go", ("main.go:4",))
    assert (left.was, left.now) == ("(path string) ([]Row, error)", "(path string) []Row")


def test_a_call_that_was_edited_since_is_not_told() -> None:
    change = edited("rows.go", 10, GO, "func readRows(path string) []Row {\n")
    call = edited("main.go", 12, "\trows, err := readRows(path)\n", "\trows := readRows(path)\n")
    assert found(change, call, texts=(FileText("main.go", 5, MAIN),)) is None


@pytest.mark.parametrize(
    ("old", "new", "call", "is_left"),
    [
        ("def read_rows(path):\n", "def read_rows(path, limit):\n", "rows = read_rows(path)\n", True),
        ("def read_rows(path):\n", "def read_rows(path, limit=10):\n", "rows = read_rows(path)\n", False),
        ("def read_rows(path):\n", "def read_rows(path, limit):\n", "rows = read_rows(path, 5)\n", False),
        ("def read_rows(path):\n", "def read_rows(path: str) -> list[Row]:\n", "rows = read_rows(path)\n", False),
        ("    def read_rows(self, path):\n", "    def read_rows(self):\n", "rows = it.read_rows(path)\n", True),
        ("def read_rows(path):\n", "def read_rows(path, limit):\n", "rows = _read_rows(path)\n", False),
        ("def read_rows(path):\n", "def read_rows(path, limit):\n", "# as read_rows(path) does\n", False),
        (
            "export function readRows(path: string): Row[] {\n",
            "export function readRows(path: string, limits: Map<string, number>): Row[] {\n",
            "const rows = readRows(join(root, path));\n",
            True,
        ),
        (
            "export function readRows(path: string): Row[] {\n",
            "export function readRows(path: string, limit?: number): Row[] {\n",
            "const rows = readRows(path);\n",
            False,
        ),
        (
            "export function readRows(\n  path: string,\n): Row[] {\n",
            "export function readRows(\n  path: string,\n  done: (row: Row) => void,\n): Row[] {\n",
            "const rows = readRows(\n  path,\n);\n",
            True,
        ),
        (
            "fn read_rows(path: &Path) -> Rows {\n",
            "fn read_rows(path: &Path, n: u8) -> Rows {\n",
            "read_rows(&p);\n",
            True,
        ),
    ],
)
def test_what_is_called_as_before_is_told_where_it_has_to_change(old, new, call, is_left) -> None:
    left = found(edited("rows.x", 10, old, new), texts=(FileText("main.x", 5, f"begin\n{call}end\n"),))
    assert bool(left) is is_left
    assert not left or left.calls == ("main.x:2",)


def test_what_was_changed_back_has_no_calls_left() -> None:
    there = edited("rows.py", 10, "def read_rows(path):\n", "def read_rows(path, limit):\n")
    back = edited("rows.py", 14, "def read_rows(path, limit):\n", "def read_rows(path):\n")
    assert found(there, back, texts=(FileText("main.py", 5, "x = read_rows(path)\n"),)) is None


def test_of_a_name_that_another_file_defines_too_nothing_is_known() -> None:
    change = edited("rows.py", 10, "def read_rows(path):\n", "def read_rows(path, limit):\n")
    other = FileText("csv.py", 5, "def read_rows(path):\n    return 1\nx = read_rows(path)\n")
    assert found(change, texts=(other,)) is None


def test_a_test_that_is_named_after_the_function_defines_another() -> None:
    test = "func TestreadRows(t *testing.T) {\n\trows, err := readRows(path)\n}\n"
    change = edited("rows.go", 10, GO, "func readRows(path string) []Row {\n")
    assert found(change, texts=(FileText("rows_test.go", 5, test),)).calls == ("rows_test.go:2",)


@pytest.mark.parametrize(
    ("old", "new", "call"),
    [
        ("def read_rows(path, limit):\n", "def read_rows(path, limit=10):\n", "x = read_rows(path, 5)\n"),
        ("class Loader(Base):\n", "class Loader(Base, Mixin):\n", "x = Loader(path)\n"),
        ("def read_rows(path):\n", "def read_rows(path, strict):\n", "x = read_rows('a, b', True)\n"),
        ("def read_rows(path):\n", "def read_rows(path, strict):\n", "x = read_rows(a > 0, True)\n"),
        ("def read_rows(path):\n", "def read_rows(path, strict):\n", "x = read_rows(*both)\n"),
        ("    def close(self):\n", "    def close(self, force):\n", "file.close()\n"),
    ],
)
def test_a_call_that_fits_the_new_shape_or_may_be_of_another_is_not_told(old, new, call) -> None:
    assert found(edited("rows.py", 10, old, new), texts=(FileText("main.py", 5, f"begin\n{call}"),)) is None


@pytest.mark.parametrize(
    ("before", "after", "was", "now"),
    [
        (
            "(id: string): Promise<Map<string, number>> {",
            "(): X => {",
            "(id: string): Promise<Map<string, number>>",
            "(): X",
        ),
        ("(s: &str) -> Result<Vec<u8>> {", "() -> u8 {", "(s: &str) -> Result<Vec<u8>>", "() -> u8"),
    ],
)
def test_a_type_in_brackets_keeps_those_that_close_it(before, after, was, now) -> None:
    head = "fn load_all" if "->" in before else "export function load_all"
    change = edited("rows.x", 10, f"{head}{before}\n", f"{head}{after}\n")
    left = found(change, texts=(FileText("main.x", 5, "begin\nload_all(id);\nend\n"),))
    assert (left.was, left.now) == (was, now)
