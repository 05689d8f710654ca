"""What was tried and did not hold: what took its place after a check failed, or was taken out after a no."""

from __future__ import annotations

from handoff_cli.core.code import definitions_in
from handoff_cli.core.light import Counts, bisect_left
from handoff_cli.core.paths import is_test, name_of
from handoff_cli.core.patterns import lazily
from handoff_cli.documents.extract.commands.outputs import is_place
from handoff_cli.documents.extract.failed import Tried
from handoff_cli.documents.extract.files.edits import digest
from handoff_cli.documents.extract.files.texts import same_file
from handoff_cli.documents.extract.language.objections import objects, reports
from handoff_cli.documents.extract.language.words import names_in
from handoff_cli.documents.extract.runs.checked import PROVES
from handoff_cli.documents.extract.runs.failures import mended_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Container, Sequence

    from handoff_cli.core.transcript import Edit, Message, Transcript
    from handoff_cli.documents.extract.commands.checks import Run
    from handoff_cli.documents.extract.commands.outputs import Failure
    from handoff_cli.documents.extract.commands.reasons import Causes


MOST_TRIED, _RUNS, _BEFORE, _AFTER = 4, 60, 8, 12
"""So many are told; so many failing runs are looked at, and edits before and after each."""

_SHORT_LINE, _NEVER = 8, float("inf")


def tried(
    edits: Sequence[Edit], runs: Sequence[Run], causes: Causes | None = None, said: Sequence[Message] = ()
) -> tuple[Tried, ...]:
    """Return the edits that a later one replaced after a check had failed on them and named them, the latest first.

    The agent's words tell why where they came before the next run. What was seen mended before the replacement has
    nothing to do with it, nor has what was red before a no of the user's among what was ``said``: that is the reason
    then. A test that fails before the code is written that it tests is none: nothing was there to be replaced.
    """
    found: dict[tuple[str, str], Tried] = {}
    code = [it for it in edits if not is_test(it.path)]
    lines = {id(it): (_lines(it.new) - _lines(it.old), _lines(it.old) - _lines(it.new)) for it in code}
    gone = mended_at(runs)
    nos = [it.position for it in said if it.role == "user" and objects(it.text) and not reports(it.text)]
    failed = [it for it in runs if it.outcome == "failed" and it.failures and PROVES.intersection(it.kinds)]
    for run in failed[-_RUNS:]:
        again = min((it.position for it in runs if it.position > run.position), default=_NEVER)
        if causes and causes.are_as_meant(run.position, again):
            continue
        first = [it for it in code if it.position < run.position][-_BEFORE:]
        later = [it for it in code if it.position > run.position][:_AFTER]
        for edit in reversed(first):
            brought = lines[id(edit)][0]
            replaced = _replacing([it for it in later if it.path == edit.path], lines, brought)
            failure = _failure_on(edit, replaced, brought, run) if replaced else None
            if failure is None:
                continue
            mended = min(gone.get((run.position, failure.name), _NEVER), _edited_there(failure, edit, run, edits))
            mended = min((it for it in nos if run.position < it < mended), default=mended)
            instead = next((it for it in replaced if it.position < mended), None)
            if instead and (told := _told(edit, instead)):
                why = ": ".join(filter(None, (failure.name, failure.why)))
                about = f"{why}\n{edit.new}\n{instead.new}"
                cause = causes.between(run.position, int(min(again, instead.position)), about) if causes else ""
                found.setdefault((edit.path, told[1]), Tried(edit.path, *told, why, cause, instead.position))
                break
    return tuple(reversed(found.values()))[:MOST_TRIED]


def _replacing(later: Sequence[Edit], lines: dict[int, tuple[set[str], set[str]]], brought: set[str]) -> list[Edit]:
    """Return the ``later`` edits that took out lines that were ``brought``, and that none of them had brought anew."""
    found: list[Edit] = []
    anew: set[str] = set()
    for it in later:
        found += [it] if _replaces(it, lines[id(it)][1] - anew, brought) else []
        anew |= lines[id(it)][0]
    return found


def _edited_there(failure: Failure, edit: Edit, run: Run, edits: Sequence[Edit]) -> float:
    """Return where the other file was edited that a ``failure`` lies in: what it meets was mended there."""
    file = failure.name.partition(":")[0] if is_place(failure.name) else ""
    if not file or same_file(file, edit.path):
        return _NEVER
    return next((it.position for it in edits if it.position > run.position and same_file(it.path, file)), _NEVER)


def _failure_on(edit: Edit, replaced: Sequence[Edit], brought: set[str], run: Run) -> Failure | None:
    """Return what failed on an ``edit`` of which others ``replaced`` lines that it ``brought``, None where none tells.

    Of several tests it is the one that has most of their words that not all have, its file's name among them.
    """
    if len({_VARIANT.sub("", it.name) for it in run.failures}) == 1:
        return next((it for it in run.failures if _is_of(edit, it, run.command)), None)
    its = _parts(f"{name_of(edit.path)} {' '.join(it.new for it in replaced)}")
    its |= _parts(" ".join(line for it in replaced for line in brought & _lines(it.old)))
    told = [_parts(f"{it.name} {it.why}") for it in run.failures]
    everywhere = set[str].intersection(*told)
    shared = [len(its & words - everywhere) for words in told]
    best = [it for it, many in zip(run.failures, shared, strict=True) if many == max(shared)]
    alone = max(shared) > 0 and len({_VARIANT.sub("", it.name) for it in best}) == 1
    return next((it for it in best if alone and _is_of(edit, it, run.command)), None)


def _parts(text: str) -> set[str]:
    """Return the words that names and words of ``text`` are made of, in small letters."""
    return {it.lower() for it in _PART.findall(text)}


_PART = lazily(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}(?![a-z])")
_VARIANT = lazily(r"\[[^\n]*\]$|\([^()\n]*\)$| with data set [^\n]*$|(?::\d+)+$|[/#]\d+$")
"""What the name of a test ends with that was run for several values, and a place in a file."""


def _is_of(edit: Edit, failure: Failure, command: str) -> bool:
    """Return whether a failing run names the file that ``edit`` changed, what it defined there, or a test of it."""
    folder, _, file = edit.path.replace("\\", "/").rpartition("/")
    if failure.package and failure.package.rpartition("/")[2] == folder.rpartition("/")[2]:
        return True
    said = f"{failure.name} {failure.why} {command}"
    if is_place(failure.name) and _is_of_other_lines(edit, failure):
        return False
    stem, low = file.partition(".")[0].lower(), said.lower()
    if stem and (stem in low if len(stem) >= _LONG_STEM else stem in _WORDS.split(low)):
        return True
    names = {*_NAMES.findall(edit.where or ""), *definitions_in(edit.new)}
    return not names.isdisjoint(_NAMES.findall(said))


def _is_of_other_lines(edit: Edit, failure: Failure) -> bool:
    """Return whether what is found at a place quotes names, and none of them is in what ``edit`` changed."""
    quoted = {it for text in _QUOTED.findall(failure.why) for it in _NAMES.findall(text)}
    return bool(quoted) and quoted.isdisjoint(_NAMES.findall(f"{edit.where or ''} {edit.old} {edit.new}"))


def _replaces(edit: Edit, took: set[str], brought: set[str]) -> bool:
    """Return whether an edit that ``took`` lines out took some that were ``brought``, or a part of one."""
    part = edit.old.strip()
    within = len(part) > _LONG_PART and "\n" not in part and part not in edit.new
    return bool(brought & took) or (within and any(part in it for it in brought))


_LONG_STEM, _LONG_PART = 5, 12
_QUOTED = lazily(r"'[^'\n]+'|\"[^\"\n]+\"|`[^`\n]+`")
_WORDS, _NAMES = lazily(r"[\W_]+"), lazily(r"\w{4,}")


def _lines(text: str) -> set[str]:
    return {line.strip() for line in text.split("\n") if len(line.strip()) > _SHORT_LINE}


def _told(edit: Edit, instead: Edit) -> tuple[str, str, str] | None:
    """Return where it was tried, what was tried and what stands instead, None where an edit says nothing of itself."""
    one, other = (next(iter(digest([it])), None) for it in (edit, instead))
    if not (one and other and one.changes and other.changes):
        return None
    was, now = one.changes[0], other.changes[0]
    what = was.new if was.new and was.new != now.new else now.old
    return (", ".join((was.where or now.where)[:1]), what, now.new) if what and what != now.new else None


def taken_out_after(no: int, words: str, said: Sequence[int], transcript: Transcript) -> list[str]:
    """Return the names that edits of the turn before a no wrote and edits of the one after it took out for good.

    Those come first that the no names, then fields, then what was written most often. Of a file whose text is not known
    whole nobody can tell that a name is gone.

    Args:
        no: The place of the user's message in the log.
        words: What it says.
        said: The places of all the user's messages.
        transcript: The session.
    """
    at = bisect_left(said, no)
    since, until = said[at - 1] if at else -1, [*said, float("inf")][min(at + _TURNS_AFTER, len(said))]
    before = [it for it in transcript.edits if since < it.position < no]
    after = [it for it in transcript.edits if no < it.position < until] if before else []
    wrote = Counts[str]()
    homes: dict[str, set[str]] = {}
    for it in before if after else ():
        for name, many in names_in(it.new).items():
            wrote[name] += many
            homes.setdefault(name, set()).add(it.path)
    taken = {name for it in after for name, many in names_in(it.old).items() if many > names_in(it.new)[name]}
    gone = [name for name in wrote if name in taken]
    left = _left({it.path for it in before}, transcript) if gone else {}
    fields = {name for it in before for name in _FIELD.findall(it.new)} if gone else set()
    return sorted(
        (name for name in gone if all(it in left and name not in left[it] for it in homes[name])),
        key=lambda it: (it not in words, it not in fields, -wrote[it]),
    )


_TURNS_AFTER = 1
_FIELD = lazily(r"\b([A-Za-z_]\w*)\??:")


def _left(paths: Collection[str], transcript: Transcript) -> dict[str, Container[str]]:
    """Return the names that each of the files has in the end, but for those of which the text is not known whole."""
    last = {it.path: it for it in transcript.edits if it.path in paths}
    found: dict[str, Container[str]] = {path: () for path, it in last.items() if it.action == "deleted"}
    whole = (it for it in transcript.texts if it.path in last and it.position == last[it.path].position)
    return found | {it.path: names_in(it.text) for it in whole}
