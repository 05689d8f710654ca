"""What the path of a file says by itself."""

from __future__ import annotations

import pytest

from handoff_cli.core.paths import is_absolute, is_guide, is_left_behind, is_test, name_of, named_apart


@pytest.mark.parametrize(
    ("path", "name"), [("/p/src/a.py", "a.py"), ("C:\\p\\a.cs", "a.cs"), ("a.py", "a.py"), ("src/", ""), ("", "")]
)
def test_the_last_part_of_a_path_is_its_name(path, name):
    assert name_of(path) == name


@pytest.mark.parametrize(
    "path",
    [
        *("src/__tests__/cart.js", "tests/rows.py", "spec/models/user.rb", "src\\test\\Rows.java", "pkg/rows_test.go"),
        *("src/cart.spec.ts", "test_rows.rb", "Tests/Rows.cs", "tests/test_rows.py::test_sum", "src/cart.test.ts:12"),
    ],
)
def test_a_file_holds_tests_by_its_name_or_folder(path):
    assert is_test(path)


@pytest.mark.parametrize("path", ["src/latest.py", "contest/a.py", "src/testing.py", "attest_a.py", "docs/tests.md"])
def test_a_file_whose_name_only_sounds_so_holds_none(path):
    assert not is_test(path)


def test_files_of_one_name_are_told_apart_by_their_folders():
    paths = ("/p/check/rules.go", "/p/valid/rules.go", "C:\\p\\a.go", "rules.go")
    assert list(named_apart(paths).values()) == ["check/rules.go", "valid/rules.go", "a.go", "rules.go"]
    assert named_apart(["/p/a.go", "/p/a.go"]) == {"/p/a.go": "a.go"}
    assert named_apart(["a.go", "src/"]) == {"a.go": "a.go", "src/": "src/"}


def test_a_file_of_a_name_that_every_folder_has_is_told_with_its_folder():
    assert list(named_apart(("/p/chat/index.ts", "/p/chat/rows.ts")).values()) == ["chat/index.ts", "rows.ts"]


def test_a_path_is_absolute_that_begins_at_a_root():
    assert [is_absolute(it) for it in ("/p/a.py", "C:/p/a.py", "p/a.py", "C:\\p", "a:b")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_what_runs_leave_behind_is_told_by_its_end_but_for_what_tests_read():
    assert [is_left_behind(it) for it in ("run.log", "a/b.pid", "src/log.py", "tests/data/a.log", "a.orig")] == [
        True,
        True,
        False,
        False,
        True,
    ]


@pytest.mark.parametrize(
    "path",
    [
        *("CONTRIBUTING.md", "/p/AGENTS.md:20", "docs/style-guide.md", "CLAUDE.local.md", ".cursorrules", "HACKING"),
        *("/p/.github/copilot-instructions.md", ".cursor/rules/go.mdc", "docs\\coding_standards.rst", "house-rules.md"),
    ],
)
def test_a_guide_is_told_by_its_name(path):
    assert is_guide(path)


@pytest.mark.parametrize("path", ["rules.py", "README.md", "agents/base.md.j2", "claude.ts", "docs/my-rules-engine.md"])
def test_other_files_are_no_guides(path):
    assert not is_guide(path)
