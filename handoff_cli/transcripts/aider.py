"""Aider: ``.aider.chat.history.md``, appended to by all sessions: each begins with ``# aider chat started at``.

The person's lines begin with ``#### ``, the tool's with ``> ``, the rest is the model's. Usage is there only as
rounded text (``> Tokens: 2.7k sent, 107 received.``), hence estimated. Checked with aider-chat 0.86.
"""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.events import Called, Returned, Said, Seen, Started, Used

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

AGENT = "aider"

RULE = "tokens sent with the last message, as aider rounds them"
_START = "# aider chat started at "
_TOKENS = compiled(r"Tokens: ([\d.,]{1,20})([kM]?) sent")
_VERSION = compiled(r"Aider v(\S{1,40})")
_MODEL = compiled(r"(?:Main model|Model): (\S{1,100})")
_APPLIED = compiled(r"Applied edit to (.{1,500})")
_RUN = compiled(r"Running (.{1,2000})")
_COMMITTED = compiled(r"Commit ([0-9a-f]{7,40}) (.{1,300})")
_SCALE = {"": 1, "k": 1_000, "M": 1_000_000}


def sniff(head: str) -> float:
    """The line each session begins with."""
    return 0.95 if _START in head else 0.0


def events(source: Source) -> Iterator[Event]:
    """Yield the events of all sessions; each start forgets the ones before."""
    speaker = ""
    lines: list[str] = []
    for raw in source.lines():
        line = raw.decode("utf-8", "replace")
        role = role_of(line)
        if role != speaker and not (role == "assistant" and not line.strip()):
            yield from _said(speaker, lines)
            speaker, lines = role, []
        if role == "start":
            yield Started(line.removeprefix(_START).strip())
        elif role == "tool":
            yield from did(line[2:].strip())
        else:
            lines.append(line.removeprefix("#### ") if role == "user" else line)
    yield from _said(speaker, lines)


def role_of(line: str) -> str:
    """Return whose a line is: ``user``, ``assistant``, ``tool``, or ``start`` where a session begins."""
    if line.startswith(_START):
        return "start"
    if line.startswith("#### "):
        return "user"
    return "tool" if line.startswith("> ") else "assistant"


def _said(role: str, lines: list[str]) -> Iterator[Event]:
    text = "\n".join(lines).strip()
    if text and role in ("user", "assistant"):
        yield Said(role, text)


def did(line: str) -> Iterator[Event]:
    """Yield the events of what the tool reports on a line of its own."""
    tokens = _TOKENS.match(line)
    version, model = _VERSION.match(line), _MODEL.match(line)
    applied, run, committed = _APPLIED.match(line), _RUN.match(line), _COMMITTED.match(line)
    if tokens:
        sent = _number(tokens[1]) * _SCALE[tokens[2]]
        yield Used(round(sent), RULE, method="estimated")
    elif version or model:
        yield Seen(model=model[1] if model else None, version=version[1] if version else None)
    elif applied:
        yield Called("", "edit", {"path": applied[1]})
        yield Returned("", "", failed=False)
    elif run:
        yield Called("", "shell", {"command": run[1]})
    elif committed:
        yield Called("", "shell", {"command": "git commit"})
        yield Returned("", f"[aider {committed[1]}] {committed[2]}", failed=False, exit_code=0)


def _number(text: str) -> float:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return 0.0
