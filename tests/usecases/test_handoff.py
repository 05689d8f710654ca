"""The document is replaced in one step; what only the old one said is kept; somebody else's summary is optional."""

import io
import os
import pydoc
import sys
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.errors import HandoffError
from handoff_cli.tokens.count import count_tokens
from handoff_cli.tokens.encode import cold_counter
from handoff_cli.usecases import handoff as writing
from handoff_cli.usecases.handoff import KEPT, Size, compose_handoff, keep_old, summarize
from handoff_cli.usecases.notes import add_note
from handoff_cli.usecases.record import write_handoff

DOCUMENT = "---\nschema: 1\n---\n# Handoff: a\n\nUse COPY for 3 tables.\n"


def test_a_document_is_kept_where_the_next_does_not_say_all_of_it(place, project):
    os.mkdir(place.folder)
    assert keep_old(place.folder, DOCUMENT, DOCUMENT + "more\n") is None
    assert keep_old(place.folder, DOCUMENT, DOCUMENT.replace("3", "4")) is None, "figures are outdated, not lost"
    kept = keep_old(place.folder, DOCUMENT, "# Handoff: a\n")
    with open(kept, encoding="utf-8") as file:
        assert file.read() == DOCUMENT


def test_the_oldest_make_room_and_those_of_one_second_keep_their_order(place, project, monkeypatch):
    os.mkdir(place.folder)
    monkeypatch.setattr("time.time", lambda: 1_768_464_000.0)
    paths = [keep_old(place.folder, f"number {'x' * number}", "") for number in range(1, KEPT + 4)]
    assert len(set(paths)) == len(paths)
    assert [os.path.exists(path) for path in paths] == [False] * 3 + [True] * KEPT


def test_composing_writes_nothing(place, project):
    composed = compose_handoff(place, reason="manual")
    assert os.listdir(project) == [".git"]
    assert composed.values["reason"] == "manual"


def test_what_a_person_wrote_stays_when_it_is_written_again(place, project):
    path = write_handoff(place, reason="manual").path
    with open(path, "a", encoding="utf-8") as file:
        file.write("\nAsk Kim before the release.\n")
    add_note(place, "the parser stays")
    written = write_handoff(place, reason="manual")
    assert "Ask Kim before the release." in written.text
    assert "the parser stays" in written.text


def answer(code):
    return f'{sys.executable} -c "{code}"'


def test_a_summary_is_what_the_command_answers_to_the_document():
    said, problem = summarize("the document", answer("import sys; print(len(sys.stdin.read()), 'characters')"))
    assert (said, problem) == ("12 characters", None)


def test_a_summary_that_fails_says_why_in_one_line(monkeypatch):
    monkeypatch.setattr(writing, "TIMEOUT_SECONDS", 0.2)
    for command, why in (
        (answer("import sys; sys.exit(3)"), "exit code 3"),
        (answer("pass"), "it said nothing"),
        (answer("import time; time.sleep(5)"), "no answer in 0.2 seconds"),
        ("/no/such/program", "No such file"),
        ('"open', "No closing quotation"),
        ("", "no command"),
    ):
        said, problem = summarize("x", command)
        assert said is None
        assert why in problem
        assert "\n" not in problem


def test_a_summary_is_redacted_and_bounded():
    secret = "ghp_" + "0123456789abcdefABCDEF0123456789abcd"
    said, _ = summarize("x", answer(f"print('{secret}', 'word ' * 9000)"))
    assert secret not in said
    assert len(said) <= 4_000


@given(st.lists(st.text("aB1 \t\n\r/.,'-\u2026\u3000\u00e9\u4e2d_", max_size=12), max_size=8))
def test_the_size_of_a_document_is_the_sum_of_its_lines(parts):
    """Behind an end of line the encoding goes on with white space and slashes alone; what is shared is counted once."""
    size, text = Size(), "\n".join(parts)
    for it in (text, f"first\n{text}", f"{text}\nlast", text):
        assert size.of(it) == count_tokens(it).tokens


def test_lines_that_two_drafts_share_are_counted_once(monkeypatch):
    counted, count = [], cold_counter("o200k_base").count
    noting = SimpleNamespace(count=lambda text: counted.append(text) or count(text))
    monkeypatch.setattr(writing, "cold_counter", lambda _: noting)
    size = Size()
    size.of("one\ntwo\n\nthree")
    size.of("one\nother\ntwo\n\nthree")
    assert sorted(counted) == ["one\n", "other\n", "three", "two\n\n"]


@pytest.mark.parametrize("source", ["log.txt", "-"])
@pytest.mark.parametrize("fault", ["handoff_cli.usecases.gather.extract", "handoff_cli.documents.fit.pieces_of"])
def test_a_bug_in_what_is_made_of_a_conversation_never_costs_the_document(
    place, project, monkeypatch, tmp_path, fault, source
):
    """It tells what was said, without secrets, and the warning names the log to send; a pipe is read once."""
    said = "User: mend the lock, api_key=sk-proj-abcdefghij0123456789\n\nAssistant: Mended `lock.py`.\n"
    (project / "log.txt").write_text(said)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(said.encode())))
    sound, calls = pydoc.locate(fault), []

    def broken(*given, **named):
        calls.append(given)
        if len(calls) == 1:
            raise IndexError("list index out of range")
        return sound(*given, **named)

    monkeypatch.setattr(fault, broken)
    composed = compose_handoff(place, reason="manual", transcript=source)
    assert "mend the lock, api_key=" in composed.text
    assert "Mended `lock.py`." in composed.text
    assert "0123456789" not in composed.text
    (warning,) = (it for it in composed.warnings if "bug in handoff (IndexError" in it)
    (log,) = tmp_path.glob("handoff-crash-*.log")
    assert str(log) in warning
    assert "mend the lock" not in log.read_text()


def test_a_bug_in_what_reads_the_kept_text_costs_what_was_said_and_no_more(place, handoff, monkeypatch):
    """A conversation that was asked for by name is a document's whole purpose: there it is a fault."""

    def broken(*_given):
        raise IndexError("list index out of range")

    assert handoff("note", "mend the lock first")[0] == 0
    assert handoff("track", stdin="User: go\n\nAssistant: Done.\n")[0] == 0
    monkeypatch.setattr("handoff_cli.usecases.conversation.read_pieces", broken)
    composed = compose_handoff(place, reason="manual")
    assert "mend the lock first" in composed.text
    assert any("bug in handoff (IndexError" in it and "nothing of the conversation" in it for it in composed.warnings)
    monkeypatch.setattr("handoff_cli.usecases.gather.read_transcript", broken)
    with pytest.raises(IndexError):
        compose_handoff(place, reason="manual", transcript="log.txt")


def test_a_template_that_is_wrong_is_no_bug(place, project):
    (project / "mine.md").write_text("{{ 1 / 0 }}")
    with pytest.raises(HandoffError):
        compose_handoff(place, reason="manual", template_file="mine.md")
