"""What is piped in as text is as good as the agent's own log: the bar, held on made-up sessions."""

from __future__ import annotations

import pytest

from benchmarks.piped import document, held, pieces_of
from benchmarks.raw_facts import cuts
from benchmarks.renderings import FORMS
from benchmarks.synthetic_sessions import write_all
from handoff_cli.agents.readers import opened

WHOLE, CUT = 0.90, 0.85


@pytest.fixture(scope="module")
def sessions(tmp_path_factory):
    """For each session its log, its facts, and those that the document of the log holds."""
    folder = tmp_path_factory.mktemp("sessions")
    write_all(folder)
    found = {}
    for name in ("ordinary", "no-checks"):
        path = folder / f"{name}.jsonl"
        data, facts = cuts(path)[-1]
        found[name] = (data, facts, held(facts, document([data.decode()], 2_000, ".jsonl")))
    return found


@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize("form", FORMS)
def test_the_document_of_a_text_holds_what_that_of_the_log_holds(sessions, form, cut):
    """At 2,000 tokens, in one piece and in pieces of 200 lines cut anywhere."""
    kept = known = 0
    for name, (data, facts, expected) in sessions.items():
        source, reader, _ = opened(name, None, data)
        text = FORMS[form](reader.events(source))
        found = held(facts, document(pieces_of(text, len(text)) if cut else [text], 2_000))
        known += sum(map(len, expected.values()))
        kept += sum(fact in found[category] for category, listed in expected.items() for fact in listed)
    assert known > 40
    assert kept >= (CUT if cut else WHOLE) * known
