"""Which thought of the agent's is its last that still says something."""

from __future__ import annotations

from handoff_cli.core.transcript import Edit, Message
from handoff_cli.documents.extract.progress.last_told import last_thought
from tests.documents.sessions import told


def test_a_thought_is_not_told_any_more_whose_code_an_edit_took_out():
    said = "The cause is that line 307 reads `func store.check(id)`, which is no valid Go at all."
    transcript = told(("user", "go on"), reasonings=(Message("assistant", said, 12),))
    found_again = last_thought(transcript, 0)
    assert found_again
    assert found_again.text == said
    mended = Edit("store.go", 13, "modified", "func store.check(id) {\n}\n", "", outcome="ok")
    other = mended.replace(old="func check(id) {\n}\n")
    assert last_thought(transcript.replace(edits=(mended,)), 0) is None
    assert last_thought(transcript.replace(edits=(other,)), 0) == found_again
