"""Other tools, each installed into a throw-away environment of its own, outside the repository, when first needed."""

from __future__ import annotations

import base64
import functools
import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from handoff_cli.tokens.vocabulary import ranks_of

FOLDER = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "agent-handoffs-benchmarks").absolute()
_VOCABULARIES = "https://openaipublic.blob.core.windows.net/encodings/{}.tiktoken"


@dataclass(frozen=True)
class Peer:
    """How a tool is run: its command and what it needs in the environment."""

    argv: tuple[str, ...]
    environ: dict[str, str]


def ttok() -> Peer | None:
    """Return ttok, with tiktoken's vocabularies where it looks for them; None where it cannot be installed."""
    script = _python_tool("ttok", "ttok")
    return Peer((script,), {"TIKTOKEN_CACHE_DIR": str(_tiktoken_cache())}) if script else None


def token_counter() -> Peer | None:
    """Return token-counter-cli, with tiktoken's vocabularies where it looks; None where it cannot be installed."""
    script = _python_tool("token-counter-cli", "token-counter")
    return Peer((script,), {"TIKTOKEN_CACHE_DIR": str(_tiktoken_cache())}) if script else None


def claude_handoff() -> Peer | None:
    """Return claude-handoff's ``chf``; None where it cannot be installed."""
    script = _python_tool("claude-handoff", "chf")
    return Peer((script,), {}) if script else None


def ccusage(version: str = "20.0.24") -> Peer | None:
    """Return ccusage's native binary, without its Node shim; None where npm or the binary is missing."""
    target = FOLDER / f"ccusage-{version}"
    if not target.exists() and not _succeeds(
        "npm", "install", "--silent", "--prefix", str(target), f"ccusage@{version}"
    ):
        shutil.rmtree(target, ignore_errors=True)
        return _skip(f"ccusage {version} cannot be installed")
    binaries = [path for path in target.rglob("ccusage*") if path.is_file() and path.read_bytes()[:4] == b"\x7fELF"]
    if not binaries:
        return _skip("ccusage has no native binary here")
    binaries[0].chmod(0o755)  # packed without the permission to run; its shim gives it
    return Peer((str(binaries[0]),), {})


@functools.cache
def _python_tool(package: str, script: str) -> str | None:
    venv = FOLDER / package
    found = venv / "bin" / script
    if not found.exists():
        made = _succeeds(sys.executable, "-m", "venv", str(venv)) and _succeeds(
            str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet", package
        )
        if not made or not found.exists():
            shutil.rmtree(venv, ignore_errors=True)
            return _skip(f"{package} cannot be installed")
    return str(found)


@functools.cache
def _tiktoken_cache() -> Path:
    """Write the vocabularies under the names tiktoken caches them by: it has no network to fetch them with."""
    cache = FOLDER / "tiktoken"
    cache.mkdir(parents=True, exist_ok=True)
    for name in ("o200k_base", "cl100k_base"):
        file = cache / hashlib.sha1(_VOCABULARIES.format(name).encode()).hexdigest()
        if not file.exists():
            pairs = sorted(ranks_of(name).items(), key=lambda pair: pair[1])
            file.write_bytes(b"".join(b"%s %d\n" % (base64.b64encode(token), rank) for token, rank in pairs))
    return cache


def _succeeds(*argv: str) -> bool:
    try:
        return subprocess.run(argv, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def _skip(why: str) -> None:
    print(f"skipped: {why}")
