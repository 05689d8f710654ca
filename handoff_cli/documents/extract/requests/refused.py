"""What the user turned down: calls that were not let run and not made later, with the words that came with the no."""

from __future__ import annotations

from handoff_cli.core import tool_names
from handoff_cli.core.answers import is_cut_off
from handoff_cli.core.paths import name_of
from handoff_cli.core.patterns import IGNORECASE, caseless, lazily
from handoff_cli.core.transcript import REFUSED
from handoff_cli.documents.extract.commands.command_lines import line_of, only_looks
from handoff_cli.documents.extract.failed import Refused
from handoff_cli.documents.extract.files.changes import change_line, tells
from handoff_cli.documents.extract.files.edits import digest
from handoff_cli.documents.extract.files.put_elsewhere import only_its_place
from handoff_cli.documents.extract.language.lists import without_marks
from handoff_cli.documents.extract.language.objections import concedes, objects, offer_in, offers, reports, stems
from handoff_cli.documents.extract.language.picks import options_in
from handoff_cli.documents.extract.language.shortened import brief
from handoff_cli.documents.extract.language.words import (
    ASKING,
    as_one_line,
    clipped,
    identifiers,
    plain,
    sentences,
    words_of,
)
from handoff_cli.documents.extract.requests.referents import names_item
from handoff_cli.documents.extract.runs.underway import asked_of

A_PLAN = "the plan it proposed"
"""What is turned down where that is a plan: the user's next words take of it what is wanted."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Command, Edit, ToolCall, Transcript
    from handoff_cli.documents.extract.facts import Request

_MOST, _EDIT_CHARS = 6, 4_000


def refused(transcript: Transcript) -> tuple[Refused, ...]:
    """Return what the user did not let run, or stopped, the latest first, and what was said of it; not what ran later.

    Said of it is what comes next where it objects or has a word of the call. Of several calls that one no turned down,
    the first is told, with the other files that it kept from being written and what was edited all the same and imports
    one of them; none that only looked, where the user stopped it to say something else.
    """
    runs = {it.position: it for it in transcript.commands}
    errors = {id(it): _error(it, runs.get(it.position)) for it in transcript.tool_calls if it.outcome == "failed"}
    noes = set(filter(_is_no, set(errors.values())))
    names = {it.name for it in transcript.tool_calls if errors.get(id(it)) in noes}
    if not names:
        return ()
    edits = {it.position: it for it in (*transcript.edits, *transcript.declined)}
    said = [it for it in transcript.messages if it.role == "user"]
    done: list[tuple[str, set[str]]] = []
    found: dict[int, Refused] = {}
    kept_out: dict[int, list[Edit]] = {}
    for call in reversed([it for it in transcript.tool_calls if it.name in names]):
        run, edit = runs.get(call.position), edits.get(call.position)
        what = line_of(run) if run else _what(call)
        asked = words_of(f"{what} {edit.new[:_EDIT_CHARS]}" if edit else what)
        if call.outcome != "failed":
            done.append((call.name, asked))
        elif (error := errors[id(call)]) in noes and not any(
            name == call.name and _is_same(asked, it) for name, it in done
        ):
            changed = digest([edit.replace(outcome="ok")]) if edit else ()
            change = next((change_line(it.changes[0]) for it in changed if it.changes), "")
            words = next((it for it in said if it.position > call.position), None)
            reason = _first_words(words.text) if words else ""
            change = _objected_line(edit, reason, change) if edit and change else change
            told = f"{what}: {change}" if change else what
            speaks = objects(reason) or any(len(it) > _SHORT for it in asked & words_of(reason))
            waits = bool(_POSTPONES.match(reason))
            reason = reason if speaks or waits or _WITH_IT in error else ""
            at = words.position if words else -1
            if objects(reason) or not (run and words and only_looks(run.text)):
                found[at] = Refused(told, reason, waits or not error.startswith(REFUSED))
            if edit:
                kept_out.setdefault(at, []).append(edit)
    latest = [*found.items()][:_MOST]
    return tuple(it.replace(what=it.what + _with(kept_out.get(at, ())[-_MOST:], transcript)) for at, it in latest)


def _objected_line(edit: Edit, reason: str, change: str) -> str:
    """Return the line of ``edit`` that the ``reason`` of the no speaks of, ``change`` where it speaks of none."""
    stems_of = [(line.strip(), stems(line)) for line in edit.new[:_EDIT_CHARS].split("\n") if tells(line)]
    everywhere = stems(edit.path)
    spoken = [(len((words & stems(reason)) - everywhere), line) for line, words in stems_of]
    most, line = max(spoken, key=lambda it: it[0], default=(0, ""))
    return f"+ {clipped(line, _OFFER_CHARS)}" if most and line not in change else change


def _with(kept_out: Sequence[Edit], transcript: Transcript) -> str:
    """Return the files but the first of edits that were turned down together, and what imports one that is missing."""
    paths = [*dict.fromkeys(it.path for it in reversed(kept_out))]
    there = {it.path for it in transcript.files}.union(it.path for it in transcript.edits)
    new = {it.path: it.path.replace("\\", "/").split("/") for it in kept_out if not it.old and it.path not in there}
    users = (name_of(it.path) for it in transcript.edits if any(_imports(it, parts) for parts in new.values()))
    beside = f"; with it {', '.join(map(name_of, paths[1:]))}" if paths[1:] else ""
    broken = next((f"; {it} imports {'it' if len(paths) == 1 else 'one of them'} all the same" for it in users), "")
    return beside + broken


def _imports(edit: Edit, parts: list[str]) -> bool:
    """Return whether ``edit`` brought a line that imports the file of these ``parts`` of a path."""
    stem, folder = parts[-1].rpartition(".")[0], parts[-2] if len(parts) > 1 else ""
    if len(stem) <= _SHORT or stem in _OF_FOLDERS or stem not in edit.new:
        return False
    beside = folder in edit.path.replace("\\", "/").split("/")[:-1][-1:]
    lines = (line for line in edit.new.split("\n") if stem in line and _IMPORTS.match(line))
    return any(
        (beside or folder in line)
        and any(it in (stem, parts[-1]) or it.endswith(f".{stem}") for it in _NAMES.findall(line))
        for line in lines
    )


_IMPORTS = lazily(r"\s*(?:import|from|export|require|use|using|include|#include|mod|(?:const|let|var)\b.*\brequire)\b")
_NAMES = lazily(r"[\w.-]*[\w-]")
_OF_FOLDERS = frozenset(("index", "__init__", "main"))
"""What names a file by its folder alone."""


def with_refusals(requests: tuple[Request, ...], transcript: Transcript) -> tuple[Request, ...]:
    """Return ``requests``, of words that came with a no to a call with what was to be called."""
    runs = {it.position: it for it in transcript.commands}
    noes = [
        (as_one_line(error), call.position, line_of(run) if run else _what(call))
        for call in transcript.tool_calls
        if call.outcome == "failed"
        if (error := _error(call, run := runs.get(call.position))).startswith(REFUSED)
    ]
    if not noes:
        return requests
    begin = ((it, as_one_line(it.text)[:_WORDS_COMPARED]) for it in requests)
    refused = (
        (it, next((what for error, at, what in noes if at <= it.position and words in error), ""))
        for it, words in begin
    )
    return tuple(it.replace(refuses=what) if what else it for it, what in refused)


_WORDS_COMPARED = 60


def _is_no(error: str) -> bool:
    """Return whether a call ended by the user's word: before it ran, or while it did."""
    return error.startswith(REFUSED) or is_cut_off(error)


_WITH_IT = "the user said:"
"""What stands in the answer before words that came with the no."""


def _is_same(one: set[str], other: set[str]) -> bool:
    return len(one & other) * 5 >= max(len(one), len(other)) * 4


def _first_words(text: str) -> str:
    """Return what somebody typed first, on a line: what is pasted below is left out."""
    first, *rest = [line.strip() for line in text.split("\n") if line.strip()] or [""]
    said = f"{first} {rest[0]}" if rest and len(first) < _LEAST_CHARS else first
    typed = said.partition('{"')[0]
    return as_one_line(typed if len(typed) >= _LEAST_CHARS // 2 else said).rstrip(" :")


_LEAST_CHARS, _SHORT, _LEAST_WORDS = 40, 3, 5


def _error(call: ToolCall, run: Command | None) -> str:
    return (run.error if run else call.error) or ""


def _what(call: ToolCall) -> str:
    """Return what a call that is no command was to do."""
    if call.name.lower() in tool_names.PLANNERS:
        return A_PLAN
    asked = asked_of(call.summary)
    return f"{_doing(call.name)} {name_of(asked) if ' ' not in asked else asked}"


def _doing(name: str) -> str:
    """Return what the tool of this ``name`` does to a file: agents call the same by many names; else the name."""
    if not tool_names.edits(name):
        return name
    return "Write" if name.lower() in tool_names.WRITERS | tool_names.CREATORS else "Edit"


def _solution_in(text: str) -> str:
    """Return what ``text`` says under the name of a solution or design, in a line; empty where it has none."""
    lines = [plain(line) for line in text.split("\n")] if ":" in text else []
    return next((clipped(it[found.end() :], _SOLUTION_CHARS) for it in lines if (found := _SOLUTION.match(it))), "")


_SOLUTION = caseless(r"(?:solution|approach|design|the fix|what changed|what changes|idea)\s?: (?=\S.{20})")
_SOLUTION_CHARS = 110


def turned_down(transcript: Transcript) -> tuple[Refused, ...]:
    """Return what the agent proposed or made and the user's next words turned down, the latest first.

    What was made is told by the names that it brought and that edits after the no took out. Else told is what the last
    message before the no offers, else one before it in the turn that has a word of theirs. Words that only object, with
    no "no" before, turn down what they share some words with, or what the agent then says they are right about.
    """
    found: dict[str, Refused] = {}
    known: set[str] = set()
    before: list[str] = []
    users = [place for place, it in enumerate(transcript.messages) if it.role == "user"]
    said = [transcript.messages[place].position for place in users]
    late = transcript.messages[(users[-_LOOKED_AT - 1 :] or [0])[0] :]
    for message, after in zip(late, (*late[1:], None), strict=False):
        if message.role != "user":
            before.append(message.text)
            continue
        words = _first_words(message.text)
        right = after is not None and after.role != "user" and concedes(after.text)
        says_no = bool(_NO.match(words)) or (right and objects(words) and not reports(words))
        told = before if len(words) <= _NO_CHARS and (right or not words.endswith(ASKING)) else []
        told = told if (says_no or (objects(words) and not reports(words))) and not _DID_IT.match(words) else []
        told = [] if told and _turns_call_down(message.position, transcript) else told
        gone: list[str] = []
        if told and transcript.edits:
            from handoff_cli.documents.extract.runs.tried import taken_out_after

            gone = taken_out_after(message.position, words, said, transcript)
        new = [it for it in gone if it not in known]
        known.update(gone)
        if len(new) >= _FEWEST_NAMES:
            names, solution = ", ".join(new[:_MOST_NAMES]), _solution_in(told[-1] if told else "")
            what = f"{solution} (taken out again: {names})" if solution else f"Written and taken out again: {names}"
            found[what] = Refused(what, words, proposed=True)
        told = [] if len(gone) >= _FEWEST_NAMES else told
        last = offer_in(told[-1], words) if told else ""
        offer = _labelled_in(told[-1], words) if told else ""
        offer = offer or _item_in(last or (offer_in("\n".join(told), words) if told else ""), words)
        advice = next(filter(None, map(recommended_in, reversed(told))), "") if says_no else ""
        if advice and not names_item(words):
            found[advice] = Refused(clipped(advice, _OFFER_CHARS), words, proposed=True)
            before = []
            continue
        question = _question_in(told[-1]) if says_no and told else ""
        asked = _asked(question, told[-1]) if question else ""
        if _IS_IT_FINE.match(question or offer):  # a no to what was made, and not to what it offers in its place
            made = brief(sentences(told[-1])[0], _OFFER_CHARS)
            found[made] = Refused(made, words, proposed=True)
            last = offer = ""
        elif question and not (offers(offer) and (not asked or stems(offer) & stems(words))):
            last = offer = asked
        shared = _NONE_SHARED if last and not _FORBIDS.match(words) else 1
        shared = shared if says_no else _OF_THE_SAME
        named = set(identifiers(words.partition(". ")[0] if asked else _WANTED_INSTEAD.split(words)[0]))
        if (
            offer
            and len(stems(offer) & stems(words)) >= shared
            and not (named and named.isdisjoint(identifiers(offer)))
            and not only_its_place(offer, words)
        ):
            what = offer if offer == asked else brief(offer, _OFFER_CHARS)
            found[offer] = Refused(what, words, proposed=True)
        before = []
    return tuple(reversed(found.values()))[:_MOST_OFFERS]


def _turns_call_down(position: int, transcript: Transcript) -> bool:
    """Return whether the user's words at ``position`` came with the no to a call: they are about that."""
    last = next((it for it in reversed(transcript.tool_calls) if it.position <= position), None)
    if last is None or last.outcome != "failed":
        return False
    run = next((it for it in transcript.commands if it.position == last.position), None)
    return _is_no(_error(last, run))


def _item_in(offer: str, words: str) -> str:
    """Return the one item of an ``offer`` that lists several which the user's ``words`` are about, else the offer."""
    _, colon, listed = offer.partition(": ")
    items = listed.split("; ") if colon else []
    for said in (sentences(words)[:1], [words]) if len(items) > 1 else ():  # the no comes first
        shares = [len(stems(it) & stems(" ".join(said))) for it in items]
        about = [it for it, share in zip(items, shares, strict=True) if share == max(shares)]
        if len(about) == 1:
            return about[0]
    return offer


def _labelled_in(text: str, words: str) -> str:
    """Return the item of ``text`` that the user's ``words`` turn down by its number or letter, empty without one."""
    found = _NOT_LABEL.match(words)
    return options_in(text).get(found[1].lower(), "") if found else ""


_NOT_LABEL = lazily(
    r"(?:no[,.:]? )?not (?:option |with )?#?(\d{1,2}|[a-h])(?=[.,;:!)]|$| (?:please|because|since|as)\b)", IGNORECASE
)


def recommended_in(text: str) -> str:
    """Return the option that a message has a heading of its own for and recommends there, with what it would do."""
    lines = text.split("\n")
    for at, line in enumerate(lines):
        if found := _RECOMMENDED.match(line):
            says = next((it for it in map(_APPROACH.match, lines[at + 1 : at + _BELOW]) if it), None)
            head = without_marks(_ADVICE.sub("", line[found.start(1) :])).strip(" *#:")
            return f"{head}: {without_marks(says[1])}" if says else head
    return ""


_RECOMMENDED = caseless(
    r"\s{0,3}(?:#{1,6}|\*\*)\W*((?:option|approach|solution|variant) [^\n]{0,100}\W(?:recommended|preferred|best)\b)"
)
_ADVICE = lazily(r"\W*\((?:recommended|preferred|best)[^)]*\)", IGNORECASE)
_APPROACH, _BELOW = lazily(r"\s*\**(?:Approach|Idea|Solution|How)\**:\**\s+(\S.{10,})"), 6


def _question_in(text: str) -> str:
    """Return the question that ends ``text``, else the only one that it asks of the user, empty for none."""
    told = sentences(text)
    asked = [it for it in told if it.rstrip(_MARKS).endswith(ASKING)]
    ends = text.rstrip(_MARKS).endswith(ASKING)
    found = asked[-1] if asked and (ends or (len(asked) == 1 and _OF_THE_USER.match(asked[0]))) else ""
    return found if len(found) <= _NO_CHARS else ""


def _asked(question: str, text: str) -> str:
    """Return what a no to a ``question`` turns down, with what it points to in ``text``.

    Empty where it lets choose, or asks how something is: a no tells that then.
    """
    points = bool(_POINTS.search(question))
    if (
        _CHOOSES.search(question)
        or (points and question.count(" ") < _LEAST_WORDS)
        or len(question) < _LEAST_CHARS // 2
        or _OF_FACTS.match(question)
    ):
        return ""
    told = sentences(text)
    before = told[told.index(question) - 1] if points and question in told[1:] else ""
    return f"{question} ({brief(before, _OFFER_CHARS)})" if before else question


_MARKS = "*_ `\n"
_OF_THE_USER = caseless(
    r"(?:(?:and|so|or|also|but),? )?(?:shall|should|do (?:we|you|i)|(?:do you )?want|would you|may i|can i"
    r"|is it (?:ok|fine)|ok (?:to|if)|soll(?:en)?|m\xf6chte[nt]|dois-je|quer|debo|devo)\b"
)
_OF_FACTS = caseless(
    r"(?:(?:and|so|but|ok(?:ay)?),? )?(?:(?:was|were|is|are|did|does|has|have|had)"
    r"(?! (?:it|this|that|these|those|they|there)\b)|do you (?:have|know|see)"
    r"|do (?:the|your|all|any)|war|ist|gibt es|hast du|hat)\b"
)
_POINTS = caseless(r"\b(?:this|that|it|these|those|them|they|so|ok(?:ay)?|go on)\b")
_CHOOSES = caseless(r"\b(?:or|which|oder|welche\w*|ou|o)\b")
_IS_IT_FINE = caseless(
    r"\W*(?:(?:and|so) )?(?:is (?:that|this|it) )?(?:acceptable|fine|ok(?:ay)?|good enough|all right)\b[^?]{0,30}\bor\b"
)
"""What a question has that points to what was said before, and that lets choose."""

_FEWEST_NAMES, _MOST_NAMES = 2, 5
_NO_CHARS, _OFFER_CHARS, _MOST_OFFERS, _OF_THE_SAME, _LOOKED_AT = 400, 140, 5, 2, 60
_NONE_SHARED = 0
_WANTED_INSTEAD = lazily(r"[.!;] (?:(?:please|just|rather|instead),? )?(?:use|take|go with)\b", IGNORECASE)
"""Where a no goes on with what is to be done: that names code of its own."""

_FORBIDS = caseless(r"\W*(?:don['\u2019]?t|do not|never) (?!do (?:it|this|that)\b|(?:it|this|that)\b)\w+ \w+")
"""Words that forbid something they name: it need not be what was offered."""

_POSTPONES = caseless(r"\W*(?:(?:no|wait|ok(?:ay)?|but|and),? ){0,2}(?:before (?:that|this|you)|first\b|hold on)")
"""Words that put something else before what was stopped: it is not turned down by them."""

_DID_IT = caseless(
    r"\W*(?:(?:ok(?:ay)?|yes|so|and|hm+),? )?(?:i(?:['\u2019]ve)? |we(?:['\u2019]ve)? )?"
    r"(?:did|done|tried|applied|ran|added|made|took) (?:it|that|this|them|both|all|so|the (?:first|second))\b"
)
"""Words that report of what was proposed: it was done, and is turned down at most by what they say of it."""

_NO = caseless(
    r"\W*(?:no\b(?! (?:problem|worries|need to ask))|nope\b|nein\b|non\b|don['\u2019]?t\b|do not\b|rather not\b|wrong\b"
    r"|(?:it|that|this)['\u2019]?s? (?:is )?(?:a )?(?:bad|wrong|not)\b|i['\u2019]?d (?:rather|prefer)\b|instead\b"
    r"|never\b"
    r"|not (?:in|with|by|like|now|that|yet|for)\b"
    r"|.{0,80}\b(?:over the limit|too (?:big|large|heavy|slow|complex|risky|expensive|much)|(?:but )?not now)\b)"
)
