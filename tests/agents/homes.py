"""A home in which every agent that keeps its logs there has told the story of ``made_up`` once, for one project."""

from __future__ import annotations

import json
import re
import sqlite3
from urllib.parse import quote

from tests.agents import made_up as m


def furnished(home, project):  # noqa: PLR0915 (a list)
    """Write the logs; returns the session's id by the agent's name. Each also has a log that is not to be found."""
    folder = str(project)
    slug = re.sub(r"[^A-Za-z0-9]", "-", folder)

    def put(path, content):
        file = home / path
        file.parent.mkdir(parents=True, exist_ok=True)
        written = content if isinstance(content, str) else json.dumps(content)
        file.write_text(written.replace("/srv/app", folder))
        return file

    put(f".pi/agent/sessions/--{slug}--/2026-11-01_pi-1.jsonl", m.PI)
    put(".pi/agent/sessions/--other--/2026-11-01_pi-2.jsonl", m.PI.replace("/srv/app", "/srv/other"))
    put(".openclaw/agents/main/sessions/oc-1.jsonl", m.PI)
    put(".openclaw/agents/main/sessions/oc-2.jsonl", m.PI)
    put(".openclaw/agents/main/sessions/oc-1.checkpoint.1.jsonl", m.PI)
    put(".openclaw/agents/main/sessions/sessions.json", {"agent:main:subagent:1": {"sessionId": "oc-2"}})
    put(f".qwen/projects/{slug}/chats/qw-1.jsonl", m.QWEN)
    brain = ".gemini/antigravity-cli/brain/ag-1/.system_generated/logs"
    put(f"{brain}/transcript_full.jsonl", m.ANTIGRAVITY)
    put(f"{brain}/transcript.jsonl", m.ANTIGRAVITY)
    put(".gemini/antigravity-cli/cache/last_conversations.json", {folder: "ag-1"})
    grok = f".grok/sessions/{quote(folder, safe='')}"
    put(f"{grok}/gr-1/chat_history.jsonl", m.GROK)
    put(
        f"{grok}/gr-1/signals.json", {"contextTokensUsed": 15_065, "contextWindowTokens": 500_000, "compactionCount": 2}
    )
    put(f"{grok}/gr-1/summary.json", {"info": {"id": "gr-1", "cwd": folder}, "current_model_id": "grok-4.5"})
    put(f"{grok}/gr-2/chat_history.jsonl", m.GROK)
    put(f"{grok}/gr-2/summary.json", {"session_kind": "subagent"})
    put(".kimi-code/sessions/wd_app_1/ki-1/agents/main/wire.jsonl", m.KIMI)
    put(".kimi-code/sessions/wd_app_1/ki-1/agents/agent-0/wire.jsonl", m.KIMI)
    put(".kimi-code/sessions/wd_app_1/ki-1/state.json", {"workDir": folder})
    cursor = f".cursor/projects/{slug.strip('-')}"
    put(f"{cursor}/agent-transcripts/cu-1/cu-1.jsonl", m.CURSOR)
    put(f"{cursor}/agent-transcripts/cu-1/subagents/cu-2.jsonl", m.CURSOR)
    put(f"{cursor}/.workspace-trusted", {"workspacePath": folder})
    put(f".factory/sessions/{slug}/dr-1.jsonl", m.DROID)
    put(f".factory/sessions/{slug}/dr-1.settings.json", m.DROID_SETTINGS)
    called = m.DROID.replace('"owner"', '"callingSessionId": "dr-1", "owner"')
    put(f".factory/sessions/{slug}/dr-2.jsonl", called)
    put(".local/share/amp/threads/T-0a1b2c3d.json", m.AMP)
    put(".continue/sessions/co-1.json", m.CONTINUE)
    put(".cline/data/sessions/1785_ab/1785_ab.messages.json", m.CLINE_SESSION)
    put(".cline/data/sessions/1785_ab/1785_ab.json", {"session_id": "1785_ab", "cwd": folder})
    put(".cline/data/sessions/1785_ab/agent_1.messages.json", m.CLINE_SESSION)
    put(".continue/sessions/sessions.json", [{"sessionId": "co-1"}])
    put(".config/Code/User/workspaceStorage/h1/workspace.json", {"folder": f"file://{quote(folder)}"})
    put(".config/Code/User/workspaceStorage/h1/chatSessions/vs-1.json", m.VSCODE)
    put(".config/Code/User/workspaceStorage/h2/chatSessions/vs-2.json", m.VSCODE)
    sessions = put(".local/share/goose/sessions/sessions.db", "")
    m.goose_database(sessions)
    connection = sqlite3.connect(sessions)
    connection.execute("UPDATE sessions SET working_dir = ? WHERE working_dir = '/srv/app'", (folder,))
    connection.commit()
    connection.close()
    return {
        "pi": "pi-1", "openclaw": "oc-1", "qwen": "qw-1", "antigravity": "ag-1", "grok": "gr-1", "kimi": "ki-1",
        "cursor": "cu-1", "droid": "dr-1", "amp": "T-0a1b2c3d", "continue": "co-1", "cline": "1785_ab", "vscode-chat": "vs-1",
        "goose": "20261101_2",
    }  # fmt: skip


def with_editor(home, project):
    """Write the database of Cursor's editor, with a chat of the project; returns its id."""
    user = home / ".config/Cursor/User"
    (user / "globalStorage").mkdir(parents=True)
    (user / "workspaceStorage/w1").mkdir(parents=True)
    (user / "workspaceStorage/w1/workspace.json").write_text(json.dumps({"folder": f"file://{project}"}))
    m.cursor_database(user / "globalStorage/state.vscdb")
    return "chat-1"
