"""Settings outside of the repository: those that stand, and those after which an error was there as before."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.told.settings import left_set, settings_in
from tests.documents.sessions import ran, told


def standing(*texts):
    return [it.step for it in left_set(settings_in([ran(it, position=at) for at, it in enumerate(texts)]))]


@pytest.mark.parametrize(
    ("command", "told_as"),
    [
        (
            'dotnet user-secrets set "Api:Endpoint" "https://a.example/v2" --project src',
            "dotnet user-secrets: Api:Endpoint=https://a.example/v2",
        ),
        ("npm config set registry https://npm.example", "npm config: registry=https://npm.example"),
        ("gh variable set REGION --body eu-1", "gh variable: REGION=eu-1"),
        ("kubectl -n shop set env deploy/web LOG=debug", "kubectl -n shop set env deploy/web: LOG=debug"),
        ("make && aws configure set region eu-1 | cat", "aws configure: region=eu-1"),
    ],
)
def test_what_a_command_sets_on_the_machine_is_told(command, told_as):
    assert standing(command) == [told_as]


@pytest.mark.parametrize("command", ["gh secret set NAME --body abc", "dotnet user-secrets set Api:Token abc"])
def test_no_value_is_told_that_may_be_a_secret(command):
    assert standing(command)[0].endswith("=…")


@pytest.mark.parametrize(
    "command", ["export A=1", "git config --global user.name", "npm config get registry", "echo 'npm config set a b'"]
)
def test_what_holds_in_one_shell_or_only_asks_is_none(command):
    assert standing(command) == []


def test_the_last_value_counts_and_none_that_was_taken_away():
    assert standing("npm config set a 1", "npm config set b 2", "npm config set a 3") == [
        "npm config: a=3",
        "npm config: b=2",
    ]
    assert standing("npm config set a 1", "npm config delete a") == []
    assert standing("dotnet user-secrets set a 1", "dotnet user-secrets clear") == []


def test_settings_after_which_the_error_was_there_still_stand_among_what_did_not_do_it():
    said = (("user", "the client gets a 404"), ("assistant", "I try v1."), ("assistant", "The 404 persists."))
    said = (*said, ("assistant", "Then v2."), ("assistant", "No error any more."))
    commands = (ran("export BASE=/v1; make run", position=25), ran("export BASE=/v2; make run", position=45))
    assert extract(told(*said, commands=commands)).dead_ends.void == ("BASE=/v1 → The 404 persists.",)


def test_an_error_that_was_named_before_in_what_is_printed_next_shows_it_too():
    said = (("user", "the client gets a 404"), ("assistant", "I try v1."), ("assistant", "Done."))
    commands = (
        ran("npm config set base /v1", position=25),
        ran("make run", position=26, output="GET /v1/rows 404"),
        ran("npm config set base /v2", position=27),
        ran("make run", position=28, output="GET /v2/rows 200, once 500"),
    )
    assert extract(told(*said, commands=commands)).dead_ends.void == ("base=/v1 → 404 in what was printed next",)
