"""A request that is the output of a command is told by that and by its error."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.facts import Request
from handoff_cli.documents.extract.requests.pasted_runs import pasted_run
from handoff_cli.documents.parts.at_work import going_on
from handoff_cli.documents.parts.goal import goal
from handoff_cli.documents.parts.wording import pasted_run as in_a_line
from tests.documents.sessions import call, ran, told

RUN = """node lamp.js
Lighting the lamp
[lamp] Wick trimmed
Error: oil can is locked

[lamp] Put out
/p/lamp.js:31
      throw new Error("no oil");
            ^

Error: no oil"""


def session(*commands, text=RUN):
    calls = tuple(call(it.position) for it in commands)
    return told(
        ("user", "light the lamp"), ("assistant", "It is lit."), ("user", text), commands=commands, tool_calls=calls
    )


def test_a_run_that_was_pasted_is_told_by_its_command_and_its_errors():
    story = extract(session(ran("cd /p && node lamp.js", "ok", 15), ran("ls", "ok", 35)))
    assert story.pasted_run
    assert (story.pasted_run.command, story.pasted_run.gone) == ("node lamp.js", False)
    assert story.pasted_run.errors == ("Error: oil can is locked", "Error: no oil")
    (latest,) = [it for it in goal(story) if it.block.startswith("The latest request")]
    assert latest.block == "The latest request is a run that was pasted:"
    assert latest.forms[0] == "node lamp.js\nError: oil can is locked\nError: no oil"
    assert "a run of `node lamp.js` that was pasted: Error: no oil." in going_on(story, in_a_line(story))


@pytest.mark.parametrize(
    ("outcome", "printed", "gone"),
    [
        ("failed", "Error: no wick", True),
        ("failed", "Error: no oil", False),
        ("ok", "lit", True),
        ("ok", "a\n… [9 characters] …\nb", False),
        (None, "lit", False),
        ("ok", "", False),
    ],
)
def test_errors_that_the_latest_run_of_the_command_did_not_print_are_told_as_gone(outcome, printed, gone):
    run = pasted_run(Request(2, RUN, position=30), session(ran("node lamp.js", outcome, 40, output=printed)))
    assert run
    assert run.gone is gone


@pytest.mark.parametrize(
    "text",
    [
        f"{RUN}\nplease mend it",
        f"The lamp is dark:\n{RUN}",
        RUN.replace("node lamp.js\n", "node other.js\n"),
        "node lamp.js\nError: no oil",
        "light the lamp",
    ],
)
def test_what_has_words_of_the_users_or_no_command_of_the_session_is_no_run(text):
    assert pasted_run(Request(2, text, position=30), session(ran("node lamp.js", "ok", 15))) is None


def test_a_prompt_shows_the_command():
    assert pasted_run(Request(2, f"me@box:~/p$ {RUN}", position=30), session())
