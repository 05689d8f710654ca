"""How much a sentence tells, and which stand alone."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.language.findings import LEAST_WORTH, blames, is_talk, tells_why, worth_of
from handoff_cli.documents.extract.language.units import units

_EMPTIES = "The save of all rows fails as soon as two of them write at once, so that `rows` is empty."


@pytest.mark.parametrize(
    ("more", "less"),
    [
        ("The root cause is that `load_rows` reads twice.", "`load_rows` reads the rows of the table."),
        ("The bug is on line 18 in `import.py`.", "Now I open `import.py` at line 18 once more."),
        ("Verdict: the two changes are complementary.", "The two changes are in the two branches."),
        ("It fails because `open_lock` swallows the error.", "Maybe it fails because `open_lock` swallows it."),
        ("The lock must be held by the caller of `save`.", "Let me see whether the lock must be held."),
        ("The lock fails because it isn\u2019t held.", "I\u2019m checking why the lock fails because of `x`."),
        ("With `ota_task` the image no longer fits the partition.", "With `ota_task` the image is in the partition."),
        ("The client has no event for a ping's answer in `net.c`.", "The client sends an event in `net.c` at a ping."),
        ("The import took 412 s instead of 9 s.", "The import took long."),
        ("Instead of mending every place, we keep the old number of the row.", "Instead, we look at the old number."),
        (_EMPTIES, f"Note that {_EMPTIES}"),
        (_EMPTIES, f"By the way, {_EMPTIES}"),
        ("因为没有分隔符,`/files/1` 的签名对 `/files/` 也有效。", "`SignedUrl.php` 的第 12 行有签名和过期时间。"),
        ("第 3 条撤回:`name_of` 已经做了检查。", "第 3 条里有 `name_of` 和它的检查,见下文。"),
        ("Il test fallisce perché `hold` perde la riga.", "Il test chiama `hold` e poi guarda la riga."),
        ("The query went from 412.6 → 158.2 ms for ten rows.", "The query could come from a cache that is warm."),
        (
            "The exporter runs in the background thread, because nothing joins it.",
            "Running in the background, about 20 minutes.",
        ),
        ("`close()` frees the row but never cancels `timer`.", "`close()` frees the row and cancels `timer`."),
        ("`modify` emits `TYPE text`, which resets the order.", "`modify` emits `TYPE text`, which has an order."),
        (
            "Both are on `board:1`, so a second viewer's event hits `handle` without a clause.",
            "Both are on `board:1`, so a second viewer sees the event in `handle` too.",
        ),
        ("Both write `rows` at once. That fits the stack.", "Both write `rows` at once. That fits the table."),
        ("First bad commit: 7be21f0 `batch outgoing messages`.", "Whether `batch` is the cause, I check with prints."),
    ],
)
def test_causes_verdicts_and_figures_are_worth_more_than_talk_and_plans(more, less):
    assert worth_of(more) > max(LEAST_WORTH - 1, worth_of(less))
    assert tells_why(more)


@pytest.mark.parametrize(
    ("told", "other"),
    [
        ("So the `remove_all` call is what destroyed the data.", "So the `remove_all` call is what I look at."),
        ("Cause of the error: the policy names another account.", "Of course the policy names another account."),
        ("The timer sleeps, so it has the same flaw.", "The timer sleeps, so it is gone."),
        ("The mark is set before, so the retry is swallowed.", "The mark is set before, so the retry is next."),
        ("The file is kept, so your page still shows the old one.", "The file is kept, so your page is quick."),
        ("The listener fires twice, so `flush()` runs concurrently.", "The listener fires, so `flush()` runs."),
        ("`resize` drops all tags.", "`resize` takes all tags."),
        ("`tx_ready()` means that the register is empty.", "`tx_ready()` means that we go on."),
        ("`drop` wants the lock that `send` has: a self-deadlock.", "`drop` wants the lock that `send` had."),
        ("Es liest alles, wodurch der Speicher voll wird.", "Es liest alles, der Speicher wird voll."),
        ("Il lit tout, si bien que la file bloque.", "Il lit tout, la file bloque."),
        ("Lee todo, por lo que la cola se llena.", "Lee todo, la cola se llena."),
        ("Found the real cause. The source stops first.", "Found the real path. The source stops first."),
        ("Ursache gefunden: der Import schreibt klein.", "Datei gefunden: der Import schreibt klein."),
        ("Cause trouvée : l'import écrit en minuscules.", "Page trouvée : l'import écrit en minuscules."),
        ("Encontré la causa: se lee dos veces.", "Encontré la página: se lee dos veces."),
        ("原因が分かりました。二回読みます。", "場所が分かりました。二回読みます。"),
        ("找到原因了：文件读了两次。", "找到文件了：文件读了两次。"),
    ],
)
def test_what_follows_from_what_is_at_fault_is_a_cause_in_any_language(told, other):
    assert blames(told)
    assert not blames(other)


@pytest.mark.parametrize("sentence", ["`load()` never fails.", "`load()` reads all, so a second call takes no time."])
def test_what_never_goes_wrong_and_what_follows_from_what_is_so_are_no_faults(sentence):
    assert not blames(sentence)


def test_an_apology_says_nothing_of_the_work():
    assert is_talk("My apologies, the edit had to be in another form.")
    assert is_talk("You are right, I left the lock out.")
    assert not is_talk("Sorry rows come first.")


@pytest.mark.parametrize(
    ("sentence", "talk"),
    [
        ("Root cause: why state files are not removed", True),
        ("Problem Description: What happens when you reset", True),
        ("Root cause: the state files are not removed.", False),
        ("The cause: how the rows are read. They are read twice.", False),
    ],
)
def test_entries_of_a_table_of_contents_tell_nothing(sentence, talk):
    assert is_talk(sentence) is talk


def test_what_is_only_announced_in_chinese_is_talk():
    assert is_talk("\u6211\u5c06\u8bfb\u53d6 `gate.ts`")
    assert not is_talk("\u65b0\u589e `gate.ts`")


def test_what_is_too_long_for_a_sentence_is_not_searched():
    """Searching it would take the square of its length: days."""
    assert worth_of("9" * 10_000_000 + " because it is the root cause") < -100


def test_that_an_analysis_found_no_evidence_is_what_it_found():
    told = "The difference is 0.11 points. So at 1 % there is no evidence that the new page sells more."
    assert tells_why(told)
    assert tells_why("The effect is not significant at 1 %.")


@pytest.mark.parametrize(
    ("told", "faults"),
    [
        ("evict() in src/cache.cpp:88 compares with the limit, but the sum only grows by what is packed.", True),
        ("session.cpp:140 keeps each request that timed out and never drops it.", True),
        ("It is mostly the cache: 2.44 of 2.71 GB.", True),
        ("Found. It isn't the cache: `evict` calls `drop` with the lock held.", True),
        ("The reason: `evict` has its own clock.", True),
        ("Found 3 files.", False),
        ("The class stands in src/cache.cpp:88.", False),
        ("It is a cache.", False),
    ],
)
def test_a_place_with_what_it_never_does_and_what_it_mostly_is_tell_a_fault(told, faults):
    assert blames(told) is faults


def test_what_was_done_is_worth_as_much_where_it_begins_by_saying_so():
    said = "`load` writes each row to `shop.rows` and keeps the old one."
    assert worth_of(f"Done: {said}") >= worth_of(said)
    assert worth_of("Done: all of it.") < worth_of(said) - 4


def test_a_list_headed_by_how_a_thing_works_is_the_design_and_tells_more_than_what_was_changed():
    how = "How the reading in blocks works: The loader keeps the last key; The next run begins behind it; Rows are counted"
    assert worth_of(how) > worth_of(how.replace("How the reading in blocks works", "Reading in blocks")) + 1
    assert worth_of(how) > worth_of(
        "What changed: the loader reads only one block, it is simpler than it was in the morning"
    )


@pytest.mark.parametrize(
    ("before", "following", "leans"),
    [
        ("Dentro de un contenedor la base está en `postgres:5432`.", "Se arregla con una variable del entorno.", True),
        ("Las vistas `v_daily` y `v_top` apuntan por número.", "Hay que borrarlas y recrearlas al final.", True),
        ("Hay dos vistas que apuntan por número.", "Hay que parar el conector una hora antes.", False),
        ("Der Zaun steht seit gestern im Norden.", "Das ist üblich und hat mit dem Tor nichts zu tun.", True),
        ("Der Zaun steht seit gestern im Norden.", "Das Tor hängt seit gestern an der Südseite.", False),
    ],
)
def test_what_says_little_without_the_sentence_before_stands_with_it_in_any_language(before, following, leans):
    assert units(f"{before} {following}") == ((f"{before} {following}",) if leans else (before, following))


def test_seeing_is_talk_unless_what_is_seen_stands_behind_it():
    assert is_talk("I see the issue!")
    assert is_talk("I can see that the file has three parts in it.")
    assert not is_talk("I see the issue - the route still names `rows`, which is gone.")
    assert is_talk("Summary: all of it is in.")
    assert not is_talk("Summary of Results: 353 rows, 11.92 left")


def test_what_a_thought_says_that_the_user_thinks_is_talk():
    said = "The user is suggesting that `last_row` may be too much, because `rows` has all that were read."
    assert (
        worth_of(said) < LEAST_WORTH < worth_of("`rows` has all that were read, because the loader keeps each of them.")
    )
