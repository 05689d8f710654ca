"""Conversations that stand in a saved page: what of them a person reads, as lines that name the speakers.

A page tells who speaks by attributes of its elements (``data-message-author-role``, classes) or in words, or it holds
all of it as JSON that a program of its own shows (``/export html`` of Qwen Code). Nothing of it is run or fetched.
"""

from __future__ import annotations

import re
from html import unescape

from handoff_cli.core.jsonc import dumps
from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.copies import recordings
from handoff_cli.transcripts.conversation.copies.data import Data, data_in, is_talk
from handoff_cli.transcripts.conversation.copies.tables import Table, table_in
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT, USER
from handoff_cli.transcripts.values import decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from handoff_cli.transcripts.conversation.copies.recordings import Recording

_PAGE = compiled(r"\s{0,20}(?:<!doctype html|<html[\s>]|<body[\s>])", re.IGNORECASE)
_TAG = compiled(r"<(/?)([a-zA-Z][\w-]{0,40})((?:\s[^<>]{0,4000})?)>|<!--.{0,400}?-->|<[!?][^<>]{0,400}>")
_ROLE = compiled(
    r"(?:data-[\w-]{0,30}(?:role|author|sender|testid)|class|aria-label)\s?=\s?[\"']?[^\"'>]{0,200}?"
    r"(?<![a-z])(?:(user|human)|(assistant|bot|model|ai|agent))(?![a-z])",
    re.IGNORECASE,
)
_SAYS_WHO = compiled(
    r"\s(?:class|data-testid)\s?=\s?[\"']?(?:[^\"'>]{0,100}[\s\"'])?(?:(?:user|display|sender|author|speaker|message|msg|chat)"
    r"[_-]{0,2}name|name|author|sender|speaker|who)[\"'\s>]",
    re.IGNORECASE,
)
"""The attribute of an element that holds the name of who speaks."""

_SIDE = compiled(
    r"\sclass\s?=\s?[\"'](?=[^\"'>]{0,80}(?:bubble|message|msg|chat|turn|balloon))[^\"'>]{0,80}?"
    r"(?<![a-z])(?:(me|mine|self|own|sent|outgoing|out|right|question|prompt)"
    r"|(other|theirs|them|received|incoming|in|left|answer|response|reply))(?![a-z])",
    re.IGNORECASE,
)
"""On which side of a chat an element stands, where nothing tells whose it is."""

_UNREAD = frozenset(("script", "style", "svg", "noscript", "template", "iframe", "nav", "title"))
_BLOCKS = frozenset(
    (
        *("p", "div", "li", "br", "tr", "section", "article", "pre", "ul", "ol", "table", "header", "footer", "main"),
        *("blockquote", "details", "summary", "button", "h1", "h2", "h3", "h4", "h5", "h6", "body", "hr", "dt", "dd"),
    )
)
_TAG_CHARS = 4000


def reader_of(first: str) -> Page | Table | Data | Recording | None:
    """Return what reads a piece that begins with the line ``first``, None where it is text already."""
    if recordings.begins(first):
        return recordings.Recording()
    if first.lstrip()[:1] == "<" and _PAGE.match(first):
        return Page()
    return table_in(first) or data_in(first)


class Page:
    """Takes in the lines of a page."""

    def __init__(self) -> None:
        self._rest = self._line = self._unread = self._role = self._names = ""
        self._is_block = self._ended = self.is_over = False
        self._data: list[str] | None = None
        self._held: list[str] = []
        self._speakers: set[str] = set()

    def goes_on(self, first: str) -> bool:  # noqa: ARG002 (as of a table)
        """Return whether the next piece goes on with the page: it has not ended."""
        return not self._ended

    def take(self, text: str) -> Iterator[str]:
        """Take in a line; yield the lines of text that it completes."""
        text = f"{self._rest}{text}\n"
        opens = text.rfind("<")
        if opens > text.rfind(">") and len(text) - opens < _TAG_CHARS:
            text, self._rest = text[:opens], text[opens:-1] + " "
        else:
            self._rest = ""
        at = 0
        for tag in _TAG.finditer(text):
            is_data = self._data is not None and not (tag[1] and tag[2] == self._unread)
            yield from self._words(text[at : tag.end() if is_data else tag.start()])
            at = tag.end()
            if tag[2]:
                yield from self._tag(tag[1] == "/", tag[2].lower(), tag[3])
        yield from self._words(text[at:])

    def end(self) -> Iterable[str]:
        """Yield what was not complete, and the talk that was held as JSON where the page itself shows none."""
        return [*filter(None, (self._line,)), *(self._held if len(self._speakers) <= 1 else ())]

    def _words(self, words: str) -> Iterator[str]:
        if self._data is not None:
            self._data.append(words)
        if self._unread:
            return
        words = unescape(words)
        if self._is_block:
            *lines, self._line = (self._line + words).split("\n")
            yield from lines
        else:
            words = re.sub(r"\s+", " ", words)
            self._line += words.lstrip() if self._line[-1:] in ("", " ") else words

    def _tag(self, closes: bool, name: str, attributes: str) -> Iterator[str]:
        self._ended = self._ended or (closes and name == "html")
        if self._unread:
            if closes and name == self._unread:
                self._unread = ""
                self._hold()
            return
        if name in _UNREAD:
            self._unread = "" if closes or attributes.endswith("/") else name
            self._data = [] if self._unread == "script" and "application/json" in attributes else None
            return
        if (closes and name == self._names) or (not closes and (name == "dt" or _SAYS_WHO.search(f"{attributes} "))):
            yield from self._named(closes, name)
        elif name in _BLOCKS:
            if self._line.strip():
                yield self._line.rstrip()
            self._line = ""
            yield from self._block(closes, name, attributes)
        elif name == "code" and not self._is_block:
            self._line += "`"
        elif name in ("td", "th") and closes:
            self._line += " | "

    def _hold(self) -> None:
        """Keep the conversation that an element holds as JSON, on one line, where it is one."""
        value, self._data = decode("".join(self._data or ()).strip()), None
        if is_talk(value):
            self._held.append(dumps(value, compact=True, any_letter=True))

    def _named(self, closes: bool, name: str) -> Iterator[str]:
        """Begin or end the name of who speaks; a page that tells the roles needs none."""
        line, self._line, self._names = self._line.strip(), "", "" if closes else name
        if line and not (closes and self._role):
            self._speakers.update((line,) if closes else ())
            yield from ("", f"=== {line} ===") if closes else (line,)

    def _block(self, closes: bool, name: str, attributes: str) -> Iterator[str]:
        if name == "pre":
            self._is_block = not closes
            yield "```"
        elif closes:
            if name in ("p", "ul", "ol", "table", "pre"):
                yield ""
        elif name == "li":
            self._line = "- "
        elif name[0] == "h" and name[1:].isdigit():
            self._line = "#" * int(name[1:]) + " "
        if not closes and (found := _ROLE.search(attributes) or _SIDE.search(attributes)):
            role = USER if found[1] else ASSISTANT
            if role != self._role:
                self._role = role
                self._speakers.add(role)
                yield from ("", f"=== {role} ===")
