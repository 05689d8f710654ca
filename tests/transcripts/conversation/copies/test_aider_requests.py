"""What Aider writes of its requests to the model: of each only what is new was said."""

from __future__ import annotations

EXAMPLE = [
    ("USER", "Change get_factorial() to use math.factorial"),
    ("ASSISTANT", "To make this change we need to modify `mathweb/flask/app.py`."),
    ("USER", "I switched to a new code base. Please don't consider the above files."),
    ("ASSISTANT", "Ok."),
]
FILES = [
    (
        "USER",
        "I have *added these files to the chat* so you can go ahead and edit them.\n\nlamp.py\n```\nlevel = 9\n```",
    ),
    ("ASSISTANT", "Ok, any changes I propose will be to those files."),
]
RULES = "\n\n# *SEARCH/REPLACE block* Rules:\n\nEvery block must use this format:"
EDIT = "I dim it.\n\nlamp.py\n```python\n<<<<<<< SEARCH\nlevel = 9\n=======\nlevel = 5\n>>>>>>> REPLACE\n```"
RAN = "I ran this command:\n\npytest -q\n\nAnd got this output:\n\nFAILED test_lamp.py::test_dim - assert 9 == 5\n1 failed"


def prefixed(role, text):
    return "\n".join(f"{role} {line}" for line in text.split("\n"))


def request(minute, *messages):
    sent = "\n".join(f"-------\n{prefixed(role, text)}" for role, text in (("SYSTEM", "Act as an expert."), *messages))
    return f"TO LLM 2026-06-09T10:{minute}:20\n{sent}\n"


def answer(minute, text):
    return f"LLM RESPONSE 2026-06-09T10:{minute}:40\n{prefixed('ASSISTANT', text)}\n"


FIRST = [("USER", f"Dim the lamp.{RULES}")]
HISTORY = [("USER", "Dim the lamp."), ("ASSISTANT", EDIT), ("USER", RAN), ("ASSISTANT", "Ok.")]
LOG = (
    request(10, *EXAMPLE, *FILES, *FIRST)
    + answer(10, EDIT)
    + request(12, *EXAMPLE, *HISTORY, *FILES, ("USER", f"Never touch the switch.{RULES}"))
    + answer(12, "Then it stays.")
)


def test_of_a_request_only_what_is_new_was_said(said):
    """Not what the model was handed, the examples, the rules below the last message, and what was said before."""
    assert said(LOG) == [
        ("user", "Dim the lamp."),
        ("assistant", "I dim it."),
        ("user", "Never touch the switch."),
        ("assistant", "Then it stays."),
    ]


def test_edits_stand_in_answers_and_runs_in_what_was_said_to_have_run(read):
    found = read(LOG)
    assert [(it.path, it.old, it.new) for it in found.edits] == [("lamp.py", "level = 9", "level = 5")]
    assert [(it.text, it.outcome) for it in found.commands] == [("pytest -q", "failed")]


def test_errors_that_aider_reports_by_itself_are_nobodys_words(said):
    told = request(
        14, ("USER", "Dim it."), ("ASSISTANT", EDIT), ("USER", "# Fix any errors below, if possible.\n\nE501")
    )
    assert said(LOG + told + answer(14, "Mended.")) == [*said(LOG), ("assistant", "Mended.")]


def test_an_answer_that_begins_with_ok_is_an_answer(said):
    """Only Aider's own sentences answer what the model was handed."""
    asked = [("USER", "Dim the lamp."), ("ASSISTANT", "Okay, I dim it."), ("USER", "Now the switch.")]
    first = request(10, asked[0]) + answer(10, asked[1][1])
    second = request(11, *asked) + answer(11, "Ok, done.")
    third = request(12, *asked, ("ASSISTANT", "Ok, done."), ("USER", "And the socket."))
    assert [text for role, text in said(first + second + third) if role == "user"] == [
        "Dim the lamp.",
        "Now the switch.",
        "And the socket.",
    ]


def test_lines_that_name_nobody_belong_to_no_message(said):
    """Empty ones stand between what was copied apart; what was noted below a request is of who hands it on."""
    log = f"{request(10, ('USER', 'Dim the lamp.'))}\n{answer(10, 'I dim it.')}\n"
    last = request(11, ("USER", "Dim the lamp."), ("ASSISTANT", "I dim it."), ("USER", "Now the switch."))
    assert said(f"{log}{last}\n\nSo far it got.\n") == [
        ("user", "Dim the lamp."),
        ("assistant", "I dim it."),
        ("user", "Now the switch."),
        ("user", "So far it got."),
    ]


def test_words_like_those_of_aider_are_said(said):
    """It hands over in whole sentences, and its rules are the last of what stands below the last message."""
    editing = "Write this below it:\n\n# File editing rules:\n\nOnly Ann edits."
    quoted = f"Quote these.{RULES} Like this."
    asked = [("USER", editing), ("USER", quoted), ("USER", f"I am not sharing my lamp.{RULES} Or this.{RULES}")]
    assert [text for _, text in said(request(10, *asked))] == [
        editing,
        quoted,
        f"I am not sharing my lamp.{RULES} Or this.",
    ]
