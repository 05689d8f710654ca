"""One event of an agent's hook at a time, by the function itself: what is recorded, written and said, and when."""

import json
import os

import pytest

from handoff_cli.agents import installable
from handoff_cli.state import store
from handoff_cli.usecases.hook import run_hook
from handoff_cli.usecases.place import place_of
from handoff_cli.usecases.status import get_status
from tests.transcripts import rows as r

ID = "aaaaaaaa-0000-4000-8000-000000000001"
GIVEN, TOLD = "This project has a handoff", "so this is the time"


class Session:
    """A session of an agent in ``project``: fires its hook's events by function call."""

    def __init__(self, project, agent="claude", id_=ID, transcript=None):
        self.project, self.id = project, id_
        self.agent = installable(agent)
        self.transcript = transcript or project.parent / f"{id_}.jsonl"
        self.said = []

    def fire(self, event, **facts):
        told = {
            "hook_event_name": event,
            "session_id": self.id,
            "transcript_path": str(self.transcript),
            "cwd": str(self.project),
        }
        answer = run_hook(self.agent, {**told, **facts}, event, os.environ)
        self.said.append(answer)
        return answer

    def write(self, *rows):
        self.transcript.parent.mkdir(parents=True, exist_ok=True)
        with open(self.transcript, "a", encoding="utf-8") as file:
            file.write(r.jsonl(*rows))

    def respond(self, tokens):
        self.write(r.claude_response(tokens, id_=f"msg_{tokens}"))

    @property
    def place(self):
        return place_of(self.id, str(self.project), {})

    @property
    def status(self):
        return get_status(self.place)

    @property
    def document(self):
        path = self.project / ".agent-handoffs" / "sessions" / self.id / "CURRENT_SESSION.md"
        return path.read_text() if path.exists() else ""


@pytest.fixture
def claude(project):
    session = Session(project)
    session.write(r.claude_user("make the import faster"))
    session.respond(150_000)
    return session


def compaction_rows(session):
    session.write(r.claude_compact(150_000))


@pytest.mark.parametrize(
    "order",
    [
        ("PreCompact", "SessionStart", "PostCompact"),
        ("PreCompact", "PostCompact", "SessionStart"),
        ("PreCompact", "SessionStart"),
        ("PreCompact", "PostCompact"),
        ("SessionStart",),
        ("PostCompact", "SessionStart"),
    ],
    ids="-".join,
)
def test_whatever_the_order_of_events_a_compaction_tells_the_document_once(claude, order):
    claude.fire("PostToolUse")
    claude.said.clear()
    for event in order:
        claude.fire(event, source="compact" if event == "SessionStart" else "", trigger="auto")
    compaction_rows(claude)
    claude.fire("UserPromptSubmit", prompt="go on")
    claude.respond(20_000)
    claude.fire("PostToolUse")
    claude.fire("UserPromptSubmit", prompt="and on")
    assert sum(GIVEN in said for said in claude.said) == 1


def test_two_compactions_in_a_row_are_both_counted_and_tell_it_twice(claude):
    """The window may be as full after the second as before the first, so a fall in usage does not tell them."""
    claude.fire("PostToolUse")
    for tokens in (160_000, 165_000):
        claude.said.clear()
        claude.fire("PreCompact", trigger="auto")
        compaction_rows(claude)
        claude.fire("SessionStart", source="compact")
        claude.fire("PostCompact", trigger="auto")
        claude.respond(tokens)
        claude.fire("PostToolUse")
        assert sum(GIVEN in said for said in claude.said) == 1
    assert claude.status["compaction_count"] == 2


def test_a_failing_tool_is_heard_as_a_working_one_is(claude):
    said = json.loads(claude.fire("PostToolUseFailure", error="exit code 1"))
    assert TOLD in said["hookSpecificOutput"]["additionalContext"]
    assert said["hookSpecificOutput"]["hookEventName"] == "PostToolUseFailure"


@pytest.mark.parametrize("told", ["", "gone/elsewhere.jsonl", None, 7])
def test_a_log_that_is_not_where_the_agent_says_is_found_by_the_session_s_id(project, told):
    session = Session(
        project, transcript=project.parent / "home" / ".claude" / "projects" / "another-place" / f"{ID}.jsonl"
    )
    session.write(r.claude_user("keep the cookie name"))
    session.respond(150_000)
    assert TOLD in session.fire("PostToolUse", transcript_path=told)
    assert "keep the cookie name" in session.document


@pytest.mark.parametrize(
    "told", ["another-place/bbbbbbbb-0000-4000-8000-000000000002.jsonl", f"p/{ID}/subagents/agent-7.jsonl"]
)
def test_another_s_log_is_not_believed_over_the_session_s_id(project, told):
    """Also where it was believed before, as the session's own had no line yet."""
    logs = project.parent / "home" / ".claude" / "projects"
    other = Session(project, transcript=logs / told)
    other.write(r.claude_user("of another session"))
    other.respond(90_000)
    own = Session(project, transcript=logs / "p" / f"{ID}.jsonl")
    own.fire("PostToolUse", transcript_path=str(other.transcript))
    assert own.status["total_tokens"] == 90_000, "the only one there is"
    own.write(r.claude_user("keep the cookie name"))
    own.respond(150_000)
    own.fire("PostToolUse", transcript_path=str(other.transcript))
    assert own.status["total_tokens"] == 150_000
    assert own.status["transcript"] == str(own.transcript)


def test_nothing_is_searched_for_where_the_log_named_carries_the_id(claude, monkeypatch):
    monkeypatch.setattr("handoff_cli.agents.search.Search.session", None)
    claude.fire("PostToolUse")
    assert claude.status["total_tokens"] == 150_000


def test_neither_is_a_log_of_codex(project):
    path = (
        project.parent
        / "home"
        / ".codex"
        / "sessions"
        / "2026"
        / "11"
        / "26"
        / f"rollout-2026-11-26T10-00-00-{ID}.jsonl"
    )
    session = Session(project, "codex", transcript=path)
    session.write(
        {"timestamp": "2026-11-26T10:00:00.000Z", "type": "session_meta", "payload": {"id": ID, "cwd": str(project), "cli_version": "0.171.0"}},
        {"timestamp": "2026-11-26T10:00:01.000Z", "type": "event_msg", "payload": {"type": "token_count", "info": {
            "last_token_usage": {"input_tokens": 50_000, "total_tokens": 50_000}, "model_context_window": 272_000}}},
    )  # fmt: skip
    session.fire("PostToolUse", transcript_path="")
    assert session.status["total_tokens"] == 50_000


@pytest.mark.parametrize("id_", [f"../{ID}", "*", f"{ID}/../{ID}"])
def test_an_id_finds_no_log_but_its_own(project, id_):
    other = Session(project, transcript=project.parent / "home" / ".claude" / "projects" / "p" / f"{ID}.jsonl")
    other.respond(150_000)
    assert Session(project, id_=id_).fire("PostToolUse", transcript_path="") == ""


def test_what_an_agent_cannot_hear_now_waits_until_it_listens(project):
    """Copilot adds nothing to a prompt; what was said there would be lost."""
    path = project.parent / "home" / ".copilot" / "session-state" / ID / "events.jsonl"
    session = Session(project, "copilot", transcript=path)
    session.write({"type": "session.start", "data": {"sessionId": ID, "copilotVersion": "1.0.77"}})
    session.write({"type": "session.usage_info", "data": {"currentTokens": 110_000, "tokenLimit": 128_000}})

    def fire(event, **facts):
        return run_hook(session.agent, {"sessionId": ID, "cwd": str(project), **facts}, event, os.environ)

    assert fire("userPromptSubmitted") == ""
    assert TOLD in fire("postToolUse")
    fire("preCompact", trigger="auto")
    assert fire("userPromptSubmitted") == ""
    assert GIVEN in fire("postToolUse")
    assert fire("postToolUse") == ""


def test_the_end_of_a_turn_is_told_at_the_next_prompt(claude):
    claude.fire("UserPromptSubmit")
    claude.respond(166_000)
    assert TOLD not in claude.fire("Stop")
    assert TOLD in claude.fire("UserPromptSubmit")
    assert claude.fire("UserPromptSubmit") == ""


def test_where_no_event_tells_of_an_end_each_end_of_a_turn_keeps_the_document_current(project):
    def row(tokens):
        usage = {"last_token_usage": {"input_tokens": tokens, "total_tokens": tokens}, "model_context_window": 272_000}
        return {
            "timestamp": "2026-11-26T10:00:01.000Z",
            "type": "event_msg",
            "payload": {"type": "token_count", "info": usage},
        }

    session = Session(project, "codex", transcript=project.parent / f"rollout-2026-11-26T10-00-00-{ID}.jsonl")
    session.write(
        {
            "timestamp": "2026-11-26T10:00:00.000Z",
            "type": "session_meta",
            "payload": {"id": ID, "cwd": str(project), "cli_version": "0.171.0"},
        }
    )
    session.write(row(20_000))
    session.fire("Stop")
    assert session.document == "", "a short question leaves none"
    session.write(row(100_000))
    session.fire("Stop")
    assert "100,000" in session.document
    session.write(row(110_000))
    session.fire("Stop")
    assert "110,000" in session.document


def test_where_an_end_is_told_the_document_is_brought_up_to_date_then(claude):
    claude.fire("PostToolUse")
    claude.respond(152_000)
    claude.fire("Stop")
    assert "152,000" not in claude.document, "nobody has to wait for it after each turn"
    claude.fire("SessionEnd", reason="other")
    assert "152,000" in claude.document


def test_gemini_has_no_compaction_before_a_request_but_one_in_its_chat(project):
    path = project.parent / f"session-2026-11-26T10-00-{ID[:8]}.jsonl"
    session = Session(project, "gemini", transcript=path)
    assert session.fire("PreCompress", trigger="auto") == ""
    session.write({"sessionId": ID, "projectHash": "00", "startTime": "2026-11-26T10:00:00.000Z", "kind": "main"})
    session.write({"id": "u1", "type": "user", "timestamp": "2026-11-26T10:00:00.500Z", "content": "make it faster"})
    for number in range(3):
        session.write({"id": f"m{number}", "type": "gemini", "content": "ok", "model": "gemini-2.5-pro", "timestamp": "2026-11-26T10:00:01.000Z",
                       "tokens": {"input": 440_000 + number, "output": 1, "total": 440_001 + number}})  # fmt: skip
        session.fire("PreCompress", trigger="auto")
        session.fire("AfterTool")
        session.fire("BeforeAgent", prompt="go on")
    assert sum(TOLD in said for said in session.said) == 1
    assert not any(GIVEN in said for said in session.said)


@pytest.mark.parametrize("answered", [False, True])
def test_a_compression_that_gemini_s_chat_alone_tells_of_gives_the_document_once(project, answered):
    """Noticed before the next response or after it; with what is gone from the window in it."""
    session = Session(project, "gemini", transcript=project.parent / f"session-2026-11-26T10-00-{ID[:8]}.jsonl")
    session.write(
        r.gemini_start(sessionId=ID), r.gemini_message("a", kind="user", content=[{"text": "make it faster"}])
    )
    for tokens in (300_000, 520_000):
        session.write(r.gemini_message(f"m{tokens}", tokens))
        session.fire("AfterTool")
    snapshot = [{"text": "<state_snapshot>so far</state_snapshot>"}]
    session.write({"$set": {"messages": [r.gemini_message("s", kind="user", content=snapshot)]}})
    session.said.clear()
    if answered:
        session.write(r.gemini_message("d", 30_000))
    for event in ("AfterTool", "BeforeAgent"):
        session.fire(event)
    session.write(r.gemini_message("e", 31_000))
    session.fire("AfterTool")
    assert [GIVEN in said for said in session.said] == [True, False, False]
    assert "make it faster" in session.said[0]
    assert (session.status["compaction_count"], session.status["total_tokens"]) == (1, 31_000)


def test_a_subagent_s_events_are_not_the_session_s(claude):
    assert claude.fire("PostToolUse", agent_id="sub") == ""
    assert claude.status["session_id"] is None


SUBAGENTS = {
    "codex": [{"type": "session_meta", "payload": {"id": ID, "source": {"subagent": {"thread_spawn": {}}}, "cwd": "/p"}},
              {"type": "event_msg", "payload": {"type": "token_count", "info": {
                  "last_token_usage": {"total_tokens": 200_000}, "model_context_window": 258_400}}}],
    "gemini": [r.gemini_start(sessionId=ID, kind="subagent"), r.gemini_message("a", 900_000)],
}  # fmt: skip


@pytest.mark.parametrize("agent", SUBAGENTS)
def test_a_subagent_with_a_log_of_its_own_has_no_session_and_no_document(project, agent):
    session = Session(project, agent)
    session.write(*SUBAGENTS[agent])
    for event in ("SessionStart", "UserPromptSubmit", "BeforeAgent", "PostToolUse", "AfterTool", "Stop", "AfterAgent"):
        assert session.fire(event) in ("", "{}")
    assert not (project / ".agent-handoffs").exists()


def test_a_log_that_cannot_be_read_does_not_cost_what_is_due(claude):
    claude.fire("PostToolUse")
    claude.fire("PreCompact", trigger="auto")
    claude.transcript.write_bytes(b"\x00\x01 nothing of an agent's\n" * 3)
    assert GIVEN in claude.fire("UserPromptSubmit")


def test_a_session_that_ended_goes_on_when_it_is_asked_again(claude):
    from handoff_cli.usecases.hook_memory import load_memory

    claude.fire("UserPromptSubmit")
    claude.fire("SessionEnd", reason="other")
    assert load_memory(claude.place.folder)["ended"] is True
    claude.fire("UserPromptSubmit")
    assert load_memory(claude.place.folder)["ended"] is False
    assert store.read(claude.place).session.total_tokens == 150_000


def test_a_figure_that_is_told_twice_is_recorded_once(project):
    """opencode's plugin tells it with the response and again at the end of the turn, when nobody waits any more."""
    session = Session(project, "opencode", "ses_1")

    def fire(event, **facts):
        return run_hook(
            session.agent, {"event": event, "session_id": "ses_1", "cwd": str(project), **facts}, "", os.environ
        )

    fire("message.updated", tokens=50_000, window=200_000)
    before = store.read(session.place).session.sequence
    fire("session.idle", tokens=50_000, window=200_000)
    assert store.read(session.place).session.sequence == before
    assert "50,000" in session.document, "and the document is written, for it may have been the last"
    fire("session.idle", tokens=51_000, window=200_000)
    assert session.status["total_tokens"] == 51_000


def test_what_the_log_says_after_the_last_hook_is_in_the_status(claude, handoff):
    """Some agents write a response down after their hooks have run; nothing is recorded for the asking."""
    claude.fire("PostToolUse")
    claude.fire("SessionEnd")
    claude.respond(155_000)
    ledger = claude.project / ".agent-handoffs" / "sessions" / ID / "checkpoints.jsonl"
    before = ledger.read_bytes()
    assert json.loads(handoff("status", "--json")[1])["total_tokens"] == 155_000
    assert handoff("status", "--line")[1].startswith("92.8% 155,000/")
    assert ledger.read_bytes() == before
    assert claude.status["total_tokens"] == 150_000


def test_the_next_session_gets_what_the_log_said_after_the_end(claude):
    claude.fire("PostToolUse")
    claude.fire("SessionEnd")
    claude.write(r.claude_response(155_000, [{"type": "text", "text": "The index was missing."}], id_="msg_late"))
    assert "The index was missing." not in claude.document
    other = Session(claude.project, id_="bbbbbbbb-0000-4000-8000-000000000002")
    said = other.fire("SessionStart", source="startup")
    assert "The index was missing." in said
    assert "The index was missing." in claude.document
    written = claude.document
    Session(claude.project, id_="cccccccc-0000-4000-8000-000000000003").fire("SessionStart", source="startup")
    assert claude.document == written


def test_a_log_that_is_gone_costs_the_next_session_nothing(claude):
    claude.fire("PostToolUse")
    claude.fire("SessionEnd")
    claude.transcript.unlink()
    assert GIVEN in Session(claude.project, id_="bbbbbbbb-0000-4000-8000-000000000002").fire(
        "SessionStart", source="startup"
    )


def test_before_anything_was_said_the_usage_is_unknown(project, handoff):
    """The log is there, and holds no text to estimate by; the agent's instructions fill the window nevertheless."""
    session = Session(project)
    session.write(r.claude("system", subtype="session_start"))
    session.fire("UserPromptSubmit")
    session.fire("PostToolUse")
    assert session.status["known"] is False
    assert handoff("status", "--line")[1].startswith("--% --/")
    session.respond(20_000)
    assert json.loads(handoff("status", "--json")[1])["known"] is True


def test_a_response_near_a_threshold_is_waited_for(claude, monkeypatch):
    """Claude Code writes its log down every 100 ms: a quick tool and a quick hook are there before."""
    claude.fire("PostToolUse")
    claude.write(r.claude_compact(150_000))
    claude.respond(100_000)
    claude.fire("PostToolUse")
    waits = []

    def wait(seconds):
        waits.append(seconds)
        if len(waits) == 2:
            claude.write(r.claude_response(140_000, [r.tool_use("call_7", "Bash")], id_="m7"))

    monkeypatch.setattr("handoff_cli.usecases.hook.sleep", wait)
    assert TOLD in claude.fire("PostToolUse", tool_use_id="call_7")
    assert len(waits) == 2
    claude.fire("PostToolUse", tool_use_id="call_7")
    assert len(waits) == 2, "it stands there"


@pytest.mark.parametrize("tokens", [20_000, 170_000])
def test_far_from_a_threshold_or_past_all_nothing_is_waited_for(project, monkeypatch, tokens):
    monkeypatch.setattr("handoff_cli.usecases.hook.sleep", None)
    session = Session(project)
    session.respond(tokens)
    session.fire("PostToolUse")
    session.fire("PostToolUse", tool_use_id="call_8")


def test_a_response_that_is_never_written_is_not_waited_for_long(claude, monkeypatch):
    waits = []
    monkeypatch.setattr("handoff_cli.usecases.hook.sleep", waits.append)
    claude.fire("PostToolUse")
    claude.fire("PostToolUse", tool_use_id="\ud800call_9")
    assert 0 < sum(waits) < 0.2
    claude.fire("Stop", last_assistant_message="This is said nowhere.")
    assert 0.2 < sum(waits) < 0.6


def test_a_log_that_lies_elsewhere_is_waited_for_there(project, monkeypatch):
    """In a worktree the agent may name one that is not there: each turn would wait in vain."""
    monkeypatch.setattr("handoff_cli.usecases.hook.sleep", None)
    session = Session(project, transcript=project.parent / "home" / ".claude" / "projects" / "p" / f"{ID}.jsonl")
    session.write(r.claude_response(150_000, [{"type": "text", "text": "All is done."}]))
    session.fire("Stop", transcript_path="gone/elsewhere.jsonl", last_assistant_message="All is done.")
    assert session.status["total_tokens"] == 150_000


@pytest.mark.parametrize("said", ["All is done; next the README.", '他说："完成了，测试全部通过了。"', "Gut."])
def test_at_the_end_of_a_turn_what_was_said_last_is_waited_for(claude, monkeypatch, said):
    def wait(_):
        row = r.claude_response(155_000, [{"type": "text", "text": said}], id_="m7")
        claude.write(json.dumps(row, ensure_ascii=False) + "\n")

    monkeypatch.setattr("handoff_cli.usecases.hook.sleep", wait)
    claude.fire("Stop", last_assistant_message=said)
    assert claude.status["total_tokens"] == (150_000 if said == "Gut." else 155_000), "too little to be sure of"


def test_copilot_s_log_is_waited_for_at_the_end_by_the_time_of_the_hook(project, monkeypatch):
    """Its file may not even be there."""
    path = project.parent / "home" / ".copilot" / "session-state" / ID / "events.jsonl"
    session = Session(project, "copilot", transcript=path)
    usage = {"usage": {"inputTokens": 100_000, "maxPromptTokens": 128_000}}
    began = {"hookType": "sessionEnd", "input": {"timestamp": 1_795_756_744_362}}

    def wait(_):
        session.write({"type": "session.usage_record", "data": usage}, {"type": "hook.start", "data": began})

    monkeypatch.setattr("handoff_cli.usecases.hook.sleep", wait)
    facts = {"sessionId": ID, "cwd": str(project)}
    run_hook(session.agent, {**facts, "timestamp": 1_795_756_740_000}, "userPromptSubmitted", os.environ)
    assert not path.exists(), "nobody waits at a prompt"
    run_hook(session.agent, {**facts, "timestamp": 1_795_756_744_362}, "sessionEnd", os.environ)
    assert "100,000" in session.document


@pytest.mark.parametrize("lags", [False, True])
@pytest.mark.parametrize("left", [12_000, None])
def test_a_session_that_ends_in_a_compaction_reached_what_its_last_response_held(project, handoff, left, lags):
    """Copilot compacts in the background: nothing was ever sent of what that left, until somebody goes on.

    Also where the log lagged, and response and compaction stand in it at once.
    """
    log = project.parent / "events.jsonl"
    session = Session(project, "copilot", transcript=log)
    row = {"id": "e", "timestamp": "2026-11-20T10:00:00.000Z"}

    def response(tokens):
        usage = {"inputTokens": tokens, "maxPromptTokens": 128_000, "apiCallId": f"a{tokens}"}
        session.write({**row, "type": "session.usage_record", "data": {"usage": usage}})
        session.write({**row, "type": "assistant.message", "data": {"content": "Done."}})

    session.write({**row, "type": "session.start", "data": {"sessionId": ID}})
    response(100_000)
    facts = {"sessionId": ID, "transcriptPath": str(log)}
    if lags:
        session.fire("userPromptSubmitted", **facts)
    response(110_000)
    if not lags:
        session.fire("agentStop", **facts)
    told = {"preCompactionTokens": 110_000, "success": True, **({"postCompactionTokens": left} if left else {})}
    session.write({**row, "type": "session.compaction_complete", "data": told})
    assert json.loads(handoff("status", "--json")[1])["total_tokens"] == 110_000
    session.fire("sessionEnd", **facts)
    assert (session.status["total_tokens"], session.status["method"]) == (110_000, "exact")
    session.fire("userPromptSubmitted", **facts)
    assert session.status["compaction_count"] == 1
    assert session.status["total_tokens"] == left if left else not session.status["known"]
