"""What is unfinished: calls without a result or that failed, what was taken out and is used, files and to-dos left."""

from __future__ import annotations

from handoff_cli.core.paths import name_of, with_folder
from handoff_cli.core.patterns import IGNORECASE, caseless, lazily
from handoff_cli.documents.extract.commands.reasons import LINE_BREAK
from handoff_cli.documents.extract.language.announced import STEP_VERBS
from handoff_cli.documents.extract.language.words import as_one_line, clipped, clipped_within, identifiers, sentences
from handoff_cli.documents.extract.progress.steps import MENDING
from handoff_cli.documents.extract.runs.outside import changes_outside
from handoff_cli.documents.extract.runs.running import SUB_AGENT
from handoff_cli.documents.extract.runs.underway import DOES, as_ordered
from handoff_cli.documents.markdown import code
from handoff_cli.documents.parts.failing import failed_late
from handoff_cli.documents.parts.mending import is_red_first
from handoff_cli.documents.parts.plan import beside_plan
from handoff_cli.documents.parts.wording import COMMAND_CHARS, complete, ended, said, some

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from handoff_cli.core.transcript import Todo
    from handoff_cli.documents.extract.story import Story

LEAD = lazily(
    r"^(?:(?:so|and|now|then|next|first|finally),? )*(?:let me|i['\u2019]?ll|i will|i need to|i should|i have to"
    rf"|we need to) (?:also |now |just )?(?=\w)|^now,? (?:also |just )?(?={STEP_VERBS}\b)"
    rf"|^{MENDING}(?=[\w`])",
    IGNORECASE,
)
"""How an agent leads up to a step."""


def stumbled(story: Story, own_step: str) -> str:
    """Return the call that failed last, as what led to the agent's ``own_step`` or what is to be got past."""
    if not story.runs.stumbled:
        return ""
    unread = _UNREAD.match(story.runs.stumbled)
    if unread and not own_step:
        step = f" ({complete(LEAD.sub('', story.step.about), 160).rstrip('.')})" if story.step.about else ""
        return f"Read {code(unread[1])}, then make the edit that failed because it had not been read{step}."
    return f"{'It comes after' if own_step else 'Get past'} a call that failed: {ended(said(story.runs.stumbled, 420))}"


_UNREAD = lazily(r"\w+ (\S+): .*\b(?:not been read|[Rr]ead (?:it|the file) first|must read)")


def beside(story: Story) -> str:
    """Return what to do about the command that was started last to run beside the work, empty where none was."""
    started = next((it.text for it in story.runs.under_way if it.background and it.kind != "look"), "")
    if not started:
        return ""
    return f"See how {code(clipped_within(started, _STARTED_CHARS))} ended: it was started in the background."


_STARTED_CHARS = 70


def under_way(story: Story) -> str:
    """Return what to do about the call that had no result, empty where none waits for one.

    What runs beside the work is none of them.
    """
    pending = next((it for it in story.runs.under_way if it.kind != "look" and not it.background), None)
    if pending is None:
        return ""
    agents = [it.text for it in story.runs.under_way if it.kind == "agent"]
    if pending.kind == "agent" and len(agents) > 1:
        told = "; ".join(said(it, 100) for it in reversed(agents[:_AGENTS]))
        return f"Get the reports of {len(agents)} sub-agents, or start them again, none is recorded: {told}."
    lines = [it for it in story.task.wanted if it.line]
    if pending.kind == "edit" and len(lines) > 1:
        told = "; ".join(f"{code(name_of(it.path))}: {_to_be(it.line)}" for it in lines)
        return f"See whether the last {len(lines)} edits were made, no result is recorded: {ended(told)}"
    text = code(clipped(pending.text, COMMAND_CHARS))
    wanted = next((it for it in reversed(story.task.wanted) if name_of(it.path) == pending.text), None)
    to_be = " Its new lines stand below." if wanted and wanted.text else ""
    to_be = to_be or (f" It was to be: {_to_be(wanted.line)}." if wanted else "")
    return {
        "check": f"Run {text} and read its result: it was started, none is recorded.",
        "command": f"See whether {text} went through, or still runs: no result is recorded.{_tells(pending.text)}",
        "agent": f"Get the report of the sub-agent, or start it again: {said(pending.text, 160)} (none is recorded).",
        "edit": f"See whether the last edit of {text if pending.text else 'a file'} was made: no result is recorded."
        f"{to_be}",
        "question": f"Get the user's answer to the agent's question: {said(pending.text, 240)}",
        "plan": "Get the user's word on the plan: the agent proposed it and no answer is recorded.",
    }[pending.kind]


def _tells(command: str) -> str:
    """Return the command that tells whether ``command`` went through, where running that again would do it twice."""
    check = next((check for made, check in _TOLD_BY if made.search(command)), "")
    return f" {code(check)} tells." if check else ""


_TOLD_BY = (
    (lazily(r"\bgh\s+pr\s+create\b"), "gh pr list --state all --limit 5"),
    (lazily(r"\bgh\s+issue\s+create\b"), "gh issue list --limit 5"),
    (DOES["push"], "git status -sb"),
    (DOES["commit"], "git log -1 --stat"),
)


def _to_be(line: str) -> str:
    """Return what a change is to be, as code."""
    return f"{'adds ' * line.startswith(_ADDS)}{code(clipped(line.removeprefix(_ADDS), 110))}"


_AGENTS, _ADDS = 4, "+ "


def unwritten(story: Story) -> str:
    """Return which names of what the agent announced no edit has yet, as a sentence; empty for none."""
    return f" No edit has {some(story.step.unwritten, _JOBS)} yet." if story.step.unwritten else ""


def looks(story: Story) -> str:
    """Return what was looked at last without a recorded result, empty where something else waits or nothing does."""
    looks = [it.text for it in story.runs.under_way if it.kind == "look"]
    if not looks or len(looks) < len(story.runs.under_way):
        return ""
    told = ", ".join(code(clipped(it, COMMAND_CHARS)) for it in reversed(looks[:_LOOKS_TOLD]))
    again = "Look again" if all(map(_READS.match, looks)) else "Do it again"
    return f"{again}, no result is recorded: {told}."


_LOOKS_TOLD = 3
_READS = lazily(r"[^A-Z]|(?:Notebook)?(?:Read|Grep|Glob|LS|List|Search|Web|View|Find|Open|Fetch)")
"""How a command, or a call of a tool that only looks, begins."""


def found_elsewhere(story: Story) -> str:
    """Return where a name stands that the last step looked for in vain, by a search before it; empty for none."""
    last, *before = story.in_use.searched or (("", ""),)
    at_last = bool(story.runs.happened) and story.runs.happened[-1].startswith("searched")
    for wanted in identifiers(last[0]) if at_last and last[1].startswith(_NOTHING_IN) else ():
        places = (line for _, result in before for line in result.split("\n") if _PLACED.match(line))
        if place := next((it for it in places if wanted in identifiers(it)), ""):
            return f"{code(wanted)} is not where it was sought last; it stands at {code(clipped(place, _PLACE_CHARS))}."
    return ""


_NOTHING_IN, _PLACED, _PLACE_CHARS = "nothing in ", lazily(r"[\w.-]+:\d+: (?!\s*(?://|#|\*|--))"), 100


def red_pipeline(story: Story) -> str:
    """Return which jobs of CI were red as it was looked at last for the latest request, empty where none was."""
    ci, asked = story.runs.pipeline, max((it.position for it in story.requests), default=0)
    if ci is None or ci.position < asked:
        return ""
    jobs, command = some(ci.jobs, _JOBS), code(clipped(ci.command, COMMAND_CHARS))
    if ci.pushed:
        return f"CI was red by {command} ({jobs} failed), and something was pushed or started again since: look again."
    return f"CI is red by {command}: {jobs} failed{f' ({said(ci.why, 160)})' if ci.why else ''}."


_JOBS = 4


def undone_outside(story: Story) -> str:
    """Return which change outside of the repository failed among the last steps and was not made again, empty for none.

    What was only looked at since does not make it undone; work goes on from there.
    """
    last = [it for it in story.runs.happened[-_LAST_STEPS:] if ": failed" in it]
    for it in failed_late(story):
        begins = f"ran {it.command[:_BEGINS]}"
        if changes_outside(it.command) and any(step.startswith(begins) for step in last):
            why = f" ({said(it.error.replace(LINE_BREAK, '; '), 200)})" if it.error else ""
            return f"{code(clipped(it.command, COMMAND_CHARS))} ended in an error{why} and was not run again."
    return ""


_LAST_STEPS, _BEGINS = 4, 30


def failed_since(story: Story) -> str:
    """Return what to do about the command since the latest request that failed last, empty where none did."""
    failed = failed_late(story)
    if not failed:
        return ""
    why = f" ({said(failed[0].error, 160)})" if failed[0].error else ""
    command = code(clipped(failed[0].command, COMMAND_CHARS))
    return f"{command} ended in an error{why} and was not run again: see whether that is still to be done, or ask."


def broken(story: Story) -> str:
    """Return what was taken out and is still used, empty where nothing is."""
    taken = story.changed.broken
    if taken is None:
        return ""
    names = [*map(name_of, taken.users)]
    users = some(names, _USERS)
    cycle = " ".join(f"{it.name} {it.why}" for it in story.runs.failures if it.holds)
    within = [it for it in names if f"{it} imports " in cycle]
    inside = f" Of these {some(within, _USERS)} is in the cycle: what it imports instead must not lead back to it."
    moved = [it for it in story.changed.moves if it.path == taken.path and it.to and it.kind == "moved"]
    homes = "; ".join(f"{some(it.names, _TAKEN_OUT)} now in {code(with_folder(it.to))}" for it in moved)
    file = code(name_of(taken.path))
    gone = f"what was taken out of {file} ({homes or some(taken.names, _TAKEN_OUT)})"
    if not taken.users:
        uses = "; ".join(map(code, taken.own))
        what = some(taken.names, _TAKEN_OUT)
        was, it = ("was", "it") if len(taken.names) == 1 else ("were", "them")
        return f"Finish the change of {file}: {what} {was} taken out, these lines use {it} yet: {uses}."
    own = f" {file} itself still has: {some(taken.own, _USERS)}." * bool(taken.own)
    told = f"Change the files that still use {gone}; these fail until then: {users}."
    return f"{told}{inside * bool(within)}{own}"


_TAKEN_OUT, _USERS = 3, 16


def calls_left(story: Story) -> str:
    """Return the calls of a function that still fit what it was before its last change, empty where none is known."""
    it = story.changed.reshaped
    if it is None:
        return ""
    lines: dict[str, list[str]] = {}
    for call in it.calls:
        path, _, line = call.rpartition(":") if call.rpartition(":")[2].isdigit() else (call, "", "")
        lines.setdefault(name_of(path), []).extend([line] * bool(line))
    places = some([f"{file}:{', '.join(at)}" if at else file for file, at in lines.items()], _USERS)
    what = f"{code(it.name)} ({code(name_of(it.path))})"
    how = f": {code(it.was)} → {code(it.now)}" if it.was != it.now else ""
    return f"Change the calls of {what}, whose parameters or results changed{how}; as before are yet: {places}."


def sweep(story: Story) -> str:
    """Return the files of a change in many places that are still to be edited, empty where none is known."""
    if not story.left.untouched or story.changed.broken:
        return ""
    return f"Found or listed to be changed, not edited yet: {some([*map(name_of, story.left.untouched)], _USERS)}."


def _pending(story: Story) -> str:
    """Return the offer that the user answered with a question, empty where there is none or the agent began on it."""
    latest = as_one_line(story.latest)
    taken = story.changed.acted or story.amid
    if story.state != "progress" or taken or not (story.referent and latest.endswith("?")):
        return ""
    asked = [it for it in sentences(story.referent)[-_LAST_ASKED:] if it.endswith("?") and _OFFERS.match(it)]
    return clipped(asked[-1], _QUESTION_CHARS) if asked else ""


_LAST_ASKED, _QUESTION_CHARS = 3, 160
_OFFERS = caseless(r"(?:would you like|do you want|shall i|should (?:i|we)|want me to|which (?:one|option|of)|ready)\b")


def left(story: Story) -> list[str]:
    """Return what is known to be left of the work at hand, a line each."""
    lines = []
    if story.step.edited_at:
        lines.append(
            f"The line that the agent spoke of last was edited before that, it stands as {code(story.step.edited_at)}."
        )
    if story.changed.still_named:
        names = "; ".join(map(code, story.changed.still_named))
        lines.append(f"Named in the request, and standing yet in what was edited: {names}.")
    task = story.task
    if task.not_since:
        since = f"Edited since the request: {_titles(task.since)}. " if task.since else ""
        others = [it for it in task.not_since if it not in story.objected_to]
        told = f"Written before the request and not edited since, see whether it still says the old: {_titles(others)}."
        lines += [f"{since}{told}"] if others else []
    if story.state == "progress" and len(task.read) >= _MANY_READ and not (story.changed.made or task.to_write):
        lines.append(f"Read for it so far: {some(task.read, _FILES_READ)}.")
    if task.to_write:
        read = f", read for it: {some(task.read, _FILES_READ)}" if task.read else ""
        like = f" Called alike, listed and not read: {some(task.called_alike, _FILES_READ)}." * bool(task.called_alike)
        wanted = ", ".join(map(code, task.to_write))
        lines.append(f"To be written or changed for it, not seen since: {wanted}{read}.{like}")
    if question := _pending(story):
        lines.append(f"Asked by the agent before it and not answered: {question}")
    if task.unanswered and story.state == "progress":
        lines.append(
            f"Comments of the review that no reply or draft names yet: {', '.join(map(code, task.unanswered))}."
        )
    return [*lines, *beside_plan(story), *_owed(story)]


def _owed(story: Story) -> list[str]:
    if story.left.owed and not (story.left.remaining and set(story.left.owed) == {"pull request"}):
        return [f"Ordered and not seen done: {_orders(as_ordered(story.latest, it) for it in story.left.owed)}."]
    return [owed_before(story)] if story.left.owed_before else []


def owed_before(story: Story, now: str = "") -> str:
    """Return what an earlier request ordered in the user's words; ``now`` says what they are for the next step."""
    return f"{ORDERED_BEFORE}{now}: {_orders(story.left.owed_before)}."


def _orders(clauses: Iterable[str]) -> str:
    return ", ".join(said(it, _ORDER_CHARS) for it in clauses)


ORDERED_BEFORE, _ORDER_CHARS = "Ordered before and not seen done", 90


def of_list(story: Story) -> str:
    """Return what the agent had listed as left before the latest request, where this only goes on with it."""
    told = numbered(story.left.before) if goes_on_with_list(story) else ""
    return f"Left by the agent's list from before it, not seen done: {told}." if told else ""


def goes_on_with_list(story: Story) -> bool:
    """Return whether the latest request orders to go on, and the agent had listed what was left."""
    return bool(story.left.before) and story.state != "answered" and bool(_GOES_ON.search(story.latest))


_GOES_ON = caseless(
    r"\b(?:continue|go on|carry on|keep going|proceed|resume|finish|back to|weiter|mach|continua|sigue|poursui\w+)\b"
)

FILES_LEFT, _FILES_READ, _MANY_READ = 6, 12, 4


def _titles(parts: Sequence[str]) -> str:
    return "; ".join(said(it, 70) for it in parts)


def numbered(steps: Sequence[str]) -> str:
    """Return ``steps`` in a line, numbered where they are several."""
    told = [complete(LEAD.sub("", it).rstrip(" .:;"), _STEP_CHARS) for it in steps]
    return "; ".join(f"({number}) {it}" for number, it in enumerate(told, 1)) if len(told) > 1 else told[0]


_STEP_CHARS = 220
"""About the characters of a step with the files that it is begun in."""

_BEGUN, _NEXT, _DONE = "Finish the to-do in progress", "Take the first open to-do", "See whether this to-do is done"
IN_THE_LIST = (_BEGUN, _DONE)
"""How a step begins that the list of to-dos tells by its marks as well."""


def open_todo(story: Story) -> tuple[str, bool]:
    """Return the to-do to take, and whether it was begun; a failing test that stands there now is written."""
    if red := next(
        (it for it in story.left.todos if it.status == "in_progress" and _FAILING_TEST.search(it.text)), None
    ):
        then = next((it for it in story.left.todos if it.status == "pending"), None)
        if then and story.runs.failures and is_red_first(story, story.runs.failures[0]):
            return f"Take the next to-do ({said(red.text, 90)}: done): {ended(complete(then.text, 200))}", False
    todo = todo_ahead(story)
    if todo is None:
        return "", False
    why = seems_done(story, todo)
    lead = f"{_DONE}, {why}" if why else _BEGUN if todo.status == "in_progress" else _NEXT
    open_now = (it for it in story.left.todos if it.status == "pending" and it is not todo)
    then = next(open_now, None) if why and todo.text not in dict(story.left.committed_todos) else None
    after = f" Then: {_with_name(story, then, 160)}" if then else ""
    return f"{lead}: {_with_name(story, todo, 200)}{after}", todo.status == "in_progress"


def _with_name(story: Story, todo: Todo, most: int) -> str:
    """Return a to-do as a sentence, with the name of code that the agent's words have for it."""
    meant = dict(story.left.named_todos).get(todo.text, "")
    return f"{ended(complete(todo.text, most))}{f' By the agent, that is {code(meant)}.' if meant else ''}"


def todo_ahead(story: Story) -> Todo | None:
    """Return the last to-do in progress, else the first that was not begun; None where the list has neither.

    One for which a file was edited since comes after the others, and those above it after those below. What the user
    said to leave is none of them, and while sub-agents run nobody knows which are theirs.
    """
    todos = [it for it in story.left.todos if it.text not in dict(story.left.left_todos)]
    begun = [it for it in todos if it.status == "in_progress"]
    shared = any(it.command.startswith(SUB_AGENT) for it in story.runs.running)
    pending, edited = [it for it in todos if it.status == "pending" and not shared], dict(story.left.edited_todos)
    last = max((at for at, it in enumerate(pending) if it.text in edited), default=-1)
    order = [*pending[last + 1 :], *(it for it in pending if it.text not in edited), *pending]
    return next(iter((*begun[-1:], *order)), None)


def seems_done(story: Story, todo: Todo) -> str:
    """Return what tells that ``todo`` is done although the list has it open, empty where nothing does."""
    over = any(it.text == todo.text and it.status == "completed" for it in story.left.planned)
    if over and not any(it.kind == "check" for it in story.runs.under_way):
        return "what happened since says so"
    if of := dict(story.left.committed_todos).get(todo.text):
        return f"commit {of} speaks of it"
    number, file = (dict(each).get(todo.text) for each in (story.left.asked_todos, story.left.edited_todos))
    if number or file:
        return f"request {number} asked for it since" if number else f"{code(str(file))} was edited for it since"
    if todo.status == "in_progress" and not (story.runs.failures or story.runs.under_way) and _passed(story):
        return "tests passed since the last edit"
    if story.left.todo_told and (todo.status == "in_progress" or todo is todo_ahead(story)):
        return f"by the agent's words since (\u201c{said(story.left.todo_told, 120).rstrip('.')}\u201d)"
    return "edits since have all it speaks of" if todo.status == "in_progress" and story.left.todo_edited else ""


def _passed(story: Story) -> bool:
    tests = [it for it in story.runs.checks if it.kind == "test" and not it.edited]
    return bool(story.changed.made and tests) and all(it.outcome == "ok" for it in tests)


_FAILING_TEST = caseless(r"\b(?:failing|red) tests?\b|\btests? first\b")
