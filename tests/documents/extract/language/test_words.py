"""Text is shortened without letting out a secret: neither a half of one nor a password without its name."""

from __future__ import annotations

from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff_cli.core.transcript import Edit, Lookup, Message, ToolCall
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.language import words
from handoff_cli.documents.extract.language.words import (
    IDENTIFIER,
    SENTENCE_END,
    beginning,
    clipped,
    clipped_within,
    ending,
    ends,
    identifiers,
    lines_telling_secrets,
    lines_with,
    redacting,
    start_of,
    tells_secret,
    without_cheer,
)
from handoff_cli.documents.facts import redacted
from handoff_cli.redaction import redact
from handoff_cli.transcripts.values import head_of, tail_of, without_middle
from tests.documents.sessions import ran, told
from tests.growth import assert_linear

NAMED = "hunterTwo9xZk4Qm"
SECRETS = (f'password = "{NAMED}"', f"DB_PASSWORD={NAMED}", f"postgres://app:{NAMED}@db.internal/shop")
CUTS = (
    lambda text: beginning(text, 200),
    lambda text: ending(text, 200),
    lambda text: ends(text, 200),
    lambda text: clipped(text, 200),
    lambda text: clipped_within(text, 200),
    lambda text: head_of(text, 200),
    lambda text: tail_of(text, 200),
    lambda text: without_middle(text, 120, 120),
)


def parts(secret):
    """The pieces of the secret that must not be seen: any eight characters of it."""
    return {secret[at : at + 8] for at in range(len(secret) - 7)}


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("between", [" ", "\n"])
def test_wherever_the_cut_falls_nothing_of_a_secret_is_seen_once_the_rest_is_redacted(cut, secret, between):
    for before in range(90, 330, 5):
        text = f"{('word ' * 80)[:before]}{between}{secret}{between}{('rest ' * 80)[: 420 - before]}"
        with redacting():
            cut_text = cut(text)
        shown = redacted(cut_text)
        assert not any(part in shown for part in parts(NAMED)), (before, shown)


@given(st.lists(st.sampled_from([*SECRETS, "plain words", "the key", "a\x1fb"]), max_size=4))
def test_what_is_prepared_together_is_told_as_by_itself_and_not_searched_again(texts):
    with redacting():
        words.prepare(texts)
        with mock.patch.object(words, "redact") as again:
            assert [words.whole(text) for text in texts] == [redact(text) for text in texts]
        again.assert_not_called()
    words.prepare(texts)
    assert [words.whole(text) for text in texts] == texts


def test_no_part_of_a_document_lets_out_a_secret_that_is_cut():
    for before in range(0, 400, 23):
        text = f"{('word ' * 80)[:before]}{SECRETS[1]} is what fails: error, cannot connect. {'rest ' * 100}"
        story = extract(
            told(
                ("user", text),
                ("assistant", f"The root cause is that {text}"),
                reasonings=(Message("assistant", f"The fix is that {text}", 25),),
                commands=(
                    ran(
                        f"pytest -k x && echo {text}", "failed", 30, f"error: {text}", output=f"FAILED a.py::b - {text}"
                    ),
                    ran(f"./deploy {text}", "failed", 31, f"error: {text}"),
                ),
                edits=(Edit("/p/a.py", 32, "modified", "x = 1", text),),
                lookups=(Lookup("agent", text, 33, f"The root cause is in a.py: {text}"),),
                tool_calls=(ToolCall("1", "Bash", text, 30), ToolCall("2", "Task", text, 33)),
            )
        )
        shown = repr(redacted(story))
        assert not any(part in shown for part in parts(NAMED)), before


def test_where_nothing_is_to_be_redacted_a_cut_takes_nothing_out():
    text = f"{'word ' * 80}{SECRETS[0]}"
    assert NAMED in ending(text, 200)
    story = extract(
        told(("user", "go"), commands=(ran(f"echo {text} && ./deploy", "failed", 30, "error: x"),)), redacts=False
    )
    assert NAMED in repr(story)


@given(st.text(alphabet="pwd: key\nXİ", max_size=40))
def test_lines_that_tell_of_secrets_are_found_as_each_line_tells(text):
    assert lines_telling_secrets(text) == [line for line in text.split("\n") if tells_secret(line)]


@given(st.text(alphabet="aB_1 .\né", max_size=30))
def test_names_of_code_are_what_their_pattern_finds(text):
    assert identifiers(text) == IDENTIFIER.findall(text)


def test_what_is_cut_in_its_middle_is_cut_between_words():
    text = "because creating the branch with the same name undeletes the old one that was there before"
    first, _, last = clipped_within(text, 50).partition(" … ")
    assert text.startswith(f"{first} ")
    assert text.endswith(f" {last}")
    assert len(clipped_within("x" * 90, 50)) == 50


def test_of_a_path_that_is_left_out_in_the_middle_whole_folders_stay():
    add = "git add shop/internal/rates/yesterday/manual_rates.go shop/internal/rates/yesterday/manual_rates_test.go"
    assert clipped_within(add, 66) == "git add shop/internal/rates/yesterday/…/manual_rates_test.go"
    far = f"run {'A' * 60}/{'b' * 40}"  # no folder ends near
    assert clipped_within(far, 40) == f"run {'A' * 19}\u2026{'b' * 16}"


def test_what_only_decorates_is_left_out_but_never_a_cross():
    """A cross tells that something failed."""
    assert words.EMOJI.sub("", "🚀 ready ✨") == "ready "
    assert words.EMOJI.sub("", "the rates (✅) are read, `sum()` is not (❌)") == "the rates are read, `sum()` is not"
    assert [words.EMOJI.sub("", f"{cross} p(95)<80")[0] for cross in "✗✘✖✕×"] == list("✗✘✖✕×")


@given(st.lists(st.text("ab ", min_size=1, max_size=3), max_size=2), st.text("ab \n", max_size=20))
def test_lines_with_words_are_all_that_hold_one(wanted, text):
    lines = enumerate(text.split("\n"))
    assert lines_with(wanted, text) == {at for at, line in lines if any(word in line for word in wanted)}


@pytest.mark.parametrize("line", ["- a:\n", "1%\n", "> a\n"])
def test_a_message_of_short_lines_without_end_takes_no_more_than_its_length(line):
    def extracted(size):
        text = line * (size // len(line))
        return extract(told(("user", "go"), ("assistant", text), ("user", "and?"), ("assistant", text)))

    assert extracted(6_000).requests
    assert_linear(extracted, 6_000)


def test_the_beginning_of_a_command_ends_with_a_word_and_its_end_begins_with_one():
    command = "go test ./strategy/... -run TestCountTranscriptItems -v --count=1 2>&1 | tail -30 | grep 'ok strategy'"
    assert start_of(command, 12, 3) == "go test ./strategy/...… strategy'"
    assert start_of(command, 26, 8) == "go test ./strategy/... -run… strategy'"
    assert start_of("a" * 90, 20, 8) == f"{'a' * 20}… {'a' * 8}"
    assert start_of("ls -la", 4, 1) == "ls -la"


def test_a_link_is_its_text_with_the_line_it_leads_to():
    line = "- See [hold](src/lock.py#L12), [free:9](src/lock.py:9) and [the docs](docs/lock.md)"
    assert words.plain(line) == "See hold:12, free:9 and the docs"
    assert words.plain("See [lock.py](cci:7://file:///c:/p/lock.py:0:0-0:0)") == "See lock.py", "a whole file"


def test_an_initial_of_a_name_ends_no_sentence():
    said = 'On both sides it is the owner, "T. Okafor", and J. R. Berg signs. Plan is done! Next one.'
    assert SENTENCE_END.split(said) == [
        'On both sides it is the owner, "T. Okafor", and J. R. Berg signs.',
        "Plan is done!",
        "Next one.",
    ]


def test_a_sentence_may_begin_with_a_name_of_code_and_dots_that_stand_for_something_end_none():
    said = (
        "test_sums isn't ours. test_pool is, e.g. test_two. Now it is `... ORDER BY id` and not SELECT ... FROM rows."
    )
    assert SENTENCE_END.split(said) == [
        "test_sums isn't ours.",
        "test_pool is, e.g. test_two.",
        "Now it is `... ORDER BY id` and not SELECT ... FROM rows.",
    ]


def test_a_day_before_the_name_of_a_month_ends_no_sentence():
    said = "Seit dem 9. Februar fehlen drei. Es waren 9. Sie sind da."
    assert SENTENCE_END.split(said) == ["Seit dem 9. Februar fehlen drei.", "Es waren 9.", "Sie sind da."]


def test_sentences_of_whoever_writes_all_of_them_small_are_told_apart():
    said = "the reload did not take it, e.g. on the pool. it reads vs. writes the map of v. two. so i applied it."
    assert words.sentences(said) == [
        *(
            "the reload did not take it, e.g. on the pool.",
            "it reads vs. writes the map of v. two.",
            "so i applied it.",
        ),
    ]
    mixed = "the map of approx. ten rows is read. It holds no. lock at all."
    assert words.sentences(mixed) == ["the map of approx. ten rows is read.", "It holds no. lock at all."]


@pytest.mark.parametrize("cry", ["Certainly!", "Absolutely!", "Of course!", "Sure thing!", "You're right.", "Great!"])
def test_the_cry_that_a_reply_begins_with_goes(cry):
    assert without_cheer(f"{cry} The cache is keyed by name.") == "The cache is keyed by name."


def test_words_that_begin_alike_stay():
    assert without_cheer("Certainly the cache is keyed by name.") == "Certainly the cache is keyed by name."
