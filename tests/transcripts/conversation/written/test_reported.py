"""Edits that an agent reports in words, where an export shows no calls."""

from __future__ import annotations

import pytest

ASKED = "**User**\n\nlimit the upload, see `api/upload.go`\n\n---\n\n**Cursor**\n\n"


def edits(read, told: str) -> list[tuple[str, str, str, str]]:
    found = read(f"{ASKED}{told}\n\n---\n\n**User**\n\nthanks\n")
    return [(it.path, it.action, it.old, it.new) for it in found.edits]


@pytest.mark.parametrize(
    "told",
    ["Done, I edited `api/upload.go`:", "OK. I've just updated `api/upload.go`:", "Fixed: changed api/upload.go:"],
)
def test_a_diff_below_words_that_it_is_done_is_an_edit(read, told):
    assert edits(read, f"{told}\n\n```diff\n-a\n+b\n```") == [("api/upload.go", "modified", "a", "b")]


@pytest.mark.parametrize("told", ["I could change `api/upload.go` like this:", "I'll clamp it in `api/upload.go`:"])
def test_a_diff_below_words_that_it_may_be_done_is_none(read, told):
    assert edits(read, f"{told}\n\n```diff\n-a\n+b\n```") == []


@pytest.mark.parametrize(
    "count", ["I edited 3 files:", "Good. I've made changes to these files:", "Updated three files:"]
)
def test_below_a_line_that_counts_files_each_is_an_edit(read, count):
    """With what changed, or what a new one holds; what is said of it is said."""
    told = (
        f"{count}\n\n`api/upload.go`\n```diff\n-a\n+b\n```\n\n- **api/errors.go**: a 413 with a hint\n\n"
        "`web/limits.ts` (new)\n```typescript\nexport const MAX = 50;\n```\n\nThe tests pass."
    )
    assert edits(read, told) == [
        ("api/upload.go", "modified", "a", "b"),
        ("api/errors.go", "modified", "", ""),
        ("web/limits.ts", "created", "", "export const MAX = 50;"),
    ]
    said = [it.text for it in read(ASKED + told).messages]
    assert "- **api/errors.go**: a 413 with a hint" in said[2]
    assert said[-1] == "The tests pass."


@pytest.mark.parametrize(
    ("told", "paths"),
    [
        ("I added `e2e/limit.spec.ts` with 5 cases.", ["e2e/limit.spec.ts"]),
        ("I changed `upload.go` and `docs/limits.md`, both say 50 MB.", ["api/upload.go", "docs/limits.md"]),
        ("I added `50m` to `deploy/values.yaml`.", []),
        ("I added `notes.md` to the ignored files.", []),
        ("I removed `limit.go` from the list.", []),
        ("I checked `api/upload.go` again.", []),
        ("I set `user.name`.", []),
    ],
)
def test_a_sentence_may_tell_of_an_edit(read, told, paths):
    """A file without a folder is the one of that name that was named with its own."""
    assert [it[0] for it in edits(read, told)] == paths


def test_where_calls_show_the_edits_no_sentence_adds_any(read):
    shown = (
        'User: do it\n\nAssistant: ok\n\n[Tool: Edit] {"file_path": "a.py", "old_string": "1", "new_string": "2"}\n\n'
    )
    assert [it.path for it in read(f"{shown}Assistant: I edited `a.py` and `b.py`, both work.\n").edits] == ["a.py"]


def test_a_file_that_is_only_named_above_its_diff_was_edited_with_the_one_before(read):
    first = "I've edited `api/upload.go`:\n\n```diff\n-a\n+b\n```\n\n"
    assert edits(read, f"{first}`api/errors.go`:\n\n```diff\n-c\n+d\n```") == [
        ("api/upload.go", "modified", "a", "b"),
        ("api/errors.go", "modified", "c", "d"),
    ]
    assert edits(read, f"{first}`api/errors.go`:\n\n```go\nd\n```") == [("api/upload.go", "modified", "a", "b")]
    assert edits(read, "`api/errors.go`:\n\n```diff\n-c\n+d\n```") == []


@pytest.mark.parametrize(
    ("shown", "outcomes"),
    [
        ("tests/test_upload.py ..\n=== 2 passed in 0.1s ===", ["failed", "ok"]),
        ("tests/test_upload.py .F\n=== 1 failed, 1 passed in 0.1s ===", ["failed"]),  # it is quoted
        ("tests/test_other.py ..\n=== 9 passed in 0.1s ===", ["failed"]),
        ("tests/test_upload.py ..\nthat is how it begins", ["failed"]),
    ],
)
def test_a_block_that_begins_as_the_last_checks_output_and_ends_anew_is_a_run_of_it(read, shown, outcomes):
    head = "tests/test_upload.py ..\ntests/test_upload.py .F\n"
    ran = f"```bash\npytest\n```\n\n```\n{head}=== 1 failed, 1 passed in 0.1s ===\n```\n\n"
    found = read(f"{ASKED}{ran}I clamp it.\n\n```\n{shown}\n```\n\n---\n\n**User**\n\nthanks\n")
    assert [(it.text, it.outcome) for it in found.commands] == [("pytest", it) for it in outcomes]


def test_a_diff_below_which_its_check_was_run_again_was_made_in_the_file_that_the_words_name(read):
    ran = "```bash\npytest\n```\n\n```\ntests/test_upload.py .F\n=== 1 failed, 1 passed in 0.1s ===\n```\n\n"
    change = "The smallest change is in `api/upload.go`: clamp it.\n\n```diff\n-a\n+b\n```\n\n"
    again = "```\ntests/test_upload.py .F\n=== 2 passed in 0.1s ===\n```"
    assert edits(read, f"{ran}{change}{again}") == [("api/upload.go", "modified", "a", "b")]
    assert edits(read, f"{ran}{change}Shall I?") == []
    assert edits(read, f"{change}{again}") == []


def test_the_line_with_which_an_export_in_another_language_says_when_it_was_made_is_nobodys(read):
    text = "# Chat\nExport\u00e9e le 03/06/2026\n\n### Utilisateur\n\nva\n\n### Assistant\n\nC'est fait.\n"
    assert [it.text for it in read(text).messages] == ["va", "C'est fait."]


def test_a_heading_that_links_to_a_file_above_a_block_is_an_edit_that_the_editor_made(read):
    """Comments for what stays part it, an opening mark may stand there twice; the words around are one."""
    block = "````javascript\n````javascript\n// ...existing code...\ntotal = sum(rows)\n// ...existing code...\nshow()\n````"
    told = f"I sum it.\n\n### [cart.js](file:///srv/shop/src/cart.js)\n\nSum all rows.\n\n{block}\n\nIt holds."
    path = "/srv/shop/src/cart.js"
    assert edits(read, told) == [(path, "modified", "", "total = sum(rows)"), (path, "modified", "", "show()")]
    words = [it.text for it in read(f"{ASKED}{told}\n").messages][1]
    assert [it for it in words.split("\n") if it] == ["I sum it.", "Sum all rows.", "It holds."]
    assert not edits(read, "### [cart.js](file:///srv/shop/src/cart.js)\n\nIt is run so:\n\n```bash\nnode cart.js\n```")
