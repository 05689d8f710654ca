"""The command lines that settings hold: the interpreter's absolute path, quoted for the shell that will read them."""

from __future__ import annotations

import re
import sys

MODULE = "handoff_cli"
_OURS = re.compile(rf"-m {MODULE} (hook|statusline|mcp)\b")
_SAFE = re.compile(r"[\w@%+=:,./-]+", re.ASCII)


def argv(*words: str) -> list[str]:
    """Return the arguments that run ``handoff`` with ``words`` by this very interpreter."""
    return [sys.executable, "-m", MODULE, *words]


def shell(*words: str) -> str:
    """Return ``argv(*words)`` as one line for the shell agents use: a POSIX shell, on Windows ``cmd``."""
    return " ".join(_quoted_for_cmd(word) if sys.platform == "win32" else quoted(word) for word in argv(*words))


def powershell(*words: str) -> str:
    """Return ``argv(*words)`` as one line for PowerShell."""
    return "& " + " ".join("'" + word.replace("'", "''") + "'" for word in argv(*words))


def quoted(word: str) -> str:
    """Return ``word`` so that a POSIX shell reads it as one word."""
    return word if _SAFE.fullmatch(word) else "'" + word.replace("'", "'\"'\"'") + "'"


def is_ours(line: str) -> bool:
    """Return whether the command ``line`` is one that ``install`` wrote, whichever interpreter it names."""
    return _OURS.search(line.replace("'", "")) is not None


def interpreters(text: str) -> list[str]:
    """Return the interpreters that run handoff in settings of this ``text``, as far as they can be told."""
    found = re.findall(
        rf"""(?:'([^'\n]+)'|((?:[A-Za-z]:)?[\\/][^\s"'\n]+))['"]?,?\s+['"]?-m['"]?,?\s+['"]?{MODULE}\b""", text
    )
    return list(dict.fromkeys(quoted_path or plain for quoted_path, plain in found))


def _quoted_for_cmd(word: str) -> str:
    return word if _SAFE.fullmatch(word.replace("\\", "/")) else f'"{word}"'
