"""``handoff calibrate``: the user's own factor, learnt from transcripts, and used by estimates from then on."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from handoff_cli.tokens.messages import message_overhead
from handoff_cli.tokens.stream import StreamCounter
from tests.transcripts import rows as r

MODEL = "claude-opus-4-5-20251101"
TEXT = "The parser reads the whole file before it counts, which is slow on a large one; see tests and notes. " * 40


def tokens_of(text):
    counter = StreamCounter("o200k_base")
    counter.feed(text)
    return counter.settle()


def conversation(factors, model=MODEL):
    """Each prompt adds exactly its factor times our count, and the frame of its message."""
    rows, context = [r.claude_response(1000, id_="m0", model=model)], 1000.0
    for number, factor in enumerate(factors, 1):
        text = f"{number} {TEXT}"
        context += tokens_of(text) * factor + message_overhead("user", model).tokens
        rows += [r.claude_user(text), r.claude_response(round(context), id_=f"m{number}", model=model)]
    return r.jsonl(*rows)


@pytest.fixture
def transcripts(project):
    folder = Path.home() / ".claude" / "projects" / re.sub(r"[^A-Za-z0-9]", "-", str(project))
    folder.mkdir(parents=True)
    (folder / "a.jsonl").write_text(conversation([1.3] * 30))
    return folder


def test_the_factor_that_is_in_the_transcripts_is_found_kept_and_used(handoff, transcripts, project):
    code, out, err = handoff("calibrate")
    assert code == 0, err
    assert "claude-opus-4-5: o200k_base times 1.30" in out
    assert "30 responses" in out
    before = json.loads(handoff("track", "--json", "--dry-run", "--model", "claude-sonnet-4-5", stdin=TEXT)[1])
    added = json.loads(handoff("track", "--json", "--model", "claude-opus-4-5", stdin=TEXT)[1])["added"][0]
    assert added["tokens"] == pytest.approx(tokens_of(TEXT) * 1.3, rel=0.01)
    assert "calibrated on 30 responses of your own" in added["note"]
    assert "measured" in before["added"][0]["note"]
    assert "calibrated" in handoff("track", "--again", "--model", MODEL, stdin=TEXT)[1]
    text = (project / ".agent-handoffs" / "token_usage.json").read_text()
    assert json.loads(text)["state"]["calibration"]["claude-opus-4-5"]["samples"] == 30


def test_the_band_is_that_of_the_samples(handoff, transcripts):
    (transcripts / "a.jsonl").write_text(conversation([1.1, 1.2, 1.3, 1.4, 1.5] * 8))
    own = json.loads(handoff("calibrate", "--json")[1])["learned"][0]["calibration"]
    assert own["factor"] == pytest.approx(1.3, abs=0.01)
    assert (own["low"], own["high"]) == (pytest.approx(1.1, abs=0.01), pytest.approx(1.5, abs=0.01))


def test_it_survives_a_reset_a_setting_and_a_hand_in_the_file(handoff, transcripts, project):
    handoff("calibrate")
    handoff("track", stdin="x")
    handoff("reset")
    handoff("config", "set", "warning_threshold", "0.7")
    path = project / ".agent-handoffs" / "token_usage.json"
    path.write_text("// mine\n" + path.read_text())
    for session in ([], ["--session", "further"]):
        added = json.loads(handoff("track", "--json", "--model", MODEL, *session, stdin=TEXT)[1])["added"][0]
        assert "calibrated" in added["note"]
    broken = path.read_text().replace('"factor": 1.', '"factor": -1.')
    path.write_text(broken)
    code, _, err = handoff("status")
    assert code == 3
    assert "calibration.claude-opus-4-5" in err
    assert path.read_text() == broken


def test_sync_estimates_with_it_and_says_so(handoff, transcripts, project):
    handoff("calibrate")
    said = [{"type": "text", "text": "Here it is."}]
    answer = r.claude_response(0, said, usage={"input_tokens": 0}, model=MODEL)
    (project / "t.jsonl").write_text(r.jsonl(answer, r.claude_user(TEXT)))
    status = json.loads(handoff("sync", "--json", "--transcript", "t.jsonl")[1])
    assert status["method"] == "estimated"
    assert "calibrated on 30 responses" in status["usage_rule"]


def test_too_little_is_not_learnt_from_and_public_tokenizers_need_nothing(handoff, transcripts, project):
    (transcripts / "a.jsonl").write_text(conversation([1.3] * 5) + conversation([1.0] * 25, "gpt-5.1"))
    code, out, err = handoff("calibrate")
    assert code == 0
    assert "too little" in out
    assert "its tokenizer is public" in out
    assert "nothing was learnt" in err
    assert not (project / ".agent-handoffs").exists()


def test_a_compaction_a_change_of_model_and_small_talk_are_no_samples(handoff, project):
    first, second = conversation([1.3] * 30), conversation([1.3] * 30)
    small = r.jsonl(
        *(row for n in range(50) for row in (r.claude_user("hi"), r.claude_response(90_000 + 9 * n, id_=f"s{n}")))
    )
    (project / "t.jsonl").write_text(first + r.jsonl(r.claude_compact()) + second + small)
    own = json.loads(handoff("calibrate", "--json", "t.jsonl")[1])["learned"]
    by_model = {it["model"]: it for it in own}
    assert by_model["claude-opus-4-5"]["samples"] == 60
    assert by_model["claude-opus-4-5"]["calibration"]["factor"] == pytest.approx(1.3, abs=0.01)
    assert by_model["claude-opus-4-6"]["samples"] == 0


def test_bad_input(handoff, transcripts, project):
    """A named file must be readable; of those found, one that is not is skipped, with a warning."""
    assert handoff("calibrate", "absent.jsonl")[0] == 1
    assert handoff("calibrate", "--agent", "nobody")[0] == 2
    code, out, err = handoff("calibrate", "--agent", "codex")
    assert (code, out, "no agent has left a transcript" in err) == (0, "", True)
    (transcripts / "b.jsonl").write_text("nothing\n")
    code, out, err = handoff("calibrate")
    assert code == 0
    assert "times 1.30" in out
    assert "read 2 transcripts" in err or "skipped" in err


def test_what_could_not_be_read_back_is_not_written(handoff, project, monkeypatch):
    """Usage that grows a hundredfold faster than the text in the log: images, files that are not in it, lost rows."""
    growth = [(number * 60_000 + 1_000 * (number % 2), "prices and tables " * 90) for number in range(40)]
    (project / "log.jsonl").write_text(
        r.jsonl(
            *(
                row
                for tokens, text in growth
                for row in (r.claude_user(text), r.claude_response(tokens, id_=f"m{tokens}", model="claude-sonnet-4-5"))
            )
        )
    )
    handoff("track", "-q", stdin="one")
    _, out, err = handoff("calibrate", "log.jsonl")
    assert "far more than its text" in out + err
    assert handoff("status", "--line")[0] == 0
    assert "calibration" not in (project / ".agent-handoffs" / "token_usage.json").read_text()
