"""The export of a chat of Windsurf's or Antigravity's: what was done stands below whomever spoke last."""

from __future__ import annotations

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
