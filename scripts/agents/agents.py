"""The agents' own command-line tools at fixed versions, and how each is started for one turn without a terminal.

They are installed by npm into a cache of their own (``$HANDOFF_AGENTS``, else below ``$XDG_CACHE_HOME``), and run in a
home that is made for the check, with dummy keys, against the fake model.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from fake_model import Call

SECONDS = 120
ROOT = Path(__file__).resolve().parents[2]
_KEPT = ("PATH", "LANG", "LC_ALL", "TERM", "TMPDIR", "SHELL", "USER", "LOGNAME", "TZ")


class Agent(NamedTuple):
    """An agent: its npm ``package`` and ``version``, and how it is run.

    ``argv`` makes its arguments from the model's address and the prompt. ``settings`` are the files it needs in its
    home, ``environ`` its variables, both from the model's address. ``shell`` makes the call that runs a command.
    ``heads`` are tokens: below the warning threshold, above it; ``full`` is when it compacts (0: not tried).
    """

    name: str
    package: str
    version: str
    argv: Callable[[str, str], list[str]]
    shell: Callable[[str], Call]
    heads: tuple[int, int]
    full: int = 0
    environ: Callable[[str], dict[str, str]] = lambda _url: {}
    settings: Callable[[str], dict[str, str]] = lambda _url: {}


class Installed:
    """An agent from the cache in a home of its own below ``folder``; ``program`` is the handoff it can run.

    A login shell, as Codex starts one, may not keep the PATH it is given.
    """

    def __init__(self, agent: Agent, cache: Path, folder: Path) -> None:
        self.agent = agent
        self.home = folder / "home"
        self._tools = cache / f"{agent.name}-{agent.version}" / "node_modules" / ".bin"
        self._shim = folder / "bin"
        for path in (self.home, self._shim):
            path.mkdir(parents=True)
        shim = self.program = self._shim / "handoff"
        shim.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m handoff_cli "$@"\n')
        shim.chmod(0o755)

    def environ(self, url: str = "") -> dict[str, str]:
        """Return the environment of a run: nothing of the caller's agents."""
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        path = os.pathsep.join((str(self._tools), str(self._shim), kept.get("PATH", "")))
        return {**kept, "HOME": str(self.home), "PATH": path, "PYTHONPATH": str(ROOT), **self.agent.environ(url)}

    def handoff(self, *words: str, cwd: Path | None = None) -> str:
        """Run a command of handoff's as the user would, and return what it prints."""
        line = [sys.executable, "-m", "handoff_cli", *words]
        done = subprocess.run(
            line, cwd=cwd or self.home, env=self.environ(), capture_output=True, text=True, timeout=60, check=False
        )
        return done.stdout

    def lay_down(self, url: str) -> dict[Path, bytes]:
        """Write the settings the agent starts with; return their bytes by path."""
        found = {}
        for name, text in self.agent.settings(url).items():
            path = self.home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            found[path] = path.read_bytes()
        return found

    def turn(self, url: str, project: Path, prompt: str) -> None:
        """Let the agent work on ``prompt`` in ``project`` until its turn is over."""
        argv = [self.agent.name, *self.agent.argv(url, prompt)]
        with open(project.parent / f"{project.name}.log", "ab") as log:
            subprocess.run(
                argv, cwd=project, env=self.environ(url), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                timeout=SECONDS, check=False,
            )  # fmt: skip


def cache_folder() -> Path:
    """Return where the agents are kept from run to run."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("HANDOFF_AGENTS") or Path(base) / "handoff-agents")


def install(agent: Agent, cache: Path) -> str | None:
    """Install ``agent`` where it is not there yet; return why it cannot be, None where it can be run."""
    folder = cache / f"{agent.name}-{agent.version}"
    program = folder / "node_modules" / ".bin" / agent.name
    if program.exists():
        return None
    if shutil.which("npm") is None:
        return "npm is not on PATH"
    spec = f"{agent.package}@{agent.version}"
    folder.mkdir(parents=True, exist_ok=True)
    # Newer npm runs a package's install script only where it is allowed by name.
    (folder / "package.json").write_text(json.dumps({"private": True, "allowScripts": {spec: True}}))
    line = ["npm", "install", "--prefix", str(folder), "--include=optional", "--no-audit", "--no-fund", spec]
    done = subprocess.run(line, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=900, check=False)
    if done.returncode or not program.exists():
        shutil.rmtree(folder)
        return f"npm could not install {spec}: {(done.stderr.strip().splitlines() or ['no message'])[-1]}"
    return None
