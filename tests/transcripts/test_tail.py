"""Reading from the end gives what reading all gives, at a cost that does not grow with the file."""

from __future__ import annotations

import builtins
import json
import os
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handoff_cli.agents.readers import latest_usage, read_transcript
from handoff_cli.errors import InputError
from handoff_cli.transcripts.tail import TailState
from tests.transcripts import rows as r

TOKENS = st.integers(11, 200_000)
CLAUDE = st.one_of(
    st.builds(r.claude_response, TOKENS, id_=st.sampled_from("abc")),
    st.builds(r.claude_response, TOKENS, sidechain=st.just(True)),
    st.builds(r.claude_response, TOKENS, model=st.just("<synthetic>")),
    st.builds(r.claude_response, TOKENS, isApiErrorMessage=st.just(True)),
    st.just(r.claude("assistant", message={"usage": None, "content": []})),
    st.just(r.claude("assistant", message={"usage": {"input_tokens": None, "cache_read_input_tokens": "x"}})),
    st.just(r.claude("assistant", message=None)),
    st.builds(r.claude_compact, sidechain=st.booleans()),
    st.just(r.claude("system", subtype="compact_boundary", compactMetadata={"postTokens": 4_000})),
    st.builds(
        lambda before: r.claude(
            "system", subtype="compact_boundary", compactMetadata={"preTokens": before, "postTokens": 4_000}
        ),
        TOKENS,
    ),
    st.just(r.claude_response(0, usage={"input_tokens": 0, "cache_read_input_tokens": 0})),
    st.just(r.claude("attachment", attachment={"type": "model", "identity": {"modelId": "claude-opus-4-6[1m]"}})),
    st.just(r.claude("system", subtype="microcompact_boundary", microcompactMetadata={"preTokens": 9})),
    st.just(r.claude("user", toolUseResult={"usage": {"input_tokens": 7}, "totalTokens": 9}, message={})),
    st.builds(r.claude_user, st.text(max_size=30)),
)
CODEX = st.one_of(
    st.builds(r.codex_tokens, TOKENS, window=st.sampled_from([258_400, None])),
    st.just(r.codex("event_msg", type="token_count", info=None)),
    st.just(
        r.codex(
            "event_msg",
            type="token_count",
            info={
                "last_token_usage": {"input_tokens": 0, "output_tokens": 0, "total_tokens": 6_858},
                "model_context_window": 258_400,
            },
        )
    ),
    st.just(r.codex("compacted", message="", replacement_history=[])),
    st.just(r.codex("event_msg", type="context_compacted")),
    st.just(r.codex("event_msg", type="user_message", message="token_count and compacted")),
)


def _untold(message):
    """Of the messages a compression keeps, none has its tokens."""
    return not message["tokens"]


IDS = st.sampled_from(["m1", "m2", "m3", "m4"])
GEMINI_MESSAGE = st.builds(r.gemini_message, IDS, st.none() | TOKENS, kind=st.sampled_from(["gemini", "user", "info"]))
SNAPSHOT = st.builds(
    lambda id_: r.gemini_message(id_, kind="user", content=[{"text": "<state_snapshot>s</state_snapshot>"}]),
    st.sampled_from(["s1", "s2"]),
)
GEMINI = st.one_of(
    *[GEMINI_MESSAGE] * 4,
    st.builds(lambda id_: {"$rewindTo": id_}, IDS | st.just("unknown")),
    st.builds(lambda messages: {"$set": {"messages": messages}}, st.lists(GEMINI_MESSAGE, max_size=3)),
    st.builds(lambda *messages: {"$set": {"messages": list(messages)}}, SNAPSHOT, GEMINI_MESSAGE.filter(_untold)),
    st.just({"$set": {"lastUpdated": "2026-04-29T21:39:33Z"}}),
)


def copilot(kind, **data):
    return {"type": kind, "data": data, "id": "e", "timestamp": "2026-11-20T10:00:00.000Z"}


def recorded(tokens, kind="conversation-agent"):
    return copilot(
        "session.usage_record", usage={"inputTokens": tokens, "maxPromptTokens": 128_000, "interactionType": kind}
    )


COPILOT_ASIDE = st.one_of(
    st.builds(lambda tokens: [copilot("session.compaction_complete", postCompactionTokens=tokens)], st.none() | TOKENS),
    st.builds(lambda tokens: [{**recorded(tokens), "agentId": "x"}], TOKENS),
    st.builds(lambda tokens: [recorded(tokens, "title")], TOKENS),
    st.just([{**copilot("assistant.message", content="sub"), "agentId": "x"}]),
    st.just([copilot("user.message", content="assistant.message")]),
)
COPILOT_OLD = st.one_of(
    st.just([copilot("assistant.message", content="a")]),
    st.builds(lambda tokens: [copilot("session.usage_info", currentTokens=tokens)], TOKENS),
    COPILOT_ASIDE,
)
COPILOT_NEW = st.one_of(
    st.builds(lambda tokens: [recorded(tokens), copilot("assistant.message", content="a")], TOKENS),
    st.builds(lambda tokens: [copilot("session.shutdown", currentTokens=tokens)], TOKENS),
    COPILOT_ASIDE,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(COPILOT_OLD, max_size=4), st.lists(COPILOT_NEW, max_size=5), st.data())
def test_copilots_log_from_its_end_is_as_read_whole(tmp_path, old, new, data):
    """Older versions count by themselves, newer ones record each response; a session may go on in a newer one."""
    if new and data.draw(st.booleans()):
        old = []
    first = [recorded(9_000), copilot("assistant.message", content="a")] if new else []
    rows = [copilot("session.start", sessionId="c"), *(row for turn in old for row in turn), *first]
    rows += [row for turn in new for row in turn]
    path = str(tmp_path / "t.jsonl")
    cut = data.draw(st.integers(1, len(rows)))
    write(path, r.jsonl(*rows[:cut]))
    _, state = latest_usage(path, format="copilot_cli")
    write(path, r.jsonl(*rows[cut:]), "ab")
    assert latest_usage(path, state, "copilot_cli")[0] == in_full(path, "copilot_cli")
    assert latest_usage(path, None, "copilot_cli")[0] == in_full(path, "copilot_cli")


TORN = st.sampled_from(["{\n", "null\n", "[1]\n", '{"type": "assistant", "mess\n', "\n", "\ud83d\n", '"$rewindTo"\n'])
FORMATS = {
    "claude_code": (CLAUDE, r.claude_user("hi")),
    "codex": (CODEX, r.codex("session_meta", id="c")),
    "gemini": (GEMINI, r.gemini_start()),
}


def in_full(path, name):
    try:
        return read_transcript(path, name).usage
    except InputError:
        return None


def write(path, text, mode="wb"):
    with open(path, mode) as stream:
        stream.write(text if isinstance(text, bytes) else text.encode("utf-8", "replace"))


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_tail_equals_full_reading_after_any_growth(tmp_path, name, data):
    """Whatever rows come in whatever pieces, cut anywhere: both readings agree, with and without the state."""
    kind, first = FORMATS[name]
    whole = r.jsonl(first, *data.draw(st.lists(kind | TORN, max_size=12))).encode("utf-8", "replace")
    start = len(r.jsonl(first))
    cuts = sorted(data.draw(st.lists(st.integers(start, len(whole)), max_size=4)))
    path = str(tmp_path / "growing.jsonl")
    state = None
    for end in (*cuts, len(whole)):
        write(path, whole[:end])
        expected = in_full(path, name)
        usage, state = latest_usage(path, TailState.from_dict(json.loads(json.dumps(state and state.to_dict()))), name)
        assert usage == expected
        assert latest_usage(path, None, name)[0] == expected


SAMPLES = (
    "claude-code/entire-manual-2.1.14.jsonl",
    "claude-code/entire-micro-2.1.14.jsonl",
    "claude-code/entire-malformed-line-2.1.7-12.jsonl",
    "claude-code/agentsessions-schema-census.jsonl",
    "codex/agentsessions-schema-census.jsonl",
    "codex/codemie-rollout-2026-05-11T11-26-55-019e1625-789d-76c0-80ab-3724b5ddb799.jsonl",
    "gemini/agentsessions-jsonl_v040.jsonl",
)


@pytest.mark.parametrize("name", SAMPLES)
def test_tail_equals_full_reading_on_prefixes_of_real_transcripts(samples, tmp_path, name):
    """At sampled numbers of lines, growing, the tail gives the figure of the whole reading."""
    with open(os.path.join(samples, name), "rb") as stream:
        lines = stream.readlines()
    ends = sorted({len(lines), *random.Random(7).sample(range(2, len(lines)), min(12, len(lines) - 2))})
    path, state = str(tmp_path / "growing.jsonl"), None
    format_ = {"claude-code": "claude_code"}.get(name.partition("/")[0], name.partition("/")[0])
    for end in ends:
        write(path, b"".join(lines[:end]))
        usage, state = latest_usage(path, state, format_)
        assert usage == in_full(path, format_)


@pytest.fixture
def transcript(tmp_path):
    path = str(tmp_path / "t.jsonl")
    write(path, r.jsonl(r.claude_user("hi"), r.claude_response(50_000)))
    return path


def test_unchanged_file_is_not_opened(transcript, monkeypatch):
    """With the state of the last reading, nothing but a stat is needed."""
    _, state = latest_usage(transcript)
    monkeypatch.setattr(builtins, "open", lambda *_, **__: pytest.fail("opened"))
    assert latest_usage(transcript, state) == (state.usage(), state)


def bytes_read(path, state, monkeypatch):
    """Read the tail and return how many bytes of the file were asked for."""
    count = 0
    real = builtins.open

    def counting(*args, **kwargs):
        stream = real(*args, **kwargs)

        class Counted:
            def __enter__(self):
                return self

            def __exit__(self, *_):
                stream.close()

            def fileno(self):
                return stream.fileno()

            def seek(self, at):
                stream.seek(at)

            def read(self, size):
                nonlocal count
                found = stream.read(size)
                count += len(found)
                return found

        return Counted()

    monkeypatch.setattr(builtins, "open", counting)
    latest_usage(path, state, "claude_code")
    monkeypatch.undo()
    return count


def test_cost_does_not_grow_with_the_file(tmp_path, monkeypatch):
    """A file a hundred times as long costs no more bytes."""
    sizes = []
    for rows in (300, 30_000):
        path = str(tmp_path / f"{rows}.jsonl")
        write(path, r.jsonl(*[r.claude_response(1_000 + n) for n in range(rows)]))
        sizes.append(bytes_read(path, None, monkeypatch))
    assert sizes[1] <= max(sizes[0], 2 * (1 << 18) + 2 * (1 << 16) + 8192)


def test_grown_file_costs_its_new_part(tmp_path, monkeypatch):
    """What was read before, but for the check, is not read again; a prompt, which may go back, costs one block more."""
    path = str(tmp_path / "t.jsonl")
    write(path, r.jsonl(*[r.claude_response(1_000 + n) for n in range(30_000)]))
    for row, more in ((r.claude_result("t", "done"), 0), (r.claude_user("more"), 1 << 18)):
        _, state = latest_usage(path)
        new = r.jsonl(row)
        write(path, new, "ab")
        assert bytes_read(path, state, monkeypatch) <= 2 * 4096 + 4 * len(new) + more


def test_rows_that_share_a_line_tell_by_the_last_of_them(tmp_path):
    """Two writers at once leave a line end out."""
    path = tmp_path / "t.jsonl"
    path.write_text(
        r.jsonl(r.claude_user("hi"), r.claude_response(10))
        + r.jsonl(r.claude_response(20), r.claude_response(30, id_="b")).replace("\n{", "{")
    )
    assert latest_usage(str(path))[0].tokens == 30
    assert read_transcript(str(path)).usage.tokens == 30


def test_truncated_file_starts_over(transcript):
    """Cut short, the file no longer holds what the state tells of."""
    _, state = latest_usage(transcript)
    write(transcript, r.jsonl(r.claude_user("hi")))
    assert latest_usage(transcript, state)[0] is None


def test_file_rewritten_in_place_starts_over(transcript):
    """The same inode, longer, with other bytes before the offset: nothing of the state is believed."""
    _, state = latest_usage(transcript)
    write(transcript, r.jsonl(r.claude_user("another beginning" * 50), r.claude_user("x" * 4_000)))
    assert latest_usage(transcript, state)[0] is None


def test_replaced_file_starts_over(transcript, tmp_path):
    """Another file under the same name is read anew, its format too."""
    _, state = latest_usage(transcript)
    other = str(tmp_path / "new")
    write(other, r.jsonl(r.codex("session_meta", id="c"), r.codex_tokens(33_000)))
    os.replace(other, transcript)
    usage, state = latest_usage(transcript, state)
    assert (usage.tokens, usage.window, state.format) == (33_000, 258_400, "codex")


def test_compaction_leaves_usage_unknown_until_the_next_response(transcript):
    """The state says why there is no figure."""
    write(transcript, r.jsonl(r.claude_compact()), "ab")
    usage, state = latest_usage(transcript)
    assert (usage, state.compacted) == (None, True)
    write(transcript, r.jsonl(r.claude_response(30_000)), "ab")
    usage, state = latest_usage(transcript, state)
    assert (usage.tokens, state.compacted) == (30_000, False)


def test_usage_taken_back_by_a_later_writing_of_its_message(tmp_path):
    """The new part holds no usage, but unmakes the one that was found before."""
    path = str(tmp_path / "g.jsonl")
    write(path, r.jsonl(r.gemini_start(), r.gemini_message("a", 10), r.gemini_message("b", 20)))
    usage, state = latest_usage(path)
    assert usage.tokens == 20
    write(path, r.jsonl(r.gemini_message("b")), "ab")
    assert latest_usage(path, state)[0].tokens == 10


def test_unfinished_row_that_turns_out_malformed(transcript):
    """A last row without its end may be read, but is not built upon."""
    write(transcript, r.jsonl(r.claude_response(60_000)).rstrip(), "ab")
    usage, state = latest_usage(transcript)
    assert usage.tokens == 60_000
    write(transcript, "garbage\n", "ab")
    assert latest_usage(transcript, state)[0].tokens == 50_000


def test_row_of_many_megabytes_is_passed(transcript):
    """An image after the last response costs time, not the figure."""
    write(transcript, r.jsonl(r.claude_user([{"type": "image", "source": {"data": "A" * (12 << 20)}}])), "ab")
    assert latest_usage(transcript)[0].tokens == 50_000


def test_formats_without_a_tail_are_read_whole(tmp_path):
    """A chat's usage is found as well."""
    path = str(tmp_path / "chat.json")
    write(path, json.dumps({"messages": [{"role": "user", "content": "hi"}], "usage": {"prompt_tokens": 12}}))
    usage, state = latest_usage(path)
    assert (usage.tokens, state.format) == (12, "openai_chat")


@pytest.mark.parametrize("broken", [{}, [], None, "x", {"path": 1}])
def test_state_that_is_none_is_refused(broken):
    """Whatever lies where the state was kept, reading starts over instead of failing."""
    assert TailState.from_dict(broken) is None


def test_missing_file_is_one_clear_line(tmp_path):
    """The error names the path."""
    with pytest.raises(InputError, match=r"cannot read .*gone\.jsonl: No such file"):
        latest_usage(str(tmp_path / "gone.jsonl"))
