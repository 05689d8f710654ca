"""What Claude Code runs in the background, commands and sub-agents: which began, and what tells how they ended."""

from __future__ import annotations

from handoff_cli.core.patterns import lazily
from handoff_cli.transcripts.events import Called, Returned
from handoff_cli.transcripts.tagged import elements
from handoff_cli.transcripts.values import as_dict, as_str

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


class Background:
    """Follows what Claude Code runs in the background: a later look at it or a notice tells how it ended.

    A command's end is a second answer to its call. A sub-agent's is a call of its own, with what it reported: the
    answer to the first call was that it began.
    """

    def __init__(self) -> None:
        self._started: dict[str, str] = {}
        self._looks: dict[str, str] = {}
        self._calls: dict[str, Called] = {}
        self._agents: dict[str, Called] = {}

    def called(self, event: Called) -> None:
        """Take in a call; of a look at something in the background it is remembered what that is."""
        if event.name in _STARTERS and len(self._calls) < _MOST:
            self._calls[event.id] = event
        if event.name in _LOOKS:
            asked = as_dict(event.input)
            self._looks[event.id] = as_str(asked.get("bash_id")) or as_str(asked.get("task_id"))

    def answered(self, event: Returned) -> Iterator[Called | Returned]:
        """Yield an answer, and after that to a look which tells how a command or a sub-agent ended, one of its own."""
        begun = self._calls.pop(event.id, None)
        if begun and (agent := _AGENT.match(event.text)):
            self._agents[agent[1]] = begun
        if event.text.startswith(_STARTED) and (found := _STARTED_AS.match(event.text)):
            self._started[found[1]] = event.id
            yield event.replace(failed=None)  # it has begun, and nothing more is known of it
            return
        yield event
        task = self._looks.pop(event.id, "")
        first = self._started.get(task)
        code = _ENDED_WITH.search(event.text) if first else None
        printed = "\n".join(text for _, text in elements(event.text, _PRINTED)) if code or task in self._agents else ""
        if first and code:
            yield Returned(first, printed, code[1] != "0", int(code[1]), event.time, repeated=True)
        elif status := _STATUS.search(event.text):
            yield from self._reported(task, status[1], printed, event.time)

    def noticed(self, text: str, time: str | None) -> Iterator[Called | Returned]:
        """Yield what ``text`` tells where it is the notice that something ended.

        Of a command it is without what that printed, of a sub-agent with what it reported.
        """
        if not text.startswith(_NOTICE):
            return
        head = text.partition(_RESULT)[0][:_NOTICE_CHARS]
        told = {tag[1]: inside.strip() for tag, inside in elements(head, _NOTICED)}
        task, status = told.get("task-id", ""), told.get("status", "")
        first = self._started.get(task)
        if first and status in _ENDED_AS:
            code = _EXITED.search(told.get("summary", ""))
            exit_code = int(code[1]) if code else _ENDED_AS[status]
            yield Returned(first, "", exit_code != 0, exit_code, time, repeated=True)
        report = text.partition(_RESULT)[2].rpartition("</result>")[0].strip()
        yield from self._reported(task, status, report or told.get("summary", ""), time)

    def _reported(self, task: str, status: str, report: str, time: str | None) -> Iterator[Called | Returned]:
        """Yield the end of the sub-agent that is called ``task``, the first time that it is told."""
        if task not in self._agents or status not in _ENDED_AS:
            return
        begun = self._agents.pop(task)
        call = f"{begun.id}-ended"
        yield begun.replace(id=call, time=time, nested=True)
        yield Returned(call, report, _ENDED_AS[status] != 0, time=time, repeated=True)


_RESULT, _MOST = "<result>", 200
_NOTICE, _NOTICE_CHARS = "<task-notification>", 4_000
_NOTICED = lazily(r"<(task-id|status|summary)>")
_EXITED = lazily(r"\(exit code (\d{1,3})\)")
_ENDED_AS = {"completed": 0, "failed": 1, "killed": 137, "stopped": 137}
"""How a command that ended by such a notice exited, where it does not say: one that is killed as by SIGKILL."""

_LOOKS, _STARTERS = ("BashOutput", "TaskOutput"), ("Task", "Agent")
_AGENT = lazily(r"Async agent launched[^\n]{0,80}\s+agentId: ([\w-]{1,60})")
_STATUS = lazily(r"<status>(\w+)</status>")
_STARTED = "Command running in background with ID: "
_STARTED_AS = lazily(rf"{_STARTED}([\w-]+)")
_ENDED_WITH = lazily(r"<exit_code>(-?\d+)</exit_code>")
_PRINTED = lazily(r"<(stdout|stderr|output)>")
