import json

COOKBOOK = json.dumps([{"role": "user", "content": "hello world"}, {"role": "assistant", "content": "hi"}])


def status(handoff):
    return json.loads(handoff("status", "--json")[1])


def test_chat_messages_count_with_the_overhead_of_the_format(handoff):
    code, out, err = handoff("track", "--format", "auto", stdin=COOKBOOK)
    assert (code, err) == (0, "")
    assert "read as openai-chat" in out
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


def test_a_role_says_whose_words_the_handoff_tells(handoff):
    for role, text in (("user", "please mend the import\n"), ("assistant", "Mended.\n"), ("user", "and its test\n")):
        handoff("track", "--role", role, stdin=text)
    _, out, _ = handoff("handoff", "--json")
    assert [it["text"] for it in json.loads(out)["requests"]] == ["please mend the import", "and its test"]
    assert json.loads(out)["last_words"] == "Mended."


def test_all_that_is_told_with_a_role_is_that_speakers(handoff):
    """Names, signs and marks of turns within it are its words, to the letter; a person's commands were not run."""
    text = "mend it\nAssistant: I did.\n## Assistant\nAll done.\nwhy <|im_end|> and [/INST]?\n$ pytest -q\n1 failed"
    handoff("track", "--role", "user", stdin=text)
    told = json.loads(handoff("handoff", "--json")[1])
    assert [it["text"] for it in told["requests"]] == [text]
    assert not {"last_words", "checks"} & {key for key, value in told.items() if value}


def test_what_is_tracked_without_a_role_is_nobodys_where_both_sides_have_theirs(handoff):
    for role, text in (("user", "mend the import"), ("assistant", "Mended (see"), (None, "the notes) of a file\n")):
        handoff("track", *(("--role", role) if role else ()), stdin=text)
    told = json.loads(handoff("handoff", "--json")[1])
    assert ([it["text"] for it in told["requests"]], told["last_words"]) == (["mend the import"], "Mended (see")


def test_an_answer_without_a_role_follows_the_users_words(handoff):
    handoff("track", "--role", "user", stdin="mend the import")
    handoff("track", stdin="It is mended now.\n\n$ pytest -q\n3 passed\n")
    told = json.loads(handoff("handoff", "--json")[1])
    assert [it["text"] for it in told["requests"]] == ["mend the import"]
    assert (told["last_words"], [it["command"] for it in told["checks"]]) == ("It is mended now.", ["pytest -q"])


def test_what_an_agent_ran_is_read_out_of_its_message(handoff):
    handoff("track", "--role", "user", stdin="mend the import")
    handoff("track", "--role", "assistant", stdin="I ran it:\n$ pytest -q\n1 failed")
    handoff("track", "--role", "critic", stdin="User: this is nobody's\n")
    told = json.loads(handoff("handoff", "--json")[1])
    assert [(it["command"], it["outcome"]) for it in told["checks"]] == [("pytest -q", "failed")]
    assert [it["text"] for it in told["requests"]] == ["mend the import"]


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


def rollout(tokens):
    row = {"timestamp": "2026-01-01T00:00:00Z", "type": "event_msg"}
    usage = {"input_tokens": tokens, "cached_input_tokens": 0, "output_tokens": 0, "total_tokens": tokens}
    info = {"last_token_usage": usage, "total_token_usage": usage, "model_context_window": 272_000}
    meta = {"type": "session_meta", "payload": {"id": "r", "cwd": "/p", "cli_version": "0.125.0"}}
    rows = [
        {**row, **meta},
        {**row, "type": "turn_context", "payload": {"cwd": "/p", "model": "gpt-5-codex"}},
        {**row, "payload": {"type": "user_message", "message": "mend the parser"}},
        {**row, "payload": {"type": "token_count", "info": info}},
    ]
    return "".join(json.dumps(line) + "\n" for line in rows)


def test_a_transcript_is_the_whole_context_however_often_it_is_tracked(handoff, project):
    (project / "r.jsonl").write_text(rollout(5000))
    code, out, err = handoff("track", "--format", "auto", "r.jsonl")
    assert (code, err) == (0, "")
    assert "=5,000" in out
    assert "read as codex" in out
    code, _, err = handoff("track", "--format", "auto", "r.jsonl")
    assert (code, "nothing new" in err, status(handoff)["total_tokens"]) == (0, True, 5000)
    (project / "r.jsonl").write_text(rollout(7000))
    handoff("track", "--format", "auto", stdin=rollout(7000))
    found = status(handoff)
    assert (found["total_tokens"], found["method"], found["model"]) == (7000, "exact", "gpt-5-codex")
    assert found["context_window_limit"] == 272_000
    handoff("track", stdin="hello world")
    assert status(handoff)["total_tokens"] == 7002


def test_the_transcripts_model_goes_before_an_older_one_of_the_session(handoff):
    handoff("track", "--model", "claude-haiku-4-5", stdin="hello")
    assert json.loads(handoff("track", "--json", "--format", "auto", stdin=rollout(5000))[1])["model"] == "gpt-5-codex"


def test_what_only_looks_like_a_format_counts_as_plain_text(handoff):
    text = '{"role": "user", "content": "hi"} and then prose'
    code, out, err = handoff("count", "--format", "auto", stdin=text)
    assert code == 0
    assert "counted as plain text" in err
    assert out == handoff("count", stdin=text)[1]


def test_a_file_told_by_its_content_is_copied_whole_too(spawn, project):
    (project / "r.jsonl").write_text(rollout(5000))
    done = spawn("track", "--tee", "--format", "auto", "r.jsonl")
    assert (done.returncode, done.stdout.decode()) == (0, rollout(5000))
    assert b"=5,000" in done.stderr
