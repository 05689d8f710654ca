"""Frozen values without the start-up cost of ``dataclasses`` or ``typing``.

``import dataclasses`` more than doubles the time of a bare interpreter start and ``typing`` adds a third, and
the hot verbs run on every prompt. A ``Record`` is declared as a dataclass would be and checked as one by type checkers.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar, Self, dataclass_transform
else:

    def dataclass_transform(**_: object):  # noqa: ANN201, D103
        return lambda cls: cls


_MISSING = object()


@dataclass_transform(frozen_default=True)
class Record:
    """A value with named fields, compared and shown by them; made by position or by name, changed by ``replace``."""

    _fields: ClassVar[tuple[str, ...]] = ()
    _required: ClassVar[tuple[str, ...]] = ()
    _needed: ClassVar[int] = 0
    _blank: ClassVar[dict[str, Any]] = {}

    def __init_subclass__(cls) -> None:
        cls._fields = (*cls._fields, *[name for name in cls.__annotations__ if name[0] != "_"])
        cls._blank = {}  # the rest waits for the first instance: of most records that are loaded, a run makes none

    @classmethod
    def _prepare(cls) -> dict[str, Any]:
        cls._blank = {name: getattr(cls, name, _MISSING) for name in cls._fields}
        cls._required = tuple(name for name, value in cls._blank.items() if value is _MISSING)
        cls._needed = max((cls._fields.index(name) + 1 for name in cls._required), default=0)
        return cls._blank

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        values, given = self.__dict__, len(args)
        if given == len(self._fields) and not kwargs:
            values.update(zip(self._fields, args))  # noqa: B905 - as below
            return
        values.update(self._blank or self._prepare())
        values.update(zip(self._fields, args))  # noqa: B905 - this is made most often, and the word would cost a tenth
        if kwargs or given > len(self._fields):
            fields = self._fields
            if given > len(fields):
                raise TypeError(f"{type(self).__name__} takes {len(fields)} values, not {given}")
            values.update(kwargs)
            taken = fields[:given]
            if len(values) > len(fields) or not kwargs.keys().isdisjoint(taken):
                name = next(name for name in kwargs if name not in fields or name in taken)
                raise TypeError(f"{type(self).__name__}: unexpected or repeated field {name!r}")
        if given < self._needed:
            for name in self._required:
                if values[name] is _MISSING:
                    raise TypeError(f"{type(self).__name__}: missing field {name!r}")

    @classmethod
    def of_all(cls, values: list[Any]) -> Self:
        """Return the record whose fields are ``values``: as many, and each checked already; in half of the time."""
        made = cls.__new__(cls)
        made.__dict__.update(zip(cls._fields, values, strict=True))
        return made

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen; use replace({name}=...)")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.__dict__ == self.__dict__

    def __hash__(self) -> int:
        return hash((type(self), *self.__dict__.values()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in self._fields)})"

    def replace(self, **changes: Any) -> Self:
        """Return a copy with ``changes`` applied; raises TypeError for a field that does not exist."""
        values = self.__dict__
        if not changes.keys() <= values.keys():
            return type(self)(**{**values, **changes})  # which tells the one that does not exist
        made = self.__class__.__new__(self.__class__)
        made.__dict__.update(values)
        made.__dict__.update(changes)
        return made

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as a new dict, in the order they were declared."""
        return {name: getattr(self, name) for name in self._fields}
