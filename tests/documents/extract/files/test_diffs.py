"""Of a diff: which definition each change lies in, and the lines as they stand after it."""

from __future__ import annotations

from handoff_cli.documents.extract.files.diffs import hunks

DIFF = """diff --git a/rows.py b/rows.py
--- a/rows.py
+++ b/rows.py
@@ -7,6 +7,8 @@ def above():
     return 1


+# Loads a row.
 def load():
-    return 0
+    return 3
@@ -40,2 +42,3 @@ def far():
     a = 1
+    b = 2
     c = 3
"""


def test_a_change_lies_in_the_definition_around_it_and_not_in_the_one_git_names_above_the_hunk() -> None:
    first, second = hunks(DIFF)
    assert [it[0] for it in first.changes()] == ["load"]
    assert list(second.changes()) == [("far", "", "    b = 2")]


def test_lines_stand_under_the_numbers_they_have_after_the_change() -> None:
    first, second = hunks(DIFF)
    assert list(first.after())[3:] == [(10, "# Loads a row."), (11, "def load():"), (12, "    return 3")]
    assert list(second.after())[1] == (43, "    b = 2")


def test_of_what_follows_a_gap_the_file_is_not_known() -> None:
    cut = DIFF.replace("@@ -40,2", "…\n@@ -40,2")
    assert [it.first for it in hunks(cut)] == []
    assert [it.first for it in hunks(cut.replace("…", "@@ -30 +30 @@\n-x\n+y\n…"))] == [7]


def test_what_stands_outside_of_definitions_lies_in_none() -> None:
    (hunk,) = hunks("+++ b/a.py\n@@ -9,3 +9,4 @@ def above():\n     return 1\n \n+LIMIT = 3\n x = 1\n")
    assert [it[0] for it in hunk.changes()] == [None]
