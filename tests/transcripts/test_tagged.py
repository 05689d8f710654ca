"""Tags in a message that nothing closes are looked for once each."""

import re

import pytest

from handoff_cli.agents import claude_code_messages, cline, codex_log, cursor_log, droid
from handoff_cli.transcripts import tagged
from handoff_cli.transcripts.events import Said
from tests.growth import assert_linear

TAG = re.compile(r"<(\w+)>")


def elements(text):
    return [(begin[1], inside) for begin, inside in tagged.elements(text, TAG)]


def test_an_element_is_what_its_own_closing_tag_ends_without_the_line_ends_beside_the_tags():
    assert elements("a <b>\nc\n\n</b> <d></d> <e> <b>f</b> </g>") == [("b", "c\n"), ("d", ""), ("b", "f")]
    assert elements("<a><b>x</b></a> <a>y") == [("a", "<b>x</b>")]


def test_outside_is_what_stands_before_between_and_behind():
    assert tagged.outside("a<b>c</b> d<e>f<b>g</b>", TAG) == ["a", " d<e>f", ""]
    assert tagged.outside("a<b>c", TAG) == ["a<b>c"]


@pytest.mark.parametrize("unit", ["<a>", "<a>\n", "<a></b>", "<a><b></a>", "</a>"])
def test_it_takes_as_long_as_the_text_is(unit):
    assert_linear(lambda size: elements(unit * (size // len(unit))), 60_000)


@pytest.mark.parametrize("tag", ["<{}>", "<{0}></{0}x>"])
def test_so_it_does_where_no_two_tags_are_alike(tag):
    assert_linear(lambda size: elements("".join(tag.format(f"t{number}") for number in range(size // 8))), 60_000)


def row(text):
    return {"message": {"content": text}}


MESSAGES = {
    "a slash command": ("<command-name>", lambda text: claude_code_messages.said_by_user(row(text), None)),
    "its words": ("<command-args>", lambda text: claude_code_messages.said_by_user(row("<command-name>" + text), None)),
    "the user's shell": ("<bash-input><bash-stdout>", lambda text: claude_code_messages.said_by_user(row(text), None)),
    "the editor": ("<ide_file>", lambda text: claude_code_messages.said_by_user(row(text), None)),
    "an unknown command": (
        " ",
        lambda text: claude_code_messages.said_by_user(row(f"Unknown command: {text}\n!"), None),
    ),
    "Cline": ("<task>\n", lambda text: list(tagged.elements(text, cline._TYPED))),
    "Cursor": ("<user_query>\n", lambda text: cursor_log.user_said(text, None)),
    "Droid": ("<system-reminder>", lambda text: droid._typed(Said("user", text, None, visible=True))),
    "Codex": ("<command>\t", lambda text: list(codex_log._run_by_user("1", text, None))),
    "Codex, answered": ("<command> </command> <result> ", lambda text: list(codex_log._run_by_user("1", text, None))),
}


@pytest.mark.parametrize("kind", MESSAGES)
def test_a_message_full_of_the_tags_of_a_program_is_read_in_time(kind):
    unit, read = MESSAGES[kind]
    assert_linear(lambda size: read(unit * (size // len(unit))), 90_000)
