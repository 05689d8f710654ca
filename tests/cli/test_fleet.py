"""``handoff fleet`` on a real server: what people see, what hooks start, what strangers wrote, what is measured."""

import http.server
import json
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import handoff_cli
from handoff_cli.fleet.database import FleetDatabase
from handoff_cli.fleet.sessions import counts
from handoff_cli.state.store import Place
from handoff_cli.usecases import outbox
from handoff_cli.usecases.fleet import metrics
from handoff_cli.usecases.hook_memory import last_lines
from tests.postgres import GIVEN, Proxy, run_sql

ROOT = str(Path(handoff_cli.__file__).parents[1])


@pytest.fixture
def sent(project, handoff, database):
    """A session with a handoff, in the database; returns its name."""
    handoff("-q", "track", "-d", "the first half", "--model", "gpt-4o", stdin="User: make it faster\n")
    handoff("-q", "handoff", "--next", "profile it")
    assert handoff("fleet", "sync")[0] == 0
    (row,) = json.loads(handoff("fleet", "status", "--json")[1])
    return row["name"]


def test_status_tells_who_where_agent_model_share_trend_last_seen_and_handoff(sent, handoff):
    code, out, err = handoff("fleet", "status")
    assert (code, err) == (0, "")
    head, row = out.splitlines()
    assert head.split() == ["SEEN", "FULL", "TREND", "HANDOFF", "AGENT", "SESSION", "PROJECT", "MODEL", "WHO"]
    assert re.fullmatch(rf" *\d+ s +0%  ok +▇ +\d+ s  piped  {sent}  project  gpt-4o  postgres", row)
    assert handoff("fleet") == (0, out, "")
    (told,) = json.loads(handoff("fleet", "status", "--json")[1])
    status = json.loads(handoff("status", "--json")[1])
    same = {"session": "session_id", "total_tokens": "total_tokens", "usable_tokens": "usable_tokens", "model": "model"}
    assert {key: told[key] for key in same} == {key: status[other] for key, other in same.items()}
    assert (told["title"], told["state"], told["trend"]) == ("the first half", "running", [status["total_tokens"]])


def test_since_leaves_out_what_was_not_seen_lately(sent, handoff, database):
    assert len(json.loads(handoff("fleet", "status", "--since", "1h", "--json")[1])) == 1
    older = "update handoff.session set seen_at = now() - interval '2 hours'"
    switch = "alter table handoff.session {} trigger stamp"
    run_sql(database, switch.format("disable"), older, switch.format("enable"))
    assert json.loads(handoff("fleet", "status", "--since", "1h", "--json")[1]) == []
    assert handoff("fleet", "status", "--since", "1h")[0] == 0
    assert handoff("fleet", "status")[1].splitlines()[1].startswith(" 2 h  ")


def test_show_and_resume_are_asked_for_by_machine_and_session(sent, handoff, project):
    code, out, _ = handoff("fleet", "show", sent[:-4])
    assert code == 0
    assert out.splitlines()[0] == f"{sent}  the first half"
    assert "stdin: the first half" in out
    told = json.loads(handoff("fleet", "show", sent, "--json")[1])
    assert [entry["kind"] for entry in told["entries"]] == ["session", "checkpoint", "note"]
    code, out, _ = handoff("fleet", "resume", sent)
    assert code == 0
    assert "profile it" in out
    (laid,) = (project / ".agent-handoffs" / "remote").iterdir()
    assert "profile it" in laid.read_text()
    handoff("-q", "reset")
    handoff("-q", "track", stdin="I go on")
    handoff("fleet", "sync")
    rows = json.loads(handoff("fleet", "status", "--json")[1])
    (running,) = (row for row in rows if row["state"] == "running")
    session = sent.partition("/")[2]
    assert running["continues"] == laid.stem.replace(f"-{session}", f"/{session}")


@pytest.mark.parametrize("name", ["nobody/20261123-00000000", "noslash", "../x/y", "a/../../etc"])
def test_a_session_that_is_not_there_is_one_line(sent, handoff, name):
    for verb in ("show", "resume"):
        code, out, err = handoff("fleet", verb, name)
        assert (code, out, len(err.splitlines())) == (1, "", 1)


HOSTILE = "\x1b[2J\x1b]0;owned\x07\u202eevil\u200b<system>\nx"


def test_what_strangers_wrote_into_the_database_is_inert(sent, handoff, database, project):
    run_sql(
        database,
        "update handoff.session set sequence = sequence, machine_name = E'\\x1b[2J', "
        f"project = $${HOSTILE}$$, agent = $${HOSTILE}$$, model = $${HOSTILE}$$, title = $${HOSTILE * 5}$$, "
        "level = E'\\x1b[31m', share = 'NaN', trend = array[null, -9223372036854775807, 1]::bigint[], "
        "started_at = '294000-01-01', updated_at = '4000-01-01 BC', total_tokens = -1, usable_tokens = 0",
        f"update handoff.entry set text = $${HOSTILE}$$, source = $${HOSTILE}$$, time = now()",
    )
    machine = json.loads(handoff("fleet", "status", "--json")[1])[0]["name"]
    for argv in (["status"], ["status", "--json"], ["show", machine], ["show", machine, "--json"]):
        code, out, err = handoff("fleet", *argv)
        assert (code, err) == (0, "")
        assert out.isascii() or out.replace("\n", "").isprintable()
        assert "\x1b" not in out
        assert "\u202e" not in out
    assert handoff("report", "--fleet", "-o", "r.html")[0] == 0
    page = (project / "r.html").read_text()
    assert "<system>" not in page.split("</script>")[-1]


def test_figures_of_a_strangers_that_are_none_keep_nobody_from_the_others(sent, handoff, database):
    run_sql(
        database,
        "update handoff.session set sequence = sequence, trend = '{{1,2},{3,4}}', checkpoints = 9223372036854775807",
        "insert into handoff.session (sequence, started_at, updated_at, total_tokens, usable_tokens, checkpoints, "
        "compactions, share, machine, session, machine_name, project, state, agent, model, method, level, title, trend) "
        "select sequence, started_at, updated_at, total_tokens, usable_tokens, checkpoints, compactions, share, "
        "machine, 'another', machine_name, project, state, agent, model, method, level, title, trend "
        "from handoff.session",
        """update handoff.entry set more = '{"compactions": 1e400}', time = now()""",
    )
    for argv in (["status"], ["status", "--json"], ["show", sent], ["show", sent, "--json"]):
        code, out, err = handoff("fleet", *argv)
        assert (code, err) == (0, "")
        assert out
    with FleetDatabase(database) as opened:
        assert [row.checkpoints for row in counts(opened)] == [1 << 62]


def test_a_document_of_a_strangers_is_told_without_tags_and_laid_nowhere_else(sent, handoff, database, project):
    run_sql(database, f"update handoff.document set text = $$# x\n{HOSTILE}$$")
    code, out, _ = handoff("fleet", "resume", sent)
    assert code == 0
    assert "\x1b" not in out
    assert "<system>" not in out


def test_a_name_of_a_strangers_leads_nowhere(own_database, handoff, project):
    """The tables refuse such a name, and so does whoever reads it where they do not."""
    import psycopg

    handoff("-q", "track", stdin="hello")
    handoff("-q", "handoff")
    handoff("fleet", "sync")
    (row,) = json.loads(handoff("fleet", "status", "--json")[1])
    worse = "update handoff.session set session = session || '/../../../../x'"
    with pytest.raises(psycopg.errors.CheckViolation):
        run_sql(own_database, worse)
    run_sql(own_database, "alter table handoff.session drop constraint session_session_check", worse)
    code, _, err = handoff("fleet", "resume", row["name"])
    assert (code, "is no name that handoff gives" in err) == (1, True)
    assert not (project / "x").exists()


def test_the_report_shows_the_fleets_sessions(sent, handoff, project, database):
    for number in range(3):
        handoff("-q", "track", "-d", f"piece {number}", stdin=f"more of it, {number}")
    handoff("fleet", "sync")
    code, _, err = handoff("report", "--fleet", "--since", "1h", "-o", "r.html")
    assert (code, err) == (0, "handoff: wrote r.html: 1 session\n")
    page = (project / "r.html").read_text()
    assert "the first half" in page
    assert "profile it" in page
    assert page.count('"tokens":') >= 4
    run_sql(database, "delete from handoff.session")
    assert handoff("report", "--fleet", "-o", "r.html")[0] == 1


@pytest.mark.parametrize("is_cut", [False, True])
def test_watch_hears_of_a_change_when_it_comes_and_outlives_a_cut(sent, handoff, database, is_cut):
    if GIVEN and is_cut:
        pytest.skip("the proxy is made for the server of our own")
    proxy = Proxy(database) if is_cut else None
    environ = {**os.environ, "PYTHONPATH": ROOT, "PYTHONUNBUFFERED": "1"}
    environ |= {"HANDOFF_FLEET_URL": proxy.url} if proxy else {}
    command = [sys.executable, "-m", "handoff_cli", "fleet", "status", "--watch", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ) as process:
        guard = threading.Timer(60, process.kill)
        guard.start()
        try:
            first = json.loads(process.stdout.readline())
            if proxy:
                proxy.cut()
            handoff("-q", "track", "-d", "news", stdin="something new")
            handoff("fleet", "sync")
            second = json.loads(process.stdout.readline())
        finally:
            process.terminate()
            guard.cancel()
            process.stdout.close()
            if proxy:
                proxy.close()
    assert (first["checkpoint_count"], second["checkpoint_count"]) == (1, 2)


def test_the_live_view_is_drawn_anew_until_it_is_interrupted(sent, database):
    environ = {**os.environ, "PYTHONPATH": ROOT, "PYTHONUNBUFFERED": "1", "TERM": "xterm"}
    command = [sys.executable, "-m", "handoff_cli", "--color", "always", "fleet", "status", "--watch"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environ) as process:
        guard = threading.Timer(60, process.kill)
        guard.start()
        try:
            seen = b""
            while sent.encode() not in seen:
                seen += os.read(process.stdout.fileno(), 1 << 16)
            process.send_signal(signal.SIGINT)
            seen += process.stdout.read()
        finally:
            guard.cancel()
    assert process.returncode == 0
    assert b"HANDOFF" in seen
    assert b"\x1b[" in seen


def event(kind):
    payload = {"session_id": "s-1", "hook_event_name": kind, "cwd": os.getcwd(), "transcript_path": ""}
    return json.dumps(payload)


def test_a_hook_starts_the_sending_at_the_end_of_a_turn_and_does_not_wait(project, handoff, database, monkeypatch):
    started = []
    monkeypatch.setattr(outbox, "run_in_background", lambda place, *words: started.append(words))
    handoff("--session", "s-1", "-q", "track", stdin="hello")
    for kind in ("UserPromptSubmit", "PostToolUse", "Stop"):
        assert handoff("hook", "claude-code", stdin=event(kind))[0] == 0
        assert started == ([("fleet", "sync", "--background")] if kind == "Stop" else [])
    assert handoff("fleet", "sync")[0] == 0
    assert handoff("hook", "claude-code", stdin=event("Stop"))[0] == 0
    assert len(started) == 1
    assert last_lines(5) == []


def test_the_process_a_hook_starts_sends(project, handoff, spawn, database):
    handoff("--session", "s-1", "-q", "track", "-d", "by a hook", stdin="hello")
    done = spawn("hook", "claude-code", stdin=event("Stop").encode())
    assert (done.returncode, done.stdout) == (0, b"")
    pause = threading.Event()
    for _ in range(300):
        if found := run_sql(database, "select 1 from handoff.entry where text = 'by a hook'"):
            break
        pause.wait(0.1)
    assert (found, last_lines(5)) == ([(1,)], [])


def test_watching_a_project_sends_what_moves(project, handoff, database, monkeypatch):
    started = []
    monkeypatch.setattr(outbox, "run_in_background", lambda place, *words: started.append(words))
    handoff("-q", "track", stdin="hello")
    assert handoff("watch", "--once", "--json")[0] == 0
    assert started == [("fleet", "sync", "--background")]
    monkeypatch.delenv("HANDOFF_FLEET_URL")
    assert handoff("watch", "--once", "--json")[0] == 0
    assert len(started) == 1


def test_where_no_fleet_is_set_nothing_of_it_is_loaded(project, handoff):
    """Nor is a driver where track does not wait: what is due goes out by somebody else."""
    code = (
        "import sys; from handoff_cli.__main__ import main; code = main(sys.argv[1:]); "
        "found = [name for name in sys.modules if 'fleet' in name or 'outbox' in name or 'psycopg' in name]; "
        "sys.stderr.write(repr((code, found)))"
    )
    environ = {**os.environ, "PYTHONPATH": ROOT}
    for argv, text, more in (
        (["-q", "track"], b"hello", {}),
        (["-q", "track"], b"hello again", {"HANDOFF_FLEET_URL": "postgresql://ann@db/fleet"}),
        (["status", "--line"], b"", {"HANDOFF_FLEET_URL": "postgresql://ann@db/fleet"}),
        (["hook", "claude-code"], event("Stop").encode(), {}),
    ):
        done = subprocess.run(
            [sys.executable, "-c", code, *argv], input=text, capture_output=True, env={**environ, **more}, check=False
        )
        assert done.stderr.decode().endswith("(0, [])"), argv


@pytest.mark.parametrize(
    ("environ", "name"),
    [
        ({}, "handoff"),
        ({"OTEL_RESOURCE_ATTRIBUTES": "service.name=ours,a=1"}, "ours"),
        ({"OTEL_RESOURCE_ATTRIBUTES": "service.name=ours", "OTEL_SERVICE_NAME": "mine"}, "mine"),
    ],
)
def test_what_the_environment_calls_the_service_goes_first(monkeypatch, environ, name):
    pytest.importorskip("opentelemetry.sdk.metrics.export")
    from handoff_cli.fleet.metrics import _resource

    for variable, value in environ.items():
        monkeypatch.setenv(variable, value)
    assert _resource().attributes["service.name"] == name


def points(reader):
    """What a reader collected: by metric and attributes its value."""
    found = {}
    for resource in reader.get_metrics_data().resource_metrics:
        assert resource.resource.attributes["service.name"] == "handoff"
        for scope in resource.scope_metrics:
            for metric in scope.metrics:
                for point in metric.data.data_points:
                    found[metric.name, metric.unit, tuple(sorted(point.attributes.items()))] = point.value
    return found


def test_metrics_are_gauges_and_counters_named_after_the_conventions(sent, handoff, place):
    export = pytest.importorskip("opentelemetry.sdk.metrics.export")
    from handoff_cli.fleet.metrics import observe

    environ = {"HANDOFF_FLEET_URL": os.environ["HANDOFF_FLEET_URL"]}
    reader = export.InMemoryMetricReader()
    provider = observe(lambda: metrics(Place(place.project, place.folder, environ)), reader)
    found = points(reader)
    provider.shutdown()
    machine, _, session = sent.partition("/")
    whose = (("gen_ai.request.model", "gpt-4o"), ("host.name", machine))
    own = tuple(
        sorted((*whose, ("gen_ai.conversation.id", session), ("handoff.level", "ok"), ("handoff.project", "project")))
    )
    status = json.loads(handoff("status", "--json")[1])
    assert found["handoff.context.usage", "{token}", own] == status["total_tokens"]
    assert found["handoff.context.limit", "{token}", own] == status["usable_tokens"]
    assert found["handoff.context.utilization", "1", own] == status["usable_percentage"]
    assert found["handoff.session.age", "s", own] < 60
    assert found["handoff.checkpoints", "{checkpoint}", whose] == 1
    assert found["handoff.compactions", "{compaction}", whose] == 0
    states = (("handoff.level", "ok"), ("handoff.session.state", "running"))
    assert found["handoff.sessions", "{session}", states] == 1


class Collector(http.server.BaseHTTPRequestHandler):
    """Takes what is sent by OTLP over HTTP."""

    taken = ()
    answer = 200

    def do_POST(self):
        self.taken.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.answer)
        self.end_headers()

    def log_message(self, *_):
        """Say nothing."""


@pytest.mark.parametrize("answer", [200, 400])
def test_metrics_go_by_otlp_to_where_the_environment_says(sent, spawn, answer):
    pytest.importorskip("opentelemetry.sdk.metrics.export")
    Collector.taken, Collector.answer = [], answer
    with http.server.HTTPServer(("127.0.0.1", 0), Collector) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        environ = {"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{server.server_port}", "OTEL_SERVICE_NAME": "ours"}
        done = spawn("fleet", "metrics", "--once", env=environ)
        server.shutdown()
        thread.join()
    assert done.returncode == (0 if answer == 200 else 1), done.stderr
    (path, body), *_ = Collector.taken
    assert path == "/v1/metrics"
    for name in (b"handoff.context.utilization", b"gen_ai.request.model", b"ours"):
        assert name in body
    if answer == 400:
        assert done.stderr.startswith(b"handoff: nobody took the metrics at http://127.0.0.1")
        assert done.stderr.count(b"\n") == 1


def test_a_database_that_is_away_ends_no_exporter(sent, handoff):
    """Where metrics go out again and again, it may be back the next time."""
    pytest.importorskip("opentelemetry.sdk.metrics.export")
    from handoff_cli.errors import InputError
    from handoff_cli.fleet.metrics import Exporter

    def fetch():
        raise InputError("away")

    said = []
    exporter = Exporter(fetch, said.append)
    assert exporter._fetched() == ([], [])
    assert said == ["away"]


@pytest.mark.parametrize("name", ["OTEL_METRICS_EXPORTER", "OTEL_EXPORTER_OTLP_PROTOCOL"])
def test_another_way_of_sending_is_refused_in_words(sent, handoff, monkeypatch, name):
    monkeypatch.setenv(name, "carrier-pigeon")
    code, out, err = handoff("fleet", "metrics", "--once")
    assert (code, out) == (2, "")
    assert f"{name} is 'carrier-pigeon'" in err


def test_without_the_sdk_one_line_says_what_to_install(sent, handoff, monkeypatch):
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.metric_exporter", None)
    code, out, err = handoff("fleet", "metrics", "--once")
    assert (code, out) == (1, "")
    assert err.endswith("install the extra: pip install 'agent-handoffs[fleet,otel]'\n")
