"""Copies of goose's screen, as lines that name the speakers, with calls as tags: a rule names the tool of each."""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.speakers import ASSISTANT, USER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from handoff_cli.transcripts.conversation.given import Given

_PROMPT = "( O)>"
_TOOL = compiled(r"[─━]{2,4} (?P<name>\w{1,60}) \| [\w.-]{1,60} [─━]{5,}$")
_PREFACE = compiled(
    r"(?:starting|resuming) session \||\s{4}(?:logging to|working directory|session id)\b|[Gg]oose is running!"
)
_FIELD = compiled(r"(?P<key>[a-z_]{2,30}): ?(?P<value>.*)$")
_SENTENCE = compiled(r"[A-Z\u00c0-\u00de][\w'\u2019-]*,?(?: \S+){2,}[.!?:]$")
_EDITS = {"view": "read_file", "write": "write_to_file", "create": "write_to_file"}
_LEFT_OUT = "..."
"""What the screen has in the place of a long input."""


def is_in(texts: list[str]) -> bool:
    """Return whether a text that begins so is such a copy."""
    return any(map(_TOOL.match, texts)) and any(it.startswith(_PROMPT) for it in texts)


def in_turns(lines: Iterable[Given]) -> Iterator[Given]:
    """Yield the lines, with who speaks before each turn, and each call with what it printed."""
    held: list[Given] = []  # of the call at hand
    asked = False
    for line in lines:
        number, text, begins = line
        typed = text.startswith(_PROMPT)
        is_tool = _TOOL.match(text) is not None
        if held and (typed or is_tool or (not held[-1][1].strip() and _ends(held, text))):
            yield from _called(held)
            held = []
        if not held and _PREFACE.match(text):
            continue
        if held or is_tool:
            held += [(number, f"<|{ASSISTANT}|>", begins)] if asked else []
            held.append(line)
            asked = False
        elif typed:
            yield number, f"<|{USER}|>", begins
            yield number, text.removeprefix(_PROMPT).strip(), False
            asked = True
        else:
            if asked and text.strip():
                yield number, f"<|{ASSISTANT}|>", begins
                asked = False
            yield line
    yield from _called(held)


def _ends(held: list[Given], text: str) -> bool:
    """Return whether a line below an empty one is said again: what a call prints stands below its input."""
    return len(held) > 1 and _SENTENCE.match(text) is not None


def _called(held: list[Given]) -> Iterator[Given]:
    """Yield a call as tags, and below it what it printed, but for empty lines around that."""
    if not held:
        return
    heads = [it for it in held if it[1].startswith("<|")]
    number, head, begins = next(it for it in held if _TOOL.match(it[1]))
    yield from heads
    body = [text for _, text, _ in held[held.index((number, head, begins)) + 1 :]]
    ends = next((at for at, it in enumerate(body) if not it.strip()), len(body))
    given: dict[str, list[str]] = {}
    for text in body[:ends]:
        field = _FIELD.match(text)
        if field:
            given[field["key"]] = [field["value"]]
        elif given:
            given[next(reversed(given))].append(text)
    found = _TOOL.match(head)
    printed = [*body[ends:]]
    while printed and not printed[0].strip():
        del printed[0]
    while printed and not printed[-1].strip():
        del printed[-1]
    tags = [*_tags(found["name"] if found else "", given), "<tool_result>", *printed, "</tool_result>"]
    yield from ((number, text, begins and not at and not heads) for at, text in enumerate(tags))


def _tags(name: str, given: dict[str, list[str]]) -> list[str]:
    """Return a call as tags: of the editor its command says what it does to the file."""
    if name == "text_editor":
        name = _EDITS.get(" ".join(given.pop("command", [])), "edit_file")
    elif name == "shell":
        name = "execute_command"
    told = {{"old_str": "old_string", "new_str": "new_string", "file_text": "content"}.get(it, it): it for it in given}
    inner = [
        line
        for tag, key in told.items()
        if given[key] != [_LEFT_OUT]
        for line in (f"<{tag}>", *given[key], f"</{tag}>")
    ]
    return [f"<{name}>", *inner, f"</{name}>"]
