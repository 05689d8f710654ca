"""Copies whose layout alone tells who speaks: buttons below each turn, names and times on lines of their own."""

from __future__ import annotations

BUTTONS = """\
Rounding bug
Share

The total is off by one cent.

Nov 3
Edit

Round once, at the end.

python
def total(lines): ...

Copy
Retry

now it raises InvalidOperation

Nov 3
Edit

Set the precision in cart/__init__.py.

Copy
Retry
"""
SLACK = """\
Mira Holt
  9:12 AM
the deploy fails
Otto Falk
  9:14 AM
the tag was never pushed
9:15
the token expired
:+1:
2
Mira Holt
  9:20 AM
rotate it
Otto Falk
  9:31 AM
done
"""
DISCORD = """\
mira — Today at 9:12 AM
roll 2d6 please

DiceBot
APP
 — Today at 9:12 AM
I changed bot/roll.py.

mira — Today at 9:15 AM
and d6?
"""
TEAMS = """\
[9:12 AM] Holt, Mira
The report shows last year.
[9:14 AM] Falk, Otto
I changed reports/year.sql.
[9:20 AM] Holt, Mira
now it fails
[9:25 AM] Falk, Otto
An alias mends it.
"""


def test_buttons_below_each_turn_tell_who_spoke(said):
    """Also where the copy begins amid an answer; the title of the page and its dates are nobody's words."""
    expected = [
        ("user", "The total is off by one cent."),
        ("assistant", "Round once, at the end.\n\npython\ndef total(lines): ..."),
        ("user", "now it raises InvalidOperation"),
        ("assistant", "Set the precision in cart/__init__.py."),
    ]
    assert said(BUTTONS) == expected
    assert said(BUTTONS[BUTTONS.index("python") :])[1:] == expected[2:]
    assert {role for role, _ in said("Edit\nthe file\nRetry later\n")} == {"assistant"}


def test_names_and_times_on_lines_of_their_own(said):
    """Without an empty line between messages, with a badge between, with the surname first."""
    assert said(SLACK) == [
        ("user", "the deploy fails"),
        ("assistant", "the tag was never pushed\n\nthe token expired"),
        ("user", "rotate it"),
        ("assistant", "done"),
    ]
    assert said(DISCORD) == [
        ("user", "roll 2d6 please"),
        ("assistant", "I changed bot/roll.py."),
        ("user", "and d6?"),
    ]
    assert [role for role, _ in said(TEAMS)] == ["user", "assistant", "user", "assistant"]


def test_a_name_and_a_date_behind_commas(said):
    """As messengers copy it; two who take turns are enough, however often each speaks."""
    text = (
        "Mira Holt, 3 Nov 2025, 10:02\nBitte auf UTF-8 umstellen.\n\nOtto Falk, 3 Nov 2025, 10:05\nGemacht.\n\n"
        "Mira Holt, 3 Nov 2025, 10:07\nNiemals latin-1.\n"
    )
    assert said(text) == [
        ("user", "Bitte auf UTF-8 umstellen."),
        ("assistant", "Gemacht."),
        ("user", "Niemals latin-1."),
    ]


def test_what_pages_show_beside_the_words(said):
    """Buttons, the language of a block and what folds thoughts away are nobody's words, in other languages too."""
    page = (
        "Du hast gesagt:\nmvn schlägt fehl\nChatGPT hat gesagt:\nEs fehlt ein Import:\n\njava\nCode kopieren\n"
        "import java.util.List;\n\nQuellen\nDu hast gesagt:\nläuft\n"
    )
    assert [(role, text.split()) for role, text in said(page)] == [
        ("user", ["mvn", "schlägt", "fehl"]),
        ("assistant", ["Es", "fehlt", "ein", "Import:", "```java", "import", "java.util.List;", "```"]),
        ("user", ["läuft"]),
    ]
    thought = "Zum Inhalt springen\nChatverlauf\nDu hast gesagt:\nwieso?\nChatGPT hat gesagt:\n12 Sekunden lang nachgedacht\n\nDarum.\n"
    assert said(thought) == [("user", "wieso?"), ("assistant", "Darum.")]
    thought = (
        "Passer au contenu\nVous avez dit :\npourquoi ?\nChatGPT a dit :\nRéflexion pendant 8 secondes\n\nVoilà.\n"
    )
    assert said(thought) == [("user", "pourquoi ?"), ("assistant", "Voilà.")]
    assert said("You said:\nhow?\nChatGPT said:\nIch habe 12 Sekunden lang nachgedacht.\n")[1][1] != ""
    gemini = "You said\nhow?\n\nGemini said\nShow thinking\nWith chunks.\n\nYou said\nok\n"
    assert said(gemini)[1] == ("assistant", "With chunks.")


PANEL = """\
Cline has a question:
Could you open the page again? The proxy is changed.


no, still nothing
Thumbnail 1


Let me look whether it has to be built anew.


Cline wants to execute this command:
cd /srv/app && ls -la api/
The model has determined this command requires explicit approval.


could we not delete the type and make it again?


Yes, that may help.


Cline wants to execute this command:
pm2 restart app
The model has determined this command requires explicit approval.


root@host:/srv/app# pm2 restart app
[PM2] Done.
root@host:/srv/app#


It is up again.


Cline has a question:
Shall I test it?
"""


def test_of_clines_panel_what_stands_below_a_question_or_a_command_is_the_persons(read):
    found = read(PANEL)
    assert [(it.role, it.text) for it in found.messages] == [
        ("assistant", "Could you open the page again? The proxy is changed."),
        ("user", "no, still nothing"),
        ("assistant", "Let me look whether it has to be built anew."),
        ("user", "could we not delete the type and make it again?"),
        ("assistant", "Yes, that may help."),
        ("assistant", "It is up again."),
        ("assistant", "Shall I test it?"),
    ]
    assert [it.text for it in found.commands] == ["cd /srv/app && ls -la api/", "pm2 restart app"]


def test_the_picture_of_the_user_and_the_model_below_are_nobodys_words_and_what_was_interrupted_is_cut_off(read):
    page = (
        BUTTONS.replace("The total", "MK\n\nThe total")
        .replace("now it", "MK\n\nnow it")
        .replace("cart/__init__.py.\n\nCopy\nRetry", "cart")
    )
    told = read(
        f"{page}\nClaude's response was interrupted.\nClaude can make mistakes. Please double-check it.\n\nSonnet 4.5\n"
    )
    assert [it.text.split("\n")[0] for it in told.messages] == [
        "The total is off by one cent.",
        "Round once, at the end.",
        "now it raises InvalidOperation",
        "Set the precision in cart",
    ]
    assert [it.messages[-1].cut for it in (told, read(page))] == [True, False]
    assert not told.stopped_at  # the network may have been it


def test_how_many_references_a_chat_used_is_nobodys_word(said):
    chat = "kim-lee: find it\n\nGitHub Copilot: It is in rows.ts.\n\nkim-lee: mend it\n\nUsed 2 references\n"
    assert said(chat) == [("user", "find it"), ("assistant", "It is in rows.ts."), ("user", "mend it")]


def test_what_is_said_below_an_output_may_begin_with_a_figure(read):
    log = "USER: run it\n\nAI: I run it:\n\n$ java -jar a.jar\n[INFO] done in 1h22m\n\nNow 1 h 22 min. The test is open, it comes next.\n"
    told = read(log)
    assert told.commands[-1].output == "[INFO] done in 1h22m"
    assert told.messages[-1].text.endswith("it comes next.")


def test_screens_of_several_agents_in_one_scrollback_are_each_read_by_their_own_form(read):
    """A shell's line starts each; one that runs anything else starts none."""
    one = "kim@shop:~$ claude\n\n> load all rows\n\n⏺ Bash(make load)\n  ⎿  3 rows\n\n⏺ Loaded.\n\n"
    shell = "kim@shop:~$ make tax\nno rate\nmake: *** [tax] Error 1\n"
    other = (
        "kim@shop:~$ copilot\n\n> now the tax\n\n● Read shop/tax.py\n  └ 40 lines read\n\n"
        "✗ Edit shop/tax.py (+1 -1)\n  └ The user rejected this tool call. User feedback: never round up\n"
    )
    found = read(one + shell + other)
    assert [(it.role, it.text) for it in found.messages] == [
        ("user", "load all rows"),
        ("assistant", "Loaded."),
        ("user", "now the tax"),
        ("user", "never round up"),
    ]
    assert [it.text for it in found.commands] == ["make load", "make tax"]
    assert [it.path for it in found.declined] == ["shop/tax.py"]
