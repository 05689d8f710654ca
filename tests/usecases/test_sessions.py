"""``handoff sessions``: what runs, what was archived, and bringing an archived one back."""

import json
import os
from pathlib import Path

from handoff_cli.constants import HANDOFF_FILE, STATE_FILE

FOLDER = Path(".agent-handoffs")


def rows(handoff, *argv):
    code, out, _ = handoff("sessions", "--json", *argv)
    assert code == 0
    return json.loads(out)


def reset(handoff, *argv):
    return os.path.basename(handoff(*argv, "reset")[1].splitlines()[0].split(" archived in ")[1])


def test_nothing_is_listed_where_nothing_ran(handoff, project):
    assert rows(handoff) == []
    assert not FOLDER.exists()


def test_running_and_archived_sessions_are_listed_with_usage_times_and_predecessor(handoff):
    handoff("track", "--tokens", "64000")
    archive = reset(handoff)
    handoff("track", "--tokens", "5")
    handoff("--session", "b", "track", "--tokens", "7")
    archived, running, other = rows(handoff)
    assert (archived["archive"], archived["total_tokens"], archived["usable_percentage"]) == (archive, 64_000, 0.5)
    assert (running["archive"], running["total_tokens"]) == (None, 5)
    assert running["previous_session"] == archived["session_id"]
    assert (other["session"], other["total_tokens"]) == ("b", 7)
    assert rows(handoff, "--session", "b") == [other]
    text = handoff("sessions")[1]
    assert f"{archive}  archived\n    64,000 tokens, 50.0% ok, 1 checkpoint" in text


def test_one_that_cannot_be_read_does_not_hide_the_others(handoff):
    handoff("track", "--tokens", "1")
    archive = reset(handoff)
    (FOLDER / "archive" / archive / STATE_FILE).write_text("{")
    broken, running = rows(handoff)
    assert "cannot understand" in broken["problem"]
    assert running["problem"] is None
    assert "cannot understand" in handoff("sessions")[1]


def test_an_archived_session_can_be_shown(handoff):
    handoff("track", "--tokens", "9", "-d", "the nine")
    archive = reset(handoff)
    assert json.loads(handoff("sessions", "show", archive, "--json")[1])["total_tokens"] == 9
    assert "the nine" in handoff("sessions", "show", archive)[1]
    code, _, err = handoff("sessions", "show", "nothing")
    assert (code, err) == (1, "handoff: there is no archived session nothing; handoff sessions lists them\n")


def test_restoring_swaps_sessions_with_their_documents_and_keeps_settings(handoff):
    handoff("track", "--tokens", "9")
    handoff("handoff", "--goal", "the first goal")
    archive = reset(handoff)
    handoff("config", "set", "model", "gpt-4o")
    handoff("track", "--tokens", "5")
    code, out, err = handoff("sessions", "restore", archive)
    assert (code, err) == (0, "")
    status = json.loads(handoff("status", "--json")[1])
    assert (status["total_tokens"], status["model"]) == (9, "gpt-4o")
    assert "the first goal" in (FOLDER / HANDOFF_FILE).read_text()
    archived, running = rows(handoff)
    assert (archived["total_tokens"], running["total_tokens"]) == (5, 9)
    assert not (FOLDER / "archive" / archive).exists()
    back = os.path.basename(out.splitlines()[0].split(" archived in ")[1])
    handoff("sessions", "restore", back)
    assert json.loads(handoff("track", "--json", "--tokens", "1")[1])["total_tokens"] == 6
    assert not (FOLDER / HANDOFF_FILE).exists()


def test_a_session_whose_state_is_lost_is_restored_from_its_ledger(handoff):
    handoff("track", "--tokens", "9")
    archive = reset(handoff)
    (FOLDER / "archive" / archive / STATE_FILE).unlink()
    assert handoff("sessions", "restore", archive)[0] == 0
    assert json.loads(handoff("status", "--json")[1])["total_tokens"] == 9


def test_further_sessions_have_archives_of_their_own(handoff):
    handoff("--session", "b", "track", "--tokens", "3")
    archive = reset(handoff, "--session", "b")
    code, _, err = handoff("sessions", "restore", archive)
    assert (code, "--session b" in err) == (1, True)
    assert handoff("--session", "b", "sessions", "restore", archive)[0] == 0
    assert [row["total_tokens"] for row in rows(handoff) if row["archive"] is None] == [3]
