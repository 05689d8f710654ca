"""What to do: the one next action by the state of the work, and what git calls for."""

from __future__ import annotations

import re

from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.core.record import Record
from handoff_cli.core.text import shorten
from handoff_cli.documents.extract.standing import announced
from handoff_cli.documents.extract.words import as_one_line, clipped
from handoff_cli.documents.markdown import code, prose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.documents.facts import Check, Facts, GitFacts, Story

_REQUEST_CHARS = 300
_COMMAND_CHARS = 160
_NAMED = 2
_ASKS = caseless(
    r"^(?:so |and |but |ok(?:ay)?,? |question: )?(?:what|why|how|where|when|which|who|is|are|does|do|did"
    r"|can you (?:explain|tell|check|show)"
    r"|could|would|explain|compare|summari[sz]e|tell me|show me)\b|\?\W*$"
)


_LEAD = lazily(
    r"^(?:(?:so|and|now|then|next|first|finally),? )*(?:let me|i['\u2019]?ll|i will|i need to|i should|i have to"
    r"|we need to) (?:also |now |just )?(?=\w)",
    re.IGNORECASE,
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
        return NextAction(prose(noted.text) + place + when, "noted")
    story = facts.story
    if story is None or not (story.requests or story.happened or story.todos):
        return None
    steps = [part for part in _steps(story) if part]
    return NextAction(" ".join(steps or [_waiting(story)]), "from transcript", not steps)


def _waiting(story: Story) -> str:
    if not story.requests:
        return "Nothing is known to be open: ask the user."
    said = _said(story.requests[-1].text, 100)
    return f"Nothing is open: the agent answered the latest request ({said}). Wait for the user's next."


def _steps(story: Story) -> list[str]:
    """Return what is to be done, in order; nothing where the next word is the user's."""
    latest = story.requests[-1].text if story.requests else ""
    request = _said(latest, _REQUEST_CHARS)
    if latest and story.state == "nothing":
        return [f"Do what the user asked last, nothing was done about it yet: {request}{_answers(story)}"]
    if story.question:
        return [f"Get the user's answer: {_said(story.question, _REQUEST_CHARS)}"]
    working = bool(latest) and story.state == "progress"
    verb = "Answer" if _ASKS.search(as_one_line(latest)) and not story.acted else "Finish"
    going_on = f"{verb} the user's latest request: {_ended(request)}{_answers(story)}" if working else ""
    if going_on and verb == "Answer" and story.reached:
        going_on += f" Half an answer, unverified, the agent's last conclusion: {_ended(_said(story.reached, 260))}"
    mending = _mending(story)
    if mending and going_on and all(it.edited for it in story.failures):
        # What failed before the edits at hand, or was not run since, is looked at when these are done.
        return [going_on, _about_to(story), f"Then: {mending}"]
    open_todo = _open_todo(story)
    if story.state == "answered" and open_todo.startswith(_BEGUN) and not mending:
        return [f"See whether it is done, the agent ended its turn with it open. {open_todo}"]
    if mending or open_todo or going_on:
        return [mending, open_todo if not mending else "", going_on, _about_to(story)]
    return [_about_to(story)]


_BEGUN = "Finish the to-do in progress"


def _open_todo(story: Story) -> str:
    for status, lead in (("in_progress", _BEGUN), ("pending", "Take the first open to-do")):
        todo = next((todo for todo in story.todos if todo.status == status), None)
        if todo:
            return f"{lead}: {_ended(_said(todo.text, _REQUEST_CHARS))}"
    return ""


def _mending(story: Story) -> str:
    """Return the step that live failures or unchecked edits call for, empty where they call for none."""
    failures = [it for it in story.failures if not (it.touched and it.kind in ("lint", "format"))]
    if failures:
        latest = [it for it in failures if it.position == failures[0].position]
        named = ", ".join(code(clipped(it.name, 120)) for it in latest[:_NAMED] if it.name)
        more = f" and {len(latest) - _NAMED} more" if len(latest) > _NAMED else ""
        command = code(clipped(latest[0].command, _COMMAND_CHARS))
        if latest[0].edited:
            if latest[0].kind in ("lint", "format"):
                return f"Run {command} again: it failed, and files were edited since."
            return f"Run {command} again: {named or 'it'}{more} failed, and files were edited since."
        why = f" ({_said(latest[0].why, 160)})" if latest[0].why else ""
        if named:
            return f"Fix what {command} found: {named}{more}{why}."
        return f"Make {command} pass: it failed last{why}."
    if story.unchecked and (check := _check_for(story.checks)):
        names = ", ".join(code(_name(path)) for path in story.unchecked[:_NAMED])
        more = f" and {len(story.unchecked) - _NAMED} more" if len(story.unchecked) > _NAMED else ""
        return f"Run {code(clipped(check.command, _COMMAND_CHARS))}: {names}{more} changed after the last check."
    return ""


def _check_for(checks: tuple[Check, ...]) -> Check | None:
    """Return the check to run after an edit: the tests last run, else any."""
    return next((it for it in checks if it.kind == "test"), checks[0] if checks else None)


def _answers(story: Story) -> str:
    return f" (it answers: {_said(story.gist, 330)})" if story.gist else ""


def _ended(text: str) -> str:
    return text if text.endswith((".", "?", "!", "…")) else f"{text}."


def _about_to(story: Story) -> str:
    """Return what the agent announced: the step it did not begin, else the steps ahead and the one it was at."""
    if story.state == "progress" and story.about and not story.started:
        return f"The agent was about to do this: {_said(story.about, 300)}"
    at = (
        f" Its last step, begun and perhaps done: {_said(story.about, 220)}"
        if story.state == "progress" and story.about
        else ""
    )
    if story.remaining and story.state == "progress":
        told = (_said(_LEAD.sub("", it).rstrip(" .:;"), 140) for it in story.remaining)
        steps = "; ".join(f"({number}) {it}" for number, it in enumerate(told, 1))
        same = _LEAD.sub("", story.remaining[-1])[:_SAME] in story.about
        return f"What the agent said comes next: {steps}.{'' if same else at}"
    said = announced(story.last_words) if story.state == "progress" or story.nameless else ""
    if not said:
        return at.strip()
    who = "The text says" if story.nameless else "The agent had said"
    since = f" Since then it {_said(story.begun, 160)}." if story.begun else ""
    return f"{who}: {_ended(_said(said.rstrip(' :'), 200))}{since}{'' if said[:_SAME] in story.about else at}"


_SAME = 30
"""Texts that share so many characters at their beginning are taken for the same."""


def _said(text: str, size: int) -> str:
    """Return words of the transcript on one line, without the marks of Markdown, so that little needs escaping."""
    return prose(clipped(text.replace("**", "").replace("`", ""), size))


def _name(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]


_NAMED_FILES = 3
_NAME_CHARS = 200


def recommendations(facts: Facts) -> tuple[str, ...]:
    """Return the recommendations as lines of Markdown, the most pressing first."""
    return tuple(_on_git(facts.git)) if facts.git else ()


def _on_git(git: GitFacts) -> Iterator[str]:
    if "status" in git.unread:
        yield "Git did not answer in time, so uncommitted work is unknown: run `git status`."
        return
    if git.branch is None and git.head:
        yield "HEAD is detached: make a branch before you commit."
    conflicted = [file.path for file in git.changed if file.change == "conflicted"]
    if conflicted:
        yield f"Resolve the merge conflicts first: {_names(conflicted)}."
    untracked = [file.path for file in git.changed if file.change == "untracked"]
    edited = len(git.changed) - len(untracked)
    if edited:
        yield f"{_count(edited, 'file')} changed and not committed: read `git diff HEAD` before you edit."
    if untracked:
        yield f"Not in git yet: {_names(untracked)}."
    if git.ahead:
        yield f"{_count(git.ahead, 'commit')} not pushed to {_upstream(git)}."
    if git.behind:
        yield f"{_count(git.behind, 'commit')} behind {_upstream(git)}: merge or rebase before you build on this."
    if git.stashes:
        yield f"{_count(git.stashes, 'stash', 'stashes')} may hold work: `git stash list`."


def _upstream(git: GitFacts) -> str:
    return code(git.upstream) if git.upstream else "the upstream branch"


def _names(paths: list[str]) -> str:
    named = ", ".join(code(shorten(path, _NAME_CHARS)) for path in paths[:_NAMED_FILES])
    return named if len(paths) <= _NAMED_FILES else f"{named} and {len(paths) - _NAMED_FILES:,} more"


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
