"""Lines as a person saw them: controls carried out, escapes gone, what was overwritten or taken back too."""

from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.core.told import whose

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator

    from handoff_cli.transcripts.conversation.copies.given import Given

MAX_LINE_CHARS = 1 << 16
"""Nobody types a longer line; what a program wrote into one is not read further."""

_FORWARD = compiled(r"\x1b\[(\d{0,3})C")
_LEFT_SCREEN = compiled(r"\x1b\[\?(?:1049|1047|47)l")
"""A program that filled the screen, as an editor does, ends: what it drew is gone."""

_PLACE = compiled(r"\x1b\[\d{1,3};\d{1,3}[Hf]")
_PAINTED = compiled(
    r"\x1b\[\d{1,3};\d{1,3}[Hf](?:(?!\x1b\[(?:\d{1,3};\d{1,3}[Hf]|\?2026[hl])).)*"
    r"(?=\x1b\[(?:\d{1,3};\d{1,3}[Hf]|\?2026l))"
)
"""What is painted at a place of the screen, and over what stood there: the line that is typed on, and what is below."""

_ERASED = compiled(r"\x1b\[(?:([012]?)K|1?G)")
_ERASES = {"2": "\x1e", "1": "\r", None: "\r"}
_DRAWN = compiled(r"([\r\x1e\x1f])")
_ESCAPE = compiled(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]{0,4096}(?:\x07|\x1b\\)?|[PX^_][^\x1b]{0,4096}(?:\x1b\\)?|[ -/]*[0-~])"
)
_CONTROLS = {**dict.fromkeys(range(32)), 9: 9, 127: None, 0xA0: 32, 0x200B: None, 0xFEFF: None, 0x2028: 32, 0x2029: 32}
_TURN_END = compiled(r"<\|(?:im_end|eot_id|end|endoftext|end_of_text|begin_of_text)\|>|<end_of_turn>|</s>$")
_LINK_OF_EDITOR = compiled(r"\[([^\[\]]{1,200})\]\((?:command|vscode|(cci)):[^()\s]*(?: \"[^\"]{0,200}\")?(?:\)|$)")
"""A link that does something in an editor, and leads nowhere outside of it."""

_LOGGED = compiled(
    r"\[\d{4}-\d\d-\d\dT[\d:.]{8,15}Z?\] (?=(?:exec |(?:ba|z)sh -l?c |codex$|thinking$|tokens used|OpenAI Codex v"
    r"|Plan update|(User instructions:$)|(apply_patch(?: auto_approved|\([^)]*\):)|turn diff:|patch )))"
)
"""The time before each line with which ``codex exec`` began something new, to 0.44."""


def without_controls(lines: Iterable[Given]) -> Iterator[Given]:
    """Yield ``lines``, those that a terminal was given as it showed them: so the form of a screen is looked for."""
    for number, text, begins in lines:
        shown = cleaned(text) if "\x1b" in text else text
        yield number, "" if shown.startswith(_RECORDED) else shown, begins


_RECORDED = ("Script started on ", "Script done on ")
"""What ``script`` puts around what it records."""


def cleaned(text: str) -> str:
    """Return a line as it stood on the screen: escapes gone, what was overwritten or taken back too."""
    if text[:1] == "\x02" or text[-1:] == "\x03":
        return text if whose(text) is not None else cleaned(text.strip("\x02\x03"))
    if text[:1] not in ("{", "["):  # rows of JSON are whole or nothing
        text = text[:MAX_LINE_CHARS]
    if "<|" in text or "<end_of" in text or text.endswith("</s>"):
        text = _TURN_END.sub("", text)
    if "](c" in text or "](vscode:" in text:
        text = _LINK_OF_EDITOR.sub(_label, text)
    if text[:2] == "[2" and (logged := _LOGGED.match(text)):
        text = "user" if logged[1] else "file update" if logged[2] else text[logged.end() :]
    if text.isprintable():
        return text.rstrip()
    if "\x1b" in text:
        text = _without_painted(text) if "H" in text else text
        text = _FORWARD.sub(lambda found: " " * min(int(found[1] or 1), 200), text)
        text = _LEFT_SCREEN.sub("\x1e", text)
        text = _ESCAPE.sub("", _ERASED.sub(lambda found: _ERASES.get(found[1], "\x1f"), text))
    text = text.rstrip("\r")
    if "\r" in text or "\x1e" in text or "\x1f" in text:
        text = _overwritten(text)
    if "\b" in text:
        text = _taken_back(text)
    return text.translate(_CONTROLS).rstrip()


def _label(link: re.Match[str]) -> str:
    """Return what a link shows, as code where it leads to that."""
    return f"`{link[1]}`" if link[2] and "`" not in link[1] else link[1]


def _without_painted(text: str) -> str:
    """Return a line without what was painted at places of the screen; of one that only paints nothing is left."""
    first = _PLACE.search(text)
    if first is None:
        return text
    bare = _PAINTED.sub("", text)
    last = _PLACE.search(bare)
    return bare[: last.start()] if last and bare is not text and len(bare) < len(text) else bare


def _overwritten(text: str) -> str:
    """Return what a carriage return leaves, later text over the beginning of the earlier, and what was not erased.

    Two separators stand for what erases: the whole line, or the rest of it.
    """
    shown, column = "", 0
    for part in _DRAWN.split(text):
        if part == "\x1f":
            shown = shown[:column]
        elif part in ("\r", "\x1e"):
            shown, column = shown if part == "\r" else "", 0
        else:
            shown = shown[:column] + part + shown[column + len(part) :]
            column += len(part)
    return shown


def _taken_back(text: str) -> str:
    shown: list[str] = []
    for char in text:
        if char != "\b":
            shown.append(char)
        elif shown:
            shown.pop()
    return "".join(shown)
