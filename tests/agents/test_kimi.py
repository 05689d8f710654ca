"""Kimi Code asks for what is left of the window with each request, and measures where no response tells."""

from __future__ import annotations

from handoff_cli.agents.readers import read_transcript
from handoff_cli.core.answers import is_cut_off
from tests.agents.made_up import ASKED, KIMI, SAID, jsonl, kimi, kimi_asked, kimi_said, kimi_used


def test_a_bound_of_the_models_own_is_no_window(read):
    """It is asked for again and again, whatever is left."""
    log = jsonl(
        {"type": "metadata", "protocol_version": "1.4"}, kimi_said("hi"),
        kimi_asked(32_000), kimi_used(9_000, 0, 10), kimi_asked(32_000), kimi_used(9_500, 0, 10), kimi_asked(32_000),
    )  # fmt: skip
    assert (read(log).usage.tokens, read(log).window) == (9_510, None)


def test_the_window_outlasts_a_compaction(read):
    """The figure does not, until the next step."""
    compacted = {"type": "context.apply_compaction", "summary": "s", "tokensBefore": 200_000, "tokensAfter": 900}
    found = read(KIMI + jsonl(compacted))
    assert (found.usage, found.window, found.compactions[0].before) == (None, 262_144, 200_000)
    assert read(KIMI + jsonl(compacted, kimi_used(8_000, 0, 9))).usage.tokens == 8_009


def test_tokens_that_were_measured_are_a_figure(read):
    """Those of the main agent."""
    measured = {"type": "token_counting.measured", "agentId": "main", "tokens": 23_231, "length": 3}
    found = read(KIMI + jsonl(measured, {**measured, "agentId": "agent-0", "tokens": 5}))
    assert (found.usage.tokens, found.usage.rule) == (23_231, "tokens of the context as Kimi Code measured them")


def test_the_older_protocol_names_no_origin(read):
    """What a user's message says is the user's then."""
    found = read(
        jsonl({"type": "metadata", "protocol_version": "1.1"}, kimi_said("hi"), kimi_said("hello", "assistant"))
    )
    assert [message.text for message in found.messages] == ["hi", "hello"]


def test_turns_that_were_undone_never_happened(read):
    """The context holds what it held before them; what a compaction took away cannot be undone."""
    asked = {"origin": {"kind": "user"}}
    by_command = {"origin": {"kind": "skill_activation", "trigger": "user-slash"}}
    later = [
        *(
            kimi_said("one more", **asked),
            kimi_used(16_000, 0, 9),
            kimi_said("skill", **by_command),
            kimi_used(17_000, 0, 9),
        ),
        kimi_said("<system-reminder>", origin={"kind": "injection"}),
    ]
    told = KIMI + jsonl(*later)
    assert read(told).usage.tokens == 17_009
    undone = {"type": "context.undo", "count": 1}
    found = read(told + jsonl(undone))
    assert (found.usage.tokens, found.rewound) == (16_009, 1)
    found = read(told + jsonl({**undone, "count": 2}))
    assert (found.usage.tokens, [message.text for message in found.messages]) == (15_065, [ASKED, SAID])
    assert (found.responses, found.peak) == (read(told).responses, 17_009)
    assert read(told + jsonl(undone, undone)).usage.tokens == 15_065
    assert read(told + jsonl({**undone, "count": 9})).usage is None
    compacted = {"type": "context.apply_compaction", "summary": "s", "tokensBefore": 17_009}
    assert read(told + jsonl(compacted, kimi_used(900, 0, 0), undone)).usage.tokens == 900
    for count in (0, -1, None, "1"):
        assert read(told + jsonl({**undone, "count": count})).rewound == 0


def test_another_model_has_a_window_of_its_own(read):
    """Until two requests tell it, it is not that of the model before."""
    assert read(KIMI).window == 262_144
    other = {**kimi_asked(100_000), "model": "kimi-small"}
    assert read(KIMI + jsonl(other)).window is None
    asked = jsonl(other, kimi_used(20_000, 0, 0), {**other, "maxTokens": 95_065})
    assert read(KIMI + asked).window == 115_065


def test_a_context_that_was_cleared_is_a_new_session(read):
    found = read(KIMI + jsonl({"type": "context.clear"}, kimi_said("hi")))
    assert found.usage is None
    assert [message.text for message in found.messages][-1] == "hi"


def test_a_sub_agents_report_is_told_without_what_stands_above_it(read):
    """Its number, its kind and its state."""
    report = "agent_id: agent-0\nactual_subagent_type: explore\nstatus: completed\n\n[summary]\nIt is in a.py:3."
    call = kimi("tool.call", toolCallId="c", name="Agent", args={"description": "Find it", "prompt": "p"})
    found = read(KIMI + jsonl(call, kimi("tool.result", toolCallId="c", result={"output": report})))
    assert [(it.kind, it.asked, it.answer) for it in found.lookups][-1] == ("agent", "Find it", "It is in a.py:3.")


def test_the_folder_of_the_session_tells_which_it_is_and_where_the_agent_works(tmp_path):
    """Newer logs tell where themselves."""
    log = tmp_path / "wd_app_1" / "session_7" / "agents" / "main" / "wire.jsonl"
    log.parent.mkdir(parents=True)
    log.write_text(KIMI)
    (log.parents[2] / "state.json").write_text('{"workDir": "/srv/app"}')
    found = read_transcript(str(log))
    assert (found.session_ids, found.folder) == (("session_7",), "/srv/app")
    (log.parents[2] / "state.json").unlink()
    log.write_text(KIMI + jsonl({"type": "profile.bind", "environmentDisclosure": {"cwd": "/srv/b"}}))
    assert read_transcript(str(log)).folder == "/srv/b"


def called(name, args, **result):
    return [
        kimi("tool.call", toolCallId="c9", name=name, args=args),
        kimi("tool.result", toolCallId="c9", result=result),
    ]


def test_a_command_that_the_user_stopped_was_cut_off(read):
    """Behind what it had printed; the turn did not come to its end."""
    rows = called("Bash", {"command": "make"}, output="cc a.c\nInterrupted by user", isError=True)
    found = read(KIMI + jsonl(*rows, {"type": "turn.cancel"}))
    assert (is_cut_off(found.commands[-1].error), found.stopped_at > found.commands[-1].position) == (True, True)


def test_a_sub_agent_s_report_is_told_without_how_to_go_on_with_it(read):
    above = "agent_id: agent-0\nactual_subagent_type: explore\nstatus: completed\nstop_reason: completed\n\n[summary]\n"
    below = '\n\nresume_hint: Continue with Agent(resume="agent-0", prompt="...").'
    for told in (f"{above}It is in a.py:3.{below}", f"{above}It is in a.py:3."):
        found = read(KIMI + jsonl(*called("Agent", {"description": "Find it", "prompt": "Find it"}, output=told)))
        assert found.lookups[-1].answer == "It is in a.py:3."
