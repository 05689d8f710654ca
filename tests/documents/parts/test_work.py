"""The parts that tell what was made: moves first, then files, documents and code, nothing twice."""

from __future__ import annotations

from handoff_cli.core.transcript import Edit, FileText, FileTouch
from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.facts import (
    Change,
    CodePiece,
    FileChanges,
    FileOutline,
    LastCommit,
    Move,
    Report,
    Request,
    WrittenDocument,
)
from handoff_cli.documents.extract.story import Step
from handoff_cli.documents.parts.pieces import MUST, SOON
from handoff_cli.documents.parts.work import made
from tests.documents.sessions import story_of, told

LOAD, SAVE = "def load_rows():\n    return 1\n", "def save_rows():\n    return 2\n"
PIECE = CodePiece(
    "/p/rows.py",
    "load",
    4,
    6,
    "def load()",
    "",
    "def load():\n    a = 1\n    return a",
    "def load():\n    a = 1",
    worth=5.0,
)


def text_of(story):
    return "\n".join(piece.forms[-1] for piece in made(story))


def test_of_names_that_got_another_qualifier_together_no_places_are_counted():
    one, two = (
        Change(("a.py: load", "b.py: save"), f"io.{it}", f"rows.{it}", times=2) for it in ("check_rows", "check_row")
    )
    text = text_of(story_of(edits=(FileChanges("/p/a.py", False, 2, (one,)),)))
    assert text.startswith("replaced io.check_rows → rows.check_rows: 2 places in a.py, b.py")
    text = text_of(story_of(edits=(FileChanges("/p/a.py", False, 4, (one, two)),)))
    assert text.startswith("replaced io.check_rows → rows.check_rows (alike: check_row) in a.py, b.py")


def test_what_was_copied_and_is_in_both_files_yet_stands_before_what_was_moved():
    moves = (
        Move("copied", ("load_rows",), "/p/app/rows.py", "/p/io/load.py"),
        Move("moved", ("save_rows",), "/p/app/rows.py", "/p/io/save.py"),
    )
    first, second = text_of(story_of(moves=moves)).split("\n")[:2]
    assert first == "copied app/rows.py → io/load.py, in both now: load_rows"
    assert second.startswith("moved app/rows.py → io/save.py")


def test_what_was_moved_stands_first_a_line_for_each_file_it_left():
    edits = (
        Edit("/p/app/rows.py", 11, "modified", LOAD, ""),
        Edit("/p/app/rows.py", 12, "modified", SAVE, ""),
        Edit("/p/io/load.py", 13, "modified", "", LOAD),
        Edit("/p/io/save.py", 14, "modified", "", SAVE),
    )
    text = text_of(extract(told(("user", "move them"), edits=edits)))
    assert text.startswith("moved app/rows.py → io/save.py: save_rows; → io/load.py: load_rows")


def test_what_is_new_is_told_with_its_signature_and_what_its_comment_says():
    new = '\n\n@cached\ndef load_rows(path: str) -> list[str]:\n    """Return the rows of the file. It is read once."""\n    return []\n'
    other = "\n\ndef save_rows(rows: list[str]) -> None:\n    print(rows)\n    print(1)\n    print(2)\n"
    edits = (
        Edit("/p/a.py", 11, "modified", "A = 1", f"A = 1{new}"),
        Edit("/p/b.py", 12, "modified", "B = 1", f"B = 1{other}"),
    )
    texts = (FileText("/p/a.py", 11, f"A = 1{new}"), FileText("/p/b.py", 12, f"B = 1{other}"))
    text = text_of(extract(told(("user", "write `save_rows`"), edits=edits, texts=texts)))
    assert "a.py: + def load_rows(path: str) -> list[str]: Return the rows of the file" in text


def test_what_is_new_is_told_with_its_comment_where_its_code_is_not_known_and_what_was_moved_as_well():
    body = "\t" + "\n\t".join(f"step{n}()" for n in range(9))
    load = f"// loadRows reads the rows of a file once.\n// It keeps them.\nfunc loadRows() error {{\n{body}\n}}"
    added = Edit("/p/io/load.go", 13, "modified", "", load)
    (change,) = extract(told(("user", "add it"), edits=(added,))).changed.edits
    assert "load.go: + loadRows: reads the rows of a file once" in text_of(story_of(edits=(change,)))
    gone = Edit("/p/app/rows.go", 12, "modified", load, "")
    text = text_of(extract(told(("user", "move it"), edits=(gone, added))))
    assert text.startswith("moved app/rows.go → io/load.go: loadRows (reads the rows of a file once)")


def test_code_stands_with_its_lines_and_how_certain_it_is():
    assert "rows.py:4-6\ndef load():" in text_of(story_of(code=(PIECE,)))
    assert "rows.py:4-6 (by its last edit)\n" in text_of(story_of(code=(PIECE.replace(exact=False),)))
    assert "rows.py:4-6 (a formatter ran since)\n" in text_of(story_of(code=(PIECE.replace(formatted=True),)))


def test_a_signature_stands_with_the_line_of_the_declaration_and_what_its_comment_says_before_its_lines():
    long = PIECE.replace(first=2, at=4, key="# Loads\ndef load():" + "\n    a = 1" * 60, text="x" * 600)
    bare, *fuller = next(made(story_of(code=(long,)))).forms
    assert bare == "rows.py:4\n# Loads\ndef load()"
    assert all(it.startswith("rows.py:2-6\n") for it in fuller)
    (pointed,) = made(story_of(state="progress", code=(long.replace(made=False),)))
    assert pointed.orders[0] < -0.9 < pointed.orders[1] < -0.8


def test_what_goes_on_in_the_file_of_code_that_was_read_comes_soon_and_a_few_lines_stand_without_gaps():
    read = PIECE.replace(made=False, worth=4.7, text="a = 1\nb = 2\nc = 3" + "\nd = 4" * 100, key="a = 1\n…\nc = 3")
    other = read.replace(path="/p/kinds.py", worth=4.4)
    end = read.replace(first=40, last=42, worth=4.6, text="try_all()\nundo()\nend()", key="try_all()\n…\nend()")
    first, second, third = made(story_of(state="progress", code=(read, other, end)))
    assert third.forms == ("/p/rows.py:40-42\ntry_all()\nundo()\nend()",)
    assert third.orders[0] == first.orders[0] < second.orders[0]
    assert next(made(story_of(state="progress", code=(read,)))).forms[0].endswith("a = 1\n…\nc = 3")
    less = list(made(story_of(state="progress", code=(read, other, end.replace(worth=4.2)))))[2]
    assert less.orders[0] > second.orders[0]


def test_a_definition_of_another_file_that_is_as_dear_comes_as_soon():
    read = PIECE.replace(made=False, worth=4.0)
    kinds = read.replace(path="/p/kinds.py", worth=3.9, signature="class Kind")
    end = read.replace(first=40, last=42, worth=3.95, text="try_all()\nundo()\nend()", key="try_all()", signature="")
    first, second, third = made(story_of(state="progress", code=(read, end, kinds)))
    assert first.orders[0] == third.orders[0] < second.orders[0]


def test_what_a_failing_check_casts_a_doubt_on_is_told_with_what_was_found():
    other, suspect = PIECE.replace(worth=6.0), PIECE.replace(path="/p/fees.py", suspect=True)
    orders = [it.orders[0] for it in made(story_of(state="progress", code=(other, suspect)))]
    assert MUST < orders[1] < -0.89 < orders[0]


def test_code_that_a_document_shows_is_not_shown_again():
    shown = WrittenDocument("/p/plan.md", True, 9, "## Load\ndef load():\n    a = 1\n    return a", "## Load")
    assert "rows.py" not in text_of(story_of(code=(PIECE,), documents=(shown,)))


def test_a_document_that_was_written_comes_first_where_the_work_at_hand_wrote_it_or_the_user_objects_to_it():
    """Else it may be one of long ago, also where the work at hand edits other files."""
    document = WrittenDocument("design.md", False, 300, "# Design\n1. Cases; 2. Limits", "# Design")
    story = story_of(requests=(Request(1, "don't overcomplicate"),), documents=(document,), state="progress")

    def comes_first(told):
        return next(it for it in made(told) if "Documents written" in it.block).orders[0] == MUST

    assert comes_first(story_of(story, documents=(document.replace(late=True),)))
    assert comes_first(story_of(story, objected_to="design.md: + Cases (+387)"))
    assert not comes_first(story_of(story, acted=True))


def test_code_that_the_step_ahead_points_at_is_told_before_what_came_of_earlier_requests():
    """What was made stands among the edits as well; of what was only read nothing else tells."""
    pointed = PIECE.replace(made=False, worth=5.0)
    (first,) = made(story_of(state="progress", code=(pointed,)))
    assert MUST < first.orders[0] < -0.9
    (own,) = made(story_of(state="progress", code=(pointed.replace(made=True),)))
    assert own.orders[0] > first.orders[0]


def test_what_was_written_into_a_file_that_is_gone_is_no_change():
    edits = (Edit("/p/claim.lua", 11, "created", "", "return redis.call('SET', KEYS[1])"),)
    for action, told_of in (("created", True), ("deleted", False)):
        files = (FileTouch("/p/claim.lua", action, 1),)
        story = extract(told(("user", "claim it"), edits=edits, files=files))
        assert any("redis.call" in form for it in made(story) for form in it.forms) is told_of


def test_edits_from_before_a_request_that_sub_agents_worked_at_come_late():
    edits = (Edit("/p/app/rows.py", 11, "modified", "a = 1", "a = 2"),)
    story = extract(told(("user", "mend a"), ("assistant", "done"), ("user", "the jobs"), edits=edits))
    orders = [
        next(it.orders[0] for it in made(story_of(story, reports=reports)) if it.kind == "edited file")
        for reports in ((), (Report("Jobs", "Task 1 is complete."),))
    ]
    assert orders[0] == MUST < orders[1]


def test_code_that_was_only_read_comes_after_the_answers_where_to_answer_was_all_the_work():
    """The answers tell what was found in it; of a request that is not answered yet, nothing else does."""
    read = PIECE.replace(made=False, worth=5.0)
    answered = story_of(state="answered", code=(read,))
    edited = (FileTouch("/p/a.py", "modified", 1),)
    (late,), (soon,), (with_edits,) = (
        [piece.orders[0] for piece in made(it)]
        for it in (answered, story_of(answered, state="progress"), story_of(answered, files=edited))
    )
    assert late > 0 > soon == with_edits


def test_what_was_read_for_a_question_that_is_not_answered_yet_comes_before_documents():
    read = PIECE.replace(made=False, worth=4.2)
    asked, ordered = (
        story_of(state="progress", code=(read,), requests=(Request(1, text, position=1),))
        for text in ("why is the sum read twice?", "read the sum once")
    )
    (asks,), (orders,) = ([piece.orders[0] for piece in made(it)] for it in (asked, ordered))
    assert asks < -0.55 < orders == SOON


def test_what_is_not_committed_leads_the_edits_by_file():
    methods = "".join(f"\n    def put_{n}(self):\n        return {n}\n" for n in range(8))
    old = Edit("/p/store.py", 12, "created", "", f"class Store:{methods}", outcome="ok", added=24)
    new = Edit("/p/rows.py", 30, "modified", "key = name", "key = normalize(name)", outcome="ok")
    story = extract(told(("user", "go"), edits=(old, new)))
    late = LastCommit("1a2b", late=(FileTouch("/p/rows.py", "modified", 1),))
    for commit, first in ((None, "store.py"), (late, "rows.py")):
        pieces = [it for it in made(story_of(story, last_commit=commit)) if it.kind == "edited file"]
        (leads,) = (it for it in pieces if it.orders[0] == MUST)
        assert leads.forms[0].startswith(first)


def test_a_file_that_the_last_commit_has_is_not_called_new():
    edits = (
        Edit("/p/rows.py", 12, "created", "", "def rows():\n    return 1\n", outcome="ok", added=2),
        Edit("/p/rows.py", 30, "modified", "return 1", "return 2", outcome="ok"),
    )
    story = extract(told(("user", "go"), edits=edits))
    for action, new in (("modified", False), ("created", True)):
        late = LastCommit("1a2b", late=(FileTouch("/p/rows.py", action, 1),))
        assert ("rows.py (new)" in text_of(story_of(story, last_commit=late))) == new


def test_what_was_read_stands_soon_where_the_request_asks_what_several_files_are_for():
    files = tuple(
        FileOutline(f"/p/src/{name}/{name}.go", f"Package {name} keeps {name}", tuple(f"F{n}:{n}" for n in range(9)))
        for name in ("rows", "pages", "store")
    )
    asks = story_of(requests=(Request(1, "what are these packages for?"),), read=files, state="progress")
    told = [it for it in made(asks) if it.kind == "file read"]
    assert told[0].forms[0] == "rows/rows.go: Package rows keeps rows; F0:0, F1:1, F2:2, F3:3, F4:4"
    assert told[2].forms[1].endswith("F8:8")
    assert told[2].orders[0] < told[1].orders[0] < told[0].orders[0] < -0.5, "what was read last comes first"
    silent = asks.replace(changed=asks.changed.replace(read=tuple(it.replace(says="") for it in files)))
    ordered = story_of(requests=(Request(1, "add a store"),), read=files, state="progress")
    for other in (silent, ordered):
        assert all(it.orders[0] > 1 for it in made(other) if it.kind == "file read")


def test_of_a_document_that_is_gone_it_is_said_that_this_is_what_it_said():
    document = WrittenDocument("plan.md", True, 40, "# Plan", "# Plan", late=True, deleted=True)
    assert "plan.md (deleted, to be put elsewhere: what it said, 40 lines)\n# Plan" in text_of(
        story_of(documents=(document,))
    )
    longer = document.replace(text="# Plan\nIds stay.")
    (piece,) = [it for it in made(story_of(documents=(longer,))) if it.kind == "document"]
    assert piece.orders == (MUST, SOON)  # it stands nowhere else


def test_what_was_edited_and_matters_most_stands_whole_as_soon_as_its_brief_form():
    """Of a function in few lines most often the one that is to be changed is left out."""
    text = "def load():\n" + "    a = a + 1  # of many\n" * 28 + "    return a"
    for whole, soon in ((text, True), (text.replace("    a =", "    …\n    a =", 1), False), (text * 2, False)):
        (piece,) = [it for it in made(story_of(code=(PIECE.replace(text=whole),))) if "def load" in it.forms[0]]
        assert (piece.orders[-1] == piece.orders[0]) == soon


def test_where_there_is_no_room_for_code_its_signature_stands():
    long = PIECE.replace(text="def load():\n" + "    a = 1\n" * 200, key="def load():\n" + "    a = 1\n" * 60)
    (piece,) = [it for it in made(story_of(code=(long,))) if it.kind == "piece of code"]
    assert [it.count("\n") for it in piece.forms[:2]] == [1, 62]
    assert piece.forms[0].endswith("\ndef load()")


def test_a_document_that_the_latest_request_is_about_is_told_soon():
    plan = WrittenDocument("docs/plan.md", True, 40, "# Plan", "# Plan")
    for words, soon in (("is plan.md complete?", True), ("add rows", False)):
        (piece,) = [
            it for it in made(story_of(documents=(plan,), requests=(Request(1, words),))) if it.kind == "document"
        ]
        assert (piece.orders[0] < -0.5) == soon


def test_files_that_were_read_for_what_is_to_be_explained_are_told_soon():
    read = tuple(FileOutline(f"a/{it}.py", f"Reads the {it}", ()) for it in ("rows", "keys", "names"))
    for words, soon in (("explain the cache", True), ("what are they for?", True), ("add rows", False)):
        pieces = [*made(story_of(read=read, requests=(Request(1, words),)))]
        assert [it.orders[0] < -0.5 for it in pieces] == [soon] * 3


def test_where_the_step_ahead_is_of_a_document_no_lines_stand_that_were_only_read_and_that_nobody_names():
    read = PIECE.replace(made=False, worth=3.0)
    lines = read.replace(signature="", first=40, last=60, text="a = 1\nb = 2\nreturn b", key="a = 1\nb = 2\nreturn b")
    for step, shown in (
        ("Let me update design.md after phase 4.", 1),
        ("Let me update rows.py as design.md says.", 2),
        ("Let me mend the rows.", 2),
        ("", 2),
    ):
        pieces = made(story_of(code=(read, lines), state="progress", step=Step(about=step)))
        assert sum(it.kind == "piece of code" for it in pieces) == shown, step


def test_of_a_long_definition_the_signature_may_stand_alone_but_not_of_a_test():
    long = PIECE.replace(text="a = 1\n" * 200, key="a = 1\n" * 100, worth=3.0)
    for path, alone in (("/p/rows.py", True), ("/p/tests/test_rows.py", False)):
        (piece,) = [it for it in made(story_of(code=(long.replace(path=path),))) if it.kind == "piece of code"]
        assert piece.forms[0].endswith("def load()") is alone


def test_what_was_read_stands_soon_for_prose_and_there_by_what_it_says_alone():
    order = "look through the shop. there is a need to draft a walk of eight minutes through it"
    read = tuple(FileOutline(f"web/{it}.tsx", f"shows {it}", ("Props:7",)) for it in ("Cart", "Till", "Shelf"))

    def read_for(words):
        story = story_of(requests=(Request(1, words),), state="progress", read=read)
        return [it for it in made(story) if it.kind == "file read"]

    assert read_for(order)[0].forms[0] == "web/Cart.tsx: shows Cart"
    assert read_for(order)[0].orders[0] < 0
    others = read_for("move the cart to the left of the till")
    assert others[0].forms[0] == "web/Cart.tsx: shows Cart; Props:7"
    assert others[0].orders[0] > 0
