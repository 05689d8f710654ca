"""Threads of what people and an agent wrote, as lines that name the speakers."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

from handoff_cli.core.patterns import lazily
from handoff_cli.transcripts.conversation.copies.commenters import calls_agent, roles_of
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT, SYSTEM, USER
from handoff_cli.transcripts.conversation.marks.times import without_times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class Comment:
    """What somebody wrote, ``quoted`` a file and its lines that it is about; or what the page has ``shown`` beside."""

    def __init__(self, name: str = "", *, is_bot: bool = False, shown: tuple[str, ...] | None = None) -> None:
        self.name, self.is_bot, self.shown = name, is_bot, shown
        self.lines: list[str] = []
        self.quoted: list[str] = []

    def text(self) -> str:
        """Return its words, below them the code; or what is shown, as a terminal would."""
        if self.shown is not None:
            return "\n".join(("```console", *self.shown, "```")) if self.shown else ""
        said = "\n".join(self.lines).strip("\n")
        if not (said and self.quoted):
            return said
        return "\n".join((said, "", f"{self.quoted[0]}:", "```diff", *self.quoted[1:], "```"))


def told_in_turns(comments: Sequence[Comment], title: str = "") -> list[str]:
    """Return the lines of a thread below its ``title``, the words of each below a line that names them."""
    named = [it for it in comments if it.name]
    whole = [it.lines[:] for it in named]
    _without_frame(named)
    for it, own in zip(named, whole, strict=True):
        it.lines = it.lines if any(map(str.strip, it.lines)) else own  # of no others: these are the words
    told = _unquoted([(it, text) for it in comments if (text := it.text())])
    roles = roles_of([(it.name, it.is_bot, text) for it, text in told if it.shown is None])
    several = sum(role == USER and bool(name) for name, role in roles.items()) > 1
    lines: list[str] = []
    for it, text in _below_call(told, roles):
        role = _role(it, roles)
        name = "page" if role == SYSTEM else it.name if several and role == USER else ""
        lines.append(f"<|im_start|>{role}{name and f' name={name}'}")
        if title and it.shown is None:
            lines += (title, "")
            title = ""
        lines += (*_logs_fenced(text.split("\n")), "")
    return lines


def _logs_fenced(lines: list[str]) -> list[str]:
    """Return ``lines`` with those of a log in fences, which a page does not copy: nobody says them."""
    if any(line[:3] == "```" for line in lines):
        return lines
    grouped = ((is_log, [*group]) for is_log, group in groupby(lines, lambda it: _LOGGED.match(it) is not None))
    return [line for is_log, group in grouped for line in (("```", *group, "```") if is_log else group)]


_LOGGED = lazily(
    r"\s{0,8}(?:[\[(]?(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d\d[.,]\d{1,6}\S{0,6} {1,8}\S"
    r"|[DEIWV] \(\d{1,9}\) [\w.-]{1,40}: )"
)
"""A line that begins with a part of a second, as logs do."""


def _without_frame(comments: list[Comment]) -> None:
    """Take off the lines with which nearly all comments begin or end, but for numbers: they are the page's."""
    if len(comments) < _LEAST_FRAMED:
        return
    for edge in (0, -1):
        for _ in range(_FRAME_LINES):
            for it in comments:
                while it.lines and not it.lines[edge].strip():
                    del it.lines[edge]
            lines = [without_times(it.lines[edge]).strip() if it.lines else "" for it in comments]
            same, times = Counter(lines).most_common(1)[0]
            if not same or times < len(lines) * _FRAMED_SHARE:
                break
            for it, line in zip(comments, lines, strict=True):
                if line == same:
                    del it.lines[edge]


_LEAST_FRAMED, _FRAME_LINES, _FRAMED_SHARE = 4, 8, 0.8


def _unquoted(told: list[tuple[Comment, str]]) -> list[tuple[Comment, str]]:
    """Return the comments without what they quote of comments above, where they say something besides."""
    known = set[str]()
    found = []
    for it, text in told:
        lines = text.split("\n")
        own = [line for line, below in zip(lines, (*lines[1:], ""), strict=True) if not _is_known(line, below, known)]
        known.update(line.strip() for line in lines if line[:1] != ">")
        said = "\n".join(own).strip("\n") if len(own) < len(lines) else text
        found.append((it, said or text))
    return found


def _is_known(line: str, below: str, known: set[str]) -> bool:
    """Return whether a line quotes what is ``known``, or names who said that right ``below`` it."""
    if line[:1] != ">":
        return False
    return line[1:].strip() in known or (
        below[:1] == ">" and below[1:].strip() in known and bool(_SAID.fullmatch(line))
    )


_SAID = lazily(
    r"> ?(?:\*\*|@){0,2}[^*:>]{2,60} (?:said|wrote)(?: .{0,60})?: ?(?:\*\*)?|> ?\*\*[^*:>]{2,60} (?:said|wrote)\*\*:"
)


def _role(comment: Comment, roles: dict[str, str]) -> str:
    return SYSTEM if comment.shown is not None else roles.get(comment.name, USER)


def _below_call(told: list[tuple[Comment, str]], roles: dict[str, str]) -> list[tuple[Comment, str]]:
    """Return the comments, with those below the last call upon an agent that has not answered as a part of it.

    What people say to each other since then is not what they ask of the agent. The few things that they say since its
    last answer, where nobody calls upon it, are one: each may want something.
    """
    answered = max((at for at, (it, _) in enumerate(told) if _role(it, roles) == ASSISTANT), default=-1)
    by_people = [at for at, (it, _) in enumerate(told) if _role(it, roles) == USER]
    agents = {it: role for it, role in roles.items() if role == ASSISTANT}
    called = next((at for at in reversed(by_people) if calls_agent(told[at][1], agents)), -1)
    since = [at for at in by_people if at > answered]
    begins = called if called > answered else since[0] if answered >= 0 and 1 < len(since) <= _FEW else len(told)
    if begins == len(told):
        return told
    comment, text = told[begins]
    whole = "\n\n".join((text, *(f"— {told[it][0].name}: {told[it][1]}" for it in since if it > begins)))
    others = [it for it in told[begins + 1 :] if _role(it[0], roles) != USER]
    return [*told[:begins], (comment, whole), *others]


_FEW = 3
