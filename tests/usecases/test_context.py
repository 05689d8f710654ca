"""What fills the window: figures that add up to what the agent reported, and what they point at."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.transcripts.filling import divided
from handoff_cli.usecases.context import advice, measure_context
from tests.transcripts import rows as r


def test_a_format_that_does_not_exist_is_refused_whatever_is_measured(handoff):
    handoff("track", stdin="hello")
    code, out, err = handoff("context", "--format", "nonsense")
    assert (code, out) == (2, "")
    assert "there is no transcript format 'nonsense'" in err


@pytest.fixture
def measure(tmp_path):
    def measured(*rows):
        path = tmp_path / "t.jsonl"
        path.write_text(r.jsonl(*rows))
        return measure_context(str(path))

    return measured


def read_call(number, path="src/app.py"):
    return r.tool_use(f"t{number}", "Read", file_path=path)


def test_a_growth_made_by_one_piece_is_exact_and_the_rest_is_named(measure):
    context = measure(
        r.claude_user("please look at src/app.py"),
        r.claude_response(20_000, [read_call(1)], id_="m1"),
        r.claude_result("t1", "def main():\n" * 400),
        r.claude_response(21_700, id_="m2"),
        r.claude_user("now explain"),
        r.claude_response(21_707, id_="m3"),
    )
    assert context.total_tokens == 21_707 == sum(part.tokens for part in context.parts)
    assert context.method == "exact"
    kinds = {row.name: row.tokens for row in context.by("kind")}
    assert kinds["system"] > 19_900
    assert [(part.tokens, part.method) for part in context.parts if part.label == "now explain"] == [(7, "exact")]
    assert context.by("file")[0].name == "src/app.py"
    assert 1_600 < context.by("tool")[0].tokens <= 1_700
    assert context.turns == 2


def test_a_compaction_takes_all_before_it_and_leaves_its_summary(measure):
    context = measure(
        r.claude_user("begin"),
        r.claude_response(150_000, [read_call(1)], id_="m1"),
        r.claude_compact(160_000),
        r.claude_user("the story so far " * 50, isCompactSummary=True),
        r.claude_user("go on"),
        r.claude_response(30_000, id_="m2"),
    )
    assert [(removed.tokens, removed.trigger) for removed in context.removed] == [(160_000, "auto")]
    assert context.total_tokens == 30_000 == sum(part.tokens for part in context.parts)
    kinds = {row.name: row.tokens for row in context.by("kind")}
    assert 150 < kinds["summary"] < 400
    assert not context.by("file")


def test_what_was_rewound_takes_no_room(measure):
    rows = [
        r.claude_user("begin"),
        r.claude_response(20_000, id_="m1"),
        r.claude_user("use threads"),
        r.claude_response(24_000, [read_call(1)], id_="m2"),
        r.claude_user("no, one process"),
        r.claude_response(20_020, id_="m3"),
    ]
    for number, row in enumerate(rows):
        row |= {"uuid": f"u{number}", "parentUuid": f"u{1 if number == 4 else number - 1}" if number else None}
    context = measure(*rows)
    assert context.total_tokens == 20_020 == sum(part.tokens for part in context.parts)
    assert [part.label for part in context.parts if part.label in ("use threads", "no, one process")] == [
        "no, one process"
    ]
    assert not context.by("file")


def test_what_leaves_the_window_without_a_compaction_is_a_negative_row(measure):
    context = measure(
        r.claude_user("begin"),
        r.claude_response(50_000, [read_call(1)], id_="m1"),
        r.claude_result("t1", "x = 1\n" * 100),
        r.claude_response(45_000, id_="m2"),
    )
    assert sum(part.tokens for part in context.parts) == 45_000
    assert [row.tokens < 0 for row in context.by("kind") if row.name == "removed"] == [True]


def test_a_picture_takes_what_no_text_explains(measure):
    picture = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}}
    context = measure(
        r.claude_user("look at it"),
        r.claude_response(10_000, [read_call(1, "a.png")], id_="m1"),
        r.claude_result("t1", [picture]),
        r.claude_response(11_600, id_="m2"),
    )
    results = {row.name: row.tokens for row in context.by("kind")}["results"]
    assert results > 1_500
    assert sum(part.tokens for part in context.parts) == 11_600


def test_servers_subagents_and_commands_are_told_apart(measure):
    calls = [
        r.tool_use("a", "mcp__tracker__search", query="x"),
        r.tool_use("b", "Task", subagent_type="explorer", prompt="look"),
        r.tool_use("c", "Bash", command="cd web && npm test -- --watch=false"),
    ]
    context = measure(
        r.claude_user("begin"),
        r.claude_response(10_000, calls, id_="m1"),
        *(r.claude_result(id_, "found it\n" * 60) for id_ in "abc"),
        r.claude_response(10_700, id_="m2"),
    )
    names = {field: [row.name for row in context.by(field)] for field in ("server", "subagent", "command")}
    assert names == {"server": ["tracker"], "subagent": ["explorer"], "command": ["npm test"]}


def test_rows_of_one_response_are_one_growth(measure):
    context = measure(
        r.claude_user("begin"),
        r.claude_response(10_000, [{"type": "text", "text": "first"}], id_="m1"),
        r.claude_response(10_000, [{"type": "text", "text": "second"}], id_="m1"),
        r.claude_response(10_020, id_="m2"),
    )
    assert [tokens for _, tokens in context.points] == [10_000, 10_020]


def test_what_follows_the_last_response_is_counted_apart(measure):
    context = measure(r.claude_user("begin"), r.claude_response(10_000, id_="m1"), r.claude_user("and now this"))
    assert context.total_tokens == 10_000
    assert 3 <= context.unreported_tokens <= 6


def test_a_log_without_usage_is_counted_and_says_so(measure):
    context = measure({"role": "user", "content": "hello there"}, {"role": "assistant", "content": "good morning"})
    assert context.method == "estimated"
    assert context.total_tokens == sum(part.tokens for part in context.parts) > 0


def test_advice_names_files_read_again_and_large_results(measure):
    text = "value = compute()\n" * 600
    context = measure(
        r.claude_user("begin"),
        r.claude_response(10_000, [read_call(1)], id_="m1"),
        r.claude_result("t1", text),
        r.claude_response(13_000, [read_call(2)], id_="m2"),
        r.claude_result("t2", text),
        r.claude_response(16_000, id_="m3"),
    )
    lines = advice(context, 20_000)
    assert any(line.startswith("src/app.py was read 2 times") for line in lines)
    assert any("one result takes 1" in line for line in lines)


@given(st.integers(-10_000, 1_000_000), st.lists(st.integers(0, 100_000), max_size=40))
def test_shares_add_up_to_the_token(tokens, weights):
    shares = divided(tokens, weights)
    assert sum(shares) == (tokens if weights else 0)
    assert len(shares) == len(weights)


def test_the_samples_add_up(samples):
    from pathlib import Path

    for path in sorted(Path(samples).glob("*/*.json*")):
        context = measure_context(str(path))
        assert sum(part.tokens for part in context.parts) == context.total_tokens, path.name


def test_names_of_files_and_commands_hold_no_secret(handoff, tmp_path):
    token = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"
    rows = [
        r.claude_user("begin"),
        r.claude_response(10_000, [read_call(1, f"/src/{token}/app.py")], id_="m1"),
        r.claude_result("t1", "value = compute()\n" * 600),
        r.claude_response(13_000, [r.tool_use("t2", "Bash", command=f"deploy --token {token}")], id_="m2"),
        r.claude_result("t2", "done\n" * 600),
        r.claude_response(16_000, id_="m3"),
    ]
    (tmp_path / "t.jsonl").write_text(r.jsonl(*rows))
    for form in ([], ["--json"]):
        _, out, _ = handoff("context", "--transcript", str(tmp_path / "t.jsonl"), *form)
        assert "/src/" in out
        assert token not in out
