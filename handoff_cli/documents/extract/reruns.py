"""What is run again and again and was run lately, what it printed last, and which variables commands go by."""

from __future__ import annotations

from handoff_cli.core.light import Counts
from handoff_cli.core.patterns import lazily
from handoff_cli.documents.extract.checks import is_check, untrimmed
from handoff_cli.documents.extract.command_lines import only_looks
from handoff_cli.documents.extract.hand import HALF_LIFE
from handoff_cli.documents.extract.printed import printed_line
from handoff_cli.documents.extract.words import as_one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from handoff_cli.core.transcript import Command

MAX_COMMANDS = 24


def commands_in_hand(commands: Sequence[Command]) -> tuple[tuple[str, int, str], ...]:
    """Return ``(command, times, gave)`` of what is no mere look around: what was run again and again and lately first.

    Runs that differ in how they trim their output are one; the form that ran most often is shown, else the last. What
    was done once and is done with it, such as a removal, is not run again. ``gave`` is what the last run printed, where
    a line tells it; what only looks at a cluster, a run or a container stands last, where it told anything.
    """
    worth: dict[str, float] = {}
    forms: dict[str, Counts[str]] = {}
    last: dict[str, Command] = {}
    many = max(1, len(commands))
    known: dict[tuple[str, bool], tuple[str, str] | None] = {}
    for place in range(len(commands), 0, -1):
        command = commands[place - 1]
        ran = command.text, command.outcome == "failed"
        if ran not in known:
            known[ran] = _again(*ran)
        if (again := known[ran]) is None:
            continue
        line, key = again
        worth[key] = worth.get(key, 0.0) + 0.5 ** ((many - place) / many / HALF_LIFE)
        forms.setdefault(key, Counts())[line] += 1
        last.setdefault(key, command)
    best = [key for key in sorted(worth, key=lambda it: -worth[it]) if forms[key].total() > 1 or not _ONCE.match(key)]
    told = [(forms[key].most()[0], forms[key].total(), _gave(last[key])) for key in best[:MAX_COMMANDS]]
    looks = [it for it in told if _LOOKS_OUTSIDE.match(it[0])]
    return (*(it for it in told if it not in looks), *(it for it in looks if it[1] > 1 or it[2]))


def _gave(command: Command) -> str:
    """Return what a command printed that succeeded, in a line; of a check it is told whether it passed."""
    done = command.outcome == "ok" and not is_check(command.text) and not _GOES_ON.search(command.output or "")
    return printed_line(command, _GAVE_CHARS) if done else ""


_GAVE_CHARS, _GOES_ON = 120, lazily(r"^Command running in background")
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
_NO_WORK = lazily(r"(?:cd \S+ (?:&&|;) )?(?:cd|cat|echo|ls|sort|git add)\b")
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
