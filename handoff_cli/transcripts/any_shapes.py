"""Shapes in which JSON of no known format holds messages: trees, mappings, lists of attributes, several versions."""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.any_calls import plain
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT, USER, role_of
from handoff_cli.transcripts.values import UNDECODABLE, as_dict, as_list, as_str, decode, time_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

TIMES = ("createdat", "timestamp", "ts", "time", "date", "created", "createtime", "sentat", "datetime", "at")
_CHANGED = ("updatedat", "updatetime", "updated", "lastmodified", *TIMES)
_TITLES = ("title", "chattitle", "autotitle", "subject", "name", "summary")
_OF_MESSAGES = frozenset(("role", "sender", "author", "from", "speaker", "content", "parts", "text", "type"))
_VERSIONS = ("versions", "alternatives", "variants", "swipes", "branches")


def first_of(fields: dict[str, Any], names: tuple[str, ...]) -> Any:
    """Return the first of the members by these names, in small letters as one word, that holds anything."""
    by_key = {plain(key): value for key, value in fields.items()}
    return next((by_key[it] for it in names if by_key.get(it)), None)


def inner(text: str) -> Any:
    """Return what a text that may be JSON holds, None where it is none."""
    value = decode(text)
    return None if value is UNDECODABLE else value


def objects_in(value: Any) -> Iterator[dict[str, Any]]:
    """Yield all objects in ``value``, in no order."""
    left: list[Any] = [value]
    while left:
        it = left.pop()
        if isinstance(it, str):
            it = inner(it) if it[:2] in ("[{", '{"') else None
        if isinstance(it, dict):
            yield it
            left += it.values()
        elif isinstance(it, list):
            left += it


def own_keys(value: Any) -> tuple[str, str]:
    """Return the member in which all objects that have it name a role, both sides among them, and that of their words.

    Its name may be of any language. Empty where there is none.
    """
    by_key: dict[str, list[dict[str, Any]]] = {}
    for fields in objects_in(value):
        for key, it in fields.items():
            if isinstance(it, str) and len(it) <= _ROLE_CHARS:
                by_key.setdefault(key, []).append(fields)
    for key, objects in by_key.items():
        roles = [role_of(it[key]) for it in objects]
        if None not in roles and {USER, ASSISTANT} <= {*roles}:
            sizes: dict[str, int] = {}
            for name, it in (pair for fields in objects for pair in fields.items() if isinstance(pair[1], str)):
                sizes[name] = sizes.get(name, 0) + len(it)
            return key, max(sizes, key=lambda name: sizes[name])
    return "", ""


_ROLE_CHARS = 24


def branch_of(fields: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield an object, and those below it on the way that was taken last; or those of a mapping by their ids."""
    values = [*fields.values()]
    if len(values) > 1 and all(isinstance(it, dict) for it in values) and any(map(_parent_of, values)):
        yield from _linked(fields)
        return
    below = [fields]
    while below:
        yield (node := max(below, key=_last_time) if len(below) > 1 else below[0])
        below = [it for it in as_list(node.get("children")) if isinstance(it, dict)]


def _last_time(node: dict[str, Any]) -> tuple[int, str]:
    """Return how many messages lie below one, and the last time told there: a branch with more was gone on with."""
    many, last, left = 0, "", [node]
    while left:
        it = left.pop()
        many, last = many + 1, max(last, as_str(time_of(first_of(it, TIMES))))
        left += [child for child in as_list(it.get("children")) if isinstance(child, dict)]
    return many > 1, last


def _parent_of(node: dict[str, Any]) -> str:
    return as_str(first_of(node, ("parentid", "parent", "parentmessageid", "parentuuid")))


def _linked(nodes: dict[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the objects of a mapping from the first to the last, by what each says it follows."""
    at, way = next(reversed(nodes)), dict[str, None]()
    while at in nodes and at not in way:
        way[at] = None
        at = _parent_of(nodes[at])
    yield from (nodes[it] for it in reversed(way))


def latest(elements: list[Any]) -> list[Any]:
    """Return the elements of a list; of whole conversations the one that changed last."""
    talks = [it for it in elements if isinstance(it, dict) and _is_talk(it)]
    begins = [next((it[0] for it in talk.values() if isinstance(it, list) and it), talk) for talk in talks]
    if len(talks) < max(len(elements), 2) or begins.count(begins[0]) == len(begins):
        return elements
    return [max(talks, key=lambda it: as_str(time_of(first_of(it, _CHANGED))))]


def _is_talk(fields: dict[str, Any]) -> bool:
    """Return whether an object has a title and holds messages, and is none itself."""
    lists = [it for it in fields.values() if isinstance(it, list) and it and isinstance(it[0], dict)]
    is_titled = isinstance(first_of(fields, _TITLES), str) and not {*map(plain, fields)} & _OF_MESSAGES
    return is_titled and bool(lists or as_dict(fields.get("chat")))


def in_time(elements: list[Any]) -> list[Any]:
    """Return elements in the order of time, where they were listed with the last one first."""
    times = [time_of(first_of(it, TIMES)) or "" for it in elements if isinstance(it, dict)]
    if len(times) < max(len(elements), 2) or not all(times) or times[0] <= times[-1]:
        return elements
    return elements[::-1] if times == sorted(times, reverse=True) else elements


def as_attributes(elements: list[Any]) -> list[Any]:
    """Return elements; of a list of attributes, each with its key and its value, one object of all."""
    pairs = [it for it in elements if isinstance(it, dict) and {*it} == {"key", "value"} and isinstance(it["key"], str)]
    if not elements or len(pairs) < len(elements):
        return elements
    values = ((it["key"], it["value"]) for it in elements)
    return [{key: next(iter(it.values()), None) if isinstance(it, dict) else it for key, it in values}]


def unflattened(fields: dict[str, Any]) -> dict[str, Any]:
    """Return an object whose keys are ways (``messages.0.role``) as what they lead to; any other as it is."""
    if not any(_WAY.search(key) for key in fields):
        return fields
    whole: dict[str, Any] = {}
    for key, value in fields.items():
        *way, last = key.split(".") if _WAY.search(key) and key.count(".") <= _MOST_STEPS else [key]
        at = whole
        for step in way:
            at = at.setdefault(step, {}) if isinstance(at.get(step, {}), dict) else {}
        at[last] = value
    return as_dict(_listed(whole))


def _listed(value: Any, depth: int = 0) -> Any:
    if not isinstance(value, dict) or depth > _MOST_STEPS:
        return value
    if value and all(_NUMBER.fullmatch(key) for key in value):
        return [_listed(value[key], depth + 1) for key in sorted(value, key=int)]
    return {key: _listed(it, depth + 1) for key, it in value.items()}


_WAY = compiled(r"\.\d{1,4}\.")
_NUMBER = compiled(r"[0-9]{1,9}")
_MOST_STEPS = 40


def chosen(fields: dict[str, Any], key: str, value: Any) -> Any:
    """Return what was chosen of several versions of a message; any other value as it is."""
    if key not in _VERSIONS or not isinstance(value, list) or not value:
        return value
    at = next((it for name, it in fields.items() if type(it) is int and _SELECTED.search(name)), len(value) - 1)
    return value[at] if 0 <= at < len(value) else value[-1]


_SELECTED = compiled(r"[sS]elected|[cC]urrent|[aA]ctive|[iI]ndex|_id$")
