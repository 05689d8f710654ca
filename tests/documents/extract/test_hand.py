"""Names in hand are those somebody works with, not those that a program printed."""

from __future__ import annotations

from handoff_cli.core.transcript import Edit, Lookup, Message
from handoff_cli.documents.extract.hand import names_in_hand
from tests.documents.sessions import ran, told


def names(**fields):
    return [name for _, names in names_in_hand(told(("user", "x"), **fields)) for name in names]


def test_names_that_only_an_output_holds_come_last():
    noise = "\n".join(f"noiseName{n} noiseName{n} noiseName{n}" for n in range(20))
    printed = ran("grep -n x lib.bin", position=40, output=noise)
    held = names(
        commands=(printed,),
        reasonings=(Message("assistant", "`usedName` is what counts.", 30),),
        lookups=(Lookup("search", "soughtName", 20),),
    )
    assert set(held[:2]) == {"usedName", "soughtName"}


def test_names_out_of_other_peoples_code_are_none():
    printed = ran("grep -rn x node_modules/lib", position=40, output="theirName theirName")
    sought = Lookup("search", "ourName", 20, "node_modules/lib/a.js: theirOther")
    assert not {"theirName", "theirOther"} & set(names(commands=(printed,), lookups=(sought,)))
    assert "ourName" in names(commands=(printed,), lookups=(sought,))


def test_a_name_has_the_file_it_was_edited_in():
    edit = Edit("src/rows.py", 20, "modified", "old_rows", "new_rows")
    assert names_in_hand(told(("user", "x"), edits=(edit,)))[0] == ("src/rows.py", ("old_rows", "new_rows"))
