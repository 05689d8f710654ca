"""Copies of terminals that take words and commands alike: folder and branch stand on a line above what was typed.

No sign is left of the line to type on, nor before what the agent says and runs: what stands in the paragraphs below
is told by its form.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.marks.sentences import BEGINS_PROGRAM, is_printed, is_said
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT, USER
from handoff_cli.transcripts.tagged import in_tags

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from handoff_cli.transcripts.conversation.copies.given import Given

_HEAD = compiled(
    r"(?P<folder>(?:~|/[\w.-]{1,40}/|[A-Z]:\\)\S{0,120})"
    r"(?: {1,3}(?:git:\([^()\s]{1,80}\)|(?:[*!?+]|[^\w\s!-~])\S{0,12}|\(?[\w./-]{1,60}\)?)){0,6}$"
)
_PATH = compiled(r"[\w@~.+-]{0,80}[./][^\s:;,]{1,200}$")
_CHANGED = compiled(r"(?P<sign>[+-])(?P<line>.*)$")
_COMMAND = compiled(
    r"(?:sudo |[A-Z_]{1,40}=\S{0,80} ){0,4}[a-z][\w.+-]{1,40}(?: [^\s:]{1,40}){0,3}? (?:--?[a-z]|['\"]|\S{0,80}/).*$"
)
_GIVEN = compiled(r".* (?:--?[a-zA-Z]|['\"/~.]|\|{1,2} |&& )")
_QUOTED = compiled(r"(?<=[ =])(?:\"[^\"]*\"|'[^']*')(?= |$)")
_SENTENCE_ENDS = compiled(r".*[\w)][?!:.,]$")
_HINT = compiled(r"(?:\w{2,20} anything\b|Type (?:a|your|to)\b|Ask (?:a|any)\w*\b).{0,100}$")
"""What stands on the line while nothing is typed."""

_LEAST, _LEAST_SAID, _MOST_LINES = 3, 2, 20_000


def is_in(texts: list[str]) -> bool:
    """Return whether a text that begins so is such a copy: below such lines stand sentences, more than once."""
    heads = _heads(texts)
    return len(heads) >= _LEAST and sum(is_said(texts[at + 1]) for at in heads) >= _LEAST_SAID


def in_turns(lines: Iterable[Given]) -> Iterator[Given]:
    """Yield the lines, with who speaks before each turn, and each call with what came of it."""
    given = iter(lines)
    shown = [*islice(given, _MOST_LINES)]
    texts = [text.rstrip() for _, text, _ in shown]
    begins = shown[0][2]
    for at, text in _told(texts):
        yield shown[at][0], text, begins
        begins = False
    yield from given


def _heads(texts: list[str]) -> list[int]:
    """Return the lines that are the upper one of such a prompt: apart, with something below, each folder again."""
    begins = (at for at, it in enumerate(texts[:-1]) if it[:1] in ("~", "/") or it[1:3] == ":\\")
    found = [
        (at, head["folder"])
        for at in begins
        if not (at > 1 and texts[at - 1]) and texts[at + 1] and (head := _HEAD.match(texts[at]))
    ]
    count = Counter(folder for _, folder in found)
    return [at for at, folder in found if count[folder] > 1]


def _told(texts: list[str]) -> Iterator[tuple[int, str]]:
    """Yield the lines in the place of those of the screen, each with the index of the line it came of."""
    heads = {*_heads(texts)}
    at, speaks, goes_on = min(heads), "", False
    above = [*filter(None, texts[:at])]
    if above and all(map(is_said, above)):
        yield from enumerate((f"<|{USER}|>", *above, ""))
    while (at := _next(texts, at)) < len(texts):
        is_typed = at in heads
        begin, at = at + is_typed, _end(texts, heads, at + is_typed)
        block = texts[begin:at]
        if not block:
            continue  # the title of the window
        if is_typed and _HINT.match(block[0]) and _next(texts, at) == len(texts):
            return  # nothing was sent from there
        run = _run(block, is_typed=is_typed)
        while run[-1:] == ["</tool_result>"] and (after := _printed_below(texts, heads, at)):
            at, printed = after
            run[-1:] = ["", *printed, "</tool_result>"]
        role = USER if (is_typed or goes_on) and not run else ASSISTANT
        yield begin, f"<|{role}|>" if role != speaks or is_typed else ""
        yield from ((begin, it) for it in run) if run else enumerate(block, begin)
        goes_on = role == USER and block[-1].endswith(":")
        speaks = role


def _next(texts: list[str], at: int) -> int:
    return next((it for it in range(at, len(texts)) if texts[it]), len(texts))


def _end(texts: list[str], heads: set[int], at: int) -> int:
    """Return where the paragraph ends that begins with line ``at``: at an empty line, or where somebody types."""
    return next((it for it in range(at, len(texts)) if not texts[it] or it in heads), len(texts))


def _printed_below(texts: list[str], heads: set[int], at: int) -> tuple[int, list[str]] | None:
    """Return where the next paragraph ends and its lines, if it is output too; None where it is none."""
    begin = _next(texts, at)
    ends = _end(texts, heads, begin)
    block = texts[begin:ends]
    is_output = len(block) >= _LEAST_PRINTED and all(map(is_printed, block)) and not _run(block)
    return (ends, block) if is_output else None


_LEAST_PRINTED = 2


def _run(block: list[str], *, is_typed: bool = False) -> list[str]:
    """Return the command that a paragraph begins with, or the edits that it shows, as tags; nothing for words."""
    if len(block) > 1 and _PATH.match(block[0]) and _CHANGED.match(block[1]):
        return _edits(block)
    if not (_is_typed_command if is_typed else _is_command)(block[0]):
        return []
    call = in_tags("execute_command", in_tags("command", block[:1]))
    return [*call, *in_tags("tool_result", block[1:])]


def _is_typed_command(text: str) -> bool:
    """Return whether a line that was typed is for a program: what is quoted aside, nobody says it."""
    return BEGINS_PROGRAM.match(text) is not None and not is_said(_QUOTED.sub("''", text))


def _is_command(text: str) -> bool:
    """Return whether a line runs something: words of the language need what a program is given."""
    if BEGINS_PROGRAM.match(text) and (_GIVEN.match(text) or not is_said(text)):
        return True
    return _COMMAND.match(text) is not None and not (_SENTENCE_ENDS.match(text) or is_said(text))


def _edits(block: list[str]) -> list[str]:
    """Return the files of a paragraph as tags, each with the lines below it that were taken out and put in."""
    tags: list[str] = []
    path, sides = "", {"-": [], "+": []}  # type: str, dict[str, list[str]]
    for text in (*block, ""):
        if changed := _CHANGED.match(text):
            sides[changed["sign"]].append(changed["line"])
            continue
        if path and any(sides.values()):
            changes = [*in_tags("old_string", sides["-"]), *in_tags("new_string", sides["+"])]
            tags += in_tags("edit_file", [f"<path>{path}</path>", *changes])
        path, sides = text, {"-": [], "+": []}
    return tags
