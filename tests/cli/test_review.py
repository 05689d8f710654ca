"""What the next session does with a handoff: check it, resume from it, compare it, and choose its template."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from pathlib import Path

import pytest

from tests.documents.sessions import claude_lines
from tests.transcripts import rows as r

HANDOFF = Path(".agent-handoffs/CURRENT_SESSION.md")


def git(*argv):
    environ = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    settings = ("-c", "user.name=A", "-c", "user.email=a@b.c", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *settings, *argv], check=True, capture_output=True, env=environ)


@pytest.fixture
def repository(project):
    (project / ".git").rmdir()
    git("init")
    for name in ("a.py", "b.py"):
        (project / name).write_text("x = 1\n")
    git("add", ".")
    git("commit", "-m", "Begin")
    return project


@pytest.fixture
def written(handoff, project):
    handoff("handoff", "--goal", "ship", "--next", "run it")
    return project / HANDOFF


def findings(handoff, *argv):
    code, out, _ = handoff("check", "--json", *argv)
    return code, json.loads(out)["findings"]


def test_a_fresh_document_has_nothing_to_mend(handoff, written):
    code, out, err = handoff("check")
    assert (code, err) == (0, "")
    assert out.endswith("nothing to mend\n")


@pytest.mark.parametrize(
    ("change", "rule", "level"),
    [
        (lambda text: text.partition("\n---\n")[2], "front-matter", "error"),
        (
            lambda text: re.sub(r"## Next action\n\nrun it \(.*?\) \[noted\]\n", "## Next action\n", text),
            "section",
            "error",
        ),
        (lambda text: text.replace("## Notes\n", "## Notes\n\nTODO: say why\n"), "placeholder", "error"),
        (
            lambda text: text.replace("## Notes\n", f"## Notes\n\nghp_{'R7kQ2mZx9LpT4vWc8NbY1sHd6GjF3aUe5KoI'}\n"),
            "secret",
            "error",
        ),
        (lambda text: text.replace("## Notes\n", "## Notes\n\nsee `src/gone.py:3`\n"), "dead-path", "warning"),
        (lambda text: text.replace("## Notes\n", "## Notes\n\n" + "word " * 2_100), "size", "warning"),
        (lambda text: text.replace("run it", "run it well"), "edited", "warning"),
        (lambda text: text.replace("## Notes\n", "## Notes\n" + "- a [UNVERIFIED]\n" * 9), "unverified", "warning"),
        (lambda text: text.replace('created: "20', 'created: "19'), "age", "warning"),
    ],
)
def test_each_rule_finds_its_fault_with_a_line_and_a_mend(handoff, written, change, rule, level):
    written.write_text(change(written.read_text()))
    code, found = findings(handoff)
    (finding,) = [it for it in found if it["rule"] == rule]
    assert finding["level"] == level
    assert finding["mend"]
    assert 1 <= finding["line"] <= len(written.read_text().splitlines())
    assert code == (1 if level == "error" else 0)
    assert handoff("check", "--strict")[0] == 1
    line = next(line for line in handoff("check")[1].splitlines() if f"[{rule}]" in line)
    assert line.startswith(f"{written}:{finding['line']}: {level}: ")


def test_what_is_quoted_in_a_document_is_no_placeholder(handoff, project):
    (project / "s.jsonl").write_text(claude_lines(("user", "TODO: write it"), ("user", "<your name>")))
    handoff("handoff", "-t", "s.jsonl", "--goal", "g", "--next", "look at `TODO`")
    assert not [it for it in findings(handoff)[1] if it["rule"] == "placeholder"]


def test_every_rule_is_documented():
    import re

    from handoff_cli.documents import review

    rules = re.findall(r'Fault\(\s*"([a-z-]+)"', Path(review.__file__).read_text())
    page = (Path(__file__).parents[2] / "docs" / "handoff-document.md").read_text()
    assert rules
    assert all(f"| `{rule}` |" in page for rule in rules)


def test_resume_tells_first_what_changed_then_the_document(handoff, repository):
    edits = [("user", "change both"), ("pytest -q", "ok", False)]
    lines = claude_lines(*edits) + _edit_lines(repository, "a.py", "b.py")
    (repository / "s.jsonl").write_text(lines)
    handoff("handoff", "-t", "s.jsonl")
    assert (
        "- nothing changed since the handoff was written\n- checks not run since: pytest -q\n" in handoff("resume")[1]
    )
    (repository / "a.py").write_text("x = 2\n")
    os.utime(repository / "a.py", (time.time() + 60, time.time() + 60))
    (repository / "b.py").unlink()
    git("checkout", "-b", "other")
    git("commit", "-am", "Drop b")
    code, out, _ = handoff("resume")
    drift, _, document = out.partition("\n\n")
    assert code == 0
    assert "- branch was main, is other\n" in drift
    assert "Drop b" in drift
    assert "- files changed since: a.py\n- files gone: b.py\n" in drift
    assert document == HANDOFF.read_text()
    values = json.loads(handoff("resume", "--json")[1])
    assert values["drift"]["branch"] == ["main", "other"]
    assert [commit["subject"] for commit in values["drift"]["commits"]] == ["Drop b"]
    assert values["document"] == document


def test_history_that_was_rewritten_is_told(handoff, repository):
    handoff("handoff")
    git("commit", "--amend", "-m", "Begin anew")
    assert "is not in this branch's history" in handoff("resume")[1]
    assert [it["rule"] for it in findings(handoff)[1] if it["rule"] == "head-moved"] == ["head-moved"]


def test_after_a_reset_the_archived_handoff_is_resumed(handoff, written):
    handoff("reset")
    assert not written.exists()
    out = handoff("resume")[1]
    assert "archive/" in out.splitlines()[0]
    assert "- ship [noted, 1]" in out


def test_a_file_or_an_archived_session_is_resumed_by_its_name(handoff, written, project):
    archived = Path(json.loads(handoff("reset", "--json")[1])["archive"]).name
    handoff("handoff", "--goal", "rest")
    (project / "plan.md").write_text("# Plan\n\nsail\n")
    assert "- ship [noted, 1]" in handoff("resume", archived)[1]
    assert handoff("resume", "plan.md")[1].endswith("\n\n# Plan\n\nsail\n")
    code, out, err = handoff("resume", "nonsense")
    assert (code, out) == (1, "")
    assert "there is no handoff nonsense" in err
    for path in ("handoffs/nope.md", "docs/nope.md", "archive/nope"):
        assert f"there is no handoff {path}" in handoff("resume", path)[2]


def test_without_a_handoff_there_is_a_clear_error(handoff):
    for argv in (("check",), ("diff", "a", "b"), ("diff", "a")):
        code, out, err = handoff(*argv)
        assert (code, out, err.count("\n")) == (1, "", 1)
        assert "there is no handoff" in err


def test_a_project_that_has_none_yet_is_no_failure(handoff):
    """A session that begins asks first of all; a gate is another thing, and ``check`` fails."""
    for argv, empty, said in ((("resume",), "null", "no handoff in"), (("diff",), "[]", "no two handoffs")):
        code, out, err = handoff(*argv)
        assert (code, out, err.count("\n"), said in err) == (0, "", 1, True)
        assert handoff(*argv, "--json")[:2] == (0, f"{empty}\n")


def test_two_handoffs_are_compared_section_by_section(handoff, written):
    Path("old.md").write_text(written.read_text())
    handoff("note", "use COPY")
    handoff("handoff", "--next", "measure it")
    code, out, _ = handoff("diff", "old.md", str(written))
    assert code == 0
    undated = re.sub(r" \(put down .*? UTC\)", "", out)
    assert "## Next action\n- run it [noted]\n+ measure it [noted]\n" in undated
    assert "## Findings and design\n+ - use COPY [noted, 3]\n" in out
    assert "## Goal" not in out
    (kept,) = Path(".agent-handoffs/handoffs").iterdir()
    assert handoff("diff", kept.stem, str(written))[1] == out
    assert json.loads(handoff("diff", "old.md", str(written), "--json")[1])[0]["added"]


def test_without_names_the_newest_is_compared_with_the_one_before(handoff, written):
    handoff("note", "use COPY")
    handoff("handoff", "--next", "measure it")
    code, out, err = handoff("diff")
    assert code == 0
    assert "use COPY [noted" in out
    assert err.startswith(f"handoff: what {written} says that {written.parent / 'handoffs'}")
    (kept,) = Path(".agent-handoffs/handoffs").iterdir()
    assert handoff("diff", kept.stem)[1] == out
    handoff("reset")
    handoff("handoff", "--next", "ship it")
    out = handoff("diff")[1]
    assert "+ ship it (put down" in out
    assert "- measure it (put down" in out


def test_the_shipped_template_is_printed_and_renders(handoff, project):
    out = handoff("template", "--default")[1]
    mine = project / "mine.md.j2"
    mine.write_text(out)
    assert handoff("template", "--check", str(mine)) == (0, f"{mine}: renders\n", "")
    assert "shipped" in handoff("template")[1]
    own = project / ".agent-handoffs" / "SESSION_HANDOFF_TEMPLATE.md"
    own.parent.mkdir()
    own.write_text(out)
    assert handoff("template")[1] == f"{own}\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("one\n{{ nothing }}", "bad.md, line 2: 'nothing' is undefined"),
        ("{% if git %}{{ git.nothing.x }}{% endif %}", "bad.md, line 1"),
        ("{% if not git %}{{ 1 / 0 }}{% endif %}x", "bad.md, line 1: ZeroDivisionError"),
    ],
)
def test_a_template_is_checked_with_every_fact_and_with_none(handoff, text, says):
    Path("bad.md").write_text(text)
    code, _, err = handoff("template", "--check", "bad.md")
    assert code == 1
    assert says in err


def _edit_lines(folder, *names):
    lines = []
    for name in names:
        use = {"type": "tool_use", "id": name, "name": "Edit", "input": {"file_path": str(folder / name)}}
        answer = {"type": "tool_result", "tool_use_id": name, "content": "done", "is_error": False}
        for role, block in (("assistant", use), ("user", answer)):
            row = {"type": role, "sessionId": "s-1", "parentUuid": None, "isSidechain": False}
            lines.append(json.dumps({**row, "message": {"role": role, "content": [block]}}) + "\n")
    return "".join(lines)


def test_a_nul_in_a_name_of_the_log_stops_nobody_afterwards(handoff, project):
    call = r.tool_use("t1", "Write", file_path=f"{project}/a\x00b.py", content="x")
    (project / "log.jsonl").write_text(
        r.jsonl(r.claude_user("go"), r.claude_response(10, [call]), r.claude_result("t1", "ok"))
    )
    assert handoff("handoff", "-q", "-t", "log.jsonl")[0] == 0
    assert handoff("resume")[0] == 0
    assert handoff("check")[0] in {0, 1}


def test_a_token_in_what_git_names_is_redacted_at_each_door(handoff, repository):
    token = "ghp_" + "k3Jd82hfLq0ZpX7vRt5Yb1mQw9sEaUc4GhT6"
    (repository / "s.jsonl").write_text(claude_lines(("user", "go on")))
    handoff("handoff", "-t", "s.jsonl", "--goal", "ship", "--next", "run it")
    git("checkout", "-b", f"try-{token}")
    git("commit", "--allow-empty", "-m", f"Try with {token}")
    start = json.dumps({"hook_event_name": "SessionStart", "session_id": "new", "source": "startup"})
    answers = [handoff("resume")[1], handoff("resume", "--json")[1], handoff("hook", "claude-code", stdin=start)[1]]
    for answer in answers:
        assert "Try with [REDACTED:github-token]" in answer
        assert token not in answer
