"""Which programs of a command line check something, whatever they are run within."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.commands.checks import is_check, is_narrow, is_piped, kinds_of, parts_of, runs_of
from handoff_cli.documents.extract.commands.programs import opened, programs_in
from tests.documents.sessions import ran
from tests.growth import assert_linear

WITHIN = (
    *("vendor/bin/sail php", "./vendor/bin/sail bin", "ddev exec", "ddev exec -s web", "lando", "symfony php"),
    *("docker compose exec -T web", "docker-compose run --rm web", "docker compose -f dev.yml exec -e A=b -u root web"),
    *("docker exec -it web", "podman exec web", 'docker run --rm -v "$PWD:/app" -w /app img:1'),
    *("kubectl exec deploy/web -n dev --", "kubectl -n dev exec -it web-0 -c web --", "ssh -p 2222 me@build"),
    *("nix develop -c", "nix develop .#dev --command", "nix shell nixpkgs#x -c", "devbox run --", "direnv exec ."),
    *("mise x --", "mise exec node@20 --", "conda run -n dev", "pyenv exec", "opam exec --", "volta run --node 20"),
    *("poetry run", "uv run --with x", "uv run --extra dev --frozen", "uv tool run", "uvx --from x", "hatch run dev:"),
    *("pipenv run", "rye run", "bundle exec", "bin/spring", "npx --yes", "pnpm --filter web exec", "bun x"),
    *("yarn workspace web", "dotenv --", "dotenv -e .env.test -- npx", "op run --env-file=.env --", "doppler run --"),
    *("xvfb-run -a", "timeout -k 5 60s", "nice -n 10", "/usr/bin/time -v", "env A=b", "A=b", "nohup", "stdbuf -oL"),
    *("sudo -u web", "sudo -E env A=b", "flock /tmp/x", "script -q /dev/null", "python3 -m", "py -3 -m"),
    *("coverage run -m", "python -m coverage run --source=x -m", "nyc", "cross-env A=b", "caffeinate -i", ".venv/bin/"),
    *("docker compose exec web bundle exec", "timeout 60 docker exec web poetry run", ".venv\\Scripts\\python.exe -m"),
)


@pytest.mark.parametrize("within", WITHIN)
def test_a_check_is_one_within_whatever_runs_it(within):
    line = f"cd app && {within}{'' if within.endswith((':', '/')) else ' '}pytest -q tests"
    assert kinds_of(line) == ("test",)
    assert [(name.rpartition(":")[2], rest.split()) for name, rest in parts_of(line)] == [("pytest", ["-q", "tests"])]


@pytest.mark.parametrize("within", WITHIN)
def test_what_looks_for_a_check_or_installs_one_is_none_within_whatever_runs_it(within):
    joined = f"{within}{'' if within.endswith((':', '/')) else ' '}"
    assert not any(is_check(f"{joined}{it}") for it in ("which pytest", "cat pytest.ini", "install pytest"))


@pytest.mark.parametrize(
    "line",
    [
        *("ssh build 'cd x && pytest -q'", 'ssh -i key me@build "cd x; pytest"', 'vagrant ssh -c "cd /v && pytest"'),
        *("bash -lc 'pytest -q'", 'docker exec -w /x web sh -c "cd x && pytest"', 'nix-shell --run "pytest -q"'),
        *('su - web -c "pytest"', "ddev exec 'pytest -x'", "ssh build \"docker exec web bash -c 'pytest'\""),
        *('script -qec "pytest" /dev/null', 'powershell -Command "pytest"', 'cmd /c "pytest"'),
    ],
)
def test_what_a_shell_is_given_in_quotes_is_run(line):
    assert kinds_of(line) == ("test",)
    assert len(opened(line)) == len(line)


def test_what_is_piped_and_chosen_within_quotes_is_known():
    assert is_piped("ssh build 'pytest | tail -3'")
    assert is_narrow("ssh build 'cd x && pytest -k lock'")
    assert not is_narrow("ssh build 'cd x && pytest'")
    assert not is_check("git commit -m \"bash -c 'pytest'\"")
    assert not is_check("ssh build 'tail pytest.log'")


@pytest.mark.parametrize(
    "line",
    [
        *(
            "vendor/bin/pest --filter=X",
            "php artisan test",
            "sail test",
            "vendor/bin/paratest",
            "vendor/bin/codecept run",
        ),
        *("mix test", "swift test", "flutter test", "dart test", "./gradlew connectedAndroidTest", "bazel test //..."),
        *(
            "xcodebuild -scheme A -destination 'platform=iOS Simulator,name=iPhone 15' test",
            "buck2 test //:x",
            "pants test ::",
        ),
        *("ctest --test-dir build", "meson test -C build", "cmake --build build --target test", "ninja -C build test"),
        *("./build/tests/tea_tests '[ring]'", "build/tea-test --order rand"),
        *(
            "deno test",
            "bun test",
            "npx playwright test",
            "cypress run",
            "cargo nextest run",
            "cargo llvm-cov",
            "tox",
            "nox",
        ),
        *("hatch test", "hatch -e dev run test", 'sbt "testOnly *Lock"', "lein test", "clj -M:dev:test", "stack test"),
        *(
            "cabal v2-test",
            "dune runtest",
            "zig build test",
            "julia --project -e 'using Pkg; Pkg.test()'",
            "R CMD check .",
        ),
        *(
            "R -q -e 'devtools::test()'",
            "ginkgo -r",
            "gotestsum ./...",
            "go tool gotestsum ./...",
            "karma start --single-run",
        ),
        *("go run gotest.tools/gotestsum@latest ./...", "npx ava", "npx tap", "npx wtr", "npx vitest@2 run", "nose2"),
        *("./manage.py test", "uv run manage.py test", "robot tests/", "behave", "npx cucumber-js", "prove -l t/"),
        *(
            "godot --headless -s addons/gut/gut_cmdln.gd",
            "ruby -I test test/a_test.rb",
            "bin/rails test:system",
            "rake spec",
        ),
        *(
            "rebar3 eunit",
            "crystal spec",
            "nimble test",
            "forge test",
            "terraform test",
            "molecule test",
            "earthly +test",
        ),
        *("mill core.test", "npx nx run web:test", "parallel_rspec spec", "python setup.py test", "./pants test ::"),
    ],
)
def test_runners_of_tests(line):
    assert is_check(line)
    assert kinds_of(line) == ("test",) or line.startswith("terraform")


@pytest.mark.parametrize(
    "line",
    [
        *("sail artisan migrate", "sail up -d", "sail composer require pestphp/pest", "php artisan make:test LockTest"),
        *(
            "command -v pytest",
            "docker compose up -d",
            "docker compose logs web",
            "docker build -t test .",
            "ddev start",
        ),
        *(
            "kubectl get pods -n test",
            "ssh host \"psql -c 'select 1'\"",
            "uv add --dev pytest",
            "npx playwright install",
        ),
        *("npx cypress open", "cargo install cargo-nextest", "coverage report", "rails generate test_unit:model x"),
        *("rake db:migrate", "bundle exec rake db:test:prepare", "op run -- node server.js", "hatch env create test"),
        *("nohup npm run dev", "conda create -n test", "nix build .#test", "cat <<EOF\nssh host 'pytest'\nEOF"),
        *("poetry add pytest", "dart format lib", "make specs"),
    ],
)
def test_what_only_names_a_runner_is_no_check(line):
    assert not is_check(line)


def test_a_command_of_ones_own_in_a_container_that_counts_tests_is_a_run_of_them():
    (run,) = runs_of([ran("ddev unit", "failed", 3, error="  Tests:    1 failed, 3 passed (9 assertions)")])
    assert (run.kind, run.outcome) == ("test", "failed")


@pytest.mark.parametrize(
    "piece",
    ["op run -- ", "time -p ", "docker exec -e ", "ssh -p 1 ", 'bash -c "', "uv run -p x ", "A=b ", "npm -C x "],
)
def test_wrappers_without_end_are_read_in_linear_time(piece):
    assert_linear(lambda size: programs_in(opened(f"{piece * (size // len(piece))}x{size}")), 8_000)


def test_a_clean_install_is_no_check_a_task_of_that_name_is():
    assert not any(map(is_check, ("npm ci", "npm --prefix web ci", "npm ci;npm run seed", "pnpm ci")))
    assert all(map(is_check, ("npm run ci", "yarn ci", "npm run ci:unit", "npm ci && npm test")))


def test_a_linter_that_is_the_image_of_a_container_is_a_check():
    for line in (
        'docker run --rm -v "$PWD:/r" -w /r rhysd/actionlint:1.7.7 -color=false ci.yml && echo ok',
        "podman run --rm -i docker.io/hadolint/hadolint < Dockerfile",
    ):
        assert kinds_of(line) == ("lint",), line
    assert not is_check("docker run --rm acme/actionlint-db:1 serve")
    assert not is_check("docker pull rhysd/actionlint:1.7.7")
