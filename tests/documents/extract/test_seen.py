"""Of what was read last, the lines are told that the work is about, with where they stand; no others."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit, Lookup
from handoff_cli.documents.extract.seen import MOST_PLACES, seen
from handoff_cli.documents.extract.texts import printed_in
from handoff_cli.documents.extract.words import redacting
from tests.documents.sessions import ran, told

FILE = """import os

class Store:
    def load_rows(self, page):
        return self.pages[page]

    def close_rows(self):
        self.pages.clear()
"""


def numbered(text, first=1):
    return "\n".join(f"{number:6}\u2192{line}" for number, line in enumerate(text.split("\n"), first))


def places(*spoken, lookups=(), **fields):
    transcript = told(("user", "go"), ("assistant", "I look."), lookups=lookups, **fields)
    return [
        (it.path, it.line, it.text)
        for it in seen(transcript, printed_in(transcript), spoken or ("`load_rows` is the cause.",))
    ]


@pytest.mark.parametrize(("asked", "answer"), [("/p/store.py", FILE), ("/p/store.py", numbered(FILE))])
def test_a_line_is_told_that_names_what_was_spoken_of_with_its_place(asked, answer):
    assert places(lookups=(Lookup("read", asked, 5, answer),)) == [
        ("/p/store.py", 4, "def load_rows(self, page): return self.pages[page]")
    ]


def test_a_read_from_the_middle_of_a_file_is_counted_from_there():
    assert places(lookups=(Lookup("read", "/p/store.py:40", 5, FILE),))[0][1] == 43


@pytest.mark.parametrize(
    ("command", "output", "place"),
    [
        ("sed -n '30,38p' src/store.py", FILE, ("src/store.py", 33)),
        ("cat src/store.py", f"Chunk ID: 1\nWall time: 0.1\nOutput:\n{FILE}", ("src/store.py", 4)),
        ("rg -n load_rows src", "src/use.py:7:    rows = load_rows(3)\nsrc/a.py:9:x = 1", ("src/use.py", 7)),
        ("grep -rn load_rows .", "./src/use.py:7:rows = load_rows(3)", ("./src/use.py", 7)),
    ],
)
def test_what_commands_print_counts_as_read(command, output, place):
    found = places(commands=(ran(command, output=output, position=6),))
    assert [(path, line) for path, line, _ in found] == [place]


def test_what_a_search_found_counts_too():
    assert places(lookups=(Lookup("search", "load_rows", 5, "src/use.py:7:    rows = load_rows(3)"),)) == [
        ("src/use.py", 7, "rows = load_rows(3)")
    ]


def test_a_line_whose_number_the_agent_names_is_told_whatever_it_holds():
    found = places("The bug is in store.py:8, `nowhere`.", lookups=(Lookup("read", "/p/store.py", 5, FILE),))
    assert found == [("/p/store.py", 8, "self.pages.clear()")]


@pytest.mark.parametrize(
    "line",
    ["import load_rows", "# load_rows reads the rows", "from a import load_rows", "<p>load_rows</p>", "load_rows"],
)
def test_imports_comments_and_mere_words_say_little(line):
    assert places(lookups=(Lookup("read", "/p/use.py", 5, line),)) == []


def test_prose_and_what_others_wrote_is_passed_over():
    line = "rows = load_rows(3)"
    for path in ("/p/notes.md", "/p/node_modules/x/use.js", "/p/data.jsonl"):
        assert places(lookups=(Lookup("read", path, 5, line),)) == []


def test_a_line_that_was_edited_away_is_not_told():
    edit = Edit("/p/use.py", 9, "modified", "rows = load_rows(3)", "rows = load_all()", None, "ok")
    assert places(lookups=(Lookup("read", "/p/use.py", 5, "rows = load_rows(3)"),), edits=(edit,)) == []


def test_no_name_is_told_of_over_and_over_and_places_are_few():
    text = "\n".join(f"rows_{it} = load_rows({it})" for it in range(50))
    assert len(places(lookups=(Lookup("read", "/p/use.py", 5, text),))) == 2
    text = "\n".join(f"name_{it} = {it}" for it in range(50))
    spoken = " ".join(f"`name_{it}`" for it in range(50))
    assert len(places(spoken, lookups=(Lookup("read", "/p/use.py", 5, text),))) == MOST_PLACES


def test_a_secret_in_such_a_line_is_redacted_before_it_is_cut():
    line = f"load_rows(password='{'hunter2-' * 9}', {'x' * 90})"
    with redacting():
        found = places(lookups=(Lookup("read", "/p/use.py", 5, line),))
    assert "hunter2" not in found[0][2]


def test_where_nothing_is_spoken_of_nothing_is_told():
    assert places("go on", lookups=(Lookup("read", "/p/store.py", 5, FILE),)) == []
