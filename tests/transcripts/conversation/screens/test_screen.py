"""Copies of Claude Code's screen."""

from __future__ import annotations

import pytest

SCREEN = """\
╭─────────────────────────────────╮
│ ✻ Welcome to Claude Code!       │
╰─────────────────────────────────╯

> Make the parser read dates with a time zone, and keep
  the old format working. Never touch the fixtures.

⏺ I'll look at how the parser splits a line before I
  change anything.

⏺ Read(src/parser.py)
  ⎿  Read 120 lines (ctrl+o to expand)

⏺ Update Todos
  ⎿  ☒ Read the parser
     ☐ Accept an offset after the time
     ☐ Run the whole suite

⏺ Bash(python -m pytest tests/test_parser.py -q -k
      "offset or zone")
  ⎿  Error: Exit code 1
     FAILED tests/test_parser.py::test_offset
     … +12 lines (ctrl+o to expand)

⏺ Update(src/parser.py)
  ⎿  Updated src/parser.py with 1 addition and 1 removal
       41       def split(self, line):
       42 -         stamp, rest = line.split(" ", 1)
       42 +         stamp, rest = self.stamp(line)

⏺ Write(tests/test_zone.py)
  ⎿  Wrote 12 lines to tests/test_zone.py
     import pytest

     def test_zone():
     … +8 lines (ctrl+o to expand)

  Read 3 files (ctrl+o to expand)

⏺ Bash(git commit -am "Read offsets")
  ⎿  [main 1a2b3c4] Read offsets
      1 file changed, 2 insertions(+)

⏺ Bash(rm -rf build)
  ⎿  Interrupted · What should Claude do instead?

❯ don't delete build, only its cache

✻ Crunched for 5m 12s

⏺ The offset is read now. Shall I drop the old format in
  the next release?

──────────────────────────────────────────────────────
>
──────────────────────────────────────────────────────
  ? for shortcuts
"""


def test_who_said_what_without_the_breaks_of_the_screen(said):
    """Banner, rulers, folded lines, spinner and the empty prompt are nobody's words."""
    assert said(SCREEN) == [
        (
            "user",
            "Make the parser read dates with a time zone, and keep the old format working. Never touch the fixtures.",
        ),
        ("assistant", "I'll look at how the parser splits a line before I change anything."),
        ("user", "don't delete build, only its cache"),
        ("assistant", "The offset is read now. Shall I drop the old format in the next release?"),
    ]


def test_calls_with_their_inputs_and_results(read):
    """As the agent's own log has them: commands, exit codes, errors, files, commits, to-dos, refusals."""
    found = read(SCREEN)
    runs = [(it.text, it.outcome, it.exit_code) for it in found.commands]
    assert runs == [
        ('python -m pytest tests/test_parser.py -q -k "offset or zone"', "failed", 1),
        ('git commit -am "Read offsets"', "ok", None),
        ("rm -rf build", "failed", None),
    ]
    assert "FAILED tests/test_parser.py::test_offset" in (found.commands[0].error or "")
    assert (found.commands[2].error or "").startswith("The user doesn't want to proceed with this tool use")
    touched = {(it.path, it.action) for it in found.files}
    assert touched == {("src/parser.py", "read"), ("src/parser.py", "modified"), ("tests/test_zone.py", "created")}
    assert [(it.text, it.status) for it in found.todos] == [
        ("Read the parser", "completed"),
        ("Accept an offset after the time", "pending"),
        ("Run the whole suite", "pending"),
    ]
    assert [(it.hash, it.subject) for it in found.commits] == [("1a2b3c4", "Read offsets")]


def test_an_edit_carries_the_lines_it_shows(events):
    """Old and new text, without the numbers."""
    edit = next(it.input for it in events(SCREEN) if getattr(it, "name", "") == "Edit")
    assert edit == {
        "file_path": "src/parser.py",
        "old_string": '        stamp, rest = line.split(" ", 1)',
        "new_string": "        stamp, rest = self.stamp(line)",
    }


def test_a_copy_with_escapes_and_overwritten_lines_reads_the_same(said):
    """Colours, a progress line that was overwritten, no-break spaces."""
    raw = SCREEN.replace("⏺ ", "\x1b[32m⏺\x1b[0m ").replace("> Make", "\x1b[1m>\x1b[22m\xa0Make")
    raw = raw.replace("✻ Crunched", "waiting 10%\rwaiting 99%\r✻ Crunched").replace("\n", "\r\n")
    assert said(raw) == said(SCREEN)


def test_a_copy_that_lost_its_indents(said, read):
    """Some editors strip them: bullets and corners still tell."""
    bare = "\n".join(line.strip() for line in SCREEN.split("\n"))
    assert [text for role, text in said(bare) if role == "user"] == [it for role, it in said(SCREEN) if role == "user"]
    assert [it.outcome for it in read(bare).commands] == ["failed", "ok", "failed"]
    assert len(read(bare).todos) == 3


def test_commands_about_the_agent_itself_are_no_requests(said):
    """``/compact`` asks nothing of the next session."""
    assert said("> /compact\n  ⎿  Compacted (ctrl+o to see full summary)\n\n> go on\n\n⏺ Yes.\n") == [
        ("user", "go on"),
        ("assistant", "Yes."),
    ]


def test_thoughts_are_neither_the_users_nor_said(read):
    """Where the screen showed them."""
    text = "> why is it slow?\n\n∴ Thinking…\n\n  The cache is cold after each run.\n\n⏺ I'll warm it.\n"
    found = read(text)
    assert [it.text for it in found.messages] == ["why is it slow?", "I'll warm it."]
    assert [it.text for it in found.reasonings] == ["The cache is cold after each run."]


def test_a_compaction_is_one(read):
    """Its ruler stands where the context began anew."""
    text = "⏺ One.\n\n════ Conversation compacted · ctrl+o for history ════\n\n⏺ Two.\n"
    assert len(read(text).compactions) == 1


def test_marks_in_what_a_command_printed_are_no_list(read):
    """Tools print boxes too."""
    text = "> test it\n\n⏺ Bash(npm test)\n  ⎿   ✓ auth.test.ts (2 tests) 12ms\n      Tests  2 passed (2)\n\n⏺ Green.\n"
    found = read(text)
    assert not found.todos
    assert [(it.text, it.outcome) for it in found.commands] == [("npm test", "ok")]


def test_what_the_user_runs_and_leaves_empty(said, read):
    """A command behind an exclamation mark is no request; what follows the empty line to type on is not the user's."""
    text = """\
> !git status
  ⎿  On branch main

> mend src/a.py

● Done.

────────────
>
────────────
  ? for shortcuts

$ make test
3 passed in 0.1s
"""
    assert said(text) == [("user", "mend src/a.py"), ("assistant", "Done.")]
    assert [it.text for it in read(text).commands] == ["git status", "make test"]


def test_what_git_reports_was_committed_also_where_the_push_failed(read):
    """Of a command of several parts the first may have gone well."""
    found = read(
        '> commit and push\n\n● Bash(git commit -am "Load once" && git push)\n  ⎿  Error: Exit code 128\n'
        "     [main 4d5e6f7] Load once\n     fatal: Could not resolve host\n"
    )
    assert [(it.hash, it.subject) for it in found.commits] == [("4d5e6f7", "Load once")]
    assert [(it.exit_code, it.outcome) for it in found.commands] == [(128, "failed")]


NOTED = """\
> shrink the image

⏺ Bash(docker images)
  ⎿  318MB

⏺ The image is at 318 MB now.

NOTES for tomorrow
- TODO: leave the manuals out
- ask Nadja: who runs the rebuild?
"""


def test_notes_below_a_copy_are_not_the_agents(read):
    """What it says is set in or has a bullet there; where the indent was lost, nothing tells them apart."""
    assert [(it.role, it.text[:5]) for it in read(NOTED).messages] == [
        ("user", "shrin"),
        ("assistant", "The i"),
        ("user", "NOTES"),
    ]
    flat = "\n".join(line.strip() for line in NOTED.split("\n"))
    assert [it.role for it in read(flat).messages if it.role == "user"] == ["user"]


def test_a_sentence_broken_before_the_screen_was_widened(said):
    """A sentence goes on in the next line though there is room for its word: the screen was narrower then."""
    wide = (
        "this is a request that somebody typed on a screen which was much wider by then, so that the lines of it are "
    )
    text = (
        "⏺ Good catch, that is an error in the plan of the third phase. I wrote it when the second was open, and it\n"
        "  wasn't.\n\n  The agent was told so.\n\n"
        + "".join(f"> {wide}{number} longer than\n  those of before\n\n⏺ Yes.\n\n" for number in range(3))
    )
    assert "second was open, and it wasn't.\n\nThe agent was told so." in said(text)[0][1]


def test_a_call_whose_bullet_is_lost_and_whose_path_goes_on_below_is_read(read):
    """As copies have it where the terminal drew the bullet elsewhere."""
    text = (
        "> mend it\n\n\u23fa Now I can:\n\n  Update(src/main/java/com/shop/inventory/service/SqsService.ja\n        va)\n"
        "  \u23bf  Updated src/main/java/com/shop/inventory/service/SqsServi\n     ce.java with 1 addition\n       3 + int a;\n\n"
        "\u23fa All done, see\n  Notes (below) for more.\n"
    )
    found = read(text)
    assert [it.path for it in found.files] == ["src/main/java/com/shop/inventory/service/SqsService.java"]
    assert found.messages[-1].text.startswith("All done, see")


def test_lines_that_a_narrow_screen_broke_are_whole_again(read):
    """Of a diff those that go on below the number, of a command the word that has no room on a line."""
    rows = [
        "> map it",
        "",
        "⏺ Update(src/Queues.java)",
        "  ⎿  Updated src/Queues.java with 3 additions",
        "       7    class Queues {",
        "       8 +      private final Map<String, Queue> known =",
        "          + new HashMap<>();",
        "       9 +",
        "     queues.register(any(com.example.shop.messages.requests.GetQue",
        "          + ueUrlRequest.class));",
        "     ...",
        "      20 +  }",
        "",
        "⏺ Bash(cd /home/somebody/projects/a-company/an-application/on",
        "      e-service/one-service-app && make)",
        "  ⎿  done",
        *[f"⏺ {'word ' * 11}end." for _ in range(12)],
    ]
    found = read("\n".join(rows) + "\n")
    known, register = "private final Map<String, Queue> known = new HashMap<>();", "GetQueueUrlRequest.class));"
    assert known in found.edits[0].new
    assert register in found.edits[0].new
    assert "/one-service/one-service-app" in found.commands[0].text


def test_what_goes_on_below_its_sign_was_broken_where_the_line_was_full(read):
    """Amid a word, or behind a space that the copy lost; a number alone is an empty line."""
    rows = [
        "> map it",
        "",
        "⏺ Update(src/queues.py)",
        "  ⎿  Added 2 lines, removed 1 line",
        "       7  ",
        "       8 +    # every queue is registered by its nam",
        "          +e and by the",
        "       9 +    kind = OTHER if is_other else KIND_OF_",
        "          +QUEUE",
        "      10",
        "      11 +    # what nobody reads any longer is put",
        "          +away",
    ]
    assert read("\n".join(rows) + "\n").edits[0].new.split("\n") == [
        "   # every queue is registered by its name and by the",
        "   kind = OTHER if is_other else KIND_OF_QUEUE",
        "   # what nobody reads any longer is put away",
    ]


def test_a_copy_that_lost_its_bullets_ends_what_the_user_typed_where_the_agent_begins(said):
    screen = (
        "> mend the import wizard\n\n  and its test\n\n  I'll look at the store first.\n\n  Read(src/store.ts)\n"
        "  ⎿  Read 64 lines\n\n  It is a local ref.\n\n> mend it\n\n  Update(src/store.ts)\n  ⎿  Updated src/store.ts\n"
    )
    assert said(screen)[:2] == [
        ("user", "mend the import wizard\n\nand its test"),
        ("assistant", "I'll look at the store first."),
    ]


def test_a_shell_whose_prompt_has_two_lines_stands_beside_a_screen(read):
    text = """\
~/geo main*
❯ python load.py regions.gpkg
loaded 4 rows

~/geo main*
❯ claude

❯ make it faster

⏺ I'll look at it.

⏺ Bash(pytest -q)
  ⎿  2 passed in 0.10s

⏺ It reads the file twice.
"""
    found = read(text)
    assert [it.text for it in found.messages if it.role == "user"] == ["make it faster"]
    assert found.commands[0].text == "python load.py regions.gpkg"


def test_notes_below_a_screen_are_a_persons(said):
    text = "❯ go on\n\n⏺ Bash(ls)\n  ⎿  a.py\n\n⏺ Done.\n\n──────────\n❯ \n──────────\n\nNotes for tomorrow\nAna closes the gate.\n"
    assert said(text)[-1] == ("user", "Notes for tomorrow\nAna closes the gate.")


@pytest.mark.parametrize(
    ("above", "typed"),
    [
        ("● It lies in\n~/app/config.yml", "delete the old one"),
        ("● It lies in\n~/app/config.yml", "git mv it"),
        ("● It lies in\n\n~/app/config.yml", "git mv it"),
        ("● Done.\n\n/clear", "and the tests"),
        ("● Yes:\n\nsrc on main is clean", "git push it"),
        ("● Wait.\n\nWorking on it now", "make it fast"),
    ],
)
def test_what_the_user_says_below_a_line_like_a_prompts_is_a_request_and_the_line_is_kept(said, above, typed):
    told = said(f"❯ where is it?\n{above}\n❯ {typed}\n● Right.\n")
    assert [text for role, text in told if role == "user"] == ["where is it?", typed]
    assert above.rpartition("\n")[2] in told[1][1]


def test_the_upper_line_of_a_prompt_stands_apart_below_a_screen_and_names_its_branch_by_a_sign(read):
    text = "❯ go on\n\n⏺ Bash(ls)\n  ⎿  a.py\n\n⏺ Done.\n\n{}\n❯ git push\nremote: it is there now\n"
    for head in ("~/geo main* ⇡1", "geo on \ue0a0 main [!] via 🐍 v3.12", "/srv/geo"):
        found = read(text.format(head))
        assert [it.text for it in found.messages] == ["go on", "Done."]


def test_a_recap_for_a_person_who_was_away_is_kept_whole_and_is_nobodys_message(read):
    recap = "※ recap: Goal: read dates with a time zone. Done: the parser.\n  Next: run the suite. (disable recaps in /config)"
    for after in ("", "\n\n> run it\n", "\n─────────\n> \n"):
        transcript = read(f"{SCREEN}\n\n✻ Brewed for 3m 5s\n\n{recap}{after}")
        (told,) = transcript.recaps
        assert told.text == "Goal: read dates with a time zone. Done: the parser. Next: run the suite."
        assert not any("recap" in it.text or "Next: run" in it.text for it in transcript.messages)


def test_a_change_whose_lines_stand_below_its_call_without_a_sign_is_no_part_of_the_path(read):
    text = (
        "> add the flag\n\n⏺ I'll add it.\n\n⏺ Update(src/init.rs)\n      150\n      151 +        // repeated here\n"
        "      152 -        old();\n      152 +        prepare(flag);\n\n⏺ Now I'll run it.\n"
    )
    transcript = read(text)
    (edit,) = transcript.edits
    assert (edit.path, edit.old.strip()) == ("src/init.rs", "old();")
    assert [line.strip() for line in edit.new.split("\n")] == ["// repeated here", "prepare(flag);"]
    assert [it.text for it in transcript.messages][1:] == ["I'll add it.", "Now I'll run it."]


def test_lines_of_a_change_whose_call_was_not_copied_are_nobodys_words_and_hidden_arguments_no_part_of_a_command(read):
    change = "      114          old: bool,\n      115 +        /// Ask first.\n      116 +        new: bool,\n      117      },"
    ran = "⏺ Bash(PROJ=/tmp/a\n      … +14 lines (ctrl+o to expand)\n  ⎿  done"
    transcript = read(
        f"> add it\n\n⏺ I'll add it.\n\n  Read 1 file (ctrl+o to expand)\n\n{change}\n\n{ran}\n\n⏺ It is there.\n"
    )
    assert [it.text for it in transcript.messages] == ["add it", "I'll add it.", "It is there."]
    assert [it.text for it in transcript.commands] == ["PROJ=/tmp/a"]


def test_a_line_that_goes_on_with_an_option_or_a_name_with_a_point_is_no_item_of_a_list(read):
    """What the screen broke is whole again, an item of a list stays one."""
    text = (
        "> Fix the flaky test of the queue, it is red once in\n  twenty runs\n\n"
        "⏺ Confirmed: worker.go:52 returns early and so skips\n  q.pending.Add(-1). It needs a defer, which costs\n"
        "  0.5 ms at most. Left to do, in the order in which I\n  a. add the defer\n  2. run the test again\n\n"
        "⏺ Bash(go test ./internal/dispatch -run TestDrainNone\n      -count=50 -race)\n  ⎿  ok\n"
    )
    found = read(text)
    assert found.messages[1].text == (
        "Confirmed: worker.go:52 returns early and so skips q.pending.Add(-1). It needs a defer, which costs"
        " 0.5 ms at most. Left to do, in the order in which I\na. add the defer\n2. run the test again"
    )
    assert found.commands[0].text == "go test ./internal/dispatch -run TestDrainNone -count=50 -race"


def test_a_stop_that_stands_by_itself_is_no_word_of_the_agents(read):
    text = (
        "> mend it\n\n⏺ I'll look.\n\n⏺ One test is red.\n\n  Interrupted · What should Claude do instead?\n\n> go on\n"
    )
    transcript = read(text)
    assert [it.text for it in transcript.messages] == ["mend it", "I'll look.", "One test is red.", "go on"]
    assert [it.stopped for it in transcript.messages] == [False, False, True, False]


def test_outputs_that_a_copy_holds_whole_do_not_hide_where_words_were_broken(read):
    said = "Found it, I think. The read of both balances is done with plain SELECTs in a\n  READ COMMITTED transaction, so they overwrite each other."
    long = "     pq: current transaction is aborted, commands are ignored until the end of the transaction block\n" * 3
    words = (
        "⏺ The stress test shows two lost transfers and no data race is reported by it,\n  so that it is in the database.\n\n"
        * 3
    )
    text = f"> find it\n\n{words}⏺ Bash(go test ./...)\n  ⎿  FAIL\n{long}\n⏺ {said}\n"
    assert read(text).messages[-1].text == said.replace("\n  ", " ")


def test_how_long_a_command_may_take_stands_behind_its_first_line_and_is_no_part_of_it(read):
    broken = (
        '⏺ Bash(kiln light --at "two  timeout: 1m 30s\n      thousand" && kiln status | head\n       -20)\n  ⎿  lit\n'
    )
    whole = "⏺ Bash(kiln status) timeout: 20s\n  ⎿  lit\n"
    text = f"> light it\n\n{broken}\n{whole}\n⏺ {'It is lit now and ' * 2}warm.\n"
    assert [it.text for it in read(text).commands][1] == "kiln status"
    assert "timeout" not in read(text).commands[0].text


def test_a_list_of_to_dos_whose_bullet_a_copy_lost_is_a_list_and_a_second_result_below_it_is_none_of_it(read):
    text = (
        "> light the kiln\n\n⏺ I'll begin with a list.\n\n  Update Todos\n  ⎿  ☒ Open the valve\n     ☐ Strike the match\n"
        "  ⎿  Found 1 new diagnostic issue in 1 file (ctrl-r to expand)\n\n⏺ Now the match.\n"
    )
    found = read(text)
    assert [(it.text, it.status) for it in found.todos] == [
        ("Open the valve", "completed"),
        ("Strike the match", "pending"),
    ]
    assert [it.text for it in found.messages] == ["light the kiln", "I'll begin with a list.", "Now the match."]


def test_what_claude_code_greets_with_without_its_frame_is_nobodys_word(said):
    text = (
        " ✻ Welcome to Claude Code!\n\n   /help for help, /status for your current setup\n\n   cwd: /srv/kiln\n\n"
        "> light it\n\n⏺ Read(src/kiln.py)\n  ⎿  Read 9 lines (ctrl+r to expand)\n\n⏺ It is lit.\n"
    )
    assert said(text) == [("user", "light it"), ("assistant", "It is lit.")]


def test_a_change_below_a_path_that_had_no_room_beside_updated_is_joined_where_words_were_broken(read):
    text = (
        "> heat it\n\n⏺ Update(src/kiln/oven/controller.py)\n  ⎿  Updated                              \n"
        "     src/kiln/oven/controller.py with 3 additions\n        7    def heat(self):\n"
        "        8 +      wanted = self.warmest \n          + or self.usual\n"
        "        9 +      self.fan.start(power=wanted, and \n          + slowly=True)\n\n⏺ It heats.\n"
    )
    (edit,) = read(text).edits
    assert edit.new == "    wanted = self.warmest or self.usual\n    self.fan.start(power=wanted, and slowly=True)"


def test_sed_changed_nothing_of_words_that_a_search_of_the_file_did_not_find(read):
    text = (
        '> heat it\n\n⏺ Search(pattern: "warm = 1", path: "kiln.toml", output_mode: "content")\n  ⎿  Found 0 lines\n\n'
        "⏺ Bash(sed -i 's/warm = 1/warm = 2/' kiln.toml)\n  ⎿  (No content)\n\n"
        "⏺ Bash(sed -i 's/fan = 1/fan = 2/' kiln.toml)\n  ⎿  (No content)\n\n"
        "⏺ Bash(sed -i 's/fan = 1/fan = 2/' kiln.toml)\n  ⎿  (No content)\n\n⏺ It heats.\n"
    )
    assert [(it.old, it.new) for it in read(text).edits] == [("fan = 1", "fan = 2")]


def test_sed_may_change_words_again_in_another_line_or_once_the_file_was_put_back(read):
    text = (
        "> heat it\n\n⏺ Bash(sed -i '5s/10/20/' kiln.py)\n  ⎿  (No content)\n\n"
        "⏺ Bash(sed -i '9s/10/30/' kiln.py)\n  ⎿  (No content)\n\n"
        "⏺ Bash(sed -i 's/foo/bar/g' kiln.py)\n  ⎿  (No content)\n\n⏺ Bash(cp kiln.bak kiln.py)\n  ⎿  (No content)\n\n"
        "⏺ Bash(sed -i 's/foo/baz/g' kiln.py)\n  ⎿  (No content)\n\n⏺ It heats.\n"
    )
    assert [it.new for it in read(text).edits if it.old] == ["20", "30", "bar", "baz"]


def test_numbers_before_words_are_no_numbers_of_rows(said):
    text = "> whose?\n\n⏺ The orders have\n\n   1 item of Ana\n   2 items of Bo\n\n> ok\n"
    assert "1 item of Ana\n2 items of Bo" in said(text)[1][1]
