"""The rules of a project that the agent read in it: as the guide lists them, of a long guide only what orders."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit, Lookup, Message
from handoff_cli.documents.extract.requests.accounts import orders_at_work
from handoff_cli.documents.extract.requests.house_rules import guides_read, rules_of
from handoff_cli.documents.parts.pieces import MUST, RULES
from handoff_cli.documents.parts.story import pieces_of_story
from tests.documents.sessions import ran, story_of, told
from tests.growth import calls_in

GUIDE = """# Working on the almanac

Welcome! This page is for all who help.

- `make moons` must pass before a pull request
- Tables of tides are frozen:
  add a new one beside them.
- [ ] One commit for each chapter
- see also:

```
- no rule, but what a file has
```

| - neither | is this |
"""
NUMBERED = "".join(f"{number:6}→{line}\n" for number, line in enumerate(GUIDE.split("\n"), 1))
RULES_OF_IT = (
    "`make moons` must pass before a pull request",
    "Tables of tides are frozen: add a new one beside them.",
    "One commit for each chapter",
)


def test_the_items_of_a_guide_that_was_read_are_its_rules_and_no_code_or_table_is():
    (guide,) = guides_read(told(("user", "go"), lookups=(Lookup("read", "/p/CONTRIBUTING.md", 3, NUMBERED),)))
    assert (guide.path, guide.rules, guide.pointed_to) == ("/p/CONTRIBUTING.md", RULES_OF_IT, False)


def test_a_guide_that_a_command_printed_counts_too_but_no_other_file():
    runs = (ran("cat docs/STYLE-GUIDE.md", output=GUIDE), ran("cat docs/notes.md", output=GUIDE, position=16))
    assert [(it.path, it.rules) for it in guides_read(told(("user", "go"), commands=runs))] == [
        ("docs/STYLE-GUIDE.md", RULES_OF_IT)
    ]


def test_a_guide_stands_as_it_was_read_last_and_one_that_failed_to_be_read_not_at_all():
    reads = tuple(Lookup("read", "AGENTS.md", at, f"- {rule}\n") for at, rule in ((3, "spaces only"), (9, "tabs only")))
    failed = ran("cat CLAUDE.md", outcome="failed", output="- never mind")
    assert [it.rules for it in guides_read(told(("user", "go"), lookups=reads, commands=(failed,)))] == [("tabs only",)]


def test_a_rule_that_an_edit_took_out_of_a_guide_since_it_was_read_is_none():
    old, new = "- `make moons` must pass before a pull request", "- `make tides` must pass before a pull request"
    edits = (Edit("/p/CONTRIBUTING.md", 9, "modified", f"# Working\n{old}", f"# Working\n{new}"),)
    read = (Lookup("read", "/p/CONTRIBUTING.md", 3, NUMBERED),)
    first, added = guides_read(told(("user", "go"), lookups=read, edits=edits))
    assert (first.rules, added.rules) == (RULES_OF_IT[1:], (new.removeprefix("- "),))
    moved = (*edits, edits[0].replace(position=10, old=f"x\n{new}", new=f"x\n{new}\n{old}"))
    assert guides_read(told(("user", "go"), lookups=read, edits=moved))[0].rules == RULES_OF_IT
    before = edits[0].replace(position=2)
    assert guides_read(told(("user", "go"), lookups=read, edits=(before,)))[0].rules == RULES_OF_IT


def test_what_a_search_for_a_guides_name_found_is_no_rule():
    found = Lookup("search", "rules", 3, "src/engine.py:12: rules must never be empty")
    assert guides_read(told(("user", "go"), lookups=(found,))) == ()


def test_of_a_long_guide_only_what_orders_is_told():
    about = [f"- chapter {number} is about the moon" for number in range(20)]
    assert rules_of([*about, "- never print a table twice", "", "Always ask the harbour master."]) == (
        "never print a table twice",
        "Always ask the harbour master.",
    )


def test_prose_that_only_tells_is_no_rule():
    assert rules_of(["The almanac is printed in spring.", "", "It has ten chapters."]) == ()


def test_the_first_rules_of_a_guide_that_the_user_named_are_never_cut():
    lookups = (Lookup("read", "/p/CONTRIBUTING.md", 3, GUIDE),)
    for words, orders in (("look at CONTRIBUTING.md first", {MUST}), ("go on", {-0.5, -0.4, -0.3})):
        story = story_of(guides=guides_read(told(("user", words), lookups=lookups)))
        pieces = [it for it in pieces_of_story(story) if it.part == RULES]
        assert [it.forms[-1] for it in pieces] == list(RULES_OF_IT)
        assert {it.orders[0] for it in pieces} == orders
        assert pieces[0].block == "Rules of the project, by CONTRIBUTING.md, which was read:"


@pytest.mark.parametrize("line", ["- x " * 40, "- a\n", "```\n- a\n", "word " * 30, "| a |\n"])
def test_reading_a_guide_takes_as_many_steps_as_it_has_lines(line):
    small, large = (calls_in(lambda n=n: rules_of((line * n).split("\n"))) for n in (200, 800))
    assert large < 6 * small


@pytest.mark.parametrize(
    ("path", "action", "new", "rules"),
    [
        ("CLAUDE.md", "modified", "# Rules\n- One statement in each migration", ("One statement in each migration",)),
        ("docs/notes.md", "modified", "# Rules\n- One statement in each migration", ()),
        ("CLAUDE.md", "created", "# Rules\n- One statement in each migration", ()),
        ("CLAUDE.md", "modified", "# Rules\n" + "- a rule of many\n- one more rule\n" * 4, ()),
        ("CLAUDE.md", "modified", "# Rules\n- the shop page was rewritten in May", ()),
        ("CLAUDE.md", "modified", "# Rules\n\nThe tables lie in `db`.", ()),
    ],
)
def test_a_rule_that_was_put_into_a_guide_in_the_session_binds_whoever_goes_on(path, action, new, rules):
    session = told(("user", "go"), edits=(Edit(path, 15, action, "# Rules", new),))
    found = guides_read(session)
    assert [it.rules for it in found if it.added] == [rules] * bool(rules)
    if rules:
        pieces = [it for it in pieces_of_story(story_of(guides=found)) if it.part == RULES]
        assert [it.block for it in pieces] == ["Rules of the project, by CLAUDE.md, to which this was added:"]


def test_of_many_rules_those_that_capitals_stress_come_before_others():
    plain = [f"- the tide of port {number} must be printed" for number in range(12)]
    rules = rules_of([*plain, "- NEVER print a table twice", "- ALWAYS name a moon"])
    assert rules[:3] == ("NEVER print a table twice", "ALWAYS name a moon", "the tide of port 0 must be printed")


def test_a_rule_that_was_added_is_told_longer_than_one_that_was_read():
    long = "Read the tide by the almanac of that year, never by that of the year before, also where both are there," * 2
    edit = Edit("/p/AGENTS.md", 7, "modified", "- old\n", f"- {long}\n")
    (added,) = guides_read(told(("user", "go"), edits=(edit,)))
    assert added.rules[0].startswith(long[:200])
    assert len(rules_of([f"- {long}"])[0]) <= 151


def test_what_the_user_put_into_the_agents_memory_is_a_rule_that_always_stands_behind_a_sharp_only_if_it_binds():
    put = ("/memory Run the moons before a push.", "# Always sort the tides.", "# The plan", "# Always\nsorted")
    transcript = told(("user", "go"), orders=tuple(Message("user", it, at) for at, it in enumerate(put, 1)))
    (guide,) = guides_read(transcript)
    assert guide.rules == ("Run the moons before a push.", "Always sort the tides.")
    skill = Message("user", "Tide by tide.\nNEVER skip a moon.", 1)
    after = transcript.orders[0].replace(position=2, text="/memory ALWAYS run the moons.")
    assert orders_at_work(told(("user", "go"), orders=(skill, after)).replace(messages=())) == ("NEVER skip a moon.",)
    pieces = [it for it in pieces_of_story(story_of(guides=(guide,))) if it.part == RULES]
    assert {it.block for it in pieces} == {"Rules that the user put into the agent's memory:"}
    assert [it.orders[0] for it in pieces] == [MUST, MUST]


def test_rules_for_those_who_run_elsewhere_and_those_whose_steps_are_missing_are_not_told():
    guide = [
        "## Pushing from the box",
        "When running inside a small sandbox, you must follow the list.",
        "### First",
        "- Never push by hand from there",
        "## Wells",
        "- Always follow this exact sequence to dig a well",
        "- This covers the well. Never leave a well open",
        "- Never paint a rope",
    ]
    assert rules_of(guide) == ("Never leave a well open", "Never paint a rope")
