"""The template handoffs are made with: which one is in force, and whether one of the user's renders."""

from __future__ import annotations

import os

from handoff_cli.constants import MAX_HANDOFF_BYTES, NOTE_KINDS, TEMPLATE_FILE
from handoff_cli.core.session import Note
from handoff_cli.core.transcript import Answer, Commit, FileTouch, Todo
from handoff_cli.documents.extract.commands.runners import Runner
from handoff_cli.documents.extract.facts import (
    BackgroundRun,
    Broken,
    Change,
    CodePiece,
    Delivery,
    FileChanges,
    FileOutline,
    Finding,
    LastCommit,
    Made,
    Measured,
    Move,
    Outside,
    Pending,
    PlanAtWork,
    PlanStep,
    Report,
    Request,
    Reshaped,
    Stashed,
    Turn,
    WrittenDocument,
)
from handoff_cli.documents.extract.failed import (
    Attempt,
    Check,
    Escalated,
    Lesson,
    LiveFailure,
    Pipeline,
    PutOff,
    Refused,
    Refuted,
    Repair,
    Tried,
    Verdict,
)
from handoff_cli.documents.extract.requests.house_rules import Guide
from handoff_cli.documents.extract.requests.pasted_runs import PastedRun
from handoff_cli.documents.extract.story import (
    PARTS,
    DeadEnds,
    InUse,
    Left,
    Runs,
    Spoken,
    Step,
    Story,
    ToUndo,
    WorkDone,
)
from handoff_cli.documents.facts import ChangedFile, CheckpointFact, Facts, GitFacts, UsageFacts
from handoff_cli.documents.render import HANDOFF_TEMPLATE, Renderer
from handoff_cli.errors import InputError
from handoff_cli.state.files import read_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from handoff_cli.state.store import Place

_TIME = "2026-01-02T03:04:05Z"


def shipped_template() -> str:
    """Return the shipped template."""
    from handoff_cli.documents.templates import template_text

    return template_text(HANDOFF_TEMPLATE)


def template_in_force(place: Place) -> str | None:
    """Return the path of the template of ``place``'s own, None where the shipped one is taken."""
    paths = (os.path.join(folder, TEMPLATE_FILE) for folder in (place.folder, place.project))
    return next((path for path in paths if os.path.isfile(path)), None)


def read_template(place: Place, file: str | None) -> tuple[str | None, str]:
    """Return a template's text (None: the shipped one is taken) and where it comes from: ``file``, or that in force.

    Raises:
        InputError: ``file`` cannot be read.
    """
    if file is not None:
        return _text(file), file
    path = template_in_force(place)
    data = read_bytes(path, MAX_HANDOFF_BYTES) if path else None
    return (None, TEMPLATE_FILE) if data is None else (data.decode("utf-8", "replace"), path or TEMPLATE_FILE)


def check_template(file: str) -> None:
    """Render the template ``file`` with every kind of fact and with next to none.

    Raises:
        InputError: it cannot be read.
        TemplateError: it cannot be rendered; says where and why.
    """
    with Renderer(_text(file), file) as renderer:
        for facts in (full_facts(), bare_facts()):
            renderer.render(facts)


def bare_facts() -> Facts:
    """Return the facts of a session of which nothing is known."""
    usage = UsageFacts(0, 128_000, 128_000, 0.0, 0.0, "ok", "counted", "o200k_base", 0.8, 0.95, 0, _TIME, _TIME)
    return Facts("project", "20260102-00010203", "manual", _TIME, usage)


_PLAIN: dict[str, Any] = {"str": "a text", "str | None": "a text", "bool": True, "tuple[str, ...]": ("a text",)}
"""By annotation: what stands for a fact of which nothing is known but its kind."""


def _with_all_told(told: Any) -> Any:
    """Return a story, or a part of one, with its plain facts filled where they are empty: new ones are rendered too."""
    filled = {}
    for name, kind in type(told).__annotations__.items():
        value = getattr(told, name)
        filled[name] = _with_all_told(value) if isinstance(value, PARTS) else value or _PLAIN.get(kind) or value
    # A text in which nobody speaks has no story.
    return told.replace(**{name: it for name, it in filled.items() if name != "nameless"})


def full_facts() -> Facts:
    """Return facts that have something to say in every section."""
    usage = UsageFacts(
        *(105_000, 128_000, 120_000, 0.82, 0.875, "warning", "estimated", "o200k_base", 0.8, 0.95, 7, _TIME, _TIME),
        *("some-model", 0.05),
    )
    story = Story(
        requests=(
            Request(1, "Make the import faster."),
            Request(2, "Do not touch the schema.", rule=True),
            Request(3, "Ship it."),
        ),
        question="Should empty rows count?",
        offered="Want me to sort the rows as well?",
        answers=(Answer("Keep the table?", "yes"),),
        work="Stream the rows of the import",
        state="progress",
        goal="Make the nightly import fast.",
        referent="Shall I stream the rows?",
        gist="Shall I stream the rows?",
        part_of=Request(2, "Do not touch the schema.", rule=True),
        amid=Request(1, "Make the import faster."),
        job=Request(1, "Make the import faster."),
        pasted_run=PastedRun("make import", ("ImportError: no rows",), gone=True),
        stopped=True,
        breaks_off=True,
        guides=(Guide("CONTRIBUTING.md", 3, ("Never edit a migration that was released.",), pointed_to=True),),
        told=Spoken(
            turns=(
                Turn(
                    2,
                    (Finding("The cause is that all rows are loaded at once.", "said", 3, 5.0),),
                    done="edited import.py",
                ),
            ),
            explained="The cause is one INSERT for each row. The fix is to stream them.",
            thought="So the rows must be streamed.",
            thought_since=7,
            overtaken=(True, False),
            said=(Finding("The rows are loaded at once: that takes four minutes of the five.", "said", 3, 4.0),),
            learnt=(Finding("src/import.py:41: reads all rows", "sub-agent: Find readers", 3, 4.0),),
            reports=(Report("Find readers", "All 3 readers are found.", "12 tests passed", ("Fix: read by pages.",)),),
            account=(Finding("The import loads all rows.", "account", 1, 3.0),),
            last_words="The rows are streamed now.",
        ),
        step=Step(
            announced="Next I measure the import.",
            unwritten=("measure",),
            reached="The rows must be streamed.",
            calls_since=2,
        ),
        left=Left(
            todos=(Todo("read the import", "completed"), Todo("stream the rows", "in_progress")),
            remaining=("measure the import",),
            planned=(Todo("measure the import", "pending"),),
            at_plan=PlanAtWork(
                *(3, True, "plans/import.md"),
                (PlanStep(1, "Stream the rows", "open", ("src/import.py:41",), "Read them by pages."),),
                *(("make bench",), ("Threads: one writer is enough.",)),
            ),
            untouched=("src/export.py",),
            missing=("oldest_idle_s",),
            owed=("commit",),
            stale_todos=True,
            plan="1. Stream the rows",
            plan_file="plans/import.md",
            plan_mode=True,
            committed_todos=(("stream the rows", "abc1234"),),
            edited_todos=(("stream the rows", "import.py"),),
            named_todos=(("count the rows", "count_rows (export.py:12)"),),
            asked_todos=(("stream the rows", 2),),
            left_todos=(("count the rows", 2),),
        ),
        changed=WorkDone(
            commits=(Made("abc1234", "Stream the rows", "faster"),),
            files=(FileTouch("src/import.py", "modified", 3), FileTouch("README.md", "read", 1)),
            broken=Broken(("read_rows",), "src/import.py", ("src/export.py",)),
            reshaped=Reshaped("write_rows", "src/export.py", ("src/main.py:12",)),
            by_pattern=("src/*.py",),
            made_before=(Made("abc1231", "Read the file"),),
            of_first=Made("abc1233", "Import"),
            of_latest=Made("abc1234", "Stream the rows", "faster"),
            last_commit=LastCommit(
                "abc1234", "main", True, ("src/import.py",), "main-2", (FileTouch("src/import.py", "modified", 1),)
            ),
            moves=(Move("moved", ("read_rows",), "src/import.py", "src/rows.py"),),
            code=(
                CodePiece(
                    "src/rows.py", "read_rows", 12, 14, "def read_rows():", "Reads rows.", "def read_rows():", "def"
                ),
            ),
            read=(FileOutline("src/rows.py", "Reads rows.", ("read_rows:12",)),),
            documents=(WrittenDocument("docs/import.md", True, 40, "# Import", "# Import"),),
            edits=(FileChanges("src/import.py", False, 3, (Change(("load",), "list(file)", "iter(file)", 1, 1),)),),
            delivered=(Delivery("Stream the rows", ("The whole table stood in memory.",), 8),),
            links=("https://example.org/pull/1",),
            outside=(Outside("helm upgrade shop ./chart", "deployed", stale=True),),
        ),
        runs=Runs(
            failing=(Attempt("pytest -q", "FAILED tests/test_import.py", 1),),
            checks=(Check("ruff check .", "ok", 0),),
            happened=("edited import.py: load: rows = list(file) → rows = iter(file)",),
            unchecked=("src/import.py",),
            exercised=("run since: python src/import.py",),
            runner=Runner("make test", "pytest", tests=True),
            under_way=(Pending("check", "pytest -q"),),
            pipeline=Pipeline("gh pr checks 7", ("e2e",), "Error: no such table"),
            running=(BackgroundRun("make serve > serve.log", "b1", "listening on 8000"),),
            red="E assert 1 == 2",
            failures=(LiveFailure("test_import", "assert 1 == 2", "pytest -q", "test", 4, counts="1 failed"),),
            left_red=(LiveFailure("test_slow", "timed out", "pytest -q", "test", 4, left="leave that one"),),
            repaired=(Repair("test_rows", "assert 2 == 3", "pytest -q", "import.py"),),
        ),
        dead_ends=DeadEnds(
            lessons=(Lesson("pytest -x tests/absent.py", "not found", "pytest -q"),),
            refused=(Refused("git push origin main", "no, not yet"),),
            escalated=(Escalated("npm install", "To fetch packages?", "getaddrinfo ENOTFOUND", "ok"),),
            turned_back=(FileChanges("src/import.py", False, 1, (Change((), "", "import threading", 1),)),),
            tried=(Tried("src/import.py", "load", "with Lock():", "iter(file)", "deadlock"),),
            refuted=(Refuted("with Lock():", "same error", "deadlock", 40),),
            ruled_out=("10.1 s against 10.0 s: it isn't the disk.",),
            void=("BASE=/v1 → The 404 persists.",),
            put_off_by_user=(PutOff(2, "threads are for later", "asked: Threads as well?"),),
            verdicts=(Verdict("2. Two tables", "2 maybe later", "later"),),
            dead_tools=("Glob",),
            folder="/srv/shop",
        ),
        to_undo=ToUndo(
            temporary=(("src/import.py", "print('DEBUG', row)"),),
            stashed=(Stashed(("src",), ("src/import.py",)),),
            to_put_back=("One worker for now.",),
        ),
        in_use=InUse(
            searched=(("read_rows", "src/rows.py:12"),),
            measured=(Measured("make bench", "acc f1 | small 0.87 0.84", "small 0.87 0.84"),),
            fetched=(("gh pr view 1", "Stream the rows"),),
            nearby=("src/rows.py",),
            hand=(("src/import.py", "read_rows:12"), ("", "RowStream")),
            again=(("pytest -q", 3, ""),),
            variables=("DATABASE_URL",),
        ),
    )
    git = GitFacts(
        "main",
        "abc1234",
        "origin/main",
        1,
        0,
        1,
        (ChangedFile("notes.txt", "untracked"),),
        (Commit("abc1234", "Stream the rows"),),
    )
    return bare_facts().replace(
        usage=usage,
        previous="archive/20260101T000000Z-20260101-00010203",
        notes=tuple(
            Note(number, _TIME, kind, f"a {kind}", "src/import.py:1") for number, kind in enumerate(NOTE_KINDS, 1)
        ),
        story=_with_all_told(story),
        checkpoints=(CheckpointFact(7, _TIME, "read the import", "stdin", 1_200, "estimated"),),
        git=git,
        summary="The import streams its rows.",
    )


def _text(file: str) -> str:
    try:
        with open(file, "rb") as opened:
            text = opened.read(MAX_HANDOFF_BYTES + 1).decode()
    except (OSError, ValueError) as error:  # a ValueError: NUL in a path, no UTF-8
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise InputError(f"cannot read the template {file}: {reason}", "check the path") from error
    if len(text) > MAX_HANDOFF_BYTES:
        raise InputError(f"cannot read the template {file}: it is larger than 16 MiB", "check the path")
    return text.replace("\r\n", "\n")
