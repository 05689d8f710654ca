"""Agents that were asked on a command line: ``claude -p "…"``, ``codex exec "…"``, ``aider --message "…"``."""

from __future__ import annotations

import shlex

from handoff_cli.core.patterns import compiled

_AGENTS = compiled(
    r"(?:\S*/)?(?:@[\w.-]+/)?(?:claude(?:-code)?|codex|gemini(?:-cli)?|aider|opencode|cursor-agent|copilot|llm|amp|goose"
    r"|crush|qwen|droid|auggie|kiro-cli|plandex|interpreter|openhands|grok|kimi|cline)(?:@[\w.-]+)?"
)
_NAMES = (
    *("claude", "codex", "gemini", "aider", "opencode", "cursor-agent", "copilot", "llm", "amp", "goose", "crush"),
    *("qwen", "droid", "auggie", "kiro-cli", "plandex", "interpreter", "openhands", "grok", "kimi", "cline"),
)
_LEADS = frozenset(("npx", "-y", "uvx", "bunx", "sudo", "time", "command", "exec", "nohup"))
_ENDS = frozenset(("|", "||", "&&", ";", "&"))
_VERBS = frozenset(("exec", "run", "chat", "e", "ask", "prompt"))
_PROMPTS = frozenset(("-p", "--print", "--prompt", "--message", "-i", "--prompt-interactive", "-x", "-t", "--text"))
_OTHERS = frozenset((
    *("--append-system-prompt", "--system-prompt", "--system", "--allowedTools", "--allowed-tools", "--agents", "-c"),
    *("-m", "-s", "--disallowedTools", "--disallowed-tools", "--model", "--mcp-config", "--settings", "--config"),
    *("--cd", "-C", "--add-dir", "--output-format", "--session-id", "--resume", "-r", "--read", "--file", "-f"),
    *("--profile", "-o"),
))  # fmt: skip
"""Options whose value is no prompt."""

_QUIET = frozenset(("--version", "-v", "-V", "--help", "-h", "-p", "--print"))
_OF_FILES = ("aider",)
"""Words without an option name files to these, and ``-m`` a message; to the others it names the model."""


def prompt_in(run: str) -> str:
    """Return what a command asks an agent, empty text where it asks none or does not say what."""
    words = _split(run)
    while words:
        end = next((at for at, word in enumerate(words) if word in _ENDS), len(words))
        if asked := _asked(words[:end]):
            return asked
        words = words[end + 1 :]
    return ""


def starts_agent(run: str) -> bool:
    """Return whether a command starts an agent whose screen follows: it asks nothing, and does nothing else."""
    words = _split(f"{run} ")
    while words and (words[0] in _LEADS or ("=" in words[0] and words[0][:1].isupper())):
        words = words[1:]
    if not words or not _AGENTS.fullmatch(words[0]) or any(it in _ENDS or it in _QUIET for it in words):
        return False
    return all(it[:1] == "-" or words[at] in _OTHERS for at, it in enumerate(words[1:]))


def _split(run: str) -> list[str]:
    """Return the words of a command that names an agent, none of any other; a quotation that is cut off ends it."""
    if len(run) > 1 << 14 or not any(name in run for name in _NAMES):
        return []
    for closing in ("", '"', "'"):
        try:
            return shlex.split(run + closing)
        except ValueError:
            continue
    return []


def _asked(words: list[str]) -> str:
    begin = 0
    while begin < len(words) and (words[begin] in _LEADS or ("=" in words[begin] and words[begin][:1].isupper())):
        begin += 1
    if begin >= len(words) or not _AGENTS.fullmatch(words[begin]):
        return ""
    takes_words = not words[begin].endswith(_OF_FILES)
    given = words[begin + 1 :]
    if given[:1] and given[0] in _VERBS:
        given = given[1:]
    at = 0
    while at < len(given):
        word, value = given[at], given[at + 1] if at + 1 < len(given) else ""
        name, sign, inline = word.partition("=")
        if (name in _PROMPTS or (name == "-m" and not takes_words)) and (
            inline if sign else value[:1] not in ("", "-")
        ):
            return _plain(inline if sign else value)
        if word[:1] != "-" and takes_words and " " in word:
            return _plain(word)
        at += 2 if word in _OTHERS else 1
    return ""


def _plain(prompt: str) -> str:
    """Return a prompt, nothing for one that the shell reads from elsewhere."""
    return "" if "$(" in prompt or "`cat " in prompt or prompt[:1] == "$" or prompt.startswith("@") else prompt.strip()
