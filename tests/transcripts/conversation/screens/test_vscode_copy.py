"""VS Code's chat copied whole, where the copy has nothing of an edit but its tool's name and an empty block."""

from __future__ import annotations

from handoff_cli.core.tool_names import NOTED

BLOCK = "\n\n\n```\n\n```\n"
CHAT = f"""\
mia: mend the job

GitHub Copilot: I'll look first.

Searched text for `retries` (`**/*.cs`), 20 results

Created 2 todos

Starting (1/2) *Count the retries*

Using "Replace String in File"{BLOCK}
Now the log:

Starting (2/2) *Log each retry*

Using "Replace String in File"{BLOCK}
Ran terminal command: dotnet build

It builds.

Made changes.

mia: it still loops

GitHub Copilot: I'll read the log.

Summarized conversation historyThe counter is never set back.
"""


def test_an_edit_of_which_a_copy_has_an_empty_block_only_was_made_before_what_was_run_next(read):
    """What the chat says at the end of the turn, that changes were made, is of the same edits."""
    assert _done(read(CHAT)) == ["Edit", "Edit", "Bash"]
    linked = CHAT.replace("Now the log:", "Edited [](file:///home/mia/a.cs)\n\nNow the log:")
    assert [(it.path, it.action) for it in read(linked).files] == [("/home/mia/a.cs", "modified")]
    assert _done(read(linked)) == ["Edit", "Edit", "Bash"], "one that is linked is told once"


def _done(found):
    return [it.name for it in found.tool_calls if it.name != NOTED]


def test_a_to_do_that_is_started_ends_the_one_before(read):
    assert [(it.text, it.status) for it in read(CHAT).todos] == [
        ("Count the retries", "completed"),
        ("Log each retry", "in_progress"),
    ]
    ended = CHAT.replace("It builds.", "It builds.\n\nCompleted: *Log each retry* (2/2)")
    assert [it.status for it in read(ended).todos] == ["completed", "completed"]


def test_what_the_chat_says_of_searches_and_of_a_summary_is_none_of_the_agents_words(said):
    words = [text for role, text in said(CHAT) if role == "assistant"]
    assert words[:3] == ["I'll look first.", "Now the log:", "It builds."]
    plain = "Summarized conversation history as asked.\n\nCompleted *all* of it"
    assert said(CHAT.replace("It builds.", plain))[3][1] == plain
    assert words[3].split("\n\n\n") == ["I'll read the log.", "The counter is never set back."]


def test_a_heading_of_results_in_what_the_agent_says_is_of_no_command(read):
    """The copy never shows what came of one."""
    found = read(CHAT.replace("It builds.", "It builds.\n\n### Results:\n\n- It starts at once"))
    assert [(it.outcome, it.output) for it in found.commands] == [(None, None)]
    assert found.messages[3].text == "It builds.\n\n### Results:\n\n- It starts at once"


def test_an_edit_of_which_a_copy_says_no_more_is_of_the_file_that_the_sentence_above_names(read):
    """Of the next one below the same words it is not known, nor where a sentence before names another file."""
    made = "\n```\n\n\nMade changes.\n\n\n```\n"
    text = f"mia: mend it\n\nGitHub Copilot: I read job.cs. Now the .gitignore: {made}{made}It is job.cs. I mend it. {made}"
    found = read(f"{text}\nmia: thanks\n\nGitHub Copilot: Gladly.\n")
    assert [it.path for it in found.edits] == [".gitignore"]
    assert _done(found) == ["Edit", "Edit", "Edit"]
