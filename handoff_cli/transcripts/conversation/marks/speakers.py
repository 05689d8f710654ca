"""Who speaks: names before a turn in the ways of logs, exports and web pages, and which of them are speakers."""

# ruff: noqa: RUF001 (signs as they stand on screens)
from __future__ import annotations

import re
from functools import lru_cache

from handoff_cli.core.patterns import compiled
from handoff_cli.core.record import Record
from handoff_cli.core.told import whose

BADGES = frozenset(("app", "bot", "bot✔", "ai", "ki", "agent", "ai agent", "assistant", "automation"))
"""What stands beside the name of a program, in small letters."""

USER, ASSISTANT, SYSTEM, TOOL = "user", "assistant", "system", "tool"

EXPORTED, HEADING, BOLD, SAID, ALONE, LABEL = "exported", "heading", "bold", "said", "alone", "label"
DECORATED = "decorated"
"""Ways to name a speaker: SpecStory's or a model's tokens, a heading, a bold line, ``You said:``, a name alone on its
line, ``Name: …``; a known name in a decoration of the writer's own (``[USER]``, ``=== User ===``, ``user →``)."""

TOLD = "told"
"""Said beside the text by who gave it: all of a message is that speaker's, and nobody's what follows it."""

_ROLES = {
    **dict.fromkeys(("user", "human", "h", "u", "you", "me", "prompt", "q", "question", "customer", "operator"), USER),
    **dict.fromkeys(("assistant", "ai", "agent", "bot", "a", "answer", "response", "model", "llm"), ASSISTANT),
    **dict.fromkeys(("ai assistant", "assistant response", "ai response", "claude code", "github copilot"), ASSISTANT),
    **dict.fromkeys(("final answer", "final response", "ai message"), ASSISTANT),
    **dict.fromkeys(("system", "system prompt", "system message", "developer"), SYSTEM),
    **dict.fromkeys(("tool", "tool result", "tool output", "tool response", "tool call", "tool use"), TOOL),
    **dict.fromkeys(("function", "observation", "tools", "tool results", "function result", "tool message"), TOOL),
    **dict.fromkeys(
        ("werkzeug", "outil", "herramienta", "ferramenta", "strumento", "инструмент", "ツール", "工具", "도구"), TOOL
    ),
    **dict.fromkeys(
        ("user prompt", "user message", "user input", "user request", "instruction", "human message"), USER
    ),
    **dict.fromkeys(("assistant message", "planner response", "model response", "agent response"), ASSISTANT),
    **dict.fromkeys(("benutzer", "benutzerin", "nutzer", "nutzerin", "mensch", "utilisateur", "utilisatrice"), USER),
    **dict.fromkeys(
        ("usuario", "usuaria", "utente", "usuário", "usuária", "utilizador", "gebruiker", "użytkownik"), USER
    ),
    **dict.fromkeys(("användare", "bruker", "bruger", "kullanıcı", "пользователь", "користувач"), USER),
    **dict.fromkeys(("ユーザー", "ユーザ", "あなた", "用户", "用戶", "使用者", "사용자", "나"), USER),
    **dict.fromkeys(("assistent", "assistentin", "ki", "assistante", "asistente", "assistente", "asystent"), ASSISTANT),
    **dict.fromkeys(("ia", "ассистент", "асистент", "アシスタント", "助手", "助理", "어시스턴트"), ASSISTANT),
}
PAIRED = {
    **dict.fromkeys(("prompt", "question", "input"), USER),
    **dict.fromkeys(("response", "answer", "completion", "output"), ASSISTANT),
}
"""What a column or a member is named that has all that one side said."""

_PRODUCTS = compiled(
    r"(?:claude|chatgpt|gpt|gemini|copilot|codex|cursor|aider|opencode|grok|deepseek|mistral|llama|qwen|kimi|perplexity"
    r"|bard|windsurf|cline|devin|junie|roo|kilo|lovable|manus|augment"
    r"|sonnet|opus|haiku|o[134])(?:[ -]?(?:[\d.]+[a-z]{0,2}|pro|mini|code|cli|sonnet|opus"
    r"|haiku"
    r"|flash|plus|turbo|chat|ai|r1|v\d+|max|ultra|thinking|instant|desktop|agent)){0,4}"
)
SYMBOLS = r"(?:[^\w\s#*_<>\[\](){}`$|:;\"'.,/\\+=~!?%&-]{1,8}\s*)"
TIME = r"(?:\d{4}-\d\d-\d\d[T ,]*)?(?:\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?Z?(?: ?[AaPp]\.?[Mm]\.?)?)"
_WHEN = rf"(?:\d{{4}}-\d\d-\d\d|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}})?[ T,]*(?:{TIME})?"
_TAIL = r"(?:\s*(?:[(\[—–·|@-]|\d).{0,80})?"
DAY = (
    r"(?:(?:[Tt]oday|[Yy]esterday|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*|Heute|Gestern|Aujourd'hui|Hier"
    r"|\d{1,2}[-./ ](?:\d{1,2}|[A-Z][a-z]{2})[-./ ]\d{2,4}|\d{1,2}/\d{1,2}(?= )|[A-Z][a-z]{2,8} \d{1,2}(?:, \d{4})?"
    r"|\d{4}-\d\d-\d\d)(?:,| at| um| à)? *){0,2}"
)
_EXPORTED = compiled(r"_\*\*(?:([A-Za-z][\w.' -]{0,30}?)(?:: ?[^*()]{1,80}?)?(?: ?\(([^)]{1,100})\))?)?\*\*_\s*")
"""A head of SpecStory's; with one that names nobody, the agent goes on."""

_HEADING = compiled(
    rf"#{{1,6}} +(?:\*\*|__)?{SYMBOLS}?(?:\*\*|__)?(?:(?:turn|message|step) *\d+ *[:.—–-] *|\d+[.)] *)?{SYMBOLS}?"
    rf"([^\W\d_][\w.' -]{{0,40}}?)(?:\*\*|__)?[:\uff1a]?{_TAIL}(?:\*\*|__)?:?\s*",
    re.IGNORECASE,
)
_BOLD = compiled(
    rf"(?:- )?\*\*{SYMBOLS}?([^\W\d_][\w.' -]{{0,40}}?)(?: *\(([^)]{{1,60}})\)| *\[([^\]]{{1,40}})\])?"
    rf" *(?:[:\uff1a]\*\*|\*\*[:\uff1a]?)(?: *[\[(—–-] *({DAY}{TIME}[^\])]{{0,12}}?)[)\]]?:?(?=\s|$))? *(.*)"
)
_SAID = compiled(
    r"(?:#{1,6} +)?(?:\*\*)?([^\W\d_][\w.' -]{0,30}?) (?:said|says|asked|wrote|responded|replied"
    r"|hast gesagt|haben gesagt|hat gesagt|a dit|avez dit|dijo|ha detto|disse|zei):?(?:\*\*)?(?: ?:)?",
    re.IGNORECASE,
)
_PROGRAM = compiled(r"(?:[\w .-]* )?(?:bot|ai assistant|assistant|copilot)|(?!abbot|talbot|cabot)\w{2,20}bot")
_REPORTS = compiled(
    r"(?:alert|alarm|monitor(?:ing)?|status|deploy|build|ci|release|cron|grafana|sentry|pager(?:duty)?|jenkins|github"
    r"|gitlab|jira|dependa|renovate)[ -]?bot"
)
"""Programs that only report: no agent that is asked."""

_TOKEN = compiled(
    r"(?:<\|(?:im_start|start_header_id)\|>\s*|<start_of_turn>|<\|(?=(?:user|assistant|system|tool)\|>))(\w+)"
    r"(?: name=([^\W\d_][\w.@'() -]{0,60})$)?(?:<\|end_header_id\|>|\|>)?\s*(.*)$"
)
"""Turns as models are given them: ChatML, where several may have one role by name, Llama 3, Gemma, Phi."""

_YOU_SAID = {"dijiste:", "hai detto:", "du", "sie", "vous", "tu", "tú", "você", "je"}
_ALONE = compiled(rf"{SYMBOLS}?([A-Za-z][\w. -]{{0,30}}?)(?: *\({_WHEN}\)|  +{TIME})?")
_LABEL = compiled(
    rf"(?:[\[(](?=[^\])]{{0,40}}\d)({_WHEN}[^\])]{{0,12}})[\])] *|({DAY}{TIME})(?: +[-–|])? +)?"
    rf"(?:<[ @+%&~]?([^<>\s/@+%&~][^<>]{{0,30}})>(?= )"
    rf"|{SYMBOLS}?([^\W\d_](?:[\w.@'-]| (?=[\w(])){{0,30}}) ?(?:\(([^()]{{1,40}})\) ?"
    rf"|\[([^\[\]]{{1,30}})\] ?)?(?::(?=\s|$)|\uff1a))\s*(.*)"
)
_STAMPED = compiled(
    rf"(?:[\[(]{DAY}{TIME}[\])] *([^\W\d_][\w.@' -]{{0,30}}(?:, [A-ZÀ-Þ][\w.' -]{{0,20}}|#\d{{4}})?)"
    rf"|([^\W\d_][\w.@' -]{{0,30}}?(?: \([\w .-]{{2,20}}\))?)( +(?:APP|BOT|app|bot))?"
    rf"(?:,? +[\[(]{DAY}{TIME}[\])]:?| +[—–|·] +{DAY}{TIME}|  +{DAY}{TIME}|, +{DAY}{TIME}))"
)
"""A name and a time alone on a line, as chat programs show them and their exports write them."""

_PEOPLE = "👤🧑🙋🤖"
_DECORATED_CHARS = 80
_NUMBERED = compiled(r"(?:turn|message|step) #?\d", re.IGNORECASE)
_SEPARATED = compiled(r"\w[\w ]{0,24}(?:>|→|\||\t)|(?:turn|message|step) #?\d|role: ", re.IGNORECASE)
_ROLE_WORD = compiled(
    r"(?<![a-z])(?:user|human|you|me|assistant|ai|agent|bot|model|system|tool|claude|chatgpt|gpt|gemini|copilot|codex"
    r"|prompt|response|question|answer|benutzer|nutzer|assistent|ki|utilisateur)(?![a-z])",
    re.IGNORECASE,
)
_DECORATED = compiled(
    r"(?P<lead>(?:\d{4}-\d\d-\d\d[T ][\d:.,]{5,15}Z?\s+(?:\[?[A-Z]{4,8}\]?\s+)?)?"
    r"(?:[>*+|=~_#─━═—–·•-]{1,60}\s*|\d{1,4}[.)]\s+"
    r"|(?:turn|message|step)\s*#?\d{1,4}\s*[-–—:.]?\s*|[\[(<{«【]\s*|role:\s*)*)"
    r"(?P<name>[A-Za-z]{1,20}(?: [A-Za-z]{1,20}){0,2})(?![A-Za-z])"
    r"(?P<trail>\s*[\])>}»】*_]*\s*(?::[*_]*|[=~#*─━═—–·•-]{2,60}|>+|→|[=-]>|\||\t)?)\s*(?P<rest>.*)$",
    re.IGNORECASE,
)
_RUNS = compiled(r"(\S)\1+")
_NAME_LINE_CHARS = 60
_HEADING_CHARS = 160
_STAMPED_CHARS = 90
_CLOCK_CHARS = 12
_CLOCK = compiled(r"\d:\d\d|\d{4}-\d\d|\d[./]\d{1,2}[./]\d")


class Mark(Record):
    """A line that names who speaks next: in which ``way``, the ``name``, what follows on the line, and the time.

    ``chat`` tells that it is written as chats are: with a time, or the name in angle brackets. ``style`` is the
    decoration of a decorated one, ``symbol`` of a label behind one. ``badge`` tells that the program shows it as one,
    ``by`` who of several with a role it is.
    """

    way: str
    name: str
    rest: str = ""
    time: str | None = None
    chat: bool = False
    style: str = ""
    badge: bool = False
    by: str = ""

    @property
    def role(self) -> str | None:
        """The role that goes with the name; None where the name alone does not tell."""
        return role_of(self.name)


@lru_cache(maxsize=1024)
def role_of(name: str) -> str | None:
    """Return the role a name stands for, None for a name that may be anybody's."""
    plain = " ".join(name.casefold().split())
    if _REPORTS.fullmatch(plain):
        return SYSTEM
    is_program = _PRODUCTS.fullmatch(plain) or _PROGRAM.fullmatch(plain)
    return _ROLES.get(plain) or (ASSISTANT if is_program else None)


def role_in_kind(word: str) -> str | None:
    """Return the role that data has a word for, alone or in a kind of message: ``user``, ``AIMessage``."""
    words = _HUMPS.sub(" ", word.replace("_", " ").replace("-", " ").replace(".", " ")).lower().split()
    if not words or len(words) > _KIND_WORDS:
        return None
    while len(words) > 1 and words[-1] in _OF_MESSAGE:
        words.pop()
    said = " ".join(words)
    return ASSISTANT if said in _ANSWERS else role_of(said) if said not in _NO_ROLES else None


_KIND_WORDS = 4
_HUMPS = compiled(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_OF_MESSAGE = ("message", "msg", "prompt", "turn", "input", "chunk", "event", "said", "part")
_ANSWERS = ("api", "model response")
_NO_ROLES = ("function", "tool call", "tool use", "prompt", "tools", "a", "h", "u", "q")


def mark_in(text: str) -> Mark | None:
    """Return the mark a line may be, by its shape alone: whether its name is a speaker's is known after a survey."""
    first = text[:1]
    if not first or first in " \t`/\\":
        return None
    if first == "\x02" or text[-1] == "\x03":
        return Mark(TOLD, whose(text) or "")
    if first in "|-+>=~(─━═—–·•*#" and (first not in "*#" or text[:7] in ("*******", "#######")):
        return _decorated(text)
    if first in "rR" and text[:5].lower() == "role:":
        return _decorated(text)
    said = _said(text) if len(text) <= _NAME_LINE_CHARS else None
    return said or (_signed(text, first) if first in "_#*<" else None) or _named(text, first)


def _said(text: str) -> Mark | None:
    """Return the mark of a line that says who says what follows."""
    said = _SAID.fullmatch(text)
    if said and role_of(said[1]):
        return Mark(SAID, said[1])
    if (said[1] if said else text).casefold() in _YOU_SAID:
        return Mark(SAID, "you")
    is_name = said and text[0] == said[1][0] and text[0].isupper() and " " not in said[1]
    return Mark(SAID, said[1]) if said and is_name else None  # the agent's, where what the reader said is told so


def _signed(text: str, first: str) -> Mark | None:
    """Return the mark of a line that begins with a sign of markup."""
    if first == "_" and (found := _EXPORTED.fullmatch(text)):
        # Claude Code wrote in the agent's place, or a sub-agent works at what it was told.
        by_program = (found[2] or "").startswith("<synthetic>") or (found[1] or "").endswith(" - sidechain")
        return Mark(EXPORTED, SYSTEM if by_program else found[1] or ASSISTANT, "", _time_in(found[2] or ""))
    if first == "<" and (token := _TOKEN.match(text)) and role_of(token[1]):
        return Mark(EXPORTED, token[1], token[3], by=token[2] or "")
    heading = _HEADING.fullmatch(text) if first == "#" and len(text) < _HEADING_CHARS else None
    if heading and role_of(heading[1]):
        return Mark(HEADING, heading[1], "", _time_in(text))
    bold = _BOLD.fullmatch(text) if first == "*" else None
    if not bold or not (role_of(bold[1]) or ((bold[4] or ":" in text) and bold[1][0].isupper())):
        return None
    if bold[5] and (bold[1] == "Model" or role_of(bold[1]) == ASSISTANT) and " " not in bold[5] and role_of(bold[5]):
        return None  # what an export says of the session
    return Mark(BOLD, bold[1], bold[5], bold[4] or bold[2] or bold[3])


def _named(text: str, first: str) -> Mark | None:
    """Return the mark of a line that is a name, or begins with one."""
    if len(text) <= _NAME_LINE_CHARS and ":" not in text and (alone := _ALONE.fullmatch(text)) and role_of(alone[1]):
        return Mark(ALONE, alone[1])
    if first == "#":
        return None
    if first in "tTmMsS" and _NUMBERED.match(text):
        return _decorated(text)
    return _stamped(text) or _labelled(text) or _decorated(text)


def _stamped(text: str) -> Mark | None:
    """Return the mark of a line that is a name and a time."""
    has_clock = ":" in (text[-_CLOCK_CHARS:] if text[0] not in "[(" else text[: _CLOCK_CHARS * 2])
    found = _STAMPED.fullmatch(text) if has_clock and len(text) <= _STAMPED_CHARS else None
    name = (found[1] or found[2]).partition("#")[0].strip() if found else ""
    return Mark(LABEL, name, "", None, chat=True, badge=bool(found and found[3])) if name else None


def _labelled(text: str) -> Mark | None:
    """Return the mark of a line that begins with a name and a colon, or a name in angle brackets."""
    label = _LABEL.match(text) if (":" in text[:90] or "\uff1a" in text[:60] or text[0] == "<") else None
    if not label:
        return None
    beside = label[5] or label[6] or ""
    time, name = label[1] or label[2] or beside, label[3] or label[4]
    is_chat = label[1] or label[2] or label[3] or _CLOCK.search(beside)
    style = "" if is_chat or text[0].isascii() or text[0].isalnum() else "symbol"
    return Mark(LABEL, name.strip(), label[7], time.strip() or None, bool(is_chat), style)


def _decorated(text: str) -> Mark | None:
    """Return the mark of a line in which a name that is known stands in a decoration."""
    if text[0] in _PEOPLE:
        return Mark(
            DECORATED, "user" if text[0] != "🤖" else "assistant", text[1:].lstrip("\u200d\ufe0f💻 "), style="emoji"
        )
    head = text[:_DECORATED_CHARS]
    is_open = text[0].isalpha()
    if (is_open and not _SEPARATED.match(head)) or not _ROLE_WORD.search(head):
        return None
    found = _DECORATED.match(text)
    if not found or not role_of(found["name"]) or not (found["lead"] or found["trail"].strip(" :")):
        return None
    lead, trail, rest = found["lead"], found["trail"].strip(" "), found["rest"]
    if not trail and (rest or not lead):
        return None
    style = _RUNS.sub(r"\1", re.sub(r"[\d\s:.,]+", "", lead)) + "·" + _RUNS.sub(r"\1", trail)
    rest = rest.removesuffix(f"</{found['name']}>").rstrip()
    return Mark(DECORATED, found["name"], rest.rstrip("| ") if "|" in trail else rest, style=style)


def _time_in(text: str) -> str | None:
    found = re.search(r"\d{4}-\d\d-\d\d[T ][\d:]{4,8}Z?", text)
    return found[0] if found else None
