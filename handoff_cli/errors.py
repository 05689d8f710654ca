"""The errors a user can meet; each carries its exit code and what to do about it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class HandoffError(Exception):
    """An expected failure: one line for stderr, a hint, and an exit code.

    Args:
        message: What went wrong and where (file, line, value).
        hint: What the user can do about it; None where nothing helps.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        if hint:
            self.add_note(hint)  # for whoever calls from Python and reads the traceback


class UsageError(HandoffError):
    """The command line asks for something that makes no sense (exit 2)."""

    exit_code = 2


class InputError(HandoffError):
    """Input that cannot be read: missing, unreadable, a folder, not UTF-8 under --strict (exit 1)."""


class UnknownEncodingError(HandoffError):
    """An encoding whose vocabulary neither ships with the package nor lies in tiktoken's cache (exit 1)."""


class NoSuchEncodingError(UnknownEncodingError):
    """A name of an encoding that tiktoken does not know (exit 2)."""

    exit_code = 2


class StateError(HandoffError):
    """State or settings that cannot be understood or reached; the file is left as it is (exit 3)."""

    exit_code = 3


def newer_version(where: str, found: int, known: int) -> StateError:
    """Return the refusal of something in schema ``found`` by a version that knows schemas up to ``known``."""
    return StateError(
        f"{where} was written by a newer handoff (schema {found}, this one knows {known})",
        "update agent-handoffs; the file is left as it is",
    )


class LockTimeoutError(HandoffError):
    """Another process held the session's lock for longer than ``lock_timeout_seconds`` (exit 4)."""

    exit_code = 4


class NotAcknowledgedError(HandoffError):
    """What was recorded is recorded here, but ``fleet_wait`` asks for more, and the fleet's database lacks it (exit 1).

    ``result`` is what the call would have returned.
    """

    result: Any = None


class TemplateError(HandoffError):
    """The user's own handoff template cannot be rendered (exit 1)."""


class OutputError(HandoffError):
    """Standard output or standard error cannot be written: a full disk (exit 1)."""


class InterruptedByUserError(HandoffError):
    """Ctrl-C at a moment when it is known what was recorded and what was not (exit 130)."""

    exit_code = 130


class InterruptedTrackError(KeyboardInterrupt):
    """Ctrl-C during ``track``; ``message`` says what was recorded. No HandoffError: nobody catches it by accident."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
