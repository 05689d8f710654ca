import pytest

from handoff_cli.core.often import made_often
from handoff_cli.core.record import Record


class Point(Record):
    x: int
    y: int = 7


class Named(Point):
    name: str = "origin"


def test_fields_come_by_position_or_name_and_default():
    assert Point(1) == Point(x=1, y=7)
    assert Named(1, 2, "n").to_dict() == {"x": 1, "y": 2, "name": "n"}


@pytest.mark.parametrize("make", [Point, lambda: Point(1, 2, 3), lambda: Point(1, x=2), lambda: Point(1, z=2)])
def test_wrong_fields_are_refused(make):
    with pytest.raises(TypeError):
        make()


def test_the_order_of_the_fields_is_that_of_the_class_however_they_are_given():
    """A hash is made of the values in order, and JSON shows them so."""
    given = Named(name="n", y=2, x=1)
    assert list(given.to_dict()) == list(vars(given)) == ["x", "y", "name"]
    assert hash(given) == hash(Named(1, 2, "n"))


def test_what_is_wrong_with_fields_is_named():
    for make, said in (
        (lambda: Point(y=1), "missing field 'x'"),
        (lambda: Point(1, x=2), "repeated field 'x'"),
        (lambda: Point(1, z=2), "field 'z'"),
        (lambda: Point(1, 2, 3), "takes 2 values, not 3"),
    ):
        with pytest.raises(TypeError, match=said):
            make()


def test_a_record_is_frozen_and_replace_makes_a_new_one():
    point = Point(1, 2)
    with pytest.raises(AttributeError):
        point.x = 3
    with pytest.raises(AttributeError):
        del point.x
    assert point.replace(x=3) == Point(3, 2)
    assert point == Point(1, 2)


def test_equal_records_hash_alike_and_other_types_differ():
    assert {Point(1, 2), Point(y=2, x=1)} == {Point(1, 2)}
    assert Point(1, 2) != Named(1, 2)
    assert repr(Point(1, 2)) == "Point(x=1, y=2)"


def test_records_made_often_take_and_refuse_the_same():
    """More fields than there is a form for; a field of a class above, and one whose default comes late."""

    class Often(Named):
        a: int = 0
        b: int = 0
        c: int = 0
        d: int = 0

    class TooMany(Named):
        a: int = 0
        b: int = 0
        c: int = 0
        d: int = 0
        e: int = 0
        f: int = 0
        g: int = 0
        h: int = 0

    class Late(Named):
        a: int
        b: int
        c: int
        last: int

    given = [Late(1, 2, "n", 3, 4, 5, 6), TooMany(1, h=2)]
    made_often(Often, TooMany, Late)
    assert Often.__init__ is not Record.__init__
    assert Often(1) == Often(x=1, y=7, name="origin")
    assert list(vars(Often(name="n", x=1))) == ["x", "y", "name", "a", "b", "c", "d"]
    assert Late.__init__ is TooMany.__init__ is Record.__init__
    assert Often(1).replace(y=2) == Often(1, 2)
    assert given == [Late(1, 2, "n", 3, 4, 5, 6), TooMany(1, h=2)]
    for make in (Often, lambda: Often(1, 2, "n", 3, 4, 5, 6, 7), lambda: Often(1, x=2), lambda: Often(1, z=2)):
        with pytest.raises(TypeError):
            make()
