"""Made-up transcripts for the tests of what a handoff takes from them."""

from __future__ import annotations

import json

from handoff_cli.core.transcript import Command, Commit, Edit, FileTouch, Message, Todo, ToolCall, Transcript
from handoff_cli.documents.extract.story import PARTS, Story
from handoff_cli.documents.render import Renderer


def told(*messages, **fields):
    """A transcript of ``(role, text)`` messages, each at a position ten times its number."""
    said = tuple(Message(role, text, number * 10) for number, (role, text) in enumerate(messages, 1))
    return Transcript("claude_code", messages=said, **fields)


def render(facts, *template, **source):
    """The handoff of all facts, whatever their number."""
    with Renderer(*template, **source) as renderer:
        return renderer.render(facts)


def ran(text, outcome="ok", position=15, error=None, exit_code=None, output=None):
    return Command(text, position, None, exit_code, outcome, error, output)


def edit(position, old, new, path="/p/a.py", where=None, action="modified"):
    return Edit(path, position, action, old, new, where, "ok")


def edited(path, position, old="a", new="b", action="modified"):
    return Edit(path, position, action, old, new)


def call(position, name="Bash", summary="x", outcome="ok"):
    return ToolCall(str(position), name, summary, position, None, outcome)


def large(requests=40, request_chars=150, files=60, failing=8, checks=10, todos=10, commits=10):
    """A transcript with much to say of everything."""
    messages = []
    for number in range(requests):
        words = f"request {number} asks for " + "one more thing of the parser " * 1000
        messages += [("user", words[:request_chars]), ("assistant", f"Done with {number}.")]
    commands = [ran(f"pytest tests/test_{n}.py", position=11 + n) for n in range(checks)]
    commands += [ran(f"./run_{n}.sh", "failed", 50 + n, f"Exit code 1\nerror: broken pipe {n}") for n in range(failing)]
    return told(
        *messages,
        tool_calls=(ToolCall("1", "Bash", "x", 9_999),),
        commands=tuple(commands),
        files=tuple(
            FileTouch(f"/home/dev/shop/src/part{n % 7}/module_{n}.py", "modified", 1 + n % 4) for n in range(files)
        ),
        todos=tuple(Todo(f"thing to do {n}", "pending") for n in range(todos)),
        commits=tuple(Commit(f"{n:07x}", f"Change number {n}") for n in range(commits)),
    )


def claude_lines(*rows):
    """Lines of a Claude Code log: ``(role, text)``, ``("todos", texts)`` or ``(command, answer, failed)`` each."""
    lines = []
    for number, row in enumerate(rows):
        if row[0] == "todos":
            todos = [{"content": text, "status": "pending"} for text in row[1]]
            use = {"type": "tool_use", "id": f"t{number}", "name": "TodoWrite", "input": {"todos": todos}}
            result = {"type": "tool_result", "tool_use_id": f"t{number}", "content": "ok", "is_error": False}
            lines += [_row("assistant", [use], number), _row("user", [result], number)]
        elif len(row) == 2:
            role, text = row
            content = text if role == "user" else [{"type": "text", "text": text}]
            lines.append(_row(role, content, number))
        else:
            command, answer, failed = row
            use = {"type": "tool_use", "id": f"t{number}", "name": "Bash", "input": {"command": command}}
            result = {"type": "tool_result", "tool_use_id": f"t{number}", "content": answer, "is_error": failed}
            lines += [_row("assistant", [use], number), _row("user", [result], number)]
    return "".join(json.dumps(line) + "\n" for line in lines)


def _row(role, content, number):
    message = {"role": role, "content": content}
    if role == "assistant":
        usage = {"input_tokens": 1_000 * (number + 1), "output_tokens": 1}
        message |= {"id": f"m{number}", "model": "claude-sonnet-4-5", "usage": usage}
    return {"type": role, "sessionId": "s-1", "parentUuid": None, "isSidechain": False, "message": message}


def story_of(story=None, **fields):
    """``story``, or an empty one, with ``fields``, each in the part of it that has it."""
    made = story or Story()
    for name in (it for it in Story._fields if isinstance(getattr(made, it), PARTS)):
        part = getattr(made, name)
        own = {field: fields.pop(field) for field in part._fields if field in fields}
        made = made.replace(**{name: part.replace(**own)})
    return made.replace(**fields)
