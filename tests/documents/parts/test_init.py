"""What the parts of a document hold besides the story: files, the record, and where the work stands in git."""

from __future__ import annotations

from handoff_cli.core.transcript import Edit, FileTouch
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.facts import LastCommit, Made
from handoff_cli.documents.parts import _tree
from tests.documents.sessions import ran, render, story_of, told


def test_where_git_said_that_there_is_no_repository_no_commit_is_missed():
    edits = (Edit("/p/node.py", 4, "modified", "a", "b", outcome="ok"),)
    for command, said in (
        ("git status --short", "no git repository"),
        ("cd lib && git status", "no commit of the edits"),
    ):
        failed = ran(command, "failed", 3, "fatal: not a git repository (or any of the parent directories): .git", 128)
        story = extract(told(("user", "mend it"), commands=(failed,), edits=edits))
        assert any(said in piece.forms[0].lower() for piece in _tree(story))


def test_a_file_that_lies_elsewhere_is_not_told_below_the_folder_of_the_others(facts):
    """Git may list a folder besides those edited: it is not said to lie in theirs."""
    files = (*(FileTouch(f"src/{name}.py", "modified", 2) for name in "abc"), FileTouch("tmp", "created", 1))
    last = LastCommit("1a2b3c4", "", False, ("tmp (new)",), "", files[3:])
    told_of = story_of(files=files[:3], last_commit=last, commits=(Made("1a2b3c4", "Mend"),))
    text = render(facts.replace(story=told_of, git=None))
    assert "Not committed:\n\n```\ntmp" in text
    assert "Changed before that, below `src/`" in text


def test_changed_files_are_said_to_stand_in_an_order_where_some_were_edited_more_often(facts):
    for counts, order in (((2, 2), ""), ((3, 1), ", the most edited first")):
        files = tuple(FileTouch(f"{name}.py", "modified", count) for name, count in zip("ab", counts, strict=True))
        assert f"Changed{order}:" in render(facts.replace(story=story_of(files=files), git=None))


def test_a_file_that_was_made_and_deleted_again_is_named_apart(facts):
    """What was deleted and was there before is a changed one."""
    gone = (FileTouch("plan.md", "created", 1), FileTouch("plan.md", "deleted", 1))
    files = (*gone, FileTouch("old.md", "deleted", 1), FileTouch("a.py", "modified", 1))
    last = LastCommit("1a2b3c4", "", False, ("old.md",), "", (*gone, files[2]))
    for committed in (None, last):
        text = render(facts.replace(story=story_of(files=files, last_commit=committed), git=None))
        assert "old.md deleted" in text
        assert text.count("plan.md") == text.count("Made and deleted again:\n\n```\nplan.md\n```") == 1


def test_where_only_documents_were_edited_the_state_says_so():
    """Where the log begins amid the work, nobody knows what was edited before."""
    for path, amid, only in (
        ("docs/plan.md", False, True),
        ("src/plan.py", False, False),
        ("docs/plan.md", True, False),
    ):
        edited = (Edit(path, 2, "modified", "old words", "new words"),)
        (line,) = _tree(extract(told(("user", "plan it"), edits=edited, begins_amid=amid)))
        assert ("only documents were edited" in line.forms[0].lower()) is only


def test_where_only_files_kept_for_a_while_were_edited_no_commit_of_them_is_missed():
    """The project itself may lie where such files are kept."""
    for folder, path, beside in (
        ("/home/ada/shop", "/tmp/try/main.py", True),
        ("/tmp/shop", "/tmp/shop/main.py", False),
        ("/home/ada/shop", "/home/ada/shop/main.py", False),
    ):
        edits = (Edit(path, 4, "modified", "a = 1", "a = 2", outcome="ok"),)
        (line,) = _tree(extract(told(("user", "look into it"), edits=edits, folder=folder)))
        assert ("only scratch files were edited" in line.forms[0].lower()) is beside
        assert ("no commit of the edits is seen" in line.forms[0].lower()) is not beside
