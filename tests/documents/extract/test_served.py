"""A command that asked a server and was told of an error did not do what it was for."""

from __future__ import annotations

from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.served import with_servers_answers
from tests.documents.sessions import ran, told

ASKS = "curl -s -X POST http://localhost:8080/rest/resources/9/test"
RED = "<status>fatal_error</status>\n<message>No such column: id</message>"


def test_a_servers_error_is_a_failure_until_the_same_request_passes():
    red = ran(ASKS, position=12, output=RED)
    (failure,) = extract(told(("user", "join them"), commands=(red,))).failing
    assert "fatal_error" in failure.error
    green = ran(ASKS, position=15, output="<status>success</status>")
    assert all(it.minor for it in extract(told(("user", "join them"), commands=(red, green))).failing)


def test_other_commands_and_answers_stay_as_they_are():
    transcript = told(commands=(ran("cat a.xml", output=RED), ran(ASKS, output="<status>success</status>"), ran(ASKS)))
    assert with_servers_answers(transcript) is transcript
