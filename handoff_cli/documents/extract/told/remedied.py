"""What the agent set out to do about what it found, in the same breath: without it a fault is told as if it stood."""

from __future__ import annotations

from itertools import pairwise

from handoff_cli.core.patterns import caseless
from handoff_cli.documents.extract.language.findings import SENTENCE_CHARS
from handoff_cli.documents.extract.language.words import plain, sentences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.documents.extract.facts import Finding

_MENDS = caseless(
    r"(?:(?:so|now|then),? )*(?:i['\u2019]?ll|i will|i['\u2019]?m|i am) (?:now |just |also |therefore |rather )*(?:add"
    r"|chang|convert|disabl|drop|exclud|fetch|fix|giv|keep|limit|mak|mend|mov|pass|pin|put|remov|renam|replac|revert|roll"
    r"|rewrit|set|split|stor|switch|tak|turn|undo|us|wrap|writ)(?:e|[npt]?ing)?\b"
    r"|(?:lo|la|los|las) (?:quito|cambio|deshago|paso|muevo|arreglo|hago)\b|(?:quito|cambio|deshago|paso a|uso)\b"
    r"|ich (?:nehme|setze|\xe4ndere|ersetze|entferne|verschiebe|baue|stelle)\b"
    r"|je (?:remplace|retire|change|d\xe9place)\b"
)


def with_remedies(told: Sequence[Finding], texts: Sequence[tuple[int, str, str]], edited: int) -> list[Finding]:
    """Return what was ``told`` in the ``texts`` of a turn, each with what was to be done about it if said next.

    An edit followed, the last of all at ``edited``: it was gone about.
    """
    said = {position: text for position, text, source in texts if source == "said" and position < edited}
    return [_with_remedy(it, said[it.position]) if it.position in said else it for it in told]


def _with_remedy(found: Finding, message: str) -> Finding:
    told = map(plain, sentences(message))
    mends = (then for it, then in pairwise(told) if found.text.endswith(it) and _MENDS.match(then))
    remedy = next(mends, "")
    room = SENTENCE_CHARS - len(found.text)
    return found.replace(text=f"{found.text} {remedy}") if remedy and len(remedy) < room else found
