"""What the agent told that did not last: its code is gone, it called it no fix itself, what lacked was installed."""

from __future__ import annotations

from itertools import pairwise

from handoff_cli.core.light import bisect_right
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.files.edits import alive
from handoff_cli.documents.extract.language.findings import CAUSE, blames
from handoff_cli.documents.extract.language.units import units
from handoff_cli.documents.extract.language.words import identifiers
from handoff_cli.documents.extract.told.not_enough import FIX, NotEnough

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handoff_cli.core.transcript import Edit, Transcript
    from handoff_cli.documents.extract.facts import Finding


class DidNotLast:
    """Tells which findings of a ``transcript`` did not last, by its edits and commands and the ``texts`` told."""

    def __init__(self, transcript: Transcript, texts: Sequence[tuple[int, str, str]]) -> None:
        self._short = NotEnough(transcript)
        self._edits = [it for it in transcript.edits if it.outcome != "failed"]
        self._over = [*written_over(transcript.asked_at, transcript.edits)]
        self._names: list[tuple[set[str], set[str]]] | None = None
        self._installed = max((it.position for it in transcript.commands if _installs(it.text, it.outcome)), default=-1)
        self._admitted = [found for it in texts if (found := self._admits(transcript, *it))]

    def has(self, finding: Finding) -> bool:
        """Return whether a ``finding`` did not last."""
        if self._short.overtakes(finding.position, finding.text):
            return True
        if finding.position < self._installed and _LACKS.search(finding.text) and not CAUSE.search(finding.text):
            return True
        if any(it.takes_back(finding) for it in self._admitted):
            return True
        if blames(finding.text):
            return False
        if any(start < finding.position <= until for start, until in self._over) and _IS_MADE.match(finding.text):
            return True
        return "`" in finding.text and self._is_gone(finding)

    def marked(self, finding: Finding) -> Finding:
        """Return ``finding`` with the words that say that the cure of what it tells was not enough, if any do."""
        return self._short.marked(finding)

    def _admits(self, transcript: Transcript, position: int, text: str, source: str) -> _Admitted | None:
        """Return what a ``text`` of the agent's says that one of its own changes was not."""
        if source not in ("said", "thought") or not _OWN.search(text):
            return None
        said = next((it for it in units(text) if _OWN.search(it)), "")
        edited = max((it.position for it in self._edits if it.position < position), default=-1)
        begun = max((it for it in transcript.asked_at if it < edited), default=position)
        ended = min((it for it in transcript.asked_at if it > edited), default=position)
        turn = range(begun + 1, min(ended, position))
        return _Admitted(position, turn, frozenset(_FILE.findall(said)), blames(text)) if said else None

    def _is_gone(self, finding: Finding) -> bool:
        """Return whether most of the names that a ``finding`` quotes were put in before it and taken out since."""
        if self._names is None:
            self._names = [_changed_by(it) for it in self._edits]
        quoted = {name for it in _QUOTED.findall(finding.text) for name in identifiers(it)}
        made, gone = set[str](), set[str]()
        for edit, (put, taken) in zip(self._edits, self._names, strict=True):
            if edit.position <= finding.position:
                made |= quoted & put
            else:
                gone = (gone | (made & taken)) - put
        return bool(gone) and len(gone) * 2 >= len(made)


class _Admitted:
    """Words at a ``position`` by which a change made in a ``turn`` was not the cure, or one of these ``files``."""

    def __init__(self, position: int, turn: range, files: frozenset[str], explains: bool) -> None:
        self.position, self.turn, self.files, self.explains = position, turn, files, explains

    def takes_back(self, finding: Finding) -> bool:
        """Return whether a ``finding`` tells the fix, or the cause where these words tell another."""
        if finding.position >= self.position:
            return False
        of_turn = finding.position in self.turn
        if not (of_turn or self.files.intersection(_FILE.findall(finding.text))):
            return False
        return bool(FIX.search(finding.text)) or (of_turn and self.explains and bool(_NAMES_FAULT.match(finding.text)))


def written_over(starts: Sequence[int], edits: Sequence[Edit]) -> Iterator[tuple[int, int]]:
    """Yield where turns begin and end whose edits are all known to be gone: what was told of them is so no more."""
    left = {it.edit.position for it in alive(edits)}.union(it.position for it in edits if not (it.old or it.new))
    places = [it.position for it in edits]
    for start, until in pairwise(starts):
        made = places[bisect_right(places, start) : bisect_right(places, until)]
        if made and left.isdisjoint(made):
            yield start, until


def up_to_edits(starts: Sequence[int], edits: Sequence[Edit]) -> Iterator[tuple[int, int]]:
    """Yield of each turn but the last the stretch before its first edit."""
    places = sorted(it.position for it in edits)
    for start, until in pairwise(starts):
        first = next(iter(places[bisect_right(places, start) :]), until)
        if first < until:
            yield start, first


def _changed_by(edit: Edit) -> tuple[set[str], set[str]]:
    """Return the names that an ``edit`` put in, and those it took out."""
    old, new = set(identifiers(edit.old[:_EDIT_CHARS])), set(identifiers(edit.new[:_EDIT_CHARS]))
    return new - old, old - new


def _installs(command: str, outcome: str | None) -> bool:
    return outcome == "ok" and _INSTALLS.search(command) is not None


_EDIT_CHARS = 20_000
_QUOTED = lazily(r"`([^`\n]{3,80})`")
_FILE = lazily(r"[\w-]{1,60}\.(?!\d)\w{1,6}\b")
_INSTALLS = lazily(
    r"\b(?:uv|pip3?|npm|pnpm|yarn|bun|poetry|pdm|brew|apt|apt-get|gem|bundle|conda|composer)"
    r" (?:pip )?(?:sync|install|add|ci|i)\b"
)
_LACKS = caseless(
    r"(?:\bnot|\bnone of [^.]{1,60} (?:is|are)|n['\u2019]t)(?: being)? (?:(?:currently|yet|even) )?installed\b"
    r"|\bno module named\b|\b(?:package|module|dependency|dependencies) (?:is|are) missing\b"
)
"""Words of what is not there until it is installed."""

_IS_MADE = caseless(
    r"\W*(?:i(?:['\u2019]ve| have) (?:now |just |also )?)?(?:updated|added|replaced|simplified|changed|moved|switched"
    r"|rewrote|rewritten|implemented|improved|introduced|wrapped)\b"
    r"|\W*the (?:\w+ )?(?:command|code|function|script|page|component|query|step) now\b"
)
"""How a sentence begins that tells what was made in a turn, or what that does now."""

_OWN = caseless(
    r"\b(?:i(?: have|['\u2019]ve| had)? (?:just |only )?(?:added|made|put in|did|wrote|applied|introduced)"
    r"|my (?:\w+ )?(?:fix|change|edit|patch|approach|attempt))\b[^.;:\n]{0,60}?\b(?:is|was|were|are) (?!not\b)"
    r"(?:(?:just|only|really|a|an|the|also|both|actually|completely) ){0,3}"
    r"(?:band-?aid|stopgap|garbage|wrong|incorrect|hack|unnecessary|superfluous|not needed|mistake|workaround for)\b"
)
"""Words by which the agent says of what it changed that it is no cure."""

_NAMES_FAULT = caseless(
    r"\W*(?:so,? )?(?:the )?(?:(?:root|real|core|actual) )?(?:issue|problem|bug|cause)\b(?= (?:is|was)\b|:)"
)
