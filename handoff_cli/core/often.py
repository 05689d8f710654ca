"""An ``__init__`` of its own for records that a run makes by the thousand: in half of the time.

That of ``Record`` serves fields of any number and name, and pays for it at each call. Here a function of as many
arguments is taken and its arguments are given the names of the fields; nothing is compiled for that.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from handoff_cli.core.record import Record

_SETTERS: tuple[Any, ...] = (
    lambda self, a, b: self.__dict__.update(a=a, b=b),
    lambda self, a, b, c: self.__dict__.update(a=a, b=b, c=c),
    lambda self, a, b, c, d: self.__dict__.update(a=a, b=b, c=c, d=d),
    lambda self, a, b, c, d, e: self.__dict__.update(a=a, b=b, c=c, d=d, e=e),
    lambda self, a, b, c, d, e, f: self.__dict__.update(a=a, b=b, c=c, d=d, e=e, f=f),
    lambda self, a, b, c, d, e, f, g: self.__dict__.update(a=a, b=b, c=c, d=d, e=e, f=f, g=g),
    lambda self, a, b, c, d, e, f, g, h: self.__dict__.update(a=a, b=b, c=c, d=d, e=e, f=f, g=g, h=h),
    lambda self, a, b, c, d, e, f, g, h, i: self.__dict__.update(a=a, b=b, c=c, d=d, e=e, f=f, g=g, h=h, i=i),
    lambda self, a, b, c, d, e, f, g, h, i, j: self.__dict__.update(a=a, b=b, c=c, d=d, e=e, f=f, g=g, h=h, i=i, j=j),
)


def made_often(*kinds: type[Record]) -> None:
    """Give records of these ``kinds`` their own ``__init__``; what they take and refuse (TypeError) stays the same."""
    for kind in kinds:
        if made := _initializer(kind):
            kind.__init__ = made  # type: ignore[method-assign]


def _initializer(kind: type[Record]) -> Any:
    """Return the ``__init__`` of ``kind``, None where there is none for its fields, or code of this interpreter's."""
    fields = kind._fields
    defaults = tuple(getattr(kind, name) for name in fields if hasattr(kind, name))
    setter = next((it for it in _SETTERS if it.__code__.co_argcount == len(fields) + 1), None)
    if setter is None or any(hasattr(kind, name) for name in fields[: len(fields) - len(defaults)]):
        return None
    code = setter.__code__
    names = code.co_varnames[1:]
    if names not in code.co_consts:  # kept elsewhere by this interpreter
        return None
    named = code.replace(
        co_name="__init__",
        co_qualname=f"{kind.__name__}.__init__",
        co_varnames=("self", *fields),
        co_consts=tuple(fields if it == names else it for it in code.co_consts),
    )
    return type(setter)(named, {}, "__init__", defaults)
