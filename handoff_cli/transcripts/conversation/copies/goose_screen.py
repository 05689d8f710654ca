"""Copies of goose's screen, as lines that name the speakers, with calls as tags: a rule names the tool of each."""

from __future__ import annotations

from itertools import chain, pairwise

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT, USER
from handoff_cli.transcripts.tagged import in_tags
from handoff_cli.transcripts.values import without_empty_ends

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from handoff_cli.transcripts.conversation.copies.given import Given

_PROMPT = "( O)>"
_TOOL = compiled(r"[─━]{2,4} (?P<name>\w{1,60}) \| [\w.-]{1,60} [─━]{5,}$")
_PREFACE = compiled(
    r"(?:starting|resuming) session \||\s{4}(?:logging to|working directory|session id)\b|[Gg]oose is running!"
    r"|Please retry if you think this is"
)
_STATE = compiled(r"Context: [○●]{3}")
"""How full the window is, which stands above each prompt."""

_FIELD = compiled(r"(?P<key>[a-z_]{2,30}): ?(?P<value>.*)$")
_SENTENCE = compiled(r"[A-Z\u00c0-\u00de][\w'\u2019-]*,?(?: \S+){2,}[.!?:]$")
_CRY = compiled(r"[A-Z\u00c0-\u00de][\w'\u2019-]*(?: \w+){0,2}!$")
_WORD = compiled(r"[(\"'`]?[^\W\d_][^\W\d_'\u2019-]*[.,;:!?)\"'`]{0,3}$")
_LEAST_WORDS = 6
_ITEM = compiled(r"(?:[-*\u2022]|\d{1,2}[.)]) \S")
_TEXTS = ("old_str", "new_str", "file_text")
_INPUTS = {*_TEXTS, "path", "command", "view_range", "insert_line"}
"""What the editor is given: texts go on over empty lines, and hold lines that look as the fields of another tool do."""

_SHOWN = compiled(r"### |(?:\w{1,20} )?[Ee]rror\b|\w{1,20}Error:")
"""How what the editor shows of a file begins, or why it did nothing."""

_EDITOR = "text_editor"
_EDITS = {"view": "read_file", "write": "write_to_file", "create": "write_to_file"}
_LEFT_OUT = "..."
"""What the screen has in the place of a long input."""


def is_in(texts: list[str]) -> bool:
    """Return whether a text that begins so is such a copy."""
    return any(map(_TOOL.match, texts)) and any(it.startswith(_PROMPT) for it in texts)


def in_turns(lines: Iterable[Given]) -> Iterator[Given]:
    """Yield the lines, with who speaks before each turn, and each call with what it printed."""
    held: list[Given] = []  # of the call at hand
    asked = writes = False
    for line, (_, below, _) in pairwise(chain(lines, ((0, "", False),))):
        number, text, begins = line
        typed = text.startswith(_PROMPT)
        is_tool, is_state = _TOOL.match(text) is not None, _STATE.match(text) is not None
        if held and (typed or is_tool or is_state or _ends(held, text, below, writes)):
            yield from _called(held)
            held = []
        if is_state or (not held and _PREFACE.match(text)):
            continue
        writes = bool(held) and _writes(held, text, writes)
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


def _writes(held: list[Given], text: str, writes: bool) -> bool:
    """Return whether a line belongs to a text that the editor is given; ``writes``: the one above does."""
    if writes:
        return not (_are_empty(held) and _SHOWN.match(text))
    field = _FIELD.match(text)
    return field is not None and field["key"] in _TEXTS and _is_of_editor(held)


def _is_of_editor(held: list[Given]) -> bool:
    """Return whether the call at hand is one of the editor's whose fields go on."""
    tool = _TOOL.match(held[0][1]) or (_TOOL.match(held[1][1]) if held[1:] else None)
    return tool is not None and tool["name"] == _EDITOR and bool(held[-1][1].strip())


def _are_empty(held: list[Given]) -> bool:
    return len(held) > 1 and not held[-1][1].strip() and not held[-2][1].strip()


def _ends(held: list[Given], text: str, below: str, writes: bool) -> bool:
    """Return whether a line below an empty one is said again: what a call prints stands below its input.

    Within a text that is written two lines are empty there. What goes on ``below`` in no sentence is printed.
    """
    if not (_are_empty(held) if writes else len(held) > 1 and not held[-1][1].strip()):
        return False
    if not (_SENTENCE.match(text) or _CRY.match(text) or _is_prose(text)):
        return False
    goes_on = below.startswith((_PROMPT, "`", "#", "**")) or any(it.match(below) for it in (_TOOL, _ITEM, _SENTENCE))
    return goes_on or not below.strip()


def _is_prose(text: str) -> bool:
    """Return whether a line that may begin with a name or a figure is words: most are, and a sentence ends in it."""
    words = text.split(" ")
    if len(words) < _LEAST_WORDS or not (text[0].isalnum() or text[0] == "`") or "" in words:
        return False
    ends = text[-1] in ".!?:" or ". " in text
    return ends and 3 * sum(_WORD.match(it) is not None for it in words) >= 2 * len(words)


def _called(held: list[Given]) -> Iterator[Given]:
    """Yield a call as tags, and below it what it printed, but for empty lines around that."""
    if not held:
        return
    heads = [it for it in held if it[1].startswith("<|")]
    number, head, begins = next(it for it in held if _TOOL.match(it[1]))
    yield from heads
    body = [text for _, text, _ in held[held.index((number, head, begins)) + 1 :]]
    found = _TOOL.match(head)
    name = found["name"] if found else ""
    given, ends = _given(body, of_editor=name == _EDITOR)
    tags = [*_tags(name, given), *in_tags("tool_result", body[ends:])]
    yield from ((number, text, begins and not at and not heads) for at, text in enumerate(tags))


def _given(body: list[str], *, of_editor: bool) -> tuple[dict[str, list[str]], int]:
    """Return what a call is given by its names, and which line of ``body`` that ends before."""
    given: dict[str, list[str]] = {}
    key, ends = "", len(body)
    for at, text in enumerate(body):
        writes = of_editor and key in _TEXTS
        is_shown = at > 1 and not (body[at - 1].strip() or body[at - 2].strip()) and _SHOWN.match(text)
        if is_shown if writes else not text.strip():
            ends = at
            break
        field = _FIELD.match(text)
        if field and (not writes or field["key"] in _INPUTS - given.keys()):
            key = field["key"]
            given[key] = [field["value"]]
        elif key:
            given[key].append(text)
    return {it: without_empty_ends(lines) for it, lines in given.items()}, ends


def _tags(name: str, given: dict[str, list[str]]) -> list[str]:
    """Return a call as tags: of the editor its command says what it does to the file."""
    if name == _EDITOR:
        name = _EDITS.get(" ".join(given.pop("command", [])), "edit_file")
    elif name == "shell":
        name = "execute_command"
    told = {{"old_str": "old_string", "new_str": "new_string", "file_text": "content"}.get(it, it): it for it in given}
    inner = (in_tags(tag, given[key]) for tag, key in told.items() if given[key] != [_LEFT_OUT])
    return in_tags(name, [line for lines in inner for line in lines])
