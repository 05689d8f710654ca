"""Of blocks of code prose keeps what a line announces, and commands."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.language.prose import prose_of, typed_lines


def test_commands_of_a_block_stay_apart():
    """Each command of a short block stands by itself, and one over several lines as one."""
    assert prose_of("Run:\n\n```powershell\ncd app\npython -m http.server\n```\n") == (
        "Run: `cd app`, `python -m http.server`\n\n"
    )
    shown = prose_of("### By key\n\n```sh\n# 1) the key\ncat a.pub\n\ngit push -u origin trunk\n```\nThen go on.\n")
    assert shown == "### By key\n\n`cat a.pub`, `git push -u origin trunk`\n\nThen go on.\n"
    assert "`make \\ all`" in prose_of("Run:\n\n```bash\nmake \\\n  all\n```\n")


def test_what_was_quoted_below_words_that_announce_it_was_typed_and_a_block_left_out_is_marked():
    quoted = "Lea on the draft:\n\n> never skip a step, park the whole key instead\n\nShe's right."
    typed = ["Lea on the draft:", "> never skip a step, park the whole key instead", "She's right."]
    assert typed_lines(quoted, listed=True) == typed
    assert typed_lines("It says\n\n> never skip a step, park the whole key", listed=True) == ["It says"]
    assert typed_lines("Runs:\n> make build && make test", listed=True) == ["Runs:"]
    log = (
        "one more from the log of the staging server:\n\n```\n" + "12:01 lost the row " * 9 + "\n```\nthat one is ours"
    )
    assert typed_lines(log, listed=True) == ["one more from the log of the staging server: \u2026", "that one is ours"]


def test_statements_without_a_fence_were_pasted_and_what_leads_in_to_them_was_typed():
    lead = "please use this to resolve the issue: using OpenAI;"
    code = (
        "var key = Environment.Get\nChatClient client = new ChatClient()\nvar all = new List<Message>()\nx.Send(all);"
    )
    assert typed_lines(f"{lead}\n{code}\nand let me know") == [lead, "and let me know"]


def test_a_file_that_a_request_points_at_was_typed_what_a_program_says_of_a_line_was_not():
    text = "Result:\n@/home/somebody/logs/3.txt:12-30\n@Override\nsrc/a.py:12: error: x"
    assert typed_lines(text) == ["Result:", "@/home/somebody/logs/3.txt:12-30"]


@pytest.mark.parametrize(
    "lead", ["Make a client like this: const api = new Api({", "Erstelle einen Client wie hier: Api({"]
)
def test_code_between_brackets_was_pasted_and_the_words_that_lead_in_to_it_were_typed(lead):
    """A request goes by what it says, not by a field of the code; what no bracket closes may be words."""
    code = '  key: env.KEY,\n  headers: {\n    "X-Of": "me",\n  },\n})\n'
    assert typed_lines(f"{lead}\n{code}and no retries") == [lead, "and no retries"]
    assert typed_lines("Keep it short (\nno retries") == ["Keep it short (", "no retries"]


@pytest.mark.parametrize(
    ("line", "typed"),
    [
        ("4 no change, she knows about it", True),
        ("1 parked queue like today. 2 no!! leave them", True),
        ("12 passed, 1 failed in 2s", False),
        ("3 tests failed in the run", False),
        ("06-16 11:07:20.114 9817 I Choreographer: Skipped 41 frames!", False),
        ("java.lang.OutOfMemoryError: Failed to allocate a 199756816 byte allocation", False),
        ("  Error Message:", False),
        ("Failed!  - Failed:     2, Passed:    48", False),
        ("the OutOfMemoryError comes when I rotate", True),
    ],
)
def test_words_that_begin_with_the_number_of_an_item_are_typed_and_lines_of_logs_are_not(line, typed):
    assert typed_lines(f"{line}\n") == ([line] if typed else [])


def test_items_in_words_below_what_announces_them_were_typed_too():
    """Where that is asked for; figures, code and what nothing announces were pasted."""
    text = "Requirements:\n\n1. the total is never rounded\n2. coupons come after the tax\n3. x = 7;\n- 42 passed\nNo tests yet."
    kept = ["Requirements:", "1. the total is never rounded", "2. coupons come after the tax", "No tests yet."]
    assert typed_lines(text, listed=True) == kept
    assert typed_lines(text) == [kept[0], kept[-1]]
    remarks = [
        "Remarks:",
        '- \xa74 usage_rows "kept for a year": wrong',
        "- \xa75 on the 24 h: what then?",
        '- who said "old rows" to her',
    ]
    assert typed_lines("\n".join(remarks), listed=True) == remarks
    assert typed_lines("Figures:\n- #12 3 9 41 0 7\n- 9 of 12 rows", listed=True) == ["Figures:"]
    assert typed_lines("It printed this.\n1. the total is never rounded", listed=True) == ["It printed this."]


def test_a_list_whose_first_item_is_words_was_typed_with_its_other_items():
    items = ["- a test comes first", "- prod has 38M rows: no locks", "- bin/rspec and bin/rubocop"]
    assert typed_lines("\n".join(["Rules:", *items]), listed=True) == ["Rules:", *items]
    assert typed_lines("\n".join(["It says:", "- 38M rows", *items]), listed=True) == ["It says:"]


def test_a_list_that_asks_and_lines_of_a_file_that_are_named_were_typed():
    lines = ["It is wrong in", "@rows.zz (8-10)", "There are two.", "1. Which is the best to use?", "2. Remove it."]
    assert typed_lines("\n".join(lines), listed=True) == lines
    assert typed_lines("\n".join(["// The rows of a day", *lines])) == lines[:3]


def test_of_a_line_on_which_data_follow_words_the_words_were_typed():
    """With the beginning of the data, by which these are known again."""
    data = '{"time": "10:00", "level": "debug", "message": "the hook was called"}'
    told = typed_lines(f"this one still fails to load: {data}\n{data}\n")
    assert told == ['this one still fails to load: {"time": "10:00", "level": "debug", "messa…']


def test_a_bold_label_above_a_block_that_is_left_out_keeps_its_marks():
    block = "```\n[17:22] one of many\n[17:23] two of many\n[17:24] three\n[17:25] four\n[17:26] five\n```\n"
    assert prose_of(f"**What the log has of it all:**\n{block}It ends there.\n").startswith(
        "**What the log has of it all.**\n"
    )


def test_a_file_that_is_named_on_a_line_of_its_own_was_typed_and_a_decorator_was_not():
    assert typed_lines("do it as it says in\n\n@017-rows-of-orders.md") == [
        "do it as it says in",
        "@017-rows-of-orders.md",
    ]
    assert typed_lines("what does it do?\n\n@app.route") == ["what does it do?"]


def test_a_fence_that_went_with_what_is_left_out_of_a_long_text_takes_no_words_with_it():
    hole = "torn\n\u2026 [900 characters] \u2026\ntorn"
    assert "The end." in prose_of(f"Words.\n\n```\ncode\n{hole}\n\nThe end.")
    opened = prose_of(f"Words.\n\n{hole}\ncode\n```\n\nThe end.\n\n```\nmore\n```\n")
    assert "The end." in opened
    assert "code" not in opened
