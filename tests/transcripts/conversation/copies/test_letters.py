"""Threads of mails: who wrote which, in the order of time, whichever way the answers stand."""

from __future__ import annotations

from itertools import pairwise

import pytest

from handoff_cli.transcripts.conversation.copies.letters import in_order

BELOW = """\
On Tue, 4 Nov 2025 at 09:12, Mira Holt <mira@example.org>
wrote:
> On Mon, 3 Nov 2025 at 17:40, Otto Falk <otto@example.org> wrote:
>> The export writes None, can you look at
>> jobs/export.py?
>
> I changed jobs/export.py.

Thanks. Add a test, please.
--
Otto
"""
ABOVE = """\
Danke, bitte noch ein Test.

Am 04.11.2025 um 09:12 schrieb Mira Holt <mira@example.org>:
> Ist geändert in jobs/export.py.
>
> Am 03.11.25 um 17:40 schrieb Otto Falk:
>> Der Export schreibt None.
"""
HEADED = """\
From: Otto Falk <otto@example.org>
To: Mira Holt <mira@example.org>
Date: Mon, 3 Nov 2025 17:40:03 +0100
Subject: Re: Export

The export writes None.

From: Mira Holt <mira@example.org>
To: Otto Falk <otto@example.org>
Date: Tue, 4 Nov 2025 09:12:55 +0100
Subject: Re: Export

I changed jobs/export.py.

On Mon, Nov 3, 2025 at 5:40 PM Otto Falk <otto@example.org> wrote:
> The export writes None.
"""
OUTLOOK = """\
Please add a test.

________________________________
Von: Mira Holt <mira@example.org>
Gesendet: Dienstag, 4. November 2025 09:12
An: Otto Falk <otto@example.org>
Betreff: AW: Export

I changed jobs/export.py.

-----Original Message-----
From: Otto Falk <otto@example.org>
Sent: Monday, November 3, 2025 5:40 PM
To: Mira Holt <mira@example.org>

The export writes None.
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            BELOW,
            [
                ("user", "The export writes None, can you look at\njobs/export.py?"),
                ("assistant", "I changed jobs/export.py."),
                ("user", "Thanks. Add a test, please."),
            ],
        ),
        (
            ABOVE,
            [
                ("user", "Der Export schreibt None."),
                ("assistant", "Ist geändert in jobs/export.py."),
                ("user", "Danke, bitte noch ein Test."),
            ],
        ),
        (HEADED, [("user", "Export\n\nThe export writes None."), ("assistant", "I changed jobs/export.py.")]),
        (
            OUTLOOK,
            [
                ("user", "Export\n\nThe export writes None."),
                ("assistant", "I changed jobs/export.py."),
                ("user", "Please add a test."),
            ],
        ),
    ],
    ids=["answer below", "answer above", "headers", "Outlook"],
)
def test_the_earliest_writer_asks(said, text, expected):
    """Each mail stands once, without what it quotes, the latest at the end."""
    assert said(text) == expected
    assert said(text.replace("\n", "\r\n")) == expected


@pytest.mark.parametrize(
    "text",
    [
        "From: Otto Falk <otto@example.org>\nTo: all\nSubject: Export\n\nIt works.\n",
        "User: what does this mean?\n\nOn Mon, 3 Nov 2025, Otto Falk wrote:\n> None\n\nAssistant: nothing\n",
        "From: 3\nTo: 7\nDate: today\n",
    ],
    ids=["one writer", "quoted in another form", "settings"],
)
def test_what_is_no_thread_stays_as_it_is(said, text):
    """One person alone asks nobody; a mail that somebody quotes is theirs."""
    assert not any(role == "user" and "None" not in words for role, words in said(text))


def test_no_depth_of_quoting_is_too_deep():
    """What hardly anybody quotes as deep belongs to the mail above it."""
    lines = []
    for at in range(1200):
        lines += [f"{'>' * at}On Tue, 4 Nov 2025 at 09:12, W <{at}@x.org> wrote:", f"{'>' * at}> words {at}"]
    found = in_order([*lines, "", "thanks"])
    assert found is not None
    assert {"words 0", "words 30", "thanks"} <= {*found}
    assert found[-2] == "thanks"


SIGNED = """\
From: research-bot@example.org
To: Ida Lund <ida.lund@example.org>
Date: Tue, 4 Nov 2025 09:12:55 +0100
Subject: Re: Which queue?

Hello Ida,

two remain:

  queue     durable   cost      latency
  --------  --------  --------  --------
  alpha     yes       12 EUR    4 ms
  beta      no        0         1 ms

Best regards
The bot

From: Ida Lund <ida.lund@example.org>
To: research-bot@example.org
Date: Tue, 4 Nov 2025 17:40:03 +0100
Subject: Re: Re: Which queue?

Take alpha. Write one page for the operators until tomorrow noon, please.

Thanks,
I. Lund
Head of operations

From: Ida Lund <ida.lund@example.org>
To: research-bot@example.org
Date: Mon, 3 Nov 2025 17:40:03 +0100
Subject: Which queue?

Dear bot,

which queue shall we take? Only durable ones, and nothing that costs more than 20 EUR a month.

Ida
"""


def test_greetings_and_signatures_are_no_content_and_the_day_of_the_latest_mail_is(said):
    """The first mail and the latest of whom asks say when they were sent; rows of a table stay apart."""
    (_, first), (_, answer), (_, latest) = said(SIGNED)
    assert first == (
        "Which queue?\n\nwhich queue shall we take? Only durable ones, and nothing that costs more than 20 EUR a month."
        "\n\n(sent Mon, 03 Nov 2025, 17:40)"
    )
    assert answer.startswith("two remain:\n")
    assert answer.endswith("  alpha     yes       12 EUR    4 ms\n  beta      no        0         1 ms")
    assert latest == (
        "Take alpha. Write one page for the operators until tomorrow noon, please.\n\n(sent Tue, 04 Nov 2025, 17:40)"
    )


@pytest.mark.parametrize("words", ["Thanks, do it.", "Best would be alpha.", "ok\n\nIda and Bo decide", "Hello world?"])
def test_what_only_begins_like_a_greeting_or_a_signature_is_said(said, words):
    mails = SIGNED.replace("Take alpha. Write one page for the operators until tomorrow noon, please.", words)
    assert said(mails)[-1] == ("user", words)


def mails(form: str, *, newest_first: bool = False) -> str:
    written = [
        ("Ada Holt", "ada@example.org", "Otto, the sum is wrong. See rows.py in the repository of the rates."),
        ("Otto", "otto@example.org", "I looked at total.py.\n\n    $ pytest -q\n    1 failed, 2 passed"),
        ("Bo Lind", "bo@example.org", "Only for the report."),
        ("Otto", "otto@example.org", "Done, commit 1a2b3c4."),
    ]
    told = [
        form.format(n=name, a=mail, h=mail.replace("@", " at "), w=words, d=at + 10)
        for at, (name, mail, words) in enumerate(written)
    ]
    return "\n".join(reversed(told) if newest_first else told)


@pytest.mark.parametrize(
    "text",
    [
        mails(
            "From: {n} <{a}>\nTo: all@example.org\nDate: Mon, {d} Nov 2025 09:02:00 +0000\nSubject: Re: sum\n\n{w}\n"
        ),
        mails(
            "Von: {n} <{a}>\nGesendet: Montag, {d}. November 2025 09:02\nAn: alle@example.org\nBetreff: AW: sum\n\n{w}\n",
            newest_first=True,
        ),
        mails(
            "De : {n} <{a}>\nEnvoyé : lundi {d} novembre 2025 09:02\nÀ : tous@example.org\nObjet : RE: sum\n\n{w}\n",
            newest_first=True,
        ),
        mails(
            "From {h}  Mon Nov {d} 09:02:11 2025\nFrom: {h} ({n})\nDate: Mon, {d} Nov 2025 09:02:11 +0000\n"
            "Subject: [sums] sum\n\n{w}\n"
        ),
    ],
    ids=["headers", "German, newest first", "French, newest first", "archive of a list"],
)
def test_of_several_writers_who_works_is_the_agent_and_each_other_is_named(read, text):
    """Commands that a mail shows make it no screen."""
    found = read(text)
    assert [(it.role, it.by) for it in found.messages if it.text.strip()] == [
        ("user", "Ada Holt"),
        ("assistant", ""),
        ("user", "Bo Lind"),
        ("assistant", ""),
    ]
    assert [it.outcome for it in found.commands][:1] == ["failed"]
    assert [it.hash for it in found.commits] == ["1a2b3c4"]


FOOTED = """\
From: Ada Holt <ada@example.org>
Date: Tue, 4 Nov 2025 10:40:03 +0100
To: Otto <otto@example.org>
Subject: Re: Sums

it is right now. Please:

1. write it down for the office,
   with both sums

The sums of today:

    May    12
    June   14

Both are fine.

Kind regards
Ada

Holt Ltd. - 3 Quay Street
This mail is confidential. If it is not for you,
please delete it.

From: Otto <otto@example.org>
Date: Mon, 3 Nov 2025 17:40:03 +0100
To: Ada Holt <ada@example.org>
Subject: Sums

Dear Ada, here is total.py, I mended the sum.
"""


def test_what_a_mail_shows_set_in_is_in_a_fence_and_what_stands_below_the_signature_is_off(said):
    """What an item goes on with is no such block."""
    (_, words) = next(it for it in said(FOOTED) if "right now" in it[1])
    assert "```\n    May    12\n    June   14\n```" in words
    assert "office,\n   with both sums" in words
    assert "Kind regards" not in words
    assert "confidential" not in words


@pytest.mark.parametrize("close", ["Kind regards\nAda\n", "Ada\n"])
def test_what_is_added_below_the_signature_is_said(said, close):
    added = "P.S. Never log the address of a customer,\nthe office asked us to stop that."
    text = FOOTED.replace("Kind regards\nAda\n", close).replace(
        "Holt Ltd. - 3 Quay Street\nThis mail is confidential. If it is not for you,\nplease delete it.", added
    )
    (_, words) = next(it for it in said(text) if "right now" in it[1])
    assert f"Both are fine.\n\n{added}" in words


def test_words_below_a_close_that_nobody_signs_are_said(said):
    text = FOOTED.replace("Kind regards\nAda\n", "Thanks\nfor the lamp too.\n")
    assert any("please delete it." in words for _, words in said(text))


def test_a_mail_that_is_only_quoted_stands_before_what_quotes_it_and_is_of_whom_its_headers_name():
    """The newest mail may stand first, another above an earlier one."""
    newest = (
        "From: Otto Falk <otto@example.org>\nDate: Wed, 5 Nov 2025 10:00:03 +0100\nSubject: Re: Export\n\nThat will do.\n\n"
        "On 05.11.2025 at 09:30, Helper (Bot) wrote:\n> The last test is green in 1a2b3c4.\n\n"
    )
    bots = (
        "From: Helper (Bot) <helper@example.org>\nDate: Tue, 4 Nov 2025 09:12:55 +0100\nSubject: Re: Export\n\n"
        "I changed jobs/export.py in 9f8e7d6.\n\n"
    )
    first = (
        "From: Otto Falk <otto@example.org>\nDate: Mon, 3 Nov 2025 17:40:03 +0100\nSubject: Export\n\n"
        "The export writes None.\n"
    )
    said = [line for line in in_order(f"{newest}{first}{bots}".split("\n")) if line]
    roles = [(role, words) for role, words in pairwise(said) if role[:2] == "<|"]
    assert [role.removeprefix("<|im_start|>").partition(" ")[0] for role, _ in roles] == [
        *("user", "assistant", "assistant", "user")
    ]
    assert [words for _, words in roles][1:] == [
        *("I changed jobs/export.py in 9f8e7d6.", "The last test is green in 1a2b3c4.", "That will do.")
    ]
