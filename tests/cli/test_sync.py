"""``handoff sync``: the usage an agent's own transcript reports becomes the session's, quickly and again and again."""

from __future__ import annotations

import builtins
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.transcripts import rows as r


@pytest.fixture
def transcript(project):
    """A Claude Code session of the project, where Claude Code keeps it; returns a function that appends rows."""
    path = Path.home() / ".claude" / "projects" / re.sub(r"[^A-Za-z0-9]", "-", str(project)) / "s-1.jsonl"
    path.parent.mkdir(parents=True)
    return Growing(path)


class Growing:
    def __init__(self, path):
        self.path = path
        self.responses = 0

    def say(self, *rows):
        with self.path.open("a") as file:
            file.write(r.jsonl(*rows))
        return self

    def respond(self, tokens, **fields):
        self.responses += 1
        fields = {"model": "claude-opus-4-5-20251101", **fields}
        return self.say(r.claude_response(tokens, id_=f"msg_{self.responses}", **fields))


def synced(handoff, *argv):
    code, out, err = handoff("sync", "--json", *argv)
    assert code == 0, err
    return json.loads(out)


def test_usage_comes_from_the_projects_own_transcript(handoff, transcript):
    """Found by itself, exact, with agent, version, window and rule."""
    transcript.say(r.claude_user("hello")).respond(61_234)
    status = synced(handoff)
    assert (status["total_tokens"], status["method"], status["agent"], status["agent_version"]) == (
        61_234, "exact", "claude", "2.1.42",
    )  # fmt: skip
    assert status["model"] == "claude-opus-4-5-20251101"
    assert (status["context_window_limit"], status["usable_tokens"]) == (200_000, 167_000)
    assert status["transcript"] == str(transcript.path)
    assert "cache" in status["usage_rule"]
    assert json.loads(handoff("status", "--json")[1])["total_tokens"] == 61_234
    text = handoff("status")[1]
    assert "window by Claude Code" in text
    assert "33,000" in text
    assert "2.1.42" in text


def test_usage_replaces_what_was_tracked_and_what_is_tracked_later_adds(handoff, transcript):
    handoff("track", "--tokens", "500")
    transcript.respond(10_000)
    assert synced(handoff)["total_tokens"] == 10_000
    handoff("track", "--tokens", "70")
    status = synced(handoff)
    assert (status["total_tokens"], status["recorded"]) == (10_070, False)
    assert synced(handoff)["recorded"] is False
    assert synced(handoff)["checkpoint_count"] == 2
    transcript.respond(10_500)
    assert synced(handoff)["total_tokens"] == 10_500
    log = handoff("log")[1]
    assert log.count("  =") == 2
    assert "=  10,500" in log


def test_nothing_new_writes_nothing(handoff, transcript, project):
    transcript.respond(10_000)
    synced(handoff)
    files = {path: path.read_bytes() for path in (project / ".agent-handoffs").iterdir() if path.is_file()}
    transcript.say(r.claude_user("thanks"))
    assert synced(handoff)["recorded"] is False
    assert "nothing new" in handoff("sync")[1]
    assert files == {path: path.read_bytes() for path in (project / ".agent-handoffs").iterdir() if path.is_file()}


def test_a_half_written_line_waits_for_its_end(handoff, transcript):
    transcript.respond(10_000)
    synced(handoff)
    row = r.jsonl(r.claude_response(20_000, id_="next")).encode()
    with transcript.path.open("ab") as file:
        file.write(row[:-30])
    assert synced(handoff)["total_tokens"] == 10_000
    with transcript.path.open("ab") as file:
        file.write(row[-30:])
    assert synced(handoff)["total_tokens"] == 20_000


@pytest.mark.parametrize("in_place", [True, False])
def test_a_replaced_or_shortened_transcript_is_read_anew(handoff, transcript, in_place):
    for tokens in range(10_000, 30_000, 1000):
        transcript.respond(tokens)
    assert synced(handoff)["total_tokens"] == 29_000
    if not in_place:
        transcript.path.rename(transcript.path.with_suffix(".old"))
    transcript.path.write_text("")
    transcript.respond(5_000)
    assert synced(handoff)["total_tokens"] == 5_000


def test_a_threshold_trips_once_and_a_compaction_arms_it_again(handoff, transcript, project):
    """The document is written at the crossing, at 80 % of what is usable; falling is no crossing."""
    transcript.respond(133_599)
    assert synced(handoff)["crossed"] is None
    transcript.respond(133_600)
    status = synced(handoff)
    assert (status["level"], status["crossed"], status["handoff_written"]) == ("warning", "warning", True)
    assert (project / ".agent-handoffs" / "CURRENT_SESSION.md").exists()
    transcript.respond(140_000)
    assert synced(handoff)["crossed"] is None
    transcript.say(r.claude_compact(140_500)).respond(40_000)
    status = synced(handoff)
    assert (status["level"], status["crossed"], status["compaction_count"]) == ("ok", None, 1)
    assert status["peak_tokens"] == 140_000
    transcript.respond(170_000)
    status = synced(handoff)
    assert (status["level"], status["crossed"], status["compaction_count"]) == ("over", "over", 1)


def test_right_after_a_compaction_the_summary_is_counted(handoff, transcript):
    """No response tells the usage yet: an estimate, marked, of what follows the compaction alone."""
    transcript.say(r.claude_user("long ago " * 5000)).respond(150_000)
    synced(handoff)
    transcript.say(r.claude_compact(150_500), r.claude_user("summary " * 100, isCompactSummary=True))
    status = synced(handoff)
    assert status["method"] == "estimated"
    assert 100 < status["low_tokens"] <= status["total_tokens"] < 300
    assert status["high_tokens"] > 40_000, "the agent's instructions and tools are in no log"
    assert (status["level"], status["compaction_count"]) == ("ok", 1)
    assert "our count" in status["usage_rule"]
    out = handoff("sync")[1]
    assert "~" in out
    assert "estimated" in out


def test_a_context_past_the_small_window_means_the_large_one(handoff, transcript):
    transcript.respond(201_000)
    status = synced(handoff)
    assert (status["context_window_limit"], status["level"]) == (1_000_000, "ok")
    transcript.say(r.claude_compact(201_500)).respond(30_000)
    assert synced(handoff)["context_window_limit"] == 1_000_000


def test_two_responses_of_two_models_go_by_the_last(handoff, transcript):
    transcript.respond(10_000).respond(12_000, model="claude-opus-4-8")
    status = synced(handoff)
    assert (status["model"], status["usable_tokens"]) == ("claude-opus-4-8", 967_000)


def test_rows_that_are_not_of_the_main_chain_do_not_count(handoff, transcript):
    transcript.respond(10_000).respond(99_000, sidechain=True)
    transcript.say(r.claude_response(0, id_="x", model="<synthetic>", usage={"input_tokens": 0}))
    assert synced(handoff)["total_tokens"] == 10_000


def several_agents(project):
    """A transcript of three agents for the same project, Codex' the newest."""
    home = Path.home()
    claude = home / ".claude" / "projects" / re.sub(r"[^A-Za-z0-9]", "-", str(project)) / "s.jsonl"
    codex = home / ".codex" / "sessions" / "2026" / "01" / "02" / "rollout-x.jsonl"
    gemini = home / ".gemini" / "tmp" / "p" / "chats" / "session-x.jsonl"
    texts = {
        claude: r.jsonl(r.claude_response(11_000)),
        gemini: r.jsonl(r.gemini_start(), r.gemini_message("m", 33_000, model="gemini-2.5-pro")),
        codex: r.jsonl(
            r.codex("session_meta", id="c", cwd=str(project), cli_version="0.125.0"),
            r.codex("turn_context", model="gpt-5.5"),
            r.codex_tokens(22_000),
        ),
    }
    for number, (path, text) in enumerate(texts.items()):
        path.parent.mkdir(parents=True)
        path.write_text(text)
        os.utime(path, (1_700_000_000 + number,) * 2)
    (gemini.parents[1] / ".project_root").write_text(str(project))
    return claude, codex, gemini


def test_the_newest_of_several_agents_is_read_unless_one_is_named(handoff, project):
    _claude, _codex, gemini = several_agents(project)
    status = synced(handoff)
    assert (status["agent"], status["total_tokens"], status["agent_version"], status["model"]) == (
        "codex", 22_000, "0.125.0", "gpt-5.5",
    )  # fmt: skip
    assert (status["context_window_limit"], status["context_window_source"]) == (258_400, "reported by codex")
    assert status["usable_tokens"] == 244_800
    status = synced(handoff, "--agent", "gemini")
    assert (status["agent"], status["total_tokens"], status["usable_tokens"]) == ("gemini", 33_000, 524_288)
    assert synced(handoff, "--agent", "claude")["total_tokens"] == 11_000
    assert synced(handoff, "--transcript", str(gemini))["agent"] == "gemini"


def test_one_that_grows_is_kept_and_one_that_rests_gives_way_to_a_newer(handoff, project):
    claude, _codex, _ = several_agents(project)
    assert synced(handoff, "--agent", "claude")["agent"] == "claude"
    with claude.open("a") as file:
        file.write(r.jsonl(r.claude_response(12_000, id_="m2")))
    os.utime(claude, (1_700_000_001,) * 2)
    assert synced(handoff)["total_tokens"] == 12_000
    assert synced(handoff)["agent"] == "codex"


def test_each_agents_own_variable_moves_its_folder(handoff, project, monkeypatch, tmp_path):
    _claude, _codex, _ = several_agents(project)
    (Path.home() / ".codex").rename(tmp_path / "codex-home")
    assert synced(handoff)["agent"] == "gemini"
    monkeypatch.setenv("CODEX_HOME", str(tmp_path / "codex-home"))
    assert synced(handoff, "--agent", "codex")["total_tokens"] == 22_000


def test_an_estimate_that_grows_bit_by_bit_is_that_of_the_whole(handoff, project, tmp_path):
    """Codex without token counts; a message that is written as two rows counts once, wherever the reading stopped."""
    rows = [
        r.codex("session_meta", id="c", cwd=str(project), cli_version="0.128.0"),
        r.codex("turn_context", model="gpt-5"),
    ]
    for number in range(12):
        said = f"message {number} says something about the parser and its tests"
        answer = {"type": "output_text", "text": said}
        rows.append(r.codex("response_item", type="message", role="assistant", content=[answer]))
        rows.append(r.codex("event_msg", type="agent_message", message=said))
        if number == 5:
            rows.append(r.codex("compacted", message="what came before"))
    path = tmp_path / "rollout.jsonl"
    figures = []
    for row in rows:
        with path.open("a") as file:
            file.write(r.jsonl(row))
        status = synced(handoff, "--transcript", str(path))
        figures.append((status["method"], status["total_tokens"]))
    whole = synced(handoff, "--session", "other", "--transcript", str(path))
    assert figures[-1] == (whole["method"], whole["total_tokens"])
    assert {method for method, _ in figures} == {"estimated"}
    assert figures[14][1] < figures[13][1]
    assert whole["total_tokens"] > 6 * 10


@pytest.mark.parametrize(
    ("content", "argv", "says"),
    [
        (b"", [], "is empty"),
        (b"{broken\n{still\n", ["--format", "claude-code"], "is not claude_code"),
        (r.jsonl(r.codex_tokens(5)).encode(), ["--format", "claude-code"], "is not claude_code: it looks like codex"),
        (b"\x00\x01\x02" * 999, [], "binary"),
        (None, [], "is a folder"),
        (False, [], "No such file"),
    ],
)
def test_bad_input_is_one_clear_line(handoff, project, content, argv, says):
    path = project / "t.jsonl"
    if content is None:
        path.mkdir()
    elif content is not False:
        path.write_bytes(content)
    code, out, err = handoff("sync", "--transcript", str(path), *argv)
    assert (code, out) == (1, "")
    assert says in err
    assert err.count("\n") == 1
    assert str(path) in err
    assert not (project / ".agent-handoffs" / "token_usage.json").exists()


def test_all_malformed_lines_of_an_agent_are_one_clear_line(handoff, project):
    """Rows that look like Claude Code's and cannot be decoded hold no usage: nothing is counted as if they did."""
    row = r.jsonl(r.claude_user("hello"))
    (project / "t.jsonl").write_text(row[:-20] + "\n" + row[:-20] + "\n")
    code, _, err = handoff("sync", "--transcript", "t.jsonl")
    assert (code, err.count("\n")) == (1, 1)
    assert "malformed" in err


def test_a_session_that_has_only_begun_holds_nothing_yet(handoff, transcript):
    """Its first line is still being written, or tells nothing of the context."""
    transcript.path.write_text(r.jsonl(r.claude_user("hello"))[:40])
    assert synced(handoff, "--agent", "claude")["total_tokens"] == 0
    transcript.path.write_text(r.jsonl({"type": "summary", "summary": "of another", "leafUuid": "u"}))
    assert synced(handoff)["total_tokens"] == 0
    transcript.respond(10_000)
    assert synced(handoff)["total_tokens"] == 10_000


def test_a_file_cut_in_the_middle_of_a_character_keeps_what_is_whole(handoff, project):
    text = r.jsonl(r.claude_response(5_000), r.claude_user("größe 数据" * 20)).encode()
    (project / "t.jsonl").write_bytes(text[: text.rindex(b"\\u") + 3])
    assert synced(handoff, "--transcript", "t.jsonl")["total_tokens"] == 5_000
    raw = json.dumps(r.claude_user("数据"), ensure_ascii=False).encode()
    (project / "t.jsonl").write_bytes(
        r.jsonl(r.claude_response(6_000)).encode() + raw[: raw.rindex(b"\xe6\x8d\xae") + 1]
    )
    assert synced(handoff, "--transcript", "t.jsonl")["total_tokens"] == 6_000


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="permissions do not bind this user")
def test_an_unreadable_transcript_is_one_clear_line(handoff, transcript):
    transcript.respond(10)
    transcript.path.chmod(0)
    code, _, err = handoff("sync")
    assert code == 1
    assert "ermission denied" in err


def test_no_transcript_at_all_says_how_to_name_one(handoff):
    code, out, err = handoff("sync")
    assert (code, out) == (1, "")
    assert "no transcript" in err
    assert "--transcript" in err
    assert handoff("sync", "--agent", "nobody")[0] == 2
    assert handoff("sync", "--format", "nothing")[0] == 2


def test_the_slow_door_reads_the_same(handoff, transcript, monkeypatch):
    transcript.respond(10_000)
    expected = synced(handoff)
    monkeypatch.setattr("handoff_cli.cli.reader.run_fast", lambda _: None)
    again = synced(handoff, "--agent", "claude", "--transcript", str(transcript.path), "--format", "claude-code")
    assert again == {**expected, "recorded": False}


def test_a_transcripts_words_cannot_act_on_the_terminal(handoff, transcript):
    transcript.respond(10_000, model="claude\x1b[31m-opus", version="2\x1b]0;x\x07")
    for argv in (["sync"], ["status"], ["log"]):
        code, out, err = handoff(*argv)
        assert code == 0
        assert "\x1b" not in out + err


class Counting(io.FileIO):
    bytes_read = 0

    def readinto(self, buffer):
        count = super().readinto(buffer)
        Counting.bytes_read += count
        return count

    def read(self, size=-1):
        data = super().read(size)
        Counting.bytes_read += len(data)
        return data

    readall = read


def bytes_read(monkeypatch, path, run):
    real = builtins.open
    Counting.bytes_read = 0

    def opening(file, mode="r", *rest, **named):
        if str(file) == str(path) and mode == "rb":
            return io.BufferedReader(Counting(file))
        return real(file, mode, *rest, **named)

    with monkeypatch.context() as patch:
        patch.setattr(builtins, "open", opening)
        run()
    return Counting.bytes_read


def test_the_bytes_read_do_not_depend_on_the_size(handoff, transcript, monkeypatch):
    """The first reading of a large transcript and each later one read its end alone."""
    filler = r.jsonl(r.claude_user("x" * 1000))
    figures = []
    for size in (100_000, 20_000_000):
        with transcript.path.open("w") as file:
            file.write(filler * (size // len(filler)))
        transcript.respond(10_000 + size // 1000)
        first = bytes_read(monkeypatch, transcript.path, lambda: synced(handoff))
        transcript.say(r.claude_user("more")).respond(20_000 + size // 1000)
        second = bytes_read(monkeypatch, transcript.path, lambda: synced(handoff))
        figures.append((first, second))
        assert 0 < second <= first < 800_000
    assert figures[1][1] == figures[0][1] < 40_000


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
def test_a_transcript_of_a_gigabyte_costs_no_memory_to_speak_of(transcript):
    """One line of it is a hole of a gigabyte, as an image in base64 would be, only larger."""
    transcript.respond(10_000)
    with transcript.path.open("ab") as file:
        file.seek(1 << 30, os.SEEK_CUR)
        file.write(b"\n")
    transcript.respond(11_000)
    code = (
        "import sys; from handoff_cli.__main__ import main; code = main(['sync', '--json']);"
        "sys.stderr.write(open('/proc/self/status').read().partition('VmHWM:')[2].split()[0]); sys.exit(code)"
    )
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": root},
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["total_tokens"] == 11_000
    assert int(done.stderr.split()[-1]) < 150 * 1024


def test_a_reset_begins_a_session_that_finds_its_transcript_again(handoff, transcript):
    transcript.respond(10_000)
    synced(handoff)
    handoff("reset")
    assert json.loads(handoff("status", "--json")[1])["transcript"] is None
    assert synced(handoff)["total_tokens"] == 10_000


def test_window_given_as_an_option_counts_for_the_call(handoff, transcript):
    transcript.respond(10_000)
    status = synced(handoff, "--window", "20000")
    assert (status["context_window_limit"], status["context_window_source"]) == (20_000, "--window")
    assert json.loads(handoff("status", "--json")[1])["context_window_limit"] == 200_000
    assert handoff("status", "--window", "0")[0] == 2
