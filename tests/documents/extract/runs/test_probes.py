"""A package that was missing is told as that only while nothing shows that it is there."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.commands.checks import runs_of
from handoff_cli.documents.extract.runs.attempts import other_failures
from handoff_cli.documents.extract.runs.probes import overtaken
from handoff_cli.documents.extract.runs.reruns import commands_in_hand
from tests.documents.sessions import ran, told
from tests.growth import assert_linear

IMPORT = "uv run python -c 'import price_feed'"
MISSED = ran(IMPORT, "failed", 10, "ModuleNotFoundError: No module named 'price_feed'", 1)
NOT_SHOWN = ran("uv pip show price-feed 2>&1 | head", "ok", 20, output="warning: Package(s) not found for: price-feed")


@pytest.mark.parametrize(
    "later",
    [
        ran("uv run python -c 'from price_feed.rows import Row'", position=30),
        ran(
            "uv run python -c 'import shop'",
            "failed",
            30,
            'Traceback:\n  File "/p/libs/price_feed/rows.py", line 3, in <module>\nValueError: DB is not set',
            1,
        ),
        ran("uv sync --all-packages", position=30, output="Resolved 9 packages\n + price-feed==0.1.0 (from /p)"),
        ran("uv pip list", position=30, output="Package     Version\n-----\nprice-feed  0.1.0"),
        ran("uv pip show price-feed", position=30, output="Name: price-feed\nVersion: 0.1.0"),
    ],
)
def test_what_was_missing_is_overtaken_once_it_is_imported_installed_or_listed(later):
    assert overtaken((MISSED, NOT_SHOWN, later)) == {10, 20}


@pytest.mark.parametrize(
    "later",
    [
        ran("uv run python -c 'import price_feed'", "failed", 30, "No module named 'price_feed'", 1),
        ran("cd ../backup && uv run python -c 'import price_feed'", position=30),
        ran("/opt/py/bin/python -c 'import price_feed'", position=30),
        ran("uv sync", position=30, output=" - price-feed==0.1.0\n + price-feeds==0.1.0"),
        ran("cat requirements.txt", position=30, output="price-feed==0.1.0"),
    ],
)
def test_neither_another_environment_nor_a_file_that_names_it_shows_that_it_is_there(later):
    assert not overtaken((MISSED, NOT_SHOWN, later))


def test_what_is_missing_again_later_is_open():
    there = ran("uv pip list", position=30, output="price-feed  0.1.0")
    gone = ran("uv run python -c 'import price_feed; print(1)'", "failed", 40, "No module named 'price_feed'", 1)
    assert overtaken((MISSED, there, gone)) == {10}


def test_node_and_pip_show_by_their_own_means():
    no = ran("node -e \"require('dayjs')\"", "failed", 10, "Error: Cannot find module 'dayjs'", 1)
    assert overtaken((no, ran("npm ls", position=20, output="shop@1.0.0\n├── dayjs@1.11.0"))) == {10}
    no = ran("python3 -c 'import yaml'", "failed", 10, "No module named 'yaml'", 1)
    assert overtaken((no, ran("pip install x", position=20, output="Successfully installed pyyaml-6.0 yaml-1.0"))) == {
        10
    }


def test_what_was_overtaken_is_neither_a_failure_nor_in_use():
    there = ran("uv sync --all-packages", position=30, output=" + price-feed==0.1.0")
    for commands, failing in (((MISSED, NOT_SHOWN), [IMPORT]), ((MISSED, NOT_SHOWN, there), [])):
        attempts = other_failures(runs_of(commands), told(("user", "x"), commands=commands))
        assert [it.command for it in attempts] == failing
        shown = [it[0] for it in commands_in_hand(commands)]
        assert any("show" in it for it in shown) is bool(failing)


def test_looking_through_what_was_printed_is_linear():
    assert_linear(lambda size: overtaken((MISSED, ran("uv pip list", output="├ " * size + "a b\n" * size))), 20_000)
