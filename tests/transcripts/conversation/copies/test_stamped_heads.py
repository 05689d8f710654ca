"""Names above times, in the ways of many programs: who of several people speaks, and which of them is the agent."""

from __future__ import annotations

import pytest

from handoff_cli.transcripts.conversation.copies.stamped_heads import head_in

WRITTEN = [
    ("Ada Holt", "Otto, the sum is wrong."),
    ("Otto", "I looked at total.py, the last row is lost."),
    ("Bo Lind", "Only for the report."),
    ("Otto", "Done, the report is whole again."),
    ("Ada Holt", "Fix the test first."),
    ("Otto", "Fixed, all are green."),
    ("Bo Lind", "And the bill?"),
    ("Otto", "It is right."),
]
WHO = [("assistant", "") if name == "Otto" else ("user", name) for name, _ in WRITTEN]


def thread(form: str) -> str:
    return "".join(
        form.format(n=name, w=words, d=at + 10, m=at + 10, badge="APP\n" if name == "Otto" else "")
        for at, (name, words) in enumerate(WRITTEN)
    )


@pytest.mark.parametrize(
    "text",
    [
        thread("{n}\n{d} November 2025 at 09:{m}\n{w}\nEdit\nDelete\n\n"),
        thread("{n}\n{badge} — \n{d}.11.2025 09:{m}\n{w}\n\n"),
        thread("{n}\n{badge}9:{m} AM\n\n{w}\n"),
        thread("\n{n}\n{d}.11.2025 09:{m}\n{badge}{w}\n1 Gefällt mir-Reaktion.\n"),
        thread("\n{n}\n{d}h ago\n{w}\n"),
        thread("{n}\nNov {d}, 2025\n{w}\n"),
        thread("{n}\nvor {d} Tagen\n{w}\n"),
        thread("{n}\n9:{m} AM Nov {d}\n{w}\n"),
        thread("{n}\nMon, Nov {d}, 9:{m} AM (2 days ago)\nto me\n\n{w}\n\n"),
        thread("{n}\nunread,\nNov {d}, 2025, 9:{m}:11 AM\nto pricing\n{w}\n\n"),
        thread("[{n}] 09:{m}:00\n{w}\n\n"),
        thread("{n}   0:{m}\n{w}\n\n"),
        "[LINE] Chat history\nMon, 11/17/2025\n" + thread("09:{m}\t{n}\t{w}\n"),
        "Issue,Comment by,Date,Comment\n" + thread('7,{n},2025-11-{d} 09:{m},"{w}"\n'),
    ],
    ids=[
        *(
            "Jira",
            "Discord",
            "Mattermost",
            "Teams",
            "Linear",
            "Notion",
            "German",
            "Google Docs",
            "Gmail",
            "Google Groups",
        ),
        *("Zoom", "Otter", "LINE", "table"),
    ],
)
def test_who_speaks_stands_above_when_and_who_tells_of_work_is_the_agent(read, text):
    messages = read(text).messages
    assert [(it.role, it.by) for it in messages][-len(WHO) :] == WHO
    said = [words.removeprefix("Otto, ") for _, words in WRITTEN]
    assert [it.text.removeprefix("Otto, ") for it in messages][-len(WHO) :] == said


@pytest.mark.parametrize(
    ("lines", "head"),
    [
        (["Ada", "9:02 AM", "hello"], ("Ada  9:02 AM", 2)),
        (["Otto", "APP", " — ", "17.11.2025 09:02"], ("Otto APP  17.11.2025 09:02", 4)),
        (["Otto  APP", "9:02 AM"], ("Otto APP  9:02 AM", 2)),
        (["Otto", "heute um 14:03 Uhr", "Bot"], ("Otto APP  14:03", 3)),
        (["Ada", "hello", "9:02 AM"], None),
        (["Ada", "Nov 17, 2025"], None),
        (["Ada"], None),
    ],
)
def test_badges_and_dashes_stand_between_a_name_and_the_clock(lines, head):
    assert head_in(lines) == head


def test_a_chat_has_counts_of_reactions_that_nobody_said(said):
    text = thread("{n}\n{badge} — \n{d}.11.2025 09:{m}\n{w}\n\n").rstrip() + "\n🌱\n2\n"
    assert said(text)[-1] == ("assistant", "It is right.")


def test_who_is_listed_above_a_transcript_speaks_there_even_once(read):
    """What stands above the first of them is no word of the agent's."""
    text = "Sync of 17 November\nAttendees\nAda Holt, Bo Lind, Otto\n\n" + "".join(
        f"{name}: {words}\n\n" for name, words in WRITTEN[:6]
    )
    messages = read(text).messages
    assert ("user", "Bo Lind") in [(it.role, it.by) for it in messages]
    assert not any("Attendees" in it.text for it in messages if it.role == "assistant")


def test_files_above_the_days_they_were_added_write_nothing(read):
    page = "Attachments\nheap.log\n9 Nov 2025, 09:02 AM\nrows.log\n9 Nov 2025, 09:03 AM\n\n"
    messages = read(page + thread("{n}\n{d} November 2025 at 09:{m}\n{w}\n\n")).messages
    assert [(it.role, it.by) for it in messages if it.by or it.role == "assistant"] == WHO


def test_what_an_issue_has_beside_its_description_is_none_of_it_and_its_days_are_nobodys(said):
    text = (
        "Rates /\nRTE-31\nThe sum is wrong\n\nDescription\nThe last row of a report is lost.\n\nSubtasks\nRTE-32\nRefund\n\n"
        "Activity\nComments\nOldest first\n\n"
        + thread("{n}\n{d} November 2025 at 09:{m}\n{w}\n\n")
        + "Add a comment…\nDetails\nAssignee\nOtto\nCreated 9 November 2025 at 09:01\nUpdated 8 minutes ago\n"
    )
    assert said(text)[0] == ("user", "The sum is wrong\n\nThe last row of a report is lost.")
    assert said(text)[-1] == ("assistant", "It is right.")
