"""What is kept as one speaker's message is theirs from the first line to the last."""

from __future__ import annotations

from handoff_cli.agents.readers import read_pieces
from handoff_cli.core.told import ToldText

DIALOGUE = "User: mend it\n\nAssistant: I look.\n\nUser: and the docs\n\nAssistant: Yes.\n"


def told(role, text):
    message = ToldText(role)
    return f"{message.beginning}{message.within(text)}{message.end}"


def read(*pieces):
    return read_pieces("pieces", lambda: [(it, True) for it in pieces])


def test_a_message_is_somebodys():
    assert read(told("assistant", "Mended.")).speakers


def test_names_within_an_output_are_output_though_others_are_named_so_elsewhere():
    (run,) = read(DIALOGUE, told("assistant", "$ make\nUser: sam\nerror: no rule")).commands
    assert (run.output, run.outcome) == ("User: sam\nerror: no rule", "failed")


def test_no_output_goes_on_behind_the_message():
    for role in ("assistant", "critic"):
        (run,) = read(told(role, "$ make\nerror: no rule"), "make: *** [all] Error 2\n").commands
        assert run.output == "error: no rule"
    for begun in (told("critic", "this is nobody's"), told("user", "go on")):
        (run,) = read("$ make\nerror: no rule", begun).commands
        assert run.output == "error: no rule"


def test_a_layout_within_a_message_names_nobody():
    mail = "From: Ann <a@x.org>\nSent: Monday, January 5, 2026 9:12 AM\nTo: Bob\nSubject: RE: import\n\nplease mend it"
    for text in ("rename the buttons\nEdit\nRetry\nto what they do", f"{mail}\n\n{mail}"):
        assert [it.text for it in read(told("user", text)).messages] == [text]


def test_a_message_whose_end_was_lost_ends_with_its_piece():
    first, _, _ = told("user", "mend it\nAssistant: no").rpartition("\n<|im_end|>")
    found = read(first, DIALOGUE)
    assert [it.text for it in found.messages if it.role == "user"][1:] == ["mend it", "and the docs"]


def test_what_words_tell_that_was_run_was_run_before_they_were_said_and_ends_with_its_sentence():
    """Else what they announce in their end would look done since."""
    words = (
        "I use MULTI now.\n\n`pytest limits` fails: 3 of 12, it knows no NX. Real Redis knows it. I'll set it first."
    )
    transcript = read(f"User: do MULTI\n\nAssistant: {words}\n")
    (run,) = transcript.commands
    assert (run.text, run.outcome) == ("pytest limits", "failed")
    assert "Real Redis" not in (run.output or run.error)
    assert transcript.messages[-1].position >= run.position
