"""What agents print row by row where they run without a screen: ``codex exec --json``, and ``stream-json`` of others.

Each run has one prompt, which Codex does not repeat. The tokens told at its end are those of all requests together, so
the context cannot be told by them. Shapes of openai/codex ``exec_events.rs`` (2025 to 2026, before that ``item_type``),
of Gemini CLI's headless mode and of ``cursor-agent -p``; ``answers`` are what ``--output-format json`` prints. What
``claude -p`` and ``droid exec`` stream is read like their logs.
"""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.core.transcript import REFUSED
from handoff_cli.transcripts import Format
from handoff_cli.transcripts.events import Called, Returned, Said, Seen, Turned
from handoff_cli.transcripts.source import in_order
from handoff_cli.transcripts.values import as_dict, as_list, as_str, text_in, time_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

_CURSOR_TOOLS = {"read": "read_file", "edit": "edit_file", "delete": "delete_file", "updateTodos": "todo_write"}
_CHANGES = {"add": "write_file", "delete": "delete_file"}


def _is_codex(head: str) -> float:
    """Rows of a thread, its turns and its items."""
    if head[:1] != "{":
        return 0.0
    rows = ('"thread.started"', '"turn.started"', '"item.started"', '"item.completed"')
    return 0.95 if any(it in head for it in rows) and ('"item"' in head or '"thread_id"' in head) else 0.0


def _codex(source: Source) -> Iterator[Event]:
    """Yield the events of runs one after the other; each numbers its items from the first on."""
    calls = _Calls()
    for row in source.rows():
        kind = as_str(row.get("type"))
        if kind in ("thread.started", "turn.started"):
            calls.forget()
        if kind == "thread.started":
            yield Seen(session_id=as_str(row.get("thread_id")) or None)
        elif kind == "turn.completed":
            yield Turned()
        elif kind in ("item.started", "item.updated", "item.completed"):
            yield from _item(as_dict(row.get("item")), kind.removeprefix("item."), calls)


def _id_in(value: Any) -> str:
    return str(value) if isinstance(value, str | int) else ""


class _Calls:
    """Calls that were told as begun and not as ended, by the ids of their rows, which come again in later runs."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[str, str], Called] = {}
        self._made = 0

    def forget(self) -> None:
        """Let no later row tell more of what was begun."""
        self._waiting.clear()

    def told(self, id_: Any, stage: str, name: str, given: Any) -> tuple[str, list[Called]]:
        """Return the id of the call that a row tells of, one of its own, and the call itself where it is new.

        The row is that of another run's where a call has ``started``, or a command is not the one that its id began; a
        call may be told at its end alone, where a log was cut. Commands without ids are told apart by themselves.
        """
        run = as_str(as_dict(given).get("command"))
        key = (_id_in(id_), "" if _id_in(id_) else run)
        if key == ("", "") and stage != "started" and len(self._waiting) == 1:
            alone, call = next(iter(self._waiting.items()))
            key = alone if call.name == name and not alone[0] else key
        begun = self._waiting.get(key) if stage != "started" else None
        if begun and run in ("", as_dict(begun.input).get("command")):
            new = []
        else:
            self._made += 1
            begun = Called(str(self._made), name, given)
            new = [begun]
        if stage == "completed":
            self._waiting.pop(key, None)
        else:
            self._waiting[key] = begun
        return begun.id, new


def _item(item: dict[str, Any], stage: str, calls: _Calls) -> Iterator[Event]:
    """Yield what an item tells that has ``started``, was ``updated``, is ``completed``."""
    kind, ended = as_str(item.get("type")) or as_str(item.get("item_type")), stage == "completed"
    if kind in ("agent_message", "assistant_message", "reasoning") and ended:
        thought = "reasoning" * (kind == "reasoning")
        yield Said("assistant", as_str(item.get("text")), visible=not thought, kind=thought)
    elif kind == "file_change" and ended:
        for change in map(as_dict, as_list(item.get("changes"))):
            name = _CHANGES.get(as_str(change.get("kind")), "edit_file")
            id_, new = calls.told("change", "started", name, {"file_path": as_str(change.get("path"))})
            yield from new
            yield Returned(id_, "", item.get("status") == "failed", created=name == "write_file")
    elif called := _called(kind, item):
        is_list = kind == "todo_list"  # each row has all of it, as it is then
        id_, new = calls.told(item.get("id"), "started" if is_list else stage, *called)
        yield from new
        if ended or is_list:
            yield _returned(item, id_)


def _called(kind: str, item: dict[str, Any]) -> tuple[str, Any] | None:
    """Return the tool that an item called and what it was given; None for other items."""
    if kind == "command_execution":
        return "exec_command", {"command": _without_shell(as_str(item.get("command")))}
    if kind == "mcp_tool_call":
        return f"mcp__{as_str(item.get('server'))}__{as_str(item.get('tool'))}", item.get("arguments")
    if kind == "web_search" and (query := as_str(item.get("query"))):  # it may be told at the end alone
        return "web_search", {"query": query}
    if kind == "todo_list":
        plan = [
            {"step": as_str(it.get("text")), "status": "completed" if it.get("completed") is True else "pending"}
            for it in map(as_dict, as_list(item.get("items")))
        ]
        return "update_plan", {"plan": plan}
    return None


def _without_shell(run: str) -> str:
    """Return what a shell was started with: ``npx jest`` of ``/bin/bash -lc 'npx jest'``."""
    import shlex

    try:
        words = shlex.split(run)
    except ValueError:
        return run
    starts_shell = len(words) == 3 and words[1] in ("-c", "-lc") and words[0].endswith("sh")  # noqa: PLR2004
    return words[2] if starts_shell else run


def _returned(item: dict[str, Any], id_: str) -> Returned:
    """Return how the call of an item ended."""
    status, code, error = item.get("status"), item.get("exit_code"), as_dict(item.get("error"))
    text = as_str(item.get("aggregated_output")) or text_in(as_dict(item.get("result")).get("content"))
    text = as_str(error.get("message")) or text
    declined = REFUSED if status == "declined" else ""
    failed = bool(status in ("failed", "declined") or error)
    return Returned(id_, declined or text, failed, code if isinstance(code, int) else None, ended=True)


def _is_gemini(head: str) -> float:
    """Rows that begin with a session and its model, or a call and its result by the names they have there."""
    if head[:1] != "{" or '"type"' not in head:
        return 0.0
    begins = '"init"' in head and '"session_id"' in head and '"model"' in head and '"subtype"' not in head
    return 0.92 if begins or ('"tool_id"' in head and '"tool_name"' in head) else 0.0


def _gemini(source: Source) -> Iterator[Event]:
    """Yield the events of runs; an answer comes in parts, which are put together."""
    parts: list[str] = []
    for row in source.rows():
        kind, time = as_str(row.get("type")), time_of(row.get("timestamp"))
        is_part = kind == "message" and row.get("role") != "user"
        if is_part:
            parts.append(as_str(row.get("content")))
            continue
        yield from _answer(parts)
        if kind == "init":
            yield Seen(model=as_str(row.get("model")), session_id=as_str(row.get("session_id")) or None, time=time)
        elif kind == "message":
            yield Said("user", as_str(row.get("content")), time)
        elif kind == "tool_use":
            yield Called(_id_in(row.get("tool_id")), as_str(row.get("tool_name")), row.get("parameters"), time)
        elif kind == "tool_result":
            why = as_str(as_dict(row.get("error")).get("message"))
            failed = row.get("status") == "error"
            yield Returned(_id_in(row.get("tool_id")), why or as_str(row.get("output")), failed or None, time=time)
        elif kind == "result":
            yield Turned(time)
    yield from _answer(parts)


def _answer(parts: list[str]) -> Iterator[Event]:
    text = "".join(parts)
    parts.clear()
    if text:
        yield Said("assistant", text)


def _is_cursor(head: str) -> float:
    """Rows of calls, each in a member of its own; or the first row, without what ``claude -p`` has there besides."""
    if head[:1] != "{" or '"session_id"' not in head:
        return 0.0
    called = '"tool_call"' in head and '"call_id"' in head
    return 0.95 if called or ('"apiKeySource"' in head and '"mcp_servers"' not in head) else 0.0


def _cursor(source: Source) -> Iterator[Event]:
    """Yield the events of runs; a call is told as it begins, and once more with its result."""
    calls = _Calls()
    for row in source.rows():
        kind = as_str(row.get("type"))
        if kind == "system":
            yield Seen(model=as_str(row.get("model")), session_id=as_str(row.get("session_id")) or None)
        elif kind in ("user", "assistant"):
            yield Said(kind, text_in(as_dict(row.get("message")).get("content")))
        elif kind == "result":
            yield Turned()
        elif kind == "tool_call":
            yield from _cursor_call(row, calls)


def _cursor_call(row: dict[str, Any], calls: _Calls) -> Iterator[Event]:
    key, told = next(iter(as_dict(row.get("tool_call")).items()), ("", {}))
    name, told = key.removesuffix("ToolCall"), as_dict(told)
    stage, given = as_str(row.get("subtype")), _given(as_dict(told.get("args")))
    id_, new = calls.told(row.get("call_id"), stage, _CURSOR_TOOLS.get(name, name), given)
    yield from new
    if stage != "started":
        yield _ended(as_dict(told.get("result")), id_)


def _given(args: dict[str, Any]) -> dict[str, Any]:
    """Return what a call was given, the texts of an edit by their usual names."""
    texts = (
        ("old_string", args.get("oldText")),
        ("new_string", args.get("newText")),
        ("content", args.get("fileText")),
    )
    return args | {name: text for name, text in texts if isinstance(text, str)}


def _ended(result: dict[str, Any], id_: str) -> Returned:
    """Return how a call ended, by the one member of its result: ``success``, ``failure``, ``error``, ``rejected``."""
    how, told = next(iter(result.items()), ("success", {}))
    told = as_dict(told)
    said = (as_str(told.get(it)) for it in ("content", "stdout", "stderr", "errorMessage", "error", "reason"))
    text, code = "\n".join(filter(None, said)), told.get("exitCode")
    text = REFUSED if how == "rejected" else text
    return Returned(id_, text, how != "success" or None, code if isinstance(code, int) else None, ended=True)


def _is_answer(head: str) -> float:
    """A document, or rows, that hold nothing of a run but its end."""
    if head[:1] != "{":
        return 0.0
    claude = _RESULT.match(head) and '"result"' in head and '"assistant"' not in head
    return 0.7 if claude or ('"response"' in head and '"stats"' in head) else 0.0


_RESULT = compiled(r'\{\s*"type"\s*:\s*"result"\s*,\s*"subtype"')


def _answers(source: Source) -> Iterator[Event]:
    """Yield what the agent answered at the end of each run."""
    if source.is_jsonl():
        rows: Iterable[dict[str, Any]] = source.rows()
    else:
        rows = [{key: value for key, value in source.members() if key is not None}]
    for row in rows:
        yield Seen(session_id=as_str(row.get("session_id")) or None)
        if text := as_str(row.get("result")) or as_str(row.get("response")):
            yield Said("assistant", text)
            yield Turned()


codex_stream = Format(_is_codex, lambda source: in_order(source, _codex(source)))
gemini_stream = Format(_is_gemini, lambda source: in_order(source, _gemini(source)))
cursor_stream = Format(_is_cursor, lambda source: in_order(source, _cursor(source)))
answers = Format(_is_answer, lambda source: in_order(source, _answers(source)))
