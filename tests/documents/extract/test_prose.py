"""Of blocks of code prose keeps what a line announces, and commands."""

from __future__ import annotations

from handoff_cli.documents.extract.prose import prose_of


def test_commands_of_a_block_stay_apart():
    """Each command of a short block stands by itself, and one over several lines as one."""
    assert prose_of("Run:\n\n```powershell\ncd app\npython -m http.server\n```\n") == (
        "Run: `cd app`, `python -m http.server`\n\n"
    )
    shown = prose_of("### By key\n\n```sh\n# 1) the key\ncat a.pub\n\ngit push -u origin trunk\n```\nThen go on.\n")
    assert shown == "### By key\n\n`cat a.pub`, `git push -u origin trunk`\n\nThen go on.\n"
    assert "`make \\ all`" in prose_of("Run:\n\n```bash\nmake \\\n  all\n```\n")
