"""What was run that is no check: again and again and lately, or to see whether edits work where no test or linter ran.

Which variables commands go by is told as well.
"""

from __future__ import annotations

from handoff_cli.core.light import Counts
from handoff_cli.core.paths import name_of
from handoff_cli.core.patterns import lazily
from handoff_cli.core.transcript import GAVE
from handoff_cli.documents.extract.commands.checks import is_check, is_rejected, untrimmed
from handoff_cli.documents.extract.commands.command_lines import besides_files, only_looks, without_folder
from handoff_cli.documents.extract.commands.results import IN_BACKGROUND, printed_line
from handoff_cli.documents.extract.files.files_met import HALF_LIFE
from handoff_cli.documents.extract.language.words import as_one_line, clipped_within
from handoff_cli.documents.extract.runs.probes import overtaken as installed_since

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from handoff_cli.core.transcript import Command, Edit

MAX_COMMANDS = 24


def commands_in_hand(commands: Sequence[Command]) -> tuple[tuple[str, int, str], ...]:
    """Return ``(command, times, gave)`` of what is no mere look around: what was run again and again and lately first.

    Runs that differ in how they trim their output are one; the form that ran most often is shown, else the last. What
    was done once and is done with it, such as a removal, is not run again, nor is what the user stopped or refused
    last, or what nobody knows to have run, where others are known to, or what asked for a package that was missing then
    and is there by now. ``gave`` is what the last run printed, where a line tells it and none failed since; what only
    looks at a cluster, a run or a container stands last, where it told anything.
    """
    worth: dict[str, float] = {}
    forms: dict[str, Counts[str]] = {}
    last: dict[str, Command] = {}
    many = max(1, len(commands))
    known: dict[tuple[str, bool], tuple[str, str] | None] = {}
    stopped, red, overtaken = set[str](), set[str](), set[str]()
    ends = not all(map(_is_open, commands))
    settled = installed_since(commands)
    for place in range(len(commands), 0, -1):
        command = commands[place - 1]
        rejected = is_rejected(command) or (ends and place < many and _is_open(command))
        ran = command.text, command.outcome == "failed" and not rejected
        if ran not in known:
            known[ran] = _again(*ran)
        red |= {command.text} if ran[1] else set()
        if (again := known[ran]) is None or command.position in settled:
            continue
        line, key = again
        if rejected:
            stopped |= {key} - last.keys()
            continue
        if key in stopped:
            continue
        worth[key] = worth.get(key, 0.0) + 0.5 ** ((many - place) / many / HALF_LIFE)
        forms.setdefault(key, Counts())[line] += 1
        overtaken |= {key} if key not in last and command.text in red else set()
        last.setdefault(key, command)
    best = [key for key in sorted(worth, key=lambda it: -worth[it]) if forms[key].total() > 1 or not _ONCE.match(key)]
    gave = {key: _gave(it) for key, it in last.items() if key not in overtaken}
    told = [(forms[key].most()[0], forms[key].total(), gave.get(key, "")) for key in best[:MAX_COMMANDS]]
    looks = [it for it in told if _LOOKS_OUTSIDE.match(it[0])]
    return (*(it for it in told if it not in looks), *(it for it in looks if it[1] > 1 or it[2]))


def _is_open(command: Command) -> bool:
    return command.outcome is None and not command.output


def _gave(command: Command) -> str:
    """Return what a command printed that succeeded, in a line; of a check it is told whether it passed."""
    done = command.outcome in GAVE and not is_check(command.text) and not IN_BACKGROUND.search(command.output or "")
    return printed_line(command, _GAVE_CHARS) if done else ""


_GAVE_CHARS = 120
_LOOKS_OUTSIDE = lazily(
    r"(?:cd \S+ (?:&&|;) )?(?:gh \w+ (?:view|list|watch|diff|checks|status)\b|kubectl\b.* (?:get|describe|logs|top)\b"
    r"|docker(?:[ -]compose)? (?:ps|logs|images|inspect)\b|terraform\b.* (?:plan|show|output)\b)"
)


def _again(text: str, failed: bool) -> tuple[str, str] | None:
    """Return a command on one line, with and without what trims its output; None where nobody runs it again."""
    line = as_one_line(text)
    if (
        (only_looks(text) and not _LOOKS_OUTSIDE.match(line))
        or _NO_WORK.match(line)
        or _INLINE.search(text)
        or (failed and not is_check(line))
    ):
        return None
    return line, untrimmed(line)


_ONCE = lazily(
    r"(?:rm|mv|cp|mkdir|rmdir|touch|chmod|ln|sed -\w*i|perl -\w*i|gh \w+ create"
    r"|git (?:-C \S+ )?(?:add|commit|checkout|switch|mv|rm|stash|push|tag|branch|reset|restore))\b"
)
_NO_WORK = lazily(r"(?:cd \S+ (?:&&|;) )?(?:cd|cat|echo|ls|sort|git add)\b|git commit$")
"""What nobody runs again for what it does, wherever it writes."""

_INLINE = lazily(r"<<|\s-[ce]\s+['\"]|\bcommit\b.*\s-m\b")


def variables_in(commands: Iterable[Command]) -> tuple[str, ...]:
    """Return the names of environment variables that commands set or use, never their values."""
    names: dict[str, None] = {}
    for command in commands:
        text = command.text
        assigned = _ASSIGNED.findall(text) if "=" in text else ()
        used = _USED.findall(text) if "$" in text else ()
        names.update(dict.fromkeys(name for name in (*assigned, *used) if name not in _EVERYWHERE))
    return tuple(names)


_ASSIGNED = lazily(r"(?:^|[\s;&|(])(?:export\s+)?([A-Z][A-Z0-9_]{2,60})=(?=\S)")
_USED = lazily(r"\$\{?([A-Z][A-Z0-9_]{2,60})\b")
_EVERYWHERE = frozenset(("PATH", "HOME", "PWD", "USER", "SHELL", "TMPDIR", "EOF", "LANG", "TERM", "IFS", "RANDOM"))


_MOST, _NAMED, _COMMAND_CHARS, _SHOWED_CHARS, _LONG = 2, 3, 90, 60, 4_000


def exercised(commands: Sequence[Command], edits: Sequence[Edit], unchecked: Sequence[str]) -> tuple[str, ...]:
    """Return the last runs since edits of ``unchecked`` files that tell whether they work, with what they printed.

    The latest stands first, with the files where it ran since the edits of some alone; a check is none of them, and
    neither is what failed, nor what ran in another folder where others ran in theirs.
    """
    if not unchecked:
        return ()
    last = {edit.path: edit.position for edit in edits if edit.path in unchecked}
    since = min(last.values(), default=0)
    told: dict[str, bool] = {}
    for whole in reversed(commands):
        if whole.position < since or sum(told.values()) == _MOST:
            break
        if whole.outcome not in GAVE or len(whole.text) > _LONG or is_check(whole.text):
            continue
        command, after = _after_its_own(whole)
        if command.position + after > since and _EXERCISES.search(command.text) and not _WITHOUT.search(command.text):
            plan = _PLAN.search(command.output or "")
            if plan and _is_beside(whole.text, last):
                continue
            gave = plan[0] if plan else printed_line(command, _SHOWED_CHARS)
            line = clipped_within(without_folder(as_one_line(command.text)), _COMMAND_CHARS)
            before = [name_of(path) for path, position in last.items() if position < command.position + after]
            of = f" the edit of {', '.join(before[:_NAMED])}" if len(before) < len(last) else ""
            told.setdefault(f"run since{of}: {line}{f' {_GAVE} {gave}' * bool(gave)}", _ran_there(whole.text, last))
    return tuple([it for it, there in told.items() if there] or told)[:_MOST]


def _ran_there(text: str, paths: Iterable[str]) -> bool:
    """Return whether a command went to no folder by its name, or to one that has some of ``paths``."""
    folder = _gone_to(text)
    return not folder or any(f"/{folder}/" in f"/{path}" for path in paths)


def _is_beside(text: str, paths: Iterable[str]) -> bool:
    """Return whether a plan was made in a folder beside those of ``paths``: of these it says nothing."""
    folder = _gone_to(text)
    beside, _, _ = folder.rpartition("/")
    return bool(beside) and all(f"{beside}/" in path and f"{folder}/" not in path for path in paths)


def _gone_to(text: str) -> str:
    """Return the folder below the one it began in that a command went to last; empty where it went to none."""
    last: str = ("", *_GOES_TO.findall(text))[-1]
    return last.strip("./")


_GAVE, _GOES_TO = "\u2192", lazily(r"(?:\bcd |-chdir=)([\w.-][\w./-]*)")


def _after_its_own(command: Command) -> tuple[Command, bool]:
    """Return ``command`` from where it runs something, and whether it changes files before that: these are run then."""
    done = besides_files(command.text)
    after = bool(done) and not command.text.lstrip().startswith(done)
    return (command.replace(text=done), True) if after else (command, False)


_EXERCISES = lazily(
    r"(?:^|&&|;|\bdo\b)\s*(?:time |sudo |[A-Z_]+=\S+ )*(?:"
    r"(?:terraform|tofu)\b[^;&|\n]* plan\b|pulumi preview\b|kubectl\b[^;&|\n]* diff\b|helm template\b"
    r"|nginx -t\b|(?:docker[ -]compose)\b[^;&|\n]* config\b"
    r"|(?:uv run |poetry run )?(?:python[\d.]*|node|bun|tsx|ts-node|ruby|php|Rscript|julia|lua|perl|deno run)"
    r" (?:-\w+ )*[\w./-]+\.(?:py|m?[jt]s|rb|php|R|jl|lua|pl)\b"
    r"|(?:go|cargo|dotnet|swift|dbt|zig) (?:run|build run)\b|java -jar\b|\./[\w./-]+"
    r"|(?:psql|mysql|sqlite3|duckdb|bq query|clickhouse-client)\b)"
    r"|\s--dry-run\b|\s--check\b"
)
"""Commands that run what was made, or say what it would do."""

_PLAN = lazily(r"(?m)^(?:Plan: \d+ to \w+, .{1,80}|No changes\.)$")
"""The line of a plan that sums it up."""

_WITHOUT = lazily(r"\bgit (?:-C \S+ )?(?:stash(?! (?:pop|apply))|checkout|worktree|switch)\b")
"""What takes the edits out of the tree before it runs anything."""
