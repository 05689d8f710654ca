"""What panels and pages of agents show of their work."""

from __future__ import annotations

from handoff_cli.transcripts.conversation.copies import panel_work
from tests.growth import assert_linear

PANEL = """\
You said
the timer stops early
API Request
$0.02
Tealeaf said
I'll run the tests.
Tealeaf wants to execute this command
go test ./...
Exit: 1
--- FAIL: TestTimer (0.01s)
FAIL
Tealeaf said
The rounding is wrong.
Tealeaf wants to edit this file
timer/tick.go
+2
-1
Worked for 4m 12s
You said
go on
"""


def test_a_panel_that_asks_for_leave_above_what_it_does(read):
    """The agent is who says what the reader did not; what it wants to do was done, and an output ends with its words."""
    found = read(PANEL)
    assert [(it.role, it.text) for it in found.messages] == [
        ("user", "the timer stops early"),
        ("assistant", "I'll run the tests."),
        ("assistant", "The rounding is wrong."),
        ("user", "go on"),
    ]
    assert [(it.text, it.outcome) for it in found.commands] == [("go test ./...", "failed")]
    assert [it.path for it in found.files if it.action == "modified"] == ["timer/tick.go"]


def test_files_whose_lines_are_counted_were_edited_and_commits_that_were_pushed_made(read):
    """With the verb above or beside them; a list of checks tells how each ended."""
    found = read(
        "You\n10:04 AM\nmend it\n\nJules\n10:06 AM\nOn it.\nUpdated\nsrc/a.py\n+3\n-1\nsrc/b.py\n+1 −1\n"
        "Created src/c.py\n+9\n-0\nRan: pytest -q\n..F\n1 failed\nThe last one is not mended yet.\n"
        "✅ ruff check .\n❌ mypy src\nPushed 1 commit to #12\n3ac9e10 Mend the rounding\n\nYou\n10:09 AM\nok\n"
    )
    assert {it.path for it in found.files if it.action in ("modified", "created")} == {
        "src/a.py",
        "src/b.py",
        "src/c.py",
    }
    assert [(it.text, it.outcome) for it in found.commands][:3] == [
        ("pytest -q", "failed"),
        ("ruff check .", "ok"),
        ("mypy src", "failed"),
    ]
    assert "Mend the rounding" in found.commands[-1].text
    assert [it.text for it in found.messages if it.role == "user"] == ["mend it", "ok"]


def test_a_command_below_a_line_that_only_says_so_has_no_output_where_words_follow(read):
    """They are the agent's."""
    found = read(
        "You said\nmend it\nTealeaf said\nOn it.\nRan terminal command\npytest -q\nThe timer is mended now, I think.\n"
        "Accepted edits to tick.py\nCommand failed\nmake lint\nOutput\ntick.py:1: too long\nYou said\nok\n"
    )
    assert [(it.text, it.output) for it in found.commands] == [
        ("pytest -q", None),
        ("make lint", "tick.py:1: too long"),
    ]
    assert "The timer is mended now, I think." in [it.text for it in found.messages]
    assert [it.path for it in found.files if it.action == "modified"] == ["tick.py"]


def test_words_like_a_panels_are_somebodys(said):
    """A diff's lines and sentences that begin so are no panel."""
    text = "User: +3\n-1\nis what the diff says\n\nAssistant: Running tests now is slow. Edited versions differ.\n\nUser: ok\n"
    assert said(text)[0][1].startswith("+3")
    assert "Running tests now is slow" in said(text)[1][1]
    assert not panel_work.is_in(["Running tests now", "Updated the docs", "+3 points", "Checkpoint reached by all"])


def test_a_panels_lines_take_time_by_their_length():
    """However many words one has."""
    for part in ("Ran ", "a/", "Tealeaf wants to ", "+1 ", "is it. "):
        assert_linear(lambda size, part=part: panel_work.is_in([part * (size // len(part))] * 4), 3_000)


def test_what_a_panel_shows_below_an_edit_and_a_search_is_no_words(read):
    """Lines that were changed are the edit's; a path from the open folder on is told so, one of the system as it is."""
    found = read(
        "You said\nmend it\nTealeaf said\nI'll look.\nTealeaf wants to search this directory for Floor\\( :\n/timer\n"
        "timer/tick.go\n│  return math.Floor(left)\nTealeaf wants to edit this file:\n/timer/tick.go\n-\tfloor(left)\n+\tleft\n"
        "Tealeaf wants to read this file:\n/etc/timer.conf\nTealeaf said\nDone:\n- a header is left\n"
    )
    assert [it.text for it in found.messages if it.role == "assistant"] == ["I'll look.", "Done:\n- a header is left"]
    assert [(it.path, it.old.strip(), it.new.strip()) for it in found.edits] == [
        ("timer/tick.go", "floor(left)", "left")
    ]
    assert "/etc/timer.conf" in [it.path for it in found.files]
