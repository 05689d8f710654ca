"""Messages as Anthropic's, OpenAI's and Google's interfaces take and give them, as JSON or JSONL.

Anthropic: requests ``{"system", "tools", "messages"}``, bare messages and responses, and the rows that ``claude -p``
streams, with a message in each. OpenAI: chat completions and the Responses API, requests and responses; a JSONL file
has one message per line, or one conversation per line (the fine-tuning format). Google: ``{"contents"}`` of messages
with ``parts``, or the list alone, as Gemini CLI saves a chat.
"""

from __future__ import annotations

from handoff_cli.core.usage import PROMPT_PARTS
from handoff_cli.transcripts import Format
from handoff_cli.transcripts.events import Called, Returned, Said, Seen, Started, Used, cut_off
from handoff_cli.transcripts.gemini_words import SET_UP, printed_by_shell
from handoff_cli.transcripts.source import in_order
from handoff_cli.transcripts.values import as_dict, as_list, as_str, compact_json, sum_tokens, text_in, time_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

_ANTHROPIC_RULE = "input + cache creation + cache read of the last response"
_ANTHROPIC_OWN = ('"tool_use"', '"tool_result"', '"input_schema"', '"stop_reason"', '"cache_control"', '"thinking"')
_NOT_ANTHROPIC = ('"tool_calls"', '"choices"', '"developer"')
_OPENAI_RULE = "prompt tokens of the last response"
_OPENAI_OWN = (
    '"tool_calls"',
    '"tool_call_id"',
    '"choices"',
    '"developer"',
    '"system"',
    '"output_text"',
    '"input_text"',
)
_OPENAI_RESPONSE = ('"object": "response"', '"object":"response"', '"chat.completion"')


def _is_anthropic(head: str) -> float:
    """Messages with a role and blocks only Anthropic has, or a system prompt beside the messages."""
    if head[:1] not in ("{", "[") or '"role"' not in head or '"content"' not in head:
        return 0.0
    beside = head.startswith("{") and '"messages"' in head and '"system":' in head
    own = beside or any(mark in head for mark in _ANTHROPIC_OWN)
    return 0.8 if own and not any(mark in head for mark in _NOT_ANTHROPIC) else 0.1


def _anthropic(source: Source) -> Iterator[Event]:
    """Yield the events of messages; a bare response is one message."""
    if not source.is_jsonl():
        role = ""
        for key, value in source.members():
            role = as_str(value) if key == "role" else role
            yield from _anthropic_member(key, value, role)
        return
    for row in source.rows():
        if "role" in row or isinstance(row.get("message"), dict):
            yield from anthropic_message(row, None)
            continue
        if row.get("type") in ("system", "result"):
            yield Seen(as_str(row.get("model")) or None, None, as_str(row.get("session_id")) or None)
            continue
        if "messages" in row:
            yield Started()
        for key, value in row.items():
            for element in value if isinstance(value, list) else (value,):
                yield from _anthropic_member(key, element, "")


def _anthropic_member(key: str | None, value: Any, role: str) -> Iterator[Event]:
    if key in (None, "messages") and isinstance(value, dict):
        yield from anthropic_message(value, None)
    elif key == "content":
        yield from block(value, role or "assistant", None, None)
    elif key == "system":
        yield Said("system", text_in(value), visible=False)
    elif key == "tools":
        yield Said("system", compact_json(value), visible=False)
    elif key == "model":
        yield Seen(model=as_str(value))
    elif key == "usage":
        yield from _anthropic_usage(value)
    elif key == "stop_reason":
        yield from cut_off(value)


def anthropic_message(value: dict[str, Any], unsaid: bool | None = False) -> Iterator[Event]:
    """Yield the events of one message; one of a subagent's is not in the context.

    ``unsaid`` is whether a call failed of which the answer does not say: an agent's log marks every error.
    """
    if isinstance(inner := value.get("message"), dict):
        if not value.get("parent_tool_use_id"):
            yield from anthropic_message({**inner, "timestamp": value.get("timestamp")})
        return
    role, content = value.get("role"), value.get("content")
    role = role if role in ("assistant", "system") else "user"
    time = time_of(value.get("timestamp", value.get("ts")))
    if as_str(value.get("model")):
        yield Seen(model=as_str(value.get("model")), time=time)
    for part in content if isinstance(content, list) else (content,):
        yield from block(part, role, time, unsaid)
    yield from cut_off(value.get("stop_reason"))
    yield from _anthropic_usage(value.get("usage"))


def block(part: Any, role: str, time: str | None, unsaid: bool | None = False) -> Iterator[Event]:
    """Yield the event of one content block; images have none. ``unsaid`` as in ``anthropic_message``."""
    if isinstance(part, str):
        yield Said(role, part, time, visible=role != "system")
        return
    fields = as_dict(part)
    kind = fields.get("type")
    if kind in ("tool_use", "server_tool_use"):
        yield Called(as_str(fields.get("id")), as_str(fields.get("name")), fields.get("input"), time)
    elif kind == "tool_result":
        failed = fields["is_error"] is True if "is_error" in fields else unsaid
        yield Returned(as_str(fields.get("tool_use_id")), text_in(fields.get("content")), failed, None, time)
    elif kind == "text":
        yield Said(role, as_str(fields.get("text")), time, visible=role != "system")
    elif kind == "thinking":
        yield Said(role, as_str(fields.get("thinking")), time, visible=False, kind="reasoning")
    elif kind == "document":
        yield Said(role, text_in(as_dict(fields.get("source")).get("data")), time, visible=False)


def _anthropic_usage(usage: Any) -> Iterator[Event]:
    tokens = sum_tokens(usage, PROMPT_PARTS)
    if tokens is not None:
        yield Used(tokens, _ANTHROPIC_RULE)


def _is_openai(head: str) -> float:
    """Messages with a role; surer with the keys only OpenAI has."""
    if head[:1] not in ("{", "["):
        return 0.0
    if any(mark in head for mark in _OPENAI_RESPONSE):
        return 0.85
    if '"role"' not in head or ('"content"' not in head and '"tool_calls"' not in head):
        return 0.0
    return 0.75 if any(mark in head for mark in _OPENAI_OWN) else 0.6


def _openai(source: Source) -> Iterator[Event]:
    """Yield the events of messages; of several conversations in one file the last is the context."""
    if not source.is_jsonl():
        for key, value in source.members():
            yield from _openai_member(key, value)
        return
    for row in source.rows():
        if "role" in row or "type" in row:
            yield from _openai_item(row)
            continue
        if "messages" in row:
            yield Started()
        for key, value in row.items():
            for element in value if isinstance(value, list) else (value,):
                yield from _openai_member(key, element)


def _openai_member(key: str | None, value: Any) -> Iterator[Event]:
    if key in (None, "messages", "input", "output") and isinstance(value, dict):
        yield from _openai_item(value)
    elif key == "input" and isinstance(value, str):
        yield Said("user", value)
    elif key == "choices":
        yield from _openai_item(as_dict(as_dict(value).get("message")))
        yield from cut_off(as_dict(value).get("finish_reason"))
    elif key in ("instructions", "tools", "functions") and value:
        yield Said("system", compact_json(value), visible=False)
    elif key == "model":
        yield Seen(model=as_str(value))
    elif key in ("session_id", "cwd"):  # of Hermes
        yield Seen(session_id=as_str(value)) if key == "session_id" else Seen(folder=as_str(value))
    elif key == "usage":
        yield from _openai_usage(value)


def _openai_usage(usage: Any) -> Iterator[Event]:
    tokens = sum_tokens(usage, ("prompt_tokens",))
    tokens = sum_tokens(usage, ("input_tokens",)) if tokens is None else tokens
    if tokens is not None:
        yield Used(tokens, _OPENAI_RULE)


def _openai_item(item: dict[str, Any]) -> Iterator[Event]:
    kind, time = item.get("type"), time_of(item.get("timestamp", item.get("created_at")))
    if kind in ("function_call", "custom_tool_call"):
        arguments = item.get("arguments", item.get("input"))
        yield Called(as_str(item.get("call_id")), as_str(item.get("name")), arguments, time)
    elif kind in ("function_call_output", "custom_tool_call_output"):
        yield Returned(as_str(item.get("call_id")), text_in(item.get("output")), time=time)
    elif kind == "reasoning":
        yield Said("assistant", text_in(item.get("summary")), time, visible=False, kind="reasoning")
    elif "role" in item:
        yield from _openai_message(item, time)


def _openai_message(message: dict[str, Any], time: str | None) -> Iterator[Event]:
    role, text = as_str(message.get("role")), text_in(message.get("content"))
    if role in ("tool", "function"):
        yield Returned(as_str(message.get("tool_call_id")) or as_str(message.get("name")), text, time=time)
    elif role in ("system", "developer"):
        yield Said("system", text, time, visible=False)
    elif role in ("user", "assistant"):
        thought = as_str(message.get("reasoning_content")) or as_str(message.get("reasoning"))
        if thought:  # what it thought is not sent again
            yield Said(role, "", time, visible=False, words=thought, kind="reasoning")
        yield Said(role, text or as_str(message.get("refusal")), time)
    for call in map(as_dict, as_list(message.get("tool_calls"))):
        function = as_dict(call.get("function")) or as_dict(call.get("custom"))
        arguments = function.get("arguments", function.get("input"))
        yield Called(as_str(call.get("id")), as_str(function.get("name")), arguments, time)
    legacy = as_dict(message.get("function_call"))
    if legacy:
        name = as_str(legacy.get("name"))
        yield Called(name, name, legacy.get("arguments"), time)
    yield from _openai_usage(message.get("usage"))


class Conversation:
    """The last conversation of a file of OpenAI or Anthropic messages: its ``messages`` and ``tools`` as written.

    ``skipped`` is how many elements of its lists are no message.
    """

    def __init__(self, source: Source) -> None:
        self.messages: list[dict[str, Any]] = []
        self.tools: list[dict[str, Any]] = []
        self.skipped = 0
        for key, value in _members_of(source):
            if key is None and isinstance(value, dict) and "messages" in value:
                self.messages, self.tools, self.skipped = [], [], 0
                for name in ("system", "tools", "functions", "messages"):
                    for element in _elements(value.get(name)):
                        self._take(name, element)
            else:
                self._take(key, value)

    def _take(self, key: str | None, value: Any) -> None:
        if key == "system":
            # Anthropic keeps the system prompt beside the messages: blocks of text, or one string.
            self.messages.append({"role": "system", "content": [value] if isinstance(value, dict) else value})
        elif key in ("tools", "functions") and isinstance(value, dict):
            self.tools.append(value)
        elif key in (None, "messages", "input") and isinstance(value, dict) and "role" in value:
            self.messages.append(value)
        elif key in (None, "messages", "input"):
            self.skipped += 1


def _members_of(source: Source) -> Iterator[tuple[str | None, Any]]:
    if source.is_jsonl():
        for row in source.rows():
            yield None, row
    else:
        yield from source.members()


def _elements(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _is_gemini(head: str) -> float:
    """Messages of a ``user`` and a ``model``, with parts."""
    has_parts = head[:1] in ("{", "[") and '"role"' in head and '"parts"' in head
    return 0.9 if has_parts and '"mapping"' not in head and '"assistant"' not in head else 0.0


def _gemini(source: Source) -> Iterator[Event]:
    """Yield the events of messages; a call has no number, so its answer is the next one under its name."""
    waiting: dict[str, list[str]] = {}
    calls = 0
    for key, value in _members_of(source):
        fields = as_dict(value)
        if key in ("systemInstruction", "system_instruction", "tools"):
            yield Said("system", compact_json(value), visible=False)
            continue
        for content in map(as_dict, as_list(fields.get("contents", fields.get("history"))) or [fields]):
            role = "assistant" if content.get("role") == "model" else "user"
            for part in map(as_dict, as_list(content.get("parts"))):
                if isinstance(part.get("text"), str):
                    kind = "reasoning" if part.get("thought") else ""
                    typed = not part["text"].startswith((SET_UP, f"<session_context>\n{SET_UP}"))
                    yield Said(role, part["text"], visible=typed and not kind, kind=kind)
                elif called := as_dict(part.get("functionCall", part.get("function_call"))):
                    calls += 1
                    name = as_str(called.get("name"))
                    waiting.setdefault(name, []).append(str(calls))
                    yield Called(str(calls), name, called.get("args"))
                elif answer := as_dict(part.get("functionResponse", part.get("function_response"))):
                    numbers = waiting.get(as_str(answer.get("name"))) or [""]
                    yield _gemini_answer(numbers.pop(0), as_dict(answer.get("response")))


def _gemini_answer(number: str, response: dict[str, Any]) -> Event:
    error = response.get("error")
    text = text_in(error or response.get("output", response.get("result"))) or compact_json(response)
    return Returned(number, text, failed=True if error else None)


def _printed(event: Event) -> Event:
    return event.replace(text=printed_by_shell(event.text)) if isinstance(event, Returned) else event


def judged(events: Iterator[Event]) -> Iterator[Event]:
    """Yield ``events``, with how commands ended: where messages do not say it, or only in the answer, this tells."""
    from handoff_cli.transcripts.objects import error_in, is_data, replies_in, told_in
    from handoff_cli.transcripts.outcomes import outcome_of, printed_in
    from handoff_cli.transcripts.tools import Asked, known_by_arguments

    runs: dict[str, str] = {}
    looked_up: dict[str, tuple[str, str]] = {}
    for event in events:
        if isinstance(event, Called):
            event = event.replace(like=known_by_arguments(event.name, event.input))  # noqa: PLW2901
            asked = Asked(event.like or event.name, event.input)
            if asked.run:
                runs[event.id] = asked.run
            else:
                looked_up[event.id] = asked.lookup() or ("", "")
        elif isinstance(event, Returned) and event.id in looked_up and not is_data(*looked_up[event.id], event.text):
            kind, _ = looked_up.pop(event.id)
            event = event.replace(text=told_in(kind, event.text), answers=replies_in(event.text))  # noqa: PLW2901
            if error := error_in(event.text):
                event = event.replace(text=error, failed=True)  # noqa: PLW2901
        if isinstance(event, Returned) and not event.failed:
            run = runs.pop(event.id, None)
            text, told = printed_in(event.text) if run else (event.text, None)
            event = event.replace(text=text)  # noqa: PLW2901
            failed, code = (None, None) if run is None else outcome_of(run, event.text)
            failed, code = (failed, code) if told is None else (told != 0, told)
            failed = failed if event.failed is None or code is not None else event.failed
            event = event.replace(failed=failed, exit_code=code, ended=True)  # noqa: PLW2901
        yield event


anthropic_messages = Format(_is_anthropic, lambda source: in_order(source, judged(_anthropic(source))))
openai_chat = Format(_is_openai, lambda source: in_order(source, judged(_openai(source))))
gemini_messages = Format(_is_gemini, lambda source: in_order(source, map(_printed, judged(_gemini(source)))))
