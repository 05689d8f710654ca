"""Copies of Claude Code's panel in VS Code: nothing marks who speaks, lines tell what was done."""

from __future__ import annotations

PANEL = """Bring the nightly import back
I'll look at the script first.
Read run_import.sh
The script passes the wrong port. Let me mend that:
Edit run_import.sh
Modified
Now let me see whether an old import still runs:
Bash Check for running imports
IN
ps aux | grep import.py | grep -v grep
OUT
0
None runs. Now let me start it:
Bash Start the import
IN
cd jobs && python import.py \\
  --port 5433
OUT
Traceback (most recent call last):
  File "jobs/import.py", line 3, in <module>
    from feeds import read
ModuleNotFoundError: No module named 'feeds'
The path is wrong. Let me search for the module:
Grep "def read" (in src/feeds)
2 lines of output
Write src/path.py
12 lines
"""


def test_commands_stand_below(read):
    """A command stands below IN, its output below OUT; what follows is said."""
    first, second = read(PANEL).commands
    assert (first.text, first.output) == ("ps aux | grep import.py | grep -v grep", "0")
    assert second.text == "cd jobs && python import.py \\\n  --port 5433"
    assert second.outcome == "failed"
    assert second.output.endswith("No module named 'feeds'")


def test_tools_stand_with_what_they_took(read):
    """A tool and its argument stand on a line, what came of it on the next, if anything."""
    found = read(PANEL)
    files = {(it.path, it.action) for it in found.files}
    assert {("run_import.sh", "read"), ("run_import.sh", "modified"), ("src/path.py", "created")} <= files
    assert next(it for it in found.tool_calls if it.name == "Grep").outcome == "ok"


def test_words_are_the_agents(said):
    """A line that the next one answers is the user's at the beginning; other words are the agent's."""
    words = said(PANEL)
    assert words[0] == ("user", "Bring the nightly import back")
    assert {role for role, _ in words[1:]} == {"assistant"}
    assert ("assistant", "None runs. Now let me start it:") in words


STOPPED = """Bash Watch the import
IN
tail -f import.log
OUT
Interrupted by user
no more waiting, run it for one day only
and delete the log
OK, I'll run it for a single day:
Bash Run one day
IN
python import.py --days 1
OUT
Exit code 3
The day has no data.
"""


def test_what_follows_a_stop_is_the_users(read):
    """The words below an interruption are the user's, up to the answer."""
    found = read(PANEL + STOPPED)
    requests = [it.text for it in found.messages if it.role == "user"]
    assert requests == ["Bring the nightly import back", "no more waiting, run it for one day only\nand delete the log"]
    assert found.commands[-1].exit_code == 3
    assert found.messages[-1].text == "The day has no data."


def test_an_answer_tells_the_request(said):
    """A short line below an output, which the next one answers, is the user's."""
    words = said(PANEL + "leave the log alone please\nYou're right, I'll keep the log.\nRead import.log\n")
    assert words[-2:] == [("user", "leave the log alone please"), ("assistant", "You're right, I'll keep the log.")]


def test_an_output_is_no_request(said):
    """Of an output no line is taken for the user's, though the agent goes on in a friendly way."""
    words = said(PANEL + "Bash Install\nIN\nmake install\nOUT\nAll done now\nOK, that worked.\nRead a.py\n")
    assert words[-1] == ("assistant", "OK, that worked.")
    assert [role for role, _ in words].count("user") == 1


def test_notices_are_nobodys(said, read):
    """Commands about the agent itself and what the panel says of them are no words."""
    text = PANEL + "/compact\nCompacted\ncontinue\nOK, let me go on with the import.\nRead import.py\n"
    assert said(text)[-2:] == [("user", "continue"), ("assistant", "OK, let me go on with the import.")]
    assert len(read(text).compactions) == 1


def test_chinese(read):
    """It is told in Chinese as well."""
    text = (
        "Edit a.sh\nModified\n好的,脚本已更新。现在启动任务:\nBash Start\nIN\nbash a.sh\nOUT\n任务开始启动中...\n====\n"
        "所有任务已启动成功\n====\n太好了!任务已经启动。让我检查日志:\nBash Look\nIN\ntail a.log\nOUT\nInterrupted by user\n"
        "先别挂了 把日志删掉\n好的,我先删除日志文件:\nBash Remove\nIN\nrm a.log\nOUT\nExit code 1\nExit code 1表示文件已经不存在了。\n"
    )
    found = read(text)
    assert [it.text for it in found.messages if it.role == "user"] == ["先别挂了 把日志删掉"]
    assert found.commands[0].output == "任务开始启动中...\n====\n所有任务已启动成功\n===="
    assert found.messages[-1].text == "Exit code 1表示文件已经不存在了。"


def test_prose_about_tools_is_none(read):
    """Words that begin as a tool is called are no call where nothing of the panel is."""
    found = read("Read the docs first\nEdit is the tool that I use\nBash is a shell\n")
    assert not found.tool_calls
    assert not found.speakers


def test_a_report_with_code_is_no_output(said):
    """What the agent reports below an output may hold code."""
    report = (
        "The import works now, and this is how to run it:\n```\nmake import\n```\nEverything else stayed as it was.\n"
    )
    assert said(PANEL + "Bash Try\nIN\nmake\nOUT\nok 3\n" + report)[-1] == ("assistant", report.strip())


def test_what_follows_a_stop_among_names(said):
    """Where speakers are named, what stands below an interruption without a name is the user's too."""
    text = (
        "User: move the log\nAssistant: I'll move it to /var.\n[Request interrupted by user]\nnot to /var, to /srv\n"
        "Assistant: To /srv then.\nUser: good\nAssistant: Done.\n"
    )
    assert said(text)[2:4] == [("user", "not to /var, to /srv"), ("assistant", "To /srv then.")]
