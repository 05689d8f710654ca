"""What a yes takes: the plan it was laid out in, the list that is taken whole, the mark of items left out of a list."""

from __future__ import annotations

from itertools import takewhile

from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.language.words import ASKING, clipped, identifiers, plain, sentences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from handoff_cli.core.transcript import Transcript
    from handoff_cli.documents.extract.facts import Request


def agreed_items(lines: Sequence[str]) -> tuple[int, ...]:
    """Return the places of the items below the line that has a name of the question which ``lines`` end with.

    A file or name of code: what is agreed to is done to that, item by item. Empty where there is no such list.
    """
    asked = (sentences(lines[-1].rstrip("*_ `")) or [""])[-1] if lines else ""
    if not asked.endswith(ASKING):
        return ()
    names = {*_FILE.findall(asked), *identifiers(asked)}
    for at, line in enumerate(lines[:-1]):
        if not _BULLET.match(line) and any(it in line for it in names):
            mark = _BULLET if _ITEM.match(line) else _ITEM
            below = takewhile(lambda it, mark=mark: mark.match(lines[it]), range(at + 1, len(lines)))  # type: ignore[misc]
            if items := tuple(below):
                return items
    return ()


def points_back(words: str) -> bool:
    """Return whether an agent's ``words`` only say that it is ready for what it laid out before them."""
    return len(words) <= _SHORT_CHARS and "\n" not in words.strip() and _POINTS_BACK.search(words) is not None


def up_to(transcript: Transcript, job: Request | None) -> Transcript:
    """Return ``transcript`` with the words up to ``job`` only, without those that point back; all of it for none."""
    if job is None:
        return transcript
    said = [it for it in transcript.messages if it.position <= job.position]
    return transcript.replace(messages=tuple(it for it in said if it.role == "user" or not points_back(it.text)))


def plan_before(spoken: Sequence[str]) -> str:
    """Return the headings of the plan that the first of ``spoken`` points back to, which are the latest first."""
    if not spoken or not points_back(spoken[0]):
        return ""
    plans = (_HEADING.findall(it) for it in spoken[1:])
    heads = next((it for it in plans if len(it) > 1), [])
    return "; ".join(clipped(plain(it), _HEAD_CHARS) for it in heads)


def left_out_after(lines: Sequence[str], at: int, kept: AbstractSet[int]) -> str:
    """Return how many items were left out of the list right behind the one at ``at``, as a mark; empty for none."""
    if not _ITEM.match(lines[at]):
        return ""
    out = takewhile(lambda it: it not in kept and _ITEM.match(lines[it]), range(at + 1, len(lines)))
    number = sum(1 for _ in out)
    return f" \u2026 ({number} more)" if number else ""


_SHORT_CHARS, _HEAD_CHARS, _HEADING = 300, 60, lazily(r"(?m)^#{1,4} +(\S.*)$")
_POINTS_BACK = caseless(
    r"\b(?:(?:plan|findings?|steps?|list|changes|design|proposal|summary|it)\b[^.?!]{0,60}\babove|summari[sz]ed above"
    r"|laid out above|described above)\b"
)
_ITEM = lazily(r"\s*(?:[-*+\u2022]|\d{1,2}[.)]) +\S")
_BULLET = lazily(r"\s*[-*+\u2022] +\S")
_FILE = lazily(r"[\w-]+(?:\.[\w-]+)*\.[A-Za-z]\w{0,5}\b(?!\()")
