"""Writing the handoff: gather what is known, fit it, keep what people wrote, replace the file in one step.

A document that is replaced is kept under the time of that where it says what no other says. A summary is made by
somebody else's command: it gets the facts, and what it answers is labelled as its own.
"""

from __future__ import annotations

import os
import time

from handoff_cli.constants import (
    DEFAULT_BUDGET,
    DEFAULT_ENCODING,
    HANDOFF_FILE,
    HANDOFF_LOCK_FILE,
    MAX_HANDOFF_BYTES,
    OLD_HANDOFFS_FOLDER,
)
from handoff_cli.core.patterns import lazily
from handoff_cli.core.record import Record
from handoff_cli.core.text import printable, shorten, utc_compact
from handoff_cli.documents.facts import Todos
from handoff_cli.documents.fit import fitted
from handoff_cli.documents.front_matter import split_front_matter, with_size, written_for
from handoff_cli.documents.markdown import Section, merge, own_chars, parse
from handoff_cli.documents.render import Renderer, as_json
from handoff_cli.errors import HandoffError, TemplateError
from handoff_cli.redaction import redact
from handoff_cli.state import store
from handoff_cli.state.files import create_file, make_folder, read_bytes, replace_file, reported, sync_folder
from handoff_cli.state.folder import FolderLock
from handoff_cli.tokens.encode import cold_counter
from handoff_cli.usecases.gather import gather
from handoff_cli.usecases.notes import save_todos
from handoff_cli.usecases.templates import read_template

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, Unpack

    from handoff_cli.documents.facts import Facts
    from handoff_cli.documents.fit import Taken
    from handoff_cli.documents.markdown import Conflict
    from handoff_cli.state.store import Place
    from handoff_cli.state.store import View as State
    from handoff_cli.usecases.gather import Options


KEPT = 20
"""How many are kept; the oldest make room."""

_FIGURES = lazily(r"\d[\d,.:TZ-]*")
_NAME = lazily(r"\d{8}T\d{6}Z(?:-\d+)?\.md")
_OF_THE_MOMENT = "record"

TIMEOUT_SECONDS = 120
_SUMMARY_CHARS = 4_000


class Composed(Record):
    """A handoff's text, the ``facts`` it is made from and what it says of them; ``todos`` is all that is open.

    ``warnings`` are lines for a person: edits that were moved, a template or a summary that failed.
    """

    text: str
    warnings: tuple[str, ...] = ()
    facts: Facts | None = None
    taken: Taken | None = None
    todos: Todos = Todos()

    @property
    def values(self) -> dict[str, Any] | None:
        """The document as plain values (docs/handoff-json.md lists them); None where nothing was composed."""
        return as_json(self.facts, self.taken) if self.facts and self.taken else None


class Written(Composed):
    """A handoff that stands in the file ``path``."""

    path: str = ""


def compose_handoff(place: Place, view: State | None = None, *, reason: str, **options: Unpack[Options]) -> Composed:
    """Return the handoff of the session at ``place`` as it would be written now; nothing is written.

    Args:
        place: Which session; it need not exist.
        view: Its state as the caller has read it; None reads it.
        reason: Why: ``manual``, ``threshold``, ``compaction``, ``session end`` ... Unless a person asked for it, a
            broken template of the user's must not cost the document: the shipped one is taken, with a warning.
        options: See ``gather.Options``.

    Raises:
        StateError: state or the old document cannot be read.
        TemplateError: the template cannot be rendered.
        InputError: the template or the transcript cannot be read.
    """
    old = None if options.get("transcript") and not os.path.isdir(place.folder) else _old_document(place)
    return _composed(place, view or store.read(place), old, reason, options)


def replace_handoff(
    place: Place, view: State, *, reason: str, at_least: int = 0, **options: Unpack[Options]
) -> Written:
    """Replace the document of the session at ``place``, seen as ``view``; arguments as ``compose_handoff``.

    A document that already covers ``at_least`` checkpoints of the session is left alone: of many writers past a
    threshold, one writes for all. What an old document alone holds is kept beside it. ``record.write_handoff`` is the
    way in.

    Raises:
        StateError: something cannot be read or written; the old document is then still whole.
        LockTimeoutError: another writer of the document did not finish in time.
        TemplateError, InputError: as ``compose_handoff``.
    """
    path = os.path.join(place.folder, HANDOFF_FILE)
    with FolderLock(place.folder, view.settings.lock_timeout_seconds, HANDOFF_LOCK_FILE):
        old = _old_document(place)
        if at_least and old and view.session and _covers(old, view.session.id, at_least):
            return Written(old, path=path)
        composed = _composed(place, store.renewed(place, view), old, reason, {**options, "remember": True})
        save_todos(place.folder, composed.todos)
        if old is not None:
            keep_old(place.folder, old, composed.text)
        replace_file(path, composed.text.encode("utf-8", "surrogateescape"))
        if old is None:
            with reported("write", path):
                sync_folder(place.folder)
    return Written(**composed.to_dict(), path=path)


class Size:
    """Counts texts that have much in common, in the encoding budgets are given in, ``o200k_base``: each line once.

    A line that begins with neither white space nor a slash is cut off from what is before it by the encoding too.
    """

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def of(self, text: str) -> int:
        """Return the tokens of ``text``."""
        if len(text) > _MOST_CHARS:
            from handoff_cli.tokens.count import count_tokens

            return count_tokens(text).tokens
        count, known, total = cold_counter(DEFAULT_ENCODING).count, self._known, 0
        for block in _cut_apart(text):
            if block not in known:
                known[block] = count(block)
            total += known[block]
        return total


def _cut_apart(text: str) -> Iterator[str]:
    """Yield ``text`` in blocks of lines, none of which has a token in common with the next."""
    held = ""
    for line in text.splitlines(keepends=True):
        if held.endswith("\n") and not line[0].isspace() and line[0] != "/":
            yield held
            held = line
        else:
            held += line
    yield held


_MOST_CHARS = 1 << 16


def _composed(place: Place, view: State, old: str | None, reason: str, options: Options) -> Composed:
    """Return the document; a bug in what makes facts of a conversation costs all but its words, never the document.

    One in what reads it costs these too, unless it is what was asked for: notes, to-dos, usage and git are told.
    """
    faults: list[str] = []
    for less, left in _WITH_LESS:
        try:
            told = _told(place, view, old, reason, {**options, **less})
        except (HandoffError, OSError, MemoryError):
            raise
        except Exception as error:  # whoever goes on needs a document, and few sessions are like this one
            if left is None or (less and options.get("transcript")):
                raise
            from handoff_cli.usecases.faults import write_crash_log

            fault = f"a bug in handoff ({type(error).__name__}; please report it with {write_crash_log(error)})"
            faults = [f"{fault}: the handoff tells {left}"]
        else:
            return told.replace(warnings=(*told.warnings, *faults))
    raise AssertionError


_WITH_LESS: tuple[tuple[Options, str | None], ...] = (
    ({}, "only what was said"),
    ({"words_only": True}, "nothing of the conversation"),
    ({"unread": True}, None),
)
"""With which options a document is made in turn, and what the one after it tells then."""


def _told(place: Place, view: State, old: str | None, reason: str, options: Options) -> Composed:
    facts, warnings = gather(place, view, reason, options)
    template, source = read_template(place, options.get("template_file"))
    if command := options.get("summarize_with"):
        facts, failure = _with_summary(facts, command)
        warnings = (*warnings, *failure)
    try:
        with Renderer(template, source) as renderer:
            composed = _fitted(facts, renderer, old, options.get("budget", DEFAULT_BUDGET))
    except TemplateError as error:
        if reason == "manual":
            raise
        warnings = (*warnings, f"{error.message}; the shipped template was taken")
        composed = _fitted(facts, Renderer(), old, options.get("budget", DEFAULT_BUDGET))
    return composed.replace(warnings=(*warnings, *composed.warnings))


def _fitted(facts: Facts, renderer: Renderer, old: str | None, budget: int) -> Composed:
    conflicts: dict[str, tuple[Conflict, ...]] = {}
    size = Size()

    def write(taken: Taken) -> tuple[str, int]:
        merged = merge(old, renderer.render(facts, taken))
        text, tokens = with_size(merged.text, size.of)
        conflicts[text] = merged.conflicts
        return text, tokens

    document = fitted(facts, write, size.of, budget, own_chars(old))
    moved = (
        f"an edit inside the section {it.name} was moved to the end of the document" for it in conflicts[document.text]
    )
    return Composed(document.text, tuple(moved), facts, document.taken, facts.todos)


def _with_summary(facts: Facts, command: str) -> tuple[Facts, tuple[str, ...]]:
    summary, failure = summarize(Renderer().render(facts), command, redacted=facts.redacted)
    return facts.replace(summary=summary), (failure,) if failure else ()


def _covers(document: str, session_id: str, checkpoints: int) -> bool:
    session, covered = written_for(document)
    return session == session_id and covered >= checkpoints


def _old_document(place: Place) -> str | None:
    data = read_bytes(os.path.join(place.folder, HANDOFF_FILE), MAX_HANDOFF_BYTES)
    return None if data is None else data.decode("utf-8", "surrogateescape")


def keep_old(folder: str, old: str, new: str) -> str | None:
    """Save the document ``old`` below the session folder ``folder`` if ``new`` does not hold all it says.

    Figures, the front matter and the section about the moment (git, tokens) do not count: they are outdated, not lost.

    Returns:
        The path it was saved under, None where nothing would be lost.

    Raises:
        StateError: it cannot be saved.
    """
    if not _says_more(old, new):
        return None
    kept_in = os.path.join(folder, OLD_HANDOFFS_FOLDER)
    data = old.encode("utf-8", "surrogateescape")
    make_folder(kept_in)
    with reported("write", kept_in):
        name = utc_compact(time.time())
        # Of one second the next number, never a free lower one: the lowest number is the first to go.
        there = [_age(it)[1] for it in filter(_NAME.fullmatch, os.listdir(kept_in)) if it.startswith(name)]
        numbers = range(max(there, default=0) + 1, max(there, default=0) + KEPT + 2)
        names = [f"{name}-{number}.md" if number > 1 else f"{name}.md" for number in numbers]
        path = next((path for it in names if create_file(path := os.path.join(kept_in, it), data)), None)
        for outdated in sorted(filter(_NAME.fullmatch, os.listdir(kept_in)), key=_age)[:-KEPT]:
            os.unlink(os.path.join(kept_in, outdated))
    return path


def _age(name: str) -> tuple[str, int]:
    """Return by what kept documents are sorted, the oldest first: the time, and the number of those of one second."""
    time_, _, number = name.removesuffix(".md").partition("-")
    return time_, int(number or 1)


def _says_more(old: str, new: str) -> bool:
    known = _bare(new)
    parts = parse(split_front_matter(old)[1])
    said = "".join(it.body + "\n" if isinstance(it, Section) else it.text for it in parts if not _is_momentary(it))
    return any(line not in known for line in filter(None, map(str.strip, _bare(said).splitlines())))


def _is_momentary(part: object) -> bool:
    return isinstance(part, Section) and part.name == _OF_THE_MOMENT and not part.edited


def _bare(text: str) -> str:
    return _FIGURES.sub("", text)


def summarize(document: str, command: str, *, redacted: bool = True) -> tuple[str | None, str | None]:
    """Give ``document`` to ``command`` on standard input and return (its answer, None) or (None, why there is none).

    The command is split into words as a shell would, but no shell runs it. It has two minutes.
    """
    import shlex
    from subprocess import DEVNULL, PIPE, TimeoutExpired, run

    try:
        words = shlex.split(command)
        done = run(words, input=document.encode(), stdout=PIPE, stderr=DEVNULL, timeout=TIMEOUT_SECONDS, check=False)
    except ValueError as error:
        return None, _failed(command, str(error))
    except (OSError, IndexError) as error:
        return None, _failed(command, getattr(error, "strerror", None) or "no command")
    except TimeoutExpired:
        return None, _failed(command, f"no answer in {TIMEOUT_SECONDS} seconds")
    if done.returncode:
        return None, _failed(command, f"exit code {done.returncode}")
    answer = done.stdout.decode("utf-8", "replace").strip()
    if not answer:
        return None, _failed(command, "it said nothing")
    return shorten(redact(answer) if redacted else answer, _SUMMARY_CHARS), None


def _failed(command: str, why: str) -> str:
    return f"no summary from {printable(command)}: {why}; the document is whole without it"
