"""Ways that the agent tried and that did not do are told by its words, while the request they were tried for is at work."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit, FileTouch
from handoff_cli.documents.extract.told.fell_short import edits_in_place, fell_short, with_effect
from tests.documents.sessions import ran, told
from tests.growth import assert_linear


@pytest.mark.parametrize(
    ("words", "so"),
    [
        ("The sed command didn't work because of the calls on two lines.", True),
        ("Now the issue is that the first patch missed two files.", True),
        ("Hmm, my regex did not catch nested brackets.", True),
        ("The parser does not handle nested brackets.", False),
        ("The edit didn't change the order of the rows.", False),
        ("If the script didn't match, say so.", False),
        ("The search didn't find any caller.", False),
    ],
)
def test_a_way_that_did_not_do_it_is_told_from_what_code_does_or_was_found(words, so):
    assert fell_short(told(("user", "rename it"), ("assistant", f"{words} Let me look.")), 10) == (words,) * so


def test_the_latest_stands_first_and_what_was_tried_for_an_earlier_request_is_not_told():
    one, two = "The sed didn't work on two lines.", "My script failed to replace the last one."
    said = (("user", "go"), ("assistant", one), ("user", "again"), ("assistant", two), ("assistant", one))
    assert fell_short(told(*said), 30) == (one, two)


def test_a_command_that_ended_well_without_a_word_is_told_where_the_agent_says_that_it_did_nothing():
    sed = "sed -i 's/\\bload\\b/core.load/g' jobs/run.py"
    said = "The sed command earlier put `core.` before it, but it seems like it didn't work properly."
    session = told(
        ("user", "rename it"), ("assistant", "go on"), ("assistant", said), commands=(ran(sed, position=12),)
    )
    assert fell_short(session, 10) == (f"{sed}: {said}",)
    loud = session.replace(commands=(ran(sed, position=12, output="3 files changed"),))
    later = session.replace(commands=(ran(sed, position=40),))
    check = session.replace(commands=(ran("sed -n 1p a.py && pytest -q", position=12),))
    assert fell_short(loud, 10) == fell_short(later, 10) == fell_short(check, 10) == ()
    asks = told(("user", "go"), ("assistant", "a"), ("assistant", "If the sed didn't work, say so."))
    assert fell_short(asks.replace(commands=session.commands), 10) == ()


@pytest.mark.parametrize("command", ["", " ", "cd /x && ", "cd /x; "])
def test_a_command_of_no_words_is_none_that_fell_short(command):
    commands = (ran(command, position=15, output=""),)
    assert fell_short(told(("user", "go"), ("assistant", "That did not work."), commands=commands), 10) == ()


@pytest.mark.parametrize(
    "words", ["A merge in git does not apply the filter of the app.", "A merge in git did not apply the filter."]
)
def test_what_a_program_does_in_general_or_did_elsewhere_says_nothing_of_a_silent_command(words):
    session = told(("user", "go"), ("assistant", "a"), ("assistant", words), commands=(ran("git add -A", position=12),))
    assert fell_short(session, 10) == ()


def test_each_command_is_told_once_and_many_cost_no_more_than_their_length():
    words = "The sed did not match."
    runs = tuple(ran(f"sed -i s/a/b/ f{at}.py", position=11) for at in range(3))
    assert len(fell_short(told(("user", "go"), *[("assistant", words)] * 4, commands=runs), 10)) == 1

    def session(size):
        said = [("assistant", "The awk did not match.")] * size
        return told(("user", "go"), *said, commands=tuple(ran("sed -i s/a/b/ f.py", position=11) for _ in range(size)))

    assert_linear(lambda size: fell_short(session(size), 10), 100)


PREFIXED, IMPORTED = "sed -i 's/\\bload\\b/core.load/g' run.py", "sed -i 's/^import os/import os, core/' run.py"
IN_VAIN = "The sed did not work. The calls still don't have the `core.load` of the module."


def test_words_that_a_command_had_no_effect_are_of_the_one_that_has_what_stands_around_them():
    commands = (ran(PREFIXED, position=12), ran(IMPORTED, position=14))
    session = told(("user", "rename it"), ("assistant", "go on"), ("assistant", IN_VAIN), commands=commands)
    assert fell_short(session, 10)[0].startswith(PREFIXED)
    bare = told(
        ("user", "rename it"), ("assistant", "go on"), ("assistant", "The sed did not work."), commands=commands
    )
    assert fell_short(bare, 10)[0].startswith(IMPORTED), "else it is the latest"


def test_an_edit_by_a_command_that_had_no_effect_is_none_and_the_same_one_tried_again_may_be_one():
    again = PREFIXED.replace("\\b", "")
    edits = (
        Edit("run.py", 12, "modified", "load", "core.load"),
        Edit("run.py", 14, "modified", "import os", "import os, core"),
        Edit("run.py", 40, "modified", "load", "core.load"),
        Edit("run.py", 45, "modified", "x = load()", "x = core.load()"),
    )
    session = told(
        ("user", "rename it"),
        ("assistant", "go on"),
        ("assistant", IN_VAIN),
        commands=(ran(PREFIXED, position=12), ran(IMPORTED, position=14), ran(again, position=40)),
        edits=edits,
        files=(FileTouch("run.py", "modified", 4),),
    )
    assert edits_in_place(session)
    now = with_effect(session)
    assert [it.position for it in now.edits] == [14, 40, 45]
    assert [it.count for it in now.files] == [3]
    by_perl = ran("perl -0pi -e 's/load/core.load/g' run.py", position=12)
    said = told(("user", "rename it"), ("assistant", "go on"), ("assistant", "The perl did not work."))
    assert edits_in_place(said.replace(commands=(by_perl,)))
    assert with_effect(said.replace(commands=(by_perl,), edits=edits[:1])).edits == ()
    quiet = session.replace(messages=session.messages[:2])
    assert with_effect(quiet) is quiet, "nobody said so"


def by_sed(script, position, path, old, new):
    return ran(f"sed -i '{script}' {path}", position=position, output=""), Edit(path, position, "modified", old, new)


def left_of(words, *made):
    commands, edits = zip(*made, strict=True)
    return [it.position for it in with_effect(told(("user", "go"), *words, commands=commands, edits=edits)).edits]


def test_of_several_commands_of_a_program_no_edit_is_void_where_nobody_knows_which_is_meant():
    one, two = by_sed("s/foo/bar/", 12, "a.py", "foo", "bar"), by_sed("s/old/new/", 14, "b.py", "old", "new")
    first = (("assistant", "The sed on the first file did not match, I'll edit that by hand."),)
    assert left_of(first, one, two) == [12, 14]
    assert left_of(first, one) == [], "it is the only one"
    assert left_of((("assistant", "The sed with `s/foo/bar/` did not match."),), one, two) == [14]


def test_an_edit_that_worked_stays_be_it_to_the_same_end_or_one_that_deletes():
    vain, works = (by_sed(it, at, "a.py", "foo(+)", "bar") for it, at in (("s/foo(+)/bar/", 12), ("s/foo.*/bar/", 35)))
    assert left_of((("assistant", "The sed did not match because of the group."),), vain, works) == [35]
    gone, other = by_sed("/foo/d", 12, "a.py", "foo", ""), by_sed("/bar/d", 25, "a.py", "bar", "")
    assert left_of((("assistant", "The sed `/foo/d` did not match anything."),), gone, other) == [25]


def test_an_edit_is_void_of_the_only_command_that_ran_since_the_agent_spoke_also_when_tried_before():
    one, two = (by_sed(it, at, "a.py", "foo", "bar") for it, at in (("s/foo\\b/bar/", 12), ("s/\\bfoo/bar/", 25)))
    again = ("assistant", "The sed did not work. Let me try it again.")
    assert left_of((again, again), one, two) == []
    assert left_of((again,), one, two) == [25]
    first = ("assistant", "The first sed did not work.")
    assert left_of((("assistant", "Then the next."), first), one, two) == [12, 25]


@pytest.mark.parametrize(
    ("tried", "end"),
    [
        ("I tried a lock around it first: the test hung.", "Discarded."),
        ("Ich habe zuerst Smooks ausprobiert.", "Das habe ich verworfen, es bleibt bei unserem."),
        ("Probé a subir el límite a 10 y se corta igual, así que no es eso.", ""),
    ],
)
def test_what_was_tried_and_discarded_is_told_in_other_words_too(tried, end):
    found = fell_short(told(("user", "go"), ("assistant", f"{tried} {end}".strip()), ("user", "now the docs")), 30)
    assert [it.partition(" \u2192 ")[0] for it in found] == [tried]


def test_what_was_tried_and_stays_is_not_told_as_discarded():
    said = "I tried a lock around it first. It holds, and nothing was discarded."
    assert fell_short(told(("user", "go"), ("assistant", said), ("user", "now the docs")), 30) == ()
