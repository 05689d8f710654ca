"""What a called command or skill orders is told while it is at work."""

from __future__ import annotations

from handoff_cli.core.transcript import Message
from handoff_cli.documents.extract.orders import orders_at_work
from tests.documents.sessions import told


def test_what_a_called_command_forbids_in_capitals_is_told_while_it_is_at_work():
    text = "# Make a plan\n\nRead the code first.\n\n**NEVER CODE!** Just write the plan.\n\nSay `DON'T` in words."
    orders = (Message("user", text, 5),)
    assert orders_at_work(told(("user", "/plan a lock"), orders=orders)) == ()
    transcript = told(("user", "/plan a lock"), orders=(orders[0].replace(position=15),))
    assert orders_at_work(transcript) == ("NEVER CODE! Just write the plan.",)
    later = [("user", f"and {n}") for n in range(9)]
    assert orders_at_work(told(("user", "/plan a lock"), *later, orders=(orders[0].replace(position=15),))) == ()


def test_the_steps_that_a_called_skill_numbers_are_told_until_the_next_request():
    """What it says comes after the work at hand, such as a reply to a review, stands nowhere else."""
    text = "# Reviews\n\n## 1. Fetch threads\n\nAll.\n\n## 2. Commit **first**\n\n## Step 3: Reply\n\n## Mistakes\n\n## 9. Odd"
    orders = (Message("user", text, 15),)
    steps = "Its steps (Reviews): (1) Fetch threads; (2) Commit first; (3) Reply"
    assert orders_at_work(told(("user", "/reviews"), orders=orders)) == (steps,)
    assert orders_at_work(told(("user", "/reviews"), ("assistant", "ok"), ("user", "and now?"), orders=orders)) == ()
    few = (orders[0].replace(text=text.partition("## Step 3")[0]),)
    assert orders_at_work(told(("user", "/reviews"), orders=few)) == ()


def test_a_called_command_is_told_where_nobody_typed_anything():
    """A session that begins with a command, and holds nothing else yet."""
    assert orders_at_work(told(orders=(Message("user", "NEVER push.", 5),))) == ("NEVER push.",)


def test_parts_of_a_command_are_its_steps_too():
    """A gate that is run in three parts, of which two are done, goes on with the third."""
    text = (
        "Read the brief.\n\n## Part 1 \u2014 Review\n\nAsk.\n\n## Part 2 \u2014 Walkthrough\n\n## Part 3 \u2014 Verdict"
    )
    found = orders_at_work(told(("user", "/gate"), orders=(Message("user", text, 15),)))
    assert found == ("Its steps: (1) Review; (2) Walkthrough; (3) Verdict",)
