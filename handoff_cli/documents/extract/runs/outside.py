"""What commands changed outside of the repository: in a cluster, a cloud, a database, a tracker, on another host."""

from __future__ import annotations

from handoff_cli.core.paths import is_test
from handoff_cli.core.patterns import caseless, lazily
from handoff_cli.core.transcript import GAVE
from handoff_cli.core.verdicts import is_nothing
from handoff_cli.documents.extract.commands.command_lines import masked, steps_in, surely_ran, without_settings
from handoff_cli.documents.extract.commands.results import IN_BACKGROUND, printed_line
from handoff_cli.documents.extract.facts import Outside
from handoff_cli.documents.extract.language.words import as_one_line, clipped
from handoff_cli.documents.extract.runs.checked import PROSE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handoff_cli.core.transcript import Command, Edit


def done_outside(commands: Sequence[Command], edits: Sequence[Edit]) -> tuple[Outside, ...]:
    """Return what ``commands`` changed outside of the repository, the latest first, what was done again once."""
    found: dict[str, Outside] = {}
    for command in reversed(commands):
        if len(found) >= MOST_OUTSIDE:
            break
        if command.outcome in GAVE and any(it in command.text for it in _PROGRAMS):
            for it in reversed(list(_changes(command, edits))):
                found.setdefault(it.step, it)
    return tuple(found.values())[:MOST_OUTSIDE]


def changes_outside(line: str) -> bool:
    """Return whether a step of a command on one line changes something outside of the repository."""
    steps = (line[begins:ends].strip() for begins, ends in steps_in(masked(line)))
    return any(_CHANGES.match(without_settings(_LEADS.sub("", it))) and not _CHANGES_NOTHING.search(it) for it in steps)


MOST_OUTSIDE = 6
_PROGRAMS = (
    *("terraform", "tofu", "kubectl", "docker", "helm", "alembic", "migrat", "publish", "gh ", "curl", "aws ", "az "),
    *("gcloud", "systemctl", "service ", "ssh ", "deploy", "psql", "mysql", "ansible", "pulumi", "twine", "heroku"),
    *("argocd", "flux ", "nomad", "eksctl", "vault ", "consul", "dropdb", "createdb", "pg_restore", "redis-cli"),
    *("crane", "skopeo", "glab "),
)
"""One of these is in whatever ``_CHANGES`` finds."""


def _changes(command: Command, edits: Sequence[Edit]) -> Iterator[Outside]:
    """Yield the steps of ``command`` that changed something outside, each with what it printed where that is known."""
    bare = masked(command.text)
    steps = [it for it in steps_in(bare) if bare[it[0] : it[1]].strip()]
    output = "" if is_nothing(command.output or "") else command.output or ""
    lines = [it.strip() for it in output.split("\n") if it.strip()]
    failed = any(map(_FAILED.match, lines))
    for place, (begins, ends) in enumerate(steps):
        whole_step = command.text[begins:ends].strip()
        step = without_settings(_LEADS.sub("", whole_step))
        if not _CHANGES.match(step) or _CHANGES_NOTHING.search(whole_step):
            continue
        if failed and ("|" in bare[begins:ends] or not surely_ran(bare, (begins, ends), command)):
            continue
        gave = lines[place] if len(lines) == len(steps) else ""
        if not gave and place == len(steps) - 1 and not IN_BACKGROUND.search(output):
            gave = printed_line(command, _GAVE_CHARS)
        told = as_one_line(_TRIMMED.sub("", step)).rstrip(" \\")
        yield Outside(told, clipped(gave, _GAVE_CHARS), _is_stale(told, command.position, edits))


_GAVE_CHARS = 80
_LEADS = lazily(r"^(?:do|then|else)\s+")
"""What stands before a step in a loop or a branch."""
_TRIMMED = lazily(r"(?: ?2>&1| ?\| ?(?:tail|head|grep|cat|tee)\b[^|]*| ?> ?/dev/null){1,6}$")
_FAILED = caseless(
    r"\W*(?:error|fatal|failed|panic|unauthori[sz]ed|denied)\b|.*\b(?:error from server|exit code [1-9])"
    r"|.{0,120}?\b(?:(?:can['\u2019]?t|cannot|could(?: not|n['\u2019]t)|(?:unable|failed) to) (?:connect|reach|resolve)"
    r"|connection (?:refused|timed out|reset)|no such host|no route to host|permission denied|command not found"
    r"|is the [\w .-]{1,40} running\?)"
)
_CHANGES_NOTHING = lazily(r"\s--?(?:dry-run|help|what-if|check)\b|\b(?:localhost|127\.0\.0\.1|0\.0\.0\.0)\b")

_OPTIONS = r"(?: +-\S+(?: (?!-)\S+)?)*? +"
_CHANGES = caseless(
    "(?:sudo\\s+|time\\s+|npx\\s+|(?:uv|poetry)\\s+run\\s+|bundle\\s+exec\\s+)*(?:"
    + "|".join(
        (
            rf"(?:terraform|tofu|terragrunt){_OPTIONS}(?:apply|destroy|import|taint|untaint|state\s+(?:rm|mv|push))\b",
            (
                rf"kubectl{_OPTIONS}(?:apply|create|replace|scale|autoscale|annotate|label|delete|patch|edit|set|expose|run"
                r"|rollout\s+(?:restart|undo|pause|resume)|cordon|uncordon|drain|taint|exec\s.{1,300}?\s--\s+(?:kill|rm|mv))\b"
            ),
            rf"docker[ -]compose{_OPTIONS}(?:up|down|restart|start|stop|rm|kill)\b",
            r"docker\s+(?:push|start|stop|restart|kill|rm|volume\s+rm|network\s+(?:connect|disconnect|create|rm))\b",
            rf"helm{_OPTIONS}(?:install|upgrade|uninstall|rollback)\b",
            r"alembic\s+(?:upgrade|downgrade)\b|(?:python[\d.]*\s+)?\S*manage\.py\s+(?:migrate|loaddata|flush)\b",
            r"(?:bin/)?(?:rails|rake)\s+db:\w*(?:migrate|rollback|seed)|(?:prisma|knex|flyway)\b.*\bmigrat\w+",
            r"(?:npm|pnpm|yarn|cargo|gem|poetry|uv|twine)\s+(?:publish|upload|push)\b",
            (
                r"(?:make|just|task|invoke|(?:mise|npm|pnpm|yarn|bun)\s+run|yarn|pnpm)\s+(?:\w+[:-])?"
                r"(?:migrate|deploy|publish|rollback|seed)(?:[:-]\w+)?(?=\s|$)"
            ),
            (
                r"gh\s+(?:pr|issue|release|repo|workflow|run|label|secret|variable|cache)\s+(?:merge|close|reopen|comment|edit"
                r"|delete|review|ready|run|rerun|cancel|upload|set|enable|disable)\b"
                r"|gh\s+api\b.*\s(?:-x|--method)[ =]?(?!get)[a-z]"
                r"|gh\s+api\b(?!.*\s(?:-x|--method)[ =]?get\b)(?!\s+graphql\b(?!.*\bmutation\b))"
                r".*\s(?:-f|--(?:raw-)?field|--input)\b"
            ),
            r"curl\b.*\s(?:-x|--request)[ =]?['\"]?(?:post|put|patch|delete)\b",
            (
                r"aws\s+(?:\S+\s+)*?(?:(?:create|delete|put|update|modify|terminate|start|stop|reboot|run|deregister"
                r"|register|attach|detach)-[\w-]+|invoke|s3\s+(?:mv|rm|rb|mb)"
                r"|s3\s+(?:cp|sync)(?!(?: +--\S+)* +s3://\S+ +(?!s3://|--)\S))\b"
            ),
            r"(?:gcloud|az)\s+(?:\S+\s+)*?(?:create|delete|update|deploy|set|start|stop|restart|apply|add-\S+|remove-\S+)\b",
            r"systemctl\s+(?:-\S+\s+)*(?:re)?(?:start|stop|load|enable|disable|mask|daemon-reload)\b|service\s+\S+\s+re\w+",
            r"ssh\s.*(?<!-)\b(?:re(?:start|load)|start|stop|kill|deploy|apply|upgrade|install|up -d|rm)\b",
            r"ssh\s[^'\"]*(?:\"[^\"]*|'[^']*)(?<![0-9&>=-])> ?(?!/dev/)[/~]",
            r"(?:psql|mysql)\b.*\b(?:insert\s+into|update\s+\S+\s+set|delete\s+from|alter|drop|truncate|create)\s",
            r"(?:fly|flyctl|vercel|netlify|firebase|wrangler|serverless|sls|cdk|heroku)\s+(?:\S+\s+)*?deploy\b",
            r"pulumi\s+(?:up|destroy)\b|ansible-playbook\s",
            r"argocd\s+app\s+(?:set|sync|rollback|create|delete|patch|unset|terminate-op)\b",
            r"flux\s+(?:suspend|resume|reconcile|delete|bootstrap)\b|nomad\s+(?:job\s+)?(?:run|stop|revert|promote)\b",
            r"eksctl\s+(?:create|delete|scale|upgrade|drain)\b|(?:crane|skopeo)\s+(?:copy|cp|delete|push|tag)\b",
            r"vault\s+(?:write|delete|kv\s+(?:put|patch|delete))\b|consul\s+kv\s+(?:put|delete)\b",
            rf"(?:dropdb|createdb|pg_restore)\s|redis-cli{_OPTIONS}(?:set|hset|del|unlink|flushdb|flushall|expire|rename)\b",
            r"glab\s+(?:mr|issue|ci|release)\s+(?:merge|close|reopen|note|update|approve|delete|run|retry|cancel|create)\b",
        )
    )
    + ")"
)
"""What changes something outside, by how its step begins; what ``gh`` creates stands by its address."""


def _is_stale(step: str, position: int, edits: Sequence[Edit]) -> bool:
    """Return whether files were edited after ``position`` that ``step`` applied, built or started."""
    ends = ".tf" if _APPLIES.match(step) else "" if _STARTS.search(step) else None
    late = (it.path for it in edits if it.position > position)
    return ends is not None and any(it.endswith(ends) and not (is_test(it) or PROSE.search(it)) for it in late)


_APPLIES = lazily(r"(?:terraform|tofu|terragrunt)\b.*\bapply\b")
_STARTS = lazily(r"\bcompose\b.*\bup\b|\bdeploy\s*(?:$|-)|\b(?:npm|pnpm|yarn|cargo)\s+publish\b")
