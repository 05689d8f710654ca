"""A session of any rows in any order gives a document: what agents write is not in our hands."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handoff_cli.core.transcript import (
    Answer,
    Command,
    Commit,
    Compaction,
    Edit,
    FileText,
    FileTouch,
    Lookup,
    Message,
    Todo,
    ToolCall,
    Transcript,
)
from handoff_cli.documents.extract import extract, words_of
from tests.documents.test_fit import document

WORDS = (
    "",
    "yes",
    "no, use b.py instead",
    "2",
    "why?",
    "- one\n- two",
    "Two ways:\n1. hold it\n2. drop it\nWhich one?",
    "# Plan\n\n## 1. Read\n\n## 2. Write\n\n## 3. Test",
    "I'll now run the tests.",
    "Now let me edit `hold()` in `lock.py`.",
    "You're right, that was wrong. The cause is `free()` in b.py:12.",
    "Done: all 12 tests pass. Next: the docs.",
    "| a | b |\n| --- | --- |\n| 1 | 2 |",
    "```py\ndef hold():\n    return 1\n```",
    "diff --git a/b.py b/b.py\n--- a/b.py\n+++ b/b.py\n@@ -1,2 +1,2 @@ def hold():\n-    return 1\n+    return 2",
    "b.py:12: error: undefined name hold\nFound 1 error",
    "FAILED tests/test_b.py::test_hold - assert 1 == 2\n1 failed, 3 passed in 0.10s",
    "12 passed in 0.10s",
    "Traceback (most recent call last):\n  File \"b.py\", line 2, in hold\nKeyError: 'a'",
    "     1\tdef hold():\n     2\t    return 1",
    "<system-reminder>x</system-reminder>",
    "[Request interrupted by user]",
    "…",
    "**\n?",
    "\n\n\n",
    "\u202e\u200b\0",
)
COMMANDS = (
    "pytest -q",
    "git commit -m 'Hold it'",
    "git commit --amend --no-edit -q",
    "git reset --hard HEAD~1",
    "git stash",
    "git stash pop",
    "git checkout -b held",
    "cat b.py",
    "grep -rn hold .",
    "sed -i s/a/b/ b.py",
    "cat > b.py <<'A'\nx = 1\nA",
    "cd lock && go test ./... | tail -5",
    "sleep 9 &",
    "",
    "''",
)
PATHS = ("b.py", "/p/b.py", "tests/test_b.py", "README.md", "", ".", "/", "C:\\p\\b.py", "a b", "\n")
OUTCOMES = (None, "ok", "failed", "ended", "refused", "odd")


def any_session(random):
    """A transcript of any rows at any places, as ``random`` deals them."""
    one = random.choice

    def text():
        return one(WORDS)

    def place():
        return random.randrange(60)

    def maybe(value):
        return one((None, value))

    def rows(make):
        made = [make() for _ in range(random.randrange(7))]
        return tuple(sorted(made, key=lambda row: getattr(row, "position", 0)))

    def said():
        return Message(
            one(("user", "assistant")), text(), place(), ended=one((True, False)), stopped=one((True, False))
        )

    def edit():
        action = one(("created", "modified", "deleted", "odd"))
        return Edit(one(PATHS), place(), action, text(), text(), maybe(text()), one(OUTCOMES))

    def command():
        code = one((None, 0, 1))
        return Command(one(COMMANDS), place(), None, code, one(OUTCOMES), maybe(text()), maybe(text()))

    def call():
        name = one(("Bash", "Task", "TodoWrite", "AskUserQuestion", "odd", ""))
        return ToolCall(str(place()), name, text(), place(), None, one(OUTCOMES), maybe(text()))

    return Transcript(
        one(("claude_code", "codex", "text")),
        messages=rows(said),
        tool_calls=rows(call),
        commands=rows(command),
        files=rows(lambda: FileTouch(one(PATHS), one(("created", "modified", "deleted", "read")), place())),
        edits=rows(edit),
        declined=rows(edit),
        wanted=rows(edit),
        texts=rows(lambda: FileText(one(PATHS), place(), text())),
        lookups=rows(lambda: Lookup(one(("read", "search", "agent", "fetch", "tool")), text(), place(), text())),
        todos=rows(lambda: Todo(text(), one(("pending", "in_progress", "completed", "odd")))),
        commits=rows(lambda: Commit("abc1234", text())),
        answers=rows(lambda: Answer(text(), text(), place())),
        reasonings=rows(said),
        summaries=rows(said),
        orders=rows(said),
        compactions=rows(lambda: Compaction(place())),
        plan=maybe(text()),
        plan_file=maybe(one(PATHS)),
        plan_mode=one((None, True, False)),
        branch=maybe(text()),
        speakers=one((True, False)),
    )


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False))
def test_any_session_gives_a_document_within_its_budget(facts, random):
    """Whatever stands in it, and whatever is missing."""
    session = any_session(random)
    for story in (extract(session), words_of(session)):
        assert document(facts.replace(story=story)).tokens <= 2_000
