"""The line of code that a live failure names, where it is certain."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit, FileText
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.failed import LiveFailure
from handoff_cli.documents.extract.runs.at_fault import with_lines
from tests.documents.sessions import ran, told
from tests.growth import assert_linear

CODE = "package lock\n\nfunc held(path string) bool {\n\treturn os.Stat(path) == nil\n}\n"
RED = "# shop/lock\nlock/held.go:4:9: assignment mismatch: 1 variable but os.Stat returns 2 values\n"


def _line(*edits, at=20, texts=()):
    fields = {
        "commands": (ran("go build ./...", "failed", at, exit_code=1, output=RED),),
        "edits": edits,
        "texts": texts,
    }
    (failure,) = extract(told(("user", "go"), **fields)).runs.failures
    return failure.line


def test_the_line_that_a_failure_names_is_told_as_it_stood_when_the_check_ran():
    written = Edit("/p/lock/held.go", 10, "created", "", CODE)
    known = (FileText("/p/lock/held.go", 10, CODE),)
    assert _line(written, texts=known) == "return os.Stat(path) == nil"


def test_of_a_line_that_only_printed_the_message_the_one_that_tells_when_is_told():
    code = 'func TestHeld(t *testing.T) {{\n\t{}\n\t\tt.Fatalf("held() is not free: %v", err)\n\t}}\n}}\n'
    for above, line in (("if held(path) {", "if held(path) {"), ("if err != nil {", ""), ("held(path)", "")):
        text = code.format(above)
        written = Edit("/p/lock/held_test.go", 10, "created", "", text)
        known = told(("user", "go"), edits=(written,), texts=(FileText("/p/lock/held_test.go", 10, text),))
        red = LiveFailure("TestHeld", "held_test.go:3: held() is not free: no lock", "go test ./...", "test", 20)
        assert with_lines((red,), known, ())[0].line == line


def test_no_line_is_told_of_a_file_that_was_edited_since_or_that_nobody_saw():
    written = Edit("/p/lock/held.go", 10, "created", "", CODE)
    later = Edit("/p/lock/held.go", 30, "modified", "os.Stat(path) == nil", "exists(path)")
    known = (FileText("/p/lock/held.go", 10, CODE),)
    assert _line(written, later, texts=known) == ""
    assert _line() == ""


def test_the_code_of_the_project_that_a_test_failed_at_stands_until_its_own_file_is_edited():
    """Other files were edited since: the run is old, what it failed at is not."""
    code = "def held(path):\n    return open(path).read()\n"
    red = LiveFailure(
        "tests/test_lock.py::test_held", "No such file at app/lock.py:2", "pytest -q", "test", 20, edited=True
    )
    texts = (FileText("/p/app/lock.py", 10, code),)
    for late, stands in (("/p/app/pool.py", True), ("/p/app/lock.py", False)):
        edits = (Edit("/p/app/lock.py", 10, "created", "", code), Edit(late, 30, "modified", "a = 1", "a = 2"))
        (found,) = with_lines((red,), told(("user", "go"), edits=edits, texts=texts), ())
        assert (found.stands, found.line) == (stands, "return open(path).read()" * stands)


@pytest.mark.parametrize("unit", ["a", "a.", "a/", "a.b:", "a.py:1 ", "@-", "a.b("])
def test_places_are_found_in_no_more_than_the_length_of_what_a_failure_says(unit):
    def find(size):
        red = LiveFailure("t", unit * (size // len(unit)), "pytest", "test", 4)
        return with_lines((red,), told(("user", "go")), ())

    assert_linear(find, 20_000)
