"""Following the transcripts of a project whose agent has no hooks: what they report, as it grows, and crossings."""

from __future__ import annotations

import os
import time

from handoff_cli.agents import find_agent
from handoff_cli.agents.search import Search
from handoff_cli.core.record import Record
from handoff_cli.usecases.place import session_name
from handoff_cli.usecases.reading import SyncRequest
from handoff_cli.usecases.sync import sync

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoff_cli.agents.search import Log
    from handoff_cli.state.store import Place
    from handoff_cli.usecases.status import TokenStatus

RECENT_SECONDS = 600
"""A transcript that has rested for longer when the watch begins belongs to a session that is over."""


class Seen(Record):
    """A session that has moved: its ``status`` now, the level newly reached (None: none was), and what went wrong."""

    status: TokenStatus
    crossed: str | None
    problems: tuple[str, ...] = ()


class Watch:
    """The transcripts of the project at ``place``, each remembered as it was seen last.

    Args:
        place: Which project.
        agent: Only this agent's transcripts (its name); None: all.
    """

    def __init__(self, place: Place, agent: str | None = None) -> None:
        self._place = place
        self._agent = agent
        self._seen: dict[str, float] = {}
        self._began = time.time()

    def look(self) -> list[Seen]:
        """Bring every session whose transcript has grown up to date and return them, those untouched left out.

        Raises:
            HandoffError: a transcript or the state cannot be read or written.
        """
        return [seen for candidate in self._grown() if (seen := self._follow(candidate)) is not None]

    def changes(self, seconds: float) -> Iterator[None]:
        """Yield when it is worth to look again: on a change, where watchfiles is installed, and every ``seconds``."""
        try:
            import watchfiles
        except ImportError:
            while True:
                yield None
                time.sleep(seconds)
        while True:
            yield None
            folders = {os.path.dirname(candidate.path) for candidate in self._candidates()}
            if not folders:
                time.sleep(seconds)
                continue
            # It is asked anew each time: the next session may begin in another folder.
            next(watchfiles.watch(*folders, rust_timeout=int(seconds * 1000), yield_on_timeout=True, recursive=False))

    def _candidates(self) -> list[Log]:
        agents = [find_agent(self._agent)] if self._agent else []
        return list(Search(os.path.dirname(self._place.project), environ=self._place.environ).logs(*agents))

    def _grown(self) -> list[Log]:
        grown = []
        for candidate in self._candidates():
            before = self._seen.get(candidate.path)
            if before is None and candidate.modified < self._began - RECENT_SECONDS:
                continue
            if before != candidate.modified:
                grown.append(candidate)
                self._seen[candidate.path] = candidate.modified
        return grown

    def _follow(self, candidate: Log) -> Seen | None:
        from handoff_cli.state.folder import session_folder

        place = self._place.replace(folder=session_folder(self._place.project, session_name(candidate.session)))
        request = SyncRequest(candidate.agent, candidate.path, candidate.format.replace("_", "-"), certain=True)
        result = sync(place, request)
        return Seen(result.status, result.crossed, result.warnings) if result.recorded else None
