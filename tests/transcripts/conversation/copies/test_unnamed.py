"""Copies in which the user is not named."""

from __future__ import annotations

import pytest

SIGNS = ("Thought for 8s", "Worked for 3m 12s", "API Request\n$0.02", "Show thinking", "Junie")


@pytest.mark.parametrize("sign", SIGNS)
def test_the_user_speaks_above_the_signs_of_the_agent(said, sign):
    """What stands apart above the first sign of a turn was asked; names and buttons above all are nobody's words."""
    text = (
        f"Tea timer\nShare\n\nthe timer stops early, and keep the header\n\n{sign}\nI mended the rounding.\n\n"
        f"Code\nPreview this version\n\nnow show the seconds too\n\n{sign}\nThe seconds are shown.\n"
    )
    assert said(text) == [
        ("user", "the timer stops early, and keep the header"),
        ("assistant", "I mended the rounding."),
        ("user", "now show the seconds too"),
        ("assistant", "The seconds are shown."),
    ]


def test_a_sign_amid_the_agents_turn_makes_nobody_speak_above_it(said):
    """It may think again after it said something."""
    text = (
        "the timer stops early, and keep the header\n\nThought for 8s\nThe rounding looks odd here.\n\n"
        "Thought for 3s\nI mended the rounding.\n\nCopy\n\nnow show the seconds too\n\nThought for 2s\nShown.\n"
    )
    assert [words for role, words in said(text) if role == "user"] == [
        "the timer stops early, and keep the header",
        "now show the seconds too",
    ]


def test_requests_that_are_headings(said):
    """All of one level are sentences; headings that are titles are none."""
    text = (
        "# Why does the tea timer stop a whole minute early?\n\nIt rounds down.\n\n```\n$ pytest -q\n1 failed\n```\n\n"
        "# Do not round at all, and please keep the header as it is.\n\nDone.\n"
    )
    assert [it for it in said(text) if it[0] == "user"] == [
        ("user", "Why does the tea timer stop a whole minute early?"),
        ("user", "Do not round at all, and please keep the header as it is."),
    ]
    assert not [it for it in said("# Tea\n\nIt rounds down.\n\n# Why does it stop early?\n\nSo.\n") if it[0] == "user"]


def test_requests_that_are_quoted(said):
    """Notes quote what was asked, with the work below; a text that only quotes somebody has none."""
    text = (
        "# Tea\n\n> the timer stops early\n\nIt rounds down.\n\n```\n$ pytest -q\n1 failed\n```\n\n> mend it\n\nDone.\n"
    )
    assert [it for it in said(text) if it[0] == "user"] == [("user", "the timer stops early"), ("user", "mend it")]
    essay = "> All that glitters is not gold.\n\nSo it is said.\n\n> Tea is.\n\nThat too.\n"
    assert not [it for it in said(essay) if it[0] == "user"]


def test_a_name_above_what_was_asked_is_the_users(said):
    """Each time it stands alone on its line."""
    text = (
        "mira-h\nthe timer stops early, keep the header\n\nGitHub Copilot\nI mended the rounding.\n\n"
        "mira-h\nnow show the seconds\n\nGitHub Copilot\nShown.\n"
    )
    assert [words for role, words in said(text) if role == "user"] == [
        "the timer stops early, keep the header",
        "now show the seconds",
    ]


def test_comments_in_code_are_no_requests(said):
    """Though each is a sentence."""
    code = "import tea\n# The timer stops a whole minute too early here.\n# Do not round it at all, and keep the header.\nx = 1\n"
    assert "user" not in dict(said(code))


DENSE = """\
Task
$1.84
the timer stops early, and keep the header
Context Window:
118.4k
API Request
$0.02
Tealeaf wants to read this file:
/timer/tick.go
API Request
$0.02
It rounds down.
Tealeaf has a question:
Should it round up, or not at all?
Round up
Not at all
not at all, we count in whole seconds elsewhere
API Request
$0.02
Tealeaf wants to edit this file:
timer/tick.go
-	return math.Floor(left)
+	return left
Good, but leave the tests of it alone.
API Request
$0.03
Tealeaf wants to execute this command:
go test ./...
Command Output
Done. To see more of it, use the verbose mode.
API Request
$0.03
I'll look at the header too.
You said
no, only the timer
API Request
$0.03
Task Completed
The timer counts whole seconds now.
See new changes
now show the hours too
API Request
$0.03
They'd stand before the minutes.
Is that wide enough?
yes
API Request Failed
429 {"type":"error","error":{"type":"rate_limit_error"}}
Retry
leave it for tomorrow then
Resume Task
Auto-approve: Read, Edit
"""


def test_a_panels_copy_without_empty_lines_is_parted_by_its_requests_to_the_model(said):
    """The person answers above the next one where the agent did nothing, summed up or asked; programs print there too."""
    assert [words for role, words in said(DENSE) if role == "user"] == [
        "the timer stops early, and keep the header",
        "not at all, we count in whole seconds elsewhere",
        "Good, but leave the tests of it alone.",
        "no, only the timer",
        "now show the hours too",
        "yes",
        "leave it for tomorrow then",
    ]
    assert [words for role, words in said(DENSE) if role == "assistant" and "header" in words] == [
        "I'll look at the header too."
    ]


def test_an_agent_that_only_speaks_between_two_requests_says_its_one_line_itself(said):
    text = "Task\nmend the timer please\nAPI Request\nI'll read it.\nAPI Request\nIt rounds down.\nAPI Request\nDone.\n"
    assert [words for role, words in said(text) if role == "user"] == ["mend the timer please"]


@pytest.mark.parametrize("note", ["**Note**\n> It needs tea.", "[!NOTE]\n> It needs tea.", "Warning: it needs tea."])
def test_notes_of_a_document_are_no_requests(said, note):
    """Below what it is about, which stands as a quotation too."""
    work = "```\npip install tea\n```"
    assert "user" not in dict(said(f"# Tea\n\n> A timer for tea.\n\n{work}\n\n> {note}\n\n{work}\n"))


def test_questions_that_are_often_asked_are_no_requests(said):
    """Those of a list, and those that are answered without any work."""
    asked = "## How do I install the timer for tea on my machine?\n\nSo:\n\n{}\n\n"
    for title, work in (("# FAQ", "```\nmake\n```"), ("# Häufige Fragen", "```\nmake\n```"), ("# Tea", "Use pip.")):
        assert "user" not in dict(said(f"{title}\n\n{asked.format(work) * 3}"))
