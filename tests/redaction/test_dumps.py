"""What holds more places to be judged than honest text is withheld, and nothing of it gets out; all else is as it was.

Steps and places are counted here, never seconds. The tokens are made up.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from random import Random
from string import ascii_letters, ascii_lowercase, digits

import pytest

from benchmarks.hostile_texts import DISTINCT, distinct_text
from handoff_cli import redaction
from handoff_cli.redaction import RedactedStream, dumps, layers, placeholders, redact, seams, search, values
from tests.redaction.test_every_day import calls_of

KIB = 1 << 10
LONG = layers.LEAST_CHARS + 4 * KIB
PROSE = "The build reads its settings, then the tests run and the report is written to the folder of the day.\n"
DENSE = ("settings of tokens", "short passwords", "keys of YAML", "users and their passwords", "words with signs", "beginnings of tokens on lines", "look-alikes of passwords on lines", "passwords in sentences", "sentences in Chinese", "variables of an environment")  # fmt: skip


def prose(chars):
    return "".join(f"{number}: {PROSE}" for number in range(chars // len(PROSE)))


def tokens(count, seed=3):
    chance = Random(seed)
    return ["ghp_" + "".join(chance.choices(ascii_letters + digits, k=34)) + "a1" for _ in range(count)]


def with_secrets(text, secrets):
    """Return ``text`` with ``secrets`` on lines of their own all over it."""
    lines = text.splitlines(keepends=True)
    every = max(len(lines) // len(secrets), 1)
    for number, secret in enumerate(secrets):
        lines.insert(min(number * (every + 1), len(lines)), f"export GH_TOKEN={secret}\n")
    return "".join(lines)


def bit_by_bit(text, chars):
    stream = RedactedStream()
    return "".join([*(stream.feed(text[at : at + chars]) for at in range(0, len(text), chars)), stream.finish()])


@pytest.mark.parametrize("family", DENSE)
def test_of_a_hostile_text_a_bounded_number_of_places_is_judged(family):
    text = distinct_text(family, LONG)
    judged = {"_is_given_plainly", "_is_told", "_is_one", "words"}
    assert calls_of(judged, text) <= 0.2 * layers.MOST * len(text) / KIB, "it is known of each stretch beforehand"
    assert "[REDACTED:dump]" in redact(text)


@pytest.mark.parametrize("family", DENSE)
def test_no_secret_of_a_hostile_text_is_left_and_its_lines_keep_their_number(family):
    secrets = tokens(40)
    text = with_secrets(distinct_text(family, LONG), secrets)
    for shown in (redact(text), bit_by_bit(text, 10_000)):
        assert [secret for secret in secrets if secret[4:14] in shown] == []
        assert shown.count("\n") == text.count("\n")


@pytest.mark.parametrize("family", [*DISTINCT][::4])
def test_a_hostile_text_that_comes_in_bits_of_any_length_comes_out_as_in_one_piece(family, monkeypatch):
    """All of it is judged here: what is left for the end may be too short to be withheld."""
    monkeypatch.setattr(layers, "MOST", 1 << 30)
    monkeypatch.setattr(redaction, "_BLOCK_CHARS", 24 * KIB)
    text, chance, stream, shown, at = distinct_text(family, 60 * KIB), Random(family), RedactedStream(), list[str](), 0
    while at < len(text):
        bit = text[at : at + chance.randrange(1, 8 * KIB)]
        shown.append(stream.feed(bit))
        at += len(bit)
    assert any(shown), "a place to divide it is found"
    assert "".join([*shown, stream.finish()]) == redact(text)


@pytest.mark.parametrize("family", DENSE[::3])
def test_what_is_withheld_once_is_left_as_it_is_the_second_time(family):
    once = redact(prose(LONG) + distinct_text(family, LONG) + "\n" + prose(LONG))
    assert redact(once) == once


@pytest.mark.parametrize(("above", "family"), [*zip((0, 3_000, 40_000), DENSE[1:4], strict=True), *((100_000, family) for family in DENSE[1:4])])  # fmt: skip
def test_where_a_dump_begins_and_ends_honest_text_stays_but_for_little_and_secrets_go(family, above):
    secrets = tokens(6)
    before = prose(above) + f"token: {secrets[0]}\n" if above else ""
    around = f"export A_TOKEN={secrets[1]}\npassword: {secrets[2][4:]}\n"
    behind = around + prose(100_000) + f"token: {secrets[3]}\nthe end of it\n"
    shown = redact(before + around + distinct_text(family, LONG) + "\n" + behind)
    assert [secret for secret in secrets if secret[4:14] in shown] == []
    assert shown.startswith(prose(above)[: max(above - 2 * layers.LEAST_CHARS, 0)])
    assert shown.endswith("[REDACTED:github-token]\nthe end of it\n")
    assert shown.count(PROSE) >= prose(100_000).count(PROSE) - (2 * layers.LEAST_CHARS) // len(PROSE)


def test_each_border_is_moved_outwards_line_by_line_until_nothing_lies_across_it(monkeypatch):
    text, answers, looked = prose(6 * LONG), iter([False, True, False, False, True, *[False] * 9]), list[str]()

    def divides(held, at, _search):
        looked.append(held[at : at + 20])
        assert (len(held[:at]), len(held[at:])) == (2 * seams.OVERLAP_CHARS, 2 * seams.OVERLAP_CHARS)
        return next(answers)

    monkeypatch.setattr(dumps, "divides", divides)
    first, last = (seams.line_end(text, at) for at in (LONG, 2 * LONG))
    start = seams.line_end(text, first - seams.OVERLAP_CHARS)
    once = seams.line_end(text, last + 2 * seams.OVERLAP_CHARS)
    end = seams.line_end(text, once + 2 * seams.OVERLAP_CHARS)
    shown = dumps.without_dumps(text, [(first, last)], redact)
    assert shown == text[:start] + "[REDACTED:dump]" + "\n" * text.count("\n", start, end) + text[end:]
    assert looked == [text[at : at + 20] for at in (first, start, last, once, end)]


def test_what_lies_between_two_dumps_without_a_border_is_withheld(monkeypatch):
    text = prose(6 * LONG)
    first, last, again, until = (seams.line_end(text, at) for at in (LONG, 2 * LONG, 3 * LONG, 4 * LONG))
    borders = {first, last, until}
    monkeypatch.setattr(dumps, "_is_seam", lambda _text, at, _search: at in borders)
    shown = dumps.without_dumps(text, [(first, last), (again, until)], redact)
    between = "".join("[REDACTED:dump]" + "\n" * text.count("\n", *those) for those in ((first, last), (last, until)))
    assert shown == text[:first] + between + text[until:]


def test_a_dump_that_lies_in_what_was_withheld_before_it_is_not_told_again(monkeypatch):
    text = prose(6 * LONG)
    first, last, again, until = (seams.line_end(text, at) for at in (LONG, 2 * LONG, 3 * LONG, 4 * LONG))
    monkeypatch.setattr(dumps, "_is_seam", lambda _text, at, _search: at <= first or at > until)
    assert dumps.without_dumps(text, [(first, last), (again, until)], redact).count("[REDACTED:dump]") == 1


def test_a_border_that_is_none_up_to_the_first_line_ends_the_search_for_one(monkeypatch):
    """A look behind the beginning would go on at the end, and never stop."""
    looked = list[int]()

    def never(held, at, _search):
        looked.append(at)
        assert len(looked) < 100
        return False

    monkeypatch.setattr(dumps, "divides", never)
    text = prose(2 * LONG)
    assert dumps.without_dumps(text, [(LONG, 2 * LONG)], redact) == "[REDACTED:dump]" + "\n" * text.count("\n")


def test_a_private_key_that_begins_in_a_dump_goes_with_all_its_lines():
    chance = Random(5)
    body = ["".join(chance.choices(ascii_letters + digits, k=64)) for _ in range(600)]
    key = "-----BEGIN PRIVATE" + " KEY-----\n" + "\n".join(body) + "\n-----END PRIVATE" + " KEY-----\n"
    shown = redact(distinct_text("keys of YAML", LONG) + "\n" + key + prose(LONG))
    assert [line for line in body if line in shown] == []


def test_the_rows_of_a_table_whose_head_is_withheld_are_withheld_too():
    chance = Random(6)
    rows = [f"{'x' * 150} | {''.join(chance.choices(ascii_lowercase, k=9))}{number}\n" for number in range(400)]
    head = " note | password \n------+----------\n"
    shown = redact(prose(LONG) + distinct_text("keys of YAML", LONG) + "\n" + head + "".join(rows) + "\n" + prose(LONG))
    assert [row for row in rows if row[-12:-1].split()[-1] in shown] == []


def honest():
    """Yield made-up texts that are as full as honest ones get."""
    chance = Random(7)
    words = ["".join(chance.choices(ascii_lowercase, k=chance.randint(3, 9))) for _ in range(4000)]

    def some(count):
        return " ".join(chance.choices(words, k=count))

    def id_of(count):
        return "".join(chance.choices("0123456789abcdef", k=count))

    yield "".join(f"  {chance.choice(words)}_{n}: {some(6).capitalize()}\n" for n in range(1600))
    yield "".join(f"  {some(1)}_password_{n % 9}: Forgot the password of {some(3)}?\n  {some(1)}: {some(20)}\n" for n in range(400))  # fmt: skip
    yield "".join(f'{{"name": "{some(1)}", "version": "{n % 9}.1.{n}", "integrity": "sha512-{id_of(86)}=="}},\n' for n in range(600))  # fmt: skip
    yield "".join(f"{some(1)}_{n}:\n  port: {n}\n  host: {some(1)}.example.com\n  timeout: {n % 60}s\n" for n in range(1300))  # fmt: skip
    yield "".join(f"{n},{some(1)},{some(1)},{n * 7 % 1000}.5,{id_of(8)}-{id_of(4)}-4{id_of(3)}-a{id_of(3)}-{id_of(12)}\n" for n in range(1300))  # fmt: skip
    yield "".join(f"{id_of(40)} {some(5)}\n" for n in range(1000))
    yield "".join(f"2026-11-27T01:{n % 60:02}:{n % 59:02}Z INFO user {some(1)} logged in, session {id_of(12)} key {n}\n" for n in range(1000))  # fmt: skip
    yield "".join(f"{some(1).upper()}_KEY={n}\n{some(1).upper()}_URL=https://{some(1)}.example.com/{n}\nDEBUG=false\nLOG={some(1)}\n" for n in range(1000))  # fmt: skip
    yield "".join(f"def {some(1)}_{n}(token: str, *, key: int = {n}) -> None:\n    return {some(1)}[token].{some(1)}(key, {n})\n\n" for n in range(800))  # fmt: skip


@pytest.mark.parametrize("text", [*honest()], ids=range(9))
def test_honest_text_however_dense_comes_out_as_without_a_bound(text, monkeypatch):
    assert len(text) > 2 * layers.LEAST_CHARS
    bounded = redact(text)
    monkeypatch.setattr(layers, "MOST", 1 << 30)
    assert bounded == redact(text)
    assert "[REDACTED:dump]" not in bounded


@pytest.mark.parametrize("family", sorted({*DISTINCT}.difference(DENSE)))
def test_what_judging_finds_is_left_nowhere(family, monkeypatch):
    """What is no longer in a text that was judged without a bound is not in one that was judged with it either."""
    text = distinct_text(family, LONG)
    bounded = redact(text)
    monkeypatch.setattr(layers, "MOST", 1 << 30)
    judged = {*redact(text).split()}
    gone = {word for word in text.split() if word not in judged}
    assert gone.isdisjoint(bounded.split())


def test_a_short_text_is_judged_however_full_it_is():
    text = distinct_text("short passwords", layers.LEAST_CHARS - 1)
    assert "[REDACTED:dump]" not in redact(text)


def test_later_passes_search_only_near_what_was_replaced(monkeypatch):
    searched = []
    steps_for = search._steps_for

    def counted(kinds, may_be_token):
        return [lambda view, text, step=step: searched.append(len(view.text)) or step(view, text) for step in steps_for(kinds, may_be_token)]  # fmt: skip

    monkeypatch.setattr(search, "_steps_for", counted)
    text = prose(LONG) + "password: Tr0ub4dor&3\n" + prose(LONG)
    steps = len(steps_for(31, bool))
    assert "Tr0ub4dor" not in redact(text)
    assert max(searched[steps:]) < len(text) / 10


def test_where_something_short_lies_across_a_place_no_more_than_what_is_near_is_searched():
    """A look at all that could lie across takes as long as ten of these."""
    looked = list[int]()

    def joins(text):
        looked.append(len(text))
        return text.replace("\n", "+")

    def apart(text):
        return joins(text) + str(len(looked))

    assert seams.last_seam(prose(LONG), apart) == 0
    assert max(looked) <= KIB
    assert seams.last_seam(prose(LONG), joins) > 0


def test_where_no_seam_was_found_none_is_looked_for_until_much_more_came(monkeypatch):
    looked = list[int]()
    monkeypatch.setattr(seams, "last_seam", lambda held, _redact: looked.append(len(held)) or 0)
    bit_by_bit("words\n" * 110_000, 1_000)
    assert 0 < len(looked) < 6


def test_a_place_to_divide_is_looked_for_once_in_half_a_mebibyte(monkeypatch):
    """Where nearly each word is a secret, what is around such a place takes a hundred times as long as the rest."""
    looked = list[int]()
    monkeypatch.setattr(seams, "last_seam", lambda held, _redact: looked.append(len(held)) or len(held))
    bit_by_bit("words\n" * (KIB * KIB // 6), 64 * KIB)
    assert len(looked) == 1


@pytest.mark.parametrize("above", [0, 4 * LONG])
def test_a_text_that_begins_as_a_dump_and_one_that_ends_as_one_are_withheld_there(above):
    text = prose(above) + distinct_text("short passwords", 4 * LONG)
    shown = redact(text)
    assert "[REDACTED:dump]" in shown
    assert shown.count("\n") == text.count("\n")
    assert shown.count(PROSE) >= (above - 2 * layers.LEAST_CHARS) // len(PROSE)


def test_nothing_that_was_judged_of_a_text_stays_in_memory_where_most_of_it_was_withheld():
    redact(distinct_text("look-alikes of passwords on lines", 4 * LONG))
    assert max(map(len, (values._looked_at, placeholders.usable, placeholders.innocent))) <= values._MOST_KEPT


def test_a_bound_that_was_reached_is_none_for_the_next_text():
    redact(distinct_text("short passwords", LONG))
    assert not layers.passed()
    layers.allow(0)
    with pytest.raises(layers.ExhaustedError):
        layers.passed()
    layers.allow_all()
    assert not layers.passed()


def test_the_bound_on_one_text_ends_no_search_in_another_thread():
    """The Python API may be called from many."""
    layers.allow(0)
    try:
        with ThreadPoolExecutor(1) as other:
            assert other.submit(redact, "password: Tr0ub4dor&3").result() == "password: [REDACTED:password]"
    finally:
        layers.allow_all()


@pytest.mark.parametrize("unclosed", [0, 40])
def test_a_place_to_divide_behind_keys_is_looked_at_from_the_last_of_them_on(unclosed):
    begin, looked = "-----BEGIN PRIVATE" + " KEY-----\n", list[int]()
    text = (begin + "A" * 24 + "\n") * 4_000 + ("A" * 64 + "\n") * unclosed + PROSE * 400

    def noted(text):
        looked.append(len(text))
        return redact(text)

    assert seams.divides(text, len(text) - 20 * KIB, noted)
    assert max(looked) < 70 * KIB
    assert bit_by_bit(text * 3, 10_000) == redact(text * 3)


def test_within_a_key_that_other_keys_precede_is_no_place_to_divide():
    begin, end = (f"-----{word} PRIVATE" + " KEY-----\n" for word in ("BEGIN", "END"))
    text = (begin + "A" * 24 + "\n") * 2_000 + begin + "".join(f"{token}{token}\n" for token in tokens(600)) + end
    assert not seams.divides(text, text.rindex("\n", 0, -10 * KIB) + 1, redact)
