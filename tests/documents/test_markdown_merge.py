"""A new handoff loses nothing that people or agents wrote into the old one."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handoff_cli.core.session import Note
from handoff_cli.documents.facts import GitFacts
from handoff_cli.documents.markdown import Conflict, Own, Section, merge, parse, section
from tests.documents.sessions import render

NAMES = ("banner", "goal", "next", "checkpoints", "git")
OWN = st.lists(
    st.sampled_from([*"ab #>`|-:\n\n", "\r\n", "\x85", "\n## Goal\n", "\n## Notes\n", "\n<!-- c -->\n", "---\n"]),
    max_size=8,
).map("".join)
OLD_PIECES = st.one_of(
    OWN,
    st.builds(section, st.sampled_from([*NAMES, "vanished"]), st.sampled_from(["old", "## Old\n\nx", "other"])),
    st.builds(
        "<!-- handoff:begin {} 0000beef -->\n{}\n<!-- handoff:end {} -->\n".format,
        *(st.shared(st.sampled_from(NAMES), key="name"), st.sampled_from(["EDIT one", "EDIT two\n\nmore"])),
        st.shared(st.sampled_from(NAMES), key="name"),
    ),
    st.sampled_from(["<!-- handoff:begin git 00000000 -->\n", "<!-- handoff:end git -->\n"]),
)
OLD = st.lists(OLD_PIECES, max_size=8).map("".join)


def document(**bodies):
    """A new document: human headings for the worded sections, own headings for the others."""
    text = section("banner", bodies.get("banner", "# Title"))
    text += "\n## Goal\n<!-- yours -->\n\n" + section("goal", bodies.get("goal", ""))
    text += "\n## Next\n<!-- yours -->\n\n" + section("next", bodies.get("next", ""))
    text += "\n## Notes\n<!-- yours -->\n"
    for name in ("checkpoints", "git"):
        text += "\n" + section(name, bodies.get(name, f"## {name}\n\nfigures"))
    return f"---\nschema: 1\n---\n{text}"


NEW = st.sampled_from(
    [document(), document(goal="> ship"), document(goal="> ship", next="> test"), document(git=""), document(banner="")]
)


def sections_of(text):
    return {part.name: part for part in parse(text) if isinstance(part, Section)}


def own_lines(text):
    """The lines of people's own text that say anything."""
    own = "\n".join(part.text for part in parse(text) if isinstance(part, Own))
    return [line.rstrip() for line in own.split("\n") if line.strip()]


def is_subsequence(short, long):
    rest = iter(long)
    return all(item in rest for item in short)


@given(OLD, NEW)
def test_every_line_of_own_text_survives_in_its_order(old, new):
    merged = merge(old, new).text
    assert is_subsequence(own_lines(old), own_lines(merged))


@given(OLD.filter(str.strip), NEW)
def test_machine_sections_equal_the_new_ones_each_once(old, new):
    merged = merge(old, new).text
    fresh = sections_of(new)
    assert {name: part.text for name, part in sections_of(merged).items()} == {
        name: part.text for name, part in fresh.items()
    }
    names = [part.name for part in parse(merged) if isinstance(part, Section)]
    assert len(names) == len(set(names))


@given(OLD, NEW)
@example("## Goal", document(goal="> ship"))
@example("---\na\n---", document())
def test_merging_twice_is_merging_once(old, new):
    merged = merge(old, new).text
    again = merge(merged, new)
    assert again.text == merged
    assert not again.conflicts


@given(OLD, NEW)
def test_no_edit_is_lost(old, new):
    merged = merge(old, new)
    for part in parse(old):
        if isinstance(part, Section) and part.edited:
            assert part.body in merged.text


@pytest.mark.parametrize("old", [None, "", " \n"])
def test_without_an_old_document_the_new_one_stands(old):
    assert merge(old, document()).text == document()


def test_own_text_beside_and_between_sections_stays_to_the_byte():
    old = (
        document(git="## git\n\nold").replace("## Notes", "mine  \r\n\n\n\tkept\n## Notes") + "\nat the end, no newline"
    )
    new = document()
    assert merge(old, new).text == old.replace(section("git", "## git\n\nold"), sections_of(new)["git"].text)


def test_an_edited_section_moves_to_the_end_once():
    old = document().replace("figures", "figures, and a word of mine", 1)
    merged = merge(old, document())
    assert merged.conflicts == (Conflict("checkpoints", "## checkpoints\n\nfigures, and a word of mine"),)
    assert merged.text == document() + (
        "\n## Kept from an edited section: checkpoints\n\n## checkpoints\n\nfigures, and a word of mine\n"
    )
    assert merge(merged.text, document(git="## git\n\nnewer")).conflicts == ()


def test_an_edit_that_equals_the_new_section_is_no_conflict():
    old = document(git="## git\n\nold").replace("## git\n\nold", "## git\n\nfigures")
    assert merge(old, document()).conflicts == ()


def test_a_deleted_section_comes_back_before_the_one_that_follows_it():
    whole = document()
    old = whole.replace(sections_of(whole)["checkpoints"].text, "mine\n")
    merged = merge(old, whole).text
    assert merged.index("mine") < merged.index("handoff:begin checkpoints") < merged.index("handoff:begin git")


def test_a_deleted_heading_for_people_stays_away():
    assert "## Notes" not in merge(document().replace("## Notes\n<!-- yours -->\n", ""), document()).text


def test_a_goal_fills_the_empty_section_below_its_comment():
    assert merge(document(), document(goal="> ship")).text == document(goal="> ship").replace("## Next", "\n## Next")


def test_a_goal_goes_above_what_people_wrote_in_the_section():
    old = document().replace("## Goal\n<!-- yours -->\n", "## Goal\n<!-- yours -->\nMy own goal.\n")
    merged = merge(old, document(goal="> ship")).text
    assert merged.index("## Goal") < merged.index("> ship") < merged.index("My own goal.") < merged.index("## Next")


def test_a_goal_brings_its_heading_back_when_that_was_deleted():
    merged = merge(document().replace("## Goal\n<!-- yours -->\n", ""), document(goal="> ship")).text
    assert merged.index("## Goal\n\n<!-- handoff:begin goal") < merged.index("handoff:begin checkpoints")


def test_a_new_goal_replaces_the_old_but_not_an_edit_of_it():
    old = document(goal="> ship").replace("> ship", "> ship it well")
    merged = merge(old, document(goal="> sleep"))
    assert sections_of(merged.text)["goal"].body == "> sleep"
    assert merged.conflicts == (Conflict("goal", "> ship it well"),)


def test_a_section_the_new_document_lacks_goes_unless_edited():
    old = document(git="## git\n\nold")
    assert "old" not in merge(old, document(git="")).text
    assert merge(old.replace("old", "mine"), document(git="")).conflicts == (Conflict("git", "## git\n\nmine"),)


def test_a_document_that_was_rewritten_without_markers_is_kept_whole():
    theirs = "# My notes\n\n```\nunclosed fence\n\n## Goal\nAll of it."
    merged = merge(theirs, document(goal="> ship")).text
    assert is_subsequence(own_lines(theirs), own_lines(merged))
    assert merged.index("handoff:begin banner") < merged.index("# My notes") < merged.index("handoff:begin git")


def test_front_matter_is_new_but_for_keys_of_people_and_a_byte_order_mark_goes():
    merged = merge("\ufeff" + document().replace("schema: 1", "schema: 0\nowner: Ann"), document()).text
    assert merged.startswith("---\nschema: 1\nowner: Ann\n---\n<!-- handoff:begin banner")


def test_updates_of_the_shipped_document_do_not_grow_it(facts):
    """Git that comes and goes, a goal that comes: the document is back to where it was, to the byte."""
    first = render(facts.replace(notes=(Note(1, "2026-01-01T00:00:00Z", "goal", "ship"),)))
    without = render(facts.replace(git=None))
    once = merge(merge(first, without).text, first).text
    assert once == first
    assert merge(merge(once, without).text, first).text == once


def test_words_of_people_survive_an_update_wherever_they_stand(facts):
    """Under Notes and below the document they stay where they are; in a machine section they move to the end."""
    old = render(facts).replace("\n## Notes\n", "\n## Notes\nmy note\n") + "\n## Mine\n\nmy section\n"
    old = old.replace("\n## Record\n", "\n## Record\n\nmy edit\n")
    merged = merge(old, render(facts.replace(git=GitFacts("main", "0000000"))))
    assert "\n## Notes\nmy note\n" in merged.text
    assert [conflict.name for conflict in merged.conflicts] == ["record"]
    assert merged.text.index("## Mine\n\nmy section\n") < merged.text.index("my edit")
    assert merge(merged.text, render(facts)).conflicts == ()
