"""Commands that Claude Code runs in the background: which began, and what tells how they ended."""

from __future__ import annotations

from handoff_cli.core.patterns import lazily
from handoff_cli.transcripts.events import Called, Returned
from handoff_cli.transcripts.tagged import elements
from handoff_cli.transcripts.values import as_dict, as_str

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


class Background:
    """Commands that Claude Code runs in the background: a later look at them or a notice tells how they ended."""

    def __init__(self) -> None:
        self._started: dict[str, str] = {}
        self._looks: dict[str, str] = {}

    def called(self, event: Called) -> None:
        """Take in a call; of a look at such a command it is remembered which."""
        if event.name in _LOOKS:
            asked = as_dict(event.input)
            if first := self._started.get(as_str(asked.get("bash_id")) or as_str(asked.get("task_id"))):
                self._looks[event.id] = first

    def answered(self, event: Returned) -> Iterator[Returned]:
        """Yield an answer, and after that to a look which tells how such a command ended, one of its own."""
        if event.text.startswith(_STARTED) and (found := _STARTED_AS.match(event.text)):
            self._started[found[1]] = event.id
            yield event.replace(failed=None)  # it has begun, and nothing more is known of it
            return
        yield event
        first = self._looks.pop(event.id, None)
        code = _ENDED_WITH.search(event.text) if first else None
        if first and code:
            printed = "\n".join(text for _, text in elements(event.text, _PRINTED))
            yield Returned(first, printed, code[1] != "0", int(code[1]), event.time, repeated=True)

    def noticed(self, text: str, time: str | None) -> Iterator[Returned]:
        """Yield the answer of such a command, without what it printed, where ``text`` is the notice that it ended."""
        if not text.startswith(_NOTICE):
            return
        told = {tag[1]: inside.strip() for tag, inside in elements(text[:_NOTICE_CHARS], _NOTICED)}
        first, status = self._started.get(told.get("task-id", "")), told.get("status", "")
        if first and status in _ENDED_AS:
            code = _EXITED.search(told.get("summary", ""))
            exit_code = int(code[1]) if code else _ENDED_AS[status]
            yield Returned(first, "", exit_code != 0, exit_code, time, repeated=True)


_NOTICE, _NOTICE_CHARS = "<task-notification>", 4_000
_NOTICED = lazily(r"<(task-id|status|summary)>")
_EXITED = lazily(r"\(exit code (\d{1,3})\)")
_ENDED_AS = {"completed": 0, "failed": 1, "killed": 137, "stopped": 137}
"""How a command that ended by such a notice exited, where it does not say: one that is killed as by SIGKILL."""

_LOOKS = ("BashOutput", "TaskOutput")
_STARTED = "Command running in background with ID: "
_STARTED_AS = lazily(rf"{_STARTED}([\w-]+)")
_ENDED_WITH = lazily(r"<exit_code>(-?\d+)</exit_code>")
_PRINTED = lazily(r"<(stdout|stderr|output)>")
