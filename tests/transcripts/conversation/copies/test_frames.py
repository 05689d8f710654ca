"""Threads in forms that nobody knows: a line that recurs with nothing changed but a name and numbers tells who speaks."""

from __future__ import annotations

import pytest

from handoff_cli.transcripts.conversation.copies.frames import in_turns
from tests.growth import assert_linear

WRITTEN = [
    ("Ada Holt", "Otto, the sum is wrong. Do not touch the archive."),
    ("Otto", "I looked at total.py, the last row is lost."),
    ("Bo Lind", "Only for the report."),
    ("Otto", "Done, the report is whole again."),
    ("Ada Holt", "Fix the test first."),
    ("Otto", "Fixed, all are green."),
    ("Bo Lind", "And the bill?"),
]
SAID = [
    *(("assistant" if name == "Otto" else "user", "" if name == "Otto" else name, words) for name, words in WRITTEN),
]


def thread(form: str) -> str:
    return "".join(form.format(n=name, w=words, i=at, d=at + 10) for at, (name, words) in enumerate(WRITTEN, 1))


@pytest.mark.parametrize(
    "form",
    [
        "Comment {i} {n} 2025-11-{d} 09:02:11 UTC\n\n{w}\n\n",
        "comment:{i} by {n}, {i} days ago\n\n{w}\n\n",
        "### {n} · Nov {d}, 2025\n\n{w}\n\n",
        "--- {n} (2025-11-{d} 09:02) ---\n{w}\n\n",
        "**{n}** commented on 2025-11-{d}:\n\n{w}\n\n---\n\n",
        "- **{n}:** {w}\n",
        "author:\t{n}\nassociation:\tmember\nedited:\tfalse\n--\n{w}\n--\n",
        "{n}\nComment {i} • {d} days ago\n\n{w}\n\n",
        "From: {n}\nType: incoming\nSent: Mon, {d} Nov 2025\n\n{w}\n\n",
    ],
)
def test_what_recurs_around_names_and_numbers_tells_who_speaks(read, form):
    """Lines that nearly all have above or below their words are the program's."""
    assert [(it.role, it.by, it.text) for it in read(thread(form)).messages] == SAID


def test_who_opened_the_thread_stands_in_another_frame_above_it(read):
    text = "Bug 31\nThe sum\nAdded by Ada Holt 9 days ago\n\nOtto, mend it.\n\n" + thread(
        "Updated by {n} {i} days ago\n\n{w}\n\n"
    ).removeprefix("Updated by Ada Holt 1 days ago\n\nOtto, the sum is wrong. Do not touch the archive.\n\n")
    assert [(it.role, it.by) for it in read(text).messages][:2] == [("user", "Ada Holt"), ("assistant", "")]


@pytest.mark.parametrize(
    "text",
    [
        thread("{n} {i} days ago\n\n{w}\n\n").replace("Otto, the", "The"),
        "### Added\n- rows\n\n### Fixed\n- the sum\n\n" * 4,
        "GET /rows 200 5ms\nGET /sums 200 3ms\n" * 8,
        "Step 1 of build\nI added rows.\nStep 2 of test\nDone.\n" * 4,
        "```sql\nselect 1\n```\n\n```go\nreturn\n```\n\n" * 4,
    ],
    ids=["nobody is called upon", "changes", "a log", "steps", "code"],
)
def test_what_recurs_elsewhere_names_nobody(text):
    assert in_turns(text.split("\n")) is None


@pytest.mark.parametrize("line", ["a b c d e f g h 1 ", "Ada (b) 1, ", "- **Ada", "Ada\n", "1 2 3 (", "I have x ge "])
def test_lines_that_nearly_name_somebody_take_linear_time(line):
    heads = thread("Comment {i} {n} 2025-11-{d}\n\n{w}\n\n")
    assert_linear(lambda size: in_turns((heads + line * (size // len(line))).split("\n")), 30_000)


def test_when_somebody_spoke_is_nothing_they_said(read):
    """It stands where the words may stand that begin on the line of the name."""
    days = ("Monday", "Tuesday", "Tuesday", "Friday", "Friday", "Sunday", "Monday")
    text = "".join(f"### {name} - {day}\n\n{words}\n\n" for (name, words), day in zip(WRITTEN, days, strict=True))
    assert [it.text for it in read(text).messages] == [words for _, _, words in SAID]
