"""What every command is given: the options that may stand anywhere on the line, and what follows from them."""

from __future__ import annotations

from handoff_cli.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handoff_cli.cli.console import Console
    from handoff_cli.cli.options import Color, Directory, Quiet, Session, Version, Window
    from handoff_cli.state.store import Place


class Common(Record):
    """The options every command takes; None means not given."""

    directory: str | None = None
    session: str | None = None
    quiet: bool = False
    color: str = "auto"
    window: int | None = None

    def place(self) -> Place:
        """Return the place of the session named, else of the project's own."""
        from handoff_cli.usecases.place import locate

        return locate(self.directory, self.session, self.window)

    def session_place(self, *, to_record: bool = False) -> Place:
        """Return the place of the session that is meant, as ``usecases.place`` decides it."""
        from handoff_cli.usecases.place import locate_session

        return locate_session(self.directory, self.session, self.window, to_record=to_record)

    def tell_of_home(self, place: Place, console: Console) -> None:
        """Say that the folder in the user's home was not taken for a project below it, where that is so."""
        from handoff_cli.state.folder import passed_over

        if home := passed_over(place.project):
            console.message(f"{home} is not taken for what lies below your home; handoff init there makes it so")

    def console(self, *, data_to_stderr: bool = False) -> Console:
        """Return the console to draw on."""
        from handoff_cli.cli.console import Console

        return Console(self.color, quiet=self.quiet, data_to_stderr=data_to_stderr)


def common(
    *,
    dir_: Directory = None,
    session: Session = None,
    quiet: Quiet = False,
    color: Color = "auto",
    window: Window = None,
    version: Version = False,  # noqa: ARG001 - answered where the line is read
) -> Common:
    """Know how full an agent's context window is, and hand the work over before it overflows.

    Start with:  cat conversation.txt | handoff track
    """
    return Common(dir_, session, quiet, color, window)
