"""The Model Context Protocol over standard input and output, as far as a server of tools and documents needs it.

One JSON-RPC message a line. An agent waits for its servers when it starts, and the official SDK takes a second to load;
what is spoken here is the handshake, tools, resources and prompts (modelcontextprotocol.io/specification, revisions
2024-11-05 to 2025-11-25). Clients of later revisions fall back to that when they are told that a method is not known.
The tests hold it against the SDK's own client.
"""

from __future__ import annotations

import json

from handoff_cli.core.record import Record
from handoff_cli.core.text import one_line, shorten
from handoff_cli.errors import HandoffError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, BinaryIO

VERSIONS = ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25")
MAX_MESSAGE_BYTES = 1 << 26
_MOST_ERROR_CHARS = 500

_PARSE, _INVALID, _NO_METHOD, _PARAMS, _INTERNAL, _NO_RESOURCE = -32700, -32600, -32601, -32602, -32603, -32002
_SCHEMAS: dict[str, dict[str, Any]] = {
    "str": {"type": "string"},
    "str | None": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    "list[str] | None": {"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "null"}]},
}
_FITS: dict[str, Callable[[Any], bool]] = {
    "str": lambda value: isinstance(value, str),
    "str | None": lambda value: value is None or isinstance(value, str),
    "list[str] | None": lambda value: (
        value is None or (isinstance(value, list) and all(isinstance(it, str) for it in value))
    ),
}

_IN_WORDS = {"str": "a string", "str | None": "a string or null", "list[str] | None": "an array of strings or null"}


class Document(Record):
    """Something to read at ``uri``: ``read`` returns its text."""

    uri: str
    name: str
    mime_type: str
    read: Callable[[], str]


class Prompt(Record):
    """A text the person can give the agent by its ``name``."""

    name: str
    description: str
    text: str


class RefusedError(Exception):
    """A request that cannot be answered: the ``code`` of JSON-RPC and what is wrong."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class Server:
    """What a client can ask for.

    Args:
        name: What the server is called.
        version: Its version.
        instructions: What the agent reads of it.
        tools: Functions of texts that return one; their docstrings are what the agent reads, with an entry below
            ``Args:`` for each parameter, and their annotations those of ``_SCHEMAS``.
        documents: What can be read.
        prompts: What can be said.
        on_call: Told what a client sends beside the arguments of a call (``_meta``), before the tool is called.
    """

    def __init__(
        self,
        name: str,
        version: str,
        instructions: str,
        tools: dict[str, Callable[..., str]],
        documents: tuple[Document, ...] = (),
        prompts: tuple[Prompt, ...] = (),
        on_call: Callable[[dict[str, Any]], None] = lambda _: None,
    ) -> None:
        self._about = {"serverInfo": {"name": name, "version": version}, "instructions": instructions}
        self._tools = tools
        self._on_call = on_call
        self._documents = {it.uri: it for it in documents}
        self._prompts = {it.name: it for it in prompts}
        self._methods: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "initialize": self._initialize,
            "ping": lambda _: {},
            "tools/list": lambda _: {"tools": [_described(name, tool) for name, tool in self._tools.items()]},
            "tools/call": self._call,
            "resources/list": lambda _: {"resources": [_listed(it) for it in self._documents.values()]},
            "resources/templates/list": lambda _: {"resourceTemplates": []},
            "resources/read": self._read,
            "prompts/list": lambda _: {"prompts": [_named(it) for it in self._prompts.values()]},
            "prompts/get": self._prompt,
        }

    def run(self, reader: BinaryIO, writer: BinaryIO) -> None:
        """Answer what comes from ``reader`` until it ends, one message after the other; OSError where nobody reads."""
        while line := reader.readline(MAX_MESSAGE_BYTES):
            answer = self.answer(line)
            if answer is not None:
                # What no text can hold, a lone surrogate, must not cost the client its answer.
                writer.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
                writer.flush()

    def answer(self, line: bytes) -> Any:
        """Return the answer to the message, or the batch of messages, in ``line``; None where it wants none."""
        if not line.strip():
            return None
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            return _error(None, _PARSE, "that is no JSON")
        if isinstance(message, list) and message:
            return [answer for answer in map(self._answer, message) if answer is not None] or None
        return self._answer(message)

    def _answer(self, message: Any) -> dict[str, Any] | None:
        if not isinstance(message, dict) or not isinstance(message.get("method", ""), str):
            return _error(None, _INVALID, "that is no request")
        if "id" not in message or "method" not in message:
            return None  # a notification, or an answer to a question we never ask
        id_ = message["id"]
        params = message.get("params")
        method = self._methods.get(message["method"])
        if method is None:
            return _error(id_, _NO_METHOD, f"there is no method {message['method']}")
        try:
            result = method(params if isinstance(params, dict) else {})
        except RefusedError as refusal:
            return _error(id_, refusal.code, str(refusal))
        except HandoffError as error:
            return _error(id_, _INTERNAL, _in_words(error))
        return {"jsonrpc": "2.0", "id": id_, "result": result}

    def _initialize(self, params: dict[str, Any]) -> dict[str, Any]:
        asked = params.get("protocolVersion")
        kinds = {"tools": self._tools, "resources": self._documents, "prompts": self._prompts}
        capabilities = {kind: {"listChanged": False} for kind, there in kinds.items() if there}
        return {
            "protocolVersion": asked if asked in VERSIONS else VERSIONS[-1],
            "capabilities": capabilities,
            **self._about,
        }

    def _call(self, params: dict[str, Any]) -> dict[str, Any]:
        name, arguments = params.get("name"), params.get("arguments") or {}
        tool = self._tools.get(name) if isinstance(name, str) else None
        if tool is None or not isinstance(arguments, dict):
            raise RefusedError(_PARAMS, f"there is no tool {name}" if tool is None else "arguments are an object")
        meta = params.get("_meta")
        self._on_call(meta if isinstance(meta, dict) else {})
        try:
            _check(tool, arguments)
            text, failed = tool(**arguments), False
        except HandoffError as error:
            text, failed = _in_words(error), True
        except Exception as error:  # noqa: BLE001 - the client waits for an answer, whatever happened
            from handoff_cli.usecases.hook_memory import log_problem

            log_problem(f"mcp {name}", f"{type(error).__name__}: {error}")
            text, failed = f"this is a bug in handoff: {type(error).__name__}; handoff doctor shows it", True
        return {"content": [{"type": "text", "text": text}], "isError": failed}

    def _read(self, params: dict[str, Any]) -> dict[str, Any]:
        uri = params.get("uri")
        found = self._documents.get(uri) if isinstance(uri, str) else None
        if found is None:
            raise RefusedError(_NO_RESOURCE, f"there is no resource {uri}")
        return {"contents": [{"uri": found.uri, "mimeType": found.mime_type, "text": found.read()}]}

    def _prompt(self, params: dict[str, Any]) -> dict[str, Any]:
        name = params.get("name")
        found = self._prompts.get(name) if isinstance(name, str) else None
        if found is None:
            raise RefusedError(_PARAMS, f"there is no prompt {name}")
        said = {"role": "user", "content": {"type": "text", "text": found.text}}
        return {"description": found.description, "messages": [said]}


def _check(tool: Callable[..., str], arguments: dict[str, Any]) -> None:
    """Raise HandoffError unless ``arguments`` are those of ``tool``."""
    from handoff_cli.errors import UsageError

    known, required = _parameters(tool)
    for name in (*required, *arguments):
        if name not in known:
            raise UsageError(f"there is no argument {name}", f"arguments: {', '.join(known)}")
        if name not in arguments:
            raise UsageError(f"the argument {name} is missing", "give it")
        if not _FITS[known[name]](arguments[name]):
            raise UsageError(f"the argument {name} is of the wrong type", f"give {_IN_WORDS[known[name]]}")


def _parameters(tool: Callable[..., str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the types of a tool's parameters by name, and the names of those that must be given."""
    types = {name: kind for name, kind in tool.__annotations__.items() if name != "return"}
    return types, tuple(types)[: len(types) - len(tool.__defaults__ or ())]


def _described(name: str, tool: Callable[..., str]) -> dict[str, Any]:
    """Return a tool as the client lists it, from its docstring and annotations."""
    about, _, arguments = (tool.__doc__ or "").partition("Args:")
    lines = (line.strip().partition(": ") for line in arguments.splitlines() if ": " in line)
    said = {head: text for head, _, text in lines}
    types, required = _parameters(tool)
    defaults = dict(zip(tuple(types)[len(required) :], tool.__defaults__ or (), strict=True))
    properties = {
        it: {**_SCHEMAS[kind], "description": said[it], **({"default": defaults[it]} if it in defaults else {})}
        for it, kind in types.items()
    }
    schema = {"type": "object", "properties": properties, "required": list(required)}
    return {"name": name, "description": about.strip(), "inputSchema": schema}


def _listed(document: Document) -> dict[str, Any]:
    return {"uri": document.uri, "name": document.name, "mimeType": document.mime_type}


def _named(prompt: Prompt) -> dict[str, Any]:
    return {"name": prompt.name, "description": prompt.description}


def _error(id_: Any, code: int, message: str) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": id_, "error": {"code": code, "message": _inert(message)}}


def _in_words(error: HandoffError) -> str:
    return _inert("; ".join(part for part in (error.message, error.hint) if part))


def _inert(message: str) -> str:
    """Return what went wrong as an agent may read it: it quotes what a stranger made the agent say."""
    return shorten(one_line(message), _MOST_ERROR_CHARS)
