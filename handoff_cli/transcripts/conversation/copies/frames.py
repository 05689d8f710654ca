"""Who speaks where no program's way to tell is known: lines that recur with nothing changed but a name and numbers.

``Comment 3 by Ada, 2 days ago``, ``### Ada · Nov 17``, ``- **Ada:** …``: whatever stands around the name is the frame.
A frame counts where several names recur in it, something is said below nearly each, and one of them does the work,
upon whom the others call.
"""

# ruff: noqa: RUF001 (signs as they stand in threads)
from __future__ import annotations

from handoff_cli.core.patterns import compiled
from handoff_cli.core.record import Record
from handoff_cli.transcripts.conversation.copies.comment_lines import SENTENCE
from handoff_cli.transcripts.conversation.copies.commenters import is_program, roles_of
from handoff_cli.transcripts.conversation.copies.threads import Comment, told_in_turns
from handoff_cli.transcripts.conversation.marks.deeds import called_upon, is_called
from handoff_cli.transcripts.conversation.marks.names import is_no_name
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT
from handoff_cli.transcripts.conversation.marks.times import is_when, without_times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.transcripts.conversation.copies.commenters import Written

_LINE_CHARS, _MOST_WORDS, _NAME_WORDS = 120, 14, 3
_LEAST_LINES, _LEAST_NAMES, _MOST_NAMES = 4, 2, 12
_SAYS_SHARE = 0.8
_GAP = "\0"
_WORD = compiled(r"[^\W\d_][\w.@'-]*|#+")
_NAME = compiled(r"[^\W\d_][\w.@'-]{1,30}(?: [\w.@'-]{1,30}){0,3}")
_ACCOUNT = compiled(r"(?<=\w) \([a-z][\w.-]{1,30}\)")
"""The name of an account beside that of a person."""

_LEADS = compiled(
    r"(\W{0,6}(?:[\d\W]{4,24}\s)?\W{0,4})([^\W\d_][\w.@'-]*(?: [\w.@'-]+){0,2})"
    r"([*_)\]]{0,4}\s?[:|>»—–-]{1,2}[*_]{0,2})\s+(?=\S)"
)
"""What a line begins with that says who says the rest of it."""


class Framed(Record):
    """Where a line names who speaks, what they say on it, and below how many lines that goes on."""

    at: int
    name: str
    rest: str = ""
    lines: int = 1


def in_turns(texts: list[str]) -> list[str] | None:
    """Return the lines of a thread below who wrote them; None where no frame tells, or nobody there is an agent."""
    heads = _heads(texts)
    if not heads:
        return None
    comments = [_opening(texts[: heads[0].at], {it.name for it in heads})]
    for head, end in zip(heads, [*(it.at for it in heads[1:]), len(texts)], strict=True):
        comments.append(Comment(head.name))
        comments[-1].lines = [*([head.rest] if head.rest else ()), *texts[head.at + head.lines : end]]
    return told_in_turns(comments) if _have_agent([(it.name, False, it.text()) for it in comments]) else None


def _have_agent(written: list[Written]) -> bool:
    """Return whether one of those who wrote works, and is known for a program or called upon."""
    agent = next((name for name, role in roles_of(written).items() if role == ASSISTANT), "")
    return bool(agent) and (is_program(agent) or any(is_called(agent, called_upon(text)) for _, _, text in written))


def _opening(above: list[str], names: set[str]) -> Comment:
    """Return what stands ``above`` the first head: with a title, maybe below who opened the thread, and when."""
    for at, text in enumerate(above):
        name = next((it for it in names if it in text), "") if len(text) <= _LINE_CHARS else ""
        told = at if any(map(str.isdigit, text.replace(name, ""))) else at + 1 if text == name else len(above)
        if name and told < len(above) and any(map(str.isdigit, above[told])):
            opening = Comment(name)
            opening.lines = [*above[:at], *above[told + 1 :]]
            return opening
    opening = Comment()
    opening.lines = [it for at, it in enumerate(above) if not at or SENTENCE.fullmatch(it.strip())]
    return opening


def _heads(texts: list[str]) -> list[Framed]:
    """Return the heads in the frame that most lines with several names are in."""
    found: dict[str, list[Framed]] = {}
    is_code = False
    for at, text in enumerate(texts):
        is_code ^= text.lstrip().startswith("```")
        below = texts[at + 1] if at + 1 < len(texts) and not is_code else ""
        for frame, head in () if is_code else _frames(at, text, below):
            found.setdefault(frame, []).append(head)
    able = [heads for heads in found.values() if len(heads) >= _LEAST_LINES and _are_speakers(texts, heads)]
    return max(able, key=lambda it: (len(it), it[0].lines, -sum(len(head.name) for head in it)), default=[])


def _are_speakers(texts: list[str], heads: list[Framed]) -> bool:
    """Return whether several recur among the names of ``heads``, and something is said at nearly each."""
    times: dict[str, int] = {}
    for it in heads:
        times[it.name] = times.get(it.name, 0) + 1
    again = sum(it > 1 for it in times.values())
    if 2 * sum(it.rest != "" and _is_time(it.rest) for it in heads) > len(heads):
        return False  # that is a part of the frame
    if again < _LEAST_NAMES or len(times) > min(_MOST_NAMES, len(heads) * 2 // 3) or any(map(is_no_name, times)):
        return False
    ends = [*(it.at for it in heads[1:]), len(texts)]
    says = sum(bool(it.rest) or any(texts[it.at + it.lines : end]) for it, end in zip(heads, ends, strict=True))
    return says >= len(heads) * _SAYS_SHARE


def _is_time(text: str) -> bool:
    return is_when(text) or not without_times(text).strip()


def _frames(at: int, text: str, below: str) -> Iterator[tuple[str, Framed]]:
    """Yield what may be the frame of the line ``at``, maybe with the one ``below``, and the head that it is then."""
    if leads := _LEADS.match(text[:_LINE_CHARS]):
        yield f"{without_times(leads[1])}{_GAP}{leads[3]}{_GAP}", Framed(at, leads[2], text[leads.end() :])
    if not 0 < len(text) <= _LINE_CHARS:
        return
    if 0 < len(below) <= _LINE_CHARS and _NAME.fullmatch(text):
        yield f"{_GAP}\n{without_times(below)}", Framed(at, text, lines=2)
    plain = _ACCOUNT.sub("", without_times(text))
    words = [*_WORD.finditer(plain)]
    if len(words) > _MOST_WORDS:
        return
    for first, begin in enumerate(words):
        for end in words[first : first + _NAME_WORDS]:
            name = plain[begin.start() : end.end()]
            if not _NAME.fullmatch(name):
                break
            frame = f"{plain[: begin.start()]}{_GAP}{plain[end.end() :]}".strip()
            if frame != _GAP:
                yield frame, Framed(at, name)
