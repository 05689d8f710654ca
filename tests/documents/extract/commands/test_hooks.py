"""What the hooks of a commit ran: it was made, so they passed."""

from __future__ import annotations

from handoff_cli.documents.extract.commands.checks import runs_of
from handoff_cli.documents.extract.runs.failures import live_failures
from tests.documents.sessions import ran

RED = "src/a.ts(3,1): error TS2307: Cannot find module './b.js' or its corresponding type declarations."
BY_HOOK = "> shop@1.2.0 check\n> biome check . && npm run check --workspaces\n\n> @shop/web@1.2.0 test\n> vitest\n\n"
COMMIT = "git add -A && git commit -m 'Move b'"


def commands_of(runs):
    return [(it.command, it.outcome) for it in runs]


def test_the_task_of_a_hook_passed_where_its_commit_was_made():
    made = ran(f"cd /srv/shop && {COMMIT}", output=f"{BY_HOOK}[main 1a2b3c4] Move b\n 2 files changed")
    assert commands_of(runs_of([made])) == [("cd /srv/shop && npm run check", "ok")]


def test_what_a_hook_passed_does_not_fail_any_more():
    red = ran("cd /srv/shop && npm run check 2>&1 | grep error | head -5", position=5, output=RED)
    made = ran(f"cd /srv/shop && {COMMIT}", output=f"{BY_HOOK}[main 1a2b3c4] Move b\n 2 files changed", position=9)
    assert live_failures(runs_of([red]), [])
    assert live_failures(runs_of([red, made]), []) == ()


def test_a_commit_that_was_not_made_or_ran_no_hook_passed_nothing():
    for command, output in (
        (COMMIT, f"{BY_HOOK}{RED}\nhusky - pre-commit script failed (code 1)"),
        (f"{COMMIT} --no-verify", f"{BY_HOOK}[main 1a2b3c4] Move b"),
        (COMMIT, "[main 1a2b3c4] Move b\n 2 files changed"),
        (COMMIT, "> shop@1.2.0 prepare\n> husky\n\n[main 1a2b3c4] Move b"),
        ("cat commit.log", f"{BY_HOOK}[main 1a2b3c4] Move b"),
    ):
        assert runs_of([ran(command, output=output)]) == []
