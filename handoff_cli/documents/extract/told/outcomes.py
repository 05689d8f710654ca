"""What the tools show that came of each request: which files were changed, how the checks ended, what was committed."""

from __future__ import annotations

from itertools import pairwise

from handoff_cli.core.light import Counts, bisect_left, bisect_right
from handoff_cli.core.paths import MARKDOWN, name_of
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.commands.messages import commit_message
from handoff_cli.documents.extract.facts import Finding
from handoff_cli.documents.extract.files.edits import set_back
from handoff_cli.documents.extract.language.denials import claims, denies
from handoff_cli.documents.extract.language.findings import CAUSE, is_looked_for, is_talk, subject_of
from handoff_cli.documents.extract.language.units import units
from handoff_cli.documents.extract.language.words import identifiers, names_in
from handoff_cli.documents.extract.requests.choices import left_out, told_by_agent
from handoff_cli.documents.extract.runs.checked import PROVES, is_cleared
from handoff_cli.documents.extract.told.as_it_stands import AsItStands
from handoff_cli.documents.extract.told.listed_steps import FILE_NAMED
from handoff_cli.documents.extract.told.outdated import DidNotLast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from handoff_cli.core.transcript import Edit, Message, Transcript
    from handoff_cli.documents.extract.commands.checks import Run
    from handoff_cli.documents.extract.facts import Turn
    from handoff_cli.documents.extract.told.errors_back import ErrorsBack

NO_PICKS: Mapping[int, str] = {}
_FILES = 3
_KINDS = {"test": "tests", "lint": "lint", "types": "types", "format": "format", "build": "build"}
_ENDED = {"ok": "passed", "failed": "failed"}


def with_outcomes(
    turns: tuple[Turn, ...],
    transcript: Transcript,
    runs: Sequence[Run],
    back: ErrorsBack,
    picks: Mapping[int, str] = NO_PICKS,
) -> tuple[Turn, ...]:
    """Return ``turns``, each with what the tools show was done in it, and whether nothing later came back to it.

    What claims in one that it is mended is left out where the user's next word denies it, or the error came ``back``.
    ``picks`` has by the positions of requests what they take up of what the turn before proposed: other options of
    those it laid out came to nothing.
    """
    ends = (*(turn.position for turn in turns[1:]), None)
    idle = _idle([turn.position for turn in turns], transcript)
    as_before = set_back(transcript.edits)
    edits = _Placed([it for it in transcript.edits if it.path not in as_before])
    checks, messages, spoken = _Placed(runs), _Placed(transcript.messages), _Placed(told_by_agent(transcript))
    gone = {it.path for it in transcript.files if it.action == "deleted"}
    asked = {it.position: it.text for it in transcript.messages if it.role == "user"}
    commits = (it for it in transcript.commands if "git" in it.text and "commit" in it.text and it.outcome != "failed")
    committed = max((it.position for it in commits), default=-1)
    pushed = max((at for at, text in asked.items() if _PUSHES.search(text)), default=-1)
    lasts_not = DidNotLast(transcript, [(it.position, it.text, "said") for it in told_by_agent(transcript)]).has
    stands = AsItStands(transcript)
    found = []
    for turn, until in zip(turns, ends, strict=False):
        made = edits.within(turn.position, until)
        done = _done(made, checks.within(turn.position, until), gone)
        passed = _left_out(messages.within(turn.position, until), picks.get(until or 0, ""))
        denied = until is not None and bool(denies(asked.get(until, "")))
        said = tuple(
            _brought_up_to_date(it, it.position < committed, it.position < pushed)
            for it in turn.told
            if not (_is_refuted(it, runs) or (denied and claims(it.text)) or _is_any(passed, it.text))
            and not _is_plan_made(it, made)
            and not back.refutes(it.text, it.position, turn.position)
        )
        if not (turn.told or turn.refused or denied) and until is not None:
            said = tuple(it for it in _closed_with(spoken.within(turn.position, until), stands) if not lasts_not(it))
        alone = (turn.position in idle and until not in picks) or _only_gone(made, gone)
        found.append(turn.replace(told=said, done=done, idle=alone))
    return tuple(found)


def _brought_up_to_date(told: Finding, committed: bool, pushed: bool) -> Finding:
    """Return what was ``told`` without the words by which it was not committed, or pushed, yet: that followed."""
    text = _NOT_COMMITTED.sub("", told.text) if committed and "ommitted" in told.text else told.text
    text = _NOT_PUSHED.sub("", text) if pushed and "pushed" in text else text
    return told.replace(text=text) if text != told.text else told


_PUSHES = caseless(r"\bi push\b|\bi['\u2019]?ll push\b|\bpushed\b|\bpush(?:ed)? both\b")
_NOT_PUSHED = lazily(
    r"(?:,? (?:\w+ )?commits? ahead)?,? (?:and )?(?:not (?:yet )?pushed|nothing (?:is )?pushed)(?: yet)?(?=[.,;:)]|$)"
)
_YET = r"(?:un|not (?:yet )?)committed(?: yet| so far)?"
_NOT_COMMITTED = lazily(rf" \({_YET}\)|,? (?:still |but )?{_YET}(?=[.,;:)]|$)")


def _closed_with(messages: Sequence[Message], stands: AsItStands) -> tuple[Finding, ...]:
    """Return the first sentence that says something of the last of ``messages``, the agent's; nothing without one.

    It is what came of a request of which nothing else is worth telling, and worth less than all else.
    """
    if not messages:
        return ()
    last = messages[-1]
    told = (*units(stands.of(last)[:_MOST_READ]), "")
    said = (it for it, then in pairwise(told) if _LEAST <= len(it) <= _LONGEST and not is_looked_for(it, then))
    first = next((it for it in said if not (is_talk(it) or it.endswith(("?", ":")))), "")
    return (Finding(first, "said", last.position, _WORTH),) if first else ()


_MOST_READ, _LEAST, _LONGEST, _WORTH = 4_000, 32, 320, 0.1


def _left_out(messages: Sequence[Message], meant: str) -> tuple[str, ...]:
    """Return how the options begin that the last of ``messages`` laid out and the user did not take."""
    last = messages[-1].text if meant and messages and messages[-1].role == "assistant" else ""
    return tuple(it.rstrip("\u2026")[:_BEGINNING] for it in left_out(last, meant)) if last else ()


def _is_any(options: tuple[str, ...], text: str) -> bool:
    """Return whether ``text`` is one of ``options``, behind its letter or number or without."""
    return any(0 <= text.find(it) <= _NUMBER_CHARS for it in options)


_BEGINNING, _NUMBER_CHARS = 60, 4


def _is_refuted(told: Finding, runs: Sequence[Run]) -> bool:
    """Return whether a check showed that what was ``told`` is not so: it should work and failed, or it passed since.

    A sentence with the cause of what failed tells more than that.
    """
    expects, fails = _EXPECTS.search(told.text), _FAILS.search(told.text)
    if not (expects or fails):
        return False
    later = [it for it in runs if it.position > told.position and it.outcome and PROVES.intersection(it.kinds)]
    if expects:
        return bool(later) and later[0].outcome == "failed"
    return not CAUSE.search(told.text) and any(it.outcome == "ok" and not it.narrow for it in later)


_EXPECTS = caseless(
    r"\b(?:should|ought to) (?:now )?be (?:broken|fixed|gone|resolved|green)\b|\bshould now\b|\bnow should\b"
    r"|\bshould (?:work|compile|build|succeed|pass)\W*$|\bnow (?:works|compiles|builds|passes)\b"
    r"|\b(?:is|are) now (?:fixed|resolved|gone)\b"
)
_FAILS = caseless(
    r"\b(?:still|now) (?:fail\w*|broken|red)\b|\b(?:is|are) (?:failing|broken)\b"
    r"|\b(?:doesn['\u2019]?t|does not|don['\u2019]?t|do not|won['\u2019]?t) (?:compile|build|pass)\b"
    r"|\b(?:we|there['\u2019]?s|there is) (?:still )?(?:have |got )?an? (?:import |circular )(?:cycle|dependency)\b"
)


def _is_plan_made(told: Finding, edits: Sequence[Edit]) -> bool:
    """Return whether what was ``told`` is a list of changes, and later ``edits`` have every file and name in it."""
    if not _PLANS.search(told.text):
        return False
    late = [it for it in edits if it.position > told.position and it.outcome != "failed"]
    written = "\n".join(f"{name_of(it.path)}\n{it.where or ''}\n{it.new}" for it in late)
    named = {*FILE_NAMED.findall(told.text), *(it.partition("(")[0] for it in identifiers(told.text))}
    return len(named) > 1 and all(it in written for it in named)


_PLANS = caseless(r"\bchanges (?:(?:that are )?(?:needed|required|necessary)|to (?:be made|make))\b[^:.]{0,40}:")


def _only_gone(edits: Sequence[Edit], gone: set[str]) -> bool:
    """Return whether ``edits`` wrote documents that are all ``gone``: what was told of them is overtaken."""
    written = {it.path for it in edits if it.outcome != "failed"}
    return bool(written) and written <= gone and all(it.endswith(MARKDOWN) for it in written)


class _Placed:
    """Gives of ``entries`` those between two positions, in order."""

    def __init__(self, entries: Sequence[Any]) -> None:
        self._entries = sorted(entries, key=lambda it: it.position)
        self._places = [it.position for it in self._entries]

    def within(self, start: int, until: int | None) -> Sequence[Any]:
        """Return the entries behind ``start`` and before ``until``; None: up to the end."""
        end = len(self._places) if until is None else bisect_left(self._places, until)
        return self._entries[bisect_right(self._places, start) : end]


def _idle(starts: list[int], transcript: Transcript) -> set[int]:
    """Return the ``starts`` of turns that changed nothing and of whose names, or words, later ones have few.

    In talk that hardly uses tools there are none: what comes of a turn is done elsewhere. Nor is one that accounts for
    several files that were edited before it.
    """
    if len(transcript.tool_calls) < len(starts):
        return set()
    called, edits = _Placed(transcript.tool_calls), _Placed(transcript.edits)
    messages, reasonings = _Placed(transcript.messages), _Placed(transcript.reasonings)
    commits = _Placed([it for it in transcript.commands if commit_message(it.text)])
    names, words = set[str](), set[str]()
    idle: set[int] = set()
    until: int | None = None
    for start in reversed(starts):
        texts = (*messages.within(start, until), *reasonings.within(start, until))
        said = [it.text for it in texts if it.role == "assistant"]
        own, spoken = (set[str]().union(*map(of, said)) for of in (names_in, subject_of))
        used = len(own & names) if own else len(spoken & words)
        forgotten = used < _COMES_BACK * len(own or spoken)
        if called.within(start, until):  # it may have found what is only known from what the calls gave
            changed = own & names or edits.within(start, until) or any(commits.within(start, until))
            forgotten = not changed and len(spoken & words) < _TALKED * len(spoken) < _AMPLE * len(words)
        if until is not None and forgotten and not _accounts("\n".join(said), edits.within(-1, start)):
            idle.add(start)
        asked = [it.text for it in messages.within(start - 1, start + 1) if it.role == "user"]
        asked += [it.new[:_EDIT_CHARS] for it in edits.within(start, until)]
        names |= own | set(identifiers("\n".join(asked)))
        words |= spoken.union(*map(subject_of, asked))
        until = start
    return idle


def _accounts(said: str, edits: Sequence[Edit]) -> bool:
    """Return whether words tell of several files that ``edits`` before them changed."""
    return sum(it in said for it in {name_of(it.path) for it in edits}) > 1


_EDIT_CHARS, _COMES_BACK, _TALKED, _AMPLE = 8_000, 0.15, 0.3, 0.2
"""The share of the names of a turn, else of its words, that what follows has if it comes back to it; and of the words
of one in which something was called, where what follows is ample: it has more than two thirds as many."""


def _done(edits: Sequence[Edit], runs: Sequence[Run], gone: set[str]) -> str:
    """Return in a line what was done by ``edits`` and ``runs``, those between two requests; empty where nothing was."""
    made = [it for it in edits if it.outcome != "failed"]
    edited = Counts(name_of(it.path) for it in made if it.action != "deleted")
    removed = [*dict.fromkeys(name for it in made if (name := name_of(it.path)) not in edited)]
    deleted = {name_of(it) for it in gone}
    names = [
        f"{it} (deleted since)" if it in deleted else it for it in sorted(edited, key=lambda it: -edited[it])[:_FILES]
    ]
    more = f" and {len(edited) - _FILES} more" if len(edited) > _FILES else ""
    last = {run.kind: run for run in runs if run.outcome in _ENDED}
    last = {kind: run for kind, run in last.items() if run.outcome == "ok" or not is_cleared(run, runs)}
    ended: dict[str, list[str]] = {}
    for kind, run in last.items():
        first = _first_edited_after(run, made) if run.outcome == "ok" else []
        before = f" before the edit of {', '.join(first[:_FILES])}" if first else ""
        ended.setdefault(f"{_ENDED[run.outcome or '']}{before}", []).append(_KINDS.get(kind, kind))
    if not (names or removed) and not any(it.startswith("passed") for it in ended):
        return ""
    parts = [f"edited {', '.join(names)}{more}"] * bool(names)
    parts += [f"deleted {', '.join(removed[:_FILES])}"] * bool(removed)
    parts += [f"{', '.join(kinds)} {how}" for how, kinds in ended.items()]
    return "; ".join(parts)


def _first_edited_after(run: Run, edits: Sequence[Edit]) -> list[str]:
    """Return the names of the files of code that ``edits`` changed only after ``run``: it tells nothing of them."""
    before = {name_of(it.path) for it in edits if it.position <= run.position}
    after = (name_of(it.path) for it in edits if it.position > run.position and not it.path.endswith(MARKDOWN))
    return [it for it in dict.fromkeys(after) if it not in before]
