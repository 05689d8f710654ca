"""What is known of files at the end: what was read or written, with every later edit applied."""

from __future__ import annotations

from handoff_cli.core.transcript import Command, Edit, FileText, Lookup
from handoff_cli.documents.extract.files.texts import parts_of_file, printed_in, same_file
from tests.documents.sessions import told


def parts(path="src/rows.py", **fields):
    transcript = told(("user", "go"), **fields)
    return parts_of_file(path, transcript, printed_in(transcript))


READ = Lookup("read", "src/rows.py:40", 20, "40\tdef load():\n41\t    return 1\n42\t")


def test_what_was_read_stands_as_later_edits_left_it() -> None:
    edit = Edit("src/rows.py", 30, "modified", "return 1", "return 2")
    part = next(it for it in parts(lookups=(READ,), edits=(edit,)) if it.position == 20)
    assert part.lines[:2] == ("def load():", "    return 2")
    assert part.first == 40
    assert part.exact


def test_an_edit_elsewhere_moves_the_lines_to_a_place_nobody_knows() -> None:
    edit = Edit("src/rows.py", 30, "modified", "import os", "import os\nimport sys")
    part = next(it for it in parts(lookups=(READ,), edits=(edit,)) if it.position == 20)
    assert (part.first, part.exact) == (0, True)


def test_lines_that_an_edit_changed_in_part_are_not_told_as_certain() -> None:
    edit = Edit("src/rows.py", 30, "modified", "@cached_for_the_run\ndef load():\n    return 1 + 1", "def load(): ...")
    read = Lookup("read", "src/rows.py", 20, "1\t@cached_for_the_run\n2\tdef load():\n3\t    return 1\n")
    part = next(it for it in parts(lookups=(read,), edits=(edit,)) if it.position == 20)
    assert not part.exact


def test_an_edit_up_to_the_end_of_a_file_is_made_though_what_was_read_ends_without_a_line_break() -> None:
    edit = Edit("src/rows.py", 30, "modified", "    return 1\n", "    return 2\n")
    read = Lookup("read", "src/rows.py", 20, "1\tdef load():\n2\t    return 1")
    part = next(it for it in parts(lookups=(read,), edits=(edit,)) if it.position == 20)
    assert (part.lines, part.exact) == (("def load():", "    return 2"), True)


def test_numbers_behind_which_a_bar_stands_are_none_of_the_text() -> None:
    """As Cline and Roo write them."""
    (part,) = parts(lookups=(Lookup("read", "src/rows.py:40", 20, "40 | def load():\n41 |     return 1"),))
    assert (part.first, part.lines) == (40, ("def load():", "    return 1"))


def test_the_line_break_that_ends_a_file_begins_no_line() -> None:
    (part,) = parts(lookups=(Lookup("read", "src/rows.py", 20, "a = 1\nb = 2\n"),))
    assert part.lines == ("a = 1", "b = 2")


def test_the_whole_of_a_file_comes_before_parts_of_it() -> None:
    text = FileText("src/rows.py", 30, "def load():\n    return 3\n")
    edit = Edit("src/rows.py", 30, "modified", "return 2", "return 3")
    (part,) = parts(lookups=(READ,), edits=(edit,), texts=(text,))
    assert part.whole
    assert part.lines[1] == "    return 3"


def test_a_file_that_is_gone_has_no_text() -> None:
    assert parts(lookups=(READ,), edits=(Edit("src/rows.py", 30, "deleted"),)) == []


def test_what_a_command_printed_of_a_file_counts_as_read() -> None:
    run = Command("sed -n '5,6p' src/rows.py", 20, outcome="ok", output="a = 1\nb = 2")
    (part,) = parts(commands=(run,))
    assert (part.first, part.lines) == (5, ("a = 1", "b = 2"))


def test_a_file_with_blanks_in_its_name_that_a_command_printed_is_known() -> None:
    paragraph = "The till reads the rates. " * 40
    ran = Command("cat 'docs/Till setup.md'", 12, outcome="ok", output=f"# Till setup\n{paragraph}")
    (text,) = printed_in(told(("user", "x")).replace(commands=(ran,)))
    assert [(path, number) for path, number, _ in text.lines] == [("docs/Till setup.md", 1), ("docs/Till setup.md", 2)]


def test_what_a_search_printed_above_a_file_in_the_same_command_is_none_of_the_file() -> None:
    output = "src/lib/pause.py:3:def pause(ms):\ndef load():\n    return 1"
    run = Command("grep -rn pause src/lib; sed -n 1,9p src/rows.py", 20, outcome="ok", output=output)
    (part,) = parts(commands=(run,))
    assert (part.first, part.lines) == (1, ("def load():", "    return 1"))
    (found,) = parts("src/lib/pause.py", commands=(run,))
    assert (found.first, found.lines) == (3, ("def pause(ms):",))


def test_paths_of_one_file_may_differ_in_what_is_before_them() -> None:
    assert same_file("/home/dev/shop/src/rows.py", "src/rows.py")
    assert not same_file("src/brows.py", "rows.py")


def test_below_a_gap_in_what_was_printed_a_search_tells_the_numbers() -> None:
    shown = Command("sed -n '1,90p' src/rows.py", 20, outcome="ok", output="a = 1\n…331 chars truncated…\nb = 2\nc = 3")
    hit = Command("rg -n 'b =' src", 30, outcome="ok", output="src/rows.py:57:b = 2")
    found = parts(commands=(shown, hit))
    assert ("b = 2", "c = 3") in [it.lines for it in found if it.first == 57]
    assert all(it.first in (1, 57) for it in found)


def test_a_diff_of_the_tree_tells_lines_as_they_stand_and_one_of_old_commits_does_not() -> None:
    diff = "diff --git a/src/rows.py b/src/rows.py\n+++ b/src/rows.py\n@@ -7,2 +7,3 @@\n def load():\n-    a\n+    b\n+    c"
    for command in ("git diff", "git diff main...HEAD -- src", "git show HEAD", "git -C . diff --cached"):
        (part,) = parts(commands=(Command(command, 20, outcome="ok", output=diff),))
        assert (part.first, part.lines) == (7, ("def load():", "    b", "    c")), command
    for command in ("git diff v1..v2", "git show 1234567", "gh pr diff 3"):
        assert parts(commands=(Command(command, 20, outcome="ok", output=diff),)) == [], command


def test_the_code_that_a_comment_of_a_review_is_about_is_known_unless_it_is_outdated() -> None:
    review = '[{"diff_hunk":"@@ -7 +7,2 @@ def up():\\n+def load():\\n+    \\"a\\"","path":"src/rows.py","line":8,"body":"Twice?"}]'
    run = Command("gh api repos/o/r/pulls/1/comments", 20, outcome="ok", output=review)
    (part,) = parts(commands=(run,))
    assert (part.first, part.lines) == (7, ("def load():", '    "a"'))
    assert parts(commands=(run.replace(output=review.replace('"line":8', '"line": null')),)) == []


def test_what_a_diff_of_the_project_put_in_is_known_by_its_lines_and_a_pull_request_is_not():
    output = "diff --git a/a.go b/a.go\n+++ b/a.go\n@@ -4,2 +4,3 @@ func Load() {\n \tx()\n-\ty()\n+\tz()\n+\tw()\n"
    (part,) = parts("a.go", commands=(Command("git diff HEAD", 12, outcome="ok", output=output),))
    assert (part.first, part.lines) == (4, ("\tx()", "\tz()", "\tw()"))
    assert parts("a.go", commands=(Command("gh pr diff 3", 12, outcome="ok", output=output),)) == []


def test_a_hunk_of_a_patch_is_made_below_the_line_that_it_names():
    """The reader of patches has that line first, which need not be right above."""
    edit = Edit("src/rows.py", 30, "modified", "def load():\n    return 1", "def load():\n    return 2")
    read = Lookup("read", "src/rows.py", 20, "1\tdef load():\n2\t    wait()\n3\t    return 1\n")
    (part,) = (it for it in parts(lookups=(read,), edits=(edit,)) if it.position == 20)
    assert (part.lines[:3], part.exact) == (("def load():", "    wait()", "    return 2"), True)


def test_a_file_that_powershell_printed_is_known() -> None:
    run = Command("Get-Content -Raw src\\rows.py", 20, outcome="ended", output="def load():\n    return 1")
    assert [it.lines for it in parts(commands=(run,))] == [("def load():", "    return 1")]
