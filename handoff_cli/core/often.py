"""An ``__init__`` of its own for records that a run makes by the thousand: in a quarter of the time.

That of ``Record`` serves fields of any number and name, and pays for it at each call. Here a function of as many
arguments is taken and its arguments are given the names of the fields; nothing is compiled for that. It assigns the
fields, which an interpreter is quickest at; so that such records are frozen, the type checker alone sees to.
"""

# ruff: noqa: ANN001, ANN202
# mypy: allow-untyped-defs

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from handoff_cli.core.record import Record


def _seven(self, a, b, c, d, e, f, g):
    self.a, self.b, self.c, self.d, self.e, self.f, self.g = a, b, c, d, e, f, g


def _eight(self, a, b, c, d, e, f, g, h):
    self.a, self.b, self.c, self.d, self.e, self.f, self.g, self.h = a, b, c, d, e, f, g, h


def _nine(self, a, b, c, d, e, f, g, h, i):
    self.a, self.b, self.c, self.d, self.e, self.f, self.g, self.h, self.i = a, b, c, d, e, f, g, h, i


def _ten(self, a, b, c, d, e, f, g, h, i, j):
    self.a, self.b, self.c, self.d, self.e, self.f, self.g, self.h, self.i, self.j = a, b, c, d, e, f, g, h, i, j


_SETTERS: tuple[Any, ...] = (_seven, _eight, _nine, _ten)


def made_often(*kinds: type[Record]) -> None:
    """Give records of these ``kinds``, of seven to ten fields, their own ``__init__``.

    What they take and refuse (TypeError) stays the same.
    """
    for kind in kinds:
        if made := _initializer(kind):
            kind.__init__ = made  # type: ignore[method-assign]
            kind.__setattr__ = object.__setattr__  # type: ignore[assignment,method-assign]
            kind.__delattr__ = object.__delattr__  # type: ignore[method-assign]


def _initializer(kind: type[Record]) -> Any:
    """Return the ``__init__`` of ``kind``, None where there is none for its fields, or code of this interpreter's."""
    fields = kind._fields
    defaults = tuple(getattr(kind, name) for name in fields if hasattr(kind, name))
    setter = next((it for it in _SETTERS if it.__code__.co_argcount == len(fields) + 1), None)
    if setter is None or any(hasattr(kind, name) for name in fields[: len(fields) - len(defaults)]):
        return None
    code = setter.__code__
    names = code.co_varnames[1:]
    if code.co_names != names:  # kept elsewhere by this interpreter
        return None
    named = code.replace(
        co_name="__init__",
        co_qualname=f"{kind.__name__}.__init__",
        co_varnames=("self", *fields),
        co_names=fields,
    )
    return type(setter)(named, {}, "__init__", defaults)
