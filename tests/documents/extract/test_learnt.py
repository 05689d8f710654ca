"""What sub-agents and pages told is told on where the work came back to it: with file and lines, denials too."""

from __future__ import annotations

from handoff_cli.core.transcript import Edit, Lookup
from handoff_cli.documents.extract.learnt import learnt
from tests.documents.sessions import told

ANSWER = """Now I have it all.

- `src/rows.py:41` - reads the rows of a page without a limit
- `src/other.py` - writes the report of the month

| File | Purpose | Lines |
|------|---------|-------|
| `src/lock.py` | takes the lock of the import | 12-20 |

- No index on `row_id` exists, whatever the table is called
"""


def found(*spoken, **fields):
    lookups = (Lookup("agent", "Find readers", 12, ANSWER),)
    return learnt(told(("user", "why?"), lookups=lookups, **fields), spoken)


def test_facts_are_told_that_the_agent_came_back_to_with_their_place():
    edits = (Edit("src/rows.py", 20, "modified", "a", "limit = row_id  # see rows.py"),)
    assert [it.text for it in found("I mend lock.py now.", edits=edits)] == [
        "src/rows.py:41: reads the rows of a page without a limit",
        "src/lock.py:12-20: takes the lock of the import",
        "No index on `row_id` exists, whatever the table is called",
    ]


def test_what_names_no_line_is_told_only_where_the_work_came_back_to_it():
    assert not any("other.py" in it.text or "letter" in it.text for it in found("I write the letter now."))


def test_the_source_is_named():
    assert {it.source for it in found("I mend lock.py now.")} == {"sub-agent: Find readers"}


def test_what_the_last_answer_demands_is_told():
    lookups = (
        Lookup(
            "agent", "Review", 13, "It is fine.\n- Remove the cache of rows, nobody reads it\n- the day is a Monday"
        ),
    )
    facts = learnt(told(("user", "why?"), lookups=lookups), ())
    assert [it.text for it in facts] == ["Remove the cache of rows, nobody reads it"]


def test_of_a_long_report_more_is_told_than_has_room_at_first():
    answer = "\n".join(f"- No row {n} of the import is locked, whatever the day is" for n in range(30))
    facts = learnt(told(("user", "why?"), lookups=(Lookup("agent", "Review", 13, answer),)), ())
    assert len(facts) == 24
