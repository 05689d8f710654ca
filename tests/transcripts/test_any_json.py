"""Conversations in JSON of no known format: who speaks, what is said and done, in the order in which it was."""

from __future__ import annotations

import json

import pytest

from handoff_cli.agents.readers import read_pieces
from handoff_cli.transcripts import conversation
from handoff_cli.transcripts.any_json import _closed
from handoff_cli.transcripts.any_shapes import branch_of
from handoff_cli.transcripts.source import Source
from tests.growth import assert_linear

ASKED, ANSWERED = "Shorten the build, the cache must stay.", "It takes 40 s now."


@pytest.fixture
def told():
    """Who said what, what was run and what that printed, in JSON that was piped."""

    def reading(value):
        text = value if isinstance(value, str) else json.dumps(value, indent=1)
        found = read_pieces("piped", lambda: [(text, True)])
        return [(it.role, it.text) for it in found.messages], [it.text for it in found.commands]

    return reading


BOTH = [("user", ASKED), ("assistant", ANSWERED)]


@pytest.mark.parametrize(
    "turns",
    [
        [{"speaker": "human", "utterance": ASKED}, {"speaker": "bot", "utterance": ANSWERED}],
        [
            {"actor": {"kind": "human"}, "payload": {"body": ASKED}},
            {"actor": {"kind": "ai"}, "payload": {"body": ANSWERED}},
        ],
        [{"isCreatedByUser": True, "text": ASKED}, {"isCreatedByUser": False, "text": ANSWERED}],
        [
            {"event": "user_message", "data": {"text": ASKED}},
            {"event": "assistant_message", "data": {"text": ANSWERED}},
        ],
        [{"role": "userMessage", "content": ASKED}, {"role": "apiMessage", "content": ANSWERED}],
        [{"source": "user", "content": ASKED}, {"source": "coder", "content": ANSWERED}],
        [{"user": "mia", "text": ASKED}, {"bot_id": "B1", "username": "coder", "text": ANSWERED}],
        [
            {"author": {"name": "mia", "isBot": False}, "content": ASKED},
            {"author": {"isBot": True}, "content": ANSWERED},
        ],
        [{"prompt": ASKED, "response": ANSWERED, "username": "mia"}],
        [{"user": ASKED, "assistant": ANSWERED}],
    ],
    ids=["speaker", "actor", "flag", "event", "kinds", "other name", "bot", "author", "pair", "sides"],
)
def test_who_speaks_is_told_by_a_role_a_flag_a_kind_or_the_name_of_the_other(told, turns):
    """In the object or in one within it, at any depth."""
    for nested in (turns, {"log": turns}, {"export": {"session": {"items": turns}}}):
        assert told(nested)[0] == BOTH


def test_words_in_parts_are_told_once(told):
    """Also where the message has them in one text beside its parts."""
    turns = [
        {"role": "user", "fragments": [{"part": {"pt": "text", "text": ASKED}}]},
        {"role": "assistant", "content": "Yes. " + ANSWERED, "parts": [{"text": "Yes."}, {"text": ANSWERED}]},
    ]
    assert told({"chats": turns})[0] == [("user", ASKED), ("assistant", "Yes."), ("assistant", ANSWERED)]


def test_of_a_tree_the_way_is_told_that_was_gone_on_with(told):
    """An answer made anew has nothing below it, however late it was."""
    late = {"sender": "Claude", "text": "Take pytz.", "createdAt": "2026-03-01T12:00:00Z", "children": []}
    below = {"sender": "User", "text": "Go on.", "createdAt": "2026-03-01T10:09:00Z", "children": []}
    first = {"sender": "Claude", "text": ANSWERED, "createdAt": "2026-03-01T10:05:00Z", "children": [below]}
    tree = {"sender": "User", "text": ASKED, "createdAt": "2026-03-01T10:00:00Z", "children": [late, first]}
    assert told({"messages": [tree]})[0] == [*BOTH, ("user", "Go on.")]


def test_messages_by_their_ids_stand_in_the_order_of_what_they_follow(told):
    """Once, where they are listed as well."""
    nodes = {
        "a": {"id": "a", "parentId": None, "role": "user", "content": ASKED},
        "x": {"id": "x", "parentId": "a", "role": "assistant", "content": "Take pytz."},
        "b": {"id": "b", "parentId": "a", "role": "assistant", "content": ANSWERED},
    }
    chat = {"history": {"messages": nodes}, "messages": [nodes["a"], nodes["b"]]}
    assert told([{"title": "Build", "chat": chat}])[0] == BOTH


def test_of_whole_conversations_the_one_that_changed_last_is_told(told):
    """Turns that hold messages, which have no title, are none."""
    old = {"title": "Old", "updatedAt": "2026-01-01", "messages": [{"role": "user", "parts": [{"text": "Old."}]}]}
    new = {
        "title": "New",
        "updatedAt": "2026-02-01",
        "messages": [{"sender": "user", "body": ASKED}, {"sender": "ai", "body": ANSWERED}],
    }
    assert told({"chats": [new, old]})[0] == BOTH
    turns = [{"id": at, "entries": [{"sender": role, "body": words}]} for at, (role, words) in enumerate(BOTH)]
    assert told({"turns": turns})[0] == BOTH


def test_a_list_with_the_last_message_first_is_turned(told):
    """As interfaces list them."""
    turns = [
        {"role": role, "content": [{"text": {"value": it}}], "created_at": at} for at, (role, it) in enumerate(BOTH, 5)
    ]
    assert told({"object": "list", "data": turns[::-1]})[0] == BOTH


def test_requests_that_hold_all_that_was_said_before_tell_it_once(told):
    """As logs of what models were asked do."""
    one, two = ({"role": role, "content": it} for role, it in BOTH)
    more = {"role": "user", "content": "And the tests?"}
    rows = [{"request_body": {"messages": [one]}, "response_body": {"choices": [{"message": two}]}}]
    rows.append({"request_body": {"messages": [one, two, more]}, "response_body": {"choices": []}})
    assert told("\n".join(map(json.dumps, rows)))[0] == [*BOTH, ("user", "And the tests?")]


def test_attributes_of_a_span_hold_messages_as_text_or_by_the_way_to_them(told):
    """JSON in a text; keys with the number of the message."""
    at = [{"key": "input", "value": {"stringValue": json.dumps([{"role": "user", "parts": [{"content": ASKED}]}])}}]
    at.append(
        {
            "key": "output",
            "value": {"stringValue": json.dumps([{"role": "assistant", "parts": [{"content": ANSWERED}]}])},
        }
    )
    assert told({"spans": [{"attributes": at}]})[0] == BOTH
    flat = {
        f"llm.messages.{at}.message.{key}": it
        for at, pair in enumerate(BOTH)
        for key, it in zip(("role", "content"), pair, strict=True)
    }
    assert told({"attributes": flat})[0] == BOTH


def test_of_versions_the_chosen_one_is_told(told):
    """Others were thrown away."""
    turns = [
        {"versions": [{"role": "user", "content": [{"text": ASKED}]}], "currentlySelected": 0},
        {
            "versions": [{"role": "assistant", "content": [{"text": it}]} for it in (ANSWERED, "No.")],
            "currentlySelected": 0,
        },
    ]
    assert told({"messages": turns})[0] == BOTH


def test_a_document_that_was_cut_off_tells_what_was_complete(told):
    """The message it ends amid is lost."""
    text = json.dumps(
        {"log": {"turns": [{"speaker": who, "words": it} for who, it in (*BOTH, ("user", "And now?"))]}}, indent=1
    )
    assert told(text[: text.index("And now?")])[0] == BOTH


def test_what_a_document_that_was_cut_off_ends_amid_is_told_as_far_as_it_goes(told):
    """With a mark that it is not whole."""
    text = json.dumps({"log": {"turns": [{"speaker": who, "words": it} for who, it in BOTH]}})
    assert told(text[: text.index(" s now")])[0][-1] == ("assistant", "It takes 40…")


@pytest.mark.parametrize(
    ("role", "words", "names"),
    [
        ("rolle", "inhalt", ("nutzer", "assistent")),
        ("wer", "was", ("Mensch", "KI")),
        ("役割", "内容", ("ユーザー", "アシスタント")),
    ],
)
def test_members_of_other_names_are_known_by_the_roles_in_one_of_them(told, role, words, names):
    """The words stand in the longest of the others."""
    turns = [{"nr": str(at), role: name, words: it} for at, (name, (_, it)) in enumerate(zip(names, BOTH, strict=True))]
    assert told({"verlauf": turns})[0] == BOTH


def test_pairs_of_a_role_and_words_are_turns(told):
    """As some programs keep them."""
    assert told([[role, words] for role, words in BOTH])[0] == BOTH


def test_chunks_of_a_stream_are_one_message(told):
    """Of agents' protocols, and of models' interfaces, behind the name of the event's field."""
    kinds = [("user", ASKED), ("agent", "It takes "), ("agent", "40 s"), ("agent", " now.")]
    rows = [
        {"params": {"update": {"sessionUpdate": f"{who}_message_chunk", "content": {"text": it}}}} for who, it in kinds
    ]
    assert told("\n".join(map(json.dumps, rows)))[0] == BOTH
    assert told("".join(f"data: {json.dumps(it)}\n\n" for it in rows))[0] == BOTH


@pytest.mark.parametrize(
    "before", ["2026-03-01T10:00:00Z INFO agent ", "[2026-03-01 10:00:00,123] DEBUG core.loop: ", "12: "]
)
def test_rows_behind_what_a_log_writes_before_them_are_read(told, before):
    """The time, the level, the logger."""
    kinds = zip(("user_message", "assistant_message"), (ASKED, ANSWERED), strict=True)
    rows = [before + json.dumps({"event": kind, "data": {"text": it}}) for kind, it in kinds]
    assert told("\n".join(rows))[0] == BOTH


@pytest.mark.parametrize(
    "around",
    ["mia@box:~/app$ cat log.json\n{}\nmia@box:~/app$ ", "# Log\n\nHere it is:\n\n```json\n{}\n```\n", "# Log\n\n{}\n"],
)
def test_a_document_that_is_shown_in_a_terminal_or_in_a_fence_is_read(told, around):
    """Where nobody speaks around it."""
    text = json.dumps({"log": [{"speaker": who, "words": it} for who, it in BOTH]}, indent=1)
    assert [it for it in told(around.replace("{}", text))[0] if it[1] != "# Log\n\nHere it is:"] == BOTH


def test_a_document_in_what_somebody_says_is_part_of_that(told):
    """An example is no conversation."""
    text = json.dumps({"log": [{"speaker": who, "words": it} for who, it in BOTH]}, indent=1)
    said, _ = told(f"User: what does the log look like?\n\nAssistant: so:\n\n```json\n{text}\n```\n\nUser: thanks\n")
    assert [it for it, _ in said] == ["user", "assistant", "user"]


def test_json_in_which_nobody_speaks_stays_text(told):
    """What a service printed is nobody's request, and not lost."""
    printed = {
        "items": [{"type": "User", "login": "mia", "message": "rows are read twice"}],
        "query": "rows",
        "response": {},
    }
    said, _ = told(printed)
    assert all(role != "user" for role, _ in said)
    assert "rows are read twice" in "\n".join(it for _, it in said)


@pytest.mark.parametrize(
    "value",
    [[], {}, [[]], {"role": "user", "messages": []}, {"role": 1, "content": {}}, [{"prompt": "", "response": ""}]],
)
def test_empty_and_odd_documents_are_read(told, value):
    """Nobody exports them; somebody may pipe them."""
    read_pieces("piped", lambda: [(json.dumps(value, indent=1), True)])


def test_rows_of_no_format_are_looked_at_once():
    """A long log of them would take long."""
    asked = []
    rows = "".join(f'{{"type": "request", "path": "/rows", "n": {at}}}\n' for at in range(50))
    list(conversation.events(Source("log", rows.encode()), asked.append))
    assert len(asked) == 1


def test_members_and_tools_may_have_words_of_other_languages(told):
    turns = [
        {"papel": "usuário", "texto": ASKED},
        {
            "papel": "assistente",
            "texto": ANSWERED,
            "ferramentas": [{"nome": "terminal", "comando": "make", "saída": "ok"}],
        },
    ]
    assert told({"mensagens": turns}) == (BOTH, ["make"])


def test_members_that_only_look_like_such_words_are_left_alone(told):
    """Where a role stands in a member of a known name."""
    turns = [
        {"role": "user", "content": ASKED, "nom": "text"},
        {"role": "assistant", "content": ANSWERED, "resultat": "no answer"},
    ]
    assert told(turns) == (BOTH, [])


@pytest.mark.parametrize(
    "more",
    [
        '{"sender":' * 600 + "{}" + "}" * 600,
        '{"a.0.b":1,"a' + ".1" * 2000 + '":1}',
        '{"a.0.b":1,"x":' + '{"y":' * 600 + "1" + "}" * 601,
        '{"a.0.b":1,"x":{"²":1,"' + "1" * 5000 + '":2}}',
    ],
    ids=["speakers", "way", "objects", "numbers"],
)
def test_objects_deeper_than_anybody_writes_them_are_read(told, more):
    """Speakers within speakers, long ways as keys, digits that are no numbers."""
    turns = ",".join(json.dumps({"speaker": who, "utterance": it}) for who, it in BOTH)
    assert told(f"[{turns},{more}]")[0] == BOTH


def test_who_says_the_same_as_the_other_is_told(told):
    """Only what one says in one text and in its parts is the same."""
    turns = [{"speaker": who, "utterance": "Shall I go on?"} for who in ("user", "bot")]
    assert told({"log": turns})[0] == [("user", "Shall I go on?"), ("assistant", "Shall I go on?")]


def test_a_document_that_was_cut_off_takes_as_long_as_it_is():
    """However many brackets are open; what it told before is kept."""
    assert_linear(lambda size: _closed("[" * size + "[]" * size + '{"a'), 10_000)
    assert _closed('{"a":[{"b":[1]},{"c":[2],') == {"a": [{"b": [1]}, {"c": [2]}]}


def test_a_long_way_through_messages_by_their_ids_takes_as_long_as_it_is():
    """Each is looked up once."""
    assert_linear(lambda size: [*branch_of({f"k{it}": {"parent": f"k{it - 1}"} for it in range(size)})], 8_000)
