"""From a transcript to the facts the next session needs: the state at its end, pure and deterministic.

Nothing is summarised: words, commands, errors and names stand as the transcript has them. One module per concern.
"""

from __future__ import annotations

from handoff_cli.core.patterns import caseless
from handoff_cli.documents.extract.accounts import account_of, goal_of
from handoff_cli.documents.extract.blocks import blocks_of
from handoff_cli.documents.extract.causes import Causes
from handoff_cli.documents.extract.changes import MARKDOWN
from handoff_cli.documents.extract.checks import last_checks, runs_of, unchecked, variables_in
from handoff_cli.documents.extract.choices import open_question, options
from handoff_cli.documents.extract.commits import as_commits, commits_by_log
from handoff_cli.documents.extract.edits import digest, reverted, shown_by_git
from handoff_cli.documents.extract.exercised import exercised
from handoff_cli.documents.extract.facts import Request, Story
from handoff_cli.documents.extract.failures import live_failures, other_failures, red_output, repaired, said_to_pass
from handoff_cli.documents.extract.findings import units
from handoff_cli.documents.extract.hand import NamesInHand, files_at_hand
from handoff_cli.documents.extract.measured import measured
from handoff_cli.documents.extract.objections import offers_work
from handoff_cli.documents.extract.orders import orders_at_work
from handoff_cli.documents.extract.outcomes import with_outcomes
from handoff_cli.documents.extract.outside import done_outside
from handoff_cli.documents.extract.progress import (
    begun_todo_edited,
    broken,
    last_commit,
    made_since,
    still_named,
    touched_by_git,
    untouched,
)
from handoff_cli.documents.extract.put_off import put_off
from handoff_cli.documents.extract.refused import refused, turned_down
from handoff_cli.documents.extract.requests import (
    SHORT_CHARS,
    answered_by,
    gist,
    is_old,
    names_item,
    part_of,
    referent,
    requests_of,
    with_answers,
    work_of,
)
from handoff_cli.documents.extract.reruns import commands_in_hand
from handoff_cli.documents.extract.ruled_out import ruled_out
from handoff_cli.documents.extract.searches import fetched, searches
from handoff_cli.documents.extract.served import with_servers_answers
from handoff_cli.documents.extract.standing import done_since, happened, links, place_at_hand, state_of
from handoff_cli.documents.extract.steps import (
    about_to,
    announced,
    followed,
    objected_to,
    planned,
    remaining,
)
from handoff_cli.documents.extract.stumbles import escalated, in_vain, lessons, lessons_of_calls, refusals, stumbled
from handoff_cli.documents.extract.taken_back import taken_back
from handoff_cli.documents.extract.task import task_of
from handoff_cli.documents.extract.texts import printed_in
from handoff_cli.documents.extract.turns import NAMES_ROOT, explained, last_thought, spoken_of, turns_of
from handoff_cli.documents.extract.underway import acts_done, acts_in, is_quiet, list_kept_at, under_way
from handoff_cli.documents.extract.undo import stashed, to_put_back
from handoff_cli.documents.extract.words import ends, identifiers, prepare, redacting, tells_secret
from handoff_cli.redaction import redact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Message, Transcript
    from handoff_cli.documents.extract.facts import CodePiece, Finding, WrittenDocument
    from handoff_cli.documents.extract.taken_back import TakenBack
    from handoff_cli.documents.extract.texts import Printed


def extract(transcript: Transcript, redacts: bool = True) -> Story:
    """Return what ``transcript`` tells; ``redacts`` where secrets are to be taken out: before any text is cut."""
    with redacting(redacts):
        return _story(taken_back(with_answers(with_servers_answers(transcript))))


def words_of(transcript: Transcript, redacts: bool = True) -> Story:
    """Return the first and the latest requests of ``transcript`` and the agent's last words, as they were said."""

    def told(message: Message) -> str:
        return ends(redact(message.text) if redacts else message.text, _WORDS_CHARS)

    asked = [*enumerate((it for it in transcript.messages if it.role == "user"), 1)]
    shown = (*asked[:1], *asked[1:][-_WORDS_SHOWN:])
    said = next((it for it in reversed(transcript.messages) if it.role == "assistant"), None)
    requests = tuple(Request(number, told(it)) for number, it in shown)
    return Story(requests=requests, last_words=told(said) if said else None, state="progress")


_WORDS_CHARS, _WORDS_SHOWN = 4_000, 6


def _story(back: TakenBack) -> Story:
    transcript = back.now
    if transcript.edits:  # what tells of them alone is not loaded for others
        from handoff_cli.documents.extract.moves import moves
        from handoff_cli.documents.extract.temporary import temporary
        from handoff_cli.documents.extract.tried import tried
    if transcript.reasonings:
        from handoff_cli.documents.extract.thoughts import conclusion_of, doubts, is_step, settled, warning_in
    hand = NamesInHand(transcript)
    changed = transcript.edits or tuple(shown_by_git([it for it in transcript.commands if it.position > back.position]))
    texts = dict.fromkeys(text for it in changed for text in (it.old, it.new))
    prepare(filter(None, (*filter(tells_secret, texts), hand.doubtful)))
    runs = runs_of(transcript.commands)
    not_checked = unchecked(runs, transcript.edits)
    commits = commits_by_log(transcript)
    requests = requests_of(transcript)
    belongs = part_of(requests)
    taken = _gist(transcript, bool(belongs))
    words = next((it for it in reversed(transcript.messages) if it.role == "assistant"), None)
    asked = max((it.position for it in transcript.messages if it.role == "user"), default=0)
    thought = next((it for it in reversed(transcript.reasonings) if it.position > asked), None)
    late = words if words and words.position > asked else None
    latest = max(filter(None, (late, thought)), key=lambda it: it.position, default=None)
    state = state_of(transcript)
    about = about_to(latest) if latest else ""
    after = latest.position if latest else 0
    ran = "check" in acts_in(about) and any(it.position > after and it.outcome for it in runs)
    about = "" if ran else about
    told = explained(transcript, asked)
    thinking = last_thought(transcript, told.position if told else asked)
    edited = max((it.position for it in transcript.edits), default=-1)
    concludes = thinking and any(map(NAMES_ROOT.search, units(thinking.text)))
    weighs = thinking.position if thinking and concludes and edited < asked else -1
    account = transcript.summaries[-1] if transcript.summaries else None
    turns = with_outcomes(turns_of(transcript, weighs), transcript, runs)
    spoken = spoken_of(transcript, turns, told, thinking)
    printed = printed_in(transcript)
    near = frozenset(identifiers("\n".join(spoken)))
    causes = Causes(transcript)
    failures = said_to_pass(live_failures(runs, transcript.edits, causes), runs, transcript.messages)
    reached = conclusion_of(thought.text, requests[-1].text if requests else "") if thought else ""
    if thought and edited > thought.position and is_step(reached):
        reached = ""  # it is made by now, or under way
    meant = referent(transcript)
    failed = "\n".join(f"{it.name} {it.why}" for it in failures)
    before = "\n".join(it.text[:_REQUEST_CHARS] for it in requests[-3:-1])
    weighed = (
        (3.0, failed),
        (_POINTED, latest.text[-_POINTED_CHARS:]) if latest and _POINTS.search(about) else (2.5, about),
        (2.5, reached),
        (2.0, before),
        (1.5, meant or ""),
        *zip((3.0, 2.0, *(1.5 for it in (told, thinking) if it), *(0.6,) * len(spoken)), spoken, strict=False),
    )
    for_a_while = temporary(transcript, printed) if transcript.edits else ()
    return Story(
        requests=requests,
        part_of=belongs,
        first_is_old=is_old(requests, transcript, _spoken_now(transcript, belongs, latest)),
        goal=goal_of(account.text) if account else None,
        work=work_of(transcript) if requests and (requests[0].bare or requests[-1].bare) else "",
        state=state,
        nameless=not transcript.speakers,
        referent=meant,
        gist=taken,
        happened=happened(transcript, runs),
        stumbled=stumbled(transcript) if state == "progress" else "",
        unchecked=not_checked,
        exercised=exercised(transcript.commands, transcript.edits, not_checked),
        under_way=under_way(transcript, asked, frozenset(it.position for it in runs if it.outcome))
        if state == "progress"
        else (),
        remaining=remaining(transcript, asked, state == "answered"),
        planned=planned(transcript),
        untouched=untouched(transcript, asked),
        made=made_since(transcript.edits, belongs.position if belongs and not offers_work(taken) else asked),
        still_named=still_named(transcript, printed, asked),
        broken=broken(transcript, runs, printed),
        last_commit=last_commit(transcript, commits),
        task=task_of(transcript, printed, asked, _ahead(transcript, about, requests, failed)),
        orders=orders_at_work(transcript),
        owed=_owed(transcript, asked),
        owed_before=_owed_before(transcript, asked),
        objected_to=objected_to(transcript, asked),
        begun=done_since(transcript, late.position) if late else "",
        after=done_since(transcript, latest.position) if latest else "",
        calls_since=sum(it.position > words.position and not is_quiet(it) for it in transcript.tool_calls)
        if words
        else 0,
        place=place_at_hand(transcript, asked),
        announced=announced(words.text) if words and not ran and (latest is late or not asked) else "",
        about=about,
        warning=warning_in(thought.text) if thought and latest is thought else "",
        started=latest is not None and followed(latest, transcript.tool_calls),
        acted=any(edit.position > asked for edit in transcript.edits),
        stale_todos=0 < list_kept_at(transcript) <= asked,
        reached=reached,
        question=open_question(transcript),
        options=options(transcript),
        last_words=words.text.strip() if words and (late or not asked or state == "nothing") else None,
        todos=transcript.todos,
        todo_edited=begun_todo_edited(transcript),
        said=blocks_of(transcript, turns),
        learnt=_learnt(transcript, spoken),
        red=red_output(runs, transcript.commands),
        turns=turns,
        explained=told.text if told else "",
        thought=(settled(thinking.text) or thinking.text) if thinking else "",
        overtaken=tuple(bool(it and it.position < edited) for it in (told, thinking)) if told or thinking else (),
        doubts=thinking is not None and doubts(thinking.text),
        account=_account(transcript, state, asked),
        plan=transcript.plan,
        plan_file=transcript.plan_file,
        plan_mode=bool(transcript.plan_mode),
        edits=digest(changed, near, asked),
        failures=failures,
        tried=(*back.tried, *(tried(transcript.edits, runs, causes) if transcript.edits else ())),
        repaired=repaired(runs, transcript.edits, causes),
        failing=(*other_failures(runs, transcript), *in_vain(transcript)),
        lessons=(
            *lessons(transcript.commands),
            *lessons_of_calls(transcript.tool_calls),
            *refusals(transcript.tool_calls, transcript.commands),
        ),
        refused=(*refused(transcript), *turned_down(transcript)),
        escalated=escalated(transcript.commands),
        put_off=put_off(transcript),
        checks=last_checks(runs, transcript.edits),
        turned_back=reverted(transcript.edits),
        temporary=for_a_while,
        stashed=stashed(transcript),
        to_put_back=to_put_back(transcript, for_a_while),
        ruled_out=ruled_out(transcript),
        moves=moves(transcript.edits, transcript.texts) if transcript.edits else (),
        code=_code(transcript.replace(edits=changed), printed, weighed, bare=bool(requests and requests[-1].bare)),
        documents=_documents(transcript, printed, weighed),
        answers=tuple(reversed(transcript.answers)),
        commits=as_commits(commits),
        files=transcript.files if transcript.edits else (*transcript.files, *touched_by_git(transcript, changed)),
        hand=hand.told(printed),
        nearby=files_at_hand(transcript),
        again=commands_in_hand(transcript.commands),
        measured=measured(transcript, asked),
        searched=searches(transcript, asked),
        fetched=fetched(transcript, asked),
        links=links(transcript),
        outside=done_outside(transcript.commands, transcript.edits),
        variables=variables_in(transcript.commands),
    )


def _learnt(transcript: Transcript, spoken: Sequence[str]) -> tuple[Finding, ...]:
    """Return what sub-agents and pages told that the work goes by; what reads it is loaded where one was asked."""
    if not transcript.lookups:
        return ()
    from handoff_cli.documents.extract.learnt import learnt

    return learnt(transcript, spoken)


def _code(
    transcript: Transcript, printed: Sequence[Printed], spoken: Sequence[tuple[float, str]], *, bare: bool
) -> tuple[CodePiece, ...]:
    """Return the code that the work is about; where none was edited or shown, what tells of it is not loaded."""
    if not (transcript.edits or printed):
        return ()
    from handoff_cli.documents.extract.central import central

    return central(transcript, printed, spoken, bare=bare)


def _documents(
    transcript: Transcript, printed: Sequence[Printed], spoken: Sequence[tuple[float, str]]
) -> tuple[WrittenDocument, ...]:
    """Return the documents that were written; where none was, what outlines them is not loaded."""
    if not any(it.path.endswith(MARKDOWN) for it in transcript.edits):
        return ()
    from handoff_cli.documents.extract.outlines import written_documents

    return written_documents(transcript, printed, spoken)


_REQUEST_CHARS = 2_000
_POINTS = caseless(r"\b(?:that|this) (?:function|method|class|file|check|code|test|command|line)\b")
_POINTED, _POINTED_CHARS = 4.0, 300
"""What the step ahead only points at stands in the words right before it, and is what matters most."""


def _spoken_now(transcript: Transcript, belongs: Request | None, latest: Message | None) -> tuple[str, ...]:
    """Return the words that the work at hand is spoken of in: the last requests and what the agent said last."""
    said = [it.text for it in transcript.messages if it.role == "user"][-_LAST_REQUESTS:]
    words = [it.text for it in transcript.messages if it.role != "user"][-_LAST_REQUESTS:]
    return (*said[1 - len(said) :], *words, belongs.text if belongs else "", latest.text if latest else "")


def _ahead(transcript: Transcript, about: str, requests: Sequence[Request], failed: str) -> tuple[str, ...]:
    """Return the words that the step ahead is told in, what tells of it most surely first."""
    open_now = [it.text for it in transcript.todos if it.status != "completed"]
    said = next((it.text for it in reversed(transcript.messages) if it.role != "user"), "")
    return (about, *open_now[:2], requests[-1].text if requests else "", failed, said)


_LAST_REQUESTS = 3


def _owed(transcript: Transcript, asked: int) -> tuple[str, ...]:
    """Return what the latest request ordered, of commit, push and pull request, that no command since has done."""
    words = next((it.text for it in reversed(transcript.messages) if it.role == "user"), "")
    if len(words) > _ORDER_CHARS:
        return ()
    owed = acts_in(words) - acts_done(transcript, asked, begun=True)
    return tuple(act for act in ("commit", "push", "pull request") if act in owed)


_ORDER_CHARS = 1_000


def _owed_before(transcript: Transcript, asked: int) -> tuple[str, ...]:
    """Return what the user ordered before the latest request, of push and pull request, and nothing since has done."""
    since = transcript.summaries[-1].position if transcript.summaries else -1
    orders = [it for it in transcript.messages if it.role == "user" and since < it.position < asked]
    for it in reversed([it for it in orders if len(it.text) <= _ORDER_CHARS]):
        ordered = acts_in(it.text) & {"push", "pull request"}
        if ordered and (owed := ordered - acts_done(transcript, it.position, begun=True)):
            return tuple(act for act in ("push", "pull request") if act in owed)
    return ()


def _gist(transcript: Transcript, leans: bool) -> str:
    """Return what the latest request answers, where it ``leans`` on another, names an item or follows a question."""
    answered = answered_by(transcript)
    last = next((it.text for it in reversed(transcript.messages) if it.role == "user"), "").strip()
    if answered is None or len(last) > SHORT_CHARS:
        return ""
    asked = answered.text.rstrip("*_ `\n").endswith("?") and not last.endswith("?")
    return gist(answered.text, last) if leans or asked or names_item(last) else ""


def _account(transcript: Transcript, state: str, asked: int) -> tuple[Finding, ...]:
    """Return what the last account of a compaction says; what was pending then is left out where work went on since."""
    if not transcript.summaries:
        return ()
    last = transcript.summaries[-1]
    edits = sum(it.position > last.position for it in transcript.edits)
    return account_of(last.text, stale=state == "answered" or asked > last.position or edits >= _EDITS_ON)


_EDITS_ON = 4
