"""Calls that an export heads with a title in words."""

from __future__ import annotations

THREAD = """\
## User

mend the timer

**Tool Call: Edit `timer/tick.go`**
Status: Completed

Diff: timer/tick.go
```
return n
```

**Tool Call: `go test ./...`**
Status: Failed

Terminal:
```
--- FAIL: TestTimer (0.01s)
```

## Assistant

It still fails.
"""


def test_a_command_is_quoted_alone_and_a_file_behind_a_verb(read):
    """The status says how it ended, and blocks below what was shown."""
    found = read(THREAD)
    assert [(it.text, it.outcome) for it in found.commands] == [("go test ./...", "failed")]
    assert [it.path for it in found.files if it.action == "modified"] == ["timer/tick.go"]
    assert [(it.role, it.text) for it in found.messages] == [
        ("user", "mend the timer"),
        ("assistant", "It still fails."),
    ]


def test_a_title_without_a_status_is_left_to_others(said):
    """It may be spoken of."""
    text = "## User\n\nwhat is this?\n\n## Assistant\n\n**Tool Call: `make`**\n\nis how it looks.\n"
    assert "is how it looks." in said(text)[-1][1]


def test_a_call_that_was_canceled_says_so(read):
    """It edited nothing."""
    found = read(
        THREAD.replace("Status: Failed\n\nTerminal:\n```\n--- FAIL: TestTimer (0.01s)\n```", "Status: Canceled")
    )
    assert [(it.outcome, it.output) for it in found.commands] == [("failed", "Canceled")]


def test_a_title_in_which_nothing_is_quoted_is_an_edits_where_a_file_is_named_below(read, said):
    """Zed calls an edit by its path, or by what it is for; other calls are told otherwise."""
    for title in ("timer/tick.go", "Return the count"):
        found = read(THREAD.replace("Edit `timer/tick.go`", title))
        assert [(it.path, it.action) for it in found.files] == [("timer/tick.go", "modified")]
        assert [it.text for it in found.messages] == ["mend the timer", "It still fails."]
    spoken = "**Tool Call: none**\nStatus: Completed\n\nis how it looks.\n"
    assert "is how it looks." in said(f"## User\n\nwhat is this?\n\n## Assistant\n\n{spoken}")[-1][1]
