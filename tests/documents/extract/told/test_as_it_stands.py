"""Of what the agent told goes how things went before an edit, and what it thought lost and found to be there."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.told.as_it_stands import AsItStands, without_course
from tests.documents.sessions import told

COURSE = "**What happens at runtime:**\n1. The worker asks for a lock\n2. The lock fails since nobody frees it\n\nThe lock is old."


def test_what_happens_step_by_step_is_told_no_more_once_it_was_changed():
    assert without_course(COURSE, 20, 10) == COURSE
    assert without_course(COURSE, 20, 30) == "The lock is old."
    made = Edit("/p/a.py", 45, "modified", "a", "b", None, "ok")
    talk = told(("user", "why?"), ("assistant", COURSE), ("user", "mend it"), ("assistant", "It is mended."))
    for edits, stands in (((), True), ((made,), False)):
        found = extract(talk.replace(edits=edits)).told
        text = "".join(it.text for it in (*found.said, *(one for turn in found.turns for one in turn.told)))
        assert ("nobody frees" in text) is stands


LOST = """## Changes that are lost

### 1. `rows.py` \u2014 the reader of pages
The backup reads the pages at once.

### 2. `lock.py` \u2014 the lock of the import
The backup frees the lock at the end.

---

**The worst are:**
1. The **lock** (#2)
2. The **reader** (#1)
"""


@pytest.mark.parametrize(
    ("later", "stands"),
    [
        ("The rows.py already has the reader of pages.", False),
        ("Does it read? `src/rows.py` already uses the reader.", False),
        ("I look at rows.py now.", True),
        ("The pages.py already has it.", True),
    ],
)
def test_what_was_thought_lost_in_a_file_is_told_no_more_once_it_was_seen_to_be_there(later, stands):
    transcript = told(("user", "what is lost?"), ("assistant", LOST), ("assistant", later))
    text = AsItStands(transcript).of(transcript.messages[1])
    assert ("reads the pages" in text) is stands
    assert ("(#1)" in text) is stands
    assert "frees the lock" in text
    assert "(#2)" in text


def test_a_section_about_a_file_that_says_nothing_is_lost_stands():
    text = "## Design\n\n### 1. `rows.py`\nIt reads the pages at once."
    transcript = told(("user", "how?"), ("assistant", text), ("assistant", "The rows.py already has a reader."))
    assert AsItStands(transcript).of(transcript.messages[1]) == text


def test_what_was_said_to_be_there_before_it_was_lost_takes_nothing_away():
    before = ("assistant", "The rows.py already has the reader of pages.")
    transcript = told(("user", "what is lost?"), before, ("assistant", LOST))
    assert AsItStands(transcript).of(transcript.messages[2]) == LOST
