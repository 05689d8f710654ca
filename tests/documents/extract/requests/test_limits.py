"""What limits the work holds for all that follows, wherever it stands: by how much, how late, by whose leave."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.requests.lasting import lasting
from tests.growth import assert_linear


@pytest.mark.parametrize(
    "words",
    [
        "No `unsafe`, the crate has a lint for it.",
        "Everything goes through the spool always.",
        "The minimum version is 1.78.",
        "Two things are fixed: the replay format version stays 3.",
        "In production code the clock of the database stays authoritative.",
        "The 121 is sacred, people time the rope.",
        "Credit notes are immutable once exported.",
        "Stay on 7, and keep sourcemaps for the crash reports.",
        "Round it, but leave led.c's public functions alone.",
        "Then leave the exported vars (period, offset) as they are.",
    ],
)
def test_what_stays_as_it_is_holds_on(words):
    assert lasting(words) == (words,)


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        ("Log it once per minute at most.", True),
        ("Not more than 20% slower than before.", True),
        ("Max. 64 maps, the limit is 800.", True),
        ("H\xf6chstens 10 Minuten Ausfall.", True),
        ("Corte m\xe1ximo de 30 segundos.", True),
        ("Au plus 2 requ\xeates par seconde.", True),
        ("It took 30 seconds, the load stays at 100%.", False),
        ("The memory stays at 512 MB after it.", False),
        ("The page stays at 100 after reload.", False),
        ("Search returns at most 10 rows, show all of them.", False),
        ("Lines at most 100 characters.", True),
        ("The answer may take 30 seconds at most.", True),
        ("The test takes 30 seconds at most on CI, but now it hangs", False),
        ("The list shows 20 entries maximum, but there are 40", False),
        ("The limit is 100 in the code, raise it to 200.", False),
    ],
)
def test_how_much_at_most_holds_on_and_what_was_measured_does_not(words, holds):
    assert bool(lasting(words)) == holds


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        ("Production not before 8 December.", True),
        ("Umstellung nicht vor Montag.", True),
        ("Mise en prod pas avant lundi.", True),
        ("Nada en prod, no antes del lunes.", True),
        ("Drop the log table? No, keep it until 31 January.", True),
        ("The script must not go to ops until it is understood.", True),
        ("Do not publish a number before they confirm.", True),
        ("No unmounting anywhere before the copy is verified.", True),
        ("No force pushes here again please.", True),
        ("Don't commit yet.", False),
        ("There was no crash in the morning again.", False),
        ("It did not start before 8 requests came in.", False),
        ("Keep it running until I say so.", False),
    ],
)
def test_what_names_its_time_holds_up_to_it(words, holds):
    assert bool(lasting(words)) == holds


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        ("Production deploy only by me.", True),
        ("Deploys only with Bob's approval.", True),
        ("The app came out only with Bob's approval of the store.", False),
        ("Nobody deploys on a Friday without asking.", True),
        ("Nobody could log in without my help.", False),
        ("Security forbids it here.", True),
        ("It forbids the login with a 403, please fix", False),
        ("You always crash.", False),
        ("I see no difference without the patch.", False),
        ("Kein Nutzer kann sich ohne Passwort anmelden, teste das", False),
        ("There is a spinner, and no spinning of the icon happens.", False),
        ("You never apply.", True),
        ("You never answered.", False),
        ("Run the suite before you call anything done.", True),
        ("Not with --delete-data, the log lies there.", True),
        ("Ninguna migraci\xf3n sin el esquema exportado.", True),
        ("Keine Migration ohne Schema.", True),
        ("Aucune migration sans le sch\xe9ma.", True),
        ("Nessuna migrazione senza schema.", True),
        ("No patching of packages either.", True),
        ("No warning in the console.", False),
        ("No mapping found.", False),
        ("No new static shared anywhere.", True),
    ],
)
def test_by_whose_leave_and_not_without_holds_on(words, holds):
    assert bool(lasting(words)) == holds


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        ("Die Spalte `netto` darf nicht umbenannt werden.", True),
        ("Das Gateway (Haus 2) darf dabei nicht ge\xe4ndert werden.", True),
        ("Das darf nicht wahr sein.", False),
        ("Die 1 % m\xfcssen immer eingehalten werden.", True),
        ("Keine Zeile in `roh` l\xf6schen.", True),
        ("Die Konsole brauchen wir, also nur im Profil f\xfcrs Release abschalten (nicht in den Vorgaben).", True),
        ("Und bitte keine stillen Korrekturen.", True),
        ("Aber bitte ohne `--full-refresh`.", True),
        ("Bitte keine Eile.", False),
        ("No lo lances t\xfa.", True),
        ("No subir minSdk.", True),
        ("No borrar nada en el servidor.", True),
        ("No poder entrar es raro.", False),
        ("Y en producci\xf3n no se toca nada sin permiso.", True),
        ("\u7de9\u3081\u306a\u3044\u3067\u304f\u3060\u3055\u3044\u3002", True),
    ],
)
def test_bans_in_other_languages_hold_on_past_code_and_asides(words, holds):
    assert bool(lasting(words)) == holds


def test_an_order_after_but_is_no_complaint():
    assert lasting("Round it, but do not return 400.")
    assert lasting("And please do not catch this by comparing in UTC.")
    assert not lasting("I fixed it but they don't work.")


@pytest.mark.parametrize(
    "part", ["keep a ", "leave a", "no more ", "no a-", "limit of a ", "must not push a ", "1 a", "a-", "a stays "]
)
def test_limits_are_looked_for_in_time_that_grows_as_the_words_do(part):
    assert_linear(lambda size: lasting(part * size), 2_000)
