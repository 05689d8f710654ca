"""What goes wrong in one agent's log may in any: each kind of trouble, in every agent whose log can have it.

The story is that of ``made_up``. Each figure is asked for three ways, of the whole log, from its end, and at a glance.
"""

import json

import pytest

from handoff_cli.agents.glance import glance
from handoff_cli.agents.readers import latest_usage, read_transcript
from handoff_cli.agents.search import Log
from tests.agents import made_up as m
from tests.transcripts import rows as r

LAST = 15_021


def claude(*more):
    rows = [
        r.claude_user(m.ASKED),
        r.claude_response(12_000, [r.tool_use("c1", "Read", file_path="adder.py")], id_="m1"),
        r.claude_result("c1", "def add"),
        r.claude_response(13_000, [{"type": "text", "text": "Look."}], id_="m2"),
        r.claude_user("Go on"),
        r.claude_response(LAST, [{"type": "text", "text": m.SAID}], id_="m3"),
        *more,
    ]
    before = [f"u{number - 1}" if number else None for number in range(len(rows))]
    return [
        {**row, "uuid": f"u{number}", "parentUuid": row.get("back_to", before[number])}
        for number, row in enumerate(rows)
    ]


def codex_said(words):
    item = r.codex("response_item", type="message", role="user", content=[{"type": "input_text", "text": words}])
    return [item, r.codex("event_msg", type="user_message", message=words)]


def codex(*more):
    said = r.codex("event_msg", type="agent_message", message=m.SAID)
    return [
        r.codex("session_meta", id="s-1", cli_version="0.171.0"),
        r.codex("turn_context", model="gpt-5.5"),
        *codex_said(m.ASKED),
        r.codex_tokens(13_000, total=13_000),
        *codex_said("Go on"),
        said,
        r.codex_tokens(LAST, total=13_000 + LAST),
        *more,
    ]


def gemini(*more):
    return [
        r.gemini_start(),
        r.gemini_message("a", kind="user", content=[{"text": m.ASKED}]),
        r.gemini_message("b", 13_000, content="Look."),
        r.gemini_message("c", kind="user", content=[{"text": "Go on"}]),
        r.gemini_message("d", LAST, content=m.SAID),
        *more,
    ]


def event(kind, id_="e", **data):
    return {"type": kind, "data": data, "id": id_, "timestamp": "2026-11-20T10:00:00.000Z"}


def recorded(tokens, **fields):
    usage = {"inputTokens": tokens, "maxPromptTokens": 128_000, "model": "gpt-5.5", "apiCallId": f"call-{tokens}"}
    return {**event("session.usage_record", usage=usage), **fields}


def copilot(*more):
    return [
        event("session.start", sessionId="p-1", copilotVersion="1.0.102"),
        event("user.message", "e1", content=m.ASKED),
        recorded(13_000),
        event("assistant.message", content="Look."),
        event("user.message", "e2", content="Go on"),
        recorded(LAST),
        event("assistant.message", content=m.SAID),
        *more,
    ]


def qwen(*more):
    return [
        m.qwen_row(1, "user", [{"text": m.ASKED}]),
        m.qwen_row(2, "assistant", [{"text": "Look."}], **m.qwen_used(13_000)),
        m.qwen_row(3, "user", [{"text": "Go on"}]),
        m.qwen_row(4, "assistant", [{"text": m.SAID}], **m.qwen_used(LAST)),
        *more,
    ]


def pi(*more):
    return [
        {"type": "session", "version": 3, "id": "s-1", "timestamp": "2026-11-01T10:00:00Z", "cwd": "/srv/app"},
        m.pi_said(1, "user", m.text(m.ASKED)),
        m.pi_said(2, "assistant", m.text("Look."), **m.pi_used(13_000)),
        m.pi_said(3, "user", m.text("Go on")),
        m.pi_said(4, "assistant", m.text(m.SAID), **m.pi_used(LAST)),
        *more,
    ]


def kimi(*more):
    return [
        {"type": "metadata", "protocol_version": "1.4", "created_at": 1_785_612_803_281},
        m.kimi_said(m.ASKED, origin={"kind": "user"}),
        m.kimi("content.part", part={"type": "text", "text": "Look."}),
        m.kimi_used(9_000, 3_900, 100, "end_turn"),
        m.kimi_said("Go on", origin={"kind": "user"}),
        m.kimi("content.part", part={"type": "text", "text": m.SAID}),
        m.kimi_used(321, 14_656, 44, "end_turn"),
        *more,
    ]


ZEROS = {"input_tokens": 0, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0, "output_tokens": 0}
NO_COUNT = {"total_token_usage": {"total_tokens": 0}, "last_token_usage": {"total_tokens": 0}}
SNAPSHOT = [{"text": "<state_snapshot>so far</state_snapshot>"}]
AGENTS = {
    "claude_code": (claude, {
        "zeros": [r.claude_response(0, usage=ZEROS, id_="z"),
                  r.claude_response(0, usage=ZEROS, id_="e", model="<synthetic>", isApiErrorMessage=True)],
        "written twice": [r.claude_response(LAST, [{"type": "text", "text": "more"}], id_="m3")],
        "a subagent's": [r.claude_response(90_000, id_="s", sidechain=True)],
        "injected": [r.claude_user("<system-reminder>mind the gap</system-reminder>"),
                     r.claude_user("no words", isMeta=True), r.claude_user("[Request interrupted by user]")],
        "compacted": [r.claude_compact()],
        "taken back": [{**r.claude_user("another way"), "back_to": "u3"}],
    }),
    "codex": (codex, {
        "zeros": [r.codex("event_msg", type="token_count", info=None), r.codex("event_msg", type="token_count", info=NO_COUNT)],
        "written twice": [r.codex_tokens(LAST, total=13_000 + LAST)],
        "injected": codex_said("<environment_context>\n<cwd>/p</cwd>\n</environment_context>")[:1],
        "compacted": [r.codex("compacted", message="so far")],
        "taken back": [r.codex("event_msg", type="thread_rolled_back", num_turns=1)],
    }),
    "gemini": (gemini, {
        "zeros": [r.gemini_message("z", None), {**r.gemini_message("y", 1), "tokens": {"input": 0, "total": 0}}],
        "written twice": [r.gemini_message("d", LAST, content=m.SAID)],
        "injected": [r.gemini_message("i", kind="user", content=[{"text": "<hook_context>mind the gap</hook_context>"}])],
        "compacted": [{"$set": {"messages": [r.gemini_message("s", kind="user", content=SNAPSHOT)]}}],
        "taken back": [{"$rewindTo": "c"}],
    }),
    "copilot_cli": (copilot, {
        "zeros": [recorded(0)],
        "written twice": [recorded(LAST), event("assistant.message", content="more")],
        "a subagent's": [recorded(90_000, agentId="x"), {**event("assistant.message", content="sub"), "agentId": "x"}],
        "injected": [event("user.message", content="mind the gap", source="hook")],
        "compacted": [event("session.compaction_complete", success=True, preCompactionTokens=LAST)],
        "taken back": [event("session.snapshot_rewind", upToEventId="e1", eventsRemoved=3)],
    }),
    "qwen": (qwen, {
        "zeros": [m.qwen_row(5, "assistant", [{"text": "?"}], usageMetadata={"promptTokenCount": 0})],
        "written twice": [m.qwen_row(4, "assistant", [{"text": m.SAID}], **m.qwen_used(LAST))],
        "a subagent's": [m.qwen_row(5, "assistant", [{"text": "sub"}], isSidechain=True, **m.qwen_used(90_000))],
        "injected": [m.qwen_row(5, "user", [{"text": "a watched file changed"}], subtype="notification")],
        "compacted": [m.qwen_row(5, "system", [], subtype="chat_compression", systemPayload={"info": {}})],
        "taken back": [m.qwen_row(5, "user", [{"text": "another way"}], parent=2)],
    }),
    "pi": (pi, {
        "zeros": [m.pi_said(5, "assistant", [], usage={"input": 0, "output": 0, "totalTokens": 0}, stopReason="error")],
        "written twice": [m.pi_said(4, "assistant", m.text(m.SAID), **m.pi_used(LAST))],
        "injected": [m.pi_row(5, "custom_message", content="mind the gap")],
        "compacted": [m.pi_row(5, "compaction", summary="so far", tokensBefore=LAST)],
        "taken back": [m.pi_said(5, "user", m.text("another way"), parent=2)],
    }),
    "kimi": (kimi, {
        "zeros": [m.kimi_used(0, 0, 0)],
        "injected": [m.kimi_said("<system-reminder>plan</system-reminder>", origin={"kind": "injection"})],
        "a subagent's": [{"type": "token_counting.measured", "agentId": "agent-0", "tokens": 90_000}],
        "compacted": [{"type": "context.apply_compaction", "summary": "so far", "tokensBefore": LAST}],
        "taken back": [{"type": "context.undo", "count": 1}],
    }),
}  # fmt: skip
"""By format: what makes the log with more rows, and the rows by the kind of trouble."""


def cells(*kinds):
    return [
        pytest.param(make, rows[kind], name, id=f"{name}: {kind}")
        for name, (make, rows) in AGENTS.items()
        for kind in kinds
        if kind in rows
    ]


@pytest.fixture
def figures(tmp_path):
    """What the three ways to ask say: the whole transcript, and tokens with their method."""

    def ask(name, text):
        path = tmp_path / "log.jsonl"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        whole, last = read_transcript(str(path), name), latest_usage(str(path), None, name)[0]
        shown = glance(Log(name, name, str(path), 0.0))
        seen = [(it.tokens, it.method) if it else (None, None) for it in (whole.usage, last)]
        return whole, [*seen, (shown.tokens, shown.method if shown.tokens else None)]

    return ask


@pytest.mark.parametrize(("make", "more", "name"), cells("zeros", "written twice", "a subagent's", "injected"))
def test_the_figure_of_the_last_response_stands(figures, make, more, name):
    """Nor did the person say anything, or the agent answer once more than it did."""
    before, now = figures(name, r.jsonl(*make())), figures(name, r.jsonl(*make(*more)))
    assert before[1] == now[1]
    assert now[1][0] == (LAST, "exact")
    said = [[it.text for it in whole.messages if it.role == "user"] for whole, _ in (before, now)]
    assert said[0] == said[1] == [m.ASKED, "Go on"]
    assert before[0].responses == now[0].responses


@pytest.mark.parametrize(("make", "more", "name"), cells("compacted"))
def test_after_a_compaction_the_figure_before_it_is_none(figures, make, more, name):
    _, found = figures(name, r.jsonl(*make(*more)))
    assert set(found) <= {(None, None), (None, "exact")}


@pytest.mark.parametrize(("make", "more", "name"), cells("taken back"))
def test_the_figure_of_a_turn_taken_back_is_not_exact(figures, make, more, name):
    """It is that of the turn that stands, or an upper bound; and what was asked then was never asked."""
    whole, found = figures(name, r.jsonl(*make(*more)))
    assert set(found) <= {(13_000, "exact"), (LAST, "estimated")}
    assert len(set(found)) == 1
    assert "Go on" not in [it.text for it in whole.messages]


@pytest.mark.parametrize("answered", [False, True])
@pytest.mark.parametrize(("make", "more", "name"), cells("compacted"))
def test_a_compaction_between_two_looks_is_counted_once_and_the_window_stays(
    make, more, name, answered, place, tmp_path
):
    from handoff_cli.usecases.reading import SyncRequest
    from handoff_cli.usecases.sync import sync

    def look(*rows):
        (tmp_path / "log.jsonl").write_text(r.jsonl(*make(*rows)))
        return sync(place, SyncRequest(transcript=str(tmp_path / "log.jsonl"), format=name)).status

    before = look()
    smaller = r.jsonl(*make()[-2:]).replace(f"{LAST}", "9021").replace("14656", "8656")
    rows = [*more, *([smaller] if answered and name not in ("qwen", "pi", "claude_code") else [])]
    after = look(*rows)
    assert (before["compaction_count"], after["compaction_count"]) == (0, 1)
    assert after["context_window_limit"] == before["context_window_limit"]
    again = look(*rows, {} if name == "claude_code" else "{}\n")
    assert (again["compaction_count"], again["total_tokens"]) == (1, after["total_tokens"])


def spaced(text):
    return "".join(json.dumps(json.loads(line), separators=(" , ", " : ")) + "\n" for line in text.splitlines())


def half_a_row_more(text):
    last = text.splitlines()[-1]
    return text + last[: len(last) // 2]


WRITTEN = {
    "with carriage returns": lambda text: text.replace("\n", "\r\n"),
    "with a mark of its encoding": lambda text: "\ufeff" + text,
    "with a last row half written": half_a_row_more,
    "without a last end of line": lambda text: text.rstrip("\n"),
    "with empty lines": lambda text: text.replace("\n", "\n\n"),
    "with a tail of zeros, as a crash leaves it": lambda text: text + "\0" * 64,
    "with blanks around signs": spaced,
}


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("name", [*AGENTS, *(it for it in m.LOGS if m.LOGS[it].count("\n") > 2)])
def test_however_the_rows_are_written_they_say_the_same(figures, name, written):
    text = r.jsonl(*AGENTS[name][0]()) if name in AGENTS else m.LOGS[name]
    plain, other = figures(name, text), figures(name, WRITTEN[written](text))
    assert plain[1] == other[1]
    assert [(it.role, it.text) for it in plain[0].messages] == [(it.role, it.text) for it in other[0].messages]


@pytest.mark.parametrize("name", AGENTS)
def test_a_clock_that_was_set_back_changes_nothing(figures, name):
    """Rows stand in the order they were written."""
    rows = AGENTS[name][0]()
    text = r.jsonl(*rows)
    earlier = r.jsonl(*rows[:-2]) + r.jsonl(*rows[-2:]).replace("2026-", "2019-").replace("1785", "1585")
    assert figures(name, earlier)[1] == figures(name, text)[1]


NOT_TYPED = {
    "claude_code": (
        "<teammate-message teammate_id='a'>\nhi\n</teammate-message>", "<agent-message from='a'>hi</agent-message>",
        "<task-notification>\n<task-id>b1</task-id>\n</task-notification>", "[SYSTEM NOTIFICATION - NOT USER INPUT]\ndone",
        "<mcp-resource-update server='s' uri='u'>x</mcp-resource-update>", "<user-prompt-submit-hook>x</user-prompt-submit-hook>",
        "Stop hook feedback:\n- run the tests", "<bash-stdout>a</bash-stdout><bash-stderr></bash-stderr>",
    ),
    "codex": (
        "<hook_prompt hook_run_id='stop:0'>run the tests</hook_prompt>", "<user_shell_command>\n<command>ls</command>\n</user_shell_command>",
        "<recommended_plugins>\nx\n</recommended_plugins>", "<image name=[Image #1]>", "<subagent_notification>\n{}\n</subagent_notification>",
        "Another language model started to solve this problem and produced a summary of its thinking process. So far",
    ),
    "gemini": ("System: Please continue.", "<session_context>\nx\n</session_context>"),
}  # fmt: skip
"""What agents write where a person's words stand, by format: their own, another agent's, a hook's."""


def said_by_person(name, words):
    """Return the rows of a person's message in the log of format ``name``."""
    if name == "codex":
        return codex_said(words)[:1]
    rows = {
        "claude_code": lambda: [r.claude_user(words)],
        "gemini": lambda: [r.gemini_message("i", kind="user", content=[{"text": words}])],
        "copilot_cli": lambda: [event("user.message", "e3", content=words)],
        "qwen": lambda: [m.qwen_row(5, "user", [{"text": words}])],
        "pi": lambda: [m.pi_said(5, "user", m.text(words))],
        "kimi": lambda: [m.kimi_said(words, origin={"kind": "user"})],
    }
    return rows[name]()


def requests(figures, name, words):
    whole, _ = figures(name, r.jsonl(*AGENTS[name][0](*said_by_person(name, words))))
    return [it.text for it in whole.messages if it.role == "user"]


@pytest.mark.parametrize(("name", "words"), [(name, it) for name, all_ in NOT_TYPED.items() for it in all_])
def test_what_nobody_typed_is_no_request(figures, name, words):
    assert requests(figures, name, words) == [m.ASKED, "Go on"]


@pytest.mark.parametrize("name", AGENTS)
def test_a_reminder_beside_a_person_s_words_is_none_of_them(figures, name):
    """Claude Code's own way, which others took over; words that only speak of it stay as they are."""
    words = "<system-reminder>\nmind the gap\n</system-reminder>\nNow the tests"
    assert requests(figures, name, words) == [m.ASKED, "Go on", "Now the tests"]
    assert requests(figures, name, "What is a <system-reminder> for?")[2:] == ["What is a <system-reminder> for?"]


@pytest.mark.parametrize(
    "origin", [{"kind": "task-notification"}, {"kind": "peer-message", "from": "a"}, {"senderTaskId": "t"}]
)
def test_a_row_of_claude_code_s_that_a_machine_sent_is_no_request(figures, origin):
    row = r.claude_user("The build is done.", origin=origin)
    whole, _ = figures("claude_code", r.jsonl(*claude(row, r.claude_user("Fine", origin={"kind": "human"}))))
    assert [it.text for it in whole.messages if it.role == "user"] == [m.ASKED, "Go on", "Fine"]


def test_what_continue_s_editor_adds_to_the_words_is_none_of_them(tmp_path):
    """The editor writes down what was typed as a document with mentions in it, the command line as text."""
    nodes = [{"type": "mention", "attrs": {"label": "adder.py"}}, {"type": "text", "text": " Now the tests"}]
    state = {"type": "doc", "content": [{"type": "paragraph", "content": nodes}]}
    log = json.loads(m.CONTINUE)
    log["history"].append(
        {"message": {"role": "user", "content": "```adder.py\ndef add\n```\n Now the tests"}, "editorState": state}
    )
    (tmp_path / "log.json").write_text(json.dumps(log))
    said = [it.text for it in read_transcript(str(tmp_path / "log.json")).messages if it.role == "user"]
    assert said == [m.ASKED, "adder.py Now the tests"]
