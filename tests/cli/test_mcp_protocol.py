"""What the server says, held against the SDK's own types; the conversation itself is in ``test_mcp_server``."""

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.cli.mcp_protocol import VERSIONS
from handoff_cli.cli.mcp_server import server
from handoff_cli.cli.reader import Common


def ask(method, id_=1, **params):
    return server(Common()).answer(
        json.dumps({"jsonrpc": "2.0", "id": id_, "method": method, "params": params}).encode()
    )


def called(name, **arguments):
    result = ask("tools/call", name=name, arguments=arguments)["result"]
    return result["isError"], result["content"][0]["text"]


RESULTS = {
    "initialize": ("InitializeResult", {"protocolVersion": "2025-06-18"}),
    "tools/list": ("ListToolsResult", {}),
    "tools/call": ("CallToolResult", {"name": "context_status", "arguments": {}}),
    "resources/list": ("ListResourcesResult", {}),
    "resources/templates/list": ("ListResourceTemplatesResult", {}),
    "prompts/list": ("ListPromptsResult", {}),
    "prompts/get": ("GetPromptResult", {"name": "resume"}),
}


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("method", RESULTS)
def test_results_are_what_the_sdk_understands(method):
    types = pytest.importorskip("mcp.types")
    name, params = RESULTS[method]
    result = ask(method, **params)["result"]
    understood = getattr(types, name).model_validate(result).model_dump(by_alias=True, mode="json", exclude_none=True)
    assert {key: understood[key] for key in result} == result


def test_the_version_asked_for_is_spoken_and_else_the_newest():
    for version in VERSIONS:
        assert ask("initialize", protocolVersion=version)["result"]["protocolVersion"] == version
    assert ask("initialize", protocolVersion="2099-01-01")["result"]["protocolVersion"] == VERSIONS[-1]


def test_every_parameter_of_every_tool_is_described():
    for tool in ask("tools/list")["result"]["tools"]:
        for name, schema in tool["inputSchema"]["properties"].items():
            assert schema["description"], (tool["name"], name)
        assert set(tool["inputSchema"]["required"]) <= set(tool["inputSchema"]["properties"])


def test_arguments_are_checked_before_a_tool_sees_them():
    assert called("track") == (True, "the argument text is missing; give it")
    assert called("track", text=3)[0]
    assert called("add_note", text="x", zzz="y")[1].startswith("there is no argument zzz")
    assert called("write_handoff", decisions=["a", 3])[1] == (
        "the argument decisions is of the wrong type; give an array of strings or null"
    )
    assert called("add_note", text="keep it", ref=None)[0] is False


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        ("server/discover", {}, -32601),
        ("tools/call", {"name": "rm"}, -32602),
        ("tools/call", {"name": ["x"]}, -32602),
        ("resources/read", {"uri": "file:///etc/passwd"}, -32002),
        ("prompts/get", {"name": None}, -32602),
    ],
)
def test_what_cannot_be_answered_is_an_error_with_a_code(method, params, code):
    assert ask(method, **params)["error"]["code"] == code


def test_notifications_and_answers_want_no_answer_and_batches_one():
    made = server(Common())
    assert made.answer(b'{"jsonrpc":"2.0","method":"notifications/initialized"}') is None
    assert made.answer(b'{"jsonrpc":"2.0","id":7,"result":{}}') is None
    assert made.answer(b"\n") is None
    batch = b'[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"x"},{"jsonrpc":"2.0","id":"b","method":"ping"}]'
    assert [it["id"] for it in made.answer(batch)] == [1, "b"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.binary() | st.builds(lambda value: json.dumps(value).encode(), json_values))
def test_whatever_comes_is_answered_or_passed_over(line):
    answer = server(Common()).answer(line)
    assert answer is None or json.dumps(answer)


@given(json_values, json_values)
def test_whatever_the_parameters_a_request_gets_its_answer(name, arguments):
    request = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, "arguments": arguments}}
    assert server(Common()).answer(json.dumps(request).encode())["id"] == 1


def test_a_bug_in_a_tool_is_an_answer_too(monkeypatch):
    from handoff_cli.usecases import sync

    monkeypatch.setattr(sync, "status_now", lambda _: 1 / 0)
    failed, said = called("context_status")
    assert failed
    assert "ZeroDivisionError" in said


def test_the_handshake_loads_nothing_heavy(project):
    """An agent waits for it at every start."""
    hello = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {}}).encode() + b"\n"
    code = "import sys; from handoff_cli.__main__ import main; main(['mcp']); sys.stderr.write(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], input=hello, capture_output=True, check=True, timeout=60)
    assert json.loads(done.stdout)["result"]["serverInfo"]["name"] == "handoff"
    loaded = set(done.stderr.decode().split())
    assert not loaded & {"mcp", "pydantic", "rich", "asyncio", "tiktoken", "jinja2", "typer"}


def test_a_client_that_goes_away_is_no_failure(project):
    process = subprocess.Popen([sys.executable, "-m", "handoff_cli", "mcp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
    process.stdout.close()
    _, err = process.communicate(b'{"jsonrpc":"2.0","id":1,"method":"tools/list"}\n' * 400, timeout=60)
    assert (process.returncode, err) == (0, b"")
