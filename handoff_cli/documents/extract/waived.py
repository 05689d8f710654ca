"""What fails and is to stay so: the user said to ignore it, or that it is old."""

from __future__ import annotations

from handoff_cli.core.paths import name_of
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.words import SENTENCE_END

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Message
    from handoff_cli.documents.extract.failed import LiveFailure

_WAIVES = caseless(
    r"(?<!not )(?<!don't )(?<!don\u2019t )(?<!never )\bignor(?:e|ing|ier\w*|a|ez|ar)\b|\bnever ?mind\b"
    r"|\b(?:don['\u2019]?t|do not|no need to) (?:care|worry|bother)\b"
    r"|\b(?:is|are|was|were) (?:already |an? )?(?:old|known|pre-?existing|unrelated|alt|bekannt|conocido|connue?)\b"
    r"|\u7121\u8996|\u5ffd\u7565"
)
_WORD = lazily(r"[A-Za-z_][\w.-]*\w")
_KINDS = ("lint", "types", "format")
_LONG = 4


def not_waived(failures: tuple[LiveFailure, ...], messages: Sequence[Message]) -> tuple[LiveFailure, ...]:
    """Return ``failures`` without those of which the user said since, by a name of theirs, that they may stay."""
    first = min((it.position for it in failures), default=0)
    told = [
        (message.position, {word.lower() for word in _WORD.findall(sentence)})
        for message in messages
        if failures and message.role == "user" and message.position > first and _WAIVES.search(message.text)
        for sentence in SENTENCE_END.split(message.text)
        if _WAIVES.search(sentence)
    ]
    return tuple(it for it in failures if not any(at > it.position and _names(it) & words for at, words in told))


def _names(failure: LiveFailure) -> set[str]:
    """Return by which names a user speaks of a failure: its test or file, the program that found it, its kind."""
    said = _WORD.findall(failure.name.replace("\\", "/").rpartition("/")[2])
    programs = _WORD.findall(failure.command)[:_PROGRAMS]
    names = {name_of(it).lower() for it in (*said, *programs)} - _COMMON
    return {it for it in names if len(it) >= _LONG} | {failure.kind for _ in "_" if failure.kind in _KINDS}


_PROGRAMS = 2
_COMMON = {
    "cargo",
    "python",
    "make",
    "test",
    "tests",
    "bundle",
    "exec",
    "node",
    "check",
    "yarn",
    "pnpm",
    "mvnw",
    "gradle",
}
"""Words of command lines that name no one program's findings."""
