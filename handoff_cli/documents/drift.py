"""What changed since a handoff was written: in its project, and from one handoff to another."""

from __future__ import annotations

from handoff_cli.core.record import Record
from handoff_cli.core.text import told
from handoff_cli.documents.front_matter import front_matter_values
from handoff_cli.documents.markdown import checks_in, files_in, lines_in
from handoff_cli.documents.redaction import redacted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from handoff_cli.core.transcript import Commit
    from handoff_cli.documents.facts import GitFacts

_NAMED = 5


class Drift(Record):
    """What differs: ``branch`` as (then, now) or None, ``commits`` since (newest first), and so on.

    ``rewritten`` tells that the commit of the handoff is not among the ancestors of HEAD any more. ``changed`` and
    ``gone`` are files of the handoff's list; ``unchecked`` are its checks, which nobody has run in this session.
    """

    branch: tuple[str, str] | None = None
    rewritten: bool = False
    commits: tuple[Commit, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()


def drift_of(
    document: str,
    git: GitFacts | None,
    commits: tuple[Commit, ...] | None,
    state_of: Callable[[str], str],
) -> Drift:
    """Return how the project differs from what ``document`` says; secrets in the names git gives are redacted.

    Args:
        document: The handoff.
        git: The repository now.
        commits: Those since the handoff's HEAD; None where that commit is no ancestor of HEAD.
        state_of: Tells of a path ``same``, ``changed`` or ``gone`` since the handoff was written.
    """
    noted = front_matter_values(document).get("git")
    noted = noted if isinstance(noted, dict) else {}
    then, now = noted.get("branch"), git.branch if git else None
    states = {path: state_of(path) for _, path in files_in(document)}
    drift = Drift(
        branch=(str(then), now or "detached HEAD") if git and then and then != now else None,
        rewritten=commits is None and bool(noted.get("head")) and git is not None,
        commits=commits or (),
        changed=tuple(path for path, state in states.items() if state == "changed"),
        gone=tuple(path for path, state in states.items() if state == "gone"),
        unchecked=tuple(checks_in(document)),
    )
    return redacted(drift)


def drift_lines(drift: Drift) -> list[str]:
    """Return ``drift`` as lines for a reader, names and subjects made inert; one says so where nothing changed."""
    lines = []
    if drift.branch:
        lines.append("branch was {}, is {}".format(*map(told, drift.branch)))
    if drift.rewritten:
        lines.append("the commit of the handoff is not in this branch's history: check every claim")
    if drift.commits:
        subjects = "; ".join(f"{told(commit.hash)} {told(commit.subject)}" for commit in drift.commits[:_NAMED])
        lines.append(f"commits since: {len(drift.commits)}: {subjects}{_more(drift.commits)}")
    for what, paths in (("files changed since", drift.changed), ("files gone", drift.gone)):
        if paths:
            lines.append(f"{what}: {', '.join(map(told, paths[:_NAMED]))}{_more(paths)}")
    lines = lines or ["nothing changed since the handoff was written"]
    if drift.unchecked:
        lines.append(f"checks not run since: {'; '.join(map(told, drift.unchecked[:_NAMED]))}{_more(drift.unchecked)}")
    return lines


def _more(items: tuple[object, ...]) -> str:
    return f" and {len(items) - _NAMED} more" if len(items) > _NAMED else ""


class Difference(Record):
    """The lines of one section that stand only in the older (``removed``) or the newer document (``added``)."""

    section: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


def compare(older: str, newer: str) -> tuple[Difference, ...]:
    """Return where two handoffs differ; blank lines, fences and the order of lines do not count."""
    before, after = _by_section(older), _by_section(newer)
    differences = []
    for name in dict.fromkeys((*after, *before)):
        old, new = before.get(name, {}), after.get(name, {})
        removed, added = tuple(it for it in old if it not in new), tuple(it for it in new if it not in old)
        if removed or added:
            differences.append(Difference(name, removed, added))
    return tuple(differences)


def _by_section(document: str) -> dict[str, dict[str, None]]:
    sections: dict[str, dict[str, None]] = {}
    for line in lines_in(document):
        text = line.text.strip()
        if text and not text.startswith(("```", "#")):
            sections.setdefault(line.heading or "Start", {})[text] = None
    return sections
