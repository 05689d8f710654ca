"""Which of the user's sentences hold on: rules, neither what happens nor what limits the step at hand."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.requests.lasting import lasting
from tests.growth import assert_linear


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        ("don't touch the schema", True),
        ("no, use the other table", True),
        ("never run it on the server", True),
        ("prod-eu. please read only, no restarts without asking me", True),
        ("there is no way to run it without asking the server", False),
        ("bitte kein async", True),
        ("you should kill the shell that's running", False),
        ("okay, let's move on to the import, we should look at the lock too", False),
        ("no failover today, please don't bring it up again", True),
        ("a queue was turned down, so please do not propose it", True),
        ("I did not propose it, it was Ada", False),
        ("implement all 3, I want to test it before shipping", False),
    ],
)
def test_a_rule_holds_on_and_an_order_of_the_moment_does_not(words, holds):
    assert bool(lasting(words)) is holds


@pytest.mark.parametrize(
    ("words", "held"),
    [
        (
            "ok. nobody runs the import on prod today, it is half done",
            "nobody runs the import on prod today, it is half done",
        ),
        ("nobody runs the tests on windows", None),
        ("releases only go out through Ada", "releases only go out through Ada"),
        ("please no migration in a patch release", "please no migration in a patch release"),
        ("please no rush", None),
        (
            "set it in the chart, via a PR, not with an edit by hand",
            "set it in the chart, via a PR, not with an edit by hand",
        ),
        ("it fails with node 20, not with node 18", None),
        (
            "Weiter. Regeln dabei: die Tabelle wird nur gelesen. Auf dem Server kein Ruby.",
            "Regeln dabei: die Tabelle wird nur gelesen. Auf dem Server kein Ruby.",
        ),
        (
            "les règles ici : chaque table garde sa clé, rien de plus",
            "les règles ici : chaque table garde sa clé, rien de plus",
        ),
        ("una regla para todos: cada cambio lo mira Ada", "una regla para todos: cada cambio lo mira Ada"),
        ("las fotos tienen que ir en tamaño real", "las fotos tienen que ir en tamaño real"),
        ("las fotos tienen que cargar, pero no cargan", None),
        ("no publiquéis nada todavía en producción sin Ada", None),
        ("no toquéis el esquema", "no toquéis el esquema"),
        ("no tenéis el esquema", None),
        ("nada de migrateAll en la base", "nada de migrateAll en la base"),
        ("nada de eso", None),
        ("nada de errores en la consola", None),
        ("pulso el bot\xf3n, no se sube nada al servidor", None),
        ("no us\xe1is cach\xe9, por eso va lento", None),
        ("der Zugriff ist verboten, ich bekomme einen 403", None),
        ("please no longer run that job", None),
        ("nobody runs the tests before they push, that is why main is red", None),
        ("no se rompe nada a nadie", "no se rompe nada a nadie"),
        ("Das Schema ist tabu.", "Das Schema ist tabu."),
        ("il est interdit de toucher au schéma", "il est interdit de toucher au schéma"),
    ],
)
def test_rules_of_a_team_in_its_languages_and_what_only_looks_like_one(words, held):
    assert lasting(words) == ((held,) if held else ())


@pytest.mark.parametrize(
    "words",
    [
        "commit, but without the lockfile",
        "good. push it, don't open a PR",
        "quick question in between: don't change anything, what does load() do",
        "review only, dont touch the files",
        "don't merge yet",
        "retries must be counted too. later, first the lock",
        "null soll leer heißen. machen wir später",
        "die datei noch nicht löschen",
        "ça ne marche toujours pas",
        "es geht immer noch nicht",
        "i never seen that before",
        "tests never pass on windows",
        "no one has ever used that flag",
        "the header stays unchanged when i switch the theme",
        "the list stays as it is after saving, fix that",
        "das bleibt wie immer h\xe4ngen",
        "no, then it's fine",
        "must it always be sorted?",
    ],
)
def test_what_is_put_off_or_limits_one_task_does_not_hold_on(words):
    assert not lasting(words)


def test_of_a_request_the_sentences_are_told_that_hold_on():
    words = "nice, 3 retries then. keep the old flags. what's the default?\ndon't log the token"
    assert lasting(words) == ("keep the old flags.", "don't log the token")


def test_a_message_beginning_with_what_it_orders_about_commits_holds_on():
    assert lasting("commit messages always in english")


@pytest.mark.parametrize(
    "words",
    [
        "always run ruff before you commit",
        "msg: ticket, one line, no co-author trailer",
        "commits: conventional, one line",
        'commits here always like "DOCK-nnn: lowercase text", no co-author line',
        "commit msg always with the ticket",
        "commit messages in english, imperative",
        "prefix commits with the ticket",
        "one commit per fix",
        "small commits please",
        "i push, not you",
        "tests go to tests/unit",
        "we're on node 18, no top level await in cjs",
        "i don't want any mocks in the tests",
        "we don't use lodash here",
        "dont edit generated files",
        "stop adding comments everywhere",
        "ask me before you delete anything",
        "no restarts without asking me",
        "keine Deploys ohne Rückfrage",
        "all dates must be utc",
        "tests must not hit the network",
        "keep the public api as it is",
        "no floats for money",
        "no semicolons pls",
        "names in snake_case please, always",
        "posix sh only, no bashisms",
        "nothing in core may import from cli",
        "write comments in english",
        "use named exports only",
        "we have to support node 18",
        "you may not use the network",
        "schreib die commits auf englisch",
        "keine todos im code lassen",
        "finger weg von der datenbank",
        "on ne touche pas à l'api publique",
        "所有注释用英文",
        "no thanks, use the stdlib instead of requests",
        "don't install anything globally",
        "immer auf deutsch antworten",
        "den ordner legacy nicht anfassen",
        "die api darf sich nicht ändern",
        "du darfst nichts löschen ohne zu fragen",
        "ab jetzt nur noch mit pnpm",
        "ne touche jamais à la base",
        "les dates doivent être en utc",
        "pas de nouvelles dépendances",
        "nunca hagas push a main",
        "siempre corre los tests antes de commitear",
        "los tests no deben usar la red",
        "não mexa no schema",
        "non toccare lo schema",
        "不要动数据库结构",
        "今後はpnpmを使ってください",
        "use Edit for code pls, not sed",
        "config/prod.yml is off limits, ops owns it",
        "NO restarts",
        "try it, with the temperature fitted on the training sites only!!",
        "rules: no names of people, we don't say root cause",
    ],
)
def test_an_order_or_ban_and_what_must_be_in_general_hold_on(words):
    assert lasting(words) == (words,)


@pytest.mark.parametrize(
    "words",
    [
        "without the flag no rows ever come back",
        "message: no such table x",
        "error message: one line is missing",
        "the commit is signed, why is it red",
        "merge it, i push later",
        "the tests go to sleep after a while",
        "it should always return 200 but returns 500",
        "the worker never wakes up",
        "i get 404 instead of 200",
        "the tests only pass when run alone",
        'it fails with "value must not be null"',
        "the linter complains: always use const",
        "must be the cache",
        "tests must be flaky",
        "you must have changed something",
        "you may not have seen it",
        "everything in german works",
        "keine fehler beim schreiben",
        "nie ohne grund abgestürzt",
        "always fails on windows",
        "the name should not be cut off, but is",
        "i never said that",
        "no output without -v",
        "no new files were created",
        "there is no lock on that row",
        "we never got that mail",
        "in prod it never happens",
        "the spinner NEVER stops",
        "der worker wacht nie auf",
        "der test schlägt immer fehl",
        "die liste darf nicht leer sein, ist sie aber",
        "keine neuen fehler",
        "immer der gleiche fehler",
        "il ne marche jamais",
        "ça doit être le cache",
        "toujours en erreur",
        "siempre falla",
        "nunca termina",
        "debe ser el cache",
        "não funciona sempre",
        "non funziona mai",
        "总是报错",
        "必ず失敗する",
        "NO idea why",
        "I tried that in January but never wrote it down",
        "there is NO output at all",
    ],
)
def test_what_tells_what_happens_holds_nothing_on(words):
    assert lasting(words) == ()


@pytest.mark.parametrize(
    "words",
    [
        "",
        "review only, dont apply",
        "commit. without maras stuff",
        "just explain, don't change anything",
        "check only, no edits",
        "read it, dont change it",
        "run it without cache",
        "use bar instead of foo there",
        "dont use that branch, use main",
        "don't deploy today",
        "no, it takes for ever.",
        "don't touch the parser now.",
        "no new columns, that is for another ticket",
        "don't forget the changelog",
        "make sure the tests pass then push",
        "keep the server running while you test",
        "i prefer option 2",
        "use the second one only",
        "write it in english",
        "dont spend too much time on it",
        "no for now",
        "only run the tests",
        "nur anschauen, nicht ändern",
        "ne push pas encore",
        "no uses esa rama",
        "不要现在提交",
        "まだコミットしないで",
    ],
)
def test_what_orders_one_step_does_not_hold_on(words):
    assert lasting(words) == ()


@pytest.mark.parametrize("part", ["never ", "no new ", "a, ", "all of ", "nicht ", "bitte ", "in the x ", "!", "must "])
def test_long_words_cost_no_more_than_their_length(part):
    assert_linear(lambda size: lasting(part * size), 4_000)


def test_what_happens_and_never_does_is_a_report():
    assert not lasting("It's working now, but all the aliens are on the top and never come down.")
    assert lasting("Keep the log short and never print the token.")


def test_what_is_left_to_its_owner_holds_on_with_the_sentence_that_says_whose_it_is():
    owned = "UserMenu is Marek's, he rewrites it in #1869. don't touch it."
    assert lasting(f"{owned} can Menu stay as before there?") == (owned,)
    assert lasting("the cache is stale. don't touch it.") == ()


RULES = "rules: one commit per comment. i push. no connected tests, the phone is with QA"


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        (f"{RULES}\n\nstart with 10", (RULES,)),
        (
            "go. house rules for today: never touch /srv/data, no unsafe, output to /data/scratch",
            ("house rules for today: never touch /srv/data, no unsafe, output to /data/scratch",),
        ),
        (
            "great. for the whole session: no new deps, i push myself\n\nnever use sed",
            ("for the whole session: no new deps, i push myself", "never use sed"),
        ),
        (
            "Rules: read before you edit\n- one commit each\n- no new crates\n\nGo.",
            ("Rules: read before you edit\n- one commit each\n- no new crates",),
        ),
        (
            "Find out why. Ground rules:\n- a test comes FIRST\n- two hosts in prod: nothing that locks\n\nGo.",
            ("Ground rules:\n- a test comes FIRST\n- two hosts in prod: nothing that locks",),
        ),
        (
            "Hazlo m\xe1s r\xe1pido. Condiciones:\n- deploy.yml no se toca\n- un push por cambio",
            ("Condiciones:\n- deploy.yml no se toca\n- un push por cambio",),
        ),
        ("these are lint rules: the import is sorted there\n\nmend it", ()),
        ("these are the rules:\nsorted imports\n\nmend it", ()),
    ],
)
def test_a_paragraph_that_is_headed_as_rules_holds_as_a_whole(words, holds):
    assert lasting(words) == holds


def test_rules_are_found_in_linear_time():
    assert_linear(lambda size: lasting("rules: " + "x" * 20 + "\n- y" * (size // 4)), 8_000)
    assert_linear(lambda size: lasting("rules " * (size // 6)), 8_000)
    assert_linear(lambda size: lasting("rules:\n- " * (size // 9)), 8_000)


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        ("prod db only via bin/ro (replica, read only)", True),
        ('check who used it. no "security" or so in commit messages or branch names', True),
        ("nothing under tenants/5501/ gets touched, not even read", True),
        ("deletes in minio: never", True),
        ("not through my laptop, customer documents dont leave the cluster", True),
        ("max edge 2048 and quality 85 are agreed with the insurer, dont touch those", True),
        ("no third party", True),
        ("no errors in the log so far", False),
        ("it only fails via the proxy", False),
        ("no migration if you can avoid it", False),
    ],
)
def test_what_limits_the_work_whatever_is_at_hand_holds_on(words, holds):
    assert bool(lasting(words)) is holds


def test_all_below_rules_by_the_way_is_a_rule():
    words = (
        "b. it is there anyway. rules btw: no new deps, commit msgs like in the log. i push. `make t` watches, use run"
    )
    assert lasting(words)[0].endswith("i push. `make t` watches, use run")


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        ("ambiguous stays open, we never guess", True),
        ("no triggers, the last one cost us a weekend", True),
        ("no module state. context, provider in the page", True),
        ("english is fine. no as_of in the csv", True),
        ("fine by me, dont touch the data", True),
        ("there are no errors in the log", False),
        ("no tests in the folder", False),
        ("it never guesses right", False),
    ],
)
def test_what_the_users_side_never_does_and_what_is_to_be_without_something_holds_on(words, holds):
    assert bool(lasting(words)) is holds


@pytest.mark.parametrize(
    ("words", "held"),
    [
        ("Take bin A first. That's mandatory, it is food!", "Take bin A first. That's mandatory, it is food!"),
        ("Erst Regal A. Das ist Pflicht, Lebensmittel!", "Erst Regal A. Das ist Pflicht, Lebensmittel!"),
        ("Is the header needed? That is mandatory.", ""),
        ("Retry will ich erst mal nicht, das verdeckt es.", "Retry will ich erst mal nicht, das verdeckt es."),
        ("Das will ich nicht", ""),
        ("Nobody resets offsets without asking me.", "Nobody resets offsets without asking me."),
        ("Nobody knows why it fails without asking me.", ""),
        ("changes to prod only with Ann's ok", "changes to prod only with Ann's ok"),
        (
            "Ground rules from my side for all:\n\u2022 no lost rows here\n\u2022 no copied jars there",
            "Ground rules from my side for all:\n\u2022 no lost rows here\n\u2022 no copied jars there",
        ),
    ],
)
def test_what_is_said_to_bind_whose_leave_it_needs_and_what_nobody_wants_holds_on(words, held):
    assert lasting(words) == ((held,) if held else ())


@pytest.mark.parametrize(
    "rule", ["Step by step.", "Granular commits.", "please go one by one", "Small, atomic commits"]
)
def test_how_the_steps_are_taken_and_committed_holds_for_all_of_them(rule):
    assert lasting(f"Yes. {rule}") == (rule,)
    assert not lasting("Tell me step by step how the commits are made")
