"""What is wrong with a handoff: each finding with its line and what mends it."""

from __future__ import annotations

import re

from handoff_cli.core.record import Record
from handoff_cli.documents.front_matter import front_matter_values
from handoff_cli.documents.markdown import Section, files_in, lines_in, parse
from handoff_cli.redaction import redact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from handoff_cli.documents.facts import GitFacts

REQUIRED = ("Goal", "Next action")
MAX_TOKENS = 2_000
MAX_CHARS = 10_000
MAX_AGE_DAYS = 7
MAX_UNVERIFIED = 0.5

_REGENERATE = "write it anew: handoff handoff"
_PLACEHOLDER = re.compile(
    r"\b(?:TODO|TBD|FIXME|XXX|lorem ipsum)\b|<(?:your|fill|insert|describe)[^>]*>"
    r"|\[(?:fill|your|describe|insert)[^\]]*\]"
)
_PATH = re.compile(r"`([\w.@+-]+(?:/[\w.@+-]+)+)(?::\d+)?`")
_TAG = re.compile(r"\[(?:verified: \w+|from transcript|noted(?:, \d+)?|UNVERIFIED)\]")
_LEAST_TAGS = 4


class Finding(Record):
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


def lint(document: str, around: Surroundings) -> tuple[Finding, ...]:
    """Return what is wrong with ``document``, in the order of its lines."""
    rules = (_front_matter, _sections, _placeholders, _paths, _head, _secrets, _size, _unverified, _age, _edits)
    findings = [finding for rule in rules for finding in rule(document, around)]
    return tuple(sorted(findings, key=lambda finding: finding.line))


def _front_matter(document: str, _: Surroundings) -> Iterator[Finding]:
    missing = [key for key in ("schema", "created", "session") if key not in front_matter_values(document)]
    if missing:
        yield Finding("front-matter", "error", 1, f"the front matter lacks {', '.join(missing)}", _REGENERATE)


def _sections(document: str, _: Surroundings) -> Iterator[Finding]:
    said: dict[str, int] = {}
    for line in lines_in(document):
        says = bool(line.text.strip()) and not line.text.startswith(("#", "<!--", "```"))
        said[line.heading] = said.get(line.heading, 0) + says
    for name in REQUIRED:
        if said.get(name):
            continue
        mend = f'say it: handoff handoff {"--goal" if name == "Goal" else "--next"} "..."'
        if name in said:
            yield Finding("section", "error", _line_of(document, f"## {name}"), f"nothing under {name}", mend)
        else:
            yield Finding("section", "warning", 1, f"there is no {name}: nothing told one", mend)


def _placeholders(document: str, _: Surroundings) -> Iterator[Finding]:
    made = _made_lines(document)
    for line in lines_in(document):
        if line.quoted or (line.number in made and "[noted" not in line.text):
            continue
        found = _PLACEHOLDER.search(re.sub(r"`[^`]*`", "", line.text))
        if found:
            yield Finding(
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


def _paths(document: str, around: Surroundings) -> Iterator[Finding]:
    own = [(it.number, path) for it in lines_in(document) if not it.quoted for path in _PATH.findall(it.text)]
    listed = [(number, path) for number, path in files_in(document) if not path.startswith("/")]
    named = own if not any(around.exists(path) for _, path in listed) else [*own, *listed]
    for number, path in dict.fromkeys(named):
        if not around.exists(path):
            yield Finding("dead-path", "warning", number, f"{path} is not there", "name where it went, or remove it")


def _head(document: str, around: Surroundings) -> Iterator[Finding]:
    noted = front_matter_values(document).get("git")
    head = noted.get("head") if isinstance(noted, dict) else None
    now = around.git.head if around.git else None
    if head and now and not now.startswith(head[:7]):
        line = _line_of(document, "git:")
        yield Finding(
            "head-moved", "warning", line, f"HEAD was {head} and is {now}", "read what changed: handoff resume"
        )


def _secrets(document: str, _: Surroundings) -> Iterator[Finding]:
    for number, text in enumerate(document.split("\n"), 1):
        if redact(text) != text:
            yield Finding(
                "secret", "error", number, "it looks like a secret", "remove it, and change it where it is used"
            )


def _size(document: str, around: Surroundings) -> Iterator[Finding]:
    tokens, chars = around.count(document), len(document)
    if tokens > MAX_TOKENS or chars > MAX_CHARS:
        what = f"{tokens:,} tokens and {chars:,} characters, at most {MAX_TOKENS:,} and {MAX_CHARS:,} are read whole"
        yield Finding("size", "warning", 1, what, "shorten what is under Notes, or give a smaller --budget")


def _unverified(document: str, _: Surroundings) -> Iterator[Finding]:
    made = _made_lines(document)
    own = (line.text for line in lines_in(document) if not line.quoted and line.number not in made)
    tags = [tag for text in own for tag in _TAG.findall(text)]
    doubtful = tags.count("[UNVERIFIED]")
    if len(tags) >= _LEAST_TAGS and doubtful > MAX_UNVERIFIED * len(tags):
        yield Finding(
            "unverified",
            "warning",
            1,
            f"{doubtful} of {len(tags)} claims beside the record are unverified",
            "check them, note what holds",
        )


def _age(document: str, around: Surroundings) -> Iterator[Finding]:
    if around.age_days is not None and around.age_days > MAX_AGE_DAYS:
        days = f"it is {around.age_days:.0f} days old"
        yield Finding("age", "warning", _line_of(document, "created:"), days, _REGENERATE)


def _edits(document: str, _: Surroundings) -> Iterator[Finding]:
    for part in parse(document):
        if isinstance(part, Section) and part.edited:
            line = _line_of(document, f"<!-- handoff:begin {part.name} ")
            yield Finding(
                "edited", "warning", line, f"the section {part.name} was edited by hand", "move the words below Notes"
            )


def _line_of(document: str, start: str) -> int:
    lines = document.split("\n")
    return next((number for number, text in enumerate(lines, 1) if text.startswith(start)), 1)
