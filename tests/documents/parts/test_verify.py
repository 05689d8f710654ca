"""How the checks ended: of each kind and of all code first, with how many files were edited since."""

from __future__ import annotations

from handoff_cli.core.verdicts import CRASHED, NO_TESTS
from handoff_cli.documents.extract.failed import Check, LiveFailure
from handoff_cli.documents.parts.verify import checks
from tests.documents.sessions import story_of


def told(*found, **fields):
    return [it.forms[0] for it in sorted(checks(story_of(checks=found, **fields)), key=lambda it: it.orders[0])]


def test_each_check_is_told_with_the_files_edited_since_those_of_all_code_before_those_of_a_part():
    few = Check("pytest tests/test_rate.py", "ok")
    older = Check("pytest tests/test_cart.py", "ok", edited=3)
    lint, suite = Check("make lint", "ok", kind="lint", edited=1), Check("make test-web", "ok", edited=2)
    assert told(few, older, lint, suite, Check("make test", "ok", edited=2)) == [
        "- `pytest tests/test_rate.py`: passed",
        "- `make lint` (1 file edited since), `make test-web` (2), `make test` (2): passed",
        "- `pytest tests/test_cart.py`: passed; 2 files edited since",  # a run of all tests passed then
    ]
    assert told(lint, suite.replace(edited=1)) == ["- `make lint`, `make test-web`: passed; 1 file edited since"]


def test_a_run_of_all_stands_before_one_of_a_part_that_passed_as_late_and_ended_otherwise():
    part, all_of_it = Check("pytest tests/test_rate.py", "ok"), Check("make test | tail -5", "ok", piped=True)
    assert told(part, all_of_it)[0].startswith("- `make test | tail -5`: passed by what it printed")
    assert told(part, all_of_it.replace(edited=2))[0] == "- `pytest tests/test_rate.py`: passed"
    red = Check("pytest tests/test_rate.py", "failed", failed=1, edited=1)
    live = tuple(LiveFailure("a", "", it, "test", 9) for it in ("make", red.command))
    assert told(red, all_of_it.replace(edited=1), failures=live)[0].startswith("- `pytest tests/test_rate.py`: failed")


def test_a_check_is_told_as_it_runs_from_the_folder_that_commands_are_in():
    there, elsewhere = Check("cd web/app && npm test", "ok"), Check("cd api && pytest", "ok")
    assert told(there, elsewhere, folder="/p/web/app") == ["- `npm test`, `cd api && pytest`: passed"]
    assert told(there) == ["- `cd web/app && npm test`: passed"]
    assert told(Check("cd web && cd app; npm test", "ok"), folder="/p/web/app") == ["- `npm test`: passed"]


def test_a_check_that_ran_below_where_the_session_began_is_told_with_the_way_there():
    """A new session stands at the beginning again, whose commands do not find what lies below."""
    there = Check("gleam test", "ok", below="api")
    assert told(there) == ["- `cd api && gleam test`: passed"]
    assert told(there, folder="/p/api") == ["- `gleam test`: passed"]
    assert told(Check("gleam test", "ok")) == ["- `gleam test`: passed"]
    long = "mise run test:integration && mise run fmt"
    assert told(Check(long, "ok", below="cmd/entry/cli")) == [f"- `cd cmd/entry/cli && {long}`: passed"]


def test_a_long_line_that_does_something_else_first_is_told_by_what_it_checks():
    line = "bin/rails db:migrate | grep -v '^--' && sed -i '/^SET x/d' db/structure.sql && bin/rspec spec | tail -4"
    assert told(Check(line, "ok")) == ["- `bin/rspec spec | tail -4`: passed"]
    first = "mise run test && mise run lint && ./publish.sh --to staging --with all"
    assert told(Check(first, "ok"))[0].startswith("- `mise run test && mise run lint &&")
    short = "bin/rails db:migrate && bin/rspec spec"
    assert told(Check(short, "ok")) == [f"- `{short}`: passed"]


def test_a_run_of_a_part_is_not_told_as_one_of_all():
    by_words = "go test ./... -count=1 -timeout 300s -parallel 4 -v -run TestRate"
    assert told(Check(by_words, "ok")) == [f"- `{by_words.removesuffix(' -v -run TestRate')} -v -run TestRate`: passed"]
    behind = "mvn --batch-mode --no-transfer-progress --fail-at-end test -Dsurefire=1 tests/RateTest.java"
    assert told(Check(behind, "ok"))[0].endswith("…`: passed (a part)")


def test_what_failed_last_is_told_late_since_it_stands_with_what_fails():
    red = Check("pytest -q", "failed", failed=1)
    story = {"failures": (LiveFailure("test_a", "", "pytest -q", "test", 9),)}
    assert told(red, Check("make lint", "ok", kind="lint"), **story) == [
        "- `make lint`: passed",
        "- `pytest -q`: failed (1 found)",
    ]


def test_what_an_agent_runs_as_a_hook_is_no_check_to_be_run():
    assert told(Check("go run ${CLAUDE_PROJECT_DIR}/tools/guard.go at-end", "ok"), Check("make lint", "ok")) == [
        "- `make lint`: passed"
    ]


def test_a_linter_that_failed_before_edits_and_did_not_run_since_is_told():
    red = Check("make lint", "failed", kind="lint", edited=2, failed=1)
    assert told(red) == ["- `make lint`: failed (1 found); 2 files edited since"]
    assert told(red.replace(overcome=True)) == []


def test_what_failed_in_the_folder_commands_are_in_is_told_late_too():
    red = Check("cd api && pytest -q", "failed", kind="test")
    failure = LiveFailure("test_rows", "boom", red.command, "test", 5)
    first, *_ = told(red, Check("cd api && ruff check .", "ok", kind="lint"), failures=(failure,), folder="/repo/api")
    assert first == "- `ruff check .`: passed"


def test_a_check_that_passed_says_how_many_of_its_tests_tell_nothing():
    assert told(Check("bin/rspec", "ok", put_off=1)) == ["- `bin/rspec` (1 skipped or pending): passed"]
    assert told(Check("bin/rspec", "ok")) == ["- `bin/rspec`: passed"]


def test_a_red_run_of_a_part_by_which_nothing_fails_now_is_not_told_and_one_of_all_is():
    part = Check("yarn test src/map", "failed", failed=1, edited=2)
    assert told(part) == []
    assert told(part.replace(command="yarn test")) == ["- `yarn test`: failed (1 found); 2 files edited since"]


def test_a_check_that_ran_again_among_others_is_not_told():
    assert told(Check("mypy", "ok", kind="types", overcome=True)) == []


def test_a_check_is_not_cut_before_the_word_that_tells_what_it_checks():
    line = "pnpm --filter @kiln/controller-web format:check"
    assert told(Check(line, "ok", kind="format")) == [f"- `{line}`: passed"]


def test_a_run_that_found_no_tests_is_told_as_that():
    assert told(Check("pnpm test", None, put_off=NO_TESTS)) == ["- `pnpm test`: found no tests"]
    assert told(Check("pytest", None, put_off=CRASHED)) == ["- `pytest`: its workers crashed, no tests ran"]


def test_a_check_that_was_wrong_itself_is_not_told_as_one_whose_end_nobody_knows():
    cut, wrong = Check("pytest -p no:x -q | tail -3", None), Check("pytest -p no:x --tb=no", None, 4)
    assert told(wrong, cut) == []
    assert told(cut) == ["- `pytest -p no:x -q | tail -3`: outcome not recorded"]
    assert told(wrong, cut.replace(outcome="ok")) == ["- `pytest -p no:x -q | tail -3`: passed"]
    assert told(Check("pnpm test", "ok", put_off=NO_TESTS)) == ["- `pnpm test`: passed"]


def test_of_two_checks_that_read_the_same_as_they_are_cut_short_the_latest_is_told():
    """One that ended otherwise is no other's repetition."""
    long = "uv run pytest services/order-processing-service/tests/"
    late, early = Check(f"{long} -x", "ok", piped=True), Check(f"{long} --durations=5", "ok", edited=1)
    assert len(told(late, early)) == 1
    red = LiveFailure("test_sum", "assert 1 == 2", early.command, "test", 3)
    assert len(told(late, early.replace(outcome="failed"), failures=(red,))) == 2
