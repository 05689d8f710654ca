"""Pages of comments, copied whole (of a pull request, an issue): who says what, and what else the page shows.

Above each comment stands who wrote it and when. Commits and checks are told as commands that show the same, in
nobody's turn; buttons, and what happened to labels, are left out.
"""

# ruff: noqa: RUF001 (signs as they stand on screens)
from __future__ import annotations

from shlex import quote

from handoff_cli.core.patterns import lazily
from handoff_cli.core.record import Record
from handoff_cli.transcripts.conversation.copies.comment_lines import (
    ACTIVITY,
    AGAIN,
    BADGES,
    BESIDE_NAME,
    CHECK,
    CHECKED,
    CLOCKED,
    COMMIT,
    COMMITS,
    DATED,
    DONE,
    ENDED,
    FILE,
    FURNITURE,
    HAPPENED,
    HASH,
    HEADS,
    KEY,
    LINES,
    MERGES,
    NAME,
    NO_NAMES,
    PIPELINE,
    ROLE,
    SENTENCE,
    TITLE,
    WHEN,
)
from handoff_cli.transcripts.conversation.copies.commenters import calls_agent, roles_of
from handoff_cli.transcripts.conversation.marks.asked import prompt_in
from handoff_cli.transcripts.conversation.marks.speakers import (
    ALONE,
    ASSISTANT,
    DECORATED,
    LABEL,
    SYSTEM,
    USER,
    mark_in,
)
from handoff_cli.transcripts.tools import told_commit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from re import Match

_LEAST_HEADS = 2
_HEAD_CHARS, _NAME_CHARS, _BESIDE_LINES = 160, 60, 3
_OF_DIFF = ("+", "-", "@@", " ", "\t")
_SIGNS = ("⏺", "●", "⎿", "›", "✦")
"""What begins a line on an agent's screen, which may show a page."""


class Head(Record):
    """Who writes the comment whose head ends before line ``end``; ``sure`` where nothing else is written so."""

    name: str
    is_bot: bool
    end: int
    sure: bool


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


def are_in(texts: list[str]) -> bool:
    """Return whether a text that begins so is a page of comments: nobody speaks there in another way."""
    names = names_in(texts)
    heads = sum(head_at(texts, at, names) is not None for at in range(len(texts))) if names else 0
    if heads < _LEAST_HEADS or any(text.lstrip().startswith(_SIGNS) for text in texts):
        return False
    return not _are_of_chat(texts)


def _are_of_chat(texts: list[str]) -> bool:
    """Return whether a chat or a terminal's log begins so, or names the person and the agent in one way."""
    first = next((text for text in texts if text.strip()), "")
    if ((mark := mark_in(first)) and mark.role == USER) or prompt_in(first.partition("$ ")[2]):
        return True
    roles: dict[str, set[str | None]] = {}
    for mark in filter(None, map(mark_in, texts)):
        way = f"{mark.way}{mark.style}" if mark.way in (ALONE, DECORATED) else LABEL
        roles.setdefault(way, set()).add(mark.role)
    return any(it >= {USER, ASSISTANT} for it in roles.values())


def in_turns(texts: list[str]) -> list[str]:
    """Return the lines of a page, the words of each below a line that names them."""
    thread = Thread(texts)
    told = _unquoted([(it, text) for it in thread.comments if (text := it.text())])
    roles = roles_of([(it.name, it.is_bot, text) for it, text in told if it.name])
    several = [*roles.values()].count(USER) > 1
    title, lines = thread.title, []
    for it, text in _below_call(told, roles):
        role = _role(it, roles)
        name = "page" if role == SYSTEM else it.name if several and role == USER else ""
        lines.append(f"<|im_start|>{role}{name and f' name={name}'}")
        if title and it.shown is None:
            lines += (title, "")
            title = ""
        lines += (*text.split("\n"), "")
    return lines


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
    called = next((at for at in reversed(by_people) if calls_agent(told[at][1], roles)), -1)
    since = [at for at in by_people if at > answered]
    begins = called if called > answered else since[0] if answered >= 0 and 1 < len(since) <= _FEW else len(told)
    if begins == len(told):
        return told
    comment, text = told[begins]
    whole = "\n\n".join((text, *(f"— {told[it][0].name}: {told[it][1]}" for it in since if it > begins)))
    others = [it for it in told[begins + 1 :] if _role(it[0], roles) != USER]
    return [*told[:begins], (comment, whole), *others]


_FEW = 3


def names_in(texts: list[str]) -> frozenset[str]:
    """Return the names of those who surely wrote comments; below a page's word for these, of all with a time."""
    heads = [(at, it) for at in range(len(texts)) if (it := head_at(texts, at))]
    activity = next((at for at, text in enumerate(texts) if text in ACTIVITY), len(texts))
    return frozenset(
        it.name for at, it in heads if it.sure or (at > activity and CLOCKED.search(" ".join(texts[at : it.end])))
    )


def head_at(texts: list[str], at: int, names: frozenset[str] | None = None) -> Head | None:
    """Return the head of a comment that begins at a line, of one with no sure head if they are among ``names``.

    It is one line, maybe below the name once more, or a name with the time below it.
    """
    text = texts[at].strip()
    if not text or len(text) > _HEAD_CHARS:
        return None
    head = _of_line(texts, at, text) or _of_lines(texts, at, text)
    return head if head and (head.sure or names is None or head.name in names) else None


def _of_line(texts: list[str], at: int, text: str) -> Head | None:
    for pattern in (*HEADS, DATED):
        if (found := pattern.fullmatch(text)) and found["name"].casefold() not in NO_NAMES:
            return _with_role(texts, Head(_plain(found["name"]), _is_bot(found), at + 1, pattern is not DATED))
    return None


def _of_lines(texts: list[str], at: int, text: str) -> Head | None:
    name = NAME.fullmatch(text) if len(text) <= _NAME_CHARS else None
    if not name:
        return None
    end = at + 1
    while end < min(len(texts), at + _BESIDE_LINES) and _is_beside(texts[end].strip(), name["name"]):
        end += 1
    below = texts[end].strip() if end < len(texts) else ""
    if WHEN.fullmatch(below):
        is_bot = _is_bot(name) or any(it.strip() in BADGES for it in texts[at + 1 : end])
        ends = _told_again(texts, end + 1, text)
        return _with_role(texts, Head(_plain(name["name"]), is_bot, ends or end + 1, sure=bool(ends)))
    again = _of_line(texts, end, below) if end == at + 1 and below else None
    return again if again and again.name == _plain(name["name"]) else None


def _told_again(texts: list[str], at: int, name: str) -> int:
    """Return before which line a head ends that tells the ``name`` and the day once more, 0 where it does not."""
    if at >= len(texts) or texts[at].strip() != name:
        return 0
    day = next((it for it in range(at + 1, min(len(texts), at + _BESIDE_LINES)) if texts[it].strip() not in BADGES), 0)
    return day + 1 if day and AGAIN.fullmatch(texts[day].strip()) else 0


def _with_role(texts: list[str], head: Head) -> Head:
    """Return ``head`` with the lines below it that only say what its writer is there."""
    end = head.end
    while end < len(texts) and (not (text := texts[end].strip()) or ROLE.fullmatch(text) or FURNITURE.fullmatch(text)):
        end += 1
    sure = head.sure or any(ROLE.fullmatch(it.strip()) for it in texts[head.end : end])
    return head.replace(end=end, sure=sure)


def _is_beside(text: str, name: str) -> bool:
    return text.lstrip("@") == name.lstrip("@") or BESIDE_NAME.fullmatch(text) is not None


def _is_bot(found: Match[str]) -> bool:
    return bool(found["bot"]) or found["name"].endswith("[bot]")


def _plain(name: str) -> str:
    return name.removesuffix("[bot]").lstrip("@")


class Thread:
    """Goes through the lines of a page: its ``title``, and its ``comments`` in their order."""

    def __init__(self, texts: list[str]) -> None:
        self.title = self._branch = ""
        self._texts = texts
        self._names = names_in(texts)
        self._at = next((at for at in range(len(texts)) if head_at(texts, at, self._names)), len(texts))
        self._state: list[Comment] = []
        heads = (at for at in range(len(texts) - 1, -1, -1) if head_at(texts, at, self._names))
        self._last = next(heads, -1)
        self.comments = [self._above(texts[: self._at])]
        while self._at < len(texts):
            self._take(texts[self._at].strip())
        self.comments += self._state

    def _above(self, texts: list[str]) -> Comment:
        """Return the description above all comments; note the title, the branch, and what the page shows of now."""
        description, before = Comment(), ""
        for text in map(str.strip, texts):
            title, merges = TITLE.fullmatch(text), MERGES.fullmatch(text)
            if merges:
                self._branch, self.title = merges["head"] or merges["source"], self.title or before
            elif pipeline := PIPELINE.fullmatch(text):
                self._state = [Comment(shown=_pipeline(pipeline))]
            elif (title or KEY.fullmatch(before)) and text and not self.title:
                self.title = title["title"] if title else text
            elif not (self._is_aside(text) or self._happened(text, "")) and (
                description.lines or SENTENCE.fullmatch(text)
            ):
                description.lines.append(text)
            before = before if not text or FURNITURE.fullmatch(text) else text
        return description

    def _is_aside(self, text: str) -> bool:
        return bool(FURNITURE.fullmatch(text) or ROLE.fullmatch(text))

    def _ends(self, text: str) -> bool:
        return self._at > self._last and bool(ENDED.fullmatch(text) or CHECKED.fullmatch(text))

    def _happened(self, text: str, below: str) -> bool:
        """Return whether a line, or a name with the line below it, tells what somebody did to the page."""
        if happened := HAPPENED.fullmatch(text):
            return _plain(happened["name"]) in self._names
        if DONE.match(text):
            return below[:3] == "on " and WHEN.fullmatch(below) is not None
        return bool(DONE.match(below)) and (text in self._names or bool(NAME.fullmatch(text) and DONE.fullmatch(below)))

    def _take(self, text: str) -> None:
        """Take in a line, and those that belong to it."""
        if head := head_at(self._texts, self._at, self._names):
            quoted = self.comments[-1].quoted if self.comments[-1].shown is not None else []
            self.comments.append(Comment(head.name, is_bot=head.is_bot))
            self.comments[-1].quoted = quoted
            self._at = head.end
            return
        line = self._texts[self._at].rstrip()
        self._at += 1
        below = self._texts[self._at].strip() if self._at < len(self._texts) else ""
        if listed := self._listed(text):
            self._shows(*listed)
        elif self._ends(text) or self._happened(text, below):
            self._shows()
        elif FILE.fullmatch(text) and self._begins_code(below):
            self._shows()
            self.comments[-1].quoted = [text, *self._code()]
        elif below.startswith("React with "):
            self._at += 2  # the sign stands above, the count below
        elif not self._is_aside(text):
            self.comments[-1].lines.append(line)

    def _listed(self, text: str) -> tuple[str, ...]:
        """Return what the page lists below a line; where it lists nothing the lines are somebody's words."""
        begins = self._at
        if (added := COMMITS.fullmatch(text)) and (added["when"] or _plain(added["name"]) in self._names):
            listed = tuple(self._commits(int(added["count"] or 1)))
            self._at = self._at if listed else begins
            return listed
        if CHECKED.fullmatch(text):
            return tuple(self._checks())
        pipeline = PIPELINE.fullmatch(text)
        return _pipeline(pipeline) if pipeline else ()

    def _shows(self, *lines: str) -> None:
        """Note what the page shows as ``lines`` of a terminal: nobody speaks until the next comment begins."""
        self.comments.append(Comment(shown=lines))

    def _commits(self, count: int) -> Iterator[str]:
        """Yield commands for as many commits, each a subject and a hash on a line or two, and that they were pushed."""
        subject, made = "", 0
        while made < count and self._at < len(self._texts) and not head_at(self._texts, self._at, self._names):
            text = self._texts[self._at].strip()
            if COMMITS.fullmatch(text):
                break
            alone = HASH.fullmatch(text)
            found = COMMIT.fullmatch(f"{alone[1]} {subject}" if alone else text)
            self._at += 1
            if found:
                subject, told = found["subject"] or found["before"], found["hash"] or found["last"]
                yield f"$ git commit -m {quote(subject)}{_SHOWN}"
                yield f"[{self._branch} {told}] {subject}" if self._branch else told_commit(told, subject)
                subject, made = "", made + 1
            elif not (text.lstrip("@") in self._names or self._is_aside(text) or alone):
                subject = text or subject
        if made:
            yield f"$ git push{_SHOWN}"

    def _checks(self) -> Iterator[str]:
        """Yield the command that lists the checks, and a line for each: it, and how it ended, stand on one or two."""
        rows = []
        while self._at < len(self._texts):
            text, below = (it.strip() for it in (*self._texts[self._at : self._at + 2], "")[:2])
            check, ends = CHECK.fullmatch(text), CHECK.fullmatch(below)
            if text and not (check or CHECKED.fullmatch(text) or FURNITURE.fullmatch(text)):
                check = CHECK.fullmatch(f"{text} {below}") if ends and not ends["name"] else None
                if not check:
                    break
                self._at += 1
            self._at += 1
            if check:
                ended = "fail" if check["red"] else "pass" if check["green"] else "skipping"
                rows.append(f"{check['name']}\t{ended}\t{(check['time'] or '').strip()}")
        return iter((f"$ gh pr checks{_SHOWN}", *rows) if rows else ())

    def _begins_code(self, below: str) -> bool:
        """Return whether the line ``below`` a file's name is one of the file's that a review shows."""
        if self.comments[-1].shown is not None or not any(self.comments[-1].lines):
            return bool(LINES.fullmatch(below)) or below.startswith(("@@", "+", "-"))
        follows = "".join(self._texts[self._at + 1 : self._at + 2])
        is_numbered = not below.isdigit() or follows.strip().isdigit() or follows.startswith(_OF_DIFF)
        return below[:2] == "@@" or (is_numbered and bool(LINES.fullmatch(below)))

    def _code(self) -> Iterator[str]:
        """Yield the lines of a file that a review shows."""
        while self._at < len(self._texts) and (line := self._texts[self._at].rstrip()):
            if not (line.startswith(_OF_DIFF) or LINES.fullmatch(line)):
                break
            self._at += 1
            if not LINES.fullmatch(line):
                yield line


_SHOWN = "  # by the page"
"""What stands behind a command that the page only shows the outcome of: nobody was seen to run it."""


def _pipeline(found: Match[str]) -> tuple[str, str]:
    """Return the command that tells of the pipeline which the page tells of, and what it says."""
    return f"$ glab ci status{_SHOWN}", f"({found['how']}) {found[0]}"
