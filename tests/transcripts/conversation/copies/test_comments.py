"""Pages of comments, copied whole: who wrote which, what the page shows of commits and checks, and what it is not."""

from __future__ import annotations

import pytest

from handoff_cli.transcripts.conversation.copies.commenters import roles_of
from handoff_cli.transcripts.conversation.copies.comments import are_in, in_turns
from handoff_cli.transcripts.events import Turned
from tests.growth import assert_linear

PULL_REQUEST = """\
Skip to content
acme
tea
Issues
12
Fix the tea timer #12
 Open
mira-holt wants to merge 2 commits into main from timer
Conversation 4
mira-holt commented on Jan 3, 2026 •
edited by otto
The timer stops a minute early.

@mira-holt mira-holt added the bug label on Jan 3, 2026
@mira-holt
Member
Author
mira-holt commented on Jan 3, 2026, 10:12 AM
@copilot the bug is in timer/tick.go. No new dependencies.

@Copilot Copilot AI commented on Jan 3, 2026
tick counted from 1. I changed it.

Copilot added 2 commits January 3, 2026 11:02
@Copilot
Count ticks from zero
Verified
8c77d12
Test the last tick
0f3ab55

mira-holt requested changes on Jan 4, 2026
View reviewed changes
timer/tick.go
Comment on lines +3 to +4
	+	for i := 0; i <= n; i++ {

otto
otto
3 days ago
Contributor
Off by one the other way: use <.
👍
React with 👍
1
Resolved

mira-holt
mira-holt
yesterday
Member
I agree with @otto.

codecov bot commented yesterday
All modified lines are covered.

Some checks were not successful
1 failing and 2 successful checks

build / test (pull_request)
Failing after 48s
build / lint (pull_request)Successful in 22s
Merging is blocked
Draft pull requests cannot be merged.
"""
MERGE_REQUEST = """\
Merge requests
!412
Draft
Round VAT per line
Mira Holt requested to merge vat-lines into main 3 days ago
Overview 9
Sum up what is rounded, as the tax office wants it.

Merge request pipeline #118 failed
Activity
Mira Holt @mira requested review from @otto 3 days ago
Mira Holt
@mira
·
3 days ago
Maintainer
@claude please round in invoice/vat.py. Never touch the archive.

Claude @claude-bot · 3 days ago
Developer
I changed invoice/vat.py.

Toggle thread
Claude @claude-bot added 1 commit 3 days ago
8c77d12d - Round VAT per line
Compare with previous version
Otto Falk @otto started a thread on the diff 2 days ago
invoice/vat.py
12
12
+ return round(net * rate)
Otto Falk @otto · 2 days ago
Owner
Use Decimal.quantize.

Reply…
Write a comment or drag your files here…
"""
JIRA = """\
Projects / Shop / SHOP-31
The export fails
Description
It stops at the first order that has no customer.

Activity
Show:
All
Comments
Mira Holt
3 January 2026 at 10:12
Please look at jobs/export.py first.

Devin AI
4 January 2026 at 09:00
edited
I changed jobs/export.py.

Mira Holt 5 January 2026 at 08:02
Nothing may be written on that host.
"""
ISSUE = """\
Kettle boils too soon #88
Open
mira
opened on Jan 3, 2026
Contributor
It boils at 90.

mira
added
bug
Something isn't working
 on Jan 3, 2026

otto-falk
on Jan 4, 2026
Member
@mira can you attach the log?

mira
on Jan 4, 2026
Contributor
Added, see boil.log.

otto-falk
mentioned this yesterday
Kettle: wrong scale #90
stale bot commented yesterday
This issue has been marked as stale.
"""
SERVER = """\
SHOP-31
Mira Holt added a comment - 03/Jan/26 10:12 AM
Is it every night?
Otto Falk added a comment - 03/Jan/26 11:40 AM - edited
Yes, since the 2nd.
"""


def test_a_pull_request_tells_who_says_what_and_the_code_a_review_is_about(read):
    assert [(it.role, it.by, it.text) for it in read(PULL_REQUEST).messages] == [
        ("user", "mira-holt", "Fix the tea timer\n\nThe timer stops a minute early."),
        ("user", "mira-holt", "@copilot the bug is in timer/tick.go. No new dependencies."),
        ("assistant", "", "tick counted from 1. I changed it."),
        (
            "user",
            "otto",
            (
                "Off by one the other way: use <.\n\ntimer/tick.go:\n```diff\n\t+\tfor i := 0; i <= n; i++ {\n```\n\n"
                "— mira-holt: I agree with @otto."
            ),
        ),
    ]


NAMED_TWICE = """\
Kettle boils too soon #71
Description
mira-holt
opened on Jan 3, 2026
Contributor
It boils at 90 degrees. @claude please find out why.

Activity

triage-app
added
bug
 on Jan 3, 2026

claude
bot
commented on Jan 3, 2026
claude
bot
on Jan 3, 2026 – with Claude
Claude finished @mira-holt's task in 2m 5s —— View job
The sensor is read before it is warm.

linked a pull request that will close this issue
on Jan 4, 2026
Read the sensor later #72

otto
commented on Jan 5, 2026
otto
on Jan 5, 2026
Mine does it too.

mira-holt
commented on Jan 6, 2026
mira-holt
on Jan 6, 2026
Contributor
Then it needs a test.
"""


def test_a_head_that_tells_the_name_and_the_day_twice_is_one(read):
    """What the page says of labels and links is nobody's; what people say since the agent's answer is one."""
    assert [(it.role, it.by, it.text) for it in read(NAMED_TWICE).messages] == [
        ("user", "mira-holt", "Kettle boils too soon\n\nIt boils at 90 degrees. @claude please find out why."),
        ("assistant", "", "The sensor is read before it is warm."),
        ("user", "otto", "Mine does it too.\n\n— mira-holt: Then it needs a test."),
    ]


def test_many_comments_since_the_agents_answer_are_each_a_turn(said):
    """They talk among themselves."""
    more = "".join(f"\notto\ncommented on Jan {day}, 2026\notto\non Jan {day}, 2026\nDay {day}.\n" for day in (7, 8, 9))
    assert [text for _, text in said(NAMED_TWICE + more)][-2:] == ["Day 8.", "Day 9."]


def test_what_people_say_to_each_other_below_the_last_call_upon_the_agent_belongs_to_it(said):
    """Where the agent has not answered; else each comment is a turn."""
    talk = "@copilot please mend it.\n\notto commented yesterday\nWhen is it released?\n"
    answer = "\nCopilot commented yesterday\nMended.\n"
    page = PULL_REQUEST.replace("I agree with @otto.\n", talk)
    assert said(page)[-1] == ("user", "@copilot please mend it.\n\n— otto: When is it released?")
    assert [text for _, text in said(page.replace(talk, talk + answer))][-3:] == [
        "@copilot please mend it.",
        "When is it released?",
        "Mended.",
    ]


def test_commits_and_checks_of_a_page_are_what_commands_tell_and_the_agent_is_done_before_them(read, events):
    told = read(PULL_REQUEST)
    assert [(it.hash, it.subject) for it in told.commits] == [
        ("8c77d12", "Count ticks from zero"),
        ("0f3ab55", "Test the last tick"),
    ]
    assert told.commands[0].output == "[timer 8c77d12] Count ticks from zero"
    assert [it.text for it in told.commands[2:]] == ["git push  # by the page", "gh pr checks  # by the page"]
    assert told.commands[-1].output == "build / test\tfail\t48s\nbuild / lint\tpass\t22s"
    assert [it.carried_out for _, it in _turned(events(PULL_REQUEST))] == [True]


def _turned(found):
    return [(at, it) for at, it in enumerate(found) if isinstance(it, Turned)]


def test_of_a_merge_request_the_pipeline_is_that_of_now(read):
    told = read(MERGE_REQUEST)
    assert [(it.role, it.by, it.text.split("\n")[0]) for it in told.messages] == [
        ("user", "", "Round VAT per line"),
        ("user", "Mira Holt", "@claude please round in invoice/vat.py. Never touch the archive."),
        ("assistant", "", "I changed invoice/vat.py."),
        ("user", "Otto Falk", "Use Decimal.quantize."),
    ]
    assert told.messages[0].text.endswith("\n\nSum up what is rounded, as the tax office wants it.")
    assert told.messages[-1].text.endswith("invoice/vat.py:\n```diff\n+ return round(net * rate)\n```")
    assert told.commits[0].hash == "8c77d12d"
    assert told.commands[-1].text == "glab ci status  # by the page"
    assert told.commands[-1].output == "(failed) Merge request pipeline #118 failed"


def test_an_issue_of_jira_has_a_day_below_or_beside_each_name(said):
    assert said(JIRA) == [
        ("user", "The export fails\n\nIt stops at the first order that has no customer."),
        ("user", "Please look at jobs/export.py first."),
        ("assistant", "I changed jobs/export.py."),
        ("user", "Nothing may be written on that host."),
    ]
    assert said(SERVER) == [("user", "Is it every night?"), ("user", "Yes, since the 2nd.")]


def test_gitea_has_the_whole_time(said):
    page = (
        "mira commented 2026-01-03 10:12:00 +01:00\nOwner\n@helper-bot rename rows.py\n\nhelper-bot commented"
        " 2026-01-03 10:20:00 +01:00\nCollaborator\nI renamed it.\n\nmira closed this issue 2026-01-03 10:30:00 +01:00\n"
    )
    assert said(page) == [("user", "@helper-bot rename rows.py"), ("assistant", "I renamed it.")]


def test_where_only_people_write_nobody_is_the_agent(read):
    """Not who does once what another asks of them, nor a program that nobody calls upon."""
    assert [(it.role, it.by, it.text) for it in read(ISSUE).messages] == [
        ("user", "mira", "Kettle boils too soon\n\nIt boils at 90."),
        ("user", "otto-falk", "@mira can you attach the log?"),
        ("user", "mira", "Added, see boil.log."),
    ]


@pytest.mark.parametrize(
    ("written", "agent"),
    [
        ([("mira", False, "@helper rename it"), ("helper", True, "Done."), ("ci", True, "2 failed")], "helper"),
        ([("mira", False, "it fails"), ("octo-bot", False, "I have mended it."), ("ci", True, "2 failed")], "octo-bot"),
        ([("mira", False, "it fails"), ("codex", False, "Mended.")], "codex"),
        (
            [
                ("mira", False, "@otto rename it"),
                ("otto", False, "Done, it is rows.py."),
                ("mira", False, "@otto and test it"),
                ("otto", False, "I added a test."),
            ],
            "otto",
        ),
        ([("mira", False, "@otto rename it"), ("otto", False, "Done."), ("mira", False, "fine")], None),
        ([("mira", False, "it fails"), ("ci-bot", True, "2 failed")], None),
        ([("mira", False, "it fails"), ("talbot", False, "I have mended it.")], None),
    ],
)
def test_the_agent_is_a_program_upon_which_people_call_or_who_always_does_what_is_asked(written, agent):
    assert [name for name, role in roles_of(written).items() if role == "assistant"] == ([agent] if agent else [])


def test_what_only_quotes_or_lists_such_lines_is_no_page(said):
    note = "What was said on the page:\nmira commented 2 days ago\nPlease rename it.\n\nI think so, too.\n"
    listing = "src\n3 days ago\ndocs\nlast week\nREADME.md\nyesterday\n"
    dated = "Release 3 January 2026 at 10:12\n- rows\nHotfix 5 January 2026 at 08:02\n- tables\n"
    sentences = "I commented yesterday\nand they reviewed 2 days ago\nHe commented 3 days ago\n"
    page = "mira commented 2 days ago\nRename it.\notto commented yesterday\nNo.\n"
    assert not any(are_in(it.split("\n")) for it in (note, listing, dated, sentences))
    assert are_in(page.split("\n"))
    assert said(f"User: what is on the page?\n\nAssistant: This:\n\n{page}\n\nUser: thanks\n")[0][1].startswith("what")
    assert not are_in(f"⏺ Fetch(page)\n  ⎿ Received\n{page}".split("\n"))


def test_a_turn_of_chatml_may_name_who_of_several_it_is(read):
    told = read(
        "<|im_start|>user name=Mira Holt\nfix it\n<|im_start|>assistant\nDone.\n<|im_start|>user name=otto\nname=x\n"
    )
    assert [(it.by, it.text) for it in told.messages] == [("Mira Holt", "fix it"), ("", "Done."), ("otto", "name=x")]


def test_a_word_of_the_pages_side_ends_a_comment_only_below_all_and_a_push_needs_no_comment_of_its_own(read):
    page = (
        "mira commented 2 days ago\nMember\n@copilot these are broken:\n\nNotifications\n\nalso the footer.\n\n"
        "otto pushed 1 commit 1 day ago\n8c77d12 Mend the footer\n\n"
        "mira commented yesterday\nMember\nThat was it.\n\nAssignees\nNo one assigned\n"
    )
    told = read(page)
    assert [it.text for it in told.messages] == [
        "@copilot these are broken:\n\nNotifications\n\nalso the footer.\n\n— mira: That was it."
    ]
    assert [(it.hash, it.subject) for it in told.commits] == [("8c77d12", "Mend the footer")]


@pytest.mark.parametrize(
    "words",
    [
        "Add a comment that says why.",
        "Write a comment above the lock.",
        "Pro tip: use the loader.",
        "This branch has no tests.",
        "Review required by Ada before this goes out.",
        "5 failing tests and checks",
        "All checks have passed",
        "mira pushed a commit that breaks it.",
        "mira pushed a commit that breaks it yesterday",
        "otto removed the lock yesterday",
        "README.md\n12",
    ],
)
def test_a_sentence_like_what_the_page_says_ends_no_comment(said, words):
    page = f"mira commented 2 days ago\nPlease:\n{words}\nNever push to main.\notto commented yesterday\nok\n"
    assert said(page) == [("user", f"Please:\n{words}\nNever push to main."), ("user", "ok")]


def test_what_stands_below_the_last_comment_is_none_of_it_but_a_sentence_is(said):
    page = "mira commented 2 days ago\nRename it.\notto commented yesterday\n{}\n{}\nSign up for free\n"
    below = "This branch has no conflicts with the base branch\nMerging can be performed automatically."
    assert said(page.format("Add a comment that says why.", below))[-1] == ("user", "Add a comment that says why.")
    assert said(page.format("No.\nolder", "All checks have passed\nAdd a comment"))[-1] == ("user", "No.\nolder")


def test_a_chat_in_which_somebody_shows_a_page_is_no_page(said):
    page = "mira commented 2 days ago\nRename it.\notto commented yesterday\nNo.\n"
    long = page + "and so on\n" * 480
    log = f'$ claude -p "what do they want on the page?"\n{page}\n$ claude -p "do it"\nDone.\n'
    assert [role for role, _ in said(log)] == ["user", "assistant", "user", "assistant"]
    assert [role for role, _ in said(f"User\nlook\n{page}\nAssistant\nThey want two things.\n")] == [
        "user",
        "assistant",
    ]
    assert [role for role, _ in said(f"User: do it.\n\n{long}\n\nAssistant: Done.\n")] == ["user", "assistant"]
    noted = f"Notes\n\nUser\nlook\n{page}\nAssistant\nThey want two things.\n"
    assert not are_in(noted.split("\n"))


@pytest.mark.parametrize(
    "text",
    [
        "Monday 5 January 2026\nI wrote the loader.\nTuesday 6 January 2026\nActivity\nI mended it.\n",
        "Comments\nRelease 3 January 2026\n- rows\nHotfix 5 January 2026\n- tables\n",
    ],
)
def test_headings_with_a_day_are_no_heads_of_comments(text):
    assert not are_in(text.split("\n"))


@pytest.mark.parametrize("line", ["mira pushed 9 commits 1 day ago\n", "All checks have passed\n", "a.py\n"])
def test_a_page_that_announces_much_and_lists_nothing_is_read_line_by_line(line):
    heads = "mira commented 2 days ago\nok\notto commented yesterday\n"
    assert_linear(lambda size: in_turns((heads + line * (size // len(line))).split("\n")), 30_000)


THREAD = """# Kettle boils too soon

### Post by mira_k on 2026-01-03
It boils at 90. Do not open the lid.

---

### Post by Otto Falk on 2026-01-03
The sensor is wrong. Never run it dry. What does this say?

```
kettle --probe
```

---

### Post by mira_k on 2026-01-04
> **Otto Falk said:**
> The sensor is wrong. Never run it dry. What does this say?

It says 7.
"""


@pytest.mark.parametrize(
    "by",
    [
        "### Post by {} on 2026-01-0{}",
        "Posted by: {}, Sat Jan 0{}, 2026 3:12 pm",
        "by {} » Sat Jan 0{}, 2026 3:12 pm",
    ],
)
def test_a_thread_of_a_forum_tells_who_wrote_which_post_and_a_quoted_post_is_not_told_again(read, by):
    lines = [
        by.format(*it.removeprefix("### Post by ").split(" on 2026-01-0")) if it.startswith("###") else it
        for it in THREAD.split("\n")
    ]
    assert [(it.role, it.by, it.text) for it in read("\n".join(lines)).messages] == [
        ("user", "mira_k", "It boils at 90. Do not open the lid."),
        (
            "user",
            "Otto Falk",
            "The sensor is wrong. Never run it dry. What does this say?\n\n```\nkettle --probe\n```",
        ),
        ("user", "mira_k", "It says 7."),
    ]


def test_who_wrote_a_release_or_an_article_writes_no_comment(said):
    """Nor is what is only quoted left out."""
    assert not are_in(["Released by mira on 2026-01-03", "- rows", "by otto on 2026-01-04", "Tables are in.", ""])
    page = "mira commented 2 days ago\n> never below 90\n\notto commented yesterday\n> the manual says 90\nIt is 80.\n"
    assert said(page) == [("user", "> never below 90"), ("user", "> the manual says 90\nIt is 80.")]


def test_a_quoted_sentence_that_tells_what_somebody_said_is_no_head_of_a_quotation(said):
    """Nor is one that names somebody above what nobody on the page said."""
    quoted = "> The manual said nothing about the cache being off.\n> Mr Smith wrote it in 1999: do not touch"
    named = "> Otto said:\n> It is a joke."
    page = f"mira commented 2 days ago\nok\n\notto commented yesterday\n{quoted}\n\n{named}\n\nSo what do we do?\n"
    assert said(page)[-1] == ("user", f"{quoted}\n\n{named}\n\nSo what do we do?")


@pytest.mark.parametrize("head", ["> mira wrote:", "> **@mira said:**", "> mira wrote on 3 Jan 2026 at 10:12:"])
def test_the_head_of_a_quotation_goes_with_what_it_quotes(said, head):
    page = f"mira commented 2 days ago\nIt boils.\n\notto commented yesterday\n{head}\n> It boils.\n\nNo.\n"
    assert said(page) == [("user", "It boils."), ("user", "No.")]


BOARD = """\
Pumps
PMP-7

The pump stalls at night

It stalls with both valves open.

Add sub-issues
Links
Chart of the night

Activity

Ada Holt created the issue · 6d ago

Ada Holt
6d ago
@Otto please look into it, change nothing.

Otto
Agent
5d ago
The valve is read once only. Done in 1a2b3c4.

Ada Holt
20h ago
Now the second valve, please.

Ada Holt changed due date to Jun 23 · 20h ago
GitHub moved from Todo to In Progress · 19h ago

Leave a comment...
In Progress
Urgent
"""


def test_a_page_whose_times_are_short_ends_with_the_last_comment(said):
    """What people did to the issue, and its fields beside and below all, are nobody's words."""
    first, *_, last = said(BOARD)
    assert first == ("user", "The pump stalls at night\n\nIt stalls with both valves open.")
    assert last == ("user", "Now the second valve, please.")


def test_who_says_that_they_changed_something_says_it(said):
    text = BOARD.replace("Now the second valve, please.", "I changed the valve 20h ago, look.")
    assert said(text)[-1] == ("user", "I changed the valve 20h ago, look.")


def test_lines_of_a_log_in_a_comment_are_in_a_fence(said):
    """A time that somebody names is none."""
    log = "02:10:44.118 WARN pump stalls\n02:10:44.121 INFO valve opens"
    text = BOARD.replace("read once only.", f"read once only.\n\n{log}\n\nAt 02:10:44 it stalls.")
    words = "\n\n".join(words for _, words in said(text))
    assert f"```\n{log}\n```\n\nAt 02:10:44 it stalls." in words


@pytest.mark.parametrize("words", ["hi {}", "+1", "+1\nseen"])
def test_what_nearly_all_say_is_what_they_say(read, words):
    """Where nothing else is in a comment, it is not the page's."""
    written = [("mira", words.format(at)) for at in range(4)] + [("otto", "Please make it faster.")]
    page = "".join(f"{name} commented 2 days ago\n{said}\n\n" for name, said in written)
    assert [(it.by, it.text) for it in read(page).messages] == written


def test_who_is_called_upon_is_told_in_time_by_the_number_of_comments():
    """And what they have in common."""
    assert_linear(lambda size: roles_of([(f"bot{it}", False, f"@bot{it} hi") for it in range(size)]), 2_000)

    def page(size):
        return "".join(
            f"mira{it} commented 2 days ago\n{'ab'[it % 2] * (it // 2)}\n@mira{it} hi\n" for it in range(size)
        )

    assert_linear(lambda size: in_turns(page(size).split("\n")), 300)
