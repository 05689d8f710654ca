"""Write the plugin folder for Claude Code and Codex, or, with --check, fail where it differs from what is true.

Its hooks come from the same table as those of ``handoff install``; its commands name ``handoff`` itself, since a
plugin is shared and cannot hold one machine's paths.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from handoff_cli.agents.claude_code import KINDS, hook_group
from handoff_cli.constants import VERSION

ROOT = Path(__file__).resolve().parents[1]
DESCRIPTION = "Knows how full the context window is and writes the handoff before the agent compacts."
_ABOUT = {"name": "handoff", "version": VERSION, "description": DESCRIPTION, "license": "MIT"}

_IS_THERE = "command -v handoff >/dev/null 2>&1"
_PLUGIN_LINE = f"{_IS_THERE} || exit 0; exec handoff hook plugin"
_PLUGIN_MESSAGE = (
    '{"systemMessage": "The handoff plugin needs the command handoff: uv tool install agent-handoffs, '
    'or pipx install agent-handoffs, then start anew"}'
)
_PLUGIN_START = (
    f"{_IS_THERE} && exec handoff hook plugin; "
    'd="${XDG_STATE_HOME:-$HOME/.local/state}/agent-handoffs"; [ -e "$d/plugin-told" ] && exit 0; '
    f'mkdir -p "$d" && : >"$d/plugin-told" && echo \'{_PLUGIN_MESSAGE}\'; exit 0'
)


def files() -> dict[str, str]:
    """Return the text of every file by its path from the repository's root."""
    skill = (ROOT / "templates" / "SKILL.md").read_text(encoding="utf-8")
    return {
        ".claude-plugin/marketplace.json": _json(_marketplace()),
        "plugin/.claude-plugin/plugin.json": _json(_ABOUT),
        "plugin/.codex-plugin/plugin.json": _json(_ABOUT),
        "plugin/.mcp.json": _json({"mcpServers": {"handoff": {"command": "handoff", "args": ["mcp"]}}}),
        "plugin/hooks/hooks.json": _json({"description": DESCRIPTION, "hooks": _hooks()}),
        "plugin/skills/handoff/SKILL.md": skill,
    }


def main() -> int:
    """Write, or check with ``--check``; returns the exit code."""
    stale = [name for name, text in files().items() if _read(ROOT / name) != text]
    for name in stale:
        if "--check" in sys.argv[1:]:
            print(f"{name}: is stale; run: make docs")
            continue
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_text(files()[name], encoding="utf-8")
        print(f"{name}: rewritten")
    return 1 if stale and "--check" in sys.argv[1:] else 0


def _marketplace() -> dict[str, Any]:
    plugin = {"name": "handoff", "source": "./plugin", "description": DESCRIPTION}
    return {"name": "agent-handoffs", "owner": {"name": "agent-handoffs"}, "plugins": [plugin]}


def _hooks() -> dict[str, list[dict[str, Any]]]:
    """Return the hooks by event as a plugin holds them: run by name, for Codex or Claude Code, whichever calls.

    Where ``handoff`` is not installed they are silent, but for one line, once, on how to install it.
    """
    return {name: [hook_group(name, _PLUGIN_START if name == "SessionStart" else _PLUGIN_LINE)] for name in KINDS}


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def _json(value: Any) -> str:
    return json.dumps(value, indent=2) + "\n"


if __name__ == "__main__":
    sys.exit(main())
