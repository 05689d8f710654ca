"""The front matter is YAML that strangers cannot alter and to which people can add."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from handoff_cli.core.text import one_line
from handoff_cli.documents.facts import GitFacts
from handoff_cli.documents.front_matter import OWNED, combine, front_matter, split_front_matter, written_for


def load(block):
    return yaml.safe_load(block.strip().removeprefix("---").removesuffix("---"))


def test_it_says_how_full_the_window_is_how_that_is_known_and_where_the_repository_stands(facts):
    assert load(front_matter(facts)) == {
        "schema": 1,
        "created": "2026-11-22T07:41:14Z",
        "session": "20261122-a1b2",
        "previous": "archive/20261121T183000Z-20261121-9f00",
        "reason": "threshold",
        "usage": {
            "tokens": 105_000,
            "window": 128_000,
            "usable": 120_000,
            "usable_percent": 87.5,
            "level": "warning",
            "method": "counted",
            "checkpoints": 12,
        },
        "model": "gpt-4o",
        "git": {"branch": "feat/x", "head": "ab12cd3", "dirty": 2, "ahead": 2, "behind": 0},
    }


def test_what_is_not_known_is_left_out(facts):
    keys = load(front_matter(facts.replace(git=None, previous=None, usage=facts.usage.replace(model=None))))
    assert not keys.keys() & {"git", "previous", "model"}


def test_files_that_git_did_not_list_in_time_are_not_called_none(facts):
    late = GitFacts(branch=None, head="ab12cd3", unread=("status",))
    assert load(front_matter(facts.replace(git=late)))["git"] == {"head": "ab12cd3"}


@given(st.text(), st.text())
@example('"\n---\nreason: "evil', "x\r\n---\n")
@example("\ud800\ufffe\x85\u2028\x00", "😀")
def test_no_value_breaks_out_and_all_read_back_as_they_are_shown(facts, branch, session):
    block = front_matter(facts.replace(session=session, git=GitFacts(branch=branch, head=None)))
    assert split_front_matter(block + "rest") == (block, "rest")
    values = load(block)
    assert values["session"] == one_line(session)
    assert values["git"]["branch"] == one_line(branch)
    assert values["reason"] == "threshold"


def test_every_key_made_here_is_known_as_owned(facts):
    assert load(front_matter(facts)).keys() <= OWNED


@pytest.mark.parametrize(
    "text",
    [
        "---\nA sentence between two rules.\n---\nmore\n",
        "--- \nkey: value\nnever closed\n",
        "text\n---\nkey: value\n---\n",
        "",
    ],
)
def test_rules_in_ordinary_text_are_not_front_matter(text):
    assert split_front_matter(text) == ("", text)


def test_lines_that_people_add_stay_and_owned_keys_do_not(facts):
    theirs = "---\nsession: old\ngit:\n  branch: x\n# mine\ntags:\n- a\n- b\nowner: {name: Ann}\n---\n"
    combined = combine(front_matter(facts), theirs)
    assert load(combined) == {**load(front_matter(facts)), "tags": ["a", "b"], "owner": {"name": "Ann"}}
    assert "# mine\n" in combined
    assert combine(front_matter(facts), combined) == combined


def test_windows_line_ends_are_understood(facts):
    theirs = "---\r\nsession: old\r\nowner: Ann\r\n---\r\n"
    assert split_front_matter(theirs + "rest") == (theirs, "rest")
    assert load(combine(front_matter(facts), theirs))["owner"] == "Ann"


def test_without_one_of_the_two_the_other_stands():
    assert combine("", "---\na: 1\n---\n") == "---\na: 1\n---\n"
    assert combine("---\na: 1\n---\n", "") == "---\na: 1\n---\n"


def test_a_document_tells_which_checkpoints_it_covers(facts):
    assert written_for(front_matter(facts) + "# body\n") == ("20261122-a1b2", 12)
    for broken in ("", "# no front matter\n", "---\nsession: [\nusage: 7\n---\n"):
        assert written_for(broken) == ("", 0)


def test_lines_that_go_on_with_no_key_are_peoples_text():
    assert split_front_matter("---\n ---\n---\n") == ("", "---\n ---\n---\n")
    assert split_front_matter("---\n# mine\nkey: 1\n  more\n---\nx")[1] == "x"
