"""What Gemini CLI, and Qwen Code after it, write around words: the first message, which nobody typed, and answers."""

from __future__ import annotations

from handoff_cli.core.patterns import lazily

SET_UP = "This is the Gemini CLI. We are setting up the context for our chat"
"""How the message begins that tells the model where it works; ``<session_context>`` may stand above it."""


def printed_by_shell(text: str) -> str:
    """Return what a tool found, a command printed or a sub-agent reported, without what Gemini tells around it."""
    if text.startswith(("Subagent '", "Found ", "\nIMPORTANT: The file", "Showing lines ")):
        return _ABOVE.sub("", text).removesuffix("\n---")
    begin = text.find(_SHELL_OUTPUT) if text.startswith("Command: ") else 0
    if begin < 0 or not text.startswith(_SHELL_OUTPUT[1:], begin + bool(begin)):
        return text
    lines = text[begin + bool(begin) + len(_SHELL_OUTPUT) - 1 :].rstrip("\n").split("\n")
    said: list[str] = []
    while lines and lines[-1].startswith(_SHELL_ENDS):
        line = lines.pop()
        if line.startswith("Error: ") and line != "Error: (none)":
            said.append(line)
    return "\n".join((*([] if lines == ["(empty)"] else lines), *said))


_ABOVE = lazily(
    r"\ASubagent '[^'\n]{1,100}' finished\.\n(?:Termination Reason: [^\n]{0,100}\n)?Result:\n"
    r"|\AFound \d+ match[^\n]{0,400}:\n---\n|\AShowing lines \d+-\d+ of \d+ total lines[^\n]{0,100}\n\n---\n\n"
    r"|\A\nIMPORTANT: The file content has been truncated\.\n(?:[^\n]{0,400}\n){2}\n--- FILE CONTENT [^\n]{0,20}---\n"
)
_SHELL_OUTPUT = "\nOutput: "
_SHELL_ENDS = ("Error: ", "Exit Code: ", "Signal: ", "Background PIDs: ", "Process Group PGID: ")
