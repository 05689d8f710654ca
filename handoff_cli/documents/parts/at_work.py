"""The latest request as what is to be finished or answered: how far it has come, and what was learnt for it."""

from __future__ import annotations

from itertools import pairwise

from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.documents.extract.language.agreements import SHORT_CHARS
from handoff_cli.documents.extract.language.announced import STEP_VERBS, is_step
from handoff_cli.documents.extract.language.denials import says_changed
from handoff_cli.documents.extract.language.findings import subject_of
from handoff_cli.documents.extract.language.objections import objects, stems
from handoff_cli.documents.extract.language.words import as_one_line, clipped, plain, sentences
from handoff_cli.documents.extract.requests.belonging import ASKS_ASIDE
from handoff_cli.documents.extract.requests.narrowing import protests
from handoff_cli.documents.extract.runs.underway import acts_in
from handoff_cli.documents.markdown import code
from handoff_cli.documents.parts.asked import prose_ordered, steps_of_command
from handoff_cli.documents.parts.mending import overdue
from handoff_cli.documents.parts.pieces import file_name
from handoff_cli.documents.parts.unfinished import FILES_LEFT, LEAD, owed_before
from handoff_cli.documents.parts.users_word import tells_how
from handoff_cli.documents.parts.wording import COMMAND_CHARS, asked, beginning_of, capitalized, complete, ended, some

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.documents.extract.story import Story


def going_on(story: Story, request: str) -> str:
    """Return the latest ``request`` as what is to be finished, with how far it has come and what was learnt for it."""
    latest = as_one_line(story.latest)
    asks = bool(ASKS.search(latest) or ASKS_ASIDE.match(latest)) and not story.changed.acted
    answers = asks and not any(it.kind == "edit" for it in story.runs.under_way)
    if story.changed.made and is_done(story) and not objects(story.latest):
        made, what = some(story.changed.made, FILES_LEFT), request.removesuffix(".")
        if due := overdue(story):
            return f"{due}; then tell the user what was done for the latest request ({what}). Edited for it: {made}."
        if passed := [it.command for it in story.runs.checks if it.outcome == "ok" and not it.edited]:
            ran = ", ".join(code(clipped(it, COMMAND_CHARS)) for it in passed[:_PASSED_TOLD])
            return (
                f"Tell the user what was done for the latest request ({what}): no step is known to be left. Edited for"
                f" it: {made}. Passed since the last edit: {ran}. Do not do it again."
            )
        return (
            f"See whether the user's latest request is fulfilled ({what}), then tell the user: {made} was edited for"
            " it, no step is known to be left. Do not do it again."
        )
    if told := _come_of_it(story, request, latest):
        return told
    limits = story.breaks_off and story.amid and tells_how(story) and not answers
    lead = f"{'Answer' if answers else 'Finish'} the user's latest request: {with_answered(request, story)}"
    parts = [
        "Go on with the request that the latest words stopped, by what they say: both stand below." if limits else lead
    ]
    parts += [ended(it) for it in (steps_of_command(story), request == BELOW and prose_ordered(story)) if it]
    if answers and _SUMS_UP.match(story.step.reached):
        told = ended(complete(_without_lead(story.step.reached), 420))
        parts.append(f"Half an answer so far, by the agent's last thought, unverified: {told}")
    elif not (answers or story.objected_to or _is_said(story)) and (reached := learnt(story)):
        # What was concluded before edits and answers nothing that was asked is what they mended.
        answers_it = not ASKS.search(latest) or len(subject_of(latest) & subject_of(reached)) > 1
        how = (
            "Supposed so far" if _ONLY_SUGGESTS.search(reached) else "Learnt for it" if answers_it else "Concluded last"
        )
        told = f"{how}, unverified: {ended(complete(reached, 280))}"
        parts += [told] * (answers_it or not story.changed.made)
    parts += interrupted(story)
    parts += _made_for_it(story, answers)
    parts += _list_done(story)
    if _WANTS_WORD.search(latest) and not answers:
        parts += _told_so_far(story)
    return " ".join(parts if len(parts) > 1 else [*parts, *_supposed(story)])


def _supposed(story: Story) -> list[str]:
    """Return what the agent supposed last while it looked into something, in a sentence; none where it did not."""
    if story.state != "progress" or story.changed.acted:
        return []
    last = sentences(story.told.thought or "")[-1:]
    return [f"Supposed so far, unverified: {ended(complete(it, 240))}" for it in last if _SUPPOSES.match(it)]


_ONLY_SUGGESTS = caseless(
    r"\b(?:suggests?|implies|hints) (?:that|at)\b|\b(?:my|one) (?:guess|theory|hypothesis)(?: is| was|:)"
)
_SUPPOSES = caseless(
    r"(?:so )?(?:it|this|that) (?:seems|looks|appears|suggests|could|may|might)\b|(?:probably|perhaps|maybe|likely)\b"
)


def _made_for_it(story: Story, answers: bool) -> Iterator[str]:
    """Yield what was edited and committed for the latest request, or that nothing was, and names in it not written."""
    made, committed = story.changed.made, story.changed.of_latest
    before = bool(story.part_of) and not story.changed.acted  # it was edited for what the latest belongs to
    if made and not (before or _stands_not_committed(story)):
        yield f"Edited for it so far: {some(made, _MADE_TOLD)}."
    elif story.changed.made_amid and not (made or committed or _may_be_edited(story)):
        yield f"Nothing was edited for it yet ({some(story.changed.made_amid, _MADE_TOLD)}: for the request before it)."
    elif not (made or answers or committed or _may_be_edited(story)) and TO_EDIT.search(story.latest):
        yield "Nothing was edited for it yet."
    if story.left.missing:
        yield f"Named in it and in no edit yet: {some(story.left.missing, _MADE_TOLD)}."
    if committed:
        yield f"Committed for it: {ended(committed.hash or complete(committed.subject, 120))}"


def _stands_not_committed(story: Story) -> bool:
    """Return whether most that was edited for the latest request is in the list of what is not committed."""
    late = {file_name(it.path) for it in story.changed.last_commit.late} if story.changed.last_commit else set[str]()
    made = [file_name(it.partition(" (")[0]) for it in story.changed.made]
    return sum(it in late for it in made) * 2 > len(made)


def _come_of_it(story: Story, request: str, latest: str) -> str:
    """Return what came of the ``latest`` request where it is over by what was told, empty where it is not."""
    if done := reported_done(story):
        what = with_answered(request, story).removesuffix(".")
        asks = f"See whether the user's latest request is fulfilled ({what}), then tell the user."
        return " ".join((asks, *_list_done(story), done))
    if told := _told_on_the_way(story, latest):
        since = f" Edited since: {some(story.changed.made, FILES_LEFT)}." if story.changed.made else ""
        lead = "The latest request was a question, answered on the way"
        if story.left.owed_before and _all_committed(story):
            owed = owed_before(story, ", and next now")
            return f"{owed} {lead}: {ended(told)}{since} That is committed."
        aside = story.amid and ASKS_ASIDE.match(latest)
        return f"{lead}: {ended(told)}{since} The work {'that it came amid' if aside else 'it led to'} goes on."
    return ""


def reported_done(story: Story) -> str:
    """Return that the sub-agent whose report came last calls the work done, in a sentence; empty where it does not."""
    last = story.told.reports[-1] if story.told.reports else None
    at_end = bool(story.runs.happened) and story.runs.happened[-1].startswith("sub-agent:")
    open_now = not story.left.stale_todos and any(it.status != "completed" for it in story.left.todos)
    if last is None or not (last.late and at_end) or last.demands or open_now or not _CALLS_DONE.search(last.verdict):
        return ""
    proof = f" ({last.proof})" if last.proof and last.proof.split(",")[0] not in last.verdict else ""
    return f"The sub-agent reported last, {last.task}: {last.verdict.rstrip('.')}{proof}. Do not do it again."


_CALLS_DONE = caseless(
    r"\b(?:all (?:\w+ ){0,3}(?:tests?|checks?|issues?|tasks?|steps?)\b[^.]{0,40}"
    r"\b(?:pass(?:es|ed)?|fixed|complete\w*|done)"
    r"|is (?:now )?(?:complete|done|finished)|status: done|approved)\b"
)


def _list_done(story: Story) -> list[str]:
    """Return that the list of to-dos of the request at work is done, in a sentence; none where it is not."""
    todos = story.left.todos
    over = todos and not story.left.stale_todos and all(it.status == "completed" for it in todos)
    return [f"All {len(todos)} to-dos of its list are done."] if over and len(todos) > 1 else []


def interrupted(story: Story) -> list[str]:
    """Return what the agent was at work at when the latest request came, in a sentence; none where it had ended.

    Where work went on at a request that says enough by itself, it stands with the goal alone.
    """
    if not story.amid or (story.state == "progress" and len(story.latest) > SHORT_CHARS):
        return []
    meant = f" (that is: {complete(story.amid.meant, 160)})" if story.amid.meant else ""
    return [f"It came while the agent was at work at: {ended(asked(story.amid.text, _AMID_CHARS) + meant)}"]


_AMID_CHARS, _MADE_TOLD = 160, 3


def _told_so_far(story: Story) -> list[str]:
    """Return what the user who waits for a word was told, or that nothing was."""
    if verdict := story.task.verdict:
        return [f"Told to the user so far: {ended(complete(verdict, 240))}"]
    return [] if story.task.reply else ["The user waits to be told, nothing was told yet."]


def _all_committed(story: Story) -> bool:
    """Return whether a commit has all that was edited and nothing else is left: what was ordered before comes next."""
    last = story.changed.last_commit
    left = story.runs.failures or story.left.remaining or any(it.status != "completed" for it in story.left.todos)
    return last is not None and not (last.since or left)


def _told_on_the_way(story: Story, question: str) -> str:
    """Return the sentence by which a plain ``question`` was answered though work went on, empty where none did.

    It is no step, and takes up a word of a short question, two of a longer one.
    """
    aside = ASKS_ASIDE.match(question)  # what it asks about may be an edit
    asks = not protests(question) and (aside or (ASKS.search(question) and not _wants_work(question)))
    if _ORDERS.search(question) or not asks:
        return ""
    parts = sentences(question)
    if len(parts) > _PARTS and not aside and sum(it.endswith("?") for it in parts) * 2 < len(parts):
        return ""  # so many words that do not ask want more than an answer, in whatever language
    wanted = stems(question)
    least = 1 if len(wanted) <= _SHORT_QUESTION else 2
    last = (it.text for turn in story.told.turns[-1:] for it in turn.told)
    texts = (story.task.reply, story.told.last_words, story.told.explained, *last)
    said = [it for text in texts if text for it in sentences(text)]
    told = (
        f"{before} {it}" if _YES_OR_NO.fullmatch(before) else it
        for before, it in pairwise(("", *said))
        if len(it) >= SAYS_LITTLE and not (LEAD.match(it) or is_step(it) or it.endswith(("?", ":")))
    )
    return next((complete(it, 240) for it in told if len(stems(it) & wanted) >= least), "")


_YES_OR_NO = caseless(r"(?:yes|no|ja|nein|oui|non|s\xed|n\xe3o|sim)[.!]")


def _wants_work(words: str) -> bool:
    return bool(TO_EDIT.search(words) or acts_in(words))


_SHORT_QUESTION, SAYS_LITTLE, _PASSED_TOLD, _PARTS = 5, 40, 3, 3
_ORDERS = caseless(r"\b(?:can|could|would|will) you\b|\b(?:can|could) we\b|\bplease\b|\bagain\b")


def _may_be_edited(story: Story) -> bool:
    """Return whether an edit is under way, may not be made yet, or was made by a sub-agent or of a file not named.

    Or whether the agent's last words say that it changed something: a copy tells no edits.
    """
    editing = story.step.begun[:6] == "edited" or any(it.kind == "edit" for it in story.runs.under_way)
    handed = any(it.late for it in story.told.reports)
    unnamed = any(it.startswith(_UNNAMED) for it in story.runs.happened)
    said = story.changed.made_unclear or any(map(says_changed, sentences(story.told.last_words or "")))
    return editing or handed or unnamed or said or bool(story.changed.broken or story.left.plan_mode)


_UNNAMED = ("Edit ", "MultiEdit ", "Write ")
"""How a step begins that names no file: others are told as edited."""


def learnt(story: Story) -> str:
    """Return what the agent's last thought concluded, empty where it weighs, praises, or sets a step that was made."""
    found = _PRAISES.match(story.step.reached)
    told = story.step.reached[found.end() :] if found else story.step.reached
    done = story.changed.acted and _ORDERS_ITSELF.match(told)
    return "" if done or _MUSES.match(told) else _without_lead(told)


def _is_said(story: Story) -> bool:
    """Return whether the agent's last words tell what its last thought reached."""
    reached, said = subject_of(story.step.reached), subject_of(story.told.last_words or "")
    return len(reached & said) * 5 > len(reached) * 3


def _without_lead(conclusion: str) -> str:
    """Return ``conclusion`` without the word that only says that it is one."""
    found = _DRAWN.match(conclusion)
    told = conclusion[found.end() :] if found else conclusion
    return capitalized(told)


_PRAISES = caseless(r"(?:good|great|perfect|excellent|ok(?:ay)?)[,.!:]\s+")
_ORDERS_ITSELF = caseless(rf"(?:(?:first|then|so|now|and),? )*{STEP_VERBS}\b(?!:)")
_DRAWN = caseless(
    r"(?:so|and|but|therefore|thus|hence|in short)(?:[,:]| (?!that\b|far\b|if\b|when\b|long\b|many\b|much\b))\s*"
)


def with_answered(request: str, story: Story) -> str:
    """Return the latest ``request`` as it is told, with what it answers where that is known and needs be.

    A word or two go on in the same sentence, more have it as an aside.
    """
    if request == BELOW:
        return request
    word, parent = request.rstrip(".!"), story.part_of
    if not story.gist and parent and not parent.bare and story.requests[-1].bare:
        goes_on = not acts_in(story.latest)
        return f"{word}, with: {ended(beginning_of(as_one_line(parent.text), _PARENT_CHARS))}" if goes_on else request
    if not story.gist:
        return request
    if gone_from(story) and story.task.instead and _A_WORD.fullmatch(word):
        return f"{word}, to what was overtaken since; what came in its place stands below."
    told = complete(story.gist, 160)
    return (
        f"{word}, in answer to: {ended(told)}"
        if _A_WORD.fullmatch(word)
        else f"{request.removesuffix('.')} (it answers: {told.rstrip('.')})."
    )


def gone_from(story: Story) -> list[str]:
    """Return the files, deleted since, that the words name which the latest request answers."""
    told = story.referent or ""
    if not told or _SAYS_GONE.search(told):  # it may be what deleted the file
        return []
    return [it for it in (file_name(it.path) for it in story.changed.files if it.action == "deleted") if it in told]


def is_in_its_place(story: Story, words: str) -> bool:
    """Return whether ``words`` of the agent's stand as what came in the place of what the latest request answers."""
    said = plain(as_one_line(words)).rstrip(" :.")
    return bool(said and gone_from(story)) and any(it.rstrip(".") == said for it in story.task.instead)


_SAYS_GONE = caseless(r"\b(?:deleted|removed|gone|taken out|thrown out|gel\xf6scht|entfernt|supprim\w+|borrad\w+)\b")

BELOW = "it stands below."
"""A request that the goal has whole, with what it answers."""
_PARENT_CHARS = 80
_A_WORD = lazily(r"[^.!?;:\n]{1,30}")


def is_done(story: Story) -> bool:
    """Return whether all is done that events know of: the last step was an edit or a check that passed.

    Of work that no request is known of, as in a log that begins in its middle, nobody can say.
    """
    if not story.requests:
        return False
    open_now = (
        story.step.about and not story.step.started,
        story.left.remaining,
        story.changed.still_named,
        story.left.untouched,
        story.left.missing,
        story.changed.broken,
        story.changed.reshaped,
        story.runs.failures,
        story.task.not_since,
        story.task.to_write,
        story.task.to_come,
    )
    over = {it.text for it in story.left.planned if it.status == "completed"}
    listed = not story.left.stale_todos and any(
        it.status != "completed" and it.text not in over for it in story.left.todos
    )
    planned = not story.left.stale_todos and any(it.status != "completed" for it in story.left.planned)
    planned = planned or bool(story.left.at_plan and story.left.at_plan.of("open"))
    last = story.runs.happened[-1] if story.runs.happened else ""
    order = as_one_line((story.part_of or story.requests[-1]).text)
    ticked = bool(story.left.todos) and not (listed or story.left.stale_todos)
    if not (over or ticked) and len(set(_EACH_ORDER.findall(order.lower()))) > 1:
        return False  # nothing tells which of several orders were done
    kept = [it for it in story.changed.made if not it.endswith("(deleted)")]
    small = len(order) <= _SMALL_ORDER and len(kept) == 1 and bool(TO_EDIT.search(order))
    written = (
        last.startswith(("edited ", "wrote "))
        and small
        and not ((story.runs.unchecked and story.runs.checks) or story.step.about)
    )
    checked = bool(over) and any(it.kind == "test" and it.outcome == "ok" and not it.edited for it in story.runs.checks)
    done = (
        last.endswith(": passed")
        or written
        or (checked and not any(it.outcome == "failed" for it in story.runs.checks))
    )
    waits = any(it.kind != "look" for it in story.runs.under_way)
    return done and not (any(open_now) or listed or planned or waits or story.left.owed or story.runs.stumbled)


_EACH_ORDER = lazily(
    r"(?:^|[,.;:]|\band|\bthen|\balso|\bplease)\s*(?:please |also |then |now )?(add|fix|update|change|implement|move"
    r"|rename|remove|replace|create|write|refactor|delete|rewrite|extend|simplify|put|make|convert|migrate|run|test|commit|push"
    r"|plan|document|explain|summari[sz]e|check|review|tell|show|open|bump|release|deploy)\b"
)
_SMALL_ORDER = 80
"""An order of so few characters may be fulfilled by one edit; of a longer one, nobody can say."""

ASKS = caseless(
    r"^(?:(?:(?:so|and|but|ok(?:ay)?|ah|oh|hm+|wait|also|btw),? )*|question: )"
    r"(?:what|why|how|where|when|which|who|is|are|does|do|did|can you (?:explain|tell|check|show)"
    r"|could|would|explain|compare|summari[sz]e|tell me|show me)\b|\?\W*$"
)

_SUMS_UP = caseless(
    r"(?!.*\banswer the user)(?:so|therefore|thus|hence|in short|conclusion|(?:this|that) means"
    r"|the (?:answer|real|root|key|bug|cause|problem|issue|reason))\b"
)
"""How a sentence begins that answers, and does not only weigh."""

_MUSES = caseless(
    r"\W*(?:the user|this might|maybe|perhaps|hmm|wait|i(?: |['\u2019](?!m (?:treating|taking|assuming)\b))|let me"
    r"|(?:so )?(?:i )?(?:need|have) to (?:look|check|see|understand|think|find)|the plan is"
    r"|all (?:\w+ )?(?:tests|checks)|test\w+ - |[\"\u201c])"
)
"""How a conclusion begins that repeats what was asked, or only weighs."""

TO_EDIT = caseless(
    r"(?<![/.-])\b(?:add|fix|update|change|implement|move|rename|remove|replace|create|write|refactor|delete|rewrite|extend"
    r"|simplify|put|make|convert|migrate|drop|revert|undo|split|swap|restore)s?\b(?![/.-]\w)"
    r"|\b(?:don['\u2019]?t|too|over-?complicat\w*)\b"
)
"""Words that order an edit; in the name of a branch or a file (``fix/cursor``, ``update.sh``) they order none."""


_WANTS_WORD = caseless(
    r"\b(?:let me know|tell me|what do you think|(?:if|whether|do) you (?:dis)?agree|your (?:opinion|view|take)"
    r"|your thoughts|how to proceed|(?:should|do|must) (?:we|i)\b|report (?:back|on)|summari[sz]e)"
)
"""Words by which the user wants to be told something, besides what is to be done."""
