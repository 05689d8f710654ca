"""A command line in few words: what it does stays, and nothing of it is joined to what it is no part of."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.commands.told_commands import rerun_alone, told_apart, told_check, told_command

_RENDER = "sed 's/@share/share/g' app/views/portal/shares/created.html.erb > app/views/portal/shares/_created.html.erb"


@pytest.mark.parametrize(
    ("command", "size", "shown"),
    [
        ("pytest -q 2>&1 | tail -5", 60, "pytest -q 2>&1 | tail -5"),
        (f"cd app && pytest -q tests/{'a' * 40}.py 2>&1 | tail -5", 60, f"pytest -q tests/{'a' * 40}.py"),
        (
            f"{_RENDER}\necho '<%= render \"created\" %>' > x.erb && pytest tests/test_share.py | tail -20",
            100,
            "sed 's/@share/share/g' app/views/portal/…/shares/_created.html.erb; … pytest tests/test_share.py",
        ),
        (
            "git status -s; kubectl -n docs get job fill-1; cat /tmp/a/very/long/path/to/a/log/of/the/whole/run.log",
            40,
            "… kubectl -n docs get job fill-1; …",
        ),
        (
            "tail -1 /tmp/tasks/be5510c.output; grep -c FAILED /tmp/tasks/be5510c.output",
            40,
            "tail -1 /tmp/tasks/be5510c.output; …",
        ),
        (
            f"cd /srv/live && for p in a b; do ./size.sh $p; done; cd envs/data && tofu plan{' ' * 40}| tail -3",
            75,
            "for p in a b; do ./size.sh $p; done; cd envs/data; tofu plan",
        ),
    ],
)
def test_what_filters_goes_before_what_looks_and_both_before_what_is_done(command, size, shown):
    assert told_command(command, size) == shown


def test_no_secret_is_left_where_a_command_is_cut_through_it(monkeypatch):
    """It is redacted whole: half of a token would not be known for one."""
    monkeypatch.setattr(
        "handoff_cli.documents.extract.commands.told_commands.whole", lambda text: text.replace("s3cr3t", "***")
    )
    assert "s3cr" not in told_command(f"make {'x' * 30}s3cr3t{'y' * 90}", 60)


@pytest.mark.parametrize(
    ("check", "shown"),
    [
        ("pytest -q 2>&1 | tail -5", "pytest -q 2>&1 | tail -5"),
        ("make fmt && make lint && make types 2>&1 | tail -50", "make fmt && make lint && make types 2>&1 |…"),
        (
            "go test ./internal/app/rates/... -run 'TestRate|TestRound|TestOfYesterday' -count=1 2>&1",
            "go test ./internal/app/rates/... -run 'TestRate|…'…",
        ),
        (
            "go test ./services/billing/internal/app/of/shops/rates/... -run 'TestRate' -v",
            "go test ./services/billing/internal/app/of… -run 'TestRate'…",
        ),
        ("cd /srv/shops/billing/rates && make test 2>&1 | tail -9", "cd …/rates && make test 2>&1 | tail -9"),
        ("cd /srv/rates && make test lint types", "cd /srv/rates && make test lint types"),
        (f'npx jest src/a.ts -t "{"adds up the cart " * 4}"', f'npx jest src/a.ts -t "{"adds up the cart " * 4}"'),
        (
            "pytest tests/unit/billing/rates/test_rate.py::TestRate::test_one",
            "pytest …/test_rate.py::TestRate::test_one",
        ),
        (
            "npm test -- --run src/agents/plugins/__tests__/shop-reasoning.test.ts --silent",
            "npm test -- --run …/shop-reasoning.test.ts --silent",
        ),
        (
            "cargo build --workspace --all-features --all-targets --locked",
            "cargo build --workspace --all-features --all-targets…",
        ),
    ],
)
def test_of_a_long_check_what_chooses_its_tests_stays(check, shown):
    assert told_check(check, 42) == shown


def test_a_step_that_chooses_tests_is_cut_behind_what_it_chooses():
    step = "cd app && go test ./internal/rates/... -run TestOfYesterday -count=1 -timeout 30s"
    assert told_command(step, 60) == "go test ./internal/rates/... -run TestOfYesterday…"
    assert "…" in told_command(f"./report.sh -k {'a' * 30} {'b' * 60}", 60)


def test_a_command_is_told_apart_by_how_it_begins_and_how_it_ends():
    line = "cd /srv/shops/of/the/year/and/more/shop/cmd/shop/entire && go vet ./... && go test ./session -v -run TestHold 2>&1"
    assert told_apart(line) == "cd /srv/shops/of/the/year/and/more/shop/cmd/shop/entire… ./session -v -run TestHold"
    assert told_apart("ls shop 2>&1") == "ls shop"


def test_of_a_chain_no_step_is_told_as_all_of_it():
    """Which of them failed is not known by its name."""
    chain = "uv run ruff check services/orders/src/orders/run.py && uv run mypy services/orders/src/orders/run.py"
    assert told_apart(chain) == "uv run ruff check …/run.py && uv run mypy …/run.py"


def test_the_name_of_a_test_is_whole_where_a_command_is_told_apart_by_it():
    alone = 'go test ./internal/rates/of/the/shop/... -run "TestRatesOfYesterdayAreKept" -count=1 -v'
    assert (
        told_apart(alone) == 'go test ./internal/rates/of/the/shop/... -run "TestRatesOfYesterdayAreKept" -count=1 -v'
    )
    several = alone.replace('"Test', '"TestAnother_OfManyNames|Test')
    assert told_apart(several).endswith('… TestRatesOfYesterdayAreKept" -count=1 -v')


@pytest.mark.parametrize(
    ("command", "again"),
    [
        (
            "grep -c a b.txt; printf 'x; y' > c.yaml; ./gradlew test --tests '*A' 2>&1 | tail -5",
            "./gradlew test --tests '*A'",
        ),
        ("export CI=1\nmake gen\npytest -q\nruff check .", "export CI=1; make gen; pytest -q; ruff check ."),
        ("pytest tests \\\n  -k sum\necho done", "pytest tests \\\n  -k sum"),
        ("unset URL; docker compose up -d db; pytest tests", "unset URL; docker compose up -d db; pytest tests"),
        ("make gen && pytest -q; git status", "make gen && pytest -q"),
        ("for f in a b; do pytest $f; done; git status", "for f in a b; do pytest $f; done; git status"),
        ("ls; git status", "ls; git status"),
    ],
)
def test_of_several_commands_in_a_line_the_checks_are_run_again_with_what_they_need(command, again):
    assert rerun_alone(command) == again


def test_what_stands_in_for_a_file_is_not_taken_apart():
    line = "diff <(find libs/rows -type f | sort | head -200) <(cd ../old-shop && find libs/rows -type f | sort)"
    shown = told_command(line, 70)
    assert "…" in shown
    begun, _, ended = shown.partition("…")
    assert line.startswith(begun)
    assert line.endswith(ended)


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        (
            'ls /srv/projects/shop/importer/fixtures/suppliers/ 2>/dev/null || echo "No such folder"',
            'ls /srv/projects/…/suppliers/ || echo "No such folder"',
        ),
        ("cd /srv/shop && make -C tools/importer all VERBOSE=1 SUPPLIER=big || true", None),
        (
            f"uv run pytest -W default {'tests/unit ' * 4}-q 2>&1 | grep -c 'never closed\\|leaks'",
            "uv run pytest … -q | grep -c 'never closed\\|leaks'",
        ),
    ],
)
def test_what_runs_only_where_a_step_fails_and_what_counts_an_output_stays(command, shown):
    told = told_command(command, 60)
    assert told == (shown or "make -C tools/importer all VERBOSE=1 SUPPLIER=big")
