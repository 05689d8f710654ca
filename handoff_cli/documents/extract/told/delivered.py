"""What the work was put into, by its own words: the pull request or the commit tells what was done and why."""

from __future__ import annotations

from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.commands.messages import account_of
from handoff_cli.documents.extract.facts import Delivery
from handoff_cli.documents.extract.language.lists import LISTED
from handoff_cli.documents.extract.language.words import plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handoff_cli.core.transcript import Transcript
    from handoff_cli.documents.extract.facts import Request


def work_of(transcript: Transcript, requests: Sequence[Request], belongs: Request | None) -> str:
    """Return what the work is by the pull request or commit it was put into, where bare ``requests`` do not tell.

    What was delivered before the request that the latest ``belongs`` to was other work. Empty where nothing tells.
    """
    if not requests or not (requests[0].bare or requests[-1].bare):
        return ""
    since = belongs.position if belongs and not requests[0].bare else 0
    made = (it for it in reversed(transcript.commands) if it.position > since and it.outcome != "failed")
    return next(filter(None, (_text_of(it.text) for it in made)), "")


def _text_of(command: str) -> str:
    """Return title and text of the pull request or commit that ``command`` makes, empty where it makes none."""
    title, body = account_of(command) or ("", "")
    return "\n".join(filter(None, (title, *(line.rstrip() for line in _untested(body)))))


def _untested(body: str) -> Iterator[str]:
    """Yield the lines of ``body`` but for those that tell how it was tested, these as empty ones."""
    tests = False
    for line in body.split("\n"):
        if heading := _HEADING.match(line.strip()):
            tests = _TESTED.match(heading[1] or heading[2]) is not None
        yield "" if tests or _TICK.match(line.lstrip()) else line


def delivered(transcript: Transcript) -> tuple[Delivery, ...]:
    """Return what the last pull request, else the last commits say of what they hold, the latest first."""
    found: list[Delivery] = []
    for command in reversed(transcript.commands):
        title, text = (account_of(command.text) if command.outcome != "failed" else None) or ("", "")
        subject, body = (title, text) if title else text.strip().partition("\n")[::2]
        if points := _points(body):
            found.append(Delivery(subject.strip(), points, command.position))
            if title or len(found) == _COMMITS:
                break
    return tuple(found)


_COMMITS = 2


def _points(body: str) -> tuple[str, ...]:
    """Return the items and paragraphs of ``body`` that say something, but for those of how it was tested."""
    kept: list[str] = []
    goes_on = False
    for line in _untested(body):
        bare = "" if _HEADING.match(line.strip()) else line.strip()
        if bare and goes_on and not LISTED.match(bare):  # a paragraph is wrapped
            kept[-1] += f" {bare}"
        elif goes_on := bool(bare):
            kept.append(plain(bare))
        goes_on = goes_on and bool(bare)
    return tuple(it for it in kept if len(it) >= _LEAST_CHARS)[:_MOST]


_HEADING = lazily(r"#{1,6} +(.*)|\*\*([^*]+)\*\*:?$")
_TESTED = caseless(
    r"(?:how )?(?:it was |was )?(?:tests?|testing|tested(?! \w)|verif\w+|checks|checklist|qa|screenshots?)\b"
)
_TICK = lazily(r"[-*] \[[ xX]\] ")
_LEAST_CHARS, _MOST = 25, 5
