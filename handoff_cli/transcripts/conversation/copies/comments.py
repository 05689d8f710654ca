"""Pages of comments, copied whole (of a pull request, an issue): who says what, and what else the page shows.

Above each comment stands who wrote it and when. Commits and checks are told as commands that show the same, in
nobody's turn; buttons, and what happened to labels, are left out.
"""

# ruff: noqa: RUF001 (signs as they stand on screens)
from __future__ import annotations

from shlex import quote

from handoff_cli.transcripts.conversation.copies.comment_heads import LEAST_HEADS, head_at, names_in, plain_name
from handoff_cli.transcripts.conversation.copies.comment_lines import (
    BESIDE_DESCRIPTION,
    CHECK,
    CHECKED,
    COMMIT,
    COMMITS,
    DONE,
    ENDED,
    FILE,
    FURNITURE,
    HAPPENED,
    HASH,
    KEY,
    LINES,
    MERGES,
    NAME,
    PIPELINE,
    ROLE,
    SENTENCE,
    TITLE,
    WHEN,
)
from handoff_cli.transcripts.conversation.copies.threads import Comment, told_in_turns
from handoff_cli.transcripts.conversation.marks.asked import prompt_in
from handoff_cli.transcripts.conversation.marks.speakers import ALONE, ASSISTANT, DECORATED, LABEL, USER, mark_in
from handoff_cli.transcripts.tools import told_commit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from re import Match

_OF_DIFF = ("+", "-", "@@", " ", "\t")
_SIGNS = ("⏺", "●", "⎿", "›", "✦")
"""What begins a line on an agent's screen, which may show a page."""


def are_in(texts: list[str], *, by_place: bool = True) -> bool:
    """Return whether a text that begins so is a page of comments: nobody speaks there in another way.

    ``by_place`` takes for one who writes also whoever only stands above a time again and again, as in chats.
    """
    names = names_in(texts, by_place=by_place)
    heads = sum(head_at(texts, at, names) is not None for at in range(len(texts))) if names else 0
    if heads < LEAST_HEADS or sum(text.lstrip().startswith(_SIGNS) for text in texts) * 2 > heads:
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
    return told_in_turns(thread.comments, thread.title)


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
        description, before, is_beside = Comment(), "", False
        for text in map(str.strip, texts):
            is_beside = is_beside or bool(description.lines and BESIDE_DESCRIPTION.fullmatch(text))
            title, merges = TITLE.fullmatch(text), MERGES.fullmatch(text)
            if merges:
                self._branch, self.title = merges["head"] or merges["source"], self.title or before
            elif pipeline := PIPELINE.fullmatch(text):
                self._state = [Comment(shown=_pipeline(pipeline))]
            elif (title or KEY.fullmatch(before)) and text and not self.title:
                self.title = title["title"] if title else text
            elif not (is_beside or self._is_aside(text) or self._happened(text, "")) and (
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
            return plain_name(happened["name"]) in self._names or " · " in text
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
        if (added := COMMITS.fullmatch(text)) and (added["when"] or plain_name(added["name"]) in self._names):
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
