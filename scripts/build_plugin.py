"""Write the plugin folder for Claude Code and Codex, or, with --check, fail where it differs from what is true.

Its hooks come from the same table as those of ``handoff install``; its commands name ``handoff`` itself, since a
plugin is shared and cannot hold one machine's paths.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from handoff_cli.agents import claude_code
from handoff_cli.constants import VERSION

ROOT = Path(__file__).resolve().parents[1]
DESCRIPTION = "Knows how full the context window is and writes the handoff before the agent compacts."
_ABOUT = {"name": "handoff", "version": VERSION, "description": DESCRIPTION, "license": "MIT"}


def files() -> dict[str, str]:
    """Return the text of every file by its path from the repository's root."""
    skill = (ROOT / "templates" / "SKILL.md").read_text(encoding="utf-8")
    return {
        ".claude-plugin/marketplace.json": _json(_marketplace()),
        "plugin/.claude-plugin/plugin.json": _json(_ABOUT),
        "plugin/.codex-plugin/plugin.json": _json(_ABOUT),
        "plugin/.mcp.json": _json({"mcpServers": {"handoff": {"command": "handoff", "args": ["mcp"]}}}),
        "plugin/hooks/hooks.json": _json({"description": DESCRIPTION, "hooks": claude_code.plugin_hooks()}),
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


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def _json(value: Any) -> str:
    return json.dumps(value, indent=2) + "\n"


if __name__ == "__main__":
    sys.exit(main())
