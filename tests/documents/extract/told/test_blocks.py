"""What stands whole of the agent's messages: paragraphs, lists and code, in their last form, never cut in the middle."""

from __future__ import annotations

from handoff_cli.core.transcript import Edit, ToolCall
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.told.blocks import blocks_of
from handoff_cli.documents.extract.told.turns import turns_of
from tests.documents.sessions import ran, told

DESIGN = """Great point! I've simplified it: one field is added to `SyncState`, because the rest is there already.

**What changes:**

```typescript
export interface SyncState {
  processedIds: string[];
  conversationId?: string; // NEW
}
```

## How it works

- The metrics step fills `processedIds` with the ids of all messages.
- The sync step reads the last of them, so that it sends only what came after.

Let me write it into the file now:
"""


def blocks(*messages, **fields):
    transcript = told(*messages, **fields)
    return blocks_of(transcript, turns_of(transcript))


def test_paragraphs_lists_and_code_stand_whole_without_cheers_and_announcements():
    found = blocks(("user", "how?"), ("assistant", DESIGN))
    assert [(it.source, it.text) for it in found] == [
        ("said", "I've simplified it: one field is added to `SyncState`, because the rest is there already."),
        (
            "code",
            "What changes:\n" + DESIGN.partition("```typescript\n")[2].partition("\n```")[0],
        ),
        (
            "said",
            "How it works:\n" + DESIGN.partition("## How it works\n\n")[2].partition("\n\nLet me")[0],
        ),
    ]


def test_of_a_commits_message_what_stands_below_its_subject_is_told():
    """The subject stands among the commits."""
    subject = "Lock each bill by itself so that two runs never send one twice"
    body = "One run held all of them, because the query locks the whole table, and the other waited for its end."
    for text, told_whole in ((subject, []), (f"{subject}\n\n{body}", [body])):
        run = ran(f"git commit -qm '{text}'", position=15)
        assert [it.text for it in blocks(("user", "go"), commands=(run,))] == told_whole


def test_of_a_function_shown_twice_the_last_form_counts():
    first, last = (f"```go\nfunc Load(id string) ({it}, error) {{\n\treturn nil\n}}\n```" for it in ("A", "B"))
    found = blocks(
        ("user", "how?"), ("assistant", f"First so:\n\n{first}"), ("assistant", f"Then rather so:\n\n{last}")
    )
    assert [it.text for it in found if it.source == "code"] == [
        "Then rather so:\nfunc Load(id string) (B, error) {\n\treturn nil\n}"
    ]


def test_code_that_was_written_into_a_file_is_told_by_the_edits():
    code = "def load(path):\n    return read(path)\n"
    said = (
        ("user", "how?"),
        ("assistant", f"The loader of the rows:\n\n```python\n{code}```\nIt is all there is to it."),
    )
    assert [it.source for it in blocks(*said)] == ["code"]
    assert blocks(*said, edits=(Edit("load.py", 30, "modified", "", code),)) == ()
    assert [it.source for it in blocks(*said, edits=(Edit("design.md", 30, "modified", "", code),))] == ["code"]


def test_what_the_user_turned_down_is_not_told():
    said = (
        "assistant",
        "I recommend one file for all, because `load_rows` reads it once.\n\n```ts\ntype All = {\n  a: 1\n}\n```",
    )
    assert len(blocks(("user", "how?"), said, ("user", "and then?"))) == 2
    assert blocks(("user", "how?"), said, ("user", "no, that is too complex")) == ()


def test_of_long_code_the_functions_are_told_that_are_short_enough():
    long = "\n".join(["func Long() {", *(f"\tstep({n})" for n in range(40)), "}"])
    code = f"package rows\n\n{long}\n\nfunc Short() int {{\n\treturn 1\n}}"
    found = blocks(("user", "how?"), ("assistant", f"All of the rows' code as it stands:\n\n```go\n{code}\n```"))
    assert [it.text.partition("\n")[2] for it in found] == ["func Short() int {\n\treturn 1\n}"]


def test_commands_and_drawings_are_no_design():
    text = "The way of a row, and how to run it with the tests of all pages:\n\n```bash\nmake test\nmake lint\n```\n```\na --> b\n```"
    assert all(it.source == "said" for it in blocks(("user", "how?"), ("assistant", text)))


def test_a_list_that_is_too_long_is_divided_between_whole_items():
    items = [f"- The step {n} reads `rows_{n}` because the table of that day has no index at all." for n in range(30)]
    found = blocks(("user", "how?"), ("assistant", "All steps:\n\n" + "\n".join(items)))
    assert len(found) > 1
    assert "\n".join(it.text for it in found).split("\n")[1:] == items


def test_what_was_to_be_done_is_not_told_once_files_were_edited():
    plan = ("assistant", "We need to read `rows` once, and then write each page of them in one go, not row by row.")
    assert len(blocks(("user", "how?"), plan)) == 1
    assert blocks(("user", "how?"), plan, edits=(Edit("rows.py", 30, "modified", "a", "b"),)) == ()


def test_code_that_was_changed_since_or_is_objected_to_is_not_shown():
    shown = "Here it is:\n\n```ts\nexport interface SyncState {\n  conversationId?: string;\n}\n```\n"
    said = (("user", "one field only"), ("assistant", shown), ("user", "and for failures?"))
    assert [it.source for it in blocks(*said)] == ["code"]
    edit = Edit(
        "/p/a.md", 40, "modified", "  conversationId?: string;", "  conversationId?: string;\n  failures?: number;"
    )
    assert blocks(*said, edits=(edit,)) == ()
    assert blocks(*said[:2], ("user", "no, conversationId is the same as sessionId")) == ()


def test_of_code_before_and_after_a_change_the_one_after_it_is_told():
    pair = "It is simpler now.\n\n**Before** (complex):\n```ts\nfunction id() {\n  return make();\n}\n```\n\n**After**:\n```ts\nconst id = session.id;\nsend(id);\n```\n"
    found = blocks(("user", "how?"), ("assistant", pair))
    assert [it.text for it in found if it.source == "code"] == ["After:\nconst id = session.id;\nsend(id);"]


def test_a_diff_that_the_agent_showed_is_told_unless_an_edit_made_it():
    """In talk without tools it is the work itself."""
    diff = "--- a/tasks.py\n+++ b/tasks.py\n@@ -41,2 +41,2 @@ def digest():\n-    users = all()\n+    users = all().exclude(opt_out=True)"
    said = told(
        ("user", "skip them"), ("assistant", f"I filter them out here.\n\n```diff\n{diff}\n```\nThen the test.")
    )
    (block,) = (it for it in extract(said).told.said if it.source == "code")
    assert block.text == diff
    made = said.replace(
        edits=(Edit("/p/tasks.py", 30, "modified", "users = all()", "users = all().exclude(opt_out=True)"),)
    )
    assert not [it for it in extract(made).told.said if it.source == "code"]


def test_what_was_told_of_edits_that_are_written_over_is_not_told():
    said = (
        ("user", "plan it"),
        ("assistant", "The plan has a package `telemetry` with modules, because each event is one of them."),
        ("user", "simpler"),
        ("assistant", "The plan has one file `telemetry.go` now, because two events need no modules."),
    )
    first, again = (Edit("plan.md", at, "created", "", text) for at, text in ((15, "# Modules"), (35, "# One file")))
    assert [it.text for it in blocks(*said, edits=(first, again))] == [said[3][1]]
    other = again.replace(path="other.md")
    assert len(blocks(*said, edits=(first, other))) == 2


def test_a_message_that_only_announces_steps_is_not_told():
    said = "Now add a test for `load_rows` and another one for `save_rows` to the module."
    assert blocks(("user", "go"), ("assistant", said), ("user", "go on")) == ()
    both = f"{said} Both fail since `Row.price` may be empty."
    assert [it.text for it in blocks(("user", "go"), ("assistant", both), ("user", "go on"))] == [both]


def test_code_that_is_shown_before_its_correction_is_not_told():
    was, now = (f"```ts\ninterface State {{\n  {it}: number;\n}}\n```" for it in ("failures", "count"))
    text = f"**Current proposal** (inconsistent):\n{was}\n\n**Corrected proposal** (as the store has it):\n{now}"
    found = blocks(("user", "why?"), ("assistant", text))
    assert [it.text.split("\n")[-2] for it in found if it.source == "code"] == ["  count: number;"]


def test_what_was_agreed_so_far_stands_whole_also_where_a_copy_lost_the_signs_of_its_list():
    recap = "The design so far:\n\nLinks: one for each singer\nMails: two at most\nHosting: in the country\n\nStill open:\nwho pays?"
    said = [("user", "plan it"), ("assistant", recap), ("user", "I do"), ("assistant", "Fine, noted for the design.")]
    found = [it.text for it in extract(told(*said)).told.said]
    assert "The design so far:\nLinks: one for each singer\nMails: two at most\nHosting: in the country" in found


def test_a_step_that_was_announced_is_left_out_of_a_paragraph_once_calls_followed():
    """What led to it stays; nothing is left where nothing but steps was said, and all of it where nothing followed yet."""
    found = "The adapter builds `CONFIG_CONTENT` inline because the binary reads nothing else."
    steps = (
        "I'm going to add `threshold` to the object first.",
        "Since you said “in env var,” I'm checking the binary for a name.",
        "`npm run build` is running now to catch what the tests don't.",
        "Then I'll wire `limits` into both paths.",
    )
    ask, acted = ("user", "how?"), {"tool_calls": (ToolCall("1", "Bash", "ls", 30, None, "ok"),)}
    for step in steps:
        said = f"{step} {found}"
        assert [it.text for it in blocks(ask, ("assistant", said), **acted)] == [found]
        assert [it.text for it in blocks(ask, ("assistant", said))] == [said]
    assert blocks(ask, ("assistant", " ".join(steps)), **acted) == ()


def test_where_no_file_is_edited_code_that_was_shown_is_the_work_however_long_ago_and_in_fragments():
    hook = "```ts\nexport function useRows() {\n  return useQuery(rows)\n}\n```"
    fragment = "It has to wait for the others, therefore:\n\n```ts\nonSettled: () => {\n  reload()\n},\n```"
    talk = [("user", "next"), ("assistant", "Done, nothing else is to be changed in it.")] * 4
    said = (("user", "how?"), ("assistant", f"So:\n\n{hook}"), *talk, ("user", "and?"), ("assistant", fragment))
    shown = [it.text for it in blocks(*said) if it.source == "code"]
    assert [text.split("\n")[-2] for text in shown] == ["  reload()", "  return useQuery(rows)"]
    edits = (Edit("rows.css", 5, "modified", "a", "b"),)
    assert not [it for it in blocks(*said, edits=edits) if it.source == "code"]


def test_how_it_was_before_an_earlier_turn_changed_it_is_not_told_but_a_cause_is():
    was = "I found the code. In `load_rows` the user is told to run `make rows`, and nothing else is done about it."
    cause = "The cause is that `load_rows` keeps the lock of each page while `save_rows` waits for the one before it."
    done = "`load_rows` runs `make rows` itself now, and tells the user about it only where that did not go well."
    messages = (("user", "do it"), ("assistant", was), ("assistant", cause), ("assistant", done), ("user", "good"))
    edit = Edit("rows.py", 35, "modified", "print(1)", "run(1)")
    for edits, told_of in (((edit,), [done, cause]), ((), [done, cause, was])):
        transcript = told(*messages, edits=edits)
        assert [it.text for it in blocks_of(transcript, turns_of(transcript))] == told_of


HINT = (
    "The archive is not written because the certificate of the store has expired. If it is full, wal-reset gets it up."
)


def test_what_the_user_said_is_never_to_be_used_is_not_told_any_more():
    found = blocks(("user", "it is full"), ("assistant", HINT), ("user", "ok, but never wal-reset on this machine"))
    assert [it.text for it in found] == ["The archive is not written because the certificate of the store has expired."]


def test_what_is_banned_with_a_condition_or_was_before_is_told():
    told_whole = [[HINT]] * 2
    conditional = blocks(("user", "it is full"), ("assistant", HINT), ("user", "ok, never wal-reset without a backup"))
    before = blocks(("user", "never wal-reset here"), ("assistant", HINT))
    assert [[it.text for it in found] for found in (conditional, before)] == told_whole


def test_a_drawing_in_a_block_of_plain_text_is_no_code():
    """Code of which nobody said the language is told by what it defines."""
    drawn = "The way of a row through all of it, from the first to the report:\n\n```text\nrows -> load()\n   |\n report\n```\n"
    assert not blocks(("user", "how?"), ("assistant", drawn))
    shown = drawn.replace("rows -> load()", "def load(rows):")
    assert [it.source for it in blocks(("user", "how?"), ("assistant", shown))] == ["code"]


def test_a_drawing_of_how_it_becomes_is_no_code_either():
    drawn = "Current:\n\n```text\nform\n  |\nmail\n```\n\nNew:\n\n```text\nform\n  |\nqueue\n```\n"
    assert not blocks(
        ("user", "how?"), ("assistant", f"The way of a row through all of it, up to the report.\n\n{drawn}")
    )


def test_a_plan_in_a_block_of_plain_text_is_told_by_its_phases():
    plan = "```text\nPHASE 1 - ROWS\n\nThe index\nThe report\n\nPHASE 2 - PAGES\n\nThe cache\n```"
    (found,) = blocks(("user", "how?"), ("assistant", f"I think that this is the cleanest order:\n\n{plan}\n"))
    order = (
        "I think that this is the cleanest order:\nPHASE 1 - ROWS: The index; The report\nPHASE 2 - PAGES: The cache"
    )
    assert (found.source, found.text) == ("said", order)


def test_what_the_agent_offered_is_not_told_once_the_user_spoke_again():
    offers = (
        "If you'd like, I can put an index on `rows` and measure the report again.",
        "Si querés, el siguiente paso puede ser un índice en `rows` o un piloto del informe.",
        "Wenn du möchtest, lege ich als Nächstes einen Index auf `rows` an und messe noch einmal.",
        "如果你需要，我可以在 `rows` 上建一个索引，然后再测一遍报表的时间，看看它到底快了多少，再决定要不要保留这个索引。",
    )
    for offer in offers:
        assert [it.text for it in blocks(("user", "how?"), ("assistant", offer))] == [offer]
        assert not blocks(("user", "how?"), ("assistant", offer), ("user", "first show me the report"))


def test_a_long_list_is_parted_before_an_item_that_holds_others_and_not_amid_them():
    item = "- Put in `kiln/{}.py` what reads the plates of that oven, with its own table of how warm they were"
    lines = [item.format(at) for at in range(8)]
    lines[7] = "- Put in what answers, for both sides, in files of their own, as all the others are in this place:"
    lines += [f"  - `kiln/answers/{at}.py`, which says how warm it is" for at in range(4)]
    found = blocks(("user", "how?"), ("assistant", "What goes where:\n\n" + "\n".join(lines)))
    assert [it.text.split("\n")[0] for it in found] == ["What goes where:", lines[7]]
    assert found[1].text == "\n".join(lines[7:])


def test_a_tree_of_the_files_that_there_are_to_be_is_told_as_code_is():
    tree = "shop/\n├── cart.py      # what is in it\n├── prices.py    # what it costs\n└── tests/\n    └── test_cart.py"
    shown = f"That is the plan.\n\n## File structure\n\n```\n{tree}\n```"
    found = blocks(("user", "plan it"), ("assistant", shown))
    assert [it.text for it in found if it.source == "code"] == [f"File structure:\n{tree}"]


def test_what_was_told_of_an_edit_whose_lines_are_not_known_stands_though_the_file_was_edited_again():
    words = "The loader keeps `BASE_URL`, because the links are whole only with it."
    edits = tuple(Edit("load.yml", at, "modified", "", "", outcome="ok") for at in (11, 35))
    said = (("user", "links"), ("assistant", words), ("user", "faster"), ("assistant", "So it is."), ("user", "go"))
    assert [it.text for it in blocks(*said, edits=edits)] == [words]


def test_lines_of_code_that_a_plan_lists_are_told_by_the_edits_that_wrote_them():
    plan = (
        "1) Rates (`rates.py`)\n- Code to add:\n  - import decimal\n  - RATE = decimal.Decimal(7)\n  - RATES = [RATE]"
    )
    why = "It has to be `decimal`, because the sums of a day are off by a cent without it."
    said = (("user", "plan it"), ("assistant", f"{plan}\n\n{why}"), ("user", "tests"))
    made = Edit("rates.py", 15, "created", "", "import decimal\n\nRATE = decimal.Decimal(7)\n\nRATES = [RATE]")
    assert [it.text for it in blocks(*said, edits=(made.replace(outcome="ok"),))] == [why]
    assert [it.text for it in blocks(*said, edits=(made.replace(outcome="failed"),))] == [plan, why]
    fewer = (made.replace(outcome="ok", new="import decimal\n\nRATE = 7"),)
    assert [it.text for it in blocks(*said, edits=fewer)] == [plan, why]


def test_a_list_that_is_too_long_is_parted_before_an_item_that_is_none_of_anothers():
    items = "\n".join(
        f"- part{n}.py\n" + "\n".join(f"  - it reads `row_{n}{at}` once more" for at in range(9)) for n in range(5)
    )
    found = blocks(("user", "sum it up"), ("assistant", f"## Changes\n\n{items}"))
    assert len(found) > 1
    assert all(it.text.startswith(("Changes:", "- part")) for it in found)


def test_how_a_step_was_to_be_gone_about_and_what_was_hoped_of_it_is_past_once_it_was_gone():
    plan = "Let me fix the `load_rows` call by:\n\n1. Adding a check of `row_id`\n2. Adding one of `page_id`. The page knows it"
    hope = "The new loader should fix the `load_rows` call, because it reads each row once."
    why = "The `load_rows` call fails because the shop locks `row_id` while it writes the page."
    made = (Edit("rows.py", 15, "modified", "a", "b", outcome="ok"),)
    calls = (ToolCall("1", "Edit", "rows.py", 25, None, "ok"),)
    said = (
        ("user", "go"),
        ("assistant", f"{why} {plan}"),
        ("assistant", hope),
        ("user", "x fails"),
        ("assistant", "ok"),
    )
    shown = "\n".join(it.text for it in blocks(*said, edits=made, tool_calls=calls))
    assert "Adding" not in shown
    assert "knows it" not in shown
    assert "should fix" not in shown
    assert "locks `row_id`" in shown


def test_a_labelled_paragraph_stands_with_the_heading_it_is_of():
    text = (
        "### 2. Warnings of the old driver\n\nThe driver warns at each start of the loader, since it is old.\n\n"
        "**Action:** keep the filter for them, for they come from the driver and not from the loader of rows."
    )
    blocks = [it.text for it in blocks_of(told(("user", "why?"), ("assistant", text)), ())]
    assert any(it.startswith("2. Warnings of the old driver: Action: keep the filter") for it in blocks)
    assert not any(it.startswith("Action:") for it in blocks)
