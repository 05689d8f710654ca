"""Who speaks: names before a turn in the ways of logs, exports and web pages, and which of them are speakers."""

# ruff: noqa: RUF001 (signs as they stand on screens)
from __future__ import annotations

import re

from handoff_cli.core.patterns import compiled
from handoff_cli.core.record import Record
from handoff_cli.transcripts.conversation.inputs import TOOLS

USER, ASSISTANT, SYSTEM, TOOL = "user", "assistant", "system", "tool"

EXPORTED, HEADING, BOLD, SAID, ALONE, LABEL = "exported", "heading", "bold", "said", "alone", "label"
DECORATED = "decorated"
"""Ways to name a speaker: SpecStory's or a model's tokens, a heading, a bold line, ``You said:``, a name alone on its
line, ``Name: …``; a known name in a decoration of the writer's own (``[USER]``, ``=== User ===``, ``user →``)."""

_ROLES = {
    **dict.fromkeys(("user", "human", "h", "u", "you", "me", "prompt", "q", "question", "customer", "operator"), USER),
    **dict.fromkeys(("assistant", "ai", "agent", "bot", "a", "answer", "response", "model", "llm"), ASSISTANT),
    **dict.fromkeys(("ai assistant", "assistant response", "ai response", "claude code", "github copilot"), ASSISTANT),
    **dict.fromkeys(("system", "system prompt", "developer"), SYSTEM),
    **dict.fromkeys(("tool", "tool result", "tool output", "tool response", "tool call", "tool use"), TOOL),
    **dict.fromkeys(("function", "observation", "tools", "tool results", "function result"), TOOL),
    **dict.fromkeys(("user prompt", "user message", "user input", "user request"), USER),
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
_PRODUCTS = compiled(
    r"(?:claude|chatgpt|gpt|gemini|copilot|codex|cursor|aider|opencode|grok|deepseek|mistral|llama|qwen|kimi|perplexity"
    r"|bard|windsurf|cline|devin|sonnet|opus|haiku|o[134])(?:[ -]?(?:[\d.]+[a-z]{0,2}|pro|mini|code|cli|sonnet|opus"
    r"|haiku"
    r"|flash|plus|turbo|chat|ai|r1|v\d+|max|ultra|thinking|instant|desktop|agent)){0,4}"
)
SYMBOLS = r"(?:[^\w\s#*_<>\[\](){}`$|:;\"'.,/\\+=~!?%&-]{1,8}\s*)"
TIME = r"(?:\d{4}-\d\d-\d\d[T ,]*)?(?:\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?Z?(?: ?[AaPp]\.?[Mm]\.?)?)"
_WHEN = rf"(?:\d{{4}}-\d\d-\d\d|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}})?[ T,]*(?:{TIME})?"
_TAIL = r"(?:\s*(?:[(\[—–·|@-]|\d).{0,80})?"
DAY = (
    r"(?:(?:[Tt]oday|[Yy]esterday|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*|Heute|Gestern|Aujourd'hui|Hier"
    r"|\d{1,2}[-./ ](?:\d{1,2}|[A-Z][a-z]{2})[-./ ]\d{2,4}|[A-Z][a-z]{2,8} \d{1,2}(?:, \d{4})?|\d{4}-\d\d-\d\d)"
    r"(?:,| at| um| à)? *)?"
)
_EXPORTED = compiled(r"_\*\*([A-Za-z][\w -]{0,30}?)(?: \(([^)]{1,100})\))?\*\*_\s*")
_HEADING = compiled(
    rf"#{{1,6}} +(?:\*\*|__)?{SYMBOLS}?(?:\*\*|__)?(?:(?:turn|message|step) *\d+ *[:.—–-] *|\d+[.)] *)?{SYMBOLS}?"
    rf"([A-Za-z][\w.' -]{{0,40}}?)(?:\*\*|__)?:?{_TAIL}(?:\*\*|__)?:?\s*",
    re.IGNORECASE,
)
_BOLD = compiled(
    rf"(?:- )?\*\*{SYMBOLS}?([A-Za-z][\w.' -]{{0,40}}?)(?: *\(([^)]{{1,60}})\)| *\[([^\]]{{1,40}})\])?"
    rf" *(?::\*\*|\*\*:?)(?: *[\[(—–-] *({DAY}{TIME}[^\])]{{0,12}}?)[)\]]?:?(?=\s|$))? *(.*)"
)
_SAID = compiled(
    r"(?:#{1,6} +)?(?:\*\*)?([^\W\d_][\w.' -]{0,30}?) (?:said|says|asked|wrote|responded|replied"
    r"|hast gesagt|haben gesagt|hat gesagt|a dit|avez dit|dijo|ha detto|disse|zei):?(?:\*\*)?(?: ?:)?",
    re.IGNORECASE,
)
_PROGRAM = compiled(r"(?:[\w .-]* )?(?:bot|ai assistant|assistant|copilot)|(?!abbot|talbot|cabot)\w{2,20}bot")
_TOKEN = compiled(
    r"(?:<\|(?:im_start|start_header_id)\|>\s*|<start_of_turn>|<\|(?=(?:user|assistant|system|tool)\|>))(\w+)"
    r"(?:<\|end_header_id\|>|\|>)?\s*(.*)$"
)
"""Turns as models are given them: ChatML, Llama 3, Gemma, Phi."""

_YOU_SAID = {"dijiste:", "hai detto:", "du", "sie", "vous", "tu", "tú", "você", "je"}
_ALONE = compiled(rf"{SYMBOLS}?([A-Za-z][\w. -]{{0,30}}?)(?: *\({_WHEN}\)|  +{TIME})?")
_LABEL = compiled(
    rf"(?:[\[(](?=[^\])]{{0,40}}\d)({_WHEN}[^\])]{{0,12}})[\])] *|({DAY}{TIME})(?: +[-–|])? +)?"
    rf"(?:<([^<>\s/][^<>]{{0,30}})>(?= )"
    rf"|{SYMBOLS}?([^\W\d_](?:[\w.@'-]| (?=[\w(])){{0,30}}) ?(?:\(([^()]{{1,40}})\) ?"
    rf"|\[([^\[\]]{{1,30}})\] ?)?(?::(?=\s|$)|\uff1a))\s*(.*)"
)
_STAMPED = compiled(
    rf"(?:[\[(]{DAY}{TIME}[\])] *([^\W\d_][\w.@' -]{{0,30}}(?:#\d{{4}})?)"
    rf"|([^\W\d_][\w.@' -]{{0,30}}?)(?: +(?:APP|BOT|app|bot))?"
    rf"(?:,? +[\[(]{DAY}{TIME}[\])]| +[—–|·] +{DAY}{TIME}|  +{DAY}{TIME}))"
)
"""A name and a time alone on a line, as chat programs show them and their exports write them."""

_PEOPLE = "👤🧑🙋🤖"
_DECORATED_CHARS = 80
_NUMBERED = compiled(r"(?:turn|message|step) #?\d", re.IGNORECASE)
_SEPARATED = compiled(r"\w[\w ]{0,24}(?:>|→|\||\t)|(?:turn|message|step) #?\d|role: ", re.IGNORECASE)
_ROLE_WORD = compiled(
    r"(?<![a-z])(?:user|human|you|me|assistant|ai|agent|bot|model|system|tool|claude|chatgpt|gpt|gemini|copilot|codex)"
    r"(?![a-z])",
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
_OF_TOOLS = compiled(r"(?:tool|action|function)[ _]", re.IGNORECASE)
_RUNS = compiled(r"(\S)\1+")
_ACCOUNT = compiled(r"[a-z0-9](?:[\w.-]{0,38}[a-z0-9])?", re.IGNORECASE)
"""A name as people have it on GitHub."""

_NO_NAMES = frozenset(  # words that stand before a colon and are nobody's name
    """
    error warning note info debug fatal hint file line name path url http https usage example todo next decision
    fix feat chore docs refactor test tests expected actual got want output input result results host date from
    to subject step summary plan goal status reason cause problem solution context description title version
    type key value id author commit branch merge step1 option risk risks changes change added removed updated
    question answer options pros cons today yesterday tomorrow important tip caution details notes background
    update issue bug feature task tasks done blocked open closed success failure failed passed warn trace
    critical exception default required optional returns args raises cc re source target size count total time
    duration start end begin before after first second third finally also but and or if else then see is it this
    that co-authored-by signed-off-by reviewed-by reported-by acked-by arguments args parameters action tool_call
    tool_result tool_use command stdout stderr returned running ran
    """.split()  # noqa: SIM905 (a list of words is read as one)
)
_ALSO_WORDS = frozenset(("question", "answer", "model", "response", "prompt", "operator", "customer", "agent"))
_NAME_LINE_CHARS = 60
_HEADING_CHARS = 160
_STAMPED_CHARS = 90
_CLOCK_CHARS = 12
_TURN_WORDS = 3
_MOST_SPEAKERS = 8
_MOST_SPACES = 2
_HTML = frozenset(
    [
        "div",
        "span",
        "p",
        "br",
        "hr",
        "b",
        "i",
        "u",
        "a",
        "li",
        "ul",
        "ol",
        "td",
        "tr",
        "th",
        "table",
        "code",
        "pre",
        "img",
        "details",
        "summary",
        "h1",
        "h2",
        "h3",
        "h4",
        "em",
        "strong",
        "svg",
        "path",
    ]
)


class Mark(Record):
    """A line that names who speaks next: in which ``way``, the ``name``, what follows on the line, and the time.

    ``chat`` tells that it is written as chats are: with a time, or the name in angle brackets. ``style`` is the
    decoration of a decorated one.
    """

    way: str
    name: str
    rest: str = ""
    time: str | None = None
    chat: bool = False
    style: str = ""

    @property
    def role(self) -> str | None:
        """The role that goes with the name; None where the name alone does not tell."""
        return role_of(self.name)


def role_of(name: str) -> str | None:
    """Return the role a name stands for, None for a name that may be anybody's."""
    plain = " ".join(name.casefold().split())
    is_program = _PRODUCTS.fullmatch(plain) or _PROGRAM.fullmatch(plain)
    return _ROLES.get(plain) or (ASSISTANT if is_program else None)


def mark_in(text: str) -> Mark | None:
    """Return the mark a line may be, by its shape alone: whether its name is a speaker's is known after a survey."""
    first = text[:1]
    if not first or first in " \t`/\\":
        return None
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
    return Mark(SAID, "you") if (said[1] if said else text).casefold() in _YOU_SAID else None


def _signed(text: str, first: str) -> Mark | None:
    """Return the mark of a line that begins with a sign of markup."""
    if first == "_" and (found := _EXPORTED.fullmatch(text)) and role_of(found[1]):
        return Mark(EXPORTED, found[1], "", found[2])
    if first == "<" and (token := _TOKEN.match(text)) and role_of(token[1]):
        return Mark(EXPORTED, token[1], token[2])
    heading = _HEADING.fullmatch(text) if first == "#" and len(text) < _HEADING_CHARS else None
    if heading and role_of(heading[1]):
        return Mark(HEADING, heading[1], "", _time_in(text))
    bold = _BOLD.fullmatch(text) if first == "*" else None
    if not bold or not (role_of(bold[1]) or ((bold[4] or ":" in text) and bold[1][0].isupper())):
        return None
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
    return Mark(LABEL, name, "", None, chat=True) if name else None


def _labelled(text: str) -> Mark | None:
    """Return the mark of a line that begins with a name and a colon, or a name in angle brackets."""
    label = _LABEL.match(text) if (":" in text[:90] or "\uff1a" in text[:60] or text[0] == "<") else None
    if not label:
        return None
    time, name = label[1] or label[2] or label[5] or label[6], label[3] or label[4]
    return Mark(LABEL, name.strip(), label[7], time.strip() if time else None, bool(time or label[3]))


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


def _may_be_name(mark: Mark, after_gap: bool) -> bool:
    """Return whether a word that nobody knows as a name may be one: it is written as in chats, or begins large."""
    few = mark.name.count(" ") <= _MOST_SPACES
    return few and not _OF_TOOLS.match(mark.name) and (mark.chat or (after_gap and mark.name != mark.name.casefold()))


class Names:
    """Counts the names that stand before text, to tell speakers from other words before a colon."""

    MOST = 300

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.switches: dict[str, int] = {}
        self.words: dict[str, int] = {}
        self.last = ""
        self.roles: dict[str, set[str]] = {}
        self.lower: set[str] = set()
        self.chat: set[str] = set()
        self.asking: dict[str, list[int]] = {}
        self._asked = ""
        self._answers = 0

    def count(self, mark: Mark, after_gap: bool) -> None:
        """Take in a mark; ``after_gap`` tells that it stands after an empty line, another mark, or with a time."""
        name = mark.name.casefold()
        self._ask(name, mark, after_gap)
        if mark.way != LABEL:
            if mark.role:
                self.roles.setdefault(mark.way, set()).add(mark.role)
            return
        if mark.role:
            self.roles.setdefault(LABEL, set()).add(mark.role)
            if mark.name == name and len(name) > 1:
                self.lower.add(name)
        elif name in _NO_NAMES or name in _HTML or name in TOOLS or not _may_be_name(mark, after_gap):
            return
        if name not in self.counts and len(self.counts) >= self.MOST:
            return
        if mark.chat:
            self.chat.add(name)
            if name == self.last:
                return
        self.counts[name] = self.counts.get(name, 0) + 1
        self.words[name] = self.words.get(name, 0) + mark.rest.count(" ") + 1
        if name != self.last:
            self.switches[name] = self.switches.get(name, 0) + 1
        self.last = name

    def _ask(self, name: str, mark: Mark, after_gap: bool) -> None:
        """Note after which names nobody knows the agent answers: where the user is not named, one of them asks."""
        if mark.role == ASSISTANT:
            self._answers += self._asked != mark.role
            if self._asked in self.asking:
                self.asking[self._asked][1] += 1
            self._asked = mark.role
        elif (
            mark.role is None
            and after_gap
            and (mark.way == BOLD or (_ACCOUNT.fullmatch(name) and mark.rest and not self.chat))
            and name not in _NO_NAMES
            and name not in TOOLS
            and (name in self.asking or len(self.asking) < self.MOST)
        ):
            self.asking.setdefault(name, [0, 0])[0] += 1
            self._asked = name

    def asker(self) -> str | None:
        """Return the name after which the agent answers, most times it is said and most times the agent answers."""
        name, (said, answered) = max(self.asking.items(), key=lambda it: it[1][1], default=("", (0, 0)))
        return name if answered * 2 > said and answered * 2 > self._answers else None

    def speakers(self, *, of_chats: bool = False) -> dict[str, str]:
        """Return the role of each name that is a speaker's; of names nobody knows only those that alternate are.

        ``of_chats``: of those only the ones that are written as in chats, as others speak in other ways.
        """
        known = {name: role for name in self.counts if (role := role_of(name)) and self._is_speaker(name, role)}
        if {USER, ASSISTANT} <= {*known.values()}:
            return known
        unnamed = USER not in known.values() and USER not in set().union(*self.roles.values()) and not self.chat
        if unnamed and (name := self.asker()):
            return {**known, name: USER}
        guessed = self._alternating(known)
        if of_chats and not known:
            guessed = {name: role for name, role in guessed.items() if name in self.chat}
        return {**guessed, **known}

    def _is_speaker(self, name: str, role: str) -> bool:
        """Return whether a name that stands for a role does so here: some are words that also stand before a colon."""
        both = {USER, ASSISTANT} <= self.roles.get(LABEL, set())
        if len(name) == 1 or name in _ALSO_WORDS:
            return both and (role != USER or self.counts[name] > 1 or name in ("q", "h"))
        return both if name in self.lower or role in (SYSTEM, TOOL) else True

    def _alternating(self, known: dict[str, str]) -> dict[str, str]:
        """Return the roles of names that take turns with each other, or with those that are known."""
        names = [it for it in self.counts if it not in known and len(it) > 1 and it not in _ALSO_WORDS]
        if len(self.chat.intersection(names)) > 1 or self.chat.intersection(known):
            names = [it for it in names if it in self.chat]
        met = any(role_of(it) for it in self.chat)
        names = [it for it in names if self.counts[it] > 1 or role_of(it) or (met and it in self.chat)]
        names = [
            it for it in names if self.words[it] >= _TURN_WORDS * self.counts[it] or role_of(it) or it in self.chat
        ]
        if not 1 <= len(names) <= _MOST_SPEAKERS or len(names) + len(known) < 2:  # noqa: PLR2004 (it takes two)
            return {}
        rarest = min(names, key=lambda it: self.counts[it])
        if self.switches.get(rarest, 0) * 2 < self.counts[rarest]:
            return {}
        taken = {*known.values(), *(role for it in names if (role := role_of(it)))}
        roles = {it: role_of(it) or (USER if USER not in taken else ASSISTANT) for it in names}
        if ASSISTANT not in taken and len(names) == 2 and not known:  # noqa: PLR2004 (one asks, the other does)
            roles[names[1]] = ASSISTANT
        return roles if USER in roles.values() or USER in taken else {}
