"""What a handoff is made from where no agent's log is: the tracked text, or a conversation that is named or piped in."""

from __future__ import annotations

import json

import pytest

from tests.documents.sessions import claude_lines

TALK = """\
User: the upload fails for files over 2 MB, find out why
Assistant: The limit is read from the wrong key.
Edited server/upload.go (+4 -1)
$ go test ./server/...
--- FAIL: TestLimit (0.00s)
FAIL
exit status 1

User: don't raise the limit for guests, only for members
"""


FACTS = ("the upload fails for files over 2 MB", "upload.go", "go test ./server/...", "only for members")


def test_tracked_text_is_the_transcript(handoff):
    """Requests, files and failures of the text that was piped in; a description only labels it."""
    handoff("track", "-d", "the morning", stdin=TALK)
    _, out, _ = handoff("handoff", "--stdout")
    assert all(fact in out for fact in FACTS)


def test_pieces_cut_anywhere_make_one_conversation(handoff):
    """A turn, a command's output and a list go on in the next piece."""
    lines = TALK.splitlines(keepends=True)
    for start in range(0, len(lines), 2):
        handoff("track", stdin="".join(lines[start : start + 2]))
    _, out, _ = handoff("handoff", "--stdout")
    assert all(fact in out for fact in FACTS)


def test_a_conversation_by_name_and_by_pipe(handoff, project):
    """``-t FILE`` and ``-t -`` give the same facts; nothing is left behind."""
    file = project / "talk.txt"
    file.write_text(TALK)
    for name in ("-", str(file)):
        code, out, err = handoff("handoff", "--stdout", "-t", name, stdin=TALK)
        assert (code, err) == (0, "")
        assert all(fact in out for fact in FACTS)
    assert not list(project.parent.parent.glob("handoff-*"))


def test_a_format_that_is_said_must_be_its_own(handoff):
    """``--format`` is checked like everywhere, and errors name what the user knows."""
    assert handoff("handoff", "--stdout", "-t", "-", "--format", "text", stdin=TALK)[0] == 0
    code, _, err = handoff("handoff", "--stdout", "-t", "-", "--format", "codex", stdin=TALK)
    assert code == 1
    assert "standard input is not codex" in err


def test_where_nobody_is_named_it_says_so(handoff):
    """The facts of the text are there all the same."""
    text = "We decided to keep src/a.py.\nTODO: write the test\nNext: run it\n"
    code, out, err = handoff("handoff", "--stdout", "-t", "-", stdin=text)
    assert code == 0
    assert "nobody is named as a speaker in standard input" in err
    assert "write the test" in out
    assert "src/a.py" in out


def test_a_file_that_is_spoken_of_is_no_turn(handoff):
    """In the text that was kept, turn by turn."""
    handoff("track", stdin="We keep src/a.py as it is.\n")
    assert handoff("transcript")[1] == "## Text\n\nWe keep src/a.py as it is.\n\n"


@pytest.mark.parametrize(
    ("where", "title"), [("/srv/shop", "shop"), ("{project}/api", "{name}"), ("{parent}", "{name}"), ("", "{name}")]
)
def test_a_document_of_a_log_from_elsewhere_is_headed_by_the_folder_of_that_work(handoff, project, where, title):
    folder = where.format(project=project, parent=project.parent)
    assert _title(handoff, project, {"cwd": folder}) == title.format(name=project.name)


@pytest.mark.parametrize(
    ("where", "branch", "title"),
    [
        ("/srv/shop/.worktrees/3", "faster", "shop (faster)"),
        ("/srv/shop/.agent/worktrees/fix-12", "", "shop (fix-12)"),
        ("/srv/shop/worktrees/fix-12/api", "faster", "api"),
        ("/srv/worktrees", "faster", "worktrees"),
        ("/srv/ann/worktrees/shop-fix", "faster", "shop-fix"),
        ("/worktrees/3", "faster", "3"),
        ("/srv/shop/3", "faster", "3"),
    ],
)
def test_a_worktree_is_told_by_its_repository_and_the_branch_or_its_own_name(handoff, project, where, branch, title):
    assert _title(handoff, project, {"cwd": where} | ({"gitBranch": branch} if branch else {})) == title


def _title(handoff, project, fields):
    rows = [
        json.loads(it) | fields
        for it in claude_lines(("user", "hold the lock"), ("assistant", "Done.")).split("\n")[:-1]
    ]
    (project / "log.jsonl").write_text("".join(json.dumps(it) + "\n" for it in rows))
    _, out, _ = handoff("handoff", "--stdout", "-t", "log.jsonl")
    return out.partition("\n# Handoff: ")[2].partition("\n")[0]
