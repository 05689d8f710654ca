import json

COOKBOOK = json.dumps([{"role": "user", "content": "hello world"}, {"role": "assistant", "content": "hi"}])


def status(handoff):
    return json.loads(handoff("status", "--json")[1])


def test_chat_messages_count_with_the_overhead_of_the_format(handoff):
    code, _, err = handoff("track", "--format", "auto", stdin=COOKBOOK)
    assert code == 0
    assert "stdin: read as openai_chat" in err
    # 3 for each message, 1 for each role, 2 and 1 for the contents, 3 for the reply to come
    assert status(handoff)["total_tokens"] == 3 + 1 + 2 + 3 + 1 + 1 + 3


def test_plain_text_stays_plain_text(handoff, project):
    (project / "a.txt").write_text("hello world")
    handoff("track", "--format", "auto", "a.txt")
    handoff("track", "--format=auto", stdin="hello world")
    assert status(handoff)["total_tokens"] == 4


def test_a_role_makes_the_text_a_message(handoff):
    handoff("track", "--role", "user", stdin="hello world")
    assert status(handoff)["total_tokens"] == 3 + 1 + 2


def test_a_format_can_be_said_and_a_wrong_one_is_refused(handoff, project):
    (project / "a.json").write_text(COOKBOOK)
    assert handoff("track", "--format", "openai-chat", "a.json")[0] == 0
    code, out, err = handoff("track", "--format", "codex", "a.json")
    assert (code, out) == (1, "")
    assert "a.json" in err
    code, out, err = handoff("track", "--format", "klingon", "a.json")
    assert (code, out) == (2, "")
    assert "claude-code" in err


def test_an_error_about_piped_input_speaks_of_stdin(handoff):
    code, _, err = handoff("track", "--format", "codex", stdin=COOKBOOK)
    assert code == 1
    assert "stdin" in err
    assert "/handoff-" not in err


def test_the_names_and_tools_of_messages_count_too(handoff):
    named = json.dumps([{"role": "user", "name": "alice", "content": "hello world"}])
    handoff("track", "--format", "auto", "--model", "gpt-4o", stdin=named)
    assert status(handoff)["total_tokens"] == 3 + 1 + 1 + 1 + 2 + 3
