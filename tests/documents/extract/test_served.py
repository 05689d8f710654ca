"""A command that asked a server and was told of an error did not do what it was for."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.served import checked_at, with_servers_answers
from tests.documents.sessions import ran, told

ASKS = "curl -s -X POST http://localhost:8080/rest/resources/9/test"
SENDS = "curl -s -X POST http://localhost:8080/rest/resources"
RED = "<status>fatal_error</status>\n<message>No such column: id</message>"


def test_a_servers_error_is_a_failure_until_the_same_request_passes():
    red = ran(SENDS, position=12, output=RED)
    (failure,) = extract(told(("user", "join them"), commands=(red,))).runs.failing
    assert "fatal_error" in failure.error
    green = ran(SENDS, position=15, output="<status>success</status>")
    assert all(it.minor for it in extract(told(("user", "join them"), commands=(red, green))).runs.failing)


def test_an_address_that_ends_in_the_name_of_a_check_is_one_until_the_same_address_passes():
    """Also behind a pipe; what another check passes says nothing of it."""
    red = ran(f'{ASKS} 2>&1 | grep -E "status"', position=12, output=RED)
    other = ran("curl -s http://localhost:8080/health", position=13, output='{"status": "up"}')
    tests = ran("pytest", position=14, output="3 passed")
    (failure,) = extract(told(("user", "join them"), commands=(red, other, tests))).runs.failures
    assert "fatal_error" in failure.why
    green = ran(ASKS, position=15, output="<status>success</status>")
    assert not extract(told(("user", "join them"), commands=(red, green))).runs.failures


@pytest.mark.parametrize(
    "command", ["cat docs/health", "curl -s http://localhost/healthy", "curl -o /tmp/test http://a.b/c"]
)
def test_other_addresses_are_no_checks(command):
    assert not checked_at(command)


def test_other_commands_and_answers_stay_as_they_are():
    transcript = told(commands=(ran("cat a.xml", output=RED), ran(ASKS, output="<status>success</status>"), ran(ASKS)))
    assert with_servers_answers(transcript) is transcript
