"""Which commands are in hand, and what they printed last."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import REFUSED, Edit
from handoff_cli.documents.extract.runs.reruns import commands_in_hand, exercised, variables_in
from tests.documents.sessions import ran


def test_a_command_in_hand_stands_in_its_most_usual_form_and_what_is_done_once_does_not():
    texts = ("make run | tail -20", "make run | tail -20", "rm old.py", "sed -i s/a/b/ x.py", "make run | tail -5")
    texts += ("git commit", "git commit")
    runs = [ran(text, position=at) for at, text in enumerate(texts)]
    assert commands_in_hand(runs) == (("make run | tail -20", 3, ""),)


@pytest.mark.parametrize("error", ["Interrupted by user", REFUSED])
def test_what_the_user_stopped_or_refused_last_is_not_in_hand_and_runs_that_came_to_an_end_count(error):
    long, short = "make stress", "make test"
    runs = [
        ran(long, position=1),
        ran(long, "failed", 2, error),
        ran(short, "failed", 3, error),
        ran(short, position=4),
    ]
    assert [(text, times) for text, times, _ in commands_in_hand(runs)] == [(short, 1)]


def test_what_nobody_knows_to_have_run_is_not_in_hand_where_others_are_known_to():
    """The last may run yet; a log that tells of none how it ended tells them all."""
    runs = [ran("make clean-all", None, 1), ran("make run", position=2), ran("make test", None, 3)]
    assert [it[0] for it in commands_in_hand(runs)] == ["make test", "make run"]
    assert len(commands_in_hand([runs[0], runs[2]])) == 2


def test_what_a_command_gave_is_told_though_nobody_wrote_down_how_it_ended():
    runs = [ran("./fit.py --fold 3", "ended", it, output="loss=0.412") for it in (1, 2)]
    assert commands_in_hand(runs) == (("./fit.py --fold 3", 2, "loss=0.412"),)


def test_what_a_command_gave_before_it_failed_is_told_no_more():
    runs = [ran("./fit.py", position=1, output="loss=0.412"), ran("./fit.py", "failed", 2, "killed")]
    assert [gave for _, _, gave in commands_in_hand(runs[:1])] == ["loss=0.412"]
    assert [gave for _, _, gave in commands_in_hand(runs)] == [""]


@pytest.mark.parametrize(
    ("printed", "gave"),
    [
        ("fold=3 loss=0.412", "fold=3 loss=0.412"),
        ("fold  loss\n1     0.41\n2     0.40\n3     0.44", "fold loss | 1 0.41 | 2 0.40 | 3 0.44"),
        ("a long line of a log\n" * 20 + "epoch 9: loss=0.398", "epoch 9: loss=0.398"),
        ("fold=3 loss=0.412\nreal\t0m38.211s\n", "fold=3 loss=0.412"),
        ("a long line of a log\n" * 20 + "}", ""),
        ("Command running in background with ID: x1", ""),
    ],
)
def test_a_command_in_hand_stands_with_what_it_printed_where_that_is_short_or_its_end_tells(printed, gave):
    runs = (ran("./fit.py --fold 3", output="fold=3 loss=0.9"), ran("./fit.py --fold 3", position=16, output=printed))
    assert commands_in_hand(runs) == (("./fit.py --fold 3", 2, gave),)


def test_looks_at_what_runs_elsewhere_stand_last_and_those_that_told_nothing_not_at_all():
    texts = ("./fit.py", "kubectl -n shop get pods", "gh run view 7", "docker compose ps")
    runs = [ran(text, position=at, output="web Running" if at == 1 else "\n" * 9) for at, text in enumerate(texts)]
    assert [it[0] for it in commands_in_hand(runs)] == ["./fit.py", "kubectl -n shop get pods"]


def test_variables_are_names_without_values():
    runs = (ran("API_TOKEN=abc123 curl $BASE_URL/x -H ${API_TOKEN} $HOME"),)
    assert variables_in(runs) == ("API_TOKEN", "BASE_URL")


EDITS = (Edit("/p/main.tf", 10, "modified", "a", "b"), Edit("/p/app.py", 20, "modified", "a", "b"))
FILES = ("/p/app.py", "/p/main.tf")


@pytest.mark.parametrize(
    ("command", "serves"),
    [
        ("terraform -chdir=stage plan -out=x", True),
        ("kubectl --context stage diff -f app.yaml", True),
        ("ansible-playbook site.yml --check", True),
        ("cd /p && time python src/train.py --seed 17", True),
        ("psql shop -c 'select 1'", True),
        ("git stash -q && python src/train.py", False),
        ("python -c 'print(1)'", False),
        ("cat main.py", False),
        ("pytest -q", False),
        ("git push", False),
    ],
)
def test_a_script_a_dry_run_or_a_query_serves_as_a_check(command, serves):
    found = exercised((ran(command, position=30),), EDITS, FILES)
    assert [it.startswith("run since: ") for it in found] == [True] * serves


def test_it_says_what_was_printed_and_of_which_edits_it_tells():
    found = exercised(
        (
            ran(
                "terraform plan",
                position=15,
                output="# a\n\nPlan: 3 to add, 0 to destroy.\n\nSaved to: x\n" + "y\n" * 9,
            ),
        ),
        EDITS,
        FILES,
    )
    assert found == ("run since the edit of main.tf: terraform plan \u2192 Plan: 3 to add, 0 to destroy.",)
    assert exercised((ran("terraform plan", position=5),), EDITS, FILES) == ()
    assert exercised((ran("terraform plan", "failed", position=15),), EDITS, FILES) == ()
    assert exercised((ran("terraform plan", position=15),), EDITS, ()) == ()


@pytest.mark.parametrize(
    ("command", "times"),
    [
        ("cd envs/data && terraform plan", 0),
        ("cd envs/prod && terraform plan", 1),
        ("terraform -chdir=envs/data plan", 0),
        ("cd live/all && terraform plan", 1),
    ],
)
def test_a_plan_of_the_folder_beside_tells_nothing_of_the_edit_and_one_of_what_may_use_it_does(command, times):
    edits = (Edit("/p/envs/prod/main.tf", 10, "modified", "a", "b"),)
    plan = ran(command, position=15, output="Plan: 0 to add, 1 to change, 0 to destroy.")
    assert len(exercised((plan,), edits, ("/p/envs/prod/main.tf",))) == times


def test_a_command_that_changes_a_file_and_runs_it_runs_it_since():
    edits = (Edit("load.sh", 20, "modified", "a", "b"),)
    own = ran("sed -i s/a/b/ load.sh && ./load.sh", position=20, output="3 rows")
    assert exercised((own,), edits, ("load.sh",)) == ("run since: ./load.sh → 3 rows",)
    first = ran("./load.sh && sed -i s/a/b/ load.sh", position=20, output="3 rows")
    assert exercised((first,), edits, ("load.sh",)) == ()


def test_what_ran_in_another_folder_tells_nothing_of_an_edit_once_it_ran_in_its_own():
    edits = (Edit("/p/envs/prod/main.tf", 10, "modified", "a", "b"),)
    own = ran("cd envs/prod && terraform plan", position=15, output="Plan: 1 to change.")
    other = ran(
        "for it in a b; do echo $it; done; cd envs/data && terraform plan", position=25, output="Plan: 9 to add."
    )
    told = ("run since: terraform plan \u2192 Plan: 1 to change.",)
    assert exercised((own, other), edits, (edits[0].path,)) == told
    assert len(exercised((other,), edits, (edits[0].path,))) == 1
