"""What the kept text told is remembered, so that past a threshold a ``track`` costs the same whatever lies behind it."""

import json
import shutil
from pathlib import Path

import pytest

from handoff_cli.core.transcript import Transcript
from handoff_cli.state import store
from handoff_cli.usecases import conversation
from handoff_cli.usecases.conversation import kept_transcript

TOLD = Path(".agent-handoffs", "conversation", ".told")


def turn(number):
    """A turn of which something is told in each of a transcript's lists."""
    return (
        f"User: please mend case {number} of the importer, and keep the format of part{number}.txt\n"
        f"Assistant: The cause of case {number} is that every row is a transaction of its own.\n"
        f"Edited src/part{number % 7}.py (+{number} -1)\n"
        f"$ python -m pytest -q tests/test_{number}.py\n"
        f"FAILED tests/test_{number}.py::test_case - AssertionError: {number}\n"
        "exit status 1\n\n"
        f"- [{'x' if number % 3 else ' '}] write the test of case {number}\n\n"
        f"Assistant: Case {number} is done, {'and the next one is like it, ' * 8}as far as I can see.\n\n"
    )


@pytest.fixture
def short(monkeypatch):
    """A few turns are a long text."""
    monkeypatch.setattr(conversation, "_LEAST_CHARS", 1_000)
    monkeypatch.setattr(conversation, "_MOST_CHARS", 2_000)


@pytest.fixture
def read(monkeypatch):
    """The characters each reading of kept text has read."""
    sizes = []
    whole = conversation.read_pieces

    def counted(name, texts, earlier=None):
        sizes.append(sum(len(text) for text, _ in texts()))
        return whole(name, texts, earlier)

    monkeypatch.setattr(conversation, "read_pieces", counted)
    return sizes


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    return tmp_path_factory.mktemp("kept") / "folder"


@pytest.fixture
def eight_turns(handoff, place, short, kept):
    """A folder in which eight turns were tracked and remembered: once, and copied from then on."""
    if kept.exists():
        shutil.copytree(kept, place.folder)
        return
    past(handoff)
    for number in range(8):
        handoff("-q", "track", stdin=turn(number))
    shutil.copytree(place.folder, kept)


def past(handoff, *, tokens=100):
    assert handoff("config", "set", "context_window_limit", str(tokens))[0] == 0


def told(place, *, remember=False):
    return kept_transcript(place, store.read(place).session, remember=remember)


def comparable(transcript):
    """What a transcript tells, without numbers of lines and calls, which count from where a reading began."""
    assert isinstance(transcript, Transcript)
    listed = {}
    for name, value in transcript.to_dict().items():
        if isinstance(value, tuple) and name != "warnings":
            without = {"position", "id"}
            listed[name] = [
                {key: it for key, it in entry.to_dict().items() if key not in without}
                if hasattr(entry, "to_dict")
                else entry
                for entry in value
            ]
    return listed


def test_what_is_remembered_and_the_rest_tell_what_all_of_it_does(handoff, place, short):
    """Many parts, remembered one after the other, make the transcript that one reading of the whole makes."""
    past(handoff)
    for number in range(25):
        assert handoff("-q", "track", stdin=turn(number))[0] == 0
    assert TOLD.is_file()
    found = told(place)
    TOLD.unlink()
    whole = told(place)
    assert comparable(found) == comparable(whole)
    assert [it.text.split()[3] for it in whole.messages if it.role == "user"] == [str(it) for it in range(25)]
    positions = [it.position for it in found.messages]
    assert positions == sorted(positions)


def test_a_track_reads_no_more_however_much_lies_behind(handoff, place, short, read):
    past(handoff)
    for number in range(30):
        handoff("-q", "track", stdin=turn(number))
    assert max(read) < 3_000
    assert max(read[len(read) // 2 :]) <= max(read[: len(read) // 2])
    document = Path(".agent-handoffs", "CURRENT_SESSION.md").read_text()
    assert "please mend case 0 " in document
    assert "please mend case 29 " in document


def test_a_text_in_one_piece_is_read_once(handoff, place, short, read):
    """Also where it is longer than all that is read in one go: the next track reads the end of it."""
    past(handoff)
    handoff("-q", "track", stdin="".join(map(turn, range(400))))
    assert sum(read) == sum(len(turn(number)) for number in range(400))
    del read[:]
    handoff("-q", "track", stdin=turn(400))
    assert sum(read) < 200_000
    assert [it.text.split()[3] for it in told(place).messages if it.role == "user"][-2:] == ["399", "400"]


def test_what_only_looks_remembers_nothing(handoff, place, short):
    """``handoff handoff --stdout`` writes nothing."""
    for number in range(8):
        handoff("-q", "track", stdin=turn(number))
    assert handoff("handoff", "--stdout")[0] == 0
    assert not TOLD.exists()
    assert handoff("handoff")[0] == 0
    assert TOLD.exists()


@pytest.mark.parametrize(
    "spoiled",
    [
        lambda _: "",
        lambda _: "[]",
        lambda _: "{" * 100_000,
        lambda data: json.dumps({**data, "version": "0.0.0"}),
        lambda data: json.dumps({**data, "session": "20200101-00000000"}),
        lambda data: json.dumps({**data, "seam": [0, 1 << 60, False]}),
        lambda data: json.dumps({**data, "seam": [0, "0", False]}),
        lambda data: json.dumps({**data, "told": {**data["told"], "messages": [["user", 1, 2, None, False]]}}),
        lambda data: json.dumps({**data, "told": {**data["told"], "turns": None}}),
        lambda data: json.dumps({**data, "told": {"format": "text"}}),
    ],
)
def test_what_is_not_what_was_remembered_is_not_believed(handoff, place, eight_turns, spoiled):
    before = comparable(told(place))
    TOLD.write_text(spoiled(json.loads(TOLD.read_text())))
    assert comparable(told(place)) == before
    assert handoff("-q", "track", stdin=turn(8))[0] == 0
    assert len(told(place).messages) == len(before["messages"]) + 3


def test_it_goes_where_the_text_goes(handoff, place, eight_turns):
    handoff("reset")
    assert not TOLD.exists()
    handoff("-q", "track", stdin=turn(99))
    (archived,) = Path(".agent-handoffs", "archive").iterdir()
    assert (archived / "conversation" / ".told").is_file()
    handoff("sessions", "restore", archived.name)
    assert TOLD.is_file()
    assert "please mend case 0 " in told(place).messages[0].text
    handoff("reset", "--discard", "--yes")
    assert not TOLD.parent.exists()


def test_a_folder_that_cannot_be_written_costs_only_the_memory(handoff, place, short):
    past(handoff)
    for number in range(5):
        handoff("-q", "track", stdin=turn(number))
    TOLD.unlink()
    TOLD.mkdir()
    for number in range(5, 8):
        assert handoff("-q", "track", stdin=turn(number))[0] == 0
    assert [it.text.split()[3] for it in told(place).messages if it.role == "user"] == [str(it) for it in range(8)]


def test_what_an_earlier_version_took_for_no_secret_is_not_shown(handoff, monkeypatch):
    """What is kept is redacted when it is kept, and again by what is known of secrets when it is shown."""
    token = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"
    with monkeypatch.context() as earlier:
        earlier.setattr("handoff_cli.redaction.redact", lambda text: text)
        handoff("track", stdin=f"User: push with {token}\nAssistant: done\n")
    for form in (["transcript"], ["log", "--text"], ["log", "--text", "1"], ["context"]):
        for more in ([], ["--json"]):
            code, out, _ = handoff(*form, *more)
            assert code == 0
            assert out
            assert token not in out
