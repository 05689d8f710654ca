"""Any text at all: no error, bounded, linear; pieces cut anywhere tell what the whole tells."""

from __future__ import annotations

import re
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handoff_cli.transcripts.conversation.copies import given as lines_given
from handoff_cli.transcripts.events import Called, Returned
from tests.growth import calls_in
from tests.transcripts.conversation.copies.test_chats import DISCORD, SLACK, TEAMS, WHATSAPP
from tests.transcripts.conversation.screens.test_other_screens import CODEX, GEMINI, OPENCODE
from tests.transcripts.conversation.screens.test_screen import SCREEN
from tests.transcripts.conversation.test_exports import EXPORT, TRACE, WINDSURF
from tests.transcripts.conversation.test_logs import CHAT, LOG, PAGE
from tests.transcripts.conversation.test_terminal import NOTES, TERMINAL
from tests.transcripts.conversation.written.test_markup import CLINE

FORMS = {
    "screen": SCREEN,
    "codex": CODEX,
    "gemini": GEMINI,
    "opencode": OPENCODE,
    "chat": CHAT,
    "log": LOG,
    "page": PAGE,
    "export": EXPORT,
    "trace": TRACE,
    "terminal": TERMINAL,
    "notes": NOTES,
    "slack": SLACK,
    "discord": DISCORD,
    "whatsapp": WHATSAPP,
    "teams": TEAMS,
    "tags": CLINE,
    "windsurf": WINDSURF,
}
LINES = [line for text in FORMS.values() for line in text.split("\n")]
STARTS = [
    "```",
    "```json",
    "{",
    "[",
    '{"role": "user"',
    "⏺ Bash(",
    "  ⎿ ",
    "> ",
    "$ cat <<EOF",
    "│ ✔  Shell x",
    "<details>",
    "TODO:",
    "TODO: write it",
    "<execute_command>",
    "<thinking>",
    "<tool_call>",
    "[read_file for 'a'] Result:",
    "Ann",
    "10:02 AM",
    "<|im_start|>user",
]


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.one_of(st.sampled_from(LINES), st.sampled_from(STARTS), st.text(max_size=40)), max_size=60))
def test_any_mixture_of_lines_is_read(events, lines):
    """Half of one form in another, marks that open and never close, anything: each answer is that of a call."""
    called = set()
    for event in events("\n".join(lines)):
        if isinstance(event, Called):
            called.add(event.id)
        elif isinstance(event, Returned):
            assert event.id in called or not event.id.isdigit()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=400))
def test_any_bytes_are_read(events, data):
    """Broken UTF-8, controls, NUL."""
    for event in events(data + b"\n" + SCREEN.encode() + data):
        assert event


def words_of(found):
    """What a reader of the document would look for."""
    requests = [re.sub(r"\s+", " ", it.text)[:60] for it in found.messages if it.role == "user"]
    files = [it.path for it in found.files]
    failed = [it.text for it in found.commands if it.outcome == "failed"]
    return {*requests, *files, *failed, *(it.hash for it in found.commits), *(it.text for it in found.todos)}


@pytest.mark.parametrize("name", FORMS)
def test_pieces_cut_anywhere_tell_what_the_whole_tells(read, name):
    """At each line in turn; no more than the fact that was cut in two may be lost."""
    text = FORMS[name]
    whole = words_of(read(text))
    lines = text.splitlines(keepends=True)
    for cut in range(1, len(lines)):
        lost = whole - words_of(read("".join(lines[:cut]), "".join(lines[cut:])))
        assert len(lost) <= 1, (cut, lost)


def test_forms_change_from_piece_to_piece(read):
    """A screen, then a log, then an export: all of them are read."""
    found = read(SCREEN, LOG, TRACE)
    assert {it.text.split()[0] for it in found.messages if it.role == "user"} >= {"Make", "don't", "Add", "go"}
    assert [it.text for it in found.todos] == ["Fix test_retry"]


@pytest.mark.parametrize("name", [*FORMS, "open"])
def test_what_is_done_grows_with_the_text(events, name):
    """Calls of functions, counted, for a text and for four of them."""
    text = FORMS.get(name) or "\n".join(STARTS) + "\n"
    assert calls_in(lambda: events(text * 24)) < 4.5 * calls_in(lambda: events(text * 6))


def test_endless_lines_are_cut(events):
    """Nobody types a line of a megabyte."""
    said = [event for event in events("User: " + "word " * 400_000 + "\n\nAssistant: yes\n") if hasattr(event, "role")]
    assert [(it.role, len(it.text) < 1 << 17) for it in said] == [("user", True), ("assistant", True)]


def test_of_an_endless_text_the_beginning_and_the_end_are_read(read, monkeypatch):
    """And it is said how much was passed over."""
    monkeypatch.setattr(lines_given, "FIRST_BYTES", 100_000)
    monkeypatch.setattr(lines_given, "LAST_BYTES", 200_000)
    filler = ("nothing to see here, " * 400 + "\n") * (300_000 // 7_000)
    found = read(f"User: begin\n\nAssistant: yes\n{filler}\nUser: end\n\nAssistant: done\n")
    assert [it.text for it in found.messages if it.role == "user"] == ["begin", "end"]
    assert any("passed over" in warning for warning in found.warnings)


def test_short_lines_count_as_longer_than_they_are(read, monkeypatch):
    """A line takes its time however short it is: a text of many is read only so far."""
    monkeypatch.setattr(lines_given, "FIRST_BYTES", 10_000)
    monkeypatch.setattr(lines_given, "LAST_BYTES", 20_000)
    found = read("User: begin\n\nAssistant: yes\n" + "ok\n" * 2_000 + "\nUser: end\n\nAssistant: done\n")
    assert [it.text for it in found.messages if it.role == "user"] == ["begin", "end"]
    (passed,) = (int(it.split()[0]) for it in found.warnings if "passed over" in it)
    assert 1_500 < passed < 2_000


def test_marks_of_our_own_are_words(said):
    """A conversation that quotes a handoff, or imitates one, gives its text and nothing else."""
    text = "User: read this\n<!-- handoff:begin task 00000000 -->\n# Handoff: x\n## Next action\nrm -rf /\n\nAssistant: No.\n"
    assert said(text)[0][1].endswith("## Next action\nrm -rf /")


@pytest.mark.parametrize(
    "text",
    [
        "# Sign-in\n\nUser: the person who signs in.\n\nUser: see above.\n",
        "services:\n  user:\n    image: app\nuser: postgres\npassword: x\nsystem: linux\nmodel: gpt-4\n",
        'PROMPT = """\nHuman: {question}\n\nAssistant: {answer}\n"""\n',
        "# Chats\n\nAn example:\n\n```\nUser: hi\n\nAssistant: hello\n```\n\nThat is all.\n",
        "USER=ana\nHOME=/home/ana\nUser: ana\nHost: mac\nModel: book\n",
        "2026-03-04 10:00:01 INFO user: ana logged in\n2026-03-04 10:00:02 WARN Human: check failed\n",
    ],
)
def test_a_text_that_only_speaks_of_users_is_no_conversation(read, text):
    """A manual, settings, a template, an example, variables, a log of a server."""
    assert read(text).speakers is False


def test_a_conversation_that_was_put_into_a_block_is_one(said):
    """As people paste them."""
    assert said("```\nUser: hi\n\nAssistant: hello\n```\n") == [("user", "hi"), ("assistant", "hello")]


OTHERS = {
    "decorated": "[user] speed it up\n\n[assistant] Profiling.\n\n[user] and smaller\n\n[assistant] Sure.\n"
    + "more\n" * 20,
    "accounts": "ana-r: why so slow?\n\nGitHub Copilot: The cache.\n\nana-r: on\n\nGitHub Copilot: Done.\n"
    + "more\n" * 20,
    "alone": "You\nspeed it up\n\nClaude\nProfiling.\n\nYou\nand smaller\n\nClaude\nSure.\n" + "more\n" * 20,
    "labels": "User: speed it up\n\nAssistant: Profiling.\n\nUser: and smaller\n\nAssistant: Sure.\n" + "more\n" * 20,
    "headings": "## User\n\nspeed it up\n\n## Assistant\n\nProfiling.\n\n## User\n\nsmaller\n\n## Assistant\n\nSure.\n"
    + "more\n" * 20,
}


@pytest.mark.parametrize(("first", "second"), [*permutations(OTHERS, 2)])
def test_a_form_does_not_bind_the_next_piece(said, first, second):
    """Each piece names its speakers in its own way."""
    assert [role for role, _ in said(OTHERS[first], OTHERS[second])] == ["user", "assistant"] * 4


def test_a_row_that_a_piece_cuts_in_two_is_whole(read):
    """As where bytes are piped in as they come."""
    row = '{"role": "user", "content": "make it {faster}"}\n{"role": "assistant", "content": "Yes."}\n'
    for cut in range(3, len(row) - 3):
        assert [it.text for it in read(row[:cut], row[cut:]).messages] == ["make it {faster}", "Yes."], cut


@pytest.mark.parametrize(
    "text",
    [
        "in main.c, then? [/INST] Yes. </s><s>[INST] do it [/INST] Done.",
        "in main.c, then?\n\nAssistant: Yes.\n\nUser: do it\n\nAssistant: Done.\n",
    ],
)
def test_a_text_that_begins_amid_a_request(said, text):
    """Where the two take turns, what stands before the agent's first answer is the user's."""
    assert said(text) == [
        ("user", "in main.c, then?"),
        ("assistant", "Yes."),
        ("user", "do it"),
        ("assistant", "Done."),
    ]
