"""The registry: content decides the format, and what cannot be read is one clear line."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handoff_cli.agents.readers import READERS, iter_texts, read_transcript, reader_of, sniff_format
from handoff_cli.errors import HandoffError, InputError, UsageError
from tests.agents.made_up import LOGS, VSCODE_LOG
from tests.agents.test_cline import shown
from tests.agents.test_copilot_cli import START
from tests.agents.test_own_exports import KIRO
from tests.transcripts import rows as r
from tests.transcripts.conversation.test_exports import EXPORT
from tests.transcripts.test_aider import HISTORY
from tests.transcripts.test_exports import TREE, TYPED, call
from tests.transcripts.test_streams import ANSWER, CODEX, CURSOR, GEMINI

EXAMPLES = {
    "claude_code": r.jsonl(r.claude_user("hi"), r.claude_response(5_000, [r.tool_use("1", "Bash", command="ls")])),
    "codex": r.jsonl(r.codex("session_meta", id="c"), r.codex_tokens(9)),
    "gemini": json.dumps({**r.gemini_start(), "messages": [r.gemini_message("a", 9)]}),
    "copilot_cli": r.jsonl(START),
    "cline": json.dumps([shown("text", "go")]),
    "opencode": json.dumps({"id": "ses_1", "projectID": "p", "time": {}}),
    **LOGS,
    "goose": "SQLite format 3\x00 CREATE TABLE sessions (working_dir TEXT) CREATE TABLE messages (content_json TEXT)",
    "llm_logs": json.dumps([call("a", "one", 8, "2026-01-01T00:00")]),
    "langchain": json.dumps(TYPED),
    "kiro_saves": json.dumps(KIRO),
    "any_json": json.dumps({"log": [{"speaker": "human", "words": "hi"}, {"speaker": "bot", "words": "yes"}]}),
    "sharegpt": json.dumps([{"conversations": [{"from": "human", "value": "hi"}]}]),
    "anthropic_messages": json.dumps({"system": "be good", "messages": [{"role": "user", "content": "hi"}]}),
    "openai_chat": json.dumps([{"role": "user", "content": "hi"}]),
    "gemini_messages": json.dumps({"contents": [{"role": "user", "parts": [{"text": "hi"}]}]}),
    "codex_stream": CODEX,
    "gemini_stream": GEMINI,
    "cursor_stream": CURSOR,
    "answers": ANSWER,
    "aider": HISTORY,
    "chat_exports": json.dumps(TREE),
    "text": EXPORT,
}


def test_every_reader_has_an_example():
    """Each keeps the protocol."""
    assert set(EXAMPLES) == set(READERS)
    for name in READERS:
        reader = reader_of(name)
        assert reader.__doc__
        assert callable(reader.sniff)
        assert callable(reader.events)
        assert reader.AGENT is None or isinstance(reader.AGENT, str)


@pytest.mark.parametrize("name", READERS)
def test_content_decides_the_format(name):
    """Text or bytes, after a byte order mark and blank lines too."""
    head = EXAMPLES[name]
    assert sniff_format(head) == name
    assert sniff_format(b"\xef\xbb\xbf\n \n" + head.encode()) == name


@pytest.mark.parametrize("name", READERS)
def test_a_head_cut_anywhere_is_no_error(name):
    """A transcript may have been cut, in a character even."""
    raw = EXAMPLES[name].encode()
    for end in range(0, len(raw), 7):
        assert sniff_format(raw[:end]) in READERS


def test_names_in_brackets_are_no_json():
    """Whatever is quoted behind them."""
    assert sniff_format('[user] what is {"role": "user", "parts": [], "content": ""}?\n\n[assistant] Yes.\n') == "text"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_a_text_of_wide_characters_is_read(tmp_path, encoding):
    """As PowerShell writes what is redirected to a file."""
    path = tmp_path / "log.txt"
    path.write_bytes("User: größer\r\n\r\nAssistant: ja\r\n".encode(encoding))
    assert [it.text for it in read_transcript(str(path)).messages] == ["größer", "ja"]


def test_file_name_says_nothing(read):
    """A Claude Code transcript under another's name stays one."""
    assert read(EXAMPLES["claude_code"], name="session-gemini.json").format == "claude_code"


def test_bytes_from_a_pipe():
    """No file is needed."""
    found = read_transcript("standard input", data=EXAMPLES["claude_code"].encode())
    assert found.usage.tokens == 5_000
    assert list(iter_texts("standard input", data=b"hello\n")) == [("user", "hello\n")]


def test_windows_line_ends_and_byte_order_mark(read):
    """Both come from editors."""
    raw = b"\xef\xbb\xbf" + EXAMPLES["claude_code"].encode().replace(b"\n", b"\r\n")
    assert (read(raw).usage.tokens, read(raw).malformed) == (5_000, 0)
    document = b"\xef\xbb\xbf" + EXAMPLES["gemini"].encode()
    assert (read(document).usage.tokens, read(document).malformed) == (9, 0)


@pytest.mark.parametrize(
    ("content", "format_", "message"),
    [
        ("", None, "is empty"),
        (" \n\n", None, "is empty"),
        (b"\x7fELF\x00\x01\x02" * 50, None, "binary data"),
        ('{"sessionId": 1, "isSidechain": torn, "type"\n{"broken"\n', "claude_code", "none of 2 rows can be read"),
        ("[]", "text", None),
        ('{"role": "user", "content": "hi"}', "codex", "is not codex: it looks like openai_chat"),
        ("hello", "claude-code", "is not claude_code: it looks like text"),
        ('{"type": "session_meta", "payload": 1, "x": "response_item"', "codex", "none of 1 rows can be read"),
    ],
)
def test_what_cannot_be_read_is_one_clear_line(read, content, format_, message):
    """With the path, and a hint where one helps."""
    if message is None:
        assert read(content, format_).format == format_
        return
    with pytest.raises(InputError, match=message) as caught:
        read(content, format_)
    assert "\n" not in caught.value.message


def test_a_format_that_there_is_not_is_an_error_of_usage(read):
    with pytest.raises(UsageError, match="there is no transcript format 'word-perfect'"):
        read("hello", "word-perfect")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ('{"event": "a", "n": 1}\n{"event": "b", "n": 2}\n', "a log of JSON rows"),
        ('\ufeff{"event": "a"}\r\n\r\n{"event": "b"}\r\n', "a log of JSON rows"),
        ('{"event": "a"}\n{"torn', "a log of JSON rows"),
        ('# nightly run\n{"event": "a"}\n{"event": "b"}\n', "a log of JSON rows"),
        ('["a", 1]\n["b", 2]\n["torn', "a log of JSON rows"),
        ('"up"\n"down"\n', "a log of JSON rows"),
        ('{"settings": {"a": 1}}', "a JSON document"),
        ('[{"settings": 1},\n {"settings": 2}]', "a JSON document"),
        ('{"long": "' + "x" * 70_000 + '"}\n{"long": 1}\n', "a JSON document"),
    ],
)
def test_json_that_no_reader_knows_is_not_text(read, content, what):
    """It is refused, with the way to count it; as text it can still be read by name."""
    with pytest.raises(InputError, match=f"{what} that no reader knows") as refusal:
        read(content)
    assert "--format text" in refusal.value.hint
    assert read(content, "text").format == "text"


@pytest.mark.parametrize(
    "content",
    [
        "{braces} and words\n",
        "[1] a footnote\n",
        "{\n  not: json\n}\n",
        '{"half',
        '"Up," he said.\n"Down," said she.\n',
        '# log\n{"event": 1}\nand then it stopped\n{"event": 2}\n',
        '# log\n{"role": "user", "content": "fix it"}\n{"role": "assistant", "content": "done"}\n',
    ],
)
def test_text_that_begins_with_a_bracket_stays_text(read, content):
    """Only what is JSON is taken for it."""
    assert read(content).format == "text"


def test_missing_folder_and_device_are_one_clear_line(tmp_path):
    """Nothing that is not a plain file is opened."""
    for path, message in (("gone", "No such file"), ("", "is a folder"), ("\0", "NUL")):
        with pytest.raises(InputError, match=message):
            read_transcript(os.path.join(str(tmp_path), path) if path != "\0" else path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="not a regular file"):
        read_transcript(str(tmp_path / "pipe"))


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_unreadable_file_is_one_clear_line(tmp_path):
    """The reason is given."""
    path = tmp_path / "secret"
    path.write_text("x")
    path.chmod(0)
    with pytest.raises(InputError, match="Permission denied"):
        read_transcript(str(path))


def test_unreadable_file_is_reported_by_what_opening_says(tmp_path, monkeypatch):
    """For users whom no permission binds, the error of the opening itself."""
    path = tmp_path / "secret"
    path.write_text("x")
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(InputError, match="Permission denied"):
        read_transcript(str(path))


def test_only_the_reader_that_is_needed_is_imported():
    """Naming the format saves the others' imports, and nothing heavy is imported in any case."""
    code = (
        "import sys; from handoff_cli.agents.readers import reader_of; reader_of('claude-code');"
        "print([m for m in sys.modules if m in ('typing', 'dataclasses', 'pathlib', 'datetime', 'logging', 'subprocess',"
        " 'tempfile', 'shutil', 'inspect', 'sqlite3', 'handoff_cli.agents.codex_log')])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert ran.stdout.strip() == "[]"


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["user", "assistant", "s"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def read_anything(folder, content, name=None):
    path = os.path.join(str(folder), "fuzz")
    with open(path, "wb") as stream:
        stream.write(content)
    try:
        transcript = read_transcript(path, name)
        texts = list(iter_texts(path, name))
    except HandoffError:
        return
    json.dumps(transcript.to_dict(), default=lambda value: value.to_dict()).encode()
    for role, text in texts:
        assert role in ("system", "user", "assistant", "tool")
        text.encode()


def replaced(value, path, new):
    """Return ``value`` with the part at ``path``, a list of steps, replaced."""
    if not path:
        return new
    step, *rest = path
    if isinstance(value, dict) and value:
        key = sorted(value)[step % len(value)]
        return {**value, key: replaced(value[key], rest, new)}
    if isinstance(value, list) and value:
        at = step % len(value)
        return [*value[:at], replaced(value[at], rest, new), *value[at + 1 :]]
    return new


@pytest.mark.parametrize(
    "name",
    [*(name for name in READERS if name not in ("aider", "goose", "text")), "cline session", "vscode_chat log"],
)
@settings(max_examples=35, deadline=None, suppress_health_check=list(HealthCheck))
@given(path=st.lists(st.integers(0, 9), min_size=1, max_size=7), new=JSON, row=st.integers(0, 9))
def test_any_value_in_any_field_is_no_crash(tmp_path, name, path, new, row):
    """Strangers write these files."""
    values = [json.loads(line) for line in RICH[name].splitlines()]
    at = row % len(values)
    values[at] = replaced(values[at], path, new)
    content = "".join(json.dumps(value) + "\n" for value in values).encode("utf-8", "replace")
    read_anything(tmp_path, content, name.partition(" ")[0] if " " in name else None)


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_cut_and_damaged_bytes_are_no_crash(tmp_path, name, data):
    """Cut anywhere, with bytes changed anywhere; the format named or not."""
    raw = bytearray(RICH.get(name, EXAMPLES[name]).encode())
    for at in data.draw(st.lists(st.integers(0, len(raw) - 1), max_size=4)):
        raw[at] = data.draw(st.integers(0, 255))
    read_anything(tmp_path, bytes(raw[: data.draw(st.integers(0, len(raw)))]), data.draw(st.sampled_from([None, name])))


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(content=st.binary(max_size=300), name=st.none() | st.sampled_from(READERS))
def test_random_bytes_are_no_crash(tmp_path, content, name):
    """Nor a hang."""
    read_anything(tmp_path, content, name)


@pytest.mark.parametrize("name", [None, *READERS])
@pytest.mark.parametrize(
    "opening", ["[", '{"messages":', '{"type":"assistant","message":', '[{"role":"user","content":']
)
def test_nesting_without_end_is_no_crash(tmp_path, name, opening):
    """Nor does its depth cost memory."""
    read_anything(tmp_path, (opening * (300_000 // len(opening))).encode(), name)
    closing = {"[": "]", "{": "}"}
    ends = "".join(closing[char] for char in reversed(opening) if char in closing)
    read_anything(tmp_path, (opening * 6_000 + "1" + ends * 6_000).encode(), name)


RICH = {
    **EXAMPLES,
    "cline session": LOGS["cline"],
    "vscode_chat log": VSCODE_LOG,
    "claude_code": r.jsonl(
        r.claude_user([{"type": "text", "text": "hi"}]),
        r.claude_response(
            5_000,
            [
                r.tool_use("1", "Bash", command="git commit"),
                r.tool_use("2", "TodoWrite", todos=[{"content": "a", "status": "pending"}]),
            ],
        ),
        r.claude_result("1", "Exit code 1", is_error=True, result={"stdout": "", "type": "create"}),
        r.claude_compact(),
        r.claude("system", subtype="stop_hook_summary"),
        r.claude("queue-operation", operation="enqueue", content="and the docs"),
        r.claude("queue-operation", operation="remove", content="and the docs"),
        r.claude(
            "attachment", attachment={"type": "queued_command", "prompt": "and the docs", "origin": {"kind": "human"}}
        ),
    ),
    "codex": r.jsonl(
        r.codex("session_meta", id="c", base_instructions={"text": "x"}, dynamic_tools=[{}]),
        r.codex("response_item", type="function_call", call_id="1", name="shell", arguments='{"command": ["ls"]}'),
        r.codex(
            "response_item",
            type="function_call_output",
            call_id="1",
            output='{"output": "x", "metadata": {"exit_code": 1}}',
        ),
        r.codex("event_msg", type="exec_command_end", call_id="1", exit_code=1, aggregated_output="x"),
        r.codex("response_item", type="message", role="user", content=[{"type": "input_text", "text": "x"}]),
        r.codex("compacted", message="x", replacement_history=[{"content": []}]),
        r.codex_tokens(9),
    ),
    "gemini": r.jsonl(
        r.gemini_start(),
        r.gemini_message(
            "a",
            9,
            toolCalls=[
                {
                    "id": "1",
                    "name": "write_file",
                    "args": {},
                    "status": "success",
                    "result": [{"functionResponse": {"response": {}}}],
                }
            ],
        ),
        {"$set": {"messages": [r.gemini_message("b", 9)]}},
        {"$rewindTo": "b"},
    ),
    "cline": json.dumps(
        [
            shown("api_req_started", '{"tokensIn": 1}'),
            shown("tool", "{}"),
            shown("condense_context", "", contextCondense={}),
        ]
    )
    + "\n",
    "openai_chat": json.dumps(
        {
            "messages": [
                {
                    "role": "assistant",
                    "content": None,
                    "tool_calls": [{"function": {"name": "f", "arguments": "{}"}}],
                    "usage": {"prompt_tokens": 1},
                }
            ]
        }
    ),
}
