"""Calls of tools in the notations of logs and exports, with their input and their results.

The input is JSON, fields or plain words; the result stands below, under a name of its own, behind a sign, in a block or
set in.
"""

from __future__ import annotations

import re

from handoff_cli.core.patterns import compiled
from handoff_cli.core.text import indent_of
from handoff_cli.core.tool_names import ASKERS, SHELLS, edits
from handoff_cli.transcripts.conversation.marks.inputs import TOOLS, from_html, input_of, is_ticked, plain_name
from handoff_cli.transcripts.conversation.marks.speakers import USER
from handoff_cli.transcripts.conversation.reading.fences import (
    DATA,
    FENCE,
    OF_SHELL,
    fence_text,
    pass_over_data,
    rest_of_turn,
)
from handoff_cli.transcripts.conversation.reading.work import Output
from handoff_cli.transcripts.conversation.written.commands import whole
from handoff_cli.transcripts.conversation.written.descriptions import RUN as OF_RUN
from handoff_cli.transcripts.conversation.written.descriptions import (
    below,
    folded_text,
    prints_at_once,
    shown_in,
    summary_on,
    told_by,
    tool_of,
    unfolded,
)
from handoff_cli.transcripts.conversation.written.files import changed_below, edited_by
from handoff_cli.transcripts.conversation.written.inputs_below import INLINE, STATUS, given_below
from handoff_cli.transcripts.conversation.written.notations import (
    RUN,
    call_in,
    ends_output,
    goes_on,
    result_in,
)
from handoff_cli.transcripts.outcomes import judged
from handoff_cli.transcripts.tools import Asked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from handoff_cli.transcripts.conversation.reading.talk import Placed, Talk

_SIGNED = compiled(
    r"\s{0,12}(?:[-*] )?(?:✅|✓|✔|ok:|success:|(?P<bad>❌|✗|✘|✖|failed:|error:)|[←⇐⇒⎿└↳↪]|<-|=>|->)\ufe0f?"
    r"\s{0,3}(?P<rest>.*)$"
)
_BROKE = compiled(
    r"(?:Error|Failed|Failure|Could not|Unable)(?: (?:to|in|when|while))? (?:call|run|execut|invok)(?:e|ing)? (?:the )?"
    r"tool:? (?P<q>['\"`]?)(?P<name>[A-Za-z_][\w.-]{1,60})(?P=q)(?:[.:] ?.{0,300})?$"
)
"""A call of which only is told that it failed."""

_FOLDS = compiled(r"\s*</?(?:details|summary)[^>]*>\s*")
_FOLDED = compiled(r"\s*</?(?:details|summary)[^>]*>\s*|\s*<summary>[^<>]{0,80}</summary>\s*")
_NUMBER = compiled(r"\s?\(?(?:call_|toolu_|tool_use_)?(?:id|ID)[:=] ?[\w-]{1,80}\)?")
_GIVEN = compiled(r"(?:with|args|arguments|input|parameters)\b\s?[:=]?\s?(?=[{(\[`\"'])")
_NEAR_LINES = 6


def tool(talk: Talk, text: str) -> list[Placed] | None:
    """Read a call or its result in one of the notations of exports."""
    if head := call_in(talk, text):
        talk.cursor.take()
        return _called(talk, *head)
    if (broke := _BROKE.match(text)) and talk.role != USER and talk.ends_apart() and not talk.cursor.peek(1):
        talk.cursor.take()
        number = talk.cursor.number
        return [*talk.call(broke["name"], {}, number), *talk.answer(text, failed=True, last=True)]
    result = result_in(text) if talk.awaits else None
    if result is None or (not result[1] and text.endswith(".")):
        return None
    talk.cursor.take()
    return resulted(talk, result[1], failed=result[0])


def notation(talk: Talk, text: str) -> list[Placed] | None:
    """Read a call that begins with ``text``, the rest of a line that was read; None where it is no call."""
    if head := call_in(talk, text):
        return _called(talk, *head)
    bare = text.strip("*`\"' ")
    if bare.lower() in TOOLS:
        return _called(talk, bare, "")
    other = re.match(r"([A-Za-z_][\w.-]{1,60})\s*([({].*)$", text)
    return _called(talk, other[1], other[2]) if other else None


def _called(talk: Talk, name: str, after: str) -> list[Placed]:
    """Read the input of a call and, where it follows at once, its result."""
    number, indent = talk.cursor.number, indent_of(talk.cursor.last)
    talk.folded = folds = "<summary>" in talk.cursor.last
    words, about = _words_after(summary_on(talk, after) if folds else after)
    if about.startswith(OF_RUN):
        about = about.removeprefix(OF_RUN)
        words = about if prints_at_once(talk, about) else words
    if not words and _holds_run(talk):
        return []
    if not words and not about:
        about, folds_below = below(talk)
        talk.folded = folds = folds or folds_below
    words = _run_in(talk, words) if plain_name(name) in SHELLS else words
    given = _input(talk, name, words, about, folds)
    if isinstance(given, dict) and "file_path" in given and not Asked(name, given).touches:
        name = tool_of(about.partition(" ")[0]) or name
    if isinstance(given, dict) and edits(plain_name(name)):
        given = _edited(talk, given, folds)
    if not given and plain_name(name) in ASKERS and _FOLDS.match(talk.cursor.peek() or ""):
        return []  # an export shows it once more, without what was asked
    events = talk.call(name, from_html(given) if talk.folded else given, number)
    if folds and not _labels_result(talk) and (unfolded(talk) or plain_name(name) not in SHELLS):
        return [*events, *_answered(talk, shown_in(folded_text(talk)), None, last=True)]
    return [*events, *answer_below(talk, indent, bool(words))]


def _input(talk: Talk, name: str, words: str, about: str, folds: bool) -> Any:
    """Return the input of a call: ``words`` on its line, what a description tells, or what stands below."""
    if words.strip("`*_:() "):
        given = input_of(name, words)
        _pass_over_again(talk, words)
        return given
    if told := told_by(name, about):
        return {**told, **changed_below(talk, folds)} if "file_path" in told else told
    return given_below(talk, name) or (input_of(name, about) if about else {})


def _edited(talk: Talk, given: dict[str, Any], folds: bool) -> dict[str, Any]:
    """Return the input of an edit with what is shown of it below, where it names a file alone or nothing."""
    if [*given] in _ONLY_A_FILE:
        given = {**given, **changed_below(talk, folds)}
    return {**edited_by(talk), **given} if [*given] in ([], ["content"], *_ONLY_A_FILE) else given


_ONLY_A_FILE = ["file_path"], ["path"]


def _run_in(talk: Talk, words: str) -> str:
    """Return the command in ``words`` behind the name of a shell, empty where they describe one that stands below."""
    if not words or words[0] == "{":
        return words
    if _describes(talk, words):
        return ""
    words = whole(talk, words).removeprefix("(")
    return words[:-1] if words.count(")") > words.count("(") else words


def _labels_result(talk: Talk) -> bool:
    """Return whether the next line that is not empty names what stands below, as a result or data besides."""
    text = next((it for it in map(talk.cursor.peek, range(_NEAR_LINES)) if it), "")
    return text == DATA or result_in(text) is not None


def _describes(talk: Talk, words: str) -> bool:
    """Return whether words behind the name of a shell say what the command is for, which stands below them."""
    if not words[:1].isupper() or " " not in words:
        return False
    ahead = next((it for it in range(_NEAR_LINES) if talk.cursor.peek(it)), 0)
    text = talk.cursor.peek(ahead) or ""
    fence, inline = FENCE.match(text), INLINE.match(text)
    return bool(fence and fence[2] in OF_SHELL) or bool(inline and inline[1] != words)


def _words_after(after: str) -> tuple[str, str]:
    """Return the input behind the name of a tool, without what only holds the notation together, and a description."""
    after = _NUMBER.sub("", after, 1).replace("</summary>", "").strip()
    if after.endswith("]") and after[0] != "]" and after.count("]") > after.count("["):
        after = after[:-1]
    after = after.strip("*").strip()
    while after[:1] in (":", "→", "—", "|", "]", ")") or after[:2] in ("- ", "=>"):
        after = after[1:].strip().removeprefix(">").strip("*").strip()
    about = ""
    if after[:1] == "•":
        about, after = after[1:].strip(), ""
    after = _GIVEN.sub("", after, 1)
    if is_ticked(after):
        return after, about
    if after.startswith("(") and after.endswith(")"):
        after = after[1:-1]
    return (after.strip("`") if after.count("`") <= 2 else after), about  # noqa: PLR2004 (a pair)


def _pass_over_again(talk: Talk, words: str) -> None:
    """Pass over the input of a call where it stands below the call once more."""
    ahead = next((it for it in range(_NEAR_LINES) if talk.cursor.peek(it)), 0)
    if (again := INLINE.match(talk.cursor.peek(ahead) or "")) and again[1] == words:
        talk.cursor.skip(ahead + 1)


def _holds_run(talk: Talk) -> bool:
    """Return whether a block below holds a command behind a prompt with its output: that is the call."""
    ahead = next((it for it in range(_NEAR_LINES) if FENCE.match(talk.cursor.peek(it) or "")), None)
    if ahead is None or not RUN.match(talk.cursor.peek(ahead + 1) or ""):
        return False
    passed = [talk.cursor.peek(it) or "" for it in range(ahead)]
    if not all(not it or STATUS.match(it) for it in passed) or FENCE.match(talk.cursor.peek(ahead + 2) or "```"):
        return False
    talk.cursor.skip(len(passed))
    return True


def answer_below(talk: Talk, indent: int = 0, beside: bool = False) -> list[Placed]:
    """Return the answer to the call just made, if it follows: named as a result, behind a sign, in a block, set in.

    ``indent`` is that of the call's line, ``beside`` whether its input stands on that line.
    """
    pass_over_data(talk)
    ahead = 0
    while (
        ahead < _NEAR_LINES and (text := talk.cursor.peek(ahead)) is not None and (not text or _FOLDS.fullmatch(text))
    ):
        ahead += 1
    text = talk.cursor.peek(ahead) or ""
    result = result_in(text)
    if not result and not ahead and (signed := _SIGNED.match(text)):
        result = (bool(signed["bad"]) or None), signed["rest"]
    if not result and not ahead and beside and _is_set_in(text, indent):
        return _answered(talk, _set_in(talk, text), None, last=True)
    fence = FENCE.match(text)
    runs = fence and fence[2] in OF_SHELL and RUN.match(talk.cursor.peek(ahead + 1) or "")
    if not result and (not fence or runs or not talk.awaits):
        return []
    talk.cursor.skip(ahead)
    if not result:
        return resulted(talk, "", last=True)
    talk.cursor.take()
    return resulted(talk, result[1], failed=result[0], last=True)


def _is_set_in(text: str, indent: int) -> bool:
    return indent_of(text) >= indent + 2 or text[:2] in ("> ", "| ") or text in (">", "|")


def _set_in(talk: Talk, first: str) -> str:
    """Read an output that is set in or quoted below the line of its call."""
    output, bar = Output(), first[0] if first[0] in ">|" else first.lstrip()[0] if first.lstrip()[0] in "|│" else ""
    indent = indent_of(first)
    while (text := talk.cursor.peek()) is not None:
        if bar:
            inner = text.strip() or (talk.cursor.peek(1) or "").strip()
            if inner[:1] != bar or call_in(talk, text):
                break
            text = text.lstrip()[1:].removeprefix(" ")
        elif text.strip():
            if indent_of(text) < indent or call_in(talk, text):
                break
        elif indent_of(talk.cursor.peek(1) or "") < indent:
            break
        talk.cursor.take()
        output.add(text)
    return output.text()


def resulted(talk: Talk, first: str, *, failed: bool | None = None, last: bool = False) -> list[Placed]:
    """Read a result: ``first``, the rest of its line, a fenced block below, or lines up to an empty one."""
    if _TOOL_ALONE.fullmatch(first) and _begins_block(talk):
        first = ""
    while (text := talk.cursor.peek()) is not None and not first and (not text or _FOLDED.fullmatch(text)):
        talk.cursor.take()
    text = talk.cursor.peek() or ""
    fence = FENCE.match(text)
    if fence and not first.strip("`* "):
        output = fence_text(talk, fence[1])
        output += rest_of_turn(talk, fence[1]) if talk.role == USER else ""
    else:
        lines, is_quoted = Output(), talk.cursor.last[:1] == ">" and text[:1] == ">"
        lines.add(first.replace("</summary>", ""))
        while is_quoted and (text := talk.cursor.peek() or "")[:1] == ">" and not call_in(talk, text):
            lines.add(talk.cursor.take()[1:].removeprefix(" "))
        while not is_quoted and (text := talk.cursor.peek()) is not None:
            if not text.strip() if not goes_on(talk) else ends_output(talk, text):
                break
            lines.add(talk.cursor.take())
        output = lines.text()
    return _answered(talk, output, failed, last=last)


_TOOL_ALONE = compiled(r"`[\w.:-]{1,80}`(?: \([^()\n]{1,120}\))?")
"""A tool whose result is headed by its name."""


def _begins_block(talk: Talk) -> bool:
    """Return whether a block begins below what folds it away."""
    below = (talk.cursor.peek(ahead) or "" for ahead in range(_NEAR_LINES))
    return FENCE.match(next((it for it in below if it and not _FOLDED.fullmatch(it)), "")) is not None


def _answered(talk: Talk, output: str, failed: bool | None, *, last: bool) -> list[Placed]:
    """Return the answer to a call that waits, with its outcome going by ``output`` where ``failed`` does not tell."""
    if not talk.awaits:
        return []
    if not last:
        return talk.answer_in_turn(output, failed)
    run, output = talk.waiting[-1].run, from_html(output) if talk.folded else output
    output, told, code = judged(run, output)
    if failed is None:
        failed = told
    if failed is None and not run:
        failed = False
    return talk.answer(output, failed, code, created=output.startswith(_CREATED), last=True)


_CREATED = ("File created", "Created ", "Wrote ", "New file ")
"""How a result begins that says that a file was not there before."""
