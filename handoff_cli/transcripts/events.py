"""What a reader yields, in the order of the file: small facts that the collector folds into a ``Transcript``.

One stream serves four consumers: the transcript, the pieces of text for counting, the replay and the tail.
"""

from __future__ import annotations

from handoff_cli.core.record import Record
from handoff_cli.core.transcript import AFTER_COMPACTION, ContextUsage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Seen(Record):
    """Circumstances: any of them, as they come up; the last one wins. ``plan_mode``: the agent may only plan now.

    ``window`` 0: it is not known any more, as of another model.

    ``speakers`` False: it is a text in which nobody is named; what is ``Said`` in it may be anybody's. ``branch`` is
    git's, ``folder`` where the agent works. ``begins_amid``: what came before its first row is not in it.
    """

    model: str | None = None
    version: str | None = None
    session_id: str | None = None
    window: int | None = None
    time: str | None = None
    plan_mode: bool | None = None
    speakers: bool | None = None
    branch: str | None = None
    folder: str | None = None
    begins_amid: bool = False


class Said(Record):
    """Text in the context. Only what a person or the agent said is ``visible``; instructions and summaries are not.

    ``words`` is what was said where ``text`` wraps it in more; None: all of it was. ``kind`` tells what text that is
    not visible is: ``reasoning`` (the agent's thoughts), ``summary`` (its account of what a compaction took away),
    ``orders`` (of a command or skill that the user called), or something else (empty). The handoff draws on these.
    ``by`` is who of several people said it. ``typed`` is the position at which it was typed where it waited since (0:
    it did not).
    """

    role: str
    text: str
    time: str | None = None
    visible: bool = True
    words: str | None = None
    kind: str = ""
    by: str = ""
    typed: int = 0


class Called(Record):
    """A tool was called with ``input``, an object or free text.

    ``nested`` marks a call that a program made which another call runs: its text is in the context as that one's.
    ``like`` is a tool that is known, where ``name`` is none and the input tells that it does the same. ``folder`` is
    where a command runs, by the transcript: what it writes by a relative path lies below.
    """

    id: str
    name: str
    input: Any
    time: str | None = None
    nested: bool = False
    like: str = ""
    folder: str = ""


WRITTEN = "written"
"""What a call did to a file that it created or modified: only what it ``Returned`` tells which."""


class Returned(Record):
    """A tool answered; ``failed`` None means the transcript does not say, ``created`` that a write made a new file.

    ``answers`` are those of the user, by the agent's questions, where the tool asked some. ``repeated`` marks a second
    row about an answer: its text is not in the context again. ``before`` is the file as it was before an edit, where
    the transcript has it: it tells in which function the edit lies. ``ended`` marks the whole answer of a call that is
    over, in forms that do not tell how a call ended.
    """

    id: str
    text: str
    failed: bool | None = None
    exit_code: int | None = None
    time: str | None = None
    created: bool = False
    repeated: bool = False
    answers: tuple[tuple[str, str], ...] = ()
    before: str = ""
    ended: bool = False


class Used(Record):
    """A response reported its usage; ``key`` tells responses apart where one is written as several rows.

    ``responded`` False marks a figure that no response brought: the agent's own guess. ``low`` and ``high`` bound an
    estimate.
    """

    tokens: int
    rule: str
    key: Any = None
    window: int | None = None
    time: str | None = None
    method: str = "exact"
    responded: bool = True
    low: int | None = None
    high: int | None = None


class Compacted(Record):
    """The agent replaced the conversation by a summary.

    ``before`` and ``after`` are the tokens the agent recorded. ``more`` are tokens that ``after`` leaves out, by
    estimate: instructions and tools, where only the conversation is in it. ``counted`` says that ``after`` is the
    agent's own count of the text, which no response has confirmed.
    """

    trigger: str | None = None
    before: int | None = None
    after: int | None = None
    time: str | None = None
    more: int = 0
    counted: bool = False

    def remaining(self) -> ContextUsage | None:
        """Return what the context holds now by the record of the compaction, None where there is none."""
        if self.after is None:
            return None
        if not self.more:
            return ContextUsage(self.after, "estimated" if self.counted else "exact", AFTER_COMPACTION)
        most = max(self.before or 0, self.after + self.more)
        high = min(self.after + 2 * self.more, most)
        return ContextUsage(self.after + self.more, "estimated", AFTER_COMPACTION, None, self.after, high)


class Outdated(Record):
    """The context has grown since the last usage, by no one knows how much: that figure no longer holds."""

    time: str | None = None


class Turned(Record):
    """A turn ended: the agent waits for the person, who may have ``stopped`` it amid its work.

    ``carried_out`` tells that the calls since its last words only did what these say: they are the end of the turn.
    """

    time: str | None = None
    stopped: bool = False
    carried_out: bool = False


class CutOff(Record):
    """The model stopped at the limit of its output: the words before are not whole, and the agent waits for nobody."""

    time: str | None = None


class Recapped(Record):
    """The agent wrote down, while it waited for the person, where the work stands: for people, not in the context."""

    text: str
    time: str | None = None


class Rewound(Record):
    """The user went back: what was said and done after ``position`` (of ``Source.position``) never happened."""

    position: int
    time: str | None = None


class Started(Record):
    """A new session begins in the same file: what came before is not in the context."""

    time: str | None = None


def cut_off(reason: object) -> tuple[CutOff, ...]:
    """Return the event that the ``reason`` for which a model stopped makes, by any provider's word; mostly none."""
    return (CutOff(),) if reason in _AT_LIMIT else ()


_AT_LIMIT = ("max_tokens", "length", "max_output_tokens", "MAX_TOKENS", "model_context_window_exceeded")


def recap_of(text: str) -> str:
    """Return what Claude Code wrote down for a person who was away, without the hint how to switch that off."""
    return text.replace("(disable recaps in /config)", "").strip()


if TYPE_CHECKING:
    Event = (
        Seen | Said | Called | Returned | Used | Compacted | Outdated | Turned | CutOff | Recapped | Rewound | Started
    )
