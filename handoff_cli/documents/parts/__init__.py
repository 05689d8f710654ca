"""The parts of a handoff and what each can say: facts as pieces of text, from the shortest form to the fullest."""

from __future__ import annotations

from handoff_cli.core.paths import MARKDOWN, is_absolute, name_of
from handoff_cli.core.text import counted, shorten
from handoff_cli.documents.extract.language.words import as_one_line
from handoff_cli.documents.files import (
    FileFact,
    changed_listing,
    common_folder,
    files_of,
    shown_name,
    uncommitted_besides,
)
from handoff_cli.documents.markdown import code, prose
from handoff_cli.documents.parts.next_action import next_action
from handoff_cli.documents.parts.pieces import (
    FILES,
    FINDINGS,
    GOAL,
    MUST,
    NEXT,
    QUESTIONS,
    RECORD,
    RULED_OUT,
    RULES,
    SOON,
    STANDING,
    Piece,
    box,
    quoted,
    stated,
)
from handoff_cli.documents.parts.story import pieces_of_story, since_commit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.core.session import Note
    from handoff_cli.documents.extract.story import Story
    from handoff_cli.documents.facts import Facts, GitFacts, UsageFacts


def pieces_of(facts: Facts) -> list[Piece]:
    """Return all that a document of ``facts`` can say, in the order in which it stands."""
    found = [_noted(note) for note in facts.notes if note.about in _NOTED]
    step = next_action(facts)
    if step:
        found.append(stated(NEXT, f"{step.text} [{step.source}]", MUST))
    if facts.story:
        found += pieces_of_story(facts.story)
    found += _files(facts)
    found += [] if not facts.story or _git_tells(facts.git, facts.story) else _tree(facts.story)
    return [*found, *_record(facts), *_carried(facts)]


def _git_tells(git: GitFacts | None, story: Story) -> bool:
    """Return whether what git said is of the branch the session was on: a log may be read elsewhere."""
    return git is not None and git.head is not None and git.branch == (story.task.branch or git.branch)


def _tree(story: Story) -> Iterator[Piece]:
    """Yield where the work stands in git as far as the log tells, where git itself does not.

    What sub-agents edited is not in the log.
    """
    told = (
        [f"by the log on branch {code(story.task.branch)}"] if story.task.branch and not story.changed.commits else []
    )
    if story.task.clean:
        told.append("the work tree was clean by git's last word")
    elif any(_NO_GIT in (it.error or "") and "cd " not in it.command for it in story.runs.failing):
        told.append("there is no git repository, by git's word")
    elif story.task.beside:
        told.append("only scratch files were edited")
    elif story.changed.edits and not story.changed.last_commit:
        prose = not story.begins_amid and all(it.path.endswith(MARKDOWN) for it in story.changed.edits)
        told.append(f"{'only documents were edited, and ' * prose}no commit of the edits is seen")
    elif (last := story.changed.last_commit) and not (last.since or last.blind or story.told.reports or story.nameless):
        told.append("nothing was edited since the last commit")
    if story.task.loose and not (story.task.clean or story.task.listed):
        told.append(story.task.loose)
    if story.task.listed and not story.changed.last_commit:
        files = tuple(FileFact(it, ()) for it in story.task.listed)
        besides = ", besides what edits here tell" if story.changed.edits else ""
        steps = [(SOON + place, form.text) for place, form in enumerate(changed_listing(files, common_folder(files)))]
        yield quoted(STANDING, f"Not committed by git's last word{besides}:", *steps, kind="uncommitted file")
    if told:
        line = "; ".join(told)
        yield stated(STANDING, f"{line[0].upper()}{line[1:]}. [from transcript]", MUST)


_NO_GIT = "not a git repository"
_NOTED = {"goal": GOAL, "decision": FINDINGS, "failed": RULED_OUT, "constraint": RULES, "question": QUESTIONS}
_NOTED["done"] = STANDING


def _noted(note: Note) -> Piece:
    return Piece(_NOTED[note.about], "", (f"- {note_line(note)}",), (MUST,), quoted=False, kind="note")


def note_line(note: Note) -> str:
    """Return a note as one line of Markdown with its number and place."""
    place = f" ({code(note.ref)})" if note.ref else ""
    done = "Done: " if note.about == "done" else ""
    return f"{done}{prose(note.text)}{place} [noted, {note.id}]"


def _files(facts: Facts) -> Iterator[Piece]:
    """Yield the list of changed files in forms from the shortest, then what git has besides, then others at hand."""
    touched = touched_files(facts)
    changed = tuple(file for file in touched if file.changes and not file.came_and_went)
    loose = _not_committed(facts, changed)
    base, since = common_folder(changed), {it.path for it in loose}
    often = len({it.changes for it in changed if it.path not in since}) > 1
    for part, label, files, order in (
        (STANDING, since_commit(facts.story) if facts.story else "", loose, MUST),
        (
            FILES,
            f"Changed{' before that' * bool(loose)}{', the most edited first' * often}",
            changed,
            _COMMITTED if loose else MUST,
        ),
    ):
        listed = tuple(it for it in files if part == STANDING or it.path not in since)
        inside = [it.path.startswith(base) for it in listed]
        root = base if all(it or is_absolute(file.path) for it, file in zip(inside, listed, strict=True)) else ""
        root = root if any(inside) else common_folder(listed)
        below = f", below {code(root)}" if root else ""
        forms = changed_listing(listed, root)
        whole = (
            next((place for place, it in enumerate(forms) if not it.unnamed), 0) if len(listed) <= _NAMED_FILES else 0
        )
        first = min(order, _COMMITTED_FIRST)
        steps = [(order if place else first, form.text) for place, form in enumerate(forms[: whole + 1])]
        steps += [(3.0 + place, form.text) for place, form in enumerate(forms[whole + 1 :], whole + 1)]
        if listed:
            yield quoted(part, f"{label}{below}:", *steps, kind="changed file")
    for it in facts.story.changed.by_pattern[:_PATTERNS] if facts.story else ():
        yield stated(FILES, f"{code(it)}: edited in place, those of them that the edit fits. [from transcript]", MUST)
    if gone := [shown_name(name_of(file.path)) for file in touched if file.changes and file.came_and_went]:
        yield quoted(FILES, "Made and deleted again:", (MUST, ", ".join(gone[:_GONE])))
    named = [file.path for file in touched if any(action == "mentioned" for action, _ in file.actions)]
    if named:
        sizes = ((0.3, 20), (2.0, 60), (8.0, len(named)))
        yield quoted(FILES, "Named in the text:", *((order, ", ".join(named[:many])) for order, many in sizes))
    besides = uncommitted_besides(facts.git.changed if facts.git else (), touched)
    if besides:
        steps = [(1.0 + place, form.text) for place, form in enumerate(changed_listing(besides, ""))]
        named_above = " besides" if changed or named else ""
        yield quoted(FILES, f"Uncommitted{named_above} [verified: git]:", *steps, kind="uncommitted file")


def _not_committed(facts: Facts, changed: tuple[FileFact, ...]) -> tuple[FileFact, ...]:
    """Return of the ``changed`` files those edited since the last commit, with what was done to them since."""
    last = facts.story.changed.last_commit if facts.story else None
    if last is None:
        return ()
    done: dict[str, dict[str, int]] = {}
    for it in last.late:
        done.setdefault(it.path.replace("\\", "/"), {})[it.action] = it.count
    known = {path: next((it for it in changed if f"/{path}".endswith(f"/{it.path}")), None) for path in done}
    loose = (
        (file or FileFact(path, ())).replace(actions=tuple(done[path].items()))
        for path, file in known.items()
        if file or not (facts.story and _git_tells(facts.git, facts.story))  # git itself tells what is changed besides
    )
    return tuple(it for it in loose if not it.came_and_went)


_PATTERNS, _GONE = 3, 4
_NAMED_FILES, _COMMITTED, _COMMITTED_FIRST = 60, 0.3, 0.1
"""So many files are all named at once; those that were committed come after what was found for the requests, the most
edited of them with the edits."""


def touched_files(facts: Facts) -> tuple[FileFact, ...]:
    """Return the files of the session with what git says of them."""
    files = facts.story.changed.files if facts.story else ()
    return files_of(files, facts.git.changed if facts.git else (), facts.project_folder)


def _filled(usage: UsageFacts) -> str:
    """Return how full the window is, in words."""
    if not usage.known:
        limits = f"{usage.context_window_limit:,} tokens ({usage.usable_tokens:,} usable)"
        most = usage.most_tokens
        return f"at most {most:,} of {limits}" if most else f"how much of {limits} is filled is not known"
    band = "" if usage.error_share is None else f", ± {usage.error_share * 100:.1f} %"
    if usage.error_share and usage.error_share > 1:
        band = f", at most {usage.most_tokens:,}"
    return (
        f"{usage.tokens:,} of {usage.context_window_limit:,} tokens, {usage.usable_share * 100:.1f} %"
        f" of the usable "
        f"{usage.usable_tokens:,} ({usage.made_of or usage.method}{band}): {usage.level}"
    )


def _record(facts: Facts) -> Iterator[Piece]:
    usage = facts.usage
    before = f"; previous handoff: {code(facts.previous)}" if facts.previous else ""
    yield stated(RECORD, f"- Window: {_filled(usage)}{before}", 8.0)  # the front matter has it as well
    if usage.kept_left_out:
        hole = "The middle of what was piped in was not kept (`keep_text_bytes`): nothing here comes from it."
        yield stated(RECORD, f"- {hole}", 0.3)
    for index, advice in enumerate(recommendations(facts)):
        yield stated(RECORD, f"- {advice}", 0.5 + index / 10)
    for index, checkpoint in enumerate(facts.checkpoints):
        age = len(facts.checkpoints) - 1 - index
        what = ", ".join(prose(it) for it in (checkpoint.source, checkpoint.description) if it)
        text = f"- {prose(checkpoint.time)}: {counted(checkpoint.tokens, 'token')} from {what}"
        yield stated(RECORD, text, 2.0 + age)
    earlier = usage.checkpoint_count - len(facts.checkpoints)
    if earlier > 0:
        yield stated(RECORD, f"- {earlier:,} more before: `handoff log`", 2.5)
    variables = facts.story.in_use.variables if facts.story else ()
    if variables:
        yield stated(RECORD, f"- Variables that commands set or read: {', '.join(map(code, variables[:12]))}", 9.0)


def _carried(facts: Facts) -> Iterator[Piece]:
    label = "To-dos of earlier handoffs, not seen done; `handoff note --done tNUMBER` closes one [UNVERIFIED]:"
    for todo in facts.todos.earlier:
        line = f"t{todo.number} {box(todo.status)} {as_one_line(todo.text)} (since {todo.since})"
        yield quoted(QUESTIONS, label, (3.0 - todo.number / 1_000, line), kind="to-do of earlier handoffs")


_NAMED_BY_GIT = 3
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
        yield f"{counted(edited, 'file')} changed and not committed: read `git diff HEAD` before you edit."
    if untracked:
        yield f"Not in git yet: {_names(untracked)}."
    if git.ahead:
        yield f"{counted(git.ahead, 'commit')} not pushed to {_upstream(git)}."
    if git.behind:
        yield f"{counted(git.behind, 'commit')} behind {_upstream(git)}: merge or rebase before you build on this."
    if git.stashes:
        yield f"{counted(git.stashes, 'stash', 'stashes')} may hold work: `git stash list`."


def _upstream(git: GitFacts) -> str:
    return code(git.upstream) if git.upstream else "the upstream branch"


def _names(paths: list[str]) -> str:
    named = ", ".join(code(shorten(path, _NAME_CHARS)) for path in paths[:_NAMED_BY_GIT])
    return named if len(paths) <= _NAMED_BY_GIT else f"{named} and {len(paths) - _NAMED_BY_GIT:,} more"
