"""Turns below heads in a decoration of the writer's own: of two names that take turns there, which is the agent's.

``## Frage 1``, ``>> Claude Sonnet:``, ``> [!user] Me``, ``### Katrin (14:02)``, ``*You - 10:02*``: what counts is that
two names stand by turns in one decoration. What all their turns are quoted with is off.
"""

# ruff: noqa: RUF001 (signs as people type them)
from __future__ import annotations

from itertools import pairwise

from handoff_cli.core.patterns import compiled
from handoff_cli.transcripts.conversation.marks.names import NO_NAMES
from handoff_cli.transcripts.conversation.marks.speakers import ALONE, ASSISTANT, DECORATED, USER, mark_in, role_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from handoff_cli.transcripts.conversation.copies.given import Given

    Head = tuple[str, str, str]
    """The decoration of a head, the name in it, and what is said on its line."""

_ASKS = frozenset(
    """
    request query ask ich anfrage auftrag frage eingabe moi demande requête yo pregunta solicitud petición eu pergunta
    pedido io domanda richiesta ja pytanie prośba já otázka zadání dotaz я вопрос запрос питання запит 質問 依頼 指示
    私 自分 提问 提問 问题 问 我 질문 요청 ik vraag verzoek jag fråga jeg spørgsmål spørsmål ben soru istek kysymys
    kérdés
    """.split()  # noqa: SIM905 (a list of words is read as one)
)
_ANSWERS = frozenset(
    """
    reply output completion antwort ausgabe réponse respuesta resposta risposta odpowiedź odpověď ответ відповідь 回答
    返答 応答 回复 回覆 答复 答 답변 응답 antwoord svar cevap yanıt vastaus válasz
    """.split()  # noqa: SIM905
)
_OF_INTERFACES = frozenset("request query input response reply output completion".split())  # noqa: SIM905
_SHOWN = compiled(r"[`~|{<]|(?:GET|POST|PUT|PATCH|DELETE) ")
_ALONE = compiled(r"[^\W\d_a-z][\w.-]{1,20}(?: [^\W\d_a-z][\w.-]{0,20}){0,2}$")
_RULES = "-=─━═"
_COLONS = (":", "：")
_FIRSTS = frozenset("#>*_=~─━═—–-[【«")
_HEADS = (
    compiled(r"(?P<style>#{1,6}) +(?P<inner>.{1,80})$"),
    compiled(r"(?P<style>>{2,3}) ?(?P<inner>[^>].{0,60}?) ?[:：]$"),
    compiled(r"(?P<style>> ?\[!)(?P<inner>\w{2,30})\][+-]?(?: .{0,60})?$"),
    compiled(r"(?P<style>[*_]{1,3})(?=[^\s*_])(?P<inner>[^*_]{1,60}[^\s*_])[*_]{1,3}:?(?: +(?P<rest>.*))?$"),
    compiled(r"(?P<style>)(?P<inner>[^\W\d_])[:：] ?(?P<rest>\S.*)$"),
    compiled(r"(?P<inner>[^\W\d_a-z][\w.-]{1,20}(?: [^\W\d_a-z][\w.-]{0,20}){0,2}) ?(?P<style>[:：])$"),
    compiled(r"(?P<style>[=~─━═—–-]{2,40}|[\[【«]) ?(?P<inner>[^\[\]=]{1,60}?) ?(?:[=~─━═—–-]{2,40}|[\]】»]):?$"),
)
_NAME = compiled(
    r"\W{0,6}(?:\d[\d:.T/-]{0,18}[.):/]?\W{0,4})?(?P<name>[^\W\d_](?:[\w.'’]|[ -](?=\w)){0,40}?)[*_:：]{0,4}"
    r"\s?#?(?:\d[\d.]{0,6})?\W{0,3}(?:[(\[—–·|,@-] ?[^()]{0,40}\d[^()]{0,20}[)\]]?)?\W{0,4}"
)
"""A name, maybe numbered, with a number of its own, a version or a time."""

_MOST_WORDS, _LEAST_HEADS, _LEAST_SHARE, _BEGINS_WITHIN = 4, 4, 0.8, 40
DOES = compiled(r"\s{0,8}(?:`{3}|[$❯] \S)")
OF_SCREEN = compiled(r"[⏺●✦›❯] \S|• (?:Ran|Edited|Explored) |\s{0,6}⎿ |# aider chat started|> Applied edit to ")


class Heads:
    """Knows the heads of a text, piece after piece."""

    def __init__(self) -> None:
        self._roles: dict[tuple[str, str], str] = {}
        self._is_quoted = self._is_alone = False

    def are_in(self, texts: list[str]) -> bool:
        """Take in how a piece begins; return whether such heads stand there, and nobody is named in known ways."""
        heads = [(at, head) for at, head in enumerate(_heads_of(texts)) if head]
        if not heads or any(map(OF_SCREEN.match, texts)) or _are_named(texts):
            return False
        if any(head[:2] in self._roles for _, head in heads):
            return True
        for style in dict.fromkeys(head[0] for _, head in heads):
            turns = [(at, head[1]) for at, head in heads if head[0] == style]
            if style in _COLONS and not any(role_of(name) for _, name in turns):
                continue  # what notes have above their parts
            roles = _roles_of(turns, [] if style in ("alone", "#") else texts) if turns[0][0] < _BEGINS_WITHIN else {}
            if roles and not (style[:1] == "#" and _describes(turns, roles, texts)):
                self._is_alone = style == "alone"
                self._roles |= {(style, name): role for name, role in roles.items()}
                begins = turns[0][0]
                marks = {at for at, head in heads if head[:2] in self._roles}
                said = [text for at, text in enumerate(texts) if text and at > begins and at not in marks]
                self._is_quoted = bool(said) and all(it[0] == ">" for it in said)
                return True
        return False

    def tidied(self, lines: Iterable[Given]) -> Iterator[Given]:
        """Yield ``lines`` with a mark that is known in the place of each head."""
        fenced, before = False, ""
        for number, text, begins in lines:
            fenced ^= text[:3] == "```"
            bare = text.rstrip()
            head, before = None if fenced else _head_below(before, bare), bare.strip(_RULES)
            if head and (role := self._roles.get(head[:2])):
                yield number, f"<|{role}|>{head[2]}", begins
            elif bare and not before and self._is_alone:
                yield number, "", begins  # a line drawn above or below a name
            elif self._is_quoted and text[:1] == ">":
                yield number, text[1:].removeprefix(" "), begins
            else:
                yield number, text, begins


def _are_named(texts: list[str]) -> bool:
    """Return whether both sides are named in one of the ways that are read by themselves."""
    marks = [mark for text in texts if (mark := mark_in(text)) and mark.role]
    ways = {(it.way, it.style if it.way == DECORATED else "") for it in marks if it.way != ALONE}
    return any(
        {USER, ASSISTANT} <= {it.role for it in marks if it.way == way and style in ("", it.style)}
        for way, style in ways
    )


def _heads_of(texts: list[str]) -> Iterator[Head | None]:
    fenced, before = False, ""
    for text in texts:
        fenced ^= text[:3] == "```"
        yield None if fenced else _head_below(before, text)
        before = text.strip(_RULES)


def _head_below(before: str, text: str) -> Head | None:
    """Return the head that a line may be; a name alone on it is one below nothing, or below a line drawn across."""
    is_alone = not before and _ALONE.match(text)
    return ("alone", text.casefold(), "") if is_alone else _head_in(text)


def _head_in(text: str) -> Head | None:
    """Return the head that a line may be, by its shape alone."""
    may_be = text[:1] in _FIRSTS or text[1:2] in _COLONS or (text[-1:] in _COLONS and len(text) <= _BEGINS_WITHIN)
    if not text or not may_be:
        return None
    found = next((it for pattern in _HEADS if (it := pattern.match(text))), None)
    name = _NAME.fullmatch(found["inner"].strip("*_ ")) if found else None
    if not found or not name or name["name"].count(" ") >= _MOST_WORDS:
        return None
    rest = found.groupdict().get("rest") or ""
    if rest and ":" not in text[: len(text) - len(rest)]:
        return None
    return found["style"], name["name"].casefold(), rest


def _role_in(name: str) -> str | None:
    """Return the role that a name stands for, or the last of its words."""
    if role := role_of(name) if len(name) > 1 else None:
        return role
    for word in (name, name.replace("-", " ").rpartition(" ")[2]):
        if word in _ASKS or word in _ANSWERS:
            return USER if word in _ASKS else ASSISTANT
    last = name.replace("-", " ").rpartition(" ")[2]
    return role_of(last) if len(last) > 1 and last != name else None


def _roles_of(turns: list[tuple[int, str]], texts: list[str]) -> dict[str, str]:
    """Return the roles of those named in one decoration, nothing where they are no two who take turns.

    ``texts`` tell below which of two names work is done; there are none where any line may have this form.
    """
    names = [name for _, name in turns]
    known = {name: role for name in names if (role := _role_in(name))}
    if {USER, ASSISTANT} <= {*known.values()}:
        return known
    often = sorted({*names}, key=names.count, reverse=True)
    for name in often if known else ():
        beside = (
            next((it for it in often if it not in known and it not in NO_NAMES and _take_turns(names, name, it)), "")
            if name in known
            else ""
        )
        if beside:
            return {name: known[name], beside: USER if known[name] == ASSISTANT else ASSISTANT}
    one, other = (*often, "", "")[:2]
    pair = [name for name in names if name in (one, other)]
    if len(pair) < _LEAST_SHARE * len(names) or not _take_turns(names, one, other):
        return {}
    first, second = pair[:2]
    if any(len(it) > 1 and it in NO_NAMES for it in (first, second)) or not _does_all(turns, first, second, texts):
        return {}
    return {first: USER, second: ASSISTANT}


def _describes(turns: list[tuple[int, str]], roles: dict[str, str], texts: list[str]) -> bool:
    """Return whether headings are those that an interface is described below: two of them, or above what is shown."""
    if not _OF_INTERFACES.issuperset(name.replace("-", " ").rpartition(" ")[2] for name in roles):
        return False
    by_turns = [(at, roles[name]) for at, name in turns if name in roles]
    if len(by_turns) < _LEAST_HEADS or any(a == b for (_, a), (_, b) in pairwise(by_turns)):
        return True
    asked = [next(filter(None, texts[at + 1 :]), "") for at, role in by_turns if role == USER]
    return 2 * sum(map(bool, map(_SHOWN.match, asked))) >= len(asked)


def _take_turns(names: list[str], one: str, other: str) -> bool:
    pair = [name for name in names if name in (one, other)]
    return len(pair) >= _LEAST_HEADS and not any(a == b for a, b in pairwise(pair))


def _does_all(turns: list[tuple[int, str]], asks: str, does: str, texts: list[str]) -> bool:
    """Return whether blocks and commands stand below one of two names, and none below the other."""
    ends = [*(at for at, _ in turns[1:]), len(texts)]
    acts = [name for (at, name), end in zip(turns, ends, strict=True) if any(map(DOES.match, texts[at:end]))]
    return does in acts and asks not in acts
