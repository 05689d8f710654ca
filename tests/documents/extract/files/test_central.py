"""The code that the work is about, as it stands at the end."""

from __future__ import annotations

from handoff_cli.core.transcript import Command, Edit, FileText, Lookup, Message, Todo, ToolCall
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.facts import Request
from handoff_cli.documents.extract.failed import LiveFailure
from handoff_cli.documents.extract.files.central import central
from handoff_cli.documents.extract.files.excerpts import WHOLE_LINES
from handoff_cli.documents.extract.files.texts import printed_in
from tests.documents.sessions import ran, told

BEFORE = '''import os


def load_rows(path):
    """Return the rows of the file. Blank lines do not count."""
    return open(path).read().split("\\n")


def save_rows(path, rows):
    return rows
'''
AFTER = BEFORE.replace('split("\\n")', "splitlines()")


def pieces(*spoken, **fields):
    transcript = told(("user", "go"), **fields)
    return central(transcript, printed_in(transcript), [(2.0, text) for text in spoken])


def edited(path="src/rows.py", text=AFTER, old='split("\n")', new="splitlines()", position=20):
    edit = Edit(
        path, position, "modified", f"    return open(path).read().{old}", f"    return open(path).read().{new}"
    )
    return {"edits": (edit,), "texts": (FileText(path, position, text),)}


def test_a_definition_that_was_edited_is_told_whole_with_its_lines_and_what_it_says() -> None:
    (piece,) = pieces("`load_rows` is the cause.", **edited())
    assert (piece.name, piece.first, piece.last, piece.exact) == ("load_rows", 4, 6, True)
    assert piece.signature == "def load_rows(path)"
    assert piece.says == "Return the rows of the file"
    assert piece.text.endswith("splitlines()")


def test_what_a_later_edit_overwrote_is_not_told() -> None:
    first = Edit("src/rows.py", 20, "modified", "    return 1", '    return fail("no")')
    last = Edit("src/rows.py", 30, "modified", '    return fail("no")', '    return ended("no")')
    read = Lookup("read", "src/rows.py", 10, "1\tdef stop():\n2\t    return 1\n3\t\n4\tTOTAL = 1")
    (piece,) = [it for it in pieces("stop", edits=(first, last), lookups=(read,)) if it.name == "stop"]
    assert 'ended("no")' in piece.text
    assert "fail" not in piece.text


def test_of_a_class_that_has_no_room_the_method_that_was_edited_is_told_and_a_namespace_never() -> None:
    fields = "".join(f"    int part_{at} = 0;\n" for at in range(12))
    text = f"namespace shop {{\nclass Rows {{\n{fields}    int total() {{\n        return part_1;\n    }}\n}};\n}}\n"
    for inner, name in ((text, "total"), (text.replace(fields, ""), "Rows")):
        edit = Edit("src/rows.cpp", 20, "modified", "        return 0;", "        return part_1;")
        (piece,) = pieces("go on", edits=(edit,), texts=(FileText("src/rows.cpp", 20, inner),))
        assert piece.name == name


def test_of_a_long_definition_the_signature_and_the_changed_lines_are_told() -> None:
    body = [f"    step_{number} = {number}" for number in range(60)]
    text = "\n".join(["def run(path):", *body[:40], "    check_overlap(path)", *body[40:], ""])
    edit = Edit("src/run.py", 20, "modified", body[39], f"{body[39]}\n    check_overlap(path)")
    (piece,) = pieces("`check_overlap` was missing.", edits=(edit,), texts=(FileText("src/run.py", 20, text),))
    lines = piece.text.split("\n")
    assert lines[0] == "def run(path):"
    assert "    check_overlap(path)" in lines
    assert "    …" in lines
    assert len(lines) <= WHOLE_LINES
    assert len(piece.key.split("\n")) < len(lines)


def test_what_the_work_speaks_of_comes_before_what_was_edited_as_late() -> None:
    text = BEFORE.replace("return rows", "return len(rows)").replace('split("\n")', "splitlines()")
    edits = (
        Edit(
            "src/rows.py",
            20,
            "modified",
            'return open(path).read().split("\\n")',
            "return open(path).read().splitlines()",
        ),
        Edit("src/rows.py", 21, "modified", "    return rows", "    return len(rows)"),
    )
    text = AFTER.replace("return rows", "return len(rows)")
    names = [it.name for it in pieces("`load_rows` is slow.", edits=edits, texts=(FileText("src/rows.py", 21, text),))]
    assert names == ["load_rows", "save_rows"]


def test_a_definition_only_read_is_told_where_it_is_spoken_of() -> None:
    read = Lookup("read", "src/gate.py:10", 15, "10\tdef open_gate(key):\n11\t    return key == 1\n12\t\n13\tA = 1")
    (piece,) = pieces("The cause is in `open_gate`.", lookups=(read,))
    assert (piece.name, piece.first, piece.made) == ("open_gate", 10, False)
    assert pieces("Nothing of it.", lookups=(read,)) == ()


def test_the_line_that_the_cause_is_told_to_lie_in_is_never_left_out() -> None:
    """Where only its number is told, of a definition that is named."""
    body = [f"{at}\t    step_{at}(row)" for at in range(11, 60)]
    body[24] = '35\t    if ": " in row:'
    read = Lookup("read", "src/gate.py:10", 15, "\n".join(["10\tdef open_gate(row):", *body, "60\tA = 1"]))
    (piece,) = pieces("The cause is in `open_gate`, at line 35: it takes a subject for it.", lookups=(read,))
    assert 'if ": " in row:' in piece.key
    (piece,) = pieces("The cause is in `open_gate`.", lookups=(read,))
    assert 'if ": " in row:' not in piece.key


def test_a_small_new_file_is_told_whole() -> None:
    edit = Edit("a.yml", 20, "created", "", "on: push\njobs: {}\nenv: {}\n")
    (piece,) = pieces("", edits=(edit,), texts=(FileText("a.yml", 20, "on: push\njobs: {}\nenv: {}\n"),))
    assert piece.text == "on: push\njobs: {}\nenv: {}"


def test_code_of_the_last_edit_alone_is_marked_as_not_certain() -> None:
    edit = Edit("src/rows.py", 20, "modified", "a = 1", "def load_rows(path):\n    return 1")
    (piece,) = pieces("load_rows", edits=(edit,))
    assert not piece.exact


def test_code_that_was_written_again_is_told_once_where_nothing_tells_its_lines() -> None:
    """A file that was read by its whole path is the one that edits name from the root on."""
    stub, whole = "total = 1\nother = 2\nleft = 3\nright = 4", "total = sum(rows)\nother = 2\nleft = 3\nright = 4"
    changes = ((stub, whole), (whole, stub), (stub, whole))
    edits = tuple(Edit("src/cart.py", 20 + at, "modified", *it) for at, it in enumerate(changes))
    read = Lookup("read", "/shop/src/cart.py", 10, "1\t# all of it is still to be written\n2\tTODO = 1")
    assert len(pieces("total other left right", edits=edits, lookups=(read,))) == 1


def test_code_that_a_formatter_may_have_changed_since_says_so() -> None:
    run = Command("ruff format .", 30, outcome="ok")
    (piece,) = pieces("`load_rows` is the cause.", commands=(run,), **edited())
    assert piece.formatted
    for other in ("ruff format --check .", "pnpm --filter web check", "npm ci"):
        (piece,) = pieces("`load_rows` is the cause.", commands=(run.replace(text=other),), **edited())
        assert not piece.formatted, "a task that runs all checks changes no code"


def test_lines_read_again_after_a_formatter_ran_are_told_as_they_were_read() -> None:
    again = Lookup(
        "read", "src/rows.py:4", 40, "4\tdef load_rows(path):\n5\t    'Rows.'\n6\t    return rows_of(path)\n7\t"
    )
    fields = edited(text=AFTER.replace('"""Return the rows of the file. Blank lines do not count."""', "'Rows.'"))
    (piece,) = [it for it in pieces("`load_rows` is the cause.", lookups=(again,), **fields) if it.name == "load_rows"]
    assert piece.text.endswith("return rows_of(path)")


def test_where_an_answer_is_asked_for_the_lines_around_what_is_spoken_of_are_told() -> None:
    lines = [f"{number}\tstep_{number} = {number}" for number in range(1, 30)]
    read = Lookup("read", "src/steps.py", 15, "\n".join(lines))
    transcript = told(("user", "why?"), lookups=(read,))
    (piece,) = central(transcript, printed_in(transcript), [(2.0, "`step_12` is wrong.")])
    assert piece.first <= 12 <= piece.last
    assert "step_12 = 12" in piece.key
    assert len(piece.text.split("\n")) <= WHOLE_LINES


def test_the_definition_that_a_question_names_stands_first_though_another_was_edited():
    read = Lookup("read", "src/gate.py", 10, "1\tdef gate_of(row):\n2\t    return row.gate\n3\t\n4\tTOTAL = 1")
    said = "`load_rows` holds the cause, `gate_of` only reads."
    for asked, first in (("what is gate_of doing?", "gate_of"), ("say nothing of gate_of again", "load_rows")):
        transcript = told(("user", asked), lookups=(read,), **edited())
        spoken = [(3.0, asked), (2.0, said)]
        found = central(transcript, printed_in(transcript), spoken, request=Request(1, asked))
        assert found[0].name == first


def test_the_definition_that_a_comment_of_a_review_lies_in_stands_first():
    body = "".join(f"{at}\t\n{at + 1}\tdef step_{at}(row):\n{at + 2}\t    return mark(row)\n" for at in range(1, 40, 3))
    read = Lookup("read", "src/steps.py", 12, body)
    comment = '[{"path": "src/steps.py", "line": 12, "body": "This forgets the last of them."}]'
    fetched = ran("gh api repos/o/r/pulls/8/comments", position=11, output=comment)
    (first, *_) = extract(told(("user", "do you agree?"), lookups=(read,), commands=(fetched,))).changed.code
    assert first.name == "step_10"


def test_lines_elsewhere_that_use_what_is_told_stand_below_it_unless_their_file_was_edited_since() -> None:
    found = Lookup(
        "search", "load_rows", 15, "src/main.py:9:    rows = load_rows(path)\nsrc/old.py:3:    load_rows(path)"
    )
    fields = edited()
    later = Edit("src/old.py", 30, "modified", "    load_rows(path)", "    pass")
    piece = pieces("`load_rows`", lookups=(found,), edits=(*fields["edits"], later), texts=fields["texts"])[0]
    assert (piece.name, piece.calls) == ("load_rows", ("main.py:9: rows = load_rows(path)",))
    many = "\n".join(f"src/use_{at}.py:{at}:    rows = load_rows(path)" for at in range(1, 9))
    everywhere = found.replace(answer=many)
    calls = pieces("`load_rows`", lookups=(everywhere,), **fields)[0].calls
    assert calls[2:] == ("use_3.py:3, use_4.py:4, use_5.py:5, use_6.py:6 and 2 more places",)


def test_a_use_in_a_file_whose_text_is_known_stands_with_the_conditions_it_is_under() -> None:
    read = Lookup(
        "read", "src/gate.py:1", 15, "1\tdef add_trailer(row):\n2\t    a = row\n3\t    b = a\n4\t    return b"
    )
    text = (
        "def other():\n    return 1\n\n\ndef commit(rows):\n    if not has_terminal():\n        for row in rows:\n            if row.active:\n"
        "                return add_trailer(row)\n    # add_trailer(row) asks\n"
    )
    made = Edit("src/hooks.py", 10, "modified", "return 0", "return 1")
    texts = (FileText("src/hooks.py", 10, text),)
    found = pieces("Look at `add_trailer`.", lookups=(read,), edits=(made,), texts=texts)
    (piece,) = [it for it in found if it.name == "add_trailer"]
    assert piece.calls == ("hooks.py:9: if not has_terminal(): if row.active: return add_trailer(row)",)


def test_what_was_edited_since_the_request_comes_before_what_is_only_spoken_of() -> None:
    first = Edit("src/rows.py", 5, "modified", "    return rows", "    return list(rows)")
    late = Edit(
        "src/rows.py",
        40,
        "modified",
        "    return open(path).read().split()",
        "    return open(path).read().splitlines()",
    )
    text = FileText("src/rows.py", 40, AFTER.replace("    return rows\n", "    return list(rows)\n"))
    found = pieces("Does `save_rows` hold?", edits=(first, late), texts=(text,))
    assert [it.name for it in found][:2] == ["load_rows", "save_rows"]


def test_what_a_comment_says_of_the_result_stands_with_a_long_definition():
    body = "".join(f"\tstep{n} := run({n}, step{n - 1})\n" for n in range(1, 40))
    new = (
        "// HasNew checks rows of the log.\n// It is used by hooks.\n//\n// Returns true if:\n//  1. the log has grown, and\n"
        f"//  2. files changed\nfunc HasNew(rows int) bool {{\n{body}\treturn rows > 0\n}}\n"
    )
    edits = (Edit("/p/rows.go", 15, "modified", "x := 1\n", f"x := 1\n{new}", outcome="ok"),)
    (piece, *_) = pieces("`HasNew`", edits=edits)
    assert "// Returns true if:\n//  1. the log has grown, and\n//  2. files changed" in piece.key
    assert "It is used by hooks" not in piece.key


def test_a_comment_of_a_few_lines_stands_whole_with_a_long_definition() -> None:
    """Its second line may say what is done otherwise; of a longer comment the first is enough."""
    said = [
        "# Handles the fast path of an agent that commits",
        "# (no terminal): adds the trailer and",
        "# looks at no content.",
    ]
    body = [f"    step_{number} = {number}" for number in range(40)]

    def shown(comment):
        lines = [*comment, "def add_trailer(row):", *body]
        read = Lookup("read", "src/gate.py:10", 15, "\n".join(f"{at}\t{line}" for at, line in enumerate(lines, 10)))
        (piece,) = pieces("The cause is in `add_trailer`.", lookups=(read,))
        return piece.key.split("\n")[: len(said) + 1]

    assert shown(said) == [*said, "def add_trailer(row):"]
    assert shown([*said, *said])[:3] == [said[0], "…", "def add_trailer(row):"]


def test_code_whose_end_is_left_out_ends_with_a_mark_but_where_that_only_closes_blocks() -> None:
    def shown(*end):
        body = [f"\tstep_{at}(row)" for at in range(30)]
        lines = ["func run(row int) {", *body, "\tstop_all(row)", *end]
        read = Lookup("read", "src/gate.go:1", 15, "\n".join(f"{at}\t{line}" for at, line in enumerate(lines, 1)))
        (piece,) = pieces("`run` is the cause, it calls `stop_all`.", lookups=(read,))
        return piece.key.split("\n")

    assert shown("}")[-1].strip() == "stop_all(row)"
    assert shown(*["\tif err != nil {", "\t\treturn err", "\t}"] * 4, "}")[-1] == "…"


def test_a_definition_tells_where_it_is_declared_below_its_comment() -> None:
    lines = ["# Loads the rows", "# of one page.", "def load_page(page):", "    return page.rows", "", "TOTAL = 1"]
    read = Lookup("read", "src/page.py:40", 15, "\n".join(f"{at}\t{line}" for at, line in enumerate(lines, 40)))
    (piece,) = pieces("The cause is in `load_page`.", lookups=(read,))
    assert (piece.first, piece.at) == (40, 42)


def test_what_only_closes_blocks_between_lines_that_stand_stands_too() -> None:
    body = [f"\tif row == {at} {{\n\t\tstop_all({at})\n\t}}" for at in range(12)]
    lines = "\n".join(["func run(row int) {", *body, "}"]).split("\n")
    read = Lookup("read", "src/gate.go:1", 15, "\n".join(f"{at}\t{line}" for at, line in enumerate(lines, 1)))
    (piece,) = pieces("`run` is the cause, it calls `stop_all`.", lookups=(read,))
    shown = piece.key.split("\n")
    told = [at for at, line in enumerate(shown) if "stop_all(" in line]
    assert told
    assert all(shown[at + 1].strip() in ("}", "…") for at in told[:-1])


def test_code_is_found_by_the_name_before_a_step_that_only_points_at_it() -> None:
    read = [
        Lookup("read", f"src/{name}.py:1", at, f"1\tdef {name}(row):\n2\t    a = row\n3\t    b = a\n4\t    return b")
        for at, name in ((14, "open_gate"), (15, "close_gate"))
    ]

    def first(step):
        thought = Message("assistant", f"Hmm, maybe `open_gate` let it pass. {step}", 16)
        asked = ("user", "why does `close_gate` pass?")
        return extract(told(asked, lookups=tuple(read), reasonings=(thought,))).changed.code[0].name

    assert first("Let me look at what that function does.") == "open_gate"
    assert first("Let me look at the log.") == "close_gate"


def test_a_comment_that_says_why_stands_in_the_shortest_form_as_a_whole_paragraph() -> None:
    reason = [
        "\t// This is critical: if we don't move the head, the sweep",
        "\t// deletes the state of a session that runs.",
    ]
    body = [f"\tstep{n}(state)" for n in range(20)]
    lines = [
        "func close_all(state State) {",
        "\t// Close it.",
        *body,
        "\t//",
        *reason,
        "\tstate.head = head()",
        *body,
        "}",
    ]
    read = Lookup("read", "src/gate.go", 15, "\n".join(f"{at}\t{line}" for at, line in enumerate(lines, 1)))
    (piece,) = pieces("The cause is in `close_all`.", lookups=(read,))
    assert "\n".join(reason) in piece.key
    assert "Close it" not in piece.key


def test_code_of_one_file_that_was_edited_before_a_failing_check_comes_before_the_test_that_fails() -> None:
    made = "def load_rows(path):\n    rows = open(path).read().splitlines()\n    return [*rows, rows[-1]]\n"
    test = "def test_load_rows(tmp_path):\n    path = tmp_path / 'rows'\n    assert load_rows(path) == ['a']\n"
    edits = (
        Edit("src/rows.py", 20, "created", "", made),
        Edit("tests/test_rows.py", 30, "created", "", test),
    )
    texts = (FileText("src/rows.py", 20, made), FileText("tests/test_rows.py", 30, test))
    failure = LiveFailure("test_load_rows", "assert ['a', 'a'] == ['a']", "pytest", "test", 40)
    transcript = told(("user", "go"), edits=edits, texts=texts)

    def order(*failures, session=transcript):
        spoken = [(3.0, f"{it.name} {it.why}") for it in failures]
        return [(it.name, it.suspect) for it in central(session, printed_in(session), spoken, failures)]

    assert order(failure) == [("load_rows", True), ("test_load_rows", False)]
    assert ("load_rows", False) in order(failure.replace(position=15))
    other = Edit("src/page.py", 25, "created", "", made.replace("load_rows", "load_page"))
    both = transcript.replace(edits=(*edits, other), texts=(*texts, FileText("src/page.py", 25, other.new)))
    assert not any(suspect for _, suspect in order(failure, session=both))


def test_of_code_of_two_files_before_a_failing_check_the_last_edited_of_what_was_spoken_of_is_in_doubt() -> None:
    """Also where it is called by a plain word."""
    files = {
        "src/rows.py": "def load_rows(path):\n    return path\n",
        "src/keys.py": "def fingerprint(row):\n    return 1\n",
    }
    edits = tuple(Edit(path, 20 + at, "created", "", text) for at, (path, text) in enumerate(files.items()))
    texts = tuple(FileText(it.path, it.position, it.new) for it in edits)
    session = told(("user", "go"), edits=edits, texts=texts)
    failure = LiveFailure("test_twice", "assert 422 == 201", "pytest", "test", 40)
    for latest, doubted in (
        ("`load_rows` holds, but the fingerprint never matches.", ["fingerprint"]),
        ("`load_rows` is wrong.", ["load_rows"]),
        ("Nothing of it is clear.", []),
    ):
        found = central(session, printed_in(session), [(1.0, latest)], (failure,), latest=latest)
        assert [it.name for it in found if it.suspect] == doubted


def test_the_definition_that_several_texts_speak_of_stands_before_lines_that_share_more_words():
    """However many longer parts of its file were read besides."""
    other = "\n".join(
        f"{n}\tdef other_{n}(rows): return staged_files(rows, pages, commits, overlap)" for n in range(1, 90)
    )
    own = "\n".join(f"{n}\t    step_{n}(rows)" for n in range(401, 420))
    reads = [Lookup("read", "src/rows.py", 11 + at, other.replace("\t", f"{at}\t")) for at in range(6)]
    reads.append(Lookup("read", "src/rows.py:400", 18, f"400\tdef has_overlap(rows):\n{own}\n420\t    return rows"))
    words = ("The staged files of `has_overlap` are not looked at.", "Let me see how `has_overlap` is called.")
    (first, *_) = pieces(*words, "It says that `has_overlap` takes any commit.", lookups=tuple(reads))
    assert first.name == "has_overlap"


def test_code_that_says_again_most_of_what_stands_before_it_comes_last():
    body = "".join(f"    step_{n} = rows[{n}].strip()\n" for n in range(8))
    both = f"def load_rows(rows):\n{body}    return rows\n\n\ndef load_pages(rows):\n{body}    return pages\n"
    page = f"{both}\n\ndef save_rows(rows):\n    return write(rows)\n"
    fields = edited(text=page, old="x", new="y")
    edit = Edit("src/rows.py", 20, "created", "", page)
    spoken = ("`load_rows` and `load_pages` are alike.", "`load_pages` is like `load_rows`.")
    found = pieces(*spoken, **fields | {"edits": (edit,)})
    assert [it.name for it in found] == ["load_rows", "save_rows", "load_pages"]


def test_code_that_a_step_ahead_names_stands_before_code_that_was_only_read_with_it() -> None:
    page = "".join(
        f"def {it}_rows(rows):\n    rows = clean(rows)\n    return {it}(rows)\n\n\n" for it in ("load", "save", "drop")
    )
    numbered = "\n".join(f"{at}\t{line}" for at, line in enumerate(page.split("\n"), 1))
    plan = "I need to do this:\n1. Add `clean` to util.py\n2. Change `drop_rows` in rows.py to use it"
    thoughts = ("The rows are cleaned by `load_rows` and `save_rows`.", plan)
    session = told(
        ("user", "rows must be cleaned"),
        lookups=(Lookup("read", "src/rows.py", 12, numbered),),
        reasonings=tuple(Message("assistant", it, 13 + at) for at, it in enumerate(thoughts)),
        edits=(Edit("src/util.py", 20, "created", "", "def clean(rows):\n    return rows\n"),),
        tool_calls=(ToolCall("1", "Write", "src/util.py", 20, None, "ok"),),
    )
    read_only = [it.name for it in extract(session).changed.code if it.path == "src/rows.py"]
    assert read_only[0] == "drop_rows"


def test_a_line_that_leaves_a_block_stands_with_the_line_before_it_but_not_where_it_only_hands_on_an_error() -> None:
    guard = ["\tif seen_row(row) {", "\t\t// nothing to do", "\t\treturn false", "\t}"]
    loop = ["\tfor _, it := range rows {", "\t\tmark_seen(it)", "\t\tbreak", "\t}"]
    fails = ["\tif err != nil {", "\t\treturn err", "\t}"]
    lines = ["func run(row int) bool {", *[f"\tstep_{at}(row)" for at in range(30)], *guard, *loop, *fails, "}"]
    read = Lookup("read", "src/gate.go:1", 15, "\n".join(f"{at}\t{line}" for at, line in enumerate(lines, 1)))
    (piece,) = pieces("`run` is the cause: `seen_row` comes before `mark_seen`.", lookups=(read,))
    shown = [line.strip() for line in piece.key.split("\n")]
    assert shown[shown.index("if seen_row(row) {") :][:3] == ["if seen_row(row) {", "…", "return false"]
    assert shown[shown.index("mark_seen(it)") + 1] == "break"
    assert "return err" not in shown


def test_new_tests_that_are_red_stand_behind_the_code_they_name_but_not_a_test_that_was_changed():
    test = "def test_load_rows(tmp_path):\n    path = tmp_path / 'rows'\n    assert load_rows(path) == ['a']\n"
    read = Lookup("read", "src/rows.py", 12, "\n".join(f"{at}\t{it}" for at, it in enumerate(BEFORE.split("\n"), 1)))
    red = LiveFailure("test_load_rows", "load_rows gave []", "pytest", "test", 30)
    for old, name in (("", "load_rows"), ("    assert load_rows(path) == []", "test_load_rows")):
        new = test if not old else "    assert load_rows(path) == ['a']"
        edit = Edit("tests/test_rows.py", 20, "modified", old, new)
        texts = (FileText("tests/test_rows.py", 20, test),)
        transcript = told(("user", "mend it"), edits=(edit,), texts=texts, lookups=(read,))
        spoken = [(3.0, "test_load_rows load_rows gave []")]
        assert central(transcript, printed_in(transcript), spoken, (red,))[0].name == name


def test_a_test_that_was_just_written_comes_after_what_was_read_for_the_work_unless_it_fails() -> None:
    read = Lookup("read", "src/gate.py:10", 15, "10\tdef open_gate(key):\n11\t    return key == 1\n12\t\n13\tA = 1")
    new = (
        "def test_open_gate_twice():\n    first = open_gate(1)\n    again = open_gate(1)\n    assert first and again\n"
    )
    edit = Edit("tests/test_gate.py", 20, "created", "", new)
    transcript = told(("user", "go"), edits=(edit,), lookups=(read,), texts=(FileText("tests/test_gate.py", 20, new),))

    def names(*failures):
        spoken = [(2.0, "`open_gate` refuses, see `test_open_gate_twice`.")]
        return [it.name for it in central(transcript, printed_in(transcript), spoken, failures)]

    assert names() == ["open_gate", "test_open_gate_twice"]
    red = LiveFailure("test_open_gate_twice", "assert False", "pytest", "test", 10)
    assert names(red) == ["test_open_gate_twice", "open_gate"]


def test_code_that_an_open_to_do_names_comes_first_until_that_is_done() -> None:
    text = "10\tdef open_gate(key):\n11\t    return key == 1\n12\t\n13\tdef close_gate(key):\n14\t    return key == 2\n15\t\n16\tA = 1"
    looked = {"lookups": (Lookup("read", "src/gate.py:10", 15, text),)}
    kept = {"tool_calls": (ToolCall("1", "TodoWrite", "2 items", 16, None, "ok"),)}
    for first, second in (("open_gate", "close_gate"), ("close_gate", "open_gate")):
        todos = (Todo(f"Mend {second}", "completed"), Todo(f"Mend {first}", "pending"))
        said = ("assistant", "Both `open_gate` and `close_gate` are wrong.")
        story = extract(told(("user", "Mend the gates"), said, todos=todos, **looked, **kept))
        assert story.changed.code[0].name == first


def test_tests_that_are_all_the_work_are_worth_more_than_those_beside_code() -> None:
    text = "def test_sum():\n    rows = load_rows('a')\n    assert sum(rows) == 3\n    assert rows\n"
    edit, shown = Edit("tests/test_rows.py", 21, "created", "", text), FileText("tests/test_rows.py", 21, text)
    code = edited()

    def worth(**fields):
        transcript = told(("user", "test it"), **fields)
        (found,) = [it for it in central(transcript, printed_in(transcript), []) if it.name == "test_sum"]
        return found.worth

    beside = worth(edits=(*code["edits"], edit), texts=(*code["texts"], shown))
    assert worth(edits=(edit,), texts=(shown,)) > beside + 2


def test_a_guide_or_a_list_of_properties_is_no_code_that_was_looked_at() -> None:
    lines = "\n".join(f"{number}\tstep_{number} = {number}" for number in range(1, 30))
    for path, many in (("src/steps.py", 1), (".cursor/rules/steps.mdc", 0), ("app/Info.plist", 0)):
        transcript = told(("user", "why?"), lookups=(Lookup("read", path, 15, lines),))
        assert len(central(transcript, printed_in(transcript), [(2.0, "`step_12` is wrong.")])) == many
