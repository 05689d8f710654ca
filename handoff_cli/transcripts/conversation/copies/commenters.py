"""Which of those who write comments is the agent: a program upon which people call, or that says what it did."""

from __future__ import annotations

from handoff_cli.core.patterns import lazily
from handoff_cli.transcripts.conversation.marks.deeds import (
    Doing,
    called_as,
    called_upon,
    doer,
    is_called,
    tells_of_work,
)
from handoff_cli.transcripts.conversation.marks.speakers import ASSISTANT, SYSTEM, USER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    Written = tuple[str, bool, str]
    """Who wrote a comment, whether the page shows them as a program, and the text."""

_PRODUCT = lazily(
    r"(?:(?:google-labs|github|openai|chatgpt|anthropic)[- ])?(?:claude|copilot|codex|devin|cursor|jules|sweep)"
    r"(?:[- ](?:ai|code|coding|swe|agent|bot|integration|connector|app|action|labs?|nightly|pull|request|reviewer))*"
)
_PROGRAM = lazily(r"(?:.{1,60}[-_. ])?(?:bot|agent|robot)(?:[-_. ].{1,60})?|(?!abbot|talbot|cabot)\w{2,20}bot")
_SPEAKS = lazily(r"\bI(?:['\u2019](?:ve|ll|m|d))?\b")


def roles_of(written: Sequence[Written]) -> dict[str, str]:
    """Return the role of each who wrote: one may be the agent; what other programs write is nobody's word."""
    names = {name: is_bot or is_program(name) for name, is_bot, _ in written}
    doing = _doing(written)
    people = {it: found for it, found in doing.items() if not names[it]}
    agent = _agent(names, doing, written) or doer(people, first=next((name for name, _, _ in written if name), ""))
    return {
        name: ASSISTANT if name == agent else SYSTEM if is_program and not _PRODUCT.fullmatch(name.casefold()) else USER
        for name, is_program in names.items()
    }


def calls_agent(text: str, roles: dict[str, str]) -> bool:
    """Return whether a comment calls upon the agent, by its name in ``roles`` or as a product."""
    called = called_upon(text)
    return any(role == ASSISTANT and is_called(name, called) for name, role in roles.items()) or any(
        map(_PRODUCT.fullmatch, called)
    )


def is_program(name: str) -> bool:
    """Return whether a name is one that programs have."""
    plain = name.casefold()
    return _PROGRAM.fullmatch(plain) is not None or _PRODUCT.fullmatch(plain) is not None


def _doing(written: Sequence[Written]) -> dict[str, Doing]:
    """Return of each who wrote how often, how many comments of others call upon them, how many tell of work done."""
    own: dict[str, set[int]] = {}
    called: dict[str, set[int]] = {}
    for at, (name, _, text) in enumerate(written):
        own.setdefault(name, set()).add(at)
        for it in called_upon(text):
            called.setdefault(it, set()).add(at)
    return {
        name: Doing(
            len(mine),
            len({at for it in called_as(name) for at in called.get(it, ())} - mine),
            sum(any(map(tells_of_work, written[at][2].split("\n"))) for at in mine),
        )
        for name, mine in own.items()
    }


def _agent(names: dict[str, bool], doing: dict[str, Doing], written: Sequence[Written]) -> str:
    """Return the program that is the agent: a known one, or upon which most call, or that speaks of itself."""
    by_programs: dict[str, list[str]] = {it: [] for it, is_program in names.items() if is_program}
    for name, _, text in written:
        if name in by_programs:
            by_programs[name].append(text)
    worth = {}
    for name, said in by_programs.items():
        speaks = sum(_SPEAKS.search(it) is not None for it in said)
        is_known = _PRODUCT.fullmatch(name.casefold()) is not None
        worth[name] = (is_known, doing[name].called, speaks, len(said))
    best = max(worth, key=lambda it: worth[it], default="")
    return best if best and any(worth[best][:3]) else ""
