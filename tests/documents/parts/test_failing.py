"""What fails now, as the document tells it."""

from __future__ import annotations

from handoff_cli.documents.parts.failing import failures
from tests.documents.sessions import story_of


def test_what_a_report_says_stands_with_what_fails():
    found = [
        it
        for it in failures(story_of(report=("reports/kiln.html", "port 99 is taken")))
        if "report of a run" in it.block
    ]
    assert [it.forms[0] for it in found] == ["reports/kiln.html: port 99 is taken"]
    assert not [it for it in failures(story_of()) if "report of a run" in it.block]
