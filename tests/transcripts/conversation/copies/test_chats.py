"""Copies and exports of chat programs, also of people who speak other languages; what is done is told in words there."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract import extract
from handoff_cli.documents.parts.story import pieces_of_story

SLACK = """\
mira  10:02 AM
The nightly export fails, can you look? Leave billing/rates.py to Otto.

Claude  APP  10:02 AM
I'll look at the export job first.
:eyes: 1

mira  10:05 AM
default to EUR, and add a test

Claude  APP  10:09 AM
Edited jobs/export.py: `row.get("currency", "EUR")`.
Added tests/test_export.py
Tests pass: `pytest tests/test_export.py` → 4 passed.
(edited)
"""
DISCORD = """\
[27-Nov-25 09:14 PM] nils#2231
the socket drops after 60s, find out why


[27-Nov-25 09:18 PM] CodeBot#0001
I changed deploy/nginx.conf and ran `nginx -t`:
```
nginx: [emerg] unknown directive "proxy_read_timout" in deploy/nginx.conf:14
```


[27-Nov-25 09:19 PM] nils#2231
a typo
fix it
"""
WHATSAPP = """\
27/11/25, 21:14 - Messages and calls are end-to-end encrypted.
27/11/25, 21:14 - Jana: why does the app crash on an empty list?
27/11/25, 21:15 - Assistant Bot: `items.first()` throws in ListView.kt.
27/11/25, 21:17 - Jana: <Media omitted>
27/11/25, 21:17 - Jana: show a hint
and no icon
27/11/25, 21:20 - Assistant Bot: Edited app/ListView.kt
"""
TEAMS = """\
Lena Vogt
Yesterday 4:12 PM
Rename customer_no to customer_id, but not in the archive.

Copilot
Yesterday 4:13 PM
I found 14 places.

Lena Vogt
Yesterday 4:20 PM
ok go
"""
DASHED = """\
ann — Today at 9:14 PM
why is the build slow?
helperbot — Today at 9:15 PM
The cache is cold.
ann — Today at 9:16 PM
warm it, then
"""


def test_a_name_and_a_time_above_what_was_said(said, read):
    """On one line as Slack and Discord have it, on two as Teams does; reactions and marks of editing are nobody's."""
    users = [text for role, text in said(SLACK) if role == "user"]
    assert users == [
        "The nightly export fails, can you look? Leave billing/rates.py to Otto.",
        "default to EUR, and add a test",
    ]
    assert "eyes" not in str(said(SLACK))
    assert [text for role, text in said(DISCORD) if role == "user"] == [
        "the socket drops after 60s, find out why",
        "a typo\nfix it",
    ]
    assert said(TEAMS) == [
        ("user", "Rename customer_no to customer_id, but not in the archive."),
        ("assistant", "I found 14 places."),
        ("user", "ok go"),
    ]
    assert [role for role, _ in said(DASHED)] == ["user", "assistant", "user"]


def test_a_name_and_a_date_before_what_was_said(said, read):
    """As WhatsApp exports; what the program says of itself and of pictures is left out of what people said."""
    assert [text for role, text in said(WHATSAPP) if role == "user"] == [
        "why does the app crash on an empty list?",
        "show a hint\nand no icon",
    ]
    assert "encrypted" not in str(said(WHATSAPP))
    assert [(it.path, it.action) for it in read(WHATSAPP).files] == [("app/ListView.kt", "modified")]


def test_what_is_only_told_in_words(read):
    """Commands that somebody says were run, with how they ended; the files named where no edit is reported."""
    found = read(SLACK)
    assert [(it.text, it.outcome) for it in found.commands] == [("pytest tests/test_export.py", "ok")]
    assert [(it.path, it.action) for it in found.files] == [
        ("jobs/export.py", "modified"),
        ("tests/test_export.py", "modified"),
    ]
    found = read(DISCORD)
    assert [(it.text, it.outcome) for it in found.commands] == [("nginx -t", "failed")]
    assert [(it.path, it.action) for it in found.files] == [("deploy/nginx.conf", "mentioned")]
    assert found.edits == ()


def test_a_command_that_is_to_be_run_was_not(read):
    """Nor one that the user asks for, nor any where calls show what was run."""
    asked = "User: does `pytest -q` pass?\nAssistant: `pytest -q` should pass now.\nUser: `make test` fails\n"
    assert read(asked).commands == ()
    shown = "User: go on\nAssistant: As said, `make` fails.\n$ make lint\nok\nUser: fine\n"
    assert [it.text for it in read(shown).commands] == ["make lint"]


@pytest.mark.parametrize(
    ("user", "agent"),
    [
        ("Benutzer:", "Assistent:"),
        ("Utilisateur :", "Assistant :"),
        ("Usuario:", "Asistente:"),
        ("Utente:", "Assistente:"),
        ("Usuário:", "Assistente:"),
        ("Gebruiker:", "Assistent:"),
        ("Пользователь:", "Ассистент:"),
        ("ユーザー：", "アシスタント："),  # the wide colon needs no space after it
        ("用户：", "助手："),
        ("Du hast gesagt:\n", "ChatGPT hat gesagt:\n"),
        ("Dijiste:\n", "ChatGPT dijo:\n"),
        ("Vous avez dit :\n", "ChatGPT a dit :\n"),
        ("[27.11.25, 21:14:03] Jana:", "[27.11.25, 21:14:40] KI:"),
    ],
)
def test_speakers_of_other_languages(said, user, agent):
    """By their labels, also where each speaks once."""
    assert said(f"{user} a1, b2\n\n{agent} c3\n") == [("user", "a1, b2"), ("assistant", "c3")]


def test_a_page_that_was_copied_whole(said):
    """What the page says of itself is nobody's."""
    page = (
        "Skip to content\nChat history\nYou said:\nback up my photos\nChatGPT said:\nHere.\n\nbash\nCopy code\nrsync -a a b\n"
        "You said:\nadd a log\nChatGPT can make mistakes. Check important info.\n"
    )
    assert [text for role, text in said(page) if role == "user"] == ["back up my photos", "add a log"]
    assert said(page)[0][0] == "user"


def test_a_diff_names_its_file_without_git_s_names_of_the_sides(read):
    found = read(
        "User: mend it\n\nAssistant: Like this:\n\n--- a/billing/rates.py\n+++ b/billing/rates.py\n@@ -1 +1 @@\n"
    )
    assert [it.path for it in found.files] == ["billing/rates.py"]


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("`cargo test` gives:\n\n```\ntest rows::keeps ... FAILED\n```", "failed"),
        ("`cargo test` now says:\n```text\ntest result: ok. 3 passed; 0 failed\n```", "ok"),
        ("I ran `pytest -q`:\n```sh\n1 failed, 2 passed\n```", "failed"),
        ("`make check` printed:\n```\nno errors, 0 failed: all green\n```", "ok"),
        ("El `npm install` del agente **falló** por la red.", "failed"),
        ("- `npm install` → up to date", "ok"),
    ],
)
def test_a_command_of_which_the_words_tell_what_it_gave_was_run(read, words, outcome):
    (command,) = read(f"User: why?\n\nAssistant: It is the reader. {words}\n\nI'll mend it.\n").commands
    assert f"`{command.text}`" in words
    assert command.outcome == outcome


@pytest.mark.parametrize(
    "words",
    [
        "I tried `trim(Trim::Headers)`; it only strips blanks and fails.",
        "Ese intento de `npm` falló por DNS.",
        "`cargo test` should give:\n\n```\n3 passed\n```",
        "`cargo test` needs what the book shows:\n\n```toml\n[dev-dependencies]\n```",
    ],
)
def test_a_call_in_code_and_what_is_to_come_were_not_run(read, words):
    assert not read(f"User: why?\n\nAssistant: It is the reader. {words}\n\nI'll mend it.\n").commands


def test_what_a_program_printed_before_the_first_name_is_what_its_user_speaks_of(said):
    printed = "make[1]: Entering directory '/src'\nzone.c:118:16: error: 'zone' may be used uninitialized\n"
    told = "User: see above, please mend zone()\n\nClaude: It returns early now.\n\nUser: thanks\n"
    assert said(f"{printed}\n{told}")[0] == ("user", f"{printed}\nsee above, please mend zone()")
    assert said(f"I looked at it.\n{printed}\n{told}")[0][0] == "assistant"


def test_a_diff_below_a_file_that_is_named_as_edited_is_the_edit(read):
    found = read(
        "Nutzer: Bitte mach das.\n\nAssistent: Gut.\n\nBearbeitet: a.py\n```diff\n-x = 1\n+x = 2\n```\n\n"
        "Neu: b.py\n```python\ny = 3\n```\n\nChanged c.py: the limit is a setting now\n\nNutzer: danke\n"
    )
    assert [(it.path, it.action, it.old, it.new) for it in found.edits][:2] == [
        ("a.py", "modified", "x = 1", "x = 2"),
        ("b.py", "created", "", "y = 3"),
    ]
    assert found.files[2].path == "c.py"
    assert [it.text for it in found.messages][-2] == "Changed c.py: the limit is a setting now"


def test_an_output_in_which_empty_lines_stand_is_whole(read):
    output = "F..\n\nFailures:\n\n  1) GET /items\n       got: 38\n\nFinished in 1.42 seconds\n3 examples, 1 failure\n\nrspec ./a_spec.rb:3 # GET"
    found = read(
        f"User: run it\n\nClaude: ok\n\n$ bundle exec rspec\n{output}\n\nClaude: One fails.\n\nUser: mend it\n"
    )
    assert found.commands[0].output == output


@pytest.mark.parametrize(
    ("line", "is_made"),
    [
        ("changed deploy/pool.yaml:", True),
        ("I've also updated `deploy/pool.yaml`:", True),
        ("I would change deploy/pool.yaml:", False),
        ("In deploy/pool.yaml:", False),
    ],
)
def test_a_change_below_a_line_that_says_small_or_in_the_first_person_that_it_was_made_is_an_edit(read, line, is_made):
    found = read(f'User: do it\n\nAI: {line}\n\n```diff\n   data:\n+    wait: "4"\n```\n\nUser: thanks\n')
    assert [(it.path, it.new) for it in found.edits] == [("deploy/pool.yaml", '    wait: "4"')] * is_made


@pytest.mark.parametrize(
    ("below", "spoken"),
    [
        ("test_sums also fails on main, so it isn't ours. The pool is too small: next I set it to one.", True),
        ("so the loop reads each row of the file twice. on main it reads it once", True),
        ("hint: the lock is held by another worker. wait for the end of it.", False),
        ("nothing was added to the index of the pool by the run", False),
        ("warning: the lock of the pool was held for more than ten seconds by another worker", False),
        ("we held: 3 locks", False),
    ],
)
def test_below_an_output_a_sentence_of_whoever_is_not_named_again_may_begin_small(read, below, spoken):
    found = read(f"User: run it\n\nAssistant: I run it.\n\n$ pytest -q\nFAILED a.py::test_sums\n\n{below}\n")
    assert (found.messages[-1].text == below) is spoken
    assert (below in (found.commands[0].output or "")) is not spoken


PEOPLE = """\
[09:02] lena: can we settle the cache today?
[09:03] tomas: yes, I am out from Friday
[09:04] bot: There are two ways, a page for all or one for each.
[09:05] lena: @bot which one is faster?
[09:06] bot: The page for all.
[09:07] tomas: fine for me
[09:08] lena: decision: a page for all
"""


def test_of_several_people_each_is_named(read):
    found = [(it.by, it.text) for it in read(PEOPLE).messages if it.role == "user"]
    assert found[:2] == [("lena", "can we settle the cache today?"), ("tomas", "yes, I am out from Friday")]
    alone = PEOPLE.replace("tomas", "lena")
    assert {it.by for it in read(alone).messages} == {""}


def test_a_document_names_who_of_several_people_said_it_and_takes_nobody_for_interrupted(read):
    story = extract(read(PEOPLE))
    assert story.amid is None
    told = "\n".join(form for piece in pieces_of_story(story) for form in piece.forms)
    assert "lena: decision: a page for all" in told
    assert "tomas: yes, I am out from Friday" in told


ROOM = """\
#maps-launch
14 members
The maps of the guide, launch is on Friday
Thursday, March 12th

ada
  9:02 AM
every second tile is grey since we moved them
:eyes:
2

bo (contractor)
  9:06 AM
it is the cache, it still holds the old ones
9:07
I can drop the v2 tiles too

ada
  9:11 AM
no, v2 stays

ci-bot
APP  9:20 AM
maps / checks — failed

bo (contractor)
  9:22 AM
then only the cache
"""


def test_people_whose_words_stand_below_their_names_chat_without_any_agent(read):
    """Below what the room is for, which nobody said; a name may say in brackets what its bearer is."""
    assert [(it.role, it.by, it.text) for it in read(ROOM).messages] == [
        ("user", "ada", "every second tile is grey since we moved them"),
        (
            "user",
            "bo (contractor)",
            "it is the cache, it still holds the old ones\n\nI can drop the v2 tiles too",
        ),
        ("user", "ada", "no, v2 stays"),
        ("user", "bo (contractor)", "then only the cache"),
    ]


def test_fields_with_times_are_no_chat(read):
    assert read("Build of the maps\n\nstarted  9:02 AM\n\nended  9:06 AM\n\nall tiles are there\n").speakers is False


def test_a_link_that_only_an_editor_follows_is_its_label(said):
    """With or without a title, and one whose end is cut off."""
    text = (
        'User: what is it?\n\nAssistant: The [`hook`](command:_editor.open?%5B%22a%22%5D "Go to definition") in '
        "[the file](vscode:open/%5Bx) and [its docs](https://example.org/a) of [`more`](command:_editor.open?%5B%22"
    )
    assert said(text)[-1] == ("assistant", "The `hook` in the file and [its docs](https://example.org/a) of `more`")


def test_a_name_behind_a_symbol_is_shown_where_those_who_speak_have_none(said):
    shown = "User: mend this:\n\n👤 User: two and two?\n❌ Error: 404\n\nAssistant: I will.\n\nUser: good\n\nAssistant: Done.\n"
    assert [role for role, _ in said(shown)] == ["user", "assistant", "user", "assistant"]
    assert "two and two" in said(shown)[0][1]
    spoken = "👤 User: mend it\n\n🤖 Assistant: I will.\n\n👤 User: two and two?\n\n🤖 Assistant: Four.\n"
    assert [role for role, _ in said(spoken)] == ["user", "assistant", "user", "assistant"]


def test_a_program_that_only_reports_is_not_the_agent_of_a_chat(said):
    chat = (
        "[08:52] <alertbot> FIRING disk 91%\n[08:53] <ada> who looks?\n[08:54] <bo> I do\n"
        "[08:55] <{}> RESOLVED disk 84%\n[08:56] <ada> thanks, what was it?\n"
    )
    for name in ("alertbot", "dependabot"):
        assert [role for role, _ in said(chat.format(name))] == ["user"] * 3
    assert ("assistant", "RESOLVED disk 84%") in said(chat.format("helperbot"))
