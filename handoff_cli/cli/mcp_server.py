"""The MCP server: handoff's use cases as tools an agent calls itself.

Each tool is one use case of ``usecases``; what its docstring and annotations say is what the agent reads.
"""

from __future__ import annotations

import os
import sys

from handoff_cli.cli.mcp_protocol import Document, Prompt, Server
from handoff_cli.constants import HANDOFF_FILE, MAX_HANDOFF_BYTES, VERSION
from handoff_cli.core.text import json_text, visible
from handoff_cli.errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from handoff_cli.cli.reader import Common
    from handoff_cli.state.store import Place

INSTRUCTIONS = (
    "handoff knows how full the context window is and keeps the document the next session starts with. context_status "
    "tells how much is left. When it says warning or critical, write_handoff puts down goal, decisions, failed "
    "approaches and the next action. add_note puts down one fact at the moment it is known. read_handoff returns what "
    "an earlier session left."
)
_PROMPTS = (
    Prompt(
        "write_handoff",
        "Put down what the next session must know.",
        "Write the handoff of this session with the tool write_handoff: the goal in the user's words, every decision "
        "with its reason, every approach that failed with the exact error, and the one next action (file, command, "
        "expected result). State facts that are not in the code or in git; leave out what the next session can see "
        "for itself.",
    ),
    Prompt(
        "resume",
        "Go on where an earlier session stopped.",
        "Call read_handoff and check_handoff. Compare what the handoff says with the files as they are now, say in "
        "two sentences where the work stands, and go on with its next action.",
    ),
)


def serve(common: Common) -> None:
    """Serve on standard input and output until the client leaves; BrokenPipeError where it does so in mid-answer."""
    from handoff_cli.cli.console import writing_output

    if sys.stdin is None or sys.stdout is None:
        raise InputError("the server speaks over standard input and output, and one of them is closed", "open both")
    with writing_output():
        server(common).run(sys.stdin.buffer, sys.stdout.buffer)


def server(common: Common) -> Server:
    """Return the server, its tools bound to the project that ``common`` means."""
    tools = Tools(common)
    names = ("context_status", "track", "add_note", "write_handoff", "read_handoff", "check_handoff")
    document = Document("handoff://current", "current handoff", "text/markdown", tools.read_handoff)
    bound = {it: getattr(tools, it) for it in names}
    return Server("handoff", VERSION, INSTRUCTIONS, bound, (document,), _PROMPTS, tools.called_by)


class Tools:
    """The tools, in the project that ``common`` means."""

    def __init__(self, common: Common) -> None:
        self._common = common
        self._environ: Mapping[str, str] = os.environ

    def called_by(self, meta: Mapping[str, Any]) -> None:
        """Take in what the calling agent tells of itself: Codex starts its servers without its session's variable."""
        from handoff_cli.agents import told_with_call

        self._environ = {**os.environ, **told_with_call(meta)}

    def context_status(self, session: str | None = None) -> str:
        """Tell how full the context window is: tokens, usable window, percentage, level and how the figure is known.

        Args:
            session: The name of one of several sessions of the project; leave it out for your own.
        """
        from handoff_cli.usecases.sync import status_now

        return _json(status_now(self._place(session)))

    def track(self, text: str, description: str | None = None, session: str | None = None) -> str:
        """Count a piece of conversation and add it to the session; only for agents whose usage is not read by hooks.

        Args:
            text: The text to count.
            description: What it is.
            session: The name of one of several sessions of the project; leave it out for your own.
        """
        from handoff_cli.usecases.pieces import CountRequest, TextSource
        from handoff_cli.usecases.track import track

        result = track(self._place(session, to_record=True), [TextSource("mcp", text)], CountRequest(description))
        return _json({**result.status, "added_tokens": sum(piece.count.tokens for piece in result.added)})

    def add_note(self, text: str, kind: str = "decision", ref: str | None = None, session: str | None = None) -> str:
        """Put down one fact for the next session, at the moment it is known.

        Args:
            text: The fact, in one or two sentences.
            kind: goal, decision, failed (an approach and why it fails), constraint, next or question.
            ref: The place it speaks of, such as src/app.py:12.
            session: The name of one of several sessions of the project; leave it out for your own.
        """
        from handoff_cli.usecases.notes import add_note

        return _json(add_note(self._place(session), text, kind, ref).to_dict())

    def write_handoff(
        self,
        goal: str | None = None,
        decisions: list[str] | None = None,
        failed_approaches: list[str] | None = None,
        next_action: str | None = None,
        session: str | None = None,
    ) -> str:
        """Write the handoff document for the next session, with what only you know.

        Args:
            goal: What the user wants, in the user's words.
            decisions: What was decided, each with its reason.
            failed_approaches: What was tried and failed, each with the exact error.
            next_action: The one step to take first: file, command, expected result.
            session: The name of one of several sessions of the project; leave it out for your own.
        """
        from handoff_cli.usecases.record import write_handoff

        notes = [("decision", text) for text in decisions or ()]
        notes += [("failed", text) for text in failed_approaches or ()]
        written = write_handoff(self._place(session), reason="manual", notes=notes, goal=goal, next_action=next_action)
        return _json({"file": written.path, "warnings": written.warnings})

    def read_handoff(self, session: str | None = None) -> str:
        """Return the newest handoff document of the project, or of one session: what an earlier session left.

        Args:
            session: The name of one of several sessions of the project.
        """
        from handoff_cli.state.files import read_bytes

        place = self._common.replace(session=session or self._common.session).place()
        data = read_bytes(os.path.join(place.folder, HANDOFF_FILE), MAX_HANDOFF_BYTES)
        if data is None:
            raise InputError("there is no handoff yet", "write_handoff writes one")
        return visible(data.decode("utf-8", "replace"))

    def check_handoff(self, session: str | None = None) -> str:
        """Tell what is wrong with the handoff, and what changed in the project since it was written.

        Args:
            session: The name of one of several sessions of the project.
        """
        from handoff_cli.documents.review import drift_lines
        from handoff_cli.usecases.review import check, resume

        place = self._common.replace(session=session or self._common.session).place()
        path, findings = check(place)
        resumed = resume(place)
        drift = drift_lines(resumed.drift) if resumed else []
        return _json({"file": path, "findings": [it.to_dict() for it in findings], "drift": list(drift)})

    def _place(self, session: str | None, *, to_record: bool = False) -> Place:
        """Return the place of the session meant: for an agent that calls, that is its own."""
        from handoff_cli.usecases.place import locate_session

        common = self._common
        session = session or common.session
        return locate_session(common.directory, session, common.window, self._environ, to_record=to_record)


def _json(value: Any) -> str:
    import json

    return json_text(json.dumps(value, indent=2))
