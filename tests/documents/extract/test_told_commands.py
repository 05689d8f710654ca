"""A command line in few words: what it does stays, and nothing of it is joined to what it is no part of."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract.told_commands import told_command

_RENDER = "sed 's/@share/share/g' app/views/portal/shares/created.html.erb > app/views/portal/shares/_created.html.erb"


@pytest.mark.parametrize(
    ("command", "size", "shown"),
    [
        ("pytest -q 2>&1 | tail -5", 60, "pytest -q 2>&1 | tail -5"),
        (f"cd app && pytest -q tests/{'a' * 40}.py 2>&1 | tail -5", 60, f"pytest -q tests/{'a' * 40}.py"),
        (
            f"{_RENDER}\necho '<%= render \"created\" %>' > x.erb && pytest tests/test_share.py | tail -20",
            100,
            "sed 's/@share/share/g' app/views/portal/s…tal/shares/_created.html.erb; … pytest tests/test_share.py",
        ),
        (
            "git status -s; kubectl -n docs get job fill-1; cat /tmp/a/very/long/path/to/a/log/of/the/whole/run.log",
            40,
            "… kubectl -n docs get job fill-1; …",
        ),
        (
            "tail -1 /tmp/tasks/be5510c.output; grep -c FAILED /tmp/tasks/be5510c.output",
            40,
            "tail -1 /tmp/tasks/be5510c.output; …",
        ),
    ],
)
def test_what_filters_goes_before_what_looks_and_both_before_what_is_done(command, size, shown):
    assert told_command(command, size) == shown


def test_no_secret_is_left_where_a_command_is_cut_through_it(monkeypatch):
    """It is redacted whole: half of a token would not be known for one."""
    monkeypatch.setattr("handoff_cli.documents.extract.told_commands.whole", lambda text: text.replace("s3cr3t", "***"))
    assert "s3cr" not in told_command(f"make {'x' * 30}s3cr3t{'y' * 90}", 60)
