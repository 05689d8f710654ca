"""Notes stay open, over sessions too, until they are closed, and stand in the handoff where they belong."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from handoff_cli import HandoffError, add_note, manual_handoff_update
from handoff_cli.cli.mcp_server import Tools
from handoff_cli.cli.reader import Common
from handoff_cli.constants import NOTE_KINDS
from handoff_cli.core.session import MAX_OPEN, MAX_TEXT_CHARS

HANDOFF = Path(".agent-handoffs/CURRENT_SESSION.md")
LEDGER = Path(".agent-handoffs/checkpoints.jsonl")


def listed(handoff):
    return json.loads(handoff("notes", "--json")[1])


def test_a_note_is_numbered_listed_and_shown_in_its_section(handoff):
    assert handoff("note", "no ORM", "--kind", "constraint", "--ref", "db.py:3") == (
        *(0, "noted: 1 constraint: no ORM (db.py:3)\n", ""),
    )
    handoff("handoff")
    section = HANDOFF.read_text().partition("## Rules\n")[2]
    assert section.startswith("\n- no ORM (`db.py:3`) [noted, 1]\n")
    (note,) = listed(handoff)
    assert (note["id"], note["about"], note["text"], note["ref"]) == (1, "constraint", "no ORM", "db.py:3")


def test_a_note_comes_by_pipe_and_by_python(handoff):
    assert handoff("note", stdin="line one\nline two\n")[0] == 0
    assert handoff("note", "-", "-k", "question", stdin="why?")[0] == 0
    made = add_note("from Python", "failed", "a.py:1")
    assert (made.id, made.about) == (3, "failed")
    assert [note["text"] for note in listed(handoff)] == ["line one\nline two", "why?", "from Python"]


def test_open_notes_go_over_a_reset_and_numbers_go_on(handoff):
    for text in ("one", "two"):
        handoff("note", text)
    handoff("note", "--done", "1")
    handoff("reset")
    handoff("note", "three")
    assert [(note["id"], note["text"]) for note in listed(handoff)] == [(2, "two"), (3, "three")]
    handoff("reset", "--discard", "--yes")
    handoff("note", "--done", "2")
    handoff("reset")
    assert [note["id"] for note in listed(handoff)] == [3]


def test_a_closed_note_leaves_the_handoff_and_stays_in_the_ledger(handoff):
    handoff("note", "a passing thought")
    handoff("handoff")
    assert "a passing thought" in HANDOFF.read_text()
    assert handoff("note", "--done", "1") == (0, "closed: 1 decision: a passing thought\n", "")
    handoff("handoff")
    assert "a passing thought" not in HANDOFF.read_text()
    assert "a passing thought" in LEDGER.read_text()


def test_there_is_one_goal_and_one_next_action(handoff):
    for text in ("old", "new"):
        handoff("note", f"{text} goal", "-k", "goal")
        handoff("note", f"{text} step", "-k", "next")
    handoff("handoff", "--next", "newest step")
    text = HANDOFF.read_text()
    assert re.search(r"- new goal \[noted, \d+\]", text)
    assert "## Next action\n\nnewest step (put down 20" in text
    assert "old" not in text
    handoff("handoff", "--next", "newest step")
    assert [note["text"] for note in listed(handoff)] == ["new goal", "newest step"]


def test_notes_survive_the_loss_of_the_state_file(handoff):
    handoff("note", "kept")
    Path(".agent-handoffs/token_usage.json").unlink()
    assert [note["text"] for note in listed(handoff)] == ["kept"]


def test_secrets_in_notes_are_not_written_anywhere(handoff):
    secret = "ghp_" + "R7kQ2mZx9LpT4vWc8NbY1sHd6GjF3aUe5KoI"
    handoff("note", f"token {secret}", "--ref", f"x?{secret}")
    handoff("handoff", "--goal", f"use {secret}")
    for path in Path(".agent-handoffs").iterdir():
        if path.is_file():
            assert secret not in path.read_text(), path


@pytest.mark.parametrize(
    ("argv", "code", "says"),
    [
        (("note", "  "), 2, "the note says nothing"),
        (("note", "x" * (MAX_TEXT_CHARS + 1)), 2, "at most 2,000 are kept"),
        (("note", "--done", "9"), 1, "no open note has the number 9"),
        (("note", "x", "--done", "1"), 2, "a text and --done exclude each other"),
        (("note", "--done", "1", "--kind", "failed"), 2, "--kind and --done exclude each other"),
        (("note", "--list", "--ref", "a.py"), 2, "--ref and --list exclude each other"),
        (("note", "x", "--kind", "poem"), 2, "poem"),
    ],
)
def test_what_cannot_be_noted_is_refused_on_one_line(handoff, argv, code, says):
    got, out, err = handoff(*argv)
    assert (got, out) == (code, "")
    assert says in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "write",
    [lambda text: Tools(Common()).write_handoff(decisions=[text]), manual_handoff_update],
    ids=["MCP", "Python"],
)
def test_a_handoff_that_says_again_what_is_noted_notes_it_once_secrets_or_not(handoff, write):
    said = "the token stays ghp_" + "R7kQ2mZx9LpT4vWc8NbY1sHd6GjF3aUe5KoI"
    for _ in range(3):
        write(said)
    assert [it["about"] for it in listed(handoff)] == ["decision"]


def test_the_number_of_open_notes_is_bounded(handoff, monkeypatch):
    monkeypatch.setattr("handoff_cli.usecases.notes.MAX_OPEN", 2)
    add_note("one")
    add_note("two")
    with pytest.raises(HandoffError, match="2 notes are open"):
        add_note("three")
    assert MAX_OPEN * MAX_TEXT_CHARS < 1 << 20


def test_every_kind_can_be_noted_and_listing_shows_it(handoff):
    for kind in NOTE_KINDS:
        assert handoff("note", f"a {kind}", "--kind", kind)[0] == 0
    out = handoff("note", "--list")[1]
    assert out == handoff("notes")[1]
    assert [line.split()[1].rstrip(":") for line in out.splitlines()] == list(NOTE_KINDS)
