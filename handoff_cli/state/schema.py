"""The stored session as pydantic models, made of the tables in ``core.session``: says what is wrong, and where.

Imported only where the cheap check found a session that is not as handoff writes it: pydantic costs several interpreter
starts.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, create_model
from pydantic import Field as Rule

from handoff_cli.core.fields import ListOf, Nested, Object, OneOf, Text, Whole
from handoff_cli.core.session import SESSION
from handoff_cli.core.settings import InvalidValueError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.core.fields import Field, Table


def validate_session(value: Any) -> dict[str, Any]:
    """Return the session object ``value`` of a state file, members that may be missing filled in.

    Raises:
        InvalidValueError: it does not fit; names the first member that does not, as ``session.recent.0.tokens``.
    """
    try:
        return _SESSION.model_validate(value).model_dump()
    except ValidationError as error:
        detail = error.errors()[0]
        raise InvalidValueError(
            ".".join(map(str, ("session", *detail["loc"]))), detail["input"], _allowed(detail)
        ) from None


def _model(name: str, table: Table) -> type[BaseModel]:
    members: dict[str, Any] = {key: (_annotation(key, field), _default(field)) for key, field in table.items()}
    return create_model(name, __config__=ConfigDict(extra="ignore", strict=True), **members)


def _default(field: Field) -> Any:
    return field.default if field.default is not None else None if field.optional else ...


def _annotation(name: str, field: Field) -> Any:
    kind: Any
    match field:
        case Whole():
            kind = Annotated[int, Rule(ge=field.least, le=field.most)]
        case OneOf():
            kind = Literal[field.choices]
        case Object() | Nested():
            kind = dict[str, Any]
        case ListOf():
            kind = Annotated[list[_model(name, field.table)], Rule(max_length=field.most)]  # type: ignore[misc]
        case Text():
            kind = Annotated[str, Rule(min_length=field.least, max_length=field.most)]
        case _:
            kind = str
    checked = (
        Annotated[kind, AfterValidator(_judge(field))] if isinstance(field, Text | Nested) or kind is str else kind
    )
    return checked | None if field.optional else checked


def _judge(field: Field) -> Any:
    def judged(value: Any) -> Any:
        if not field.fits(value):
            raise ValueError(field.allowed)
        return value

    return judged


def _allowed(detail: Any) -> str:
    """Return in words what would have been allowed: the field's own words, where the place leads to one."""
    if detail["type"] == "missing":
        return "required"
    table: Table = SESSION
    field: Field | None = None
    for part in detail["loc"]:
        if isinstance(part, str):
            field = table.get(part, field)
            table = field.table if isinstance(field, ListOf) else table
    return field.allowed if field is not None else "an object"


_SESSION = _model("Session", SESSION)
