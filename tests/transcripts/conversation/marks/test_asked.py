"""Agents that are asked on command lines: the prompt is the user's, what is printed below the agent's."""

from __future__ import annotations

import pytest

from handoff_cli.transcripts.conversation.marks.asked import prompt_in, starts_agent
from handoff_cli.transcripts.conversation.reading.chat_program import holds_chat

LOG = """\
$ make test
make: *** [test] Error 1
$ claude -p "Why does the test fail?"
The path in src/a.py is relative.

I recommend an absolute one.
$ claude -p "Why does the test fail?"
As I said.
$ codex exec "Mend it"
[2025-10-01T10:00:00] OpenAI Codex v0.44.0 (research preview)
--------
workdir: /home/sam/proj
--------
[2025-10-01T10:00:01] User instructions:
Mend it

[2025-10-01T10:00:07] exec bash -lc 'make test' in /home/sam/proj
[2025-10-01T10:00:12] bash -lc 'make test' exited 2 in 4.2s:
make: *** [test] Error 1
[2025-10-01T10:00:20] apply_patch(auto_approved=true, exit_code=0):
M src/a.py
[2025-10-01T10:00:25] codex

Mended.
[2025-10-01T10:00:25] tokens used: 5,432
$ make test
3 passed in 0.1s
$ # TODO: the docs
"""


@pytest.mark.parametrize(
    ("run", "prompt"),
    [
        ('claude -p "fix it"', "fix it"),
        ("cat err.log | claude --model opus -p 'what is wrong'", "what is wrong"),
        ('claude --append-system-prompt "You are terse" "fix the build"', "fix the build"),
        ("codex exec --full-auto 'add a test'", "add a test"),
        ('npx @openai/codex@latest exec "add a test"', "add a test"),
        ('aider --message "rename it" src/a.py', "rename it"),
        ("aider 'src/my file.py'", ""),
        ("aider -m 'rename it' src/a.py", "rename it"),
        ("llm chat -m gpt-5.2 -s 'You are terse'", ""),
        ("llm -m gpt-5.2 'why is it slow'", "why is it slow"),
        ("GEMINI_MODEL=x gemini --prompt='is it fast'", "is it fast"),
        ('cd /tmp && opencode run "list the panics"', "list the panics"),
        ('claude -p "first line', "first line"),
        ('claude -p "$(cat prompt.md)"', ""),
        ("claude --version", ""),
        ('echo "claude is here"', ""),
        ('git commit -m "claude -p"', ""),
    ],
)
def test_the_prompt_of_a_command(run, prompt):
    """Behind options that take no prompt, in a pipe, cut off; none that stands in a file or is for another program."""
    assert prompt_in(run) == prompt


def test_a_terminal_in_which_agents_are_asked(said, read):
    """An agent's log may repeat the prompt; the shell's own commands are commands, its comments none."""
    assert said(LOG) == [
        ("user", "Why does the test fail?"),
        ("assistant", "The path in src/a.py is relative.\n\nI recommend an absolute one."),
        ("user", "Why does the test fail?"),
        ("assistant", "As I said."),
        ("user", "Mend it"),
        ("assistant", "Mended."),
    ]
    found = read(LOG)
    assert [(it.text, it.outcome) for it in found.commands] == [
        ("make test", "failed"),
        ("make test", "failed"),
        ("make test", "ok"),
    ]
    assert [(it.path, it.action) for it in found.files] == [("src/a.py", "modified")]
    assert [it.text for it in found.todos] == ["the docs"]


def test_an_agent_that_is_started_shows_its_screen(said, read):
    """What stands below is its screen and no output; after it the shell goes on."""
    text = """\
sam@box:~/shop$ pytest -q
1 failed, 2 passed in 0.10s
sam@box:~/shop$ claude --continue

╭──────────────────────────╮
│ ✻ Welcome to Claude Code │
╰──────────────────────────╯

> mend cart.py

⏺ Update(cart.py)
  ⎿  Updated cart.py with 1 addition and 1 removal

⏺ Mended.

> /exit

sam@box:~/shop$ pytest -q
3 passed in 0.10s
"""
    assert said(text) == [("user", "mend cart.py"), ("assistant", "Mended.")]
    assert [(it.text, it.outcome) for it in read(text).commands] == [("pytest -q", "failed"), ("pytest -q", "ok")]
    assert not any(
        starts_agent(run) for run in ("claude --version", "claude -p x", "claude mcp list", "ls", "codex | cat")
    )


CHAT = """\
sam@box:~/shop$ df -h / | tail -1
/dev/sda1 500G 471G 30G 95% /
sam@box:~/shop$ llm chat -m gpt-5.2 -s "Be brief."
Chatting with gpt-5.2
Type 'exit' or 'quit' to exit
> why is the disk full? never delete the logs
The journal has grown. Vacuum it:

    journalctl --vacuum-size=1G

> !multi
what else
is large?
!end
The cache.
> exit
sam@box:~/shop$ make clean
removed 3 files
"""


def test_a_chat_that_a_program_holds_at_a_prompt_is_the_users_and_the_agents(read):
    found = read(CHAT)
    assert [(it.role, it.text) for it in found.messages] == [
        ("user", "why is the disk full? never delete the logs"),
        ("assistant", "The journal has grown. Vacuum it:\n\n    journalctl --vacuum-size=1G"),
        ("user", "what else\nis large?"),
        ("assistant", "The cache."),
    ]
    assert [it.text for it in found.commands] == ["df -h / | tail -1", "make clean"]


def test_a_chat_ends_with_the_prompt_of_the_shell_that_it_was_started_at(read):
    found = read(
        "$ ollama run qwen3\n>>> Send a message (/? for help)\n>>> hi there\n> I quote.\n\nHello.\n$ make\nok\n"
    )
    assert [(it.role, it.text) for it in found.messages] == [
        ("user", "hi there"),
        ("assistant", "> I quote.\n\nHello."),
    ]
    assert [it.text for it in found.commands] == ["make"]


def test_a_chat_in_which_nobody_speaks_is_a_command(read):
    found = read("$ llm chat -c\nError: No conversation found\n$ make\nok\n")
    assert [it.text for it in found.commands] == ["llm chat -c", "make"]


@pytest.mark.parametrize(
    ("run", "chats"),
    [
        ("llm chat", True),
        ("ollama run llama3.2:3b", True),
        ("sgpt --repl tmp", True),
        ('ollama run llama3.2 "why?"', False),
        ("llm logs", False),
        ("aichat why", False),
    ],
)
def test_commands_that_chat_at_a_prompt(run, chats):
    assert holds_chat(run) is chats
