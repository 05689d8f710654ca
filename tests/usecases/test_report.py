"""The report: what it gathers of a project's sessions, and how it looks in a real browser."""

import errno
import json
import os
import shutil
from pathlib import Path

import pytest

from handoff_cli.errors import InputError
from handoff_cli.usecases.report import gather_everywhere, gather_report, shown_document, write_report
from tests.transcripts import rows as r

HOSTILE = "</script><img src=x onerror=alert(1)>"
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture
def synced(project, handoff):
    """A project with an agent's session that was compacted once, and a piped one."""
    calls = [r.tool_use("t1", "Read", file_path=f"src/{HOSTILE}.py")]
    (project / "t.jsonl").write_text(
        r.jsonl(
            r.claude_user(f"please {HOSTILE}"),
            *(
                r.claude_response(20_000 * n, id_=f"m{n}", timestamp=f"2026-01-02T03:{n:02}:00.000Z")
                for n in range(1, 9)
            ),
            r.claude_compact(165_000, timestamp="2026-01-02T03:20:00.000Z"),
            r.claude_user("the story so far", isCompactSummary=True),
            r.claude_response(30_000, calls, id_="n1", timestamp="2026-01-02T03:30:00.000Z"),
            r.claude_result("t1", "x = 1\n" * 500),
            r.claude_response(33_000, id_="n2", timestamp="2026-01-02T03:31:00.000Z"),
        )
    )
    assert handoff("sync", "--transcript", "t.jsonl")[0] == 0
    assert handoff("handoff")[0] == 0
    assert handoff("--session", "piped", "track", stdin=f"User: {HOSTILE}\nAssistant: no\n")[0] == 0
    return project


def test_each_session_has_its_course_its_filling_and_its_document(synced, place):
    sessions = {it["agent"]: it for it in gather_report(place)["sessions"]}
    session = sessions["claude"]
    assert [it["tokens"] for it in session["points"]] == [*range(20_000, 160_001, 20_000), 30_000, 33_000]
    assert [it["tokens"] for it in session["compactions"]] == [165_000]
    assert session["handoffs"]
    assert session["tokens"] == 33_000
    assert {row["label"] for row in session["filling"]} >= {"the window", "tool results", "Read"}
    whole = next(row for row in session["filling"] if row["id"] == "all")
    assert whole["tokens"] == sum(row["tokens"] for row in session["filling"] if row["parent"] == "all") == 33_000
    assert "<h2>" in session["document"]
    assert sessions[None]["points"][-1]["tokens"] == sessions[None]["tokens"] > 0


def test_what_was_tracked_over_a_threshold_wrote_a_handoff(place, handoff):
    for count in ("60000", "50000"):
        handoff("track", "--tokens", count)
    (session,) = gather_report(place)["sessions"]
    assert session["handoffs"][0] == {"time": session["points"][1]["time"], "tokens": 110_000}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('---\r\nschema: "1"\r\n---\r\nthe story\r\n', "<p>the story</p>\n"),
        ("---\na rule above\n---\nthe story\n", "<hr />\n<h2>a rule above</h2>\n<p>the story</p>\n"),
        ("", ""),
    ],
)
def test_of_a_document_its_front_matter_alone_is_left_out(text, shown):
    assert shown_document(text) == shown


def test_a_forecast_is_held_against_what_happened(synced, place):
    session = next(it for it in gather_report(place)["sessions"] if it["agent"])
    table = next(it for it in session["tables"] if it["title"].startswith("Forecast"))
    assert len(table["rows"]) == 1
    compaction, foretold, came = table["rows"][0]
    assert compaction.startswith("2026-01-02T03:20")
    assert int(came) <= 2
    assert abs(int(foretold) - int(came)) <= 1


def test_sessions_not_touched_since_are_left_out(synced, place):
    assert gather_report(place, "2999-01-01T00:00:00Z")["sessions"] == []
    with pytest.raises(InputError, match="no session"):
        write_report(place, "r.html", "2999-01-01T00:00:00Z")
    assert not os.path.exists("r.html")


def test_what_was_written_is_told_in_words_or_in_json(synced, handoff):
    code, out, err = handoff("report")
    assert (code, out, err) == (0, "", "handoff: wrote handoff-report.html: 2 sessions\n")
    told = json.loads(handoff("report", "-o", "r.html", "--json")[1])
    assert told == {"file": str(synced / "r.html"), "sessions": 2}
    assert Path("r.html").stat().st_size > 0


def test_every_agents_sessions_on_the_machine_are_shown_from_their_logs(project, place, handoff):
    folder = project.parent / "home" / ".claude" / "projects" / "-elsewhere"
    folder.mkdir(parents=True)
    rows = [
        r.claude_user("please look", cwd="/elsewhere"),
        r.claude_response(20_000, id_="m1"),
        r.claude_response(30_000, id_="m2"),
    ]
    (folder / "5e551011-0000-4000-8000-00000000000b.jsonl").write_text(r.jsonl(*rows))
    (session,) = gather_everywhere(os.environ)["sessions"]
    assert (session["title"], session["tokens"], session["agent"]) == ("please look", 30_000, "claude")
    assert [it["tokens"] for it in session["points"]] == [20_000, 30_000]
    assert sum(row["tokens"] for row in session["filling"] if row["parent"] == "all") == 30_000
    assert handoff("report", "--all-projects", "-o", "all.html")[0] == 0
    assert "please look" in Path("all.html").read_text()


def test_secrets_are_redacted_on_the_page(project, place, handoff):
    token = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"
    (project / "t.jsonl").write_text(r.jsonl(r.claude_user(f"use {token}"), r.claude_response(9_000, id_="m")))
    assert handoff("sync", "--transcript", "t.jsonl")[0] == 0
    write_report(place, "r.html")
    assert token not in Path("r.html").read_text()


def test_without_plotly_the_way_to_get_it_is_said(synced, handoff, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "plotly.offline", None)
    code, _, err = handoff("report")
    assert code == 1
    assert "agent-handoffs[report]" in err
    assert not os.path.exists("handoff-report.html")


def test_a_page_that_cannot_be_written_is_said_in_one_line(synced, handoff):
    code, _, err = handoff("report", "-o", "absent/r.html")
    assert (code, err.count("\n")) == (1, 1)
    assert "cannot write absent/r.html" in err


def test_a_page_that_cannot_be_written_to_the_end_leaves_the_old_one(synced, place, monkeypatch):
    Path("r.html").write_text("the old page")

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(InputError, match=r"cannot write r\.html: No space left"):
        write_report(place, "r.html")
    assert Path("r.html").read_text() == "the old page"


@pytest.fixture
def page(synced, place):
    """The report in a real browser, with what it said and asked for."""
    if BROWSER is None:
        pytest.skip("no Chromium is installed")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    write_report(place, "r.html")
    with playwright.sync_playwright() as driver:
        # The browser makes a socket below its temporary folder, and a socket's path has to be short.
        environ = {**os.environ, "TMPDIR": "/tmp"}
        browser = driver.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"], env=environ)
        page = browser.new_page(viewport={"width": 1000, "height": 800})
        page.said, page.asked = [], []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("dialog", lambda dialog: (page.said.append("a dialog"), dialog.dismiss()))
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto((synced / "r.html").as_uri())
        page.wait_for_selector("#sessions tbody tr")
        yield page
        browser.close()


def test_in_a_browser_plots_are_drawn_tables_sort_and_nothing_leaves_the_page(page):
    names = "#sessions tbody tr td:first-child"
    for row in page.locator("#sessions tbody button").all():
        row.click()
    page.locator("#sessions tbody tr", has_text="claude").locator("button").click()
    page.wait_for_selector("#usage .main-svg")
    page.wait_for_selector("#filling .main-svg")
    assert page.locator("#filling path.surface").count() > 5
    figures = "#sessions tbody tr td:nth-child(5)"
    page.get_by_role("button", name="Tokens").click()
    assert page.locator(figures).all_inner_texts()[0] == "33,000"
    page.get_by_role("button", name="Tokens").click()
    assert page.locator(figures).all_inner_texts()[-1] == "33,000"
    assert page.locator('th[aria-sort="ascending"]').inner_text().startswith("Tokens")
    page.get_by_role("searchbox").fill("claude")
    assert page.locator(names).count() == 1
    assert page.locator("article h2").count() > 2
    assert page.locator("img, iframe, object").count() == 0
    assert page.said == []
    assert [url for url in page.asked if not url.startswith("file:") or not url.endswith("r.html")] == []


def test_in_a_browser_the_keyboard_reaches_every_session(page):
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the session"
    page.get_by_role("searchbox").focus()
    for _ in range(9):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "details"
