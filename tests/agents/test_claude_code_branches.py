"""Going back in Claude Code leaves dead branches in the log: neither their words nor their usage stand.

Both readings, whole and from the end, give the figure of the branch that stands, after every row.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handoff_cli.agents import claude_code_log
from handoff_cli.agents.readers import latest_usage, read_transcript
from tests.transcripts import rows as r


def chained(*rows):
    """Number the rows; each follows the one before it, or the one ``back_to`` names."""
    parent, found = None, []
    for number, given_row in enumerate(rows):
        row = dict(given_row)
        follows = row.pop("back_to", parent)
        parent = f"u{number}"
        found.append({**row, "uuid": parent, "parentUuid": follows})
    return found


def prompt(text, **fields):
    return r.claude_user(text, **fields)


def response(tokens, **fields):
    return r.claude_response(tokens, [{"type": "text", "text": "Done."}], id_=f"msg_{tokens}", **fields)


def note(**fields):
    return r.claude("attachment", attachment={"type": "hook_additional_context"}, **fields)


def result(**fields):
    return {**r.claude_result("t", "x" * 30), **fields}


FIRST = (prompt("add an export"), response(20_000), prompt("port it"), response(60_000))


@pytest.fixture
def usages(tmp_path):
    """The usage by a whole reading, from the end, and from the end as the file grew by its last rows."""

    def reading(rows, grown=1):
        path = str(tmp_path / "s.jsonl")
        with open(path, "w", encoding="utf-8") as file:
            file.write(r.jsonl(*rows[:-grown]))
        state = latest_usage(path, None, "claude_code")[1]
        with open(path, "a", encoding="utf-8") as file:
            file.write(r.jsonl(*rows[-grown:]))
        whole = read_transcript(path, "claude_code").usage
        return whole, latest_usage(path, None, "claude_code")[0], latest_usage(path, state, "claude_code")[0]

    return reading


def told(found):
    """What all of ``found`` agree on: tokens and method."""
    assert len({(it and (it.tokens, it.method, it.rule)) for it in found}) == 1
    return found[0] and (found[0].tokens, found[0].method)


def test_before_the_first_response_of_the_new_branch_the_usage_is_that_of_the_standing_one(usages):
    assert told(usages(chained(*FIRST, prompt("a header", back_to="u1")))) == (20_000, "exact")
    assert told(usages(chained(*FIRST, prompt("go on")))) == (60_000, "exact")


def test_rows_of_hooks_may_begin_the_new_branch(usages):
    rows = chained(*FIRST, note(back_to="u1"), note(), prompt("a header"), note())
    for grown in (1, 2, 4):
        assert told(usages(rows, grown)) == (20_000, "exact")


def test_going_back_twice_and_within_the_new_branch(usages):
    rows = chained(
        *FIRST, prompt("b", back_to="u1"), response(25_000), prompt("c"), response(70_000), prompt("d", back_to="u5")
    )
    assert told(usages(rows)) == (25_000, "exact")
    again = chained(*rows, prompt("e", back_to="u1"))
    assert told(usages([*rows, {**again[-1], "uuid": "u9", "parentUuid": "u1"}])) == (20_000, "exact")


def test_with_every_turn_taken_back_the_first_response_bounds_the_usage(usages):
    rows = chained(*FIRST, prompt("something else", back_to=None))
    found = usages(rows)
    assert told(found) == (20_000, "estimated")
    assert (found[0].low, found[0].high, found[0].rule) == (0, 20_000, claude_code_log.AT_FIRST_RULE)


def test_rows_without_parents_are_no_tree(usages):
    """Copies and trimmed logs may have lost them: nothing is taken back there."""
    rows = [{**row, "uuid": f"u{number}", "parentUuid": None} for number, row in enumerate((*FIRST, prompt("go on")))]
    assert told(usages(rows)) == (60_000, "exact")
    unknown = chained(*FIRST, prompt("go on", back_to="not in this file"))
    assert told(usages(unknown)) == (60_000, "exact")


def test_an_id_that_is_no_text_of_unicode_is_found_nowhere(usages):
    assert told(usages(chained(*FIRST, prompt("go on", back_to="\ud800")))) == (60_000, "exact")


def test_rows_that_all_have_one_name_are_read_to_their_end(usages):
    """As in logs whose ids were taken out before they were shared."""
    rows = [{**row, "uuid": "cut", "parentUuid": "cut"} for row in (*FIRST, prompt("go on"), prompt("again"))]
    assert told(usages(rows)) == (60_000, "exact")


def test_answers_of_calls_made_at_once_and_subagents_take_nothing_back(usages):
    rows = chained(
        prompt("look"),
        response(20_000),
        {**response(30_000), "message": r.claude_response(30_000, [r.tool_use("a", "Bash", command="a")])["message"]},
        result(back_to="u1"),
        result(back_to="u2"),
        r.claude_user("a subagent's", sidechain=True, back_to=None),
        prompt("go on", back_to="u4"),
    )
    for grown in range(1, 5):
        assert told(usages(rows, grown)) == (30_000, "exact")


def test_going_back_to_a_compaction_is_what_the_compaction_left(usages):
    boundary = r.claude(
        "system", subtype="compact_boundary", compactMetadata={"preTokens": 90_000, "postTokens": 4_000}
    )
    rows = chained(
        *FIRST,
        {**boundary, "back_to": None},
        {**prompt("the summary"), "isCompactSummary": True},
        prompt("go on"),
        response(30_000),
        prompt("other", back_to="u5"),
    )
    whole, last, grown = usages(rows)
    assert whole == last == grown
    assert (whole.method, whole.low) == ("estimated", 4_000)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_both_readings_agree_on_any_tree(tmp_path, data):
    """A new branch begins with a prompt, or with rows of hooks before it."""
    rows, waits = [prompt("begin", uuid="u0", parentUuid=None)], False
    for number in range(1, data.draw(st.integers(2, 14))):
        kinds = [prompt("more"), note()] if waits else [prompt("more"), note(), response(10_000 + number), result()]
        row = data.draw(st.sampled_from(kinds))
        back = row["type"] in ("user", "attachment") and "toolUseResult" not in row and data.draw(st.booleans())
        parent = data.draw(st.sampled_from([None, *(it["uuid"] for it in rows)])) if back else rows[-1]["uuid"]
        waits = row["type"] == "attachment" and (waits or back)
        rows.append({**row, "uuid": f"u{number}", "parentUuid": parent})
    cut = data.draw(st.integers(1, len(rows)))
    path = str(tmp_path / "t.jsonl")
    with open(path, "w", encoding="utf-8") as file:
        file.write(r.jsonl(*rows[:cut]))
    state = latest_usage(path, None, "claude_code")[1]
    with open(path, "a", encoding="utf-8") as file:
        file.write(r.jsonl(*rows[cut:]))
    whole = read_transcript(path, "claude_code").usage
    assert latest_usage(path, None, "claude_code")[0] == whole
    assert latest_usage(path, state, "claude_code")[0] == whole
