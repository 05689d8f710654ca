"""Hold handoff to its promises with the agents' own tools, working for a fake model: ``make agents``.

    python scripts/agents/check.py [AGENT...]     one line a promise; exit code 1 if one is broken

What the agents' hooks send, and what the model gets to read, is seen nowhere else. An agent that cannot be installed is
skipped with the reason.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from agents import Agent, Installed, cache_folder, install
from fake_model import Call, FakeModel, Turn

GIVEN = "This project has a handoff"
"""Begins the text that gives a session the document."""

TOLD = "so this is the time"
"""Is in the text that tells the agent, in mid-turn, that a threshold is reached."""

_OUTPUT_TOKENS = 30
"""What an agent may count on top: the response itself."""

PROMPT = "Please write hello.py. Keep the name hello."
_OPENCODE = {
    "autoupdate": False,
    "share": "disabled",
    "model": "fake/fake",
    "small_model": "fake/fake",
    "permission": {"bash": "allow", "edit": "allow"},
}


def _codex_settings(url: str) -> dict[str, str]:
    lines = (
        'model_provider = "fake"',
        "check_for_update_on_startup = false",
        "[model_providers.fake]",
        'name = "fake"',
    )
    more = (f'base_url = "{url}"', 'env_key = "OPENAI_API_KEY"', 'wire_api = "responses"')
    return {".codex/config.toml": "\n".join((*lines, *more, "[features]", "plugins = false", ""))}


def _gemini_settings(_url: str) -> dict[str, str]:
    settings = {
        "security": {"auth": {"selectedType": "gemini-api-key"}, "folderTrust": {"enabled": False}},
        "general": {"disableAutoUpdate": True, "enableAutoUpdate": False},
        "privacy": {"usageStatisticsEnabled": False},
    }
    return {".gemini/settings.json": json.dumps(settings, indent=2)}


def _opencode_settings(url: str) -> dict[str, str]:
    model = {"fake": {"name": "fake", "limit": {"context": 200_000, "output": 32_000}}}
    options = {"baseURL": f"{url}/v1", "apiKey": "none"}
    provider = {"fake": {"npm": "@ai-sdk/openai-compatible", "name": "fake", "options": options, "models": model}}
    return {".config/opencode/opencode.json": json.dumps({**_OPENCODE, "provider": provider}, indent=2)}


AGENTS = (
    Agent(
        "claude",
        "@anthropic-ai/claude-code",
        "2.1.197",
        lambda _url, prompt: ["-p", prompt, "--dangerously-skip-permissions", "--model", "claude-sonnet-4-6"],
        lambda line: Call("Bash", {"command": line, "description": "run it"}),
        (50_000, 145_000),
        full=170_000,
        environ=lambda url: {
            "ANTHROPIC_API_KEY": "none", "ANTHROPIC_BASE_URL": url, "IS_SANDBOX": "1", "DISABLE_AUTOUPDATER": "1",
            "DISABLE_TELEMETRY": "1", "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        },
        settings=lambda _url: {".claude/settings.json": '{\n  "permissions": { "allow": [] }\n}\n'},
    ),
    Agent(
        "codex",
        "@openai/codex",
        "0.171.0",
        lambda _url, prompt: ["exec", "--dangerously-bypass-approvals-and-sandbox", "--dangerously-bypass-hook-trust",
                              "-m", "gpt-5.5", prompt],
        lambda line: Call("exec_command", {"cmd": line}),
        (50_000, 200_000),
        full=246_000,
        environ=lambda _url: {"OPENAI_API_KEY": "none"},
        settings=_codex_settings,
    ),
    Agent(
        "gemini",
        "@google/gemini-cli",
        "0.61.0",
        lambda _url, prompt: ["-p", prompt, "--yolo", "-m", "gemini-2.5-pro"],
        lambda line: Call("run_shell_command", {"command": line, "description": "run it"}),
        (50_000, 450_000),
        environ=lambda url: {"GEMINI_API_KEY": "none", "GOOGLE_GEMINI_BASE_URL": url},
        settings=_gemini_settings,
    ),
    Agent(
        "opencode",
        "opencode-ai",
        "1.18.33",
        lambda _url, prompt: ["run", prompt],
        lambda line: Call("bash", {"command": line, "description": "run it"}),
        (50_000, 145_000),
        environ=lambda _url: {"OPENCODE_DISABLE_AUTOUPDATE": "1", "OPENCODE_DISABLE_LSP_DOWNLOAD": "1"},
        settings=_opencode_settings,
    ),
    Agent(
        "copilot",
        "@github/copilot",
        "1.0.102",
        lambda _url, prompt: ["-p", prompt, "--allow-all-tools", "--no-auto-update"],
        lambda line: Call("bash", {"command": line, "description": "run it", "mode": "sync"}),
        (50_000, 98_000),  # it compacts in the background from 80 % of its window on
        environ=lambda url: {
            "COPILOT_PROVIDER_BASE_URL": f"{url}/v1", "COPILOT_PROVIDER_API_KEY": "none", "COPILOT_MODEL": "gpt-5.4",
            "COPILOT_PROVIDER_MAX_PROMPT_TOKENS": "128000", "COPILOT_OFFLINE": "true", "COPILOT_AUTO_UPDATE": "false",
            "COPILOT_ALLOW_ALL": "true",
        },
        settings=lambda _url: {".copilot/hooks/own.json": '{"version": 1, "hooks": {}}\n'},
    ),
)  # fmt: skip


def main(words: list[str]) -> int:
    """Check the agents named (none: all); return the exit code."""
    by_name = {agent.name: agent for agent in AGENTS}
    if unknown := set(words) - set(by_name):
        print(f"no such agent: {', '.join(sorted(unknown))}; there are {', '.join(by_name)}")
        return 2
    broken = 0
    for name in words or by_name:
        if why := install(by_name[name], cache_folder()):
            print(f"skipped  {name}: {why}")
            continue
        folder = Path(tempfile.mkdtemp(prefix=f"handoff-{name}-"))
        failed = [promise for promise, kept in _promises(by_name[name], folder) if not _said(name, promise, kept=kept)]
        broken += len(failed)
        if failed:
            print(f"         what {name} did is in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return int(broken > 0)


def _said(name: str, promise: str, *, kept: bool) -> bool:
    print(f"{'kept    ' if kept else 'BROKEN  '} {name} {_version(name)}: {promise}", flush=True)
    return kept


def _version(name: str) -> str:
    return next(agent.version for agent in AGENTS if agent.name == name)


def _promises(agent: Agent, folder: Path) -> list[tuple[str, bool]]:
    """Play a session that reaches a threshold, another after it, and return what was promised and whether it held."""
    installed = Installed(agent, cache_folder(), folder)
    project = folder / "project"
    low, high = agent.heads
    last = low + 2_000 if agent.full else high + 2_000
    with FakeModel() as model:
        url = model.url("run")
        before = installed.lay_down(url)
        installed.handoff("install", agent.name)
        _make(project)
        installed.handoff("track", "--tokens", "7", cwd=project)  # a person's own, beside the agent's
        note = agent.shell(f"{installed.program} note 'the port is 8080' --kind constraint")
        failing = agent.shell("python3 -c 'raise SystemExit(\"not yet\")'")
        turns = [
            Turn("First a look.", low, (agent.shell("ls"),)),
            Turn("This must be known.", low + 1_000, (note,)),
            Turn("A try.", high, (failing,)),
            Turn("And on.", high + 1_000, (agent.shell(f"{installed.program} status --json > seen.json"),)),
            *([Turn("It is full.", agent.full, (agent.shell("ls"),))] if agent.full else []),
            Turn("Enough for now.", last),
        ]
        model.play("run", turns)
        installed.turn(url, project, PROMPT)
        first = model.requests("run")
        own = next((project / ".agent-handoffs" / "sessions").glob("*"), Path("none")).name
        status = json.loads(installed.handoff("--session", own, "status", "--json", cwd=project) or "{}")
        seen = json.loads((project / "seen.json").read_text() or "{}")
        document = project / ".agent-handoffs" / "CURRENT_SESSION.md"
        text = document.read_text() if document.exists() else ""
        model.play("run", [Turn("Nothing is open.", low)])
        installed.turn(url, project, "What is open?")
        second = [request for request in model.requests("run") if request.kind == "turn"]
        installed.handoff("uninstall", agent.name)
    kept = {path: path.exists() and path.read_bytes() == data for path, data in before.items()}
    compactions = sum(request.kind == "compaction" for request in first)
    after = [request.count(GIVEN) for request in first if request.kind == "turn"][-1:]
    return [
        *([("after a compaction the document is there, once", compactions == 1 and after == [1])] * bool(agent.full)),
        ("usage is that of the last response", abs(status.get("total_tokens", 0) - last) <= _OUTPUT_TOKENS),
        ("the agent is told in mid-turn when a threshold is reached", any(it.count(TOLD) for it in first)),
        ("a command that the agent runs means its own session", " by " in (seen.get("session_chosen") or "")),
        ("the document holds the request", "Keep the name hello." in text),
        ("the document holds what the agent noted", "the port is 8080" in text),
        ("the document holds the command that failed", "not yet" in text),
        ("the next session gets the document, once", bool(second) and second[0].count(GIVEN) == 1),
        ("nothing of handoff is left after uninstall", all(kept.values()) or _only_laid_out_anew(before)),
    ]


def _only_laid_out_anew(before: dict[Path, bytes]) -> bool:
    """Tell whether an agent that rewrites its own settings has left nothing of ours in them."""
    return all(path.exists() and b"handoff_cli" not in path.read_bytes() for path in before)


def _make(project: Path) -> None:
    project.mkdir()
    (project / "README.md").write_text("# A project\n")
    for words in (("init", "-q"), ("add", "."), ("commit", "-qm", "first")):
        name = ("-c", "user.name=check", "-c", "user.email=check@example.invalid")
        subprocess.run(["git", *name, *words], cwd=project, check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
