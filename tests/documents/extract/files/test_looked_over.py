"""What was read for a question, in a line for each file: what it says of itself, and what it defines."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit, Lookup, ToolCall
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.facts import FileOutline
from handoff_cli.documents.extract.files.looked_over import _is_named, looked_over
from handoff_cli.documents.extract.files.texts import printed_in
from handoff_cli.documents.parts.pieces import SOON
from handoff_cli.documents.parts.work import made
from tests.documents.sessions import story_of, told
from tests.growth import calls_in

GO = """// Copyright 2026 Somebody

// Package store keeps rows between two runs. It knows no network.
package store

// Open opens a store.
func Open(path string) (*Store, error) {
	return nil, nil
}

type Store struct {
	rows []string
}
"""
PYTHON = '''"""Reads the rows of a file.

More follows.
"""

import os


def load_rows(path):
    return []


class Rows:
    def first(self):
        return None
'''
PAGE = "# The store\n\nIt keeps rows.\n\n## Phase 1: done\n\nAll of it.\n\n## Phase 2\n\nNot yet.\n"


def read(path, text, position, first=1):
    numbered = "\n".join(f"{number}\t{line}" for number, line in enumerate(text.split("\n"), first))
    return Lookup("read", path, position, numbered)


def outlines(*lookups, edits=(), asked=1):
    transcript = told(("user", "what are they for?"), lookups=lookups, edits=edits)
    return looked_over(transcript, printed_in(transcript), asked)


@pytest.mark.parametrize(
    ("path", "text", "says", "names"),
    [
        ("a/store.go", GO, "Package store keeps rows between two runs", ("Open:7", "Store:11")),
        (
            "a/store.go",
            GO.replace("body\n\n", "body\n"),
            "Package store keeps rows between two runs",
            ("Open:6", "Store:10"),
        ),
        ("a/rows.py", PYTHON, "Reads the rows of a file", ("load_rows:9", "Rows:13")),
        ("docs/store.md", PAGE, "", ("The store", "Phase 1: done", "Phase 2")),
    ],
)
def test_a_file_is_told_by_the_comment_it_begins_with_and_its_outermost_definitions(path, text, says, names):
    """A licence tells nothing of it, and a method stands within its class."""
    (file,) = outlines(read(path, text, 12))
    assert (file.path, file.says, file.names) == (path, says, names)


def test_of_a_part_of_a_file_the_definitions_stand_with_their_lines():
    (file,) = outlines(read("a/store.go", GO.partition("package store\n")[2], 12, first=205))
    assert (file.says, file.names) == ("", ("Open:207", "Store:211"))


def test_only_what_was_read_since_the_request_and_not_edited_since_is_told_in_its_order():
    old, first, last = read("old.go", GO, 11), read("first.go", GO, 22), read("last.go", GO, 23)
    assert [it.path for it in outlines(old, first, last, asked=20)] == ["first.go", "last.go"]
    edit = Edit("first.go", 24, "modified", "rows []string", "rows []int")
    assert [it.path for it in outlines(old, first, last, edits=(edit,), asked=20)] == ["last.go"]


def test_lines_around_a_find_are_no_file_that_was_read():
    assert outlines(Lookup("search", "Open", 12, "a/store.go:7:func Open(path string) (*Store, error) {")) == ()


def test_of_many_files_that_a_search_found_few_are_looked_at():
    """Each that is looked at costs a walk over all that was printed."""
    found = "\n".join(f"a/file_{n // 9}.go:{n}:func F{n}() {{" for n in range(1_400))
    lookups = tuple(Lookup("search", "func", 12 + at, found.replace("a/", f"a{at}/")) for at in range(20))
    transcript = told(("user", "what are they for?"), lookups=lookups)
    printed = printed_in(transcript)
    lines = sum(len(it.lines) for it in printed)
    assert calls_in(lambda: looked_over(transcript, printed, 1)) < 6 * lines


def test_it_is_told_while_an_answer_is_owed_and_nothing_was_edited_for_it():
    lookups = (read("a/store.go", GO, 12), read("a/rows.py", PYTHON, 13))

    def known(lookups, **fields):
        calls = tuple(ToolCall(str(it.position), "Read", it.asked, it.position, "ok") for it in lookups)
        return extract(told(("user", "what are they for?"), lookups=lookups, tool_calls=calls, **fields)).changed.read

    assert len(known(lookups)) == 2
    assert known(lookups[:1]) == ()
    assert known(lookups, edits=(Edit("b.go", 14, "modified", "a := 1", "a := 2"),)) == ()


def test_no_name_that_tells_a_secret_is_told():
    (page,) = outlines(read("docs/store.md", PAGE.replace("Phase 2", "password hunter2"), 12))
    assert page.names == ("The store", "Phase 1: done")
    text = GO.replace("func Open(", "func password_hunter2(")
    (file,) = outlines(read("a/store.go", text, 12))
    assert file.names == ("Store:11",)


def test_documents_of_one_kind_are_told_by_what_they_say_and_by_the_headings_that_are_their_own():
    text = (
        "# The {0} ledger\n\n_Updated lately_\n\n## At a glance\n\n**In short:** {0} keeps two books at a time:\n"
        "- marks of edits.\n- notes of commits.\n\n| one | two |\n\n## Own part of {0}\n\n## Evidence\n"
    )
    found = outlines(*(read(f"/d/{it}.md", text.format(it), at) for at, it in enumerate(("oak", "elm", "ash"), 12)))
    assert [(it.says, it.names) for it in found] == [
        (
            f"In short: {it} keeps two books at a time: marks of edits; notes of commits",
            (f"The {it} ledger", f"Own part of {it}"),
        )
        for it in ("oak", "elm", "ash")
    ]


def test_lines_that_a_search_found_one_below_the_other_are_no_file_that_was_read():
    hits = "\n".join(f"a/store.go:{number}:{line}" for number, line in enumerate(GO.split("\n"), 1))
    assert outlines(Lookup("search", ".", 12, hits)) == ()


def test_a_remark_in_a_block_of_code_is_no_heading():
    page = PAGE.replace("Not yet.", "```bash\n# Install it\nmake install\n```\n\n## Phase 3")
    (file,) = outlines(read("docs/store.md", page, 12))
    assert file.names == ("The store", "Phase 1: done", "Phase 2", "Phase 3")


SCREEN = """/*
 * Copyright 2026 Somebody
 *
 * Unless required by law or agreed to in writing, it comes as it is.
 */

import { Card } from './card'

export const Shop = ({ title = 'none' }) => (
  <section title={title} className="Wide">
    <h2 className="wide">Sales by day</h2>
    <Card
      title="Top buyers"
      description="Who bought the most."
      label={'Spent:'}
      description="Another one."
    />
    <Field label="Password" />
  </section>
)
"""


def test_a_screen_is_told_by_what_it_shows_and_not_by_its_licence():
    """What stands beside a secret is left out, and what only code names."""
    (file,) = outlines(read("web/Shop.tsx", SCREEN, 12))
    assert file.says == "shows Sales by day, Top buyers, Spent"
    (file,) = outlines(read("web/Shop.tsx", SCREEN.replace("<h2", "<p").replace("</h2", "</p"), 12))
    assert file.says == "shows Top buyers (Who bought the most), Spent"
    (file,) = outlines(read("web/shop.ts", SCREEN, 12))
    assert file.says == ""


def test_a_heading_of_three_among_many_documents_is_a_templates():
    texts = (
        f"# Page {n}\n\n## {'Own' if n < 2 else 'Evidence' if n < 5 else f'Part {n}'}\n" + "\n" * 6 for n in range(9)
    )
    found = outlines(*(read(f"/d/{at}.md", text, 12 + at) for at, text in enumerate(texts)))
    assert [it.names[1:] for it in found[:6]] == [("Own",), ("Own",), (), (), (), ("Part 5",)]


def test_a_document_that_the_request_tells_to_read_stands_with_what_it_says():
    says = "The till reads rates of a table; the preference was to keep that table and to drop the page of rates. " * 5
    text = "\n\n".join(("# Till setup", says, *(f"## Part {n}\n\nRead the rates of part {n}." for n in range(9))))
    messages = ("user", 'finish the till, read "Till setup.md" for it')
    reads = (Lookup("read", "docs/Till setup.md", 12, text), Lookup("read", "till/rates.md", 14, text))
    calls = tuple(ToolCall(str(it.position), "Read", it.asked, it.position, "ok") for it in reads)
    story = extract(told(messages, lookups=reads, tool_calls=calls))
    assert {it.path: bool(it.text) for it in story.changed.read} == {"docs/Till setup.md": True, "till/rates.md": False}
    (piece,) = (it for it in made(story) if "names, as it was read" in it.block)
    assert piece.orders[0] == SOON
    assert "the preference was to keep that table" in piece.forms[0]
    assert not any(
        "names, as it was read" in it.block for it in made(story_of(read=(story.changed.read[0], *others("a", "b"))))
    )


def others(*folders):
    """Return README files of ``folders`` as they were read."""
    return tuple(FileOutline(f"{it}/Till setup.md", "says", (), "text") for it in folders)


@pytest.mark.parametrize(
    ("request_", "path", "named"),
    [
        ("do it as plan.md says", "docs/plan.md", True),
        ("do it as docs/new-plan.md says", "docs/old/plan.md", False),
        ("do it as docs/plan.md says", "old/plan.md", False),
        ("do it as ./docs/plan.md says", "/p/docs/plan.md", True),
        ("read plan.mdx", "plan.md", False),
    ],
)
def test_a_document_is_named_by_all_that_the_request_says_of_its_path(request_, path, named):
    assert _is_named(path, request_) is named
