"""The step that the agent itself said comes next, by its last words: not begun, or begun and not seen done."""

from __future__ import annotations

from itertools import takewhile

from handoff_cli.core.paths import name_of
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.language.announced import goes_on, is_step
from handoff_cli.documents.extract.language.findings import WARNS, is_talk
from handoff_cli.documents.extract.language.words import (
    SENTENCE_END,
    as_one_line,
    identifiers,
    sentences,
    without_cheer,
    words_of,
)
from handoff_cli.documents.extract.progress.gathered import NO_RESULT
from handoff_cli.documents.markdown import code
from handoff_cli.documents.parts.at_work import ASKS, SAYS_LITTLE, is_done, is_in_its_place, reported_done
from handoff_cli.documents.parts.unfinished import LEAD, numbered, unwritten
from handoff_cli.documents.parts.wording import capitalized, complete, ended, event, some, whose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.documents.extract.story import Story

SAME_CHARS = 30
"""Texts that share so many characters at their beginning are taken for the same."""


def own_step_of(story: Story) -> str:
    """Return the step the agent announced last and did not begin, as what is to be done; empty where there is none."""
    if story.state != "progress" or story.minutes.noted_next:
        return ""
    told = SENTENCE_END.split(story.step.about) if not story.step.started else []
    place = next((at for at in range(len(told) - 1, -1, -1) if LEAD.match(told[at])), None)
    if place is None:
        to_come = story.task.to_come
        return f"{complete(to_come, 260).rstrip('.…:')} (the agent's last words)." if to_come else ""
    if place and THEN.match(told[place]) and LEAD.match(told[place - 1]):
        place -= 1
    then = [it for it in told[place + 1 :] if THEN.match(it)]
    if _GOES_ON.fullmatch(LEAD.sub("", told[place])) and place + 1 - len(told):
        told = told[:place] + told[place + 1 :]
    elif _GOES_ON.fullmatch(LEAD.sub("", told[place])) and place:
        told, place = told[:place], place - 1
    step = LEAD.sub("", told[place])
    before = without_cheer(" ".join(told[:place])) if len(step) < SAYS_LITTLE or POINTS.search(step) else ""
    step = _with_file(_with_name(step, before), story)
    if _is_vague(story, step):
        return ""
    at = story.step.place if story.step.place and name_of(story.step.place)[:8] not in story.step.about else ""
    where = f", it was last in {code(at)}" if at else ""
    where = f"; since it said so it {story.step.begun}" if story.step.begun.startswith("edited ") else where
    text = ended(complete(capitalized(step), 260)).rstrip(".…")
    parts = [
        f"{text} ({whose(story).lower()} own next step{where}).",
        *(complete(it, 200) for it in (*then, before) if it),
        *filter(None, [_shown_there(story).lstrip()]),
    ]
    if comment := _comment_on(story, step):
        parts.append(f"By the comment on it: {ended(complete(comment, _COMMENT_CHARS))}")
    if against := _said_against(story, step):
        parts.append(f"Said against it before: {ended(complete(against, 200))}")
    return " ".join(parts)


def _shown_there(story: Story) -> str:
    """Return the lines shown since that the step is about, as a sentence behind a blank; empty without any."""
    return f" Shown there: {'; '.join(map(code, story.step.uses))}." if story.step.uses else ""


def _with_name(step: str, before: str) -> str:
    """Return ``step`` with the name of the code that it only points at ("that function"), by the words ``before``."""
    named, found = identifiers(before), _POINTS_AT.search(step)
    if not (named and found) or identifiers(step):
        return step
    return f"{step[: found.start()]}{named[-1]}{step[found.end() :]}"


def _with_file(step: str, story: Story) -> str:
    """Return ``step`` with the file that it only points at, where the open failure and the last command name one."""
    found = _FILES_IT.match(step)
    last = story.runs.happened[-1].partition(" \u2192 ")[0] if found and story.runs.happened else ""
    lacks = {name_of(path) for it in story.runs.failures for path in _PATH.findall(f"{it.name} {it.why}")}
    named = {path for path in _PATH.findall(last) if name_of(path) in lacks}
    if not found or len(named) != 1:
        return step
    return f"{found[1]} {code(*named)}{step[found.end() :]}"


_FILES_IT = caseless(
    r"(restore|recreate|re-create|bring back|put back|write|create|delete|remove|copy|move) (?:it|that|this)\b"
)
_PATH = lazily(r"[\w.@+-]*(?:/[\w.@+-]+)*\.[A-Za-z]\w{0,5}\b")


def _is_vague(story: Story, step: str) -> bool:
    """Return whether ``step`` looks into what the user asked and names nothing, where an answer was reached."""
    asked = as_one_line(story.latest) if story.step.reached else ""
    return bool(asked and ASKS.search(asked) and _VAGUE.fullmatch(step))


_VAGUE = caseless(
    r"(?:trace|look|see|check|think|understand|figure out|find out|investigate|explain|verify)\b[^`_./]{0,60}?[.:]?"
)
"""A step that names nothing."""

_POINTS_AT = caseless(r"\b(?:that|this) (?:function|method|class|helper|hook|type|struct|variable|constant|field)\b")


def _comment_on(story: Story, step: str) -> str:
    """Return what the comment says on the code that ``step`` is to look at, where it was seen; empty for others."""
    names = identifiers(step) if _LOOKS_INTO.match(step) else []
    piece = next((it for it in story.changed.code if it.name and it.name in names), None)
    lines = takewhile(_COMMENTED.match, piece.text.split("\n")) if piece else ()
    return as_one_line(" ".join(_COMMENTED.sub("", line, count=1).removesuffix("*/") for line in lines))


_COMMENT_CHARS = 260
_COMMENTED = lazily(r"^\s*(?://[/!]?(?!go:)|#(?= )(?! noqa)|\*(?=[\s/])|/\*\*?)\s*(?!/)")
_LOOKS_INTO = caseless(r"(?:look|see|check|read|find out|understand|inspect|view|open)\b")


def _said_against(story: Story, step: str) -> str:
    """Return what the agent told since the latest request that stands against ``step``, empty where nothing does."""
    words = {it[:_STEM] for it in words_of(step) if len(it) >= _STEM}
    told = [it.text for turn in story.told.turns[-1:] for it in turn.told if WARNS.search(it.text)]
    return next((it for it in told if len(words & {word[:_STEM] for word in words_of(it)}) > 1), "")


THEN = caseless(
    r"\W*(?:and )?(?:then|next|after (?:that|this|it)|afterwards|finally|dann|danach|anschlie\xdfend|zuletzt"
    r"|ensuite|puis|luego|despu\xe9s|por \xfaltimo|depois|em seguida|poi|infine)\b"
)
"""How a sentence begins that goes on with the step before it."""

_GOES_ON = caseless(r"(?:continue|go on|proceed|keep going|start|begin)\W*")
_STEM = 5
POINTS = caseless(r"\b(?:it|them|this|that|these|those)\b")


def about_to(story: Story, waits: bool) -> str:
    """Return what the agent announced: the step it did not begin, else the steps ahead and the one it was at.

    ``waits`` tells that the step it was at is told already.
    """
    if (story.state != "progress" and not story.nameless) or story.minutes.noted_next:
        return ""
    if story.step.about and not story.step.started:
        who = "The text says" if story.nameless else "The agent was about to do this"
        waits = waits or _is_vague(story, LEAD.sub("", SENTENCE_END.split(story.step.about)[-1]))
        said, at_once = "" if waits else f"{who}: {ended(complete(story.step.about, 300))}", story.step.about.lower()
        later = [it for it in story.left.remaining if LEAD.sub("", it)[:SAME_CHARS].lower() not in at_once]
        return f"{said} {_ahead(later)}".strip()
    at = _at_last(story, waits)
    if story.left.remaining:
        same = LEAD.sub("", story.left.remaining[-1])[:SAME_CHARS] in story.step.about
        return f"{_ahead(story.left.remaining)} {'' if same else at}".strip()
    if not story.step.announced or waits or (story.step.looked and not story.runs.under_way):
        return at or _last_done(story)
    who = "The text says" if story.nameless else "The agent had said"
    since = f" Since then it {event(story.step.begun, 160)}.{unwritten(story)}" if story.step.begun else ""
    again = "" if story.step.announced[:SAME_CHARS] in story.step.about else f" {at}"
    return f"{who}: {ended(complete(story.step.announced.rstrip(' :'), 200))}{since}{again}".rstrip()


def _at_last(story: Story, waits: bool) -> str:
    """Return the step that the agent was at, and what it did since; empty where that is told already or done."""
    if story.step.looked and not (waits or story.left.remaining or story.runs.under_way):
        told = ended(complete(_left_of_look(LEAD.sub("", without_cheer(story.step.looked)), story.step.after), 240))
        looked = f" (it {event(story.step.after, 160)}, nothing was said of it yet)" if story.step.after else ""
        looked, told = ("", f"{some(story.step.shown, _FILES)}.") if story.step.shown else (looked, told)
        return f"Go on from what was looked at last{looked}: {told}{_shown_there(story)}{_just_thought(story)}"
    if story.step.shown and not waits:
        return f"Looked at last: {some(story.step.shown, _FILES)}."
    if not story.step.about or waits or (_LOOKS.search(story.step.about) and not story.runs.under_way):
        return ""
    if story.step.after and (then := THEN.match(story.step.about)):  # what it did since was the step before
        ahead = capitalized(story.step.about[then.end() :].lstrip(" ,:"))
        return f"Since its last thought it {event(story.step.after, 160)}. Then, by that: {ended(complete(ahead, 220))}"
    rest = f" Not edited since: {some(story.step.not_edited, _FILES)}." if story.step.not_edited else ""
    since = f" Since then it {event(story.step.after, 160)}.{rest}" if story.step.after else ""
    how = "" if since else ", begun and perhaps finished"
    return f"Its last step{how}: {ended(complete(LEAD.sub('', story.step.about), 220))}{since}{_just_thought(story)}"


def _left_of_look(step: str, after: str) -> str:
    """Return what a look was for, where all files that its ``step`` names were read ``after`` it, else the step."""
    found = _READS.match(step)
    named = {name_of(it) for it in _FILE.findall(found[1])} if found else set()
    read = {name_of(it) for it in _FILE.findall(after)} if after.startswith("read ") else set()
    return found[2] if found and named and named <= read else step


_READS = caseless(
    r"(?:check|look at|open|read|view)\b((?:(?! to [a-z])[^.!?;:\n]|\.\w){1,120}?) (?:in order )?to ([a-z]\w* \S.*)$"
)
_FILE = lazily(r"[\w./@+-]*[\w-]\.[A-Za-z]\w{0,5}\b")


def _ahead(steps: Sequence[str]) -> str:
    """Return the ``steps`` that the agent listed and that are not seen done."""
    lead = "What the agent wants to know yet" if all(it.endswith("?") for it in steps) else _COMES_NEXT
    return f"{lead}: {ended(numbered(steps))}" if steps else ""


_COMES_NEXT, _FILES = "What the agent said comes next", 4
_LOOKS = caseless(r"\b(?:let me|i'll|i will|now)\b[^.]*\b(?:see|check|look|read|find|search|grep|view|inspect)\b")
"""A step that one call does: it is done once this has its result."""


def since_words(story: Story) -> str:
    """Return what the agent edited or read since its last words, as an aside, where these end with a step; else empty.

    What it ran stands among the last steps.
    """
    begun = story.step.begun if story.state == "progress" and not story.step.begun.startswith("ran ") else ""
    said = sentences(story.told.last_words or "") if begun else []
    return f"; since then it {event(begun, 80)}" if said and (is_step(said[-1]) or goes_on(said[-1])) else ""


def are_carried_out(story: Story) -> bool:
    """Return whether the agent's last words only announce what it did since, or stand with the goal or the next action.

    Where no step is ahead one call did it.
    """
    if is_in_its_place(story, story.told.last_words or ""):
        return True
    since = not story.step.announced and story.step.calls_since > bool(story.step.about)
    looked = story.step.looked and not (story.left.remaining or story.runs.under_way)  # the next action goes on from it
    done = story.state == "progress" and bool(since or looked)
    said = sentences(story.told.last_words or "") if done else []
    steps = [it for it in said if is_step(it) or goes_on(it)]
    cries = all(it in steps or _is_cry(it) for it in said)
    return done and cries and (bool(steps) or story.step.calls_since > 1)


def _is_cry(sentence: str) -> bool:
    """Return whether a short sentence tells nothing of the work; a cause may be told in as few words."""
    return len(sentence) < _SHORT_CRY and (sentence.endswith("!") or is_talk(sentence))


_SHORT_CRY = 30


def set_out(story: Story, own_step: str) -> str:
    """Return the edit that the agent set out to make and did not begin, empty where something else tells what comes."""
    step, told = story.task.set_out, (own_step, story.step.about, story.step.announced)
    ahead = story.state != "progress" or story.left.remaining or story.runs.failures or story.task.wanted
    if not step or ahead or any(step[:SAME_CHARS].lower() in it.lower() for it in told):
        return ""
    return f"The agent set out to {complete(step, 240).rstrip('.')}; no edit followed."


def _last_done(story: Story) -> str:
    """Return what follows from the last step, where the agent said nothing of what comes next."""
    waits = any(it.kind != "look" for it in story.runs.under_way)
    if (
        not story.runs.happened
        or story.runs.happened[-1].endswith(NO_RESULT)
        or story.runs.stumbled
        or waits
        or (story.changed.made and is_done(story))
    ):
        return ""
    if story.told.reports and story.told.reports[-1].late and story.runs.happened[-1].startswith("sub-agent:"):
        after_it = f"After it, by the agent's words: {ended(story.task.after_it)}" if story.task.after_it else ""
        if reported_done(story):
            return after_it
        last = story.told.reports[-1]
        said = last.verdict or next(iter(last.demands), last.proof)
        return f"Go on from what the sub-agent reported last, {last.task}: {ended(said)} {after_it}".rstrip()
    if story.requests:  # the steps themselves stand below
        return _just_thought(story).replace(" It", "The agent", 1)
    return f"{left_off(story)}{_just_thought(story)}"


def left_off(story: Story) -> str:
    """Return the last step with its result, as a sentence; empty where nothing is known to have been done."""
    return f"Last done: {ended(event(story.runs.happened[-1], 160))}" if story.runs.happened else ""


def warned(story: Story) -> str:
    """Return what the agent warned of last while what it took out is used yet: that may not go as it was meant to."""
    warning = story.step.warning if story.changed.broken and WARNS.search(story.step.warning) else ""
    return f"See to this first, the agent had just thought: {ended(complete(warning, 240))}" if warning else ""


def doubted(story: Story) -> str:
    """Return what the agent stopped at in its own last edit: what it put in may not do."""
    if not story.step.doubt:
        return ""
    return f"See to the last edit first, the agent stopped at it: {ended(complete(as_one_line(story.step.doubt), 300))}"


def _just_thought(story: Story) -> str:
    if warned(story):
        return ""
    warning = "" if LEAD.match(story.step.warning) else story.step.warning  # else it is the step that was taken
    return f" It had just thought: {ended(complete(warning, 240))}" if warning else ""
