import os

import pytest

from handoff_cli.core.settings import SETTING_KEYS


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("handoff st", {"status"}),
        ("handoff config get critical", {"critical_threshold"}),
        ("handoff config set ", set(SETTING_KEYS)),
        ("handoff track --model gpt-4o", {"gpt-4o"}),
        ("handoff track --encoding cl", {"cl100k_base"}),
        ("handoff track --format cla", {"claude-code"}),
        ("handoff --session b", {"beta"}),
    ],
)
def test_the_shell_completes_commands_settings_models_and_sessions(spawn, handoff, words, offered):
    handoff("-q", "--session", "beta", "track", "--tokens", "1")
    done = spawn(
        env={"_HANDOFF_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split(" ")) - 1)}
    )
    assert done.returncode == 0
    assert offered <= set(done.stdout.decode().split())


def test_completion_in_a_broken_project_offers_nothing_and_says_nothing(spawn, project):
    (project / ".agent-handoffs").symlink_to(os.devnull)
    done = spawn(env={"_HANDOFF_COMPLETE": "complete_bash", "COMP_WORDS": "handoff --session b", "COMP_CWORD": "2"})
    assert (done.stdout.strip(), done.stderr) == (b"", b"")
