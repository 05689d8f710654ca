"""The text that was tracked is shown again, and kept, counted and left out as the options and settings say."""

import json
from pathlib import Path

import pytest

from handoff_cli.api import track_tokens
from handoff_cli.state.kept_reading import kept_pieces
from handoff_cli.usecases.pieces import CountRequest
from handoff_cli.usecases.place import locate
from handoff_cli.usecases.track import follow
from tests.state.test_kept import noise
from tests.transcripts import rows as r

FOLDER = Path(".agent-handoffs")


def texts():
    return [piece.text for piece in kept_pieces(str(FOLDER))]


def test_log_shows_a_piece_again(handoff):
    handoff("track", stdin="first\npiece\n")
    handoff("track", stdin="second, without an end")
    assert handoff("log", "--text") == (0, "second, without an end\n", "")
    assert handoff("log", "--text", "1") == (0, "first\npiece\n", "")
    assert handoff("log", "2", "--text", "1", "--json")[1].count("\n") == 2
    code, out, err = handoff("log", "--text", "5")
    assert (code, out) == (1, "")
    assert "of checkpoint 5 no text was kept" in err


def test_log_takes_numbers_without_the_text_too(handoff):
    for word in ("one", "two", "three"):
        handoff("track", stdin=word)
    assert [json.loads(line)["sequence"] for line in handoff("log", "--json", "1", "3")[1].splitlines()] == [1, 3]


@pytest.mark.parametrize(
    "argv", [("log", "x"), ("log", "--text", "٣"), ("log", "--text", "--all"), ("transcript", "--format", "x")]
)
def test_what_makes_no_sense_is_a_usage_error(handoff, argv):
    code, _, err = handoff(*argv)
    assert (code, err.count("\n")) == (2, 1)


def test_nothing_kept_is_said(handoff):
    handoff("track", "--tokens", "5")
    for argv in (["log", "--text"], ["log", "--text", "--json"], ["transcript"], ["transcript", "--json"]):
        code, out, err = handoff(*argv)
        assert (code, out, err.count("\n"), "no text was kept of this session" in err) == (0, "", 1, True)
    assert handoff("log", "--text", "1")[0] == 1


TALK = """\
User: the upload fails, find out why
Assistant: The limit is read from the wrong key.
$ go test ./server/...
--- FAIL: TestLimit (0.00s)
exit status 1
"""


def test_a_transcript_is_told_turn_by_turn_across_pieces(handoff):
    handoff("track", stdin=TALK)
    handoff("track", stdin="User: don't raise it for guests\n")
    rows = [json.loads(line) for line in handoff("transcript", "--format", "jsonl")[1].splitlines()]
    assert set(rows[0]) == {"role", "text", "tool", "failed"}
    assert [row["role"] for row in rows] == ["user", "assistant", "assistant", "tool", "user"]
    assert (rows[0]["text"], rows[-1]["text"]) == ("the upload fails, find out why", "don't raise it for guests")
    assert (rows[2]["text"], rows[3]["failed"]) == ("go test ./server/...", True)
    out = handoff("transcript")[1]
    assert out.startswith("## User\n\nthe upload fails, find out why\n\n## Assistant\n")
    assert "go test ./server/...\n```" in out
    assert "### Result, failed\n\n```\n--- FAIL: TestLimit" in out


def test_where_nobody_is_named_the_text_is_told_as_it_is(handoff):
    handoff("track", stdin="plain notes\nwithout anybody speaking in them\n")
    assert handoff("transcript")[1] == "## Text\n\nplain notes\nwithout anybody speaking in them\n\n"


def test_todos_are_told_once_where_they_were_noted(handoff):
    """However often a line adds to the list, and a list that a tool keeps as a list."""
    handoff(
        "track", stdin="Notes\nTODO: fix the parser\nmore\nTODO: write the docs\n- [ ] fix the parser\n- [x] tell Ann\n"
    )
    assert handoff("transcript")[1] == (
        "## Text\n\nNotes\n- [ ] fix the parser\nmore\n- [ ] write the docs\n- [x] tell Ann\n\n"
    )
    handoff("reset", "--yes")
    handoff(
        "track",
        stdin='User: go on\nAssistant: Yes.\nTodoWrite({"todos": [{"content": "test", "status": "pending"}]})\n',
    )
    assert handoff("transcript")[1].endswith("### Call of TodoWrite\n\n```\n- [ ] test\n```\n\n")


def test_every_way_in_keeps_the_text(handoff, project):
    Path("a.txt").write_text("from a file\n")
    handoff("track", "a.txt")
    handoff("track", "-", stdin="from a pipe\n")
    track_tokens("from Python\n")
    Path("b.txt").write_text("followed\nhalf a li")
    following = follow(locate(None, None), "b.txt", CountRequest(), wait=lambda _: None)
    next(following)
    with open("b.txt", "a") as file:
        file.write("ne\n")
    next(following)
    messages = json.dumps([{"role": "user", "content": "hello"}])
    handoff("track", "--format", "auto", stdin=messages)
    log = r.jsonl(r.claude_response(10_000))
    handoff("track", "--format", "auto", stdin=log)
    assert texts() == [
        "from a file\n",
        "from a pipe\n",
        "from Python\n",
        "followed\n",
        "half a line\n",
        messages,
        log,
    ]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_followed_file_is_kept_in_whole_lines_whatever_its_encoding(project, codec):
    """PowerShell writes UTF-16; the last character's byte is the newline's, and \u0a00 \u000a looks like two."""
    mark = "\ufeff" if codec.startswith(("utf-16", "utf-32")) else ""
    path = Path("b.txt")
    path.write_bytes((mark + "erste Zeile\nhalf \u0a00").encode(codec))
    plain = codec.removesuffix("-sig")
    next(follow(locate(None, None), "b.txt", CountRequest()))
    with path.open("ab") as file:
        file.write("\u0aff \u010a ok\nthe rest".encode(plain))
    following = follow(locate(None, None), "b.txt", CountRequest(), wait=lambda _: None)
    next(following)
    with path.open("ab") as file:
        file.write("\n".encode(plain))
    next(following)
    assert texts() == ["erste Zeile\n", "half \u0a00\u0aff \u010a ok\n", "the rest\n"]


def test_no_keep_leaves_one_out_and_the_setting_all(handoff, project):
    handoff("track", "--no-keep", stdin="one")
    assert not (FOLDER / "conversation").exists()
    handoff("track", stdin="two")
    handoff("config", "set", "keep_text", "false")
    handoff("track", stdin="three")
    assert texts() == ["two"]
    assert json.loads(handoff("status", "--json")[1])["checkpoint_count"] == 3


def test_secrets_are_redacted_before_anything_is_written(handoff, project):
    secret = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    handoff("track", stdin=f"the token is {secret}, use it\n")
    assert handoff("log", "--text")[1] == "the token is [REDACTED:github-token], use it\n"
    for path in FOLDER.rglob("*"):
        assert path.is_dir() or secret.encode() not in path.read_bytes()


def test_status_and_doctor_say_how_much_is_kept(handoff, project):
    status = json.loads(handoff("status", "--json")[1])
    assert (status["kept_bytes"], status["kept_left_out"]) == (0, False)
    handoff("track", stdin="hello\n")
    status = json.loads(handoff("status", "--json")[1])
    assert status["kept_bytes"] == sum(path.stat().st_size for path in (FOLDER / "conversation").iterdir())
    assert f"kept text: {status['kept_bytes']} of 33,554,432 bytes in conversation/" in handoff("doctor")[1]
    assert "kept text" not in handoff("status")[1]


def test_what_was_left_out_is_said(handoff, project, monkeypatch):
    monkeypatch.setenv("HANDOFF_KEEP_TEXT_BYTES", "64KiB")
    text = "".join(f"{noise(20, number)} {number}\n" for number in range(20_000))
    handoff("-q", "track", stdin=text)
    assert json.loads(handoff("status", "--json")[1])["kept_left_out"] is True
    assert "the middle was left out" in handoff("status")[1]
    assert "the middle was left out" in handoff("doctor")[1]
    out = handoff("log", "--text")[1]
    assert "characters were not kept]\n" in out
    assert out.startswith(text[:1000])
    assert out.endswith(text[-1000:])


def test_reset_archives_it_restore_brings_it_back_discard_removes_it(handoff, project):
    handoff("track", stdin="old\n")
    handoff("reset")
    assert (texts(), (FOLDER / "conversation").exists()) == ([], False)
    (archived,) = (FOLDER / "archive").iterdir()
    assert [piece.text for piece in kept_pieces(str(archived))] == ["old\n"]
    handoff("track", stdin="new\n")
    handoff("sessions", "restore", archived.name)
    assert texts() == ["old\n"]
    handoff("track", stdin="and on\n")
    assert texts() == ["old\n", "and on\n"]
    handoff("reset", "--discard", "--yes")
    assert not (FOLDER / "conversation").exists()
