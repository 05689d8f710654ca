import json
import os
import random
import string
import sys
from pathlib import Path

import pytest

STATE = Path(".agent-handoffs/token_usage.json")
HANDOFF = Path(".agent-handoffs/CURRENT_SESSION.md")


def total(handoff):
    return json.loads(handoff("status", "--json")[1])["total_tokens"]


def test_piped_text_is_counted_and_shown(handoff):
    code, out, err = handoff("track", stdin="hello world")
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "+2 stdin: hello world"
    assert "2 of 128,000 tokens, 127,998 left (counted, o200k_base)" in out
    assert total(handoff) == 2


def test_each_file_is_a_checkpoint(handoff, project):
    (project / "a.txt").write_text("hello world")
    (project / "b.txt").write_text("hello")
    assert handoff("track", "a.txt", "-", "b.txt", stdin="hello hello hello")[0] == 0
    status = json.loads(handoff("status", "--json")[1])
    assert [(item["source"], item["tokens"]) for item in status["checkpoints"]] == [
        ("a.txt", 2),
        ("stdin", 3),
        ("b.txt", 1),
    ]


def test_a_missing_file_among_others_records_nothing(handoff, project):
    (project / "a.txt").write_text("hello world")
    code, out, err = handoff("track", "a.txt", "absent.txt")
    assert (code, out) == (1, "")
    assert err == "handoff: cannot read absent.txt: No such file or directory; check the path\n"
    assert not STATE.exists()


def test_a_folder_is_refused_by_name(handoff, project):
    (project / "folder").mkdir()
    code, _, err = handoff("track", "folder")
    assert code == 1
    assert "folder is a folder, not a file" in err


def test_a_crossing_writes_and_shows_the_handoff_once(handoff):
    handoff("config", "set", "context_window_limit", "100")
    assert "threshold" not in handoff("track", stdin="one " * 40)[2]
    assert not HANDOFF.exists()
    code, out, err = handoff("track", "-d", "the crossing", stdin="one " * 45)
    assert code == 0
    assert "warning threshold reached: handoff written to" in err
    assert "## Record" in out
    assert "the crossing" in HANDOFF.read_text()
    code, out, err = handoff("track", "-d", "one more", stdin="one " * 3)
    assert "above the warning threshold: handoff brought up to date" in err
    assert "## Record" not in out
    assert "one more" in HANDOFF.read_text()


def test_each_higher_level_is_a_crossing_of_its_own_and_reset_rearms(handoff):
    handoff("config", "set", "context_window_limit", "100")
    crossed = [json.loads(handoff("track", "--json", stdin="one " * 27)[1])["crossed"] for _ in range(5)]
    assert crossed == [None, None, "warning", "over", None]
    handoff("reset")
    assert json.loads(handoff("track", "--json", stdin="one " * 97)[1])["crossed"] == "critical"


def test_what_people_wrote_into_the_handoff_survives_updates(handoff):
    handoff("config", "set", "context_window_limit", "10")
    handoff("track", stdin="one " * 12)
    text = HANDOFF.read_text()
    edited = text.replace("## Notes\n", "## Notes\n\nNo ORM: the DBA said so.\n", 1) + "\n## Mine\n\nkeep\n"
    HANDOFF.write_text(edited)
    handoff("track", "-d", "later", stdin="one")
    updated = HANDOFF.read_text()
    assert "No ORM: the DBA said so." in updated
    assert updated.rstrip().endswith("## Mine\n\nkeep")
    assert "later" in updated


def test_tee_passes_the_input_through_untouched(spawn):
    data = b"caf\xe9 \x00 \xff\xfe text\r\n" * 1000
    done = spawn("track", "--tee", stdin=data)
    assert (done.returncode, done.stdout) == (0, data)
    assert b"tokens" in done.stderr


def test_a_dry_run_shows_and_records_nothing(handoff, project):
    handoff("track", stdin="hello world")
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    code, out, err = handoff("track", "--dry-run", stdin="hello")
    assert err == "handoff: a dry run: nothing was recorded\n"
    assert code == 0
    assert "3 of 128,000 tokens" in out
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before


def test_a_dry_run_in_an_untouched_project_leaves_no_folder(handoff, project):
    assert handoff("track", "--dry-run", stdin="hello")[0] == 0
    assert os.listdir(project) == [".git"]


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_empty_input_is_no_checkpoint_and_says_so(handoff, data):
    code, out, err = handoff("track", stdin=data)
    assert (code, out, err) == (0, "", "handoff: nothing to track: the input is empty\n")
    assert not STATE.exists()


def test_known_tokens_are_recorded_as_reported(handoff):
    assert handoff("track", "--tokens", "1234", "-d", "from the API")[0] == 0
    status = json.loads(handoff("status", "--json")[1])
    assert (status["total_tokens"], status["method"]) == (1234, "reported")
    assert status["checkpoints"][0]["description"] == "from the API"


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["--tokens", "-1"], "-1"),
        (["--tokens", "many"], "invalid value for '--tokens'"),
        (["--tokens", "1.5"], "invalid value for '--tokens'"),
        (["--tokens", "99999999999999999999"], "99999999999999999999"),
        (["--tokens", "1", "file"], "--tokens goes without files"),
        (["-", "-"], "standard input can be read once"),
        (["--encoding"], "requires an argument"),
        (["--nonsense"], "no such option: --nonsense"),
        (["--format", "klingon"], "klingon"),
    ],
)
def test_what_makes_no_sense_is_a_usage_error_on_one_line(handoff, argv, says):
    code, out, err = handoff("track", *argv, stdin="hello")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert says in err
    assert not STATE.exists()


def test_a_terminal_on_stdin_and_no_file_is_a_usage_error_not_a_hang(handoff, monkeypatch):
    import io

    class Terminal(io.BytesIO):
        def isatty(self):
            return True

    monkeypatch.setattr(io, "TextIOWrapper", lambda *_, **__: Terminal())
    code, _, err = handoff("track")
    assert code == 2
    assert "no file named and no text piped" in err


def test_special_tokens_in_text_are_counted_as_text(handoff):
    assert handoff("track", stdin="a<|endoftext|>b")[0] == 0
    assert total(handoff) == 9


def test_bytes_that_are_no_text_are_counted_with_a_warning_or_refused(handoff):
    code, _, err = handoff("track", stdin=b"caf\xe9 \xff\xff!")
    assert code == 0
    assert err.endswith("count as U+FFFD, 3 of them; is it text in UTF-8?\n")
    assert handoff("track", stdin=b"a word with one caf\xe9")[2].endswith("count as U+FFFD, 1 of them\n")
    before = total(handoff)
    code, out, err = handoff("track", "--strict", stdin=b"caf\xe9 !")
    assert (code, out) == (1, "")
    assert "stdin" in err
    assert total(handoff) == before


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
def test_text_with_a_byte_order_mark_counts_as_its_characters(handoff, encoding):
    assert handoff("track", stdin="hello wörld".encode(encoding))[2] == ""
    marked = total(handoff)
    handoff("reset")
    handoff("track", stdin="hello wörld")
    assert total(handoff) == marked


def test_nul_bytes_are_text(handoff):
    assert handoff("track", stdin=b"\x00\x00a\x00")[0] == 0
    assert total(handoff) > 0


def test_escapes_and_markup_in_strangers_words_are_shown_inert(handoff, project):
    hostile = "\x1b]0;owned\x07\x1b[31m[bold red]red[/]\u202e"
    (project / "\x1b[31mname").write_text("hello")
    for color in ("never", "always"):
        _, out, err = handoff("--color", color, "track", "-d", hostile, "\x1b[31mname")
        assert "\x1b]0;" not in out + err
        assert "\x1b[31m[bold" not in out + err
        assert "[bold red]red[/]" in out
        assert "\\x1b]0;owned\\x07" in out
    for argv in (["status"], ["--color", "always", "status"], ["handoff", "--stdout"]):
        out = handoff(*argv)[1]
        assert "\x1b]0;" not in out
        assert "\u202e" not in out


def test_a_description_of_megabytes_is_cut(handoff):
    code, out, _ = handoff("track", "--json", "-d", "x" * 1_000_000, stdin="hello")
    assert (code, len(json.loads(out)["added"][0]["description"])) == (0, 500)
    assert STATE.stat().st_size < 10_000


def test_secrets_in_descriptions_and_first_lines_are_not_written(handoff, project):
    secret = "ghp_" + "".join(random.Random(7).choices(string.ascii_letters + string.digits, k=36))
    handoff("track", stdin=f"export GITHUB_TOKEN={secret}\nmore")
    handoff("track", "-d", f"uses {secret}", stdin="hello")
    for path in project.rglob("*"):
        if path.is_file():
            assert secret.encode() not in path.read_bytes()


def test_an_unknown_model_is_estimated_with_the_default_encoding(handoff):
    code, out, _ = handoff("track", "--model", "never-heard-of-it", stdin="hello world")
    assert code == 0
    assert "~" in out
    status = json.loads(handoff("status", "--json")[1])
    assert (status["method"], status["encoding"], status["model"]) == ("estimated", "o200k_base", "never-heard-of-it")
    assert status["low_tokens"] <= status["total_tokens"] <= status["high_tokens"]


def test_a_known_model_brings_its_encoding_and_window(handoff):
    handoff("track", "--model", "gpt-4", stdin="hello world")
    status = json.loads(handoff("status", "--json")[1])
    assert (status["encoding"], status["method"]) == ("cl100k_base", "counted")
    assert (status["context_window_limit"], status["context_window_source"]) == (8192, "model table")


@pytest.mark.parametrize(("name", "exit_code"), [("klingon", 2), ("p50k_base", 1)])
def test_an_encoding_that_is_not_at_hand_says_what_to_do(handoff, name, exit_code):
    code, out, err = handoff("track", "--encoding", name, stdin="hello")
    assert (code, out) == (exit_code, "")
    assert err.count("\n") == 1
    assert name in err
    assert not STATE.exists()


def test_ctrl_c_while_reading_records_nothing_and_says_so(handoff, monkeypatch):
    handoff("track", stdin="hello")
    before = STATE.read_bytes()

    class Interrupting:
        def isatty(self):
            return False

        @property
        def buffer(self):
            return self

        def read1(self, _):
            raise KeyboardInterrupt

        read = read1

    monkeypatch.setattr(sys, "stdin", Interrupting())
    from handoff_cli.__main__ import main

    assert main(["track"]) == 130
    assert STATE.read_bytes() == before


def test_quiet_leaves_only_what_was_asked_for(handoff):
    assert handoff("--quiet", "track", stdin="hello") == (0, "", "")
    assert handoff("-q", "status") == (0, "", "")
    assert handoff("-q", "status", "--line")[1] == "0.0% 1/128,000 ok\n"
    assert handoff("track", "--quiet", stdin="hello") == (0, "", "")


def test_sessions_of_one_project_do_not_mix(handoff, project):
    handoff("track", stdin="hello")
    handoff("--session", "b", "track", stdin="hello world")
    handoff("track", stdin="hello")
    assert total(handoff) == 2
    assert json.loads(handoff("--session", "b", "status", "--json")[1])["total_tokens"] == 2
    code, _, err = handoff("--session", "../b", "track", stdin="hello")
    assert code == 2
    assert "session name '../b' is not allowed" in err


def test_a_large_piece_costs_no_more_memory_than_a_small_one_in_the_state(handoff):
    for number in range(50):
        handoff("-q", "track", "-d", f"piece {number}", stdin="hello")
    assert STATE.stat().st_size < 4000
    status = json.loads(handoff("status", "--json")[1])
    assert (status["checkpoint_count"], len(status["checkpoints"])) == (50, 5)


@pytest.mark.parametrize("model", ["x" * 201, "a\nb", "a\x1bb"])
def test_what_can_be_no_model_id_is_refused_before_anything_is_recorded(handoff, model):
    code, out, err = handoff("track", "--model", model, stdin="hello")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert not STATE.exists()


def test_an_exact_tokenizer_leaves_a_state_that_can_be_read(handoff, monkeypatch):
    monkeypatch.setattr("handoff_cli.tokens.count.count_exactly", lambda *_: (7, "ctok 3.0", "a reconstruction"))
    assert handoff("track", "--exact", "--model", "claude-sonnet-4-5", stdin="hello")[0] == 0
    STATE.write_text(STATE.read_text() + "// touched\n")
    status = json.loads(handoff("status", "--json")[1])
    assert (status["total_tokens"], status["method"], status["encoding"]) == (7, "counted", "o200k_base")
    assert "+       7" in handoff("log")[1]


def test_exact_without_a_tokenizer_says_so(handoff, monkeypatch):
    monkeypatch.setattr("handoff_cli.tokens.count.count_exactly", lambda *_: None)
    assert "the figure is an estimate" in handoff("track", "--exact", "--model", "claude-opus-4-5", stdin="hello")[2]


def test_a_reader_of_the_copy_that_stops_costs_nothing(project, handoff):
    import subprocess
    from pathlib import Path

    command = f"yes some words | head -c 300000 | {sys.executable} -m handoff_cli track --tee | head -1"
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(["sh", "-c", command], capture_output=True, env=environ, timeout=60, check=False)
    assert done.stdout == b"some words\n"
    status = json.loads(handoff("status", "--json")[1])
    assert status["total_tokens"] > 300_000 // len("some words\n") * 2


@pytest.mark.parametrize("argv", [["status"], ["track", "a.txt"], ["--help"], ["mcp"]])
def test_a_full_disk_behind_the_output_is_one_line(spawn, project, argv):
    (project / "a.txt").write_text("hello")
    with open("/dev/full", "wb") as full:
        import subprocess
        from pathlib import Path

        done = subprocess.run(
            [sys.executable, "-m", "handoff_cli", *argv],
            input=b"no JSON, which is answered\n",
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert (done.stderr.count(b"\n"), b"cannot write the output" in done.stderr) == (1, True)


def test_a_working_directory_that_is_gone_is_named(handoff, project, monkeypatch):
    (project / "gone").mkdir()
    monkeypatch.chdir(project / "gone")
    (project / "gone").rmdir()
    code, _, err = handoff("status")
    assert (code, "working directory is gone" in err) == (1, True)
    assert handoff("--dir", str(project), "status")[0] == 0


def test_a_file_without_a_name_is_named_so(handoff):
    assert handoff("track", "")[2].startswith("handoff: cannot read '': ")


@pytest.mark.parametrize("option", ["--dir", "--session"])
def test_an_empty_name_is_refused(handoff, option):
    code, _, err = handoff(option, "", "status")
    assert (code, f"{option} is empty" in err) == (2, True)


@pytest.mark.parametrize("surplus", [["--format", "auto"], ["--role", "user"], ["--safe"], ["--exact"], ["--strict"]])
def test_options_that_mean_nothing_for_known_tokens_are_refused(handoff, surplus):
    code, _, err = handoff("track", "--tokens", "5", *surplus)
    assert (code, "--tokens goes without" in err) == (2, True)


def test_an_empty_file_among_several_is_named(handoff, project):
    (project / "a.txt").write_text("hello")
    (project / "empty.txt").write_text("")
    assert "empty.txt is empty" in handoff("track", "a.txt", "empty.txt")[2]


def test_a_dry_run_in_a_fresh_project_has_no_session_id(handoff):
    assert json.loads(handoff("track", "--dry-run", "--json", stdin="hello")[1])["session_id"] is None


def test_what_is_set_goes_before_what_was_tracked_in_status_and_track_alike(handoff):
    handoff("track", "--model", "gpt-4", stdin="hello")
    handoff("config", "set", "model", "gpt-4o")
    assert json.loads(handoff("status", "--json")[1])["context_window_limit"] == 128_000
    assert json.loads(handoff("track", "--json", stdin="hello")[1])["context_window_limit"] == 128_000


def test_the_figures_fit_a_narrow_display(handoff, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    out = handoff("track", "-d", "x", "--model", "claude-opus-4-5", stdin="hello " * 5000)[1]
    assert max(map(len, out.splitlines()[1:])) <= 40
    monkeypatch.setenv("COLUMNS", "9" * 5000)
    assert handoff("status")[0] == 0
