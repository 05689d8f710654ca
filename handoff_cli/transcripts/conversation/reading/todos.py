"""Lists of things to do in a text: with boxes, behind their word, below a heading of notes, in a table."""

# ruff: noqa: RUF001 (signs as they stand on screens)
from __future__ import annotations

import re

from handoff_cli.core.patterns import compiled
from handoff_cli.core.tool_names import NOTED
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT
from handoff_cli.transcripts.conversation.marks.voices import AIDER, EXPORTS
from handoff_cli.transcripts.conversation.reading.lines import LOOK_AHEAD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.transcripts.conversation.reading.talk import Placed, Talk

BOX = compiled(
    r"\s*(?:(?:[-*+]|\d{1,3}[.)]) +)?(?:\[([ xX~✓✔>•⚡-]?|pending|todo|in[ _-]progress|completed|done)\]"
    r"|([☐◻□⬜☒☑✅✔◼🔄⏳]))\ufe0f? +(\S.*)$"
)
_BOX_STATUS = {
    **dict.fromkeys(("x", "X", "✓", "✔", "☒", "☑", "✅", "completed", "done"), "completed"),
    **dict.fromkeys(
        ("~", "-", ">", "•", "◼", "🔄", "⏳", "⚡", "in progress", "in_progress", "in-progress"), "in_progress"
    ),
}
_PICTURE = compiled(r"(?:[-*+] +)?[🔄⏳✅]")
_AGAINST = compiled(r"\s*(?:[-*+] +)?[❌✗✘🚫]")
_WORD = compiled(
    r"\s*(?:[-*#>] ?)*(?:\*\*)?(?:(?:TODO|To-?do|TO DO)s?(?: list)?|(?:Noch )?(?:[Oo]ffen|[Zz]u tun)"
    r"|(?:Reste )?[ÀàA] faire|Por hacer|Da fare)(?:\*\*)?(?:\([^)]*\))? ?:(?:\*\*)?\s*(.*)$"
)
_OVER = (
    r"(?:all )?(?:done|completed?|finished|closed|resolved|cancell?ed|dropped|erledigt|fertig|abgeschlossen|entfällt"
    r"|faite?s?|terminée?s?|hech[oa]s?|terminad[oa]s?|fatt[oi]|feit[oa]s?|completad[oa]s?|выполнено|сделано|готово"
    r"|已完成|完成|完了|済)"
)
_HEADING = compiled(
    r"(?:#{1,6} |\d{1,2}[.)] )?(?:\*\*|__)?(?:(?P<open>(?:still )?to[- ]?dos?|next (?:steps|actions)"
    r"|action (?:items|points)|open (?:tasks|items|actions)|follow-?ups?|left to do|what(?:['’]s| is) left"
    r"|nächste schritte|offene aufgaben|prochaines étapes|próximos pasos|prossimi passi|próximos passos"
    r"|次のステップ|下一步|待办(?:事项)?)"
    r"|tasks|items|actions|aufgaben|tareas|задачи)"
    rf"(?: \((?![^()]*\b{_OVER})[^()]{{1,40}}\))?(?:\*\*|__)?:?(?:\*\*|__)?\s*$",
    re.IGNORECASE,
)
"""What heads a list of what is to be done in notes, in some languages; of the last ones the list must tell by whom."""

_ITEM = compiled(r"\s*(?:[-*+•]|\d{1,3}[.)]) +(.*)$")
_STRUCK = compiled(rf"~~(.+?)~~[^\w~]*$|(.*\S)\s*(?:\({_OVER}\)|[:–—-] {_OVER})\W*$", re.IGNORECASE)
"""An item that is struck out, or says behind it that it is done."""

_CELL = compiled(r"(?<!\\)\|")
_RULE = compiled(r"\|?(?:\s*:?-+:?\s*\|)*\s*:?-+:?\s*\|?\s*$")
_COLUMNS = compiled(
    r"(?:\*\*)?(?:(?P<what>(?:open )?(?:tasks?|items?|actions?|to-?dos?)|action (?:items?|points?)|what(?: to do)?"
    r"|next steps?|aufgaben?|was|maßnahmen?|tâches?|quoi|tareas?|qué|attività|tarefas?|задач[аи]|任务|タスク)"
    r"|(?P<who>who|owners?|assignees?|assigned to|responsible|by whom|wer|verantwortlich|zuständig|qui|responsable"
    r"|quién|chi|quem|responsável|кто|负责人|担当者?)"
    r"|(?P<until>due(?: date)?|deadline|until|by when|by|when|bis(?: wann)?|wann|frist|termin|échéance|quand"
    r"|fecha|plazo|cuándo|scadenza|prazo|срок|截止日期|期限)"
    r"|(?P<status>status|state|progress|done\??|stand|erledigt\??|état|statut|estado|stato|статус|状态|状態))(?:\*\*)?$",
    re.IGNORECASE,
)
"""What a column of a table of things to do holds, by its name."""

_DONE_CELL = compiled(rf"(?:{_OVER}|x|yes|ja|oui|sí|[✓✔☑✅])(?![^\W_])", re.IGNORECASE)
_DOING_CELL = compiled(r"in[ _-]progress|doing|wip|started|ongoing|in arbeit|begonnen|en cours|en curso", re.IGNORECASE)
_PLAINLY_OPEN = compiled(
    r"(?:open|to[- ]?do|pending|not (?:started|done)|no|nein|offen|à faire|pendiente)?$", re.IGNORECASE
)

_MOST_KNOWN = 5_000


def todos_at(talk: Talk, text: str) -> list[Placed] | None:
    """Read the things to do that begin with the next line, ``text``; None where none do."""
    if TITLE.match(text) and (ahead := _lists_below(talk)):
        return _whole_list(talk, ahead)
    todos = _headed(talk, text)
    if todos is not None:
        return todos
    if BOX.match(text):
        return None if talk.forms() & AIDER else _boxes(talk)
    return _told_done(talk, text) if talk.noted and not talk.survey.has_speakers else None


def _lists_below(talk: Talk) -> int:
    """Return how many lines ahead the list begins below a title that an export wrote, 0 where it wrote none.

    The agent has a tool for its list, of which the export shows what it holds: it replaces the one before.
    """
    above = next((it for it in reversed(talk.unsaid) if it), "---")
    if talk.role != ASSISTANT or not talk.forms() & EXPORTS or above != "---":  # else words lead in to it
        return 0
    ahead = 1 if talk.cursor.peek(1) else 2
    return ahead if BOX.match(talk.cursor.peek(ahead) or "") else 0


def _whole_list(talk: Talk, ahead: int) -> list[Placed]:
    talk.cursor.skip(ahead)
    todos = boxed(talk)
    talk.cursor.skip(len(todos))
    return talk.did("TodoWrite", {"todos": [{**it, "content": _RANK.sub("", it["content"])} for it in todos]})


TITLE = compiled(r"(?:#{1,6} |\*\*)(?:agent )?(?:to-?do|task)s?(?: list)?:?(?:\*\*)?:?$", re.IGNORECASE)
_RANK = compiled(r"^[\u2190-\u2bff\U0001f300-\U0001faff]\ufe0f? +")
"""The sign of how urgent an item is."""


def _told_done(talk: Talk, text: str) -> list[Placed] | None:
    """Read a line of notes that says of one to-do above that it is done, in its words; None for any other."""
    told = _IS_DONE.match(text)
    words = set(_WORDS.findall(told["what"].lower())) if told else set()
    about = [it for it in talk.noted if words and words <= set(_WORDS.findall(it["content"].lower()))]
    if len(about) != 1 or about[0]["status"] == "completed":
        return None
    events = talk.say(talk.cursor.take())
    return [*events, *_noted(talk, [{**about[0], "status": "completed"}], "noted")]


_WORDS = compiled(r"[^\W_]{3,}")
_IS_DONE = compiled(
    r"(?:[-*•] )?(?:the |die |der |das |la |el |le )?(?P<what>[^\s:.,;!?][^:.,;!?\n]{2,60}?) "
    r"(?:(?:is|are|now|all|ist|sind|jetzt|está|est) ){0,3}"
    r"(?:done|finished|erledigt|fertig|hech[oa]s?|list[oa]s?|terminad[oa]s?|faite?s?|terminée?s?|fatt[oi])"
    r"(?:\s*$|[:.,;!])",
    re.IGNORECASE,
)


def boxed(talk: Talk) -> list[dict[str, str]]:
    """Return the to-dos with boxes that stand on the next lines, one on each."""
    todos: list[dict[str, str]] = []
    while (found := BOX.match(talk.cursor.peek(len(todos)) or "")) and len(todos) < LOOK_AHEAD - 1:
        todos.append({"content": found[3].strip(), "status": _status(found)})
    return todos


def _status(box: re.Match[str]) -> str:
    return _BOX_STATUS.get(box[1] if box[1] is not None else box[2], "pending")


def _boxes(talk: Talk) -> list[Placed] | None:
    """Read a list with boxes; one that only looks back is text, and so is any where a tool keeps the list.

    Text is also a single line that begins with a picture, as headings do, unless it was on a list, and what weighs for
    and against. In one turn, and where nobody is named, a list adds to those before; else it takes their place.
    """
    if talk.listed_by_tool or (not talk.listed and _looks_back_still(talk)):
        return None
    todos = boxed(talk)
    looks_back = all(it["status"] == "completed" for it in todos)
    is_heading = len(todos) == 1 and _PICTURE.match(talk.cursor.peek() or "") is not None
    is_heading = is_heading and todos[0]["content"] not in talk.known_todos
    if is_heading or (looks_back and not talk.listed):
        talk.looks_back_to = talk.cursor.index + len(todos) if looks_back else 0
        return None
    if looks_back and _AGAINST.match(talk.cursor.peek(len(todos)) or ""):
        return None
    talk.cursor.skip(len(todos))
    adds = talk.turns == talk.boxed_in or not talk.survey.has_speakers
    talk.boxed_in = talk.turns
    return _noted(talk, todos if adds else [*talk.noted, *todos], "added" if adds else "todos")


def _looks_back_still(talk: Talk) -> bool:
    """Return whether the next line is of a list that looked back, as all of it does: it is looked through once."""
    ahead = talk.looks_back_to - talk.cursor.index
    if ahead <= 0 or not _is_over(talk, 0):
        return False
    while ahead < LOOK_AHEAD - 1 and BOX.match(talk.cursor.peek(ahead) or ""):
        if not _is_over(talk, ahead):
            return False
        ahead += 1
    talk.looks_back_to = talk.cursor.index + ahead
    return True


def _is_over(talk: Talk, ahead: int) -> bool:
    found = BOX.match(talk.cursor.peek(ahead) or "")
    return found is not None and _status(found) == "completed"


def _noted(talk: Talk, todos: list[dict[str, str]], how: str) -> list[Placed]:
    """Return the events of to-dos that are added to the list, noted on lines of their own, or all of it."""
    talk.listed = True
    if len(talk.known_todos) < _MOST_KNOWN:
        talk.known_todos.update(it["content"] for it in todos)
    return talk.did(NOTED, {how: todos})


def _headed(talk: Talk, text: str) -> list[Placed] | None:
    """Read a to-do behind its word, or the list or table below a heading; None where a line is neither."""
    if (begins := _WORD.match(text)) and not talk.listed_by_tool:
        return _lines(talk, begins[1])
    heading = None if talk.survey.has_speakers else _HEADING.match(text)
    if not heading:
        return None
    at = 1 if talk.cursor.peek(1) else 2
    below = talk.cursor.peek(at) or ""
    if below[:1] == "|":
        columns = _columns(below, talk.cursor.peek(at + 1) or "")
        tells = heading["open"] or {"who", "until"} & {*columns}
        return _rows(talk, columns) if "what" in columns and tells else None
    return _lines(talk, "") if heading["open"] and _ITEM.match(below) else None


def _columns(names: str, rule: str) -> list[str]:
    """Return what each column of a table holds by its head, a line of ``names`` and a ``rule``, as far as it tells."""
    if not _RULE.match(rule):
        return []
    found = [_COLUMNS.match(it) for it in _cells(names)]
    return [(it and it.lastgroup) or "" for it in found]


def _cells(row: str) -> list[str]:
    """Return the cells of a row; a bar within one stands behind a backslash."""
    cells = [it.replace("\\|", "|").strip() for it in _CELL.split(row.strip().removeprefix("|"))]
    return cells if cells[-1] else cells[:-1]


def _rows(talk: Talk, columns: list[str]) -> list[Placed]:
    """Read a table of things to do below its heading: of each row what is to be done, by whom and until when."""
    events = talk.say(talk.cursor.take())
    if talk.cursor.peek() == "":
        talk.cursor.take()
    talk.cursor.skip(2)
    listed = []
    while (row := talk.cursor.peek() or "")[:1] == "|":
        talk.cursor.take()
        told = dict(zip(reversed(columns), reversed(_padded(_cells(row), len(columns))), strict=True))
        if told["what"]:
            listed.append(_todo_of(told))
    return [*events, *_noted(talk, listed, "noted")] if listed else events


def _padded(cells: list[str], number: int) -> list[str]:
    return [*cells, *[""] * number][:number]


def _todo_of(told: dict[str, str]) -> dict[str, str]:
    """Return the to-do of a row, of which it is ``told`` what, who, until when and how it stands."""
    item, state = _todo(told["what"]), told.get("status", "")
    if _DONE_CELL.match(state):
        return {**item, "status": "completed"}
    doing, plain = _DOING_CELL.match(state), _PLAINLY_OPEN.match(state)
    more = ", ".join(filter(None, (told.get("who"), told.get("until"), "" if doing or plain else state)))
    content = f"{item['content']} ({more})" if more else item["content"]
    return {"content": content, "status": "in_progress" if doing else item["status"]}


def _todo(text: str) -> dict[str, str]:
    """Return an item of a list as a to-do, completed where it says so."""
    struck = _STRUCK.match(text.strip())
    return (
        {"content": (struck[1] or struck[2]).strip(), "status": "completed"}
        if struck
        else {"content": text.strip(), "status": "pending"}
    )


def _lines(talk: Talk, first: str) -> list[Placed] | None:
    """Read a to-do that stands on a line of its own, or the list below such a line."""
    heading = talk.cursor.take()
    if first:
        new = [{"content": first.strip(), "status": "pending"}]
    else:
        new = []
        if talk.cursor.peek() == "" and _ITEM.match(talk.cursor.peek(1) or ""):
            talk.cursor.take()
        while (text := talk.cursor.peek()) is not None and (item := _ITEM.match(text)) and not BOX.match(text):
            talk.cursor.take()
            new.append(_todo(item[1]))
        if not new:
            boxes = _boxes(talk) if BOX.match(talk.cursor.peek() or "") else None
            return boxes if boxes is not None else talk.say(heading)
    new = [it for it in new if it["content"] not in talk.known_todos or it["status"] == "completed"]
    talk.noted.extend(new)
    return _noted(talk, new, "noted") if new else []
