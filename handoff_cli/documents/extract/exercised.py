"""What served as a check of edits where no test or linter ran: a script, a dry run, a query."""

from __future__ import annotations

from handoff_cli.core.paths import name_of
from handoff_cli.core.patterns import lazily
from handoff_cli.core.transcript import GAVE
from handoff_cli.documents.extract.checks import is_check, without_folder
from handoff_cli.documents.extract.printed import printed_line
from handoff_cli.documents.extract.words import as_one_line, clipped_within

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from handoff_cli.core.transcript import Command, Edit

_MOST, _NAMED, _COMMAND_CHARS, _GAVE_CHARS, _LONG = 2, 3, 90, 60, 4_000


def exercised(commands: Sequence[Command], edits: Sequence[Edit], unchecked: Sequence[str]) -> tuple[str, ...]:
    """Return the last runs since edits of ``unchecked`` files that tell whether they work, with what they printed.

    The latest stands first, with the files where it ran since the edits of some alone; a check is none of them, and
    neither is what failed.
    """
    if not unchecked:
        return ()
    last = {edit.path: edit.position for edit in edits if edit.path in unchecked}
    since = min(last.values(), default=0)
    told: dict[str, None] = {}
    for command in reversed(commands):
        if command.position <= since or len(told) == _MOST:
            break
        if command.outcome not in GAVE or len(command.text) > _LONG or is_check(command.text):
            continue
        if _EXERCISES.search(command.text) and not _WITHOUT.search(command.text):
            plan = _PLAN.search(command.output or "")
            gave = plan[0] if plan else printed_line(command, _GAVE_CHARS)
            line = clipped_within(without_folder(as_one_line(command.text)), _COMMAND_CHARS)
            before = [name_of(path) for path, position in last.items() if position < command.position]
            of = f" the edit of {', '.join(before[:_NAMED])}" if len(before) < len(last) else ""
            told.setdefault(f"run since{of}: {line} \u2192 {gave}" if gave else f"run since{of}: {line}")
    return tuple(told)


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
