"""Aider's history: the last session, its speakers, its rounded tokens."""

from __future__ import annotations

import pytest

from handoff_cli.agents.readers import read_pieces
from handoff_cli.core.transcript import Commit, FileTouch
from handoff_cli.documents.extract import extract
from handoff_cli.transcripts.aider import events
from handoff_cli.transcripts.events import Turned
from handoff_cli.transcripts.source import Source

HISTORY = """
# aider chat started at 2026-01-01 10:00:00

#### older request
> Tokens: 90k sent, 107 received.

# aider chat started at 2026-01-02 10:00:00

> Aider v0.86.2
> Main model: gpt-5 with diff edit format
#### fix the login
#### and test it

Here is the fix.

# a heading of the model's

> Tokens: 2.7k sent, 107 received.
> Applied edit to auth.py
> Commit 1a2b3c4 fix: the login
> Running pytest -q
"""


def test_last_session_is_read(read):
    """Each speaker by the mark of their lines."""
    found = read(HISTORY)
    assert (found.format, found.agent, found.versions, found.model) == ("aider", "aider", ("0.86.2",), "gpt-5")
    said = [("user", "fix the login\nand test it"), ("assistant", "Here is the fix.\n\n# a heading of the model's")]
    assert [(m.role, m.text) for m in found.messages] == said
    assert found.files == (FileTouch("auth.py", "modified", 1),)
    assert found.commits == (Commit("1a2b3c4", "fix: the login"),)
    assert [command.text for command in found.commands] == ["git commit", "pytest -q"]
    assert found.start == "2026-01-02 10:00:00"


def test_rounded_tokens_are_an_estimate(read):
    """Aider writes no exact figure."""
    usage = read(HISTORY).usage
    assert (usage.tokens, usage.method) == (2_700, "estimated")


def test_texts_to_count_are_the_last_sessions(texts):
    """The sessions before are not in the context."""
    assert all("older" not in text for _, text in texts(HISTORY))


def test_a_turn_is_over_once_its_edits_are_applied_and_what_the_tool_wraps_is_no_word_of_the_models(read):
    """The request that follows came after an answer, and the agent's last words are its own."""
    edit = "auth.py\n```\n<<<<<<< SEARCH\nwait = 1\n=======\nwait = 2\n>>>>>>> REPLACE\n```"
    tokens = "> Tokens: 4.4k sent, 492 received.\nCost: $0.02 message, $0.04 session.  "
    turn = f"Here is the block:\n\n{edit}\n\n{tokens}\n> Applied edit to auth.py\n> Commit 1a2b3c4 fix: wait"
    found = read(
        f"# aider chat started at 2026-01-02 10:00:00\n\n#### wait longer\n\n{turn}\n\n#### no, shorter\n\n{turn}\n"
    )
    said = [(it.text, it.ended) for it in found.messages if it.role == "assistant"]
    assert said == [("Here is the block.", True)] * 2
    story = extract(found)
    assert (story.state, story.amid) == ("answered", None)


@pytest.mark.parametrize(
    "reply",
    [
        "The log says\n> ld: symbol not found\nwhich means that foo is not linked.",
        "> why does it fail\nThat means that foo is not linked.",
        "Call it:\n```\n> Running tsc\nwhich means that foo is not linked.\n```",
    ],
)
def test_what_follows_a_line_that_the_model_quotes_is_its_own(read, reply):
    for tokens in ("", "\n\n> Tokens: 4.4k sent, 492 received.\nCost: $0.02 message, $0.04 session.  \n"):
        found = read(f"# aider chat started at 2026-01-02 10:00:00\n\n#### why  \n\n{reply}\n{tokens}")
        said = " ".join(it.text for it in found.messages if it.role == "assistant")
        assert "means that foo is not linked." in said
        assert "Cost" not in said


def test_only_what_was_typed_is_a_request_and_only_what_answers_one_the_models(read):
    """A heading is no request, what a start prints no answer, and a question is written twice behind its command."""
    history = (
        "# aider chat started at 2026-01-02 10:00:00\n\n> Aider v0.86.2  \n\nauth.py:\n│def login():\n\n#### <blank>  \n"
        "#### /ask why is it slow?  \n\n####  why is it slow?  \n\nTwo reasons:\n\n#### The lock\n\nIt is held.\n\n"
        "> Tokens: 4.4k sent, 492 received.\n"
    )
    assert [(it.role, it.text) for it in read(history).messages] == [
        ("user", "why is it slow?"),
        ("assistant", "Two reasons:\n\n#### The lock\n\nIt is held."),
    ]


@pytest.mark.parametrize(("begun", "text"), [("wait = 1\n=======\nwait = 2", ["wait = 2"]), ("wait = 1\n", [])])
def test_a_block_that_the_text_ends_in_is_an_edit_without_a_result(read, begun, text):
    """A reply of which no tokens are told is not over; blocks stand in tags where a file has back-ticks."""
    start = "# aider chat started at 2026-01-02 10:00:00\n\n#### wait longer\n\nHere it is:\n\n"
    found = read(f"{start}auth.py\n<source>python\n<<<<<<< SEARCH\n{begun}")
    assert [(it.summary, it.outcome) for it in found.tool_calls] == [("auth.py", None)]
    assert extract(found).state == "progress"
    assert [it.new for it in found.wanted if it.new] == text


WORK = """
# aider chat started at 2026-01-02 10:00:00

#### make totals exact
####
#### no floats

Rounding it.

cart.py
```python
<<<<<<< SEARCH
return full
=======
return round(full, 2)
>>>>>>> REPLACE
```

> Applied edit to cart.py
#### /test pytest -q

> F...
> 1 failed, 3 passed
> Add 0.1k tokens of command output to the chat? (Y)es/(N)o [Yes]: y

#### !python run.py

```
Traceback (most recent call last):
ValueError: no
```

#### /add b.py
#### /ask why does it fail?
"""


def test_commands_and_edits(read):
    """What was run ends as its output says; edits are no words of the model's; a request may stand behind a slash."""
    found = read(WORK)
    assert [(it.role, it.text) for it in found.messages] == [
        ("user", "make totals exact\n\nno floats"),
        ("assistant", "Rounding it."),
        ("user", "why does it fail?"),
    ]
    assert [(it.text, it.outcome) for it in found.commands] == [("pytest -q", "failed"), ("python run.py", "failed")]
    assert [(it.path, it.old, it.new) for it in found.edits] == [("cart.py", "return full", "return round(full, 2)")]


def test_what_the_tool_asks_is_no_request_though_it_stands_as_one(read):
    """Its question ends what was printed; a request may speak of such a question."""
    asked = "#### Add 7 lines of command output to the chat? (Y)es/(N)o [Yes]: y"
    start = "# aider chat started at 2026-01-02 10:00:00\n\n#### /test pytest -q\n\n> F...\n> 1 failed, 3 passed\n\n"
    found = read(f"{start}{asked}\n\nIt is the lock.\n\n#### why does it ask me to add output?\n")
    assert [(it.text, it.outcome) for it in found.commands] == [("pytest -q", "failed")]
    assert [it.text for it in found.messages] == ["It is the lock.", "why does it ask me to add output?"]


def test_a_request_may_quote_what_a_tool_asks(read):
    asked = 'our own prompt asks "Delete it? (Y)es/(N)o [Yes]: ", please say "Remove" there'
    found = read(f"# aider chat started at 2026-01-02 10:00:00\n\n#### {asked}\n\nDone.\n")
    assert [it.text for it in found.messages] == [asked, "Done."]


def test_an_edit_that_was_declined_is_not_made(read):
    """What comes next for the file is only what the answer then holds."""
    block = "src/ring.cpp\n```cpp\n<<<<<<< SEARCH\n#include <mutex>\n=======\n#include <{}>\n>>>>>>> REPLACE\n```\n\n"
    text = (
        "# aider chat started at 2026-01-02 10:00:00\n\n#### make it lock free, no boost\n\n"
        + block.format("boost/lockfree/spsc_queue.hpp")
        + "> Apply edit to src/ring.cpp? (Y)es/(N)o [Yes]: n  \n\n#### I said no boost\n\n"
        + block.format("atomic")
        + "> Applied edit to src/ring.cpp  \n"
    )
    found = read(text)
    assert [it.new for it in found.edits] == ["#include <atomic>"]
    assert [it.new for it in found.declined] == ["#include <boost/lockfree/spsc_queue.hpp>"]


def test_files_that_were_not_let_be_written_are_refused_with_what_imports_them_all_the_same(read):
    """Nothing was said since: the user is to be asked, and the edits are no steps that wait for their result."""
    from handoff_cli.documents.extract import extract

    block = "jobs/{}\n```python\n<<<<<<< SEARCH\n=======\n{}\n>>>>>>> REPLACE\n```\n\n"
    found = read(
        "# aider chat started at 2026-01-02 10:00:00\n\n#### split the jobs  \n\nHere they are:\n\n"
        + block.format("nightly_prices.py", "def nightly(): ...")
        + block.format("hourly_prices.py", "def hourly(): ...")
        + block.format("run.py", "from jobs.hourly_prices import hourly")
        + "> Applied edit to jobs/run.py  \n> Commit 1a2b3c4 Split the jobs  \n"
        + "> Allow creation of new file jobs/nightly_prices.py? n  \n> Skipping edits to jobs/nightly_prices.py  \n"
        + "> Skipping edits to jobs/hourly_prices.py  \n"
    )
    assert [it.path for it in found.edits] == ["jobs/run.py"]
    story = extract(found)
    refused = story.dead_ends.refused[0].what
    assert refused.endswith("; with it hourly_prices.py; run.py imports one of them all the same")
    assert story.stopped
    assert not story.runs.under_way
    assert "ran git commit → 1a2b3c4" in story.runs.happened  # its subject stands among the commits
    assert not [it for it in story.in_use.again if it[0] == "git commit"]


def test_a_commit_names_no_branch_where_the_log_names_none(read):
    from handoff_cli.documents.extract import extract

    found = read(HISTORY)
    assert found.commits
    assert extract(found).task.branch == ""


def test_an_answer_on_the_last_line_stands_behind_its_request(read):
    """Alone, and among other text."""
    for lead in ("", "User: hi\n\n"):
        text = f"{lead}# aider chat started at 2026-11-27 10:12:04\n\n#### a field on Item\n\nOK, on `Item`.\n"
        asked, answered = read(text).messages[-2:]
        assert (asked.role, answered.role) == ("user", "assistant")
        assert asked.position < answered.position


def test_its_own_test_command_is_a_check_of_the_project(read):
    text = (
        "# aider chat started at 2026-11-27 10:12:04\n\n#### mend it\n\nMended.\n\n#### /test\n\n"
        "> .F\n> FAILED tests/test_cart.py::test_sum - AssertionError: 9 == 10\n> 1 failed, 2 passed in 0.11s\n"
    )
    (failure,) = extract(read(text)).runs.failures
    assert (failure.name, failure.command) == ("tests/test_cart.py::test_sum", "aider /test")


@pytest.mark.parametrize("now", ["Now at: ", "HEAD is:"])
def test_a_commit_that_was_undone_is_none_and_its_edits_are_gone(read, now):
    blocks = "{0}.py\n```python\n<<<<<<< SEARCH\nold\n=======\n{0}\n>>>>>>> REPLACE\n```\n\n> Applied edit to {0}.py\n"
    history = (
        "# aider chat started at 2026-01-02 10:00:00\n\n#### one\n\n"
        f"{blocks.format('one')}> Commit 1a2b3c4 feat: one\n\n#### two\n\n"
        f"{blocks.format('two')}> Commit 5d6e7f8 feat: two\n\n#### /undo\n\n"
        f"> Removed: 5d6e7f8 feat: two\n> {now} 1a2b3c4 feat: one\n"
    )
    facts = extract(read(history))
    assert [it.subject for it in facts.changed.commits] == ["feat: one"]
    assert [it.path for it in facts.changed.edits] == ["one.py"]
    assert [it.what for it in facts.dead_ends.tried] == ["feat: two"]
    assert [it.branch for it in facts.changed.commits] == [""]  # Aider names none
    assert [it.text for it in read(history).commands][-1] == "aider /undo"  # nobody typed a command of git's


def test_what_the_user_says_after_an_undo_tells_why_where_it_speaks_of_the_commit(read):
    block = "{0}.py\n```python\n<<<<<<< SEARCH\nold\n=======\n{0}\n>>>>>>> REPLACE\n```\n\n> Applied edit to {0}.py\n"
    history = (
        "# aider chat started at 2026-01-02 10:00:00\n\n#### sort the rows\n\n"
        f"{block.format('rows')}> Commit 1a2b3c4 feat: sort rows in the template\n\n#### /undo\n\n"
        "> Removed: 1a2b3c4 feat: sort rows in the template\n> Now at:  9f8e7d6 init\n\n"
    )
    (tried,) = extract(
        read(f"{history}#### the template sees one page only, sort in the query\n\nDone.\n")
    ).dead_ends.tried
    assert tried.why == "the user: the template sees one page only, sort in the query"
    (tried,) = extract(read(f"{history}#### which colour has the logo?\n\nBlue.\n")).dead_ends.tried
    assert tried.why == "aider /undo"


def test_an_edit_that_matches_nothing_failed(read):
    found = read(
        "# aider chat started at 2026-01-02 10:00:00\n\n#### cap it\n\na.py\n```python\n<<<<<<< SEARCH\nold\n=======\nnew\n"
        ">>>>>>> REPLACE\n```\n\n> The LLM did not conform to the edit format.\n> # 1 SEARCH/REPLACE block failed to match!\n"
    )
    assert found.edits == ()
    assert [(it.summary, it.outcome) for it in found.tool_calls] == [("a.py", "failed")]


def test_a_request_after_what_aider_made_did_not_come_amid_its_work(read):
    """Also where no usage is told: the tool asks for words once it did what it was to."""
    from handoff_cli.documents.extract import extract

    block = "run.py\n```python\n<<<<<<< SEARCH\n=======\nrun()\n>>>>>>> REPLACE\n```\n\n"
    start = f"# aider chat started at 2026-01-02 10:00:00\n\n#### add a run  \n\nHere it is:\n\n{block}"
    asks = "\n#### how would I call it?  \n"
    for done in ("> Applied edit to run.py  \n> Commit 1a2b3c4 Add it  \n", "> Skipping edits to run.py  \n"):
        assert extract(read(start + done + asks)).amid is None
    assert extract(read(start + asks)).amid is None  # nothing was called


def test_a_reply_of_edits_alone_leaves_the_words_before_it_to_their_own_request(read):
    block = "run.py\n```python\n<<<<<<< SEARCH\n=======\nrun()\n>>>>>>> REPLACE\n```\n\n"
    found = read(
        "# aider chat started at 2026-01-02 10:00:00\n\n#### /ask is it safe?  \n\nIt is.\n\n#### then add it  \n\n"
        f"{block}> Tokens: 2k sent, 90 received.  \n> Applied edit to run.py  \n\n#### good  \n"
    )
    assert [it.text for it in sorted(found.messages, key=lambda it: it.position)] == [
        "is it safe?",
        "It is.",
        "then add it",
        "good",
    ]


LINTED = """
# aider chat started at 2026-01-02 10:00:00

> Aider v0.86.2
#### tidy up the page

<thinking-content-7bbe>
The import is unused, I think.
</thinking-content-7bbe>

I'll take it out.

> Tokens: 2.7k sent, 107 received.
> Applied edit to page.py
>
> # Fix any errors below, if possible.
>
> ## Running: pylint page.py
>
> page.py:2:0: W0611: Unused import os (unused-import)
>
> ## See relevant line below marked with █.
>
> page.py:
> 2█import os
>
> Attempt to fix lint errors? (Y)es/(N)o [Yes]: y
"""


def test_the_linter_that_ran_after_an_edit_is_a_run_and_a_yes_to_mending_it_a_request(read):
    found = read(LINTED)
    (run,) = found.commands
    assert (run.text, "Unused import" in run.output, "█" in run.output) == ("pylint page.py", True, False)
    assert [it.text for it in found.messages] == [
        "tidy up the page",
        "I'll take it out.",
        "Attempt to fix lint errors? (Y)es/(N)o [Yes]: y",
    ]
    assert [it.text for it in found.reasonings] == ["The import is unused, I think."]
    (failure,) = extract(found).runs.failures
    assert "Unused import" in failure.why
    declined = read(LINTED.replace("[Yes]: y", "[Yes]: n"))
    assert [it.role for it in declined.messages] == ["user", "assistant"]


FENCED = """\
# aider chat started at 2026-01-02 10:00:00

> Aider v0.86.1

#### let the list be sorted

Sorted by name:

```python
src/rows.py
<<<<<<< SEARCH
    return rows
=======
    return sorted(rows)
>>>>>>> REPLACE
```

Restart it then.

> Tokens: 2.0k sent, 90 received.
> {told}
"""


def test_a_file_that_is_named_within_the_fence_is_the_one_its_block_changes(read):
    found = read(FENCED.format(told="Applied edit to src/rows.py"))
    assert [(it.path, it.old.strip(), it.new.strip()) for it in found.edits] == [
        ("src/rows.py", "return rows", "return sorted(rows)")
    ]
    assert [it.text for it in found.messages] == ["let the list be sorted", "Sorted by name:\n\n\nRestart it then."]


def test_a_file_that_could_not_be_written_was_not_edited(read):
    error = "[Errno 13] Permission denied: '/w/p/src/rows.py'"
    found = read(FENCED.format(told=f"Unable to write file /w/p/src/rows.py after 5 attempts: {error}"))
    assert [(it.name, it.outcome) for it in found.tool_calls] == [("edit", "failed")]
    assert not found.edits


APART = """\
# aider chat started at 2026-01-02 03:04:05

#### warmer colours

First the colours, then the head.

web/app.css

```css
<<<<<<< SEARCH
--ink: #000;
=======
--ink: #210;
>>>>>>> REPLACE
```

The head too:

**web/Head.tsx**:

```tsx
<<<<<<< SEARCH
<b>
=======
<i>
>>>>>>> REPLACE
```

Is that right?

> Tokens: 2.0k sent, 90 received.
> Applied edit to web/Head.tsx
> Applied edit to web/app.css
"""


def test_a_formatter_that_set_the_name_of_a_file_apart_from_its_block_takes_no_edit_away(read):
    found = read(APART)
    assert {(it.path, it.old, it.new) for it in found.edits} == {
        ("web/app.css", "--ink: #000;", "--ink: #210;"),
        ("web/Head.tsx", "<b>", "<i>"),
    }
    assert "```" not in found.messages[-1].text
    assert "First the colours, then the head." in found.messages[-1].text


def test_a_sentence_apart_from_a_block_is_no_name(read):
    text = APART.replace("\n**web/Head.tsx**:\n", "").replace("> Applied edit to web/Head.tsx\n", "")
    assert {it.path for it in read(text).edits} == {"web/app.css"}
    assert "The head too" in read(text).messages[-1].text


def test_what_a_reply_changes_is_not_applied_where_a_file_that_it_names_is_added_first(read):
    """The model is asked again with that file, and its next reply counts."""
    edit = "web/app.css\n```css\n<<<<<<< SEARCH\n--ink: #000;\n=======\n--ink: #{};\n>>>>>>> REPLACE\n```\n\n"
    text = (
        "# aider chat started at 2026-01-02 03:04:05\n\n#### warmer  \n\n"
        + edit.format("111")
        + "> Tokens: 2.0k sent, 90 received.  \n> web/app.css  \n"
        "> Add file to the chat? (Y)es/(N)o/(A)ll/(S)kip all/(D)on't ask again [Yes]: y  \n\n"
        + edit.format("222")
        + "> Tokens: 2.1k sent, 90 received.  \n> Applied edit to web/app.css  \n"
    )
    assert [it.new for it in read(text).edits] == ["--ink: #222;"]


def test_a_reply_that_asks_for_a_file_that_is_added_is_no_answer():
    """The model is asked again, and the text ends there; without the file its words are all that comes."""
    text = "#### why?  \n\nI need shop/tax.py.\n\n> Tokens: 2.0k sent, 90 received.  \n> shop/tax.py  \n"
    text += "> Add file to the chat? (Y)es/(N)o/(D)on't ask again [Yes]: {}  \n"
    ends = {answer: [*events(Source("text", text.format(answer).encode()))] for answer in "yn"}
    assert not any(isinstance(it, Turned) for it in ends["y"])
    assert any(isinstance(it, Turned) for it in ends["n"])


def test_what_stands_above_the_first_session_is_nobodys_word(read):
    found = read(f"# Rules\n\nNever use floats.\n\n\n{APART}")
    assert "Never use floats." not in "".join(it.text for it in found.messages)


WHOLE = """\
# aider chat started at 2026-01-02 03:04:05

> Model: ollama/qwen3 with whole edit format

#### describe it, and add a test

Here they are:

README.md
````
# Shop
> Never use floats.

```
pytest
```
````

**tests/test_total.py**
```python
assert total() == 1
```

As it is run:
```bash
pytest
```

> Tokens: 2.0k sent, 90 received.
> Applied edit to README.md
> Applied edit to tests/test_total.py
> Unable to add /w/p/tests/test_total.py: Cmd('git') failed due to: exit code(1)
> cmdline: git add /w/p/tests/test_total.py
> stderr: 'The following paths are ignored by one of your .gitignore files:
> tests'
> You can use /undo to undo and discard each aider commit.

#### and now?

#### Now

It is ignored.
"""
SIGNED = "\n".join(
    f"{line}  " if (line[:5] == "#### " and line != "#### Now") or (line[:2] == "> " and "Never" not in line) else line
    for line in WHOLE.split("\n")
)


def test_a_file_told_whole_is_its_edit_and_what_git_could_not_do_for_the_tool_failed(read):
    """A file may quote what looks as the tool's lines do, and a heading of the model's as a request."""
    found = read(SIGNED)
    assert [(it.path, it.new) for it in found.edits] == [
        ("README.md", "# Shop\n> Never use floats.\n\n```\npytest\n```"),
        ("tests/test_total.py", "assert total() == 1"),
    ]
    assert [it.text for it in found.messages] == [
        "describe it, and add a test",
        "Here they are:\n\n\n\nAs it is run:\n```bash\npytest\n```",
        "and now?",
        "#### Now\n\nIt is ignored.",
    ]
    run = found.commands[0]
    assert (run.text, run.outcome, run.exit_code) == ("git add /w/p/tests/test_total.py", "failed", 1)
    assert "ignored by one of your" in run.output
    assert "/undo" not in run.output


def test_a_history_that_was_piped_ends_its_lines_as_the_file_does():
    pieces = read_pieces("pieces", lambda: [(SIGNED, True)])
    assert [it.text for it in pieces.messages if it.role == "user"] == ["describe it, and add a test", "and now?"]
    assert [it.path for it in pieces.edits] == ["README.md", "tests/test_total.py"]


def test_what_a_command_prints_is_told_whole_where_a_line_looks_as_git_is_quoted(read):
    """Of git's that failed for the tool the quotation marks go."""
    lines = ["first line", "second line", "stderr: 'disk full'", "last"]
    chat = "# aider chat started at 2026-01-03 10:00:00\n\n#### /run make load  \n" + "".join(
        f"> {it}  \n" for it in lines
    )
    assert read(f"{chat}\n#### and now?  \n").commands[0].output == "\n".join(lines)
    assert read(SIGNED).commands[0].output.endswith("ignored by one of your .gitignore files:\ntests")


def test_what_a_command_prints_has_the_tools_mark_before_its_first_line_alone(read):
    """It goes on over empty lines and marks of its own, up to the line that ends as what the tool says does."""
    printed = [
        "===== test session starts =====",
        "a table of the plugin's:  ",
        "collected 2 items",
        "    ",
        "> assert total(rows) == 3",
        "Running: the slow ones",
        "E assert 2 == 3",
        "",
        "FAILED tests/test_total.py::test_sum - assert 2 == 3",
        "===== 1 failed, 1 passed in 0.81s =====",
    ]
    asks = "> Add the output to the chat?\n(y/n/instructions) n  \n"
    found = read(
        "# aider chat started at 2026-01-03 10:00:00\n\n#### /run pytest -q  \n> "
        + "\n".join(printed)
        + f"  \n{asks}\n#### why?  \n\nThe last row is dropped.\n"
    )
    (run,) = found.commands
    assert (run.text, run.outcome, run.output) == ("pytest -q", "failed", "\n".join(map(str.rstrip, printed)))
    assert [(it.role, it.text) for it in found.messages] == [
        ("user", "why?"),
        ("assistant", "The last row is dropped."),
    ]


def test_a_message_of_a_commit_that_goes_on_is_no_word_of_the_models(read):
    found = read(
        "# aider chat started at 2026-01-03 10:00:00\n\n#### test it  \n\nI add a test.\n\n"
        "> Commit 1a2b3c4 feat: a test of totals\n\nThe message is:\n\nfeat: a test of totals  \n\n#### go on  \n\nDone.\n"
    )
    assert [it.text for it in found.messages if it.role == "assistant"] == ["I add a test.", "Done."]


def test_what_is_typed_after_an_empty_line_is_a_message_of_its_own(read):
    """Lines of one message follow one another, or come again without the command before them."""
    found = read(
        "# aider chat started at 2026-01-03 10:00:00\n\n#### /clear  \n\n#### the rows are doubled  \n#### since May  \n\n"
        "The join is at fault.\n\n#### /ask why  \n#### the join?  \n\n####  why  \n#### the join?  \n\nIt has two keys.\n"
    )
    asked = [it.text for it in found.messages if it.role == "user"]
    assert asked == ["the rows are doubled\nsince May", "why\nthe join?"]


def test_commits_that_went_outside_before_an_undo_are_none_either(read):
    """Where the tool says that HEAD is at an earlier commit than the last but one."""
    made = "".join(f"> Commit {n}a2b3c4 feat: part {n}  \n" for n in (1, 2, 3))
    found = extract(
        read(
            f"# aider chat started at 2026-01-03 10:00:00\n\n#### three parts  \n\nHere.\n\n{made}\n#### /undo  \n"
            "> Removed: 3a2b3c4 feat: part 3  \n> Now at:  1a2b3c4 feat: part 1  \n"
        )
    )
    assert [it.subject for it in found.changed.commits] == ["feat: part 1"]
    assert [it.what for it in found.dead_ends.tried] == ["feat: part 3", "feat: part 2"]


PLANNED = """# aider chat started at 2026-01-04 10:00:00

> Aider v0.86.2
> Model: model-one with architect edit format
> Editor model: model-two with editor-whole edit format

#### add a total

Add a file src/total.py with a function.

1) total adds up the prices

> Tokens: 1.6k sent, 170 received.

#### Add a file src/total.py with a function.
####
#### 1) total adds up the prices

src/total.py
<source>
# adds up
def total(prices):
    return sum(prices)
</source>

> Tokens: 2k sent, 90 received.
> Applied edit to src/total.py

#### now test it

First, a folder for the tests:
"""
ARCHITECT = "\n".join(f"{it}  " if it.startswith(("####", "> ")) else it for it in PLANNED.split("\n"))


def test_the_plan_of_an_architect_is_no_request_and_its_editor_tells_files_whole_between_tags(read):
    found = read(ARCHITECT)
    assert [it.text for it in found.messages if it.role == "user"] == ["add a total", "now test it"]
    assert [(it.path, it.new) for it in found.edits] == [
        ("src/total.py", "# adds up\ndef total(prices):\n    return sum(prices)")
    ]
    assert "<source>" not in "".join(it.text for it in found.messages)


def test_a_request_that_begins_as_the_plan_does_and_goes_on_otherwise_is_the_persons(read):
    found = read(ARCHITECT.replace("#### 1) total adds up the prices", "#### 1) total rounds, too"))
    assert "rounds" in [it.text for it in found.messages if it.role == "user"][1]


def test_a_reply_of_which_the_tool_did_not_tell_what_it_took_is_not_over(read):
    assert read(ARCHITECT).messages[-1].cut
    assert not read(f"{ARCHITECT}\n> Tokens: 3k sent, 20 received.  \n").messages[-1].cut


def test_what_the_user_types_is_said_though_it_repeats_an_answer_and_no_editor_works_beside_the_model(read):
    text = (
        "# aider chat started at 2026-11-30 10:00:00\n\n> Model: one with whole edit format\n\n#### which name?\n\ntax\n\n"
        "#### tax\n\ncart.py\n```\ndef tax(): pass\n```\n\n> Applied edit to cart.py\n"
    )
    found = read(text)
    assert [it.text for it in found.messages][:3] == ["which name?", "tax", "tax"]
    assert [it.new for it in found.edits] == ["def tax(): pass"]


@pytest.mark.parametrize(
    "line", ["Models: two with diff edit format, weak model x", "Model: two with \u267e\ufe0f diff edit format"]
)
def test_a_model_that_is_told_anew_edits_in_the_format_told_with_it(read, line):
    text = (
        "# aider chat started at 2026-11-30 10:00:00\n\n> Model: one with whole edit format\n\n#### ask\n\nyes\n\n"
        f"# aider chat started at 2026-11-30 11:00:00\n\n> {line}\n\n#### mend it\n\ncart.py\n```\n<<<<<<< SEARCH\na = 1\n"
        "=======\na = 2\n>>>>>>> REPLACE\n```\n\n> Applied edit to cart.py\n"
    )
    assert [(it.old, it.new) for it in read(text).edits] == [("a = 1", "a = 2")]
