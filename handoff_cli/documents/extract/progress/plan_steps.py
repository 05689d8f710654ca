"""The plan that the work goes by, and what edits, runs and the agent's words since show done of its steps.

A step is open only where nothing can have done it: no file that it names was changed. It is done where an edit of such
a file changed lines that hold its code, or the agent says so. Of any other nothing is said, nor of one whose code the
user reported since to fail, or a run did.
"""

from __future__ import annotations

from handoff_cli.core import tool_names
from handoff_cli.core.answers import is_blocked
from handoff_cli.core.code import defined_by
from handoff_cli.core.patterns import IGNORECASE, MULTILINE, caseless, lazily
from handoff_cli.documents.extract.commands.checks import is_rejected
from handoff_cli.documents.extract.commands.command_lines import only_looks
from handoff_cli.documents.extract.facts import PlanAtWork, PlanStep
from handoff_cli.documents.extract.files.texts import same_file
from handoff_cli.documents.extract.language.announced import is_step
from handoff_cli.documents.extract.language.denials import confirms, tells_of_failure
from handoff_cli.documents.extract.language.words import as_one_line, sentences
from handoff_cli.documents.extract.progress.carried_out import is_look
from handoff_cli.documents.extract.progress.plan_text import checks_in, places_in, ruled_out_in, spans_in, steps_in
from handoff_cli.documents.extract.runs.underway import acts_done, acts_in, list_kept_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from handoff_cli.core.transcript import Command, Edit, Message, Transcript
    from handoff_cli.documents.extract.progress.plan_text import StepText

DONE, OPEN = "done", "open"


def plan_at_work(transcript: Transcript) -> PlanAtWork | None:
    """Return the plan that the work goes by with the state of its steps, None where there is none or it is old.

    That is one that the agent proposed and nobody turned down, else the message that a short reply answers, else one of
    the user's last requests. One that nobody approved in so many words counts once a step of it is done.
    """
    text, at, approved = _followed(transcript)
    steps = steps_in(text) if text else []
    if not (steps or approved):
        return None
    since = _Since(transcript, at)
    kept = list_kept_at(transcript) > at  # the list tells how far it has come
    told = () if kept else tuple(since.judged(it, [other for other in steps if other is not it]) for it in steps)
    if not (approved or any(it.state == DONE for it in told)):
        return None
    left = tuple(it for it in checks_in(text) if not since.ran(it))
    return PlanAtWork(at, approved, transcript.plan_file if approved else None, told, left, ruled_out_in(text))


def _followed(transcript: Transcript) -> tuple[str, int, bool]:
    """Return the text of the plan, its place, and whether the user approved it; all empty where there is none."""
    asked = [it for it in transcript.messages if it.role == "user"]
    if transcript.plan and transcript.plan_mode:
        return "", 0, False  # it is at a plan that nobody has agreed to yet
    if transcript.plan:
        call = next((it for it in reversed(transcript.tool_calls) if it.name.lower() in tool_names.PLANNERS), None)
        put_down = [it.position for it in transcript.edits if it.path == transcript.plan_file]
        at = call.position if call else max(put_down, default=0)
        old = sum(it.position > at for it in asked) >= _WITHIN
        turned_down = call is not None and call.outcome == "failed"
        return ("", 0, False) if old or turned_down else (transcript.plan, at, bool(call and call.outcome == "ok"))
    if asked and len(asked[-1].text) <= _AGREES_CHARS and (text := _agreed(transcript, asked[-1])):
        return text, asked[-1].position, False
    handed = next((it for it in asked[: -_WITHIN - 1 : -1] if steps_in(it.text)), None)
    return (handed.text, handed.position, False) if handed else ("", 0, False)


_WITHIN, _AGREES_CHARS = 4, 60


def _agreed(transcript: Transcript, reply: Message) -> str:
    """Return what the agent proposed before ``reply`` from its steps on; of options, it says nothing of steps."""
    before = next(
        (it for it in reversed(transcript.messages) if it.role != "user" and it.position < reply.position), None
    )
    if before is None:
        return ""
    chosen = list(_RECOMMENDS.finditer(before.text))
    if not chosen and _CHOICES.search(before.text):
        return ""
    text = before.text[chosen[-1].start() :] if chosen else before.text
    steps = steps_in(text)
    return text if steps and sum(bool(_MADE.match(it.title)) for it in steps) * 2 <= len(steps) else ""


_MADE = caseless(r"\W*(?:we|i)(?:['\u2019]ve| have)? (?!will|need|should|must|can|could|want|have to)[a-z]+")
"""How an item begins that explains what was made: "We keep the check for wide screens"."""

_RECOMMENDS = lazily(
    r"^(?:#{1,6} |\*\*)[^\n]{0,40}\b(?:best|recommend\w*|proposed|proposal|solution|the fix|the plan)\b",
    IGNORECASE | MULTILINE,
)
"""A heading below which the agent tells what it would do."""

_CHOICES = caseless(
    r"\b(?:options?|alternatives?|(?:two|three|several|other) (?:ways|approaches)|either|which (?:one|of))\b"
)


class _Since:
    """What happened after a plan that may have done steps of it."""

    def __init__(self, transcript: Transcript, at: int) -> None:
        self.transcript, self.at = transcript, at
        made = (it for it in transcript.edits if it.position > at and it.outcome != "failed")
        self.edits = [it for it in made if it.path != transcript.plan_file]  # what goes into the plan does none of it
        self.changed = {it.position: _changed(it) for it in self.edits}
        self.commands = [it for it in transcript.commands if it.position > at]
        said = [it for it in transcript.messages if it.role != "user" and it.position > at]
        self.said = [(it.position, sentences(it.text[:_CHARS])) for it in said[-_MESSAGES:]]
        self.over = [it for _, told in self.said for it in told if _OVER.search(it) and not _NOT_YET.search(it)]
        self.touched = [it.path for it in self.edits]
        self.touched += [path for it in self.commands if not only_looks(it.text) for path in places_in(it.text)]
        self.reported = _reported(transcript, at)
        self.handed_over = any(it.position > at and it.kind == "agent" for it in transcript.lookups)

    def judged(self, step: StepText, others: Sequence[StepText]) -> PlanStep:
        """Return ``step`` with its state: done, open, or empty where nobody can say."""
        state = DONE if self._is_done(step, others) else OPEN if self._is_open(step) else ""
        if state == DONE and any(_holds(text, name) for name in spans_in(step.title) for text in self.reported):
            state = ""
        return PlanStep(step.number, step.title, state, step.places, step.action)

    def ran(self, command: str) -> bool:
        """Return whether a ``command`` was let run, with whatever options and files behind it."""
        head = _head(command)
        return any(head in as_one_line(it.text) and not _was_kept_from(it) for it in self.commands)

    def _is_done(self, step: StepText, others: Sequence[StepText]) -> bool:
        told = any(_is_said_done(step.number, it) for it in self.over)
        if told or (any(map(_ALL_DONE.search, self.over)) and not self._is_open(step)):
            return True
        if step.files or step.others:
            return self._is_made(step, others)
        acts, ran = acts_in(step.title), self._runs_of(step)
        if ran or acts:
            return any(ran) if ran else acts <= acts_done(self.transcript, self.at)
        if _TELLS.match(step.title):
            called = max((it.position for it in self.transcript.tool_calls), default=-1)
            return bool(self.said) and self.said[-1][0] > called
        defined = {defined_by(line) for text in self.changed.values() for line in text.split("\n")}
        return any(it in defined for it in step.titled)

    def _is_made(self, step: StepText, others: Sequence[StepText]) -> bool:
        """Return whether edits of the files that ``step`` names changed lines with most of its code.

        Code that another step of these files has as well shows nothing.
        """
        wanted = step.files or step.others
        made = [it for it in self.edits if any(same_file(it.path, file) for file in wanted)]
        if not made or (step.every and not all(any(same_file(it.path, file) for it in made) for file in step.files)):
            return False
        lines = "\n".join(self.changed[it.position] for it in made)
        beside = [it.text for it in others if _share(wanted, (*it.files, *it.others))]
        own = [it for it in step.names if not any(_holds(text, it) for text in beside)]
        shown = [it for it in own if _holds(lines, it)]
        shown += [it for it in own if it in step.titled and it not in shown and self._announced(it, made)]
        there = sum(line in lines for line in step.block)
        if not (own or step.block):
            return any(it.action == "created" for it in made)
        telling = len(shown) > 1 or any(not it.isalpha() or not it.islower() for it in shown)  # one word is anywhere
        return (telling and len(shown) * 2 >= len(own)) or (there > 0 and there * 3 >= len(step.block))

    def _announced(self, name: str, made: Sequence[Edit]) -> bool:
        """Return whether the agent set out to change ``name``, and one of the edits ``made`` followed at once."""
        ends = [*(position for position, _ in self.said[1:]), _NEVER]
        for (position, told), end in zip(self.said, ends, strict=False):
            followed = any(position < it.position < end for it in made)
            if followed and any(_holds(it, name) and is_step(it) and not is_look(it) for it in told):
                return True
        return False

    def _is_open(self, step: StepText) -> bool:
        """Return whether nothing since can have done ``step``: its files are untouched, or what it names never ran."""
        if files := (*step.files, *step.others):
            return not (self.handed_over or _share(self.touched, files))
        acts, ran = acts_in(step.title), self._runs_of(step)
        return not any(ran) if ran else bool(acts) and not acts <= acts_done(self.transcript, self.at)

    def _runs_of(self, step: StepText) -> list[bool]:
        """Return of the commands since that ``step`` gives word for word whether they were let run."""
        given = [it for it in self.commands if len(it.text) >= _LEAST_COMMAND]
        return [not _was_kept_from(it) for it in given if as_one_line(it.text[:_COMMAND_CHARS]) in step.text]


def _reported(transcript: Transcript, at: int) -> list[str]:
    """Return the user's words after ``at`` that something fails, until they say that it works, and runs that fail."""
    told: list[str] = []
    for it in transcript.messages:
        if it.role == "user" and it.position > at:
            told = [] if confirms(it.text) else [*told, it.text[:_CHARS]] if tells_of_failure(it.text) else told
    edited = max((it.position for it in transcript.edits), default=at)
    late = [it for it in transcript.commands if it.position > max(at, edited) and not only_looks(it.text)]
    failed = {it.text: it.outcome == "failed" and not _was_kept_from(it) for it in late}  # as it ended last
    return [*told, *(text for text, has_failed in failed.items() if has_failed)]


_NEVER, _MESSAGES, _LEAST_COMMAND, _COMMAND_CHARS, _CHARS = 1 << 60, 400, 6, 60, 8_000
_TELLS = caseless(r"\W*(?:then |finally,? |last,? )?(?:reply|respond|answer|report back|report to me|tell me)\b")
"""How a step begins that the agent's last words are."""


def _was_kept_from(command: Command) -> bool:
    return is_rejected(command) or is_blocked(command.error or "")


def _share(paths: Iterable[str], files: Sequence[str]) -> bool:
    return any(same_file(path, file) for path in paths for file in files)


def _head(command: str) -> str:
    """Return the words of a ``command`` up to its first option or place; of a program that runs a file, with that."""
    words = command.split()
    end = next((at for at, it in enumerate(words) if at and (it[0] in "-.<|>&" or "/" in it)), len(words))
    return " ".join(words[: max(2, end)])


def _changed(edit: Edit) -> str:
    """Return the lines that an ``edit`` took out and put in: what stands in both tells nothing of it."""
    old, new = (dict.fromkeys(it.strip() for it in text[:_CHARS].split("\n")) for text in (edit.old, edit.new))
    return "\n".join((*(it for it in old if it not in new), *(it for it in new if it not in old)))


def _holds(text: str, name: str) -> bool:
    """Return whether ``text`` has ``name``, and not only within a longer word."""
    at = text.find(name)
    while at >= 0:
        before, after = text[at - 1 : at] if at else "", text[at + len(name) : at + len(name) + 1]
        apart = not (name[:1].isalnum() and (before.isalnum() or before == "_"))
        if apart and not (name[-1:].isalnum() and (after.isalnum() or after == "_")):
            return True
        at = text.find(name, at + 1)
    return False


def _is_said_done(number: int, sentence: str) -> bool:
    """Return whether a ``sentence`` says that the step of this ``number``, or of a range with it, is done."""
    found = _IS_DONE.search(sentence)
    return found is not None and int(found[1]) <= number <= int(found[2] or found[1])


_DONE = r"(?:done|completed?|finished|implemented|applied)\b"
_OVER = caseless(_DONE)
_IS_DONE = caseless(
    r"\b(?:steps?|phases?|fix(?:es)?|tasks?|changes?) (\d{1,2})(?: ?(?:-|\u2013|to|through) ?(\d{1,2}))?"
    rf"(?: \([^()]{{0,80}}\))?:?(?: (?:is|are|was|were|now|all|has been|have been)){{0,3}} {_DONE}"
)
_ALL_DONE = caseless(
    r"\ball (?:of )?(?:the |my )?(?:\w+ ){0,2}(?:steps|fixes|changes|tasks|phases|items|edits)"
    rf"(?: (?:of|in|from) the plan)?(?: (?:is|are|were|now|have been)){{0,3}} {_DONE}"
)
_NOT_YET = caseless(r"\b(?:not|once|when|if|until|after|before|will|should|must|needs?|except|but|only|yet)\b|\?")
"""What a sentence says besides that is no plain word of what is done."""
