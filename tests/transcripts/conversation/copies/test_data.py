"""Conversations as data that is no JSON: each becomes the JSON of the same."""

from __future__ import annotations

import pprint

import pytest

from handoff_cli.transcripts.conversation.copies.data import Data, _of_toml, _of_xml
from tests.growth import assert_linear

TURNS = [
    ("user", "Sort the rows: keep the ids."),
    ("assistant", "They are sorted.\nNone is lost."),
    ("user", "It's good; now the tests."),
]
CALL = {
    "role": "assistant",
    "tool_calls": [{"id": "c", "function": {"name": "bash", "arguments": '{"command": "make"}'}}],
}
MESSAGES = [{"role": role, "content": words} for role, words in TURNS]

YAML = """\
title: rows
messages:
  - role: user
    content: "Sort the rows: keep the ids."
  - role: assistant
    content: |-
      They are sorted.
      None is lost.
  - role: user
    content: >-
      It's good;
      now the tests.
"""
PAIRS = "- user: 'Sort the rows: keep the ids.'\n  assistant: |\n    They are sorted.\n    None is lost.\n- user: It's good; now the tests.\n  assistant: ''\n"
TOML = "".join(f"[[turn]]\nrole = '{role}'\ntext = '''{words}'''\n\n" for role, words in TURNS)
XML = '<?xml version="1.0"?>\n<chat>\n' + "".join(
    f'<message role="{role}">\n<text>{words}</text>\n</message>\n' for role, words in TURNS
) + "</chat>\n"  # fmt: skip
CLASSES = {"user": "HumanMessage", "assistant": "AIMessage"}
OBJECTS = "\n".join(
    f"{CLASSES[role]}(content={words!r}, id='x', stamp=datetime.date(2026, 1, 2))" for role, words in TURNS
)


@pytest.mark.parametrize(
    "text",
    [YAML, YAML.partition("\n")[2], PAIRS, TOML, XML, f"{MESSAGES!r}\n", pprint.pformat(MESSAGES, width=60), OBJECTS, f"{{'messages': [{OBJECTS.replace(chr(10), ', ')}]}}"],
    ids=["yaml", "list", "pairs", "toml", "xml", "dicts", "pprint", "objects", "nested"],
)  # fmt: skip
def test_data_of_each_form_tells_who_speaks(said, text):
    """Texts over several lines, quoted or folded, are whole."""
    assert said(text) == TURNS


def test_calls_in_what_python_printed_are_known(read):
    """As in JSON."""
    found = read(repr([*MESSAGES[:1], CALL, {"role": "tool", "tool_call_id": "c", "content": "ok"}, *MESSAGES[1:]]))
    assert [it.text for it in found.commands] == ["make"]


@pytest.mark.parametrize(
    "text",
    [
        "title: rows\nauthor: mia\nkind: note\n---\n\n# Rows\n\nThey are sorted.\n",
        "- role: user\n  rows are: {open\nassistant: [\n",
        "host = 'db'\nrole = 'primary'\n",
        "<config>\n  <user role='admin'>mia</user>\n</config>\n",
        "user: sort the rows\nassistant: they are sorted\nuser: thanks\n",
        "make(target)\nRuns the target.\n",
    ],
    ids=["front matter", "broken", "settings", "config", "log", "code"],
)
def test_other_texts_stay_as_they_are(read, text):
    """Only where both sides are named in data it is read as such; words are never lost."""
    words = " ".join(it.text for it in read(text).messages)
    assert "{" not in words.replace("{open", "")
    assert all(it in words for it in text.split() if it.isalpha() and it not in ("user", "assistant", "thanks"))


def test_entities_of_the_texts_own_are_not_expanded(read):
    """Nobody writes them into a conversation."""
    found = read(
        '<?xml version="1.0"?>\n<!DOCTYPE c [<!ENTITY a "aaaa">]>\n<c><m role="user">&a;</m><m role="ai">b</m></c>\n'
    )
    assert "aaaa b" not in " ".join(it.text for it in found.messages)


ABROAD = """\
# Protokoll 7
titel: Waage
verlauf:
  - sprecher: Nutzer
    inhalt: |
      Die Waage zeigt das Doppelte an, suche bitte erst einmal nach der Ursache und
      ändere noch nichts daran.
  - sprecher: Assistent
    inhalt: |
      Das Gewicht wird zweimal mit dem Faktor der Zelle malgenommen, einmal schon beim
      Lesen.
    aufrufe:
      - werkzeug: konsole
        befehl: rg -n faktor src
        ausgabe: |
          src/zelle.py:4: faktor = 2
          src/waage.py:9: * faktor
      - werkzeug: bearbeiten
        datei: src/waage.py
"""


def test_data_of_another_language_tells_also_what_was_done(read):
    """Below a title; lines that its writer broke evenly are whole again, those of an output stay."""
    found = read(ABROAD)
    assert [(it.role, it.text) for it in found.messages] == [
        (
            "user",
            "Die Waage zeigt das Doppelte an, suche bitte erst einmal nach der Ursache und ändere noch nichts daran.",
        ),
        (
            "assistant",
            "Das Gewicht wird zweimal mit dem Faktor der Zelle malgenommen, einmal schon beim Lesen.",
        ),
    ]
    assert [(it.text, it.output) for it in found.commands] == [
        ("rg -n faktor src", "src/zelle.py:4: faktor = 2\nsrc/waage.py:9: * faktor")
    ]
    assert [(it.path, it.action) for it in found.files] == [("src/waage.py", "modified")]


def test_short_lines_of_what_is_said_stay_apart(said):
    text = ABROAD.replace("und\n      ändere", "und\n\n      - nichts\n      - gar nichts\n\n      ändere")
    assert "- nichts\n- gar nichts\n" in said(text)[0][1]


def test_a_title_above_words_begins_no_data(said):
    text = "# Notes\nrole: what the lamp does\n\nUser: dim it\n\nAssistant: It is dim.\n"
    assert said(text)[-2:] == [("user", "dim it"), ("assistant", "It is dim.")]


def test_so_is_toml(said):
    text = "titre = 'Lampe'\n\n[[messages]]\nauteur = 'utilisateur'\ntexte = 'Eteins-la.'\n\n"
    text += "[[messages]]\nauteur = 'assistant'\ntexte = 'Elle est éteinte.'\n"
    assert said(text) == [("user", "Eteins-la."), ("assistant", "Elle est éteinte.")]


@pytest.mark.parametrize(
    "more",
    ["x = inf\n", "x = nan\n", "x = [" + "[" * 600 + "]" * 600 + "]\n", "a." * 3000 + "a = 1\n"],
    ids=["inf", "nan", "deep", "long key"],
)
def test_toml_with_what_json_has_not_is_read_or_stays_text(read, more):
    """Numbers without an end, lists deeper and keys longer than anybody writes them."""
    words = " ".join(it.text for it in read(TOML + "[last]\n" + more).messages)
    assert all(it in words for it in ("keep the ids", "None is lost", "now the tests"))


@pytest.mark.parametrize(
    "more", ["1e999", "-1e999", "0x" + "f" * 5000, "(" * 150 + "1," + ",)" * 150], ids=["inf", "minus", "hex", "deep"]
)
def test_python_with_what_json_has_not_is_read_or_stays_text(read, more):
    """Numbers without an end or with too many digits, and what is too deep."""
    text = "[\n" + "".join(f"{it!r},\n" for it in MESSAGES) + f"{{'role': 'system', 'n': {more}}}]\n"
    words = " ".join(it.text for it in read(text).messages)
    assert all(it in words for it in ("keep the ids", "None is lost", "now the tests"))


def test_xml_deeper_than_anybody_writes_it_stays_text(read):
    """Nobody's words are lost."""
    deep = XML.replace("</chat>\n", "<a>" * 900 + "x" + "</a>" * 900 + "\n</chat>\n")
    assert all(it in " ".join(it.text for it in read(deep).messages) for it in ("keep the ids", "None is lost"))


@pytest.mark.parametrize(
    "text",
    [
        (
            '<?xml version="1.0"?>\n<project>\n<people>\n<developer><name>Ada L.</name><role>user</role></developer>\n'
            "<developer><name>Bot</name><role>agent</role></developer>\n</people>\n</project>"
        ),
        "version: 1\nservices:\n  web:\n    type: agent\n    user: root\n    note: It runs by itself.",
        (
            "- name: Set up\n  user: deploy\n  tasks:\n    - name: Add the user\n      user:\n        name: bob\n"
            "    - apt:\n        name: agent"
        ),
        "kind: Pod\ntype: agent\nenv:\n  - name: USER\n    value: root\n  - name: AGENT\n    value: on",
        "services:\n  user:\n    type: user\n    image: app\n  agent:\n    type: agent\n    image: app",
    ],
    ids=["pom", "services", "playbook", "environment", "names"],
)
def test_data_in_which_nobody_says_anything_stays_as_it_is(read, text):
    """A user of a machine and an agent of a service are no speakers."""
    assert [it.text.split() for it in read(text + "\n").messages] == [text.split()]


@pytest.mark.parametrize(
    "text",
    [
        "- role: user\n  content: hi\n- role: assistant\n  content: hello\n",
        (
            "- author:\n    role: user\n  content:\n    parts:\n      - hi\n"
            "- author:\n    role: assistant\n  content:\n    parts:\n      - hello\n"
        ),
    ],
    ids=["one word", "in an object"],
)
def test_who_says_anything_in_data_speaks(said, text):
    """One word is enough in a member for words."""
    assert [(role, words.split()[0]) for role, words in said(text)] == [("user", "hi"), ("assistant", "hello")]


def test_xml_with_many_elements_in_one_takes_as_long_as_it_is():
    """Each is looked at once."""
    wide = lambda size: "<c>" + "".join(f"<a{it}>x</a{it}>" for it in range(size // 12)) + "</c>"  # noqa: E731
    assert_linear(lambda size: _of_xml(wide(size)), 60_000)


def test_a_key_of_toml_with_many_steps_is_not_read():
    """Each step would be looked up from the first; dots in words are none."""
    data = Data(_of_toml)
    lines = ["role = 'user'", "a." * 50_000 + "a = 1"]
    for it in lines:
        data.take(it)
    assert data.end() == lines
    assert _of_toml("text = '''" + "." * 500 + "'''\n") == {"text": "." * 500}
