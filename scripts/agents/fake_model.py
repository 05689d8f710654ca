"""A model on loopback that says what a script has it say, in the four protocols that coding agents speak.

Anthropic Messages, OpenAI Responses and Chat Completions, Gemini generateContent; always streamed. Every request is
kept, so that a check can tell what the model would have read.
"""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Iterator

SUMMARY = "Summary: the user asked for work on the project, and the agent did some of it."
_WANTS_SUMMARY = re.compile(
    r"detailed summary of (the|our|this) conversation|CONTEXT CHECKPOINT COMPACTION|anchored summary|"
    r"continuing (the|our) conversation|conversation history into",
    re.IGNORECASE,
)
_ids = count(1)
_OUTPUT_TOKENS = 10


class Call(NamedTuple):
    """A tool the model calls, with arguments as an object or, for a tool that takes free text, as a text."""

    name: str
    arguments: dict[str, Any] | str


class Turn(NamedTuple):
    """What the model answers: text and calls; ``tokens`` is what the request is said to have held."""

    text: str
    tokens: int
    calls: tuple[Call, ...] = ()


class Request(NamedTuple):
    """A request as it came, and whether it was a turn, a compaction or something beside (a title, a probe)."""

    kind: str
    body: dict[str, Any]

    def count(self, text: str) -> int:
        """Return how often the model would have read ``text``."""
        return json.dumps(self.body, ensure_ascii=False).count(text)


class FakeModel:
    """The server; ``url(run)`` is the base address of one run of an agent, whose turns ``play`` has set."""

    def __init__(self) -> None:
        self._turns: dict[str, list[Turn]] = {}
        self._requests: dict[str, list[Request]] = {}
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.model = self  # type: ignore[attr-defined]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def url(self, run: str) -> str:
        """Return the base address of ``run``."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/{run}"

    def play(self, run: str, turns: list[Turn]) -> None:
        """Let the model say ``turns`` in ``run``, whose requests are forgotten; then only that it is done."""
        with self._lock:
            self._turns[run], self._requests[run] = list(turns), []

    def requests(self, run: str) -> list[Request]:
        """Return the requests of ``run`` so far, the oldest first."""
        with self._lock:
            return list(self._requests.get(run, []))

    def answer(self, run: str, body: dict[str, Any], said: str, *, has_tools: bool) -> Turn:
        """Return what the model says to the request ``body``, whose last words to it are ``said``, and keep it."""
        with self._lock:
            if _WANTS_SUMMARY.search(said[-20_000:]):
                kind, turn = "compaction", Turn(SUMMARY, 1_000)
            elif not has_tools:
                kind, turn = "beside", Turn('{"title": "a title"}', 50)
            else:
                left = self._turns.get(run, [])
                kind, turn = "turn", left.pop(0) if left else Turn("Done.", 1_000)
            self._requests.setdefault(run, []).append(Request(kind, body))
            return turn


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Stay silent."""

    def do_GET(self) -> None:
        self._json({"object": "list", "data": [], "models": []})

    def do_HEAD(self) -> None:
        self._json({})

    def do_POST(self) -> None:
        body = json.loads(self._body() or b"{}")
        path = self.path.partition("?")[0]
        run = path.split("/")[1]
        for ending, protocol in _PROTOCOLS.items():
            if path.endswith(ending):
                said, has_tools = protocol.heard(body)
                turn = self.server.model.answer(run, body, said, has_tools=has_tools)  # type: ignore[attr-defined]
                self._stream(protocol.events(turn, body))
                return
        self._json({"input_tokens": 1, "totalTokens": 1})  # a question for a count of tokens

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("transfer-encoding", ""):
            return self.rfile.read(int(self.headers.get("content-length") or 0))
        data = b""
        while size := int(self.rfile.readline().partition(b";")[0] or b"0", 16):
            data += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return data

    def _json(self, value: object) -> None:
        data = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _stream(self, events: Iterator[tuple[str, object]]) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True
        for name, value in events:
            head = f"event: {name}\n" if name else ""
            data = value if isinstance(value, str) else json.dumps(value)
            self.wfile.write(f"{head}data: {data}\n\n".encode())
            self.wfile.flush()


def _text(content: Any) -> str:
    """Return the text in the content of a message, whatever its shape."""
    if isinstance(content, str):
        return content
    if isinstance(content, dict):
        return _text(content.get("text") or content.get("content") or content.get("output") or "")
    return "\n".join(map(_text, content or []))


class _Anthropic:
    @staticmethod
    def heard(body: dict[str, Any]) -> tuple[str, bool]:
        said = [message for message in body.get("messages", []) if message.get("role") == "user"]
        return _text(said[-1].get("content")) if said else "", bool(body.get("tools"))

    @staticmethod
    def events(turn: Turn, body: dict[str, Any]) -> Iterator[tuple[str, object]]:
        usage = {"input_tokens": 1, "cache_read_input_tokens": turn.tokens - 1, "cache_creation_input_tokens": 0}
        message = {"id": f"msg_{next(_ids)}", "type": "message", "role": "assistant", "model": body.get("model")}
        message |= {"content": [], "stop_reason": None, "stop_sequence": None, "usage": {**usage, "output_tokens": 1}}
        yield "message_start", {"type": "message_start", "message": message}
        blocks: list[dict[str, Any]] = [{"type": "text", "text": turn.text}]
        blocks += [
            {"type": "tool_use", "id": f"toolu_{next(_ids)}", "name": call.name, "input": call.arguments}
            for call in turn.calls
        ]
        for index, block in enumerate(blocks):
            is_text = block["type"] == "text"
            begun = {**block, "text": ""} if is_text else {**block, "input": {}}
            delta = (
                {"type": "text_delta", "text": block["text"]}
                if is_text
                else {"type": "input_json_delta", "partial_json": json.dumps(block["input"])}
            )
            for name, more in (("start", {"content_block": begun}), ("delta", {"delta": delta}), ("stop", {})):
                kind = f"content_block_{name}"
                yield kind, {"type": kind, "index": index, **more}
        stop = {"stop_reason": "tool_use" if turn.calls else "end_turn", "stop_sequence": None}
        done = {**usage, "output_tokens": _OUTPUT_TOKENS}
        yield "message_delta", {"type": "message_delta", "delta": stop, "usage": done}
        yield "message_stop", {"type": "message_stop"}


class _Responses:
    @staticmethod
    def heard(body: dict[str, Any]) -> tuple[str, bool]:
        items = body.get("input") or []
        said = [item for item in items if item.get("role") == "user" or str(item.get("type")).endswith("_output")]
        has_tools = bool(body.get("tools")) or any(item.get("type") == "additional_tools" for item in items)
        return _text(said[-1]) if said else "", has_tools

    @staticmethod
    def events(turn: Turn, body: dict[str, Any]) -> Iterator[tuple[str, object]]:
        number = next(_ids)
        response = {"id": f"resp_{number}", "object": "response", "created_at": 1, "model": body.get("model")}
        content = [{"type": "output_text", "text": turn.text, "annotations": []}]
        items: list[dict[str, Any]] = [
            {"type": "message", "id": f"msg_{number}", "role": "assistant", "content": content}
        ]
        for call in turn.calls:
            head = {"id": f"fc_{next(_ids)}", "call_id": f"call_{next(_ids)}", "name": call.name}
            free = isinstance(call.arguments, str)
            kind = {"type": "custom_tool_call", "input": call.arguments}
            items.append(
                {**head, **(kind if free else {"type": "function_call", "arguments": json.dumps(call.arguments)})}
            )
        usage = {
            "input_tokens": turn.tokens - _OUTPUT_TOKENS,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": _OUTPUT_TOKENS,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": turn.tokens,
        }
        done = {**response, "status": "completed", "output": items, "usage": usage}
        events = [("response.created", {"response": {**response, "status": "in_progress", "output": []}})]
        for index, item in enumerate(items):
            whole = {**item, "status": "completed"}
            events.append(
                ("response.output_item.added", {"output_index": index, "item": {**item, "status": "in_progress"}})
            )
            if item["type"] == "message":
                at = {"item_id": item["id"], "output_index": index, "content_index": 0}
                events.append(("response.output_text.delta", {**at, "delta": turn.text}))
            events.append(("response.output_item.done", {"output_index": index, "item": whole}))
        events.append(("response.completed", {"response": done}))
        for sequence, (kind, more) in enumerate(events):
            yield kind, {"type": kind, "sequence_number": sequence, **more}


class _Chat:
    @staticmethod
    def heard(body: dict[str, Any]) -> tuple[str, bool]:
        said = [message for message in body.get("messages", []) if message.get("role") in ("user", "tool")]
        return _text(said[-1].get("content")) if said else "", bool(body.get("tools"))

    @staticmethod
    def events(turn: Turn, body: dict[str, Any]) -> Iterator[tuple[str, object]]:
        head = {"id": f"chat_{next(_ids)}", "object": "chat.completion.chunk", "created": 1, "model": body.get("model")}
        calls = []
        for index, call in enumerate(turn.calls):
            function = {"name": call.name, "arguments": json.dumps(call.arguments)}
            calls.append({"index": index, "id": f"call_{next(_ids)}", "type": "function", "function": function})
        total = {"completion_tokens": _OUTPUT_TOKENS, "prompt_tokens": turn.tokens - _OUTPUT_TOKENS}
        usage = {**total, "total_tokens": turn.tokens}
        deltas: list[tuple[dict[str, Any], str | None]] = [({"role": "assistant", "content": turn.text}, None)]
        deltas += [({"tool_calls": calls}, None)] if calls else []
        deltas.append(({}, "tool_calls" if calls else "stop"))
        for delta, finish in deltas:
            choice = {"index": 0, "delta": delta, "finish_reason": finish}
            yield "", {**head, "choices": [choice], **({"usage": usage} if finish else {})}
        yield "", "[DONE]"


class _Gemini:
    @staticmethod
    def heard(body: dict[str, Any]) -> tuple[str, bool]:
        said = [content for content in body.get("contents", []) if content.get("role", "user") == "user"]
        has_tools = any(tool.get("functionDeclarations") for tool in body.get("tools") or [])
        return _text(said[-1].get("parts")) if said else "", has_tools

    @staticmethod
    def events(turn: Turn, _body: dict[str, Any]) -> Iterator[tuple[str, object]]:
        parts: list[dict[str, Any]] = [{"text": turn.text}]
        parts += [{"functionCall": {"name": call.name, "args": call.arguments}} for call in turn.calls]
        candidate = {"content": {"role": "model", "parts": parts}, "finishReason": "STOP", "index": 0}
        counts = {"promptTokenCount": turn.tokens, "candidatesTokenCount": _OUTPUT_TOKENS}
        usage = {**counts, "totalTokenCount": turn.tokens + _OUTPUT_TOKENS}
        yield "", {"candidates": [candidate], "usageMetadata": usage, "responseId": f"r{next(_ids)}"}


_PROTOCOLS: dict[str, Any] = {
    "/messages": _Anthropic,
    "/responses": _Responses,
    "/chat/completions": _Chat,
    ":streamGenerateContent": _Gemini,
}
