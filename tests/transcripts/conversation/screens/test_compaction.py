"""The account of a compaction in text is what it is in a log: of the past, and nobody's request."""

from __future__ import annotations

SUMMARY = """This session is being continued from a previous conversation that ran out of context. The summary:
Analysis:
The user wants faster imports.

Summary:
## 1. Primary Request and Intent
Make the import faster.

## 6. All User Messages
User: "make it faster"
Assistant: said so.
$ rm -rf build

## 7. Pending Tasks
- Drop the old parser

```python
def parse(): ...
```

## 8. Current Work
Rewriting feeds/read.py.
"""

ENDS = """Please continue the conversation from where we left it off without asking the user any further questions.
"""


def _of(found):
    return [it.text for it in found.messages if it.role == "user"], [it.text for it in found.summaries]


def test_in_an_export(read):
    """In an export it ends where the next turn begins."""
    text = f"## User\n\n{SUMMARY}\n## Assistant\n\nI'll go on.\n\n## User\n\nNo, mend the log first.\n\n## Assistant\n\nRight.\n"
    requests, (summary,) = _of(found := read(text))
    assert requests == ["No, mend the log first."]
    assert summary.startswith("This session is being continued")
    assert summary.endswith("Rewriting feeds/read.py.")
    assert len(found.compactions) == 1
    assert not found.commands


def test_among_names(read):
    """Names that it quotes begin no turn, where it says how it ends."""
    text = f"User: {SUMMARY}{ENDS}Assistant: I'll go on.\nUser: No, mend the log first.\nAssistant: Right.\n"
    requests, (summary,) = _of(read(text))
    assert requests == ["No, mend the log first."]
    assert "said so" in summary


def test_on_a_screen(read):
    """On a screen it ends at the next sign; the ruler above tells of the same compaction."""
    text = f"═══ Conversation compacted ═══\n\n> {SUMMARY}\n⏺ I'll go on.\n\n> no, mend the log first\n\n⏺ Right.\n"
    requests, (summary,) = _of(found := read(text))
    assert requests == ["no, mend the log first"]
    assert "Drop the old parser" in summary
    assert len(found.compactions) == 1


def test_in_a_copy_of_the_panel(read):
    """In a copy of the panel it ends at what the program says."""
    text = f"# Notes\n\n{SUMMARY}/compact\nCompacted\ngo on\nOK, I'll go on.\nEdit feeds/read.py\nModified\n"
    requests, (summary,) = _of(found := read(text))
    assert requests == ["go on"]
    assert summary.endswith("Rewriting feeds/read.py.")
    assert len(found.compactions) == 1


def test_where_nobody_speaks(read):
    """Where nobody is named it ends with its last words."""
    found = read(f"{SUMMARY}{ENDS}The import still takes two minutes.\n")
    assert "two minutes" in found.messages[-1].text
    assert len(found.summaries) == 1


def test_words_about_it_are_words(said):
    """That somebody speaks of it is no such account."""
    text = 'User: it said "This session is being continued from a previous conversation"\nAssistant: yes\n'
    assert len(said(text)) == 2


def test_an_account_that_stands_as_the_agents_own_words_is_told_by_its_sections(read):
    """Roo keeps it so, with or without marks; an answer of as many parts is one."""
    account = """# Conversation Summary

## 1. Previous Conversation
The user asked for a parser.

## 2. Current Work
Reading `feeds/read.py`.

## 5. Problem Solving
It lost the last row.

## 6. Pending Tasks and Next Steps
User said: "keep the old names"
"""
    begins = "**User:**\n\n<task>\nwrite a parser\n</task>\n\n---\n\n**Assistant:**\n\n"
    ends = "\n---\n\n**User:**\n\ngo on\n\n---\n\n**Assistant:**\n\nRight.\n"
    for shown in (account, account.replace("## ", "").replace("Conversation\n", "Conversation: ")):
        requests, (summary,) = _of(found := read(f"{begins}{shown}{ends}"))
        assert requests == ["write a parser", "go on"]
        assert summary.startswith("# Conversation Summary\n")
        assert summary.endswith('"keep the old names"'), "without the rule below"
        assert [it.text for it in found.messages if it.role == "assistant"] == ["Right."]
    other = account.replace("Problem Solving", "What I tried").replace("Pending Tasks and", "My")
    assert not read(f"{begins}{other}{ends}").summaries
