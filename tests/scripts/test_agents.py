"""The check with the agents' own tools: its fake model speaks the agents' protocols, and its docs name what it runs."""

import importlib
import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def load():
    sys.path.insert(0, str(ROOT / "scripts" / "agents"))
    yield importlib.import_module
    sys.path.remove(str(ROOT / "scripts" / "agents"))
    for name in ("agents", "check", "fake_model"):
        sys.modules.pop(name, None)


def test_the_docs_name_the_versions_that_are_run(load):
    docs = (ROOT / "docs" / "agents.md").read_text()
    for agent in load("check").AGENTS:
        tried = "checked" if agent.full else "not tried"
        assert f"| `{agent.name}` | {agent.version} | {tried} |" in docs


def test_where_npm_is_missing_an_agent_is_skipped_with_the_reason(load, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HANDOFF_AGENTS", str(tmp_path / "cache"))
    assert load("check").main(["codex"]) == 0
    assert capsys.readouterr().out == "skipped  codex: npm is not on PATH\n"
    assert load("check").main(["zzz"]) == 2


def ask(load, run, body, said="go on"):
    model = load("fake_model").FakeModel.__new__(load("fake_model").FakeModel)
    model.__dict__.update(run)
    return model.answer("r", body, said, has_tools=bool(body.get("tools")))


def test_the_model_says_its_turns_in_order_and_sums_up_when_asked(load):
    import threading

    module = load("fake_model")
    run = {"_turns": {"r": [module.Turn("a", 1), module.Turn("b", 2)]}, "_requests": {}, "_lock": threading.Lock()}
    said = [ask(load, run, {"tools": [1]}).text, ask(load, run, {}).text, ask(load, run, {"tools": [1]}).text]
    assert (said[0], said[2]) == ("a", "b")
    assert ask(load, run, {"tools": [1]}, "Create a detailed summary of our conversation").text == module.SUMMARY
    assert ask(load, run, {"tools": [1]}).text == "Done."
    kinds = [request.kind for request in run["_requests"]["r"]]
    assert kinds == ["turn", "beside", "turn", "compaction", "turn"]


PROTOCOLS = {
    "/messages": ({"messages": [{"role": "user", "content": "hi"}]}, lambda events: events[-2]["usage"]["cache_read_input_tokens"] + 1),
    "/responses": ({"input": [{"role": "user", "content": [{"type": "input_text", "text": "hi"}]}]}, lambda events: events[-1]["response"]["usage"]["total_tokens"]),
    "/chat/completions": ({"messages": [{"role": "user", "content": "hi"}]}, lambda events: events[-1]["usage"]["total_tokens"]),
    ":streamGenerateContent": ({"contents": [{"role": "user", "parts": [{"text": "hi"}]}]}, lambda events: events[-1]["usageMetadata"]["promptTokenCount"]),
}  # fmt: skip


@pytest.mark.parametrize("ending", PROTOCOLS)
def test_each_protocol_hears_the_prompt_and_tells_text_calls_and_usage(load, ending):
    module = load("fake_model")
    protocol = module._PROTOCOLS[ending]
    body, tokens = PROTOCOLS[ending]
    assert protocol.heard(body) == ("hi", False)
    turn = module.Turn("some text", 50_000, (module.Call("run", {"command": "ls"}),))
    events = [value for _, value in protocol.events(turn, body) if value != "[DONE]"]
    whole = json.dumps(events)
    assert "some text" in whole
    assert "ls" in whole
    assert tokens(events) == 50_000
