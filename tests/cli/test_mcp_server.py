"""The MCP server, spoken to by the official client over a real pipe."""

import json
import os
import sys

import pytest

from tests.usecases.agents_at_work import ROOT

pytestmark = pytest.mark.filterwarnings("default")


@pytest.fixture
def ask(project):
    """Call tools of a server in a process of its own; returns (is an error, text) of each."""
    pytest.importorskip("mcp")  # loading it takes as long as collecting hundreds of tests
    import anyio
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client

    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "handoff_cli", "mcp"], env=environ, cwd=str(project)
    )

    def run(conversation):
        async def talk(nowhere):
            async with (
                stdio_client(server, errlog=nowhere) as (reader, writer),
                ClientSession(reader, writer) as session,
            ):
                await session.initialize()
                return await conversation(session)

        with open(os.devnull, "w") as nowhere:
            return anyio.run(talk, nowhere)

    return run


def text(result):
    return result.content[0].text


def test_an_agent_sees_its_usage_writes_the_handoff_and_reads_it_back(ask, project):
    async def conversation(session):
        tools = {tool.name: tool for tool in (await session.list_tools()).tools}
        assert set(tools) == {"context_status", "track", "add_note", "write_handoff", "read_handoff", "check_handoff"}
        assert all(tool.description for tool in tools.values())
        tracked = json.loads(text(await session.call_tool("track", {"text": "hello world"})))
        status = json.loads(text(await session.call_tool("context_status", {})))
        assert (tracked["added_tokens"], status["total_tokens"]) == (2, 2)
        await session.call_tool("add_note", {"text": "keep the flag", "kind": "constraint", "ref": "a.py:1"})
        said = {
            "goal": "ship it",
            "decisions": ["use sqlite, for its locks"],
            "failed_approaches": ["json: torn writes"],
            "next_action": "run make test",
        }
        written = json.loads(text(await session.call_tool("write_handoff", said)))
        await session.call_tool("write_handoff", said)
        document = text(await session.call_tool("read_handoff", {}))
        for fact in ("keep the flag", "ship it", "use sqlite, for its locks", "json: torn writes", "run make test"):
            assert document.count(fact) >= 1
        checked = json.loads(text(await session.call_tool("check_handoff", {})))
        assert checked["file"] == written["file"]
        resource = await session.read_resource("handoff://current")
        assert resource.contents[0].text == document
        prompts = [prompt.name for prompt in (await session.list_prompts()).prompts]
        assert prompts == ["write_handoff", "resume"]
        assert "read_handoff" in (await session.get_prompt("resume")).messages[0].content.text
        return written["file"]

    assert ask(conversation) == str(project / ".agent-handoffs" / "CURRENT_SESSION.md")


def test_failures_are_answers_in_words(ask):
    async def conversation(session):
        none = await session.call_tool("read_handoff", {})
        kind = await session.call_tool("add_note", {"text": "x", "kind": "zzz"})
        place = await session.call_tool("context_status", {"session": "../x"})
        return [(getattr(it, "is_error", None) or getattr(it, "isError", None), text(it)) for it in (none, kind, place)]

    answers = ask(conversation)
    assert all(failed for failed, _ in answers)
    assert "there is no handoff yet" in answers[0][1]
    assert "kinds: " in answers[1][1]
    assert "not allowed" in answers[2][1]
    assert all("Traceback" not in said for _, said in answers)


def test_the_session_last_at_work_is_meant(ask, handoff):
    handoff("--session", "one", "track", "--tokens", "10")

    async def conversation(session):
        return json.loads(text(await session.call_tool("context_status", {})))

    assert ask(conversation)["session"] == "one"


@pytest.mark.skipif(os.name != "posix", reason="closes a stream by the shell")
@pytest.mark.parametrize("closed", [">&-", "<&-"])
def test_a_closed_stream_is_said_and_no_bug(project, closed):
    import subprocess

    command = f"{sys.executable} -m handoff_cli mcp {closed}"
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["sh", "-c", command], cwd=project, env=environ, input=b"", capture_output=True, check=False)
    assert done.returncode == 1
    assert b"is closed" in done.stderr


@pytest.mark.parametrize("argument", ["\ud800", "a\x00b", "\u202e"])
@pytest.mark.parametrize(
    "tool", ["context_status", "track", "add_note", "read_handoff", "check_handoff", "write_handoff"]
)
def test_every_request_is_answered_whatever_its_text_holds(project, argument, tool):
    import io

    from handoff_cli.cli.mcp_server import server
    from handoff_cli.cli.reader import Common

    first = {"add_note": "text", "track": "text", "write_handoff": "goal"}.get(tool, "session")
    for name in {first, "session"}:
        arguments = {"text": "x", name: argument} if tool in {"add_note", "track"} else {name: argument}
        call = {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}
        out = io.BytesIO()
        server(Common()).run(io.BytesIO(json.dumps(call).encode() + b"\n"), out)
        assert json.loads(out.getvalue())["id"] == 7
