"""The export of a chat of Windsurf's or Antigravity's: what was done stands below whomever spoke last."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import REFUSED

CHAT = """\
---
id: "6f1e"
title: "Slow search"
date: "2026-01-02T10:00:00Z"
---

# Chat Conversation

### User Input

the search is slow, find out why

*Viewed [find.ts](file:///c%3A/w/shop/src/find.ts#L4) *

*Listed directory [src](file:///c:/w/shop/src) *

*Searched filesystem*

*User accepted the command `npm run bench`*

*Checked command status*

### Planner Response

It reads every row.

### User Input

mend it

*Edited relevant file*

*User accepted the command `npm test`*
"""


def test_what_was_done_below_the_users_words_is_none_of_them(read):
    found = read(CHAT)
    assert [(it.role, it.text) for it in found.messages] == [
        ("user", "the search is slow, find out why"),
        ("assistant", "It reads every row."),
        ("user", "mend it"),
    ], "nor is front matter anybody's word"
    assert [it.text for it in found.commands] == ["npm run bench", "npm test"]
    assert [(it.path, it.action) for it in found.files] == [("c:/w/shop/src/find.ts", "read")]


def test_words_in_stars_of_the_users_are_theirs(read):
    """Only a whole line in the export's own words tells of an event."""
    said = "*Viewed it twice* and it fails\n\n*User accepted the offer*"
    found = read(f"### User Input\n\n{said}\n\n### Planner Response\n\nSorry.\n")
    assert [it.text for it in found.messages] == [said, "Sorry."]


def test_a_command_of_its_own_lines_is_read_whole(read):
    text = CHAT.replace("`npm run bench`", "`\nnpm run bench; Write-Host done\n`")
    assert [it.text for it in read(text).commands] == ["npm run bench; Write-Host done", "npm test"]


def test_a_command_that_the_user_rejected_was_not_run(read):
    """The user's next words are a request of their own; one of several lines is read whole."""
    text = CHAT.replace("accepted the command `npm run bench`", "rejected the command `npm run bench`")
    found = read(text.replace("`npm test`*", "`npm test`*\n\n*User rejected the command `git add -A\ngit commit`*"))
    assert [(it.text, it.outcome, it.error) for it in found.commands] == [
        ("npm run bench", "failed", REFUSED),
        ("npm test", None, None),
        ("git add -A\ngit commit", "failed", REFUSED),
    ]


def test_a_name_that_links_to_code_in_the_editor_is_the_name_as_code(said):
    line = "It is in [find](cci:1://file:///c:/w/shop/src/find.ts:4:0-9:1), see [docs](https://example.com)."
    text = CHAT.replace("It reads every row.", line)
    assert said(text)[1] == ("assistant", "It is in `find`, see [docs](https://example.com).")


SHOWN_LATE = """\
### User Input

mend the search

### Planner Response

*User accepted the command `go test ./find`*

### Planner Response

```
--- FAIL: TestFind (0.01s)
```

It reads every row.

*User accepted the command `go test ./find`*

### Planner Response

It would look like this:

```
rows = 3
```
"""


def test_the_block_with_which_the_agent_goes_on_is_what_the_command_printed(read):
    """One below words that tells no outcome may be of anything."""
    found = read(SHOWN_LATE)
    assert [(it.outcome, it.output) for it in found.commands] == [
        ("failed", "--- FAIL: TestFind (0.01s)"),
        (None, None),
    ]
    assert "rows = 3" in found.messages[-1].text


def test_what_the_export_says_of_itself_above_work_it_begins_amid_is_nobodys_word(read):
    text = """\
# Chat Conversation

Note: _This is purely the output of the chat conversation and does not contain any raw data._

*Checked command status*

*Grep searched codebase*

*User accepted the command `npm run bench`*

*Read resource from file:///c:/w/shop/src/find.ts *

### User Input

show me the rows

### Planner Response

Here they are.
"""
    found = read(text)
    assert [it.text for it in found.messages] == ["show me the rows", "Here they are."]
    assert [(it.path, it.action) for it in found.files] == [("c:/w/shop/src/find.ts", "read")]


@pytest.mark.parametrize(
    ("words", "edited"),
    [
        ("I note it in `plan.md`.", ["plan.md"]),
        ("It is the loop.", ["c:/w/shop/src/find.ts"]),
        ("I must not touch `plan.md`.", []),
        ("It works as `plan.md` does.", []),
        ("I note it in `plan.md` and `tasks.md`.", ["c:/w/shop/src/find.ts"]),
    ],
)
def test_an_edit_that_names_no_file_is_of_the_one_named_above_it_or_of_the_only_one_viewed(read, words, edited):
    """Of the next edit below the same words it is not known."""
    text = (
        "### User Input\n\nmend it\n\n*Viewed [find.ts](file:///c:/w/shop/src/find.ts) *\n\n### Planner Response\n\n"
        f"{words}\n\n*Edited relevant file*\n\n*Edited relevant file*\n"
    )
    found = read(text)
    assert [it.path for it in found.edits] == edited
    assert [it.name for it in found.tool_calls if it.name == "Edit"] == ["Edit", "Edit"]
