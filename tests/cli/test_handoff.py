"""``handoff handoff``: from any transcript, within a budget, keeping what others wrote, giving no secret away."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from handoff_cli.constants import OLD_HANDOFFS_FOLDER
from handoff_cli.usecases.handoff import KEPT
from tests.documents.sessions import claude_lines

HANDOFF = Path(".agent-handoffs/CURRENT_SESSION.md")
SECRET = "ghp_" + "R7kQ2mZx9LpT4vWc8NbY1sHd6GjF3aUe5KoI"
SESSION = claude_lines(
    ("user", "Speed up the import.\nKeep the schema."),
    ("pytest -q", "Exit code 1\nFAILED test_a - assert 1 == 2", True),
    ("assistant", "The root cause is the loop."),
    ("user", "don't use threads"),
    ("ruff check .", "ok", False),
    ("user", "go on"),
)


@pytest.fixture
def transcript(project):
    path = project / "session.jsonl"
    path.write_text(SESSION)
    return path


def test_a_transcript_alone_makes_a_document_and_leaves_nothing_behind(handoff, transcript, project):
    before = sorted(project.rglob("*"))
    code, out, err = handoff("handoff", "--transcript", str(transcript), "--stdout")
    assert (code, err) == (0, "")
    assert sorted(project.rglob("*")) == before
    assert "Speed up the import.\nKeep the schema.\n" in out
    assert "The request that the latest one belongs to:\n\n```\ndon't use threads\n```" in out
    failed = out.partition("## Failed approaches\n")[2].partition("\n## ")[0]
    assert "pytest -q\n  test_a: assert 1 == 2\n" in failed
    assert "Do what the user asked last, nothing was done about it yet: go on" in out
    assert '"method": "exact"' in out
    assert 'session: "s-1"' in out


def test_the_document_states_its_own_size(handoff, transcript):
    from handoff_cli import count_tokens

    out = handoff("handoff", "--transcript", str(transcript), "--stdout")[1]
    assert f"doc_tokens: {count_tokens(out).tokens}\n" in out


def test_a_budget_is_kept_and_zero_leaves_nothing_out(handoff, project):
    texts = [("user", f"request {n}: " + "word " * 300) for n in range(20)]
    (project / "long.jsonl").write_text(claude_lines(*texts))
    small = handoff("handoff", "-t", "long.jsonl", "--stdout", "--budget", "1500")[1]
    whole = handoff("handoff", "-t", "long.jsonl", "--stdout", "--budget", "0")[1]
    assert int(small.partition("doc_tokens: ")[2].split()[0]) <= 1_500
    assert "All of it: `handoff handoff --budget 0 --stdout --transcript long.jsonl`" in small
    assert whole.count("word ") >= 20 * 299
    assert "Left out" not in whole


def test_json_has_the_documented_keys(handoff, transcript):
    code, out, _ = handoff("handoff", "-t", str(transcript), "--json")
    values = json.loads(out)
    page = (Path(__file__).parents[2] / "docs" / "handoff-json.md").read_text()
    assert code == 0
    assert all(f"`{key}`" in page for key in values)
    assert [it["text"] for it in values["requests"]] == [
        "Speed up the import.\nKeep the schema.",
        "don't use threads",
        "go on",
    ]
    assert values["failing"][0]["command"] == "pytest -q"
    assert not HANDOFF.exists()


def test_secrets_of_a_transcript_are_redacted_unless_asked_otherwise_and_that_is_said(handoff, project):
    (project / "s.jsonl").write_text(
        claude_lines(
            ("user", f"use {SECRET}"),
            (f"curl -H 'Authorization: Bearer {SECRET}' x", f"Exit code 1\nerror: bad token {SECRET}", True),
            ("assistant", f"We chose {SECRET}."),
            ("user", "ok"),
        )
    )
    hidden = handoff("handoff", "-t", "s.jsonl", "--stdout")[1]
    assert SECRET not in hidden
    assert "[REDACTED:" in hidden
    assert "redaction" not in hidden.partition("\n---\n")[0]
    assert SECRET not in handoff("handoff", "-t", "s.jsonl", "--json")[1]
    shown = handoff("handoff", "-t", "s.jsonl", "--stdout", "--no-redact")[1]
    assert SECRET in shown
    assert '\nredaction: "off"\n' in shown.partition("\n---\n")[0]


def test_open_to_dos_go_over_into_the_next_sessions_handoff_even_after_a_reset(handoff, project):
    (project / "one.jsonl").write_text(claude_lines(("user", "first task"), ("todos", ["Measure it", "Lock it"])))
    second = claude_lines(("user", "second task"), ("todos", ["Lock it"]))
    (project / "two.jsonl").write_text(second.replace('"s-1"', '"s-2"'))
    handoff("handoff", "-t", "one.jsonl")
    handoff("reset")
    for _ in range(2):
        assert handoff("handoff", "-t", "two.jsonl")[0] == 0
        carried = HANDOFF.read_text().partition("To-dos of earlier handoffs")[2].partition("```\n\n")[0]
        assert "[ ] Measure it (since 20" in carried
        assert "Lock it" not in carried


def test_a_transcript_that_cannot_be_read_is_an_error_on_one_line(handoff):
    code, out, err = handoff("handoff", "-t", "missing.jsonl", "--stdout")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "missing.jsonl" in err


def test_a_document_that_says_what_the_next_does_not_is_kept_under_its_time(handoff, transcript):
    for _ in range(2):
        handoff("handoff", "-t", str(transcript))
    before = HANDOFF.read_text()
    kept = Path(".agent-handoffs") / OLD_HANDOFFS_FOLDER
    assert not kept.exists()
    handoff("handoff")
    (saved,) = kept.iterdir()
    assert saved.read_text() == before
    assert (saved.stat().st_mode & 0o777) == 0o600


def test_the_number_of_kept_documents_is_bounded_and_the_latest_stay(handoff):
    for number in range(KEPT + 3):
        handoff("note", "state " + "abcdefghijklmnopqrstuvwxyz"[number], "--kind", "next")
        handoff("handoff")
    texts = [path.read_text() for path in (Path(".agent-handoffs") / OLD_HANDOFFS_FOLDER).iterdir()]
    assert len(texts) == KEPT
    assert any("state v" in text for text in texts)
    assert "state w" in HANDOFF.read_text()


def test_words_under_notes_survive_and_an_edit_elsewhere_is_moved_with_a_warning(handoff, transcript):
    handoff("handoff", "-t", str(transcript))
    text = HANDOFF.read_text().replace("## Notes\n", "## Notes\n\n\tmine  \r\n", 1)
    HANDOFF.write_bytes(text.replace("Speed up the import.", "Speed up the EXPORT.", 1).encode())
    code, _, err = handoff("handoff", "-t", str(transcript))
    assert code == 0
    assert "an edit inside the section task was moved" in err
    data = HANDOFF.read_bytes()
    assert b"\n\tmine  \r\n" in data
    assert b"Speed up the import." in data
    assert b"Speed up the EXPORT." in data.partition(b"Kept from an edited section")[2]


def test_a_summary_by_a_command_is_labelled_and_its_failure_costs_nothing(handoff, transcript, project):
    script = project / "sum.py"
    script.write_text(
        "import sys; text = sys.stdin.read(); print('Said:', 'Speed up the import.' in text, '`x` <!-- y -->')"
    )
    argv = ("handoff", "-t", str(transcript), "--stdout", "--summarize-with")
    out = handoff(*argv, f"{sys.executable} {script}")[1]
    section = out.partition("## Summary\n")[2].partition("\n## ")[0]
    assert "[UNVERIFIED]" in section
    assert "> Said: True `x` &lt;!-- y -->" in section
    plain = handoff("handoff", "-t", str(transcript), "--stdout")[1]
    for command in (
        "no-such-command-here",
        f'{sys.executable} -c "raise SystemExit(3)"',
        "'",
        f'{sys.executable} -c ""',
    ):
        code, out, err = handoff(*argv, command)
        assert code == 0
        assert "no summary from" in err
        assert out.partition("\n---\n")[2] == plain.partition("\n---\n")[2]


def test_a_summary_that_takes_too_long_is_given_up(handoff, transcript, monkeypatch):
    monkeypatch.setattr("handoff_cli.usecases.handoff.TIMEOUT_SECONDS", 0.2)
    command = f'{sys.executable} -c "import time; time.sleep(30)"'
    code, out, err = handoff("handoff", "-t", str(transcript), "--stdout", "--summarize-with", command)
    assert (code, "no answer in" in err, "## Summary" in out) == (0, True, False)


def test_no_shell_runs_the_summary_command(handoff, transcript, project):
    handoff("handoff", "-t", str(transcript), "--stdout", "--summarize-with", "echo hi > made.txt; touch made.txt")
    assert not (project / "made.txt").exists()


def test_the_transcript_of_the_session_is_read_and_its_loss_is_a_warning(transcript, place):
    from handoff_cli.usecases.gather import transcript_of

    class Session:
        transcript = str(Path("session.jsonl"))

    read, warnings = transcript_of(place, Session, None, {})
    assert read.messages[0].text.startswith("Speed up")
    assert warnings == ()
    Session.transcript = "gone.jsonl"
    read, warnings = transcript_of(place, Session, None, {})
    assert read is None
    assert "gone.jsonl" in warnings[0]


def test_for_a_coming_task_the_facts_that_concern_it_come_first(handoff, project):
    texts = [("user", f"look at the {name} page " + "in general " * 60) for name in ("login", *("other",) * 30)]
    texts = [(role, f"{number} {text}") for number, (role, text) in enumerate(texts)]
    (project / "s.jsonl").write_text(claude_lines(("user", "start"), *texts, ("user", "end")))
    argv = ("handoff", "-t", "s.jsonl", "--stdout", "--budget", "900")
    cut = handoff(*argv)[1]
    aimed = handoff(*argv, "--for", "fix the login page")[1]

    def length(text):
        return next((len(line) for line in text.splitlines() if "look at the login page" in line), 0)

    assert length(aimed) > length(cut)


@pytest.mark.skipif(not os.environ.get("HANDOFF_SAMPLES"), reason="HANDOFF_SAMPLES names no folder of transcripts")
def test_documents_of_real_transcripts_stay_within_the_budget(handoff):
    written = 0
    for transcript in sorted(Path(os.environ["HANDOFF_SAMPLES"]).rglob("*.json*")):
        code, out, err = handoff("handoff", "-t", str(transcript), "--stdout")
        if code == 1 and any(why in err for why in ("holds nothing", "is malformed", "no reader knows")):
            continue
        assert code == 0, transcript
        written += 1
        assert int(out.partition("doc_tokens: ")[2].split()[0]) <= 2_000
        assert len(out) < 10_000
    assert written


def test_the_record_says_what_a_mix_is_made_of_and_that_kept_text_has_a_hole(handoff):
    import random

    handoff("config", "set", "keep_text_bytes", "64KiB")
    handoff("-q", "track", "--tokens", "5000")
    letters = random.Random(1).choices("abcdefghijklmnop ", k=400_000)
    for piece in range(4):
        handoff("-q", "track", stdin="User: " + "".join(letters[piece * 100_000 : (piece + 1) * 100_000]))
    document = handoff("handoff", "--budget", "4000", "--stdout")[1]
    assert "5,000 reported + " in document
    assert "The middle of what was piped in was not kept" in document


@pytest.mark.parametrize("shown", ["--stdout", "--json"])
def test_what_is_printed_goes_without_a_file_so_that_nothing_else_stands_in_it(handoff, project, shown):
    code, out, err = handoff("handoff", shown, "-o", "x.md")
    assert (code, out, err) == (2, "", f"handoff: {shown} writes no file; leave it or --output out\n")
    assert not (project / "x.md").exists()


def test_a_format_that_does_not_exist_is_refused_without_a_transcript_too(handoff, project):
    code, _, err = handoff("handoff", "--format", "klingon")
    assert (code, "there is no format 'klingon'" in err) == (2, True)
    assert not (project / ".agent-handoffs").exists()
