"""Which of those who write comments is the agent: a program upon which people call, or that says what it did."""

from __future__ import annotations

from itertools import pairwise

from handoff_cli.core.patterns import lazily
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
_MENTION = lazily(r"(?:^|(?<=[\s(]))@([\w-](?:[\w.-]*[\w-])?)(?![\w/])")
_SPEAKS = lazily(r"\bI(?:['\u2019](?:ve|ll|m|d))?\b")
_DID = lazily(
    r"(?:(?:Done|OK|Okay|Sure|Right|Agreed|Yes|Understood|Sorry)\b[^.!\n]{0,20}[,.!:;\u2014\u2013-]{1,2} ?)?"
    r"(?:Done|Fixed|Added|Pushed|Changed|Updated|Reverted"
    r"|I(?:['\u2019]ve| have)? (?:\w{2,8}ly )?(?:\w{2,20}ed|wrote|put|made)\b)"
)
_LEAST_ORDERS = 2


def roles_of(written: Sequence[Written]) -> dict[str, str]:
    """Return the role of each who wrote: one may be the agent; what other programs write is nobody's word."""
    names = {name: is_bot or _is_program(name) for name, is_bot, _ in written}
    called = _called(written)
    agent = _agent(names, called, written) or _ordered(written, called)
    return {
        name: ASSISTANT if name == agent else SYSTEM if is_program and not _PRODUCT.fullmatch(name.casefold()) else USER
        for name, is_program in names.items()
    }


def calls_agent(text: str, roles: dict[str, str]) -> bool:
    """Return whether a comment calls upon the agent, by its name in ``roles`` or as a product."""
    agents = {name.casefold() for name, role in roles.items() if role == ASSISTANT}
    return any(it in agents or _PRODUCT.fullmatch(it) for it in map(str.casefold, _MENTION.findall(text)))


def _is_program(name: str) -> bool:
    plain = name.casefold()
    return _PROGRAM.fullmatch(plain) is not None or _PRODUCT.fullmatch(plain) is not None


def _called(written: Sequence[Written]) -> dict[str, int]:
    """Return how many comments of others call upon each who wrote, by the name in small letters."""
    called: dict[str, int] = {}
    for name, _, text in written:
        for other in {it.casefold() for it in _MENTION.findall(text)} - {name.casefold()}:
            called[other] = called.get(other, 0) + 1
    return called


def _agent(names: dict[str, bool], called: dict[str, int], written: Sequence[Written]) -> str:
    """Return the program that is the agent: a known one, or upon which most call, or that speaks of itself."""
    worth = {}
    for name in (it for it, is_program in names.items() if is_program):
        said = [text for it, _, text in written if it == name]
        speaks = sum(_SPEAKS.search(it) is not None for it in said)
        is_known = _PRODUCT.fullmatch(name.casefold()) is not None
        worth[name] = (is_known, called.get(name.casefold(), 0), speaks, len(said))
    best = max(worth, key=lambda it: worth[it], default="")
    return best if best and any(worth[best][:3]) else ""


def _ordered(written: Sequence[Written], called: dict[str, int]) -> str:
    """Return who answers each time that others call upon them with what they did, and never calls or opens."""
    done: dict[str, int] = {}
    for (by, _, asked), (name, _, answer) in pairwise(written):
        if by != name and f"@{name}".casefold() in asked.casefold() and _DID.match(answer):
            done[name] = done.get(name, 0) + 1
    callers = {name for name, _, text in written if _MENTION.search(text)} | {name for name, _, _ in written[:1]}
    found = [it for it, times in done.items() if times == called.get(it.casefold()) and it not in callers]
    return found[0] if len(found) == 1 and done[found[0]] >= _LEAST_ORDERS else ""
