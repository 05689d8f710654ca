"""A session brought up to its transcript, by the function itself: what is written, and when nothing is."""

import os
import re

import pytest

from handoff_cli.errors import InputError
from handoff_cli.state import store
from handoff_cli.usecases.hook_memory import save_agent
from handoff_cli.usecases.place import place_of
from handoff_cli.usecases.reading import SyncRequest
from handoff_cli.usecases.sync import sync
from tests.transcripts import rows as r


@pytest.fixture
def log(project):
    path = project.parent / "log.jsonl"
    path.write_text(r.jsonl(r.claude_user("ship it"), r.claude_response(50_000)))
    return path


def grown(log, tokens):
    with log.open("a") as file:
        file.write(r.jsonl(r.claude_response(tokens, id_=f"msg_{tokens}")))


def of(log):
    return SyncRequest(transcript=str(log))


def ledger(place):
    with open(os.path.join(place.folder, "checkpoints.jsonl"), "rb") as file:
        return file.read()


def test_usage_takes_the_place_of_what_was_there(place, log):
    first = sync(place, of(log))
    assert (first.recorded, first.format, first.status["total_tokens"], first.status["method"]) == (
        True,
        "claude_code",
        50_000,
        "exact",
    )
    grown(log, 60_000)
    assert sync(place, of(log)).status["total_tokens"] == 60_000


def test_with_nothing_new_nothing_is_written_and_no_lock_is_taken(place, log, monkeypatch):
    sync(place, of(log))
    before = ledger(place)
    monkeypatch.setattr(store, "opened", None)
    again = sync(place, of(log))
    assert (again.recorded, again.crossed, again.status["total_tokens"]) == (False, None, 50_000)
    assert ledger(place) == before


def test_a_row_that_says_the_same_again_is_no_news(place, log):
    sync(place, of(log))
    grown(log, 50_000)
    assert not sync(place, of(log)).recorded


def test_past_a_threshold_the_document_is_kept_current_unless_only_crossings_count(place, log):
    grown(log, 140_000)
    assert sync(place, of(log)).crossed == "warning"
    grown(log, 141_000)
    quiet = sync(place, of(log), only_crossings=True)
    assert (quiet.recorded, quiet.crossed, quiet.handoff) == (True, None, None)
    grown(log, 142_000)
    assert "142,000" in sync(place, of(log)).document


def test_what_another_process_has_read_further_is_not_taken_back(place, log, monkeypatch):
    from handoff_cli.usecases import sync as module

    late = module.record

    def overtaken(*arguments, **options):
        monkeypatch.setattr(module, "record", late)
        grown(log, 70_000)
        os.utime(log, ns=(log.stat().st_mtime_ns + 10**9,) * 2)
        assert sync(place, of(log)).status["total_tokens"] == 70_000
        return late(*arguments, **options)

    monkeypatch.setattr(module, "record", overtaken)
    assert not sync(place, of(log)).recorded
    assert store.read(place).session.total_tokens == 70_000


def test_a_clock_that_was_set_back_stops_no_reading(place, log):
    """The log is then older than the last reading of it, and has more in it."""
    sync(place, of(log))
    grown(log, 60_000)
    os.utime(log, (1_000_000_000, 1_000_000_000))
    assert sync(place, of(log)).status["total_tokens"] == 60_000


def test_the_window_the_status_line_was_told_counts_where_the_log_names_none(place, log):
    with store.opened(place):
        save_agent(place.folder, {"window": 1_000_000, "model": "m", "version": "2.1.42"})
    assert sync(place, of(log)).status["context_window_limit"] == 1_000_000
    save_agent(place.folder, {"window": "many"})
    grown(log, 60_000)
    assert sync(place, of(log)).recorded


def test_an_agent_s_session_keeps_its_own_log_though_a_newer_one_is_there(project):
    """``handoff sync`` typed in one session must not read the other that works beside it."""
    folder = project.parent / "home" / ".claude" / "projects" / re.sub(r"[^A-Za-z0-9]", "-", str(project))
    folder.mkdir(parents=True)
    own, other = (folder / f"{name}.jsonl" for name in ("aaaa-own", "bbbb-other"))
    own.write_text(r.jsonl(r.claude_response(50_000)))
    other.write_text(r.jsonl(r.claude_response(90_000)))
    os.utime(own, (1_000_000_000, 1_000_000_000))
    place = place_of("aaaa-own", str(project), {})
    sync(place, of(own))
    assert not sync(place, SyncRequest()).recorded
    assert store.read(place).session.total_tokens == 50_000


def test_where_there_is_no_log_the_error_says_how_to_name_one(place):
    with pytest.raises(InputError, match="no transcript of .* was found") as error:
        sync(place, SyncRequest())
    assert "--transcript FILE" in error.value.hint
