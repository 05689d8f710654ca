"""Agents as their documentation describes them: they read their own settings, call hooks, and understand the answers."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from pathlib import Path

from handoff_cli.agents.settings import argv
from tests.in_process import Done, run

ROOT = Path(__file__).resolve().parents[2]


class Agent:
    """One session of an agent: it runs the hooks its settings name, as it would, and notes what they answered."""

    name = ""
    hears: tuple[str, ...] = ()

    def __init__(self, project: Path, home: Path, session: str = "5e551011-0000-4000-8000-000000000001") -> None:
        self.project, self.home, self.session = project, home, session
        self.answers: list[tuple[str, str]] = []
        self.in_process = False
        self.transcript = project.parent / f"{session}.jsonl"
        self.transcript.touch()

    def environ(self) -> dict[str, str]:
        keep = {key: os.environ[key] for key in ("PATH", "LANG", "LC_ALL") if key in os.environ}
        return {**keep, "HOME": str(self.home), "PYTHONPATH": str(ROOT)}

    def fire(self, event: str, **facts) -> str:
        """Call the hooks of ``event``; returns what they said to the agent, after checking that it is its protocol."""
        heard = []
        for command in self.commands(event):
            done = (self._called if self.in_process else self._run)(command, json.dumps(self.payload(event, **facts)))
            assert (done.returncode, done.stderr) == (0, "")
            heard.append(self.understood(event, done.stdout) or "")
            self.answers.append((event, done.stdout))
        return "".join(heard)

    def _run(self, command: str, said: str) -> subprocess.CompletedProcess[str]:
        """Run ``command`` as agents do, by a shell."""
        return subprocess.run(
            ["sh", "-c", command],
            input=said,
            capture_output=True,
            encoding="utf-8",
            cwd=self.project,
            env=self.environ(),
            timeout=60,
            check=False,
        )

    def _called(self, command: str, said: str) -> Done:
        """Do here what ``command`` does: of a log of many steps it is not the start of each that is in question."""
        start, words = argv(), shlex.split(command)
        assert words[: len(start)] == start
        return run(tuple(words[len(start) :]), cwd=self.project, env=self.environ(), text=said)

    def commands(self, event: str) -> list[str]:
        raise NotImplementedError

    def payload(self, event: str, **facts) -> dict:
        return {
            "session_id": self.session,
            "transcript_path": str(self.transcript),
            "cwd": str(self.project),
            "hook_event_name": event,
            "unknown_field": {"of": "a newer version"},
            **facts,
        }

    def understood(self, event: str, text: str) -> str | None:
        """Return the context in an answer; fails for anything the agent would not accept."""
        if not text:
            return None
        answer = json.loads(text)
        assert set(answer) <= {"systemMessage", "hookSpecificOutput"}
        assert len(answer.get("systemMessage", "")) < 10_000
        inner = answer.get("hookSpecificOutput")
        if inner is None:
            return None
        assert set(inner) == {"hookEventName", "additionalContext"}
        assert inner["hookEventName"] == event
        assert event in self.hears
        assert len(inner["additionalContext"]) < 10_000
        return inner["additionalContext"]

    def write(self, *rows) -> None:
        with self.transcript.open("a") as file:
            file.write("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))

    def status(self) -> dict:
        return status(self.project, self.session, self.environ())

    @property
    def document(self) -> Path:
        return self.project / ".agent-handoffs" / "sessions" / self.session / "CURRENT_SESSION.md"


def status(project: Path, session: str, environ: dict[str, str]) -> dict:
    done = run(("--session", session, "status", "--json"), cwd=project, env=environ)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def settings(path: Path) -> dict:
    return json.loads(path.read_text())


class Claude(Agent):
    name = "claude-code"
    hears = ("SessionStart", "UserPromptSubmit", "PostToolUse")

    def environ(self):
        return {**super().environ(), "CLAUDE_PROJECT_DIR": str(self.project)}

    def commands(self, event):
        groups = settings(self.home / ".claude" / "settings.json")["hooks"].get(event, [])
        return [hook["command"] for group in groups for hook in group["hooks"]]

    def response(self, tokens: int, model: str = "claude-opus-4-5-20251101", version: str = "2.1.42") -> None:
        """Write a response that found ``tokens`` in the window, in two rows as Claude Code does."""
        usage = {
            "input_tokens": 3,
            "cache_creation_input_tokens": 1000,
            "cache_read_input_tokens": tokens - 1003,
            "output_tokens": 1,
        }
        message = {
            "id": f"msg_{tokens}",
            "model": model,
            "role": "assistant",
            "usage": usage,
            "content": [{"type": "text", "text": "ok"}],
        }
        row = {
            "type": "assistant",
            "sessionId": self.session,
            "version": version,
            "isSidechain": False,
            "parentUuid": None,
            "requestId": f"r{tokens}",
            "message": message,
        }
        self.write(row, row)

    def ask(self, text: str) -> None:
        self.write(
            {
                "type": "user",
                "sessionId": self.session,
                "parentUuid": None,
                "isSidechain": False,
                "message": {"role": "user", "content": text},
            }
        )

    def subagent_response(self, tokens: int) -> None:
        usage = {"input_tokens": tokens, "output_tokens": 1}
        self.write(
            {
                "type": "assistant",
                "sessionId": self.session,
                "isSidechain": True,
                "parentUuid": None,
                "message": {"model": "claude-haiku-4-5", "usage": usage},
            }
        )

    def compact(self, tokens: int) -> str:
        """Compact as Claude Code does: ask the hooks, write the boundary, tell the hooks, start again."""
        self.fire("PreCompact", trigger="auto", custom_instructions="")
        self.write(
            {
                "type": "system",
                "subtype": "compact_boundary",
                "sessionId": self.session,
                "parentUuid": None,
                "compactMetadata": {"trigger": "auto", "preTokens": tokens},
            }
        )
        self.fire("PostCompact", trigger="auto", compact_summary="what happened")
        return self.fire("SessionStart", source="compact")


class Codex(Agent):
    name = "codex"
    hears = ("SessionStart", "UserPromptSubmit", "PostToolUse")

    def __init__(self, *args):
        super().__init__(*args)
        self.transcript = self.transcript.rename(
            self.transcript.with_name(f"rollout-2026-05-11T11-26-55-{self.session}.jsonl")
        )

    def commands(self, event):
        groups = settings(self.home / ".codex" / "hooks.json")["hooks"].get(event, [])
        return [hook["command"] for group in groups for hook in group["hooks"]]

    def understood(self, event, text):
        if event == "Stop":
            assert isinstance(json.loads(text), dict)  # plain text and silence are no JSON
        return super().understood(event, text)

    def open(self):
        stamp = "2026-05-11T08:27:17.493Z"
        self.write(
            {
                "timestamp": stamp,
                "type": "session_meta",
                "payload": {
                    "id": self.session,
                    "cwd": str(self.project),
                    "cli_version": "0.125.0",
                    "originator": "codex",
                },
            },
            {"timestamp": stamp, "type": "turn_context", "payload": {"cwd": str(self.project), "model": "gpt-5-codex"}},
        )

    def response(self, tokens: int, window: int = 258_400) -> None:
        usage = {
            "input_tokens": tokens - 10,
            "cached_input_tokens": 5,
            "output_tokens": 10,
            "reasoning_output_tokens": 2,
            "total_tokens": tokens,
        }
        info = {
            "total_token_usage": {**usage, "total_tokens": 9 * tokens},
            "last_token_usage": usage,
            "model_context_window": window,
        }
        self.write(
            {
                "timestamp": "2026-05-11T08:27:18.000Z",
                "type": "event_msg",
                "payload": {"type": "token_count", "info": info, "rate_limits": None},
            }
        )


class Gemini(Agent):
    name = "gemini"
    hears = ("SessionStart", "BeforeAgent", "AfterTool")

    def environ(self):
        return {**super().environ(), "GEMINI_PROJECT_DIR": str(self.project)}

    def commands(self, event):
        groups = settings(self.home / ".gemini" / "settings.json")["hooks"].get(event, [])
        return [hook["command"] for group in groups for hook in group["hooks"]]

    def open(self):
        self.write(
            {
                "sessionId": self.session,
                "projectHash": "00",
                "startTime": "2026-01-10T02:08:26.108Z",
                "lastUpdated": "2026-01-10T02:08:26.108Z",
                "kind": "main",
            }
        )

    def response(self, tokens: int) -> None:
        counts = {"input": tokens, "output": 18, "cached": 3, "thoughts": 1, "tool": 0, "total": tokens + 19}
        self.write(
            {
                "id": f"m{tokens}",
                "timestamp": "2026-01-10T02:08:27.000Z",
                "type": "gemini",
                "content": "ok",
                "model": "gemini-2.5-flash",
                "tokens": counts,
            }
        )


class Cursor(Agent):
    name = "cursor"

    def commands(self, event):
        return [hook["command"] for hook in settings(self.home / ".cursor" / "hooks.json")["hooks"].get(event, [])]

    def payload(self, event, **facts):
        return {
            "conversation_id": self.session,
            "generation_id": "g",
            "hook_event_name": event,
            "workspace_roots": [str(self.project)],
            "model": "claude-4.5-sonnet",
            **facts,
        }

    def understood(self, event, text):
        if not text:
            return None
        answer = json.loads(text)
        if event == "beforeSubmitPrompt":
            assert answer == {"continue": True}
            return None
        assert set(answer) == {"additional_context"}
        assert event in ("sessionStart", "postToolUse")
        return answer["additional_context"]


class Copilot(Agent):
    name = "copilot"

    def __init__(self, *args):
        super().__init__(*args)
        self.transcript.unlink()
        self.transcript = self.home / ".copilot" / "session-state" / self.session / "events.jsonl"
        self.transcript.parent.mkdir(parents=True)
        self.transcript.touch()

    def commands(self, event):
        return [
            hook["bash"] for hook in settings(self.home / ".copilot" / "hooks" / "handoff.json")["hooks"].get(event, [])
        ]

    def payload(self, event, **facts):
        return {"sessionId": self.session, "timestamp": 1704614750000, "cwd": str(self.project), **facts}

    def understood(self, event, text):
        if not text:
            return None
        answer = json.loads(text)
        assert set(answer) == {"additionalContext"}
        return answer["additionalContext"]

    def response(self, tokens: int, window: int = 128_000) -> None:
        self.write(
            {
                "type": "session.usage_info",
                "data": {"currentTokens": tokens, "tokenLimit": window},
                "timestamp": "2026-01-10T02:08:27.000Z",
            }
        )


class OpenCode(Agent):
    name = "opencode"

    def commands(self, event):
        from handoff_cli.agents.settings import command_line

        assert (self.home / ".config" / "opencode" / "plugins" / "handoff.js").exists()
        return [command_line("hook", "opencode")]

    def payload(self, event, **facts):
        return {"event": event, "session_id": self.session, "cwd": str(self.project), **facts}

    def understood(self, event, text):
        if not text:
            return None
        answer = json.loads(text)
        assert set(answer) == {"context"}
        return answer["context"]
