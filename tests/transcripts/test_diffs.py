"""A long diff keeps what changed and where: its context goes first, then the ends of long changes."""

from __future__ import annotations

from handoff_cli.transcripts.diffs import diff_within

DIFF = """diff --git a/src/rows.go b/src/rows.go
index 1..2 100644
--- a/src/rows.go
+++ b/src/rows.go
@@ -40,9 +40,12 @@ func Load() {
 \tread()
 }

 func Drop(all bool) {
-\tdrop()
+\tif all {
+\t\tdrop()
+\t}
 \treturn
 }
 // end
"""


def test_each_change_stands_at_its_line_in_what_it_lies_in():
    assert diff_within(DIFF, 10_000) == (
        "diff --git a/src/rows.go b/src/rows.go\n+++ b/src/rows.go\n"
        "@@ -44,1 +44,3 @@ func Drop(all bool) {\n-\tdrop()\n+\tif all {\n+\t\tdrop()\n+\t}"
    )


def test_of_a_long_change_its_first_lines_stay_and_what_is_defined_below():
    added = [f"+\tstep{n}()" for n in range(60)]
    added[50] = "+func Late() {"
    diff = "\n".join(("diff --git a/a.go b/a.go", "+++ b/a.go", "@@ -1,0 +1,60 @@", *added))
    kept = diff_within(diff, 300)
    assert "+\tstep0()" in kept
    assert "@@ -51,0 +51,1 @@\n+func Late() {" in kept
    assert "step40" not in kept
    assert len(kept) <= 300


def test_what_is_no_diff_between_stays_out_and_several_files_stay_apart():
    kept = diff_within(f"warning: x\n{DIFF}{DIFF.replace('rows', 'cols')}", 10_000)
    assert kept.count("+++ b/") == 2
    assert "warning" not in kept
