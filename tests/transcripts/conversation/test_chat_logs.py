"""Logs and copies of chats in which several people speak with an agent, in the ways of many programs."""

from __future__ import annotations

import pytest

from handoff_cli.core.tool_names import BY_USER

MESSAGES = [
    ("petra", "09:14", "forge: hi, the importer drops rows with a comma. rules: no new packages"),
    ("petra", "09:14", "deadline is Friday noon"),
    ("forge", "09:15", "Understood: no new packages. Where are the rows read?"),
    ("petra", "09:16", "importer/rows.py, it splits by hand"),
    ("forge", "09:17", "I changed importer/rows.py: it uses csv.reader now. Please run the tests."),
    ("petra", "09:20", "$ pytest -q tests/test_rows.py"),
    ("petra", "09:20", "| FAILED tests/test_rows.py::test_quotes - AssertionError: 3 != 2"),
    ("petra", "09:20", "| 1 failed, 11 passed in 0.42s"),
    ("petra", "09:20", "one fails"),
    ("ilja", "09:21", "petra: is that the nightly importer?"),
    ("petra", "09:21", "ilja: yes. it must not run while we migrate"),
    ("forge", "09:22", "The quote of that file is an apostrophe. Shall I read it from settings.toml?"),
    ("petra", "09:23", "yes from settings.toml"),
    ("petra", "09:23", "forge: and write the changelog entry"),
]
SAID = [
    ("user", "hi, the importer drops rows with a comma. rules: no new packages\ndeadline is Friday noon"),
    ("assistant", "Understood: no new packages. Where are the rows read?"),
    ("user", "importer/rows.py, it splits by hand"),
    ("assistant", "I changed importer/rows.py: it uses csv.reader now. Please run the tests."),
    ("user", "one fails"),
    ("user", "petra: is that the nightly importer?"),
    ("user", "ilja: yes. it must not run while we migrate"),
    ("assistant", "The quote of that file is an apostrophe. Shall I read it from settings.toml?"),
    ("user", "yes from settings.toml\nand write the changelog entry"),
]


def lines(form: str) -> str:
    return "".join(f"{form.format(n=name, N=name.title(), t=time, x=said)}\n" for name, time, said in MESSAGES)


def blocks(form: str, between: str = "\n") -> str:
    text, last = "", ""
    for name, time, said in MESSAGES:
        head = "" if name == last else f"{between * bool(text)}{form.format(n=name, N=name.title(), t=time)}\n"
        text, last = f"{text}{head}{said}\n", name
    return text


@pytest.mark.parametrize(
    "text",
    [
        "--- Log opened Mon Mar 10 09:10:00 2025\n09:13 -!- petra [~p@host] has joined #imp\n"
        + lines("{t} <{n}> {x}")
        + "09:25 -!- ilja [~i@h] has quit [Ping timeout]\n--- Log closed Mon Mar 10 09:30:00 2025\n",
        "[09:13:02] * petra has joined #imp\n[09:13:05] * ilja is now known as ilja_\n"
        + lines("[{t}:01] <{n}> {x}").replace("<ilja>", "<ilja_>"),
        lines("{t} < {n}> {x}"),
        lines("<@{n}> {x}"),
        "2025-03-10 09:13:00\t-->\tpetra (~p@h) has joined #imp\n" + lines("2025-03-10 {t}:00\t{n}\t{x}"),
        lines("[{t}] {n}: {x}"),
        "[10/03/25, 09:13:00] Import: \u200eMessages and calls are end-to-end encrypted.\n"
        + lines("[10/03/25, {t}:07] {N}: {x}"),
        lines("10/03/2025, {t} - {N}: {x}"),
        lines("Mon, Mar 10, 2025, {t}:11 - {n}: {x}"),
        blocks("{N}, [10.03.2025 {t}]"),
        "#importer\nMarch 10, 2025\n" + blocks("{n} — Today at {t}", ""),
        blocks("{N} Nowak\nYesterday {t}"),
        "petra joined the room.\n" + blocks("{n}\n{t}", ""),
        blocks("{n}\n — \n10/03/2025 {t}"),
        blocks("{N} Nowak, Mon {t}"),
    ],
    ids=[
        *("irssi", "IRC", "irssi's space", "no times", "WeeChat", "colon", "WhatsApp", "WhatsApp for Android"),
        *("Element", "Telegram", "Discord", "Teams", "Element copied", "Discord copied", "Google Chat"),
    ],
)
def test_who_is_called_upon_does_not_speak(said, read, text):
    """What one sends in a row is one turn, what the program wrote is nobody's, and who calls upon others most asks."""
    assert said(text) == SAID
    (command,) = read(text).commands
    assert (command.text, command.outcome) == ("pytest -q tests/test_rows.py", "failed")
    assert [it.name for it in read(text).tool_calls if it.name != "mention"] == [BY_USER]


def test_what_was_pasted_behind_bars_belongs_to_the_turn(read):
    """As a block, with its indent; of a command only that it was run, by whom pasted it."""
    log = (
        "[10:00] <ann> claude: look at this\n[10:00] <ann> | def sums(rows):\n[10:00] <ann> |     return rows\n"
        "[10:01] <ann> it returns the rows\n[10:02] <claude> Then add them up.\n[10:03] <ann> did that\n"
        "[10:03] <ann> $ python sums.py\n[10:03] <ann> | 42\n[10:04] <ann> works\n[10:05] <claude> $ git status -s\n"
        "[10:05] <claude> |  M sums.py\n[10:05] <claude> Please commit it.\n"
    )
    found = read(log)
    assert [(it.role, it.text) for it in found.messages] == [
        ("user", "look at this\n```\ndef sums(rows):\n    return rows\n```\nit returns the rows"),
        ("assistant", "Then add them up."),
        ("user", "did that\nworks"),
        ("assistant", "Please commit it."),
    ]
    assert [(it.name, it.summary) for it in found.tool_calls if it.name != "mention"] == [
        (BY_USER, "python sums.py"),
        ("Bash", "git status -s"),
    ]
    assert [it.output for it in found.commands] == ["42", "M sums.py"]


SLACK = """\
#proj-ledger
12 members
Wednesday, March 5th

Nadia Okafor
  9:02 AM
@Quill the monthly close job booked 312 invoices double. find out why, read-only for now
:eyes:
1

Quill
APP  9:03 AM
I look at the scheduler first.
$ systemctl list-timers close.timer
NEXT                         LEFT     UNIT
Sat 2025-04-05 02:00:00 UTC  30 days  close.timer
It fired once, so the second run came from somewhere else.
9:05
In jobs/close.py line 88 there's a retry without a lock.
2 replies
View thread

GitHub
APP  9:06 AM
Pull request #88 merged

Mark Sole
  9:08 AM
I restarted the worker at 02:10, maybe that?
```
$ journalctl -u close | head -1
psycopg.errors.UniqueViolation: duplicate key value violates unique constraint
```
:tada:

Quill
APP  9:10 AM
That's it.

Nadia Okafor
  9:12 AM
do it, but no migration before Friday

Nadia Okafor
  9:13 AM
Mark: can you cancel the double ones?
"""


def test_one_program_in_a_chat_is_the_agent_and_what_another_posts_is_nobody_s(read):
    """Titles, days, times and reactions are off; prose below an output is said; each command is its runner's."""
    found = read(SLACK)
    assert [(it.role, it.by, it.text) for it in found.messages] == [
        (
            "user",
            "Nadia Okafor",
            "@Quill the monthly close job booked 312 invoices double. find out why, read-only for now",
        ),
        ("assistant", "", "I look at the scheduler first."),
        (
            "assistant",
            "",
            (
                "It fired once, so the second run came from somewhere else.\n\n"
                "In jobs/close.py line 88 there's a retry without a lock."
            ),
        ),
        ("user", "Mark Sole", "I restarted the worker at 02:10, maybe that?"),
        ("assistant", "", "That's it."),
        (
            "user",
            "Nadia Okafor",
            "do it, but no migration before Friday\n\n\nMark: can you cancel the double ones?",
        ),
    ]
    assert [(it.name, it.summary) for it in found.tool_calls if it.name != "mention"] == [
        ("Bash", "systemctl list-timers close.timer"),
        (BY_USER, "journalctl -u close | head -1"),
    ]
    assert "fired once" not in (found.commands[0].output or "")


@pytest.mark.parametrize("said_so", ["Tuesday", "10:30", ":+1:", "👍"])
def test_a_message_that_is_a_day_a_time_or_a_yes_stays(said, said_so):
    text = f"ann — Today at 9:14 PM\nwhen?\nhelperbot — Today at 9:15 PM\n{said_so}\nann — Today at 9:16 PM\nok then\n"
    assert said(text)[1] == ("assistant", said_so)


def test_names_with_a_colon_in_what_chats_do_not_write_are_speakers(said):
    """A log of plain names beside a line that looks like a chat's is read as before."""
    plain = "Lena: what is it?\n\nClaude: a cache\n\nLena: [09:02] <kim> claude: no\n\nClaude: yes\n"
    assert [role for role, _ in said(plain)] == ["user", "assistant", "user", "assistant"]


def test_a_log_that_comes_message_by_message_is_one_chat(said):
    """Each piece goes on where the one before ended."""
    pieces = [f"[{time}] <{name}> {text}\n" for name, time, text in MESSAGES if text[0] not in "$|"]
    assert [role for role, _ in said(*pieces)].count("assistant") == sum(it[0] == "forge" for it in MESSAGES)
