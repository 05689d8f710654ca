"""What a pipe lets through of a check."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.commands.checks import runs_of
from tests.documents.sessions import ran

SCRIPT = "\n> shop@0.1.0 typecheck\n> tsc -b\n"


def outcome(command, output):
    return runs_of([ran(command, output=output)])[0].outcome


@pytest.mark.parametrize(
    ("command", "output"),
    [
        ("npm run typecheck 2>&1 | tail -20", SCRIPT),
        ("pnpm typecheck 2>&1 | tee log", "> @shop/web@0.1.0 typecheck /srv/shop\n> tsc --noEmit && eslint src"),
        ("yarn lint | tail -n 30", "yarn run v1.22.19\n$ eslint src\nDone in 2.31s."),
        ("npm run typecheck 2>&1 | tail", SCRIPT),
    ],
)
def test_a_script_of_silent_programs_passed_where_all_of_its_output_is_there(command, output):
    assert outcome(command, output) == "ok"


@pytest.mark.parametrize(
    ("command", "output"),
    [
        ("npm run typecheck 2>&1 | tail -2", SCRIPT),
        ("npm run typecheck 2>&1 | head -2", SCRIPT),
        ("npm run typecheck 2>&1 | tail -20", f"{SCRIPT}\nsomething went wrong"),
        ("npm test 2>&1 | tail -20", "> shop@0.1.0 test\n> vitest run"),
        ("npm run check 2>&1 | tail -20", "> shop@0.1.0 check"),
    ],
)
def test_what_may_have_been_cut_off_or_said_by_others_tells_nothing(command, output):
    assert outcome(command, output) is None


@pytest.mark.parametrize(
    ("command", "output", "ended"),
    [
        ("cargo build --release && ./target/release/pack a.pbf", "packed 12 tiles in 4.2s", "ok"),
        ("go build ./... && ./ferry import", "wrote 412 sailings", "ok"),
        ("cargo build && ./pack a.pbf", "", None),
        ("cargo build && ./pack a.pbf", "cannot open a.pbf", None),
        ("cargo build; ./pack a.pbf", "packed 12 tiles", None),
        ("cargo test && ./pack a.pbf", "packed 12 tiles", None),  # what passed is not told
    ],
)
def test_a_build_passed_where_the_step_behind_it_printed_something_and_nothing_tells_of_an_error(
    command, output, ended
):
    assert runs_of([ran(command, None, output=output)])[0].outcome == ended


@pytest.mark.parametrize(
    ("command", "ended"),
    [
        ("go vet ./... && make deploy 2>&1 | tail -1", "ok"),
        ("cd app && goimports -w . && go vet ./... && make deploy | tail -1", "ok"),
        ("go vet ./... | tail -1 && make deploy", None),  # the pipe is its own
        ("go vet ./...; make deploy 2>&1 | tail -1", None),
        ("go vet ./... || make deploy 2>&1 | tail -1", None),
        ("make deploy | tail -1 && go vet ./... | tail", None),
    ],
)
def test_a_check_before_a_piped_step_passed_where_its_line_came_to_that_and_ended_well(command, ended):
    assert outcome(command, "rolled out") == ended
    failed = ran(command, "failed", output="rolled out", exit_code=1)
    assert runs_of([failed])[0].outcome != "ok"


def test_of_several_words_that_a_line_prints_the_last_one_tells_how_its_check_ended():
    line = "git diff | grep -q a && echo yes || echo no; docker run --rm acme/actionlint:1 ci.yml && echo lint ok"
    assert outcome(line, "yes\nlint ok") == "ok"
    assert outcome(line, "yes") is None
