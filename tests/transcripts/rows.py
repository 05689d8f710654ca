"""Builders of transcript rows, in the shapes the agents write."""

from __future__ import annotations

import json


def jsonl(*rows) -> str:
    return "".join(row if isinstance(row, str) else json.dumps(row) + "\n" for row in rows)


def claude(kind, *, sidechain=False, **fields):
    base = {"parentUuid": None, "isSidechain": sidechain, "sessionId": "s-1", "version": "2.1.42", "type": kind}
    return {**base, "uuid": "u", "timestamp": "2026-01-02T03:04:05.000Z", **fields}


def claude_user(text, **fields):
    return claude("user", message={"role": "user", "content": text}, **fields)


def claude_response(tokens, content=(), *, id_="msg_1", model="claude-opus-4-6", usage=None, **fields):
    usage = usage or {"input_tokens": 10, "cache_creation_input_tokens": tokens - 10, "cache_read_input_tokens": 0}
    message = {"id": id_, "model": model, "role": "assistant", "content": list(content), "usage": usage}
    return claude("assistant", requestId=f"req_{id_}", message=message, **fields)


def claude_result(id_, text, *, is_error=False, result=None):
    block = {"type": "tool_result", "tool_use_id": id_, "content": text, "is_error": is_error}
    return claude("user", message={"role": "user", "content": [block]}, toolUseResult=result or {})


def claude_compact(before=170_000, trigger="auto", **fields):
    return claude(
        "system", subtype="compact_boundary", compactMetadata={"trigger": trigger, "preTokens": before}, **fields
    )


def tool_use(id_, name, **arguments):
    return {"type": "tool_use", "id": id_, "name": name, "input": arguments}


def codex(kind, **payload):
    return {"timestamp": "2026-05-11T08:27:17.490Z", "type": kind, "payload": payload}


def codex_tokens(tokens, window=258_400, total=9_999_999):
    info = {"total_token_usage": {"total_tokens": total}, "last_token_usage": {"total_tokens": tokens}}
    return codex("event_msg", type="token_count", info={**info, "model_context_window": window})


def gemini_start(**fields):
    return {"sessionId": "g-1", "projectHash": "0b7d", "startTime": "2026-04-29T21:39:22Z", "kind": "main", **fields}


def gemini_message(id_, tokens=None, kind="gemini", content="hello", **fields):
    counts = (
        {"input": tokens, "output": 5, "cached": 1, "thoughts": 0, "tool": 0, "total": tokens + 5} if tokens else None
    )
    return {
        "id": id_,
        "timestamp": "2026-04-29T21:39:33Z",
        "type": kind,
        "content": content,
        "tokens": counts,
        **fields,
    }
