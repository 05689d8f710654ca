"""Puts the parts of a story together, of what the modules beside this one find."""

from __future__ import annotations

from handoff_cli.core.paths import MARKDOWN
from handoff_cli.documents.extract.commands.checks import runs_of
from handoff_cli.documents.extract.commands.command_lines import may_set, moves_files
from handoff_cli.documents.extract.commands.patterned import edited_by_pattern
from handoff_cli.documents.extract.commands.reasons import Causes
from handoff_cli.documents.extract.commands.results import printed_at_end
from handoff_cli.documents.extract.commands.runners import runner_told
from handoff_cli.documents.extract.files.edits import digest, of_project, reverted, shown_by_git
from handoff_cli.documents.extract.files.files_met import files_at_hand
from handoff_cli.documents.extract.files.hand import NamesInHand
from handoff_cli.documents.extract.files.texts import printed_in
from handoff_cli.documents.extract.language.announced import announced
from handoff_cli.documents.extract.language.findings import NAMES_ROOT
from handoff_cli.documents.extract.language.objections import offers_work
from handoff_cli.documents.extract.language.units import units
from handoff_cli.documents.extract.language.words import identifiers, prepare, tells_secret
from handoff_cli.documents.extract.progress import carried_out
from handoff_cli.documents.extract.progress.last_told import last_told, read_last, spoken_now, spoken_of, weighed_words
from handoff_cli.documents.extract.progress.offered import open_offer
from handoff_cli.documents.extract.progress.open_todos import edited_todos, named_todos, todos_asked_for, todos_left
from handoff_cli.documents.extract.progress.plan_steps import plan_at_work
from handoff_cli.documents.extract.progress.postponed import put_off_by_agent, put_off_by_user
from handoff_cli.documents.extract.progress.standing import done_since, happened, links, place_at_hand, state_of
from handoff_cli.documents.extract.progress.steps import followed, open_now, planned, remaining, remaining_before
from handoff_cli.documents.extract.progress.stops import is_stopped, stopped_for
from handoff_cli.documents.extract.progress.task import task_of
from handoff_cli.documents.extract.progress.ticked import commits_since_list, committed_todos, taken_on_at
from handoff_cli.documents.extract.progress.two_at_once import amid, job_of, made_for
from handoff_cli.documents.extract.progress.undo import stashed, to_put_back
from handoff_cli.documents.extract.progress.work_at_hand import (
    begun_todo_edited,
    begun_todo_told,
    broken,
    files_touched,
    still_named,
    untouched,
)
from handoff_cli.documents.extract.progress.work_tree import last_commit
from handoff_cli.documents.extract.requests.accounts import goal_of, last_account, orders_at_work
from handoff_cli.documents.extract.requests.belonging import asked_at_work, gist_of_latest, part_of
from handoff_cli.documents.extract.requests.choices import open_question, options
from handoff_cli.documents.extract.requests.laid_out import verdicts
from handoff_cli.documents.extract.requests.objected import objected_to
from handoff_cli.documents.extract.requests.pasted_runs import pasted_run
from handoff_cli.documents.extract.requests.referents import referent
from handoff_cli.documents.extract.requests.refused import refused, turned_down, with_refusals
from handoff_cli.documents.extract.requests.refuted import refuted
from handoff_cli.documents.extract.requests.requests import is_old, requests_of
from handoff_cli.documents.extract.requests.still_open import StillOpen
from handoff_cli.documents.extract.requests.withdrawn import called_off, with_withdrawn
from handoff_cli.documents.extract.runs.attempts import other_failures
from handoff_cli.documents.extract.runs.checked import last_checks, last_passed, unchecked
from handoff_cli.documents.extract.runs.commits import as_commits, commits_by_log, made_before, of_first
from handoff_cli.documents.extract.runs.failures import live_failures, red_output, repaired
from handoff_cli.documents.extract.runs.measured import measured
from handoff_cli.documents.extract.runs.outside import done_outside
from handoff_cli.documents.extract.runs.pipelines import pipeline, report_read
from handoff_cli.documents.extract.runs.reruns import commands_in_hand, exercised, variables_in
from handoff_cli.documents.extract.runs.running import running
from handoff_cli.documents.extract.runs.stumbles import all_lessons, escalated, in_vain, stumbled
from handoff_cli.documents.extract.runs.underway import is_quiet, list_kept_at, owed, owed_before, under_way, with_name
from handoff_cli.documents.extract.story import DeadEnds, InUse, Left, Runs, Spoken, Step, Story, ToUndo, WorkDone
from handoff_cli.documents.extract.told.blocks import blocks_of
from handoff_cli.documents.extract.told.delivered import delivered, work_of
from handoff_cli.documents.extract.told.errors_back import ErrorsBack, claims_void
from handoff_cli.documents.extract.told.fell_short import fell_short, is_short
from handoff_cli.documents.extract.told.outcomes import with_outcomes
from handoff_cli.documents.extract.told.ruled_out import ruled_out
from handoff_cli.documents.extract.told.searches import fetched, searches, told_by_others
from handoff_cli.documents.extract.told.turns import turns_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.documents.extract.facts import CodePiece, FileOutline, Outside, TakenBack, WrittenDocument


class Assembly:
    """Puts the parts of a story together. What more than one of them needs is found once, before any is made."""

    def __init__(self, back: TakenBack) -> None:
        transcript = self.transcript = back.now
        self.changed = transcript.edits or tuple(
            shown_by_git([it for it in transcript.commands if it.position > back.position])
        )
        self.back, self.hand = back, NamesInHand(transcript)
        texts = dict.fromkeys(text for it in self.changed for text in (it.old, it.new))
        prepare(filter(None, (*filter(tells_secret, texts), self.hand.doubtful)))
        self.asked = max(transcript.asked_at, default=0)
        self.edited = max((it.position for it in transcript.edits), default=-1)
        self.requests = with_withdrawn(with_refusals(requests_of(transcript), transcript), transcript.edits)
        self.commits = commits_by_log(transcript, back.undone)
        self.belongs = part_of(self.requests, transcript.edits, taken_on_at(transcript, self.commits))
        self.amid = None if self.belongs else amid(self.requests, transcript)
        self.gist = gist_of_latest(transcript, bool(self.belongs))
        self.still_open = StillOpen(transcript.edits)
        self.job = job_of(self.requests, self.amid)
        self.referent = referent(transcript, self.still_open, any(it.refuses for it in self.requests[-1:]), self.job)
        self.state = state_of(transcript)
        self.runs = runs_of(transcript.commands, [it.position for it in transcript.edits])
        self.causes = Causes(transcript)
        live = live_failures(self.runs, transcript.edits, self.causes)
        if live:
            from handoff_cli.documents.extract.runs.let_be import still_live

            live = still_live(live, self.runs, transcript)
        self.printed = printed_in(transcript)
        self.left_red, self.failures = tuple(it for it in live if it.left), tuple(it for it in live if not it.left)
        self.failed = "\n".join(f"{it.name} {it.why}" for it in self.failures)
        if self.failures:
            from handoff_cli.documents.extract.runs.at_fault import with_lines

            self.failures = with_lines(self.failures, transcript, self.printed)
        self.last = last_told(transcript, self.requests, self.runs, self.printed)
        self.remaining = remaining(transcript, self.asked, self.state == "answered")
        self.task = task_of(transcript, self.asked)
        self._hear()
        self.temporary: tuple[tuple[str, str], ...] = ()
        if transcript.edits:  # what tells of them alone is not loaded for others
            from handoff_cli.documents.extract.files.temporary import temporary

            self.temporary = temporary(transcript, self.printed)

    def _hear(self) -> None:
        """Find what the turns told, which settings came to nothing, and the words that the work is spoken of in."""
        transcript, last = self.transcript, self.last
        concludes = last.thinking and any(map(NAMES_ROOT.search, units(last.thinking.text)))
        weighs = last.thinking.position if last.thinking and concludes and self.edited < self.asked else -1
        told, back = turns_of(transcript, weighs), ErrorsBack(transcript.messages)
        picks = {it.position: it.meant for it in self.requests if it.meant}
        self.turns = with_outcomes(told, transcript, self.runs, back, picks)
        self.left_set: tuple[Outside, ...] = ()
        self.void = claims_void(told, back)
        if may_set(transcript.commands):
            from handoff_cli.documents.extract.told.settings import left_set, settings_in, tried_in_vain

            made = settings_in(transcript.commands)
            self.left_set, self.void = left_set(made), (*tried_in_vain(made, transcript, back), *self.void)
        self.spoken = spoken_of(transcript, self.turns, last.explained, last.thinking)

    def story(self) -> Story:
        """Return the story with all of its parts."""
        transcript, requests, asked = self.transcript, self.requests, self.asked
        account = transcript.summaries[-1] if transcript.summaries else None
        return Story(
            requests=requests,
            part_of=self.belongs,
            amid=self.amid,
            job=self.job,
            pasted_run=pasted_run(requests[-1], transcript) if requests else None,
            first_is_old=is_old(requests, transcript, spoken_now(transcript, self.belongs, self.last.latest)),
            goal=goal_of(account.text, called_off(transcript.messages, account.position)) if account else None,
            work=work_of(transcript, requests, self.belongs),
            state=self.state,
            stopped=self.state != "answered" and is_stopped(transcript),
            breaks_off=stopped_for(transcript, asked),
            nameless=not transcript.speakers,
            begins_amid=transcript.begins_amid,
            referent=self.referent,
            gist=self.gist,
            orders=orders_at_work(transcript),
            objected_to=objected_to(transcript, asked),
            question=open_question(transcript),
            options=options(transcript),
            offered=open_offer(transcript),
            answers=tuple(reversed(transcript.answers)),
            task=self.task,
            told=self._told(),
            step=self._step(),
            left=self._left(),
            changed=self._work_done(),
            runs=self._runs(),
            dead_ends=self._dead_ends(),
            to_undo=ToUndo(self.temporary, stashed(transcript, self.commits), to_put_back(transcript, self.temporary)),
            in_use=self._in_use(),
        )

    def _told(self) -> Spoken:
        transcript, last = self.transcript, self.last
        words, explained, thinking = last.words, last.explained, last.thinking
        shown = words and (last.late or not self.asked or self.state == "nothing")
        over = tuple(bool(it and it.position < self.edited) for it in (explained, thinking))
        over += (True,) * (over[0] and is_short(transcript, explained))
        recap = transcript.recaps[-1] if transcript.recaps else None
        learnt, reports = told_by_others(transcript, self.spoken, self.belongs.position if self.belongs else self.asked)
        told = Spoken(
            last_words=self.still_open.marked(words.text.strip(), words.position) if words and shown else None,
            said=blocks_of(transcript, self.turns),
            learnt=learnt,
            reports=reports,
            turns=self.turns,
            explained=explained.text if explained else "",
            overtaken=over if explained or thinking else (),
            account=last_account(transcript, answered=self.state == "answered", asked=self.asked),
            recap=recap.text if recap else "",
            recap_is_old=bool(recap and recap.position < self.asked),
        )
        if not thinking:
            return told
        from handoff_cli.documents.extract.told import thoughts

        thought, until = thoughts.held_at_last(thinking, transcript.reasonings, self.edited, self.requests[-1:])
        if any(it.holds and "cycle" in f"{it.name} {it.why}" for it in self.failures):
            thought = thoughts.without_denied_cycles(thought)
        calls = sum(it.position > until and not is_quiet(it) for it in transcript.tool_calls)
        return told.replace(thought=thought, thought_since=calls, doubts=thoughts.is_doubted(thinking.text))

    def _step(self) -> Step:
        transcript, last = self.transcript, self.last
        words, late, latest, thought = last.words, last.late, last.latest, last.thought
        calls = [it.position for it in transcript.tool_calls if not is_quiet(it)]
        said = announced(words.text) if words and not last.ran and (latest is late or not self.asked) else ""
        made = latest is not None and carried_out.is_carried_out(last.about, latest.position, transcript)
        looks = latest is not None and carried_out.is_look(last.about) and self.edited < latest.position
        looked = last.about if latest and looks and (made or followed(latest, last.about, transcript)) else ""
        step = Step(
            about="" if made else last.about,
            announced="" if words and carried_out.is_carried_out(said, words.position, transcript) else said,
            unwritten=carried_out.not_written(said, words, transcript) if words else (),
            looked=looked,
            shown=carried_out.shown_since(looked, latest.position, self.printed) if latest and looked else (),
            lines_read=read_last(transcript, self.printed) if looked else "",
            uses=carried_out.lines_shown(last.about, bool(looked), latest.position, self.printed) if latest else (),
            reached=last.reached,
            started=latest is not None and followed(latest, last.about, transcript),
            after=done_since(transcript, latest.position) if latest else "",
            not_edited=carried_out.not_edited(last.about, latest, transcript) if latest else (),
            begun=done_since(transcript, late.position) if late else "",
            calls_since=sum(it > words.position for it in calls) if words else 0,
            place=place_at_hand(transcript, self.asked),
            doubt=last.doubt,
            edited_at=carried_out.edited_already(latest.text, transcript, self.printed, self.asked) if latest else "",
        )
        if not thought or latest is not thought:
            return step
        from handoff_cli.documents.extract.language.warned import warning_at_last

        return step.replace(warning=warning_at_last(transcript.reasonings, max(self.edited, self.asked)))

    def _left(self) -> Left:
        transcript, asked = self.transcript, self.asked
        return Left(
            remaining=self.remaining,
            before=remaining_before(transcript, asked),
            planned=planned(transcript),
            at_plan=plan_at_work(transcript),
            untouched=untouched(transcript, asked),
            missing=carried_out.asked_not_written(transcript, self.printed, asked),
            owed=owed(transcript, asked),
            owed_before=owed_before(transcript, asked),
            todos=transcript.todos,
            stale_todos=0 < list_kept_at(transcript) <= asked_at_work(self.requests),
            todo_edited=begun_todo_edited(transcript),
            todo_told=begun_todo_told(transcript),
            committed_todos=committed_todos(transcript, self.commits),
            commits_since=commits_since_list(transcript, self.commits),
            edited_todos=edited_todos(transcript),
            named_todos=named_todos(transcript, self.printed),
            asked_todos=todos_asked_for(transcript, self.requests),
            left_todos=todos_left(transcript, self.requests),
            plan=transcript.plan,
            plan_file=transcript.plan_file,
            plan_mode=bool(transcript.plan_mode),
        )

    def _work_done(self) -> WorkDone:
        transcript, asked = self.transcript, self.asked
        own = self.job or (None if offers_work(self.gist) else self.belongs)
        since = own.position if own else asked
        known = weighed_words(self.last, self.requests, self.spoken, self.failed, self.referent)
        ahead = "\n".join((*self.remaining, *open_now(transcript, asked)))
        weighed = ((_AHEAD, ahead), (_AHEAD, "\n".join(self.task.places)), *known)
        done = made_for(transcript, since, asked, None if self.job else self.amid).replace(
            broken=broken(transcript, self.runs, self.printed),
            still_named=still_named(transcript, self.printed, asked),
            edits=digest(self.changed, frozenset(identifiers("\n".join(self.spoken))), asked),
            code=self._code(weighed),
            read=self._read(),
            documents=self._documents(weighed, min(since, self.amid.position) if self.amid else since),
            by_pattern=edited_by_pattern(transcript.commands),
            files=files_touched(transcript, self.changed),
            commits=as_commits(self.commits),
            made_before=made_before(transcript, self.commits),
            of_first=of_first(self.commits, self.requests),
            of_latest=next(iter(as_commits([it for it in self.commits if it.position > asked])), None),
            last_commit=last_commit(transcript, self.commits),
            delivered=delivered(transcript),
            links=links(transcript),
            outside=(*self.left_set, *done_outside(transcript.commands, transcript.edits)),
        )
        if not (transcript.edits or moves_files(transcript.commands)):
            return done
        from handoff_cli.documents.extract.files.relocated import all_moves, copies
        from handoff_cli.documents.extract.progress.dangling import left_in_use

        taken_out, other_shape = left_in_use(transcript, self.runs, self.printed)
        copied = copies(transcript, self.printed, last_passed(self.runs))
        return done.replace(
            moves=(*copied, *all_moves(transcript)), broken=done.broken or taken_out, reshaped=other_shape
        )

    def _runs(self) -> Runs:
        transcript, runs, edits = self.transcript, self.runs, of_project(self.transcript)
        not_checked = unchecked(runs, edits)
        ended = frozenset(it.position for it in runs if it.outcome)
        started = under_way(transcript, self.asked, ended) if self.state == "progress" else ()
        return Runs(
            happened=happened(transcript, runs),
            printed=printed_at_end(transcript, ended),
            stumbled=stumbled(transcript) if self.state == "progress" else "",
            under_way=tuple(with_name(it, self.printed) for it in started),
            running=running(transcript),
            unchecked=not_checked,
            exercised=exercised(transcript.commands, transcript.edits, not_checked),
            checks=last_checks(runs, edits, transcript.folder or ""),
            failures=self.failures,
            left_red=self.left_red,
            red="" if self.left_red and not self.failures else red_output(runs, transcript.commands),
            repaired=repaired(runs, transcript.edits, self.causes),
            failing=(*other_failures(runs, transcript), *in_vain(transcript)),
            runner=runner_told(transcript.messages),
            pipeline=pipeline(transcript.commands),
            report=report_read(transcript, runs),
        )

    def _dead_ends(self) -> DeadEnds:
        transcript = self.transcript
        ends = DeadEnds(
            refused=(*refused(transcript), *turned_down(transcript)),
            refuted=refuted(transcript),
            tried=self.back.tried,
            turned_back=reverted(transcript.edits),
            lessons=all_lessons(transcript),
            escalated=escalated(transcript.commands),
            fell_short=fell_short(transcript, self.asked),
            void=self.void,
            ruled_out=ruled_out(transcript),
            put_off=put_off_by_agent(transcript),
            put_off_by_user=put_off_by_user(self.requests, transcript),
            verdicts=verdicts(transcript.messages),
        )
        if not transcript.edits:
            return ends
        from handoff_cli.documents.extract.runs.tried import tried

        return ends.replace(tried=(*ends.tried, *tried(transcript.edits, self.runs, self.causes, transcript.messages)))

    def _in_use(self) -> InUse:
        transcript, asked = self.transcript, self.asked
        met = InUse(
            hand=self.hand.told(self.printed),
            nearby=files_at_hand(transcript),
            again=commands_in_hand(transcript.commands),
            measured=measured(transcript, asked),
            searched=searches(transcript, asked, self.printed),
            fetched=fetched(transcript, asked),
            variables=variables_in(transcript.commands),
        )
        if self.state != "progress" or not any("diff" in it.text for it in transcript.commands):
            return met
        from handoff_cli.documents.extract.told.compared import compared

        return met.replace(compared=compared(transcript, asked, self.turns))

    def _code(self, weighed: Sequence[tuple[float, str]]) -> tuple[CodePiece, ...]:
        """Return the code that the work is about; where none was edited or shown, what tells of it is not loaded."""
        if not (self.transcript.edits or self.printed):
            return ()
        from handoff_cli.documents.extract.files.central import central

        request = self.requests[-1] if self.requests else None
        edited = self.transcript.replace(edits=self.changed)
        since = self.amid.position if self.amid else None
        return central(edited, self.printed, weighed, self.failures, request, latest=self.last.said, since=since)

    def _read(self) -> tuple[FileOutline, ...]:
        """Return what was read for the latest request, while an answer to it is owed and nothing was edited for it."""
        many = sum(it.position > self.asked for it in self.printed) >= _READS
        if self.state != "progress" or not many or any(it.position > self.asked for it in self.changed):
            return ()
        from handoff_cli.documents.extract.files.looked_over import looked_over

        return looked_over(self.transcript, self.printed, self.asked, self.requests[-1].text if self.requests else "")

    def _documents(self, weighed: Sequence[tuple[float, str]], since: int) -> tuple[WrittenDocument, ...]:
        """Return the documents that were written; where none was, what outlines them is not loaded."""
        if not any(it.path.endswith(MARKDOWN) for it in self.transcript.edits):
            return ()
        from handoff_cli.documents.extract.files.outlines import written_documents

        return written_documents(self.transcript, self.printed, weighed, since)


_READS, _AHEAD = 2, 4.0
"""So many texts were read where what they hold is worth a line each; how much the steps count that are left."""
