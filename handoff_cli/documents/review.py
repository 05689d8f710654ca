"""A handoff read again: what changed in the project since, how two differ, and what is wrong with one."""

from __future__ import annotations

import json
import re

from handoff_cli.constants import DEFAULT_BUDGET, DOCUMENT_CHARS, STALE_AFTER_DAYS
from handoff_cli.core.paths import is_absolute
from handoff_cli.core.record import Record
from handoff_cli.core.text import told
from handoff_cli.documents.facts import redacted
from handoff_cli.documents.files import AFTER_NAME
from handoff_cli.documents.front_matter import front_matter_values, split_front_matter
from handoff_cli.documents.markdown import Section, parse
from handoff_cli.redaction import redact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from handoff_cli.core.transcript import Commit
    from handoff_cli.documents.facts import GitFacts

_FENCE = re.compile(r"(`{3,})")
_ANY_MARKER = re.compile(r"<!-- handoff:(?:begin|end) ")
_BELOW = re.compile(r"^[^`]* below `+ ?([^`]+?) ?`+")
_FOLDER = re.compile(r"(.*/)(?:: (.+))?")
_AFTER_NAME = re.compile(AFTER_NAME)
_LISTED_NAME = re.compile(r'\s*("(?:[^"\\]|\\.)*"[^,]*|[^,\s][^,]*)')
_OTHERS = re.compile(r"\d[\d,]* more|Others by folder: .*")
_CHECK = re.compile(r"- (`+) ?(.+?) ?\1: ")


class DocumentLine(Record):
    """A line of a document: its ``number`` in the file from 1, the heading it stands under, and its ``text``.

    ``quoted`` tells that it lies in a fenced block or a block quote: somebody else's words.
    """

    number: int
    heading: str
    text: str
    quoted: bool


def lines_in(document: str) -> Iterator[DocumentLine]:
    """Yield the lines of ``document`` below its front matter, without the markers of machine sections."""
    head, body = split_front_matter(document)
    heading, fence = "", ""
    for number, text in enumerate(body.split("\n"), head.count("\n") + 1):
        found = _FENCE.match(text)
        if fence:
            yield DocumentLine(number, heading, text, quoted=True)
            fence = "" if text.rstrip() == fence else fence
            continue
        if found:
            fence = found[1]
        elif text.startswith("## "):
            heading = text[3:].strip()
        if not _ANY_MARKER.match(text):
            yield DocumentLine(number, heading, text, bool(found) or text.startswith(">"))


def files_in(document: str) -> Iterator[tuple[int, str]]:
    """Yield (line, path) of each file that the lists of changed files name, those not committed first."""
    above: list[str] = []
    for line in lines_in(document):
        if line.heading not in ("Files", "State"):
            continue
        if _HEADS_LIST.match(line.text) and not line.quoted:
            below = _BELOW.match(line.text)
            above = [below[1] if below else ""]
        elif line.text and not line.quoted:
            above = []
        elif above and line.quoted and line.text and not line.text.startswith("`"):
            yield from ((line.number, path) for path in _listed(line.text, above))


_HEADS_LIST = re.compile(r"Changed|Not committed\b|Edited since that commit\b|Edited[^:]*, not committed\b")


def checks_in(document: str) -> list[str]:
    """Return the commands listed under Verify."""
    return [found[2] for it in lines_in(document) if it.heading == "Verify" and (found := _CHECK.match(it.text))]


def _listed(text: str, above: list[str]) -> Iterator[str]:
    """Yield the paths a line names; ``above`` are the folders it may lie below, by indentation, and gets its own."""
    depth = len(text) - len(text.lstrip(" "))
    if depth < len(above):
        del above[depth + 1 :]
    line = text.lstrip(" ")
    found = None if line.startswith('"') else _FOLDER.fullmatch(line)
    if not found:
        if not _OTHERS.fullmatch(line):
            yield _joined(above[-1], _name(line))
        return
    folder = _joined(above[-1], found[1].removeprefix("./"))
    above.append(folder)
    for name in _LISTED_NAME.findall(found[2] or ""):
        if not _OTHERS.fullmatch(name):
            yield folder + _name(name)


def _name(shown: str) -> str:
    """Return the name of a file out of its entry: without what was done to it, and unquoted."""
    if shown.startswith('"'):
        try:
            return str(json.JSONDecoder().raw_decode(shown)[0])
        except ValueError:
            return shown
    return _AFTER_NAME.sub("", shown)


def _joined(folder: str, path: str) -> str:
    return path if is_absolute(path) else folder + path


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


REQUIRED = ("Goal", "Next action")
MAX_UNVERIFIED = 0.5

_REGENERATE = "write it anew: handoff handoff"
_PLACEHOLDER = re.compile(
    r"\b(?:TODO|TBD|FIXME|XXX|lorem ipsum)\b|<(?:your|fill|insert|describe)[^>]*>"
    r"|\[(?:fill|your|describe|insert)[^\]]*\]"
)
_PATH = re.compile(r"`([\w.@+-]+(?:/[\w.@+-]+)+)(?::\d+)?`")
_TAG = re.compile(r"\[(?:verified: \w+|from transcript|noted(?:, \d+)?|UNVERIFIED)\]")
_LEAST_TAGS = 4


class Fault(Record):
    """One thing wrong: the ``rule``, its ``level`` (``error`` or ``warning``), the line (from 1), and the mend."""

    rule: str
    level: str
    line: int
    message: str
    mend: str


class Surroundings(Record):
    """What the document is held against.

    ``exists`` tells whether a path of the project is there; ``git`` is the repository now; ``age_days`` how old the
    document is (None: it does not say); ``count`` returns the tokens of a text.
    """

    exists: Callable[[str], bool]
    count: Callable[[str], int]
    git: GitFacts | None = None
    age_days: float | None = None


def lint(document: str, around: Surroundings) -> tuple[Fault, ...]:
    """Return what is wrong with ``document``, in the order of its lines."""
    rules = (_front_matter, _sections, _placeholders, _paths, _head, _secrets, _size, _unverified, _age, _edits)
    findings = [finding for rule in rules for finding in rule(document, around)]
    return tuple(sorted(findings, key=lambda finding: finding.line))


def _front_matter(document: str, _: Surroundings) -> Iterator[Fault]:
    missing = [key for key in ("schema", "created", "session") if key not in front_matter_values(document)]
    if missing:
        yield Fault("front-matter", "error", 1, f"the front matter lacks {', '.join(missing)}", _REGENERATE)


def _sections(document: str, _: Surroundings) -> Iterator[Fault]:
    said: dict[str, int] = {}
    for line in lines_in(document):
        says = bool(line.text.strip()) and not line.text.startswith(("#", "<!--", "```"))
        said[line.heading] = said.get(line.heading, 0) + says
    for name in REQUIRED:
        if said.get(name):
            continue
        mend = f'say it: handoff handoff {"--goal" if name == "Goal" else "--next"} "..."'
        if name in said:
            yield Fault("section", "error", _line_of(document, f"## {name}"), f"nothing under {name}", mend)
        else:
            yield Fault("section", "warning", 1, f"there is no {name}: nothing told one", mend)


def _placeholders(document: str, _: Surroundings) -> Iterator[Fault]:
    made = _made_lines(document)
    for line in lines_in(document):
        if line.quoted or (line.number in made and "[noted" not in line.text):
            continue
        found = _PLACEHOLDER.search(re.sub(r"`[^`]*`", "", line.text))
        if found:
            yield Fault(
                "placeholder", "error", line.number, f"{found[0]!r} stands for something", "say it, or remove it"
            )


def _made_lines(document: str) -> set[int]:
    """Return the numbers of the lines that the tool wrote and nobody edited: what stands there is told."""
    made: set[int] = set()
    lines = document.split("\n")
    starts = {text.rstrip(): number for number, text in enumerate(lines, 1)}
    for part in parse(document):
        if isinstance(part, Section) and not part.edited:
            first = starts.get(part.text.partition("\n")[0].rstrip(), 0)
            made.update(range(first, first + part.text.count("\n") + 1))
    return made


def _paths(document: str, around: Surroundings) -> Iterator[Fault]:
    own = [(it.number, path) for it in lines_in(document) if not it.quoted for path in _PATH.findall(it.text)]
    listed = [(number, path) for number, path in files_in(document) if not path.startswith("/")]
    named = own if not any(around.exists(path) for _, path in listed) else [*own, *listed]
    for number, path in dict.fromkeys(named):
        if not around.exists(path):
            yield Fault("dead-path", "warning", number, f"{path} is not there", "name where it went, or remove it")


def _head(document: str, around: Surroundings) -> Iterator[Fault]:
    noted = front_matter_values(document).get("git")
    head = noted.get("head") if isinstance(noted, dict) else None
    now = around.git.head if around.git else None
    if head and now and not now.startswith(head[:7]):
        line = _line_of(document, "git:")
        yield Fault("head-moved", "warning", line, f"HEAD was {head} and is {now}", "read what changed: handoff resume")


def _secrets(document: str, _: Surroundings) -> Iterator[Fault]:
    for number, text in enumerate(document.split("\n"), 1):
        if redact(text) != text:
            yield Fault(
                "secret", "error", number, "it looks like a secret", "remove it, and change it where it is used"
            )


def _size(document: str, around: Surroundings) -> Iterator[Fault]:
    tokens, chars = around.count(document), len(document)
    if tokens > DEFAULT_BUDGET or chars > DOCUMENT_CHARS:
        most = f"at most {DEFAULT_BUDGET:,} and {DOCUMENT_CHARS:,} are read whole"
        what = f"{tokens:,} tokens and {chars:,} characters, {most}"
        yield Fault("size", "warning", 1, what, "shorten what is under Notes, or give a smaller --budget")


def _unverified(document: str, _: Surroundings) -> Iterator[Fault]:
    made = _made_lines(document)
    own = (line.text for line in lines_in(document) if not line.quoted and line.number not in made)
    tags = [tag for text in own for tag in _TAG.findall(text)]
    doubtful = tags.count("[UNVERIFIED]")
    if len(tags) >= _LEAST_TAGS and doubtful > MAX_UNVERIFIED * len(tags):
        yield Fault(
            "unverified",
            "warning",
            1,
            f"{doubtful} of {len(tags)} claims beside the record are unverified",
            "check them, note what holds",
        )


def _age(document: str, around: Surroundings) -> Iterator[Fault]:
    if around.age_days is not None and around.age_days > STALE_AFTER_DAYS:
        days = f"it is {around.age_days:.0f} days old"
        yield Fault("age", "warning", _line_of(document, "created:"), days, _REGENERATE)


def _edits(document: str, _: Surroundings) -> Iterator[Fault]:
    for part in parse(document):
        if isinstance(part, Section) and part.edited:
            line = _line_of(document, f"<!-- handoff:begin {part.name} ")
            yield Fault(
                "edited", "warning", line, f"the section {part.name} was edited by hand", "move the words below Notes"
            )


def _line_of(document: str, start: str) -> int:
    lines = document.split("\n")
    return next((number for number, text in enumerate(lines, 1) if text.startswith(start)), 1)
