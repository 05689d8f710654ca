"""What an agent does next is told from what it did, found or sees, in several languages."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.language.announced import announced, breaks_off, ends_amid, goes_on, is_step
from tests.growth import assert_linear


def test_an_announcement_with_a_curly_apostrophe_is_one():
    assert announced("Found it. I\u2019m checking the schema.") == "I\u2019m checking the schema."
    assert announced("Since you said \u201clock,\u201d I\u2019m checking it.") == "I\u2019m checking it."


@pytest.mark.parametrize(
    ("sentence", "so"),
    [
        ("While it runs, I'll set the replicas back to 3.", True),
        ("Now the figures for the report.", True),
        ("Updating `draw_plot` to use the base path, so that pages find it.", True),
        ("Fixing the root script so it doesn't crash without a map.", True),
        ("\u8ba9\u6211\u5148\u770b\u770b\u65e5\u5fd7\u3002", True),
        ("On it: `env.go`, the names are collected there.", True),
        ("Adding a lock fixes the race.", False),
        ("Building it takes two minutes.", False),
        ("So two bugs; I fix the parser first.", True),
        ("I check whether it is so now.", True),
        ("I take none of both first, if you agree.", False),
        ("Now the tests are green.", False),
        ("If you like, I'll add it.", False),
        ("All is done; I'll wait for your word.", False),
        ("Nothing else was found.", False),
        ("Picking up where it stopped \u2014 reading what is there, then going on with the pages.", True),
        ("Continuing with the second table.", True),
        ("Picking the first is enough.", False),
    ],
)
def test_words_that_go_on_are_told_from_those_that_end_a_turn(sentence, so):
    assert goes_on(sentence) is so


@pytest.mark.parametrize(
    ("words", "so"),
    [
        ("It stands there twice. Let me look into why. The check might only see direct calls.", True),
        ("Let me look into why. The check sees direct calls only.", False),
        ("Vou ver por que falha. Talvez seja o cache.", True),
        ("I'll look at it again. Maybe it is your cache.", False),
        ("It might be the cache.", False),
        ("Lint passes. Now run all tests.", False),
        ("Let me explain. The cache may be stale.", False),
    ],
)
def test_of_words_alone_only_a_look_and_guesses_behind_it_do_not_end_a_turn(words, so):
    """Who only talks tells the user what to run."""
    assert ends_amid(words, works=False) is so


@pytest.mark.parametrize(
    ("words", "so"),
    [
        ("I will fix the fixture now. Then I rerun it and tell you how to import. The old files stay.", True),
        ("The fixture is fixed. Then I told you how to import.", False),
        ("Lint passes. Now run all tests.", True),
        ("The test is green. Two left: `rows.py:88` and `page.py:14`.", True),
        ("The build is slow. Two ways left: a cache, or none.", False),
        ("Now add the second test. The key is that the reader returns both rows.", True),
        ("The grep finds nothing on empty input. I now make it accept an optional `./`.", True),
        ("Now build takes 4 s instead of 9.", False),
        ("I check the type at the border and raise there.", False),
        ("Quick fix: none needed", False),
        ("The old case fails as well. We need to change the scan: no line may be lost.", True),
        ("Right, moving the retry into a file of its own.", True),
        ("Delegating.", True),
        ("It crashed on a limit of 32 bytes. Quick fix.", True),
        ("\u5148\u67e5\u770b\u5217\u8868\u662f\u5426\u6e05\u7a7a\u3002", True),
        ("I'll leave it at that. It might be worth a test later.", False),
        ("Let me sum up. All tests pass.", False),
        ("Let me explain. The cache is stale.", False),
        ("Now run `make` and tell me what you see.", False),
        ("I add the index. It is all done.", False),
        ("Now add it to both. Shall I go on?", False),
        ("All tests pass.", False),
    ],
)
def test_an_agent_that_works_sets_to_a_step_also_where_it_explains_it(words, so):
    assert ends_amid(words, works=True) is so


@pytest.mark.parametrize(
    ("said", "so"),
    [
        ("Rollback and follow-ups come next; for the rollback I assume that nothing changed.", True),
        ("The cart comes next.", True),
        ("What comes next is up to you.", False),
        ("Your review comes next.", False),
        ("It shows what comes next, by date.", False),
    ],
)
def test_what_is_said_to_come_next_is_a_step_in_any_words_but_none_of_the_users(said, so):
    assert is_step(said) is so
    assert ends_amid(f"The checks are written. {said}", works=True) is so


@pytest.mark.parametrize(
    "said",
    [
        *("Das habe ich jetzt behoben.", "Jetzt habe ich den Fehler behoben.", "Nun konnte ich es nachstellen."),
        *("Den Test änderte ich dann.", "Das sehe ich jetzt auch so.", "Dann warte ich auf dich."),
        *("Maintenant, j'ai corrigé le test.", "Ensuite je l'ai lancé.", "Maintenant je comprends la cause."),
        *("Ora ho corretto il test.", "Ora tutto funziona.", "Adesso passano tutti.", "Ahora funciona."),
        *("El cambio está hecho.", "Cambio importante en la API.", "He añadido un test."),
        *("Ora abbiamo finito.", "Adesso siamo pronti.", "Jetzt finde ich keine Fehler mehr.", "それはまずい。"),
        *("Теперь систему можно запускать.", "この実装はまずいかもしれません。"),
        *("Теперь всё работает.", "Сейчас тесты проходят.", "Теперь ошибка исправлена."),
        *("이제 모든 테스트가 통과합니다.", "이제 테스트를 고쳤습니다."),
        *("次に失敗していたテストも直しました。", "これからも動きます。"),
        *("现在我已经修复了这个错误。", "好的，我现在知道原因了。", "现在我们的测试都通过了。"),
        *("Now I've mended the test.", "Now I have all tests green.", "Now I see why it failed."),
    ],
)
def test_what_was_done_or_is_so_now_is_no_step(said):
    assert [tells for tells in (goes_on, is_step, announced) if tells(said)] == []


@pytest.mark.parametrize(
    "said",
    [
        *("Jetzt behebe ich den Fehler.", "Danach starte ich die Tests.", "Den Import prüfe ich jetzt."),
        *("Lo cambio así y añado un test.", "Aggiungo il test.", "Ahora corrijo la consulta."),
        *("Maintenant, je lance les tests.", "Ensuite j'ajoute le test.", "Ora aggiorno il test."),
        *(
            "Теперь исправлю тест.",
            "Сейчас я запускаю тесты.",
            "다음으로 테스트를 고치겠습니다.",
            "まずテストを実行します。",
        ),
        *(
            "现在我来修复测试。",
            "现在开始修复。",
            "好的，我现在修改它，然后跑测试。",
            "Now I have to mend the test.",
            "Now I run the tests.",
            "Next are `State` and `new`, then the guard.",
            "Next comes the test of the last day.",
        ),
    ],
)
def test_what_is_done_next_is_a_step(said):
    assert goes_on(said)


@pytest.mark.parametrize(
    "words",
    [
        "I am going to check the config first.",
        "Two lint issues to fix: the order and the unwrapped error.",
        "Fix: write to a temp file and rename.",
        "Understood, no pushing. Going on with step 3.",
        "Both are missing. Doing both.",
        "One inconsistency left – I'll make it do the same.",
        "I take the change in lock.py back.",
        "Time to wire it up.",
        "Tests are green. Docs next.",
        "`load.rs` is through. `ship.rs` and `tail.rs` are next, then the two of the server.",
        "The readers come next, then the docs.",
        "Die Tests sind grün. `export.py` kommt als nächstes dran.",
        "Back to the failing test.",
        "Hold on, checking the other caller.",
        "Will fix that now.",
        "We'll start with the tests.",
        "Als Nächstes die Tests.",
        "Jetzt noch die Doku.",
        "Schauen wir uns den Code an.",
        "Passons aux tests.",
        "Laisse-moi vérifier.",
        "Ahora los tests.",
        "Veamos qué pasa.",
        "Agora os testes.",
        "Vediamo il codice.",
        "Проверю логи.",
        "现在修改解析器。",
        "次はテストを実行します。",
        "먼저 코드를 확인해 보겠습니다.",
    ],
)
def test_the_last_sentence_of_an_agent_that_works_sets_out_to_a_step(words):
    assert ends_amid(words, works=True)


@pytest.mark.parametrize(
    "words",
    [
        "The fix is backward-compatible.",
        "Fix: added the cap in delay().",
        "I made the grep accept an optional prefix.",
        "I make no other change.",
        "I'm waiting for CI.",
        "Next steps for you: review the PR.",
        "Back to you.",
        "The docs are next.",
        "Your move: the review of `load.rs` is next.",
        "Going back is possible with git revert.",
        "Working on it is easier now.",
        "Now the tests pass.",
        "Now it's done.",
        "Hold on to the old file.",
        "Lass mich wissen, ob das passt.",
        "Ich ändere nichts weiter.",
        "Jetzt laufen die Tests.",
        "Ahora los tests pasan.",
        "Veamos si pasa el CI.",
        "Agora funciona.",
        "现在测试通过了。",
        "修正が完了しました。",
    ],
)
def test_a_last_sentence_that_tells_how_it_is_sets_out_to_nothing(words):
    assert not ends_amid(words, works=True)


@pytest.mark.parametrize(
    ("words", "so"),
    [
        ("Two ways, and the", True),
        ("It reads `cfg", True),
        ("Run this:\n```sh\nmake test\nmake", True),
        ("- the parser reads twice.\n- the lock is held.\n- the cache is", True),
        ("There are (1) the lock, (2) the cache,", True),
        ("1. the lock\n2.", True),
        ("- the parser\n- the lock\n- the cache", False),
        ("Run this:\n```sh\nmake test\n```", False),
        ("It is done. All tests pass", False),
        ("I'd take option 2.", False),
        ("It is read twice. It is held.\n\nI mended both. All of it is in.\n\nHope that helps", False),
        ("| a | b |", False),
        ("Fixed. See docs/usage.md", False),
        ("", False),
    ],
)
def test_words_that_stop_in_the_middle_break_off(words, so):
    assert breaks_off(words) is so


@pytest.mark.parametrize("part", ["```", "a, ", "`", "- a\n", "the the ", "now the x ", "going on "])
def test_long_words_are_judged_in_time_that_grows_with_their_length(part):
    assert_linear(lambda size: (breaks_off(part * size), ends_amid(part * size, works=True)), 4_000)


@pytest.mark.parametrize(
    ("said", "so"),
    [
        ("To rerun it I need to roll back this one migration.", True),
        ("To see both sides I'll start a second client.", True),
        ("To roll it back you need the key of the store.", False),
        ("Due to the lock I will not get far.", False),
    ],
)
def test_what_the_agent_is_to_do_for_a_purpose_is_a_step(said, so):
    assert is_step(said) is so


def test_a_step_told_behind_what_was_done_is_the_one_at_hand():
    said = "I\u2019ve stopped the old process; now I\u2019m clearing the alert, starting the new one, and watching it."
    assert is_step(said)
    assert announced(said).startswith("now I\u2019m clearing the alert, starting the new one")
    assert not is_step("The alert came twice, I'm guessing from the old process.")


@pytest.mark.parametrize(
    "said",
    [
        "Order of work: first the switch in `application.yml`, then this one.",
        "I want to understand that before I switch it off.",
        "What puzzles me is why the run did not raise.",
        "Test first, then.",
        "The matrix test first.",
    ],
)
def test_an_order_of_steps_and_what_is_to_be_understood_are_steps(said):
    assert is_step(said)


@pytest.mark.parametrize("said", ["Rows are sorted by name first.", "The old value comes first.", "He was first."])
def test_what_comes_first_by_itself_is_no_step(said):
    assert not is_step(said)


def test_in_french_a_verb_with_what_it_is_about_before_it_announces_too():
    assert is_step("Je l'écris maintenant, avec la page.")
    assert not any(map(is_step, ("Je comprends maintenant.", "Je l'ai maintenant.")))


def test_a_label_that_announces_stands_with_the_sentence_below_it():
    assert announced("It is slow.\n\nNext step:\nWe index the table. Shall I?") == "Next step: We index the table."


def test_an_agent_that_interrupts_itself_is_amid_its_work_unless_it_asks_or_has_done_it():
    ways = (
        "We have two ways:\n1. Rename the field, which you ruled out\n2. Change the helper, which is too invasive.\n\n"
    )
    back = "Wait - let me reread the helper. It keeps what begins with an `x`. By your rule only the page may change."
    assert ends_amid(f"{ways}{back}", works=True)
    assert not ends_amid(ways, works=True)
    assert not ends_amid(f"{ways}{back} Which one shall it be?", works=True)
    assert not ends_amid(f"{ways}{back} It is done.", works=True)


def test_a_step_that_the_agent_bids_itself_with_it_is_announced_and_talk_is_not():
    assert announced("The rows are there. Let's check the projection again.") == "Let's check the projection again."
    assert not announced("Let's see what they say. Let's not forget the lid.")


def test_an_agent_that_shows_code_for_the_step_it_set_out_to_ends_amid_it():
    said = "The rows are there.\n\nLet's check the projection again.\n\n```\nvar row = new Row {\n  Id = it.Id,\n};\n```\nIf Id is set, it is there."
    assert ends_amid(said, works=True)
