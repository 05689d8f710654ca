import itertools
import sys
import types

import pytest
import tiktoken
from referee import expected, machine_texts

from handoff_cli.tokens import engine as engines
from handoff_cli.tokens.encode import cold_counter
from handoff_cli.tokens.engine import TIKTOKEN_PATTERNS, Engine, Tally
from handoff_cli.tokens.stream import StreamCounter
from handoff_cli.tokens.vocabulary import ranks_of


def with_toktok(monkeypatch, batch_count):
    module = types.ModuleType("toktok")
    module.batch_count = batch_count
    monkeypatch.setitem(sys.modules, "toktok", module)


def test_toktok_is_used_when_it_counts_as_we_do(monkeypatch):
    calls = []
    with_toktok(
        monkeypatch, lambda texts, name, threads: [calls.append(name) or expected(name, text) for text in texts]
    )
    engine = Engine("cl100k_base", cold_counter("cl100k_base"))
    assert engine.count("some text") == expected("cl100k_base", "some text")
    assert calls == ["cl100k_base", "cl100k_base"]  # the self-test, then the text


@pytest.mark.parametrize(
    "broken", [lambda *_, **__: [1], lambda *_, **__: [], lambda texts: [0], lambda *_, **__: 1 / 0]
)
def test_toktok_is_left_alone_when_it_does_not(broken, monkeypatch):
    """A wrong count, a wrong shape, another signature, an exception: each time tiktoken counts instead."""
    with_toktok(monkeypatch, broken)
    engine = Engine("cl100k_base", cold_counter("cl100k_base"))
    assert engine.count("some text here") == expected("cl100k_base", "some text here")


def test_tiktokens_buffer_is_used_only_while_it_is_there(monkeypatch):
    """Its private way without a list may go or change; then the list is counted."""
    monkeypatch.setitem(sys.modules, "toktok", None)
    text = "a<|endoftext|>b " * 50
    assert Engine("cl100k_base", cold_counter("cl100k_base")).count.__name__ == "_buffer"
    monkeypatch.setattr(Engine, "_buffer", lambda _, chunk: len(chunk))
    engine = Engine("cl100k_base", cold_counter("cl100k_base"))
    assert engine.count.__name__ == "_list"
    assert engine.count(text) == expected("cl100k_base", text)


@pytest.mark.parametrize("name", sorted(TIKTOKEN_PATTERNS))
def test_the_faster_pattern_is_equal(name):
    """With the same ranks behind it, it gives the tokens of tiktoken's own pattern, token for token."""
    ranks = dict(ranks_of("o200k_base").items())
    one, other = (
        tiktoken.Encoding("x", pat_str=pattern, mergeable_ranks=ranks, special_tokens={})
        for pattern in (TIKTOKEN_PATTERNS[name], engines._grouped(TIKTOKEN_PATTERNS[name]))
    )
    texts = [
        *machine_texts(250_000),
        *("".join(chars) for chars in itertools.product("aA's1 \n\r/!日\u0301", repeat=4)),
    ]
    assert all(one.encode_ordinary(text) == other.encode_ordinary(text) for text in texts)


def test_installed_toktok_counts_as_tiktoken_does(encoding):
    batch_count = pytest.importorskip("toktok").batch_count
    texts = list(machine_texts(500_000))
    assert batch_count(texts, encoding) == [expected(encoding, text) for text in texts]


def test_many_chunks_on_threads_add_up(encoding):
    texts = machine_texts(400_000)
    tally = Tally(Engine(encoding, cold_counter(encoding)))
    for text in texts:
        tally.add(text)
    assert tally.total() == sum(expected(encoding, text) for text in texts) == tally.total()


def test_large_real_text_goes_through_the_engine(encoding):
    text = "".join(machine_texts(1_500_000))
    counter = StreamCounter(encoding)
    for at in range(0, len(text), 50_000):
        counter.feed(text[at : at + 50_000])
    assert counter.settle() == expected(encoding, text)
    assert engines._engines[encoding]
