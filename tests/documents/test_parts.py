"""What the parts of a document hold besides the story: files, the record, and where the work stands in git."""

from __future__ import annotations

from handoff_cli.core.transcript import Edit
from handoff_cli.documents.extract import extract
from handoff_cli.documents.parts import _tree
from tests.documents.sessions import ran, told


def test_where_git_said_that_there_is_no_repository_no_commit_is_missed():
    edits = (Edit("/p/node.py", 4, "modified", "a", "b", outcome="ok"),)
    for command, said in (
        ("git status --short", "no git repository"),
        ("cd lib && git status", "no commit of the edits"),
    ):
        failed = ran(command, "failed", 3, "fatal: not a git repository (or any of the parent directories): .git", 128)
        story = extract(told(("user", "mend it"), commands=(failed,), edits=edits))
        assert any(said in piece.forms[0].lower() for piece in _tree(story))
