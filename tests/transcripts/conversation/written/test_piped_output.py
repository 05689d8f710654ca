"""What a program printed, piped by itself: its failures and changes are told as those of a command."""

from __future__ import annotations

import pytest

DIFF = """diff --git a/src/cart.py b/src/cart.py
index 1a2b..3c4d 100644
--- a/src/cart.py
+++ b/src/cart.py
@@ -3,3 +3,3 @@ def total(rows):
     rows = list(rows)
-    return sum(rows)
+    return round(sum(rows), 2)

"""
CHECKS = {
    "pytest": (
        "..F.    [100%]\n\nFAILED tests/test_cart.py::test_total - assert 1 == 2\n1 failed, 3 passed in 0.2s\n",
        True,
    ),
    "go test": ("--- FAIL: TestTotal (0.00s)\n    cart_test.go:9: got 3\nFAIL\nFAIL\texample.com/cart\t0.01s\n", True),
    "cargo test": ("running 2 tests\ntest total ... ok\n\ntest result: ok. 2 passed; 0 failed; 0 ignored\n", False),
    "jest": ("FAIL src/cart.test.ts\n  ● cart › rounds\n\nTests:       1 failed, 2 passed, 3 total\n", True),
    "mypy": ("src/cart.py:3: error: Name 'x' is not defined\nFound 1 error in 1 file (checked 4 source files)\n", True),
    "ruff check": ("All checks passed!\n", False),
    "mvn test": ("[INFO] Scanning\n[ERROR] Tests run: 3, Failures: 1, Errors: 0\n[INFO] BUILD FAILURE\n", True),
}


@pytest.mark.parametrize("command", CHECKS)
def test_what_a_check_printed_is_a_run_of_it_with_its_verdict(read, command):
    text, failed = CHECKS[command]
    (run,) = read(text).commands
    assert (run.text, run.outcome) == (command, "failed" if failed else "ok")


@pytest.mark.parametrize(
    ("lead", "command"), [("", "git diff"), (f"commit {'4f' * 20}\nAuthor: A\n\n    Round\n\n", "git show")]
)
def test_changes_that_git_shows_are_those_of_a_command(read, lead, command):
    (run,) = read(f"{lead}{DIFF}").commands
    assert run.text == command
    assert "+    return round(sum(rows), 2)" in run.output


def test_a_piece_of_changes_stands_beside_a_conversation_in_another(read):
    transcript = read(
        "User: round the total\n\nAssistant: Done, see the diff.\n", DIFF, "User: thanks\n\nAssistant: Welcome.\n"
    )
    assert [it.text for it in transcript.commands] == ["git diff"]
    assert [it.text for it in transcript.messages] == ["round the total", "Done, see the diff.", "thanks", "Welcome."]


def test_what_somebody_wrote_of_a_check_is_their_words(read):
    """Notes with an output among them, and lines that only look like one, stay as they are."""
    notes = "We ran the tests again.\n\n1 failed, 3 passed in 0.2s\n\nThe rounding is still wrong."
    assert [it.text for it in read(notes).messages] == [notes]
    listed = "src/cart.py\nsrc/rows.py\nREADME.md"
    assert not read(listed).commands


def test_of_long_changes_no_line_stands_below_the_name_of_another_file(read):
    """An output keeps its two ends: of changes, lines of the last file would be told of the first."""
    first = DIFF + "".join(f" row {number}\n" for number in range(600))
    (run,) = read(f"{first}{DIFF.replace('cart', 'rows')}").commands
    before, named, after = run.output.partition("+++ b/src/rows.py")
    assert named
    assert "row 599" in before
    assert "round(sum(rows), 2)" in after
