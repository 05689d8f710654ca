"""Folds a reader's events into a ``Transcript`` of bounded size."""

from __future__ import annotations

from handoff_cli.core.often import made_often
from handoff_cli.core.paths import is_guide
from handoff_cli.core.tool_names import PLANNED
from handoff_cli.core.transcript import (
    REFUSED,
    Answer,
    Command,
    Commit,
    Compaction,
    ContextUsage,
    Lookup,
    Message,
    ToolCall,
    Transcript,
)
from handoff_cli.transcripts import tools
from handoff_cli.transcripts.ends import Ends
from handoff_cli.transcripts.events import (
    Called,
    Compacted,
    CutOff,
    Outdated,
    Recapped,
    Returned,
    Rewound,
    Said,
    Seen,
    Started,
    Turned,
    Used,
)
from handoff_cli.transcripts.source import together
from handoff_cli.transcripts.texts import Texts
from handoff_cli.transcripts.todo_list import TodoList, reason_given
from handoff_cli.transcripts.tool_calls import NAME_CHARS, FollowedCall, done, printed
from handoff_cli.transcripts.touches import Touches
from handoff_cli.transcripts.values import ACCOUNT, cut, encodable, without_middle, without_reminders, without_titles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from handoff_cli.transcripts.events import Event
    from handoff_cli.transcripts.source import Source

made_often(Used, Said, Called, Returned, Message, ToolCall, Command)

_USER_CHARS, _ASSISTANT_CHARS = (15_000, 5_000), (12_000, 6_000)
"""So much is kept of both ends of what somebody says. The handoff quotes requests word for word: only what nobody typed
by hand is longer."""
_UNSEEN = {"reasoning": ("reasonings", 1_500, 4_500), "summary": ("summaries", 40_000, 4_000)}
_UNSEEN["orders"] = ("orders", 9_000, 3_000)
"""Where texts that nobody sees are kept, by their kinds, with the characters of their beginning and end."""
_ANSWER_CHARS, _PLAN_CHARS, _READ_CHARS, _RECAP_CHARS = (2_500, 2_500), (12_000, 4_000), 24_000, 2_000
"""What is kept of the beginning and of the end of long texts."""

_MAX_DISTINCT, _CALLS_OPEN, _STOPS = 200, 6, 50
"""So many different values are known and calls open, and of calls and of the user's stops so many at the end."""

_OWN = ("compactions", "answers", "edits", "lookups", "reasonings", "summaries", "recaps", "orders")
_LISTS = {**dict(zip(_OWN, _OWN, strict=True)), "tool_calls": "calls"}
"""Lists of a transcript, and where their entries are collected."""

_AS_IT_STANDS = (
    *("model", "usage", "window", "peak", "responses", "turns", "plan", "plan_file", "plan_mode", "rewound"),
    *("start", "end", "branch", "stops"),
)
"""What the collector calls as the transcript does."""


def last_position(transcript: Transcript) -> int:
    """Return the highest position that something in ``transcript`` stands at, 0 where nothing does."""
    lists = (transcript.messages, *(getattr(transcript, name) for name in _LISTS))
    return max((entries[-1].position for entries in lists if entries), default=0)


class Collector:
    """Takes events in the order of the file; ``transcript`` gives what they add up to.

    It goes on from ``earlier``, what a part of the conversation that lies before ``source`` adds up to.
    """

    def __init__(self, source: Source, earlier: Transcript | None = None) -> None:
        self.source = source
        self.understood = self.starts = 0
        self._restart()
        if earlier:
            self.understood = 1
            self._go_on_from(earlier)

    def _restart(self) -> None:
        self.seen: dict[str, dict[str, None]] = {"model": {}, "version": {}, "session_id": {}}
        self.model: str | None = None
        self.speakers, self.had_speakers, self.begins_amid = True, False, False
        self.start: str | None = None
        self.end: str | None = None
        self.used: Used | ContextUsage | None = None
        self.used_window: int | None = None
        self.window: int | None = None
        self.peak: int | None = None
        self.response: Any = None
        self.responses = self.turns = 0
        self.compactions = Ends(500, 500)
        self.said = {"user": Ends(50, 250), "assistant": Ends(0, 500)}
        self.calls = Ends(0, 2_000)
        self.runs: tuple[Command, ...] = ()
        self.open_calls: dict[str, FollowedCall] = {}
        self.printed: FollowedCall | None = None
        self.touches = Touches()
        self.commits: dict[str, Commit] = {}
        self.answers = Ends(0, 200)
        self.todos = TodoList()
        self.edits = Ends(0, 400)
        self.texts = Texts()
        self.lookups = Ends(0, 200)
        self.reads, self.guides = Ends(0, 12), Ends(0, 4)
        self.reasonings, self.summaries, self.recaps, self.orders = Ends(0, 120), Ends(0, 3), Ends(0, 3), Ends(0, 6)
        self.plan: str | None = None
        self.plan_file: str | None = None
        self.plan_mode: bool | None = None
        self.branch: str | None = None
        self.folder: str | None = None
        self.rewound, self.branch_at, self.stops = 0, 0, tuple[int, ...]()

    def _go_on_from(self, earlier: Transcript) -> None:
        names = {"model": earlier.models, "version": earlier.versions, "session_id": earlier.session_ids}
        self.seen = {name: dict.fromkeys(values) for name, values in names.items()}
        for name in _AS_IT_STANDS:
            setattr(self, name, getattr(earlier, name))
        self.had_speakers = earlier.speakers
        for message in earlier.messages:
            if message.role in self.said:
                self.said[message.role].add(message)
        self.runs = earlier.commands
        self.touches = Touches(earlier.files)
        self.commits = {commit.hash: commit for commit in earlier.commits}
        self.texts = Texts(earlier.texts)
        self.todos = TodoList(earlier.todos, earlier.todos_named, earlier.todos_noted)
        for name, kept in _LISTS.items():
            for entry in getattr(earlier, name):
                getattr(self, kept).add(entry)
        for entry in earlier.declined:
            self.edits.add(entry)

    def fold(self, events: Iterable[Event]) -> Transcript:
        """Return what ``events`` tell, but for ``format`` and ``agent``; what lies beside a log is nothing of it."""
        for batch in together(self.source, events):
            self.understood += sum(bool(position) or type(event) is not Seen for position, event in batch)
            for self.source.position, event in batch:
                _FOLD[type(event)](self, event)
                if time := event.time:
                    self.start, self.end = self.start or time, time
        return self.transcript()

    def _on_seen(self, event: Seen) -> None:
        for name, values in self.seen.items():
            value = getattr(event, name)
            if value and len(values) < _MAX_DISTINCT:
                values.setdefault(encodable(value[:NAME_CHARS]))
        if event.branch and event.branch != self.branch:
            self.branch, self.branch_at = encodable(event.branch[:NAME_CHARS]), self.source.position
        self.folder = self.folder or (event.folder and encodable(event.folder[:NAME_CHARS]))
        if event.model:
            self.model = encodable(event.model[:NAME_CHARS])
        self.window = self.window if event.window is None else event.window or None
        self.plan_mode = self.plan_mode if event.plan_mode is None else event.plan_mode
        self.begins_amid = self.begins_amid or event.begins_amid
        self.speakers = self.speakers if event.speakers is None else event.speakers

    def _on_said(self, event: Said) -> None:
        kept = self.said.get(event.role)
        said = event.text if event.words is None else event.words
        if event.role == "user":
            said = without_reminders(said)
        else:
            said = without_titles(said, thought=event.kind == "reasoning")
        account = event.role == "user" and said.lstrip().startswith(ACCOUNT)
        if account and event.visible:
            event = event.replace(visible=False, kind="summary")
        if event.visible and kept is not None and said.strip():
            first, last = _USER_CHARS if event.role == "user" else _ASSISTANT_CHARS
            text = encodable(without_middle(said, first, last))
            kept.add(Message(event.role, text, self.source.position, event.time, by=event.by, typed=event.typed))
        elif event.kind in _UNSEEN and said.strip():
            name, *sizes = _UNSEEN[event.kind]
            text = encodable(without_middle(said.strip(), *sizes))
            getattr(self, name).add(Message(event.role, text, self.source.position, event.time))

    def _on_called(self, event: Called) -> None:
        call = FollowedCall(event, self.source.position, self.calls.last, self.folder or "")
        call.task = self.todos.called(event.name, event.input, self.source.position)
        if why := reason_given(event.name, event.input):
            self._on_said(Said("assistant", why, event.time, visible=False, kind="reasoning"))
        self.calls.add(call)
        self.open_calls[call.id] = call
        if len(self.open_calls) > _MAX_DISTINCT:
            del self.open_calls[next(iter(self.open_calls))]

    def _on_returned(self, event: Returned) -> None:
        call = self.open_calls.get(event.id[:NAME_CHARS])
        if call is None:
            return
        call.answer(event, self.texts.lack, self.touches.lately)
        self.printed = call.sharing(self.printed)
        if (call.error or "").startswith(REFUSED) and (words := tools.said_on_refusal(event.text)):
            self._on_said(Said("user", words, event.time))
        for hash_, subject in tools.commits_in(call.command or "", event.text):
            self.commits.setdefault(hash_, Commit(hash_, encodable(subject)))
        if call.changed:
            self._did(call, event)
        self._changed(call, event)
        if call.outcome is not None and (call.command is None or call.exit_code is not None):
            del self.open_calls[call.id]

    def _did(self, call: FollowedCall, event: Returned) -> None:
        for path, action in call.touches:
            self.touches.add(path, done(action, event), self.source.position)
        call.touches = []
        for question, answer in call.replies(event):
            self.answers.add(Answer(encodable(question), encodable(answer), self.source.position))
        if call.task:
            self.todos.answered(call.task, event.text, self.source.position)

    def _changed(self, call: FollowedCall, event: Returned) -> None:
        """Keep what the call changed, looked up or planned."""
        for path, action, old, new in call.edits:
            self.edits.add(call.edit(path, action, old, new, event, self.texts))
            if call.changed:
                self.texts.follow(encodable(path), call.position, action, old, new, event.before)
        self.texts.miss(call.gone(event), anew=bool(call.command and not call.lookup))
        call.edits = []
        if call.shows:
            self.texts.showed(call.shows, event.text)
        if call.lookup and call.outcome != "failed":
            kind, asked = call.lookup
            if kind == "read":  # of these, the last and what tells how to work are kept with what they showed
                self.texts.showed(asked, event.text)
                reads = self.guides if is_guide(asked) else self.reads
                reads.add(Lookup(kind, encodable(asked), call.position, encodable(cut(event.text, _READ_CHARS))))
            answer = "" if kind == "read" else encodable(without_middle(printed(event.text), *_ANSWER_CHARS))
            self.lookups.add(Lookup(kind, encodable(asked), call.position, answer))
            call.lookup = None
        text, file = tools.plan_agreed_to(call.name, call.plan, event.text)
        if text or file:
            self.plan = encodable(without_middle(text, *_PLAN_CHARS)) if text else self.plan
            self.plan_file = encodable(file or tools.plan_file_in(event.text)) or self.plan_file
            self.plan_mode = self.plan_mode and not (call.outcome == "ok" and call.name.lower() in PLANNED)

    def _on_rewound(self, event: Rewound) -> None:
        """Take back what was said and done since; commits stay, git has them."""
        done = (self.calls, self.answers, self.edits, self.lookups, self.reasonings, self.recaps)
        for kept in (*self.said.values(), *done, self.reads, self.guides):
            kept.undo(event.position)
        self.touches.undo(event.position)
        self.texts.undo(event.position)
        self.open_calls.clear()
        self.todos.undo(event.position)
        self.rewound += 1

    def _on_used(self, event: Used) -> None:
        self.window = event.window or self.window
        self.used, self.used_window = event, self.window
        if not event.responded:
            return
        if self.peak is None or event.tokens > self.peak:
            self.peak = event.tokens
        if event.key is None or event.key != self.response:
            self.responses += 1
        self.response = event.key
        last = (self.compactions.last or self.compactions.first)[-1] if self.compactions.count else None
        if last is not None and last.after is None:
            (self.compactions.last or self.compactions.first)[-1] = last.replace(after=event.tokens)

    def _on_compacted(self, event: Compacted) -> None:
        before = self.used.tokens if event.before is None and self.used else event.before
        left = event.remaining()
        self.used = left.replace(window=self.window) if left else None
        after = event.after if left and left.method == "exact" else None
        self.compactions.add(Compaction(self.source.position, event.trigger, event.time, before, after))

    def _on_outdated(self, _: Outdated) -> None:
        self.used = None

    def _on_turned(self, event: Turned) -> None:
        self.turns += not event.stopped
        self.stops = (*self.stops, self.source.position)[-_STOPS:] if event.stopped else self.stops
        said, called = self.said["assistant"].last, self.calls.last
        called_since = said and called and called[-1].position > said[-1].position
        if said and called_since and event.carried_out:
            said[-1] = said[-1].replace(position=self.source.position, ended=True)
        elif said and not called_since:
            said[-1] = said[-1].replace(ended=not event.stopped, stopped=event.stopped)

    def _on_cut_off(self, _: CutOff) -> None:
        said = self.said["assistant"].last
        if said:
            said[-1] = said[-1].replace(cut=True)

    def _on_recapped(self, event: Recapped) -> None:
        text = encodable(cut(event.text.strip(), _RECAP_CHARS))
        if text:
            self.recaps.add(Message("assistant", text, self.source.position, event.time))

    def _on_started(self, _: Started) -> None:
        self.starts += 1
        self._restart()

    def transcript(self) -> Transcript:
        """Return what the events so far add up to."""
        messages = [message for kept in self.said.values() for message in kept.entries()]
        calls = self.calls.entries()
        showed = {(it.position, it.asked): it for it in (*self.guides.entries(), *self.reads.entries())}
        followed = [call for call in calls if isinstance(call, FollowedCall)]
        edits, refused = self.edits.entries(), {it.position for it in calls if (it.error or "").startswith(REFUSED)}
        runs = [run for run in self.runs if calls and run.position >= calls[0].position]
        return Transcript(
            format="",
            model=self.model,
            models=tuple(self.seen["model"]),
            versions=tuple(self.seen["version"]),
            session_ids=tuple(self.seen["session_id"]),
            usage=self._usage(),
            peak=self.peak,
            window=self.window,
            responses=self.responses,
            turns=self.turns,
            compactions=tuple(self.compactions.entries()),
            messages=tuple(sorted(messages, key=lambda message: message.position)),
            tool_calls=tuple(call if isinstance(call, ToolCall) else call.told() for call in calls),
            files=self.touches.told(),
            commands=(*runs, *filter(None, (call.run() for call in followed))),
            todos=self.todos.items(),
            todos_named=self.todos.named(),
            todos_noted=tuple(self.todos.noted),
            commits=tuple(self.commits.values()),
            answers=tuple(self.answers.entries()),
            edits=tuple(it for it in edits if it.outcome != "failed"),
            declined=tuple(it for it in edits if it.outcome == "failed" and it.position in refused),
            wanted=tuple(edit for call in followed[-_CALLS_OPEN:] for edit in call.wanted()),
            texts=tuple(self.texts.entries()),
            lookups=tuple(showed.get((it.position, it.asked), it) for it in self.lookups.entries()),
            reasonings=tuple(self.reasonings.entries()),
            summaries=tuple(self.summaries.entries()),
            recaps=tuple(self.recaps.entries()),
            orders=tuple(self.orders.entries()),
            plan=self.plan,
            plan_file=self.plan_file,
            plan_mode=self.plan_mode,
            rewound=self.rewound,
            branch=self.branch,
            folder=self.folder,
            branch_at=self.branch_at,
            stops=self.stops,
            start=self.start and encodable(self.start),
            end=self.end and encodable(self.end),
            malformed=self.source.malformed,
            speakers=self.speakers or self.had_speakers,
            begins_amid=self.begins_amid,
            warnings=tuple(self._warnings()),
        )

    def _usage(self) -> ContextUsage | None:
        if isinstance(used := self.used, Used):
            return ContextUsage(used.tokens, used.method, used.rule, self.used_window, used.low, used.high)
        return used

    def _warnings(self) -> Iterable[str]:
        for number, what in (
            (self.source.malformed, f"malformed {'line' if self.source.malformed == 1 else 'lines'} skipped"),
            (self.source.passed_over, "lines in the middle of the text passed over"),
            (self.source.oversized, "rows of more than 8 MiB skipped"),
            (self.starts if self.starts > 1 else 0, "sessions in one file: the last is read"),
            (sum(kept.left_out() for kept in self.said.values()), "older messages left out"),
            (self.calls.left_out(), "older tool calls left out"),
        ):
            if number:
                yield f"{number} {what}"
        if self.used and self.used.tokens == 0 and not self.compactions.count:
            yield "the last response reports 0 tokens: its usage was not recorded"


_FOLD: dict[type, Any] = {
    Seen: Collector._on_seen,  # noqa: SLF001 (a table of its own methods)
    Said: Collector._on_said,  # noqa: SLF001
    Called: Collector._on_called,  # noqa: SLF001
    Returned: Collector._on_returned,  # noqa: SLF001
    Used: Collector._on_used,  # noqa: SLF001
    Compacted: Collector._on_compacted,  # noqa: SLF001
    Outdated: Collector._on_outdated,  # noqa: SLF001
    Rewound: Collector._on_rewound,  # noqa: SLF001
    Turned: Collector._on_turned,  # noqa: SLF001
    CutOff: Collector._on_cut_off,  # noqa: SLF001
    Recapped: Collector._on_recapped,  # noqa: SLF001
    Started: Collector._on_started,  # noqa: SLF001
}
