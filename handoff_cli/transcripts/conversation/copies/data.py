"""Conversations written down as data that is no JSON: YAML, TOML, XML, what Python prints of its objects.

Each becomes the JSON of the same, on one line, which the readers of messages know; what cannot be read so stays as it
is. Nothing of it is run.
"""

from __future__ import annotations

from itertools import pairwise
from math import isfinite

from handoff_cli.core.jsonc import dumps
from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.any_calls import plain
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT, USER, role_in_kind, role_of
from handoff_cli.transcripts.conversation.marks.wrapped import unwrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Iterable
    from typing import Any
    from xml.etree.ElementTree import Element

_MOST_CHARS = 4 << 20
_LOOKED_AT = 80
_KIND_CHARS = 30
_ROLE = r"(?:role|speaker|sender|author|from|source|who|type|kind)"
_SPEAKS = compiled(
    rf"\s*(?:- )?[\"']?{_ROLE}[\"']?(?::| =) +[\"']?\w|- (?:user|human|assistant|prompt|question|\w{{4,12}}):(?: |$)"
    rf"|.{{0,200}}(?:[{{,(]\s*[\"']?{_ROLE}[\"']?\s?[:=]\s?[\"']\w|\w(?:Message|Part|Request)\("
    rf"|<(?:\w{{1,20}} )?{_ROLE}(?:=[\"']|>)\w)"
)
"""A line on which data names a speaker."""


class Data:
    """Takes in the lines of a piece that may be data of one form."""

    def __init__(self, parse: Callable[[str], Any]) -> None:
        self._parse = parse
        self._lines: list[str] = []
        self._size = 0
        self._speaks = self.is_over = False

    def goes_on(self, first: str) -> bool:  # noqa: ARG002 (as of a table)
        """Return whether the next piece goes on with the data: each is parsed alone."""
        return False

    def take(self, text: str) -> Iterable[str]:
        """Take in a line; yield all once it is known that it is no such data."""
        self._lines.append(text)
        self._size += len(text)
        self._speaks = self._speaks or _SPEAKS.match(text) is not None or _names_role(text)
        if (len(self._lines) > _LOOKED_AT and not self._speaks) or self._size > _MOST_CHARS:
            self.is_over = True
            lines, self._lines = self._lines, []
            return lines
        return ()

    def end(self) -> Iterable[str]:
        """Yield the data as a line of JSON, or the lines as they were."""
        if self._speaks:
            from handoff_cli.transcripts.any_words import in_english

            try:
                value = in_english(self._parse("\n".join(self._lines)))
                if is_talk(value):
                    return [dumps(_rejoined(value), compact=True, any_letter=True)]
            except (ValueError, SyntaxError, RecursionError, MemoryError):  # it is not what it seemed
                pass
        return self._lines


def _rejoined(value: Any) -> Any:
    """Return ``value`` with each paragraph on one line in what is said, where its writer broke all of it evenly."""
    from handoff_cli.transcripts.any_shapes import objects_in

    told = [it for it in objects_in(value) if isinstance(it.get("text"), str) and "\n" in it["text"]]
    goes_on = [one for it in told for one, other in pairwise(it["text"].split("\n")) if one and other]
    full = [it for it in goes_on if _NARROWEST <= len(it) <= _WIDEST]
    if len(full) > _SHARE_FULL * len(goes_on):
        for it in told:
            it["text"] = unwrapped(it["text"].split("\n"), _NARROWEST)
    return value


_NARROWEST, _WIDEST, _SHARE_FULL = 66, 110, 0.5


def _names_role(text: str) -> bool:
    """Return whether a member, by whatever name, is a word for who speaks."""
    found = _VALUED.match(text) if len(text) <= _KIND_CHARS * 2 else None
    return found is not None and role_in_kind(found[1]) is not None


_VALUED = compiled(r"\s*(?:- )?[^\W\d]\w{1,20}(?::| =) +[\"']?([^\W\d_]{4,20})[\"']?$")


def is_talk(value: Any) -> bool:
    """Return whether both sides are named in data, and say something where they are."""
    roles, left = set[str | None](), [value]
    while left:
        it = left.pop()
        if isinstance(it, dict):
            roles |= _roles_in(it)
        if isinstance(it, dict | list):
            left += it.values() if isinstance(it, dict) else it
    return roles >= {USER, ASSISTANT}


def _roles_in(fields: dict[str, Any]) -> set[str | None]:
    """Return the roles of those who say something in an object: by its members' names, or by one beside words.

    What else is called so (a user of a machine, an agent of a service) says nothing.
    """
    keys = {plain(key): it for key, it in fields.items()}
    said = [key for key, it in fields.items() if isinstance(it, str) and (" " in it.strip() or not it.isascii())]
    roles = {role_in_kind(key) for key in said}
    words = [it for key, it in keys.items() if key in _WORDS and it and isinstance(it, str | list | dict)]
    if not words:
        return roles
    is_sure = bool(said) or not isinstance(words[0], str)
    named = [it for key, it in keys.items() if is_sure or key in _SPEAKERS]
    named += (it for key in _SPEAKERS if isinstance(keys.get(key), dict) for it in keys[key].values())
    return roles | {role_in_kind(it) for it in named if isinstance(it, str) and len(it) <= _KIND_CHARS}


_SPEAKERS = ("role", "speaker", "sender", "author", "from", "source", "who")
_WORDS = frozenset(
    (
        *("content", "contents", "text", "message", "body", "value", "utterance", "msg", "markdown", "words", "delta"),
        *("parts", "part", "contentparts", "fragments", "blocks", "segments", "payload", "data"),
    )
)


def data_in(first: str) -> Data | None:
    """Return what reads data that begins with the line ``first``, None where it begins none."""
    for begins, parse in _FORMS:
        if begins.match(first):
            return Data(parse)
    return None


def _of_toml(text: str) -> Any:
    import tomllib

    if _LONG_WAY.search(text):
        raise ValueError  # each step of a key is looked up from the first
    return _plain(tomllib.loads(text))


_LONG_WAY = compiled(r"(?:\.[ \t]*+(?:[\w-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+){100}")


def _plain(value: Any) -> Any:
    """Return ``value`` with nothing in it but what JSON has."""
    if isinstance(value, dict):
        return {str(key): _plain(it) for key, it in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(it) for it in value]
    return value if _is_of_json(value) else str(value)


def _is_of_json(value: Any) -> bool:
    """Return whether JSON has such a value by itself: of numbers, those that end."""
    return isfinite(value) if isinstance(value, float) else isinstance(value, str | int) or value is None


def _of_yaml(text: str) -> Any:
    from handoff_cli.transcripts.conversation.copies.yaml_lines import value_of

    return value_of(text)


def _of_python(text: str) -> Any:
    """Return what the objects that Python printed hold, those of classes with the name as their type."""
    import ast

    values = [_of_node(it.value) for it in ast.parse(text.lstrip()).body if isinstance(it, ast.Expr)]
    return values[0] if len(values) == 1 else values


def _of_node(node: ast.AST) -> Any:
    import ast

    if isinstance(node, ast.Constant):
        return node.value if _is_of_json(node.value) else str(node.value)
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return {str(_of_node(key)): _of_node(it) for key, it in pairs if key is not None}
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return [_of_node(it) for it in node.elts]
    if isinstance(node, ast.Call):
        fields = {it.arg: _of_node(it.value) for it in node.keywords if it.arg}
        return {"type": _of_node(node.func), **fields} if fields else None
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else None


def _of_xml(text: str) -> Any:
    from xml.etree.ElementTree import ParseError, fromstring

    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise ValueError  # nobody writes entities of their own into a conversation
    try:
        return _of_element(fromstring(text))  # noqa: S314 (without entities there is nothing to expand)
    except ParseError as error:
        raise ValueError from error


def _of_element(element: Element) -> dict[str, Any]:
    """Return an element: its attributes, those below it that hold one text alone, and the others in order."""
    from collections import Counter

    tag = element.tag.rpartition("}")[2]
    fields: dict[str, Any] = {"role" if role_of(tag) and "role" not in element.attrib else "type": tag}
    fields |= element.attrib
    if element.text and element.text.strip():
        fields["text"] = element.text.strip("\n") if "\n" in element.text.strip() else element.text.strip()
    tags = Counter(it.tag for it in element)
    parts = []
    for it in element:
        if len(it) or it.attrib or tags[it.tag] > 1 or role_of(it.tag):
            parts.append(_of_element(it))
        elif it.text:
            fields[it.tag] = it.text
    return fields | ({"parts": parts} if parts else {})


_FORMS: tuple[tuple[Any, Callable[[str], Any]], ...] = (
    (compiled(r"<\?xml |<[a-z][\w-]{1,30}(?: [\w:-]{1,30}=\"[^\"<>]{0,200}\"){0,6}>$"), _of_xml),
    (compiled(r"\[\[\w[\w.-]{0,40}\]\]$|\w[\w-]{0,40} = (?:[\"'\[{\d]|true|false)"), _of_toml),
    (compiled(r"[\[({]{0,3}(?:'\w{1,30}': |\w{0,30}(?:Message|Request|Response|Event)\(\w)|[\[(]{1,2}$"), _of_python),
    (compiled(r"---$|%YAML|- [a-z]\w{0,30}:(?: |$)|[a-z]\w{0,30}:(?: \S.{0,200})?$"), _of_yaml),
)
"""How data of each form begins, and what reads it."""
