"""Documents that were written, as they stand at the end: by their sections."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit, FileText
from handoff_cli.documents.extract.files.outlines import _DESIGN, written_documents
from handoff_cli.documents.extract.files.texts import printed_in
from tests.documents.sessions import told
from tests.growth import assert_linear

PLAN = """# Plan: measure usage

## Overview

Count which commands are run, without names. More follows.

## Machine identifier

A stable number for each machine, made of its name and system.

```go
// identity.go
func MachineID() (string, error) {
	return hashed(os.Hostname())
}
```

## Edge cases

**1. No network** (offline)

Nothing is sent.

**2. Two machines with one name**

They count as one.

## Notes

- none
- of these
- matter
"""


def documents(*spoken, edits, text=PLAN):
    transcript = told(("user", "go"), edits=edits, texts=(FileText("plan.md", edits[-1].position, text),))
    return written_documents(transcript, printed_in(transcript), [(2.0, it) for it in spoken], -1)


def test_a_new_plan_is_told_by_what_its_sections_say_the_spoken_of_first() -> None:
    (plan,) = documents("use a machine identifier", edits=(Edit("plan.md", 20, "created", "", PLAN),))
    assert (plan.created, plan.lines, plan.whole) == (True, len(PLAN.splitlines()), False)
    lines = plan.text.split("\n")
    assert "## Machine identifier (lines 7-17)" in lines
    assert "A stable number for each machine, made of its name and system." in lines
    assert "func MachineID() (string, error) {" in lines
    assert "1. No network; 2. Two machines with one name" in lines
    assert "Machine identifier" in plan.key


def test_numbered_steps_of_a_section_are_told_each_as_far_as_there_is_room() -> None:
    steps = "\n".join(
        f"{n}. on host{n}: `bin/step --at {n}` (once), then wait until its queue is empty" for n in (1, 2, 3)
    )
    text = PLAN.replace("A stable number for each machine, made of its name and system.", steps)
    (plan,) = documents("machine identifier", edits=(Edit("plan.md", 20, "created", "", text),), text=text)
    line = next(it for it in plan.text.split("\n") if it.startswith("1. on host1: bin/step --at 1, then wait until"))
    assert "; 3. on host3: bin/step --at 3, then wait until" in line


def test_a_document_that_is_gone_has_more_room_and_what_is_good_about_a_design_comes_after_it() -> None:
    """It stands nowhere else, and its file may be deleted for a request that the latest one cut into."""
    praise = "\n".join(f"{n}. **One place {n}**: all that counts is in one file, which is simple" for n in range(1, 7))
    text = PLAN.replace("## Overview", f"## Benefits of a machine identifier\n\n{praise}\n\n## Overview")
    edits = (Edit("plan.md", 15, "created", "", text), Edit("plan.md", 35, "deleted", "", ""))
    said = (("user", "a plan"), ("assistant", "It stands."), ("user", "put it into the existing one"))
    said = (*said, ("assistant", "I put it in."), ("user", "not as the first phase"))
    transcript = told(*said, edits=edits, texts=(FileText("plan.md", 15, text),))
    spoken = [(2.0, "a machine identifier")]
    (gone,) = written_documents(transcript, printed_in(transcript), spoken, -1)
    (there,) = written_documents(transcript.replace(edits=edits[:1]), printed_in(transcript), spoken, -1)
    assert (gone.deleted, gone.late, there.deleted) == (True, True, False)
    assert len(there.key) < len(gone.key)
    assert "One place" not in there.key
    assert "func MachineID" in there.key


def test_sections_without_a_word_are_told_as_yet_to_be_written() -> None:
    """One that has sections of its own is written in these."""
    text = f"# Rollout\n\n{PLAN.partition('## Overview')[2].partition('## Notes')[0]}## Checks\n### Web\n- it answers\n## Rollback\n## Later\n"
    (plan,) = documents(edits=(Edit("plan.md", 20, "created", "", text),), text=text)
    assert plan.text.endswith("\nNothing below it yet: Rollback; Later")


def test_of_an_older_document_only_what_was_written_is_told() -> None:
    edit = Edit("plan.md", 20, "modified", "Nothing.", "A stable number for each machine, made of its name and system.")
    (plan,) = documents("go", edits=(edit,))
    assert plan.text.startswith("## Machine identifier (lines 7-17)\nA stable number")
    assert "Overview" not in plan.text


def test_a_small_document_is_told_whole() -> None:
    text = "# Hello\n\nThe quick brown fox.\n"
    (small,) = documents("go", edits=(Edit("plan.md", 20, "created", "", text),), text=text)
    assert small.whole
    assert small.text == "# Hello\nThe quick brown fox."


def test_a_document_that_a_script_wrote_since_is_told_as_before() -> None:
    edits = (Edit("plan.md", 20, "created", "", "# Hello\n\nThe fox.\n"), Edit("plan.md", 30, "modified", "", ""))
    transcript = told(("user", "go"), edits=edits)
    (small,) = written_documents(transcript, printed_in(transcript), [], -1)
    assert small.old
    assert small.text == "# Hello\nThe fox."


def test_a_document_is_late_where_it_was_written_since_the_request_that_the_work_is_for() -> None:
    transcript = told(("user", "go"), edits=(Edit("plan.md", 20, "created", "", PLAN),))
    for since, late in ((10, True), (20, False)):
        (plan,) = written_documents(transcript, printed_in(transcript), [], since)
        assert plan.late is late


def test_of_a_long_block_of_code_what_is_called_new_is_told() -> None:
    fields = "\n".join(f"  field{number}: string;" for number in range(30))
    text = f"# Design\n\n## Types\n\n```ts\ninterface State {{\n{fields}\n\n  // NEW: what was sent\n  sentId?: string;\n}}\n```\n"
    (design,) = documents("go", edits=(Edit("plan.md", 20, "created", "", text),), text=text)
    assert "interface State {" in design.key
    assert "  sentId?: string;" in design.key
    assert "  field20: string;" not in design.key


def test_lines_that_name_what_is_asked_for_are_told_of_sections_not_written_since() -> None:
    text = "# Plan\n\n## Solution\n\nKeep machine_id.\n\n## Types\n\n**File**: `id.go`\n\nThere is no machine_id here.\n\nNothing else matters.\n"
    text += "\n".join(["", "## Rest", *(f"line {number}" for number in range(20)), ""])
    first = Edit("plan.md", 5, "modified", "## Types\n\n**File**: `id.go`\n\nx", "\n".join(text.split("\n")[6:11]))
    last = Edit("plan.md", 20, "modified", "Drop it.", "Keep machine_id.")
    transcript = told(("assistant", "Done."), ("user", "no, keep machine_id"), edits=(first, last))
    asked = max(it.position for it in transcript.messages)
    transcript = transcript.replace(
        edits=(first.replace(position=asked - 1), last.replace(position=asked + 1)),
        texts=(FileText("plan.md", asked + 1, text),),
    )
    (plan,) = written_documents(transcript, [], [(3.0, "no, keep machine_id")], -1)
    assert "11: There is no machine_id here." in plan.text.split("\n")
    assert not any(line.startswith("5: ") for line in plan.text.split("\n"))


def test_of_a_design_the_type_it_decides_is_shown_before_how_it_is_used_and_as_much_code_as_fits() -> None:
    kind = ["type Client interface {", "\tTrack(name string) error", "\tClose() error", "}"]
    use = [f"\tuseOfStep{n}(client, {n}) // {'and so on ' * 5}" for n in range(40)]
    code = "\n".join(["```go", *kind, "", "func main() {", *use, "}", "```"])
    checks = "\n".join(["```go", *use, "```"])
    text = f"# Plan\n\n## Client\n\n{code}\n\n## Unit tests\n\n{checks}\n"
    (found,) = documents("useOfStep7", edits=(Edit("plan.md", 20, "created", "", text),), text=text)
    assert "\n".join(kind[:-1]) in found.key
    assert "useOfStep" in found.key
    assert "Unit tests (lines" not in found.key


def deleted(request, *, then=()):
    transcript = told(
        ("user", "write a plan"),
        ("assistant", "It is written."),
        ("user", request),
        edits=(
            Edit("plan.md", 12, "created", "", PLAN),
            Edit("all.md", 13, "created", "", "# All\n\nNothing yet.\n"),
            Edit("plan.md", 31, "deleted", "", ""),
            *then,
        ),
        texts=(FileText("plan.md", 12, PLAN),),
    )
    return [(it.path, it.deleted) for it in written_documents(transcript, printed_in(transcript), [], 30)]


def test_a_document_that_was_deleted_to_be_put_into_another_is_told_until_that_is_done():
    assert deleted("no documents besides, put it into the existing one") == [("all.md", False), ("plan.md", True)]
    assert deleted("throw the plan away") == [("all.md", False)]
    written = Edit("all.md", 32, "modified", "Nothing yet.", PLAN)
    assert deleted("put it into the existing one", then=(written,)) == [("all.md", False)]


def test_what_a_small_edit_put_in_last_is_told_without_remarks():
    old, new = "They count as one.", "They count as one.\n\n    salt = 8  # for each"
    edits = (Edit("plan.md", 5, "created", "", PLAN), Edit("plan.md", 20, "modified", old, new))
    (plan,) = documents("nothing", edits=edits, text=PLAN.replace(old, new))
    assert plan.key.endswith("\nPut in or changed last: salt = 8")
    assert "Put in" not in documents("nothing", edits=edits[:1])[0].key


def test_sections_that_say_what_was_found_or_recommended_come_first():
    text = "# Issue\n\n## Example\n\nSomebody makes two rows of it.\n\n## Root cause\n\nNobody takes the lock of the rows.\n"
    text += "".join(f"\n## Part {n}\n\nThe part is looked at here, number {n}, in all its length.\n" for n in range(9))
    (document,) = documents("nothing", edits=(Edit("plan.md", 20, "created", "", text),), text=text)
    assert "Nobody takes the lock of the rows." in document.key


def test_of_what_was_found_more_than_a_sentence_stands_before_the_code_of_a_proposal():
    code = "\n".join(f"    step{n}(rows)" for n in range(12))
    found = "Nobody takes the lock of the rows. So two imports write the same row, and the later one wins over it."
    proposal = f"Take the lock in `load_rows`.\n\n```python\ndef load_rows(rows):\n{code}\n```\n"
    text = f"# Issue\n\n## Root Cause\n\n{found}\n\n## Option 1: hold it (recommended)\n\n{proposal}"
    text += "".join(f"\n## Part {n}\n\nSomething else of part {n}, which has little to do with it.\n" for n in range(9))
    (issue,) = documents("`load_rows`", edits=(Edit("plan.md", 20, "created", "", text),), text=text)
    assert f"## Root Cause (lines 3-6)\n{found}" in issue.key


def test_the_steps_that_the_code_of_a_design_numbers_tell_what_it_does() -> None:
    steps = ("load the rows (all of them)", "drop the empty ones", "write the rest")
    code = "\n".join(f"  // {at}. {it}:\n  call({at});" for at, it in enumerate(steps, 1))
    text = f"# Design\n\n## Worker\n\nIt imports.\n\n```ts\nfunction work() {{\n{code}\n}}\n```\n" + "x\n" * 20
    (design,) = documents("the worker", edits=(Edit("plan.md", 20, "created", "", text),), text=text)
    assert "Steps of its code: 1. load the rows; 2. drop the empty ones; 3. write the rest" in design.key


def test_numbers_in_comments_that_do_not_follow_one_another_are_no_steps() -> None:
    text = (
        "# Design\n\n## Worker\n\n```ts\n// 3. call it\nfirst();\n// 1. first\n// 7. then\nsecond();\n```\n"
        + "x\n" * 20
    )
    (design,) = documents("the worker", edits=(Edit("plan.md", 20, "created", "", text),), text=text)
    assert "Steps of its code" not in design.key


def test_a_label_with_its_word_is_not_what_a_section_says() -> None:
    text = "# Plan\n\n## Inspect\n\n**Category**: Diagnostics\n\nShows what is wrong with a setup.\n" + "x\n" * 20
    (plan,) = documents("inspect", edits=(Edit("plan.md", 20, "created", "", text),), text=text)
    assert "Shows what is wrong with a setup." in plan.key
    assert "Diagnostics" not in plan.key


FIX = """# The architecture

## Phase 4: the sync of pages is broken

**Issue Discovered**: May 7, 2031 (in a review)

**Problem**: Pages are marked as synced once, so that rows which come later are never sent.

### Root Cause

The rows of a page are marked, those of a book are not.

```go
markPage(page)
markPage(lastPage)
markPage(firstPage)
```

### Solution: marks for each row

**Principle**: Keep both kinds of marks in the same file.

**File**: `~/.rows/marks.jsonl`

```json
{"kind": "page"}
```

### Implementation Changes

The sync of pages reads the marks and sends the rows behind them.

### Edge cases of the sync

Pages that the sync has never seen are sent whole.
"""


def test_the_design_stands_besides_by_its_labels_and_the_code_of_a_cause_is_the_old_one():
    edit = Edit("plan.md", 20, "modified", "", FIX.partition("\n\n")[2])
    (plan,) = documents("the sync of pages: root cause, implementation changes", edits=(edit,), text=FIX)
    lines = plan.key.split("\n")
    at = lines.index("### Solution: marks for each row (lines 19-28)")
    assert lines[at + 1] == "Principle: Keep both kinds of marks in the same file; File: `~/.rows/marks.jsonl`"
    assert "The rows of a page are marked, those of a book are not." in lines
    assert "markPage" not in plan.key
    assert "May 7" not in plan.key


@pytest.mark.parametrize(
    "heading", ["Design", "2. Proposed design", "2.1 - Solution", "3) The design", "**1.2.3.** Design"]
)
def test_a_design_is_known_below_any_number(heading):
    assert _DESIGN.match(heading)


@pytest.mark.parametrize("piece", [".", "1", ".1", " ", "-"])
def test_a_heading_of_signs_is_read_in_time_that_grows_as_it_does(piece):
    assert_linear(lambda size: _DESIGN.match("1" + piece * size), 8_000)
