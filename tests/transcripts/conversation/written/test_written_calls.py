"""Calls in the notations of exports, of which the input and the result stand in many ways."""

from __future__ import annotations

import pytest

ASKED = "_**User**_\n\nmend the total\n\n---\n\n_**Agent (model-x)**_\n\n"


def folded(summary: str, below: str) -> str:
    return f'<tool-use data-tool-type="x" data-tool-name="x"><details>\n{summary}\n{below}\n</details></tool-use>\n'


def test_what_a_fold_shows_ends_where_it_ends_whatever_blocks_stand_in_it(read):
    page = "# Money\n\nRound so:\n\n```\nround(total, 2)\n```\n\nNever twice.\n"
    call = folded("<summary>Tool use: **WebFetch**</summary>", f" `https://shop.test/money`\n\n```text\n{page}```")
    found = read(f"{ASKED}{call}\n_**Agent (model-x)**_\n\nOnce, then.\n")
    assert [it.text for it in found.messages] == ["mend the total", "Once, then."]
    (looked,) = found.lookups
    assert looked.answer == page.rstrip()


def test_a_fold_without_a_block_is_what_the_tool_answered(read):
    call = '<details>\n                <summary>Tool use: **grep** • Grep for "total" • 2 matches</summary>\n\n| `cart.py` |\n\n</details>\n'
    found = read(f"{ASKED}{call}\n---\n\nIt is in the cart.\n")
    assert [it.text for it in found.messages] == ["mend the total", "It is in the cart."]
    assert [(it.kind, it.asked, it.answer.strip()) for it in found.lookups] == [("search", "total", "| `cart.py` |")]


def test_a_command_of_several_lines_is_one_where_a_summary_tells_it_too(read):
    run = 'git commit -m "Round once\n\n- at the end"'
    call = folded(
        f"<summary>Tool use: **run_terminal_cmd** • Run command: {run}</summary>",
        f"\n```bash\n{run}\n```\n\n```\n1 file changed\n```",
    )
    found = read(ASKED + call)
    assert [it.text for it in found.commands] == [run]
    assert [it.role for it in found.messages] == ["user"]


@pytest.mark.parametrize("below", ["`make total`", "```bash\nmake total\n```"])
def test_what_a_command_is_for_may_stand_in_its_place(read, below):
    found = read(f"{ASKED}Tool use: **Bash** Count the total\n\n{below}\n\nResult:\n\n```\n3 rows\n```\n")
    assert [(it.text, it.output) for it in found.commands] == [("make total", "3 rows")]
    assert [it.role for it in found.messages] == ["user"]


def test_what_a_tool_was_given_may_stand_by_names_in_backticks(events):
    text = f"{ASKED}Tool use: **Grep** path `src` pattern `total = 0`\n\nResult:\n\n```\n3:total = 0\n```\n"
    below = ASKED + folded(
        "<summary>Tool use: **Grep**</summary>", " path `src` pattern `total = 0`\n\n```text\n3:total = 0\n```"
    )
    for told in (text, below):
        (call,) = [it for it in events(told) if hasattr(it, "input")]
        assert call.input == {"path": "src", "pattern": "total = 0"}


def test_an_edit_of_which_only_the_answer_tells_is_of_the_file_that_names(read):
    """With what it shows that is new: four lines above and below stood there before."""
    rows = "\n".join(f"    {number}→line {number}" for number in range(12, 22))
    shown = f"The file /srv/shop/cart.py has been updated. Here's the result of running `cat -n` on a snippet:\n{rows}"
    found = read(f"{ASKED}Tool use: **Edit**\n\nResult:\n\n```\n{shown}\n```\n\n_**Agent (model-x)**_\n\nDone.\n")
    assert [(it.path, it.new, it.outcome) for it in found.edits] == [("/srv/shop/cart.py", "line 16\nline 17", "ok")]
    same = f"{ASKED}Tool use: **Edit**\n\nError:\n\n```\nNo changes to make.\n```\n"
    assert not read(same).edits


def test_a_tool_that_nobody_knows_edits_where_its_description_says_so(read):
    call = folded(
        "<summary>Tool use: **code_edit** • Edit file: cart.py</summary>",
        "\n**Chunk 1**\nLines added: undefined, lines removed: 1\n\n```diff\n-total = 0\n```\n",
    )
    found = read(ASKED + call)
    assert [(it.path, it.action, it.old) for it in found.edits] == [("cart.py", "modified", "total = 0")]
    assert [it.role for it in found.messages] == ["user"]


def test_what_was_written_may_stand_above_the_answer_that_names_its_file(read):
    call = folded(
        "<summary>Tool use: **Write**</summary>",
        "\n```md\n# Plan\n\n- round once\n```\n\n```text\nFile created successfully at: /srv/shop/plan.md\n```",
    )
    found = read(ASKED + call)
    assert [(it.path, it.action, it.new) for it in found.edits] == [
        ("/srv/shop/plan.md", "created", "# Plan\n\n- round once")
    ]


def test_a_list_that_a_tool_keeps_may_stand_below_its_title(read):
    found = read(f"{ASKED}Tool use: **todo_write**\n\n## Todo List\n\n- [-] mend the fence\n- [ ] call Ana\nI begin.\n")
    assert [(it.text, it.status) for it in found.todos] == [("mend the fence", "in_progress"), ("call Ana", "pending")]
    assert len(found.tool_calls) == 1
    assert found.messages[-1].text == "I begin."
