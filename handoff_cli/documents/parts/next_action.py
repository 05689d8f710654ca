"""What to do: the one next action by the state of the work, and what is known of it that the first steps need."""

from __future__ import annotations

from handoff_cli.core.paths import MARKDOWN
from handoff_cli.core.patterns import caseless
from handoff_cli.core.record import Record
from handoff_cli.documents.extract.commands.checks import untrimmed
from handoff_cli.documents.extract.commands.outputs import is_place
from handoff_cli.documents.extract.commands.told_commands import rerun_alone
from handoff_cli.documents.extract.language.announced import is_users_move
from handoff_cli.documents.extract.language.objections import disputes, objects, stems
from handoff_cli.documents.extract.language.prose import typed_lines
from handoff_cli.documents.extract.language.words import SENTENCE_END, clipped, plain, sentences
from handoff_cli.documents.extract.progress.carried_out import is_look
from handoff_cli.documents.extract.requests.narrowing import narrows, only_limits, protests
from handoff_cli.documents.extract.requests.objected import finds_too_much
from handoff_cli.documents.extract.requests.referents import gist
from handoff_cli.documents.extract.requests.refused import A_PLAN
from handoff_cli.documents.extract.runs.stumbles import REFUSED_IT
from handoff_cli.documents.extract.runs.underway import acts_in
from handoff_cli.documents.markdown import code
from handoff_cli.documents.parts.at_work import (
    ASKS,
    BELOW,
    SAYS_LITTLE,
    TO_EDIT,
    going_on,
    interrupted,
    is_done,
    learnt,
    with_answered,
)
from handoff_cli.documents.parts.mending import mending, proof, proof_of_all, run_edited_tests, taken_out
from handoff_cli.documents.parts.own_step import (
    POINTS,
    SAME_CHARS,
    THEN,
    about_to,
    doubted,
    left_off,
    own_step_of,
    set_out,
    warned,
)
from handoff_cli.documents.parts.pieces import file_name
from handoff_cli.documents.parts.plan import by_plan
from handoff_cli.documents.parts.to_report import to_report
from handoff_cli.documents.parts.unfinished import (
    IN_THE_LIST,
    LEAD,
    ORDERED_BEFORE,
    beside,
    broken,
    calls_left,
    found_elsewhere,
    left,
    looks,
    of_list,
    open_todo,
    red_pipeline,
    seems_done,
    stumbled,
    sweep,
    todo_ahead,
    under_way,
    undone_outside,
)
from handoff_cli.documents.parts.waiting import handed_over, options, undone, waiting
from handoff_cli.documents.parts.wording import COMMAND_CHARS, as_read, asked, complete, ended, pasted_run, placed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.documents.extract.story import Story
    from handoff_cli.documents.facts import Facts

_REQUEST_CHARS, _QUESTION_CHARS = 300, 420
"""About the characters of a request at work, which stands whole among the goals, and of a question to the user."""


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
    open_work = story and (story.left.todos or story.task.left_open or story.question)
    if story is None or not (story.requests or story.runs.happened or open_work):
        return NextAction(_noted_next(story), "from transcript") if story and story.minutes.noted_next else None
    steps = [
        part for part in (warned(story), doubted(story), taken_out(story), _noted_next(story), *_steps(story)) if part
    ]
    if len(steps) == 1 and steps[0].startswith(_POINTS_BELOW) and not story.changed.acted and _GAVE in left_off(story):
        steps.append(left_off(story))  # nobody said what comes next
    if steps and story.task.left_open and not story.question and not story.minutes.noted_next:
        said = LEAD.sub("", story.task.left_open).replace("`", "")[:SAME_CHARS].lower().rstrip(" .:")
        if not any(said in step.replace("`", "").lower() for step in steps):
            who = "The text ends" if story.nameless else "The agent said last"
            steps.append(f"{who}: {ended(complete(story.task.left_open, 300))}")
    if handed := handed_over(story):
        steps.insert(0, handed)
    if steps and story.stopped:
        steps.insert(0, _stopped(story))
    if started := beside(story):
        steps = [*steps, started] if len(steps) > 1 else [started, *steps]
    text = placed(steps[0], story) + "".join(f"\n- {step}" for step in steps[1:]) if steps else waiting(story)
    return NextAction(text, "from transcript", not steps)


_GAVE, _POINTS_BELOW = " → ", f"Finish the user's latest request: {BELOW}"


def _stopped(story: Story) -> str:
    """Return that the user stopped the agent, or did not let it make its last call, and has to be asked."""
    last = next(iter(story.dead_ends.refused), None)
    refused = last and not last.words and story.runs.happened and story.runs.happened[-1].endswith(REFUSED_IT)
    did = f"turned down {code(clipped(last.what, COMMAND_CHARS))}" if last and refused else "stopped the agent here"
    wanted = "what is wanted instead" if refused else "how to go on"
    return f"The user {did} and said nothing since: ask {wanted}, then take up what was at work."


def _noted_next(story: Story) -> str:
    """Return what notes say that comes next, empty where they do not."""
    return f"Next, by the text: {ended(complete(story.minutes.noted_next, 300))}" if story.minutes.noted_next else ""


def _steps(story: Story) -> list[str]:
    """Return what is to be done, a line each, the step to take first; nothing where the next word is the user's."""
    latest = story.latest
    fails = mending(story, False) if any(not it.edited for it in story.runs.failures) else ""
    open_now = [f"{_BESIDES}{fails}"] if fails else []
    if latest and story.state == "nothing":
        return _not_begun(story, latest, fails)
    if story.question:
        step = story.step.about if LEAD.match(story.step.about) and story.question not in story.step.about else ""
        announced = [f"The agent announced besides: {ended(complete(step, 300))}"] if step else []
        asks = f"Get the user's answer: {complete(story.question, _QUESTION_CHARS)}{_proposed(story)}"
        listed = options(story) if "(1) " not in story.question else []  # their numbers would be two things
        return [asks, *listed, *undone(story), *announced, *open_now]
    working = bool(latest) and story.state == "progress"
    at_work = by_plan(story) or (_at_hand(story, pasted_run(story) or _at_work(latest)) if working else "")
    waits_for = under_way(story)
    editing = bool(waits_for) and story.runs.under_way[0].kind == "edit"
    report = to_report(story)
    to_mend = "" if report else mending(story, editing) or run_edited_tests(story)
    old_list = working and (story.left.stale_todos or (bool(story.changed.made) and is_done(story)))
    old_list = old_list or (story.state == "answered" and story.left.stale_todos and bool(story.left.commits_since))
    to_do, begun = ("", False) if old_list else open_todo(story)
    own_step, ci = own_step_of(story), red_pipeline(story) or undone_outside(story)
    tests = "test" in story.step.about and not any(it.kind == "test" for it in story.runs.checks)
    if own_step and to_mend.startswith("Run ") and "check" in acts_in(story.step.about) and not tests:
        own_step, to_mend = f"{own_step} {to_mend}", ""
    places = _places(story) if at_work else ""
    if own_step and places:
        own_step, places = f"{own_step} {places}", ""
    about = about_to(story, bool(waits_for or own_step))
    told_last = [about] * bool(
        about and story.step.about and not (story.step.started or own_step)
    )  # it knew what fails
    owed = at_work.startswith(ORDERED_BEFORE)
    to_come = [it for it in left(story) if not (owed and it.startswith(ORDERED_BEFORE))]
    at_it = about if begun and story.step.looked and not (told_last or own_step) else ""  # amid its to-do
    rest = [set_out(story, own_step), *([] if told_last or own_step or at_it else [about]), of_list(story), *to_come]
    if story.state == "answered" and begun and not to_mend:
        todo = todo_ahead(story)
        if todo is None or story.left.stale_todos or seems_done(story, todo):
            return []
        asks = "See whether this to-do is done, the agent ended its turn with it in progress"
        return [f"{asks}: {ended(complete(todo.text, 200))}"]
    rework = _rework(story) if at_work else ""
    slip = report or stumbled(story, own_step)
    known = [found_elsewhere(story), sweep(story)]
    request = [
        own_step,
        about if own_step else "",
        ci,
        *known,
        rework,
        broken(story),
        calls_left(story),
        slip,
        at_it,
        to_do,
        at_work,
        looks(story),
        *rest,
        places,
    ]
    if to_mend and at_work and to_do.startswith(IN_THE_LIST):
        request.remove(to_do)
    finished = not at_work or at_work.startswith(_ANSWERS)
    if to_mend and at_work and _comes_later(story, waits_for, bool(story.step.about and not story.step.started)):
        if any(it.holds for it in story.runs.failures):  # nothing can work with it; the step may be what mends it
            now = [it for it in (waits_for, own_step, slip) if it]
            return [*now, to_mend, *told_last, *(it for it in request if it not in now)]
        again = [] if waits_for and story.runs.under_way[0].kind == "check" else [f"Then: {to_mend}"]
        every = [waits_for, *told_last, *request, *again]
    else:
        every = [waits_for, *told_last, to_mend, *request]
    return every if finished else [*every, _proof(story, every, bool(to_mend))]


def _not_begun(story: Story, latest: str, fails: str) -> list[str]:
    """Return the steps where nothing was done about the ``latest`` request, and what ``fails`` beside it."""
    goes_on = _after_refusal(story) if story.requests[-1].refuses else []
    agreed = bool(story.referent and story.left.todos) and not (disputes(latest) or story.requests[-1].refuses)
    ahead = todo_ahead(story) if agreed else None
    at_it = ahead and ahead.text not in dict(story.left.asked_todos)
    then = open_todo(story)[0] if at_it else ""  # what it was at before the answer
    take_up = [_to_take_up(story, latest), *interrupted(story), *goes_on]
    if story.job and not (fails or (objects(latest) and not protests(latest))):
        to_do = "" if story.left.stale_todos else open_todo(story)[0]
        return [" ".join((f"{_KEEPING}: {_at_work(latest)}", *interrupted(story))), to_do, _places(story)]
    if fails and story.requests[-1].by and take_up[0].startswith(_SAID_LAST):  # among people words need ask nothing
        return [fails, *take_up, then, _places(story)]
    return [*take_up, *([f"{_BESIDES}{fails}"] if fails else []), then, _places(story)]


_BESIDES, _KEEPING = "Open besides: ", "Go on with the work at hand, keeping to the user's latest words"


def _at_work(latest: str) -> str:
    """Return the ``latest`` request as a step names it; of a long one that the goal shows whole, that it does."""
    typed = sum(map(len, typed_lines(latest))) * 5 > len(latest) * 4  # of what was pasted the goal shows less
    whole = _REPEATED_CHARS < len(latest) <= (_TYPED_CHARS if typed else _SHOWN_CHARS)
    return BELOW if whole else ended(_in_short(latest))


def _in_short(latest: str) -> str:
    """Return the ``latest`` request in few words: of one of which only scraps would be left, how it begins."""
    told = asked(latest, _REQUEST_CHARS)
    first = next((it for line in latest.split("\n") if (it := plain(line).strip(" :"))), "")
    scraps = told.count(_GAP) >= _TORN and len(first) >= _SAYS_ENOUGH
    return f"{clipped(first, _REQUEST_CHARS)} \u2026 ({BELOW.rstrip('.')})" if scraps else told


_REPEATED_CHARS, _SHOWN_CHARS, _TYPED_CHARS, _TORN, _SAYS_ENOUGH = 60, 600, 1_000, 3, 24


def _at_hand(story: Story, request: str) -> str:
    """Return what to go on with: the latest ``request``, or the work that it only limits once the agent heard it."""
    limit = story.requests[-1]
    said = stems(" ".join(filter(None, (story.task.reply, story.told.last_words))))
    heard = story.changed.acted or len(stems(limit.text) & said) > 1
    over = story.changed.made and is_done(story)
    of_a_call = limit.refuses not in ("", A_PLAN)  # a no to one is no new work
    says = narrows(limit.text) or protests(limit.text)
    limits = of_a_call or says or (only_limits(limit) and not objects(limit.text))
    if over or not (limits and heard):
        return going_on(story, request)
    on = " (said on refusing a call)" if limit.refuses else ""
    words = "they stand below." if request == BELOW else request
    return " ".join((f"{_KEEPING}{on}: {words}", *interrupted(story)))


def _to_take_up(story: Story, latest: str) -> str:
    """Return what to do about the ``latest`` request, after which nothing was done."""
    if _STOPS.fullmatch(latest.strip()):
        return f"Ask the user how to go on: the last word was to stop ({as_read(latest)})."
    if refused := story.requests[-1].refuses:
        call = code(clipped(refused, COMMAND_CHARS))
        return f"Go on as the user said on refusing {call}: {asked(latest, _REQUEST_CHARS)}"
    told = pasted_run(story) or _in_short(latest)
    torn = _GAP in told and _at_work(latest) == BELOW  # parts of an order may say the opposite of the whole
    words = with_answered(BELOW if torn else told, story)
    if is_users_move(latest):
        return f"Wait for the user, who goes on first, by the latest words: {words}"
    orders = TO_EDIT.search(latest) or ASKS.search(latest) or acts_in(latest) or len(latest) < SAYS_LITTLE
    lead = "Do what the user asked last" if orders and not disputes(latest) else _SAID_LAST
    return f"{lead}, nothing was done about it yet: {words}"


_SAID_LAST, _GAP = "Take up what the user said last", " \u2026 "


def _after_refusal(story: Story) -> list[str]:
    """Return what was at work when the user refused a call: it is not over by that."""
    to_do = "" if story.left.stale_todos else open_todo(story)[0]
    words = sentences(story.told.last_words or "")[-_LAST_SAID:]
    before = f"The agent had said before it: {ended(complete(' '.join(words), 300))}" if words else ""
    return [to_do, before, sweep(story)]


_LAST_SAID = 2
_STOPS = caseless(
    r"\W*(?:(?:no|ok|please|hey|bitte)\W+)?(?:stop(?:p| it| now| here| please)?|wait|hold on|cancel|abort|halt|pause"
    r"|warte|anhalten|para|espera|detente|arr\xeate|attends|\u505c|\u505c\u4e0b|\u505c\u6b62|\u7b49\u4e00\u4e0b"
    r"|\u3084\u3081\u3066|\u30b9\u30c8\u30c3\u30d7|\u0441\u0442\u043e\u043f)\W*"
)
"""A user's word that is only to stop, in some languages."""


def _places(story: Story) -> str:
    """Return where the comments of a review lie that the work is about."""
    placed = ", ".join(map(code, story.task.places))
    return f"The comment{'s' * (len(story.task.places) > 1)} of the review: {placed}." if placed else ""


def _proof(story: Story, steps: list[str], mends: bool) -> str:
    """Return the check that shows that ``steps`` are done, empty where they name it or nothing is to be edited.

    Where what they mend names one already, it is that of all tests.
    """
    code_made = any(not it.partition(" ")[0].endswith(MARKDOWN) for it in story.changed.made)
    edits = (
        code_made
        or bool(story.left.untouched)
        or (not story.changed.made and bool(TO_EDIT.search(story.step.about)) and not is_look(story.step.about))
    )
    checking = "check" in acts_in(story.step.about) or any(it.kind == "check" for it in story.runs.under_way)
    if not edits or checking or story.left.plan_mode or is_done(story):
        return ""
    command = proof_of_all(story) if mends else proof(story, story.step.about)
    told = code(clipped(rerun_alone(command), COMMAND_CHARS))
    same = any(untrimmed(it.command) == untrimmed(command) for it in story.runs.failures[:1])  # it stands there
    return f"Prove it with {told}." if command and not same and not any(told in step for step in steps) else ""


_ANSWERS = "Answer the user"


def _proposed(story: Story) -> str:
    """Return what the agent proposed with the question it ended with, where this only points at it."""
    told = gist(story.told.last_words or "", "").rpartition(" / ")[0]
    question = SENTENCE_END.split(story.question or "")[0]
    points = POINTS.search(question) and "option" not in question.lower()
    return f" (proposed: {complete(told, 200)})" if points and told and not told.endswith(":") else ""


def _rework(story: Story) -> str:
    """Return what the user objects to as what is to be made anew, empty where it is nothing that was made."""
    if not story.objected_to:
        return ""
    reached = learnt(story)
    found = f" To go by, the agent's last thought, unverified: {ended(complete(reached, 300))}" if reached else ""
    what, parts, _ = story.objected_to.partition(" parts: ")
    outlined = any(what.startswith(file_name(it.path)) and it.key for it in story.changed.documents)  # it lists them
    told = f"{what.rpartition(', ')[0]} (its parts stand below)" if parts and outlined else story.objected_to
    too_much = finds_too_much(story.latest)
    lead = "Make simpler, or take back, what the user finds too much, in" if too_much else _REWORK
    return f"{lead} {ended(complete(told, 460))}{found}"


_REWORK = "Rework or take back what the user objects to, in"


def _comes_later(story: Story, waits_for: str, announced: bool) -> bool:
    """Return whether what failed before the edits at hand, or was not run since them, is looked at when these end."""
    if story.runs.failures:
        old = all(it.edited and not it.stands for it in story.runs.failures)
        mends = bool(story.step.after and THEN.match(story.step.about))  # the thought goes on after what mends it
        return bool(waits_for) or (old and not (mends or _looked_into(story) or _was_just_mended(story)))
    in_use = story.changed.broken or story.changed.reshaped
    return bool(waits_for or announced or story.left.untouched or in_use or story.left.remaining)


def _was_just_mended(story: Story) -> bool:
    """Return whether the last edit was of what fails and nothing else is announced: whether it did comes next."""
    last = story.runs.happened[-1] if story.runs.happened else ""
    ahead = story.step.about or story.step.announced or story.left.remaining or todo_ahead(story)
    files = {file_name(it.name.partition(":")[0]) for it in story.runs.failures if it.touched}
    return not ahead and any(last.startswith(f"edited {it}") for it in files)


def _looked_into(story: Story) -> bool:
    """Return whether a command since the last edit names what fails: then that is at work, not only to be run again."""
    since: list[str] = []
    for line in reversed(story.runs.happened):
        if line.startswith(("edited ", "wrote ", "deleted ")):
            break
        since.append(line)
    names = [it.name.rpartition("::")[2] for it in story.runs.failures if not is_place(it.name)]
    return any(it in line for it in names if len(it) >= _NAME_CHARS for line in since if line.startswith("ran "))


_NAME_CHARS = 8
