"""What ``token_usage.json`` may hold, as pydantic models: the judge of everything somebody else may have touched.

Imported only where bytes cannot be trusted (no or a wrong checksum), where text becomes a setting, and for help:
pydantic costs several interpreter starts.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from handoff_cli.constants import (
    DEFAULT_COMMAND_TIMEOUT_SECONDS,
    DEFAULT_CONTEXT_WINDOW,
    DEFAULT_CRITICAL_THRESHOLD,
    DEFAULT_ENCODING,
    DEFAULT_LOCK_TIMEOUT_SECONDS,
    DEFAULT_WARNING_THRESHOLD,
    ENCODINGS,
    MAX_COMMAND_CHARS,
    MAX_COMMAND_TIMEOUT_SECONDS,
    MAX_CONTEXT_WINDOW,
    MAX_LOCK_TIMEOUT_SECONDS,
    MAX_TOKENS,
)
from handoff_cli.core.record import Record
from handoff_cli.core.session import KINDS, MAX_OPEN, MAX_REF_CHARS, MAX_TEXT_CHARS

Tokens = Annotated[int, Field(ge=0, le=MAX_TOKENS)]
Time = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
Method = Literal["exact", "counted", "estimated"]


class SettingsModel(BaseModel):
    """The settings; each field's description is its help text."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    context_window_limit: int | None = Field(
        None,
        ge=1,
        le=MAX_CONTEXT_WINDOW,
        description=f"Context window, tokens. Unset: the model's own, else {DEFAULT_CONTEXT_WINDOW:,}.",
    )
    usable_tokens: int | None = Field(
        None,
        ge=1,
        le=MAX_CONTEXT_WINDOW,
        description="Part of the window that fills before the agent compacts, tokens. Unset: as known of the agent.",
    )
    warning_threshold: float | None = Field(
        None,
        gt=0,
        le=1,
        description=f"Share of the usable window at which the handoff is written. Unset: {DEFAULT_WARNING_THRESHOLD}.",
    )
    critical_threshold: float | None = Field(
        None,
        gt=0,
        le=1,
        description=f"Share of the usable window that turns the bar red. Unset: {DEFAULT_CRITICAL_THRESHOLD}.",
    )
    model: str | None = Field(
        None, min_length=1, max_length=200, description="Model id; decides encoding and window where they are unset."
    )
    encoding: str | None = Field(
        None, description=f"tiktoken encoding to count with. Unset: the model's own, else {DEFAULT_ENCODING}."
    )
    lock_timeout_seconds: float | None = Field(
        None,
        ge=0,
        le=MAX_LOCK_TIMEOUT_SECONDS,
        description=f"How long to wait for another writer, seconds. Unset: {DEFAULT_LOCK_TIMEOUT_SECONDS:g}.",
    )

    on_warning: str | list[str] | None = Field(
        None, description="Command to run when the warning threshold is reached: a line, or a list of arguments."
    )
    on_critical: str | list[str] | None = Field(
        None, description="Command to run when the critical threshold is reached. Unset: none."
    )
    command_shell: bool | None = Field(
        None, description="Whether a shell reads a command given as one line. Unset: no, it is only split into words."
    )
    command_timeout_seconds: float | None = Field(
        None,
        gt=0,
        le=MAX_COMMAND_TIMEOUT_SECONDS,
        description=f"How long a command may run, seconds. Unset: {DEFAULT_COMMAND_TIMEOUT_SECONDS:g}.",
    )

    @field_validator("on_warning", "on_critical", mode="before")
    @classmethod
    def _a_list_in_text(cls, value: Any) -> Any:
        """A command line or a variable can only hold text; there a list is written as JSON."""
        if isinstance(value, str) and value.startswith("["):
            try:
                return json.loads(value)
            except ValueError:
                return value
        return value

    @field_validator("on_warning", "on_critical")
    @classmethod
    def _a_command(cls, value: str | list[str] | None) -> str | list[str] | None:
        words = value if isinstance(value, list) else [value] if value is not None else None
        if words is not None and (
            not words or not words[0].strip() or "\0" in "".join(words) or len("".join(words)) > MAX_COMMAND_CHARS
        ):
            raise ValueError(f"a command of up to {MAX_COMMAND_CHARS} characters, or a list of its arguments")
        return value

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str | None) -> str | None:
        if value is not None and value not in ENCODINGS:
            raise ValueError(f"must be one of {', '.join(ENCODINGS)}")
        return value

    @field_validator("model")
    @classmethod
    def _one_line(cls, value: str | None) -> str | None:
        if value is not None and not value.isprintable():
            raise ValueError("must be printable, on one line")
        return value


class CheckpointModel(BaseModel):
    """One of the last checkpoints, as the state repeats it."""

    model_config = ConfigDict(extra="ignore", strict=True)

    sequence: Tokens
    time: Time
    description: str = Field(max_length=10_000)
    source: str = Field(max_length=10_000)
    tokens: Tokens
    low: Tokens
    high: Tokens
    method: Method


class NoteModel(BaseModel):
    """An open note."""

    model_config = ConfigDict(extra="ignore", strict=True)

    id: Tokens
    time: Time
    about: Literal[KINDS]  # type: ignore[valid-type]
    text: str = Field(max_length=MAX_TEXT_CHARS)
    ref: str | None = Field(None, max_length=MAX_REF_CHARS)


class SessionModel(BaseModel):
    """The running totals of the session, up to and including ledger entry ``sequence``."""

    model_config = ConfigDict(extra="ignore", strict=True)

    id: Identifier
    started_at: Time
    updated_at: Time
    previous: str | None = Field(None, max_length=300)
    model: str | None = Field(None, max_length=200)
    encoding: Literal[ENCODINGS]  # type: ignore[valid-type]
    total_tokens: Tokens
    low_tokens: Tokens
    high_tokens: Tokens
    method: Method
    level: Literal["ok", "warning", "critical", "over"]
    checkpoint_count: Tokens
    sequence: Tokens
    ledger_bytes: Tokens
    agent: str | None = Field(None, max_length=100)
    agent_version: str | None = Field(None, max_length=100)
    reported_window: Tokens | None = None
    transcript: str | None = Field(None, max_length=10_000)
    usage_rule: str | None = Field(None, max_length=300)
    peak_tokens: Tokens = 0
    compaction_count: Tokens = 0
    tail: dict[str, Any] | None = None
    estimate: dict[str, Any] | None = None
    notes: list[NoteModel] = Field(default=[], max_length=MAX_OPEN)
    notes_made: Tokens = 0
    recent: list[CheckpointModel] = Field(max_length=100)


class Problem(Record):
    """One thing wrong: the key path (``session.total_tokens``), the value found and what is allowed."""

    key: str
    value: Any
    allowed: str


class InvalidValueError(ValueError):
    """Values that do not fit the schema; ``problems`` lists each."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems)
        self.problems = problems


def validate_settings(values: dict[str, Any], *, from_text: bool = False) -> dict[str, Any]:
    """Return the settings among ``values``, typed; keys that are no settings are left out.

    Args:
        values: Values by key: as JSON holds them, or strings when ``from_text`` (environment, command line).
        from_text: Convert strings to the setting's type instead of insisting on JSON's own types.

    Raises:
        InvalidValueError: a value has the wrong type or is out of range, or the thresholds contradict each other.
    """
    try:
        model = SettingsModel.model_validate(values, strict=not from_text)
    except ValidationError as error:
        raise InvalidValueError([_problem(detail) for detail in error.errors()]) from None
    settings = model.model_dump(exclude_none=True)
    warning, critical = settings.get("warning_threshold"), settings.get("critical_threshold")
    if warning is not None and critical is not None and critical < warning:
        raise InvalidValueError([Problem("critical_threshold", critical, f"at least warning_threshold, {warning:g}")])
    return settings


def validate_session(value: Any) -> dict[str, Any]:
    """Return the session object ``value`` of a state file, typed; raises InvalidValueError where it does not fit."""
    try:
        return SessionModel.model_validate(value).model_dump()
    except ValidationError as error:
        raise InvalidValueError([_problem(detail, "session") for detail in error.errors()]) from None


def setting_descriptions() -> dict[str, str]:
    """Return the help text of each setting, by key, in the order they are listed."""
    return {key: field.description or "" for key, field in SettingsModel.model_fields.items()}


_ALLOWED = {
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "string_type": "text",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "list_type": "a list",
    "missing": "required",
}


def _problem(detail: Any, prefix: str = "") -> Problem:
    key = ".".join(str(part) for part in ((prefix,) if prefix else ()) + detail["loc"])
    field = SettingsModel.model_fields.get(key)
    allowed = _range(field) if field is not None else ""
    return Problem(key, detail["input"], allowed or _ALLOWED.get(detail["type"]) or _reason(detail))


def _range(field: Any) -> str:
    """Return a number field's allowed range in words, empty when it has none."""
    bounds = {
        name: getattr(rule, name) for rule in field.metadata for name in ("gt", "ge", "le") if hasattr(rule, name)
    }
    if "le" not in bounds:
        return ""
    low = f"above {bounds['gt']:g}" if "gt" in bounds else f"at least {bounds['ge']:g}"
    kind = "a whole number" if "int" in str(field.annotation) else "a number"
    return f"{kind} {low} and at most {bounds['le']:,}"


def _reason(detail: Any) -> str:
    message: str = detail["msg"]
    message = message.removeprefix("Value error, ")
    return message[:1].lower() + message[1:]
