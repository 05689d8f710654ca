"""A document the tool wrote has no error, whatever was said in the session; what people wrote is held to account."""

from __future__ import annotations

import pytest

from handoff_cli.documents.review import Surroundings, lint

AROUND = Surroundings(lambda path: True, lambda text: len(text) // 4)
TALKS = [
    "User: TODO: write it\n\nAssistant: The fix is <your name>, TODO and FIXME.\n",
    "User: fill in [your name]\nAssistant: TBD, TODO.\nTODO: TODO\n",
    "TODO: lorem ipsum\nDecision: XXX\nNext: TODO\n",
    "$ make TODO\nTODO: fails\nexit code 1\n",
    "User: hi\n",
    "Just text.\n",
]


@pytest.mark.parametrize("talk", TALKS)
def test_no_error_in_what_the_tool_wrote(handoff, talk):
    """Quoted words are no placeholders, and where nothing told a goal that is no fault of the document."""
    _, text, _ = handoff("handoff", "--stdout", "-t", "-", stdin=talk)
    assert [it for it in lint(text, AROUND) if it.level == "error"] == []


def test_what_was_noted_or_added_is_looked_at(handoff):
    """A placeholder in a note or under Notes is somebody's to fill."""
    _, text, _ = handoff("handoff", "--stdout", "--goal", "g", "--next", "TODO: say what")
    assert [it.rule for it in lint(text, AROUND)] == ["placeholder"]
    _, text, _ = handoff("handoff", "--stdout", "--goal", "g", "--next", "run it")
    assert [it.rule for it in lint(text + "\nTBD\n", AROUND)] == ["placeholder"]
