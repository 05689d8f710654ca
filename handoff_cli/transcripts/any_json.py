"""Conversations in JSON of no known format: objects that name a speaker and hold words, however they are nested.

Who speaks stands in the object itself, in one within it or in one around it, as a role, a flag or a name; what is said
in a text, in parts, or in objects below. Of a tree that branches the way that was taken last is told, of the same
messages in several lists each once, of several conversations the one that changed last.
"""

from __future__ import annotations

import re

from handoff_cli.core.jsonc import reader
from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts import Format
from handoff_cli.transcripts.any_calls import Numbers, done_in, plain
from handoff_cli.transcripts.any_shapes import (
    TIMES,
    as_attributes,
    branch_of,
    chosen,
    first_of,
    in_time,
    inner,
    latest,
    objects_in,
    own_keys,
    unflattened,
)
from handoff_cli.transcripts.conversation.marks.again import Known
from handoff_cli.transcripts.conversation.marks.speakers import (
    ASSISTANT,
    PAIRED,
    SYSTEM,
    TOOL,
    USER,
    role_in_kind,
    role_of,
)
from handoff_cli.transcripts.events import Returned, Said, Seen, Started
from handoff_cli.transcripts.messages import judged
from handoff_cli.transcripts.source import in_order
from handoff_cli.transcripts.values import UNDECODABLE, as_str, decode, time_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

_MOST_BYTES = 32 << 20
_MOST_DEPTH = 40
_NAME_DEPTH = 4
"""So many objects within each other may name one speaker."""

_ROLES = ("role", "sender", "author", "from", "speaker", "source", "actor", "messagetype", "partkind", "event")
_TYPES = ("type", "kind", "eventtype", "sessionupdate")
_PEOPLE = ("user", "username", "name", "displayname", "realname", "login")
_FLAGS = {"iscreatedbyuser": USER, "isuser": USER, "fromuser": USER, "isbot": ASSISTANT, "isassistant": ASSISTANT}
_OTHERS = {USER: ASSISTANT, ASSISTANT: USER}
_WORDS = frozenset(
    ("content", "text", "message", "body", "value", "utterance", "msg", "markdown", "words", "refusal", "delta")
)
_PARTS = frozenset(
    (
        *("content", "parts", "fragments", "contentparts", "blocks", "segments", "part", "message", "data", "payload"),
        *("kwargs", "args", "body", "text", "versions", "steps", "choices", "delta", "item", "contents", "details"),
    )
)
_PAIRS = {
    **PAIRED,
    **dict.fromkeys(("query", "user", "human", "instruction", "request"), USER),
    **dict.fromkeys(("assistant", "ai", "bot", "reply"), ASSISTANT),
}
_UNTOLD = frozenset(
    ("tools", "functions", "tooldefinitions", "availabletools", "metadata", "usage", "children", "citations", "sources")
)
_MODELS = ("model", "modelname", "modelid", "modelslug", "llm.model_name")


def _sniff(head: str) -> float:
    """Return whether somebody with a role speaks in JSON that begins so, or it tells of pairs, or of calls."""
    if head[:1] not in ("{", "["):
        return 0.0
    keys = {plain(it) for it in _KEY.findall(head)}
    speaks = keys & {*_FLAGS, "botid"} or any(role_in_kind(it) for it in _VALUE.findall(head))
    pairs = {_PAIRS[it] for it in keys if it in _PAIRS} == {*_OTHERS}
    calls = keys & {"tool", "toolname"} and keys & {"input", "args", "arguments"}
    if pairs or calls or (speaks and keys & {*_WORDS, *_PARTS}) or _FLAT.search(head):
        return 0.5
    by_key = {"": {role_of(it) for it in _LISTED.findall(head)}}
    for key, word in _WORD.findall(head):
        by_key.setdefault(key, set()).add(role_of(as_str(inner(f'"{word}"'))))
    return 0.5 if any(roles >= {*_OTHERS} for roles in by_key.values()) else 0.0


_KEY = compiled(r'"([A-Za-z][\w.-]{0,60})\\?"\s*:')
_VALUE = compiled(
    r'"(?:role|sender|author|from|speaker|source|actor|\w{0,12}[tT]ype|\w{0,12}[kK]ind|event|sessionUpdate)\\?"'
    r'\s*:\s*\\?"([A-Za-z][\w-]{0,30})\\?"'
)
_LISTED = compiled(r'\[\s*"(\w{2,20})"\s*,\s*"')
_WORD = compiled(r'"([\w\\]{1,60})"\s*:\s*"((?:[^\W\d]|\\u)[\w\\-]{0,60})"')
_FLAT = compiled(r'"[\w.]{1,60}\.\d{1,4}\.(?:message\.)?role"\s*:')


def _events(source: Source, *, with_words: bool = False) -> Iterator[Event]:
    """Yield the events of JSON; what words follow is no document, unless they are asked for: who spoke last goes on."""
    value, words = _value_of(source)
    if words and not with_words:
        return
    numbers, known, role = Numbers(), Known(), ASSISTANT
    for event in _joined(_Walk(value).all()):
        role = event.role if isinstance(event, Said) and event.role in _OTHERS else role
        if isinstance(event, Started):
            known.begin()
        elif isinstance(event, Seen) or known.tells(event.replace(time=None)):
            for part in numbers.numbered(event):
                yield from numbers.shown(part)
    yield from _said(role, words, None)


def _joined(events: Iterator[Event]) -> Iterator[Event]:
    """Yield events; what was said in chunks as one."""
    chunks: list[Said] = []
    for event in events:
        is_chunk = isinstance(event, Said) and event.by == _CHUNK
        if chunks and not (isinstance(event, Said) and is_chunk and event.role == chunks[0].role):
            yield chunks[0].replace(text="".join(it.text for it in chunks), by="")
            chunks = []
        if isinstance(event, Said) and is_chunk:
            chunks.append(event)
        else:
            yield event
    if chunks:
        yield chunks[0].replace(text="".join(it.text for it in chunks), by="")


def _is_chunk(fields: dict[str, Any]) -> bool:
    return any(
        as_str(fields.get(it)).endswith(("chunk", "delta")) for it in ("type", "sessionUpdate", "event", "object")
    )


def _as_chunk(event: Event) -> Event:
    return event.replace(by=_CHUNK) if isinstance(event, Said) else event


_CHUNK = "\0"
"""Who is said to speak in what is only a chunk of words."""


def _value_of(source: Source) -> tuple[Any, str]:
    """Return what a document holds, of one that was cut off what was told before; of several, or of rows, a list.

    With it, the words that follow.
    """
    with source.open() as stream:
        raw = stream.read(_MOST_BYTES).decode("utf-8", "replace").strip("\ufeff \t\r\n")
    read, at, words = reader(), 0, ""
    values: list[Any] = []
    while at < len(raw):
        try:
            value, at = read(raw, at)
        except (ValueError, RecursionError):
            if values and raw[at] not in "{[":
                words = raw[at:]
            else:
                values.append(_closed(raw[at:]))
            break
        values.append(value)
        while raw.startswith((" ", "\n", "\r", "\t", ","), at):
            at += 1
    values = [it for it in values if it]
    return values[0] if len(values) == 1 else values, words


def _closed(raw: str) -> Any:
    """Return what was told of a document before it was cut off: what was not complete is left out, but for words."""
    opened: list[str] = []
    last, cut = (0, 0), ""
    for mark in _MARK.finditer(raw):
        if mark[0] in "{[":
            opened.append("}" if mark[0] == "{" else "]")
        elif mark[0] in "}]" and opened:
            opened.pop()
            last = mark.end(), len(opened)
        elif mark[0][0] == '"' and (mark[0][-1] != '"' or len(mark[0]) == 1):
            cut = '…"' if len(mark[0]) > 1 else '"'
    for text in (raw + cut + "".join(reversed(opened)), raw[: last[0]] + "".join(reversed(opened[: last[1]]))):
        if (value := decode(text)) is not UNDECODABLE:
            return value
    return None


_MARK = compiled(r'"(?:[^"\\]++|\\.)*+(?:"|\Z)|[{}\[\]]', re.DOTALL)


class _Walk:
    """Goes through a document once for the names of those who speak, and once for what they say and do."""

    def __init__(self, value: Any) -> None:
        self._value = value
        self._others: dict[str, str] = {}
        """By key: the role of those whose names there stand for none."""

        self._own = "", ""
        """The members, by names of the document's own, in which stand who speaks and what is said."""

    def all(self) -> Iterator[Event]:
        """Yield all that is told."""
        names: dict[str, set[str | None]] = {}
        for fields in objects_in(self._value):
            for key, name in _names_in(fields):
                names.setdefault(key, set()).add(role_in_kind(name))
        if not {*_ROLES} & names.keys() and own_keys(self._value)[0]:
            from handoff_cli.transcripts.any_words import in_english

            self._value = in_english(self._value)
            self._own = own_keys(self._value)
        bots = any(map(_by_flag, objects_in(self._value)))
        for key, roles in names.items():
            known = roles & {*_OTHERS}
            if bots and not known and key.partition(".")[0] in _SPEAKERS:
                self._others[key] = USER
            if len(known) == 1 and None in roles and key.rpartition(".")[2] in _SPEAKERS:
                self._others[key] = _OTHERS[next(iter(known))]  # type: ignore[index]
        speaks = {role for roles in names.values() for role in roles} | ({*_OTHERS} if self._own[0] else set())
        yield from self._walk(self._value, None if speaks & {*_OTHERS} else ASSISTANT, None, 0)

    def _walk(self, value: Any, role: str | None, time: str | None, depth: int) -> Iterator[Event]:
        if depth > _MOST_DEPTH:
            return
        if isinstance(value, list):
            yield from self._list(value, role, time, depth)
        elif isinstance(value, dict):
            nodes = [*branch_of(value)]
            if len(nodes) > 1:
                yield Started()
            for node in nodes:
                told = _once([*self._object(node, role, time, depth)])
                yield from told if not _is_chunk(node) else map(_as_chunk, told)

    def _list(self, value: list[Any], role: str | None, time: str | None, depth: int) -> Iterator[Event]:
        """Yield what the elements of a list tell, in order of time; it may begin with what was told before."""
        elements = in_time(as_attributes(latest(value)))
        if role in _OTHERS and all(isinstance(it, str) for it in elements):
            yield from _said(role, "\n".join(elements), time)
            return
        if role is None and any(isinstance(it, dict) and self._speaker_of(it)[0] for it in elements):
            yield Started()
        for it in elements:
            is_pair = isinstance(it, list) and len(it) == 2 and all(isinstance(part, str) for part in it)  # noqa: PLR2004
            if is_pair and (speaks := role_in_kind(it[0])):
                yield from _said(speaks, it[1], time)
            else:
                yield from self._walk(it, role, time, depth + 1)

    def _object(self, fields: dict[str, Any], role: str | None, time: str | None, depth: int) -> Iterator[Event]:
        fields = unflattened(fields)
        speaker, by = self._speaker_of(fields)
        time = time_of(first_of(fields, TIMES)) or time
        own = speaker or role or (ASSISTANT if _is_chunk(fields) else None)
        if done := done_in(fields, own, time):
            yield from done
            return
        if model := as_str(first_of(fields, _MODELS)):
            yield Seen(model=model, time=time)
        kind = "reasoning" if as_str(fields.get("type")) in _THOUGHTS or fields.get("thought") is True else ""
        pairs = {_PAIRS[plain(it)] for it, value in fields.items() if plain(it) in _PAIRS and isinstance(value, str)}
        said = set[str]()
        for name, value in fields.items():
            key = plain(name)
            if key in _UNTOLD and not (speaker and key == "tools"):
                continue
            is_words = key in _WORDS or name == self._own[1]
            speaks = _PAIRS.get(key) if pairs == {*_OTHERS} and not speaker else own if is_words else None
            is_data = isinstance(value, str) and value[:2] in ("[{", '{"') and value[-1] in "]}"
            if isinstance(value, str) and speaks and not (is_data and key not in _WORDS):
                if value not in said:
                    said.add(value)
                    yield from _said(speaks, value, time, by, kind)
            elif is_data:
                yield from self._walk(inner(value), None, time, depth + 1)
            elif isinstance(value, dict | list) and key not in _ROLES[:-1]:
                beside = _PAIRS.get(key) if role is None and not speaker and key in _SIDES else None
                whose = own if key in _PARTS else beside
                yield from self._walk(chosen(fields, key, value), whose, time, depth + 1)

    def _speaker_of(self, fields: dict[str, Any]) -> tuple[str | None, str]:
        """Return the role of whom an object names as its speaker, and a name that is no role."""
        if role := _by_flag(fields) or role_of(as_str(fields.get(self._own[0]))):
            return role, ""
        found = [*_names_in(fields)]
        for _, name in found:
            if role := role_in_kind(name):
                return role, ""
        return next(((self._others[key], name) for key, name in found if key in self._others), (None, ""))


def _by_flag(fields: dict[str, Any], depth: int = 0) -> str | None:
    """Return the role that a flag of an object, or of its speaker's in it, tells."""
    if fields.get("bot_id"):
        return ASSISTANT
    for name, value in fields.items():
        if (key := plain(name)) in _FLAGS and isinstance(value, bool) and (value or key not in _ONLY_IF):
            return _FLAGS[key] if value else _OTHERS[_FLAGS[key]]
        if depth < _NAME_DEPTH and key in _ROLES and isinstance(value, dict) and (role := _by_flag(value, depth + 1)):
            return role
    return None


_ONLY_IF = ("isbot",)
_SPEAKERS = frozenset((*_ROLES[:-3], *_PEOPLE, "id"))
_THOUGHTS = ("thinking", "reasoning", "thought", "thoughts")
_SIDES = ("user", "assistant", "human", "ai", "bot", "prompt")


def _said(role: str, text: str, time: str | None, by: str = "", kind: str = "") -> list[Event]:
    """Return what was said, by whom; what a tool says is an answer."""
    if role == TOOL:
        return [Returned("\0", text, None, None, time)]
    return [Said(role, text, time, role != SYSTEM and not kind, None, kind, by)] if text.strip() else []


def _names_in(fields: dict[str, Any], depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield the names in an object that may be its speaker's, each with its key, the surest first."""
    by_key = {plain(key): value for key, value in fields.items()}
    says = any(isinstance(by_key.get(it), str) for it in _WORDS)
    for key in (*_ROLES, *_TYPES, *(_PEOPLE if says or depth else ())):
        value = by_key.get(key)
        if isinstance(value, str) and value:
            yield key, value
        elif isinstance(value, dict) and key in _ROLES and depth < _NAME_DEPTH:
            yield from ((f"{key}.{below}", name) for below, name in _names_in(value, depth + 1))


def _once(events: list[Event]) -> list[Event]:
    """Return the events of a message without what it says in one text and once more in its parts."""
    if len({it.role for it in events if isinstance(it, Said) and it.visible}) != 1:
        return events  # nobody says what somebody else says
    words = [it.text.split() if isinstance(it, Said) and it.visible else [] for it in events]
    whole = sum(map(len, words))
    for at, said in enumerate(words):
        if (
            said
            and 2 * len(said) == whole
            and said == [it for other in (*words[:at], *words[at + 1 :]) for it in other]
        ):
            return [*events[:at], *events[at + 1 :]]
    return events


any_json = Format(_sniff, lambda source: in_order(source, judged(_events(source))))
with_words_below = Format(_sniff, lambda source: in_order(source, judged(_events(source, with_words=True))))
