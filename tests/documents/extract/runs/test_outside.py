"""What commands changed outside of the repository."""

from __future__ import annotations

import pytest

from handoff_cli.core.transcript import ENDED, Edit
from handoff_cli.documents.extract.runs.outside import MOST_OUTSIDE, changes_outside, done_outside
from tests.documents.sessions import ran
from tests.growth import assert_linear


def done(*commands, edits=()):
    return [(it.step, it.gave) for it in done_outside(commands, edits)]


def test_a_line_changes_something_outside_where_a_step_of_it_does():
    assert changes_outside("cd infra && terraform apply -auto-approve | tail -3")
    assert not changes_outside("cd infra && terraform plan; echo 'terraform apply'")
    assert not changes_outside("kubectl apply -f a.yml --dry-run=client")


@pytest.mark.parametrize(
    "command",
    [
        "terraform -chdir=infra apply -auto-approve",
        "kubectl --context dev -n shop scale deploy web --replicas=2",
        "kubectl -n shop rollout restart deploy/web",
        "docker compose -f dev.yml up -d --build",
        "docker-compose down",
        "docker network connect shop_net shop-db-1",
        "helm upgrade --install web ./chart",
        "uv run alembic upgrade head",
        "python manage.py migrate shop",
        "npm publish --access public",
        "make migrate",
        "pnpm run db:migrate",
        "just deploy-staging",
        "gh pr merge 12 --squash",
        "gh api repos/a/b/pulls/1/comments/7/replies -f body=Done",
        "gh api repos/a/b/pulls/1/reviews --input comments.json",
        "gh api -X PATCH repos/a/b/issues/1 -f state=closed",
        "curl -s -X POST https://api.shop.example/v1/flags -d '{}'",
        "aws --region eu-west-1 ecs update-service --service web",
        "aws s3 cp dist.tgz s3://shop/",
        "aws s3 sync --delete s3://shop/a s3://shop/b",
        "gcloud run deploy web --image x",
        "sudo systemctl restart web",
        "ssh web1 'sudo systemctl restart web'",
        'psql -h db shop -c "update rows set paid = true"',
        "fly deploy --remote-only",
        "argocd app set shop --sync-policy none",
        "flux suspend kustomization shop",
        "nomad job run shop.nomad",
        "crane copy reg/a:1 reg/b:1",
        "vault kv put secret/shop a=b",
        "pg_restore -d shop_new dump.pgc",
        "redis-cli -h cache del prices",
        "glab mr merge 4",
        "kubectl -n shop exec web-0 -- kill -USR2 1",
        'ssh box "kubectl exec web-0 -- cat /tmp/heap > /secure/web.heap"',
    ],
)
def test_what_changes_something_outside_is_known_by_its_command(command):
    assert done(ran(command, output="")) == [(command, "")]


@pytest.mark.parametrize(
    "command",
    [
        "terraform plan -out=p",
        "kubectl -n shop get pods",
        "kubectl apply --dry-run=server -f web.yml",
        "docker compose ps",
        "docker compose logs web",
        "gh pr view 12",
        "gh pr create --fill",
        "gh api repos/a/b",
        "gh api --method GET search/issues -f q=lock",
        "gh api graphql -f query='query { viewer { login } }'",
        "curl -s -X POST localhost:8080/v1/flags",
        "curl -s https://api.shop.example/v1/flags",
        "DATABASE_URL=postgresql://gh@localhost:5433/shop uv run alembic downgrade -1",
        "make migrations-check",
        "aws ecs describe-services",
        "aws s3 cp s3://shop/dist.tgz .",
        "aws s3 sync --quiet s3://shop/a data/",
        "systemctl status web",
        "ssh web1 uptime",
        "ssh web1 \"promtool query range --start=17 --end=18 http://prom:9090 'up > 0'\"",
        "ssh web1 'cat /var/log/web.log 2>/dev/null' > web.log",
        "kubectl -n shop exec web-0 -- cat /proc/1/status",
        "psql -c 'select created from rows'",
        "echo 'helm upgrade web'",
        "git push",
    ],
)
def test_a_look_a_trial_and_what_stays_in_the_repository_or_on_this_machine_is_none(command):
    assert done(ran(command, output="")) == []


def test_each_step_of_a_line_stands_with_its_own_result_the_latest_first():
    chain = "kubectl annotate sa web a=b && kubectl scale deploy web --replicas=1"
    assert done(ran(chain, output="serviceaccount/web annotated\ndeployment.apps/web scaled")) == [
        ("kubectl scale deploy web --replicas=1", "deployment.apps/web scaled"),
        ("kubectl annotate sa web a=b", "serviceaccount/web annotated"),
    ]
    piped = ran("terraform apply 2>&1 | tail -8", output="x: Modifying...\n" * 9 + "Apply complete! Resources: 1 added")
    assert done(piped) == [("terraform apply", "Apply complete! Resources: 1 added")]


def test_what_failed_changed_nothing_that_is_known():
    assert done(ran("terraform apply", "failed", output="Error: x")) == []
    assert done(ran("terraform apply 2>&1 | tail -3", output="Error: no credentials")) == []
    assert done(ran("helm upgrade web ./chart", None)) == []


@pytest.mark.parametrize(
    "printed",
    [
        "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
        "The connection to the server 10.0.0.1:6443 was refused\nUnable to connect to the server: no such host",
        "psql: could not connect to server: Connection refused",
        "ssh: connect to host web1 port 22: No route to host",
        "bash: line 1: docker: command not found",
    ],
)
def test_what_could_not_reach_what_it_was_to_change_did_not_change_it(printed):
    """No exit code is kept of what was copied off a screen."""
    command = ran("docker compose up -d es && npm run e2e", ENDED, 5, output=printed)
    assert done(command) == []
    assert done(command.replace(output="Container es Started")) != []


def test_what_was_done_again_is_told_once_and_the_latest_only():
    runs = [ran(f"kubectl scale deploy web --replicas={at % 9}", position=at) for at in range(30)]
    assert [it[0][-1] for it in done(*runs)] == list("210876")
    assert len(done(*runs)) == MOST_OUTSIDE


@pytest.mark.parametrize(
    ("command", "path", "stale"),
    [
        ("docker compose up -d --build web", "/p/src/web.py", True),
        ("docker compose up -d --build web", "/p/README.md", False),
        ("docker compose up -d --build web", "/p/tests/test_web.py", False),
        ("terraform apply -auto-approve", "/p/main.tf", True),
        ("terraform apply -auto-approve", "/p/src/web.py", False),
        ("kubectl scale deploy web --replicas=2", "/p/src/web.py", False),
    ],
)
def test_what_was_started_before_the_last_edits_of_what_it_runs_says_so(command, path, stale):
    later = Edit(path, 20, "modified", "a", "b")
    assert [it.stale for it in done_outside((ran(command, position=15),), (later,))] == [stale]
    assert [it.stale for it in done_outside((ran(command, position=25),), (later,))] == [False]


def test_what_a_log_says_where_nothing_was_printed_is_not_what_a_step_gave():
    assert done(ran("ssh web1 'sudo systemctl restart web'", output="(No content)")) == [
        ("ssh web1 'sudo systemctl restart web'", "")
    ]


def test_a_step_within_a_loop_changes_something_outside_too():
    loop = "for i in $(gh cache list --json id); do gh cache delete $i; done"
    assert done(ran(loop)) == [("gh cache delete $i", "")]
    assert changes_outside(loop)
    assert not done(ran("for i in 1 2; do gh cache list -L $i; done"))


def test_a_command_of_many_options_is_told_in_linear_time():
    assert_linear(lambda size: done_outside((ran(f"kubectl {'-n exec ' * (size // 8)}"),), ()), 20_000)
