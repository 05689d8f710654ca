"""How far a thought goes that an export marks only at its beginning."""

from __future__ import annotations

import pytest

from tests.growth import assert_linear

HEAD = (
    "# Kiln\n\n**Session ID:** ses_1\n\n---\n\n## User\n\nit smokes\n\n---\n\n## Assistant (Build · model · 1.3s)\n\n"
)
CALL = '**Tool: bash**\n\n**Input:**\n```json\n{\n  "command": "make draft"\n}\n```\n\n**Output:**\n```\nok\n```\n'
MUSED = "_Thinking:_\n\nThe flue may be shut.\n\nWait — the loop is:\n```\nwhile true\n---\n\ndone\n```\n\nActually it never opens.\n\n"


def _told(read, text):
    found = read(HEAD + text)
    return [it.text for it in found.messages if it.role != "user"], [it.text for it in found.reasonings]


def test_a_thought_of_opencodes_goes_on_to_the_last_paragraph_that_weighs(read):
    """What a turn ends with is said, also where it seems to weigh; code within belongs to the paragraph."""
    words, thoughts = _told(read, f"{MUSED}Let me tell the user.\n\nThe flue is shut.\n\nMaybe open it?\n")
    assert words == ["The flue is shut.\n\nMaybe open it?"]
    assert len(thoughts) == 1
    assert thoughts[0].startswith("The flue may")
    assert thoughts[0].endswith("Let me tell the user.")


@pytest.mark.parametrize(("last", "said"), [("Let me measure the draft.", []), ("I measure:", ["I measure:"])])
def test_before_a_call_a_thought_goes_on_up_to_what_announces_it(read, last, said):
    assert _told(read, f"{MUSED}{last}\n\n{CALL}")[0] == said


def test_paragraphs_that_do_not_weigh_are_said(read):
    words, thoughts = _told(
        read, "_Thinking:_\n\nThe flue.\n\nIt was shut.\n\n- I opened it.\n\nLet me know if it smokes.\n"
    )
    assert (words, thoughts) == (["It was shut.\n\n- I opened it.\n\nLet me know if it smokes."], ["The flue."])


def test_thoughts_that_never_end_cost_no_more_than_their_length(read):
    assert_linear(lambda size: read(HEAD + "_Thinking:_\n\nWait.\n\n" * size), 1_000)
    assert_linear(lambda size: read(HEAD + "_Thinking:_\n\n" + "Wait.\n\n" * size), 3_000)


def test_a_call_below_a_thought_that_the_export_left_out_is_a_call(read):
    found = read(f"{HEAD}_Thinking:_\n\n\n\n{CALL}")
    assert [it.text for it in found.commands] == ["make draft"]
    assert [it.text for it in found.messages if it.role != "user"] == []


@pytest.mark.parametrize("took", ["Worked for 50s", "Thought for 1m 12s", "**Thought for 3 seconds**"])
def test_quoted_steps_that_say_how_long_they_took_are_a_thought(read, took):
    steps = "> **Weighing kilns**\n>\n> I compare the flues.\n>\n> "
    text = f"## Prompt:\n3/4/2026, 4:46:48 PM\n\nit smokes\n\n## Response:\n3/4/2026, 4:46:50 PM\n\n{steps}{{}}\n\nOpen it.\n"
    found = read(text.format(took))
    assert [it.text for it in found.messages] == ["it smokes", "Open it."]
    assert "I compare the flues." in found.reasonings[0].text
    assert "I compare" in read(text.format("Worked on it")).messages[1].text


def test_quotations_that_go_on_and_on_cost_no_more_than_their_length(read):
    head = "## Prompt:\n\nit smokes\n\n## Response:\n\n"
    assert_linear(lambda size: read(head + "> a\n\n" * size), 2_000)
    assert_linear(lambda size: read(head + "> a\n" * size), 3_000)


@pytest.mark.parametrize(
    "said",
    [
        "The flue is shut.\n\nI should also mention that the fan is broken.\n\nDo you want me to order a fan?",
        "It draws now. Here is what I changed:\n\n- `flue.py`: the guard is out\n- The user may need to restart it.\n\nBye.",
    ],
)
def test_an_answer_below_a_thought_is_said_whole(read, said):
    assert _told(read, f"_Thinking:_\n\nGood.\n\n{said}\n") == ([said], ["Good."])
