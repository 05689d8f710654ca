"""Comments of a review that nobody replied to are told where replies to others of them show that it is at work."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import Edit
from handoff_cli.documents.extract.requests.replies import unanswered
from tests.documents.sessions import ran, told
from tests.growth import assert_linear

LINES = (
    '{"body":"**Old** a.tape may go","id":2210441,"line":34,"path":"cmd/prune.go"}\n'
    '{"body":"No default in b.toml","id":2210442,"line":41,"path":"cmd/prune.go"}'
)
PRETTY = '[\n  {\n    "id": 2210441,\n    "path": "a.go",\n    "line": 3\n  },\n  {\n    "id": 2210442,\n    "path": "b.go"\n  }\n]'
PLAIN = "2210441 cmd/prune.go:34 may go\n2210442 cmd/prune.go:41 no default"
LOOK = "gh api repos/o/tape/pulls/128/comments --jq '.[] | {id, path, line, body}'"
REPLY = "gh api repos/o/tape/pulls/128/comments/{}/replies -f body='Done'"


def left(output, *later, edits=(), look=LOOK):
    commands = (ran(look, position=15, output=output), *(ran(it, position=20 + at) for at, it in enumerate(later)))
    return unanswered(told(("user", "reply to the comments"), commands=commands, edits=edits))


@pytest.mark.parametrize(
    ("output", "where"), [(LINES, "cmd/prune.go:41"), (PRETTY, "b.go"), (PLAIN, "cmd/prune.go:41")]
)
def test_the_others_are_left_once_one_has_a_reply(output, where):
    assert left(output, REPLY.format(2210441)) == (f"2210442 ({where})",)


def test_a_draft_names_them_too():
    draft = Edit("/tmp/replies.md", 25, "created", "", "# 2210442\n\nRight.")
    assert left(LINES, edits=(draft,)) == ("2210441 (cmd/prune.go:34)",)


def test_nothing_is_told_before_the_first_reply_after_the_last_or_of_numbers_that_nobody_chose():
    assert left("[]") == left("", REPLY.format(2210441)) == ()
    assert left(LINES) == ()
    assert left(LINES, REPLY.format(2210441), REPLY.format(2210442)) == ()
    raw = PRETTY.replace('"path"', '"node_id": "x", "user": {"id": 1234567}, "path"')
    assert left(raw, REPLY.format(2210441)) == ()
    assert left(LINES, REPLY.format(2210441), look=REPLY.format(1)) == ()


THREAD = (
    '[{"id": 2210441, "path": "a.go", "line": 3, "body": "x"}, {"in_reply_to_id": 2210441, "id": 2210442, "path": "a.go"},'
    ' {"id": 2210443, "path": "b.go", "in_reply_to_id": null}, {"id": 2210444, "path": "c.go"}]'
)


def test_replies_and_what_had_one_before_the_look_are_not_left():
    assert left(THREAD, REPLY.format(2210443)) == ("2210444 (c.go)",)


def test_a_reply_made_before_the_look_counts_and_without_threads_nobody_can_tell():
    commands = (
        ran(REPLY.format(2210441), position=12),
        ran(LOOK, position=15, output=LINES + LINES.replace("221044", "221045")),
        ran(REPLY.format(2210442), position=20),
    )
    assert unanswered(told(("user", "reply"), commands=commands)) == ()
    first = ran(f"{LOOK} # in_reply_to_id == null", position=15, output=commands[1].output)
    assert unanswered(told(("user", "reply"), commands=(commands[0], first, commands[2]))) == (
        "2210451 (cmd/prune.go:34)",
        "2210452 (cmd/prune.go:41)",
    )


def test_a_long_list_costs_no_more_than_its_length():
    assert_linear(lambda size: left('"id": 2210441 "path": ' * size, "gh api -X /comments " * size), 2_000)
