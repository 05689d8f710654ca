"""What the command or skill orders that the user called: nobody typed its text, and it is not what was asked for."""

from __future__ import annotations

from handoff_cli.core.patterns import IGNORECASE, MULTILINE, lazily
from handoff_cli.documents.extract.words import bare, clipped, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.transcript import Transcript


def orders_at_work(transcript: Transcript) -> tuple[str, ...]:
    """Return what the command or skill that the user called last orders, where it is of the last requests.

    That are its steps, in a line, and lines that forbid or demand something in capitals.
    """
    asked = [it.position for it in transcript.messages if it.role == "user"] or [0]
    since = max(asked[-_LATELY:][0], transcript.summaries[-1].position if transcript.summaries else 0)
    last = next((it for it in reversed(transcript.orders) if it.position >= since), None)
    lines = (bare(line) for line in last.text.split("\n")) if last else ()
    told = [line for line in lines if len(line) <= _MOST_CHARS and _IN_CAPITALS.search(line)]
    steps = _steps_in(last.text) if last and last.position > asked[-1] else ""
    return tuple(dict.fromkeys((*([steps] if steps else []), *told)))[:_MOST_ORDERS]


def _steps_in(text: str) -> str:
    """Return the steps that the headings of ``text`` number from 1 on, in a line with its title; empty for none."""
    steps: list[str] = []
    for found in _STEP_HEADING.finditer(text):
        if int(found[1]) == len(steps) + 1:
            steps.append(f"({found[1]}) {clipped(plain(found[2]).rstrip(':'), _STEP_CHARS)}")
    title = _TITLE.match(text)
    titled = f" ({clipped(plain(title[1]), _STEP_CHARS)})" if title else ""
    return f"Its steps{titled}: {'; '.join(steps)}" if len(steps) >= _LEAST_STEPS else ""


_STEP_HEADING = lazily(
    r"^#{1,6} +(?:(?:step|phase|part|stage) +)?(\d{1,2})(?:[.):]| [-\u2013\u2014])? +(\S.*)$", IGNORECASE | MULTILINE
)
_TITLE = lazily(r"\s*# +(\S.*)")
_STEP_CHARS, _LEAST_STEPS = 60, 3
_LATELY, _MOST_ORDERS, _MOST_CHARS = 6, 4, 1_000
_IN_CAPITALS = lazily(r"\b(?:NEVER|DO NOT|DON['\u2019]T|MUST(?: NOT)?|ALWAYS)\b(?!['\"`])")
