"""The schema of a fleet's database and the connection to it, on a real server."""

import json
import re
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from handoff_cli.core.fields import DatabaseUrl, shown_url
from handoff_cli.errors import InputError
from handoff_cli.fleet.database import AwayError, FleetDatabase, init_schema, schema_sql, schema_version
from tests.postgres import run_sql, with_database
from tests.scripts.test_make_example import ROOT


def initialise(url):
    with FleetDatabase(url) as opened:
        return init_schema(opened)


def test_the_schema_is_made_once(empty_database):
    assert initialise(empty_database) == (0, 1, None)
    before = run_sql(empty_database, "select id, (select applied_at from handoff.migration) from handoff.fleet")
    assert initialise(empty_database) == (1, 1, None)
    assert run_sql(empty_database, "select id, (select applied_at from handoff.migration) from handoff.fleet") == before


def test_two_who_make_it_at_once_make_one(empty_database):
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(initialise, [empty_database] * 4))
    assert sorted(it[0] for it in found) == [0, 1, 1, 1]


def test_the_printed_sql_makes_the_same(empty_database):
    run_sql(empty_database, schema_sql())
    with FleetDatabase(empty_database) as opened:
        assert schema_version(opened) == 1
    assert initialise(empty_database) == (1, 1, None)


def test_the_policies_that_the_documentation_shows_are_those_in_force():
    page = (ROOT / "docs" / "fleet.md").read_text()
    shown = re.findall(r"^create policy .*$", page, re.MULTILINE)
    assert len(shown) == 2
    assert all(line in schema_sql() for line in shown)


def test_a_newer_schema_is_left_alone(database):
    run_sql(database, "insert into handoff.migration values (99)")
    with pytest.raises(InputError, match="newer handoff"):
        initialise(database)


def test_without_tables_one_line_says_what_makes_them(empty_database, handoff, monkeypatch):
    monkeypatch.setenv("HANDOFF_FLEET_URL", empty_database)
    code, _, err = handoff("fleet", "status")
    assert code == 1
    assert err.endswith("has no tables of this handoff's; handoff fleet init makes them\n")


def test_without_psycopg_one_line_says_what_to_install(handoff, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    monkeypatch.setenv("HANDOFF_FLEET_URL", "postgresql://ann@nowhere/fleet")
    expected = "handoff: the fleet's database needs psycopg 3; install the extra: pip install 'agent-handoffs[fleet]'\n"
    assert handoff("fleet", "status") == (1, "", expected)


def test_a_database_that_is_away_is_named_without_secrets(monkeypatch):
    monkeypatch.setenv("PGPASSWORD", "hunter2-secret")
    with pytest.raises(AwayError) as caught, FleetDatabase("postgresql://ann@127.0.0.1:1/fleet"):
        pass
    assert "postgresql://ann@127.0.0.1:1/fleet cannot be reached" in caught.value.message
    assert "hunter2" not in caught.value.message


def test_where_a_password_is_missing_or_wrong_the_places_for_it_are_named():
    import psycopg

    opened = FleetDatabase("postgresql://ann@db/fleet")
    with pytest.raises(AwayError) as caught, opened.asked():
        raise psycopg.OperationalError("connection failed: fe_sendauth: no password supplied")
    assert caught.value.hint == "the password belongs into ~/.pgpass, a service file or PGPASSWORD"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://h/db?foo=1",
        "postgresql://?service=nope",
        f"postgresql://{'a' * 80}.example/x",
        "postgresql://127.0.0.1/db?connect_timeout=abc",
    ],
)
def test_a_url_that_leads_nowhere_is_one_line(spawn, url):
    done = spawn("fleet", "status", env={"HANDOFF_FLEET_URL": url})
    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (1, b"", 1)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://ann@db/fleet", "postgresql://ann@db/fleet"),
        ("postgresql://?service=fleet", "postgresql://?service=fleet"),
        ("postgresql://ann:@/fleet?passfile=/home/ann/.pgpass", "postgresql://ann:@/fleet?passfile=/home/ann/.pgpass"),
        ("postgresql://ann:pw@db/fleet", "postgresql://ann:***@db/fleet"),
        ("postgres://ann:p@w@db/fleet", "postgres://ann:***@db/fleet"),
        ("postgresql://ann:p/w?x@db/fleet", "postgresql://ann:***@db/fleet"),
        ("postgresql://db/fleet?user=ann&password=pw", "postgresql://db/fleet?user=ann&password=***"),
        ("postgresql://db/fleet?p%61ssword=pw&sslmode=require", "postgresql://db/fleet?password=***&sslmode=require"),
        ("postgresql://db/fleet?sslpassword=pw", "postgresql://db/fleet?sslpassword=***"),
        ("postgresql://db/f?oauth_client_secret=pw", "postgresql://db/f?oauth_client_secret=***"),
        ("ann:pw@db/fleet", "ann:***@db/fleet"),
        ("host=db password=pw", "***"),
    ],
)
def test_a_url_is_shown_without_what_is_secret_and_kept_only_without(url, shown):
    assert shown_url(url) == shown
    assert DatabaseUrl().fits(url) == (url == shown)


@pytest.mark.parametrize("door", ["config", "variable", "file"])
def test_a_password_is_refused_at_every_door_and_nowhere_repeated(project, handoff, monkeypatch, tmp_path, door):
    url = "postgresql://ann:hunter2@db/fleet"
    if door == "config":
        code, out, err = handoff("config", "set", "--user", "fleet_url", url)
        assert code == 2
    else:
        if door == "variable":
            monkeypatch.setenv("HANDOFF_FLEET_URL", url)
        else:
            folder = tmp_path / "scratch" / "home" / ".config" / "agent-handoffs"
            folder.mkdir(parents=True)
            (folder / "settings.json").write_text(f'{{"fleet_url": "{url}"}}')
        code, out, err = handoff("fleet", "status")
        assert code == 3
    assert "hunter2" not in out + err
    assert "ann:***@db" in err
    assert ".pgpass" in err
    assert "PGPASSWORD" in err
    files = [path for path in tmp_path.rglob("*") if path.is_file() and door != "file"]
    assert not any(b"hunter2" in path.read_bytes() for path in files)


def test_only_the_user_says_where_the_fleet_is(project, handoff, monkeypatch):
    for words in (("set", "fleet_url", "postgresql://ann@db/fleet"), ("unset", "fleet_url")):
        code, _, err = handoff("config", *words)
        assert (code, f"handoff config {words[0]} --user fleet_url" in err) == (2, True)
    assert handoff("config", "set", "--user", "fleet_url", "postgresql://ann@db/fleet")[0] == 0
    handoff("-q", "track", stdin="hello")
    state = project / ".agent-handoffs" / "token_usage.json"
    other = '{"fleet_url": "postgresql://mallory@evil/x", "fleet_wait": true,'
    state.write_text(state.read_text().replace("{", other, 1))
    assert handoff("config", "get", "fleet_url")[1] == "postgresql://ann@db/fleet\n"
    code, _, err = handoff("track", stdin="hello again")
    assert code == 0
    assert err.count("counts in your own settings alone") == 2


PEOPLE = {"ann": ["handoff_writer"], "bob": ["handoff_writer"], "eve": ["handoff_reader"], "nob": []}


@pytest.fixture
def people(database):
    """The URL by which each of ``PEOPLE`` comes to the database."""
    name = database.partition("?")[0].rpartition("/")[2]
    for who, groups in PEOPLE.items():
        run_sql(database, f"create role {who}_{name} login", *(f"grant {it} to {who}_{name}" for it in groups))
    yield {who: with_database(database, name, f"{who}_{name}") for who in PEOPLE}
    for who in PEOPLE:
        run_sql(database, f"drop owned by {who}_{name}", f"drop role {who}_{name}")


@pytest.fixture
def come(people, handoff, monkeypatch, tmp_path):
    """Run a command as one of ``PEOPLE``, each with a project and settings of their own."""

    def run(who, *argv, stdin=None):
        folder = tmp_path / who
        folder.mkdir(exist_ok=True)
        monkeypatch.setenv("HANDOFF_FLEET_URL", people[who])
        monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        return handoff("--dir", str(folder), *argv, stdin=stdin)

    for who in ("ann", "bob"):
        assert run(who, "-q", "track", "-d", f"work of {who}", stdin="hello")[0] == 0
        assert run(who, "handoff", "-q")[0] == 0
        assert run(who, "fleet", "sync")[0] == 0
    return run


def test_writers_see_their_own_readers_all_and_others_nothing(come):
    def titles(who):
        return {row["title"] for row in json.loads(come(who, "fleet", "status", "--json")[1])}

    assert titles("ann") == {"work of ann"}
    assert titles("bob") == {"work of bob"}
    assert titles("eve") == {"work of ann", "work of bob"}
    code, _, err = come("nob", "fleet", "status")
    assert (code, "permission denied" in err, "handoff_reader" in err) == (1, True, True)


def test_a_reader_sends_nothing(come):
    come("eve", "-q", "track", stdin="hello")
    code, _, err = come("eve", "fleet", "sync")
    assert (code, "permission denied" in err) == (1, True)


def test_a_session_that_another_role_sent_is_refused_in_words(come, tmp_path):
    """As where a disk was copied, and with it the machine's id."""
    for name in ("config", ".agent-handoffs"):
        shutil.rmtree(tmp_path / "bob" / name)
        shutil.copytree(tmp_path / "ann" / name, tmp_path / "bob" / name)
    (tmp_path / "bob" / ".agent-handoffs" / "fleet.json").unlink()
    code, _, err = come("bob", "fleet", "sync")
    assert code == 1
    assert err.endswith("another role sent this session before: two machines have one id, or one machine two roles\n")


def test_who_may_not_make_tables_is_told_who_may(people, handoff, monkeypatch, empty_database):
    name, user = (
        empty_database.partition("?")[0].rpartition("/")[2],
        people["nob"].partition("://")[2].partition("@")[0],
    )
    monkeypatch.setenv("HANDOFF_FLEET_URL", with_database(empty_database, name, user))
    code, _, err = handoff("fleet", "init")
    assert code == 1
    assert err.endswith("let its owner run: handoff fleet init --print | psql\n")


def test_nobody_writes_for_another_or_says_when_it_came(come, people):
    import psycopg

    ann = people["ann"]
    name = ann.partition("://")[2].partition("@")[0]
    assert run_sql(people["eve"], "select count(*) from handoff.entry join handoff.session s on s.id = session_id") == [
        (4,)
    ]
    everything = (
        "update handoff.session set title = 'mine', owner = 'bob', received_at = '2000-01-01', seen_at = '2000-01-01'"
    )
    found = run_sql(
        ann, f"{everything} returning title, owner::text, received_at > '2001-01-01', seen_at > '2001-01-01'"
    )
    assert found == [("mine", name, True, True)]
    assert run_sql(people["eve"], "select count(*) from handoff.session where title = 'mine'") == [(1,)]
    (theirs,) = run_sql(people["bob"], "select id, machine, session from handoff.session")
    refused = (
        f"insert into handoff.entry (session_id, sequence, time, checksum, kind) values ({theirs[0]}, 9, now(), 1, 'x')",
        f"insert into handoff.document (session_id, text) values ({theirs[0]}, 'x') on conflict do nothing",
        "insert into handoff.entry (session_id, sequence, time, checksum, kind, received_at) values (1, 9, now(), 1, 'x', now())",
        "update handoff.entry set tokens = 1",
        "create table handoff.x (y int)",
        "select * from handoff.entry_rest",
    )
    for statement in refused:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            run_sql(ann, statement)
    assert run_sql(people["bob"], "delete from handoff.session returning 1") == [(1,)]
    assert run_sql(people["eve"], "select count(*) from handoff.entry") == [(2,)]


MONTHS = "select relname from pg_class where relname ~ '^entry_2' and relkind = 'r' order by 1"


def test_a_line_goes_into_the_month_it_was_written_in_and_months_are_dropped(own_database, handoff):
    handoff("-q", "track", stdin="hello")
    assert handoff("fleet", "sync")[0] == 0
    (this,) = run_sql(own_database, "select distinct tableoid::regclass::text from handoff.entry")
    assert (
        this[0] == run_sql(own_database, "select 'handoff.entry_' || to_char(now() at time zone 'UTC', 'YYYYMM')")[0][0]
    )
    insert = (
        "insert into handoff.entry (session_id, sequence, time, checksum, kind) "
        "select id, 7, date_trunc('month', now(), 'UTC') + interval '14 months', 1, 'x' from handoff.session"
    )
    run_sql(own_database, insert)
    assert run_sql(own_database, "select count(*) from handoff.entry_rest") == [(1,)]
    assert len(run_sql(own_database, MONTHS)) == 13
    run_sql(own_database, "select handoff.make_partitions(15)")
    assert run_sql(own_database, "select count(*) from handoff.entry_rest") == [(0,)]
    assert run_sql(own_database, "select count(*) from handoff.entry") == [(3,)]
    assert len(run_sql(own_database, MONTHS)) == 16
    next_month = "(date_trunc('month', now() at time zone 'UTC') + interval '1 month')::date"
    assert run_sql(own_database, f"select handoff.drop_before({next_month})") == [(1,)]
    assert len(run_sql(own_database, MONTHS)) == 15
    assert run_sql(own_database, "select count(*) from handoff.session") == [(0,)]
    assert run_sql(own_database, "select count(*) from handoff.entry") == [(0,)]
