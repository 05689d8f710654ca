"""What a session that starts is told of the handoff that is there, and when it is told nothing."""

import os
import re

import pytest

from handoff_cli.state import store
from handoff_cli.usecases.notes import add_note
from handoff_cli.usecases.place import place_of
from handoff_cli.usecases.record import write_handoff
from handoff_cli.usecases.review import INJECTED_CHARS, is_worth_keeping, reason_of, text_for_start


@pytest.fixture
def mine(project):
    return place_of("mine", str(project), {})


@pytest.fixture
def theirs(project):
    return place_of("theirs", str(project), {})


def edited(place, pattern, put):
    for folder in {place.folder, place.project}:
        path = os.path.join(folder, "CURRENT_SESSION.md")
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                text = re.sub(pattern, put, file.read(), count=1)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)


def test_with_no_handoff_there_is_nothing_to_say(mine):
    assert all(text_for_start(mine, source) is None for source in ("startup", "clear", "resume", "compact", ""))


@pytest.mark.parametrize("source", ["startup", "clear", "new", ""])
def test_a_new_session_is_told_the_project_s_newest_with_what_changed_since(mine, theirs, source):
    write_handoff(theirs, reason="manual", goal="ship the parser")
    text = text_for_start(mine, source)
    assert text.startswith(
        "This project has a handoff from a session that worked on it before: .agent-handoffs/CURRENT_SESSION.md"
    )
    assert "ship the parser" in text
    assert "<!--" not in text


def test_a_session_that_is_resumed_is_not_told_its_own(mine):
    write_handoff(mine, reason="manual", goal="ship the parser")
    assert text_for_start(mine, "resume") is None
    assert "ship the parser" in text_for_start(mine, "compact")


def test_a_session_that_is_resumed_is_told_another_s_that_is_newer(mine, theirs):
    add_note(mine, "mine")
    write_handoff(theirs, reason="manual", goal="theirs, later")
    edited(theirs, r'created: "20', 'created: "30')
    assert "theirs, later" in text_for_start(mine, "resume")
    edited(theirs, r'created: "30', 'created: "20')
    edited(theirs, r"created: .*", f'created: "{store.read(mine).session.started_at}"')
    assert text_for_start(mine, "resume") is None


def test_after_a_compaction_the_session_s_own_goes_before_a_newer_one(mine, theirs):
    write_handoff(mine, reason="compaction", goal="mine")
    write_handoff(theirs, reason="manual", goal="theirs")
    text = text_for_start(mine, "compact")
    assert "sessions/mine/CURRENT_SESSION.md" in text
    assert "theirs" not in text


def test_an_old_one_and_one_of_a_short_question_are_not_told(mine, theirs):
    write_handoff(theirs, reason="session end", goal="a question")
    assert text_for_start(mine, "startup") is None, "next to nothing of the window was filled"
    edited(theirs, 'reason: "session end"', 'reason: "threshold"')
    assert text_for_start(mine, "startup") is not None
    edited(theirs, r'created: "20\d\d', 'created: "2001')
    assert text_for_start(mine, "startup") is None


def test_one_written_for_another_agent_is_told_however_short_the_session_was(mine, theirs, project):
    from handoff_cli.usecases.go_on import prepare
    from handoff_cli.usecases.place import locate

    add_note(theirs, "keep the cookie name")
    prepare(locate(str(project)), "codex", "theirs", to_run=False)
    assert "keep the cookie name" in text_for_start(mine, "startup")


def test_it_fits_what_agents_pass_on_and_says_where_the_rest_is(mine, theirs):
    for number in range(60):
        add_note(theirs, f"note {number}: " + "a long fact that must be kept " * 12)
    write_handoff(theirs, reason="manual", budget=0)
    text = text_for_start(mine, "startup")
    assert len(text) <= INJECTED_CHARS
    assert text.endswith("[Shortened here; the whole handoff is in .agent-handoffs/CURRENT_SESSION.md.]\n")


def test_a_worktree_s_newer_handoff_does_not_stand_in_for_the_one_that_is_named(mine, theirs, project):
    write_handoff(theirs, reason="manual", goal="the main thing")
    kept = project / ".agent-handoffs" / "worktrees" / "feat"
    kept.mkdir(parents=True)
    text = (project / ".agent-handoffs" / "CURRENT_SESSION.md").read_text()
    (kept / "CURRENT_SESSION.md").write_text(
        text.replace('created: "20', 'created: "30').replace("the main thing", "the feature")
    )
    assert "the main thing" in text_for_start(mine, "startup")


def test_a_quarter_of_the_window_makes_a_session_worth_a_handoff():
    assert [is_worth_keeping(share) for share in (0.0, 0.249, 0.25, 1.2)] == [False, False, True, True]


def test_why_a_document_was_written_is_read_from_it(mine):
    assert reason_of(mine) is None
    write_handoff(mine, reason="compaction")
    assert reason_of(mine) == "compaction"
    edited(mine, r"reason: .*", "reason: 7")
    assert reason_of(mine) == "session end"
