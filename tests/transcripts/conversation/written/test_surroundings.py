"""What Roo and Cline tell a model below each message: what stands there of the work is read, the rest is nobody's."""

from __future__ import annotations


def _details(*rows, terminals=""):
    table = "\n".join(("| # | Content | Status |", "|---|---------|--------|", *rows)) if rows else ""
    return f"<environment_details>\n# Open Tabs\na.js\n\n{terminals}\n# Current Cost\n$0.10\n====\n\nREMINDERS\n\n{table}\n</environment_details>"


def _text(printed, *details):
    first, then = details
    return f"""\
**User:**

<task>
serve it
</task>
{first}

---

**Assistant:**

I'll start it.

<execute_command>
<command>npm start</command>
</execute_command>

---

**User:**

[execute_command for 'npm start'] Result:
{printed}
{then}

---

**Assistant:**

I'll wait.
"""


RUNS_ON = "Command is still running in terminal from '/app'.\n\nYou will be updated on the terminal status.\n"
TERMINALS = """\
# Actively Running Terminals
## Terminal 1 (Active)
### Working Directory: `/app`
### Original command: `npm start`
### New Output

bundling
# 3 modules

listening on 8080
"""


def test_the_list_of_reminders_is_the_to_do_list(read):
    one, two = "| 1 | Build it | Pending |", "| 2 | Serve it \\| a.js | In Progress |"
    found = read(_text("ok", _details(one), _details(one.replace("Pending", "Completed"), two)))
    assert [(it.text, it.status) for it in found.todos] == [
        ("Build it", "completed"),
        ("Serve it \\| a.js", "in_progress"),
    ]
    same = read(_text("ok", _details(one), _details(one)))
    assert [it.name for it in same.tool_calls] == ["noted", "execute_command"], "told again it is no other"
    assert [it.text for it in same.messages] == ["serve it", "I'll start it.", "I'll wait."]


def test_a_command_that_runs_on_has_not_ended_and_what_it_printed_since_is_its_output(read):
    (run,) = read(_text(RUNS_ON, _details(), _details(terminals=TERMINALS))).commands
    assert run.outcome is None
    assert run.output.startswith("Command is still running")
    assert run.output.endswith("bundling\n# 3 modules\n\nlistening on 8080")
    (quiet,) = read(_text(RUNS_ON, _details(), _details())).commands
    assert quiet.outcome is None


def test_what_a_terminal_shows_of_a_command_that_is_over_is_its_output(read):
    over = TERMINALS.replace("Actively Running Terminals", "Inactive Terminals").replace(
        "listening on 8080", "Error: in use"
    )
    over = over.replace("Original command: ", "Command: ")
    (run,) = read(_text(RUNS_ON, _details(), _details(terminals=over))).commands
    assert run.output == "bundling\n# 3 modules\n\nError: in use"
    (other,) = read(_text(RUNS_ON, _details(), _details(terminals=over.replace("npm start", "npm test")))).commands
    assert "in use" not in other.output, "of another command it tells nothing"


def test_a_row_of_such_a_list_that_somebody_shows_is_no_to_do(read):
    row = "<environment_details>\n| 1 | Example item | Pending |\n</environment_details>"
    found = read(
        f"**User:**\n\nfix it\n\n---\n\n**Assistant:**\n\nRoo shows it so:\n\n{row}\n\n---\n\n**User:**\n\nok\n"
    )
    assert found.todos == ()
