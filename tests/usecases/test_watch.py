import os
import re

import pytest

from handoff_cli.usecases.watch import RECENT_SECONDS, Watch
from tests.usecases.agents_at_work import Claude


@pytest.fixture
def agent(project):
    home = project.parent / "home"
    made = Claude(project, home, "5e551011-0000-4000-8000-00000000000a")
    folder = home / ".claude" / "projects" / re.sub(r"[^A-Za-z0-9]", "-", str(project))
    folder.mkdir(parents=True)
    made.transcript = made.transcript.rename(folder / made.transcript.name)
    return made


def test_a_growing_transcript_is_followed_and_its_crossing_told_once(place, agent):
    watch = Watch(place)
    agent.response(50_000)
    assert [seen.status["total_tokens"] for seen in watch.look()] == [50_000]
    assert watch.look() == []
    agent.response(140_000)
    (seen,) = watch.look()
    assert (seen.crossed, seen.status["session"]) == ("warning", agent.session)
    assert agent.document.exists()
    agent.response(141_000)
    assert [seen.crossed for seen in watch.look()] == [None]


def test_a_transcript_that_has_rested_for_long_is_left_alone(place, agent):
    agent.response(140_000)
    old = agent.transcript.stat().st_mtime - 2 * RECENT_SECONDS
    os.utime(agent.transcript, (old, old))
    assert Watch(place).look() == []


def test_the_command_looks_once_and_says_what_it_saw(handoff, agent):
    agent.response(140_000)
    code, out, err = handoff("watch", "--once")
    assert (code, out) == (0, f"{agent.session}: 83.8% 140,000/167,000 warning\n")
    assert "warning threshold reached" in err
    assert "\a" not in err


def test_other_agents_can_be_left_out(handoff, agent):
    agent.response(140_000)
    assert handoff("watch", "--once", "--agent", "aider")[1] == ""


def test_changes_come_at_once_where_watchfiles_is_installed(place, agent):
    pytest.importorskip("watchfiles")
    agent.response(50_000)
    changes = Watch(place).changes(0.2)
    for _ in range(3):
        next(changes)
