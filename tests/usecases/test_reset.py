import json
import os

import pytest

from handoff_cli.usecases.sessions import reset


def archives(project):
    folder = project / ".agent-handoffs" / "archive"
    return sorted(os.listdir(folder)) if folder.exists() else []


def session_id(handoff):
    return json.loads(handoff("status", "--json")[1])["session_id"]


@pytest.mark.parametrize("argv", [("reset",), ("reset", "--discard", "--yes")])
def test_where_nothing_ever_was_nothing_is_made(project, handoff, argv):
    code, out, err = handoff(*argv)
    assert (code, out) == (0, "")
    assert err.startswith("handoff: nothing to reset: ")
    assert err.count("\n") == 1
    assert not (project / ".agent-handoffs").exists()


def test_an_untouched_session_goes_on_with_its_settings_and_leaves_no_archive(project, handoff):
    handoff("init")
    handoff("config", "set", "warning_threshold", "0.5")
    before = session_id(handoff)
    assert handoff("-q", "reset") == (0, "", "")
    assert (session_id(handoff), archives(project)) == (before, [])
    assert handoff("config", "get", "warning_threshold")[1] == "0.5\n"


def test_a_second_reset_archives_nothing_and_keeps_notes_open(project, handoff):
    handoff("track", stdin="hello")
    handoff("note", "the parser stays")
    handoff("reset")
    before = session_id(handoff)
    assert handoff("reset")[:2] == (0, "")
    assert handoff("reset", "--discard", "--yes")[:2] == (0, "")
    assert (session_id(handoff), len(archives(project))) == (before, 1)
    assert handoff("notes")[1] == "1 decision: the parser stays\n"


@pytest.mark.parametrize("argv", [("note", "the parser stays"), ("handoff",), ("track", "--tokens", "0")])
def test_a_note_a_handoff_or_a_checkpoint_is_enough_to_archive(project, handoff, argv):
    handoff(*argv)
    assert " archived in " in handoff("reset")[1]
    assert len(archives(project)) == 1


def test_a_closed_note_too_is_something_to_keep(project, handoff):
    handoff("note", "the parser stays")
    handoff("note", "--done", "1")
    handoff("reset")
    assert len(archives(project)) == 1


def test_a_ledger_with_a_damaged_line_is_still_moved_aside(project, handoff):
    handoff("init")
    with (project / ".agent-handoffs" / "checkpoints.jsonl").open("a") as file:
        file.write("not a line of ours\n")
    assert " archived in " in handoff("reset")[1]


def test_half_a_line_is_nothing_to_archive_and_is_reported(project, handoff):
    handoff("init")
    with (project / ".agent-handoffs" / "checkpoints.jsonl").open("a") as file:
        file.write('{"v":1,"kind":"che')
    code, out, err = handoff("reset")
    assert (code, out, archives(project)) == (0, "", [])
    assert "unfinished last line" in err


def test_the_result_says_that_nothing_ended(place):
    result = reset(place)
    assert (result.ended, result.begun, result.archive) == (None, None, None)
