"""What to do: the one next action by the state of the work, and what is known of it that the first steps need."""

from __future__ import annotations

from handoff_cli.core.patterns import IGNORECASE, caseless, lazily
from handoff_cli.core.record import Record
from handoff_cli.documents.extract.standing import NO_RESULT
from handoff_cli.documents.extract.turns import objects
from handoff_cli.documents.extract.words import SENTENCE_END, as_one_line, clipped, words_of
from handoff_cli.documents.markdown import code, prose
from handoff_cli.documents.mending import mending
from handoff_cli.documents.wording import COMMAND_CHARS, as_read, asked, ended, event, last_part, said, some

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.documents.extract.facts import Story
    from handoff_cli.documents.facts import Facts

_REQUEST_CHARS, _BRIEFLY = 160, 90
"""The characters of a request, and of one that stands whole below."""

_NAMED = 2
_ASKS = caseless(
    r"^(?:so |and |but |ok(?:ay)?,? |question: )?(?:what|why|how|where|when|which|who|is|are|does|do|did"
    r"|can you (?:explain|tell|check|show)"
    r"|could|would|explain|compare|summari[sz]e|tell me|show me)\b|\?\W*$"
)


_SUMS_UP = caseless(
    r"(?!.*\banswer the user)(?:so|therefore|thus|hence|in short|conclusion|(?:this|that) means"
    r"|the (?:answer|real|root|key|bug|cause|problem|issue|reason))\b"
)
"""How a sentence begins that answers, and does not only weigh."""

_LEAD = lazily(
    r"^(?:(?:so|and|now|then|next|first|finally),? )*(?:let me|i['\u2019]?ll|i will|i need to|i should|i have to"
    r"|we need to) (?:also |now |just )?(?=\w)",
    IGNORECASE,
)
"""How an agent leads up to a step."""


class NextAction(Record):
    """One step as a line of Markdown, and its ``source``: ``noted`` or ``from transcript``.

    ``waits`` tells that there is none to take but to hear the user.
    """

    text: str
    source: str
    waits: bool = False


def next_action(facts: Facts) -> NextAction | None:
    """Return the step to take first, None where no fact names one.

    In this order: the note of kind ``next``, with its time, since it may be of an earlier session; a request nobody
    acted on; a question that waits for an answer; what a check found wrong; the check that was not run since the last
    edits; the to-do in progress, the first open one; the latest request, where it is still worked on. Where nothing of
    that is open, the next word is the user's.
    """
    noted = next((note for note in reversed(facts.notes) if note.about == "next"), None)
    if noted:
        place = f" ({code(noted.ref)})" if noted.ref else ""
        when = f" (put down {noted.time[:10]} {noted.time[11:16]} UTC)"
        return NextAction(as_read(noted.text, keep_code=True) + place + when, "noted")
    story = facts.story
    if story is None or not (story.requests or story.happened or story.todos):
        return None
    steps = [part for part in _steps(story) if part]
    text = steps[0] + "".join(f"\n- {step}" for step in steps[1:]) if steps else _waiting(story)
    return NextAction(text, "from transcript", not steps)


def _waiting(story: Story) -> str:
    if not story.requests:
        return "Nothing is known to be open: ask the user."
    said = asked(story.requests[-1].text, 100)
    if story.remaining and story.state == "answered":
        return f"The agent ended its turn ({said}) and named what is left: {_numbered(story.remaining)}. Ask the user."
    made = f" It made {prose(story.links[0])}." if story.links and story.requests[-1].bare else ""
    return f"Nothing is open: the agent answered the latest request ({said}).{made} Wait for the user's next."


def _steps(story: Story) -> list[str]:
    """Return what is to be done, a line each, the step to take first; nothing where the next word is the user's."""
    latest = story.requests[-1].text if story.requests else ""
    fails = mending(story, False) if any(not it.edited for it in story.failures) else ""
    open_now = [f"Open besides: {fails}"] if fails else []
    if latest and story.state == "nothing":
        return [f"{_DO_LAST}, nothing was done about it yet: {asked(latest, 300)}{_answers(story)}", *open_now]
    if story.question:
        return [f"Get the user's answer: {said(story.question, 300)}", *open_now]
    working = bool(latest) and story.state == "progress"
    going_on = _going_on(story, ended(asked(latest, _BRIEFLY, brief=True))) if working else ""
    waits_for = _under_way(story)
    editing = bool(waits_for) and story.under_way[0].kind == "edit"
    to_mend = mending(story, editing)
    to_do, begun = ("", False) if story.stale_todos and working else _open_todo(story)
    own_step = _own_step(story)
    rest = [_about_to(story, bool(waits_for or own_step)), *_left(story)]
    if story.state == "answered" and begun and not to_mend:
        return (
            [f"See whether it is done, the agent ended its turn with it open. {to_do}"] if not story.stale_todos else []
        )
    rework = _rework(story) if going_on else ""
    first = [own_step, _sweep(story), rework, _broken(story), _stumbled(story, own_step)]
    request = [*first, to_do, going_on, _looks(story), *rest]
    if to_mend and going_on and _comes_later(story, waits_for, bool(story.about and not story.started)):
        again = [] if waits_for and story.under_way[0].kind == "check" else [f"Then: {to_mend}"]
        if any(it.holds for it in story.failures):  # what nothing can work with is told before the plan
            return [waits_for, *first, *again, *request[len(first) :]]
        return [waits_for, *request, *again]
    return [waits_for, to_mend, *request]


def _rework(story: Story) -> str:
    """Return what the user objects to as what is to be made anew, empty where it is nothing that was made."""
    if not story.objected_to:
        return ""
    found = f" What was found for it, unverified: {ended(said(story.reached, 280))}" if _learnt(story) else ""
    return f"Rework or take back what the user objects to: {ended(said(story.objected_to, 200))}{found}"


_SMALL_ORDER = 80
"""An order of so few characters may be fulfilled by one edit; of a longer one, nobody can say."""


def _learnt(story: Story) -> bool:
    return bool(story.reached) and not _MUSES.match(story.reached)


def _own_step(story: Story) -> str:
    """Return the step the agent announced last and did not begin, as what is to be done; empty where there is none."""
    if story.state != "progress" or not story.about or story.started:
        return ""
    told = SENTENCE_END.split(story.about)
    place = next((at for at in range(len(told) - 1, -1, -1) if _LEAD.match(told[at])), None)
    if place is None:
        return ""
    step = _LEAD.sub("", told[place])
    before = " ".join(told[:place]) if len(step) < _SAYS_LITTLE or _POINTS.search(step) else ""
    at = story.place if story.place and last_part(story.place)[:8] not in story.about else ""
    where = f", last at {code(at)}" if at else ""
    text = ended(said(step[0].upper() + step[1:], 260)).removesuffix(".")
    parts = [f"{text} (the agent's own next step{where}).", *([said(before, 160)] if before else [])]
    if against := _said_against(story, step):
        parts.append(f"Said against it before: {ended(said(against, 200))}")
    return " ".join(parts)


def _said_against(story: Story, step: str) -> str:
    """Return what the agent told since the latest request that stands against ``step``, empty where nothing does."""
    words = {it[:_STEM] for it in words_of(step) if len(it) >= _STEM}
    told = [it.text for turn in story.turns[-1:] for it in turn.told if _WARNS.search(it.text)]
    return next((it for it in told if len(words & {word[:_STEM] for word in words_of(it)}) > 1), "")


_STEM = 5
_WARNS = caseless(r"\b(?:circular|cycl\w+|deadlock\w*|would break|not allowed|race condition|conflicts? with)\b")
_SAYS_LITTLE = 40
_POINTS = caseless(r"\b(?:it|them|this|that|these|those)\b")


def _stumbled(story: Story, own_step: str) -> str:
    """Return the call that failed last, as what led to the agent's ``own_step`` or what is to be got past."""
    if not story.stumbled:
        return ""
    return f"{'It comes after' if own_step else 'Get past'} a call that failed: {ended(said(story.stumbled, 420))}"


def _going_on(story: Story, request: str) -> str:
    """Return the latest ``request`` as what is to be finished, with how far it has come and what was learnt for it."""
    latest = as_one_line(story.requests[-1].text)
    asks = bool(_ASKS.search(latest)) and not story.acted
    answers = asks and not any(it.kind == "edit" for it in story.under_way)
    if story.made and _is_quiet(story) and not objects(story.requests[-1].text):
        made, what = some(story.made, _FILES_LEFT), request.removesuffix(".")
        return (
            f"See whether the user's latest request is fulfilled ({what}), then tell the user: {made} was edited for"
            " it, no step is known to be left. Do not do it again."
        )
    parts = [f"{'Answer' if answers else 'Finish'} the user's latest request: {request}{_answers(story)}"]
    if answers and _SUMS_UP.match(story.reached):
        told = ended(said(story.reached, 260))
        parts.append(f"Half an answer, unverified, the agent's last conclusion: {told}")
    elif not answers and _learnt(story) and not story.objected_to:
        parts.append(f"Learnt for it, unverified: {ended(said(story.reached, 280))}")
    if story.made:
        parts.append(f"Edited for it so far: {some(story.made, _FILES_LEFT)}.")
    elif (
        not answers and _TO_EDIT.search(latest) and not (story.broken or story.plan_mode or story.begun[:6] == "edited")
    ):
        parts.append("Nothing was edited for it yet.")
    if _WANTS_WORD.search(latest) and not answers:
        parts.append(f"The user waits to be told{'' if story.explained else ', nothing was told yet'}.")
    return " ".join(parts)


_MUSES = caseless(r"\W*(?:the user|this might|maybe|perhaps|hmm|wait|i |let me|the plan is|[\"\u201c])")
"""How a conclusion begins that repeats what was asked, or only weighs."""

_TO_EDIT = caseless(
    r"\b(?:add|fix|update|change|implement|move|rename|remove|replace|create|write|refactor|delete|rewrite|extend"
    r"|simplify|put|make|convert|migrate|don['\u2019]?t|too|over-?complicat\w*)\b"
)
_WANTS_WORD = caseless(
    r"\b(?:let me know|tell me|what do you think|(?:if|whether|do) you (?:dis)?agree|your (?:opinion|view|take)"
    r"|your thoughts|how to proceed|should (?:we|i)\b|report (?:back|on)|summari[sz]e)"
)
"""Words by which the user wants to be told something, besides what is to be done."""


def _is_quiet(story: Story) -> bool:
    """Return whether all is done that events know of: the last step was an edit or a check that passed."""
    open_now = (
        story.about and not story.started,
        story.remaining,
        story.still_named,
        story.untouched,
        story.broken,
        story.failures,
    )
    listed = not story.stale_todos and any(it.status != "completed" for it in story.todos)
    planned = not story.stale_todos and any(it.status != "completed" for it in story.planned)
    last = story.happened[-1] if story.happened else ""
    latest = as_one_line(story.requests[-1].text)
    small = len(latest) <= _SMALL_ORDER and len(story.made) == 1 and bool(_TO_EDIT.search(latest))
    written = last.startswith(("edited ", "wrote ")) and small and not (story.unchecked or story.about)
    done = last.endswith(": passed") or written
    waits = any(it.kind != "look" for it in story.under_way)
    return done and not (any(open_now) or listed or planned or waits or story.owed or story.stumbled)


def _comes_later(story: Story, waits_for: str, announced: bool) -> bool:
    """Return whether what failed before the edits at hand, or was not run since them, is looked at when these end."""
    if story.failures:
        return bool(waits_for) or all(it.edited for it in story.failures)
    return bool(waits_for or announced or story.untouched or story.broken or story.remaining)


_DO_LAST = "Do what the user asked last"


def _under_way(story: Story) -> str:
    """Return what to do about the call that had no result, empty where none waits for one."""
    pending = next((it for it in story.under_way if it.kind != "look"), None)
    if pending is None:
        return ""
    agents = [it.text for it in story.under_way if it.kind == "agent"]
    if pending.kind == "agent" and len(agents) > 1:
        told = "; ".join(said(it, 100) for it in reversed(agents[:_AGENTS]))
        return f"Get the reports of {len(agents)} sub-agents, or start them again, none is recorded: {told}."
    text = code(clipped(pending.text, COMMAND_CHARS))
    return {
        "check": f"Run {text} and read its result: it was started, none is recorded.",
        "command": f"See whether {text} went through, or still runs: no result is recorded.",
        "agent": f"Get the report of the sub-agent, or start it again: {said(pending.text, 160)} (none is recorded).",
        "edit": f"See whether the last edit of {text if pending.text else 'a file'} was made: no result is recorded.",
        "question": f"Get the user's answer to the agent's question: {said(pending.text, 240)}",
        "plan": "Get the user's word on the plan: the agent proposed it and no answer is recorded.",
    }[pending.kind]


_AGENTS = 4


def _looks(story: Story) -> str:
    """Return what was looked at last without a recorded result, empty where something else waits or nothing does."""
    looks = [it.text for it in story.under_way if it.kind == "look"]
    if not looks or len(looks) < len(story.under_way):
        return ""
    told = ", ".join(code(clipped(it, COMMAND_CHARS)) for it in reversed(looks[:_LOOKS_TOLD]))
    return f"Look again, no result is recorded: {told}."


_LOOKS_TOLD = 3


def _broken(story: Story) -> str:
    """Return what was taken out and is still used, empty where nothing is."""
    if story.broken is None:
        return ""
    names, users = some(story.broken.names, _TAKEN_OUT), some([*map(last_part, story.broken.users)], _USERS)
    gone = f"what was taken out of {code(last_part(story.broken.path))} ({names})"
    return f"Change the files that still use {gone}, nothing can work before: {users}."


_TAKEN_OUT, _USERS = 3, 12


def _sweep(story: Story) -> str:
    """Return the files of a change in many places that are still to be edited, empty where none is known."""
    if not story.untouched or story.broken:
        return ""
    return f"Found or listed to be changed, not edited yet: {some([*map(last_part, story.untouched)], _USERS)}."


def _left(story: Story) -> list[str]:
    """Return what is known to be left of the work at hand, a line each."""
    lines = []
    if story.still_named:
        lines.append(
            f"Named in the request, and standing yet in what was edited: {'; '.join(map(code, story.still_named))}."
        )
    open_steps = [it.text for it in story.planned if it.status != "completed"]
    if open_steps and not story.todos:
        lines.append(f"Steps of the plan not seen done: {_numbered(open_steps[:4])}.")
    if story.owed and not (story.remaining and set(story.owed) == {"pull request"}):
        lines.append(f"Ordered and not seen done: {', '.join(story.owed)}.")
    return lines


_FILES_LEFT = 6


def _numbered(steps: Sequence[str]) -> str:
    told = [said(_LEAD.sub("", it).rstrip(" .:;"), 140) for it in steps]
    return "; ".join(f"({number}) {it}" for number, it in enumerate(told, 1)) if len(told) > 1 else told[0]


_BEGUN = "Finish the to-do in progress"


def _open_todo(story: Story) -> tuple[str, bool]:
    """Return the to-do to take, and whether it was begun."""
    for status, lead in (("in_progress", _BEGUN), ("pending", "Take the first open to-do")):
        todo = next((todo for todo in story.todos if todo.status == status), None)
        if todo:
            over = any(it.text == todo.text and it.status == "completed" for it in story.planned)
            done = over and not any(it.kind == "check" for it in story.under_way)
            told = "See whether this to-do is done, what happened since says so" if done else lead
            return f"{told}: {ended(said(todo.text, 200))}", status == "in_progress"
    return "", False


def _answers(story: Story) -> str:
    return f" (it answers: {said(story.gist, 140)})" if story.gist else ""


def _about_to(story: Story, waits: bool) -> str:
    """Return what the agent announced: the step it did not begin, else the steps ahead and the one it was at.

    ``waits`` tells that the step it was at is told already.
    """
    if story.state != "progress" and not story.nameless:
        return ""
    if story.about and not story.started:
        return "" if waits else f"The agent was about to do this: {ended(said(story.about, 300))}"
    done = _LOOKS.search(story.about) and not story.under_way
    since = f" Since then it {event(story.after, 160)}." if story.after and not done else ""
    how = "" if since else ", done" if done else ", begun and perhaps done"
    at = f"Its last step{how}: {ended(said(story.about, 220))}{since}" if story.about and not waits else ""
    if story.remaining:
        same = _LEAD.sub("", story.remaining[-1])[:_SAME] in story.about
        return f"What the agent said comes next: {_numbered(story.remaining)}. {'' if same else at}".strip()
    if not story.announced or waits:
        return at or _last_done(story)
    who = "The text says" if story.nameless else "The agent had said"
    since = f" Since then it {event(story.begun, 160)}." if story.begun else ""
    again = "" if story.announced[:_SAME] in story.about else f" {at}"
    return f"{who}: {ended(said(story.announced.rstrip(' :'), 200))}{since}{again}".rstrip()


_LOOKS = caseless(r"\b(?:let me|i'll|i will|now)\b[^.]*\b(?:see|check|look|read|find|search|grep|view|inspect)\b")
"""A step that one call does: it is done once this has its result."""


def _last_done(story: Story) -> str:
    """Return the last step, where the agent said nothing of what comes next, and what follows from it."""
    waits = any(it.kind != "look" for it in story.under_way)
    if not story.happened or story.happened[-1].endswith(NO_RESULT) or waits:
        return ""
    return f"Last done: {ended(event(story.happened[-1], 160))}"


_SAME = 30
"""Texts that share so many characters at their beginning are taken for the same."""
