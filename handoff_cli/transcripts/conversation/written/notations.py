"""Which lines call a tool, in the notations of logs and exports, which begin a result, and where an output ends.

A call is a name, decorated or with a word that says that it is a tool, before its input.
"""

# ruff: noqa: RUF001 (signs as they stand on screens)
from __future__ import annotations

import re

from handoff_cli.core.patterns import caseless, compiled
from handoff_cli.transcripts.conversation.marks.inputs import ON_FILES, OWN_NAMES, TOOLS, plain_name
from handoff_cli.transcripts.conversation.marks.sentences import BEGINS_PROGRAM, is_printed, is_said
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT, SYMBOLS
from handoff_cli.transcripts.conversation.marks.voices import SCREENS, TERMINAL
from handoff_cli.transcripts.conversation.reading.fences import FENCE
from handoff_cli.transcripts.conversation.reading.survey import EXEC_LINES, SHELL_PROMPT
from handoff_cli.transcripts.conversation.reading.todos import BOX
from handoff_cli.transcripts.conversation.reading.work import is_path, paths_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from handoff_cli.transcripts.conversation.reading.talk import Talk

RUN = compiled(
    r"((?:\s{0,12}(?:> )?)(?=\$)|)(?:[$❯]|➜(?:  ?[\w.~/-]{1,80} git:\([^()\s]{1,80}\)(?: ✗)?)?) +"
    r"((?!\d[\d.,]*(?:\s|$))(?:[\w./~\"'({\[!#:-]|\$[A-Za-z_]).*)$"
)
_FOLD = r"(?:<details[^>]{0,40}>\s*)?(?:<summary>\s*)?"
LEAD = rf"(?:[>#|\s-]{{0,8}}|[*+] |\d{{1,3}}[.)] ){SYMBOLS}?{_FOLD}{SYMBOLS}?(?:\*\*|__|\[|\(|`|<|\*|_)?{SYMBOLS}?"
_ABROAD = (
    "werkzeug(?:aufruf)?|outil|herramienta|ferramenta|strumento|narzędzie|инструмент|工具(?:调用|呼び出し)?|ツール|도구"
)
"""What other languages call a tool."""

_TOOLS = (
    *("tool", "function", "werkzeug", "outil", "herramienta", "ferramenta", "strumento", "narz", "инстр", "具"),
    *("ツール", "도구"),
)
_CALLING = compiled(
    rf"{LEAD}(?P<words>(?:(?:assistant|agent|claude|codex|gemini|model|ai)(?:'s)? )?"
    r"(?:(?:using|uses?|used|call(?:s|ed|ing)?|invok(?:e|es|ed|ing)|runs?|running|executing|executed"
    r"|wants? to (?:use|run|call))(?: (?:the )?(?:tool|function))?|tool[ _-]?(?:use|uses|used|call(?:s|ed)?|name"
    rf"|invocation|request|execution)?|function(?:[ _-]?call)?|action|{_ABROAD}))(?:\*\*|__)?(?![\w-])"
    r"(?P<sign>[\])`]?\s{0,2}[:=(>|→—–-]{0,2}(?:\*\*(?= ?`))?\s{0,2})(?:name=)?[*`\"'_]{0,3}"
    r"(?P<name>(?!(?:results?|outputs?|errors?|responses?|calls?|uses?|inputs?|is|was|are|the|a|an|to|for|and|or|in|of"
    r"|with|that|it|this|has|will|can)\b)[A-Za-z](?:[\w/-]|[.:](?=\w)){0,80})[*`\"'_]{0,3}(?P<after>.*)$",
    re.IGNORECASE,
)
KNOWN_TOOL = compiled(
    rf"{LEAD}({'|'.join(OWN_NAMES)})"
    r"(?P<after>(?:\*\*|`|\])?\s{0,2}(?::|\(|`|\*\*|\]|\{|→|—|-|\||</summary>).*|(?:\*\*|`|\]))$"
)
_SEPARATED = compiled(r"\s{0,2}(?:$|[:({\[\]`\"'*→—|]|(?:with|args|arguments|input|id)\b.{0,3}[:={(\[`\"])")
_PROSE = compiled(r"[\s:*-]{0,4}[a-z][a-z']* [a-z']+ [a-z']+ ")
RESULT = compiled(
    rf"{LEAD}(?:tool[ _-]?|command |function[ _-]?|bash |shell )?(result|output|response|stdout|stderr|returned|error"
    r"|observation|return value)s?(?: (?:of|from|for) [\w.:`-]{1,60})?(?:\s\w{2,20}=[^\s\]]{1,80})*"
    r"(?: (?:error|failed|ok|success))?"
    r"(?: ?\([^()]{1,60}\))?(?:\*\*|__|\]|\)|</summary>|:|`|>)+(?: ?\([^()]{1,60}\))?:?\s{0,3}"
    r"(?:`(?:toolu|tooluse|call|fc)_[\w-]{2,80}`$)?(.*)$",
    re.IGNORECASE,
)
_HEADED = compiled(r"#{2,6} (?:tool )?(result|output|response|error|observation)s?\s*$", re.IGNORECASE)
INPUT = compiled(
    rf"{LEAD}(?:(?:tool|action|function)[ _]?)?(?:input|arguments?|args|parameters?|params)"
    r"(?:\*\*|__|\]|</summary>|:)+\s{0,3}(.*)$",
    re.IGNORECASE,
)
_WHOLE_CHARS = 4000
"""No line of a notation without JSON is longer."""

EXEC_ENDED = compiled(r" ?(?:bash -lc .{1,2000} )?(?:succeeded|exited (?P<code>\d+)) in [\d.]+m?s:?$")
"""How ``codex exec`` says that a command ended."""


def call_in(talk: Talk, text: str) -> tuple[str, str] | None:
    """Return the name of the tool that a line calls and what stands behind it; None where it calls none."""
    if len(text) > _WHOLE_CHARS and "{" not in text:
        return None
    text = text.lstrip() if "<summary>" in text else text
    if told := labelled(text):
        return told
    if (known := KNOWN_TOOL.match(text)) and _is_input(known[1], known["after"], text):
        return None if known[1] in _ALSO_WORDS and _is_title(talk, known["after"], text) else (known[1], known["after"])
    found = _CALLING.match(text)
    return (found["name"], found["after"]) if found and _calls(talk, found, text) else None


def labelled(text: str) -> tuple[str, str] | None:
    """Return the tool that a line tells of in words behind a label, and on what it is used; None for other lines."""
    found = _LABELLED.match(text) if text[:1] == "[" else None
    name = next((it for it, did in _DID if did.search(found["did"])), "") if found else ""
    if not found or not name:
        return None
    about = found["about"] if name == "Bash" else _ASIDE.sub("", found["about"])
    return (name, about) if name == "Bash" or is_path(about) else None


_LABELLED = compiled(
    rf"\[(?:tool|{_ABROAD})\] ?(?P<did>[^:：\[\]]{{2,40}})[:：] ?(?P<about>\S.{{0,2000}})$", re.IGNORECASE
)
_ASIDE = compiled(r"(?<!\s)\s*[(（][^()（）]{1,40}[)）]$")
_DID = (
    ("Edit", caseless(r"\bedit|bearbeit|\bmodif|\bизмен|\bредакт|編集|编辑|修改|편집|수정")),
    (
        "Write",
        caseless(r"\bcreat|\bwrit|erstell|anleg|\bschreib|\bcrea|\bcréer|\bécri|\bсозда|作成|创建|写入|생성|작성"),
    ),
    (
        "Read",
        caseless(
            r"\bread(?:ing)?\b|\bview|\blecture|\bgelesen|\blesen|\bleer|\blire|\bler |\bпрочит|\bчита|読|读取"
            r"|查看|읽기"
        ),
    ),
    ("Bash", caseless(r"\bcommand|befehl|\bcomando|\bcommande|\bкоманд|コマンド|命令|명령")),
)
"""What a label is followed by that tells what a tool did."""


def _is_input(name: str, after: str, text: str) -> bool:
    """Return whether what follows the name of a tool at the beginning of a line can be its input, and is no prose."""
    words = after.lstrip("*`] ")
    if _TIME.fullmatch(words.strip("(): ")):
        return False
    is_item = _LISTED.match(text) is not None
    if words[:1] in ("(", "{", "") or (_QUOTED.fullmatch(after) and not is_item) or text[:1] == "[":
        return True
    if is_item and name in _ALSO_WORDS:
        return False
    words = words.lstrip(":→—|- *")
    tool = plain_name(name)
    if tool in ON_FILES:
        return not words or words[0] in "{\"'" or is_path(words) or (" " not in words and "/" in words)
    if name in _ALSO_WORDS:
        return not _PROSE.match(after) and (words[:1] == "{" or not text.lstrip("-*>+ ")[:1].isalpha())
    return True


_QUOTED = compiled(r"[\s:*|→—–\])-]{0,8}`[^`]{1,2000}`?(?:\s{0,2}(?:[.:*|→—–•(\[<-].*)?)?")
"""What is quoted alone behind the name of a tool; behind words in a sentence stand other words."""
_LISTED = compiled(r"\s*(?:[-*+•]|\d{1,3}[.)]) [A-Z]")
"""An item that begins with a plain word: what is to be done is listed so too."""

_TIME = compiled(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d[\d:.]{0,12}Z?)?")
_ALSO_WORDS = ("Shell", "Update", "Task", "Agent", "Skill")
"""Names of tools with which a heading of somebody's own words begins too."""


def _is_title(talk: Talk, after: str, text: str) -> bool:
    """Return whether a line is a heading of somebody's words: no input stands on it, and no block or result below."""
    if text[0] != "#" or after.lstrip("*`] ")[:1] in ("(", "{"):
        return False
    below = talk.cursor.peek(1) or talk.cursor.peek(2) or ""
    return not (below[:1] == "{" or FENCE.match(below) or INPUT.match(below) or result_in(below))


def _calls(talk: Talk, found: Any, text: str) -> bool:
    """Return whether a line that speaks of a tool calls it: it is marked as a call, or an input follows."""
    words, name, after = found["words"].lower(), found["name"], found["after"]
    is_tool = any(it in words for it in _TOOLS)
    if name.lower() in TOOLS or name.startswith("mcp__"):
        if is_tool and (found["sign"].strip() or not after or after[0] in ":({[]"):
            return not _PROSE.match(after)
        marked = name[0].isupper() or "_" in name or found["sign"].strip()
        return bool(marked) and _SEPARATED.match(after) is not None and not _PROSE.match(after)
    return _is_notation(talk, words, name, after, text)


def _is_notation(talk: Talk, words: str, name: str, after: str, text: str) -> bool:
    """Return whether a line calls a tool of a name that nobody knows."""
    if "using tool" in words or "tool use" in words or "tool_use" in words or "tool call" in words:
        return bool(text[:1] in "[*#<🔧🛠⚙" or after.strip()[:1] in ("", *'(:{[`]|"*→—-'))
    is_tool = any(it in words for it in _TOOLS)
    if after[:2] == "()" and not is_tool:  # code that is spoken of
        return False
    if (after.strip() if is_tool else after)[:1] in ("(", "{", "`"):  # "Action items (May)" is a heading
        return True
    follows = talk.cursor.peek(1) or talk.cursor.peek(2) or ""
    return (
        name[:1].isupper() is False
        and is_tool
        and ":" in text
        and (INPUT.match(follows) is not None or bool(FENCE.match(follows)))
    )


def result_in(text: str) -> tuple[bool | None, str] | None:
    """Return whether a line that begins a result says that it is of a failure, and the rest of it; None for others."""
    found = RESULT.match(text) or _HEADED.match(text)
    if not found:
        return None
    rest = found[2] if found.re is RESULT else ""
    head = text[: len(text) - len(rest)].lower()
    failed = found[1].lower() == "error" or "error" in head or "fail" in head
    return (True if failed else None), rest


def is_call(talk: Talk, text: str) -> bool:
    """Return whether a line begins a call in a notation that is nobody's prose."""
    return call_in(talk, text) is not None


def is_result(text: str) -> bool:
    """Return whether a line begins the result of a call."""
    return result_in(text) is not None


def goes_on(talk: Talk, *, is_text: bool = True) -> bool:
    """Return whether an output does not end with the next line for being empty; ``is_text``: it may hold prose."""
    text, ahead = talk.cursor.peek(), 0
    while text is not None and not text.strip() and ahead < 4:  # noqa: PLR2004
        ahead += 1
        text = talk.cursor.peek(ahead)
    if not ahead:
        return True
    if not text or ends_output(talk, text, ahead):
        return False
    if talk.survey.takes_turns and _HAS_SENTENCE.match(text) and is_said(text):
        return False  # who speaks after a command is not named again
    return (is_text and talk.survey.names_each_part) or is_printed(text)


_HAS_SENTENCE = compiled(r"[`*]{0,2}[a-z][\w.'\u2019]*(?:\(\))?[`*,]{0,3} .*[.?!][\"'`)*]{0,3}(?:$|\s)")
"""A line that begins small, with no name of what speaks (``hint:``), in which a sentence ends."""


def heads_prompt(talk: Talk, text: str, ahead: int = 0) -> bool:
    """Return whether a line is the upper one of a prompt on two lines: folder and branch above the sign.

    It stands apart from what is above. On the screen of an agent what the user says has the same sign: there a program
    must follow it, and the line may be none of the agent's words.
    """
    below = talk.cursor.peek(ahead + 1) or ""
    if below[:1] != "❯" or _PROMPT_HEAD.match(text) is None:
        return False
    above = talk.cursor.peek(ahead - 1) if ahead else talk.cursor.last
    if above and not (talk.cursor.begins_piece and not ahead):
        return False
    return not talk.forms() & SCREENS or (
        (talk.role is None or talk.set_in) and BEGINS_PROGRAM.match(below[1:].strip()) is not None
    )


_PROMPT_HEAD = compiled(
    r"(?:[╭┌]─{1,3} ?)?"
    r"(?:(?:~(?:/\S{0,200})?|/[^\s/]{1,80}/\S{0,200})(?: \(?[\w./-]{1,60}\)?[*!?+✗]{0,3})?"
    r"|[\w./~-]{1,80} on [^\w\s!-~]{1,2} ?\S{1,80})"
    r"(?: {1,2}(?:[^\w\s]|v?\d|via |took |is [^\w\s!-~]).{0,80})?$"
)


def ends_output(talk: Talk, text: str, ahead: int = 0) -> bool:
    """Return whether a line is no output any more: somebody speaks, or something else is done."""
    return (
        RUN.match(text) is not None
        or text.startswith("Script done on ")
        or heads_prompt(talk, text, ahead)
        or (talk.survey.is_exec_log and (text in EXEC_LINES or EXEC_ENDED.match(text) is not None))
        or bool(talk.forms() & TERMINAL and SHELL_PROMPT.match(text))
        or (
            text[:1] not in " \t"
            and (
                talk.mark(text, ahead=bool(ahead)) is not None
                or call_in(talk, text) is not None
                or bool(paths_in(text))
            )
        )
        or (text[:3] in ("```", "~~~", "---") and text.strip() in ("```", "---", "~~~"))
        or bool(talk.forms() & SCREENS and text.lstrip()[:1] in ("⏺", "●", "⎿", "›", "✦"))
        or (talk.role == ASSISTANT and BOX.match(text) is not None)
    )
